"""The exchange itself: its clock and its announcements, which are about the paper exchange and say so."""

from __future__ import annotations

from typing import Any

from bitget_cli.paper.desk import Desk
from bitget_cli.paper.query import DAY_MS, Query

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


def time(desk: Desk, _query: Query) -> Any:
    return {"serverTime": str(desk.now)}


def margin_currencies(_desk: Desk, _query: Query) -> Any:
    return []


def announcements(desk: Desk, query: Query) -> Any:
    """Newest first, of the last month; `cursor` is the last id of the page before."""
    query.text("language")  # required, though anything is answered in English
    kind = query.choice("annType", ("", *_KINDS), "")
    start, end = query.times()
    below = query.time("cursor")
    limit = query.count("limit", 10, 10)
    week = (desk.now - _MONDAY) // _WEEK_MS
    rows = []
    for number in range(week, week - 5, -1):
        row = _notice(number)
        published, wanted = int(row["cTime"]), not kind or row["annType"] == kind
        inside = max(start or 0, desk.now - _LOOK_BACK) <= published <= (desk.now if end is None else end)
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
