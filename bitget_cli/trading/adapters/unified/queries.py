"""Where to look for what became of a change of a unified account."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bitget_cli.catalogue.model import Endpoint
from bitget_cli.catalogue.v3.orders import (
    CANCEL_ORDER,
    HISTORY_ORDERS,
    MODIFY_ORDER,
    ORDER_INFO,
    PLACE_ORDER,
    UNFILLED_ORDERS,
)
from bitget_cli.trading.model import Lookup, Question

Given = Mapping[str, Any]


def lookup_for(row: Endpoint, given: Given) -> Lookup:
    """The questions for a change; `given` are its parameters as sent, client ids included."""
    if row.name == PLACE_ORDER.name:
        by = {"clientOid": given.get("clientOid")}
    elif row.name in (MODIFY_ORDER.name, CANCEL_ORDER.name):
        # The one id that counts: Bitget prefers the order id where both are given. A change keeps both.
        by = _of(given, "orderId") or _of(given, "clientOid")
    else:
        return Lookup()
    lists = [_ask(UNFILLED_ORDERS, _of(given, "category", "symbol"))]
    if given.get("category"):
        lists.append(_ask(HISTORY_ORDERS, _of(given, "category", "symbol")))
    return Lookup(detail=_ask(ORDER_INFO, by), lists=tuple(lists))


def _ask(row: Endpoint, given: Given) -> Question:
    return row, dict(given)


def _of(given: Given, *names: str) -> dict[str, Any]:
    return {name: given[name] for name in names if given.get(name)}
