"""Calls in flight together: order, bounds and failures."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from functools import partial

import pytest

from bitget_cli.client.rest.prefetch import overlapped


def numbered(count: int, call: Callable[[int], int]) -> Iterator[Callable[[], int]]:
    return (partial(call, number) for number in range(count))


def test_results_come_in_order_whoever_is_first() -> None:
    def slower_when_early(number: int) -> int:
        time.sleep(0.02 if number % 4 == 0 else 0)
        return number

    assert list(overlapped(numbered(40, slower_when_early), in_flight=8)) == list(range(40))


def test_no_more_run_than_allowed_and_no_more_are_started_than_read() -> None:
    running, most, started = [0], [0], [0]
    lock = threading.Lock()

    def call(number: int) -> int:
        with lock:
            running[0] += 1
            started[0] += 1
            most[0] = max(most[0], running[0])
        time.sleep(0.005)
        with lock:
            running[0] -= 1
        return number

    results = overlapped(numbered(1000, call), in_flight=4)
    assert [next(results) for _ in range(10)] == list(range(10))
    results.close()  # type: ignore[attr-defined]  # it is a generator
    assert most[0] <= 4
    assert started[0] <= 14


def test_calls_do_run_at_once() -> None:
    together = threading.Barrier(4, timeout=5)

    def call(number: int) -> int:
        together.wait()
        return number

    assert list(overlapped(numbered(8, call), in_flight=4)) == list(range(8))


def test_a_failure_is_raised_in_its_turn() -> None:
    def call(number: int) -> int:
        if number == 3:
            raise ValueError("three")
        return number

    results = overlapped(numbered(8, call), in_flight=4)
    assert [next(results) for _ in range(3)] == [0, 1, 2]
    with pytest.raises(ValueError, match="three"):
        next(results)


def test_nothing_to_call_is_nothing() -> None:
    assert list(overlapped(numbered(0, int))) == []
