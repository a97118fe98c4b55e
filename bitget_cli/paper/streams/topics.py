"""Which channel an `arg` of a subscription means, or why there is none."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from bitget_cli.paper.instruments import PaperInstrument, instrument
from bitget_cli.paper.streams.channels import (
    TOPS,
    CandlesChannel,
    DepthChannel,
    Market,
    Own,
    TickerChannel,
    TopChannel,
    TradesChannel,
    grid,
)
from bitget_cli.values import Product

_EVENTS = ("orders", "fill", "orders-algo", "positions-history")
_STANDING = ("account", "positions", "equity")
_FUTURES_ONLY = ("positions", "positions-history", "equity")
_ALL = "DEFAULT"


class ChannelKey(NamedTuple):
    """What two subscriptions of the same thing have in common; all in upper case but the channel and its interval.

    `unified` is one in the words of v3.
    """

    inst_type: str
    channel: str
    name: str
    unified: bool = False
    interval: str = ""


class Meant(NamedTuple):
    """The channel of an arg: `market` or `own` makes a new one, which begins with its snapshot.

    One of the customer's own tells something of a `unified` account only, or of a classic one.
    """

    market: Callable[[], Market] | None = None
    own: Callable[[], Own] | None = None
    unified: bool = False


class UnknownTopicError(Exception):
    """There is no such channel: Bitget's code and words."""

    def __init__(self, code: int, msg: str) -> None:
        super().__init__(f"{code} {msg}")
        self.code = code
        self.msg = msg


def topic(arg: Any) -> ChannelKey:
    """The topic of an arg. Raises UnknownTopicError for one that is not made of texts."""
    if not isinstance(arg, dict) or not isinstance(arg.get("channel", arg.get("topic")), str):
        raise UnknownTopicError(30016, "Param error")
    unified = "channel" not in arg
    name = (arg.get("symbol") if unified else arg.get("instId") or arg.get("coin")) or "default"
    kind, interval = arg.get("instType"), (arg.get("interval") if unified else None) or ""
    if not (isinstance(name, str) and isinstance(kind, str) and isinstance(interval, str)):
        raise UnknownTopicError(30016, "Param error")
    return ChannelKey(kind.upper(), arg["topic" if unified else "channel"], name.upper(), unified, interval)


def meant(wanted: ChannelKey) -> Meant:
    """The channel of a topic. Raises UnknownTopicError."""
    if wanted.unified:
        return _unified(wanted)
    product = _product(wanted)
    if wanted.channel in (*_EVENTS, *_STANDING):
        return Meant(own=_own(wanted, product))
    if wanted.channel.startswith(("candle", "books")) and not _listed(wanted.channel):
        raise UnknownTopicError(30016, "Param error")
    if not _listed(wanted.channel):
        raise _absent(wanted)
    market = instrument(product, wanted.name)
    if market is None:
        raise _absent(wanted)
    return Meant(market=lambda: _market(wanted.channel, market))


_UTA = "UTA"


def _unified(wanted: ChannelKey) -> Meant:
    if wanted.inst_type == _UTA:
        from bitget_cli.paper.streams.unified_account import TOPICS

        if wanted.channel not in TOPICS or wanted.name != _ALL:
            raise UnknownTopicError(30001, "Channel does not exist")
        return Meant(own=TOPICS[wanted.channel], unified=True)
    from bitget_cli.paper.streams.unified_market import channel

    product = next((each for each in Product if each.wire == wanted.inst_type), None)
    # A unified account's Coin-M line is another one than the classic one, and nothing of it is traded here.
    market = instrument(product, wanted.name) if product and product is not Product.COIN_FUTURES else None
    first = channel(wanted.channel, wanted.interval, market) if market else None
    if market is None or first is None:
        raise UnknownTopicError(30001, "Channel does not exist")

    def anew() -> Market:
        made = channel(wanted.channel, wanted.interval, market)
        assert made  # noqa: S101 - there was one a moment ago
        return made

    return Meant(market=anew)


def _listed(channel: str) -> bool:
    return channel in ("ticker", "trade", "books", *TOPS) or grid(channel) is not None


def _market(channel: str, market: PaperInstrument) -> Market:
    if channel == "ticker":
        return TickerChannel(market)
    if channel == "trade":
        return TradesChannel(market)
    if channel == "books":
        return DepthChannel(market)
    bars = grid(channel)
    return CandlesChannel(market, bars) if bars else TopChannel(market, TOPS[channel])


def _own(wanted: ChannelKey, product: Product) -> Callable[[], Own]:
    """The trading engine is loaded only for those who watch it."""
    from bitget_cli.paper.streams import account_channels, event_channels

    spot, chosen = product is Product.SPOT, "" if wanted.name == _ALL else wanted.name
    if spot and wanted.channel in _FUTURES_ONLY:
        raise _absent(wanted)
    if wanted.channel == "account":
        return lambda: (
            account_channels.SpotAccountChannel(chosen)
            if spot
            else account_channels.FuturesAccountChannel(product, chosen)
        )
    if wanted.channel == "equity":
        return lambda: account_channels.EquityChannel(product)
    if chosen and (wanted.channel == "positions" or instrument(product, chosen) is None):
        raise _absent(wanted)
    if wanted.channel == "positions":
        return lambda: account_channels.PositionsChannel(product)
    tell = event_channels.TELL[wanted.channel]
    return lambda: event_channels.EventsChannel(tell, product, chosen)


def _product(wanted: ChannelKey) -> Product:
    for product in Product:
        if product.wire == wanted.inst_type:
            return product
    raise _absent(wanted)


def _absent(wanted: ChannelKey) -> UnknownTopicError:
    words = f"instType:{wanted.inst_type},channel:{wanted.channel},instId:{wanted.name},precision:null"
    return UnknownTopicError(30001, f"{words} doesn't exist")
