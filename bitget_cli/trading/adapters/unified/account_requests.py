"""What changes a unified account besides orders: settings, transfers to and from its one wallet, small balances."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any, NoReturn

from bitget_cli.errors import UnavailableError, UsageError
from bitget_cli.trading.adapters.unified.changes import WALLET, change
from bitget_cli.trading.adapters.unified.order_requests import market_words
from bitget_cli.trading.adapters.unified.replies import absent
from bitget_cli.trading.change import Change
from bitget_cli.trading.convert import Quote
from bitget_cli.trading.model import MarginMode, PositionMode, PositionSide, Read
from bitget_cli.values import Product, Symbol, plain

# What goes by these names is the one wallet.
_ONE_WALLET = frozenset({"spot", "usdt-futures", "usdc-futures", "coin-futures"})
# The wire calls the funding wallet `spot`.
_OTHERS = {"funding": "spot", "p2p": "p2p"}


class AccountRequests:
    """See `SettingRequests` and `ConversionRequests`. `leverage_of` tells the leverage that is set in a market, where
    it is told."""

    def __init__(self, leverage_of: Callable[[Symbol], Decimal | None]) -> None:
        self._leverage_of = leverage_of

    def leverage(
        self,
        symbol: Symbol,
        value: Decimal,
        *,
        margin_coin: str,
        margin_mode: MarginMode | None,
        side: PositionSide | None,
        each_side: bool,
        other_mode: bool = False,
    ) -> Change:
        """The margin mode is said where it is known, since the wire takes crossed margin for meant where it is not."""
        del margin_coin, other_mode  # of classic requests
        mode = {"marginMode": margin_mode.value} if margin_mode else {}
        given: dict[str, Any] = {**market_words(symbol), "leverage": value, **mode}
        if each_side:
            given |= {"posSide": side.value} if side else {"longLeverage": value, "shortLeverage": value}
        whose = f" of the {side.value}" if side else ""
        what = f"set the leverage{whose} of {symbol.name} to {plain(value)}"
        return change("v3.account.set-leverage", given, what, symbol)

    def margin_mode(self, symbol: Symbol, mode: MarginMode, *, margin_coin: str) -> Change:
        """A margin mode is kept with the leverage, which stays as it is."""
        del margin_coin
        leverage = self._leverage_of(symbol)
        if leverage is None:
            raise UsageError(
                f"the account does not tell the leverage of {symbol.name}, with which its margin mode is set",
                hint=f"--margin-mode {mode.value} with an order says it there",
            )
        given = {**market_words(symbol), "leverage": leverage, "marginMode": mode.value}
        what = f"set the margin of {symbol.name} to {mode.value}"
        return change("v3.account.set-leverage", given, what, symbol)

    def position_mode(self, product: Product, mode: PositionMode) -> Change:
        """One mode for the whole account, whatever product was named."""
        del product
        said = mode.value.removesuffix("_mode").replace("_", "-")
        what = f"hold positions of the whole account, every product, in {said} mode"
        remark = "this is a unified account, so that the mode holds for every product"
        return change("v3.account.set-hold-mode", {"holdMode": mode.value}, what, remark=remark)

    def margin(self, symbol: Symbol, side: PositionSide, value: Decimal, *, removes: bool, margin_coin: str) -> Change:
        operation, verb, toward = ("remove", "take", "from") if removes else ("add", "add", "to")
        given = {**market_words(symbol), "posSide": side.value, "operation": operation, "amount": value}
        what = f"{verb} {plain(value)} {margin_coin} of margin {toward} the {side.value} {symbol.name}"
        return change("v3.account.set-margin", given, what, symbol)

    def auto_margin(self, symbol: Symbol, side: PositionSide, switch: str, *, margin_coin: str) -> NoReturn:
        del symbol, side, switch, margin_coin
        raise UnavailableError(
            "a position of a unified account cannot be told to draw margin by itself: Bitget has no such call for it",
            hint="bitget account margin SYMBOL --add M adds some",
        )

    def transfer(self, coin: str, value: Decimal, *, source: str, target: str, pair: str | None) -> Change | None:
        """None between two names of the one wallet."""
        del pair
        if {source, target} <= _ONE_WALLET:
            return None
        wallets = {**dict.fromkeys(_ONE_WALLET, WALLET), **_OTHERS}
        if absent := [name for name in (source, target) if name not in wallets]:
            raise UnavailableError(
                f"a unified account has no {absent[0]} wallet: spot, margin and futures trade from one",
                hint="money moves between that wallet, funding and p2p",
            )
        given = {"fromType": wallets[source], "toType": wallets[target], "amount": value, "coin": coin}
        return change("v3.account.transfer", given, f"move {plain(value)} {coin} from {source} to {target}")

    def convert(self, quote: Quote) -> NoReturn:
        del quote
        raise absent(Read.QUOTE)

    def convert_small(self, coins: Sequence[str], *, what: str) -> Change:
        """Turning small balances into BGB, all of them in one call."""
        return change("v3.convert.small-assets-trade", {"fromCoinList": list(coins), "toCoin": "BGB"}, what)
