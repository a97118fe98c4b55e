"""Streams that look alive and are not, as they are typed and read: wrong books, lost snapshots, nobody there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import httpx
import pytest
from doubles import envelope
from stream_server import ack, error, push
from virtual_stream import Connection, Exchange, Unreached, nothing, watched

from bitget_cli.client.ws.interfaces import ConnectionLostError

BOTH = pytest.mark.parametrize("terminal", [False, True], ids=["json", "table"])
# What a follower of a book may be wrong by, and then a look and a tick of the stream.
PATIENCE, SLACK = 5.0, 1.5

# A book whose best prices say which one it is.


def levels(price: int) -> dict[str, Any]:
    return {"asks": [[f"{price + 1}", "1"]], "bids": [[f"{price}", "1"]]}


def book(price: int, seq: int, before: int, action: str = "update") -> str:
    return push(BOOK, {**levels(price), "seq": seq, "pseq": before, "ts": "1772452800000"}, action=action)


def moved(old: int, new: int, seq: int, before: int) -> str:
    """An update that takes the old best prices away."""
    gone = {"asks": [[f"{old + 1}", "0"], [f"{new + 1}", "1"]], "bids": [[f"{old}", "0"], [f"{new}", "1"]]}
    return push(BOOK, {**gone, "seq": seq, "pseq": before, "ts": "1772452800000"}, action="update")


BOOK = {"instType": "USDT-FUTURES", "channel": "books", "instId": "BTCUSDT"}
TICKER = {**BOOK, "channel": "ticker"}


def price(value: int) -> str:
    return push(TICKER, {"instId": "BTCUSDT", "lastPr": f"{value}", "bidPr": f"{value}", "askPr": f"{value + 1}"})


class Market(Connection):
    """A book at 100 whose market goes to 900 after ten seconds, as the ticker says; subscribed afresh it is right."""

    def on_subscribe(self, of: dict[str, str]) -> None:
        self.say(ack(of))
        if of["channel"] == "ticker":
            self.every(1.0, lambda _: self.quotes())
        elif self.exchange.clock.elapsed < 5:
            self.say(book(100, 1_000_001, 0, "snapshot"))
            self.every(1.0, self.goes_wrong)
        else:
            self.afresh()

    @property
    def market(self) -> int:
        return 100 if self.clock.elapsed < 10 else 900

    def quotes(self) -> str:
        return price(self.market)

    def goes_wrong(self, number: int) -> str | None:
        raise NotImplementedError

    def afresh(self) -> None:
        self.say(book(900, 501, 0, "snapshot"))


class NumberedAnew(Market):
    """From then on its updates have new, lower numbers."""

    def goes_wrong(self, number: int) -> str | None:
        return (
            moved(100, 900, 500 + number, 499 + number)
            if number >= 10
            else book(100, 1_000_001 + number, 1_000_000 + number)
        )


class NumberedAnewWithoutQuotes(NumberedAnew):
    """Its ticker names no bid and ask."""

    def quotes(self) -> str:
        return push(TICKER, {"instId": "BTCUSDT", "lastPr": f"{self.market}"})


class NumberedFromOne(Market):
    """The first of the new numbers is followed by silence."""

    def goes_wrong(self, number: int) -> str | None:
        return moved(100, 900, 1, 0) if number == 10 else None


class Silent(Market):
    """It hears nothing more."""

    def goes_wrong(self, number: int) -> str | None:
        return book(100, 1_000_001 + number, 1_000_000 + number) if number < 10 else None


class Repeating(Market):
    """It hears the same again and again."""

    def goes_wrong(self, number: int) -> str | None:
        del number
        return book(100, 1_000_002, 1_000_001)


class Elsewhere(Market):
    """It goes on, about what may be another market."""

    def goes_wrong(self, number: int) -> str | None:
        return book(100, 1_000_001 + number, 1_000_000 + number)


WRONG = [NumberedAnew, NumberedAnewWithoutQuotes, NumberedFromOne, Silent, Repeating, Elsewhere]


@pytest.mark.parametrize("play", WRONG)
def test_a_wrong_book_is_never_told_for_longer_than_five_seconds(play: type[Connection], home: Path) -> None:
    exchange = Exchange(play)
    ran = watched("depth BTCUSDT --json --strict --duration 40s", exchange, home)
    assert ran.status == 0, ran.err.getvalue()
    assert [reason for reason, recovered in ran.gaps if recovered is None]
    assert ran.gaps[-1][1] == "snapshot"
    begun = exchange.clock.now().timestamp() * 1000 - exchange.clock.elapsed * 1000
    wrong = [row for row in ran.rows if row["data"]["bids"][0][0] == "100"]
    assert max(row["recv"] for row in wrong) - begun <= (10 + PATIENCE + SLACK) * 1000
    assert ran.rows[-1]["data"]["bids"][0][0] == "900"
    # The ticker is subscribed beside the book, and not told.
    assert {each["channel"] for _, op, args in exchange.requests if op == "subscribe" for each in args} == {
        "books",
        "ticker",
    }
    assert {row["type"] for row in ran.rows} == {"depth"}


@pytest.mark.parametrize("play", WRONG)
def test_a_wrong_book_leaves_the_screen_within_five_seconds(play: type[Connection], home: Path) -> None:
    ran = watched("depth BTCUSDT --duration 40s", Exchange(play), home, terminal=True)
    assert ran.status == 0
    assert ran.out.when("901") <= 10 + PATIENCE + 2 * SLACK


class StillContradicted(Silent):
    """Even the book just fetched is not that of the ticker."""

    def afresh(self) -> None:
        self.say(book(100, 501, 0, "snapshot"))


@BOTH
def test_a_book_that_is_contradicted_again_is_shown_as_unverified(home: Path, terminal: bool) -> None:
    ran = watched("depth BTCUSDT --duration 60s", Exchange(StillContradicted), home, terminal=terminal)
    assert ran.status == 0
    assert 15 <= ran.out.when("the ticker says otherwise") <= 10 + 2 * (PATIENCE + SLACK)


# Updates without a snapshot.


class NoSnapshot(Connection):
    """Updates from the start, and never what they change."""

    lacks_from = 0.0

    def on_subscribe(self, of: dict[str, str]) -> None:
        self.say(ack(of))
        if of["channel"] == "ticker":
            self.every(1.0, lambda _: price(100))
            return
        if self.clock.elapsed < self.lacks_from:
            self.say(book(100, 10, 0, "snapshot"))
        self.every(1.0, self.update)

    def update(self, number: int) -> str | None:
        return book(100, 10 + number, 9 + number)


class LostAfterGap(NoSnapshot):
    """Right until its sequence breaks; then acknowledged, and no snapshot."""

    lacks_from = 5.0

    def update(self, number: int) -> str | None:
        return book(100, 10 + number, 9 + number) if number < 10 else book(100, 900 + number, 899 + number)


class NotEvenUpdates(NoSnapshot):
    """The ticker alone speaks."""

    def update(self, number: int) -> str | None:
        del number


@pytest.mark.parametrize(("play", "lost_at"), [(NoSnapshot, 0), (LostAfterGap, 10), (NotEvenUpdates, 0)])
@BOTH
def test_a_snapshot_that_does_not_come_is_asked_for_then_connected_for_then_told(
    play: type[Connection], lost_at: float, home: Path, terminal: bool
) -> None:
    exchange = Exchange(play)
    ran = watched("depth BTCUSDT --duration 90s", exchange, home, terminal=terminal)
    assert ran.status == 0
    first = exchange.connections[0]
    asked = [at - lost_at for at, op, args in first.requests if op == "subscribe" and BOOK in args and at > lost_at + 5]
    assert 10 <= asked[0] <= 10 + 3 * SLACK
    assert len(exchange.connections) == 2
    assert exchange.tries[1] - lost_at <= 30
    assert ran.out.when("no snapshot, without which the book cannot be kept") - lost_at <= 10 + 2 * SLACK
    assert ran.out.when("still no snapshot") <= 60
    if not terminal:
        assert [row for row in ran.rows if row["recv"] > ran.told[0]["recv"] + (lost_at + 2) * 1000] == []
    else:
        assert "● connected" not in "".join(text for at, text in ran.out.writes if lost_at + 12 <= at <= lost_at + 18)


@pytest.mark.parametrize("options", ["--count 5", "-o csv", "--no-status"])
def test_a_snapshot_that_does_not_come_is_told_to_people_where_lines_about_it_are_left_out(
    options: str, home: Path
) -> None:
    ran = watched(f"depth BTCUSDT --duration 30s {options}", Exchange(NoSnapshot), home)
    assert '"data"' not in ran.out.getvalue()
    assert ran.err.when("no snapshot, without which the book cannot be kept") <= 10 + 2 * SLACK


# The first connection.

KEYS = {"BITGET_API_KEY": "k", "BITGET_SECRET_KEY": "s", "BITGET_PASSPHRASE": "p", "BITGET_ENV": "live"}


class Mute(Connection):
    """Opens, and says nothing."""

    def on_subscribe(self, of: dict[str, str]) -> None:
        """No acknowledgement."""

    def on_login(self) -> None:
        """No answer."""


class LoggedIn(Mute):
    """Takes the login and acknowledges nothing."""

    on_login = Connection.on_login


class Hangs(Mute):
    """Hangs up on every request."""

    def on_subscribe(self, of: dict[str, str]) -> None:
        del of
        self.say(ConnectionLostError("the connection was closed without a word"))


DEAD = Unreached("could not reach ws.bitget.com within the deadline", 99.0, reached=False)
REFUSED = Unreached("could not reach ws.bitget.com: the connection was refused", reached=False)
NO_NAME = Unreached("could not reach ws.bitget.com: the name could not be resolved", 2.0, reached=False)
UNTRUSTED = Unreached("the certificate of ws.bitget.com was refused: self-signed certificate", pause=30.0, final=True)
NOBODY = [
    ("ticker BTCUSDT", DEAD, "could not reach"),
    ("ticker BTCUSDT", REFUSED, "the connection was refused"),
    ("depth BTCUSDT", NO_NAME, "the name could not be resolved"),
    ("ticker BTCUSDT", Mute, "nothing was acknowledged"),
    ("trades BTCUSDT", Hangs, "closed without a word"),
    ("orders", Mute, "the login was not answered"),
    ("positions", LoggedIn, "nothing was acknowledged"),
]


@pytest.mark.parametrize("seconds", [3, 10])
@pytest.mark.parametrize(("words", "play", "why"), NOBODY)
def test_a_first_connection_stands_within_the_timeout_or_it_ends_with_6(
    words: str, play: Any, why: str, seconds: int, home: Path
) -> None:
    given = "" if seconds == 10 else f"--timeout {seconds}"
    ran = watched(f"{words} {given} --json --duration 5m", Exchange(play), home, **KEYS)
    assert ran.status == 6
    assert why in ran.failure["message"]
    assert "--wait goes on trying" in ran.failure["hint"]
    assert ran.lasted <= seconds + 2 * SLACK
    assert ran.err.writes[0][0] <= 2  # something is said at once


@pytest.mark.parametrize(("words", "play", "why"), [NOBODY[0], NOBODY[3], NOBODY[5]])
def test_a_table_gives_the_screen_back_and_says_why_there_was_no_connection(
    words: str, play: Any, why: str, home: Path
) -> None:
    ran = watched(f"{words} --timeout 4", Exchange(play), home, terminal=True, **KEYS)
    assert ran.status == 6
    assert ran.lasted <= 4 + 2 * SLACK
    assert ran.out.getvalue().endswith("\x1b[?1049l")
    assert why in ran.err.getvalue()
    assert ran.out.when("waiting for the exchange") <= 2
    assert "● connected" not in ran.out.getvalue()


@pytest.mark.parametrize("options", ["--count 1", "--until 'lastPr > 1'", "-o csv", "--no-status", "--raw"])
@pytest.mark.parametrize("play", [DEAD, Mute])
def test_a_duration_that_is_over_before_a_connection_stood_is_no_success(play: Any, options: str, home: Path) -> None:
    ran = watched(f"ticker BTCUSDT {options} --duration 5s", Exchange(play), home)
    assert ran.status == 6
    assert '"data"' not in ran.out.getvalue()
    assert "no connection stood before --duration 5s was over" in ran.err.getvalue()
    assert ran.err.when("no answer from the exchange yet") <= 2


class Prices(Connection):
    """A ticker once a second."""

    def on_subscribe(self, of: dict[str, str]) -> None:
        self.say(ack(of))
        self.every(1.0, lambda number: push(of, {"lastPr": f"{number}"}))


class LateAck(Prices):
    """Acknowledges after 40 s."""

    def on_subscribe(self, of: dict[str, str]) -> None:
        self.say(ack(of), after=40.0)


@pytest.mark.parametrize("before", [[DEAD] * 4, [REFUSED] * 10, [NO_NAME] * 9, [Mute] * 2, [UNTRUSTED]])
@BOTH
def test_wait_goes_on_trying(before: list[Any], home: Path, terminal: bool) -> None:
    exchange = Exchange(*before, Prices)
    ran = watched("ticker BTCUSDT --wait --timeout 3 --count 2 --duration 10m", exchange, home, terminal=terminal)
    assert ran.status == 0
    assert ran.lasted > 15
    assert terminal or [row["data"]["lastPr"] for row in ran.rows] == ["1", "2"]
    assert terminal or ran.err.writes[0][0] <= 2


@pytest.mark.parametrize("form", ["--json", "-o csv"])
@pytest.mark.parametrize(
    ("options", "end"),
    [("--duration 5s", "--duration 5s was over"), ("--count 3 --duration 1m", "--count 3 was reached")],
)
def test_until_that_something_else_ended_first_is_9(form: str, options: str, end: str, home: Path) -> None:
    ran = watched(f"ticker BTCUSDT --until 'lastPr > 100' {options} {form}", Exchange(Prices), home)
    assert ran.status == 9
    assert f"--until did not hold before {end}" in ran.err.getvalue()


def test_until_that_duration_ended_first_is_9_on_a_table_too(home: Path) -> None:
    ran = watched("ticker BTCUSDT --until 'lastPr > 100' --duration 5s", Exchange(Prices), home, terminal=True)
    assert ran.status == 9
    assert ran.out.getvalue().endswith("\x1b[?1049l")
    assert "--until did not hold before --duration 5s was over" in ran.err.getvalue()
    held = watched("ticker BTCUSDT --until 'lastPr > 3' --duration 5s", Exchange(Prices), home, terminal=True)
    assert held.status == 0


# Coming back.


class CutAt20(Prices):
    """Lost after twenty seconds."""

    def on_subscribe(self, of: dict[str, str]) -> None:
        super().on_subscribe(of)
        self.say(ConnectionLostError("the connection was closed without a word"), after=20.0)


RESET = Unreached("the connection broke: reset")
BARRED = Unreached("ws.bitget.com answered with HTTP 451 and opened no stream", final=True)


def pauses(exchange: Exchange) -> list[tuple[float, float]]:
    """Of each try after the loss, how long after it, and how long after the try before."""
    times = exchange.tries[1:]
    return [(at - 20, at - before) for before, at in zip([20.0, *times], times, strict=False)]


@pytest.mark.parametrize("play", [REFUSED, RESET, NO_NAME, Hangs])
@BOTH
def test_tries_are_close_in_the_first_minute_and_up_to_half_a_minute_apart_after_it(
    play: Any, home: Path, terminal: bool
) -> None:
    exchange = Exchange(CutAt20, play)
    ran = watched("ticker BTCUSDT --duration 10m", exchange, home, terminal=terminal)
    assert ran.status == 0
    tries = pauses(exchange)
    assert tries[0][1] <= PATIENCE
    assert all(pause <= PATIENCE + SLACK for since, pause in tries if since <= 60)
    later = [pause for since, pause in tries if since > 60 + 35]
    assert max(later) <= 30 + SLACK
    assert max(later) > 20
    # Those that reach nobody cost nobody anything.
    within = [since for since, _ in tries if since > 60 and play in (RESET, Hangs)]
    assert all(sum(at <= each < at + 300 for each in within) <= 12 for at in within)


def test_it_is_back_within_five_seconds_of_the_network(home: Path) -> None:
    for failures in range(1, 8):
        exchange = Exchange(CutAt20, *[REFUSED] * failures, Prices)
        ran = watched("ticker BTCUSDT --json --strict --duration 90s", exchange, home)
        assert ran.status == 0
        assert exchange.tries[-1] - exchange.tries[-2] <= PATIENCE + SLACK
        assert ran.gaps == [("disconnect", None), ("disconnect", "snapshot")]


@pytest.mark.parametrize(
    ("play", "pause", "said"),
    [(UNTRUSTED, 30.0, "self-signed certificate"), (BARRED, 60.0, "HTTP 451")],
)
@pytest.mark.parametrize("options", ["--json", "--no-status", "-o csv"])
def test_a_certificate_that_is_refused_in_mid_run_is_told_at_once_and_tried_again_every_half_minute(
    play: Any, pause: float, said: str, options: str, home: Path
) -> None:
    exchange = Exchange(CutAt20, *[play] * 4, Prices)
    ran = watched(f"ticker BTCUSDT --duration 6m {options}", exchange, home)
    assert ran.status == 0
    tries = [each for _, each in pauses(exchange)]
    assert tries[0] <= PATIENCE
    assert all(abs(each - pause) <= SLACK for each in tries[1:5])
    assert ran.err.when(said) - exchange.tries[1] <= SLACK
    assert ran.err.getvalue().count(said) == 1


def test_a_certificate_that_is_refused_in_mid_run_is_told_on_the_screen(home: Path) -> None:
    exchange = Exchange(CutAt20, UNTRUSTED, Prices)
    ran = watched("ticker BTCUSDT --duration 2m", exchange, home, terminal=True)
    assert ran.status == 0
    assert ran.out.when("self-signed certificate") - exchange.tries[1] <= SLACK
    assert abs(exchange.tries[2] - exchange.tries[1] - 30) <= SLACK


# A symbol that is refused, beside lists of contracts that are none.


class Unknown(Connection):
    """Has no such market."""

    def on_subscribe(self, of: dict[str, str]) -> None:
        self.say(error(30001, of, msg=f"instType:{of['instType']},channel:{of['channel']} doesn't exist"))


@pytest.mark.parametrize(
    "data", [None, [None], {"list": [{"symbol": "BTCUSDT"}]}, "oops", [{"symbol": 5}], [["BTCUSDT"]]]
)
@pytest.mark.parametrize("words", ["ticker BTCUSTD", "depth BTC/USTD"])
def test_a_stream_that_is_refused_ends_with_5_whatever_the_list_of_contracts_is(
    words: str, data: Any, home: Path
) -> None:
    def exchange(request: httpx.Request) -> httpx.Response:
        is_list = request.url.path.endswith(("contracts", "public/symbols"))
        return envelope(data) if is_list else nothing(request)

    ran = watched(f"{words} --json", Exchange(Unknown), home, http=exchange)
    assert ran.status == 5
    assert re.match("there is no stream .* of BTCUSTD in", ran.failure["message"])
