"""What stands on people's machines goes on: files an earlier version left, kept in tests/kept as it wrote them."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from desk import Desk, open_desk
from doubles import Bitget, MemoryKeyring, StillClock, path_of
from pytest_httpx import HTTPXMock
from tax_server import TaxExchange, at_the_door
from taxpayer import LABEL, RANGE, books, files_of

KEPT = Path(__file__).parent / "kept"
# The keys that the account behind these files was read with.
KEPT_KEYS = {"v": 1, "key": "bg_key_0123456789", "secret": "secret-0123456789", "passphrase": "phrase0123"}
BOOKINGS = books(
    {"spot": 160, "usdt-futures": 70, "usdc-futures": 2, "coin-futures": 3, "crossed-margin": 6, "isolated-margin": 0}
    | {"p2p": 5}
)
UNDER_WAY = f".bitget-tax-{LABEL}"

pytestmark = pytest.mark.usefixtures("kept")


@pytest.fixture
def kept(bitget: Bitget, home: Path) -> Path:
    """The folders of somebody who used that version, moved under `home`."""
    state = home / "state" / "bitget"
    for folder in (home / "config" / "bitget", state / "journal", state / "instruments", home / "taxes" / UNDER_WAY):
        folder.mkdir(parents=True, mode=0o700)
    put(KEPT / "config.toml", home / "config" / "bitget" / "config.toml")
    for source in (KEPT / "instruments").iterdir():
        put(source, state / "instruments" / source.name)
    for source in (KEPT / "export").iterdir():
        put(source, home / "taxes" / UNDER_WAY / source.name)
    rebuild(KEPT / "journal-live.sql", state / "journal" / "live-live.sqlite3")
    rebuild(KEPT / "journal-paper.sql", state / "journal" / "paper-paper.sqlite3")
    rebuild(KEPT / "paper.sql", state / "paper.sqlite3")
    for profile, env in (("live", "live"), ("desk", "demo")):
        item = {**KEPT_KEYS, "env": env, "account_kind": None, "created": "2026-03-02T12:00:00+00:00"}
        bitget.keyring.set_password("bitget-cli", profile, json.dumps(item))
    return home


def put(source: Path, target: Path) -> None:
    shutil.copyfile(source, target)
    target.chmod(0o600)


def rebuild(source: Path, target: Path) -> None:
    """A database from its text."""
    with closing(sqlite3.connect(target)) as connection:
        connection.executescript(source.read_text())
        connection.execute("PRAGMA journal_mode = WAL")
    target.chmod(0o600)


def test_profiles_keep_their_guards(bitget: Bitget, exchange: HTTPXMock) -> None:
    open_desk(exchange)
    shown = bitget("profile list --json").json
    assert {row["name"] for row in shown} >= {"live", "desk", "paper"}
    over = bitget("-p live order buy BTCUSDT 0.1 --price 59000 -y")
    locked = bitget("-p desk order buy BTC/USDT 0.1 --price 59000 -y")
    assert (over.status, locked.status, exchange.get_requests(method="POST")) == (10, 10, [])
    assert "allows 5000 an order" in over.err
    assert "locked" in locked.err


def test_the_journal_knows_what_was_done_and_settles_what_was_in_doubt(bitget: Bitget, exchange: HTTPXMock) -> None:
    log = bitget("-p live order log --json").json
    assert {row["clientOid"]: row["state"] for row in log} == {
        "live-done": "placed",
        "live-refused": "rejected",
        "live-lost": "unknown",
    }
    settle(bitget, exchange)
    log = bitget("-p live order log --json").json
    assert {row["clientOid"]: row["state"] for row in log}["live-lost"] == "placed"
    assert {row["worker"] for row in log} == {None}


def settle(bitget: Bitget, exchange: HTTPXMock) -> Desk:
    """Finds what was in doubt, so that another order may leave."""
    row = {"orderId": "77", "clientOid": "live-lost", "symbol": "BTCUSDT", "side": "buy", "size": "0.02"}
    desk = open_desk(exchange, answers={"mix/order/detail": row | {"state": "live"}})
    settled = bitget("-p live order reconcile")
    assert settled.status == 0, settled.err
    return desk


def test_an_id_that_was_used_is_not_used_again(bitget: Bitget, exchange: HTTPXMock) -> None:
    settle(bitget, exchange)
    again = bitget("-p live order buy BTCUSDT 0.01 --price 59000 --client-oid live-done -y")
    assert (again.status, exchange.get_requests(method="POST")) == (2, [])


def test_the_paper_account_goes_on_where_it_stood(bitget: Bitget) -> None:
    (position,) = bitget("position list --json").json
    assert (position["symbol"], position["holdSide"], position["total"], position["openPriceAvg"]) == (
        "BTCUSDT",
        "long",
        "0.1",
        "64653.7",
    )
    assert [row["orderId"] for row in bitget("order list --json").json] == ["1772452800000000014"]
    assert sorted(row["orderId"] for row in bitget("plan list --json").json) == [
        "1772452800000000010",
        "1772452800000000011",
        "1772452800000000013",
    ]
    status = bitget("paper status --json").json
    assert {coin: row["sum"] for coin, row in status["conservation"].items()} == {"BTC": "0", "USDC": "0", "USDT": "0"}
    assert status["conservation"]["USDT"]["spot"] == "79500.02451038"
    assert status["conservation"]["USDT"]["usdt_futures"] == "19995.57147848"
    # The old id of the modified order finds the one that lives, and trading goes on.
    assert bitget("order cancel my-first-limit").status == 0
    assert bitget("order list --json").json == []
    assert bitget("position close BTCUSDT").status == 0
    assert bitget("paper clock --advance 1h").status == 0
    status = bitget("paper status --json").json
    assert {row["sum"] for row in status["conservation"].values()} == {"0"}


def test_a_cached_instrument_is_read(bitget: Bitget, exchange: HTTPXMock) -> None:
    settle(bitget, exchange).due("mix/order/place-order")
    assert bitget("-p live order buy BTCUSDT 0.01 --price 59000 -y").status == 0
    assert "mix/market/contracts" not in [path_of(request) for request in exchange.get_requests()]


def test_a_half_done_export_is_ended(bitget: Bitget, kept: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    anew = Bitget({"HOME": str(elsewhere)}, StillClock(), MemoryKeyring())
    anew.keyring.items = dict(bitget.keyring.items)
    whole, rest = TaxExchange(BOOKINGS), TaxExchange(BOOKINGS)
    line = f"-p live tax export {RANGE} --out"
    assert bitget(f"{line} {kept / 'taxes'}", http=at_the_door(rest)).status == 0
    assert anew(f"{line} {elsewhere / 'taxes'}", http=at_the_door(whole)).status == 0
    assert files_of(kept / "taxes") == files_of(elsewhere / "taxes")
    assert whole.calls - rest.calls == len(list((KEPT / "export").glob("*.whole")))  # no window is fetched again


def raised(name: str) -> Callable[[Path], None]:
    def run(home: Path) -> None:
        with closing(sqlite3.connect(home / "state" / "bitget" / name)) as connection:
            connection.execute("PRAGMA user_version = 99")

    return run


def rewritten(name: str, old: str, new: str) -> Callable[[Path], None]:
    def run(home: Path) -> None:
        path = home / name
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new))

    return run


# What a later version changed → a command that needs the file.
LATER = {
    "journal": (raised("journal/live-live.sqlite3"), "-p live order buy BTCUSDT 0.01 --price 59000 -y"),
    "journal, read": (raised("journal/live-live.sqlite3"), "-p live order log"),
    "paper": (raised("paper.sqlite3"), "-p paper order buy BTCUSDT 0.01"),
    "paper, read": (raised("paper.sqlite3"), "-p paper market ticker BTCUSDT"),
    "settings": (rewritten("config/bitget/config.toml", "version = 1", "version = 99"), "-p live order list"),
    "export": (
        rewritten(f"taxes/{UNDER_WAY}/plan.json", '"version": 1', '"version": 99'),
        f"-p live tax export {RANGE} --out taxes",
    ),
}


@pytest.mark.parametrize(("later", "line"), LATER.values(), ids=LATER)
def test_a_file_of_a_later_version_is_left_alone(
    later: Callable[[Path], None],
    line: str,
    bitget: Bitget,
    exchange: HTTPXMock,
    kept: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    later(kept)
    monkeypatch.chdir(kept)
    open_desk(exchange)
    before = contents(kept)
    ran = bitget(line)
    assert (ran.status, exchange.get_requests(method="POST")) == (3, [])
    assert "newer" in ran.err
    # Which kind of account it is may have been asked before.
    assert before.items() <= contents(kept).items()
    assert all("account-kinds" in name for name in contents(kept).keys() - before.keys())


def contents(home: Path) -> dict[str, bytes]:
    """What is in every file that a later version wrote in, locks and write-ahead logs left out."""
    kinds = ("sqlite3", "toml", "json", "whole", "part")
    return {str(path): path.read_bytes() for path in sorted(home.rglob("*")) if path.name.endswith(kinds)}
