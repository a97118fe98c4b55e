"""Brokers: sub-accounts, their keys, customers, commissions and records."""

from __future__ import annotations

from bitget_cli.catalogue import enums
from bitget_cli.catalogue.enums import params, values
from bitget_cli.catalogue.fields import fields
from bitget_cli.catalogue.model import (
    FIVE_A_SECOND_PER_ACCOUNT,
    ONE_A_SECOND_PER_ACCOUNT,
    TWENTY_A_SECOND_PER_ACCOUNT,
    Effect,
    PageKind,
    Paging,
    Param,
    Shape,
    by_id,
    get,
    get_list,
    post,
    post_keys,
    post_settings,
)

_BROKER_MODIFY_SUBACCOUNT_FIELDS = fields(
    "subUid subaccountName status permList label language cTime uTime ctime utime"
)

BROKER_INFO = get(
    "/api/v2/broker/account/info",
    "Your broker account: number of sub-accounts and their limit",
    fields=fields("subAccountSize maxSubAccountSize uTime utime"),
    source="docs 2025-12 broker/subaccount/Get-Broker-Account-Info; agent_hub, ccxt, bitget-api",
)

BROKER_CREATE_SUBACCOUNT = post_keys(
    "/api/v2/broker/account/create-subaccount",
    "Create a sub-account of the broker",
    rate=ONE_A_SECOND_PER_ACCOUNT,
    params=params("subaccountName! label"),
    fields=fields("subUid subaccountName status permList label cTime ctime"),
    source="docs 2025-12 broker/subaccount/Create-Subaccount; agent_hub, ccxt, bitget-api",
)

BROKER_MODIFY_SUBACCOUNT = post_keys(
    "/api/v2/broker/account/modify-subaccount",
    "Change the permissions of a broker's sub-account, or freeze it",
    rate=ONE_A_SECOND_PER_ACCOUNT,
    params=params(
        "SUB_UID",
        Param(
            "permList",
            required=True,
            choices=("withdraw", "transfer", "spot_trade", "contract_trade", "read", "deposit", "margin_trade"),
            type="array",
        ),
        "SUBACCOUNT_STATUS",
        Param("language", choices=values("en_US zh_CN ja_JP vi_VN zh_TW ru_RU es_ES tr_TR fr_FR de_DE pt_PT th_TH")),
    ),
    fields=_BROKER_MODIFY_SUBACCOUNT_FIELDS,
    source="docs 2025-12 broker/subaccount/Modify-Suaccount; agent_hub, ccxt, bitget-api",
)

BROKER_SUBACCOUNT_LIST = get(
    "/api/v2/broker/account/subaccount-list",
    "The sub-accounts of the broker",
    rate=ONE_A_SECOND_PER_ACCOUNT,
    params=params(
        Param("limit", default="10", maximum=100, note="rows a page"), "ID_LESS_THAN status:normal|freeze|del START END"
    ),
    paging=by_id(limit_default=10, limit_max=100, cursor="idLessThan", rows_at="subList"),
    fields=_BROKER_MODIFY_SUBACCOUNT_FIELDS,
    notes=("beside the rows: hasNextPage",),
    source="docs 2025-12 broker/subaccount/Get-Subaccount-List; agent_hub, ccxt, bitget-api",
)

BROKER_SUBACCOUNT_EMAIL = get(
    "/api/v2/broker/account/subaccount-email",
    "The e-mail address of a broker's sub-account",
    params=params("SUB_UID"),
    fields=fields("subUid subaccountName subaccountEmail cTime uTime ctime utime"),
    source="docs 2025-12 broker/subaccount/Get-Subaccount-Email; ccxt, bitget-api",
)

BROKER_MODIFY_SUBACCOUNT_EMAIL = post_keys(
    "/api/v2/broker/account/modify-subaccount-email",
    "Change the e-mail address of a broker's sub-account",
    params=params("SUB_UID subaccountEmail!"),
    shape=Shape.STRING,
    fields=fields("subUid subaccountName subaccountEmail ctime utime"),
    source="docs 2025-12 broker/subaccount/Modify-Subaccount-Email; ccxt, bitget-api",
)

BROKER_SUBACCOUNT_SPOT_ASSETS = get(
    "/api/v2/broker/account/subaccount-spot-assets",
    "Spot balances of a broker's sub-account",
    params=params("SUB_UID ANY_COIN assetType"),
    paging=Paging(rows_at="assetsList"),
    fields=fields("coin available frozen locked uTime"),
    source="docs 2025-12 broker/subaccount/Get-Subaccount-Spot-Assets; ccxt, bitget-api",
)

BROKER_SUBACCOUNT_FUTURE_ASSETS = get(
    "/api/v2/broker/account/subaccount-future-assets",
    "Futures balances of a broker's sub-account",
    params=params("SUB_UID PRODUCT_TYPE"),
    paging=Paging(rows_at="assetsList"),
    fields=fields(
        "marginCoin available frozen locked crossedMaxAvailable isolatedMaxAvailable maxTransferOut accountEquity "
        "usdtEquity btcEquity unrealizedPL uTime"
    ),
    source="docs 2025-12 broker/subaccount/Get-Subaccount-Future-Assets; ccxt, bitget-api",
)

BROKER_SUBACCOUNT_ADDRESS = post_keys(
    "/api/v2/broker/account/subaccount-address",
    "Create a deposit address for a broker's sub-account",
    params=params("SUB_UID COIN CHAIN"),
    fields=fields("subUid coin address chain tag url cTime ctime"),
    source="docs 2025-12 broker/subaccount/Create-Subaccount-Deposit-Address; ccxt, bitget-api",
)

BROKER_SUBACCOUNT_WITHDRAWAL = post(
    "/api/v2/broker/account/subaccount-withdrawal",
    "Send a coin of a broker's sub-account away from the exchange",
    rate=ONE_A_SECOND_PER_ACCOUNT,
    effect=Effect.WITHDRAW,
    params=params("SUB_UID COIN dest!:on_chain|internal_transfer CHAIN address! AMOUNT tag CLIENT_OID"),
    fields=fields("orderId clientOid"),
    notes=("ccxt plans for 10 calls a second; the page says 1, which is used here",),
    source="docs 2025-12 broker/subaccount/Subaccount-Withdraw; ccxt, bitget-api",
)

BROKER_SET_SUBACCOUNT_AUTOTRANSFER = post_settings(
    "/api/v2/broker/account/set-subaccount-autotransfer",
    "Have deposits of a broker's sub-account moved on by themselves",
    params=params("SUB_UID COIN toAccountType!:spot|usdt-futures|coin-futures|usdc-futures"),
    shape=Shape.STRING,
    source="docs 2025-12 broker/subaccount/Subaccount-Deposit-Auto-Transfer; ccxt, bitget-api",
)

_PERM_TYPE_REQUIRED = Param("permType", required=True, choices=("read_and_write", "readonly"))
_PERM_LIST_REQUIRED = Param(
    "permList",
    required=True,
    choices=values("contract_order contract_position spot_trade margin_trade copytrading_trade wallet_transfer"),
    type="array",
)

BROKER_CREATE_SUBACCOUNT_APIKEY = post_keys(
    "/api/v2/broker/manage/create-subaccount-apikey",
    "Create a key for a broker's sub-account",
    params=params(
        "SUB_UID PASSPHRASE LABEL",
        Param("ipList", required=True, note="at most 30 items", type="array"),
        _PERM_TYPE_REQUIRED,
        _PERM_LIST_REQUIRED,
    ),
    fields=fields("subUid apiKey secretKey label ipList permType permList apikey"),
    notes=("permList: margin_trade, wallet_transfer",),
    source="docs 2025-12 broker/apikey/Create-Subaccount-ApiKey; agent_hub, ccxt, bitget-api",
)

BROKER_MODIFY_SUBACCOUNT_APIKEY = post_keys(
    "/api/v2/broker/manage/modify-subaccount-apikey",
    "Change a key of a broker's sub-account",
    params=params(
        "SUB_UID apikey! label PASSPHRASE",
        Param("ipList", note="at most 30 items", type="array"),
        _PERM_TYPE_REQUIRED,
        _PERM_LIST_REQUIRED,
    ),
    fields=fields("subUid apiKey label ipList permType permList apikey"),
    notes=("permList: margin_trade, wallet_transfer",),
    source="docs 2025-12 broker/apikey/Modify-Subaccount-ApiKey; agent_hub, ccxt, bitget-api",
)

BROKER_DELETE_SUBACCOUNT_APIKEY = post_keys(
    "/api/v2/broker/manage/delete-subaccount-apikey",
    "Delete a key of a broker's sub-account",
    params=params("SUB_UID apiKey!"),
    shape=Shape.STRING,
    source="docs 2025-12 broker/apikey/Delete-Subaccount-ApiKey; agent_hub, bitget-api",
)

BROKER_SUBACCOUNT_APIKEY_LIST = get_list(
    "/api/v2/broker/manage/subaccount-apikey-list",
    "The keys of a broker's sub-account",
    params=params("SUB_UID"),
    fields=fields("subUid label apiKey secretKey permType permList ipList apikey"),
    notes=("permList: list, margin_trade, wallet_transfer",),
    source="docs 2025-12 broker/apikey/subaccount-apikey-list; agent_hub, ccxt, bitget-api",
)

_PAGES = Paging(PageKind.PAGE_NO, limit_default=100, limit_name="pageSize")
_PAGES_OF_COMMISSION_LIST = by_id(limit_default=100, cursor="endId", rows_at="commissionList")
_BROKER_CUSTOMER_LIST_FIELDS = fields("uid registerTime")

BROKER_CUSTOMER_LIST = post(
    "/api/v2/broker/customer-list",
    "Customers an affiliate brought",
    params=params("START END PLAIN_PAGE_NO PAGE_SIZE UID referralCode SHOW_SUB"),
    paging=_PAGES,
    shape=Shape.ARRAY,
    fields=_BROKER_CUSTOMER_LIST_FIELDS,
    notes=("affiliate (agent) API; not in the docs of December 2025, taken from SDKs",),
    source="ccxt, bitget-api, Bitget.Net",
)

BROKER_SUB_CUSTOMER_LIST = get(
    "/api/v2/broker/sub-customer-list",
    "Customers brought by an affiliate's sub-affiliates",
    params=params("START END ID_LESS_THAN LIMIT_100_OPEN UID SHOW_SUB"),
    paging=by_id(limit_default=100, cursor="minId", rows_at="list"),
    fields=_BROKER_CUSTOMER_LIST_FIELDS,
    notes=("affiliate (agent) API; not in the docs of December 2025, taken from SDKs",),
    source="ccxt, bitget-api, Bitget.Net",
)

BROKER_CUSTOMER_ASSET = post(
    "/api/v2/broker/customer-asset",
    "What an affiliate's customers hold",
    params=params("PLAIN_PAGE_NO PAGE_SIZE UID SHOW_SUB"),
    paging=_PAGES,
    shape=Shape.ARRAY,
    fields=fields("balance uid uTime remark"),
    notes=("affiliate (agent) API; not in the docs of December 2025, taken from SDKs",),
    source="ccxt, bitget-api",
)

BROKER_CUSTOMER_DEPOSIT = post(
    "/api/v2/broker/customer-deposit",
    "Deposits of an affiliate's customers",
    params=params("START END PLAIN_PAGE_NO PAGE_SIZE UID SHOW_SUB"),
    paging=_PAGES,
    shape=Shape.ARRAY,
    fields=fields("orderId uid depositTime depositCoin depositAmount"),
    notes=("affiliate (agent) API; not in the docs of December 2025, taken from SDKs",),
    source="ccxt, bitget-api",
)

BROKER_CUSTOMER_TRADE_VOLUME = post(
    "/api/v2/broker/customer-trade-volume",
    "Trading volume of an affiliate's customers",
    params=params("START END PLAIN_PAGE_NO PAGE_SIZE UID SHOW_SUB"),
    paging=_PAGES,
    shape=Shape.ARRAY,
    fields=fields("uid volumn spotVolume futuresVolume time"),
    notes=("affiliate (agent) API; not in the docs of December 2025, taken from SDKs", "field is spelled volumn"),
    source="ccxt, bitget-api",
)

BROKER_CUSTOMER_KYC_RESULT = get(
    "/api/v2/broker/customer-kyc-result",
    "Which of an affiliate's customers are identified",
    params=params("START END ID_LESS_THAN LIMIT_100_OPEN UID SHOW_SUB"),
    paging=by_id(limit_default=100, cursor="endId", rows_at="userList"),
    fields=fields("uid kycResult"),
    notes=("affiliate (agent) API; not in the docs of December 2025, taken from SDKs",),
    source="ccxt, bitget-api",
)

BROKER_CUSTOMER_COMMISSIONS = get(
    "/api/v2/broker/customer-commissions",
    "Commissions an affiliate earned from customers",
    params=params("START END ID_LESS_THAN LIMIT_100_OPEN UID ANY_COIN symbol SHOW_SUB"),
    paging=_PAGES_OF_COMMISSION_LIST,
    fields=fields(
        "uid date coin symbol productType dealAmount fee feeDeduction activityBonusDeduct spotCouponDeduct "
        "futuresCouponDeduct spotFeeDiscountDeduct negativeMakerFeeDeduct feePaid rebateAmount userTotalRebateAmount "
        "dayTotalRebateAmount totalRebateAmount"
    ),
    notes=("affiliate (agent) API; not in the docs of December 2025, taken from SDKs",),
    source="ccxt, bitget-api, Bitget.Net",
)

BROKER_AGENT_COMMISSION = get(
    "/api/v2/broker/agent-commission",
    "Commissions an affiliate earned from sub-affiliates",
    params=params("START END LIMIT_100_OPEN ID_LESS_THAN"),
    paging=_PAGES_OF_COMMISSION_LIST,
    fields=fields(
        "uid bizType subBizType symbol coin fee volume activityBonusDeduct spotCouponDeduct futuresCouponDeduct "
        "spotFeeDiscountDeduct negativeMakerFeeDeduct feePaid directCommission"
    ),
    notes=("affiliate (agent) API; not in the docs of December 2025, taken from SDKs",),
    source="ccxt, bitget-api",
)


_START_180_DAYS = Param("startTime", note="epoch ms; a range of at most 180 days")
_END_180_DAYS = Param("endTime", note="epoch ms; a range of at most 180 days")
_RECORD_PAGES = Paging(PageKind.PAGE_NO, limit_default=100, limit_max=1000, limit_name="pageSize")
_BROKER_SUBACCOUNT_DEPOSIT_FIELDS = fields(
    "orderId txId coin type dest amount status fromAddress toAddress fee chain confirm tag userId cTime uTime"
)

BROKER_SUBACCOUNTS = get_list(
    "/api/v2/broker/subaccounts",
    "The broker's sub-accounts and when they registered",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    params=params("START_30_DAYS END_30_DAYS PAGE_SIZE_100_UP_TO_1000 PAGE_NO"),
    paging=_RECORD_PAGES,
    fields=fields("uid asset firstTimeDeposit firstTimeTrade registerTime"),
    source="docs 2025-12 broker/subaccount/Get-Broker-Subaccounts; bitget-api",
)

BROKER_COMMISSIONS = get_list(
    "/api/v2/broker/commissions",
    "Commissions earned from the broker's sub-accounts",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    params=params(
        "START_30_DAYS END_30_DAYS PAGE_SIZE_100_UP_TO_1000 PAGE_NO bizType:spot|futures",
        "subBizType:spot_trade|spot_margin|usdt_futures|usdc_futures|coin_futures",
    ),
    paging=_RECORD_PAGES,
    fields=fields("uid coin symbol dealtAmount totalFee deductedFee paidFee markUpFee totalCommission"),
    source="docs 2025-12 broker/subaccount/Get-Broker-Subaccounts-Commissions; bitget-api",
)

BROKER_TRADE_VOLUME = get_list(
    "/api/v2/broker/trade-volume",
    "Trading volume of the broker's sub-accounts",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    params=params("START_30_DAYS END_30_DAYS PAGE_SIZE_100_UP_TO_1000 PAGE_NO"),
    paging=_RECORD_PAGES,
    fields=fields("uid volume spotVolume futureVolume"),
    source="docs 2025-12 broker/subaccount/Get-Broker-Trade-Volume; bitget-api",
)

BROKER_TOTAL_COMMISSION = get_list(
    "/api/v2/broker/total-commission",
    "Trading volume and commission of the broker in sum",
    rate=TWENTY_A_SECOND_PER_ACCOUNT,
    params=params(_START_180_DAYS, _END_180_DAYS),
    fields=fields(
        "date totalTradingVolume totalActiveTraders totalCommission spot{ spotTradingVolume spotTradingFee "
        "spotPureTradingFee spotCommission } futures{ futuresTradingVolume futuresTradingFee futuresPureTradingFee "
        "futuresCommission }"
    ),
    source="docs 2025-12 broker/commission/Get-Total-Commission; ccxt, bitget-api",
)

BROKER_ORDER_COMMISSION = get(
    "/api/v2/broker/order-commission",
    "Commission of the broker order by order",
    rate=TWENTY_A_SECOND_PER_ACCOUNT,
    params=params(_START_180_DAYS, _END_180_DAYS, "LIMIT_500 UID ORDER_ID ID_LESS_THAN"),
    paging=by_id(limit_default=500, limit_max=500, window_days=180, cursor="endId", rows_at="commissionlist"),
    fields=fields("fillId orderId ts clientOid bizType subBizType symbol volume fee pureFee rebateAmount"),
    notes=("bizType: spot, futures", "subBizType: spot_trade, spot_margin, usdt_futures, coin_futures, usdc_futures"),
    source="docs 2025-12 broker/commission/Get-Order-Commission; ccxt, bitget-api",
)

BROKER_REBATE_INFO = get(
    "/api/v2/broker/rebate-info",
    "How a customer belongs to the broker and what is rebated",
    rate=TWENTY_A_SECOND_PER_ACCOUNT,
    params=params("uid!"),
    fields=fields("affiliationType userLevel clientSpotRebateRatio clientFuturesRebateRatio"),
    notes=("affiliationType: affiliate, official", "userLevel: VIP0, VIP1, VIP7, PRO1, PRO6"),
    source="docs 2025-12 broker/commission/Get-Rebate-Info; ccxt, bitget-api",
)

BROKER_ALL_SUB_DEPOSIT_WITHDRAWAL = get(
    "/api/v2/broker/all-sub-deposit-withdrawal",
    "Deposits and withdrawals of all the broker's sub-accounts",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    params=params("START_7_DAYS END_7_DAYS LIMIT_100 ID_LESS_THAN type:all|deposit|withdrawal"),
    paging=by_id(limit_default=100, limit_max=100, window_days=7, cursor="endId", rows_at="list"),
    fields=fields("uid txId type subType coin amount status ts"),
    notes=("type: deposit, withdrawal", "subType: onchain, internal, fast", enums.WALLET_STATUS),
    source="docs 2025-12 broker/subaccount/Get-Subaccount-All-Deposit-Withdrawal-Records; bitget-api",
)

BROKER_SUBACCOUNT_DEPOSIT = get_list(
    "/api/v2/broker/subaccount-deposit",
    "Deposits of the broker's sub-accounts",
    params=params("ORDER_ID USER_ID START_3_MONTHS END_3_MONTHS LIMIT_20_UP_TO_100 ID_LESS_THAN"),
    paging=by_id(limit_default=20, limit_max=100, window_days=90, cursor="orderId", cursor_in_row=True),
    fields=_BROKER_SUBACCOUNT_DEPOSIT_FIELDS,
    notes=("the page does not say what idLessThan compares; orderId is the id of a row",),
    source="docs 2025-12 broker/subaccount/Subaccount-Deposit-Records; bitget-api",
)

BROKER_SUBACCOUNT_WITHDRAWAL_RECORDS = get(
    "/api/v2/broker/subaccount-withdrawal",
    "Withdrawals of the broker's sub-accounts",
    params=params("ORDER_ID USER_ID START_3_MONTHS END_3_MONTHS LIMIT_20_UP_TO_100 ID_LESS_THAN"),
    paging=by_id(limit_default=20, limit_max=100, window_days=90, cursor="endId", rows_at="resultList"),
    fields=_BROKER_SUBACCOUNT_DEPOSIT_FIELDS,
    notes=(enums.WALLET_STATUS,),
    source="docs 2025-12 broker/subaccount/Subaccount-Withdrawal-Records; bitget-api",
)
