"""What a unified account answers to changes, as a classic one would answer them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bitget_cli.catalogue.envelope import SUCCESS
from bitget_cli.trading.adapters.unified import order_lists
from bitget_cli.trading.adapters.unified.vocabulary import COINS, product_of
from bitget_cli.trading.model import Read
from bitget_cli.values import Product, Symbol

Row = Mapping[str, Any]


def told(answer: Any, row_name: str, body: str) -> Any:
    """The answer to a request of this row with this body, or the order that was looked up for it."""
    if row_name in _SETTINGS and not isinstance(answer, Mapping):
        return _SETTINGS[row_name](json.loads(body))
    if not isinstance(answer, Mapping):
        # Nothing but that it succeeded.
        return None if answer == "success" else answer
    if "list" in answer and all(isinstance(row, Mapping) and row.get("code") for row in answer["list"] or ()):
        return _apart(answer["list"] or (), row_name, json.loads(body))
    product = product_of(answer)
    if product and (answer.get("orderStatus") or (answer.get("status") and answer.get("type"))):
        return _order(answer, Symbol(str(answer.get("symbol")), product))
    return _item(answer) if answer.get("code") else answer


def _apart(rows: Sequence[Row], row_name: str, sent: Row) -> dict[str, Any]:
    """What was done to the one, and to the others not; where a classic account says it, with the market."""
    market = {"symbol": sent.get("symbol")}
    each = market if row_name == "v3.trade.close-positions" else {}
    lists = {
        "successList": [_item(row) | each for row in rows if row["code"] == SUCCESS],
        "failureList": [_item(row) | each for row in rows if row["code"] != SUCCESS],
    }
    return market | lists if product_of(sent) is Product.SPOT else lists


def _item(row: Row) -> dict[str, Any]:
    """What is said of one order: its ids, and why it was refused."""
    ids = {name: value for name, value in row.items() if name not in ("code", "msg")}
    return ids if row["code"] == SUCCESS else {**ids, "errorMsg": row.get("msg"), "errorCode": row["code"]}


def _order(row: Row, market: Symbol) -> Row:
    if "orderStatus" in row:
        return order_lists.order(row, market).row
    read = Read.OPEN_PLANS if row["status"] == "pending" else Read.PAST_PLANS
    # The position mode would have to be asked for, and an answer is told as it is.
    return order_lists.plan(row, market, lambda: None, read=read).row


def _leverage(sent: Row) -> dict[str, Any]:
    """The leverage of whatever margin mode was meant; what a classic account tells of the other one is not told."""
    product, value = product_of(sent), sent.get("leverage")
    isolated = sent.get("marginMode") == "isolated"
    each = {
        side: sent.get(f"{side}Leverage") or (value if isolated and sent.get("posSide") in (None, side) else None)
        for side in ("long", "short")
    }
    return {
        "symbol": sent.get("symbol"),
        "marginCoin": COINS.get(product) if product else None,
        "longLeverage": each["long"],
        "shortLeverage": each["short"],
        "crossMarginLeverage": None if isolated else value,
        "marginMode": sent.get("marginMode"),
    }


# Of these it is only said that they succeeded, and that is known to be so by the settings: they are as they were sent.
_SETTINGS: dict[str, Callable[[Row], dict[str, Any]]] = {
    "v3.account.set-leverage": _leverage,
    "v3.account.set-hold-mode": lambda sent: {"posMode": sent.get("holdMode")},
}
