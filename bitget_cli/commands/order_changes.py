"""The part of `bitget order` that changes open orders: new terms, or away with them."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import typer

from bitget_cli.commands import cancelling, dealing, modifying, own_lists
from bitget_cli.commands.declare import Group
from bitget_cli.commands.modifying import NewTerms
from bitget_cli.commands.options import AllowFarOpt, DryRunOpt, MaybeSymbolArg, ProductOpt, YesOpt
from bitget_cli.commands.order_lists import open_orders
from bitget_cli.commands.order_options import IdArg, IdsArg, MarketOpt
from bitget_cli.commands.own_lists import Range
from bitget_cli.results import Result
from bitget_cli.session import Session
from bitget_cli.trading import wire
from bitget_cli.trading.changes import Change
from bitget_cli.trading.finding import Book
from bitget_cli.values import Product, Symbol

group = Group("order", "Change and cancel orders.")


@group.command()
def modify(
    session: Session,
    id_: IdArg,
    price: Annotated[str | None, typer.Option("--price", metavar="P", help="New limit price.")] = None,
    size: Annotated[str | None, typer.Option("--size", metavar="S", help="New size in base coin.")] = None,
    tp: Annotated[str | None, typer.Option("--tp", metavar="P", help="New take-profit; 0 removes it.")] = None,
    sl: Annotated[str | None, typer.Option("--sl", metavar="P", help="New stop-loss; 0 removes it.")] = None,
    symbol: MarketOpt = None,
    product: ProductOpt = None,
    allow_far: AllowFarOpt = False,
    yes: YesOpt = False,
    dry_run: DryRunOpt = False,
) -> Result:
    """Change an open order; what is not given stays as it is.

    Bitget cancels the order and makes another with a new id. Futures change price and size, or take-profit and
    stop-loss, not both at once.

    Example: bitget -p paper order modify 1234567890 --price 61000
    """
    wanted = NewTerms(price=price, size=size, tp=tp, sl=sl)
    return modifying.modify(
        session,
        id_,
        wanted,
        first=Book.ORDERS,
        symbol=symbol,
        product=product,
        allow_far=allow_far,
        yes=yes,
        dry_run=dry_run,
    )


@group.command()
def cancel(
    session: Session,
    ids: IdsArg,
    symbol: MarketOpt = None,
    product: ProductOpt = None,
    yes: YesOpt = False,
    dry_run: DryRunOpt = False,
) -> Result:
    """Cancel orders by id or client id, in whichever book they are.

    Example: bitget -p paper order cancel 1234567890 --symbol BTCUSDT
    """
    changes, settled = cancelling.of_orders(session, ids, symbol=symbol, product=product)
    read = cancelling.reader(session)
    return dealing.carry_out_all(session, changes, yes=yes, dry_run=dry_run, settled=settled, read=read)


@group.command()
def cancel_all(
    session: Session,
    symbol: MaybeSymbolArg = None,
    product: ProductOpt = None,
    yes: YesOpt = False,
    dry_run: DryRunOpt = False,
) -> Result:
    """Cancel every open order of one market, or of one product.

    Lists them first. Without a symbol it is the product in force alone; trigger orders have a command of their own.

    Example: bitget -p paper order cancel-all BTCUSDT
    """
    line, market = own_lists.where(session, symbol, product)
    if market:
        dealing.desk(session).instrument(market)
    there = list(open_orders(session, line, market, Range(every=True)))
    scope = market.name if market else str(line)
    if not there:
        return dealing.nothing(session, f"there are no open orders in {scope}", symbol=market)
    session.say(f"{dealing.counted(len(there), 'open order')} in {scope}:")
    for item in there:
        price = item.get("price") or item.get("priceAvg") or "market"
        side = wire.direction_of(item)
        session.say(f"  {item.get('orderId')} {side} {item.get('size')} {item.get('symbol')} at {price}")
    changes = _all_of(line, market, names=sorted({str(item.get("symbol")) for item in there}))
    seen = tuple(str(item.get("orderId")) for item in there)
    changes = [replace(change, there=seen) for change in changes]
    return dealing.carry_out_all(session, changes, yes=yes, dry_run=dry_run)


def _all_of(line: Product, market: Symbol | None, *, names: list[str]) -> list[Change]:
    """One call for a market or a futures line; spot has a call for each market only."""
    if market:
        return [wire.cancel_market(market)]
    if line.is_spot:
        return [wire.cancel_market(Symbol(name, line)) for name in names]
    return [wire.cancel_product(line)]
