"""What was typed of an order, as exact amounts: numbers as they stand, words by facts that are read for them.

Each fact is read just before the arithmetic that takes it, and only where a word needs it.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from bitget_cli.errors import NetworkError, UsageError
from bitget_cli.trading import words
from bitget_cli.trading.account_state import AccountState
from bitget_cli.trading.model import (
    EXACT,
    OPENING,
    OPENS,
    OPPOSITE,
    Direction,
    Equity,
    Instrument,
    MarginMode,
    Position,
    PositionSide,
    Prices,
)
from bitget_cli.trading.words import Exactly, Multiple, PriceFacts, PriceWord, Reference, Relative, Share, Worked
from bitget_cli.values import Symbol

_DOLLARS = ("USDT", "USDC", "USD")


class TypedAmounts(NamedTuple):
    """The words of an order, read; None is not given."""

    size: words.SizeWord | None = None
    quote: words.SizeWord | None = None
    risk: words.Risk | None = None
    price: PriceWord | None = None
    trigger: PriceWord | None = None
    tp: PriceWord | None = None
    sl: PriceWord | None = None

    @property
    def is_relative(self) -> bool:
        """Whether the limit price was typed by another price."""
        return isinstance(self.price, Relative)


class Arithmetic:
    """The arithmetic of one order or one set of exits. `side` is that of the position it opens or leaves.

    `working` gathers the sentences. `direction` is the trade's own.
    """

    def __init__(
        self,
        desk: AccountState,
        instrument: Instrument,
        direction: Direction,
        *,
        closing: bool = False,
        held: Position | None = None,
    ) -> None:
        self.desk = desk
        self.instrument = instrument
        self.direction = direction
        self.closing = closing
        self.held = held
        self.working: list[str] = []

    @property
    def symbol(self) -> Symbol:
        return self.instrument.symbol

    @property
    def side(self) -> PositionSide:
        return OPENS[OPPOSITE[self.direction] if self.closing else self.direction]

    def price(self, word: PriceWord | None, *, what: str) -> Decimal | None:
        """A limit price or a trigger: a buy's is rounded down, a sell's up. `entry` is that of the position."""
        if word is None or isinstance(word, Exactly):
            return word.value if word else None
        if isinstance(word, Multiple):
            raise AssertionError(f"{what} takes no multiple")
        # In one-way mode it may be one that the order closes, though it does not say so.
        held = self.position if word.base is Reference.ENTRY else None
        side = held.side if held else self.side
        facts = self._facts(word, held and held.entry, f"the entry of the {side.value}")._replace(side=side)
        return self.noted(words.priced(word, facts, what=what, up=self._sells))

    def entry(self, price: Decimal | None) -> tuple[Decimal, str]:
        """Where an order enters: at its own price or trigger, else at the side of the book it meets."""
        if price is not None:
            return price, "the entry"
        name = Reference.BID if self._sells else Reference.ASK
        at: Decimal | None = getattr(self._prices(), name.value)
        if not at:
            raise NetworkError(
                f"the exchange told no {name.value} price of {self.symbol.name}; nothing was sent",
                hint="bitget market ticker, or give --price",
            )
        return at, f"the entry, the {name.value}"

    def stop(self, word: PriceWord | None, entry: Decimal | None, *, whose: str, what: str) -> Decimal | None:
        """A stop-loss; what was worked out is rounded towards the entry."""
        if word is None or isinstance(word, Exactly):
            return word.value if word else None
        if isinstance(word, Multiple):
            raise AssertionError(f"{what} takes no multiple")
        return self._priced(word, entry, whose, what=what, up=self.side is PositionSide.LONG)

    def profit(
        self, word: PriceWord | None, entry: Decimal | None, stop: Decimal | None, *, whose: str, what: str
    ) -> Decimal | None:
        """A take-profit; what was worked out is rounded towards the entry."""
        if word is None or isinstance(word, Exactly):
            return word.value if word else None
        if isinstance(word, Relative):
            return self._priced(word, entry, whose, what=what, up=self.side is PositionSide.SHORT)
        if stop is None:
            raise _no_stop(word, what)
        return self.noted(words.multiplied(word, self._facts(word, entry, whose), stop, what=what))

    def size(self, word: words.SizeWord, price: Decimal | None, *, margin_mode: MarginMode | None = None) -> Decimal:
        """A size in base coin. A share is of what of the position is free, of what could be opened, or of the coins."""
        if isinstance(word, Exactly):
            return word.value
        if self.closing:
            return self.part(word, self.position)
        base, step = self.instrument.base, self.instrument.step
        if self.symbol.product.is_spot:
            if self._sells:
                return self.part_of_coins(word)
            at = self.entry(price)[0]
            free, quote = self.desk.free_coin(self.instrument.quote), self.instrument.quote
            return self.noted(words.bought(word, free, at, step=step, base=base, quote=quote))
        most, what = self._openable(price, word.text, margin_mode)
        return self.noted(words.shared(word, most, step=step, unit=base, what=what))

    def in_one_order(self, word: Share, size: Decimal, *, at_market: bool) -> Decimal:
        """`max` of what opens is at most what one order may be of; a share says how much, and is never cut."""
        kind, most = ("market", self.instrument.largest_at_market) if at_market else ("limit", self.instrument.largest)
        if not word.is_max or self.closing or not most or size <= most:
            return size
        told = f"{most:f} {self.instrument.base}"
        return self.noted(Worked(most, f"one {kind} order may be of {told} at most, so it is of {told}"))

    def part(self, word: Share, held: Position) -> Decimal:
        """A share of what of a position no order is to close already."""
        what = f"of the {held.side.value} {self.symbol.name} that is free"
        return self.noted(
            words.shared(word, held.free, step=self.instrument.step, unit=self.instrument.base, what=what)
        )

    def part_of_coins(self, word: Share) -> Decimal:
        """A share of the coins of a spot market that are free."""
        base, step = self.instrument.base, self.instrument.step
        free = self.desk.free_coin(base)
        return self.noted(words.shared(word, free, step=step, unit=base, what="that is free"))

    def money(self, word: Share) -> Decimal:
        """A share of the quote coin, as money."""
        quote = self.instrument.quote
        free = self.desk.free_coin(quote)
        return self.noted(words.shared(word, free, step=self.instrument.quote_step, unit=quote, what="that is free"))

    def money_for(self, size: Decimal, price: Decimal) -> Decimal:
        """What a size costs at a price, rounded down to the step of money."""
        base, quote = self.instrument.base, self.instrument.quote
        cost = words.on_grid(EXACT.multiply(size, price), self.instrument.quote_step, up=False)
        return self.noted(Worked(cost, f"{size:f} {base} at {price:f} = {cost:f} {quote}"))

    def equity(self, risk: words.Risk | None) -> Equity | None:
        """What is there to be risked, where a share of it is."""
        if risk is None or not risk.of_equity:
            return None
        told, quote = self.desk.equity(self.symbol), self.instrument.quote
        if told.coin not in (quote, self.instrument.base) and not {told.coin, quote} <= set(_DOLLARS):
            raise UsageError(
                f"equity is told in {told.coin}, and {self.symbol.name} is priced in {quote}",
                hint=f"risk money: --risk 50 is 50 {quote}",
            )
        return told

    def at_risk(
        self,
        risk: words.Risk,
        equity: Equity | None,
        *,
        price: Decimal | None,
        entry: Decimal,
        stop: Decimal,
        margin_mode: MarginMode | None,
    ) -> Decimal:
        """The size that loses so much at the stop. Raises UsageError above what could be opened."""
        worked = words.risked(risk, self.risk_facts(equity, entry=entry, stop=stop), equity.value if equity else None)
        return self.openable(risk, worked, most=self._most(price, entry, risk.text, margin_mode))

    def risk_facts(self, equity: Equity | None, *, entry: Decimal, stop: Decimal) -> words.RiskFacts:
        """What a loss at the stop is counted from. Raises NetworkError where no fee is told."""
        instrument = self.instrument
        if instrument.taker_fee is None:
            raise NetworkError(f"the exchange told no fee of {self.symbol.name}; nothing was sent")
        in_base = equity is not None and equity.coin == instrument.base
        return words.RiskFacts(
            entry,
            stop,
            instrument.taker_fee,
            instrument.step,
            instrument.base,
            instrument.base if in_base else instrument.quote,
            in_base=in_base,
        )

    def openable(self, risk: words.Risk, worked: Worked, *, most: Decimal) -> Decimal:
        """What was worked out of a risk. Raises UsageError above the `most` that could be opened."""
        base = self.instrument.base
        if worked.value > most:
            raise UsageError(
                f"--risk {risk.text} comes to {worked.value:f} {base}, and {most:f} {base} could be opened",
                hint=f"risk less, or add money; {worked.text}",
            )
        return self.noted(worked)

    def most_openable(self, price: Decimal, text: str, margin_mode: MarginMode | None) -> Decimal:
        """What could be opened in futures at a price. `text` is the word that asks, as errors call it."""
        return self._openable(price, text, margin_mode)[0]

    @property
    def position(self) -> Position:
        """The position that `entry` and a share of what closes are about. Raises UsageError where there is none."""
        if self.held is None:
            there = self.desk.positions(self.symbol.product, self.symbol)
            meant = [one for one in there if one.side is self.side] or ([] if self.closing else there)
            if not meant:
                which = f"{self.side.value} position" if self.closing else "position"
                raise UsageError(f"there is no {which} in {self.symbol.name}", hint="bitget position list")
            self.held = meant[0]
        return self.held

    @property
    def _sells(self) -> bool:
        return self.direction is Direction.SELL

    def _most(self, price: Decimal | None, entry: Decimal, text: str, margin_mode: MarginMode | None) -> Decimal:
        if self.symbol.product.is_spot:
            free = self.desk.free_coin(self.instrument.quote)
            return words.on_grid(free, self.instrument.step, up=False, over=entry)
        return self._openable(price, text, margin_mode)[0]

    def _openable(self, price: Decimal | None, text: str, margin_mode: MarginMode | None) -> tuple[Decimal, str]:
        """How much an order could be of; in one-way mode it closes what is held the other way before it opens."""
        self._check_margin_mode(text, margin_mode)
        against = Decimal(0)
        if not self.desk.account(self.symbol).hedges:
            there = self.desk.positions(self.symbol.product, self.symbol)
            against = next((held.size for held in there if held.side is not self.side), against)
        opens = self.desk.largest_open(self.symbol, self.side, price=price)
        if not against:
            return opens, "that could be opened"
        other = OPENS[OPPOSITE[self.direction]].value
        closing = f"the {against:f} {self.instrument.base} of the {other} that it closes"
        return EXACT.add(opens, against), f"that could be opened, {closing} included"

    def _check_margin_mode(self, text: str, wanted: MarginMode | None) -> None:
        """What could be opened is told for the mode in force alone."""
        own = self.desk.account(self.symbol).margin_mode if wanted else None
        if wanted and own and wanted is not own:
            raise UsageError(
                f"{text} is of what could be opened in {own.value} margin, the mode in force, not in {wanted.value}",
                hint=f"bitget account margin-mode {self.symbol.name} {wanted.value}, or a SIZE such as 0.01",
            )

    def _priced(self, word: Relative, entry: Decimal | None, whose: str, *, what: str, up: bool) -> Decimal:
        return self.noted(words.priced(word, self._facts(word, entry, whose), what=what, up=up))

    def _facts(self, word: Relative | Multiple, entry: Decimal | None, whose: str) -> PriceFacts:
        """What a word is worked out from; only one by a price of the market asks for those."""
        by_market = isinstance(word, Relative) and word.base is not Reference.ENTRY
        terms, prices = self.instrument, self._prices() if by_market else None
        return PriceFacts(terms.tick, terms.quote, prices, entry, whose, terms.taker_fee, self.side)

    def _prices(self) -> Prices:
        return self.desk.quotes(self.symbol)

    def noted(self, worked: Worked) -> Decimal:
        """The amount; how it came about is kept."""
        self.working.append(worked.text)
        return worked.value


def leaving(desk: AccountState, held: Position) -> Arithmetic:
    """For what leaves a position, of which its words are told."""
    direction = OPPOSITE[OPENING[held.side]]
    return Arithmetic(desk, desk.instrument(held.symbol), direction, closing=True, held=held)


def check_multiple(tp: PriceWord | None, sl: PriceWord | None, *, what: str) -> None:
    """Raises UsageError for a take-profit by the distance of a stop that is not there."""
    if isinstance(tp, Multiple) and sl is None:
        raise _no_stop(tp, what)


def _no_stop(word: Multiple, what: str) -> UsageError:
    return UsageError(f"{what} {word.text!r} is so many times the distance of a stop", hint="add --sl P, or --sl -2%")


def check_references(
    symbol: Symbol, *, prices: Iterable[PriceWord | None], exits: Iterable[PriceWord | None] = ()
) -> None:
    """Raises UsageError for what a spot market has no price of; exits of an order go by its own entry."""
    if not symbol.product.is_spot:
        return
    absent = (Reference.MARK, Reference.INDEX)
    for given, lacking in ((prices, (*absent, Reference.ENTRY)), (exits, absent)):
        for word in given:
            if word is None or isinstance(word, Exactly):
                continue
            # A multiple is one of a distance from the entry.
            base = Reference.ENTRY if isinstance(word, Multiple) else word.base
            if base in lacking:
                what = "positions, and so no entry" if base is Reference.ENTRY else f"{base.value} price"
                raise UsageError(f"{word.text!r}: spot has no {what}", hint="bid, ask, mid and last: last+1%")
