"""How the market commands ask: about one market, a whole product, or a stretch of history."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from bitget_cli.catalogue.rows import Endpoint
from bitget_cli.errors import UsageError
from bitget_cli.results import Record, Rows
from bitget_cli.session import Session
from bitget_cli.values import Symbol


def market(session: Session, text: str, product: str | None) -> Symbol:
    """The market typed; a name only one product spells so (`BTCPERP`, `BTCUSD`) is looked up there."""
    return session.symbol(text, product, by_name=True)


def futures_market(session: Session, text: str, product: str | None) -> Symbol:
    found = market(session, text, product)
    if found.product.is_spot:
        raise UsageError(
            f"{text} is a spot market, and this is a futures command",
            hint="name a futures market such as BTCUSDT or BTC/USDT:USDT",
        )
    return found


def ask(session: Session, row: Endpoint, symbol: Symbol, **given: Any) -> Any:
    from bitget_cli.client import markets

    return markets.ask(session.client, row, symbol, **given)


def ask_one(session: Session, row: Endpoint, symbol: Symbol, **given: Any) -> dict[str, Any]:
    """The one thing a row tells about the market; where it tells nothing, that is said and the record is empty."""
    from bitget_cli.client import markets

    found = markets.ask_one(session.client, row, symbol, **given)
    if not found:
        session.say(f"{row.name} has nothing about {symbol.name} in {symbol.product}")
    return found


def each(session: Session, items: Iterable[Any], symbol: Symbol) -> Iterator[Any]:
    """Items as they arrive; an unknown symbol ends with near misses."""
    from bitget_cli.client import markets

    return markets.each(session.client, items, symbol)


def whole_product(session: Session, row: Endpoint, product: str | None) -> Any:
    """The row's list for every market of the product."""
    chosen = session.product(product)
    if not any(param.name == "productType" for param in row.params):
        return session.client.read(row)
    if chosen.is_spot:
        raise UsageError("spot has no such list", hint="try --product usdt-futures")
    return session.client.read(row, productType=chosen.wire)


def one(session: Session, row: Endpoint, symbol: Symbol, **given: Any) -> Record:
    return Record(ask_one(session, row, symbol, **given), row.fields)


def history(
    session: Session,
    row: Endpoint,
    symbol: Symbol,
    *,
    since: str | None = None,
    until: str | None = None,
    limit: int | None = None,
    every: bool = False,
) -> Rows:
    """Rows of a list that is walked page by page, shown as they arrive."""
    from bitget_cli.client import markets
    from bitget_cli.client.paging import pages

    start, end = session.span(since, until)

    def walk(named: Symbol) -> Iterator[Any]:
        given = markets.parameters(row, named)
        return pages(session.client, row, given, since=start, until=end, limit=limit, every=every)

    return Rows(markets.walked(session.client, walk, symbol), row.fields)
