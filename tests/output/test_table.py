"""Tables, records and order books as a person sees them, on wide and on narrow terminals."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from rules import for_each

from bitget_cli.catalogue.model import Field, FieldKind
from bitget_cli.output.render import show
from bitget_cli.results import Done, Record, Result, Rows
from bitget_cli.values import WireNumber

TICKERS = (
    Field("symbol", "Symbol", FieldKind.ID),
    Field("lastPr", "Last", FieldKind.NUMBER),
    Field("change24h", "24h", FieldKind.RATIO),
    Field("note", "A longer note"),
)
ROWS = [
    {"symbol": "BTCUSDT", "lastPr": "87412.6", "change24h": "0.00874", "note": "the oldest of them all"},
    {"symbol": "XRPUSDT", "lastPr": "0.51234", "change24h": "-0.1", "note": ""},
    {"symbol": "1000000000000000PEPEUSDT", "lastPr": "", "change24h": None, "note": "币安人生"},
]


@pytest.fixture(params=[1, 20, 24, 40, 80, 160])
def _terminal(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(request.param))
    monkeypatch.setenv("LINES", "5")


def drawn(result: Result, *, fields: tuple[str, ...] | None = None, color: bool = False, terminal: bool = True) -> str:
    out = io.StringIO()
    show(result, form="table", fields=fields, out=out, terminal=terminal, color=color)
    return out.getvalue()


@pytest.mark.parametrize(
    ("columns", "lines"),
    [
        (
            80,
            [
                "Symbol          Last       24h  A longer note",
                "BTCUSDT  87412.6       +0.87 %  the oldest of them all",
                "XRPUSDT      0.51234  -10.00 %",
            ],
        ),
        (
            42,
            [
                "Symbol          Last       24h",
                "BTCUSDT  87412.6       +0.87 %",
                "XRPUSDT      0.51234  -10.00 %",
                "2 rows · 1 more column with -o record or --fields",
            ],
        ),
        (
            30,
            [
                "Symbol          Last       24h",
                "BTCUSDT  87412.6       +0.87 %",
                "XRPUSDT      0.51234  -10.00 %",
            ],
        ),
        (
            20,
            [
                "Symbol",
                "  BTCUSDT",
                "Last",
                "  87412.6",
                "24h",
                "  +0.87 %",
                "A longer note",
                "  the oldest of them all",
            ],
        ),
    ],
)
def test_headings_are_wrapped_then_text_is_cut_then_columns_leave_then_every_row_is_a_record(
    columns: int, lines: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    assert drawn(Rows(ROWS[:2], TICKERS)).splitlines()[: len(lines)] == lines


def test_columns_that_stay_leave_last_and_those_asked_for_never(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "46")
    assert drawn(Rows(ROWS[:2], TICKERS, stay=("note",))).splitlines()[:2] == [
        "Symbol          Last  A longer note",
        "BTCUSDT  87412.6      the oldest of them all",
    ]
    monkeypatch.setenv("COLUMNS", "24")
    assert "the oldest of them all" in drawn(Rows(ROWS[:2], TICKERS, stay=("note",)))


def test_a_text_that_wraps_goes_on_below_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "52")
    assert drawn(Rows(ROWS[:2], TICKERS, wrap=("note",))).splitlines()[1:4] == [
        "BTCUSDT  87412.6       +0.87 %  the oldest of them",
        "                                all",
        "XRPUSDT      0.51234  -10.00 %",
    ]


@pytest.mark.usefixtures("_terminal")
def test_numbers_and_ids_are_whole_on_every_terminal() -> None:
    text = drawn(Rows(ROWS, TICKERS))
    for whole in ("BTCUSDT", "87412.6", "0.51234", "1000000000000000PEPEUSDT", "+0.87 %", "-10.00 %"):
        assert whole in text


def test_a_table_in_a_file_is_as_wide_as_it_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "20")
    assert "the oldest of them all" in drawn(Rows(ROWS, TICKERS), terminal=False).splitlines()[1]


def test_wide_characters_take_two_columns() -> None:
    fields = (Field("symbol", "Symbol"), Field("price", "Price", FieldKind.NUMBER))
    rows = [{"symbol": "币安USDT", "price": "1"}, {"symbol": "BTCUSDT", "price": "2"}]
    assert drawn(Rows(rows, fields), terminal=False) == "Symbol    Price\n币安USDT      1\nBTCUSDT       2\n2 rows\n"


@pytest.mark.parametrize(("count", "footer"), [(0, "no rows"), (1, "1 row"), (3, "3 rows")])
def test_the_footer_counts(count: int, footer: str) -> None:
    assert drawn(Rows(ROWS[:count], TICKERS)).splitlines()[-1] == footer


def test_a_number_column_with_something_else_in_it_is_text() -> None:
    fields = (Field("price", "Price", FieldKind.NUMBER),)
    assert drawn(Rows([{"price": "1.5"}, {"price": "market"}], fields)) == "Price\n1.5\nmarket\n2 rows\n"


def test_a_record_is_labels_and_values_with_its_lists_below() -> None:
    fields = (
        Field("coin", "Coin", FieldKind.ID),
        Field("open", "Open", FieldKind.FLAG),
        Field("tag", "Tag"),
        Field("chains", "Chains", FieldKind.NESTED),
        Field("chains[].chain", "Chain"),
        Field("chains[].fee", "Fee", FieldKind.NUMBER),
        Field("limits", "Limits", FieldKind.NESTED),
    )
    value = {
        "coin": "USDT",
        "open": "true",
        "tag": "",
        "chains": [{"chain": "TRC20", "fee": "1.5"}, {"chain": "ERC20", "fee": WireNumber("2")}],
        "limits": {"day": "10", "deep": {"deeper": {"deepest": "1"}}},
    }
    assert drawn(Record(value, fields), terminal=False) == (
        "Coin  USDT\nOpen  ✓\n"
        "Chains\n  Chain  Fee\n  TRC20  1.5\n  ERC20  2\n"
        "Limits\n  day  10\n  deep\n    deeper  deepest 1\n"
        "1 empty field left out\n"
    )


def test_one_thing_is_shown_whole_whatever_its_columns_in_a_pipe() -> None:
    fields = (Field("price", "Price"), Field("stop", "Stop loss"))
    assert drawn(Record({"price": "1", "stop": "2"}, fields, ("price",))) == "Price      1\nStop loss  2\n"


BOOK = Record(
    {"asks": [], "bids": [], "scale": "0.1"},
    (Field("asks", kind=FieldKind.NESTED), Field("bids", kind=FieldKind.NESTED), Field("scale", "Step")),
    lines=Rows(
        [
            {"side": "ask", "price": "101.5", "size": "1"},
            {"side": "ask", "price": "101", "size": "0"},
            {"side": "bid", "price": "99.25", "size": "2"},
        ],
        (
            Field("side", "Side", FieldKind.SIDE),
            Field("price", "Price", FieldKind.NUMBER),
            Field("size", "Size", FieldKind.NUMBER),
        ),
        footer="spread 1.75",
    ),
)


def test_an_order_book_is_a_ladder() -> None:
    assert drawn(BOOK) == (
        "Side   Price  Size\n"
        "ask   101.5      1  ████████████\n"
        "ask   101        0\n"
        "────  ──────  ────\n"
        "bid    99.25     2  ████████████████████████\n"
        "\nStep  0.1\nspread 1.75\n"
    )


def test_prices_of_an_order_book_have_the_colour_of_their_side() -> None:
    lines = drawn(BOOK, color=True).splitlines()
    assert "\x1b[31m101.5\x1b[0m " in lines[1]
    assert " \x1b[32m99.25\x1b[0m" in lines[4]


@pytest.mark.parametrize(
    ("outcome", "line"),
    [
        ("placed", "\x1b[32m✓ placed BTCUSDT on live\x1b[0m"),
        ("not_placed", "\x1b[31m✗ not placed BTCUSDT on live\x1b[0m"),
        ("rejected", "\x1b[31m✗ rejected BTCUSDT on live\x1b[0m"),
        ("unknown", "\x1b[33m? unknown BTCUSDT on live\x1b[0m"),
    ],
)
def test_an_outcome_is_one_line_in_its_colour(outcome: str, line: str) -> None:
    assert drawn(Done(outcome, "live", "BTCUSDT"), color=True) == line + "\n"


def test_what_failed_in_a_batch_is_a_table_below_the_outcome() -> None:
    response = {"successList": [{"orderId": "1"}], "failureList": [{"clientOid": "b", "errorMsg": "too small"}]}
    assert drawn(Done("done", "demo", response=response)) == (
        "✓ done on demo\nsuccessList\n  orderId\n  1\nfailureList\n  clientOid  errorMsg\n  b          too small\n"
    )


ANY: list[Any] = [
    None,
    True,
    "",
    "x",
    WireNumber("1"),
    [],
    {},
    [[]],
    [{}],
    {"a": {"b": [1]}},
    [["1"], {"a": "b"}],
    [None],
]


@pytest.mark.usefixtures("_terminal")
@for_each(ANY, name=repr)
def test_no_answer_of_an_unexpected_shape_breaks_a_table(value: Any) -> None:
    for kind in FieldKind:
        fields = (Field("a", "A", kind), Field("a.b", "B", kind), Field("c", "C", kind, 1))
        assert drawn(Rows([value, {"a": value}, [value]], fields))
        assert drawn(Record(value, fields))
        assert drawn(Record({"a": value}, fields, lines=Rows([value], fields)))
    assert drawn(Rows([value], ()))
    assert drawn(Done("done", "live", response=value))


def test_colour_changes_no_character() -> None:
    coloured = drawn(Rows(ROWS, TICKERS), color=True)
    assert " \x1b[32m+0.87 %\x1b[0m" in coloured
    assert re.sub(r"\x1b\[[0-9]+m", "", coloured) == drawn(Rows(ROWS, TICKERS))
