"""Which rows of v3 answer a question, and the model read from what they say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bitget_cli.catalogue import find
from bitget_cli.catalogue.model import Endpoint
from bitget_cli.errors import NetworkError, UnavailableError, UsageError
from bitget_cli.trading.adapters.unified.vocabulary import product_of, row_of
from bitget_cli.trading.model import (
    Account,
    Balance,
    MarginMode,
    Position,
    PositionMode,
    Read,
    exact,
)
from bitget_cli.values import Product, Symbol

Row = Mapping[str, Any]

# For every product; what only futures have stands in the second table.
_ROWS: dict[Read, str] = {
    Read.BALANCE: "v3.account.assets",
    Read.BILLS: "v3.account.financial-records",
    Read.SUBACCOUNTS: "v3.account.sub-unified-assets",
    Read.ORDER: "v3.trade.order-info",
    Read.OPEN_ORDERS: "v3.trade.unfilled-orders",
    Read.PAST_ORDERS: "v3.trade.history-orders",
    Read.FILLS: "v3.trade.fills",
    Read.OLD_FILLS: "v3.trade.fills",
    Read.OPEN_PLANS: "v3.trade.unfilled-strategy-orders",
    Read.PAST_PLANS: "v3.trade.history-strategy-orders",
    Read.PLAN_ORDERS: "v3.trade.strategy-sub-orders",
    Read.OVERVIEW: "v3.account.assets",
    Read.FUNDING: "v3.account.funding-assets",
    Read.KEY_OWNER: "v3.account.info",
    Read.FEE: "v3.account.fee-rate",
    Read.TRANSFERS: "v3.account.financial-records",
    Read.DEPOSITS: "v3.account.deposit-records",
    Read.WITHDRAWALS: "v3.account.withdrawal-records",
    Read.DEPOSIT_ADDRESS: "v3.account.deposit-address",
    Read.CONVERSIONS: "v3.account.convert-records",
    Read.SMALL_BALANCES: "v3.convert.small-assets",
    Read.SMALL_CONVERSIONS: "v3.convert.small-assets-history",
    **dict.fromkeys((Read.TAX_SPOT, Read.TAX_FUTURES, Read.TAX_MARGIN), "v3.tax.records"),
    Read.SUBACCOUNT_LIST: "v3.user.sub-list",
    Read.SUBACCOUNT_KEYS: "v3.user.sub-api-list",
    Read.SUBACCOUNT_TRANSFERS: "v3.account.sub-transfer-record",
    Read.P2P_SELF: "v3.p2p.user-info",
    Read.P2P_ORDERS: "v3.p2p.all-orders",
    Read.P2P_ADS: "v3.p2p.my-ads",
}
_FUTURES: dict[Read, str] = {
    Read.ACCOUNT: "v3.account.settings",
    Read.POSITIONS: "v3.position.current-position",
    Read.POSITION: "v3.position.current-position",
    Read.CLOSED_POSITIONS: "v3.position.history-position",
    Read.ADL: "v3.position.adlRank",
    Read.LARGEST_OPEN: "v3.account.max-open-available",
}
# What a unified account has nothing of, and what to do instead.
_ABSENT: dict[Read, str] = {
    Read.LIQUIDATION: "of a position that is open, bitget position show tells its liquidation price",
    Read.BOTS: "bitget api list v3.trade.grid names the calls for trading bots",
    Read.P2P_MERCHANTS: "bitget api v3.p2p.ad-list names the merchants of adverts; bitget p2p me is your own record",
    Read.CONVERTIBLE: "trade the coins in a spot market, or convert them on Bitget's page",
    Read.QUOTE: "trade the coins in a spot market, or convert them on Bitget's page",
}


def endpoint(read: Read, product: Product) -> Endpoint:
    """The row that answers a question.

    Raises UnavailableError where a unified account has no such thing, and UsageError where the product has none.
    """
    if read in _ABSENT:
        raise absent(read)
    name = _ROWS.get(read) or (None if product.is_spot else _FUTURES.get(read))
    if name is None:
        raise UsageError(
            f"{product} has no {read.value.removeprefix('a ').removeprefix('the ')}",
            hint="name a futures market such as BTCUSDT, or a futures --product",
        )
    return find(name)


def absent(read: Read) -> UnavailableError:
    """For what a unified account has nothing of."""
    return UnavailableError(
        f"a unified account cannot be asked for {read.value}: Bitget has no such call for it", hint=_ABSENT[read]
    )


def setting_of(settings: Row, market: Symbol) -> Row:
    """What the settings say of a market; a market that they leave out is unknown, and not at its default."""
    rows = settings.get("symbolConfigList")
    wanted = (market.product, market.name)
    found = (row for row in rows or () if isinstance(row, dict)) if isinstance(rows, list) else ()
    return next((row for row in found if (product_of(row), row.get("symbol")) == wanted), {})


def coin_of(assets: Row, coin: str) -> Row:
    rows = assets.get("assets")
    return next((row for row in rows or () if isinstance(row, dict) and row.get("coin") == coin), {})


def account_row(settings: Row, assets: Row, market: Symbol, *, coin: str) -> dict[str, Any]:
    """The account as one market sees it, put together from what the account tells apart."""
    own, asset = setting_of(settings, market), coin_of(assets, coin)
    whole = {"coin": coin, **asset, "holdMode": settings.get("holdMode"), "mgnRatio": assets.get("mgnRatio")}
    told = row_of(
        Read.ACCOUNT,
        market.product,
        whole | {"marginMode": own.get("marginMode"), "assetMode": settings.get("assetMode")},
    )
    leverage = own.get("leverage")
    isolated = own.get("marginMode") == MarginMode.ISOLATED.value
    names = ("isolatedLongLever", "isolatedShortLever") if isolated else ("crossedMarginLeverage",)
    return told | dict.fromkeys(names, leverage)


def account(row: Row, *, margin_mode: MarginMode | None) -> Account:
    """From a row of `account_row`. Raises NetworkError for one without a position mode."""
    mode = row.get("posMode")
    if mode not in tuple(PositionMode):
        raise NetworkError(
            "the exchange did not say which position mode the account is in, so no order can be shaped",
            hint="try again; see bitget account show SYMBOL",
        )
    isolated = margin_mode is MarginMode.ISOLATED
    if isolated and mode == PositionMode.HEDGE.value:
        # Each side has its own, and one is told.
        return Account(PositionMode(mode), margin_mode, free=None, long_leverage=None, short_leverage=None)
    names = ("isolatedLongLever", "isolatedShortLever") if isolated else ("crossedMarginLeverage",) * 2
    long, short = (exact(row.get(name)) for name in names)
    # Every coin is margin for every position, so that the free amount of one of them bounds nothing.
    return Account(PositionMode(mode), margin_mode, free=None, long_leverage=long, short_leverage=short)


def held_in(data: Any) -> list[dict[str, Any]]:
    """What is held. Raises NetworkError for an answer that does not say it: nothing unreadable is flat."""
    rows = data.get("list", ()) if isinstance(data, dict) else ()
    if rows == () or not isinstance(rows, list | None) or not all(isinstance(row, dict) for row in rows or ()):
        raise NetworkError("the exchange did not say what is held", hint="try again; see bitget position list")
    return rows or []


def positions(data: Any, product: Product) -> list[Position]:
    """Raises what `held_in` raises."""
    from bitget_cli.trading.adapters.classic.adapter import position_of

    told = (position_of(row_of(Read.POSITIONS, product, row), product) for row in held_in(data))
    return [position for position in told if position.size > 0]


def balance(row: Row, product: Product, *, verbatim: bool) -> Balance:
    """What an order may use of a coin; `effEquity`, which the whole account tells, is collateral and no money."""
    told = row if verbatim else row_of(Read.BALANCE, product, row)
    return Balance(str(row.get("coin")), exact(row.get("available")), told)


def overview(assets: Row, funding: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What the two wallets are worth; of the funding wallet only dollars are told as such."""
    totals = {name: value for name, value in assets.items() if name not in ("assets", "bonus")}
    worth = assets.get("usdtEquity")
    held = [row for row in funding if exact(row.get("balance"))]
    in_usdt = {row.get("coin"): row.get("balance") for row in held}
    only_usdt = set(in_usdt) <= {"USDT"}
    rows: list[Row] = [
        {"accountType": "uta", "usdtBalance": worth, **totals},
        {
            "accountType": "funding",
            "usdtBalance": in_usdt.get("USDT", "0") if only_usdt else None,
            **dict.fromkeys(totals),
        },
    ]
    return [row_of(Read.OVERVIEW, Product.SPOT, row) for row in rows]


def largest(row: Row, *, buys: bool) -> dict[str, Any]:
    """`maxOpen` itself is empty on every call; each side tells its own."""
    told = row_of(Read.LARGEST_OPEN, Product.USDT_FUTURES, row)
    return told | {"maxOpen": row.get("maxBuyOpen" if buys else "maxSellOpen")}


def subaccount(row: Row, product: Product) -> dict[str, Any]:
    """A sub-account with its coins as the account's own balances."""
    coins = [row_of(Read.BALANCE, product, coin) for coin in row.get("assets") or () if isinstance(coin, dict)]
    user = row.get("subUid")
    if product.is_spot:
        return {"id": row.get("cursor"), "userId": user, "assetsList": coins, "accountKind": "unified"}
    return {"userId": user, "assetList": coins, "accountKind": "unified"}


def line_of(row: Row) -> Product:
    """The product of a row that names none, by the coin that margins it."""
    coins = {"USDT": Product.USDT_FUTURES, "USDC": Product.USDC_FUTURES}
    return coins.get(str(row.get("marginCoin")), Product.COIN_FUTURES)


def parts_of(read: Read, product: Product) -> list[dict[str, str]]:
    """What a list has to be asked for to tell all its rows. What moved no trade is booked apart from every product."""
    if read is Read.TRANSFERS:
        return [{"category": "OTHER", "type": kind} for kind in ("TRANSFER_IN", "TRANSFER_OUT")]
    if read is Read.BILLS and product.is_spot:
        return [{"category": "SPOT"}, {"category": "OTHER"}]
    return [{"category": product.wire}]
