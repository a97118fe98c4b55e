"""Who is on the line: Bitget's login of a stream, checked without a line of the client's code."""

from __future__ import annotations

import hmac
from base64 import b64encode
from typing import Any

from bitget_cli.paper.keys import KEY

Failure = tuple[int, str]
# How far a login's timestamp may be from the server's clock, in ms.
_TOLERANCE = 30_000
# A timestamp of so many digits counts milliseconds: the documentation says both.
_MILLISECONDS = 13


def check(given: Any, *, clocks: tuple[int, ...]) -> Failure | None:
    """What is wrong with the first of a login's `args`, as Bitget's code and words; None when nothing is.

    Surplus keys are tolerated; `clocks` are the times (ms) it may carry.
    """
    key, secret, passphrase = KEY
    if not isinstance(given, dict):
        return 30005, "error"
    # Bitget's own Python client spells it the other way.
    if given.get("apiKey", given.get("api_key")) != key:
        return 30011, "Invalid ACCESS_KEY"
    if given.get("passphrase") != passphrase:
        return 30012, "Invalid ACCESS_PASSPHRASE"
    stamp = _text(given.get("timestamp"))
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= _MILLISECONDS):
        return 30013, "Invalid ACCESS_TIMESTAMP"
    time = int(stamp) * (1 if len(stamp) == _MILLISECONDS else 1000)
    if all(abs(time - clock) > _TOLERANCE for clock in clocks):
        return 30014, "Request timestamp expired"
    signature = b64encode(hmac.digest(secret.encode(), f"{stamp}GET/user/verify".encode(), "sha256"))
    if not hmac.compare_digest(_text(given.get("sign")).encode(), signature):
        return 30015, "Invalid sign"
    return None


def _text(value: Any) -> str:
    """A JSON text or whole number as text; "" for anything else."""
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""
