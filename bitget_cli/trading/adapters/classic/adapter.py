"""The classic account: which rows of v2 answer a question, and what their fields say, in the words of the model."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

from bitget_cli.catalogue import find
from bitget_cli.catalogue.model import Endpoint, Field, PageKind
from bitget_cli.client.rest.response import certain_objects, objects, record
from bitget_cli.errors import NetworkError, RejectedError, UsageError
from bitget_cli.trading.adapters.classic.order_requests import ids_of
from bitget_cli.trading.model import (
    EXACT,
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
    position_side,
)
from bitget_cli.values import Product, Symbol

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
    from bitget_cli.trading.convert import ConversionRequest, Quote, SmallBalance
    from bitget_cli.trading.order_model import Order, OrderList, OrderName, Plan
    from bitget_cli.trading.subaccount import SubAccount, SubKey


Row = Mapping[str, Any]

# What narrows a question, in the words of v2.
_WORDS = {
    "booking": "businessType",
    "margin_coin": "marginCoin",
    "side": "posSide",
    "size": "openAmount",
    "price": "openPrice",
    "subaccount": "subAccountUid",
    "sender": "subUid",
    "bots": "accountType",
}


class ClassicAdapter:
    """See `AccountAdapter`."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def ending_at(self, until: float) -> ClassicAdapter:
        return ClassicAdapter(self._client.ending_at(until))

    def verbatim(self) -> ClassicAdapter:
        """Its words are the vocabulary of both kinds."""
        return self

    # What is read.

    def account(self, market: Symbol, *, margin_coin: str) -> Account:
        return account_of(self._one(Read.ACCOUNT, market, margin_coin=margin_coin))

    def positions(self, product: Product) -> list[Position]:
        return self._held(Read.POSITIONS, self.ask(Read.POSITIONS, product).value, product)

    def positions_in(self, market: Symbol, *, margin_coin: str) -> list[Position]:
        told = self.ask(Read.POSITION, market=market, margin_coin=margin_coin).value
        return self._held(Read.POSITION, told, market.product)

    def balances(self, product: Product, *, coin: str | None) -> list[Balance]:
        told = self.ask(Read.BALANCE, product, coin=coin).value
        return [balance_of(row, product) for row in self._objects(Read.BALANCE, told, product)]

    def prices(self, market: Symbol) -> Prices | None:
        return prices_of(self._one(Read.PRICE, market))

    def quotes(self, market: Symbol) -> Prices | None:
        if market.product.is_spot:
            return self.prices(market)
        told = self._ask(find("mix.market.ticker"), market)
        first = told[0] if isinstance(told, list) and told else told
        return prices_of(first) if isinstance(first, dict) else None

    def largest_open(
        self, market: Symbol, side: PositionSide, *, price: Decimal | None, margin_coin: str
    ) -> Decimal | None:
        told = self._one(Read.LARGEST_OPEN, market, margin_coin=margin_coin, side=side.value, price=price)
        return exact(told.get("maxOpen"))

    def equity(self, product: Product, *, coin: str) -> Equity | None:
        held = next((one.row for one in self.balances(product, coin=coin) if one.coin == coin), None)
        if held is None:
            return None
        if not product.is_spot:
            value = exact(held.get("accountEquity"))
            return None if value is None else Equity(value, coin)
        free, frozen = exact(held.get("available")), exact(held.get("frozen"))
        return None if free is None else Equity(EXACT.add(free, frozen or Decimal(0)), coin)

    def last_price(self, market: Symbol) -> Decimal | None:
        try:
            told = self._client.call(endpoint(Read.PRICE, market.product), symbol=market.name)
        except RejectedError:
            return None
        first = told[0] if isinstance(told, list) and told else None
        prices = prices_of(first) if isinstance(first, dict) else None
        return prices.last if prices and prices.last > 0 else None

    def liquidation(
        self, market: Symbol, side: PositionSide, *, size: Decimal, price: Decimal | None, margin_coin: str
    ) -> Decimal | None:
        told = self._one(Read.LIQUIDATION, market, margin_coin=margin_coin, side=side.value, size=size, price=price)
        level = exact(told.get("liqPrice"))
        return level if level and level > 0 else None

    def instruments(self, product: Product) -> dict[str, Row]:
        rows = self._client.call(
            endpoint(Read.INSTRUMENTS, product), **({} if product.is_spot else {"productType": product.wire})
        )
        if not isinstance(rows, list) or not all(map(is_named, rows)):
            raise NetworkError("the list of instruments is not one", hint="try again; see bitget doctor")
        return {str(row["symbol"]): row for row in rows}

    def instrument(self, market: Symbol, row: Row) -> Instrument:
        return instrument_of(market, row)

    def coins_of(self, row: Row) -> tuple[str, str]:
        return str(row.get("baseCoin")), str(row.get("quoteCoin"))

    def unknown(self, market: Symbol) -> UsageError:
        from bitget_cli.client.rest import markets

        return markets.unknown(self._client, market)

    def find_order(
        self,
        names: Sequence[OrderName],
        *,
        products: Sequence[Product],
        market: Symbol | None,
        first: OrderList | None = None,
        past: bool = False,
    ) -> Order | Plan | None:
        from bitget_cli.trading.adapters.classic import order_lists

        return order_lists.find(
            self._client, names, products=products, market=market, first=first, past=past, endpoint=endpoint
        )

    def order(self, row: Row, market: Symbol) -> Order | Plan:
        from bitget_cli.trading.adapters.classic import order_lists

        return order_lists.plan(row, market) if row.get("planType") else order_lists.order(row, market)

    def look(self, market: Symbol, name: OrderName) -> Order | None:
        from bitget_cli.trading.adapters.classic import order_lists

        return order_lists.one(self._client, name, market, endpoint(Read.ORDER, market.product))

    def past_orders(self, product: Product, market: Symbol | None, *, since: datetime) -> Iterator[Order]:
        from bitget_cli.trading.adapters.classic import order_lists

        row = endpoint(Read.PAST_ORDERS, product)
        rows = self.listed(Read.PAST_ORDERS, product, market, since=since, every=True)
        for one in certain_objects(rows, row, host=self._client.host, with_id=True):
            yield order_lists.order(one, Symbol(str(one.get("symbol")), product))

    def came_of(self, plan: Plan) -> Order | None:
        from bitget_cli.trading.adapters.classic import order_lists

        return order_lists.came_of(self._client, plan, endpoint(Read.ORDER, plan.symbol.product))

    def open_orders(self, product: Product, market: Symbol | None) -> Iterator[Order]:
        from bitget_cli.trading.adapters.classic import order_lists

        for row in self._open(Read.OPEN_ORDERS, product, market):
            yield order_lists.order(row, Symbol(str(row.get("symbol")), product))

    def open_plans(self, product: Product, market: Symbol | None) -> Iterator[Plan]:
        from bitget_cli.trading.adapters.classic import order_lists

        for row in self._open(Read.OPEN_PLANS, product, market):
            yield order_lists.plan(row, Symbol(str(row.get("symbol")), product))

    def quote(self, wanted: ConversionRequest) -> Quote:
        from bitget_cli.trading.adapters.classic import account_requests

        told = self._client.call(
            endpoint(Read.QUOTE, Product.SPOT),
            fromCoin=wanted.source,
            toCoin=wanted.target,
            fromCoinSize=wanted.gives,
            toCoinSize=wanted.gets,
        )
        return account_requests.quote(told, wanted)

    def small_balances(self) -> list[SmallBalance]:
        from bitget_cli.trading.adapters.classic import account_requests

        return [account_requests.small_balance(row) for row in objects(self.ask(Read.SMALL_BALANCES).value)]

    def user_id(self) -> str:
        told = self.ask(Read.KEY_OWNER).value
        return user_of(told.get("userId"), endpoint(Read.KEY_OWNER, Product.SPOT))

    def subaccounts_there(self) -> list[SubAccount]:
        from bitget_cli.trading.subaccount import SubAccount

        row = endpoint(Read.SUBACCOUNT_LIST, Product.SPOT)
        told = certain_objects(self._pages(row, None, {}, {"every": True}), row, host=self._client.host)
        return [
            SubAccount(
                str(one.get("subAccountUid")),
                str(one.get("subAccountName") or ""),
                frozen=one.get("status") == "freeze",
                rights=texts(one.get("permList")),
            )
            for one in told
        ]

    def keys_of(self, sub: SubAccount) -> list[SubKey]:
        from bitget_cli.trading.subaccount import SubKey

        told = self.ask(Read.SUBACCOUNT_KEYS, subaccount=sub.uid).value
        return [
            SubKey(
                str(one.get("subAccountApiKey")),
                str(one.get("label") or ""),
                texts(one.get("permList")),
                texts(one.get("ipList")),
            )
            for one in self._objects(Read.SUBACCOUNT_KEYS, told, Product.SPOT)
        ]

    # What is shown.

    def fields(self, read: Read, product: Product = Product.SPOT) -> tuple[Field, ...]:
        return endpoint(read, product).fields

    def row(self, read: Read, row: Row, product: Product = Product.SPOT) -> Row:
        del read, product
        return row

    def ask(self, read: Read, product: Product = Product.SPOT, market: Symbol | None = None, **words: Any) -> Shown:
        row = endpoint(read, market.product if market else product)
        if market is None:
            return Shown(self._client.read(row, **_spelt(row, product, words)), row.fields, row.name)
        given = _spelt(row, None, words)
        if read is Read.FEE:
            line = "spot" if market.product.is_spot else "mix"
            given["businessType"] = "margin" if words.get("margin") else line
        return Shown(self._ask(row, market, **given), row.fields, row.name)

    def ask_one(self, read: Read, market: Symbol, **words: Any) -> Shown:
        from bitget_cli.client.rest import markets

        row = endpoint(read, market.product)
        told = markets.ask_one(self._client, row, market, **_spelt(row, None, words))
        return Shown(told, row.fields, row.name)

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
        from bitget_cli.trading.adapters.classic import order_lists

        row = endpoint(read, product)
        stretch = {"since": since, "until": until, "limit": limit, "every": every}
        parts = order_lists.parts_of(read, product, kind=words.pop("kind", None))
        if row.paging.kind is PageKind.NONE and (since or until or every):
            raise UsageError(f"{row.name} does not answer in pages", hint="leave --all, --since and --until out")
        given = _spelt(row, product, words)
        rows: Iterator[Any] = chain.from_iterable(
            self._pages(row, market, {**given, **part}, stretch) for part in parts
        )
        if read is Read.OPEN_ORDERS:
            rows = order_lists.once(rows)
        elif read is Read.BILLS and not product.is_spot and given.get("coin"):
            # Bitget's futures bills heed the coin for transfers only.
            rows = (item for item in rows if isinstance(item, dict) and item.get("coin") == given["coin"])
        yield from islice(rows, limit)

    def detail(self, order: Order) -> Shown:

        row, market = endpoint(Read.ORDER, order.symbol.product), order.symbol
        words = {} if market.product.is_spot else {"symbol": market.name, "productType": market.product.wire}
        try:
            told = self._client.call(row, **words, **ids_of(order))
        except RejectedError:
            # Bitget forgets the detail of a cancelled order before it forgets the order.
            told = None
        return Shown(record(told) or order.row, row.fields, row.name)

    def led_to(self, plan: Plan) -> Any:
        line = plan.symbol.product
        if not line.is_spot and plan.type_word not in ("normal_plan", "track_plan"):
            return None
        words = {} if line.is_spot else {"planType": plan.type_word, "productType": line.wire}
        return self._client.read(endpoint(Read.PLAN_ORDERS, line), planOrderId=plan.order_id, **words)

    def stream(self, topics: Sequence[Topic]) -> AccountStream | None:
        del topics
        return None

    # What is sent, and how its end is found out.

    @property
    def orders(self) -> OrderRequests:
        from bitget_cli.trading.adapters.classic import order_requests

        return order_requests

    @property
    def plans(self) -> PlanRequests:
        from bitget_cli.trading.adapters.classic import plan_requests

        return plan_requests

    @property
    def settings(self) -> SettingRequests:
        from bitget_cli.trading.adapters.classic import account_requests

        return account_requests

    @property
    def conversions(self) -> ConversionRequests:
        from bitget_cli.trading.adapters.classic import account_requests

        return account_requests

    @property
    def subaccounts(self) -> SubaccountRequests:
        from bitget_cli.trading.adapters.classic import subaccount_requests

        return subaccount_requests

    def _ask(self, row: Endpoint, market: Symbol, **given: Any) -> Any:
        """The row's list or object about a market; one listed in another case is asked for as it is listed."""
        of = {"symbol": market.name, "productType": market.product.wire}
        words = {param.name: of[param.name] for param in row.params if param.name in of}
        try:
            return self._client.read(row, **words, **given)
        except RejectedError as refusal:
            from bitget_cli.client.rest import markets

            return markets.ask_as_listed(self._client, row, market, refusal, **given)

    def _pages(self, row: Endpoint, market: Symbol | None, given: Row, stretch: Mapping[str, Any]) -> Iterator[Any]:
        """A list page after page, of one market where it can be asked for one."""
        from bitget_cli.client.rest import markets
        from bitget_cli.client.rest.pagination import pages

        if market is None or not any(param.name == "symbol" for param in row.params):
            return pages(self._client, row, given, **stretch)

        def of(listed: Symbol) -> Iterator[Any]:
            return pages(self._client, row, {"symbol": listed.name, **given}, **stretch)

        return markets.walked(self._client, of, market)

    def _one(self, read: Read, market: Symbol, **words: Any) -> Row:
        told = self.ask(read, market=market, **words).value
        first = told[0] if isinstance(told, list) and told else told
        return first if isinstance(first, dict) else {}

    def _open(self, read: Read, product: Product, market: Symbol | None) -> Iterator[Row]:
        rows = self.listed(read, product, market, every=True)
        return certain_objects(rows, endpoint(read, product), host=self._client.host, with_id=True)

    def _held(self, read: Read, told: Any, product: Product) -> list[Position]:
        found = [position_of(row, product) for row in self._objects(read, told, product)]
        return [position for position in found if position.size > 0]

    def _objects(self, read: Read, rows: Iterable[Any], product: Product) -> Iterator[dict[str, Any]]:
        return certain_objects(rows, endpoint(read, product), host=self._client.host)


def _spelt(row: Endpoint, product: Product | None, words: Mapping[str, Any]) -> dict[str, Any]:
    """What narrows a question, as far as the row takes it."""
    takes = {param.name for param in row.params}
    given = {name if name in takes else _WORDS.get(name, name): word for name, word in words.items()}
    if product and not product.is_spot:
        given["productType"] = product.wire
    if "openAmount" in takes or "openPrice" in takes:
        given["orderType"] = "market" if words.get("price") is None else "limit"
    return {name: word for name, word in given.items() if name in takes}


_NUMBER = re.compile(r"[0-9]{1,30}(\.[0-9]{1,30})?", re.ASCII)
_MARGIN_MODES = {"isolated": MarginMode.ISOLATED, "crossed": MarginMode.CROSSED, "cross": MarginMode.CROSSED}
# Futures, spot; a name of the catalogue, or None where the product has no such thing.
_ROWS: dict[Read, tuple[str | None, str | None]] = {
    Read.INSTRUMENTS: ("mix.market.contracts", "spot.public.symbols"),
    Read.PRICE: ("mix.market.symbol-price", "spot.market.tickers"),
    Read.ACCOUNT: ("mix.account.account", None),
    Read.BALANCE: ("mix.account.accounts", "spot.account.assets"),
    Read.BILLS: ("mix.account.bill", "spot.account.bills"),
    Read.SUBACCOUNTS: ("mix.account.sub-account-assets", "spot.account.subaccount-assets"),
    Read.POSITIONS: ("mix.position.all-position", None),
    Read.POSITION: ("mix.position.single-position", None),
    Read.CLOSED_POSITIONS: ("mix.position.history-position", None),
    Read.ADL: ("mix.position.adlRank", None),
    Read.LARGEST_OPEN: ("mix.account.max-open", None),
    Read.LIQUIDATION: ("mix.account.liq-price", None),
    Read.ORDER: ("mix.order.detail", "spot.trade.orderInfo"),
    Read.OPEN_ORDERS: ("mix.order.orders-pending", "spot.trade.unfilled-orders"),
    Read.PAST_ORDERS: ("mix.order.orders-history", "spot.trade.history-orders"),
    Read.FILLS: ("mix.order.fills", "spot.trade.fills"),
    Read.OLD_FILLS: ("mix.order.fill-history", "spot.trade.fills"),
    Read.OPEN_PLANS: ("mix.order.orders-plan-pending", "spot.trade.current-plan-order"),
    Read.PAST_PLANS: ("mix.order.orders-plan-history", "spot.trade.history-plan-order"),
    Read.PLAN_ORDERS: ("mix.order.plan-sub-order", "spot.trade.plan-sub-order"),
    # One for every product.
    **{
        read: (name, name)
        for read, name in {
            Read.OVERVIEW: "account.all-account-balance",
            Read.FUNDING: "account.funding-assets",
            Read.BOTS: "account.bot-assets",
            Read.KEY_OWNER: "spot.account.info",
            Read.FEE: "common.trade-rate",
            Read.TRANSFERS: "spot.account.transferRecords",
            Read.DEPOSITS: "spot.wallet.deposit-records",
            Read.WITHDRAWALS: "spot.wallet.withdrawal-records",
            Read.DEPOSIT_ADDRESS: "spot.wallet.deposit-address",
            Read.CONVERTIBLE: "convert.currencies",
            Read.QUOTE: "convert.quoted-price",
            Read.CONVERSIONS: "convert.convert-record",
            Read.SMALL_BALANCES: "convert.bgb-convert-coin-list",
            Read.SMALL_CONVERSIONS: "convert.bgb-convert-records",
            Read.TAX_SPOT: "tax.spot-record",
            Read.TAX_FUTURES: "tax.future-record",
            Read.TAX_MARGIN: "tax.margin-record",
            Read.SUBACCOUNT_LIST: "user.virtual-subaccount-list",
            Read.SUBACCOUNT_KEYS: "user.virtual-subaccount-apikey-list",
            Read.SUBACCOUNT_TRANSFERS: "spot.account.sub-main-trans-record",
            Read.P2P_MERCHANTS: "p2p.merchantList",
            Read.P2P_SELF: "p2p.merchantInfo",
            Read.P2P_ORDERS: "p2p.orderList",
            Read.P2P_ADS: "p2p.advList",
        }.items()
    },
}


def endpoint(read: Read, product: Product) -> Endpoint:
    """The row that answers a question in a product. Raises UsageError where the product has no such thing."""
    futures, spot = _ROWS[read]
    name = spot if product.is_spot else futures
    if name is None:
        raise UsageError(
            f"{product} has no {read.value.removeprefix('a ').removeprefix('the ')}",
            hint="name a futures market such as BTCUSDT, or a futures --product",
        )
    return find(name)


def user_of(told: Any, row: Endpoint) -> str:
    """Whose account it is. Raises NetworkError for an answer that does not say it."""
    if not isinstance(told, str) or not told:
        raise NetworkError(f"{row.name} does not tell whose account it is", hint="try again; see bitget profile check")
    return str(told)


def texts(value: Any) -> tuple[str, ...]:
    """A list of words, or none."""
    return tuple(str(one) for one in value) if isinstance(value, list) else ()


def account_of(row: Row) -> Account:
    """Raises NetworkError for a row without the modes."""
    mode, margin = row.get("posMode"), _MARGIN_MODES.get(str(row.get("marginMode")))
    if mode not in tuple(PositionMode) or margin is None:
        raise NetworkError(
            "the exchange did not say which position mode the account is in, so no order can be shaped",
            hint="try again; see bitget account show SYMBOL",
        )
    crossed, union = margin is MarginMode.CROSSED, row.get("assetMode") == "union"
    free = exact(row.get("crossedMaxAvailable" if crossed else "isolatedMaxAvailable"))
    long_name, short_name = (
        ("crossedMarginLeverage", "crossedMarginLeverage") if crossed else ("isolatedLongLever", "isolatedShortLever")
    )
    return Account(
        PositionMode(mode),
        margin,
        # With several coins as margin the free amount of one of them bounds nothing.
        free=None if union else free,
        long_leverage=exact(row.get(long_name)),
        short_leverage=exact(row.get(short_name)),
    )


def position_of(row: Row, product: Product) -> Position:
    """Raises NetworkError for a row that does not say what is held."""
    side, size = position_side(row.get("holdSide")), exact(row.get("total"))
    margin, mode = _MARGIN_MODES.get(str(row.get("marginMode"))), row.get("posMode")
    if side is None or size is None or margin is None or mode not in tuple(PositionMode):
        raise NetworkError(
            f"the exchange described a position in {row.get('symbol')} that cannot be understood",
            hint="see bitget position list --json",
        )
    free = exact(row.get("available"))
    return Position(
        Symbol(str(row.get("symbol")), product),
        side,
        size=size,
        free=size if free is None else free,
        margin_mode=margin,
        position_mode=PositionMode(mode),
        unrealized=exact(row.get("unrealizedPL")),
        row=row,
        entry=exact(row.get("openPriceAvg")),
    )


def balance_of(row: Row, product: Product) -> Balance:
    return Balance(str(row.get("coin" if product.is_spot else "marginCoin")), exact(row.get("available")), row)


def prices_of(row: Row) -> Prices | None:
    """None for a row without a price."""
    last = exact(row.get("price") or row.get("lastPr"))
    if not last:
        return None
    bid, ask, index = (exact(row.get(name)) for name in ("bidPr", "askPr", "indexPrice"))
    return Prices(last, exact(row.get("markPrice")) or last, bid, ask, index)


def is_named(row: Any) -> bool:
    """Whether this can be an instrument at all."""
    return isinstance(row, dict) and isinstance(row.get("symbol"), str) and row["symbol"] != ""


def instrument_of(market: Symbol, row: Row) -> Instrument:
    """Raises NetworkError for a row without the steps of prices and sizes."""
    return _spot_instrument(market, row) if market.product.is_spot else _futures_instrument(market, row)


def _futures_instrument(symbol: Symbol, row: Row) -> Instrument:
    """From `mix/market/contracts`: the tick is priceEndStep in units of the last of pricePlace decimals."""
    base, quote = str(row.get("baseCoin", "")), str(row.get("quoteCoin", ""))
    return Instrument(
        symbol,
        base=base,
        quote=quote,
        margin_coin=_margin_coin(symbol, row, base=base),
        status=str(row.get("symbolStatus", "")),
        tick=_some(row, "priceEndStep") * _place(row, "pricePlace"),
        step=_bound(row, "sizeMultiplier") or _place(row, "volumePlace"),
        quote_step=Decimal(1),
        smallest=_bound(row, "minTradeNum") or _place(row, "volumePlace"),
        largest=_bound(row, "maxOrderQty"),
        largest_at_market=_bound(row, "maxMarketOrderQty"),
        smallest_value=_bound(row, "minTradeUSDT"),
        buy_band=_bound(row, "buyLimitPriceRatio"),
        sell_band=_bound(row, "sellLimitPriceRatio"),
        most_leverage=_bound(row, "maxLever"),
        taker_fee=_bound(row, "takerFeeRate"),
    )


def _spot_instrument(symbol: Symbol, row: Row) -> Instrument:
    """From `spot/public/symbols`. minTradeAmount and maxTradeAmount are leftovers that bind nobody."""
    step = _place(row, "quantityPrecision")
    return Instrument(
        symbol,
        base=str(row.get("baseCoin", "")),
        quote=str(row.get("quoteCoin", "")),
        margin_coin="",
        status=str(row.get("status", "")),
        tick=_place(row, "pricePrecision"),
        step=step,
        quote_step=_place(row, "quotePrecision"),
        smallest=step,
        largest=None,
        largest_at_market=None,
        # In USDT; other quote coins would have to be converted first.
        smallest_value=_bound(row, "minTradeUSDT") if row.get("quoteCoin") in ("USDT", "USDC") else None,
        buy_band=_bound(row, "buyLimitPriceRatio"),
        sell_band=_bound(row, "sellLimitPriceRatio"),
        most_leverage=None,
        taker_fee=_bound(row, "takerFeeRate"),
    )


def _margin_coin(symbol: Symbol, row: Row, *, base: str) -> str:
    settled_in = {Product.USDT_FUTURES: "USDT", Product.USDC_FUTURES: "USDC"}.get(symbol.product, base)
    offered = row.get("supportMarginCoins")
    if isinstance(offered, list) and offered and settled_in not in offered:
        return str(offered[0])
    return settled_in


def _bound(row: Row, name: str) -> Decimal | None:
    """A positive number; nothing, zero and text that is no number bind nobody."""
    text = str(row.get(name) or "")
    return (Decimal(text) or None) if _NUMBER.fullmatch(text) else None


def _some(row: Row, name: str) -> Decimal:
    return _bound(row, name) or Decimal(1)


def _place(row: Row, name: str) -> Decimal:
    """One in the last of so many decimals: 2 is 0.01. Raises NetworkError for an answer without it."""
    text = str(row.get(name, ""))
    if not re.fullmatch(r"[0-9]{1,2}", text, re.ASCII):
        raise NetworkError(f"{row.get('symbol')}: the exchange sent no usable {name}", hint="see bitget market symbols")
    return Decimal(1).scaleb(-int(text))
