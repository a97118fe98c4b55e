"""Where an id that was typed belongs: asked of the journal first, then of the exchange's books."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from bitget_cli.session import Session
from bitget_cli.trading import finding
from bitget_cli.trading.finding import Book, Found
from bitget_cli.values import Product, Symbol

if TYPE_CHECKING:
    from bitget_cli.journal import Entry

# Entries looked through for an order id; older orders are found in the exchange's own books.
_REMEMBERED = 1000


def located(
    session: Session,
    text: str,
    *,
    symbol: str | None,
    product: str | None,
    first: Book = Book.ORDERS,
    past: bool = False,
) -> Found:
    """The order called `text`, an order id or a client id. Raises RejectedError when no book has it.

    `symbol` and `product` narrow the search. What is already over counts as missing unless `past`.
    """
    market = session.symbol(symbol, product) if symbol else remembered(session, text)
    products = searched(session, market, product)
    found = finding.find(session.client, text, products=products, market=market, first=first, past=past)
    if found:
        return found
    if not past:
        over = finding.find(session.client, text, products=products, market=market, first=first, past=True)
        if over:
            raise finding.over(text, over)
    raise finding.missing(text, where=market.name if market else " and ".join(products))


def searched(session: Session, market: Symbol | None, product: str | None) -> Sequence[Product]:
    """The products to look in: the one said, else the profile's own before the others."""
    if market:
        return (market.product,)
    if product:
        return (session.product(product),)
    own = session.profile.product
    return tuple(dict.fromkeys((own, Product.USDT_FUTURES, *Product)))


def remembered(session: Session, text: str) -> Symbol | None:
    """The market of an order that this profile placed, by its client id or order id."""
    entry = session.journal.find(text)
    if entry is None and text.isdigit():
        entry = next((old for old in session.journal.entries(limit=_REMEMBERED) if old.order_id == text), None)
    return _market(entry) if entry else None


def _market(entry: Entry) -> Symbol | None:
    if entry.symbol is None:
        return None
    if entry.row.startswith("spot."):
        return Symbol(entry.symbol, Product.SPOT)
    try:
        line = json.loads(entry.body).get("productType", "")
        return Symbol(entry.symbol, Product(str(line).lower()))
    except (ValueError, AttributeError):
        return None
