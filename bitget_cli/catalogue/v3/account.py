"""The account itself: the wallet, its bookings, its settings."""

from __future__ import annotations

from bitget_cli.catalogue import enums
from bitget_cli.catalogue.enums import MARGIN_MODES, POSITION_SIDES, YES_NO, params
from bitget_cli.catalogue.fields import fields
from bitget_cli.catalogue.model import (
    FIVE_A_SECOND_PER_ACCOUNT,
    ONE_A_SECOND_PER_ACCOUNT,
    THREE_A_SECOND_PER_ACCOUNT,
    TWENTY_A_SECOND_PER_ACCOUNT,
    TWO_A_SECOND_PER_ACCOUNT,
    Effect,
    FieldKind,
    PageKind,
    Paging,
    Param,
    Shape,
    get,
    post,
)

# mmr and imr are amounts here and rates in every other row.
_AMOUNTS = {"imr": "Initial margin", "mmr": "Maintenance margin"}
_ASSETS = tuple(
    field._replace(label=_AMOUNTS[field.name], kind=FieldKind.NUMBER) if field.name in _AMOUNTS else field
    for field in fields(
        "accountEquity usdtEquity btcEquity unrealisedPnl usdtUnrealisedPnl btcUnrealizedPnl effEquity "
        "mmr imr mgnRatio positionMgnRatio assets[]{ coin equity usdValue balance available debt locked } "
        "positionValue leverage bonus"
    )
)

ADJUST_ACCOUNT_MODE = post(
    "/api/v3/account/adjust-account-mode",
    "Change how the whole account margins: basic, advanced or isolated",
    rate=ONE_A_SECOND_PER_ACCOUNT,
    effect=Effect.SETTINGS,
    params=params(
        Param(
            "mode",
            required=True,
            choices=("basic", "advanced", "isolated", "delta"),
            note="delta is deprecated in favour of advanced + deltaSwitch",
        ),
        Param("targetUid", note="main account acting on a sub-account"),
        Param("deltaSwitch", choices=YES_NO, note="with mode=advanced"),
    ),
    shape=Shape.NULL,
    notes=(enums.MGT_WRITE, "changes the rules of the whole account"),
    source="docs 2026, ccxt, bitget-api, go-bitget, Bitget.Net, agent_sdk",
)

ALL_FEE_RATE = get(
    "/api/v3/account/all-fee-rate",
    "Your fee rates on every pair",
    rate=THREE_A_SECOND_PER_ACCOUNT,
    params=params("CATEGORY ANY_LISTED_SYMBOL"),
    shape=Shape.ARRAY,
    fields=fields("symbol makerFeeRate takerFeeRate"),
    notes=(enums.MGT_READ,),
    source="ccxt, bitget-api, go-bitget",
)

ASSETS = get(
    "/api/v3/account/assets",
    "The unified wallet: equity, margin, and every coin",
    rate=TWENTY_A_SECOND_PER_ACCOUNT,
    fields=_ASSETS,
    demo=True,
    notes=(
        enums.MGT_READ,
        ("only coins with a balance are listed; no parameters are documented (an extra category is ignored)"),
        (
            "equities are in USD (accountEquity, effEquity, mmr, imr) or as the name says (usdtEquity, "
            "btcEquity); mmr and imr are amounts here, not rates"
        ),
        "spelling differs by field: unrealisedPnl, usdtUnrealisedPnl, but btcUnrealizedPnl",
        ("wallet balance = equity minus unrealised result; effEquity is a discounted collateral value, not a balance"),
        "needs UTA management read; a key with trade scope alone gets 40014",
    ),
    source="docs 2025-12 uta/account/Get-Account; docs 2026, ccxt, bitget-api, go-bitget, Bitget.Net, agent_sdk",
)

COLLATERAL_TYPE = get(
    "/api/v3/account/collateral-type",
    "Which coins count as collateral",
    fields=fields("collateralType collateralCoins"),
    notes=(enums.MGT_READ,),
    source="ccxt, bitget-api, go-bitget",
)

CUSTOM_COLLATERAL_COINS = get(
    "/api/v3/account/custom-collateral-coins",
    "Coins that may be chosen as collateral",
    params=params("collateralCoin"),
    shape=Shape.ARRAY,
    fields=fields("collateralCoin"),
    notes=(enums.MGT_READ,),
    source="ccxt, bitget-api, go-bitget",
)

DEDUCT_INFO = get(
    "/api/v3/account/deduct-info",
    "Whether fees are paid in BGB",
    rate=ONE_A_SECOND_PER_ACCOUNT,
    fields=fields("deduct"),
    notes=(enums.MGT_READ,),
    source="docs 2025-12 uta/account/Get-Deduct-Info; ccxt, bitget-api, go-bitget, Bitget.Net, agent_sdk",
)

DELTA_INFO = get(
    "/api/v3/account/delta-info",
    "How near the account is to delta neutral",
    rate=TWENTY_A_SECOND_PER_ACCOUNT,
    fields=fields("deltaEquityRatio deltaThreshold positionThreshold list[]{ coin positionRatio }"),
    notes=(enums.MGT_READ,),
    source="ccxt, bitget-api, go-bitget, Bitget.Net",
)

ELIGIBLE_DISCOUNT_RATE = get(
    "/api/v3/account/eligible-discount-rate",
    "Your collateral discount rates",
    rate=TWENTY_A_SECOND_PER_ACCOUNT,
    params=params("ANY_LISTED_COIN"),
    shape=Shape.ARRAY,
    source="ccxt",
)

ELIGIBLE_LOAN_INFO = get(
    "/api/v3/account/eligible-loan-info",
    "Your borrowing limits of a coin",
    params=params("ANY_LISTED_COIN"),
    fields=fields("limit masterSubLimit platformRemaingQuota coin"),
    notes=(enums.MGT_READ,),
    source="ccxt, go-bitget",
)

ELIGIBLE_MARGIN_TIER = get(
    "/api/v3/account/eligible-margin-tier",
    "Your margin tiers of a coin",
    params=params("ANY_LISTED_COIN"),
    fields=fields("coin tiers[]{ tier minTierValue maxTierValue leverage mmr }"),
    notes=(enums.MGT_READ,),
    source="ccxt, go-bitget",
)

ELIGIBLE_SYMBOLS = get(
    "/api/v3/account/eligible-symbols",
    "Pairs that you may trade, with their steps and limits",
    params=params("ANY_LISTED_SYMBOL"),
    fields=fields(
        "symbol category baseCoin quoteCoin symbolType isReality areaSymbol buyLimitPriceRatio "
        "sellLimitPriceRatio minOrderQty maxOrderQty minOrderAmount pricePrecision quantityPrecision "
        "quotePrecision maxSymbolOrderNum maxProductOrderNum maxPositionNum status maintainTime "
        "launchTime"
    ),
    notes=(enums.MGT_READ,),
    source="ccxt, go-bitget",
)

FEE_RATE = get(
    "/api/v3/account/fee-rate",
    "Your fee rates on one pair",
    rate=THREE_A_SECOND_PER_ACCOUNT,
    params=params("LISTED_SYMBOL CATEGORY makerFeeRate takerFeeRate", Param("rpiFlag", choices=YES_NO, default="no")),
    fields=fields("makerFeeRate takerFeeRate"),
    notes=(enums.MGT_READ,),
    source=(
        "docs 2025-12 uta/account/Get-Account-Fee-Rate; docs 2026, ccxt, bitget-api, go-bitget, Bitget.Net, agent_sdk"
    ),
)

FINANCIAL_RECORDS = get(
    "/api/v3/account/financial-records",
    "Bookings of the unified wallet, by product line",
    rate=TWENTY_A_SECOND_PER_ACCOUNT,
    params=params(
        Param(
            "category",
            required=True,
            choices=("SPOT", "MARGIN", "USDT-FUTURES", "COIN-FUTURES", "USDC-FUTURES", "OTHER"),
            note="really required (400172 without); account-to-account movements are under OTHER",
        ),
        "ANY_LISTED_COIN",
        Param("type", note="one of about 100 upper-case words, such as TRANSFER_IN, TRANSFER_OUT"),
        "START_WITHIN_90_DAYS END_30_DAYS LIMIT_100 CURSOR",
    ),
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
    fields=fields("category id symbol coin type amount fee balance ts positionType positionAmount positionBalance"),
    notes=(
        enums.MGT_READ,
        "fee is negative when charged",
        "funding payments: type CONTRACT_MAIN_SETTLE_FEE_USER_IN / _OUT",
        "reply category is written differently (Margin)",
        "list may be null",
    ),
    source=(
        "docs 2025-12 uta/account/Get-Financial-Records; docs 2026, ccxt, bitget-api, go-bitget, Bitget.Net, agent_sdk"
    ),
)

UNIFIED_ACCOUNT_INFO = get(
    "/api/v3/account/info",
    "Who the key of a unified account belongs to: user id, permissions, bound addresses",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    fields=fields("userId|uid inviterId parentId channelCode channel ips permType permissions regisTime"),
    notes=(
        "needs no permission; a classic key gets 40084",
        "permType is documented as read-only or read-and-write and was seen as read_and_write",
        ("ips is one text with commas; inviterId, ips and parentId may be null, parentId of a main account is"),
    ),
    source="docs 2026, ccxt, bitget-api, go-bitget, Bitget.Net",
)

MAX_OPEN_AVAILABLE = post(
    "/api/v3/account/max-open-available",
    "The largest order the account could open",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    params=params(
        "CATEGORY LISTED_SYMBOL ORDER_TYPE SIDE LIMIT_PRICE",
        Param("size", note="base coin; with it the open cost is computed"),
        Param("autoBorrow", choices=YES_NO, default="no", note="spot only"),
    ),
    fields=fields("available maxOpen buyOpenCost sellOpenCost maxBuyOpen maxSellOpen maxBuyAvailable maxSellAvailable"),
    notes=(
        enums.TRADE_READ,
        "POST although it only reads",
        ("futures: maxBuyOpen/maxSellOpen in base coin; spot/margin: available in quote (buy) or base (sell)"),
        (
            "seen live: maxOpen, buyOpenCost, sellOpenCost empty and maxBuyAvailable, maxSellAvailable "
            "null; only maxBuyOpen and maxSellOpen tell"
        ),
    ),
    source=(
        "docs 2025-12 uta/trade/Get-Max-Open-Available; docs 2026, ccxt, bitget-api, go-bitget, Bitget.Net, agent_sdk"
    ),
)

OPEN_INTEREST_LIMIT = get(
    "/api/v3/account/open-interest-limit",
    "Your limit of open interest in a pair",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    params=params("LISTED_SYMBOL FUTURES_CATEGORY"),
    fields=fields("symbol singleUserLimit masterSubLimit marketMakerLimit"),
    notes=(enums.MGT_READ,),
    source="docs 2025-12 uta/account/Get_OI_Limit; docs 2026, ccxt, bitget-api, go-bitget, Bitget.Net, agent_sdk",
)

PRE_SET_LEVERAGE = get(
    "/api/v3/account/pre-set-leverage",
    "What a new leverage would change",
    params=params(
        "SOME_CATEGORY",
        Param("marginMode", required=True, choices=("cross", "isolated"), note="cross here, not crossed"),
        "ANY_LISTED_SYMBOL ANY_LISTED_COIN leverage longLeverage shortLeverage",
    ),
    fields=fields("estMaxOpen estMaxBorrowable requiredMargin marginChange"),
    notes=(enums.MGT_READ, "estMaxBorrowable is null for futures"),
    source="ccxt, bitget-api, go-bitget",
)

SET_COLLATERAL_TYPE = post(
    "/api/v3/account/set-collateral-type",
    "Choose which coins count as collateral",
    rate=TWO_A_SECOND_PER_ACCOUNT,
    effect=Effect.SETTINGS,
    params=params(
        Param("collateralType", required=True, choices=("mainstream", "all", "custom")),
        Param("collateralCoins", note="comma separated, with custom"),
        Param("allowCashplus", note="seen in one client"),
    ),
    shape=Shape.STRING,
    notes=(enums.MGT_WRITE,),
    source="ccxt, bitget-api, go-bitget",
)

SET_HOLD_MODE = post(
    "/api/v3/account/set-hold-mode",
    "One-way or hedge mode, for the whole account",
    effect=Effect.SETTINGS,
    params=params(Param("holdMode", required=True, choices=("one_way_mode", "hedge_mode"))),
    shape=Shape.STRING,
    notes=(
        enums.MGT_WRITE,
        "one setting for the whole account (v2: per product type)",
        "refused with open positions or orders (25010, 25107)",
        "the upgrade guide prints GET; the endpoint page and all clients use POST",
    ),
    source=(
        "docs 2025-12 uta/account/Change-Position-Mode; docs 2026, ccxt, bitget-api, go-bitget, Bitget.Net, agent_sdk"
    ),
)

SET_LEVERAGE = post(
    "/api/v3/account/set-leverage",
    "Set the leverage of a pair or of a margin coin",
    effect=Effect.SETTINGS,
    params=params(
        Param(
            "category",
            required=True,
            choices=("MARGIN", "USDT-FUTURES", "COIN-FUTURES", "USDC-FUTURES"),
            note="lower case is accepted too",
        ),
        "leverage!",
        Param("symbol", note="needed for futures"),
        Param("coin", note="needed for MARGIN; ccxt sends the settle coin for futures too, which is accepted"),
        Param("posSide", choices=POSITION_SIDES, note="isolated margin: which side"),
        Param("marginMode", choices=MARGIN_MODES, default="crossed", note="futures only"),
        Param("longLeverage", note="isolated + hedge, different per side; wins over leverage"),
        Param("shortLeverage", note="isolated + hedge, different per side; wins over leverage"),
    ),
    shape=Shape.STRING,
    notes=(enums.MGT_WRITE, "verify by reading settings back"),
    source="docs 2025-12 uta/account/Change-Leverage; docs 2026, ccxt, bitget-api, go-bitget, Bitget.Net, agent_sdk",
)

SET_MARGIN = post(
    "/api/v3/account/set-margin",
    "Add or take away margin of an isolated position",
    effect=Effect.SETTINGS,
    params=params(
        "FUTURES_CATEGORY LISTED_SYMBOL",
        Param("posSide", required=True, choices=POSITION_SIDES),
        Param("operation", required=True, choices=("add", "remove")),
        Param("amount", required=True, note="margin coin: USDT, USDC or the base coin"),
    ),
    shape=Shape.STRING,
    notes=(enums.MGT_WRITE,),
    source="docs 2026, ccxt, bitget-api, go-bitget",
)

SETTINGS = get(
    "/api/v3/account/settings",
    "Settings of the account: mode, position mode, leverages",
    rate=TWENTY_A_SECOND_PER_ACCOUNT,
    fields=fields(
        "userId|uid accountMode assetMode holdMode stpMode symbolConfigList[]{ category symbol marginMode "
        "leverage } coinConfigList[]{ coin leverage } accountLevel"
    ),
    notes=(
        enums.MGT_READ,
        ("symbolConfigList lists only symbols whose setting was touched: an absent one is unknown, not default"),
        "assetMode was documented as union; live and later pages say multi_assets",
        "accountMode: unified, hybrid, upgrading, switching",
        "accountLevel: basic, advanced, isolated, delta",
        "assetMode: multi_assets, union",
        "holdMode: one_way_mode, hedge_mode",
        "stpMode: none, cancel_taker, cancel_maker, cancel_both",
        "marginMode: crossed, isolated",
    ),
    source=(
        "docs 2025-12 uta/account/Get-Account-Setting; docs 2026, ccxt, bitget-api, go-bitget, Bitget.Net, agent_sdk"
    ),
)

SWITCH = post(
    "/api/v3/account/switch",
    "Turn the unified account back into a classic one",
    rate=ONE_A_SECOND_PER_ACCOUNT,
    effect=Effect.SETTINGS,
    shape=Shape.NULL,
    notes=(
        enums.MGT_WRITE,
        "named a switch, and does one thing: back to the classic account",
        ("back to the classic account, main account only, about a minute; the reply only says the request arrived"),
    ),
    source="docs 2025-12 uta/account/Switch_Account; docs 2026, ccxt, bitget-api, go-bitget, Bitget.Net, agent_sdk",
)

SWITCH_DEDUCT = post(
    "/api/v3/account/switch-deduct",
    "Pay fees in BGB, or no longer",
    rate=ONE_A_SECOND_PER_ACCOUNT,
    effect=Effect.SETTINGS,
    params=params(Param("deduct", required=True, choices=("on", "off"))),
    shape=Shape.STRING,
    notes=(enums.MGT_WRITE, "data was seen as true too"),
    source="docs 2025-12 uta/account/Switch-Deduct; ccxt, bitget-api, go-bitget, Bitget.Net, agent_sdk",
)

SWITCH_STATUS = get(
    "/api/v3/account/switch-status",
    "How far the change of account kind has come",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    fields=fields("status reason"),
    notes=(enums.MGT_READ, "40054 when no switch is or was under way", "status: process, success, fail"),
    source=(
        "docs 2025-12 uta/account/Get_Switch_Status; docs 2026, ccxt, bitget-api, go-bitget, Bitget.Net, agent_sdk"
    ),
)
