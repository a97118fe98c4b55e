"""Tax records: whatever the exchange's bounds and cursors mean, every record of the range comes once."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_httpx import HTTPXMock
from tax_server import DAY, TaxExchange, at_the_door

from bitget_cli.catalogue.model import Endpoint
from bitget_cli.catalogue.v2.tax import TAX_SPOT_RECORD
from bitget_cli.catalogue.v3.tax import RECORDS
from bitget_cli.client.rest.client import Client
from bitget_cli.client.rest.tax_records import Window, record_pages, windows
from bitget_cli.errors import NetworkError

Make = Callable[..., Client]
FIRST = 1735689600000


@given(since=st.integers(0, 10**12), length=st.integers(1, 200 * DAY), row=st.sampled_from([TAX_SPOT_RECORD, RECORDS]))
def test_windows_touch_and_none_is_longer_than_bitget_answers(since: int, length: int, row: Endpoint) -> None:
    cut = windows(row, since, since + length)
    assert (cut[0].begin, cut[-1].end) == (since, since + length)
    assert all(one.end == other.begin for one, other in pairwise(cut))
    # With the millisecond that is asked for before the start.
    assert all(one.end - one.begin + 1 <= (row.paging.window_days or 0) * DAY for one in cut)


def test_a_year_needs_no_more_windows_than_must_be() -> None:
    assert len(windows(TAX_SPOT_RECORD, FIRST, FIRST + 365 * DAY)) == 13
    assert len(windows(TAX_SPOT_RECORD, FIRST - 366 * DAY, FIRST)) == 13
    assert len(windows(RECORDS, FIRST, FIRST + 365 * DAY)) == 53


def spot(count: int, *, every: int = 1000) -> list[dict[str, str]]:
    return [{"id": str(1000 + place), "coin": "USDT", "ts": str(FIRST + place * every)} for place in range(count)]


def fetched(client: Client, window: Window, *, cursor: str | None = None) -> list[Any]:
    pages = record_pages(client, TAX_SPOT_RECORD, {}, window, cursor=cursor)
    return [row for page in pages for row in page.rows]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_the_range_is_given_once_whatever_bounds_and_cursor_mean(client_over: Make, data: st.DataObject) -> None:
    exchange = TaxExchange(
        {"spot": spot(1100, every=data.draw(st.sampled_from([0, 1, 1000])))},
        start_included=data.draw(st.booleans()),
        end_included=data.draw(st.booleans()),
        cursor_wins=data.draw(st.booleans()),
        faults={2: data.draw(st.sampled_from(["repeat", ""]))},
    )
    begin, length = data.draw(st.integers(0, 1100)), data.draw(st.integers(0, 1100))
    window = Window(FIRST + begin * 1000, FIRST + (begin + length) * 1000)
    got = fetched(client_over(httpx.MockTransport(at_the_door(exchange))), window)
    held = [row for row in exchange.books["spot"] if window.begin <= int(row["ts"]) < window.end]
    assert sorted(row["id"] for row in got) == sorted(row["id"] for row in held)


@pytest.mark.parametrize(("rows", "calls"), [(0, 1), (1, 1), (499, 1), (500, 2), (501, 2), (1000, 3), (100, 2)])
def test_no_call_is_spent_beyond_what_the_pages_need(rows: int, calls: int, client_over: Make) -> None:
    exchange = TaxExchange({"spot": spot(rows)})
    got = fetched(client_over(httpx.MockTransport(at_the_door(exchange))), Window(FIRST, FIRST + DAY))
    assert (len(got), exchange.calls) == (rows, calls)


def test_a_page_that_leaves_the_window_is_the_last(client_over: Make) -> None:
    exchange = TaxExchange({"spot": spot(1500)}, cursor_wins=True)
    window = Window(FIRST + 800_000, FIRST + 1_500_000)
    assert len(fetched(client_over(httpx.MockTransport(at_the_door(exchange))), window)) == 700
    assert exchange.calls == 2


def test_a_walk_goes_on_after_the_record_it_stopped_at(client_over: Make) -> None:
    exchange = TaxExchange({"spot": spot(800)})
    client = client_over(httpx.MockTransport(at_the_door(exchange)))
    assert len(fetched(client, Window(FIRST, FIRST + DAY), cursor="1300")) == 300


@pytest.mark.parametrize(
    "data",
    [
        [{"ts": "1"}],
        [{"id": "1"}],
        [{"id": "", "ts": "1"}],
        [{"id": "-", "ts": "1"}],
        [{"id": "1 2\n", "ts": "1"}],
        [{"id": "1", "ts": "x"}],
        ["row"],
        {"rows": []},
    ],
)
def test_a_page_that_cannot_be_read_is_no_end_of_the_records(data: Any, exchange: HTTPXMock, client_over: Make) -> None:
    body = {"code": "00000", "msg": "success", "requestTime": 1, "data": data}
    exchange.add_response(method="GET", json=body, is_reusable=True)
    with pytest.raises(NetworkError):
        fetched(client_over(), Window(FIRST, FIRST + DAY))


def answering(client_over: Make, page: Callable[[int, int | None], list[Any]]) -> Client:
    """A client of an exchange whose pages are made from the number of the call and the cursor."""
    calls: list[None] = []

    def handler(request: httpx.Request) -> httpx.Response:
        calls.append(None)
        cursor = request.url.params.get("idLessThan")
        rows = page(len(calls), int(cursor) if cursor else None)
        return httpx.Response(200, json={"code": "00000", "msg": "success", "requestTime": 1, "data": rows})

    return client_over(httpx.MockTransport(handler))


def below(rows: list[dict[str, str]], cursor: int | None) -> list[dict[str, str]]:
    return [row for row in rows if cursor is None or int(row["id"]) < cursor][:500]


def test_the_same_page_for_ever_is_an_error_and_no_end(client_over: Make) -> None:
    rows = spot(500)[::-1]
    with pytest.raises(NetworkError, match="the same page again"):
        fetched(answering(client_over, lambda *_: rows), Window(FIRST, FIRST + DAY))


def test_an_empty_page_after_a_full_one_is_an_error_and_no_end(client_over: Make) -> None:
    rows = spot(1200)[::-1]
    client = answering(client_over, lambda call, cursor: [] if call == 2 else below(rows, cursor))
    with pytest.raises(NetworkError, match="an empty page in the middle"):
        fetched(client, Window(FIRST, FIRST + DAY))


def test_pages_that_begin_with_the_oldest_are_an_error_and_no_end(client_over: Make) -> None:
    rows = spot(1200)
    client = answering(client_over, lambda _, cursor: below(rows, cursor))
    with pytest.raises(NetworkError, match="the oldest record first"):
        fetched(client, Window(FIRST, FIRST + DAY))


@pytest.mark.parametrize("together", [2, 3, 7])
def test_records_of_one_millisecond_may_come_in_any_order(together: int, client_over: Make) -> None:
    rows = [{**row, "ts": str(FIRST + place // together * 1000)} for place, row in enumerate(spot(1200))]
    rows.sort(key=lambda row: (-int(row["ts"]), int(row["id"])))
    client = answering(client_over, lambda _, cursor: below(rows, cursor))
    assert {row["id"] for row in fetched(client, Window(FIRST, FIRST + DAY))} == {row["id"] for row in rows}


def test_neighbours_that_changed_places_are_both_there(client_over: Make) -> None:
    rows = spot(1200)[::-1]
    rows = [rows[place ^ 1] for place in range(len(rows))]
    rows[498], rows[499], rows[500] = rows[499], rows[500], rows[498]
    client = answering(client_over, lambda _, cursor: below(rows, cursor))
    assert len(fetched(client, Window(FIRST, FIRST + DAY))) == 1200


@pytest.mark.parametrize("count", [500, 999, 1200])
def test_any_number_of_records_of_one_millisecond_are_all_there(count: int, client_over: Make) -> None:
    rows = spot(count, every=0)[::-1]
    client = answering(client_over, lambda _, cursor: below(rows, cursor))
    assert len(fetched(client, Window(FIRST, FIRST + DAY))) == count


@pytest.mark.parametrize("places", [(0, 1), (3, 700)], ids=["on one page", "on two pages"])
def test_two_records_with_one_id_are_no_repetition(places: tuple[int, int], client_over: Make) -> None:
    rows = spot(1200)[::-1]
    first, second = places
    rows[second] = {**rows[second], "id": rows[first]["id"], "coin": "BTC"}
    client = answering(client_over, lambda call, _: rows[:500] if call == 1 else rows[499:800])
    with pytest.raises(NetworkError, match="two records with one id"):
        fetched(client, Window(FIRST, FIRST + DAY))
