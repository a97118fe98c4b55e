"""Money that moves, and that moved: transfers, deposits, withdrawals, the funding wallet."""

from __future__ import annotations

from bitget_cli.catalogue import enums
from bitget_cli.catalogue.enums import YES_NO, params
from bitget_cli.catalogue.fields import fields
from bitget_cli.catalogue.model import (
    FIVE_A_SECOND_PER_ACCOUNT,
    ONE_A_SECOND_PER_ACCOUNT,
    THREE_A_SECOND_PER_ACCOUNT,
    TWENTY_A_SECOND_PER_ACCOUNT,
    Effect,
    PageKind,
    Paging,
    Param,
    Shape,
    get,
    post,
)

CANCEL_WITHDRAWAL = post(
    "/api/v3/account/cancel-withdrawal",
    "Call a withdrawal back that has not left yet",
    rate=ONE_A_SECOND_PER_ACCOUNT,
    effect=Effect.WITHDRAW,
    params=params("WINNING_ORDER_ID LOSING_CLIENT_OID"),
    one_of=(("orderId", "clientOid"),),
    shape=Shape.STRING,
    notes=(enums.WITHDRAWAL_KEY,),
    source="ccxt, bitget-api, go-bitget, Bitget.Net",
)

DEPOSIT_ACCOUNT = post(
    "/api/v3/account/deposit-account",
    "Choose the account that deposits of a coin arrive in",
    rate=ONE_A_SECOND_PER_ACCOUNT,
    effect=Effect.SETTINGS,
    params=params("LISTED_COIN", Param("accountType", required=True, choices=("funding", "unified", "otc"))),
    shape=Shape.STRING,
    notes=(enums.MGT_WRITE,),
    source="docs 2025-12 uta/account/Deposit-Account; ccxt, bitget-api, go-bitget, Bitget.Net, agent_sdk",
)

DEPOSIT_ADDRESS = get(
    "/api/v3/account/deposit-address",
    "The address to send a coin to",
    params=params("LISTED_COIN LISTED_CHAIN", Param("size", note="Lightning only")),
    fields=fields("address chain coin tag url"),
    notes=(enums.MGT_READ,),
    source="docs 2025-12 uta/account/deposit/Get-Deposit-Address; ccxt, bitget-api, go-bitget, Bitget.Net, agent_sdk",
)

DEPOSIT_RECORDS = get(
    "/api/v3/account/deposit-records",
    "Deposits that arrived or are on their way",
    params=params("START_REQUIRED END_30_DAYS_REQUIRED ANY_LISTED_COIN ORDER_ID LIMIT_20_UP_TO_100 CURSOR_ORDER_ID"),
    paging=Paging(
        PageKind.CURSOR, limit_default=20, limit_max=100, window_days=30, cursor="orderId", cursor_in_row=True
    ),
    shape=Shape.ARRAY,
    fields=fields("orderId recordId coin type dest size status fromAddress toAddress chain createdTime updatedTime"),
    notes=(
        enums.MGT_READ,
        "recordId is the chain hash for on_chain rows",
        "fee is negative on withdrawals",
        "no list wrapper and no cursor in the reply",
        enums.DEST,
        "status: pending, success, fail",
    ),
    source="docs 2025-12 uta/account/deposit/Get-Deposit-Records; ccxt, bitget-api, go-bitget, Bitget.Net, agent_sdk",
)

FUNDING_ASSETS = get(
    "/api/v3/account/funding-assets",
    "Coins in the funding wallet",
    rate=TWENTY_A_SECOND_PER_ACCOUNT,
    params=params("ANY_LISTED_COIN balance available frozen"),
    shape=Shape.ARRAY,
    fields=fields("coin available frozen balance"),
    notes=(
        enums.MGT_READ,
        ("the funding wallet, separate from the unified account; deposits land here unless configured otherwise"),
    ),
    source=(
        "docs 2025-12 uta/account/Get-Account-Funding-Assets; docs 2026, ccxt, bitget-api, go-bitget,"
        " Bitget.Net, agent_sdk"
    ),
)

FUNDING_FINANCIAL_RECORDS = get(
    "/api/v3/account/funding-financial-records",
    "Bookings of the funding wallet",
    params=params("ANY_LISTED_COIN type START_WITHIN_90_DAYS END_30_DAYS LIMIT_100 CURSOR"),
    paging=Paging(
        PageKind.CURSOR,
        limit_default=100,
        limit_max=100,
        window_days=30,
        lookback_days=90,
        cursor="cursor",
        rows_at="list",
        row_id="id",
    ),
    fields=fields("id coin groupType type amount balance ts"),
    notes=(
        (
            "ledger of the funding wallet; amount is signed; groupType deposit, withdraw, transfer, "
            "convert, loan, financial, ..."
        ),
    ),
    source="ccxt",
)

MAX_TRANSFERABLE = get(
    "/api/v3/account/max-transferable",
    "How much of a coin can be moved out",
    rate=THREE_A_SECOND_PER_ACCOUNT,
    params=params("LISTED_COIN"),
    fields=fields("coin maxTransfer borrowMaxTransfer"),
    notes=(enums.MGT_READ,),
    source=(
        "docs 2025-12 uta/account/Get-Max-Transferable; docs 2026, ccxt, bitget-api, go-bitget, Bitget.Net, agent_sdk"
    ),
)

MAX_WITHDRAWAL = get(
    "/api/v3/account/max-withdrawal",
    "How much of a coin can be withdrawn",
    params=params("LISTED_COIN"),
    fields=fields("coin otcMaxWithdrawal spotMaxWithdrawal utaMaxWithdrawal totalMaxWithdrawal"),
    notes=(enums.MGT_READ,),
    source="docs 2026, ccxt, bitget-api, go-bitget",
)

TRANSFER = post(
    "/api/v3/account/transfer",
    "Move a coin between your own accounts",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    effect=Effect.TRANSFER,
    params=params(
        Param(
            "fromType",
            required=True,
            choices=(
                "spot",
                "p2p",
                "coin_futures",
                "usdt_futures",
                "usdc_futures",
                "crossed_margin",
                "isolated_margin",
                "uta",
            ),
            note="spot = funding account on a unified account",
        ),
        Param(
            "toType",
            required=True,
            choices=(
                "spot",
                "p2p",
                "coin_futures",
                "usdt_futures",
                "usdc_futures",
                "crossed_margin",
                "isolated_margin",
                "uta",
            ),
            note="spot = funding account on a unified account",
        ),
        Param("amount", required=True, note="in coin"),
        "LISTED_COIN",
        Param("symbol", note="isolated spot margin only"),
        Param(
            "allowBorrow",
            choices=YES_NO,
            default="no",
            note="yes lets the exchange borrow to cover the amount; never send by default",
        ),
        "CLIENT_OID",
    ),
    fields=fields("transferId clientOid"),
    notes=(
        enums.MGT_WRITE,
        (
            "moves between the unified account (uta), the funding account (spot), P2P and, on hybrid "
            "accounts, the classic accounts"
        ),
        "from uta the coin must be free: check max-transferable first (43117)",
    ),
    source="docs 2025-12 uta/account/transfer/; ccxt, bitget-api, go-bitget, Bitget.Net, agent_sdk",
)

TRANSFERABLE_COINS = get(
    "/api/v3/account/transferable-coins",
    "The coins that can be moved between two kinds of account",
    params=params(
        Param(
            "fromType",
            required=True,
            choices=(
                "spot",
                "p2p",
                "coin_futures",
                "usdt_futures",
                "usdc_futures",
                "crossed_margin",
                "isolated_margin",
                "uta",
            ),
            note="spot = funding account on a unified account",
        ),
        Param(
            "toType",
            required=True,
            choices=(
                "spot",
                "p2p",
                "coin_futures",
                "usdt_futures",
                "usdc_futures",
                "crossed_margin",
                "isolated_margin",
                "uta",
            ),
            note="spot = funding account on a unified account",
        ),
    ),
    shape=Shape.STRINGS,
    notes=(enums.MGT_READ,),
    source="docs 2025-12 uta/account/transfer/Get-Transfer-Coins; ccxt, bitget-api, go-bitget, Bitget.Net, agent_sdk",
)

WITHDRAW_ADDRESS = get(
    "/api/v3/account/withdraw-address",
    "Addresses saved for withdrawals",
    rate=ONE_A_SECOND_PER_ACCOUNT,
    params=params(
        "ANY_LISTED_COIN", Param("type", choices=("EVM", "regular", "universal", "internal")), "LIMIT CURSOR"
    ),
    paging=Paging(PageKind.CURSOR, cursor="cursor", rows_at="addressList"),
    fields=fields("coin chain address countryCode label memo type internalType createdTime"),
    notes=(enums.MGT_READ,),
    source="ccxt, bitget-api, go-bitget, Bitget.Net",
)

WITHDRAWAL = post(
    "/api/v3/account/withdrawal",
    "Send a coin away from the exchange",
    rate=ONE_A_SECOND_PER_ACCOUNT,
    effect=Effect.WITHDRAW,
    params=params(
        "LISTED_COIN",
        Param("transferType", required=True, choices=("on_chain", "internal_transfer")),
        Param("address", required=True, note="chain address, or uid / email / mobile for internal_transfer"),
        Param("size", required=True, note="Lightning: exactly the invoice amount"),
        Param("chain", note="needed for on_chain"),
        Param("innerToType", choices=("uid", "email", "mobile"), default="uid"),
        Param("areaCode", note="needed with innerToType=mobile"),
        "tag remark CLIENT_OID",
        Param("memberCode", choices=("bithumb", "korbit", "coinone")),
        Param("identityType", choices=("company", "user")),
        "companyName firstName lastName",
        Param("accountType", note="source: funding, uta, otc, comma separated; taken in the order funding, otc, uta"),
    ),
    fields=fields("orderId clientOid"),
    notes=(
        enums.WITHDRAWAL_KEY,
        "one SDK calls .../account/withdraw; the page and the others use .../account/withdrawal",
    ),
    source="docs 2025-12 uta/account/withdrawal/; ccxt, go-bitget, Bitget.Net, agent_sdk",
)

WITHDRAWAL_RECORDS = get(
    "/api/v3/account/withdrawal-records",
    "Withdrawals and how far they have come",
    params=params(
        "START_REQUIRED END_30_DAYS_REQUIRED ANY_LISTED_COIN ORDER_ID CLIENT_OID LIMIT_20_UP_TO_100 CURSOR_ORDER_ID"
    ),
    paging=Paging(
        PageKind.CURSOR, limit_default=20, limit_max=100, window_days=30, cursor="orderId", cursor_in_row=True
    ),
    shape=Shape.ARRAY,
    fields=fields(
        "orderId clientOid recordId coin type dest size status fromAddress toAddress chain fee confirm "
        "tag createdTime updatedTime"
    ),
    notes=(
        enums.MGT_READ,
        "recordId is the chain hash for on_chain rows",
        "fee is negative on withdrawals",
        "no list wrapper and no cursor in the reply",
        enums.DEST,
        "status: pending, success, fail",
    ),
    source=(
        "docs 2025-12 uta/account/withdrawal/Get-Withdrawal-Records; ccxt, bitget-api, go-bitget, Bitget.Net, agent_sdk"
    ),
)
