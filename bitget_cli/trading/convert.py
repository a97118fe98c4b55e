"""A coin for another at a quoted price: what is wanted, what was quoted, and what it is worth."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from bitget_cli.errors import UsageError
from bitget_cli.trading.model import EXACT
from bitget_cli.values import Product, Symbol, amount, plain

if TYPE_CHECKING:
    from bitget_cli.runtime import Clock
    from bitget_cli.trading.account_state import Instruments
    from bitget_cli.trading.adapters.protocol import AccountAdapter

# Bitget's page "Convert": a quote is valid for eight seconds.
HOLDS = 8.0
# Seconds kept for the way to the exchange: so much earlier a quote counts as expired here.
FOR_THE_WAY = 0.5
EXPIRED = "12021"


class ConversionRequest(NamedTuple):
    """What is to be converted: `source` coin into `target` coin, and one of the two sizes."""

    source: str
    target: str
    gives: Decimal | None
    gets: Decimal | None

    @property
    def summary(self) -> str:
        if self.gives is not None:
            return f"convert {plain(self.gives)} {self.source} into {self.target}"
        return f"convert {self.source} into {plain(self.gets or Decimal(0))} {self.target}"


class Quote(NamedTuple):
    """A price for a conversion as the exchange named it, `price` and `fee` its own texts, the sizes exact."""

    source: str
    target: str
    gives: Decimal
    gets: Decimal
    price: str
    fee: str
    row: Mapping[str, Any]
    # The monotonic second from which on it is not traded any more.
    good_until: float | None = None

    @property
    def summary(self) -> str:
        return f"convert {plain(self.gives)} {self.source} into {plain(self.gets)} {self.target}"


class SmallBalance(NamedTuple):
    """A balance that can be turned into BGB: what it comes to about, and what is said of the fee."""

    coin: str
    worth: Decimal | None
    summary: str


def conversion_request(source: str, target: str, *, from_size: str | None, to_size: str | None) -> ConversionRequest:
    """What a person typed; the coins as they are listed. Raises UsageError."""
    one, other = source, target
    if one == other:
        raise UsageError(f"{one} is {one} already; name two coins")
    if (from_size is None) == (to_size is None):
        raise UsageError(
            "say one of --from-size and --to-size", hint="--from-size is what goes, --to-size is what comes"
        )
    name, text = ("--to-size", to_size) if from_size is None else ("--from-size", from_size)
    size = amount(text or "", what=name)
    if not size:
        raise UsageError(f"{name} {plain(size)} is not above zero")
    return ConversionRequest(one, other, None if from_size is None else size, size if from_size is None else None)


def quote(adapter: AccountAdapter, clock: Clock, wanted: ConversionRequest) -> Quote:
    """A price for it. Raises NetworkError for an answer that is no quote of what was asked for."""
    asked_at = clock.monotonic()
    return adapter.quote(wanted)._replace(good_until=asked_at + HOLDS - FOR_THE_WAY)


_USDT = "USDT"
_HUNDRED = Decimal(100)


class Leg(NamedTuple):
    """One spot market on the way from a coin to another: its base coin is sold, or bought."""

    market: Symbol
    sells: bool


class Comparison(NamedTuple):
    """A quote beside the market. `percent` is by how much less comes than the last prices promise; below zero more."""

    percent: Decimal
    prices: tuple[tuple[str, Decimal], ...]

    @property
    def summary(self) -> str:
        against = " and ".join(f"{name} at {plain(price)}" for name, price in self.prices)
        return f"slippage {self.shown} % against {against}"

    @property
    def shown(self) -> str:
        return plain(self.percent.quantize(Decimal("0.0001"), context=EXACT).normalize(EXACT))


class Markets:
    """The spot markets of one exchange, and their last prices as they are asked for."""

    def __init__(self, adapter: AccountAdapter, instruments: Instruments) -> None:
        self._adapter = adapter
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
            price = self._adapter.last_price(leg.market)
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
        price = self._adapter.last_price(leg.market) if leg and leg.sells else None
        return None if price is None else EXACT.multiply(size, price)

    def _leg(self, source: str, target: str) -> Leg | None:
        for base, quote, sells in ((source, target, True), (target, source, False)):
            market = Symbol(f"{base}{quote}", Product.SPOT)
            if self._instruments.has(market, base=base, quote=quote):
                return Leg(market, sells)
        return None
