"""A unified account's streams: one topic of each for all lines, told once, in order, and as HTTP would tell it."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
import unified_fields as fields
from paper_account import USDT_LINE, PaperAccount, UnifiedAccount
from paper_watcher import OWN as CLASSIC
from paper_watcher import Watcher

from bitget_cli.paper.socket import PaperSocket

LINE = {"category": "USDT-FUTURES", "symbol": "BTCUSDT"}


def own(topic: str) -> dict[str, str]:
    return {"instType": "UTA", "topic": topic} | ({"symbol": "default"} if topic == "strategy-order" else {})


def market(topic: str, kind: str = "usdt-futures", **more: str) -> dict[str, str]:
    return {"instType": kind, "topic": topic, "symbol": "BTCUSDT"} | more


EVERYTHING = tuple(own(topic) for topic in ("account", "position", "order", "fill", "strategy-order"))


class UnifiedWatcher(Watcher):
    """The same in the words of v3."""

    def follow(self, *args: dict[str, str]) -> list[Any]:
        frames = self.say({"op": "subscribe", "args": list(args)})
        told = [frame for frame in frames if "event" in frame]
        assert [(frame["event"], frame["arg"], "connId" in frame) for frame in told] == [
            ("subscribe", each, True) for each in args
        ]
        return [frame for frame in frames if "action" in frame]

    def pushed(self, topic: str, kind: str = "UTA") -> list[Any]:
        frames = self.frames(after=1.0)
        return [frame for frame in frames if (frame["arg"]["topic"], frame["arg"]["instType"]) == (topic, kind)]


@pytest.fixture
def account() -> UnifiedAccount:
    return UnifiedAccount()


@pytest.fixture
def watcher(account: UnifiedAccount) -> UnifiedWatcher:
    watcher = UnifiedWatcher(account)
    watcher.enter()
    return watcher


def below(account: PaperAccount, ratio: str = "0.97") -> str:
    return str(int(account.last() * Decimal(ratio)))


def test_what_stands_is_told_at_once_and_events_are_not(watcher: UnifiedWatcher) -> None:
    pushes = watcher.follow(*EVERYTHING)
    assert [(push["action"], push["arg"]) for push in pushes] == [
        ("snapshot", own("account")),
        ("snapshot", own("position")),
    ]
    assert pushes[1]["data"] == []
    assert watcher.frames(after=1) == []


def test_an_account_push_is_what_http_says(watcher: UnifiedWatcher, account: UnifiedAccount) -> None:
    watcher.follow(own("account"))
    account.order("buy", "0.1")
    account.spot("buy", "0.01", price=below(account))
    ((row,),) = [push["data"] for push in watcher.pushed("account")]
    told = account.get("account/assets")
    assert set(row) == fields.ACCOUNT_PUSH
    assert (row["totalEquity"], row["unrealisedPnL"]) == (told["accountEquity"], told["unrealisedPnl"])
    assert {name: row[name] for name in ("effEquity", "imr", "mmr", "mgnRatio", "positionMgnRatio")} == {
        name: told[name] for name in ("effEquity", "imr", "mmr", "mgnRatio", "positionMgnRatio")
    }
    assert {frozenset(coin) for coin in row["coin"]} == {fields.COIN_PUSH}
    same = ("coin", "equity", "balance", "available", "locked", "usdValue")
    assert [[coin[name] for name in same] for coin in row["coin"]] == [
        [coin[name] for name in same] for coin in told["assets"]
    ]


def test_a_position_push_is_what_http_says_and_a_closed_one_comes_once(
    watcher: UnifiedWatcher, account: UnifiedAccount
) -> None:
    watcher.follow(own("position"))
    account.order("buy", "0.1")
    ((row,),) = [push["data"] for push in watcher.pushed("position")]
    (told,) = account.position()
    assert set(row) == fields.POSITION_PUSH
    renamed = {
        "size": "total",
        "liqPrice": "liquidationPrice",
        "marginSize": "positionBalance",
        "totalFundingFee": "totalFunding",
    }
    same = fields.POSITION_PUSH - {"positionStatus"}
    assert {name: row[name] for name in same} == {name: told[renamed.get(name, name)] for name in same}
    # Orders that only wait are no news of a position.
    account.order("buy", "0.1", price=below(account))
    assert watcher.pushed("position") == []
    account.post("trade/close-positions", **USDT_LINE)
    ((row,),) = [push["data"] for push in watcher.pushed("position")]
    assert set(row) == fields.POSITION_PUSH
    assert (row["size"], row["positionStatus"]) == ("0", "ended")
    assert row["curRealisedPnl"] == account.get("position/history-position", **USDT_LINE)["list"][0]["netProfit"]
    assert watcher.pushed("position") == []


def test_what_stands_is_told_again_every_five_seconds(watcher: UnifiedWatcher, account: UnifiedAccount) -> None:
    account.order("buy", "0.1")
    watcher.follow(own("account"), own("position"))
    pushes = [frame for _ in range(26) for frame in watcher.frames(after=0.2)]
    assert [push["arg"]["topic"] for push in pushes] == ["account", "position"]


def test_orders_of_all_lines_come_in_one_topic_as_http_tells_them(
    watcher: UnifiedWatcher, account: UnifiedAccount
) -> None:
    watcher.follow(own("order"), own("fill"))
    placed = [
        account.order("buy", "0.1", takeProfit=below(account, "1.05"), clientOid="mine"),
        account.spot("buy", "100"),
        account.order("buy", "0.1", price=below(account)),
    ]
    account.post("trade/modify-order", **LINE, **placed[2], qty="0.2")
    account.post("trade/cancel-order", **placed[2])
    frames = watcher.frames(after=1)
    rows = [row for frame in frames if frame["arg"]["topic"] == "order" for row in frame["data"]]
    assert {frozenset(row) - {"requestId"} for row in rows} == {
        fields.ORDER_PUSH
        | {"matchType", "tpTriggerBy", "slTriggerBy", "tpOrderType", "slOrderType"}
        | {"tpLimitPrice", "slLimitPrice"}
    }
    assert [(row["category"], row["orderId"], row["orderStatus"], row["qty"]) for row in rows] == [
        ("usdt-futures", placed[0]["orderId"], "new", "0.1"),
        ("usdt-futures", placed[0]["orderId"], "filled", "0.1"),
        ("spot", placed[1]["orderId"], "new", "0"),
        ("spot", placed[1]["orderId"], "filled", "0"),
        ("usdt-futures", placed[2]["orderId"], "new", "0.1"),
        ("usdt-futures", placed[2]["orderId"], "new", "0.2"),
        ("usdt-futures", placed[2]["orderId"], "cancelled", "0.2"),
    ]
    last = {row["orderId"]: row for row in rows}
    for order in placed:
        told, row = account.detail(order), last[order["orderId"]]
        told |= {"category": told["category"].lower(), "reduceOnly": told["reduceOnly"].lower()}
        told |= {"holdSide": told["posSide"], "takeprofit": told["takeProfit"], "stoploss": told["stopLoss"]}
        told |= {"tradeSide": told.get("tradeSide", ""), "marginMode": told["marginMode"] or "crossed"}
        told |= {name: told[name] or "market" for name in ("tpOrderType", "slOrderType")}
        same = set(row) & set(told)
        assert {name: row[name] for name in same} == {name: told[name] for name in same}
    fills = [row for frame in frames if frame["arg"]["topic"] == "fill" for row in frame["data"]]
    assert {frozenset(row) for row in fills} == {fields.FILL_PUSH | {"isRPI"}}
    told_fills = {row["execId"]: row for row in account.get("trade/fills")["list"]}
    assert len(fills) == len(told_fills)
    for row in fills:
        told = told_fills[row["execId"]] | {"category": row["category"], "isRPI": "no"}
        told |= {"holdSide": told["posSide"], "execTime": told["createdTime"]}
        assert row == {name: told[name] for name in row}


def test_strategy_orders_are_told_as_they_change(watcher: UnifiedWatcher, account: UnifiedAccount) -> None:
    account.order("buy", "0.1")
    watcher.follow(own("strategy-order"))
    placed = account.strategy(posSide="long", stopLoss=below(account, "0.98"))
    account.strategy(type="trigger", side="buy", qty="0.1", triggerOrderType="market", triggerPrice=below(account))
    rows = watcher.rows("strategy-order", "UTA")
    assert all(set(row) >= fields.TPSL_PUSH for row in rows)
    assert [(row["type"], row["status"], row["orderId"]) for row in rows][:1] == [
        ("tpsl", "pending", placed["orderId"])
    ]
    account.post("trade/cancel-strategy-order", orderId=placed["orderId"])
    account.later(days=25)
    assert {(row["type"], row["status"]) for row in watcher.rows("strategy-order", "UTA")} == {
        ("tpsl", "cancelled"),
        ("trigger", "success"),
    }


def test_orders_in_parts_and_their_parts_are_told(watcher: UnifiedWatcher, account: UnifiedAccount) -> None:
    watcher.follow(own("strategy-order"), own("order"))
    twap = [{"duration": "1", "interval": "30"}]
    hidden = {"splitMode": "order", "splitOrderNumbers": "2", "orderPreference": "fixed_price"}
    placed = [
        account.strategy(type="twap", side="buy", qty="0.1", twapParams=twap),
        account.strategy(
            type="iceberg", side="buy", qty="0.1", icebergParams=[hidden | {"fixedPrice": below(account, "0.9995")}]
        ),
    ]
    account.later(days=3)
    frames = watcher.frames(after=0.2)
    told = [row for frame in frames if frame["arg"]["topic"] == "strategy-order" for row in frame["data"]]
    for one, kind in zip(placed, ("twap", "iceberg"), strict=True):
        mine = [row for row in told if row["orderId"] == one["orderId"]]
        assert [(row["type"], row["status"]) for row in mine] == [(kind, "pending"), (kind, "success")]
        assert all(row[f"{kind}Params"] for row in mine)
    orders = {row["orderId"] for frame in frames if frame["arg"]["topic"] == "order" for row in frame["data"]}
    parts = [account.get("trade/strategy-sub-orders", orderId=one["orderId"])["list"] for one in placed]
    assert {row["subOrderId"] for rows in parts for row in rows} == orders


@pytest.mark.parametrize("other", [UnifiedAccount, PaperAccount])
def test_a_stream_of_the_other_kind_takes_the_login_and_stays_silent(other: type[PaperAccount]) -> None:
    account = other()
    watcher = Watcher(account)
    watcher.enter()
    args = list(CLASSIC if account.unified else EVERYTHING)
    frames = watcher.say({"op": "subscribe", "args": args})
    assert [frame["event"] for frame in frames] == ["subscribe"] * len(args)
    account.order("buy", "0.01")
    assert [frame for _ in range(30) for frame in watcher.frames(after=0.2)] == []


@pytest.mark.parametrize(
    ("arg", "code"),
    [
        (own("nosuch"), 30001),
        (market("nosuch"), 30001),
        (market("kline", interval="7m"), 30001),
        (market("ticker", "coin-futures"), 30001),
        (market("ticker", "margin"), 30001),
        ({"instType": "UTA"}, 30016),
        ({"instType": "UTA", "topic": 5}, 30016),
        ({"instType": "usdt-futures", "topic": "kline", "symbol": "BTCUSDT", "interval": 5}, 30016),
    ],
)
def test_what_is_no_topic_is_refused(watcher: UnifiedWatcher, arg: dict[str, Any], code: int) -> None:
    (frame,) = watcher.say({"op": "subscribe", "args": [arg]})
    assert (frame["event"], frame["code"]) == ("error", code)


def test_an_own_topic_needs_a_login(account: UnifiedAccount) -> None:
    (frame,) = UnifiedWatcher(account).say({"op": "subscribe", "args": [own("order")]})
    assert frame["code"] == 30004


@pytest.mark.parametrize("kind", [UnifiedAccount, PaperAccount])
@pytest.mark.parametrize(
    ("arg", "names"),
    [
        (market("ticker"), fields.FUTURES_TICKER_PUSH),
        (market("ticker", "spot"), fields.SPOT_TICKER_PUSH),
        (market("publicTrade"), frozenset({"i", "L", "p", "v", "S", "T", "isRPI"})),
        (market("kline", interval="1m"), frozenset({"start", "open", "high", "low", "close", "volume", "turnover"})),
        (market("books"), frozenset({"a", "b", "seq", "pseq", "maxdepth", "ts"})),
        (market("books1", "spot"), frozenset({"a", "b", "seq", "pseq", "ts"})),
        (market("books5"), frozenset({"a", "b", "seq", "pseq", "ts"})),
        (market("books50"), frozenset({"a", "b", "seq", "pseq", "ts"})),
    ],
)
def test_prices_are_streamed_to_everybody(kind: type[PaperAccount], arg: dict[str, str], names: frozenset[str]) -> None:
    account = kind()
    watcher = UnifiedWatcher(account)
    (push,) = watcher.follow(arg)
    assert (push["action"], push["arg"]) == ("snapshot", arg)
    assert {frozenset(row) for row in push["data"]} == {names}
    account.later(seconds=30)
    later = watcher.frames(after=1)
    assert later
    assert {frozenset(row) for push in later for row in push["data"]} == {names}
    if arg["topic"] == "books":
        assert later[0]["data"][0]["pseq"] == push["data"][0]["seq"]


def test_a_socket_of_this_process_carries_them_too(account: UnifiedAccount) -> None:
    from paper_watcher import login

    socket = PaperSocket(account.exchange)
    socket.send(login(int(account.wall.timestamp())))
    socket.send(json.dumps({"op": "subscribe", "args": [own("order")]}))
    assert [json.loads(socket.recv(1) or "")["event"] for _ in range(2)] == ["login", "subscribe"]
    account.order("buy", "0.01")
    assert json.loads(socket.recv(2) or "")["data"][0]["orderStatus"] == "new"
    socket.send(json.dumps({"op": "unsubscribe", "args": [own("order")]}))
    frames = [json.loads(socket.recv(1) or "{}") for _ in range(2)]
    assert "unsubscribe" in {frame.get("event") for frame in frames}
