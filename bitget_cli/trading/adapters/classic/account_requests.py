"""What changes an account besides orders: settings, transfers and conversions, with what a quote says."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from bitget_cli.client.rest.response import objects
from bitget_cli.errors import NetworkError, UsageError
from bitget_cli.trading.adapters.classic.changes import change
from bitget_cli.trading.adapters.classic.order_requests import market_words
from bitget_cli.trading.change import Change
from bitget_cli.trading.convert import ConversionRequest, Quote, SmallBalance
from bitget_cli.trading.model import MarginMode, PositionMode, PositionSide, exact
from bitget_cli.values import Product, Symbol, plain


def leverage(
    symbol: Symbol,
    value: Decimal,
    *,
    margin_coin: str,
    margin_mode: MarginMode | None,
    side: PositionSide | None,
    each_side: bool,
    other_mode: bool = False,
) -> Change:
    """`each_side` is isolated margin in hedge mode, where a leverage without a side is refused (40808).

    What is set is always the leverage of the margin mode in force. Raises UsageError for another one.
    """
    if other_mode and margin_mode:
        raise UsageError(
            f"{symbol.name} is not in {margin_mode.value} margin, and a leverage is set for the one that it is in",
            hint=f"bitget account margin-mode {symbol.name} {margin_mode.value}, or leave --margin-mode out",
        )
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
    """Wallets go by their names with underscores here (`usdt_futures`); `p2p` is the funding wallet's."""
    given = {
        "fromType": _wallet(source),
        "toType": _wallet(target),
        "amount": value,
        "coin": coin,
        "symbol": pair,
    }
    return change(
        "spot.wallet.transfer",
        given,
        f"move {plain(value)} {coin} from {source} to {target}{f' of {pair}' if pair else ''}",
    )


def _wallet(name: str) -> str:
    return "p2p" if name == "funding" else name.replace("-", "_")


Row = Mapping[str, Any]

# A price goes back as it came; it may be written with an exponent.
_PRICE = re.compile(r"[0-9]{1,40}(\.[0-9]{1,40})?([eE][+-]?[0-9]{1,2})?", re.ASCII)
# What of a quote goes back with the conversion.
_QUOTED = ("fromCoin", "fromCoinSize", "cnvtPrice", "toCoin", "toCoinSize", "traceId")


def quote(row: Any, wanted: ConversionRequest) -> Quote:
    """Raises NetworkError for an answer that is no quote of what was asked for."""
    if not _is_quote(row):
        raise NetworkError("the exchange sent no quote", hint="try again; see bitget convert coins")
    gives, gets = exact(row["fromCoinSize"]), exact(row["toCoinSize"])
    coins = (str(row["fromCoin"]).upper(), str(row["toCoin"]).upper()) == (wanted.source, wanted.target)
    sizes = wanted.gives in (None, gives) and wanted.gets in (None, gets)
    if not gives or not gets or gives < 0 or gets < 0 or not (coins and sizes):
        raise NetworkError(
            f"the quote is not for what was asked, {wanted.summary}, but for {row['fromCoinSize']} {row['fromCoin']} "
            f"into {row['toCoinSize']} {row['toCoin']}; nothing was converted",
            hint="see bitget convert quote",
        )
    return Quote(wanted.source, wanted.target, gives, gets, row["cnvtPrice"], str(row.get("fee") or "0"), row)


def _is_quote(row: Any) -> bool:
    """Whether every word of it is there, as text, and the price above zero."""
    if not isinstance(row, dict) or not all(isinstance(row.get(name), str) and row[name] for name in _QUOTED):
        return False
    return bool(_PRICE.fullmatch(row["cnvtPrice"])) and Decimal(row["cnvtPrice"]) > 0


def small_balance(row: Row) -> SmallBalance:
    """What is said is in the exchange's own figures. Its sample charges the fee in BGB: 0.00075893 of 0.0379468 at a
    rate of 0.02."""
    fees = objects(row.get("feeDetail"))
    fee = " and ".join(f"fee {one.get('fee')} BGB (rate {one.get('feeRate')})" for one in fees) or "no fee told"
    worth, coin = exact(row.get("bgbEstAmount")), row.get("coin")
    said = f"{row.get('available')} {coin} into about {row.get('bgbEstAmount')} BGB, {fee}"
    return SmallBalance(str(coin), worth if worth and worth > 0 else None, said)


def convert(quote: Quote) -> Change:
    """With the very texts of the quote: another one counts as tampering (12022)."""
    given = {name: str(quote.row[name]) for name in _QUOTED}
    return change("convert.trade", given, f"{quote.summary} at {quote.price}", good_until=quote.good_until)


def convert_small(coins: Sequence[str], *, what: str) -> Change:
    """Turning small balances into BGB, all of them in one call."""
    return change("convert.bgb-convert", {"coinList": list(coins)}, what)
