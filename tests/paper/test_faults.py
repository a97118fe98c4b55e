"""Misfortune that can be ordered from the paper exchange, to rehearse for the real one."""

from __future__ import annotations

import json
from pathlib import Path

import httpx
import pytest
from paper_account import PaperAccount

from bitget_cli.paper.faults import AnswerLostError, InjectedFault
from bitget_cli.paper.transport import PaperTransport

ORDER = {"symbol": "BTCUSDT", "side": "buy", "orderType": "market", "force": "gtc", "size": "100", "clientOid": "it"}


@pytest.fixture
def account() -> PaperAccount:
    return PaperAccount()


def placed(account: PaperAccount) -> int:
    return len(account.get("spot/trade/orderInfo", clientOid="it"))


@pytest.mark.parametrize(("fault", "orders"), [(InjectedFault.LOSE, 1), (InjectedFault.DROP, 0)])
def test_an_answer_is_lost_with_or_without_the_order(account: PaperAccount, fault: InjectedFault, orders: int) -> None:
    account.exchange.faults.add(fault, path="place-order")
    with pytest.raises(AnswerLostError):
        account.post("spot/trade/place-order", **ORDER)
    assert placed(account) == orders


@pytest.mark.parametrize(("fault", "orders"), [(InjectedFault.BROKEN, 0), (InjectedFault.BROKEN_AFTER, 1)])
def test_a_gateway_answers_with_a_page(account: PaperAccount, fault: InjectedFault, orders: int) -> None:
    account.exchange.faults.add(fault, path="place-order")
    status, body = account.raw("POST", "spot/trade/place-order", ORDER)
    assert status == 502
    assert body.startswith(b"<html>")
    assert placed(account) == orders


def test_an_order_arrives_late_and_at_its_own_time(account: PaperAccount) -> None:
    account.exchange.faults.add(InjectedFault.DELAY, path="place-order", amount=5_000)
    with pytest.raises(AnswerLostError):
        account.post("spot/trade/place-order", **ORDER)
    assert placed(account) == 0
    account.later(hours=1)
    (order,) = account.get("spot/trade/orderInfo", clientOid="it")
    assert int(order["cTime"]) == account.wall.timestamp() * 1000 + 5_000


def test_the_rate_limit_refuses_as_often_as_it_was_told(account: PaperAccount) -> None:
    account.exchange.faults.add(InjectedFault.TOO_MANY, times=2)
    assert [account.raw("POST", "spot/trade/place-order", ORDER)[0] for _ in range(3)] == [429, 429, 200]
    assert placed(account) == 1


def test_a_wrong_clock_is_seen_and_makes_signatures_expire(account: PaperAccount) -> None:
    account.exchange.faults.add(InjectedFault.SKEW, amount=120_000)
    wrong = json.loads(account.raw("GET", "public/time", {})[1])["data"]["serverTime"]
    assert int(wrong) == account.wall.timestamp() * 1000 + 120_000
    assert account.get("spot/account/assets") == "40008"
    account.exchange.faults.clear()
    assert account.get("spot/account/assets")


def test_a_client_in_process_waits_in_vain(account: PaperAccount) -> None:
    account.exchange.faults.add(InjectedFault.LOSE)
    with httpx.Client(transport=PaperTransport(account.exchange)) as client, pytest.raises(httpx.ReadTimeout):
        client.get("http://paper.localhost/api/v2/public/time")


def test_another_process_meets_the_fault_and_a_reset_forgets_it(tmp_path: Path) -> None:
    one, two = (PaperAccount(tmp_path / "paper.sqlite3") for _ in range(2))
    one.exchange.faults.add(InjectedFault.TOO_MANY, times=-1)
    assert [two.raw("GET", "public/time", {})[0] for _ in range(3)] == [429, 429, 429]
    two.store.reset()
    assert one.raw("GET", "public/time", {})[0] == 200
