"""Single facts of Bitget's pages, written out: if a row drifts, these say so."""

from __future__ import annotations

import pytest

from bitget_cli.catalogue import find
from bitget_cli.catalogue.model import Effect, Endpoint, FieldKind, PageKind, Param, Scope, Shape

# name, calls, seconds, counted per, fewer for lead traders
RATES = [
    ("public.time", 20, 1, Scope.ADDRESS, None),
    ("mix.market.ticker", 20, 1, Scope.ADDRESS, None),
    ("mix.market.fills-history", 10, 1, Scope.ADDRESS, None),
    ("mix.market.taker-buy-sell", 1, 1, Scope.ADDRESS, None),
    ("spot.public.coins", 3, 1, Scope.ADDRESS, None),
    ("mix.order.place-order", 10, 1, Scope.ACCOUNT, 1),
    ("mix.order.batch-place-order", 5, 1, Scope.ACCOUNT, 1),
    ("spot.trade.place-order", 10, 1, Scope.ACCOUNT, 1),
    ("mix.order.close-positions", 1, 1, Scope.ACCOUNT, None),
    ("mix.account.sub-account-assets", 1, 10, Scope.ACCOUNT, None),
    ("mix.account.set-asset-mode", 2, 1, Scope.ACCOUNT, None),
    ("spot.account.info", 1, 1, Scope.ACCOUNT, None),
    ("spot.account.transferRecords", 20, 1, Scope.ACCOUNT, None),
    ("spot.wallet.withdrawal", 5, 1, Scope.ACCOUNT, None),
    ("convert.trade", 5, 1, Scope.ACCOUNT, None),
    ("tax.spot-record", 1, 1, Scope.ACCOUNT, None),
    ("user.virtual-subaccount-list", 1, 1, Scope.ACCOUNT, None),
    ("v3.account.info", 5, 1, Scope.ACCOUNT, None),
    ("v3.account.settings", 20, 1, Scope.ACCOUNT, None),
    ("v3.account.max-transferable", 3, 1, Scope.ACCOUNT, None),
    ("v3.market.tickers", 20, 1, Scope.ADDRESS, None),
    ("v3.trade.place-order", 10, 1, Scope.ACCOUNT, None),
    ("v3.trade.place-batch", 5, 1, Scope.ACCOUNT, None),
    ("v3.trade.close-positions", 5, 1, Scope.ACCOUNT, None),
    ("v3.trade.grid.create-bot", 1, 1, Scope.ACCOUNT, None),
    ("v3.tax.records", 1, 1, Scope.ACCOUNT, None),
]

# name, kind, page size, largest page, days a call, days back, cursor, in the row, where the rows are
PAGINGS = [
    ("mix.order.fills", PageKind.ID_LESS_THAN, 100, 100, 90, 90, "endId", False, "fillList"),
    ("mix.order.fill-history", PageKind.ID_LESS_THAN, 100, 100, 7, 90, "endId", False, "fillList"),
    ("mix.order.orders-history", PageKind.ID_LESS_THAN, 100, 100, 90, 90, "endId", False, "entrustedList"),
    ("mix.market.fills-history", PageKind.ID_LESS_THAN, 500, 1000, 7, 90, "tradeId", True, None),
    ("mix.account.bill", PageKind.ID_LESS_THAN, 20, 100, 30, 90, "endId", False, "bills"),
    ("mix.position.history-position", PageKind.ID_LESS_THAN, 20, 100, 90, 90, "endId", False, "list"),
    ("spot.trade.fills", PageKind.ID_LESS_THAN, 100, 100, 90, 90, "tradeId", True, None),
    ("spot.account.bills", PageKind.ID_LESS_THAN, 100, 500, 90, 90, "billId", True, None),
    ("spot.account.transferRecords", PageKind.PAGE_NUM, 100, 500, 90, 90, None, False, None),
    ("spot.trade.current-plan-order", PageKind.ID_LESS_THAN, 20, 100, 90, 90, "idLessThan", False, "orderList"),
    ("tax.spot-record", PageKind.ID_LESS_THAN, 500, 500, 30, None, "id", True, None),
    ("tax.future-record", PageKind.ID_LESS_THAN, 500, 500, 30, None, "id", True, None),
    ("convert.convert-record", PageKind.ID_LESS_THAN, 20, 100, 90, None, "endId", False, "dataList"),
    ("margin.crossed.history-orders", PageKind.ID_LESS_THAN, 100, 500, 90, None, "minId", False, "orderList"),
    ("p2p.advList", PageKind.ID_LESS_THAN, 20, 20, 90, None, "minAdvId", False, "advList"),
    ("public.annoucements", PageKind.CURSOR, 10, 10, None, 30, "annId", True, None),
    ("mix.market.candles", PageKind.TIME, 100, 1000, 90, None, "ts", True, None),
    ("spot.market.history-candles", PageKind.TIME, 100, 200, None, None, "ts", True, None),
    ("mix.market.history-fund-rate", PageKind.PAGE_NO, 20, 100, None, None, None, False, None),
    ("v3.account.financial-records", PageKind.CURSOR, 100, 100, 30, 90, "cursor", False, "list"),
    ("v3.account.deposit-records", PageKind.CURSOR, 20, 100, 30, None, "orderId", True, None),
    ("v3.account.sub-unified-assets", PageKind.CURSOR, 10, 50, None, None, "cursor", True, None),
    ("v3.market.history-fund-rate", PageKind.PAGE_NO, 20, 100, None, None, None, False, "resultList"),
    ("v3.market.candles", PageKind.TIME, 100, 1000, None, 90, "ts", True, None),
    ("v3.p2p.all-orders", PageKind.CURSOR, None, None, None, None, "nextId", False, "items"),
    ("v3.position.current-position", PageKind.NONE, None, None, None, None, None, False, "list"),
    ("v3.tax.records", PageKind.CURSOR, 500, 500, 7, 366, "id", True, None),
    ("v3.trade.fills", PageKind.CURSOR, 100, 100, 30, 90, "cursor", False, "list"),
    ("v3.trade.unfilled-orders", PageKind.CURSOR, 100, 100, None, None, "cursor", False, "list"),
    ("v3.trade.unfilled-strategy-orders", PageKind.NONE, None, None, None, None, None, False, None),
]

PUBLIC = [
    "mix.market.symbol-price",
    "mix.market.query-position-lever",
    "mix.market.position-long-short",
    "margin.market.loan-growth",
    "margin.market.long-short-ratio",
    "spot.market.whale-net-flow",
]

EFFECTS = [
    ("mix.order.place-order", Effect.TRADE),
    ("mix.account.set-leverage", Effect.SETTINGS),
    ("convert.quoted-price", Effect.READ),
    ("convert.trade", Effect.FUNDS),
    ("spot.wallet.transfer", Effect.TRANSFER),
    ("spot.wallet.withdrawal", Effect.WITHDRAW),
    ("broker.account.subaccount-withdrawal", Effect.WITHDRAW),
    ("user.create-virtual-subaccount-apikey", Effect.KEYS),
    ("margin.crossed.account.query-flash-repay-status", Effect.READ),
    ("v3.account.max-open-available", Effect.READ),
    ("v3.account.switch", Effect.SETTINGS),
    ("v3.account.withdrawal", Effect.WITHDRAW),
    ("v3.broker.sub-withdrawal", Effect.WITHDRAW),
    ("v3.convert.small-assets-trade", Effect.FUNDS),
    ("v3.account.sub-master-transfer", Effect.TRANSFER),
    ("v3.trade.grid.validate", Effect.READ),
    ("v3.trade.grid.add-investment", Effect.TRADE),
]


def param(row: Endpoint, name: str) -> Param:
    return next(param for param in row.params if param.name == name)


@pytest.mark.parametrize(("name", "calls", "seconds", "scope", "lead"), RATES)
def test_a_rate_limit_is_the_one_of_the_page(name: str, calls: int, seconds: int, scope: Scope, lead: int) -> None:
    rate = find(name).rate
    assert (rate.calls, rate.seconds, rate.scope, rate.lead_trader_calls) == (calls, seconds, scope, lead)


@pytest.mark.parametrize("expected", PAGINGS, ids=lambda expected: expected[0])
def test_a_list_is_walked_as_the_page_says(expected: tuple[object, ...]) -> None:
    paging = find(str(expected[0])).paging
    sizes = (paging.limit_default, paging.limit_max, paging.window_days, paging.lookback_days)
    assert (paging.kind, *sizes, paging.cursor, paging.cursor_in_row, paging.rows_at) == expected[1:]


@pytest.mark.parametrize("name", PUBLIC)
def test_market_data_needs_no_keys(name: str) -> None:
    assert not find(name).signed


@pytest.mark.parametrize(("name", "effect"), EFFECTS)
def test_a_row_says_what_it_changes(name: str, effect: Effect) -> None:
    assert find(name).effect is effect


def test_a_futures_order_names_what_it_needs() -> None:
    row = find("mix.order.place-order")
    needed = [param.name for param in row.params if param.required]
    assert needed == ["symbol", "productType", "marginMode", "marginCoin", "size", "side", "orderType"]
    assert param(row, "marginMode").choices == ("isolated", "crossed")
    assert param(row, "tradeSide").choices == ("open", "close")
    assert param(row, "force").default == "gtc"
    assert any("side=buy+close" in note and "which is right" in note for note in row.notes)


def test_a_batch_names_what_is_inside_its_list() -> None:
    row = find("mix.order.batch-place-order")
    assert param(row, "orderList").type == "array"
    assert param(row, "orderList[].size").required


def test_an_order_is_asked_for_by_one_of_two_ids() -> None:
    assert find("mix.order.detail").one_of == (("orderId", "clientOid"),)
    assert find("convert.quoted-price").one_of == (("fromCoinSize", "toCoinSize"),)


def test_candles_are_arrays_with_named_places() -> None:
    futures, spot = find("mix.market.candles"), find("spot.market.candles")
    common = ["ts", "open", "high", "low", "close", "baseVolume"]
    assert [field.name for field in futures.fields] == [*common, "quoteVolume"]
    assert [field.name for field in spot.fields] == [*common, "usdtVolume", "quoteVolume"]
    assert futures.shape is spot.shape is Shape.ARRAYS


def test_granularity_is_spelt_differently_for_futures_and_spot() -> None:
    assert "1H" in param(find("mix.market.candles"), "granularity").choices
    assert "1day" in param(find("spot.market.candles"), "granularity").choices


def test_the_daily_period_of_one_statistic_differs() -> None:
    assert param(find("mix.market.long-short"), "period").choices[-1] == "1Dutc"
    assert param(find("mix.market.taker-buy-sell"), "period").choices[-1] == "1d"


def test_funding_history_pages_by_number_and_page_size() -> None:
    assert find("mix.market.history-fund-rate").paging.limit_name == "pageSize"


def test_a_known_part_of_a_longer_list_of_values_is_marked() -> None:
    assert param(find("mix.account.bill"), "businessType").open_ended
    assert not param(find("mix.order.orders-pending"), "status").open_ended


def test_the_tax_calls_need_both_times() -> None:
    for name in ("tax.spot-record", "tax.future-record", "tax.margin-record", "tax.p2p-record"):
        assert param(find(name), "startTime").required
        assert param(find(name), "endTime").required


def test_a_filled_order_of_futures_is_not_served_on_demo() -> None:
    assert find("mix.order.fill-history").demo is False
    assert find("mix.order.fills").demo is True


def test_the_misspelt_path_is_the_real_one() -> None:
    assert find("public.annoucements").path == "/api/v2/public/annoucements"


def test_the_coins_that_can_be_moved_are_a_list_of_texts() -> None:
    assert find("spot.wallet.transfer-coin-info").shape is Shape.STRINGS


@pytest.mark.parametrize(
    ("name", "list_of"),
    [
        ("convert.bgb-convert", "coinList"),
        ("copy.spot-follower.stop-order", "trackingNoList"),
        ("copy.spot-follower.order-close-tracking", "trackingNoList"),
        ("copy.spot-follower.settings", "settings"),
    ],
)
def test_a_list_that_its_page_calls_a_string_is_a_list(name: str, list_of: str) -> None:
    row = find(name)
    assert param(row, list_of).type == "array"
    assert "table types it as a string" in param(row, list_of).note


def test_an_order_of_a_unified_account_names_what_it_needs() -> None:
    row = find("v3.trade.place-order")
    needed = [param.name for param in row.params if param.required]
    assert needed == ["category", "symbol", "qty", "side", "orderType"]
    assert param(row, "category").choices == ("SPOT", "MARGIN", "USDT-FUTURES", "COIN-FUTURES", "USDC-FUTURES")
    assert param(row, "timeInForce").choices == ("gtc", "ioc", "fok", "post_only", "rpi")


def test_a_batch_of_a_unified_account_takes_no_margin_mode_and_no_exits() -> None:
    names = {param.name for param in find("v3.trade.place-batch").params}
    assert not names & {"[].marginMode", "[].takeProfit", "[].stopLoss"}
    assert {"[].category", "[].clientOid", "[].reduceOnly"} <= names


def test_what_clients_saw_on_live_accounts_overrules_the_pages() -> None:
    assert param(find("v3.earn.elite-subscribe"), "paymentAccounts")
    assert param(find("v3.user.update-sub-api"), "apiKey")
    assert param(find("v3.account.pre-set-leverage"), "marginMode").choices == ("cross", "isolated")
    assert param(find("v3.account.repay"), "repayableCoinList").type == "array"
    assert {field.name: field.also for field in find("v3.account.info").fields}["userId"] == "uid"
    assert not any("permission" in note and "UTA" in note for note in find("v3.tax.records").notes)


def test_margin_figures_of_the_unified_wallet_are_amounts() -> None:
    kinds = {field.name: field.kind for field in find("v3.account.assets").fields}
    assert kinds["mmr"] is kinds["imr"] is FieldKind.NUMBER
    assert kinds["mgnRatio"] is FieldKind.RATE
