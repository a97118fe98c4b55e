"""What a trade does: positions, coins and fees, and the exits that come and go with it."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from bitget_cli.paper.engine import validation
from bitget_cli.paper.engine.ledger import (
    FEES,
    MARKET,
    PROFITS,
    ZERO,
    account_of,
    exact,
    in_margin_coin,
    lots_of,
    quote_of,
    size_of,
)
from bitget_cli.paper.engine.margin import account, gain, margined_by, needs, order_margin
from bitget_cli.paper.engine.records import IN_PARTS, Exits, Fill, Hold, Order, Plan, Position, Side
from bitget_cli.paper.engine.state import EngineState
from bitget_cli.paper.instruments import PaperInstrument
from bitget_cli.paper.request import Query
from bitget_cli.values import Product


def attach_futures_exits(state: EngineState, order: Order, position: Position) -> None:
    """An order with presets has filled: its exits now guard the whole position, in place of earlier ones."""
    exits = order.exits
    if state.unified:
        return _guard_both(state, position, exits)
    if exits.profit:
        _guard(state, position, "pos_profit", exits.profit, exits.profit_execute, exits.profit_by)
    if exits.loss:
        _guard(state, position, "pos_loss", exits.loss, exits.loss_execute, exits.loss_by)
    return None


def _guard_both(state: EngineState, position: Position, exits: Exits) -> None:
    """In a unified account one plan of two legs guards the whole position."""
    if not exits:
        return
    plan = whole_exit(state, position)
    if plan is None:
        plan = guard(state, position, "exit", trigger=exits.profit or exits.loss)
    plan.exits = plan.exits.updated(exits, profit=exits.profit > 0, loss=exits.loss > 0)
    state.save(plan)


def whole_exit(state: EngineState, position: Position) -> Plan | None:
    """The plan of two legs that guards all of a position."""
    found = (plan for plan in futures_exits_of(state, position) if plan.plan_type == "exit" and not plan.size)
    return next(found, None)


def _guard(
    state: EngineState,
    position: Position,
    kind: Literal["pos_profit", "pos_loss"],
    trigger: int,
    execute: int,
    by: str,
) -> None:
    for plan in futures_exits_of(state, position):
        if plan.plan_type == kind:
            if (plan.trigger, plan.execute) != (trigger, execute):
                plan.trigger, plan.execute, plan.limit = trigger, execute, execute > 0
                state.save(plan)
            return
    state.save(guard(state, position, kind, trigger=trigger, execute=execute, by=by))


def guard(state: EngineState, position: Position, kind: str, *, trigger: int, execute: int = 0, by: str = "") -> Plan:
    """A new exit of a position; not saved yet."""
    side: Side = "sell" if position.hold == "long" else "buy"
    identity = state.new_id()
    return Plan(
        id=identity,
        product=position.product,
        symbol=position.symbol,
        client_oid=str(identity),
        parent=position.id,
        plan_type=kind,
        side=side,
        trigger=trigger,
        trigger_by=by or "fill_price",
        rising=("profit" in kind) is (position.hold == "long"),
        limit=execute > 0,
        execute=execute,
        closing=True,
        reduce_only=True,
        hedge=position.hedge,
        margin_mode=position.margin_mode,
        exits=Exits(),
    )


def futures_exits_of(state: EngineState, position: Position) -> list[Plan]:
    """The exits of a position, oldest first."""
    return [plan for plan in list(state.plans.values()) if plan.parent == position.id]


def lift_futures_exits(state: EngineState, position: Position, *, besides: Order | None = None) -> None:
    """A position is gone: its exits and the orders that could only have closed it go too."""
    for plan in futures_exits_of(state, position):
        plan.status = "cancelled"
        state.save(plan)
    for order in closers(state, position):
        if order is not besides:
            order.status = "canceled"
            order.reserved = ZERO
            state.save(order)
            part_over(state, order)


# From the end of one part of an iceberg to the next.
_REFILL_MS = 200


def part_over(state: EngineState, order: Order) -> None:
    """An order is over. Of one that was a part of a plan the next is due, or the plan is over too.

    An iceberg ends with a part that is cancelled, whoever cancelled it: nobody who takes all orders out wants another.
    """
    plan = state.plans.get(order.parent)
    if plan is None or plan.plan_type not in IN_PARTS:
        return
    plan.traded += order.filled
    if plan.plan_type == "iceberg" and order.status != "filled":
        plan.status = "cancelled"
    elif plan.sent == plan.size:
        plan.status = "executed" if plan.traded else "fail_execute"
    elif not plan.interval:
        plan.due = state.time + _REFILL_MS
    state.save(plan)


def closing_order(position: Position, *, size: int = 0, source: str) -> Order:
    """At the market, of the whole position unless a size is said; without ids yet."""
    return Order(
        id=0,
        product=position.product,
        symbol=position.symbol,
        side="sell" if position.hold == "long" else "buy",
        limit=False,
        size=size or position.size,
        source=source,
        closing=position.hedge,
        reduce_only=not position.hedge,
        hedge=position.hedge,
        margin_mode=position.margin_mode,
        exits=Exits(),
    )


def closers(state: EngineState, position: Position) -> list[Order]:
    """Resting orders that can only reduce a position, oldest first."""
    where = position.product, position.symbol, "sell" if position.hold == "long" else "buy"
    orders = [each for each in state.orders.values() if (each.product, each.symbol, each.side) == where]
    return [order for order in orders if order.closing or order.reduce_only]


def reduces(state: EngineState, order: Order) -> Position | None:
    """The position an order's trades reduce first: its own in hedge mode, the opposite one in one-way mode."""
    if order.hedge:
        return state.position(order.product, order.symbol, order.hold) if order.closing else None
    opposite: Hold = "short" if order.side == "buy" else "long"
    return state.position(order.product, order.symbol, opposite)


def fillable(state: EngineState, order: Order) -> int:
    """Lots an order may still trade: closing and reduce-only orders no more than there is to close."""
    if not (order.closing or order.reduce_only):
        return order.left
    position = reduces(state, order)
    return min(order.left, position.size) if position else 0


def covered(state: EngineState, order: Order, lots: int) -> bool:
    """Whether a resting order's trade still leaves crossed positions the money they need.

    What it holds back stands behind them too, and their losses may have taken it since.
    """
    instrument, quote = order.instrument, quote_of(order.instrument, order.price * lots)
    if order.product == Product.SPOT:
        coin, leaves = (
            (instrument.quote, quote) if order.side == "buy" else (instrument.base, size_of(instrument, lots))
        )
        product = margined_by(coin) if state.unified else None
        if product is None:
            return True
    else:
        reduced = reduces(state, order)
        lots -= reduced.size if reduced else 0
        if order.closing or order.reduce_only or lots <= 0:
            return True
        product, coin = instrument.product, instrument.margin_coin
        worth = in_margin_coin(instrument, lots=lots, quote=quote_of(instrument, order.price * lots))
        keeps = 1 / Decimal(order.leverage) if order.margin_mode == "isolated" else needs(instrument, quote)
        leaves = worth * (keeps + Decimal(instrument.maker))
    here = account(state, product, coin)
    return here.cross_equity - leaves >= here.maintenance


def fill_futures(state: EngineState, order: Order, price: int, lots: int, *, maker: bool) -> None:
    """One trade of an order. One that turns a position is written down as two: what it closed and what it opened."""
    reduced = reduces(state, order)
    closing = min(lots, reduced.size) if reduced else 0
    if reduced and closing:
        _reduce(state, order, reduced, price, closing, maker)
    if lots > closing:
        _add(state, order, price, lots - closing, maker)
    order.filled += lots
    order.value += price * lots
    order.reserved = reserve_for(state, order)


def reserve_for(state: EngineState, order: Order) -> Decimal:
    """What an order must hold back: margin and fee for the part that would open something."""
    if order.closing or order.reduce_only or not order.limit:
        return ZERO
    reduced = reduces(state, order)
    lots = max(0, order.left - (reduced.size if reduced else 0))
    instrument = order.instrument
    return order_margin(instrument, lots=lots, quote=quote_of(instrument, order.price * lots), leverage=order.leverage)


def _add(state: EngineState, order: Order, price: int, lots: int, maker: bool) -> None:
    instrument = order.instrument
    position = state.position(order.product, order.symbol, order.opens) or _opened(state, order)
    value = quote_of(instrument, price * lots)
    position.size += lots
    position.cost += value
    position.opened += lots
    position.opened_value += price * lots
    position.leverage = order.leverage
    if position.margin_mode == "isolated":
        margin = in_margin_coin(instrument, lots=lots, quote=value) / order.leverage
        state.ledger.move(instrument.margin_coin, margin, source=account_of(instrument.product), target=position.pot)
    fee = _pay_fee(state, order, price, lots, maker)
    position.open_fee -= fee
    _book(state, order, position, price, lots, fee=fee, maker=maker)
    attach_futures_exits(state, order, position)


def _opened(state: EngineState, order: Order) -> Position:
    return Position(
        id=state.new_id(),
        product=order.product,
        symbol=order.symbol,
        hold=order.opens,
        margin_mode=order.margin_mode,
        leverage=order.leverage,
        hedge=order.hedge,
    )


def _reduce(state: EngineState, order: Order, position: Position, price: int, lots: int, maker: bool) -> None:
    instrument, account = order.instrument, account_of(order.instrument.product)
    whole = lots == position.size
    cost = position.cost if whole else exact(position.cost * lots / position.size)
    profit = exact(gain(instrument, position, lots=lots, cost=cost, ticks=price))
    coin = instrument.margin_coin
    state.ledger.move(coin, profit, source=PROFITS, target=account)
    if position.margin_mode == "isolated":
        margin = state.ledger.pot(position.pot, coin).total
        part = margin if whole else margin * lots / position.size
        state.ledger.move(coin, part, source=position.pot, target=account)
    fee = _pay_fee(state, order, price, lots, maker)
    position.size -= lots
    position.cost -= cost
    position.closed += lots
    position.closed_value += price * lots
    position.realised += profit
    position.close_fee -= fee
    order.profit += profit
    _book(state, order, position, price, lots, fee=fee, maker=maker, profit=profit, closing=True)
    if not position.size:
        lift_futures_exits(state, position, besides=order)


def _pay_fee(state: EngineState, order: Order, price: int, lots: int, maker: bool) -> Decimal:
    instrument = order.instrument
    worth = in_margin_coin(instrument, lots=lots, quote=quote_of(instrument, price * lots))
    fee = exact(worth * Decimal(instrument.maker if maker else instrument.taker))
    state.ledger.move(instrument.margin_coin, fee, source=account_of(instrument.product), target=FEES)
    order.fee -= fee
    return fee


def _business(order: Order, *, closing: bool) -> str:
    """The word of the bill."""
    if order.forced:
        return f"burst_{order.hold}_loss_query" if order.hedge else f"burst_{order.side}"
    if not order.hedge:
        return order.side
    return f"{'close' if closing else 'open'}_{order.hold}"


def _book(
    state: EngineState,
    order: Order,
    position: Position,
    price: int,
    lots: int,
    *,
    fee: Decimal,
    maker: bool,
    profit: Decimal = ZERO,
    closing: bool = False,
) -> None:
    """Write down what a trade has done to a position: its bill, the position itself and the fill."""
    market = order.instrument
    state.bill(
        account_of(market.product),
        market.margin_coin,
        profit,
        fee=-fee,
        business=_business(order, closing=closing),
        symbol=order.symbol,
        cause=order.id,
        position=position,
        lots=lots,
    )
    state.save(position)
    _record(state, order, price, lots, fee=fee, maker=maker, profit=profit, closing=closing)


def _record(
    state: EngineState,
    order: Order,
    price: int,
    lots: int,
    *,
    fee: Decimal,
    maker: bool,
    profit: Decimal = ZERO,
    closing: bool = False,
) -> None:
    state.save(
        Fill(
            id=state.new_id(),
            product=order.product,
            symbol=order.symbol,
            parent=order.id,
            side=order.side,
            price=price,
            size=lots,
            fee=-fee,
            fee_coin=order.fee_coin,
            maker=maker,
            limit=order.limit,
            profit=profit,
            closing=closing,
            hedge=order.hedge,
            forced=order.forced,
        )
    )


_SPOT = "spot"


def reserve(state: EngineState, order: Order) -> None:
    """Freeze what the order may cost."""
    coin, amount = needed(order)
    state.ledger.freeze(_SPOT, coin, amount)
    order.reserved = amount


def needed(order: Order) -> tuple[str, Decimal]:
    """Coin and amount that must be there for an order, or for what is left of it."""
    instrument = order.instrument
    if order.side == "sell":
        return instrument.base, size_of(instrument, order.left)
    if order.quote:
        return instrument.quote, order.quote - quote_of(instrument, order.value)
    return instrument.quote, quote_of(instrument, order.price * order.left)


def fill_spot(state: EngineState, order: Order, price: int, lots: int, *, maker: bool) -> None:
    """One trade of an order; what a limit order saves against its limit is free at once."""
    instrument = order.instrument
    size, value = size_of(instrument, lots), quote_of(instrument, price * lots)
    rate = Decimal(instrument.maker if maker else instrument.taker)
    if order.side == "buy":
        given, got = (instrument.quote, value), (instrument.base, size)
    else:
        given, got = (instrument.base, size), (instrument.quote, value)
    fee = exact(got[1] * rate)
    state.ledger.spend(*given, source=_SPOT, target=MARKET)
    order.reserved -= exact(given[1])
    state.ledger.move(*got, source=MARKET, target=_SPOT)
    state.ledger.move(got[0], fee, source=_SPOT, target=FEES)
    order.filled += lots
    order.value += price * lots
    order.fee -= fee
    _free(state, order, order.reserved - needed(order)[1])
    _record(state, order, price, lots, fee=fee, maker=maker)
    for coin, amount, kept in ((given[0], -given[1], ZERO), (got[0], got[1], -fee)):
        state.bill(
            _SPOT,
            coin,
            amount,
            fee=kept,
            business=order.side.upper(),
            group="transaction",
            symbol=order.symbol,
            cause=order.id,
        )


def release(state: EngineState, order: Order) -> None:
    """An order is over: nothing stays frozen for it."""
    _free(state, order, order.reserved)


def _free(state: EngineState, order: Order, amount: Decimal) -> None:
    if amount > ZERO:
        coin = order.instrument.quote if order.side == "buy" else order.instrument.base
        state.ledger.freeze(_SPOT, coin, -amount)
        order.reserved -= exact(amount)


# Nothing is frozen for them. Of the two that guard one purchase the first to trigger takes the other away.

KIND = "tpsl"


def attach_spot_exits(state: EngineState, order: Order) -> None:
    """A purchase is over: what it brought, less its fee, is guarded by its exits."""
    exits = order.exits
    instrument = order.instrument
    bought = lots_of(instrument, size_of(instrument, order.filled) + order.fee)
    legs = ((True, exits.profit, exits.profit_execute), (False, exits.loss, exits.loss_execute))
    for rising, trigger, execute in legs:
        if trigger and bought:
            plan = _plan(instrument, trigger=trigger, execute=execute)
            plan.size, plan.parent, plan.rising = bought, order.id, rising
            _wait(state, plan)


def place_spot_exit(state: EngineState, query: Query) -> Plan:
    """One by itself: `triggerPrice`, and `price` for a limit order."""
    instrument = query.spot()
    limit = query.choice("orderType", ("limit", "market")) == "limit"
    execute = validation.price(query, "price", instrument) if limit else 0
    plan = _plan(instrument, trigger=validation.price(query, "triggerPrice", instrument), execute=execute)
    plan.side = validation.side(query)
    plan.client_oid = validation.client_oid(state, query, spot=True)
    plan.rising = plan.trigger >= state.prices.traded(instrument).last(state.time).price
    if plan.side == "buy" and not limit:
        plan.quote = validation.positive(query, "size")
    else:
        plan.size = validation.lots(query, "size", instrument)
        validation.large_enough(state, instrument, plan.size, execute or plan.trigger)
    return _wait(state, plan)


def lift_other_spot_exits(state: EngineState, plan: Plan) -> None:
    """The purchase a plan guarded needs no second guard."""
    for other in list(state.plans.values()):
        if plan.parent and other.parent == plan.parent and other.plan_type == KIND and other.id != plan.id:
            other.status = "cancelled"
            state.save(other)


def _plan(instrument: PaperInstrument, *, trigger: int, execute: int) -> Plan:
    return Plan(
        id=0,
        product=Product.SPOT,
        symbol=instrument.symbol,
        plan_type=KIND,
        side="sell",
        trigger=trigger,
        trigger_by="fill_price",
        rising=False,
        limit=execute > 0,
        execute=execute,
        quote=ZERO,
        exits=Exits(),
    )


def _wait(state: EngineState, plan: Plan) -> Plan:
    plan.id = state.new_id()
    plan.client_oid = plan.client_oid or str(plan.id)
    state.save(plan)
    return plan
