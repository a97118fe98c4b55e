"""`bitget market …` as typed, to an exchange that listens: the path and parameters of the row and nothing else."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from doubles import Bitget, envelope, enveloped, path_of, url
from pytest_httpx import HTTPXMock

TICKER = {"symbol": "BTCUSDT", "lastPr": "87412.60", "change24h": "0.00874", "ts": "1767225600051"}
BOOK = {"asks": [["100.2", "1"], ["100.3", "2"]], "bids": [["100.1", "3"]], "ts": "1"}
BARS = [[str(1772449200000 - back * 3_600_000), "1", "2", "0.5", "1.5", "10", "15"] for back in range(100)]
USDT = {"symbol": "BTCUSDT", "productType": "USDT-FUTURES"}
ALL_USDT = {"productType": "USDT-FUTURES"}


def about(data: Any, symbol: str | None) -> Any:
    """The same rows, of the market that was asked for."""
    rows = data if isinstance(data, list) else []
    named = [row for row in rows if isinstance(row, dict) and "symbol" in row]
    return [{**row, "symbol": symbol} for row in named] if symbol and named else data


# What is typed → the calls it makes: path below /api/v2/ and every parameter; and data that satisfies it.
CALLS: list[tuple[str, list[tuple[str, dict[str, str]]], Any]] = [
    ("ticker BTCUSDT", [("mix/market/ticker", USDT)], [TICKER]),
    ("ticker BTC/USDT", [("spot/market/tickers", {"symbol": "BTCUSDT"})], [TICKER]),
    ("ticker BTCPERP", [("mix/market/ticker", {"symbol": "BTCPERP", "productType": "USDC-FUTURES"})], [TICKER]),
    ("ticker BTCUSD", [("mix/market/ticker", {"symbol": "BTCUSD", "productType": "COIN-FUTURES"})], [TICKER]),
    (
        "ticker BTCUSDT ETH/USDT -o ndjson",
        [("mix/market/ticker", USDT), ("spot/market/tickers", {"symbol": "ETHUSDT"})],
        [TICKER],
    ),
    ("tickers", [("mix/market/tickers", ALL_USDT)], [TICKER]),
    ("tickers --product spot", [("spot/market/tickers", {})], [TICKER]),
    ("tickers --product coin-futures", [("mix/market/tickers", {"productType": "COIN-FUTURES"})], [TICKER]),
    ("depth BTCUSDT", [("mix/market/merge-depth", {**USDT, "limit": "15"})], BOOK),
    (
        "depth BTC/USDT --limit max --precision scale2",
        [("spot/market/merge-depth", {"symbol": "BTCUSDT", "limit": "max", "precision": "scale2"})],
        BOOK,
    ),
    ("trades BTCUSDT", [("mix/market/fills", USDT)], []),
    ("trades BTC/USDT --limit 20", [("spot/market/fills", {"symbol": "BTCUSDT", "limit": "20"})], []),
    (
        "trades BTCUSDT --since 1h",
        [
            (
                "mix/market/fills-history",
                {**USDT, "limit": "1000", "startTime": "1772449199999", "endTime": "1772452800000"},
            )
        ],
        [],
    ),
    ("candles BTCUSDT -g 1h", [("mix/market/candles", {**USDT, "granularity": "1H", "limit": "100"})], BARS),
    (
        "candles BTCUSDT -g 6h --kind mark --limit 5",
        [("mix/market/candles", {**USDT, "granularity": "6Hutc", "kLineType": "MARK", "limit": "5"})],
        BARS,
    ),
    (
        "candles BTC/USDT -g 1d",
        [("spot/market/candles", {"symbol": "BTCUSDT", "granularity": "1Dutc", "limit": "100"})],
        BARS,
    ),
    ("symbols", [("mix/market/contracts", ALL_USDT)], []),
    ("symbols BTCUSDT", [("mix/market/contracts", USDT)], [{"symbol": "BTCUSDT"}]),
    ("symbols --product spot", [("spot/public/symbols", {})], []),
    ("coins", [("spot/public/coins", {})], []),
    ("coins btc", [("spot/public/coins", {"coin": "BTC"})], [{"coin": "BTC"}]),
    ("price BTCUSDT", [("mix/market/symbol-price", USDT)], [{"symbol": "BTCUSDT"}]),
    ("funding", [("mix/market/current-fund-rate", ALL_USDT)], []),
    (
        "funding BTCUSDT",
        [("mix/market/current-fund-rate", USDT), ("mix/market/funding-time", USDT)],
        [{"symbol": "BTCUSDT"}],
    ),
    ("funding-history BTCUSDT", [("mix/market/history-fund-rate", USDT)], []),
    ("open-interest BTCUSDT", [("mix/market/open-interest", USDT)], {"openInterestList": []}),
    ("oi-limit", [("mix/market/oi-limit", ALL_USDT)], []),
    ("oi-limit BTCUSDT", [("mix/market/oi-limit", USDT)], [{"symbol": "BTCUSDT"}]),
    ("tiers BTCUSDT", [("mix/market/query-position-lever", USDT)], []),
    ("fees", [("mix/market/vip-fee-rate", {})], []),
    ("fees --product spot", [("spot/market/vip-fee-rate", {})], []),
    ("time", [("public/time", {})], {"serverTime": "1"}),
    ("news", [("public/annoucements", {"language": "en_US"})], []),
    (
        "news --type security",
        [("public/annoucements", {"language": "en_US", "annType": "security"})],
        [],
    ),
    ("stats taker-volume BTCUSDT", [("mix/market/taker-buy-sell", {"symbol": "BTCUSDT"})], []),
    (
        "stats position-ratio BTCUSDT --period 1h",
        [("mix/market/position-long-short", {"symbol": "BTCUSDT", "period": "1h"})],
        [],
    ),
    ("stats account-ratio BTCUSDT", [("mix/market/account-long-short", {"symbol": "BTCUSDT"})], []),
    ("stats long-short BTCUSDT", [("mix/market/long-short", {"symbol": "BTCUSDT"})], []),
    ("stats margin-ratio BTCUSDT", [("margin/market/long-short-ratio", {"symbol": "BTCUSDT"})], []),
    (
        "stats loan-growth BTCUSDT --coin usdt --period 30d",
        [("margin/market/loan-growth", {"symbol": "BTCUSDT", "coin": "USDT", "period": "30d"})],
        [],
    ),
    ("stats loan-growth BTCUSDT", [("margin/market/loan-growth", {"symbol": "BTCUSDT"})], []),
    ("stats borrow-rate BTCUSDT", [("mix/market/isolated-borrow-rate", {"symbol": "BTCUSDT"})], []),
    ("stats fund-flow BTCUSDT", [("spot/market/fund-flow", {"symbol": "BTCUSDT"})], {}),
    ("stats net-flow BTCUSDT", [("spot/market/fund-net-flow", {"symbol": "BTCUSDT"})], []),
    ("stats whale-flow BTCUSDT", [("spot/market/whale-net-flow", {"symbol": "BTCUSDT"})], []),
]


def answer(exchange: HTTPXMock, data: Any, *, times: int = 1) -> None:
    """Data for so many requests, whatever they ask for."""
    for _ in range(times):
        exchange.add_response(method="GET", json=enveloped(data))


@pytest.mark.parametrize(("typed", "calls", "data"), CALLS, ids=[typed for typed, _, _ in CALLS])
def test_a_command_sends_its_row_and_nothing_else(
    bitget: Bitget, exchange: HTTPXMock, typed: str, calls: list[tuple[str, dict[str, str]]], data: Any
) -> None:
    for path, params in calls:
        exchange.add_response(method="GET", url=url(path, params), json=enveloped(about(data, params.get("symbol"))))
    ran = bitget(f"market {typed}")
    assert (ran.status, ran.err) == (0, "")
    assert [path_of(request) for request in exchange.get_requests()] == [path for path, _ in calls]


@pytest.mark.parametrize("profile", ["live", "demo"])
def test_public_calls_carry_no_credentials_even_where_there_are_some(
    bitget: Bitget, exchange: HTTPXMock, profile: str
) -> None:
    answer(exchange, [TICKER])
    keys = {"BITGET_API_KEY": "k", "BITGET_SECRET_KEY": "s", "BITGET_PASSPHRASE": "p", "BITGET_ENV": profile}
    assert bitget("market ticker BTCUSDT", env=keys).status == 0
    [request] = exchange.get_requests()
    assert not [name for name in request.headers if name.startswith("access-") or name == "paptrading"]


def test_json_is_what_the_exchange_sent_digit_for_digit(bitget: Bitget, exchange: HTTPXMock) -> None:
    body = '{"code":"00000","data":{"asks":[[100.10,2.50]],"bids":[[1e2,1E-7]],"ts":"1","scale":"0.1"}}'
    exchange.add_response(text=body)
    ran = bitget("market depth BTCUSDT --json")
    assert ran.out == '{"asks":[[100.10,2.50]],"bids":[[1e2,1E-7]],"ts":"1","scale":"0.1"}\n'


def test_one_symbol_is_an_object_and_several_are_an_array(bitget: Bitget, exchange: HTTPXMock) -> None:
    answer(exchange, [TICKER])
    assert bitget("market ticker BTCUSDT --json").json == TICKER
    other = {**TICKER, "symbol": "ETHUSDT"}
    answer(exchange, [TICKER])
    answer(exchange, [other])
    assert bitget("market ticker BTCUSDT ETHUSDT --json").json == [TICKER, other]


def test_a_pipe_gets_the_same_columns_for_one_symbol_as_for_several(bitget: Bitget, exchange: HTTPXMock) -> None:
    answer(exchange, [TICKER], times=3)
    one = bitget("market ticker BTCUSDT")
    two = bitget("market ticker BTCUSDT BTCUSDT")
    assert one.out * 2 == two.out


def test_options_before_the_group_are_overruled_after_the_command(bitget: Bitget, exchange: HTTPXMock) -> None:
    answer(exchange, [TICKER])
    ran = bitget("-o csv --fields symbol market ticker BTCUSDT --json")
    assert ran.out == '{"symbol":"BTCUSDT"}\n'


def test_the_book_reads_as_a_ladder(bitget: Bitget, exchange: HTTPXMock) -> None:
    answer(exchange, BOOK)
    ran = bitget("market depth BTCUSDT")
    assert ran.lines == ["sell\t100.3\t2", "sell\t100.2\t1", "buy\t100.1\t3"]


def test_open_interest_reads_as_its_rows_and_stays_whole_in_json(bitget: Bitget, exchange: HTTPXMock) -> None:
    data = {"openInterestList": [{"symbol": "BTCUSDT", "size": "34327.1532"}], "ts": "1"}
    answer(exchange, data, times=2)
    assert bitget("market open-interest BTCUSDT").lines == ["BTCUSDT\t34327.1532"]
    assert bitget("market open-interest BTCUSDT --json").json == data


def test_a_range_of_funding_rates_is_since_inclusive_and_until_exclusive(bitget: Bitget, exchange: HTTPXMock) -> None:
    times = [str(1_767_225_600_000 + hours * 3_600_000) for hours in (24, 16, 8, 0)]
    answer(exchange, [{"symbol": "BTCUSDT", "fundingRate": "0.0001", "fundingTime": at} for at in times])
    ran = bitget(f"market funding-history BTCUSDT --since {times[2]} --until {times[0]} --fields fundingTime")
    assert ran.lines == times[1:3]


def test_tickers_are_sorted_by_value_and_not_by_text(bitget: Bitget, exchange: HTTPXMock) -> None:
    rows = [{"symbol": name, "quoteVolume": volume} for name, volume in (("A", "9"), ("B", "10"), ("C", "1e1"))]
    answer(exchange, rows)
    ran = bitget("market tickers --sort quoteVolume --top 2 --fields symbol")
    assert ran.lines == ["B", "C"]


CONTRACTS = [{"symbol": "BTCUSDT"}, {"symbol": "BCHUSDT"}, {"symbol": "ETHUSDT"}]


def knows_only(names: list[dict[str, str]], *, refusal: str = "40034") -> Any:
    def exchange(request: httpx.Request) -> httpx.Response:
        lists = {"/api/v2/mix/market/contracts", "/api/v2/spot/public/symbols"}
        if request.url.path in lists and "symbol" not in request.url.params:
            usdt = request.url.params.get("productType") in (None, "USDT-FUTURES")
            return envelope(names if usdt else [{"symbol": "BTCPERP"}])
        return envelope(None, code=refusal, msg="Parameter XBTUSDT does not exist", status=400)

    return exchange


@pytest.mark.parametrize("refusal", ["40034", "40102", "40309"])
@pytest.mark.parametrize("command", ["ticker", "depth", "price", "candles", "trades --since 1h", "tiers", "symbols"])
def test_an_unknown_symbol_is_a_usage_error_with_near_misses(
    bitget: Bitget, exchange: HTTPXMock, command: str, refusal: str
) -> None:
    verb, *options = command.split()
    exchange.add_callback(knows_only(CONTRACTS, refusal=refusal), is_reusable=True)
    ran = bitget(["market", verb, "BTCUSDTT", *options])
    assert (ran.status, ran.out) == (2, "")
    assert "symbol BTCUSDTT does not exist in usdt-futures" in ran.err
    assert "BTCUSDT" in ran.err.splitlines()[1]


def test_a_symbol_of_another_product_is_named_and_not_silently_used(bitget: Bitget, exchange: HTTPXMock) -> None:
    exchange.add_callback(knows_only(CONTRACTS), is_reusable=True)
    ran = bitget("market ticker BTCPERP --product usdt-futures")
    assert ran.status == 2
    assert "BTCPERP is in usdc-futures and coin-futures: add --product usdc-futures" in ran.err


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("ticker", "SYMBOL is missing"),
        ("ticker BTC-USD/X", "is not a market Bitget has"),
        ("ticker BTC/USDT --product coin-futures", "BTC/USDT is in spot, but --product says coin-futures"),
        ("ticker BTCUSDT --product margin", "product 'margin' is not one of spot"),
        ("price BTC/USDT", "BTC/USDT is a spot market, and this is a futures command"),
        ("candles BTCUSDT -g 2m", "granularity '2m' is not one of 1m 3m 5m 15m 30m 1h 2h 4h"),
        ("candles BTCUSDT -g 15M", "granularity '15M' is not one of"),
        ("candles BTC/USDT -g 1hutc", "granularity '1hutc' is not one of"),
        ("candles BTCUSDT -g 2week", "granularity '2week' is not one of"),
        ("candles BTCUSDT --since yesterday", "time 'yesterday' is not a date"),
        ("candles BTCUSDT --since 1d --until 2d", "2d"),
        ("trades BTCUSDT --limit 0", "--limit"),
        ("depth BTCUSDT --limit 60", "--limit"),
        ("stats net-flow BTCUSDT --period 1h", "net-flow has no periods"),
        ("stats long-short BTCUSDT --period 7m", "7m"),
        ("ticker BTCUSDT --timeout 0", "timeout 0 is not between"),
        ("tick BTCUSDT", "'tick' is not a command of `bitget market`"),
    ],
)
def test_a_mistake_is_one_sentence_and_one_object_and_nothing_is_asked_or_printed(
    bitget: Bitget, exchange: HTTPXMock, typed: str, sentence: str
) -> None:
    told_once(bitget, typed, sentence)
    assert not exchange.get_requests()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("ticker BTCUSDT -o xml", "output form 'xml' is not one of table, record, json, ndjson, csv, tsv"),
        ("ticker BTCUSDT --json -o csv", "ask for two forms"),
        ("ticker BTCUSDT --fields lastPrice", "lastPrice"),
        ("tickers --sort nothing", "nothing"),
    ],
)
def test_a_mistake_about_what_is_shown_is_told_in_the_same_way(
    bitget: Bitget, exchange: HTTPXMock, typed: str, sentence: str
) -> None:
    answer(exchange, [TICKER], times=1 if "-o" in typed else 2)
    told_once(bitget, typed, sentence)


def told_once(bitget: Bitget, typed: str, sentence: str) -> None:
    """The sentence on stderr, the same in the object for programs, and nothing on stdout."""
    ran = bitget(f"market {typed}")
    assert (ran.status, ran.out) == (2, "")
    assert sentence in ran.err.splitlines()[0]
    if "-o" not in typed:
        failed = bitget(f"--json market {typed}").err
        record = json.loads(failed)
        assert (record["error"], record["exit"]) == ("usage", 2)
        assert sentence in record["message"]
