"""Money that moves: transfers, deposit addresses, withdrawals."""

from __future__ import annotations

from bitget_cli.catalogue.fields import fields
from bitget_cli.catalogue.params import AMOUNT, CHAIN, CLIENT_OID, COIN, FROM_TYPE, ORDER_ID_REQUIRED, SUB_UID, TO_TYPE
from bitget_cli.catalogue.rates import FIVE_A_SECOND_PER_ACCOUNT, TEN_A_SECOND_PER_ACCOUNT
from bitget_cli.catalogue.rows import Effect, Endpoint, Param, Shape

_SIZE = Param("size", note="BTC Lightning only, 0.000001-0.01")
_TRANSFER_FIELDS = fields("transferId clientOid")
_ADDRESS = fields("address chain coin tag url")

TRANSFER = Endpoint(
    "POST",
    "/api/v2/spot/wallet/transfer",
    "Move a coin between your own accounts",
    rate=TEN_A_SECOND_PER_ACCOUNT,
    effect=Effect.TRANSFER,
    params=(
        FROM_TYPE,
        TO_TYPE,
        AMOUNT,
        COIN,
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

SUBACCOUNT_TRANSFER = Endpoint(
    "POST",
    "/api/v2/spot/wallet/subaccount-transfer",
    "Move a coin between main account and sub-accounts",
    rate=TEN_A_SECOND_PER_ACCOUNT,
    effect=Effect.TRANSFER,
    params=(
        FROM_TYPE,
        TO_TYPE,
        AMOUNT,
        COIN,
        Param("symbol", note="only for isolated_margin"),
        CLIENT_OID,
        Param("fromUserId", required=True),
        Param("toUserId", required=True),
    ),
    fields=_TRANSFER_FIELDS,
    source="docs 2025-12 spot/account/Sub-Transfer; agent_hub, ccxt, bitget-api",
)

TRANSFER_COIN_INFO = Endpoint(
    "GET",
    "/api/v2/spot/wallet/transfer-coin-info",
    "The coins that can be moved between two kinds of account",
    rate=TEN_A_SECOND_PER_ACCOUNT,
    params=(FROM_TYPE, TO_TYPE),
    shape=Shape.STRINGS,
    source="docs 2025-12 spot/account/Get-Transfer-Coins; bitget-api",
)

DEPOSIT_ADDRESS = Endpoint(
    "GET",
    "/api/v2/spot/wallet/deposit-address",
    "The address to send a coin to",
    rate=TEN_A_SECOND_PER_ACCOUNT,
    params=(COIN, CHAIN, _SIZE),
    fields=_ADDRESS,
    source="docs 2025-12 spot/account/Get-Deposit-Address; agent_hub, ccxt, bitget-api",
)

SUBACCOUNT_DEPOSIT_ADDRESS = Endpoint(
    "GET",
    "/api/v2/spot/wallet/subaccount-deposit-address",
    "The address to send a coin to a sub-account",
    rate=TEN_A_SECOND_PER_ACCOUNT,
    params=(SUB_UID, COIN, CHAIN, _SIZE),
    fields=_ADDRESS,
    source="docs 2025-12 spot/account/Get-SubAccount-Deposit-Address; bitget-api",
)

MODIFY_DEPOSIT_ACCOUNT = Endpoint(
    "POST",
    "/api/v2/spot/wallet/modify-deposit-account",
    "Choose the account that deposits of a coin arrive in",
    rate=TEN_A_SECOND_PER_ACCOUNT,
    effect=Effect.SETTINGS,
    params=(
        Param(
            "accountType",
            required=True,
            choices=("spot", "funding", "coin-futures", "usdt-futures", "usdc-futures"),
            note="hyphen spelling here, unlike the transfer endpoints (underscore)",
        ),
        COIN,
    ),
    shape=Shape.STRING,
    source="docs 2025-12 spot/account/Modify-Deposit-Account; ccxt, bitget-api",
)

WITHDRAWAL = Endpoint(
    "POST",
    "/api/v2/spot/wallet/withdrawal",
    "Send a coin away from the exchange",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    effect=Effect.WITHDRAW,
    params=(
        COIN,
        Param("transferType", required=True, choices=("on_chain", "internal_transfer")),
        Param("address", required=True, note="chain address, or UID / e-mail / phone for internal_transfer"),
        Param("chain", note="required for transferType=on_chain; exact name from coins[].chains[].chain"),
        Param("innerToType", choices=("uid", "email", "mobile"), default="uid"),
        Param("areaCode", note="required for innerToType=mobile"),
        Param("tag", note="memo / tag for coins with needTag=true"),
        Param("size", required=True, note="amount; decimals per withdrawMinScale of the coins endpoint"),
        Param("remark"),
        CLIENT_OID,
        Param("memberCode", choices=("bithumb", "korbit", "coinone")),
        Param("identityType", choices=("user", "company")),
        Param("companyName"),
        Param("firstName"),
        Param("lastName"),
    ),
    fields=fields("orderId clientOid"),
    notes=(
        "ccxt plans for 10 calls a second; the page says 5, which is used here",
        "5 a second by the page, 10 in ccxt, 1 in agent_hub: go slowly",
        "needs a key with withdraw permission and a bound IP",
    ),
    source="docs 2025-12 spot/account/Wallet-Withdrawal; agent_hub, ccxt, bitget-api",
)

CANCEL_WITHDRAWAL = Endpoint(
    "POST",
    "/api/v2/spot/wallet/cancel-withdrawal",
    "Call a withdrawal back that has not left yet",
    rate=TEN_A_SECOND_PER_ACCOUNT,
    effect=Effect.WITHDRAW,
    params=(ORDER_ID_REQUIRED,),
    shape=Shape.STRING,
    source="docs 2025-12 spot/account/Cancel-Withdrawal; agent_hub, ccxt, bitget-api",
)

ROWS: tuple[Endpoint, ...] = (
    TRANSFER,
    SUBACCOUNT_TRANSFER,
    TRANSFER_COIN_INFO,
    DEPOSIT_ADDRESS,
    SUBACCOUNT_DEPOSIT_ADDRESS,
    MODIFY_DEPOSIT_ACCOUNT,
    WITHDRAWAL,
    CANCEL_WITHDRAWAL,
)
