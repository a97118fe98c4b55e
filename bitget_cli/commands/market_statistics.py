"""The part of `bitget market` that is about futures as such and about statistics."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from bitget_cli.catalogue import market as futures
from bitget_cli.catalogue import market_rates as rates
from bitget_cli.catalogue import spot_market as spot
from bitget_cli.catalogue import trading_data
from bitget_cli.catalogue.rows import Field, Kind, Paging
from bitget_cli.client.answers import listed
from bitget_cli.commands import asking
from bitget_cli.commands.declare import Group
from bitget_cli.commands.options import AllOpt, LimitOpt, MaybeSymbolArg, ProductOpt, SinceOpt, SymbolArg, UntilOpt
from bitget_cli.errors import UsageError
from bitget_cli.results import Record, Result, Rows
from bitget_cli.session import Session

group = Group("market", "Funding, open interest, tiers, fees and statistics.")


class Statistic(StrEnum):
    """What there is a statistic of."""

    TAKER_VOLUME = "taker-volume"
    POSITION_RATIO = "position-ratio"
    ACCOUNT_RATIO = "account-ratio"
    LONG_SHORT = "long-short"
    MARGIN_RATIO = "margin-ratio"
    LOAN_GROWTH = "loan-growth"
    BORROW_RATE = "borrow-rate"
    FUND_FLOW = "fund-flow"
    NET_FLOW = "net-flow"
    WHALE_FLOW = "whale-flow"


STATISTICS = {
    Statistic.TAKER_VOLUME: trading_data.TAKER_BUY_SELL,
    Statistic.POSITION_RATIO: trading_data.POSITION_LONG_SHORT,
    Statistic.ACCOUNT_RATIO: trading_data.ACCOUNT_LONG_SHORT,
    Statistic.LONG_SHORT: trading_data.LONG_SHORT,
    Statistic.MARGIN_RATIO: trading_data.MARGIN_LONG_SHORT,
    Statistic.LOAN_GROWTH: trading_data.LOAN_GROWTH,
    Statistic.BORROW_RATE: trading_data.ISOLATED_BORROW_RATE,
    Statistic.FUND_FLOW: trading_data.FUND_FLOW,
    Statistic.NET_FLOW: trading_data.NET_FLOW,
    Statistic.WHALE_FLOW: trading_data.WHALE_NET_FLOW,
}


@group.command()
def funding(session: Session, symbol: MaybeSymbolArg = None, product: ProductOpt = None) -> Result:
    """The current funding rate, of one market or of all.

    Example: bitget market funding BTCUSDT
    """
    rate, when = rates.FUTURES_CURRENT_FUND_RATE, rates.FUTURES_FUNDING_TIME
    if not symbol:
        return Rows(asking.whole_product(session, rate, product), rate.fields)
    market = asking.futures_market(session, symbol, product)
    both = {**asking.ask_one(session, rate, market), **asking.ask_one(session, when, market)}
    return Record(both, tuple(dict.fromkeys(rate.fields + when.fields)))


@group.command()
def funding_history(
    session: Session,
    symbol: SymbolArg,
    limit: LimitOpt = None,
    every: AllOpt = False,
    since: SinceOpt = None,
    until: UntilOpt = None,
    product: ProductOpt = None,
) -> Result:
    """Funding rates paid, newest first.

    Example: bitget market funding-history BTCUSDT --limit 30
    """
    market = asking.futures_market(session, symbol, product)
    row = rates.FUTURES_HISTORY_FUND_RATE
    return asking.history(session, row, market, since=since, until=until, limit=limit, every=every)


@group.command()
def open_interest(session: Session, symbol: SymbolArg, product: ProductOpt = None) -> Result:
    """How much of a futures market is held open."""
    row = futures.FUTURES_OPEN_INTEREST
    # The moment stands beside the rows.
    whole = row._replace(paging=Paging())
    answer = asking.ask_one(session, whole, asking.futures_market(session, symbol, product))
    moment = Field("ts", "Time", Kind.TIME)
    return Record(answer, (moment,), lines=Rows(listed(answer, "openInterestList"), row.fields))


@group.command()
def oi_limit(session: Session, symbol: MaybeSymbolArg = None, product: ProductOpt = None) -> Result:
    """The largest position one account may hold."""
    row = futures.FUTURES_OI_LIMIT
    if symbol:
        return asking.one(session, row, asking.futures_market(session, symbol, product))
    return Rows(asking.whole_product(session, row, product), row.fields)


@group.command()
def tiers(session: Session, symbol: SymbolArg, product: ProductOpt = None) -> Result:
    """Position tiers: size, leverage, maintenance margin."""
    row = rates.FUTURES_POSITION_LEVER
    return Rows(asking.ask(session, row, asking.futures_market(session, symbol, product)), row.fields)


@group.command()
def fees(session: Session, product: ProductOpt = None) -> Result:
    """Fee rates of each VIP level."""
    row = spot.SPOT_VIP_FEE_RATE if session.product(product).is_spot else rates.FUTURES_VIP_FEE_RATE
    return Rows(session.client.read(row), row.fields)


@group.command()
def stats(
    session: Session,
    kind: Annotated[Statistic, typer.Argument(metavar="KIND", help="One of: " + ", ".join(Statistic) + ".")],
    symbol: SymbolArg,
    period: Annotated[str | None, typer.Option(metavar="P", help="Such as 5m, 1h, 1d; each kind has its own.")] = None,
) -> Result:
    """How others trade: volumes, ratios, lending, flows.

    The numbers are about a coin pair over all of Bitget, so only the symbol's name counts, not its product.

    Example: bitget market stats long-short BTCUSDT --period 1h
    """
    row = STATISTICS[kind]
    if period and not any(param.name == "period" for param in row.params):
        raise UsageError(f"{kind.value} has no periods", hint="leave --period out")
    data = asking.ask(session, row, asking.market(session, symbol, None), period=period)
    return Rows(data, row.fields) if isinstance(data, list) else Record(data, row.fields)
