"""A trader's words at every door: what is worked out, what is sent for it, and how it is told."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

import pytest
from desk import DEMO, LIVE, ORDER, PART_EXIT, PLAN, POSITION, SPOT_ORDER, Desk, open_desk
from doubles import Bitget, StillClock
from pytest_httpx import HTTPXMock
from unified_desk import EXIT as UNIFIED_EXIT
from unified_desk import ORDER as UNIFIED_ORDER
from unified_desk import POSITION as UNIFIED_POSITION
from unified_desk import UnifiedDesk

from bitget_cli.paper.engine import matching
from bitget_cli.trading.account_state import AccountState, Instruments
from bitget_cli.trading.model import Prices
from bitget_cli.values import Product, Symbol

TICKER = {
    "symbol": "BTCUSDT",
    "lastPr": "60000",
    "bidPr": "59999.9",
    "askPr": "60000.4",
    "markPrice": "60010",
    "indexPrice": "60020",
}
ENTRY = "60123.45"
HELD = POSITION | {"openPriceAvg": ENTRY, "available": "0.4"}
UNIFIED_HELD = UNIFIED_POSITION | {"avgPrice": ENTRY, "available": "0.4"}
SHORT = HELD | {"holdSide": "short"}
MOST = {"maxBuyOpen": "1.2345", "maxSellOpen": "1.1", "maxOpen": ""}
ANSWERS: dict[str, Any] = {
    "mix/market/ticker": [TICKER],
    "spot/market/tickers": [TICKER],
    "mix/account/max-open": {"maxOpen": "1.2345"},
    "mix/account/accounts": [{"marginCoin": "USDT", "available": "7", "accountEquity": "10000"}],
    "spot/account/assets": [{"coin": "USDT", "available": "1000", "frozen": "500"}],
}
BTC_FREE = {"spot/account/assets": [{"coin": "BTC", "available": "1.2345678", "frozen": "1"}]}
Row = tuple[str, dict[str, Any], dict[str, str]]
# Command, what is there, and what of the request is worked out, by the names of a classic account.
WORKED: list[Row] = [
    ("order buy BTCUSDT 25%", {}, {"size": "0.3086"}),
    ("order buy BTCUSDT max", {}, {"size": "1.2345"}),
    ("order buy BTCUSDT max", {"terms": {"maxMarketOrderQty": "1"}}, {"size": "1"}),
    ("order buy BTCUSDT max --price 60000", {"terms": {"maxOrderQty": "1.1"}}, {"size": "1.1"}),
    ("order sell BTCUSDT 33.3% --price 61000", {}, {"size": "0.411", "price": "61000"}),
    ("order sell BTCUSDT 50%", {"positions": [HELD]}, {"size": "0.8672"}),
    ("order sell BTCUSDT 50% --close", {"positions": [HELD]}, {"size": "0.2"}),
    ("order sell BTCUSDT max --reduce-only", {"positions": [HELD]}, {"size": "0.4"}),
    ("order buy BTCUSDT 0.01 --price bid-0.1%", {}, {"price": "59939.9"}),
    ("order sell BTCUSDT 0.01 --price bid+0.1%", {}, {"price": "60059.9"}),
    ("order buy BTCUSDT 0.01 --price mid", {}, {"price": "60000.1"}),
    ("order sell BTCUSDT 0.01 --price mid", {}, {"price": "60000.2"}),
    ("order buy BTCUSDT 0.01 --price ask-25", {}, {"price": "59975.4"}),
    ("order buy BTCUSDT 0.01 --price last-3t", {}, {"price": "59999.7"}),
    ("order buy BTCUSDT 0.01 --price mark-10bp", {}, {"price": "59949.9"}),
    ("order sell BTCUSDT 0.01 --price INDEX+1%", {}, {"price": "60620.2"}),
    ("order sell BTCUSDT 0.01 --close --price entry+fees", {"positions": [HELD]}, {"price": "60195.7"}),
    ("order sell BTCUSDT 0.01 --close --price entry+1%", {"positions": [HELD]}, {"price": "60724.7"}),
    (
        "order buy BTCUSDT 0.01 --sl -2% --tp +4%",
        {},
        {"presetStopLossPrice": "58800.4", "presetStopSurplusPrice": "62400.4"},
    ),
    (
        "order sell BTCUSDT 0.01 --sl +2% --tp -4%",
        {},
        {"presetStopLossPrice": "61199.8", "presetStopSurplusPrice": "57600"},
    ),
    (
        "order buy BTCUSDT 0.01 --price 59000.3 --sl -1% --tp 2R",
        {},
        {"price": "59000.3", "presetStopLossPrice": "58410.3", "presetStopSurplusPrice": "60180.3"},
    ),
    (
        "order sell BTCUSDT 0.01 --price 61000 --sl 61500 --tp 1.5r",
        {},
        {"presetStopLossPrice": "61500", "presetStopSurplusPrice": "60250"},
    ),
    ("order buy BTCUSDT --risk 1% --sl -2%", {}, {"size": "0.0786", "presetStopLossPrice": "58800.4"}),
    ("order buy BTCUSDT --risk 50 --price 60000 --sl 59000", {}, {"size": "0.0466", "presetStopLossPrice": "59000"}),
    ("order sell BTCUSDT --risk 50 --price 60000 --sl 61000", {}, {"size": "0.0466", "presetStopLossPrice": "61000"}),
    ("order buy BTC/USDT 25%", {}, {"size": "250"}),
    ("order buy BTC/USDT max --price 60000", {}, {"size": "0.016666"}),
    ("order sell BTC/USDT 25%", {"answers": BTC_FREE}, {"size": "0.308641"}),
    ("order sell BTC/USDT max --price ask+0.5%", {"answers": BTC_FREE}, {"size": "1.234567", "price": "60300.41"}),
    (
        "order buy BTC/USDT --risk 15 --sl -2% --price 59000",
        {},
        {"size": "0.011566", "presetStopLossPrice": "57820"},
    ),
]
# The same words on a unified account, whose names these are.
NAMES = {"size": "qty", "presetStopLossPrice": "stopLoss", "presetStopSurplusPrice": "takeProfit"}


def ids(row: Any) -> str:
    return row if isinstance(row, str) else ""


def desk_of(exchange: HTTPXMock, state: dict[str, Any]) -> Desk:
    return open_desk(exchange, **{**state, "answers": ANSWERS | state.get("answers", {})})


@pytest.mark.parametrize(("typed", "state", "sent"), WORKED, ids=ids)
@pytest.mark.parametrize("mode", ["one_way_mode", "hedge_mode"])
def test_what_is_worked_out_is_sent_and_told(
    bitget: Bitget, exchange: HTTPXMock, mode: str, typed: str, state: dict[str, Any], sent: dict[str, str]
) -> None:
    held = [one | {"posMode": mode} for one in state.get("positions", [])]
    desk = desk_of(exchange, {**state, "positions": held, "account": {"posMode": mode}})
    if typed == "order sell BTCUSDT 50%" and mode == "hedge_mode":
        sent = {"size": "0.6172"}  # no position is closed by it
    dry = bitget(f"{typed} --dry-run --json", env=DEMO)
    assert (dry.status, desk.changes) == (0, []), dry.err
    desk.due()
    ran = bitget(f"{typed} --json", env=DEMO)
    assert ran.status == 0, ran.err
    ((_, body),) = desk.changes
    assert {name: body.get(name) for name in sent} == sent
    assert json.loads(dry.json["body"]) | {"clientOid": ""} == body | {"clientOid": ""}
    # The arithmetic is in the record, in the dry run, and told to people; what is sent stands in it.
    assert ran.json["working"]
    assert ran.json["working"] == dry.json["working"]
    assert all(f"{sentence}\n" in ran.err for sentence in ran.json["working"])


@pytest.mark.parametrize(("typed", "state", "sent"), WORKED, ids=ids)
def test_the_same_words_on_a_unified_account(
    bitget: Bitget, exchange: HTTPXMock, typed: str, state: dict[str, Any], sent: dict[str, str]
) -> None:
    coins = {"USDT": "1000", "BTC": "1.2345678"}
    held = [UNIFIED_HELD] if state.get("positions") else []
    desk = UnifiedDesk(exchange, positions=held, coins=coins, terms=state.get("terms", {}), answers={**ANSWERS, **OWN})
    bitget.kind_is_asked = True
    if needs_most(typed):
        desk.due("account/max-open-available")
    desk.due("trade/place-order")
    ran = bitget(f"{typed} --json", env=DEMO)
    assert ran.status == 0, ran.err
    body = desk.changes[-1][1]
    wanted = {NAMES.get(name, name): value for name, value in sent.items()}
    assert {name: body.get(name) for name in wanted} == wanted | OTHERWISE.get(typed, {})


OWN = {"/api/v3/account/max-open-available": MOST}
# Its equity is of the whole account, and what may be sold is told apart.
OTHERWISE = {
    "order sell BTCUSDT 33.3% --price 61000": {"qty": "0.3663"},
    "order sell BTCUSDT 50%": {"qty": "0.8"},
    "order buy BTCUSDT --risk 1% --sl -2%": {"qty": "0.7866"},
}


def needs_most(typed: str) -> bool:
    opens = not any(word in typed for word in ("--close", "--reduce-only", "BTC/USDT"))
    return opens and ("%" in typed.split()[3] or "max" in typed or "--risk" in typed)


ONE_WAY = POSITION | {"openPriceAvg": ENTRY}
# Command, what is there, the path and what of each request.
OTHER_DOORS: list[tuple[str, dict[str, Any], list[tuple[str, dict[str, str]]]]] = [
    (
        "plan buy BTCUSDT 25% --trigger last-1%",
        {},
        [("mix/order/place-plan-order", {"size": "0.3086", "triggerPrice": "59400"})],
    ),
    (
        "plan sell BTCUSDT --risk 50 --trigger bid-1% --price bid-1.1% --sl +1%",
        {},
        [
            (
                "mix/order/place-plan-order",
                {"triggerPrice": "59400", "price": "59340", "stopLossTriggerPrice": "59933.4", "size": "0.0751"},
            )
        ],
    ),
    ("plan buy BTC/USDT 25% --trigger 59000", {}, [("spot/trade/place-plan-order", {"size": "250"})]),
    (
        "plan buy BTC/USDT 25% --trigger last-1% --price last-2%",
        {},
        [("spot/trade/place-plan-order", {"size": "0.004251", "triggerPrice": "59400", "executePrice": "58800"})],
    ),
    (
        "plan tpsl BTCUSDT --sl entry-1% --tp 2R --size 25%",
        {"positions": [HELD]},
        [
            ("mix/order/place-tpsl-order", {"planType": "profit_plan", "triggerPrice": "61325.7", "size": "0.1"}),
            ("mix/order/place-tpsl-order", {"planType": "loss_plan", "triggerPrice": "59522.3", "size": "0.1"}),
        ],
    ),
    (
        "plan tpsl BTCUSDT --sl entry+fees",
        {"positions": [SHORT]},
        # 60123.45 * 0.9994 / 1.0006 is 60051.34…
        [("mix/order/place-tpsl-order", {"planType": "pos_loss", "triggerPrice": "60051.3"})],
    ),
    (
        "plan tpsl BTCUSDT --tp mark+1% --sl -2%",
        {"positions": [HELD]},
        [
            (
                "mix/order/place-pos-tpsl",
                {"stopSurplusTriggerPrice": "60610.1", "stopLossTriggerPrice": "58921"},
            )
        ],
    ),
    (
        "plan tpsl BTCUSDT --trailing 2 --trigger last+1%",
        {"positions": [HELD]},
        [("mix/order/place-tpsl-order", {"planType": "moving_plan", "triggerPrice": "60600"})],
    ),
    ("position close BTCUSDT --size 25%", {"positions": [HELD]}, [("mix/order/place-order", {"size": "0.1"})]),
    ("position close BTCUSDT --size max", {"positions": [HELD]}, [("mix/order/place-order", {"size": "0.4"})]),
    ("position close BTCUSDT --size max", {"positions": [ONE_WAY]}, [("mix/order/close-positions", {})]),
    (
        "order modify 1001 --price bid-1%",
        {"orders": [ORDER]},
        [("mix/order/modify-order", {"newPrice": "59399.9", "newSize": "0.02"})],
    ),
    (
        "order modify 1001 --price entry-1%",
        {"orders": [ORDER], "positions": [HELD]},
        [("mix/order/modify-order", {"newPrice": "59522.2"})],
    ),
    (
        "order modify 1001 --sl -2% --tp 2R",
        {"orders": [ORDER]},
        [("mix/order/modify-order", {"newPresetStopLossPrice": "57820", "newPresetStopSurplusPrice": "61360"})],
    ),
    (
        "order modify 2001 --price ask-1%",
        {"spot_orders": [SPOT_ORDER]},
        [("spot/trade/cancel-replace-order", {"price": "59400.39"})],
    ),
    (
        "plan modify 3001 --trigger mark-2%",
        {"plans": [PLAN]},
        [("mix/order/modify-plan-order", {"newTriggerPrice": "58809.8"})],
    ),
    # A long's stop goes up, towards its entry.
    (
        "plan modify 3004 --trigger entry-2%",
        {"plans": [PART_EXIT], "positions": [HELD]},
        [("mix/order/modify-tpsl-order", {"triggerPrice": "58921"})],
    ),
]


@pytest.mark.parametrize(("typed", "state", "sent"), OTHER_DOORS, ids=ids)
def test_the_other_doors_take_them_too(
    bitget: Bitget, exchange: HTTPXMock, typed: str, state: dict[str, Any], sent: list[tuple[str, dict[str, str]]]
) -> None:
    desk = desk_of(exchange, state)
    for path, _ in sent:
        desk.due(path)
    ran = bitget(f"{typed} --json", env=DEMO)
    assert ran.status == 0, ran.err
    told = [
        (path, {name: body.get(name) for name in part})
        for (path, body), (_, part) in zip(desk.changes, sent, strict=True)
    ]
    assert told == sent
    for record in ran.json if isinstance(ran.json, list) else [ran.json]:
        assert record["working"]
        assert all(f"{sentence}\n" in ran.err for sentence in record["working"])


FILE = """symbol,side,size,risk,price,sl
BTCUSDT,buy,25%,,bid-0.1%,
BTCUSDT,buy,,50,60000,59000
BTCUSDT,sell,0.01,,61000,
"""


def test_a_file_of_orders_takes_them(bitget: Bitget, exchange: HTTPXMock) -> None:
    desk = desk_of(exchange, {})
    desk.due("mix/order/batch-place-order")
    ran = bitget("order batch - --json", env=DEMO, typed=FILE)
    assert ran.status == 0, ran.err
    listed = desk.changes[0][1]["orderList"]
    assert [(one["size"], one["price"]) for one in listed] == [
        ("0.3086", "59939.9"),
        ("0.0466", "60000"),
        ("0.01", "61000"),
    ]
    assert [len(record["working"] or ()) for record in ran.json] == [2, 1, 0]


@pytest.mark.parametrize("mode", ["one_way_mode", "hedge_mode"])
def test_the_entry_is_that_of_the_position_there_is(bitget: Bitget, exchange: HTTPXMock, mode: str) -> None:
    desk = desk_of(exchange, {"positions": [SHORT | {"posMode": mode}], "account": {"posMode": mode}})
    desk.due()
    # It says nothing of closing, and buys the short back in one-way mode: where nothing is lost lies below the entry.
    ran = bitget("order buy BTCUSDT 0.01 --price entry+fees --json", env=DEMO)
    assert ran.status == 0, ran.err
    assert desk.changes[0][1]["price"] == "60051.3"
    assert "the entry of the short" in ran.json["working"][0]


SPOT_EXITS = {**UNIFIED_EXIT, "category": "SPOT", "posSide": "", "side": "sell", "stopLoss": "50000"}
NO_ENTRY = {
    "plan tpsl BTC/USDT --tp 2R --sl last-5%": "'2R': spot has no positions, and so no entry",
    "plan modify 3003 --product spot --tp entry+4%": "'entry+4%': spot has no positions, and so no entry",
    "plan modify 3003 --product spot --sl -4%": "'-4%': spot has no positions, and so no entry",
    "plan modify 3003 --product spot --tp 2R --sl 50000": "'2R': spot has no positions, and so no entry",
    # The stop that it would be counted by is to go.
    "order modify 1001 --tp 2R --sl 0": "'2R' is so many times the distance of a stop",
}


@pytest.mark.parametrize("typed", NO_ENTRY)
def test_what_nothing_can_be_counted_by_ends_with_2(bitget: Bitget, exchange: HTTPXMock, typed: str) -> None:
    desk = UnifiedDesk(exchange, plans=[SPOT_EXITS], orders=[UNIFIED_ORDER], answers={**ANSWERS, **OWN})
    bitget.kind_is_asked = True
    ran = bitget(f"{typed} --json", env=DEMO)
    assert (ran.status, desk.changes) == (2, [])
    assert NO_ENTRY[typed] in json.loads(ran.err)["message"]


MISTAKES = {
    "order buy BTCUSDT 0.01 --price -1%": "'-1%' is an offset from nothing",
    "order buy BTCUSDT 0.01 --price bidd": "price 'bidd' is not",
    "order buy BTCUSDT 0.01 --price 2R": "'2R' counts in distances of a stop",
    "order buy BTCUSDT 0.01 --sl 2R": "'2R' counts in distances of a stop",
    "order buy BTCUSDT 0.01 --tp 2R": "'2R' is so many times the distance of a stop",
    "order buy BTCUSDT 0.01 --tp 4%": "take-profit '4%' is not",
    "order buy BTCUSDT 0.01 --price bid+fees": "fees belong to an entry",
    "order buy BTCUSDT 0%": "size '0%' is not above 0 %",
    "order buy BTCUSDT 101%": "size '101%' is not above 0 % and at most 100 %",
    "order buy BTCUSDT half": "size 'half' is not",
    "order buy BTCUSDT --risk 1%": "--risk is what may be lost at a stop, and there is none",
    "order buy BTCUSDT --risk 0 --sl -1%": "--risk '0' is not above zero",
    "order buy BTCUSDT 0.01 --risk 1% --sl -1%": "SIZE and --risk are two sizes",
    "order buy BTCUSDT 0.01 --quote 5 --risk 1% --sl -1%": "SIZE and --quote and --risk are three sizes",
    "order buy BTCUSDT --risk 1% --sl -1% --close": "--risk sizes what opens",
    "order sell BTC/USDT --risk 1% --sl -1%": "--risk sizes what is bought",
    "order buy BTC/USDT 0.01 --price mark-1%": "spot has no mark price",
    "order buy BTC/USDT 0.01 --price 60000 --sl index-1%": "spot has no index price",
    "order buy BTC/USDT 0.01 --price entry": "spot has no positions",
    "order buy BTCUSDT --quote 25%": "--quote '25%' is not",
    "plan buy BTCUSDT 0.01 --trigger -1%": "--trigger '-1%' is an offset from nothing",
    "plan buy BTCUSDT --risk 1% --trigger 60000 --callback 1 --sl 1": "--risk needs a stop with a price",
    "plan buy BTCUSDT 0.01 --trigger 60000 --callback 1 --sl -1%": "stop-loss '-1%' is not a plain number",
    "plan tpsl BTCUSDT --sl -25": "--sl '-25' may be a slip for a price",
    "plan tpsl BTCUSDT --sl 50000 --size 0%": "--size '0%' is not above 0 %",
    "position close BTCUSDT --size 200%": "--size '200%' is not above 0 %",
    "order modify 1001 --price -1%": "--price '-1%' is an offset from nothing",
}


@pytest.mark.parametrize("typed", MISTAKES)
def test_a_bad_word_ends_with_2_before_anything_is_asked(bitget: Bitget, exchange: HTTPXMock, typed: str) -> None:
    desk = desk_of(exchange, {})
    ran = bitget(f"{typed} --json", env=DEMO)
    assert (ran.status, ran.out, desk.changes, desk.reads) == (2, "", [], [])
    assert MISTAKES[typed] in json.loads(ran.err)["message"]


TOO_MUCH: dict[str, tuple[dict[str, Any], str]] = {
    "order buy BTCUSDT --risk 90% --sl -1%": (
        {},
        "--risk 90% comes to 13.4 BTC, and 1.2345 BTC could be opened",
    ),
    "order buy BTC/USDT --risk 100 --sl -1% --price 60000": (
        {},
        "--risk 100 comes to 0.139004 BTC, and 0.016666 BTC could be opened",
    ),
    "order buy BTCUSDT --risk 0.01 --sl -2%": ({}, "pays for less than one step of 0.0001 BTC"),
    "order buy BTCUSDT --risk 1% --sl +2%": ({}, "stop-loss 61200.5 is not below the entry 60000.4"),
    "order buy BTCUSDT --risk 1% --sl 60000.45": ({}, "stop-loss 60000.45 is not a multiple of the tick"),
    "order buy BTCUSDT 0.01 --price 60000.05": ({}, "price 60000.05 is not a multiple of the tick"),
    "order buy BTCUSDT 0.01 --price bid-100%": ({}, "which is no price above zero"),
    "order buy BTCUSDT 25% --margin-mode isolated": ({}, "in crossed margin, the mode in force, not in isolated"),
    "order buy BTCUSDT 0.01%": (
        {"answers": {"mix/account/max-open": {"maxOpen": "0.5"}}},
        "0.01 % of 0.5 BTC that could be opened is less than one step",
    ),
    "order sell BTCUSDT max --close": ({}, "there is no long position in BTCUSDT"),
    "order sell BTCUSDT 0.01 --price entry": ({}, "there is no position in BTCUSDT"),
    "plan tpsl BTCUSDT --sl entry+2%": ({"positions": [HELD]}, "is not below the mark price"),
}


@pytest.mark.parametrize("typed", TOO_MUCH)
def test_what_cannot_be_meant_ends_with_2_and_nothing_is_sent(bitget: Bitget, exchange: HTTPXMock, typed: str) -> None:
    state, sentence = TOO_MUCH[typed]
    desk = desk_of(exchange, state)
    ran = bitget(f"{typed} --json", env=DEMO)
    assert (ran.status, ran.out, desk.changes) == (2, "", [])
    assert sentence in json.loads(ran.err)["message"]


def without(name: str, value: Any = None) -> dict[str, Any]:
    told = {key: text for key, text in TICKER.items() if key != name} | ({} if value is None else {name: value})
    return {"mix/market/ticker": [told], "spot/market/tickers": [told]}


MISSING: list[tuple[str, dict[str, Any]]] = [
    ("order buy BTCUSDT 0.01 --price bid-1%", without("bidPr")),
    ("order buy BTCUSDT 0.01 --price bid-1%", without("bidPr", "0")),
    ("order buy BTCUSDT 0.01 --price mid", without("askPr", "")),
    ("order buy BTCUSDT 0.01 --price index", without("indexPrice", "nan")),
    ("order buy BTCUSDT 0.01 --sl -2%", without("askPr")),
    ("order buy BTC/USDT 0.01 --price bid", without("bidPr")),
    ("order buy BTCUSDT 0.01 --price last", {"mix/market/ticker": []}),
    ("order buy BTCUSDT 25%", {"mix/account/max-open": {"maxOpen": None}}),
    ("order buy BTCUSDT --risk 1% --sl -2%", {"mix/account/accounts": []}),
    ("plan tpsl BTCUSDT --sl entry-1%", {"mix/position/single-position": [POSITION]}),
]


@pytest.mark.parametrize(("typed", "answers"), MISSING, ids=ids)
def test_where_a_fact_is_missing_it_ends_with_6_and_nothing_is_sent(
    bitget: Bitget, exchange: HTTPXMock, typed: str, answers: dict[str, Any]
) -> None:
    desk = desk_of(exchange, {"answers": answers})
    ran = bitget(typed, env=DEMO)
    assert (ran.status, ran.out, desk.changes) == (6, "", []), ran.err


def test_plain_numbers_ask_for_nothing_new_and_words_ask_once(bitget: Bitget, exchange: HTTPXMock) -> None:
    desk = desk_of(exchange, {})
    desk.due()
    assert bitget("order buy BTCUSDT 0.01 --price 60000 --tp 70000 --sl 50000", env=DEMO).status == 0
    plain = {path for path, _ in desk.reads}
    assert not plain & {"mix/market/ticker", "mix/account/max-open", "mix/account/accounts"}
    desk.reads.clear()
    desk.due()
    assert bitget("order buy BTCUSDT --risk 1% --price mid --tp 2R --sl last-2%", env=DEMO).status == 0
    asked = [path for path, _ in desk.reads]
    assert "mix/market/symbol-price" not in asked
    for path in ("mix/market/ticker", "mix/account/max-open", "mix/account/accounts"):
        assert asked.count(path) == 1


def test_the_question_on_live_shows_the_arithmetic(bitget: Bitget, exchange: HTTPXMock) -> None:
    desk = desk_of(exchange, {})
    ran = bitget("order buy BTCUSDT 25% --price bid-20%", env=LIVE, terminal=True, typed="no\n")
    assert (ran.status, desk.changes) == (10, [])
    question = next(line for line in ran.err.splitlines() if "LIVE" in line)
    assert "25 % of 1.2345 BTC that could be opened = 0.3086 BTC" in question
    assert "price bid-20%: bid 59999.9 - 20 % = 47999.92, rounded down to 47999.9" in question


def test_a_price_by_another_is_judged_by_the_profile_alone(bitget: Bitget, exchange: HTTPXMock) -> None:
    desk = desk_of(exchange, {"terms": {"buyLimitPriceRatio": "0.5"}})
    typed = "order buy BTCUSDT 0.01 --price {} --yes"
    ran = bitget(typed.format("48000"), env=LIVE)
    assert (ran.status, desk.changes) == (10, [])
    desk.due()
    assert bitget(typed.format("bid-20%"), env=LIVE).status == 0
    assert bitget("profile limit live --max-distance 15", env=LIVE, terminal=True, typed="yes\n").status == 0
    ran = bitget(typed.format("bid-20%"), env=LIVE)
    assert (ran.status, len(desk.changes)) == (10, 1)
    assert "20.0 % below the last price" in ran.err


def test_equity_in_spot_is_what_is_free_and_frozen(bitget: Bitget, exchange: HTTPXMock) -> None:
    desk = desk_of(exchange, {})
    desk.due()
    ran = bitget("order buy BTC/USDT --risk 1% --sl -2% --json", env=DEMO)
    assert ran.status == 0, ran.err
    # 1 % of 1500 over 1200 and 0.1 % of 118800.8, at the ask.
    assert ran.json["working"][1].startswith("risk 1 % of 1500 USDT equity = 15 USDT, from 60000.4 to the stop 58800.4")
    assert desk.changes[0][1]["size"] == str(
        (Decimal("0.011373") * Decimal("60000.4")).quantize(Decimal("1e-8")).normalize()
    )


@pytest.fixture
def fires_at(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Orders of the paper exchange fill whole at the best price, and once a price (in ticks) is put here, at that."""
    stop: list[int] = []
    takes: Callable[..., Any] = matching.takes

    def takes_whole(state: Any, market: Any, side: Any, *, lots: int, limit: int = 0) -> Any:
        ((price, _), *_) = takes(state, market, side, lots=lots, limit=limit)
        return [(stop[0] if stop else price, lots)]

    monkeypatch.setattr(matching, "takes", takes_whole)
    return stop


def until_closed(bitget: Bitget, typed: str, fires_at: list[int]) -> tuple[Decimal, Decimal, Decimal, Decimal]:
    """Size, entry, stop and what was lost, fees included, of an order typed that its stop closes again."""
    assert bitget("paper clock --set 2026-03-01T12:00").status == 0
    ran = bitget(f"-p paper order {typed} --json")
    assert ran.status == 0, ran.err
    market = typed.split(" ", 2)[1]
    product = "--product coin-futures" if "coin" in typed else ""
    (held,) = bitget(f"-p paper position list {product} --json").json
    level = Decimal(ran.json["working"][0].split()[-1])
    fires_at.append(int(level * (2 if product else 10)))
    for _ in range(96):
        if not bitget(f"-p paper position list {product} --json").json:
            break
        bitget("paper clock --advance 1h")
    fills = bitget(f"-p paper order fills {market} {product} --json").json
    assert {Decimal(row["price"]) for row in fills} == {Decimal(held["openPriceAvg"]), level}
    lost = -sum(Decimal(row["profit"]) + fee_of(row) for row in fills)
    return Decimal(held["total"]), Decimal(held["openPriceAvg"]), level, lost


@pytest.mark.parametrize("typed", ["buy BTCUSD --sl -0.2%", "sell BTCUSD --sl +0.2%"])
def test_in_coin_margined_futures_it_is_coin_that_is_risked(bitget: Bitget, fires_at: list[int], typed: str) -> None:
    assert bitget("paper reset --balance coin-futures:BTC=1").status == 0
    typed = f"{typed} --risk 0.1% --product coin-futures"
    _, entry, level, lost = until_closed(bitget, typed, fires_at)
    step = Decimal("0.0001") * (abs(entry - level) / level + 2 * Decimal("0.0006"))
    assert lost - Decimal("1e-8") <= Decimal("0.001") < lost + step + Decimal("1e-8")


@pytest.mark.parametrize("account", ["classic", "unified"])
@pytest.mark.parametrize("typed", ["buy BTCUSDT --sl -0.2%", "sell BTCUSDT --sl +0.2%"])
def test_what_is_risked_is_what_a_stop_loses(bitget: Bitget, fires_at: list[int], typed: str, account: str) -> None:
    assert bitget(f"paper reset --account {account}").status == 0
    size, entry, level, lost = until_closed(bitget, f"{typed} --risk 12.5", fires_at)
    one = abs(entry - level) + Decimal("0.0006") * (entry + level)
    assert lost == pytest.approx(size * one, abs=Decimal("1e-7"))
    assert lost <= Decimal("12.5") < lost + one * Decimal("0.0001")


def fee_of(row: dict[str, Any]) -> Decimal:
    (detail,) = row["feeDetail"] if isinstance(row["feeDetail"], list) else json.loads(row["feeDetail"])
    return -abs(Decimal(detail.get("totalFee") or detail["fee"]))


class _Told:
    """An adapter that tells another price each time, and counts."""

    def __init__(self) -> None:
        self.count = 0

    def quotes(self, market: Symbol) -> Prices:
        del market
        self.count += 1
        return Prices(Decimal(self.count), Decimal(1), Decimal(1), Decimal(1))


def test_prices_are_read_once_and_again_only_when_they_are_old() -> None:
    told, clock, market = _Told(), StillClock(), Symbol("BTCUSDT", Product.USDT_FUTURES)
    listed = Instruments(cast(Any, told), Path(), env="paper", address="", now=clock.now)
    at = AccountState(cast(Any, told), listed)
    assert [at.quotes(market).last for _ in range(3)] == [1, 1, 1]
    clock.sleep(1.5)
    assert (at.quotes(market).last, at.prices(market).last) == (1, 1)
    clock.sleep(1)
    assert (at.quotes(market).last, at.prices(market).last) == (2, 2)


def test_an_index_is_not_what_a_tuple_calls_so(bitget: Bitget, exchange: HTTPXMock) -> None:
    desk = desk_of(exchange, {})
    ran = bitget("order buy BTCUSDT 0.01 --price index --dry-run --json", env=DEMO)
    assert (json.loads(ran.json["body"])["price"], desk.changes) == ("60020", [])


@pytest.mark.parametrize("kind", ["classic", "unified"])
def test_max_is_at_most_what_one_order_may_be_of(bitget: Bitget, kind: str) -> None:
    reset = f"paper reset --yes --account {kind} --balance usdt-futures:USDT=50000000"
    assert bitget(f"-p paper {reset}").status == 0
    ran = bitget("-p paper order buy BTCUSDT max --json")
    assert (ran.status, ran.json["filledSize"]) == (0, "220"), ran.err
    assert "one market order may be of 220 BTC at most, so it is of 220 BTC" in ran.json["working"]
    # A share says how much, and is never cut.
    ran = bitget("-p paper order buy BTCUSDT 99%")
    assert (ran.status, "is above the maximum 220 BTC of one market order" in ran.err) == (2, True)
