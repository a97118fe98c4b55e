"""A broker's sub-accounts."""

from __future__ import annotations

from bitget_cli.catalogue.fields import fields
from bitget_cli.catalogue.params import (
    AMOUNT,
    ANY_COIN,
    CHAIN,
    CLIENT_OID,
    COIN,
    END,
    ID_LESS_THAN,
    PRODUCT_TYPE,
    START,
    SUB_UID,
    values,
)
from bitget_cli.catalogue.rates import ONE_A_SECOND_PER_ACCOUNT, TEN_A_SECOND_PER_ACCOUNT
from bitget_cli.catalogue.rows import Effect, Endpoint, PageKind, Paging, Param, Shape

_BROKER_MODIFY_SUBACCOUNT_FIELDS = fields(
    "subUid subaccountName status permList label language cTime uTime ctime utime"
)

BROKER_INFO = Endpoint(
    "GET",
    "/api/v2/broker/account/info",
    "Your broker account: number of sub-accounts and their limit",
    rate=TEN_A_SECOND_PER_ACCOUNT,
    fields=fields("subAccountSize maxSubAccountSize uTime utime"),
    source="docs 2025-12 broker/subaccount/Get-Broker-Account-Info; agent_hub, ccxt, bitget-api",
)

BROKER_CREATE_SUBACCOUNT = Endpoint(
    "POST",
    "/api/v2/broker/account/create-subaccount",
    "Create a sub-account of the broker",
    rate=ONE_A_SECOND_PER_ACCOUNT,
    effect=Effect.KEYS,
    params=(Param("subaccountName", required=True), Param("label")),
    fields=fields("subUid subaccountName status permList label cTime ctime"),
    source="docs 2025-12 broker/subaccount/Create-Subaccount; agent_hub, ccxt, bitget-api",
)

BROKER_MODIFY_SUBACCOUNT = Endpoint(
    "POST",
    "/api/v2/broker/account/modify-subaccount",
    "Change the permissions of a broker's sub-account, or freeze it",
    rate=ONE_A_SECOND_PER_ACCOUNT,
    effect=Effect.KEYS,
    params=(
        SUB_UID,
        Param(
            "permList",
            required=True,
            choices=("withdraw", "transfer", "spot_trade", "contract_trade", "read", "deposit", "margin_trade"),
            type="array",
        ),
        Param("status", required=True, choices=("normal", "freeze")),
        Param("language", choices=values("en_US zh_CN ja_JP vi_VN zh_TW ru_RU es_ES tr_TR fr_FR de_DE pt_PT th_TH")),
    ),
    fields=_BROKER_MODIFY_SUBACCOUNT_FIELDS,
    source="docs 2025-12 broker/subaccount/Modify-Suaccount; agent_hub, ccxt, bitget-api",
)

BROKER_SUBACCOUNT_LIST = Endpoint(
    "GET",
    "/api/v2/broker/account/subaccount-list",
    "The sub-accounts of the broker",
    rate=ONE_A_SECOND_PER_ACCOUNT,
    params=(
        Param("limit", default="10", maximum=100, note="rows a page"),
        ID_LESS_THAN,
        Param("status", choices=("normal", "freeze", "del")),
        START,
        END,
    ),
    paging=Paging(PageKind.ID_LESS_THAN, limit_default=10, limit_max=100, cursor="idLessThan", rows_at="subList"),
    fields=_BROKER_MODIFY_SUBACCOUNT_FIELDS,
    notes=("beside the rows: hasNextPage",),
    source="docs 2025-12 broker/subaccount/Get-Subaccount-List; agent_hub, ccxt, bitget-api",
)

BROKER_SUBACCOUNT_EMAIL = Endpoint(
    "GET",
    "/api/v2/broker/account/subaccount-email",
    "The e-mail address of a broker's sub-account",
    rate=TEN_A_SECOND_PER_ACCOUNT,
    params=(SUB_UID,),
    fields=fields("subUid subaccountName subaccountEmail cTime uTime ctime utime"),
    source="docs 2025-12 broker/subaccount/Get-Subaccount-Email; ccxt, bitget-api",
)

BROKER_MODIFY_SUBACCOUNT_EMAIL = Endpoint(
    "POST",
    "/api/v2/broker/account/modify-subaccount-email",
    "Change the e-mail address of a broker's sub-account",
    rate=TEN_A_SECOND_PER_ACCOUNT,
    effect=Effect.KEYS,
    params=(SUB_UID, Param("subaccountEmail", required=True)),
    shape=Shape.STRING,
    fields=fields("subUid subaccountName subaccountEmail ctime utime"),
    source="docs 2025-12 broker/subaccount/Modify-Subaccount-Email; ccxt, bitget-api",
)

BROKER_SUBACCOUNT_SPOT_ASSETS = Endpoint(
    "GET",
    "/api/v2/broker/account/subaccount-spot-assets",
    "Spot balances of a broker's sub-account",
    rate=TEN_A_SECOND_PER_ACCOUNT,
    params=(SUB_UID, ANY_COIN, Param("assetType")),
    paging=Paging(rows_at="assetsList"),
    fields=fields("coin available frozen locked uTime"),
    source="docs 2025-12 broker/subaccount/Get-Subaccount-Spot-Assets; ccxt, bitget-api",
)

BROKER_SUBACCOUNT_FUTURE_ASSETS = Endpoint(
    "GET",
    "/api/v2/broker/account/subaccount-future-assets",
    "Futures balances of a broker's sub-account",
    rate=TEN_A_SECOND_PER_ACCOUNT,
    params=(SUB_UID, PRODUCT_TYPE),
    paging=Paging(rows_at="assetsList"),
    fields=fields(
        "marginCoin available frozen locked crossedMaxAvailable isolatedMaxAvailable maxTransferOut "
        "accountEquity usdtEquity btcEquity unrealizedPL uTime"
    ),
    source="docs 2025-12 broker/subaccount/Get-Subaccount-Future-Assets; ccxt, bitget-api",
)

BROKER_SUBACCOUNT_ADDRESS = Endpoint(
    "POST",
    "/api/v2/broker/account/subaccount-address",
    "Create a deposit address for a broker's sub-account",
    rate=TEN_A_SECOND_PER_ACCOUNT,
    effect=Effect.KEYS,
    params=(SUB_UID, COIN, CHAIN),
    fields=fields("subUid coin address chain tag url cTime ctime"),
    source="docs 2025-12 broker/subaccount/Create-Subaccount-Deposit-Address; ccxt, bitget-api",
)

BROKER_SUBACCOUNT_WITHDRAWAL = Endpoint(
    "POST",
    "/api/v2/broker/account/subaccount-withdrawal",
    "Send a coin of a broker's sub-account away from the exchange",
    rate=ONE_A_SECOND_PER_ACCOUNT,
    effect=Effect.WITHDRAW,
    params=(
        SUB_UID,
        COIN,
        Param("dest", required=True, choices=("on_chain", "internal_transfer")),
        CHAIN,
        Param("address", required=True),
        AMOUNT,
        Param("tag"),
        CLIENT_OID,
    ),
    fields=fields("orderId clientOid"),
    notes=("ccxt plans for 10 calls a second; the page says 1, which is used here",),
    source="docs 2025-12 broker/subaccount/Subaccount-Withdraw; ccxt, bitget-api",
)

BROKER_SET_SUBACCOUNT_AUTOTRANSFER = Endpoint(
    "POST",
    "/api/v2/broker/account/set-subaccount-autotransfer",
    "Have deposits of a broker's sub-account moved on by themselves",
    rate=TEN_A_SECOND_PER_ACCOUNT,
    effect=Effect.SETTINGS,
    params=(
        SUB_UID,
        COIN,
        Param("toAccountType", required=True, choices=("spot", "usdt-futures", "coin-futures", "usdc-futures")),
    ),
    shape=Shape.STRING,
    source="docs 2025-12 broker/subaccount/Subaccount-Deposit-Auto-Transfer; ccxt, bitget-api",
)

ROWS: tuple[Endpoint, ...] = (
    BROKER_INFO,
    BROKER_CREATE_SUBACCOUNT,
    BROKER_MODIFY_SUBACCOUNT,
    BROKER_SUBACCOUNT_LIST,
    BROKER_SUBACCOUNT_EMAIL,
    BROKER_MODIFY_SUBACCOUNT_EMAIL,
    BROKER_SUBACCOUNT_SPOT_ASSETS,
    BROKER_SUBACCOUNT_FUTURE_ASSETS,
    BROKER_SUBACCOUNT_ADDRESS,
    BROKER_SUBACCOUNT_WITHDRAWAL,
    BROKER_SET_SUBACCOUNT_AUTOTRANSFER,
)
