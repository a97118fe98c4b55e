"""`bitget plan`: orders that wait for a price, and exits of positions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Annotated, NamedTuple

import typer

from bitget_cli.commands import dealing, typed_orders
from bitget_cli.commands.declare import Group
from bitget_cli.commands.options import AllowFarOpt, DryRunOpt, ProductOpt, SymbolArg, YesOpt
from bitget_cli.commands.order_options import (
    ClientOidOpt,
    CloseOpt,
    MarginModeOpt,
    PartSizeOpt,
    PriceOpt,
    QuoteOpt,
    ReduceOnlyOpt,
    SideOpt,
    SizeArg,
    StopLossOpt,
    TakeProfitOpt,
    TriggerByOpt,
)
from bitget_cli.commands.typed_orders import Words
from bitget_cli.errors import UsageError
from bitget_cli.results import Result
from bitget_cli.session import Session
from bitget_cli.trading import plan_wire, rules
from bitget_cli.trading.changes import Direction
from bitget_cli.trading.desk import Desk, Position
from bitget_cli.trading.instruments import Instrument
from bitget_cli.trading.intents import Exit, Plan, TriggerBy
from bitget_cli.trading.wire import Terms
from bitget_cli.values import amount

group = Group("plan", "Trigger, trailing, take-profit and stop-loss orders.")

TriggerOpt = Annotated[
    str, typer.Option("--trigger", metavar="P", help="The price that sets it off.", show_default=False)
]
CallbackOpt = Annotated[
    str | None, typer.Option("--callback", metavar="PCT", help="Trail the price by so many percent, then trade.")
]


@group.command()
def buy(
    session: Session,
    symbol: SymbolArg,
    trigger: TriggerOpt,
    size: SizeArg = None,
    quote: QuoteOpt = None,
    price: PriceOpt = None,
    trigger_by: TriggerByOpt = TriggerBy.MARK,
    callback: CallbackOpt = None,
    reduce_only: ReduceOnlyOpt = False,
    close: CloseOpt = False,
    margin_mode: MarginModeOpt = None,
    tp: TakeProfitOpt = None,
    sl: StopLossOpt = None,
    client_oid: ClientOidOpt = None,
    product: ProductOpt = None,
    allow_far: AllowFarOpt = False,
    yes: YesOpt = False,
    dry_run: DryRunOpt = False,
) -> Result:
    """Buy once a price is reached; with --callback, once it then comes back up by so much.

    With --callback, --tp and --sl are percentages too.

    Example: bitget -p paper plan buy BTCUSDT 0.01 --trigger 60000
    """
    words = Words(size, quote, price, None, False, reduce_only or close, margin_mode, tp, sl, client_oid)
    typed = _Waiting(symbol, trigger, trigger_by, callback, product)
    return _wait(session, Direction.BUY, words, typed, allow_far=allow_far, yes=yes, dry_run=dry_run)


@group.command()
def sell(
    session: Session,
    symbol: SymbolArg,
    trigger: TriggerOpt,
    size: SizeArg = None,
    quote: QuoteOpt = None,
    price: PriceOpt = None,
    trigger_by: TriggerByOpt = TriggerBy.MARK,
    callback: CallbackOpt = None,
    reduce_only: ReduceOnlyOpt = False,
    close: CloseOpt = False,
    margin_mode: MarginModeOpt = None,
    tp: TakeProfitOpt = None,
    sl: StopLossOpt = None,
    client_oid: ClientOidOpt = None,
    product: ProductOpt = None,
    allow_far: AllowFarOpt = False,
    yes: YesOpt = False,
    dry_run: DryRunOpt = False,
) -> Result:
    """Sell once a price is reached; with --callback, once it then comes back down by so much.

    With --callback, --tp and --sl are percentages too.

    Example: bitget -p paper plan sell BTCUSDT 0.01 --trigger 55000 --close
    """
    words = Words(size, quote, price, None, False, reduce_only or close, margin_mode, tp, sl, client_oid)
    typed = _Waiting(symbol, trigger, trigger_by, callback, product)
    return _wait(session, Direction.SELL, words, typed, allow_far=allow_far, yes=yes, dry_run=dry_run)


@group.command()
def tpsl(
    session: Session,
    symbol: SymbolArg,
    tp: TakeProfitOpt = None,
    sl: StopLossOpt = None,
    trailing: Annotated[
        str | None, typer.Option("--trailing", metavar="PCT", help="Leave when the price falls back by so much.")
    ] = None,
    trigger: Annotated[
        str | None, typer.Option("--trigger", metavar="P", help="Where --trailing begins; now without it.")
    ] = None,
    size: PartSizeOpt = None,
    side: SideOpt = None,
    product: ProductOpt = None,
    yes: YesOpt = False,
    dry_run: DryRunOpt = False,
) -> Result:
    """Put a take-profit, a stop-loss or a trailing exit on a position; all of it without --size.

    Example: bitget -p paper plan tpsl BTCUSDT --tp 70000 --sl 55000
    """
    if tp is None and sl is None and trailing is None:
        raise UsageError("say where to leave: --tp, --sl or --trailing", hint=f"bitget plan tpsl {symbol} --sl P")
    if trigger is not None and trailing is None:
        raise UsageError("--trigger is where --trailing begins", hint="add --trailing PCT, or leave --trigger out")
    words = {"tp": tp, "sl": sl, "trailing": trailing, "trigger": trigger, "size": size}
    levels = {name: amount(text, what=f"--{name}") for name, text in words.items() if text is not None}
    market = dealing.futures_symbol(session, symbol, product)
    at = dealing.desk(session)
    _check_levels(at.instrument(market), levels)
    held = at.position(market, side, command=f"bitget plan tpsl {symbol}")
    if "tp" in levels or "sl" in levels:
        typed_orders.check_exits(at, market, held.side, levels.get("tp"), levels.get("sl"))
    modes = Terms(held.position_mode, held.margin_mode, at.instrument(market).margin_coin)
    changes = [change for intent in _exits(at, held, levels) for change in plan_wire.exits(intent, modes)]
    return dealing.carry_out_all(session, changes, yes=yes, dry_run=dry_run)


group.include("plan_changes")
group.include("plan_lists")


class _Waiting(NamedTuple):
    """Where and when, as typed."""

    symbol: str
    trigger: str
    by: TriggerBy
    callback: str | None
    product: str | None


def _wait(
    session: Session,
    direction: Direction,
    words: Words,
    typed: _Waiting,
    *,
    allow_far: bool,
    yes: bool,
    dry_run: bool,
) -> Result:
    market = session.symbol(typed.symbol, typed.product)
    trigger = amount(typed.trigger, what="--trigger")
    callback = None if typed.callback is None else amount(typed.callback, what="--callback")
    _refuse(words, callback, spot=market.product.is_spot)
    at = dealing.desk(session)
    rules.check_price(at.instrument(market), trigger, what="--trigger")
    order = typed_orders.order(
        at, market, direction, words, say=session.say, trigger=trigger, percentages=callback is not None
    )
    intent = Plan(order, trigger, typed.by, callback)
    consequence = typed_orders.foreseen(at, intent)
    change = plan_wire.place(intent, dealing.terms(at, market))
    return dealing.carry_out(session, change, yes=yes, dry_run=dry_run, consequence=consequence, allow_far=allow_far)


def _refuse(words: Words, callback: Decimal | None, *, spot: bool) -> None:
    if callback is not None:
        rules.check_percent(callback, what="--callback")
        if spot:
            raise UsageError("spot has no trailing orders", hint="leave --callback out")
        if words.price is not None:
            raise UsageError("a trailing order trades at market", hint="leave --price out")
    if spot and (words.tp or words.sl):
        raise UsageError("a spot trigger order takes no --tp and no --sl", hint="place them once it has traded")


def _check_levels(instrument: Instrument, levels: Mapping[str, Decimal]) -> None:
    for name, value in levels.items():
        if name == "size":
            rules.check_size(instrument, value, what="--size")
        elif name == "trailing":
            rules.check_percent(value, what="--trailing")
        else:
            rules.check_price(instrument, value, what=f"--{name}")


def _exits(at: Desk, held: Position, levels: Mapping[str, Decimal]) -> Iterator[Exit]:
    """Levels of one kind together, trailing by itself: Bitget wants a size and a start for it, here all and now."""
    part = levels.get("size")
    if "tp" in levels or "sl" in levels:
        yield Exit(held.symbol, held.side, levels.get("tp"), levels.get("sl"), size=part)
    if "trailing" in levels:
        starts = levels.get("trigger") or at.prices(held.symbol).last
        yield Exit(held.symbol, held.side, trailing=levels["trailing"], size=part or held.size, trigger=starts)
