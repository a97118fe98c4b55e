"""Interrupted in any way, an export goes on where it stopped, and its files are the same to the byte."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx
import pytest
import tax_server
import taxpayer
from doubles import Bitget, MemoryKeyring, StillClock
from tax_server import TaxExchange, at_the_door
from taxpayer import BOOKS, FIRST, KEYS, RANGE, books, export, files_of

from bitget_cli.errors import StoppedError

HERE = Path(tax_server.__file__).parent


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, bytes], int]:
    """The files of an export nobody interrupted, and the calls it took."""
    exchange, home = TaxExchange(BOOKS), tmp_path_factory.mktemp("whole")
    person = Bitget({"HOME": str(home)}, StillClock(), MemoryKeyring())
    assert export(person, exchange, home / "taxes").status == 0
    return files_of(home / "taxes"), exchange.calls


def interrupting(exchange: TaxExchange, at: int, error: BaseException) -> Callable[[httpx.Request], httpx.Response]:
    handler = at_the_door(exchange)

    def interrupted(request: httpx.Request) -> httpx.Response:
        if exchange.calls == at:
            raise error
        return handler(request)

    return interrupted


@pytest.mark.parametrize(
    ("error", "status", "stride"),
    [
        (KeyboardInterrupt(), 130, 7),
        (StoppedError(15), 143, 12),
        pytest.param(KeyboardInterrupt(), 130, 1, marks=pytest.mark.slow),
    ],
)
def test_interrupted_at_any_call_it_goes_on_there(
    error: BaseException, status: int, stride: int, bitget: Bitget, home: Path, whole: tuple[dict[str, bytes], int]
) -> None:
    files, calls = whole
    for at in range(0, calls, stride):
        out, exchange = home / f"at-{at}", TaxExchange(BOOKS)
        first = bitget(f"tax export {RANGE} --out {out}", http=interrupting(exchange, at, error), env=KEYS)
        assert (first.status, files_of(out)) == (status, {})
        assert f"stopped; go on with: bitget tax export --since {FIRST} --until " in first.err
        again = TaxExchange(BOOKS)
        assert export(bitget, again, out).status == 0
        assert files_of(out) == files
        # What was under way on the four lists may be asked again, and nothing else.
        assert exchange.calls + again.calls <= calls + 12


def test_killed_at_any_call_of_its_own_files_it_ends_the_same(home: Path) -> None:
    points, finished, most = script(home, 3911)
    assert points >= 4
    assert finished
    assert most <= 21 + 12


@pytest.mark.slow
def test_killed_at_every_call_of_its_own_files_it_ends_the_same(home: Path) -> None:
    points, finished, _ = script(home, 23)
    assert points >= 400
    assert finished


@pytest.mark.parametrize("steps", [3, pytest.param(40, marks=pytest.mark.slow)])
def test_a_disk_that_is_full_at_any_byte_leaves_nothing_half_done(steps: int, home: Path) -> None:
    points, finished, _ = script(home, steps, "full")
    assert points == steps
    assert finished


def script(home: Path, stride: int, *words: str) -> list[int]:
    path = os.pathsep.join([str(HERE), *sys.path])
    ran = subprocess.run(
        [sys.executable, HERE / "killed_while_exporting.py", home, str(stride), *words],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": path},
    )
    assert ran.returncode == 0, ran.stderr
    return [int(word) for word in ran.stdout.split()]


def test_stopped_in_a_look_back_it_names_the_line_that_goes_on(bitget: Bitget, home: Path) -> None:
    exchange = TaxExchange(books(days=500))
    line = f"tax export --since 90d --out {home / 'out'}"
    first = bitget(line, http=interrupting(exchange, 6, KeyboardInterrupt()), env=KEYS)
    bitget.clock.sleep(60)
    again = TaxExchange(exchange.books)
    ran = bitget(first.err.strip().rpartition("go on with: bitget ")[2], http=at_the_door(again), env=KEYS)
    assert (first.status, ran.status) == (130, 0)
    assert len(list((home / "out").glob(".bitget-tax-*"))) == 1


def test_started_again_it_asks_for_nothing(bitget: Bitget, home: Path) -> None:
    export(bitget, TaxExchange(BOOKS), home / "out")
    before = files_of(home / "out")
    for form in ("generic", "koinly", "cointracking", "generic"):
        exchange = TaxExchange({})
        assert export(bitget, exchange, home / "out", "--format", form).status == 0
        assert exchange.calls == 0
    assert {name: files_of(home / "out")[name] for name in before} == before


FAULTS: list[Any] = ["cut", "hang", "garbage", "repeat", 500, 503, 429]


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_now_and_then_changes_nothing(
    fault: Any, bitget: Bitget, home: Path, whole: tuple[dict[str, bytes], int]
) -> None:
    exchange = TaxExchange(BOOKS, faults=dict.fromkeys(range(2, 60, 5), fault))
    ran = export(bitget, exchange, home / "out")
    assert (ran.status, files_of(home / "out")) == (0, whole[0]), ran.err


def broken(exchange: TaxExchange, is_broken: Callable[[httpx.Request], bool]) -> Callable[..., httpx.Response]:
    handler = at_the_door(exchange)

    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(500, json={"code": "40725", "msg": "x"}) if is_broken(request) else handler(request)

    return answer


def test_a_window_that_cannot_be_had_is_a_gap_and_the_rest_is_fetched(
    bitget: Bitget, home: Path, whole: tuple[dict[str, bytes], int]
) -> None:
    def second_of_spot(request: httpx.Request) -> bool:
        window = int(request.url.params["startTime"]) > FIRST + 20 * tax_server.DAY
        return (
            "spot" in request.url.path and window and int(request.url.params["endTime"]) < FIRST + 65 * tax_server.DAY
        )

    line = f"tax export {RANGE} --out {home / 'out'} --json"
    ran = bitget(line, http=broken(TaxExchange(BOOKS), second_of_spot), env=KEYS)
    assert ran.status == 9
    assert ran.failure["error"] == "incomplete"
    assert f"bitget tax export --since {FIRST} --until " in ran.failure["hint"]
    spot = ran.json[0]
    assert (spot["missing"], spot["file"], len(spot["gaps"])) == (1, None, 1)
    made = files_of(home / "out")
    report = json.loads(made.pop(f"bitget-tax-{taxpayer.LABEL}-coverage.json"))
    assert (report["complete"], report["streams"][0]["gaps"][0]["account"]) == (False, "spot")
    assert set(made) == {name for name in whole[0] if "spot" not in name and "coverage" not in name}
    exchange = TaxExchange(BOOKS)
    again = bitget(ran.failure["hint"].partition("bitget ")[2], http=at_the_door(exchange), env=KEYS)
    assert (again.status, files_of(home / "out")) == (0, whole[0])
    assert {path for path, _ in exchange.asked} == {"/api/v2/tax/spot-record"}


def test_a_window_that_fails_half_way_keeps_the_pages_it_has(
    bitget: Bitget, home: Path, whole: tuple[dict[str, bytes], int]
) -> None:
    line = f"tax export {RANGE} --out {home / 'out'} --json"
    later_pages = broken(TaxExchange(BOOKS), lambda request: "idLessThan" in request.url.params)
    ran = bitget(line, http=later_pages, env=KEYS)
    assert ran.status == 9
    assert sum(row["missing"] for row in ran.json) == whole[1] - 21
    again = TaxExchange(BOOKS)
    assert export(bitget, again, home / "out").status == 0
    assert all("idLessThan" in asked for _, asked in again.asked)
    assert files_of(home / "out") == whole[0]


def test_a_network_that_is_gone_is_not_asked_for_every_window(bitget: Bitget, home: Path) -> None:
    exchange = TaxExchange({}, faults=dict.fromkeys(range(1, 9999), "cut"))
    ran = bitget(f"tax export --year 2025 --out {home / 'out'} --json", http=at_the_door(exchange), env=KEYS)
    assert ran.status == 9
    assert [row["missing"] for row in ran.json] == [13, 39, 26, 13]
    # Of each list a few windows, a few tries each, and the client's own tries of each.
    assert exchange.calls < 4 * 5 * 4 * 3 + 1


def test_a_key_that_is_refused_ends_it_at_once(bitget: Bitget, home: Path) -> None:
    refusal = {"code": "40006", "msg": "Invalid ACCESS_KEY", "requestTime": 1, "data": None}
    http = lambda _: httpx.Response(400, json=refusal)  # noqa: E731  # one answer for all
    assert bitget(f"tax export --year 2025 --out {home / 'out'}", http=http, env=KEYS).status == 4
    assert export(bitget, TaxExchange(BOOKS), home / "out").status == 0


@pytest.mark.slow
def test_killed_at_ten_random_moments_on_a_real_connection_it_ends_the_same(home: Path) -> None:
    made = {"seed": 7, "since": FIRST, "until": FIRST + 60 * tax_server.DAY, "latency": [0.05, 0.15]}
    # More calls than there are seconds until the last kill.
    made |= {"rows": {**taxpayer.ROWS, "spot": 3000, "usdt-futures": 3500}, "pace": 1.0}
    command = [sys.executable, str(HERE / "tax_server.py"), json.dumps(made)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout
        url = f"http://127.0.0.1:{int(server.stdout.readline())}"
        environ = {**os.environ, **KEYS, "BITGET_API_BASE_URL": url}
        words = ["tax", "export", "--since", "2025-01-01", "--until", "2025-03-02", "--out"]

        def run(out: Path, *, kill_after: float | None) -> int:
            line = [sys.executable, "-m", "bitget_cli", *words, str(out)]
            with subprocess.Popen(line, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as program:
                if kill_after is not None:
                    time.sleep(kill_after)
                    program.send_signal(signal.SIGKILL)
                return program.wait()

        assert run(home / "whole", kill_after=None) == 0
        chance = random.Random(5)
        for _ in range(10):
            assert run(home / "killed", kill_after=chance.uniform(0.2, 2.2)) == -signal.SIGKILL
        assert run(home / "killed", kill_after=None) == 0
        tally = httpx.get(f"{url}/tally", trust_env=False).json()
    assert files_of(home / "killed") == files_of(home / "whole")
    # How late a call arrives is the machine's. A start that does not know what the one before it asked does not wait.
    for path in tax_server.LISTS:
        moments = sorted(tally["arrivals"][path])
        assert [later - one for one, later in pairwise(moments) if later - one < 0.7] == []
