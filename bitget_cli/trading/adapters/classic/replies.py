"""Which rows of v2 answer a question, and what their fields say: answers as the model."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from bitget_cli.catalogue import find
from bitget_cli.catalogue.model import Endpoint
from bitget_cli.errors import NetworkError, UsageError
from bitget_cli.trading.model import (
    Account,
    Balance,
    Instrument,
    MarginMode,
    Position,
    PositionMode,
    Prices,
    Read,
    exact,
    position_side,
)
from bitget_cli.values import Product, Symbol

Row = Mapping[str, Any]

_NUMBER = re.compile(r"[0-9]{1,30}(\.[0-9]{1,30})?", re.ASCII)
_MARGIN_MODES = {"isolated": MarginMode.ISOLATED, "crossed": MarginMode.CROSSED, "cross": MarginMode.CROSSED}
# Futures, spot; a name of the catalogue, or None where the product has no such thing.
_ROWS: dict[Read, tuple[str | None, str | None]] = {
    Read.INSTRUMENTS: ("mix.market.contracts", "spot.public.symbols"),
    Read.PRICE: ("mix.market.symbol-price", "spot.market.tickers"),
    Read.ACCOUNT: ("mix.account.account", None),
    Read.BALANCE: ("mix.account.accounts", "spot.account.assets"),
    Read.BILLS: ("mix.account.bill", "spot.account.bills"),
    Read.SUBACCOUNTS: ("mix.account.sub-account-assets", "spot.account.subaccount-assets"),
    Read.POSITIONS: ("mix.position.all-position", None),
    Read.POSITION: ("mix.position.single-position", None),
    Read.CLOSED_POSITIONS: ("mix.position.history-position", None),
    Read.ADL: ("mix.position.adlRank", None),
    Read.LARGEST_OPEN: ("mix.account.max-open", None),
    Read.LIQUIDATION: ("mix.account.liq-price", None),
    Read.ORDER: ("mix.order.detail", "spot.trade.orderInfo"),
    Read.OPEN_ORDERS: ("mix.order.orders-pending", "spot.trade.unfilled-orders"),
    Read.PAST_ORDERS: ("mix.order.orders-history", "spot.trade.history-orders"),
    Read.FILLS: ("mix.order.fills", "spot.trade.fills"),
    Read.OLD_FILLS: ("mix.order.fill-history", "spot.trade.fills"),
    Read.OPEN_PLANS: ("mix.order.orders-plan-pending", "spot.trade.current-plan-order"),
    Read.PAST_PLANS: ("mix.order.orders-plan-history", "spot.trade.history-plan-order"),
    Read.PLAN_ORDERS: ("mix.order.plan-sub-order", "spot.trade.plan-sub-order"),
    # One for every product.
    **{
        read: (name, name)
        for read, name in {
            Read.OVERVIEW: "account.all-account-balance",
            Read.FUNDING: "account.funding-assets",
            Read.BOTS: "account.bot-assets",
            Read.KEY_OWNER: "spot.account.info",
            Read.FEE: "common.trade-rate",
            Read.TRANSFERS: "spot.account.transferRecords",
            Read.DEPOSITS: "spot.wallet.deposit-records",
            Read.WITHDRAWALS: "spot.wallet.withdrawal-records",
            Read.DEPOSIT_ADDRESS: "spot.wallet.deposit-address",
            Read.CONVERTIBLE: "convert.currencies",
            Read.QUOTE: "convert.quoted-price",
            Read.CONVERSIONS: "convert.convert-record",
            Read.SMALL_BALANCES: "convert.bgb-convert-coin-list",
            Read.SMALL_CONVERSIONS: "convert.bgb-convert-records",
        }.items()
    },
}


def endpoint(read: Read, product: Product) -> Endpoint:
    """The row that answers a question in a product. Raises UsageError where the product has no such thing."""
    futures, spot = _ROWS[read]
    name = spot if product.is_spot else futures
    if name is None:
        raise UsageError(
            f"{product} has no {read.value.removeprefix('a ').removeprefix('the ')}",
            hint="name a futures market such as BTCUSDT, or a futures --product",
        )
    return find(name)


def account(row: Row) -> Account:
    """Raises NetworkError for a row without the modes."""
    mode, margin = row.get("posMode"), _MARGIN_MODES.get(str(row.get("marginMode")))
    if mode not in tuple(PositionMode) or margin is None:
        raise NetworkError(
            "the exchange did not say which position mode the account is in, so no order can be shaped",
            hint="try again; see bitget account show SYMBOL",
        )
    crossed, union = margin is MarginMode.CROSSED, row.get("assetMode") == "union"
    free = exact(row.get("crossedMaxAvailable" if crossed else "isolatedMaxAvailable"))
    long_name, short_name = (
        ("crossedMarginLeverage", "crossedMarginLeverage") if crossed else ("isolatedLongLever", "isolatedShortLever")
    )
    return Account(
        PositionMode(mode),
        margin,
        # With several coins as margin the free amount of one of them bounds nothing.
        free=None if union else free,
        long_leverage=exact(row.get(long_name)),
        short_leverage=exact(row.get(short_name)),
    )


def position(row: Row, product: Product) -> Position:
    """Raises NetworkError for a row that does not say what is held."""
    side, size = position_side(row.get("holdSide")), exact(row.get("total"))
    margin, mode = _MARGIN_MODES.get(str(row.get("marginMode"))), row.get("posMode")
    if side is None or size is None or margin is None or mode not in tuple(PositionMode):
        raise NetworkError(
            f"the exchange described a position in {row.get('symbol')} that cannot be understood",
            hint="see bitget position list --json",
        )
    free = exact(row.get("available"))
    return Position(
        Symbol(str(row.get("symbol")), product),
        side,
        size=size,
        free=size if free is None else free,
        margin_mode=margin,
        position_mode=PositionMode(mode),
        unrealized=exact(row.get("unrealizedPL")),
        row=row,
    )


def balance(row: Row, product: Product) -> Balance:
    return Balance(str(row.get("coin" if product.is_spot else "marginCoin")), exact(row.get("available")), row)


def prices(row: Row) -> Prices | None:
    """None for a row without a price."""
    last = exact(row.get("price") or row.get("lastPr"))
    return Prices(last, exact(row.get("markPrice")) or last) if last else None


def is_named(row: Any) -> bool:
    """Whether this can be an instrument at all."""
    return isinstance(row, dict) and isinstance(row.get("symbol"), str) and row["symbol"] != ""


def instrument(market: Symbol, row: Row) -> Instrument:
    """Raises NetworkError for a row without the steps of prices and sizes."""
    return _spot_instrument(market, row) if market.product.is_spot else _futures_instrument(market, row)


def _futures_instrument(symbol: Symbol, row: Row) -> Instrument:
    """From `mix/market/contracts`: the tick is priceEndStep in units of the last of pricePlace decimals."""
    base, quote = str(row.get("baseCoin", "")), str(row.get("quoteCoin", ""))
    return Instrument(
        symbol,
        base=base,
        quote=quote,
        margin_coin=_margin_coin(symbol, row, base=base),
        status=str(row.get("symbolStatus", "")),
        tick=_some(row, "priceEndStep") * _place(row, "pricePlace"),
        step=_bound(row, "sizeMultiplier") or _place(row, "volumePlace"),
        quote_step=Decimal(1),
        smallest=_bound(row, "minTradeNum") or _place(row, "volumePlace"),
        largest=_bound(row, "maxOrderQty"),
        largest_at_market=_bound(row, "maxMarketOrderQty"),
        smallest_value=_bound(row, "minTradeUSDT"),
        buy_band=_bound(row, "buyLimitPriceRatio"),
        sell_band=_bound(row, "sellLimitPriceRatio"),
        most_leverage=_bound(row, "maxLever"),
        taker_fee=_bound(row, "takerFeeRate"),
    )


def _spot_instrument(symbol: Symbol, row: Row) -> Instrument:
    """From `spot/public/symbols`. minTradeAmount and maxTradeAmount are leftovers that bind nobody."""
    step = _place(row, "quantityPrecision")
    return Instrument(
        symbol,
        base=str(row.get("baseCoin", "")),
        quote=str(row.get("quoteCoin", "")),
        margin_coin="",
        status=str(row.get("status", "")),
        tick=_place(row, "pricePrecision"),
        step=step,
        quote_step=_place(row, "quotePrecision"),
        smallest=step,
        largest=None,
        largest_at_market=None,
        # In USDT; other quote coins would have to be converted first.
        smallest_value=_bound(row, "minTradeUSDT") if row.get("quoteCoin") in ("USDT", "USDC") else None,
        buy_band=_bound(row, "buyLimitPriceRatio"),
        sell_band=_bound(row, "sellLimitPriceRatio"),
        most_leverage=None,
        taker_fee=_bound(row, "takerFeeRate"),
    )


def _margin_coin(symbol: Symbol, row: Row, *, base: str) -> str:
    settled_in = {Product.USDT_FUTURES: "USDT", Product.USDC_FUTURES: "USDC"}.get(symbol.product, base)
    offered = row.get("supportMarginCoins")
    if isinstance(offered, list) and offered and settled_in not in offered:
        return str(offered[0])
    return settled_in


def _bound(row: Row, name: str) -> Decimal | None:
    """A positive number; nothing, zero and text that is no number bind nobody."""
    text = str(row.get(name) or "")
    return (Decimal(text) or None) if _NUMBER.fullmatch(text) else None


def _some(row: Row, name: str) -> Decimal:
    return _bound(row, name) or Decimal(1)


def _place(row: Row, name: str) -> Decimal:
    """One in the last of so many decimals: 2 is 0.01. Raises NetworkError for an answer without it."""
    text = str(row.get(name, ""))
    if not re.fullmatch(r"[0-9]{1,2}", text, re.ASCII):
        raise NetworkError(f"{row.get('symbol')}: the exchange sent no usable {name}", hint="see bitget market symbols")
    return Decimal(1).scaleb(-int(text))
