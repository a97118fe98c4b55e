"""`bitget order`: trade, change, cancel and see orders, in spot and futures."""

from __future__ import annotations

from bitget_cli.commands import consent, dealing, typed_orders
from bitget_cli.commands.declare import Group
from bitget_cli.commands.options import AllowFarOpt, DryRunOpt, ProductOpt, SymbolArg, YesOpt
from bitget_cli.commands.order_options import (
    ClientOidOpt,
    CloseOpt,
    MarginModeOpt,
    PostOnlyOpt,
    PriceOpt,
    QuoteOpt,
    ReduceOnlyOpt,
    SizeArg,
    StopLossOpt,
    TakeProfitOpt,
    TifOpt,
)
from bitget_cli.commands.typed_orders import Words
from bitget_cli.results import Result
from bitget_cli.session import Session
from bitget_cli.trading import wire
from bitget_cli.trading.changes import Direction

group = Group("order", "Trade, change, cancel and see orders.")


@group.command()
def buy(
    session: Session,
    symbol: SymbolArg,
    size: SizeArg = None,
    quote: QuoteOpt = None,
    price: PriceOpt = None,
    tif: TifOpt = None,
    post_only: PostOnlyOpt = False,
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
    """Buy: opens or adds to a long, or with --close buys a short back.

    At market unless --price. SIZE is in base coin; a spot market buy is sized by --quote. The account's position mode
    is read and never changed.

    Example: bitget -p paper order buy BTCUSDT 0.01 --price 60000
    """
    words = Words(
        size,
        quote,
        price,
        tif,
        post_only,
        reduce_only or close,
        margin_mode=margin_mode,
        tp=tp,
        sl=sl,
        client_oid=client_oid,
    )
    return _trade(session, Direction.BUY, symbol, words, product=product, allow_far=allow_far, yes=yes, dry_run=dry_run)


@group.command()
def sell(
    session: Session,
    symbol: SymbolArg,
    size: SizeArg = None,
    quote: QuoteOpt = None,
    price: PriceOpt = None,
    tif: TifOpt = None,
    post_only: PostOnlyOpt = False,
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
    """Sell: opens or adds to a short, or with --close sells a long.

    At market unless --price. SIZE is in base coin. The account's position mode is read and never changed.

    Example: bitget -p paper order sell BTCUSDT 0.01 --close
    """
    words = Words(
        size,
        quote,
        price,
        tif,
        post_only,
        reduce_only or close,
        margin_mode=margin_mode,
        tp=tp,
        sl=sl,
        client_oid=client_oid,
    )
    return _trade(
        session, Direction.SELL, symbol, words, product=product, allow_far=allow_far, yes=yes, dry_run=dry_run
    )


group.include("order_batch")
group.include("order_changes")
group.include("order_lists")
group.include("order_log")


def _trade(
    session: Session,
    direction: Direction,
    symbol: str,
    words: Words,
    *,
    product: str | None,
    allow_far: bool,
    yes: bool,
    dry_run: bool,
) -> Result:
    market = session.symbol(symbol, product)
    at = dealing.desk(session)
    intent = typed_orders.order(at, market, direction, words, say=session.say)
    asks = consent.asks(session, yes=yes, dry_run=dry_run)
    consequence = typed_orders.judged(at, intent, asks=asks, pays=not dry_run)
    change = wire.place(intent, dealing.terms(at, market))
    return dealing.carry_out(session, change, yes=yes, dry_run=dry_run, consequence=consequence, allow_far=allow_far)
