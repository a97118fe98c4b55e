"""Futures positions of a unified account: `/api/v3/position/…`, and closing them."""

from __future__ import annotations

from typing import Any

from bitget_cli.paper.answers import RefusedError, reworded
from bitget_cli.paper.api import futures_positions
from bitget_cli.paper.api.lists import PageRequest
from bitget_cli.paper.api.v3 import words
from bitget_cli.paper.api.v3.orders import done
from bitget_cli.paper.engine import futures
from bitget_cli.paper.engine.ledger import text
from bitget_cli.paper.engine.records import Position
from bitget_cli.paper.engine.state import EngineState
from bitget_cli.paper.request import Query


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


_ROW = (
    "category symbol marginCoin holdMode=posMode posSide=holdSide marginMode positionBalance=marginSize available"
    " frozen=locked total leverage curRealisedPnl avgPrice=openPriceAvg positionStatus unrealisedPnl=unrealizedPL"
    " liquidationPrice mmr=keepMarginRate profitRate markPrice breakEvenPrice totalFunding openFeeTotal closeFeeTotal"
    " cashDividend createdTime=cTime updatedTime=uTime"
)
_PAST = (
    "positionId category symbol marginCoin holdMode=posMode posSide=holdSide marginMode openPriceAvg=openAvgPrice"
    " closePriceAvg=closeAvgPrice openTotalPos closeTotalPos cumRealisedPnl=pnl netProfit totalFunding"
    " openFeeTotal=openFee closeFeeTotal=closeFee cashDividend createdTime=ctime updatedTime=utime"
)


def row(state: EngineState, position: Position) -> dict[str, Any]:
    """As a classic account tells it, in other words; what has been realised counts fees and funding here."""
    told = futures_positions.position_row(state, position)
    own = {
        "category": words.NAMES[position.instrument.product],
        "curRealisedPnl": text(position.net),
        "positionStatus": "normal",
        "profitRate": futures_positions.profit_rate(told),
        "totalFunding": text(position.funding),
        "openFeeTotal": text(position.open_fee),
        "closeFeeTotal": text(position.close_fee),
        "cashDividend": "0",
    }
    return reworded(told | own, _ROW)


def history_position(state: EngineState, query: Query) -> Any:
    product = words.line(query, among=words.FUTURES_LINES)
    wanted = PageRequest(product=product, symbol=query.maybe("symbol"), live=False)
    found = words.listed_page(state, Position, query, wanted)
    return words.whole([past_row(position) for position in found], found, query)


def past_row(position: Position) -> dict[str, Any]:
    category = words.NAMES[position.instrument.product]
    return reworded(futures_positions.past_row(position) | {"category": category}, _PAST)


def adl_rank(state: EngineState, _query: Query) -> Any:
    """There is no auto-deleveraging: everybody is last in the queue."""
    rows = (futures_positions.adl_row(position) for position in state.positions.values())
    return [reworded(told, "symbol marginCoin adlRank holdSide") for told in rows]


def close_positions(state: EngineState, query: Query) -> Any:
    """At the market: every position of a line, or those of a symbol or a side."""
    positions = _chosen(state, query)
    if not positions:
        raise RefusedError("25225", "No position to close")
    return {"list": [done(futures.close(state, position)) for position in positions]}
