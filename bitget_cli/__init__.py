"""The command line for the Bitget exchange."""

__version__ = "0.1.0"
