"""Where an id that was typed belongs: asked of the journal first, then of the exchange's books."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from bitget_cli.errors import ConfigError
from bitget_cli.journal import State
from bitget_cli.session import Session
from bitget_cli.trading import finding
from bitget_cli.trading.changes import Kind
from bitget_cli.trading.finding import ID_NAMES, Book, Found, named
from bitget_cli.trading.trails import Trail
from bitget_cli.trading.verdicts import FILLED
from bitget_cli.values import Product, Symbol

if TYPE_CHECKING:
    from bitget_cli.journal import Entry

# Changes that make another order of one, and how they end when they did not.
_RENAMING = (Kind.REPLACE.value, Kind.AMEND.value)
# Changes that make an order under the ids of their entry.
_NAMING = (Kind.PLACE.value, Kind.REPLACE.value)
_NOTHING_MADE = (State.REJECTED, State.NOT_PLACED)

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
    names = became(session, text)
    for open_only in (True, False):
        for name in names:
            found = finding.find(
                session.client, name, products=products, market=market, first=first, past=not open_only
            )
            if found is None:
                continue
            executed = _executed(session, text, found, products=products, market=market)
            if past or (open_only and not executed):
                return executed or found
            raise finding.over(text, executed or found)
    raise finding.missing(text, where=market.name if market else " and ".join(products))


def _executed(
    session: Session, text: str, found: Found, *, products: Sequence[Product], market: Symbol | None
) -> Found | None:
    """The order that was carried out under this very order id, where `text` is only the client id of what was found.

    The order that a trigger placed bears the trigger's order id as its client id, and must not be taken for it.
    """
    if text == found.ids["orderId"] or {"orderId": text} not in named(text):
        return None
    if text != found.row.get("clientOid") and _was_order_id(session, text):
        return None
    own = finding.find(session.client, text, products=products, market=market, past=True, by=("orderId",))
    return own if own and own.state in FILLED else None


def _was_order_id(session: Session, text: str) -> bool:
    """Whether the order that was changed first under this name was sent under it as its order id."""
    with suppress(ConfigError, ValueError, AttributeError):
        link = _next_link(session, [text], after=None)
        return link is not None and json.loads(link.body).get("orderId") == text
    return False


def became(session: Session, text: str) -> list[str]:
    """Every id of the order that is called `text` or was, as far as this profile changed it: the newest first.

    A change whose outcome is unknown may have made the new order or not, so that both of its ends stay in the list.
    """
    names, link = [text], None
    # A journal that cannot be read keeps nobody from looking, and is told of before anything is sent.
    with suppress(ConfigError):
        also = _other_ids(session, text)
        while link := _next_link(session, [*names, *also], after=link):
            names = [name for name in (link.order_id, *_made_by(link)) if name and name not in names] + names
    return names


def _other_ids(session: Session, text: str) -> list[str]:
    """What else the order was called when it was placed under this client id or order id: whoever changes it may name
    it by either."""
    placed = session.journal.find(text)
    if placed and placed.kind in _NAMING and placed.order_id and text in _made_by(placed):
        return [placed.order_id]
    return list(client_id(session, text).values())


def _next_link(session: Session, names: Sequence[str], *, after: Entry | None) -> Entry | None:
    """The next change that made another order of one of these names."""
    links = {
        entry.number: entry
        for name in names
        for entry in session.journal.of_kinds(_RENAMING, told_by=json.dumps(name))
        if entry.state not in _NOTHING_MADE and name in _called_before(entry)
    }
    later = [number for number in links if after is None or number > after.number]
    return links[min(later)] if later else None


def _called_before(entry: Entry) -> tuple[str, ...]:
    """Every id that an order went by until this change. The first version wrote what it sent and no more."""
    old = Trail.from_text(entry.trail).old
    body = json.loads(entry.body) if not old else None
    return tuple(str(body[name]) for name in ID_NAMES if body.get(name)) if isinstance(body, dict) else old


def _made_by(entry: Entry) -> tuple[str, ...]:
    return Trail.from_text(entry.trail).ids


def with_its_purpose(session: Session, found: Found) -> Found:
    """The order, with what the journal knows of whether it was placed only to close."""
    if found.symbol.product.is_spot or found.closes:
        return found
    names = {str(found.row[name]) for name in ID_NAMES if found.row.get(name)}
    with suppress(ConfigError, ValueError):
        # The newest first, so that an order is followed back through its changes to where it was placed.
        for entry in session.journal.entries(limit=_REMEMBERED):
            trail = Trail.from_text(entry.trail)
            if entry.state in _NOTHING_MADE or not names & {entry.order_id, entry.client_oid, *trail.ids}:
                continue
            if entry.kind in _RENAMING:
                names |= set(_called_before(entry))
            elif entry.kind == Kind.PLACE.value:
                return replace(found, placed_to_close=_says_to_close(json.loads(entry.body)))
    return found


def _says_to_close(body: Any) -> bool:
    """Of one-way mode; in hedge mode the order itself shows it."""
    if not isinstance(body, dict):
        return False
    listed = body.get("orderList")
    item = listed[0] if isinstance(listed, list) and listed and isinstance(listed[0], dict) else body
    return str(item.get("reduceOnly")).lower() == "yes" and not item.get("tradeSide")


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
    entry = session.journal.find(text) or next(entries_under(session, text), None)
    return _market(entry) if entry else None


def client_id(session: Session, order_id: str) -> dict[str, str]:
    """The client id of an order, where the journal knows that this profile placed it."""
    with suppress(ConfigError):
        for entry in entries_under(session, order_id):
            ids = Trail.from_text(entry.trail).ids
            if entry.kind in _NAMING and len(ids) == 1:
                return {"clientOid": ids[0]}
    return {}


def entries_under(session: Session, order_id: str) -> Iterator[Entry]:
    """Entries about an order id, the newest first."""
    if order_id.isdigit():
        yield from (old for old in session.journal.entries(limit=_REMEMBERED) if old.order_id == order_id)


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
