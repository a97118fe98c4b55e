"""A stream that logs in to an exchange on loopback, which takes it, refuses it or forgets it."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from stream_listener import LOGIN, ORDERS
from stream_server import Line, error, exchange
from streaming import streaming

from bitget_cli.errors import CredentialsError, NetworkError


class NeedsLogin(Line):
    """The private side: a login, then subscriptions."""

    refuse: tuple[Any, ...] = ()  # codes for the first logins

    def on_login(self, login: dict[str, str]) -> None:
        self.exchange.logins.append(login)
        if len(self.exchange.logins) <= len(self.refuse):
            self.send(error(self.refuse[len(self.exchange.logins) - 1]))
            return
        super().on_login(login)


def refusing(*codes: Any) -> type[NeedsLogin]:
    return type("Refusing", (NeedsLogin,), {"refuse": codes})


def test_a_private_stream_logs_in_first() -> None:
    with exchange(NeedsLogin) as bitget, streaming(bitget.address, ORDERS, login=lambda: LOGIN) as (_, listener):
        listener.wait_for(lambda: listener.frames)
        assert bitget.lines[0].path == "/v2/ws/private"
        assert bitget.lines[0].got[0][1] == LOGIN


@pytest.mark.parametrize("code", [30005, "30013", 30014])
def test_a_login_that_is_refused_for_what_may_pass_is_tried_once_more(code: Any) -> None:
    asked: list[None] = []
    with (
        exchange(refusing(code)) as bitget,
        streaming(bitget.address, ORDERS, login=lambda: LOGIN, learn_time=lambda: asked.append(None)) as (_, listener),
    ):
        listener.wait_for(lambda: listener.frames)
        assert len(bitget.logins) == 2
    assert len(asked) == (1 if code == 30005 else 2)


@pytest.mark.parametrize("codes", [(30011,), ("30012",), (30015,), (30005, 30005), (30014, "30013"), ("40099",)])
def test_a_login_that_is_refused_for_good_ends_the_stream_though_the_line_stays_open(codes: tuple[Any, ...]) -> None:
    with (
        exchange(refusing(*codes)) as bitget,
        streaming(bitget.address, ORDERS, login=lambda: LOGIN) as (_, listener),
    ):
        ending = listener.ending()
        time.sleep(0.05)
        assert len(bitget.logins) == len(codes)
    assert isinstance(ending, CredentialsError)
    assert ending.exit_status == 4


def test_a_login_that_is_never_answered_is_no_reason_to_wait_for_ever() -> None:
    class NeverAnswers(Line):
        def on_login(self, login: dict[str, str]) -> None:
            pass

    with exchange(NeverAnswers) as bitget, streaming(bitget.address, ORDERS, login=lambda: LOGIN) as (_, listener):
        ending = listener.ending()
    assert isinstance(ending, NetworkError)
    assert "login" in ending.message


def test_a_login_that_expires_is_renewed_on_the_same_line() -> None:
    class Expires(NeedsLogin):
        def on_subscribe(self, args: list[dict[str, str]]) -> None:
            super().on_subscribe(args)
            if len(self.requests("login")) == 1:
                self.send(error("30004", msg="User not logged in"))

    with exchange(Expires) as bitget, streaming(bitget.address, ORDERS, login=lambda: LOGIN) as (_, listener):
        listener.wait_for(lambda: listener.count(ORDERS) == 2)
        assert len(bitget.lines) == 1
        assert listener.acknowledged == [(ORDERS, False), (ORDERS, True)]


def test_the_login_appears_nowhere() -> None:
    class Repeats(NeedsLogin):
        def on_login(self, login: dict[str, str]) -> None:
            self.send(error(30011, msg=json.dumps(login)))

    with (
        exchange(Repeats) as bitget,
        streaming(bitget.address, ORDERS, login=lambda: LOGIN, raw=True) as (_, listener),
    ):
        ending = listener.ending()
    shown = repr((vars(ending), listener.statuses, listener.refusals, listener.raws))
    assert not [secret for secret in ("the-key-id", "the-phrase", "c2lnbg") if secret in shown]


def test_the_login_is_not_in_the_last_words_of_a_connection_either() -> None:
    class SaysIt(Line):
        def on_login(self, _login: dict[str, str]) -> None:
            self.connection.close(1008, "wrong: the-key-id the-phrase")

    with exchange(SaysIt) as bitget, streaming(bitget.address, ORDERS, login=lambda: LOGIN) as (_, listener):
        ending = listener.ending()
    shown = repr((vars(ending), listener.statuses))
    assert "1008: wrong: *** ***" in shown
    assert "the-" not in shown
