"""Frames in the shapes that Bitget's streams push, with made-up values: one series for every kind of channel."""

from __future__ import annotations

from typing import Any, NamedTuple

from bitget_cli.stream_events import Topic


class Series(NamedTuple):
    """A topic, frames in the order they come, and after each the fields of the rows that are told of it."""

    topic: Topic
    frames: tuple[dict[str, Any], ...]
    told: tuple[list[dict[str, Any]], ...]


def frame(topic: Topic, data: Any, *, action: str = "snapshot", ts: int | None = 1790000000010) -> dict[str, Any]:
    """A push as Bitget sends it; without `ts` the outer time is missing, as in some snapshots of candles."""
    selector = {"coin": topic.name} if topic.channel.startswith("account") else {"instId": topic.name}
    arg = {"instType": topic.inst_type, "channel": topic.channel} | (selector if topic.name else {})
    return {"action": action, "arg": arg, "data": data} | ({} if ts is None else {"ts": ts})


def _series(topic: Topic, *pushes: tuple[Any, list[dict[str, Any]]], action: str = "snapshot") -> Series:
    return Series(
        topic, tuple(frame(topic, data, action=action) for data, _ in pushes), tuple(told for _, told in pushes)
    )


TICKER = Topic("USDT-FUTURES", "ticker", "BTCUSDT")
SPOT_TICKER = Topic("SPOT", "ticker", "ETHUSDT")
BOOKS = Topic("USDT-FUTURES", "books", "BTCUSDT")
BOOKS5 = Topic("SPOT", "books5", "BTCUSDT")
TRADES = Topic("SPOT", "trade", "BTCUSDT")
CANDLES = Topic("USDT-FUTURES", "candle1m", "BTCUSDT")
DAYS = Topic("SPOT", "candle1Dutc", "BTCUSDT")
SPOT_ACCOUNT = Topic("SPOT", "account", "default")
ACCOUNT = Topic("USDT-FUTURES", "account", "default")
POSITIONS = Topic("USDT-FUTURES", "positions", "default")
ORDERS = Topic("USDT-FUTURES", "orders", "default")
SPOT_ORDERS = Topic("SPOT", "orders", "default")
FILLS = Topic("USDT-FUTURES", "fill", "default")
SPOT_FILLS = Topic("SPOT", "fill", "default")
PLANS = Topic("USDT-FUTURES", "orders-algo", "default")
SPOT_PLANS = Topic("SPOT", "orders-algo", "default")


def order(status: str, filled: str, at: int, **more: Any) -> dict[str, Any]:
    """A push of a futures order, `at` ms after the first."""
    return {
        "orderId": "1350000000000000001",
        "clientOid": "mine-1",
        "instId": "ETHUSDT",
        "price": "4400.00",
        "size": "0.40",
        "tradeSide": "open",
        "side": "buy",
        "posSide": "long",
        "accBaseVolume": filled,
        "status": status,
        "leverage": "12",
        "feeDetail": [{"feeCoin": "USDT", "fee": "0"}],
        "reduceOnly": "no",
        "cTime": "1790000000000",
        "uTime": str(1790000000000 + at),
    } | more


def position(symbol: str, side: str, total: str, **more: Any) -> dict[str, Any]:
    return {
        "posId": f"13-{symbol}",
        "instId": symbol,
        "holdSide": side,
        "marginMode": "crossed",
        "total": total,
        "openPriceAvg": "83567.9",
        "leverage": 10,
        "totalFee": "",
        "uTime": "1790000000000",
    } | more


def bar(start: int, close: str) -> list[str]:
    """A minute's bar, its start in minutes after a round one."""
    return [
        str(1789999980000 + start * 60_000),
        "83650.0",
        "83671.2",
        "83640.0",
        close,
        "12.4",
        "1038221.8",
        "1038221.8",
    ]


def fill(trade: str, **more: Any) -> dict[str, Any]:
    return {
        "orderId": "1350000000000000002",
        "tradeId": trade,
        "symbol": "ETHUSDT",
        "side": "sell",
        "price": "4466.00",
        "baseVolume": "0.10",
        "tradeSide": "close",
        "feeDetail": [{"feeCoin": "USDT", "totalFee": "-0.26"}],
        "cTime": "1790000060000",
        "uTime": "1790000060000",
    } | more


def trade(number: int) -> dict[str, str]:
    return {
        "ts": str(1790000000000 + number),
        "price": "83692.3",
        "size": "0.01",
        "side": "buy",
        "tradeId": str(number),
    }


def book(asks: list[list[str]], bids: list[list[str]], seq: int, before: int) -> dict[str, Any]:
    return {"asks": asks, "bids": bids, "ts": "1790000000000", "seq": seq, "pseq": before}


def plan(status: str, at: int, **more: Any) -> dict[str, Any]:
    return {
        "instId": "BTCUSDT",
        "orderId": "1360000000000000001",
        "triggerPrice": "85000.0",
        "planType": "pl",
        "size": "0.0100",
        "side": "buy",
        "status": status,
        "cTime": "1790000000000",
        "uTime": str(1790000000000 + at),
    } | more


_TICKER = {
    "instId": "BTCUSDT",
    "lastPr": "83692.3",
    "bidPr": "83692.2",
    "symbolType": 1,
    "news": "x",
    "ts": "1790000000000",
}
_COIN = {"coin": "USDT", "available": "1040.22", "frozen": "83.69", "uTime": "1789999995000"}
_MARGIN = {"marginCoin": "USDT", "available": "987.5", "equity": "1012.33", "assetsMode": "single"}
_LONG, _SHORT = position("BTCUSDT", "long", "0.0100"), position("ETHUSDT", "short", "0.50")
_MARGIN_ORDER = {
    "orderId": "1370",
    "symbol": "BTCUSDT",
    "status": "partially_filled",
    "baseVolume": "0.0004",
    "uTime": "1",
}
_LENT = {"id": "1", "coin": "USDT", "symbol": "BTCUSDT", "available": "98.94", "borrow": "0", "uTime": "1790000000000"}
_CLOSED = {
    "posId": "13",
    "instId": "ETHUSDT",
    "marginMode": "fixed",
    "closePriceAvg": "4466.00",
    "uTime": "1790000060000",
}

SERIES = {
    "ticker of futures": _series(TICKER, ([_TICKER], [_TICKER])),
    "ticker of spot": _series(SPOT_TICKER, ([{"instId": "ETHUSDT", "lastPr": "4466.41"}], [{"lastPr": "4466.41"}])),
    "candles": _series(
        CANDLES,
        (
            [bar(0, "1"), bar(1, "2")],
            [{"close": "1", "closed": True, "closed_by": "next"}, {"close": "2", "closed": False}],
        ),
        ([bar(1, "3")], [{"close": "3", "closed": False}]),
        ([bar(2, "4")], [{"close": "3", "closed": True}, {"close": "4", "closed": False, "open": "83650.0"}]),
    ),
    "days": _series(DAYS, ([bar(0, "1")], [{"start": "1789999980000", "usdtVolume": "1038221.8", "closed": False}])),
    "trades": _series(
        TRADES,
        ([trade(3), trade(2), trade(1)], [{"tradeId": "1"}, {"tradeId": "2"}, {"tradeId": "3"}]),
        ([trade(5), trade(4), trade(3)], [{"tradeId": "4"}, {"tradeId": "5"}]),
    ),
    "book": _series(
        BOOKS,
        (
            [book([["2.0", "1"], ["2.1", "5"]], [["1.9", "4.0"]], 7, 0)],
            [{"asks": [["2.0", "1"], ["2.1", "5"]], "bids": [["1.9", "4.0"]], "seq": 7, "checked": "verified"}],
        ),
    ),
    "book as an object": _series(BOOKS, (book([["2.0", "1"]], [], 7, 0), [{"asks": [["2.0", "1"]], "bids": []}])),
    "five levels": _series(
        BOOKS5,
        ([book([["2.0", "1"]], [["1.9", "4"]], 7, 0)], [{"asks": [["2.0", "1"]], "checked": "unverified"}]),
        ([book([["2.2", "1"]], [["1.8", "4"]], 9, 0)], [{"asks": [["2.2", "1"]], "bids": [["1.8", "4"]], "seq": 9}]),
    ),
    "one level": _series(
        Topic("COIN-FUTURES", "books1", "BTCUSD"), ([book([["2.0", "1"]], [["1.9", "4"]], 7, 0)], [{"seq": 7}])
    ),
    "fifteen levels": _series(
        Topic("USDC-FUTURES", "books15", "BTCPERP"), ([book([["2.0", "1"]], [["1.9", "4"]], 7, 0)], [{"seq": 7}])
    ),
    "auction": _series(
        Topic("SPOT", "auction", "NEWUSDT"),
        ([{"stage": "stage_1", "estOpeningPrice": None}], [{"stage": "stage_1", "estOpeningPrice": None}]),
    ),
    "index prices": _series(
        Topic("MARGIN", "index-price", "default"),
        (
            [{"symbol": "BTCUSDT", "indexPrice": "83731.02"}, {"symbol": "ETHUSDT", "indexPrice": "4466.83"}],
            [{"symbol": "BTCUSDT"}, {"symbol": "ETHUSDT", "indexPrice": "4466.83"}],
        ),
    ),
    "account of spot": _series(
        SPOT_ACCOUNT,
        ([_COIN, _COIN | {"coin": "BTC"}], [{"coin": "USDT"}, {"coin": "BTC"}]),
        ([_COIN | {"frozen": "0", "uTime": "1790000004000"}], [{"coin": "USDT", "frozen": "0"}]),
    ),
    "account of futures": _series(ACCOUNT, ([_MARGIN], [_MARGIN])),
    "positions": _series(
        POSITIONS,
        ([_LONG, _SHORT], [_LONG, _SHORT]),
        ([_LONG], [_LONG, _SHORT | {"total": "0", "closed": True}]),
        ([], [_LONG | {"total": "0", "closed": True}]),
        ([], []),
    ),
    "orders of futures": _series(
        ORDERS,
        ([order("live", "0", 0)], [{"status": "live", "accBaseVolume": "0"}]),
        (
            [order("partially_filled", "0.10", 5, fillPrice="4400")],
            [{"status": "partially_filled", "fillPrice": "4400"}],
        ),
        ([order("canceled", "0.10", 9)], [{"status": "canceled", "accBaseVolume": "0.10"}]),
    ),
    "orders of spot": _series(
        SPOT_ORDERS,
        (
            [{"orderId": "1", "instId": "BTCUSDT", "newSize": "1", "status": "live"}],
            [{"status": "live", "newSize": "1"}],
        ),
        ([{"orderId": "1", "instId": "BTCUSDT", "status": "cancelled"}], [{"status": "cancelled"}]),
    ),
    "fills of futures": _series(FILLS, ([fill("1")], [fill("1")]), ([fill("1"), fill("2")], [{"tradeId": "2"}])),
    "fills of spot": _series(
        SPOT_FILLS, ([{"symbol": "BTCUSDT", "tradeId": "1", "priceAvg": "83729.41"}], [{"priceAvg": "83729.41"}])
    ),
    "plans of futures": _series(
        PLANS,
        ([plan("live", 0)], [{"status": "live", "planType": "pl"}]),
        (
            [plan("executing", 5), plan("cancelled", 7, orderId="136-2")],
            [{"status": "executing"}, {"status": "cancelled"}],
        ),
        ([plan("executed", 6)], [{"status": "executed"}]),
    ),
    "plans of spot": _series(SPOT_PLANS, ([plan("live", 0, planType="amount")], [{"planType": "amount"}])),
    "closed positions": _series(Topic("USDT-FUTURES", "positions-history", "default"), ([_CLOSED], [_CLOSED])),
    "equity": _series(Topic("USDT-FUTURES", "equity", ""), ([{"btcEquity": "0.0120"}], [{"btcEquity": "0.0120"}])),
    "deleveraging": _series(
        Topic("USDT-FUTURES", "adl-noti", "default"),
        ([{"symbol": "BTCUSDT", "side": "buy", "status": "triggered", "ts": "1"}], [{"status": "triggered"}]),
        action="update",
    ),
    "crossed margin orders": _series(Topic("MARGIN", "orders-crossed", "BTCUSDT"), ([_MARGIN_ORDER], [_MARGIN_ORDER])),
    "isolated margin orders": _series(
        Topic("MARGIN", "orders-isolated", "BTCUSDT"),
        ([_MARGIN_ORDER | {"loanType": "auto-repay"}], [{"orderId": "1370"}]),
    ),
    "crossed margin account": _series(Topic("MARGIN", "account-crossed", "default"), ([_LENT], [_LENT])),
    "isolated margin account": _series(
        Topic("MARGIN", "account-isolated", "default"), ([_LENT, _LENT | {"coin": "BTC"}], [_LENT, {"coin": "BTC"}])
    ),
}
