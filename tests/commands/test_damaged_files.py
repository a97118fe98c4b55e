"""A journal or a paper exchange's file that nothing of ours wrote: said, set aside by name, never overwritten."""

from __future__ import annotations

import re
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from doubles import Bitget
from lived_in import copy_of, make

BUY = "-p paper order buy BTC/USDT --quote 100"
Damage = Callable[[Path], None]


def sql(text: str) -> Damage:
    """What another program did to the file."""

    def run(path: Path) -> None:
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA ignore_check_constraints = ON")
            connection.executescript(text)
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    return run


def whole(path: Path) -> None:
    """All of the file in one, as after a clean end."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def inflict(damage: Damage, path: Path) -> None:
    whole(path)
    damage(path)


def contents(text: bytes) -> Damage:
    def put(path: Path) -> None:
        path.write_bytes(text)

    return put


def cut(path: Path) -> None:
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])


def reopened(change: str) -> Damage:
    """An entry that is to be settled still, with something else in it."""
    return sql("UPDATE entries SET state = 'sent', settled_at = NULL; UPDATE entries SET " + change)  # noqa: S608  # words of this file


JOURNAL = {
    "a state nobody knows": sql("UPDATE entries SET state = 'perhaps'"),
    "a state that is nothing": reopened("state = x'00'"),
    "a kind nobody knows": reopened("kind = 'perhaps'"),
    "a row nobody knows": reopened("row = 'mix.order.perhaps'"),
    "a trail that is no JSON": reopened("trail = 'perhaps'"),
    "a trail that is null": reopened("trail = 'null'"),
    "a trail without its parts": reopened("trail = '{}'"),
    "a trail of numbers": reopened("trail = json_set(trail, '$.ids', json('[1, 2]'))"),
    "a time that is a word": sql("UPDATE entries SET prepared_at = 'noon'"),
    "a time outside of time": sql("UPDATE entries SET prepared_at = -5"),
    "another request": reopened("body = '{}'"),
    "an entry taken out": sql("DELETE FROM entries"),
    "the count taken out": sql("DELETE FROM sqlite_sequence"),
    "entries and their count taken out": sql("DELETE FROM entries; DELETE FROM sqlite_sequence"),
    "a second count taken out": sql("DELETE FROM written"),
    "no table": sql("DROP TABLE entries"),
    "another program's": sql("PRAGMA application_id = 1"),
    "cut to nothing": contents(b""),
    "cut in half": cut,
    "no database": contents(b"my shopping list " * 100),
}
PAPER = {
    "a pot of words": sql("UPDATE pots SET available = 'plenty'"),
    "a pot that is not a number": sql("UPDATE pots SET frozen = 'NaN'"),
    "a pot of bytes": sql("UPDATE pots SET available = x'31'"),
    "a pot below zero": sql("UPDATE pots SET frozen = '-5' WHERE name = 'spot'"),
    "a pot of more": sql("UPDATE pots SET available = '5000000' WHERE name = 'spot'"),
    "a pot taken out": sql("DELETE FROM pots WHERE name = 'spot'"),
    "every pot taken out": sql("DELETE FROM pots"),
    "a time outside of time": sql("UPDATE settings SET value = '99999999999999999999' WHERE name = 'time'"),
    "an id given before": sql("UPDATE settings SET value = '9' WHERE name = 'last_id'"),
    "an id beyond all ids": sql("UPDATE settings SET value = '99999999999999999999' WHERE name = 'last_id'"),
    "a fill of a kind nobody knows": sql("UPDATE records SET kind = 'zz' WHERE kind = 'fill'"),
    "an order of a kind nobody knows": sql("UPDATE records SET kind = 'aa' WHERE kind = 'order'"),
    "a bill of a kind of bytes": sql("UPDATE records SET kind = x'31' WHERE kind = 'bill'"),
    "an order among the fills": sql("UPDATE records SET kind = 'fill' WHERE kind = 'order' AND live"),
    "a mode nobody knows": sql("INSERT INTO settings VALUES ('usdt-futures/mode', 'perhaps')"),
    "a leverage of words": sql("INSERT INTO settings VALUES ('usdt-futures/BTCUSDT/long', 'high')"),
    "a time of words": sql("UPDATE settings SET value = 'noon' WHERE name = 'time'"),
    "an order that is no JSON": sql("UPDATE records SET body = 'perhaps' WHERE kind = 'order'"),
    "an order that is a list": sql("UPDATE records SET body = '[]' WHERE kind = 'order'"),
    "an order without its parts": sql("UPDATE records SET body = '{}' WHERE kind = 'order'"),
    "an order of another side": sql("UPDATE records SET body = json_set(body, '$.side', 'up') WHERE kind = 'order'"),
    "an order of a float": sql("UPDATE records SET body = json_set(body, '$.size', 0.5) WHERE kind = 'order'"),
    "an order of no market": sql("UPDATE records SET body = json_set(body, '$.symbol', 'NOPE') WHERE kind = 'order'"),
    "a seed of words": sql("UPDATE meta SET value = 'lucky' WHERE name = 'seed'"),
    "a clock of words": sql("UPDATE meta SET value = 'soon' WHERE name = 'clock_wall'"),
    "a clock that goes back": sql("UPDATE meta SET value = '-1' WHERE name = 'clock_speed'"),
    "no seed": sql("DELETE FROM meta WHERE name = 'seed'"),
    "an opening of words": sql("INSERT OR REPLACE INTO opening VALUES ('spot', 'USDT', 'plenty')"),
    "a fault nobody knows": sql("INSERT INTO faults (fault, path, left, amount) VALUES ('perhaps', '', 1, 0)"),
    "another path's fault nobody knows": sql("INSERT INTO faults VALUES (1, 'zz', '/x', 1, 1)"),
    "a skew of words": sql("INSERT INTO faults VALUES (1, 'skew', '', -1, 'much')"),
    "a late request of bytes": sql("INSERT INTO late VALUES (1, 9, 'POST', '/api/v2/spot/trade/place-order', x'ff')"),
    "a late request of no method": sql("INSERT INTO late VALUES (1, 9, 'PERHAPS', '/api/v2/x', x'7b7d')"),
    "no table": sql("DROP TABLE pots"),
    "cut to nothing": contents(b""),
    "cut in half": cut,
    "no database": contents(b"my shopping list " * 100),
}


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Path:
    lines = (
        "-p paper paper clock --set 2026-03-02T12:00",
        BUY,
        "-p paper order buy BTC/USDT 0.01 --price 60000 --json",
    )
    return make(tmp_path_factory.mktemp("traded"), *lines)


@pytest.fixture
def traded(bitget: Bitget, home: Path, there: Path) -> Bitget:
    """A paper account with a filled order and an open one."""
    copy_of(there, home)
    return bitget


def refused(bitget: Bitget, path: Path, line: str) -> str:
    """The hint of a command that ended with 3, over a file left as it was."""
    before = path.read_bytes()
    ran = bitget(line)
    assert (ran.status, ran.out) == (3, ""), ran.err
    assert str(path) in ran.err
    assert path.read_bytes() == before
    (command,) = re.findall(r"mkdir .*", ran.err)
    return str(command)


@pytest.mark.parametrize("damage", JOURNAL)
def test_nothing_is_sent_over_a_damaged_journal_and_it_is_set_aside_by_name(
    traded: Bitget, home: Path, damage: str
) -> None:
    (path,) = (home / "state" / "bitget" / "journal").glob("*.sqlite3")
    inflict(JOURNAL[damage], path)
    money = traded("-p paper account balance --product spot --json").json
    hint = refused(traded, path, BUY)
    refused(traded, path, "-p paper order log")
    assert traded("-p paper account balance --product spot --json").json == money
    damaged = path.read_bytes()
    subprocess.run(hint, shell=True, check=True)  # noqa: S602  # as a person would type it
    assert traded(BUY).status == 0
    (kept,) = path.parent.glob(f"damaged*/{path.name}")
    assert kept.read_bytes() == damaged


@pytest.mark.parametrize("damage", PAPER)
def test_a_damaged_file_of_the_paper_exchange_ends_with_3_and_is_set_aside_by_name(
    traded: Bitget, home: Path, damage: str
) -> None:
    (path,) = (home / "state" / "bitget").glob("*.sqlite3")
    inflict(PAPER[damage], path)
    hint = refused(traded, path, BUY)
    damaged = path.read_bytes()
    subprocess.run(hint, shell=True, check=True)  # noqa: S602  # as a person would type it
    ran = traded(BUY)
    assert ran.status == 0, ran.err
    (kept,) = path.parent.glob(f"damaged*/{path.name}")
    assert kept.read_bytes() == damaged
