"""Tokenised stocks: their market and orders."""

from __future__ import annotations

from bitget_cli.catalogue import enums
from bitget_cli.catalogue.enums import params
from bitget_cli.catalogue.fields import fields
from bitget_cli.catalogue.model import ONE_A_SECOND_PER_ADDRESS, Effect, get, post, public

REALITY_FILLS = get(
    "/api/v3/account/reality-fills",
    "Recent public trades of a tokenised stock",
    params=params("LISTED_SYMBOL LIMIT"),
    fields=fields("execId price size side ts"),
    notes=(enums.TRADE_READ,),
    source="ccxt, bitget-api, go-bitget",
)

REALITY_ORDERBOOK = get(
    "/api/v3/account/reality-orderbook",
    "The order book of a tokenised stock",
    params=params("LISTED_SYMBOL"),
    fields=fields("symbol a b ts"),
    notes=(enums.TRADE_READ,),
    source="ccxt, bitget-api, go-bitget",
)

CALENDAR = public(
    "/api/v3/reality/market/calendar",
    "Trading calendar of tokenised stocks",
    rate=ONE_A_SECOND_PER_ADDRESS,
    fields=fields("timeZone specificConfig[]{ remark startTime endTime } regularConfig"),
    source="ccxt, go-bitget",
)

STATES = public(
    "/api/v3/reality/market/states",
    "Whether the market of tokenised stocks is open",
    rate=ONE_A_SECOND_PER_ADDRESS,
    fields=fields("market daylightType stateList[]{ state timeZone startTime endTime }"),
    source="ccxt, go-bitget",
)

STOCK_INFO = public(
    "/api/v3/reality/market/stock-info",
    "Tokenised stocks there are",
    rate=ONE_A_SECOND_PER_ADDRESS,
    params=params("ANY_LISTED_SYMBOL"),
    fields=fields("symbol code name tradingPeriod weekendTradable"),
    source="ccxt, go-bitget",
)

CANCEL_REALITY_ORDER = post(
    "/api/v3/trade/cancel-reality-order",
    "Cancel an order of a tokenised stock",
    effect=Effect.TRADE,
    params=params("LISTED_SYMBOL ANY_SOME_CATEGORY ORDER_ID CLIENT_OID"),
    fields=fields("orderId clientOid"),
    notes=(enums.TRADE_WRITE,),
    source="ccxt, bitget-api, go-bitget",
)

PLACE_REALITY_ORDER = post(
    "/api/v3/trade/place-reality-order",
    "Place an order of a tokenised stock",
    effect=Effect.TRADE,
    params=params("LISTED_SYMBOL SIDE ORDER_TYPE qty! ANY_SOME_CATEGORY LIMIT_PRICE CLIENT_OID"),
    fields=fields("orderId clientOid"),
    notes=(enums.TRADE_WRITE,),
    source="ccxt, bitget-api, go-bitget",
)
