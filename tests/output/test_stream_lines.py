"""A stream as lines: every row in its envelope, every gap in its place, and how it all ends."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Sequence
from typing import Any

import pytest
from script import NOW, Script, push, reader

from bitget_cli.catalogue import channels
from bitget_cli.conditions import condition
from bitget_cli.errors import BitgetError, IncompleteError, NetworkError, StoppedError, UsageError
from bitget_cli.output.stream import play
from bitget_cli.results import Feed
from bitget_cli.stream_events import Facts, Frame, Gap, Message, Refusal, Status, Topic
from bitget_cli.values import WireNumber

TRADES = channels.of_word("USDT-FUTURES", "trades").fields
TRADE = {"tradeId": "1", "price": "67000.10", "size": "0.5", "side": "buy", "ts": str(NOW)}


def feed(*batches: Sequence[Message], **settings: Any) -> Feed:
    source = settings.pop("source", None) or Script([list(batch) for batch in batches])
    return Feed(source, "trades", TRADES, "paper", **settings)


def told(*batches: Sequence[Message], form: str = "ndjson", fields: Any = None, **settings: Any) -> list[str]:
    """The lines that come out."""
    out = io.StringIO()
    played = feed(*batches, **settings)
    play(played, reader(out, form=form, fields=fields, clock=getattr(played.source, "clock", None)))
    return out.getvalue().splitlines()


@pytest.mark.parametrize(
    ("message", "line"),
    [
        (
            push("trades", TRADE, ts=None, snapshot=False),
            f'{{"type":"trades","market":"usdt-futures","symbol":"BTCUSDT","ts":null,"recv":{NOW},"snapshot":false,'
            f'"data":{{"tradeId":"1","price":"67000.10","size":"0.5","side":"buy","ts":"{NOW}"}}}}',
        ),
        (
            push("trades", {"n": WireNumber("1.50"), "leverage": 10, "none": None, "deep": [["1", "2"]]}, conflated=3),
            f'{{"type":"trades","market":"usdt-futures","symbol":"BTCUSDT","ts":{NOW},"recv":{NOW},"snapshot":true,'
            '"conflated":3,"data":{"n":1.50,"leverage":10,"none":null,"deep":[["1","2"]]}}',
        ),
        (
            Gap(7, "disconnect", "trade", "BTCUSDT", 1000),
            '{"type":"gap","id":7,"reason":"disconnect","channel":"trade","symbol":"BTCUSDT","from":1000,"to":null,'
            '"lost":null,"recovered":null}',
        ),
        (
            Gap(7, "disconnect", "trade", "BTCUSDT", 1000, 2000, 0, "overlap"),
            '{"type":"gap","id":7,"reason":"disconnect","channel":"trade","symbol":"BTCUSDT","from":1000,"to":2000,'
            '"lost":0,"recovered":"overlap"}',
        ),
        (
            Refusal("30001", Topic("USDT-FUTURES", "trade", "NOUSDT"), "no such \x1b[2J"),
            '{"type":"error","code":"30001","arg":{"instType":"USDT-FUTURES","channel":"trade","instId":"NOUSDT"},'
            '"message":"no such \\u001b[2J"}',
        ),
        (
            Refusal("30016", Topic("SPOT", "account", "default"), "no"),
            '{"type":"error","code":"30016","arg":{"instType":"SPOT","channel":"account","coin":"default"},'
            '"message":"no"}',
        ),
        (Refusal("30006", None, "slower"), '{"type":"error","code":"30006","arg":null,"message":"slower"}'),
        (
            Status("reconnecting", 5, {"attempt": 2, "retry_in": 0.5}),
            '{"type":"status","event":"reconnecting","recv":5,"attempt":2,"retry_in":0.500}',
        ),
    ],
)
def test_every_message_is_one_line(message: Message, line: str) -> None:
    assert told([message])[:-1] == [line]
    json.loads(line)


def test_text_of_the_exchange_cannot_steer_a_terminal() -> None:
    (line, _) = told([push("trades", {"note": "\u009b2J\u202e牛"}, symbol="牛USDT")])
    assert line.isascii()
    assert json.loads(line)["data"]["note"] == "\u009b2J\u202e牛"
    assert json.loads(line)["symbol"] == "牛USDT"


def test_status_can_be_left_out_and_gaps_cannot() -> None:
    gap = Gap(1, "seq", "trade", "BTCUSDT", 1)
    lines = told([Status("connected", 1), gap, push("trades", TRADE)], status=False)
    assert [json.loads(line)["type"] for line in lines] == ["gap", "trades"]


def test_rows_of_other_kinds_that_only_a_table_shows_are_not_told() -> None:
    assert told([push("ticker", {"lastPr": "1"})], status=False) == []


@pytest.mark.parametrize(
    ("settings", "rows", "reason"),
    [
        ({"at_most": 2}, 2, "count"),
        ({"until": condition("price >= 3")}, 3, "until"),
        ({"seconds": 0.3, "source": Script([], ends=False)}, 0, "duration"),
        ({}, 4, "closed"),
    ],
)
def test_it_ends_when_it_was_told_to(settings: dict[str, Any], rows: int, reason: str) -> None:
    batch = [push("trades", {**TRADE, "price": str(price)}) for price in range(1, 5)]
    *lines, last = told(batch, **settings)
    assert len(lines) == rows
    ended = json.loads(last)
    assert ended.pop("recv") >= NOW
    assert ended == {"type": "status", "event": "end", "reason": reason}


@pytest.mark.parametrize(
    ("error", "reason"),
    [(KeyboardInterrupt(), "interrupt"), (StoppedError(15), "terminated"), (NetworkError("gone"), "error")],
)
def test_however_it_ends_the_last_line_says_so(error: BaseException, reason: str) -> None:
    out = io.StringIO()
    with pytest.raises(type(error)):
        play(feed(source=Script([[push("trades", TRADE)]], error=error)), reader(out))
    assert json.loads(out.getvalue().splitlines()[-1])["reason"] == reason


def gaps(*ended: str | None) -> list[Message]:
    """Gaps that opened, and by what each was closed; None stays open."""
    opened: list[Message] = [Gap(at, "disconnect", "trade", "BTCUSDT", 1) for at, _ in enumerate(ended)]
    return opened + [Gap(at, "disconnect", "trade", "BTCUSDT", 1, 2, None, by) for at, by in enumerate(ended) if by]


@pytest.mark.parametrize(
    ("ended", "whole"),
    [((), True), (("overlap",), True), (("snapshot", "rest"), True), ((None,), False), (("rest", "none"), False)],
)
def test_a_strict_stream_does_not_end_well_with_a_hole(ended: tuple[str | None, ...], whole: bool) -> None:
    told(gaps(*ended))
    if whole:
        told(gaps(*ended), strict=True)
        return
    with pytest.raises(IncompleteError):
        told(gaps(*ended), strict=True)


def test_a_raw_frame_keeps_what_only_looks_like_the_end_of_a_line() -> None:
    out = io.StringIO()
    play(feed([Frame('{\n"a":"b\u2028c\x85d"}')], raw=True, status=False), reader(out))
    assert out.getvalue() == '{ "a":"b\u2028c\x85d"}\n'


def test_a_raw_frame_is_escaped_where_not_all_of_it_could_be_written() -> None:
    out = io.TextIOWrapper(io.BytesIO(), encoding="latin-1")
    play(feed([Frame('{"a":"é€😀"}')], raw=True, status=False), reader(out))
    out.seek(0)
    assert json.loads(out.read()) == {"a": "é€😀"}


def test_raw_frames_are_counted_and_shown_as_they_came() -> None:
    frame = Frame('{"a":"牛",\n"b":1.50}')
    assert told([frame, frame, frame], raw=True, at_most=2, status=False) == ['{"a":"牛", "b":1.50}'] * 2


@pytest.mark.parametrize(("form", "separator"), [("csv", ","), ("tsv", "\t")])
def test_separated_rows_are_rows_alone(form: str, separator: str) -> None:
    out = io.StringIO()
    to = reader(out, form=form)
    messages = [Status("reconnecting", 1, {"attempt": 1}), push("trades", TRADE), *gaps("none"), push("trades", TRADE)]
    play(feed(messages), to)
    *header, first, second = out.getvalue().splitlines()
    assert first == second == separator.join(["usdt-futures", "BTCUSDT", "1", "67000.10", "0.5", "buy", str(NOW)])
    assert header == ([] if form == "tsv" else ["market,symbol,tradeId,price,size,side,ts"])
    assert "gap 0 in trade BTCUSDT: recovered by none" in to.err.getvalue()  # type: ignore[attr-defined]


def test_a_spreadsheet_runs_nothing_of_it() -> None:
    lines = told([push("trades", {**TRADE, "side": "=cmd|' /C calc'!A0"})], form="csv")
    assert "'=cmd" in lines[1]


def test_fields_are_those_of_the_row_and_of_its_envelope() -> None:
    lines = told([push("trades", TRADE)], form="csv", fields=("recv", "symbol", "price"))
    assert lines == ["recv,symbol,price", f"{NOW},BTCUSDT,67000.10"]
    with pytest.raises(UsageError, match="prise"):
        told([push("trades", TRADE)], fields=("prise",))


def test_fields_that_no_row_has_are_remarked_upon_once() -> None:
    to = reader(io.StringIO())
    with pytest.raises(IncompleteError):
        play(feed([push("trades", TRADE)] * 30, [push("trades", TRADE)], until=condition("deep.er > 1")), to)
    assert to.err.getvalue() == "--until waits for deep.er, which none of 30 rows had\n"  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"seconds": 0.3, "duration": "300ms"}, "--until did not hold before --duration 300ms was over"),
        ({"at_most": 2}, "--until did not hold before --count 2 was reached"),
        ({}, "--until did not hold before the stream ended"),
    ],
)
def test_a_condition_that_never_held_is_no_success(settings: dict[str, Any], said: str) -> None:
    source = Script([[push("trades", TRADE)] * 3], ends="seconds" not in settings)
    with pytest.raises(IncompleteError, match=said):
        told(source=source, until=condition("price > 99999"), **settings)
    met = Script([[push("trades", TRADE)] * 3], ends=False)
    assert told(source=met, until=condition("price > 1"), status=False, **settings)


def test_a_stream_whose_time_was_over_before_it_stood_is_a_failure_of_the_network() -> None:
    source = Script([[Status("reconnecting", 1, {"reason": "nobody there"})]], now=Facts(has_stood=False), ends=False)
    with pytest.raises(NetworkError, match="no connection stood before --duration 2s was over: nobody there"):
        told(source=source, at_most=1, seconds=2.0, duration="2s")


@pytest.mark.parametrize("form", ["ndjson", "csv"])
def test_nobody_waits_for_a_first_connection_without_a_word(form: str) -> None:
    source = Script([[]] * 20, now=Facts(has_stood=False), ends=False)
    to = reader(io.StringIO(), form=form, clock=source.clock)
    with pytest.raises(NetworkError):
        play(feed(source=source, seconds=3.0, duration="3s"), to)
    assert to.err.getvalue() == "no answer from the exchange yet (paper); still trying\n"  # type: ignore[attr-defined]


def reconnecting(reason: str, **more: Any) -> Status:
    return Status("reconnecting", 5, {"connection": "public", "attempt": 1, "retry_in": 0.9, "reason": reason, **more})


def remarks(*messages: Message, **settings: Any) -> list[str]:
    """What a person reads beside NDJSON."""
    to = reader(io.StringIO())
    play(feed(messages, **settings), to)
    return to.err.getvalue().splitlines()  # type: ignore[attr-defined]


SUBSCRIBED = Status("subscribed", 5, {"topics": 1})
STALE = Status("stale", 5, {"market": "spot", "channel": "books", "symbol": "ETHUSDT", "note": "no snapshot"})


def test_trouble_before_the_first_connection_is_said_to_people_once_for_each_kind() -> None:
    away, refused = reconnecting("refused"), reconnecting("no route")
    assert remarks(away, away, refused) == [
        "no connection: refused; trying again in 0.9 s",
        "no connection: no route; trying again in 0.9 s",
    ]


def test_later_trouble_is_said_where_lines_about_it_are_left_out_or_the_exchange_is_not_trusted() -> None:
    cut, distrusted = reconnecting("cut"), reconnecting("the certificate was refused", refused=True)
    assert remarks(SUBSCRIBED, cut, STALE) == []
    assert remarks(SUBSCRIBED, cut, STALE, status=False) == [
        "no connection: cut; trying again in 0.9 s",
        "books ETHUSDT: no snapshot",
    ]
    assert remarks(SUBSCRIBED, distrusted) == ["no connection: the certificate was refused; trying again in 0.9 s"]


def test_an_idle_stream_notices_that_its_reader_went_away() -> None:
    reading, writing = os.pipe()
    with os.fdopen(writing, "w") as out:
        to = reader(io.StringIO())._replace(out=out)
        play(feed([]), to)
        os.close(reading)
        with pytest.raises(BrokenPipeError):
            play(feed([], []), to)


def test_a_table_needs_a_terminal() -> None:
    with pytest.raises(BitgetError, match="terminal"):
        told([], form="table")
