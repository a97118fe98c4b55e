"""Unified accounts: what their v3 API is asked, and how its answers are read."""
