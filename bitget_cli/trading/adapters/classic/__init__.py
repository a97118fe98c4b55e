"""Classic accounts, by Bitget's v2 API."""
