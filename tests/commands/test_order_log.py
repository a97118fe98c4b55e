"""`order log` and `order reconcile`: what was done from here, and settling what nobody answered for."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import httpx
import pytest
from doubles import Bitget, StillClock
from fake_exchange import FakeExchange, Fate, client_of
from neighbour import at_work, just_before_the_look

from bitget_cli.catalogue.v2.futures_orders import FUTURES_PLACE_ORDER
from bitget_cli.errors import UnknownError
from bitget_cli.journal import Journal
from bitget_cli.trading.adapters.classic.changes import change
from bitget_cli.trading.execution import ExecutionClient
from bitget_cli.values import Product, Symbol, milliseconds

LIVE = {"BITGET_API_KEY": "bg_key", "BITGET_SECRET_KEY": "secret", "BITGET_PASSPHRASE": "words", "BITGET_ENV": "live"}
GIVEN = {
    "symbol": "BTCUSDT",
    "productType": "USDT-FUTURES",
    "marginMode": "crossed",
    "marginCoin": "USDT",
    "size": "0.01",
    "side": "buy",
    "orderType": "market",
}


@pytest.fixture
def exchange(clock: StillClock) -> FakeExchange:
    return FakeExchange(clock)


@pytest.fixture
def unknown(home: Path, exchange: FakeExchange) -> str:
    """The client id of an order whose answer was lost, and questions too."""
    key = sha256(LIVE["BITGET_API_KEY"].encode()).hexdigest()[:16]
    journal = Journal(home / "state" / "bitget" / "journal" / f"live-live-{key}.sqlite3")
    placing = ExecutionClient(client_of(exchange), journal, exchange.clock, tell=lambda _: None, profile="live")
    exchange.fates = [Fate(0.0, httpx.ReadTimeout("x"))]
    exchange.out_until = exchange.clock.ticks + 100
    symbol = Symbol("BTCUSDT", Product.USDT_FUTURES)
    with pytest.raises(UnknownError):
        placing.carry_out(change(FUTURES_PLACE_ORDER.name, GIVEN, "buy 0.01 BTCUSDT", symbol, "mine"))
    journal.close()
    return "mine"


def test_a_journal_that_is_not_there_is_empty(bitget: Bitget, home: Path) -> None:
    ran = bitget("-p paper order log --json")
    assert (ran.status, ran.json) == (0, [])
    assert not (home / "state" / "bitget" / "journal").exists()


def test_the_log_tells_what_was_sent_and_how_it_ended(unknown: str, bitget: Bitget) -> None:
    (entry,) = bitget("order log --json", env=LIVE).json
    assert (entry["clientOid"], entry["state"], entry["what"]) == (unknown, "unknown", "buy 0.01 BTCUSDT")
    assert '"size":"0.01"' in entry["body"]
    assert bitget("order log --unsettled --json", env=LIVE).json[0]["clientOid"] == unknown
    assert "bg_key" not in str(entry)


@pytest.mark.parametrize(("option", "shown"), [("", 50), (" --all", 52), (" --limit 51", 51)])
def test_the_log_shows_fifty_unless_told(option: str, shown: int, bitget: Bitget) -> None:
    for count in range(52):
        bitget(f"-p paper account leverage BTCUSDT {count % 50 + 1}")
    assert len(bitget(f"-p paper order log --json{option}").json) == shown


def test_nothing_unsettled_is_said(bitget: Bitget) -> None:
    ran = bitget("order reconcile --json", env=LIVE)
    assert (ran.status, ran.json, ran.err) == (0, [], "nothing is unsettled\n")


@pytest.mark.parametrize("line", ["order reconcile --json", "order reconcile mine --json"])
def test_reconciling_finds_the_order(line: str, unknown: str, bitget: Bitget, exchange: FakeExchange) -> None:
    exchange.clock.sleep(100)
    ran = bitget(line, env=LIVE, http=exchange)
    assert ran.status == 0
    assert [(row["outcome"], row["clientOid"], row["orderId"]) for row in ran.json] == [("placed", unknown, "1000")]
    assert bitget("order log --unsettled --json", env=LIVE).json == []


def test_another_account_s_silence_proves_nothing(unknown: str, bitget: Bitget, exchange: FakeExchange) -> None:
    exchange.clock.sleep(100)
    other = {**LIVE, "BITGET_API_KEY": "somebody-else"}
    ran = bitget(f"order reconcile {unknown} --json", env=other, http=exchange)
    assert ran.status == 2
    assert bitget("order log --unsettled --json", env=LIVE).json[0]["state"] == "unknown"


def test_a_dry_run_names_what_is_unsettled_and_asks_nothing(unknown: str, bitget: Bitget) -> None:
    ran = bitget("order reconcile --dry-run --json", env=LIVE)
    assert (ran.status, [row["clientOid"] for row in ran.json]) == (0, [unknown])
    assert bitget("order log --unsettled --json", env=LIVE).json[0]["state"] == "unknown"


def test_what_stays_unknown_is_shown_and_exits_7(unknown: str, bitget: Bitget, exchange: FakeExchange) -> None:
    exchange.out_until = 1e9
    ran = bitget("order reconcile --json", env=LIVE, http=exchange)
    assert (ran.status, ran.json[0]["outcome"]) == (7, "unknown")
    assert f"order reconcile {unknown}" in ran.failure["hint"]


def test_a_person_may_settle_it_having_looked(unknown: str, bitget: Bitget) -> None:
    ran = bitget(f"order reconcile {unknown} --by-hand not-done --json --yes", env=LIVE)
    assert (ran.status, ran.json[0]["state"]) == (0, "not_placed")
    assert bitget(f"order reconcile {unknown} --by-hand done --json --yes", env=LIVE).status == 2


def test_by_hand_asks_on_live_and_needs_an_id(unknown: str, bitget: Bitget) -> None:
    assert bitget(f"order reconcile {unknown} --by-hand done", env=LIVE).status == 10
    assert bitget("order reconcile --by-hand done --yes", env=LIVE).status == 2
    assert bitget("order log --unsettled --json", env=LIVE).json[0]["state"] == "unknown"


def test_an_id_the_journal_does_not_know_is_a_mistake(bitget: Bitget) -> None:
    assert bitget("order reconcile nobody", env=LIVE).status == 2


WHILE_ANOTHER_SETTLES = [
    "-p paper order buy BTC/USDT --quote 500 --yes --json",
    "-p paper order sell ETH/USDT 0.05 --yes --json",
    "-p paper convert trade USDT BTC --from-size 100 --yes --json",
    "-p paper account transfer USDT 100 --from spot --to usdt-futures --yes --json",
]


@pytest.mark.parametrize("line", WHILE_ANOTHER_SETTLES)
def test_a_change_that_another_process_is_just_settling_stops_nobody(
    line: str, bitget: Bitget, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bitget("-p paper order buy ETH/USDT --quote 500 --yes")
    path = home / "state" / "bitget" / "journal" / "paper-paper.sqlite3"
    with at_work(path, now=milliseconds(bitget.clock.now())) as end:
        just_before_the_look(monkeypatch, end)
        ran = bitget(line)
    assert ran.status == 0, ran.err


def test_what_another_process_left_unknown_while_we_looked_still_stops_a_program(
    bitget: Bitget, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bitget("-p paper order buy ETH/USDT --quote 500 --yes")
    path = home / "state" / "bitget" / "journal" / "paper-paper.sqlite3"
    with at_work(path, now=milliseconds(bitget.clock.now()), ends="gives up") as end:
        just_before_the_look(monkeypatch, end)
        ran = bitget("-p paper order buy BTC/USDT --quote 500 --yes --json")
    assert ran.status == 10
    assert "theirs" in ran.failure["message"]


def test_what_another_process_has_just_settled_is_told_as_it_ended(bitget: Bitget, home: Path) -> None:
    bitget("-p paper order buy ETH/USDT --quote 500 --yes")
    path = home / "state" / "bitget" / "journal" / "paper-paper.sqlite3"
    with at_work(path, now=milliseconds(bitget.clock.now())) as end:
        busy = bitget("-p paper order reconcile theirs")
        assert (busy.status, "busy" in busy.err) == (10, True)
        end()
        assert [one["outcome"] for one in bitget("-p paper order reconcile theirs --json").json] == ["placed"]
