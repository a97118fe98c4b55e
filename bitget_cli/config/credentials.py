"""One set of API credentials as text: typed, from the environment, or as a keyring item."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

from bitget_cli.errors import CredentialsError, UsageError
from bitget_cli.keys import Key, Secret
from bitget_cli.unix import shield_memory

VERSION = 1

# What may go into a header: printable ASCII, and no blank at either end, which is nearly always a slip in pasting.
_HEADER_TEXT = re.compile(r"[!-~]([ -~]*[!-~])?", re.ASCII)
_PRIVATE_KEY = re.compile(
    r"\s*-----BEGIN (RSA )?PRIVATE KEY-----\s[A-Za-z0-9+/=\s]+-----END (RSA )?PRIVATE KEY-----\s*"
)
_STDIN_HINT = 'key, secret and passphrase on three lines, or {"key": "…", "secret": "…", "passphrase": "…"}'


class Stored(NamedTuple):
    """One keyring item: the key, the environment it is for, and what is known of its account.

    `account_kind` is `classic`, `unified`, or None where nobody has asked Bitget yet; `created` is aware UTC.
    """

    key: Key
    env: str
    account_kind: str | None
    created: datetime


def key_of(key: str, secret: str, passphrase: str, *, source: str, names: tuple[str, str, str] | None = None) -> Key:
    """A key from its three texts. `names` are what a person calls them, for the errors.

    The secret is an HMAC secret, or the PEM text of an RSA private key, not encrypted. Raises CredentialsError for
    a part that is empty or cannot be one; no part is ever repeated in an error.
    """
    shield_memory()
    called = names or ("the key", "the secret", "the passphrase")
    for text, name in zip((key, secret, passphrase), called, strict=True):
        if not text.strip():
            raise CredentialsError(f"{name} is empty")
    for text, name in ((key, called[0]), (passphrase, called[2])):
        _check_text(text, name)
    if "-----BEGIN" in secret:
        _check_private_key(secret, called[1])
    else:
        _check_text(secret, called[1])
    return Key(Secret(key), Secret(secret), Secret(passphrase), source)


def key_from_text(text: str) -> Key:
    """A key from what was put on standard input: three lines, or one JSON object for a secret of several lines.

    Raises UsageError for another shape, CredentialsError for a part that cannot be one.
    """
    if text.lstrip().startswith("{"):
        return _key_from_json(text)
    lines = text.splitlines()
    if len(lines) != 3:
        raise UsageError(f"standard input has {len(lines)} lines, not three", hint=_STDIN_HINT)
    return key_of(lines[0], lines[1], lines[2], source="typed")


def webhook_secret(text: str, *, what: str) -> Secret:
    """What alerts have to know. Raises CredentialsError for one that is short, or could not be typed into an alert."""
    shield_memory()
    if not 16 <= len(text) <= 256:
        raise CredentialsError(f"{what} has {len(text)} characters, not 16 to 256", hint="such as openssl rand -hex 24")
    _check_text(text, what)
    if set(text) & set('\\"{}'):
        raise CredentialsError(f"{what} has a quote, a brace or a backslash, which an alert cannot hold")
    return Secret(text)


def stored_text(stored: Stored) -> str:
    """The item as the keyring keeps it. It holds the secrets in clear: hand it to the keyring and to nothing else."""
    return json.dumps(
        {
            "v": VERSION,
            "key": stored.key.id.reveal(),
            "secret": stored.key.secret.reveal(),
            "passphrase": stored.key.passphrase.reveal(),
            "env": stored.env,
            "account_kind": stored.account_kind,
            "created": stored.created.isoformat(),
        }
    )


def stored_from_text(text: str, *, profile: str, source: str) -> Stored:
    """The item in a keyring's text. Raises CredentialsError when it is damaged or of another version."""
    again = f"add the keys again: bitget profile add {profile}"
    item = _object(text)
    if item is None or item.get("v") is None:
        raise CredentialsError(f"the keyring item of profile {profile} is damaged", hint=again)
    if item["v"] != VERSION:
        raise CredentialsError(f"the keyring item of profile {profile} is of another version of bitget", hint=again)
    try:
        return _stored(item, source)
    except (CredentialsError, KeyError, TypeError, ValueError):
        raise CredentialsError(f"the keyring item of profile {profile} is damaged", hint=again) from None


def _stored(item: Mapping[str, Any], source: str) -> Stored:
    texts = {name: item[name] for name in ("key", "secret", "passphrase", "env", "created")}
    kind = item.get("account_kind")
    if not all(isinstance(text, str) for text in texts.values()) or kind not in (None, "classic", "unified"):
        raise ValueError
    key = key_of(texts["key"], texts["secret"], texts["passphrase"], source=source)
    return Stored(key, texts["env"], kind, datetime.fromisoformat(texts["created"]).astimezone(UTC))


def _key_from_json(text: str) -> Key:
    names = ("key", "secret", "passphrase")
    item = _object(text)
    if item is None or set(item) != set(names) or not all(isinstance(item[name], str) for name in names):
        raise UsageError("standard input is not one JSON object of three texts", hint=_STDIN_HINT)
    return key_of(item["key"], item["secret"], item["passphrase"], source="typed")


def _object(text: str) -> dict[str, Any] | None:
    try:
        item = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return item if isinstance(item, dict) else None


def _check_text(text: str, name: str) -> None:
    if not _HEADER_TEXT.fullmatch(text):
        raise CredentialsError(
            f"{name} has a blank or line break at one end, or a character outside printable ASCII",
            hint="paste it again, without what surrounds it",
        )


def _check_private_key(secret: str, name: str) -> None:
    if not _PRIVATE_KEY.fullmatch(secret):
        raise CredentialsError(
            f"{name} is not a whole, unencrypted RSA private key in PEM text",
            hint="convert it with `openssl pkcs8 -topk8 -nocrypt -in FILE`",
        )
