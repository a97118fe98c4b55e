"""Calling Bitget: prepare, pace, sign, send, retry what is safe, unwrap; each a small function."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from copy import copy
from datetime import timedelta
from math import inf
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple

import httpx

from bitget_cli import __version__
from bitget_cli.catalogue.model import Endpoint, Scope, Shape
from bitget_cli.client.rest import errors
from bitget_cli.client.rest.errors import Failure, Fault, may_repeat
from bitget_cli.client.rest.request import Call, prepare_call
from bitget_cli.client.rest.response import REMAINING, SUCCESS, Answer, listed, parse_response, record
from bitget_cli.errors import BitgetError, NetworkError, UsageError
from bitget_cli.values import from_milliseconds, is_whole, milliseconds

if TYPE_CHECKING:
    from datetime import datetime

    from bitget_cli.client.rest.rate_limit import Pacing
    from bitget_cli.keys import Key, Secret
    from bitget_cli.runtime import Clock

__all__ = ["Answer", "Call", "Client", "Report", "shaped"]

_LISTS = (Shape.ARRAY, Shape.ARRAYS, Shape.STRINGS)

# Gzip, unpacked by the transport with a limit: the list of contracts is 60 KB then and not 500. Nothing else is asked
# for, since every further coding is one more unpacker to trust.
_HEADERS = {
    "Accept": "application/json",
    "Accept-Encoding": "gzip",
    "Connection": "keep-alive",
    "User-Agent": f"bitget-cli/{__version__}",
}


class Report(NamedTuple):
    """One request as `--verbose` tells it. `status` and `code` are None where no answer came; nothing is secret."""

    method: str
    url: str
    status: int | None
    code: str | None
    milliseconds: float
    remaining: str | None = None


class Client:
    """Speaks to one exchange with one key; several threads may call it at once.

    `http` is the transport: the network, or the paper exchange. `key` is asked for only when a signed row is called.
    `language` is that of Bitget's own messages. `timeout` is in seconds and covers a request with its retries, but not
    the wait for a rate limit. `warn` is told of a value that the catalogue does not list; without one it is refused.
    `admit` raises for a row that the account is not of the kind for.
    """

    def __init__(
        self,
        *,
        http: httpx.BaseTransport,
        base_url: str,
        env: str,
        clock: Clock,
        pacer: Pacing,
        key: Callable[[], Key],
        timeout: float = 10.0,
        language: str = "en-US",
        report: Callable[[Report], None] | None = None,
        warn: Callable[[str], None] | None = None,
        admit: Callable[[Endpoint], None] = lambda _: None,
    ) -> None:
        self.offset = timedelta()
        self.host = httpx.URL(base_url).host
        self._http = http
        self.base_url = base_url.rstrip("/")
        self._env = env
        self.language = language
        self._clock = clock
        self._pacer = pacer
        self._key = key
        self._timeout = timeout
        self._report = report
        self._warn = warn
        self.admit = admit
        self._learning = Lock()
        # The last proofs of the key that were sent: an answer may repeat one, and nobody should read it.
        self.signatures: deque[Secret] = deque(maxlen=64)
        # What else a request carries, or an answer, that nobody should read: of a key that is made for somebody.
        self.secrets: list[Secret] = []
        self._until = inf

    def ending_at(self, until: float) -> Client:
        """The same, for what is worth an answer until this monotonic second: the wait for a rate limit included."""
        client = copy(self)
        client._until = until
        return client

    def prepare(self, row: Endpoint, given: Mapping[str, Any]) -> Call:
        """The call for `row`; see `request.prepare_call`. Raises UsageError."""
        return prepare_call(row, given, warn=self._warn)

    def call(self, row: Endpoint, **given: Any) -> Any:
        """Prepare and send; the answer's `data`, as Bitget sent it. None values are dropped."""
        return self.send(self.prepare(row, given)).data

    def read(self, row: Endpoint, **given: Any) -> Any:
        """The same for whoever shows it: a list or one object, as the row says, however Bitget wrote that it is empty.

        The list of a row that wraps it is the answer.
        """
        return shaped(row, self.call(row, **given))

    def send(self, call: Call, *, leaving: Callable[[int], None] | None = None, until: float | None = None) -> Answer:
        """Sends a call until it is answered, refused, in doubt or out of time.

        Raises CredentialsError, RejectedError, NetworkError, RateLimitedError, or UnknownError for a change that may
        have been carried out. A read is repeated after a fault; a change only when nothing of it had left, or after
        Bitget refused it for the clock alone; money on the move never. `leaving` is told the signed timestamp (ms)
        right before each try of a signed call; what it raises ends the call with that try unsent. `until` is the
        monotonic second at which the call ends where that is earlier than our timeout.
        """
        return self._send(call, until=until, leaving=leaving)

    def server_time(self) -> datetime:
        """Bitget's clock now, aware UTC; `offset` is then what to add to ours."""
        return self._server_time()

    def now(self) -> datetime:
        """The exchange's time as far as we know it: our clock and the offset learnt, if any."""
        return self._clock.now() + self.offset

    def headers(self, row: Endpoint) -> dict[str, str]:
        """The headers of a request, without the four that sign it."""
        headers = {**_HEADERS, "locale": self.language}
        if row.method == "POST":
            headers["Content-Type"] = "application/json"
        if row.signed and self._env == "demo":
            headers["paptrading"] = "1"
        return headers

    def close(self) -> None:
        self._http.close()

    def _send(self, call: Call, *, until: float | None = None, leaving: Callable[[int], None] | None = None) -> Answer:
        self.admit(call.row)
        # First the key, since unlocking a keyring is the person's time and not the exchange's.
        key = self._key() if call.row.signed else None
        deadline = min(self._clock.monotonic() + self._timeout, self._until)
        if until is not None:
            deadline = min(deadline, until)
        tries, resynced = 0, False
        while True:
            deadline = min(deadline + self._wait_for_turn(call.row, key), self._until)
            offset = self.offset
            got = self._try(call, key, deadline=deadline, leaving=leaving)
            if isinstance(got, Answer):
                return got
            got = self._redacted(got, key)
            again = got.wrong_clock and not resynced and may_repeat(call.row)
            if again and key and self._learn_offset(offset, deadline=deadline):
                resynced = True
                continue
            self._pause_or_raise(got, call.row, tries=tries, deadline=deadline)
            tries += 1

    def _server_time(self, *, deadline: float | None = None) -> datetime:
        from bitget_cli.catalogue.v2.public import TIME

        before = self._clock.now()
        data = self._send(Call(TIME), until=deadline).data
        after = self._clock.now()
        text = data.get("serverTime") if isinstance(data, dict) else None
        if not isinstance(text, str) or not is_whole(text) or len(text) > 14:
            raise errors.from_fault(Fault.MALFORMED, host=self.host, detail="no server time").error(TIME)
        server = from_milliseconds(text)
        self.offset = server - (before + (after - before) / 2)
        return server

    def _wait_for_turn(self, row: Endpoint, key: Key | None) -> float:
        """Waits for the rate limit; the seconds that took."""
        who = "address"
        if key and row.rate.scope is Scope.ACCOUNT:
            from bitget_cli.client.rest.auth import fingerprint

            who = fingerprint(key)
        before = self._clock.monotonic()
        self._pacer.wait(row.rate, lane=f"{self.host}|{who}|{row.name}", until=self._until)
        return self._clock.monotonic() - before

    def _try(
        self, call: Call, key: Key | None, *, deadline: float, leaving: Callable[[int], None] | None
    ) -> Answer | Failure:
        request = self._request(call, deadline=deadline)
        if key:
            from bitget_cli.client.rest.auth import BitgetAuth
            from bitget_cli.keys import Secret

            request = next(BitgetAuth(key, self._timestamp).sync_auth_flow(request))
            self.signatures.append(Secret(request.headers["ACCESS-SIGN"]))
            if leaving:
                leaving(int(request.headers["ACCESS-TIMESTAMP"]))
        started = self._clock.monotonic()
        try:
            # The transport itself and not httpx.Client: no cookies, redirects or netrc, and half the time.
            response = self._http.handle_request(request)
            response.read()
        except httpx.RequestError as error:
            got = errors.from_exception(error, host=self.host, via=request.extensions.get("via", ""))
            self._tell(call, None, got, started=started)
            error.request = errors.bare(request)
            return got._replace(cause=error)
        outcome = parse_response(response, call, host=self.host)
        self._tell(call, response, outcome, started=started)
        if isinstance(outcome, Failure) and outcome.ending.read is NetworkError:
            return outcome._replace(cause=errors.of_response(outcome, request, response))
        return outcome

    def _redacted(self, failure: Failure, key: Key | None) -> Failure:
        """A refusal may repeat what it was sent, and is printed and written down."""
        if key is None or failure.msg is None:
            return failure
        from bitget_cli.keys import Redactor

        clean = Redactor(key.id, key.secret, key.passphrase, *self.signatures, *self.secrets)
        return failure._replace(sentence=clean(failure.sentence), msg=clean(failure.msg))

    def _timestamp(self) -> str:
        return str(milliseconds(self.now()))

    def _request(self, call: Call, *, deadline: float) -> httpx.Request:
        try:
            return httpx.Request(
                call.row.method,
                self.base_url + call.url_path,
                headers=self.headers(call.row),
                content=call.body,
                # A change goes out on a connection nobody used before: one that went stale would leave it in doubt.
                extensions={"deadline": deadline, "fresh": not call.row.reads},
            )
        except httpx.InvalidURL:
            raise UsageError(f"what was given makes no URL for {call.row.name}: it is too long") from None

    def _learn_offset(self, refused: timedelta, *, deadline: float) -> bool:
        """Whether there is a better offset now than the refused one; of several threads, one asks for it."""
        with self._learning:
            if self.offset != refused:
                return True
            try:
                self._server_time(deadline=deadline)
            except BitgetError:
                return False
            return True

    def _pause_or_raise(self, got: Failure, row: Endpoint, *, tries: int, deadline: float) -> None:
        pause = got.pause(row, tries=tries)
        if pause is None or self._clock.monotonic() + pause >= deadline:
            raise got.error(row) from got.cause
        self._clock.sleep(pause)

    def _tell(self, call: Call, response: httpx.Response | None, got: Answer | Failure, *, started: float) -> None:
        if self._report is None:
            return
        self._report(
            Report(
                method=call.row.method,
                url=self.base_url + call.url_path,
                status=None if response is None else response.status_code,
                code=SUCCESS if isinstance(got, Answer) else got.code,
                milliseconds=(self._clock.monotonic() - started) * 1000,
                remaining=None if response is None else response.headers.get(REMAINING),
            )
        )


def shaped(row: Endpoint, data: Any) -> Any:
    """The `data` of a row as a list or as one object; as it is where the row answers neither."""
    if row.paging.rows_at or row.shape in _LISTS:
        return listed(data, row.paging.place_in(data))
    return record(data) if row.shape is Shape.OBJECT else data
