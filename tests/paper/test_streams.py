"""Public streams of the paper exchange: what is answered, what is pushed, and that it is what HTTP would say."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from zlib import crc32

import pytest
from hypothesis import strategies as st
from paper_account import NOON, PaperAccount
from paper_watcher import USDT_M, Watcher, arg, login
from rules import law

from bitget_cli.paper.streams.connection import Connection

NOW = int(NOON.timestamp())
PUBLIC = ("ticker", "trade", "books", "books1", "books5", "books15", "candle1m")
# Milliseconds of paper time between two looks.
STEPS = st.lists(st.integers(0, 90_000), min_size=1, max_size=8)


@pytest.fixture
def watcher() -> Watcher:
    return Watcher(PaperAccount())


# What is answered.


@pytest.mark.parametrize(
    ("said", "code", "msg"),
    [
        ('{"op":"ping"}', 30002, "Unrecognized request"),
        ("PING", 30002, "Unrecognized request"),
        ("[]", 30002, "Unrecognized request"),
        ('{"op":"subscribe"}', 30002, "Unrecognized request"),
        ('{"op":7,"args":[]}', 30002, "Unrecognized request"),
        ("[" * 100_000, 30002, "Unrecognized request"),
        ('{"op":"trade","args":[]}', 30003, "INVALID op:trade"),
    ],
)
def test_a_frame_it_does_not_know_is_refused(watcher: Watcher, said: str, code: int, msg: str) -> None:
    assert watcher.say(said) == [{"event": "error", "code": code, "msg": msg}]


def test_the_text_ping_is_answered_with_the_text_pong(watcher: Watcher) -> None:
    assert watcher.say("ping") == ["pong"]


@pytest.mark.parametrize("stamp", [str(NOW), NOW, NOW + 29, f"{NOW}999", NOW * 1000], ids=str)
def test_a_login_carries_seconds_or_milliseconds_as_text_or_number(watcher: Watcher, stamp: str | int) -> None:
    (answer,) = watcher.say(login(stamp, url="wss://anything"))
    assert (answer["event"], answer["code"]) == ("login", 0)
    assert answer["connId"]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ('{"op":"login","args":[]}', 30005),
        ('{"op":"login","args":["me"]}', 30005),
        (login(NOW, apiKey="other"), 30011),
        (login(NOW, apiKey=None), 30011),
        (login(NOW, passphrase="other"), 30012),
        (login("yesterday"), 30013),
        (login(NOW, timestamp=None), 30013),
        (login(NOW, timestamp=float(NOW)), 30013),
        (login(NOW, timestamp=True), 30013),
        (login(NOW - 31), 30014),
        (login(NOW + 31), 30014),
        (login(NOW, sign="AAAA"), 30015),
        (login(NOW, timestamp=NOW + 1), 30015),
        (login(NOW, sign=5), 30015),
    ],
)
def test_a_login_that_is_wrong_says_what_is(watcher: Watcher, said: str, code: int) -> None:
    (answer,) = watcher.say(said)
    assert (answer["event"], answer["code"]) == ("error", code)
    (refused,) = watcher.say({"op": "subscribe", "args": [arg("orders", "default")]})
    assert refused["code"] == 30004


def test_a_login_goes_by_the_wall_clock_or_by_paper_time(watcher: Watcher) -> None:
    watcher.account.later(days=3)
    assert watcher.say(login(NOW))[0]["code"] == 0
    assert watcher.say(login(NOW + 3 * 86_400))[0]["code"] == 0
    assert watcher.say(login(NOW + 86_400))[0]["code"] == 30014


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        (arg("ticker", "NOPEUSDT"), 30001),
        (arg("ticker", "BTCPERP"), 30001),
        (arg("nothing"), 30001),
        (arg("index-price", "default", "MARGIN"), 30001),
        (arg("auction", "BTCUSDT", "SPOT"), 30001),
        (arg("candle1h"), 30016),
        (arg("candle3H"), 30016),
        (arg("books50"), 30016),
        ({"instType": USDT_M, "instId": "BTCUSDT"}, 30016),
        ({"instType": USDT_M, "channel": "ticker", "instId": 7}, 30016),
    ],
)
def test_one_wrong_arg_is_refused_and_the_others_are_not(watcher: Watcher, wanted: Any, code: int) -> None:
    refused, taken, push = watcher.say({"op": "subscribe", "args": [wanted, arg("ticker")]})
    assert (refused["event"], refused["arg"], refused["code"], refused["op"]) == ("error", wanted, code, "subscribe")
    assert taken == {"event": "subscribe", "arg": arg("ticker")}
    assert push["arg"] == arg("ticker")


@pytest.mark.parametrize("wanted", ["text", 7, None, []])
def test_an_arg_that_is_no_object_is_refused(watcher: Watcher, wanted: Any) -> None:
    (refused,) = watcher.say({"op": "subscribe", "args": [wanted]})
    assert (refused["code"], "arg" in refused) == (30016, False)


@pytest.mark.parametrize("channel", ["account", "positions", "orders", "fill", "orders-algo", "positions-history"])
def test_private_channels_are_for_those_who_logged_in(watcher: Watcher, channel: str) -> None:
    (refused,) = watcher.say({"op": "subscribe", "args": [arg(channel, "default")]})
    assert refused == {"event": "error", "code": 30004, "msg": "User not logged in"}
    watcher.enter().follow(arg(channel, "default"))


@pytest.mark.parametrize("odd", ['"\\ud800"', "NaN", "1e999"])
def test_what_could_not_be_repeated_is_refused(watcher: Watcher, odd: str) -> None:
    frame = json.dumps({"op": "subscribe", "args": [arg("ticker") | {"note": "odd"}]}).replace('"odd"', odd)
    assert watcher.say(frame) == [{"event": "error", "code": 30002, "msg": "Unrecognized request"}]
    assert watcher.frames(after=1) == []


def test_a_signature_of_half_a_surrogate_pair_is_refused(watcher: Watcher) -> None:
    frame = json.dumps(login(str(NOW))).replace('"sign": "', '"sign": "\\ud800')
    assert watcher.say(frame)[0]["event"] == "error"


def test_what_is_subscribed_again_begins_anew_and_what_is_unsubscribed_ends(watcher: Watcher) -> None:
    watcher.follow(arg("trade"))
    (again,) = watcher.follow(arg("trade"))
    assert (again["action"], len(again["data"])) == ("snapshot", 50)
    assert watcher.say({"op": "unsubscribe", "args": [arg("trade")]}) == [{"event": "unsubscribe", "arg": arg("trade")}]
    watcher.account.later(seconds=5)
    assert watcher.frames(after=5) == []
    assert watcher.line.wait() == float("inf")


# When it is pushed.


def test_nothing_is_due_before_its_time(watcher: Watcher) -> None:
    watcher.follow(arg("ticker"))
    assert 0.1 <= watcher.line.wait() <= 0.3
    assert watcher.frames(after=watcher.line.wait() - 0.01) == []
    assert len(watcher.frames(after=0.02)) == 1


def test_an_answer_is_due_at_once(watcher: Watcher) -> None:
    watcher.line.take("ping")
    assert watcher.line.wait() == 0


def test_while_the_clock_stands_still_only_the_ticker_is_pushed(watcher: Watcher) -> None:
    watcher.follow(*(arg(channel) for channel in PUBLIC))
    assert [frame["arg"]["channel"] for frame in watcher.frames(after=1)] == ["ticker"]


def test_everything_moves_when_time_does(watcher: Watcher) -> None:
    watcher.follow(*(arg(channel) for channel in PUBLIC))
    watcher.account.later(seconds=3)
    assert {frame["arg"]["channel"] for frame in watcher.frames(after=1)} == set(PUBLIC)


@pytest.mark.parametrize("change", ["seed", "clock"])
def test_another_seed_or_an_earlier_time_begins_with_snapshots(watcher: Watcher, change: str) -> None:
    args = [arg(channel) for channel in ("trade", "books", "candle1m")]
    watcher.follow(*args)
    if change == "seed":
        watcher.account.store.reset(seed=9)
    else:
        watcher.account.store.freeze(NOON - timedelta(hours=1), wall=NOON)
    watcher.account.later(seconds=1)
    assert [frame["action"] for frame in watcher.frames(after=1)] == ["snapshot"] * 3
    watcher.account.later(seconds=1)
    assert {frame["action"] for frame in watcher.frames(after=1)} == {"update"}


# What is pushed.

TICKER = "instId lastPr open24h high24h low24h change24h bidPr askPr bidSz askSz baseVolume quoteVolume openUtc ts"
SPOT_TICKER = set(TICKER.split()) | {"changeUtc24h"}
MARKED = "fundingRate nextFundingTime markPrice indexPrice holdingAmount symbolType symbol deliveryPrice"
FUTURES_TICKER = set(TICKER.split()) | set(MARKED.split())


@pytest.mark.parametrize(
    ("kind", "symbol", "path", "fields"),
    [
        ("SPOT", "ETHUSDT", "spot/market/tickers", SPOT_TICKER),
        ("USDT-FUTURES", "ETHUSDT", "mix/market/ticker", FUTURES_TICKER),
        ("USDC-FUTURES", "ETHPERP", "mix/market/ticker", FUTURES_TICKER),
        ("COIN-FUTURES", "ETHUSD", "mix/market/ticker", FUTURES_TICKER),
    ],
)
def test_a_ticker_says_what_http_says(watcher: Watcher, kind: str, symbol: str, path: str, fields: set[str]) -> None:
    (push,) = watcher.follow(arg("ticker", symbol, kind))
    (row,) = push["data"]
    assert set(row) == fields
    given = {"symbol": symbol} | ({} if kind == "SPOT" else {"productType": kind})
    (asked,) = watcher.account.get(path, **given)
    asked |= {"instId": symbol, "open24h": asked.get("open", asked.get("open24h"))}
    assert {name: asked[name] for name in fields & asked.keys()} == {name: row[name] for name in fields & asked.keys()}
    assert push["ts"] == int(row["ts"]) == NOW * 1000


@pytest.mark.parametrize(("channel", "levels"), [("books1", 1), ("books5", 5), ("books15", 15)])
def test_the_top_of_the_book_is_whole_each_time(watcher: Watcher, channel: str, levels: int) -> None:
    (first,) = watcher.follow(arg(channel))
    watcher.account.later(seconds=1)
    (second,) = watcher.frames(after=1)
    assert (first["action"], second["action"]) == ("snapshot", "snapshot")
    (top,) = second["data"]
    assert set(top) == {"asks", "bids", "ts", "seq", "pseq"}
    assert (len(top["asks"]), len(top["bids"]), top["pseq"]) == (levels, levels, 0)
    assert top["seq"] > first["data"][0]["seq"]
    book = _book(watcher.account, "BTCUSDT", USDT_M, levels)
    assert [_decimals(top["asks"]), _decimals(top["bids"])] == book


def _book(account: PaperAccount, symbol: str, kind: str, levels: int) -> list[list[tuple[Decimal, Decimal]]]:
    """Asks and bids as HTTP has them, digits kept."""
    if kind == "SPOT":
        status, body = account.raw("GET", "spot/market/merge-depth", {"symbol": symbol, "limit": levels})
    else:
        given = {"productType": kind, "symbol": symbol, "limit": levels}
        status, body = account.raw("GET", "mix/market/merge-depth", given)
    assert status == 200
    data = json.loads(body, parse_float=str, parse_int=str)["data"]
    return [_decimals(data["asks"]), _decimals(data["bids"])]


def _decimals(rows: list[list[str]]) -> list[tuple[Decimal, Decimal]]:
    return [(Decimal(price), Decimal(size)) for price, size in rows]


class _Kept:
    """A book kept as Bitget's documentation says: texts as pushed, size zero removes."""

    def __init__(self, push: Any) -> None:
        (data,) = push["data"]
        assert (push["action"], data["checksum"], data["pseq"]) == ("snapshot", 0, 0)
        self.sides = [{row[0]: row[1] for row in data[side]} for side in ("asks", "bids")]
        self.seq = data["seq"]

    def update(self, push: Any) -> None:
        (data,) = push["data"]
        assert push["action"] == "update"
        assert (data["pseq"], data["seq"] > self.seq) == (self.seq, True)
        self.seq = data["seq"]
        for side, name in zip(self.sides, ("asks", "bids"), strict=True):
            for price, size in data[name]:
                if Decimal(size) == 0:
                    del side[price]
                else:
                    side[price] = size
        assert data["checksum"] == self._checksum()

    def sorted(self) -> list[list[tuple[str, str]]]:
        asks, bids = (sorted(side.items(), key=lambda level: Decimal(level[0])) for side in self.sides)
        return [asks, bids[::-1]]

    def _checksum(self) -> int:
        asks, bids = self.sorted()
        parts = []
        for place in range(25):
            for side in (bids, asks):
                parts += [":".join(side[place])] if place < len(side) else []
        number = crc32(":".join(parts).encode())
        return number - (1 << 32) if number & (1 << 31) else number


@law(
    few=15,
    many=40,
    steps=STEPS,
    market=st.sampled_from([("BTCUSDT", "SPOT"), ("XRPUSDT", USDT_M), ("BTCUSD", "COIN-FUTURES")]),
)
def test_a_book_kept_from_updates_is_the_book_of_http(steps: list[int], market: tuple[str, str]) -> None:
    watcher = Watcher(PaperAccount())
    (push,) = watcher.follow(arg("books", *market))
    book = _Kept(push)
    for step in steps:
        watcher.account.later(milliseconds=step)
        for push in watcher.frames(after=0.2):
            book.update(push)
        kept = [[(Decimal(price), Decimal(size)) for price, size in side] for side in book.sorted()]
        assert kept == _book(watcher.account, *market, 200)
        assert len(kept[0]) >= 50


@law(few=15, many=40, steps=STEPS)
def test_every_trade_is_pushed_once_whatever_the_rhythm(steps: list[int]) -> None:
    watcher = Watcher(PaperAccount())
    (push,) = watcher.follow(arg("trade"))
    assert (push["action"], len(push["data"])) == ("snapshot", 50)
    assert set(push["data"][0]) == {"ts", "price", "size", "side", "tradeId"}
    seen = push["data"]
    for step in steps:
        watcher.account.later(milliseconds=step)
        for push in watcher.frames(after=0.5):
            assert push["action"] == "update"
            seen = push["data"] + seen
    told = watcher.account.get("mix/market/fills-history", productType=USDT_M, symbol="BTCUSDT", limit=1000)
    shown = [(row["tradeId"], row["price"], row["size"], row["side"].capitalize(), row["ts"]) for row in seen]
    listed = [(row["tradeId"], row["price"], row["size"], row["side"], row["ts"]) for row in told]
    assert shown[:1000] == listed[: len(shown)]
    assert len({row[0] for row in shown}) == len(shown)


def test_a_clock_that_flies_leaves_out_older_trades(watcher: Watcher) -> None:
    watcher.follow(arg("trade"))
    watcher.account.later(days=30)
    (push,) = watcher.frames(after=1)
    assert len(push["data"]) == 1000
    assert int(push["data"][0]["ts"]) > (NOW + 29 * 86_400) * 1000


@law(
    few=15,
    many=40,
    steps=STEPS,
    market=st.sampled_from([("candle1m", "1m"), ("candle5m", "5m"), ("candle6Hutc", "6Hutc")]),
)
def test_candles_kept_from_updates_are_those_of_http(steps: list[int], market: tuple[str, str]) -> None:
    channel, granularity = market
    watcher = Watcher(PaperAccount())
    (push,) = watcher.follow(arg(channel))
    assert push["action"] == "snapshot"
    kept = {row[0]: row for row in push["data"]}
    assert list(kept) == sorted(kept, key=int)
    for step in steps:
        watcher.account.later(milliseconds=step)
        for push in watcher.frames(after=0.5):
            (row,) = push["data"]
            # No bar is changed once a newer one has been seen.
            assert (push["action"], int(row[0]) >= max(map(int, kept))) == ("update", True)
            kept[row[0]] = row
    given = {"productType": USDT_M, "symbol": "BTCUSDT", "granularity": granularity, "limit": 1000}
    told = watcher.account.get("mix/market/candles", **given)
    # HTTP looks back 90 days and no further.
    shown = [row[:7] for row in kept.values()]
    assert shown[-len(told) :] == told[-len(shown) :]
    assert {row[6] == row[7] for row in kept.values()} == {True}


@pytest.mark.parametrize(
    ("channel", "rows"), [("candle1m", 500), ("candle8H", 500), ("candle1Dutc", 300), ("candle1W", 100)]
)
def test_a_snapshot_of_candles_is_bounded(watcher: Watcher, channel: str, rows: int) -> None:
    (push,) = watcher.follow(arg(channel, "BTCUSDT", "SPOT"))
    assert len(push["data"]) == rows
    assert {len(row) for row in push["data"]} == {8}


def test_before_the_first_bar_there_are_no_candles() -> None:
    watcher = Watcher(PaperAccount(at=datetime(2018, 1, 1, 1, tzinfo=UTC)))
    (push,) = watcher.follow(arg("candle1D"))
    assert (push["action"], push["data"]) == ("snapshot", [])
    watcher.account.later(days=1)
    (push,) = watcher.frames(after=1)
    assert len(push["data"]) == 1


def test_much_at_once_is_worked_out_in_turns() -> None:
    """Each look at this clock takes a fiftieth of a second."""
    seconds = [0.0]

    def clock() -> float:
        seconds[0] += 0.02
        return seconds[0]

    line = Connection(PaperAccount().exchange, clock)
    wanted = [arg(f"candle{length}") for length in ("1m", "3m", "5m", "15m", "30m", "1H", "2H", "4H")]
    line.take(json.dumps({"op": "subscribe", "args": wanted}))
    turns = [[json.loads(frame) for frame in line.due()] for _ in range(3)]
    assert [len(frames) for frames in turns] == [8 + 3, 3, 2]
    assert [frame["arg"] for frames in turns for frame in frames if "action" in frame] == wanted


def test_the_contents_go_by_paper_time_and_the_rhythm_by_real_time() -> None:
    account = PaperAccount(at=datetime(2026, 3, 2, 12, tzinfo=UTC))
    account.store.speed(Decimal(60), wall=account.wall)
    watcher = Watcher(account)
    watcher.follow(arg("trade"))
    account.wall += timedelta(seconds=2)
    trades = watcher.rows("trade")
    span = int(trades[0]["ts"]) - int(trades[-1]["ts"])
    assert 110_000 < span <= 120_000


def test_two_lines_number_their_books_apart() -> None:
    account = PaperAccount()
    lines = [Watcher(account), Watcher(account)]
    kept = [_Kept(line.follow(arg("books"))[0]) for line in lines]
    for turn, each in enumerate((0, 1, 0, 0, 1)):
        account.later(seconds=1 + turn)
        for push in lines[each].frames(after=1):
            kept[each].update(push)


def test_a_line_that_says_nothing_has_nothing_to_wait_for(watcher: Watcher) -> None:
    assert Connection(watcher.account.exchange, lambda: 0.0).wait() == float("inf")


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(["login", "subscribe", USDT_M]),
    lambda inner: (
        st.lists(inner) | st.dictionaries(st.sampled_from(["op", "args", "channel", "instType", "instId"]), inner)
    ),
)


QUIET = PaperAccount()


@law(few=40, many=1000, frame=st.text() | JSON.map(json.dumps))
def test_whatever_is_said_is_answered_or_let_pass(frame: str) -> None:
    watcher = Watcher(QUIET)
    for answer in watcher.say(frame):
        assert answer == "pong" or answer["event"] in ("error", "subscribe", "unsubscribe", "login")
