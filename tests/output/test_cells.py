"""Safe text, one format per kind, local time."""

from __future__ import annotations

import time
import unicodedata
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bitget_cli.catalogue.model import FieldKind
from bitget_cli.output.cells import BAD, GOOD, QUIET, Cell, aligned, cell
from bitget_cli.output.plain import sanitise
from bitget_cli.output.times import Times
from bitget_cli.values import WireNumber

DEDUCTED = "-0.10 BTC, -0.01 deducted"
FEES_OF_A_SPOT_ORDER = (
    '{"newFees":{"c":0,"d":0,"deduction":false,"r":-0.0000105,"t":-0.0000105,"totalDeductionFee":0},'
    '"BTC":{"deduction":false,"feeCoinCode":"BTC","totalDeductionFee":0,"totalFee":-0.0000105}}'
)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("BTCUSDT", "BTCUSDT"),
        ("币安人生USDT", "币安人生USDT"),
        ("\x1b[31mred", "\\x1b[31mred"),
        ("\x1b]8;;http://evil\x07", "\\x1b]8;;http://evil\\x07"),
        ("\x9b31m", "\\x9b31m"),
        ("over\rwritten\x08", "over\\rwritten\\x08"),
        ("two\nlines\t", "two\\nlines\\t"),
        ("\u202egnp.exe", "\\u202egnp.exe"),
        ("\u2066a\u2069\u200e\u200f\u061c", "\\u2066a\\u2069\\u200e\\u200f\\u061c"),
        ("zero\u200dwidth\u200b", "zero\\u200dwidth\\u200b"),
        ("lone \ud800", "lone \\ud800"),
        ("\U000e0041", "\\U000e0041"),
        ("e\u0301", "e\u0301"),
        ("e" + "\u0301" * 5, "e" + "\u0301" * 3 + "\\u0301" * 2),
        ("[/red]", "[/red]"),
    ],
)
def test_what_could_steer_a_terminal_is_shown(text: str, shown: str) -> None:
    assert sanitise(text) == shown


@given(st.text(st.characters()), st.none() | st.integers(1, 20))
def test_safe_text_has_no_control_surrogate_or_direction_character(text: str, limit: int | None) -> None:
    safe = sanitise(text, limit=limit)
    assert [c for c in safe if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp")] == []
    directions = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
    assert [c for c in safe if unicodedata.bidirectional(c) in directions or c in "\u200e\u200f\u061c"] == []


def test_text_is_cut_before_it_is_searched() -> None:
    assert sanitise("x" * 1_000_000, limit=5) == "xxxxx…"


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        (FieldKind.TEXT, None, Cell("")),
        (FieldKind.TEXT, "x" * 501, Cell("x" * 500 + "…")),
        (FieldKind.ID, "1390112233445566002", Cell("1390112233445566002")),
        (FieldKind.NUMBER, "5342191120.44", Cell("5342191120.44")),
        (FieldKind.NUMBER, WireNumber("87412.60"), Cell("87412.60")),
        (FieldKind.SIGNED, "-2.88", Cell("-2.88", BAD)),
        (FieldKind.SIGNED, "34.2", Cell("34.2", GOOD)),
        (FieldKind.SIGNED, "-0.00", Cell("-0.00")),
        (FieldKind.SIGNED, "0e5", Cell("0e5")),
        (FieldKind.SIGNED, "", Cell("")),
        (FieldKind.RATIO, "0.00874", Cell("+0.87 %", GOOD)),
        (FieldKind.RATIO, "-0.03", Cell("-3.00 %", BAD)),
        (FieldKind.RATIO, "0.00125", Cell("+0.12 %", GOOD)),
        (FieldKind.RATIO, "0.00135", Cell("+0.14 %", GOOD)),
        (FieldKind.RATIO, "0", Cell("0.00 %")),
        (FieldKind.RATIO, "none", Cell("none")),
        (FieldKind.RATE, "0.000068", Cell("0.0068 %")),
        (FieldKind.RATE, "-0.0002", Cell("-0.02 %")),
        (FieldKind.RATE, "1", Cell("100 %")),
        (FieldKind.RATE, "0", Cell("0 %")),
        (FieldKind.RATE, "0.0000000000000000000000000001", Cell("0.00000000000000000000000001 %")),
        (FieldKind.RATE, "9" * 90, Cell("9" * 90)),
        (FieldKind.SIDE, "buy", Cell("buy", GOOD)),
        (FieldKind.SIDE, "Long", Cell("Long", GOOD)),
        (FieldKind.SIDE, "sell", Cell("sell", BAD)),
        (FieldKind.SIDE, "short", Cell("short", BAD)),
        (FieldKind.SIDE, "net", Cell("net")),
        (FieldKind.FLAG, "YES", Cell("✓", GOOD)),
        (FieldKind.FLAG, True, Cell("✓", GOOD)),
        (FieldKind.FLAG, "false", Cell("\N{EN DASH}", QUIET)),
        (FieldKind.FLAG, "maybe", Cell("maybe")),
        (FieldKind.NESTED, ["USDT", "USDC"], Cell("USDT, USDC")),
        (FieldKind.NESTED, {"a": [WireNumber("1")], "b": {"c": "2", "d": ""}}, Cell("a 1, b c 2")),
        (FieldKind.NESTED, [{"chain": "TRC20"}, {"chain": "ERC20"}], Cell("chain TRC20; chain ERC20")),
        (FieldKind.NESTED, [{"deduction": "no", "feeCoin": "USDT", "totalFee": "-1.38507"}], Cell("-1.38507 USDT")),
        (FieldKind.NESTED, {"feeCoin": "BTC", "totalDeductionFee": "-0.01", "totalFee": "-0.10"}, Cell(DEDUCTED)),
        (FieldKind.NESTED, FEES_OF_A_SPOT_ORDER, Cell("-0.0000105 BTC")),
        (FieldKind.NESTED, [{"feeRate": "0.02", "fee": "0.00075893"}], Cell("0.00075893 (rate 0.02)")),
        (FieldKind.NESTED, "[not JSON", Cell("[not JSON")),
    ],
)
def test_a_value_reads_as_its_kind(kind: FieldKind, value: Any, shown: Cell) -> None:
    assert cell(value, kind) == shown


def test_a_flag_is_a_word_where_the_locale_has_no_mark() -> None:
    assert [cell(value, FieldKind.FLAG, marks=False).text for value in ("YES", "NO")] == ["yes", "no"]


@given(st.lists(st.from_regex(r"\A-?[0-9]{1,12}(\.[0-9]{1,12})?( %)?\Z"), min_size=1, max_size=8))
def test_aligned_numbers_have_their_dots_in_one_column_and_their_own_digits(texts: list[str]) -> None:
    shown = [one.text for one in aligned([Cell(text) for text in texts])]
    assert ["".join(text.split()) for text in shown] == ["".join(text.split()) for text in texts]
    assert len({len(text) for text in shown}) == 1
    assert len({text.index(".") for text in shown if "." in text}) <= 1


@pytest.fixture
def _in_berlin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


HOUR, WINTER, SUMMER = 3_600_000, 1_767_225_600_000, 1_783_000_800_000


@pytest.mark.usefixtures("_in_berlin")
@pytest.mark.parametrize(
    ("values", "texts", "zone"),
    [
        ([WINTER, WINTER + HOUR], ["2026-01-01 01:00", "2026-01-01 02:00"], "times in CET (UTC+01:00)"),
        ([WINTER + 51_051], ["2026-01-01 01:00:51"], "times in CET (UTC+01:00)"),
        (
            [WINTER + 1, WINTER + 120],
            ["2026-01-01 01:00:00.001", "2026-01-01 01:00:00.120"],
            "times in CET (UTC+01:00)",
        ),
        ([WINTER + 1, WINTER + 1], ["2026-01-01 01:00:00", "2026-01-01 01:00:00"], "times in CET (UTC+01:00)"),
        (
            [WINTER, SUMMER],
            ["2026-01-01 01:00+0100", "2026-07-02 16:00+0200"],
            "times in CET (UTC+01:00) and CEST (UTC+02:00)",
        ),
        (["", None, "-1", "0"], ["", "", "", ""], ""),
        (["soon\x1b", "99999999999999999"], ["soon\\x1b", "99999999999999999"], ""),
    ],
)
def test_times_are_local_and_as_short_as_tells_them_apart(values: list[Any], texts: list[str], zone: str) -> None:
    sent = [WireNumber(value) if isinstance(value, int) else value for value in values]
    times = Times(sent)
    assert times.texts(sent) == texts
    assert times.zone == zone
