"""Coins turned into other coins at a quoted price, and small balances into BGB."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_DOWN, Decimal
from typing import ClassVar

from bitget_cli.paper.answers import RefusedError
from bitget_cli.paper.engine.ledger import FEES, MARKET, ZERO, price_of
from bitget_cli.paper.engine.margin import free
from bitget_cli.paper.engine.records import StoredRecord
from bitget_cli.paper.engine.state import EngineState
from bitget_cli.paper.instruments import SPOT, UNDERLYINGS, instrument
from bitget_cli.values import Product

# How long a quote holds, and how long it is known that there was one; in ms of paper time.
HOLDS_MS = 8_000
_KNOWN_MS = 3_600_000
# What is kept of each leg's best price; there is no other fee.
_SPREAD = Decimal("0.0005")
_PRICE, _SIZE = Decimal("1e-16"), Decimal("1e-8")
# A conversion is worth about this much in USDT, at least and at most.
_LEAST, _MOST = Decimal(1), Decimal(50_000)
# A balance worth less than this in USDT is a small one; its fee is a share of the BGB.
_SMALL = Decimal(10)
BGB_FEE = Decimal("0.02")
_ACCOUNT = "spot"
COINS = ("USDT", *(each.base for each in SPOT))


@dataclass(kw_only=True)
class ConversionQuote(StoredRecord):
    """A price that was named: `source` of one coin for `target` of another, once, for eight seconds."""

    kind: ClassVar[str] = "quote"
    source_coin: str
    source: Decimal
    target_coin: str
    target: Decimal
    price: Decimal
    used: bool = False


@dataclass(kw_only=True)
class Conversion(StoredRecord):
    """What was converted. `fee` is in the target coin; `source_price` and `target_price` are USDT (BGB alone)."""

    kind: ClassVar[str] = "conversion"
    source_coin: str
    source: Decimal
    target_coin: str
    target: Decimal
    price: Decimal = ZERO
    fee: Decimal = ZERO
    source_price: Decimal = ZERO
    target_price: Decimal = ZERO


def bounds(coin: str) -> tuple[Decimal, Decimal]:
    """The smallest and the largest size of a coin in one conversion; round numbers that never change."""
    usual = Decimal(1) if coin == "USDT" else Decimal(str(UNDERLYINGS[coin].centre))
    return _round(_LEAST / usual), _round(_MOST / usual)


def quote(
    state: EngineState, source: str, target: str, *, gives: Decimal | None, gets: Decimal | None
) -> ConversionQuote:
    """A price for giving so much of one coin, or getting so much of another. Raises RefusedError."""
    for coin in (source, target):
        if coin not in COINS:
            raise RefusedError("43131", f"Current currency: {coin} does not support convert")
    price = (_sold_at(state, source) / _bought_at(state, target)).quantize(_PRICE, ROUND_DOWN)
    if gives is None:
        gets = gets or ZERO
        gives = (gets / price).quantize(_SIZE, ROUND_CEILING)
    else:
        gets = (gives * price).quantize(_SIZE, ROUND_DOWN)
    _check(source, gives)
    _check(target, gets)
    named = ConversionQuote(
        id=state.new_id(),
        product="convert",
        source_coin=source,
        source=gives,
        target_coin=target,
        target=gets,
        price=price,
    )
    state.save(named)
    state.forget(ConversionQuote, before=state.time - _KNOWN_MS)
    return named


def trade(state: EngineState, named: ConversionQuote) -> Conversion:
    """Convert at a quoted price. Raises RefusedError when it ran out or was used, or the money is not there."""
    if named.used or state.time - named.created > HOLDS_MS:
        raise RefusedError("12021", "Flash quote expired")
    named.used = True
    state.save(named)
    return _convert(
        state,
        Conversion(
            id=state.new_id(),
            product="convert",
            parent=named.id,
            source_coin=named.source_coin,
            source=named.source,
            target_coin=named.target_coin,
            target=named.target,
            price=named.price,
        ),
    )


def small_balances(state: EngineState) -> list[Conversion]:
    """What each small balance would come to in BGB; nothing is changed."""
    bgb = _bought_at(state, "BGB")
    found = []
    for coin, _ in state.ledger.of(_ACCOUNT):
        available = free(state, coin)
        if coin == "BGB" or coin not in COINS or available <= 0:
            continue
        price = _sold_at(state, coin)
        target = (available * price / bgb).quantize(_SIZE, ROUND_DOWN)
        if available * price < _SMALL and target:
            found.append(
                Conversion(
                    id=0,
                    product="bgb",
                    source_coin=coin,
                    source=available,
                    target_coin="BGB",
                    target=target,
                    fee=(target * BGB_FEE).quantize(_SIZE, ROUND_CEILING),
                    source_price=price,
                    target_price=bgb,
                )
            )
    return found


def to_bgb(state: EngineState, coin: str) -> Conversion:
    """Turn a small balance into BGB. Raises RefusedError for a coin that is none."""
    found = next((each for each in small_balances(state) if each.source_coin == coin), None)
    if found is None:
        raise RefusedError("43131", f"Current currency: {coin} does not support convert")
    found.id = state.new_id()
    return _convert(state, found)


def _convert(state: EngineState, done: Conversion) -> Conversion:
    """Coins change hands with the market, the fee is kept from what comes, two bills are written."""
    if free(state, done.source_coin) < done.source:
        raise RefusedError("43012", "Insufficient balance")
    state.ledger.move(done.source_coin, done.source, source=_ACCOUNT, target=MARKET)
    state.bill(_ACCOUNT, done.source_coin, -done.source, business="CONVERT_OUT", group="convert", cause=done.id)
    state.ledger.move(done.target_coin, done.target, source=MARKET, target=_ACCOUNT)
    state.ledger.move(done.target_coin, done.fee, source=_ACCOUNT, target=FEES)
    state.bill(
        _ACCOUNT,
        done.target_coin,
        done.target,
        business="CONVERT_IN",
        group="convert",
        fee=-done.fee,
        cause=done.id,
    )
    state.save(done)
    return done


def _check(coin: str, size: Decimal) -> None:
    least, most = bounds(coin)
    if size < least:
        raise RefusedError("12006", "Minimum limit not reached.")
    if size > most:
        raise RefusedError("12007", "Maximum limit exceeded.")


def _sold_at(state: EngineState, coin: str) -> Decimal:
    """USDT for one coin, a little below the best bid."""
    market = instrument(Product.SPOT, f"{coin}USDT")
    if market is None:
        return Decimal(1)
    return price_of(market, state.market.book(market).bid) * (1 - _SPREAD)


def _bought_at(state: EngineState, coin: str) -> Decimal:
    """USDT for one coin, a little above the best ask."""
    market = instrument(Product.SPOT, f"{coin}USDT")
    if market is None:
        return Decimal(1)
    return price_of(market, state.market.book(market).ask) * (1 + _SPREAD)


def _round(value: Decimal) -> Decimal:
    """To one digit that counts, upwards."""
    return value.quantize(Decimal(1).scaleb(value.adjusted()), ROUND_CEILING)
