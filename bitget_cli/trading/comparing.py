"""What a conversion is worth at the spot market's last prices, to compare a quote with."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from bitget_cli.errors import RejectedError
from bitget_cli.trading.amounts import EXACT
from bitget_cli.trading.desk import exact
from bitget_cli.trading.reads import Read, row
from bitget_cli.values import Product, Symbol, plain

if TYPE_CHECKING:
    from bitget_cli.client.rest import Client
    from bitget_cli.trading.converting import Quote
    from bitget_cli.trading.instruments import Instruments

_USDT = "USDT"
_HUNDRED = Decimal(100)


@dataclass(frozen=True)
class Leg:
    """One spot market on the way from a coin to another: its base coin is sold, or bought."""

    market: Symbol
    sells: bool


@dataclass(frozen=True)
class Comparison:
    """A quote beside the market. `percent` is by how much less comes than the last prices promise; below zero more."""

    percent: Decimal
    prices: tuple[tuple[str, Decimal], ...]

    @property
    def said(self) -> str:
        against = " and ".join(f"{name} at {plain(price)}" for name, price in self.prices)
        return f"slippage {self.shown} % against {against}"

    @property
    def shown(self) -> str:
        return plain(self.percent.quantize(Decimal("0.0001"), context=EXACT).normalize(EXACT))


class Markets:
    """The spot markets of one exchange, and their last prices as they are asked for."""

    def __init__(self, client: Client, instruments: Instruments) -> None:
        self._client = client
        self._instruments = instruments

    def way(self, source: str, target: str) -> tuple[Leg, ...]:
        """The markets from one coin to another: the pair's own, or by way of USDT; empty where there are none."""
        direct = self._leg(source, target)
        if direct:
            return (direct,)
        first, second = self._leg(source, _USDT), self._leg(_USDT, target)
        return (first, second) if first and second else ()

    def compare(self, quote: Quote, way: tuple[Leg, ...]) -> Comparison | None:
        """The quote beside the market at this moment; None where there is no market with a price to compare it with."""
        if not way:
            return None
        fair, prices = quote.gives, []
        for leg in way:
            price = self._last(leg.market)
            if price is None:
                return None
            prices.append((leg.market.name, price))
            fair = EXACT.multiply(fair, price) if leg.sells else EXACT.divide(fair, price)
        missing = EXACT.subtract(fair, quote.gets)
        return Comparison(EXACT.multiply(EXACT.divide(missing, fair), _HUNDRED), tuple(prices))

    def worth(self, *held: tuple[str, Decimal]) -> Decimal | None:
        """USDT for the dearest of these coins and sizes, of those that have a price; None when none has.

        What goes and what comes are worth the same where the price is good; where it is not, the dearer one counts.
        """
        values = [value for coin, size in held if (value := self._worth(coin, size)) is not None]
        return max(values, default=None)

    def _worth(self, coin: str, size: Decimal) -> Decimal | None:
        if coin == _USDT:
            return size
        leg = self._leg(coin, _USDT)
        price = self._last(leg.market) if leg and leg.sells else None
        return None if price is None else EXACT.multiply(size, price)

    def _last(self, market: Symbol) -> Decimal | None:
        """The last price, asked for anew; None for a market that is listed and not traded (yet, or any more)."""
        try:
            told = self._client.call(row(Read.PRICE, Product.SPOT), symbol=market.name)
        except RejectedError:
            return None
        first = told[0] if isinstance(told, list) and told else None
        price = exact(first.get("lastPr")) if isinstance(first, dict) else None
        return price if price and price > 0 else None

    def _leg(self, source: str, target: str) -> Leg | None:
        for base, quote, sells in ((source, target, True), (target, source, False)):
            market = Symbol(f"{base}{quote}", Product.SPOT)
            if self._instruments.has(market, base=base, quote=quote):
                return Leg(market, sells)
        return None
