"""Reads by their meaning: which row of the catalogue answers a question in each product."""

from __future__ import annotations

from enum import StrEnum

from bitget_cli.catalogue import find
from bitget_cli.catalogue.model import Endpoint
from bitget_cli.errors import UsageError
from bitget_cli.values import Product


class Read(StrEnum):
    """What can be asked."""

    INSTRUMENTS = "instruments"
    PRICE = "price"
    ACCOUNT = "the account of one market"
    BALANCE = "balances"
    BILLS = "bookings"
    SUBACCOUNTS = "balances of sub-accounts"
    POSITIONS = "positions"
    POSITION = "a position"
    CLOSED_POSITIONS = "closed positions"
    ADL = "auto-deleveraging ranks"
    LARGEST_OPEN = "a largest position"
    LIQUIDATION = "a liquidation price"
    ORDER = "an order"
    OPEN_ORDERS = "open orders"
    PAST_ORDERS = "past orders"
    FILLS = "trades of yours"
    OLD_FILLS = "trades of yours, further back"
    OPEN_PLANS = "waiting plan orders"
    PAST_PLANS = "past plan orders"
    PLAN_ORDERS = "orders a plan led to"


# Futures, spot; a name of the catalogue, or None where the product has no such thing.
_ROWS: dict[Read, tuple[str | None, str | None]] = {
    Read.INSTRUMENTS: ("mix.market.contracts", "spot.public.symbols"),
    Read.PRICE: ("mix.market.symbol-price", "spot.market.tickers"),
    Read.ACCOUNT: ("mix.account.account", None),
    Read.BALANCE: ("mix.account.accounts", "spot.account.assets"),
    Read.BILLS: ("mix.account.bill", "spot.account.bills"),
    Read.SUBACCOUNTS: ("mix.account.sub-account-assets", "spot.account.subaccount-assets"),
    Read.POSITIONS: ("mix.position.all-position", None),
    Read.POSITION: ("mix.position.single-position", None),
    Read.CLOSED_POSITIONS: ("mix.position.history-position", None),
    Read.ADL: ("mix.position.adlRank", None),
    Read.LARGEST_OPEN: ("mix.account.max-open", None),
    Read.LIQUIDATION: ("mix.account.liq-price", None),
    Read.ORDER: ("mix.order.detail", "spot.trade.orderInfo"),
    Read.OPEN_ORDERS: ("mix.order.orders-pending", "spot.trade.unfilled-orders"),
    Read.PAST_ORDERS: ("mix.order.orders-history", "spot.trade.history-orders"),
    Read.FILLS: ("mix.order.fills", "spot.trade.fills"),
    Read.OLD_FILLS: ("mix.order.fill-history", "spot.trade.fills"),
    Read.OPEN_PLANS: ("mix.order.orders-plan-pending", "spot.trade.current-plan-order"),
    Read.PAST_PLANS: ("mix.order.orders-plan-history", "spot.trade.history-plan-order"),
    Read.PLAN_ORDERS: ("mix.order.plan-sub-order", "spot.trade.plan-sub-order"),
}


def row(meaning: Read, product: Product) -> Endpoint:
    """The row that answers `meaning` in a product. Raises UsageError where the product has no such thing."""
    futures, spot = _ROWS[meaning]
    name = spot if product.is_spot else futures
    if name is None:
        raise UsageError(
            f"{product} has no {meaning.value.removeprefix('a ').removeprefix('the ')}",
            hint="name a futures market such as BTCUSDT, or a futures --product",
        )
    return find(name)
