"""`bitget order`: trade, change, cancel and see orders, in spot and futures."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from bitget_cli.catalogue.model import Field, FieldKind
from bitget_cli.commands import offers
from bitget_cli.commands.command import Group
from bitget_cli.commands.options import (
    AllowFarOpt,
    DryRunOpt,
    ListOptions,
    MaybeSymbolArg,
    NoWaitOpt,
    ProductOpt,
    SymbolArg,
    YesOpt,
)
from bitget_cli.commands.order_options import (
    AttachedStopLossOpt,
    AttachedTakeProfitOpt,
    AttachedTriggerByOpt,
    ClientOidOpt,
    CloseOpt,
    DirectionArg,
    FromOpt,
    IdArg,
    IdsArg,
    LeverageOpt,
    MarginModeOpt,
    MarketOpt,
    MaybeIdsArg,
    NewPriceOpt,
    NewSizeOpt,
    PostOnlyOpt,
    PriceOpt,
    QuoteOpt,
    ReduceOnlyOpt,
    RiskOpt,
    ShapeOpt,
    SizeArg,
    SpacingOpt,
    StepsOpt,
    StopLossLimitOpt,
    TaggedOpt,
    TagOpt,
    TakeProfitLimitOpt,
    TifOpt,
    ToOpt,
)
from bitget_cli.errors import UsageError
from bitget_cli.results import FILLED, Filled, Lines, Record, Result, Rows
from bitget_cli.session import Session
from bitget_cli.trading.model import (
    Direction,
    LadderShape,
    LadderSpacing,
    MarginMode,
    OrderIntent,
    Read,
    checked_tag,
)
from bitget_cli.values import Symbol, duration

if TYPE_CHECKING:
    from bitget_cli.application.orders.order_files import OrderLine
    from bitget_cli.trading.account_state import AccountState
    from bitget_cli.trading.order_model import Order, Plan
    from bitget_cli.trading.risk import Consequence

# What places loads the arithmetic of sizes and prices, which lists and help do without.

group = Group("order", "Trade, change, cancel and see orders.")


class OrderOptions(NamedTuple):
    """What `buy` and `sell` take beside the symbol."""

    size: SizeArg = None
    quote: QuoteOpt = None
    risk: RiskOpt = None
    price: PriceOpt = None
    tif: TifOpt = None
    post_only: PostOnlyOpt = False
    reduce_only: ReduceOnlyOpt = False
    close: CloseOpt = False
    margin_mode: MarginModeOpt = None
    leverage: LeverageOpt = None
    tp: AttachedTakeProfitOpt = None
    sl: AttachedStopLossOpt = None
    tp_limit: TakeProfitLimitOpt = None
    sl_limit: StopLossLimitOpt = None
    trigger_by: AttachedTriggerByOpt = None
    client_oid: ClientOidOpt = None
    tag: TagOpt = None
    product: ProductOpt = None
    allow_far: AllowFarOpt = False
    no_wait: NoWaitOpt = False
    yes: YesOpt = False
    dry_run: DryRunOpt = False


@group.command()
def buy(session: Session, symbol: SymbolArg, typed: OrderOptions) -> Result:
    """Buy: opens or adds to a long, or with --close buys a short back.

    At market unless --price. SIZE is in base coin; a spot market buy is sized by --quote. The account's position mode
    is read and never changed.

    Example: bitget -p paper order buy BTCUSDT 0.01 --price 60000
    """
    return _trade(session, Direction.BUY, symbol, typed)


@group.command()
def sell(session: Session, symbol: SymbolArg, typed: OrderOptions) -> Result:
    """Sell: opens or adds to a short, or with --close sells a long.

    At market unless --price. SIZE is in base coin. The account's position mode is read and never changed.

    Example: bitget -p paper order sell BTCUSDT 0.01 --close
    """
    return _trade(session, Direction.SELL, symbol, typed)


def _trade(session: Session, direction: Direction, symbol: str, typed: OrderOptions) -> Result:
    from bitget_cli.application.orders import orders
    from bitget_cli.application.orders.orders import OrderInput

    market = session.symbol(symbol, typed.product)
    words = OrderInput(
        typed.size,
        typed.quote,
        typed.price,
        typed.tif,
        typed.post_only,
        typed.reduce_only or typed.close,
        margin_mode=typed.margin_mode,
        tp=typed.tp,
        sl=typed.sl,
        client_oid=typed.client_oid,
        tag=typed.tag,
        leverage=typed.leverage,
        trigger_by=typed.trigger_by,
        tp_limit=typed.tp_limit,
        sl_limit=typed.sl_limit,
        risk=typed.risk,
    )
    return orders.trade(
        session,
        market,
        direction,
        words,
        allow_far=typed.allow_far,
        yes=typed.yes,
        dry_run=typed.dry_run,
        looks=not typed.no_wait,
    )


@group.command()
def batch(
    session: Session,
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="CSV with a header, NDJSON or a JSON array; - for stdin.")
    ],
    tag: TagOpt = None,
    product: ProductOpt = None,
    allow_far: AllowFarOpt = False,
    no_wait: NoWaitOpt = False,
    yes: YesOpt = False,
    dry_run: DryRunOpt = False,
) -> Result:
    """Place the orders of a file, twenty a call.

    The columns are the words of `buy`: symbol side size quote risk price tif reduce_only close tp sl margin_mode
    client_oid tag trigger_by tp_limit sl_limit. Every line is checked before the first is sent; --tag is for those
    without one of their own. Exit 8 when a part of them failed.

    Example: bitget -p paper order batch orders.csv --dry-run
    """
    from bitget_cli.application import changes as application_changes
    from bitget_cli.application.orders.order_files import lines

    typed = [line.tagged(tag) for line in lines(file, stdin=session.console.stdin)]
    at = application_changes.desk(session)
    asks = application_changes.asks(session, yes=yes, dry_run=dry_run)
    groups: dict[tuple[Symbol, MarginMode | None], list[OrderIntent]] = {}
    consequences: list[Consequence] = []
    for line in typed:
        intent, consequence = _read(session, at, line, product=product, asks=asks, pays=not dry_run)
        consequences.append(consequence)
        groups.setdefault((intent.symbol, intent.margin_mode), []).append(intent)
    batches = [
        change
        for (symbol, _), alike in groups.items()
        for change in application_changes.with_working(
            session.adapter.orders.batch(alike, application_changes.terms(at, symbol)),
            iter([intent.working for intent in alike]),
        )
    ]
    return application_changes.carry_out_all(
        session,
        batches,
        yes=yes,
        dry_run=dry_run,
        consequences=consequences,
        allow_far=allow_far,
        looks=not no_wait,
    )


def _read(
    session: Session, at: AccountState, line: OrderLine, *, product: str | None, asks: bool, pays: bool
) -> tuple[OrderIntent, Consequence]:
    """The order of one line. Raises UsageError that names the line."""
    from bitget_cli.application.orders import orders

    try:
        market = session.symbol(line.symbol, product)
        intent = orders.order(at, market, line.direction, line.words, say=session.say)
        return intent, orders.judged(at, intent, asks=asks, pays=pays)
    except UsageError as mistake:
        raise UsageError(f"{line.place}: {mistake.message}", hint=mistake.hint) from None


class LadderOptions(NamedTuple):
    """What `ladder` takes beside direction and symbol."""

    first: FromOpt
    last: ToOpt
    steps: StepsOpt
    size: SizeArg = None
    quote: QuoteOpt = None
    risk: RiskOpt = None
    shape: ShapeOpt = LadderShape.FLAT
    spacing: SpacingOpt = LadderSpacing.EVEN
    post_only: PostOnlyOpt = False
    reduce_only: ReduceOnlyOpt = False
    close: CloseOpt = False
    margin_mode: MarginModeOpt = None
    leverage: LeverageOpt = None
    tp: AttachedTakeProfitOpt = None
    sl: AttachedStopLossOpt = None
    tp_limit: TakeProfitLimitOpt = None
    sl_limit: StopLossLimitOpt = None
    trigger_by: AttachedTriggerByOpt = None
    client_oid: ClientOidOpt = None
    tag: TagOpt = None
    product: ProductOpt = None
    allow_far: AllowFarOpt = False
    no_wait: NoWaitOpt = False
    yes: YesOpt = False
    dry_run: DryRunOpt = False


@group.command()
def ladder(session: Session, direction: DirectionArg, symbol: SymbolArg, typed: LadderOptions) -> Result:
    """Spread SIZE over limit orders from one price to another.

    The sizes add up to SIZE. All go under one tag, --tag or a new one, and with --client-oid under ID-1, ID-2 … Exits
    typed by an entry (-2%, 2R) go by each order's own; --risk counts every order filled and stopped. Exit 8 when a part
    of them failed.

    Example: bitget -p paper order ladder buy BTCUSDT 1 --from bid --to bid-3% --steps 5
    """
    from bitget_cli.application.orders import ladders
    from bitget_cli.application.orders.orders import OrderInput

    words = OrderInput(
        typed.size,
        typed.quote,
        post_only=typed.post_only,
        closing=typed.reduce_only or typed.close,
        margin_mode=typed.margin_mode,
        tp=typed.tp,
        sl=typed.sl,
        client_oid=typed.client_oid,
        tag=typed.tag,
        leverage=typed.leverage,
        trigger_by=typed.trigger_by,
        tp_limit=typed.tp_limit,
        sl_limit=typed.sl_limit,
        risk=typed.risk,
    )
    return ladders.place(
        session,
        session.symbol(symbol, typed.product),
        direction,
        words,
        ladders.LadderInput(typed.first, typed.last, typed.steps, typed.shape, typed.spacing),
        allow_far=typed.allow_far,
        yes=typed.yes,
        dry_run=typed.dry_run,
        looks=not typed.no_wait,
    )


@group.command()
def modify(
    session: Session,
    id_: IdArg,
    price: NewPriceOpt = None,
    size: NewSizeOpt = None,
    tp: Annotated[str | None, typer.Option("--tp", metavar="P", help="New take-profit; 0 removes it.")] = None,
    sl: Annotated[str | None, typer.Option("--sl", metavar="P", help="New stop-loss; 0 removes it.")] = None,
    symbol: MarketOpt = None,
    product: ProductOpt = None,
    allow_far: AllowFarOpt = False,
    yes: YesOpt = False,
    dry_run: DryRunOpt = False,
) -> Result:
    """Change an open order; what is not given stays as it is.

    Bitget cancels the order and makes another with a new id; on a unified account it keeps its ids. Futures change
    price and size, or take-profit and stop-loss, not both at once.

    Example: bitget -p paper order modify 1234567890 --price 61000
    """
    from bitget_cli.application.orders import open_orders as application_open_orders
    from bitget_cli.application.orders.open_orders import TypedTerms
    from bitget_cli.trading.order_model import OrderList

    wanted = TypedTerms(price=price, size=size, tp=tp, sl=sl)
    return application_open_orders.modify(
        session,
        id_,
        wanted,
        first=OrderList.ORDERS,
        symbol=symbol,
        product=product,
        allow_far=allow_far,
        yes=yes,
        dry_run=dry_run,
    )


@group.command()
def cancel(
    session: Session,
    ids: MaybeIdsArg = None,
    tag: Annotated[
        str | None,
        typer.Option(
            "--tag", metavar="TEXT", autocompletion=offers.tags, help="Every open order that was placed with this tag."
        ),
    ] = None,
    symbol: MarketOpt = None,
    product: ProductOpt = None,
    yes: YesOpt = False,
    dry_run: DryRunOpt = False,
) -> Result:
    """Cancel orders by id or client id, or all of a tag, in whichever book they are.

    --tag lists first what it cancels: orders and waiting orders placed from this machine with that tag, and what was
    made of them by `modify`.

    Example: bitget -p paper order cancel 1234567890 --symbol BTCUSDT
    """
    from bitget_cli.application.orders import open_orders as application_open_orders

    if bool(ids) == (tag is not None):
        raise UsageError(
            "ids and --tag are two ways to say which; give one" if ids else "which orders? Give ids, or --tag TEXT",
            hint="bitget order list shows ids, bitget order log tags",
        )
    if not ids:
        from bitget_cli.application.orders import tags

        return tags.cancel(session, tag or "", symbol=symbol, product=product, yes=yes, dry_run=dry_run)
    return application_open_orders.cancel(session, ids, symbol=symbol, product=product, yes=yes, dry_run=dry_run)


@group.command()
def cancel_all(
    session: Session,
    symbol: MaybeSymbolArg = None,
    product: ProductOpt = None,
    yes: YesOpt = False,
    dry_run: DryRunOpt = False,
) -> Result:
    """Cancel every open order of one market, or of one product.

    Lists them first. Without a symbol it is the product in force alone; trigger orders have a command of their own.

    Example: bitget -p paper order cancel-all BTCUSDT
    """
    from bitget_cli.application import queries
    from bitget_cli.application.orders import open_orders as application_open_orders

    line, market = queries.where(session, symbol, product)
    return application_open_orders.cancel_all(session, line, market, yes=yes, dry_run=dry_run)


FUTURES_COLUMNS = ("symbol", "side", "tradeSide", "orderType", "price", "size", "baseVolume", "status", "orderId")
DETAIL_COLUMNS = ("symbol", "side", "tradeSide", "orderType", "price", "size", "baseVolume", "state", "orderId")
PLAN_COLUMNS = ("planType", "symbol", "side", "triggerPrice", "price", "size", "planStatus", "orderId")
SPOT_COLUMNS = ("symbol", "side", "orderType", "price", "size", "baseVolume", "status", "orderId")
# While a spot order is open, Bitget shows its limit price as priceAvg and what it filled at as basePrice.
OPEN_SPOT_PRICE = "priceAvg"
OPEN_SPOT_COLUMNS = ("symbol", "side", "orderType", OPEN_SPOT_PRICE, "size", "baseVolume", "status", "orderId")
FILL_COLUMNS = ("cTime", "symbol", "side", "tradeSide", "price", "baseVolume", "profit", "tradeScope")
SPOT_FILL_COLUMNS = ("cTime", "symbol", "side", "priceAvg", "size", "amount", "tradeScope")


@group.command("list", reads_account=True)
def list_(
    session: Session,
    symbol: MaybeSymbolArg = None,
    tag: TaggedOpt = None,
    *,
    wanted: ListOptions,
    product: ProductOpt = None,
) -> Result:
    """Orders that are open, partly filled ones too.

    Example: bitget -p paper order list
    """
    from bitget_cli.application import queries

    line, market = queries.where(session, symbol, product)
    rows = wanted.rows(session, Read.OPEN_ORDERS, FUTURES_COLUMNS, line, market, subject="orders", tag=tag)
    if not line.is_spot:
        return rows
    return rows._replace(fields=tuple(map(_as_price, rows.fields)), columns=OPEN_SPOT_COLUMNS)


@group.command(reads_account=True)
def history(
    session: Session, symbol: MaybeSymbolArg = None, *, wanted: ListOptions, product: ProductOpt = None
) -> Result:
    """Orders of the last 90 days that are filled or cancelled, newest first.

    Example: bitget -p paper order history BTCUSDT --since 7d
    """
    from bitget_cli.application import queries

    line, market = queries.where(session, symbol, product)
    columns = SPOT_COLUMNS if line.is_spot else FUTURES_COLUMNS
    return wanted.rows(session, Read.PAST_ORDERS, columns, line, market, subject="past orders")


@group.command(reads_account=True)
def fills(
    session: Session, symbol: MaybeSymbolArg = None, *, wanted: ListOptions, product: ProductOpt = None
) -> Result:
    """Your own trades, newest first.

    Without a range the latest; with --since, --until or --all up to 90 days back.

    Example: bitget -p paper order fills BTCUSDT --limit 10
    """
    from bitget_cli.application import queries

    line, market = queries.where(session, symbol, product)
    # Bitget's demo has no list of older trades.
    read = Read.OLD_FILLS if wanted.range.is_said and session.env != "demo" else Read.FILLS
    columns = SPOT_FILL_COLUMNS if line.is_spot else FILL_COLUMNS
    return wanted.rows(session, read, columns, line, market, subject="fills")


@group.command(reads_account=True)
def show(session: Session, id_: IdArg, symbol: MarketOpt = None, product: ProductOpt = None) -> Result:
    """One order, open or past, in whichever book it is.

    Example: bitget -p paper order show 1234567890
    """
    from bitget_cli.application.orders import open_orders as application_open_orders

    found = application_open_orders.located(session, id_, symbol=symbol, product=product, past=True)
    return order_detail(session, found)


def order_detail(session: Session, found: Order | Plan) -> Result:
    """The order in full: a plain futures order has more to say than its list tells."""
    from bitget_cli.trading.order_model import Plan

    line = found.symbol.product
    if isinstance(found, Plan):
        fields = session.adapter.fields(Read.PAST_PLANS, line)
        return Record(found.row, fields, PLAN_COLUMNS if not line.is_spot else ())
    detail = session.adapter.detail(found)
    return Record(detail.value, detail.fields, SPOT_COLUMNS if line.is_spot else DETAIL_COLUMNS)


def _as_price(field: Field) -> Field:
    return field._replace(label="Price", kind=FieldKind.NUMBER) if field.name == OPEN_SPOT_PRICE else field


LOG = (
    Field("time", "Time", FieldKind.TIME),
    Field("state", "Outcome"),
    Field("what", "What"),
    Field("symbol", "Symbol"),
    Field("clientOid", "Client id", FieldKind.ID),
    Field("orderId", "Order id", FieldKind.ID),
    Field("kind", "Kind"),
    Field("endpoint", "Endpoint"),
    Field("signedAt", "Signed", FieldKind.TIME),
    Field("settledAt", "Settled", FieldKind.TIME),
    Field("body", "Request"),
    Field("bodySha256", "SHA-256"),
    Field("answer", "Answer"),
    Field("worker", "Worker"),
    Field("tag", "Tag"),
)
LOG_COLUMNS = ("time", "state", "what", "clientOid", "orderId")
# By this each that is in doubt is settled.
SETTLED_BY = ("clientOid",)
FOUND = (
    Field("outcome", "Outcome"),
    Field("what", "What"),
    Field("symbol", "Symbol"),
    Field("clientOid", "Client id", FieldKind.ID),
    Field("orderId", "Order id", FieldKind.ID),
    Field("state", "State"),
    Field("env", "Env"),
    Field("response", "Answer", FieldKind.NESTED),
)
FOUND_COLUMNS = ("outcome", "what", "clientOid", "orderId", "state")
_SHOWN = 50  # entries without --limit, --all and --since


class Word(StrEnum):
    """What a person found out by looking for themselves."""

    DONE = "done"
    NOT_DONE = "not-done"


WAITED = (
    Field("id", "Waited for", FieldKind.ID),
    Field("symbol", "Symbol"),
    Field("orderId", "Order id", FieldKind.ID),
    Field("clientOid", "Client id", FieldKind.ID),
    *FILLED,
)


@group.command()
def wait(
    session: Session,
    ids: IdsArg,
    span: Annotated[
        str | None, typer.Option("--for", metavar="T", help="At most so long, such as 10m; until Ctrl-C without it.")
    ] = None,
    symbol: MarketOpt = None,
    product: ProductOpt = None,
) -> Result:
    """Wait until orders are filled, and tell of each as it ends.

    Exit 0 once all are filled, 5 as soon as one ended otherwise (cancelled, rejected, expired) and where there is no
    such order, 9 when --for is over. A waiting order is filled once the order it led to is. An order that is modified
    meanwhile is followed.

    Example: bitget -p paper order wait 1234567890 --for 10m
    """
    from bitget_cli.application import after_placing
    from bitget_cli.application.orders import waiting

    seconds = None if span is None else duration(span, what="--for").total_seconds()
    ends = waiting.until_filled(session, ids, symbol=symbol, product=product, seconds=seconds, typed=span or "")
    if session.console.stream_form == "table":
        return Lines(session.console.harmless(after_placing.line(ended.typed, ended.order)) for ended in ends)
    return Rows(
        (_waited(ended.typed, after_placing.filled([ended.order]), ended.order) for ended in ends), WAITED, in_time=True
    )


def _waited(typed: str, filled: Filled, order: Order | Plan) -> dict[str, Any]:
    told = (typed, order.symbol.name, order.order_id, order.client_order_id, *filled)
    return {field.name: value for field, value in zip(WAITED, told, strict=True)}


@group.command()
def log(
    session: Session,
    *,
    wanted: ListOptions,
    unsettled: Annotated[bool, typer.Option("--unsettled", help="Only those whose outcome nobody knows.")] = False,
    worker: Annotated[
        str | None,
        typer.Option("--worker", metavar="NAME", autocompletion=offers.workers, help="Only those of this worker."),
    ] = None,
    tag: TaggedOpt = None,
) -> Result:
    """Every change made from this machine with this profile, the newest first.

    Each was written down before it was sent, with its exact request. Without --limit, --all or --since, the last
    50. Reads this machine alone; what was done elsewhere is in `order history`.

    Example: bitget -p paper order log
    """
    from bitget_cli.values import milliseconds

    start, end = session.span(wanted.since, wanted.until)
    tag = None if tag is None else checked_tag(tag)
    if unsettled:
        found = [
            one for one in session.execution.unsettled() if worker in (None, one.worker) and tag in (None, one.tag)
        ]
        return Rows([_logged(one) for one in found], LOG, LOG_COLUMNS, stay=SETTLED_BY, wrap=("what",))
    entries = session.journal.entries(
        since=milliseconds(start) if start else None,
        until=milliseconds(end) if end else None,
        limit=wanted.limit or (-1 if start or wanted.every else _SHOWN),
        worker=worker,
        tag=tag,
    )
    return Rows([_logged(entry) for entry in entries], LOG, LOG_COLUMNS, wrap=("what",))


@group.command()
def reconcile(
    session: Session,
    client_oid: Annotated[
        str | None,
        typer.Argument(
            metavar="CLIENT_OID", autocompletion=offers.clients, help="One change; all that are unsettled without it."
        ),
    ] = None,
    by_hand: Annotated[
        Word | None, typer.Option("--by-hand", help="Settle it by your word, having looked.", show_default=False)
    ] = None,
    yes: YesOpt = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would be asked about, and ask nothing.")
    ] = False,
) -> Result:
    """Ask the exchange what became of changes whose outcome nobody knows, until that is certain.

    Sends no order. That an order was not placed is believed only when the exchange can no longer receive it and two
    whole looks found nothing, so it may take most of a minute. Exit 7 while something stays unknown.

    Example: bitget -p paper order reconcile
    """
    from bitget_cli.trading.outcomes import unknown_error

    if dry_run:
        entries = [entry for entry in session.execution.unsettled() if client_oid in (None, entry.client_oid)]
        return Rows([_logged(entry) for entry in entries], LOG, LOG_COLUMNS, wrap=("what",))
    if by_hand is not None:
        if client_oid is None:
            raise UsageError("--by-hand settles one change; name its client id", hint="bitget order log --unsettled")
        session.allow_change(f"settle {client_oid} as {by_hand.value} without asking the exchange", yes=yes)
        entry = session.execution.forget(client_oid, done=by_hand is Word.DONE)
        return Rows([_logged(entry)], LOG, LOG_COLUMNS, wrap=("what",))
    outcomes = session.execution.reconcile(client_oid)
    if not outcomes:
        session.say("nothing is unsettled")
    return Rows(
        [_found(session, outcome) for outcome in outcomes], FOUND, FOUND_COLUMNS, failure=unknown_error(outcomes)
    )


def _logged(entry: Any) -> dict[str, Any]:
    """A journal entry as scripts read it."""
    told = (
        str(entry.prepared_at),
        entry.state.value,
        entry.what,
        entry.symbol,
        entry.client_oid,
        entry.order_id,
        entry.kind,
        entry.row,
        _text(entry.signed_at),
        _text(entry.settled_at),
        entry.body,
        entry.body_sha256,
        entry.answer,
        entry.worker,
        entry.tag,
    )
    return {field.name: value for field, value in zip(LOG, told, strict=True)}


def _found(session: Session, outcome: Any) -> dict[str, Any]:
    told = (
        outcome.outcome.value,
        outcome.what,
        outcome.symbol,
        outcome.client_oid,
        outcome.order_id,
        outcome.state,
        session.env,
        outcome.told,
    )
    return {field.name: value for field, value in zip(FOUND, told, strict=True)}


def _text(moment: int | None) -> str | None:
    return None if moment is None else str(moment)
