"""Which function answers which path, continued: margin accounts, and lists that are always empty here."""

from __future__ import annotations

# Lists of nothing, by what their answer looks like: see `private.nothing`.
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
    ("GET", f"/api/v2/{path}"): f"private.nothing:{function}" for function, paths in _NOTHING.items() for path in paths
} | {
    ("GET", f"/api/v2/margin/{mode}/{path}"): f"private.margin_account:{mode}_{function}"
    for mode in ("crossed", "isolated")
    for path, function in _ACCOUNTS.items()
}
