"""Questions about one market: product parameters filled in, an unknown symbol answered with near misses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from difflib import get_close_matches
from typing import Any

from bitget_cli.catalogue.market import FUTURES_CONTRACTS
from bitget_cli.catalogue.rows import Endpoint
from bitget_cli.catalogue.spot_market import SPOT_SYMBOLS
from bitget_cli.client.rest import Client
from bitget_cli.errors import RejectedError, UsageError
from bitget_cli.values import Product, Symbol

# What Bitget answers for a symbol it does not have (a futures symbol, a spot symbol, a removed contract).
_UNKNOWN_SYMBOL = frozenset({"40034", "40072", "40102", "40309", "40822", "41113"})


def parameters(row: Endpoint, market: Symbol) -> dict[str, str]:
    """The parameters that name a market, as far as the row takes them."""
    words = {"symbol": market.name, "productType": market.product.wire}
    names = {param.name for param in row.params}
    return {name: word for name, word in words.items() if name in names}


def ask(client: Client, row: Endpoint, market: Symbol, **given: Any) -> Any:
    """The row's `data` for one market.

    Raises UsageError with near misses when Bitget does not know the symbol in that product.
    """
    with known(client, market):
        return client.call(row, **parameters(row, market), **given)


def ask_one(client: Client, row: Endpoint, market: Symbol, **given: Any) -> Any:
    """The only element of a row that answers a list; an empty list means the symbol is not there."""
    data = ask(client, row, market, **given)
    if not isinstance(data, list):
        return data
    if not data:
        raise unknown(client, market)
    return data[0]


def each(client: Client, items: Iterable[Any], market: Symbol) -> Iterator[Any]:
    """Items as they arrive, with the same answer to an unknown symbol."""
    with known(client, market):
        yield from items


@contextmanager
def known(client: Client, market: Symbol) -> Iterator[None]:
    try:
        yield
    except RejectedError as refusal:
        if refusal.code not in _UNKNOWN_SYMBOL:
            raise
        names = _names(client, market.product)
        if market.name in names:
            # The market is there; Bitget has nothing of this kind about it, and says so in its own words.
            raise
        raise unknown(client, market, names=names) from refusal


def unknown(client: Client, market: Symbol, *, names: list[str] | None = None) -> UsageError:
    """The sentence for a symbol that is not there: near misses, and the product that does have the name."""
    near = get_close_matches(market.name, names or _names(client, market.product), n=3)
    elsewhere = [other for other in Product if other is not market.product and market.name in _names(client, other)]
    hints = []
    if elsewhere:
        hints.append(f"{market.name} is in {' and '.join(elsewhere)}: add --product {elsewhere[0]}")
    if near:
        hints.append(f"did you mean {', '.join(near)}?")
    return UsageError(
        f"symbol {market.name} does not exist in {market.product}",
        hint="; ".join(hints) or f"bitget market symbols --product {market.product}",
    )


def _names(client: Client, product: Product) -> list[str]:
    if product.is_spot:
        return [row["symbol"] for row in client.call(SPOT_SYMBOLS)]
    return [row["symbol"] for row in client.call(FUTURES_CONTRACTS, productType=product.wire)]
