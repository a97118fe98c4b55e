"""What an adapter answers: one kind of account, told in the words of `trading/model.py`.

Above it nobody knows a path, a row of the catalogue or a name on the wire. What is only shown comes up as the
exchange's own rows, in one vocabulary whatever the account; what is read comes up typed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Protocol

from bitget_cli.catalogue.model import Endpoint, Field
from bitget_cli.errors import UsageError
from bitget_cli.trading.change import (
    Batch,
    Change,
    ChangeKind,
    ItemReply,
    ListRole,
    Lookup,
    LookupKey,
    Question,
    StateReached,
    Trace,
)
from bitget_cli.trading.convert import ConversionRequest, Quote, SmallBalance
from bitget_cli.trading.model import (
    Account,
    Balance,
    Equity,
    ExitIntent,
    Instrument,
    MarginMode,
    OrderIntent,
    PlanIntent,
    Position,
    PositionMode,
    PositionSide,
    Prices,
    Read,
    Shown,
    StrategyIntent,
    Terms,
)
from bitget_cli.trading.order_model import NewTerms, Order, OrderList, OrderName, Plan
from bitget_cli.values import Product, Symbol

if TYPE_CHECKING:
    from bitget_cli.client.rest.client import Client
    from bitget_cli.client.ws.recovery import AccountStream
    from bitget_cli.stream_events import Topic
    from bitget_cli.trading.subaccount import KeyTerms, MadeKey, Purse, Right, SubAccount, SubKey

Given = Mapping[str, Any]
Row = Mapping[str, Any]


class OrderRequests(Protocol):
    """Orders and positions, from what is meant to the change on the wire."""

    def place(self, intent: OrderIntent, terms: Terms | None) -> Change: ...

    def batch(self, intents: Sequence[OrderIntent], terms: Terms | None) -> list[Change | Batch]:
        """Several orders of one market and margin mode, in as few calls as the wire allows."""

    def modify(
        self, order: Order, given: NewTerms, *, price: Decimal | None, size: Decimal | None, what: str
    ) -> Change:
        """A new price and size together, or, without them, attached exits alone (`tp`, `sl`; 0 takes one away)."""

    def cancel(self, market: Symbol, orders: Sequence[OrderName]) -> list[Change | Batch]:
        """Orders of one market, in as few calls as the wire allows."""

    def cancel_market(self, market: Symbol) -> Change: ...

    def cancel_product(self, product: Product) -> Change: ...

    def close_whole(self, market: Symbol, side: PositionSide, *, hedges: bool) -> Change: ...

    def close_product(self, product: Product) -> Change: ...

    def reverse(self, market: Symbol, side: PositionSide, terms: Terms, *, size: Decimal) -> list[Change]:
        """Close a position and open its opposite: one change, or one after the other."""

    def name_in(self, body: Any) -> OrderName:
        """What a request of ours, or a row of a list, calls the order that it is about."""

    def was_to_close(self, body: Any) -> bool:
        """Whether a request of ours placed an order that only closes, where the order itself does not tell."""

    def product_of(self, row_name: str, body: Any) -> Product | None:
        """Where a request of ours went."""


class PlanRequests(Protocol):
    """Orders that wait, and exits of positions."""

    def place(self, intent: PlanIntent, terms: Terms | None) -> Change: ...

    def strategy(self, intent: StrategyIntent, terms: Terms | None) -> Change:
        """A pair of which one takes the other away, or an order in parts."""

    def exits(self, intent: ExitIntent, terms: Terms | None) -> list[Change]:
        """What puts exits on a position; `terms` None means coins held in spot."""

    def scale_out(
        self,
        parts: Sequence[ExitIntent],
        stop: ExitIntent | None,
        standing: Sequence[Plan],
        terms: Terms,
        *,
        size: Decimal,
    ) -> list[Change]:
        """Take-profits of parts of a position of this `size`, and a stop for all of it, in place of the exits of the
        whole position among those `standing`: in such an order that nothing is taken away before its successor."""

    def modify(self, plan: Plan, given: NewTerms, *, margin_coin: str, what: str) -> Change: ...

    def cancel(self, plan: Plan) -> Change: ...

    def cancel_all(self, product: Product, market: Symbol | None, plans: Sequence[Plan]) -> list[Change]:
        """Every waiting order of a market or a product, of which `plans` were seen."""


class SettingRequests(Protocol):
    """Settings of an account, and transfers between its wallets."""

    def leverage(
        self,
        symbol: Symbol,
        value: Decimal,
        *,
        margin_coin: str,
        margin_mode: MarginMode | None,
        side: PositionSide | None,
        each_side: bool,
        other_mode: bool = False,
    ) -> Change:
        """`other_mode`: the margin mode is not the one that the account trades the market in."""

    def margin_mode(self, symbol: Symbol, mode: MarginMode, *, margin_coin: str) -> Change: ...

    def position_mode(self, product: Product, mode: PositionMode) -> Change: ...

    def margin(
        self, symbol: Symbol, side: PositionSide, value: Decimal, *, removes: bool, margin_coin: str
    ) -> Change: ...

    def auto_margin(self, symbol: Symbol, side: PositionSide, switch: str, *, margin_coin: str) -> Change: ...

    def transfer(self, coin: str, value: Decimal, *, source: str, target: str, pair: str | None) -> Change | None:
        """None where both are names of one wallet, so that nothing has to be moved."""


class SubaccountRequests(Protocol):
    """Sub-accounts, their keys, and money between them. Each raises UnavailableError for what the account has not, and
    UsageError for words that the exchange does not take."""

    def create(self, name: str, *, note: str | None) -> Change: ...

    def modify(
        self, sub: SubAccount, *, rights: frozenset[Right] | None, frozen: bool | None, note: str | None, what: str
    ) -> list[Change]:
        """What is None stays as it is."""

    def transfer(self, coin: str, value: Decimal, *, source: Purse, target: Purse, pair: str | None) -> Change: ...

    def create_key(self, sub: SubAccount, terms: KeyTerms, *, what: str) -> Change: ...

    def modify_key(self, sub: SubAccount, key: SubKey, terms: KeyTerms, *, what: str) -> Change: ...

    def remove_key(self, sub: SubAccount, key: SubKey) -> Change: ...

    def made_key(self, response: Any) -> MadeKey | None:
        """The key in the answer that made it; None where the answer has none."""


class ConversionRequests(Protocol):
    """One coin into another."""

    def convert(self, quote: Quote) -> Change: ...

    def convert_small(self, coins: Sequence[str], *, what: str) -> Change: ...


class ChangeAdapter(Protocol):
    """How changes are spelt, how they are known again, and what is answered to them. A module may be one."""

    def kind_of(self, row: Endpoint, given: Given) -> ChangeKind: ...

    def only_closes(self, row: Endpoint, given: Given) -> bool:
        """Whether a change can make a position smaller and nothing else."""

    def ids_to_send(self, change: Change, oid: str) -> Mapping[str, str]:
        """The client id under the names by which the row takes it; none where it takes none."""

    def own_ids(self, kind: ChangeKind, given: Given) -> Sequence[str]:
        """The client ids that name what a request makes, and not the order that it replaces."""

    def lookup_key(self, change: Change, given: Given, around: Given) -> LookupKey:
        """How what became of a change is found. `given` is sent for it, `around` beside the list of a batch."""

    def lookup_for(self, row: Endpoint, given: Given) -> Lookup:
        """The questions for a change of this row; `given` are its parameters as sent, client ids included."""

    def fingerprint(self, given: Given) -> Mapping[str, str]:
        """What of a request shows again in the order it makes."""

    def with_snapshot(self, key: LookupKey, change: Change, given: Given, client: Client) -> LookupKey:
        """The key with what is there before the change leaves. Raises what the client raises."""

    def role_of(self, row: Endpoint) -> ListRole: ...

    def time_window(self, row: Endpoint, moment: int) -> Mapping[str, str]:
        """The times by which a list is asked for what was made about `moment` (epoch ms)."""

    def by_order_id(self, question: Question, order_id: str) -> Question:
        """The question for one order, asked about another by its id."""

    def of_everybody(self, question: Question, moment: int | None) -> Question:
        """The question for past orders, without a client id, about a time (epoch ms)."""

    def by_terms(self, lookup: Lookup) -> Lookup:
        """The questions that can be asked without an id: lists, of what was not there before."""

    def trace(self, row: Row) -> Trace:
        """What a row of an answer or a list tells of an order, a transfer or a conversion."""

    def matches(self, row: Row, wanted: Mapping[str, str]) -> bool:
        """Whether a row shows the wanted values, as far as it shows them at all."""

    def matches_firmly(self, row: Row, wanted: Mapping[str, str]) -> bool:
        """The same, by what an order always shows as it was sent."""

    def is_alike(self, row: Row, part: Mapping[str, str]) -> bool:
        """Whether a row may be what was meant, though it shows other numbers: a conversion of the same two coins, or an
        order of a type of which nobody knows how it is shown."""

    def has_new_values(self, row: Row, wanted: Mapping[str, str]) -> bool | None:
        """Whether an order shows the values it was to be given; None where it shows none of them."""

    def tells_state(self, row_name: str) -> bool:
        """Whether a change of this row is known by what it leaves."""

    def state_reached(
        self, row_name: str, given: Given, rows: Sequence[Row], *, signed_at: int, before: Mapping[str, str]
    ) -> tuple[StateReached, Row | None]:
        """How things stand after a change, by every row that was answered, and the one row that is about it."""

    def confirms(self, kind: ChangeKind, row_name: str, body: str, key: LookupKey, data: Any) -> bool:
        """Whether the `data` of a success speaks of this very change."""

    def is_judged_by_lists(self, kind: ChangeKind, row_name: str) -> bool:
        """Whether a success says order by order what became of each."""

    def is_confirmed_whole(self, row_name: str, body: str, data: Any) -> bool | None:
        """For a call that names no order in its answer: whether it confirms all of it; None where its lists decide."""

    def is_only_received(self, kind: ChangeKind, row_name: str) -> bool:
        """Whether a success says no more than that the change will be looked at."""

    def speaks_of_all(self, row_name: str, there: Sequence[str], told: Sequence[ItemReply]) -> bool:
        """Whether an answer speaks of everything that was there: ids of orders, or markets."""

    def told(self, answer: Any, row_name: str, body: str) -> Any:
        """What was answered to a request of this row, or shown of it when it was looked up, in the one vocabulary."""

    def replies(self, data: Any) -> tuple[list[ItemReply], list[ItemReply]]:
        """The successes and failures of a batch's answer; none where they are not plainly lists of objects."""


class AccountAdapter(Protocol):
    """One kind of account behind one client."""

    def verbatim(self) -> AccountAdapter:
        """The same account, showing its rows in the exchange's own words."""

    def ending_at(self, until: float) -> AccountAdapter:
        """The same account, for what is worth an answer until this monotonic second."""

    # What is read.

    def account(self, market: Symbol, *, margin_coin: str) -> Account: ...

    def positions(self, product: Product) -> list[Position]: ...

    def positions_in(self, market: Symbol, *, margin_coin: str) -> list[Position]:
        """The positions of one market: two at most, in hedge mode."""

    def balances(self, product: Product, *, coin: str | None) -> list[Balance]: ...

    def prices(self, market: Symbol) -> Prices | None: ...

    def quotes(self, market: Symbol) -> Prices | None:
        """With the best bid and ask, and the index where there is one."""

    def largest_open(
        self, market: Symbol, side: PositionSide, *, price: Decimal | None, margin_coin: str
    ) -> Decimal | None:
        """What could be opened now, in base coin, with the modes and leverage in force; at market without a price."""

    def equity(self, product: Product, *, coin: str) -> Equity | None:
        """What is there to be risked: of a futures line or, in spot, of a coin; the whole account where it is one."""

    def last_price(self, market: Symbol) -> Decimal | None:
        """Of a spot market; None for one that is listed and not traded (yet, or any more)."""

    def liquidation(
        self, market: Symbol, side: PositionSide, *, size: Decimal, price: Decimal | None, margin_coin: str
    ) -> Decimal | None:
        """Where a position opened now would be liquidated."""

    def instruments(self, product: Product) -> dict[str, Row]:
        """What is listed, by name; the rows can be kept on disk and read by `instrument`."""

    def instrument(self, market: Symbol, row: Row) -> Instrument: ...

    def coins_of(self, row: Row) -> tuple[str, str]:
        """Base and quote coin of what is listed."""

    def unknown(self, market: Symbol) -> UsageError:
        """The sentence for a market that is not listed, with near misses."""

    def find_order(
        self,
        names: Sequence[OrderName],
        *,
        products: Sequence[Product],
        market: Symbol | None,
        first: OrderList | None = None,
        past: bool = False,
    ) -> Order | Plan | None:
        """The order of one of these names in any open book, those of `first` before the others; then in the past."""

    def look(self, market: Symbol, name: OrderName) -> Order | None:
        """An order as it is now, open or past, by one question; None where the exchange knows none of this name."""

    def past_orders(self, product: Product, market: Symbol | None, *, since: datetime) -> Iterator[Order]:
        """Orders made since then that are over."""

    def came_of(self, plan: Plan) -> Order | None:
        """The order that a waiting one was carried out by; None where the exchange does not tell it (yet)."""

    def order(self, row: Row, market: Symbol) -> Order | Plan:
        """An order that the exchange told somewhere."""

    def open_orders(self, product: Product, market: Symbol | None) -> Iterator[Order]: ...

    def open_plans(self, product: Product, market: Symbol | None) -> Iterator[Plan]: ...

    def quote(self, wanted: ConversionRequest) -> Quote: ...

    def small_balances(self) -> list[SmallBalance]: ...

    def user_id(self) -> str:
        """Of the account that the key belongs to."""

    def subaccounts_there(self) -> list[SubAccount]: ...

    def keys_of(self, sub: SubAccount) -> list[SubKey]: ...

    # What is shown.

    def fields(self, read: Read, product: Product = ...) -> tuple[Field, ...]: ...

    def row(self, read: Read, row: Row, product: Product = ...) -> Row:
        """A row that was read elsewhere, as it is shown."""

    def ask(self, read: Read, product: Product = ..., market: Symbol | None = None, **words: Any) -> Shown:
        """A whole answer; `words` narrow it, in a trader's words (coin, side, size, price)."""

    def ask_one(self, read: Read, market: Symbol, **words: Any) -> Shown:
        """The one thing told about a market; empty where there is none."""

    def listed(
        self,
        read: Read,
        product: Product,
        market: Symbol | None = None,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        limit: int | None = None,
        every: bool = False,
        **words: Any,
    ) -> Iterator[Any]:
        """Rows of a list as they arrive, page after page."""

    def detail(self, order: Order) -> Shown: ...

    def led_to(self, plan: Plan) -> Any:
        """The orders a waiting order led to; None for one that leads to none."""

    def stream(self, topics: Sequence[Topic]) -> AccountStream | None:
        """How these topics are followed where the account has streams of its own; None where it has theirs."""

    # What is sent, and how its end is found out.

    @property
    def orders(self) -> OrderRequests: ...

    @property
    def plans(self) -> PlanRequests: ...

    @property
    def settings(self) -> SettingRequests: ...

    @property
    def conversions(self) -> ConversionRequests: ...

    @property
    def subaccounts(self) -> SubaccountRequests: ...
