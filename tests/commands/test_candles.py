"""`market candles` as typed, on the paper exchange, whose calls give no more at once than Bitget's."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise

import pytest
from doubles import Bitget, Ran

DAY = 86_400_000
MARKETS = ("BTCUSDT", "BTC/USDT", "BTCPERP", "BTCUSD")


@pytest.fixture
def paper(bitget: Bitget) -> Bitget:
    assert bitget("paper clock --set 2026-03-02T12:00:30").status == 0
    return bitget


def starts(bitget: Bitget, options: str) -> list[int]:
    return of(bitget(f"-p paper market candles {options} -o tsv --fields ts"))


def of(ran: Ran) -> list[int]:
    assert ran.status == 0, ran.err
    return [int(line) for line in ran.lines]


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) * 1000


@pytest.mark.parametrize("market", MARKETS)
@pytest.mark.parametrize(
    ("options", "count", "newest", "step"),
    [
        ("-g 1w", 100, "2026-03-02", 7 * DAY),
        ("-g 1d --limit 200", 200, "2026-03-02", DAY),
        ("-g 4h --limit 1000", 1000, "2026-03-02T12:00", DAY // 6),
        ("-g 12h --limit 300", 300, "2026-03-02T12:00", DAY // 2),
        ("-g 2h --limit 1100", 1100, "2026-03-02T12:00", DAY // 12),
        ("-g 3d --limit 40 --until 2025-06-01", 40, "2025-05-31", 3 * DAY),
    ],
)
def test_the_newest_so_many_are_so_many(
    paper: Bitget, market: str, options: str, count: int, newest: str, step: int
) -> None:
    ran = paper(f"-p paper market candles {market} {options} -o tsv --fields ts")
    got = of(ran)
    if step != 3 * DAY:
        assert got[-1] == at(newest)
    assert len(got) == count
    assert {later - earlier for earlier, later in pairwise(got)} == {step}
    assert "no older" not in ran.err


@pytest.mark.parametrize("kind", ["mark", "index"])
def test_mark_and_index_too(paper: Bitget, kind: str) -> None:
    assert len(starts(paper, f"BTCUSDT -g 1d --limit 150 --kind {kind}")) == 150


FORMS = ("table", "json", "csv", "tsv")
# Each market in one form; the others when there is time.
IN_TURN = [
    (market, form) if MARKETS.index(market) == FORMS.index(form) else pytest.param(market, form, marks=pytest.mark.slow)
    for market in MARKETS
    for form in FORMS
]


@pytest.mark.parametrize(("market", "form"), IN_TURN)
def test_where_there_are_no_more_a_line_says_so(paper: Bitget, market: str, form: str) -> None:
    ran = paper(f"-p paper market candles {market} -g 1M --limit 500 -o {form}")
    assert ran.status == 0
    bars = starts(paper, f"{market} -g 1M --limit 500")
    first = f"{datetime.fromtimestamp(bars[0] / 1000, UTC):%Y-%m-%dT%H:%MZ}"
    assert f"has no older bars of 1M: {len(bars)} of 500, the first of {first}\n" in ran.err
    assert len(bars) > 60
    assert "no older" not in paper(f"-p paper market candles {market} -g 1M --since 2025-01-01 -o {form}").err


@pytest.mark.parametrize("market", ["BTCUSDT", "BTC/USDT"])
@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("1H", "1h"),
        ("2H", "2h"),
        ("6Hutc", "6h"),
        ("1D", "1d"),
        ("1day", "1d"),
        ("1Dutc", "1d"),
        ("1W", "1w"),
        ("1week", "1w"),
        ("1min", "1m"),
        ("30min", "30m"),
        ("1Mutc", "1M"),
    ],
)
def test_bitget_s_spellings_are_taken(paper: Bitget, market: str, typed: str, plain: str) -> None:
    assert starts(paper, f"{market} -g {typed} --limit 3") == starts(paper, f"{market} -g {plain} --limit 3")


@pytest.mark.parametrize("market", ["BTCUSDT", "BTC/USDT"])
def test_a_capital_m_is_always_the_month(paper: Bitget, market: str) -> None:
    assert starts(paper, f"{market} -g 1M --limit 2") == [at("2026-02-01"), at("2026-03-01")]
    assert starts(paper, f"{market} -g 1m --limit 2") == [at("2026-03-02T11:59"), at("2026-03-02T12:00")]


@pytest.mark.parametrize("typed", ["15M", "30M"])
def test_minutes_in_capitals_are_refused_with_the_way_out(paper: Bitget, typed: str) -> None:
    ran = paper(f"-p paper market candles BTCUSDT -g {typed}")
    assert (ran.status, ran.out) == (2, "")
    assert f"granularity '{typed}' is not one of 1m 3m" in ran.err
    assert f"minutes have a small m: {typed.lower()}" in ran.err
