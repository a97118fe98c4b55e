"""The exchange itself: its clock, its announcements and its fee rates."""

from __future__ import annotations

from typing import Any

from bitget_cli.paper.prices.markets import MarketView
from bitget_cli.paper.request import DAY_MS, Query

_KINDS = (
    "latest_news",
    "coin_listings",
    "product_updates",
    "security",
    "api_trading",
    "maintenance_system_updates",
    "symbol_delisting",
)
# One a Monday, in turn: kind, title, text.
_NOTICES = (
    (
        "latest_news",
        "Paper exchange: prices are made up",
        "Prices, trades and books here are computed from a seed. They are not Bitget's and never were.",
    ),
    (
        "api_trading",
        "Paper exchange: everybody has the same key",
        "The paper key is fixed and public. Never use it, or a secret of your own, anywhere else.",
    ),
    (
        "product_updates",
        "Paper exchange: reset it whenever you like",
        "A new seed gives another market; the same seed and clock give the same one on every machine.",
    ),
    (
        "maintenance_system_updates",
        "Paper exchange: no maintenance planned",
        "It runs on your machine and is never down for longer than you are.",
    ),
)
_WEEK_MS = 7 * DAY_MS
_MONDAY = 4 * DAY_MS
_LOOK_BACK = 30 * DAY_MS
_FIRST_ID = 900_000_000_000


def time(view: MarketView, _query: Query) -> Any:
    return {"serverTime": str(view.now)}


def margin_currencies(_view: MarketView, _query: Query) -> Any:
    return []


def announcements(view: MarketView, query: Query) -> Any:
    """Newest first, of the last month; `cursor` is the last id of the page before."""
    query.text("language")  # required, though anything is answered in English
    kind = query.choice("annType", ("", *_KINDS), "")
    start, end = query.times()
    below = query.time("cursor")
    limit = query.count("limit", 10, 10)
    week = (view.now - _MONDAY) // _WEEK_MS
    rows = []
    for number in range(week, week - 5, -1):
        row = _notice(number)
        published, wanted = int(row["cTime"]), not kind or row["annType"] == kind
        inside = max(start or 0, view.now - _LOOK_BACK) <= published <= (view.now if end is None else end)
        if wanted and inside and (below is None or int(row["annId"]) < below):
            rows.append(row)
    return rows[:limit]


def _notice(week: int) -> dict[str, str]:
    kind, title, text = _NOTICES[week % len(_NOTICES)]
    number = str(_FIRST_ID + week)
    return {
        "annId": number,
        "annTitle": title,
        "annDesc": text,
        "cTime": str(_MONDAY + week * _WEEK_MS),
        "language": "en_US",
        "annUrl": f"http://paper.localhost/announcements/{number}",
        "annType": kind,
        "annSubType": "paper_exchange",
    }


_FIELDS = (
    "level",
    "dealAmount",  # turnover of 30 days that earns the level, in USD, or …
    "assetAmount",  # … assets
    "takerFeeRate",
    "makerFeeRate",
    "btcWithdrawAmount",  # most that may leave in a day
    "usdtWithdrawAmount",
)
_FUTURES = (
    ("0", "0", "0", "0.0006", "0.0002", "80", "3000000"),
    ("1", "15000000", "50000", "0.0004", "0.00016", "300", "6000000"),
    ("2", "50000000", "150000", "0.000375", "0.00014", "400", "8000000"),
    ("3", "120000000", "300000", "0.00035", "0.00012", "500", "10000000"),
    ("4", "300000000", "600000", "0.00032", "0.0001", "600", "12000000"),
    ("5", "600000000", "1000000", "0.0003", "0.00008", "800", "15000000"),
)
_SPOT = (
    ("0", "0", "0", "0.001", "0.001", "80", "3000000"),
    ("1", "1000000", "50000", "0.0009", "0.0007", "300", "6000000"),
    ("2", "5000000", "150000", "0.0008", "0.0006", "400", "8000000"),
    ("3", "20000000", "300000", "0.0007", "0.0005", "500", "10000000"),
    ("4", "60000000", "600000", "0.0006", "0.0004", "600", "12000000"),
    ("5", "150000000", "1000000", "0.0005", "0.0003", "800", "15000000"),
)


def futures_fees(_view: MarketView, _query: Query) -> Any:
    return _rows(_FUTURES)


def spot_fees(_view: MarketView, _query: Query) -> Any:
    return _rows(_SPOT)


def _rows(levels: tuple[tuple[str, ...], ...]) -> list[dict[str, str]]:
    return [dict(zip(_FIELDS, level, strict=True)) for level in levels]
