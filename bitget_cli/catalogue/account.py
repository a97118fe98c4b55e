"""Your accounts: balances, fees and bookings, over all products and in futures."""

from __future__ import annotations

from bitget_cli.catalogue import words
from bitget_cli.catalogue.fields import fields
from bitget_cli.catalogue.params import (
    ANY_COIN,
    END_30_DAYS,
    ID_LESS_THAN,
    LIMIT_20_UP_TO_100,
    MARGIN_COIN,
    PRODUCT_TYPE,
    START_30_DAYS,
    SYMBOL,
    values,
)
from bitget_cli.catalogue.rates import (
    ONE_A_SECOND_PER_ACCOUNT,
    ONE_IN_TEN_SECONDS_PER_ACCOUNT,
    TEN_A_SECOND_PER_ACCOUNT,
)
from bitget_cli.catalogue.rows import Endpoint, PageKind, Paging, Param, Shape

ALL_ACCOUNT_BALANCE = Endpoint(
    "GET",
    "/api/v2/account/all-account-balance",
    "What each of your accounts is worth in USDT",
    rate=ONE_A_SECOND_PER_ACCOUNT,
    shape=Shape.ARRAY,
    fields=fields("accountType usdtBalance"),
    notes=(
        "accountType values seen: spot, futures, funding, earn, bots, margin",
        "accountType: spot, futures, funding, earn, bots, margin",
    ),
    source="docs 2025-12 common/account/All-Account-Balance; agent_hub, ccxt, bitget-api",
)

FUNDING_ASSETS = Endpoint(
    "GET",
    "/api/v2/account/funding-assets",
    "Balances of the funding account",
    rate=TEN_A_SECOND_PER_ACCOUNT,
    params=(ANY_COIN,),
    shape=Shape.ARRAY,
    fields=fields("coin available frozen usdtValue"),
    source="docs 2025-12 common/account/Funding-Assets; agent_hub, ccxt, bitget-api",
)

BOT_ASSETS = Endpoint(
    "GET",
    "/api/v2/account/bot-assets",
    "What your trading bots hold",
    rate=TEN_A_SECOND_PER_ACCOUNT,
    params=(Param("accountType", choices=("futures", "spot")),),
    shape=Shape.ARRAY,
    fields=fields("coin available equity bonus frozen usdtValue"),
    source="docs 2025-12 common/account/Bot-Assets; ccxt, bitget-api",
)

TRADE_RATE = Endpoint(
    "GET",
    "/api/v2/common/trade-rate",
    "Your own maker and taker fee for one symbol",
    rate=TEN_A_SECOND_PER_ACCOUNT,
    params=(
        SYMBOL,
        Param(
            "businessType",
            required=True,
            choices=("mix", "spot", "margin"),
            note="the sample request calls it business; the table name businessType is right",
        ),
    ),
    fields=fields("makerFeeRate|makerRate takerFeeRate|takerRate"),
    notes=(
        (
            "an older endpoint list prints /api/v2/public/trade-rate; the endpoint page, ccxt and SDKs use "
            "/api/v2/common/trade-rate, which is right"
        ),
        "response table says makerRate/takerRate, real field names are makerFeeRate/takerFeeRate",
    ),
    source="docs 2025-12 common/public/Get-Trade-Rate; ccxt, bitget-api",
)

ALL_TRADE_RATE = Endpoint(
    "GET",
    "/api/v2/common/all-trade-rate",
    "Your own maker and taker fees for every symbol of a business line",
    rate=TEN_A_SECOND_PER_ACCOUNT,
    params=(
        Param("symbol", required=True, note="listed as required although the call is meant for all symbols"),
        Param("businessType", required=True, choices=("mix", "spot", "margin")),
    ),
    shape=Shape.ARRAY,
    fields=fields("symbol makerFeeRate|makerRate takerFeeRate|takerRate"),
    notes=("newer sibling of trade-rate (newer than the older pages); per-symbol list for one business line",),
    source="docs 2025-12 common/public/Get-All-Trade-Rate; bitget-api",
)

FUTURES_ACCOUNT = Endpoint(
    "GET",
    "/api/v2/mix/account/account",
    "The futures account of one contract: balance, leverage, margin and position mode",
    rate=TEN_A_SECOND_PER_ACCOUNT,
    params=(SYMBOL, PRODUCT_TYPE, MARGIN_COIN),
    fields=fields(
        "marginCoin locked available crossedMaxAvailable isolatedMaxAvailable maxTransferOut accountEquity "
        "usdtEquity btcEquity crossedRiskRate crossedMarginLeverage isolatedLongLever isolatedShortLever "
        "marginMode posMode unrealizedPL coupon crossedUnrealizedPL isolatedUnrealizedPL assetMode"
    ),
    demo=True,
    notes=(words.POS_MODE, words.ASSET_MODE),
    source="docs 2025-12 contract/account/Get-Single-Account; docs 2026-09, ccxt, bitget-api",
)

FUTURES_ACCOUNTS = Endpoint(
    "GET",
    "/api/v2/mix/account/accounts",
    "All futures accounts of one line: balances, margin, unrealized profit",
    rate=TEN_A_SECOND_PER_ACCOUNT,
    params=(PRODUCT_TYPE,),
    shape=Shape.ARRAY,
    fields=fields(
        "marginCoin locked available crossedMaxAvailable isolatedMaxAvailable maxTransferOut accountEquity "
        "usdtEquity btcEquity crossedRiskRate unrealizedPL coupon unionTotalMagin unionAvailable unionMm "
        "assetList[]{ coin balance available } isolatedMargin crossedMargin crossedUnrealizedPL "
        "isolatedUnrealizedPL assetMode unionTotalMargin"
    ),
    demo=True,
    notes=(
        (
            "Dec 2025 sample prints unionTotalMagin, the table, the 2026 copy of the docs and the websocket print "
            "unionTotalMargin: accept both"
        ),
        "union* and assetList only carry values in multi-asset mode",
        words.ASSET_MODE,
    ),
    source="docs 2025-12 contract/account/Get-Account-List; docs 2026-09, agent_hub, ccxt, bitget-api",
)

FUTURES_BILL = Endpoint(
    "GET",
    "/api/v2/mix/account/bill",
    "Every booking on a futures account: trades, fees, funding, transfers",
    rate=TEN_A_SECOND_PER_ACCOUNT,
    params=(
        PRODUCT_TYPE,
        Param("coin", note="only used with businessType trans_from_exchange / trans_to_exchange"),
        Param(
            "businessType",
            choices=values(
                "trans_from_exchange trans_to_exchange open_long open_short close_long close_short force_close_long "
                "force_close_short contract_settle_fee append_margin adjust_down_lever_append_margin reduce_margin "
                "auto_append_margin cash_gift_issue cash_gift_recycle tracking_follow_pay tracking_follow_back "
                "tracking_trader_income burst_long_loss_query burst_short_loss_query trans_from_contract "
                "trans_to_contract trans_from_otc trans_to_otc buy sell force_buy force_sell burst_buy burst_sell "
                "bonus_issue bonus_recycle bonus_expired delivery_long delivery_short trans_from_cross trans_to_cross"
                " trans_from_isolated trans_to_isolated risk_captital_user_transfer user_exchange_buy "
                "user_exchange_sell settle_interest adl_close_long adl_close_short adl_buy_in_single_side_mode "
                "adl_sell_in_single_side_mode unknown"
            ),
            open_ended=True,
        ),
        Param("onlyFunding", choices=("yes", "no"), default="no", note="yes hides the four margin-adjustment types"),
        ID_LESS_THAN,
        START_30_DAYS,
        END_30_DAYS,
        LIMIT_20_UP_TO_100,
    ),
    paging=Paging(
        PageKind.ID_LESS_THAN,
        limit_default=20,
        limit_max=100,
        window_days=30,
        lookback_days=90,
        cursor="endId",
        rows_at="bills",
    ),
    fields=fields("billId symbol amount fee feeByCoupon businessType coin balance cTime"),
    demo=True,
    notes=("request table gives no values for businessType; they stand in the response table",),
    source="docs 2025-12 contract/account/Get-Account-Bill; docs 2026-09, agent_hub, ccxt, bitget-api",
)

FUTURES_ISOLATED_SYMBOLS = Endpoint(
    "GET",
    "/api/v2/mix/account/isolated-symbols",
    "The contracts that are in isolated margin mode",
    rate=TEN_A_SECOND_PER_ACCOUNT,
    params=(PRODUCT_TYPE,),
    shape=Shape.ARRAY,
    fields=fields("symbol marginMode"),
    demo=True,
    source="docs 2025-12 contract/account/Get-Isolated-Symbols; docs 2026-09, ccxt, bitget-api",
)

FUTURES_SUB_ACCOUNT_ASSETS = Endpoint(
    "GET",
    "/api/v2/mix/account/sub-account-assets",
    "Futures balances of all sub-accounts",
    rate=ONE_IN_TEN_SECONDS_PER_ACCOUNT,
    params=(PRODUCT_TYPE,),
    shape=Shape.ARRAY,
    fields=fields(
        "userId assetList[]{ marginCoin locked available crossedMaxAvailable isolatedMaxAvailable "
        "maxTransferOut accountEquity usdtEquity btcEquity unrealizedPL coupon } equity"
    ),
    demo=True,
    notes=("1 call per 10 s", "broker (ND) accounts may not call it"),
    source="docs 2025-12 contract/account/Get-Sub-Account-Contract-Assets; docs 2026-09, ccxt, bitget-api",
)

ROWS: tuple[Endpoint, ...] = (
    ALL_ACCOUNT_BALANCE,
    FUNDING_ASSETS,
    BOT_ASSETS,
    TRADE_RATE,
    ALL_TRADE_RATE,
    FUTURES_ACCOUNT,
    FUTURES_ACCOUNTS,
    FUTURES_BILL,
    FUTURES_ISOLATED_SYMBOLS,
    FUTURES_SUB_ACCOUNT_ASSETS,
)
