"""A stream as lines for a program: NDJSON, CSV or TSV, a row a line."""

from __future__ import annotations

import errno
import os
import re
import select
import stat
from collections.abc import Mapping, Sequence
from json.encoder import encode_basestring_ascii as _quoted
from math import inf
from typing import TYPE_CHECKING, Any, NamedTuple, Self, TextIO

from bitget_cli.catalogue.model import Field, FieldKind
from bitget_cli.output import columns as named
from bitget_cli.output.plain import csv_cell, sanitise, to_json, tsv_cell
from bitget_cli.output.times import writer, written
from bitget_cli.stream_events import Frame, Gap, Message, Push, Refusal, Status, Topic
from bitget_cli.values import WireNumber, milliseconds

if TYPE_CHECKING:
    from bitget_cli.results import Feed
    from bitget_cli.runtime import Clock

# Seconds in which an idle stream looks whether its time is up or its reader gone.
TICK = 0.2


class Reader(NamedTuple):
    """Who reads, and how: `form` is one of show.FORMS, `fields` those of `--fields`."""

    form: str
    fields: tuple[str, ...] | None
    out: TextIO
    err: TextIO
    stdin: TextIO
    color: bool
    clock: Clock
    times: str | None = None
    save: str | None = None


def row_of(push: Push) -> dict[str, object]:
    """The row with what its envelope knows of it: `market`, `symbol` and `recv`; the row's own fields win."""
    return {"market": push.market, "symbol": push.symbol, "recv": push.received, **push.data}


# What the envelope of a row knows, for `--fields` and in front of the columns.
_ENVELOPE = (Field("market"), Field("symbol"), Field("recv", kind=FieldKind.TIME))
# Seconds without any connection after which a person is told.
_SILENCE = 1.0
_NON_ASCII = re.compile(r"[^\x20-\x7e]")


class StreamLines:
    """Writes a feed to `reader.out`. NDJSON has everything in its place; the other forms have rows alone.

    What is no row goes to `reader.err` there; trouble with the connection does so in NDJSON too where its lines are
    left out, where there never was one, and where the other side refuses us.
    """

    quits = False

    def __init__(self, feed: Feed, reader: Reader) -> None:
        self._feed = feed
        self._out, self._err, self._clock = reader.out, reader.err, reader.clock
        self._line = _line(feed, reader)
        self._pipe = _pipe(reader.out)
        self._has_stood = False
        self._silent_until = reader.clock.monotonic() + _SILENCE
        self._said = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Every batch is flushed; nothing is left."""

    def patience(self, left: float) -> float:
        return min(TICK, left)

    def show(self, messages: Sequence[Message]) -> None:
        """One write and one flush for all that arrived together. Raises BrokenPipeError when nobody reads any more."""
        if not messages:
            self._check_reader()
            self._check_silence()
            return
        if text := "".join([self._text(message) for message in messages]):
            self._out.write(text)
            self._out.flush()

    def note(self, line: str) -> None:
        self._err.write(sanitise(line) + "\n")
        self._err.flush()

    def end(self, reason: str) -> None:
        if self._feed.status and isinstance(self._line, _Json):
            last = Status("end", milliseconds(self._clock.now()), {"reason": reason})
            self._out.write(to_json(_record(last)) + "\n")
            self._out.flush()

    def _text(self, message: Message) -> str:
        if isinstance(message, Push):
            return self._line.row(message) if message.type == self._feed.kind else ""
        if isinstance(message, Frame):
            return self._line.frame(message.text)
        is_json = isinstance(self._line, _Json)
        if isinstance(message, Status):
            self._heed(message, is_told=is_json and self._feed.status)
            return to_json(_record(message)) + "\n" if is_json and self._feed.status else ""
        if is_json:
            return to_json(_record(message)) + "\n"
        if remark := _remark(message):
            self.note(remark)
        return ""

    def _heed(self, status: Status, *, is_told: bool) -> None:
        """Says trouble for people, too; the same trouble once."""
        if status.event == "subscribed":
            self._has_stood, self._said = True, ""
        remark = _remark(status)
        if not remark or (is_told and self._has_stood and not status.facts.get("refused")):
            return
        self._silent_until = inf
        about = str(status.facts.get("reason") or remark)
        if about != self._said:
            self._said = about
            self.note(remark)

    def _check_silence(self) -> None:
        """Says once that nobody answers: a try for a connection can take ten seconds without a word."""
        if self._has_stood or self._clock.monotonic() < self._silent_until:
            return
        self._silent_until = inf
        if not self._feed.source.facts().has_stood:
            self.note(f"no answer from the exchange yet ({self._feed.env}); still trying")

    def _check_reader(self) -> None:
        """An idle stream writes nothing, so nothing else would tell it that its reader has gone."""
        if self._pipe and any(event & (select.POLLERR | select.POLLNVAL) for _, event in self._pipe.poll(0)):
            raise BrokenPipeError(errno.EPIPE, "the reader has gone")


class _Json:
    """Rows in their envelope; ASCII only, as all of our JSON."""

    def __init__(self, feed: Feed, reader: Reader) -> None:
        self._feed = feed
        self._names = reader.fields
        self._columns: tuple[Field, ...] | None = None
        self._times = reader.times
        self._dated = writer(feed.fields, reader.times) if reader.times else None
        self._heads: dict[tuple[str, str], str] = {}
        self._needs_ascii = reader.out.isatty() or (reader.out.encoding or "utf-8").lower() not in ("utf-8", "utf8")

    def row(self, push: Push) -> str:
        data: Any = push.data
        if self._names is not None:
            data = named.select(self._row(push), self._chosen(push))
        elif self._dated:
            data = self._dated(data)
        head = self._heads.get((push.market, push.symbol)) or self._head(push)
        ts: Any = "null" if push.ts is None else push.ts
        recv: Any = push.received
        if self._times:
            ts, recv = (to_json(written(moment, self._times)) for moment in (push.ts, recv))
        conflated = f'"conflated":{push.conflated},' if push.conflated else ""
        snapshot = "true" if push.snapshot else "false"
        return f'{head}"ts":{ts},"recv":{recv},"snapshot":{snapshot},{conflated}"data":{to_json(data)}}}\n'

    def _row(self, push: Push) -> Mapping[str, Any]:
        row = row_of(push)
        return {**self._dated(row), "recv": written(push.received, self._times or "ms")} if self._dated else row

    def frame(self, text: str) -> str:
        """As received, on one line; what is no UTF-8 file or pipe gets escapes that mean the same."""
        # In JSON these two can only stand between values.
        text = text.replace("\r", " ").replace("\n", " ")
        return (_NON_ASCII.sub(_escape, text) if self._needs_ascii else text) + "\n"

    def _head(self, push: Push) -> str:
        head = f'{{"type":{_quoted(push.type)},"market":{_quoted(push.market)},"symbol":{_quoted(push.symbol)},'
        if len(self._heads) < 1000:
            self._heads[push.market, push.symbol] = head
        return head

    def _chosen(self, push: Push) -> tuple[Field, ...]:
        if self._columns is None:
            fields = (*self._feed.fields, *_ENVELOPE)
            self._columns = named.chosen(self._names or (), fields=fields, first=row_of(push))
        return self._columns


class _Separated:
    """Rows as cells; the first one decides the columns of all."""

    def __init__(self, feed: Feed, reader: Reader) -> None:
        self._feed = feed
        self._names = reader.fields
        self._is_csv = reader.form == "csv"
        self._readers: list[Any] = []
        self._dated = writer((*feed.fields, *_ENVELOPE), reader.times or "ms")

    def row(self, push: Push) -> str:
        row = self._dated(row_of(push))
        header = "" if self._readers else self._begun(push, row)
        return header + self._line([read(row) for read in self._readers])

    def frame(self, text: str) -> str:
        return text

    def _begun(self, push: Push, row: Mapping[str, Any]) -> str:
        fields = self._feed.fields
        if self._names is not None:
            columns = named.chosen(self._names, fields=(*fields, *_ENVELOPE), first=row)
        else:
            whole = named.everything(fields, first=dict(push.data))
            has_name = any(field.name in ("instId", "symbol") for field in whole)
            columns = (*_ENVELOPE[: 1 if has_name else 2], *whole)
        self._readers = [named.reader(field) for field in columns]
        return self._line([field.name for field in columns]) if self._is_csv else ""

    def _line(self, values: Sequence[Any]) -> str:
        if not self._is_csv:
            return "\t".join([tsv_cell(value) for value in values]) + "\n"
        import csv
        import io

        line = io.StringIO()
        csv.writer(line, lineterminator="\r\n").writerow([csv_cell(value) for value in values])
        return line.getvalue()


def _line(feed: Feed, reader: Reader) -> _Json | _Separated:
    rows_alone = reader.form in ("csv", "tsv") and not feed.raw
    return _Separated(feed, reader) if rows_alone else _Json(feed, reader)


def _record(message: Gap | Status | Refusal | Push | Frame) -> dict[str, Any]:
    """What is no row, as the object of its line."""
    match message:
        case Gap():
            return {
                "type": "gap",
                "id": message.id,
                "reason": message.reason,
                "channel": message.channel,
                "symbol": message.symbol,
                "from": message.since,
                "to": message.until,
                "lost": message.lost,
                "recovered": message.recovered,
            }
        case Refusal():
            return {"type": "error", "code": message.code, "arg": _argument(message.topic), "message": message.message}
        case Status():
            facts = {name: _exact(value) for name, value in message.facts.items()}
            return {"type": "status", "event": message.event, "recv": message.received, **facts}
    raise TypeError(type(message).__name__)


def _argument(topic: Topic | None) -> dict[str, str] | None:
    """The subscription as it was sent."""
    if topic is None:
        return None
    selector = "coin" if topic.channel.startswith("account") else "instId"
    return {"instType": topic.inst_type, "channel": topic.channel, selector: topic.name}


def _remark(message: Gap | Status | Refusal | Push | Frame) -> str:
    """What a person should know of it, in a line; "" for nothing."""
    match message:
        case Gap(until=None):
            return f"gap {message.id} in {message.channel} {message.symbol}: {message.reason}"
        case Gap():
            return f"gap {message.id} in {message.channel} {message.symbol}: recovered by {message.recovered}"
        case Refusal():
            about = f"{message.topic.channel} {message.topic.name}: " if message.topic else ""
            return f"{about}{message.message} ({message.code})"
        case Status(event="reconnecting", facts=facts):
            return f"no connection: {facts.get('reason', 'lost')}; trying again in {facts.get('retry_in', 0):.1f} s"
        case Status(event="stale", facts=facts):
            about = " ".join(str(facts[name]) for name in ("channel", "symbol") if facts.get(name))
            return f"{about}: {facts.get('note', 'silent')}"
    return ""


def _exact(value: Any) -> Any:
    """Seconds are the only fractions of ours, and milliseconds are as exact as they are known."""
    return WireNumber(f"{value:.3f}") if isinstance(value, float) else value


def _escape(found: re.Match[str]) -> str:
    return _quoted(found[0])[1:-1]


def _pipe(out: TextIO) -> select.poll | None:
    """Something that tells when a pipe's reader has gone; None for a file, a terminal or a double."""
    try:
        descriptor = out.fileno()
    except (OSError, ValueError):
        return None
    if not stat.S_ISFIFO(os.fstat(descriptor).st_mode):
        return None
    poll = select.poll()
    poll.register(descriptor, 0)
    return poll
