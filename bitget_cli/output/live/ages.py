"""How fresh private rows are: told by a push, or found unchanged when the exchange was asked."""

from __future__ import annotations

from bitget_cli.messages import Push, Status
from bitget_cli.output.cells import Cell
from bitget_cli.output.live.scene import Sight

# Seconds: a row older than this missed a reconcile.
_OLD = 90.0


class Ages:
    """When each market's rows were last known to be right."""

    def __init__(self) -> None:
        self._asked: dict[str, int] = {}

    def status(self, status: Status) -> None:
        if status.event == "reconciled":
            self._asked[str(status.facts.get("market", ""))] = status.received

    def of(self, push: Push, sight: Sight) -> Cell:
        return sight.age(max(push.received, self._asked.get(push.market, 0)), old=_OLD)
