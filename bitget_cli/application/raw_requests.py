"""What the body of a raw request comes to where it places or changes orders, so that every guard holds there too."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

from bitget_cli.application import changes, conversions
from bitget_cli.application.orders import open_orders, orders
from bitget_cli.catalogue import find, find_path
from bitget_cli.catalogue.model import Effect, Endpoint
from bitget_cli.client.rest.raw import UNLISTED
from bitget_cli.client.rest.response import record
from bitget_cli.errors import RejectedError, UsageError
from bitget_cli.session import Session
from bitget_cli.trading import risk
from bitget_cli.trading.account_state import AccountState
from bitget_cli.trading.change import masked
from bitget_cli.trading.convert import Markets
from bitget_cli.trading.model import (
    OPPOSITE,
    Direction,
    OrderIntent,
    PositionSide,
    exact,
    position_side,
)
from bitget_cli.trading.order_model import Order, OrderList, OrderName, Plan
from bitget_cli.trading.risk import Consequence
from bitget_cli.values import Product, Symbol

if TYPE_CHECKING:
    from bitget_cli.client.rest.request import Call

Body = Mapping[str, Any]
Weigh = Callable[[Session, AccountState, Endpoint, Body], Consequence | None]

# What an order that is placed calls its limit price, trigger, take-profit and stop-loss. A size is `size`, in margin
# trading `baseSize` or `quoteSize`.
Words = Mapping[str, tuple[str, ...]]
_FUTURES: Words = {"price": ("price",), "tp": ("presetStopSurplusPrice",), "sl": ("presetStopLossPrice",)}
_SPOT: Words = {
    "price": ("price",),
    "trigger": ("triggerPrice",),
    "tp": ("presetTakeProfitPrice",),
    "sl": ("presetStopLossPrice",),
}
_MARGIN: Words = {"price": ("price",)}
_PLACES: dict[str, Words] = {
    "mix.order.place-order": _FUTURES,
    "mix.order.batch-place-order": _FUTURES,
    "mix.order.place-plan-order": {
        "price": ("price", "executePrice"),
        "trigger": ("triggerPrice",),
        "tp": ("stopSurplusTriggerPrice", "presetStopSurplusPrice"),
        "sl": ("stopLossTriggerPrice", "presetStopLossPrice"),
    },
    "spot.trade.place-order": _SPOT,
    "spot.trade.batch-orders": _SPOT,
    "spot.trade.place-plan-order": {"price": ("executePrice",), "trigger": ("triggerPrice",)},
    "margin.crossed.place-order": _MARGIN,
    "margin.crossed.batch-place-order": _MARGIN,
    "margin.isolated.place-order": _MARGIN,
    "margin.isolated.batch-place-order": _MARGIN,
    "v3.trade.place-order": {"price": ("price",), "tp": ("takeProfit",), "sl": ("stopLoss",)},
    "v3.trade.place-batch": {"price": ("price",)},
    # What waits for a price; the other types of it are exits, or not weighed.
    "v3.trade.place-strategy-order": {
        "price": ("triggerOrderPrice",),
        "trigger": ("triggerPrice",),
        "tp": ("takeProfit",),
        "sl": ("stopLoss",),
    },
}
# In which book an order that is changed is, and what its new terms are called.
_SPOT_REPLACED = {"price": "price", "size": "size", "presetTakeProfitPrice": "tp", "presetStopLossPrice": "sl"}
_CHANGES: dict[str, tuple[OrderList, Mapping[str, str]]] = {
    "mix.order.modify-order": (
        OrderList.ORDERS,
        {"newPrice": "price", "newSize": "size", "newPresetStopSurplusPrice": "tp", "newPresetStopLossPrice": "sl"},
    ),
    "spot.trade.cancel-replace-order": (OrderList.ORDERS, _SPOT_REPLACED),
    "spot.trade.batch-cancel-replace-order": (OrderList.ORDERS, _SPOT_REPLACED),
    "mix.order.modify-plan-order": (
        OrderList.PLANS,
        {
            "newPrice": "price",
            "newSize": "size",
            "newTriggerPrice": "trigger",
            "newCallbackRatio": "callback",
            "newStopSurplusTriggerPrice": "tp",
            "newStopLossTriggerPrice": "sl",
        },
    ),
    "mix.order.modify-tpsl-order": (
        OrderList.PLANS,
        {"triggerPrice": "trigger", "executePrice": "price", "size": "size", "rangeRate": "callback"},
    ),
    "spot.trade.modify-plan-order": (
        OrderList.PLANS,
        {"triggerPrice": "trigger", "executePrice": "price", "size": "size"},
    ),
}
_EXITS = ("mix.order.place-tpsl-order", "mix.order.place-pos-tpsl")
_PLACE_UNIFIED = "v3.trade.place-order"
_STRATEGY = "v3.trade.place-strategy-order"
_UNIFIED_CHANGES = ("v3.trade.modify-order", "v3.trade.batch-modify-order")
# The names of what an order of a unified account is, in the answer about it as in a request.
_UNIFIED_TERMS = ("category", "symbol", "side", "posSide", "orderType", "reduceOnly", "qty", "price")
# As a reader in Java takes it.
_NUMBER = re.compile(r"[+-]?([0-9]{1,40}\.?[0-9]{0,40}|\.[0-9]{1,40})([eE][+-]?[0-9]{1,2})?", re.ASCII)
# Powers of ten of the largest and the smallest number that is weighed.
_WIDEST = 20
_NAME = re.compile(r"[0-9A-Za-z]{1,40}", re.ASCII)
# What a waiting order's `planType` may say where it is weighed; the others have none.
_KINDS: dict[str, tuple[str, ...]] = dict.fromkeys(_PLACES, ("",)) | {
    "mix.order.place-plan-order": ("normal_plan", "track_plan"),
    "spot.trade.place-plan-order": ("amount", "total", ""),
}
# What a conversion gives and gets: names of the coin and of its size.
_CONVERSIONS: dict[str, tuple[tuple[str, str], ...]] = {
    "convert.trade": (("fromCoin", "fromCoinSize"), ("toCoin", "toCoinSize")),
    "mix.account.union-convert": (("coin", "amount"),),
}
# Paths of Bitget's other APIs that place or change orders, as far as a path can tell.
_ORDERS = re.compile(r"order|trade|plan|strategy|place|tpsl", re.IGNORECASE)
# Not in the tables of every page that shows them in its samples; whatever they say is read.
_ON_SAMPLES = frozenset({"symbol", "planType", "orderList[].symbol"})
# Names that say something of an order's price, size or side.
_TELLING = re.compile(
    r"price|size|side|qty|quantity|amount|type|trigger|symbol|list|loss|profit|surplus", re.IGNORECASE
)


def said(call: Call) -> str:
    """The request in one line, without what is secret in it."""
    body = call.body.decode()
    whole = body_of(call)
    hidden = masked(whole)
    if whole is not None and hidden != whole:
        body = json.dumps(hidden.get("[]", hidden), ensure_ascii=False)
    return f"{call.row.method} {call.row.path} {body}".rstrip()


def weighed(session: Session, call: Call, *, met: list[Order | Plan]) -> list[Consequence] | None:
    """What every order in a request comes to; None where nobody here can tell.

    An order that it changes is put into `met`, as it stands at the exchange.
    Raises UsageError for a number nobody can read and for an exit on the wrong side, and DeclinedError for a
    conversion above the cap.
    """
    row = find_path(call.row.method, call.row.path.lower()) or call.row
    whole, capped = body_of(call), session.profile.max_notional is not None
    weigh = _of_row(row.name, met)
    if row.name in _CONVERSIONS:
        return _converted(session, row, whole) if capped else []
    if weigh is None:
        return None
    if whole is None or not _is_all_known(row, whole, strictly=capped):
        return None
    items = whole.get(_list_name(row), [] if ".batch-" in row.name else [whole])
    if not isinstance(items, list):
        return None
    found: list[Consequence] = []
    at = changes.desk(session)
    for item in items:
        one = weigh(session, at, row, _with_outer(whole, item)) if isinstance(item, dict) else None
        if one is None:
            return None
        found.append(one)
    return found


def _of_row(name: str, met: list[Order | Plan]) -> Weigh | None:
    """How the orders of a row are weighed; None for a row that places and changes none, or none known here."""
    if name in _PLACES:
        return _placed
    if name in _CHANGES:
        return partial(_changed, met=met)
    if name in _UNIFIED_CHANGES:
        return _changed_unified
    return _exits if name in _EXITS else None


def body_of(call: Call) -> dict[str, Any] | None:
    """What the body says, its numbers as text, a bare list under the name `[]`; None for one that is neither."""
    try:
        whole = json.loads(call.body, parse_float=str, parse_int=str, parse_constant=str)
    except (ValueError, RecursionError):
        return None
    if isinstance(whole, list):
        return {"[]": whole}
    return whole if isinstance(whole, dict) else None


def _list_name(row: Endpoint) -> str:
    """Where the orders of a batch stand in its body."""
    return "[]" if any(param.name.startswith("[].") for param in row.params) else "orderList"


def _with_outer(whole: Body, item: Body) -> dict[str, Any]:
    """An item of a list with what stands beside the list; two different symbols are none."""
    merged = {**whole, **item}
    outer, own = whole.get("symbol"), item.get("symbol")
    if outer and own and outer != own and whole.get("batchMode") != "multiple":
        merged["symbol"] = None
    return merged


def may_place(call: Call) -> bool:
    """Whether a request places or changes orders, or may for all that is known here: its path is in no catalogue."""
    row = find_path(call.row.method, call.row.path.lower()) or call.row
    if row.title == UNLISTED:
        return bool(_ORDERS.search(row.path)) and not risk.gets_out(row)
    unified = _is_unified(row) and row.effect is Effect.TRADE and not risk.gets_out(row)
    return unified or _of_row(row.name, []) is not None


def _is_unified(row: Endpoint) -> bool:
    return row.name.startswith("v3.")


def _is_all_known(row: Endpoint, whole: Body, *, strictly: bool) -> bool:
    """Whether every name is the row's: what another one does to an order is not known here.

    Unless `strictly`, a name that says nothing of what is judged may be a newer one of Bitget's.
    """
    names = {param.name for param in row.params}
    names |= {name for words in _PLACES.get(row.name, {}).values() for name in words}
    list_name = _list_name(row)
    listed, prefix = whole.get(list_name), "[]." if list_name == "[]" else f"{list_name}[]."
    inner = [item for item in listed if isinstance(item, dict)] if isinstance(listed, list) else []
    given = {*whole, *(f"{prefix}{name}" for item in inner for name in item)} - {"[]"}
    if strictly:
        return given <= names
    return not any(_TELLING.search(name) for name in given - names - _ON_SAMPLES)


def _placed(session: Session, at: AccountState, row: Endpoint, body: Body) -> Consequence | None:
    if row.name == _STRATEGY:
        if body.get("type") != "trigger":
            return _strategy_exits(at, row, body) if body.get("type", "tpsl") == "tpsl" else None
        if body.get("triggerOrderType") == "market" and str(body.get("category")).upper() in ("SPOT", "MARGIN"):
            return None  # whether its size is money or coin is told nowhere
        body = {**body, "orderType": body.get("triggerOrderType")}
    words, kind = _PLACES[row.name], str(body.get("planType") or "")
    symbol, direction, order_type = symbol_of(row, body), _direction(body), str(body.get("orderType")).lower()
    if symbol is None or direction is None or order_type not in ("limit", "market") or kind not in _KINDS[row.name]:
        return None
    spot, at_market = symbol.product.is_spot, order_type == "market"
    told = {
        name: [number for word in names if (number := _number(word, body.get(word)))] for name, names in words.items()
    }
    if any(len(set(values)) > 1 for values in told.values()):
        return None  # two names for one thing, and nobody knows which of them counts
    numbers = {name: values[0] if values else None for name, values in told.items()}
    pays_money = spot and direction is Direction.BUY and at_market
    in_quote = kind == "total" if row.name == "spot.trade.place-plan-order" else pays_money
    size = _size(body, in_quote=in_quote)
    if size is None:
        return None
    legs = {} if kind == "track_plan" else numbers  # percentages there
    order = OrderIntent(
        symbol,
        direction,
        size,
        price=None if at_market or kind == "track_plan" else numbers.get("price"),
        in_quote=in_quote,
        take_profit=legs.get("tp"),
        stop_loss=legs.get("sl"),
    )
    judged = order.price or order.take_profit or order.stop_loss
    if not judged and session.profile.max_notional is None:
        return Consequence(order.summary)
    order = _closing_unified(session, order, body) if _is_unified(row) else _closing(at, order, body)
    # A spot order takes its trigger for one only where it says that it is one.
    waits = row.name != "spot.trade.place-order" or body.get("tpslType") == "tpsl"
    return orders.weighed(at, order, order.summary, trigger=numbers.get("trigger") if waits else None)


def _closing(at: AccountState, order: OrderIntent, body: Body) -> OrderIntent:
    """The order, closing where the account's position mode makes it so: each mode has a word of its own for it."""
    closes, reduces = body.get("tradeSide") == "close", str(body.get("reduceOnly")).lower() == "yes"
    if order.symbol.product.is_spot or not (closes or reduces):
        return order
    hedges = at.account(order.symbol).hedges
    if hedges and closes:
        return order._replace(closing=True, direction=OPPOSITE[order.direction])
    return order._replace(closing=not hedges and reduces and not body.get("tradeSide"))


def _closing_unified(session: Session, order: OrderIntent, body: Body) -> OrderIntent:
    """The order, closing where the unified account's position mode makes it so; where that is not told, it opens."""
    side, reduces = str(body.get("posSide")).lower(), str(body.get("reduceOnly")).lower() == "yes"
    closes = (side, order.direction) in (("long", Direction.SELL), ("short", Direction.BUY))
    if order.symbol.product.is_spot or not (closes or reduces):
        return order
    from bitget_cli.catalogue.v3.account import SETTINGS

    mode = record(session.client.call(SETTINGS)).get("holdMode")
    in_hedge = closes and not reduces and mode == "hedge_mode"
    return order._replace(closing=in_hedge or (reduces and not body.get("posSide") and mode == "one_way_mode"))


def _changed_unified(session: Session, at: AccountState, _: Endpoint, body: Body) -> Consequence | None:
    from bitget_cli.catalogue.v3.orders import ORDER_INFO

    terms = {name: body[name] for name in ("qty", "price", "takeProfit", "stopLoss") if _number(name, body.get(name))}
    # Bitget prefers the order id where both are given.
    by = "orderId" if body.get("orderId") else "clientOid"
    text = str(body.get(by) or "")
    what = f"change order {text}"
    if not terms:
        return Consequence(what)
    if not text:
        return None
    try:
        live = record(session.client.call(ORDER_INFO, **{by: text}))
    except RejectedError:
        return None
    whole = {name: live[name] for name in _UNIFIED_TERMS if live.get(name)} | terms
    found = _placed(session, at, find(_PLACE_UNIFIED), whole)
    if found is None:
        return None
    moved = "price" in terms and exact(live.get("price")) != exact(terms["price"])
    return found._replace(what=f"{what} of {whole.get('symbol')}", price=found.price if moved else None)


def _strategy_exits(at: AccountState, row: Endpoint, body: Body) -> Consequence | None:
    """A take-profit and a stop-loss of a position."""
    symbol, held = symbol_of(row, body), position_side(str(body.get("posSide")).lower())
    if symbol is None or symbol.product.is_spot or held is None:
        return None
    profit, loss = (_number(name, body.get(name)) for name in ("takeProfit", "stopLoss"))
    for one, other, by in ((profit, None, body.get("tpTriggerBy")), (None, loss, body.get("slTriggerBy"))):
        if one or other:
            orders.check_exits(at, symbol, held, one, other, by_mark=by == "mark")
    return Consequence(f"exits of the {held.value} {symbol.name}", closing=True)


def _changed(
    session: Session, at: AccountState, row: Endpoint, body: Body, *, met: list[Order | Plan]
) -> Consequence | None:
    book, words = _CHANGES[row.name]
    given = {name: number for word, name in words.items() if (number := _number(word, body.get(word))) is not None}
    # A zero exit is taken away; any other zero is for the exchange to refuse.
    given = {name: number for name, number in given.items() if number or name in ("tp", "sl")}
    # Bitget prefers the order id where both are given.
    text = str(body.get("orderId") or body.get("clientOid") or "")
    name = OrderName(order_id=text) if body.get("orderId") else OrderName(client_order_id=text)
    if not given:
        return Consequence(f"change order {text}")
    symbol, product = symbol_of(row, body), _product(row, body)
    if not text or product is None:
        return None
    order = session.adapter.find_order([name], products=(product,), market=symbol, first=book)
    if order is None:
        return None
    met.append(order)
    order = open_orders.lookup(session).with_its_purpose(order)
    order_type = str(body.get("orderType") or "").lower()
    if order_type and order.symbol.product.is_spot:
        if order_type not in ("limit", "market"):
            return None
        # Said anew with each change: at market no price counts, neither the new one nor the one it had.
        order = order._replace(is_market=order_type == "market")
        if order_type == "market":
            given.pop("price", None)
    live = order.price or (order.average if isinstance(order, Order) else None)
    if live and given.get("price") == live:
        del given["price"]
    return open_orders.weighed(at, order, given, what=f"change order {text} of {order.symbol.name}")


def _exits(_: Session, at: AccountState, row: Endpoint, body: Body) -> Consequence | None:
    symbol = symbol_of(row, body)
    side = {
        "long": PositionSide.LONG,
        "buy": PositionSide.LONG,
        "short": PositionSide.SHORT,
        "sell": PositionSide.SHORT,
    }
    held = side.get(str(body.get("holdSide")).lower())
    if symbol is None or held is None:
        return None
    kind, trigger = str(body.get("planType")), _number("triggerPrice", body.get("triggerPrice"))
    legs = [
        (trigger if kind in ("profit_plan", "pos_profit") else None, None, body.get("triggerType")),
        (None, trigger if kind in ("loss_plan", "pos_loss") else None, body.get("triggerType")),
    ]
    if row.name == "mix.order.place-pos-tpsl":
        profit, loss = (
            _number(f"{leg}TriggerPrice", body.get(f"{leg}TriggerPrice")) for leg in ("stopSurplus", "stopLoss")
        )
        legs = [(profit, None, body.get("stopSurplusTriggerType")), (None, loss, body.get("stopLossTriggerType"))]
    for profit, loss, by in legs:
        if profit or loss:
            orders.check_exits(at, symbol, held, profit, loss, by_mark=by == "mark_price")
    return Consequence(f"exits of the {held.value} {symbol.name}", closing=True)


def _converted(session: Session, row: Endpoint, body: Body | None) -> list[Consequence] | None:
    """[] once what is converted is known to be below the cap; None where it is not known what is."""
    if body is None or not _is_all_known(row, body, strictly=True):
        return None
    sides = [
        (str(body.get(coin) or "").upper(), _number(size, body.get(size))) for coin, size in _CONVERSIONS[row.name]
    ]
    held = [(coin, size) for coin, size in sides if _NAME.fullmatch(coin) and size]
    if not held or len(held) < len(sides):
        return None
    markets = Markets(session.adapter, changes.desk(session).instruments)
    what = " into ".join(f"{size:f} {coin}" for coin, size in held)
    conversions.check_cap(session, f"convert {what}", markets, *held)
    return []


def _product(row: Endpoint, body: Body) -> Product | None:
    if _is_unified(row):
        line = str(body.get("category")).lower()
        # The Coin-M line of unified accounts counts sizes in quote, and its pairs have names of their own.
        lines = {"spot": Product.SPOT, "margin": Product.SPOT}
        lines |= {one.value: one for one in (Product.USDT_FUTURES, Product.USDC_FUTURES)}
        return lines.get(line)
    if not row.name.startswith("mix."):
        return Product.SPOT
    text = str(body.get("productType")).lower()
    return Product(text) if text in tuple(Product) and text != Product.SPOT else None


def symbol_of(row: Endpoint, body: Body) -> Symbol | None:
    """The market that a body names, as it is spelt on the wire."""
    text, product = body.get("symbol"), _product(row, body)
    if product is None or not isinstance(text, str) or not _NAME.fullmatch(text):
        return None
    return Symbol(text.upper(), product)


def _direction(body: Body) -> Direction | None:
    return {"buy": Direction.BUY, "sell": Direction.SELL}.get(str(body.get("side")).lower())


def _size(body: Body, *, in_quote: bool) -> Decimal | None:
    name = ("quoteSize" if in_quote else "baseSize") if "baseSize" in body or "quoteSize" in body else "size"
    return _number(name, body.get(name)) or _number("qty", body.get("qty"))


def _number(name: str, value: Any) -> Decimal | None:
    """A number as its reader takes it; None for none. Raises UsageError for what nobody can read."""
    if value is None or value == "":
        return None
    if not isinstance(value, str) or not _NUMBER.fullmatch(value):
        raise UsageError(f"{name} {value!r} is not a number such as 0.25")
    number = Decimal(value)
    if number < 0:
        raise UsageError(f"{name} {value} is below zero")
    if number and abs(number.adjusted()) > _WIDEST:
        raise UsageError(f"{name} {value} is beyond any number of an order")
    return number
