"""`bitget position`: what you hold in futures, closing it and turning it round."""

from __future__ import annotations

from typing import Annotated

import typer

from bitget_cli.application import changes, positions, queries
from bitget_cli.commands.command import Group
from bitget_cli.commands.options import DryRunOpt, ListOptions, MaybeSymbolArg, NoWaitOpt, ProductOpt, SymbolArg, YesOpt
from bitget_cli.commands.order_options import PartSizeOpt, SideOpt, TagOpt
from bitget_cli.results import Result, Rows
from bitget_cli.session import Session
from bitget_cli.trading.model import Read, checked_tag

group = Group("position", "What you hold in futures; close it, turn it round.")

COLUMNS = ("symbol", "holdSide", "total", "openPriceAvg", "markPrice", "unrealizedPL", "liquidationPrice", "leverage")
CLOSED_COLUMNS = ("symbol", "holdSide", "closeTotalPos", "openAvgPrice", "closeAvgPrice", "netProfit", "utime")


@group.command("list", reads_account=True)
def list_(session: Session, product: ProductOpt = None) -> Result:
    """Every open position of a product.

    Example: bitget -p paper position list
    """
    line = changes.futures_product(session, product)
    held = session.adapter.ask(Read.POSITIONS, line)
    return Rows(held.value, held.fields, COLUMNS, subject="positions")


@group.command(reads_account=True)
def show(session: Session, symbol: SymbolArg, product: ProductOpt = None) -> Result:
    """The position in one market; in hedge mode there can be two.

    Example: bitget -p paper position show BTCUSDT
    """
    market = changes.futures_symbol(session, symbol, product)
    margin_coin = changes.desk(session).instrument(market).margin_coin
    held = session.adapter.ask(Read.POSITION, market=market, margin_coin=margin_coin)
    return Rows(held.value, held.fields, COLUMNS, subject="one position")


@group.command(reads_account=True)
def history(
    session: Session, symbol: MaybeSymbolArg = None, *, wanted: ListOptions, product: ProductOpt = None
) -> Result:
    """Closed positions of the last three months and what they made, newest first.

    Example: bitget -p paper position history --since 30d
    """
    line, market = queries.where(session, symbol, product)
    return wanted.rows(session, Read.CLOSED_POSITIONS, CLOSED_COLUMNS, line, market)


@group.command(reads_account=True)
def adl(session: Session, product: ProductOpt = None) -> Result:
    """How early each position would be reduced by auto-deleveraging.

    Example: bitget -p paper position adl
    """
    line = changes.futures_product(session, product)
    ranks = session.adapter.ask(Read.ADL, line)
    return Rows(ranks.value, ranks.fields)


@group.command()
def close(
    session: Session,
    symbol: SymbolArg,
    side: SideOpt = None,
    size: PartSizeOpt = None,
    percent: Annotated[str | None, typer.Option("--percent", metavar="P", help="Only so much of it.")] = None,
    tag: TagOpt = None,
    product: ProductOpt = None,
    no_wait: NoWaitOpt = False,
    yes: YesOpt = False,
    dry_run: DryRunOpt = False,
) -> Result:
    """Close a position, or a part of it, at market.

    Where there is a long and a short, --side says which.

    Example: bitget -p paper position close BTCUSDT --percent 50
    """
    some, share = changes.part(size, percent)
    label = None if tag is None else checked_tag(tag)
    market = changes.futures_symbol(session, symbol, product)
    return positions.close(
        session,
        market,
        side,
        size=some,
        percent=share,
        tag=label,
        yes=yes,
        dry_run=dry_run,
        looks=not no_wait,
    )


@group.command()
def close_all(
    session: Session,
    tag: TagOpt = None,
    product: ProductOpt = None,
    no_wait: NoWaitOpt = False,
    yes: YesOpt = False,
    dry_run: DryRunOpt = False,
) -> Result:
    """Close every position of one product at market. Lists them first.

    Example: bitget -p paper position close-all --product usdt-futures
    """
    label = None if tag is None else checked_tag(tag)
    line = changes.futures_product(session, product)
    return positions.close_all(session, line, tag=label, yes=yes, dry_run=dry_run, looks=not no_wait)


@group.command()
def reverse(
    session: Session,
    symbol: SymbolArg,
    side: SideOpt = None,
    tag: TagOpt = None,
    product: ProductOpt = None,
    no_wait: NoWaitOpt = False,
    yes: YesOpt = False,
    dry_run: DryRunOpt = False,
) -> Result:
    """Close a position and open as much of the opposite, at market.

    On a unified account these are two changes, one after the other: what became of each is told, and nothing is opened
    after a close that did not end well.

    Example: bitget -p paper position reverse BTCUSDT
    """
    label = None if tag is None else checked_tag(tag)
    market = changes.futures_symbol(session, symbol, product)
    at = changes.desk(session)
    held = at.position(market, side, command=f"bitget position reverse {symbol}")
    session.say(f"{held.summary}: reversing")
    steps = session.adapter.orders.reverse(market, held.side, positions.terms_of(at, held), size=held.size)
    steps = [step._replace(tag=label) for step in steps]
    consequence = changes.worth(at, market, held.size, what=", then ".join(step.what for step in steps))
    return changes.carry_out_all(
        session,
        steps,
        yes=yes,
        dry_run=dry_run,
        consequences=[consequence],
        depending=True,
        looks=not no_wait,
    )
