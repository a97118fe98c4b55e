"""`bitget market`: what everybody may see, no keys needed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Annotated, Any

import typer

from bitget_cli import values
from bitget_cli.application import queries
from bitget_cli.catalogue.model import Endpoint, Field, FieldKind, Paging
from bitget_cli.catalogue.v2 import futures_market
from bitget_cli.catalogue.v2 import spot_market as spot
from bitget_cli.commands.command import Group
from bitget_cli.commands.options import (
    GranularityOpt,
    ListOptions,
    MaybeCoinArg,
    MaybeSymbolArg,
    ProductOpt,
    SortOpt,
    SymbolArg,
    SymbolsArg,
)
from bitget_cli.errors import UsageError
from bitget_cli.results import Record, Result, Rows
from bitget_cli.session import Session

group = Group("market", "Prices, books, candles, funding and instruments; no keys needed.")

# Bitget opened in 2018: no bar is older.
OLDEST = "2018-01-01"
TICKER_COLUMNS = ("symbol", "lastPr", "change24h", "bidPr", "askPr", "high24h", "low24h", "quoteVolume")
# What one ticker tells, as it is read: the price and how it moved, the best of the book, what was traded, the contract.
_TICKER_TOGETHER = (
    *("symbol", "lastPr", "change24h", "open24h", "open", "high24h", "low24h", "changeUtc24h", "openUtc"),
    *("bidPr", "bidSz", "askPr", "askSz", "baseVolume", "quoteVolume", "usdtVolume"),
    *("markPrice", "indexPrice", "fundingRate", "holdingAmount"),
    *("deliveryStatus", "deliveryStartTime", "deliveryTime", "ts"),
)
BOOK_FIELDS = (
    Field("side", "Side", FieldKind.SIDE),
    Field("price", "Price", FieldKind.NUMBER),
    Field("size", "Size", FieldKind.NUMBER),
)


# How many levels a side Bitget offers; and all there are.
_DEPTHS = ("1", "5", "15", "50")
_ALL_LEVELS = "max"


class Precision(StrEnum):
    """How coarsely levels are merged; scale0 is the instrument's own tick."""

    SCALE0 = "scale0"
    SCALE1 = "scale1"
    SCALE2 = "scale2"
    SCALE3 = "scale3"


class PriceKind(StrEnum):
    """Which price a candle is made of."""

    TRADE = "trade"
    MARK = "mark"
    INDEX = "index"


@group.command()
def ticker(session: Session, symbols: SymbolsArg, product: ProductOpt = None) -> Result:
    """Last price, best bid and ask, and the last 24 hours.

    Example: bitget market ticker BTCUSDT ETHUSDT BTC/USDT
    """
    markets = [queries.market(session, text, product) for text in symbols]
    rows = [spot.SPOT_TICKERS if market.product.is_spot else futures_market.FUTURES_TICKER for market in markets]
    if len(markets) == 1:
        told = queries.ask_one(session, rows[0], markets[0])
        return Record(told, rows[0].fields, TICKER_COLUMNS, together=_TICKER_TOGETHER)
    answers = (queries.ask_one(session, row, market) for row, market in zip(rows, markets, strict=True))
    return Rows(filter(None, answers), rows[0].fields, TICKER_COLUMNS)


@group.command()
def tickers(
    session: Session,
    product: ProductOpt = None,
    sort: SortOpt = None,
    top: Annotated[int | None, typer.Option(metavar="N", min=1, help="Only the first N.")] = None,
) -> Result:
    """Every market of a product.

    Example: bitget market tickers --sort quoteVolume --top 10
    """
    from bitget_cli.client.rest.response import objects

    row = spot.SPOT_TICKERS if session.product(product).is_spot else futures_market.FUTURES_TICKERS
    items = queries.whole_product(session, row, product)
    if sort:
        items = _sorted(objects(items), sort)
    return Rows(items[:top], row.fields, TICKER_COLUMNS)


@group.command()
def depth(
    session: Session,
    symbol: SymbolArg,
    limit: Annotated[str, typer.Option(metavar="N", help="Levels a side: 1 to 50, or max.")] = "15",
    precision: Annotated[Precision | None, typer.Option(help="How coarsely levels are merged.")] = None,
    product: ProductOpt = None,
) -> Result:
    """The order book: what is bid and asked at which price.

    Example: bitget market depth BTCUSDT --limit 5
    """
    market = queries.market(session, symbol, product)
    row = spot.SPOT_MERGE_DEPTH if market.product.is_spot else futures_market.FUTURES_MERGE_DEPTH
    offered = _offered(limit)
    book = queries.ask_one(session, row, market, limit=offered, precision=precision and precision.value)
    if offered != limit.lower():
        book |= {side: book[side][: int(limit)] for side in ("asks", "bids") if isinstance(book.get(side), list)}
    return Record(book, row.fields, lines=Rows(_levels(book), BOOK_FIELDS))


def _offered(limit: str) -> str:
    """The smallest number of levels that Bitget offers and that holds so many."""
    if limit.lower() == _ALL_LEVELS:
        return _ALL_LEVELS
    wanted = values.amount(limit, what="--limit")
    if wanted != wanted.to_integral_value() or not 1 <= wanted <= int(_DEPTHS[-1]):
        raise UsageError(f"--limit {limit} is not a whole number from 1 to {_DEPTHS[-1]}, or {_ALL_LEVELS}")
    return next(number for number in _DEPTHS if int(number) >= wanted)


@group.command()
def trades(session: Session, symbol: SymbolArg, *, wanted: ListOptions, product: ProductOpt = None) -> Result:
    """Public trades, newest first.

    Without a range the latest; with --since, --until or --all up to 90 days back.

    Example: bitget market trades BTCUSDT --since 10m --all -o csv
    """
    market = queries.market(session, symbol, product)
    if wanted.range.is_said:
        row = spot.SPOT_FILLS_HISTORY if market.product.is_spot else futures_market.FUTURES_FILLS_HISTORY
        return queries.history(session, row, market, **wanted._asdict())
    row = spot.SPOT_FILLS if market.product.is_spot else futures_market.FUTURES_FILLS
    return Rows(queries.ask(session, row, market, limit=wanted.limit), row.fields)


@group.command()
def candles(
    session: Session,
    symbol: SymbolArg,
    granularity: GranularityOpt = "1h",
    kind: Annotated[
        PriceKind, typer.Option(help="Candles of trades, of the mark price or of the index.")
    ] = PriceKind.TRADE,
    *,
    wanted: ListOptions,
    product: ProductOpt = None,
) -> Result:
    """Open, high, low, close and volume, oldest first.

    Bars of 6h and longer open on the UTC grid. Without --since: the newest bars, the open one included, however far
    back they reach; where there are fewer than asked for, a line says so. At most 100 bars unless --limit or --all.

    Example: bitget market candles BTCUSDT -g 1m --since 3d --all -o csv
    """
    from bitget_cli.client.rest import candles as walker

    market = queries.market(session, symbol, product)
    start, end = session.span(wanted.since or (OLDEST if wanted.every else None), wanted.until)
    most = None if wanted.every else wanted.limit or walker.DEFAULT_BARS
    bars = walker.walk(
        session.client, market, granularity, kind=kind.value, since=start, until=end, now=session.now(), limit=most
    )
    bars = queries.each(session, bars, market)
    if most and start is None:
        bars = _all_there_are(
            session, bars, most, f"{market.name} in {market.product}", values.granularity(granularity)
        )
    row = spot.SPOT_CANDLES if market.product.is_spot else futures_market.FUTURES_CANDLES
    # Spot tells its volume in dollars twice, under two names.
    columns = {field.name for field in futures_market.FUTURES_CANDLES.fields}
    return Rows(bars, tuple(field for field in row.fields if field.name in columns))


@group.command()
def price(session: Session, symbol: SymbolArg, product: ProductOpt = None) -> Result:
    """Last, mark and index price of a futures market.

    Example: bitget market price BTCUSDT --fields markPrice
    """
    return queries.one(session, futures_market.FUTURES_SYMBOL_PRICE, queries.futures_market(session, symbol, product))


def _all_there_are(session: Session, bars: Iterable[Any], wanted: int, market: str, length: str) -> Iterator[Any]:
    """The bars, and a line for people where they are all there are."""
    first, count = None, 0
    for bar in bars:
        first = first or values.from_milliseconds(bar[0])
        count += 1
        yield bar
    if first and count < wanted:
        session.say(
            f"{market} has no older bars of {length}: {count} of {wanted}, the first of {first:%Y-%m-%dT%H:%MZ}"
        )


def _levels(book: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The book as a ladder: dearest ask first, best ask above best bid."""
    from bitget_cli.client.rest.response import listed

    asks, bids = (
        [level for level in listed(book.get(side)) if isinstance(level, list) and len(level) > 1]
        for side in ("asks", "bids")
    )
    for price, size, *_ in reversed(asks):
        yield {"side": "sell", "price": price, "size": size}
    for price, size, *_ in bids:
        yield {"side": "buy", "price": price, "size": size}


def _sorted(items: list[dict[str, Any]], by: str) -> list[Any]:
    """The largest first by a field, or with a dash before its name the smallest."""
    field = by.removeprefix("-")
    if items and field not in items[0]:
        raise UsageError(f"there is no field {field!r} to sort by", hint="choose from " + ", ".join(items[0]))

    def size(item: Any) -> Decimal:
        try:
            return Decimal(item.get(field) or 0)
        except (InvalidOperation, TypeError):
            raise UsageError(f"field {field} is not a number ({item[field]!r}), so it has no largest") from None

    return sorted(items, key=size, reverse=not by.startswith("-"))


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


@group.command()
def funding(session: Session, symbol: MaybeSymbolArg = None, product: ProductOpt = None) -> Result:
    """The current funding rate, of one market or of all.

    Example: bitget market funding BTCUSDT
    """
    rate, when = futures_market.FUTURES_CURRENT_FUND_RATE, futures_market.FUTURES_FUNDING_TIME
    if not symbol:
        return Rows(queries.whole_product(session, rate, product), rate.fields)
    market = queries.futures_market(session, symbol, product)
    both = {**queries.ask_one(session, rate, market), **queries.ask_one(session, when, market)}
    return Record(both, tuple(dict.fromkeys(rate.fields + when.fields)))


@group.command()
def funding_history(session: Session, symbol: SymbolArg, *, wanted: ListOptions, product: ProductOpt = None) -> Result:
    """Funding rates paid, newest first.

    Example: bitget market funding-history BTCUSDT --limit 30
    """
    market = queries.futures_market(session, symbol, product)
    row = futures_market.FUTURES_HISTORY_FUND_RATE
    return queries.history(session, row, market, **wanted._asdict())


@group.command()
def open_interest(session: Session, symbol: SymbolArg, product: ProductOpt = None) -> Result:
    """How much of a futures market is held open.

    Example: bitget market open-interest BTCUSDT
    """
    from bitget_cli.client.rest.response import listed

    row = futures_market.FUTURES_OPEN_INTEREST
    # The moment stands beside the rows.
    whole = row._replace(paging=Paging())
    answer = queries.ask_one(session, whole, queries.futures_market(session, symbol, product))
    moment = Field("ts", "Time", FieldKind.TIME)
    return Record(answer, (moment,), lines=Rows(listed(answer, row.paging.rows_at), row.fields))


@group.command()
def oi_limit(session: Session, symbol: MaybeSymbolArg = None, product: ProductOpt = None) -> Result:
    """The largest position one account may hold.

    Example: bitget market oi-limit BTCUSDT
    """
    row = futures_market.FUTURES_OI_LIMIT
    if symbol:
        return queries.one(session, row, queries.futures_market(session, symbol, product))
    return Rows(queries.whole_product(session, row, product), row.fields)


@group.command()
def tiers(session: Session, symbol: SymbolArg, product: ProductOpt = None) -> Result:
    """Position tiers: size, leverage, maintenance margin.

    Example: bitget market tiers BTCUSDT
    """
    row = futures_market.FUTURES_POSITION_LEVER
    return Rows(queries.ask(session, row, queries.futures_market(session, symbol, product)), row.fields)


@group.command()
def fees(session: Session, product: ProductOpt = None) -> Result:
    """Fee rates of each VIP level.

    Example: bitget market fees --product spot
    """
    row = spot.SPOT_VIP_FEE_RATE if session.product(product).is_spot else futures_market.FUTURES_VIP_FEE_RATE
    return Rows(session.client.read(row), row.fields)


@group.command()
def stats(
    session: Session,
    kind: Annotated[Statistic, typer.Argument(metavar="KIND", help="One of: " + ", ".join(Statistic) + ".")],
    symbol: SymbolArg,
    period: Annotated[str | None, typer.Option(metavar="P", help="Such as 5m, 1h, 1d; each kind has its own.")] = None,
    coin: Annotated[
        str | None, typer.Option("--coin", metavar="C", help="Which coin of the pair is borrowed; the base without it.")
    ] = None,
) -> Result:
    """How others trade: volumes, ratios, lending, flows.

    The numbers are about a coin pair over all of Bitget, so only the symbol's name counts, not its product.

    Example: bitget market stats long-short BTCUSDT --period 1h
    """
    row = statistics()[kind]
    takes = {param.name for param in row.params}
    if period and "period" not in takes:
        raise UsageError(f"{kind.value} has no periods", hint="leave --period out")
    if coin and "coin" not in takes:
        raise UsageError(
            f"{kind.value} is about the pair and not about a coin of it", hint="leave --coin out; margin-ratio has one"
        )
    named = coin and session.coin(coin)
    data = queries.ask(session, row, queries.market(session, symbol, None), period=period, coin=named)
    return Rows(data, row.fields) if isinstance(data, list) else Record(data, row.fields)


def statistics() -> dict[Statistic, Endpoint]:
    """The row of each statistic."""
    from bitget_cli.catalogue.v2 import trading_data

    return {
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


FUTURES_COLUMNS = (
    *("symbol", "symbolStatus", "baseCoin", "quoteCoin", "pricePlace", "priceEndStep", "sizeMultiplier"),
    *("minTradeNum", "minTradeUSDT", "maxLever", "makerFeeRate", "takerFeeRate", "fundInterval"),
)
SPOT_COLUMNS = (
    *("symbol", "status", "baseCoin", "quoteCoin", "pricePrecision", "quantityPrecision", "quotePrecision"),
    *("minTradeUSDT", "makerFeeRate", "takerFeeRate"),
)
NEWS_TEXTS = ("annTitle", "annUrl")
NEWS_COLUMNS = ("cTime", "annType", *NEWS_TEXTS)
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
    from bitget_cli.client.rest import markets

    if symbol:
        market = queries.market(session, symbol, product)
        row = spot.SPOT_SYMBOLS if market.product.is_spot else futures_market.FUTURES_CONTRACTS
        found = queries.ask_one(session, row, market)
        return Record(found and markets.named(session.client, row, found), row.fields)
    chosen = session.product(product)
    if chosen.is_spot:
        return Rows(markets.instruments(session.client, chosen), spot.SPOT_SYMBOLS.fields, SPOT_COLUMNS)
    row = futures_market.FUTURES_CONTRACTS
    return Rows(markets.instruments(session.client, chosen), row.fields, FUTURES_COLUMNS)


@group.command()
def coins(session: Session, coin: MaybeCoinArg = None) -> Result:
    """Coins, their chains, minimums and withdrawal fees.

    Example: bitget market coins USDT
    """
    from bitget_cli.client.rest import markets

    items = markets.listing(session.client, spot.SPOT_COINS, coin=coin and session.coin(coin))
    fields = spot.SPOT_COINS.fields
    if not coin:
        return Rows(items, fields, COIN_COLUMNS, unfold="chains")
    if not items:
        raise UsageError(f"coin {session.coin(coin)} is not a coin Bitget has", hint="bitget market coins")
    return Record(items[0], fields)


@group.command()
def time(session: Session) -> Result:
    """The exchange's own clock.

    Example: bitget market time
    """
    from bitget_cli.catalogue.v2 import public

    return Record(session.client.read(public.TIME), public.TIME.fields)


@group.command()
def news(
    session: Session,
    kind: Annotated[
        str | None, typer.Option("--type", metavar="TYPE", help="coin_listings, maintenance_system_updates …")
    ] = None,
    *,
    wanted: ListOptions,
) -> Result:
    """Announcements of the last month, newest first.

    Example: bitget market news --type coin_listings
    """
    from bitget_cli.catalogue.v2 import public
    from bitget_cli.client.rest import markets

    start, end = session.span(wanted.since, wanted.until)
    items = markets.news(session.client, kind, since=start, until=end, limit=wanted.limit, every=wanted.every)
    return Rows(items, public.ANNOUNCEMENTS.fields, NEWS_COLUMNS, stay=NEWS_TEXTS, wrap=NEWS_TEXTS[:1])
