"""The paper exchange's one API key: fixed, public, and good for nothing else."""

from __future__ import annotations

from bitget_cli.keys import Key, Secret

# Key, secret and passphrase, as a client is configured with them.
KEY = ("paper-key", "paper-secret", "paper-passphrase")

PAPER_KEY = Key(Secret(KEY[0]), Secret(KEY[1]), Secret(KEY[2]), source="paper")
