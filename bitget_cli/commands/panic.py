"""`bitget panic`: the way out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from bitget_cli.commands.command import Alone
from bitget_cli.commands.options import DryRunOpt, YesOpt
from bitget_cli.errors import UsageError
from bitget_cli.results import Result
from bitget_cli.session import Session
from bitget_cli.values import Product, duration

if TYPE_CHECKING:
    from bitget_cli.application.survey import Reach


def panic(
    session: Session,
    product: Annotated[
        list[str] | None, typer.Option("--product", metavar="P", help="Only this product; may be given several times.")
    ] = None,
    keep: Annotated[
        list[str] | None, typer.Option("--keep", metavar="SYMBOL", help="Leave this market alone; may be repeated.")
    ] = None,
    give_up_after: Annotated[
        str, typer.Option("--give-up-after", metavar="T", help="Begin nothing new after 30s, 2m …")
    ] = "60s",
    yes: YesOpt = False,
    dry_run: DryRunOpt = False,
) -> Result:
    """The way out: cancel every order and close every position.

    Takes out all orders, waiting orders and positions of spot and the three futures lines, again and again until the
    account shows none. Coins are not sold. A position keeps its stop until it is gone. Shows first what it will touch;
    on live, the word panic has to be typed.

    Nothing that it sends can open anything, so caps and unknown outcomes do not hold it back, and it may be typed again
    at any time. Exit 8 when something remains, 7 when that is not known.

    Example: bitget -p paper panic
    """
    from bitget_cli.application import panic as application_panic

    seconds = duration(give_up_after, what="--give-up-after").total_seconds()
    if not seconds:
        raise UsageError(f"--give-up-after {give_up_after} is no time at all")
    scope = _scope(session, product or [], keep or [])
    return application_panic.leave(session, scope, give_up_after=seconds, yes=yes, dry_run=dry_run)


def _scope(session: Session, products: list[str], kept: list[str]) -> Reach:
    """Raises UsageError for a market that is not listed: what is kept by a slip of the pen would be lost."""
    from bitget_cli.application import changes
    from bitget_cli.application.survey import Reach

    chosen = tuple(dict.fromkeys(map(session.product, products))) or tuple(Product)
    markets = [session.symbol(text, products[0] if len(products) == 1 else None) for text in kept]
    at = changes.desk(session)
    for market in markets:
        at.instrument(market)
        if market.product not in chosen:
            raise UsageError(f"{market.name} is of {market.product}, which --product leaves out anyway")
    return Reach(chosen, frozenset(markets))


group = Alone("panic", panic)
