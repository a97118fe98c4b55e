"""Every row the trading commands need is answered offline, with all the fields the catalogue names."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from paper_account import BTC, USDT_M, PaperAccount
from rules import for_each

from bitget_cli.catalogue import find_path
from bitget_cli.catalogue.model import Endpoint
from bitget_cli.paper.routes import SIGNED

# What a row is asked with beside `USDT_M`; rows that are not here are asked with nothing more.
# Names in the tables of Bitget's pages that its own samples spell otherwise or do not show.
_ONLY_IN_TABLES = {"makerRate", "unionTotalMagin", "cTime", "uTime", "status"}
_ONLY_IN_TABLES |= {"presetStopLossPrice", "presetStopSurplusPrice", "adlRankDeprecated"}
_PLANS = {"planType": "normal_plan"}


@pytest.fixture(scope="module")
def account() -> PaperAccount:
    """Somebody with something of everything."""
    account = PaperAccount().fund()
    account.post("mix/account/set-position-mode", posMode="hedge_mode", **USDT_M)
    account.order("buy", "0.05", tradeSide="open", clientOid="filled")
    account.order("buy", "0.05", tradeSide="open", price=str(int(account.last() * Decimal("0.9"))))
    account.order("sell", "0.02", tradeSide="open")
    account.order("sell", "0.02", tradeSide="close")
    plan = {"planType": "normal_plan", "marginMode": "crossed", "side": "buy", "tradeSide": "open", "size": "0.01"}
    plan |= {"orderType": "market", "triggerType": "fill_price"} | BTC
    account.post("mix/order/place-plan-order", triggerPrice=str(int(account.last())), **plan)
    account.post("mix/order/place-plan-order", triggerPrice=str(int(account.last() * Decimal("0.8"))), **plan)
    account.spot("buy", "500", clientOid="spot")
    account.spot("buy", "0.01", price=str(int(account.last() * Decimal("0.9"))))
    words = {"symbol": "BTCUSDT", "side": "buy", "orderType": "limit", "size": "0.01", "triggerType": "fill_price"}
    for ratio in ("1", "0.8"):
        price = str(int(account.last() * Decimal(ratio)))
        account.post("spot/trade/place-plan-order", executePrice=price, triggerPrice=price, **words)
    account.post("spot/wallet/transfer", fromType="spot", toType="p2p", amount="5", coin="USDT")
    address = {"transferType": "on_chain", "address": "T1", "chain": "TRC20"}
    account.post("spot/wallet/withdrawal", coin="USDT", size="100", **address)
    account.exchange.deposit("USDT", Decimal(100))
    return account.later(hours=9)


def given(account: PaperAccount, row: Endpoint) -> dict[str, Any]:
    now = int(account.exchange.now().timestamp() * 1000)
    every = {
        "symbol": "BTCUSDT",
        "productType": "USDT-FUTURES",
        "marginCoin": "USDT",
        "businessType": "mix",
        "planType": "normal_plan",
        "posSide": "long",
        "orderType": "market",
        "openAmount": "100",
        "openPrice": "60000",
        "coin": "USDT",
        "startTime": now - min(row.paging.window_days or 80, 80) * 86_400_000,
        "endTime": now,
        "fromType": "spot",
        "toType": "usdt_futures",
        "posMode": "hedge_mode",
        "fromCoin": "USDT",
        "toCoin": "BTC",
    }
    required = [param for param in row.params if param.required and (param.name in every or param.choices)]
    needed = {param.name: every.get(param.name) or param.choices[0] for param in required}
    if row.path.endswith("plan-sub-order"):
        place = "mix/order/orders-plan-history" if "mix" in row.path else "spot/trade/history-plan-order"
        lists = account.get(place, **(USDT_M | _PLANS if "mix" in row.path else {}))
        needed["planOrderId"] = (lists.get("entrustedList") or lists.get("orderList"))[0]["orderId"]
    if row.path.endswith("quoted-price"):
        needed["fromCoinSize"] = "100"
    if row.path.endswith("order/detail"):
        needed["clientOid"] = "filled"
    if row.path.endswith("orderInfo"):
        needed["clientOid"] = "spot"
    return needed


def rows() -> list[Endpoint]:
    found = [find_path(method, path) for method, path in SIGNED if method == "GET"]
    return [row for row in found if row]


@for_each(rows(), name=lambda row: row.name)
def test_every_row_is_answered_with_all_its_fields(row: Endpoint, account: PaperAccount) -> None:
    data = account.get(row.path.removeprefix("/api/v2/"), **given(account, row))
    assert not isinstance(data, str), data
    held = data.get(row.paging.rows_at) if row.paging.rows_at and isinstance(data, dict) else data
    for shown in held if isinstance(held, list) else [held]:
        if isinstance(shown, dict):
            names = {field.name for field in row.fields if field.place is None and "." not in field.name}
            assert names - _ONLY_IN_TABLES <= set(shown)


def test_every_answer_is_of_a_row_of_the_catalogue() -> None:
    assert [key for key in SIGNED if find_path(*key) is None] == []
