"""Futures positions of a unified account: `/api/v3/position/…`, and closing them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from bitget_cli.paper.answers import RefusedError
from bitget_cli.paper.api import futures_positions
from bitget_cli.paper.api.lists import PageRequest
from bitget_cli.paper.api.v3 import words
from bitget_cli.paper.api.v3.orders import done
from bitget_cli.paper.engine import futures
from bitget_cli.paper.engine.ledger import ZERO, text
from bitget_cli.paper.engine.records import Position
from bitget_cli.paper.engine.state import EngineState
from bitget_cli.paper.request import Query

_RATIO = Decimal("1e-8")


def current_position(state: EngineState, query: Query) -> Any:
    return {"list": [row(state, position) for position in _chosen(state, query)] or None}


def _chosen(state: EngineState, query: Query) -> list[Position]:
    """Of a line, and where they are named of a symbol and a side."""
    product, symbol = words.line(query, among=words.FUTURES_LINES), (query.maybe("symbol") or "").upper()
    hold = query.choice("posSide", ("", "long", "short"), "")
    return [
        position
        for position in state.positions.values()
        if position.product == product and symbol in ("", position.symbol) and hold in ("", position.hold)
    ]


def row(state: EngineState, position: Position) -> dict[str, Any]:
    """As a classic account tells it, in other words; what has been realised counts fees and funding here."""
    told = futures_positions.position_row(state, position)
    tied = Decimal(told["marginSize"])
    ratio = Decimal(told["unrealizedPL"]) / tied if tied else ZERO
    return {
        "category": words.NAMES[position.instrument.product],
        "symbol": position.symbol,
        "marginCoin": told["marginCoin"],
        "holdMode": told["posMode"],
        "posSide": position.hold,
        "marginMode": position.margin_mode,
        "positionBalance": told["marginSize"],
        "available": told["available"],
        "frozen": told["locked"],
        "total": told["total"],
        "leverage": told["leverage"],
        "curRealisedPnl": text(_net(position)),
        "avgPrice": told["openPriceAvg"],
        "positionStatus": "normal",
        "unrealisedPnl": told["unrealizedPL"],
        "liquidationPrice": told["liquidationPrice"],
        "mmr": told["keepMarginRate"],
        "profitRate": text(ratio.quantize(_RATIO)),
        "markPrice": told["markPrice"],
        "breakEvenPrice": told["breakEvenPrice"],
        "totalFunding": text(position.funding),
        "openFeeTotal": text(position.open_fee),
        "closeFeeTotal": text(position.close_fee),
        "cashDividend": "0",
        "createdTime": told["cTime"],
        "updatedTime": told["uTime"],
    }


def _net(position: Position) -> Decimal:
    return position.realised + position.open_fee + position.close_fee + position.funding


def history_position(state: EngineState, query: Query) -> Any:
    product = words.line(query, among=words.FUTURES_LINES)
    wanted = PageRequest(product=product, symbol=query.maybe("symbol"), live=False)
    found = words.listed_page(state, Position, query, wanted)
    return words.whole([past_row(position) for position in found], found, query)


def past_row(position: Position) -> dict[str, Any]:
    told = futures_positions.past_row(position)
    return {
        "positionId": told["positionId"],
        "category": words.NAMES[position.instrument.product],
        "symbol": position.symbol,
        "marginCoin": told["marginCoin"],
        "holdMode": told["posMode"],
        "posSide": position.hold,
        "marginMode": position.margin_mode,
        "openPriceAvg": told["openAvgPrice"],
        "closePriceAvg": told["closeAvgPrice"],
        "openTotalPos": told["openTotalPos"],
        "closeTotalPos": told["closeTotalPos"],
        "cumRealisedPnl": told["pnl"],
        "netProfit": told["netProfit"],
        "totalFunding": told["totalFunding"],
        "openFeeTotal": told["openFee"],
        "closeFeeTotal": told["closeFee"],
        "cashDividend": "0",
        "createdTime": told["ctime"],
        "updatedTime": told["utime"],
    }


def adl_rank(state: EngineState, _query: Query) -> Any:
    """There is no auto-deleveraging: everybody is last in the queue."""
    return [
        {
            "symbol": position.symbol,
            "marginCoin": position.instrument.margin_coin,
            "adlRank": "0",
            "holdSide": position.hold,
        }
        for position in state.positions.values()
    ]


def close_positions(state: EngineState, query: Query) -> Any:
    """At the market: every position of a line, or those of a symbol or a side."""
    positions = _chosen(state, query)
    if not positions:
        raise RefusedError("25225", "No position to close")
    return {"list": [done(futures.close(state, position)) for position in positions]}
