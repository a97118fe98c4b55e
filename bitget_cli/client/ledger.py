"""Rows that replace one another: coins of an account, orders and plans by their ids, and the set of positions."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from bitget_cli.client.telling import FINE, WHOLE, Moment, Outcome, Row, Teller, key_of, milliseconds_in

# Statuses after which an order does not change; futures say canceled, spot cancelled.
FINAL = frozenset({"filled", "canceled", "cancelled", "executed", "fail_execute", "fail_trigger", "rejected"})
# Finished orders that are remembered, since an older push may come after the last one.
_MOST_FINISHED = 2_000


class Ledger:
    """Accounts, orders and plans: each row replaces the one of its key, unless it is older.

    The later `uTime` counts; of equal ones a final status; what is filled never goes down. Orders are events, accounts
    states. `version` grows with every push.
    """

    def __init__(self, teller: Teller) -> None:
        self._teller = teller
        self._is_account = teller.channel.selector == "coin"
        self._open: dict[tuple[str, ...], Row] = {}
        self._finished: dict[tuple[str, ...], Row] = {}
        self._untold: deque[tuple[str, ...]] = deque()
        self._awaits_all = teller.channel.first
        self.version = 0

    def take(self, rows: Sequence[Any], moment: Moment) -> Outcome:
        self.version += 1
        # The first push of an account has all its coins; that of orders is an event like any other.
        whole, self._awaits_all = self._awaits_all, False
        said = moment._replace(snapshot=whole)
        for row in rows:
            if isinstance(row, dict):
                self._accept(row, said)
        return WHOLE if whole else FINE

    def doubt(self) -> None:
        self._awaits_all = self._teller.channel.first

    def found(self, rows: Sequence[Row], moment: Moment, *, version: int, since: int) -> list[Row]:
        """Tells what REST knows and nobody told; returns the orders we hold to be open that it does not show.

        `version` is that of the moment before REST was asked: pushes since then know better than rows without a time.
        """
        del since
        names = self._teller.channel.key
        shown = {key_of(row, names) for row in rows}
        self._tell_again(moment)
        for row in rows:
            known = self._open.get(key_of(row, names))
            if known is None or self._is_news(row, known, is_fresh=version == self.version):
                said = moment._replace(ts=milliseconds_in(row.get("uTime")), snapshot=True)
                self._accept({**(known or {}), **row} if self._is_account else row, said)
        if self._is_account:
            return []
        return [row for key, row in self._open.items() if key not in shown]

    def untold(self, row: Row) -> None:
        """Nobody took this push of an order; where it stands is told again with what REST shows. For any thread."""
        self._untold.append(key_of(row, self._teller.channel.key))

    def settle(self, row: Row, moment: Moment) -> None:
        """Tells the end of an order that went unheard."""
        self._accept(row, moment._replace(ts=milliseconds_in(row.get("uTime")), snapshot=False))

    def _tell_again(self, moment: Moment) -> None:
        keys = dict.fromkeys(self._untold.popleft() for _ in range(len(self._untold)))
        for key in keys:
            if row := self._open.get(key) or self._finished.get(key):
                self._teller.event(row, moment._replace(ts=milliseconds_in(row.get("uTime")), snapshot=False))

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
            del self._finished[next(iter(self._finished))]


class Holdings:
    """Positions: a push has all of them, so one that is missing is closed. `version` grows with every push."""

    def __init__(self, teller: Teller) -> None:
        self._teller = teller
        self._rows: dict[tuple[str, ...], Row] = {}
        self.version = 0

    def take(self, rows: Sequence[Any], moment: Moment) -> Outcome:
        self.version += 1
        self._replace([row for row in rows if isinstance(row, dict)], moment._replace(snapshot=True))
        return WHOLE

    def doubt(self) -> None:
        """Nothing to forget: what a push does not show is closed, whatever was missed."""

    def found(self, rows: Sequence[Row], moment: Moment, *, version: int, since: int) -> list[Row]:
        """Tells what REST shows otherwise than the last push, unless there was another one since `version`.

        REST has fewer fields, so the others of a position stay as they were pushed, but for the return that belongs to
        the profit of then. Returns nothing to look up.
        """
        del since
        if version == self.version:
            names = self._teller.channel.key
            merged = [_merged(self._rows.get(key_of(row, names), {}), row) for row in rows]
            self._replace(merged, moment._replace(snapshot=True), only_news=True)
        return []

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


def _is_older(row: Row, known: Row) -> bool:
    then, now = milliseconds_in(known.get("uTime")), milliseconds_in(row.get("uTime"))
    if then is None or now is None or now > then:
        return False
    return now < then or (_is_final(known) and not _is_final(row))


def _is_final(row: Row) -> bool:
    return str(row.get("status")) in FINAL


def _never_less_filled(row: Row, known: Row) -> Row:
    before, after = _amount(known.get("accBaseVolume")), _amount(row.get("accBaseVolume"))
    if before is None or after is None or after >= before:
        return row
    return {**row, "accBaseVolume": known["accBaseVolume"]}


def _amount(text: Any) -> Decimal | None:
    try:
        number = Decimal(text) if isinstance(text, str) else None
    except InvalidOperation:
        return None
    return number if number is not None and number.is_finite() else None
