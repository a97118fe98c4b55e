"""The part of `bitget market` that tells what there is to trade, and what the exchange announces."""

from __future__ import annotations

from typing import Annotated

import typer

from bitget_cli.catalogue import market as futures
from bitget_cli.catalogue import public
from bitget_cli.catalogue import spot_market as spot
from bitget_cli.commands import asking
from bitget_cli.commands.declare import Group
from bitget_cli.commands.options import AllOpt, LimitOpt, MaybeCoinArg, MaybeSymbolArg, ProductOpt, SinceOpt, UntilOpt
from bitget_cli.errors import UsageError
from bitget_cli.results import Record, Result, Rows
from bitget_cli.session import Session

group = Group("market", "Instruments, coins, the exchange's clock and its announcements.")

FUTURES_COLUMNS = (
    *("symbol", "symbolStatus", "baseCoin", "quoteCoin", "pricePlace", "priceEndStep", "sizeMultiplier"),
    *("minTradeNum", "minTradeUSDT", "maxLever", "makerFeeRate", "takerFeeRate", "fundInterval"),
)
SPOT_COLUMNS = (
    *("symbol", "status", "baseCoin", "quoteCoin", "pricePrecision", "quantityPrecision", "quotePrecision"),
    *("minTradeUSDT", "makerFeeRate", "takerFeeRate"),
)
COIN_COLUMNS = (
    "coin",
    *(f"chains[].{name}" for name in ("chain", "rechargeable", "minDepositAmount", "withdrawable")),
    *(f"chains[].{name}" for name in ("minWithdrawAmount", "withdrawFee", "extraWithdrawFee")),
)


@group.command()
def symbols(session: Session, symbol: MaybeSymbolArg = None, product: ProductOpt = None) -> Result:
    """The instruments and their rules: tick, step, minimum.

    Example: bitget market symbols BTCUSDT --json
    """
    from bitget_cli.client import markets

    if symbol:
        market = asking.market(session, symbol, product)
        row = spot.SPOT_SYMBOLS if market.product.is_spot else futures.FUTURES_CONTRACTS
        found = asking.ask_one(session, row, market)
        return Record(found and markets.named(session.client, row, found), row.fields)
    chosen = session.product(product)
    if chosen.is_spot:
        return Rows(markets.listing(session.client, spot.SPOT_SYMBOLS), spot.SPOT_SYMBOLS.fields, SPOT_COLUMNS)
    row = futures.FUTURES_CONTRACTS
    return Rows(markets.listing(session.client, row, productType=chosen.wire), row.fields, FUTURES_COLUMNS)


@group.command()
def coins(session: Session, coin: MaybeCoinArg = None) -> Result:
    """Coins, their chains, minimums and withdrawal fees.

    Example: bitget market coins USDT
    """
    from bitget_cli.client import markets

    items = markets.listing(session.client, spot.SPOT_COINS, coin=coin and session.coin(coin))
    fields = spot.SPOT_COINS.fields
    if not coin:
        return Rows(items, fields, COIN_COLUMNS, unfold="chains")
    if not items:
        raise UsageError(f"coin {session.coin(coin)} is not a coin Bitget has", hint="bitget market coins")
    return Record(items[0], fields)


@group.command()
def time(session: Session) -> Result:
    """The exchange's own clock."""
    return Record(session.client.read(public.TIME), public.TIME.fields)


@group.command()
def news(
    session: Session,
    kind: Annotated[
        str | None, typer.Option("--type", metavar="TYPE", help="coin_listings, maintenance_system_updates …")
    ] = None,
    limit: LimitOpt = None,
    every: AllOpt = False,
    since: SinceOpt = None,
    until: UntilOpt = None,
) -> Result:
    """Announcements of the last month, newest first.

    Example: bitget market news --type coin_listings
    """
    from bitget_cli.client.paging import pages

    row = public.ANNOUNCEMENTS
    given = {"annType": kind, "language": "en_US"}
    start, end = session.span(since, until)
    items = pages(session.client, row, given, since=start, until=end, limit=limit, every=every)
    return Rows(items, row.fields, ("cTime", "annType", "annTitle", "annUrl"))
