"""The part of `bitget plan` that looks: waiting orders, past ones, one of them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, islice
from typing import Any

from bitget_cli.catalogue.rows import Endpoint
from bitget_cli.commands import own_lists, searching
from bitget_cli.commands.declare import Group
from bitget_cli.commands.options import AllOpt, LimitOpt, MaybeSymbolArg, ProductOpt, SinceOpt, UntilOpt
from bitget_cli.commands.order_lists import shown
from bitget_cli.commands.order_options import IdArg, KindOpt, MarketOpt, PlanKind
from bitget_cli.commands.own_lists import Range
from bitget_cli.errors import UsageError
from bitget_cli.results import Record, Result, Rows
from bitget_cli.session import Session
from bitget_cli.trading.finding import PLAN_KINDS, Book, Found
from bitget_cli.trading.reads import Read, row
from bitget_cli.values import Product, Symbol

group = Group("plan", "Waiting orders, past ones.")

COLUMNS = ("planType", "symbol", "side", "triggerPrice", "price", "size", "orderId")
PAST_COLUMNS = ("planType", "symbol", "side", "triggerPrice", "size", "planStatus", "orderId")
SPOT_COLUMNS = ("symbol", "side", "triggerPrice", "executePrice", "size", "planType", "status", "orderId")
# Kinds that lead to orders which can be asked for.
_LEADS = ("normal_plan", "track_plan")


@group.command("list")
def list_(
    session: Session,
    symbol: MaybeSymbolArg = None,
    kind: KindOpt = None,
    limit: LimitOpt = None,
    every: AllOpt = False,
    since: SinceOpt = None,
    until: UntilOpt = None,
    product: ProductOpt = None,
) -> Result:
    """Orders that wait for their price: trigger, trailing, take-profit and stop-loss.

    Example: bitget -p paper plan list BTCUSDT --kind tpsl
    """
    return _list(session, Read.OPEN_PLANS, symbol, product, kind, Range(since, until, limit, every))


@group.command()
def history(
    session: Session,
    symbol: MaybeSymbolArg = None,
    kind: KindOpt = None,
    limit: LimitOpt = None,
    every: AllOpt = False,
    since: SinceOpt = None,
    until: UntilOpt = None,
    product: ProductOpt = None,
) -> Result:
    """Those of the last 90 days that were set off, failed or were cancelled.

    Example: bitget -p paper plan history --since 7d
    """
    return _list(session, Read.PAST_PLANS, symbol, product, kind, Range(since, until, limit, every))


@group.command()
def show(session: Session, id_: IdArg, symbol: MarketOpt = None, product: ProductOpt = None) -> Result:
    """One waiting or past order, and the orders it led to.

    Example: bitget -p paper plan show 1234567890
    """
    found = searching.located(session, id_, symbol=symbol, product=product, first=Book.PLANS, past=True)
    if found.book is Book.ORDERS or not _may_have_led(found):
        return shown(session, found)
    line = found.symbol.product
    meaning = row(Read.PLAN_ORDERS, line)
    words = {"planOrderId": found.ids["orderId"]}
    words |= {} if line.is_spot else {"planType": found.kind, "productType": line.wire}
    orders = session.client.read(meaning, **words)
    return Record({**found.row, "orders": orders}, row(Read.PAST_PLANS, line).fields)


def waiting(
    session: Session, product: Product, market: Symbol | None, wanted: Range, *, kind: PlanKind | None = None
) -> Iterator[Any]:
    """Every waiting order, of all kinds or of one."""
    return _items(session, row(Read.OPEN_PLANS, product), product, market, kind, wanted)


def _list(
    session: Session, read: Read, symbol: str | None, product: str | None, kind: PlanKind | None, wanted: Range
) -> Result:
    line, market = own_lists.where(session, symbol, product)
    meaning = row(read, line)
    items = _items(session, meaning, line, market, kind, wanted)
    futures = COLUMNS if read is Read.OPEN_PLANS else PAST_COLUMNS
    return Rows(items, meaning.fields, SPOT_COLUMNS if line.is_spot else futures)


def _items(
    session: Session,
    meaning: Endpoint,
    line: Product,
    market: Symbol | None,
    kind: PlanKind | None,
    wanted: Range,
) -> Iterator[Any]:
    """Bitget lists each kind by itself; spot has one kind."""
    if line.is_spot:
        if kind not in (None, PlanKind.TRIGGER, PlanKind.NORMAL_PLAN):
            raise UsageError(f"spot has no {kind} orders here", hint="leave --kind out")
        return own_lists.listed(session, meaning, line, market, wanted)
    kinds = (kind.wire,) if kind else PLAN_KINDS
    lists = (own_lists.listed(session, meaning, line, market, wanted, planType=each) for each in kinds)
    return islice(chain.from_iterable(lists), wanted.limit)


def _may_have_led(found: Found) -> bool:
    return found.symbol.product.is_spot or found.kind in _LEADS
