"""Sub-accounts and their keys."""

from __future__ import annotations

from bitget_cli.catalogue.enums import params
from bitget_cli.catalogue.fields import fields
from bitget_cli.catalogue.model import (
    FIVE_A_SECOND_PER_ACCOUNT,
    ONE_A_SECOND_PER_ACCOUNT,
    Param,
    Shape,
    by_id,
    get,
    get_list,
    post_keys,
)

_IP_LIST = Param("ipList", note="at most 30", type="array")
_CREATE_VIRTUAL_SUBACCOUNT_APIKEY_FIELDS = fields("subAccountUid label subAccountApiKey secretKey permList ipList")

CREATE_VIRTUAL_SUBACCOUNT = post_keys(
    "/api/v2/user/create-virtual-subaccount",
    "Create sub-accounts that live under your login",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    params=params(
        Param("subAccountList", required=True, note="names of exactly 8 English letters, globally unique", type="array")
    ),
    fields=fields(
        "failureList[]{ subaAccountName } successList[]{ subaAccountUid subaAccountName status label permList cTime "
        "uTime }"
    ),
    source="docs 2025-12 common/vsubaccount/Create-Virtual-Subaccount; agent_hub, ccxt, bitget-api",
)

MODIFY_VIRTUAL_SUBACCOUNT = post_keys(
    "/api/v2/user/modify-virtual-subaccount",
    "Change the permissions of a sub-account, or freeze it",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    params=params(
        "SUB_ACCOUNT_UID",
        Param("permList", required=True, choices=("spot_trade", "contract_trade", "read"), type="array"),
        "SUBACCOUNT_STATUS",
    ),
    fields=fields("result"),
    notes=("result: success, failure",),
    source="docs 2025-12 common/vsubaccount/Modify-Virtual-Subaccount; agent_hub, ccxt, bitget-api",
)

BATCH_CREATE_SUBACCOUNT_AND_APIKEY = post_keys(
    "/api/v2/user/batch-create-subaccount-and-apikey",
    "Create up to five sub-accounts together with their keys",
    rate=ONE_A_SECOND_PER_ACCOUNT,
    params=params(
        Param(
            "[].subAccountName",
            required=True,
            note="8 English letters; request body is a bare JSON array of such objects (max 5)",
        ),
        Param("[].passphrase", required=True, note="8-32 letters and digits"),
        "[].label!",
        Param("[].ipList", note="at most 30", type="array"),
        Param("[].permList", choices=("spot_trade", "margin_trade", "contract_trade", "read"), type="array"),
    ),
    shape=Shape.ARRAY,
    fields=fields("subAccountUid subAccountName label subAccountApiKey secretKey permList ipList"),
    notes=(
        "request body is a JSON array, max 5 entries; sample sends subaccount names of 8 letters",
        "permList: spot_trade, margin_trade, contract_trade, read",
    ),
    source="docs 2025-12 common/vsubaccount/Batch-Create-Virtual-Subaccount-And-Apikey; ccxt, bitget-api",
)

VIRTUAL_SUBACCOUNT_LIST = get(
    "/api/v2/user/virtual-subaccount-list",
    "Your sub-accounts",
    rate=ONE_A_SECOND_PER_ACCOUNT,
    params=params("LIMIT_100_UP_TO_500 ID_LESS_THAN status:normal|freeze"),
    paging=by_id(limit_default=100, limit_max=500, cursor="endId", rows_at="subAccountList"),
    fields=fields("subAccountUid subAccountName status permList label cTime uTime"),
    notes=(
        "ccxt plans for 10 calls a second; the page says 1, which is used here",
        "an older page prints 10/s; Dec 2025 page prints 1/s",
    ),
    source="docs 2025-12 common/vsubaccount/Get-Virtual-Subaccount-List; agent_hub, ccxt, bitget-api",
)

CREATE_VIRTUAL_SUBACCOUNT_APIKEY = post_keys(
    "/api/v2/user/create-virtual-subaccount-apikey",
    "Create a key for a sub-account",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    params=params(
        "SUB_ACCOUNT_UID KEY_PASSPHRASE LABEL",
        _IP_LIST,
        Param("permList", choices=("spot_trade", "margin_trade", "contract_trade", "transfer", "read"), type="array"),
    ),
    fields=_CREATE_VIRTUAL_SUBACCOUNT_APIKEY_FIELDS,
    notes=("the main key must be bound to an IP before sub keys can be made",),
    source="docs 2025-12 common/vsubaccount/Create-Virtual-Subaccount-ApiKey; agent_hub, ccxt, bitget-api",
)

MODIFY_VIRTUAL_SUBACCOUNT_APIKEY = post_keys(
    "/api/v2/user/modify-virtual-subaccount-apikey",
    "Change the permissions and addresses of a sub-account's key",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    params=params(
        "SUB_ACCOUNT_UID KEY_PASSPHRASE LABEL",
        _IP_LIST,
        Param(
            "permList",
            choices=("spot_trade", "margin_trade", "contract_trade", "transfer", "read"),
            note="left out: permissions stay; empty list: permissions cleared",
            type="array",
        ),
        "subAccountApiKey!",
    ),
    fields=_CREATE_VIRTUAL_SUBACCOUNT_APIKEY_FIELDS,
    source="docs 2025-12 common/vsubaccount/Modify-Virtual-Subaccount-ApiKey; agent_hub, ccxt, bitget-api",
)

VIRTUAL_SUBACCOUNT_APIKEY_LIST = get_list(
    "/api/v2/user/virtual-subaccount-apikey-list",
    "The keys of a sub-account",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    params=params("SUB_ACCOUNT_UID"),
    fields=fields("subAccountUid label subAccountApiKey permList ipList"),
    notes=(
        "ccxt plans for 10 calls a second; the page says 5, which is used here",
        "permList: spot_trade, margin_trade, contract_trade, transfer, read",
    ),
    source="docs 2025-12 common/vsubaccount/Get-Virtual-Subaccount-ApiKey-List; agent_hub, ccxt, bitget-api",
)

CREATE_AGENT_SUBACCOUNT = post_keys(
    "/api/v2/user/create-agent-subaccount",
    "Create a sub-account for a trading agent, key included",
    rate=ONE_A_SECOND_PER_ACCOUNT,
    params=params(Param("username", required=True, note="lower-case letters, at most 20"), "KEY_PASSPHRASE note"),
    fields=fields("username subUid apiKey secret note createdTime"),
    notes=("cannot be edited after creation; returns a key secret once",),
    source="ccxt, bitget-api",
)
