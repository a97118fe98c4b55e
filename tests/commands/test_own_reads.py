"""`order`, `position`, `plan` and `account` reads as typed: the exact rows they ask, and what a reader sees."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from desk import DEMO, EXIT, LIVE, ORDER, PLAN, POSITION, SPOT_ORDER, SPOT_PLAN, Exchange, open_desk
from doubles import Bitget, enveloped, path_of, url
from pytest_httpx import HTTPXMock

LINE = {"productType": "USDT-FUTURES"}
BTC = {"symbol": "BTCUSDT", **LINE}
MARGIN = {**BTC, "marginCoin": "USDT"}
HOUR = {"startTime": "1772449199999", "endTime": "1772452800000"}
WEEK = {"startTime": "1771847999999", "endTime": "1772452800000"}
QUARTER = {"startTime": "1764676800000", "endTime": "1772452800000"}

# What is typed → the rows it asks, in order, without the instruments.
READS: list[tuple[str, list[tuple[str, dict[str, str]]]]] = [
    (
        "order list",
        [
            ("mix/order/orders-pending", LINE),
            ("mix/order/orders-pending", {**LINE, "status": "partially_filled"}),
        ],
    ),
    (
        "order list BTC/USDT",
        [
            ("spot/trade/unfilled-orders", {"symbol": "BTCUSDT"}),
            ("spot/trade/unfilled-orders", {"symbol": "BTCUSDT", "tpslType": "tpsl"}),
        ],
    ),
    ("order history BTCUSDT", [("mix/order/orders-history", BTC)]),
    ("order history --since 1h", [("mix/order/orders-history", {**LINE, **HOUR, "limit": "100"})]),
    ("order history --product spot --limit 5", [("spot/trade/history-orders", {"limit": "5"})]),
    ("order fills BTCUSDT", [("mix/order/fills", BTC)]),
    ("order fills BTCUSDT --since 1h", [("mix/order/fills", {**BTC, **HOUR, "limit": "100"})]),
    ("order fills BTC/USDT --since 1h", [("spot/trade/fills", {"symbol": "BTCUSDT", **HOUR, "limit": "100"})]),
    ("position list", [("mix/position/all-position", LINE)]),
    ("position list --product coin-futures", [("mix/position/all-position", {"productType": "COIN-FUTURES"})]),
    ("position show BTCUSDT", [("mix/position/single-position", MARGIN)]),
    ("position history", [("mix/position/history-position", LINE)]),
    ("position history BTCUSDT --since 7d", [("mix/position/history-position", {**BTC, **WEEK, "limit": "100"})]),
    ("position adl", [("mix/position/adlRank", LINE)]),
    (
        "plan list",
        [
            ("mix/order/orders-plan-pending", {**LINE, "planType": kind})
            for kind in ("normal_plan", "track_plan", "profit_loss")
        ],
    ),
    (
        "plan list BTCUSDT --kind tpsl",
        [("mix/order/orders-plan-pending", {**BTC, "planType": "profit_loss"})],
    ),
    ("plan list --kind track_plan", [("mix/order/orders-plan-pending", {**LINE, "planType": "track_plan"})]),
    ("plan list BTC/USDT", [("spot/trade/current-plan-order", {"symbol": "BTCUSDT"})]),
    (
        "plan history --kind trigger",
        [("mix/order/orders-plan-history", {**LINE, "planType": "normal_plan"})],
    ),
    ("plan history --product spot", [("spot/trade/history-plan-order", {})]),
    ("account balance", [("mix/account/accounts", LINE)]),
    ("account balance btc --product spot", [("spot/account/assets", {"coin": "BTC"})]),
    ("account show BTCUSDT", [("mix/account/account", MARGIN)]),
    (
        "account show BTC/USD:BTC",
        [("mix/account/account", {"symbol": "BTCUSD", "productType": "COIN-FUTURES"} | {"marginCoin": "BTC"})],
    ),
    ("account overview", [("account/all-account-balance", {})]),
    ("account funding usdt", [("account/funding-assets", {"coin": "USDT"})]),
    ("account bots", [("account/bot-assets", {})]),
    ("account bots --type futures", [("account/bot-assets", {"accountType": "futures"})]),
    ("account info", [("spot/account/info", {})]),
    ("account bills", [("mix/account/bill", LINE)]),
    (
        "account bills --type contract_settle_fee",
        [("mix/account/bill", {**LINE, "businessType": "contract_settle_fee"})],
    ),
    ("account bills --product spot --coin btc", [("spot/account/bills", {"coin": "BTC"})]),
    ("account transfers usdt", [("spot/account/transferRecords", {"coin": "USDT"})]),
    ("account fee BTCUSDT", [("common/trade-rate", {"symbol": "BTCUSDT", "businessType": "mix"})]),
    ("account fee BTC/USDT", [("common/trade-rate", {"symbol": "BTCUSDT", "businessType": "spot"})]),
    (
        "account fee BTCUSDT --product margin",
        [("common/trade-rate", {"symbol": "BTCUSDT", "businessType": "margin"})],
    ),
    ("subaccount list", [("user/virtual-subaccount-list", {})]),
    ("subaccount list --all", [("user/virtual-subaccount-list", {"limit": "500"})]),
    ("subaccount keys list 100", [("user/virtual-subaccount-apikey-list", {"subAccountUid": "100"})]),
    ("subaccount transfers", [("spot/account/sub-main-trans-record", {})]),
    (
        "subaccount transfers 100 --received --coin usdt --since 1h",
        [
            (
                "spot/account/sub-main-trans-record",
                {"subUid": "100", "role": "receiver", "coin": "USDT", **HOUR, "limit": "100"},
            )
        ],
    ),
    ("p2p merchants", [("p2p/merchantList", {})]),
    ("p2p merchants --online --limit 5", [("p2p/merchantList", {"online": "yes", "limit": "5"})]),
    ("p2p merchants --offline", [("p2p/merchantList", {"online": "no"})]),
    ("p2p me", [("p2p/merchantInfo", {})]),
    ("p2p orders", [("p2p/orderList", {})]),
    (
        "p2p orders --coin usdt --side buy --status completed --since 1h",
        [
            (
                "p2p/orderList",
                {"coin": "USDT", "side": "buy", "status": "completed", **HOUR, "limit": "100"},
            )
        ],
    ),
    (
        "p2p ads usdt eur --side sell",
        [("p2p/advList", {"coin": "USDT", "fiat": "EUR", "side": "sell", "status": "online", **QUARTER})],
    ),
    (
        "account max-open BTCUSDT --side long",
        [("mix/account/max-open", {**MARGIN, "posSide": "long", "orderType": "market"})],
    ),
    (
        "account max-open BTCUSDT --side short --price 60000",
        [("mix/account/max-open", {**MARGIN, "posSide": "short", "orderType": "limit", "openPrice": "60000"})],
    ),
    (
        "account liq-price BTCUSDT 0.01 --side long",
        [("mix/account/liq-price", {**MARGIN, "posSide": "long", "orderType": "market", "openAmount": "0.01"})],
    ),
    ("account subaccounts", [("mix/account/sub-account-assets", LINE)]),
    ("account subaccounts --product spot", [("spot/account/subaccount-assets", {"limit": "50"})]),
    ("account deposits", [("spot/wallet/deposit-records", QUARTER)]),
    (
        "account withdrawals --coin usdt --since 1h",
        [("spot/wallet/withdrawal-records", {"coin": "USDT", **HOUR, "limit": "100"})],
    ),
    (
        "account deposit-address usdt --chain TRC20",
        [("spot/wallet/deposit-address", {"coin": "USDT", "chain": "TRC20"})],
    ),
]
INSTRUMENTS = re.compile(r".*/(mix/market/contracts|spot/public/symbols)\b")
OBJECTS = {
    "mix/account/max-open": {"maxOpen": "1"},
    "spot/account/info": {"userId": "1"},
    "common/trade-rate": {"makerFeeRate": "0.0002", "takerFeeRate": "0.0006"},
    "spot/wallet/deposit-address": {"address": "T1"},
    "mix/account/bill": {"bills": [], "endId": None},
    "user/virtual-subaccount-list": {"subAccountList": [], "endId": None},
    "p2p/merchantList": {"merchantList": [], "minMerchantId": None},
    "p2p/merchantInfo": {"nickName": "me"},
    "p2p/orderList": {"orderList": [], "minOrderId": None},
    "p2p/advList": {"advList": [], "minAdvId": None},
    "mix/position/history-position": {"list": [], "endId": None},
    "spot/trade/history-plan-order": {"orderList": [], "nextFlag": False},
}


@pytest.mark.parametrize(("typed", "asked"), READS, ids=[typed for typed, _ in READS])
def test_a_read_asks_its_rows_and_nothing_else(
    bitget: Bitget, exchange: HTTPXMock, typed: str, asked: list[tuple[str, dict[str, str]]]
) -> None:
    answers = Exchange(answers=OBJECTS)
    exchange.add_callback(answers, method="GET", url=INSTRUMENTS, is_optional=True, is_reusable=True)
    for path, params in asked:
        exchange.add_callback(answers, method="GET", url=url(path, params))
    ran = bitget(typed, env=DEMO)
    assert (ran.status, ran.err) == (0, "")
    sent = [path_of(one) for one in exchange.get_requests() if not INSTRUMENTS.match(str(one.url))]
    assert sent == [path for path, _ in asked]


def test_on_live_older_fills_come_from_their_own_list(bitget: Bitget, exchange: HTTPXMock) -> None:
    listed = url("mix/order/fill-history", {**LINE, **HOUR, "limit": "100"})
    exchange.add_response(method="GET", url=listed, json=enveloped({"fillList": [], "endId": None}))
    assert bitget("order fills --since 1h", env=LIVE).status == 0


SHOWN: list[tuple[str, dict[str, Any], str]] = [
    ("order show 2001", {"spot_orders": [SPOT_ORDER]}, "2001"),
    ("order show mine-3", {"plans": [PLAN]}, "3001"),
    ("plan show mine-5", {"plans": [EXIT]}, "3003"),
    ("plan show 4001", {"spot_plans": [SPOT_PLAN]}, "4001"),
]


@pytest.mark.parametrize(("typed", "state", "order_id"), SHOWN, ids=[typed for typed, *_ in SHOWN])
def test_an_order_is_shown_from_whichever_book_it_is_in(
    bitget: Bitget, exchange: HTTPXMock, typed: str, state: dict[str, Any], order_id: str
) -> None:
    open_desk(exchange, **state)
    ran = bitget(f"{typed} --json", env=DEMO)
    assert ran.json["orderId"] == order_id


def test_a_plain_futures_order_is_shown_in_full(bitget: Bitget, exchange: HTTPXMock) -> None:
    detail = {**ORDER, "state": "live", "fee": "0"}
    open_desk(exchange, orders=[ORDER], answers={"mix/order/detail": detail})
    assert bitget("order show mine-1 --json", env=DEMO).json == detail
    assert exchange.get_requests()[-1].url == url("mix/order/detail", {"orderId": "1001", **LINE, "symbol": "BTCUSDT"})


def test_an_id_of_digits_may_be_a_client_id(bitget: Bitget, exchange: HTTPXMock) -> None:
    open_desk(exchange, orders=[{**ORDER, "clientOid": "555"}], answers={"mix/order/detail": ORDER})
    assert bitget("order show 555 --json", env=DEMO).json["orderId"] == "1001"


def test_the_profiles_own_product_is_searched_first(bitget: Bitget, exchange: HTTPXMock) -> None:
    open_desk(exchange, spot_orders=[SPOT_ORDER]).due("spot/trade/cancel-order")
    assert bitget("order cancel 2001", env=DEMO).status == 0
    lines = [request.url.params.get("productType", "spot") for request in exchange.get_requests(method="GET")]
    assert list(dict.fromkeys(lines)) == ["USDT-FUTURES", "spot"]


def test_an_answer_that_ignores_the_filter_is_not_believed(bitget: Bitget, exchange: HTTPXMock) -> None:
    everything = {"entrustedList": [ORDER], "endId": None}
    open_desk(exchange, answers={"mix/order/orders-pending": everything, "mix/order/orders-history": everything})
    ran = bitget("order cancel 999 --product usdt-futures", env=DEMO)
    assert (ran.status, exchange.get_requests(method="POST")) == (5, [])


def test_what_this_machine_placed_is_found_without_searching(bitget: Bitget, exchange: HTTPXMock) -> None:
    desk = open_desk(exchange, spot_orders=[{**SPOT_ORDER, "orderId": "9001", "clientOid": "mine"}])
    desk.due("spot/trade/place-order")
    assert bitget("order sell BTC/USDT 0.01 --client-oid mine", env=DEMO).status == 0
    for name in ("mine", "9001"):
        desk.due("spot/trade/cancel-order")
        before = len(exchange.get_requests())
        assert bitget(f"order cancel {name}", env=DEMO).status == 0
        sent = {path_of(request) for request in exchange.get_requests()[before:]}
        assert sent == {"spot/trade/unfilled-orders", "spot/trade/cancel-order"}


def test_an_order_in_two_lists_is_listed_once(bitget: Bitget, exchange: HTTPXMock) -> None:
    both = {"entrustedList": [ORDER], "endId": None}
    open_desk(exchange, answers={"mix/order/orders-pending": both})
    assert len(bitget("order list", env=DEMO).lines) == 1


def test_a_margin_account_that_is_not_there_is_named(bitget: Bitget, exchange: HTTPXMock) -> None:
    open_desk(exchange, answers={"mix/account/accounts": [{"marginCoin": "USDT"}]})
    assert bitget("account balance usdt --json", env=DEMO).json == {"marginCoin": "USDT"}
    ran = bitget("account balance BTC", env=DEMO)
    assert (ran.status, ran.out) == (2, "")
    assert "usdt-futures has no BTC" in ran.err


LONG_ID = "1234567890123456789"
TIME = "1772449200000"
HELD = {"openPriceAvg": "60123.4", "markPrice": "60000.0", "liquidationPrice": "30100.1", "leverage": "20"}
FILL = {
    "tradeId": LONG_ID,
    "symbol": "BTCUSDT",
    "orderId": LONG_ID,
    "price": "60000.1",
    "baseVolume": "0.0123",
    "side": "buy",
    "profit": "-12.3456",
    "tradeSide": "open",
    "tradeScope": "taker",
    "cTime": TIME,
}
BILL = {
    "billId": LONG_ID,
    "symbol": "BTCUSDT",
    "businessType": "contract_settle_fee",
    "amount": "0",
    "fee": "-0.36",
    "coin": "USDT",
    "balance": "9999.64",
    "cTime": TIME,
}
CLOSED = {
    "symbol": "BTCUSDT",
    "holdSide": "long",
    "closeTotalPos": "0.5",
    "openAvgPrice": "60000.1",
    "closeAvgPrice": "60001.2",
    "netProfit": "-12.3456",
    "utime": TIME,
}
EQUITY = {
    "marginCoin": "USDT",
    "accountEquity": "10000.12345678",
    "available": "9000.12345678",
    "crossedMaxAvailable": "9000.12345678",
    "locked": "0",
    "unrealizedPL": "-12.5",
}


@pytest.mark.parametrize(
    "typed",
    [
        *("position list", "position history", "order list", "order list --product spot", "plan list"),
        *("plan list --product spot", "order fills", "account bills", "account balance"),
    ],
)
def test_a_list_reads_in_a_terminal_of_eighty_columns(bitget: Bitget, exchange: HTTPXMock, typed: str) -> None:
    open_desk(
        exchange,
        positions=[{**POSITION, **HELD}],
        orders=[{**ORDER, "orderId": LONG_ID, "tradeSide": "open"}],
        spot_orders=[{**SPOT_ORDER, "orderId": LONG_ID}],
        plans=[{**PLAN, "orderId": LONG_ID}],
        spot_plans=[{**SPOT_PLAN, "orderId": LONG_ID}],
        answers={
            "mix/order/fills": {"fillList": [FILL], "endId": None},
            "mix/account/bill": {"bills": [BILL], "endId": None},
            "mix/position/history-position": {"list": [CLOSED], "endId": None},
            "mix/account/accounts": [EQUITY],
        },
    )
    ran = bitget(f"{typed} --no-color", env=DEMO, terminal=True)
    assert max(len(line) for line in ran.lines) <= 80
    # A table and not a list of fields: the heading stands above the values.
    assert not ran.lines[0].endswith("BTCUSDT")
    assert "1 row" in ran.lines[-1]
    assert len(ran.lines) <= 5


SUB = {"marginCoin": "USDT", "accountEquity": "120.5", "available": "100", "crossedMaxAvailable": "90", "locked": "0"}
SUB |= {"unrealizedPL": "-1.25"}
SPOT_SUB = {"coin": "BTC", "available": "0.5", "frozen": "0", "locked": "0.1", "limitAvailable": "0", "uTime": TIME}


def test_balances_of_sub_accounts_are_a_line_for_each_coin(bitget: Bitget, exchange: HTTPXMock) -> None:
    futures = [{"userId": "11", "assetList": [SUB, {**SUB, "marginCoin": "BTC"}]}, {"userId": "22", "assetList": []}]
    spot = [{"userId": "11", "assetsList": [SPOT_SUB, {**SPOT_SUB, "coin": "ETH"}]}]
    told = {"mix/account/sub-account-assets": futures, "spot/account/subaccount-assets": spot}
    open_desk(exchange, answers=told)
    ran = bitget("account subaccounts", env=DEMO)
    assert ran.lines == ["11\tUSDT\t120.5\t100\t90\t0\t-1.25", "11\tBTC\t120.5\t100\t90\t0\t-1.25", "22" + "\t" * 6]
    ran = bitget("account subaccounts --product spot", env=DEMO)
    assert ran.lines == ["11\tBTC\t0.5\t0\t0.1\t0", "11\tETH\t0.5\t0\t0.1\t0"]
    table = bitget("account subaccounts --no-color", env=DEMO, terminal=True).out
    assert "120.5" in table
    assert "3 rows" in table
    csv = bitget("account subaccounts --product spot -o csv", env=DEMO).lines
    assert [cells.split(",")[-6:-4] for cells in csv[1:]] == [["BTC", "0.5"], ["ETH", "0.5"]]
    # JSON is what the exchange sent.
    assert bitget("account subaccounts --json", env=DEMO).json == futures


def test_a_coin_has_a_line_for_each_chain(bitget: Bitget, exchange: HTTPXMock) -> None:
    chains = [{"chain": name, "withdrawFee": fee, "minWithdrawAmount": "10"} for name, fee in (("A", "1"), ("B", "2"))]
    open_desk(exchange, answers={"spot/public/coins": [{"coin": "USDT", "chains": chains}]})
    ran = bitget("market coins --fields coin,chains", env=DEMO)
    assert ran.lines == ["USDT\t" + json.dumps(chains, separators=(",", ":"))]
    assert [line.split("\t")[:2] for line in bitget("market coins", env=DEMO).lines] == [
        ["USDT", "A"],
        ["USDT", "B"],
    ]


def test_a_pipe_shows_what_a_key_may_do(bitget: Bitget, exchange: HTTPXMock) -> None:
    told = {"userId": "1", "ips": "1.2.3.4", "authorities": ["coor", "cpow"]}
    open_desk(exchange, answers={"spot/account/info": told})
    assert '["coor","cpow"]' in bitget("account info", env=DEMO).lines[0].split("\t")
    assert "coor, cpow" in bitget("account info", env=DEMO, terminal=True).out


@pytest.mark.parametrize(
    ("typed", "path", "row", "said"),
    [
        (
            "order fills --fields tradeId,feeDetail",
            "mix/order/fills",
            {"fillList": [{**FILL, "feeDetail": [{"deduction": "no", "feeCoin": "USDT", "totalFee": "-0.44"}]}]},
            "-0.44 USDT",
        ),
        (
            "order fills BTC/USDT --fields tradeId,feeDetail",
            "spot/trade/fills",
            [{**FILL, "feeDetail": {"deduction": "no", "feeCoin": "BTC", "totalFee": "-0.00001"}}],
            "-0.00001 BTC",
        ),
        (
            "order history --product spot --fields orderId,feeDetail",
            "spot/trade/history-orders",
            [{"orderId": "1", "feeDetail": '{"newFees":{"t":-0.1},"BTC":{"feeCoinCode":"BTC","totalFee":-0.10}}'}],
            "-0.10 BTC",
        ),
        (
            "convert bgb-history",
            "convert/bgb-convert-records",
            [{"fromCoin": "DOGE", "feeDetail": [{"feeCoin": "BGB", "fee": "0.0007"}]}],
            "0.0007 BGB",
        ),
    ],
)
def test_a_fee_reads_as_a_fee_in_a_table(
    bitget: Bitget, exchange: HTTPXMock, typed: str, path: str, row: Any, said: str
) -> None:
    exchange.add_response(method="GET", url=re.compile(rf".*/{path}\b"), json=enveloped(row))
    ran = bitget(typed, env=DEMO, terminal=True)
    assert said in ran.out
    assert "{" not in ran.out


def test_what_a_page_and_an_answer_call_by_two_names_is_one_column(bitget: Bitget, exchange: HTTPXMock) -> None:
    record = {"id": "1", "coin": "USDT", "p2pTaxType": "sell", "ts": TIME}
    for name in ("balance", "total"):
        open_desk(exchange, answers={"tax/p2p-record": [{**record, name: "250.75"}]})
        assert bitget("tax p2p", env=DEMO).lines == [f"{TIME}\tsell\tUSDT\t250.75"]
        assert "250.75" in bitget("tax p2p", env=DEMO, terminal=True).out
        assert bitget("tax p2p -o csv", env=DEMO).lines[1] == f"1,USDT,sell,250.75,{TIME}"
        assert bitget("tax p2p --json", env=DEMO).json == [{**record, name: "250.75"}]
    for told in ({"makerFeeRate": "0.0002", "takerFeeRate": "0.0006"}, {"makerRate": "0.0002", "takerRate": "0.0006"}):
        open_desk(exchange, answers={"common/trade-rate": told})
        assert bitget("account fee BTCUSDT", env=DEMO).lines == ["0.0002\t0.0006"]
    for name in ("state", "status"):
        detail = {key: value for key, value in ORDER.items() if key != "status"} | {name: "filled"}
        open_desk(exchange, orders=[ORDER], answers={"mix/order/detail": detail})
        assert "filled" in bitget("order show mine-1", env=DEMO).lines[0].split("\t")
