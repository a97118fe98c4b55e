"""Every exit status of the contract that can occur, by typing a command; and what is said on the way out."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from doubles import Bitget, envelope

from bitget_cli.errors import StoppedError

KEYS = {"BITGET_API_KEY": "the-key-id", "BITGET_SECRET_KEY": "the-secret", "BITGET_PASSPHRASE": "the-passphrase"}
ORDER = "symbol=BTCUSDT productType=USDT-FUTURES marginMode=crossed marginCoin=USDT size=0.01 side=buy orderType=market"

Handler = Callable[[httpx.Request], httpx.Response]


def refuses(code: str, msg: str = "no", status: int = 400) -> Handler:
    return lambda _: envelope(None, code=code, msg=msg, status=status)


def breaks(error: type[httpx.RequestError]) -> Handler:
    def exchange(request: httpx.Request) -> httpx.Response:
        raise error("broken", request=request)

    return exchange


def answers(data: Any) -> Handler:
    return lambda _: envelope(data)


# Command, environment, exchange → exit status and error word.
ENDS: list[tuple[str, dict[str, str], Handler, int, str]] = [
    ("market time --nonsense", {}, answers({}), 2, "usage"),
    ("market tickers", {}, refuses("40725", "service return an error"), 6, "network"),
    ("market time", {"BITGET_API_BASE_URL": "http://bitget.example"}, answers({}), 3, "config"),
    ("api spot.account.info", {}, answers({}), 4, "credentials"),
    ("api spot.account.info", {"BITGET_API_KEY": "half"}, answers({}), 4, "credentials"),
    ("api spot.account.info", KEYS, refuses("40006", "Invalid ACCESS_KEY"), 4, "credentials"),
    ("api spot.account.info", KEYS, refuses("40037", "Apikey does not exist"), 4, "credentials"),
    ("api spot.account.assets", KEYS, refuses("40085", "You are in Unified Account mode"), 5, "unavailable"),
    ("api spot.account.info", KEYS, refuses("40100", "Please complete KYC"), 5, "rejected"),
    ("market time", {}, breaks(httpx.ConnectError), 6, "network"),
    ("market time", {}, breaks(httpx.ReadTimeout), 6, "network"),
    ("market time", {}, lambda _: httpx.Response(200, text="<html>hotel wifi</html>"), 6, "network"),
    ("market time", {}, lambda _: httpx.Response(302, headers={"location": "https://evil.example/"}), 6, "network"),
    (f"api mix.order.place-order {ORDER} --yes", KEYS, breaks(httpx.ConnectError), 6, "network"),
    (f"api mix.order.place-order {ORDER} --yes", KEYS, breaks(httpx.ReadTimeout), 7, "unknown"),
    (f"api mix.order.place-order {ORDER} --yes", KEYS, lambda _: httpx.Response(502, text="<html>"), 7, "unknown"),
    (f"api mix.order.place-order {ORDER} --yes", KEYS, refuses("40762", "size too large"), 5, "rejected"),
    (f"api mix.order.place-order {ORDER}", KEYS, answers({}), 10, "declined"),
    ("market time", {}, refuses("429", "Too Many Requests", 429), 11, "rate_limited"),
]


@pytest.mark.parametrize(("typed", "env", "exchange", "status", "word"), ENDS)
def test_each_failure_has_its_exit_status_its_sentence_and_its_object(
    bitget: Bitget, typed: str, env: dict[str, str], exchange: Handler, status: int, word: str
) -> None:
    ran = bitget(typed, env=env, http=exchange, terminal=False)
    assert (ran.status, ran.out) == (status, "")
    assert ran.err.startswith("error: ")
    assert len(ran.err.splitlines()) <= 2
    ran = bitget(f"--json {typed}", env=env, http=exchange)
    assert (ran.status, ran.out) == (status, "")
    record = json.loads(ran.err)
    assert (record["error"], record["exit"]) == (word, status)
    assert list(record) == ["error", "exit", "message", "code", "msg", "http_status", "endpoint", "hint", "outcome"]


def test_bitgets_own_code_and_message_are_kept_whatever_the_http_status(bitget: Bitget) -> None:
    for status in (200, 400, 404):
        ran = bitget("--json api spot.account.info", env=KEYS, http=refuses("40100", "Own [red]words[/red]", status))
        assert ran.failure["code"] == "40100"
        assert ran.failure["msg"] == "Own [red]words[/red]"
        assert ran.failure["http_status"] == status
        assert ran.failure["endpoint"] == "GET /api/v2/spot/account/info"


def test_a_unified_account_is_told_so(bitget: Bitget) -> None:
    ran = bitget("api spot.account.assets", env=KEYS, http=refuses("40085", "You are in Unified Account mode"))
    assert "unified" in ran.err.splitlines()[0].lower()


def test_an_unknown_profile_is_an_error_and_never_a_default(bitget: Bitget) -> None:
    ran = bitget("-p papper market time", http=answers({"serverTime": "1"}))
    assert (ran.status, ran.out) == (2, "")
    assert "papper" in ran.err
    assert "did you mean paper?" in ran.err


def test_no_secret_is_ever_shown(bitget: Bitget) -> None:
    for typed, env, exchange, _, _ in ENDS:
        for form in ("", "--json", "-v", "-o table"):
            ran = bitget(f"{typed} {form}", env={**KEYS, **env}, http=exchange)
            shown = ran.out + ran.err
            assert not [value for value in KEYS.values() if value in shown]


def test_a_secret_the_exchange_repeats_is_not_repeated_to_anybody(bitget: Bitget) -> None:
    for form in ("", "--json", "-v"):
        told = refuses("40012", "apikey the-key-id, the-passphrase and dGhlLXNlY3JldA== are incorrect")
        ran = bitget(f"api spot.account.info {form}", env=KEYS, http=told)
        assert ran.status == 4
        assert "***" in ran.err
        assert not [value for value in (*KEYS.values(), "dGhlLXNlY3JldA==") if value in ran.out + ran.err]


def test_text_of_the_exchange_cannot_drive_the_terminal(bitget: Bitget) -> None:
    evil = "\x1b]0;owned\x07[red]\u202e\x9b31m\rboo"
    rows = [{"symbol": evil, "lastPr": "1"}]
    for form in ("table", "tsv", "csv", "json", "ndjson"):
        for ran in (
            bitget(f"market tickers -o {form}", http=answers(rows), terminal=True),
            bitget(f"market tickers -o {form}", http=refuses("40017", evil), terminal=True),
        ):
            shown = (ran.out + ran.err).replace("\r\n", "\n")
            assert not [sign for sign in ("\x1b]", "\x07", "\u202e", "\x9b", "\r") if sign in shown]


def started(*words: str, home: Path, **extra: Any) -> subprocess.Popen[bytes]:
    environ = {"HOME": str(home), "PATH": os.environ["PATH"], "XDG_STATE_HOME": str(home / "state"), **extra}
    command = [sys.executable, "-m", "bitget_cli", *words]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environ)


def test_a_reader_that_goes_away_ends_it_quietly(home: Path) -> None:
    words = ("-p", "paper", "market", "candles", "BTCUSDT", "-g", "1m", "--since", "4d", "--all", "-o", "csv")
    with started(*words, home=home) as process:
        assert process.stdout
        assert process.stderr
        assert process.stdout.readline().startswith(b"ts,open")
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 141


ENDED_BY = [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGQUIT, 131)]


@pytest.mark.parametrize(("number", "status"), ENDED_BY)
def test_a_signal_ends_a_running_command_with_its_own_status(home: Path, number: signal.Signals, status: int) -> None:
    with started("paper", "serve", "--port", "0", home=home) as process:
        assert process.stdout
        assert process.stderr
        assert process.stdout.readline().startswith(b"http://127.0.0.1:")
        process.send_signal(number)
        assert process.stderr.read() == b""
    assert process.returncode == status


LOST = {
    # Python only logs what comes up in a callback, and its compiler drops what it meets in arithmetic.
    "a callback": "ref = weakref.ref(thing, lambda _: signal.raise_signal(signal.SIGTERM)); del thing",
    "the compiler": "signal.setitimer(signal.ITIMER_REAL, 0.001); compile('x = 2**64; ' * 20_000, '', 'exec')",
    "whoever goes on after a failure": "with suppress(Exception): signal.raise_signal(signal.SIGTERM)",
}
WAITING = """
import signal, time, weakref
from contextlib import suppress
from bitget_cli.errors import StoppedError
from bitget_cli.runtime import catch_signals, leave, stop

catch_signals()
signal.signal(signal.SIGALRM, lambda *_: stop(signal.SIGTERM))

class Thing: pass

thing = Thing()
try:
    {place}
    time.sleep(10)
except StoppedError as stopped:
    leave(stopped.exit_status)
"""


@pytest.mark.parametrize("place", LOST.values(), ids=LOST)
def test_a_signal_ends_it_wherever_it_comes_in(place: str) -> None:
    script = WAITING.format(place=place)
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, check=False, timeout=20)
    assert (ran.returncode, ran.stderr) == (143, b"")


def test_a_second_signal_on_the_way_out_ends_it_without_a_traceback() -> None:
    script = "import signal\nfrom bitget_cli.runtime import catch_signals\ncatch_signals()\n"
    script += "try: signal.raise_signal(signal.SIGINT)\nexcept KeyboardInterrupt: signal.raise_signal(signal.SIGHUP)"
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, check=False, timeout=20)
    assert (ran.returncode, ran.stderr) == (129, b"")


def test_what_other_threads_raise_is_told_until_a_signal_came() -> None:
    script = """
import signal, threading
from bitget_cli.runtime import catch_signals

def fails():
    threading.Lock().release()

def in_a_thread():
    thread = threading.Thread(target=fails)
    thread.start()
    thread.join()

catch_signals()
in_a_thread()
try: signal.raise_signal(signal.SIGTERM)
except KeyboardInterrupt: in_a_thread()
"""
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, check=False, timeout=20)
    assert (ran.returncode, ran.stderr.count(b"RuntimeError: release unlocked lock")) == (0, 1)


def test_time_that_is_up_is_not_lost_in_a_callback_and_kills_nothing_after() -> None:
    script = """
import signal, time, weakref
from bitget_cli.errors import StoppedError
from bitget_cli.runtime import catch_signals, time_limit

class Thing: pass

catch_signals()
for sleeps in (10, 0):
    thing = Thing()
    ref = weakref.ref(thing, lambda _: signal.raise_signal(signal.SIGALRM))
    try:
        with time_limit(60):
            del thing
            time.sleep(sleeps)
    except StoppedError as late:
        print(late.exit_status)
time.sleep(0.05)
print("alive")
"""
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, check=False, timeout=30)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, b"142\nalive\n", b"")


def test_ctrl_c_ends_a_start_without_a_traceback() -> None:
    script = "import signal, sys; from bitget_cli import main, runtime; sys.argv = ['bitget', 'market']\n"
    script += "runtime.catch_signals = lambda: signal.raise_signal(signal.SIGINT)\nmain.run()"
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, check=False, timeout=20)
    assert (ran.returncode, ran.stderr) == (-signal.SIGINT, b"")


def test_what_pythons_locks_raise_after_a_signal_is_the_signal(bitget: Bitget) -> None:
    def wait(_: httpx.Request) -> httpx.Response:
        try:
            raise StoppedError(signal.SIGHUP)
        finally:
            threading.Lock().release()

    ran = bitget("market time", http=wait)
    assert (ran.status, ran.out, ran.err) == (129, "", "")


def test_without_a_network_it_ends_within_its_deadline_and_names_the_host(home: Path) -> None:
    # A proxy nobody listens on is as good as no network, and the same everywhere.
    proxy = {"HTTPS_PROXY": "http://127.0.0.1:9"}
    with started("market", "ticker", "BTCUSDT", "--timeout", "3", home=home, **proxy) as process:
        out, err = process.communicate(timeout=20)
    assert (process.returncode, out) == (6, b"")
    assert b"api.bitget.com" in err


def test_the_version_is_printed_without_opening_anything(home: Path) -> None:
    with started("--version", home=home) as process:
        out, err = process.communicate(timeout=20)
    assert out.startswith(b"bitget 0.")
    assert (err, list(home.iterdir())) == (b"", [])


def test_a_version_nobody_reads_ends_quietly(home: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    environ = {"PATH": os.environ["PATH"], "HOME": str(home)}
    line = [sys.executable, "-m", "bitget_cli", "--version"]
    done = subprocess.run(line, stdout=writer, stderr=subprocess.PIPE, env=environ, check=False)
    os.close(writer)
    assert (done.returncode, done.stderr) == (141, b"")
