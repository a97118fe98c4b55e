"""Futures positions: `/api/v2/mix/position/…`."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from bitget_cli.paper.api.futures_orders import mode
from bitget_cli.paper.api.lists import PageRequest, end_id, page
from bitget_cli.paper.engine import fills, margin
from bitget_cli.paper.engine.futures import occupied
from bitget_cli.paper.engine.ledger import ZERO, average, price_of, size_of, text
from bitget_cli.paper.engine.records import Plan, Position
from bitget_cli.paper.engine.state import EngineState
from bitget_cli.paper.request import Query
from bitget_cli.values import Product


def all_position(state: EngineState, query: Query) -> Any:
    """Open positions; nothing for a flat account."""
    coin = (query.maybe("marginCoin") or "").upper()
    product = query.line()
    return [
        position_row(state, position)
        for position in state.positions.values()
        if position.product == product and coin in ("", position.instrument.margin_coin)
    ]


def single_position(state: EngineState, query: Query) -> Any:
    instrument = query.future()
    found = (state.position(instrument.product, instrument.symbol, hold) for hold in ("long", "short"))
    return [position_row(state, position) for position in found if position]


def history_position(state: EngineState, query: Query) -> Any:
    if query.maybe("productType") is None and query.maybe("symbol") is None:
        query = query.with_default("productType", Product.USDT_FUTURES.wire)
    wanted = PageRequest(symbol=query.maybe("symbol"), live=False)
    if query.maybe("productType"):
        wanted.add("product = ?", query.line())
    positions = page(state, Position, query, wanted, limit=(20, 100))
    return {"list": [past_row(position) for position in positions], "endId": end_id(positions) or None}


def adl_rank(state: EngineState, query: Query) -> Any:
    """There is no auto-deleveraging: everybody is last in the queue."""
    product = query.with_default("productType", Product.USDT_FUTURES.wire).line()
    return [adl_row(position) for position in state.positions.values() if position.product == product]


def adl_row(position: Position) -> dict[str, str]:
    coin = position.instrument.margin_coin
    return {"symbol": position.symbol, "marginCoin": coin, "adlRank": "0", "rank": "0", "holdSide": position.hold}


def position_row(state: EngineState, position: Position) -> dict[str, Any]:
    instrument = position.instrument
    mark = state.market.mark(instrument)
    locked = occupied(state, position)
    liquidation = margin.liquidation_price(state, position)
    return {
        "marginCoin": instrument.margin_coin,
        "symbol": position.symbol,
        "holdSide": position.hold,
        "openDelegateSize": instrument.size(_opening(state, position)),
        "marginSize": text(margin.margin_of(state, position)),
        "available": instrument.size(position.size - locked),
        "locked": instrument.size(locked),
        "total": instrument.size(position.size),
        "leverage": str(position.leverage),
        "achievedProfits": text(position.realised),
        "openPriceAvg": _entry(position),
        "marginMode": position.margin_mode,
        "posMode": mode(position.hedge),
        "unrealizedPL": text(margin.profit_at(position, mark)),
        "liquidationPrice": text(liquidation.quantize(Decimal("1e-8"))),
        "keepMarginRate": text(margin.tier_rate(instrument, position.cost)),
        "markPrice": instrument.price(mark),
        "breakEvenPrice": _break_even(position),
        "totalFee": text(position.funding),
        "deductedFee": text(-position.open_fee - position.close_fee),
        **_exits(state, position),
        "marginRatio": text(_risk(state, position, mark).quantize(Decimal("0.0001"))),
        "assetMode": "single",
        "autoMargin": "on" if position.auto_margin else "off",
        "grant": "",
        "cTime": str(position.created),
        "uTime": str(position.updated),
    }


def profit_rate(told: dict[str, Any]) -> str:
    """Of a position's row: its unrealised profit over the margin it ties up."""
    tied = Decimal(told["marginSize"])
    return text((Decimal(told["unrealizedPL"]) / tied if tied else ZERO).quantize(Decimal("1e-8")))


def _opening(state: EngineState, position: Position) -> int:
    """Lots that resting orders would add."""
    side = "buy" if position.hold == "long" else "sell"
    return sum(
        order.left
        for order in state.orders.values()
        if (order.product, order.symbol, order.side) == (position.product, position.symbol, side)
        and not (order.closing or order.reduce_only)
    )


def _entry(position: Position) -> str:
    instrument = position.instrument
    price = position.cost / size_of(instrument, position.size)
    return text(price.quantize(Decimal(1).scaleb(-instrument.price_places - 4)))


def _break_even(position: Position) -> str:
    """Where closing would pay for both fees."""
    instrument = position.instrument
    fee = position.sign * Decimal(instrument.taker)
    price = position.cost / size_of(instrument, position.size) * (1 + fee) / (1 - fee)
    return text(price.quantize(price_of(instrument, 1)))


def _risk(state: EngineState, position: Position, mark: int) -> Decimal:
    """Maintenance over what stands behind the position: its account, or its own margin."""
    if position.margin_mode == "crossed":
        return margin.account(state, Product(position.product), position.instrument.margin_coin).risk
    behind = margin.margin_of(state, position) + margin.profit_at(position, mark)
    return margin.maintenance_at(position, mark) / behind if behind > 0 else Decimal(1)


def _exits(state: EngineState, position: Position) -> dict[str, str]:
    """The exits of the whole position; partial ones are seen among the plans."""
    found: dict[str, Plan] = {plan.plan_type: plan for plan in fills.futures_exits_of(state, position)}
    profit, loss = found.get("pos_profit"), found.get("pos_loss")
    price = position.instrument.price
    return {
        "takeProfit": price(profit.trigger) if profit else "",
        "stopLoss": price(loss.trigger) if loss else "",
        "takeProfitId": str(profit.id) if profit else "",
        "stopLossId": str(loss.id) if loss else "",
    }


def past_row(position: Position) -> dict[str, Any]:
    instrument = position.instrument
    return {
        "positionId": str(position.id),
        "marginCoin": instrument.margin_coin,
        "symbol": position.symbol,
        "holdSide": position.hold,
        "openAvgPrice": average(instrument, value=position.opened_value, lots=position.opened),
        "closeAvgPrice": average(instrument, value=position.closed_value, lots=position.closed),
        "marginMode": position.margin_mode,
        "openTotalPos": instrument.size(position.opened),
        "closeTotalPos": instrument.size(position.closed),
        "pnl": text(position.realised),
        "netProfit": text(position.net),
        "totalFunding": text(position.funding),
        "openFee": text(position.open_fee),
        "closeFee": text(position.close_fee),
        # Of shares and the like, which are not traded here.
        "cashDividend": "0",
        "posMode": mode(position.hedge),
        "ctime": str(position.created),
        "utime": str(position.updated),
    }
