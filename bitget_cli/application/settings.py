"""Settings of a futures market."""

from __future__ import annotations

from decimal import Decimal

from bitget_cli.application import changes
from bitget_cli.errors import UsageError
from bitget_cli.results import Result
from bitget_cli.session import Session
from bitget_cli.trading import risk
from bitget_cli.trading.model import MarginMode, PositionSide
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
