"""A live table on a terminal: takes what arrives, draws at most five times a second, and listens to keys."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Self

from bitget_cli.messages import Gap, Message, Push, Refusal, Status
from bitget_cli.output.cells import BAD, DOUBTFUL, QUIET, STRONG
from bitget_cli.output.grid import Look, width
from bitget_cli.output.live.figures import length
from bitget_cli.output.live.footer import Watched, footer
from bitget_cli.output.live.frame import Frame
from bitget_cli.output.live.keyboard import Keyboard
from bitget_cli.output.live.scene import Scene, Sight
from bitget_cli.output.live.scenes import scene_of
from bitget_cli.output.live.suspension import Suspension, undisturbed
from bitget_cli.output.safety import sanitise
from bitget_cli.values import milliseconds

if TYPE_CHECKING:
    from bitget_cli.output.reading import Reader
    from bitget_cli.results import Feed

_BETWEEN_FRAMES = 0.2
# Longer between two frames means that we were suspended, and somebody else had the screen.
_AWAY = 2.0
_RATE_OVER = 3.0
_MARKS = "●◐○▲▼│─█▌·…≈┃╻"


class Stage:
    """What `feed.play` shows a stream on where there is a terminal."""

    def __init__(self, feed: Feed, reader: Reader) -> None:
        self.quits = False
        self._feed, self._clock = feed, reader.clock
        self._scene: Scene = scene_of(feed)
        self._color, self._marks = reader.color, _can_write(_MARKS, reader.out.encoding)
        self._frame, self._keys = Frame(reader.out), Keyboard(reader.stdin, reader.clock)
        self._suspension = Suspension(leave=self._put_back, enter=self._occupy)
        self._due = self._last = reader.clock.monotonic()
        self._is_dirty, self._is_paused, self._second = True, False, 0
        self._sort = 0
        self._notice = self._trouble = ""
        self._body: Sequence[str] = ()
        self._size = (0, 0)
        self._counts: deque[tuple[float, int]] = deque()

    def __enter__(self) -> Self:
        self._suspension.begin()
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
            self._suspension.end()

    def _occupy(self) -> None:
        self._keys.enter()
        self._frame.enter()

    def _put_back(self) -> None:
        try:
            self._frame.leave()
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
        was_away = self._suspension.heed()
        now = self._clock.monotonic()
        if now < self._due and not was_away:
            return
        if was_away or now - self._last > _AWAY:
            self._frame.forget()
            self._is_dirty = True
        self._due, self._last = now + _BETWEEN_FRAMES, now
        self._draw(now)

    def note(self, line: str) -> None:
        self._notice, self._is_dirty = sanitise(line, limit=200), True

    def end(self, reason: str) -> None:
        """The screen is put back when the stage is left."""

    def _take(self, message: Message) -> None:
        self._is_dirty = True
        if isinstance(message, Push):
            self._scene.take(message)
        elif isinstance(message, Gap):
            self._scene.gap(message)
        elif isinstance(message, Status):
            self._scene.status(message)
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
        match key.lower():
            case "q":
                self.quits = True
            case "p":
                self._is_paused = not self._is_paused
            case "s" if len(self._scene.sorts) > 1:
                self._sort = (self._sort + 1) % len(self._scene.sorts)

    def _draw(self, monotonic: float) -> None:
        now, size = milliseconds(self._clock.now()), self._frame.size()
        second = now // 1000
        if not (self._is_dirty or second != self._second or size != self._size or self._scene.is_lively(now)):
            return
        self._is_dirty, self._second = False, second
        look = Look(size[0], self._color, self._marks)
        remarks = [look.paint(text, BAD) for text in (self._trouble, self._notice) if text]
        below = [*remarks, self._footer(look, monotonic)]
        above = [self._title(look)]
        height = max(0, size[1] - len(above) - len(below))
        if not self._is_paused or size != self._size:
            sort = self._scene.sorts[self._sort] if self._scene.sorts else ""
            self._body = self._scene.body(
                Sight(look, height, now, sort, self._feed.source.facts().stopped_at is not None)
            ) or self._waiting(look)
        self._size = size
        body = list(self._body[:height])
        self._frame.draw([*above, *body, *[""] * (height - len(body)), *below], size)

    def _title(self, look: Look) -> str:
        words = f"{self._feed.kind} · {self._feed.title}"
        words = words if look.marks else words.replace("·", "-")
        more = self._scene.title()
        left, right = sanitise(words), self._clock.now().astimezone().strftime("%H:%M:%S %Z")
        room = look.width - width(left) - width(right) - width(more) - 2
        line = look.paint(left, STRONG) + (f"  {more}" if more else "")
        return line + " " * room + look.paint(right, QUIET) if room > 0 else line

    def _waiting(self, look: Look) -> list[str]:
        """What stands where rows will: that there are none, or that nobody has said so yet."""
        facts = self._feed.source.facts()
        if facts.state == "live":
            return ["", look.paint(self._scene.empty, QUIET)]
        silent = f" for {length(facts.silent_for)}" if facts.silent_for >= 1 else ""
        return ["", look.paint(f"waiting for the exchange{silent}", DOUBTFUL)]

    def _footer(self, look: Look, monotonic: float) -> str:
        facts = self._feed.source.facts()
        self._counts.append((monotonic, facts.messages))
        while len(self._counts) > 2 and monotonic - self._counts[1][0] > _RATE_OVER:
            self._counts.popleft()
        (since, before), (_, after) = self._counts[0], self._counts[-1]
        rate = (after - before) / (monotonic - since) if monotonic > since else 0.0
        sorts = self._scene.sorts
        sort = sorts[self._sort] if sorts else ""
        return footer(Watched(facts, rate, self._feed.env, self._is_paused, sort, len(sorts) > 1), look)


def _can_write(characters: str, encoding: str | None) -> bool:
    with suppress(UnicodeEncodeError, LookupError):
        characters.encode(encoding or "utf-8")
        return True
    return False
