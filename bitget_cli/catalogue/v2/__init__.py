"""The rows of Bitget's v2 API, which classic accounts trade by: a file a subject."""
