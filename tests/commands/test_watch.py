"""`bitget watch` in a pipe: what a script reads, and how it ends."""

from __future__ import annotations

import csv
import io
import json
import os
import pty
import re
import signal
import subprocess
import sys
import termios
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import pytest
from doubles import Bitget, MemoryKeyring, Ran
from script import Script, push

from bitget_cli.client.ws import feed
from bitget_cli.client.ws.interfaces import Timing
from bitget_cli.commands.watch import Marked
from bitget_cli.errors import NetworkError
from bitget_cli.runtime import SystemClock
from bitget_cli.stream_events import Push, Topic


@pytest.fixture
def watch(home: Path, monkeypatch: pytest.MonkeyPatch) -> Bitget:
    """The typist with the machine's own clock, since streams go on by it; they look at it more often than usual."""
    monkeypatch.setattr(feed, "_TIMING", Timing(tick=0.02, frames_per_second=100.0))
    return Bitget({"HOME": str(home), "TERM": "xterm-256color"}, SystemClock(), MemoryKeyring())  # type: ignore[arg-type]


def rows(ran: Ran) -> list[dict[str, object]]:
    return [json.loads(line) for line in ran.lines]


def test_a_ticker_is_one_object_a_line_with_the_exchanges_own_texts(watch: Bitget) -> None:
    ran = watch("-p paper watch ticker BTCUSDT --count 3")
    assert (ran.status, ran.err) == (0, "")
    lines = rows(ran)
    assert len(lines) == 3
    assert list(lines[0]) == ["type", "market", "symbol", "ts", "recv", "snapshot", "data"]
    assert (lines[0]["type"], lines[0]["market"], lines[0]["symbol"]) == ("ticker", "usdt-futures", "BTCUSDT")
    assert isinstance(lines[0]["data"], dict)
    assert isinstance(lines[0]["data"]["lastPr"], str)


def test_markets_of_several_products_share_a_stream(watch: Bitget) -> None:
    lines = rows(watch("-p paper watch ticker BTCUSDT BTC/USDT BTCPERP BTCUSDT --count 12"))
    assert {(line["market"], line["symbol"]) for line in lines} == {
        ("usdt-futures", "BTCUSDT"),
        ("spot", "BTCUSDT"),
        ("usdc-futures", "BTCPERP"),
    }


def test_a_book_has_the_levels_asked_for(watch: Bitget) -> None:
    (line,) = rows(watch("-p paper watch depth BTCUSDT --levels 20 --count 1"))
    data = line["data"]
    assert isinstance(data, dict)
    assert (len(data["asks"]), len(data["bids"]), data["checked"]) == (20, 20, "verified")
    assert float(data["asks"][0][0]) > float(data["bids"][0][0])


def test_candles_are_objects_and_tell_which_are_closed(watch: Bitget) -> None:
    lines = rows(watch("-p paper watch candles BTCUSDT -g 5m --until 'closed == false'"))
    assert [line["data"]["closed"] for line in lines][-2:] == [True, False]  # type: ignore[index]
    assert set(lines[0]["data"]) >= {"start", "open", "high", "low", "close", "baseVolume"}  # type: ignore[call-overload]


@pytest.mark.parametrize("market", ["BTCUSDT", "BTC/USDT"])
@pytest.mark.parametrize(
    ("typed", "step"),
    [("1H", 3_600), ("2h", 7_200), ("2H", 7_200), ("1D", 86_400), ("1day", 86_400), ("1W", 604_800), ("5min", 300)],
)
def test_candles_take_bitget_s_spellings(watch: Bitget, market: str, typed: str, step: int) -> None:
    ran = watch(f"-p paper watch candles {market} -g {typed} --count 3 --fields start -o csv")
    assert ran.status == 0, ran.err
    first, second, third = (int(line) for line in ran.lines[1:])
    assert third - second == second - first == step * 1000
    # 1970-01-05 was the first Monday; days and weeks begin at midnight UTC.
    assert (first - 4 * 86_400_000) % (step * 1000) == 0


def test_a_month_of_candles_is_never_a_minute(watch: Bitget) -> None:
    ran = watch("-p paper watch candles BTCUSDT -g 1M --count 2 --fields start -o csv")
    first, second = (int(line) for line in ran.lines[1:])
    assert second - first >= 28 * 86_400_000


def test_it_ends_well_once_a_condition_holds(watch: Bitget) -> None:
    ran = watch("-p paper watch ticker BTCUSDT --until 'symbol == \"BTCUSDT\" and lastPr > 1'")
    assert (ran.status, len(ran.lines)) == (0, 1)


def test_a_condition_that_no_row_can_meet_is_remarked_upon_once(watch: Bitget) -> None:
    ran = watch("-p paper watch candles BTCUSDT --until 'nonsense > 1' --duration 1s")
    assert ran.status == 9
    assert ran.err.count("nonsense") == 1


def test_csv_has_a_header_and_only_rows(watch: Bitget) -> None:
    ran = watch("-p paper watch trades BTCUSDT --count 3 -o csv")
    header, *lines = csv.reader(io.StringIO(ran.out))
    assert header == ["market", "symbol", "tradeId", "price", "size", "side", "ts"]
    assert [line[:2] for line in lines] == [["usdt-futures", "BTCUSDT"]] * 3


def test_fields_choose_what_is_shown_in_any_form(watch: Bitget) -> None:
    assert watch("-p paper watch ticker BTCUSDT --count 1 -o tsv --fields symbol,lastPr").out.startswith("BTCUSDT\t")
    (line,) = rows(watch("-p paper watch ticker BTCUSDT --count 1 --fields lastPr,symbol"))
    assert list(line["data"]) == ["lastPr", "symbol"]  # type: ignore[call-overload]
    ran = watch("-p paper watch ticker BTCUSDT --count 1 --fields lastpr")
    assert ran.status == 2
    assert "lastPr" in ran.err


def test_raw_shows_frames_as_they_came(watch: Bitget) -> None:
    lines = rows(watch("-p paper watch ticker BTCUSDT --raw --count 2 --no-status"))
    assert [line["arg"]["channel"] for line in lines] == ["ticker", "ticker"]  # type: ignore[index]


def test_lines_about_the_connection_come_unless_rows_are_counted(watch: Bitget) -> None:
    events = [line.get("event") for line in rows(watch("-p paper watch ticker BTCUSDT --duration 1s"))]
    assert events[0] == "connecting"
    assert events[-1] == "end"
    assert "event" not in watch("-p paper watch ticker BTCUSDT --count 1").out
    assert "event" not in watch("-p paper watch ticker BTCUSDT --duration 1s --no-status").out
    assert "event" in watch("-p paper watch ticker BTCUSDT --count 1 --status").out


def test_your_orders_and_positions_are_told(watch: Bitget) -> None:
    watch("-p paper account transfer USDT 5000 --from spot --to usdt-futures")
    watch("-p paper order buy BTCUSDT 0.01")
    watch("-p paper order buy BTCUSDT 0.01 --price 60000")
    (order,) = rows(watch("-p paper watch orders --count 1 --duration 20s"))
    assert (order["type"], order["data"]["status"]) == ("orders", "live")  # type: ignore[index]
    (position,) = rows(watch("-p paper watch positions --until 'total == 0.01' --duration 20s --no-status"))
    assert position["symbol"] == "BTCUSDT"
    coins = rows(watch("-p paper watch account --duration 1s --no-status"))
    assert "USDT" in {line["data"]["marginCoin"] for line in coins}  # type: ignore[index]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("watch ticker BTCUSDT --until 'lastPrr > 1'", "did you mean lastPr"),
        ("watch ticker BTCUSDT --until 'lastPr >'", "at character 9"),
        ("watch ticker BTCUSDT --until 'lastPr > 1' --raw", "--raw has none"),
        ("watch ticker BTCUSDT --sort price", "there is no field 'price'"),
        ("watch ticker BTCUSDT --duration 0s", "no time at all"),
        ("watch ticker BTCUSDT --duration soon", "not a length of time"),
        ("watch ticker BTC-USDT", "not a symbol"),
        ("watch candles BTCUSDT -g 2m", "granularity '2m' is not one of 1m 3m"),
        ("watch candles BTCUSDT -g 3M", "minutes have a small m: 3m"),
        ("watch positions --product spot", "spot has no positions"),
        ("watch ticker BTCUSDT -o table", "needs a terminal"),
        ("watch ticker " + " ".join(f"A{number}USDT" for number in range(201)), "201 subscriptions"),
    ],
)
def test_what_is_typed_wrongly_is_said_before_anything_is_opened(watch: Bitget, line: str, said: str) -> None:
    ran = watch(f"-p paper {line}")
    assert (ran.status, ran.out) == (2, "")
    assert said in ran.err


def test_a_symbol_nobody_has_ends_it_with_near_misses(watch: Bitget) -> None:
    ran = watch("-p paper watch ticker BTCUSDTT --json --no-status")
    assert ran.status == 5
    assert json.loads(ran.out)["code"] == "30001"
    assert "did you mean BTCUSDT" in ran.failure["hint"]


def test_one_symbol_that_is_refused_leaves_the_others(watch: Bitget) -> None:
    refusal, row = rows(watch("-p paper watch ticker NOUSDT BTCUSDT --count 1"))
    assert (refusal["type"], row["symbol"]) == ("error", "BTCUSDT")


def test_a_private_stream_needs_a_key(watch: Bitget) -> None:
    assert watch("-p live watch orders").status == 4


@pytest.mark.parametrize("words", ["ticker BTCUSDT ETHUSDT", "depth BTCUSDT", "orders", "positions"])
def test_a_terminal_gets_a_table_and_itself_back(watch: Bitget, words: str) -> None:
    ran = watch(f"-p paper watch {words} --duration 1s", terminal=True)
    assert (ran.status, ran.err) == (0, "")
    assert ran.out.startswith("\x1b[?1049h")
    assert "PAPER" in ran.out
    assert ran.out.endswith("\x1b[?1049l")


STOPS = ["paper clock --set 2026-03-01T12:00", "paper clock --speed 0", ""]
WATCHED = ["ticker BTCUSDT", "depth BTCUSDT", "account", "orders"]


# What is shown of a clock that stands does not go by how it was stopped, so that each way has some of what there is.
@pytest.mark.parametrize(
    ("stop", "watched"),
    [
        (STOPS[0], ["ticker BTCUSDT", "orders"]),
        (STOPS[1], ["depth BTCUSDT"]),
        (STOPS[2], ["account"]),
        *(pytest.param(stop, WATCHED, marks=pytest.mark.slow) for stop in STOPS),
    ],
)
def test_a_clock_that_stands_still_is_not_live(watch: Bitget, stop: str, watched: list[str]) -> None:
    env = {} if stop else {"BITGET_PAPER_NOW": "2026-03-01T12:00"}
    assert not stop or watch(stop).status == 0
    for words in watched:
        has_age = words != "orders"
        ran = watch(f"-p paper watch {words} --duration 1s", terminal=True, env={"COLUMNS": "200", **env})
        assert (ran.status, ran.err) == (0, "")
        assert "paper clock stopped at 20" in ran.out
        assert ran.out.count("frozen") >= 1 + has_age
        assert "live" not in re.sub(r"\x1b\[[0-9;]*m", "", ran.out).split("PAPER")[-2]
        assert "0 s" not in ran.out
    assert not stop or watch("paper clock --speed 1").status == 0
    gone_on = watch("-p paper watch ticker BTCUSDT --duration 1s", terminal=True, env={"COLUMNS": "200"})
    assert "● connected" in gone_on.out
    assert "frozen" not in gone_on.out


def test_tickers_follow_what_is_held() -> None:
    eth = push("positions", {"total": "1"}, symbol="ETHUSDT")
    gone = push("positions", {"total": "0", "closed": True}, symbol="XRPUSDT")
    positions = Script([[push("positions", {"total": "1"}), eth, gone], [eth], []])
    asked: list[Sequence[Topic]] = []

    def tickers(topics: Sequence[Topic]) -> Script:
        asked.append(topics)
        return Script([[push("ticker", {"markPrice": "1"})]], error=NetworkError("gone"))

    marked = Marked(positions, tickers)
    kinds = [[message.type for message in marked.take(0) or () if isinstance(message, Push)] for _ in range(3)]
    assert asked == [[Topic("USDT-FUTURES", "ticker", "BTCUSDT"), Topic("USDT-FUTURES", "ticker", "ETHUSDT")]]
    assert kinds == [["positions"] * 3 + ["ticker"], ["positions"], []]
    assert marked.take(0) is None


# A process of its own: signals, and readers that go away.


@pytest.fixture
def started(home: Path) -> Iterator[object]:
    running: list[subprocess.Popen[str]] = []

    def start(line: str, **settings: object) -> subprocess.Popen[str]:
        words = [sys.executable, "-m", "bitget_cli", "-p", "paper", *line.split()]
        piped = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **settings}
        running.append(subprocess.Popen(words, text=True, env={**os.environ, "HOME": str(home)}, **piped))  # type: ignore[call-overload]
        return running[-1]

    yield start
    for process in running:
        process.kill()
        process.communicate()


@pytest.mark.parametrize(
    ("number", "status", "reason"),
    [
        (signal.SIGINT, 130, "interrupt"),
        (signal.SIGTERM, 143, "terminated"),
        (signal.SIGHUP, 129, "terminated"),
        (signal.SIGQUIT, 131, "terminated"),
    ],
)
def test_a_signal_ends_it_with_a_last_line(started: object, number: int, status: int, reason: str) -> None:
    process = started("watch ticker BTCUSDT")  # type: ignore[operator]
    process.stdout.readline()
    process.send_signal(number)
    out, err = process.communicate(timeout=20)
    assert process.returncode == status
    last = json.loads(out.splitlines()[-1])
    assert (last["type"], last["event"], last["reason"]) == ("status", "end", reason)
    assert err == ""


class OnTerminal:
    """A watch of the paper exchange on a terminal of its own, begun and drawn."""

    def __init__(self, line: str, home: Path) -> None:
        words = [sys.executable, "-m", "bitget_cli", "-p", "paper", *line.split()]
        self.number, self.terminal = pty.fork()
        if self.number == 0:
            os.chdir(home)
            environ = {**os.environ, "HOME": str(home), "TERM": "xterm-256color"}
            os.execve(sys.executable, words, environ)  # noqa: S606  # a shell would be another process
        termios.tcsetwinsize(self.terminal, (24, 100))
        self.before = termios.tcgetattr(self.terminal)
        self.seen = b""
        while b"PAPER" not in self.seen:
            self.seen += os.read(self.terminal, 65536)
        assert termios.tcgetattr(self.terminal) != self.before

    def ended(self) -> int:
        """How it ended, once all it wrote has been read."""
        with suppress(OSError):  # nobody has the other side any more
            while more := os.read(self.terminal, 65536):
                self.seen += more
        return os.waitstatus_to_exitcode(os.waitpid(self.number, 0)[1])


@pytest.mark.parametrize(
    ("how", "status"),
    [
        (b"\x1c\x1c\x1c", 131),  # Ctrl-\, of which a core would have the keys
        (b"\x03", 130),
        (signal.SIGTERM, 143),
        (signal.SIGHUP, 129),
    ],
)
def test_whatever_ends_a_table_gives_the_terminal_back(home: Path, how: bytes | int, status: int) -> None:
    watched = OnTerminal("watch depth BTCUSDT", home)
    if isinstance(how, bytes):
        os.write(watched.terminal, how)
    else:
        os.kill(watched.number, how)
    assert watched.ended() == status
    assert watched.seen.endswith(b"\x1b[?25h\x1b[?1049l")
    assert termios.tcgetattr(watched.terminal) == watched.before
    os.close(watched.terminal)
    assert not list(home.glob("core*"))


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGQUIT])
def test_a_signal_that_whoever_started_it_ignores_is_ignored(started: object, number: int) -> None:
    """As `nohup` does, and a shell of what it runs in the background."""
    before = signal.signal(number, signal.SIG_IGN)
    try:
        process = started("watch ticker BTCUSDT")  # type: ignore[operator]
    finally:
        signal.signal(number, before)
    process.stdout.readline()
    process.send_signal(number)
    sent = time.time() * 1000
    while json.loads(process.stdout.readline())["recv"] < sent + 200:
        pass


@pytest.mark.parametrize("line", ["watch ticker BTCUSDT", "watch orders --no-status"], ids=["busy", "idle"])
def test_it_ends_quietly_when_its_reader_goes(started: object, line: str) -> None:
    process = started(line)  # type: ignore[operator]
    if "ticker" in line:
        process.stdout.readline()
    process.stdout.close()
    assert process.wait(timeout=20) == 141
    assert process.stderr.read() == ""


@pytest.mark.parametrize(
    ("line", "says", "near"),
    [
        ("ticker BTCUSDTT", "there is no stream ticker of BTCUSDTT in usdt-futures (30001)", "BTCUSDT"),
        ("trades BTC/USDTT", "there is no stream trade of BTCUSDTT in spot (30001)", "BTCUSDT"),
        ("depth ETHPERPP --product usdc-futures", "of ETHPERPP in usdc-futures (30001)", "ETHPERP"),
        ("candles BTCUSDD --product coin-futures", "of BTCUSDD in coin-futures (30001)", "BTCUSD"),
    ],
)
def test_an_unknown_symbol_is_a_sentence_with_near_misses(watch: Bitget, line: str, says: str, near: str) -> None:
    ran = watch(f"-p paper watch {line} -o csv")
    assert ran.status == 5
    error = [text for text in ran.err.splitlines() if text.startswith("error:")]
    assert len(error) == 1
    assert says in error[0]
    assert "instType" not in error[0]
    assert near in ran.err.partition("did you mean ")[2]
