"""Signatures: the text that is signed, the two kinds of key, and what goes into the headers."""

from __future__ import annotations

import base64
import hashlib
import hmac

import httpx
import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from bitget_cli.client.rest.auth import BitgetAuth, fingerprint, signature, signed_text
from bitget_cli.errors import CredentialsError
from bitget_cli.keys import Key, Secret

STAMP = "1767225600123"


@pytest.mark.parametrize(
    ("method", "path", "query", "body", "text"),
    [
        ("GET", "/api/v2/public/time", "", b"", "1767225600123GET/api/v2/public/time"),
        ("get", "/p", "a=1&b=2", b"", "1767225600123GET/p?a=1&b=2"),
        ("POST", "/p", "", b'{"size":"0.01"}', '1767225600123POST/p{"size":"0.01"}'),
        ("GET", "/p", "symbol=$ALTUSDT", b"", "1767225600123GET/p?symbol=$ALTUSDT"),
        ("GET", "/p", "symbol=币安人生USDT", b"", "1767225600123GET/p?symbol=币安人生USDT"),
        ("POST", "/p", "", '{"remark":"é"}'.encode(), '1767225600123POST/p{"remark":"é"}'),
    ],
)
def test_the_signed_text_is_time_method_path_query_and_body(
    method: str, path: str, query: str, body: bytes, text: str
) -> None:
    assert signed_text(STAMP, method, path, query, body) == text.encode()


def test_an_hmac_signature_is_base64_of_sha256_under_the_secret(key: Key) -> None:
    text = signed_text(STAMP, "GET", "/api/v2/mix/account/account", "marginCoin=USDT&symbol=BTCUSDT", b"")
    expected = hmac.new(b"hmac secret", text, hashlib.sha256).digest()
    assert signature(key, text) == base64.b64encode(expected).decode()


def test_a_known_hmac_vector_is_met() -> None:
    # printf 1767225600123GET/api/v2/public/time | openssl dgst -sha256 -hmac secret -binary | base64
    key = Key(Secret("k"), Secret("secret"), Secret("p"), source="environment")
    text = signed_text(STAMP, "GET", "/api/v2/public/time", "", b"")
    assert signature(key, text) == "bG+lhLInXJf7HHGkHliZGPlYmta6mhgoBNwIUAEhTz8="


@pytest.fixture(scope="module")
def private() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def pem(private: rsa.RSAPrivateKey) -> str:
    return private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()


def test_an_rsa_signature_verifies_with_the_public_key(private: rsa.RSAPrivateKey) -> None:
    key = Key(Secret("k"), Secret(f"\n{pem(private)}\n"), Secret("p"), source="keyring")
    text = signed_text(STAMP, "POST", "/p", "", b"{}")
    raw = base64.b64decode(signature(key, text))
    private.public_key().verify(raw, text, padding.PKCS1v15(), hashes.SHA256())


def test_a_damaged_rsa_key_is_a_credentials_error_that_does_not_show_it(private: rsa.RSAPrivateKey) -> None:
    damaged = pem(private).replace("\n", "\nA", 3)
    with pytest.raises(CredentialsError) as caught:
        signature(Key(Secret("k"), Secret(damaged), Secret("p"), source="keyring"), b"text")
    assert damaged.splitlines()[2] not in str(caught.value.record())


URLS = [
    ("https://api.bitget.com/api/v2/x", "/api/v2/x"),
    ("https://api.bitget.com/api/v2/x?a=1&symbol=%24ALT%20%26%3D", "/api/v2/x?a=1&symbol=$ALT &="),
    ("https://api.bitget.com/api/v2/x?symbol=%E5%B8%81USDT", "/api/v2/x?symbol=币USDT"),
    ("https://api.bitget.com/api/v2/x?plus=1%2B1&percent=%2525", "/api/v2/x?plus=1+1&percent=%25"),
]


@pytest.mark.parametrize(("url", "signed"), URLS)
def test_a_request_is_signed_in_its_decoded_form(key: Key, url: str, signed: str) -> None:
    request = httpx.Request("GET", url)
    sent = next(BitgetAuth(key, lambda: STAMP).auth_flow(request))
    assert sent.headers["access-sign"] == signature(key, f"{STAMP}GET{signed}".encode())
    assert sent.headers["access-key"] == "bg_key"
    assert sent.headers["access-timestamp"] == STAMP
    assert sent.headers["access-passphrase"] == "phrase"


@pytest.mark.parametrize("passphrase", ["", "two\nlines", "naïve", "tab\t"])
def test_a_key_no_header_can_carry_is_refused_without_showing_it(passphrase: str) -> None:
    key = Key(Secret("k"), Secret("s"), Secret(passphrase), source="keyring")
    with pytest.raises(CredentialsError) as caught:
        next(BitgetAuth(key, lambda: STAMP).auth_flow(httpx.Request("GET", "https://x.test/p")))
    assert "passphrase" in caught.value.message
    assert not passphrase or passphrase not in str(caught.value.record())


def test_a_fingerprint_names_a_key_without_giving_it_away(key: Key) -> None:
    assert fingerprint(key) == fingerprint(key)
    assert "bg_key" not in fingerprint(key)
