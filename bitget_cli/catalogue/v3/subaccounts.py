"""Sub-accounts, their keys, and money between them."""

from __future__ import annotations

from bitget_cli.catalogue import enums
from bitget_cli.catalogue.enums import YES_NO, params
from bitget_cli.catalogue.fields import fields
from bitget_cli.catalogue.model import (
    FIVE_A_SECOND_PER_ACCOUNT,
    ONE_A_SECOND_PER_ACCOUNT,
    Effect,
    PageKind,
    Paging,
    Param,
    Shape,
    get,
    post,
)

SUB_DEPOSIT_ADDRESS = get(
    "/api/v3/account/sub-deposit-address",
    "The address to send a coin to a sub-account",
    params=params("SUB_UID LISTED_COIN LISTED_CHAIN", Param("size", note="Lightning only")),
    fields=fields("address chain coin tag url"),
    notes=(enums.MGT_READ,),
    source="docs 2025-12 uta/account/deposit/Get-Sub-Deposit-Address; ccxt, bitget-api, go-bitget, agent_sdk",
)

SUB_DEPOSIT_RECORDS = get(
    "/api/v3/account/sub-deposit-records",
    "Deposits of a sub-account",
    params=params("SUB_UID START_REQUIRED END_REQUIRED ANY_LISTED_COIN LIMIT_20_UP_TO_100 CURSOR_ORDER_ID"),
    paging=Paging(
        PageKind.CURSOR, limit_default=20, limit_max=100, window_days=30, cursor="orderId", cursor_in_row=True
    ),
    shape=Shape.ARRAY,
    fields=fields("orderId recordId coin type dest size status fromAddress toAddress chain createdTime updatedTime"),
    notes=(enums.MGT_READ, "the Dec 2025 page prints POST; every later client uses GET"),
    source="docs 2025-12 uta/account/deposit/Get-Sub-Deposit-Records; ccxt, bitget-api, go-bitget, agent_sdk",
)

SUB_MASTER_TRANSFER = post(
    "/api/v3/account/sub-master-transfer",
    "Move a coin from a sub-account, with its own key",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    effect=Effect.TRANSFER,
    params=params(
        Param("fromType", required=True, choices=("spot", "uta"), note="spot = funding account on a unified account"),
        Param(
            "toType", required=True, choices=("spot", "p2p", "uta"), note="spot = funding account on a unified account"
        ),
        "AMOUNT LISTED_COIN",
        Param("clientOid", note="at most 64 characters"),
    ),
    fields=fields("transferId clientOid"),
    notes=(enums.MGT_WRITE, "sub-account key only"),
    source="docs 2025-12 uta/account/transfer/Sub-Master-Transfer; ccxt, bitget-api, go-bitget, agent_sdk",
)

SUB_TRANSFER = post(
    "/api/v3/account/sub-transfer",
    "Move a coin between main account and sub-accounts",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    effect=Effect.TRANSFER,
    params=params(
        Param(
            "fromType",
            required=True,
            choices=("spot", "p2p", "usdt_futures", "coin_futures", "usdc_futures", "crossed_margin", "uta"),
            note="spot = funding account on a unified account",
        ),
        Param(
            "toType",
            required=True,
            choices=("spot", "p2p", "usdt_futures", "coin_futures", "usdc_futures", "crossed_margin", "uta"),
            note="spot = funding account on a unified account",
        ),
        "AMOUNT LISTED_COIN fromUserId! toUserId!",
        Param("clientOid", required=True, note="at most 64 characters"),
        Param(
            "allowBorrow",
            choices=YES_NO,
            default="no",
            note="yes lets the exchange borrow to cover the amount; never send by default",
        ),
    ),
    fields=fields("transferId clientOid"),
    notes=(
        enums.MGT_WRITE,
        ("main-account key only; unified sub-accounts know only uta and spot, classic ones neither uta nor p2p"),
    ),
    source="docs 2025-12 uta/account/transfer/SubAccount-Transfer; ccxt, bitget-api, go-bitget, agent_sdk",
)

SUB_TRANSFER_RECORD = get(
    "/api/v3/account/sub-transfer-record",
    "Transfers between main account and sub-accounts",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    params=params(
        Param("subUid", note="left out: the main account"),
        Param("role", choices=("initiator", "receiver"), default="initiator"),
        "ANY_LISTED_COIN START_90_DAYS END_90_DAYS CLIENT_OID LIMIT_100 CURSOR",
    ),
    paging=Paging(
        PageKind.CURSOR,
        limit_default=100,
        limit_max=100,
        window_days=90,
        cursor="cursor",
        rows_at="list",
        row_id="transferId",
    ),
    fields=fields(
        "transferId fromType toType amount coin fromUserId toUserId status clientOid createdTime "
        "updatedTime oldTransferId"
    ),
    notes=(enums.MGT_READ,),
    source="docs 2025-12 uta/account/transfer/SubAccount-Transfer-Get; ccxt, bitget-api, go-bitget, agent_sdk",
)

SUB_UNIFIED_ASSETS = get(
    "/api/v3/account/sub-unified-assets",
    "What the unified sub-accounts hold",
    rate=ONE_A_SECOND_PER_ACCOUNT,
    params=params(
        Param("subUid", note="sub-account user id"),
        "CURSOR",
        Param("limit", default="10", maximum=50, note="rows a page"),
    ),
    paging=Paging(PageKind.CURSOR, limit_default=10, limit_max=50, cursor="cursor", cursor_in_row=True),
    shape=Shape.ARRAY,
    fields=fields("subUid cursor assets[]{ coin equity usdValue balance available debt locked }"),
    notes=(enums.MGT_READ,),
    source=(
        "docs 2025-12 uta/account/sub-account/Get-SubAccount-Unified-Assets; ccxt, bitget-api, go-bitget, agent_sdk"
    ),
)

CREATE_SUB = post(
    "/api/v3/user/create-sub",
    "Make a sub-account",
    effect=Effect.KEYS,
    params=params(
        Param("username", required=True, note="lower-case letters, at most 20; makes a virtual mail address"),
        Param("accountMode", choices=("classic", "unified")),
        "note",
    ),
    fields=fields("username subUid status note createdTime updatedTime"),
    notes=(enums.MGT_WRITE, "starts in basic mode; advanced must be switched on by hand"),
    source="docs 2025-12 uta/account/sub-account/SubAccount-Create; ccxt, bitget-api, go-bitget, agent_sdk",
)

CREATE_SUB_API = post(
    "/api/v3/user/create-sub-api",
    "Make an API key for a sub-account",
    effect=Effect.KEYS,
    params=params(
        "SUB_UID note!",
        Param("type", required=True, choices=("read_write", "read_only")),
        "KEY_PASSPHRASE",
        Param("permissions", required=True, choices=("uta_mgt", "uta_trade"), type="array"),
        Param("ips", required=True, note="at most 30, IPv4", type="array"),
    ),
    fields=fields("note apiKey secret type permissions ips"),
    notes=(enums.MGT_WRITE,),
    source="docs 2025-12 uta/account/sub-account/SubAccount-API-Create; ccxt, bitget-api, go-bitget, agent_sdk",
)

DELETE_SUB = post(
    "/api/v3/user/delete-sub",
    "Remove a sub-account",
    rate=ONE_A_SECOND_PER_ACCOUNT,
    effect=Effect.KEYS,
    params=params("SUB_UID"),
    notes=("the limit of calls is not documented: go slowly",),
    source="bitget-api",
)

DELETE_SUB_API = post(
    "/api/v3/user/delete-sub-api",
    "Remove an API key of a sub-account",
    effect=Effect.KEYS,
    params=params("apiKey!"),
    notes=(enums.MGT_WRITE, "the page spells it apikey, its clients apiKey"),
    source="docs 2025-12 uta/account/sub-account/SubAccount-API-Delete; ccxt, bitget-api, go-bitget, agent_sdk",
)

FREEZE_SUB = post(
    "/api/v3/user/freeze-sub",
    "Freeze a sub-account, or unfreeze it",
    effect=Effect.KEYS,
    params=params("SUB_UID", Param("operation", required=True, choices=("freeze", "unfreeze"))),
    notes=(enums.MGT_WRITE,),
    source="docs 2025-12 uta/account/sub-account/SubAccount-Freeze; ccxt, bitget-api, go-bitget, agent_sdk",
)

MODIFY_SUB = post(
    "/api/v3/user/modify-sub",
    "Change the note of a sub-account",
    rate=ONE_A_SECOND_PER_ACCOUNT,
    effect=Effect.KEYS,
    params=params("SUB_UID note"),
    fields=fields("username subUid status note createdTime updatedTime"),
    notes=(
        enums.MGT_WRITE,
        "parameters and reply as create-sub has them; the limit of calls is not documented: go slowly",
    ),
    source="typed-bitget",
)

RATE_LIMIT_QUOTA = get(
    "/api/v3/user/rate-limit-quota",
    "Rate limits shared among sub-accounts",
    params=params(
        Param("category", required=True, choices=("spot", "futures"), note="lower case is accepted too"),
        "UID CURSOR LIMIT",
    ),
    paging=Paging(PageKind.CURSOR, cursor="cursor", rows_at="quotaList"),
    fields=fields("uid quota"),
    notes=(enums.MGT_READ,),
    source="ccxt, go-bitget",
)

SET_RATE_LIMIT_QUOTA = post(
    "/api/v3/user/set-rate-limit-quota",
    "Share rate limits among sub-accounts",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    effect=Effect.SETTINGS,
    params=params(
        Param("category", required=True, choices=("spot", "futures"), note="lower case is accepted too"),
        Param("uids", required=True, type="array"),
        "quota!",
    ),
    notes=(enums.MGT_WRITE,),
    source="ccxt, go-bitget",
)

SUB_ACCOUNT_AGENT_CREATE = post(
    "/api/v3/user/sub-account/agent-create",
    "Make a sub-account and its API key for a trading agent",
    rate=ONE_A_SECOND_PER_ACCOUNT,
    effect=Effect.KEYS,
    params=params("username! PASSPHRASE note"),
    fields=fields("username subUid apiKey secret note createdTime"),
    notes=(enums.MGT_WRITE,),
    source="ccxt, bitget-api, go-bitget, agent_sdk",
)

SUB_API_LIST = get(
    "/api/v3/user/sub-api-list",
    "API keys of a sub-account",
    params=params("SUB_UID LIMIT_100 CURSOR"),
    paging=Paging(
        PageKind.CURSOR,
        limit_default=100,
        limit_max=100,
        cursor="cursor",
        rows_at="items",
        row_id="apiKey",
        rows_also="list",
    ),
    fields=fields("apiKey note type permissions ips ts"),
    notes=(enums.MGT_READ, "the page calls the list of an answer items, its clients list"),
    source="docs 2025-12 uta/account/sub-account/SubAccount-API-Get; ccxt, bitget-api, go-bitget, agent_sdk",
)

SUB_LIST = get(
    "/api/v3/user/sub-list",
    "Your sub-accounts",
    params=params("LIMIT_100 CURSOR"),
    paging=Paging(PageKind.CURSOR, limit_default=100, limit_max=100, cursor="cursor", rows_at="list", row_id="subUid"),
    fields=fields("subUid username status accountMode type note createdTime updatedTime"),
    notes=(enums.MGT_READ,),
    source="docs 2025-12 uta/account/sub-account/SubAccount-Get; ccxt, bitget-api, go-bitget, agent_sdk",
)

UPDATE_SUB_API = post(
    "/api/v3/user/update-sub-api",
    "Change an API key of a sub-account",
    effect=Effect.KEYS,
    params=params(
        "apiKey! PASSPHRASE",
        Param("type", choices=("read_write", "read_only")),
        Param("permissions", choices=("uta_mgt", "uta_trade"), type="array"),
        Param("ips", note="empty value clears the list", type="array"),
    ),
    fields=fields("note apiKey type permissions ips secret"),
    notes=(enums.MGT_WRITE, "the page spells it apikey, its clients apiKey"),
    source="docs 2025-12 uta/account/sub-account/SubAccount-API-Update; ccxt, bitget-api, go-bitget, agent_sdk",
)
