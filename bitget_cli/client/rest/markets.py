"""Questions about one market: product parameters filled in, symbols as listed, near misses for an unknown one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from bitget_cli.catalogue import find
from bitget_cli.catalogue.model import Endpoint
from bitget_cli.client.rest.client import Client
from bitget_cli.client.rest.errors import Fault, from_fault
from bitget_cli.client.rest.response import record
from bitget_cli.errors import BitgetError, RejectedError, UsageError
from bitget_cli.values import Product, Symbol

# What Bitget answers for a symbol it does not have (a futures symbol, a spot symbol, a removed contract).
_UNKNOWN_SYMBOL = frozenset({"40034", "40072", "40102", "40309", "40822", "41113"})


def parameters(row: Endpoint, market: Symbol) -> dict[str, str]:
    """The parameters that name a market, as far as the row takes them."""
    words = {"symbol": market.name, "productType": market.product.wire}
    names = {param.name for param in row.params}
    return {name: word for name, word in words.items() if name in names}


def ask(client: Client, row: Endpoint, market: Symbol, **given: Any) -> Any:
    """The row's list or object for one market; one listed in another case is asked for as it is listed.

    Raises UsageError with near misses when Bitget does not know the symbol in that product.
    """
    try:
        return client.read(row, **parameters(row, market), **given)
    except RejectedError as refusal:
        return ask_as_listed(client, row, market, refusal, **given)


def ask_as_listed(client: Client, row: Endpoint, market: Symbol, refusal: RejectedError, **given: Any) -> Any:
    """The same after a refusal, which is raised unless it was for the case that the symbol is written in."""
    return client.read(row, **parameters(row, _as_listed(client, market, refusal)), **given)


def ask_all(client: Client, row: Endpoint, product: Product) -> Any:
    """The row's list for every market of the product. Raises UsageError where it is of futures alone."""
    if not any(param.name == "productType" for param in row.params):
        return client.read(row)
    if product.is_spot:
        raise UsageError("spot has no such list", hint="try --product usdt-futures")
    return client.read(row, productType=product.wire)


def ask_one(client: Client, row: Endpoint, market: Symbol, **given: Any) -> dict[str, Any]:
    """The only element of a row that answers a list, or its object; empty where Bitget has nothing about the market.

    Raises UsageError as `ask` does, also for an empty answer about a symbol that is not listed.
    """
    found = record(ask(client, row, market, **given))
    if found:
        return found
    names = listed_names(client, market.product)
    listed = spelling(market.name, names)
    if names and listed is None:
        raise unknown(client, market, names=names)
    if listed in (None, market.name):
        return {}
    return record(ask(client, row, market._replace(name=listed or market.name), **given))


def walked(client: Client, walk: Callable[[Symbol], Iterator[Any]], market: Symbol) -> Iterator[Any]:
    """The items of a walk about one market as they arrive, with the same answer to a symbol in another case."""
    try:
        yield from walk(market)
    except RejectedError as refusal:
        yield from walk(_as_listed(client, market, refusal))


def each(client: Client, items: Iterable[Any], market: Symbol) -> Iterator[Any]:
    """Items as they arrive; an unknown symbol ends with near misses."""
    with known(client, market):
        yield from items


def spelling(name: str, names: Iterable[str]) -> str | None:
    """The name as it is listed, whatever its case: stock tokens have a small letter, as rTSLA. None for one not there.

    Of two that differ in case alone, only the one typed exactly is meant.
    """
    alike = {listed for listed in names if listed.upper() == name.upper()}
    if name in alike:
        return name
    return alike.pop() if len(alike) == 1 else None


@contextmanager
def known(client: Client, market: Symbol) -> Iterator[None]:
    try:
        yield
    except RejectedError as refusal:
        if refusal.code not in _UNKNOWN_SYMBOL:
            raise
        names = _listed_if_told(client, market.product, refusal=refusal)
        if market.name in names:
            # The market is there; Bitget has nothing of this kind about it, and says so in its own words.
            raise
        raise unknown(client, market, names=names) from refusal


def _as_listed(client: Client, market: Symbol, refusal: RejectedError) -> Symbol:
    """The market in the case it is listed in. Raises the refusal itself unless that was for the symbol's name."""
    if refusal.code not in _UNKNOWN_SYMBOL:
        raise refusal
    names = _listed_if_told(client, market.product, refusal=refusal)
    listed = spelling(market.name, names)
    if listed == market.name:
        # The market is there; Bitget has nothing of this kind about it, and says so in its own words.
        raise refusal
    if listed is None:
        raise unknown(client, market, names=names) from refusal
    return market._replace(name=listed)


# How coins of Bitget's demo were named once: SBTCSUSDT, SBTCSUSD, SBTCSPERP.
_DEMO_COINS = re.compile(r"S([A-Z]{2,6})S(USDT|USD|PERP|USDC)")


def unknown(client: Client, market: Symbol, *, names: list[str] | None = None) -> UsageError:
    """The sentence for a symbol that is not there: near misses, and the product that does have the name."""
    from difflib import get_close_matches

    folded = {name.upper(): name for name in names or _listed_if_told(client, market.product) if name != market.name}
    near = [folded[match] for match in get_close_matches(market.name.upper(), folded, n=3)]
    others = [other for other in Product if other is not market.product]
    elsewhere = [other for other in others if market.name in _listed_if_told(client, other)]
    hints = []
    if traded := _DEMO_COINS.fullmatch(market.name):
        hints.append(f"Bitget's demo is a profile, and trades {''.join(traded.groups())} there: -p demo")
    elif elsewhere:
        hints.append(f"{market.name} is in {' and '.join(elsewhere)}: add --product {elsewhere[0]}")
    if near and not traded:
        hints.append(f"did you mean {', '.join(near)}?")
    return UsageError(
        f"symbol {market.name} does not exist in {market.product}",
        hint="; ".join(hints) or f"bitget market symbols --product {market.product}",
    )


def _listed_if_told(client: Client, product: Product, *, refusal: RejectedError | None = None) -> list[str]:
    """Every market that a product lists, for a hint; where that cannot be told, none, or the refusal it would mend."""
    try:
        return listed_names(client, product)
    except BitgetError:
        if refusal:
            raise refusal from None
        return []


def coins(client: Client) -> list[str]:
    """Every coin Bitget lists."""
    return [row["coin"] for row in listing(client, find("spot.public.coins"))]


def listed_names(client: Client, product: Product) -> list[str]:
    """Every market that a product lists."""
    return [each["symbol"] for each in instruments(client, product)]


def instruments(client: Client, product: Product) -> list[dict[str, Any]]:
    """Every market of a product with its terms."""
    if product.is_spot:
        return listing(client, find("spot.public.symbols"))
    return listing(client, find("mix.market.contracts"), productType=product.wire)


def news(client: Client, kind: str | None, **stretch: Any) -> Iterator[Any]:
    """Announcements, of one kind or of all; `stretch` is what `pages` takes."""
    from bitget_cli.client.rest.pagination import pages

    return pages(
        client, find("public.annoucements"), {"annType": kind, "language": client.language.replace("-", "_")}, **stretch
    )


def listing(client: Client, row: Endpoint, **given: Any) -> list[dict[str, Any]]:
    """A list of contracts, pairs or coins. Raises NetworkError where something in it is none."""
    return [named(client, row, each) for each in client.read(row, **given)]


def named(client: Client, row: Endpoint, each: Any) -> dict[str, Any]:
    """One thing of such a list, which has a name at least. Raises NetworkError for anything else."""
    field = "coin" if row.name == "spot.public.coins" else "symbol"
    if not isinstance(each, dict) or not isinstance(each.get(field), str) or not each[field]:
        raise from_fault(Fault.MALFORMED, host=client.host, detail=f"a row without a {field}").error(row)
    return each
