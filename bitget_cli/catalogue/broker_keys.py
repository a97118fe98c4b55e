"""The keys of a broker's sub-accounts."""

from __future__ import annotations

from bitget_cli.catalogue.fields import fields
from bitget_cli.catalogue.params import LABEL, PASSPHRASE, SUB_UID, values
from bitget_cli.catalogue.rates import TEN_A_SECOND_PER_ACCOUNT
from bitget_cli.catalogue.rows import Effect, Endpoint, Param, Shape

_PERM_TYPE_REQUIRED = Param("permType", required=True, choices=("read_and_write", "readonly"))
_PERM_LIST_REQUIRED = Param(
    "permList",
    required=True,
    choices=values("contract_order contract_position spot_trade margin_trade copytrading_trade wallet_transfer"),
    type="array",
)

BROKER_CREATE_SUBACCOUNT_APIKEY = Endpoint(
    "POST",
    "/api/v2/broker/manage/create-subaccount-apikey",
    "Create a key for a broker's sub-account",
    rate=TEN_A_SECOND_PER_ACCOUNT,
    effect=Effect.KEYS,
    params=(
        SUB_UID,
        PASSPHRASE,
        LABEL,
        Param("ipList", required=True, note="at most 30 items", type="array"),
        _PERM_TYPE_REQUIRED,
        _PERM_LIST_REQUIRED,
    ),
    fields=fields("subUid apiKey secretKey label ipList permType permList apikey"),
    notes=("permList: margin_trade, wallet_transfer",),
    source="docs 2025-12 broker/apikey/Create-Subaccount-ApiKey; agent_hub, ccxt, bitget-api",
)

BROKER_MODIFY_SUBACCOUNT_APIKEY = Endpoint(
    "POST",
    "/api/v2/broker/manage/modify-subaccount-apikey",
    "Change a key of a broker's sub-account",
    rate=TEN_A_SECOND_PER_ACCOUNT,
    effect=Effect.KEYS,
    params=(
        SUB_UID,
        Param("apikey", required=True),
        Param("label"),
        PASSPHRASE,
        Param("ipList", note="at most 30 items", type="array"),
        _PERM_TYPE_REQUIRED,
        _PERM_LIST_REQUIRED,
    ),
    fields=fields("subUid apiKey label ipList permType permList apikey"),
    notes=("permList: margin_trade, wallet_transfer",),
    source="docs 2025-12 broker/apikey/Modify-Subaccount-ApiKey; agent_hub, ccxt, bitget-api",
)

BROKER_DELETE_SUBACCOUNT_APIKEY = Endpoint(
    "POST",
    "/api/v2/broker/manage/delete-subaccount-apikey",
    "Delete a key of a broker's sub-account",
    rate=TEN_A_SECOND_PER_ACCOUNT,
    effect=Effect.KEYS,
    params=(SUB_UID, Param("apiKey", required=True)),
    shape=Shape.STRING,
    source="docs 2025-12 broker/apikey/Delete-Subaccount-ApiKey; agent_hub, bitget-api",
)

BROKER_SUBACCOUNT_APIKEY_LIST = Endpoint(
    "GET",
    "/api/v2/broker/manage/subaccount-apikey-list",
    "The keys of a broker's sub-account",
    rate=TEN_A_SECOND_PER_ACCOUNT,
    params=(SUB_UID,),
    shape=Shape.ARRAY,
    fields=fields("subUid label apiKey secretKey permType permList ipList apikey"),
    notes=("permList: list, margin_trade, wallet_transfer",),
    source="docs 2025-12 broker/apikey/subaccount-apikey-list; agent_hub, ccxt, bitget-api",
)

ROWS: tuple[Endpoint, ...] = (
    BROKER_CREATE_SUBACCOUNT_APIKEY,
    BROKER_MODIFY_SUBACCOUNT_APIKEY,
    BROKER_DELETE_SUBACCOUNT_APIKEY,
    BROKER_SUBACCOUNT_APIKEY_LIST,
)
