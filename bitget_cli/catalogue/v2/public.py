"""The exchange itself: its clock and its announcements. No keys needed."""

from __future__ import annotations

from bitget_cli.catalogue.enums import params, values
from bitget_cli.catalogue.fields import fields
from bitget_cli.catalogue.model import PageKind, Paging, Param, public, public_list

TIME = public(
    "/api/v2/public/time",
    "The exchange's clock",
    fields=fields("serverTime"),
    source="docs 2025-12 common/public/Get-Server-Time; ccxt, bitget-api",
)

ANNOUNCEMENTS = public_list(
    "/api/v2/public/annoucements",
    "Announcements of the last month",
    params=params(
        Param(
            "annType",
            choices=values(
                "latest_news coin_listings product_updates security api_trading maintenance_system_updates "
                "symbol_delisting"
            ),
            open_ended=True,
        ),
        Param("startTime", note="ms; announcement time, about one month back at most"),
        "END",
        Param("cursor", note="leave out first, then the last annId"),
        Param("limit", default="10", maximum=10, note="rows a page"),
        Param("language", required=True, choices=("zh_CN", "en_US"), note="unknown language falls back to English"),
    ),
    paging=Paging(
        PageKind.CURSOR, limit_default=10, limit_max=10, lookback_days=30, cursor="annId", cursor_in_row=True
    ),
    fields=fields("annId annTitle annDesc cTime language annUrl annType annSubType"),
    notes=("the misspelt path is the real one",),
    source="docs 2025-12 common/notice/Get-All-Notices; ccxt, bitget-api",
)
