"""`bitget worker`: a file's setup and ticks, its state and log, how it ends, and what it ordered."""

from __future__ import annotations

import datetime as datetime_module
import json
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import doubles
import pytest
from desk import LIVE, Exchange
from doubles import Bitget, Ran, StillClock

from bitget_cli import files

RECIPES = Path(__file__).parent.parent / "sdk"


def run(bitget: Bitget, home: Path, code: str, options: str = "", *, name: str = "mine", **how: Any) -> Ran:
    """Write the worker down and run it, on paper and an hour of ticks a minute apart unless said otherwise."""
    path = home / f"{name}.py"
    path.write_text(code)
    until = (bitget.clock.moment + timedelta(hours=1)).isoformat()
    return bitget(f"-p paper worker run {path} --json {options or f'--every 1m --until {until}'}", **how)


def rows(ran: Ran) -> list[Any]:
    return [json.loads(line) for line in ran.lines]


COUNTS = """
started = []
def setup(ctx):
    ctx.log.info("set up at %s", ctx.now.isoformat())
    ctx.state.set("ticks", [])
def tick(ctx):
    started.append(ctx.now)
    ticks = ctx.state.get("ticks")
    ticks.append(ctx.now.isoformat())
    ctx.state.set("ticks", ticks)
    ctx.log.debug(len(ticks))
"""


def test_it_is_set_up_once_and_ticks_until_its_end(bitget: Bitget, home: Path, clock: StillClock) -> None:
    began = clock.moment
    ran = run(bitget, home, COUNTS)
    assert (ran.status, ran.err) == (0, "")
    assert rows(ran)[0]["message"] == f"set up at {began.isoformat()}"
    assert [row["message"] for row in rows(ran)[1:]] == [str(number) for number in range(1, 61)]
    assert [row["level"] for row in rows(ran)[:2]] == ["info", "debug"]
    assert rows(ran)[1]["time"] == str(int(began.timestamp() * 1000))
    again = run(bitget, home, COUNTS)
    assert rows(again)[0]["message"] == "61"  # its state goes on, and is not set up anew
    anew = run(bitget, home, COUNTS, f"--every 10m --until {(clock.moment + timedelta(hours=1)).isoformat()} --reset")
    assert [row["message"] for row in rows(anew)][1:] == ["1", "2", "3", "4", "5", "6"]


def test_a_person_reads_lines(bitget: Bitget, home: Path) -> None:
    path = home / "mine.py"
    path.write_text("def tick(ctx): ctx.log.warning('odd \\x1b[2J')")
    ran = bitget(f"-p paper worker run {path} --every 30m --until 2026-03-02T13:00", terminal=True)
    assert ran.lines == [
        "2026-03-02 12:00:00 warning odd \\x1b[2J",
        "2026-03-02 12:30:00 warning odd \\x1b[2J",
    ]


def test_a_tick_that_fails_is_logged_and_the_next_one_comes(bitget: Bitget, home: Path) -> None:
    code = "def tick(ctx):\n    ctx.bitget.futures_close_position('BTCUSDT')\n"
    ran = run(bitget, home, code)
    assert ran.status == 0
    assert {row["message"] for row in rows(ran)} == {
        "BitgetGuardError: there is no position in BTCUSDT (usage) (line 2)"
    }
    assert len(rows(ran)) == 60


# The file, how the command ends, what it says.
FAILING = {
    "setup": (
        "def setup(ctx): 1 / 0\ndef tick(ctx): ...",
        3,
        "setup failed: ZeroDivisionError: division by zero (line 1)",
    ),
    "the file": ("import nowhere\ndef tick(ctx): ...", 3, "No module named 'nowhere' (line 1)"),
    "its grammar": ("def tick(ctx) ...", 3, "SyntaxError"),
    "no tick": ("def tock(ctx): ...", 2, "has no function tick(ctx)"),
}


@pytest.mark.parametrize(("code", "status", "said"), FAILING.values(), ids=FAILING)
def test_a_file_that_cannot_begin_ends_in_one_line(
    code: str, status: int, said: str, bitget: Bitget, home: Path
) -> None:
    ran = run(bitget, home, code)
    assert (ran.status, ran.out) == (status, "")
    assert said in ran.failure["message"]
    assert len(ran.err.splitlines()) == 1


MISTYPED = {
    "no file": ("worker run nowhere.py", 2, "nowhere.py is not there"),
    "no time between": ("worker run FILE --every 0s", 2, "no time at all"),
    "an end that was": ("worker run FILE --until 2020-01-01", 2, "not ahead"),
    "a name with a way in it": ("worker run FILE --name ../x", 2, "letters"),
    "fast where the clock is another's": ("-p demo worker run FILE --fast", 2, "paper"),
    "live without a word": ("-p live worker run FILE", 10, "--yes"),
    "no such log": ("worker log nowhere", 2, "no worker nowhere"),
}


@pytest.mark.parametrize(("line", "status", "said"), MISTYPED.values(), ids=MISTYPED)
def test_what_makes_no_sense_is_refused(line: str, status: int, said: str, bitget: Bitget, home: Path) -> None:
    (home / "mine.py").write_text("def tick(ctx): raise SystemExit(77)")
    ran = bitget(line.replace("FILE", str(home / "mine.py")) + (" -p paper" if "-p" not in line else ""))
    assert ran.status == status
    assert said in ran.err


def test_live_runs_with_yes_and_its_guards_hold(bitget: Bitget, home: Path) -> None:
    exchange = Exchange()
    code = """
def tick(ctx):
    ctx.bitget.futures_place_order("BTCUSDT", "buy", "0.01")
    ctx.bitget.orders.place("BTCUSDT", "buy", "0.01", price=30000)
"""
    path = home / "mine.py"
    path.write_text(code)
    line = f"worker run {path} --every 30m --until 2026-03-02T12:10 --yes --json"
    ran = bitget(line, http=exchange, env=LIVE, terminal=True)
    assert ran.status == 0, ran.err
    assert len(exchange.changes) == 1
    assert "30000" in rows(ran)[0]["message"]  # nobody is asked to type it again
    assert "BitgetGuardError" in rows(ran)[0]["message"]


def test_a_second_one_on_the_same_state_is_refused(bitget: Bitget, home: Path) -> None:
    kept = home / "state" / "bitget" / "workers" / "paper-paper" / "mine.json"
    with files.locked(kept):
        ran = run(bitget, home, COUNTS)
        other = run(bitget, home, COUNTS, f"--every 30m --name other --until {bitget.clock.moment.date()}T13:00")
    assert (ran.status, other.status) == (10, 0)
    assert "worker mine is running on profile paper already" in ran.failure["message"]


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_it_between_ticks_and_a_second_one_at_once(
    number: signal.Signals, status: int, bitget: Bitget, home: Path
) -> None:
    code = f"""
import signal
import subprocess
import sys
def tick(ctx):
    ctx.log.info("begun")
    signal.raise_signal({number.value})
    ctx.log.info("gone on")
    if ctx.state.get("twice"):
        signal.raise_signal({number.value})
        ctx.log.info("not reached")
    ctx.state.set("twice", True)
"""
    before = signal.getsignal(number)
    ran = run(bitget, home, code)
    assert (ran.status, [row["message"] for row in rows(ran)]) == (status, ["begun", "gone on"])
    assert "once more ends at once" in ran.err
    assert run(bitget, home, code).status == status
    assert signal.getsignal(number) is before
    logged = bitget("-p paper worker log mine --json").json
    assert [row["message"] for row in logged] == ["begun", "gone on"] * 2


def test_it_may_end_itself(bitget: Bitget, home: Path) -> None:
    code = """
def tick(ctx):
    ctx.log.info(ctx.state.get("seen", "nothing"))
    ctx.state.set("seen", "all")
    raise SystemExit(7)
"""
    first, second = run(bitget, home, code), run(bitget, home, code)
    assert [(ran.status, rows(ran)[0]["message"]) for ran in (first, second)] == [(7, "nothing"), (7, "all")]
    said = run(bitget, home, "import sys\ndef tick(ctx): sys.exit('no more coins')")
    assert (said.status, said.err.splitlines()[-1]) == (1, "no more coins")


def test_state_is_what_json_can_hold_and_a_damaged_one_is_refused(bitget: Bitget, home: Path) -> None:
    code = """
from decimal import Decimal
def tick(ctx):
    held = ctx.state.get("held", [])
    held.append(1)
    assert ctx.state.get("held", []) == []  # what was read is changed by nobody but `set`
    for value in (Decimal(1), float("nan"), object()):
        try:
            ctx.state.set("odd", value)
        except (TypeError, ValueError):
            ctx.log.info("refused")
    raise SystemExit(0)
"""
    assert [row["message"] for row in rows(run(bitget, home, code))] == ["refused"] * 3
    kept = home / "state" / "bitget" / "workers" / "paper-paper" / "mine.json"
    for text, said in (("{", "damaged"), ('{"version": 99, "values": {}}', "newer")):
        kept.write_text(text)
        ran = run(bitget, home, code)
        assert (ran.status, kept.read_text()) == (3, text)
        assert said in ran.failure["message"]
    assert run(bitget, home, code, "--reset").status == 0


BUYS = """
def tick(ctx):
    order = ctx.bitget.futures_place_order("BTCUSDT", "buy", "0.001")["data"]
    ctx.log.info(order["orderId"])
"""


def test_its_orders_stand_under_its_name(bitget: Bitget, home: Path) -> None:
    ran = run(bitget, home, BUYS, f"--every 30m --until {bitget.clock.moment.date()}T13:00")
    assert bitget("-p paper order buy BTCUSDT 0.001").status == 0
    ids = [row["message"] for row in rows(ran)]
    assert len(ids) == 2
    log = bitget("-p paper order log --worker mine --json").json
    assert [(row["orderId"], row["worker"]) for row in log] == [(order, "mine") for order in reversed(ids)]
    assert [row["worker"] for row in bitget("-p paper order log --json").json] == [None, "mine", "mine"]
    told = bitget("-p paper worker log --json").json
    assert [(row["worker"], row["level"], row["orderId"]) for row in told] == [
        ("mine", "order", ids[0]),
        ("mine", "info", None),
        ("mine", "order", ids[1]),
        ("mine", "info", None),
    ]
    assert told[0]["message"] == "placed: buy 0.001 BTCUSDT at market"
    assert len(bitget("-p paper worker log mine --limit 3 --json").json) == 3
    assert bitget("-p paper worker log mine --since 2026-03-02T12:30 --json").json == told[2:]


def test_a_month_of_hours_is_a_matter_of_moments(bitget: Bitget, home: Path, clock: StillClock) -> None:
    """A day here. Nothing waits, the clock follows, and every order has its bill."""
    assert bitget("paper reset --balance usdt-futures:USDT=100000 -y").status == 0
    code = BUYS.replace("0.001", "0.0001")
    ran = run(bitget, home, code, "--every 1h --fast --until 2026-03-03T12:00")
    assert ran.status == 0
    assert clock.slept == []
    assert len(rows(ran)) == 24
    moments = [int(row["time"]) for row in rows(ran)]
    assert {later - earlier for earlier, later in pairwise(moments)} == {3_600_000}
    bills = bitget("-p paper account bills --all --json").json
    opened = [Decimal(bill["fee"]) for bill in bills if bill["businessType"] == "buy"]
    fills = bitget("-p paper order fills --all --json").json
    assert len(opened) == len(fills) == 24
    assert sum(opened) == sum(Decimal(one["totalFee"]) for fill in fills for one in fill["feeDetail"])


def test_two_at_once_on_one_profile(bitget: Bitget, home: Path) -> None:
    """One starts the other and orders until that one is done: two processes, each with a state and a log of its own."""
    (home / "inner.py").write_text("""
def tick(ctx):
    for _ in range(3):
        ctx.bitget.futures_place_order("BTCUSDT", "buy", "0.001")
    ctx.log.info("done")
    raise SystemExit(0)
""")
    code = f"""
import itertools, subprocess, sys
def tick(ctx):
    line = [sys.executable, "-m", "bitget_cli", "-p", "paper", "worker", "run", {str(home / "inner.py")!r}]
    other = subprocess.Popen(line, stdout=subprocess.DEVNULL)
    sides = itertools.cycle(("sell", "buy"))
    while other.poll() is None:
        ctx.bitget.futures_place_order("BTCUSDT", next(sides), "0.001")
    ctx.log.info(other.returncode)
"""
    bitget.clock = StillClock(datetime.now(UTC))
    ran = run(bitget, home, code, f"--every 1h --until {(bitget.clock.moment + timedelta(minutes=9)).isoformat()}")
    assert [row["message"] for row in rows(ran)] == ["0"], ran.err
    placed = [row["worker"] for row in bitget("-p paper order log --all --json").json if row["state"] == "placed"]
    assert placed.count("inner") == 3
    assert placed.count("mine") == len(placed) - 3 > 1
    assert len(bitget("-p paper order fills --all --json").json) == len(placed)
    assert bitget("-p paper worker log inner --json").json[-1]["message"] == "done"


class TestRecipes:
    """The documented recipes as printed, with the machine's clock doubled: they ask it themselves."""

    @pytest.fixture(autouse=True)
    def _one_clock(self, clock: StillClock, monkeypatch: pytest.MonkeyPatch) -> None:
        class Doubled(datetime):
            @classmethod
            def now(cls, tz: Any = None) -> datetime:  # type: ignore[override]
                return clock.moment.astimezone(tz)

        monkeypatch.setattr(time, "time", lambda: clock.moment.timestamp())
        monkeypatch.setattr(datetime_module, "datetime", Doubled)

    @pytest.fixture(params=["classic", "unified"])
    def on_either_kind(self, bitget: Bitget, request: pytest.FixtureRequest) -> None:
        assert bitget(f"paper reset --account {request.param}").status == 0

    @pytest.mark.usefixtures("on_either_kind")
    def test_an_order_an_hour(self, bitget: Bitget, home: Path) -> None:
        until = (bitget.clock.moment + timedelta(hours=5)).isoformat()
        ran = run(bitget, home, (RECIPES / "dca.txt").read_text(), f"--every 5m --until {until}")
        assert (ran.status, ran.err) == (0, "")
        assert len(rows(ran)) == 5
        assert all(row["message"].startswith("DCA long 0.000") for row in rows(ran))
        assert len(bitget("-p paper order log --worker mine --all --json").json) == 6  # the leverage once
        assert len(bitget("-p paper order fills --json").json) == 5

    @pytest.mark.parametrize(
        "line", ["    now = int(time.time())", "    r = ctx.bitget"], ids=["before", "with its order"]
    )
    def test_an_account_that_is_moved_under_it_has_an_order_an_hour(
        self, line: str, bitget: Bitget, home: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """At the beginning of the third hour's tick, or right before its order leaves: there is one of each hour."""
        assert bitget("paper reset").status == 0
        monkeypatch.setattr(doubles, "move", lambda: bitget("paper migrate --yes"), raising=False)
        moves = (
            "    import doubles\n    if ctx.now.hour == 14 and doubles.move: doubles.move, _ = None, doubles.move()\n"
        )
        recipe = (RECIPES / "dca.txt").read_text()
        assert recipe.count(line) == 1
        until = (bitget.clock.moment + timedelta(hours=5)).isoformat()
        ran = run(bitget, home, recipe.replace(line, moves + line), f"--every 5m --until {until}")
        assert (ran.status, ran.err) == (0, "")
        assert bitget("paper status --json").json["account"] == "unified"
        fills = bitget("-p paper order fills --json").json
        assert [datetime.fromtimestamp(int(fill["cTime"]) / 1000, UTC).hour for fill in fills] == [16, 15, 14, 13, 12]
        placed = [row for row in bitget("-p paper order log --worker mine --all --json").json if row["kind"] == "place"]
        assert sorted(row["orderId"] for row in placed if row["state"] == "placed") == sorted(
            fill["orderId"] for fill in fills
        )
        assert {row["state"] for row in placed} <= {"placed", "rejected"}

    @pytest.mark.usefixtures("on_either_kind")
    def test_flat_at_the_end_of_the_day(self, bitget: Bitget, home: Path) -> None:
        assert bitget("-p paper order buy BTCUSDT 0.01").status == 0
        assert bitget("-p paper order sell ETHUSDT 0.5").status == 0
        ran = run(bitget, home, (RECIPES / "flat.txt").read_text(), "--every 5m --until 2026-03-03T01:00")
        assert sorted(row["message"] for row in rows(ran)) == ["Closed BTCUSDT long", "Closed ETHUSDT short"]
        at = datetime(2026, 3, 2, 23, 55, tzinfo=UTC).timestamp() * 1000
        assert all(at <= int(row["time"]) < at + 60_000 for row in rows(ran))
        assert bitget("-p paper position list --json").json == []

    def test_what_perpetuals_are_dear(self, bitget: Bitget, home: Path) -> None:
        ran = run(bitget, home, (RECIPES / "basis.txt").read_text(), "--every 30m --until 2026-03-02T12:10")
        assert len(rows(ran)) == 5
        assert all(" bps  perp=" in row["message"] for row in rows(ran))

    def test_a_failure_is_met(self, bitget: Bitget, home: Path) -> None:
        path = home / "mine.py"
        path.write_text((RECIPES / "errors.txt").read_text())
        ran = bitget(f"worker run {path} --every 30m --until 2026-03-02T12:10 -y --json", env=LIVE)
        assert [row["level"] for row in rows(ran)] == ["error"]
        assert rows(ran)[0]["message"].startswith("Bitget unreachable: could not reach api.bitget.com")


def killed(folder: Path, first: int, stride: int, kind: str) -> tuple[int, int]:
    """How often it was killed, and how often the order under way stood already."""
    here = RECIPES.parent
    ran = subprocess.run(
        [sys.executable, here / "killed_worker.py", folder, str(first), str(stride), kind],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(here), *sys.path])},
    )
    assert ran.returncode == 0, ran.stderr
    points, with_orders = (int(word) for word in ran.stdout.split())
    return points, with_orders


@pytest.mark.parametrize("kind", ["classic", "unified", "moved"])
def test_one_that_is_killed_and_started_again_orders_nothing_twice(kind: str, tmp_path: Path) -> None:
    points, with_orders = killed(tmp_path, 400, 700, kind)
    assert 0 < with_orders < points


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["classic", "unified", "moved"])
def test_wherever_it_is_killed(kind: str, tmp_path: Path) -> None:
    points, with_orders = killed(tmp_path, 1, 11, kind)
    assert points > 150
    assert 0 < with_orders < points
