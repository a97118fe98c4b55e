"""Leverage, margin mode, position mode and the margin of a position: `/api/v2/mix/account/set-…`."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from bitget_cli.paper import refusals
from bitget_cli.paper.engine import margin
from bitget_cli.paper.engine.floor import Floor
from bitget_cli.paper.engine.futures_orders import margin_coin
from bitget_cli.paper.engine.money import account_of, exact, size_of
from bitget_cli.paper.engine.records import Position
from bitget_cli.paper.instruments import FUTURES, Instrument
from bitget_cli.paper.query import Query
from bitget_cli.paper.refusals import RefusedError
from bitget_cli.values import Product

_AMOUNT = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,12})?", re.ASCII)


def set_leverage(floor: Floor, query: Query) -> Any:
    """For crossed margin one leverage, for isolated one a side: `holdSide` says which, in one-way mode both."""
    instrument = query.future()
    margin_coin(query, instrument)
    mode = margin.margin_mode_of(floor, instrument)
    _set(floor, instrument, _leverages(floor, query, instrument, mode))
    answer = _answer(floor, instrument)
    return answer | {
        "crossMarginLeverage": str(margin.leverage_of(floor, instrument, "crossed", "")),
        "marginMode": mode,
    }


def _leverages(floor: Floor, query: Query, instrument: Instrument, mode: str) -> dict[str, int]:
    hold = query.maybe("holdSide")
    both = query.maybe("leverage")
    sides = {"long": query.maybe("longLeverage"), "short": query.maybe("shortLeverage")}
    if mode == "crossed":
        value = both or sides["long"] or sides["short"]
        if value is None:
            raise refusals.missing("leverage")
        return {"cross": _leverage(instrument, value)}
    given = {side: value for side, value in sides.items() if value}
    if given:
        return {side: _leverage(instrument, value) for side, value in given.items()}
    if both is None:
        raise refusals.missing("leverage")
    if hold is None and margin.mode_of(floor, instrument.product) == "hedge_mode":
        raise refusals.unchecked("hold side is null")
    return {side: _leverage(instrument, both) for side in ("long", "short") if hold in (None, side)}


def _leverage(instrument: Instrument, value: str) -> int:
    if not (value.isascii() and value.isdigit() and len(value) < 5 and int(value) > 0):
        raise refusals.wrong("leverage")
    if int(value) > instrument.max_leverage:
        raise RefusedError("40797", "Exceeded the maximum settable leverage")
    return int(value)


def _set(floor: Floor, instrument: Instrument, leverages: dict[str, int]) -> None:
    """Keep new leverages; positions take them over, isolated ones moving margin from or to the account."""
    for kind, leverage in leverages.items():
        if any(
            (order.product, order.symbol) == (instrument.product, instrument.symbol) and order.leverage != leverage
            for order in floor.orders.values()
        ):
            raise RefusedError(
                "40881", "There is currently an order, or an order is planned, and the leverage cannot be adjusted."
            )
        floor.settings[f"{instrument.name}/{kind}"] = str(leverage)
        for hold in ("long", "short"):
            position = floor.position(instrument.product, instrument.symbol, hold)
            if position and (position.margin_mode == "crossed") == (kind == "cross") and kind in ("cross", hold):
                _relever(floor, position, leverage)


def _relever(floor: Floor, position: Position, leverage: int) -> None:
    instrument = position.instrument
    worth = size_of(instrument, position.size) if instrument.product is Product.COIN_FUTURES else position.cost
    needed = exact(worth / leverage)
    more = needed - margin.margin_of(floor, position)
    has = margin.account(floor, instrument.product, instrument.margin_coin)
    if more > (has.usable if position.margin_mode == "crossed" else has.spare) or position.cost > margin.most_value(
        instrument, leverage
    ):
        raise RefusedError(
            "40893", "Unable to update the leverage factor of this position, there is not enough margin!"
        )
    if position.margin_mode == "isolated" and more > 0:
        _add(floor, position, more)
    position.leverage = leverage
    floor.save(position)


def set_all_leverage(floor: Floor, query: Query) -> Any:
    """Every symbol with an open position."""
    held = {(position.product, position.symbol) for position in floor.positions.values()}
    for instrument in query.futures():
        if (instrument.product, instrument.symbol) in held:
            leverage = _leverage(instrument, query.text("leverage"))
            mode = margin.margin_mode_of(floor, instrument)
            _set(floor, instrument, dict.fromkeys(("cross",) if mode == "crossed" else ("long", "short"), leverage))
    return "success"


def set_margin_mode(floor: Floor, query: Query) -> Any:
    instrument = query.future()
    margin_coin(query, instrument)
    mode = query.choice("marginMode", ("isolated", "crossed"))
    if mode != margin.margin_mode_of(floor, instrument):
        if margin.busy(floor, instrument.product, instrument.symbol):
            raise RefusedError("45117", "Currently holding positions or orders, the margin mode cannot be adjusted")
        floor.settings[f"{instrument.name}/margin"] = mode
    return _answer(floor, instrument) | {"marginMode": mode}


def set_position_mode(floor: Floor, query: Query) -> Any:
    product = query.product()
    mode = query.choice("posMode", ("one_way_mode", "hedge_mode"))
    if mode != margin.mode_of(floor, product):
        if margin.busy(floor, product):
            raise RefusedError("40920", "Position or order exists, the position mode cannot be switched")
        floor.settings[f"{product}/mode"] = mode
    return {"posMode": mode}


def set_asset_mode(_floor: Floor, query: Query) -> Any:
    if query.choice("assetMode", ("single", "union")) == "union":
        raise refusals.not_learnt("assetMode=union")
    return "success"


def set_margin(floor: Floor, query: Query) -> Any:
    """More margin for an isolated position, or with a negative amount less."""
    position = _isolated(floor, query)
    given = query.text("amount")
    if not _AMOUNT.fullmatch(given) or not Decimal(given):
        raise refusals.wrong("amount")
    amount, instrument = exact(Decimal(given)), position.instrument
    if amount > margin.account(floor, instrument.product, instrument.margin_coin).spare:
        raise RefusedError("40754", "balance not enough")
    if amount < 0:
        _check_reduction(floor, position, -amount)
    _add(floor, position, amount)
    floor.save(position)
    return ""


def _check_reduction(floor: Floor, position: Position, amount: Decimal) -> None:
    """What is left must still be the initial margin, losses taken off."""
    instrument = position.instrument
    profit = min(Decimal(0), margin.profit_at(position, floor.desk.mark(instrument)))
    worth = size_of(instrument, position.size) if instrument.product is Product.COIN_FUTURES else position.cost
    if margin.margin_of(floor, position) + profit - amount < worth / position.leverage:
        raise RefusedError("40754", "balance not enough")


def _add(floor: Floor, position: Position, amount: Decimal) -> None:
    """To the position from its account, which as a whole has what it had: there is no bill."""
    instrument = position.instrument
    floor.ledger.move(instrument.margin_coin, amount, source=account_of(instrument.product), target=position.pot)


def set_auto_margin(floor: Floor, query: Query) -> Any:
    """Only `off` can be kept: margin is never added here without being asked. The call names no product."""
    symbol = query.text("symbol").upper()
    instrument = next((each for each in FUTURES if each.symbol == symbol), None)
    if instrument is None:
        raise refusals.unknown(symbol)
    if query.choice("autoMargin", ("on", "off")) == "on":
        raise refusals.not_learnt("autoMargin=on")
    if margin.margin_mode_of(floor, instrument) == "crossed":
        raise RefusedError("40886", "The automatic margin call cannot be adjusted in the full position mode")
    return ""


def _isolated(floor: Floor, query: Query) -> Position:
    instrument = query.future()
    margin_coin(query, instrument)
    hold = query.choice("holdSide", ("long", "short"))
    position = floor.position(instrument.product, instrument.symbol, hold)
    if position is None:
        raise RefusedError("22002", "No position to close")
    if position.margin_mode == "crossed":
        raise RefusedError("40875", "Whole position mode does not support margin adjustment")
    return position


def _answer(floor: Floor, instrument: Instrument) -> dict[str, str]:
    long, short = (margin.leverage_of(floor, instrument, "isolated", hold) for hold in ("long", "short"))
    return {
        "symbol": instrument.symbol,
        "marginCoin": instrument.margin_coin,
        "longLeverage": str(long),
        "shortLeverage": str(short),
    }
