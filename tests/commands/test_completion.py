"""TAB: what is offered for the word being typed, and that bash, zsh and fish offer it."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest
from desk import BTC, ETH
from doubles import Bitget, MemoryKeyring

from bitget_cli.commands import offers
from bitget_cli.commands.completion import SCRIPTS
from bitget_cli.commands.introspection import description
from bitget_cli.values import FORMS

PROGRAM = Path(sys.executable).with_name("bitget")
OWN_FILES = ["\tfiles"]


def offered(bitget: Bitget, line: str) -> list[str]:
    ran = bitget("", env={"_BITGET_COMPLETE": line})
    assert (ran.status, ran.err) == (0, "")
    return ran.lines


def values(bitget: Bitget, line: str) -> list[str]:
    return [told.split("\t")[0] for told in offered(bitget, line)]


# The line up to the cursor → what is offered, on a paper account nobody has used.
OFFERED = [
    ("bitget wo", ["worker"]),
    ("/usr/bin/bitget wo", ["worker"]),
    ("bitget -p paper wo", ["worker"]),
    ("bitget --profile=paper wo", ["worker"]),
    ("bitget worker ", ["run", "log"]),
    ("bitget -p ", ["live", "demo", "paper"]),
    ("bitget -p pa", ["paper"]),
    ("bitget --profile=d", ["--profile=demo"]),
    ("bitget market time -p l", ["live"]),
    ("bitget -o t", ["table", "tsv"]),
    ("bitget market time --times ", ["iso", "ms", "local"]),
    ("bitget market tickers --product u", ["usdt-futures", "usdc-futures"]),
    ("bitget market tickers --product=s", ["--product=spot"]),
    ("bitget market candles BTCUSDT -g 1", ["1m", "15m", "1h", "12h", "1d", "1w", "1M"]),
    ("bitget order buy BTCUSDT 1 --tif ", ["gtc", "ioc", "fok", "post-only"]),
    ("bitget order buy BTCUSDT 1 --ti", ["--tif", "--times", "--timeout"]),
    ("bitget order buy BTCUSDT 1 --tif ioc --ti", ["--times", "--timeout"]),
    ("bitget plan tpsl BTCUSDT --tp 1 --tp", ["--tp", "--tp-limit"]),
    ("bitget account margin-mode BTCUSDT ", ["isolated", "crossed"]),
    ("bitget account leverage BTCUSDT ", []),
    ("bitget market tickers --sort last", ["lastPr"]),
    ("bitget market tickers --sort -last", ["-lastPr"]),
    ("bitget market price BTCUSDT --fields ma", ["markPrice"]),
    ("bitget market price BTCUSDT --fields markPrice,i", ["markPrice,indexPrice"]),
    ("bitget market coins --fields chains[].chain", ["chains[].chain"]),
    ("bitget worker log --fields ", ["time", "worker", "level", "message", "clientOid", "orderId"]),
    ("bitget --fields ", []),
    ("bitget order buy BTCU", ["BTCUSDT"]),
    ("bitget order buy btcu", ["btcusdt"]),
    ("bitget order buy --product coin-futures BTC", ["BTCUSD"]),
    ("bitget market ticker ETHUSDT BTCU", ["BTCUSDT"]),
    ("bitget account balance bg", ["bgb"]),
    ("bitget api mix.market.tick", ["mix.market.ticker", "mix.market.tickers"]),
    ("bitget api show mix.market.tickers", ["mix.market.tickers"]),
    ("bitget api call mix.market.ticker sy", ["symbol="]),
    ("bitget api mix.market.ticker symbol=BTCUSDT pr", ["productType="]),
    ("bitget api er", ["errors"]),
    ("bitget help order rec", ["reconcile"]),
    ("bitget commands --schema wor", ["worker"]),
    ("bitget completion ", ["bash", "zsh", "fish"]),
    ("bitget order batch ", OWN_FILES),
    ("bitget worker run ", OWN_FILES),
    ("bitget market ticker BTCUSDT --save ", OWN_FILES),
    ("bitget tax export --out ", OWN_FILES),
    ("bitget order batch orders.csv --sav", ["--save"]),
    ("bitget nothing of the kind ", []),
    ("bitget order log --tag 'open quo", []),
    ("bitget", []),
    ("", []),
]


@pytest.mark.parametrize(("line", "wanted"), OFFERED, ids=[line for line, _ in OFFERED])
def test_what_may_stand_there_is_offered(bitget: Bitget, line: str, wanted: list[str]) -> None:
    bitget.environ["BITGET_PROFILE"] = "paper"
    found = values(bitget, line)
    assert (found if wanted != OWN_FILES else offered(bitget, line)) == list(dict.fromkeys(wanted))


def test_words_that_are_offered_are_taken(bitget: Bitget) -> None:
    assert offers.CHOICES["output"] == FORMS
    for name, words in offers.CHOICES.items():
        command = "market candles BTCUSDT --limit 1" if name == "granularity" else "market symbols"
        for word in words:
            ran = bitget(f"-p paper {command} --{name} {word}")
            assert (ran.status, word) == (0, word), ran.err


def test_every_command_and_every_option_is_offered(bitget: Bitget) -> None:
    top = description.root()
    groups = description.groups(top)
    assert values(bitget, "bitget ") == list(groups)
    for name, group in groups.items():
        for leaf in description.commands(group):
            path = description.path_of(leaf)
            assert path.split()[-1] in values(bitget, f"bitget {path}"), name
            wanted = {one for param in description.parameters(leaf) for one in param.opts if one.startswith("--")}
            assert wanted <= set(values(bitget, f"bitget {path} --")), path


def test_orders_and_tags_of_late_are_offered_with_a_word(bitget: Bitget) -> None:
    bitget.environ["BITGET_PROFILE"] = "paper"
    order_id = bitget("order buy BTCUSDT 0.01 --price 50000 --client-oid mine-1 --tag grid:1 --json").json["orderId"]
    bitget("account leverage BTCUSDT 12")
    known = ["mine-1\tbuy 0.01 BTCUSDT at 50000: placed", f"{order_id}\tbuy 0.01 BTCUSDT at 50000: placed"]
    for command in ("order cancel", "order modify", "order show", "plan cancel", "plan show"):
        assert offered(bitget, f"bitget {command} ") == known
    assert offered(bitget, "bitget order cancel x mi") == known[:1]
    assert values(bitget, "bitget order log --tag ") == ["grid:1"]
    assert values(bitget, "bitget order reconcile ") == []
    assert values(bitget, "bitget -p demo order cancel ") == []


def test_what_is_unsettled_is_offered_to_reconcile(bitget: Bitget) -> None:
    bitget.environ["BITGET_PROFILE"] = "paper"
    bitget("order buy BTCUSDT 0.01 --price 50000 --client-oid mine-1")
    journal = next(Path(bitget.environ["HOME"]).rglob("paper-paper.sqlite3"))
    with sqlite3.connect(journal) as connection:
        connection.execute("UPDATE entries SET state = 'unknown', settled_at = NULL")
    connection.close()
    assert offered(bitget, "bitget order reconcile ") == ["mine-1\tbuy 0.01 BTCUSDT at 50000"]


def test_symbols_and_coins_come_from_the_lists_that_are_kept(bitget: Bitget, home: Path) -> None:
    kept = home / "state" / "bitget" / "instruments" / "live-api-bitget-com-usdt-futures.json"
    kept.parent.mkdir(parents=True, mode=0o700)
    kept.write_bytes(json.dumps({"fetched": 1, "rows": [BTC, ETH]}, separators=(",", ":")).encode())
    kept.chmod(0o600)
    assert values(bitget, "bitget order buy ") == ["BTCUSDT", "ETHUSDT"]
    assert values(bitget, "bitget order buy BTCUSDT --product spot --symbol ") == []
    assert values(bitget, "bitget account balance ") == ["BTC", "USDT", "ETH"]
    assert values(bitget, "bitget -p demo order buy ") == []


def test_workers_that_have_run_are_offered(bitget: Bitget, home: Path) -> None:
    (home / "dca.py").write_text("def tick(ctx):\n    ctx.log.info('a tick')\n")
    ran = bitget(f"-p paper worker run {home}/dca.py --every 1h --fast --until 2026-03-02T14:00")
    assert ran.status == 0, ran.err
    assert values(bitget, "bitget -p paper worker log ") == ["dca"]
    assert values(bitget, "bitget -p paper order log --worker d") == ["dca"]


class Watched(MemoryKeyring):
    """A keyring that remembers what it was asked."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []

    def get_password(self, service: str, username: str) -> str | None:
        self.asked.append(username)
        return super().get_password(service, username)


def test_tab_writes_nothing_sends_nothing_and_asks_no_keyring(bitget: Bitget, home: Path) -> None:
    bitget.keyring = watched = Watched()
    sent: list[httpx.Request] = []

    def press(line: str) -> str:
        answer = lambda request: sent.append(request) or httpx.Response(200)  # noqa: E731
        return bitget("", env={"_BITGET_COMPLETE": line}, http=answer).out

    for line, _ in OFFERED:
        for profile in ("live", "paper"):
            press(line.replace("bitget ", f"bitget -p {profile} ", 1))
    assert [*home.iterdir()] == []
    bitget("-p paper order buy BTCUSDT 0.01 --client-oid mine-1")
    before = {path: path.stat().st_mtime_ns for path in home.rglob("*")}
    assert "mine-1" in press("bitget -p paper order cancel ")
    assert {path: path.stat().st_mtime_ns for path in home.rglob("*")} == before
    assert (sent, watched.asked) == ([], [])


def test_a_damaged_file_offers_nothing_and_says_nothing(bitget: Bitget, home: Path) -> None:
    bitget("-p paper order buy BTCUSDT 0.01 --client-oid mine-1")
    journal = next(home.rglob("paper-paper.sqlite3"))
    journal.write_bytes(b"no journal" * 1000)
    assert offered(bitget, "bitget -p paper order cancel ") == []
    (home / "config" / "bitget").mkdir(parents=True)
    (home / "config" / "bitget" / "config.toml").write_text("no configuration = [")
    for line in ("bitget -p ", "bitget order buy ", "bitget -p paper order cancel ", "bitget account balance "):
        assert offered(bitget, line) == []
    assert values(bitget, "bitget wo") == ["worker"]


# The script, printed and installed.

PLACES = {
    "bash": "data/bash-completion/completions/bitget",
    "zsh": ".zfunc/_bitget",
    "fish": "config/fish/completions/bitget.fish",
}


@pytest.mark.parametrize("shell", SCRIPTS)
def test_the_script_is_printed_and_installed(bitget: Bitget, home: Path, shell: str) -> None:
    bitget.environ |= {"XDG_DATA_HOME": str(home / "data"), "XDG_CONFIG_HOME": str(home / "config")}
    assert bitget(f"completion {shell}").out == SCRIPTS[shell]  # type: ignore[index]  # its word
    ran = bitget(f"completion {shell} --install --json")
    path = home / PLACES[shell]
    assert path.read_text() == SCRIPTS[shell]  # type: ignore[index]
    assert ran.json["response"] == {"shell": shell, "file": str(path)}
    assert ("fpath=(~/.zfunc $fpath)" in ran.err) is (shell == "zsh")
    path.write_text(path.read_text() + "# of an earlier version\n")
    assert bitget(f"completion {shell} --install").status == 0
    assert path.read_text() == SCRIPTS[shell]  # type: ignore[index]


def test_what_somebody_else_wrote_is_not_written_over(bitget: Bitget, home: Path) -> None:
    (home / ".zfunc").mkdir()
    (home / ".zfunc" / "_bitget").write_text("# mine\n")
    ran = bitget("completion zsh --install")
    assert ran.status == 3
    assert "was not written by bitget" in ran.err
    assert (home / ".zfunc" / "_bitget").read_text() == "# mine\n"


def test_zsh_is_given_a_folder_that_it_looks_in(bitget: Bitget, home: Path) -> None:
    (home / "functions").mkdir(mode=0o755)
    bitget.environ["FPATH"] = f"/usr/share/zsh/functions:{home}/functions"
    ran = bitget("completion zsh --install")
    assert (home / "functions" / "_bitget").exists()
    assert "fpath=" not in ran.err


# Real shells, at a terminal.

RC = {
    "bash": (".bashrc", "PS1='> '\n. ~/.local/share/bash-completion/completions/bitget\n"),
    "zsh": (".zshrc", "PS1='> '\nfpath=(~/.zfunc $fpath)\nautoload -Uz compinit && compinit -u\n"),
    "fish": (".config/fish/config.fish", "function fish_prompt; echo -n '> '; end\nset -U fish_greeting\n"),
}
TYPED = [
    ("order reconc", "reconcile"),
    ("order cancel mi", "mine-1"),
    ("order log --tag grid:", "grid:1"),
    ("order list --fields symbol,lever", "symbol,leverage"),
    ("order buy BTCUSDT 1 --tif=po", "--tif=post-only"),
    ("order batch my-or", "my-orders.csv"),
    ("order buy BTCUSDT 1 --tag my-or", ""),
]


class Terminal:
    """A shell at a terminal of its own; `press` types and reads on until something is there."""

    def __init__(self, shell: str, home: Path) -> None:
        path = f"{PROGRAM.parent}:{os.environ['PATH']}"
        environ = {"HOME": str(home), "PATH": path, "TERM": "xterm", "LANG": "C.UTF-8", "BITGET_PROFILE": "paper"}
        self._pid, self._end = pty.fork()
        if not self._pid:
            os.chdir(home)
            os.execve(shutil.which(shell) or "", [shell, "-i"], environ)  # noqa: S606  # that shell alone
        self.press("", "> ")

    def press(self, text: str, until: str, *, seconds: float = 20.0) -> str:
        # What it still has to say of the line before is not of this one.
        while select.select([self._end], [], [], 0.2)[0] and text:
            os.read(self._end, 65536)
        os.write(self._end, text.encode())
        seen, end = "", time.monotonic() + seconds
        while time.monotonic() < end and (not until or until not in seen):
            if select.select([self._end], [], [], 0.1)[0]:
                seen += plain(os.read(self._end, 65536))
        return seen

    def close(self) -> None:
        os.kill(self._pid, signal.SIGKILL)
        os.waitpid(self._pid, 0)
        os.close(self._end)


def plain(told: bytes) -> str:
    """What is read, without what steers the terminal."""
    return re.sub(r"\x1b(\[[0-9;?]*[A-Za-z]|[()][A-Z0-9]|\][^\x07]*\x07)", "", told.decode(errors="replace"))


@pytest.fixture(scope="module")
def used(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which bitget has placed an order on paper, and completion is installed for every shell."""
    tmp_path = tmp_path_factory.mktemp("home")
    tmp_path.chmod(0o700)
    environ = {"HOME": str(tmp_path), "PATH": os.environ["PATH"], "BITGET_PROFILE": "paper"}
    order = "order buy BTCUSDT 0.01 --price 50000 --client-oid mine-1 --tag grid:1"
    for line in (order, *(f"completion {shell} --install" for shell in SCRIPTS)):
        subprocess.run([PROGRAM, *line.split()], env=environ, check=True, capture_output=True)
    (tmp_path / "my-orders.csv").write_text("symbol,side,size\n")
    return tmp_path


@pytest.mark.parametrize("shell", RC)
def test_a_shell_completes_at_a_terminal(used: Path, shell: str) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    name, content = RC[shell]
    (used / name).parent.mkdir(parents=True, exist_ok=True)
    (used / name).write_text(content)
    terminal = Terminal(shell, used)
    try:
        # The very first TAB counts: in zsh it is the one that loads the function.
        for typed, wanted in TYPED:
            # Ctrl-U empties the line.
            seen = terminal.press(f"\x15bitget {typed}\t", wanted, seconds=20.0 if wanted else 1.5)
            assert wanted in seen
            assert wanted or "my-orders" not in seen
    finally:
        terminal.close()
