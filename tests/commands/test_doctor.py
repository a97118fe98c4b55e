"""`bitget doctor`: what a person types and reads."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from bitget_cli.values import milliseconds

THREE_LINES = "bg_key\ns3cret-text\npass-phrase\n"
SECRETS = ("bg_key", "s3cret-text", "pass-phrase")
KEYS = {"BITGET_API_KEY": SECRETS[0], "BITGET_SECRET_KEY": SECRETS[1], "BITGET_PASSPHRASE": SECRETS[2]}
# Behind a proxy nothing but the calls themselves, which a test answers, goes to the network.
PROXY = {"https_proxy": "http://me:hidden@proxy.test:3128"}
INFO = {"userId": "1234567890", "ips": "203.0.113.7", "authorities": ["coor", "coow", "stor"]}
CHECKS = "profile host connection latency clock config-folder state-folder keyring keys permissions account"


def answer(data: Any, *, code: str = "00000", status: int = 200) -> httpx.Response:
    return httpx.Response(
        status, json={"code": code, "msg": "as Bitget says", "requestTime": 1772452800000, "data": data}
    )


def exchange(
    clock: Any,
    *,
    ahead: timedelta = timedelta(),
    info: httpx.Response | None = None,
    trips: tuple[float, ...] = (0.3, 0.08, 0.1),
) -> Any:
    """Bitget as far as a check-up needs it: its clock, `trips` seconds away in turn, and what a key may do."""
    seconds = iter(trips)

    def take(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/api/v2/public/time":
            trip = next(seconds)
            clock.sleep(trip / 2)
            told = clock.now() + ahead
            clock.sleep(trip / 2)
            return answer({"serverTime": str(milliseconds(told))})
        assert request.url.path == "/api/v2/spot/account/info"
        return info or answer(INFO)

    return take


def rows(ran: Any) -> dict[str, Any]:
    return {row["check"].replace(" ", "-"): row for row in ran.json}


def results(ran: Any) -> dict[str, str]:
    return {check: row["result"] for check, row in rows(ran).items()}


@pytest.fixture
def loopback() -> Iterator[dict[str, str]]:
    """An exchange on loopback that takes connections; the calls are answered by the test."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield {"BITGET_API_BASE_URL": f"http://127.0.0.1:{listener.getsockname()[1]}"}


def test_a_healthy_machine_without_keys_has_no_failure(bitget: Any, clock: Any) -> None:
    ran = bitget("doctor --json", http=exchange(clock), env=PROXY)
    assert ran.status == 0
    assert " ".join(rows(ran)) == CHECKS
    assert {"fail", "warn"}.isdisjoint(results(ran).values())
    assert rows(ran)["keys"]["result"] == "skipped"
    assert rows(ran)["keys"]["hint"] == "bitget profile add live"


def test_latency_is_the_median_and_the_offset_that_of_the_quickest_call(bitget: Any, clock: Any) -> None:
    ran = bitget("doctor --json", http=exchange(clock, ahead=timedelta(seconds=-1)), env=PROXY)
    assert rows(ran)["latency"]["detail"] == "100 ms, the median of 3 calls"
    assert rows(ran)["clock"]["detail"] == "1.0 s ahead of the exchange"


@pytest.mark.parametrize(
    ("seconds", "result", "status"),
    [(0, "ok", 0), (2, "ok", 0), (-3, "warn", 0), (3, "warn", 0), (25, "warn", 0), (26, "fail", 3), (-60, "fail", 3)],
)
def test_a_clock_far_off_is_told(bitget: Any, clock: Any, seconds: int, result: str, status: int) -> None:
    ran = bitget("doctor --json", http=exchange(clock, ahead=timedelta(seconds=seconds)), env=PROXY)
    assert rows(ran)["clock"]["result"] == result
    assert ("timedatectl" in (rows(ran)["clock"]["hint"] or "")) == (result != "ok")
    assert ran.status == status


def test_a_proxy_is_named_without_its_password(bitget: Any, clock: Any) -> None:
    ran = bitget("doctor --json", http=exchange(clock), env=PROXY)
    assert rows(ran)["connection"]["result"] == "skipped"
    assert "https_proxy (http://proxy.test:3128)" in rows(ran)["connection"]["detail"]
    assert "hidden" not in ran.out + ran.err


def test_an_exchange_on_loopback_is_reached_in_plain_http(bitget: Any, clock: Any, loopback: Any) -> None:
    ran = bitget("doctor --json", http=exchange(clock), env=loopback)
    assert ran.status == 0
    assert rows(ran)["host"]["detail"] == "127.0.0.1 is 127.0.0.1"
    assert rows(ran)["connection"]["detail"] == "plain http on this machine"
    assert rows(ran)["keyring"]["result"] == "skipped"
    assert "BITGET_API_KEY" in rows(ran)["keys"]["hint"]


def test_what_cannot_be_reached_ends_with_6_after_every_row(bitget: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    ran = bitget("doctor --json", env={"BITGET_API_BASE_URL": f"http://127.0.0.1:{port}"})
    assert ran.status == 6
    assert " ".join(rows(ran)) == CHECKS
    assert results(ran) | {"connection": "fail", "latency": "skipped", "clock": "skipped"} == results(ran)
    assert ran.failure["error"] == "network"


def test_calls_without_an_answer_end_with_6(bitget: Any) -> None:
    ran = bitget("doctor --json", env=PROXY)
    assert ran.status == 6
    assert results(ran) | {"latency": "fail", "clock": "skipped", "permissions": "skipped"} == results(ran)


@pytest.mark.parametrize("form", ["table", "tsv", "ndjson", "csv", "json"])
def test_every_form_shows_every_row_before_the_failure(bitget: Any, form: str) -> None:
    ran = bitget(f"doctor -o {form}", env=PROXY)
    assert ran.status == 6
    assert all(check.replace("-", " ") in ran.out for check in CHECKS.split())


def test_keys_of_the_environment_are_checked_and_never_shown(bitget: Any, clock: Any) -> None:
    ran = bitget("doctor --json -v", http=exchange(clock), env=PROXY | KEYS)
    assert ran.status == 0
    assert rows(ran)["keys"]["detail"] == "from the environment"
    assert rows(ran)["keyring"]["result"] == "skipped"
    assert rows(ran)["permissions"]["detail"] == "futures orders (read, write), spot (read)"
    assert rows(ran)["account"]["detail"] == "classic"
    assert not [secret for secret in SECRETS if secret in ran.out + ran.err]


def test_keys_of_the_keyring_are_named_by_their_keyring(bitget: Any, clock: Any) -> None:
    assert bitget("profile add desk --stdin", typed=THREE_LINES).status == 0
    ran = bitget("doctor --json -p desk", http=exchange(clock), env=PROXY)
    assert ran.status == 0
    assert rows(ran)["keyring"]["detail"] == "MemoryKeyring answers"
    assert rows(ran)["keys"]["detail"] == "from the keyring (MemoryKeyring)"
    assert not [secret for secret in SECRETS if secret in ran.out + ran.err]


def test_a_key_that_may_withdraw_is_a_warning(bitget: Any, clock: Any) -> None:
    info = answer(INFO | {"authorities": ["stow", "wwow"], "ips": ""})
    ran = bitget("doctor --json", http=exchange(clock, info=info), env=PROXY | KEYS)
    assert ran.status == 0
    assert rows(ran)["permissions"]["result"] == "warn"
    assert "may withdraw" in rows(ran)["permissions"]["hint"]
    assert "bound to no address" in rows(ran)["permissions"]["hint"]


def test_a_refused_key_ends_with_4(bitget: Any, clock: Any) -> None:
    info = answer(None, code="40006", status=400)
    ran = bitget("doctor --json", http=exchange(clock, info=info), env=PROXY | KEYS)
    assert ran.status == 4
    assert results(ran) | {"permissions": "fail", "account": "skipped"} == results(ran)
    assert rows(ran)["permissions"]["hint"]


def test_half_a_set_of_keys_still_lets_the_network_be_checked(bitget: Any, clock: Any) -> None:
    ran = bitget("doctor --json", http=exchange(clock), env=PROXY | {"BITGET_API_KEY": "bg_key"})
    assert ran.status == 4
    assert results(ran) | {"profile": "warn", "latency": "ok", "keys": "fail"} == results(ran)
    assert "bg_key" not in ran.out + ran.err


def test_a_keyring_that_keeps_readable_text_is_a_failure(bitget: Any, clock: Any) -> None:
    bitget.keyring = None
    env = PROXY | {"PYTHON_KEYRING_BACKEND": "keyrings.alt.file.PlaintextKeyring"}
    ran = bitget("doctor --json", http=exchange(clock), env=env)
    assert ran.status == 4
    assert results(ran) | {"keyring": "fail", "keys": "skipped"} == results(ran)
    assert rows(ran)["keyring"]["hint"]


def test_a_configuration_others_can_change_ends_with_3(bitget: Any, clock: Any, home: Path) -> None:
    assert bitget("profile use live").status == 0
    (home / "config" / "bitget").chmod(0o777)
    ran = bitget("doctor --json", http=exchange(clock), env=PROXY)
    assert ran.status == 3
    assert results(ran) | {"profile": "fail", "config-folder": "fail", "host": "skipped"} == results(ran)
    assert rows(ran)["config-folder"]["hint"].startswith("chmod go-w ")


def test_a_state_folder_others_can_read_is_a_warning(bitget: Any, clock: Any, home: Path) -> None:
    (home / "state" / "bitget").mkdir(parents=True)
    (home / "state").chmod(0o700)
    (home / "state" / "bitget").chmod(0o755)
    ran = bitget("doctor --json", http=exchange(clock), env=PROXY)
    assert ran.status == 0
    assert rows(ran)["state-folder"]["result"] == "warn"
    assert rows(ran)["state-folder"]["hint"].startswith("chmod 700 ")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_is_a_failure(bitget: Any, clock: Any, home: Path) -> None:
    (home / "config" / "bitget").mkdir(parents=True)
    (home / "config" / "bitget").chmod(0o500)
    ran = bitget("doctor --json", http=exchange(clock), env=PROXY)
    assert ran.status == 3
    assert "cannot be written" in rows(ran)["config-folder"]["detail"]


def test_the_most_basic_failure_decides_the_ending(bitget: Any, home: Path) -> None:
    (home / "state" / "bitget").mkdir(parents=True)
    (home / "state" / "bitget").chmod(0o777)
    ran = bitget("doctor --json", env=PROXY | {"BITGET_API_KEY": "bg_key"})
    assert results(ran) | {"latency": "fail", "state-folder": "fail", "keys": "fail"} == results(ran)
    assert ran.status == 6


def test_every_failure_says_what_to_do(bitget: Any, home: Path) -> None:
    (home / "state").write_text("not a folder")
    ran = bitget("doctor --json", env=PROXY | {"BITGET_API_KEY": "bg_key"})
    assert all(row["hint"] for row in ran.json if row["result"] == "fail")


def test_nobody_is_sent_to_the_doctor_by_the_doctor(bitget: Any) -> None:
    def garbled(request: httpx.Request) -> httpx.Response:
        raise httpx.RemoteProtocolError("illegal header line", request=request)

    ran = bitget("doctor --json", http=garbled, env=PROXY)
    assert ran.status == 6
    assert "bitget doctor" not in ran.out + ran.err


def test_paper_needs_neither_network_nor_keys(bitget: Any) -> None:
    ran = bitget("doctor --json -p paper", env={"BITGET_PAPER_NOW": "2026-01-05T10:00:00Z"})
    assert ran.status == 0
    assert rows(ran)["host"]["detail"] == "the paper exchange is on this machine"
    assert rows(ran)["clock"]["detail"] == "2026-01-05 10:00:00 UTC, the paper exchange's own"
    assert {results(ran)[check] for check in ("host", "connection", "latency", "keyring", "keys")} == {"skipped"}


@pytest.mark.parametrize(("mode", "result", "status"), [(0o600, "ok", 0), (0o644, "warn", 0), (0o666, "fail", 3)])
def test_the_paper_file_is_for_its_owner_alone(bitget: Any, home: Path, mode: int, result: str, status: int) -> None:
    file = home / "state" / "bitget" / "paper.sqlite3"
    file.parent.mkdir(parents=True, mode=0o700)
    file.touch()
    file.chmod(mode)
    ran = bitget("doctor --json -p paper", env={"BITGET_PAPER_NOW": "2026-01-05T10:00:00Z"})
    assert rows(ran)["paper-file"]["result"] == result
    assert ran.status == status


@pytest.mark.parametrize("line", ["doctor -p nowhere", "doctor --timeout 0", "doctor -o neat", "doctor please"])
def test_a_slip_in_typing_is_told_before_anything_is_checked(bitget: Any, line: str) -> None:
    ran = bitget(line)
    assert ran.status == 2
    assert ran.out == ""


def test_a_person_sees_a_table_and_what_is_being_waited_for(bitget: Any, clock: Any) -> None:
    ran = bitget("doctor", http=exchange(clock), env=PROXY, terminal=True)
    assert ran.status == 0
    assert "What to do" in ran.out
    assert "checking the network" in ran.err
    assert ran.err.endswith("\r\x1b[1A\x1b[2K")


def test_a_program_sees_nothing_but_rows(bitget: Any, clock: Any) -> None:
    assert bitget("doctor", http=exchange(clock), env=PROXY).err == ""


def test_help_tells_the_exit_statuses(bitget: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert bitget("doctor --help").status == 0
    assert "6 network, 3 configuration, 4 keys" in capsys.readouterr().out


@pytest.mark.parametrize(("typed", "offered"), [("bitget doc", "doctor"), ("bitget doctor --timeo", "--timeout")])
def test_tab_knows_the_command_and_its_options(bitget: Any, typed: str, offered: str) -> None:
    assert bitget("", env={"_BITGET_COMPLETE": typed}).out.split("\t")[0] == offered
