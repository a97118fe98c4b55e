"""The last line of every live table: how the stream fares, where it comes from, and the keys."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from bitget_cli.messages import Facts
from bitget_cli.output.cells import BAD, DOUBTFUL, GOOD, QUIET
from bitget_cli.output.grid import Look, width
from bitget_cli.output.live.figures import length
from bitget_cli.output.live.frame import bare
from bitget_cli.values import from_milliseconds

# Real money stands out.
_ENVIRONMENT = {"live": "1;41;97", "demo": "30;43", "paper": "30;46"}
_MARKS = {"live": "●", "reconnecting": "◐", "connecting": "◐", "stale": "○"}
# Seconds that the exchange's clock and ours may differ.
_OFFSET = 2.0


class Watched(NamedTuple):
    """What a footer says: the stream's facts, messages a second, and what the keys can do now."""

    facts: Facts
    rate: float
    env: str
    is_paused: bool = False
    sort: str = ""
    can_sort: bool = False


def footer(watched: Watched, look: Look) -> str:
    """One line; the keys stand at its end where there is room."""
    facts = watched.facts
    parts = [
        state(facts, look),
        stopped(facts, look),
        look.paint(f" {watched.env.upper()} ", _ENVIRONMENT.get(watched.env, "7")),
        f"{watched.rate:.0f} msg/s",
        _count(facts.reconnects, "reconnect"),
        _gaps(facts, look),
    ]
    if abs(facts.offset) > _OFFSET:
        parts.append(look.paint(f"clock {facts.offset:+.1f} s", DOUBTFUL))
    if watched.is_paused:
        parts.append(look.paint(" PAUSED ", "7"))
    separator = " · " if look.marks else " | "
    line = separator.join(part for part in parts if part)
    for keys in _keys(watched):
        room = look.width - width(bare(line)) - len(keys)
        if room > 1:
            return line + " " * room + look.paint(keys, QUIET)
    return line


def _keys(watched: Watched) -> Sequence[str]:
    """What the keys do, from the wordiest to the shortest."""
    if not watched.can_sort:
        return ("q quit  p pause", "q quit")
    return (f"q quit  p pause  s sort: {watched.sort}", f"q p  s sort: {watched.sort}", "q quit  s sort", "q quit")


def state(facts: Facts, look: Look) -> str:
    """`● live`, `○ frozen`, `◐ reconnecting 3 (next 4 s)` or `○ stale 12 s`."""
    if facts.state == "live" and facts.stopped_at is not None:
        return look.paint(f"{_MARKS['stale']} frozen" if look.marks else "frozen", DOUBTFUL)
    mark = _MARKS.get(facts.state, "○") + " " if look.marks else ""
    match facts.state:
        case "live":
            return look.paint(f"{mark}live", GOOD)
        case "stale":
            return look.paint(f"{mark}stale {length(facts.silent_for)}", BAD)
        case "reconnecting":
            after = f" (next {length(facts.retry_in + 0.99)})" if facts.retry_in > 0 else ""
            return look.paint(f"{mark}reconnecting {facts.attempt or ''}".rstrip() + after, DOUBTFUL)
    return look.paint(f"{mark}{facts.state}", DOUBTFUL)


def stopped(facts: Facts, look: Look) -> str:
    """Where the exchange's clock stands still: whatever arrives then, nothing can happen."""
    if facts.stopped_at is None:
        return ""
    moment = from_milliseconds(facts.stopped_at).astimezone()
    return look.paint(f"paper clock stopped at {moment:%Y-%m-%d %H:%M:%S %Z}", DOUBTFUL)


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def _gaps(facts: Facts, look: Look) -> str:
    if facts.open_gaps:
        return look.paint(f"{_count(facts.gaps, 'gap')}, {facts.open_gaps} open", BAD)
    return _count(facts.gaps, "gap")
