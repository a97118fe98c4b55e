"""`bitget order batch`: files read whole before anything is sent, twenty orders a call, each line's end told."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from desk import DEMO, LIVE, OID, open_desk
from doubles import Bitget, enveloped, path_of, url
from pytest_httpx import HTTPXMock

from bitget_cli.application.orders import order_files
from bitget_cli.errors import ConfigError

HEADER = "symbol,side,size,price,tif,reduce_only,close,tp,sl,margin_mode,client_oid\n"
OUTSIDE = {"symbol": "BTCUSDT", "productType": "USDT-FUTURES", "marginCoin": "USDT", "marginMode": "crossed"}


def batch(bitget: Bitget, text: str, *, words: str = "", env: dict[str, str] = DEMO) -> Any:
    return bitget(f"order batch - {words}", typed=text, env=env)


def calls(exchange: HTTPXMock) -> list[tuple[str, Any]]:
    """The changes that were sent: path below /api/v2/ and body."""
    return [(path_of(request), json.loads(request.content)) for request in exchange.get_requests(method="POST")]


def test_lines_of_one_market_go_in_one_call(bitget: Bitget, exchange: HTTPXMock) -> None:
    text = HEADER + (
        "BTCUSDT,buy,0.01,59000,post-only,,,70000,50000,,first\n"
        "btcusdt,sell,0.02,,,true,,,,,\n"
        "BTC/USDT:USDT,sell,0.03,61000,ioc,,yes,,,,\n"
    )
    orders = [
        {
            "size": "0.01",
            "side": "buy",
            "orderType": "limit",
            "price": "59000",
            "force": "post_only",
            "presetStopSurplusPrice": "70000",
            "presetStopLossPrice": "50000",
            "clientOid": "first",
        },
        {"size": "0.02", "side": "sell", "reduceOnly": "YES", "orderType": "market", "clientOid": OID},
        {"size": "0.03", "side": "sell", "reduceOnly": "YES", "orderType": "limit", "price": "61000", "force": "ioc"}
        | {"clientOid": OID},
    ]
    open_desk(exchange).due("mix/order/batch-place-order", {**OUTSIDE, "orderList": orders})
    ran = batch(bitget, text)
    assert ran.status == 0, ran.err
    assert [line.split("\t")[0] for line in ran.lines] == ["placed"] * 3


def test_ndjson_says_the_same_as_csv(bitget: Bitget, exchange: HTTPXMock) -> None:
    rows = [
        {"symbol": "BTCUSDT", "side": "buy", "size": 0.01, "price": 59000.1, "close": False, "tp": None},
        {"symbol": "BTC/USDT", "side": "buy", "quote": "100"},
    ]
    desk = open_desk(exchange)
    desk.due("mix/order/batch-place-order")
    spot = {"side": "buy", "orderType": "market", "force": "gtc", "size": "100", "clientOid": OID}
    desk.due("spot/trade/batch-orders", {"symbol": "BTCUSDT", "orderList": [spot]})
    ran = batch(bitget, "\n".join(json.dumps(row) for row in rows) + "\n\n")
    assert ran.status == 0, ran.err
    (path, body), (_, _) = calls(exchange)
    assert path == "mix/order/batch-place-order"
    assert body["orderList"][0]["price"] == "59000.1"


def test_markets_and_margin_modes_are_kept_apart(bitget: Bitget, exchange: HTTPXMock) -> None:
    text = "symbol,side,size,margin_mode\nBTCUSDT,buy,0.01,\nETHUSDT,buy,0.1,\nBTCUSDT,buy,0.02,isolated\n"
    desk = open_desk(exchange)
    for _ in range(3):
        desk.due("mix/order/batch-place-order")
    assert batch(bitget, text).status == 0
    sent = [(body["symbol"], body["marginMode"], len(body["orderList"])) for _, body in calls(exchange)]
    assert sent == [("BTCUSDT", "crossed", 1), ("ETHUSDT", "crossed", 1), ("BTCUSDT", "isolated", 1)]


@pytest.mark.parametrize(("orders", "sizes"), [(20, [20]), (21, [20, 1]), (45, [20, 20, 5])])
def test_twenty_go_in_a_call(bitget: Bitget, exchange: HTTPXMock, orders: int, sizes: list[int]) -> None:
    text = "symbol,side,size\n" + "BTCUSDT,buy,0.01\n" * orders
    desk = open_desk(exchange)
    dry = batch(bitget, text, words="--dry-run -o ndjson")
    assert [len(json.loads(json.loads(line)["body"])["orderList"]) for line in dry.lines] == sizes
    assert not exchange.get_requests(method="POST")
    for _ in sizes:
        desk.due("mix/order/batch-place-order")
    assert len(batch(bitget, text).lines) == orders
    assert [len(body["orderList"]) for _, body in calls(exchange)] == sizes


WRONG: list[tuple[str, str]] = [
    ("", "there are no orders in -"),
    (HEADER, "there are no orders in -"),
    ("symbol,side,size\nBTCUSDT,buy,0.01\nBTCUSDT,buy,1e3\n", "line 3: size '1e3' is not a plain number"),
    ("symbol,side,size\nBTCUSDT,buy,0.01\nBTCUSDT,buy,0.00001\n", "line 3: size 0.00001 is below the minimum"),
    ("symbol,side,size\nBTCUSDT,long,0.01\n", "line 2: side 'long' is not one of buy, sell"),
    ("symbol,side,size\nBTCUSDT,,0.01\n", "line 2: it has no side"),
    ("symbol,side,size\n,buy,0.01\n", "line 2: it has no symbol"),
    ("symbol,side,amount\nBTCUSDT,buy,0.01\n", "line 1: there is no column 'amount'"),
    ("symbol,side,size\nBTCUSDT,buy\n", "line 2: it has another number of columns"),
    ("symbol,side,size\nBTCUSDT,buy,0.01,5\n", "line 2: it has another number of columns"),
    ("symbol,side,size,tif\nBTCUSDT,buy,0.01,day\n", "line 2: tif 'day' is not one of gtc, ioc, fok, post-only"),
    ("symbol,side,size,close\nBTCUSDT,buy,0.01,maybe\n", "line 2: close 'maybe' is neither true nor false"),
    ("symbol,side,size\nBTC/USDT,buy,0.01\n", "line 2: a spot market buy is sized in USDT"),
    ("symbol,side,size,client_oid\nBTCUSDT,buy,1,a\nBTCUSDT,buy,1,a\n", "client_oid a is there twice"),
    ('{"symbol":"BTCUSDT","side":"buy","size":0.01}\n{"symbol":\n', "line 2: it is not JSON"),
    ('{"symbol":"BTCUSDT","side":"buy","size":[1]}\n', "line 1: size is neither text"),
    ('{"symbol":"BTCUSDT","side":"buy","size":NaN}\n', "line 1: it has NaN, which is no number"),
]

WRONG += [
    ("symbol,side,size,size\nBTCUSDT,buy,0.01,0.1\n", "line 1: column size is there twice"),
    ("symbol,side,size, size\nBTCUSDT,buy,0.01,0.1\n", "line 1: column size is there twice"),
    ("\n\nsymbol,side,size,price,price\n", "line 3: column price is there twice"),
    ('{"symbol":"BTCUSDT","side":"buy","size":0.01,"size":0.1}\n', "line 1: it has size twice"),
    ('{"symbol":"BTCUSDT","side":"buy","size":0.01,"size":null}\n', "line 1: it has size twice"),
    ('\n{"symbol":"BTCUSDT","side":"buy","size":0.01," size":0.1}\n', "line 2: column size is there twice"),
    ('[{"symbol":"BTCUSDT","side":"buy","tp":"1","tp":"2","size":0.01}]', "the file has tp twice"),
    ("symbol,size\nBTCUSDT,0.01\n", "line 1: the header has no column 'side'"),
    ("side,size\nbuy,0.01\n", "line 1: the header has no column 'symbol'"),
    ("symbol,side,size,\nBTCUSDT,buy,0.01,\n", "line 1: there is no column ''"),
    ("symbol;side;size\nBTCUSDT;buy;0.01\n", "line 1: there is no column 'symbol;side;size'"),
    ("[]", "there are no orders in -"),
    ('[{"symbol":"BTCUSDT","side":"buy","size":0.01},7]', "order 2: it is not an object"),
    ('[{"symbol":"BTCUSDT","side":"buy","size":0.01},{"symbol":"BTCUSDT","size":1}]', "order 2: it has no side"),
    ('[{"symbol":"BTCUSDT","side":"buy","size":0.01}', "the file is not JSON"),
    ("[" * 100_000, "the file is nested too deeply"),
    ("symbol,side,size\nbtcu\u017fdt,buy,0.01\n", "line 2: symbol 'btcu\u017fdt' has '\u017f', which only looks like"),
    ("symbol,side,size\nBTCUSDT,buy,\u0660.\u0660\u0661\n", "line 2: size '\u0660.\u0660\u0661' is not a plain number"),
    (
        "symbol,side,size,price,tif\nBTCUSDT,buy,0.01,59000,fo\u212a\n",
        "line 2: tif 'fo\u212a' has '\u212a', which only looks like",
    ),
]


@pytest.mark.parametrize(("text", "sentence"), WRONG)
def test_one_wrong_line_and_nothing_is_sent(bitget: Bitget, exchange: HTTPXMock, text: str, sentence: str) -> None:
    open_desk(exchange)
    ran = batch(bitget, text)
    assert (ran.status, ran.out, exchange.get_requests(method="POST")) == (2, "", [])
    assert sentence in ran.err


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("symbol,side,size\nBTCUSDT,buy,5e-05\n", "0.00005"),
        ('{"symbol":"BTCUSDT","side":"buy","size":1e-3}\n', "0.001"),
        ('[{"symbol":"BTCUSDT","side":"sell","size":1E-3,"price":6.05E+4}]', "60500"),
        ("symbol,side,size,client_oid\nBTCUSDT,buy,1.2345678901234567E2,a\n", "123.45678901234567"),
    ],
)
def test_a_number_as_programs_write_it_is_answered_with_its_plain_form(
    bitget: Bitget, exchange: HTTPXMock, text: str, hint: str
) -> None:
    open_desk(exchange)
    ran = batch(bitget, text)
    assert (ran.status, ran.out, exchange.get_requests(method="POST")) == (2, "", [])
    assert ran.err.endswith(f"is not a plain number such as 0.25\nhint: write it out: {hint}\n")


ROWS = [
    {"symbol": "BTCUSDT", "side": "buy", "size": "0.01", "client_oid": "one"},
    {"symbol": "BTCUSDT", "side": "sell", "size": 0.02, "price": 61000, "client_oid": "two"},
]
CSV = "symbol,side,size,price,client_oid\nBTCUSDT,buy,0.01,,one\n\nBTCUSDT,sell,0.02,61000,two\n"
TEXTS = {
    "array": json.dumps(ROWS),
    "array over many lines": json.dumps(ROWS, indent=2) + "\n",
    "array with a byte order mark": "\ufeff" + json.dumps(ROWS),
    "ndjson with a byte order mark": "\ufeff" + "\n".join(map(json.dumps, ROWS)),
    "csv with a byte order mark": "\ufeff" + CSV,
    "csv under an empty line": "\n" + CSV.replace("\n", "\r\n"),
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_the_same_orders_in_every_form_programs_write(
    bitget: Bitget, exchange: HTTPXMock, text: str, tmp_path: Path
) -> None:
    desk = open_desk(exchange)
    desk.due("mix/order/batch-place-order")
    desk.due("mix/order/batch-place-order")
    assert batch(bitget, text).status == 0
    ((_, body),) = calls(exchange)
    sent = [(order["clientOid"], order["size"], order.get("price")) for order in body["orderList"]]
    assert sent == [("one", "0.01", None), ("two", "0.02", "61000")]
    (tmp_path / "orders").write_text(text.replace("one", "eins").replace("two", "zwei"), encoding="utf-8", newline="")
    assert bitget(["order", "batch", str(tmp_path / "orders")], env=DEMO).status == 0
    assert len(calls(exchange)[1][1]["orderList"]) == 2


def test_standard_input_is_utf_8_in_every_locale() -> None:
    content = "\ufeffsymbol,side,size\n\u725b\u5e02USDT,buy,0.01\n".encode()
    stdin = io.TextIOWrapper(io.BytesIO(content), encoding="latin-1")
    (line,) = order_files.lines("-", stdin=stdin)
    assert line.symbol == "\u725b\u5e02USDT"
    with pytest.raises(ConfigError, match="cannot read -"):
        order_files.lines("-", stdin=io.TextIOWrapper(io.BytesIO("symbol".encode("utf-16")), encoding="utf-8"))


def test_a_file_is_read_by_its_name(bitget: Bitget, exchange: HTTPXMock, tmp_path: Path) -> None:
    open_desk(exchange).due("mix/order/batch-place-order")
    file = tmp_path / "orders.csv"
    file.write_text("\ufeffsymbol,side,size\r\nBTCUSDT,buy,0.01\r\n", encoding="utf-8")
    assert bitget(["order", "batch", str(file)], env=DEMO).status == 0
    ran = bitget(["order", "batch", str(tmp_path / "none.csv")], env=DEMO)
    assert (ran.status, ran.out) == (3, "")


def test_a_part_that_failed_ends_with_eight_and_every_line_is_told(bitget: Bitget, exchange: HTTPXMock) -> None:
    answer = {
        "successList": [{"orderId": "1", "clientOid": "a"}],
        "failureList": [{"orderId": None, "clientOid": "b", "errorMsg": "Insufficient balance", "errorCode": "40762"}],
    }
    text = "symbol,side,size,client_oid\nBTCUSDT,buy,0.01,a\nBTCUSDT,buy,0.01,b\n"
    open_desk(exchange)
    exchange.add_response(method="POST", url=url("mix/order/batch-place-order"), json=enveloped(answer))
    ran = batch(bitget, text, words="--json")
    assert ran.status == 8
    assert [(row["clientOid"], row["outcome"]) for row in ran.json] == [("a", "placed"), ("b", "rejected")]
    assert ran.failure["error"] == "partial"
    assert "Insufficient balance" in ran.err


def test_when_all_of_it_is_refused_it_is_a_refusal(bitget: Bitget, exchange: HTTPXMock) -> None:
    failures = [{"clientOid": oid, "errorMsg": "Insufficient balance", "errorCode": "40762"} for oid in "ab"]
    answer = {"successList": [], "failureList": failures}
    text = "symbol,side,size,client_oid\nBTCUSDT,buy,0.01,a\nBTCUSDT,buy,0.01,b\n"
    open_desk(exchange)
    exchange.add_response(method="POST", url=url("mix/order/batch-place-order"), json=enveloped(answer))
    ran = batch(bitget, text)
    assert ran.status == 5
    assert len(ran.lines) == 2


def test_a_second_call_goes_out_though_the_first_was_refused(bitget: Bitget, exchange: HTTPXMock) -> None:
    refused = enveloped(None, code="40762", msg="Insufficient balance")
    text = "symbol,side,size\nBTCUSDT,buy,0.01\nBTC/USDT,sell,0.01\n"
    open_desk(exchange).due("spot/trade/batch-orders")
    exchange.add_response(method="POST", url=url("mix/order/batch-place-order"), status_code=400, json=refused)
    ran = batch(bitget, text, words="--json")
    assert ran.status == 8
    assert [row["outcome"] for row in ran.json] == ["rejected", "placed"]


def test_live_asks_once_for_the_whole_file(bitget: Bitget, exchange: HTTPXMock) -> None:
    text = "symbol,side,size\nBTCUSDT,buy,0.01\nBTCUSDT,sell,0.02\n"
    desk = open_desk(exchange)
    ran = batch(bitget, text, env=LIVE)
    assert (ran.status, exchange.get_requests(method="POST")) == (10, [])
    assert "buy 0.01 BTCUSDT at market, worth 600.00 USDT" in ran.err
    assert "sell 0.02 BTCUSDT at market, worth 1200.00 USDT" in ran.err
    desk.due("mix/order/batch-place-order")
    assert batch(bitget, text, words="--yes", env=LIVE).status == 0


def test_the_cap_holds_for_each_order_of_a_file(bitget: Bitget, exchange: HTTPXMock) -> None:
    assert bitget("profile limit demo --max-notional 1000").status == 0
    open_desk(exchange)
    text = "symbol,side,size\nBTCUSDT,buy,0.01\nBTCUSDT,buy,0.02\n"
    ran = batch(bitget, text)
    assert (ran.status, exchange.get_requests(method="POST")) == (10, [])


def test_of_a_long_file_the_question_tells_the_first_and_the_sum(bitget: Bitget, exchange: HTTPXMock) -> None:
    text = "symbol,side,size\n" + "BTCUSDT,buy,0.01\n" * 8
    open_desk(exchange)
    ran = batch(bitget, text, env=LIVE)
    assert "LIVE: 8 changes worth 4800.00 USDT: buy 0.01 BTCUSDT at market" in ran.err
    assert "and 3 more" in ran.err
