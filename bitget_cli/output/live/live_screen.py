"""A live table on a terminal: takes what arrives, draws it at most five times a second."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple, Self

from rich.live import Live

from bitget_cli.output.cells import BAD, DOUBTFUL, GOOD, QUIET, STRONG, Cell, Line, text_of
from bitget_cli.output.live.number_format import length
from bitget_cli.output.live.view import LiveView, Viewport, joined
from bitget_cli.output.plain import sanitise
from bitget_cli.output.table import Look, can_write, pairs, width
from bitget_cli.output.terminal import ESCAPE, Drawing, JobControl, Keyboard, console_on, undisturbed
from bitget_cli.stream_events import Facts, Gap, Message, Push, Refusal, Status
from bitget_cli.values import from_milliseconds, milliseconds

if TYPE_CHECKING:
    from bitget_cli.output.stream_lines import Reader
    from bitget_cli.results import Feed

# The word of `bitget watch` → module and class; only the one that is needed is imported.
_LIVE_VIEWS = {
    "ticker": ("ticker", "TickerView"),
    "depth": ("depth", "DepthView"),
    "trades": ("trades", "TradesView"),
    "candles": ("candles", "CandlesView"),
    "account": ("account", "AccountView"),
    "positions": ("positions", "PositionsView"),
    "orders": ("orders", "OrdersView"),
    "plans": ("plans", "PlansView"),
    "fills": ("fills", "FillsView"),
}


def live_view_of(feed: Feed) -> LiveView:
    """A fresh table for this stream."""
    module, name = _LIVE_VIEWS[feed.kind]
    view: LiveView = getattr(import_module(f"bitget_cli.output.live.{module}"), name)(feed.look)
    return view


# Real money stands out.
_ENVIRONMENT = {"live": "bold bright_white on red", "demo": "black on yellow", "paper": "black on cyan"}
_MARKS = {"live": "●", "reconnecting": "◐", "connecting": "◐", "stale": "○"}
# What the keys do, for whoever asks.
_HELP = (
    ("q", "leave"),
    ("Esc", "back from these lines; without them, leave"),
    ("p", "pause and go on; rows that arrive meanwhile are not lost"),
    ("s", "the next order of the rows, where there are several"),
    ("?", "these lines, and back"),
)
# Seconds that the exchange's clock and ours may differ.
_OFFSET = 2.0


class FooterState(NamedTuple):
    """What a footer says: the stream's facts, messages a second, and what the keys can do now."""

    facts: Facts
    rate: float
    env: str
    is_paused: bool = False
    sort: str = ""
    can_sort: bool = False


def footer(watched: FooterState, look: Look) -> Line:
    """One line; the keys stand at its end where there is room.

    Figures that say nothing of trouble make room for the shortest of them.
    """
    facts = watched.facts
    clock = f"clock {facts.offset:+.1f} s" if abs(facts.offset) > _OFFSET else ""
    parts = [
        state(facts, look),
        stopped(facts),
        Cell(f" {watched.env.upper()} ", _ENVIRONMENT.get(watched.env, "reverse")),
        rate := Cell(f"{watched.rate:.0f} msg/s"),
        reconnects := Cell(_count(facts.reconnects, "reconnect")),
        gaps := _gaps(facts),
        Cell(clock, DOUBTFUL),
        Cell(" PAUSED " if watched.is_paused else "", "reverse"),
    ]
    spare = [*([] if facts.gaps else [gaps]), *([] if facts.reconnects else [reconnects]), rate]
    separator = " · " if look.marks else " | "
    line = joined(([part] for part in parts), separator)
    while spare and width(text_of(line)) + len(_keys(watched)[-1]) + 1 >= look.width:
        parts.remove(spare.pop(0))
        line = joined(([part] for part in parts), separator)
    for keys in _keys(watched):
        room = look.width - width(text_of(line)) - len(keys)
        if room > 1:
            return [*line, Cell(" " * room), Cell(keys, QUIET)]
    return line


def _keys(watched: FooterState) -> Sequence[str]:
    """What the keys do, from the wordiest to the shortest."""
    if not watched.can_sort:
        return ("q quit  p pause  ? keys", "q quit  ? keys", "? keys")
    sort = f"s sort: {watched.sort}"
    return (f"q quit  p pause  {sort}  ? keys", f"{sort}  ? keys", "? keys")


def state(facts: Facts, look: Look) -> Cell:
    """`● connected`, `○ frozen`, `◐ reconnecting 3 (next 4 s)` or `○ stale 12 s`."""
    if facts.state == "live" and facts.stopped_at is not None:
        return Cell(f"{_MARKS['stale']} frozen" if look.marks else "frozen", DOUBTFUL)
    mark = _MARKS.get(facts.state, "○") + " " if look.marks else ""
    match facts.state:
        case "live":
            return Cell(f"{mark}connected", GOOD)
        case "stale":
            return Cell(f"{mark}stale {length(facts.silent_for)}", BAD)
        case "reconnecting":
            after = f" (next {length(facts.retry_in + 0.99)})" if facts.retry_in > 0 else ""
            return Cell(f"{mark}reconnecting {facts.attempt or ''}".rstrip() + after, DOUBTFUL)
    return Cell(f"{mark}{facts.state}", DOUBTFUL)


def stopped(facts: Facts) -> Cell:
    """Where the exchange's clock stands still: whatever arrives then, nothing can happen."""
    if facts.stopped_at is None:
        return Cell("")
    moment = from_milliseconds(facts.stopped_at).astimezone()
    return Cell(f"paper clock stopped at {moment:%Y-%m-%d %H:%M:%S %Z}", DOUBTFUL)


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def _gaps(facts: Facts) -> Cell:
    if facts.open_gaps:
        return Cell(f"{_count(facts.gaps, 'gap')}, {facts.open_gaps} open", BAD)
    return Cell(_count(facts.gaps, "gap"))


_BETWEEN_FRAMES = 0.2
# Longer between two frames means that we were suspended, and somebody else had the screen.
_AWAY = 2.0
_RATE_OVER = 3.0
_END_MARKS = "●◐○▲▼│─█▌·…≈┃╻"


class LiveScreen:
    """What `stream.play` shows a stream on where there is a terminal."""

    def __init__(self, feed: Feed, reader: Reader) -> None:
        self.quits = False
        self._feed, self._clock = feed, reader.clock
        self._view: LiveView = live_view_of(feed)
        self._marks = can_write(_END_MARKS, reader.out)
        self._console = console_on(reader.out, color=reader.color)
        # The pace is ours: Rich's thread would draw whether or not there is anything new.
        self._live = Live(
            console=self._console, screen=True, auto_refresh=False, redirect_stdout=False, redirect_stderr=False
        )
        self._keys = Keyboard(reader.stdin, reader.clock)
        self._job_control = JobControl(leave=self._put_back, enter=self._occupy)
        self._due = self._last = reader.clock.monotonic()
        self._is_dirty, self._is_paused, self._is_helping, self._second = True, False, False, 0
        self._picture = reader.save
        self._sort = 0
        self._notice = self._trouble = ""
        self._body: Sequence[Line] = ()
        self._size = (0, 0)
        self._drawn: list[Line] = []
        self._counts: deque[tuple[float, int]] = deque()

    def __enter__(self) -> Self:
        self._job_control.begin()
        try:
            self._occupy()
        except BaseException:
            # A signal, or a terminal that has gone: whoever did not get in is not asked to leave.
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        with undisturbed():
            self._put_back()
            self._job_control.end()

    def _occupy(self) -> None:
        self._drawn = []
        # Rich gives back only a screen that it has taken whole.
        with undisturbed():
            self._keys.enter()
            self._live.start()

    def _put_back(self) -> None:
        try:
            # A terminal that has gone needs nothing; one that was not there at the start left Rich half begun.
            with suppress(OSError, ValueError, IndexError):
                self._live.stop()
        finally:
            self._keys.leave()

    def patience(self, left: float) -> float:
        """Waits here, since a key ends the wait too; what has arrived by then is taken at once."""
        wait = min(left, max(0.0, self._due - self._clock.monotonic()))
        for key in self._keys.wait(wait):
            self._press(key)
        return 0.0

    def show(self, messages: Sequence[Message]) -> None:
        for message in messages:
            self._take(message)
        was_away = self._job_control.heed()
        now = self._clock.monotonic()
        if now < self._due and not was_away:
            return
        if was_away or now - self._last > _AWAY:
            self._drawn, self._is_dirty = [], True
        self._due, self._last = now + _BETWEEN_FRAMES, now
        self._draw(now)

    def note(self, line: str) -> None:
        self._notice, self._is_dirty = sanitise(line, limit=200), True

    def end(self, reason: str) -> None:  # noqa: ARG002  # whatever ends it
        """The screen is put back when the stage is left; its last picture is kept where that is wanted."""
        if self._picture:
            from bitget_cli.output import picture

            picture.save(self._drawn, self._picture, width=self._console.width, title=f"bitget watch {self._feed.kind}")

    def _take(self, message: Message) -> None:
        self._is_dirty = True
        if isinstance(message, Push):
            self._view.take(message)
        elif isinstance(message, Gap):
            self._view.gap(message)
        elif isinstance(message, Status):
            self._view.status(message)
            self._heed(message)
        elif isinstance(message, Refusal):
            about = f"{message.topic.channel} {message.topic.name} " if message.topic else ""
            self.note(f"{about}({message.code}): {message.message}")

    def _heed(self, status: Status) -> None:
        """Why the stream stumbles stands above the footer until it runs again."""
        if status.event in ("reconnecting", "stale"):
            said = status.facts.get("reason") or status.facts.get("note") or ""
            self._trouble = sanitise(f"{status.facts.get('symbol', '')} {said}".strip(), limit=200)
        elif status.event == "subscribed":
            self._trouble = ""

    def _press(self, key: str) -> None:
        self._is_dirty, self._due = True, self._clock.monotonic()
        if key == ESCAPE:
            # Whoever reads the keys wants to be rid of them, not of the table.
            self.quits, self._is_helping = not self._is_helping, False
        match key.lower():
            case "q":
                self.quits = True
            case "?":
                self._is_helping = not self._is_helping
            case "p":
                self._is_paused = not self._is_paused
            case "s" if len(self._view.sorts) > 1:
                self._sort = (self._sort + 1) % len(self._view.sorts)

    def _draw(self, monotonic: float) -> None:
        now, size = milliseconds(self._clock.now()), self._console.size
        second = now // 1000
        if not (self._is_dirty or second != self._second or size != self._size or self._view.is_lively(now)):
            return
        self._is_dirty, self._second = False, second
        look = Look(size.width, self._marks)
        below = [*([Cell(text, BAD)] for text in (self._trouble, self._notice) if text), self._footer(look, monotonic)]
        height = max(0, size.height - 1 - len(below))
        if not self._is_paused or size != self._size:
            sort = self._view.sorts[self._sort] if self._view.sorts else ""
            self._body = (
                self._view.body(Viewport(look, height, now, sort, self._feed.source.facts().stopped_at is not None))
                or self._waiting()
            )
        body = self._keys_told(look)[:height] if self._is_helping else self._body[:height]
        lines = [self._title(look), *body, *[[]] * (height - len(body)), *below]
        if lines != self._drawn or size != self._size:
            self._drawn, self._size = lines, size
            self._live.update(Drawing(lines), refresh=True)

    def _title(self, look: Look) -> Line:
        words = f"{self._feed.kind} · {self._feed.title}"
        words = words if look.marks else words.replace("·", "-")
        more = self._view.title()
        left, right = sanitise(words), self._clock.now().astimezone().strftime("%H:%M:%S %Z")
        room = look.width - width(left) - width(right) - width(more) - 2
        line = joined([[Cell(left, STRONG)], [Cell(more)]], "  ")
        return [*line, Cell(" " * room), Cell(right, QUIET)] if room > 0 else line

    def _keys_told(self, look: Look) -> list[Line]:
        return [[], *pairs([(keys, Cell(what)) for keys, what in _HELP], look)]

    def _waiting(self) -> list[Line]:
        """What stands where rows will: that there are none, or that nobody has said so yet."""
        facts = self._feed.source.facts()
        if facts.state == "live":
            return [[], [Cell(self._view.empty, QUIET)]]
        silent = f" for {length(facts.silent_for)}" if facts.silent_for >= 1 else ""
        return [[], [Cell(f"waiting for the exchange{silent}", DOUBTFUL)]]

    def _footer(self, look: Look, monotonic: float) -> Line:
        facts = self._feed.source.facts()
        self._counts.append((monotonic, facts.messages))
        while len(self._counts) > 2 and monotonic - self._counts[1][0] > _RATE_OVER:
            self._counts.popleft()
        (since, before), (_, after) = self._counts[0], self._counts[-1]
        rate = (after - before) / (monotonic - since) if monotonic > since else 0.0
        sorts = self._view.sorts
        sort = sorts[self._sort] if sorts else ""
        return footer(FooterState(facts, rate, self._feed.env, self._is_paused, sort, len(sorts) > 1), look)
