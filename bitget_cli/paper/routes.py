"""Which function answers which path: "module:function", imported when the path is first asked for."""

from __future__ import annotations

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
