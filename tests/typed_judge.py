"""typed-bitget's client of a served exchange, and what it says of each reply."""

from __future__ import annotations

import inspect
import re
from collections.abc import Awaitable, Callable, Iterator
from functools import cached_property
from typing import Any

Call = Callable[..., Awaitable[Any]]


class Judge:
    """What it said of each reply by its dotted name: `whole`, or why not. `place` is its classic or unified half."""

    def __init__(self, place: Any) -> None:
        self.place = place
        self.said: dict[str, str] = {}

    async def __call__(self, name: str, *given: Any, **words: Any) -> Any:
        """Make a call; None where there is no whole reply."""
        from typed_core.exceptions import ApiError, ValidationError

        call: Any = self.place
        for part in name.split("."):
            call = getattr(call, part)
        try:
            reply = await call(*given, **words)
        except ApiError as refusal:
            self.said[name] = f"refused {refusal.args[0]}"
            return None
        except ValidationError as fault:
            self.said[name] = str(fault)
        else:
            self.said.setdefault(name, "whole")
            return reply

    async def read(self, given: dict[str, Any], instead: dict[str, dict[str, Any]], besides: tuple[str, ...]) -> None:
        """Every call that only looks and needs nothing unknown, but for some."""
        for name, call in calls(self.place):
            needed = [each.name for each in inspect.signature(call).parameters.values() if each.default is each.empty]
            if "method='GET'" in inspect.getsource(call) and set(needed) <= given.keys() and name not in besides:
                await self(name, **{each: given[each] for each in needed} | instead.get(name, {}))

    @property
    def faults(self) -> dict[str, set[str]]:
        """The fields of each reply that was not whole."""
        not_whole = {
            name: words for name, words in self.said.items() if words != "whole" and not words.startswith("refused")
        }
        # The path of a field stands on a line of its own.
        paths = {name: re.findall(r"^([\w.]+)$", words, re.MULTILINE) for name, words in not_whole.items()}
        return {name: {path.rpartition(".")[2] for path in found} for name, found in paths.items()}

    @property
    def refused(self) -> dict[str, str]:
        return {name: words.split()[-1] for name, words in self.said.items() if words.startswith("refused")}


def calls(place: Any, name: str = "") -> Iterator[tuple[str, Call]]:
    """Every call it has, by its dotted name."""
    for part in sorted(set(dir(place)) - {"client", "request"}):
        raw = inspect.getattr_static(type(place), part, None)
        if isinstance(raw, cached_property):
            yield from calls(getattr(place, part), f"{name}{part}.")
        elif inspect.iscoroutinefunction(raw) and not part.startswith("_"):
            yield f"{name}{part}", getattr(place, part)
