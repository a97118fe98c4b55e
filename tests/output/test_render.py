"""Every shape in every form, `--fields`, streaming, and failures."""

from __future__ import annotations

import csv
import io
import json
import os
import pty
import re
import termios
from collections.abc import Iterator
from typing import Any

import pytest

from bitget_cli.catalogue.model import Field, FieldKind
from bitget_cli.errors import NetworkError, RejectedError, UsageError
from bitget_cli.output.render import show, show_failure
from bitget_cli.results import Done, Lines, Record, Result, Rows
from bitget_cli.values import FORMS, WireNumber

COINS = (
    Field("coin", "Coin", FieldKind.ID),
    Field("fee", "Fee", FieldKind.NUMBER),
    Field("detail", "Detail", FieldKind.NESTED),
    Field("detail.total", "Total", FieldKind.NUMBER),
    Field("chains", "Chains", FieldKind.NESTED),
    Field("chains[].chain", "Chain"),
)
USDT = {
    "coin": "USDT",
    "fee": WireNumber("1.50"),
    "detail": {"total": "2", "unit": ""},
    "chains": [{"chain": "TRC20"}, {"chain": "ERC20"}],
    "extra": "new",
}
CANDLES = (Field("ts", "Time", FieldKind.TIME, 0), Field("open", "Open", FieldKind.NUMBER, 1))


def shown(result: Result, form: str, fields: tuple[str, ...] | None = None, *, terminal: bool = False) -> str:
    out = io.StringIO()
    show(result, form=form, fields=fields, out=out, terminal=terminal, color=False)
    return out.getvalue()


@pytest.mark.parametrize(
    ("form", "text"),
    [
        (
            "json",
            '[{"coin":"USDT","fee":1.50,"detail":{"total":"2","unit":""},'
            '"chains":[{"chain":"TRC20"},{"chain":"ERC20"}],"extra":"new"}]\n',
        ),
        (
            "csv",
            "coin,fee,detail,chains,extra\r\n"
            'USDT,1.50,"{""total"":""2"",""unit"":""""}","[{""chain"":""TRC20""},{""chain"":""ERC20""}]",new\r\n',
        ),
        ("tsv", 'USDT\t1.50\t{"total":"2","unit":""}\t[{"chain":"TRC20"},{"chain":"ERC20"}]\n'),
        ("table", "Coin   Fee\nUSDT  1.50\n1 row · detail, chains with --json\n"),
    ],
)
def test_a_form_shows_the_fields_that_suit_it(form: str, text: str) -> None:
    assert shown(Rows([USDT], COINS), form) == text


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("json", '[{"chains.chain":["TRC20","ERC20"],"fee":1.50,"detail.total":"2"}]\n'),
        ("ndjson", '{"chains.chain":["TRC20","ERC20"],"fee":1.50,"detail.total":"2"}\n'),
        ("csv", 'chains.chain,fee,detail.total\r\n"[""TRC20"",""ERC20""]",1.50,2\r\n'),
        ("tsv", '["TRC20","ERC20"]\t1.50\t2\n'),
        ("table", "Chain          Fee  Total\nTRC20, ERC20  1.50      2\n1 row\n"),
    ],
)
def test_fields_are_shown_as_asked_in_every_form(form: str, text: str) -> None:
    assert shown(Rows([USDT], COINS), form, ("chains.chain", "fee", "detail.total")) == text


@pytest.mark.parametrize("form", FORMS)
def test_a_field_the_exchange_sends_undocumented_can_be_asked_for(form: str) -> None:
    assert "new" in shown(Rows([USDT], COINS), form, ("extra",))


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("result", [Rows([USDT], COINS), Record(USDT, COINS), Done("placed", "paper")])
def test_an_unknown_field_stops_before_anything_is_written(form: str, result: Result) -> None:
    out = io.StringIO()
    with pytest.raises(UsageError, match="there is no field 'coinn' here"):
        show(result, form=form, fields=("coinn",), out=out, terminal=False, color=False)
    assert out.getvalue() == ""


def test_an_unknown_field_is_answered_with_near_misses_and_all_names() -> None:
    with pytest.raises(UsageError) as caught:
        shown(Rows([USDT], COINS), "json", ("COINS",))
    assert caught.value.hint == "did you mean coin or chains? the fields are coin, fee, detail, chains, extra"


@pytest.mark.parametrize("empty", [None, "", [], {}])
def test_a_part_of_an_empty_field_is_not_unknown(empty: Any) -> None:
    assert shown(Record({"list": empty}, ()), "tsv", ("list.id",)) in ("\n", "[]\n")


@pytest.mark.parametrize(("form", "text"), [("json", "[]\n"), ("ndjson", ""), ("csv", "coin,fee,any\r\n"), ("tsv", "")])
def test_an_empty_list_takes_any_field(form: str, text: str) -> None:
    assert shown(Rows([], COINS), form, ("coin", "fee", "any")) == text


def test_array_rows_stay_arrays_in_json_and_are_named_elsewhere() -> None:
    rows = [["1767225600000", "87412.6", "beyond"]]
    assert shown(Rows(rows, CANDLES), "json") == '[["1767225600000","87412.6","beyond"]]\n'
    assert shown(Rows(rows, CANDLES), "csv") == "ts,open\r\n1767225600000,87412.6\r\n"
    assert shown(Rows(rows, CANDLES), "ndjson", ("open",)) == '{"open":"87412.6"}\n'


@pytest.mark.parametrize(
    ("form", "text"), [("json", '["a",\n"b"]\n'), ("csv", "value\r\na\r\nb\r\n"), ("tsv", "a\nb\n")]
)
def test_rows_that_are_single_texts(form: str, text: str) -> None:
    assert shown(Rows(["a", "b"], ()), form) == text


@pytest.mark.parametrize("form", FORMS)
def test_rows_that_arrived_before_a_failure_are_shown(form: str) -> None:
    def pages() -> Iterator[dict[str, str]]:
        yield {"coin": "BTC"}
        yield {"coin": "ETH"}
        raise NetworkError("the connection was lost")

    out = io.StringIO()
    with pytest.raises(NetworkError):
        show(Rows(pages(), COINS), form=form, fields=None, out=out, terminal=False, color=False)
    assert "BTC" in out.getvalue()
    assert "ETH" in out.getvalue()


@pytest.mark.parametrize("form", ["json", "ndjson", "csv", "tsv"])
def test_a_row_is_flushed_before_the_next_is_asked_for(form: str) -> None:
    pipe = io.BytesIO()
    out = io.TextIOWrapper(pipe, encoding="utf-8", newline="")
    seen: list[bool] = []

    def pages() -> Iterator[dict[str, str]]:
        yield {"coin": "BTC"}
        yield {"coin": "ETH"}
        seen.append(b"ETH" in pipe.getvalue())

    show(Rows(pages(), COINS), form=form, fields=None, out=out, terminal=False, color=False)
    assert seen == [True]


DONE = Done("placed", "paper", "BTCUSDT", "139", "cli-1", {"orderId": "139", "clientOid": "cli-1"})


@pytest.mark.parametrize(
    ("form", "fields", "text"),
    [
        ("tsv", None, "placed\tpaper\tBTCUSDT\t139\tcli-1\n"),
        ("tsv", ("orderId",), "139\n"),
        ("json", ("response.orderId", "outcome"), '{"response.orderId":"139","outcome":"placed"}\n'),
        ("table", ("orderId", "outcome"), "orderId  139\noutcome  placed\n"),
        ("table", None, "✓ placed BTCUSDT on paper\norder id   139\nclient id  cli-1\n"),
    ],
)
def test_what_was_done_in_every_form(form: str, fields: tuple[str, ...] | None, text: str) -> None:
    assert shown(DONE, form, fields) == text


def test_what_was_done_has_the_same_keys_whatever_happened() -> None:
    filled = ["status", "filledSize", "avgPrice", "fee", "feeCoin"]
    keys = ["outcome", "env", "symbol", "orderId", "clientOid", *filled, "response", "working"]
    assert list(json.loads(shown(Done("unknown", "live"), "json"))) == keys


def test_json_is_indented_on_a_terminal_and_one_line_in_a_pipe() -> None:
    record = Record({"a": {"b": "1"}, "c": []}, ())
    assert shown(record, "json", terminal=True) == '{\n  "a": {\n    "b": "1"\n  },\n  "c": []\n}\n'
    assert shown(record, "json") == '{"a":{"b":"1"},"c":[]}\n'
    assert shown(record, "ndjson", terminal=True) == '{"a":{"b":"1"},"c":[]}\n'


@pytest.mark.parametrize("value", ["success", "", None, WireNumber("7")])
def test_a_record_may_be_a_single_value(value: Any) -> None:
    assert shown(Record(value, ()), "tsv") == f"{value or ''}\n"
    assert list(csv.reader(io.StringIO(shown(Record(value, ()), "csv")))) == [["value"], [value or ""]]


@pytest.mark.parametrize("form", FORMS)
def test_lines_are_read_to_their_end_in_every_form(form: str) -> None:
    read: list[str] = []

    def text() -> Iterator[str]:
        yield "export A=1"
        read.append("ran")

    lines = shown(Lines(text(), {"A": "1"}), form)
    assert lines == ('{"A":"1"}\n' if "json" in form else "export A=1\n")
    assert read == ["ran"]


@pytest.mark.parametrize("form", FORMS)
def test_nothing_is_shown_for_nothing(form: str) -> None:
    assert shown(None, form) == ""


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "latin-1"])
@pytest.mark.parametrize("form", FORMS)
def test_a_locale_without_the_characters_shows_escapes(form: str, encoding: str) -> None:
    out = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    flags = (Field("symbol"), Field("open", kind=FieldKind.FLAG))
    show(
        Rows([{"symbol": "币安人生USDT", "open": "no"}], flags),
        form=form,
        fields=None,
        out=out,
        terminal=True,
        color=True,
    )
    out.seek(0)
    assert "\\u5e01\\u5b89\\u4eba\\u751fUSDT" in out.read()


ERROR = RejectedError("the order was refused", code="45110", msg="less than 5 USDT\x1b[2J", hint="try --size 0.1")


def failure(error: Any, *, as_json: bool = False, color: bool = False) -> str:
    err = io.StringIO()
    show_failure(error, as_json=as_json, err=err, color=color)
    return err.getvalue()


def test_a_failure_is_a_sentence_and_the_next_step() -> None:
    text = "error: the order was refused (Bitget: 45110 less than 5 USDT\\x1b[2J)\nhint: try --size 0.1\n"
    assert failure(ERROR) == text


def test_a_failure_in_colour_has_the_same_words() -> None:
    assert failure(ERROR, color=True).startswith("\x1b[1;31merror:\x1b[0m the order was refused")


@pytest.mark.parametrize("color", [True, False])
def test_a_sentence_on_a_terminal_is_broken_between_words(color: bool) -> None:
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, 40))
    with os.fdopen(theirs, "w") as terminal:
        told = UsageError("size 0.00001 is below the minimum 0.0001 BTC of this market", hint="type 0.0001 or more")
        show_failure(told, as_json=False, err=terminal, color=color)
        shown = re.sub(r"\x1b\[[0-9;]*m", "", os.read(ours, 1000).decode())
    os.close(ours)
    assert shown.splitlines() == [
        "error: size 0.00001 is below the minimum",
        "0.0001 BTC of this market",
        "hint: type 0.0001 or more",
    ]


def test_words_of_bitget_already_in_the_message_are_not_said_twice() -> None:
    assert failure(RejectedError("refused: too small (45110)", code="45110", msg="too small")) == (
        "error: refused: too small (45110)\n"
    )


def test_a_failure_for_a_program_is_one_object_with_every_key() -> None:
    record = json.loads(failure(ERROR, as_json=True))
    assert record == ERROR.record()
    assert record["msg"] == "less than 5 USDT\x1b[2J"
    assert failure(ERROR, as_json=True).count("\n") == 1
