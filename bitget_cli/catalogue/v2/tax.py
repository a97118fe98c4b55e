"""Every booking of the account, for a tax return; one call a second, a month at a time."""

from __future__ import annotations

from bitget_cli.catalogue.enums import PRODUCT_TYPES, params
from bitget_cli.catalogue.fields import fields
from bitget_cli.catalogue.model import ONE_A_SECOND_PER_ACCOUNT, Param, by_id, get_list

_PAGES = by_id(limit_default=500, limit_max=500, window_days=30, cursor="id", cursor_in_row=True)

TAX_SPOT_RECORD = get_list(
    "/api/v2/tax/spot-record",
    "Every spot booking, for a tax return",
    rate=ONE_A_SECOND_PER_ACCOUNT,
    params=params("ANY_COIN START_REQUIRED END_30_DAYS_REQUIRED LIMIT_500 ID_LESS_THAN"),
    paging=_PAGES,
    fields=fields("id coin spotTaxType amount fee balance bizOrderId ts"),
    source="docs 2025-12 common/tax/Get-Spot-Account-Record; ccxt, bitget-api",
)

TAX_FUTURE_RECORD = get_list(
    "/api/v2/tax/future-record",
    "Every futures booking, for a tax return",
    rate=ONE_A_SECOND_PER_ACCOUNT,
    params=params(
        Param("productType", choices=PRODUCT_TYPES, default="USDT-FUTURES", note="lower case is accepted too"),
        "ANY_MARGIN_COIN START_REQUIRED END_30_DAYS_REQUIRED LIMIT_500 ID_LESS_THAN",
    ),
    paging=_PAGES,
    fields=fields("id symbol marginCoin futureTaxType amount fee ts"),
    source="docs 2025-12 common/tax/Get-Future-Account-Record; ccxt, bitget-api",
)

TAX_MARGIN_RECORD = get_list(
    "/api/v2/tax/margin-record",
    "Every margin booking, for a tax return",
    rate=ONE_A_SECOND_PER_ACCOUNT,
    params=params(
        "marginType:MARGIN_MODES=crossed ANY_COIN START_REQUIRED END_30_DAYS_REQUIRED LIMIT_500 ID_LESS_THAN"
    ),
    paging=_PAGES,
    fields=fields("id coin marginTaxType amount fee total symbol ts"),
    notes=(
        (
            "marginTaxType: transfer_in, transfer_out, borrow, repay, liquidation_fee, compensate, deal_in, deal_out, "
            "interest_repay, confiscated, exchange_in, exchange_out"
        ),
    ),
    source="docs 2025-12 common/tax/Get-Margin-Account-Record; ccxt, bitget-api",
)

TAX_P2P_RECORD = get_list(
    "/api/v2/tax/p2p-record",
    "Every P2P booking, for a tax return",
    rate=ONE_A_SECOND_PER_ACCOUNT,
    params=params("ANY_COIN START_REQUIRED END_30_DAYS_REQUIRED LIMIT_500 ID_LESS_THAN"),
    paging=_PAGES,
    fields=fields("id coin p2pTaxType balance|total ts"),
    notes=("p2pTaxType: transfer_in, transfer_out, sell, buy",),
    source="docs 2025-12 common/tax/Get-P2P-Account-Record; ccxt, bitget-api",
)
