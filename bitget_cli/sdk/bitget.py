"""One account, and every call to it."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from threading import RLock
from typing import TYPE_CHECKING, Any, Self

from bitget_cli import values
from bitget_cli.errors import BitgetError, UsageError
from bitget_cli.runtime import Environment
from bitget_cli.sdk.arguments import (
    Number,
    bar_word,
    exact,
    is_share,
    maybe_number,
    meant,
    moment,
    number_text,
    one_of,
    order_words,
)
from bitget_cli.sdk.failures import told
from bitget_cli.sdk.stream import Watch
from bitget_cli.session import Session, Shared
from bitget_cli.values import Product, Symbol, milliseconds

if TYPE_CHECKING:
    from bitget_cli.application.orders.orders import OrderInput
    from bitget_cli.application.queries import Range
    from bitget_cli.application.workers import OrderIds
    from bitget_cli.catalogue.model import Endpoint
    from bitget_cli.client.rest.client import Answer
    from bitget_cli.results import Result
    from bitget_cli.stream_events import Topic
    from bitget_cli.trading.model import Direction, Read

Envelope = dict[str, Any]
# What Bitget's envelope says of a call that was carried out.
_SUCCESS = ("00000", "success")


class _Default(str):
    """A default that can be told from the same text said by the caller: the documented one, or what suits better."""

    __slots__ = ()


_USDT_FUTURES = _Default("USDT-FUTURES")
_USDT = _Default("USDT")


class Bitget:
    """One account at Bitget, or on the paper exchange of this machine.

    `profile` is a profile of `bitget profile list`: `paper` (no keys, no network), `demo`, `live` or one of your own;
    None is the one in force, as on the command line. Naming it is the consent that the command line asks for before
    a change on live; locks, caps and far prices are judged all the same. `product_type` is the futures line of calls
    that name none. `timeout` is the deadline in seconds of a request with its retries.

    Nothing is printed: what the command line tells a person goes to `logging.getLogger("bitget")`. Several threads may
    share one; use it in a `with` block, or call `close`.

    Every method raises BitgetAPIError or one of its kinds, and for failures of the network what httpx raises
    (`httpx.HTTPError`, of which `httpx.HTTPStatusError` stands for an HTTP status). A change that may have been carried
    out is never a network failure, but BitgetUnknownOutcomeError.
    """

    def __init__(
        self, profile: str | None = "paper", product_type: str = "USDT-FUTURES", *, timeout: float = 10.0
    ) -> None:
        silent = Environment(stdin=io.StringIO(), stdout=io.StringIO(), stderr=_Log())
        self._begin(Session(Shared(profile, json=True, timeout=timeout), silent), product_type)

    @classmethod
    def on(cls, session: Session, product_type: str | None = None, *, ids: OrderIds | None = None) -> Self:
        """The SDK on a session that is open already and is closed with it; `ids` are those of a worker's orders."""
        made = cls.__new__(cls)
        made._ids = ids
        line = session.profile.product
        made._begin(session, product_type or (Product.USDT_FUTURES if line.is_spot else line).wire)
        return made

    _ids: OrderIds | None = None

    def _begin(self, session: Session, product_type: str) -> None:
        self._session = session
        self._opening = RLock()
        self._is_open = True
        self.product_type = product_type
        self.orders = OrderDesk(self)
        with self._in_words():
            _ = session.profile, self._line(None)

    def close(self) -> None:
        """Ends what was opened: connections, files, streams. Calls after it are refused."""
        with self._opening:
            if self._is_open:
                self._is_open = False
                self._session.__exit__(None, None, None)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # Markets: public, no key needed.

    def futures_tickers(self, product_type: str = _USDT_FUTURES, symbol: str | None = None) -> Envelope:
        """Every market of a futures line, or one: `data` is a list of `{"symbol", "lastPr", "bidPr", "askPr", …}`.

        `last` stands beside `lastPr`. Raises BitgetGuardError for a symbol that is not listed, with near misses.
        """
        from bitget_cli.application import queries
        from bitget_cli.catalogue.v2.futures_market import FUTURES_TICKERS

        with self._ready() as session:
            line = self._line(product_type)
            answer = self._answer(FUTURES_TICKERS, productType=line.wire)
            if symbol is not None:
                market = queries.futures_market(session, symbol, line.value)
                answer["data"] = queries.only(session, answer["data"], market)
        return _also(answer, "last", "lastPr")

    def spot_tickers(self, symbol: str | None = None) -> Envelope:
        """Every spot market, or one: `data` is a list of `{"symbol", "lastPr", "bidPr", "askPr", …}`."""
        from bitget_cli.catalogue.v2.spot_market import SPOT_TICKERS

        with self._ready():
            market = None if symbol is None else self._spot(symbol)
            answer = self._answer(SPOT_TICKERS, market)
        return _also(answer, "last", "lastPr")

    def futures_candles(
        self,
        symbol: str = "BTCUSDT",
        granularity: str = "1H",
        product_type: str = _USDT_FUTURES,
        limit: int = 200,
        start_time: int | None = None,
        end_time: int | None = None,
    ) -> Envelope:
        """Bars, the oldest first: `data` is a list of `[ts, open, high, low, close, base volume, quote volume]`.

        `granularity` is Bitget's word of either product (`1m`, `1min`, `1H`, `1h`, `1D`, `1day`, `1Dutc` …). Bars from
        6H on follow the UTC+8 day, those with `utc` the UTC day. `limit` is 1 to 1000, times are ms.
        """
        from bitget_cli.application import queries
        from bitget_cli.catalogue.v2.futures_market import FUTURES_CANDLES

        with self._ready() as session:
            market = queries.futures_market(session, symbol, self._line(product_type).value)
            return self._answer(
                FUTURES_CANDLES,
                market,
                granularity=bar_word(granularity, spot=False),
                limit=limit,
                startTime=start_time,
                endTime=end_time,
            )

    def spot_candles(self, symbol: str = "BTCUSDT", granularity: str = "1h", limit: int = 200) -> Envelope:
        """Bars of a spot market, as `futures_candles` has them and with one more volume (in USDT)."""
        from bitget_cli.catalogue.v2.spot_market import SPOT_CANDLES

        with self._ready():
            word = bar_word(granularity, spot=True)
            return self._answer(SPOT_CANDLES, self._spot(symbol), granularity=word, limit=limit)

    def futures_orderbook(
        self, symbol: str = "BTCUSDT", product_type: str = _USDT_FUTURES, limit: int = 20
    ) -> Envelope:
        """The order book: `data` is `{"asks": [[price, size], …], "bids": …, "ts"}`, the best first.

        At most `limit` levels a side: Bitget gives 1, 5, 15, 50 or all, of which the next larger is asked for.
        """
        from bitget_cli.application import queries
        from bitget_cli.catalogue.v2.futures_market import FUTURES_MERGE_DEPTH

        with self._ready() as session:
            if isinstance(limit, bool) or not isinstance(limit, int) or limit < 1:
                raise UsageError(f"limit {limit!r} is not a number of levels such as 20")
            market = queries.futures_market(session, symbol, self._line(product_type).value)
            levels = next((str(step) for step in (1, 5, 15, 50) if step >= limit), "max")
            answer = self._answer(FUTURES_MERGE_DEPTH, market, limit=levels)
        book = answer["data"]
        if isinstance(book, dict):
            cut = {side: book[side][:limit] for side in ("asks", "bids") if isinstance(book.get(side), list)}
            answer["data"] = book | cut
        return answer

    # The account.

    def futures_accounts(self, product_type: str | None = None, margin_coin: str = _USDT) -> Envelope:
        """Margin accounts: `data` is a list of `{"marginCoin", "available", "accountEquity", "locked", …}`.

        Only that of `margin_coin`; where none is named, USDT's in USDT-FUTURES and all of the other lines.
        """
        from bitget_cli.trading.model import Read

        return self._of_coin(Read.BALANCE, product_type, margin_coin)

    def spot_assets(self, coin: str | None = None) -> Envelope:
        """Coins held in spot: `data` is a list of `{"coin", "available", "frozen", "locked", …}`."""
        from bitget_cli.trading.model import Read

        with self._ready() as session:
            name = None if coin is None else session.coin(coin)
            rows = session.adapter.ask(Read.BALANCE, Product.SPOT, coin=name).value
            return self._envelope([row for row in rows if name in (None, row.get("coin"))])

    def futures_positions(self, product_type: str | None = None, margin_coin: str = _USDT) -> Envelope:
        """Open positions: `data` is a list of `{"symbol", "holdSide", "total", "openPriceAvg", "unrealizedPL", …}`.

        `averageOpenPrice` stands beside `openPriceAvg`. Those of `margin_coin`, as in `futures_accounts`.
        """
        from bitget_cli.trading.model import Read

        return _also(self._of_coin(Read.POSITIONS, product_type, margin_coin), "averageOpenPrice", "openPriceAvg")

    def futures_pending_orders(self, product_type: str | None = None, symbol: str | None = None) -> Envelope:
        """Every open order, partly filled ones too: `data` is `{"entrustedList": [{"orderId", …}], "endId"}`."""
        from bitget_cli.application import queries
        from bitget_cli.trading.model import Read

        return self._list(Read.OPEN_ORDERS, product_type, symbol, queries.Range(every=True))

    def futures_orders_history(
        self, product_type: str | None = None, symbol: str | None = None, limit: int = 50
    ) -> Envelope:
        """The latest filled and cancelled orders: `data` is `{"entrustedList": [{"orderId", …}], "endId"}`."""
        from bitget_cli.application import queries
        from bitget_cli.trading.model import Read

        return self._list(Read.PAST_ORDERS, product_type, symbol, queries.Range(limit=limit))

    # Changes: each is written to the journal before it is sent, and is sent exactly once.

    def futures_place_order(
        self,
        symbol: str,
        side: str,
        size: Number,
        order_type: str = "market",
        price: Number | None = None,
        trade_side: str | None = None,
        margin_coin: str = _USDT,
        margin_mode: str = "isolated",
        product_type: str | None = None,
        reduce_only: str | None = None,
        force: str = "gtc",
    ) -> Envelope:
        """Place a futures order: `data` is `{"orderId", "clientOid"}`; the client id is made here.

        `side` is `buy` or `sell`, `size` in base coin, `order_type` `market` or `limit` (with `price`). Whether the
        account is in one-way or hedge mode is read from it. One-way: `trade_side="close"` or `reduce_only="YES"` only
        makes a position smaller. Hedge: `trade_side` is `open` unless said, and as at Bitget `side` then names the
        position: `side="buy", trade_side="close"` closes a long. `margin_mode` is `isolated` or `crossed`; `force`
        `gtc`, `ioc`, `fok` or `post_only`. Raises BitgetUnknownOutcomeError where it may have been placed.
        """
        from bitget_cli.application import changes
        from bitget_cli.trading.model import Direction, MarginMode

        with self._ready(changes=True) as session:
            market = self._own_market(symbol, product_type, margin_coin)
            direction, mode = one_of(Direction, side, "side"), one_of(MarginMode, margin_mode, "margin_mode")
            at = changes.desk(session)
            closing, direction = meant(at, market, direction, trade_side, reduce_only)
            words = order_words(size, order_type, price, force)._replace(closing=closing, margin_mode=mode)
            return self._placed(session, market, direction, words, at=at)

    def futures_cancel_order(
        self,
        symbol: str,
        order_id: str | None = None,
        client_oid: str | None = None,
        product_type: str | None = None,
    ) -> Envelope:
        """Cancel an open order by its order id or its client id: `data` is `{"orderId", "clientOid"}`."""
        from bitget_cli.application.orders import open_orders

        with self._ready(changes=True) as session:
            named = order_id or client_oid
            if not named:
                raise UsageError("which order? Give order_id or client_oid")
            line = self._line(product_type).value
            return self._done(open_orders.cancel(session, [str(named)], symbol=symbol, product=line, yes=True))

    def futures_close_position(
        self, symbol: str, hold_side: str | None = None, product_type: str | None = None
    ) -> Envelope:
        """Close a position at market, all of it: `data` is `{"successList": [{"orderId", …}], "failureList"}`.

        `hold_side` is `long` or `short`; it may be left out where there is one position only. Raises BitgetGuardError
        where there is none, or one of each.
        """
        from bitget_cli.application import positions
        from bitget_cli.trading.model import PositionSide

        with self._ready(changes=True) as session:
            side = None if hold_side is None else one_of(PositionSide, hold_side, "hold_side")
            return self._done(positions.close(session, self._own_market(symbol, product_type), side, yes=True))

    def futures_set_leverage(
        self,
        symbol: str,
        leverage: int,
        hold_side: str | None = None,
        product_type: str | None = None,
        margin_coin: str = _USDT,
    ) -> Envelope:
        """Set the leverage of a market: `data` is `{"symbol", "marginCoin", "longLeverage", …}`.

        `hold_side` is for isolated margin in hedge mode, where each side has its own; without it both are set.
        """
        from bitget_cli.application import settings
        from bitget_cli.trading.model import PositionSide

        with self._ready(changes=True) as session:
            side = None if hold_side is None else one_of(PositionSide, hold_side, "hold_side")
            market = self._own_market(symbol, product_type, margin_coin)
            value = values.amount(number_text(leverage, what="leverage"), what="leverage")
            return self._done(settings.leverage(session, market, value, side, yes=True))

    def spot_place_order(
        self,
        symbol: str,
        side: str,
        size: Number,
        order_type: str = "market",
        price: Number | None = None,
        force: str = "gtc",
    ) -> Envelope:
        """Place a spot order: `data` is `{"orderId", "clientOid"}`.

        `size` is in base coin, and of a market buy money in quote coin, as at Bitget; or a share such as "25%".
        """
        from bitget_cli.trading.model import Direction

        with self._ready(changes=True) as session:
            market = session.symbol(symbol, Product.SPOT.value)
            direction, words = one_of(Direction, side, "side"), order_words(size, order_type, price, force)
            if words.price is None and direction is Direction.BUY and not is_share(words.size):
                words = words._replace(size=None, quote=words.size)
            return self._placed(session, market, direction, words)

    def _placed(
        self, session: Session, market: Symbol, direction: Direction, words: OrderInput, **how: Any
    ) -> Envelope:
        from bitget_cli.application.orders import orders

        if self._ids is None or words.client_oid or how.get("dry_run"):
            return self._done(orders.trade(session, market, direction, words, yes=True, **how))
        from bitget_cli.application.workers import trade_once

        return self._done(trade_once(session, self._ids, market, direction, words, yes=True, **how))

    def _own_market(self, symbol: str, product_type: str | None, margin_coin: str = _USDT) -> Symbol:
        """The futures market to trade in. Raises UsageError for another margin coin than it has."""
        from bitget_cli.application import changes

        market = changes.futures_symbol(self._session, symbol, self._line(product_type).value)
        if not isinstance(margin_coin, _Default):
            own = changes.desk(self._session).instrument(market).margin_coin
            if margin_coin.upper() != own.upper():
                raise UsageError(f"the margin of {market.name} is in {own}, not in {margin_coin}")
        return market

    def _done(self, result: Result) -> Envelope:
        return self._envelope(_response(result))

    def _of_coin(self, read: Read, product_type: str | None, margin_coin: str) -> Envelope:
        with self._ready() as session:
            line = self._line(product_type)
            rows = session.adapter.ask(read, line).value
            # The default is the coin of its own line; the other lines have other ones.
            if not isinstance(margin_coin, _Default) or line is Product.USDT_FUTURES:
                coin = session.coin(margin_coin)
                rows = [row for row in rows if row.get("marginCoin") == coin]
            return self._envelope(rows)

    def _list(self, read: Read, product_type: str | None, symbol: str | None, wanted: Range) -> Envelope:
        from bitget_cli.application import changes, queries

        with self._ready() as session:
            line = self._line(product_type)
            market = None if symbol is None else changes.futures_symbol(session, symbol, line.value)
            rows = list(queries.listed(session, read, line, market, wanted))
            return self._envelope({"entrustedList": rows, "endId": rows[-1].get("orderId") if rows else None})

    # Anything else that Bitget has.

    def call(self, name: str, /, **given: Any) -> Envelope:
        """Any call of Bitget's by its name (`bitget api list`), such as `call("mix.market.ticker", symbol=…)`.

        Parameters have Bitget's names. A change goes through the same guards as everything else, and through the
        journal where its end can be asked for; its `data` is Bitget's own answer.
        """
        from bitget_cli.application import raw_changes
        from bitget_cli.catalogue import find

        with self._in_words():
            row = find(name)._replace(lenient=True)
        with self._ready(changes=not row.reads) as session:
            call = session.client.prepare(row, exact(given))
            if row.reads:
                return _enveloped(session.client.send(call))
            return self._envelope(_response(raw_changes.allowed(session, call, allow_far=False, yes=True)))

    def pages(
        self,
        name: str,
        /,
        *,
        since: str | int | datetime | None = None,
        until: str | int | datetime | None = None,
        limit: int | None = None,
        **given: Any,
    ) -> Iterator[Any]:
        """The rows of a list that comes in pages, the newest first, asked for as they are read.

        All there are, or `limit` of them, of since ≤ t < until (ISO-8601, ms, a look-back such as `7d`, or a datetime).
        """
        from bitget_cli.application import queries

        with self._ready() as session:
            start, end = session.span(moment(since), moment(until))
            rows = queries.walk(session, name, exact(given), since=start, until=end, limit=limit)
        while True:
            with self._ready():
                row = next(rows, self)
            if row is self:
                return
            yield row

    def watch(
        self,
        channel: str,
        *symbols: str,
        product_type: str | None = None,
        granularity: str = "1m",
        levels: int = 20,
    ) -> Watch:
        """A stream: `ticker`, `depth`, `trades`, `candles` of symbols, or `account`, `positions`, `orders`, `plans`,
        `fills` of your own.

        Iterate over it for rows: Bitget's own fields, and `market`, `symbol`, `recv` (ms, our clock). It mends itself;
        trouble is told to the log. `product_type` may be `SPOT`. Close it, or leave its `with` block, to end it.
        """
        with self._ready() as session:
            topics = self._topics(channel, symbols, product_type, granularity, levels)
            return Watch(session.watch(topics), self._ready)

    def _topics(
        self, channel: str, symbols: Sequence[str], product_type: str | None, granularity: str, levels: int
    ) -> list[Topic]:
        from bitget_cli.application import queries
        from bitget_cli.catalogue import channels
        from bitget_cli.stream_events import Topic

        line = values.product(product_type or self.product_type)
        public: dict[str, Callable[[], str]] = {
            "ticker": lambda: "ticker",
            "trades": lambda: "trade",
            "depth": lambda: channels.depth_channel(levels),
            "candles": lambda: channels.candle_channel(values.granularity(granularity)),
        }
        own = ("account", "positions", "orders", "plans", "fills")
        if channel in own:
            if symbols:
                raise UsageError(f"the stream of {channel} is of all markets; leave the symbol out")
            return [Topic(line.wire, channels.of_word(line.wire, channel).name, channels.EVERY)]
        if channel not in public:
            raise UsageError(f"there is no stream of {channel!r}", hint=f"there are {', '.join([*public, *own])}")
        if not symbols:
            raise UsageError(f"a stream of {channel} needs a symbol", hint=f'watch("{channel}", "BTCUSDT")')
        markets = [queries.market(self._session, text, line.value) for text in symbols]
        return [Topic(market.product.wire, public[channel](), market.name) for market in markets]

    # What every method goes through.

    @contextmanager
    def _ready(self, *, changes: bool = False) -> Iterator[Session]:
        """The session with what a call needs opened once, and its failures in the SDK's words."""
        with self._in_words():
            with self._opening:
                if not self._is_open:
                    raise UsageError("this Bitget is closed", hint="make another one")
                _ = self._session.client
                if changes:
                    _ = self._session.execution
                    self._session.context.reread()
            yield self._session

    @contextmanager
    def _in_words(self) -> Iterator[None]:
        try:
            yield
        except BitgetError as failure:
            failure.redact(self._session.redact)
            raise told(failure) from None

    def _line(self, product_type: str | None) -> Product:
        said = self.product_type if product_type is None or isinstance(product_type, _Default) else product_type
        line = values.product(said)
        if line.is_spot:
            raise UsageError(f"{line} is no futures line", hint="USDT-FUTURES, USDC-FUTURES and COIN-FUTURES are")
        return line

    def _spot(self, symbol: str) -> Symbol:
        from bitget_cli.application import queries

        return queries.market(self._session, symbol, Product.SPOT.value)

    def _answer(self, row: Endpoint, market: Symbol | None = None, **given: Any) -> Envelope:
        from bitget_cli.application import queries

        return _enveloped(queries.answered(self._session, row, market, **given))

    def _envelope(self, data: Any) -> Envelope:
        """What was read or changed in more than one call, at the exchange's time as far as it is known."""
        code, msg = _SUCCESS
        return {"code": code, "msg": msg, "requestTime": milliseconds(self._session.client.now()), "data": data}


class OrderDesk:
    """`bitget.orders`: orders in the words of `bitget order buy`."""

    def __init__(self, bitget: Bitget) -> None:
        self._bitget = bitget

    def place(
        self,
        symbol: str,
        side: str,
        size: Number | None = None,
        *,
        quote: Number | None = None,
        price: Number | None = None,
        tif: str | None = None,
        post_only: bool = False,
        reduce_only: bool = False,
        close: bool = False,
        margin_mode: str | None = None,
        tp: Number | None = None,
        sl: Number | None = None,
        client_oid: str | None = None,
        product: str | None = None,
        allow_far: bool = False,
        dry_run: bool = False,
    ) -> Envelope:
        """Place an order with all that `bitget order buy` takes: `data` is `{"orderId", "clientOid"}`.

        `side` is the true direction of the trade in every mode. `size` is in base coin, or `quote` in money; at market
        unless `price`. Text may be any word of the command line: `size="25%"`, `price="bid-0.1%"`, `sl="-2%"`. `tif` is
        `gtc`, `ioc`, `fok` or `post-only`. `close` closes (a part of) the opposite position, as `reduce_only` does.
        `tp` and `sl` are attached exits. `margin_mode` is the account's own unless said. `client_oid` is your own id,
        once in 90 days. `allow_far` takes a limit price 10 % or more from the market on live. With `dry_run` nothing is
        sent and `data` is the request. `symbol` may name its product (`BTC/USDT` is spot); else `product` does, or the
        futures line of this Bitget.
        """
        from bitget_cli.application.orders.orders import OrderInput
        from bitget_cli.trading.model import Direction, MarginMode, TimeInForce

        bitget = self._bitget
        with bitget._ready(changes=True) as session:
            said_by_symbol = "/" in symbol or "_" in symbol
            market = session.symbol(symbol, product or (None if said_by_symbol else bitget.product_type))
            words = OrderInput(
                size=maybe_number(size, "size"),
                quote=maybe_number(quote, "quote"),
                price=maybe_number(price, "price"),
                tif=None if tif is None else one_of(TimeInForce, tif, "tif"),
                post_only=post_only,
                closing=reduce_only or close,
                margin_mode=None if margin_mode is None else one_of(MarginMode, margin_mode, "margin_mode"),
                tp=maybe_number(tp, "tp"),
                sl=maybe_number(sl, "sl"),
                client_oid=client_oid,
            )
            direction = one_of(Direction, side, "side")
            return bitget._placed(session, market, direction, words, allow_far=allow_far, dry_run=dry_run)


# Answers.


def _enveloped(answer: Answer) -> Envelope:
    code, msg = _SUCCESS
    at = None if answer.requested_at is None else int(answer.requested_at)
    return {"code": code, "msg": msg, "requestTime": at, "data": answer.data}


def _also(answer: Envelope, name: str, of: str) -> Envelope:
    """The answer with a field of its rows under another name too, beside it."""
    rows = answer["data"]
    if isinstance(rows, list):
        answer["data"] = [_beside(row, name, of) if isinstance(row, dict) else row for row in rows]
    return answer


def _beside(row: dict[str, Any], name: str, of: str) -> dict[str, Any]:
    return {shown: value for own, value in row.items() for shown in ((own, name) if own == of else (own,))}


def _response(result: Result) -> Any:
    """What is told of a change: Bitget's own answer, and the ids of the order."""
    from bitget_cli.results import Done, Rows

    if isinstance(result, Rows) and result.failure:
        raise result.failure
    if isinstance(result, Done):
        if result.failure:
            raise result.failure
        ids = {"orderId": result.order_id, "clientOid": result.client_oid}
        if result.response is None or isinstance(result.response, dict):
            return {**(result.response or {}), **{name: text for name, text in ids.items() if text}}
        return result.response
    return getattr(result, "value", None)


class _Log(io.StringIO):
    """Where a person's screen would be: each text is a record of the log `bitget`."""

    def write(self, text: str) -> int:
        if line := text.rstrip("\n"):
            import logging

            logger = logging.getLogger("bitget")
            if not logger.handlers:
                # Without one Python would print warnings by itself.
                logger.addHandler(logging.NullHandler())
            logger.log(logging.WARNING if line.startswith("warning:") else logging.INFO, "%s", line)
        return len(text)
