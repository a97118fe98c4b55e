"""One clock: prices, account, orders and streams live at the same moment, and it goes back only to before anything."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from doubles import NOON, Bitget
from paper_account import PaperAccount
from paper_watcher import Watcher, arg

from bitget_cli.values import instant, milliseconds

PAST = "2026-01-05T09:00"
THEN = milliseconds(instant(PAST, now=NOON))
LOOKS = [
    "account balance",
    "account bills --product spot",
    "order list",
    "position list",
    "order fills",
    "account overview",
    "convert quote USDT BTC --from-size 100",
]
HAPPENINGS = [
    "order buy BTCUSDT 0.01",
    "order buy BTC/USDT --quote 100",
    "order buy BTCUSDT 0.01 --price 1000 --allow-far",
    "plan buy BTCUSDT 0.01 --trigger 60000",
    "account transfer USDT 5 --from spot --to usdt-futures",
    "account leverage BTCUSDT 7",
    "account position-mode hedge",
    "paper deposit USDT 5",
    "convert trade USDT BTC --from-size 100",
]


def read(bitget: Bitget, line: str, **more: Any) -> Any:
    ran = bitget(f"-p paper {line} --json", **more)
    assert ran.status == 0, ran.err
    return ran.json


def price(bitget: Bitget, market: str = "BTCUSDT", **more: Any) -> Decimal:
    return Decimal(read(bitget, f"market ticker {market}", **more)["lastPr"])


def lives_at(bitget: Bitget, then: int, **more: Any) -> None:
    """Prices, account, orders and bookings, all of them at this moment."""
    assert read(bitget, "market time", **more)["serverTime"] == str(then)
    placed = read(bitget, "order buy BTCUSDT 0.01", **more)
    shown = read(bitget, f"order show {placed['orderId']}", **more)
    assert shown["cTime"] == shown["uTime"] == str(then)
    assert abs(Decimal(shown["priceAvg"]) / price(bitget, **more) - 1) < Decimal("0.001")
    read(bitget, "order buy BTC/USDT --quote 100", **more)
    (spot,) = read(bitget, "order fills BTC/USDT", **more)
    assert abs(Decimal(spot["priceAvg"]) / price(bitget, "BTC/USDT", **more) - 1) < Decimal("0.001")
    bills = read(bitget, "account bills --product spot", **more) + read(bitget, "account bills", **more)
    assert {bill["cTime"] for bill in bills} == {str(then)}
    assert {row["cTime"] for row in read(bitget, "account deposits", **more)} == {str(then)}
    assert {row["ts"] for row in read(bitget, "account transfers USDT", **more)} == {str(then)}
    proof = read(bitget, "paper status", **more)["conservation"]
    assert all(parts["sum"] == "0" for parts in proof.values())


@pytest.mark.parametrize("look", LOOKS)
def test_where_nothing_has_happened_everything_goes_back(bitget: Bitget, look: str) -> None:
    read(bitget, look)
    assert bitget(f"paper clock --set {PAST}").status == 0
    lives_at(bitget, THEN)


def test_it_goes_back_after_a_look_at_the_future_too(bitget: Bitget) -> None:
    for words in ("--set 2026-09-01", "--advance 200d", f"--set {PAST}"):
        assert bitget(f"paper clock {words}").status == 0
        read(bitget, "account balance")
    lives_at(bitget, THEN)


def test_real_time_is_gone_back_to_as_well(bitget: Bitget) -> None:
    bitget("paper clock --advance 30d")
    read(bitget, "account balance")
    assert bitget("paper clock --set real").status == 0
    placed = read(bitget, "order buy BTCUSDT 0.01")
    happened = int(read(bitget, f"order show {placed['orderId']}")["cTime"])
    assert milliseconds(NOON) <= happened <= milliseconds(bitget.clock.now())
    assert all(int(bill["cTime"]) <= happened for bill in read(bitget, "account bills"))


@pytest.mark.parametrize("line", HAPPENINGS)
def test_once_something_has_happened_it_does_not_go_back_and_says_the_way_out(bitget: Bitget, line: str) -> None:
    ran = bitget(line if line.startswith("paper") else f"-p paper {line}")
    assert ran.status == 0, ran.err
    before = bitget("paper status --json").out
    ran = bitget(f"paper clock --set {PAST}")
    assert (ran.status, ran.out) == (2, "")
    assert "cannot go back to 2026-01-05T09:00:00Z: something happened there at 2026-03-02T12:00:00" in ran.err
    assert "bitget paper reset" in ran.err
    assert bitget("paper status --json").out == before
    assert bitget("paper reset").status == 0
    assert bitget(f"paper clock --set {PAST}").status == 0
    lives_at(bitget, THEN)


def test_real_time_before_something_that_happened_is_refused(bitget: Bitget) -> None:
    bitget("paper clock --advance 1d")
    read(bitget, "order buy BTCUSDT 0.01")
    ran = bitget("paper clock --set real")
    assert (ran.status, "something happened there at 2026-03-03T12:00:00" in ran.err) == (2, True)
    bitget.clock.sleep(90_000)
    assert bitget("paper clock --set real").status == 0


@pytest.mark.parametrize(
    ("trade", "back", "goes"),
    [
        ("order buy BTCUSDT 0.01 --price 1000 --allow-far", "1h", True),
        ("order buy BTCUSDT 0.01 --price 1000 --allow-far", "26h", False),
        ("order buy BTCUSDT 0.01", "1h", True),
        ("order buy BTCUSDT 0.01", "23h", False),
        ("plan buy BTCUSDT 0.01 --trigger 1000 --callback 1", "1h", True),
    ],
)
def test_it_goes_back_to_after_the_last_thing_that_happened(bitget: Bitget, trade: str, back: str, goes: bool) -> None:
    """A day passes: what waits is still waiting, and a position pays funding at four in the afternoon, 0 and 8."""
    read(bitget, trade)
    bitget("paper clock --advance 24h")
    read(bitget, "account balance")
    now = int(bitget("paper status --json").json["now"])
    then = now - {"1h": 1, "23h": 23, "26h": 26}[back] * 3_600_000
    assert bitget(f"paper clock --set {then}").status == (0 if goes else 2)
    there = then if goes else now
    assert read(bitget, "market time")["serverTime"] == str(there)
    placed = read(bitget, "order buy ETHUSDT 0.1")
    assert read(bitget, f"order show {placed['orderId']}")["cTime"] == str(there)


def test_an_instant_of_one_process_goes_back_only_where_nothing_has_happened(bitget: Bitget) -> None:
    read(bitget, "account balance")
    lives_at(bitget, THEN, env={"BITGET_PAPER_NOW": PAST})
    read(bitget, "order buy BTCUSDT 0.01")
    for line in ("account balance", "order buy BTCUSDT 0.01", "position list"):
        ran = bitget(f"-p paper {line}", env={"BITGET_PAPER_NOW": PAST})
        assert ran.status == 3, ran.err
        assert "cannot go back to 2026-01-05T09:00:00Z" in ran.err
    assert len(read(bitget, "order history")) == 2


def test_a_wall_clock_that_is_put_back_leaves_prices_with_the_account(bitget: Bitget) -> None:
    read(bitget, "order buy BTCUSDT 0.01")
    bitget.clock.sleep(-3600)
    bitget.clock.moment = NOON.replace(hour=9)
    assert read(bitget, "market time")["serverTime"] == str(milliseconds(NOON))
    read(bitget, "order buy BTCUSDT 0.01")
    first, second = read(bitget, "order fills")
    assert first["cTime"] == second["cTime"] == str(milliseconds(NOON))


@pytest.fixture
def elsewhere(home: Path) -> Callable[[], PaperAccount]:
    """Another process that offers the same exchange, as `paper serve` does."""
    return lambda: PaperAccount.join(home / "state" / "bitget" / "paper.sqlite3")


def test_whoever_serves_it_lives_there_too(bitget: Bitget, elsewhere: Callable[[], PaperAccount]) -> None:
    read(bitget, "account balance")
    served = elsewhere()
    before = served.last()
    assert served.futures()["available"] == "10000"
    bitget(f"paper clock --set {PAST}")
    assert served.last() == price(bitget) != before
    assert served.get("public/time") == {"serverTime": str(THEN)}
    placed = served.order("buy", "0.01")
    assert served.detail(placed)["cTime"] == str(THEN)
    assert read(bitget, f"order show {placed['orderId']}")["state"] == "filled"
    assert bitget("paper clock --set 2025-01-01").status == 2


def test_its_streams_live_there_too(bitget: Bitget, elsewhere: Callable[[], PaperAccount]) -> None:
    read(bitget, "account balance")
    served = elsewhere()
    watcher = Watcher(served).enter()
    channels = ("ticker", "trade", "candle1m", "books5", "books")
    watcher.follow(*(arg(channel) for channel in channels), arg("account", "default"), arg("orders", "default"))
    watcher.frames(after=1)
    bitget(f"paper clock --set {PAST}")
    served.order("buy", "0.01")
    frames = watcher.frames(after=1)
    assert {frame["arg"]["channel"] for frame in frames} >= {*channels, "account", "orders"}
    assert {frame["ts"] for frame in frames} == {THEN}
    rows = {frame["arg"]["channel"]: frame["data"][0] for frame in frames if frame["data"]}
    assert rows["ticker"]["lastPr"] == str(served.last())
    assert int(rows["trade"]["ts"]) <= THEN
    assert rows["orders"]["cTime"] == str(THEN)


def test_a_file_of_an_older_version_goes_back_where_only_its_opening_came_in(
    bitget: Bitget, elsewhere: Callable[[], PaperAccount]
) -> None:
    read(bitget, "account balance")
    with elsewhere().store.change() as old:
        old.execute("DELETE FROM settings WHERE name IN ('opened', 'changed')")
        old.execute("DELETE FROM records WHERE kind <> 'bill' OR json_extract(body, '$.business') <> 'DEPOSIT'")
        old.execute("UPDATE records SET parent = 0")
    assert bitget(f"paper clock --set {PAST}").status == 0
    lives_at(bitget, THEN)
