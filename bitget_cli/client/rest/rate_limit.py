"""Rate limits shared by every process of this user: a call starts only when the sliding window has room for it."""

from __future__ import annotations

import hashlib
import os
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from math import inf
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Protocol

from bitget_cli.catalogue.model import Rate, Scope
from bitget_cli.errors import RateLimitedError
from bitget_cli.files import lock, make_private_folder

if TYPE_CHECKING:
    from bitget_cli.runtime import Clock

# Starts jitter on their way to the exchange: paced at exactly one window, one call in sixty is refused.
MARGIN = 1.06
# Bitget allows 6 000 a minute for everything from one address, and locks it for five minutes beyond that.
WHOLE_ADDRESS = Rate(5_400, Scope.ADDRESS, seconds=60)

_NEVER = -1e18  # the start time of a slot not used yet
_FURTHEST = 600.0  # seconds ahead that a queue of ours can have reserved; more is damage, or another boot's clock
_PATIENCE = 200  # tries at a locked file, 5 ms apart: its owner needs microseconds, unless it was stopped meanwhile
_HEADER = struct.Struct("<32sII")  # boot, slots, next slot
_SLOT = struct.Struct("<d")  # monotonic seconds


class Pacing(Protocol):
    """Waits until a call may start. `lane` is "host|who|row": calls in one lane count against each other."""

    def wait(self, rate: Rate, *, lane: str, until: float = inf) -> None:
        """Raises RateLimitedError, and takes no turn of the lane, where that would be after `until` (monotonic)."""


class Unhurried:
    """For an exchange whose clock is moved by whoever calls it: a second there is none here."""

    def wait(self, rate: Rate, *, lane: str, until: float = inf) -> None:
        """Returns at once."""


class Pacer:
    """Keeps one small file for each lane in `directory`, with the times of its last starts (monotonic seconds).

    A turn is reserved under the file's lock and waited for outside it. Where `directory` cannot be written, the limit
    holds within this process only: reading prices must not fail for that.
    """

    def __init__(self, directory: Path, clock: Clock) -> None:
        self._directory = directory
        self._clock = clock
        self._lock = Lock()
        self._own: dict[str, bytearray] = {}
        self._ready = False

    def wait(self, rate: Rate, *, lane: str, until: float = inf) -> None:
        """Returns when the call may start: at most `rate.calls` in any window of `rate.seconds`, and a little more."""
        host = lane.partition("|")[0]
        # The lane first: one that is full takes no turn of the address, which every call needs.
        own = self._reserve(lane, rate, until)
        start = max(own, self._reserve(f"{host}|address", WHOLE_ADDRESS, until))
        if (ahead := start - self._clock.monotonic()) > 0:
            self._clock.sleep(ahead)

    def _reserve(self, lane: str, rate: Rate, until: float) -> float:
        """The moment this call may start; later calls of the lane, in any process, count it."""
        name = hashlib.blake2s(lane.encode(), digest_size=12).hexdigest()
        with self._lock:
            try:
                with self._locked(f"{self._directory}/{name}") as file:
                    return _taken(_File(file), rate, now=self._clock.monotonic(), until=until)
            except OSError:
                memory = _Memory(self._own.setdefault(name, bytearray()))
                return _taken(memory, rate, now=self._clock.monotonic(), until=until)

    @contextmanager
    def _locked(self, path: str) -> Iterator[int]:
        """The lane's file, this user's alone and locked. Raises OSError where that cannot be had."""
        if not self._ready:
            make_private_folder(self._directory)
            self._ready = True
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        try:
            self._lock_file(file)
            yield file
        finally:
            os.close(file)

    def _lock_file(self, file: int) -> None:
        for _ in range(_PATIENCE):
            if lock(file):
                return
            self._clock.sleep(0.005)
        raise BlockingIOError


class _Ring(Protocol):
    def read(self, size: int, *, at: int) -> bytes: ...

    def write(self, data: bytes, *, at: int) -> None: ...


class _File:
    def __init__(self, file: int) -> None:
        self._file = file

    def read(self, size: int, *, at: int) -> bytes:
        return os.pread(self._file, size, at)

    def write(self, data: bytes, *, at: int) -> None:
        if os.pwrite(self._file, data, at) != len(data):
            raise OSError("the disk is full")


class _Memory:
    def __init__(self, memory: bytearray) -> None:
        self._memory = memory

    def read(self, size: int, *, at: int) -> bytes:
        return bytes(self._memory[at : at + size])

    def write(self, data: bytes, *, at: int) -> None:
        self._memory[at : at + len(data)] = data


def _taken(ring: _Ring, rate: Rate, *, now: float, until: float) -> float:
    """Takes the next turn: the ring holds the last N starts, and a new one comes a window or more after the oldest."""
    at = _next_slot(ring, rate.calls)
    where = _HEADER.size + at * _SLOT.size
    (oldest,) = _SLOT.unpack(ring.read(_SLOT.size, at=where))
    start = max(now, oldest + rate.seconds * MARGIN) if oldest < now + _FURTHEST else now
    if start > until:
        raise RateLimitedError("the rate limit has no room for it in time", hint=RateLimitedError.wait)
    ring.write(_SLOT.pack(start), at=where)
    ring.write(_HEADER.pack(_boot(), rate.calls, (at + 1) % rate.calls), at=0)
    return start


def _next_slot(ring: _Ring, count: int) -> int:
    """The ring's next slot, after laying the ring out anew when it is empty, damaged or from before a restart."""
    size = _HEADER.size + count * _SLOT.size
    header = ring.read(_HEADER.size, at=0)
    if len(header) == _HEADER.size and len(ring.read(1, at=size - 1)) == 1:
        boot, slots, at = _HEADER.unpack(header)
        if boot == _boot() and slots == count and at < count:
            return int(at)
    ring.write(_HEADER.pack(_boot(), count, 0) + _SLOT.pack(_NEVER) * count, at=0)
    return 0


@cache
def _boot() -> bytes:
    """Which start of the machine this is: the monotonic clock begins anew with each."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_bytes().replace(b"-", b"")[:32].ljust(32, b"\0")
    except OSError:  # no Linux: times too far ahead are then all that tells
        return bytes(32)
