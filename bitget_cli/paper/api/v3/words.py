"""What all answers of a unified account have in common: its product lines, its lists, and how it says no."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any, TypeVar

from bitget_cli.paper import answers
from bitget_cli.paper.answers import RefusedError
from bitget_cli.paper.api.futures_orders import maybe_price
from bitget_cli.paper.api.lists import PageRequest, page
from bitget_cli.paper.engine import validation
from bitget_cli.paper.engine.records import Exits, StoredRecord
from bitget_cli.paper.engine.state import EngineState
from bitget_cli.paper.instruments import PaperInstrument, instrument, listed
from bitget_cli.paper.request import Query
from bitget_cli.values import Product

R = TypeVar("R", bound=StoredRecord)

LINES = {
    "SPOT": Product.SPOT,
    "USDT-FUTURES": Product.USDT_FUTURES,
    "COIN-FUTURES": Product.COIN_FUTURES,
    "USDC-FUTURES": Product.USDC_FUTURES,
}
# Nothing can be borrowed here, and a unified account's Coin-M line is another one than the classic one, counted in
# dollars: no market of theirs is listed, and no order is taken.
_EMPTY = ("MARGIN", "COIN-FUTURES")
FUTURES_LINES = ("USDT-FUTURES", "COIN-FUTURES", "USDC-FUTURES")
CATEGORIES = (*LINES, "MARGIN")
NAMES = {product: name for name, product in LINES.items()}


def category(query: Query, name: str = "category", among: Iterable[str] = CATEGORIES) -> str:
    """The product line that must be named, in upper case; either case is accepted."""
    value = query.text(name).upper()
    if value not in among:
        raise answers.wrong(name)
    return value


def line(query: Query, name: str = "category", among: Iterable[str] = CATEGORIES) -> str:
    """The product of the line that must be named, as records know it; one that has none where nothing is traded."""
    return LINES.get(category(query, name, among), "none")


def markets(query: Query, among: Iterable[str] = CATEGORIES) -> tuple[PaperInstrument, ...]:
    """The one `symbol` names, or without it all of `category`."""
    wanted = category(query, among=among)
    if wanted in _EMPTY:
        return ()
    return (market(query, among),) if query.maybe("symbol") else listed(LINES[wanted])


def market(query: Query, among: Iterable[str] = CATEGORIES) -> PaperInstrument:
    """The one `category` and `symbol` name. Raises RefusedError for a line nothing is traded of."""
    wanted = category(query, among=among)
    symbol = query.text("symbol")
    if wanted in _EMPTY:
        raise answers.not_learnt(f"category={wanted}")
    found = instrument(LINES[wanted], symbol)
    if found is None:
        raise RefusedError("25100", "Symbol does not exist")
    return found


def listed_page(
    state: EngineState,
    kind: type[R],
    query: Query,
    wanted: PageRequest,
    *,
    limit: tuple[int, int] = (100, 100),
    days: int = 30,
    look_back: int | None = 90,
) -> list[R]:
    """One page of records, below `cursor`."""
    cursor = query.maybe("cursor")
    asked = query.with_default("idLessThan", cursor) if cursor else query
    return page(state, kind, asked, wanted, limit=limit, days=days, look_back=look_back)


def whole(
    rows: list[dict[str, Any]], records: list[R], query: Query, *, none: list[Any] | None = None
) -> dict[str, Any]:
    """A list as Bitget sends it: null or empty for `none`, and a cursor only where there may be another page."""
    more = records and len(records) == query.count("limit", 100, 100)
    return {"list": rows or none, "cursor": str(records[-1].id) if more else None}


def each_row(state: EngineState, rows: list[Query], act: Callable[[Query], dict[str, Any]]) -> list[dict[str, Any]]:
    """A batch, row by row: what each came to, with a code of its own."""
    told: list[dict[str, Any]] = []
    for row in rows:
        try:
            with state.attempt():
                told.append(act(row) | {"code": "00000", "msg": "success"})
        except RefusedError as refusal:
            refused = in_own_words(refusal)
            names = {"orderId": row.maybe("orderId") or "", "clientOid": row.maybe("clientOid") or ""}
            told.append(names | {"code": refused.code, "msg": refused.msg})
    return told


_BATCH = 20


def batch(query: Query) -> list[Query]:
    """The rows of a body that is a bare array: at most twenty, all of one line."""
    rows = query.rows("rows")
    if rows is None or len(rows) > _BATCH or len({(row.maybe("category") or "").upper() for row in rows}) > 1:
        raise answers.wrong("rows")
    return rows


# A trigger looks at the last price or the mark price: the engine's word, and a unified account's.
BY = {"market": "fill_price", "mark": "mark_price"}
BY_WORD = {engine: word for word, engine in BY.items()} | {"": ""}
_KINDS = ("limit", "market")


def price(query: Query, name: str, market_: PaperInstrument) -> int:
    """A price in ticks; 0 when it was not sent or is zero."""
    with _stepped("43028"):
        return validation.ticks(query, name, market_)


def needed_price(query: Query, name: str, market_: PaperInstrument) -> int:
    """One that has to be sent, and above zero."""
    query.text(name)
    found = price(query, name, market_)
    if not found:
        raise answers.wrong(name)
    return found


def size(query: Query, market_: PaperInstrument, name: str = "qty") -> int:
    """`qty`, or another quantity, in lots."""
    with _stepped("22038"):
        return validation.lots(query, name, market_)


def money(query: Query) -> Decimal:
    """`qty` of a market purchase."""
    with _stepped("22038"):
        return validation.money(query, "qty")


@contextmanager
def _stepped(code: str) -> Iterator[None]:
    """Too many decimals are no wrong parameter here but beside the step."""
    try:
        yield
    except RefusedError as refusal:
        if refusal.code != "40808":
            raise
        raise RefusedError(code, refusal.msg) from None


_CLIENT_OID = re.compile(r"[0-9A-Za-z.:/_-]{1,32}", re.ASCII)


def client_oid(query: Query) -> str:
    """The client's own id; "" when none was sent."""
    given = query.maybe("clientOid")
    if given is not None and not _CLIENT_OID.fullmatch(given):
        raise answers.wrong("clientOid")
    return given or ""


def legs(query: Query, market_: PaperInstrument) -> Exits:
    """Take-profit and stop-loss as sent: triggers, the prices they look at, and limits where their kind is one."""
    found: dict[str, Any] = {}
    for name, trigger, short in (("profit", "takeProfit", "tp"), ("loss", "stopLoss", "sl")):
        level = price(query, trigger, market_)
        by = query.choice(f"{short}TriggerBy", BY, "market")
        limit = query.choice(f"{short}OrderType", _KINDS, "market") == "limit"
        if level:
            execute = price(query, f"{short}LimitPrice", market_) if limit else 0
            if limit and not execute:
                raise answers.missing(f"{short}LimitPrice")
            found |= {name: level, f"{name}_execute": execute, f"{name}_by": BY[by]}
    return Exits(**found)


def legs_row(market_: PaperInstrument, exits: Exits) -> dict[str, str]:
    """The same as they are told."""

    def kind(trigger: int, execute: int) -> str:
        return ("limit" if execute else "market") if trigger else ""

    return {
        "takeProfit": maybe_price(market_, exits.profit),
        "stopLoss": maybe_price(market_, exits.loss),
        "tpTriggerBy": BY_WORD[exits.profit_by],
        "slTriggerBy": BY_WORD[exits.loss_by],
        "tpOrderType": kind(exits.profit, exits.profit_execute),
        "slOrderType": kind(exits.loss, exits.loss_execute),
        "tpLimitPrice": maybe_price(market_, exits.profit_execute),
        "slLimitPrice": maybe_price(market_, exits.loss_execute),
    }


# The engine and the reading of parameters say no with classic codes; a unified account says the same with others.
# By the own code: how it is worded, and the classic codes that mean it.
_WORDING = (
    ("400172", "Parameter verification failed", "00001 40019 40020 40034 40053 40305 40304 40409 40704 40707 40808"),
    ("25244", "The price does not match the price step", "43028 45115"),
    ("25200", "The quantity does not match the quantity step", "22038"),
    ("25202", "Insufficient balance", "43012"),
    ("25203", "Insufficient margin", "40762 40754"),
    ("25204", "Order does not exist", "43001 40768 40109"),
    ("25205", "The order price is higher than the highest price allowed", "43009"),
    ("25206", "The order price is lower than the lowest price allowed", "43008"),
    ("25207", "The order quantity is too small", "45110"),
    ("25208", "The order quantity is too large", "45113"),
    ("25211", "Too many open orders", "43005"),
    ("25212", "Duplicate clientOid", "40786 45034"),
    ("25223", "The leverage exceeds the maximum leverage", "40797"),
    ("25225", "No position to close", "22002"),
    ("25227", "The quantity exceeds the position", "45006 45123"),
    ("25228", "Insufficient margin for this leverage", "40893"),
    ("25107", "There is a position or an open order of this symbol", "45117 40881"),
    ("25002", "Not supported in crossed margin mode", "40875"),
    ("25110", "The coin is not supported by the unified account", "43129"),
    ("25579", "The take profit of a long position must be above the price", "40830 40915"),
    ("25580", "The take profit of a short position must be below the price", "40831 40832"),
    ("25581", "The stop loss of a long position must be below the price", "40833 40834 40917"),
    ("25582", "The stop loss of a short position must be above the price", "40835 40836"),
    ("25595", "The quantity exceeds the position", "43023"),
    ("25577", "The strategy order does not exist", "43025"),
    ("25578", "Too many strategy orders", "40889"),
    ("25601", "There is no position", "40837"),
)
_OWN_WORDS = {classic: (code, msg) for code, msg, codes in _WORDING for classic in codes.split()}


def in_own_words(refusal: RefusedError) -> RefusedError:
    """A refusal as a unified account words it; what both kinds say alike stays."""
    code, msg = _OWN_WORDS.get(refusal.code, (refusal.code, refusal.msg))
    return RefusedError(code, msg, status=refusal.status)
