"""Batches: each row is tried by itself, and the answer says which were taken and which refused, and why."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from bitget_cli.paper.engine.floor import Floor
from bitget_cli.paper.query import Query
from bitget_cli.paper.refusals import RefusedError


def each(
    floor: Floor,
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
            with floor.attempt():
                taken.append(act(row))
        except RefusedError as refusal:
            failure = {
                "orderId": row.maybe("orderId") or no_id,
                "clientOid": row.maybe("clientOid") or "",
                "errorMsg": refusal.msg,
            }
            refused.append(failure | ({"errorCode": refusal.code} if code else {}))
    return {"successList": taken, "failureList": refused}
