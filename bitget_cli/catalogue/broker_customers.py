"""The affiliate programme: customers and commissions."""

from __future__ import annotations

from bitget_cli.catalogue.fields import fields
from bitget_cli.catalogue.params import (
    ANY_COIN,
    END,
    ID_LESS_THAN,
    LIMIT_100_OPEN,
    PAGE_SIZE,
    PLAIN_PAGE_NO,
    SHOW_SUB,
    START,
    UID,
)
from bitget_cli.catalogue.rates import TEN_A_SECOND_PER_ACCOUNT
from bitget_cli.catalogue.rows import Endpoint, PageKind, Paging, Param, Shape

_PAGES = Paging(PageKind.PAGE_NO, limit_default=100, limit_name="pageSize")
_PAGES_OF_COMMISSION_LIST = Paging(PageKind.ID_LESS_THAN, limit_default=100, cursor="endId", rows_at="commissionList")
_BROKER_CUSTOMER_LIST_FIELDS = fields("uid registerTime")

BROKER_CUSTOMER_LIST = Endpoint(
    "POST",
    "/api/v2/broker/customer-list",
    "Customers an affiliate brought",
    rate=TEN_A_SECOND_PER_ACCOUNT,
    params=(START, END, PLAIN_PAGE_NO, PAGE_SIZE, UID, Param("referralCode"), SHOW_SUB),
    paging=_PAGES,
    shape=Shape.ARRAY,
    fields=_BROKER_CUSTOMER_LIST_FIELDS,
    notes=("affiliate (agent) API; not in the docs of December 2025, taken from SDKs",),
    source="ccxt, bitget-api, Bitget.Net",
)

BROKER_SUB_CUSTOMER_LIST = Endpoint(
    "GET",
    "/api/v2/broker/sub-customer-list",
    "Customers brought by an affiliate's sub-affiliates",
    rate=TEN_A_SECOND_PER_ACCOUNT,
    params=(START, END, ID_LESS_THAN, LIMIT_100_OPEN, UID, SHOW_SUB),
    paging=Paging(PageKind.ID_LESS_THAN, limit_default=100, cursor="minId", rows_at="list"),
    fields=_BROKER_CUSTOMER_LIST_FIELDS,
    notes=("affiliate (agent) API; not in the docs of December 2025, taken from SDKs",),
    source="ccxt, bitget-api, Bitget.Net",
)

BROKER_CUSTOMER_ASSET = Endpoint(
    "POST",
    "/api/v2/broker/customer-asset",
    "What an affiliate's customers hold",
    rate=TEN_A_SECOND_PER_ACCOUNT,
    params=(PLAIN_PAGE_NO, PAGE_SIZE, UID, SHOW_SUB),
    paging=_PAGES,
    shape=Shape.ARRAY,
    fields=fields("balance uid uTime remark"),
    notes=("affiliate (agent) API; not in the docs of December 2025, taken from SDKs",),
    source="ccxt, bitget-api",
)

BROKER_CUSTOMER_DEPOSIT = Endpoint(
    "POST",
    "/api/v2/broker/customer-deposit",
    "Deposits of an affiliate's customers",
    rate=TEN_A_SECOND_PER_ACCOUNT,
    params=(START, END, PLAIN_PAGE_NO, PAGE_SIZE, UID, SHOW_SUB),
    paging=_PAGES,
    shape=Shape.ARRAY,
    fields=fields("orderId uid depositTime depositCoin depositAmount"),
    notes=("affiliate (agent) API; not in the docs of December 2025, taken from SDKs",),
    source="ccxt, bitget-api",
)

BROKER_CUSTOMER_TRADE_VOLUME = Endpoint(
    "POST",
    "/api/v2/broker/customer-trade-volume",
    "Trading volume of an affiliate's customers",
    rate=TEN_A_SECOND_PER_ACCOUNT,
    params=(START, END, PLAIN_PAGE_NO, PAGE_SIZE, UID, SHOW_SUB),
    paging=_PAGES,
    shape=Shape.ARRAY,
    fields=fields("uid volumn spotVolume futuresVolume time"),
    notes=("affiliate (agent) API; not in the docs of December 2025, taken from SDKs", "field is spelled volumn"),
    source="ccxt, bitget-api",
)

BROKER_CUSTOMER_KYC_RESULT = Endpoint(
    "GET",
    "/api/v2/broker/customer-kyc-result",
    "Which of an affiliate's customers are identified",
    rate=TEN_A_SECOND_PER_ACCOUNT,
    params=(START, END, ID_LESS_THAN, LIMIT_100_OPEN, UID, SHOW_SUB),
    paging=Paging(PageKind.ID_LESS_THAN, limit_default=100, cursor="endId", rows_at="userList"),
    fields=fields("uid kycResult"),
    notes=("affiliate (agent) API; not in the docs of December 2025, taken from SDKs",),
    source="ccxt, bitget-api",
)

BROKER_CUSTOMER_COMMISSIONS = Endpoint(
    "GET",
    "/api/v2/broker/customer-commissions",
    "Commissions an affiliate earned from customers",
    rate=TEN_A_SECOND_PER_ACCOUNT,
    params=(START, END, ID_LESS_THAN, LIMIT_100_OPEN, UID, ANY_COIN, Param("symbol"), SHOW_SUB),
    paging=_PAGES_OF_COMMISSION_LIST,
    fields=fields(
        "uid date coin symbol productType dealAmount fee feeDeduction activityBonusDeduct spotCouponDeduct "
        "futuresCouponDeduct spotFeeDiscountDeduct negativeMakerFeeDeduct feePaid rebateAmount "
        "userTotalRebateAmount dayTotalRebateAmount totalRebateAmount"
    ),
    notes=("affiliate (agent) API; not in the docs of December 2025, taken from SDKs",),
    source="ccxt, bitget-api, Bitget.Net",
)

BROKER_AGENT_COMMISSION = Endpoint(
    "GET",
    "/api/v2/broker/agent-commission",
    "Commissions an affiliate earned from sub-affiliates",
    rate=TEN_A_SECOND_PER_ACCOUNT,
    params=(START, END, LIMIT_100_OPEN, ID_LESS_THAN),
    paging=_PAGES_OF_COMMISSION_LIST,
    fields=fields(
        "uid bizType subBizType symbol coin fee volume activityBonusDeduct spotCouponDeduct "
        "futuresCouponDeduct spotFeeDiscountDeduct negativeMakerFeeDeduct feePaid directCommission"
    ),
    notes=("affiliate (agent) API; not in the docs of December 2025, taken from SDKs",),
    source="ccxt, bitget-api",
)

ROWS: tuple[Endpoint, ...] = (
    BROKER_CUSTOMER_LIST,
    BROKER_SUB_CUSTOMER_LIST,
    BROKER_CUSTOMER_ASSET,
    BROKER_CUSTOMER_DEPOSIT,
    BROKER_CUSTOMER_TRADE_VOLUME,
    BROKER_CUSTOMER_KYC_RESULT,
    BROKER_CUSTOMER_COMMISSIONS,
    BROKER_AGENT_COMMISSION,
)
