"""The way out: every order cancelled and every position closed, until the account shows none any more.

All that is sent can only cancel, or make a position smaller, so that each step may be taken twice: what the account
shows decides what comes next, and no answer does. What may be the stop of a position stands until that is gone.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from bitget_cli.application import changes, positions
from bitget_cli.application.orders.open_orders import lookup
from bitget_cli.application.sending import with_closing_orders
from bitget_cli.application.survey import Reach, Survey, described, key_of, may_guard, may_open, name_of, surveyed
from bitget_cli.catalogue import find
from bitget_cli.errors import (
    BitgetError,
    ConfigError,
    CredentialsError,
    DeclinedError,
    NetworkError,
    PartialError,
    RateLimitedError,
    RejectedError,
    UnknownError,
    UsageError,
)
from bitget_cli.results import OUTCOME, OUTCOME_COLUMNS, Result, Rows
from bitget_cli.trading import adapters
from bitget_cli.trading.adapters.kind import OTHER_KIND
from bitget_cli.trading.change import Batch, Change, ChangeKind, Outcome, OutcomeKind
from bitget_cli.trading.model import EXACT, Position, rounded_down
from bitget_cli.trading.order_model import Order, OrderName, Plan
from bitget_cli.trading.outcomes import as_recorded, fallback_command, profile_option
from bitget_cli.values import Symbol

if TYPE_CHECKING:
    from bitget_cli.journal import Entry
    from bitget_cli.session import Session

# Seconds an answer that got lost is looked for: what is still there is seen anyway, and is tried again.
_PATIENCE = 4.0
# Seconds between two looks: while something is achieved, and, one after another, while nothing is.
_SHORT = 0.2
_LONGER = (0.5, 1.0, 2.0, 4.0)
# Seconds before each look at whether a position that was closed is gone.
_GONE_BY = (0.0, 0.3, 0.7)
# What is refused so often is refused for good.
_TRIES = 5
# Parts of one position sent before the account is looked at again.
_PARTS = 20
# Seconds the last look may take beyond the time that is given: what remains is to be told.
_LAST_LOOK = 20.0
# Things named in one sentence.
_TOLD = 5
# What may still make an order, as long as nobody knows how it ended.
_MAKES_ORDERS = (ChangeKind.PLACE, ChangeKind.REPLACE, ChangeKind.ONCE)


def leave(session: Session, scope: Reach, *, give_up_after: float, yes: bool, dry_run: bool = False) -> Result:
    """Show what is there, ask once, and take it all out; answer what was done and what remains.

    Raises DeclinedError for a profile that is locked, and where it is not confirmed.
    """
    begun = session.clock.monotonic()
    until = begun + give_up_after
    if dry_run:
        return _tried_dry(session, surveyed(session, scope, until=until))
    # Before anything is asked: a lock is a person's word.
    session.allow_change("cancel every order and close every position", yes=True)
    seen = surveyed(session, scope, until=until)
    way_out = _WayOut(session, scope, begun=begun, seconds=give_up_after, yes=yes)
    if seen.is_flat and way_out.are_doubts_settled():
        session.say(f"nothing is open in {scope}: no orders, no positions")
        return Rows([], OUTCOME, OUTCOME_COLUMNS, footer="nothing was open")
    _show(session, seen)
    asked = _confirm(session, yes=yes)
    return way_out.taken(seen, asked=asked)


def _show(session: Session, seen: Survey) -> None:
    counts = [
        changes.counted(len(some), what)
        for some, what in (
            (seen.positions, "position"),
            (seen.orders, "order"),
            (seen.plans, "waiting order"),
        )
        if some
    ]
    if counts:
        session.say(f"{session.env.upper()}: {', '.join(counts)} to cancel, or to close at market:")
    for thing in seen.things:
        session.say(f"  {described(thing)}")
    for one in seen.unread:
        session.say(one.sentence)


def _confirm(session: Session, *, yes: bool) -> bool:
    """Whether a person was asked, and agreed in writing. Raises DeclinedError."""
    if session.env != "live" or yes:
        return False
    if not session.console.is_attended:
        # Who stands in for a terminal is asked; where nobody does, this refuses.
        session.confirm("panic")
        return True
    if session.console.ask_for("Type panic to go ahead: ").lower() != "panic":
        raise DeclinedError("panic was not typed; nothing was sent")
    return True


def _tried_dry(session: Session, seen: Survey) -> Result:
    """The exact requests, in their order. Raises what kept a list from being read, where nothing else is there."""
    _show(session, seen)
    steps = [step for market in seen.markets for step in _planned(session, seen.of(market))]
    if not steps:
        if seen.unread:
            raise seen.unread[0].error
        return Rows([], OUTCOME, OUTCOME_COLUMNS, footer="nothing was open")
    return changes.carry_out_all(session, steps, yes=True, dry_run=True)


def _planned(session: Session, seen: Survey) -> Iterator[Change | Batch]:
    """All steps of one market, in their order, as if each of them went well."""
    spelt = session.adapter
    purposes = _Purposes(session)
    told = [purposes.of(plan) for plan in seen.plans]
    first = [plan for plan in told if may_open(plan, seen)]
    yield from (spelt.plans.cancel(plan) for plan in first)
    for closing in (False, True):
        orders = [order for order in seen.orders if bool(order.closes) is closing]
        if orders:
            yield from spelt.orders.cancel(orders[0].symbol, _names(orders))
    closes = _Closes(session)
    for held in seen.positions:
        yield from (step for step, _ in closes.of(held))
    yield from (spelt.plans.cancel(plan) for plan in told if plan not in first)


class _Purposes:
    """What the journal knows of waiting orders that do not tell whether they only close; each is looked for once."""

    def __init__(self, session: Session) -> None:
        self._lookup = lookup(session)
        self._known: dict[str, bool | None] = {}

    def of(self, plan: Plan) -> Plan:
        if plan.closes is not None or plan.type.is_exit:
            return plan
        if plan.order_id not in self._known:
            self._known[plan.order_id] = self._lookup.with_its_purpose(plan).closes
        return plan._replace(closes=self._known[plan.order_id])


class _Closes:
    """How positions are closed: by the call that closes all of one, after parts where that is more than one order."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._at = changes.desk(session)
        self._most: dict[str, Decimal] = {}

    def of(self, held: Position) -> Iterator[tuple[Change, Decimal]]:
        """The requests with their sizes. Of a very large position the last ones are left for the next look."""
        parts = self._parts(held)
        yield from parts[:_PARTS]
        left = EXACT.subtract(held.size, sum((size for _, size in parts), Decimal(0)))
        if len(parts) <= _PARTS:
            yield positions.whole(self._session, held), left

    def refused(self, held: Position, size: Decimal) -> None:
        """So much was refused at once: half of it is tried next, unless it would take very many."""
        half = EXACT.divide(size, Decimal(2))
        with suppress(BitgetError):
            half = rounded_down(half, self._at.instrument(held.symbol).step)
        if half and held.size <= half * _PARTS:
            self._most[key_of(held)] = half

    def _parts(self, held: Position) -> list[tuple[Change, Decimal]]:
        """Orders that each close as much as one order may, all but the last; none where nobody knows how much that is,
        or where the account takes no size of ours."""
        try:
            most = self._most_of(held)
            if most is None:
                return []
            terms = positions.terms_of(self._at, held)
            count = min(int(EXACT.divide_int(held.size, most)), _PARTS + 1)
            count -= count * most == held.size
            part = positions.reducing(held, most)
            return [(self._session.adapter.orders.place(part, terms), most) for _ in range(count)]
        except BitgetError:
            return []

    def _most_of(self, held: Position) -> Decimal | None:
        instrument = self._at.instrument(held.symbol)
        bounds = [bound for bound in (self._most.get(key_of(held)), instrument.largest_at_market) if bound]
        most = min(bounds, default=None)
        return most if most and instrument.smallest <= most < held.size else None


class _Trouble(NamedTuple):
    """Why something is still there: how often it was refused, with which words, and whether the last end is known."""

    refusals: int = 0
    why: str = ""
    in_doubt: bool = False


class _WayOut:
    """Takes everything out, look after look, until nothing is there or the time is over."""

    def __init__(self, session: Session, scope: Reach, *, begun: float, seconds: float, yes: bool) -> None:
        self._session, self._scope, self._yes = session, scope, yes
        self._clock = session.clock
        self._seconds, self._end = seconds, begun + seconds
        self._told: set[str] = set()
        self._execution = session.execution_with(patience=_PATIENCE, tell=self._tell_once)
        self._purposes, self._closes = _Purposes(session), _Closes(session)
        self._done: list[tuple[Outcome, Symbol | None]] = []
        self._troubles: dict[str, _Trouble] = {}
        self._unread: dict[str, int] = {}
        self._left: dict[str, str] = {}
        self._seen: Survey | None = None
        # Whether something was sent since the account was seen to hold nothing.
        self._is_fresh = False
        self._quiet_rounds = 0
        self._sent_well = 0

    def taken(self, seen: Survey, *, asked: bool) -> Rows:
        """What was done, and the failure it comes to. `seen` is what the account showed before; the time that a person
        took who was `asked` meanwhile is none of ours."""
        failure: BitgetError | None
        self._seen = seen
        self._told |= {one.sentence for one in seen.unread}
        if asked:
            self._end = self._clock.monotonic() + self._seconds
        try:
            failure = self._failure(self._until_over(None if asked or seen.is_flat else seen))
        except (KeyboardInterrupt, UnknownError):
            self._tell("stopped; as far as is known this is still there:", self._left.values())
            self._say(self._next)
            raise
        except ConfigError as unwritten:
            self._tell_by_hand()
            failure = unwritten
        except BitgetError as broken:
            self._tell("as far as is known this is still there:", self._left.values())
            failure = broken
        rows = [changes.row_of(self._session, self._as_known(one), symbol=symbol) for one, symbol in self._done]
        footer = "nothing is open any more" if failure is None else "not everything is closed"
        if failure is None:
            self._say(f"nothing is open any more in {self._scope}")
            self._say(f"to keep programs from trading: bitget profile lock {self._session.profile.name}")
        return Rows(rows, OUTCOME, OUTCOME_COLUMNS, footer=footer, failure=failure)

    # Look after look.

    def _until_over(self, seen: Survey | None) -> Survey:
        while True:
            seen = self._noted(seen or self._surveyed())
            if self._is_over(seen):
                return seen
            before = self._sent_well
            for market in seen.markets:
                self._try_to_clear(market, seen.of(market))
            self._pause(is_better=self._sent_well > before)
            seen = None

    def _surveyed(self) -> Survey:
        until = max(self._end, self._clock.monotonic()) + _LAST_LOOK
        self._seen = surveyed(self._session, self._scope, until=until, before=self._seen)
        return self._seen

    def _noted(self, seen: Survey) -> Survey:
        """The same, with all that is known of it; and what is there, in case nobody gets any further."""
        seen = seen._replace(plans=tuple(map(self._purposes.of, seen.plans)))
        self._left = {key_of(thing): described(thing) for thing in seen.things}
        unread = {one.what: one.error for one in seen.unread}
        self._unread = {what: self._unread.get(what, 0) + _is_refusal(error) for what, error in unread.items()}
        for one in seen.unread:
            self._tell_once(one.sentence)
        return seen

    def _is_over(self, seen: Survey) -> bool:
        if self._is_late:
            return True
        if seen.is_flat:
            if self._is_fresh:  # lists lag, so that a second look has to show the same
                self._is_fresh = False
                return False
            return self.are_doubts_settled()
        can_read_more = any(refusals < _TRIES for refusals in self._unread.values())
        return not (can_read_more or any(self._may_still_go(thing, seen) for thing in seen.things))

    def _may_still_go(self, thing: Position | Order | Plan, seen: Survey) -> bool:
        """Not what was refused for good, and not the stop of a position that was."""
        if self._is_given_up(key_of(thing)):
            return False
        guarded = [
            held for held in seen.of(thing.symbol).positions if isinstance(thing, Plan) and may_guard(thing, [held])
        ]
        return not any(self._is_given_up(key_of(held)) for held in guarded)

    def _pause(self, *, is_better: bool) -> None:
        self._quiet_rounds = 0 if is_better else self._quiet_rounds + 1
        longer = _LONGER[min(self._quiet_rounds, len(_LONGER)) - 1] if self._quiet_rounds else _SHORT
        self._clock.sleep(max(0.0, min(longer, self._end - self._clock.monotonic())))

    @property
    def _is_late(self) -> bool:
        return self._clock.monotonic() >= self._end

    # One market.

    def _try_to_clear(self, market: Symbol, seen: Survey) -> None:
        """One market that fails keeps nobody from the others."""
        try:
            self._clear(market, seen)
        except (ConfigError, UnknownError):
            # The last is a signal's, whose change was not seen off in time.
            raise
        except BitgetError as failure:
            self._say(f"{name_of(market)}: {failure.message}")

    def _clear(self, market: Symbol, seen: Survey) -> None:
        """What can open something goes first, and what waits before the orders it would place; then what rests to
        close, then the positions, then their stops."""
        first = [plan for plan in seen.plans if may_open(plan, seen)]
        last = [plan for plan in seen.plans if plan not in first]
        closes, opens = ([order for order in seen.orders if bool(order.closes) is closing] for closing in (True, False))
        well = [*map(self._cancel_plan, first), self._cancel(market, opens), self._cancel(market, closes)]
        well += [self._close(held) for held in seen.positions]
        if last and all(well) and not self._is_late:
            self._cancel_last(market, last)

    def _cancel(self, market: Symbol, orders: Sequence[Order]) -> bool:
        """Whether all of them are gone."""
        those = [order for order in orders if not self._is_given_up(key_of(order))]
        keys = iter([key_of(order) for order in those])
        steps = self._session.adapter.orders.cancel(market, _names(those)) if those else []
        # A list: each is sent, whatever the one before came to.
        sent = [self._send(step, [key for _, key in zip(_single(step), keys, strict=False)], market) for step in steps]
        return all(sent) and len(those) == len(orders)

    def _cancel_plan(self, plan: Plan) -> bool:
        if self._is_given_up(key_of(plan)):
            return False
        return self._send(self._session.adapter.plans.cancel(plan), [key_of(plan)], plan.symbol)

    def _close(self, held: Position) -> bool:
        key = key_of(held)
        if self._is_given_up(key):
            return False
        for step, size in self._closes.of(held):
            refusals = self._troubles.get(key, _Trouble()).refusals
            if not self._send(step, [key], held.symbol):
                if self._troubles.get(key, _Trouble()).refusals > refusals:
                    self._closes.refused(held, size)
                return False
        return True

    def _cancel_last(self, market: Symbol, plans: Sequence[Plan]) -> None:
        """Those that cannot be the stop of anything that still stands; where that cannot be read, none of them."""
        try:
            held = [] if market.product.is_spot else self._read_back(market)
            self._need_time()
            there = {plan.order_id for plan in self._session.adapter.open_plans(market.product, market)}
        except BitgetError as failure:
            self._say(f"{market.name} could not be read back, so its stops stay for now: {failure.message}")
            return
        for plan in plans:
            if plan.order_id not in there:
                self._left.pop(key_of(plan), None)
            elif not may_guard(plan, held):
                self._cancel_plan(plan)

    def _read_back(self, market: Symbol) -> list[Position]:
        """The positions of a market, once those that were closed had time to go."""
        held: list[Position] = []
        for pause in _GONE_BY:
            self._clock.sleep(pause)
            self._need_time()
            held = [one for one in self._session.adapter.positions(market.product) if one.symbol == market]
            if not held:
                break
        return held

    def _need_time(self) -> None:
        """Each question may wait for its answer for as long as --timeout says."""
        if self._is_late:
            raise NetworkError("there was no time left to ask")

    # One request.

    def _send(self, step: Change | Batch, keys: Sequence[str], market: Symbol) -> bool:
        """Whether it went well; what it came to is told and kept."""
        if self._is_late:
            return False
        self._is_fresh = True
        try:
            ended = self._carried_out(step)
        except (ConfigError, UnknownError):
            raise
        except BitgetError as failure:
            for key in keys:
                self._note_failure(key, failure)
            self._say(f"{' and '.join(one.what for one in _single(step))}: not sent: {failure.message}")
            return False
        for key, outcome, change in zip(keys, ended, _single(step), strict=True):
            self._note(key, with_closing_orders(outcome, change), market)
        return not any(outcome.error for outcome in ended)

    def _carried_out(self, step: Change | Batch) -> list[Outcome]:
        if isinstance(step, Batch):
            return self._execution.carry_out_batch(step, unattended=self._yes)
        return [self._execution.attempt(step, unattended=self._yes)]

    def _note(self, key: str, outcome: Outcome, market: Symbol) -> None:
        self._done.append((outcome, market))
        if outcome.error:
            self._say(outcome.failure_line)
            self._note_failure(key, outcome.error)
            return
        self._say(f"{outcome.what}: {outcome.outcome.value}")
        self._sent_well += 1
        self._troubles.pop(key, None)
        self._left.pop(key, None)

    def _note_failure(self, key: str, failure: BitgetError) -> None:
        before = self._troubles.get(key, _Trouble())
        in_doubt = isinstance(failure, UnknownError)
        self._troubles[key] = _Trouble(before.refusals + _is_refusal(failure), failure.message, in_doubt)

    def _is_given_up(self, key: str) -> bool:
        return self._troubles.get(key, _Trouble()).refusals >= _TRIES

    # What nobody knows.

    def are_doubts_settled(self) -> bool:
        """Whether no order can still come of what was sent before, here or by an earlier command."""
        if not self._execution.unsettled():
            return True
        for outcome in self._execution.reconcile():
            if outcome.outcome is not OutcomeKind.UNKNOWN:
                self._say(f"{outcome.what}: {outcome.outcome.value}, as was found out now")
            self._is_fresh |= outcome.outcome is OutcomeKind.PLACED
        return not (self._is_fresh or self._may_still_come())

    def _as_known(self, outcome: Outcome) -> Outcome:
        """What the journal knows by now of one whose end was unknown."""
        if outcome.outcome is not OutcomeKind.UNKNOWN or outcome.client_oid is None:
            return outcome
        with suppress(ConfigError):
            entry = self._session.journal.find(outcome.client_oid)
            if entry and not entry.state.is_open:
                return as_recorded(entry, profile=self._session.named_profile)
        return outcome

    def _may_still_come(self) -> list[Entry]:
        """Orders of unknown outcome that may open something here."""
        market_of = lookup(self._session).market_of
        return [
            entry
            for entry in self._execution.unsettled()
            if ChangeKind(entry.kind) in _MAKES_ORDERS
            and not _only_closes(entry)
            and ((market := market_of(entry.client_oid)) is None or self._scope.has(market))
        ]

    # How it ended.

    def _failure(self, seen: Survey) -> BitgetError | None:
        left = [self._with_reason(thing) for thing in seen.things]
        unread = [f"{one.what} ({one.error.message})" for one in seen.unread]
        coming = [f"{entry.what} (client id {entry.client_oid})" for entry in self._may_still_come()]
        if not (left or unread or coming):
            return None
        self._tell("this is still there:", left)
        told = [
            (left, "still there"),
            (unread, "not known, since it could not be read"),
            (coming, "of unknown outcome, so that it may still come"),
        ]
        sentence = "; ".join(f"{_several(some)}: {word}" for some, word in told if some)
        in_doubt = any(self._troubles.get(key_of(thing), _Trouble()).in_doubt for thing in seen.things)
        option = profile_option(self._session.named_profile)
        hint = f"bitget order reconcile{option}; then {self._next}" if coming else self._next
        if unread or coming or in_doubt:
            return UnknownError(sentence, hint=hint, outcome="unknown")
        return PartialError(sentence, hint=hint, outcome="rejected")

    @property
    def _next(self) -> str:
        return f"bitget panic{profile_option(self._session.named_profile)} goes on from here"

    def _with_reason(self, thing: Position | Order | Plan) -> str:
        why = self._troubles.get(key_of(thing), _Trouble()).why
        return f"{described(thing)}{f' ({why})' if why else ''}"

    def _tell(self, heading: str, lines: Iterable[str]) -> None:
        for number, line in enumerate(lines):
            if not number:
                self._say(heading)
            self._say(f"  {line}")

    def _tell_by_hand(self) -> None:
        """The journal cannot be written: the calls by themselves, for a person to type."""
        with suppress(BitgetError):
            lines = _by_hand(self._session, self._surveyed())
            self._tell("no journal can be written; without one, type these, one after another:", lines)

    def _tell_once(self, line: str) -> None:
        if line not in self._told:
            self._told.add(line)
            self._say(line)

    def _say(self, line: str) -> None:
        """With stderr gone nobody can be told, and what was begun goes on."""
        with suppress(OSError, ValueError):
            self._session.say(line)


def _by_hand(session: Session, seen: Survey) -> Iterator[str]:
    spelt = session.adapter
    for market in seen.markets:
        here = seen.of(market)
        steps = [spelt.orders.cancel_market(market)] if here.orders else []
        steps += [spelt.plans.cancel(plan) for plan in here.plans if may_open(plan, here)]
        steps += [positions.whole(session, held) for held in here.positions]
        lines = [fallback_command(step, profile=session.named_profile) for step in steps]
        yield from (line.partition("without a journal: ")[2] for line in lines if line)


def _is_refusal(failure: BitgetError) -> bool:
    """Whether the answer will be the same next time, for all anyone knows; another pace may do, and another moment, and
    the words of the kind of account that it has become."""
    if failure.code in OTHER_KIND:
        return False
    return isinstance(failure, RejectedError | CredentialsError | UsageError | DeclinedError) and not isinstance(
        failure, RateLimitedError
    )


def _only_closes(entry: Entry) -> bool:
    with suppress(ValueError):
        return adapters.of(entry.row).only_closes(find(entry.row), json.loads(entry.body))
    return False


def _single(step: Change | Batch) -> tuple[Change, ...]:
    return step.items if isinstance(step, Batch) else (step,)


def _names(orders: Sequence[Order]) -> list[OrderName]:
    return [OrderName(order.order_id, order.client_order_id) for order in orders]


def _several(things: Sequence[str]) -> str:
    more = f" and {len(things) - _TOLD} more" if len(things) > _TOLD else ""
    return f"{', '.join(things[:_TOLD])}{more}"
