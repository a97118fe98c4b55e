"""The private streams of a unified account, told as those of a classic one: one topic of each for all products there.

The program follows a channel of each product; behind the door one subscription is made for all of them, and a push is
parted by the product of its rows. What the streams do not tell is read by v3, and told in the same words.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from bitget_cli.catalogue import find
from bitget_cli.client.rest.pagination import pages
from bitget_cli.client.rest.response import objects
from bitget_cli.client.ws.recovery import in_stream_words
from bitget_cli.errors import NetworkError
from bitget_cli.stream_events import Topic
from bitget_cli.trading.adapters.unified.order_lists import needs_mode
from bitget_cli.trading.adapters.unified.replies import endpoint, line_of
from bitget_cli.trading.adapters.unified.vocabulary import KIND, negated, product_of, row_of
from bitget_cli.trading.model import PositionMode, Read, exact
from bitget_cli.values import Product

if TYPE_CHECKING:
    from bitget_cli.client.rest.client import Client
    from bitget_cli.client.ws.interfaces import Opener, Socket
    from bitget_cli.client.ws.recovery import RowsByRest

Row = Mapping[str, Any]

# A channel of a classic account → the topic that tells the same of a unified one, and the list that does.
_TOPICS = {
    "account": ("account", Read.BALANCE),
    "positions": ("position", Read.POSITIONS),
    "orders": ("order", Read.PAST_ORDERS),
    "orders-algo": ("strategy-order", Read.OPEN_PLANS),
    "fill": ("fill", Read.FILLS),
}
# What is read for a channel: what stands, and what is past.
_STANDING = {
    "account": Read.BALANCE,
    "positions": Read.POSITIONS,
    "orders": Read.OPEN_ORDERS,
    "orders-algo": Read.OPEN_PLANS,
}
_PAST = {"orders": Read.PAST_ORDERS, "orders-algo": Read.PAST_PLANS, "fill": Read.FILLS}
_ENDED = "ended"


class UnifiedStream:
    """See `AccountStream`."""

    def __init__(self, topics: Sequence[Topic], *, mode: PositionMode | None) -> None:
        self._mode = mode
        # There is one wallet: it is told once, for the first of the products that ask for it.
        self._wallet = next((topic for topic in topics if topic.channel == "account"), None)

    def behind(self, opener: Opener) -> Opener:
        def open_socket(private: bool, seconds: float) -> Socket:
            socket = opener(private, seconds)
            return _Translated(socket, self) if private else socket

        return open_socket

    def readings(self, topic: Topic) -> Sequence[RowsByRest]:
        reads = [(_STANDING.get(topic.channel), True), (_PAST.get(topic.channel), False)]
        return [_Listed(self, topic, read, every) for read, every in reads if read]

    def final_state(self, client: Client, topic: Topic, row: Row) -> Row | None:
        wanted = str(row.get("orderId"))
        if topic.channel == "orders":
            told = client.call(endpoint(Read.ORDER, Product.SPOT), orderId=wanted)
            return self.told(topic, told) if isinstance(told, dict) and str(told.get("orderId")) == wanted else None
        found = _Listed(self, topic, Read.PAST_PLANS, every=True).rows(client)
        return next((one for one in found if str(one.get("orderId")) == wanted), None)

    def told(self, topic: Topic, row: Row) -> dict[str, Any]:
        """One row in the words of the channel."""
        line, read = Product(topic.inst_type.lower()), _TOPICS[topic.channel][1]
        if read is Read.PAST_ORDERS and not line.is_spot:
            read = Read.OPEN_ORDERS
        mode = self._mode if read is Read.OPEN_PLANS and needs_mode(row) else None
        classic = row_of(read, line, row, mode=mode)
        classic.pop("fee", None)
        if topic.channel == "orders":
            fees = objects(row.get("feeDetail"))
            classic["feeDetail"] = [{"feeCoin": one.get("feeCoin"), "fee": negated(one.get("fee"))} for one in fees]
        if changed := classic.pop("updatedTime", None):
            classic["uTime"] = changed
        told = dict(in_stream_words(topic, classic))
        return told | {KIND.name: told.pop(KIND.name)}

    def parted(self, topic: Topic, rows: Iterable[Row]) -> list[dict[str, Any]]:
        """Those rows that are of the topic's product."""
        if topic.channel == "account":
            coins = [coin for row in rows for coin in objects(row.get("coin"))]
            return [self.told(topic, coin) for coin in coins] if topic == self._wallet else []
        line = Product(topic.inst_type.lower())
        of = line_of if topic.channel == "positions" else product_of
        return [self.told(topic, row) for row in rows if of(row) is line]

    def is_of_wallet(self, topic: Topic) -> bool:
        return topic == self._wallet


class _Listed(NamedTuple):
    """A list of v3 behind a topic; see `RowsByRest`."""

    stream: UnifiedStream
    topic: Topic
    read: Read
    every: bool

    def rows(self, client: Client, *, since: datetime | None = None) -> list[Row]:
        line = Product(self.topic.inst_type.lower())
        if self.read is Read.BALANCE:
            return self._wallet(client)
        row = endpoint(self.read, line)
        found = list(pages(_Careful(client), row, {"category": line.wire}, since=since, every=self.every))  # type: ignore[arg-type]  # it calls and tells the time, and is asked for no more
        seen: dict[str, Row] = {}
        for one in found:
            name = row.paging.row_id or "orderId"
            seen.setdefault(str(one.get(name)) if one.get(name) else repr(one), one)
        return [self.stream.told(self.topic, one) for one in seen.values()]

    def _wallet(self, client: Client) -> list[Row]:
        if not self.stream.is_of_wallet(self.topic):
            return []
        told = client.call(find("v3.account.assets"))
        coins = told.get("assets", ()) if isinstance(told, dict) else ()
        if coins == () or not isinstance(coins, list | None) or not all(isinstance(coin, dict) for coin in coins or ()):
            raise NetworkError("the exchange did not say what is in the wallet", hint="try again; see bitget doctor")
        return [self.stream.told(self.topic, coin) for coin in coins or ()]


class _Careful:
    """A client whose answers are looked at before anybody takes what is no list for one without rows."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self.now = client.now

    def call(self, row: Any, **given: Any) -> Any:
        data = self._client.call(row, **given)
        at = row.paging.rows_at
        held = data.get(at, ()) if at and isinstance(data, dict) else data
        if (held is not None and not isinstance(held, list)) or not all(
            isinstance(one, dict) and one.get("symbol") for one in held or ()
        ):
            raise NetworkError(
                f"Bitget's answer to GET {row.path} makes no sense: a row that does not say what it is about",
                hint="try again; see bitget doctor",
                endpoint=f"GET {row.path}",
            )
        return data


class _Frame(str):
    """A frame in the words of the channels; `own` is the exchange's text, which only the first of its lines has."""

    own: str

    def __new__(cls, text: str, own: str) -> _Frame:
        frame = super().__new__(cls, text)
        frame.own = own
        return frame


class _Translated:
    """A connection to the private streams; see `Socket`."""

    def __init__(self, socket: Socket, stream: UnifiedStream) -> None:
        self._socket, self._stream = socket, stream
        self._waiting: deque[str | bytes] = deque()
        # Topic → the channels that are followed by it, as they are named in frames of ours.
        self._followed: dict[str, dict[Topic, dict[str, Any]]] = {}
        # Those that wait for an answer to the last request about their topic.
        self._asked: dict[str, dict[Topic, dict[str, Any]]] = {}
        self._held: dict[tuple[str, ...], Row] = {}

    def close(self) -> None:
        self._socket.close()

    def send(self, text: str) -> None:
        try:
            frame = json.loads(text)
        except ValueError:
            frame = None
        if not isinstance(frame, dict) or frame.get("op") not in ("subscribe", "unsubscribe"):
            self._socket.send(text)
            return
        args: dict[str, dict[str, str]] = {}
        for arg in frame["args"]:
            topic = _TOPICS[arg["channel"]][0]
            known = Topic(arg["instType"], arg["channel"], arg.get("instId") or arg.get("coin") or "default")
            self._followed.setdefault(topic, {})[known] = arg
            self._asked.setdefault(topic, {})[known] = arg
            args[topic] = {"instType": "UTA", "topic": topic}
            if topic == "strategy-order":
                args[topic]["symbol"] = "default"
        if "position" in args:
            # The answer to this is all that is held.
            self._held.clear()
        self._socket.send(_spelt({"op": frame["op"], "args": list(args.values())}))

    def recv(self, seconds: float) -> str | bytes | None:
        if not self._waiting:
            text = self._socket.recv(seconds)
            if text is None:
                return None
            self._waiting.extend(self._told(text) if isinstance(text, str) else [text])
        return self._waiting.popleft() if self._waiting else None

    def _told(self, text: str) -> Sequence[str]:
        """The same frame for each channel that it is about; one that is about none of them as it came."""
        try:
            frame = json.loads(text, parse_float=str)
        except (ValueError, RecursionError):
            return [text]
        arg = frame.get("arg") if isinstance(frame, dict) else None
        topic = arg.get("topic") if isinstance(arg, dict) else None
        followed = self._followed.get(topic) if isinstance(topic, str) else None
        if followed is None or not isinstance(topic, str):
            return [text]
        if "data" not in frame:
            return [_spelt(frame | {"arg": own}) for own in (self._asked.pop(topic, None) or followed).values()]
        data = frame["data"]
        rows = data if isinstance(data, list) else [data]
        if not all(isinstance(row, dict) for row in rows):
            return [_spelt(frame | {"arg": own, "data": rows}) for own in followed.values()]
        return self._pushes(frame, rows, followed, text)

    def _pushes(
        self, frame: Mapping[str, Any], rows: Sequence[Row], followed: Mapping[Topic, Any], text: str
    ) -> Sequence[str]:
        channel = next(iter(followed)).channel
        if channel == "positions":
            rows = self._all_held(rows)
        told: list[str] = []
        for topic, own in followed.items():
            part = self._stream.parted(topic, rows)
            # All that is held, and all that is in the wallet, is told of a product that has nothing too.
            if part or channel in ("positions", "account"):
                told.append(_Frame(_spelt({**frame, "arg": own, "data": part}), "" if told else text))
        return told

    def _all_held(self, rows: Sequence[Row]) -> list[Row]:
        """Every position that is open: a push may tell only those that changed, a closed one once more."""
        for row in rows:
            key = tuple(str(row.get(name)) for name in ("symbol", "posSide", "marginMode"))
            if row.get("positionStatus") == _ENDED or not exact(row.get("size")):
                self._held.pop(key, None)
            else:
                self._held[key] = row
        return list(self._held.values())


def _spelt(frame: Mapping[str, Any]) -> str:
    return json.dumps(frame, ensure_ascii=False, separators=(",", ":"))
