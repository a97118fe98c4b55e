"""How markets and one's own account are asked: market, product, stretch of history, key."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from bitget_cli.catalogue.model import Endpoint, Field, FieldKind, PageKind
from bitget_cli.errors import UsageError
from bitget_cli.results import Record, Rows
from bitget_cli.session import Session
from bitget_cli.values import Product, Symbol

if TYPE_CHECKING:
    from datetime import datetime

    from bitget_cli.client.rest.client import Answer
    from bitget_cli.client.rest.key_info import KeyInfo
    from bitget_cli.trading.model import Read


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


def answered(session: Session, row: Endpoint, market: Symbol | None = None, **given: Any) -> Answer:
    """The whole answer of a row; an unknown symbol ends with near misses."""
    from bitget_cli.client.rest import markets

    client = session.client
    if market is None:
        return client.send(client.prepare(row, given))
    with markets.known(client, market):
        return client.send(client.prepare(row, {**markets.parameters(row, market), **given}))


def only(session: Session, rows: Any, market: Symbol) -> list[Any]:
    """Of a list of every market the rows of one. Raises UsageError, with near misses, where it has none."""
    from bitget_cli.client.rest import markets

    found = [row for row in rows or () if isinstance(row, dict) and row.get("symbol") == market.name]
    if not found:
        raise markets.unknown(session.client, market)
    return found


def walk(
    session: Session,
    name: str,
    given: Mapping[str, Any],
    *,
    since: datetime | None,
    until: datetime | None,
    limit: int | None,
) -> Iterator[Any]:
    """Rows of any list that comes in pages, as they arrive. Raises UsageError for a row that does not."""
    from bitget_cli.catalogue import find
    from bitget_cli.client.rest.pagination import pages

    asked = find(name)
    if asked.paging.kind is PageKind.NONE:
        raise UsageError(f"{asked.name} does not answer in pages", hint="ask for it with call")
    return pages(session.client, asked, given, since=since, until=until, limit=limit, every=True)


def ask(session: Session, row: Endpoint, symbol: Symbol, **given: Any) -> Any:
    from bitget_cli.client.rest import markets

    return markets.ask(session.client, row, symbol, **given)


def ask_one(session: Session, row: Endpoint, symbol: Symbol, **given: Any) -> dict[str, Any]:
    """The one thing a row tells about the market; where it tells nothing, that is said and the record is empty."""
    from bitget_cli.client.rest import markets

    found = markets.ask_one(session.client, row, symbol, **given)
    if not found:
        session.say(f"{row.name} has nothing about {symbol.name} in {symbol.product}")
    return found


def each(session: Session, items: Iterable[Any], symbol: Symbol) -> Iterator[Any]:
    """Items as they arrive; an unknown symbol ends with near misses."""
    from bitget_cli.client.rest import markets

    return markets.each(session.client, items, symbol)


def whole_product(session: Session, row: Endpoint, product: str | None) -> Any:
    """The row's list for every market of the product."""
    from bitget_cli.client.rest import markets

    return markets.ask_all(session.client, row, session.product(product))


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
    from bitget_cli.client.rest import markets
    from bitget_cli.client.rest.pagination import pages

    start, end = session.span(since, until)

    def walk(named: Symbol) -> Iterator[Any]:
        given = markets.parameters(row, named)
        return pages(session.client, row, given, since=start, until=end, limit=limit, every=every)

    return Rows(markets.walked(session.client, walk, symbol), row.fields)


class Range(NamedTuple):
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
    session: Session, read: Read, product: Product, market: Symbol | None, wanted: Range, **words: Any
) -> Iterator[Any]:
    """Rows of an account's list as they arrive; an unknown symbol ends with near misses."""
    start, end = session.span(wanted.since, wanted.until)
    yield from session.adapter.listed(
        read, product, market, since=start, until=end, limit=wanted.limit, every=wanted.every, **words
    )


def told(session: Session, read: Read, symbol: Symbol, **words: Any) -> Record:
    """The one thing that the account tells about a market; where it tells nothing, that is said."""
    found = session.adapter.ask_one(read, symbol, **words)
    if not found.value:
        session.say(f"{found.name} has nothing about {symbol.name} in {symbol.product}")
    return Record(found.value, found.fields)


CHECKED = (
    Field("profile", "Profile"),
    Field("env", "Environment"),
    Field("keys", "Keys from"),
    Field("account_kind", "Account"),
    Field("user_id", "User", FieldKind.ID),
    Field("permissions", "Permissions", FieldKind.NESTED),
    Field("may_withdraw", "Key may withdraw", FieldKind.FLAG),
    Field("addresses", "Bound to", FieldKind.NESTED),
    Field("clock_offset_ms", "Clock offset (ms)", FieldKind.SIGNED),
    Field("warnings", "Warnings", FieldKind.NESTED),
)

# Bitget refuses a request signed 30 s off its own clock; a second is worth a remark.
_NOTABLE_OFFSET_MS = 1000


def check_key(session: Session) -> Record:
    """Ask Bitget about the key of the profile in force; warnings also go to stderr.

    Raises CredentialsError when the key is refused, naming the other environment when it belongs there.
    """
    _ = session.key  # one that cannot be read is told before anything is asked
    session.client.server_time()
    facts = key_facts(session)
    offset = round(session.client.offset.total_seconds() * 1000)
    warnings = warnings_about(facts, env=session.env, offset=offset)
    for warning in warnings:
        session.say(f"warning: {warning}")
    return Record(_record(session, facts, offset=offset, warnings=warnings), CHECKED)


def key_facts(session: Session) -> KeyInfo:
    """What Bitget says about the key, the kind of its account too, which is kept. Raises what `key_info` raises."""
    from bitget_cli.client.rest.key_info import key_info

    facts = key_info(session.client, env=session.env)
    if facts.account_kind:
        session.note_account_kind(facts.account_kind)
        return facts
    return facts._replace(account_kind=session.account_kind)


def _record(session: Session, facts: KeyInfo, *, offset: int, warnings: list[str]) -> dict[str, object]:
    return {
        "profile": session.profile.name,
        "env": session.env,
        "keys": session.key.source,
        "account_kind": facts.account_kind,
        "user_id": facts.user_id,
        "permissions": list(facts.scopes()),
        "may_withdraw": facts.may_withdraw if facts.is_known else None,
        "addresses": list(facts.addresses),
        "clock_offset_ms": offset,
        "warnings": warnings,
    }


def warnings_about(facts: KeyInfo, *, env: str, offset: int) -> list[str]:
    if env == "paper":
        return []
    found = {
        "Bitget does not tell what this key may do": not facts.is_known,
        "the key may withdraw; one that trades needs no such permission": facts.may_withdraw,
        "the key is bound to no address: whoever has it can use it from anywhere": facts.is_known
        and not facts.addresses,
        f"this machine's clock is {abs(offset)} ms off": abs(offset) > _NOTABLE_OFFSET_MS,
    }
    return [warning for warning, holds in found.items() if holds]
