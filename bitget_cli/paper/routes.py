"""Which function answers which path: "module:function", imported when the path is first asked for."""

from __future__ import annotations

from bitget_cli.paper.margin_routes import MARGIN

_MIX = {
    "market": {
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
    },
    "contracts": {
        "contracts": "contracts",
        "query-position-lever": "query_position_lever",
        "oi-limit": "oi_limit",
        "discount-rate": "discount_rate",
        "exchange-rate": "exchange_rate",
        "union-interest-rate-history": "union_interest_rate_history",
    },
    "fees": {"vip-fee-rate": "futures"},
    "trading_data": {
        "account-long-short": "account_long_short",
        "long-short": "long_short",
        "position-long-short": "position_long_short",
        "taker-buy-sell": "taker_buy_sell",
        "isolated-borrow-rate": "isolated_borrow_rate",
    },
}
_SPOT = {
    "spot_market": {
        "tickers": "tickers",
        "orderbook": "orderbook",
        "merge-depth": "merge_depth",
        "fills": "recent_fills",
        "fills-history": "fills_history",
        "candles": "recent_candles",
        "history-candles": "history_candles",
        "auction": "auction",
    },
    "fees": {"vip-fee-rate": "spot"},
    "trading_data": {
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
    "/api/v2/spot/public/symbols": "spot_market:symbols",
    "/api/v2/spot/public/coins": "coins:coins",
    "/api/v2/margin/market/loan-growth": "trading_data:loan_growth",
    "/api/v2/margin/market/long-short-ratio": "trading_data:margin_long_short_ratio",
    # Nothing can be borrowed here. Bitget's documentation signs this call, ccxt makes it without keys.
    "/api/v2/margin/currencies": "public:margin_currencies",
    "/api/v2/public/time": "public:time",
    "/api/v2/public/annoucements": "public:announcements",
}

_SIGNED: dict[str, dict[str, tuple[str, ...]]] = {
    "/api/v2/spot/trade": {
        "private.spot_trade": (
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
        ),
        "private.spot_plan": (
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
        "private.mix_plan": (
            "POST place-plan-order",
            "POST place-tpsl-order",
            "POST place-pos-tpsl",
            "POST modify-plan-order",
            "POST modify-tpsl-order",
            "POST cancel-plan-order",
            "GET orders-plan-pending",
            "GET orders-plan-history",
            "GET plan-sub-order",
        ),
        "private.mix_order": (
            "POST place-order",
            "POST batch-place-order",
            "POST modify-order",
            "POST cancel-order",
            "POST batch-cancel-orders",
            "POST cancel-all-orders",
            "POST close-positions",
            "POST click-backhand",
        ),
        "private.mix_order_lists": (
            "GET detail",
            "GET orders-pending",
            "GET orders-history",
            "GET fills",
            "GET fill-history",
        ),
    },
    "/api/v2/mix/position": {
        "private.mix_position": ("GET all-position", "GET single-position", "GET history-position"),
    },
    "/api/v2/mix/account": {
        "private.mix_account": (
            "GET accounts",
            "GET account",
            "GET bill",
            "GET max-open",
            "GET liq-price",
            "GET open-count",
            "GET isolated-symbols",
        ),
        "private.mix_settings": (
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
        "private.wallet": (
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
        "private.convert": (
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
        "private.overview": ("GET all-account-balance", "GET funding-assets", "GET bot-assets"),
    },
    "/api/v2/tax": {
        "private.tax": ("GET spot-record", "GET future-record", "GET margin-record", "GET p2p-record"),
    },
    "/api/v2/common": {"private.overview": ("GET trade-rate", "GET all-trade-rate")},
    "/api/v2/spot/account": {"private.spot_account": ("GET assets", "GET bills", "GET info", "GET deduct-info")},
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
        ("GET", "/api/v2/spot/trade/orderInfo"): "private.spot_trade:order_info",
        ("GET", "/api/v2/spot/account/subaccount-assets"): "private.spot_account:no_subaccounts",
        ("GET", "/api/v2/spot/account/transferRecords"): "private.wallet:transfer_records",
        ("GET", "/api/v2/mix/account/sub-account-assets"): "private.mix_account:no_subaccounts",
        ("GET", "/api/v2/mix/position/adlRank"): "private.mix_position:adl_rank",
    }
    | MARGIN
)
