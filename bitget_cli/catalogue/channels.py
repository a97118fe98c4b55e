"""The channels of Bitget's streams: what each is called, what a push does, and where its rows say who they are.

Facts from the v2 WebSocket pages (December 2025 and 2026) and public captures of June to October 2026.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from bitget_cli.catalogue import channel_fields as said
from bitget_cli.catalogue.rows import Field
from bitget_cli.errors import UsageError

SPOT = ("SPOT",)
FUTURES = ("USDT-FUTURES", "COIN-FUTURES", "USDC-FUTURES")
MARGIN = ("MARGIN",)

# Where a subscription means all symbols or coins.
EVERY = "default"


class Kept(StrEnum):
    """What a push does to what was told before; `action` on the wire is no guide on private channels."""

    LATEST = "latest"  # replaces what stood under the same key
    BOOK = "book"  # a snapshot, then changes in an unbroken sequence
    ROWS = "rows"  # bars by their start: the same start replaces, a newer one closes the bar before
    UPSERT = "upsert"  # each row replaces the one of its key; the others stay
    SET = "set"  # the whole set: what is missing is gone
    EVENTS = "events"  # each row once


class Channel(NamedTuple):
    """One channel in the markets (Bitget's `instType`) where its rows are alike.

    `type` is the word of `bitget watch`; `selector` the key of a subscription that says which: `instId`, `coin`, or ""
    for none. `key` tells rows apart, `ids` an event from its repetition; `symbol` is the field that names the market,
    "" where only the subscription does. `first` says that a push follows the acknowledgement; `repeats` that it comes
    again when nothing changed, so that silence is a fault. A row that is an array has its places named in `fields`.
    """

    name: str
    type: str
    kept: Kept
    fields: tuple[Field, ...]
    markets: tuple[str, ...]
    private: bool = True
    selector: str = "instId"
    key: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    symbol: str = ""
    first: bool = False
    repeats: bool = False


def _public(name: str, word: str, kept: Kept, fields: tuple[Field, ...]) -> Channel:
    """A channel of one symbol that every spot and futures market has, and whose snapshot follows the subscription."""
    return Channel(name, word, kept, fields, SPOT + FUTURES, private=False, first=True)


_ACCOUNT = Channel("account", "account", Kept.UPSERT, said.SPOT_ACCOUNT, SPOT, selector="coin", first=True)
_ORDERS = Channel("orders", "orders", Kept.UPSERT, said.SPOT_ORDER, SPOT, key=("orderId",), symbol="instId")
_FILLS = Channel("fill", "fills", Kept.EVENTS, said.SPOT_FILL, SPOT, ids=("symbol", "tradeId"), symbol="symbol")
_PLANS = _ORDERS._replace(name="orders-algo", type="plans", fields=said.SPOT_PLAN)
_MARGIN_ORDERS = _ORDERS._replace(fields=said.MARGIN_ORDER, markets=MARGIN, symbol="symbol")
_MARGIN_ACCOUNT = _ACCOUNT._replace(fields=said.MARGIN_ACCOUNT, markets=MARGIN)

CHANNELS = (
    _public("ticker", "ticker", Kept.LATEST, said.TICKER)._replace(key=("instId",), symbol="instId", repeats=True),
    # The wire adds the interval: candle1m.
    _public("candle", "candles", Kept.ROWS, said.CANDLE)._replace(key=("start",)),
    _public("trade", "trades", Kept.EVENTS, said.TRADE)._replace(ids=("tradeId",)),
    _public("books", "depth", Kept.BOOK, said.DEPTH),
    _public("books1", "depth", Kept.LATEST, said.DEPTH)._replace(repeats=True),
    _public("books5", "depth", Kept.LATEST, said.DEPTH)._replace(repeats=True),
    _public("books15", "depth", Kept.LATEST, said.DEPTH)._replace(repeats=True),
    _public("auction", "auction", Kept.LATEST, said.AUCTION)._replace(markets=SPOT, first=False),
    _public("index-price", "index", Kept.LATEST, said.INDEX_PRICE)._replace(
        markets=MARGIN, key=("symbol",), symbol="symbol"
    ),
    _ACCOUNT._replace(key=("coin",)),
    _ACCOUNT._replace(key=("marginCoin",), fields=said.FUTURES_ACCOUNT, markets=FUTURES),
    Channel(
        "positions",
        "positions",
        Kept.SET,
        said.POSITION,
        FUTURES,
        key=("instId", "holdSide", "marginMode"),
        symbol="instId",
        first=True,
    ),
    _ORDERS,
    _ORDERS._replace(fields=said.FUTURES_ORDER, markets=FUTURES),
    _FILLS,
    _FILLS._replace(fields=said.FUTURES_FILL, markets=FUTURES),
    _PLANS,
    _PLANS._replace(fields=said.FUTURES_PLAN, markets=FUTURES),
    Channel(
        "positions-history",
        "closed",
        Kept.EVENTS,
        said.CLOSED_POSITION,
        FUTURES,
        ids=("posId", "uTime"),
        symbol="instId",
    ),
    Channel("equity", "equity", Kept.LATEST, said.EQUITY, FUTURES, selector="", first=True),
    Channel("adl-noti", "adl", Kept.EVENTS, said.ADL, FUTURES, ids=("symbol", "side", "status", "ts"), symbol="symbol"),
    _MARGIN_ORDERS._replace(name="orders-crossed"),
    _MARGIN_ORDERS._replace(name="orders-isolated"),
    _MARGIN_ACCOUNT._replace(name="account-crossed", key=("coin",)),
    _MARGIN_ACCOUNT._replace(name="account-isolated", key=("symbol", "coin"), symbol="symbol"),
)
_BY_NAME = {(market, row.name): row for row in CHANNELS for market in row.markets}
_BY_WORD = {(market, row.type): row for row in reversed(CHANNELS) for market in row.markets}

# Depth is pushed whole up to these many levels a side; more is a book to be kept.
_WHOLE = {1: "books1", 5: "books5", 15: "books15"}
MOST_LEVELS = 500

# The spelling of the command line → that of the wire, as everywhere on the UTC grid: without `utc`, bars of six hours
# and more follow the UTC+8 day. 3m and 2H are undocumented, but accepted.
INTERVALS = {short: short for short in ("1m", "3m", "5m", "15m", "30m")} | {
    "1h": "1H",
    "2h": "2H",
    "4h": "4H",
    "6h": "6Hutc",
    "12h": "12Hutc",
    "1d": "1Dutc",
    "3d": "3Dutc",
    "1w": "1Wutc",
    "1M": "1Mutc",
}


def find(market: str, name: str) -> Channel:
    """The channel of this name on the wire (`candle1m` too) in a market such as `USDT-FUTURES`.

    Raises UsageError where there is none; the docs and the exchange (30016) know no others.
    """
    stem = "candle" if name.startswith("candle") and name[6:] in _WIRE_INTERVALS else name
    if found := _BY_NAME.get((market, stem)):
        return found
    raise UsageError(f"{market} has no channel {name!r}")


def of_word(market: str, word: str) -> Channel:
    """The channel behind a word of `bitget watch`; for depth the kept book, for margin the crossed account."""
    if found := _BY_WORD.get((market, word)):
        return found
    raise UsageError(f"{market.lower()} has no {word}")


def depth_channel(levels: int) -> str:
    """The channel that shows so many levels a side. Raises UsageError outside 1 to 500."""
    if not 1 <= levels <= MOST_LEVELS:
        raise UsageError(f"depth {levels} is not between 1 and {MOST_LEVELS} levels")
    return next((name for most, name in _WHOLE.items() if levels <= most), "books")


def candle_channel(interval: str) -> str:
    """The channel of bars of this length, as the command line spells it."""
    return f"candle{INTERVALS[interval]}"


def interval_of(name: str) -> str:
    """The bars' length as the command line spells it, from the channel's name on the wire: candle1Dutc is 1d."""
    return _WIRE_INTERVALS[name.removeprefix("candle")]


# Those of the UTC+8 grid and some undocumented ones are told apart too when somebody subscribes to them by name.
_WIRE_INTERVALS = {wire: typed for typed, wire in INTERVALS.items()} | {
    name: name for name in ("6H", "8H", "12H", "1D", "3D", "1W", "1M")
}
