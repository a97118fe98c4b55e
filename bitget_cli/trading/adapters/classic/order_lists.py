"""Orders in v2: what their rows say, the lists that hold them, and an order found in one of them by its id."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal, InvalidOperation
from functools import reduce
from typing import TYPE_CHECKING, Any, NamedTuple

from bitget_cli.catalogue.model import Endpoint
from bitget_cli.client.rest.response import certain_objects, record
from bitget_cli.errors import RejectedError, UnavailableError, UsageError
from bitget_cli.trading.adapters.classic.changes import STATES
from bitget_cli.trading.adapters.classic.order_requests import ids_of
from bitget_cli.trading.model import (
    EXACT,
    OPPOSITE,
    Direction,
    PositionMode,
    Read,
    TriggerBy,
    exact,
    position_side,
)
from bitget_cli.trading.order_model import Order, OrderList, OrderName, Plan, PlanType
from bitget_cli.values import Product, Symbol, from_milliseconds, is_whole

if TYPE_CHECKING:
    from bitget_cli.client.rest.client import Client

Row = Mapping[str, Any]
Given = Mapping[str, str]
Rows = Callable[[Read, Product], Endpoint]

_PLAN_KINDS = ("normal_plan", "track_plan", "profit_loss")
_KINDS_BY_WORD = {"trigger": "normal_plan", "trailing": "track_plan", "tpsl": "profit_loss"}
# Without a status Bitget's page promises untouched orders only.
_OPEN_STATES: tuple[Given, ...] = ({}, {"status": "partially_filled"})
_SPOT_BOOKS: tuple[Given, ...] = ({}, {"tpslType": "tpsl"})
# More digits than any number of the exchange has.
_LONGEST_NUMBER = 40
# What Bitget answers for an id it does not know (futures order, order, spot order, plan order).
_NOT_FOUND = frozenset({"40109", "40768", "43001", "43025", "22001"})
_PLAN_TYPES = {
    "track_plan": PlanType.TRAILING,
    **dict.fromkeys(("profit_plan", "pos_profit"), PlanType.TAKE_PROFIT),
    **dict.fromkeys(("loss_plan", "pos_loss"), PlanType.STOP_LOSS),
    "moving_plan": PlanType.TRAILING_EXIT,
    # Of a unified account alone.
    "oco": PlanType.OCO,
    "twap": PlanType.TWAP,
    "iceberg": PlanType.ICEBERG,
}
_WHOLE_POSITION = ("pos_profit", "pos_loss")


def order(row: Row, market: Symbol) -> Order:
    """A plain order. What a list does not tell, or tells in no way that is known, is None."""
    spot = market.product.is_spot
    shown = exact(row.get("priceAvg"))
    fee, fee_coin = (_spot_fee if spot else _futures_fee)(row)
    return Order(
        market,
        **_named(row),
        position_side=position_side(row.get("posSide")),
        price=(exact(row.get("price")) or shown) if spot else exact(row.get("price")),
        size=exact(row.get("size")),
        filled=exact(row.get("baseVolume")),
        # While a spot order is open, its limit price stands in priceAvg and what it filled at in basePrice.
        average=exact(row["basePrice"]) if spot and "basePrice" in row else shown,
        fee=fee,
        fee_coin=fee_coin,
        take_profit=exact(row.get("presetTakeProfitPrice" if spot else "presetStopSurplusPrice")) or None,
        stop_loss=exact(row.get("presetStopLossPrice")) or None,
        is_exit=row.get("tpslType") == "tpsl",
    )


Fee = tuple[Decimal | None, str | None]


def _futures_fee(row: Row) -> Fee:
    fee = exact(row.get("fee"))
    return fee, None if fee is None else str(row.get("marginCoin") or "") or None


def _spot_fee(row: Row) -> Fee:
    """The parts of the document have the names of coins; what stands beside them sums up."""
    try:
        told = json.loads(str(row.get("feeDetail") or "{}"), parse_float=Decimal, parse_int=Decimal)
    except (ValueError, RecursionError, InvalidOperation):
        return None, None
    parts = [part for part in told.values() if isinstance(part, dict)] if isinstance(told, dict) else []
    return only_fee([(part.get("feeCoinCode"), part.get("totalFee")) for part in parts if part.get("feeCoinCode")])


def only_fee(told: Sequence[tuple[Any, Any]]) -> Fee:
    """The fee in the one coin it was taken in; none where there are several, or where one is no number."""
    fees = [(str(coin), fee if isinstance(fee, Decimal) else exact(fee)) for coin, fee in told]
    paid = [(coin, fee) for coin, fee in fees if fee is None or fee] or fees[:1]
    if len({coin for coin, _ in paid}) != 1 or any(fee is None or not _is_plain(fee) for _, fee in paid):
        return None, None
    return reduce(EXACT.add, [fee for _, fee in paid if fee is not None]), paid[0][0]


def _is_plain(number: Decimal) -> bool:
    """JSON may write a number with an exponent."""
    return number.is_finite() and abs(number.adjusted()) < _LONGEST_NUMBER


def plan(row: Row, market: Symbol, *, kind: str = "") -> Plan:
    """A waiting order; `kind` is the planType it was asked by, for a row that does not tell its own."""
    from bitget_cli.trading.adapters.classic.plan_requests import BY

    word = str(row.get("planType") or kind)
    type_ = _PLAN_TYPES.get(word, PlanType.TRIGGER)
    then = exact(row.get("executePrice"))
    return Plan(
        market,
        **_named(row),
        type=type_,
        type_word=word,
        whole_position=word in _WHOLE_POSITION,
        trigger=exact(row.get("triggerPrice")),
        trigger_by=TriggerBy.LAST if row.get("triggerType") == BY[TriggerBy.LAST] else TriggerBy.MARK,
        price=(then if type_.is_exit else exact(row.get("price")) or then) or None,
        size=exact(row.get("size")),
        in_quote=market.product.is_spot and word == "total",
        callback=exact(row.get("callbackRatio")),
        take_profit=exact(row.get("stopSurplusTriggerPrice")) or None,
        stop_loss=exact(row.get("stopLossTriggerPrice")) or None,
    )


def _named(row: Row) -> dict[str, Any]:
    """What orders of either book say in the same words."""
    word = str(row.get("status") or row.get("state") or row.get("planStatus") or "")
    return {
        "order_id": str(row.get("orderId") or ""),
        "client_order_id": str(row["clientOid"]) if row.get("clientOid") else None,
        "direction": direction_of(row),
        "closes": _closes(row),
        "is_market": row.get("orderType") == "market",
        "state": STATES.get(word),
        "state_word": word,
        "made_at": _instant(row, "cTime", "ctime"),
        "changed_at": _instant(row, "uTime", "utime"),
        "row": row,
    }


def direction_of(row: Row) -> Direction | None:
    """The true direction of an order as Bitget lists it: in hedge mode a closing one shows its position's side."""
    side = next((one for one in Direction if one.value == row.get("side")), None)
    return OPPOSITE[side] if side and row.get("tradeSide") == "close" else side


def _closes(row: Row) -> bool | None:
    """Not told of a waiting order in one-way mode, whatever it says of reduceOnly."""
    # Hedge mode knows no reduceOnly.
    if row.get("posMode") != PositionMode.ONE_WAY.value and row.get("tradeSide") in ("open", "close"):
        return bool(row.get("tradeSide") == "close")
    return True if str(row.get("reduceOnly")).lower() == "yes" else None


def _instant(row: Row, *names: str) -> datetime | None:
    text = next((str(row[name]) for name in names if row.get(name)), "")
    return from_milliseconds(text) if text.isascii() and text.isdigit() and len(text) < 15 else None


class _Shelf(NamedTuple):
    """A list to look through: the row, its parameters, and whether it takes ids as a filter."""

    book: OrderList
    row: Endpoint
    given: Given
    takes: Sequence[str] = ("orderId", "clientOid")


def parts_of(read: Read, product: Product, *, kind: str | None = None) -> Sequence[Given]:
    """What a list has to be asked for to tell all its orders, or the waiting ones of one kind.

    Raises UsageError for a kind that there is not in spot, and UnavailableError for one of a unified account.
    """
    if read is Read.OPEN_ORDERS:
        return _SPOT_BOOKS if product.is_spot else _OPEN_STATES
    if read not in (Read.OPEN_PLANS, Read.PAST_PLANS):
        return ({},)
    if kind in ("oco", "twap", "iceberg"):
        raise UnavailableError(f"a classic account has no {kind} orders; a unified one has", hint="leave --kind out")
    if product.is_spot:
        if kind not in (None, "trigger", "normal_plan"):
            raise UsageError(f"spot has no {kind} orders here", hint="leave --kind out")
        return ({},)
    kinds = (_KINDS_BY_WORD.get(kind, kind),) if kind else _PLAN_KINDS
    return [{"planType": each} for each in kinds]


def once(rows: Iterable[Any]) -> Iterator[Any]:
    """Rows without those that two lists share."""
    seen: set[str] = set()
    for row in rows:
        name = str(row.get("orderId")) if isinstance(row, Mapping) else repr(row)
        if name not in seen:
            seen.add(name)
            yield row


def find(
    client: Client,
    names: Sequence[OrderName],
    *,
    products: Sequence[Product],
    market: Symbol | None,
    first: OrderList | None,
    past: bool,
    endpoint: Rows,
) -> Order | Plan | None:
    """The order that has one of the names; None when no list has it. `endpoint` tells the row of a list.

    Open books are searched, those of `first` before the others, and with `past` the histories after them.
    """
    candidates = [ids_of(name) for name in names if name.order_id is None or is_whole(name.order_id)]
    searched = [market.product] if market else list(products)
    for shelves in (_open_shelves, _past_shelves) if past else (_open_shelves,):
        for product in searched:
            for shelf in sorted(shelves(product, endpoint), key=lambda shelf: shelf.book is not first):
                found = _on_shelf(client, shelf, candidates, product=product, market=market)
                if found:
                    return found
    return None


def _on_shelf(
    client: Client, shelf: _Shelf, candidates: Sequence[Given], *, product: Product, market: Symbol | None
) -> Order | Plan | None:
    names_market = any(param.name == "symbol" for param in shelf.row.params)
    given = dict(shelf.given) | ({"symbol": market.name} if market and names_market else {})
    filters = [ids for ids in candidates if all(name in shelf.takes for name in ids)]
    # A list that cannot be asked for the id is walked to its end.
    for ids in [*filters, *([{}] if len(filters) < len(candidates) else [])]:
        for item in certain_objects(
            _rows(client, shelf.row, {**given, **ids}, every=not ids), shelf.row, host=client.host
        ):
            if any(one.items() <= item.items() for one in candidates):
                symbol = Symbol(str(item.get("symbol")), product)
                if shelf.book is OrderList.ORDERS:
                    return order(item, symbol)
                return plan(item, symbol, kind=given.get("planType", ""))
    return None


def one(client: Client, name: OrderName, market: Symbol, row: Endpoint) -> Order | None:
    """The order by the row that answers one, whatever its state; None for one that the exchange knows not, or of which
    it has forgotten the detail."""
    words = {} if market.product.is_spot else {"symbol": market.name, "productType": market.product.wire}
    try:
        told = record(client.call(row, **words, **ids_of(name)))
    except RejectedError as refusal:
        if refusal.code not in _NOT_FOUND:
            raise
        return None
    return order(told, market) if told and ids_of(name).items() <= told.items() else None


def came_of(client: Client, plan: Plan, row: Endpoint) -> Order | None:
    """The order that a waiting one led to: its own row names it, and else it bears the id of that as its client id."""
    made = str(plan.row.get("executeOrderId") or "")
    name = OrderName(order_id=made) if made else OrderName(client_order_id=plan.order_id)
    return one(client, name, plan.symbol, row)


def _rows(client: Client, row: Endpoint, given: Given, *, every: bool) -> Iterator[Any]:
    from bitget_cli.client.rest.pagination import pages

    try:
        yield from pages(client, row, given, every=every)
    except RejectedError as refusal:
        if refusal.code not in _NOT_FOUND:
            raise


def _open_shelves(product: Product, endpoint: Rows) -> list[_Shelf]:
    orders, plans = endpoint(Read.OPEN_ORDERS, product), endpoint(Read.OPEN_PLANS, product)
    if product.is_spot:
        shelves = [_Shelf(OrderList.ORDERS, orders, given, takes=("orderId",)) for given in _SPOT_BOOKS]
        return [*shelves, _Shelf(OrderList.PLANS, plans, {}, takes=())]
    line = {"productType": product.wire}
    return [
        *(_Shelf(OrderList.ORDERS, orders, {**line, **given}) for given in _OPEN_STATES),
        *(_Shelf(OrderList.PLANS, plans, {**line, "planType": kind}) for kind in _PLAN_KINDS),
    ]


def _past_shelves(product: Product, endpoint: Rows) -> list[_Shelf]:
    orders, plans = endpoint(Read.PAST_ORDERS, product), endpoint(Read.PAST_PLANS, product)
    if product.is_spot:
        # orderInfo knows every state, but a client id for two hours only.
        return [
            _Shelf(OrderList.ORDERS, endpoint(Read.ORDER, product), {}),
            *(_Shelf(OrderList.ORDERS, orders, given, takes=("orderId",)) for given in _SPOT_BOOKS),
            _Shelf(OrderList.PLANS, plans, {}, takes=()),
        ]
    line = {"productType": product.wire}
    return [
        _Shelf(OrderList.ORDERS, orders, line),
        *(_Shelf(OrderList.PLANS, plans, {**line, "planType": kind}) for kind in _PLAN_KINDS),
    ]
