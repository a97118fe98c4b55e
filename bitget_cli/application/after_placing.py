"""What came of orders that end at once or are post-only: looked at once all is sent, and said in a line."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from itertools import chain, repeat
from typing import TYPE_CHECKING, NamedTuple

from bitget_cli.results import Filled
from bitget_cli.trading import adapters
from bitget_cli.trading.change import Change, ChangeKind, Outcome, OutcomeKind
from bitget_cli.trading.model import EXACT, OPENS, OPPOSITE, Direction, OrderState
from bitget_cli.trading.order_model import Order, OrderName, Plan
from bitget_cli.values import Product, Symbol, plain

if TYPE_CHECKING:
    from datetime import datetime

    from bitget_cli.application.sending import EndedChange
    from bitget_cli.session import Session
    from bitget_cli.trading.adapters.protocol import AccountAdapter

# Seconds that all of it may take, and those between two looks.
_LONGEST = 2.0
_PAUSES = (0.1, 0.2, 0.4)
# How far clocks may be apart, for a list of what was just made.
_SKEW = timedelta(minutes=1)
# The answer to placing may come before the order has met the book: a post-only order rests if it still does then.
_LOOKS_AT_RESTING = 2


class Made(NamedTuple):
    """An order that an answer named. `symbol` is None where it did not say the market."""

    product: Product
    symbol: Symbol | None
    name: OrderName
    closes: bool
    post_only: bool = False


def looked_at(session: Session, sent: Sequence[EndedChange]) -> list[Outcome]:
    """The outcomes with the orders they made, as far as those are looked at and were seen in time.

    One order is asked for by itself; of several, a list is read for each product. Nothing depends on it: what goes
    wrong here, Ctrl-C included, ends the look alone.
    """
    seen: dict[Made, Order] = {}
    made: list[list[Made]] = [[] for _ in sent]
    try:
        made = [_made(session, *one) for one in sent]
        if wanted := list(chain.from_iterable(made)):
            _look(session, wanted, seen)
    except (Exception, KeyboardInterrupt) as failure:  # the orders are placed, whatever this was
        if session.shared.verbose:
            session.say(f"note: what came of it was not found out: {str(failure) or type(failure).__name__}")
    return [
        ended.outcome._replace(orders=tuple(_closing(seen[one], one) for one in own if one in seen))
        for ended, own in zip(sent, made, strict=True)
    ]


def _closing(order: Order, made: Made) -> Order:
    return order._replace(closes=order.closes or made.closes or None, post_only=made.post_only)


def _made(session: Session, outcome: Outcome, change: Change | None) -> list[Made]:
    """The orders that the answer to a change names. The closing of positions is answered with a list of them."""
    if (
        change is None
        or not change.is_looked_at
        or outcome.error
        or outcome.outcome not in (OutcomeKind.PLACED, OutcomeKind.DONE)
    ):
        return []
    adapter = adapters.of(change.row.name)
    named = [(outcome.symbol, OrderName(outcome.order_id))] if outcome.order_id else []
    if change.kind is ChangeKind.CLEAR:
        named = [
            (one.symbol, OrderName(str(one.order_id))) for one in adapter.replies(outcome.response)[0] if one.order_id
        ]
    closes = change.kind is ChangeKind.CLEAR or adapter.only_closes(change.row, change.given)
    product = (
        change.symbol.product if change.symbol else session.adapter.orders.product_of(change.row.name, change.given)
    )
    if product is None:
        return []
    markets = [(change.symbol or (Symbol(market, product) if market else None), name) for market, name in named]
    return [Made(product, market, name, closes, change.post_only) for market, name in markets]


def _look(session: Session, wanted: Sequence[Made], seen: dict[Made, Order]) -> None:
    """Fills `seen`, so that what was seen before a look went wrong is told."""
    clock = session.clock
    until = clock.monotonic() + _LONGEST
    since = session.client.now() - _SKEW
    adapter, left = session.adapter.ending_at(until), list(wanted)
    is_alone = len(wanted) == 1 and wanted[0].symbol is not None
    for number, pause in enumerate(chain(_PAUSES, repeat(_PAUSES[-1])), 1):
        if is_alone and wanted[0].symbol:
            found = adapter.look(wanted[0].symbol, wanted[0].name)
            seen.update({wanted[0]: found} if found else {})
        else:
            seen.update(_listed(adapter, left, since))
        left = [one for one in wanted if one not in seen or not is_over(seen[one])]
        if number >= _LOOKS_AT_RESTING:
            # One asked for by itself shows where it rests; lists are of what is over.
            left = [one for one in left if not one.post_only or (is_alone and one not in seen)]
        if not left or clock.monotonic() + pause >= until:
            return
        clock.sleep(pause)


def _listed(adapter: AccountAdapter, wanted: Sequence[Made], since: datetime) -> dict[Made, Order]:
    by_id = {one.name.order_id: one for one in wanted}
    found: dict[Made, Order] = {}
    for product in dict.fromkeys(one.product for one in wanted):
        markets = {one.symbol for one in wanted if one.product is product}
        market = next(iter(markets)) if len(markets) == 1 else None
        orders = adapter.past_orders(product, market, since=since)
        found |= {by_id[order.order_id]: order for order in orders if order.order_id in by_id}
    return found


def is_over(order: Order) -> bool:
    return bool(order.state and order.state.is_over)


def filled(orders: Sequence[Order | Plan]) -> Filled:
    """As it is shown of the one order there is: numbers with the digits they are told with."""
    if len(orders) != 1:
        return Filled()
    (order,) = orders
    if isinstance(order, Plan):
        return Filled(order.state_word or None)
    size, average, fee = (
        None if number is None else plain(number) for number in (order.filled, order.average, order.fee)
    )
    return Filled(order.state_word or None, size, average, fee, order.fee_coin)


_DONE = {Direction.BUY: "bought", Direction.SELL: "sold"}


def sentence(order: Order) -> str:
    """What came of it in a line: `bought 0.01 BTCUSDT at 65771.2, fee 0.39 USDT`; "" of what rests as it is to."""
    size, over = order.filled or Decimal(0), is_over(order)
    if order.would_have_taken:
        return f"nothing was {_verb(order)}: post-only would have taken from the book, so the order was cancelled"
    if not size:
        if order.post_only and not over:
            return ""
        if not over:
            return f"not filled yet; bitget order wait {order.order_id} waits for it"
        return f"nothing was {_verb(order)}: the order {_ended(order)}"
    whole = None if order.in_money or order.size == size else order.size
    amount = _text(size) if whole is None else f"{_text(size)} of {_text(whole)}"
    side = f"{OPENS[OPPOSITE[order.direction]]} " if order.closes and order.direction else ""
    at = f" at {_text(order.average)}" if order.average else ""
    told = f"{_verb(order)} {side}{amount} {order.symbol.name}{at}{_charge(order)}"
    if not over:
        return f"{told}; bitget order wait {order.order_id} waits for the rest"
    return told if order.state is OrderState.FILLED else f"{told}, the rest {_ended(order)}"


def line(typed: str, order: Order | Plan) -> str:
    """What came of an order, under the id that it was asked for by."""
    return f"{typed}: {order.state_word if isinstance(order, Plan) else sentence(order)}"


def _verb(order: Order) -> str:
    return "closed" if order.closes else _DONE[order.direction] if order.direction else "filled"


def _ended(order: Order) -> str:
    return "was cancelled" if order.state is OrderState.CANCELLED else "failed"


def _charge(order: Order) -> str:
    if order.fee is None:
        return ""
    word = "rebate" if order.fee > 0 else "fee"
    return f", {word} {_text(abs(order.fee))} {order.fee_coin or ''}".rstrip()


def _text(number: Decimal) -> str:
    """Without the zeros at its end that some lists have."""
    return plain(number.normalize(EXACT)) if number else "0"
