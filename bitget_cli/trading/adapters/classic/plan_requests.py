"""Trigger, trailing and exit orders as rows and parameters.

The words differ from page to page: `reduceOnly` is `yes` here and `YES` on orders, a callback is `callbackRatio` on a
trailing order and `rangeRate` on a trailing exit, an exit's side is `buy`/`sell` in one-way mode (notes of the rows).
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from bitget_cli.trading.adapters.classic.changes import change
from bitget_cli.trading.adapters.classic.order_requests import all_names, ids_of, market_words, side_words
from bitget_cli.trading.change import Change
from bitget_cli.trading.model import (
    OPENING,
    ExitIntent,
    PlanIntent,
    PositionSide,
    Terms,
    TriggerBy,
    exact,
)
from bitget_cli.trading.order_model import NewTerms, Plan
from bitget_cli.values import Product, Symbol

BY = {TriggerBy.MARK: "mark_price", TriggerBy.LAST: "fill_price"}


def place(intent: PlanIntent, terms: Terms | None) -> Change:
    """The change that places a trigger or trailing order; `terms` None means spot."""
    if terms is None:
        return _spot_place(intent)
    order, trails = intent.order, intent.callback is not None
    given: dict[str, Any] = {
        "planType": "track_plan" if trails else "normal_plan",
        **market_words(order.symbol, terms.margin_coin),
        "marginMode": terms.margin_mode_of(order).value,
        "size": order.size,
        "triggerPrice": intent.trigger,
        "triggerType": BY[intent.trigger_by],
        **side_words(order.direction, closing=order.closing, terms=terms, yes="yes"),
        "orderType": "market" if order.is_market else "limit",
    }
    given |= {"price": order.price} if order.price is not None else {}
    given |= {"callbackRatio": intent.callback} if trails else {}
    given |= _attached(intent)
    return change("mix.order.place-plan-order", given, intent.summary, order.symbol, order.client_oid)


def exits(intent: ExitIntent, terms: Terms) -> list[Change]:
    """The changes that put exits on a position: one for both legs of a whole position, else one for each leg."""
    words = {**market_words(intent.symbol, terms.margin_coin), "holdSide": hold_side(intent.side, terms)}
    if intent.take_profit is not None and intent.stop_loss is not None and intent.size is None:
        both = {
            "stopSurplusTriggerPrice": intent.take_profit,
            "stopSurplusTriggerType": "mark_price",
            "stopLossTriggerPrice": intent.stop_loss,
            "stopLossTriggerType": "mark_price",
        }
        return [change("mix.order.place-pos-tpsl", {**words, **both}, intent.summary, intent.symbol)]
    part = intent.size is not None
    legs: list[tuple[str, str, Decimal | None, dict[str, Any]]] = [
        ("take_profit", "profit_plan" if part else "pos_profit", intent.take_profit, {"triggerType": "mark_price"}),
        ("stop_loss", "loss_plan" if part else "pos_loss", intent.stop_loss, {"triggerType": "mark_price"}),
        (
            "trailing",
            "moving_plan",
            intent.trigger if intent.trailing is not None else None,
            {"triggerType": "fill_price", "rangeRate": intent.trailing},
        ),
    ]
    size = {"size": intent.size} if part else {}
    return [
        change(
            "mix.order.place-tpsl-order",
            {**words, "planType": kind, "triggerPrice": trigger, **more, **size},
            intent.summary,
            intent.symbol,
            part=_leg(intent, own),
        )
        for own, kind, trigger, more in legs
        if trigger is not None
    ]


def _leg(intent: ExitIntent, own: str) -> ExitIntent:
    """One of the exits by itself: each is an order of its own here."""
    return ExitIntent(
        intent.symbol,
        intent.side,
        take_profit=intent.take_profit if own == "take_profit" else None,
        stop_loss=intent.stop_loss if own == "stop_loss" else None,
        trailing=intent.trailing if own == "trailing" else None,
        size=intent.size,
        trigger=intent.trigger,
    )


def hold_side(side: PositionSide, terms: Terms) -> str:
    """Exits name a position `long` or `short` in hedge mode, and by the trade that opened it in one-way mode."""
    return side.value if terms.hedges else OPENING[side].value


def modify(plan: Plan, given: NewTerms, *, margin_coin: str, what: str) -> Change:
    """A waiting order's new terms; which of the others have to be said again differs from page to page."""
    symbol, ids, names = plan.symbol, ids_of(plan), all_names(plan)
    if symbol.product.is_spot:
        return change("spot.trade.modify-plan-order", ids | _spot_terms(plan, given), what, symbol, order=names)
    if plan.type.is_exit:
        body = {**market_words(symbol, margin_coin), **ids, **_exit_terms(plan, given)}
        return change("mix.order.modify-tpsl-order", body, what, symbol, order=names)
    body = {"productType": symbol.product.wire, **ids, **_plan_terms(plan, given)}
    return change("mix.order.modify-plan-order", body, what, symbol, order=names)


def _plan_terms(plan: Plan, given: NewTerms) -> dict[str, Any]:
    names = {"trigger": "newTriggerPrice", "price": "newPrice", "size": "newSize", "callback": "newCallbackRatio"}
    words: dict[str, Any] = {names[name]: value for name, value in given.items()}
    if plan.type.trails and "callback" not in given:
        words["newCallbackRatio"] = plan.callback
    if "trigger" in given:
        words["newTriggerType"] = plan.row.get("triggerType")
    return words


def _exit_terms(plan: Plan, given: NewTerms) -> dict[str, Any]:
    """Trigger and size are wanted whatever changes; the size of a whole position's exit is empty."""
    words: dict[str, Any] = {
        "triggerPrice": given.get("trigger") or plan.trigger,
        "triggerType": plan.row.get("triggerType"),
        "size": "" if plan.whole_position else given.get("size") or plan.size,
    }
    if plan.type.trails:
        words["rangeRate"] = given.get("callback") or plan.callback
    elif "price" in given or plan.price:
        words["executePrice"] = given.get("price") or plan.price
    return words


def _spot_terms(plan: Plan, given: NewTerms) -> dict[str, Any]:
    """Every term again: Bitget wants trigger, type and size whatever changes."""
    words: dict[str, Any] = {
        "triggerPrice": given.get("trigger") or plan.trigger,
        "orderType": "limit" if "price" in given else plan.row.get("orderType"),
        "size": given.get("size") or plan.size,
    }
    limit = words["orderType"] == "limit"
    return words | ({"executePrice": given.get("price") or exact(plan.row.get("executePrice"))} if limit else {})


def cancel(plan: Plan) -> Change:
    """One waiting order."""
    symbol, ids, names = plan.symbol, ids_of(plan), all_names(plan)
    if symbol.product.is_spot:
        what = f"cancel plan order {next(iter(ids.values()))} of {symbol.name} spot"
        return change("spot.trade.cancel-plan-order", ids, what, symbol, order=names)
    what = f"cancel plan order {next(iter(ids.values()))} of {symbol.name}"
    given = {
        "symbol": symbol.name,
        "productType": symbol.product.wire,
        "planType": plan.type_word,
        "orderIdList": [ids],
    }
    return change("mix.order.cancel-plan-order", given, what, symbol, order=names)


def cancel_all(product: Product, market: Symbol | None, plans: Sequence[Plan]) -> list[Change]:
    """Every waiting order of a market or a line: one call for each kind that was seen; spot has one for all kinds."""
    if product.is_spot:
        # The list is always sent, since without it all markets are meant.
        names = sorted({plan.symbol.name for plan in plans})
        what = f"cancel every spot plan order of {', '.join(names)}"
        seen = tuple(plan.order_id for plan in plans)
        return [change("spot.trade.batch-cancel-plan-order", {"symbolList": names}, what, there=seen)]
    kinds: dict[str, list[str]] = {}
    for plan in plans:
        kinds.setdefault(plan.type_word, []).append(plan.order_id)
    where = f" of {market.name}" if market else f" of {product}"
    outside = {"symbol": market.name} if market else {}
    return [
        change(
            "mix.order.cancel-plan-order",
            {"productType": product.wire, "planType": kind, **outside},
            f"cancel every {kind}{where}",
            market,
            there=tuple(seen),
        )
        for kind, seen in kinds.items()
    ]


def _attached(intent: PlanIntent) -> dict[str, Any]:
    """Exits attached to a trigger order; on a trailing one they are percentages of its last price."""
    by = "fill_price" if intent.callback is not None else BY[intent.trigger_by]
    given: dict[str, Any] = {}
    for name, level in (("stopSurplus", intent.order.take_profit), ("stopLoss", intent.order.stop_loss)):
        if level is not None:
            given |= {f"{name}TriggerPrice": level, f"{name}TriggerType": by}
    return given


def _spot_place(intent: PlanIntent) -> Change:
    order = intent.order
    given: dict[str, Any] = {
        "symbol": order.symbol.name,
        "side": order.direction.value,
        "triggerPrice": intent.trigger,
        "triggerType": BY[intent.trigger_by],
        "orderType": "market" if order.is_market else "limit",
        # About the unit of the size: base coin, or money.
        "planType": "total" if order.in_quote else "amount",
        "size": order.size,
    }
    given |= {"executePrice": order.price} if order.price is not None else {}
    return change("spot.trade.place-plan-order", given, intent.summary, order.symbol, order.client_oid)
