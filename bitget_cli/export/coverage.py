"""What an export covers: for each stream its rows and range, its gaps, and what a person should look at."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from bitget_cli.export.bookings import Booking
from bitget_cli.export.entries import is_against_its_name
from bitget_cli.export.fetching import Gap
from bitget_cli.export.formats import Format
from bitget_cli.export.kinds import UNLISTED, kind
from bitget_cli.export.work import Plan
from bitget_cli.values import from_milliseconds

VERSION = 1


class Counting:
    """Counts one stream's bookings on their way into a file."""

    def __init__(self, stream: str) -> None:
        self.stream = stream
        self.rows = 0
        self.first: int | None = None
        self.last: int | None = None
        self.types: Counter[str] = Counter()
        self.unmapped: Counter[str] = Counter()
        self.against: Counter[str] = Counter()
        self.without_amount: Counter[str] = Counter()
        self.unreadable_fee: Counter[str] = Counter()

    def through(self, bookings: Iterable[Booking]) -> Iterator[Booking]:
        for one in bookings:
            self._count(one)
            yield one

    def _count(self, one: Booking) -> None:
        self.rows += 1
        self.first, self.last = self.first or one.ts, one.ts
        self.types[one.type] += 1
        if kind(self.stream, one.type) is UNLISTED:
            self.unmapped[one.type] += 1
        if is_against_its_name(one):
            self.against[one.type] += 1
        if one.amount is None:
            self.without_amount[one.type] += 1
        if one.has_unreadable_fee:
            self.unreadable_fee[one.type] += 1

    def row(self, *, file: str | None, windows: int, gaps: Sequence[Gap]) -> dict[str, Any]:
        """One stream of the report: counts by Bitget's type, times as epoch ms text.

        `windows` is how many it has, `missing` how many of them could not be fetched; `types` says as what each type
        was filed.
        """
        return {
            "stream": self.stream,
            "file": file,
            "first": None if self.first is None else str(self.first),
            "last": None if self.last is None else str(self.last),
            "rows": self.rows,
            "windows": windows,
            "missing": len(gaps),
            "gaps": [_gap(gap) for gap in gaps],
            "types": {
                name: {"rows": count, "as": kind(self.stream, name).meaning.value}
                for name, count in sorted(self.types.items())
            },
            "unmapped": _by_name(self.unmapped),
            "against_name": _by_name(self.against),
            "without_amount": _by_name(self.without_amount),
            "unreadable_fee": _by_name(self.unreadable_fee),
        }


def report(plan: Plan, form: Format, streams: Sequence[dict[str, Any]]) -> str:
    """The report as JSON text; the same for the same records, however often the export was interrupted."""
    whole = {
        "version": VERSION,
        "complete": not any(stream["gaps"] for stream in streams),
        "env": plan.env,
        "profile": plan.profile,
        "since": _iso(plan.since),
        "until": _iso(plan.until),
        "format": form.value,
        "streams": list(streams),
    }
    return json.dumps(whole, indent=2) + "\n"


def _gap(gap: Gap) -> dict[str, str]:
    window = gap.task.window
    return {
        "account": gap.task.source.account,
        "since": _iso(window.begin),
        "until": _iso(window.end),
        "reason": gap.reason,
    }


def _by_name(counts: Counter[str]) -> dict[str, int]:
    return dict(sorted(counts.items()))


def _iso(ts: int) -> str:
    return from_milliseconds(ts).isoformat(timespec="milliseconds").replace("+00:00", "Z")
