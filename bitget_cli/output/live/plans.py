"""Trigger, trailing, take-profit and stop-loss orders that wait."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bitget_cli.output.cells import QUIET, Cell
from bitget_cli.output.in_words import action
from bitget_cli.output.live import number_format
from bitget_cli.output.live.orders import FadingRows, markets, status
from bitget_cli.output.table import Column
from bitget_cli.stream_events import Push

_KINDS = {
    "pl": "plan",
    "tp": "take profit",
    "sl": "stop loss",
    "ptp": "pos. take profit",
    "psl": "pos. stop loss",
    "track": "trailing",
    "mtpsl": "trailing exit",
    "amount": "plan",
    "total": "plan (quote)",
}
_TRIGGERS = {"fill_price": "last", "mark_price": "mark", "index_price": "index"}


class PlansView(FadingRows):
    """Plan orders of spot or of the futures lines."""

    empty = "no plan orders"

    def take(self, push: Push) -> None:
        """How far one trails is told by the list that is read first, and by no push after it."""
        before = self.latest(push)
        if before and "callbackRatio" not in push.data and "callbackRatio" in before.data:
            push = push._replace(data={**push.data, "callbackRatio": before.data["callbackRatio"]})
        super().take(push)

    def columns(self, pushes: Sequence[Push]) -> list[Column]:
        rows = [push.data for push in pushes]
        return [
            Column("Time", [Cell(number_format.clock(row.get("cTime")), QUIET) for row in rows], 6),
            Column("Id", [Cell(number_format.text(row.get("orderId")), QUIET) for row in rows], 1),
            *markets(pushes),
            Column("Kind", [Cell(_kind(row)) for row in rows], right=False),
            Column("Action", [action(row) for row in rows], 2, right=False),
            Column("Trigger", [Cell(number_format.nonzero(row.get("triggerPrice"))) for row in rows]),
            Column("on", [Cell(_TRIGGERS.get(str(row.get("triggerType")), ""), QUIET) for row in rows], 4, right=False),
            Column("Then at", [Cell(_then(row)) for row in rows], 4),
            Column("Size", [Cell(number_format.nonzero(row.get("size")) or "all") for row in rows], 3),
            Column("Status", [status(row) for row in rows], right=False),
        ]


def _kind(row: Mapping[str, Any]) -> str:
    word = number_format.text(row.get("planType"))
    kind, back = _KINDS.get(word, word.replace("_", " ")), number_format.nonzero(row.get("callbackRatio"))
    return f"{kind} {back} %" if back else kind


def _then(row: Mapping[str, Any]) -> str:
    """At which price it is carried out."""
    price = number_format.nonzero(row.get("executePrice")) or number_format.nonzero(row.get("price"))
    # One that hides its size and has no price follows the book.
    return price or ("book" if row.get("planType") == "iceberg" else "market")
