"""`bitget watch` of a unified account: one subscription for all products, rows as in a classic account's stream."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from desk import DEMO
from doubles import Bitget, MemoryKeyring, Ran, enveloped
from pytest_httpx import HTTPXMock
from unified_account import FRAMES, SAMPLES, Account

from bitget_cli.client.ws import feed
from bitget_cli.client.ws.interfaces import Timing
from bitget_cli.runtime import SystemClock
from bitget_cli.session import BitgetVenue
from bitget_cli.stream_events import Topic
from bitget_cli.trading.adapters.unified.streams import UnifiedStream
from bitget_cli.trading.model import PositionMode

TOPICS = {"account": "account", "positions": "position", "orders": "order", "plans": "strategy-order", "fills": "fill"}
CONTROL = FRAMES["control-frames"]


class Line:
    """A connection to the v3 streams that answers with Bitget's samples, so many of each at most, or a `failure`."""

    def __init__(self, *, most: int = 9, failure: Any = None) -> None:
        self.sent: list[Any] = []
        self._most, self._failure = most, failure
        self._frames: deque[str] = deque()

    def send(self, text: str) -> None:
        if text == "ping":
            self._frames.append("pong")
            return
        frame = json.loads(text)
        self.sent.append(frame)
        if frame["op"] == "login":
            self._frames.append(json.dumps(self._failure or CONTROL["login"]["success"]))
        for arg in frame["args"] if frame["op"] == "subscribe" else ():
            sample = FRAMES[arg["topic"]]
            self._frames += map(json.dumps, [sample["ack"], *sample["pushes"][: self._most]])

    def recv(self, seconds: float) -> str | None:
        if not self._frames:
            SystemClock().sleep(min(seconds, 0.02))
        return self._frames.popleft() if self._frames else None

    def close(self) -> None:
        """Nothing is held."""


NOTHING: dict[str, Any] = {
    **dict.fromkeys(("trade/unfilled-orders", "trade/history-orders", "trade/fills", "trade/history-strategy-orders")),
    "trade/unfilled-strategy-orders": [],
    "position/current-position": {"list": None},
    "account/assets": {"assets": []},
    "trade/order-info": httpx.Response(400, json=enveloped(None, code="25204")),
}


@pytest.fixture
def lines(bitget: Bitget, monkeypatch: pytest.MonkeyPatch) -> list[Line]:
    """The connections that will be opened; public ones are none."""
    bitget.clock = SystemClock()  # type: ignore[assignment]  # streams go on by the machine's own clock
    monkeypatch.setattr(feed, "_TIMING", Timing(tick=0.02, frames_per_second=100.0))
    opened: list[Line] = []

    def opener(_: BitgetVenue, *, is_drawn: bool, unified: bool) -> Any:
        del is_drawn
        assert unified or len(opened) == 1
        return lambda private, _seconds: opened[0] if private else Scripted()

    monkeypatch.setattr(BitgetVenue, "opener", opener)
    return opened


def data(ran: Ran) -> list[dict[str, Any]]:
    assert ran.status == 0, ran.err
    return [json.loads(line) for line in ran.lines]


# What is told as a state comes once where it changed meanwhile.
MOST = {"account": 1, "positions": 1, "orders": 3, "plans": 1, "fills": 1}


@pytest.mark.parametrize("word", TOPICS)
def test_each_word_of_watch_is_one_subscription_for_all_products(
    word: str, bitget: Bitget, exchange: HTTPXMock, lines: list[Line]
) -> None:
    Account(bitget, exchange, NOTHING)
    lines.append(Line(most=MOST[word]))
    told = data(bitget(f"watch {word} --count {MOST[word]} --duration 5s --no-status", env=DEMO))
    assert [frame["op"] for frame in lines[0].sent] == ["login", "subscribe"]
    assert lines[0].sent[1] == FRAMES[TOPICS[word]]["subscribe"]
    assert {(line["type"], line["market"]) for line in told} == {(word, "usdt-futures")}
    assert {list(line["data"])[-1] for line in told} == {"accountKind"}


def follow(word: str, bitget: Bitget, count: int) -> list[dict[str, Any]]:
    return [line["data"] for line in data(bitget(f"watch {word} --count {count} --duration 5s --no-status", env=DEMO))]


def some(row: dict[str, Any], names: str) -> list[Any]:
    return [row.get(name) for name in names.split()]


def test_what_the_samples_say_is_told_in_the_words_of_a_classic_stream(
    bitget: Bitget, exchange: HTTPXMock, lines: list[Line]
) -> None:
    Account(bitget, exchange, NOTHING)
    lines.append(Line())
    orders = follow("orders", bitget, 3)
    assert [some(row, "instId status accBaseVolume priceAvg side tradeSide posSide reduceOnly") for row in orders] == [
        ["BTCUSDT", "live", "0", "0", "buy", "open", "long", "no"],
        ["BTCUSDT", "partially_filled", "0.01", "86135.8", "buy", "open", "long", "no"],
        ["BTCUSDT", "filled", "0.0268", "86135.8", "buy", "open", "long", "no"],
    ]
    # What is paid is negative there.
    assert orders[-1]["feeDetail"] == [{"feeCoin": "USDT", "fee": "-1.38507"}]
    lines[0] = Line(most=1)
    (held,) = follow("positions", bitget, 1)
    names = "instId holdSide total frozen openPriceAvg unrealizedPL marginSize liquidationPrice"
    assert some(held, names) == ["BTCUSDT", "long", "0.0384", "0", "84592.7", "59.421", "330.78", "0"]
    lines[0] = Line()
    (fill,) = follow("fills", bitget, 1)
    assert some(fill, "symbol tradeId price baseVolume side tradeSide profit") == [
        *("BTCUSDT", "1420000000000020001", "86135.8", "0.0268", "buy", "open", "0"),
    ]
    lines[0] = Line()
    (plan,) = follow("plans", bitget, 1)
    assert some(plan, "planType stopSurplusTriggerPrice stopLossTriggerPrice side tradeSide status") == [
        *("profit_loss", "92000", "81000", "buy", "close", "live"),
    ]
    lines[0] = Line()
    (coin,) = follow("account", bitget, 1)
    assert some(coin, "marginCoin available frozen equity unrealizedPL") == [
        *("USDT", "8329.47", "0", "8719.781", "59.4296"),
    ]


@pytest.mark.parametrize("word", TOPICS)
def test_they_are_drawn_on_a_terminal(word: str, bitget: Bitget, exchange: HTTPXMock, lines: list[Line]) -> None:
    Account(bitget, exchange, NOTHING)
    lines.append(Line(most=MOST[word]))
    ran = bitget(f"watch {word} --duration 1s --no-color", env=DEMO, terminal=True)
    assert ran.status == 0, ran.err
    assert ("USDT" if word == "account" else "BTCUSDT") in ran.out


def test_raw_frames_are_the_exchanges_own_once_each(bitget: Bitget, exchange: HTTPXMock, lines: list[Line]) -> None:
    Account(bitget, exchange, NOTHING)
    lines.append(Line())
    told = data(bitget("watch positions --raw --count 2 --duration 5s --no-status", env=DEMO))
    assert told == FRAMES["position"]["pushes"]


STOOD = [
    ("orders", "trade/unfilled-orders", SAMPLES["trade-unfilled-orders"]["data"], "accBaseVolume", "0.004"),
    ("positions", "position/current-position", SAMPLES["position-current-position"]["data"], "total", "0.0384"),
    ("plans", "trade/unfilled-strategy-orders", SAMPLES["strategy-unfilled-strategy-orders"]["data"], "size", "0.0384"),
    ("account", "account/assets", SAMPLES["account-assets"]["data"], "available", "8329.4700"),
]


@pytest.mark.parametrize(("word", "path", "told", "name", "value"), STOOD, ids=[word for word, *_ in STOOD])
def test_what_the_stream_does_not_tell_is_read_by_v3(
    word: str, path: str, told: Any, name: str, value: str,
    bitget: Bitget, exchange: HTTPXMock, lines: list[Line],
) -> None:  # fmt: skip
    account = Account(bitget, exchange, NOTHING | {path: told})
    lines.append(Line(most=0))
    rows = follow(word, bitget, 1)
    assert rows[0][name] == value
    assert rows[0]["accountKind"] == "unified"
    assert {one.get("category") for _, asked, one in account.sent if asked == path} <= {
        *("USDT-FUTURES", "USDC-FUTURES", "COIN-FUTURES", None),
    }


def test_a_refused_login_ends_as_ever(bitget: Bitget, exchange: HTTPXMock, lines: list[Line]) -> None:
    Account(bitget, exchange, NOTHING)
    for failure in CONTROL["login"]["failures"]:
        lines[:] = [Line(failure=failure)]
        assert bitget("watch orders --duration 2s", env=DEMO).status == 4


# The translation itself.

LINES = ("USDT-FUTURES", "USDC-FUTURES", "SPOT")


class Scripted:
    def __init__(self, *frames: Any) -> None:
        self.frames = deque(frame if isinstance(frame, str) else json.dumps(frame) for frame in frames)
        self.sent: list[Any] = []

    def send(self, text: str) -> None:
        self.sent.append(text)

    def recv(self, _: float) -> str | None:
        return self.frames.popleft() if self.frames else None

    def close(self) -> None:
        self.sent.append("closed")


def arg(line: str, channel: str) -> dict[str, str]:
    return {"instType": line, "channel": channel, "coin" if channel == "account" else "instId": "default"}


def translated(channel: str, *frames: Any) -> tuple[Any, Scripted]:
    """A connection on which a channel of three products is followed."""
    script = Scripted(*frames)
    topics = [Topic(line, channel, "default") for line in LINES]
    stream = UnifiedStream(topics, mode=PositionMode.HEDGE)
    socket = stream.behind(lambda _private, _seconds: script)(True, 1.0)
    socket.send(json.dumps({"op": "subscribe", "args": [arg(line, channel) for line in LINES]}))
    return socket, script


def heard(socket: Any, script: Scripted) -> Iterator[Any]:
    while script.frames or socket._waiting:
        if (text := socket.recv(0.0)) is not None:
            yield json.loads(text) if text[:1] == "{" else text


def test_an_acknowledgement_a_refusal_and_a_pong_reach_whoever_asked() -> None:
    refused = {"event": "error", "arg": {"instType": "UTA", "topic": "fill"}, "code": 30001, "msg": "no"}
    for answer in (FRAMES["fill"]["ack"], refused):
        socket, script = translated("fill", answer, "pong", *CONTROL["errors"][1:])
        told = list(heard(socket, script))
        assert [frame["arg"] for frame in told[:3]] == [arg(line, "fill") for line in LINES]
        assert {frame["event"] for frame in told[:3]} == {answer["event"]}
        assert told[3:] == ["pong", *CONTROL["errors"][1:]]


def test_a_row_goes_to_its_own_product_in_either_case_and_one_of_none_to_nobody() -> None:
    (row,) = FRAMES["fill"]["pushes"][0]["data"]
    rows = [row | {"category": line, "execId": line} for line in ("SPOT", "usdt-futures", "MARGIN", "coin-futures")]
    socket, script = translated("fill", FRAMES["fill"]["pushes"][0] | {"data": rows})
    told = list(heard(socket, script))
    assert [(frame["arg"]["instType"], [one["tradeId"] for one in frame["data"]]) for frame in told] == [
        ("USDT-FUTURES", ["usdt-futures"]),
        ("SPOT", ["SPOT"]),
    ]


def test_a_push_with_some_positions_leaves_the_others_as_they_are() -> None:
    push = FRAMES["position"]["pushes"][0]
    (row,) = push["data"]
    other, of_usdc = row | {"symbol": "ETHUSDT"}, row | {"symbol": "BTCPERP", "marginCoin": "USDC"}
    ended = FRAMES["position"]["pushes"][1]
    socket, script = translated("positions", push, push | {"data": [other, of_usdc]}, ended)
    told = [(frame["arg"]["instType"], [one["instId"] for one in frame["data"]]) for frame in heard(socket, script)]
    assert told == [
        *[("USDT-FUTURES", ["BTCUSDT"]), ("USDC-FUTURES", []), ("SPOT", [])],
        *[("USDT-FUTURES", ["BTCUSDT", "ETHUSDT"]), ("USDC-FUTURES", ["BTCPERP"]), ("SPOT", [])],
        *[("USDT-FUTURES", ["ETHUSDT"]), ("USDC-FUTURES", ["BTCPERP"]), ("SPOT", [])],
    ]


def test_the_one_wallet_is_told_once() -> None:
    socket, script = translated("account", *FRAMES["account"]["pushes"])
    told = [(frame["arg"]["instType"], len(frame["data"])) for frame in heard(socket, script)]
    assert told == [("USDT-FUTURES", 1), ("USDC-FUTURES", 0), ("SPOT", 0)]


def test_one_product_can_be_asked_for_anew() -> None:
    socket, script = translated("fill", FRAMES["fill"]["ack"])
    list(heard(socket, script))
    socket.send(json.dumps({"op": "unsubscribe", "args": [arg("SPOT", "fill")]}))
    assert json.loads(script.sent[-1]) == {"op": "unsubscribe", "args": [{"instType": "UTA", "topic": "fill"}]}
    script.frames.append(json.dumps(FRAMES["fill"]["ack"] | {"event": "unsubscribe"}))
    assert [frame["arg"] for frame in heard(socket, script)] == [arg("SPOT", "fill")]


@pytest.mark.parametrize("text", ["nonsense", "[]", '{"event":"pong"}', '{"arg":{"topic":5},"data":[]}', '{"arg":5}'])
def test_a_frame_that_is_about_no_topic_comes_as_it_is(text: str) -> None:
    socket, _ = translated("fill", text)
    assert socket.recv(0.0) == text


def test_watch_plans_tells_pairs_and_orders_in_parts(home: Any) -> None:
    paper = Bitget(
        {"HOME": str(home), "TERM": "xterm-256color", "BITGET_PROFILE": "paper"}, SystemClock(), MemoryKeyring()  # type: ignore[arg-type]
    )  # fmt: skip
    paper("paper reset --account unified --yes")
    paper("plan oco buy BTCUSDT 0.01 --price 50000 --trigger 90000 --allow-far")
    paper("plan twap buy BTCUSDT 1 --duration 24h --interval 60s --trigger 90000")
    paper("plan iceberg buy BTCUSDT 0.1 --parts 4 --price 50000 --allow-far")
    told = [row["data"] for row in data(paper("watch plans --count 3 --duration 20s"))]
    listed = paper("plan list --json").json
    assert {row["orderId"]: row["planType"] for row in told} == {row["orderId"]: row["planType"] for row in listed}
    assert {row["planType"] for row in told} == {"oco", "twap", "iceberg"}


def test_watch_on_a_unified_paper_account_tells_what_the_reads_tell(home: Any) -> None:
    paper = Bitget(
        {"HOME": str(home), "TERM": "xterm-256color", "BITGET_PROFILE": "paper"}, SystemClock(), MemoryKeyring()  # type: ignore[arg-type]
    )  # fmt: skip
    paper("order buy BTCUSDT 0.01")
    paper("order buy BTCUSDT 0.01 --price 60000 --allow-far")
    assert paper("paper migrate --yes").status == 0
    for word in ("positions", "orders", "account"):
        told = data(paper(f"watch {word} --count 1 --duration 20s"))[0]
        assert told["data"]["accountKind"] == "unified"
    (order,) = paper("order list --json").json
    assert data(paper("watch orders --count 1 --duration 20s"))[0]["data"]["orderId"] == order["orderId"]
