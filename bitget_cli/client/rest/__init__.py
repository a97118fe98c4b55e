"""Bitget's REST API: a call made ready, signed, paced, sent, and its answer read."""
