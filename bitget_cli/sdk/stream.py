"""A stream as an iterator."""

from __future__ import annotations

from collections import deque
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from collections.abc import Callable

    from bitget_cli.session import Session
    from bitget_cli.stream_events import Source

# Seconds after which a stream that is waited for looks whether it was closed.
_PATIENCE = 1.0


class Watch:
    """The rows of a stream, as they come."""

    def __init__(self, source: Source, ready: Callable[[], AbstractContextManager[Session]]) -> None:
        """`ready` is what every call of the SDK goes through."""
        self._ready = ready
        self._source = source
        self._rows: deque[dict[str, Any]] = deque()
        self._is_open = True

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> dict[str, Any]:
        """The next row; waits for it. Raises StopIteration once the stream is closed."""
        from bitget_cli.stream_events import Gap, Push, Refusal

        while not self._rows and self._is_open:
            with self._ready() as session:
                taken = self._source.take(_PATIENCE)
            if taken is None:
                raise StopIteration
            for message in taken:
                if isinstance(message, Push):
                    own = {"market": message.market, "symbol": message.symbol, "recv": message.received}
                    self._rows.append({**own, **message.data})
                elif isinstance(message, Refusal):
                    session.say(f"warning: the stream refused {message.topic or 'it'}: {message.message}")
                elif isinstance(message, Gap) and message.until is None:
                    session.say(f"warning: a gap in {message.channel} {message.symbol}: {message.reason}")
        if not self._is_open:
            raise StopIteration
        return self._rows.popleft()

    def close(self) -> None:
        """Ends the stream; whoever waits for a row gets none."""
        self._is_open = False
        self._source.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
