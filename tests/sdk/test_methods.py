"""The SDK's methods: their signatures as documented, what each sends to a classic account, and what each answers."""

from __future__ import annotations

import ast
import inspect
import json
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import unified_desk
from desk import OID, ORDER, POSITION, open_desk
from doubles import path_of
from pytest_httpx import HTTPXMock
from sdk_door import Opener

from bitget_cli import Bitget, BitgetAPIError, BitgetGuardError
from bitget_cli.runtime import SystemClock
from bitget_cli.sdk.bitget import OrderDesk
from bitget_cli.sdk.stream import Watch

HERE = Path(__file__).parent
SIGNATURES = [
    block.removeprefix("ctx.bitget.") for block in (HERE / "signatures.txt").read_text().strip().split("\n\n")
]
PATHS, UNIFIED_PATHS = (
    [line.split(" ") for line in (HERE / name).read_text().splitlines()] for name in ("paths.txt", "paths_unified.txt")
)
# The kind of account, the method, its path, the name it goes by here, and whether it needs keys.
ASKED = [(kind, *row) for kind, rows in (("classic", PATHS), ("unified", UNIFIED_PATHS)) for row in rows]
HEDGE = {"posMode": "hedge_mode"}


def reads(exchange: HTTPXMock) -> list[tuple[str, dict[str, str]]]:
    """What was asked: path below /api/v2/, and parameters."""
    asked = [(path_of(one), dict(one.url.params)) for one in exchange.get_requests(method="GET")]
    return [(path, given) for path, given in asked if not path.startswith("/api/v3/")]


def changes(exchange: HTTPXMock) -> list[Any]:
    """The bodies of what was sent."""
    return [json.loads(one.content) for one in exchange.get_requests(method="POST")]


def test_every_documented_method_is_there() -> None:
    assert {block.partition("(")[0] for block in SIGNATURES} == {name for _, _, name, _ in PATHS}
    assert len(PATHS) == 15
    assert [row[2:] for row in PATHS] == [row[2:] for row in UNIFIED_PATHS]


@pytest.mark.parametrize("block", SIGNATURES, ids=lambda block: block.partition("(")[0])
def test_a_method_is_called_as_documented(block: str) -> None:
    (written,) = ast.parse(f"def {block}: ...").body
    assert isinstance(written, ast.FunctionDef)
    names = [arg.arg for arg in written.args.args]
    defaults = [ast.literal_eval(default) for default in written.args.defaults]
    own = list(inspect.signature(getattr(Bitget, written.name)).parameters.values())[1:]
    assert [one.name for one in own] == names
    assert [one.default for one in own if one.default is not one.empty] == defaults
    assert all(one.kind is one.POSITIONAL_OR_KEYWORD for one in own)


def test_the_constructor_takes_a_profile_and_a_line() -> None:
    profile, line = list(inspect.signature(Bitget).parameters.values())[:2]
    assert (profile.name, profile.default) == ("profile", "paper")
    assert (line.name, line.default) == ("product_type", "USDT-FUTURES")


CALLS: dict[str, Callable[[Bitget], Any]] = {
    "futures_tickers": lambda bitget: bitget.futures_tickers(symbol="BTCUSDT"),
    "spot_tickers": lambda bitget: bitget.spot_tickers("BTCUSDT"),
    "futures_candles": lambda bitget: bitget.futures_candles(),
    "spot_candles": lambda bitget: bitget.spot_candles(),
    "futures_orderbook": lambda bitget: bitget.futures_orderbook(),
    "futures_accounts": lambda bitget: bitget.futures_accounts(),
    "spot_assets": lambda bitget: bitget.spot_assets(),
    "futures_positions": lambda bitget: bitget.futures_positions(),
    "futures_pending_orders": lambda bitget: bitget.futures_pending_orders(),
    "futures_orders_history": lambda bitget: bitget.futures_orders_history(),
    "futures_place_order": lambda bitget: bitget.futures_place_order("BTCUSDT", "buy", "0.01"),
    "futures_cancel_order": lambda bitget: bitget.futures_cancel_order("BTCUSDT", order_id="1001"),
    "futures_close_position": lambda bitget: bitget.futures_close_position("BTCUSDT"),
    "futures_set_leverage": lambda bitget: bitget.futures_set_leverage("BTCUSDT", 5),
    "spot_place_order": lambda bitget: bitget.spot_place_order("BTCUSDT", "sell", "0.01"),
}


@pytest.mark.parametrize(
    ("kind", "method", "path", "name", "auth"), ASKED, ids=[f"{kind} {name}" for kind, _, _, name, _ in ASKED]
)
def test_an_account_is_asked_by_the_documented_path(
    kind: str, method: str, path: str, name: str, auth: str, opened: Opener
) -> None:
    opened.kind = kind
    held = {"positions": [unified_desk.POSITION], "orders": [unified_desk.ORDER]}
    held = held if opened.is_unified else {"positions": [POSITION], "orders": [ORDER]}
    table = opened.table(**held, answers={"mix/market/tickers": [{"symbol": "BTCUSDT"}]})
    asked: list[tuple[str, str, bool]] = []

    def heard(request: Any) -> Any:
        asked.append((request.method, request.url.path, "ACCESS-KEY" in request.headers))
        return table(request)

    answer = CALLS[name](opened.live(heard))
    assert (method, path, auth == "private") in asked
    assert [sent for sent, *_ in asked].count("POST") == (method == "POST")
    assert (answer["code"], answer["msg"], set(answer)) == ("00000", "success", {"code", "msg", "requestTime", "data"})
    assert isinstance(answer["requestTime"], int)


ORDER_BODY = {"symbol": "BTCUSDT", "productType": "USDT-FUTURES", "marginCoin": "USDT", "marginMode": "isolated"}
ORDER_BODY |= {"size": "0.01", "orderType": "market", "clientOid": OID}
LIMIT_BODY = {**ORDER_BODY, "orderType": "limit", "price": "60000", "force": "gtc"}

# What is given beside symbol and size, the body in one-way mode, the body in hedge mode.
ORDERS: list[tuple[dict[str, Any], dict[str, Any], dict[str, Any]]] = [
    ({"side": "buy"}, {**ORDER_BODY, "side": "buy"}, {**ORDER_BODY, "side": "buy", "tradeSide": "open"}),
    (
        {"side": "sell", "trade_side": "open"},
        {**ORDER_BODY, "side": "sell"},
        {**ORDER_BODY, "side": "sell", "tradeSide": "open"},
    ),
    # In hedge mode the side names the position, as at Bitget.
    (
        {"side": "buy", "trade_side": "close"},
        {**ORDER_BODY, "side": "buy", "reduceOnly": "YES"},
        {**ORDER_BODY, "side": "buy", "tradeSide": "close"},
    ),
    (
        {"side": "sell", "reduce_only": "YES"},
        {**ORDER_BODY, "side": "sell", "reduceOnly": "YES"},
        {**ORDER_BODY, "side": "buy", "tradeSide": "close"},
    ),
    (
        {"side": "buy", "reduce_only": "NO", "margin_mode": "crossed"},
        {**ORDER_BODY, "side": "buy", "marginMode": "crossed"},
        {**ORDER_BODY, "side": "buy", "tradeSide": "open", "marginMode": "crossed"},
    ),
    (
        {"side": "buy", "order_type": "limit", "price": 60000.0, "force": "post_only"},
        {**LIMIT_BODY, "side": "buy", "force": "post_only"},
        {**LIMIT_BODY, "side": "buy", "tradeSide": "open", "force": "post_only"},
    ),
    (
        {"side": "buy", "order_type": "limit", "price": "60000"},
        {**LIMIT_BODY, "side": "buy"},
        {**LIMIT_BODY, "side": "buy", "tradeSide": "open"},
    ),
]


@pytest.mark.parametrize("hedges", [False, True], ids=["one-way", "hedge"])
@pytest.mark.parametrize(("given", "one_way", "hedge"), ORDERS, ids=[str(given) for given, *_ in ORDERS])
def test_an_order_goes_out_as_meant(
    given: dict[str, Any],
    one_way: dict[str, Any],
    hedge: dict[str, Any],
    hedges: bool,
    opened: Opener,
    exchange: HTTPXMock,
) -> None:
    open_desk(exchange, account=HEDGE if hedges else {}).due("mix/order/place-order", hedge if hedges else one_way)
    answer = opened.live().futures_place_order("BTCUSDT", size=0.01, **given)
    assert answer["data"]["orderId"]
    assert answer["data"]["clientOid"] == OID


UNIFIED_BODY = {"category": "USDT-FUTURES", "symbol": "BTCUSDT", "qty": "0.01", "marginMode": "isolated"}
UNIFIED_BODY |= {"orderType": "market", "clientOid": OID}
UNIFIED_LIMIT = {**UNIFIED_BODY, "orderType": "limit", "price": "60000", "timeInForce": "gtc", "side": "buy"}
# The same words, sent to a unified account: the true direction, and in hedge mode the position.
UNIFIED_ORDERS: list[tuple[dict[str, Any], dict[str, Any], dict[str, Any]]] = [
    ({"side": "buy"}, {**UNIFIED_BODY, "side": "buy"}, {**UNIFIED_BODY, "side": "buy", "posSide": "long"}),
    (
        {"side": "buy", "trade_side": "close"},
        {**UNIFIED_BODY, "side": "buy", "reduceOnly": "yes"},
        {**UNIFIED_BODY, "side": "sell", "posSide": "long"},
    ),
    (
        {"side": "sell", "reduce_only": "YES"},
        {**UNIFIED_BODY, "side": "sell", "reduceOnly": "yes"},
        {**UNIFIED_BODY, "side": "sell", "posSide": "long"},
    ),
    (
        {"side": "buy", "reduce_only": "NO", "margin_mode": "crossed"},
        {**UNIFIED_BODY, "side": "buy", "marginMode": "crossed"},
        {**UNIFIED_BODY, "side": "buy", "posSide": "long", "marginMode": "crossed"},
    ),
    (
        {"side": "buy", "order_type": "limit", "price": 60000.0, "force": "post_only"},
        {**UNIFIED_LIMIT, "timeInForce": "post_only"},
        {**UNIFIED_LIMIT, "timeInForce": "post_only", "posSide": "long"},
    ),
]


@pytest.mark.parametrize("hedges", [False, True], ids=["one-way", "hedge"])
@pytest.mark.parametrize(
    ("given", "one_way", "hedge"), UNIFIED_ORDERS, ids=[str(given) for given, *_ in UNIFIED_ORDERS]
)
def test_an_order_goes_out_as_meant_to_a_unified_account(
    given: dict[str, Any], one_way: dict[str, Any], hedge: dict[str, Any], hedges: bool, opened: Opener
) -> None:
    opened.kind = "unified"
    table = opened.table(hedge=hedges)
    answer = opened.live(table).futures_place_order("BTCUSDT", size=0.01, **given)
    assert answer["data"]["orderId"]
    assert answer["data"]["clientOid"] == OID
    assert table.changes == [("/api/v3/trade/place-order", hedge if hedges else one_way)]


def fifteen(bitget: Bitget) -> dict[str, Any]:
    """What each method answers, once around an account."""
    pending = ("BTCUSDT", "buy", "0.01", "limit", 60000)
    told = {
        "futures_set_leverage": bitget.futures_set_leverage("BTCUSDT", 5),
        "futures_tickers": bitget.futures_tickers(symbol="BTCUSDT"),
        "spot_tickers": bitget.spot_tickers("BTCUSDT"),
        "futures_candles": bitget.futures_candles(limit=2),
        "spot_candles": bitget.spot_candles(limit=2),
        "futures_orderbook": bitget.futures_orderbook(limit=2),
        "futures_accounts": bitget.futures_accounts(),
        "spot_assets": bitget.spot_assets("USDT"),
        "futures_place_order": bitget.futures_place_order(*pending),
        "futures_pending_orders": bitget.futures_pending_orders(),
        "spot_place_order": bitget.spot_place_order("BTCUSDT", "buy", 100),
    }
    order = told["futures_place_order"]["data"]["orderId"]
    told["futures_cancel_order"] = bitget.futures_cancel_order("BTCUSDT", order_id=order)
    told["futures_orders_history"] = bitget.futures_orders_history()
    bitget.futures_place_order("BTCUSDT", "buy", "0.01")
    told["futures_positions"] = bitget.futures_positions()
    told["futures_close_position"] = bitget.futures_close_position("BTCUSDT")
    return told


def names_in(data: Any) -> Any:
    """The names in an answer, of its first row where it is a list."""
    if isinstance(data, list):
        return names_in(data[0]) if data else {}
    return {name: names_in(value) for name, value in data.items()} if isinstance(data, dict) else {}


def missing(wanted: Any, there: Any, within: str = "") -> list[str]:
    gone = [f"{within}.{name}" for name in wanted if name not in there]
    return gone + [one for name in set(wanted) & set(there) for one in missing(wanted[name], there[name], name)]


def test_all_fifteen_answer_in_the_same_words_on_either_kind_of_account(opened: Opener) -> None:
    classic, opened.kind = fifteen(opened.paper()), "unified"
    unified = fifteen(opened.paper())
    assert set(classic) == set(unified) == {name for _, _, name, _ in PATHS}
    for name, answer in classic.items():
        assert missing(names_in(answer), names_in(unified[name])) == [], name
    for name in ("futures_accounts", "spot_assets", "futures_positions"):
        assert list(unified[name]["data"][0])[-1] == "accountKind"
    before, after = (told["futures_positions"]["data"][0] for told in (classic, unified))
    same = ("symbol", "holdSide", "total", "leverage", "marginMode", "posMode")
    assert [before[name] for name in same] == [after[name] for name in same]
    assert after["openPriceAvg"] == after["averageOpenPrice"]
    assert unified["futures_set_leverage"]["data"]["crossMarginLeverage"] == "5"


@pytest.mark.parametrize(
    ("size", "sent"),
    [("0.01", "0.01"), (1, "1"), (Decimal("0.25"), "0.25"), (0.1, "0.1"), (1e-3, "0.001"), (2.0, "2")],
)
def test_a_size_is_taken_by_its_shortest_text(size: Any, sent: str, opened: Opener, exchange: HTTPXMock) -> None:
    open_desk(exchange).due("mix/order/place-order", {**ORDER_BODY, "side": "buy", "size": sent})
    opened.live().futures_place_order("BTCUSDT", "buy", size)


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "what computing made of a float": ({"size": 0.1 + 0.2}, "0.30000000000000004"),
    "no number": ({"size": float("nan")}, "not a number"),
    "a truth": ({"size": True}, "not a number"),
    "nothing": ({"size": None}, "not a number"),
    "no side": ({"side": "long"}, "side"),
    "a limit order without price": ({"order_type": "limit"}, "needs a price"),
    "a market order with one": ({"price": "60000"}, "has no price"),
    "no order type": ({"order_type": "stop"}, "order_type"),
    "no force": ({"force": "day"}, "force"),
    "post-only at market": ({"force": "post_only"}, "time in force"),
    "no trade side": ({"trade_side": "flip"}, "trade_side"),
    "no reduce-only": ({"reduce_only": "MAYBE"}, "reduce_only"),
    "two meanings": ({"trade_side": "open", "reduce_only": "YES"}, "contradict"),
    "no margin mode": ({"margin_mode": "cross"}, "margin_mode"),
    "another margin coin": ({"margin_coin": "BTC"}, "USDT"),
    "another line": ({"product_type": "SPOT"}, "spot"),
    "an unknown line": ({"product_type": "UMCBL"}, "UMCBL"),
    "below the minimum": ({"size": "0.00001"}, "minimum"),
    "an unknown symbol": ({"symbol": "BTCUSDX"}, "BTCUSDX"),
}


@pytest.mark.parametrize(("given", "said"), REFUSED.values(), ids=REFUSED)
def test_what_makes_no_order_is_refused_before_anything_is_sent(
    given: dict[str, Any], said: str, opened: Opener, exchange: HTTPXMock
) -> None:
    open_desk(exchange)
    with pytest.raises(BitgetGuardError) as refused:
        opened.live().futures_place_order(**{"symbol": "BTCUSDT", "side": "buy", "size": "0.01", **given})
    assert said in str(refused.value)
    assert refused.value.code == "usage"


def test_a_spot_market_buy_is_money(opened: Opener, exchange: HTTPXMock) -> None:
    desk, bitget = open_desk(exchange), opened.live()
    for _ in range(3):
        desk.due("spot/trade/place-order")
    bitget.spot_place_order("BTCUSDT", "buy", "100")
    bitget.spot_place_order("BTCUSDT", "sell", 0.01)
    bitget.spot_place_order("BTCUSDT", "buy", "0.01", "limit", 60000, force="ioc")
    assert [(body["side"], body["size"], body["force"]) for body in changes(exchange)] == [
        ("buy", "100", "gtc"),
        ("sell", "0.01", "gtc"),
        ("buy", "0.01", "ioc"),
    ]


def test_text_is_taken_as_the_words_of_the_command_line(opened: Opener, exchange: HTTPXMock) -> None:
    ticker = {"lastPr": "60000", "bidPr": "59999.9", "askPr": "60000.1"}
    answers = {"mix/market/ticker": [ticker], "mix/account/max-open": {"maxOpen": "2"}}
    desk = open_desk(exchange, answers=answers, coins={"USDT": "1000"})
    bitget = opened.live()
    for _ in range(3):
        desk.due()
    bitget.orders.place("BTCUSDT", "buy", "25%", price="bid-0.1%", sl="-2%", tp="2R")
    bitget.futures_place_order("BTCUSDT", "sell", "max", margin_mode="crossed")
    bitget.spot_place_order("BTCUSDT", "buy", "50%")
    first, *others = changes(exchange)
    assert (first["size"], first["price"]) == ("0.5", "59939.9")
    assert (first["presetStopLossPrice"], first["presetStopSurplusPrice"]) == ("58741.2", "62337.3")
    assert [body["size"] for body in others] == ["2", "500"]


def test_a_position_is_closed_and_leverage_set_by_side_where_there_are_two(opened: Opener, exchange: HTTPXMock) -> None:
    both = [{**POSITION, **HEDGE}, {**POSITION, **HEDGE, "holdSide": "short"}]
    desk = open_desk(exchange, positions=both, account={**HEDGE, "marginMode": "isolated"})
    bitget = opened.live()
    with pytest.raises(BitgetGuardError, match="long"):
        bitget.futures_close_position("BTCUSDT")
    desk.due("mix/order/close-positions")
    bitget.futures_close_position("BTCUSDT", hold_side="short")
    desk.due("mix/account/set-leverage")
    bitget.futures_set_leverage("BTCUSDT", 7, hold_side="long")
    assert [body.get("holdSide") for body in changes(exchange)] == ["short", "long"]


def test_one_way_mode_needs_no_side(opened: Opener, exchange: HTTPXMock) -> None:
    body = {"symbol": "BTCUSDT", "productType": "USDT-FUTURES"}
    open_desk(exchange, positions=[POSITION]).due("mix/order/close-positions", body)
    opened.live().futures_close_position("BTCUSDT", hold_side="long")


# Given, what futures are asked for, what spot is asked for.
BARS = [
    ("1m", "1m", "1min"),
    ("1min", "1m", "1min"),
    ("1h", "1H", "1h"),
    ("1H", "1H", "1h"),
    ("1D", "1D", "1day"),
    ("1day", "1D", "1day"),
    ("1Dutc", "1Dutc", "1Dutc"),
    ("1W", "1W", "1week"),
    ("1M", "1M", "1M"),
]


@pytest.mark.parametrize(("given", "futures", "spot"), BARS)
def test_bars_are_named_as_either_product_does(
    given: str, futures: str, spot: str, opened: Opener, exchange: HTTPXMock
) -> None:
    open_desk(exchange)
    bitget = opened.live()
    bitget.futures_candles(granularity=given, limit=5, start_time=1772452800000)
    bitget.spot_candles(granularity=given)
    assert [asked["granularity"] for _, asked in reads(exchange)] == [futures, spot]
    assert reads(exchange)[0][1]["startTime"] == "1772452800000"


@pytest.mark.parametrize(("limit", "asked"), [(1, "1"), (3, "5"), (15, "15"), (20, "50"), (51, "max")])
def test_a_book_is_asked_for_with_the_next_larger_depth_and_cut(
    limit: int, asked: str, opened: Opener, exchange: HTTPXMock
) -> None:
    levels = [["60000", "1"]] * (200 if asked == "max" else int(asked))
    open_desk(exchange, answers={"mix/market/merge-depth": {"asks": levels, "bids": levels, "ts": "1"}})
    book = opened.live().futures_orderbook(limit=limit)["data"]
    assert reads(exchange) == [
        ("mix/market/merge-depth", {"symbol": "BTCUSDT", "productType": "USDT-FUTURES", "limit": asked})
    ]
    assert (len(book["asks"]), len(book["bids"]), book["ts"]) == (limit, limit, "1")


def test_a_ticker_has_its_price_under_both_names(opened: Opener, exchange: HTTPXMock) -> None:
    rows = [{"symbol": "ETHUSDT", "lastPr": "3000"}, {"symbol": "BTCUSDT", "lastPr": "60000.10"}]
    open_desk(exchange, answers={"mix/market/tickers": rows, "spot/market/tickers": rows})
    bitget = opened.live()
    assert bitget.futures_tickers(symbol="btcusdt")["data"] == [rows[1] | {"last": "60000.10"}]
    assert [row["last"] for row in bitget.futures_tickers()["data"]] == ["3000", "60000.10"]
    assert [row["last"] for row in bitget.spot_tickers()["data"]] == ["3000", "60000.10"]


COINS = [{"marginCoin": "USDT", "available": "5"}, {"marginCoin": "BTC", "available": "1"}]


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({}, ["USDT"]),
        ({"margin_coin": "btc"}, ["BTC"]),
        ({"product_type": "COIN-FUTURES"}, ["USDT", "BTC"]),
        ({"product_type": "COIN-FUTURES", "margin_coin": "BTC"}, ["BTC"]),
    ],
)
def test_accounts_are_those_of_a_margin_coin(
    given: dict[str, Any], found: list[str], opened: Opener, exchange: HTTPXMock
) -> None:
    open_desk(exchange, answers={"mix/account/accounts": COINS})
    assert [row["marginCoin"] for row in opened.live().futures_accounts(**given)["data"]] == found


def test_a_position_has_its_entry_under_both_names(opened: Opener, exchange: HTTPXMock) -> None:
    open_desk(exchange, positions=[{**POSITION, "openPriceAvg": "60000"}])
    (held,) = opened.live().futures_positions()["data"]
    assert (held["openPriceAvg"], held["averageOpenPrice"]) == ("60000", "60000")


def test_the_line_of_the_block_counts_where_none_is_named(opened: Opener, exchange: HTTPXMock) -> None:
    open_desk(exchange)
    bitget = opened.live(product_type="USDC-FUTURES")
    bitget.futures_tickers()
    bitget.futures_positions()
    bitget.futures_tickers(product_type="USDT-FUTURES")
    assert [asked["productType"] for _, asked in reads(exchange)] == ["USDC-FUTURES", "USDC-FUTURES", "USDT-FUTURES"]


def test_open_and_past_orders_come_in_bitgets_wrapping(opened: Opener, exchange: HTTPXMock) -> None:
    open_desk(exchange, orders=[ORDER])
    bitget = opened.live()
    assert bitget.futures_pending_orders(symbol="BTCUSDT")["data"] == {"entrustedList": [ORDER], "endId": "1001"}
    assert bitget.futures_orders_history()["data"] == {"entrustedList": [], "endId": None}


def test_an_order_is_cancelled_by_either_id(opened: Opener, exchange: HTTPXMock) -> None:
    desk, bitget = open_desk(exchange, orders=[ORDER]), opened.live()
    market = {"symbol": "BTCUSDT", "productType": "USDT-FUTURES"}
    desk.due("mix/order/cancel-order", {**market, "clientOid": "mine-1"})
    bitget.futures_cancel_order("BTCUSDT", client_oid="mine-1")
    desk.due("mix/order/cancel-order", {**market, "orderId": "1001"})
    bitget.futures_cancel_order("BTCUSDT", order_id="1001")
    with pytest.raises(BitgetGuardError, match="which order"):
        bitget.futures_cancel_order("BTCUSDT")


def test_everything_order_buy_takes_can_be_placed(opened: Opener, exchange: HTTPXMock) -> None:
    desk, bitget = open_desk(exchange), opened.live()
    limit = {"size": "0.0100", "orderType": "limit", "price": "60000", "force": "ioc", "clientOid": "mine"}
    exits = {"presetStopSurplusPrice": "70000", "presetStopLossPrice": "50000.5"}
    body = {**ORDER_BODY, **limit, **exits, "side": "buy", "marginMode": "crossed"}
    desk.due("mix/order/place-order", body)
    answer = bitget.orders.place(
        "BTCUSDT", "buy", quote=600, price=60000, tif="ioc", tp=70000, sl=50000.5, client_oid="mine"
    )
    desk.due("spot/trade/place-order")
    bitget.orders.place("BTC/USDT", "sell", 0.01)
    shown = bitget.orders.place("BTCUSDT", "sell", "0.01", close=True, dry_run=True)["data"]
    assert answer["data"]["clientOid"] == "mine"
    assert '"reduceOnly":"YES"' in shown["body"]


def test_any_row_can_be_called_and_walked(opened: Opener, exchange: HTTPXMock) -> None:
    bills = [{"billId": str(number), "cTime": "1772452800000"} for number in range(3)]
    answers = {"mix/account/bill": {"bills": bills, "endId": "0"}, "public/time": {"serverTime": "7"}}
    desk, bitget = open_desk(exchange, answers=answers), opened.live()
    assert bitget.call("public.time")["data"] == {"serverTime": "7"}
    since = datetime(2026, 3, 1, tzinfo=UTC)
    assert list(bitget.pages("mix.account.bill", productType="USDT-FUTURES", since=since, limit=2)) == bills[:2]
    body = {**ORDER_BODY, "side": "buy", "clientOid": "raw"}
    desk.due("mix/order/place-order", body)
    placed = bitget.call("mix.order.place-order", **{**body, "size": 0.01})
    assert placed["data"]["clientOid"] == "raw"
    with pytest.raises(BitgetGuardError, match="does not answer in pages"):
        next(bitget.pages("public.time"))
    with pytest.raises(BitgetGuardError, match=r"no endpoint .public\.tim."):
        bitget.call("public.tim")


def test_a_stream_is_a_row_after_another(paper: Bitget) -> None:
    with paper.watch("ticker", "BTCUSDT") as stream:
        row = next(stream)
        assert (row["market"], row["symbol"]) == ("usdt-futures", "BTCUSDT")
        assert Decimal(row["lastPr"]) > 0
    assert list(stream) == []
    with pytest.raises(BitgetGuardError, match="needs a symbol"):
        paper.watch("ticker")
    with pytest.raises(BitgetGuardError, match="no stream"):
        paper.watch("prices", "BTCUSDT")


def test_a_stream_of_ones_own_tells_the_rows_of_a_classic_account(either: Opener, kind: str) -> None:
    either.clock = SystemClock()  # type: ignore[assignment]  # streams go on by the machine's own clock
    paper = either.paper()
    paper.futures_place_order("BTCUSDT", "buy", "0.01", margin_mode="crossed")
    with paper.watch("positions") as stream:
        row = next(stream)
    assert (row["market"], row["symbol"], row["holdSide"], row["total"]) == ("usdt-futures", "BTCUSDT", "long", "0.01")
    assert Decimal(row["openPriceAvg"]) > 0
    assert row.get("accountKind") == (None if kind == "classic" else "unified")


def test_one_that_is_closed_says_so(paper: Bitget) -> None:
    with paper:
        assert paper.futures_tickers()["data"]
    with pytest.raises(BitgetGuardError, match="closed"):
        paper.futures_tickers()


def test_everything_public_says_what_it_does() -> None:
    public = [
        member
        for kind in (Bitget, OrderDesk, Watch, BitgetAPIError)
        for name, member in inspect.getmembers(kind, inspect.isfunction)
        if not name.startswith("_") and name != "close"
    ]
    assert len(public) > 18
    assert [member.__name__ for member in public if not inspect.getdoc(member)] == []
