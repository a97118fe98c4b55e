"""`bitget tax` as typed: what is asked, in which order rows come, and what an export leaves behind."""

from __future__ import annotations

import re

import pytest
from doubles import Bitget, enveloped, url
from pytest_httpx import HTTPXMock
from tax_server import DAY, LISTS, NOON, TaxExchange, at_the_door
from taxpayer import FIRST, KEYS, ROWS, books

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
    command: str, accounts: list[str], calls: int, bitget: Bitget, exchange: HTTPXMock
) -> None:
    exchange.add_callback(at_the_door(TaxExchange(YEAR)), method="GET", is_reusable=True)
    ran = bitget(f"tax {command} --year 2025 --json", env=KEYS)
    assert ran.status == 0, ran.err
    moments = [int(row["ts"]) for row in ran.json]
    assert moments == sorted(moments, reverse=True)
    held = [row for account in accounts for row in YEAR[account]]
    assert sorted(row["id"] for row in ran.json) == sorted(row["id"] for row in held)
    assert len(exchange.get_requests()) == calls


def tell_time(exchange: HTTPXMock) -> None:
    """What has begun goes by the exchange's clock."""
    time = enveloped({"serverTime": str(NOON)})
    exchange.add_response(method="GET", url=url("public/time"), json=time, is_optional=True)


@pytest.mark.parametrize("form", ["json", "ndjson", "csv", "tsv", "table"])
def test_every_form_shows_the_rows(form: str, bitget: Bitget) -> None:
    ran = bitget(f"tax p2p --year 2025 -o {form}", http=at_the_door(TaxExchange(YEAR)), env=KEYS)
    assert ran.status == 0
    assert ran.out.count("326.5") == ROWS["p2p"]


def test_without_a_range_the_last_thirty_days_are_one_call(bitget: Bitget, exchange: HTTPXMock) -> None:
    tell_time(exchange)
    exchange.add_response(method="GET", url=re.compile(".*/tax/spot-record"), json=enveloped([]))
    assert bitget("tax spot", env=KEYS).status == 0
    asked = exchange.get_requests()[-1].url.params
    assert int(asked["endTime"]) - int(asked["startTime"]) == 30 * DAY
    assert asked["limit"] == "500"


def test_a_limit_asks_for_little_more_than_it_shows(bitget: Bitget, exchange: HTTPXMock) -> None:
    exchange.add_callback(at_the_door(TaxExchange(YEAR)), method="GET", is_reusable=True)
    ran = bitget("tax spot --year 2025 --limit 3 --json", env=KEYS)
    assert len(ran.json) == 3
    assert len(exchange.get_requests()) <= 3


@pytest.mark.parametrize(
    ("command", "parameter"), [("spot", "coin"), ("futures", "marginCoin"), ("margin", "coin"), ("p2p", "coin")]
)
def test_a_coin_is_asked_for_in_capitals(command: str, parameter: str, bitget: Bitget, exchange: HTTPXMock) -> None:
    exchange.add_response(method="GET", json=enveloped([]), is_reusable=True)
    assert bitget(f"tax {command} --coin btc", env=KEYS).status == 0
    assert {request.url.params[parameter] for request in exchange.get_requests()} == {"BTC"}


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
def test_a_range_is_read_in_its_time_zone(
    words: str, first: str, last: str, bitget: Bitget, exchange: HTTPXMock
) -> None:
    exchange.add_response(method="GET", json=enveloped([]), is_reusable=True)
    assert bitget(f"tax spot {words}", env=KEYS).status == 0
    asked = [request.url.params for request in exchange.get_requests()]
    starts = [int(params["startTime"]) + 1 for params in asked]
    ends = [int(params["endTime"]) for params in asked]
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
def test_what_cannot_be_meant_is_refused_with_a_way_out(
    line: str, part: str, bitget: Bitget, exchange: HTTPXMock
) -> None:
    tell_time(exchange)
    ran = bitget(f"tax {line}", env=KEYS)
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
    pictures = re.sub(r"\x1b\[[0-9;?]*[a-z]", "", ran.err).split("\r\x1b[2K")
    assert len(pictures) > 3
    for picture in pictures[:-1]:
        assert re.fullmatch(r"\S+ +[0-9]+/13 windows, [0-9]+ rows, about [0-9]+ s left", picture.strip())
    assert ran.err.endswith("\r\x1b[1A\x1b[2K")
    assert ran.err.count("\n") == 1


def test_no_progress_is_drawn_among_the_rows_of_a_terminal(bitget: Bitget) -> None:
    ran = bitget("tax spot --year 2025 --json", http=at_the_door(TaxExchange({})), env=KEYS, terminal=True)
    assert (ran.status, "\x1b" in ran.err, "\r" in ran.err) == (0, False, False)
    assert "13 windows to fetch" in ran.err


def test_the_exchanges_refusal_is_told(bitget: Bitget, exchange: HTTPXMock) -> None:
    refusal = {"code": "40705", "msg": "The start and end time cannot exceed 90 days", "requestTime": 1, "data": None}
    exchange.add_response(method="GET", status_code=400, json=refusal, is_reusable=True)
    ran = bitget("tax spot --year 2025 --json", env=KEYS)
    assert (ran.status, ran.failure["code"]) == (5, "40705")


def test_what_was_booked_a_moment_ago_is_there(bitget: Bitget) -> None:
    for line in ("paper clock --set 2026-03-02T12:00", "paper deposit USDT 7"):
        assert bitget(line).status == 0
    ran = bitget("-p paper tax spot --since 1m --json")
    assert ("Deposit", "7") in {(row["spotTaxType"], row["amount"]) for row in ran.json}


def test_the_first_moment_is_part_of_a_range_and_the_last_is_not(bitget: Bitget) -> None:
    edges = [{"id": str(place), "coin": "BTC", "ts": str(FIRST + place)} for place in (-1, 0, 1, 999, 1000, 1001)]
    for included in (True, False):
        exchange = TaxExchange({"spot": edges}, start_included=included, end_included=included)
        line = f"tax spot --since {FIRST} --until {FIRST + 1000} --json --fields ts"
        got = bitget(line, http=at_the_door(exchange), env=KEYS).json
        assert [int(row["ts"]) - FIRST for row in got] == [999, 1, 0]
