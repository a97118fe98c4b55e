"""A first start by questions, left at any of them."""

from __future__ import annotations

import getpass
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from doubles import Bitget, enveloped, path_of

KEYS = ("bg_key", "secret-of-mine", "words")


@pytest.fixture
def _hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    typed: Iterator[str] = iter(KEYS)
    monkeypatch.setattr(getpass, "getpass", lambda *_, **__: next(typed))


def test_enter_takes_the_paper_exchange_and_makes_it_the_profile_in_force(bitget: Bitget) -> None:
    ran = bitget("setup", terminal=True, typed="\n\n\n")
    assert ran.status == 0, ran.err
    assert "Ready. Next: bitget market ticker BTCUSDT" in ran.err
    assert bitget("market ticker BTCUSDT --json").status == 0
    shown = bitget("profile show --json").json
    assert (shown["name"], shown["product"], shown["default"]) == ("paper", "usdt-futures", True)


def test_words_are_taken_by_their_beginning_and_no_is_heeded(bitget: Bitget) -> None:
    ran = bitget("setup", terminal=True, typed="nowhere\npap\nsp\nn\n")
    assert ran.status == 0, ran.err
    assert "'nowhere' is not one of paper, live, demo" in ran.err
    assert "Next: bitget -p paper market ticker" in ran.err
    assert bitget("profile show paper --json").json["product"] == "spot"
    assert bitget("profile show --json").json["name"] == "live"


@pytest.mark.usefixtures("_hidden")
@pytest.mark.parametrize(("keeps", "status"), [("y", 0), ("n", 10)])
def test_keys_go_into_the_keyring_and_are_looked_at(bitget: Bitget, keeps: str, status: int) -> None:
    def refuses(request: httpx.Request) -> httpx.Response:
        if path_of(request).endswith("/public/time"):
            return enveloped({"serverTime": "1772452800000"})
        return httpx.Response(400, json={"code": "40012", "msg": "apikey/password is incorrect", "data": None})

    ran = bitget("setup", terminal=True, typed=f"demo\ndesk\n{keeps}\n\n\n", http=refuses)
    assert (ran.status, "the key could not be checked" in ran.err) == (status, True), ran.err
    assert bitget.keyring is not None
    assert not [secret for secret in KEYS if secret in ran.out + ran.err]
    keys = bitget("profile show desk --json").json["keys"]
    assert keys.startswith("none") is (keeps == "n")


def test_without_a_terminal_nothing_is_asked(bitget: Bitget) -> None:
    ran = bitget("setup", typed="paper\n")
    assert (ran.status, ran.out) == (2, "")
    assert "there is no terminal to ask on" in ran.err


def test_answers_that_are_none_end_it_and_nothing_is_changed(bitget: Bitget, home: Path) -> None:
    ran = bitget("setup", terminal=True, typed="a\nb\nc\n")
    assert (ran.status, ran.out) == (10, "")
    assert not (home / "config" / "bitget" / "config.toml").exists()


@pytest.mark.parametrize("typed", ["", "\n", "live\n"])
def test_ctrl_d_is_no_answer(bitget: Bitget, home: Path, typed: str) -> None:
    ran = bitget("setup", terminal=True, typed=typed)
    assert (ran.status, ran.out) == (10, "")
    assert "Ctrl-D" in ran.err
    assert not (home / "config" / "bitget" / "config.toml").exists()


def test_completion_is_offered_for_the_shell_in_use(
    bitget: Bitget, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(home))
    ran = bitget(
        "setup", terminal=True, typed="\n\n\n\n", env={"SHELL": "/bin/bash", "XDG_DATA_HOME": str(home / "data")}
    )
    assert ran.status == 0, ran.err
    assert "complete -F _bitget bitget" in (home / "data" / "bash-completion" / "completions" / "bitget").read_text()
