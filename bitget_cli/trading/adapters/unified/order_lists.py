"""Orders of a unified account: the model read from its rows, and an order found by its id."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from bitget_cli.client.rest.response import objects
from bitget_cli.errors import RejectedError
from bitget_cli.trading.adapters.classic import order_lists as classic
from bitget_cli.trading.adapters.classic.order_requests import ids_of
from bitget_cli.trading.adapters.unified.replies import endpoint
from bitget_cli.trading.adapters.unified.vocabulary import BOTH_EXITS, KIND, negated, product_of, row_of
from bitget_cli.trading.model import PositionMode, Read, exact
from bitget_cli.trading.order_model import Order, OrderList, OrderName, Plan, PlanType
from bitget_cli.values import Product, Symbol, is_whole

if TYPE_CHECKING:
    from bitget_cli.client.rest.client import Client

Row = Mapping[str, Any]
Mode = Callable[[], PositionMode | None]
Lister = Callable[[Read, Product, Symbol | None], Iterator[Row]]

_NOT_FOUND = frozenset({"25204", "24056", "25577", "40768"})
TYPES = {
    "trigger": "trigger",
    "normal_plan": "trigger",
    "trailing": "trailing_stop",
    "track_plan": "trailing_stop",
    "tpsl": "tpsl",
    "profit_loss": "tpsl",
    "oco": "oco",
    "twap": "twap",
    "iceberg": "iceberg",
}


def order(row: Row, market: Symbol, *, verbatim: bool = False) -> Order:
    """A plain order, from a row as the account tells it."""
    # As a past one, whatever it is: of spot a row of those says the price and what it filled at apart.
    read = Read.PAST_ORDERS if market.product.is_spot else Read.OPEN_ORDERS
    found = classic.order(row_of(read, market.product, row), market)
    profit, loss = levels_in(row)
    # What was paid is positive here.
    fee, coin = classic.only_fee(
        [(one.get("feeCoin"), negated(one.get("fee"))) for one in objects(row.get("feeDetail"))]
    )
    found = found._replace(take_profit=profit, stop_loss=loss, fee=fee, fee_coin=coin)
    if verbatim:
        return found._replace(row=row)
    if found.state and found.state.is_over:
        return found._replace(row=row_of(Read.PAST_ORDERS, market.product, row))
    return found._replace(row=row_of(Read.OPEN_ORDERS, market.product, row))


def plan(row: Row, market: Symbol, mode: Mode, *, read: Read = Read.OPEN_PLANS, verbatim: bool = False) -> Plan:
    """A waiting order; one that is a take-profit and a stop-loss at once is told as one."""
    told = row_of(read, market.product, row, mode=mode() if needs_mode(row) else None)
    found = classic.plan(told, market)
    if told.get("planType") in (BOTH_EXITS, "tpsl"):
        profit, loss = levels_in(row)
        kind = PlanType.TAKE_PROFIT if profit else PlanType.STOP_LOSS
        found = found._replace(type=kind, trigger=profit or loss, take_profit=profit, stop_loss=loss)
    if row.get("type") in ("trigger", "trailing_stop"):
        # What it led to, which a classic account tells with it, is not told.
        kind = told.pop(KIND.name)
        told |= {"orders": None, KIND.name: kind}
    whole = row.get("tpslMode") == "full"
    return found._replace(type_word=str(row.get("type") or ""), whole_position=whole, row=row if verbatim else told)


def levels_in(row: Row) -> tuple[Decimal | None, Decimal | None]:
    """Take-profit and stop-loss, in either spelling."""
    profit, loss = (exact(row.get(name) or row.get(name.lower())) or None for name in ("takeProfit", "stopLoss"))
    return profit, loss


def needs_mode(row: Row) -> bool:
    """Whether the position mode, which a waiting order does not say, decides in which words it is told."""
    return bool(row.get("posSide")) and not row.get("holdMode")


def find(
    client: Client,
    names: Sequence[OrderName],
    *,
    products: Sequence[Product],
    market: Symbol | None,
    first: OrderList | None,
    past: bool,
    listed: Lister,
    plan_of: Callable[[Row, Symbol, Read], Plan],
    order_of: Callable[[Row, Symbol], Order],
) -> Order | Plan | None:
    """The order that has one of the names; None when nothing has it.

    One order can be asked for by its id, open or past; the lists are looked through for what that does not know, and
    for waiting orders, of which none can be asked for. Those of `first` come before the others.
    """
    candidates = [ids_of(name) for name in names if name.order_id is None or is_whole(name.order_id)]
    searched = [market.product] if market else list(products)

    def in_orders() -> Order | None:
        row = asked(client, candidates) or _in_list(listed, Read.OPEN_ORDERS, searched, market, candidates)
        if row is None and past:
            row = _in_list(listed, Read.PAST_ORDERS, searched, market, candidates)
        product = product_of(row) if row else None
        if row is None or product not in searched or (market and row.get("symbol") != market.name):
            return None
        found = order_of(row, Symbol(str(row.get("symbol")), product))
        return None if found.state and found.state.is_over and not past else found

    def in_plans() -> Plan | None:
        for read in (Read.OPEN_PLANS, Read.PAST_PLANS) if past else (Read.OPEN_PLANS,):
            row = _in_list(listed, read, searched, market, candidates)
            if row and (product := product_of(row) or (searched[0] if len(searched) == 1 else None)):
                return plan_of(row, Symbol(str(row.get("symbol")), product), read)
        return None

    if first is OrderList.PLANS:
        return in_plans() or in_orders()
    return in_orders() or in_plans()


def asked(client: Client, candidates: Sequence[Row]) -> Row | None:
    """The order of one of these ids, whatever its state."""
    for ids in candidates:
        try:
            data = client.call(endpoint(Read.ORDER, Product.SPOT), **ids)
        except RejectedError as refusal:
            if refusal.code not in _NOT_FOUND:
                raise
            continue
        if isinstance(data, dict) and ids.items() <= data.items():
            return data
    return None


def _in_list(
    listed: Lister, read: Read, products: Sequence[Product], market: Symbol | None, candidates: Sequence[Row]
) -> Row | None:
    for product in products:
        for row in listed(read, product, market):
            if any(ids.items() <= row.items() for ids in candidates):
                return {**row, "category": row.get("category") or product.wire}
    return None
