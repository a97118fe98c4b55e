"""Which calls know what a private stream does not tell, and how their rows read in the stream's words.

The stream tells changes; pushes may be lost, and orders and fills say nothing on subscribing (page "WebSocket FAQ").
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from bitget_cli.catalogue import find
from bitget_cli.catalogue.channels import EVERY
from bitget_cli.client.paging import pages

if TYPE_CHECKING:
    from datetime import datetime

    from bitget_cli.catalogue.rows import Endpoint
    from bitget_cli.client.rest import Client
    from bitget_cli.messages import Topic

Row = Mapping[str, Any]

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


class Reading(NamedTuple):
    """A call that knows rows of a topic: all that are open, or what happened since a moment."""

    row: Endpoint
    given: Mapping[str, str]
    every: bool = True

    def rows(self, client: Client, *, since: datetime | None = None) -> Iterator[Any]:
        """The rows, page by page; `since` counts where they are events, which go back for months."""
        return pages(client, self.row, self.given, since=None if self.every else since, every=self.every)


class _Seed(NamedTuple):
    """What is read for a channel: calls with the parameters of each, and REST's names → the stream's."""

    calls: tuple[tuple[str, Mapping[str, str]], ...]
    names: Mapping[str, str] = {}
    takes_symbol: bool = True
    every: bool = True


_ORDER = {"symbol": "instId", "baseVolume": "accBaseVolume", "state": "status"}
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
    ),
    "positions": _Seed(
        (("mix.position.all-position", {}),),
        {"symbol": "instId", "locked": "frozen", "marginRatio": "marginRate"},
        takes_symbol=False,
    ),
    # Without a status only untouched orders are listed (page "Get Pending Orders").
    "orders": _Seed(
        (("mix.order.orders-pending", {}), ("mix.order.orders-pending", {"status": "partially_filled"})), _ORDER
    ),
    "orders-algo": _Seed(
        tuple(("mix.order.orders-plan-pending", {"planType": kind}) for kind in _PLAN_LISTS),
        {
            "symbol": "instId",
            "planStatus": "status",
            "stopSurplusExecutePrice": "stopSurplusPrice",
            "stopLossExecutePrice": "stopLossPrice",
        },
    ),
    "fill": _Seed((("mix.order.fills", {}),), every=False),
}
_SPOT = {
    "account": _Seed((("spot.account.assets", {}),), takes_symbol=False),
    # Of an open order REST says the limit as priceAvg and what it filled at as basePrice.
    "orders": _Seed(
        (("spot.trade.unfilled-orders", {}),),
        _ORDER | {"size": "newSize", "priceAvg": "price", "basePrice": "priceAvg"},
    ),
    "orders-algo": _Seed((("spot.trade.current-plan-order", {}),), {"symbol": "instId"}),
    "fill": _Seed((("spot.trade.fills", {}),), every=False),
}
_SPOT_DETAIL = _ORDER | {"size": "newSize"}


def is_seeded(topic: Topic) -> bool:
    """Whether REST knows the rows of this topic; of margin's it is not asked."""
    return _seed(topic) is not None


def readings(topic: Topic) -> tuple[Reading, ...]:
    """The calls that know the rows of a topic now; none for a topic that is not seeded."""
    seed = _seed(topic)
    if seed is None:
        return ()
    market = {} if topic.inst_type == "SPOT" else {"productType": topic.inst_type}
    if seed.takes_symbol and topic.name != EVERY:
        market["symbol"] = topic.name
    return tuple(Reading(find(name), {**market, **more}, seed.every) for name, more in seed.calls)


def in_stream_words(topic: Topic, row: Any) -> Row | None:
    """A row of REST as the stream would say it; None for what is no row."""
    seed = _seed(topic)
    return _translated(row, seed.names if seed else {}) if isinstance(row, dict) else None


def belongs(topic: Topic, row: Row) -> bool:
    """Whether a row, in the stream's words, is of this topic: some lists have every symbol or coin."""
    names = ("coin", "marginCoin") if topic.channel == "account" else ("instId", "symbol")
    return topic.name == EVERY or topic.name in [row.get(name) for name in names]


def ending(client: Client, topic: Topic, row: Row) -> Row | None:
    """What became of an order or plan that is no longer open, in the stream's words; None where REST cannot say."""
    asked = _whereabouts(topic, row)
    if asked is None:
        return None
    reading, names = asked
    for found in reading.rows(client):
        if isinstance(found, dict) and found.get("orderId") == row.get("orderId"):
            return _translated(found, names)
    return None


def _seed(topic: Topic) -> _Seed | None:
    if topic.inst_type == "SPOT":
        return _SPOT.get(topic.channel)
    return _FUTURES.get(topic.channel) if topic.inst_type.endswith("-FUTURES") else None


def _whereabouts(topic: Topic, row: Row) -> tuple[Reading, Mapping[str, str]] | None:
    """The call that knows a finished order, and how to read it."""
    order_id, symbol = str(row.get("orderId")), str(row.get("instId"))
    match topic.inst_type == "SPOT", topic.channel:
        case True, "orders":
            return Reading(find("spot.trade.orderInfo"), {"orderId": order_id}), _SPOT_DETAIL
        case True, "orders-algo":
            return Reading(find("spot.trade.history-plan-order"), {"symbol": symbol}, every=False), _SPOT[
                "orders-algo"
            ].names
        case False, "orders":
            given = {"symbol": symbol, "productType": topic.inst_type, "orderId": order_id}
            return Reading(find("mix.order.detail"), given), _ORDER
        case False, "orders-algo":
            kind = _ASKED_BY.get(str(row.get("planType")), "profit_loss")
            given = {"planType": kind, "productType": topic.inst_type, "orderId": order_id}
            return Reading(find("mix.order.orders-plan-history"), given, every=False), _FUTURES["orders-algo"].names
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
