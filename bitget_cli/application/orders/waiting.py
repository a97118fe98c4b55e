"""Waiting until orders are filled: a stream says when to look, and what REST tells then is what counts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import inf
from typing import TYPE_CHECKING, NamedTuple

from bitget_cli.application.changes import counted
from bitget_cli.application.orders import open_orders
from bitget_cli.catalogue import channels
from bitget_cli.errors import (
    BitgetError,
    IncompleteError,
    NetworkError,
    RateLimitedError,
    RejectedError,
    UnavailableError,
)
from bitget_cli.stream_events import Gap, Push, Status, Topic
from bitget_cli.trading.model import OrderState
from bitget_cli.trading.order_lookup import OrderLookup, named
from bitget_cli.trading.order_model import Order, OrderList, OrderName, Plan

if TYPE_CHECKING:
    from bitget_cli.session import Session
    from bitget_cli.stream_events import Message, Source
    from bitget_cli.trading.adapters.protocol import AccountAdapter

# Seconds in which a stream that is listened to looks at the clock.
TICK = 0.2
# Seconds from one look at everything to the next, at least and for each order; between two looks for news; and where
# one is in doubt.
_EVERY = 5.0
_EVERY_ORDER = 0.5
_BREATH = 0.25
_IN_DOUBT = 2.0
# Seconds that the last look may take.
_LAST_LOOK = 1.0
# Seconds in which an order that was replaced may not be there yet, one that was triggered not known, and one that was
# there may be missing.
_REPLACED = 30.0
_TRIGGERED = 10.0
_MISSING = 60.0
# Seconds between looks for an order of this profile that no list shows yet.
_NOT_YET = (0.5, 1.0, 1.5)


class Ended(NamedTuple):
    """An order that is over, and the id that it was waited for under. One that `is_gone` was seen so last."""

    typed: str
    order: Order | Plan
    is_gone: bool = False

    @property
    def is_filled(self) -> bool:
        return self.order.state is OrderState.FILLED and not self.is_gone

    @property
    def sentence(self) -> str:
        """How it ended otherwise."""
        order = self.order
        if self.is_gone:
            return f"order {self.typed} of {order.symbol.name} is not there any more"
        word = "was cancelled" if order.state is OrderState.CANCELLED else f"failed ({order.state_word})"
        return f"order {self.typed} of {order.symbol.name} {word}{_part_of(order)}"


def _part_of(order: Order | Plan) -> str:
    if not isinstance(order, Order) or not order.filled:
        return ""
    whole = "" if order.in_money or order.size is None else f" of {order.size:f}"
    return f" with {order.filled:f}{whole} filled"


class Waited:
    """One order that is waited for: as it was seen last, the name that every change of it is found by, and since when
    (monotonic) it has been in doubt."""

    def __init__(self, typed: str, order: Order | Plan) -> None:
        self.typed = self.name = typed
        self.order = order
        self.doubtful_since: float | None = None
        self.is_gone = False

    @property
    def names(self) -> set[str]:
        return {self.typed, self.name, self.order.order_id, self.order.client_order_id or self.name}

    @property
    def ended(self) -> Ended:
        return Ended(self.typed, self.order, self.is_gone)

    def is_named_in(self, push: Push) -> bool:
        return any(isinstance(value, str) and value in self.names for value in push.data.values())


def until_filled(
    session: Session, ids: Sequence[str], *, symbol: str | None, product: str | None, seconds: float | None, typed: str
) -> Iterator[Ended]:
    """The orders as each ends, read from now on; they are found before this returns.

    A waiting order is over once the order that it led to is. Raises RejectedError for an id that there is not; what is
    iterated raises it once an order ended otherwise, and IncompleteError once `seconds`, `typed` so, are
    over.
    """
    until = inf if seconds is None else session.clock.monotonic() + seconds
    those = [Waited(text, _found(session, text, symbol=symbol, product=product)) for text in dict.fromkeys(ids)]
    return _Wait(session, those, until=until, typed=typed).ends()


def _found(session: Session, text: str, *, symbol: str | None, product: str | None) -> Order | Plan:
    """Raises RejectedError where no book has it; one that was placed from here may take a moment to show."""
    for pause in (*_NOT_YET, None):
        try:
            return open_orders.located(session, text, symbol=symbol, product=product, past=True)
        except RejectedError as missing:
            if isinstance(missing, UnavailableError) or missing.code:
                raise
            if pause is None or open_orders.lookup(session).market_of(text) is None:
                raise
        session.clock.sleep(pause)
    raise AssertionError("the last pause is none")


class _Wait:
    def __init__(self, session: Session, those: list[Waited], *, until: float, typed: str) -> None:
        self._session = session
        self._clock = session.clock
        self._waiting = those
        self._until = until
        self._typed = typed
        self._source: Source | None = None
        self._said = ""

    def ends(self) -> Iterator[Ended]:
        first, among = True, self._waiting
        while True:
            ended = [one for one in among if self._is_over(one, looks=not first)]
            for one in ended:
                self._waiting.remove(one)
                if not one.is_gone:
                    yield one.ended
            self._judge([one.ended for one in ended])
            if not self._waiting:
                return
            if first:
                self._source, first = self._opened(), False
                if self._session.console.is_attended:
                    self._session.say(f"waiting for {counted(len(self._waiting), 'order')}; Ctrl-C ends it")
            among = self._news()

    def _judge(self, ended: Sequence[Ended]) -> None:
        """Raises RejectedError for orders that were not filled, IncompleteError where the time is over."""
        lost = [one for one in ended if not one.is_filled]
        if lost:
            raise RejectedError("; ".join(one.sentence for one in lost), hint=self._hint(lost[0]))
        if self._waiting and self._clock.monotonic() >= self._until:
            names = ", ".join(one.typed for one in self._waiting)
            raise IncompleteError(
                f"--for {self._typed} was over before {names} {'was' if len(self._waiting) == 1 else 'were'} filled",
                hint=f"bitget order wait {' '.join(one.typed for one in self._waiting)}",
            )

    def _hint(self, lost: Ended) -> str:
        """What to look at: one that was modified by other means, of which no journal here tells, rests as another."""
        show = f"bitget order show {lost.typed}"
        if lost.is_gone or not isinstance(lost.order, Order) or lost.order.state is not OrderState.CANCELLED:
            return show
        try:
            rests = open_orders.in_its_place(self._session, lost.order)
        except BitgetError:
            return show
        if not rests:
            return show
        return f"at that moment order {rests[0]} was made, which rests: bitget order wait {rests[0]}"

    # What there is to hear.

    def _opened(self) -> Source | None:
        """A stream of the products' orders. It is an ear and no more: without one the exchange is asked."""
        lines = dict.fromkeys(one.order.symbol.product.wire for one in self._waiting)
        words = ("orders", "plans") if any(isinstance(one.order, Plan) for one in self._waiting) else ("orders",)
        topics = [Topic(line, channels.of_word(line, word).name, channels.EVERY) for line in lines for word in words]
        try:
            return self._session.watch(topics, waits=True)
        except BitgetError as failure:
            self._note(f"there is no stream to wait with ({failure.message})")
            return None

    def _news(self) -> list[Waited]:
        """The orders that something was told of, or all once it is time to look at them."""
        began = self._clock.monotonic()
        doubtful = any(one.doubtful_since is not None for one in self._waiting)
        every = _IN_DOUBT if doubtful else max(_EVERY, _EVERY_ORDER * len(self._waiting))
        due = min(began + every, self._until)
        told: list[Waited] = []
        while (now := self._clock.monotonic()) < due and not (told and now >= began + _BREATH):
            messages = self._heard(due - now)
            if any(_tells_of_a_hole(message) for message in messages):
                return list(self._waiting)
            pushes = [message for message in messages if isinstance(message, Push)]
            told += [one for one in self._waiting if one not in told and any(map(one.is_named_in, pushes))]
        return told or list(self._waiting)

    def _heard(self, seconds: float) -> Sequence[Message]:
        if self._source is None:
            self._clock.sleep(seconds)
            return ()
        try:
            taken = self._source.take(min(TICK, seconds))
        except BitgetError as failure:
            self._note(f"the stream has ended ({failure.message})")
            taken = None
        if taken is None:
            self._source = None
        return taken or ()

    # What has become of them.

    def _is_over(self, one: Waited, *, looks: bool) -> bool:
        try:
            return self._is_settled(one) if not looks else self._look(one)
        except UnavailableError:
            raise
        except (NetworkError, RateLimitedError, RejectedError) as failure:
            self._note(failure.message)
            return False

    def _look(self, one: Waited) -> bool:
        found = self._as_it_is(one)
        if found is None or found.state is OrderState.CANCELLED:
            found = self._in_its_place(one) or found or self._anywhere(one)
        if found is None:
            one.is_gone = not self._is_doubtful_for(one, _MISSING)
            return one.is_gone
        one.order = found
        return self._is_settled(one)

    def _is_settled(self, one: Waited) -> bool:
        """Whether it is over for good; one that a waiting order led to takes the place of that."""
        order = one.order
        if not (order.state and order.state.is_over):
            one.doubtful_since = None
            return False
        if isinstance(order, Plan) and order.state is OrderState.FILLED:
            made = self._adapter.came_of(order)
            if made is None:
                return not self._is_doubtful_for(one, _TRIGGERED)
            one.order, one.name = made, made.order_id
            return self._is_settled(one)
        if order.state is OrderState.CANCELLED and self._may_be_replaced(one):
            return not self._is_doubtful_for(one, _REPLACED)
        return True

    def _is_doubtful_for(self, one: Waited, seconds: float) -> bool:
        """Whether it has been in doubt for less than this."""
        now = self._clock.monotonic()
        one.doubtful_since = now if one.doubtful_since is None else one.doubtful_since
        return now < one.doubtful_since + seconds

    def _as_it_is(self, one: Waited) -> Order | Plan | None:
        market, name = one.order.symbol, OrderName(one.order.order_id)
        if isinstance(one.order, Order):
            return self._adapter.look(market, name)
        return self._adapter.find_order(
            [name], products=[market.product], market=market, first=OrderList.PLANS, past=True
        )

    def _in_its_place(self, one: Waited) -> Order | None:
        """The order that a change of this profile made of it, by the newest name that is known."""
        for text in self._books.became(one.name):
            if text in one.names:
                break
            for name in named(text):
                if found := self._adapter.look(one.order.symbol, name):
                    return found
        return None

    def _anywhere(self, one: Waited) -> Order | Plan | None:
        """In whichever book: of a cancelled order the exchange forgets the detail before it forgets the order."""
        market, first = one.order.symbol, OrderList.PLANS if isinstance(one.order, Plan) else OrderList.ORDERS
        try:
            return self._books.locate(one.name, products=[market.product], market=market, first=first, past=True)
        except RejectedError as missing:
            if isinstance(missing, UnavailableError) or missing.code:
                raise
            return None

    def _may_be_replaced(self, one: Waited) -> bool:
        """Whether a change of this profile may have made another order, which does not show yet."""
        return self._books.became(one.name)[0] not in one.names

    @property
    def _books(self) -> OrderLookup:
        return OrderLookup(self._adapter, lambda: self._session.journal)

    @property
    def _adapter(self) -> AccountAdapter:
        adapter = self._session.adapter
        return adapter if self._until == inf else adapter.ending_at(self._until + _LAST_LOOK)

    def _note(self, trouble: str) -> None:
        """The same trouble once."""
        if trouble != self._said:
            self._said = trouble
            self._session.say(f"note: {trouble}; still waiting for {counted(len(self._waiting), 'order')}")


def _tells_of_a_hole(message: Message) -> bool:
    """Whether something may have happened that nobody told: before a subscription, or while there was none."""
    if isinstance(message, Gap):
        return message.until is not None
    return isinstance(message, Status) and message.event == "subscribed"
