"""Closing positions."""

from __future__ import annotations

from decimal import Decimal

from bitget_cli.application import changes
from bitget_cli.application.orders import amounts
from bitget_cli.errors import UsageError
from bitget_cli.results import Result
from bitget_cli.session import Session
from bitget_cli.trading import risk
from bitget_cli.trading.account_state import AccountState
from bitget_cli.trading.change import Change
from bitget_cli.trading.model import (
    OPENING,
    OPPOSITE,
    OrderIntent,
    Position,
    PositionMode,
    PositionSide,
    Terms,
    part_of,
)
from bitget_cli.trading.risk import Consequence
from bitget_cli.trading.words import SizeWord
from bitget_cli.values import Product, Symbol


def close(
    session: Session,
    market: Symbol,
    side: PositionSide | None,
    *,
    size: SizeWord | None = None,
    percent: Decimal | None = None,
    tag: str | None = None,
    yes: bool,
    dry_run: bool = False,
    looks: bool = False,
) -> Result:
    """Close a position at market, or so much of it, and answer what became of it.

    `size` may be a share of what no order is to close already, `percent` is one of all of it.

    Raises UsageError where there is none, or a long and a short and no side was said.
    """
    at = changes.desk(session)
    held = at.position(market, side, command=f"bitget position close {market.name}")
    sums = amounts.leaving(at, held)
    closed = _closed(at, held, None if size is None else sums.size(size, None), percent)
    working = tuple(sums.working)
    for sentence in working:
        session.say(sentence)
    session.say(f"{held.summary}: closing {'all of it' if closed is None else f'{closed:f}'}")
    part = None if closed is None else reducing(held, closed)
    change = session.adapter.orders.place(part, terms_of(at, held)) if part else whole(session, held)
    change = change._replace(tag=tag, working=working)
    details = (*(part.details() if part else ()), *((f"tag {tag}",) if tag else ()), *working)
    consequence = Consequence(change.what, closing=True, details=details)
    if changes.asks(session, yes=yes, dry_run=dry_run):
        consequence = changes.worth(at, market, closed or held.size, what=change.what)._replace(
            closing=True, details=details
        )
    return changes.carry_out(session, change, yes=yes, dry_run=dry_run, consequence=consequence, looks=looks)


def close_all(
    session: Session, line: Product, *, tag: str | None, yes: bool, dry_run: bool = False, looks: bool = False
) -> Result:
    """Close every position of a futures line at market, after they were listed, and answer what became of it."""
    at = changes.desk(session)
    there = at.positions(line)
    if not there:
        return changes.nothing(session, f"there are no open positions in {line}")
    session.say(f"{changes.counted(len(there), 'open position')} in {line}:")
    for held in there:
        session.say(f"  {held.summary}")
    change = session.adapter.orders.close_product(line)
    change = change._replace(there=tuple(held.symbol.name for held in there), tag=tag)
    return changes.carry_out(session, change, yes=yes, dry_run=dry_run, looks=looks)


def terms_of(at: AccountState, held: Position) -> Terms:
    """The modes the position itself is held in."""
    return Terms(held.position_mode, held.margin_mode, at.instrument(held.symbol).margin_coin)


def whole(session: Session, held: Position) -> Change:
    """The call that closes all of a position, however small or large it is."""
    hedges = held.position_mode is PositionMode.HEDGE
    change = session.adapter.orders.close_whole(held.symbol, held.side, hedges=hedges)
    return change._replace(there=(held.symbol.name,))


def reducing(held: Position, size: Decimal) -> OrderIntent:
    """A market order against the position, which can only make it smaller."""
    return OrderIntent(held.symbol, OPPOSITE[OPENING[held.side]], size, closing=True, margin_mode=held.margin_mode)


def _closed(at: AccountState, held: Position, some: Decimal | None, share: Decimal | None) -> Decimal | None:
    """How much to close; None for all of it. Raises UsageError for more than there is."""
    if share is not None and share < 100:
        step = at.instrument(held.symbol).step
        some = part_of(held.size, share, step=step)
        if not some:
            raise UsageError(f"{share:f} % of {held.size:f} is less than one step of {step:f}")
    if some is None or some == held.size:
        return None
    risk.check_size(at.instrument(held.symbol), some, what="--size")
    if some > held.size:
        raise UsageError(f"--size {some:f} is more than the position, {held.size:f}", hint="leave --size out for all")
    return some
