"""`bitget tax` as typed: what is asked, in which order rows come, and what an export leaves behind."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import httpx
import pytest
from doubles import Bitget
from tax_server import DAY, LISTS, TaxExchange, at_the_door
from taxpayer import BOOKS, FIRST, KEYS, LABEL, ROWS, books, export, files_of

YEAR = books(days=365)
SPOT, FUTURES, MARGIN, P2P = LISTS


@pytest.mark.parametrize(
    ("command", "accounts", "calls"),
    [
        ("spot", ["spot"], 13),
        ("futures", ["usdt-futures", "usdc-futures", "coin-futures"], 39),
        ("futures --product usdc-futures", ["usdc-futures"], 13),
        ("margin", ["crossed-margin", "isolated-margin"], 26),
        ("margin --mode crossed", ["crossed-margin"], 13),
        ("p2p", ["p2p"], 13),
    ],
)
def test_a_year_is_every_booking_once_the_newest_first(
    command: str, accounts: list[str], calls: int, bitget: Bitget
) -> None:
    exchange = TaxExchange(YEAR)
    ran = bitget(f"tax {command} --year 2025 --json", http=at_the_door(exchange), env=KEYS)
    assert ran.status == 0, ran.err
    moments = [int(row["ts"]) for row in ran.json]
    assert moments == sorted(moments, reverse=True)
    held = [row for account in accounts for row in YEAR[account]]
    assert sorted(row["id"] for row in ran.json) == sorted(row["id"] for row in held)
    assert exchange.calls == calls


@pytest.mark.parametrize("form", ["json", "ndjson", "csv", "tsv", "table"])
def test_every_form_shows_the_rows(form: str, bitget: Bitget) -> None:
    ran = bitget(f"tax p2p --year 2025 -o {form}", http=at_the_door(TaxExchange(YEAR)), env=KEYS)
    assert ran.status == 0
    assert ran.out.count("326.5") == ROWS["p2p"]


def test_without_a_range_the_last_thirty_days_are_one_call(bitget: Bitget) -> None:
    exchange = TaxExchange({})
    assert bitget("tax spot", http=at_the_door(exchange), env=KEYS).status == 0
    ((_, asked),) = exchange.asked
    assert int(asked["endTime"]) - int(asked["startTime"]) == 30 * DAY
    assert asked["limit"] == "500"


def test_a_limit_asks_for_little_more_than_it_shows(bitget: Bitget) -> None:
    exchange = TaxExchange(YEAR)
    ran = bitget("tax spot --year 2025 --limit 3 --json", http=at_the_door(exchange), env=KEYS)
    assert len(ran.json) == 3
    assert exchange.calls <= 3


@pytest.mark.parametrize(
    ("command", "parameter"), [("spot", "coin"), ("futures", "marginCoin"), ("margin", "coin"), ("p2p", "coin")]
)
def test_a_coin_is_asked_for_in_capitals(command: str, parameter: str, bitget: Bitget) -> None:
    exchange = TaxExchange({})
    assert bitget(f"tax {command} --coin btc", http=at_the_door(exchange), env=KEYS).status == 0
    assert {asked[parameter] for _, asked in exchange.asked} == {"BTC"}


@pytest.mark.parametrize(
    ("words", "first", "last"),
    [
        ("--year 2025", "2025-01-01T00:00Z", "2026-01-01T00:00Z"),
        ("--year 2025 --timezone Europe/Berlin", "2024-12-31T23:00Z", "2025-12-31T23:00Z"),
        ("--year 2025 --timezone America/New_York", "2025-01-01T05:00Z", "2026-01-01T05:00Z"),
        ("--since 2025-06-01 --until 2025-07-01", "2025-06-01T00:00Z", "2025-07-01T00:00Z"),
        ("--since 2025-06-01 --until 2025-07-01 --timezone Asia/Tokyo", "2025-05-31T15:00Z", "2025-06-30T15:00Z"),
        (
            "--since 2025-06-01T00:00Z --until 2025-07-01 --timezone Asia/Tokyo",
            "2025-06-01T00:00Z",
            "2025-06-30T15:00Z",
        ),
        ("--since 1748736000000 --until 2025-07-01", "2025-06-01T00:00Z", "2025-07-01T00:00Z"),
        # The day on which Berlin's clocks go forward has 23 hours.
        ("--since 2025-03-30 --until 2025-03-31 --timezone Europe/Berlin", "2025-03-29T23:00Z", "2025-03-30T22:00Z"),
    ],
)
def test_a_range_is_read_in_its_time_zone(words: str, first: str, last: str, bitget: Bitget) -> None:
    exchange = TaxExchange({})
    assert bitget(f"tax spot {words}", http=at_the_door(exchange), env=KEYS).status == 0
    starts = [int(asked["startTime"]) + 1 for _, asked in exchange.asked]
    ends = [int(asked["endTime"]) for _, asked in exchange.asked]
    from bitget_cli.values import from_milliseconds

    told = [f"{from_milliseconds(ts):%Y-%m-%dT%H:%MZ}" for ts in (min(starts), max(ends))]
    assert told == [first, last]


@pytest.mark.parametrize(
    ("line", "part"),
    [
        ("spot --all", "--year"),
        ("spot --year 2025 --since 7d", "--year out"),
        ("spot --timezone Europe/Berlim --year 2025", "Europe/Berlin"),
        ("spot --timezone ../../etc/passwd --year 2025", "such as Europe/Berlin"),
        ("futures --product spot", "usdt-futures"),
        ("margin --mode both", "crossed, isolated"),
        ("spot --since 2025-02-01 --until 2025-01-01", "is not before"),
        ("export", "--year 2025"),
        ("export --until 2025-01-01", "--year 2025"),
        ("export --year 2027", "not begun"),
        ("export --year 2025 --format quicken", "koinly"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_a_way_out(line: str, part: str, bitget: Bitget) -> None:
    ran = bitget(f"tax {line}", http=at_the_door(TaxExchange({})), env=KEYS)
    assert ran.status == 2
    assert part in ran.err


def test_in_a_pipe_a_long_fetch_says_one_line_at_each_end(bitget: Bitget) -> None:
    ran = bitget("tax spot --year 2025", http=at_the_door(TaxExchange(YEAR)), env=KEYS)
    start, end = ran.err.splitlines()
    assert start == "13 windows to fetch at one call a second: 14 s or more"
    assert re.fullmatch(r"1600 rows in 13 windows, after 1[0-9] s", end)
    assert bitget("tax spot", http=at_the_door(TaxExchange(YEAR)), env=KEYS).err == ""


def test_on_a_terminal_progress_is_one_line_that_goes_away(bitget: Bitget) -> None:
    ran = bitget("tax spot --year 2025", http=at_the_door(TaxExchange(YEAR)), env=KEYS, terminal=True)
    pictures = ran.err.split("\r\x1b[K")
    assert pictures[0] == pictures[-1] == ""
    assert re.fullmatch(r"[0-9]+/13 windows, [0-9]+ rows, about [0-9]+ s left", pictures[1])
    assert "\n" not in ran.err


# The export.


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
    assert f'spot: {count} =HYPERLINK("x") of a type that is in no list' in ran.err
    text = (home / "out" / f"bitget-tax-{LABEL}-spot-koinly.csv").read_text()
    assert text.count("type not known: please classify") == count


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


def test_the_exchanges_refusal_is_told(bitget: Bitget) -> None:
    refusal = {"code": "40705", "msg": "The start and end time cannot exceed 90 days", "requestTime": 1, "data": None}
    ran = bitget("tax spot --year 2025 --json", http=lambda _: httpx.Response(400, json=refusal), env=KEYS)
    assert (ran.status, ran.failure["code"]) == (5, "40705")


def test_what_an_exchange_repeats_of_a_key_is_not_written_down(bitget: Bitget, home: Path) -> None:
    refusal = {"code": "40705", "msg": f"no {KEYS['BITGET_PASSPHRASE']}", "requestTime": 1, "data": None}
    line = f"tax export --year 2025 --out {home / 'out'}"
    ran = bitget(line, http=lambda _: httpx.Response(400, json=refusal), env=KEYS)
    written = b"".join(path.read_bytes() for path in (home / "out").rglob("*") if path.is_file()).decode()
    assert ran.status == 9
    assert KEYS["BITGET_PASSPHRASE"] not in written + ran.out + ran.err


def test_what_was_booked_a_moment_ago_is_there(bitget: Bitget) -> None:
    for line in ("paper clock --set 2026-03-02T12:00", "paper deposit USDT 7"):
        assert bitget(line).status == 0
    ran = bitget("-p paper tax spot --since 1m --json")
    assert ("Deposit", "7") in {(row["spotTaxType"], row["amount"]) for row in ran.json}


def test_a_paper_account_is_exported_like_any_other(bitget: Bitget, home: Path) -> None:
    for line in ("paper clock --set 2026-03-02T12:00", "order buy BTC/USDT --quote 100", "paper clock --advance 1d"):
        assert bitget(f"-p paper {line}").status == 0
    ran = bitget(f"-p paper tax export --since 2026-03-01 --format koinly --out {home / 'out'} --json")
    assert (ran.status, ran.json[0]["unmapped"], ran.json[0]["against_name"]) == (0, {}, {})
    with (home / "out" / "bitget-tax-20260301-now-spot-koinly.csv").open(newline="") as file:
        trades = [row for row in csv.DictReader(file) if row["Sent Amount"] and row["Received Amount"]]
    assert [(row["Sent Currency"], row["Received Currency"]) for row in trades] == [("USDT", "BTC")]


def test_the_first_moment_is_part_of_a_range_and_the_last_is_not(bitget: Bitget) -> None:
    edges = [{"id": str(place), "coin": "BTC", "ts": str(FIRST + place)} for place in (-1, 0, 1, 999, 1000, 1001)]
    for included in (True, False):
        exchange = TaxExchange({"spot": edges}, start_included=included, end_included=included)
        line = f"tax spot --since {FIRST} --until {FIRST + 1000} --json --fields ts"
        got = bitget(line, http=at_the_door(exchange), env=KEYS).json
        assert [int(row["ts"]) - FIRST for row in got] == [999, 1, 0]
