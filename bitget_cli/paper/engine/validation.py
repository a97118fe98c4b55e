"""The terms an order must meet: exact decimals, ticks, steps, smallest and largest, price band."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from bitget_cli.paper import answers
from bitget_cli.paper.answers import RefusedError
from bitget_cli.paper.engine.ledger import price_of, quote_of, size_of, text
from bitget_cli.paper.engine.records import Exits, Order, Plan, Side
from bitget_cli.paper.engine.state import EngineState
from bitget_cli.paper.instruments import LARGEST_LIMIT, LARGEST_MARKET, PaperInstrument
from bitget_cli.paper.request import Query
from bitget_cli.values import Product

_NUMBER = re.compile(r"[0-9]{1,15}(\.[0-9]{1,18})?", re.ASCII)
_CLIENT_OID = re.compile(r"[0-9A-Za-z_:#\-+ ]{1,64}", re.ASCII)
# Of the last price: how far beyond it a limit may be, in twentieths.
_BAND = 20
_BATCH = 50


def number(query: Query, name: str) -> Decimal | None:
    """A plain positive or zero decimal; None when it was not sent."""
    value = query.maybe(name)
    if value is None:
        return None
    if not _NUMBER.fullmatch(value):
        raise answers.wrong(name)
    return Decimal(value)


def positive(query: Query, name: str) -> Decimal:
    value = number(query, name)
    if value is None:
        raise answers.missing(name)
    if not value:
        raise answers.wrong(name)
    return value


def money(query: Query, name: str) -> Decimal:
    """What a market purchase may cost: eight decimals at most, and the smallest order at least."""
    value = positive(query, name)
    if value != round(value, 8):
        raise answers.unchecked(f"{name} checkBDScale error checkScale=8")
    if value < 1:
        raise RefusedError("45110", "less than the minimum amount 1 USDT")
    return value


def ticks(query: Query, name: str, instrument: PaperInstrument) -> int:
    """A price in ticks; 0 when it was not sent or is zero."""
    value = number(query, name) or Decimal(0)
    units = _units(value, instrument.price_places, name)
    if units % instrument.price_step:
        step = text(price_of(instrument, 1))
        code = "43028" if instrument.product is Product.SPOT else "45115"
        raise RefusedError(code, f"The price you enter should be a multiple of {step}")
    return units // instrument.price_step


def price(query: Query, name: str, instrument: PaperInstrument) -> int:
    """A price that must be there."""
    if query.maybe(name) is None:
        raise answers.missing(name)
    found = ticks(query, name, instrument)
    if not found:
        raise answers.wrong(name)
    return found


def lots(query: Query, name: str, instrument: PaperInstrument) -> int:
    """A size in lots."""
    units = _units(positive(query, name), instrument.size_places, name)
    if units % instrument.size_step:
        raise RefusedError("22038", f"Please enter the quantity as an integral multiple of {instrument.size(1)}")
    return units // instrument.size_step


def _units(value: Decimal, places: int, name: str) -> int:
    units = value.scaleb(places)
    if units != units.to_integral_value():
        raise answers.unchecked(f"{name} checkBDScale error value={text(value)} checkScale={places}")
    return int(units)


def client_oid(state: EngineState, query: Query, *, spot: bool, name: str = "clientOid") -> str:
    """The client's own id; it may not be that of an order or plan that is still open. "" when none was sent."""
    given = query.maybe(name)
    if given is None:
        return ""
    if not _CLIENT_OID.fullmatch(given):
        raise RefusedError(
            "40305", "clientOid or clientOrderId length cannot greater than 64, and cannot be Martian characters"
        )
    if len(given) > 50:
        raise RefusedError("40304", "clientOid or clientOrderId length cannot greater than 50")
    pending = [*state.orders.values(), *state.plans.values()]
    if any(each.client_oid == given and (each.product == Product.SPOT) is spot for each in pending):
        code, sentence = ("40786", "Duplicate clientOid") if spot else ("45034", "clientOid duplicate")
        raise RefusedError(code, sentence)
    return given


# How many orders, or plans, of one market may be open.
_MOST = 200


def enter(state: EngineState, record: Order | Plan) -> None:
    """Give a new order or plan its ids. Raises RefusedError where there are as many of its market as there may be."""
    plan = isinstance(record, Plan)
    open_: dict[int, Plan] | dict[int, Order] = state.plans if plan else state.orders
    same = sum((each.product, each.symbol) == (record.product, record.symbol) for each in open_.values())
    if same >= _MOST and record.id not in open_:
        if plan:
            raise RefusedError("40889", "The plan order of this contract has reached the upper limit")
        raise RefusedError("43005", "Exceed the maximum number of orders")
    record.id = record.id or state.new_id()
    record.client_oid = record.client_oid or str(record.id)


def side(query: Query) -> Side:
    return "buy" if query.choice("side", ("buy", "sell", "BUY", "SELL", "Buy", "Sell")).lower() == "buy" else "sell"


def force(query: Query) -> str:
    given = (query.maybe("force") or "gtc").lower()
    if given not in ("gtc", "ioc", "fok", "post_only"):
        raise answers.wrong("force")
    return given


def within_band(state: EngineState, instrument: PaperInstrument, limit: int, buying: bool) -> None:
    """Refuse a limit more than five percent beyond the last price."""
    last = state.prices.traded(instrument).last(state.time).price
    most, least = last + last // _BAND, last - last // _BAND
    if buying and limit > most:
        raise RefusedError("43009", f"The current order price cannot be greater than {instrument.price(most)}")
    if not buying and limit < least:
        raise RefusedError("43008", f"The current order price cannot be less than {instrument.price(least)}")


def large_enough(state: EngineState, instrument: PaperInstrument, size: int, at: int) -> None:
    """Refuse an order worth less than Bitget's minimum, at a price in ticks (0: the last one)."""
    least = 1 if instrument.product is Product.SPOT else 5
    at = at or state.prices.traded(instrument).last(state.time).price
    worth = quote_of(instrument, at * size)
    if worth < least:
        raise RefusedError("45110", f"less than the minimum amount {least} USDT")


def small_enough(instrument: PaperInstrument, size: int, *, limit: bool) -> None:
    largest = instrument.largest if limit else instrument.largest_market
    if largest and size_of(instrument, size) > largest:
        raise RefusedError("45113", "Maximum order value limit triggered")


def worth_no_more(state: EngineState, order: Order) -> None:
    """Refuse a spot order worth more than the symbol allows."""
    instrument, most = order.instrument, LARGEST_LIMIT if order.limit else LARGEST_MARKET
    at = order.price or state.prices.traded(instrument).last(state.time).price
    if (order.quote or quote_of(instrument, at * order.size)) > most:
        raise RefusedError("45113", "Maximum order value limit triggered")


def anew(names: Sequence[str]) -> list[str]:
    """What is sent to change something is called `new…`."""
    return [f"new{name[0].upper()}{name[1:]}" for name in names]


def exits(query: Query, instrument: PaperInstrument, names: Sequence[str], by: Sequence[str] = ("", "")) -> Exits:
    """Attached exits; `names` are Bitget's for profit trigger, profit execution, loss trigger and loss execution."""
    values = [ticks(query, name, instrument) for name in names]
    profit_by, loss_by = (query.maybe(name) if name else None for name in by)
    return Exits(
        profit=values[0],
        profit_execute=values[1],
        profit_by=profit_by or ("fill_price" if values[0] else ""),
        loss=values[2],
        loss_execute=values[3],
        loss_by=loss_by or ("fill_price" if values[2] else ""),
    )


def check_exits(
    state: EngineState, instrument: PaperInstrument, guards: Exits, side: Side, *, limit: int, trigger: int = 0
) -> None:
    """Refuse attached exits on the wrong side of the entry, which is a limit, a trigger or the market itself.

    A limit beyond the trigger or the market is entered there, so that counts too.
    """
    buying, spot = side == "buy", instrument.product is Product.SPOT
    legs = (("profit", guards.profit, guards.profit_by), ("loss", guards.loss, guards.loss_by))
    for name, level, by in legs:
        if not level:
            continue
        by_mark = by == "mark_price" and not spot
        path = state.prices.mark(instrument) if by_mark else state.prices.traded(instrument)
        at = trigger or path.last(state.time).price
        above = buying is (name == "profit")
        if limit and not (level > limit if above else level < limit):
            raise RefusedError(*_AT_ENTRY[name, buying])
        if (not limit or (limit > at if buying else limit < at)) and not (level > at if above else level < at):
            raise RefusedError(*(_AT_ENTRY if trigger else _AT_MARKET)[name, buying])


# By leg and whether it guards a long: where the price of the entry is known, and where it is the market's.
_AT_ENTRY = {
    ("profit", True): ("40830", "The take profit price of the long position should be greater than the current price"),
    ("profit", False): ("40831", "The short position take profit price should be less than the average open price"),
    ("loss", True): ("40833", "The stop loss price of a long position should be less than the average opening price"),
    ("loss", False): (
        "40835",
        "The stop loss price of the short position should be greater than the average opening price",
    ),
}
_AT_MARKET = {
    ("profit", True): ("40915", "Long position take profit price please > mark price"),
    ("profit", False): ("40832", "The take profit price of short positions should be less than the current price"),
    ("loss", True): ("40917", "Stop price for long positions please < mark price"),
    ("loss", False): ("40836", "The stop loss price of the short position should be greater than the current price"),
}


# Where a position's own exit is on the wrong side of the price: by whether it is its profit, and a long one's.
BESIDE = {
    (True, True): _AT_ENTRY["profit", True],
    (True, False): _AT_MARKET["profit", False],
    (False, True): (
        "40834",
        "The stop loss price of the long position should be less than the current price",
    ),
    (False, False): _AT_MARKET["loss", False],
}


def batch(query: Query, name: str) -> list[Query]:
    """The rows of a batch that must be there, fifty at most."""
    rows = query.rows(name)
    if rows is None:
        raise answers.missing(name)
    if len(rows) > _BATCH:
        raise RefusedError("40306", f"Batch processing orders can only process up to {_BATCH}")
    return rows
