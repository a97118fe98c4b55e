"""Reads of a unified account as typed: the exact calls they make, and rows in the words of a classic account."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from desk import DEMO
from doubles import KIND, Bitget, enveloped
from pytest_httpx import HTTPXMock
from unified_account import MINUTE, NOW, SAMPLES, Account, of_now

DAY = 86_400_000
# Ninety days in windows of thirty that overlap by a millisecond, the newest first.
WINDOWS = [
    (NOW - 30 * DAY, NOW),
    (NOW - 60 * DAY + 1, NOW - 30 * DAY + 1),
    (NOW - 90 * DAY + MINUTE - 1, NOW - 60 * DAY + 2),
]
HOUR = [(NOW - 3_600_001, NOW)]
USDT = {"category": "USDT-FUTURES"}
SPOT = {"category": "SPOT"}
BTC = {**USDT, "symbol": "BTCUSDT"}


def within(windows: list[tuple[int, int]], path: str, given: dict[str, str]) -> list[tuple[str, str, dict[str, str]]]:
    times = [{"startTime": str(start), "endTime": str(end)} for start, end in windows]
    return [("GET", path, {**given, **each, "limit": given.get("limit", "100")}) for each in times]


def get(path: str, **given: str) -> tuple[str, str, dict[str, str]]:
    return ("GET", path, given)


# What is typed → the calls, in order.
READS: list[tuple[str, list[tuple[str, str, dict[str, str]]]]] = [
    ("account balance", [get("account/assets")]),
    ("account balance --product spot", [get("account/assets")]),
    ("account balance usdt --product coin-futures", [get("account/assets")]),
    ("account show BTCUSDT", [get("account/settings"), get("account/assets")]),
    ("account overview", [get("account/assets"), get("account/funding-assets")]),
    ("account funding usdt", [get("account/funding-assets", coin="USDT")]),
    ("account info", [get("account/info")]),
    ("account fee BTCUSDT", [get("account/fee-rate", **BTC)]),
    ("account fee BTC/USDT", [get("account/fee-rate", symbol="BTCUSDT", **SPOT)]),
    ("account fee BTCUSDT --product margin", [get("account/fee-rate", symbol="BTCUSDT", category="MARGIN")]),
    ("subaccount list --all", [get("user/sub-list", limit="100")]),
    ("subaccount keys list 100", [get("user/sub-api-list", subUid="100")]),
    ("p2p me", [get("p2p/user-info")]),
    ("p2p orders", [get("p2p/all-orders")]),
    (
        "p2p orders --coin usdt --side buy --since 1h",
        [get("p2p/all-orders", side="buy", startTime=str(HOUR[0][0]), endTime=str(HOUR[0][1]))],
    ),
    (
        "p2p ads usdt eur --side sell",
        [get("p2p/my-ads", token="USDT", fiat="EUR", status="online")],
    ),
    (
        "account max-open BTCUSDT --side long",
        [("POST", "account/max-open-available", {**BTC, "orderType": "market", "side": "buy"})],
    ),
    (
        "account max-open BTCUSDT --side short --price 60000",
        [("POST", "account/max-open-available", {**BTC, "orderType": "limit", "side": "sell", "price": "60000"})],
    ),
    ("account subaccounts", [get("account/sub-unified-assets", limit="50")]),
    ("account bills", within(WINDOWS, "account/financial-records", USDT)),
    (
        "account bills --coin usdt --type CONTRACT_MAIN_SETTLE_FEE_USER_IN --since 1h",
        within(HOUR, "account/financial-records", USDT | {"coin": "USDT", "type": "CONTRACT_MAIN_SETTLE_FEE_USER_IN"}),
    ),
    (
        "account bills --product spot --since 1h",
        [
            *within(HOUR, "account/financial-records", SPOT),
            *within(HOUR, "account/financial-records", {"category": "OTHER"}),
        ],
    ),
    (
        "account transfers usdt --since 1h",
        [
            *within(HOUR, "account/financial-records", {"category": "OTHER", "coin": "USDT", "type": "TRANSFER_IN"}),
            *within(HOUR, "account/financial-records", {"category": "OTHER", "coin": "USDT", "type": "TRANSFER_OUT"}),
        ],
    ),
    ("account deposits", within(WINDOWS, "account/deposit-records", {})),
    ("account withdrawals --coin usdt --since 1h", within(HOUR, "account/withdrawal-records", {"coin": "USDT"})),
    ("account deposit-address usdt --chain TRC20", [get("account/deposit-address", coin="USDT", chain="TRC20")]),
    ("position list", [get("position/current-position", **USDT)]),
    ("position list --product coin-futures", [get("position/current-position", category="COIN-FUTURES")]),
    ("position show BTCUSDT", [get("position/current-position", **BTC)]),
    ("position history", within(WINDOWS, "position/history-position", USDT)),
    ("position history BTCUSDT --since 1h", within(HOUR, "position/history-position", BTC)),
    ("position adl", [get("position/adlRank")]),
    ("order list", [get("trade/unfilled-orders", limit="100", **USDT)]),
    ("order list BTC/USDT", [get("trade/unfilled-orders", limit="100", symbol="BTCUSDT", **SPOT)]),
    ("order history BTCUSDT", within(WINDOWS, "trade/history-orders", BTC)),
    ("order history --product spot --limit 5", within(WINDOWS, "trade/history-orders", {**SPOT, "limit": "5"})),
    ("order history --all", within(WINDOWS, "trade/history-orders", USDT)),
    ("order fills BTCUSDT --since 1h", within(HOUR, "trade/fills", USDT)),
    ("order fills --product spot", within(WINDOWS, "trade/fills", SPOT)),
    # The position mode, which a waiting order does not say, decides in which words its direction is told.
    ("plan list", [get("trade/unfilled-strategy-orders", **USDT), get("account/settings")]),
    (
        "plan list --kind trailing",
        [get("trade/unfilled-strategy-orders", type="trailing_stop", **USDT), get("account/settings")],
    ),
    ("plan list BTC/USDT", [get("trade/unfilled-strategy-orders", **SPOT), get("account/settings")]),
    (
        "plan history --kind trigger --since 1h",
        [
            *within(HOUR, "trade/history-strategy-orders", USDT | {"type": "trigger"}),
            get("account/settings"),
        ],
    ),
    ("convert history --since 1h", within(HOUR, "account/convert-records", {})),
    ("convert bgb-coins", [get("convert/small-assets")]),
    ("convert bgb-history --since 1h", within(HOUR, "convert/small-assets-history", {})),
]


@pytest.mark.parametrize(("typed", "asked"), READS, ids=[typed for typed, _ in READS])
def test_a_read_makes_the_calls_of_the_documents_and_no_others(
    typed: str, asked: list[tuple[str, str, dict[str, str]]], bitget: Bitget, exchange: HTTPXMock
) -> None:
    account = Account(bitget, exchange)
    ran = bitget(f"{typed} --json", env=DEMO)
    assert (ran.status, ran.err) == (0, "")
    assert account.sent[0] == ("GET", KIND.removeprefix("/api/v3/"), {})
    # Of a whole list the windows are asked for at once.
    assert (sorted(account.sent[1:], key=str) if "--all" in typed else account.sent[1:]) == (
        sorted(asked, key=str) if "--all" in typed else asked
    )
    rows = ran.json if isinstance(ran.json, list) else [ran.json]
    for row in rows:
        assert list(row)[-1] == "accountKind"
        assert row["accountKind"] == "unified"
    # The same as a table, and in the exchange's own words.
    assert bitget(f"{typed} --no-color", env=DEMO, terminal=True).status == 0
    assert "accountKind" not in bitget(f"{typed} --raw --json", env=DEMO).out


OPEN = of_now(SAMPLES["trade-unfilled-orders"], {})["data"]["list"][0]
FILLED = of_now(SAMPLES["trade-order-info"], {})["data"]
EXITS, TRIGGER = of_now(SAMPLES["strategy-unfilled-strategy-orders"], {})["data"]
MISSING = httpx.Response(400, json=enveloped(None, code="25204"))


def test_an_order_is_asked_for_by_its_id(bitget: Bitget, exchange: HTTPXMock) -> None:
    account = Account(bitget, exchange, {"trade/order-info": OPEN})
    told = bitget(f"order show {OPEN['orderId']} --json", env=DEMO).json
    assert account.sent[1:] == [get("trade/order-info", orderId=OPEN["orderId"])] * 2
    # A sale that closes a long, as a classic account in hedge mode tells it.
    assert {name: told[name] for name in ("side", "tradeSide", "posSide", "posMode", "state")} == {
        "side": "buy",
        "tradeSide": "close",
        "posSide": "long",
        "posMode": "hedge_mode",
        "state": "partially_filled",
    }
    assert (told["size"], told["baseVolume"], told["priceAvg"], told["fee"]) == ("0.01", "0.004", "91000", "-0.0728")
    assert bitget(f"order show {OPEN['orderId']} --raw --json", env=DEMO).json == OPEN


def test_an_order_that_cannot_be_asked_for_is_looked_for_in_every_list(bitget: Bitget, exchange: HTTPXMock) -> None:
    past = {"list": [FILLED], "cursor": None}
    account = Account(bitget, exchange, {"trade/order-info": MISSING, "trade/history-orders": past})
    told = bitget(f"order show {FILLED['orderId']} --product usdt-futures --json", env=DEMO)
    assert (told.status, told.json["status"]) == (0, "filled")
    asked = list(dict.fromkeys(path for _, path, _ in account.sent))
    assert asked[1:] == [
        *("trade/order-info", "trade/unfilled-orders", "trade/unfilled-strategy-orders", "trade/history-orders"),
    ]


def test_an_order_that_is_in_no_list_is_not_there(bitget: Bitget, exchange: HTTPXMock) -> None:
    lists = dict.fromkeys(("trade/unfilled-orders", "trade/history-orders", "trade/history-strategy-orders"))
    account = Account(bitget, exchange, {"trade/order-info": MISSING, "trade/unfilled-strategy-orders": None} | lists)
    ran = bitget("order show 99 --json", env=DEMO)
    assert (ran.status, ran.failure["error"]) == (5, "rejected")
    assert {one["category"] for _, path, one in account.sent if path == "trade/history-orders"} >= {
        "USDT-FUTURES",
        "SPOT",
    }


@pytest.mark.parametrize(("product", "line"), [("usdt-futures", "USDT-FUTURES"), ("spot", "SPOT")])
def test_an_order_of_another_product_is_not_taken_for_it(
    product: str, line: str, bitget: Bitget, exchange: HTTPXMock
) -> None:
    lists = dict.fromkeys(("trade/unfilled-orders", "trade/history-orders", "trade/history-strategy-orders"))
    other = {"USDT-FUTURES": "SPOT", "SPOT": "usdt-futures"}[line]
    answers = {"trade/order-info": OPEN | {"category": other}, "trade/unfilled-strategy-orders": None} | lists
    Account(bitget, exchange, answers)
    assert bitget(f"order show {OPEN['orderId']} --product {product}", env=DEMO).status == 5


# What a unified account says of a direction → what a classic one would say, and whether it closes a position.
HEDGE, ONE_WAY = {"holdMode": "hedge_mode"}, {"holdMode": "one_way_mode"}
DIRECTIONS: list[tuple[dict[str, Any], tuple[Any, Any, Any]]] = [
    (HEDGE | {"side": "buy", "posSide": "long"}, ("buy", "open", "long")),
    (HEDGE | {"side": "sell", "posSide": "long", "tradeSide": "close"}, ("buy", "close", "long")),
    (HEDGE | {"side": "sell", "posSide": "long", "tradeSide": "close_long"}, ("buy", "close", "long")),
    (HEDGE | {"side": "sell", "posSide": "short"}, ("sell", "open", "short")),
    (HEDGE | {"side": "buy", "posSide": "short"}, ("sell", "close", "short")),
    (HEDGE | {"side": "buy", "posSide": None}, ("buy", None, None)),
    (
        HEDGE | {"side": "sell", "posSide": "long", "tradeSide": "burst_close_long"},
        ("sell", "burst_close_long", "long"),
    ),
    (HEDGE | {"side": "sell", "posSide": None, "holdSide": "long"}, ("buy", "close", "long")),
    (ONE_WAY | {"side": "sell", "posSide": "", "reduceOnly": "YES"}, ("sell", "sell_single", "net")),
    (ONE_WAY | {"side": "buy", "posSide": "long", "tradeSide": "open"}, ("buy", "buy_single", "net")),
    ({"holdMode": "", "side": "sell", "posSide": "long", "tradeSide": "sell_single"}, ("sell", "sell_single", "net")),
    # Neither mode is told, so that nobody can say in which words.
    ({"holdMode": None, "side": "sell", "posSide": "long", "tradeSide": ""}, (None, None, "long")),
]


@pytest.mark.parametrize(("told", "classic"), DIRECTIONS)
def test_a_direction_is_told_in_the_meaning_of_a_classic_account(
    told: dict[str, Any], classic: tuple[Any, Any, Any], bitget: Bitget, exchange: HTTPXMock
) -> None:
    row = {name: value for name, value in OPEN.items() if name not in ("posSide", "tradeSide")} | told
    Account(bitget, exchange, {"trade/unfilled-orders": {"list": [row], "cursor": None}})
    (shown,) = bitget("order list --json", env=DEMO).json
    assert (shown["side"], shown["tradeSide"], shown["posSide"]) == classic


def test_one_order_with_both_exits_is_two_rows_as_on_a_classic_account(bitget: Bitget, exchange: HTTPXMock) -> None:
    Account(bitget, exchange, {"trade/unfilled-strategy-orders": [EXITS]})
    rows = bitget("plan list --json", env=DEMO).json
    assert [(row["planType"], row["triggerPrice"], row["triggerType"]) for row in rows] == [
        ("pos_profit", "92000", "mark_price"),
        ("pos_loss", "81000", "mark_price"),
    ]
    assert {(row["orderId"], row["side"], row["tradeSide"], row["posSide"]) for row in rows} == {
        (EXITS["orderId"], "buy", "close", "long")
    }
    (only,) = bitget("plan list --raw --json", env=DEMO).json
    assert only == EXITS


@pytest.mark.parametrize(
    ("mode", "said"), [("hedge_mode", ("buy", "close")), ("one_way_mode", ("sell", "sell_single"))]
)
def test_an_exit_leaves_its_position_in_the_words_of_the_accounts_mode(
    mode: str, said: tuple[str, str], bitget: Bitget, exchange: HTTPXMock
) -> None:
    settings = SAMPLES["account-settings"]["data"] | {"holdMode": mode}
    Account(bitget, exchange, {"trade/unfilled-strategy-orders": [EXITS], "account/settings": settings})
    assert {(row["side"], row["tradeSide"]) for row in bitget("plan list --json", env=DEMO).json} == {said}


def test_a_key_that_may_not_read_the_mode_is_told_no_direction_of_an_exit(bitget: Bitget, exchange: HTTPXMock) -> None:
    refused = httpx.Response(400, json=enveloped(None, code="40014"))
    Account(bitget, exchange, {"trade/unfilled-strategy-orders": [EXITS], "account/settings": refused})
    assert {row["side"] for row in bitget("plan list --json", env=DEMO).json} == {None}


TRAILING = {"activationPrice": "90000", "activationType": "mark", "trailType": "ratio", "trailVariance": "1.5"}
PARAMS = [TRAILING, [TRAILING]]


@pytest.mark.parametrize("params", PARAMS)
def test_what_a_trailing_order_says_is_read_as_an_object_and_as_a_list(
    params: Any, bitget: Bitget, exchange: HTTPXMock
) -> None:
    row = TRIGGER | {"type": "trailing_stop", "trailingStopParams": params}
    Account(bitget, exchange, {"trade/unfilled-strategy-orders": [row]})
    (shown,) = bitget("plan list --json", env=DEMO).json
    assert (shown["planType"], shown["triggerPrice"], shown["triggerType"], shown["callbackRatio"]) == (
        "track_plan",
        "90000",
        "mark_price",
        "1.5",
    )


@pytest.mark.parametrize("params", [{**TRAILING, "trailType": "spread", "trailVariance": "100"}])
def test_a_distance_in_money_is_no_callback_ratio(params: Any, bitget: Bitget, exchange: HTTPXMock) -> None:
    row = TRIGGER | {"type": "trailing_stop", "trailingStopParams": params}
    Account(bitget, exchange, {"trade/unfilled-strategy-orders": [row]})
    assert bitget("plan list --json", env=DEMO).json[0]["callbackRatio"] is None


LISTS = [
    *("position list", "position show BTCUSDT", "position history", "order list", "order history", "order fills"),
    *("plan list", "plan history", "account bills", "account transfers USDT", "convert history", "convert bgb-history"),
    *("account funding", "account deposits", "account withdrawals", "account subaccounts", "account balance"),
]
BARE = ("funding-assets", "deposit-records", "withdrawal-records", "sub-unified-assets", "unfilled-strategy-orders")


@pytest.mark.parametrize("nothing", [None, []], ids=["null", "[]"])
@pytest.mark.parametrize("typed", LISTS)
def test_a_list_with_nothing_in_it_is_empty_however_that_is_written(
    typed: str, nothing: Any, bitget: Bitget, exchange: HTTPXMock
) -> None:
    account = Account(bitget, exchange)
    bitget(typed, env=DEMO)
    for path in {path for _, path, _ in account.sent} - {"account/info", "account/settings"}:
        bare = path.endswith(BARE)
        account.answers[path] = nothing if bare else {"list": nothing, "cursor": None, "assets": nothing}
    ran = bitget(f"{typed} --json", env=DEMO)
    assert (ran.status, ran.json) == (0, [])


@pytest.mark.parametrize("typed", ["position list", "position show BTCUSDT"])
def test_an_empty_body_is_asked_again_and_never_read_as_flat(typed: str, bitget: Bitget, exchange: HTTPXMock) -> None:
    held = httpx.Response(200, json=SAMPLES["position-current-position"])
    account = Account(bitget, exchange, {"position/current-position": [httpx.Response(200, content=b""), held]})
    ran = bitget(f"{typed} --json", env=DEMO)
    assert (ran.status, [row["holdSide"] for row in ran.json]) == (0, ["long"])
    account.answers = {"position/current-position": httpx.Response(200, content=b"")}
    ran = bitget(f"{typed} --timeout 1", env=DEMO)
    assert (ran.status, ran.out) == (6, "")


@pytest.mark.parametrize("data", [None, {}, [], "flat", {"list": "none"}, {"list": [5]}, {"list": {}}])
@pytest.mark.parametrize("typed", ["position list", "position show BTCUSDT", "position close BTCUSDT"])
def test_what_does_not_say_what_is_held_is_never_read_as_flat(
    typed: str, data: Any, bitget: Bitget, exchange: HTTPXMock
) -> None:
    Account(bitget, exchange, {"position/current-position": httpx.Response(200, json=enveloped(data))})
    ran = bitget(typed, env=DEMO)
    assert (ran.status, ran.out) == (6, "")
    assert "what is held" in ran.err


def test_a_cursor_is_followed_until_there_is_none_and_no_row_is_told_twice(bitget: Bitget, exchange: HTTPXMock) -> None:
    rows = [OPEN | {"orderId": str(2_000 - number)} for number in range(150)]
    answers = [{"list": rows[:100], "cursor": "1901"}, {"list": rows[99:], "cursor": "1901"}]
    replies = [httpx.Response(200, json=enveloped(one)) for one in answers]
    account = Account(bitget, exchange, {"trade/unfilled-orders": replies})
    told = bitget("order list --all --json", env=DEMO).json
    assert [row["orderId"] for row in told] == [row["orderId"] for row in rows]
    assert [given.get("cursor") for _, path, given in account.sent if path == "trade/unfilled-orders"] == [None, "1901"]


def test_either_spelling_of_a_field_is_read(bitget: Bitget, exchange: HTTPXMock) -> None:
    small = {name: value for name, value in OPEN.items() if name not in ("takeProfit", "stopLoss")}
    small |= {"takeprofit": "95000", "stoploss": "80000"}
    info = {name: value for name, value in SAMPLES["account-info"]["data"].items() if name != "userId"} | {"uid": "7"}
    Account(bitget, exchange, {"trade/unfilled-orders": {"list": [small], "cursor": None}, "account/info": info})
    (row,) = bitget("order list --json", env=DEMO).json
    assert (row["presetStopSurplusPrice"], row["presetStopLossPrice"]) == ("95000", "80000")
    assert not {"takeprofit", "stoploss"} & set(row)
    assert bitget("account info --json", env=DEMO).json["userId"] == "7"


def test_money_of_the_one_wallet_is_told_for_every_product_and_collateral_is_no_money(
    bitget: Bitget, exchange: HTTPXMock
) -> None:
    Account(bitget, exchange)
    for product in ("usdt-futures", "usdc-futures", "coin-futures"):
        rows = bitget(f"account balance --product {product} --json", env=DEMO).json
        assert [(row["marginCoin"], row["available"], row["accountEquity"]) for row in rows] == [
            ("USDT", "8329.4700", "8719.7810"),
            ("BTC", "0.02", "0.025"),
        ]
        # What it has as money of its own, as far as nothing is owed.
        assert rows[0]["unrealizedPL"] == "59.4296"
    rows = bitget("account balance --product spot --json", env=DEMO).json
    assert [(row["coin"], row["available"], row["frozen"]) for row in rows] == [
        ("USDT", "8329.4700", "0"),
        ("BTC", "0.02", "0.005"),
    ]
    overview = bitget("account overview --json", env=DEMO).json
    assert [(row["accountType"], row["usdtBalance"]) for row in overview] == [("uta", "10875.0110"), ("funding", None)]
    assert overview[0]["effEquity"] == "10850.0044"


def test_a_market_that_is_in_no_setting_is_unknown_and_not_at_its_default(bitget: Bitget, exchange: HTTPXMock) -> None:
    account = Account(bitget, exchange)
    known = bitget("account show BTCUSDT --json", env=DEMO).json
    assert (known["marginMode"], known["crossedMarginLeverage"], known["posMode"]) == ("crossed", "10", "hedge_mode")
    account.answers["account/settings"] = SAMPLES["account-settings"]["data"] | {"symbolConfigList": []}
    unknown = bitget("account show BTCUSDT --json", env=DEMO).json
    assert (unknown["marginMode"], unknown["crossedMarginLeverage"]) == (None, None)
    # Nothing is reckoned with a mode that is a guess.
    account.answers["position/current-position"] = {"list": None}
    ran = bitget("order buy BTCUSDT 0.01 --price 59000", env=DEMO)
    assert (ran.status, ran.out) == (2, "")
    assert "margin mode" in ran.err


def test_trades_of_one_market_are_picked_from_all_of_them(bitget: Bitget, exchange: HTTPXMock) -> None:
    fill = SAMPLES["trade-fills"]["data"]["list"][0] | {"createdTime": str(NOW - MINUTE)}
    other = fill | {"execId": "2", "symbol": "ETHUSDT"}
    Account(bitget, exchange, {"trade/fills": {"list": [other, fill, fill], "cursor": None}})
    (row,) = bitget("order fills BTCUSDT --json", env=DEMO).json
    assert (row["tradeId"], row["price"], row["baseVolume"], row["profit"]) == (
        fill["execId"],
        "86135.8",
        "0.0268",
        "0",
    )
    assert row["feeDetail"] == [
        {"deduction": None, "feeCoin": "USDT", "totalDeductionFee": None, "totalFee": "-1.38507"}
    ]


def test_a_purchase_at_market_is_as_large_as_the_money_for_it(bitget: Bitget, exchange: HTTPXMock) -> None:
    Account(bitget, exchange)
    row = bitget("order history --product spot --json", env=DEMO).json[0]
    assert (row["size"], row["baseVolume"], row["quoteVolume"], row["status"]) == ("100", "0.00116", "99.959", "filled")
    assert json.loads(row["feeDetail"])["BTC"]["totalFee"] == -0.00000116


ABSENT = [
    "account bots",
    "account liq-price BTCUSDT 0.01 --side long",
    "convert coins",
    "convert quote USDT BTC --from-size 5",
]


@pytest.mark.parametrize("typed", ABSENT)
def test_what_a_unified_account_has_nothing_of_is_said_with_what_to_do_instead(
    typed: str, bitget: Bitget, exchange: HTTPXMock
) -> None:
    account = Account(bitget, exchange)
    ran = bitget(f"{typed} --json", env=DEMO)
    assert (ran.status, ran.out, ran.failure["error"]) == (5, "", "unavailable")
    assert "unified account" in ran.failure["message"]
    assert ran.failure["hint"]
    assert account.sent == [("GET", "account/info", {})]


def test_a_market_that_is_not_listed_is_named_with_those_near_it(bitget: Bitget, exchange: HTTPXMock) -> None:
    Account(bitget, exchange, {"trade/unfilled-orders": httpx.Response(400, json=enveloped(None, code="25100"))})
    ran = bitget("order list BTCUSD", env=DEMO)
    assert (ran.status, ran.out) == (2, "")
    assert "BTCUSDT" in ran.err


def test_a_list_that_only_one_permission_opens_is_refused_as_that(bitget: Bitget, exchange: HTTPXMock) -> None:
    Account(bitget, exchange, {"account/assets": httpx.Response(400, json=enveloped(None, code="40014"))})
    assert bitget("account balance", env=DEMO).status == 4


P2P = {"orderId": "7", "side": "buy", "token": "USDT", "fiat": "EUR", "price": "0.9", "amount": "90", "quantity": "100"}
P2P |= {"fee": "0", "status": "completed", "createdTime": str(NOW - MINUTE), "updatedTime": str(NOW)}


def test_p2p_orders_are_told_in_the_words_of_a_classic_account(bitget: Bitget, exchange: HTTPXMock) -> None:
    other = {**P2P, "orderId": "8", "token": "BTC"}
    Account(bitget, exchange, {"p2p/all-orders": {"items": [P2P, other], "nextId": None}})
    (row,) = bitget("p2p orders --coin usdt --json", env=DEMO).json
    assert (row["coin"], row["count"], row["ctime"], row["fee"]) == ("USDT", "100", P2P["createdTime"], "0")
    assert (row["advNo"], row["accountKind"]) == (None, "unified")
    (raw,) = bitget("p2p orders --coin usdt --raw --json", env=DEMO).json
    assert raw == P2P


def test_p2p_adverts_of_the_other_side_are_left_out(bitget: Bitget, exchange: HTTPXMock) -> None:
    sells = {"advId": "1", "side": "sell", "token": "USDT", "fiat": "EUR", "price": "1", "lastAmount": "5"}
    Account(bitget, exchange, {"p2p/my-ads": {"items": [sells, {**sells, "advId": "2", "side": "buy"}], "nextId": ""}})
    rows = bitget("p2p ads USDT EUR --side sell --limit 1 --json", env=DEMO).json
    assert [(row["advId"], row["coin"], row["lastAmount"], row["size"]) for row in rows] == [("1", "USDT", "5", None)]


def test_keys_are_read_under_either_name_of_their_list(bitget: Bitget, exchange: HTTPXMock) -> None:
    """Bitget's page calls it items, its own client list."""
    key = {"apiKey": "bg_1", "note": "grid", "type": "read_only", "permissions": ["uta_mgt"], "ips": []}
    for name in ("items", "list"):
        Account(bitget, exchange, {"user/sub-api-list": {name: [key], "cursor": None}})
        (row,) = bitget("subaccount keys list 100 --json", env=DEMO).json
        assert (row["subAccountApiKey"], row["label"], row["type"]) == ("bg_1", "grid", "read_only")
