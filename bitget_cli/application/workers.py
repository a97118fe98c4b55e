"""Workers: a file of a person's own with `setup(ctx)` and `tick(ctx)`, what it keeps, and what it was seen to do.

What a tick sets is kept when it ends, together with the count of ticks. One that was killed is run again, from the
state it began with; the orders it had placed have client ids that follow from that count, are found in the journal by
them, and are not placed again.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import sys
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from threading import Lock
from types import ModuleType
from typing import Any, NamedTuple, NoReturn

from bitget_cli import files
from bitget_cli.application.orders import orders
from bitget_cli.application.orders.orders import OrderInput
from bitget_cli.errors import ConfigError, DeclinedError, UsageError
from bitget_cli.journal import EntryState
from bitget_cli.results import Done, Result
from bitget_cli.runtime import Ending
from bitget_cli.session import Session
from bitget_cli.trading.model import Direction
from bitget_cli.values import Symbol, milliseconds

_NAME = re.compile(r"[0-9A-Za-z_-]{1,32}", re.ASCII)
_VERSION = 1
_LARGEST_STATE = 64 * 1024 * 1024
# Bytes after which a log begins anew; the one before is kept.
_LARGEST_LOG = 8 * 1024 * 1024

Row = dict[str, Any]


def name_of(path: Path, name: str | None) -> str:
    """The worker's name: the one given, or the file's. Raises UsageError for one that is no word."""
    found = name or path.stem
    if not _NAME.fullmatch(found):
        raise UsageError(f"worker name {found!r} is not 1 to 32 letters, digits, - and _", hint="give one with --name")
    return found


def folder_of(session: Session) -> Path:
    """Where the workers of a profile keep what is theirs."""
    return session.context.state_folder / "workers" / f"{session.profile.name}-{session.env}"


class WorkerState:
    """`ctx.state`: JSON on disk. What a tick sets is written when it ends, all of it or, after a kill, nothing.

    The file holds the worker's identity too: how many ticks that ordered something have come to their end, and whether
    `setup` has.
    """

    def __init__(self, path: Path) -> None:
        """Raises ConfigError for a file that is no state of this program's."""
        self.path = path
        content = files.read(path, limit=_LARGEST_STATE)
        kept = _kept(path, content) if content is not None else {}
        self.identity: str = kept.get("identity") or os.urandom(16).hex()
        self.ticks: int = kept.get("ticks", 0)
        self.is_set_up: bool = kept.get("is_set_up", False)
        # As text, so that what was read can be changed and is not kept until it is set.
        self._values: dict[str, str] = {key: json.dumps(value) for key, value in kept.get("values", {}).items()}
        self._is_kept = content is not None
        self.keep()

    def get(self, key: str, default: Any = None) -> Any:
        """What was set under the key last, also by an earlier run; `default` where nothing was."""
        return json.loads(self._values[key]) if key in self._values else default

    def set(self, key: str, value: Any) -> None:
        """Set a value that JSON can hold. Raises TypeError or ValueError for any other."""
        if not isinstance(key, str):
            raise TypeError(f"the key {key!r} is no text")
        text = json.dumps(value, allow_nan=False)
        if self._values.get(key) != text:
            self._values[key] = text
            self._is_kept = False

    def end(self, *, ordered: bool) -> None:
        """A tick, or the setup, is over: what was set is kept, and what was `ordered` done with."""
        self._is_kept = self._is_kept and not ordered
        self.ticks += ordered
        self.keep()

    def keep(self) -> None:
        """Write it down in one step, if there is anything new. Raises ConfigError."""
        if self._is_kept:
            return
        whole = {
            "version": _VERSION,
            "identity": self.identity,
            "ticks": self.ticks,
            "is_set_up": self.is_set_up,
            "values": {key: json.loads(text) for key, text in self._values.items()},
        }
        files.write(self.path, json.dumps(whole).encode())
        self._is_kept = True


def _kept(path: Path, content: bytes) -> dict[str, Any]:
    try:
        kept = json.loads(content)
    except (ValueError, RecursionError):
        kept = None
    hint = f"put it out of the way, or begin anew with --reset: {path}"
    if not isinstance(kept, dict) or not isinstance(kept.get("values"), dict):
        raise ConfigError(f"the state {path} is damaged", hint=hint)
    if kept.get("version") != _VERSION:
        raise ConfigError(f"the state {path} was written by a newer version of this program", hint=hint)
    return kept


class WorkerLog:
    """`ctx.log`: lines for the person, kept on disk and handed to whoever shows them."""

    def __init__(self, path: Path, *, now: Callable[[], datetime], clean: Callable[[str], str]) -> None:
        self._path = path
        self._now = now
        self._clean = clean
        self.fresh: list[Row] = []

    def debug(self, message: object, *args: object) -> None:
        self._add("debug", message, args)

    def info(self, message: object, *args: object) -> None:
        self._add("info", message, args)

    def warning(self, message: object, *args: object) -> None:
        self._add("warning", message, args)

    def error(self, message: object, *args: object) -> None:
        self._add("error", message, args)

    def _add(self, level: str, message: object, args: tuple[object, ...]) -> None:
        text = self._clean(str(message) % args if args else str(message))
        row = {"time": str(milliseconds(self._now())), "level": level, "message": text}
        self.fresh.append(row)
        files.ensure_private_file(self._path)
        line = json.dumps(row).encode() + b"\n"
        # In one piece, and on a line of its own whatever a kill left before it.
        descriptor = os.open(self._path, os.O_RDWR | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC)
        try:
            size = os.fstat(descriptor).st_size
            whole = not size or os.pread(descriptor, 1, size - 1) == b"\n"
            os.write(descriptor, line if whole else b"\n" + line)
        finally:
            os.close(descriptor)
        if size > _LARGEST_LOG:
            os.replace(self._path, before(self._path))


def before(log: Path) -> Path:
    """The log before this one."""
    return log.with_name(f"{log.name}.1")


class Context(NamedTuple):
    """What `setup` and `tick` are handed."""

    bitget: Any
    state: WorkerState
    log: WorkerLog
    session: Session

    @property
    def now(self) -> datetime:
        """The exchange's time, aware UTC: on paper that exchange's own."""
        return self.session.now()


class OrderIds:
    """Client ids of a worker's orders: the same for the same tick, however often it is begun.

    The n-th order of a tick for a market and direction has an id that follows from these and the worker's identity.
    """

    def __init__(self, state: WorkerState) -> None:
        self._state = state
        self._given: Counter[str] = Counter()
        self._turn = Lock()

    def end(self, *, anew: bool = False) -> None:
        """The tick is over, or with `anew` the setup."""
        self._state.end(ordered=anew or bool(self._given))
        self._given.clear()

    def next(self, what: str) -> Iterator[str]:
        """The id, and after it one for each time that an order under the last one came to nothing."""
        with self._turn:
            self._given[what] += 1
            place = f"{self._state.identity} {self._state.ticks} {what} {self._given[what]}"
        for attempt in count():
            yield "w" + hashlib.sha256(f"{place} {attempt}".encode()).hexdigest()[:30]


def trade_once(
    session: Session, ids: OrderIds, market: Symbol, direction: Direction, words: OrderInput, **how: Any
) -> Result:
    """Place the order, unless this tick has placed it already before it was interrupted: then that one is told."""
    for oid in ids.next(f"{market.product} {market.name} {direction} {words.closing}"):
        found = session.journal.find(oid)
        if found is None:
            return orders.trade(session, market, direction, words._replace(client_oid=oid), **how)
        if found.state.is_open:
            for outcome in session.execution.reconcile(oid):
                if outcome.error and outcome.outcome.value == "unknown":
                    raise outcome.error
            found = session.journal.find(oid) or found
        if found.state is EntryState.PLACED:
            session.say(f"{found.what}: placed before the worker was interrupted; it is not placed again")
            return Done("placed", session.env, market.name, found.order_id, oid)
    raise AssertionError("there is always another id")


class Pace(NamedTuple):
    """When ticks come: `every` so often, before `until`; `fast` moves the exchange's clock instead of waiting."""

    every: timedelta
    until: datetime | None = None
    fast: bool = False


def run(path: Path, ctx: Context, ids: OrderIds, pace: Pace) -> Iterator[Row]:
    """Run the worker, and tell what it logs after each tick. Ends at `until`, or by a signal between two ticks.

    Raises UsageError for a file without `tick`, ConfigError for one that fails before its first tick.
    """
    session, path = ctx.session, path.absolute()
    with Ending(session.say) as ending:
        module = _loaded(path)
        tick = getattr(module, "tick", None)
        if not callable(tick):
            raise UsageError(f"{path} has no function tick(ctx)", hint="def tick(ctx): …")
        _settle(session)
        setup = getattr(module, "setup", None)
        if callable(setup) and not ctx.state.is_set_up:
            _set_up(path, setup, ctx, ids, ending)
        yield from _told(ctx.log)
        begun, done = session.clock.monotonic(), 0
        while pace.until is None or ctx.now < pace.until:
            try:
                _tick(path, tick, ctx, ids, ending)
            except SystemExit:
                yield from _told(ctx.log)
                raise
            yield from _told(ctx.log)
            ending.check()
            if pace.fast:
                session.paper.store.advance(pace.every // timedelta(milliseconds=1), wall=session.clock.now())
                continue
            # A tick that took longer than the time between two leaves out those that were due meanwhile.
            passed = session.clock.monotonic() - begun
            done = max(done + 1, int(passed / pace.every.total_seconds()) + 1)
            session.clock.sleep(done * pace.every.total_seconds() - passed)


def _settle(session: Session) -> None:
    """What an earlier run left in doubt is found out before anything is ordered."""
    for entry in session.execution.unsettled():
        if entry.worker == session.worker:
            with suppress(DeclinedError):
                session.execution.reconcile(entry.client_oid)


def _set_up(path: Path, setup: Callable[[Context], object], ctx: Context, ids: OrderIds, ending: Ending) -> None:
    ending.busy = True
    try:
        setup(ctx)
    except ConfigError:
        raise
    except Exception as failure:
        _fail(path, failure, "setup")
    finally:
        ending.busy = False
    ctx.state.is_set_up = True
    ids.end(anew=True)
    ending.check()


def _tick(path: Path, tick: Callable[[Context], object], ctx: Context, ids: OrderIds, ending: Ending) -> None:
    ending.busy = True
    try:
        tick(ctx)
    except Exception as failure:
        ctx.log.error(_last_line(path, failure))
    except SystemExit:  # the worker ends itself, and has done what it did
        ids.end()
        raise
    finally:
        ending.busy = False
    ids.end()


def _told(log: WorkerLog) -> Iterator[Row]:
    while log.fresh:
        yield log.fresh.pop(0)


def _loaded(path: Path) -> ModuleType:
    """The file as a module, with its folder to import from, as Python runs a file."""
    from importlib.util import module_from_spec, spec_from_file_location

    spec = spec_from_file_location(f"worker {path.stem}", path)
    if spec is None or spec.loader is None:
        raise UsageError(f"{path} is no Python file", hint="its name ends in .py")
    module = module_from_spec(spec)
    sys.modules[spec.name] = module
    sys.path.insert(0, str(path.parent))
    try:
        spec.loader.exec_module(module)
    except Exception as failure:
        _fail(path, failure, "the file")
    return module


def _fail(path: Path, failure: Exception, what: str) -> NoReturn:
    raise ConfigError(f"{path.name}: {what} failed: {_last_line(path, failure)}") from failure


def _last_line(path: Path, failure: BaseException) -> str:
    """The last line of the traceback, and where in the worker's own file it was."""
    line = traceback.format_exception_only(failure)[-1].strip()
    # What is no defect of the worker's needs no module in front of its name.
    line = line.removeprefix("bitget_cli.")
    places = [frame.lineno for frame in traceback.extract_tb(failure.__traceback__) if Path(frame.filename) == path]
    own = places or [failure.lineno] if isinstance(failure, SyntaxError) else places
    return f"{line} (line {own[-1]})" if own else line


class LoggedLine(NamedTuple):
    """A line of a worker, or a change it made. `time` in ms."""

    time: int
    worker: str
    level: str
    message: str
    client_oid: str | None = None
    order_id: str | None = None


def logged(session: Session, name: str | None, *, since: int | None, until: int | None) -> list[LoggedLine]:
    """What the workers of this profile logged and ordered, by time. Raises UsageError for a name there is not."""
    folder = folder_of(session)
    logs = {path.name.removesuffix(".log"): path for path in sorted(folder.glob("*.log"))}
    found = session.journal.entries(since=since, until=until, worker=name)
    entries = [entry for entry in found if _is_worker(entry.worker)]
    if name is not None and name not in logs and not entries and not (folder / f"{name}.json").exists():
        known = ", ".join(logs) or "none has run yet"
        raise UsageError(f"there is no worker {name} on profile {session.profile.name}", hint=f"there are: {known}")
    lines = [
        LoggedLine(one.prepared_at, str(one.worker), "order", f"{one.state}: {one.what}", one.client_oid, one.order_id)
        for one in entries
    ]
    for worker, path in logs.items():
        if name in (None, worker):
            lines += _lines(worker, path)
    first, last = since or 0, 2**62 if until is None else until
    return sorted((line for line in lines if first <= line.time < last), key=lambda line: line.time)


def _is_worker(name: str | None) -> bool:
    """Not what other programs of ours call themselves."""
    return name is not None and _NAME.fullmatch(name) is not None


def _lines(worker: str, path: Path) -> Iterator[LoggedLine]:
    """The lines of a log, that before it first; one that a kill cut short is left out."""
    for part in (before(path), path):
        content = files.read(part, limit=2 * _LARGEST_LOG) or b""
        for line in content.split(b"\n"):
            with suppress(ValueError, TypeError, LookupError):
                row = json.loads(line)
                yield LoggedLine(int(row["time"]), worker, str(row["level"]), str(row["message"]))
