"""The paper exchange's one API key: fixed, public, and good for nothing else."""

from __future__ import annotations

from bitget_cli.keys import Key, Secret

# Key, secret and passphrase, as a client is configured with them.
KEY = ("paper-key", "paper-secret", "paper-passphrase")

# The one customer.
USER_ID = "1000000001"

PAPER_KEY = Key(Secret(KEY[0]), Secret(KEY[1]), Secret(KEY[2]), source="paper")


def settings(port: int) -> dict[str, str]:
    """The variables that point a program at the exchange served on a port of this machine."""
    key, secret, passphrase = KEY
    return {
        "BITGET_API_KEY": key,
        "BITGET_SECRET_KEY": secret,
        "BITGET_PASSPHRASE": passphrase,
        "BITGET_API_BASE_URL": f"http://127.0.0.1:{port}",
        "BITGET_WS_BASE_URL": f"ws://127.0.0.1:{port}",
    }
