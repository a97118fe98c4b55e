"""`bitget market`: what everybody may see, no keys needed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Annotated, Any

import typer

from bitget_cli import values
from bitget_cli.catalogue import market as futures
from bitget_cli.catalogue import market_candles
from bitget_cli.catalogue import spot_market as spot
from bitget_cli.catalogue.rows import Field, Kind
from bitget_cli.client.answers import listed, objects
from bitget_cli.commands import asking
from bitget_cli.commands.declare import Group
from bitget_cli.commands.options import (
    AllOpt,
    GranularityOpt,
    LimitOpt,
    ProductOpt,
    SinceOpt,
    SymbolArg,
    SymbolsArg,
    UntilOpt,
)
from bitget_cli.errors import UsageError
from bitget_cli.results import Record, Result, Rows
from bitget_cli.session import Session

group = Group("market", "Prices, books, candles, funding and instruments; no keys needed.")

# Bitget opened in 2018: no bar is older.
OLDEST = "2018-01-01"
TICKER_COLUMNS = ("symbol", "lastPr", "change24h", "bidPr", "askPr", "high24h", "low24h", "quoteVolume")
BOOK_FIELDS = (
    Field("side", "Side", Kind.SIDE),
    Field("price", "Price", Kind.NUMBER),
    Field("size", "Size", Kind.NUMBER),
)


class Depth(StrEnum):
    """How many levels a side Bitget offers."""

    ONE = "1"
    FIVE = "5"
    FIFTEEN = "15"
    FIFTY = "50"
    MAX = "max"


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
    markets = [asking.market(session, text, product) for text in symbols]
    rows = [spot.SPOT_TICKERS if market.product.is_spot else futures.FUTURES_TICKER for market in markets]
    if len(markets) == 1:
        return Record(asking.ask_one(session, rows[0], markets[0]), rows[0].fields, TICKER_COLUMNS)
    answers = (asking.ask_one(session, row, market) for row, market in zip(rows, markets, strict=True))
    return Rows(filter(None, answers), rows[0].fields, TICKER_COLUMNS)


@group.command()
def tickers(
    session: Session,
    product: ProductOpt = None,
    sort: Annotated[str | None, typer.Option(metavar="FIELD", help="Largest first by this field.")] = None,
    top: Annotated[int | None, typer.Option(metavar="N", min=1, help="Only the first N.")] = None,
) -> Result:
    """Every market of a product.

    Example: bitget market tickers --sort quoteVolume --top 10
    """
    row = spot.SPOT_TICKERS if session.product(product).is_spot else futures.FUTURES_TICKERS
    items = asking.whole_product(session, row, product)
    if sort:
        items = _largest_first(objects(items), sort)
    return Rows(items[:top], row.fields, TICKER_COLUMNS)


@group.command()
def depth(
    session: Session,
    symbol: SymbolArg,
    limit: Annotated[Depth, typer.Option(help="Levels a side.")] = Depth.FIFTEEN,
    precision: Annotated[Precision | None, typer.Option(help="How coarsely levels are merged.")] = None,
    product: ProductOpt = None,
) -> Result:
    """The order book: what is bid and asked at which price.

    Example: bitget market depth BTCUSDT --limit 5
    """
    market = asking.market(session, symbol, product)
    row = spot.SPOT_MERGE_DEPTH if market.product.is_spot else futures.FUTURES_MERGE_DEPTH
    book = asking.ask_one(session, row, market, limit=limit.value, precision=precision and precision.value)
    return Record(book, row.fields, lines=Rows(_levels(book), BOOK_FIELDS))


@group.command()
def trades(
    session: Session,
    symbol: SymbolArg,
    limit: LimitOpt = None,
    every: AllOpt = False,
    since: SinceOpt = None,
    until: UntilOpt = None,
    product: ProductOpt = None,
) -> Result:
    """Public trades, newest first.

    Without a range the latest; with --since, --until or --all up to 90 days back.

    Example: bitget market trades BTCUSDT --since 10m --all -o csv
    """
    market = asking.market(session, symbol, product)
    if every or since or until:
        row = spot.SPOT_FILLS_HISTORY if market.product.is_spot else futures.FUTURES_FILLS_HISTORY
        return asking.history(session, row, market, since=since, until=until, limit=limit, every=every)
    row = spot.SPOT_FILLS if market.product.is_spot else futures.FUTURES_FILLS
    return Rows(asking.ask(session, row, market, limit=limit), row.fields)


@group.command()
def candles(
    session: Session,
    symbol: SymbolArg,
    granularity: GranularityOpt = "1h",
    kind: Annotated[
        PriceKind, typer.Option(help="Candles of trades, of the mark price or of the index.")
    ] = PriceKind.TRADE,
    limit: LimitOpt = None,
    every: AllOpt = False,
    since: SinceOpt = None,
    until: UntilOpt = None,
    product: ProductOpt = None,
) -> Result:
    """Open, high, low, close and volume, oldest first.

    Bars of 6h and longer open on the UTC grid. Without --since: the newest bars, the open one included, however far
    back they reach; where there are fewer than asked for, a line says so. At most 100 bars unless --limit or --all.

    Example: bitget market candles BTCUSDT -g 1m --since 3d --all -o csv
    """
    from bitget_cli.client import candles as walker

    market = asking.market(session, symbol, product)
    start, end = session.span(since or (OLDEST if every else None), until)
    wanted = None if every else limit or walker.DEFAULT_BARS
    bars = walker.walk(
        session.client,
        market,
        granularity,
        kind=kind.value,
        since=start,
        until=end,
        now=session.now(),
        limit=wanted,
    )
    bars = asking.each(session, bars, market)
    if wanted and start is None:
        bars = _all_there_are(
            session, bars, wanted, f"{market.name} in {market.product}", values.granularity(granularity)
        )
    row = spot.SPOT_CANDLES if market.product.is_spot else market_candles.FUTURES_CANDLES
    return Rows(bars, row.fields)


@group.command()
def price(session: Session, symbol: SymbolArg, product: ProductOpt = None) -> Result:
    """Last, mark and index price of a futures market.

    Example: bitget market price BTCUSDT --fields markPrice
    """
    return asking.one(session, futures.FUTURES_SYMBOL_PRICE, asking.futures_market(session, symbol, product))


group.include("market_statistics")
group.include("market_reference")


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
    asks, bids = (
        [level for level in listed(book.get(side)) if isinstance(level, list) and len(level) > 1]
        for side in ("asks", "bids")
    )
    for price, size, *_ in reversed(asks):
        yield {"side": "sell", "price": price, "size": size}
    for price, size, *_ in bids:
        yield {"side": "buy", "price": price, "size": size}


def _largest_first(items: list[dict[str, Any]], field: str) -> list[Any]:
    if items and field not in items[0]:
        raise UsageError(f"there is no field {field!r} to sort by", hint="choose from " + ", ".join(items[0]))

    def size(item: Any) -> Decimal:
        try:
            return Decimal(item.get(field) or 0)
        except (InvalidOperation, TypeError):
            raise UsageError(f"field {field} is not a number ({item[field]!r}), so it has no largest") from None

    return sorted(items, key=size, reverse=True)
