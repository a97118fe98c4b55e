"""The unified account: what v3 answers, in the words of the model and in the one vocabulary of rows."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Any

from bitget_cli.catalogue import find
from bitget_cli.catalogue.model import Endpoint, Field
from bitget_cli.client.rest.response import certain_objects, objects, record
from bitget_cli.errors import CredentialsError, RejectedError, UsageError
from bitget_cli.trading.adapters.classic.adapter import ClassicAdapter, texts, user_of
from bitget_cli.trading.adapters.classic.adapter import endpoint as classic_endpoint
from bitget_cli.trading.adapters.classic.order_requests import ids_of
from bitget_cli.trading.adapters.unified import order_lists, replies
from bitget_cli.trading.adapters.unified.replies import endpoint
from bitget_cli.trading.adapters.unified.vocabulary import KIND, plan_rows, row_of, told_otherwise
from bitget_cli.trading.model import (
    Account,
    Balance,
    Equity,
    Instrument,
    MarginMode,
    Position,
    PositionMode,
    PositionSide,
    Prices,
    Read,
    Shown,
    exact,
)
from bitget_cli.trading.order_model import Order, OrderName, Plan
from bitget_cli.values import Product, Symbol, is_whole

if TYPE_CHECKING:
    from bitget_cli.client.rest.client import Client
    from bitget_cli.client.ws.recovery import AccountStream
    from bitget_cli.stream_events import Topic
    from bitget_cli.trading.adapters.protocol import (
        ConversionRequests,
        OrderRequests,
        PlanRequests,
        SettingRequests,
        SubaccountRequests,
    )
    from bitget_cli.trading.adapters.unified.account_requests import AccountRequests
    from bitget_cli.trading.convert import ConversionRequest, Quote, SmallBalance
    from bitget_cli.trading.order_model import OrderList
    from bitget_cli.trading.subaccount import SubAccount, SubKey

Row = Mapping[str, Any]

_PLANS = (Read.OPEN_PLANS, Read.PAST_PLANS)
_P2P = (Read.P2P_ORDERS, Read.P2P_ADS)
# What narrows a question, in the words of v3.
_WORDS = {"booking": "type", "subaccount": "subUid", "sender": "subUid"}
# A list without a range tells its newest rows, as many as a page has: of these days at most.
_PAGE = 100
_DAYS = timedelta(days=90) - timedelta(minutes=1)
# More than any list has, where rows are picked from it: it is read until there are enough.
_MANY = 10**9
_NO_SUCH_SYMBOL = "25100"
_NOT_ALLOWED = "40014"


class UnifiedAdapter:
    """See `AccountAdapter`. What everybody may read is read as ever, by v2."""

    def __init__(self, client: Client, *, verbatim: bool = False) -> None:
        self._client = client
        self._verbatim = verbatim
        self._public = ClassicAdapter(client)

    def ending_at(self, until: float) -> UnifiedAdapter:
        return UnifiedAdapter(self._client.ending_at(until), verbatim=self._verbatim)

    def verbatim(self) -> UnifiedAdapter:
        return UnifiedAdapter(self._client, verbatim=True)

    # What is read.

    def account(self, market: Symbol, *, margin_coin: str) -> Account:
        settings, assets = self._settings_and_assets()
        row = replies.account_row(settings, assets, market, coin=margin_coin)
        held = self.positions_in(market, margin_coin=margin_coin)
        told = held[0].margin_mode.value if held else row.get("marginMode")
        # The settings leave out a market that was never touched.
        return replies.account(row, margin_mode=MarginMode(told) if told in tuple(MarginMode) else None)

    def positions(self, product: Product) -> list[Position]:
        return replies.positions(self._client.call(endpoint(Read.POSITIONS, product), category=product.wire), product)

    def positions_in(self, market: Symbol, *, margin_coin: str) -> list[Position]:  # noqa: ARG002  # of classic ones
        with self._knowing(market):
            row = endpoint(Read.POSITION, market.product)
            told = self._client.call(row, category=market.product.wire, symbol=market.name)
            return replies.positions(told, market.product)

    def balances(self, product: Product, *, coin: str | None) -> list[Balance]:
        return [replies.balance(row, product, verbatim=self._verbatim) for row in self._coins(coin)]

    def prices(self, market: Symbol) -> Prices | None:
        return self._public.prices(market)

    def quotes(self, market: Symbol) -> Prices | None:
        return self._public.quotes(market)

    def largest_open(
        self, market: Symbol, side: PositionSide, *, price: Decimal | None, margin_coin: str
    ) -> Decimal | None:
        del margin_coin
        return exact(self.ask_one(Read.LARGEST_OPEN, market, side=side.value, price=price).value.get("maxOpen"))

    def equity(self, product: Product, *, coin: str) -> Equity | None:
        """Of the whole account, which backs every product: in USDT."""
        del product, coin
        value = exact(record(self._client.call(endpoint(Read.BALANCE, Product.SPOT))).get("usdtEquity"))
        return None if value is None else Equity(value, "USDT")

    def last_price(self, market: Symbol) -> Decimal | None:
        return self._public.last_price(market)

    def liquidation(
        self, market: Symbol, side: PositionSide, *, size: Decimal, price: Decimal | None, margin_coin: str
    ) -> Decimal | None:
        """None: there is no such call."""
        del market, side, size, price, margin_coin
        return None

    def instruments(self, product: Product) -> dict[str, Row]:
        return self._public.instruments(product)

    def instrument(self, market: Symbol, row: Row) -> Instrument:
        return self._public.instrument(market, row)

    def coins_of(self, row: Row) -> tuple[str, str]:
        return self._public.coins_of(row)

    def unknown(self, market: Symbol) -> UsageError:
        return self._public.unknown(market)

    def find_order(
        self,
        names: Sequence[OrderName],
        *,
        products: Sequence[Product],
        market: Symbol | None,
        first: OrderList | None = None,
        past: bool = False,
    ) -> Order | Plan | None:
        return order_lists.find(
            self._client,
            names,
            products=products,
            market=market,
            first=first,
            past=past,
            listed=self._every,
            plan_of=lambda row, symbol, read: self._plan(row, symbol, read=read),
            order_of=lambda row, symbol: order_lists.order(row, symbol, verbatim=self._verbatim),
        )

    def order(self, row: Row, market: Symbol) -> Order | Plan:
        is_plan = "orderType" not in row and "type" in row
        return self._plan(row, market) if is_plan else order_lists.order(row, market, verbatim=self._verbatim)

    def look(self, market: Symbol, name: OrderName) -> Order | None:
        row = order_lists.asked(self._client, [ids_of(name)])
        return order_lists.order(row, market, verbatim=self._verbatim) if row else None

    def past_orders(self, product: Product, market: Symbol | None, *, since: datetime) -> Iterator[Order]:
        for row in self._every(Read.PAST_ORDERS, product, market, since=since):
            yield order_lists.order(row, Symbol(str(row.get("symbol")), product), verbatim=self._verbatim)

    def came_of(self, plan: Plan) -> Order | None:
        return self.look(plan.symbol, OrderName(client_order_id=plan.order_id))

    def open_orders(self, product: Product, market: Symbol | None) -> Iterator[Order]:
        for row in self._every(Read.OPEN_ORDERS, product, market):
            yield order_lists.order(row, Symbol(str(row.get("symbol")), product), verbatim=self._verbatim)

    def open_plans(self, product: Product, market: Symbol | None) -> Iterator[Plan]:
        for row in self._every(Read.OPEN_PLANS, product, market):
            yield self._plan(row, Symbol(str(row.get("symbol")), product))

    def quote(self, wanted: ConversionRequest) -> Quote:
        del wanted
        raise replies.absent(Read.QUOTE)

    def small_balances(self) -> list[SmallBalance]:
        from bitget_cli.trading.adapters.classic import account_requests

        told = objects(self._client.read(endpoint(Read.SMALL_BALANCES, Product.SPOT)))
        return [account_requests.small_balance(row_of(Read.SMALL_BALANCES, Product.SPOT, row)) for row in told]

    def user_id(self) -> str:
        row = endpoint(Read.KEY_OWNER, Product.SPOT)
        told = record(self._client.call(row))
        return user_of(told.get("userId") or told.get("uid"), row)

    def subaccounts_there(self) -> list[SubAccount]:
        from bitget_cli.trading.subaccount import SubAccount

        modes = {"unified": True, "classic": False}
        return [
            SubAccount(
                str(one.get("subUid")),
                str(one.get("username") or ""),
                frozen=one.get("status") == "freeze",
                unified=modes.get(str(one.get("accountMode"))),
            )
            for one in self._certain(Read.SUBACCOUNT_LIST, {})
        ]

    def keys_of(self, sub: SubAccount) -> list[SubKey]:
        from bitget_cli.trading.subaccount import SubKey

        return [
            SubKey(
                str(one.get("apiKey")),
                str(one.get("note") or ""),
                texts(one.get("permissions")),
                texts(one.get("ips")),
                writes=str(one.get("type") or ""),
            )
            for one in self._certain(Read.SUBACCOUNT_KEYS, {"subUid": sub.uid})
        ]

    # What is shown.

    def fields(self, read: Read, product: Product = Product.SPOT) -> tuple[Field, ...]:
        """Those of a classic account, then what is the unified one's own."""
        return endpoint(read, product).fields if self._verbatim else fields_of(read, product)

    def row(self, read: Read, row: Row, product: Product = Product.SPOT) -> Row:
        return row if self._verbatim else row_of(read, product, row)

    def ask(self, read: Read, product: Product = Product.SPOT, market: Symbol | None = None, **words: Any) -> Shown:
        line = market.product if market else product
        row = endpoint(read, line)
        return Shown(self._answer(read, row, line, market, words), self.fields(read, line), row.name)

    def ask_one(self, read: Read, market: Symbol, **words: Any) -> Shown:
        told = self.ask(read, market=market, **words)
        return told._replace(value=record(told.value) if told.value else {})

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
        row = endpoint(read, product)
        wanted = limit if limit or every or since else _PAGE
        given = _spelt(row, read, market, words)
        left = _left_to_pick(row, read, market, words)
        inner = wanted if not left else _MANY if wanted else None
        stretch = self._stretch(row, since=since, until=until, every=every) | {"limit": inner}
        walks = [self._pages(row, {**part, **given}, stretch) for part in replies.parts_of(read, product)]
        rows = walks[0] if len(walks) == 1 else heapq.merge(*walks, key=_age)
        with self._knowing(market):
            own = (one for one in _once(rows, row) if all(one.get(name) == value for name, value in left.items()))
            yield from islice(self._told(read, product, own), wanted)

    def detail(self, order: Order) -> Shown:
        row, line = endpoint(Read.ORDER, order.symbol.product), order.symbol.product
        try:
            told = record(self._client.call(row, **ids_of(order)))
        except RejectedError:
            told = {}
        if told and not self._verbatim:
            told = row_of(Read.ORDER, line, told)
        return Shown(told or order.row, self.fields(Read.ORDER, line), row.name)

    def led_to(self, plan: Plan) -> Any:
        """Those of an order that is worked off in parts; of any other the lists tell all there is."""
        if plan.type_word not in ("iceberg", "twap"):
            return None
        line = plan.symbol.product
        rows = self._pages(endpoint(Read.PLAN_ORDERS, line), {"orderId": plan.order_id}, {"every": True})
        return list(self._told(Read.PLAN_ORDERS, line, rows))

    def stream(self, topics: Sequence[Topic]) -> AccountStream:
        from bitget_cli.trading.adapters.unified.streams import UnifiedStream

        # Asked for now: whoever hears a push cannot wait for an answer.
        mode = self._mode if any(topic.channel == "orders-algo" for topic in topics) else None
        return UnifiedStream(topics, mode=mode)

    # What is sent, and how its end is found out.

    @property
    def orders(self) -> OrderRequests:
        from bitget_cli.trading.adapters.unified import order_requests

        return order_requests

    @property
    def plans(self) -> PlanRequests:
        from bitget_cli.trading.adapters.unified import plan_requests

        return plan_requests

    @property
    def settings(self) -> SettingRequests:
        return self._account_requests

    @property
    def conversions(self) -> ConversionRequests:
        return self._account_requests

    @property
    def subaccounts(self) -> SubaccountRequests:
        from bitget_cli.trading.adapters.unified import subaccount_requests

        return subaccount_requests

    @property
    def _account_requests(self) -> AccountRequests:
        from bitget_cli.trading.adapters.unified.account_requests import AccountRequests

        return AccountRequests(lambda market: exact(replies.setting_of(self._settings, market).get("leverage")))

    # How an answer is had.

    def _answer(self, read: Read, row: Endpoint, line: Product, market: Symbol | None, words: Row) -> Any:
        special = _SPECIAL.get(read)
        if special:
            return special(self, line, market, words)
        given = _spelt(row, read, market, words)
        if any(param.name == "category" for param in row.params):
            given["category"] = "MARGIN" if words.get("margin") else line.wire
        with self._knowing(market):
            if read in (Read.POSITIONS, Read.POSITION):
                told = replies.held_in(self._client.call(row, **given))
            else:
                told = self._client.read(row, **given)
        if isinstance(told, dict):
            return self._told_one(read, line, told)
        # An answer with one row of some kinds comes as a list, too.
        return list(self._told(read, line, objects(told)))

    def _told(self, read: Read, product: Product, rows: Iterable[Row]) -> Iterator[Any]:
        for row in rows:
            if self._verbatim:
                yield row
            elif read in _PLANS:
                yield from plan_rows(read, product, row, mode=self._mode_for(row))
            elif read is Read.SUBACCOUNTS:
                yield replies.subaccount(row, product)
            else:
                yield row_of(read, product, row)

    def _told_one(self, read: Read, product: Product, row: Row) -> Any:
        return next(iter(self._told(read, product, [row])))

    def _balance(self, line: Product, _: Symbol | None, words: Row) -> Any:
        return [self._told_one(Read.BALANCE, line, row) for row in self._coins(words.get("coin"))]

    def _coins(self, coin: str | None) -> list[dict[str, Any]]:
        rows = objects(record(self._client.call(endpoint(Read.BALANCE, Product.SPOT))).get("assets"))
        return [row for row in rows if coin in (None, row.get("coin"))]

    def _account(self, _: Product, market: Symbol | None, words: Row) -> Any:
        settings, assets = self._settings_and_assets()
        if self._verbatim or market is None:
            return {"settings": settings, "assets": assets}
        return replies.account_row(settings, assets, market, coin=str(words.get("margin_coin")))

    def _overview(self, *_: Any) -> Any:
        assets = record(self._client.call(endpoint(Read.OVERVIEW, Product.SPOT)))
        funding = objects(self._client.read(endpoint(Read.FUNDING, Product.SPOT)))
        if self._verbatim:
            return [assets, *funding]
        return replies.overview(assets, funding)

    def _ranks(self, line: Product, *_: Any) -> Any:
        rows = objects(self._client.read(endpoint(Read.ADL, line)))
        return list(self._told(Read.ADL, line, (row for row in rows if replies.line_of(row) is line)))

    def _largest(self, line: Product, market: Symbol | None, words: Row) -> Any:
        buys, price = words.get("side") == PositionSide.LONG.value, words.get("price")
        with self._knowing(market):
            told = record(
                self._client.call(
                    endpoint(Read.LARGEST_OPEN, line),
                    category=line.wire,
                    symbol=market.name if market else None,
                    orderType="market" if price is None else "limit",
                    side="buy" if buys else "sell",
                    price=price,
                )
            )
        return told if self._verbatim else replies.largest(told, buys=buys)

    def _subaccounts(self, line: Product, *_: Any) -> Any:
        return list(self.listed(Read.SUBACCOUNTS, line, every=True))

    def _settings_and_assets(self) -> tuple[Row, Row]:
        return self._settings, record(self._client.call(endpoint(Read.BALANCE, Product.SPOT)))

    @cached_property
    def _settings(self) -> Row:
        return record(self._client.call(find("v3.account.settings")))

    @cached_property
    def _mode(self) -> PositionMode | None:
        """The account's position mode; None where the key may not read it."""
        try:
            mode = self._settings.get("holdMode")
        except CredentialsError as refusal:
            if refusal.code != _NOT_ALLOWED:
                raise
            return None
        return PositionMode(mode) if mode in tuple(PositionMode) else None

    def _mode_for(self, row: Row) -> PositionMode | None:
        return self._mode if order_lists.needs_mode(row) else None

    def _plan(self, row: Row, market: Symbol, *, read: Read = Read.OPEN_PLANS) -> Plan:
        return order_lists.plan(row, market, lambda: self._mode, read=read, verbatim=self._verbatim)

    def _certain(self, read: Read, given: Row) -> Iterator[Row]:
        """Every row of a list that is of no product, all of them objects."""
        row = endpoint(read, Product.SPOT)
        return certain_objects(self._pages(row, given, {"every": True}), row, host=self._client.host)

    def _every(
        self, read: Read, product: Product, market: Symbol | None, *, since: datetime | None = None
    ) -> Iterator[Row]:
        """Every row of a list, as the account tells it."""
        row = endpoint(read, product)
        given = _spelt(row, read, market, {})
        stretch = self._stretch(row, since=since, until=None, every=True)
        for part in replies.parts_of(read, product):
            for one in _once(self._pages(row, {**part, **given}, stretch), row):
                if market is None or one.get("symbol") == market.name:
                    yield one

    def _stretch(self, row: Endpoint, *, since: datetime | None, until: datetime | None, every: bool) -> dict[str, Any]:
        """Which part of a list is asked for: always with both times where it takes them, as no page tells the range
        that is meant by none."""
        if since is None and not every and row.paging.window_days and not row.paging.lookback_days:
            since = (until or self._client.now()) - _DAYS
        return {"since": since, "until": until, "every": True}

    def _pages(self, row: Endpoint, given: Row, stretch: Mapping[str, Any]) -> Iterator[Any]:
        from bitget_cli.client.rest.pagination import pages

        takes = {param.name for param in row.params}
        return pages(self._client, row, {name: value for name, value in given.items() if name in takes}, **stretch)

    @contextmanager
    def _knowing(self, market: Symbol | None) -> Iterator[None]:
        """Says which markets are near one that is not listed."""
        try:
            yield
        except RejectedError as refusal:
            if market is None or refusal.code != _NO_SUCH_SYMBOL:
                raise
            raise self.unknown(market) from None


def fields_of(read: Read, product: Product) -> tuple[Field, ...]:
    """Those of a classic account, then what is the unified one's own, its kind last. Raises as `endpoint` does."""
    known = classic_endpoint(read, product).fields
    # What stands under a classic name does not come under its own as well.
    names = {field.name for field in known} | {KIND.name} | told_otherwise(read, product)
    own = endpoint(read, product).fields
    return (*known, *(field for field in own if field.name not in names), KIND)


def _spelt(row: Endpoint, read: Read, market: Symbol | None, words: Row) -> dict[str, Any]:
    """What narrows a question, as far as the row takes it."""
    takes = {param.name for param in row.params}
    given = {_WORDS.get(name, name): value for name, value in words.items() if name != "kind"}
    if read in _P2P and "coin" in given:
        given["token"] = given.pop("coin")
    if read in _PLANS and words.get("kind"):
        given["type"] = order_lists.TYPES.get(str(words["kind"]), str(words["kind"]))
    if market:
        given["symbol"] = market.name
    return {name: value for name, value in given.items() if name in takes and value is not None}


def _left_to_pick(row: Endpoint, read: Read, market: Symbol | None, words: Row) -> dict[str, Any]:
    """What a list cannot be asked for, and is picked out of it by."""
    takes = {param.name for param in row.params}
    wanted: dict[str, Any] = {"symbol": market.name} if market else {}
    if read in _P2P:
        wanted |= {"token": words.get("coin"), "fiat": words.get("fiat"), "side": words.get("side")}
    return {name: value for name, value in wanted.items() if name not in takes and value is not None}


def _once(rows: Iterable[Any], row: Endpoint) -> Iterator[Row]:
    """Rows that are objects, none twice: they can come again at the edge of a page."""
    name, seen = row.paging.row_id or "", set[str]()
    for one in rows:
        if not isinstance(one, dict):
            continue
        identity = one.get(name)
        if identity is None or str(identity) not in seen:
            seen.add(str(identity))
            yield one


def _age(row: Row) -> int:
    """The newer, the less."""
    text = str(row.get("ts") or "")
    return -int(text) if is_whole(text) else 0


_Special = Callable[[UnifiedAdapter, Product, Symbol | None, Row], Any]
_SPECIAL: dict[Read, _Special] = {
    Read.BALANCE: UnifiedAdapter._balance,  # a table of its own methods
    Read.ACCOUNT: UnifiedAdapter._account,
    Read.OVERVIEW: UnifiedAdapter._overview,
    Read.ADL: UnifiedAdapter._ranks,
    Read.LARGEST_OPEN: UnifiedAdapter._largest,
    Read.SUBACCOUNTS: UnifiedAdapter._subaccounts,
}
