"""Candles: every bar once, in order, whatever the range and however Bitget reads its bounds."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_httpx import HTTPXMock

from bitget_cli.client.rest.candles import GRANULARITIES, walk
from bitget_cli.client.rest.client import Client
from bitget_cli.errors import UsageError
from bitget_cli.values import Product, Symbol, milliseconds

NOW = datetime(2026, 3, 2, 12, 0, 30, tzinfo=UTC)
DAY = 86_400_000
MARKET = "https://api.bitget.com/api/v2/mix/market"
LENGTHS = {"1m": 60_000, "15m": 900_000, "1h": 3_600_000, "4h": 14_400_000, "1d": DAY, "1w": 7 * DAY}
FUTURES, SPOT = Symbol("BTCUSDT", Product.USDT_FUTURES), Symbol("BTCUSDT", Product.SPOT)


@dataclass
class Bars:
    """Bitget's candle calls over a market with a bar for every step since `listed`, read in one of the ways it may."""

    step: int
    listed: int
    end_included: bool = False
    start_included: bool = True
    extra: bool = False
    by_close: bool = False
    # How far back `candles` has bars, and a stretch in which nothing traded.
    kept: timedelta = timedelta(days=36_500)
    halted: tuple[int, int] = (0, 0)

    def truth(self, since: int, until: int) -> list[int]:
        first = max(since, self.listed)
        first += -first % self.step
        return list(range(first, min(until, milliseconds(NOW) + 1), self.step))

    def __call__(self, request: httpx.Request) -> httpx.Response:
        asked = dict(request.url.params)
        history = "history" in request.url.path
        limit = int(asked.get("limit", "100"))
        assert limit <= (200 if history else 1000)
        assert not (history and "/spot/" in request.url.path and "startTime" in asked)
        end = int(asked.get("endTime", milliseconds(NOW))) + self.end_included
        start = int(asked.get("startTime", 0)) + (not self.start_included)
        if "startTime" in asked and "/mix/" in request.url.path:
            assert end - start <= 90 * DAY
        # The newest `limit` of the range; found without laying out every bar since the listing.
        times = self.truth(max(start, end - (limit + 2) * self.step), end)
        times = [moment for moment in times if not self.halted[0] <= moment < self.halted[1]]
        if not history:
            times = [moment for moment in times if moment >= milliseconds(NOW - self.kept)]
        if history:
            times = [moment for moment in times if moment + self.step <= milliseconds(NOW)]
        if history and self.by_close:
            times = [moment for moment in times if moment + self.step <= end]
        times = times[-limit:]
        if self.extra and times and len(times) < limit and times[0] - self.step >= self.listed:
            times.insert(0, times[0] - self.step)
        data = [[str(moment), "1", "2", "0.5", "1.5", "10", "15"] for moment in times]
        return httpx.Response(200, content=json.dumps({"code": "00000", "msg": "success", "data": data}).encode())


Make = Callable[..., Client]
# Left alone, a few bars are tried mostly, and one call is enough for those.
MANY = st.integers(0, 20) | st.integers(150, 250) | st.integers(900, 1_100) | st.integers(2_000, 6_000)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_every_bar_of_a_range_comes_once_and_in_order(client_over: Make, data: st.DataObject) -> None:
    word = data.draw(st.sampled_from(sorted(LENGTHS)))
    step, now = LENGTHS[word], milliseconds(NOW)
    bars_back, bars_long = data.draw(MANY), data.draw(MANY)
    since = now - bars_back * step - data.draw(st.integers(0, step))
    since -= since % step if data.draw(st.booleans()) else 0
    until = since + bars_long * step + data.draw(st.integers(1, step))
    bars = Bars(
        step,
        listed=now - data.draw(st.integers(0, 9_000 * step)),
        end_included=data.draw(st.booleans()),
        start_included=data.draw(st.booleans()),
        extra=data.draw(st.booleans()),
        by_close=data.draw(st.booleans()),
    )
    got = walk(
        client_over(httpx.MockTransport(bars)),
        data.draw(st.sampled_from([FUTURES, SPOT])),
        word,
        since=max(datetime.fromtimestamp(since / 1000, UTC), datetime(2018, 1, 1, tzinfo=UTC)),
        until=datetime.fromtimestamp(until / 1000, UTC),
        now=NOW,
    )
    assert [int(bar[0]) for bar in got] == bars.truth(max(since, 1_514_764_800_000), until)


@pytest.mark.parametrize("symbol", [FUTURES, SPOT])
@pytest.mark.parametrize(("end_included", "by_close"), [(False, False), (True, False), (False, True), (True, True)])
def test_old_bars_are_all_there_where_windows_cut_through_them(
    end_included: bool, by_close: bool, symbol: Symbol, client_over: Make
) -> None:
    bars = Bars(3_600_000, listed=0, end_included=end_included, by_close=by_close)
    since = NOW - timedelta(days=400)
    until = since + timedelta(hours=700)
    got = walk(client_over(httpx.MockTransport(bars)), symbol, "1h", since=since, until=until, now=NOW)
    assert [int(bar[0]) for bar in got] == bars.truth(milliseconds(since), milliseconds(until))


def test_without_a_range_one_call_gives_the_newest_bars(exchange: HTTPXMock, client_over: Make) -> None:
    asked = {"symbol": "BTCUSDT", "productType": "USDT-FUTURES", "granularity": "1m", "limit": "100"}
    exchange.add_callback(Bars(60_000, listed=0), method="GET", url=f"{MARKET}/candles", match_params=asked)
    got = list(walk(client_over(), FUTURES, "1m", now=NOW))
    newest = milliseconds(NOW) // 60_000 * 60_000
    assert [int(bar[0]) for bar in got] == list(range(newest - 99 * 60_000, newest + 1, 60_000))


@pytest.mark.parametrize("limit", [1, 7, 1000, 1001, 2500])
@pytest.mark.parametrize("symbol", [FUTURES, SPOT])
def test_a_limit_without_a_range_counts_back_from_the_open_bar(limit: int, symbol: Symbol, client_over: Make) -> None:
    bars = Bars(60_000, listed=0)
    got = [int(bar[0]) for bar in walk(client_over(httpx.MockTransport(bars)), symbol, "1m", now=NOW, limit=limit)]
    newest = milliseconds(NOW) // 60_000 * 60_000
    assert got == list(range(newest - (limit - 1) * 60_000, newest + 1, 60_000))


# As the exchange is: a range of 90 days, 300 or 100 rows, or the look-back of the granularity, whatever limit is asked.
@pytest.mark.parametrize("symbol", [FUTURES, SPOT])
@pytest.mark.parametrize("kept", [0, 20, 90])
@pytest.mark.parametrize(("word", "limit"), [("1d", 91), ("1d", 200), ("4h", 1000), ("4h", 1300), ("1w", 100)])
def test_the_newest_so_many_go_on_where_the_recent_bars_end(
    word: str, limit: int, kept: int, symbol: Symbol, client_over: Make
) -> None:
    step = LENGTHS[word]
    bars = Bars(step, listed=milliseconds(NOW) - 2_900 * DAY, kept=timedelta(days=kept))
    got = [int(bar[0]) for bar in walk(client_over(httpx.MockTransport(bars)), symbol, word, now=NOW, limit=limit)]
    newest = milliseconds(NOW) // step * step
    # With nothing from `candles`, what is closed is there still.
    newest -= 0 if kept >= 20 or word == "1h" else step
    assert got == list(range(newest - (limit - 1) * step, newest + 1, step))


@pytest.mark.parametrize("kind", ["trade", "mark", "index"])
def test_every_kind_of_price_goes_on_in_its_own_history(kind: str, exchange: HTTPXMock, client_over: Make) -> None:
    exchange.add_callback(Bars(DAY, listed=0, kept=timedelta(days=90)), method="GET", is_reusable=True)
    got = list(walk(client_over(), FUTURES, "1d", kind=kind, now=NOW, limit=250))
    assert len(got) == 250
    name = "history-candles" if kind == "trade" else f"history-{kind}-candles"
    paths = {request.url.path for request in exchange.get_requests()}
    assert paths == {"/api/v2/mix/market/candles", f"/api/v2/mix/market/{name}"}


@pytest.mark.parametrize("symbol", [FUTURES, SPOT])
@pytest.mark.parametrize("until", [None, NOW - timedelta(days=2)])
@pytest.mark.parametrize(("word", "limit"), [("1m", 100), ("1m", 20_000), ("1h", 900), ("1d", 100), ("1w", 60)])
def test_a_young_market_gives_all_its_bars_and_is_not_searched_back_to_the_first_year(
    word: str, limit: int, until: datetime | None, symbol: Symbol, exchange: HTTPXMock, client_over: Make
) -> None:
    bars = Bars(LENGTHS[word], listed=milliseconds(NOW) - 20 * DAY // 7)
    exchange.add_callback(bars, method="GET", is_reusable=True)
    got = [int(bar[0]) for bar in walk(client_over(), symbol, word, until=until, now=NOW, limit=limit)]
    assert got == bars.truth(0, milliseconds(until or NOW) + (until is None))[-limit:]
    assert len(exchange.get_requests()) <= 45


@pytest.mark.parametrize("symbol", [FUTURES, SPOT])
@pytest.mark.parametrize("word", ["1m", "1h", "1d"])
def test_a_long_halt_is_gone_past(word: str, symbol: Symbol, client_over: Make) -> None:
    step, now = LENGTHS[word], milliseconds(NOW)
    away = min(500 * step, 60 * DAY)
    halted = (now - 30 * step - away, now - 30 * step)
    bars = Bars(step, listed=0, halted=halted)
    got = [int(bar[0]) for bar in walk(client_over(httpx.MockTransport(bars)), symbol, word, now=NOW, limit=1_050)]
    there = [moment for moment in bars.truth(now - 2_000 * step, now + 1) if not halted[0] <= moment < halted[1]]
    assert got == there[-1_050:]


@dataclass
class Hours(Bars):
    """An exchange whose bars of an hour are told apart by their prices and volumes."""

    def __call__(self, request: httpx.Request) -> httpx.Response:
        assert request.url.params["granularity"] == "1h"
        answer = json.loads(super().__call__(request).content)
        for bar in answer["data"]:
            hour = int(bar[0]) // 3_600_000
            bar[1:] = [f"{hour}.1", f"{hour % 7 + 10}.5", f"{hour % 5 + 1}.50", f"{hour}.9", "0.10", "7", f"{hour}.25"]
        return httpx.Response(200, content=json.dumps(answer).encode())


@pytest.mark.parametrize("limit", [1, 2, 100, 700])
@pytest.mark.parametrize("minutes", [0, 60])
def test_spot_s_two_hours_are_made_of_its_hours(limit: int, minutes: int, client_over: Make) -> None:
    now = NOW + timedelta(minutes=minutes)
    listed = milliseconds(NOW) - 3_000 * 3_600_000 - 30_000
    client = client_over(httpx.MockTransport(Hours(3_600_000, listed=listed)))
    got = list(walk(client, SPOT, "2h", now=now, limit=limit))
    newest = milliseconds(NOW) // 7_200_000 * 7_200_000
    assert [int(bar[0]) for bar in got] == [newest - back * 7_200_000 for back in reversed(range(limit))]
    first = int(got[0][0]) // 3_600_000
    if limit > 1:
        high = max(first % 7, (first + 1) % 7) + 10
        low = min(first % 5, (first + 1) % 5) + 1
        volumes = ["0.20", "14", f"{2 * first + 1}.50"]
        assert got[0][1:] == [f"{first}.1", f"{high}.5", f"{low}.50", f"{first + 1}.9", *volumes]


def test_spot_s_two_hours_of_a_range_begin_and_end_where_they_should(client_over: Make) -> None:
    since, until = NOW - timedelta(hours=51), NOW - timedelta(hours=3)
    client = client_over(httpx.MockTransport(Hours(3_600_000, listed=0)))
    got = list(walk(client, SPOT, "2h", since=since, until=until, now=NOW))
    assert [int(bar[0]) for bar in got] == Bars(7_200_000, listed=0).truth(milliseconds(since), milliseconds(until))
    assert {bar[5] for bar in got} == {"0.20"}
    counted = list(walk(client, SPOT, "2h", since=since, now=NOW, limit=5))
    assert counted == got[:5]
    assert list(walk(client, SPOT, "2h", until=until, now=NOW, limit=5)) == got[-5:]


def test_a_limit_with_an_end_counts_back_from_it(client_over: Make) -> None:
    until = datetime(2026, 3, 1, tzinfo=UTC)
    bars = Bars(3_600_000, listed=0)
    got = list(walk(client_over(httpx.MockTransport(bars)), FUTURES, "1h", until=until, now=NOW, limit=3))
    assert [int(bar[0]) for bar in got] == [milliseconds(until) - hours * 3_600_000 for hours in (3, 2, 1)]


def test_a_limit_with_a_start_counts_on_from_it(client_over: Make) -> None:
    since = datetime(2026, 1, 1, tzinfo=UTC)
    got = list(
        walk(client_over(httpx.MockTransport(Bars(3_600_000, listed=0))), SPOT, "1h", since=since, now=NOW, limit=2)
    )
    assert [int(bar[0]) for bar in got] == [milliseconds(since), milliseconds(since) + 3_600_000]


@pytest.mark.parametrize(
    ("kind", "days", "path", "line"),
    [
        ("trade", 1, "candles", None),
        ("trade", 400, "history-candles", None),
        ("mark", 1, "candles", "MARK"),
        ("mark", 400, "history-mark-candles", None),
        ("index", 1, "candles", "INDEX"),
        ("index", 400, "history-index-candles", None),
    ],
)
def test_age_and_kind_choose_the_call(
    kind: str, days: int, path: str, line: str | None, exchange: HTTPXMock, client_over: Make
) -> None:
    exchange.add_callback(Bars(3_600_000, listed=0), method="GET")
    since = NOW - timedelta(days=days)
    until = since + timedelta(hours=5)
    list(walk(client_over(), FUTURES, "1h", kind=kind, since=since, until=until, now=NOW))
    (request,) = exchange.get_requests()
    assert request.url.path == f"/api/v2/mix/market/{path}"
    assert request.url.params.get("kLineType") == line


@pytest.mark.parametrize(
    ("word", "futures", "spot"),
    [
        ("1m", "1m", "1min"),
        ("30m", "30m", "30min"),
        ("1h", "1H", "1h"),
        ("2h", "2H", "1h"),
        ("4h", "4H", "4h"),
        ("6h", "6Hutc", "6Hutc"),
        ("1d", "1Dutc", "1Dutc"),
        ("1w", "1Wutc", "1Wutc"),
        ("1M", "1Mutc", "1Mutc"),
        ("1H", "1H", "1h"),
        ("2H", "2H", "1h"),
        ("1min", "1m", "1min"),
        ("1day", "1Dutc", "1Dutc"),
        ("1D", "1Dutc", "1Dutc"),
        ("1W", "1Wutc", "1Wutc"),
        ("1week", "1Wutc", "1Wutc"),
        ("6Hutc", "6Hutc", "6Hutc"),
        ("1Mutc", "1Mutc", "1Mutc"),
    ],
)
def test_one_spelling_serves_futures_and_spot(
    word: str, futures: str, spot: str, exchange: HTTPXMock, client_over: Make
) -> None:
    exchange.add_callback(Bars(60_000, listed=0), method="GET", is_reusable=True)
    client = client_over()
    for symbol in (FUTURES, SPOT):
        list(walk(client, symbol, word, now=NOW))
    assert [request.url.params["granularity"] for request in exchange.get_requests()] == [futures, spot]


@pytest.mark.parametrize("word", GRANULARITIES)
def test_every_granularity_can_be_asked_for_over_years(word: str, client_over: Make) -> None:
    bars = Bars(LENGTHS.get(word, DAY), listed=milliseconds(NOW) - 2000 * DAY)
    client = client_over(httpx.MockTransport(bars))
    assert next(walk(client, FUTURES, word, since=NOW - timedelta(days=1900), now=NOW))


@pytest.mark.parametrize(
    ("symbol", "word", "kind", "says"),
    [
        (FUTURES, "2m", "trade", "granularity '2m' is not one of 1m 3m"),
        (SPOT, "8H", "trade", "granularity '8H'"),
        (FUTURES, "1h", "last", "kind 'last' is not one of trade mark index"),
        (SPOT, "1h", "mark", "spot has no mark price"),
    ],
)
def test_what_there_is_not_is_refused(
    symbol: Symbol, word: str, kind: str, says: str, exchange: HTTPXMock, client_over: Make
) -> None:
    with pytest.raises(UsageError, match=says):
        walk(client_over(), symbol, word, kind=kind, now=NOW)
    assert exchange.get_requests() == []
