"""What a failure means: one table from fault to sentence, hint and outcome; `refusals.py` continues it with codes."""

from __future__ import annotations

import errno
import socket
import ssl
from enum import Enum
from typing import NamedTuple

import httpx

from bitget_cli.catalogue.model import Effect, Endpoint
from bitget_cli.client.http import TooLarge
from bitget_cli.errors import BitgetError, NetworkError, RateLimitedError, UnknownError

# Seconds before each further try. Reads only, except FEW, which also holds for a change of which nothing has left.
FEW = (0.3, 0.9)
SOME = (0.3, 0.9, 2.0)

LONGEST_WAIT = 60.0  # seconds; a Retry-After beyond it is not obeyed but told

# OpenSSL's words: an alert of the other side, or an answer in a version of its own.
_TOO_OLD = frozenset({"TLSV1_ALERT_PROTOCOL_VERSION", "UNSUPPORTED_PROTOCOL", "VERSION_TOO_LOW"})
_NO_TLS = frozenset({"WRONG_VERSION_NUMBER", "PACKET_LENGTH_TOO_LONG", "HTTP_REQUEST", "UNKNOWN_PROTOCOL"})

# What may be sent again when nothing of it had left; withdrawals, transfers and conversions never are.
RESENT = frozenset({Effect.TRADE, Effect.SETTINGS})


class Fault(Enum):
    """A failure without a usable answer: sentence, hint, pauses, and whether the request may have left.

    A sentence may name {host}, {via} (a proxy, or nothing) and {detail}; each is words of ours, never the exchange's.
    """

    NAME = ("could not reach {host}{via}: the name could not be resolved", "check the connection and DNS", FEW, False)
    REFUSED = ("could not reach {host}{via}: the connection was refused", "check the connection", FEW, False)
    ROUTE = ("could not reach {host}{via}: {detail}", "check the connection", FEW, False)
    NO_ANSWER = ("could not reach {host}{via} within the deadline", "try again, or with a longer --timeout", FEW, False)
    CERTIFICATE = (
        "the certificate of {host} was refused: {detail}",
        "behind a proxy with a certificate of its own, name its PEM file in SSL_CERT_FILE",
        (),
        False,
    )
    TLS = ("no secure connection to {host}{via}: {detail}", "see bitget doctor", FEW, False)
    PROXY = ("could not reach {host}{via}: {detail}", "check the proxy, or name {host} in NO_PROXY", FEW, False)
    REQUEST = ("the request could not be written: {detail}", "check what was given", (), False)
    CLOSED = ("{host} closed the connection without an answer", "try again", FEW, True)
    SLOW = ("{host} gave no whole answer within the deadline", "try again, or with a longer --timeout", FEW, True)
    GARBLED = ("the answer of {host} breaks the rules of HTTP", "try again; see bitget doctor", FEW, True)
    TOO_LARGE = ("{host} sent {detail}", "ask for less: a smaller --limit or range", (), True)
    # Seen of v3 lists: asked again it answers.
    EMPTY = ("{host} sent an answer with nothing in it", "try again; with -v to see the request", FEW, True)
    MALFORMED = ("malformed answer from {host}: {detail}", "try again; with -v to see the request", (), True)
    NOT_BITGET = (
        "{host} answered with a web page: this is not Bitget",
        "a captive portal or a proxy answers in its place: open a browser and sign in to the network",
        (),
        True,
    )
    REDIRECT = ("{host} redirects to {detail}; redirects are never followed", "check BITGET_API_BASE_URL", (), True)
    EDGE = (
        "{host} refused the request at its edge: {detail}",
        "wait, and check whether Bitget serves this address; its support can look the request up",
        (),
        True,
    )
    SERVER = ("{host} is in trouble: {detail}", "wait a moment and try again", SOME, True)

    def __init__(self, sentence: str, hint: str, pauses: tuple[float, ...], may_have_left: bool) -> None:
        self.sentence, self.hint, self.pauses, self.may_have_left = sentence, hint, pauses, may_have_left


class FailureOutcome(NamedTuple):
    """The error for a read, and the error and outcome for a change."""

    read: type[BitgetError]
    change: type[BitgetError]
    outcome: str


NOTHING_LEFT = FailureOutcome(NetworkError, NetworkError, "not_placed")
IN_DOUBT = FailureOutcome(NetworkError, UnknownError, "unknown")

# The command that settles a change of unknown outcome.
SETTLED_BY = {
    # Of a call of one's own: what goes through the journal names `order reconcile` instead.
    Effect.TRADE: "look before sending it again, half a minute from now: bitget order list, bitget order history",
    Effect.TRANSFER: "find out with: bitget account transfers COIN",
    Effect.WITHDRAW: "find out with: bitget account withdrawals",
    Effect.FUNDS: "find out with: bitget convert history, or bitget account bills --product spot",
}
SETTLED_OTHERWISE = "read the setting back before sending it again"


class Failure(NamedTuple):
    """Why one try gave nothing that can be used; `error` says it as one of ours, `pause` whether to try again."""

    sentence: str
    hint: str | None
    ending: FailureOutcome
    read_pauses: tuple[float, ...] = ()
    change_pauses: tuple[float, ...] = ()
    code: str | None = None
    msg: str | None = None
    http_status: int | None = None
    wrong_clock: bool = False
    retry_after: float | None = None
    requested_at: str | None = None
    wait: str = ""  # how long, after too many requests
    cause: httpx.HTTPError | None = None  # what httpx calls it, where it was the network's fault; holds no secret

    def pause(self, row: Endpoint, *, tries: int) -> float | None:
        """Seconds to wait before the next try after `tries` of them; None when there must be none.

        A change is sent again only when nothing of it had left, and money on the move not even then.
        """
        pauses = self.read_pauses if row.reads else self.change_pauses if row.effect in RESENT else ()
        if tries >= len(pauses):
            return None
        if self.retry_after is None:
            return pauses[tries]
        return self.retry_after if self.retry_after <= LONGEST_WAIT else None

    def error(self, row: Endpoint) -> BitgetError:
        kind = self.ending.read if row.reads else self.ending.change
        doubt = not row.reads and self.ending.outcome == "unknown"
        error = kind(
            f"{self.sentence}; it may have been carried out all the same" if doubt else self.sentence,
            hint=self._hint(row, doubt=doubt),
            code=self.code,
            msg=self.msg,
            http_status=self.http_status,
            endpoint=f"{row.method} {row.path}",
            outcome=None if row.reads else self.ending.outcome,
            requested_at=self.requested_at,
        )
        if isinstance(error, RateLimitedError):
            error.wait = self.wait or error.wait
        return error

    def _hint(self, row: Endpoint, *, doubt: bool) -> str | None:
        settled_by = SETTLED_BY.get(row.effect, SETTLED_OTHERWISE)
        if doubt:
            return settled_by
        # It has happened that a change was refused for haste and carried out.
        return self.hint if row.reads or not self.wait else f"{self.wait}; {settled_by}"


def may_repeat(row: Endpoint) -> bool:
    """Whether the call may go out again once it is certain that nothing was done: money on the move may not."""
    return row.reads or row.effect in RESENT


def from_fault(
    fault: Fault,
    *,
    host: str,
    via: str = "",
    detail: str = "",
    code: str | None = None,
    msg: str | None = None,
    http_status: int | None = None,
) -> Failure:
    """The failure for a fault of the network or of the answer's form."""
    left = fault.may_have_left
    return Failure(
        sentence=fault.sentence.format(host=host, via=via, detail=detail),
        hint=fault.hint.format(host=host),
        ending=IN_DOUBT if left else NOTHING_LEFT,
        read_pauses=fault.pauses,
        change_pauses=() if left else fault.pauses,
        code=code,
        msg=msg,
        http_status=http_status,
    )


def from_exception(error: httpx.RequestError, *, host: str, via: str = "") -> Failure:
    """The failure for what the transport raised; its cause, an OSError, tells the kinds of ConnectError apart."""
    cause = error.__cause__
    match error:
        case TooLarge():
            return from_fault(Fault.TOO_LARGE, host=host, detail=str(error))
        case httpx.ConnectError():
            return _unreached(cause, host=host, via=via)
        case httpx.ConnectTimeout() | httpx.PoolTimeout():
            return from_fault(Fault.NO_ANSWER, host=host, via=via)
        case httpx.ProxyError():
            return from_fault(Fault.PROXY, host=host, via=via, detail=str(error))
        case httpx.LocalProtocolError() | httpx.UnsupportedProtocol():
            return from_fault(Fault.REQUEST, host=host, detail="it holds what HTTP cannot carry")
        case httpx.TimeoutException():
            return from_fault(Fault.SLOW, host=host)
        case httpx.DecodingError():
            return from_fault(Fault.GARBLED, host=host)
        case httpx.RemoteProtocolError() if "disconnected" not in str(error):
            return from_fault(Fault.GARBLED, host=host)
    return from_fault(Fault.CLOSED, host=host)


def bare(request: httpx.Request) -> httpx.Request:
    """The request without what signs it, for an error that programs may log whole."""
    return httpx.Request(request.method, request.url)


def of_response(failure: Failure, request: httpx.Request, response: httpx.Response) -> httpx.HTTPError:
    """What httpx would call an answer that is of no use."""
    plain = bare(request)
    if response.status_code < 400:
        return httpx.RemoteProtocolError(failure.sentence, request=plain)
    # Without its headers: what was unpacked is not to be unpacked again.
    kept = httpx.Response(response.status_code, content=response.content, request=plain)
    return httpx.HTTPStatusError(failure.sentence, request=plain, response=kept)


def quoted(code: str, msg: str | None) -> str:
    return f"{msg} ({code})" if msg else f"code {code}"


def is_too_old(error: BaseException | None) -> bool:
    """Whether a handshake failed since the other side has none of the versions of TLS that we take (1.2 and 1.3)."""
    return isinstance(error, ssl.SSLError) and error.reason in _TOO_OLD


def _unshaken(error: ssl.SSLError) -> str:
    if is_too_old(error):
        return "it speaks only TLS 1.1 or older, and TLS 1.2 is the least that is taken"
    if isinstance(error, ssl.SSLEOFError):
        return "it hung up in the handshake, as one may that speaks only TLS 1.1 or older (TLS 1.2 is the least)"
    if error.reason in _NO_TLS:
        return "what answers there is no TLS"
    return (error.reason or "the handshake failed").lower().replace("_", " ")


def _unreached(cause: BaseException | None, *, host: str, via: str) -> Failure:
    match cause:
        case ssl.SSLCertVerificationError():
            return from_fault(Fault.CERTIFICATE, host=host, detail=cause.verify_message)
        case ssl.SSLError():
            return from_fault(Fault.TLS, host=host, via=via, detail=_unshaken(cause))
        case socket.gaierror():
            return from_fault(Fault.NAME, host=host, via=via)
        case ConnectionRefusedError():
            return from_fault(Fault.REFUSED, host=host, via=via)
        case OSError(errno=errno.ENETUNREACH | errno.EHOSTUNREACH):
            return from_fault(Fault.ROUTE, host=host, via=via, detail="there is no route to it")
    return from_fault(Fault.ROUTE, host=host, via=via, detail="the connection failed")
