"""Settings of an account and transfers, as rows and parameters."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from bitget_cli.trading.adapters.classic.changes import change
from bitget_cli.trading.adapters.classic.order_requests import market_words
from bitget_cli.trading.model import Change, MarginMode, PositionMode, PositionSide
from bitget_cli.values import Product, Symbol, plain


def leverage(symbol: Symbol, value: Decimal, *, margin_coin: str, side: PositionSide | None, each_side: bool) -> Change:
    """`each_side` is isolated margin in hedge mode, where a leverage without a side is refused (40808)."""
    given: dict[str, Any] = market_words(symbol, margin_coin)
    if each_side and side is None:
        given |= {"longLeverage": value, "shortLeverage": value}
    elif each_side and side:
        given |= {"leverage": value, "holdSide": side.value}
    else:
        given |= {"leverage": value}
    whose = f" of the {side.value}" if side else ""
    what = f"set the leverage{whose} of {symbol.name} to {plain(value)}"
    return change("mix.account.set-leverage", given, what, symbol)


def margin_mode(symbol: Symbol, mode: MarginMode, *, margin_coin: str) -> Change:
    given = {**market_words(symbol, margin_coin), "marginMode": mode.value}
    return change("mix.account.set-margin-mode", given, f"set the margin of {symbol.name} to {mode.value}", symbol)


def position_mode(product: Product, mode: PositionMode) -> Change:
    given = {"productType": product.wire, "posMode": mode.value}
    what = f"hold positions of {product} in {mode.value.removesuffix('_mode').replace('_', '-')} mode"
    return change("mix.account.set-position-mode", given, what)


def margin(symbol: Symbol, side: PositionSide, value: Decimal, *, removes: bool, margin_coin: str) -> Change:
    """A negative amount takes margin away."""
    sign, word = ("-", "take") if removes else ("", "add")
    given = {**market_words(symbol, margin_coin), "holdSide": side.value, "amount": sign + plain(value)}
    toward = "from" if removes else "to"
    what = f"{word} {plain(value)} {margin_coin} of margin {toward} the {side.value} {symbol.name}"
    return change("mix.account.set-margin", given, what, symbol)


def auto_margin(symbol: Symbol, side: PositionSide, switch: str, *, margin_coin: str) -> Change:
    """The one setting without a productType."""
    given = {"symbol": symbol.name, "autoMargin": switch, "marginCoin": margin_coin, "holdSide": side.value}
    what = f"switch {switch} that the {side.value} {symbol.name} draws margin"
    return change("mix.account.set-auto-margin", given, what, symbol)


def transfer(coin: str, value: Decimal, *, source: str, target: str, pair: str | None) -> Change:
    """Wallets go by their names with underscores here (`usdt_futures`)."""
    given = {
        "fromType": source.replace("-", "_"),
        "toType": target.replace("-", "_"),
        "amount": value,
        "coin": coin,
        "symbol": pair,
    }
    return change(
        "spot.wallet.transfer",
        given,
        f"move {plain(value)} {coin} from {source} to {target}{f' of {pair}' if pair else ''}",
    )
