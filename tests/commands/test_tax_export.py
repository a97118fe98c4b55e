"""`bitget tax export` as typed: the files it leaves, whose they are, and what it says of what is odd."""

from __future__ import annotations

import csv
import json
from pathlib import Path

from doubles import Bitget
from pytest_httpx import HTTPXMock
from tax_server import TaxExchange, at_the_door
from taxpayer import BOOKS, KEYS, LABEL, books, export, files_of

YEAR = books(days=365)


def test_an_export_leaves_four_private_files_and_a_report(bitget: Bitget, home: Path) -> None:
    ran = export(bitget, TaxExchange(BOOKS), home / "taxes", "--json")
    assert ran.status == 0, ran.err
    assert [(row["stream"], row["rows"], row["missing"]) for row in ran.json] == [
        ("spot", 1600, 0),
        ("futures", 723, 0),
        ("margin", 60, 0),
        ("p2p", 5, 0),
    ]
    names = [f"bitget-tax-{LABEL}-{stream}.csv" for stream in ("futures", "margin", "p2p", "spot")]
    assert set(files_of(home / "taxes")) == {*names, f"bitget-tax-{LABEL}-coverage.json"}
    assert {path.stat().st_mode & 0o777 for path in (home / "taxes").iterdir()} == {0o600, 0o700}
    report = json.loads(files_of(home / "taxes")[f"bitget-tax-{LABEL}-coverage.json"])
    assert (report["complete"], report["since"], report["until"]) == (
        True,
        "2025-01-01T00:00:00.000Z",
        "2025-03-12T00:00:00.000Z",
    )
    assert report["streams"] == ran.json


def test_our_own_form_has_every_booking_of_the_stream_by_time(bitget: Bitget, home: Path) -> None:
    export(bitget, TaxExchange(BOOKS), home / "out")
    with (home / "out" / f"bitget-tax-{LABEL}-futures.csv").open(newline="") as file:
        made = list(csv.DictReader(file))
    held = {row["id"]: (name, row) for name in BOOKS if "futures" in name for row in BOOKS[name]}
    assert len(made) == len(held)
    assert [row["time"] for row in made] == sorted(row["time"] for row in made)
    for row in made:
        account, raw = held[row["id"]]
        assert (row["version"], row["account"], row["type"]) == ("1", account, raw["futureTaxType"])
        assert (row["amount"], row["fee"], row["coin"]) == (raw["amount"], raw["fee"], raw["marginCoin"])


def test_a_type_in_no_list_is_kept_named_and_counted(bitget: Bitget, home: Path) -> None:
    ran = export(bitget, TaxExchange(BOOKS), home / "out", "--format koinly --json")
    count = sum(row["spotTaxType"].startswith("=") for row in BOOKS["spot"])
    assert ran.json[0]["unmapped"] == {'=HYPERLINK("x")': count}
    filed = {name: told["as"] for name, told in ran.json[0]["types"].items()}
    assert (filed["Buy"], filed["Deposit"], filed['=HYPERLINK("x")']) == ("trade", "moved", "unknown")
    assert sum(told["rows"] for told in ran.json[0]["types"].values()) == ran.json[0]["rows"]
    assert f'spot: {count} =HYPERLINK("x") of a type that is in no list' in ran.err
    text = (home / "out" / f"bitget-tax-{LABEL}-spot-koinly.csv").read_text()
    assert text.count("type not known: please classify") == count


def test_a_fee_that_is_no_number_is_named_and_not_taken_for_none(bitget: Bitget, home: Path) -> None:
    row = {**BOOKS["spot"][0], "spotTaxType": "Sell", "amount": "-5", "fee": "-0.1 BGB"}
    ran = export(bitget, TaxExchange({"spot": [row]}), home / "out", "--format koinly --json")
    assert ran.json[0]["unreadable_fee"] == {"Sell": 1}
    assert "spot: 1 Sell with a fee that is no number" in ran.err
    assert "fee unknown: -0.1 BGB" in (home / "out" / f"bitget-tax-{LABEL}-spot-koinly.csv").read_text()


def test_a_type_cannot_steer_the_terminal(bitget: Bitget, home: Path) -> None:
    row = {**BOOKS["spot"][0], "spotTaxType": "\x1b]0;owned\x07"}
    ran = export(bitget, TaxExchange({"spot": [row]}), home / "out")
    assert "\x1b" not in ran.err + ran.out + (home / "out" / f"bitget-tax-{LABEL}-spot.csv").read_text()


def test_a_file_of_somebody_else_is_not_replaced(bitget: Bitget, home: Path) -> None:
    (home / "out").mkdir(mode=0o700)
    path = home / "out" / f"bitget-tax-{LABEL}-margin.csv"
    path.write_text("mine")
    exchange = TaxExchange(BOOKS)
    ran = export(bitget, exchange, home / "out")
    assert (ran.status, path.read_text(), exchange.calls) == (3, "mine", 0)
    assert "choose another --out" in ran.err


def test_a_finished_file_that_was_changed_is_not_replaced(bitget: Bitget, home: Path) -> None:
    export(bitget, TaxExchange(BOOKS), home / "out")
    path = home / "out" / f"bitget-tax-{LABEL}-margin.csv"
    changed = path.read_bytes() + b"my own note\r\n"
    path.write_bytes(changed)
    assert export(bitget, TaxExchange(BOOKS), home / "out").status == 3
    assert path.read_bytes() == changed


def test_a_link_under_a_files_name_is_not_written_through(bitget: Bitget, home: Path) -> None:
    (home / "out").mkdir(mode=0o700)
    (home / "out" / f"bitget-tax-{LABEL}-margin.csv").symlink_to(home / "target")
    assert export(bitget, TaxExchange(BOOKS), home / "out").status == 3
    assert not (home / "target").exists()


def test_another_account_does_not_go_on_with_this_ones_export(bitget: Bitget, home: Path) -> None:
    export(bitget, TaxExchange(BOOKS), home / "out")
    keys = {**KEYS, "BITGET_API_KEY": "bg_9f31"}
    line = f"tax export --since 2025-01-01 --until 2025-03-12 --out {home / 'out'}"
    ran = bitget(line, http=at_the_door(TaxExchange({})), env=keys)
    assert ran.status == 3
    assert "another account" in ran.err


def test_a_range_still_running_ends_where_the_first_start_found_it(bitget: Bitget, home: Path) -> None:
    exchange = TaxExchange(books(days=500))
    line = f"tax export --year 2026 --out {home / 'out'}"
    first = bitget(line, http=at_the_door(exchange), env=KEYS)
    assert "this export ends at 2026-03-02 12:00:00 UTC" in first.err
    made = files_of(home / "out")
    bitget.clock.sleep(90 * 86400)
    again = bitget(line, http=at_the_door(TaxExchange({})), env=KEYS)
    assert "this export ends at 2026-03-02 12:00:00 UTC" in again.err
    assert files_of(home / "out") == made
    assert json.loads(made["bitget-tax-2026-coverage.json"])["until"] == "2026-03-02T12:00:00.001Z"


def test_two_years_stand_side_by_side(bitget: Bitget, home: Path) -> None:
    for year in (2024, 2025):
        ran = bitget(f"tax export --year {year} --out {home / 'out'}", http=at_the_door(TaxExchange(YEAR)), env=KEYS)
        assert ran.status == 0
    assert len(files_of(home / "out")) == 10


def test_a_folder_others_may_write_is_refused(bitget: Bitget, home: Path) -> None:
    (home / "out").mkdir()
    (home / "out").chmod(0o777)
    ran = export(bitget, TaxExchange(BOOKS), home / "out")
    assert ran.status == 3
    assert "chmod go-w" in ran.err


def test_p2p_bookings_say_that_their_amount_is_unknown(bitget: Bitget, home: Path) -> None:
    ran = export(bitget, TaxExchange(BOOKS), home / "out", "--format cointracking")
    assert "p2p: 5 transfer_in without an amount" in ran.err
    with (home / "out" / f"bitget-tax-{LABEL}-p2p-cointracking.csv").open(newline="") as file:
        assert {(row["Type"], row["Buy Amount"]) for row in csv.DictReader(file)} == {("Deposit", "")}


def test_what_an_exchange_repeats_of_a_key_is_not_written_down(bitget: Bitget, exchange: HTTPXMock, home: Path) -> None:
    refusal = {"code": "40705", "msg": f"no {KEYS['BITGET_PASSPHRASE']}", "requestTime": 1, "data": None}
    line = f"tax export --year 2025 --out {home / 'out'}"
    exchange.add_response(method="GET", status_code=400, json=refusal, is_reusable=True)
    ran = bitget(line, env=KEYS)
    written = b"".join(path.read_bytes() for path in (home / "out").rglob("*") if path.is_file()).decode()
    assert ran.status == 9
    assert KEYS["BITGET_PASSPHRASE"] not in written + ran.out + ran.err


def test_a_paper_account_is_exported_like_any_other(bitget: Bitget, home: Path) -> None:
    for line in ("paper clock --set 2026-03-02T12:00", "order buy BTC/USDT --quote 100", "paper clock --advance 1d"):
        assert bitget(f"-p paper {line}").status == 0
    ran = bitget(f"-p paper tax export --since 2026-03-01 --format koinly --out {home / 'out'} --json")
    assert (ran.status, ran.json[0]["unmapped"], ran.json[0]["against_name"]) == (0, {}, {})
    with (home / "out" / "bitget-tax-20260301-now-spot-koinly.csv").open(newline="") as file:
        trades = [row for row in csv.DictReader(file) if row["Sent Amount"] and row["Received Amount"]]
    assert [(row["Sent Currency"], row["Received Currency"]) for row in trades] == [("USDT", "BTC")]
