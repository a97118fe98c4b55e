"""Spot take-profit and stop-loss as Bitget lists them: among the orders, with `tpslType` saying `tpsl`."""

from __future__ import annotations

from typing import Any

from bitget_cli.paper.engine.floor import Floor
from bitget_cli.paper.engine.money import text
from bitget_cli.paper.engine.plan_orders import cancel as cancel_plan
from bitget_cli.paper.engine.plan_orders import find
from bitget_cli.paper.engine.records import Plan
from bitget_cli.paper.engine.spot_exits import KIND
from bitget_cli.paper.instruments import Instrument
from bitget_cli.paper.keys import USER_ID
from bitget_cli.paper.private.lists import Wanted, page
from bitget_cli.paper.query import Query
from bitget_cli.values import Product


def unfilled(floor: Floor, query: Query) -> list[dict[str, Any]]:
    return [_row(plan) | _unfilled(plan) for plan in _page(floor, query, live=True)]


def history(floor: Floor, query: Query) -> list[dict[str, Any]]:
    return [_row(plan) | _past(plan) | coins(plan.instrument) for plan in _page(floor, query, live=False)]


def coins(instrument: Instrument) -> dict[str, str]:
    """What past orders and single ones tell besides."""
    return {"baseCoin": instrument.base, "quoteCoin": instrument.quote}


def cancel(floor: Floor, query: Query) -> dict[str, Any]:
    plan = cancel_plan(floor, find(floor, query, kind=KIND))
    return {"orderId": str(plan.id), "clientOid": plan.client_oid}


def _page(floor: Floor, query: Query, *, live: bool) -> list[Plan]:
    wanted = Wanted(product=Product.SPOT, symbol=query.maybe("symbol"), live=live)
    wanted.field("plan_type", KIND)
    wanted.named(query)
    return page(floor, Plan, query, wanted)


def _row(plan: Plan) -> dict[str, Any]:
    instrument = plan.instrument
    return {
        "userId": USER_ID,
        "symbol": plan.symbol,
        "orderId": str(plan.id),
        "clientOid": plan.client_oid,
        "size": text(plan.quote) if plan.quote else instrument.size(plan.size),
        "orderType": "limit" if plan.limit else "market",
        "side": plan.side,
        "status": plan.status,
        "baseVolume": "0",
        "quoteVolume": "0",
        "enterPointSource": "API",
        "orderSource": "normal",
        "cTime": str(plan.created),
        "uTime": str(plan.updated),
        "tpslType": "tpsl",
        "triggerPrice": instrument.price(plan.trigger),
    }


def _unfilled(plan: Plan) -> dict[str, str]:
    return {
        "priceAvg": plan.instrument.price(plan.execute),
        "basePrice": "0",
        "presetTakeProfitPrice": "",
        "executeTakeProfitPrice": "",
        "presetStopLossPrice": "",
        "executeStopLossPrice": "",
    }


def _past(plan: Plan) -> dict[str, str]:
    return {"price": plan.instrument.price(plan.execute), "priceAvg": "0", "feeDetail": "", "cancelReason": ""}
