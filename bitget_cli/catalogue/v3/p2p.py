"""P2P adverts and orders."""

from __future__ import annotations

from bitget_cli.catalogue import enums
from bitget_cli.catalogue.enums import SIDES, params
from bitget_cli.catalogue.fields import fields
from bitget_cli.catalogue.model import Effect, PageKind, Paging, Param, Shape, get, post

AD_CREATE = post(
    "/api/v3/p2p/ad-create",
    "Put up a P2P advert",
    effect=Effect.SETTINGS,
    params=params(
        "token! fiat! SIDE priceType! minAmount! maxAmount! quantity! payMethodIds! payTimeLimit! "
        "LIMIT_PRICE premium remark tradeTerms"
    ),
    fields=fields("advId"),
    notes=(enums.P2P_WRITE,),
    source="ccxt, bitget-api, go-bitget",
)

AD_INFO = get(
    "/api/v3/p2p/ad-info",
    "One P2P advert",
    params=params("advId!"),
    fields=fields(
        "advId side priceType token fiat price amount minAmount maxAmount payDuration soldAmount "
        "lastAmount premium turnover remark tradeTerm payMethodIds[]{ payMethodId userPayMethodId } "
        "tokenPrecision fiatPrecision market avgTime createdTime updatedTime"
    ),
    notes=(enums.P2P_READ,),
    source="ccxt, bitget-api, go-bitget",
)

AD_LIMIT = get(
    "/api/v3/p2p/ad-limit",
    "Limits of P2P adverts",
    params=params("token! fiat! SIDE"),
    fields=fields("buyMinTokenAmount buyMaxTokenAmount sellMinTokenAmount sellMaxTokenAmount"),
    notes=(enums.P2P_READ,),
    source="ccxt, bitget-api, go-bitget",
)

AD_LIST = get(
    "/api/v3/p2p/ad-list",
    "P2P adverts of everybody",
    params=params(
        "token! fiat! SIDE",
        Param("pageNum", required=True, note="page number from 1"),
        Param("limit", required=True, note="rows a page"),
        "amount",
    ),
    paging=Paging(PageKind.PAGE_NUM),
    shape=Shape.ARRAY,
    fields=fields(
        "advId merchantId merchantName token fiat side price minAmount maxAmount quantity payMethods[]{ "
        "payMethodId payMethodName } completedOrderNum completedRate avgReleaseTime createdTime"
    ),
    notes=(enums.P2P_READ,),
    source="ccxt, bitget-api, go-bitget",
)

AD_OPERATE = post(
    "/api/v3/p2p/ad-operate",
    "Publish, hide or end a P2P advert",
    effect=Effect.SETTINGS,
    params=params("advId! operation!"),
    shape=Shape.STRING,
    notes=(enums.P2P_WRITE,),
    source="ccxt, bitget-api, go-bitget",
)

AD_UPDATE = post(
    "/api/v3/p2p/ad-update",
    "Change a P2P advert",
    effect=Effect.SETTINGS,
    params=params(
        "advId! payTimeLimit! priceType LIMIT_PRICE premium minAmount maxAmount quantity payMethodIds remark tradeTerms"
    ),
    shape=Shape.STRING,
    notes=(enums.P2P_WRITE,),
    source="ccxt, bitget-api, go-bitget",
)

ALL_ORDERS = get(
    "/api/v3/p2p/all-orders",
    "All your P2P orders",
    params=params("START END LIMIT CURSOR ORDER_ID", Param("side", choices=SIDES), "status"),
    paging=Paging(PageKind.CURSOR, cursor="nextId", rows_at="items", row_id="orderId"),
    fields=fields("orderId side token fiat price amount quantity fee counterparty status createdTime updatedTime"),
    notes=(enums.P2P_READ,),
    source="ccxt, bitget-api, go-bitget",
)

BALANCE = get(
    "/api/v3/p2p/balance",
    "Coins in the P2P wallet",
    params=params("token!"),
    fields=fields("token totalBalance frozenBalance availableBalance"),
    notes=(enums.P2P_READ,),
    source="ccxt, bitget-api, go-bitget",
)

CURRENCIES = get(
    "/api/v3/p2p/currencies",
    "Coins and currencies of P2P",
    fields=fields(
        "tokenDetailList[]{ token precision } fiatDetailList[]{ fiat precision floatRateMin floatRateMax "
        "fixedRateMin fixedRateMax adMinLimit adMaxLimit payMethods[]{ payMethodName iconUrl payMethodId "
        "} withdrawalLimit{ withdrawLimitKey withdrawLimitValue } payTimeLimit }"
    ),
    notes=(enums.P2P_READ,),
    source="ccxt, bitget-api, go-bitget",
)

EXCHANGE_RATE = get(
    "/api/v3/p2p/exchange-rate",
    "Reference rate of P2P",
    params=params("token! fiat!"),
    fields=fields("rate"),
    notes=(enums.P2P_READ,),
    source="ccxt, bitget-api, go-bitget",
)

FEE_SIMULATE = post(
    "/api/v3/p2p/fee-simulate",
    "What a P2P order would cost in fees",
    params=params("token! fiat! SIDE marketType! AMOUNT"),
    fields=fields("feeToken feeAmount taxToken taxAmount"),
    notes=(enums.P2P_WRITE, "a POST that only calculates"),
    source="ccxt, bitget-api, go-bitget",
)

MY_ADS = get(
    "/api/v3/p2p/my-ads",
    "Your own P2P adverts",
    params=params("START END LIMIT CURSOR advId token fiat status"),
    paging=Paging(PageKind.CURSOR, cursor="nextId", rows_at="items", row_id="advId"),
    fields=fields(
        "advId side priceType token fiat price soldAmount lastAmount payMethods[]{ payMethodId } status "
        "createdTime updatedTime"
    ),
    notes=(enums.P2P_READ,),
    source="ccxt, bitget-api, go-bitget",
)

ORDER_INFO = get(
    "/api/v3/p2p/order-info",
    "One P2P order",
    params=params("ORDER_ID_REQUIRED"),
    fields=fields(
        "orderId side token fiat price quantity amount status advId remark orderCancelCountdown fee "
        "verifyCapital payMethodDetail{ payMethodId payMethodName payMethodUserName postscript "
        "payMethodInfo[]{ name type value } } sellUserInfo{ nickName realName } buyUserInfo{ nickName "
        "realName } createdTime updatedTime"
    ),
    notes=(enums.P2P_READ,),
    source="ccxt, bitget-api, go-bitget",
)

ORDER_PAY = post(
    "/api/v3/p2p/order-pay",
    "Say that a P2P order was paid",
    effect=Effect.FUNDS,
    params=params("ORDER_ID_REQUIRED"),
    shape=Shape.STRING,
    notes=(enums.P2P_WRITE,),
    source="ccxt, bitget-api, go-bitget",
)

ORDER_RELEASE = post(
    "/api/v3/p2p/order-release",
    "Release the coins of a P2P order to the buyer",
    effect=Effect.FUNDS,
    params=params("ORDER_ID_REQUIRED"),
    shape=Shape.STRING,
    notes=(enums.P2P_WRITE,),
    source="ccxt, bitget-api, go-bitget",
)

PAY_METHOD = get(
    "/api/v3/p2p/pay-method",
    "Your P2P payment methods",
    fields=fields("payMethodId payMethodName payMethodUserName userPayMethodId payMethodInfo[]{ name type value }"),
    notes=(enums.P2P_READ,),
    source="ccxt, bitget-api, go-bitget",
)

PENDING_ORDERS = get(
    "/api/v3/p2p/pending-orders",
    "P2P orders that wait",
    params=params("ORDER_ID", Param("side", choices=SIDES), "START END CURSOR LIMIT"),
    paging=Paging(PageKind.CURSOR, cursor="nextId", rows_at="items", row_id="orderId"),
    fields=fields("orderId side token fiat price amount quantity fee counterparty status createdTime updatedTime"),
    notes=(enums.P2P_READ,),
    source="ccxt, bitget-api, go-bitget",
)

USER_INFO = get(
    "/api/v3/p2p/user-info",
    "Your P2P record as a merchant",
    fields=fields(
        "uid nickName accountLevel completedOrderNum positiveRate completedOrderNum30D completedRate30D "
        "avgPayTime30D avgReleaseTime30D equityDetail{ maxAdvSellNum maxAdvSellLimit maxAdvBuyNum "
        "maxAdvBuyLimit totalMaxPendingOrder advMaxPendingOrder } registerTime"
    ),
    notes=(enums.P2P_READ,),
    source="ccxt, bitget-api, go-bitget",
)
