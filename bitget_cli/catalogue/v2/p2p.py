"""Trading with other people: advertisements, merchants, orders."""

from __future__ import annotations

from bitget_cli.catalogue.enums import params
from bitget_cli.catalogue.fields import fields
from bitget_cli.catalogue.model import Param, by_id, get

_LANGUAGE = Param("language", choices=("zh-CN", "en-US"))

P2P_ADV_LIST = get(
    "/api/v2/p2p/advList",
    "Your P2P advertisements",
    params=params(
        "START_REQUIRED END_90_DAYS",
        Param("idLessThan", note="minAdvId of the previous page"),
        Param("limit", default="20", maximum=20, note="rows a page"),
        "status!:online|offline|editing|completed advNo SIDE COIN",
        _LANGUAGE,
        "fiat! orderBy:createTime|price=createTime payMethodId sourceType:owner|competitior|ownerAndCompetitior=owner",
    ),
    paging=by_id(limit_default=20, limit_max=20, window_days=90, cursor="minAdvId", rows_at="advList"),
    fields=fields(
        "advId advNo side advSize size coin price coinPrecision fiat fiatPrecision fiatSymbol status hide "
        "maxTradeAmount minTradeAmount payDuration turnoverNum turnoverRate label userLimitList{ minCompleteNum "
        "maxCompleteNum placeOrderNum allowMerchantPlace completeRate30d country } paymentMethodList[]{ paymentMethod "
        "paymentId paymentInfo[]{ name required type } } merchantCertifiedList utime ctime cTime uTime "
        "merchantCertifiedResult[]{ imageUrl desc }"
    ),
    notes=("hide: yes, no", "allowMerchantPlace: yes, no"),
    source="docs 2025-12 common/p2p/Get-P2P-Adv-List; agent_hub, ccxt, bitget-api",
)

P2P_MERCHANT_INFO = get(
    "/api/v2/p2p/merchantInfo",
    "Your own record as a P2P merchant",
    fields=fields(
        "registerTime nickName merchantId avgPaymentTime avgReleaseTime totalTrades totalBuy totalSell "
        "totalCompletionRate trades30d sell30d buy30d completionRate30d kycStatus emailBindStatus mobileBindStatus "
        "email mobile"
    ),
    notes=("kycStatus: true, false", "emailBindStatus: true, false", "mobileBindStatus: true, false"),
    source="docs 2025-12 common/p2p/Get-Merchant-Information; agent_hub, ccxt, bitget-api",
)

P2P_MERCHANT_LIST = get(
    "/api/v2/p2p/merchantList",
    "P2P merchants and their records",
    params=params("online:yes|no", Param("idLessThan", note="minMerchantId of the previous page"), "LIMIT_100"),
    paging=by_id(limit_default=100, limit_max=100, cursor="minMerchantId", rows_at="merchantList"),
    fields=fields(
        "registerTime nickName isOnline avgPaymentTime avgReleaseTime totalTrades totalBuy totalSell "
        "totalCompletionRate trades30d sell30d buy30d completionRate30d"
    ),
    source="docs 2025-12 common/p2p/Get-P2P-Merchant-List; agent_hub, ccxt, bitget-api",
)

P2P_ORDER_LIST = get(
    "/api/v2/p2p/orderList",
    "Your P2P orders",
    params=params(
        "START END_90_DAYS",
        Param("idLessThan", note="minOrderId of the previous page"),
        "LIMIT_100",
        Param(
            "status",
            choices=("pending_pay", "paid", "appeal", "completed", "cancelled"),
            note="docs print Paid/Appeal/Completed capitalised in the list",
        ),
        "advNo side:SIDES ANY_COIN",
        _LANGUAGE,
        "fiat orderNo",
    ),
    paging=by_id(limit_default=100, limit_max=100, window_days=90, cursor="minOrderId", rows_at="orderList"),
    fields=fields(
        "orderId orderNo advNo price count side fiat coin withdrawTime representTime paymentTime releaseTime amount "
        "buyerRealName sellerRealName status paymentInfo{ paymethodName paymethodId paymethodInfo[]{ name required "
        "type value } } utime ctime cTime uTime"
    ),
    source="docs 2025-12 common/p2p/Get-P2P-Order-List; agent_hub, ccxt, bitget-api",
)
