"""What is said to log in on one connection, and when it is said again."""

from __future__ import annotations

import json
from typing import Any

import pytest
from stream_listener import LOGIN, ORDERS, Desk
from stream_server import ack, arg, error, push

from bitget_cli.client.ws.interfaces import ConnectionLostError
from bitget_cli.errors import CredentialsError

BTC_ARG = arg("BTCUSDT")
ORDERS_ARG = arg("default", "orders")
LOGGED_IN = json.dumps({"event": "login", "code": 0, "connId": "a1"})


# Logging in.


def private(**given: Any) -> Desk:
    return Desk(ORDERS, login=lambda: LOGIN, **given)


@pytest.mark.parametrize(
    "answer",
    [
        LOGGED_IN,
        json.dumps({"event": "login", "code": "0", "msg": ""}),
        json.dumps({"event": "login", "code": "00000"}),
    ],
)
def test_nothing_is_asked_for_before_the_login_is_answered(answer: str) -> None:
    desk = private()
    desk.wait(5)
    assert [text for _, text in desk.sent] == [LOGIN]
    desk.hear(answer)
    desk.wait(0.25)
    assert desk.asked() == [["default"]]


def test_a_login_that_is_never_answered_costs_the_connection() -> None:
    desk = private()
    with pytest.raises(ConnectionLostError, match="login was not answered"):
        desk.wait(11)


@pytest.mark.parametrize("code", [30011, "30012", 30015, "40099", 40037])
@pytest.mark.parametrize("event", ["error", "login"])
def test_a_wrong_key_is_fatal_at_once(code: Any, event: str) -> None:
    desk = private()
    with pytest.raises(CredentialsError) as refused:
        desk.hear(json.dumps({"event": event, "code": code, "msg": "no"}))
    assert (refused.value.exit_status, refused.value.code) == (4, str(code))


@pytest.mark.parametrize(("code", "pause"), [(30005, 2.0), ("30013", 0.0), (30014, 0.0)])
def test_some_refusals_are_worth_one_more_login(code: Any, pause: float) -> None:
    asked: list[str] = []
    desk = private(learn_time=lambda: asked.append("time"))
    assert desk.login
    desk.login.prepare()
    with pytest.raises(ConnectionLostError) as first:
        desk.hear(error(code))
    assert first.value.pause == pause
    desk.login.prepare()
    desk.connect()
    desk.wait(1)
    with pytest.raises(CredentialsError):
        desk.hear(error(code))
    assert len(asked) == (1 if code == 30005 else 2)


def test_too_many_logins_wait_a_minute() -> None:
    with pytest.raises(ConnectionLostError) as refused:
        private().hear(error("30006"))
    assert refused.value.pause == 60


def test_not_being_logged_in_is_answered_with_a_login_and_everything_afresh() -> None:
    desk = private()
    desk.hear(LOGGED_IN)
    desk.wait(0.5)
    desk.hear(error(30004, ORDERS_ARG), error(30004))
    desk.wait(0.5)
    assert len(desk.asked("login")) == 2
    desk.hear(LOGGED_IN)
    desk.wait(0.5)
    desk.hear(ack(ORDERS_ARG))
    assert desk.asked() == [["default"]] * 2
    assert desk.listener.acknowledged == [(ORDERS, False)]


def test_an_error_about_a_topic_says_nothing_of_a_login_under_way() -> None:
    desk = private()
    desk.hear(LOGGED_IN)
    desk.wait(0.5)
    desk.hear(error(30004))
    desk.wait(0.5)
    desk.hear(error(30001, arg("XRPUSDT", "orders")), LOGGED_IN)
    desk.wait(0.5)
    assert desk.asked() == [["default"]] * 2


def test_a_login_that_is_taken_and_denied_again_is_fatal() -> None:
    desk = private()
    desk.hear(LOGGED_IN)
    desk.wait(0.5)
    desk.hear(error(30004))
    desk.wait(0.5)
    desk.hear(LOGGED_IN)
    desk.wait(0.5)
    with pytest.raises(CredentialsError):
        desk.hear(error("30004"))


def test_a_login_that_expires_after_hours_is_renewed_every_time() -> None:
    desk = private()
    desk.hear(LOGGED_IN)
    desk.wait(0.5)
    desk.hear(ack(ORDERS_ARG))
    for _ in range(3):
        desk.wait(100)
        desk.hear(error(30004))
        desk.wait(0.5)
        desk.hear(LOGGED_IN)
        desk.wait(0.5)
        desk.hear(ack(ORDERS_ARG))
    assert [again for _, again in desk.listener.acknowledged] == [False, True, True, True]


def test_what_the_exchange_repeats_of_the_login_is_not_repeated_by_us() -> None:
    desk = private()
    with pytest.raises(CredentialsError) as refused:
        desk.hear(error(30011, msg=f"bad login {LOGIN}"))
    shown = json.dumps(refused.value.record())
    assert not [secret for secret in ("the-key-id", "the-phrase", "c2lnbg") if secret in shown]
    desk = private()
    desk.hear(LOGGED_IN)
    desk.wait(0.5)
    desk.hear(error(45999, msg="the-key-id may not"))
    assert "the-key-id" not in str(desk.listener.refusals)


def test_raw_frames_are_pushes_only() -> None:
    desk = private(raw=True)
    desk.hear(LOGGED_IN)
    desk.wait(0.5)
    desk.hear(ack(ORDERS_ARG), push(ORDERS_ARG, {"orderId": "1"}))
    assert desk.listener.raws == [push(ORDERS_ARG, {"orderId": "1"})]
