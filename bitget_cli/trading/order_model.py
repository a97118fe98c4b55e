"""Orders as an account tells them: plain ones and waiting ones, their states and names.

None stands for what is not told, and `row` is the exchange's own mapping, verbatim.
"""

# No annotations as texts here: a named tuple compiles each of them, two milliseconds at every order.
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple

from bitget_cli.trading.model import (
    Direction,
    OrderState,
    PositionSide,
    TriggerBy,
)
from bitget_cli.values import Symbol


class PlanType(StrEnum):
    """What a waiting order does once its price is reached."""

    TRIGGER = "trigger"
    TRAILING = "trailing"
    TAKE_PROFIT = "take-profit"
    STOP_LOSS = "stop-loss"
    TRAILING_EXIT = "trailing exit"
    OCO = "oco"
    TWAP = "twap"
    ICEBERG = "iceberg"

    @property
    def is_exit(self) -> bool:
        """Whether it leaves a position and opens none."""
        return self in (PlanType.TAKE_PROFIT, PlanType.STOP_LOSS, PlanType.TRAILING_EXIT)

    @property
    def is_strategy(self) -> bool:
        """Whether it is more than one order: a pair, or one in parts. Only a unified account has these."""
        return self in (PlanType.OCO, PlanType.TWAP, PlanType.ICEBERG)

    @property
    def trails(self) -> bool:
        return self in (PlanType.TRAILING, PlanType.TRAILING_EXIT)


class Order(NamedTuple):
    """An order as its account tells it; `size` is in base coin, of a spot market buy in money.

    `direction` is the trade's own. `closes` says whether it can only make a position smaller; None where the account
    does not tell. `fee`, in `fee_coin`, is negative where it was paid and positive where it was given; None, too, where
    it was paid in several coins. `state_word` is the exchange's own word for the state. `is_exit` waits for a price to
    sell coins that are held: a classic account lists it among its spot orders. `post_only` is known of one that was
    just placed.
    """

    symbol: Symbol
    order_id: str
    client_order_id: str | None
    direction: Direction | None
    position_side: PositionSide | None
    closes: bool | None
    is_market: bool
    price: Decimal | None
    size: Decimal | None
    filled: Decimal | None
    average: Decimal | None
    fee: Decimal | None
    fee_coin: str | None
    take_profit: Decimal | None
    stop_loss: Decimal | None
    state: OrderState | None
    state_word: str
    made_at: datetime | None
    changed_at: datetime | None
    row: Mapping[str, Any]
    is_exit: bool = False
    post_only: bool = False

    @property
    def would_have_taken(self) -> bool:
        """Whether an order that was just placed is gone because it was post-only."""
        return self.post_only and self.state is OrderState.CANCELLED and not self.filled

    @property
    def in_money(self) -> bool:
        """Whether `size` is money: of a spot market buy."""
        return self.is_market and self.symbol.product.is_spot and self.direction is Direction.BUY


class Plan(NamedTuple):
    """An order that waits for a price, as its account tells it; `size` is in base coin, or in money with `in_quote`.

    `price` is what it trades at then, `callback` the percent it trails by. `type_word` is the exchange's own word.
    """

    symbol: Symbol
    order_id: str
    client_order_id: str | None
    type: PlanType
    type_word: str
    whole_position: bool
    direction: Direction | None
    closes: bool | None
    trigger: Decimal | None
    trigger_by: TriggerBy
    is_market: bool
    price: Decimal | None
    size: Decimal | None
    in_quote: bool
    callback: Decimal | None
    take_profit: Decimal | None
    stop_loss: Decimal | None
    state: OrderState | None
    state_word: str
    made_at: datetime | None
    changed_at: datetime | None
    row: Mapping[str, Any]

    @property
    def legs(self) -> tuple[Decimal | None, Decimal | None]:
        """Take-profit and stop-loss of an exit, whichever way its account tells them; a trailing one has neither."""
        if self.type.trails:
            return None, None
        if self.take_profit or self.stop_loss:
            return self.take_profit, self.stop_loss
        gains, loses = self.type is PlanType.TAKE_PROFIT, self.type is PlanType.STOP_LOSS
        return (self.trigger if gains else None, self.trigger if loses else None)

    @property
    def is_of_all(self) -> bool:
        """Whether it is of the whole position, and follows its size."""
        return self.whole_position or not self.size


class OrderList(StrEnum):
    """In which book an order is."""

    ORDERS = "orders"
    PLANS = "plans"


# New terms of an order, by the words they are typed in: price size tp sl trigger callback.
NewTerms = Mapping[str, Decimal]


class OrderName(NamedTuple):
    """What an order is called, as far as it is known; at least one of them. `is_exit` as in `Order`."""

    order_id: str | None = None
    client_order_id: str | None = None
    is_exit: bool = False

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(name for name in (self.order_id, self.client_order_id) if name)
