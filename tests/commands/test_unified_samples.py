"""Every reply that Bitget shows of a unified account, or that one was seen to send, is read, drawn and printed."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from desk import DEMO
from doubles import Bitget
from pytest_httpx import HTTPXMock
from unified_account import SAMPLES, Account

from bitget_cli.catalogue import find

# What a reply answers where its name does not say it.
_OTHERWISE = {
    "account-financial-records-margin": "account.financial-records",
    "account-financial-records-other": "account.financial-records",
    "account-financial-records-usdt-futures": "account.financial-records",
    "account-max-open-available-usdt-futures": "account.max-open-available",
    "market-instruments-spot": "market.instruments",
    "market-instruments-usdt-futures": "market.instruments",
    "market-tickers-spot": "market.tickers",
    "market-tickers-usdt-futures": "market.tickers",
    "position-adl-rank": "position.adlRank",
    "position-current-position-none": "position.current-position",
    "trade-fills-none": "trade.fills",
    "trade-history-orders-spot-market-buy": "trade.history-orders",
}
ERRORS = {
    "error-25202-balance": 5,
    "error-25204-order-missing": 5,
    "error-25236-wrong-open-type": 5,
    "error-40014-permission": 4,
    "error-400172-parameter": 5,
    "error-40084-classic-key-on-v3": 5,
    "error-40085-uta-key-on-v2": 5,
    "error-40099-environment": 4,
}
WORDS = {
    "category": "USDT-FUTURES",
    "coin": "USDT",
    "orderType": "market",
    "side": "buy",
    "startTime": "1772449200000",
    "endTime": "1772452800000",
}
# Where one of two must be given.
EITHER = {"market-current-fund-rate": "symbol=BTCUSDT", "trade-order-info": "orderId=1420000000000010001"}


def row_of(sample: str) -> Any:
    group, _, rest = sample.partition("-")
    return find(f"v3.{_OTHERWISE.get(sample) or ('trade' if group == 'strategy' else group) + '.' + rest}")


READS = [name for name in SAMPLES if name not in ERRORS and row_of(name).reads]
CHANGES = [name for name in SAMPLES if name not in ERRORS and not row_of(name).reads]


def typed(name: str) -> str:
    """A call of the row with what it must be given, about what the reply is about."""
    row, text = row_of(name), str(SAMPLES[name])
    symbol = "ETHUSDT" if "ETHUSDT" in text and "BTCUSDT" not in text else "BTCUSDT"
    words = WORDS | {"symbol": symbol, "category": "SPOT" if "spot" in name else WORDS["category"]}
    choices = {
        param.name: param.choices[0]
        for param in row.params
        if param.choices and words.get(param.name) not in param.choices
    }
    either = (EITHER[name],) if name in EITHER else ()
    return " ".join(
        [
            f"api {row.name}",
            *(f"{one.name}={(words | choices)[one.name]}" for one in row.params if one.required),
            *either,
        ]
    )


@pytest.mark.parametrize("name", READS)
def test_a_reply_is_read_drawn_and_printed(name: str, bitget: Bitget, exchange: HTTPXMock) -> None:
    path = row_of(name).path.removeprefix("/api/v3/")
    account = Account(bitget, exchange)
    account.answers = {path: httpx.Response(200, json=SAMPLES[name])}
    data = SAMPLES[name]["data"]
    held = next((data[at] for at in ("list", "resultList") if isinstance(data, dict) and at in data), data)
    ran = bitget(f"{typed(name)} --json", env=DEMO)
    assert ran.status == 0, ran.err
    assert ran.json in (held, data, held or [], [held])
    for form in ("--no-color", "-o csv", "-o tsv"):
        drawn = bitget(f"{typed(name)} {form}", env=DEMO, terminal=form == "--no-color")
        assert drawn.status == 0, drawn.err


@pytest.mark.parametrize("name", ERRORS)
def test_a_refusal_ends_with_its_own_exit_and_code(name: str, bitget: Bitget, exchange: HTTPXMock) -> None:
    Account(bitget, exchange, {"position/current-position": httpx.Response(400, json=SAMPLES[name])})
    ran = bitget("position list --json", env=DEMO)
    assert (ran.status, ran.out, ran.failure["code"]) == (ERRORS[name], "", SAMPLES[name]["code"])


@pytest.mark.parametrize("name", CHANGES)
def test_a_reply_to_a_change_can_be_understood(name: str) -> None:
    """What becomes of the change is told by the tests of raw changes; here that the catalogue knows the shape."""
    told, row = SAMPLES[name]["data"], row_of(name)
    rows = told.get("list", [told]) if isinstance(told, dict) else told if isinstance(told, list) else []
    names = {field.name.rpartition("[].")[2] for field in row.fields}
    assert all(set(one) <= names for one in rows), row.fields
