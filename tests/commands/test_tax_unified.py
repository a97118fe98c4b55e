"""`bitget tax` on a unified account: the same commands and names, asked of the other API."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from doubles import KIND, Bitget, Ran, classic, envelope
from tax_server import DAY, TaxExchange
from tax_server import at_the_door as classic_door
from taxpayer import KEYS
from unified_records import LISTS, NOW, RECORDS, UnifiedRecords, books

YEAR = books()
# What a range from the oldest that is told to now is typed as; at the edge a minute is the clocks'.
WHOLE = f"--since {NOW - 366 * DAY + 60_000}"


@pytest.fixture(autouse=True)
def asked(bitget: Bitget) -> None:
    bitget.kind_is_asked = True


def typed(bitget: Bitget, line: str, exchange: UnifiedRecords | None = None) -> Ran:
    return bitget(f"tax {line}", http=exchange or UnifiedRecords(YEAR), env=KEYS)


STREAMS = {
    "spot": ["SPOT", "OTHER"],
    "futures": ["USDT-FUTURES", "USDC-FUTURES", "COIN-FUTURES"],
    "futures --product usdc-futures": ["USDC-FUTURES"],
    "margin": ["MARGIN crossed", "MARGIN isolated"],
    "margin --mode isolated": ["MARGIN isolated"],
}
NAMES = {
    "spot": "id coin spotTaxType amount fee balance bizOrderId ts accountKind",
    "futures": "id symbol marginCoin futureTaxType amount fee ts balance accountKind",
    "margin": "id coin marginTaxType amount fee total symbol ts accountKind",
}


@pytest.mark.parametrize("line", STREAMS)
def test_all_that_is_told_comes_once_the_newest_first_under_the_classic_names(line: str, bitget: Bitget) -> None:
    exchange = UnifiedRecords(YEAR)
    ran = typed(bitget, f"{line} {WHOLE} --json", exchange)
    assert ran.status == 0, ran.err
    held = {row["id"]: row for name in STREAMS[line] for row in YEAR[name]}
    assert sorted(row["id"] for row in ran.json) == sorted(held)
    moments = [int(row["ts"]) for row in ran.json]
    assert moments == sorted(moments, reverse=True)
    assert {" ".join(row) for row in ran.json} == {NAMES[line.partition(" ")[0]]}
    for row in ran.json:
        own = held[row["id"]]
        told = [row.get("coin", row.get("marginCoin")), *(row[name] for name in ("amount", "fee", "accountKind"))]
        assert told == [own["coin"], own["amount"], own["fee"], "unified"]
        assert [row.get(name) for name in ("symbol", "bizOrderId")] == [None, None]
        assert own["type"] in row.values()
    # A week a call, one call a second.
    assert len(exchange.asked) >= 53 * len(STREAMS[line])
    assert sum(bitget.clock.slept) >= len(exchange.asked) - 1


@pytest.mark.parametrize("line", ["spot", "futures", "margin"])
def test_raw_rows_are_the_exchanges_own(line: str, bitget: Bitget) -> None:
    told = typed(bitget, f"{line} --raw --json").json
    assert told
    held = {row["id"]: row for name in STREAMS[line] for row in YEAR[name]}
    assert all(row == held[row["id"]] for row in told)
    header = next(csv.reader(io.StringIO(typed(bitget, f"{line} -o csv").out)))
    assert header == NAMES[line].split()


def test_without_a_range_the_last_thirty_days_are_told_as_on_a_classic_account(bitget: Bitget) -> None:
    exchange = UnifiedRecords(YEAR)
    assert typed(bitget, "futures --product usdt-futures --coin btc", exchange).status == 0
    starts = [int(asked["startTime"]) for asked in exchange.asked]
    ends = [int(asked["endTime"]) for asked in exchange.asked]
    assert max(ends) - min(starts) == 30 * DAY
    assert {asked["coin"] for asked in exchange.asked} == {"BTC"}


def test_a_limit_asks_for_little_more_than_it_shows(bitget: Bitget) -> None:
    exchange = UnifiedRecords(YEAR)
    assert len(typed(bitget, f"spot {WHOLE} --limit 3 --json", exchange).json) == 3
    assert len(exchange.asked) <= 6


@pytest.mark.parametrize("words", ["--year 2024", "--since 2025-01-01", f"--since {NOW - 366 * DAY - 61_000}"])
def test_what_is_no_longer_told_is_said_with_how_far_back_it_goes(words: str, bitget: Bitget) -> None:
    exchange = UnifiedRecords(YEAR)
    ran = typed(bitget, f"spot {words} --json", exchange)
    assert (ran.status, exchange.asked) == (2, [])
    assert "366 days, back to 2025-03-01T12:02Z" in ran.failure["message"]
    assert "bitget tax export" in ran.failure["hint"]
    again = ran.failure["hint"].partition("add ")[2].partition(";")[0]
    assert typed(bitget, f"spot {again}").status == 0


def test_p2p_bookings_are_told_by_nobody(bitget: Bitget) -> None:
    ran = typed(bitget, "p2p --json")
    assert (ran.status, ran.out, ran.failure["error"]) == (5, "", "unavailable")
    assert "v3.p2p.all-orders" in ran.failure["hint"]


@pytest.mark.parametrize("code", ["40014", "25620", "40018"])
def test_a_key_that_is_none_for_taxes_is_told_how_to_get_one(code: str, bitget: Bitget, home: Path) -> None:
    # A key that may read nothing else is past the gate all the same.
    exchange = UnifiedRecords(YEAR, refused=code, account=envelope(None, code="40014", status=400))
    for line in ("spot", f"export --year 2026 --out {home / 'out'}"):
        ran = typed(bitget, f"{line} --json", exchange)
        assert (ran.status, ran.failure["code"]) == (4, code)
        assert "www.bitget.com/taxes-api" in ran.failure["hint"]
        assert "bitget -p tax tax" in ran.failure["hint"]


def test_a_tax_key_of_a_profile_of_its_own_reads(bitget: Bitget) -> None:
    exchange = UnifiedRecords(YEAR, account=envelope(None, code="40014", status=400))
    three = "tax-key\ntax-secret\ntax-phrase\n"
    assert bitget("profile add tax --env live --stdin", typed=three, http=exchange).status == 0
    ran = bitget("-p tax tax spot --json", http=exchange)
    assert (ran.status, len(ran.json) > 1000) == (0, True), ran.err


def test_moved_since_the_kind_was_asked_it_is_asked_anew(bitget: Bitget) -> None:
    before = classic_door(TaxExchange({}))
    assert bitget("tax spot", http=lambda r: classic() if r.url.path == KIND else before(r), env=KEYS).status == 0
    exchange = UnifiedRecords(YEAR)
    assert len(typed(bitget, "spot --json", exchange).json) > 1000
    assert bitget("tax p2p", http=exchange, env=KEYS).status == 5


def turned_back(request: httpx.Request) -> httpx.Response:
    """The account as a classic one again, which tells the same bookings in its own words."""
    if request.url.path in (KIND, RECORDS):
        return classic()
    spot = [row | {"spotTaxType": "Buy", "bizOrderId": ""} for name in STREAMS["spot"] for row in YEAR[name]]
    return classic_door(TaxExchange({"spot": spot}))(request)


def test_turned_back_into_a_classic_account_it_is_asked_as_one(bitget: Bitget, home: Path) -> None:
    line = f"export --since {NOW - 21 * DAY} --until {NOW - DAY} --json --out {home / 'out'}"
    exchange = UnifiedRecords(YEAR)

    def stopping(request: httpx.Request) -> httpx.Response:
        if len(exchange.asked) == 9:
            raise KeyboardInterrupt
        return exchange(request)

    assert bitget(f"tax {line}", http=stopping, env=KEYS).status == 130
    ran = bitget("tax spot --limit 3 --json", http=turned_back, env=KEYS)
    assert [row["spotTaxType"] for row in ran.json] == ["Buy"] * 3
    ran = bitget(f"tax {line}", http=turned_back, env=KEYS)
    assert (ran.status, ran.json[0]["missing"]) == (0, 0), ran.err
    held = [row for name in STREAMS["spot"] for row in YEAR[name] if NOW - 21 * DAY <= int(row["ts"]) < NOW - DAY]
    assert ran.json[0]["rows"] == len(held) > 1000
    assert ran.json[0]["types"] == {"Buy": {"rows": len(held), "as": "trade"}}


def test_an_export_makes_the_same_files(bitget: Bitget, home: Path) -> None:
    exchange, out = UnifiedRecords(YEAR), home / "out"
    line = f"export --since {NOW - 40 * DAY} --out {out}"
    ran = typed(bitget, f"{line} --json", exchange)
    assert ran.status == 0, ran.err
    recent = {name: [row for row in YEAR[name] if int(row["ts"]) >= NOW - 40 * DAY] for name in LISTS}
    rows = [sum(len(recent[name]) for name in STREAMS[stream]) for stream in ("spot", "futures", "margin")]
    assert [(row["rows"], row["missing"]) for row in ran.json] == [*((count, 0) for count in rows), (0, 0)]
    unlisted = sum(row["type"] == "brand_new" for name in STREAMS["futures"] for row in recent[name])
    assert [row["unmapped"] for row in ran.json] == [{}, {"brand_new": unlisted}, {}, {}]
    assert f"{unlisted} brand_new of a type that is in no list" in ran.err
    assert "no tax call tells the P2P bookings" in ran.err
    report = json.loads(next(out.glob("*coverage.json")).read_text())
    assert (report["complete"], report["begun_as"]) == (True, "unified")
    assert [len(report[name]) for name in ("never_told", "not_known")] == [1, 1]
    assert len([*out.glob("*.csv")]) == 3
    for form in ("koinly", "cointracking"):
        other = UnifiedRecords({})
        assert typed(bitget, f"{line} --format {form}", other).status == 0
        assert other.asked == []


def of_a_moment(*rows: tuple[str, str, str]) -> dict[str, list[dict[str, str]]]:
    def row(number: int, coin: str, type_: str, amount: str) -> dict[str, str]:
        whole = {"id": str(10**18 + number), "coin": coin, "type": type_, "amount": amount, "fee": "0"}
        return {**whole, "balance": "1", "ts": str(NOW - DAY)}

    return {"SPOT": [row(number, *parts) for number, parts in enumerate(rows)]}


DEALT = (("BGB", "ORDER_DEALT_IN", "0.5696"), ("BGB", "ORDER_PLF_FEE_OUT", "-0.0004556178732628"))
PAID = ("USDT", "ORDER_DEALT_FROZEN_OUT", "-1.9998656")
SOLD = (("BTC", "ORDER_DEALT_FROZEN_OUT", "-0.1"), ("USDT", "ORDER_DEALT_IN", "6000"))


@pytest.mark.parametrize(
    ("rows", "sides"),
    [
        # As on Bitget's page.
        ((*DEALT, PAID), [("1.9998656", "USDT", "0.5696", "BGB"), ("0.0004556178732628", "BGB", "", "")]),
        # Of two trades at once nobody knows which sides are one's: each stays a row by itself.
        (
            (*DEALT[:1], PAID, *SOLD),
            [
                ("", "", "0.5696", "BGB"),
                ("1.9998656", "USDT", "", ""),
                ("0.1", "BTC", "", ""),
                ("", "", "6000", "USDT"),
            ],
        ),
    ],
    ids=["one", "two at once"],
)
def test_the_sides_of_a_trade_are_joined_by_their_moment(
    rows: Any, sides: list[tuple[str, ...]], bitget: Bitget, home: Path
) -> None:
    exchange, out = UnifiedRecords(of_a_moment(*rows)), home / "out"
    assert typed(bitget, f"export --since 3d --out {out} --format koinly", exchange).status == 0
    with next(out.glob("*spot-koinly.csv")).open(newline="") as file:
        made = list(csv.reader(file))[1:]
    assert sorted(tuple(row[1:5]) for row in made) == sorted(sides)
    assert all(row[7:9] == ["", ""] for row in made)


def test_records_of_a_paper_account_are_told_in_the_same_names(bitget: Bitget) -> None:
    for line in ("reset --account unified --yes", "clock --set 2026-03-02T12:00"):
        assert bitget(f"-p paper paper {line}").status == 0
    for market in ("BTC/USDT --quote 100", "BTCUSDT 0.01"):
        assert bitget(f"-p paper order buy {market}").status == 0
    for stream in ("spot", "futures"):
        told = bitget(f"-p paper tax {stream} --json").json
        assert {" ".join(row) for row in told} == {NAMES[stream]}
    assert bitget("-p paper tax margin --json").json == []
    assert bitget("-p paper tax p2p").status == 5


def test_every_list_is_asked_for_by_one_of_the_commands() -> None:
    asked = {name for line in ("spot", "futures", "margin") for name in STREAMS[line]}
    assert asked == set(LISTS)
    assert RECORDS.endswith("tax/records")
