"""Which calls know what a private stream does not tell, and how their rows read in the stream's words.

The stream tells changes; pushes may be lost, and orders and fills say nothing on subscribing (page "WebSocket FAQ").
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from bitget_cli.catalogue import find
from bitget_cli.catalogue.channels import EVERY
from bitget_cli.client.paging import pages
from bitget_cli.client.telling import Row, is_told_apart, milliseconds_in
from bitget_cli.errors import NetworkError
from bitget_cli.values import from_milliseconds, milliseconds

if TYPE_CHECKING:
    from datetime import datetime

    from bitget_cli.catalogue.rows import Endpoint
    from bitget_cli.client.rest import Client
    from bitget_cli.messages import Topic

# planType by REST → in the stream. (REST calls the trailing exit moving_plan.)
PLAN_TYPES = {
    "normal_plan": "pl",
    "profit_plan": "tp",
    "loss_plan": "sl",
    "pos_profit": "ptp",
    "pos_loss": "psl",
    "track_plan": "track",
    "moving_plan": "mtpsl",
}
# The planTypes that a list is asked by: profit_loss has all exits.
_ASKED_BY = {"pl": "normal_plan", "track": "track_plan"}
_PLAN_LISTS = ("normal_plan", "track_plan", "profit_loss")

# Lists go back for 90 days; a little less, since clocks differ.
KEPT = timedelta(days=89)
_A_WHILE = timedelta(minutes=2)


class Reading(NamedTuple):
    """A call that knows rows of a topic: all that stand now (`every`), or what happened since a moment.

    `names` are REST's names → the stream's, and `needed` those of the stream without which a row could be any.
    """

    row: Endpoint
    given: Mapping[str, str]
    every: bool
    names: Mapping[str, str]
    needed: tuple[str, ...] = ()

    def rows(self, client: Client, *, since: datetime | None = None) -> list[Row]:
        """The rows of all pages in the stream's words; `since` counts where they are events, which go back for months.

        Raises NetworkError for an answer that cannot be read: nothing unreadable is an empty list.
        """
        read = cast("Client", _Suspicious(client, self.names, self.needed))
        found = pages(read, self.row, self.given, since=None if self.every else since, every=self.every)
        return [_translated(row, self.names) for row in found]


class _Suspicious:
    """A client whose answers are looked at before anybody takes what is no list for one without rows."""

    def __init__(self, client: Client, names: Mapping[str, str], needed: tuple[str, ...]) -> None:
        self._client, self._names, self._needed = client, names, needed
        self.now = client.now

    def call(self, row: Endpoint, **given: Any) -> Any:
        data = self._client.call(row, **given)
        held = data.get(row.paging.rows_at) if row.paging.rows_at and isinstance(data, dict) else data
        rows = held if isinstance(held, list) else [held] if held else []
        if all(map(self._is_row, rows)):
            return data
        raise NetworkError(
            f"Bitget's answer to GET {row.path} makes no sense: a row that does not say what it is about",
            hint="try again; see bitget doctor",
            endpoint=f"GET {row.path}",
        )

    def _is_row(self, row: Any) -> bool:
        return isinstance(row, dict) and is_told_apart(_translated(row, self._names), self._needed)


_Calls = tuple[tuple[str, Mapping[str, str]], ...]


class _Seed(NamedTuple):
    """What is read for a channel: calls with the parameters of each, and REST's names → the stream's.

    `calls` say what stands now, `past` what has ended or happened; some of the names differ there.
    """

    calls: _Calls = ()
    names: Mapping[str, str] = {}
    takes_symbol: bool = True
    needed: tuple[str, ...] = ()
    past: _Calls = ()
    past_names: Mapping[str, str] | None = None


_ORDER = {"symbol": "instId", "baseVolume": "accBaseVolume", "state": "status"}
_SPOT_DETAIL = _ORDER | {"size": "newSize"}
_ORDER_ID, _FILL_ID = ("orderId",), ("symbol", "tradeId")
_FUTURES = {
    "account": _Seed(
        (("mix.account.accounts", {}),),
        {
            "locked": "frozen",
            "accountEquity": "equity",
            "crossedMaxAvailable": "maxOpenPosAvailable",
            "assetMode": "assetsMode",
            "unionTotalMagin": "unionTotalMargin",
        },
        takes_symbol=False,
        needed=("marginCoin",),
    ),
    "positions": _Seed(
        (("mix.position.all-position", {}),),
        {"symbol": "instId", "locked": "frozen", "marginRatio": "marginRate"},
        takes_symbol=False,
        needed=("instId",),
    ),
    # Without a status only untouched orders are listed (page "Get Pending Orders").
    "orders": _Seed(
        (("mix.order.orders-pending", {}), ("mix.order.orders-pending", {"status": "partially_filled"})),
        _ORDER,
        needed=_ORDER_ID,
        past=(("mix.order.orders-history", {}),),
    ),
    "orders-algo": _Seed(
        tuple(("mix.order.orders-plan-pending", {"planType": kind}) for kind in _PLAN_LISTS),
        {
            "symbol": "instId",
            "planStatus": "status",
            "stopSurplusExecutePrice": "stopSurplusPrice",
            "stopLossExecutePrice": "stopLossPrice",
        },
        needed=_ORDER_ID,
        past=tuple(("mix.order.orders-plan-history", {"planType": kind}) for kind in _PLAN_LISTS),
    ),
    "fill": _Seed(needed=_FILL_ID, past=(("mix.order.fills", {}),)),
}
_SPOT = {
    "account": _Seed((("spot.account.assets", {}),), takes_symbol=False, needed=("coin",)),
    # Of an open order REST says the limit as priceAvg and what it filled at as basePrice.
    "orders": _Seed(
        (("spot.trade.unfilled-orders", {}),),
        _ORDER | {"size": "newSize", "priceAvg": "price", "basePrice": "priceAvg"},
        needed=_ORDER_ID,
        past=(("spot.trade.history-orders", {}),),
        past_names=_SPOT_DETAIL,
    ),
    "orders-algo": _Seed(
        (("spot.trade.current-plan-order", {}),),
        {"symbol": "instId"},
        needed=_ORDER_ID,
        past=(("spot.trade.history-plan-order", {}),),
    ),
    "fill": _Seed(needed=_FILL_ID, past=(("spot.trade.fills", {}),)),
}


def is_seeded(topic: Topic) -> bool:
    """Whether REST knows the rows of this topic; of margin's it is not asked."""
    return _seed(topic) is not None


def needed(topic: Topic) -> tuple[str, ...]:
    """What a row of this topic must say to be known again when REST shows it."""
    seed = _seed(topic)
    return seed.needed if seed else ()


def readings(topic: Topic) -> tuple[Reading, ...]:
    """The calls that know the rows of a topic, first what stands, then what is past; none where it is not seeded."""
    seed = _seed(topic)
    if seed is None:
        return ()
    market = {} if topic.inst_type == "SPOT" else {"productType": topic.inst_type}
    if seed.takes_symbol and topic.name != EVERY:
        market["symbol"] = topic.name
    past_names = seed.names if seed.past_names is None else seed.past_names
    return (
        *(Reading(find(name), {**market, **more}, True, seed.names, seed.needed) for name, more in seed.calls),
        *(Reading(find(name), {**market, **more}, False, past_names, seed.needed) for name, more in seed.past),
    )


def belongs(topic: Topic, row: Row) -> bool:
    """Whether a row, in the stream's words, is of this topic: some lists have every symbol or coin."""
    names = ("coin", "marginCoin") if topic.channel == "account" else ("instId", "symbol")
    return topic.name == EVERY or topic.name in [row.get(name) for name in names]


def ending(client: Client, topic: Topic, row: Row) -> Row | None:
    """What became of an order or plan that is no longer open, in the stream's words; None where REST cannot say."""
    reading = _whereabouts(topic, row)
    if reading is None:
        return None
    now, made = client.now(), milliseconds_in(row.get("cTime"))
    since = now - KEPT
    if made is not None and milliseconds(since) < made:
        since = from_milliseconds(min(made, milliseconds(now - _A_WHILE)))
    found = reading.rows(client, since=since)
    return next((told for told in found if str(told.get("orderId")) == str(row.get("orderId"))), None)


def _seed(topic: Topic) -> _Seed | None:
    if topic.inst_type == "SPOT":
        return _SPOT.get(topic.channel)
    return _FUTURES.get(topic.channel) if topic.inst_type.endswith("-FUTURES") else None


def _whereabouts(topic: Topic, row: Row) -> Reading | None:
    """The call that knows a finished order."""
    order_id, symbol = str(row.get("orderId")), str(row.get("instId"))
    match topic.inst_type == "SPOT", topic.channel:
        case True, "orders":
            return Reading(find("spot.trade.orderInfo"), {"orderId": order_id}, True, _SPOT_DETAIL)
        case True, "orders-algo":
            names = _SPOT["orders-algo"].names
            return Reading(find("spot.trade.history-plan-order"), {"symbol": symbol}, False, names)
        case False, "orders":
            given = {"symbol": symbol, "productType": topic.inst_type, "orderId": order_id}
            return Reading(find("mix.order.detail"), given, True, _ORDER)
        case False, "orders-algo":
            kind = _ASKED_BY.get(str(row.get("planType")), "profit_loss")
            given = {"planType": kind, "productType": topic.inst_type, "orderId": order_id}
            return Reading(find("mix.order.orders-plan-history"), given, False, _FUTURES["orders-algo"].names)
    return None


def _translated(row: Row, names: Mapping[str, str]) -> Row:
    """REST says null for what the stream leaves out; what has no name of its own in the stream passes through."""
    told = {names.get(name, name): value for name, value in row.items() if value is not None}
    if (kind := PLAN_TYPES.get(str(told.get("planType")))) is not None:
        told["planType"] = kind
    if isinstance(told.get("reduceOnly"), str):
        told["reduceOnly"] = told["reduceOnly"].lower()
    # An object in spot fills, a document inside a text in spot orders, a list in the stream.
    if isinstance(fees := told.get("feeDetail"), dict):
        told["feeDetail"] = [fees]
    return told
