"""Futures accounts: balances, bookings, settings, estimates, several coins as margin."""

from __future__ import annotations

from bitget_cli.catalogue import enums
from bitget_cli.catalogue.enums import params, values
from bitget_cli.catalogue.fields import fields
from bitget_cli.catalogue.model import (
    FIVE_A_SECOND_PER_ACCOUNT,
    ONE_A_SECOND_PER_ACCOUNT,
    ONE_IN_TEN_SECONDS_PER_ACCOUNT,
    TWENTY_A_SECOND_PER_ACCOUNT,
    TWO_A_SECOND_PER_ACCOUNT,
    Param,
    Shape,
    by_id,
    get,
    get_list,
    post_funds,
    post_settings,
)

ALL_ACCOUNT_BALANCE = get_list(
    "/api/v2/account/all-account-balance",
    "What each of your accounts is worth in USDT",
    rate=ONE_A_SECOND_PER_ACCOUNT,
    fields=fields("accountType usdtBalance"),
    notes=(
        "accountType values seen: spot, futures, funding, earn, bots, margin",
        "accountType: spot, futures, funding, earn, bots, margin",
    ),
    source="docs 2025-12 common/account/All-Account-Balance; agent_hub, ccxt, bitget-api",
)

FUNDING_ASSETS = get_list(
    "/api/v2/account/funding-assets",
    "Balances of the funding account",
    params=params("ANY_COIN"),
    fields=fields("coin available frozen usdtValue"),
    source="docs 2025-12 common/account/Funding-Assets; agent_hub, ccxt, bitget-api",
)

BOT_ASSETS = get_list(
    "/api/v2/account/bot-assets",
    "What your trading bots hold",
    params=params("accountType:futures|spot"),
    fields=fields("coin available equity bonus frozen usdtValue"),
    source="docs 2025-12 common/account/Bot-Assets; ccxt, bitget-api",
)

TRADE_RATE = get(
    "/api/v2/common/trade-rate",
    "Your own maker and taker fee for one symbol",
    params=params(
        "SYMBOL",
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

ALL_TRADE_RATE = get_list(
    "/api/v2/common/all-trade-rate",
    "Your own maker and taker fees for every symbol of a business line",
    params=params(
        Param("symbol", required=True, note="listed as required although the call is meant for all symbols"),
        "businessType!:mix|spot|margin",
    ),
    fields=fields("symbol makerFeeRate|makerRate takerFeeRate|takerRate"),
    notes=("newer sibling of trade-rate (newer than the older pages); per-symbol list for one business line",),
    source="docs 2025-12 common/public/Get-All-Trade-Rate; bitget-api",
)

FUTURES_ACCOUNT = get(
    "/api/v2/mix/account/account",
    "The futures account of one contract: balance, leverage, margin and position mode",
    params=params("SYMBOL PRODUCT_TYPE MARGIN_COIN"),
    fields=fields(
        "marginCoin locked available crossedMaxAvailable isolatedMaxAvailable maxTransferOut accountEquity usdtEquity "
        "btcEquity crossedRiskRate crossedMarginLeverage isolatedLongLever isolatedShortLever marginMode posMode "
        "unrealizedPL coupon crossedUnrealizedPL isolatedUnrealizedPL assetMode"
    ),
    demo=True,
    notes=(enums.POS_MODE, enums.ASSET_MODE),
    source="docs 2025-12 contract/account/Get-Single-Account; docs 2026-09, ccxt, bitget-api",
)

FUTURES_ACCOUNTS = get_list(
    "/api/v2/mix/account/accounts",
    "All futures accounts of one line: balances, margin, unrealized profit",
    params=params("PRODUCT_TYPE"),
    fields=fields(
        "marginCoin locked available crossedMaxAvailable isolatedMaxAvailable maxTransferOut accountEquity usdtEquity "
        "btcEquity crossedRiskRate unrealizedPL coupon unionTotalMagin unionAvailable unionMm assetList[]{ coin "
        "balance available } isolatedMargin crossedMargin crossedUnrealizedPL isolatedUnrealizedPL assetMode "
        "unionTotalMargin"
    ),
    demo=True,
    notes=(
        (
            "Dec 2025 sample prints unionTotalMagin, the table, the 2026 copy of the docs and the websocket print "
            "unionTotalMargin: accept both"
        ),
        "union* and assetList only carry values in multi-asset mode",
        enums.ASSET_MODE,
    ),
    source="docs 2025-12 contract/account/Get-Account-List; docs 2026-09, agent_hub, ccxt, bitget-api",
)

FUTURES_BILL = get(
    "/api/v2/mix/account/bill",
    "Every booking on a futures account: trades, fees, funding, transfers",
    params=params(
        "PRODUCT_TYPE",
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
        "ID_LESS_THAN START_30_DAYS END_30_DAYS LIMIT_20_UP_TO_100",
    ),
    paging=by_id(limit_default=20, limit_max=100, window_days=30, lookback_days=90, cursor="endId", rows_at="bills"),
    fields=fields("billId symbol amount fee feeByCoupon businessType coin balance cTime"),
    demo=True,
    notes=("request table gives no values for businessType; they stand in the response table",),
    source="docs 2025-12 contract/account/Get-Account-Bill; docs 2026-09, agent_hub, ccxt, bitget-api",
)

FUTURES_ISOLATED_SYMBOLS = get_list(
    "/api/v2/mix/account/isolated-symbols",
    "The contracts that are in isolated margin mode",
    params=params("PRODUCT_TYPE"),
    fields=fields("symbol marginMode"),
    demo=True,
    source="docs 2025-12 contract/account/Get-Isolated-Symbols; docs 2026-09, ccxt, bitget-api",
)

FUTURES_SUB_ACCOUNT_ASSETS = get_list(
    "/api/v2/mix/account/sub-account-assets",
    "Futures balances of all sub-accounts",
    rate=ONE_IN_TEN_SECONDS_PER_ACCOUNT,
    params=params("PRODUCT_TYPE"),
    fields=fields(
        "userId assetList[]{ marginCoin locked available crossedMaxAvailable isolatedMaxAvailable maxTransferOut "
        "accountEquity usdtEquity btcEquity unrealizedPL coupon } equity"
    ),
    demo=True,
    notes=("1 call per 10 s", "broker (ND) accounts may not call it"),
    source="docs 2025-12 contract/account/Get-Sub-Account-Contract-Assets; docs 2026-09, ccxt, bitget-api",
)

_POS_SIDE_REQUIRED = Param("posSide", required=True, choices=("long", "short"))
_OPEN_PRICE = Param("openPrice", note="required for orderType=limit")

FUTURES_MAX_OPEN = get(
    "/api/v2/mix/account/max-open",
    "The largest position that could be opened now",
    rate=TWENTY_A_SECOND_PER_ACCOUNT,
    params=params("SYMBOL PRODUCT_TYPE MARGIN_COIN", _POS_SIDE_REQUIRED, "ORDER_TYPE", _OPEN_PRICE),
    fields=fields("maxOpen"),
    demo=True,
    notes=("sample sends openAmount which is not a listed parameter",),
    source="docs 2025-12 contract/account/Get-Max-Open; docs 2026-09, ccxt, bitget-api",
)

FUTURES_LIQ_PRICE = get(
    "/api/v2/mix/account/liq-price",
    "Where a position would be liquidated if it were opened now",
    rate=TWENTY_A_SECOND_PER_ACCOUNT,
    params=params("SYMBOL PRODUCT_TYPE MARGIN_COIN", _POS_SIDE_REQUIRED, "ORDER_TYPE openAmount!", _OPEN_PRICE),
    fields=fields("liqPrice"),
    demo=True,
    source="docs 2025-12 contract/account/Get-Liquidation-Price; docs 2026-09, ccxt, bitget-api",
)

FUTURES_OPEN_COUNT = get(
    "/api/v2/mix/account/open-count",
    "The size an amount of margin would open, as an estimate",
    params=params(
        "SYMBOL PRODUCT_TYPE MARGIN_COIN",
        Param("openAmount", required=True, note="margin to use"),
        Param("openPrice", required=True, note="planned price"),
        "leverage=20",
    ),
    fields=fields("size"),
    demo=True,
    source="docs 2025-12 contract/account/Est-Open-Count; docs 2026-09, ccxt, bitget-api",
)

FUTURES_SET_LEVERAGE = post_settings(
    "/api/v2/mix/account/set-leverage",
    "Set the leverage of one contract",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    params=params(
        "SYMBOL PRODUCT_TYPE MARGIN_COIN",
        Param("leverage", note="cross margin, one-way isolated, or the same value for both sides in hedge isolated"),
        Param("longLeverage", note="hedge + isolated only; wins over leverage"),
        Param("shortLeverage", note="hedge + isolated only; wins over leverage"),
        Param(
            "holdSide",
            choices=("long", "short"),
            note="required in hedge + isolated unless long and short leverage are both sent; not used otherwise",
        ),
    ),
    fields=fields("symbol marginCoin longLeverage shortLeverage crossMarginLeverage marginMode shortLeveage"),
    demo=True,
    notes=("response table misspells shortLeveage", "hedge + isolated without holdSide answers 40808"),
    source="docs 2025-12 contract/account/Change-Leverage; docs 2026-09, agent_hub, ccxt, bitget-api",
)

FUTURES_SET_ALL_LEVERAGE = post_settings(
    "/api/v2/mix/account/set-all-leverage",
    "Set the leverage of every contract with an open position",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    params=params("PRODUCT_TYPE", Param("leverage", required=True, note="only applies to symbols with open positions")),
    shape=Shape.STRING,
    demo=True,
    notes=(
        "sample also sends symbol, marginCoin and holdSide; table lists only productType and leverage",
        "data: success, failure",
    ),
    source="docs 2025-12 contract/account/Change-All-Leverage; docs 2026-09, ccxt",
)

FUTURES_SET_MARGIN_MODE = post_settings(
    "/api/v2/mix/account/set-margin-mode",
    "Choose isolated or crossed margin for one contract",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    params=params("SYMBOL PRODUCT_TYPE MARGIN_COIN MARGIN_MODE"),
    fields=fields("symbol marginCoin longLeverage shortLeverage marginMode shortLeveage"),
    demo=True,
    notes=("fails while positions or orders exist on the symbol (40920/45117)",),
    source="docs 2025-12 contract/account/Change-Margin-Mode; docs 2026-09, agent_hub, ccxt, bitget-api",
)

FUTURES_SET_POSITION_MODE = post_settings(
    "/api/v2/mix/account/set-position-mode",
    "Choose one-way or hedge mode for a futures line",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    params=params("PRODUCT_TYPE posMode!:one_way_mode|hedge_mode"),
    fields=fields("posMode"),
    demo=True,
    notes=("fails while any position or order exists in the product type (40920/45117)",),
    source="docs 2025-12 contract/account/Change-Hold-Mode; docs 2026-09, agent_hub, ccxt, bitget-api",
)

FUTURES_SET_MARGIN = post_settings(
    "/api/v2/mix/account/set-margin",
    "Add margin to an isolated position, or take some away",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    params=params(
        "SYMBOL PRODUCT_TYPE MARGIN_COIN holdSide!:long|short",
        Param("amount", required=True, note="positive adds, negative removes isolated margin"),
    ),
    shape=Shape.STRING,
    demo=True,
    source="docs 2025-12 contract/account/Change-Margin; docs 2026-09, ccxt, bitget-api",
)

FUTURES_SET_AUTO_MARGIN = post_settings(
    "/api/v2/mix/account/set-auto-margin",
    "Switch on or off that an isolated position draws margin by itself",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    params=params(
        "SYMBOL autoMargin!:on|off MARGIN_COIN",
        Param("holdSide", required=True, choices=("long", "short"), note="not needed in cross margin mode"),
    ),
    shape=Shape.STRING,
    demo=True,
    notes=("no productType parameter in the table",),
    source="docs 2025-12 contract/account/Set-Auto-Margin; docs 2026-09, agent_hub, ccxt, bitget-api",
)

FUTURES_SET_ASSET_MODE = post_settings(
    "/api/v2/mix/account/set-asset-mode",
    "Choose single-asset or multi-asset margin for USDT-M futures",
    rate=TWO_A_SECOND_PER_ACCOUNT,
    params=params(
        Param("productType", required=True, choices=("USDT-FUTURES",), note="lower case is accepted too"),
        "assetMode!:single|union",
    ),
    shape=Shape.STRING,
    demo=True,
    source="docs 2025-12 contract/account/Set-Asset-Mode; docs 2026-09, ccxt, bitget-api",
)

_FUTURES_SWITCH_UNION_USDT_FIELDS = fields("usdtAmount")

FUTURES_INTEREST_HISTORY = get(
    "/api/v2/mix/account/interest-history",
    "Interest charged on coins borrowed in multi-asset mode",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    params=params(
        "ANY_COIN",
        Param("productType", required=True, choices=("USDT-FUTURES",), note="USDT-FUTURES only"),
        "ID_LESS_THAN START END LIMIT_20_UP_TO_100",
    ),
    paging=by_id(limit_default=20, limit_max=100, cursor="endId", rows_at="interestList"),
    fields=fields("coin liability interestFreeLimit interestLimit hourInterestRate interest cTime interset"),
    demo=True,
    notes=("beside the rows: nextSettleTime, borrowAmount, borrowLimit",),
    source="docs 2025-12 contract/account/Interest-History; docs 2026-09, ccxt, bitget-api",
)

FUTURES_SWITCH_UNION_USDT = get(
    "/api/v2/mix/account/switch-union-usdt",
    "The USDT needed before multi-asset mode can be left",
    rate=ONE_A_SECOND_PER_ACCOUNT,
    fields=_FUTURES_SWITCH_UNION_USDT_FIELDS,
    demo=True,
    source="docs 2025-12 contract/account/Get-Switch-Union-USDT; docs 2026-09, ccxt, bitget-api",
)

FUTURES_TRANSFER_LIMITS = get(
    "/api/v2/mix/account/transfer-limits",
    "How much of a coin can be moved in and out in multi-asset mode",
    rate=ONE_A_SECOND_PER_ACCOUNT,
    params=params("COIN"),
    fields=fields("coin maxTransferIn"),
    demo=True,
    source="docs 2025-12 contract/account/Get-Union-Transfer-Limits; docs 2026-09, ccxt, bitget-api",
)

FUTURES_UNION_CONFIG = get(
    "/api/v2/mix/account/union-config",
    "Margin rates and your limit in multi-asset mode",
    rate=ONE_A_SECOND_PER_ACCOUNT,
    fields=fields("imr mmr individualLimit individualLimitRatio"),
    demo=True,
    source="docs 2025-12 contract/account/Get-Union-Config; docs 2026-09, ccxt, bitget-api",
)

FUTURES_UNION_CONVERT = post_funds(
    "/api/v2/mix/account/union-convert",
    "Convert coins to USDT in multi-asset mode, to pay off a debt",
    rate=ONE_A_SECOND_PER_ACCOUNT,
    params=params("COIN", Param("amount", required=True, note="in the coin being converted")),
    fields=_FUTURES_SWITCH_UNION_USDT_FIELDS,
    demo=True,
    source="docs 2025-12 contract/account/Union-Convert; docs 2026-09, ccxt, bitget-api",
)
