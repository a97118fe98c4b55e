"""`bitget profile`: what a person types and reads."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from doubles import enveloped, url
from pytest_httpx import HTTPXMock

THREE_LINES = "bg_key\ns3cret-text\npass-phrase\n"
SECRETS = ("bg_key", "s3cret-text", "pass-phrase")
THREE_NAMES = ("BITGET_API_KEY", "BITGET_SECRET_KEY", "BITGET_PASSPHRASE")
SERVICE = "bitget-cli"
INFO = {
    "userId": "1234567890",
    "inviterId": "987654321",
    "ips": "203.0.113.7,203.0.113.8",
    "authorities": ["coor", "coow", "stor", "p2p", "p2pr", "zzzz"],
    "parentId": 1234567890,
    "traderType": "not_trader",
}


def answer(data: Any, code: str = "00000", status: int = 200) -> httpx.Response:
    return httpx.Response(
        status, json={"code": code, "msg": "as Bitget says", "requestTime": 1772452800000, "data": data}
    )


@pytest.fixture
def tells(exchange: HTTPXMock) -> Callable[..., None]:
    """Lets the exchange answer one check of a key."""

    def tell(info: httpx.Response, *, unified: httpx.Response | None = None, clock_ms: int = 1772452800000) -> None:
        time = enveloped({"serverTime": str(clock_ms)})
        exchange.add_response(method="GET", url=url("public/time"), json=time, is_optional=True)
        exchange.add_callback(lambda _: info, method="GET", url=url("spot/account/info"))
        if unified:
            there = "https://api.bitget.com/api/v3/account/info"
            exchange.add_callback(lambda _: unified, method="GET", url=there)

    return tell


@pytest.fixture
def with_keys(bitget: Any) -> Any:
    assert bitget("profile add desk --stdin", typed=THREE_LINES).status == 0
    return bitget


def settings(bitget: Any, name: str) -> Any:
    return bitget(f"profile show {name} --json").json


def config(home: Path) -> Path:
    return home / "config" / "bitget" / "config.toml"


def test_the_built_in_profiles_are_listed(bitget: Any) -> None:
    listed = bitget("profile list --json").json
    assert [(row["name"], row["env"], row["default"]) for row in listed] == [
        ("live", "live", True),
        ("demo", "demo", False),
        ("paper", "paper", False),
    ]


def test_keys_on_standard_input_go_to_the_keyring_and_nowhere_else(bitget: Any, home: Path) -> None:
    ran = bitget("profile add desk --env demo --product spot --stdin --json", typed=THREE_LINES)
    assert ran.status == 0, ran.err
    assert ran.json["outcome"] == "done"
    assert ran.json["env"] == "demo"
    assert ran.json["response"]["product"] == "spot"
    assert "bitget profile check desk" in ran.err
    item = json.loads(bitget.keyring.items[SERVICE, "desk"])
    assert item == {
        "v": 1,
        "key": "bg_key",
        "secret": "s3cret-text",
        "passphrase": "pass-phrase",
        "env": "demo",
        "account_kind": None,
        "created": "2026-03-02T12:00:00+00:00",
    }
    written = "".join(path.read_text() for path in home.rglob("*") if path.is_file())
    assert not [secret for secret in SECRETS if secret in ran.out + ran.err + written]


@pytest.mark.parametrize(("name", "env"), [("live", "live"), ("demo", "demo"), ("desk", "live")])
def test_a_key_is_for_its_profile_s_environment(bitget: Any, name: str, env: str) -> None:
    assert bitget(f"profile add {name} --stdin", typed=THREE_LINES).status == 0
    assert json.loads(bitget.keyring.items[SERVICE, name])["env"] == env


def test_a_byte_order_mark_is_no_part_of_a_key(bitget: Any) -> None:
    assert bitget("profile add desk --stdin", typed="\ufeff" + THREE_LINES).status == 0
    assert json.loads(bitget.keyring.items[SERVICE, "desk"])["key"] == THREE_LINES.splitlines()[0]


REFUSED = {
    "profile add paper --stdin": (2, "paper needs no keys"),
    "profile add Desk --stdin": (2, "profile name"),
    "profile add demo --env live --stdin": (2, "is for demo"),
    "profile add desk --env paper --stdin": (2, "paper"),
    "profile add desk --product swaps --stdin": (2, "swaps"),
    "profile add desk": (2, "no terminal"),
    "profile add desk --secret s3cret-text": (2, "there is no option --secret here"),
}


@pytest.mark.parametrize("line", REFUSED)
def test_what_cannot_be_added_is_refused_and_leaves_nothing(bitget: Any, home: Path, line: str) -> None:
    ran = bitget(line, typed=THREE_LINES)
    assert (ran.status, ran.out) == (REFUSED[line][0], "")
    assert REFUSED[line][1] in ran.err
    assert bitget.keyring.items == {}
    assert not config(home).exists()


@pytest.mark.parametrize(
    ("typed", "status"), [("", 2), ("a\nb\n", 2), ("a\n\nc\n", 4), ("a\nb\nc d \n", 4), ("x" * 70_000, 2)]
)
def test_half_a_key_leaves_nothing(bitget: Any, home: Path, typed: str, status: int) -> None:
    assert bitget("profile add desk --stdin", typed=typed).status == status
    assert bitget.keyring.items == {}
    assert not config(home).exists()


def test_standard_input_that_is_a_terminal_would_show_the_secret(bitget: Any) -> None:
    ran = bitget("profile add desk --stdin", typed=THREE_LINES, terminal=True)
    assert ran.status == 2
    assert "would show the secret" in ran.err


def test_keys_are_replaced_only_when_told(with_keys: Any) -> None:
    before = dict(with_keys.keyring.items)
    other = "bg_other\nother-text\nother-phrase\n"
    assert with_keys("profile add desk --stdin", typed=other).status == 10
    assert with_keys.keyring.items == before
    assert with_keys("profile add desk --stdin --yes", typed=other).status == 0
    assert "bg_other" in with_keys.keyring.items[SERVICE, "desk"]


def test_a_damaged_item_can_be_replaced(with_keys: Any) -> None:
    with_keys.keyring.items[SERVICE, "desk"] = '{"v":'
    ran = with_keys("profile check desk")
    assert ran.status == 4
    assert "bitget profile add desk" in ran.err
    assert with_keys("profile add desk --stdin --yes", typed=THREE_LINES).status == 0


def test_the_default_is_the_one_used(with_keys: Any) -> None:
    assert with_keys("profile use desk").status == 0
    assert with_keys("profile show --json").json["name"] == "desk"
    assert with_keys("profile show --json -p paper").json["name"] == "paper"


@pytest.mark.parametrize(
    "line", ["use papr", "show papr", "lock papr", "check papr", "remove papr", "limit papr --max-notional 1"]
)
def test_an_unknown_profile_is_a_usage_error_with_near_misses(bitget: Any, line: str) -> None:
    ran = bitget(f"profile {line}")
    assert ran.status == 2
    assert "did you mean paper" in ran.err
    assert "bitget profile list" in ran.err


@pytest.mark.parametrize(
    ("name", "env", "keys"),
    [
        ("paper", {}, "not needed"),
        ("desk", {}, "keyring (MemoryKeyring)"),
        ("live", {}, "none: profile live has no keys"),
        ("", dict.fromkeys(THREE_NAMES, "text"), "environment"),
        ("live", dict.fromkeys(THREE_NAMES, "text"), "none: profile live has no keys"),
    ],
)
def test_a_profile_says_where_its_keys_are(with_keys: Any, name: str, env: dict[str, str], keys: str) -> None:
    assert with_keys(f"profile show {name} --json", env=env).json["keys"] == keys


def test_removing_takes_keys_and_settings(with_keys: Any) -> None:
    assert with_keys("profile remove desk").status == 10
    assert with_keys("profile remove desk --yes").status == 0
    assert with_keys.keyring.items == {}
    assert with_keys("profile show desk").status == 2


def test_removing_a_built_in_profile_takes_its_keys_alone(bitget: Any) -> None:
    bitget("profile add live --stdin", typed=THREE_LINES)
    bitget("profile limit live --max-notional 5")
    assert bitget("profile remove live --yes").status == 0
    assert bitget.keyring.items == {}
    assert settings(bitget, "live")["max_notional"] == "5"


def test_a_locked_profile_and_paper_are_not_removed(with_keys: Any) -> None:
    with_keys("profile lock desk")
    assert with_keys("profile remove desk --yes").status == 10
    assert with_keys.keyring.items
    assert with_keys("profile remove paper --yes").status == 2


# What loosens a guard → how to tighten it first, and the setting before and after.
LOOSENED = {
    "profile unlock desk": ("profile lock desk", "locked", True, False),
    "profile limit desk --max-notional 20": ("profile limit desk --max-notional 10", "max_notional", "10", "20"),
    "profile limit desk --max-notional none": ("profile limit desk --max-notional 10", "max_notional", "10", None),
    "profile limit desk --max-distance 20": ("profile limit desk --max-distance 5", "max_distance", "5", "20"),
    "profile limit desk --max-distance none": ("profile limit desk --max-distance 5", "max_distance", "5", None),
    # Without a limit of its own a profile asks from 10 % on.
    "profile limit desk --max-distance 11": ("profile limit desk --max-distance none", "max_distance", None, "11"),
    "profile limit desk --max-distance 2 --max-notional none": (
        "profile limit desk --max-notional 10",
        "max_notional",
        "10",
        None,
    ),
    "profile allow withdraw -p desk": ("profile allow withdraw --revoke -p desk", "allow_withdraw", False, True),
}


@pytest.mark.parametrize("line", LOOSENED)
def test_a_guard_is_loosened_only_by_a_person_who_says_yes(with_keys: Any, line: str) -> None:
    tighten, setting, before, after = LOOSENED[line]
    assert with_keys(tighten).status == 0
    refused = with_keys(line, typed="y\n")
    assert refused.status == 10
    assert "person at a terminal" in refused.err
    assert with_keys(line, typed="n\n", terminal=True).status == 10
    assert with_keys(line, typed="", terminal=True).status == 10
    assert settings(with_keys, "desk")[setting] == before
    asked = with_keys(line, typed="yes\n", terminal=True)
    assert asked.status == 0
    assert "LIVE" in asked.err
    assert settings(with_keys, "desk")[setting] == after


@pytest.mark.parametrize("line", LOOSENED)
@pytest.mark.parametrize("word", ["-y", "--yes"])
def test_no_option_answers_for_the_person(with_keys: Any, line: str, word: str) -> None:
    tighten, setting, before, _ = LOOSENED[line]
    assert with_keys(f"{tighten} {word}").status == 0
    refused = with_keys(f"{line} {word}", typed="y\n")
    assert refused.status == 10
    assert "person at a terminal" in refused.err
    assert with_keys(f"{line} {word}", typed="n\n", terminal=True).status == 10
    assert settings(with_keys, "desk")[setting] == before


def test_the_default_is_changed_by_who_says_yes(with_keys: Any) -> None:
    assert with_keys("profile use desk -y").status == 0


@pytest.mark.parametrize(
    "line",
    [
        "profile lock desk",
        "profile limit desk --max-notional 5",
        "profile limit desk --max-distance 9",
        "profile allow withdraw --revoke -p desk",
    ],
)
def test_a_guard_is_tightened_without_a_question(with_keys: Any, line: str) -> None:
    with_keys("profile limit desk --max-notional 10")
    assert with_keys(line).status == 0


@pytest.mark.parametrize("cap", ["", "-1", "1e3", "1,5", "lots"])
def test_a_cap_is_a_plain_number(bitget: Any, cap: str) -> None:
    ran = bitget(["profile", "limit", "live", "--max-notional", cap])
    assert ran.status == 2
    assert "--max-notional" in ran.err
    ran = bitget(["profile", "limit", "live", "--max-distance", cap])
    assert ran.status == 2
    assert "--max-distance" in ran.err


def test_a_limit_of_nothing_is_asked_what_it_limits(bitget: Any) -> None:
    ran = bitget("profile limit live")
    assert ran.status == 2
    assert "--max-notional or --max-distance" in ran.err


@pytest.mark.parametrize("content", ["", "version = 2\n", "version = 1\nversion = 1\n", "\x00"])
def test_a_configuration_that_is_not_understood_stops_every_command(bitget: Any, home: Path, content: str) -> None:
    config(home).parent.mkdir(parents=True, mode=0o700)
    config(home).write_text(content)
    for line in ("profile list", "profile lock live", "profile add desk --stdin"):
        ran = bitget(line, typed=THREE_LINES)
        assert (ran.status, ran.out) == (3, "")
        assert "config.toml" in ran.err
    assert config(home).read_text() == content
    assert bitget.keyring.items == {}


def test_a_check_says_what_the_key_may_do(with_keys: Any, tells: Callable[..., None]) -> None:
    tells(answer(INFO), clock_ms=1772452800250)
    ran = with_keys("profile check desk --json")
    assert ran.status == 0, ran.err
    assert ran.json == {
        "profile": "desk",
        "env": "live",
        "keys": "keyring (MemoryKeyring)",
        "account_kind": "classic",
        "user_id": "1234567890",
        "permissions": ["futures orders (read, write)", "spot (read)", "p2p (read, write)", "zzzz"],
        "may_withdraw": False,
        "addresses": ["203.0.113.7", "203.0.113.8"],
        "clock_offset_ms": 250,
        "warnings": [],
    }


@pytest.mark.parametrize(
    ("changed", "clock_ms", "warning"),
    [
        ({"authorities": ["stor", "wwow"]}, 1772452800000, "may withdraw"),
        ({"ips": ""}, 1772452800000, "bound to no address"),
        ({"ips": None}, 1772452800000, "bound to no address"),
        ({}, 1772452840000, "clock is 40000 ms off"),
        ({"userId": None}, 1772452800000, "does not tell"),
    ],
)
def test_a_check_warns_of_what_is_unwise(
    with_keys: Any, tells: Callable[..., None], changed: dict[str, Any], clock_ms: int, warning: str
) -> None:
    tells(answer({**INFO, **changed}), clock_ms=clock_ms)
    ran = with_keys("profile check desk --json")
    assert ran.status == 0, ran.err
    assert [text for text in ran.json["warnings"] if warning in text]
    assert f"warning: {ran.json['warnings'][0]}" in ran.err


def test_a_unified_account_is_asked_in_its_own_way(with_keys: Any, tells: Callable[..., None]) -> None:
    with_keys.kind_is_asked = True
    told = answer({"userId": "9", "ips": "203.0.113.7", "permissions": ["uta_mgt", "withdraw"]})
    tells(answer(None, "40085", 400), unified=told)
    ran = with_keys("profile check desk --json")
    assert ran.status == 0, ran.err
    assert ran.json["account_kind"] == "unified"
    assert ran.json["may_withdraw"] is True


def test_a_unified_account_does_not_prove_the_secret(with_keys: Any, tells: Callable[..., None]) -> None:
    with_keys.kind_is_asked = True
    tells(answer(None, "40085", 400), unified=answer(None, "40009", 400))
    assert with_keys("profile check desk --json").status == 4


@pytest.mark.parametrize(("env", "other"), [("live", "demo"), ("demo", "live")])
def test_a_key_of_the_other_environment_is_told_so(
    bitget: Any, tells: Callable[..., None], env: str, other: str
) -> None:
    bitget(f"profile add {env} --stdin", typed=THREE_LINES)
    tells(answer(None, "40099", 400))
    ran = bitget(f"profile check {env} --json")
    assert ran.status == 4
    assert ran.failure["code"] == "40099"
    assert f"belongs to the {other} environment" in ran.failure["message"]
    assert f"--env {other}" in ran.failure["hint"]


def test_a_demo_key_that_is_not_told_about_is_still_good(
    bitget: Any, exchange: HTTPXMock, tells: Callable[..., None]
) -> None:
    bitget("profile add demo --stdin", typed=THREE_LINES)
    tells(answer(None, "40081", 400))
    ran = bitget("profile check demo --json")
    assert ran.status == 0, ran.err
    assert (ran.json["may_withdraw"], ran.json["account_kind"]) == (None, "classic")
    assert "does not tell" in ran.json["warnings"][0]
    assert exchange.get_requests()[-1].headers["paptrading"] == "1"


def test_a_check_shows_nothing_of_the_key(with_keys: Any, tells: Callable[..., None]) -> None:
    for info in (answer(INFO), answer(None, "40012", 400), answer(None, "40099", 400)):
        for form in ("--json", "-o table", "--verbose"):
            tells(info)
            ran = with_keys(f"profile check desk {form}")
            assert not [secret for secret in SECRETS if secret in ran.out + ran.err]


def test_prompts_hide_what_is_typed(home: Path) -> None:
    """On a real terminal: the program asks three times, and the terminal never echoes the answers."""
    seen, status = on_a_terminal(["profile", "add", "desk"], home, answers=SECRETS)
    assert "API key (hidden): " in seen
    assert "Passphrase (hidden): " in seen
    assert not [secret for secret in SECRETS if secret in seen]
    assert "kept: 3 texts" in seen
    assert status == 0


# The program with a keyring of the test's own: what it was given to keep is counted, never shown.
ON_A_TERMINAL = """
import json, sys
from keyring.backend import KeyringBackend
from bitget_cli.main import main
from bitget_cli.runtime import Environment

class Counting(KeyringBackend):
    priority = 1
    def get_password(self, service, username):
        return None
    def set_password(self, service, username, password):
        item = json.loads(password)
        right = [item["key"], item["secret"], item["passphrase"]] == ["bg_key", "s3cret-text", "pass-phrase"]
        print(f"kept: {3 if right else 0} texts", file=sys.stderr)
    def delete_password(self, service, username):
        pass

sys.exit(main(sys.argv[1:], Environment(keyring=Counting())))
"""


def on_a_terminal(argv: list[str], home: Path, *, answers: tuple[str, ...]) -> tuple[str, int]:
    """What the terminal showed, and the exit status, after each prompt was answered."""
    ours, theirs = pty.openpty()
    program = subprocess.Popen(
        [sys.executable, "-c", ON_A_TERMINAL, *argv],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
        preexec_fn=controlling(theirs),
        env={**os.environ, "HOME": str(home)},
    )
    os.close(theirs)
    seen = ""
    for text in answers:
        seen += until(ours, "(hidden): ")
        os.write(ours, f"{text}\n".encode())
    seen += until(ours, None)
    os.close(ours)
    return seen, program.wait(timeout=30)


def controlling(terminal: int) -> Callable[[], None]:
    def take() -> None:
        import fcntl
        import termios

        fcntl.ioctl(terminal, termios.TIOCSCTTY, 0)

    return take


def until(terminal: int, text: str | None) -> str:
    """What the terminal shows up to `text`, or to its end."""
    seen = ""
    while text is None or not seen.endswith(text):
        try:
            more = os.read(terminal, 1024).decode()
        except OSError:  # Linux's way of saying that the other side is closed
            return seen
        if not more:
            return seen
        seen += more
    return seen
