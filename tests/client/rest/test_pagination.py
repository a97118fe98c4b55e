"""Lists in pages: every row once, newest first, and never a loop."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Event
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_httpx import HTTPXMock
from rules import for_each

from bitget_cli.catalogue import endpoints
from bitget_cli.catalogue.model import Endpoint, Field, PageKind, Paging, Param, Rate, Scope
from bitget_cli.client.rest.client import Client
from bitget_cli.client.rest.pagination import pages
from bitget_cli.errors import UsageError
from bitget_cli.values import milliseconds

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
DAY = 86_400_000
LIST = "https://api.bitget.com/api/v2/mix/order/list"
NAMES = ("idLessThan", "cursor", "pageNo", "pageNum", "startTime", "endTime", "limit")


def row(paging: Paging, *, required: tuple[str, ...] = (), without: tuple[str, ...] = ()) -> Endpoint:
    return Endpoint(
        "GET",
        "/api/v2/mix/order/list",
        "A list",
        rate=Rate(10, Scope.ACCOUNT),
        signed=False,
        params=tuple(Param(name, required=name in required) for name in NAMES if name not in without),
        paging=paging,
        fields=(Field("id"), Field("cTime")),
    )


@dataclass
class List:
    """An exchange's list, newest first: ids count down; `moments` are the rows' times in milliseconds."""

    paging: Paging
    moments: list[int]
    page: int = 3
    start_included: bool = True
    end_included: bool = True
    overlap: int = 0

    @property
    def rows(self) -> list[dict[str, str]]:
        ordered = sorted(self.moments, reverse=True)
        return [{"id": str(len(ordered) - place), "cTime": str(moment)} for place, moment in enumerate(ordered)]

    def __call__(self, request: httpx.Request) -> httpx.Response:
        asked = dict(request.url.params)
        if (days := self.paging.window_days) and "startTime" in asked:
            assert int(asked["endTime"]) - int(asked["startTime"]) <= days * DAY
        found = [one for one in self.rows if self.is_within(int(one["cTime"]), asked)]
        page = int(asked.get("limit", self.page))
        return httpx.Response(
            200, content=json.dumps({"code": "00000", "data": self.data(found, asked, page)}).encode()
        )

    def is_within(self, moment: int, asked: dict[str, str]) -> bool:
        end = int(asked.get("endTime", 10**15)) + self.end_included
        return int(asked.get("startTime", 0)) + (not self.start_included) <= moment < end

    def data(self, found: list[dict[str, str]], asked: dict[str, str], page: int) -> Any:
        if before := asked.get("idLessThan") or asked.get("cursor"):
            found = [one for one in found if int(one["id"]) < int(before) + self.overlap]
        first = (int(asked.get("pageNo") or asked.get("pageNum") or 1) - 1) * page
        shown = found[first : first + page]
        if self.paging.rows_at is None:
            return shown
        data: dict[str, Any] = {self.paging.rows_at: shown or None}
        if len(shown) == page and self.paging.cursor:
            data[self.paging.cursor] = shown[-1]["id"]
        if self.paging.cursor == "idLessThan":
            data |= {"nextFlag": len(found) > first + page, "idLessThan": shown[-1]["id"] if shown else ""}
        return data


KINDS = {
    "endId": Paging(PageKind.ID_LESS_THAN, limit_default=3, limit_max=5, cursor="endId", rows_at="orders"),
    "last id": Paging(PageKind.ID_LESS_THAN, limit_default=3, limit_max=5, cursor="id", cursor_in_row=True),
    "nextFlag": Paging(PageKind.ID_LESS_THAN, limit_default=3, limit_max=5, cursor="idLessThan", rows_at="orderList"),
    "pageNo": Paging(PageKind.PAGE_NO, limit_default=3, limit_max=5),
    "pageNum": Paging(PageKind.PAGE_NUM, limit_default=3, limit_max=5, rows_at="list"),
    "cursor": Paging(PageKind.CURSOR, limit_default=3, limit_max=5, cursor="id", cursor_in_row=True),
    "cursor beside": Paging(
        PageKind.CURSOR, limit_default=3, limit_max=5, cursor="cursor", rows_at="list", row_id="id"
    ),
}
Make = Callable[..., Client]


def starts_asked(exchange: HTTPXMock) -> list[int]:
    return [int(request.url.params["startTime"]) for request in exchange.get_requests()]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(count=st.integers(0, 30), limit=st.none() | st.integers(1, 40), overlap=st.integers(0, 1))
@pytest.mark.parametrize("kind", KINDS)
def test_a_walk_gives_every_row_once(kind: str, client_over: Make, count: int, limit: int | None, overlap: int) -> None:
    exchange = List(KINDS[kind], [milliseconds(NOON) - place for place in range(count)], overlap=overlap)
    got = list(
        pages(client_over(httpx.MockTransport(exchange)), row(KINDS[kind]), {}, limit=limit, every=limit is None)
    )
    assert got == exchange.rows[:limit]


@pytest.mark.parametrize("kind", KINDS)
def test_without_a_range_or_a_limit_one_page_is_asked_for(kind: str, exchange: HTTPXMock, client_over: Make) -> None:
    listed = List(KINDS[kind], [milliseconds(NOON) - place for place in range(9)])
    exchange.add_callback(listed, method="GET", url=LIST)
    assert list(pages(client_over(), row(KINDS[kind]), {})) == listed.rows[:3]


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_range_is_cut_into_windows_and_nothing_is_lost_at_their_edges(client_over: Make, data: st.DataObject) -> None:
    paging = Paging(
        PageKind.ID_LESS_THAN, limit_default=3, limit_max=5, window_days=7, cursor="endId", rows_at="orders"
    )
    now = milliseconds(NOON)
    # Few moments, and half a window apart, so that many rows fall on the edges of windows.
    moments = data.draw(st.lists(st.integers(0, 8), max_size=40))
    exchange = List(
        paging,
        [now - age * 7 * DAY // 2 for age in moments],
        start_included=data.draw(st.booleans()),
        end_included=data.draw(st.booleans()),
    )
    since = now - data.draw(st.integers(1, 8)) * 7 * DAY // 2
    until = since + data.draw(st.integers(1, 8)) * 7 * DAY // 2
    got = list(
        pages(
            client_over(httpx.MockTransport(exchange)),
            row(paging),
            {},
            since=datetime.fromtimestamp(since / 1000, UTC),
            until=datetime.fromtimestamp(until / 1000, UTC),
        )
    )
    assert got == [one for one in exchange.rows if since <= int(one["cTime"]) < until]


def test_more_rows_than_a_page_at_the_edge_of_a_window_come_once(client_over: Make) -> None:
    paging = Paging(
        PageKind.ID_LESS_THAN, limit_default=3, limit_max=5, window_days=7, cursor="endId", rows_at="orders"
    )
    exchange = List(paging, [milliseconds(NOON) - 7 * DAY] * 13 + [milliseconds(NOON) - 8 * DAY])
    got = pages(client_over(httpx.MockTransport(exchange)), row(paging), {}, since=NOON - timedelta(days=14))
    assert list(got) == exchange.rows


def test_a_page_that_never_changes_ends_the_walk(exchange: HTTPXMock, client_over: Make) -> None:
    same = {"code": "00000", "data": {"orders": [{"id": str(n)} for n in range(5)], "endId": "7"}}
    exchange.add_response(method="GET", url=LIST, match_params={"limit": "5"}, json=same)
    exchange.add_response(method="GET", url=LIST, match_params={"limit": "5", "idLessThan": "7"}, json=same)
    assert len(list(pages(client_over(), row(KINDS["endId"]), {}, every=True))) == 5


@pytest.mark.parametrize("end", [None, "", "7", "same"], ids=str)
def test_a_cursor_that_is_null_empty_or_unchanged_ends_the_walk_and_a_row_of_two_pages_comes_once(
    end: str | None, client_over: Make
) -> None:
    paging = Paging(PageKind.CURSOR, limit_default=2, limit_max=2, cursor="cursor", rows_at="list", row_id="id")
    asked: list[str | None] = []

    def exchange(request: httpx.Request) -> httpx.Response:
        cursor = request.url.params.get("cursor")
        asked.append(cursor)
        # Order 7 is at the edge of both pages, and has changed meanwhile.
        first = {"list": [{"id": "8"}, {"id": "7", "cTime": "1"}], "cursor": "7"}
        second = {"list": [{"id": "7", "cTime": "2"}, {"id": "6"}], "cursor": cursor if end == "same" else end}
        return httpx.Response(200, content=json.dumps({"code": "00000", "data": second if cursor else first}).encode())

    got = pages(client_over(httpx.MockTransport(exchange)), row(paging), {}, every=True)
    assert [one["id"] for one in got] == ["8", "7", "6"]
    assert asked == [None, "7"]


def test_a_page_number_may_be_called_a_cursor(client_over: Make) -> None:
    paging = Paging(PageKind.PAGE_NO, limit_default=2, limit_max=2, rows_at="list", page_name="cursor")
    asked: list[str | None] = []

    def exchange(request: httpx.Request) -> httpx.Response:
        page = int(request.url.params.get("cursor", "1"))
        asked.append(request.url.params.get("cursor"))
        rows = [{"id": str(10 - place)} for place in range(2 * page - 2, min(2 * page, 3))]
        return httpx.Response(200, content=json.dumps({"code": "00000", "data": {"list": rows}}).encode())

    got = pages(client_over(httpx.MockTransport(exchange)), row(paging), {}, every=True)
    assert [one["id"] for one in got] == ["10", "9", "8"]
    assert asked == [None, "2"]


@pytest.mark.parametrize("data", [None, [], {}, {"orders": None}, {"orders": []}, "", {"other": 1}])
def test_every_spelling_of_nothing_is_no_rows(data: Any, exchange: HTTPXMock, client_over: Make) -> None:
    exchange.add_response(method="GET", json={"code": "00000", "data": data})
    assert list(pages(client_over(), row(KINDS["endId"]), {}, every=True)) == []


def test_everything_goes_back_as_far_as_bitget_keeps_records(exchange: HTTPXMock, client_over: Make) -> None:
    paging = Paging(
        PageKind.ID_LESS_THAN, limit_max=5, window_days=30, lookback_days=90, cursor="endId", rows_at="orders"
    )
    exchange.add_callback(List(paging, []), method="GET", is_reusable=True)
    list(pages(client_over(), row(paging), {}, every=True))
    starts = starts_asked(exchange)
    assert len(starts) == 3
    assert min(starts) > milliseconds(NOON - timedelta(days=90))


def test_a_row_that_needs_its_times_gets_one_window(exchange: HTTPXMock, client_over: Make) -> None:
    paging = Paging(PageKind.ID_LESS_THAN, limit_max=5, window_days=30, cursor="id", cursor_in_row=True)
    window = {"startTime": str(milliseconds(NOON - timedelta(days=30))), "endTime": str(milliseconds(NOON))}
    exchange.add_response(method="GET", url=LIST, match_params=window, json={"code": "00000", "data": []})
    list(pages(client_over(), row(paging, required=("startTime", "endTime")), {}))


def test_everything_of_a_list_whose_beginning_is_not_told_goes_back_to_bitgets_own(
    exchange: HTTPXMock, client_over: Make
) -> None:
    paging = Paging(PageKind.ID_LESS_THAN, limit_max=5, window_days=90, cursor="id", cursor_in_row=True)
    listed = List(paging, [milliseconds(NOON) - place * 250 * DAY for place in range(9)])
    exchange.add_callback(listed, method="GET", is_reusable=True)
    got = pages(client_over(), row(paging, required=("startTime",)), {}, every=True)
    assert list(got) == listed.rows
    assert min(starts_asked(exchange)) == milliseconds(datetime(2018, 1, 1, tzinfo=UTC)) - 1


KEPT_90_DAYS = Paging(
    PageKind.ID_LESS_THAN, limit_max=5, window_days=30, lookback_days=90, cursor="endId", rows_at="orders"
)


def test_a_start_that_bitget_no_longer_tells_of_is_refused_before_anything_is_sent(
    exchange: HTTPXMock, client_over: Make
) -> None:
    with pytest.raises(UsageError, match="for 90 days, back to 2025-12-02T12:00Z; 2025-12-01T12:00Z is out of reach"):
        pages(client_over(), row(KEPT_90_DAYS), {}, since=NOON - timedelta(days=91))
    assert exchange.get_requests() == []


@pytest.mark.parametrize("until", [None, NOON - timedelta(days=40)])
def test_a_start_as_old_as_can_be_stays_clear_of_the_edge(
    until: datetime | None, exchange: HTTPXMock, client_over: Make
) -> None:
    exchange.add_callback(List(KEPT_90_DAYS, []), method="GET", is_reusable=True)
    client, before = client_over(), 0
    for wanted in ({"since": NOON - timedelta(days=90)}, {"every": True}):
        list(pages(client, row(KEPT_90_DAYS), {}, until=until, **wanted))
        starts = starts_asked(exchange)
        assert min(starts[before:]) == milliseconds(NOON - timedelta(days=90)) + 59_999
        before = len(starts)


def test_windows_are_on_their_way_together_and_their_rows_in_order(client_over: Make) -> None:
    paging = Paging(PageKind.ID_LESS_THAN, limit_max=5, window_days=7, cursor="endId", rows_at="orders")
    moments = [milliseconds(NOON) - place * DAY // 4 for place in range(360)]
    exchange = List(paging, moments)
    begun, three = [], Event()

    def slow(request: httpx.Request) -> httpx.Response:
        begun.append(request.url.params["startTime"])
        if len(set(begun)) == 3:
            three.set()
        # Nobody gets an answer before three windows have been asked for.
        three.wait(timeout=5)
        return exchange(request)

    got = pages(client_over(httpx.MockTransport(slow)), row(paging), {}, since=NOON - timedelta(days=90))
    assert list(got) == [one for one in exchange.rows if int(one["cTime"]) >= milliseconds(NOON - timedelta(days=90))]
    assert three.is_set()


def test_a_list_without_times_is_cut_where_the_range_ends(exchange: HTTPXMock, client_over: Make) -> None:
    listed = List(KINDS["pageNo"], [milliseconds(NOON) - place * DAY for place in range(30)])
    for page in ({}, {"pageNo": "2"}):
        exchange.add_callback(listed, method="GET", url=LIST, match_params={"limit": "5", **page})
    since = NOON - timedelta(days=7)
    funding = row(KINDS["pageNo"], without=("startTime", "endTime"))
    assert list(pages(client_over(), funding, {}, since=since)) == listed.rows[:8]


def test_rows_picked_by_their_last_change_are_of_the_range(exchange: HTTPXMock, client_over: Make) -> None:
    """Which time Bitget goes by is not told: what was opened before the range may have been picked by its end."""
    held = {"id": "2", "ctime": str(milliseconds(NOON) - 90 * DAY), "utime": str(milliseconds(NOON) - DAY)}
    early = {"id": "1", "ctime": str(milliseconds(NOON) - 90 * DAY), "utime": str(milliseconds(NOON) - 9 * DAY)}
    exchange.add_response(method="GET", json={"code": "00000", "data": [held, early]}, is_reusable=True)
    listed = row(Paging(PageKind.ID_LESS_THAN, window_days=90, cursor="id", cursor_in_row=True))
    got = pages(client_over(), listed, {}, since=NOON - timedelta(days=5), until=NOON)
    assert [one["id"] for one in got] == ["2"]


def test_rows_of_one_millisecond_may_come_in_any_order(exchange: HTTPXMock, client_over: Make) -> None:
    rows = [{"id": str(place), "cTime": str(milliseconds(NOON) - DAY + place // 3)} for place in range(100)]
    rows.sort(key=lambda one: (-int(one["cTime"]), int(one["id"])))

    def answer(request: httpx.Request) -> httpx.Response:
        below = int(request.url.params.get("idLessThan", 10**9))
        return httpx.Response(200, json={"code": "00000", "data": [one for one in rows if int(one["id"]) < below][:20]})

    listed = row(Paging(PageKind.ID_LESS_THAN, limit_default=20, limit_max=20, cursor="id", cursor_in_row=True))
    exchange.add_callback(answer, method="GET", is_reusable=True)
    got = pages(client_over(), listed, {}, every=True)
    assert sorted(int(one["id"]) for one in got) == list(range(100))


def test_times_typed_by_hand_are_left_alone(exchange: HTTPXMock, client_over: Make) -> None:
    paging = Paging(PageKind.ID_LESS_THAN, limit_max=5, window_days=7, cursor="endId", rows_at="orders")
    typed = {"startTime": "1", "endTime": "2"}
    answer = {"code": "00000", "data": {"orders": []}}
    exchange.add_response(method="GET", url=LIST, match_params={"limit": "5", **typed}, json=answer)
    list(pages(client_over(), row(paging), typed, every=True))


@pytest.mark.parametrize("included", [True, False])
def test_candles_are_walked_back_by_their_times(included: bool, exchange: HTTPXMock, client_over: Make) -> None:
    paging = Paging(PageKind.TIME, limit_default=3, limit_max=5, cursor="ts", cursor_in_row=True)
    newest = milliseconds(NOON)

    def bars(request: httpx.Request) -> httpx.Response:
        end = int(request.url.params.get("endTime", newest)) + included
        times = [moment for moment in range(newest - 20, newest + 1) if moment < end][-5:]
        data = [[str(moment), "1"] for moment in times]
        return httpx.Response(200, content=json.dumps({"code": "00000", "data": data}).encode())

    exchange.add_callback(bars, method="GET", is_reusable=True)
    got = list(pages(client_over(), row(paging), {}, since=NOON - timedelta(milliseconds=12), until=NOON))
    assert [int(bar[0]) for bar in got] == list(range(newest - 1, newest - 13, -1))


@for_each([one for one in endpoints() if one.paging.kind is not PageKind.NONE], name=lambda one: one.name)
def test_every_paged_row_of_the_catalogue_can_be_walked(listed: Endpoint, client_over: Make) -> None:
    asked: list[tuple[str, str]] = []

    def nothing(request: httpx.Request) -> httpx.Response:
        asked.append((request.method, request.url.path))
        return httpx.Response(200, json={"code": "00000", "msg": "success", "requestTime": 1767225600123, "data": None})

    times = ("startTime", "endTime")
    given = {
        param.name: param.choices[0] if param.choices else "1"
        for param in listed.params
        if param.required and param.name not in times and "[]" not in param.name
    }
    assert list(pages(client_over(httpx.MockTransport(nothing)), listed, given)) == []
    assert set(asked) == {(listed.method, listed.path)}
