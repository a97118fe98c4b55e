"""Bookings for the tax office."""

from __future__ import annotations

from bitget_cli.catalogue.enums import MARGIN_MODES, params
from bitget_cli.catalogue.fields import fields
from bitget_cli.catalogue.model import ONE_A_SECOND_PER_ACCOUNT, PageKind, Paging, Param, Shape, get

RECORDS = get(
    "/api/v3/tax/records",
    "Bookings for the tax office, by product line",
    rate=ONE_A_SECOND_PER_ACCOUNT,
    params=params(
        Param(
            "bizType",
            required=True,
            choices=("SPOT", "MARGIN", "USDT-FUTURES", "COIN-FUTURES", "USDC-FUTURES", "OTHER"),
        ),
        Param("startTime", required=True, note="epoch ms; at most 366 days back"),
        Param("endTime", required=True, note="epoch ms; a range of at most 7 days"),
        Param("marginType", choices=MARGIN_MODES, default="crossed", note="with bizType=MARGIN"),
        "ANY_LISTED_COIN LIMIT_500",
        Param("cursor", note="id of the last row"),
    ),
    paging=Paging(
        PageKind.CURSOR,
        limit_default=500,
        limit_max=500,
        window_days=7,
        lookback_days=366,
        cursor="id",
        cursor_in_row=True,
    ),
    shape=Shape.ARRAY,
    fields=fields("id coin type amount fee balance ts"),
    notes=(
        "one row per ledger movement of one coin; no symbol field",
        "a range of at most 7 days, 366 days back",
        (
            "the page asks for a tax API key, made in Bitget's tax portal; 40014, 25620 or 40018 say that"
            " this key is none"
        ),
    ),
    source="docs 2025-12 uta/tax/Get-Tax-Records; ccxt, bitget-api, go-bitget, agent_sdk",
)
