"""What a paper exchange begins with, where that money is told of, and what a new beginning forgets."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from doubles import Bitget

from bitget_cli.paper.store import STEPS

BUY = "-p paper order buy BTCUSDT 0.01 --client-oid mine --json"
# As many steps as the file had when opening balances were all in spot, 100 000 USDT among them.
OF_OLD = 3


def read(bitget: Bitget, line: str) -> Any:
    ran = bitget(f"-p paper {line} --json")
    assert ran.status == 0, ran.err
    return ran.json


def balances(bitget: Bitget) -> dict[str, str]:
    """Coin of every product that has any, as `product coin`."""
    told = {}
    for product, name in (("spot", "coin"), *((f"{line}-futures", "marginCoin") for line in ("usdt", "usdc", "coin"))):
        for row in read(bitget, f"account balance --product {product}"):
            if Decimal(row["available"]):
                told[f"{product} {row[name]}"] = row["available"]
    return told


def conserved(bitget: Bitget) -> bool:
    proof = bitget("paper status --json").json["conservation"]
    return bool(proof) and all(parts["sum"] == "0" for parts in proof.values())


@pytest.mark.parametrize(
    "line",
    [
        "order buy BTCUSDT 0.01",
        "order sell ETHUSDT 0.1 --price 9000 --allow-far",
        "order buy BTC/USDT --quote 100",
        "plan buy BTCUSDT 0.01 --trigger 60000",
    ],
)
def test_a_newcomer_s_first_order_is_placed(bitget: Bitget, line: str) -> None:
    assert read(bitget, line)["outcome"] == "placed"
    assert conserved(bitget)


def test_a_newcomer_has_the_same_in_spot_and_in_futures(bitget: Bitget) -> None:
    assert balances(bitget) == {"spot USDT": "10000", "usdt-futures USDT": "10000"}


@pytest.mark.parametrize(
    ("words", "there"),
    [
        ("--balance USDT=500", {"spot USDT": "500"}),
        ("--balance usdt=500 --balance spot:btc=2", {"spot USDT": "500", "spot BTC": "2"}),
        ("--balance usdt-futures:USDT=0.5", {"usdt-futures USDT": "0.5"}),
        (
            "--balance USDT=1 --balance USDT-FUTURES:USDT=20 --balance coin-futures:BTC=3"
            " --balance usdc-futures:USDC=4",
            {"spot USDT": "1", "usdt-futures USDT": "20", "coin-futures BTC": "3", "usdc-futures USDC": "4"},
        ),
        ("--balance USDT=0", {}),
        ("", {"spot USDT": "10000", "usdt-futures USDT": "10000"}),
    ],
)
def test_it_begins_with_what_was_said(bitget: Bitget, words: str, there: dict[str, str]) -> None:
    ran = bitget(f"paper reset -y {words} --json")
    assert ran.status == 0, ran.err
    assert balances(bitget) == there
    opening = bitget("paper status --json").json["opening"]
    begun = {place if ":" in place else f"spot:{place}": amount for place, amount in opening.items() if amount != "0"}
    assert begun == {place.replace(" ", ":"): amount for place, amount in there.items()}
    assert not there or conserved(bitget)


@pytest.mark.parametrize("profile", ["", "-p paper", "-p mine"])
@pytest.mark.parametrize("line", ["reset --seed 7", "deposit USDT 5", "clock --advance 1d"])
def test_where_a_profile_only_reads_the_exchange_stays_as_it_is(bitget: Bitget, profile: str, line: str) -> None:
    config = Path(bitget.environ["HOME"]) / "config" / "bitget" / "config.toml"
    config.parent.mkdir(parents=True)
    config.write_text('version = 1\n[profiles.mine]\nenv = "paper"\n')
    config.chmod(0o600)
    locked = "mine" if profile == "-p mine" else "paper"
    assert bitget("paper deposit BTC 1").status == 0
    assert bitget(f"profile lock {locked}").status == 0
    before = bitget("paper status --json").out, bitget("-p paper account balance --product spot --json").out
    ran = bitget(f"{profile} paper {line} -y")
    assert (ran.status, ran.out) == (10, ""), ran.err
    assert f"profile {locked} is locked: it only reads" in ran.err
    assert (bitget("paper status --json").out, bitget("-p paper account balance --product spot --json").out) == before
    assert bitget(f"profile unlock {locked}", terminal=True, typed="y\n").status == 0
    assert bitget(f"{profile} paper {line} -y").status == 0


@pytest.mark.parametrize(
    "line",
    ["paper reset", "paper deposit USDT 5", "paper clock --advance 1d", "profile use paper", "profile lock paper"],
)
@pytest.mark.parametrize("word", ["-y", "--yes"])
def test_whoever_says_yes_to_a_change_on_this_machine_is_not_told_off(bitget: Bitget, line: str, word: str) -> None:
    assert bitget(f"{line} {word}").status == 0


def test_what_it_begins_with_was_deposited_and_moved_on(bitget: Bitget) -> None:
    bitget("paper reset --balance USDT=100 --balance BTC=2 --balance usdt-futures:USDT=30")
    deposits = read(bitget, "account deposits")
    assert {row["coin"]: Decimal(row["size"]) for row in deposits} == {"USDT": 130, "BTC": 2}
    assert {row["status"] for row in deposits} == {"success"}
    (moved,) = read(bitget, "account transfers USDT")
    assert (moved["fromType"], moved["toType"], Decimal(moved["size"])) == ("spot", "usdt_futures", 30)
    bills = read(bitget, "account bills --product spot")
    assert sorted((bill["coin"], bill["businessType"], Decimal(bill["size"])) for bill in bills) == [
        ("BTC", "DEPOSIT", 2),
        ("USDT", "DEPOSIT", 130),
        ("USDT", "TRANSFER_OUT", -30),
    ]
    (bill,) = read(bitget, "account bills")
    assert (bill["businessType"], Decimal(bill["amount"])) == ("trans_from_exchange", 30)


def test_the_first_question_of_all_finds_them(bitget: Bitget) -> None:
    """By a clock that goes on, the answer is given a little after the question was asked."""
    look = bitget.clock.now
    bitget.clock.now = lambda: (bitget.clock.sleep(0.05), look())[1]  # type: ignore[method-assign]
    assert len(read(bitget, "account deposits")) == 1
    bitget("paper reset")
    assert len(read(bitget, "account bills")) == 1


def test_the_tax_records_tell_of_the_same_bookings(bitget: Bitget) -> None:
    deposits = {row["orderId"]: Decimal(row["size"]) for row in read(bitget, "account deposits")}
    (moved,) = read(bitget, "account transfers USDT")
    spot = read(bitget, "tax spot --since 1d")
    assert {(row["spotTaxType"], row["bizOrderId"], Decimal(row["amount"])) for row in spot} == {
        *(("Deposit", order, size) for order, size in deposits.items()),
        ("Transfer out", moved["transferId"], -Decimal(moved["size"])),
    }
    (futures,) = read(bitget, "tax futures --since 1d")
    assert (futures["futureTaxType"], Decimal(futures["amount"])) == ("transfer_in", 10_000)


@pytest.mark.parametrize(
    "line",
    [
        BUY,
        "-p paper order buy BTC/USDT --quote 100 --client-oid mine --json",
        "-p paper plan buy BTCUSDT 0.01 --trigger 60000 --client-oid mine --json",
    ],
)
def test_after_a_reset_a_client_id_is_as_new(bitget: Bitget, line: str) -> None:
    assert bitget(line).status == 0
    again = bitget(line)
    assert (again.status, "was used before" in again.err) == (2, True)
    assert bitget("paper reset").status == 0
    assert bitget("-p paper order log --json").json == []
    ran = bitget(line)
    assert ran.status == 0, ran.err
    assert bitget(line).status == 2
    assert len(bitget("-p paper order log --json").json) == 1
    assert bitget("paper reset").status == 0
    assert bitget(line).status == 0


def test_a_reset_forgets_the_journal_of_every_profile_that_trades_there(bitget: Bitget, home: Path) -> None:
    config = home / "config" / "bitget"
    config.mkdir(parents=True)
    (config / "config.toml").write_text(
        'version = 1\n[profiles.desk]\nenv = "paper"\n[profiles.x-paper]\nenv = "demo"\n'
    )
    (config / "config.toml").chmod(0o600)
    for folder in (config, config.parent):
        folder.chmod(0o700)
    assert bitget(BUY.replace("-p paper", "-p desk")).status == 0
    bitget("paper reset")
    assert bitget("-p desk order log --json").json == []
    assert bitget(BUY.replace("-p paper", "-p desk")).status == 0


def test_a_reset_leaves_the_journals_of_live_and_demo_alone(bitget: Bitget, home: Path) -> None:
    assert bitget(BUY).status == 0
    folder = home / "state" / "bitget" / "journal"
    here = (folder / "paper-paper.sqlite3").read_bytes()
    others = [
        folder / f"{name}.sqlite3" for name in ("live-live", "demo-demo", "x-paper-live", "live-live-elsewhere-1")
    ]
    for other in others:
        other.write_bytes(here)
        other.chmod(0o600)
    assert bitget("paper reset").status == 0
    assert [other.read_bytes() == here for other in others] == [True] * len(others)


def test_an_entry_taken_out_after_a_reset_is_still_damage(bitget: Bitget, home: Path) -> None:
    bitget(BUY)
    bitget("paper reset")
    bitget(BUY)
    with closing(sqlite3.connect(home / "state" / "bitget" / "journal" / "paper-paper.sqlite3")) as connection:
        connection.execute("DELETE FROM entries")
        connection.commit()
    assert bitget(BUY).status == 3


def of_old(path: Path, more: str) -> None:
    """A file as the version before wrote it."""
    path.parent.mkdir(parents=True, mode=0o700)
    path.parent.parent.chmod(0o700)
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(";".join(STEPS[:OF_OLD]) + f";PRAGMA user_version = {OF_OLD};{more}")
    path.chmod(0o600)


SET = (
    "INSERT INTO meta VALUES ('seed', '7'), ('clock_paper', '0'), ('clock_wall', '0'), ('clock_speed', '1');"
    "INSERT INTO opening VALUES ('USDT', '777')"
)
BEGUN = (
    "INSERT INTO settings VALUES ('time', '1772366400000'), ('last_id', '1772366400000000003');"
    "INSERT INTO pots VALUES ('spot', 'USDT', '100000', '0'), ('~outside', 'USDT', '-100000', '0')"
)


@pytest.mark.parametrize(
    ("more", "opening", "there"),
    [
        (SET, {"USDT": "777"}, {"spot USDT": "777"}),
        (BEGUN, {"BTC": "1", "USDC": "10000", "USDT": "100000"}, {"spot USDT": "100000"}),
        ("", {"USDT": "10000", "usdt-futures:USDT": "10000"}, {"spot USDT": "10000", "usdt-futures USDT": "10000"}),
    ],
    ids=["settings kept", "begun without settings", "nothing in it"],
)
def test_a_file_of_an_older_version_goes_on(
    bitget: Bitget, home: Path, more: str, opening: dict[str, str], there: dict[str, str]
) -> None:
    of_old(home / "state" / "bitget" / "paper.sqlite3", more)
    assert bitget("paper status --json").json["opening"] == opening
    assert balances(bitget) == there
    assert conserved(bitget)
    assert bitget("paper reset").status == 0
    assert balances(bitget) == {"spot USDT": "10000", "usdt-futures USDT": "10000"}
