"""The program as a server on this machine."""
