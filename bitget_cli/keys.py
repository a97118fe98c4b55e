"""Secrets that cannot be printed by accident, and the redactor every sink goes through."""

from __future__ import annotations

import base64
import sys
from collections.abc import Mapping
from contextlib import suppress
from typing import NamedTuple, NoReturn
from urllib.parse import quote

# The environment's names of a key, its secret and its passphrase, as Bitget's own tools have them.
KEY_VARIABLES = ("BITGET_API_KEY", "BITGET_SECRET_KEY", "BITGET_PASSPHRASE")
_PR_SET_DUMPABLE = 4  # <sys/prctl.h>


class Secret:
    """Text that only `reveal()` gives back: no repr, str, format, pickle or copy shows it."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        return self._text

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
    """Replaces every known secret, in each form it can take on the way out, by `***`."""

    def __init__(self, *secrets: Secret) -> None:
        forms: set[str] = set()
        for secret in secrets:
            forms |= _forms(secret.reveal())
        # A text of a letter or two is in every word; no secret is that short.
        forms = {form for form in forms if len(form) > 3}
        # Longest first, or a short form would cut a longer one in two and leave its rest visible.
        self._forms = sorted(forms, key=len, reverse=True)

    def __call__(self, text: str) -> str:
        for form in self._forms:
            text = text.replace(form, "***")
        return text


def of_environment(environ: Mapping[str, str]) -> tuple[Secret, ...]:
    """What the environment holds of a key, whole or in part, whoever's it is."""
    return tuple(Secret(environ[name]) for name in KEY_VARIABLES if environ.get(name))


def shield_memory() -> None:
    """From here on no core dump of this process is written, and no other program of this user reads its memory.

    A limit of 0 does for files; a core that the kernel pipes to a program (systemd-coredump) heeds only the other
    (core(5), prctl(2)). Where a system has neither, nothing is changed.
    """
    with suppress(ImportError, OSError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
    if sys.platform == "linux":
        with suppress(ImportError, OSError, AttributeError):
            import ctypes

            ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


def _forms(secret: str) -> set[str]:
    if not secret:
        return set()
    raw = secret.encode()
    whole = {
        secret,
        base64.b64encode(raw).decode(),
        base64.urlsafe_b64encode(raw).decode(),
        raw.hex(),
        raw.hex().upper(),
        quote(secret, safe=""),
        secret.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n"),
    }
    # A PEM key is many lines; a single line of it is a leak too.
    lines = {line for line in secret.splitlines() if len(line) > 12 and not line.startswith("-----")}
    return whole | lines
