"""Trigger, trailing and exit orders as rows and parameters.

The words differ from page to page: `reduceOnly` is `yes` here and `YES` on orders, a callback is `callbackRatio` on a
trailing order and `rangeRate` on a trailing exit, an exit's side is `buy`/`sell` in one-way mode (notes of the rows).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from bitget_cli.errors import UnavailableError, UsageError
from bitget_cli.trading.adapters.classic.changes import change
from bitget_cli.trading.adapters.classic.order_requests import all_names, ids_of, market_words, side_words
from bitget_cli.trading.change import Change
from bitget_cli.trading.model import (
    OPENING,
    Direction,
    ExitIntent,
    IcebergIntent,
    OcoIntent,
    PlanIntent,
    PositionSide,
    StrategyIntent,
    Terms,
    TimeInForce,
    TriggerBy,
    TwapIntent,
    exact,
)
from bitget_cli.trading.order_model import NewTerms, Plan, PlanType
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
    return change("mix.order.place-plan-order", given, intent.summary, order.symbol, order.client_oid, tag=order.tag)


def strategy(intent: StrategyIntent, terms: Terms | None) -> Change:
    """Raises UnavailableError: there is no such call. What is meant is to be had by others."""
    del terms
    instead = {
        OcoIntent: "bitget plan tpsl SYMBOL --tp P --sl P on a position that is open",
        TwapIntent: "bitget order batch, or a script that sends the parts",
        IcebergIntent: "bitget order buy or sell for each part",
    }
    raise UnavailableError(
        "a classic account has no oco, twap and iceberg orders; a unified one has", hint=instead[type(intent)]
    )


def exits(intent: ExitIntent, terms: Terms | None) -> list[Change]:
    """The changes that put exits on a position: one for both legs of a whole position, else one for each leg."""
    if terms is None:
        return _spot_exits(intent)
    words = {**market_words(intent.symbol, terms.margin_coin), "holdSide": hold_side(intent.side, terms)}
    if len(intent.legs) == 2 and intent.size is None:
        both = _legs_together(intent)
        return [change("mix.order.place-pos-tpsl", {**words, **both}, intent.summary, intent.symbol, intent.client_oid)]
    return [
        change(
            "mix.order.place-tpsl-order", {**words, **leg}, alone.summary, alone.symbol, alone.client_oid, part=alone
        )
        for alone, leg in _legs_apart(intent)
    ]


def _legs_together(intent: ExitIntent) -> dict[str, Any]:
    words: dict[str, Any] = {}
    for leg in intent.legs:
        name = "stopSurplus" if leg.gains else "stopLoss"
        words |= {f"{name}TriggerPrice": leg.level, f"{name}TriggerType": BY[intent.trigger_by]}
        words |= {} if leg.limit is None else {f"{name}ExecutePrice": leg.limit}
    return words


def _legs_apart(intent: ExitIntent) -> Iterator[tuple[ExitIntent, dict[str, Any]]]:
    """Each exit by itself, and its words on the wire."""
    size = {} if intent.size is None else {"size": intent.size}
    for alone in each_alone(intent):
        for leg in alone.legs:
            word = "profit" if leg.gains else "loss"
            words = {"planType": f"{word}_plan" if size else f"pos_{word}", "triggerPrice": leg.level}
            limit = {} if leg.limit is None else {"executePrice": leg.limit}
            yield alone, {**words, "triggerType": BY[intent.trigger_by], **limit, **size}
    if intent.trailing is not None:
        words = {"planType": "moving_plan", "triggerPrice": intent.trigger, "triggerType": BY[TriggerBy.LAST]}
        yield _trailing_alone(intent), {**words, "rangeRate": intent.trailing, **size}


def _trailing_alone(intent: ExitIntent) -> ExitIntent:
    return intent._replace(take_profit=None, stop_loss=None, take_profit_limit=None, stop_loss_limit=None)


def each_alone(intent: ExitIntent) -> list[ExitIntent]:
    """A take-profit and a stop-loss apart, each with a client id of its own."""
    oid = intent.client_oid
    if len(intent.legs) < 2:
        return [intent] if intent.legs else []
    profit, loss = (f"{oid}{ending}" if oid else None for ending in ("-tp", "-sl"))
    return [
        intent._replace(stop_loss=None, stop_loss_limit=None, client_oid=profit),
        intent._replace(take_profit=None, take_profit_limit=None, client_oid=loss),
    ]


def _spot_exits(intent: ExitIntent) -> list[Change]:
    """Each leg is a sale that waits; Bitget heeds no client id of it (page "Place Order", tpslType)."""
    if intent.trailing is not None:
        raise UnavailableError(
            "a classic account trails no coins held in spot; a unified one does", hint="leave --trailing out"
        )
    found = []
    for alone in each_alone(intent):
        (leg,) = alone.legs
        given: dict[str, Any] = {
            "symbol": alone.symbol.name,
            "side": Direction.SELL.value,
            "orderType": "market" if leg.limit is None else "limit",
            "force": TimeInForce.GTC.value,
            "size": alone.size,
            "triggerPrice": leg.level,
            "tpslType": "tpsl",
        }
        given |= {} if leg.limit is None else {"price": leg.limit}
        found.append(change("spot.trade.place-order", given, alone.summary, alone.symbol, alone.client_oid, part=alone))
    return found


def scale_out(
    parts: Sequence[ExitIntent],
    stop: ExitIntent | None,
    standing: Sequence[Plan],
    terms: Terms,
    *,
    size: Decimal,  # noqa: ARG001  # of unified requests
) -> list[Change]:
    """A stop of the whole position that stands is given the new price; a take-profit of it goes at last."""
    whole = {plan.type: plan for plan in standing if plan.whole_position}
    first: list[Change] = []
    if stop and (stands := whole.get(PlanType.STOP_LOSS)):
        level, then = stop.stop_loss or Decimal(0), stop.stop_loss_limit
        what = f"move the stop-loss {stands.order_id} to {level:f}: {stop.summary}"
        moved = modify(stands, {"trigger": level}, margin_coin=terms.margin_coin, what=what)
        execute = {"executePrice": then or "0"} if then or stands.price else {}
        first = [moved._replace(given={**moved.given, "triggerType": BY[stop.trigger_by], **execute})]
    elif stop:
        first = exits(stop, terms)
    placed = [change for part in parts for change in exits(part, terms)]
    gone = [cancel(stands) for stands in (whole.get(PlanType.TAKE_PROFIT),) if stands]
    return [*first, *placed, *gone]


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
    words: dict[str, Any] = {names[name]: value for name, value in given.items() if name in names}
    if plan.type.trails and "callback" not in given:
        words["newCallbackRatio"] = plan.callback
    if "trigger" in given:
        words["newTriggerType"] = plan.row.get("triggerType")
    for leg, name in (("tp", "StopSurplus"), ("sl", "StopLoss")):
        words |= _new_leg(plan, name, given[leg]) if leg in given else {}
    return words


def _new_leg(plan: Plan, name: str, level: Decimal) -> dict[str, Any]:
    """An attached exit's new price, with what it is set off by and trades at as it was. Zero takes it away."""
    own = name[0].lower() + name[1:]
    words: dict[str, Any] = {f"new{name}TriggerPrice": level}
    if not level or plan.type.trails:
        return words
    words[f"new{name}TriggerType"] = plan.row.get(f"{own}TriggerType") or plan.row.get("triggerType")
    limit = exact(plan.row.get(f"{own}ExecutePrice"))
    if not limit:
        return words
    if name == "StopLoss" and (limit < level if plan.direction is Direction.SELL else limit > level):
        raise UsageError(
            f"the stop-loss of order {plan.order_id} trades at {limit:f}, which {level:f} would leave behind",
            hint=f"bitget plan cancel {plan.order_id}; then place it with another --sl-limit",
        )
    return words | {f"new{name}ExecutePrice": limit}


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
    for leg in intent.order.legs:
        name = "stopSurplus" if leg.gains else "stopLoss"
        given |= {f"{name}TriggerPrice": leg.level, f"{name}TriggerType": by}
        given |= {f"{name}ExecutePrice": leg.limit} if leg.limit is not None else {}
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
    return change("spot.trade.place-plan-order", given, intent.summary, order.symbol, order.client_oid, tag=order.tag)
