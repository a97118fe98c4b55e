"""Sub-accounts, keys and commissions of a broker."""

from __future__ import annotations

from bitget_cli.catalogue import enums
from bitget_cli.catalogue.enums import params
from bitget_cli.catalogue.fields import fields
from bitget_cli.catalogue.model import TWENTY_A_SECOND_PER_ACCOUNT, Effect, PageKind, Paging, Param, get, post

ALL_SUB_DEPOSIT_WITHDRAWAL = get(
    "/api/v3/broker/all-sub-deposit-withdrawal",
    "Deposits and withdrawals of all broker sub-accounts",
    rate=TWENTY_A_SECOND_PER_ACCOUNT,
    params=params("START END LIMIT CURSOR status"),
    paging=Paging(PageKind.CURSOR, cursor="endId", rows_at="list"),
    fields=fields("uid txId type subType coin amount status ts"),
    notes=(enums.BROKER_MASTER,),
    source="ccxt, bitget-api, go-bitget, agent_sdk",
)

COMMISSION = get(
    "/api/v3/broker/commission",
    "Commissions earned as a broker",
    rate=TWENTY_A_SECOND_PER_ACCOUNT,
    params=params("START END PAGE_SIZE_10_UP_TO_100 PLAIN_PAGE_NO bizType subBizType"),
    fields=fields("uid coin symbol dealtAmount totalFee deductedFee paidFee markUpFee totalCommission"),
    notes=(enums.BROKER_MASTER,),
    source="ccxt, bitget-api, go-bitget, agent_sdk",
)

CREATE_SUB = post(
    "/api/v3/broker/create-sub",
    "Make a broker sub-account",
    rate=TWENTY_A_SECOND_PER_ACCOUNT,
    effect=Effect.KEYS,
    params=params("subaccountName! LABEL"),
    fields=fields("subUid subaccountName subaccountEmail status permList label language cTime uTime"),
    notes=(enums.BROKER_MASTER,),
    source="ccxt, bitget-api, go-bitget, agent_sdk",
)

CREATE_SUB_APIKEY = post(
    "/api/v3/broker/create-sub-apikey",
    "Make an API key for a broker sub-account",
    rate=TWENTY_A_SECOND_PER_ACCOUNT,
    effect=Effect.KEYS,
    params=params(
        "SUB_UID KEY_PASSPHRASE LABEL",
        Param("ipList", note="allowed addresses", type="array"),
        Param("permType", choices=("read_and_write", "readonly"), note="reach of the key"),
        Param("permList", note="permissions: uta_trade, uta_mgt, withdraw", type="array"),
    ),
    fields=fields("subUid label apiKey secretKey permType permList[] ipList[]"),
    notes=(enums.BROKER_MASTER, "parameter list from one SDK, not checked live"),
    source="ccxt, bitget-api, go-bitget, agent_sdk, typed-bitget",
)

DELETE_SUB_APIKEY = post(
    "/api/v3/broker/delete-sub-apikey",
    "Remove an API key of a broker sub-account",
    rate=TWENTY_A_SECOND_PER_ACCOUNT,
    effect=Effect.KEYS,
    params=params("SUB_UID apiKey!"),
    notes=(enums.BROKER_MASTER, "parameter list from one SDK, not checked live"),
    source="ccxt, bitget-api, go-bitget, agent_sdk",
)

MODIFY_SUB = post(
    "/api/v3/broker/modify-sub",
    "Change a broker sub-account",
    rate=TWENTY_A_SECOND_PER_ACCOUNT,
    effect=Effect.KEYS,
    params=params("SUB_UID status permList"),
    fields=fields("subUid subaccountName subaccountEmail status permList label language cTime uTime"),
    notes=(enums.BROKER_MASTER,),
    source="ccxt, bitget-api, go-bitget, agent_sdk",
)

MODIFY_SUB_APIKEY = post(
    "/api/v3/broker/modify-sub-apikey",
    "Change an API key of a broker sub-account",
    rate=TWENTY_A_SECOND_PER_ACCOUNT,
    effect=Effect.KEYS,
    params=params(
        "SUB_UID",
        Param("apiKey", required=True, note="the key to change"),
        "KEY_PASSPHRASE LABEL",
        Param("ipList", note="allowed addresses", type="array"),
        Param("permType", choices=("read_and_write", "readonly"), note="reach of the key"),
        Param("permList", note="permissions: uta_trade, uta_mgt, withdraw", type="array"),
    ),
    fields=fields("subUid label apiKey permType permList[] ipList[]"),
    notes=(enums.BROKER_MASTER, "parameter list from one SDK, not checked live"),
    source="ccxt, bitget-api, go-bitget, agent_sdk, typed-bitget",
)

QUERY_SUB_APIKEY = get(
    "/api/v3/broker/query-sub-apikey",
    "API keys of a broker sub-account",
    rate=TWENTY_A_SECOND_PER_ACCOUNT,
    params=params("SUB_UID"),
    fields=fields("subUid label apiKey secretKey permType permList[] ipList[]"),
    notes=(enums.BROKER_MASTER, "parameter list from one SDK, not checked live"),
    source="ccxt, bitget-api, go-bitget, agent_sdk, typed-bitget",
)

SUB_DEPOSIT_ADDRESS = post(
    "/api/v3/broker/sub-deposit-address",
    "Make a deposit address for a broker sub-account",
    rate=TWENTY_A_SECOND_PER_ACCOUNT,
    effect=Effect.KEYS,
    params=params("SUB_UID LISTED_COIN LISTED_CHAIN"),
    fields=fields("subUid coin address chain tag url cTime"),
    notes=(enums.BROKER_MASTER,),
    source="ccxt, bitget-api, go-bitget, agent_sdk",
)

SUB_LIST = get(
    "/api/v3/broker/sub-list",
    "Your broker sub-accounts",
    rate=TWENTY_A_SECOND_PER_ACCOUNT,
    params=params("LIMIT CURSOR status"),
    paging=Paging(PageKind.CURSOR, cursor="cursor", rows_at="subList", row_id="subUid"),
    fields=fields("subUid subaccountName subaccountEmail status permList label language cTime uTime"),
    notes=(enums.BROKER_MASTER,),
    source="ccxt, bitget-api, go-bitget, agent_sdk",
)

SUB_WITHDRAWAL = post(
    "/api/v3/broker/sub-withdrawal",
    "Withdraw from a broker sub-account",
    rate=TWENTY_A_SECOND_PER_ACCOUNT,
    effect=Effect.WITHDRAW,
    params=params("SUB_UID LISTED_COIN dest! address! AMOUNT LISTED_CHAIN tag CLIENT_OID"),
    fields=fields("orderId clientOid"),
    notes=(enums.BROKER_MASTER,),
    source="ccxt, bitget-api, go-bitget, agent_sdk",
)
