"""What is so right now: the terms of a market, an account's modes and money, its positions, and prices.

Each is asked for once, when needed; Bitget's lists of instruments are kept on disk for six hours.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from bitget_cli import files
from bitget_cli.errors import ConfigError, NetworkError, UsageError
from bitget_cli.trading.model import Account, Equity, Instrument, MarginMode, Position, PositionSide, Prices
from bitget_cli.values import Product, Symbol, from_milliseconds, milliseconds

if TYPE_CHECKING:
    from bitget_cli.trading.adapters.protocol import AccountAdapter


@dataclass
class AccountState:
    """The facts of one exchange and account, each read at most once."""

    adapter: AccountAdapter
    instruments: Instruments
    # What an order that opens is placed in where nobody says.
    usual_margin_mode: MarginMode | None = None
    _accounts: dict[Symbol, Account] = field(default_factory=dict)
    _prices: dict[Symbol, Prices] = field(default_factory=dict)
    _quoted: dict[Symbol, datetime] = field(default_factory=dict)

    def instrument(self, symbol: Symbol) -> Instrument:
        return self.instruments.find(symbol)

    def account(self, symbol: Symbol) -> Account:
        """Modes, leverage and free margin of a futures market."""
        if symbol not in self._accounts:
            coin = self.instrument(symbol).margin_coin
            self._accounts[symbol] = self.adapter.account(symbol, margin_coin=coin)
        return self._accounts[symbol]

    def expect(self, symbol: Symbol, account: Account) -> None:
        """How the market is held once what is about to be sent is done."""
        self._accounts[symbol] = account

    def margin_mode_unsaid(self, symbol: Symbol) -> MarginMode | None:
        """The usual one where the account trades the market in another and holds nothing there; else None, its own."""
        usual = self.usual_margin_mode
        if usual is None or symbol.product.is_spot or self.account(symbol).margin_mode is usual:
            return None
        return None if self.positions(symbol.product, symbol) else usual

    def prices(self, symbol: Symbol) -> Prices:
        if symbol not in self._prices:
            told = self.adapter.prices(symbol)
            if told is None:
                raise NetworkError(f"the exchange sent no price of {symbol.name}", hint="bitget market ticker")
            self._prices[symbol] = told
        return self._prices[symbol]

    def quotes(self, symbol: Symbol) -> Prices:
        """Prices with bid and ask, read at most two seconds ago. Raises NetworkError where none is told."""
        now, read = self.instruments.now(), self._quoted.get(symbol)
        if read is None or not timedelta(0) <= now - read <= _FRESH_PRICES:
            told = self.adapter.quotes(symbol)
            if told is None:
                raise NetworkError(f"the exchange sent no price of {symbol.name}", hint="bitget market ticker")
            # From here on these are the prices: nothing is judged by others than it was worked out from.
            self._prices[symbol], self._quoted[symbol] = told, self.instruments.now()
        return self._prices[symbol]

    def largest_open(self, symbol: Symbol, side: PositionSide, *, price: Decimal | None) -> Decimal:
        """What could be opened now, in base coin. Raises NetworkError where it is not told."""
        coin = self.instrument(symbol).margin_coin
        most = self.adapter.largest_open(symbol, side, price=price, margin_coin=coin)
        if most is None:
            raise NetworkError(
                f"the exchange did not say how much of {symbol.name} could be opened", hint="bitget account max-open"
            )
        return most

    def equity(self, symbol: Symbol) -> Equity:
        """What a share of equity is taken of. Raises NetworkError where it is not told."""
        instrument = self.instrument(symbol)
        coin = instrument.quote if symbol.product.is_spot else instrument.margin_coin
        told = self.adapter.equity(symbol.product, coin=coin)
        if told is None:
            raise NetworkError(
                f"the exchange did not say what equity there is in {coin}", hint="bitget account balance"
            )
        return told

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
            sizes = " and a ".join(position.summary for position in meant)
            raise UsageError(
                f"{symbol.name} has two positions, a {sizes}", hint=f"{command} --side long, or --side short"
            )
        which = f"{side.value} position" if side else "position"
        others = f"; it has a {there[0].summary}" if there else ""
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


# What prices are worked out from may be this old.
_FRESH_PRICES = timedelta(seconds=2)
FRESH_FOR = timedelta(hours=6)
# A symbol that is not in the list may have been listed since; a list this young is believed.
_YOUNG = timedelta(minutes=1)
_LARGEST_FILE = 8 * 1024 * 1024


class Instruments:
    """The instruments of one exchange. `folder` holds a file for each product; it is made when missing."""

    def __init__(
        self, adapter: AccountAdapter, folder: Path, *, env: str, address: str, now: Callable[[], datetime]
    ) -> None:
        self._adapter = adapter
        self._folder = folder
        self._place = re.sub(r"[^0-9A-Za-z]+", "-", f"{env}-{address.partition('//')[2]}")
        self._now = now
        self._lists: dict[Product, _List] = {}

    def now(self) -> datetime:
        return self._now()

    def find(self, symbol: Symbol) -> Instrument:
        """The terms of a market. Raises UsageError with near misses for a symbol that is not there."""
        listed = self._list(symbol.product)
        if symbol.name not in listed.rows and self._now() - listed.fetched > _YOUNG:
            listed = self._fetched(symbol.product)
        found = listed.rows.get(symbol.name)
        if found is None:
            raise self._adapter.unknown(symbol)
        return self._adapter.instrument(symbol, found)

    def has(self, symbol: Symbol, *, base: str, quote: str) -> bool:
        """Whether there is a market of that name for these two coins, by a list of at most six hours."""
        found = self._list(symbol.product).rows.get(symbol.name)
        return found is not None and self._adapter.coins_of(found) == (base, quote)

    def _list(self, product: Product) -> _List:
        known = self._lists.get(product) or self._kept(product)
        if known is None or not timedelta(0) <= self._now() - known.fetched < FRESH_FOR:
            return self._fetched(product)
        self._lists[product] = known
        return known

    def _kept(self, product: Product) -> _List | None:
        """The list on disk; None when there is none or it cannot be read as one."""
        try:
            content = files.read(self._file(product), limit=_LARGEST_FILE)
            return None if content is None else _parsed(content)
        except ConfigError:
            # Nothing is lost by not trusting it: the exchange is asked again.
            return None

    def _fetched(self, product: Product) -> _List:
        rows = self._adapter.instruments(product)
        listed = _List(self._now(), rows)
        self._lists[product] = listed
        content = {"fetched": milliseconds(listed.fetched), "rows": list(listed.rows.values())}
        with suppress(ConfigError):  # a disk that is full costs a request, not the command
            files.write(self._file(product), json.dumps(content, separators=(",", ":")).encode())
        return listed

    def _file(self, product: Product) -> Path:
        return self._folder / f"{self._place}-{product}.json"


class _List(NamedTuple):
    fetched: datetime
    rows: Mapping[str, Mapping[str, Any]]


def _parsed(content: bytes) -> _List | None:
    try:
        whole = json.loads(content)
        rows = {str(item["symbol"]): item for item in whole["rows"]}
        return _List(from_milliseconds(whole["fetched"]), rows)
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError):
        return None
