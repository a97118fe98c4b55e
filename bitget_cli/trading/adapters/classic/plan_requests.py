"""Trigger, trailing and exit orders as rows and parameters.

The words differ from page to page: `reduceOnly` is `yes` here and `YES` on orders, a callback is `callbackRatio` on a
trailing order and `rangeRate` on a trailing exit, an exit's side is `buy`/`sell` in one-way mode (notes of the rows).
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from bitget_cli.trading.adapters.classic.changes import change
from bitget_cli.trading.adapters.classic.order_requests import OPENING, Terms, market_words, side_words
from bitget_cli.trading.model import Change, ExitIntent, PlanIntent, PositionSide, TriggerBy
from bitget_cli.values import Product, Symbol

BY = {TriggerBy.MARK: "mark_price", TriggerBy.LAST: "fill_price"}
# What `cancel-plan-order` takes as `planType`, by what a waiting order says it is.
EXIT_KINDS = ("profit_plan", "loss_plan", "moving_plan", "pos_profit", "pos_loss")
WHOLE_POSITION = ("pos_profit", "pos_loss")


def place(intent: PlanIntent, terms: Terms | None) -> Change:
    """The change that places a trigger or trailing order; `terms` None means spot."""
    if terms is None:
        return _spot_place(intent)
    order, trails = intent.order, intent.callback is not None
    given: dict[str, Any] = {
        "planType": "track_plan" if trails else "normal_plan",
        **market_words(order.symbol, terms.margin_coin),
        "marginMode": (order.margin_mode or terms.margin_mode).value,
        "size": order.size,
        "triggerPrice": intent.trigger,
        "triggerType": BY[intent.trigger_by],
        **side_words(order.direction, closing=order.closing, terms=terms, yes="yes"),
        "orderType": "market" if order.is_market else "limit",
    }
    given |= {"price": order.price} if order.price is not None else {}
    given |= {"callbackRatio": intent.callback} if trails else {}
    given |= _attached(intent)
    return change("mix.order.place-plan-order", given, intent.said, order.symbol, order.client_oid)


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
        return [change("mix.order.place-pos-tpsl", {**words, **both}, intent.said, intent.symbol)]
    part = intent.size is not None
    legs: list[tuple[str, Decimal | None, dict[str, Any]]] = [
        ("profit_plan" if part else "pos_profit", intent.take_profit, {"triggerType": "mark_price"}),
        ("loss_plan" if part else "pos_loss", intent.stop_loss, {"triggerType": "mark_price"}),
        (
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
            intent.said,
            intent.symbol,
        )
        for kind, trigger, more in legs
        if trigger is not None
    ]


def hold_side(side: PositionSide, terms: Terms) -> str:
    """Exits name a position `long` or `short` in hedge mode, and by the trade that opened it in one-way mode."""
    return side.value if terms.hedges else OPENING[side].value


def modify_plan(product: Product, ids: dict[str, str], changed: dict[str, Any], *, symbol: Symbol, what: str) -> Change:
    """A futures trigger or trailing order's new terms, in `new…` names."""
    return change("mix.order.modify-plan-order", {"productType": product.wire, **ids, **changed}, what, symbol)


def modify_exit(symbol: Symbol, ids: dict[str, str], changed: dict[str, Any], *, margin_coin: str, what: str) -> Change:
    """A futures exit's new terms; `size` must be there, empty for a whole position."""
    return change("mix.order.modify-tpsl-order", {**market_words(symbol, margin_coin), **ids, **changed}, what, symbol)


def modify_spot(ids: dict[str, str], changed: dict[str, Any], *, symbol: Symbol, what: str) -> Change:
    return change("spot.trade.modify-plan-order", {**ids, **changed}, what, symbol)


def cancel(symbol: Symbol, ids: dict[str, str], *, kind: str) -> Change:
    """One waiting order of the kind its row tells (`planType`)."""
    if symbol.product.is_spot:
        what = f"cancel plan order {next(iter(ids.values()))} of {symbol.name} spot"
        return change("spot.trade.cancel-plan-order", ids, what, symbol)
    what = f"cancel plan order {next(iter(ids.values()))} of {symbol.name}"
    given = {"symbol": symbol.name, "productType": symbol.product.wire, "planType": kind, "orderIdList": [ids]}
    return change("mix.order.cancel-plan-order", given, what, symbol)


def cancel_kind(product: Product, symbol: Symbol | None, *, kind: str) -> Change:
    """Every waiting futures order of one kind, of one market or of the whole line."""
    where = f" of {symbol.name}" if symbol else f" of {product}"
    given = {"productType": product.wire, "planType": kind} | ({"symbol": symbol.name} if symbol else {})
    return change("mix.order.cancel-plan-order", given, f"cancel every {kind}{where}", symbol)


def cancel_spot(symbols: Sequence[str]) -> Change:
    """Every waiting spot order of these markets; the list is always sent, since without it all markets are meant."""
    what = f"cancel every spot plan order of {', '.join(symbols)}"
    return change("spot.trade.batch-cancel-plan-order", {"symbolList": list(symbols)}, what)


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
    return change("spot.trade.place-plan-order", given, intent.said, order.symbol, order.client_oid)
