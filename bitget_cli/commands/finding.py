"""What one check of `bitget doctor` found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from bitget_cli.catalogue.rows import Field
from bitget_cli.errors import BitgetError

FIELDS = (Field("check", "Check"), Field("result", "Result"), Field("detail", "Detail"), Field("hint", "What to do"))

# Some failures send a person here, who is here already.
_SEE_DOCTOR = "bitget doctor"
_MEDDLED = "something on the way meddles with the connection: try another network, or without proxy and VPN"


@dataclass(frozen=True)
class Finding:
    """One check and how it ended; `error` is what a failed one is worth at the end of the command."""

    check: str
    result: Literal["ok", "warn", "fail", "skipped"]
    detail: str
    hint: str | None = None
    error: BitgetError | None = None

    @property
    def row(self) -> dict[str, str | None]:
        return {"check": self.check, "result": self.result, "detail": self.detail, "hint": self.hint}


def ok(check: str, detail: str) -> Finding:
    return Finding(check, "ok", detail)


def warn(check: str, detail: str, *, hint: str) -> Finding:
    return Finding(check, "warn", detail, hint)


def skipped(check: str, why: str, *, hint: str | None = None) -> Finding:
    return Finding(check, "skipped", why, hint)


def failed(check: str, error: BitgetError, *, otherwise: str = "mend that and run it again") -> Finding:
    """A failure, always with a next step: the error's own, or `otherwise`."""
    error.hint = error.hint or otherwise
    if _SEE_DOCTOR in error.hint:
        error.hint = _MEDDLED
    return Finding(check, "fail", error.message, error.hint, error)


def found(check: str, look: Callable[[], Finding], *, otherwise: str = "mend that and run it again") -> Finding:
    """What looking gave; an error of ours is a failed check."""
    try:
        return look()
    except BitgetError as error:
        return failed(check, error, otherwise=otherwise)
