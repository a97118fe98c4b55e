"""HTTP/1.1 over connections of our own, with one deadline over a whole answer."""

from __future__ import annotations

import httpx


class TooLarge(httpx.DecodingError):
    """An answer beyond the size limit; the message says which."""
