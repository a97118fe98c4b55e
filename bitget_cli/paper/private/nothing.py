"""Lists of what nobody can have here: loans, margin orders, earnings, copied trades, P2P, sub-accounts.

An empty list is the whole truth; what would need an answer of its own stays unoffered.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bitget_cli.paper.engine.floor import Floor
from bitget_cli.paper.query import Query

Answer = Callable[[Floor, Query], Any]


def _list(name: str, *cursors: str, needs: tuple[str, ...] = ()) -> Answer:
    """An object with an empty list, and cursors that lead nowhere; `needs` must be sent as on Bitget."""

    def answer(_floor: Floor, query: Query) -> Any:
        _check(query, needs)
        return {name: [], **dict.fromkeys(cursors, "")}

    return answer


def _array(*needs: str) -> Answer:
    def answer(_floor: Floor, query: Query) -> Any:
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
subaccounts = _list("subAccountList", "endId")


def debts(_floor: Floor, _query: Query) -> Any:
    return {"pledgeInfos": [], "loanInfos": []}
