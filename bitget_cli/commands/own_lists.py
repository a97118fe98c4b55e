"""How the commands about one's own account list things: by meaning, product, market and range."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bitget_cli.catalogue.rows import Endpoint, PageKind
from bitget_cli.errors import UsageError
from bitget_cli.session import Session
from bitget_cli.values import Product, Symbol


@dataclass(frozen=True)
class Range:
    """Which part of a list is wanted, as typed."""

    since: str | None = None
    until: str | None = None
    limit: int | None = None
    every: bool = False

    @property
    def is_said(self) -> bool:
        return bool(self.since or self.until or self.every)


def where(session: Session, symbol: str | None, product: str | None) -> tuple[Product, Symbol | None]:
    """The product, and the market if one was typed."""
    if symbol is None:
        return session.product(product), None
    market = session.symbol(symbol, product)
    return market.product, market


def listed(
    session: Session, row: Endpoint, product: Product, market: Symbol | None, wanted: Range, **given: Any
) -> Iterator[Any]:
    """Rows of a list as they arrive; an unknown symbol ends with near misses."""
    from bitget_cli.client import markets
    from bitget_cli.client.paging import pages

    start, end = session.span(wanted.since, wanted.until)
    takes = {param.name for param in row.params}
    if row.paging.kind is PageKind.NONE and wanted.is_said:
        raise UsageError(f"{row.name} does not answer in pages", hint="leave --all, --since and --until out")

    def walk(named: Symbol | None) -> Iterator[Any]:
        words = {"productType": product.wire, "symbol": named.name if named else None}
        asked = {name: word for name, word in words.items() if name in takes} | given
        return pages(session.client, row, asked, since=start, until=end, limit=wanted.limit, every=wanted.every)

    yield from markets.walked(session.client, walk, market) if market and "symbol" in takes else walk(market)


def once(items: Iterable[Mapping[str, Any]], *, key: str = "orderId") -> Iterator[Mapping[str, Any]]:
    """Items without those that two lists share."""
    seen: set[str] = set()
    for item in items:
        name = str(item.get(key)) if isinstance(item, Mapping) else repr(item)
        if name not in seen:
            seen.add(name)
            yield item


def first(items: Iterator[Any], limit: int | None) -> Iterator[Any]:
    from itertools import islice

    return islice(items, limit)
