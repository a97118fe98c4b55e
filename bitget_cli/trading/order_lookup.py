"""Finding an order by its id or client id in whichever book it lives: orders, triggers, exits; futures and spot."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

from bitget_cli.catalogue.model import Endpoint
from bitget_cli.errors import RejectedError
from bitget_cli.trading.adapters.classic.endpoints import Read, row
from bitget_cli.trading.model import PositionMode
from bitget_cli.values import Product, Symbol

if TYPE_CHECKING:
    from bitget_cli.client.rest.client import Client

PLAN_KINDS = ("normal_plan", "track_plan", "profit_loss")
# Without a status Bitget's page promises untouched orders only.
OPEN_STATES: tuple[dict[str, str], ...] = ({}, {"status": "partially_filled"})
# What Bitget answers for an id it does not know (futures order, order, spot order, plan order).
_NOT_FOUND = frozenset({"40109", "40768", "43001", "43025", "22001"})
ID_NAMES = ("orderId", "clientOid")
SPOT_BOOKS: tuple[dict[str, str], ...] = ({}, {"tpslType": "tpsl"})


class OrderList(StrEnum):
    ORDERS = "orders"
    PLANS = "plans"


class FoundOrder(NamedTuple):
    """An order in its book. `row` is as Bitget lists it, `kind` its planType (empty for a plain order).

    `placed_to_close` is what the request said that placed it: Bitget does not list it of a waiting order.
    """

    symbol: Symbol
    book: OrderList
    row: Mapping[str, Any]
    kind: str = ""
    placed_to_close: bool = False

    @property
    def ids(self) -> dict[str, str]:
        """What names it on the wire: its order id."""
        return {"orderId": str(self.row["orderId"])}

    @property
    def names(self) -> dict[str, str]:
        """All that it is called."""
        return {name: str(self.row[name]) for name in ID_NAMES if self.row.get(name)}

    @property
    def state(self) -> str:
        return str(self.row.get("status") or self.row.get("state") or self.row.get("planStatus") or "")

    @property
    def closes(self) -> bool:
        """Whether it can only make a position smaller."""
        hedges = self.row.get("posMode") != PositionMode.ONE_WAY.value
        if hedges and self.row.get("tradeSide") in ("open", "close"):  # hedge mode knows no reduceOnly
            return self.row.get("tradeSide") == "close"
        return self.placed_to_close or str(self.row.get("reduceOnly")).lower() == "yes"


class _Shelf(NamedTuple):
    """A list to look through: the row, its parameters, and whether it takes ids as a filter."""

    book: OrderList
    row: Endpoint
    given: Mapping[str, Any]
    takes: tuple[str, ...] = ID_NAMES

    def takes_all(self, ids: Mapping[str, str]) -> bool:
        return all(name in self.takes for name in ids)


def find(
    client: Client,
    text: str,
    *,
    products: Sequence[Product],
    market: Symbol | None = None,
    first: OrderList = OrderList.ORDERS,
    past: bool = False,
    by: Sequence[str] = ID_NAMES,
) -> FoundOrder | None:
    """The order called `text`; None when no book has it.

    Open books are searched, those of `first` before the others, and with `past` the histories after them. `market`
    narrows the search to one. An id of digits may be a client id too, unless `by` says otherwise.
    """
    candidates = [ids for ids in named(text) if set(ids) <= set(by)]
    searched = [market.product] if market else list(products)
    for shelves in (_open_shelves, _past_shelves) if past else (_open_shelves,):
        for product in searched:
            ordered = sorted(shelves(product), key=lambda shelf: shelf.book is not first)
            for shelf in ordered:
                found = _on_shelf(client, shelf, candidates, product=product, market=market)
                if found:
                    return found
    return None


def missing(text: str, *, where: str) -> RejectedError:
    return RejectedError(
        f"there is no order {text} in {where}",
        hint="bitget order list, bitget plan list; or name its market with --symbol",
        outcome="rejected",
    )


def over(text: str, found: FoundOrder) -> RejectedError:
    """The order is there, but done with."""
    return RejectedError(
        f"order {text} of {found.symbol.name} is {found.state or 'over'} already",
        hint=f"bitget order show {text}",
        outcome="rejected",
    )


def named(text: str) -> Iterator[dict[str, str]]:
    """The id as the wire may know it: order ids are digits, client ids may be."""
    if text.isascii() and text.isdigit():
        yield {"orderId": text}
    yield {"clientOid": text}


def _on_shelf(
    client: Client, shelf: _Shelf, candidates: Sequence[Mapping[str, str]], *, product: Product, market: Symbol | None
) -> FoundOrder | None:
    names_market = any(param.name == "symbol" for param in shelf.row.params)
    given = dict(shelf.given) | ({"symbol": market.name} if market and names_market else {})
    filters = [ids for ids in candidates if shelf.takes_all(ids)]
    # A list that cannot be asked for the id is walked to its end.
    for ids in [*filters, *([{}] if len(filters) < len(candidates) else [])]:
        for item in _rows(client, shelf.row, {**given, **ids}, every=not ids):
            if isinstance(item, dict) and any(one.items() <= item.items() for one in candidates):
                symbol = Symbol(str(item.get("symbol")), product)
                return FoundOrder(
                    symbol, shelf.book, item, kind=str(item.get("planType") or given.get("planType") or "")
                )
    return None


def _rows(client: Client, endpoint: Endpoint, given: Mapping[str, Any], *, every: bool) -> Iterator[Any]:
    from bitget_cli.client.rest.pagination import pages

    try:
        yield from pages(client, endpoint, given, every=every)
    except RejectedError as refusal:
        if refusal.code not in _NOT_FOUND:
            raise


def _open_shelves(product: Product) -> list[_Shelf]:
    if product.is_spot:
        orders = row(Read.OPEN_ORDERS, product)
        shelves = [_Shelf(OrderList.ORDERS, orders, given, takes=("orderId",)) for given in SPOT_BOOKS]
        return [*shelves, _Shelf(OrderList.PLANS, row(Read.OPEN_PLANS, product), {}, takes=())]
    line = {"productType": product.wire}
    orders, plans = row(Read.OPEN_ORDERS, product), row(Read.OPEN_PLANS, product)
    return [
        *(_Shelf(OrderList.ORDERS, orders, {**line, **given}) for given in OPEN_STATES),
        *(_Shelf(OrderList.PLANS, plans, {**line, "planType": kind}) for kind in PLAN_KINDS),
    ]


def _past_shelves(product: Product) -> list[_Shelf]:
    if product.is_spot:
        # orderInfo knows every state, but a client id for two hours only.
        return [
            _Shelf(OrderList.ORDERS, row(Read.ORDER, product), {}),
            *(
                _Shelf(OrderList.ORDERS, row(Read.PAST_ORDERS, product), given, takes=("orderId",))
                for given in SPOT_BOOKS
            ),
            _Shelf(OrderList.PLANS, row(Read.PAST_PLANS, product), {}, takes=()),
        ]
    line = {"productType": product.wire}
    orders, plans = row(Read.PAST_ORDERS, product), row(Read.PAST_PLANS, product)
    return [
        _Shelf(OrderList.ORDERS, orders, line),
        *(_Shelf(OrderList.PLANS, plans, {**line, "planType": kind}) for kind in PLAN_KINDS),
    ]
