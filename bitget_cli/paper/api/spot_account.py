"""The spot account, all accounts at a glance, and what coins are worth."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from bitget_cli.paper import answers
from bitget_cli.paper.api.lists import PageRequest, page
from bitget_cli.paper.credentials import USER_ID
from bitget_cli.paper.engine import margin, wallet
from bitget_cli.paper.engine.ledger import ZERO, price_of, text
from bitget_cli.paper.engine.records import Bill
from bitget_cli.paper.engine.state import EngineState
from bitget_cli.paper.instruments import COINS, LAUNCH, instrument, listed
from bitget_cli.paper.request import Query
from bitget_cli.values import Product


def usdt_price(state: EngineState, coin: str) -> Decimal:
    """One coin in USDT; a coin without a market is worth nothing here."""
    if coin == "USDT":
        return Decimal(1)
    market = instrument(Product.SPOT, f"{coin}USDT")
    if market is None:
        return Decimal(0)
    return price_of(market, state.prices.traded(market).last(state.time).price)


def in_coin(state: EngineState, coin: str, usdt: Decimal) -> Decimal:
    return usdt / usdt_price(state, coin)


def account_usdt(state: EngineState, account: str) -> Decimal:
    """Everything in an account and its sub-pots, in USDT, without unrealised profit."""
    return sum(
        (
            pot.total * usdt_price(state, coin)
            for name, coin, pot in state.ledger.everything()
            if name == account or name.startswith(f"{account}/")
        ),
        Decimal(0),
    )


_AUTHORITIES = ("coor", "coow", "cpor", "cpow", "stor", "stow", "wtor", "wtow", "wwow", "taxr", "chor", "chow")


def assets(state: EngineState, query: Query) -> Any:
    """What is held, or with `assetType=all` every coin; one coin also when there is none of it."""
    chosen = query.maybe("coin")
    every = query.choice("assetType", ("hold_only", "all"), "hold_only") == "all"
    pots = dict(state.ledger.of("spot"))
    names = [chosen.upper()] if chosen else [*COINS, *(coin for coin in pots if coin not in COINS)]
    rows = []
    for coin in names:
        pot = state.ledger.pot("spot", coin)
        if not (pot.total or every or chosen):
            continue
        rows.append(
            {
                "coin": coin,
                "available": text(pot.available),
                "frozen": text(pot.frozen),
                "locked": "0",
                "limitAvailable": "0",
                "uTime": str(state.time),
            }
        )
    return rows


def bills(state: EngineState, query: Query) -> Any:
    wanted = PageRequest(product="spot")
    wanted.field("coin", (query.maybe("coin") or "").upper())
    wanted.field("group", query.maybe("groupType"))
    wanted.field("business", query.maybe("businessType"))
    return [
        {
            "cTime": str(bill.created),
            "bizOrderId": str(bill.parent or ""),
            "coin": bill.coin,
            "groupType": bill.group,
            "businessType": bill.business,
            "size": text(bill.amount),
            "balance": text(bill.balance),
            "fees": text(bill.fee),
            "billId": str(bill.id),
        }
        for bill in page(state, Bill, query, wanted, limit=(100, 500))
    ]


def info(_state: EngineState, _query: Query) -> Any:
    return {
        "userId": USER_ID,
        "inviterId": "",
        "ips": "",
        "authorities": list(_AUTHORITIES),
        "parentId": int(USER_ID),
        "traderType": "not_trader",
        "channelCode": "",
        "channel": "",
        "regisTime": str(LAUNCH),
    }


def deduct_info(_state: EngineState, _query: Query) -> Any:
    return {"deduct": "off"}


_PLACES = Decimal("1e-8")


def all_account_balance(state: EngineState, _query: Query) -> Any:
    """In USDT; futures with unrealised profit."""
    futures = sum((_futures_usdt(state, product) for product in wallet.FUTURES.values()), ZERO)
    margined = account_usdt(state, "crossed_margin") + account_usdt(state, "isolated_margin")
    balances = {
        "spot": account_usdt(state, "spot"),
        "futures": futures,
        "funding": account_usdt(state, "p2p"),
        "earn": ZERO,
        "bots": ZERO,
        "margin": margined,
    }
    return [{"accountType": name, "usdtBalance": text(usdt.quantize(_PLACES))} for name, usdt in balances.items()]


def _futures_usdt(state: EngineState, product: Product) -> Decimal:
    coins = {each.margin_coin for each in listed(product)}
    return sum((margin.account(state, product, coin).equity * usdt_price(state, coin) for coin in coins), ZERO)


def funding_assets(state: EngineState, query: Query) -> Any:
    chosen = (query.maybe("coin") or "").upper()
    return [
        {
            "coin": coin,
            "available": text(pot.available),
            "frozen": text(pot.frozen),
            "usdtValue": text((pot.total * usdt_price(state, coin)).quantize(_PLACES)),
        }
        for coin, pot in state.ledger.of("p2p")
        if pot.total and chosen in ("", coin)
    ]


def bot_assets(_state: EngineState, _query: Query) -> Any:
    """There are no bots here."""
    return []


def trade_rate(_state: EngineState, query: Query) -> Any:
    """Fee rates of a symbol; `mix` looks through the three futures lines."""
    symbol = query.text("symbol").upper()
    for rate in _rates(query):
        if rate.pop("symbol") == symbol:
            return rate
    raise answers.unknown(query.text("symbol"))


def all_trade_rate(_state: EngineState, query: Query) -> Any:
    return list(_rates(query))


def _rates(query: Query) -> Iterator[dict[str, str]]:
    futures = (Product.USDT_FUTURES, Product.USDC_FUTURES, Product.COIN_FUTURES)
    business = query.choice("businessType", ("mix", "spot", "margin"))
    for product in futures if business == "mix" else (Product.SPOT,):
        for market in listed(product):
            yield {"symbol": market.symbol, "makerFeeRate": market.maker, "takerFeeRate": market.taker}
