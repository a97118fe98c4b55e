"""Bitget's "big data" calls: who is long, who is borrowing, where money flows.

Volumes are those of the candles, divided by a hash; ratios are slow noise. Rows are oldest first.
"""

from __future__ import annotations

from typing import Any

from bitget_cli.paper.answers import unknown
from bitget_cli.paper.instruments import FUTURES, SPOT, PaperInstrument, decimal_text
from bitget_cli.paper.prices.markets import MarketView
from bitget_cli.paper.prices.tree import Draws, Waves
from bitget_cli.paper.request import Query

_MINUTE = 60_000
_HOUR = 60 * _MINUTE
_DAY = 24 * _HOUR
_PERIODS = {
    "5m": 5 * _MINUTE,
    "15m": 15 * _MINUTE,
    "30m": 30 * _MINUTE,
    "1h": _HOUR,
    "2h": 2 * _HOUR,
    "4h": 4 * _HOUR,
    "6h": 6 * _HOUR,
    "12h": 12 * _HOUR,
}
_WITH_DAY = {**_PERIODS, "1d": _DAY}
# The daily period has another name in this one call.
_WITH_UTC_DAY = {**_PERIODS, "1Dutc": _DAY}
_FLOW_PERIODS = {name: _WITH_DAY[name] for name in ("15m", "30m", "1h", "2h", "4h", "1d")}
# Margin calls: hourly rows of a day, or daily rows of a month.
_SPREADS = {"24h": (_HOUR, 24), "30d": (_DAY, 30)}
_ROWS = 30
_SWAY = (0.1, 0.15, 0.2, 0.25, 0.3)
# Largest first: how the traders of a flow are called.
_CROWD = ("whale", "dolphin", "fish")


def support_symbols(_view: MarketView, _query: Query) -> Any:
    return {"spotList": [each.symbol for each in SPOT], "futureList": [each.symbol for each in FUTURES]}


def account_long_short(view: MarketView, query: Query) -> Any:
    return _ratios(view, query, _WITH_DAY, ("longAccountRatio", "shortAccountRatio", "longShortAccountRatio"))


def position_long_short(view: MarketView, query: Query) -> Any:
    return _ratios(view, query, _WITH_DAY, ("longPositionRatio", "shortPositionRatio", "longShortPositionRatio"))


def long_short(view: MarketView, query: Query) -> Any:
    return _ratios(view, query, _WITH_UTC_DAY, ("longRatio", "shortRatio", "longShortRatio"))


def _ratios(
    view: MarketView, query: Query, periods: dict[str, int], names: tuple[str, str, str]
) -> list[dict[str, str]]:
    market = _market(query, FUTURES)
    period = periods[query.choice("period", periods, "5m")]
    rows = []
    for time in _times(view.now, period, _ROWS):
        long = 5_000 + int(1_800 * _sway(view, f"{market.name}/{names[0]}", time))
        short = 10_000 - long
        shares = (decimal_text(long, 4), decimal_text(short, 4), decimal_text(long * 10_000 // short, 4))
        rows.append({**dict(zip(names, shares, strict=True)), "ts": str(time)})
    return rows


def taker_buy_sell(view: MarketView, query: Query) -> Any:
    """Base coin bought and sold by takers; together the volume of the candle that begins at `ts`."""
    market = _market(query, FUTURES)
    period = _WITH_DAY[query.choice("period", _WITH_DAY, "5m")]
    rows = []
    for time in _times(view.now, period, _ROWS):
        volume = view.prices.traded(market).candle(time, time + period, view.now).volume
        bought = int(volume * (0.5 + 0.1 * _sway(view, f"{market.name}/taker", time)))
        rows.append({"buyVolume": market.size(bought), "sellVolume": market.size(volume - bought), "ts": str(time)})
    return rows


def isolated_borrow_rate(view: MarketView, query: Query) -> Any:
    market = _market(query, SPOT)
    return _margin_rows(view, query, f"{market.name}/borrowed", "borrowRate", usual=1_200, sway=900)


def loan_growth(view: MarketView, query: Query) -> Any:
    market = _market(query, SPOT)
    return _margin_rows(view, query, f"{market.name}/growth", "growthRate", usual=0, sway=400)


def margin_long_short_ratio(view: MarketView, query: Query) -> Any:
    market = _market(query, SPOT)
    return _margin_rows(view, query, f"{market.name}/margin", "longShortRatio", usual=14_000, sway=8_000)


def _margin_rows(
    view: MarketView, query: Query, name: str, field: str, *, usual: int, sway: int
) -> list[dict[str, str]]:
    step, count = _SPREADS[query.choice("period", _SPREADS, "24h")]
    return [
        {"ts": str(time), field: decimal_text(usual + int(sway * _sway(view, name, time)), 4)}
        for time in _times(view.now, step, count)
    ]


def fund_flow(view: MarketView, query: Query) -> Any:
    """Quote coin bought and sold by large, middling and small traders in the last whole period."""
    market = _market(query, SPOT)
    period = _FLOW_PERIODS[query.choice("period", _FLOW_PERIODS, "15m")]
    time = view.now // period * period - period
    bought, sold = _flow(view, market, time, period)
    answer: dict[str, str] = {}
    for word, parts in (("Buy", bought), ("Sell", sold)):
        total = sum(parts)
        for who, part in zip(_CROWD, parts, strict=True):
            answer[f"{who}{word}Volume"] = market.value(part)
            answer[f"{who}{word}Ratio"] = decimal_text(part * 10_000 // total, 4)
    return answer


def fund_net_flow(view: MarketView, query: Query) -> Any:
    """Quote coin bought less sold in each of the last 24 hours."""
    market = _market(query, SPOT)
    rows = []
    for time in _times(view.now, _HOUR, 24):
        bought, sold = _flow(view, market, time, _HOUR)
        rows.append({"netFlow": market.value(sum(bought) - sum(sold)), "ts": str(time)})
    return rows


def whale_net_flow(view: MarketView, query: Query) -> Any:
    """Quote coin bought less sold by the largest traders on each of the last days."""
    market = _market(query, SPOT)
    rows = []
    for time in _times(view.now, _DAY, _ROWS):
        bought, sold = _flow(view, market, time, _DAY)
        rows.append({"volume": market.value(bought[0] - sold[0]), "date": str(time)})
    return rows


def _flow(view: MarketView, market: PaperInstrument, time: int, period: int) -> tuple[list[int], list[int]]:
    """A stretch's turnover, divided by side and by size of trader; it adds up to the candle's."""
    turnover = view.prices.traded(market).candle(time, time + period, view.now).value
    bought = int(turnover * (0.5 + 0.08 * _sway(view, f"{market.name}/flow", time)))
    draws = Draws(view.prices.seed, f"{market.name}/crowd").at(0, time // period)
    return _crowd(bought, draws[0:2]), _crowd(turnover - bought, draws[2:4])


def _crowd(total: int, draws: tuple[int, ...]) -> list[int]:
    whales = total * (10_000 + draws[0] // 4) >> 16
    dolphins = total * (12_000 + draws[1] // 4) >> 16
    return [whales, dolphins, total - whales - dolphins]


def _times(now: int, step: int, count: int) -> range:
    """The starts of the last `count` whole steps, oldest first."""
    last = now // step * step - step
    return range(last - (count - 1) * step, last + 1, step)


def _sway(view: MarketView, name: str, time: int) -> float:
    """Slow noise from -1 to 1, the same for every period that begins at an instant."""
    return Waves(Draws(view.prices.seed, name), _SWAY).at(time // (5 * _MINUTE))


def _market(query: Query, first: tuple[PaperInstrument, ...]) -> PaperInstrument:
    """These calls name no product, so any market of that name will do, the kind the call is about first."""
    symbol = query.text("symbol")
    for each in (*first, *FUTURES, *SPOT):
        if each.symbol == symbol.upper():
            return each
    raise unknown(symbol)
