"""The unified account itself: its one wallet, its settings, fees and what it may do: `/api/v3/account/…`."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from bitget_cli.paper import answers
from bitget_cli.paper.answers import RefusedError
from bitget_cli.paper.api.futures_account import (
    add_margin,
    check_reduction,
    keep_margin_mode,
    leverage_in,
    may_use,
    most_lots,
    set_leverages,
)
from bitget_cli.paper.api.futures_market import COLLATERAL
from bitget_cli.paper.api.spot_account import in_coin, usdt_price
from bitget_cli.paper.api.v3 import words
from bitget_cli.paper.credentials import USER_ID
from bitget_cli.paper.engine import margin, validation
from bitget_cli.paper.engine.ledger import (
    FUNDING_ACCOUNT,
    WALLET,
    ZERO,
    exact,
    in_margin_coin,
    quote_of,
    text,
)
from bitget_cli.paper.engine.margin import MarginAccount
from bitget_cli.paper.engine.state import EngineState
from bitget_cli.paper.instruments import COINS, LAUNCH, listed
from bitget_cli.paper.request import Query
from bitget_cli.values import Product

_PLACES, _RATIO = Decimal("1e-8"), Decimal("1e-4")


def info(_state: EngineState, _query: Query) -> Any:
    return {
        "userId": USER_ID,
        "inviterId": None,
        "parentId": None,
        "channelCode": "",
        "channel": "",
        "ips": None,
        "permType": "read_and_write",
        "permissions": ["uta_mgt", "uta_trade", "withdraw"],
        "regisTime": str(LAUNCH),
    }


def settings(state: EngineState, _query: Query) -> Any:
    """Every futures symbol with the margin mode and leverage its next order would have."""
    symbols = []
    for each in (*listed(Product.USDT_FUTURES), *listed(Product.USDC_FUTURES)):
        mode = margin.margin_mode_of(state, each)
        leverage = margin.leverage_of(state, each, mode, "long")
        row = {"category": words.NAMES[each.product], "symbol": each.symbol}
        symbols.append(row | {"marginMode": mode, "leverage": str(leverage)})
    return {
        "uid": USER_ID,
        "accountMode": "unified",
        "assetMode": "multi_assets",
        "accountLevel": "basic",
        "holdMode": margin.mode_of(state, WALLET),
        "stpMode": "none",
        "symbolConfigList": symbols,
        # Of margin trading, of which there is none.
        "coinConfigList": [],
    }


def assets(state: EngineState, _query: Query) -> Any:
    return wallet(state)


def wallet(state: EngineState) -> dict[str, Any]:
    """The whole wallet in dollars, which a USDT is worth here, and its coins.

    Positions are margined by their own coin alone; `effEquity` is what the coins would count for as collateral.
    """
    coins = wallet_rows(state)
    margins = list(_margins(state))
    equity = _sum(coins, "usdValue")
    profit, maintenance, initial, value = (sum((each[place] for each in margins), ZERO) for place in range(4))
    effective = sum((Decimal(row["usdValue"]) * _RATES.get(row["coin"], ZERO) for row in coins), ZERO)
    in_btc = in_coin(state, "BTC", Decimal(1))
    return {
        "accountEquity": _money(equity),
        "usdtEquity": _money(equity),
        "btcEquity": _money(equity * in_btc),
        "unrealisedPnl": _money(profit),
        "usdtUnrealisedPnl": _money(profit),
        "btcUnrealizedPnl": _money(profit * in_btc),
        "effEquity": _money(effective),
        "mmr": _money(maintenance),
        "imr": _money(initial),
        "mgnRatio": _share(maintenance, effective),
        "positionMgnRatio": _share(initial, effective),
        "positionValue": _money(value),
        "leverage": _share(value, effective),
        "bonus": [],
        "assets": coins,
    }


def wallet_rows(state: EngineState) -> list[dict[str, str]]:
    """A row for each coin there is something of."""
    rows = []
    for coin, pot in state.ledger.of(WALLET):
        balance, profit, locked = state.ledger.held(WALLET, coin), ZERO, pot.frozen
        if account := account_of_coin(state, coin):
            profit, locked = account.profit, account.locked
        if not (balance or profit or locked):
            continue
        equity = balance + profit
        rows.append(
            {
                "coin": coin,
                "equity": text(equity),
                "usdValue": _money(equity * usdt_price(state, coin)),
                "balance": text(balance),
                "balanceOriginal": text(balance),
                "available": text(exact(margin.free(state, coin))),
                "debt": "0",
                "locked": text(locked),
                "bonus": "0",
                "interestBase": "0",
            }
        )
    return rows


def account_of_coin(state: EngineState, coin: str) -> MarginAccount | None:
    """How the futures stand that a coin margins; None for one that margins none."""
    product = margin.margined_by(coin)
    return margin.account(state, product, coin) if product else None


def _margins(state: EngineState) -> Iterator[tuple[Decimal, Decimal, Decimal, Decimal]]:
    """Of each position in dollars: profit, maintenance, initial margin, value; and what orders hold back."""
    for position in state.positions.values():
        market, mark = position.instrument, state.market.mark(position.instrument)
        worth = in_margin_coin(market, lots=position.size, quote=quote_of(market, mark * position.size))
        parts = (
            margin.profit_at(position, mark),
            margin.maintenance_at(position, mark),
            margin.margin_of(state, position),
            worth,
        )
        price = usdt_price(state, market.margin_coin)
        yield parts[0] * price, parts[1] * price, parts[2] * price, parts[3] * price
    for order in state.orders.values():
        if order.product != Product.SPOT:
            yield ZERO, ZERO, order.reserved * usdt_price(state, order.instrument.margin_coin), ZERO


# The part of its value a coin counts for as collateral.
_RATES = {"USDT": Decimal(1)} | {coin: Decimal(rate) for coin, _, _, rate, _ in COLLATERAL}


def _sum(rows: list[dict[str, str]], name: str) -> Decimal:
    return sum((Decimal(row[name]) for row in rows), ZERO)


def _money(amount: Decimal) -> str:
    return text(amount.quantize(_PLACES))


def _share(part: Decimal, of: Decimal) -> str:
    return text((part / of).quantize(_RATIO)) if of > 0 else "0"


def funding_assets(state: EngineState, query: Query) -> Any:
    chosen = (query.maybe("coin") or "").upper()
    return [
        {
            "coin": coin,
            "available": text(pot.available),
            "frozen": text(pot.frozen),
            "balance": text(pot.total),
        }
        for coin, pot in state.ledger.of(FUNDING_ACCOUNT)
        if pot.total and chosen in ("", coin)
    ]


def repayable_coins(_state: EngineState, _query: Query) -> Any:
    """Nothing is borrowed, so nothing is owed."""
    return {"repayableCoinList": [], "maxSelection": "5"}


def debts(_state: EngineState, _query: Query) -> Any:
    return {"pledgeInfos": [], "loanInfos": []}


def switch_status(_state: EngineState, _query: Query) -> Any:
    raise RefusedError("40054", "There is no switch under way")


def fee_rate(_state: EngineState, query: Query) -> Any:
    market = words.market(query)
    return {"makerFeeRate": market.maker, "takerFeeRate": market.taker}


def all_fee_rate(_state: EngineState, query: Query) -> Any:
    return [
        {"symbol": market.symbol, "makerFeeRate": market.maker, "takerFeeRate": market.taker}
        for market in words.markets(query)
    ]


def max_transferable(state: EngineState, query: Query) -> Any:
    coin = coin_of(query)
    most = text(exact(margin.free(state, coin)))
    return {"coin": coin, "maxTransfer": most, "borrowMaxTransfer": most}


def max_withdrawal(state: EngineState, query: Query) -> Any:
    coin = coin_of(query)
    funding, wallet = state.ledger.pot(FUNDING_ACCOUNT, coin).available, exact(margin.free(state, coin))
    return {
        "coin": coin,
        "otcMaxWithdrawal": "0",
        "spotMaxWithdrawal": text(funding),
        "utaMaxWithdrawal": text(wallet),
        "totalMaxWithdrawal": text(max(funding, wallet)),
    }


def coin_of(query: Query) -> str:
    coin = query.text("coin").upper()
    if coin not in COINS:
        raise RefusedError("25201", "Coin does not exist")
    return coin


def max_open_available(state: EngineState, query: Query) -> Any:
    """What may be opened on either side; only `maxBuyOpen` and `maxSellOpen` say it, as on Bitget."""
    market = words.market(query)
    side = query.choice("side", ("buy", "sell"))
    if query.choice("orderType", ("limit", "market")) == "limit":
        query.text("price")
        price = words.price(query, "price", market)
    else:
        price = state.prices.traded(market).last(state.time).price
    told = {"maxOpen": "", "buyOpenCost": "", "sellOpenCost": ""}
    if market.product is Product.SPOT:
        quote, base = margin.free(state, market.quote), margin.free(state, market.base)
        amounts = {"maxBuyOpen": quote, "maxSellOpen": base, "maxBuyAvailable": quote, "maxSellAvailable": base}
        return (
            {"available": text(quote if side == "buy" else base)}
            | told
            | {name: text(exact(amount)) for name, amount in amounts.items()}
        )
    most = {
        name: market.size(most_lots(state, market, hold, price))
        for name, hold in (("maxBuyOpen", "long"), ("maxSellOpen", "short"))
    }
    has = text(exact(may_use(state, market)))
    return {"available": has} | told | most | {"maxBuyAvailable": None, "maxSellAvailable": None}


def open_interest_limit(_state: EngineState, query: Query) -> Any:
    from bitget_cli.paper.instruments import tiers

    market = words.market(query, words.FUTURES_LINES)
    most = tiers(market)[-1][1]
    return {
        "symbol": market.symbol,
        "singleUserLimit": str(most * 2 // 3),
        "masterSubLimit": str(most),
        "marketMakerLimit": str(most),
    }


def set_leverage(state: EngineState, query: Query) -> Any:
    """For crossed margin one leverage; for isolated one a side, both unless `posSide` says which.

    A margin mode that is said is kept with it.
    """
    market = words.market(query, (*words.FUTURES_LINES, "MARGIN"))
    hold = query.choice("posSide", ("", "long", "short"), "")
    sides = {side: query.maybe(f"{side}Leverage") for side in ("long", "short")}
    implied = "isolated" if hold or any(sides.values()) else "crossed"
    mode = query.choice("marginMode", ("crossed", "isolated"), implied)
    if mode == "crossed":
        leverages = {"cross": leverage_in(market, query.text("leverage"))}
    elif any(sides.values()):
        leverages = {side: leverage_in(market, value) for side, value in sides.items() if value}
    else:
        value = leverage_in(market, query.text("leverage"))
        leverages = {side: value for side in ("long", "short") if hold in ("", side)}
    if query.maybe("marginMode"):
        keep_margin_mode(state, market, mode)
    set_leverages(state, market, leverages)
    return "success"


def set_hold_mode(state: EngineState, query: Query) -> Any:
    """For the whole account, while it is flat."""
    mode = query.choice("holdMode", ("one_way_mode", "hedge_mode"))
    if mode != margin.mode_of(state, WALLET):
        if state.positions:
            raise RefusedError("25107", "There is a position")
        if any(each.product != Product.SPOT for each in (*state.orders.values(), *state.plans.values())):
            raise RefusedError("25010", "There are open orders")
        state.settings[f"{WALLET}/mode"] = mode
    return "success"


def set_margin(state: EngineState, query: Query) -> Any:
    """More margin for an isolated position, or less."""
    market = words.market(query, words.FUTURES_LINES)
    position = state.position(market.product, market.symbol, query.choice("posSide", ("long", "short")))
    adds = query.choice("operation", ("add", "remove")) == "add"
    amount = exact(validation.positive(query, "amount"))
    if position is None:
        raise RefusedError("25225", "No position")
    if position.margin_mode == "crossed":
        raise RefusedError("25002", "Not supported in crossed margin mode")
    if not adds:
        check_reduction(state, position, amount)
    elif amount > margin.account(state, market.product, market.margin_coin).spare:
        raise RefusedError("25203", "Insufficient margin")
    add_margin(state, position, amount if adds else -amount)
    state.save(position)
    return "success"


def adjust_account_mode(_state: EngineState, query: Query) -> Any:
    if query.choice("mode", ("basic", "advanced", "isolated", "delta")) != "basic":
        raise answers.not_learnt(f"mode={query.maybe('mode')}")
    return None
