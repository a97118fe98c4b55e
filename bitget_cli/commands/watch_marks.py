"""Positions and the tickers of what is held: a ticker is subscribed to once its market appears among the positions."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bitget_cli.errors import BitgetError
from bitget_cli.messages import Facts, Message, Push, Source, Topic

# Streams of tickers beside that of the positions; each new holding while it is watched takes one.
_MOST = 10


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
        if (new := sorted(held - self._followed)) and len(self._tickers) < _MOST:
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
