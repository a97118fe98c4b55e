"""`bitget watch` of your own account: balances, positions, orders, plans and fills."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from bitget_cli.catalogue import channels
from bitget_cli.catalogue.rows import Field
from bitget_cli.commands.declare import Group
from bitget_cli.commands.options import ProductOpt
from bitget_cli.commands.watch_marks import Marked
from bitget_cli.commands.watch_options import Wanted, stream
from bitget_cli.commands.watching import begun
from bitget_cli.messages import Topic
from bitget_cli.results import Feed
from bitget_cli.session import Session
from bitget_cli.values import Product
from bitget_cli.values import product as product_of

# Included in `watch`; it has no name of its own on the command line.
group = Group("watch", "")

_FUTURES = (Product.USDT_FUTURES, Product.USDC_FUTURES, Product.COIN_FUTURES)


@group.command()
@stream
def account(session: Session, wanted: Wanted, product: ProductOpt = None) -> Feed:
    """Your balances, told when they change.

    The three futures lines unless --product says one, or spot. Bitget tells nothing when only prices move.

    Example: bitget watch account --product spot
    """
    return _own(session, wanted, "account", product)


@group.command()
@stream
def positions(session: Session, wanted: Wanted, product: ProductOpt = None) -> Feed:
    """What you hold in futures, with profit at the mark price of the moment.

    Bitget tells a position only when an order changes it. The live table follows the tickers of what you hold and
    marks what it reckons from them with ≈; lines for scripts have Bitget's own figures, and "closed" for a position
    that has gone.

    Example: bitget watch positions
    """
    feed = _own(session, wanted, "positions", product)
    is_drawn = session.stream_form == "table" and not wanted.raw
    return feed._replace(source=Marked(feed.source, partial(session.watch, waits=True))) if is_drawn else feed


@group.command()
@stream
def orders(session: Session, wanted: Wanted, product: ProductOpt = None) -> Feed:
    """Your orders: those open now, then every change.

    Example: bitget watch orders --until "status == 'filled'"
    """
    return _own(session, wanted, "orders", product)


@group.command()
@stream
def plans(session: Session, wanted: Wanted, product: ProductOpt = None) -> Feed:
    """Your trigger, trailing, take-profit and stop-loss orders: those waiting now, then every change.

    Example: bitget watch plans --product usdt-futures
    """
    return _own(session, wanted, "plans", product)


@group.command()
@stream
def fills(session: Session, wanted: Wanted, product: ProductOpt = None) -> Feed:
    """Your fills from now on, each once.

    Those missed while the connection was lost are read and told afterwards. `bitget order fills` lists older ones.

    Example: bitget watch fills -o csv
    """
    return _own(session, wanted, "fills", product)


def _own(session: Session, wanted: Wanted, word: str, product: str | None) -> Feed:
    """A stream of the account: a subscription for each product."""
    lines = _lines(product)
    rows = [channels.of_word(line.wire, word) for line in lines]
    topics = [Topic(line.wire, row.name, channels.EVERY) for line, row in zip(lines, rows, strict=True)]
    fields: Mapping[str, Field] = {field.name: field for row in rows for field in row.fields}
    title = lines[0].value if len(lines) == 1 else "futures"
    return begun(session, wanted, word, topics, fields=tuple(fields.values()), title=title)


def _lines(product: str | None) -> tuple[Product, ...]:
    return (product_of(product),) if product else _FUTURES
