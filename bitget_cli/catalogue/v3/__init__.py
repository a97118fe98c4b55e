"""The rows of Bitget's v3 API, which unified accounts trade by."""
