"""Clients with one thing left out each, and the stream on which a random exchange finds that out."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, NamedTuple
from unittest.mock import patch

from bitget_cli.client.ws import channels, dispatcher
from bitget_cli.client.ws.channels import ApplyResult, CandleState, EventChannel
from bitget_cli.client.ws.dispatcher import Advice, BookTickerCheck, Dispatcher, TopicState
from bitget_cli.client.ws.interfaces import Heard
from bitget_cli.client.ws.order_book import DepthState, OrderBook
from bitget_cli.client.ws.recovery import Reading, RestReconciler


class Mutant(NamedTuple):
    """`line` is the watch; `broken` is put in the place of each of these."""

    line: str
    broken: tuple[tuple[Any, str, Any], ...]

    def patches(self) -> list[AbstractContextManager[Any]]:
        return [patch.object(owner, name, value) for owner, name, value in self.broken]


def _wrapped(owner: Any, name: str, change: Callable[..., Any]) -> tuple[Any, str, Any]:
    """A method with what it was as the first argument."""
    was = getattr(owner, name)
    return owner, name, lambda *given, **named: change(was, *given, **named)


def _any_number(was: Any, book: OrderBook, data: dict[str, Any]) -> Any:
    return was(book, {**data, "pseq": book.seq} if data.get("pseq") else data)


def _no_snapshot(was: Any, book: OrderBook, data: dict[str, Any]) -> Any:
    if not book.is_live:
        book.is_live, book.seq = True, data["pseq"]
    return was(book, data)


def _always_heard(was: Any, *given: Any) -> Heard:
    heard = was(*given)
    return Heard.TAKEN if heard is Heard.DROPPED else heard


def _first_page(was: Any, *given: Any, **named: Any) -> Any:
    return was(*given, **named)[:100]


def _whole_at_any_time(was: Any, following: Dispatcher, topic: Any, *given: Any, **named: Any) -> None:
    was(following, topic, *given, **(named | {"epoch": following.epoch(topic)}))


def _missed_from_now_on(was: Any, following: Dispatcher, reason: str) -> None:
    following._heard = None
    was(following, reason)


_NOTHING = lambda *_, **__: None  # noqa: E731  # what a method does that was left out
_DEPTH, _TRADES, _CANDLES = "depth BTCUSDT --levels 50", "trades BTCUSDT ETHUSDT", "candles BTCUSDT ETHUSDT"
_NO_OPINION = (BookTickerCheck, "advice", lambda *_: Advice.NOTHING)
_OVERLAP = ApplyResult(recovered="overlap", lost=0)

MUTANTS = {
    "a book takes any number": Mutant(_DEPTH, (_wrapped(OrderBook, "_go_on", _any_number),)),
    "a book needs no snapshot": Mutant(_DEPTH, (_wrapped(OrderBook, "_go_on", _no_snapshot),)),
    "a lower number is an old one": Mutant(
        _DEPTH,
        (
            (OrderBook, "_counts_anew", lambda *_: False),
            (DepthState, "_repeats_too_long", lambda *_: False),
            _NO_OPINION,
        ),
    ),
    "a ticker contradicts no book": Mutant(_DEPTH, (_NO_OPINION,)),
    "what was dropped counts as heard": Mutant(_DEPTH, (_wrapped(Dispatcher, "frame", _always_heard),)),
    "no gap of a book is marked": Mutant(_DEPTH, ((TopicState, "fault", _NOTHING),)),
    "no gap of trades is marked": Mutant(_TRADES, ((TopicState, "fault", _NOTHING),)),
    "ids of trades are forgotten": Mutant(
        _TRADES, ((EventChannel, "_forget_oldest", lambda tape: tape._seen.clear()),)
    ),
    "trades always overlap": Mutant(_TRADES, ((EventChannel, "_recovery", lambda *_: _OVERLAP),)),
    "a row is of whom the push names": Mutant(_TRADES, ((dispatcher, "_name_in", _NOTHING),)),
    "a bar ends when the next is heard of": Mutant(_CANDLES, ((CandleState, "doubt", _NOTHING),)),
    "ids of fills are forgotten": Mutant("fills", ((EventChannel, "_forget_oldest", lambda tape: tape._seen.clear()),)),
    "fills are whole without a look": Mutant("fills", ((RestReconciler, "_seed", lambda *_: "rest"),)),
    "fills are whole after a page": Mutant("fills", (_wrapped(Reading, "rows", _first_page),)),
    "a gap begins when it is found": Mutant("orders", (_wrapped(Dispatcher, "lost", _missed_from_now_on),)),
    "orders are whole without a look": Mutant("orders", ((RestReconciler, "_seed", lambda *_: "rest"),)),
    "what ended is not looked for": Mutant("orders", ((Dispatcher, "happened", lambda *_, **__: True),)),
    "an older row of an order counts": Mutant("orders", ((channels, "_is_older", lambda *_: False),)),
    "a reading before the loss fills it": Mutant("plans", (_wrapped(Dispatcher, "whole", _whole_at_any_time),)),
    "unreadable positions are skipped": Mutant("positions", ((Dispatcher, "_missed", lambda *_: Heard.TAKEN),)),
}
