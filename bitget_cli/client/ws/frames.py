"""Frames of a stream: text to JSON, exactly; and how many that make no sense are put up with."""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Callable
from typing import Any, NoReturn

from bitget_cli.values import WireNumber

# Longer than any amount Bitget can mean.
_LONGEST_NUMBER = 64
_ARGUMENT = re.compile(r'"arg"\s*:\s*(\{[^{}]*\})')
_HUGE_EXPONENT = re.compile(r"[eE][+-]?[0-9]{3,}")


class OddFrameError(ValueError):
    """Not a JSON object, or one that holds what cannot be passed on."""


def decoded(text: str | bytes) -> dict[str, Any]:
    """The object a text frame holds: whole numbers as int, others as WireNumber. Raises OddFrameError.

    Prices are JSON strings in every frame seen, so nothing is lost; `seq` of a Coin-M book is beyond 2^53 and exact.
    """
    try:
        frame, end = _scan(text, 0)
        # Escapes are rare, and only they can smuggle in half a character, which no output can take.
        if "\\u" in text:
            json.dumps(frame, ensure_ascii=False).encode()
    except (ValueError, TypeError, StopIteration, RecursionError):
        raise OddFrameError("not JSON that can be passed on") from None
    if type(frame) is not dict or (end != len(text) and text[end:].strip()):
        raise OddFrameError("not one JSON object")
    return frame


def argument(text: str | bytes) -> Any:
    """What a frame that cannot be read says it is about, where that much of it can be; None where it cannot."""
    whole = text if isinstance(text, str) else text.decode(errors="replace")
    found = _ARGUMENT.findall(whole)
    if len(found) != 1:
        return None
    try:
        return json.loads(found[0])
    except ValueError:
        return None


class SlidingWindow:
    """How often something happened within the last `seconds`."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._times: deque[float] = deque()

    def add(self, now: float) -> int:
        """Notes one more; how many there are now."""
        self._times.append(now)
        return self.count(now)

    def count(self, now: float) -> int:
        while self._times and self._times[0] <= now - self._seconds:
            self._times.popleft()
        return len(self._times)

    def room_at(self, now: float, most: int) -> float:
        """When there will be fewer than `most`."""
        count = self.count(now)
        return now if count < most else self._times[count - most] + self._seconds


def _number(text: str) -> WireNumber:
    if len(text) > _LONGEST_NUMBER or _HUGE_EXPONENT.search(text):
        raise OddFrameError("a number no exchange would send")
    return WireNumber(text)


def _no_constant(name: str) -> NoReturn:
    raise OddFrameError(name)


# The scanner itself: `json.loads` spends a fifth of its time on arguments and white space around a small frame.
_DECODER = json.JSONDecoder(parse_float=_number, parse_constant=_no_constant)
_scan: Callable[[Any, int], tuple[Any, int]] = _DECODER.scan_once  # type: ignore[attr-defined]  # typeshed lacks it
