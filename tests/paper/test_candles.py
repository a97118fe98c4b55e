"""Which candles a request means, and that coarse ones are made of fine ones."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest

from bitget_cli.paper.api import candles

HOUR = 3_600_000
DAY = 24 * HOUR
BTC = {"symbol": "BTCUSDT", "productType": "USDT-FUTURES"}
NOW = 1_772_454_896_789  # 2026-03-02T12:34:56.789Z, a Monday


def fold(bars: list[list[str]]) -> list[str | Decimal]:
    numbers = [[Decimal(part) for part in bar] for bar in bars]
    return [
        bars[0][0],
        bars[0][1],
        max(bar[2] for bar in numbers),
        min(bar[3] for bar in numbers),
        bars[-1][4],
        sum(bar[5] for bar in numbers),
    ]


def same(bar: list[str]) -> list[str | Decimal]:
    return [bar[0], bar[1], Decimal(bar[2]), Decimal(bar[3]), bar[4], Decimal(bar[5])]


@pytest.mark.parametrize(
    ("fine", "coarse", "length", "path"),
    [
        ("1m", "3m", 3 * 60_000, "candles"),
        ("1m", "1H", HOUR, "candles"),
        ("3m", "15m", 15 * 60_000, "candles"),
        ("5m", "4H", 4 * HOUR, "candles"),
        ("15m", "6H", 6 * HOUR, "candles"),
        ("15m", "6Hutc", 6 * HOUR, "history-candles"),
        ("30m", "12H", 12 * HOUR, "candles"),
        ("1H", "1D", DAY, "candles"),
        ("1H", "1Dutc", DAY, "history-candles"),
        ("1H", "3D", 3 * DAY, "candles"),
        ("4H", "1W", 7 * DAY, "candles"),
        ("4H", "1Wutc", 7 * DAY, "candles"),
        ("1H", "1D", DAY, "history-mark-candles"),
        ("5m", "1H", HOUR, "history-index-candles"),
    ],
)
def test_coarse_candles_are_folds_of_fine_ones(ask: Any, fine: str, coarse: str, length: int, path: str) -> None:
    bars = ask(f"mix/market/{path}", granularity=coarse, limit=3, **BTC)
    for bar in bars:
        start = int(bar[0])
        parts = ask(f"mix/market/{path}", granularity=fine, startTime=start, endTime=start + length, limit=200, **BTC)
        assert fold(parts) == same(bar)


@pytest.mark.parametrize("kind", ["MARK", "INDEX", "MARKET"])
def test_candles_chain_whatever_they_are_made_of(ask: Any, kind: str) -> None:
    bars = ask("mix/market/candles", granularity="1m", limit=200, kLineType=kind, **BTC)
    assert all(left[4] == right[1] for left, right in pairwise(bars))
    assert all((Decimal(bar[5]) > 0) == (kind == "MARKET") for bar in bars[:-1])


def test_a_month_is_made_of_its_days(ask: Any) -> None:
    month = ask("spot/market/candles", symbol="ETHUSDT", granularity="1Mutc", limit=2)[0]
    start = int(datetime(2026, 2, 1, tzinfo=UTC).timestamp()) * 1000
    days = ask("spot/market/candles", symbol="ETHUSDT", granularity="1Dutc", startTime=start, endTime=start + 28 * DAY)
    assert len(days) == 28
    assert fold(days) == same(month)


@pytest.mark.parametrize(
    ("granularity", "begins"),
    [
        ("1m", "2026-03-02T12:34"),
        ("4H", "2026-03-02T12:00"),
        ("6H", "2026-03-02T10:00"),
        ("6Hutc", "2026-03-02T12:00"),
        ("12H", "2026-03-02T04:00"),
        ("1D", "2026-03-01T16:00"),
        ("1Dutc", "2026-03-02T00:00"),
        ("1W", "2026-03-01T16:00"),
        ("1Wutc", "2026-03-02T00:00"),
        ("1M", "2026-02-28T16:00"),
        ("1Mutc", "2026-03-01T00:00"),
    ],
)
def test_bars_of_six_hours_and_more_follow_utc_plus_eight_unless_named_utc(
    ask: Any, granularity: str, begins: str
) -> None:
    newest = ask("mix/market/candles", granularity=granularity, **BTC)[-1]
    assert datetime.fromtimestamp(int(newest[0]) / 1000, UTC) == datetime.fromisoformat(f"{begins}:00+00:00")


@pytest.mark.parametrize("name", candles.FUTURES)
def test_the_bars_of_a_grid_touch(name: str) -> None:
    grid = candles.FUTURES[name]
    start = grid.floor(NOW)
    for _ in range(40):
        assert grid.floor(grid.after(start) - 1) == start
        assert grid.floor(grid.after(start)) == grid.after(start)
        start = grid.floor(start - 1)


def test_spot_and_futures_name_the_same_grids() -> None:
    assert set(candles.SPOT.values()) <= set(candles.FUTURES.values())


def test_the_open_bar_is_in_candles_and_not_in_history(ask: Any) -> None:
    open_bar = str(NOW // 60_000 * 60_000)
    assert ask("mix/market/candles", granularity="1m", **BTC)[-1][0] == open_bar
    assert ask("mix/market/history-candles", granularity="1m", **BTC)[-1][0] == str(int(open_bar) - 60_000)


def test_rows_begin_from_start_and_before_end_and_paging_back_repeats_none(ask: Any) -> None:
    whole = ask("mix/market/candles", granularity="5m", limit=300, **BTC)
    newest = ask("mix/market/candles", granularity="5m", limit=100, **BTC)
    older = ask("mix/market/candles", granularity="5m", limit=200, endTime=newest[0][0], **BTC)
    assert older + newest == whole
    some = ask("mix/market/candles", granularity="5m", startTime=whole[10][0], endTime=whole[20][0], **BTC)
    assert some == whole[10:20]


@pytest.mark.parametrize(
    ("path", "words", "rows"),
    [
        ("mix/market/candles", {"granularity": "1Dutc", "limit": 1000}, 90),
        ("mix/market/candles", {"granularity": "1m", "limit": 1000}, 1000),
        ("mix/market/candles", {"granularity": "1m"}, 100),
        ("mix/market/history-candles", {"granularity": "1m", "limit": 200}, 200),
    ],
)
def test_limit_and_ninety_days_bound_futures(ask: Any, path: str, words: dict[str, Any], rows: int) -> None:
    assert len(ask(path, **words, **BTC)) == rows


def test_spot_keeps_three_hundred_days(ask: Any) -> None:
    assert len(ask("spot/market/candles", symbol="BTCUSDT", granularity="1Dutc", limit=1000)) == 300


def test_candles_look_back_a_month_at_minutes_and_history_further(ask: Any) -> None:
    long_ago = NOW - 200 * DAY
    words = {"granularity": "1m", "startTime": long_ago, "endTime": long_ago + HOUR, **BTC}
    assert ask("mix/market/candles", **words) == []
    assert len(ask("mix/market/history-candles", **words)) == 60


def test_there_is_nothing_before_the_first_day(ask: Any) -> None:
    assert ask("spot/market/history-candles", symbol="BTCUSDT", granularity="1Dutc", endTime=1_514_764_800_000) == []
    first = ask("spot/market/history-candles", symbol="BTCUSDT", granularity="1Dutc", endTime=1_514_764_800_000 + DAY)
    assert [bar[0] for bar in first] == ["1514764800000"]
