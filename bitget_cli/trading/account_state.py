"""What is so right now: an account's modes and money, its positions, and prices; each asked for once, when needed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from bitget_cli.errors import NetworkError, UsageError
from bitget_cli.trading.adapters.classic.endpoints import Read, row
from bitget_cli.trading.model import MarginMode, PositionMode, PositionSide, exact, position_side
from bitget_cli.values import Product, Symbol

if TYPE_CHECKING:
    from bitget_cli.client.rest.client import Client
    from bitget_cli.trading.instruments import Instrument, Instruments

_MARGIN_MODES = {"isolated": MarginMode.ISOLATED, "crossed": MarginMode.CROSSED, "cross": MarginMode.CROSSED}


class Account(NamedTuple):
    """How a futures account holds one market. Money in margin coin; None where the exchange did not say."""

    position_mode: PositionMode
    margin_mode: MarginMode
    free: Decimal | None
    long_leverage: Decimal | None
    short_leverage: Decimal | None

    @property
    def hedges(self) -> bool:
        return self.position_mode is PositionMode.HEDGE

    def leverage(self, side: PositionSide) -> Decimal | None:
        return self.long_leverage if side is PositionSide.LONG else self.short_leverage


class Position(NamedTuple):
    """One open position; `size` and `free` (not promised to a closing order) in base coin."""

    symbol: Symbol
    side: PositionSide
    size: Decimal
    free: Decimal
    margin_mode: MarginMode
    position_mode: PositionMode
    row: Mapping[str, Any]

    @property
    def said(self) -> str:
        profit = self.row.get("unrealizedPL")
        tail = f", unrealized {profit}" if profit else ""
        return f"{self.side.value} {self.size:f} {self.symbol.name}{tail}"


class Prices(NamedTuple):
    """Prices of one market; spot has no mark and shows its last."""

    last: Decimal
    mark: Decimal


@dataclass
class AccountState:
    """The facts of one exchange and account, each read at most once."""

    client: Client
    instruments: Instruments
    _accounts: dict[Symbol, Account] = field(default_factory=dict)
    _prices: dict[Symbol, Prices] = field(default_factory=dict)

    def instrument(self, symbol: Symbol) -> Instrument:
        return self.instruments.find(symbol)

    def account(self, symbol: Symbol) -> Account:
        """Modes, leverage and free margin of a futures market."""
        if symbol not in self._accounts:
            told = self._one(Read.ACCOUNT, symbol, marginCoin=self.instrument(symbol).margin_coin)
            self._accounts[symbol] = _account(told)
        return self._accounts[symbol]

    def prices(self, symbol: Symbol) -> Prices:
        if symbol not in self._prices:
            told = self._one(Read.PRICE, symbol)
            last = exact(told.get("price") or told.get("lastPr"))
            if not last:
                raise NetworkError(f"the exchange sent no price of {symbol.name}", hint="bitget market ticker")
            self._prices[symbol] = Prices(last, exact(told.get("markPrice")) or last)
        return self._prices[symbol]

    def positions(self, product: Product, symbol: Symbol | None = None) -> list[Position]:
        """Open positions of a product, or of one market: two at most, in hedge mode."""
        if symbol is None:
            told = self.client.call(row(Read.POSITIONS, product), productType=product.wire)
        else:
            told = self._ask(Read.POSITION, symbol, marginCoin=self.instrument(symbol).margin_coin)
        found = [_position(item, product) for item in told or () if isinstance(item, dict)]
        return [position for position in found if position.size > 0]

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
        told = self.client.call(row(Read.BALANCE, Product.SPOT), coin=coin)
        held = [item for item in told or () if isinstance(item, dict) and item.get("coin") == coin]
        return exact(held[0].get("available")) or Decimal(0) if held else Decimal(0)

    def liquidation(
        self, symbol: Symbol, side: PositionSide, *, size: Decimal, price: Decimal | None
    ) -> Decimal | None:
        """Where a position opened now would be liquidated; None when the exchange names no price."""
        told = self._one(
            Read.LIQUIDATION,
            symbol,
            marginCoin=self.instrument(symbol).margin_coin,
            posSide=side.value,
            orderType="market" if price is None else "limit",
            openAmount=size,
            openPrice=price,
        )
        level = exact(told.get("liqPrice"))
        return level if level and level > 0 else None

    def _ask(self, meaning: Read, symbol: Symbol, **given: Any) -> Any:
        from bitget_cli.client.rest import markets

        return markets.ask(self.client, row(meaning, symbol.product), symbol, **given)

    def _one(self, meaning: Read, symbol: Symbol, **given: Any) -> Mapping[str, Any]:
        told = self._ask(meaning, symbol, **given)
        first = told[0] if isinstance(told, list) and told else told
        return first if isinstance(first, dict) else {}


def _account(told: Mapping[str, Any]) -> Account:
    mode, margin = told.get("posMode"), _MARGIN_MODES.get(str(told.get("marginMode")))
    if mode not in tuple(PositionMode) or margin is None:
        raise NetworkError(
            "the exchange did not say which position mode the account is in, so no order can be shaped",
            hint="try again; see bitget account show SYMBOL",
        )
    crossed, union = margin is MarginMode.CROSSED, told.get("assetMode") == "union"
    free = exact(told.get("crossedMaxAvailable" if crossed else "isolatedMaxAvailable"))
    long_name, short_name = (
        ("crossedMarginLeverage", "crossedMarginLeverage") if crossed else ("isolatedLongLever", "isolatedShortLever")
    )
    return Account(
        PositionMode(mode),
        margin,
        # With several coins as margin the free amount of one of them bounds nothing.
        free=None if union else free,
        long_leverage=exact(told.get(long_name)),
        short_leverage=exact(told.get(short_name)),
    )


def _position(told: Mapping[str, Any], product: Product) -> Position:
    side, size = position_side(told.get("holdSide")), exact(told.get("total"))
    margin, mode = _MARGIN_MODES.get(str(told.get("marginMode"))), told.get("posMode")
    if side is None or size is None or margin is None or mode not in tuple(PositionMode):
        raise NetworkError(
            f"the exchange described a position in {told.get('symbol')} that cannot be understood",
            hint="see bitget position list --json",
        )
    free = exact(told.get("available"))
    return Position(
        Symbol(str(told.get("symbol")), product),
        side,
        size=size,
        free=size if free is None else free,
        margin_mode=margin,
        position_mode=PositionMode(mode),
        row=told,
    )
