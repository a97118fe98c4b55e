"""A small exchange on this machine."""
