"""Strategy orders of a unified account: triggers, trailing orders and exits, as rows and parameters."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from bitget_cli.errors import UnavailableError, UsageError
from bitget_cli.trading.adapters.classic.order_requests import all_names, ids_of
from bitget_cli.trading.adapters.classic.plan_requests import BY as CLASSIC_BY
from bitget_cli.trading.adapters.unified.changes import change, strategies
from bitget_cli.trading.adapters.unified.order_requests import BY, check_size_is_known, market_words, side_words
from bitget_cli.trading.change import Change
from bitget_cli.trading.model import (
    EXACT,
    OPENING,
    OPPOSITE,
    ExitIntent,
    FollowedSide,
    IcebergIntent,
    OcoIntent,
    OrderIntent,
    PlanIntent,
    StrategyIntent,
    Terms,
    TriggerBy,
    TwapIntent,
    exact,
)
from bitget_cli.trading.order_model import NewTerms, Plan, PlanType
from bitget_cli.values import Product, Symbol

_PLACE = "v3.trade.place-strategy-order"
_UNSEEN = "nobody is known to have placed an order of this type on the real exchange yet"


def place(intent: PlanIntent, terms: Terms | None) -> Change:
    """The change that places a trigger or trailing order; `terms` None means spot."""
    order = intent.order
    if order.in_quote:
        raise UnavailableError(
            "a unified account sizes a waiting order in coin, and one that buys at market for money has no such size",
            hint="give a size and --price",
        )
    if order.take_profit is not None or order.stop_loss is not None:
        raise UnavailableError(
            "a unified account attaches no take-profit and no stop-loss to a waiting order",
            hint="place them once it has traded: bitget plan tpsl",
        )
    given = _sized(order, terms, kind="trigger")
    if intent.callback is not None:
        whole = _trailing(given, intent.callback, start=intent.trigger, by=BY[intent.trigger_by])
        return change(_PLACE, whole, intent.summary, order.symbol, order.client_oid, tag=order.tag, untried=_UNSEEN)
    given |= {"triggerPrice": intent.trigger, "triggerBy": BY[intent.trigger_by], **_then(order.price)}
    return change(_PLACE, given, intent.summary, order.symbol, order.client_oid, tag=order.tag)


def _sized(order: OrderIntent, terms: Terms | None, *, kind: str) -> dict[str, Any]:
    """What every one that trades says: where, how much, and in which direction."""
    check_size_is_known(order.symbol.product)
    if terms and order.margin_mode not in (None, terms.margin_mode):
        raise UnavailableError(
            "a unified account takes no margin mode with a waiting order: it will trade in the account's own",
            hint="leave --margin-mode out",
        )
    return {
        **market_words(order.symbol),
        "type": kind,
        "qty": order.size,
        **side_words(order.direction, closing=order.closing, terms=terms),
    }


def strategy(intent: StrategyIntent, terms: Terms | None) -> Change:
    """A pair of which one takes the other away, or an order in parts. `terms` None means spot.

    The words are those of clients' sources; no answer of the exchange to one of them was seen.
    """
    match intent:
        case OcoIntent():
            kind, params = "oco", _oco(intent)
        case TwapIntent():
            kind, params = "twap", _twap(intent)
        case IcebergIntent():
            kind, params = "iceberg", _iceberg(intent)
    order = intent.order
    given = {**_sized(order, terms, kind=kind), f"{kind}Params": [params]}
    return change(_PLACE, given, intent.summary, order.symbol, order.client_oid, tag=order.tag, untried=_UNSEEN)


def _oco(intent: OcoIntent) -> dict[str, Any]:
    stop: dict[str, Any] = {"ocoOrderType": "market"}
    if intent.stop_price is not None:
        stop = {"ocoOrderType": "limit", "ocoOrderPrice": intent.stop_price}
    return {"ocoLimitPrice": intent.order.price, "ocoTriggerPrice": intent.trigger, **stop}


def _twap(intent: TwapIntent) -> dict[str, Any]:
    bounds = {"twapTriggerPrice": intent.trigger, "twapTerminationPrice": intent.stop_at}
    given = {name: price for name, price in bounds.items() if price is not None}
    return {"duration": str(intent.minutes), "interval": str(intent.interval), "orderType": "market", **given}


def _iceberg(intent: IcebergIntent) -> dict[str, Any]:
    if intent.show is not None:
        given: dict[str, Any] = {"splitMode": "quantity", "qtyPerOrder": intent.show}
    else:
        given = {"splitMode": "order", "splitOrderNumbers": str(intent.parts)}
    if intent.follow is None:
        return given | {"orderPreference": "fixed_price", "fixedPrice": intent.order.price}
    side = "queue1" if intent.follow is FollowedSide.OWN else "counterparty1"
    given |= {"orderPreference": "faster_execution", "executionStrategy": side}
    return given | ({"priceLimit": intent.worst} if intent.worst is not None else {})


def _then(price: Decimal | None) -> dict[str, Any]:
    """What is sent once a trigger is reached."""
    if price is None:
        return {"triggerOrderType": "market"}
    return {"triggerOrderType": "limit", "triggerOrderPrice": price}


def _trailing(given: dict[str, Any], callback: Decimal, *, start: Decimal, by: str) -> dict[str, Any]:
    """Trailing by a percentage from `start` on, then trading at market."""
    params = {
        "activationPrice": start,
        "activationType": by,
        "trailType": "ratio",
        "trailVariance": callback,
        "preOrderType": "market",
    }
    return {**given, "type": "trailing_stop", "trailingStopParams": [params]}


def exits(intent: ExitIntent, terms: Terms | None) -> list[Change]:
    """One order holds both legs, and names the position that it leaves in either position mode."""
    check_size_is_known(intent.symbol.product)
    symbol, oid = intent.symbol, intent.client_oid
    if intent.trailing is not None:
        direction = OPPOSITE[OPENING[intent.side]]
        given = {**market_words(symbol), "qty": intent.size, **side_words(direction, closing=True, terms=terms)}
        whole = _trailing(given, intent.trailing, start=intent.trigger or Decimal(0), by="market")
        return [change(_PLACE, whole, intent.summary, symbol, oid, untried=_UNSEEN)]
    part = {"tpslMode": "full"} if intent.size is None else {"tpslMode": "partial", "qty": intent.size}
    whose = {"side": OPPOSITE[OPENING[intent.side]].value} if terms is None else {"posSide": intent.side.value}
    body: dict[str, Any] = {**market_words(symbol), "type": "tpsl", **part, **whose}
    # What sets an exit off is said in futures alone.
    by = None if terms is None else BY[intent.trigger_by]
    for leg in intent.legs:
        body |= _leg("tp" if leg.gains else "sl", leg.level, by=by, price=leg.limit)
    untried = _UNSEEN if terms is None else ""
    return [change(_PLACE, body, intent.summary, symbol, oid, untried=untried)]


def scale_out(
    parts: Sequence[ExitIntent], stop: ExitIntent | None, standing: Sequence[Plan], terms: Terms, *, size: Decimal
) -> list[Change]:
    """A position has one exit for all of it, which may hold a take-profit and a stop-loss, beside those of parts.

    A stop by itself is given the new price. Where one order is both, each part gets the stop as well, and what is left
    of the position a stop of its own, before that order is cancelled.
    """
    standing = [plan for plan in standing if not plan.type.trails]
    _check_room([*parts, *(plan for plan in standing if not plan.whole_position)], size)
    placed = [change for part in parts for change in exits(part, terms)]
    stands = next((plan for plan in standing if plan.is_of_all), None)
    profit, loss = stands.legs if stands else (None, None)
    if stands is None or (profit and not loss):
        stopping = exits(stop, terms) if stop else []
        # There cannot be two for all of it at a time.
        return [*stopping, *placed] if stands is None else [*placed, cancel(stands), *stopping]
    if not profit:
        return [*([_moved(stands, stop)] if stop else []), *placed]
    guard = stop or ExitIntent(stands.symbol, parts[0].side, stop_loss=loss)
    guarded = [
        part._replace(stop_loss=guard.stop_loss, stop_loss_limit=guard.stop_loss_limit, trigger_by=guard.trigger_by)
        for part in parts
    ]
    left = EXACT.subtract(size, sum((part.size or Decimal(0) for part in parts), Decimal(0)))
    rest = [guard._replace(size=left)] if left else []
    first, *others = [change for one in (*rest, *guarded) for change in exits(one, terms)]
    remark = (
        f"the stop-loss of the whole position becomes one of each part, at {guard.stop_loss or 0:f} by the"
        f" {guard.trigger_by} price: what is added to the position later has none"
    )
    return [first._replace(remark=remark), *others, cancel(stands)]


def _check_room(parts: Sequence[ExitIntent | Plan], size: Decimal) -> None:
    """Raises UsageError for exits of parts that are more than the position together, which is refused (25595)."""
    total = sum((part.size or Decimal(0) for part in parts), Decimal(0))
    if total > size:
        raise UsageError(
            f"exits of parts would come to {total:f} with those that stand, and the position is {size:f}",
            hint="bitget plan list --kind tpsl; cancel some, or type smaller shares",
        )


def _moved(plan: Plan, stop: ExitIntent) -> Change:
    level = stop.stop_loss or Decimal(0)
    what = f"move the stop-loss {plan.order_id} to {level:f}: {stop.summary}"
    leg = _leg("sl", level, by=BY[stop.trigger_by], price=stop.stop_loss_limit)
    body = {**ids_of(plan), "qty": plan.size, **leg}
    return change("v3.trade.modify-strategy-order", body, what, plan.symbol, **_found_again(plan))


def _leg(leg: str, level: Decimal, *, by: str | None, price: Decimal | None) -> dict[str, Any]:
    kind = {f"{leg}OrderType": "market"} if price is None else {f"{leg}OrderType": "limit", f"{leg}LimitPrice": price}
    watched = {} if by is None else {f"{leg}TriggerBy": by}
    return {"takeProfit" if leg == "tp" else "stopLoss": level, **watched, **kind}


def modify(plan: Plan, given: NewTerms, *, margin_coin: str, what: str) -> Change:
    """A waiting order's new terms, and the others as they are: a quantity is wanted whatever changes."""
    del margin_coin  # of classic requests
    if plan.type.trails or plan.type.is_strategy:
        kind = "trailing" if plan.type.trails else plan.type.value
        raise UnavailableError(
            f"a unified account changes no {kind} order", hint=f"bitget plan cancel {plan.order_id}; place another"
        )
    if {"tp", "sl"} & set(given) and not plan.type.is_exit:
        raise UnavailableError(
            "a unified account attaches no take-profit and no stop-loss to a waiting order",
            hint="place them once it has traded: bitget plan tpsl",
        )
    body = {**ids_of(plan), "qty": given.get("size") or plan.size}
    if plan.type.is_exit:
        body |= _new_legs(plan, given)
    else:
        price = given.get("price") or (None if plan.is_market else plan.price)
        trigger = given.get("trigger") or plan.trigger
        body |= {"triggerPrice": trigger, "triggerBy": BY[plan.trigger_by], **_then(price)}
    return change("v3.trade.modify-strategy-order", body, what, plan.symbol, **_found_again(plan))


def _new_legs(plan: Plan, given: NewTerms) -> dict[str, Any]:
    """Of two legs both are sent, since no page says what becomes of one that is left out."""
    profit, loss = plan.legs
    if not (profit and loss):
        leg = "tp" if plan.type is PlanType.TAKE_PROFIT else "sl"
        level = given.get("trigger") or plan.trigger or Decimal(0)
        return _leg(leg, level, by=BY[plan.trigger_by], price=given.get("price") or plan.price or None)
    if unclear := [name for name in ("trigger", "price") if name in given]:
        raise UsageError(
            f"order {plan.order_id} is a take-profit and a stop-loss in one, so that a new {unclear[0]} is of neither",
            hint=f"bitget plan modify {plan.order_id} --tp P, or --sl P",
        )
    words: dict[str, Any] = {}
    for leg, name, level in (("tp", "stopSurplus", profit), ("sl", "stopLoss", loss)):
        by = TriggerBy.LAST if plan.row.get(f"{name}TriggerType") == CLASSIC_BY[TriggerBy.LAST] else TriggerBy.MARK
        limit = exact(plan.row.get(f"{name}ExecutePrice")) or None
        spot = plan.symbol.product.is_spot
        words |= _leg(leg, given.get(leg) or level, by=None if spot else BY[by], price=limit)
    return words


def cancel(plan: Plan) -> Change:
    """One waiting order."""
    symbol, ids = plan.symbol, ids_of(plan)
    spot = " spot" if symbol.product.is_spot else ""
    what = f"cancel plan order {next(iter(ids.values()))} of {symbol.name}{spot}"
    return change("v3.trade.cancel-strategy-order", ids, what, symbol, **_found_again(plan))


def cancel_all(product: Product, market: Symbol | None, plans: Sequence[Plan]) -> list[Change]:
    """There is no call for all of them: each by its own."""
    del product, market
    return [cancel(plan) for plan in plans]


def _found_again(plan: Plan) -> dict[str, Any]:
    """The request names no market, so that where the order is looked for is known here alone."""
    return {"order": all_names(plan), "lookup": strategies(plan.symbol.product.wire, None)}
