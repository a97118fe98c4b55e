"""Reading ahead: order kept or given up, few items held, failures where they belong, nobody left waiting."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from functools import partial
from types import FrameType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bitget_cli.client.rest import prefetch
from bitget_cli.client.rest.prefetch import as_they_come, in_turn, overlapped


def sources(lists: list[list[int]]) -> list[Callable[[], Iterator[int]]]:
    return [partial(iter, items) for items in lists]


@given(lists=st.lists(st.lists(st.integers(), max_size=9), max_size=6), in_flight=st.integers(1, 3))
def test_in_turn_gives_every_item_in_order(lists: list[list[int]], in_flight: int) -> None:
    got = list(in_turn(sources(lists), in_flight=in_flight, held=2))
    assert got == [item for items in lists for item in items]


@given(lists=st.lists(st.lists(st.integers(), max_size=9), max_size=6))
def test_as_they_come_gives_every_item_once(lists: list[list[int]]) -> None:
    got = list(as_they_come(sources(lists), held=3))
    assert sorted(got) == sorted(item for items in lists for item in items)


@pytest.mark.parametrize("read", [in_turn, as_they_come])
def test_no_more_is_read_ahead_than_may_be_held(read: Callable[..., Iterator[int]]) -> None:
    taken: list[int] = []
    full = threading.Event()

    def endless() -> Iterator[int]:
        for number in range(1000):
            taken.append(number)
            if len(taken) == 5:
                full.set()
            yield number

    rows = read([endless], held=3)
    assert next(rows) == 0
    assert full.wait(5)
    rows.close()  # type: ignore[attr-defined]  # both are generators
    assert len(taken) <= 6


def test_a_failure_comes_after_what_was_read_before_it() -> None:
    def broken() -> Iterator[int]:
        yield 1
        raise ValueError("gone")

    rows: Iterator[int] = in_turn([broken])
    assert next(rows) == 1
    with pytest.raises(ValueError, match="gone"):
        next(rows)


def test_two_sources_are_read_at_once() -> None:
    both = threading.Barrier(2)

    def waits() -> Iterator[int]:
        both.wait(5)
        yield 1

    assert list(in_turn([waits, waits])) == [1, 1]


TAKEN = {
    "in turn": lambda: in_turn([lambda: iter(range(40))] * 3),
    "as they come": lambda: as_they_come([lambda: iter(range(40))] * 3),
    "overlapped": lambda: overlapped([partial(int, number) for number in range(120)]),
}


@pytest.mark.parametrize("take", TAKEN.values(), ids=TAKEN)
def test_a_signal_finds_whoever_takes_items_in_no_lock_of_pythons(take: Callable[[], Iterator[int]]) -> None:
    """One that comes into those of `threading` leaves them held, and to let the threads go never ends."""
    met: set[str] = set()

    def note(frame: FrameType, event: str, _: object) -> None:
        caller = frame.f_back
        if event == "call" and frame.f_code.co_filename == threading.__file__ and caller:
            met.update([frame.f_code.co_qualname] if caller.f_code.co_filename == prefetch.__file__ else [])

    sys.setprofile(note)
    try:
        taken = list(take())
    finally:
        sys.setprofile(None)
    assert (len(taken), met) == (120, {"Thread.__init__", "Thread.start"})
