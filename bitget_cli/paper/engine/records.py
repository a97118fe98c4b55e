"""What the paper exchange remembers of its one customer: orders, fills, positions, plans, bills and movements.

Prices are ticks, sizes lots, money Decimal, times milliseconds. An id holds its own time: see `born`.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar, Literal

from bitget_cli.paper.engine.money import ZERO
from bitget_cli.paper.instruments import Instrument, instrument
from bitget_cli.values import Product

ID_STEP = 1_000_000
Side = Literal["buy", "sell"]
Hold = Literal["long", "short"]


def born(identity: int) -> int:
    """When the thing with this id came to be, in ms."""
    return identity // ID_STEP


@dataclass(kw_only=True)
class Record:
    """Something kept under an id. `product` is the market's, or an account's name where there is no market."""

    kind: ClassVar[str]
    id: int
    product: str
    symbol: str = ""
    client_oid: str = ""
    parent: int = 0
    updated: int = 0

    @property
    def live(self) -> bool:
        """Whether time can still do something to it."""
        return False

    @property
    def created(self) -> int:
        return born(self.id)

    @property
    def instrument(self) -> Instrument:
        found = instrument(Product(self.product), self.symbol)
        assert found is not None, self.symbol  # noqa: S101 - records are only made of listed instruments
        return found


@dataclass(kw_only=True)
class Exits:
    """Take-profit and stop-loss to attach when an order fills: trigger and execution in ticks, 0 for none."""

    profit: int = 0
    profit_execute: int = 0
    profit_by: str = ""
    loss: int = 0
    loss_execute: int = 0
    loss_by: str = ""

    def __bool__(self) -> bool:
        return bool(self.profit or self.loss)


@dataclass(kw_only=True)
class Order(Record):
    """An order; `side` is the true direction of its trades. `parent` is the plan that placed it.

    `quote` is a spot market buy's money; `queue` what stands before it at its price; `value` ticks times lots filled;
    `reserved` what it holds back, in quote coin, base coin (spot sells) or margin coin.
    """

    kind: ClassVar[str] = "order"
    side: Side
    limit: bool
    force: str = "gtc"
    price: int = 0
    size: int = 0
    quote: Decimal = ZERO
    filled: int = 0
    value: int = 0
    fee: Decimal = ZERO
    queue: int = 0
    reserved: Decimal = ZERO
    status: str = "live"
    source: str = "normal"
    cancel_reason: str = ""
    # Futures only.
    closing: bool = False
    reduce_only: bool = False
    hedge: bool = False
    margin_mode: str = ""
    leverage: int = 0
    profit: Decimal = ZERO
    exits: Exits
    # Whose order a liquidation's is: its trade side says so.
    forced: bool = False

    @property
    def live(self) -> bool:
        return self.status in ("live", "partially_filled")

    @property
    def left(self) -> int:
        return self.size - self.filled

    @property
    def hold(self) -> Hold:
        """The position it opens or closes, in hedge mode."""
        return "long" if (self.side == "buy") is not self.closing else "short"


@dataclass(kw_only=True)
class Fill(Record):
    """One trade of an order (`parent`); `fee` is paid in `fee_coin`, `profit` realised in margin coin."""

    kind: ClassVar[str] = "fill"
    side: Side
    price: int
    size: int
    fee: Decimal
    fee_coin: str
    maker: bool
    limit: bool
    profit: Decimal = ZERO
    closing: bool = False
    hedge: bool = False
    forced: bool = False


@dataclass(kw_only=True)
class Position(Record):
    """An open or past position. `cost` is what its present size was bought or sold for, in quote coin.

    `opened`/`opened_value` and `closed`/`closed_value` count lots, and ticks times lots, of its whole life.
    """

    kind: ClassVar[str] = "position"
    hold: Hold
    margin_mode: str
    leverage: int
    hedge: bool
    size: int = 0
    cost: Decimal = ZERO
    opened: int = 0
    opened_value: int = 0
    closed: int = 0
    closed_value: int = 0
    realised: Decimal = ZERO
    open_fee: Decimal = ZERO
    close_fee: Decimal = ZERO
    funding: Decimal = ZERO
    auto_margin: bool = False

    @property
    def live(self) -> bool:
        return self.size > 0

    @property
    def sign(self) -> int:
        return 1 if self.hold == "long" else -1

    @property
    def pot(self) -> str:
        """Where an isolated position keeps its margin."""
        return f"{self.product.replace('-', '_')}/{self.symbol}/{self.hold}"


@dataclass(kw_only=True)
class Plan(Record):
    """A trigger order. `parent` is the position a take-profit or stop-loss belongs to.

    `rising`: it waits for a price at or above `trigger`. `callback` (in hundredths of a percent) makes it trail
    `extreme` from when `active`. `quote` is a spot market buy's money; `size` 0 means the whole position. `executed`
    is the order it placed.
    """

    kind: ClassVar[str] = "plan"
    plan_type: str
    side: Side
    trigger: int
    trigger_by: str
    rising: bool
    size: int = 0
    quote: Decimal = ZERO
    limit: bool = False
    execute: int = 0
    callback: int = 0
    active: bool = False
    extreme: int = 0
    status: str = "live"
    closing: bool = False
    reduce_only: bool = False
    hedge: bool = False
    margin_mode: str = ""
    exits: Exits
    executed: int = 0
    failure: str = ""
    by_total: bool = False

    @property
    def live(self) -> bool:
        return self.status == "live"

    @property
    def protects(self) -> bool:
        """A take-profit or stop-loss of a futures position."""
        return self.plan_type not in ("normal_plan", "track_plan", "spot", "tpsl")

    @property
    def hold(self) -> Hold:
        return "long" if (self.side == "buy") is not self.closing else "short"
