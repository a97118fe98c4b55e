"""A rule that many rows must keep, as one test: pytest takes longer over a test than such a rule over a row."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterable
from typing import Any


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
