"""What a person means: true directions and exact amounts, before any spelling of Bitget's."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from bitget_cli.trading.changes import Direction, PositionSide
from bitget_cli.values import Symbol


class TimeInForce(StrEnum):
    """How long a limit order stands."""

    GTC = "gtc"
    IOC = "ioc"
    FOK = "fok"
    POST_ONLY = "post-only"


class MarginMode(StrEnum):
    """What backs a position: its own margin, or the whole account."""

    ISOLATED = "isolated"
    CROSSED = "crossed"


class TriggerBy(StrEnum):
    """Which price sets a trigger off."""

    MARK = "mark"
    LAST = "last"


@dataclass(frozen=True)
class Order:
    """A trade in a market. `direction` is the trade's own, whatever it opens or closes.

    `size` is in base coin; with `in_quote` it is money, as Bitget takes it for spot market buys alone. `price` makes it
    a limit order. `closing` may only make a position smaller. `margin_mode` None means the account's own.
    """

    symbol: Symbol
    direction: Direction
    size: Decimal
    price: Decimal | None = None
    in_quote: bool = False
    tif: TimeInForce = TimeInForce.GTC
    closing: bool = False
    margin_mode: MarginMode | None = None
    take_profit: Decimal | None = None
    stop_loss: Decimal | None = None
    client_oid: str | None = None

    @property
    def is_market(self) -> bool:
        return self.price is None

    @property
    def said(self) -> str:
        """The trade in one line: `buy 0.01 BTCUSDT at 60000`."""
        amount = f"{self.symbol.name} for {self.size:f}" if self.in_quote else f"{self.size:f} {self.symbol.name}"
        at = "at market" if self.price is None else f"at {self.price:f}"
        kind = " spot" if self.symbol.product.is_spot else ""
        return f"{self.direction.value} {amount}{kind} {at}{' (closing)' if self.closing else ''}"

    def details(self, margin_mode: MarginMode | None = None) -> tuple[str, ...]:
        """The rest of what is sent, in the words it is typed in; `margin_mode` is the account's own."""
        tif = "post-only" if self.tif is TimeInForce.POST_ONLY else f"tif {self.tif.value}"
        return (*(() if self.is_market else (tif,)), *self.extras(margin_mode))

    def extras(self, margin_mode: MarginMode | None = None, unit: str = "") -> tuple[str, ...]:
        """The details that a waiting order has as well; `unit` is that of the exits."""
        mode = self.margin_mode or margin_mode
        told = (
            "reduce-only" if self.closing else None,
            f"{mode.value} margin" if mode else None,
            f"take-profit {self.take_profit:f}{unit}" if self.take_profit else None,
            f"stop-loss {self.stop_loss:f}{unit}" if self.stop_loss else None,
            f"client id {self.client_oid}" if self.client_oid else None,
        )
        return tuple(detail for detail in told if detail)


@dataclass(frozen=True)
class Plan:
    """A trade that waits for a price. With `callback` (percent) it trails the price once triggered, then trades."""

    order: Order
    trigger: Decimal
    trigger_by: TriggerBy = TriggerBy.MARK
    callback: Decimal | None = None

    @property
    def said(self) -> str:
        trail = f", trailing {self.callback:f} %" if self.callback is not None else ""
        return f"{self.order.said} once {self.trigger_by.value} reaches {self.trigger:f}{trail}"

    def details(self, margin_mode: MarginMode | None = None) -> tuple[str, ...]:
        """The rest of what is sent. A waiting order has no time in force; exits of a trailing one are percentages."""
        return self.order.extras(margin_mode, " % of the last price" if self.callback is not None else "")


@dataclass(frozen=True)
class Exit:
    """Leaving a position at a profit, a loss or a distance (percent); `size` None is the whole position.

    `trigger` is where a trailing exit begins to trail.
    """

    symbol: Symbol
    side: PositionSide
    take_profit: Decimal | None = None
    stop_loss: Decimal | None = None
    trailing: Decimal | None = None
    size: Decimal | None = None
    trigger: Decimal | None = None

    @property
    def said(self) -> str:
        legs = (
            ("take profit at {:f}", self.take_profit),
            ("stop loss at {:f}", self.stop_loss),
            ("trail by {:f} %", self.trailing),
        )
        how = " and ".join(text.format(value) for text, value in legs if value is not None)
        how += " by the mark price" if self.trailing is None else f" of the last price from {self.trigger or 0:f} on"
        amount = "the whole" if self.size is None else f"{self.size:f} of the"
        return f"{how} for {amount} {self.side.value} {self.symbol.name}"
