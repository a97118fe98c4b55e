"""How the `watch` commands begin: options checked first, then the stream opened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from bitget_cli.catalogue.channels import EVERY
from bitget_cli.catalogue.rows import Field
from bitget_cli.commands.watch_options import Wanted
from bitget_cli.conditions import Expression, condition
from bitget_cli.errors import BitgetError, RejectedError, UsageError
from bitget_cli.messages import Facts, Message, Source, Topic
from bitget_cli.results import Feed
from bitget_cli.session import Session
from bitget_cli.values import Product, Symbol, duration

# Bitget allows 1000 channels a connection and recommends fewer than 50.
_MOST, _MANY = 200, 50
# What the envelope of a row says too.
_ENVELOPE = ("market", "symbol", "recv")
# Of a socket: the channel has no such market.
_UNKNOWN_SYMBOL = "30001"


def begun(
    session: Session,
    wanted: Wanted,
    kind: str,
    topics: Sequence[Topic],
    *,
    fields: tuple[Field, ...],
    title: str,
    look: Mapping[str, Any] | None = None,
    depth: int = 20,
) -> Feed:
    """The stream of these topics, opened once everything typed makes sense. Raises UsageError where it does not."""
    if len(topics) > _MOST:
        raise UsageError(f"{len(topics)} subscriptions are more than the {_MOST} one command may have")
    seconds = duration(wanted.duration).total_seconds() if wanted.duration is not None else None
    if seconds == 0:
        raise UsageError(f"duration {wanted.duration} is no time at all")
    if wanted.raw and wanted.until is not None:
        raise UsageError("--until compares fields of rows, and --raw has none", hint="leave one of them out")
    until = None if wanted.until is None else _condition(wanted.until, fields)
    if len(topics) > _MANY:
        session.say(f"{len(topics)} subscriptions: Bitget recommends fewer than {_MANY}")
    source = session.watch(topics, raw=wanted.raw, depth=depth, waits=wanted.wait)
    return Feed(
        _Hinting(source, session, topics),
        kind,
        fields,
        session.env,
        title=title,
        at_most=wanted.rows,
        seconds=seconds,
        until=until,
        raw=wanted.raw,
        status=wanted.tells_status,
        strict=wanted.strict,
        look=look or {},
        duration=wanted.duration or "",
    )


def _condition(text: str, fields: Sequence[Field]) -> Expression:
    """The condition; a field that is nearly one of the channel's is a slip, any other may be one nobody documents."""
    found = condition(text)
    known = {field.name.replace("[]", "").split(".")[0] for field in fields} | set(_ENVELOPE)
    folded = {name.lower(): name for name in known}
    for name in found.names:
        first = name.split(".")[0]
        near = [] if first in known else get_close_matches(first.lower(), folded, n=3, cutoff=0.7)
        if near:
            meant = " or ".join(folded[match] for match in near)
            raise UsageError(f"--until names {name!r}, which is no field here", hint=f"did you mean {meant}?")
    return found


class _Hinting:
    """A source whose refusal of a symbol says which ones are near it, and that knows of a clock that stands still."""

    def __init__(self, source: Source, session: Session, topics: Sequence[Topic]) -> None:
        self._session, self._topics = session, topics
        self._source = source

    def take(self, seconds: float) -> Sequence[Message] | None:
        try:
            return self._source.take(seconds)
        except RejectedError as refusal:
            if refusal.code == _UNKNOWN_SYMBOL:
                named = ", ".join(dict.fromkeys(topic.name for topic in self._topics if topic.name != EVERY))
                line = self._topics[0].inst_type.lower()
                # Bitget's own text is its arguments, one after another; it stays in `msg`.
                refusal.message = f"there is no stream {self._topics[0].channel} of {named or line} in {line} (30001)"
                refusal.hint = self._near() or refusal.hint
            raise

    def facts(self) -> Facts:
        return self._source.facts()._replace(stopped_at=self._session.stopped_at())

    def close(self) -> None:
        self._source.close()

    def _near(self) -> str | None:
        """What the first symbol may have meant; None where the exchange cannot be asked."""
        from bitget_cli.client import markets

        topic = self._topics[0]
        if topic.name == EVERY:
            return None
        try:
            market = Symbol(topic.name, Product(topic.inst_type.lower()))
            return markets.unknown(self._session.client, market).hint
        except BitgetError:
            return None
