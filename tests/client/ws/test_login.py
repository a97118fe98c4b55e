"""The login of a private stream."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast

import pytest

from bitget_cli.client.ws.interfaces import Timing
from bitget_cli.client.ws.protocol import Login, login_frame, login_with
from bitget_cli.errors import NetworkError
from bitget_cli.keys import Key, Secret

# Secret, timestamp and signature. The first is in a third party's unit tests, the second's secret in the public docs;
# all were checked against ccxt.
VECTORS = [
    ("YYYYSECRET", 1700000000, "ncaZkuPLdgAq/NBd8hHbsJUtC//TXVyn0ngncN5YKEQ="),
    ("22582BD0CFF14C41EDBF1AB98506286D", 1538054050, "/4S0C3L8mGdm8894ulf8wfnQ6dqMXO8Iw95zlvMN8Zw="),
    ("example-secret", 1790358780, "9yuaZRuUMn+EexyvirvPoDu3ohH7V/kXPcn251NeZ+U="),
    ("example-secret", 1790358780123, "JSMkOCpVqrSlvG6dgqDJBa8oHGkDOf8oXCKRQZpJsb8="),
]


def key(secret: str) -> Key:
    return Key(Secret("bg_example"), Secret(secret), Secret('pass "phrase" ü'), "test")


@pytest.mark.parametrize(("secret", "timestamp", "sign"), VECTORS)
def test_the_signature_covers_the_second_and_the_path(secret: str, timestamp: int, sign: str) -> None:
    assert json.loads(login_frame(key(secret), timestamp)) == {
        "op": "login",
        "args": [{"apiKey": "bg_example", "passphrase": 'pass "phrase" ü', "timestamp": str(timestamp), "sign": sign}],
    }


def test_the_time_is_the_exchange_s_in_whole_seconds() -> None:
    client = SimpleNamespace(now=lambda: datetime.fromtimestamp(1790358780.987, tz=UTC))
    frame = json.loads(login_with(key("example-secret"), cast("Any", client))())
    assert frame["args"][0]["timestamp"] == "1790358780"
    assert frame["args"][0]["sign"] == VECTORS[2][2]


def test_the_time_is_asked_for_once_and_again_when_it_was_refused() -> None:
    asked: list[None] = []
    login = Login(lambda: login_frame(key("s"), 1), lambda: asked.append(None), Timing())
    for _ in range(3):
        login.prepare()
    assert len(asked) == 1
    login.refusal("30014", "expired")
    login.prepare()
    assert len(asked) == 2


def test_without_an_answer_about_the_time_our_own_clock_has_to_do() -> None:
    def fails() -> None:
        raise NetworkError("nobody there")

    login = Login(lambda: "{}", fails, Timing())
    login.prepare()
