"""Alerts carried out: each is judged, written down, and then placed once, one after another.

Whoever knows the address can send anything. Nothing of it is acted on before its secret was right, and nothing is
sent to the exchange for an alert that is not in the record of alerts, from which it is known again after a crash.
"""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, InvalidStateError
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from typing import NamedTuple

from bitget_cli import files
from bitget_cli.alert_log import AlertEntry, AlertLog, AlertState, NewAlert
from bitget_cli.application.alerts.alert_orders import AlertTerms, carried_out, check_guards, check_time, is_secret
from bitget_cli.application.alerts.alerts import LARGEST, SECRET, Alert, meant
from bitget_cli.errors import BitgetError, DeclinedError, UsageError
from bitget_cli.journal import Entry, EntryState
from bitget_cli.results import Done, Result, Rows
from bitget_cli.session import Session
from bitget_cli.values import milliseconds

# Whose changes they are, in the journal; no worker is called so.
SENDER = "@webhook"
# Refusals written down in a minute: of senders without the secret, and of those who know it.
_NOISE, _SLIPS = 10, 60
_MINUTE = 60.0
# Seconds between looks at what is in doubt, while nothing comes in, and those that the end waits for what is under way.
_LOOKS, _ENDING = 30.0, 30.0
_LONGEST = 500  # characters of a reason


class Reply(NamedTuple):
    """What a sender is answered: an HTTP status, and a few words as JSON."""

    status: int
    words: Mapping[str, str | None]


# Of whoever does not know the secret nothing is kept but why.
_NOBODY = NewAlert("an alert without the secret")


class _Refused(Exception):  # noqa: N818  # an answer, not an error
    def __init__(self, status: int, alert: NewAlert, why: str) -> None:
        super().__init__(why)
        self.alert, self.why = alert, why
        self.reply = Reply(status, {"outcome": "refused", "id": alert.name, "why": why})


class _Quota:
    """So many a minute."""

    def __init__(self, most: int, monotonic: Callable[[], float]) -> None:
        self._most, self._monotonic = most, monotonic
        self._lately: deque[float] = deque()
        # Those left out since one was taken.
        self.missed = 0

    def takes(self) -> bool:
        """Count one; False for one too many."""
        now = self._monotonic()
        while self._lately and now - self._lately[0] >= _MINUTE:
            self._lately.popleft()
        if len(self._lately) >= self._most:
            self.missed += 1
            return False
        self._lately.append(now)
        return True


class _Job(NamedTuple):
    entry: AlertEntry
    alert: Alert
    reply: Future[Reply]


class _Ended(NamedTuple):
    """How an alert ended, as far as that is known."""

    outcome: AlertState
    why: str | None = None
    told: str | None = None
    order_id: str | None = None
    client_oid: str | None = None


class Webhook:
    """Takes alerts from any thread, and carries them out in one of its own, on a session of its own.

    `heard` is told what became of each.
    """

    def __init__(
        self,
        session: Session,
        log: AlertLog,
        terms: AlertTerms,
        *,
        heard: Callable[[AlertEntry], None] = lambda _: None,
    ) -> None:
        """Raises CredentialsError without a secret, ConfigError where the record cannot be trusted."""
        self._session = session
        self._log = log
        self._terms = terms
        self._heard = heard
        monotonic = session.clock.monotonic
        self._rate = _Quota(terms.per_minute, monotonic)
        self._noise, self._slips = _Quota(_NOISE, monotonic), _Quota(_SLIPS, monotonic)
        self._jobs: Queue[_Job | None] = Queue()
        self._is_ending = False
        self._in_doubt = False
        # Opened here, in one thread.
        _ = session.webhook_secret, session.client, session.execution, session.adapter
        self._recover()
        self._thread = Thread(target=self._run, name="alerts", daemon=True)
        self._thread.start()

    def take(self, body: bytes) -> Future[Reply]:
        """The answer to a body: known at once, or once what it asks for stands in the journal or came to nothing."""
        reply: Future[Reply] = Future()
        try:
            entry, alert = self._admitted(body)
            self._jobs.put(_Job(entry, alert, reply))
        except _Refused as refusal:
            reply.set_result(refusal.reply)
        except Exception as failure:  # nothing was begun, so that it may come again
            self._session.say(f"warning: an alert was not taken: {self._sentence(failure)}")
            reply.set_result(Reply(500, {"outcome": "not_placed", "why": self._sentence(failure)}))
        return reply

    def close(self) -> None:
        """End, once what is under way is done. What was not begun can come again."""
        self._is_ending = True
        self._jobs.put(None)
        self._thread.join(_ENDING)

    # Judging, in whichever thread.

    def _admitted(self, body: bytes) -> tuple[AlertEntry, Alert]:
        """The alert, written down as one to be carried out. Raises _Refused for one that was noted as refused."""
        try:
            return self._judged(body)
        except _Refused as refusal:
            self._note(refusal)
            raise

    def _judged(self, body: bytes) -> tuple[AlertEntry, Alert]:
        alert = self._known_sender(body)
        new = NewAlert(
            self._clean(alert.what),
            alert.id and self._clean(alert.id),
            alert.market and alert.market.symbol.name,
            alert.tag and self._clean(alert.tag),
        )
        try:
            self._terms.check(alert)
            check_time(self._session, alert.time)
        except BitgetError as failure:
            status = 403 if isinstance(failure, DeclinedError) else 422
            raise _Refused(status, new, self._sentence(failure)) from None
        key = _key(alert, body)
        known = self._log.find(key)
        if known is not None and known.outcome is not AlertState.INTERRUPTED:
            raise _Refused(409, new, _seen(known))
        if self._is_ending:
            raise _Refused(503, new, "the webhook is ending")
        if not self._rate.takes():
            raise _Refused(429, new, f"more than {self._terms.per_minute} a minute")
        entry, is_new = self._log.accept(key, new, now=self._now())
        if not is_new:
            raise _Refused(409, new, _seen(entry))
        return entry, alert

    def _known_sender(self, body: bytes) -> Alert:
        """What is meant, by somebody who knows the secret. Raises _Refused."""
        if len(body) > LARGEST:
            raise _Refused(413, _NOBODY, f"the alert has {len(body)} bytes, more than {LARGEST}")
        try:
            given = self._terms.map.read(body)
        except UsageError as failure:
            raise _Refused(400, _NOBODY, self._session.redact_alert(_sentence(failure))[:_LONGEST]) from None
        told = given.words.pop(SECRET, None)
        if not is_secret(self._session, told):
            raise _Refused(403, _NOBODY, "the secret is wrong, or not in the alert")
        try:
            return meant(given, default=self._session.profile.product)
        except UsageError as failure:
            raise _Refused(
                422, NewAlert("an alert that cannot be read"), self._session.redact_alert(_sentence(failure))[:_LONGEST]
            ) from None

    def _note(self, refusal: _Refused) -> None:
        """A row in the record: so many a minute alone, since whoever knows the address can be refused for nothing."""
        quota = self._noise if refusal.alert is _NOBODY else self._slips
        if not quota.takes():
            return
        missed, quota.missed = quota.missed, 0
        why = f"{refusal.why} (and {missed} more were refused before it)" if missed else refusal.why
        self._log.refuse(refusal.alert, why=why, now=self._now())
        self._session.say(f"refused: {refusal.alert.what}: {why}")

    # Carrying out, in the thread for it.

    def _run(self) -> None:
        if self._in_doubt:
            self._look_again()
        while True:
            try:
                job = self._jobs.get(timeout=_LOOKS if self._in_doubt else None)
            except Empty:
                self._look_again()
                continue
            if job is None:
                return
            try:
                self._carry_out(job)
            except Exception as failure:  # the next alert must not suffer from it
                why = self._sentence(failure)
                self._answer(job.reply, Reply(500, {"outcome": "unknown", "id": job.entry.name, "why": why}))
                self._session.say(f"warning: {job.entry.what}: {why}")

    def _carry_out(self, job: _Job) -> None:
        journal = self._session.journal
        journal.heard = partial(self._journalled, job)
        try:
            ended = self._ended(job)
        finally:
            journal.heard = None
        entry = self._settle(job.entry, ended)
        self._in_doubt = self._in_doubt or ended.outcome is AlertState.UNKNOWN
        status = {AlertState.INTERRUPTED: 503, AlertState.REFUSED: 422, AlertState.REJECTED: 422}
        words = {"outcome": ended.outcome.value, "id": entry.name, "why": entry.why, "order_id": entry.order_id}
        self._answer(job.reply, Reply(status.get(ended.outcome, 200), words))

    def _ended(self, job: _Job) -> _Ended:
        """Place it, and tell what is known of it then."""
        if self._is_ending:
            return _Ended(AlertState.INTERRUPTED, "the webhook ended before it was begun; nothing was sent")
        session, after = self._session, self._session.journal.last()
        try:
            check_time(session, job.alert.time)
            self._log.begin(job.entry.number, after=after)
            check_guards(session)
            result = carried_out(session, job.alert)
        except BitgetError as failure:
            outcome = AlertState(failure.outcome) if failure.outcome in tuple(AlertState) else AlertState.REFUSED
            ended = _Ended(outcome, self._sentence(failure))
        except Exception as defect:  # what it came to is known from the journal
            ended = _Ended(AlertState.REFUSED, self._sentence(defect))
        else:
            ended = self._of_result(result)
        return self._with_journal(ended, self._entries(after))

    def _of_result(self, result: Result) -> _Ended:
        if isinstance(result, Done):
            ids = " ".join(result.order_ids) or result.order_id
            return _Ended(AlertState(result.outcome), told="; ".join(result.told) or None, order_id=ids)
        failure = result.failure if isinstance(result, Rows) else None
        return _Ended(AlertState.DONE, self._sentence(failure) if failure else None)

    def _with_journal(self, ended: _Ended, entries: Sequence[Entry]) -> _Ended:
        """What the journal says of it stands above anything else."""
        if not entries:
            return ended
        return ended._replace(
            outcome=_summed_up(entries),
            # The journal keeps none of what closed a position.
            order_id=" ".join(entry.order_id for entry in entries if entry.order_id) or ended.order_id,
            client_oid=" ".join(entry.client_oid for entry in entries),
        )

    def _entries(self, after: int) -> list[Entry]:
        """What was written down for the alert under way, or the last one there was."""
        found = self._session.journal.entries(worker=SENDER, limit=200)
        return [entry for entry in reversed(found) if entry.number > after]

    def _settle(self, entry: AlertEntry, ended: _Ended) -> AlertEntry:
        settled = self._log.settle(entry.number, now=self._now(), **ended._asdict())
        self._session.say(f"{entry.what}: {_line(settled)}")
        self._heard(settled)
        return settled

    def _journalled(self, job: _Job, entries: tuple[Entry, ...]) -> None:
        """It stands in the journal, so that it will be known: the sender need not wait for more."""
        words = {"outcome": "accepted", "id": job.entry.name, "client_oid": entries[0].client_oid}
        self._answer(job.reply, Reply(200, words))

    def _answer(self, reply: Future[Reply], answer: Reply) -> None:
        # Whoever waited may have gone.
        if not reply.done():
            with suppress(InvalidStateError):
                reply.set_result(answer)

    # What an earlier run left.

    def _recover(self) -> None:
        """Alerts that were accepted: what was not begun was not sent; of the others the journal knows."""
        for entry in self._log.without_end():
            entries = [] if entry.after is None else self._entries(entry.after)
            if entry.outcome is AlertState.UNKNOWN:
                self._in_doubt = True
            elif entry.outcome is AlertState.ACCEPTED or not entries:
                why = "the program ended before the order was written down; nothing was sent"
                self._settle(entry, _Ended(AlertState.INTERRUPTED, why))
            else:
                ended = _Ended(AlertState.UNKNOWN, "the program ended before its outcome was known")
                self._settle(entry, self._with_journal(ended, entries))
                self._in_doubt = True

    def _look_again(self) -> None:
        """Find out what became of alerts in doubt."""
        self._in_doubt = False
        for entry in self._log.without_end():
            if entry.outcome is not AlertState.UNKNOWN or not entry.client_oid:
                continue
            found = [self._reconciled(oid) for oid in entry.client_oid.split()]
            ended = self._with_journal(_Ended(entry.outcome, entry.why), [one for one in found if one])
            if ended.outcome is AlertState.UNKNOWN:
                self._in_doubt = True
            else:
                self._settle(entry, ended)

    def _reconciled(self, client_oid: str) -> Entry | None:
        entry = self._session.journal.find(client_oid)
        if entry and entry.state.is_open:
            with suppress(BitgetError):
                self._session.execution.reconcile(client_oid)
            entry = self._session.journal.find(client_oid)
        return entry

    # Words.

    def _now(self) -> int:
        return milliseconds(self._session.clock.now())

    def _clean(self, text: str) -> str:
        return self._session.redact(text)[:_LONGEST]

    def _sentence(self, failure: BaseException) -> str:
        return self._clean(_sentence(failure))


def _sentence(failure: BaseException) -> str:
    """A failure in a line; of a defect its name alone, since its message may hold anything."""
    if not isinstance(failure, BitgetError):
        return f"this is a defect of bitget: {type(failure).__name__}"
    return f"{failure.message}; {failure.hint}" if failure.hint else failure.message


_STATES = {state: AlertState(state.value) for state in EntryState if not state.is_open}


def _summed_up(entries: Sequence[Entry]) -> AlertState:
    """What changes came to together: unknown as long as one of them is."""
    states = {_STATES.get(entry.state, AlertState.UNKNOWN) for entry in entries}
    if len(states) == 1:
        return states.pop()
    return AlertState.UNKNOWN if AlertState.UNKNOWN in states else AlertState.DONE


def _key(alert: Alert, body: bytes) -> str:
    """What it is known again by."""
    return hashlib.sha256(b"id " + alert.id.encode() if alert.id else b"body " + body).hexdigest()


def _seen(entry: AlertEntry) -> str:
    which = f"id {entry.name}" if entry.name else "this body"
    return f"{which} was seen before: {_line(entry)}"


def _line(entry: AlertEntry) -> str:
    ids = f" {entry.order_id}" if entry.order_id else ""
    said = entry.told or entry.why
    return f"{entry.outcome}{ids}{f': {said}' if said else ''}"


def log_of(session: Session) -> Path:
    """Where the alerts of a profile are recorded."""
    return session.context.state_folder / "webhook" / f"{session.profile.name}-{session.env}.sqlite3"


@contextmanager
def serving(session: Session, terms: AlertTerms, *, heard: Callable[[AlertEntry], None]) -> Iterator[Webhook]:
    """Alerts for the profile in force taken until the end. Raises DeclinedError where another process takes them."""
    path = log_of(session)
    busy = DeclinedError(f"a webhook of profile {session.profile.name} is running already")
    with (
        files.locked(path.with_name(f"{path.name}.running"), patience=0, busy=busy),
        session.of_worker(SENDER, paced=True, holds_far=True) as own,
    ):
        log = AlertLog(path)
        webhook = Webhook(own, log, terms, heard=heard)
        try:
            yield webhook
        finally:
            webhook.close()
            log.close()


def logged(session: Session, *, since: int | None, until: int | None, limit: int | None) -> list[AlertEntry]:
    """Alerts of the profile in force, the newest first; of one in doubt what the journal knows by now."""
    log = AlertLog(log_of(session))
    try:
        return [_as_known(session, entry) for entry in log.entries(since=since, until=until, limit=limit)]
    finally:
        log.close()


def _as_known(session: Session, entry: AlertEntry) -> AlertEntry:
    if entry.outcome is not AlertState.UNKNOWN or not entry.client_oid:
        return entry
    found = [one for oid in entry.client_oid.split() if (one := session.journal.find(oid))]
    return entry._replace(outcome=_summed_up(found)) if found else entry


def fields(entry: AlertEntry, *, profile: str) -> dict[str, str]:
    """An outcome as a command of the person's finds it in its environment."""
    told = {
        "PROFILE": profile,
        "NUMBER": entry.number,
        "TIME": entry.received_at,
        "ID": entry.name,
        "WHAT": entry.what,
        "SYMBOL": entry.symbol,
        "TAG": entry.tag,
        "OUTCOME": entry.outcome,
        "ORDER_ID": entry.order_id,
        "CLIENT_OID": entry.client_oid,
        "WHY": entry.why,
        "TOLD": entry.told,
    }
    # The system takes no text with a NUL in it.
    return {f"BITGET_ALERT_{name}": str(value or "").replace("\0", "") for name, value in told.items()}
