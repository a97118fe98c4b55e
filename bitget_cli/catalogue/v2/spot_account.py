"""The spot account: balances, bookings, what the key may do."""

from __future__ import annotations

from bitget_cli.catalogue.enums import params, values
from bitget_cli.catalogue.fields import fields
from bitget_cli.catalogue.model import (
    FIVE_A_SECOND_PER_ACCOUNT,
    ONE_A_SECOND_PER_ACCOUNT,
    Param,
    Shape,
    by_id,
    get,
    get_list,
    post_settings,
)

_ANY_SUB_UID = Param("subUid", note="sub-account user id")

SPOT_ACCOUNT_INFO = get(
    "/api/v2/spot/account/info",
    "Who the key belongs to: user id, permissions, bound addresses",
    rate=ONE_A_SECOND_PER_ACCOUNT,
    fields=fields("userId inviterId ips authorities parentId traderType channelCode channel regisTime"),
    notes=(
        (
            "authorities holds permission codes of the key: ...r read, ...w write (coor/coow futures orders, cpor/cpow "
            "positions, stor/stow spot, smor/smow margin, ttor/ttow copy, wtor/wtow transfer, wwow withdraw, taxr/taxw "
            "tax, chor/chow sub-accounts, p2pr/p2p, pllr/pllw loans)"
        ),
        (
            "authorities: coor, cpor, stor, smor, ttor, wtor, taxr, chor, p2pr, coow, cpow, stow, smow, ttow, wtow, "
            "wwow, chow, p2p, pllw, pllr, taxw"
        ),
        "traderType: trader, not_trader",
    ),
    source="docs 2025-12 spot/account/Get-Account-Info; ccxt, bitget-api",
)

SPOT_ASSETS = get_list(
    "/api/v2/spot/account/assets",
    "Spot balances",
    params=params(Param("coin", note="with coin set, assetType has no effect"), "assetType:hold_only|all=hold_only"),
    fields=fields("coin available frozen locked limitAvailable uTime"),
    source="docs 2025-12 spot/account/Get-Account-Assets; agent_hub, ccxt, bitget-api",
)

SPOT_SUBACCOUNT_ASSETS = get_list(
    "/api/v2/spot/account/subaccount-assets",
    "Spot balances of all sub-accounts",
    params=params("ID_LESS_THAN", Param("limit", default="10", maximum=50, note="rows a page")),
    paging=by_id(limit_default=10, limit_max=50, cursor="id", cursor_in_row=True),
    fields=fields("id userId assetsList[]{ coin available limitAvailable frozen locked uTime }"),
    source="docs 2025-12 spot/account/Get-Subaccount-Assets; ccxt, bitget-api",
)

SPOT_BILLS = get_list(
    "/api/v2/spot/account/bills",
    "Every booking on the spot account",
    params=params(
        "ANY_COIN",
        Param(
            "groupType",
            choices=values(
                "deposit withdraw transaction transfer loan financial fait convert c2c pre_c2c on_chain strategy other"
            ),
            open_ended=True,
        ),
        Param(
            "businessType",
            choices=values(
                "DEPOSIT WITHDRAW BUY SELL DEDUCTION_HANDLING_FEE TRANSFER_IN TRANSFER_OUT REBATE_REWARDS "
                "AIRDROP_REWARDS USDT_CONTRACT_REWARDS MIX_CONTRACT_REWARDS SYSTEM_LOCK USER_LOCK "
                "STRATEGY_TRANSFER_IN"
            ),
            open_ended=True,
        ),
        "START END_90_DAYS LIMIT_100_UP_TO_500 ID_LESS_THAN",
    ),
    paging=by_id(
        limit_default=100, limit_max=500, window_days=90, lookback_days=90, cursor="billId", cursor_in_row=True
    ),
    fields=fields("cTime coin groupType businessType size balance fees billId"),
    notes=(
        "businessType values in requests and replies are upper case",
        "groupType value fait is misspelt (fiat) in the API itself",
    ),
    source="docs 2025-12 spot/account/Get-Account-Bills; agent_hub, ccxt, bitget-api",
)

SPOT_DEDUCT_INFO = get(
    "/api/v2/spot/account/deduct-info",
    "Whether fees are paid in BGB",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    fields=fields("deduct"),
    source="docs 2025-12 spot/account/Get-Deduct-Info; bitget-api",
)

SPOT_SWITCH_DEDUCT = post_settings(
    "/api/v2/spot/account/switch-deduct",
    "Switch on or off that fees are paid in BGB",
    rate=ONE_A_SECOND_PER_ACCOUNT,
    params=params("deduct!:on|off"),
    shape=Shape.STRING,
    source="docs 2025-12 spot/account/Switch-Deduct; bitget-api",
)

SPOT_UPGRADE = post_settings(
    "/api/v2/spot/account/upgrade",
    "Turn the account into a unified one",
    rate=ONE_A_SECOND_PER_ACCOUNT,
    params=params(_ANY_SUB_UID),
    shape=Shape.NULL,
    notes=(
        (
            "switches the account to unified mode (UTA) asynchronously, about 1 minute, poll upgrade-status; v2 "
            "private calls answer 40085 afterwards"
        ),
    ),
    source="docs 2025-12 spot/account/Upgrade_Account; ccxt, bitget-api",
)

SPOT_UPGRADE_STATUS = get(
    "/api/v2/spot/account/upgrade-status",
    "How far the change to a unified account has come",
    rate=ONE_A_SECOND_PER_ACCOUNT,
    params=params(_ANY_SUB_UID),
    fields=fields("status reason"),
    notes=("status: process, success, fail",),
    source="docs 2025-12 spot/account/Get_Upgrade_Status; ccxt, bitget-api",
)
