"""Every command that reads, to an exchange that answers nothing in each of the ways it can be written."""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

import httpx
import pytest
from desk import BTC, COIN, DEMO, SPOT
from doubles import Bitget, envelope, path_of, url
from pytest_httpx import HTTPXMock

# `desk` is a list of instruments that is there; without one every single answer is nothing.
INSTRUMENTS = {"mix/market/contracts": [BTC, COIN], "spot/public/symbols": [SPOT]}
NOTHING: list[Any] = [None, "", {}, [], [None], {"list": None}]
FORMS = ["table", "json", "csv", "tsv"]
OTHER_FORMS = [form for form in FORMS if form != "json"]

# What is typed. A list shows no row, one thing shows no field.
LISTS = [
    "market tickers",
    "market tickers --sort quoteVolume --top 3",
    "market tickers --product spot",
    "market trades BTCUSDT",
    "market trades BTC/USDT",
    "market trades BTCUSDT --since 1h",
    "market candles BTCUSDT",
    "market candles BTC/USDT --limit 5",
    "market candles BTCUSDT --kind mark --since 3d",
    "market symbols",
    "market symbols --product spot",
    "market coins",
    "market funding",
    "market funding-history BTCUSDT",
    "market funding-history BTCUSDT --all",
    "market oi-limit",
    "market tiers BTCUSDT",
    "market fees",
    "market fees --product spot",
    "market news",
    "market news --all",
    "market stats taker-volume BTCUSDT",
    "market stats position-ratio BTCUSDT",
    "market stats account-ratio BTCUSDT",
    "market stats long-short BTCUSDT",
    "market stats margin-ratio BTCUSDT",
    "market stats loan-growth BTCUSDT",
    "market stats borrow-rate BTCUSDT",
    "market stats net-flow BTCUSDT",
    "market stats whale-flow BTCUSDT",
    "account balance",
    "account balance --product spot",
    "account overview",
    "account funding",
    "account funding USDT",
    "account bots",
    "account subaccounts",
    "account subaccounts --product spot",
    "account bills",
    "account bills --coin USDT --since 7d",
    "account bills --product spot",
    "account transfers USDT",
    "account deposits",
    "account deposits --all",
    "account withdrawals",
    "position list",
    "position history",
    "position history BTCUSDT --all",
    "position adl",
    "order list",
    "order list BTC/USDT",
    "order list --product spot --all",
    "order history",
    "order history BTC/USDT --since 7d",
    "order fills",
    "order fills BTC/USDT",
    "plan list",
    "plan list --product spot",
    "plan history",
    "plan history --product spot --all",
    "subaccount list",
    "subaccount list --all",
    "subaccount keys list 100",
    "subaccount transfers --since 7d",
    "p2p merchants",
    "p2p orders --all",
    "p2p ads USDT EUR --side buy",
    "convert coins",
    "convert history",
    "convert bgb-coins",
    "convert bgb-history",
    "api mix.order.orders-pending productType=USDT-FUTURES",
    "api mix.order.orders-pending productType=USDT-FUTURES --all",
    "api mix.market.tickers productType=USDT-FUTURES",
    "api mix.market.candles symbol=BTCUSDT productType=USDT-FUTURES granularity=1H",
]
RECORDS = [
    "market stats fund-flow BTCUSDT",
    "market time",
    "account info",
    "account deposit-address USDT",
    "account fee BTCUSDT",
    "account fee BTC/USDT",
    "p2p me",
    "api spot.account.info",
]
# A record that cannot be read is a gap in a tax return, and no empty list; and progress is told beside.
TAX = ["tax spot", "tax futures", "tax margin", "tax p2p --since 100d"]
# Rows within one thing: `asks` and `bids`, `openInterestList`.
LADDERS = ["market depth BTCUSDT", "market depth BTC/USDT", "market open-interest BTCUSDT"]
# These need an instrument, a match, or an answer that means something: without one they say so.
OTHERS = [
    "market ticker BTCUSDT",
    "market ticker BTCUSDT ETH/USDT",
    "market symbols BTCUSDT",
    "market symbols BTC/USDT",
    "market coins BTC",
    "market price BTCUSDT",
    "market funding BTCUSDT",
    "market oi-limit BTCUSDT",
    "account balance USDT",
    "account balance BTC --product spot",
    "account show BTCUSDT",
    "account show BTC/USD:BTC",
    "account max-open BTCUSDT --side long",
    "account liq-price BTCUSDT 0.01 --side long",
    "position show BTCUSDT",
    "order show 1234567",
    "order wait 1234567 --for 0s",
    "order show mine --symbol BTC/USDT",
    "plan show 1234567",
    "convert quote USDT BTC --from-size 100",
    "order reconcile",
    "order log",
    "api GET /api/v3/account/something",
]
# Groups whose commands ask the exchange of something; of these, the ones that change it.
GROUPS = ("market", "account", "position", "order", "plan", "convert", "tax", "subaccount", "p2p")
CHANGES = {
    *("account leverage", "account margin-mode", "account position-mode", "account margin", "account auto-margin"),
    *("account transfer", "position close", "position close-all", "position reverse", "order buy", "order sell"),
    *("order batch", "order ladder", "order modify", "order cancel", "order cancel-all"),
    *("plan buy", "plan sell", "plan tpsl"),
    *("plan oco", "plan twap", "plan iceberg"),
    *("plan modify", "plan cancel", "plan cancel-all", "convert trade", "convert bgb"),
    *("subaccount create", "subaccount modify", "subaccount transfer"),
    # Files, with a report of their own.
    "tax export",
}


@dataclass
class Says:
    """Answers everything with the same, but for what is there."""

    data: Any = None
    there: dict[str, Any] = field(default_factory=dict)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        return envelope(self.there.get(path_of(request), self.data))


@pytest.fixture
def says(exchange: HTTPXMock) -> Says:
    answers = Says()
    exchange.add_callback(answers, method="GET", is_optional=True, is_reusable=True)
    return answers


def typed(bitget: Bitget, line: str, form: str) -> Any:
    return bitget(f"{line} -o {form}", env=DEMO, terminal=form == "table")


OTHER_THAN_LISTS = [*LADDERS, *RECORDS, *TAX, *OTHERS]


def no_defect(bitget: Bitget, says: Says, line: str, form: str, data: Any, there: dict[str, Any]) -> None:
    says.data, says.there = data, there
    ran = typed(bitget, line, form)
    assert ran.status != 1, (data, form, ran.err)
    assert "Traceback" not in ran.err
    assert "defect" not in ran.err, (data, form, ran.err)


def ways(line: str) -> list[tuple[Any, dict[str, Any]]]:
    """What is answered to the line, and what is there."""
    return [(data, there) for data in NOTHING for there in (({}, INSTRUMENTS) if line in OTHERS else ({},))]


@pytest.mark.parametrize("line", OTHER_THAN_LISTS)
def test_an_answer_of_nothing_is_no_defect(bitget: Bitget, says: Says, line: str) -> None:
    """Each answer in one form, another of them first from line to line, and half a turn on at every fourth answer."""
    first = OTHER_THAN_LISTS.index(line)
    for number, (data, there) in enumerate(ways(line)):
        no_defect(bitget, says, line, FORMS[(first + number + number // 4) % len(FORMS)], data, there)


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("line", OTHER_THAN_LISTS)
def test_nor_is_it_in_any_form(bitget: Bitget, says: Says, line: str, form: str) -> None:
    for data, there in ways(line):
        no_defect(bitget, says, line, form, data, there)


def shows_no_rows(bitget: Bitget, line: str, form: str) -> bool:
    """And says nothing of it: of rows that are none a pipe gets only the header, if its form has one."""
    ran = typed(bitget, line, form)
    assert (ran.status, ran.err) == (0, ""), form
    match form:
        case "json":
            return bool(ran.json == [])
        case "csv":
            return len(ran.lines) == 1
        case "tsv":
            return ran.out == ""
    return "no rows" in ran.out


@pytest.mark.parametrize("line", LISTS)
def test_nothing_where_rows_are_due_is_an_empty_list(bitget: Bitget, says: Says, line: str) -> None:
    """JSON for each, and in turn one of the other forms, another of them first from line to line."""
    for number, data in enumerate(NOTHING, LISTS.index(line)):
        says.data = data
        assert shows_no_rows(bitget, line, "json"), data
        assert shows_no_rows(bitget, line, OTHER_FORMS[number % len(OTHER_FORMS)]), data


@pytest.mark.slow
@pytest.mark.parametrize("line", LISTS)
def test_it_is_one_in_every_form(bitget: Bitget, says: Says, line: str) -> None:
    for data in NOTHING:
        says.data = data
        for form in OTHER_FORMS:
            assert shows_no_rows(bitget, line, form), (data, form)


@pytest.mark.parametrize("line", TAX)
def test_tax_records_that_are_none_are_an_empty_list_and_an_unreadable_one_is_not(
    bitget: Bitget, says: Says, line: str
) -> None:
    for data in NOTHING:
        says.data = data
        ran = typed(bitget, line, "json")
        assert (ran.status, ran.out) == ((6, "") if data == [None] else (0, "[]\n")), data


@pytest.mark.parametrize("line", LADDERS)
def test_nothing_within_one_thing_is_no_lines(bitget: Bitget, says: Says, line: str) -> None:
    beside = [{"asks": None, "bids": "", "openInterestList": None}, {"asks": [None], "bids": [[]], "ts": "1"}]
    beside += [{"openInterestList": [None]}, {"openInterestList": {}}]
    for data in [*NOTHING, *beside]:
        says.data = data
        ran = typed(bitget, line, "json")
        assert ran.status == 0, data
        assert ran.json == (data if isinstance(data, dict) else {}), data
        assert typed(bitget, line, "tsv").out == "", data
        assert typed(bitget, line, "table").status == 0, data


@pytest.mark.parametrize("line", RECORDS)
def test_nothing_where_one_thing_is_due_is_an_empty_record(bitget: Bitget, says: Says, line: str) -> None:
    for data in NOTHING:
        says.data = data
        ran = typed(bitget, line, "json")
        assert (ran.status, ran.err) == (0, ""), data
        assert ran.json == (data if isinstance(data, dict) else {}), data


def test_every_command_that_reads_is_here() -> None:
    lines = [*LISTS, *LADDERS, *RECORDS, *TAX, *OTHERS]
    for name in GROUPS:
        for verb in import_module(f"bitget_cli.commands.{name}").group.menu().commands:
            if f"{name} {verb}" not in CHANGES:
                assert any(line.startswith(f"{name} {verb}") for line in lines), f"{name} {verb}"


# A list of what is held or waits that is none, where something is decided by it.

NO_ROWS: list[Any] = ["oops", 7, True, ["oops"], [[{"symbol": "BTCUSDT"}]], [{"symbol": "BTCUSDT"}]]
DECIDED_BY_ROWS = [
    *("position close-all", "position close BTCUSDT", "position close BTCUSDT --percent 50"),
    *("position reverse BTCUSDT", "plan tpsl BTCUSDT --sl 50000", "order cancel-all", "plan cancel-all"),
    *("order cancel-all --product spot", "plan cancel-all --product spot"),
]
FOUND_AMONG_ROWS = [
    *("order cancel 77", "order cancel 77 --product spot", "order modify 77 --price 60000", "plan cancel 77"),
]


@pytest.mark.parametrize("line", [*DECIDED_BY_ROWS, *FOUND_AMONG_ROWS])
def test_a_list_that_is_none_is_never_taken_for_nothing_held_or_waiting(bitget: Bitget, says: Says, line: str) -> None:
    says.there = INSTRUMENTS
    # A row of another order is no fault where one is looked for by its id.
    for says.data in NO_ROWS[:-1] if line in FOUND_AMONG_ROWS else NO_ROWS:
        ran = bitget(f"{line} --yes", env=DEMO)
        assert (ran.status, ran.out) == (6, ""), (says.data, ran.err)
        assert "hint: " in ran.err


# A list of contracts, pairs or coins that is none.

NO_LISTS: list[Any] = [
    "oops",
    ["BTCUSDT"],
    ["oops", BTC],
    {"list": [BTC]},
    {"data": {"symbol": "BTCUSDT"}},
    [[BTC]],
    [{"symbol": None, "coin": None}],
    [{"symbol": {"name": "BTCUSDT"}, "coin": ["BTC"]}],
    [{"baseCoin": "BTC"}],
]
# Those that need the list; what is nothing is an empty list to those that show it and none to those that trade by it.
SHOWN = ["market symbols", "market symbols --product spot", "market coins"]
NEED_IT = [
    *SHOWN,
    "market symbols BTCUSDT",
    "market symbols BTC/USDT",
    "market coins BTC",
    "order list rtslausdt",
]
# Those that are refused, and look there for what may have been meant.
REFUSED = [
    "market ticker BTCUSTD",
    "market ticker rtslausdt --product spot",
    "order list BTCUSTD",
    "order cancel 5 --symbol BTCUSTD --yes",
]
TRADE_BY_IT = [
    "order buy BTCUSDT 0.01 --price 60000",
    "order buy BTC/USDT 0.01 --price 60000 --dry-run",
    "plan buy BTCUSDT 0.01 --trigger 60000",
    "position close BTCUSDT",
]


@dataclass
class Lists:
    """Bitget with this for every list of contracts, pairs and coins; it knows none of them."""

    data: Any = None

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith(("contracts", "public/symbols", "public/coins")):
            return envelope(self.data)
        return envelope(None, code="40034", msg="Parameter does not exist", status=400)


@pytest.fixture
def lists(exchange: HTTPXMock) -> Lists:
    """Behind pytest-httpx, where a change would fail the test."""
    answers = Lists()
    exchange.add_callback(answers, method="GET", is_optional=True, is_reusable=True)
    return answers


@pytest.mark.parametrize("form", ["json", "table"])
@pytest.mark.parametrize("line", [*NEED_IT, *TRADE_BY_IT])
def test_a_list_of_instruments_that_is_none_is_malformed(bitget: Bitget, lists: Lists, line: str, form: str) -> None:
    odd = NO_LISTS if form == "json" else NO_LISTS[::4]
    for data in [*odd, *([None, [None]] if line in TRADE_BY_IT else [])]:
        lists.data = data
        yes = "--yes" if line in TRADE_BY_IT else ""
        ran = bitget(f"{line} {yes} -o {form}", env=DEMO, terminal=form == "table")
        assert (ran.status, ran.out) == (6, ""), (data, ran)
        assert "malformed answer from api.bitget.com" in ran.err or "the list of instruments is not one" in ran.err


@pytest.mark.parametrize("form", ["json", "table"])
@pytest.mark.parametrize("line", REFUSED)
def test_a_refusal_stands_whatever_the_list_says_of_it(
    bitget: Bitget, exchange: HTTPXMock, lists: Lists, line: str, form: str
) -> None:
    for data in NO_LISTS[::4]:
        if "cancel" in line:
            exchange.add_callback(lists, method="POST", url=url("mix/order/cancel-order"))
        lists.data = data
        ran = bitget(f"{line} -o {form}", env=DEMO, terminal=form == "table")
        assert (ran.status, ran.out) == (5, ""), (data, ran)
        assert "40034" in ran.err


@pytest.mark.parametrize("line", SHOWN)
def test_a_name_is_enough_to_be_listed(bitget: Bitget, says: Says, line: str) -> None:
    says.data = [{"symbol": "NEWUSDT", "coin": "NEW"}, None]
    ran = typed(bitget, line, "json")
    assert (ran.status, len(ran.json)) == (0, 1)


NO_BARS: list[Any] = [{"ts": "1"}, "x", ["soon"], [None] * 7, [{"ts": "1"}] * 7, [["1"]] * 7, ["9" * 40] * 7]
BARS = [("market candles BTCUSDT", "json", bar) for bar in NO_BARS]
BARS += [("market candles BTC/USDT -g 2h", "table", bar) for bar in NO_BARS[::3]]
BARS += [("market candles BTCUSDT --since 2d", "csv", bar) for bar in NO_BARS[::3]]


@pytest.mark.parametrize(("line", "form", "bar"), BARS)
def test_a_bar_that_is_none_is_malformed(bitget: Bitget, says: Says, line: str, form: str, bar: Any) -> None:
    says.data = [bar]
    ran = typed(bitget, line, form)
    assert ran.status == 6
    assert len(ran.lines) <= (form == "csv")  # its header
    assert "malformed answer from api.bitget.com: a row that is no bar" in ran.err


@pytest.mark.parametrize("cells", [["1"], [None] * 7, ["x"] * 7])
def test_hours_of_which_no_bars_can_be_made_are_malformed(bitget: Bitget, says: Says, cells: list[Any]) -> None:
    says.data = [["1772449200000", *cells]]
    ran = typed(bitget, "market candles BTC/USDT -g 2h", "json")
    assert (ran.status, ran.out) == (6, "")
    assert "a row that is no bar" in ran.err
