"""The part of `bitget plan` that changes waiting orders: new terms, or away with them."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import typer

from bitget_cli.commands import cancelling, dealing, modifying, own_lists
from bitget_cli.commands.declare import Group
from bitget_cli.commands.modifying import NewTerms
from bitget_cli.commands.options import AllowFarOpt, DryRunOpt, MaybeSymbolArg, ProductOpt, YesOpt
from bitget_cli.commands.order_options import IdArg, IdsArg, MarketOpt
from bitget_cli.commands.own_lists import Range
from bitget_cli.commands.plan_lists import waiting
from bitget_cli.results import Result
from bitget_cli.session import Session
from bitget_cli.trading import plan_wire, wire
from bitget_cli.trading.changes import Change
from bitget_cli.trading.finding import Book
from bitget_cli.values import Product, Symbol

group = Group("plan", "Change and cancel waiting orders.")


@group.command()
def modify(
    session: Session,
    id_: IdArg,
    trigger: Annotated[str | None, typer.Option("--trigger", metavar="P", help="New trigger price.")] = None,
    price: Annotated[str | None, typer.Option("--price", metavar="P", help="New limit price.")] = None,
    size: Annotated[str | None, typer.Option("--size", metavar="S", help="New size in base coin.")] = None,
    callback: Annotated[str | None, typer.Option("--callback", metavar="PCT", help="New distance.")] = None,
    symbol: MarketOpt = None,
    product: ProductOpt = None,
    allow_far: AllowFarOpt = False,
    yes: YesOpt = False,
    dry_run: DryRunOpt = False,
) -> Result:
    """Change a waiting order; what is not given stays as it is.

    Example: bitget -p paper plan modify 1234567890 --trigger 61000
    """
    wanted = NewTerms(price=price, size=size, trigger=trigger, callback=callback)
    return modifying.modify(
        session,
        id_,
        wanted,
        first=Book.PLANS,
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
    """Cancel waiting orders by id or client id.

    Example: bitget -p paper plan cancel 1234567890
    """
    changes, settled = cancelling.of_plans(session, ids, symbol=symbol, product=product)
    return dealing.carry_out_all(session, changes, yes=yes, dry_run=dry_run, settled=settled)


@group.command()
def cancel_all(
    session: Session,
    symbol: MaybeSymbolArg = None,
    product: ProductOpt = None,
    yes: YesOpt = False,
    dry_run: DryRunOpt = False,
) -> Result:
    """Cancel every waiting order of one market, or of one product.

    Lists them first. Without a symbol it is the product in force alone.

    Example: bitget -p paper plan cancel-all BTCUSDT
    """
    line, market = own_lists.where(session, symbol, product)
    if market:
        dealing.desk(session).instrument(market)
    there = list(waiting(session, line, market, Range(every=True)))
    scope = market.name if market else str(line)
    if not there:
        return dealing.nothing(session, f"there are no waiting orders in {scope}", symbol=market)
    session.say(f"{dealing.counted(len(there), 'waiting order')} in {scope}:")
    for item in there:
        kind = "" if line.is_spot else f"{item.get('planType')} "
        # An exit of a whole position has no size of its own.
        size = item.get("size") if item.get("planType") not in plan_wire.WHOLE_POSITION else "all"
        words = (wire.direction_of(item), size, item.get("symbol"), "at", item.get("triggerPrice"))
        session.say(f"  {item.get('orderId')} {kind}" + " ".join(str(word) for word in words))
    changes = _all_of(line, market, there=there)
    return dealing.carry_out_all(session, changes, yes=yes, dry_run=dry_run)


def _all_of(line: Product, market: Symbol | None, *, there: list[dict[str, str]]) -> list[Change]:
    """One call for each kind that is open; spot has one for all kinds."""
    if line.is_spot:
        change = plan_wire.cancel_spot(sorted({str(item.get("symbol")) for item in there}))
        return [replace(change, there=tuple(str(item.get("orderId")) for item in there))]
    kinds: dict[str, list[str]] = {}
    for item in there:
        kinds.setdefault(str(item.get("planType")), []).append(str(item.get("orderId")))
    return [replace(plan_wire.cancel_kind(line, market, kind=kind), there=tuple(ids)) for kind, ids in kinds.items()]
