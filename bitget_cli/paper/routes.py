"""Which function answers which path: "module:function", imported when the path is first asked for."""

from __future__ import annotations

# Lists of nothing, by what their answer looks like: see `api.lists`.
_NOTHING = {
    "array": (
        "earn/account/assets",
        "earn/loan/ongoing-orders",
        "copy/mix-follower/query-traders",
        "spot/account/sub-main-trans-record",
        "spot/ins-loan/loan-order",
        "spot/ins-loan/repaid-history",
    ),
    "in_time": (
        "earn/loan/borrow-history",
        "earn/loan/reduces",
        "earn/loan/repay-history",
        "earn/loan/revise-history",
    ),
    "in_product": ("copy/mix-follower/query-current-orders",),
    "results": ("copy/spot-follower/query-traders",),
    "savings": ("earn/savings/assets", "earn/savings/records"),
    "sharkfins": ("earn/sharkfin/assets",),
    "sharkfin_records": ("earn/sharkfin/records",),
    "elite": ("earn/elite/assets",),
    "elite_records": ("earn/elite/records",),
    "debts": ("earn/loan/debts",),
    "crossed_records": tuple(
        f"margin/crossed/{name}-history" for name in ("borrow", "repay", "interest", "liquidation")
    ),
    "margin_orders": (
        "margin/crossed/open-orders",
        "margin/crossed/history-orders",
        "margin/isolated/open-orders",
        "margin/isolated/history-orders",
    ),
    "margin_fills": ("margin/crossed/fills", "margin/isolated/fills"),
    "isolated_records": tuple(
        f"margin/isolated/{name}-history" for name in ("borrow", "repay", "interest", "liquidation")
    ),
    "liquidations": ("margin/crossed/liquidation-order", "margin/isolated/liquidation-order"),
    "tracks": ("copy/spot-follower/query-current-orders", "copy/spot-follower/query-history-orders"),
    "tracks_of_product": ("copy/mix-follower/query-history-orders",),
    "adverts": ("p2p/advList",),
    "merchants": ("p2p/merchantList",),
    "p2p_orders": ("p2p/orderList",),
    "subaccounts": ("user/virtual-subaccount-list",),
}
_ACCOUNTS = {
    "account/assets": "assets",
    "account/max-transfer-out-amount": "most_out",
    "account/max-borrowable-amount": "most_borrowed",
    "financial-records": "records",
}

# By method and path, as in `routes`.
MARGIN = {
    ("GET", f"/api/v2/{path}"): f"api.lists:{function}" for function, paths in _NOTHING.items() for path in paths
} | {
    ("GET", f"/api/v2/margin/{mode}/{path}"): f"api.margin_account:{mode}_{function}"
    for mode in ("crossed", "isolated")
    for path, function in _ACCOUNTS.items()
}


_MIX = {
    "api.futures_market": {
        "ticker": "ticker",
        "tickers": "tickers",
        "symbol-price": "symbol_price",
        "merge-depth": "merge_depth",
        "fills": "recent_fills",
        "fills-history": "fills_history",
        "candles": "recent_candles",
        "history-candles": "history_candles",
        "history-mark-candles": "history_mark_candles",
        "history-index-candles": "history_index_candles",
        "open-interest": "open_interest",
        "funding-time": "funding_time",
        "current-fund-rate": "current_fund_rate",
        "history-fund-rate": "history_fund_rate",
        "contracts": "contracts",
        "query-position-lever": "query_position_lever",
        "oi-limit": "oi_limit",
        "discount-rate": "discount_rate",
        "exchange-rate": "exchange_rate",
        "union-interest-rate-history": "union_interest_rate_history",
    },
    "api.public": {
        "vip-fee-rate": "futures_fees",
    },
    "api.trading_data": {
        "account-long-short": "account_long_short",
        "long-short": "long_short",
        "position-long-short": "position_long_short",
        "taker-buy-sell": "taker_buy_sell",
        "isolated-borrow-rate": "isolated_borrow_rate",
    },
}
_SPOT = {
    "api.spot_market": {
        "tickers": "tickers",
        "orderbook": "orderbook",
        "merge-depth": "merge_depth",
        "fills": "recent_fills",
        "fills-history": "fills_history",
        "candles": "recent_candles",
        "history-candles": "history_candles",
        "auction": "auction",
    },
    "api.public": {
        "vip-fee-rate": "spot_fees",
    },
    "api.trading_data": {
        "fund-flow": "fund_flow",
        "fund-net-flow": "fund_net_flow",
        "whale-net-flow": "whale_net_flow",
        "support-symbols": "support_symbols",
    },
}


def _under(prefix: str, groups: dict[str, dict[str, str]]) -> dict[str, str]:
    return {
        f"{prefix}/{path}": f"{module}:{function}" for module, rows in groups.items() for path, function in rows.items()
    }


# Paths anybody may ask, with GET.
PUBLIC = {
    **_under("/api/v2/mix/market", _MIX),
    **_under("/api/v2/spot/market", _SPOT),
    "/api/v2/spot/public/symbols": "api.spot_market:symbols",
    "/api/v2/spot/public/coins": "api.spot_market:coins",
    "/api/v2/margin/market/loan-growth": "api.trading_data:loan_growth",
    "/api/v2/margin/market/long-short-ratio": "api.trading_data:margin_long_short_ratio",
    # Nothing can be borrowed here. Bitget's documentation signs this call, ccxt makes it without keys.
    "/api/v2/margin/currencies": "api.public:margin_currencies",
    "/api/v2/public/time": "api.public:time",
    "/api/v2/public/annoucements": "api.public:announcements",
}

_SIGNED: dict[str, dict[str, tuple[str, ...]]] = {
    "/api/v2/spot/trade": {
        "api.spot_orders": (
            "POST place-order",
            "POST batch-orders",
            "POST cancel-order",
            "POST cancel-replace-order",
            "POST batch-cancel-replace-order",
            "POST batch-cancel-order",
            "POST cancel-symbol-order",
            "GET unfilled-orders",
            "GET history-orders",
            "GET fills",
            "POST place-plan-order",
            "POST modify-plan-order",
            "POST cancel-plan-order",
            "POST batch-cancel-plan-order",
            "GET current-plan-order",
            "GET history-plan-order",
            "GET plan-sub-order",
        ),
    },
    "/api/v2/mix/order": {
        "api.futures_orders": (
            "POST place-plan-order",
            "POST place-tpsl-order",
            "POST place-pos-tpsl",
            "POST modify-plan-order",
            "POST modify-tpsl-order",
            "POST cancel-plan-order",
            "GET orders-plan-pending",
            "GET orders-plan-history",
            "GET plan-sub-order",
            "POST place-order",
            "POST batch-place-order",
            "POST modify-order",
            "POST cancel-order",
            "POST batch-cancel-orders",
            "POST cancel-all-orders",
            "POST close-positions",
            "POST click-backhand",
            "GET detail",
            "GET orders-pending",
            "GET orders-history",
            "GET fills",
            "GET fill-history",
        ),
    },
    "/api/v2/mix/position": {
        "api.futures_positions": (
            "GET all-position",
            "GET single-position",
            "GET history-position",
        ),
    },
    "/api/v2/mix/account": {
        "api.futures_account": (
            "GET accounts",
            "GET account",
            "GET bill",
            "GET max-open",
            "GET liq-price",
            "GET open-count",
            "GET isolated-symbols",
            "POST set-leverage",
            "POST set-all-leverage",
            "POST set-margin-mode",
            "POST set-position-mode",
            "POST set-asset-mode",
            "POST set-margin",
            "POST set-auto-margin",
        ),
    },
    "/api/v2/spot/wallet": {
        "api.wallet": (
            "POST transfer",
            "GET transfer-coin-info",
            "GET deposit-address",
            "GET deposit-records",
            "GET withdrawal-records",
            "POST withdrawal",
            "POST cancel-withdrawal",
        ),
    },
    "/api/v2/convert": {
        "api.convert": (
            "GET currencies",
            "GET quoted-price",
            "POST trade",
            "GET convert-record",
            "GET bgb-convert-coin-list",
            "POST bgb-convert",
            "GET bgb-convert-records",
        ),
    },
    "/api/v2/account": {
        "api.spot_account": (
            "GET all-account-balance",
            "GET funding-assets",
            "GET bot-assets",
        ),
    },
    "/api/v2/tax": {
        "api.tax": (
            "GET spot-record",
            "GET future-record",
            "GET margin-record",
            "GET p2p-record",
        ),
    },
    "/api/v2/common": {
        "api.spot_account": (
            "GET trade-rate",
            "GET all-trade-rate",
        ),
    },
    "/api/v2/spot/account": {
        "api.spot_account": (
            "GET assets",
            "GET bills",
            "GET info",
            "GET deduct-info",
        ),
    },
}

# Paths of the customer's own, by method: what is named like its path's end needs no other word.
SIGNED = (
    {
        (row.split()[0], f"{prefix}/{row.split()[1]}"): f"{module}:{row.split()[1].replace('-', '_')}"
        for prefix, modules in _SIGNED.items()
        for module, rows in modules.items()
        for row in rows
    }
    | {
        ("GET", "/api/v2/spot/trade/orderInfo"): "api.spot_orders:order_info",
        ("GET", "/api/v2/spot/account/subaccount-assets"): "api.spot_account:no_subaccounts",
        ("GET", "/api/v2/spot/account/transferRecords"): "api.wallet:transfer_records",
        ("GET", "/api/v2/mix/account/sub-account-assets"): "api.futures_account:no_subaccounts",
        ("GET", "/api/v2/mix/position/adlRank"): "api.futures_positions:adl_rank",
    }
    | MARGIN
)


# A unified account's paths, of which a classic one may ask the public ones only.
_UNIFIED = "/api/v3"
_UNIFIED_MARKET = {
    "api.v3.market": {
        "instruments": "instruments",
        "tickers": "tickers",
        "orderbook": "orderbook",
        "fills": "recent_fills",
        "candles": "recent_candles",
        "history-candles": "history_candles",
        "current-fund-rate": "current_fund_rate",
        "history-fund-rate": "history_fund_rate",
        "open-interest": "open_interest",
        "position-tier": "position_tier",
        "oi-limit": "oi_limit",
        "discount-rate": "discount_rate",
    },
    # Told alike to both kinds.
    "api.public": {"time": "time"},
    "api.trading_data": {
        "futures-account-long-short": "account_long_short",
        "futures-position-long-short": "position_long_short",
        "futures-long-short": "long_short",
        "futures-active-buy-sell": "taker_buy_sell",
        "margin-isolated-borrow": "isolated_borrow_rate",
        "margin-loan-growth": "loan_growth",
        "margin-long-short": "margin_long_short_ratio",
        "spot-fund-flow": "fund_flow",
        "spot-net-flow": "fund_net_flow",
        "spot-whale-flow": "whale_net_flow",
    },
}
UNIFIED_PUBLIC = {
    **_under(f"{_UNIFIED}/market", _UNIFIED_MARKET),
    f"{_UNIFIED}/public/time": "api.public:time",
}

_UNIFIED_ROWS: dict[str, tuple[str, ...]] = {
    "account account": (
        "GET info",
        "GET settings",
        "GET assets",
        "GET funding-assets",
        "GET fee-rate",
        "GET all-fee-rate",
        "GET max-transferable",
        "GET max-withdrawal",
        "POST max-open-available",
        "GET open-interest-limit",
        "GET repayable-coins",
        "GET switch-status",
        "POST set-leverage",
        "POST set-hold-mode",
        "POST set-margin",
        "POST adjust-account-mode",
    ),
    "account records": (
        "POST transfer",
        "GET transferable-coins",
        "GET deposit-records",
        "GET withdrawal-records",
        "POST withdrawal",
        "GET financial-records",
        "GET funding-financial-records",
        "GET convert-records",
    ),
    "convert records": (
        "GET small-assets",
        "POST small-assets-trade",
        "GET small-assets-history",
    ),
    "trade orders": (
        "POST place-order",
        "POST place-batch",
        "POST modify-order",
        "POST batch-modify-order",
        "POST cancel-order",
        "POST cancel-batch",
        "POST cancel-symbol-order",
        "POST countdown-cancel-all",
        "GET order-info",
        "GET unfilled-orders",
        "GET history-orders",
        "GET fills",
    ),
    "trade positions": ("POST close-positions",),
    "trade strategy": (
        "POST place-strategy-order",
        "POST modify-strategy-order",
        "POST cancel-strategy-order",
        "GET unfilled-strategy-orders",
        "GET history-strategy-orders",
        "GET strategy-sub-orders",
    ),
    "position positions": (
        "GET current-position",
        "GET history-position",
    ),
}
UNIFIED = {
    (row.split()[0], f"{_UNIFIED}/{place.split()[0]}/{row.split()[1]}"): (
        f"api.v3.{place.split()[1]}:{row.split()[1].replace('-', '_')}"
    )
    for place, rows in _UNIFIED_ROWS.items()
    for row in rows
} | {
    # Told alike to both kinds.
    ("GET", f"{_UNIFIED}/account/deduct-info"): "api.spot_account:deduct_info",
    ("GET", f"{_UNIFIED}/account/deposit-address"): "api.wallet:deposit_address",
    ("POST", f"{_UNIFIED}/account/cancel-withdrawal"): "api.wallet:cancel_withdrawal",
    ("GET", f"{_UNIFIED}/position/adlRank"): "api.v3.positions:adl_rank",
    ("GET", f"{_UNIFIED}/tax/records"): "api.v3.records:tax_records",
    ("GET", f"{_UNIFIED}/account/sub-unified-assets"): "api.v3.account:nothing",
    ("GET", f"{_UNIFIED}/user/sub-list"): "api.v3.account:sub_list",
    ("GET", f"{_UNIFIED}/loan/debts"): "api.v3.account:debts",
}
