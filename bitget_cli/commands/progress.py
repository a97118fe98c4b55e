"""How far a long fetch has come: a line that rewrites itself on a terminal, and one at either end elsewhere."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from bitget_cli.client.pacing import MARGIN
from bitget_cli.errors import StoppedError
from bitget_cli.session import Session

# Seconds between two pictures, and how long a fetch may take without a word.
_PICTURE = 0.2
_SLOW = 5.0


class Progress:
    """Counts windows and rows of lists that are each fetched at one call a second.

    `lanes` are the windows that each limit has still to answer. The estimate is the longest of them, with as many
    calls a window as its windows took so far: it can only grow truer. `stopped` is said when a signal ended it.
    """

    def __init__(self, session: Session, lanes: dict[str, int], *, quiet: bool = False, stopped: str = "") -> None:
        self._session = session
        self._left = dict(lanes)
        self._total = sum(lanes.values())
        self._calls = dict.fromkeys(lanes, 0)
        self._done = dict.fromkeys(lanes, 0)
        self._stopped = stopped
        self._rows = 0
        self._drawn = -1e9
        self._err = session.doors.stderr
        self._live = self._err.isatty() and not quiet and session.doors.environ.get("TERM") != "dumb"
        self._start = session.clock.monotonic()

    def __enter__(self) -> Self:
        seconds = self._estimate()
        if not self._live and seconds > _SLOW:
            self._session.say(f"{self._total} windows to fetch at one call a second: {_long(seconds)} or more")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        took = self._session.clock.monotonic() - self._start
        if self._live:
            self._err.write("\r\x1b[K")
            self._err.flush()
        elif kind is None and took > _SLOW:
            self._session.say(f"{self._rows} rows in {sum(self._done.values())} windows, after {_long(took)}")
        if self._stopped and isinstance(error, KeyboardInterrupt | StoppedError):
            self._session.say(self._stopped)

    def page(self, lane: str, *, rows: int, whole: bool) -> None:
        """One page came; `whole` when it was its window's last."""
        self._rows += rows
        self._calls[lane] += 1
        self._done[lane] += whole
        self._left[lane] -= whole
        now = self._session.clock.monotonic()
        if self._live and now - self._drawn >= _PICTURE:
            self._drawn = now
            self._err.write(f"\r\x1b[K{self._text()}")
            self._err.flush()

    def _text(self) -> str:
        done = self._total - sum(self._left.values())
        return f"{done}/{self._total} windows, {self._rows} rows, about {_long(self._estimate())} left"

    def _estimate(self) -> float:
        return max((self._seconds(lane) for lane in self._left), default=0.0)

    def _seconds(self, lane: str) -> float:
        calls = self._calls[lane] / self._done[lane] if self._done[lane] else max(self._calls[lane], 1)
        return self._left[lane] * calls * MARGIN


def _long(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
