"""Secrets that cannot be printed by accident, and the redactor every sink goes through."""

from __future__ import annotations

import base64
import json
import re
import string
from collections.abc import Iterator, Mapping
from contextlib import suppress
from itertools import groupby
from typing import NamedTuple, NoReturn
from urllib.parse import quote, quote_plus

# The environment's names of a key, its secret and its passphrase, as Bitget's own tools have them.
KEY_VARIABLES = ("BITGET_API_KEY", "BITGET_SECRET_KEY", "BITGET_PASSPHRASE")
# What alerts that come in have to know.
WEBHOOK_VARIABLE = "BITGET_WEBHOOK_SECRET"
# Whoever sees so many letters of a secret in a row does not see them by chance; words of a passphrase may be shorter.
_A_LONG_PART = 12
_A_PART = _A_LONG_PART // 2
_IN_HTML = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#x27;"})
_ESCAPE = "%[0-9A-F]{2}"
_SMALL = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)


class Secret:
    """Text that only `reveal()` gives back: no repr, str, format, pickle or copy shows it."""

    __slots__ = ("_spellings", "_text")

    def __init__(self, text: str) -> None:
        self._text = text
        self._spellings: tuple[tuple[str, frozenset[str]], ...] | None = None

    def reveal(self) -> str:
        return self._text

    def spellings(self) -> tuple[tuple[str, frozenset[str]], ...]:
        """Each form it can take on the way out, and the pieces of a long one; kept, since every failure asks."""
        if self._spellings is None:
            # A text of a letter or two is in every word; no secret is that short.
            forms = {
                form if len(form) < _A_LONG_PART else _folded(form) for form in _forms(self._text) if len(form) > 3
            }
            self._spellings = tuple((form, frozenset(_pieces(form))) for form in forms)
        return self._spellings

    def __repr__(self) -> str:
        return "Secret(***)"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return "***"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret is not copied or pickled")


class Key(NamedTuple):
    """One API key: what Bitget calls key, secret and passphrase, and where they came from.

    `secret` is the HMAC secret, or the PEM text of a PKCS#8 private key for a self-generated RSA key.
    `source` is for people: "environment", "keyring (SecretService)", "paper".
    """

    id: Secret
    secret: Secret
    passphrase: Secret
    source: str

    @property
    def is_rsa(self) -> bool:
        return self.secret.reveal().lstrip().startswith("-----BEGIN")


class Redactor:
    """Replaces every known secret, in each form it can take on the way out, in any case and cut short, by `***`."""

    def __init__(self, *secrets: Secret) -> None:
        self._forms = dict(one for secret in secrets for one in secret.spellings())

    def __call__(self, text: str) -> str:
        folded = _folded(text)
        hidden = bytearray(len(text))
        there = {folded[at : at + _A_PART] for at in range(len(folded) - _A_PART + 1)}
        for form, pieces in self._forms.items():
            if pieces and pieces.isdisjoint(there):
                continue
            # A short one in capitals may be a word of ours.
            found = _parts(folded, form) if pieces else _whole(text, form)
            for start, end in found:
                hidden[start:end] = b"\1" * (end - start)
        if not any(hidden):
            return text
        parts = (text[start:end] if not is_hidden else "***" for is_hidden, start, end in _runs(hidden))
        return "".join(parts)


def of_environment(environ: Mapping[str, str]) -> tuple[Secret, ...]:
    """What the environment holds of a key, whole or in part, whoever's it is, and the secret of a webhook."""
    return tuple(Secret(environ[name]) for name in (*KEY_VARIABLES, WEBHOOK_VARIABLE) if environ.get(name))


def without_secrets(environ: Mapping[str, str]) -> dict[str, str]:
    """The environment for a program that is not ours."""
    return {name: text for name, text in environ.items() if name not in (*KEY_VARIABLES, WEBHOOK_VARIABLE)}


def _folded(text: str) -> str:
    """Small letters for capitals, and nothing longer or shorter than it was."""
    return text.translate(_SMALL)


def _whole(text: str, form: str) -> Iterator[tuple[int, int]]:
    start = text.find(form)
    while start >= 0:
        yield start, start + len(form)
        start = text.find(form, start + 1)


def _pieces(form: str) -> Iterator[str]:
    """Wherever a part of twice the length begins, one of these is whole in it; a short form has none."""
    if len(form) >= _A_LONG_PART:
        yield from (form[at : at + _A_PART] for at in range(0, len(form) - _A_PART + 1, _A_PART))


def _parts(text: str, form: str) -> Iterator[tuple[int, int]]:
    """Where a long part of a form stands: what repeats it may cut it short, at either end."""
    # Wherever a part of twice the length begins, one of these pieces is whole in it.
    for at in range(0, len(form) - _A_PART + 1, _A_PART):
        piece = form[at : at + _A_PART]
        for start, end in _whole(text, piece):
            before, after = at, len(form) - at - _A_PART
            left = _alike(text[max(0, start - before) : start][::-1], form[:at][::-1])
            right = _alike(text[end : end + after], form[at + _A_PART :])
            if left + _A_PART + right >= _A_LONG_PART:
                yield start - left, end + right


def _alike(one: str, other: str) -> int:
    """How many letters two texts begin with in common."""
    return next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _runs(hidden: bytearray) -> Iterator[tuple[int, int, int]]:
    start = 0
    for is_hidden, run in groupby(hidden):
        end = start + len(list(run))
        yield is_hidden, start, end
        start = end


def _forms(secret: str) -> set[str]:
    """What becomes of it in addresses, forms, headers, JSON and dumps; of a signature its bytes, too."""
    # A PEM key is many lines, the first and last of which everybody knows; a single one of the others is a leak too.
    lines = [line for line in secret.splitlines() if not line.startswith("-----")]
    body = "\n".join(lines) if "-----BEGIN" in secret else secret
    if not body:
        return set()
    forms = {line for line in lines if len(line) > _A_LONG_PART} | _spelt(body) | _dumped(secret.encode())
    if len(secret) > 2 * _A_LONG_PART:
        with suppress(ValueError):
            forms |= _dumped(base64.b64decode(secret, validate=True))
    return forms


def _spelt(text: str) -> set[str]:
    escaped = {quote(text, safe=""), quote(text), quote_plus(text)}
    return {
        text,
        *escaped,
        *(re.sub(_ESCAPE, lambda found: found[0].lower(), form) for form in escaped),
        text.translate(_IN_HTML),
        json.dumps(text)[1:-1],
        json.dumps(text, ensure_ascii=False)[1:-1],
        repr(text)[1:-1],
    }


def _dumped(raw: bytes) -> set[str]:
    """Bytes as text. The padding says nothing, and is left out by some."""
    return {
        raw.hex(),
        base64.b64encode(raw).decode().rstrip("="),
        base64.urlsafe_b64encode(raw).decode().rstrip("="),
    }
