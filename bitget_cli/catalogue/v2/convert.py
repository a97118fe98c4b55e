"""Converting one coin into another at a quoted price, and small balances into BGB."""

from __future__ import annotations

from bitget_cli.catalogue.enums import params
from bitget_cli.catalogue.fields import fields
from bitget_cli.catalogue.model import FIVE_A_SECOND_PER_ACCOUNT, Paging, Param, by_id, get, get_list, post_funds

CONVERT_CURRENCIES = get_list(
    "/api/v2/convert/currencies",
    "The coins that can be converted, and how much at a time",
    fields=fields("coin available maxAmount minAmount"),
    source="docs 2025-12 common/convert/Get-Convert-Currencies; agent_hub, ccxt, bitget-api",
)

CONVERT_QUOTED_PRICE = get(
    "/api/v2/convert/quoted-price",
    "A price for a conversion that holds for eight seconds",
    params=params(
        "fromCoin!",
        Param("fromCoinSize", note="give exactly one of fromCoinSize / toCoinSize"),
        "toCoin!",
        Param("toCoinSize", note="give exactly one of fromCoinSize / toCoinSize"),
    ),
    one_of=(("fromCoinSize", "toCoinSize"),),
    fields=fields("fee fromCoinSize fromCoin cnvtPrice toCoinSize toCoin traceId"),
    notes=(
        "an older endpoint list says POST; page, ccxt and SDKs use GET, which is right",
        "text says fromCoinSz/toCoinSz, the parameters are fromCoinSize/toCoinSize",
    ),
    source="docs 2025-12 common/convert/Get-Quoted-Price; agent_hub, ccxt, bitget-api",
)

CONVERT_TRADE = post_funds(
    "/api/v2/convert/trade",
    "Convert at a quoted price",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    params=params(
        "fromCoin! fromCoinSize!",
        Param("cnvtPrice", required=True, note="price from the quote"),
        "toCoin! toCoinSize!",
        Param("traceId", required=True, note="quote id; expires 8 s after the quote"),
    ),
    fields=fields("ts cnvtPrice toCoinSize toCoin"),
    notes=(
        "ccxt plans for 10 calls a second; the page says 5, which is used here",
        "limit lowered to 5/s in Dec 2024; ccxt still plans 10/s",
    ),
    source="docs 2025-12 common/convert/Trade; agent_hub, ccxt, bitget-api",
)

CONVERT_RECORD = get(
    "/api/v2/convert/convert-record",
    "Past conversions",
    params=params(
        "START_REQUIRED",
        Param("endTime", required=True, note="epoch ms; a range of at most 90 days"),
        "LIMIT_20_UP_TO_100 ID_LESS_THAN",
    ),
    paging=by_id(limit_default=20, limit_max=100, window_days=90, cursor="endId", rows_at="dataList"),
    fields=fields("id ts cnvtPrice fee fromCoinSize fromCoin toCoinSize toCoin"),
    notes=("startTime and endTime required, at most 90 days apart",),
    source="docs 2025-12 common/convert/Get-Convert-Record; agent_hub, ccxt, bitget-api",
)

BGB_CONVERT_COIN_LIST = get(
    "/api/v2/convert/bgb-convert-coin-list",
    "Small balances that can be turned into BGB",
    paging=Paging(rows_at="coinList"),
    fields=fields("coin available bgbEstAmount precision feeDetail[]{ feeRate fee } cTime"),
    source="docs 2025-12 common/bgb-convert/Get-BGB-Convert-Coins; ccxt, bitget-api",
)

BGB_CONVERT = post_funds(
    "/api/v2/convert/bgb-convert",
    "Turn small balances into BGB",
    params=params(
        Param(
            "coinList",
            required=True,
            note="coin names; the table types it as a string, the sample and programs in use send a list",
            type="array",
        )
    ),
    paging=Paging(rows_at="orderList"),
    fields=fields("coin orderId"),
    source="docs 2025-12 common/bgb-convert/; agent_hub, ccxt, bitget-api",
)

BGB_CONVERT_RECORDS = get_list(
    "/api/v2/convert/bgb-convert-records",
    "Small balances turned into BGB in the past",
    params=params("ORDER_ID START END_90_DAYS LIMIT_20_UP_TO_100 ID_LESS_THAN"),
    paging=by_id(limit_default=20, limit_max=100, window_days=90, cursor="orderId", cursor_in_row=True),
    fields=fields(
        "orderId fromCoin fromAmount fromCoinPrice toCoin toAmount toCoinPrice feeDetail[]{ feeCoin fee } status "
        "ctime ts"
    ),
    notes=("the page takes idLessThan from an endId that its reply does not show; orderId is the id of a row",),
    source="docs 2025-12 common/bgb-convert/Get-BGB-Convert-Record; agent_hub, ccxt, bitget-api",
)
