"""What can be traded and on which terms: Bitget's instrument lists, kept on disk for six hours."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from bitget_cli import files
from bitget_cli.errors import ConfigError, NetworkError
from bitget_cli.trading.adapters.classic.endpoints import Read, row
from bitget_cli.values import Product, Symbol, from_milliseconds, milliseconds

if TYPE_CHECKING:
    from bitget_cli.client.rest.client import Client

FRESH_FOR = timedelta(hours=6)
# A symbol that is not in the list may have been listed since; a list this young is believed.
_YOUNG = timedelta(minutes=1)
_LARGEST_FILE = 8 * 1024 * 1024
_NUMBER = re.compile(r"[0-9]{1,30}(\.[0-9]{1,30})?", re.ASCII)


class Instrument(NamedTuple):
    """The terms of one market, exact. None where the exchange sets no bound.

    `tick` is the smallest change of a price, `step` of a size (base coin), `quote_step` of an amount of money in a spot
    market buy. `buy_band` is how far above the market a buy may be priced, as a ratio, `sell_band` below it.
    """

    symbol: Symbol
    base: str
    quote: str
    margin_coin: str
    status: str
    tick: Decimal
    step: Decimal
    quote_step: Decimal
    smallest: Decimal
    largest: Decimal | None
    largest_at_market: Decimal | None
    smallest_value: Decimal | None
    buy_band: Decimal | None
    sell_band: Decimal | None
    most_leverage: Decimal | None
    taker_fee: Decimal | None


class Instruments:
    """The instruments of one exchange. `folder` holds a file for each product; it is made when missing."""

    def __init__(self, client: Client, folder: Path, *, env: str, now: Callable[[], datetime]) -> None:
        self._client = client
        self._folder = folder
        self._place = re.sub(r"[^0-9A-Za-z]+", "-", f"{env}-{client.base_url.partition('//')[2]}")
        self._now = now
        self._lists: dict[Product, _List] = {}

    def find(self, symbol: Symbol) -> Instrument:
        """The terms of a market. Raises UsageError with near misses for a symbol that is not there."""
        listed = self._list(symbol.product)
        if symbol.name not in listed.rows and self._now() - listed.fetched > _YOUNG:
            listed = self._fetched(symbol.product)
        found = listed.rows.get(symbol.name)
        if found is None:
            from bitget_cli.client.rest.markets import unknown

            raise unknown(self._client, symbol)
        read = spot if symbol.product.is_spot else futures
        return read(symbol, found)

    def has(self, symbol: Symbol, *, base: str, quote: str) -> bool:
        """Whether there is a market of that name for these two coins, by a list of at most six hours."""
        found = self._list(symbol.product).rows.get(symbol.name, {})
        return (found.get("baseCoin"), found.get("quoteCoin")) == (base, quote)

    def _list(self, product: Product) -> _List:
        known = self._lists.get(product) or self._kept(product)
        if known is None or not timedelta(0) <= self._now() - known.fetched < FRESH_FOR:
            return self._fetched(product)
        self._lists[product] = known
        return known

    def _kept(self, product: Product) -> _List | None:
        """The list on disk; None when there is none or it cannot be read as one."""
        try:
            content = files.read(self._file(product), limit=_LARGEST_FILE)
            return None if content is None else _parsed(content)
        except ConfigError:
            # Nothing is lost by not trusting it: the exchange is asked again.
            return None

    def _fetched(self, product: Product) -> _List:
        meaning = row(Read.INSTRUMENTS, product)
        rows = self._client.call(meaning, **({} if product.is_spot else {"productType": product.wire}))
        if not isinstance(rows, list) or not all(map(_is_named, rows)):
            raise NetworkError("the list of instruments is not one", hint="try again; see bitget doctor")
        listed = _List(self._now(), {str(item["symbol"]): item for item in rows})
        self._lists[product] = listed
        content = {"fetched": milliseconds(listed.fetched), "rows": list(listed.rows.values())}
        with suppress(ConfigError):  # a disk that is full costs a request, not the command
            files.write(self._file(product), json.dumps(content, separators=(",", ":")).encode())
        return listed

    def _file(self, product: Product) -> Path:
        return self._folder / f"{self._place}-{product}.json"


class _List(NamedTuple):
    fetched: datetime
    rows: dict[str, dict[str, Any]]


def _is_named(item: Any) -> bool:
    """Whether this can be an instrument at all."""
    return isinstance(item, dict) and isinstance(item.get("symbol"), str) and item["symbol"] != ""


def _parsed(content: bytes) -> _List | None:
    try:
        whole = json.loads(content)
        rows = {str(item["symbol"]): item for item in whole["rows"]}
        return _List(from_milliseconds(whole["fetched"]), rows)
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError):
        return None


def futures(symbol: Symbol, terms: Mapping[str, Any]) -> Instrument:
    """From `mix/market/contracts`: the tick is priceEndStep in units of the last of pricePlace decimals."""
    base, quote = str(terms.get("baseCoin", "")), str(terms.get("quoteCoin", ""))
    return Instrument(
        symbol,
        base=base,
        quote=quote,
        margin_coin=_margin_coin(symbol, terms, base=base),
        status=str(terms.get("symbolStatus", "")),
        tick=_some(terms, "priceEndStep") * _place(terms, "pricePlace"),
        step=_bound(terms, "sizeMultiplier") or _place(terms, "volumePlace"),
        quote_step=Decimal(1),
        smallest=_bound(terms, "minTradeNum") or _place(terms, "volumePlace"),
        largest=_bound(terms, "maxOrderQty"),
        largest_at_market=_bound(terms, "maxMarketOrderQty"),
        smallest_value=_bound(terms, "minTradeUSDT"),
        buy_band=_bound(terms, "buyLimitPriceRatio"),
        sell_band=_bound(terms, "sellLimitPriceRatio"),
        most_leverage=_bound(terms, "maxLever"),
        taker_fee=_bound(terms, "takerFeeRate"),
    )


def spot(symbol: Symbol, terms: Mapping[str, Any]) -> Instrument:
    """From `spot/public/symbols`. minTradeAmount and maxTradeAmount are leftovers that bind nobody."""
    step = _place(terms, "quantityPrecision")
    return Instrument(
        symbol,
        base=str(terms.get("baseCoin", "")),
        quote=str(terms.get("quoteCoin", "")),
        margin_coin="",
        status=str(terms.get("status", "")),
        tick=_place(terms, "pricePrecision"),
        step=step,
        quote_step=_place(terms, "quotePrecision"),
        smallest=step,
        largest=None,
        largest_at_market=None,
        # In USDT; other quote coins would have to be converted first.
        smallest_value=_bound(terms, "minTradeUSDT") if terms.get("quoteCoin") in ("USDT", "USDC") else None,
        buy_band=_bound(terms, "buyLimitPriceRatio"),
        sell_band=_bound(terms, "sellLimitPriceRatio"),
        most_leverage=None,
        taker_fee=_bound(terms, "takerFeeRate"),
    )


def _margin_coin(symbol: Symbol, terms: Mapping[str, Any], *, base: str) -> str:
    settled_in = {Product.USDT_FUTURES: "USDT", Product.USDC_FUTURES: "USDC"}.get(symbol.product, base)
    offered = terms.get("supportMarginCoins")
    if isinstance(offered, list) and offered and settled_in not in offered:
        return str(offered[0])
    return settled_in


def _bound(terms: Mapping[str, Any], name: str) -> Decimal | None:
    """A positive number; nothing, zero and text that is no number bind nobody."""
    text = str(terms.get(name) or "")
    return (Decimal(text) or None) if _NUMBER.fullmatch(text) else None


def _some(terms: Mapping[str, Any], name: str) -> Decimal:
    return _bound(terms, name) or Decimal(1)


def _place(terms: Mapping[str, Any], name: str) -> Decimal:
    """One in the last of so many decimals: 2 is 0.01. Raises NetworkError for an answer without it."""
    text = str(terms.get(name, ""))
    if not re.fullmatch(r"[0-9]{1,2}", text, re.ASCII):
        raise NetworkError(
            f"{terms.get('symbol')}: the exchange sent no usable {name}", hint="see bitget market symbols"
        )
    return Decimal(1).scaleb(-int(text))
