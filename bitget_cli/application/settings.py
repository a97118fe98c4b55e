"""Settings of a futures market."""

from __future__ import annotations

from decimal import Decimal

from bitget_cli.application import changes
from bitget_cli.errors import UsageError
from bitget_cli.results import Result
from bitget_cli.session import Session
from bitget_cli.trading import risk
from bitget_cli.trading.account_state import AccountState
from bitget_cli.trading.change import Change
from bitget_cli.trading.model import OPENS, MarginMode, OrderIntent, PositionSide
from bitget_cli.values import Symbol


def leverage(
    session: Session,
    market: Symbol,
    wanted: Decimal,
    side: PositionSide | None,
    *,
    yes: bool,
    dry_run: bool = False,
) -> Result:
    """Set the leverage, and answer what became of it. Of one `side` where each has its own, else of both."""
    at = changes.desk(session)
    risk.check_leverage(at.instrument(market), wanted)
    account = at.account(market)
    both = account.hedges and account.margin_mode is MarginMode.ISOLATED
    if side and not both:
        raise UsageError(
            f"{market.name} has one leverage for both sides: only isolated margin in hedge mode has two",
            hint="leave --side out",
        )
    change = session.adapter.settings.leverage(
        market,
        wanted,
        margin_coin=at.instrument(market).margin_coin,
        margin_mode=account.margin_mode,
        side=side,
        each_side=both,
    )
    return changes.carry_out(session, change, yes=yes, dry_run=dry_run)


def leverage_for(session: Session, at: AccountState, intent: OrderIntent, wanted: Decimal) -> Change | None:
    """The change after which an order opens with this leverage; None where the account has it already.

    From then on `at` counts with the new one. Raises UsageError for an order that opens nothing with leverage.
    """
    market, side = intent.symbol, OPENS[intent.direction]
    if market.product.is_spot or intent.closing:
        whose = "spot" if market.product.is_spot else "an order that only closes"
        raise UsageError(f"{whose} has no leverage to set", hint="leave --leverage out")
    risk.check_leverage(at.instrument(market), wanted)
    account = at.account(market)
    mode = intent.margin_mode or account.margin_mode
    own_mode = mode is account.margin_mode
    if own_mode and account.leverage(side) == wanted:
        return None
    both = account.hedges and mode is MarginMode.ISOLATED
    change = session.adapter.settings.leverage(
        market,
        wanted,
        margin_coin=at.instrument(market).margin_coin,
        margin_mode=mode,
        side=side if both else None,
        each_side=both,
        other_mode=not own_mode,
    )
    if own_mode:
        at.expect(market, account._replace(long_leverage=wanted, short_leverage=wanted))
    return change
