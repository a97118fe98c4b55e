"""What every market answer looks at: the prices and the instant they are asked for."""

from __future__ import annotations

from typing import NamedTuple

from bitget_cli.paper.book import Book
from bitget_cli.paper.instruments import Instrument, decimal_text
from bitget_cli.paper.nodes import Candle
from bitget_cli.paper.noise import Draws, Waves
from bitget_cli.paper.prices import Prices
from bitget_cli.paper.tape import Trade

_MINUTE = 60_000
_HOUR = 3_600_000
_DAY = 86_400_000
# Slow noise, in steps of a minute for open interest and of a funding slot for funding.
_INTEREST = (0.01, 0.01, 0.02, 0.02, 0.03, 0.03, 0.05, 0.05, 0.06, 0.06, 0.08, 0.08)
_FUNDING = (60.0, 60.0, 70.0, 70.0, 80.0, 80.0)
# Funding is paid in millionths: usually a little above zero, never more than 0.3 %.
_USUAL_RATE = 55
LARGEST_RATE = 3_000


class Summary(NamedTuple):
    """A market now: its last trade, the touch with its sizes, and the last 24 hours to the minute."""

    last: Trade
    bid: tuple[int, int]
    ask: tuple[int, int]
    day: Candle
    open_utc: int


class Desk:
    """The market side of the paper exchange at the instant `now` (ms)."""

    def __init__(self, prices: Prices, now: int) -> None:
        self.prices = prices
        self.now = now

    def book(self, instrument: Instrument) -> Book:
        last = self.prices.traded(instrument).last(self.now)
        return Book(instrument, Draws(self.prices.seed, f"{instrument.name}/book"), last, self.now)

    def summary(self, instrument: Instrument) -> Summary:
        path = self.prices.traded(instrument)
        last = path.last(self.now)
        book = Book(instrument, Draws(self.prices.seed, f"{instrument.name}/book"), last, self.now)
        # 1440 whole minutes, the open one included: what the 1m candles of the day fold into.
        end = self.now // _MINUTE * _MINUTE + _MINUTE
        day = path.candle(end - _DAY, end, self.now)
        return Summary(last, book.bids(1)[0], book.asks(1)[0], day, path.node(0, self.now // _DAY).open)

    def index(self, instrument: Instrument) -> int:
        """In ticks."""
        return self.prices.index(instrument).level_at(self.now)

    def mark(self, instrument: Instrument) -> int:
        """In ticks."""
        return self.prices.mark(instrument).level_at(self.now)

    def open_interest(self, instrument: Instrument) -> str:
        """Base coin; it moves from minute to minute."""
        waves = Waves(Draws(self.prices.seed, f"{instrument.name}/interest"), _INTEREST)
        share = 1.0 + waves.at(self.now // _MINUTE)
        return instrument.size(int(instrument.lots(instrument.open_interest) * share))

    def next_funding(self, instrument: Instrument) -> int:
        """When funding is paid next, in ms: 00, 08 and 16 o'clock UTC for eight hours."""
        slot = instrument.fund_hours * _HOUR
        return (self.now // slot + 1) * slot

    def funding_rate(self, instrument: Instrument, paid_at: int) -> str:
        """The rate that is paid at the end of a slot, as a ratio; shown throughout the slot."""
        waves = Waves(Draws(self.prices.seed, f"{instrument.name}/funding"), _FUNDING)
        rate = _USUAL_RATE + int(waves.at(paid_at // (instrument.fund_hours * _HOUR)))
        return decimal_text(max(-LARGEST_RATE, min(LARGEST_RATE, rate)), 6)


def change(before: int, after: int) -> str:
    """By how much a price moved, as a ratio with five decimals."""
    return decimal_text((2 * (after - before) * 100_000 + before) // (2 * before), 5)
