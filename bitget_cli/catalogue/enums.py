"""Parameters of requests and values of replies that several endpoints share, each said once."""

from __future__ import annotations

from bitget_cli.catalogue.model import Param

# A plain name may be left out unless every call needs it; `ANY_` marks the optional form of one that is mostly
# needed, `_REQUIRED` the needed form of one that is mostly optional. `EACH_` is inside a list: `orderList[].price`.


def values(text: str) -> tuple[str, ...]:
    """A long list of values, written as one text."""
    return tuple(text.split())


def params(*written: str | Param) -> tuple[Param, ...]:
    """The parameters of a row. In a text, `SYMBOL` is that of this file, `price` may be left out and `size!` may not;
    `side!:buy|sell` has these choices, `mode:MARGIN_MODES` those of this file, and `type:fixed|open=open` a default.

    One of which there is more to tell stands between the texts, as a Param.
    """
    return tuple(param for one in written for param in ([one] if isinstance(one, Param) else map(_param, one.split())))


def _param(word: str) -> Param:
    if word.isupper():
        known: Param = globals()[word]
        return known
    word, _, default = word.partition("=")
    name, _, choices = word.partition(":")
    allowed: tuple[str, ...] = globals().get(choices) or tuple(choices.split("|") if choices else ())
    return Param(name.removesuffix("!"), required=name.endswith("!"), choices=allowed, default=default or None)


_UTC_GRANULARITIES = ("6Hutc", "12Hutc", "1Dutc", "3Dutc", "1Wutc", "1Mutc")
PRODUCT_TYPES = ("USDT-FUTURES", "COIN-FUTURES", "USDC-FUTURES")
FUTURES_GRANULARITIES = (*values("1m 3m 5m 15m 30m 1H 2H 4H 6H 12H 1D 3D 1W 1M"), *_UTC_GRANULARITIES)
SPOT_GRANULARITIES = (*values("1min 3min 5min 15min 30min 1h 4h 6h 12h 1day 3day 1week 1M"), *_UTC_GRANULARITIES)
DEPTH_LIMITS = ("1", "5", "15", "50", "max")
PRICE_SCALES = ("scale0", "scale1", "scale2", "scale3")
SIDES = ("buy", "sell")
ORDER_TYPES = ("limit", "market")
FORCES = ("gtc", "ioc", "fok", "post_only")
STP_MODES = ("none", "cancel_taker", "cancel_maker", "cancel_both")
LOAN_TYPES = ("normal", "autoLoan", "autoRepay", "autoLoanAndRepay")
MARGIN_MODES = ("isolated", "crossed")
WALLETS = ("spot", "p2p", "coin_futures", "usdt_futures", "usdc_futures", "crossed_margin", "isolated_margin")
# The product lines of unified accounts, and words of their orders.
LINES = ("SPOT", "MARGIN", *PRODUCT_TYPES)
YES_NO = ("yes", "no")
TRIGGER_PRICES = ("market", "mark")
POSITION_SIDES = ("long", "short")

SYMBOL = Param("symbol", required=True, note="BTCUSDT, without the suffixes of v1")
ID_LESS_THAN = Param("idLessThan", note="only records older than this id: endId or the last id of the page before")
PRODUCT_TYPE = Param("productType", required=True, choices=PRODUCT_TYPES, note="lower case is accepted too")
ANY_COIN = Param("coin", note="upper case")
END_90_DAYS = Param("endTime", note="epoch ms; a range of at most 90 days")
START = Param("startTime", note="epoch ms")
ANY_SYMBOL = Param("symbol", note="BTCUSDT, without the suffixes of v1")
END = Param("endTime", note="epoch ms")
COIN = Param("coin", required=True, note="upper case")
START_REQUIRED = Param("startTime", required=True, note="epoch ms")
ORDER_ID = Param("orderId")
LIMIT_100_UP_TO_500 = Param("limit", default="100", maximum=500, note="rows a page")
LIMIT_20_UP_TO_100 = Param("limit", default="20", maximum=100, note="rows a page")
CLIENT_OID = Param("clientOid", note="client-chosen id")
LIMIT_100 = Param("limit", default="100", maximum=100, note="rows a page")
END_3_MONTHS = Param("endTime", note="epoch ms; a range of at most 3 months")
MARGIN_COIN = Param("marginCoin", required=True, note="upper case")
START_3_MONTHS = Param("startTime", note="epoch ms; a range of at most 3 months")
PAGE_NO = Param("pageNo", default="1", note="page number from 1")
SUB_UID = Param("subUid", required=True, note="sub-account user id")
PRODUCT_ID = Param("productId", required=True)
ID_GREATER_THAN = Param("idGreaterThan")
AMOUNT = Param("amount", required=True)
ORDER_TYPE = Param("orderType", required=True, choices=ORDER_TYPES)
EITHER_CLIENT_OID = Param("clientOid", note="client-chosen id; orderId or clientOid is needed")
STP_MODE = Param("stpMode", choices=STP_MODES, default="none", note="self-trade prevention")
TRADER_ID = Param("traderId", required=True)
UID = Param("uid")
ANY_MARGIN_COIN = Param("marginCoin", note="upper case")
EITHER_ORDER_ID = Param("orderId", note="orderId or clientOid is needed")
SHOW_SUB = Param("showSub", choices=("yes", "no"))
PERIOD_TYPE = Param("periodType", required=True, choices=("flexible", "fixed"))
START_90_DAYS = Param("startTime", note="epoch ms; a range of at most 90 days")
ORDER_ID_REQUIRED = Param("orderId", required=True)
END_REQUIRED = Param("endTime", required=True, note="epoch ms")
START_30_DAYS = Param("startTime", note="epoch ms; a range of at most 30 days")
END_30_DAYS = Param("endTime", note="epoch ms; a range of at most 30 days")
REQUEST_TIME = Param("requestTime", note="ms; client send time, used with receiveWindow")
RECEIVE_WINDOW = Param(
    "receiveWindow", note="ms; request is refused if it reaches the server later than requestTime+receiveWindow"
)
FILTER_ORDER_ID = Param("orderId", note="filter; orderId wins over clientOid")
TRIGGER_PRICE = Param("triggerPrice", required=True)
SIDE = Param("side", required=True, choices=SIDES)
LIMIT_500 = Param("limit", default="500", maximum=500, note="rows a page")
LIMIT_100_OPEN = Param("limit", default="100", note="rows a page")
PLEDGE_COIN = Param("pledgeCoin")
END_7_DAYS = Param("endTime", note="epoch ms; a range of at most 7 days")
LIMIT_100_UP_TO_200 = Param("limit", default="100", maximum=200, note="rows a page")
MARGIN_MODE = Param("marginMode", required=True, choices=MARGIN_MODES)
EACH_ORDER_TYPE = Param("orderList[].orderType", required=True, choices=ORDER_TYPES)
EACH_CLIENT_OID = Param("orderList[].clientOid", note="client-chosen id")
EACH_STP_MODE = Param("orderList[].stpMode", choices=STP_MODES, default="none", note="self-trade prevention")
FILTER_CLIENT_OID = Param("clientOid", note="client-chosen id; filter; orderId wins over clientOid")
TPSL_TYPE = Param("tpslType", choices=("normal", "tpsl"), default="normal")
CHAIN = Param("chain")
END_30_DAYS_REQUIRED = Param("endTime", required=True, note="epoch ms; a range of at most 30 days")
SUB_ACCOUNT_UID = Param("subAccountUid", required=True, note="sub-account user id")
ANY_TRADER_ID = Param("traderId")
PAGE_SIZE_20_UP_TO_50 = Param("pageSize", default="20", maximum=50, note="rows a page")
TRACKING_NO = Param("trackingNo", required=True)
LIMIT_20_UP_TO_50 = Param("limit", default="20", maximum=50, note="rows a page")
PLAIN_PAGE_NO = Param("pageNo")
PAGE_SIZE = Param("pageSize")
LOAN_COIN = Param("loanCoin")
START_3_MONTHS_REQUIRED = Param("startTime", required=True, note="epoch ms; a range of at most 3 months")
PAGE_SIZE_10_UP_TO_100 = Param("pageSize", default="10", maximum=100, note="rows a page")
FUTURES_GRANULARITY = Param("granularity", required=True, choices=FUTURES_GRANULARITIES)
PAGE_SIZE_20_UP_TO_100 = Param("pageSize", default="20", maximum=100, note="rows a page")
SYMBOL_OR_ALL = Param("symbol", note="left out = all")
EACH_PRESET_STOP_LOSS_PRICE = Param("orderList[].presetStopLossPrice")
WINNING_ORDER_ID = Param("orderId", note="orderId or clientOid is needed; orderId wins")
LOSING_CLIENT_OID = Param("clientOid", note="client-chosen id; orderId or clientOid is needed; orderId wins")
START_MANAGED = Param("startTime", note="epoch ms; for managed sub-accounts not before the binding time")
EACH_SIDE = Param("orderList[].side", required=True, choices=SIDES)
EACH_FORCE = Param("orderList[].force", required=True, choices=FORCES, note="time in force; ignored for market orders")
EACH_PRICE = Param("orderList[].price")
FROM_TYPE = Param("fromType", required=True, choices=WALLETS)
TO_TYPE = Param("toType", required=True, choices=WALLETS)
PERIOD_24H = Param("period", choices=("24h", "30d"), default="24h")
PERIOD_5M = Param("period", choices=("5m", "15m", "30m", "1h", "2h", "4h", "6h", "12h", "1d"), default="5m")
KEY_PASSPHRASE = Param("passphrase", required=True, note="8-32 letters and digits")
LABEL = Param("label", required=True)
AUTO_COPY = Param("autoCopy", choices=("on", "off"))
PASSPHRASE = Param("passphrase", required=True)
STOP_SURPLUS_PRICE = Param("stopSurplusPrice", note="one of the pair must be sent")
STOP_LOSS_PRICE = Param("stopLossPrice", note="one of the pair must be sent")
PAGE_SIZE_100_UP_TO_1000 = Param("pageSize", default="100", maximum=1000, note="rows a page")
USER_ID = Param("userId")
PLEDGE_COIN_REQUIRED = Param("pledgeCoin", required=True)
PRECISION = Param("precision", choices=PRICE_SCALES, default="scale0")
DEPTH_LIMIT = Param(
    "limit", choices=DEPTH_LIMITS, note="the page prints a default of 100, which is not one of the values"
)
SPOT_GRANULARITY = Param("granularity", required=True, choices=SPOT_GRANULARITIES)
FORCE_REQUIRED = Param("force", required=True, choices=FORCES, note="time in force; ignored for market orders")
LIMIT_500_UP_TO_1000 = Param("limit", default="500", maximum=1000, note="rows a page")
LIMIT_100_UP_TO_1000 = Param("limit", default="100", maximum=1000, note="rows a page")
START_7_DAYS = Param("startTime", note="epoch ms; a range of at most 7 days")
START_3_MONTHS_MANAGED = Param(
    "startTime", note="epoch ms; a range of at most 3 months; for managed sub-accounts not before the binding time"
)
TRIGGER_TYPE_REQUIRED = Param("triggerType", required=True, choices=("fill_price", "mark_price"))
TRIGGER_OR_TRAILING = Param("planType", required=True, choices=("normal_plan", "track_plan"))
HEDGE_TRADE_SIDE = Param(
    "tradeSide", choices=("open", "close"), note="required in hedge mode; leave out in one-way mode"
)
SUBACCOUNT_STATUS = Param("status", required=True, choices=("normal", "freeze"))
COPY_MODE = Param("mode", choices=("basic", "advanced"))
EACH_COPIED_SYMBOL = Param("settings[].symbol", required=True, note="BTCUSDT, without the suffixes of v1")
EACH_TRACE_TYPE = Param("settings[].traceType", required=True, choices=("percent", "amount", "count"))
LISTED_ORDER_ID = Param("orderIdList[].orderId", note="orderId or clientOid is needed")
LISTED_CLIENT_OID = Param("orderIdList[].clientOid", note="client-chosen id; orderId or clientOid is needed")
LISTED_WINNING_ORDER_ID = Param("orderIdList[].orderId", note="orderId or clientOid is needed; orderId wins")
LISTED_LOSING_CLIENT_OID = Param(
    "orderIdList[].clientOid", note="client-chosen id; orderId or clientOid is needed; orderId wins"
)
ORDER_LIST = Param("orderList", required=True, type="array")
LOAN_TYPE = Param("loanType", required=True, choices=LOAN_TYPES)
EACH_LOAN_TYPE = Param("orderList[].loanType", required=True, choices=LOAN_TYPES)
MARGIN_BASE_SIZE = Param("baseSize", note="limit and market-sell orders")
MARGIN_QUOTE_SIZE = Param("quoteSize", note="market-buy orders")
FILTER_ENTER_POINT = Param("enterPointSource", choices=("WEB", "API", "SYS", "ANDROID", "IOS"))
LIQUIDATION_TYPE = Param("type", choices=("swap", "place_order"))
LIQUIDATED_SYMBOL = Param("symbol", note="BTCUSDT, without the suffixes of v1; depends on type=place_order")
SWAP_FROM_COIN = Param("fromCoin", note="depends on type=swap")
SWAP_TO_COIN = Param("toCoin", note="depends on type=swap")
MARGIN_TYPE = Param(
    "marginType",
    choices=values(
        "transfer_in transfer_out borrow repay liquidation_fee compensate deal_in deal_out confiscated "
        "exchange_in exchange_out sys_exchange_in sys_exchange_out"
    ),
)
# Of unified accounts.
CATEGORY = Param("category", required=True, choices=LINES, note="lower case is accepted too")
ANY_CATEGORY = Param("category", choices=LINES, note="lower case is accepted too")
FUTURES_CATEGORY = Param("category", required=True, choices=PRODUCT_TYPES, note="lower case is accepted too")
PRICED_CATEGORY = Param(
    "category",
    required=True,
    choices=("SPOT", "USDT-FUTURES", "COIN-FUTURES", "USDC-FUTURES"),
    note="lower case is accepted too",
)
SOME_CATEGORY = Param("category", required=True, note="lower case is accepted too")
ANY_SOME_CATEGORY = Param("category", note="lower case is accepted too")
LISTED_SYMBOL = Param(
    "symbol", required=True, note="plain form such as BTCUSDT; the newer Coin-M line is written BTCUSD_CM"
)
ANY_LISTED_SYMBOL = Param("symbol", note="plain form such as BTCUSDT; the newer Coin-M line is written BTCUSD_CM")
LISTED_COIN = Param("coin", required=True, note="coin name; Pre-IPO tokens are mixed case")
ANY_LISTED_COIN = Param("coin", note="coin name; Pre-IPO tokens are mixed case")
BASE_OR_QUOTE_COIN = Param("coin", note="base or quote coin of the pair; base by default")
LISTED_CHAIN = Param("chain", note="chain name as listed for the coin (public coin list)")
CURSOR = Param("cursor", note="leave out first, then send back the cursor of the previous reply")
CURSOR_ORDER_ID = Param("cursor", note="smallest orderId of the previous page")
LIMIT = Param("limit", note="rows a page")
PAGE_NUM = Param("pageNum", note="page number from 1")
START_WITHIN_90_DAYS = Param("startTime", note="epoch ms; not older than 90 days")
START_LAST_3_MONTHS = Param("startTime", required=True, note="epoch ms; the last three months only")
LIMIT_PRICE = Param("price", note="required for limit orders, absent for market orders")
TAKE_PROFIT = Param("takeProfit", note="trigger price of the attached take-profit")
STOP_LOSS = Param("stopLoss", note="trigger price of the attached stop-loss")
TP_TRIGGER_BY = Param("tpTriggerBy", choices=TRIGGER_PRICES, default="market", note="futures only")
SL_TRIGGER_BY = Param("slTriggerBy", choices=TRIGGER_PRICES, default="market", note="futures only")
TP_ORDER_TYPE = Param("tpOrderType", choices=ORDER_TYPES, default="market")
SL_ORDER_TYPE = Param("slOrderType", choices=ORDER_TYPES, default="market")
TP_LIMIT_PRICE = Param("tpLimitPrice", note="execution price, only with tpOrderType=limit")
SL_LIMIT_PRICE = Param("slLimitPrice", note="execution price, only with slOrderType=limit")
GRID_CATEGORY = Param("category", required=True, choices=("SPOT", "USDT-FUTURES", "USDC-FUTURES"))
NEUTRAL_GRID_CATEGORY = Param("category", required=True, choices=("USDT-FUTURES", "USDC-FUTURES"))
GRID_NUM = Param("gridNum", required=True, note="levels")
GRID_ORDER_MODE = Param("gridOrderMode", required=True, choices=("arithmetic", "geometric"))
TERMINATION_CONDITION = Param("terminationCondition", choices=("rsi", "boll"))
TERMINATION_PARAMS = Param("terminationParams", note="of an rsi or boll condition", type="array")
FUNDS_SOURCE = Param("fundsSource", required=True, note="funding, uta, otc", type="array")
AUTO_TRANSFER_PROFITS = Param("autoTransferProfits", choices=YES_NO)


SIDE_NOTE = "side: buy, sell"
ENTER_POINT_SOURCE = "enterPointSource: WEB, API, SYS, ANDROID, IOS"
POS_MODE = "posMode: one_way_mode, hedge_mode"
ORDER_TYPE_NOTE = "orderType: limit, market"
MARGIN_MODE_NOTE = "marginMode: isolated, crossed"
FORCE = "force: ioc, fok, gtc, post_only"
POS_SIDE_OR_NET = "posSide: long, short, net"
TRADE_SIDE = (
    "tradeSide: close, open, reduce_close_long, reduce_close_short, burst_close_long, "
    "burst_close_short, offset_close_long, offset_close_short, delivery_close_long, "
    "delivery_close_short, dte_sys_adl_close_long, dte_sys_adl_close_short, buy_single, sell_single, "
    "reduce_buy_single, reduce_sell_single, burst_buy_single, burst_sell_single, "
    "delivery_sell_single, delivery_buy_single, dte_sys_adl_buy_in_single_side_mode, "
    "dte_sys_adl_sell_in_single_side_mode"
)
WALLET_STATUS = "status: pending, fail, success"
ASSET_MODE = "assetMode: union, single"
HOLD_SIDE = "holdSide: long, short"
DATA = "data: success, fail"
POS_SIDE = "posSide: long, short"
REDUCE_ONLY = "reduceOnly: YES, NO"
ORDER_SOURCE = (
    "orderSource: normal, market, profit_market, loss_market, Trader_delegate, trader_profit, "
    "trader_loss, reverse, trader_reverse, profit_limit, loss_limit, liquidation, "
    "delivery_close_long, delivery_close_short, pos_profit_limit, pos_profit_market, pos_loss_limit, "
    "pos_loss_market, profit_chase, loss_chase, follower_delegate, reduce_offset, market_risk, "
    "plan_limit, plan_market, strategy_positive, strategy_reverse, strategy_unlimited, move_limit, "
    "move_market, tracking_limit, tracking_market, strategy_dca_positive, strategy_dca_reverse, "
    "strategy_oco_limit, strategy_oco_trigger, modify_order_limit, strategy_regular_buy, "
    "strategy_grid_middle"
)
CANCEL_REASON = "cancelReason: normal_cancel, stp_cancel"
TRADE_SCOPE = "tradeScope: taker, maker"
TRIGGER_TYPE = "triggerType: fill_price, mark_price"
SPOT_STATUS = "status: live, partially_filled, filled, cancelled"
DEST = "dest: on_chain, internal_transfer"
RESULT = "result: success, fail"
DELIVERY_STATUS = "deliveryStatus: delivery_config_period, delivery_normal, delivery_before, delivery_period"
PLAN_TYPE = "planType: normal_plan, track_plan, profit_plan, loss_plan, moving_plan, pos_profit, pos_loss"
TO_TYPE_NOTE = "toType: spot, p2p, coin_futures, usdt_futures, usdc_futures, crossed_margin, isolated_margin"
MARGIN_SIDE = "side: sell, buy, liquidation-buy, liquidation-sell, systemRepay-buy, systemRepay-selll"
# What a key of a unified account has to have.
MGT_READ = "permission: UTA management, read"
MGT_WRITE = "permission: UTA management, read and write"
TRADE_READ = "permission: UTA trade, read"
TRADE_WRITE = "permission: UTA trade, read and write"
P2P_READ = "permission: UTA P2P, read"
P2P_WRITE = "permission: UTA P2P, read and write"
COPY_READ = "permission: elite trading, read"
COPY_WRITE = "permission: elite trading, read and write"
WITHDRAWAL_KEY = "permission: UTA withdrawal"
BROKER_MASTER = "permission: main account of an ND broker"
