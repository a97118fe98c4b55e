"""Balances and loans in isolated margin."""

from __future__ import annotations

from bitget_cli.catalogue.fields import fields
from bitget_cli.catalogue.params import ANY_SYMBOL, CLIENT_OID, COIN, SYMBOL
from bitget_cli.catalogue.rates import TEN_A_SECOND_PER_ACCOUNT
from bitget_cli.catalogue.rows import Effect, Endpoint, PageKind, Paging, Param, Shape

ISOLATED_ASSETS = Endpoint(
    "GET",
    "/api/v2/margin/isolated/account/assets",
    "Balances and debts of each pair in isolated margin",
    rate=TEN_A_SECOND_PER_ACCOUNT,
    params=(ANY_SYMBOL,),
    shape=Shape.ARRAY,
    fields=fields("symbol coin totalAmount available frozen borrow interest net coupon cTime uTime"),
    source="docs 2025-12 margin/isolated/account/Get-Isolated-Assets; ccxt, bitget-api",
)

ISOLATED_RISK_RATE = Endpoint(
    "GET",
    "/api/v2/margin/isolated/account/risk-rate",
    "How close each isolated margin pair is to liquidation",
    rate=TEN_A_SECOND_PER_ACCOUNT,
    params=(
        ANY_SYMBOL,
        Param("pageNum", default="1", note="page number from 1"),
        Param("pageSize", default="100", maximum=500, note="rows a page"),
    ),
    paging=Paging(PageKind.PAGE_NUM, limit_default=100, limit_max=500, limit_name="pageSize"),
    shape=Shape.ARRAY,
    fields=fields("symbol riskRateRatio"),
    source="docs 2025-12 margin/isolated/account/Isolated-Risk-Rate; ccxt, bitget-api",
)

ISOLATED_MAX_BORROWABLE_AMOUNT = Endpoint(
    "GET",
    "/api/v2/margin/isolated/account/max-borrowable-amount",
    "How much can be borrowed for a pair in isolated margin",
    rate=TEN_A_SECOND_PER_ACCOUNT,
    params=(SYMBOL,),
    fields=fields("symbol baseCoin baseCoinMaxBorrowAmount quoteCoin quoteCoinMaxBorrowAmount"),
    source="docs 2025-12 margin/isolated/account/Isolated-Max-Borrowable-Amount; ccxt, bitget-api",
)

ISOLATED_MAX_TRANSFER_OUT_AMOUNT = Endpoint(
    "GET",
    "/api/v2/margin/isolated/account/max-transfer-out-amount",
    "How much can leave a pair in isolated margin",
    rate=TEN_A_SECOND_PER_ACCOUNT,
    params=(SYMBOL,),
    fields=fields("baseCoin symbol baseCoinMaxTransferOutAmount quoteCoin quoteCoinMaxTransferOutAmount"),
    source="docs 2025-12 margin/isolated/account/Get-Isolated-Max-Transfer-Out-Amount; ccxt, bitget-api",
)

ISOLATED_BORROW = Endpoint(
    "POST",
    "/api/v2/margin/isolated/account/borrow",
    "Borrow a coin for a pair in isolated margin",
    rate=TEN_A_SECOND_PER_ACCOUNT,
    effect=Effect.FUNDS,
    params=(SYMBOL, COIN, Param("borrowAmount", required=True), CLIENT_OID),
    fields=fields("loanId symbol coin borrowAmount"),
    source="docs 2025-12 margin/isolated/account/Isolated-Borrow; ccxt, bitget-api",
)

ISOLATED_REPAY = Endpoint(
    "POST",
    "/api/v2/margin/isolated/account/repay",
    "Pay a coin back in isolated margin",
    rate=TEN_A_SECOND_PER_ACCOUNT,
    effect=Effect.FUNDS,
    params=(Param("repayAmount", required=True), COIN, SYMBOL, CLIENT_OID),
    fields=fields("remainDebtAmount symbol repayId coin repayAmount"),
    source="docs 2025-12 margin/isolated/account/Isolated-Repay; ccxt, bitget-api",
)

ISOLATED_FLASH_REPAY = Endpoint(
    "POST",
    "/api/v2/margin/isolated/account/flash-repay",
    "Pay all debts of some pairs back by selling what is there",
    rate=TEN_A_SECOND_PER_ACCOUNT,
    effect=Effect.FUNDS,
    params=(Param("symbolList", type="array"),),
    shape=Shape.ARRAY,
    fields=fields("repayId symbol result"),
    source="docs 2025-12 margin/isolated/account/Isolated-Flash-Repay; ccxt, bitget-api",
)

ISOLATED_QUERY_FLASH_REPAY_STATUS = Endpoint(
    "POST",
    "/api/v2/margin/isolated/account/query-flash-repay-status",
    "How far flash repayments of isolated margin have come",
    rate=TEN_A_SECOND_PER_ACCOUNT,
    params=(Param("idList", required=True, type="array"),),
    shape=Shape.ARRAY,
    fields=fields("repayId status"),
    notes=("POST by docs and ccxt; bitget-api sends GET",),
    source="docs 2025-12 margin/isolated/account/Query-Isolated-Flash-Repay-Status; ccxt",
)

ISOLATED_INTEREST_RATE_AND_LIMIT = Endpoint(
    "GET",
    "/api/v2/margin/isolated/interest-rate-and-limit",
    "Interest and borrowing limits of a pair in isolated margin",
    rate=TEN_A_SECOND_PER_ACCOUNT,
    params=(SYMBOL,),
    shape=Shape.ARRAY,
    fields=fields(
        "symbol leverage baseCoin baseTransferable baseBorrowable baseDailyInterestRate "
        "baseAnnuallyInterestRate baseMaxBorrowableAmount baseVipList[]{ level dailyInterestRate limit "
        "annuallyInterestRate discountRate } quoteCoin quoteTransferable quoteBorrowable "
        "quoteDailyInterestRate quoteAnnuallyInterestRate quoteMaxBorrowableAmount quoteList[]{ level "
        "dailyInterestRate limit annuallyInterestRate discountRate } quoteTransferInAble"
    ),
    notes=("baseTransferable: true, false", "baseBorrowable: true, false"),
    source=(
        "docs 2025-12 margin/isolated/account/Isolated-Margin-Interest-Rate-And-Max-Borrowable-Amount; ccxt, bitget-api"
    ),
)

ISOLATED_TIER_DATA = Endpoint(
    "GET",
    "/api/v2/margin/isolated/tier-data",
    "Borrowing tiers of a pair in isolated margin",
    rate=TEN_A_SECOND_PER_ACCOUNT,
    params=(SYMBOL,),
    shape=Shape.ARRAY,
    fields=fields(
        "tier symbol leverage baseCoin quoteCoin baseMaxBorrowableAmount quoteMaxBorrowableAmount "
        "maintainMarginRate initRate"
    ),
    source="docs 2025-12 margin/isolated/account/Isolated-Tier-Data; ccxt, bitget-api",
)

ROWS: tuple[Endpoint, ...] = (
    ISOLATED_ASSETS,
    ISOLATED_RISK_RATE,
    ISOLATED_MAX_BORROWABLE_AMOUNT,
    ISOLATED_MAX_TRANSFER_OUT_AMOUNT,
    ISOLATED_BORROW,
    ISOLATED_REPAY,
    ISOLATED_FLASH_REPAY,
    ISOLATED_QUERY_FLASH_REPAY_STATUS,
    ISOLATED_INTEREST_RATE_AND_LIMIT,
    ISOLATED_TIER_DATA,
)
