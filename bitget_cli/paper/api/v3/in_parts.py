"""Strategy orders that are worked off in parts, `twapParams` and `icebergParams`: as they are sent and told."""

from __future__ import annotations

from bitget_cli.paper import answers
from bitget_cli.paper.answers import RefusedError
from bitget_cli.paper.api.futures_orders import maybe_price
from bitget_cli.paper.api.v3 import words
from bitget_cli.paper.engine import validation
from bitget_cli.paper.engine.records import Plan
from bitget_cli.paper.engine.state import EngineState
from bitget_cli.paper.request import Query
from bitget_cli.values import Product

_KINDS = ("limit", "market")
_LONGEST, _MOST_PARTS = 1440, 100
_INTERVALS = ("5", "10", "20", "30", "60")


def read_twap(state: EngineState, given: Query, plan: Plan) -> None:
    """Market orders of like size, the first at once or where `twapTriggerPrice` is reached."""
    market = plan.instrument
    minutes = _number(given, "duration", _LONGEST)
    seconds = int(given.choice("interval", _INTERVALS))
    if given.choice("orderType", _KINDS, "market") == "limit":
        raise answers.not_learnt("orderType=limit of a twap")
    plan.interval, plan.parts = seconds * 1000, minutes * 60 // seconds
    plan.trigger = words.price(given, "twapTriggerPrice", market)
    plan.bound = words.price(given, "twapTerminationPrice", market)
    plan.bound_rising = plan.bound >= state.watched(plan).last(state.time).price
    _check_parts(state, plan, least=plan.size // plan.parts, most=-(-plan.size // plan.parts))


def read_iceberg(state: EngineState, given: Query, plan: Plan) -> None:
    """Limit orders one after the other. One that follows the book is priced when it is placed, and rests there."""
    market = plan.instrument
    preference = given.choice("orderPreference", ("faster_execution", "fixed_distance", "fixed_price"))
    if preference == "fixed_distance":
        raise answers.not_learnt("orderPreference=fixed_distance")
    if preference == "fixed_price":
        plan.execute = words.needed_price(given, "fixedPrice", market)
        if market.product is Product.SPOT:
            validation.within_band(state, market, plan.execute, plan.side == "buy")
    else:
        plan.follow = given.choice("executionStrategy", ("queue1", "counterparty1"))
        plan.bound = words.price(given, "priceLimit", market)
    if given.choice("splitMode", ("quantity", "order")) == "quantity":
        plan.shown = words.size(given, market, "qtyPerOrder")
        _check_parts(state, plan, least=plan.size % plan.shown or plan.shown, most=plan.shown)
    else:
        plan.parts = _number(given, "splitOrderNumbers", _MOST_PARTS)
        _check_parts(state, plan, least=plan.size // plan.parts, most=-(-plan.size // plan.parts))


def _number(given: Query, name: str, most: int) -> int:
    given.text(name)
    return given.count(name, 0, most)


def _check_parts(state: EngineState, plan: Plan, *, least: int, most: int) -> None:
    """Every part is an order of its own, and has to meet the rules of one."""
    market = plan.instrument
    if not least:
        raise RefusedError("45110", "A part is smaller than the smallest order")
    if most > plan.size:
        raise answers.wrong("qtyPerOrder")
    validation.large_enough(state, market, least, plan.execute)
    validation.small_enough(market, most, limit=plan.plan_type == "iceberg")


def twap_params(plan: Plan) -> dict[str, str]:
    market = plan.instrument
    return {
        "duration": str(plan.parts * plan.interval // 60_000),
        "interval": str(plan.interval // 1000),
        "orderType": "market",
        "limitOffsetType": "",
        "limitOffsetPercentage": "",
        "limitOffsetSpread": "",
        "twapTriggerPrice": maybe_price(market, plan.trigger),
        "twapTerminationPrice": maybe_price(market, plan.bound),
    }


def iceberg_params(plan: Plan) -> dict[str, str]:
    market = plan.instrument
    return {
        "splitMode": "quantity" if plan.shown else "order",
        "qtyPerOrder": market.size(plan.shown) if plan.shown else "",
        "splitOrderNumbers": "" if plan.shown else str(plan.parts),
        "orderPreference": "faster_execution" if plan.follow else "fixed_price",
        "executionStrategy": plan.follow,
        "fixedDistanceType": "",
        "distance": "",
        "fixedPrice": maybe_price(market, plan.execute),
        "priceLimit": maybe_price(market, plan.bound),
    }
