"""What is refused before anything is sent: mistyped numbers and symbols, the instrument's rules, contradictions."""

from __future__ import annotations

import json
from itertools import cycle
from typing import Any

import pytest
from desk import DEMO, EXIT, LIVE, ORDER, PLAN, POSITION, SPOT_PLAN, TRAIL, open_desk
from doubles import Bitget, envelope
from pytest_httpx import HTTPXMock

# Not plain digits, or no amount at all; a shell could hand over any of them.
NOT_AMOUNTS = (
    *("-1", "-0", "NaN", "Inf", "Infinity", "1e9", "1E-8", "1e-400", "1_000", "１２", "١٢", " 1", "1 ", "+1", "0x10"),
    *("1,5", "1.000,50", ".5", "5.", "1.2.3", "", "1" * 50, "0." + "1" * 50, "0,01", "½", "1\n", "--1"),
)
SIZES_TOO = ("0", "0.0", "000")

HEDGE = {"posMode": "hedge_mode"}
HEDGED = [{**POSITION, **HEDGE}, {**POSITION, **HEDGE, "holdSide": "short"}]


@pytest.mark.parametrize("text", [*NOT_AMOUNTS, *SIZES_TOO])
def test_only_plain_digits_are_a_size(bitget: Bitget, exchange: HTTPXMock, text: str) -> None:
    open_desk(exchange)
    ran = bitget(["order", "buy", "BTCUSDT", text], env=DEMO)
    assert (ran.status, ran.out, exchange.get_requests(method="POST")) == (2, "", [])


@pytest.mark.parametrize("text", ["-1", "1e9", "NaN", "1,5", "0"])
@pytest.mark.parametrize(
    "words",
    [
        ["order", "sell", "BTC/USDT", "{}"],
        ["order", "buy", "BTCUSDT", "0.01", "--price", "{}"],
        ["order", "buy", "BTC/USDT", "--quote", "{}"],
        ["order", "modify", "1001", "--price", "{}"],
        ["order", "modify", "1001", "--size", "{}"],
        ["position", "close", "BTCUSDT", "--size", "{}"],
        ["position", "close", "BTCUSDT", "--percent", "{}"],
        ["plan", "buy", "BTCUSDT", "0.01", "--trigger", "{}"],
        ["plan", "tpsl", "BTCUSDT", "--sl", "{}"],
        ["account", "leverage", "BTCUSDT", "{}"],
        ["account", "transfer", "USDT", "{}", "--from", "spot", "--to", "p2p"],
        ["account", "margin", "BTCUSDT", "--add", "{}"],
    ],
    ids=lambda words: " ".join(words),
)
def test_a_number_that_is_not_plain_is_never_sent(
    bitget: Bitget, exchange: HTTPXMock, words: list[str], text: str
) -> None:
    open_desk(exchange, orders=[ORDER], positions=[POSITION])
    ran = bitget([word.format(text) for word in words], env=DEMO)
    assert (ran.status, ran.out, exchange.get_requests(method="POST")) == (2, "", [])


def test_a_comma_is_answered_with_a_dot(bitget: Bitget, exchange: HTTPXMock) -> None:
    open_desk(exchange)
    ran = bitget("order buy BTCUSDT 0,01", env=DEMO)
    assert "use a dot: 0.01" in ran.err


@pytest.mark.parametrize(
    "words",
    [
        ["order", "buy", "BTCUSDT", "0.01", "--price", "{}"],
        ["order", "sell", "BTC/USDT", "{}"],
        ["order", "modify", "1001", "--price", "{}"],
        ["order", "buy", "BTC/USDT", "--quote", "{}"],
        ["plan", "buy", "BTCUSDT", "0.01", "--trigger", "{}"],
        ["plan", "tpsl", "BTCUSDT", "--sl", "{}"],
        ["position", "close", "BTCUSDT", "--size", "{}"],
        ["account", "transfer", "USDT", "{}", "--from", "spot", "--to", "p2p"],
        ["convert", "quote", "USDT", "BTC", "--from-size", "{}"],
        ["profile", "limit", "demo", "--max-notional", "{}"],
        ["paper", "deposit", "USDT", "{}"],
    ],
    ids=lambda words: " ".join(words),
)
def test_no_hint_offers_another_number_than_was_typed(bitget: Bitget, exchange: HTTPXMock, words: list[str]) -> None:
    """60,000 with a dot would be sixty; 5e-05 is 0.00005 and nothing else."""
    open_desk(exchange, orders=[ORDER], positions=[POSITION])
    for text, hint in (("60,000", ""), ("5e-05", "hint: write it out: 0.00005\n"), ("0,05", "hint: use a dot: 0.05\n")):
        ran = bitget([word.format(text) for word in words], env=DEMO)
        assert (ran.status, ran.out, exchange.get_requests(method="POST")) == (2, "", [])
        assert ran.err.endswith(f"{text!r} is not a plain number such as 0.25\n{hint}")


LOOKALIKES = {
    "symbol": "btcu\u017fdt",
    "pair": "BTC/U\u017fDT",
    "coin": "u\u017fdt",
    "number": "\u0660.\u0660\u0661",
    "whole": "\u0663",
    "wide": "\uff13",
    "time": "\u0667d",
    "product": "u\u017fdt-futures",
    "id": "mine-\uff11",
}


@pytest.mark.parametrize(
    "line",
    [
        *("order buy {symbol} 0.01", "order sell {pair} 0.01", "order buy BTCUSDT {number}", "order cancel {id}"),
        *("order buy BTCUSDT 0.01 --price {number}", "order buy BTCUSDT 0.01 --tp {wide}", "order cancel-all {symbol}"),
        *("order buy BTCUSDT 0.01 --client-oid {id}", "order show {id}", "order modify {id} --size 1"),
        *("order buy BTCUSDT 0.01 --product {product}", "order list --since {time}", "order list --limit {whole}"),
        *("order buy BTCUSDT 0.01 --timeout {whole}", "--timeout {wide} order buy BTCUSDT 0.01"),
        *("plan buy {symbol} 0.01 --trigger 1", "plan buy BTCUSDT 0.01 --trigger {number}", "plan cancel {id}"),
        *("plan sell BTCUSDT 0.01 --trigger 1 --callback {wide}", "position close {symbol}", "position show {symbol}"),
        *("position close BTCUSDT --percent {wide}", "account leverage BTCUSDT {wide}", "account leverage {symbol} 5"),
        *("account balance {coin} --product spot", "account bills {coin}", "account deposit-address {coin}"),
        *(
            "account transfer {coin} 1 --from spot --to p2p",
            "account transfers {coin}",
            "account deposits --coin {coin}",
        ),
        *("account margin BTCUSDT --add {number}", "account max-open {symbol} --side long", "account funding {coin}"),
        *("convert quote {coin} BTC --from-size 1", "convert quote USDT BTC --from-size {number}"),
        *("convert trade USDT {coin} --from-size 1", "convert trade USDT BTC --from-size 1 --max-slippage {wide}"),
        *("market ticker {symbol}", "market coins {coin}", "market candles BTCUSDT --since {time}"),
        *("market depth BTCUSDT --limit {whole}", "market tickers --top {wide}", "market trades {symbol}"),
        *("watch ticker {symbol}", "watch depth BTCUSDT --levels {whole}", "watch ticker BTCUSDT --count {whole}"),
        *("watch ticker BTCUSDT --duration {time}", "watch ticker BTCUSDT --until 'lastPr > {whole}'"),
        *(
            "tax spot --year \uff12\uff10\uff12\uff15",
            "tax spot --coin {coin}",
            "profile limit demo --max-notional {number}",
        ),
        *("paper deposit {coin} 1", "paper reset --seed {whole}", "paper clock --advance {time}"),
        *("paper clock --speed {wide}", "paper reset --balance {coin}=1"),
        *(
            "api mix.market.ticker symbol={symbol} productType=USDT-FUTURES",
            "api spot.market.orderbook symbol=B limit={wide}",
        ),
        *("api mix.market.ticker symbol=BTCUSDT productType={product}", "api mix.order.fills --limit {whole}"),
    ],
)
def test_what_only_looks_like_letters_or_digits_reaches_nobody(bitget: Bitget, exchange: HTTPXMock, line: str) -> None:
    open_desk(exchange, orders=[ORDER], positions=[POSITION], plans=[PLAN])
    words = line.format(**LOOKALIKES)
    ran = bitget(words, env=DEMO)
    assert (ran.status, ran.out, exchange.get_requests(method="POST")) == (2, "", []), ran.err
    sent = [value for request in exchange.get_requests() for value in request.url.params.values()]
    assert all(value.isascii() for value in sent), sent


@pytest.mark.parametrize("number", ["1_0", "nan", "inf", "1e1", "0x10", "+5", " 5", ""])
@pytest.mark.parametrize(
    "line", ["market ticker BTCUSDT --timeout", "market trades BTCUSDT --limit", "paper reset --seed"]
)
def test_a_count_or_a_deadline_is_typed_in_plain_digits(
    bitget: Bitget, exchange: HTTPXMock, line: str, number: str
) -> None:
    ran = bitget([*line.split(), number], env=DEMO)
    assert (ran.status, ran.out, exchange.get_requests()) == (2, "", [])
    assert f"{line.split()[-1]} {number!r} is not a plain number" in ran.err


def test_variables_take_plain_digits_only(bitget: Bitget) -> None:
    for name, value in {"BITGET_PAPER_NOW": "\u0662026-03-02", "BITGET_PROFILE": "\uff50aper"}.items():
        ran = bitget("market time", env={"BITGET_PROFILE": "paper", name: value})
        assert (ran.status, ran.out) == (2, "")
        assert repr(value) in ran.err


SYMBOLS = [
    ("BTCUSDTT", "did you mean BTCUSDT"),
    ("BTC-USDT", "did you mean BTCUSDT or BTC/USDT (spot)?"),
    ("BTCUSD", "BTCUSD is in coin-futures: add --product coin-futures"),
    ("ВTCUSDT", "does not exist in usdt-futures"),
    ("BTCUSDT_SPBLX", "is not a symbol"),
    ("BTC/USDT:BTC", "is not a market Bitget has"),
    ("", "is not a symbol"),
]


@pytest.mark.parametrize(("symbol", "remedy"), SYMBOLS, ids=[symbol for symbol, _ in SYMBOLS])
@pytest.mark.parametrize("command", ["order buy {} 0.01", "plan buy {} 0.01 --trigger 58000", "order cancel-all {}"])
def test_a_symbol_is_never_corrected_for_a_trade(
    bitget: Bitget, exchange: HTTPXMock, command: str, symbol: str, remedy: str
) -> None:
    open_desk(exchange)
    words = [symbol if word == "{}" else word for word in command.split()]
    ran = bitget(words, env=DEMO)
    assert (ran.status, exchange.get_requests(method="POST")) == (2, [])
    assert remedy in ran.err


@pytest.mark.parametrize("command", ["order cancel 1 --symbol BTCUSDTT", "order list BTCUSDTT"])
def test_a_symbol_the_exchange_does_not_know_gets_near_misses(
    bitget: Bitget, exchange: HTTPXMock, command: str
) -> None:
    unknown = envelope(None, code="40034", msg="Parameter BTCUSDTT does not exist", status=400)
    desk = open_desk(exchange, answers={"mix/order/cancel-order": unknown, "mix/order/orders-pending": unknown})
    if "cancel" in command:
        desk.due("mix/order/cancel-order")
    ran = bitget(command, env=DEMO)
    assert ran.status == 2
    assert "did you mean BTCUSDT" in ran.err


@pytest.mark.parametrize("symbol", ["btcusdt", "BTC/USDT:USDT", "BTCUSDT_UMCBL", "btc/usdt:usdt"])
def test_spellings_of_one_market_trade_in_it(bitget: Bitget, exchange: HTTPXMock, symbol: str) -> None:
    open_desk(exchange).due("mix/order/place-order")
    assert bitget(f"order buy {symbol} 0.01", env=DEMO).status == 0
    (change,) = exchange.get_requests(method="POST")
    assert json.loads(change.content)["symbol"] == "BTCUSDT"


# What is typed, the state of the exchange, and the sentence: each names the rule, the value and what would do.
RULES: list[tuple[str, dict[str, Any], str]] = [
    ("order buy BTCUSDT 0.00005", {}, "size 0.00005 is below the minimum 0.0001 BTC"),
    ("order buy BTCUSDT 0.00015", {}, "size 0.00015 is not a multiple of the step 0.0001 BTC: try 0.0001 or 0.0002"),
    (
        "order buy BTCUSDT 0.01 --price 60000.05",
        {},
        "price 60000.05 is not a multiple of the tick 0.1: try 60000.0 or 60000.1",
    ),
    (
        "order buy ETHUSDT 0.01 --price 60000.06",
        {},
        "price 60000.06 is not a multiple of the tick 0.05: try 60000.05 or 60000.10",
    ),
    ("order buy BTCUSDT 0.01 --price 0.05", {}, "price 0.05 is not a multiple of the tick 0.1: try 0.1"),
    ("order buy BTCUSDT 221", {}, "size 221 is above the maximum 220 BTC of one market order"),
    ("order buy BTCUSDT 1201 --price 60000", {}, "size 1201 is above the maximum 1200 BTC of one limit order"),
    ("order buy BTCUSDT 0.0001 --price 40000", {}, "is worth 4.0000 USDT, below the minimum 5 USDT"),
    ("order buy BTCUSDT 0.0001 --price 40000", {}, "at this price the smallest size is 0.0002"),
    ("order buy BTC/USDT --quote 0.5", {}, "0.5 USDT is below the minimum 1 USDT"),
    ("order buy BTCUSDT --quote 1", {}, "--quote 1 buys less than one step of 0.0001 BTC at 60000"),
    ("order buy BTC/USDT 0.01", {}, "a spot market buy is sized in USDT: 0.01 BTC costs about 600.00 now"),
    ("order buy BTC/USDT 0.01", {}, "--quote 600.00"),
    ("order buy BTCUSDT 0.01 --price 63000.1", {}, "price 63000.1 is above the highest BTCUSDT takes now, 63000.0"),
    ("order sell BTCUSDT 0.01 --price 56999.9", {}, "price 56999.9 is below the lowest BTCUSDT takes now, 57000.0"),
    ("order buy BTCUSDT 0.01 --tp 70000.05", {}, "take-profit 70000.05 is not a multiple of the tick 0.1"),
    ("order buy BTCUSDT 0.01", {"terms": {"symbolStatus": "maintain"}}, "BTCUSDT cannot be traded now"),
    ("order buy BTCUSDT 0.01", {"terms": {"symbolStatus": "limit_open"}}, "takes closing orders only"),
    ("order buy BTCUSDT 0.01", {"terms": {"symbolStatus": "restrictedAPI"}}, "it takes no orders from the API"),
    ("order sell BTC/USDT 0.01", {"terms": {"status": "halt"}}, "its trading is halted"),
    (
        "order buy BTCUSDT 20",
        {},
        "buy 20 BTCUSDT at market needs 60000 USDT of margin at 20x, and 50000 USDT is free",
    ),
    ("order buy BTCUSDT 20", {}, "at most 16.6666"),
    (
        "order buy BTC/USDT --quote 100001",
        {},
        "needs 100001 USDT, and 100000 USDT is free",
    ),
    ("order sell BTC/USDT 6", {}, "sell 6 BTCUSDT spot at market needs 6 BTC, and 5 BTC is free"),
    ("account leverage BTCUSDT 126", {}, "leverage 126 is not what BTCUSDT takes, 1 to 125"),
    ("plan buy BTCUSDT 0.01 --trigger 58000.05", {}, "--trigger 58000.05 is not a multiple of the tick 0.1"),
    (
        "plan tpsl BTCUSDT --trailing 11",
        {"positions": [POSITION]},
        "--trailing 11 is not above 0 and at most 10 percent",
    ),
    ("position close BTCUSDT --size 0.6", {"positions": [POSITION]}, "--size 0.6 is more than the position, 0.5"),
    ("position close BTCUSDT --percent 0.01", {"positions": [POSITION]}, "is less than one step of 0.0001"),
    ("position close BTCUSDT --percent 101", {"positions": [POSITION]}, "--percent 101 is not above 0"),
    ("order modify 1001 --price 59000.05", {"orders": [ORDER]}, "--price 59000.05 is not a multiple of the tick 0.1"),
    ("order modify 1001 --price 64000", {"orders": [ORDER]}, "above the highest BTCUSDT takes now"),
]

CONTRADICTIONS: list[tuple[str, dict[str, Any], str]] = [
    ("order buy BTCUSDT", {}, "how much? Give SIZE, or --quote MONEY"),
    ("order buy BTCUSDT 1 --quote 100", {}, "SIZE and --quote are two sizes"),
    ("order buy BTCUSDT 1 --tif ioc", {}, "a market order has no time in force"),
    ("order buy BTCUSDT 1 --price 60000 --tif ioc --post-only", {}, "contradict each other"),
    ("order sell BTC/USDT 1 --close", {}, "spot has no positions to close"),
    ("order sell BTC/USDT 1 --reduce-only", {}, "spot has no positions to close"),
    ("order sell BTC/USDT 1 --margin-mode isolated", {}, "spot has no margin mode"),
    ("order buy BTCUSDT 1 --client-oid 'no good'", {}, "client id 'no good' is not"),
    ("order buy BTC/USDT 1 --product coin-futures", {}, "is in spot, but --product says coin-futures"),
    ("order modify 1001", {"orders": [ORDER]}, "nothing to change"),
    ("order modify 1001 --price 59500 --tp 70000", {"orders": [ORDER]}, "not both"),
    ("plan modify 3002 --price 59500", {"plans": [TRAIL]}, "3002 is a trailing order, which has no --price"),
    ("plan modify 3001 --callback 2", {"plans": [PLAN]}, "3001 is a trigger order, which has no --callback"),
    ("plan modify 3003 --size 0.1", {"plans": [EXIT]}, "is for the whole position, so it has no size"),
    ("plan modify 1001 --trigger 59500", {"orders": [ORDER]}, "1001 is a plain order, which has no --trigger"),
    ("plan modify 4001 --callback 2", {"spot_plans": [SPOT_PLAN]}, "is a spot trigger order, which has no --callback"),
    ("position close BTC/USDT", {}, "is a spot market, and this is a futures command"),
    ("position close BTCUSDT", {}, "there is no position in BTCUSDT"),
    ("position close BTCUSDT --side short", {"positions": [POSITION]}, "it has a long 0.5 BTCUSDT"),
    ("position close BTCUSDT --size 0.1 --percent 5", {}, "--size and --percent are two sizes"),
    ("position close BTCUSDT", {"positions": HEDGED}, "has two positions, a long 0.5 BTCUSDT"),
    ("position reverse BTCUSDT", {"positions": HEDGED}, "--side long, or --side short"),
    ("plan tpsl BTCUSDT --sl 55000", {"positions": HEDGED}, "has two positions"),
    ("account margin BTCUSDT --add 1", {"positions": HEDGED}, "has two positions"),
    ("position list --product spot", {}, "spot has no positions"),
    ("position close-all --product spot", {}, "spot has no positions"),
    ("position history BTC/USDT", {}, "spot has no closed positions"),
    ("plan tpsl BTCUSDT", {}, "say where to leave"),
    ("plan tpsl BTCUSDT --sl 55000 --trigger 58000", {}, "--trigger is where --trailing begins"),
    ("plan buy BTC/USDT --quote 5 --trigger 58000 --callback 1", {}, "spot has no trailing orders"),
    ("plan buy BTC/USDT --quote 5 --trigger 58000 --sl 1", {}, "takes no --tp and no --sl"),
    ("plan buy BTCUSDT 1 --trigger 58000 --callback 1 --price 5", {}, "a trailing order trades at market"),
    ("plan list --product spot --kind trailing", {}, "spot has no trailing orders"),
    ("account margin BTCUSDT", {}, "say one of --add and --remove"),
    ("account margin BTCUSDT --add 1 --remove 1", {}, "say one of --add and --remove"),
    ("account margin BTCUSDT --add 1", {"positions": [POSITION]}, "the long BTCUSDT is in crossed margin"),
    ("account leverage BTCUSDT 10 --side long", {}, "one leverage for both sides"),
    ("account transfer USDT 1 --from spot --to spot", {}, "--from and --to are both spot"),
    ("account transfer USDT 1 --from spot --to isolated-margin", {}, "isolated margin needs --symbol"),
    ("account transfer USDT 1 --from spot --to p2p --symbol BTC/USDT", {}, "--symbol is for isolated margin"),
    ("account transfer USDT 1 --from spot --to bank", {}, "bank"),
]


@pytest.mark.parametrize(("typed", "state", "sentence"), [*RULES, *CONTRADICTIONS])
def test_a_refusal_names_the_rule_and_what_would_do(
    bitget: Bitget, exchange: HTTPXMock, typed: str, state: dict[str, Any], sentence: str
) -> None:
    open_desk(exchange, **state)
    ran = bitget(typed, env=DEMO)
    assert (ran.status, ran.out, exchange.get_requests(method="POST")) == (2, "", [])
    assert sentence in ran.err


def test_in_one_way_mode_an_order_against_a_position_needs_no_margin(bitget: Bitget, exchange: HTTPXMock) -> None:
    open_desk(exchange, positions=[{**POSITION, "total": "30"}]).due()
    assert bitget("order sell BTCUSDT 20", env=DEMO).status == 0
    assert bitget("order buy BTCUSDT 20", env=DEMO).status == 2


def test_closing_may_be_smaller_than_the_smallest_value(bitget: Bitget, exchange: HTTPXMock) -> None:
    open_desk(exchange, terms={"minTradeUSDT": "10"}).due()
    assert bitget("order sell BTCUSDT 0.0001 --close", env=DEMO).status == 0
    assert bitget("order sell BTCUSDT 0.0001", env=DEMO).status == 2


def test_a_refusal_under_json_is_one_object(bitget: Bitget, exchange: HTTPXMock) -> None:
    open_desk(exchange)
    ran = bitget("order buy BTCUSDT 0.00005 --json", env=DEMO)
    record = json.loads(ran.err)
    assert (record["error"], record["exit"]) == ("usage", 2)
    assert record["message"] == "size 0.00005 is below the minimum 0.0001 BTC"


def test_an_order_that_is_nowhere_is_told_as_rejected(bitget: Bitget, exchange: HTTPXMock) -> None:
    open_desk(exchange)
    for command in ("order cancel 77", "order show nobody", "plan cancel 77", "order modify 77 --price 59000"):
        ran = bitget(command, env=LIVE)
        assert (ran.status, exchange.get_requests(method="POST")) == (5, [])
        assert "there is no order" in ran.err


@pytest.mark.parametrize("kind", ["classic", "unified"])
def test_an_id_that_no_order_has_ends_every_command_alike(bitget: Bitget, kind: str) -> None:
    assert bitget(f"-p paper paper reset --yes --account {kind}").status == 0
    alone = ("show", "wait", "cancel", "modify")
    ids = cycle(("1", "nope"))
    for line in (*(f"order {word}" for word in alone), *(f"plan {word}" for word in alone if word != "wait")):
        for market in ("", " --symbol BTCUSDT", " --symbol BTC/USDT"):
            given = " --price 60000" if "modify" in line else ""
            ran = bitget(f"-p paper {line} {next(ids)}{given}{market}")
            assert (ran.status, "no order" in ran.err or "no such order" in ran.err) == (5, True), (line, ran.err)


def test_a_cancel_that_was_refused_does_not_say_in_which_market_an_order_is(bitget: Bitget) -> None:
    placed = bitget("-p paper order buy BTCUSDT 0.01 --price bid-1% --json").json["orderId"]
    assert bitget(f"-p paper order cancel {placed} --symbol BTC/USDT").status == 5
    assert bitget("-p paper order cancel 77 --symbol BTC/USDT").status == 5
    assert bitget(f"-p paper order show {placed} --json").json["symbol"] == "BTCUSDT"
    assert "in usdt-futures, spot" in bitget("-p paper order show 77").err


def test_an_order_that_is_over_is_told_so(bitget: Bitget, exchange: HTTPXMock) -> None:
    past = {"entrustedList": [{**ORDER, "status": "filled"}], "endId": None}
    open_desk(exchange, answers={"mix/order/orders-history": past})
    ran = bitget("order cancel 1001", env=DEMO)
    assert (ran.status, exchange.get_requests(method="POST")) == (5, [])
    assert "order 1001 of BTCUSDT is filled already" in ran.err


def test_without_a_position_mode_no_order_is_shaped(bitget: Bitget, exchange: HTTPXMock) -> None:
    open_desk(exchange, account={"posMode": "both_ways"})
    ran = bitget("order buy BTCUSDT 0.01", env=DEMO)
    assert (ran.status, exchange.get_requests(method="POST")) == (6, [])
    assert "did not say which position mode" in ran.err
