"""Futures orders, fills, plans and past positions as rows of a stream, with every field of Bitget's."""

from __future__ import annotations

from typing import Any

from bitget_cli.paper.engine.money import average, text
from bitget_cli.paper.engine.records import Fill, Order, Plan, Position
from bitget_cli.paper.private.mix_order_lists import mode, presets_of, trade_side, wire_side
from bitget_cli.paper.private.mix_plan import attached_of

# What the stream calls the plan types of HTTP.
_PLAN_TYPES = {
    "normal_plan": "pl",
    "profit_plan": "tp",
    "loss_plan": "sl",
    "pos_profit": "ptp",
    "pos_loss": "psl",
    "track_plan": "track",
    "moving_plan": "mtpsl",
}
_NEVER = "0"


def order(order: Order, fill: Fill | None) -> dict[str, Any]:
    """An order after `fill`, or after something else; the fields of a fill are there only with one."""
    instrument = order.instrument
    row = {
        "orderId": str(order.id),
        "clientOid": order.client_oid,
        "instId": order.symbol,
        "price": instrument.price(order.price),
        "size": instrument.size(order.size),
        "posMode": mode(order.hedge),
        "enterPointSource": "SYS" if order.forced else "API",
        "tradeSide": trade_side(
            side=order.side,
            hedge=order.hedge,
            closing=order.closing,
            forced=order.forced,
            hold=order.hold,
        ),
        "notionalUsd": instrument.value(order.price * order.size) if order.limit else instrument.value(order.value),
        "orderType": "limit" if order.limit else "market",
        "force": order.force,
        # Closing a long reads `buy` in hedge mode: the position's direction.
        "side": wire_side(side=order.side, hedge=order.hedge, closing=order.closing),
        "posSide": order.hold if order.hedge else "net",
        "marginMode": order.margin_mode,
        "marginCoin": instrument.margin_coin,
        "accBaseVolume": instrument.size(order.filled),
        "status": order.status,
        "cancelReason": order.cancel_reason,
        "leverage": str(order.leverage),
        "feeDetail": [{"feeCoin": instrument.margin_coin, "fee": text(order.fee)}],
        "totalProfits": text(order.profit),
        "reduceOnly": "yes" if order.reduce_only or order.closing else "no",
        "stpMode": "none",
        **presets_of(order),
        "cTime": str(order.created),
        "uTime": str(order.updated),
    }
    return row if fill is None else row | _filled(order, fill)


def _filled(order: Order, fill: Fill) -> dict[str, str]:
    instrument = order.instrument
    return {
        "priceAvg": average(instrument, value=order.value, lots=order.filled),
        "fillPrice": instrument.price(fill.price),
        "tradeId": str(fill.id),
        "baseVolume": instrument.size(fill.size),
        "fillTime": str(fill.created),
        "fillFee": text(fill.fee),
        "fillFeeCoin": fill.fee_coin,
        "tradeScope": "M" if fill.maker else "T",
        "fillNotionalUsd": instrument.value(fill.price * fill.size),
        "pnl": text(fill.profit),
    }


def fill(fill: Fill, order: Order | None) -> dict[str, Any]:
    """One fill of an order; here `side` is the true direction in either mode."""
    instrument = fill.instrument
    hold = "long" if (fill.side == "buy") is not fill.closing else "short"
    return {
        "orderId": str(fill.parent),
        "clientOid": order.client_oid if order else "",
        "tradeId": str(fill.id),
        "symbol": fill.symbol,
        "side": fill.side,
        "orderType": "limit" if fill.limit else "market",
        "posMode": mode(fill.hedge),
        "price": instrument.price(fill.price),
        "baseVolume": instrument.size(fill.size),
        "quoteVolume": instrument.value(fill.price * fill.size),
        "profit": text(fill.profit),
        "tradeSide": trade_side(side=fill.side, hedge=fill.hedge, closing=fill.closing, forced=fill.forced, hold=hold),
        "tradeScope": "maker" if fill.maker else "taker",
        "feeDetail": [
            {"feeCoin": fill.fee_coin, "deduction": "no", "totalDeductionFee": "0", "totalFee": text(fill.fee)}
        ],
        "cTime": str(fill.created),
        "uTime": str(fill.created),
    }


def plan(plan: Plan, executed: Order | None) -> dict[str, Any]:
    """A plan and what the order it placed has come to."""
    instrument = plan.instrument
    shown = instrument.price(plan.execute) if plan.execute else ""
    return {
        "instId": plan.symbol,
        "orderId": str(plan.id),
        "clientOid": plan.client_oid,
        "triggerPrice": instrument.price(plan.trigger),
        "triggerType": plan.trigger_by,
        "triggerTime": _NEVER if plan.status in ("live", "cancelled") else str(plan.updated),
        "planType": _PLAN_TYPES[plan.plan_type],
        "price": shown,
        "executePrice": shown,
        "size": instrument.size(plan.size),
        "actualSize": instrument.size(executed.filled if executed else 0),
        "orderType": "limit" if plan.limit else "market",
        "side": wire_side(side=plan.side, hedge=plan.hedge, closing=plan.closing),
        "tradeSide": trade_side(
            side=plan.side,
            hedge=plan.hedge,
            closing=plan.closing,
            forced=False,
            hold=plan.hold,
        ),
        "posSide": plan.hold if plan.hedge else "net",
        "marginCoin": instrument.margin_coin,
        "status": plan.status,
        "posMode": mode(plan.hedge),
        "enterPointSource": "API",
        **_exits(plan),
        "stpMode": "none",
        "cTime": str(plan.created),
        "uTime": str(plan.updated),
    }


def _exits(plan: Plan) -> dict[str, str]:
    """Its take-profit and stop-loss: attached ones, or for an exit its own trigger."""
    attached = attached_of(plan)
    return {
        "stopSurplusPrice": attached["stopSurplusExecutePrice"] or "",
        "stopSurplusTriggerPrice": attached["stopSurplusTriggerPrice"] or "",
        "stopSurplusTriggerType": attached["stopSurplusTriggerType"] or "",
        "stopLossPrice": attached["stopLossExecutePrice"] or "",
        "stopLossTriggerPrice": attached["stopLossTriggerPrice"] or "",
        "stopLossTriggerType": attached["stopLossTriggerType"] or "",
    }


def past_position(position: Position) -> dict[str, str]:
    """A position that has just been closed; this channel alone calls isolated margin `fixed`."""
    instrument = position.instrument
    return {
        "posId": str(position.id),
        "instId": position.symbol,
        "marginCoin": instrument.margin_coin,
        "marginMode": "fixed" if position.margin_mode == "isolated" else "crossed",
        "holdSide": position.hold,
        "posMode": mode(position.hedge),
        "openPriceAvg": average(instrument, value=position.opened_value, lots=position.opened),
        "closePriceAvg": average(instrument, value=position.closed_value, lots=position.closed),
        "openSize": instrument.size(position.opened),
        "closeSize": instrument.size(position.closed),
        "achievedProfits": text(position.realised),
        "settleFee": text(position.funding),
        "openFee": text(position.open_fee),
        "closeFee": text(position.close_fee),
        "cTime": str(position.created),
        "uTime": str(position.updated),
    }
