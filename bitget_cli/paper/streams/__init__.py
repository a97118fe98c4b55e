"""The paper exchange's streams: what is said on a connection and when, whatever carries it."""
