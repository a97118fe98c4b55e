"""Rules that many rows or drawn values must keep.

Rows are held to a rule in one test: pytest takes longer over a test than such a rule over a row. What is drawn is tried
a few times at once, and many times among the slow tests.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis.strategies import SearchStrategy


def for_each(rows: Iterable[Any], *, name: Callable[[Any], str] = str) -> Callable[..., Callable[..., None]]:
    """The function below is tried with every row; the test fails with the names of all that break it, and why.

    The row comes first; what it takes beside are fixtures, made once for all rows.
    """
    kept = list(rows)

    def made(rule: Callable[..., None]) -> Callable[..., None]:
        @functools.wraps(rule)
        def test(**fixtures: Any) -> None:
            assert kept
            faults = {name(row): fault for row in kept if (fault := broken(rule, row, fixtures))}
            told = "\n".join(f"{who}: {type(fault).__name__} {fault}" for who, fault in faults.items())
            if faults:
                raise AssertionError(f"{len(faults)} of {len(kept)}:\n{told}") from next(iter(faults.values()))

        whole = inspect.signature(rule)
        test.__signature__ = whole.replace(parameters=list(whole.parameters.values())[1:])  # type: ignore[attr-defined]
        return test

    return made


def broken(rule: Callable[..., None], row: Any, fixtures: dict[str, Any]) -> Exception | None:
    try:
        rule(row, **fixtures)
    except Exception as fault:
        return fault
    return None


def law(*, few: int, many: int, **drawn: SearchStrategy[Any]) -> Callable[..., Callable[..., None]]:
    """The function below must hold for whatever is drawn; what it takes beside are fixtures, made once for all."""

    def made(rule: Callable[..., None]) -> Callable[..., None]:
        @pytest.mark.parametrize("cases", [few, pytest.param(many, marks=pytest.mark.slow)])
        @functools.wraps(rule)
        def test(cases: int, **fixtures: Any) -> None:
            def tried(**values: Any) -> None:
                rule(**values, **fixtures)

            # By it Hypothesis knows the failures of last time.
            tried.__name__ = rule.__name__
            settings(max_examples=cases, deadline=None)(given(**drawn)(tried))()

        whole = inspect.signature(rule)
        beside = [one for one in whole.parameters.values() if one.name not in drawn]
        own = inspect.Parameter("cases", inspect.Parameter.POSITIONAL_OR_KEYWORD)
        test.__signature__ = whole.replace(parameters=[own, *beside])  # type: ignore[attr-defined]
        return test

    return made
