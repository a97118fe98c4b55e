"""What coins are worth, in USDT, at the last spot trades."""

from __future__ import annotations

from decimal import Decimal

from bitget_cli.paper.engine.floor import Floor
from bitget_cli.paper.engine.money import price_of
from bitget_cli.paper.instruments import instrument
from bitget_cli.values import Product


def usdt_price(floor: Floor, coin: str) -> Decimal:
    """One coin in USDT; a coin without a market is worth nothing here."""
    if coin == "USDT":
        return Decimal(1)
    market = instrument(Product.SPOT, f"{coin}USDT")
    if market is None:
        return Decimal(0)
    return price_of(market, floor.prices.traded(market).last(floor.time).price)


def in_coin(floor: Floor, coin: str, usdt: Decimal) -> Decimal:
    return usdt / usdt_price(floor, coin)


def account_usdt(floor: Floor, account: str) -> Decimal:
    """Everything in an account and its sub-pots, in USDT, without unrealised profit."""
    return sum(
        (
            pot.total * usdt_price(floor, coin)
            for name, coin, pot in floor.ledger.everything()
            if name == account or name.startswith(f"{account}/")
        ),
        Decimal(0),
    )
