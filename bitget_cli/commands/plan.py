"""`bitget plan`: orders that wait for a price, and exits of positions."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, NamedTuple

import typer

from bitget_cli.application.changes import carry_out, carry_out_all, counted, desk, nothing, terms
from bitget_cli.application.orders import orders
from bitget_cli.application.orders.orders import OrderInput
from bitget_cli.commands.command import Group
from bitget_cli.commands.options import (
    AllowFarOpt,
    DryRunOpt,
    ListOptions,
    MaybeSymbolArg,
    ProductOpt,
    SymbolArg,
    YesOpt,
)
from bitget_cli.commands.order_options import (
    ClientOidOpt,
    CloseOpt,
    IdArg,
    IdsArg,
    KindOpt,
    LegsTriggerByOpt,
    LeverageOpt,
    MarginModeOpt,
    MarketOpt,
    NewPriceOpt,
    NewSizeOpt,
    PartSizeOpt,
    PlanKind,
    PriceOpt,
    QuoteOpt,
    ReduceOnlyOpt,
    RiskOpt,
    SideOpt,
    SizeArg,
    StopLossLimitOpt,
    StopLossOpt,
    TaggedOpt,
    TagOpt,
    TakeProfitLimitOpt,
    TakeProfitOpt,
    TriggerByOpt,
)
from bitget_cli.errors import UsageError
from bitget_cli.results import Record, Result
from bitget_cli.session import Session
from bitget_cli.trading import risk
from bitget_cli.trading.model import (
    Direction,
    FollowedSide,
    PlanIntent,
    Read,
    TriggerBy,
)
from bitget_cli.values import amount

group = Group("plan", "Trigger, trailing, take-profit and stop-loss orders; oco, twap and iceberg.")

TriggerOpt = Annotated[
    str, typer.Option("--trigger", metavar="P", help="The price that sets it off.", show_default=False)
]
CallbackOpt = Annotated[
    str | None, typer.Option("--callback", metavar="PCT", help="Trail the price by so many percent, then trade.")
]


class PlanOptions(NamedTuple):
    """What `buy` and `sell` take beside the symbol."""

    trigger: TriggerOpt
    size: SizeArg = None
    quote: QuoteOpt = None
    risk: RiskOpt = None
    price: PriceOpt = None
    trigger_by: TriggerByOpt = TriggerBy.MARK
    callback: CallbackOpt = None
    reduce_only: ReduceOnlyOpt = False
    close: CloseOpt = False
    margin_mode: MarginModeOpt = None
    leverage: LeverageOpt = None
    tp: TakeProfitOpt = None
    sl: StopLossOpt = None
    tp_limit: TakeProfitLimitOpt = None
    sl_limit: StopLossLimitOpt = None
    client_oid: ClientOidOpt = None
    tag: TagOpt = None
    product: ProductOpt = None
    allow_far: AllowFarOpt = False
    yes: YesOpt = False
    dry_run: DryRunOpt = False


@group.command()
def buy(session: Session, symbol: SymbolArg, typed: PlanOptions) -> Result:
    """Buy once a price is reached; with --callback, once it then comes back up by so much.

    With --callback, --tp and --sl are percentages too.

    Example: bitget -p paper plan buy BTCUSDT 0.01 --trigger 60000
    """
    return _wait(session, Direction.BUY, symbol, typed)


@group.command()
def sell(session: Session, symbol: SymbolArg, typed: PlanOptions) -> Result:
    """Sell once a price is reached; with --callback, once it then comes back down by so much.

    With --callback, --tp and --sl are percentages too.

    Example: bitget -p paper plan sell BTCUSDT 0.01 --trigger 55000 --close
    """
    return _wait(session, Direction.SELL, symbol, typed)


class ExitOptions(NamedTuple):
    """What `tpsl` takes beside the symbol."""

    tp: Annotated[
        list[str] | None,
        typer.Option("--tp", metavar="P[:SHARE]", help="Take profit at P; several with a share each: 70000:50%."),
    ] = None
    sl: StopLossOpt = None
    trailing: Annotated[
        str | None, typer.Option("--trailing", metavar="PCT", help="Trail the price by so many percent.")
    ] = None
    trigger: Annotated[
        str | None, typer.Option("--trigger", metavar="P", help="Where --trailing begins; now without it.")
    ] = None
    size: PartSizeOpt = None
    side: SideOpt = None
    tp_limit: TakeProfitLimitOpt = None
    sl_limit: StopLossLimitOpt = None
    trigger_by: LegsTriggerByOpt = None
    client_oid: ClientOidOpt = None
    tag: TagOpt = None
    product: ProductOpt = None
    yes: YesOpt = False
    dry_run: DryRunOpt = False


@group.command()
def tpsl(session: Session, symbol: SymbolArg, typed: ExitOptions) -> Result:
    """Put a take-profit, a stop-loss or a trailing exit on a position; all of it without --size.

    By the mark price unless --trigger-by. Several --tp, each with a share in percent, come beside exits of parts that
    stand and in place of a take-profit of the whole position, which is cancelled last. In spot they sell coins you
    hold, at the last price. --client-oid gets an ending (-tp, -tp1, -sl, -ts) where there are several orders. `entry`
    is the position's own: --sl entry+fees is where nothing is lost, --tp 2R twice the distance of the stop: of --sl, or
    else of the one that waits.

    Example: bitget -p paper plan tpsl BTCUSDT --tp 70000:50% --tp 75000:50% --sl 55000
    """
    from bitget_cli.application.orders import exits
    from bitget_cli.application.orders.exits import ExitInput

    words = ExitInput(
        typed.tp or (),
        typed.sl,
        typed.trailing,
        typed.trigger,
        typed.size,
        typed.trigger_by,
        typed.tp_limit,
        typed.sl_limit,
        typed.client_oid,
        typed.tag,
    )
    return exits.place(
        session, symbol, words, side=typed.side, product=typed.product, yes=typed.yes, dry_run=typed.dry_run
    )


# Orders that are more than one, of a unified account alone: their words, then the commands.

DirectionArg = Annotated[Direction, typer.Argument(metavar="buy|sell", help="What it does.", show_default=False)]
LimitLegOpt = Annotated[str, typer.Option("--price", metavar="P", help="Of the limit order.", show_default=False)]
StopPriceOpt = Annotated[
    str | None, typer.Option("--stop-price", metavar="P", help="What the stop trades at; at market without it.")
]
LastsOpt = Annotated[
    str, typer.Option("--duration", metavar="T", help="How long it takes: 1m to 24h.", show_default=False)
]
IntervalOpt = Annotated[
    str, typer.Option("--interval", metavar="T", help="From part to part: 5s, 10s, 20s, 30s or 60s.")
]
StartOpt = Annotated[str | None, typer.Option("--trigger", metavar="P", help="Begin once the price reaches P.")]
StopAtOpt = Annotated[str | None, typer.Option("--stop-at", metavar="P", help="End early once the price reaches P.")]
FixedPriceOpt = Annotated[str | None, typer.Option("--price", metavar="P", help="Limit price of every part.")]
ShowOpt = Annotated[str | None, typer.Option("--show", metavar="SIZE", help="How much shows at a time.")]
PartsOpt = Annotated[int | None, typer.Option("--parts", metavar="N", help="In N parts of like size instead.")]
FollowOpt = Annotated[
    FollowedSide | None,
    typer.Option("--follow", help="Each part at the best price of this side of the book.", show_default=False),
]
WorstOpt = Annotated[str | None, typer.Option("--worst", metavar="P", help="With --follow: at no worse price.")]


class OcoOptions(NamedTuple):
    """What `oco` takes beside direction and symbol."""

    price: LimitLegOpt
    trigger: TriggerOpt
    stop_price: StopPriceOpt = None
    size: SizeArg = None
    quote: QuoteOpt = None
    reduce_only: ReduceOnlyOpt = False
    close: CloseOpt = False
    margin_mode: MarginModeOpt = None
    client_oid: ClientOidOpt = None
    tag: TagOpt = None
    product: ProductOpt = None
    allow_far: AllowFarOpt = False
    yes: YesOpt = False
    dry_run: DryRunOpt = False


class TwapOptions(NamedTuple):
    """What `twap` takes beside direction and symbol."""

    lasts: LastsOpt
    interval: IntervalOpt = "30s"
    trigger: StartOpt = None
    stop_at: StopAtOpt = None
    size: SizeArg = None
    quote: QuoteOpt = None
    reduce_only: ReduceOnlyOpt = False
    close: CloseOpt = False
    margin_mode: MarginModeOpt = None
    client_oid: ClientOidOpt = None
    tag: TagOpt = None
    product: ProductOpt = None
    allow_far: AllowFarOpt = False
    yes: YesOpt = False
    dry_run: DryRunOpt = False


class IcebergOptions(NamedTuple):
    """What `iceberg` takes beside direction and symbol."""

    show: ShowOpt = None
    parts: PartsOpt = None
    price: FixedPriceOpt = None
    follow: FollowOpt = None
    worst: WorstOpt = None
    size: SizeArg = None
    quote: QuoteOpt = None
    reduce_only: ReduceOnlyOpt = False
    close: CloseOpt = False
    margin_mode: MarginModeOpt = None
    client_oid: ClientOidOpt = None
    tag: TagOpt = None
    product: ProductOpt = None
    allow_far: AllowFarOpt = False
    yes: YesOpt = False
    dry_run: DryRunOpt = False


def _words(typed: OcoOptions | TwapOptions | IcebergOptions) -> OrderInput:
    return OrderInput(
        typed.size,
        typed.quote,
        None if isinstance(typed, TwapOptions) else typed.price,
        closing=typed.reduce_only or typed.close,
        margin_mode=typed.margin_mode,
        client_oid=typed.client_oid,
        tag=typed.tag,
    )


@group.command()
def oco(session: Session, direction: DirectionArg, symbol: SymbolArg, typed: OcoOptions) -> Result:
    """A limit order and a stop: the first that the price reaches takes the other away (unified accounts).

    The stop waits for the last price.

    Example: bitget -p paper plan oco sell BTC/USDT 0.001 --price 70000 --trigger 55000
    """
    from bitget_cli.application.orders import strategies

    return strategies.place_oco(
        session,
        session.symbol(symbol, typed.product),
        direction,
        _words(typed),
        trigger=typed.trigger,
        stop_price=typed.stop_price,
        allow_far=typed.allow_far,
        yes=typed.yes,
        dry_run=typed.dry_run,
    )


@group.command()
def twap(session: Session, direction: DirectionArg, symbol: SymbolArg, typed: TwapOptions) -> Result:
    """Trade a size at market in parts, one after the other over a time (unified accounts).

    Example: bitget -p paper plan twap buy BTCUSDT 0.5 --duration 30m --interval 30s
    """
    from bitget_cli.application.orders import strategies

    return strategies.place_twap(
        session,
        session.symbol(symbol, typed.product),
        direction,
        _words(typed),
        lasts=typed.lasts,
        interval=typed.interval,
        trigger=typed.trigger,
        stop_at=typed.stop_at,
        allow_far=typed.allow_far,
        yes=typed.yes,
        dry_run=typed.dry_run,
    )


@group.command()
def iceberg(session: Session, direction: DirectionArg, symbol: SymbolArg, typed: IcebergOptions) -> Result:
    """Trade a size of which a part shows at a time, by limit orders one after the other (unified accounts).

    Example: bitget -p paper plan iceberg buy BTCUSDT 1 --show 0.1 --price 60000
    """
    from bitget_cli.application.orders import strategies

    return strategies.place_iceberg(
        session,
        session.symbol(symbol, typed.product),
        direction,
        _words(typed),
        show=typed.show,
        parts=typed.parts,
        follow=typed.follow,
        worst=typed.worst,
        allow_far=typed.allow_far,
        yes=typed.yes,
        dry_run=typed.dry_run,
    )


def _wait(session: Session, direction: Direction, symbol: str, typed: PlanOptions) -> Result:
    market = session.symbol(symbol, typed.product)
    words = OrderInput(
        typed.size,
        typed.quote,
        typed.price,
        closing=typed.reduce_only or typed.close,
        margin_mode=typed.margin_mode,
        tp=typed.tp,
        sl=typed.sl,
        client_oid=typed.client_oid,
        tag=typed.tag,
        leverage=typed.leverage,
        tp_limit=typed.tp_limit,
        sl_limit=typed.sl_limit,
        risk=typed.risk,
        trigger=typed.trigger,
    )
    callback = None if typed.callback is None else amount(typed.callback, what="--callback")
    _refuse(words, callback, spot=market.product.is_spot)
    at = desk(session)
    order, trigger = orders.waiting(at, market, direction, words, say=session.say, percentages=callback is not None)
    leverage = orders.leveraged(session, at, order, words)
    intent = PlanIntent(order, trigger or Decimal(0), typed.trigger_by, callback)
    consequence = orders.foreseen(at, intent)
    change = session.adapter.plans.place(intent, terms(at, market))._replace(working=order.working)
    return carry_out(
        session,
        change,
        yes=typed.yes,
        dry_run=typed.dry_run,
        consequence=consequence,
        allow_far=typed.allow_far,
        leverage=leverage,
    )


def _refuse(words: OrderInput, callback: Decimal | None, *, spot: bool) -> None:
    if callback is not None:
        risk.check_percent(callback, what="--callback")
        if spot:
            raise UsageError("spot has no trailing orders", hint="leave --callback out")
        if words.price is not None:
            raise UsageError("a trailing order trades at market", hint="leave --price out")
        if words.tp_limit or words.sl_limit:
            raise UsageError(
                "the exits of a trailing order trade at market", hint="leave --tp-limit and --sl-limit out"
            )
    if spot and (words.tp or words.sl):
        raise UsageError("a spot trigger order takes no --tp and no --sl", hint="place them once it has traded")


@group.command()
def modify(
    session: Session,
    id_: IdArg,
    trigger: Annotated[str | None, typer.Option("--trigger", metavar="P", help="New trigger price.")] = None,
    price: NewPriceOpt = None,
    size: NewSizeOpt = None,
    callback: Annotated[str | None, typer.Option("--callback", metavar="PCT", help="New distance.")] = None,
    tp: Annotated[
        str | None, typer.Option("--tp", metavar="P", help="New take-profit; 0 removes an attached one.")
    ] = None,
    sl: Annotated[
        str | None, typer.Option("--sl", metavar="P", help="New stop-loss; 0 removes an attached one.")
    ] = None,
    symbol: MarketOpt = None,
    product: ProductOpt = None,
    allow_far: AllowFarOpt = False,
    yes: YesOpt = False,
    dry_run: DryRunOpt = False,
) -> Result:
    """Change a waiting order; what is not given stays as it is.

    --tp and --sl are the exits attached to a trigger order, or the new price of an exit itself.

    Example: bitget -p paper plan modify 1234567890 --trigger 61000
    """
    from bitget_cli.application.orders import open_orders
    from bitget_cli.application.orders.open_orders import TypedTerms
    from bitget_cli.trading.order_model import OrderList

    wanted = TypedTerms(price=price, size=size, tp=tp, sl=sl, trigger=trigger, callback=callback)
    return open_orders.modify(
        session,
        id_,
        wanted,
        first=OrderList.PLANS,
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
    from bitget_cli.application.orders import open_orders

    changes, settled = open_orders.of_plans(session, ids, symbol=symbol, product=product)
    return carry_out_all(session, changes, yes=yes, dry_run=dry_run, settled=settled)


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
    from bitget_cli.application import queries

    line, market = queries.where(session, symbol, product)
    if market:
        desk(session).instrument(market)
    there = list(session.adapter.open_plans(line, market))
    scope = market.name if market else str(line)
    if not there:
        return nothing(session, f"there are no waiting orders in {scope}", symbol=market)
    session.say(f"{counted(len(there), 'waiting order')} in {scope}:")
    for plan in there:
        kind = "" if line.is_spot else f"{plan.type_word} "
        # An exit of a whole position has no size of its own.
        size = "all" if plan.whole_position or plan.size is None else f"{plan.size:f}"
        at = f" at {plan.trigger:f}" if plan.trigger is not None else ""
        session.say(f"  {plan.order_id} {kind}{plan.direction or '?'} {size} {plan.symbol.name}{at}")
    changes = session.adapter.plans.cancel_all(line, market, there)
    return carry_out_all(session, changes, yes=yes, dry_run=dry_run)


COLUMNS = ("planType", "symbol", "side", "triggerPrice", "price", "size", "orderId")
PAST_COLUMNS = ("planType", "symbol", "side", "triggerPrice", "size", "planStatus", "orderId")
SPOT_COLUMNS = ("symbol", "side", "triggerPrice", "executePrice", "size", "planType", "status", "orderId")


@group.command("list", reads_account=True)
def list_(
    session: Session,
    symbol: MaybeSymbolArg = None,
    kind: KindOpt = None,
    tag: TaggedOpt = None,
    *,
    wanted: ListOptions,
    product: ProductOpt = None,
) -> Result:
    """Orders that wait for their price: trigger, trailing, take-profit and stop-loss; oco, twap and iceberg.

    Example: bitget -p paper plan list BTCUSDT --kind tpsl
    """
    return _list(session, Read.OPEN_PLANS, symbol, product, kind, wanted, tag=tag)


@group.command(reads_account=True)
def history(
    session: Session,
    symbol: MaybeSymbolArg = None,
    kind: KindOpt = None,
    *,
    wanted: ListOptions,
    product: ProductOpt = None,
) -> Result:
    """Those of the last 90 days that were set off, failed or were cancelled.

    Example: bitget -p paper plan history --since 7d
    """
    return _list(session, Read.PAST_PLANS, symbol, product, kind, wanted)


@group.command(reads_account=True)
def show(session: Session, id_: IdArg, symbol: MarketOpt = None, product: ProductOpt = None) -> Result:
    """One waiting or past order, and the orders it led to.

    Example: bitget -p paper plan show 1234567890
    """
    from bitget_cli.application.orders import open_orders
    from bitget_cli.commands.order import order_detail
    from bitget_cli.trading.order_model import Order, OrderList

    found = open_orders.located(session, id_, symbol=symbol, product=product, first=OrderList.PLANS, past=True)
    orders = None if isinstance(found, Order) else session.adapter.led_to(found)
    if orders is None:
        return order_detail(session, found)
    fields = session.adapter.fields(Read.PAST_PLANS, found.symbol.product)
    return Record({**found.row, "orders": orders}, fields)


def _list(
    session: Session,
    read: Read,
    symbol: str | None,
    product: str | None,
    kind: PlanKind | None,
    wanted: ListOptions,
    *,
    tag: str | None = None,
) -> Result:
    from bitget_cli.application import queries

    line, market = queries.where(session, symbol, product)
    futures = COLUMNS if read is Read.OPEN_PLANS else PAST_COLUMNS
    columns = SPOT_COLUMNS if line.is_spot else futures
    return wanted.rows(session, read, columns, line, market, subject="plans", tag=tag, kind=kind)
