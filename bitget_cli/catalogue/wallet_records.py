"""Money that moved: transfers, deposits, withdrawals."""

from __future__ import annotations

from bitget_cli.catalogue import words
from bitget_cli.catalogue.fields import fields
from bitget_cli.catalogue.params import (
    ANY_COIN,
    CLIENT_OID,
    COIN,
    END,
    END_90_DAYS,
    END_REQUIRED,
    ID_LESS_THAN,
    LIMIT_20_UP_TO_100,
    LIMIT_100,
    LIMIT_100_UP_TO_500,
    ORDER_ID,
    START,
    START_REQUIRED,
    SUB_UID,
    WALLETS,
)
from bitget_cli.catalogue.rates import TEN_A_SECOND_PER_ACCOUNT, TWENTY_A_SECOND_PER_ACCOUNT
from bitget_cli.catalogue.rows import Endpoint, PageKind, Paging, Param, Shape

_PAGES = Paging(
    PageKind.ID_LESS_THAN, limit_default=20, limit_max=100, window_days=90, cursor="orderId", cursor_in_row=True
)

TRANSFER_RECORDS = Endpoint(
    "GET",
    "/api/v2/spot/account/transferRecords",
    "Transfers between your own accounts",
    rate=TWENTY_A_SECOND_PER_ACCOUNT,
    params=(
        COIN,
        Param("fromType", choices=WALLETS),
        START,
        END_90_DAYS,
        CLIENT_OID,
        Param("pageNum", default="1", maximum=1000, note="page number from 1"),
        LIMIT_100_UP_TO_500,
        Param("idLessThan", note="deprecated, use pageNum"),
    ),
    paging=Paging(PageKind.PAGE_NUM, limit_default=100, limit_max=500, window_days=90, lookback_days=90),
    shape=Shape.ARRAY,
    fields=fields("coin status toType toSymbol fromType fromSymbol size ts clientOid transferId"),
    notes=("idLessThan deprecated in favour of pageNum", "status: Successful, Failed, Processing", words.TO_TYPE),
    source="docs 2025-12 spot/account/Get-Account-TransferRecords; ccxt, bitget-api",
)

SUB_MAIN_TRANS_RECORD = Endpoint(
    "GET",
    "/api/v2/spot/account/sub-main-trans-record",
    "Transfers between main account and sub-accounts",
    rate=TWENTY_A_SECOND_PER_ACCOUNT,
    params=(
        ANY_COIN,
        Param("role", choices=("initiator", "receiver"), default="initiator"),
        Param("subUid", note="left out: transfers out of the main account only"),
        START,
        END_90_DAYS,
        CLIENT_OID,
        LIMIT_100,
        ID_LESS_THAN,
    ),
    paging=Paging(
        PageKind.ID_LESS_THAN,
        limit_default=100,
        limit_max=100,
        window_days=90,
        lookback_days=90,
        cursor="transferId",
        cursor_in_row=True,
    ),
    shape=Shape.ARRAY,
    fields=fields("coin status toType fromType size ts clientOid transferId fromUserId toUserId newTransferId"),
    notes=(
        "status: Successful, Failed, Processing",
        words.TO_TYPE,
        "fromType: spot, p2p, coin_futures, usdt_futures, usdc_futures, crossed_margin, isolated_margin",
    ),
    source="docs 2025-12 spot/account/Get-SubAccount-TransferRecords; agent_hub, bitget-api",
)

DEPOSIT_RECORDS = Endpoint(
    "GET",
    "/api/v2/spot/wallet/deposit-records",
    "Deposits that arrived or are on their way",
    rate=TEN_A_SECOND_PER_ACCOUNT,
    params=(ANY_COIN, ORDER_ID, START_REQUIRED, END_REQUIRED, ID_LESS_THAN, LIMIT_20_UP_TO_100),
    paging=_PAGES,
    shape=Shape.ARRAY,
    fields=fields("orderId tradeId coin type size status toAddress dest chain fromAddress cTime uTime"),
    notes=("startTime and endTime required; ccxt asks for at most 90 days", words.WALLET_STATUS, words.DEST),
    source="docs 2025-12 spot/account/Get-Deposit-Record; agent_hub, ccxt, bitget-api",
)

WITHDRAWAL_RECORDS = Endpoint(
    "GET",
    "/api/v2/spot/wallet/withdrawal-records",
    "Withdrawals and how far they have come",
    rate=TEN_A_SECOND_PER_ACCOUNT,
    params=(ANY_COIN, CLIENT_OID, START_REQUIRED, END_REQUIRED, ID_LESS_THAN, ORDER_ID, LIMIT_20_UP_TO_100),
    paging=_PAGES,
    shape=Shape.ARRAY,
    fields=fields(
        "orderId tradeId coin dest clientOid type tag size fee status toAddress fromAddress confirm chain cTime uTime"
    ),
    notes=("startTime and endTime required; ccxt asks for at most 90 days", words.DEST, words.WALLET_STATUS),
    source="docs 2025-12 spot/account/Get-Withdraw-Record; agent_hub, ccxt, bitget-api",
)

SUBACCOUNT_DEPOSIT_RECORDS = Endpoint(
    "GET",
    "/api/v2/spot/wallet/subaccount-deposit-records",
    "Deposits of a sub-account",
    rate=TEN_A_SECOND_PER_ACCOUNT,
    params=(SUB_UID, ANY_COIN, START, END, ID_LESS_THAN, LIMIT_20_UP_TO_100),
    paging=_PAGES,
    shape=Shape.ARRAY,
    fields=fields(
        "orderId tradeId coin size status toAddress dest chain fromAddress cTime uTime clientOid confirm tag"
    ),
    notes=(words.WALLET_STATUS, words.DEST),
    source="docs 2025-12 spot/account/Get-SubAccount-Deposit-Record; bitget-api",
)

ROWS: tuple[Endpoint, ...] = (
    TRANSFER_RECORDS,
    SUB_MAIN_TRANS_RECORD,
    DEPOSIT_RECORDS,
    WITHDRAWAL_RECORDS,
    SUBACCOUNT_DEPOSIT_RECORDS,
)
