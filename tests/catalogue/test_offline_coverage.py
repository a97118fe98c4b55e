"""Every row of the catalogue, typed as `bitget api NAME KEY=VALUE …` on paper with what it needs: data or an honest no.

An answer has the row's fields; a refusal says that the paper exchange does not offer the call. Anything else is a
defect. How many there are of each: `PYTHONPATH=tests python tests/catalogue/test_offline_coverage.py`.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from functools import cache
from operator import attrgetter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from doubles import Bitget, Ran
from paper_account import BTC, NOON, USDT_M, PaperAccount
from rules import for_each

from bitget_cli.catalogue import endpoints
from bitget_cli.catalogue.model import Endpoint, Param
from bitget_cli.paper.routes import PUBLIC, SIGNED
from bitget_cli.values import milliseconds

# Names in the tables of Bitget's pages that its own samples spell otherwise or do not show.
ONLY_IN_TABLES = {"makerRate", "unionTotalMagin", "cTime", "uTime", "status", "msg"}
ONLY_IN_TABLES |= {"presetStopLossPrice", "presetStopSurplusPrice", "adlRankDeprecated", "shortLeveage"}
ONLY_IN_TABLE_OF = {"mix.account.sub-account-assets": {"equity"}}
# What most rows mean by a name.
USUAL = {
    "symbol": "BTCUSDT",
    "productType": "USDT-FUTURES",
    "marginCoin": "USDT",
    "marginMode": "crossed",
    "coin": "USDT",
    "size": "0.01",
    "side": "buy",
    "orderType": "market",
    "posSide": "long",
    "holdSide": "long",
    "businessType": "mix",
    "leverage": "10",
    "amount": "5",
    "openAmount": "100",
    "openPrice": "60000",
    "triggerPrice": "20000",
    "address": "T1",
    "newClientOid": "newer",
    "startTime": str(milliseconds(NOON - timedelta(days=5))),
    "endTime": str(milliseconds(NOON + timedelta(days=1))),
}
LIMIT = {"orderType": "limit", "price": "20000"}
SPOT_LIMIT = {"symbol": "BTCUSDT", "price": "20000", "size": "0.01"}
# What some rows need beside or instead; `=name` is the id of what the account has under that name.
PARTICULAR: dict[str, dict[str, Any]] = {
    "common.all-trade-rate": {"symbol": "BTCUSDT"},
    "convert.bgb-convert": {"coinList": ["LTC"]},
    "convert.quoted-price": {"fromCoin": "USDT", "toCoin": "BTC", "fromCoinSize": "100"},
    "convert.trade": {"fromCoin": "USDT", "toCoin": "BTC", "fromCoinSize": "100"}
    | {name: f"={name}" for name in ("toCoinSize", "cnvtPrice", "traceId")},
    "mix.account.set-asset-mode": {"assetMode": "single"},
    "mix.account.set-auto-margin": {"symbol": "SOLUSDT", "autoMargin": "off"},
    "mix.account.set-leverage": {"symbol": "ETHUSDT", "leverage": "10"},
    "mix.account.set-all-leverage": {"productType": "USDC-FUTURES"},
    "mix.account.set-margin": {"symbol": "SOLUSDT"},
    "mix.account.set-margin-mode": {"symbol": "ETHUSDT", "marginMode": "isolated"},
    "mix.account.set-position-mode": {"productType": "COIN-FUTURES", "posMode": "hedge_mode"},
    "mix.order.batch-place-order": {"orderList": [{"size": "0.01", "side": "buy", **LIMIT}]},
    "mix.order.cancel-order": {"clientOid": "resting"},
    "mix.order.click-backhand": {"size": "0.05"},
    "mix.order.detail": {"clientOid": "filled"},
    "mix.order.modify-order": {"clientOid": "resting", "newPrice": "20001", "newSize": "0.02"},
    "mix.order.modify-plan-order": {"clientOid": "plan", "newTriggerPrice": "20001"},
    "mix.order.modify-tpsl-order": {"orderId": "=exit", "triggerPrice": "19000", "size": "0.01"},
    "mix.order.place-order": LIMIT,
    "mix.order.place-plan-order": {"planType": "normal_plan", "triggerType": "mark_price"},
    "mix.order.place-pos-tpsl": {"holdSide": "buy", "stopLossTriggerPrice": "20000"},
    "mix.order.place-tpsl-order": {"planType": "loss_plan", "holdSide": "buy", "size": "0.01"},
    "mix.order.plan-sub-order": {"planType": "normal_plan", "planOrderId": "=ran"},
    "spot.market.history-candles": {"endTime": str(milliseconds(NOON))},
    "spot.trade.batch-cancel-order": {"orderList": [{"clientOid": "spot-resting", "symbol": "BTCUSDT"}]},
    "spot.trade.batch-cancel-plan-order": {"symbolList": ["BTCUSDT"]},
    "spot.trade.batch-cancel-replace-order": {"orderList": [{"clientOid": "spot-resting", **SPOT_LIMIT}]},
    "spot.trade.batch-orders": {
        "orderList": [{"symbol": "BTCUSDT", "side": "buy", "force": "gtc", "size": "0.01", **LIMIT}]
    },
    "spot.trade.cancel-order": {"clientOid": "spot-resting"},
    "spot.trade.cancel-plan-order": {"clientOid": "spot-plan"},
    "spot.trade.cancel-replace-order": {"clientOid": "spot-resting", **SPOT_LIMIT},
    "spot.trade.modify-plan-order": {"clientOid": "spot-plan", "orderType": "limit", "executePrice": "20001"},
    "spot.trade.orderInfo": {"clientOid": "spot"},
    "spot.trade.place-order": {"force": "gtc", **LIMIT},
    "spot.trade.place-plan-order": {"orderType": "limit", "executePrice": "20000", "triggerType": "mark_price"},
    "spot.trade.plan-sub-order": {"planOrderId": "=spot-ran"},
    "spot.wallet.cancel-withdrawal": {"orderId": "=withdrawal"},
    "spot.wallet.transfer": {"fromType": "spot", "toType": "usdt_futures"},
    "spot.wallet.subaccount-transfer": {"fromUserId": "1000000001", "toUserId": "=sub"},
    "spot.wallet.transfer-coin-info": {"fromType": "spot", "toType": "usdt_futures"},
    "spot.wallet.withdrawal": {"transferType": "on_chain", "size": "100", "chain": "TRC20"},
    "user.create-virtual-subaccount": {"subAccountList": ["scalpers"]},
    "user.modify-virtual-subaccount": {"subAccountUid": "=sub", "permList": ["read"], "status": "normal"},
}


@dataclass(frozen=True)
class Account:
    """An exchange's file and the ids of what is in it."""

    file: bytes
    ids: dict[str, str]


@cache
def somebody() -> Account:
    """With something of everything: open and past orders, plans, positions, money on its way."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "paper.sqlite3"
        account = PaperAccount(path).fund()
        ids = {**futures(account), **spot(account), **money(account)}
        account.store.close()
        return Account(path.read_bytes(), ids)


def futures(account: PaperAccount) -> dict[str, str]:
    account.order("buy", "0.05", clientOid="filled")
    account.order("buy", "0.01", price="20000", clientOid="resting")
    account.order("buy", "100", symbol="XRPUSDT")
    account.post("mix/order/close-positions", symbol="XRPUSDT", **USDT_M)
    account.post("mix/account/set-margin-mode", marginMode="isolated", **{**BTC, "symbol": "SOLUSDT"})
    account.order("buy", "10", symbol="SOLUSDT", marginMode="isolated")
    plan = {"planType": "normal_plan", "marginMode": "crossed", "side": "buy", "size": "0.01", "orderType": "market"}
    plan |= {"triggerType": "fill_price"} | BTC
    account.post("mix/order/place-plan-order", triggerPrice="20000", clientOid="plan", **plan)
    ran = account.post("mix/order/place-plan-order", triggerPrice=str(int(account.last()) + 20), **plan)
    exit_ = {"planType": "loss_plan", "holdSide": "buy", "triggerPrice": "20000", "size": "0.01"} | BTC
    left = account.post("mix/order/place-tpsl-order", **exit_)
    return {"ran": ran["orderId"], "exit": left["orderId"]}


def spot(account: PaperAccount) -> dict[str, str]:
    account.spot("buy", "500", clientOid="spot")
    account.spot("buy", "0.01", price="20000", clientOid="spot-resting")
    plan = {"symbol": "BTCUSDT", "side": "buy", "orderType": "limit", "size": "0.01", "triggerType": "fill_price"}
    near = str(int(account.last()) + 20)
    low = {"triggerPrice": "20000", "executePrice": "20000"}
    account.post("spot/trade/place-plan-order", clientOid="spot-plan", **low, **plan)
    ran = account.post("spot/trade/place-plan-order", triggerPrice=near, executePrice=near, **plan)
    return {"spot-ran": ran["orderId"]}


def money(account: PaperAccount) -> dict[str, str]:
    account.exchange.deposit("USDT", Decimal(100))
    account.exchange.deposit("LTC", Decimal("0.02"))
    account.exchange.deposit("XRP", Decimal(1))
    account.post("convert/bgb-convert", coinList=["XRP"])
    done = account.get("convert/quoted-price", fromCoin="USDT", toCoin="ETH", fromCoinSize="100")
    account.post("convert/trade", **{name: done[name] for name in done if name != "fee"})
    account.post("spot/wallet/transfer", fromType="spot", toType="p2p", amount="5", coin="USDT")
    account.post("spot/wallet/transfer", fromType="spot", toType="crossed_margin", amount="5", coin="USDT")
    isolated = {"toType": "isolated_margin", "symbol": "BTCUSDT"}
    account.post("spot/wallet/transfer", fromType="spot", amount="0.01", coin="BTC", **isolated)
    made = account.post("user/create-virtual-subaccount", subAccountList=["gridbots"])["successList"][0]
    ends = {"fromUserId": "1000000001", "toUserId": made["subaAccountUid"], "fromType": "spot"}
    for wallet in ("spot", "usdt_futures"):
        account.post("spot/wallet/subaccount-transfer", **ends, toType=wallet, amount="5", coin="USDT")
    address = {"transferType": "on_chain", "address": "T1", "chain": "TRC20"}
    account.post("spot/wallet/withdrawal", coin="USDT", size="100", **address)
    account.later(hours=9)
    sent = account.post("spot/wallet/withdrawal", coin="USDT", size="100", **address)
    quote = account.get("convert/quoted-price", fromCoin="USDT", toCoin="BTC", fromCoinSize="100")
    return {"withdrawal": sent["orderId"], "sub": made["subaAccountUid"], **quote}


def words(row: Endpoint, ids: dict[str, str]) -> list[str]:
    """The pairs to type: what the row requires, and one of each group of which it requires one."""
    own = PARTICULAR.get(row.name, {})
    given = {param.name: _sample(row, param) for param in row.params if param.required and "[]" not in param.name}
    free = (group[0] for group in row.one_of if not set(group) & (set(own) | set(given)))
    given |= {param.name: _sample(row, param) for name in free for param in row.params if param.name == name} | own
    if any(param.name.startswith("[].") for param in row.params):
        given["[]"] = [_item(row, "[].")]
    return [f"{name}={_typed(value, ids)}" for name, value in given.items()]


def _sample(row: Endpoint, param: Param) -> Any:
    fields = f"{param.name}[]."
    if any(each.name.startswith(fields) for each in row.params):
        return [_item(row, fields)]
    return USUAL.get(param.name) or (param.choices[0] if param.choices else "1")


def _item(row: Endpoint, prefix: str) -> dict[str, str]:
    fields = [param for param in row.params if param.name.startswith(prefix) and param.required]
    return {param.name.removeprefix(prefix): param.choices[0] if param.choices else "1" for param in fields}


def _typed(value: Any, ids: dict[str, str]) -> str:
    if isinstance(value, str):
        return str(ids[value[1:]]) if value.startswith("=") else value
    return json.dumps(value)


@pytest.fixture
def paper(bitget: Bitget, home: Path) -> Bitget:
    folder = home / "state" / "bitget"
    folder.mkdir(mode=0o700, parents=True)
    (folder / "paper.sqlite3").touch(mode=0o600)
    (folder / "paper.sqlite3").write_bytes(somebody().file)
    return bitget


def call(paper: Bitget, row: Endpoint) -> Ran:
    return paper(["-p", "paper", "api", row.name, *words(row, somebody().ids), "--json"])


def is_offered(row: Endpoint) -> bool:
    return (row.method == "GET" and row.path in PUBLIC) or (row.method, row.path) in SIGNED


OFFERED = [row for row in endpoints() if is_offered(row)]
OTHERS = [row for row in endpoints() if not is_offered(row) and not row.name.startswith("v3.")]
UNIFIED = [row for row in endpoints() if row.signed and row.name.startswith("v3.")]


# What is written down like a typed order ends in its words.
ENDS = {
    "mix.order.cancel-order": "cancelled",
    "mix.order.modify-order": "placed",
    "spot.trade.batch-cancel-order": "cancelled",
    "spot.trade.cancel-order": "cancelled",
    "spot.trade.cancel-plan-order": "cancelled",
    "spot.trade.cancel-replace-order": "placed",
}


# What there is none of on the paper exchange, or not in this account.
NOTHING = {"account.bot-assets", "margin.currencies", "mix.account.isolated-symbols"}
name_of = attrgetter("name")


@for_each([row for row in OFFERED if row.reads], name=name_of)
def test_a_read_has_something_to_show_with_the_fields_of_its_row(row: Endpoint, paper: Bitget) -> None:
    ran = call(paper, row)
    assert ran.status == 0, ran.err
    data = ran.json
    assert_has_fields(row, data)
    held = data.get(row.paging.rows_at) if row.paging.rows_at and isinstance(data, dict) else data
    # What owes nothing says so with two empty lists.
    held = held if row.name != "earn.loan.debts" else None
    always_empty = SIGNED.get((row.method, row.path), "").startswith("api.lists:")
    assert bool(held) is not (always_empty or row.name in NOTHING)


@pytest.mark.parametrize("row", [row for row in OFFERED if not row.reads and not row.withdraws], ids=name_of)
def test_what_changes_something_answers_with_the_fields_of_its_row(row: Endpoint, paper: Bitget) -> None:
    ran = call(paper, row)
    assert ran.status == 0, ran.err
    data = ran.json["response"]
    assert ran.json["outcome"] == ENDS.get(row.name, "done")
    assert not (isinstance(data, dict) and data.get("failureList")), data
    assert_has_fields(row, data)


def assert_has_fields(row: Endpoint, data: Any) -> None:
    wanted = {field.name for field in row.fields if field.place is None and "." not in field.name}
    for shown in _shown(row, data):
        assert wanted - ONLY_IN_TABLES - ONLY_IN_TABLE_OF.get(row.name, set()) <= set(shown)


def _shown(row: Endpoint, data: Any) -> Iterator[dict[str, Any]]:
    held = data.get(row.paging.rows_at) if row.paging.rows_at and isinstance(data, dict) else data
    return (shown for shown in (held if isinstance(held, list) else [held]) if isinstance(shown, dict))


@for_each([row for row in OTHERS if not row.withdraws], name=name_of)
def test_what_is_not_offered_is_said_to_be_so(row: Endpoint, paper: Bitget) -> None:
    ran = call(paper, row)
    assert ran.status == 5, ran.err
    assert (ran.failure["code"], ran.failure["http_status"]) == ("40404", 404)
    assert ran.failure["msg"] == f"{row.path} is not offered by the paper exchange"


@pytest.mark.parametrize("name", ["v3.account.assets", "v3.trade.order-info"])
def test_a_row_of_unified_accounts_is_refused_on_a_classic_one(name: str, paper: Bitget) -> None:
    ran = call(paper, next(row for row in UNIFIED if row.name == name))
    assert (ran.status, ran.failure["code"], ran.failure["http_status"]) == (5, "40084", 400)


def test_every_row_of_unified_accounts_is_refused_as_belonging_to_another_kind() -> None:
    account = PaperAccount()
    for row in UNIFIED:
        status, answer = account.exchange.answer(method=row.method, target=row.path, headers={}, body=b"{}")
        assert (status, json.loads(answer)["code"]) == (400, "40084"), row.name


CLASSIC = [row for row in endpoints() if row not in UNIFIED]


@pytest.mark.parametrize("row", [row for row in CLASSIC if row.withdraws], ids=lambda row: row.name)
def test_a_withdrawal_waits_for_the_profiles_leave(row: Endpoint, paper: Bitget) -> None:
    ran = call(paper, row)
    assert (ran.status, ran.failure["error"]) == (10, "declined")
    assert paper("-p paper profile allow withdraw", terminal=True, typed="yes\n").status == 0
    ran = call(paper, row)
    assert (ran.status, is_offered(row)) in {(0, True), (5, False)}, ran.err


def counts() -> dict[str, int]:
    """Rows by what becomes of them, the refused withdrawals among the refused."""
    told = Counter("data read" if row.reads else "change made" for row in OFFERED if not row.withdraws)
    return {**told, "not offered": len([row for row in OTHERS if not row.withdraws])} | {
        "declined until withdrawals are allowed": sum(row.withdraws for row in CLASSIC),
        "of another kind of account": len(UNIFIED),
    }


if __name__ == "__main__":
    sys.stdout.writelines(f"{count:4} {what}\n" for what, count in [*counts().items(), ("rows", len(endpoints()))])
