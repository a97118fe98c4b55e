"""The exchange itself: its clock and its announcements. No keys needed."""

from __future__ import annotations

from bitget_cli.catalogue.enums import END, values
from bitget_cli.catalogue.fields import fields
from bitget_cli.catalogue.model import TWENTY_A_SECOND_PER_ADDRESS, Endpoint, PageKind, Paging, Param, Shape

TIME = Endpoint(
    "GET",
    "/api/v2/public/time",
    "The exchange's clock",
    rate=TWENTY_A_SECOND_PER_ADDRESS,
    signed=False,
    fields=fields("serverTime"),
    source="docs 2025-12 common/public/Get-Server-Time; ccxt, bitget-api",
)

ANNOUNCEMENTS = Endpoint(
    "GET",
    "/api/v2/public/annoucements",
    "Announcements of the last month",
    rate=TWENTY_A_SECOND_PER_ADDRESS,
    signed=False,
    params=(
        Param(
            "annType",
            choices=values(
                "latest_news coin_listings product_updates security api_trading maintenance_system_updates "
                "symbol_delisting"
            ),
            open_ended=True,
        ),
        Param("startTime", note="ms; announcement time, about one month back at most"),
        END,
        Param("cursor", note="leave out first, then the last annId"),
        Param("limit", default="10", maximum=10, note="rows a page"),
        Param("language", required=True, choices=("zh_CN", "en_US"), note="unknown language falls back to English"),
    ),
    paging=Paging(
        PageKind.CURSOR, limit_default=10, limit_max=10, lookback_days=30, cursor="annId", cursor_in_row=True
    ),
    shape=Shape.ARRAY,
    fields=fields("annId annTitle annDesc cTime language annUrl annType annSubType"),
    notes=("the misspelt path is the real one",),
    source="docs 2025-12 common/notice/Get-All-Notices; ccxt, bitget-api",
)

ROWS: tuple[Endpoint, ...] = (
    TIME,
    ANNOUNCEMENTS,
)
