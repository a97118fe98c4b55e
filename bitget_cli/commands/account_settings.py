"""The part of `bitget account` that changes things: leverage, modes, margin, transfers."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from bitget_cli.commands import dealing
from bitget_cli.commands.declare import Group
from bitget_cli.commands.options import DryRunOpt, ProductOpt, SymbolArg, YesOpt
from bitget_cli.commands.order_options import SideOpt
from bitget_cli.errors import UsageError
from bitget_cli.results import Result
from bitget_cli.session import Session
from bitget_cli.trading import account_wire, rules
from bitget_cli.trading.changes import PositionMode, PositionSide
from bitget_cli.trading.desk import Desk
from bitget_cli.trading.intents import MarginMode
from bitget_cli.values import Symbol, amount

group = Group("account", "Leverage, modes, margin, transfers.")


class ModeWord(StrEnum):
    """How positions of a product are held."""

    ONE_WAY = "one-way"
    HEDGE = "hedge"


class Switch(StrEnum):
    """On or off."""

    ON = "on"
    OFF = "off"


class Wallet(StrEnum):
    """Where money can be moved between."""

    SPOT = "spot"
    USDT_FUTURES = "usdt-futures"
    USDC_FUTURES = "usdc-futures"
    COIN_FUTURES = "coin-futures"
    CROSSED_MARGIN = "crossed-margin"
    ISOLATED_MARGIN = "isolated-margin"
    P2P = "p2p"


_MODES = {ModeWord.ONE_WAY: PositionMode.ONE_WAY, ModeWord.HEDGE: PositionMode.HEDGE}


@group.command()
def leverage(
    session: Session,
    symbol: SymbolArg,
    leverage: Annotated[str, typer.Argument(metavar="N", help="Such as 10.")],
    side: SideOpt = None,
    product: ProductOpt = None,
    yes: YesOpt = False,
    dry_run: DryRunOpt = False,
) -> Result:
    """Set the leverage of one futures market.

    With isolated margin in hedge mode each side has its own; without --side both are set.

    Example: bitget -p paper account leverage BTCUSDT 10
    """
    wanted = amount(leverage, what="leverage")
    market = dealing.futures_symbol(session, symbol, product)
    at = dealing.desk(session)
    rules.check_leverage(at.instrument(market), wanted)
    account = at.account(market)
    both = account.hedges and account.margin_mode is MarginMode.ISOLATED
    if side and not both:
        raise UsageError(
            f"{market.name} has one leverage for both sides: only isolated margin in hedge mode has two",
            hint="leave --side out",
        )
    change = account_wire.leverage(
        market, wanted, margin_coin=at.instrument(market).margin_coin, side=side, each_side=both
    )
    return dealing.carry_out(session, change, yes=yes, dry_run=dry_run)


@group.command()
def margin_mode(
    session: Session,
    symbol: SymbolArg,
    mode: Annotated[MarginMode, typer.Argument(metavar="MODE", help="isolated or crossed.")],
    product: ProductOpt = None,
    yes: YesOpt = False,
    dry_run: DryRunOpt = False,
) -> Result:
    """Choose isolated or crossed margin for one futures market.

    Bitget refuses it while the market has positions or open orders.

    Example: bitget -p paper account margin-mode BTCUSDT isolated
    """
    market = dealing.futures_symbol(session, symbol, product)
    change = account_wire.margin_mode(market, mode, margin_coin=_margin_coin(session, market))
    return dealing.carry_out(session, change, yes=yes, dry_run=dry_run)


@group.command()
def position_mode(
    session: Session,
    mode: Annotated[ModeWord, typer.Argument(metavar="MODE", help="one-way or hedge.")],
    product: ProductOpt = None,
    yes: YesOpt = False,
    dry_run: DryRunOpt = False,
) -> Result:
    """Choose one-way or hedge mode for a whole product.

    One-way: one position a market. Hedge: a long and a short side by side. Bitget refuses it while the product has
    positions or open orders.

    Example: bitget -p paper account position-mode hedge
    """
    line = dealing.futures_product(session, product)
    change = account_wire.position_mode(line, _MODES[mode])
    return dealing.carry_out(session, change, yes=yes, dry_run=dry_run)


@group.command()
def margin(
    session: Session,
    symbol: SymbolArg,
    add: Annotated[str | None, typer.Option("--add", metavar="M", help="Put so much in.")] = None,
    remove: Annotated[str | None, typer.Option("--remove", metavar="M", help="Take so much out.")] = None,
    side: SideOpt = None,
    product: ProductOpt = None,
    yes: YesOpt = False,
    dry_run: DryRunOpt = False,
) -> Result:
    """Add margin to an isolated position, or take some away. In margin coin.

    Example: bitget -p paper account margin BTCUSDT --add 10
    """
    if (add is None) == (remove is None):
        raise UsageError("say one of --add and --remove", hint=f"bitget account margin {symbol} --add 10")
    wanted = amount(add or remove or "", what="--add" if add else "--remove")
    if not wanted:
        raise UsageError(f"{'--add' if add else '--remove'} {wanted:f} is not above zero")
    market = dealing.futures_symbol(session, symbol, product)
    at = dealing.desk(session)
    held = _side(at, market, side, command=f"bitget account margin {symbol}")
    coin = at.instrument(market).margin_coin
    change = account_wire.margin(market, held, wanted, removes=add is None, margin_coin=coin)
    return dealing.carry_out(session, change, yes=yes, dry_run=dry_run)


@group.command()
def auto_margin(
    session: Session,
    symbol: SymbolArg,
    switch: Annotated[Switch, typer.Argument(metavar="on|off", help="Whether it draws margin by itself.")],
    side: SideOpt = None,
    product: ProductOpt = None,
    yes: YesOpt = False,
    dry_run: DryRunOpt = False,
) -> Result:
    """Switch on or off that an isolated position draws margin by itself.

    Example: bitget -p paper account auto-margin BTCUSDT on
    """
    market = dealing.futures_symbol(session, symbol, product)
    at = dealing.desk(session)
    held = _side(at, market, side, command=f"bitget account auto-margin {symbol} {switch}")
    coin = at.instrument(market).margin_coin
    change = account_wire.auto_margin(market, held, switch.value, margin_coin=coin)
    return dealing.carry_out(session, change, yes=yes, dry_run=dry_run)


@group.command()
def transfer(
    session: Session,
    coin: Annotated[str, typer.Argument(metavar="COIN", help="Such as USDT.")],
    size: Annotated[str, typer.Argument(metavar="AMOUNT", help="How much of it.")],
    source: Annotated[Wallet, typer.Option("--from", help="Where it is.", show_default=False)],
    target: Annotated[Wallet, typer.Option("--to", help="Where it goes.", show_default=False)],
    symbol: Annotated[
        str | None, typer.Option("--symbol", metavar="SYMBOL", help="The pair of an isolated margin account.")
    ] = None,
    yes: YesOpt = False,
    dry_run: DryRunOpt = False,
) -> Result:
    """Move a coin between your own accounts.

    Example: bitget -p paper account transfer USDT 100 --from spot --to usdt-futures
    """
    wanted = amount(size)
    if not wanted:
        raise UsageError(f"amount {wanted:f} is not above zero")
    if source is target:
        raise UsageError(f"--from and --to are both {source}; choose two accounts")
    isolated = Wallet.ISOLATED_MARGIN in (source, target)
    if isolated != bool(symbol):
        text = "isolated margin needs --symbol" if isolated else "--symbol is for isolated margin"
        raise UsageError(text, hint="such as --symbol BTC/USDT")
    pair = session.symbol(symbol, "spot").name if symbol else None
    change = account_wire.transfer(session.coin(coin), wanted, source=source.value, target=target.value, pair=pair)
    return dealing.carry_out(session, change, yes=yes, dry_run=dry_run)


def _margin_coin(session: Session, market: Symbol) -> str:
    return dealing.desk(session).instrument(market).margin_coin


def _side(at: Desk, market: Symbol, side: PositionSide | None, *, command: str) -> PositionSide:
    """The side said, else that of the only position."""
    return side or at.position(market, None, command=command).side
