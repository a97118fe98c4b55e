"""`bitget watch`: markets and your account as they change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import typer

from bitget_cli import values
from bitget_cli.catalogue import channels
from bitget_cli.catalogue.rows import Field
from bitget_cli.commands import asking
from bitget_cli.commands.declare import Group
from bitget_cli.commands.options import GranularityOpt, ProductOpt, SymbolArg, SymbolsArg
from bitget_cli.commands.watch_options import Wanted, stream
from bitget_cli.commands.watching import begun
from bitget_cli.errors import UsageError
from bitget_cli.messages import Topic
from bitget_cli.results import Feed
from bitget_cli.session import Session
from bitget_cli.values import Symbol

group = Group("watch", "Prices, books, trades, orders and positions as they change.")


@group.command()
@stream
def ticker(
    session: Session,
    wanted: Wanted,
    symbols: SymbolsArg,
    compact: Annotated[bool, typer.Option("--compact", help="Only price, change and age.")] = False,
    sort: Annotated[str | None, typer.Option(metavar="FIELD", help="Largest first by this field.")] = None,
    product: ProductOpt = None,
) -> Feed:
    """Prices, best bid and ask, and the last 24 hours of some markets.

    A live table on a terminal (keys: q ends, p pauses, s sorts), one JSON object a line in a pipe. In both, prices
    are the exchange's own texts. Markets of several products may stand in one table.

    Example: bitget watch ticker BTCUSDT ETHUSDT BTC/USDT
    """
    markets = _markets(session, symbols, product)
    fields = _fields(markets, "ticker")
    if sort and sort not in {field.name for field in fields}:
        raise UsageError(f"there is no field {sort!r} to sort by", hint=f"the fields are {_names(fields)}")
    topics = [Topic(market.product.wire, "ticker", market.name) for market in markets]
    look = {"compact": compact, "sort": sort or ""}
    return begun(session, wanted, "ticker", topics, fields=fields, title=_title(markets), look=look)


@group.command()
@stream
def depth(
    session: Session,
    wanted: Wanted,
    symbol: SymbolArg,
    levels: Annotated[
        int, typer.Option("--levels", metavar="N", min=1, max=channels.MOST_LEVELS, help="Levels a side.")
    ] = 20,
    product: ProductOpt = None,
) -> Feed:
    """The order book as it changes, its sequence checked.

    A book that has lost its place is fetched afresh and marked until then; nothing of it is printed. With up to 15
    levels Bitget pushes all of them each time, with no sequence to check: "unverified".

    Example: bitget watch depth BTCUSDT --levels 15 --count 3
    """
    market = asking.market(session, symbol, product)
    topics = [Topic(market.product.wire, channels.depth_channel(levels), market.name)]
    if session.stream_form == "table":
        topics.append(Topic(market.product.wire, "ticker", market.name))
    fields, look = _fields([market], "depth"), {"levels": levels, "channel": topics[0].channel}
    return begun(session, wanted, "depth", topics, fields=fields, title=_title([market]), look=look, depth=levels)


@group.command()
@stream
def trades(session: Session, wanted: Wanted, symbols: SymbolsArg, product: ProductOpt = None) -> Feed:
    """Public trades as they happen, each once.

    It begins with the latest trades. After a lost connection only unseen trades are told; a gap line says whether
    any are missing.

    Example: bitget watch trades BTCUSDT --duration 30s -o csv
    """
    markets = _markets(session, symbols, product)
    topics = [Topic(market.product.wire, "trade", market.name) for market in markets]
    return begun(session, wanted, "trades", topics, fields=_fields(markets, "trades"), title=_title(markets))


@group.command()
@stream
def candles(
    session: Session,
    wanted: Wanted,
    symbols: SymbolsArg,
    granularity: GranularityOpt = "1m",
    product: ProductOpt = None,
) -> Feed:
    """Open, high, low, close and volume of each bar, the forming one included.

    A bar is told again each time it changes; "closed" is true once it is final. Bars of 6h and longer open on the
    UTC grid. It begins with the bars of the past.

    Example: bitget watch candles BTCUSDT ETHUSDT -g 5m
    """
    length = values.granularity(granularity)
    channel = channels.candle_channel(length)
    markets = _markets(session, symbols, product)
    topics = [Topic(market.product.wire, channel, market.name) for market in markets]
    look = {"granularity": length}
    fields = (*_fields(markets, "candles"), Field("closed"), Field("closed_by"))
    return begun(session, wanted, "candles", topics, fields=fields, title=_title(markets), look=look)


group.include("watch_private")


def _markets(session: Session, symbols: Sequence[str], product: str | None) -> list[Symbol]:
    """The markets typed, each once."""
    return list(dict.fromkeys(asking.market(session, text, product) for text in symbols))


def _fields(markets: Sequence[Symbol], word: str) -> tuple[Field, ...]:
    """The fields of all these markets, each once."""
    found: Mapping[str, Any] = {
        field.name: field for market in markets for field in channels.of_word(market.product.wire, word).fields
    }
    return tuple(found.values())


def _names(fields: Sequence[Field]) -> str:
    return ", ".join(field.name for field in fields)


def _title(markets: Sequence[Symbol]) -> str:
    products = list(dict.fromkeys(market.product.value for market in markets))
    if len(markets) > 3:
        return f"{len(markets)} markets, {' '.join(products)}"
    return " ".join(market.name for market in markets) + " · " + " ".join(products)
