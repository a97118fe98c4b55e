"""What is traded on the paper exchange, as plain data: markets, leverage tiers, coins and chains.

Precision is that of Bitget's own instruments.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from bitget_cli.values import Product

# The field meanings follow Bitget's `mix/market/contracts` and `spot/public/symbols`.

# Nothing was traded before this: 2018-01-01 UTC, in milliseconds.
LAUNCH = 1_514_764_800_000


class Underlying(NamedTuple):
    """A coin's price as every market of it sees it: around `centre` USD, moving by `daily` (a ratio) a day.

    `together` is how much of that movement is the whole market's.
    """

    coin: str
    centre: float
    daily: float
    together: float


class PaperInstrument(NamedTuple):
    """One market. A price is a whole number of ticks, a size a whole number of lots.

    A tick is `price_step` units of the last of `price_places` decimals; lots and `size_places` likewise. `volume` is
    what is traded on an ordinary day and `open_interest` what is open, in base coin; `largest` and `largest_market`
    bound one order, in base coin.
    """

    symbol: str
    product: Product
    base: str
    quote: str
    price_places: int
    price_step: int
    size_places: int
    volume: int
    size_step: int = 1
    maker: str = "0.001"
    taker: str = "0.001"
    max_leverage: int = 1
    fund_hours: int = 8
    largest: int = 0
    largest_market: int = 0
    open_interest: int = 0

    @property
    def margin_coin(self) -> str:
        return self.base if self.product is Product.COIN_FUTURES else self.quote

    @property
    def name(self) -> str:
        """Unlike the symbol, shared by no other market."""
        return f"{self.product}:{self.symbol}"

    def lots(self, coins: int) -> int:
        """Whole base coins as lots."""
        return coins * int(10**self.size_places) // self.size_step

    def price(self, ticks: int) -> str:
        return decimal_text(ticks * self.price_step, self.price_places)

    def size(self, lots: int) -> str:
        return decimal_text(lots * self.size_step, self.size_places)

    def value(self, ticks_times_lots: int) -> str:
        """Quote coin, from a sum of ticks times lots."""
        places = self.price_places + self.size_places
        return decimal_text(ticks_times_lots * self.price_step * self.size_step, places)


def decimal_text(units: int, places: int) -> str:
    """Bitget's spelling of a number: a decimal point, no exponent, no zeros at the end."""
    if places <= 0:
        return str(units)
    sign, digits = ("-", str(-units)) if units < 0 else ("", str(units))
    digits = digits.rjust(places + 1, "0")
    return f"{sign}{digits[:-places]}.{digits[-places:]}".rstrip("0").rstrip(".")


UNDERLYINGS = {
    each.coin: each
    for each in (
        Underlying("BTC", 68_000.0, 0.024, 0.90),
        Underlying("ETH", 3_100.0, 0.031, 0.85),
        Underlying("SOL", 150.0, 0.040, 0.78),
        Underlying("XRP", 1.1, 0.038, 0.65),
        Underlying("LTC", 92.0, 0.033, 0.72),
        Underlying("DOGE", 0.19, 0.043, 0.68),
        Underlying("ADA", 0.62, 0.038, 0.72),
        Underlying("BGB", 3.4, 0.028, 0.45),
        Underlying("USDC", 1.0, 0.00006, 0.0),
    )
}

# The most one spot order may be worth, in quote coin: with a limit, and at the market.
LARGEST_LIMIT, LARGEST_MARKET = 20_000_000, 5_000_000

SPOT = tuple(
    PaperInstrument(f"{base}USDT", Product.SPOT, base, "USDT", price_places, 1, size_places, volume)
    for base, price_places, size_places, volume in (
        ("BTC", 2, 6, 9_300),
        ("ETH", 2, 4, 210_000),
        ("SOL", 2, 4, 1_900_000),
        ("XRP", 4, 4, 96_000_000),
        ("LTC", 2, 4, 410_000),
        ("DOGE", 5, 4, 610_000_000),
        ("ADA", 4, 4, 72_000_000),
        ("BGB", 4, 4, 11_000_000),
        ("USDC", 4, 4, 240_000_000),
    )
)

# Base, price decimals, tick in units of the last, size decimals, volume a day, leverage, hours between fundings,
# largest order, largest market order, open interest.
_USDT_M = (
    ("BTC", 1, 1, 4, 61_000, 125, 8, 1_200, 220, 42_000),
    ("ETH", 2, 1, 2, 810_000, 100, 8, 13_000, 3_200, 810_000),
    ("SOL", 3, 1, 1, 7_900_000, 75, 8, 150_000, 40_000, 6_200_000),
    ("XRP", 4, 1, 0, 390_000_000, 75, 8, 6_400_000, 1_500_000, 210_000_000),
    ("LTC", 2, 1, 1, 1_700_000, 75, 8, 60_000, 15_000, 930_000),
    ("DOGE", 5, 1, 0, 2_400_000_000, 75, 4, 40_000_000, 9_000_000, 1_100_000_000),
    ("ADA", 4, 1, 0, 310_000_000, 75, 8, 8_000_000, 2_000_000, 180_000_000),
    ("BGB", 4, 1, 0, 7_000_000, 50, 4, 300_000, 60_000, 5_100_000),
)
_USDC_M = (
    ("BTC", 1, 1, 4, 2_900, 125, 8, 400, 80, 2_100),
    ("ETH", 2, 1, 3, 41_000, 100, 8, 5_000, 1_200, 33_000),
    ("SOL", 3, 1, 2, 370_000, 50, 8, 50_000, 12_000, 240_000),
)
_COIN_M = (
    ("BTC", 1, 5, 4, 1_900, 125, 8, 300, 60, 2_600),
    ("ETH", 2, 1, 3, 37_000, 100, 8, 4_000, 900, 41_000),
    ("XRP", 4, 1, 1, 21_000_000, 50, 8, 900_000, 200_000, 17_000_000),
)


def _futures(
    product: Product, symbol: str, quote: str, row: tuple[str, int, int, int, int, int, int, int, int, int]
) -> PaperInstrument:
    base, price_places, price_step, size_places, volume, leverage, hours, largest, largest_market, interest = row
    return PaperInstrument(
        symbol,
        product,
        base,
        quote,
        price_places,
        price_step,
        size_places,
        volume,
        maker="0.0002",
        taker="0.0006",
        max_leverage=leverage,
        fund_hours=hours,
        largest=largest,
        largest_market=largest_market,
        open_interest=interest,
    )


USDT_M = tuple(_futures(Product.USDT_FUTURES, f"{row[0]}USDT", "USDT", row) for row in _USDT_M)
USDC_M = tuple(_futures(Product.USDC_FUTURES, f"{row[0]}PERP", "USDC", row) for row in _USDC_M)
COIN_M = tuple(_futures(Product.COIN_FUTURES, f"{row[0]}USD", "USD", row) for row in _COIN_M)
FUTURES = (*USDT_M, *USDC_M, *COIN_M)

_LISTED = {
    Product.SPOT: SPOT,
    Product.USDT_FUTURES: USDT_M,
    Product.USDC_FUTURES: USDC_M,
    Product.COIN_FUTURES: COIN_M,
}


def listed(product: Product) -> tuple[PaperInstrument, ...]:
    """Every instrument of a product, in the order they are shown."""
    return _LISTED[product]


@cache
def _by_symbol(product: Product) -> dict[str, PaperInstrument]:
    return {instrument.symbol: instrument for instrument in _LISTED[product]}


def instrument(product: Product, symbol: str) -> PaperInstrument | None:
    """The instrument of that name, in either case, or None."""
    return _by_symbol(product).get(symbol.upper())


class Chain(NamedTuple):
    """One way in and out; amounts are in the coin itself, `places` the decimals of a withdrawal."""

    name: str
    fee: str
    least_deposit: str
    least_withdrawal: str
    deposit_blocks: int
    withdrawal_blocks: int
    places: int
    tag: bool = False
    contract: str | None = None


# Coin → Bitget's number for it and its chains. Contracts are plainly made up: nothing can be sent to them.
COINS = {
    "BTC": (1, (Chain("BTC", "0.00002", "0.00001", "0.0001", 1, 1, 8),)),
    "USDT": (
        2,
        (
            Chain("TRC20", "1.5", "0.01", "10", 6, 1, 6, contract="TPaperUSDT"),
            Chain("ERC20", "2", "0.01", "10", 6, 64, 6, contract="0xPaperUSDT"),
            Chain("BEP20", "0.3", "0.01", "10", 15, 15, 6, contract="0xPaperUSDTBep20"),
        ),
    ),
    "ETH": (
        3,
        (
            Chain("ETH", "0.0006", "0.0001", "0.001", 6, 64, 8),
            Chain("ArbitrumOne", "0.0001", "0.0001", "0.001", 12, 12, 8),
        ),
    ),
    "LTC": (5, (Chain("LTC", "0.001", "0.001", "0.002", 3, 3, 8),)),
    "USDC": (
        6,
        (
            Chain("ERC20", "2", "0.01", "10", 6, 64, 6, contract="0xPaperUSDC"),
            Chain("SOL", "0.5", "0.01", "5", 1, 1, 6, contract="PaperUSDC"),
        ),
    ),
    "ADA": (9, (Chain("Cardano", "0.8", "1", "3", 15, 15, 6),)),
    "DOGE": (11, (Chain("DOGE", "4", "1", "10", 6, 6, 8),)),
    "SOL": (14, (Chain("SOL", "0.008", "0.01", "0.1", 1, 1, 8),)),
    "XRP": (17, (Chain("Ripple", "0.25", "0.01", "5", 6, 1, 6, tag=True),)),
    "BGB": (37, (Chain("ERC20", "0.6", "0.01", "1.2", 6, 64, 4, contract="0xPaperBGB"),)),
}


# Position value (USD) up to which a leverage is allowed, for BTC, and the maintenance margin rate there.
_TIERS = (
    (150_000, 125, "0.004"),
    (900_000, 100, "0.005"),
    (6_000_000, 75, "0.0075"),
    (18_000_000, 50, "0.01"),
    (36_000_000, 25, "0.02"),
    (60_000_000, 20, "0.025"),
    (90_000_000, 10, "0.05"),
    (150_000_000, 5, "0.1"),
    (200_000_000, 4, "0.125"),
    (240_000_000, 3, "0.15"),
    (300_000_000, 2, "0.25"),
    (450_000_000, 1, "0.5"),
)
# Markets that allow less leverage are smaller: their tiers are this percentage of BTC's.
_TIER_SIZE = {125: 100, 100: 60, 75: 20, 50: 10}


def tiers(instrument: PaperInstrument) -> list[tuple[int, int, int, str]]:
    """(from, to, leverage, maintenance margin rate) by position value in quote coin, smallest first."""
    size = _TIER_SIZE[instrument.max_leverage]
    rows: list[tuple[int, int, int, str]] = []
    start = 0
    for end, leverage, rate in _TIERS:
        if leverage <= instrument.max_leverage:
            rows.append((start, end * size // 100, leverage, rate))
            start = end * size // 100
    return rows
