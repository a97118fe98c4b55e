"""What futures positions need and are worth: margin, unrealised profit, maintenance, liquidation price.

USDT-M and USDC-M count in quote coin. Coin-M positions are inverse: a position of S coins bought at E is S·E dollars
long, worth S·E/P coins at price P. Maintenance is the tier's rate plus the taker fee, of the position's value at mark.
"""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from bitget_cli.paper.engine.ledger import (
    WALLET,
    ZERO,
    account_of,
    exact,
    in_margin_coin,
    price_of,
    quote_of,
    size_of,
)
from bitget_cli.paper.engine.records import Position
from bitget_cli.paper.engine.state import EngineState
from bitget_cli.paper.instruments import FUTURES, PaperInstrument, tiers
from bitget_cli.values import Product


class MarginAccount(NamedTuple):
    """One futures account's one coin at an instant; `cash` is without isolated margins."""

    cash: Decimal
    locked: Decimal
    cross_margin: Decimal
    isolated_margin: Decimal
    cross_profit: Decimal
    isolated_profit: Decimal
    maintenance: Decimal

    @property
    def equity(self) -> Decimal:
        return self.cash + self.isolated_margin + self.profit

    @property
    def profit(self) -> Decimal:
        """Unrealised."""
        return self.cross_profit + self.isolated_profit

    @property
    def cross_equity(self) -> Decimal:
        return self.cash + self.cross_profit

    @property
    def usable(self) -> Decimal:
        """For new crossed positions: unrealised profit counts."""
        return max(ZERO, self.cross_equity - self.cross_margin - self.locked)

    @property
    def spare(self) -> Decimal:
        """What may leave, or become isolated margin: unrealised profit does not count, loss does."""
        return max(ZERO, self.cash + min(ZERO, self.cross_profit) - self.cross_margin - self.locked)

    @property
    def risk(self) -> Decimal:
        """Maintenance over equity; at 1 crossed positions are liquidated."""
        if not self.maintenance:
            return ZERO
        return self.maintenance / self.cross_equity if self.cross_equity > 0 else Decimal(1)


def account(state: EngineState, product: Product, coin: str) -> MarginAccount:
    """How an account stands at the state's time."""
    crossed, isolated, needed = [ZERO, ZERO], [ZERO, ZERO], ZERO
    for position in of_account(state, product, coin):
        mark = state.market.mark(position.instrument)
        sums = crossed if position.margin_mode == "crossed" else isolated
        sums[0] += margin_of(state, position)
        sums[1] += profit_at(position, mark)
        if sums is crossed:
            needed += maintenance_at(position, mark)
    locked = sum(
        (
            order.reserved
            for order in state.orders.values()
            if order.product == product and order.instrument.margin_coin == coin
        ),
        ZERO,
    )
    pot = state.ledger.pot(account_of(product), coin)
    # In a unified account the same wallet keeps what spot orders have frozen.
    return MarginAccount(pot.total, locked + pot.frozen, crossed[0], isolated[0], crossed[1], isolated[1], needed)


def free(state: EngineState, coin: str) -> Decimal:
    """What of a coin may be spent on the spot market or leave its account: where futures share it, what they leave."""
    product = margined_by(coin) if state.unified else None
    return account(state, product, coin).spare if product else state.ledger.pot("spot", coin).available


def margined_by(coin: str) -> Product | None:
    """The futures line whose positions a coin margins."""
    return next((each.product for each in FUTURES if each.margin_coin == coin), None)


def of_account(state: EngineState, product: str, coin: str) -> list[Position]:
    """Open positions that live on one account's coin, oldest first."""
    return sorted(
        (
            position
            for position in state.positions.values()
            if position.product == product and position.instrument.margin_coin == coin
        ),
        key=lambda position: position.id,
    )


def margin_of(state: EngineState, position: Position) -> Decimal:
    """What the position ties up."""
    if position.margin_mode == "isolated":
        return state.ledger.pot(position.pot, position.instrument.margin_coin).total
    worth = in_margin_coin(position.instrument, lots=position.size, quote=position.cost)
    return exact(worth / position.leverage)


def profit_at(position: Position, mark: int) -> Decimal:
    """Unrealised, in margin coin, at a price in ticks."""
    return gain(position.instrument, position, lots=position.size, cost=position.cost, ticks=mark)


def gain(instrument: PaperInstrument, position: Position, *, lots: int, cost: Decimal, ticks: int) -> Decimal:
    """What closing `lots` of a position that cost `cost` brings at a price."""
    if instrument.product is Product.COIN_FUTURES:
        return position.sign * exact(size_of(instrument, lots) - cost / price_of(instrument, ticks))
    return position.sign * (quote_of(instrument, ticks * lots) - cost)


def maintenance_at(position: Position, mark: int) -> Decimal:
    """In margin coin."""
    instrument = position.instrument
    value = quote_of(instrument, mark * position.size)
    if instrument.product is Product.COIN_FUTURES:
        return exact(position.cost / price_of(instrument, mark) * needs(instrument, position.cost))
    return exact(value * needs(instrument, value))


def needs(instrument: PaperInstrument, value: Decimal) -> Decimal:
    """The share of a position's value that must stay: the tier's rate and the fee of closing it."""
    return tier_rate(instrument, value) + Decimal(instrument.taker)


def tier_rate(instrument: PaperInstrument, value: Decimal) -> Decimal:
    rows = tiers(instrument)
    return Decimal(next((rate for _, end, _, rate in rows if value <= end), rows[-1][3]))


def most_value(instrument: PaperInstrument, leverage: int) -> int:
    """The largest position (in quote coin) a leverage allows."""
    return max(end for _, end, allowed, _ in tiers(instrument) if allowed >= leverage)


def order_margin(instrument: PaperInstrument, *, lots: int, quote: Decimal, leverage: int) -> Decimal:
    """What an opening order needs: initial margin and the taker's fee."""
    worth = in_margin_coin(instrument, lots=lots, quote=quote)
    return exact(worth / leverage) + exact(worth * Decimal(instrument.taker))


def liquidation_price(state: EngineState, position: Position) -> Decimal:
    """The mark price at which it would be liquidated if nothing else moved; 0 when there is none."""
    instrument = position.instrument
    if position.margin_mode == "isolated":
        behind = margin_of(state, position)
    else:
        here = account(state, Product(position.product), instrument.margin_coin)
        mark = state.market.mark(instrument)
        others = here.maintenance - maintenance_at(position, mark)
        behind = here.cross_equity - profit_at(position, mark) - others
    return breach_price(position, behind)


def breach_price(position: Position, behind: Decimal) -> Decimal:
    """The price at which margin `behind` plus the position's profit equals its maintenance; 0 when there is none."""
    instrument = position.instrument
    size, sign = size_of(instrument, position.size), position.sign
    rate = needs(instrument, position.cost)
    if instrument.product is Product.COIN_FUTURES:
        below = behind + sign * size
        price = position.cost * (sign + rate) / below if below else ZERO
    else:
        price = (sign * position.cost - behind) / (size * (sign - rate))
    return max(ZERO, price)


def mode_of(state: EngineState, product: str) -> str:
    """`one_way_mode` or `hedge_mode`; a unified account has one for all products."""
    return state.settings.get(f"{WALLET if state.unified else product}/mode", "one_way_mode")


def margin_mode_of(state: EngineState, instrument: PaperInstrument) -> str:
    """`crossed` or `isolated`, as chosen for the symbol."""
    return state.settings.get(f"{instrument.name}/margin", "crossed")


def leverage_of(state: EngineState, instrument: PaperInstrument, margin_mode: str, hold: str) -> int:
    kind = "cross" if margin_mode == "crossed" else hold
    return int(state.settings.get(f"{instrument.name}/{kind}", min(20, instrument.max_leverage)))


def busy(state: EngineState, product: str, symbol: str | None = None) -> bool:
    """Whether there are positions, orders or plans of a product, or of one of its symbols."""
    things = [*state.orders.values(), *state.positions.values(), *state.plans.values()]
    return any(each.product == product and symbol in (None, each.symbol) for each in things)
