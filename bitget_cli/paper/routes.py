"""Which function answers which path: "module:function", imported when the path is first asked for."""

from __future__ import annotations

# Lists of nothing, by what their answer looks like: see `api.lists`.
_NOTHING = {
    "array": (
        "earn/account/assets",
        "earn/loan/ongoing-orders",
        "copy/mix-follower/query-traders",
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

# Under a prefix and answered in a module: what is asked with GET, and with POST.
_SIGNED = {
    "spot/trade spot_orders": (
        "unfilled-orders history-orders fills current-plan-order history-plan-order plan-sub-order",
        "place-order batch-orders cancel-order cancel-replace-order batch-cancel-replace-order batch-cancel-order "
        "cancel-symbol-order place-plan-order modify-plan-order cancel-plan-order batch-cancel-plan-order",
    ),
    "mix/order futures_orders": (
        "orders-plan-pending orders-plan-history plan-sub-order detail orders-pending orders-history fills "
        "fill-history",
        "place-plan-order place-tpsl-order place-pos-tpsl modify-plan-order modify-tpsl-order cancel-plan-order "
        "place-order batch-place-order modify-order cancel-order batch-cancel-orders cancel-all-orders "
        "close-positions click-backhand",
    ),
    "mix/position futures_positions": (
        "all-position single-position history-position",
        "",
    ),
    "mix/account futures_account": (
        "accounts account bill max-open liq-price open-count isolated-symbols",
        "set-leverage set-all-leverage set-margin-mode set-position-mode set-asset-mode set-margin set-auto-margin",
    ),
    "spot/wallet wallet": (
        "transfer-coin-info deposit-address deposit-records withdrawal-records",
        "transfer withdrawal cancel-withdrawal",
    ),
    "convert convert": (
        "currencies quoted-price convert-record bgb-convert-coin-list bgb-convert-records",
        "trade bgb-convert",
    ),
    "account spot_account": (
        "all-account-balance funding-assets bot-assets",
        "",
    ),
    "tax tax": (
        "spot-record future-record margin-record p2p-record",
        "",
    ),
    "common spot_account": (
        "trade-rate all-trade-rate",
        "",
    ),
    "spot/account spot_account": (
        "assets bills info deduct-info",
        "",
    ),
    "user subaccounts": (
        "virtual-subaccount-list",
        "create-virtual-subaccount modify-virtual-subaccount",
    ),
}


def _of_customer(api: str, folder: str, places: dict[str, tuple[str, str]]) -> dict[tuple[str, str], str]:
    """What is named like its path's end needs no other word."""
    return {
        (method, f"{api}/{place.split()[0]}/{end}"): f"{folder}.{place.split()[1]}:{end.replace('-', '_')}"
        for place, rows in places.items()
        for method, ends in zip(("GET", "POST"), rows, strict=True)
        for end in ends.split()
    }


# Paths of the customer's own, by method.
SIGNED = (
    _of_customer("/api/v2", "api", _SIGNED)
    | {
        ("GET", "/api/v2/spot/trade/orderInfo"): "api.spot_orders:order_info",
        ("GET", "/api/v2/spot/account/subaccount-assets"): "api.subaccounts:subaccount_assets",
        ("GET", "/api/v2/spot/account/transferRecords"): "api.wallet:transfer_records",
        ("GET", "/api/v2/mix/account/sub-account-assets"): "api.subaccounts:sub_account_assets",
        ("GET", "/api/v2/spot/account/sub-main-trans-record"): "api.subaccounts:sub_main_trans_record",
        ("POST", "/api/v2/spot/wallet/subaccount-transfer"): "api.subaccounts:subaccount_transfer",
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

_UNIFIED_ROWS = {
    "account account": (
        "info settings assets funding-assets fee-rate all-fee-rate max-transferable max-withdrawal "
        "open-interest-limit repayable-coins switch-status",
        "max-open-available set-leverage set-hold-mode set-margin adjust-account-mode",
    ),
    "account records": (
        "transferable-coins deposit-records withdrawal-records financial-records funding-financial-records "
        "convert-records",
        "transfer withdrawal",
    ),
    "account subaccounts": (
        "sub-unified-assets sub-transfer-record",
        "sub-transfer",
    ),
    "user subaccounts": (
        "sub-list",
        "create-sub freeze-sub modify-sub",
    ),
    "convert records": (
        "small-assets small-assets-history",
        "small-assets-trade",
    ),
    "trade orders": (
        "order-info unfilled-orders history-orders fills",
        "place-order place-batch modify-order batch-modify-order cancel-order cancel-batch cancel-symbol-order "
        "countdown-cancel-all",
    ),
    "trade positions": (
        "",
        "close-positions",
    ),
    "trade strategy": (
        "unfilled-strategy-orders history-strategy-orders strategy-sub-orders",
        "place-strategy-order modify-strategy-order cancel-strategy-order",
    ),
    "position positions": (
        "current-position history-position",
        "",
    ),
}
UNIFIED = _of_customer(_UNIFIED, "api.v3", _UNIFIED_ROWS) | {
    # Told alike to both kinds.
    ("GET", f"{_UNIFIED}/account/deduct-info"): "api.spot_account:deduct_info",
    ("GET", f"{_UNIFIED}/account/deposit-address"): "api.wallet:deposit_address",
    ("POST", f"{_UNIFIED}/account/cancel-withdrawal"): "api.wallet:cancel_withdrawal",
    ("GET", f"{_UNIFIED}/position/adlRank"): "api.v3.positions:adl_rank",
    ("GET", f"{_UNIFIED}/tax/records"): "api.v3.records:tax_records",
    ("GET", f"{_UNIFIED}/loan/debts"): "api.v3.account:debts",
}
