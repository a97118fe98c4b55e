"""What came of an order that cannot rest: looked at for two seconds, said in a line, and never decisive."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from desk import LIVE, OID, POSITION, Desk, open_desk
from doubles import Bitget, envelope
from pytest_httpx import HTTPXMock
from unified_desk import UnifiedDesk

import bitget_cli
from bitget_cli.errors import StoppedError

NOTHING = dict.fromkeys(("status", "filledSize", "avgPrice", "fee", "feeCoin"))
FUTURES = {"symbol": "BTCUSDT", "orderId": "9001", "size": "0.01", "side": "buy", "orderType": "market"}
FUTURES |= {"marginCoin": "USDT", "posMode": "one_way_mode", "tradeSide": "buy_single", "reduceOnly": "NO"}
WHOLE = FUTURES | {"state": "filled", "baseVolume": "0.01", "priceAvg": "65771.2", "fee": "-0.39462720"}
CLOSED = WHOLE | {"posMode": "hedge_mode", "tradeSide": "close", "posSide": "long"}
PART = WHOLE | {"state": "canceled", "baseVolume": "0.004", "orderType": "limit"}
NONE = PART | {"baseVolume": "0", "priceAvg": "", "fee": ""}
SPOT = {"symbol": "BTCUSDT", "orderId": "9001", "price": "0", "size": "917.8000", "orderType": "market", "side": "buy"}
SPOT |= {"status": "filled", "priceAvg": "87409.5200", "baseVolume": "0.0105000000000000"}
UNIFIED = {"category": "USDT-FUTURES", "symbol": "BTCUSDT", "orderId": "9001", "qty": "0.01", "orderType": "market"}
UNIFIED |= {"side": "sell", "posSide": "long", "holdMode": "hedge_mode", "orderStatus": "filled", "avgPrice": "65771.2"}
UNIFIED |= {"cumExecQty": "0.01", "clientOid": "x", "feeDetail": [{"feeCoin": "USDT", "fee": "0.3946"}]}
BUY = "order buy BTCUSDT 0.01"
IOC = f"{BUY} --price 60100 --tif ioc"
SPEND = "order buy BTC/USDT --quote 917.8"


def fees(**parts: str) -> dict[str, str]:
    """As a spot order tells them; the total stands in it, too."""
    coins = [f'"{coin}":{{"feeCoinCode":"{coin}","totalFee":{fee}}}' for coin, fee in parts.items()]
    return {"feeDetail": "{" + ",".join(['"newFees":{"t":-0.0000105}', *coins]) + "}"}


@pytest.mark.parametrize(
    ("line", "row", "told", "sentence"),
    [
        pytest.param(
            BUY,
            WHOLE,
            ("filled", "0.01", "65771.2", "-0.39462720", "USDT"),
            "bought 0.01 BTCUSDT at 65771.2, fee 0.3946272 USDT",
            id="market",
        ),
        pytest.param(
            "order sell BTCUSDT 0.01 --close",
            CLOSED,
            ("filled", "0.01", "65771.2", "-0.39462720", "USDT"),
            "closed long 0.01 BTCUSDT at 65771.2, fee 0.3946272 USDT",
            id="closing in hedge mode, where the wire says buy",
        ),
        pytest.param(
            "order sell BTCUSDT 0.01 --reduce-only",
            WHOLE | {"side": "sell"},
            ("filled", "0.01", "65771.2", "-0.39462720", "USDT"),
            "closed long 0.01 BTCUSDT at 65771.2, fee 0.3946272 USDT",
            id="closing, though the row does not say so",
        ),
        pytest.param(
            IOC,
            PART,
            ("canceled", "0.004", "65771.2", "-0.39462720", "USDT"),
            "bought 0.004 of 0.01 BTCUSDT at 65771.2, fee 0.3946272 USDT, the rest was cancelled",
            id="a part",
        ),
        pytest.param(
            IOC.replace("ioc", "fok"),
            NONE,
            ("canceled", "0", None, None, None),
            "nothing was bought: the order was cancelled",
            id="nothing",
        ),
        pytest.param(
            BUY,
            WHOLE | {"fee": "0.02"},
            ("filled", "0.01", "65771.2", "0.02", "USDT"),
            "bought 0.01 BTCUSDT at 65771.2, rebate 0.02 USDT",
            id="a rebate",
        ),
        pytest.param(
            SPEND,
            SPOT | fees(BTC="-1.05E-5"),
            ("filled", "0.0105000000000000", "87409.5200", "-0.0000105", "BTC"),
            "bought 0.0105 BTCUSDT at 87409.52, fee 0.0000105 BTC",
            id="spot by money",
        ),
        pytest.param(
            SPEND,
            SPOT | fees(BTC="-0.00001", BGB="-0.002"),
            ("filled", "0.0105000000000000", "87409.5200", None, None),
            "bought 0.0105 BTCUSDT at 87409.52",
            id="a fee in two coins is no number",
        ),
        pytest.param(
            SPEND,
            SPOT | {"feeDetail": "", "status": "cancelled"},
            ("cancelled", "0.0105000000000000", "87409.5200", None, None),
            "bought 0.0105 BTCUSDT at 87409.52, the rest was cancelled",
            id="spot, not all of the money",
        ),
    ],
)
def test_what_came_of_it_is_told(
    bitget: Bitget,
    exchange: HTTPXMock,
    line: str,
    row: dict[str, Any],
    told: tuple[str | None, ...],
    sentence: str,
) -> None:
    positions = [POSITION | {"posMode": row["posMode"]}] if "posMode" in row else []
    account = {"posMode": row["posMode"]} if "posMode" in row else {}
    desk = open_desk(exchange, positions=positions, account=account)
    desk.answers |= {"mix/order/detail": row, "spot/trade/orderInfo": [row]}
    desk.due()
    shown = bitget(f"{line} --yes -o table", env=LIVE)
    assert (shown.status, shown.lines[1]) == (0, sentence), shown.err
    desk.due()
    desk.count = 0
    record = bitget(f"{line} --yes --json", env=LIVE).json
    assert tuple(record[name] for name in NOTHING) == told
    assert list(record)[5:-2] == list(NOTHING)


def test_a_unified_account_tells_it_in_the_same_words(bitget: Bitget, exchange: HTTPXMock) -> None:
    desk = UnifiedDesk(exchange, hedge=True, orders=[UNIFIED])
    desk.due("trade/place-order")
    bitget.kind_is_asked = True
    ran = bitget("order sell BTCUSDT 0.01 --close --yes --json", env=LIVE)
    told = {"status": "filled", "filledSize": "0.01", "avgPrice": "65771.2", "fee": "-0.3946", "feeCoin": "USDT"}
    assert ran.json | told == ran.json, ran.err
    desk.due("trade/place-order")
    desk.count = 0
    ran = bitget("order sell BTCUSDT 0.01 --close --yes -o table", env=LIVE)
    assert ran.lines[1] == "closed long 0.01 BTCUSDT at 65771.2, fee 0.3946 USDT"


def interrupted(_: httpx.Request) -> httpx.Response:
    raise KeyboardInterrupt


def stopped(_: httpx.Request) -> httpx.Response:
    raise StoppedError(15)


def silent(request: httpx.Request) -> httpx.Response:
    raise httpx.ReadTimeout("silence", request=request)


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(lambda _: httpx.Response(429, json={"code": "429", "msg": "Too many requests"}), id="too many"),
        pytest.param(lambda _: httpx.Response(503, text="gateway"), id="gone"),
        pytest.param(lambda _: envelope(None, code="40109", msg="no such order", status=400), id="unknown"),
        pytest.param(lambda _: envelope({"orderId": "9001", "fee": {"x": [1]}, "cTime": "soon"}), id="odd"),
        pytest.param(lambda _: envelope("nothing"), id="no object"),
        pytest.param(silent, id="silence"),
        pytest.param(interrupted, id="Ctrl-C"),
        pytest.param(stopped, id="SIGTERM"),
    ],
)
def test_a_look_that_fails_changes_nothing(
    bitget: Bitget, exchange: HTTPXMock, answer: Callable[[httpx.Request], httpx.Response]
) -> None:
    desk = open_desk(exchange)
    desk.answers["mix/order/detail"] = answer
    desk.due()
    began = bitget.clock.ticks
    ran = bitget(f"{BUY} --yes --json", env=LIVE)
    assert (ran.status, ran.json["outcome"], ran.err) == (0, "placed", "")
    assert ran.json | NOTHING == ran.json
    assert len(desk.changes) == 1
    assert bitget.clock.ticks - began <= 2


MARKET = {"symbol": "BTCUSDT", "productType": "USDT-FUTURES"}


def asked(desk: Desk, path: str) -> int:
    return sum(read == path for read, _ in desk.reads)


def test_one_that_is_not_filled_in_time_says_how_to_wait(bitget: Bitget, exchange: HTTPXMock) -> None:
    desk = open_desk(exchange)
    desk.answers["mix/order/detail"] = WHOLE | {"state": "partially_filled", "baseVolume": "0.004"}
    desk.due()
    began = bitget.clock.ticks
    ran = bitget(f"{BUY} --yes -o table", env=LIVE)
    assert ran.lines[1].endswith("fee 0.3946272 USDT; bitget order wait 9001 waits for the rest")
    assert 1 < bitget.clock.ticks - began <= 2
    assert 3 <= asked(desk, "mix/order/detail") <= 8


@pytest.mark.parametrize(
    ("line", "looks"),
    [
        (BUY, 1),
        (IOC, 1),
        (f"{BUY} --no-wait", 0),
        (f"{BUY} --price 59000", 0),
        (f"{BUY} --price 59000 --post-only", 1),
        (f"{BUY} --price 59000 --post-only --no-wait", 0),
        ("position close BTCUSDT --percent 50", 1),
        ("position close BTCUSDT --percent 50 --no-wait", 0),
        ("position reverse BTCUSDT", 1),
        ("position close BTCUSDT", 1),
        ("plan buy BTCUSDT 0.01 --trigger 61000", 0),
    ],
)
def test_only_what_cannot_rest_is_looked_at(bitget: Bitget, exchange: HTTPXMock, line: str, looks: int) -> None:
    desk = open_desk(exchange, positions=[POSITION])
    desk.answers["mix/order/detail"] = WHOLE
    desk.due()
    ran = bitget(f"{line} --yes -o tsv", env=LIVE)
    assert (ran.status, asked(desk, "mix/order/detail")) == (0, looks), ran.err
    # Columns that nobody fills are left out where nobody was to look.
    assert len(ran.out.split("\t")) == (5 if "--no-wait" in line or "plan" in line else 10)


def test_of_several_one_list_is_read(bitget: Bitget, exchange: HTTPXMock) -> None:
    desk = open_desk(exchange)
    rows = [WHOLE | {"orderId": "9001", "status": "filled"}, PART | {"orderId": "9002", "status": "canceled"}]
    desk.answers["mix/order/orders-history"] = {"entrustedList": rows, "endId": None}
    desk.due(body={"marginMode": "crossed", **MARKET, "marginCoin": "USDT", "orderList": [MADE, MADE | LIMIT]})
    lines = [{"symbol": "BTCUSDT", "side": "buy", "size": "0.01"}]
    lines += [lines[0] | {"price": "60100", "tif": "ioc"}]
    ran = bitget("order batch - --yes --json", typed="\n".join(map(json.dumps, lines)), env=LIVE)
    assert [(row["status"], row["filledSize"]) for row in ran.json] == [("filled", "0.01"), ("canceled", "0.004")]
    assert (asked(desk, "mix/order/orders-history"), asked(desk, "mix/order/detail")) == (1, 0)


MADE = {"size": "0.01", "side": "buy", "orderType": "market", "clientOid": OID}
LIMIT = {"orderType": "limit", "price": "60100", "force": "ioc"}


@pytest.mark.parametrize("kind", ["classic", "unified"])
@pytest.mark.parametrize("mode", ["one-way", "hedge"])
def test_the_paper_exchange_tells_it_at_once(rich: Bitget, kind: str, mode: str) -> None:
    reset = f"paper reset --yes --account {kind} --balance USDT=100000"
    for line in (reset, "paper clock --set 2026-03-01T12:00", f"account position-mode {mode}"):
        assert rich(f"-p paper {line}").status == 0, line
    if kind == "classic":
        assert rich("-p paper account transfer USDT 50000 --from spot --to usdt-futures").status == 0

    def told(line: str) -> list[str]:
        ran = rich(f"-p paper {line} -o table")
        assert ran.status == 0, ran.err
        words = ("bought", "sold", "closed", "nothing")
        return [" ".join(one.split(" at ")[0].split()) for one in ran.lines if one.startswith(words)]

    assert told("order buy BTCUSDT 0.02") == ["bought 0.02 BTCUSDT"]
    assert told("order buy ETHUSDT 0.1") == ["bought 0.1 ETHUSDT"]
    assert told("order sell BTCUSDT 0.005 --close") == ["closed long 0.005 BTCUSDT"]
    assert told("order buy BTCUSDT 0.01 --price 1000 --tif fok")[0].startswith("nothing was bought")
    assert told("position close BTCUSDT --size 0.005") == ["closed long 0.005 BTCUSDT"]
    assert sorted(told("position close-all")) == ["closed long 0.01 BTCUSDT", "closed long 0.1 ETHUSDT"]
    assert told("order sell BTCUSDT 0.01") == ["sold 0.01 BTCUSDT"]
    assert told("position close BTCUSDT") == ["closed short 0.01 BTCUSDT"]
    assert told("order buy BTC/USDT --quote 100")[0].startswith("bought 0.001")
    assert told("order sell BTC/USDT 0.001") == ["sold 0.001 BTCUSDT"]
    assert not {0.1, 0.2, 0.4} & set(rich.clock.slept)


def test_a_program_is_told_what_it_was_told(exchange: HTTPXMock, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The SDK answers once the order is placed, and asks for nothing more."""
    for name, value in {**LIVE, "HOME": str(home)}.items():
        monkeypatch.setenv(name, value)
    desk = open_desk(exchange)
    desk.due()
    with bitget_cli.Bitget(profile=None) as sdk:
        placed = sdk.orders.place("BTCUSDT", "buy", "0.01")
    assert set(placed["data"]) == {"orderId", "clientOid"}
    assert asked(desk, "mix/order/detail") == 0


POST_ONLY = f"{BUY} --price 60100 --post-only"
CROSSED = "nothing was bought: post-only would have taken from the book, so the order was cancelled"


@pytest.mark.parametrize(
    ("row", "told", "sentences"),
    [
        pytest.param(NONE, ("canceled", "0", None, None, None), [CROSSED], id="it would have taken"),
        pytest.param(NONE | {"state": "live"}, ("live", "0", None, None, None), [], id="it rests"),
        pytest.param(
            PART,
            ("canceled", "0.004", "65771.2", "-0.39462720", "USDT"),
            ["bought 0.004 of 0.01 BTCUSDT at 65771.2, fee 0.3946272 USDT, the rest was cancelled"],
            id="it rested, and was cancelled by somebody",
        ),
    ],
)
def test_a_post_only_order_says_whether_it_rests(
    bitget: Bitget, exchange: HTTPXMock, row: dict[str, Any], told: tuple[str | None, ...], sentences: list[str]
) -> None:
    desk = open_desk(exchange)
    desk.answers["mix/order/detail"] = row
    desk.due()
    shown = bitget(f"{POST_ONLY} --yes -o table", env=LIVE)
    assert (shown.status, shown.lines[1:-2]) == (0, sentences), shown.err
    # The answer may come before the order has met the book.
    assert asked(desk, "mix/order/detail") == (1 if row["state"] == "canceled" else 2)
    desk.due()
    desk.count = 0
    record = bitget(f"{POST_ONLY} --yes --json", env=LIVE).json
    assert (record["outcome"], *(record[name] for name in NOTHING)) == ("placed", *told)


def test_a_post_only_order_that_does_not_show_yet_is_looked_for_until_it_does(
    bitget: Bitget, exchange: HTTPXMock
) -> None:
    desk = open_desk(exchange)

    def late(_: httpx.Request) -> httpx.Response:
        if asked(desk, "mix/order/detail") <= 3:
            return envelope(None, code="40109", msg="no such order", status=400)
        return envelope(NONE)

    desk.answers["mix/order/detail"] = late
    desk.due()
    assert bitget(f"{POST_ONLY} --yes --json", env=LIVE).json["status"] == "canceled"


@pytest.mark.parametrize("kind", ["classic", "unified"])
def test_post_only_orders_that_cross_are_told_on_paper(rich: Bitget, kind: str) -> None:
    reset = f"paper reset --yes --account {kind} --balance spot:USDT=50000 --balance usdt-futures:USDT=50000"
    for line in (reset, "paper clock --set 2026-03-01T12:00"):
        assert rich(f"-p paper {line}").status == 0, line
    for market in ("BTCUSDT", "BTC/USDT"):
        ran = rich(f"-p paper order buy {market} 0.01 --price ask+0.5% --post-only -o table")
        assert (ran.status, ran.lines[1]) == (0, CROSSED), ran.err
        assert rich(f"-p paper order buy {market} 0.01 --price bid-1% --post-only --json").json["status"] == "live"
    steps = "--from bid-0.5% --to ask+1% --steps 4 --post-only"
    ran = rich(f"-p paper order ladder sell BTCUSDT 0.01 {steps} --json")
    assert [row["status"] for row in ran.json] == ["canceled", None, None, None]
    assert "1 of 4 was cancelled: post-only would have taken from the book" in ran.err
    ran = rich(f"-p paper order ladder sell BTCUSDT 0.01 {steps} --no-wait -o tsv")
    assert {len(line.split("\t")) for line in ran.lines} == {5}
