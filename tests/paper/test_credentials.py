"""Signed calls: the checks Bitget makes, in its order, computed here once more from its documentation."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import timedelta
from typing import Any

import pytest

from bitget_cli.paper.credentials import KEY, PAPER_KEY

PATH = "/api/v2/earn/savings/product"
NOT_OFFERED = "40404"


def headers(ask: Any, *, signed: str = "", at: int | None = None, **changed: str | None) -> dict[str, str]:
    timestamp = str(at if at is not None else int(ask.wall.timestamp() * 1000))
    text = f"{timestamp}GET{PATH}{'?' + signed if signed else ''}"
    sign = base64.b64encode(hmac.new(b"paper-secret", text.encode(), hashlib.sha256).digest()).decode()
    given: dict[str, str | None] = {
        "ACCESS-KEY": "paper-key",
        "ACCESS-SIGN": sign,
        "ACCESS-TIMESTAMP": timestamp,
        "ACCESS-PASSPHRASE": "paper-passphrase",
        "PAPTRADING": "1",
    }
    given |= {name.replace("_", "-"): value for name, value in changed.items()}
    return {name: value for name, value in given.items() if value is not None}


def code(ask: Any, query: str = "", **given: Any) -> str:
    status, answer = ask.raw("GET", f"{PATH}?{query}" if query else PATH, headers=headers(ask, **given))
    assert status in (400, 404)
    return str(answer["code"])


def test_a_good_signature_gets_as_far_as_an_honest_refusal(ask: Any) -> None:
    status, answer = ask.raw("GET", PATH, headers=headers(ask))
    assert (status, answer["code"]) == (404, NOT_OFFERED)
    assert answer["msg"] == f"{PATH} is not offered by the paper exchange"


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"ACCESS_KEY": None}, "40001"),
        ({"ACCESS_SIGN": None}, "40002"),
        ({"ACCESS_SIGN": ""}, "40003"),
        ({"ACCESS_PASSPHRASE": None}, "40011"),
        ({"ACCESS_KEY": "somebody"}, "40006"),
        ({"ACCESS_PASSPHRASE": "wrong"}, "40012"),
        ({"ACCESS_TIMESTAMP": None}, "40005"),
        ({"ACCESS_TIMESTAMP": "2026-03-02"}, "40005"),
        ({"ACCESS_TIMESTAMP": "1772454896"}, "40005"),
        ({"ACCESS_SIGN": "bm9wZQ=="}, "40009"),
        ({"ACCESS_SIGN": "нет"}, "40009"),
    ],
)
def test_a_bad_header_has_its_own_code(ask: Any, changed: dict[str, str | None], expected: str) -> None:
    assert code(ask, **changed) == expected


@pytest.mark.parametrize(("late", "expected"), [(29, NOT_OFFERED), (-29, NOT_OFFERED), (31, "40008"), (-31, "40008")])
def test_a_timestamp_may_be_thirty_seconds_off_the_wall_clock(ask: Any, late: int, expected: str) -> None:
    at = int((ask.wall + timedelta(seconds=late)).timestamp() * 1000)
    assert code(ask, at=at) == expected


def test_a_client_that_set_its_watch_by_the_paper_clock_is_let_in(ask: Any) -> None:
    ask.store.advance(7 * 86_400_000, wall=ask.wall)
    paper = int(ask("public/time")["serverTime"])
    assert code(ask, at=paper) == NOT_OFFERED
    assert code(ask) == NOT_OFFERED


@pytest.mark.parametrize("signed", ["coin=A%26B%20C", "coin=A&B C"])
def test_the_query_may_be_signed_as_sent_or_decoded(ask: Any, signed: str) -> None:
    assert code(ask, "coin=A%26B%20C", signed=signed) == NOT_OFFERED


def test_another_query_than_the_signed_one_is_refused(ask: Any) -> None:
    assert code(ask, "coin=BTC", signed="coin=ETH") == "40009"


def test_the_key_is_the_same_public_dummy_everywhere() -> None:
    assert (PAPER_KEY.id.reveal(), PAPER_KEY.secret.reveal(), PAPER_KEY.passphrase.reveal()) == KEY
