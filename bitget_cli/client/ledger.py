"""Rows that replace one another: coins of an account, orders and plans by their ids, and the set of positions."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from bitget_cli.client.telling import (
    FINE,
    WHOLE,
    Moment,
    Outcome,
    Row,
    Teller,
    key_of,
    latest_in,
    milliseconds_in,
    oldest_first,
)

# Statuses after which an order does not change; futures say canceled, spot cancelled.
FINAL = frozenset({"filled", "canceled", "cancelled", "executed", "fail_execute", "fail_trigger", "rejected"})
# Finished orders of which all is remembered, since an older push may come after the last one.
_MOST_FINISHED = 2_000
# And orders of which the end is, since a list read by REST shows them again, as far back as the last thing heard.
_MOST_ENDED = 100_000
# Fields of an account that are no amounts.
_NO_AMOUNT = frozenset({"uTime", "cTime", "id"})


class Ledger:
    """Accounts, orders and plans: each row replaces the one of its key, unless it is older.

    The later `uTime` counts; of equal ones a final status; what is filled never goes down. Orders are events, accounts
    states. `version` grows with every push. Where it is `seeded`, only REST says that an account is whole: the first
    push of a new connection need not have every coin, nor those that are gone.
    """

    def __init__(self, teller: Teller, *, seeded: bool = False) -> None:
        self._teller, self._seeded = teller, seeded
        self._is_account = teller.channel.selector == "coin"
        self._open: dict[tuple[str, ...], Row] = {}
        self._finished: dict[tuple[str, ...], Row] = {}
        # When each order ended that a reading may show again (ms).
        self._ended: dict[tuple[str, ...], int] = {}
        self._forgotten = -1
        # In which version each coin was pushed last.
        self._pushed: dict[tuple[str, ...], int] = {}
        self._untold: deque[tuple[str, ...]] = deque()
        self._awaits_all = teller.channel.first
        self.version = 0

    def take(self, rows: Sequence[Any], moment: Moment) -> Outcome:
        self.version += 1
        # The first push of an account has all its coins; that of orders is an event like any other.
        whole, self._awaits_all = self._awaits_all, False
        said = moment._replace(snapshot=whole)
        for row in rows:
            self._accept(row, said)
            if self._is_account:
                self._pushed[key_of(row, self._teller.channel.key)] = self.version
        return WHOLE if whole and not self._seeded else FINE

    def doubt(self) -> None:
        self._awaits_all = self._teller.channel.first

    def found(self, rows: Sequence[Row], moment: Moment, *, version: int) -> list[Row]:
        names = self._teller.channel.key
        shown = {key_of(row, names) for row in rows}
        self._tell_again(moment)
        for row in rows:
            key = key_of(row, names)
            known = self._open.get(key)
            if known is None or self._is_news(row, known, is_fresh=self._pushed.get(key, 0) <= version):
                said = moment._replace(ts=milliseconds_in(row.get("uTime")), snapshot=True)
                self._accept({**(known or {}), **row} if self._is_account else row, said)
        missing = [(key, row) for key, row in self._open.items() if key not in shown]
        if not self._is_account:
            return [row for _, row in missing]
        # Spot lists the coins that are held, so that one it does not list is gone.
        for key, row in missing if self._teller.topic.inst_type == "SPOT" else ():
            emptied = _emptied(row)
            if emptied != row and self._pushed.get(key, 0) <= version:
                self._open[key] = emptied
                self._teller.state(key, emptied, moment._replace(snapshot=True))
        return []

    def happened(self, rows: Sequence[Row], moment: Moment, *, began: int) -> bool:
        """Tells the orders that began and ended unheard, and the ends of those held to be open."""
        whole = True
        for row in oldest_first(rows, latest_in):
            key, when = key_of(row, self._teller.channel.key), latest_in(row) or 0
            if key in self._open:
                self.settle(row, moment)
            elif key in self._finished or key in self._ended:
                continue
            elif when <= self._forgotten:
                whole = False
            elif when >= began:
                self._accept(row, moment._replace(ts=milliseconds_in(row.get("uTime")), snapshot=False))
        return whole

    def untold(self, row: Row) -> None:
        """Nobody took this push of an order. Where it said the last of it, that is told again. For any thread."""
        key = key_of(row, self._teller.channel.key)
        if (self._open.get(key) or self._finished.get(key) or row) is row:
            self._untold.append(key)

    def is_open(self, row: Row) -> bool:
        """Whether the order of this row is still held to be open."""
        return key_of(row, self._teller.channel.key) in self._open

    def settle(self, row: Row, moment: Moment) -> None:
        """Tells the end of an order that went unheard; one that is still open has been told."""
        known = self._open.get(key_of(row, self._teller.channel.key))
        if known is None or _is_final(row) or self._is_news(row, known, is_fresh=False):
            self._accept(row, moment._replace(ts=milliseconds_in(row.get("uTime")), snapshot=False))

    def _tell_again(self, moment: Moment) -> None:
        keys = dict.fromkeys(self._untold.popleft() for _ in range(len(self._untold)))
        for key in keys:
            if row := self._open.get(key) or self._finished.get(key):
                self._teller.event(row, moment._replace(ts=milliseconds_in(row.get("uTime")), snapshot=False))
            else:
                # The list of what has ended says it.
                self._ended.pop(key, None)

    def _is_news(self, row: Row, known: Row, *, is_fresh: bool) -> bool:
        """Whether REST knows more than the last push, by the time of both; its rows differ in their fields alone."""
        then, now = milliseconds_in(known.get("uTime")), milliseconds_in(row.get("uTime"))
        if then is not None and now is not None:
            return now > then
        return self._is_account and is_fresh and any(known.get(name, value) != value for name, value in row.items())

    def _accept(self, row: Row, moment: Moment) -> None:
        key = key_of(row, self._teller.channel.key)
        known = self._open.get(key) or self._finished.get(key)
        if known is not None:
            if row == known or _is_older(row, known):
                return
            row = _never_less_filled(row, known)
        elif (ended := self._ended.get(key)) is not None and (latest_in(row) or 0) <= ended:
            return
        self._remember(key, row)
        if self._is_account:
            self._teller.state(key, row, moment)
        else:
            self._teller.event(row, moment)

    def _remember(self, key: tuple[str, ...], row: Row) -> None:
        if not _is_final(row):
            self._open[key] = row
            return
        self._open.pop(key, None)
        self._finished[key] = row
        while len(self._finished) > _MOST_FINISHED:
            gone = next(iter(self._finished))
            row = self._finished.pop(gone)
            if self._seeded:
                self._ended[gone] = latest_in(row) or 0
        while len(self._ended) > _MOST_ENDED:
            self._forgotten = max(self._forgotten, self._ended.pop(next(iter(self._ended))))


class Holdings:
    """Positions: a push has all of them, so one that is missing is closed. `version` grows with every push."""

    def __init__(self, teller: Teller) -> None:
        self._teller = teller
        self._rows: dict[tuple[str, ...], Row] = {}
        self.version = 0

    def take(self, rows: Sequence[Any], moment: Moment) -> Outcome:
        self.version += 1
        self._replace(rows, moment._replace(snapshot=True))
        return WHOLE

    def doubt(self) -> None:
        """Nothing to forget: what a push does not show is closed, whatever was missed."""

    def found(self, rows: Sequence[Row], moment: Moment, *, version: int) -> list[Row]:
        """Tells what REST shows otherwise than the last push, unless there was another one since `version`.

        REST has fewer fields, so the others of a position stay as they were pushed, but for the return that belongs to
        the profit of then. Returns nothing to look up.
        """
        if version == self.version:
            names = self._teller.channel.key
            merged = [_merged(self._rows.get(key_of(row, names), {}), row) for row in rows]
            self._replace(merged, moment._replace(snapshot=True), only_news=True)
        return []

    def happened(self, rows: Sequence[Row], moment: Moment, *, began: int) -> bool:
        """Nothing: only what is held now is told."""
        del rows, moment, began
        return True

    def _replace(self, rows: Sequence[Row], moment: Moment, *, only_news: bool = False) -> None:
        before = self._rows
        self._rows = {key_of(row, self._teller.channel.key): row for row in rows}
        for key, row in self._rows.items():
            if not (only_news and before.get(key) == row):
                self._teller.state(key, row, moment)
        for key, row in before.items():
            if key not in self._rows:
                self._teller.state(key, {**row, "total": "0", "closed": True}, moment)


def _merged(known: Row, row: Row) -> Row:
    whole = {**known, **row}
    if whole.get("unrealizedPL") != known.get("unrealizedPL") and "unrealizedPLR" not in row:
        whole.pop("unrealizedPLR", None)
    return whole


def _emptied(row: Row) -> Row:
    """A coin of which nothing is left."""
    return {name: "0" if name not in _NO_AMOUNT and _amount(value) else value for name, value in row.items()}


def _is_older(row: Row, known: Row) -> bool:
    then, now = milliseconds_in(known.get("uTime")), milliseconds_in(row.get("uTime"))
    if then is None or now is None or now > then:
        return False
    return now < then or (not _is_final(row) and (_is_final(known) or _is_less_filled(row, known)))


def _is_final(row: Row) -> bool:
    return str(row.get("status")) in FINAL


def _never_less_filled(row: Row, known: Row) -> Row:
    return {**row, "accBaseVolume": known["accBaseVolume"]} if _is_less_filled(row, known) else row


def _is_less_filled(row: Row, known: Row) -> bool:
    before, after = _amount(known.get("accBaseVolume")), _amount(row.get("accBaseVolume"))
    return before is not None and after is not None and after < before


def _amount(text: Any) -> Decimal | None:
    try:
        number = Decimal(text) if isinstance(text, str) else None
    except InvalidOperation:
        return None
    return number if number is not None and number.is_finite() else None
