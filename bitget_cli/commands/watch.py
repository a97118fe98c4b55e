"""`bitget watch`: markets and your account as they change."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Annotated, Any, NamedTuple

import typer

from bitget_cli import values
from bitget_cli.application import queries
from bitget_cli.catalogue import channels
from bitget_cli.catalogue.channels import EVERY
from bitget_cli.catalogue.model import Field
from bitget_cli.commands.command import Group
from bitget_cli.commands.options import GranularityOpt, ProductOpt, SortOpt, SymbolArg, SymbolsArg
from bitget_cli.conditions import Expression, condition
from bitget_cli.errors import BitgetError, RejectedError, UsageError
from bitget_cli.results import Feed
from bitget_cli.session import Session
from bitget_cli.stream_events import Facts, Message, Push, Source, Topic
from bitget_cli.values import Product, Symbol, duration
from bitget_cli.values import product as product_of

CountOpt = Annotated[int | None, typer.Option("--count", metavar="N", min=1, help="End after N rows.")]
DurationOpt = Annotated[str | None, typer.Option("--duration", metavar="T", help="End after 30s, 2m, 1h …")]
UntilOpt = Annotated[
    str | None,
    typer.Option("--until", metavar="EXPR", help="End once a row meets this: 'lastPr > 70000'; exit 9 if none did."),
]
RawOpt = Annotated[bool, typer.Option("--raw", help="Frames as the exchange sent them, one a line.")]
StatusOpt = Annotated[
    bool | None,
    typer.Option(
        "--status/--no-status",
        help="Lines about the connection, too; by default only without --count and --until.",
        show_default=False,
    ),
]
WaitOpt = Annotated[
    bool, typer.Option("--wait", help="Go on trying for the first connection, which else must stand within --timeout.")
]
StrictOpt = Annotated[bool, typer.Option("--strict", help="Exit 9 when a gap in the data was not mended.")]


class WatchOptions(NamedTuple):
    """The options all streams share, as typed."""

    rows: CountOpt = None
    duration: DurationOpt = None
    until: UntilOpt = None
    raw: RawOpt = False
    status: StatusOpt = None
    strict: StrictOpt = False
    wait: WaitOpt = False

    @property
    def tells_status(self) -> bool:
        """Whether lines about the connection are wanted: not where a script counts on rows alone."""
        return not (self.rows or self.until) if self.status is None else self.status


# Streams of tickers beside that of the positions; each new holding while it is watched takes one.
_MOST_MARKED = 10


class Only:
    """A stream of the account's rows, of some markets alone; what is no row is told as it is."""

    def __init__(self, source: Source, markets: Sequence[Symbol]) -> None:
        self._source = source
        self._wanted = {(market.product.value, market.name) for market in markets}

    def take(self, seconds: float) -> Sequence[Message] | None:
        taken = self._source.take(seconds)
        if taken is None:
            return None
        return [one for one in taken if not isinstance(one, Push) or (one.market, one.symbol) in self._wanted]

    def facts(self) -> Facts:
        return self._source.facts()

    def close(self) -> None:
        self._source.close()


class Marked:
    """A stream of positions with the tickers of their markets mixed in; `watch` opens a stream of topics."""

    def __init__(self, positions: Source, watch: Callable[[Sequence[Topic]], Source]) -> None:
        self._positions = positions
        self._watch = watch
        self._followed: set[Topic] = set()
        self._tickers: list[Source] = []

    def take(self, seconds: float) -> Sequence[Message] | None:
        taken = self._positions.take(seconds)
        if taken is None:
            return None
        self._follow(taken)
        return [*taken, *(push for source in tuple(self._tickers) for push in self._pushes(source))]

    def facts(self) -> Facts:
        """How the stream of positions stands; messages of all."""
        messages = sum(source.facts().messages for source in self._tickers)
        facts = self._positions.facts()
        return facts._replace(messages=facts.messages + messages)

    def close(self) -> None:
        for source in (self._positions, *self._tickers):
            source.close()

    def _follow(self, messages: Sequence[Message]) -> None:
        held = {
            Topic(message.market.upper(), "ticker", message.symbol)
            for message in messages
            if isinstance(message, Push) and message.symbol and message.data.get("closed") is not True
        }
        if (new := sorted(held - self._followed)) and len(self._tickers) < _MOST_MARKED:
            self._followed.update(new)
            self._tickers.append(self._watch(new))

    def _pushes(self, source: Source) -> list[Push]:
        """The tickers that have come; without them the profit stays what the exchange said last."""
        try:
            taken = source.take(0)
        except BitgetError:
            taken = None
        if taken is None:
            self._tickers.remove(source)
            return []
        return [message for message in taken if isinstance(message, Push)]


# Bitget allows 1000 channels a connection and recommends fewer than 50.
_MOST, _MANY = 200, 50
# What the envelope of a row says too.
_ENVELOPE = ("market", "symbol", "recv")
# Of a socket: the channel has no such market.
_UNKNOWN_SYMBOL = "30001"


def begun(
    session: Session,
    wanted: WatchOptions,
    kind: str,
    topics: Sequence[Topic],
    *,
    fields: tuple[Field, ...],
    title: str,
    look: Mapping[str, Any] | None = None,
    depth: int = 20,
) -> Feed:
    """The stream of these topics, opened once everything typed makes sense. Raises UsageError where it does not."""
    if len(topics) > _MOST:
        raise UsageError(f"{len(topics)} subscriptions are more than the {_MOST} one command may have")
    seconds = duration(wanted.duration).total_seconds() if wanted.duration is not None else None
    if seconds == 0:
        raise UsageError(f"duration {wanted.duration} is no time at all")
    if wanted.raw and wanted.until is not None:
        raise UsageError("--until compares fields of rows, and --raw has none", hint="leave one of them out")
    until = None if wanted.until is None else _condition(wanted.until, fields)
    if len(topics) > _MANY:
        session.say(f"{len(topics)} subscriptions: Bitget recommends fewer than {_MANY}")
    source = session.watch(topics, raw=wanted.raw, depth=depth, waits=wanted.wait)
    return Feed(
        _Hinting(source, session, topics),
        kind,
        fields,
        session.env,
        title=title,
        at_most=wanted.rows,
        seconds=seconds,
        until=until,
        raw=wanted.raw,
        status=wanted.tells_status,
        strict=wanted.strict,
        look=look or {},
        duration=wanted.duration or "",
    )


def _condition(text: str, fields: Sequence[Field]) -> Expression:
    """The condition; a field that is nearly one of the channel's is a slip, any other may be one nobody documents."""
    found = condition(text)
    known = {field.name.replace("[]", "").split(".")[0] for field in fields} | set(_ENVELOPE)
    from difflib import get_close_matches

    folded = {name.lower(): name for name in known}
    for name in found.names:
        first = name.split(".")[0]
        near = [] if first in known else get_close_matches(first.lower(), folded, n=3, cutoff=0.7)
        if near:
            meant = " or ".join(folded[match] for match in near)
            raise UsageError(f"--until names {name!r}, which is no field here", hint=f"did you mean {meant}?")
    return found


class _Hinting:
    """A source whose refusal of a symbol says which ones are near it, and that knows of a clock that stands still."""

    def __init__(self, source: Source, session: Session, topics: Sequence[Topic]) -> None:
        self._session, self._topics = session, topics
        self._source = source

    def take(self, seconds: float) -> Sequence[Message] | None:
        try:
            return self._source.take(seconds)
        except RejectedError as refusal:
            if refusal.code == _UNKNOWN_SYMBOL:
                named = ", ".join(dict.fromkeys(topic.name for topic in self._topics if topic.name != EVERY))
                line = self._topics[0].inst_type.lower()
                # Bitget's own text is its arguments, one after another; it stays in `msg`.
                refusal.message = f"there is no stream {self._topics[0].channel} of {named or line} in {line} (30001)"
                refusal.hint = self._near() or refusal.hint
            raise

    def facts(self) -> Facts:
        return self._source.facts()._replace(stopped_at=self._session.venue.stopped_at())

    def close(self) -> None:
        self._source.close()

    def _near(self) -> str | None:
        """What the first symbol may have meant; None where the exchange cannot be asked."""
        from bitget_cli.client.rest import markets

        topic = self._topics[0]
        if topic.name == EVERY:
            return None
        try:
            market = Symbol(topic.name, Product(topic.inst_type.lower()))
            return markets.unknown(self._session.client, market).hint
        except BitgetError:
            return None


group = Group("watch", "Prices, books, trades, orders and positions as they change.")


@group.command()
def ticker(
    session: Session,
    symbols: SymbolsArg,
    compact: Annotated[bool, typer.Option("--compact", help="Only price, change and age.")] = False,
    sort: SortOpt = None,
    product: ProductOpt = None,
    *,
    wanted: WatchOptions,
) -> Feed:
    """Prices, best bid and ask, and the last 24 hours of some markets.

    A live table on a terminal (keys: q ends, p pauses, s sorts), one JSON object a line in a pipe. In both, prices
    are the exchange's own texts. Markets of several products may stand in one table.

    Example: bitget watch ticker BTCUSDT ETHUSDT BTC/USDT
    """
    markets = _markets(session, symbols, product)
    fields = _fields(markets, "ticker")
    if sort and sort.removeprefix("-") not in {field.name for field in fields}:
        raise UsageError(
            f"there is no field {sort.removeprefix('-')!r} to sort by", hint=f"the fields are {_names(fields)}"
        )
    topics = [Topic(market.product.wire, "ticker", market.name) for market in markets]
    look = {"compact": compact, "sort": sort or ""}
    return begun(session, wanted, "ticker", topics, fields=fields, title=_title(markets), look=look)


@group.command()
def depth(
    session: Session,
    symbol: SymbolArg,
    levels: Annotated[
        int, typer.Option("--levels", metavar="N", min=1, max=channels.MOST_LEVELS, help="Levels a side.")
    ] = 20,
    product: ProductOpt = None,
    *,
    wanted: WatchOptions,
) -> Feed:
    """The order book as it changes, its sequence checked.

    A book that has lost its place is fetched afresh and marked until then; nothing of it is printed. With up to 15
    levels Bitget pushes all of them each time, with no sequence to check: "unverified".

    Example: bitget watch depth BTCUSDT --levels 15 --count 3
    """
    market = queries.market(session, symbol, product)
    topics = [Topic(market.product.wire, channels.depth_channel(levels), market.name)]
    if session.console.stream_form == "table":
        topics.append(Topic(market.product.wire, "ticker", market.name))
    fields, look = _fields([market], "depth"), {"levels": levels, "channel": topics[0].channel}
    return begun(session, wanted, "depth", topics, fields=fields, title=_title([market]), look=look, depth=levels)


@group.command()
def trades(session: Session, symbols: SymbolsArg, product: ProductOpt = None, *, wanted: WatchOptions) -> Feed:
    """Public trades as they happen, each once.

    It begins with the latest trades. After a lost connection only unseen trades are told; a gap line says whether
    any are missing.

    Example: bitget watch trades BTCUSDT --duration 30s -o csv
    """
    markets = _markets(session, symbols, product)
    topics = [Topic(market.product.wire, "trade", market.name) for market in markets]
    return begun(session, wanted, "trades", topics, fields=_fields(markets, "trades"), title=_title(markets))


@group.command()
def candles(
    session: Session,
    symbols: SymbolsArg,
    granularity: GranularityOpt = "1m",
    product: ProductOpt = None,
    *,
    wanted: WatchOptions,
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


def _markets(session: Session, symbols: Sequence[str], product: str | None) -> list[Symbol]:
    """The markets typed, each once."""
    return list(dict.fromkeys(queries.market(session, text, product) for text in symbols))


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


MarketsArg = Annotated[
    list[str] | None, typer.Argument(metavar="SYMBOL", help="Only these markets; all of them without it.")
]
_FUTURES = (Product.USDT_FUTURES, Product.USDC_FUTURES, Product.COIN_FUTURES)


@group.command()
def account(session: Session, product: ProductOpt = None, *, wanted: WatchOptions) -> Feed:
    """Your balances, told when they change.

    The three futures lines unless --product says one, or spot. Bitget tells nothing when only prices move.

    Example: bitget watch account --product spot
    """
    return _own(session, wanted, "account", product)


@group.command()
def positions(
    session: Session, symbols: MarketsArg = None, product: ProductOpt = None, *, wanted: WatchOptions
) -> Feed:
    """What you hold in futures, with profit at the mark price of the moment.

    Bitget tells a position only when an order changes it. The live table follows the tickers of what you hold and
    marks what it reckons from them with ≈; lines for scripts have Bitget's own figures, and "closed" for a position
    that has gone.

    Example: bitget watch positions
    """
    feed = _own(session, wanted, "positions", product, symbols)
    is_drawn = session.console.stream_form == "table" and not wanted.raw
    return feed._replace(source=Marked(feed.source, partial(session.watch, waits=True))) if is_drawn else feed


@group.command()
def orders(session: Session, symbols: MarketsArg = None, product: ProductOpt = None, *, wanted: WatchOptions) -> Feed:
    """Your orders: those open now, then every change.

    Example: bitget watch orders --until "status == 'filled'"
    """
    return _own(session, wanted, "orders", product, symbols)


@group.command()
def plans(session: Session, symbols: MarketsArg = None, product: ProductOpt = None, *, wanted: WatchOptions) -> Feed:
    """Your trigger, trailing, take-profit and stop-loss orders: those waiting now, then every change.

    Example: bitget watch plans --product usdt-futures
    """
    return _own(session, wanted, "plans", product, symbols)


@group.command()
def fills(session: Session, symbols: MarketsArg = None, product: ProductOpt = None, *, wanted: WatchOptions) -> Feed:
    """Your fills from now on, each once.

    Those missed while the connection was lost are read and told afterwards. `bitget order fills` lists older ones.

    Example: bitget watch fills -o csv
    """
    return _own(session, wanted, "fills", product, symbols)


def _own(
    session: Session, wanted: WatchOptions, word: str, product: str | None, symbols: Sequence[str] | None = None
) -> Feed:
    """A stream of the account: a subscription for each product, of some markets where they were typed."""
    if symbols and wanted.raw:
        raise UsageError("--raw shows frames as they come, of every market", hint="leave the symbols or --raw out")
    markets = [queries.market(session, text, product) for text in symbols or ()]
    lines = tuple(dict.fromkeys(market.product for market in markets)) if markets else _lines(product)
    rows = [channels.of_word(line.wire, word) for line in lines]
    topics = [Topic(line.wire, row.name, channels.EVERY) for line, row in zip(lines, rows, strict=True)]
    fields: Mapping[str, Field] = {field.name: field for row in rows for field in row.fields}
    title = _title(markets) if markets else lines[0].value if len(lines) == 1 else "futures"
    feed = begun(session, wanted, word, topics, fields=tuple(fields.values()), title=title)
    return feed._replace(source=Only(feed.source, markets)) if markets else feed


def _lines(product: str | None) -> tuple[Product, ...]:
    return (product_of(product),) if product else _FUTURES
