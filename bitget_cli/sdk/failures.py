"""What the SDK raises."""

from __future__ import annotations

from typing import Any

from bitget_cli.errors import (
    BitgetError,
    ConfigError,
    CredentialsError,
    DeclinedError,
    NetworkError,
    RateLimitedError,
    RejectedError,
    UnknownError,
    UsageError,
)


class BitgetAPIError(Exception):
    """A call that was not carried out, or of which nobody knows.

    `code` is Bitget's own, or a word of ours where Bitget was not asked (`usage`, `config`, `credentials`, `declined`,
    `rate_limited`, `unknown`); `detail` one sentence; `context` has `endpoint`, `http_status`, `msg` (Bitget's own
    words), `hint` (what to do next), `outcome` (`rejected`, `not_placed`, `unknown`; None where nothing was to be
    changed) and `client_oid`. None of it holds a secret.
    """

    __module__ = "bitget_cli"

    def __init__(self, code: str, detail: str, context: dict[str, Any]) -> None:
        super().__init__(code, detail, context)
        self.code = code
        self.detail = detail
        self.context = context

    def __str__(self) -> str:
        return f"{self.detail} ({self.code})" if self.code not in self.detail else self.detail


class BitgetGuardError(BitgetAPIError):
    """Refused on this machine: a lock, a cap, an instrument's own rules, a missing key. Nothing was sent."""

    __module__ = "bitget_cli"


class BitgetRejectedError(BitgetAPIError):
    """Refused by Bitget for certain; `code` is Bitget's."""

    __module__ = "bitget_cli"


class BitgetRateLimitError(BitgetAPIError):
    """Too many requests, beyond the deadline; `context["hint"]` says how long to wait."""

    __module__ = "bitget_cli"


class BitgetUnknownOutcomeError(BitgetAPIError):
    """Nobody knows whether it was carried out, and it must not be sent again before that is known.

    `client_oid` names it: `bitget order reconcile CLIENT_OID` finds out. Until then no order that opens is sent.
    """

    __module__ = "bitget_cli"

    @property
    def client_oid(self) -> str | None:
        """The client id it was sent with; None for a change that has none."""
        told = self.context.get("client_oid")
        return None if told is None else str(told)


_KINDS: dict[type[BitgetError], type[BitgetAPIError]] = {
    UsageError: BitgetGuardError,
    ConfigError: BitgetGuardError,
    CredentialsError: BitgetGuardError,
    DeclinedError: BitgetGuardError,
    RejectedError: BitgetRejectedError,
    RateLimitedError: BitgetRateLimitError,
    UnknownError: BitgetUnknownOutcomeError,
}


def told(failure: BitgetError) -> Exception:
    """The failure as the SDK raises it."""
    if isinstance(failure, NetworkError):
        cause: BaseException | None = failure
        while isinstance(cause, BitgetError):
            cause = cause.__cause__
        if isinstance(cause, Exception):
            # One of httpx's own, with our sentence: it says what is known of it.
            cause.args = (failure.message,)
            return cause
    kind = next((kind for ours, kind in _KINDS.items() if isinstance(failure, ours)), BitgetAPIError)
    context = {
        "endpoint": failure.endpoint,
        "http_status": failure.http_status,
        "msg": failure.msg,
        "hint": failure.hint,
        "outcome": failure.outcome,
        "client_oid": failure.client_oid,
    }
    return kind(failure.code or failure.word, failure.message, context)
