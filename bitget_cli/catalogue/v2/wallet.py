"""Money that moves, and that moved: transfers, deposits, withdrawals."""

from __future__ import annotations

from bitget_cli.catalogue import enums
from bitget_cli.catalogue.enums import params
from bitget_cli.catalogue.fields import fields
from bitget_cli.catalogue.model import (
    FIVE_A_SECOND_PER_ACCOUNT,
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
    post_settings,
)

_SIZE = Param("size", note="BTC Lightning only, 0.000001-0.01")
_TRANSFER_FIELDS = fields("transferId clientOid")
_ADDRESS = fields("address chain coin tag url")

TRANSFER = post(
    "/api/v2/spot/wallet/transfer",
    "Move a coin between your own accounts",
    effect=Effect.TRANSFER,
    params=params(
        "FROM_TYPE TO_TYPE AMOUNT COIN",
        Param(
            "symbol",
            note=(
                "table says required, text says only for isolated_margin transfers; the table of the page marks it "
                "required"
            ),
        ),
        Param("clientOid", note="repeat with the same id returns the first transfer (idempotent)"),
    ),
    fields=_TRANSFER_FIELDS,
    notes=("symbol is marked required but only matters for isolated_margin",),
    source="docs 2025-12 spot/account/Wallet-Transfer; agent_hub, ccxt, bitget-api",
)

SUBACCOUNT_TRANSFER = post(
    "/api/v2/spot/wallet/subaccount-transfer",
    "Move a coin between main account and sub-accounts",
    effect=Effect.TRANSFER,
    params=params(
        "FROM_TYPE TO_TYPE AMOUNT COIN",
        Param("symbol", note="only for isolated_margin"),
        "CLIENT_OID fromUserId! toUserId!",
    ),
    fields=_TRANSFER_FIELDS,
    source="docs 2025-12 spot/account/Sub-Transfer; agent_hub, ccxt, bitget-api",
)

TRANSFER_COIN_INFO = get(
    "/api/v2/spot/wallet/transfer-coin-info",
    "The coins that can be moved between two kinds of account",
    params=params("FROM_TYPE TO_TYPE"),
    shape=Shape.STRINGS,
    source="docs 2025-12 spot/account/Get-Transfer-Coins; bitget-api",
)

DEPOSIT_ADDRESS = get(
    "/api/v2/spot/wallet/deposit-address",
    "The address to send a coin to",
    params=params("COIN CHAIN", _SIZE),
    fields=_ADDRESS,
    source="docs 2025-12 spot/account/Get-Deposit-Address; agent_hub, ccxt, bitget-api",
)

SUBACCOUNT_DEPOSIT_ADDRESS = get(
    "/api/v2/spot/wallet/subaccount-deposit-address",
    "The address to send a coin to a sub-account",
    params=params("SUB_UID COIN CHAIN", _SIZE),
    fields=_ADDRESS,
    source="docs 2025-12 spot/account/Get-SubAccount-Deposit-Address; bitget-api",
)

MODIFY_DEPOSIT_ACCOUNT = post_settings(
    "/api/v2/spot/wallet/modify-deposit-account",
    "Choose the account that deposits of a coin arrive in",
    params=params(
        Param(
            "accountType",
            required=True,
            choices=("spot", "funding", "coin-futures", "usdt-futures", "usdc-futures"),
            note="hyphen spelling here, unlike the transfer endpoints (underscore)",
        ),
        "COIN",
    ),
    shape=Shape.STRING,
    source="docs 2025-12 spot/account/Modify-Deposit-Account; ccxt, bitget-api",
)

WITHDRAWAL = post(
    "/api/v2/spot/wallet/withdrawal",
    "Send a coin away from the exchange",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    effect=Effect.WITHDRAW,
    params=params(
        "COIN transferType!:on_chain|internal_transfer",
        Param("address", required=True, note="chain address, or UID / e-mail / phone for internal_transfer"),
        Param("chain", note="required for transferType=on_chain; exact name from coins[].chains[].chain"),
        "innerToType:uid|email|mobile=uid",
        Param("areaCode", note="required for innerToType=mobile"),
        Param("tag", note="memo / tag for coins with needTag=true"),
        Param("size", required=True, note="amount; decimals per withdrawMinScale of the coins endpoint"),
        "remark CLIENT_OID memberCode:bithumb|korbit|coinone identityType:user|company companyName firstName lastName",
    ),
    fields=fields("orderId clientOid"),
    notes=(
        "ccxt plans for 10 calls a second; the page says 5, which is used here",
        "5 a second by the page, 10 in ccxt, 1 in agent_hub: go slowly",
        "needs a key with withdraw permission and a bound IP",
    ),
    source="docs 2025-12 spot/account/Wallet-Withdrawal; agent_hub, ccxt, bitget-api",
)

CANCEL_WITHDRAWAL = post(
    "/api/v2/spot/wallet/cancel-withdrawal",
    "Call a withdrawal back that has not left yet",
    effect=Effect.WITHDRAW,
    params=params("ORDER_ID_REQUIRED"),
    shape=Shape.STRING,
    source="docs 2025-12 spot/account/Cancel-Withdrawal; agent_hub, ccxt, bitget-api",
)

_PAGES = by_id(limit_default=20, limit_max=100, window_days=90, cursor="orderId", cursor_in_row=True)

TRANSFER_RECORDS = get_list(
    "/api/v2/spot/account/transferRecords",
    "Transfers between your own accounts",
    rate=TWENTY_A_SECOND_PER_ACCOUNT,
    params=params(
        "COIN fromType:WALLETS START END_90_DAYS CLIENT_OID",
        Param("pageNum", default="1", maximum=1000, note="page number from 1"),
        "LIMIT_100_UP_TO_500",
        Param("idLessThan", note="deprecated, use pageNum"),
    ),
    paging=Paging(PageKind.PAGE_NUM, limit_default=100, limit_max=500, window_days=90, lookback_days=90),
    fields=fields("coin status toType toSymbol fromType fromSymbol size ts clientOid transferId"),
    notes=("idLessThan deprecated in favour of pageNum", "status: Successful, Failed, Processing", enums.TO_TYPE_NOTE),
    source="docs 2025-12 spot/account/Get-Account-TransferRecords; ccxt, bitget-api",
)

SUB_MAIN_TRANS_RECORD = get_list(
    "/api/v2/spot/account/sub-main-trans-record",
    "Transfers between main account and sub-accounts",
    rate=TWENTY_A_SECOND_PER_ACCOUNT,
    params=params(
        "ANY_COIN role:initiator|receiver=initiator",
        Param("subUid", note="left out: transfers out of the main account only"),
        "START END_90_DAYS CLIENT_OID LIMIT_100 ID_LESS_THAN",
    ),
    paging=by_id(
        limit_default=100, limit_max=100, window_days=90, lookback_days=90, cursor="transferId", cursor_in_row=True
    ),
    fields=fields("coin status toType fromType size ts clientOid transferId fromUserId toUserId newTransferId"),
    notes=(
        "status: Successful, Failed, Processing",
        enums.TO_TYPE_NOTE,
        "fromType: spot, p2p, coin_futures, usdt_futures, usdc_futures, crossed_margin, isolated_margin",
    ),
    source="docs 2025-12 spot/account/Get-SubAccount-TransferRecords; agent_hub, bitget-api",
)

DEPOSIT_RECORDS = get_list(
    "/api/v2/spot/wallet/deposit-records",
    "Deposits that arrived or are on their way",
    params=params("ANY_COIN ORDER_ID START_REQUIRED END_REQUIRED ID_LESS_THAN LIMIT_20_UP_TO_100"),
    paging=_PAGES,
    fields=fields("orderId tradeId coin type size status toAddress dest chain fromAddress cTime uTime"),
    notes=("startTime and endTime required; ccxt asks for at most 90 days", enums.WALLET_STATUS, enums.DEST),
    source="docs 2025-12 spot/account/Get-Deposit-Record; agent_hub, ccxt, bitget-api",
)

WITHDRAWAL_RECORDS = get_list(
    "/api/v2/spot/wallet/withdrawal-records",
    "Withdrawals and how far they have come",
    params=params("ANY_COIN CLIENT_OID START_REQUIRED END_REQUIRED ID_LESS_THAN ORDER_ID LIMIT_20_UP_TO_100"),
    paging=_PAGES,
    fields=fields(
        "orderId tradeId coin dest clientOid type tag size fee status toAddress fromAddress confirm chain cTime uTime"
    ),
    notes=("startTime and endTime required; ccxt asks for at most 90 days", enums.DEST, enums.WALLET_STATUS),
    source="docs 2025-12 spot/account/Get-Withdraw-Record; agent_hub, ccxt, bitget-api",
)

SUBACCOUNT_DEPOSIT_RECORDS = get_list(
    "/api/v2/spot/wallet/subaccount-deposit-records",
    "Deposits of a sub-account",
    params=params("SUB_UID ANY_COIN START END ID_LESS_THAN LIMIT_20_UP_TO_100"),
    paging=_PAGES,
    fields=fields(
        "orderId tradeId coin size status toAddress dest chain fromAddress cTime uTime clientOid confirm tag"
    ),
    notes=(enums.WALLET_STATUS, enums.DEST),
    source="docs 2025-12 spot/account/Get-SubAccount-Deposit-Record; bitget-api",
)
