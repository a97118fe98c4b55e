"""Every answer of a unified account has the fields of Bitget's own samples."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
import unified_fields as fields
from paper_account import USDT_LINE, UnifiedAccount
from rules import for_each

from bitget_cli.paper.routes import UNIFIED, UNIFIED_PUBLIC

LINE = {"category": "USDT-FUTURES", "symbol": "BTCUSDT"}
SPOT = {"category": "SPOT", "symbol": "BTCUSDT"}
BTC = {"symbol": "BTCUSDT"}
WHEN = {"startTime": "now", "endTime": "now"}


@pytest.fixture(scope="module")
def account() -> UnifiedAccount:
    """Somebody with something of everything."""
    account = UnifiedAccount(opening={("spot", "USDT"): Decimal(100_000), ("spot", "DOGE"): Decimal(3)})
    price = str(int(account.last() * Decimal("0.97")))
    account.order("buy", "0.05", clientOid="filled")
    account.order("sell", "0.02")
    account.order("buy", "0.05", price=price)
    account.order("sell", "0.01", symbol="ETHUSDT", qty="1")
    account.post("trade/close-positions", category="USDT-FUTURES", symbol="ETHUSDT")
    account.spot("buy", "500", clientOid="spot")
    account.spot("buy", "0.01", price=price)
    account.strategy(type="tpsl", posSide="long", stopLoss=price)
    trigger = {"type": "trigger", "side": "buy", "qty": "0.01", "triggerOrderType": "market"}
    account.strategy(**trigger, triggerPrice=str(int(account.last()) + 1))
    account.strategy(**trigger, triggerPrice=str(int(account.last() * Decimal("0.5"))))
    account.post("account/transfer", fromType="uta", toType="spot", amount="500", coin="USDT")
    address = {"transferType": "on_chain", "address": "T1", "chain": "TRC20"}
    account.post("account/withdrawal", coin="USDT", size="100", **address)
    account.post("convert/small-assets-trade", fromCoinList=["DOGE"])
    account.exchange.deposit("DOGE", Decimal(3))
    return account.later(hours=9)


def ratios(of: str) -> frozenset[str]:
    return frozenset({f"long{of}Ratio", f"short{of}Ratio", f"longShort{of}Ratio", "ts"})


ANSWERS: list[tuple[str, dict[str, str], frozenset[str]]] = [
    ("account/info", {}, fields.INFO),
    ("account/settings", {}, fields.SETTINGS),
    ("account/assets", {}, fields.ASSETS),
    ("account/assets:assets", {}, fields.COIN),
    ("account/funding-assets", {}, frozenset({"coin", "available", "frozen", "balance"})),
    ("account/fee-rate", LINE, frozenset({"makerFeeRate", "takerFeeRate"})),
    ("account/all-fee-rate", USDT_LINE, frozenset({"symbol", "makerFeeRate", "takerFeeRate"})),
    ("account/max-transferable", {"coin": "USDT"}, frozenset({"coin", "maxTransfer", "borrowMaxTransfer"})),
    ("account/deposit-address", {"coin": "USDT"}, frozenset({"coin", "address", "chain", "tag", "url"})),
    ("account/deposit-records", WHEN, fields.DEPOSIT),
    ("account/withdrawal-records", WHEN, fields.WITHDRAWAL),
    ("account/financial-records", USDT_LINE, fields.FUTURES_BOOKING),
    ("account/financial-records", {"category": "SPOT"}, fields.BOOKING),
    ("account/financial-records", {"category": "OTHER"}, fields.BOOKING),
    ("tax/records", {"bizType": "USDT-FUTURES"} | WHEN, fields.TAX),
    ("convert/small-assets", {}, fields.SMALL),
    ("trade/order-info", {"clientOid": "filled"}, fields.FUTURES_ORDER),
    ("trade/order-info", {"clientOid": "spot"}, fields.SPOT_ORDER),
    ("trade/unfilled-orders", USDT_LINE, fields.FUTURES_ORDER),
    ("trade/unfilled-orders", {"category": "SPOT"}, fields.SPOT_ORDER),
    ("trade/history-orders", USDT_LINE, fields.FUTURES_ORDER),
    ("trade/history-orders", {"category": "SPOT"}, fields.SPOT_ORDER),
    ("trade/fills", USDT_LINE, fields.FILL),
    ("trade/fills", {"category": "SPOT"}, fields.FILL),
    ("position/current-position", USDT_LINE, fields.POSITION),
    ("position/history-position", USDT_LINE, fields.PAST_POSITION),
    ("position/adlRank", {}, frozenset({"symbol", "marginCoin", "adlRank", "holdSide"})),
    # Live rows have `null` where the samples have empty texts, and take-profits have no words of a trigger.
    ("trade/unfilled-strategy-orders", USDT_LINE | {"type": "trigger"}, fields.TRIGGER),
    ("trade/unfilled-strategy-orders", USDT_LINE | {"type": "tpsl"}, fields.TRIGGER - fields.TRIGGERING),
    ("trade/history-strategy-orders", USDT_LINE | {"type": "trigger"}, fields.TRIGGER),
    ("market/instruments", SPOT, fields.SPOT_INSTRUMENT),
    ("market/instruments", LINE, fields.FUTURES_INSTRUMENT),
    ("market/tickers", SPOT, fields.SPOT_TICKER),
    ("market/tickers", LINE, fields.FUTURES_TICKER),
    ("market/orderbook", LINE, frozenset({"a", "b", "ts"})),
    ("market/fills", LINE, frozenset(["execId", "execLinkId", "price", "size", "side", "ts", "isRPI"])),
    ("market/open-interest", LINE, frozenset({"symbol", "openInterest"})),
    ("market/futures-account-long-short", BTC, ratios("Account")),
    ("market/futures-position-long-short", BTC, ratios("Position")),
    ("market/futures-long-short", BTC, ratios("")),
    ("market/futures-active-buy-sell", BTC, frozenset({"buyVolume", "sellVolume", "ts"})),
    ("market/margin-isolated-borrow", BTC, frozenset({"borrowRate", "ts"})),
    ("market/margin-loan-growth", BTC, frozenset({"growthRate", "ts"})),
    ("market/margin-long-short", BTC, frozenset({"longShortRatio", "ts"})),
    ("market/spot-net-flow", BTC, frozenset({"netFlow", "ts"})),
    ("market/spot-whale-flow", BTC, frozenset({"volume", "date"})),
    ("market/position-tier", LINE, frozenset(["tier", "minTierValue", "maxTierValue", "leverage", "mmr"])),
]
# What live replies have besides the samples.
BESIDES = frozenset(["marginMode", "ocoParams", "trailingStopParams", "icebergParams", "twapParams", "launchTime"])


@for_each(ANSWERS)
def test_an_answer_has_the_fields_of_bitgets_own(
    asked: tuple[str, dict[str, str], frozenset[str]], account: UnifiedAccount
) -> None:
    called, words, names = asked
    path, _, inside = called.partition(":")
    now = int(account.exchange.now().timestamp() * 1000)
    times = {"startTime": now - 7 * 86_400_000, "endTime": now}
    data = account.get(path, **words | {name: times[name] for name in times if name in words})
    data = data.get(inside or "list", data) if isinstance(data, dict) else data
    rows = data if isinstance(data, list) else [data]
    assert rows
    for row in rows:
        assert names <= set(row) <= names | BESIDES


def test_nothing_of_an_answer_is_a_number(account: UnifiedAccount) -> None:
    def leaves(value: Any) -> Any:
        if isinstance(value, dict):
            return [leaf for each in value.values() for leaf in leaves(each)]
        return [leaf for each in value for leaf in leaves(each)] if isinstance(value, list) else [value]

    for path, words, _ in ANSWERS:
        if not words.keys() & WHEN.keys():
            told = leaves(account.get(path.partition(":")[0], **words))
            assert {type(leaf) for leaf in told} <= {str, type(None)}, path


def test_order_and_fee_signs_are_bitgets(account: UnifiedAccount) -> None:
    told = account.get("trade/order-info", clientOid="spot")
    # A market purchase counts money.
    assert (told["qty"], told["amount"], told["price"], told["timeInForce"]) == ("0", "500", "0", "ioc")
    assert Decimal(told["feeDetail"][0]["fee"]) > 0
    assert told["feeDetail"][0]["feeCoin"] == "BTC"
    (booking, *_) = account.get("account/financial-records", category="SPOT")["list"]
    assert Decimal(booking["fee"]) < 0
    (row,) = account.position()
    assert Decimal(row["openFeeTotal"]) < 0
    realised = [fill["execPnl"] for fill in account.get("trade/fills", **USDT_LINE)["list"]]
    parts = (row["openFeeTotal"], row["closeFeeTotal"], row["totalFunding"], *realised)
    others = Decimal(account.get("position/history-position", **USDT_LINE)["list"][0]["cumRealisedPnl"])
    assert Decimal(row["curRealisedPnl"]) == sum(map(Decimal, parts)) - others


def test_every_path_leads_to_a_function() -> None:
    from importlib import import_module

    for name in (*UNIFIED.values(), *UNIFIED_PUBLIC.values()):
        module, _, function = name.partition(":")
        assert callable(getattr(import_module(f"bitget_cli.paper.{module}"), function)), name
