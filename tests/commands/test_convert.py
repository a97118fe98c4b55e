"""`bitget convert`: what is asked and sent, the question while a quote holds, the guards, and how it ends."""

from __future__ import annotations

import json
import shlex
from decimal import Decimal
from typing import Any

import httpx
import pytest
from converter import LOST, QUOTE, RECORD, TRADE, Converter, Fate
from desk import DEMO, LIVE
from doubles import Bitget, Ran, Screen, StillClock, path_of
from pytest_httpx import HTTPXMock

from bitget_cli.main import main
from bitget_cli.runtime import Environment

TYPED = "convert trade USDT BTC --from-size 100"
BODY = (
    b'{"fromCoin":"USDT","fromCoinSize":"100","cnvtPrice":"0.0000199","toCoin":"BTC","toCoinSize":"0.00199",'
    b'"traceId":"1"}'
)


@pytest.fixture
def converter(clock: StillClock, exchange: HTTPXMock) -> Converter:
    there = Converter(clock)
    exchange.add_callback(there, is_optional=True, is_reusable=True)
    return there


def reads(exchange: HTTPXMock) -> list[tuple[str, dict[str, str]]]:
    return [(path_of(request), dict(request.url.params)) for request in exchange.get_requests(method="GET")]


def sent(exchange: HTTPXMock) -> list[tuple[str, bytes]]:
    return [(path_of(request), request.content) for request in exchange.get_requests(method="POST")]


class Slow(Screen):
    """Somebody who takes so many seconds for each of the lines they type."""

    def __init__(self, clock: StillClock, *lines: tuple[float, str]) -> None:
        super().__init__()
        self.clock, self.lines = clock, list(lines)

    def readline(self, size: int | None = -1, /) -> str:
        seconds, line = self.lines.pop(0)
        self.clock.sleep(seconds)
        return line[:size]


def on_terminal(bitget: Bitget, line: str, *lines: tuple[float, str], env: dict[str, str]) -> Ran:
    out, err = Screen(), Screen()
    environment = Environment(
        environ=bitget.environ | env,
        stdin=Slow(bitget.clock, *lines),
        stdout=out,
        stderr=err,
        clock=bitget.clock,
        keyring=bitget.keyring,
    )
    status = main(shlex.split(line), environment)
    return Ran(out.getvalue(), err.getvalue(), status)


# What is asked and sent.


@pytest.mark.usefixtures("converter")
@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("USDT BTC --from-size 100", {"fromCoin": "USDT", "toCoin": "BTC", "fromCoinSize": "100"}),
        ("usdt btc --to-size 0.0500", {"fromCoin": "USDT", "toCoin": "BTC", "toCoinSize": "0.0500"}),
    ],
)
def test_a_quote_is_asked_for_as_typed(bitget: Bitget, exchange: HTTPXMock, typed: str, asked: dict[str, str]) -> None:
    ran = bitget(f"convert quote {typed} --json", env=DEMO)
    assert ran.status == 0
    assert reads(exchange) == [(QUOTE, asked)]
    assert ran.json["traceId"] == "1"
    assert sent(exchange) == []


@pytest.mark.usefixtures("converter")
def test_a_conversion_sends_the_very_texts_of_the_quote(bitget: Bitget, exchange: HTTPXMock) -> None:
    ran = bitget(f"{TYPED} --yes --json", env=LIVE)
    assert ran.status == 0, ran.err
    assert sent(exchange) == [(TRADE, BODY)]
    assert ran.json["outcome"] == "done"
    assert ran.json["response"]["toCoinSize"] == "0.00199"


def test_a_size_that_came_as_a_number_goes_back_as_its_text(
    bitget: Bitget, exchange: HTTPXMock, converter: Converter
) -> None:
    converter.quoted = {"fromCoinSize": 100}
    assert bitget(f"{TYPED} --yes", env=LIVE).status == 0
    assert sent(exchange) == [(TRADE, BODY)]


def test_price_fee_and_slippage_are_told(bitget: Bitget, converter: Converter) -> None:
    converter.quoted = {"fee": "0.1"}
    ran = bitget(f"{TYPED} --yes", env=LIVE)
    assert "LIVE: convert 100 USDT into 0.00199 BTC, price 0.0000199, fee 0.1" in ran.err
    assert "slippage 0.5 % against BTCUSDT at 50000" in ran.err


EVIL = "\x1b]0;owned\x07\u202e"


@pytest.mark.parametrize("typed", [f"{TYPED} --yes", f"{TYPED} --dry-run", "convert bgb DOGE --yes"])
def test_what_the_exchange_says_cannot_steer_the_terminal(bitget: Bitget, converter: Converter, typed: str) -> None:
    converter.quoted = {"fee": EVIL}
    dust(
        converter,
        {"coinList": [{"coin": "DOGE", "available": EVIL, "bgbEstAmount": EVIL, "feeDetail": [{"fee": EVIL}]}]},
    )
    ran = bitget(typed, env=LIVE)
    assert ran.status == 0, ran.err
    assert not set(ran.err) & set(EVIL) - set("]0;owned")
    assert r"\x1b]0;owned\x07\u202e" in ran.err


@pytest.mark.usefixtures("converter")
def test_a_dry_run_prints_the_request_and_sends_nothing(bitget: Bitget, exchange: HTTPXMock) -> None:
    ran = bitget(f"{TYPED} --dry-run --json", env=LIVE)
    assert ran.status == 0
    assert ran.json["body"].encode() == BODY
    assert "a quote was asked for; nothing else is sent" in ran.err
    assert sent(exchange) == []
    assert bitget("order log --json", env=LIVE).json == []


@pytest.mark.parametrize(
    "quoted",
    [
        {"fromCoinSize": "1000"},
        {"toCoin": "ETH"},
        {"traceId": ""},
        {"traceId": True},
        {"cnvtPrice": "0"},
        {"cnvtPrice": "-0.0000199"},
        {"cnvtPrice": "x"},
        {"cnvtPrice": True},
        {"toCoinSize": "0"},
        {"toCoinSize": "-1"},
        {"toCoinSize": "NaN"},
        {"fromCoinSize": "1e2"},
    ],
)
def test_a_quote_of_something_else_is_not_traded(
    bitget: Bitget, exchange: HTTPXMock, converter: Converter, quoted: dict[str, Any]
) -> None:
    converter.quoted = quoted
    assert bitget(f"{TYPED} --yes", env=LIVE).status == 6
    assert sent(exchange) == []


@pytest.mark.parametrize(
    "typed",
    [
        "USDT BTC",
        "USDT BTC --from-size 1 --to-size 1",
        "USDT usdt --from-size 1",
        "USDT BTC --from-size 0",
        "USDT BTC --from-size 1e3",
        "USDT BTC --to-size -1",
        "USDT BTC --from-size 1,5",
    ],
)
def test_a_mistake_is_told_before_anything_is_asked(bitget: Bitget, exchange: HTTPXMock, typed: str) -> None:
    for command in ("quote", "trade"):
        assert bitget(f"convert {command} {typed}", env=DEMO).status == 2
    assert exchange.get_requests() == []


# The question.


@pytest.mark.parametrize("env", [LIVE, DEMO], ids=["live", "demo"])
def test_on_a_terminal_a_person_agrees_to_the_quote(bitget: Bitget, converter: Converter, env: dict[str, str]) -> None:
    ran = on_terminal(bitget, TYPED, (3, "y\n"), env=env)
    assert ran.status == 0, ran.err
    assert "8 s: go ahead? [y/N]" in ran.err
    assert converter.converted == Decimal("0.00199")


@pytest.mark.usefixtures("converter")
@pytest.mark.parametrize("answer", ["n\n", "\n", "", "yess\n"])
def test_anything_but_yes_converts_nothing(bitget: Bitget, exchange: HTTPXMock, answer: str) -> None:
    ran = on_terminal(bitget, TYPED, (1, answer), env=DEMO)
    assert (ran.status, sent(exchange)) == (10, [])


@pytest.mark.usefixtures("converter")
def test_after_nine_seconds_it_is_refused_and_a_fresh_quote_offered(bitget: Bitget, exchange: HTTPXMock) -> None:
    ran = on_terminal(bitget, TYPED, (9, "y\n"), (60, "n\n"), env=DEMO)
    assert (ran.status, sent(exchange)) == (10, [])
    assert "the quote expired and nothing was converted; a fresh one can be had" in ran.err


@pytest.mark.usefixtures("converter")
def test_a_fresh_quote_has_its_own_eight_seconds(bitget: Bitget, exchange: HTTPXMock) -> None:
    lines = ((9, "y\n"), (60, "y\n"), (8, "y\n"), (1, "y\n"), (7, "y\n"))
    ran = on_terminal(bitget, TYPED, *lines, env=LIVE)
    assert ran.status == 0, ran.err
    assert [json.loads(body)["traceId"] for _, body in sent(exchange)] == ["3"]


def test_a_fresh_quote_that_is_worse_is_judged_anew(bitget: Bitget, exchange: HTTPXMock, clock: StillClock) -> None:
    class Falling(Converter):
        def _quote(self, asked: dict[str, str]) -> dict[str, Any]:
            if self.quotes:
                self.quoted = {"toCoinSize": "0.001"}
            return super()._quote(asked)

    exchange.add_callback(Falling(clock), is_reusable=True)
    ran = on_terminal(bitget, f"{TYPED} --max-slippage 1", (9, "y\n"), (1, "y\n"), env=DEMO)
    assert (ran.status, sent(exchange)) == (10, [])
    assert "slippage 50 %" in ran.err


def test_a_quote_that_runs_out_on_the_way_to_the_wire_is_not_sent(
    bitget: Bitget, exchange: HTTPXMock, converter: Converter
) -> None:
    converter.history_takes = [5.0]
    ran = on_terminal(bitget, TYPED, (3, "y\n"), (1, "n\n"), env=DEMO)
    assert (ran.status, sent(exchange)) == (10, [])
    assert [row["state"] for row in bitget("order log --json", env=DEMO).json] == ["not_placed"]


def test_a_quote_the_exchange_calls_expired_is_offered_afresh(
    bitget: Bitget, exchange: HTTPXMock, converter: Converter
) -> None:
    converter.fates = [Fate(0, converter.envelope(None, code="12021"))]
    ran = on_terminal(bitget, TYPED, (1, "y\n"), (1, "y\n"), (1, "y\n"), env=DEMO)
    assert ran.status == 0, ran.err
    assert [json.loads(body)["traceId"] for _, body in sent(exchange)] == ["1", "2"]
    assert converter.converted == Decimal("0.00199")


@pytest.mark.parametrize("code", ["12021", "12022"])
@pytest.mark.parametrize("env", [LIVE, DEMO], ids=["live", "demo"])
@pytest.mark.parametrize("terminal", [True, False])
def test_a_trade_that_was_delivered_twice_converts_once(
    bitget: Bitget, exchange: HTTPXMock, converter: Converter, env: dict[str, str], code: str, *, terminal: bool
) -> None:
    converter.fates = [Fate(1, converter.envelope(None, code=code))]
    if terminal:
        ran = on_terminal(bitget, f"{TYPED} --json", (1, "y\n"), (1, "y\n"), env=env)
    else:
        ran = bitget(f"{TYPED} --yes --json", env=env)
    assert ran.status == 0, ran.err
    assert (ran.json["outcome"], ran.json["orderId"]) == ("done", "700")
    assert (len(converter.quotes), len(sent(exchange)), converter.converted) == (1, 1, Decimal("0.00199"))
    assert "expired" not in ran.err


def test_a_second_quote_waits_for_the_proof_that_the_first_converted_nothing(
    bitget: Bitget, converter: Converter
) -> None:
    converter.fates = [Fate(0, converter.envelope(None, code="12021"))]
    before = converter.clock.ticks
    ran = bitget(f"{TYPED} --yes --json", env=LIVE)
    assert ran.status == 0, ran.err
    assert converter.quotes["2"][0] - before >= 32
    assert "refused as expired, and nothing was converted with it" in ran.err


@pytest.mark.parametrize("done", [0, 1])
def test_while_the_record_is_silent_an_expired_quote_is_no_reason_for_another(
    bitget: Bitget, exchange: HTTPXMock, converter: Converter, *, done: int
) -> None:
    converter.out = True
    converter.fates = [Fate(done, converter.envelope(None, code="12021"))]
    ran = bitget(f"{TYPED} --yes", env=LIVE)
    assert (ran.status, len(converter.quotes), len(sent(exchange))) == (7, 1, 1), ran.err
    converter.out = False
    settled = bitget("order reconcile --json", env=LIVE)
    assert [row["outcome"] for row in settled.json] == ["done" if done else "not_placed"]


@pytest.mark.parametrize("code", ["43012", "12001", "429"])
def test_small_balances_that_were_delivered_twice_are_told_as_done(
    bitget: Bitget, exchange: HTTPXMock, converter: Converter, code: str
) -> None:
    converter.fates = [Fate(1, converter.envelope(None, code=code))]
    ran = bitget("convert bgb DOGE LTC --yes --json", env=LIVE)
    assert (ran.status, len(sent(exchange))) == (0, 1), ran.err
    assert ran.json["outcome"] == "done"


@pytest.mark.parametrize("done", [0, 1])
@pytest.mark.parametrize("terminal", [True, False])
def test_expired_is_believed_of_the_exchange_and_not_of_a_gateway(
    bitget: Bitget, exchange: HTTPXMock, converter: Converter, *, done: int, terminal: bool
) -> None:
    converter.out, gateway = True, httpx.Response(502, content=b'{"code":"12021","msg":"x","data":null}')
    converter.fates = [Fate(done, gateway)]
    if terminal:
        ran = on_terminal(bitget, TYPED, (1, "y\n"), (1, "y\n"), (1, "y\n"), env=LIVE)
    else:
        ran = bitget(f"{TYPED} --yes", env=LIVE)
    assert (ran.status, len(sent(exchange))) == (7, 1), ran.err
    assert "nothing was converted" not in ran.err


def test_yes_trades_at_once_and_asks_once_more_for_a_stale_quote(
    bitget: Bitget, exchange: HTTPXMock, converter: Converter
) -> None:
    converter.quote_takes = [7.6]
    ran = on_terminal(bitget, f"{TYPED} --yes", env=LIVE)
    assert ran.status == 0, ran.err
    assert "go ahead" not in ran.err
    assert [json.loads(body)["traceId"] for _, body in sent(exchange)] == ["2"]


@pytest.mark.parametrize("env", [LIVE, DEMO], ids=["live", "demo"])
def test_two_stale_quotes_are_enough(
    bitget: Bitget, exchange: HTTPXMock, converter: Converter, env: dict[str, str]
) -> None:
    converter.quote_takes = [8.0, 8.0, 8.0]
    ran = bitget(f"{TYPED} --yes --json", env=env)
    assert (ran.status, sent(exchange), len(converter.quotes)) == (10, [], 2)
    assert ran.failure["outcome"] == "not_placed"


def test_the_exchange_may_call_a_quote_expired_twice(bitget: Bitget, exchange: HTTPXMock, converter: Converter) -> None:
    converter.fates = [Fate(0, converter.envelope(None, code="12021"))] * 3
    ran = bitget(f"{TYPED} --yes --json", env=LIVE)
    assert (ran.status, len(sent(exchange))) == (5, 2)
    assert (ran.failure["code"], ran.failure["outcome"]) == ("12021", "rejected")


# Guards.


@pytest.mark.usefixtures("converter")
def test_without_a_terminal_live_needs_yes(bitget: Bitget, exchange: HTTPXMock) -> None:
    ran = bitget(TYPED, env=LIVE)
    assert (ran.status, reads(exchange)) == (10, [])
    assert "add --yes" in ran.err


@pytest.mark.usefixtures("converter")
def test_without_a_terminal_demo_goes_on(bitget: Bitget, exchange: HTTPXMock) -> None:
    ran = bitget(TYPED, env=DEMO)
    assert (ran.status, len(sent(exchange))) == (0, 1), ran.err


@pytest.mark.usefixtures("converter")
@pytest.mark.parametrize("typed", [TYPED, "convert bgb DOGE"])
def test_a_locked_profile_converts_nothing(bitget: Bitget, exchange: HTTPXMock, typed: str) -> None:
    assert bitget("profile lock demo").status == 0
    ran = bitget(f"{typed} --yes", env=DEMO)
    assert (ran.status, sent(exchange)) == (10, [])
    assert "profile demo is locked" in ran.err


@pytest.mark.usefixtures("converter")
@pytest.mark.parametrize(("cap", "status"), [("99.99", 10), ("100", 0)])
def test_the_cap_counts_what_is_converted_in_usdt(bitget: Bitget, exchange: HTTPXMock, cap: str, status: int) -> None:
    assert bitget(f"profile limit demo --max-notional {cap}").status == 0
    assert bitget(f"{TYPED} --yes", env=DEMO).status == status
    assert len(sent(exchange)) == (0 if status else 1)


@pytest.mark.parametrize(("coin", "price", "status"), [("ETH", "2000", 10), ("ETH", "9", 0), ("NOSUCH", "1", 10)])
def test_under_a_cap_what_nobody_can_value_is_declined(
    bitget: Bitget, converter: Converter, coin: str, price: str, status: int
) -> None:
    converter.markets = {("ETH", "USDT"): price}
    assert bitget("profile limit demo --max-notional 1000").status == 0
    ran = bitget(f"convert trade {coin} XYZ --from-size 100 --yes", env=DEMO)
    assert ran.status == status, ran.err


# Slippage.

WAYS = [
    ("USDT BTC", "0.00199", {("BTC", "USDT"): "50000"}, "slippage 0.5 % against BTCUSDT at 50000"),
    ("BTC USDT", "4950000", {("BTC", "USDT"): "50000"}, "slippage 1 % against BTCUSDT at 50000"),
    ("ETH BTC", "3.96", {("ETH", "BTC"): "0.04"}, "slippage 1 % against ETHBTC at 0.04"),
    (
        "ETH BTC",
        "3.96",
        {("ETH", "USDT"): "2000", ("BTC", "USDT"): "50000"},
        "slippage 1 % against ETHUSDT at 2000 and BTCUSDT at 50000",
    ),
    ("USDT BTC", "0.00202", {("BTC", "USDT"): "50000"}, "slippage -1 % against BTCUSDT at 50000"),
    ("USD TUSDT", "100", {("USDT", "USDT"): "1"}, "there is no spot market to compare the price of USD in TUSDT with"),
]


@pytest.mark.parametrize(("coins", "comes", "markets", "said"), WAYS)
def test_slippage_is_against_the_pair_its_inverse_or_by_way_of_usdt(
    bitget: Bitget, converter: Converter, coins: str, comes: str, markets: Any, said: str
) -> None:
    converter.markets, converter.quoted = markets, {"toCoinSize": comes}
    ran = bitget(f"convert trade {coins} --from-size 100 --yes", env=DEMO)
    assert ran.status == 0, ran.err
    assert said in ran.err


@pytest.mark.usefixtures("converter")
@pytest.mark.parametrize(("most", "status"), [("0.5", 0), ("0.49", 10), ("0", 10), ("100", 0), ("x", 2)])
def test_a_price_worse_than_allowed_is_declined(bitget: Bitget, exchange: HTTPXMock, most: str, status: int) -> None:
    ran = bitget(f"{TYPED} --max-slippage {most} --yes", env=LIVE)
    assert (ran.status, len(sent(exchange))) == (status, 0 if status else 1), ran.err


def test_what_cannot_be_compared_is_declined_where_slippage_is_bounded(
    bitget: Bitget, exchange: HTTPXMock, converter: Converter
) -> None:
    converter.markets = {}
    ran = bitget(f"{TYPED} --max-slippage 5 --yes", env=LIVE)
    assert (ran.status, sent(exchange)) == (10, [])
    assert "there is no spot market to compare the price of USDT in BTC with" in ran.err


@pytest.mark.parametrize("last", ["0", "", "x", "-1"])
@pytest.mark.parametrize(("more", "status"), [("", 0), ("--max-slippage 5", 10)])
def test_a_market_without_a_price_stands_in_nobodys_way_unless_slippage_is_bounded(
    bitget: Bitget, exchange: HTTPXMock, converter: Converter, last: str, more: str, status: int
) -> None:
    converter.markets = {("BTC", "USDT"): last}
    ran = bitget(f"{TYPED} {more} --yes", env=LIVE)
    assert (ran.status, len(sent(exchange))) == (status, 0 if status else 1), ran.err
    assert "to compare the price of USDT in BTC with" in ran.err


def test_under_a_cap_what_has_no_price_is_declined(bitget: Bitget, exchange: HTTPXMock, converter: Converter) -> None:
    converter.markets = {("ETH", "USDT"): "0"}
    assert bitget("profile limit demo --max-notional 1000").status == 0
    assert bitget("convert trade ETH XYZ --from-size 100 --yes", env=DEMO).status == 10
    assert sent(exchange) == []


# How it ends.


def test_a_refusal_is_told_in_bitgets_words(bitget: Bitget, converter: Converter) -> None:
    converter.fates = [Fate(0, converter.envelope(None, code="43012"))]
    ran = bitget(f"{TYPED} --yes --json", env=LIVE)
    assert (ran.status, ran.failure["code"], ran.failure["outcome"]) == (5, "43012", "rejected")


def test_a_lost_answer_is_found_in_the_record(bitget: Bitget, exchange: HTTPXMock, converter: Converter) -> None:
    converter.fates = [Fate(1, LOST)]
    ran = bitget(f"{TYPED} --yes --json", env=LIVE)
    assert ran.status == 0, ran.err
    assert (ran.json["outcome"], ran.json["orderId"]) == ("done", "700")
    assert len(sent(exchange)) == 1


def test_what_never_arrived_is_not_converted_once_that_is_proven(
    bitget: Bitget, exchange: HTTPXMock, converter: Converter
) -> None:
    converter.fates = [Fate(0, LOST)]
    ran = bitget(f"{TYPED} --yes --json", env=LIVE)
    assert (ran.status, ran.failure["outcome"]) == (6, "not_placed")
    assert "not converted, proven" in ran.failure["message"]
    assert len(sent(exchange)) == 1


def test_an_unknown_end_names_the_command_that_settles_it(bitget: Bitget, converter: Converter) -> None:
    converter.fates, converter.out = [Fate(1, LOST)], True
    ran = bitget(f"{TYPED} --yes --json", env=LIVE)
    assert (ran.status, ran.failure["outcome"]) == (7, "unknown")
    (entry,) = bitget("order log --unsettled --json", env=LIVE).json
    command = f"bitget order reconcile {entry['clientOid']}"
    assert command in ran.failure["hint"]
    converter.out = False
    found = bitget(f"{command.removeprefix('bitget ')} --json", env=LIVE)
    assert (found.status, found.json[0]["outcome"]) == (0, "done")


def test_while_an_end_is_unknown_a_program_converts_nothing_more(
    bitget: Bitget, exchange: HTTPXMock, converter: Converter
) -> None:
    converter.fates, converter.out = [Fate(1, LOST)], True
    assert bitget(f"{TYPED} --yes", env=LIVE).status == 7
    assert bitget(f"{TYPED} --yes", env=LIVE).status == 10
    assert len(sent(exchange)) == 1


# Small balances.


@pytest.mark.usefixtures("converter")
def test_small_balances_go_in_one_call_and_their_fees_are_told(bitget: Bitget, exchange: HTTPXMock) -> None:
    ran = bitget("convert bgb doge LTC doge --yes --json", env=LIVE)
    assert ran.status == 0, ran.err
    assert sent(exchange) == [("convert/bgb-convert", b'{"coinList":["DOGE","LTC"]}')]
    assert "0.5 DOGE into about 0.03 BGB, fee 0.0006 BGB (rate 0.02)" in ran.err
    assert [order["coin"] for order in ran.json["response"]["orderList"]] == ["DOGE", "LTC"]


@pytest.mark.usefixtures("converter")
@pytest.mark.parametrize(("answer", "status"), [("y\n", 0), ("n\n", 10)])
def test_small_balances_are_asked_about_on_live(bitget: Bitget, exchange: HTTPXMock, answer: str, status: int) -> None:
    ran = bitget("convert bgb DOGE", env=LIVE, terminal=True, typed=answer)
    assert (ran.status, len(sent(exchange))) == (status, 0 if status else 1)
    assert "LIVE: turn all of DOGE into about 0.03 BGB" in ran.err


@pytest.mark.usefixtures("converter")
def test_a_coin_that_is_no_small_balance_is_a_mistake(bitget: Bitget, exchange: HTTPXMock) -> None:
    ran = bitget("convert bgb DOGE BTC --yes", env=LIVE)
    assert (ran.status, sent(exchange)) == (2, [])
    assert "now it is DOGE, LTC" in ran.err


def dust(converter: Converter, answer: Any) -> None:
    read = converter._read
    converter._read = lambda path, asked: (  # type: ignore[method-assign]  # the double's own door
        converter.envelope(answer) if path.endswith("coin-list") else read(path, asked)
    )


@pytest.mark.parametrize("estimate", [{}, {"bgbEstAmount": "x"}, {"bgbEstAmount": "-3"}, {"bgbEstAmount": "0.1"}])
def test_under_a_cap_small_balances_without_an_estimate_are_declined(
    bitget: Bitget, exchange: HTTPXMock, converter: Converter, estimate: dict[str, str]
) -> None:
    converter.markets = {("BGB", "USDT"): "5"}
    dust(converter, {"coinList": [{"coin": "DOGE", "bgbEstAmount": "0.1"}, {"coin": "LTC"} | estimate]})
    assert bitget("profile limit demo --max-notional 1").status == 0
    known = estimate.get("bgbEstAmount") == "0.1"
    assert bitget("convert bgb DOGE LTC --yes", env=DEMO).status == (0 if known else 10)
    assert len(sent(exchange)) == known


@pytest.mark.parametrize(
    "answer", [True, None, {"coinList": True}, {"coinList": [7, {"coin": "A", "feeDetail": True}]}]
)
@pytest.mark.parametrize("command", ["bgb-coins", "coins", "bgb A --dry-run"])
def test_a_list_of_an_unforeseen_shape_is_no_defect_of_ours(
    bitget: Bitget, converter: Converter, answer: Any, command: str
) -> None:
    converter._read = lambda *_: converter.envelope(answer)  # type: ignore[method-assign]
    assert bitget(f"convert {command}", env=DEMO).status in (0, 2)


# Lists.


@pytest.mark.parametrize("command", ["history", "bgb-history"])
def test_all_of_the_past_is_asked_for_window_by_window(
    bitget: Bitget, exchange: HTTPXMock, converter: Converter, command: str
) -> None:
    converter.did(toCoin="BGB" if command == "bgb-history" else "BTC")
    ran = bitget(f"convert {command} --all --json", env=DEMO)
    assert (ran.status, len(ran.json)) == (0, 1)
    assert len(reads(exchange)) > 4


@pytest.mark.usefixtures("converter")
def test_the_past_is_asked_for_in_windows_of_ninety_days(bitget: Bitget, exchange: HTTPXMock) -> None:
    assert bitget("convert history --since 200d --json", env=DEMO).status == 0
    windows = [(int(given["startTime"]), int(given["endTime"])) for path, given in reads(exchange) if path == RECORD]
    assert len(windows) == 3
    assert all(0 < end - start <= 90 * 86_400_000 for start, end in windows)


def test_without_a_start_the_past_is_the_last_ninety_days(
    bitget: Bitget, exchange: HTTPXMock, converter: Converter
) -> None:
    converter.did()
    (row,) = bitget("convert history --json", env=DEMO).json
    assert row["fromCoin"] == "USDT"
    ((_, given),) = reads(exchange)
    assert 89 * 86_400_000 < int(given["endTime"]) - int(given["startTime"]) <= 90 * 86_400_000


# On the paper exchange.


@pytest.fixture
def paper(bitget: Bitget) -> Bitget:
    assert bitget("paper clock --set 2026-03-01T12:00").status == 0
    return bitget


def test_a_coin_is_converted_and_listed_on_paper(paper: Bitget) -> None:
    assert {row["coin"] for row in paper("-p paper convert coins --json").json} >= {"USDT", "BTC"}
    done = paper("-p paper convert trade USDT BTC --from-size 100 --max-slippage 1 --json --yes").json
    assert (done["outcome"], done["env"]) == ("done", "paper")
    (record,) = paper("-p paper convert history --json").json
    assert record["toCoinSize"] == done["response"]["toCoinSize"]
    assert paper("-p paper order log --json").json[0]["state"] == "done"


@pytest.mark.usefixtures("exchange")
def test_nine_seconds_at_the_prompt_are_too_long_though_papers_clock_stands_still(paper: Bitget) -> None:
    ran = on_terminal(paper, f"-p paper {TYPED}", (9, "y\n"), (1, "n\n"), env={})
    assert ran.status == 10
    assert "8 s: go ahead?" in ran.err
    assert paper("-p paper convert history --json").json == []


def test_small_balances_become_bgb_on_paper(paper: Bitget) -> None:
    assert paper("paper deposit DOGE 20").status == 0
    assert [row["coin"] for row in paper("-p paper convert bgb-coins --json").json] == ["DOGE"]
    assert paper("-p paper convert bgb DOGE --json").json["outcome"] == "done"
    assert [row["fromCoin"] for row in paper("-p paper convert bgb-history --json").json] == ["DOGE"]
