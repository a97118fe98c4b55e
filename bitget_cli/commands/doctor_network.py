"""`bitget doctor`: the way to the exchange, and the clocks at both ends."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from statistics import median
from typing import TYPE_CHECKING

from bitget_cli.commands.finding import Finding, failed, found, ok, skipped, warn
from bitget_cli.errors import BitgetError, ConfigError

if TYPE_CHECKING:
    from bitget_cli.client.checkup import Way
    from bitget_cli.client.proxies import Proxy
    from bitget_cli.session import Session

CHECKS = ("host", "connection", "latency", "clock")

_CALLS = 3
_NOTABLE = timedelta(seconds=2)
# Bitget refuses a request signed 30 s off its own clock; five of them may pass on the way.
_REFUSED = timedelta(seconds=25)
_SET_THE_CLOCK = "let the system set its clock: timedatectl set-ntp true"


def network(session: Session) -> Iterator[Finding]:
    """Host, connection, latency and clock; what cannot be looked at because of an earlier failure is skipped.

    Host and connection share one deadline of `--timeout`; each call of the latency has its own.
    """
    if session.env == "paper":
        for check in CHECKS[:3]:
            yield skipped(check, "the paper exchange is on this machine")
        yield found("clock", lambda: _paper_clock(session))
        return
    stopped = False
    for finding in _way(session):
        stopped = stopped or finding.error is not None
        yield finding
    if stopped:
        for check in CHECKS[2:]:
            yield skipped(check, "the exchange was not reached")
    else:
        yield from _calls(session)


def _way(session: Session) -> Iterator[Finding]:
    from bitget_cli.client.checkup import proxy_on_the_way, way_to

    environ = session.doors.environ
    try:
        proxy = proxy_on_the_way(session.address, environ=environ)
        way = None if proxy else way_to(session.address, environ=environ, timeout=session.timeout)
    except ConfigError as error:
        yield failed("host", error)
        yield skipped("connection", "there is no usable way to the exchange")
        return
    if proxy:
        yield from _through(proxy)
    elif way:
        yield from _straight(way)


def _through(proxy: Proxy) -> Iterator[Finding]:
    yield skipped("host", "the proxy resolves the name")
    yield skipped("connection", f"through the proxy in {proxy.variable} ({proxy.shown}); TLS is not looked at")


def _straight(way: Way) -> Iterator[Finding]:
    if way.failure and not way.addresses:
        yield failed("host", way.failure)
        yield skipped("connection", "there is no address to connect to")
        return
    yield ok("host", f"{way.host} is {', '.join(way.addresses)}")
    yield failed("connection", way.failure) if way.failure else ok("connection", _connection(way))


def _connection(way: Way) -> str:
    if way.tls is None:
        return "plain http on this machine"
    tls = way.tls
    return f"{tls.version}, certificate by {tls.issuer} until {tls.expires:%Y-%m-%d}, trusting {tls.trusting}"


def _calls(session: Session) -> Iterator[Finding]:
    """Latency and clock, from the same few calls."""
    samples = []
    try:
        for _ in range(_CALLS):
            before = session.clock.monotonic()
            session.client.server_time()
            samples.append((session.clock.monotonic() - before, session.client.offset))
    except BitgetError as error:
        yield failed("latency", error)
        yield skipped("clock", "the exchange did not tell its time")
        return
    yield ok("latency", f"{median(seconds for seconds, _ in samples) * 1000:.0f} ms, the median of {_CALLS} calls")
    # The quickest answer leaves the least doubt about when it was given.
    yield _clock(min(samples, key=lambda sample: sample[0])[1])


def _clock(offset: timedelta) -> Finding:
    seconds = abs(offset).total_seconds()
    # The offset is what our clock lacks.
    detail = f"{seconds:.1f} s {'behind' if offset > timedelta() else 'ahead of'} the exchange"
    if abs(offset) > _REFUSED:
        error = ConfigError(f"this machine's clock is {detail}, which refuses requests 30 s off", hint=_SET_THE_CLOCK)
        return failed("clock", error)
    if abs(offset) > _NOTABLE:
        return warn("clock", detail, hint=_SET_THE_CLOCK)
    return ok("clock", detail)


def _paper_clock(session: Session) -> Finding:
    return ok("clock", f"{session.now():%Y-%m-%d %H:%M:%S} UTC, the paper exchange's own")
