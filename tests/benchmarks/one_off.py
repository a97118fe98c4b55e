"""What one command costs from a cold start: time and memory, against an empty Python and against another client.

Run it with the Python of an environment the program is installed in, for use and not for development:

    .venv/bin/python tests/benchmarks/one_off.py

Everything talks to a server of its own on loopback. To put another client beside it, give the command that fetches the
same ticker there, and the one that fetches spot assets with keys; BITGET_API_BASE_URL points both at the server:

    … one_off.py --against 'bgc futures futures_get_ticker --symbol BTCUSDT --productType USDT-FUTURES' \\
                 --against-signed 'bgc account get_account_assets --accountType spot'

Machines are noisy, so every ratio is the median over pairs taken in turn. `must` and `aim` are what the program is held
to; nothing fails when it misses them.
"""

from __future__ import annotations

import argparse
import os
import shlex
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from authority import Issued, issue
from loopback import loopback
from pairs import Command, in_turn, lines, on_terminal, peak, wall
from paper_idle import after_an_hour

TICKER = ("market", "ticker", "BTCUSDT", "--json")
THIRTY = ("market", "candles", "BTCUSDT", "--limit", "30")
ASSETS = ("api", "spot.account.assets", "--json")
KEYS = {"BITGET_API_KEY": "key", "BITGET_SECRET_KEY": "secret", "BITGET_PASSPHRASE": "passphrase"}
NOTHING: Mapping[str, str] = {}
HEAD = ("what", "against", "ours", "theirs", "ratio", "must", "aim")


@dataclass(frozen=True)
class Setting:
    """What is run, where, and how often. `rival`, `rival_signed` and `full` are empty where there is none."""

    program: str
    environ: Mapping[str, str]
    rival: tuple[str, ...]
    rival_signed: tuple[str, ...]
    full: str
    pairs: int

    def own(self, words: Sequence[str], environ: Mapping[str, str] = NOTHING, *, status: int = 0) -> Command:
        return self.command((self.program, *words), environ, status=status)

    def command(self, words: Sequence[str], environ: Mapping[str, str], *, status: int = 0) -> Command:
        return Command(words, {**self.environ, **environ}, status)


@dataclass(frozen=True)
class Row:
    """One line of the table: two commands, or ours alone where there is nobody to compare with."""

    what: str
    against: str
    ours: Command
    theirs: Command | None
    must: str
    aim: str
    measure: Callable[[Command], float] = wall

    def cells(self, pairs: int) -> tuple[str, ...]:
        unit = "MiB" if self.measure is peak else "ms"
        other = self.theirs
        if other is None:
            return (self.what, self.against, "-", "-", "-", self.must, self.aim)
        got = in_turn(lambda: self.measure(self.ours), lambda: self.measure(other), pairs=pairs)
        figures = (f"{got.ours:.1f} {unit}", f"{got.theirs:.1f} {unit}", f"{got.ratio:.2f}")
        return (self.what, self.against, *figures, self.must, self.aim)


def rows(setting: Setting, *, plain: str, secure: str, issued: Issued) -> Iterator[Row]:
    """The table for a server at `plain` and one at `secure`, both loopback."""
    here = {"BITGET_API_BASE_URL": plain}
    yield from _against_a_rival(setting, here)
    yield _secure(setting, {"BITGET_API_BASE_URL": secure}, authority=str(issued.authority))
    yield from _against_python(setting)
    table, tsv = (setting.own(("market", "trades", "BTCUSDT", "-o", form), here) for form in ("table", "tsv"))
    yield Row("a table of 30 rows on a terminal", "the same as TSV", table, tsv, "1.35", "1.2", measure=on_terminal)
    paper, ours = setting.own(("-p", "paper", *TICKER)), setting.own(TICKER, here)
    yield Row("paper ticker, in process", "our loopback", paper, ours, "1.3", "1.0")
    full = setting.command((setting.full or setting.program, *TICKER), here)
    yield Row("market ticker, every extra installed", "none", full, ours if setting.full else None, "1.03", "1.00")
    drawn, piped = (setting.own(("-p", "paper", *THIRTY, "-o", form)) for form in ("table", "tsv"))
    yield Row("a table of 30 rows, drawn", "the same as TSV", drawn, piped, "1.35", "1.2")


def _against_a_rival(setting: Setting, here: Mapping[str, str]) -> Iterator[Row]:
    ours, other = setting.own(TICKER, here), _rival(setting, setting.rival, here)
    yield Row("market ticker", "rival", ours, other, "0.75", "0.50")
    yield Row("market ticker, peak RSS", "rival", ours, other, "0.35", "0.28", measure=peak)
    signing = {**here, **KEYS}
    other = _rival(setting, setting.rival_signed, signing)
    yield Row("spot assets, signed", "rival", setting.own(ASSETS, signing), other, "0.75", "0.50")


def _secure(setting: Setting, here: Mapping[str, str], *, authority: str) -> Row:
    ours = setting.own(TICKER, {**here, "SSL_CERT_FILE": authority})
    # Node takes 40 ms longer to start where this variable is set, so it is set for this row alone.
    other = _rival(setting, setting.rival, {**here, "NODE_EXTRA_CA_CERTS": authority})
    return Row("market ticker, verified HTTPS", "rival", ours, other, "0.70", "0.45")


def _rival(setting: Setting, words: Sequence[str], environ: Mapping[str, str]) -> Command | None:
    return setting.command(words, environ) if words else None


def _against_python(setting: Setting) -> Iterator[Row]:
    floor = setting.command((sys.executable, "-c", "pass"), {})
    tab = {"_BITGET_COMPLETE": "bitget market ti"}
    for what, ours, must, aim in (
        ("--version", setting.own(("--version",)), "1.2", "1.05"),
        ("--help", setting.own(("--help",)), "12", "5"),
        ("market --help", setting.own(("market", "--help")), "12", "5"),
        ("a usage error", setting.own(("market", "ticker", "--nonsense"), status=2), "12", "5"),
        ("a TAB press", setting.own((), tab), "8", "5"),
    ):
        yield Row(what, "python -c pass", ours, floor, must, aim)


def main() -> None:
    asked = _arguments()
    with TemporaryDirectory() as name:
        folder = Path(name)
        setting = Setting(
            program=asked.program,
            environ=_environ(folder),
            rival=tuple(shlex.split(asked.against)),
            rival_signed=tuple(shlex.split(asked.against_signed)),
            full=asked.full,
            pairs=asked.pairs,
        )
        issued = issue(folder)
        with loopback() as plain, loopback(issued.certificate, issued.key) as secure:
            table = [_told(row, setting) for row in rows(setting, plain=plain, secure=secure, issued=issued)]
        idle = f"{after_an_hour(folder, times=setting.pairs):.2f} ms"
    table.append(("paper call, engine idle for an hour", "", idle, "", "", "2 ms", "1 ms"))
    sys.stdout.writelines(f"{line}\n" for line in lines([HEAD, *table]))


def _told(row: Row, setting: Setting) -> tuple[str, ...]:
    """The row's cells, its name on the screen when it is measured."""
    sys.stderr.write(f"{row.what} …\n")
    return row.cells(setting.pairs)


def _environ(folder: Path) -> dict[str, str]:
    """What every command finds: no settings, keys or caches of whoever runs this."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL", "SYSTEMROOT") if name in os.environ}
    homes = {f"XDG_{name}_HOME": str(folder / name.lower()) for name in ("CONFIG", "STATE", "CACHE", "DATA")}
    return {**kept, **homes, "HOME": str(folder)}


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    beside = str(Path(sys.executable).parent / "bitget")
    parser.add_argument("--program", default=beside, help="the program to measure [default: the one of this Python]")
    parser.add_argument("--against", default="", metavar="COMMAND", help="another client's command for the same ticker")
    parser.add_argument("--against-signed", default="", metavar="COMMAND", help="its command for spot assets, signed")
    parser.add_argument("--full", default="", metavar="PROGRAM", help="the program where every extra is installed, too")
    parser.add_argument("--pairs", type=int, default=21, metavar="N", help="pairs for each row [default: 21]")
    return parser.parse_args()


if __name__ == "__main__":
    main()
