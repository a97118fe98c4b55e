"""Kinds of account: each spells intents as requests and reads replies."""
