"""Bitget's streams: connected, subscribed, kept whole and handed over."""
