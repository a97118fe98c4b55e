"""What a broker's sub-accounts traded, moved and earned."""

from __future__ import annotations

from bitget_cli.catalogue import words
from bitget_cli.catalogue.fields import fields
from bitget_cli.catalogue.params import (
    END_3_MONTHS,
    END_7_DAYS,
    END_30_DAYS,
    ID_LESS_THAN,
    LIMIT_20_UP_TO_100,
    LIMIT_100,
    LIMIT_500,
    ORDER_ID,
    PAGE_NO,
    PAGE_SIZE_100_UP_TO_1000,
    START_3_MONTHS,
    START_30_DAYS,
    UID,
    USER_ID,
)
from bitget_cli.catalogue.rates import FIVE_A_SECOND_PER_ACCOUNT, TEN_A_SECOND_PER_ACCOUNT, TWENTY_A_SECOND_PER_ACCOUNT
from bitget_cli.catalogue.rows import Endpoint, PageKind, Paging, Param, Shape

_START_180_DAYS = Param("startTime", note="epoch ms; a range of at most 180 days")
_END_180_DAYS = Param("endTime", note="epoch ms; a range of at most 180 days")
_PAGES = Paging(PageKind.PAGE_NO, limit_default=100, limit_max=1000, limit_name="pageSize")
_BROKER_SUBACCOUNT_DEPOSIT_FIELDS = fields(
    "orderId txId coin type dest amount status fromAddress toAddress fee chain confirm tag userId cTime uTime"
)

BROKER_SUBACCOUNTS = Endpoint(
    "GET",
    "/api/v2/broker/subaccounts",
    "The broker's sub-accounts and when they registered",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    params=(START_30_DAYS, END_30_DAYS, PAGE_SIZE_100_UP_TO_1000, PAGE_NO),
    paging=_PAGES,
    shape=Shape.ARRAY,
    fields=fields("uid asset firstTimeDeposit firstTimeTrade registerTime"),
    source="docs 2025-12 broker/subaccount/Get-Broker-Subaccounts; bitget-api",
)

BROKER_COMMISSIONS = Endpoint(
    "GET",
    "/api/v2/broker/commissions",
    "Commissions earned from the broker's sub-accounts",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    params=(
        START_30_DAYS,
        END_30_DAYS,
        PAGE_SIZE_100_UP_TO_1000,
        PAGE_NO,
        Param("bizType", choices=("spot", "futures")),
        Param("subBizType", choices=("spot_trade", "spot_margin", "usdt_futures", "usdc_futures", "coin_futures")),
    ),
    paging=_PAGES,
    shape=Shape.ARRAY,
    fields=fields("uid coin symbol dealtAmount totalFee deductedFee paidFee markUpFee totalCommission"),
    source="docs 2025-12 broker/subaccount/Get-Broker-Subaccounts-Commissions; bitget-api",
)

BROKER_TRADE_VOLUME = Endpoint(
    "GET",
    "/api/v2/broker/trade-volume",
    "Trading volume of the broker's sub-accounts",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    params=(START_30_DAYS, END_30_DAYS, PAGE_SIZE_100_UP_TO_1000, PAGE_NO),
    paging=_PAGES,
    shape=Shape.ARRAY,
    fields=fields("uid volume spotVolume futureVolume"),
    source="docs 2025-12 broker/subaccount/Get-Broker-Trade-Volume; bitget-api",
)

BROKER_TOTAL_COMMISSION = Endpoint(
    "GET",
    "/api/v2/broker/total-commission",
    "Trading volume and commission of the broker in sum",
    rate=TWENTY_A_SECOND_PER_ACCOUNT,
    params=(_START_180_DAYS, _END_180_DAYS),
    shape=Shape.ARRAY,
    fields=fields(
        "date totalTradingVolume totalActiveTraders totalCommission spot{ spotTradingVolume spotTradingFee "
        "spotPureTradingFee spotCommission } futures{ futuresTradingVolume futuresTradingFee "
        "futuresPureTradingFee futuresCommission }"
    ),
    source="docs 2025-12 broker/commission/Get-Total-Commission; ccxt, bitget-api",
)

BROKER_ORDER_COMMISSION = Endpoint(
    "GET",
    "/api/v2/broker/order-commission",
    "Commission of the broker order by order",
    rate=TWENTY_A_SECOND_PER_ACCOUNT,
    params=(_START_180_DAYS, _END_180_DAYS, LIMIT_500, UID, ORDER_ID, ID_LESS_THAN),
    paging=Paging(
        PageKind.ID_LESS_THAN,
        limit_default=500,
        limit_max=500,
        window_days=180,
        cursor="endId",
        rows_at="commissionlist",
    ),
    fields=fields("fillId orderId ts clientOid bizType subBizType symbol volume fee pureFee rebateAmount"),
    notes=("bizType: spot, futures", "subBizType: spot_trade, spot_margin, usdt_futures, coin_futures, usdc_futures"),
    source="docs 2025-12 broker/commission/Get-Order-Commission; ccxt, bitget-api",
)

BROKER_REBATE_INFO = Endpoint(
    "GET",
    "/api/v2/broker/rebate-info",
    "How a customer belongs to the broker and what is rebated",
    rate=TWENTY_A_SECOND_PER_ACCOUNT,
    params=(Param("uid", required=True),),
    fields=fields("affiliationType userLevel clientSpotRebateRatio clientFuturesRebateRatio"),
    notes=("affiliationType: affiliate, official", "userLevel: VIP0, VIP1, VIP7, PRO1, PRO6"),
    source="docs 2025-12 broker/commission/Get-Rebate-Info; ccxt, bitget-api",
)

BROKER_ALL_SUB_DEPOSIT_WITHDRAWAL = Endpoint(
    "GET",
    "/api/v2/broker/all-sub-deposit-withdrawal",
    "Deposits and withdrawals of all the broker's sub-accounts",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    params=(
        Param("startTime", note="epoch ms; a range of at most 7 days"),
        END_7_DAYS,
        LIMIT_100,
        ID_LESS_THAN,
        Param("type", choices=("all", "deposit", "withdrawal")),
    ),
    paging=Paging(
        PageKind.ID_LESS_THAN, limit_default=100, limit_max=100, window_days=7, cursor="endId", rows_at="list"
    ),
    fields=fields("uid txId type subType coin amount status ts"),
    notes=("type: deposit, withdrawal", "subType: onchain, internal, fast", words.WALLET_STATUS),
    source="docs 2025-12 broker/subaccount/Get-Subaccount-All-Deposit-Withdrawal-Records; bitget-api",
)

BROKER_SUBACCOUNT_DEPOSIT = Endpoint(
    "GET",
    "/api/v2/broker/subaccount-deposit",
    "Deposits of the broker's sub-accounts",
    rate=TEN_A_SECOND_PER_ACCOUNT,
    params=(ORDER_ID, USER_ID, START_3_MONTHS, END_3_MONTHS, LIMIT_20_UP_TO_100, ID_LESS_THAN),
    paging=Paging(
        PageKind.ID_LESS_THAN, limit_default=20, limit_max=100, window_days=90, cursor="orderId", cursor_in_row=True
    ),
    shape=Shape.ARRAY,
    fields=_BROKER_SUBACCOUNT_DEPOSIT_FIELDS,
    notes=("the page does not say what idLessThan compares; orderId is the id of a row",),
    source="docs 2025-12 broker/subaccount/Subaccount-Deposit-Records; bitget-api",
)

BROKER_SUBACCOUNT_WITHDRAWAL_RECORDS = Endpoint(
    "GET",
    "/api/v2/broker/subaccount-withdrawal",
    "Withdrawals of the broker's sub-accounts",
    rate=TEN_A_SECOND_PER_ACCOUNT,
    params=(ORDER_ID, USER_ID, START_3_MONTHS, END_3_MONTHS, LIMIT_20_UP_TO_100, ID_LESS_THAN),
    paging=Paging(
        PageKind.ID_LESS_THAN, limit_default=20, limit_max=100, window_days=90, cursor="endId", rows_at="resultList"
    ),
    fields=_BROKER_SUBACCOUNT_DEPOSIT_FIELDS,
    notes=(words.WALLET_STATUS,),
    source="docs 2025-12 broker/subaccount/Subaccount-Withdrawal-Records; bitget-api",
)

ROWS: tuple[Endpoint, ...] = (
    BROKER_SUBACCOUNTS,
    BROKER_COMMISSIONS,
    BROKER_TRADE_VOLUME,
    BROKER_TOTAL_COMMISSION,
    BROKER_ORDER_COMMISSION,
    BROKER_REBATE_INFO,
    BROKER_ALL_SUB_DEPOSIT_WITHDRAWAL,
    BROKER_SUBACCOUNT_DEPOSIT,
    BROKER_SUBACCOUNT_WITHDRAWAL_RECORDS,
)
