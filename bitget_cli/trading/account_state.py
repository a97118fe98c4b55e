"""What is so right now: an account's modes and money, its positions, and prices; each asked for once, when needed."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from bitget_cli.errors import NetworkError, UsageError
from bitget_cli.trading.model import Account, Instrument, Position, PositionSide, Prices
from bitget_cli.values import Product, Symbol

if TYPE_CHECKING:
    from bitget_cli.trading.adapters.protocol import AccountAdapter
    from bitget_cli.trading.instruments import Instruments


@dataclass
class AccountState:
    """The facts of one exchange and account, each read at most once."""

    adapter: AccountAdapter
    instruments: Instruments
    _accounts: dict[Symbol, Account] = field(default_factory=dict)
    _prices: dict[Symbol, Prices] = field(default_factory=dict)

    def instrument(self, symbol: Symbol) -> Instrument:
        return self.instruments.find(symbol)

    def account(self, symbol: Symbol) -> Account:
        """Modes, leverage and free margin of a futures market."""
        if symbol not in self._accounts:
            coin = self.instrument(symbol).margin_coin
            self._accounts[symbol] = self.adapter.account(symbol, margin_coin=coin)
        return self._accounts[symbol]

    def prices(self, symbol: Symbol) -> Prices:
        if symbol not in self._prices:
            told = self.adapter.prices(symbol)
            if told is None:
                raise NetworkError(f"the exchange sent no price of {symbol.name}", hint="bitget market ticker")
            self._prices[symbol] = told
        return self._prices[symbol]

    def positions(self, product: Product, symbol: Symbol | None = None) -> list[Position]:
        """Open positions of a product, or of one market: two at most, in hedge mode."""
        if symbol is None:
            return self.adapter.positions(product)
        return self.adapter.positions_in(symbol, margin_coin=self.instrument(symbol).margin_coin)

    def position(self, symbol: Symbol, side: PositionSide | None, *, command: str) -> Position:
        """The one position meant. Raises UsageError when there is none, or two and no side was said."""
        there = self.positions(symbol.product, symbol)
        meant = [position for position in there if side in (None, position.side)]
        if len(meant) == 1:
            return meant[0]
        if meant:
            sizes = " and a ".join(position.said for position in meant)
            raise UsageError(
                f"{symbol.name} has two positions, a {sizes}", hint=f"{command} --side long, or --side short"
            )
        which = f"{side.value} position" if side else "position"
        others = f"; it has a {there[0].said}" if there else ""
        raise UsageError(f"there is no {which} in {symbol.name}{others}", hint="bitget position list")

    def free_coin(self, coin: str) -> Decimal:
        """What of a coin is free in the spot account."""
        held = next((one for one in self.adapter.balances(Product.SPOT, coin=coin) if one.coin == coin), None)
        return held.free or Decimal(0) if held else Decimal(0)

    def liquidation(
        self, symbol: Symbol, side: PositionSide, *, size: Decimal, price: Decimal | None
    ) -> Decimal | None:
        """Where a position opened now would be liquidated; None when the exchange names no price."""
        coin = self.instrument(symbol).margin_coin
        return self.adapter.liquidation(symbol, side, size=size, price=price, margin_coin=coin)
