"""What must hold for every row of the catalogue."""

from __future__ import annotations

from functools import partial
from operator import attrgetter

import pytest
from rules import for_each

from bitget_cli.catalogue import endpoints
from bitget_cli.catalogue.model import Effect, Endpoint, FieldKind, PageKind, Shape

ROWS = endpoints()
PAGED = [row for row in ROWS if row.paging.kind is not PageKind.NONE]
# What the reply of these holds is not documented.
WITHOUT_FIELDS = {f"copy.mix-broker.query-{what}" for what in ("current-traces", "history-traces", "traders")}
WITHOUT_FIELDS |= {f"v3.account.{what}" for what in ("borrow", "eligible-discount-rate", "max-borrowable")}
WITHOUT_FIELDS |= {f"v3.user.{what}" for what in ("delete-sub", "delete-sub-api", "freeze-sub", "set-rate-limit-quota")}
WITHOUT_FIELDS |= {"v3.account.set-repay-mode", "v3.broker.delete-sub-apikey"}


def names(row: Endpoint) -> set[str]:
    return {param.name for param in row.params}


each = partial(for_each, name=attrgetter("name"))


def test_there_are_333_rows_of_v2_and_214_of_v3_in_order_of_name() -> None:
    assert sum(row.name.startswith("v3.") for row in ROWS) == 214
    assert len(ROWS) == 333 + 214
    assert [row.name for row in ROWS] == sorted(row.name for row in ROWS)


def test_no_name_is_used_twice() -> None:
    assert len({row.name for row in ROWS}) == len(ROWS)


@each(ROWS)
def test_a_row_has_a_path_a_title_and_a_source(row: Endpoint) -> None:
    assert row.path.startswith(("/api/v2/", "/api/v3/"))
    assert len(row.title) > 8
    assert row.title[0].isupper()
    assert not row.title.endswith(".")
    assert row.source


@each(ROWS)
def test_parameters_are_named_once_and_their_defaults_are_among_the_choices(row: Endpoint) -> None:
    assert len(names(row)) == len(row.params)
    for param in row.params:
        assert param.default is None or not param.choices or param.default in param.choices or param.open_ended
        assert param.maximum is None or param.default is None or int(param.default) <= param.maximum
        assert not (param.required and param.default is not None and not param.choices)


@each(ROWS)
def test_a_parameter_inside_a_list_names_a_list_that_is_there(row: Endpoint) -> None:
    # The body of one call is a bare list: its parameters are "[].label" and the like.
    lists = {param.name for param in row.params if param.type == "array"} | {""}
    for param in row.params:
        outer, dot, _ = param.name.rpartition("[].")
        assert not dot or outer in lists


@each(ROWS)
def test_every_member_of_a_one_of_group_is_a_parameter_that_may_be_left_out(row: Endpoint) -> None:
    optional = {param.name for param in row.params if not param.required}
    for group in row.one_of:
        assert len(group) > 1
        assert set(group) <= optional


@each(PAGED)
def test_a_paged_row_has_the_parameters_its_paging_speaks_of(row: Endpoint) -> None:
    paging = row.paging
    assert paging.limit_name in names(row)
    wanted = {
        PageKind.ID_LESS_THAN: "idLessThan",
        PageKind.PAGE_NO: "pageNo",
        PageKind.PAGE_NUM: "pageNum",
        PageKind.CURSOR: "cursor",
        PageKind.TIME: "endTime",
    }[paging.kind]
    assert (paging.page_name or wanted) in names(row)
    assert paging.limit_max is None or (paging.limit_default or 0) <= paging.limit_max


@each(PAGED)
def test_a_cursor_is_where_the_paging_says(row: Endpoint) -> None:
    paging = row.paging
    if paging.kind in (PageKind.PAGE_NO, PageKind.PAGE_NUM):
        assert paging.cursor is None
    elif paging.cursor_in_row:
        assert paging.cursor in {field.name for field in row.fields}
    else:
        assert paging.cursor is not None
        assert row.shape is Shape.OBJECT


@each(PAGED)
def test_a_row_that_two_pages_share_is_known_by_a_field_of_its_own(row: Endpoint) -> None:
    assert row.paging.row_id is None or row.paging.row_id in {field.name for field in row.fields}


@each(ROWS)
def test_rows_inside_an_object_are_said_to_be_there(row: Endpoint) -> None:
    assert row.paging.rows_at is None or row.shape is Shape.OBJECT
    assert row.paging.kind is PageKind.NONE or row.shape is not Shape.OBJECT or row.paging.rows_at is not None


@each(ROWS)
def test_every_field_has_a_heading_and_places_are_those_of_an_array(row: Endpoint) -> None:
    assert len({field.name for field in row.fields}) == len(row.fields)
    for field in row.fields:
        assert field.label[0].isupper() or field.label[0].isdigit()
        assert field.kind in FieldKind
    placed = [field.place for field in row.fields]
    assert placed == (list(range(len(placed))) if row.shape is Shape.ARRAYS else [None] * len(placed))


@each(ROWS)
def test_a_reply_of_objects_says_what_is_in_them(row: Endpoint) -> None:
    if row.shape in (Shape.OBJECT, Shape.ARRAY, Shape.ARRAYS) and row.name not in WITHOUT_FIELDS:
        assert row.fields


@each(ROWS)
def test_what_changes_something_is_posted_and_signed(row: Endpoint) -> None:
    assert row.reads or (row.method == "POST" and row.signed)


@each(ROWS)
def test_a_row_speaks_of_itself_only(row: Endpoint) -> None:
    for text in (row.title, row.source, *row.notes, *(param.note for param in row.params)):
        assert ".json" not in text
        assert "/work" not in text


EFFECTS = {
    False: {
        Effect.READ: 233,
        Effect.TRADE: 42,
        Effect.SETTINGS: 21,
        Effect.FUNDS: 17,
        Effect.TRANSFER: 2,
        Effect.WITHDRAW: 3,
        Effect.KEYS: 15,
    },
    True: {
        Effect.READ: 146,
        Effect.TRADE: 23,
        Effect.SETTINGS: 14,
        Effect.FUNDS: 10,
        Effect.TRANSFER: 4,
        Effect.WITHDRAW: 3,
        Effect.KEYS: 14,
    },
}


@pytest.mark.parametrize("unified", EFFECTS)
def test_effects_are_counted(unified: bool) -> None:
    rows = [row for row in ROWS if row.name.startswith("v3.") is unified]
    assert {effect: sum(row.effect is effect for row in rows) for effect in Effect} == EFFECTS[unified]
