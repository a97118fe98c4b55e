"""Bitget's request signature: pure functions from key, clock and bytes to text, and an `httpx.Auth` around them."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import unquote

import httpx

from bitget_cli.errors import CredentialsError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

    from bitget_cli.keys import Key


def signed_text(timestamp: str, method: str, path: str, query: str, body: bytes) -> bytes:
    """The bytes Bitget expects to be signed: timestamp + METHOD + path + ("?" + query) + body.

    `timestamp` is milliseconds since the epoch as text. `query` is the **decoded** `k=v&k=v` in the order it is sent:
    Bitget checks against decoded values, so a symbol with `$` or Chinese characters fails when signed percent-encoded.
    `body` is exactly what goes out. From Bitget's page "Signature" (HMAC and RSA).
    """
    question = f"?{query}" if query else ""
    return f"{timestamp}{method.upper()}{path}{question}".encode() + body


def signature(key: Key, text: bytes) -> str:
    """Base64 of HMAC-SHA256, or of RSA PKCS#1 v1.5 with SHA-256 when the secret is a PEM private key."""
    secret = key.secret.reveal()
    raw = _rsa(secret, text) if key.is_rsa else hmac.new(secret.encode(), text, hashlib.sha256).digest()
    return base64.b64encode(raw).decode()


def access_headers(key: Key, *, timestamp: str, text: bytes) -> dict[str, str]:
    """The four ACCESS headers. Raises CredentialsError for a key that no HTTP header can carry."""
    headers = {
        "ACCESS-KEY": key.id.reveal(),
        "ACCESS-SIGN": signature(key, text),
        "ACCESS-TIMESTAMP": timestamp,
        "ACCESS-PASSPHRASE": key.passphrase.reveal(),
    }
    for name, value in headers.items():
        if not value or not value.isascii() or not value.isprintable():
            raise CredentialsError(
                f"the {_WORDS[name]} from the {key.source} is empty or holds a character that cannot be sent",
                hint="paste the three values again, without blanks or line breaks around them",
            )
    return headers


class BitgetAuth(httpx.Auth):
    """Adds the ACCESS headers to a request.

    `timestamp` is asked once for every request; it gives milliseconds since the epoch, in the exchange's time.
    """

    requires_request_body = True

    def __init__(self, key: Key, timestamp: Callable[[], str]) -> None:
        self._key = key
        self._timestamp = timestamp

    def auth_flow(self, request: httpx.Request) -> Iterator[httpx.Request]:  # type: ignore[override]  # narrower on purpose
        timestamp = self._timestamp()
        path, _, query = request.url.raw_path.decode("ascii").partition("?")
        text = signed_text(timestamp, request.method, path, decoded(query), request.content)
        request.headers.update(access_headers(self._key, timestamp=timestamp, text=text))
        yield request


def decoded(query: str) -> str:
    """A query string with its percent-escapes undone, pair by pair."""
    return "&".join(unquote(pair) for pair in query.split("&"))


def fingerprint(key: Key) -> str:
    """A short name for a key that does not give it away: the same in every process, for sharing rate limits."""
    return hashlib.sha256(key.id.reveal().encode()).hexdigest()[:16]


_WORDS = {
    "ACCESS-KEY": "API key",
    "ACCESS-SIGN": "secret",
    "ACCESS-TIMESTAMP": "timestamp",
    "ACCESS-PASSPHRASE": "passphrase",
}


def _rsa(pem: str, text: bytes) -> bytes:
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import padding

    return _private_key(pem).sign(text, padding.PKCS1v15(), hashes.SHA256())


@lru_cache(maxsize=2)  # reading and checking a key takes 50 ms, a signature one
def _private_key(pem: str) -> RSAPrivateKey:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    try:
        private = serialization.load_pem_private_key(pem.strip().encode(), password=None)
    except (ValueError, TypeError):  # not a key, or one behind a password; its text stays out of the message
        private = None
    if isinstance(private, rsa.RSAPrivateKey):
        return private
    raise CredentialsError(
        "the secret is not an RSA private key that can be read",
        hint="use the PKCS#8 PEM without a password: openssl pkcs8 -topk8 -nocrypt -in key.pem",
    )
