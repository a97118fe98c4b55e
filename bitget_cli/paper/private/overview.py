"""All accounts at a glance, and the customer's fee rates."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from bitget_cli.paper import refusals
from bitget_cli.paper.engine import margin, wallet
from bitget_cli.paper.engine.floor import Floor
from bitget_cli.paper.engine.money import ZERO, text
from bitget_cli.paper.instruments import listed
from bitget_cli.paper.private.valuing import account_usdt, usdt_price
from bitget_cli.paper.query import Query
from bitget_cli.values import Product

_PLACES = Decimal("1e-8")


def all_account_balance(floor: Floor, _query: Query) -> Any:
    """In USDT; futures with unrealised profit."""
    futures = sum((_futures_usdt(floor, product) for product in wallet.FUTURES.values()), ZERO)
    margined = account_usdt(floor, "crossed_margin") + account_usdt(floor, "isolated_margin")
    balances = {
        "spot": account_usdt(floor, "spot"),
        "futures": futures,
        "funding": account_usdt(floor, "p2p"),
        "earn": ZERO,
        "bots": ZERO,
        "margin": margined,
    }
    return [{"accountType": name, "usdtBalance": text(usdt.quantize(_PLACES))} for name, usdt in balances.items()]


def _futures_usdt(floor: Floor, product: Product) -> Decimal:
    coins = {each.margin_coin for each in listed(product)}
    return sum((margin.account(floor, product, coin).equity * usdt_price(floor, coin) for coin in coins), ZERO)


def funding_assets(floor: Floor, query: Query) -> Any:
    chosen = (query.maybe("coin") or "").upper()
    return [
        {
            "coin": coin,
            "available": text(pot.available),
            "frozen": text(pot.frozen),
            "usdtValue": text((pot.total * usdt_price(floor, coin)).quantize(_PLACES)),
        }
        for coin, pot in floor.ledger.of("p2p")
        if pot.total and chosen in ("", coin)
    ]


def bot_assets(_floor: Floor, _query: Query) -> Any:
    """There are no bots here."""
    return []


def trade_rate(_floor: Floor, query: Query) -> Any:
    """Fee rates of a symbol; `mix` looks through the three futures lines."""
    symbol = query.text("symbol").upper()
    for rate in _rates(query):
        if rate.pop("symbol") == symbol:
            return rate
    raise refusals.unknown(query.text("symbol"))


def all_trade_rate(_floor: Floor, query: Query) -> Any:
    return list(_rates(query))


def _rates(query: Query) -> Iterator[dict[str, str]]:
    futures = (Product.USDT_FUTURES, Product.USDC_FUTURES, Product.COIN_FUTURES)
    business = query.choice("businessType", ("mix", "spot", "margin"))
    for product in futures if business == "mix" else (Product.SPOT,):
        for market in listed(product):
            yield {"symbol": market.symbol, "makerFeeRate": market.maker, "takerFeeRate": market.taker}
