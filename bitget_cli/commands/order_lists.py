"""The part of `bitget order` that looks: open orders, past ones, one of them, and trades."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, islice
from typing import Any

from bitget_cli.catalogue.rows import Field, Kind
from bitget_cli.client.answers import record
from bitget_cli.commands import own_lists, searching
from bitget_cli.commands.declare import Group
from bitget_cli.commands.options import AllOpt, LimitOpt, MaybeSymbolArg, ProductOpt, SinceOpt, UntilOpt
from bitget_cli.commands.order_options import IdArg, MarketOpt
from bitget_cli.commands.own_lists import Range
from bitget_cli.errors import RejectedError
from bitget_cli.results import Record, Result, Rows
from bitget_cli.session import Session
from bitget_cli.trading.finding import OPEN_STATES, SPOT_BOOKS, Book, Found
from bitget_cli.trading.reads import Read, row
from bitget_cli.values import Product, Symbol

group = Group("order", "Open orders, past ones, trades.")

FUTURES_COLUMNS = ("symbol", "side", "tradeSide", "orderType", "price", "size", "baseVolume", "status", "orderId")
DETAIL_COLUMNS = ("symbol", "side", "tradeSide", "orderType", "price", "size", "baseVolume", "state", "orderId")
PLAN_COLUMNS = ("planType", "symbol", "side", "triggerPrice", "price", "size", "planStatus", "orderId")
SPOT_COLUMNS = ("symbol", "side", "orderType", "price", "size", "baseVolume", "status", "orderId")
# While a spot order is open, Bitget shows its limit price as priceAvg and what it filled at as basePrice.
OPEN_SPOT_COLUMNS = ("symbol", "side", "orderType", "priceAvg", "size", "baseVolume", "status", "orderId")
FILL_COLUMNS = ("cTime", "symbol", "side", "tradeSide", "price", "baseVolume", "profit", "tradeScope")
SPOT_FILL_COLUMNS = ("cTime", "symbol", "side", "priceAvg", "size", "amount", "tradeScope")


@group.command("list")
def list_(
    session: Session,
    symbol: MaybeSymbolArg = None,
    limit: LimitOpt = None,
    every: AllOpt = False,
    since: SinceOpt = None,
    until: UntilOpt = None,
    product: ProductOpt = None,
) -> Result:
    """Orders that are open, partly filled ones too.

    Example: bitget -p paper order list
    """
    line, market = own_lists.where(session, symbol, product)
    items = open_orders(session, line, market, Range(since, until, limit, every))
    meaning = row(Read.OPEN_ORDERS, line)
    fields = tuple(_as_price(field) for field in meaning.fields) if line.is_spot else meaning.fields
    return Rows(items, fields, OPEN_SPOT_COLUMNS if line.is_spot else FUTURES_COLUMNS)


@group.command()
def history(
    session: Session,
    symbol: MaybeSymbolArg = None,
    limit: LimitOpt = None,
    every: AllOpt = False,
    since: SinceOpt = None,
    until: UntilOpt = None,
    product: ProductOpt = None,
) -> Result:
    """Orders of the last 90 days that are filled or cancelled, newest first.

    Example: bitget -p paper order history BTCUSDT --since 7d
    """
    line, market = own_lists.where(session, symbol, product)
    meaning = row(Read.PAST_ORDERS, line)
    items = own_lists.listed(session, meaning, line, market, Range(since, until, limit, every))
    return Rows(items, meaning.fields, SPOT_COLUMNS if line.is_spot else FUTURES_COLUMNS)


@group.command()
def fills(
    session: Session,
    symbol: MaybeSymbolArg = None,
    limit: LimitOpt = None,
    every: AllOpt = False,
    since: SinceOpt = None,
    until: UntilOpt = None,
    product: ProductOpt = None,
) -> Result:
    """Your own trades, newest first.

    Without a range the latest; with --since, --until or --all up to 90 days back.

    Example: bitget -p paper order fills BTCUSDT --limit 10
    """
    line, market = own_lists.where(session, symbol, product)
    wanted = Range(since, until, limit, every)
    # Bitget's demo has no list of older trades.
    older = wanted.is_said and session.env != "demo"
    meaning = row(Read.OLD_FILLS if older else Read.FILLS, line)
    items = own_lists.listed(session, meaning, line, market, wanted)
    return Rows(items, meaning.fields, SPOT_FILL_COLUMNS if line.is_spot else FILL_COLUMNS)


@group.command()
def show(session: Session, id_: IdArg, symbol: MarketOpt = None, product: ProductOpt = None) -> Result:
    """One order, open or past, in whichever book it is.

    Example: bitget -p paper order show 1234567890
    """
    found = searching.located(session, id_, symbol=symbol, product=product, past=True)
    return shown(session, found)


def shown(session: Session, found: Found) -> Result:
    """The order in full: a plain futures order has more to say than its list tells."""
    line = found.symbol.product
    if found.book is Book.PLANS:
        return Record(found.row, row(Read.PAST_PLANS, line).fields, PLAN_COLUMNS if not line.is_spot else ())
    meaning = row(Read.ORDER, line)
    words = found.ids if line.is_spot else {"symbol": found.symbol.name, "productType": line.wire, **found.ids}
    try:
        told = session.client.call(meaning, **words)
    except RejectedError:
        # Bitget forgets the detail of a cancelled order before it forgets the order.
        told = None
    detail = record(told)
    columns = SPOT_COLUMNS if line.is_spot else DETAIL_COLUMNS
    return Record(detail or found.row, meaning.fields, columns)


def open_orders(session: Session, product: Product, market: Symbol | None, wanted: Range) -> Iterator[Any]:
    """Every open order, whichever of Bitget's lists has it."""
    meaning = row(Read.OPEN_ORDERS, product)
    shelves = SPOT_BOOKS if product.is_spot else OPEN_STATES
    lists = (own_lists.listed(session, meaning, product, market, wanted, **given) for given in shelves)
    return islice(own_lists.once(chain.from_iterable(lists)), wanted.limit)


def _as_price(field: Field) -> Field:
    return field._replace(label="Price", kind=Kind.NUMBER) if field.name == "priceAvg" else field
