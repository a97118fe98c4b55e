"""Every failure a person can meet, drawn as a tree, with its exit status.

    BitgetError              1   internal      a defect of ours
    ├── UsageError           2   usage         typed wrongly, or refused by the instrument's own rules before sending
    ├── ConfigError          3   config        a local file that cannot be trusted, read or written
    ├── CredentialsError     4   credentials   keys missing, locked or rejected
    ├── RejectedError        5   rejected      refused by the exchange
    │   └── UnavailableError 5   unavailable   not there on this kind of account
    ├── NetworkError         6   network       nothing was placed
    ├── UnknownError         7   unknown       it may have been placed
    ├── PartialError         8   partial       a batch partly failed
    ├── IncompleteError      9   incomplete    data with a gap
    ├── DeclinedError       10   declined      a guard said no, or the person did
    └── RateLimitedError    11   rate_limited  rate limited beyond the deadline

    StoppedError           128+  interrupted   a signal: 129 SIGHUP, 131 SIGQUIT, 143 SIGTERM; Ctrl-C is 130

A signal is no failure, and no Exception: what catches those, libraries and Python's compiler among them, does not keep
the program going.

`message` is one sentence; `hint` says what to do next. Neither may hold a secret or text from the exchange that was not
put there as `msg`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


class BitgetError(Exception):
    """A failure with a sentence, a next step and an exit status.

    `code` and `msg` are Bitget's own, verbatim; `endpoint` is "GET /api/v2/…"; `outcome` is one of `rejected`,
    `not_placed`, `unknown` where something was to be changed, else None. `requested_at` is the exchange's clock in
    the answer that refused it (milliseconds, text), `client_oid` what a change was sent with. `as_json` says that its
    reader takes results as JSON, though it was not typed.
    """

    exit_status: int = 1
    word: str = "internal"

    def __init__(
        self,
        message: str,
        *,
        hint: str | None = None,
        code: str | None = None,
        msg: str | None = None,
        http_status: int | None = None,
        endpoint: str | None = None,
        outcome: str | None = None,
        requested_at: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.code = code
        self.msg = msg
        self.http_status = http_status
        self.endpoint = endpoint
        self.outcome = outcome
        self.requested_at = requested_at
        self.client_oid: str | None = None
        self.as_json = False

    def redact(self, clean: Callable[[str], str]) -> None:
        """Put every text through `clean`; what an exchange repeats may hold what nobody should see."""
        self.message = clean(self.message)
        self.hint = self.hint and clean(self.hint)
        self.msg = self.msg and clean(self.msg)

    def record(self) -> dict[str, Any]:
        """The one JSON object a failure is under `--json`; every key is always there."""
        return {
            "error": self.word,
            "exit": self.exit_status,
            "message": self.message,
            "code": self.code,
            "msg": self.msg,
            "http_status": self.http_status,
            "endpoint": self.endpoint,
            "hint": self.hint,
            "outcome": self.outcome,
        }


class UsageError(BitgetError):
    """Typed wrongly, or refused by the instrument's own rules; nothing was sent."""

    exit_status, word = 2, "usage"


class ConfigError(BitgetError):
    """Configuration, or a local file that cannot be trusted or written."""

    exit_status, word = 3, "config"


class CredentialsError(BitgetError):
    """Keys missing, locked or rejected."""

    exit_status, word = 4, "credentials"


class RejectedError(BitgetError):
    """The exchange said no, definitely."""

    exit_status, word = 5, "rejected"


class UnavailableError(RejectedError):
    """Not there on this kind of account, or not now; nothing was done."""

    word = "unavailable"


class NetworkError(BitgetError):
    """No usable answer, and nothing was placed."""

    exit_status, word = 6, "network"


class UnknownError(BitgetError):
    """Outcome unknown: it may have been placed; the command that settles it is printed."""

    exit_status, word = 7, "unknown"


class PartialError(BitgetError):
    """Some rows of a batch failed."""

    exit_status, word = 8, "partial"


class IncompleteError(BitgetError):
    """Data with a gap: in an export, with `--strict` in a stream; or what `--until` or `--for` waited for in vain."""

    exit_status, word = 9, "incomplete"


class DeclinedError(BitgetError):
    """A guard said no, or the person did."""

    exit_status, word = 10, "declined"


class RateLimitedError(BitgetError):
    """Rate limited beyond the deadline.

    `wait` says how long to wait, and so does `hint`.
    """

    exit_status, word = 11, "rate_limited"
    wait: str = "wait a moment"


class StoppedError(KeyboardInterrupt):
    """A signal other than Ctrl-C ended it: exit status 128 + its number."""

    def __init__(self, signal_number: int) -> None:
        super().__init__("stopped by a signal")
        self.exit_status = 128 + signal_number
