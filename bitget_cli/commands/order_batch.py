"""`bitget order batch`: many orders from a file, in as few calls as Bitget allows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from bitget_cli.commands import consent, dealing, typed_orders
from bitget_cli.commands.declare import Group
from bitget_cli.commands.options import AllowFarOpt, DryRunOpt, ProductOpt, YesOpt
from bitget_cli.errors import UsageError
from bitget_cli.results import Result
from bitget_cli.session import Session
from bitget_cli.trading import wire
from bitget_cli.trading.changes import Batch
from bitget_cli.trading.desk import Desk
from bitget_cli.trading.guards import Consequence
from bitget_cli.trading.intents import MarginMode, Order
from bitget_cli.values import Symbol

if TYPE_CHECKING:
    from bitget_cli.commands.order_file import Line

group = Group("order", "Many orders from a file.")


@group.command()
def batch(
    session: Session,
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="CSV with a header, NDJSON or a JSON array; - for stdin.")
    ],
    product: ProductOpt = None,
    allow_far: AllowFarOpt = False,
    yes: YesOpt = False,
    dry_run: DryRunOpt = False,
) -> Result:
    """Place the orders of a file, twenty a call.

    The columns are the words of `buy`: symbol side size quote price tif reduce_only close tp sl margin_mode
    client_oid. Every line is checked before the first is sent. Exit 8 when a part of them failed.

    Example: bitget -p paper order batch orders.csv --dry-run
    """
    from bitget_cli.commands.order_file import lines

    typed = lines(file, stdin=session.doors.stdin)
    at = dealing.desk(session)
    asks = consent.asks(session, yes=yes, dry_run=dry_run)
    groups: dict[tuple[Symbol, MarginMode | None], list[Order]] = {}
    consequences: list[Consequence] = []
    for line in typed:
        intent, consequence = _read(session, at, line, product=product, asks=asks, pays=not dry_run)
        consequences.append(consequence)
        groups.setdefault((intent.symbol, intent.margin_mode), []).append(intent)
    batches: list[Batch] = [wire.batch(orders, dealing.terms(at, symbol)) for (symbol, _), orders in groups.items()]
    return dealing.carry_out_all(
        session, batches, yes=yes, dry_run=dry_run, consequences=consequences, allow_far=allow_far
    )


def _read(
    session: Session, at: Desk, line: Line, *, product: str | None, asks: bool, pays: bool
) -> tuple[Order, Consequence]:
    """The order of one line. Raises UsageError that names the line."""
    try:
        market = session.symbol(line.symbol, product)
        intent = typed_orders.order(at, market, line.direction, line.words, say=session.say)
        return intent, typed_orders.judged(at, intent, asks=asks, pays=pays)
    except UsageError as mistake:
        raise UsageError(f"{line.place}: {mistake.message}", hint=mistake.hint) from None
