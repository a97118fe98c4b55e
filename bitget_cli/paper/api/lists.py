"""Lists as Bitget pages them, batches row by row, and lists of what nobody can have here."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from bitget_cli.paper import answers
from bitget_cli.paper.answers import RefusedError
from bitget_cli.paper.engine.records import StoredRecord
from bitget_cli.paper.engine.state import EngineState
from bitget_cli.paper.request import DAY_MS, Query
from bitget_cli.paper.store import ID_STEP

R = TypeVar("R", bound=StoredRecord)


class PageRequest:
    """Conditions on records, joined with AND."""

    def __init__(self, *, product: str | None = None, symbol: str | None = None, live: bool | None = None) -> None:
        self.parts: list[str] = []
        self.given: list[str | int] = []
        if product:
            self.add("product = ?", product)
        if symbol:
            self.add("symbol = ?", symbol.upper())
        if live is not None:
            self.add("live = ?", int(live))

    def add(self, condition: str, *given: str | int) -> None:
        self.parts.append(condition)
        self.given.extend(given)

    def field(self, name: str, value: str | None) -> None:
        """A field inside the record, when a value was asked for."""
        if value:
            self.add(f"json_extract(body, '$.{name}') = ?", value)

    def named(self, query: Query, *, needed: bool = False) -> None:
        """By `orderId` or `clientOid`, where they were sent; one must be where it is `needed`."""
        if needed:
            query.names()
        identity = query.time("orderId")
        if identity is not None:
            self.add("id = ?", identity)
        client_oid = query.maybe("clientOid")
        if client_oid:
            self.add("client_oid = ?", client_oid)

    def find(self, state: EngineState, kind: type[R]) -> R | None:
        """The newest that meets them."""
        return next(iter(state.find(kind, " AND ".join(self.parts) or "1", *self.given)), None)


def page(
    state: EngineState,
    kind: type[R],
    query: Query,
    wanted: PageRequest,
    *,
    limit: tuple[int, int] = (100, 100),
    days: int | None = 90,
    look_back: int | None = 90,
    number: int = 1,
) -> list[R]:
    """One page; `limit` is how many without being asked and at most, `days` the longest window.

    `look_back` is how many days of the past can be asked for, None for all of it. `number` counts pages, from one,
    where they are asked for by number.
    """
    start, end = query.times(days=days)
    below = query.time("idLessThan")
    # A day's grace: Bitget does not cut to the second.
    if start is not None and look_back and start < state.time - (look_back + 1) * DAY_MS:
        raise answers.too_old()
    if below is not None:
        wanted.add("id < ?", below)
    if start is not None:
        wanted.add("id >= ?", start * ID_STEP)
    if end is not None:
        wanted.add("id < ?", (end + 1) * ID_STEP)
    count = query.count("limit", *limit)
    found = state.find(kind, " AND ".join(wanted.parts) or "1", *wanted.given, limit=number * count)
    return found[(number - 1) * count :]


def end_id(records: list[R]) -> str:
    """The cursor of the next page."""
    return str(records[-1].id) if records else ""


def each(
    state: EngineState,
    rows: Iterable[Query],
    act: Callable[[Query], dict[str, Any]],
    *,
    code: bool,
    no_id: str | None = "",
) -> dict[str, list[dict[str, Any]]]:
    """Both lists; `code`: failures carry `errorCode`; `no_id` is how a missing order id is spelt."""
    taken: list[dict[str, Any]] = []
    refused: list[dict[str, Any]] = []
    for row in rows:
        try:
            with state.attempt():
                taken.append(act(row))
        except RefusedError as refusal:
            failure = {
                "orderId": row.maybe("orderId") or no_id,
                "clientOid": row.maybe("clientOid") or "",
                "errorMsg": refusal.msg,
            }
            refused.append(failure | ({"errorCode": refusal.code} if code else {}))
    return {"successList": taken, "failureList": refused}


# An empty list is the whole truth; what would need an answer of its own stays unoffered.

Answer = Callable[[EngineState, Query], Any]


def _list(name: str, *cursors: str, needs: tuple[str, ...] = ()) -> Answer:
    """An object with an empty list, and cursors that lead nowhere; `needs` must be sent as on Bitget."""

    def answer(_state: EngineState, query: Query) -> Any:
        _check(query, needs)
        return {name: [], **dict.fromkeys(cursors, "")}

    return answer


def _array(*needs: str) -> Answer:
    def answer(_state: EngineState, query: Query) -> Any:
        _check(query, needs)
        return []

    return answer


def _check(query: Query, needs: tuple[str, ...]) -> None:
    for name in needs:
        query.text(name)


array = _array()
in_time = _array("startTime", "endTime")
in_product = _array("productType")

results = _list("resultList", "endId")
savings = _list("resultList", "endId", needs=("periodType",))
sharkfins = _list("resultList", "endId", needs=("status",))
sharkfin_records = _list("resultList", "endId", needs=("type",))
elite = _list("resultList")
elite_records = _list("recordList", "endId", needs=("type",))

crossed_records = _list("resultList", "maxId", "minId", needs=("startTime",))
margin_orders = _list("orderList", "maxId", "minId", needs=("symbol", "startTime"))
margin_fills = _list("fills", "maxId", "minId", needs=("symbol", "startTime"))
isolated_records = _list("resultList", "maxId", "minId", needs=("symbol", "startTime"))
liquidations = _list("resultList", "idLessThan")

tracks = _list("trackingList", "endId")
tracks_of_product = _list("trackingList", "endId", needs=("productType",))

adverts = _list("advList", "minAdvId", needs=("startTime",))
merchants = _list("merchantList", "minMerchantId")
p2p_orders = _list("orderList", "minOrderId")


def debts(_state: EngineState, _query: Query) -> Any:
    return {"pledgeInfos": [], "loanInfos": []}
