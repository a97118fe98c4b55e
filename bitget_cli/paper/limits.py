"""Rate limits as Bitget counts them: so many calls of one endpoint in a second, per key or per address."""

from __future__ import annotations

from collections import deque

from bitget_cli.catalogue.rows import Rate, Scope

# Callers remembered at once; more than this and the quiet ones are forgotten.
_MOST_LANES = 10_000
# A call is counted for a little less than the documented time: whoever keeps exactly to the rate does not arrive
# exactly evenly.
_COUNTED = 0.95


class Limits:
    """Calls made lately, by endpoint and caller."""

    def __init__(self) -> None:
        self._calls: dict[tuple[str, str], deque[float]] = {}

    def take(self, rate: Rate, *, endpoint: str, key: str, address: str, at: float) -> int | None:
        """Count a call at `at` (seconds of a monotonic clock): how many are left, or None when it is one too many."""
        caller = key or address if rate.scope is Scope.ACCOUNT else address
        if len(self._calls) > _MOST_LANES:
            self._calls = {lane: calls for lane, calls in self._calls.items() if calls and at - calls[-1] < 60}
        calls = self._calls.setdefault((endpoint, caller), deque())
        while calls and at - calls[0] >= rate.seconds * _COUNTED:
            calls.popleft()
        if len(calls) >= rate.calls:
            return None
        calls.append(at)
        return rate.calls - len(calls)
