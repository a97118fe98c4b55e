"""A year in which Bitget made the account a unified one: every booking once, whenever the export was stopped."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest
from doubles import Bitget, Ran, enveloped
from paper_account import PaperAccount, UnifiedAccount
from unified_tax import (
    FIRST,
    KEYS,
    LAST,
    MOVE,
    Bills,
    at_the_door,
    exported,
    moved,
    own_bills,
    sums_of,
    traded_till_the_move,
    trades_on,
)

from bitget_cli.paper.store import ID_STEP

Handler = Callable[[httpx.Request], httpx.Response]


def with_fees_in_the_amount(rows: list[Any]) -> list[Any]:
    """The same movements, as another ledger may write them."""
    own = [row | {"amount": str(Decimal(row["amount"]) + Decimal(row["fee"])), "fee": "0"} for row in rows]
    return with_other_ids(own)


def a_millisecond_later(rows: list[Any]) -> list[Any]:
    """Such that nothing shows which of a classic account's bookings they are."""
    return with_other_ids([row | {"ts": str(int(row["ts"]) + 1)} for row in rows])


class Year(NamedTuple):
    """The account's exchange on the day before the move, and at the end of the year; and its own books then."""

    before: PaperAccount
    after: PaperAccount
    bills_before: Bills
    bills: Bills
    file: Path
    since: datetime

    @property
    def words(self) -> str:
        return f"--since {self.since:%Y-%m-%d} --until {LAST:%Y-%m-%d}"


@pytest.fixture(scope="module", params=["summer", pytest.param("whole", marks=pytest.mark.slow)])
def year(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Year:
    folder = tmp_path_factory.mktemp("year")
    since = FIRST if request.param == "whole" else MOVE - timedelta(days=50)
    before = traded_till_the_move(folder / "before.sqlite3", since=since)
    bills = own_bills(before)
    before.store.close()
    shutil.copy(folder / "before.sqlite3", folder / "after.sqlite3")
    as_it_was = PaperAccount.join(folder / "after.sqlite3", at=before.wall)
    account = moved(as_it_was, folder / "after.sqlite3")
    # While one connection is open, SQLite keeps what was written last beside the file that is copied below.
    as_it_was.store.close()
    trades_on(account, LAST)
    whole = own_bills(account)
    account.store.close()
    shutil.copy(folder / "after.sqlite3", folder / "kept.sqlite3")
    joined = [PaperAccount.join(folder / f"{name}.sqlite3", at=before.wall) for name in ("before", "after")]
    return Year(*joined, bills, whole, folder / "kept.sqlite3", since)


@pytest.fixture
def person(bitget: Bitget) -> Bitget:
    bitget.kind_is_asked = True
    return bitget


def stopping(handler: Handler, *, after: int) -> Handler:
    """Ctrl-C at that call for records."""
    calls: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        calls.append(request.url.path)
        if sum("/tax/" in path for path in calls) > after:
            raise KeyboardInterrupt
        return handler(request)

    return answer


def told(handler: Handler, change: Callable[[list[Any]], list[Any]]) -> Handler:
    """An account's records, otherwise told."""

    def answer(request: httpx.Request) -> httpx.Response:
        got = handler(request)
        if "/tax/" not in request.url.path or got.status_code != 200:
            return got
        return httpx.Response(200, json=enveloped(change(got.json()["data"])))

    return answer


def since_the_move(year: Year) -> Callable[[list[Any]], list[Any]]:
    last = max(bill["id"] for bill in year.bills_before)
    return lambda rows: [row for row in rows if int(row["id"]) > last]


def with_other_ids(rows: list[Any]) -> list[Any]:
    return [{**row, "id": f"9{row['id']}"} for row in rows]


def ids(bills: Bills) -> Counter[str]:
    return Counter(str(bill["id"]) for bill in bills)


def export(year: Year, person: Bitget, handler: Handler, at: PaperAccount, out: Path, *words: str) -> Ran:
    person.clock.moment = at.exchange.now() + timedelta(seconds=1)
    return person(f"tax export {year.words} --out {out} --json {' '.join(words)}", http=handler, env=KEYS)


def report(out: Path) -> Any:
    return json.loads(next(out.glob("*coverage.json")).read_text())


def check(year: Year, out: Path) -> None:
    rows = exported(out)
    assert Counter(row["id"].removeprefix("9") for row in rows) == ids(year.bills)
    assert sums_of(rows) == sums_of(year.bills)


@pytest.mark.parametrize("stride", [80, pytest.param(7, marks=pytest.mark.slow)])
def test_stopped_at_any_call_a_unified_year_is_every_booking_once(
    stride: int, year: Year, person: Bitget, home: Path
) -> None:
    door, whole = at_the_door(year.after, person), home / "whole"
    ran = export(year, person, door, year.after, whole)
    assert (ran.status, report(whole)["complete"]) == (0, True), ran.err
    assert [row["unmapped"] for row in ran.json] == [{}] * 4
    check(year, whole)
    out = home / "stopped"
    stops = 0
    while export(year, person, stopping(door, after=stride), year.after, out).status == 130:
        stops += 1
        assert exported(out) == []
    assert stops >= 2
    names = [path.name for path in whole.iterdir() if path.is_file()]
    assert len(names) == 4
    assert all((out / name).read_bytes() == (whole / name).read_bytes() for name in names)


@pytest.mark.parametrize(
    ("calls", "change"),
    [
        (9, with_fees_in_the_amount),
        (1000, list),
        *(
            pytest.param(calls, change, marks=pytest.mark.slow)
            for calls in (*range(0, 56, 8), 1000)
            for change in (list, with_other_ids, with_fees_in_the_amount)
        ),
    ],
)
def test_begun_before_the_move_it_is_ended_after_it_with_every_booking_once(
    calls: int, change: Callable[[list[Any]], list[Any]], year: Year, person: Bitget, home: Path
) -> None:
    out = home / "taxes"
    first = export(year, person, stopping(at_the_door(year.before, person), after=calls), year.before, out)
    assert first.status == 130 or calls > 13, first.err
    ran = export(year, person, told(at_the_door(year.after, person), change), year.after, out)
    p2p = [gap["reason"] for row in ran.json for gap in row["gaps"]]
    # What of P2P was not fetched before is told by nobody: that alone is missing.
    assert ran.status == (9 if p2p else 0), ran.err
    assert not (p2p and first.status == 0)
    assert all(gap["account"] == "p2p" and gap["final"] for row in ran.json for gap in row["gaps"])
    check(year, out)
    assert report(out)["until"] == "2026-01-01T00:00:00.000Z"
    made = {path.name: path.read_bytes() for path in out.iterdir() if path.is_file()}
    again = export(year, person, stopping(at_the_door(year.after, person), after=0), year.after, out)
    assert again.status == ran.status
    assert {path.name: path.read_bytes() for path in out.iterdir() if path.is_file()} == made


def test_where_the_classic_account_told_all_its_bookings_count_alone(year: Year, person: Bitget, home: Path) -> None:
    out = home / "taxes"
    assert export(year, person, at_the_door(year.before, person), year.before, out).status == 0
    asked: list[int] = []

    def change(rows: list[Any]) -> list[Any]:
        asked.append(len(rows))
        return a_millisecond_later(rows)

    assert export(year, person, told(at_the_door(year.after, person), change), year.after, out).status == 0
    # What is known is not asked for, but for a month that shows whether the time before the move is told.
    assert 7 * 22 <= len(asked) <= 7 * 28
    # Only of the last hour before the first start it may be that not all had been told.
    last = f"{MOVE - timedelta(hours=1):%Y-%m-%dT%H:%M}"
    found = Counter(row["id"] for row in exported(out) if row["time"] < last)
    end = int((MOVE - timedelta(hours=1)).timestamp() * 1000) * ID_STEP
    assert found == Counter(str(bill["id"]) for bill in year.bills if bill["id"] < end)


@pytest.mark.parametrize("calls", [9, 1000])
def test_where_nothing_is_told_of_before_the_move_that_is_a_gap_and_what_was_fetched_counts(
    calls: int, year: Year, person: Bitget, home: Path
) -> None:
    out = home / "taxes"
    export(year, person, stopping(at_the_door(year.before, person), after=calls), year.before, out)
    ran = export(year, person, told(at_the_door(year.after, person), since_the_move(year)), year.after, out)
    assert (ran.status, ran.failure["error"]) == (9, "incomplete")
    assert "missing for good" in ran.failure["message"]
    assert "before the account was moved" in ran.failure["message"]
    assert "go on with" not in ran.err
    found, all_ids = Counter(row["id"] for row in exported(out)), ids(year.bills)
    assert max(found.values()) == 1
    assert found.keys() <= all_ids.keys()
    missing = all_ids - found
    gaps = [gap for row in ran.json for gap in row["gaps"] if row["stream"] == "spot"]
    assert all(gap["final"] for gap in gaps)
    before = ids(year.bills_before).keys()
    assert set(missing) <= before
    # All that had been fetched in time is there, and from then on all of it.
    assert bool(missing) == (calls == 9)
    assert found.keys() >= all_ids.keys() - before
    assert len(found.keys() & before) > (0 if calls == 9 else len(before) - 1)


def test_moved_while_it_runs_it_goes_on_with_the_other_kind(year: Year, person: Bitget, home: Path) -> None:
    classic, unified = at_the_door(year.before, person), at_the_door(year.after, person)
    calls: list[str] = []

    def door(request: httpx.Request) -> httpx.Response:
        calls.append(request.url.path)
        return (classic if sum("/tax/" in path for path in calls) < 6 else unified)(request)

    ran = export(year, person, door, year.before, home / "out")
    assert "made this a unified account meanwhile" in ran.err
    assert ran.status == 9
    assert {gap["account"] for row in ran.json for gap in row["gaps"]} == {"p2p"}
    found = Counter(row["id"] for row in exported(home / "out"))
    assert found >= ids(year.bills_before)
    assert max(found.values()) == 1


def test_moved_and_turned_back_what_neither_kind_was_asked_is_a_gap(year: Year, person: Bitget, home: Path) -> None:
    out = home / "taxes"
    assert export(year, person, at_the_door(year.before, person), year.before, out).status == 0
    assert export(year, person, stopping(at_the_door(year.after, person), after=3), year.after, out).status == 130
    ran = export(year, person, at_the_door(year.before, person), year.before, out)
    assert (ran.status, "a classic one again" in ran.failure["message"]) == (9, True), ran.err
    assert "go on with" in ran.failure["hint"]
    assert export(year, person, at_the_door(year.after, person), year.after, out).status == 0
    check(year, out)


def test_begun_with_another_key_it_goes_on_where_that_is_said(year: Year, person: Bitget, home: Path) -> None:
    out, line = home / "taxes", "-p tax tax export --since 2025-07-25 --until 2025-08-01 --json --out"
    person.clock.moment = year.before.exchange.now() + timedelta(seconds=1)
    first = line.replace("-p tax ", "")
    door = stopping(at_the_door(year.before, person), after=3)
    assert person(f"{first} {out}", http=door, env=KEYS).status == 130
    three = "\n".join(KEYS.values())
    assert person("profile add tax --env live --stdin", typed=three, http=at_the_door(year.after, person)).status == 0
    refused = person(f"{line} {out}", http=at_the_door(year.after, person))
    assert (refused.status, "add --begun-with live;" in refused.failure["hint"]) == (3, True)
    assert person(f"{line} {out} --begun-with paper", http=at_the_door(year.after, person)).status == 3
    ran = person(f"{line} {out} --begun-with live", http=at_the_door(year.after, person))
    assert ran.status in (0, 9), ran.err
    assert all(gap["account"] == "p2p" for row in ran.json for gap in row["gaps"])


def test_an_account_that_stood_still_before_the_move_is_known_by_what_it_did_earlier(
    year: Year, person: Bitget, home: Path
) -> None:
    still, moment, out = MOVE - timedelta(days=20), (lambda row: int(row["ts"])), home / "taxes"
    first, last = (int(each.timestamp() * 1000) for each in (still, MOVE + timedelta(days=1)))

    def change(rows: list[Any]) -> list[Any]:
        return [row for row in rows if not first <= moment(row) < last]

    assert export(year, person, told(at_the_door(year.before, person), change), year.before, out).status == 0
    ran = export(year, person, told(at_the_door(year.after, person), change), year.after, out)
    assert (ran.status, report(out)["complete"]) == (0, True), ran.err


@pytest.fixture
def later(year: Year, home: Path) -> PaperAccount:
    """The same half a year on, when a unified account no longer tells how the year began."""
    shutil.copy(year.file, home / "later.sqlite3")
    return UnifiedAccount.join(home / "later.sqlite3", at=LAST).later(days=190)


def test_what_is_older_than_a_unified_account_tells_is_a_gap_and_the_rest_is_in_the_files(
    year: Year, later: PaperAccount, person: Bitget, home: Path
) -> None:
    ran = export(year, person, at_the_door(later, person), later, home / "out")
    assert (ran.status, ran.json[0]["missing"]) == (9, 1), ran.err
    assert "366 days" in ran.failure["message"]
    gap = report(home / "out")["streams"][0]["gaps"][0]
    assert (gap["since"], gap["final"]) == (f"{year.since:%Y-%m-%d}T00:00:00.000Z", True)
    reached = exported(home / "out")
    assert min(row["time"] for row in reached) >= gap["until"]
    assert 0 < len(reached) < len(year.bills)


def test_gone_on_with_too_late_what_is_told_no_more_is_not_asked_for(
    year: Year, later: PaperAccount, person: Bitget, home: Path
) -> None:
    out = home / "out"
    # A stop after the windows of the first weeks: the oldest are asked for first, of all lists.
    first = export(year, person, stopping(at_the_door(year.after, person), after=7), year.after, out)
    ran = export(year, person, at_the_door(later, person), later, out)
    assert (first.status, ran.status) == (130, 9)
    gaps = [gap for row in ran.json for gap in row["gaps"]]
    assert gaps
    assert all(gap["final"] and "366 days" in gap["reason"] for gap in gaps)
    assert "go on with" not in ran.failure["hint"]
    inside = [each for gap in gaps for each in (gap["since"], gap["until"])]
    found = Counter(row["id"] for row in exported(out))
    assert max(found.values()) == 1
    lost = [bill for bill in year.bills if str(bill["id"]) not in found]
    assert lost
    assert all(min(inside) <= iso(bill["id"]) < max(inside) for bill in lost)


def iso(identity: int) -> str:
    moment = FIRST + timedelta(milliseconds=identity // ID_STEP - int(FIRST.timestamp() * 1000))
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
