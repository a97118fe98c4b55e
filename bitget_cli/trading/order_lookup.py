"""Finding an order by any name it has or had: in the account's books, and by what this profile changed it into."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from itertools import chain
from typing import TYPE_CHECKING

from bitget_cli.errors import ConfigError, RejectedError
from bitget_cli.journal import EntryState
from bitget_cli.trading.change import ChangeKind, LookupKey
from bitget_cli.trading.model import OrderState
from bitget_cli.trading.order_model import Order, OrderList, OrderName, Plan
from bitget_cli.values import Product, Symbol

if TYPE_CHECKING:
    from bitget_cli.journal import Entry, Journal
    from bitget_cli.trading.adapters.protocol import AccountAdapter

# Changes that make another order of one, and how they end when they did not.
_RENAMING = (ChangeKind.REPLACE.value, ChangeKind.AMEND.value)
# Changes that make an order under the ids of their entry.
_NAMING = (ChangeKind.PLACE.value, ChangeKind.REPLACE.value)
_NOTHING_MADE = (EntryState.REJECTED, EntryState.NOT_PLACED)
# Entries looked through for an order id; older orders are found in the exchange's own books.
_REMEMBERED = 1000


class OrderLookup:
    """The books of an account and the journal beside them, which is opened when it is first needed."""

    def __init__(self, adapter: AccountAdapter, journal: Callable[[], Journal]) -> None:
        self._adapter = adapter
        self._journal = journal

    def locate(
        self, text: str, *, products: Sequence[Product], market: Symbol | None, first: OrderList, past: bool
    ) -> Order | Plan:
        """The order called `text`, an order id or a client id. Raises RejectedError when no book has it.

        `market` and `products` narrow the search. What is already over counts as missing unless `past`.
        """
        names = self.became(text)
        called = [*map(named, names), *self._order_ids_of(names)]
        for open_only in (True, False):
            for each in called:
                found = self._adapter.find_order(
                    each, products=products, market=market, first=first, past=not open_only
                )
                if found is None:
                    continue
                executed = self._executed(text, found, products=products, market=market)
                if past or (open_only and not executed):
                    return executed or found
                raise over(text, executed or found)
        where = market.name if market else ", ".join(products)
        raise RejectedError(
            f"there is no order {text} in {where}",
            hint="bitget order list, bitget plan list; or name its market with --symbol",
            outcome="rejected",
        )

    def _executed(
        self, text: str, found: Order | Plan, *, products: Sequence[Product], market: Symbol | None
    ) -> Order | Plan | None:
        """The order carried out under this very order id, where `text` is only the client id of what was found.

        The order that a trigger placed bears the trigger's order id as its client id, and must not be taken for it.
        """
        by_order_id = OrderName(order_id=text)
        if text == found.order_id or by_order_id not in named(text):
            return None
        if text != found.client_order_id and self._was_order_id(text):
            return None
        own = self._adapter.find_order([by_order_id], products=products, market=market, past=True)
        return own if own and own.state is OrderState.FILLED else None

    def _was_order_id(self, text: str) -> bool:
        """Whether the order that was changed first under this name was sent under it as its order id."""
        with suppress(ConfigError, ValueError):
            link = self._next_link([text], after=None)
            return link is not None and self._adapter.orders.name_in(json.loads(link.body)).order_id == text
        return False

    def became(self, text: str) -> list[str]:
        """Every id of the order that is called `text` or was, as far as this profile changed it: the newest first.

        A change whose outcome is unknown may have made the new order or not, so that both of its ends stay in the list.
        """
        names, link = [text], None
        # A journal that cannot be read keeps nobody from looking, and is told of before anything is sent.
        with suppress(ConfigError):
            names = [*self._kept_here_alone(text), text]
            also = self._other_ids(text)
            while link := self._next_link([*names, *also], after=link):
                names = [name for name in (link.order_id, *_made_by(link)) if name and name not in names] + names
        return names

    def _kept_here_alone(self, text: str) -> list[str]:
        """The order id of an order placed under a client id that the exchange keeps none of."""
        placed = self._journal().find(text)
        if placed and placed.kind in _NAMING and placed.order_id and not _made_by(placed):
            return [placed.order_id]
        return []

    def _order_ids_of(self, names: Sequence[str]) -> list[list[OrderName]]:
        """The order ids of orders placed under these client ids: of a waiting order Bitget may keep no other, from the
        day on which it moves the account."""
        with suppress(ConfigError):
            placed = (entry for entry in map(self._journal().find, names) if entry and entry.kind in _NAMING)
            ids = dict.fromkeys(entry.order_id for entry in placed)
            return [[OrderName(order_id=order_id)] for order_id in ids if order_id and order_id not in names]
        return []

    def _other_ids(self, text: str) -> list[str]:
        """What else the order was called when it was placed under this client id or order id: whoever changes it may
        name it by either."""
        placed = self._journal().find(text)
        if placed and placed.kind in _NAMING and placed.order_id and text in _made_by(placed):
            return [placed.order_id]
        own = self.client_order_id(text)
        return [own] if own else []

    def _next_link(self, names: Sequence[str], *, after: Entry | None) -> Entry | None:
        """The next change that made another order of one of these names."""
        links = {
            entry.number: entry
            for name in names
            for entry in self._journal().of_kinds(_RENAMING, told_by=json.dumps(name))
            if entry.state not in _NOTHING_MADE and name in self._called_before(entry)
        }
        later = [number for number in links if after is None or number > after.number]
        return links[min(later)] if later else None

    def _called_before(self, entry: Entry) -> tuple[str, ...]:
        """Every id that an order went by until this change. The first version wrote what it sent and no more."""
        if old := LookupKey.from_text(entry.trail).old:
            return old
        return self._adapter.orders.name_in(json.loads(entry.body)).ids

    def with_its_purpose(self, found: Order | Plan) -> Order | Plan:
        """The order, with what the journal knows of whether it was placed only to close: a list may not tell."""
        if found.symbol.product.is_spot or found.closes is not None:
            return found
        names = {name for name in (found.order_id, found.client_order_id) if name}
        with suppress(ConfigError, ValueError):
            # The newest first, so that an order is followed back through its changes to where it was placed.
            for entry in self._journal().entries(limit=_REMEMBERED):
                if entry.state in _NOTHING_MADE or not names & {entry.order_id, entry.client_oid, *_made_by(entry)}:
                    continue
                if entry.kind in _RENAMING:
                    names |= set(self._called_before(entry))
                elif entry.kind == ChangeKind.PLACE.value:
                    return found._replace(closes=self._adapter.orders.was_to_close(json.loads(entry.body)))
        return found

    def market_of(self, text: str) -> Symbol | None:
        """The market of an order that this profile placed, by its client id or order id."""
        own = self._journal().find(text)
        # What was refused says no more than where the order was looked for.
        known = (one for one in chain([own], self.entries_under(text)) if one and one.state not in _NOTHING_MADE)
        entry = next(known, None)
        if entry is None or entry.symbol is None:
            return None
        try:
            product = self._adapter.orders.product_of(entry.row, json.loads(entry.body))
        except ValueError:
            return None
        return Symbol(entry.symbol, product) if product else None

    def client_order_id(self, order_id: str) -> str | None:
        """The client id of an order, where the journal knows that this profile placed it."""
        with suppress(ConfigError):
            for entry in self.entries_under(order_id):
                ids = _made_by(entry)
                if entry.kind in _NAMING and len(ids) == 1:
                    return ids[0]
        return None

    def entries_under(self, order_id: str) -> Iterator[Entry]:
        """Entries about an order id, the newest first."""
        if order_id.isdigit():
            yield from (old for old in self._journal().entries(limit=_REMEMBERED) if old.order_id == order_id)


def named(text: str) -> list[OrderName]:
    """What is called so: order ids are digits, client ids may be."""
    by_client_id = OrderName(client_order_id=text)
    return [OrderName(order_id=text), by_client_id] if text.isascii() and text.isdigit() else [by_client_id]


def over(text: str, found: Order | Plan) -> RejectedError:
    """The order is there, but done with."""
    return RejectedError(
        f"order {text} of {found.symbol.name} is {found.state_word or 'over'} already",
        hint=f"bitget order show {text}",
        outcome="rejected",
    )


def _made_by(entry: Entry) -> tuple[str, ...]:
    return LookupKey.from_text(entry.trail).ids
