"""What a stream loses and how it is made up: outages, frames that make no sense, rows about something else."""

from __future__ import annotations

import io
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest
from doubles import Bitget, MemoryKeyring, Ran, envelope
from stream_server import Exchange, Line, ack, arg, push
from websockets.exceptions import ConnectionClosed

from bitget_cli.client.ws import feed
from bitget_cli.client.ws.interfaces import Timing
from bitget_cli.client.ws.queue import ConflatingQueue
from bitget_cli.runtime import SystemClock

KEYS = {"BITGET_API_KEY": "bg_key", "BITGET_SECRET_KEY": "the secret", "BITGET_PASSPHRASE": "the phrase"}
END = "the-end"
MENDED = '"recovered":"rest"'
PAGE = 100


def now(seconds: float = 0) -> str:
    return str(int((time.time() + seconds) * 1000))


class Scripted:
    """An exchange of which a test says what it pushes on each connection, and what its lists hold by REST.

    `lists` are rows by the last part of the path (`…__planType` for one kind), newest first; pages have 100 rows.
    `steps` are what a connection does once everything is acknowledged: the last one is done again and again.
    """

    def __init__(self, *steps: Callable[[Line], None]) -> None:
        self.steps = steps
        self.lists: dict[str, Any] = {}
        self.asked: list[httpx.Request] = []
        # What the typed line writes on.
        self.out = io.StringIO()
        self._answered_at = 0.0
        outer = self

        class Scene(Line):
            def on_subscribe(self, args: list[dict[str, str]]) -> None:
                for each in args:
                    self.send(ack(each))
                outer.steps[min(self.number, len(outer.steps) - 1)](self)

        self.stream = Exchange(Scene)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        answer = self._answer(request)
        self.asked.append(request)
        self._answered_at = time.monotonic()
        return answer

    def _answer(self, request: httpx.Request) -> httpx.Response:
        name = request.url.path.rpartition("/")[2]
        if name == "time":
            return envelope({"serverTime": now()})
        kind = request.url.params.get("planType") or request.url.params.get("status")
        rows = self.lists.get(f"{name}__{kind}", [] if kind == "partially_filled" else self.lists.get(name, []))
        rows = rows(request) if callable(rows) else rows
        if isinstance(rows, httpx.Response):
            return rows
        return envelope(_wrapped(name, _page(rows, request)) if isinstance(rows, list) else rows)

    def asked_for(self, name: str) -> int:
        return sum(1 for request in self.asked if request.url.path.endswith(f"/{name}"))

    # For steps: whether it is time.

    def shows(self, *texts: str) -> bool:
        """Whether all of these have been told."""
        told = self.out.getvalue()
        return all(text in told for text in texts)

    def is_read(self, name: str, times: int = 1) -> bool:
        """Whether this list was read so often, and nothing for a while."""
        return self.asked_for(name) >= times and time.monotonic() - self._answered_at > 0.15

    def cut(self, line: Line) -> None:
        self._asked_at_cut = len(self.asked)
        line.cut()

    def is_read_again(self, name: str) -> bool:
        """Whether this list was read since the connection was cut, and nothing for a while."""
        before = sum(1 for request in self.asked[: self._asked_at_cut] if request.url.path.endswith(f"/{name}"))
        return self.is_read(name, before + 1)


_ROWS_AT = {
    "orders-pending": "entrustedList",
    "orders-history": "entrustedList",
    "orders-plan-pending": "entrustedList",
    "orders-plan-history": "entrustedList",
    "fills": "fillList",
    "current-plan-order": "orderList",
    "history-plan-order": "orderList",
}


def _page(rows: list[Any], request: httpx.Request) -> list[Any]:
    params = request.url.params
    wanted = params.get("orderId")
    rows = [row for row in rows if wanted in (None, row.get("orderId"))]
    if (before := params.get("idLessThan")) is not None:
        ids = [row.get("tradeId") or row["orderId"] for row in rows]
        rows = rows[ids.index(before) + 1 :]
    since = int(params.get("startTime") or 0)
    rows = [row for row in rows if int(row.get("uTime") or row.get("cTime") or since) >= since]
    return rows[:PAGE]


def _wrapped(name: str, rows: list[Any]) -> Any:
    if "/spot/" in name or name not in _ROWS_AT:
        return rows
    last = (rows[-1].get("tradeId") or rows[-1]["orderId"]) if rows and isinstance(rows[-1], dict) else None
    return {_ROWS_AT[name]: rows, "endId": last, "idLessThan": last}


def futures(name: str) -> dict[str, str]:
    return arg("default", name)


def spot(name: str) -> dict[str, str]:
    return arg("default", name, "SPOT")


Watch = Callable[..., Ran]


@pytest.fixture
def watch(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Watch]:
    """Types a watch of the scripted exchange, to which it comes back sooner than to the real one."""
    quick = Timing(tick=0.02, backoff_first=0.1, backoff_least=0.05, frames_per_second=100.0)
    monkeypatch.setattr(feed, "_TIMING", quick)
    running: list[Scripted] = []

    def type_it(line: str, scripted: Scripted, *, terminal: bool = False) -> Ran:
        running.append(scripted)
        environ = {"HOME": str(home), "TERM": "xterm-256color", "BITGET_ENV": "live", **KEYS}
        environ["BITGET_WS_BASE_URL"] = scripted.stream.address
        environ["BITGET_API_BASE_URL"] = f"http://127.0.0.1:{scripted.stream.port}"
        if "--duration" not in line:
            line += " --duration 40s"  # what never comes must not be waited for
        typist = Bitget(environ, SystemClock(), MemoryKeyring())  # type: ignore[arg-type]
        return typist(f"watch {line}", http=scripted, terminal=terminal, shown=partial(setattr, scripted, "out"))

    yield type_it
    for each in running:
        each.stream.close()


def told(ran: Ran) -> list[dict[str, Any]]:
    return [json.loads(line) for line in ran.lines]


def rows(ran: Ran) -> list[dict[str, Any]]:
    return [line["data"] for line in told(ran) if "data" in line]


def gaps(ran: Ran) -> list[tuple[Any, ...]]:
    return [(line["reason"], line["recovered"]) for line in told(ran) if line["type"] == "gap"]


When = Callable[[], object]


def wait(when: When | float) -> None:
    """So many seconds, or until it holds; what never does leaves the test to say what is missing."""
    if not callable(when):
        time.sleep(when)
        return
    ends = time.monotonic() + 20
    while not when() and time.monotonic() < ends:
        time.sleep(0.005)


def later(line: Line, when: When | float, *texts: str | bytes) -> None:
    """Sends these in a while."""

    def send() -> None:
        wait(when)
        # The watch may have ended meanwhile.
        with suppress(ConnectionClosed):
            for text in texts:
                line.send(text)

    threading.Thread(target=send, daemon=True).start()


def cut_later(cut: Callable[[], None], when: When | float) -> None:
    def wait_and_cut() -> None:
        wait(when)
        cut()

    threading.Thread(target=wait_and_cut, daemon=True).start()


# Orders, plans and fills of an outage.


def live_order(number: int, **more: Any) -> dict[str, Any]:
    return {"orderId": str(1000 + number), "instId": "BTCUSDT", "status": "live", "accBaseVolume": "0"} | {
        "size": "1",
        "cTime": now(-3600),
        "uTime": now(-3600),
        **more,
    }


def listed(row: dict[str, Any], **more: Any) -> dict[str, Any]:
    """The row as a list of REST has it."""
    names = {"instId": "symbol", "accBaseVolume": "baseVolume"}
    return {names.get(name, name): value for name, value in row.items()} | more


ORDERS_CASES = [
    ("orders", futures("orders"), "--product usdt-futures", "orders-pending", "orders-history", {"status": "filled"}),
    ("orders", arg("default", "orders", "COIN-FUTURES"), "--product coin-futures", "orders-pending", "orders-history",
     {"status": "filled"}),
    ("orders", spot("orders"), "--product spot", "unfilled-orders", "history-orders", {"status": "filled"}),
    ("plans", futures("orders-algo"), "--product usdt-futures", "orders-plan-pending__normal_plan",
     "orders-plan-history__normal_plan", {"planStatus": "executed", "status": "executed"}),
    ("plans", spot("orders-algo"), "--product spot", "current-plan-order", "history-plan-order",
     {"status": "executed"}),
]  # fmt: skip


@pytest.mark.parametrize(("word", "of", "product", "pending", "history", "done"), ORDERS_CASES)
def test_every_order_that_ended_in_an_outage_is_told_and_so_is_one_that_also_began_in_it(
    watch: Watch, word: str, of: dict[str, str], product: str, pending: str, history: str, done: dict[str, str]
) -> None:
    orders = [live_order(number, planType="normal_plan") for number in range(50)]

    def first(line: Line) -> None:
        wait(lambda: scripted.shows('"1000"', '"1049"'))
        scripted.lists[pending] = []
        ended = [listed(order, **done, baseVolume="1", uTime=now()) for order in [*orders, live_order(50)]]
        # The last of them was placed meanwhile, and two hundred others ended before this stream began.
        old = [listed(live_order(-2000 - number), **done, uTime=now(-600)) for number in range(200)]
        scripted.lists[history] = [ended[-1] | {"cTime": now()}, *reversed(ended[:-1]), *old]
        line.cut()

    def again(line: Line) -> None:
        later(line, lambda: scripted.shows(MENDED), push(of, live_order(99, orderId=END, uTime=now())))

    scripted = Scripted(first, again)
    scripted.lists[pending] = [listed(order) for order in orders]
    ran = watch(f"{word} {product} --strict --until 'orderId == \"{END}\"'", scripted)
    assert (ran.status, ran.err.count("\n")) == (0, 1)
    assert ran.err.startswith("no connection: the connection was closed without a word; trying again in ")
    ends = [row["orderId"] for row in rows(ran) if row["status"] != "live"]
    assert sorted(ends) == [str(1000 + number) for number in range(51)]
    assert gaps(ran) == [("disconnect", None), ("disconnect", "rest")]


def test_an_order_whose_end_nobody_can_tell_leaves_the_gap_open(watch: Watch) -> None:
    def first(line: Line) -> None:
        wait(lambda: scripted.shows('"1001"', '"1002"'))
        scripted.lists["orders-pending"] = []
        line.cut()

    def again(line: Line) -> None:
        # Both were looked for.
        seen = lambda: scripted.is_read("detail", 2)  # noqa: E731
        later(line, seen, push(futures("orders"), live_order(99, orderId=END, uTime=now())))

    scripted = Scripted(first, again)
    scripted.lists["orders-pending"] = [listed(live_order(1)), listed(live_order(2))]
    scripted.lists["detail"] = lambda request: (
        envelope(listed(live_order(2), state="canceled", uTime=now()))
        if request.url.params["orderId"] == "1002"
        else envelope(None, code="40109", msg="The data of the order cannot be found", status=400)
    )
    ran = watch(f"orders --product usdt-futures --strict --until 'orderId == \"{END}\"'", scripted)
    assert ran.status == 9
    assert "1002" in [row["orderId"] for row in rows(ran) if row["status"] == "canceled"]
    assert gaps(ran) == [("disconnect", None)]


def test_fills_of_an_outage_are_read_over_all_pages(watch: Watch) -> None:
    def first(line: Line) -> None:
        line.send(push(futures("fill"), {"tradeId": "1", "symbol": "BTCUSDT", "cTime": now(), "uTime": now()}))
        wait(lambda: scripted.shows('"tradeId":"1"') and scripted.is_read("fills"))
        at = time.time()
        missed = [
            {"tradeId": str(number), "symbol": "BTCUSDT", "cTime": str(int(at * 1000) - (251 - number) // 4)}
            for number in range(251, 0, -1)
        ]
        scripted.lists["fills"] = missed
        line.cut()

    def again(line: Line) -> None:
        end = {"tradeId": END, "symbol": "BTCUSDT", "cTime": now()}
        later(line, lambda: scripted.shows(MENDED), push(futures("fill"), end))

    scripted = Scripted(first, again)
    ran = watch(f"fills --product usdt-futures --strict --until 'tradeId == \"{END}\"'", scripted)
    assert ran.status == 0
    assert [row["tradeId"] for row in rows(ran)] == [*map(str, range(1, 252)), END]
    assert gaps(ran) == [("disconnect", None), ("disconnect", "rest")]


def test_a_coin_that_was_spent_in_an_outage_is_told_as_gone(watch: Watch) -> None:
    def first(line: Line) -> None:
        line.send(push(spot("account") | {"coin": "default"}, {"coin": "USDT", "available": "100", "frozen": "0"}))
        wait(lambda: scripted.shows('"USDT"') and scripted.is_read("assets"))
        scripted.lists["assets"] = [{"coin": "BTC", "available": "0.001", "frozen": "0", "uTime": now()}]
        line.cut()

    scripted = Scripted(first, lambda _line: None)
    scripted.lists["assets"] = [{"coin": "USDT", "available": "100", "frozen": "0", "uTime": now(-60)}]
    ran = watch("account --product spot --strict --status --until 'available == 0' --duration 20s", scripted)
    assert ran.status in (0, 9)
    assert rows(ran)[-1] | {"uTime": ""} == {"coin": "USDT", "available": "0", "frozen": "0", "uTime": ""}
    assert "BTC" in [row["coin"] for row in rows(ran)]


@pytest.mark.parametrize("answer", ["oops", ["x", 5], [None], {"x": "y"}, [{"total": "1"}]])
def test_positions_that_cannot_be_read_by_rest_are_not_closed(watch: Watch, answer: Any) -> None:
    row = {"instId": "BTCUSDT", "holdSide": "long", "marginMode": "crossed", "total": "1"}

    def first(line: Line) -> None:
        line.send(push(futures("positions"), row))
        cut = partial(scripted.cut, line)
        cut_later(cut, lambda: scripted.shows('"total":"1"') and scripted.is_read("all-position"))

    def again(line: Line) -> None:
        read = partial(scripted.is_read_again, "all-position")
        later(line, read, push(futures("positions"), row | {"total": "2"}))

    scripted = Scripted(first, again)
    scripted.lists["all-position"] = lambda _: envelope(answer)
    ran = watch("positions --product usdt-futures --until 'total == 2 or closed == true' --duration 10s", scripted)
    assert ran.status == 0
    assert [(one["total"], one.get("closed")) for one in rows(ran)] == [("1", None), ("2", None)]


@pytest.mark.parametrize("answer", ["oops", {"entrustedList": "oops"}, {"entrustedList": [{"symbol": "BTCUSDT"}]}])
def test_a_list_that_cannot_be_read_mends_no_gap(watch: Watch, answer: Any) -> None:
    def first(line: Line) -> None:
        wait(lambda: scripted.shows('"1001"'))
        scripted.lists["orders-pending"] = lambda _: envelope(answer)
        scripted.cut(line)

    def again(line: Line) -> None:
        read = partial(scripted.is_read_again, "orders-pending")
        later(line, read, push(futures("orders"), live_order(99, orderId=END, uTime=now())))

    scripted = Scripted(first, again)
    scripted.lists["orders-pending"] = [listed(live_order(1))]
    ran = watch(f"orders --product usdt-futures --strict --until 'orderId == \"{END}\"'", scripted)
    assert ran.status == 9
    assert gaps(ran) == [("disconnect", None)]


# Frames that cannot be read.

TRADE = arg("BTCUSDT", "trade")


def trade(number: int, **more: Any) -> dict[str, Any]:
    return {"tradeId": str(number), "price": "1", "size": "1", "side": "buy", "ts": str(1790000000000 + number)} | more


def _spoilt(text: str) -> bytes:
    return text.encode().replace(b'"buy"', b'"b\xffy"')


UNREADABLE = {
    "bad UTF-8": _spoilt(push(TRADE, trade(2))),
    "binary": b"\x00\x01\x02",
    "NaN": push(TRADE, trade(2)).replace('"1"', "NaN"),
    "half": push(TRADE, trade(2))[:-30],
    "nobody's": json.dumps({"action": "update", "data": [trade(2)]}),
    "no list": json.dumps({"action": "update", "arg": TRADE, "data": "oops"}),
    "null": json.dumps({"action": "update", "arg": TRADE, "data": None}),
    "no rows": json.dumps({"action": "update", "arg": TRADE, "data": ["x", 5]}),
    "a market left out": push({"instType": "USDT-FUTURES", "channel": "trade"}, trade(2)),
}


@pytest.mark.parametrize("frame", UNREADABLE.values(), ids=UNREADABLE)
@pytest.mark.parametrize("overlaps", [True, False], ids=["overlap", "none"])
def test_trades_that_cannot_be_read_are_a_gap_in_their_place_until_the_next_snapshot(
    watch: Watch, frame: str | bytes, overlaps: bool
) -> None:
    subscriptions: list[int] = []

    def step(line: Line) -> None:
        subscriptions.append(line.number)
        if len(subscriptions) == 1:
            later(line, 0.0, push(TRADE, trade(1)), frame, push(TRADE, trade(3), action="update"))
        else:
            shown = [trade(4), trade(3), trade(2), trade(1)] if overlaps else [trade(5), trade(4)]
            later(line, 0.0, push(TRADE, *shown), push(TRADE, trade(9), action="update"))

    scripted = Scripted(step)
    ran = watch("trades BTCUSDT --strict --no-status --until 'tradeId == 9'", scripted)
    said = [line.get("recovered") or line.get("reason") or line["data"]["tradeId"] for line in told(ran)]
    if overlaps:
        assert (ran.status, said) == (0, ["1", "unreadable", "3", "2", "4", "overlap", "9"])
    else:
        assert (ran.status, said) == (9, ["1", "unreadable", "3", "4", "5", "none", "9"])
    assert subscriptions == [0, 0]


@pytest.mark.parametrize("frame", [b"\x00", '{"arg": {"instType": "USDT-FUTURES", "channel": "fill"}, "data": 1}'])
def test_fills_that_cannot_be_read_are_read_by_rest(watch: Watch, frame: str | bytes) -> None:
    def step(line: Line) -> None:
        wait(lambda: scripted.is_read("fills"))
        one = {"symbol": "BTCUSDT", "cTime": now(), "uTime": now()}
        scripted.lists["fills"] = [one | {"tradeId": number} for number in "321"]
        line.send(push(futures("fill"), one | {"tradeId": "1"}))
        line.send(frame)
        line.send(push(futures("fill"), one | {"tradeId": "3"}))
        later(line, lambda: scripted.shows(MENDED), push(futures("fill"), one | {"tradeId": END}))

    scripted = Scripted(step)
    ran = watch(f"fills --product usdt-futures --strict --no-status --until 'tradeId == \"{END}\"'", scripted)
    said = [line.get("recovered") or line.get("reason") or line["data"]["tradeId"] for line in told(ran)]
    assert (ran.status, sorted(said)) == (0, ["1", "2", "3", "rest", END, "unreadable"])
    assert said[:2] == ["1", "unreadable"]


@pytest.mark.parametrize(("word", "of", "recovered"), [("ticker BTCUSDT", arg("BTCUSDT"), "snapshot")])
def test_a_ticker_that_cannot_be_read_is_mended_by_the_next(
    watch: Watch, word: str, of: dict[str, str], recovered: str
) -> None:
    def step(line: Line) -> None:
        good = [push(of, {"instId": "BTCUSDT", "lastPr": price}) for price in "12"]
        later(line, 0.0, good[0], good[0].replace('"1"', "NaN"))
        later(line, lambda: scripted.shows('"unreadable"'), good[1])
        later(line, lambda: scripted.shows('"lastPr":"2"'), push(of, {"instId": "BTCUSDT", "lastPr": "3"}))

    scripted = Scripted(step)
    ran = watch(f"{word} --strict --no-status --until 'lastPr == 3'", scripted)
    assert ran.status == 0
    assert gaps(ran) == [("unreadable", None), ("unreadable", recovered)]


@pytest.mark.parametrize("without", [{}, {"tradeId": None}, {"tradeId": ""}], ids=repr)
def test_trades_without_an_id_are_all_told(watch: Watch, without: dict[str, Any]) -> None:
    nameless = [{name: value for name, value in trade(n).items() if name != "tradeId"} | without for n in range(9)]

    def step(line: Line) -> None:
        first, second = push(TRADE, *nameless[4::-1]), push(TRADE, *nameless[:4:-1], action="update")
        later(line, 0.0, first, second, push(TRADE, trade(9), action="update"))

    ran = watch("trades BTCUSDT --strict --no-status --until 'tradeId == 9'", Scripted(step))
    assert ran.status == 0
    assert [row["ts"][-1] for row in rows(ran)] == list("0123456789")
    assert gaps(ran) == []


def test_a_trade_without_an_id_that_is_said_twice_may_be_another_one(watch: Watch) -> None:
    nameless = {"price": "1", "size": "1", "side": "buy", "ts": "1790000000000"}

    def step(line: Line) -> None:
        first, second = push(TRADE, nameless, nameless), push(TRADE, nameless, action="update")
        later(line, 0.0, first, second, push(TRADE, trade(9), action="update"))

    ran = watch("trades BTCUSDT --strict --no-status --until 'tradeId == 9'", Scripted(step))
    assert len(rows(ran)) == 3
    assert gaps(ran) == [("unreadable", None)]


@pytest.mark.parametrize(
    ("word", "name", "row", "key"),
    [
        ("fills", "fills", {"symbol": "BTCUSDT"}, "tradeId"),
        ("orders", "orders-history", {"instId": "BTCUSDT", "status": "filled"}, "orderId"),
    ],
)
def test_own_rows_without_an_id_are_read_by_rest(
    watch: Watch, word: str, name: str, row: dict[str, Any], key: str
) -> None:
    of = futures("fill" if word == "fills" else "orders")
    row = row | {"cTime": now(1), "uTime": now(1)}

    def step(line: Line) -> None:
        wait(lambda: scripted.is_read(name if word == "fills" else "orders-pending"))
        scripted.lists[name] = [listed(row, **{key: str(number)}) for number in range(9)]
        line.send(push(of, *[row] * 9))
        later(line, lambda: scripted.shows(MENDED), push(of, row | {key: END}))

    scripted = Scripted(step)
    ran = watch(f"{word} --product usdt-futures --strict --no-status --until '{key} == \"{END}\"'", scripted)
    assert ran.status == 0
    assert sorted(one[key] for one in rows(ran)) == [*map(str, range(9)), END]
    assert gaps(ran) == [("unreadable", None), ("unreadable", "rest")]


# Unreadable is not flat.


@pytest.mark.parametrize("data", ["oops", ["x", 5], None, [None], {}, [{}], [{"total": "0"}]], ids=repr)
def test_positions_that_cannot_be_read_are_not_closed(watch: Watch, data: Any) -> None:
    row = {"instId": "BTCUSDT", "holdSide": "long", "marginMode": "crossed", "total": "1"}
    of = futures("positions")

    def step(line: Line) -> None:
        line.send(push(of, row))
        wait(lambda: scripted.shows('"total":"1"') and scripted.is_read("all-position"))
        scripted.lists["all-position"] = [listed(row | {"total": "3"})]
        line.send(json.dumps({"action": "snapshot", "arg": of, "data": data}))

    scripted = Scripted(step)
    scripted.lists["all-position"] = [listed(row)]
    ran = watch("positions --product usdt-futures --strict --until 'total == 3 or closed == true'", scripted)
    assert rows(ran)[-1]["total"] == "3"
    assert [one for one in rows(ran) if one.get("closed")] == []
    assert gaps(ran)[0] == ("unreadable", None)
    assert scripted.asked_for("all-position") == 2


def test_an_empty_list_of_positions_means_flat(watch: Watch) -> None:
    row = {"instId": "BTCUSDT", "holdSide": "long", "marginMode": "crossed", "total": "1"}
    of = futures("positions")

    def step(line: Line) -> None:
        line.send(push(of, row))
        shown = lambda: scripted.shows('"total":"1"') and scripted.is_read("all-position")  # noqa: E731
        later(line, shown, json.dumps({"action": "snapshot", "arg": of, "data": []}))

    scripted = Scripted(step)
    scripted.lists["all-position"] = [listed(row)]
    ran = watch("positions --product usdt-futures --strict --until 'closed == true' --duration 20s", scripted)
    assert (ran.status, rows(ran)[-1]["total"]) == (0, "0")


def test_a_table_of_positions_keeps_what_an_unreadable_push_does_not_show(watch: Watch) -> None:
    row = {"instId": "BTCUSDT", "holdSide": "long", "marginMode": "crossed", "total": "7.125", "leverage": 10}
    of = futures("positions")

    def step(line: Line) -> None:
        line.send(push(of, row))
        later(line, lambda: scripted.shows("7.125"), json.dumps({"action": "snapshot", "arg": of, "data": "oops"}))

    scripted = Scripted(step)
    scripted.lists["all-position"] = [listed(row)]
    ran = watch("positions --product usdt-futures --duration 1s", scripted, terminal=True)
    assert ran.status == 0
    assert "7.125" in ran.out.split("\x1b[H")[-1]


@pytest.mark.parametrize(("product", "of"), [("usdt-futures", futures("account")), ("spot", spot("account"))])
@pytest.mark.parametrize("data", ["oops", ["x"], None, [{"available": "0"}]], ids=repr)
def test_a_balance_that_cannot_be_read_is_read_by_rest(
    watch: Watch, product: str, of: dict[str, str], data: Any
) -> None:
    coin = "coin" if product == "spot" else "marginCoin"
    name = "assets" if product == "spot" else "accounts"

    def step(line: Line) -> None:
        wait(lambda: scripted.shows('"available":"1"') and scripted.is_read(name))
        scripted.lists[name] = [{coin: "USDT", "available": "3", "uTime": now(1)}]
        line.send(json.dumps({"action": "snapshot", "arg": of | {"coin": "default"}, "data": data}))

    scripted = Scripted(step)
    scripted.lists[name] = [{coin: "USDT", "available": "1", "uTime": now(-1)}]
    ran = watch(f"account --product {product} --until 'available == 3' --duration 10s", scripted)
    assert ran.status == 0
    assert [row["available"] for row in rows(ran)] == ["1", "3"]
    assert gaps(ran)[0] == ("unreadable", None)


# Rows about another market.


@pytest.mark.parametrize(
    ("word", "of", "mine", "other"),
    [
        ("ticker BTCUSDT", arg("BTCUSDT"), {"instId": "BTCUSDT"}, {"instId": "ETHUSDT"}),
        ("ticker BTC/USDT", arg("BTCUSDT", market="SPOT"), {}, {"symbol": "ETHUSDT"}),
        ("trades BTCUSDT", TRADE, trade(1), trade(2, instId="ETHUSDT")),
    ],
)
def test_a_row_about_another_market_decides_nothing(
    watch: Watch, word: str, of: dict[str, str], mine: dict[str, Any], other: dict[str, Any]
) -> None:
    field = "price" if "trades" in word else "lastPr"

    def step(line: Line) -> None:
        later(line, 0.0, push(of, mine | {field: "1"}), push(of, other | {field: "99"}))
        # After a look at what came with it.
        shown = lambda: scripted.shows(f'"{field}":"1"') and not time.sleep(0.1)  # noqa: E731
        later(line, shown, push(of, mine | {field: "100", "tradeId": "5"}))

    scripted = Scripted(step)
    ran = watch(f"{word} --no-status --until '{field} >= 50'", scripted)
    assert ran.status == 0
    assert [row[field] for row in rows(ran)] == ["1", "100"]
    assert {line["symbol"] for line in told(ran)} == {"BTCUSDT"}


def test_a_row_about_another_market_that_is_watched_is_told_of_that(watch: Watch) -> None:
    eth = {"instId": "ETHUSDT", "lastPr": "7"}

    def step(line: Line) -> None:
        later(line, 0.0, push(arg("BTCUSDT"), {"instId": "BTCUSDT", "lastPr": "1"}, eth))

    ran = watch("ticker BTCUSDT ETHUSDT --no-status --until 'lastPr == 7' --duration 5s", Scripted(step))
    assert [(line["symbol"], line["data"]["lastPr"]) for line in told(ran)] == [("BTCUSDT", "1"), ("ETHUSDT", "7")]


def test_a_book_about_another_market_is_not_shown(watch: Watch) -> None:
    of = arg("BTCUSDT", "books5")
    book = {"asks": [["3", "1"]], "bids": [["2", "1"]], "ts": "1790000000000", "seq": 1}

    def step(line: Line) -> None:
        later(line, 0.0, push(of, book | {"instId": "ETHUSDT", "asks": [["2.5", "1"]]}))
        later(line, 0.15, push(of, book))

    ran = watch("depth BTCUSDT --levels 5 --no-status --count 1", Scripted(step))
    assert [row["asks"] for row in rows(ran)] == [[["3", "1"]]]


# Candles.


def bar(minute: int, close: str) -> list[str]:
    return [str(1789999980000 + minute * 60_000), "1", "9", "1", close, "1", "1", "1"]


CANDLE = arg("BTCUSDT", "candle1m")


@pytest.mark.parametrize(
    ("then", "closed"),
    [
        # The snapshot after the outage has the bar that was forming: its end is known.
        ([bar(1, "5"), bar(2, "6"), bar(3, "7")], [("1", "5"), ("2", "6")]),
        # It begins after it: nobody heard how it ended.
        ([bar(2, "6"), bar(3, "7")], [("2", "6")]),
        ([bar(3, "7")], []),
    ],
)
def test_a_bar_whose_end_was_not_heard_is_not_told_closed(
    watch: Watch, then: list[Any], closed: list[tuple[str, str]]
) -> None:
    def first(line: Line) -> None:
        later(line, 0.0, push(CANDLE, bar(0, "3"), bar(1, "4")))
        cut_later(line.cut, lambda: scripted.shows('"close":"4"'))

    def again(line: Line) -> None:
        later(line, 0.0, push(CANDLE, *then))

    scripted = Scripted(first, again)
    ran = watch("candles BTCUSDT --no-status --until 'close == 7' --duration 20s", scripted)
    ended = [(str((int(row["start"]) - 1789999980000) // 60_000), row["close"]) for row in rows(ran) if row["closed"]]
    assert ended == [("0", "3"), *closed]
    assert gaps(ran)[0] == ("disconnect", None)


@pytest.mark.parametrize("ends", ["snapshot", "none"])
def test_the_gap_of_candles_says_whether_a_bar_is_missing(watch: Watch, ends: str) -> None:
    def first(line: Line) -> None:
        later(line, 0.0, push(CANDLE, bar(0, "3"), bar(1, "4")))
        cut_later(line.cut, lambda: scripted.shows('"close":"4"'))

    def again(line: Line) -> None:
        shown = [bar(1, "5"), bar(2, "6")] if ends == "snapshot" else [bar(2, "6")]
        later(line, 0.0, push(CANDLE, *shown))
        later(line, lambda: scripted.shows('"close":"6"'), push(CANDLE, bar(2, "8"), action="update"))

    scripted = Scripted(first, again)
    ran = watch("candles BTCUSDT --no-status --strict --until 'close == 8'", scripted)
    assert ran.status == (0 if ends == "snapshot" else 9)
    assert gaps(ran) == [("disconnect", None), ("disconnect", ends)]


# Twice told.


@pytest.mark.slow
def test_fills_that_a_blocked_pipe_lost_are_told_once_each(watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    count = 14_000
    is_blocked = threading.Event()
    is_blocked.set()
    take = ConflatingQueue.take

    def late(self: ConflatingQueue, seconds: float) -> Any:
        while is_blocked.is_set():
            time.sleep(0.05)
        return take(self, seconds)

    def step(line: Line) -> None:
        time.sleep(0.3)
        made = [
            {"tradeId": str(number), "symbol": "BTCUSDT", "cTime": now(), "uTime": now()} for number in range(count)
        ]
        scripted.lists["fills"] = made[::-1]
        for start in range(0, count, 100):
            line.send(push(futures("fill"), *made[start : start + 100]))
        time.sleep(1)
        is_blocked.clear()
        # It is read in 141 pages, ten a second.
        later(line, 18.0, push(futures("fill"), made[-1] | {"tradeId": END}))

    monkeypatch.setattr(ConflatingQueue, "take", late)
    scripted = Scripted(step)
    ran = watch(f"fills --product usdt-futures --strict --no-status --until 'tradeId == \"{END}\"'", scripted)
    ids = [row["tradeId"] for row in rows(ran)][:-1]
    assert len(ids) == len(set(ids)) == count
    assert gaps(ran) == [("slow-consumer", None), ("slow-consumer", "rest")]
