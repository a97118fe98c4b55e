"""Answers in the shape of Bitget's, a file a subject."""
