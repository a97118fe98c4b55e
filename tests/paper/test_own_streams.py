"""Private streams of the paper exchange: everything that happens is told, once, in order, and as HTTP would tell it."""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from paper_account import USDT_M, PaperAccount
from paper_fields import ACCOUNT, POSITION, SPOT_ACCOUNT
from paper_watcher import OWN, Watcher, arg, login

from bitget_cli.paper.socket import PaperSocket
from bitget_cli.paper.store import STEPS

LINE = "USDT-FUTURES"


# A push's name → the name HTTP has for it.
POSITION_NAMES = {"instId": "symbol", "frozen": "locked", "marginRate": "marginRatio"}
ACCOUNT_NAMES = {
    "frozen": "locked",
    "equity": "accountEquity",
    "maxOpenPosAvailable": "crossedMaxAvailable",
}


@pytest.fixture
def account() -> PaperAccount:
    return PaperAccount().fund()


@pytest.fixture
def watcher(account: PaperAccount) -> Watcher:
    return Watcher(account).enter()


# How things stand.


def test_balances_and_positions_begin_with_how_they_stand_and_events_with_nothing(watcher: Watcher) -> None:
    pushes = watcher.follow(*OWN)
    assert [(push["action"], push["arg"]) for push in pushes] == [
        ("snapshot", each) for each in OWN if each["channel"] in ("account", "positions")
    ]
    assert pushes[-1]["data"] == []
    assert watcher.frames(after=5) == []


def test_the_spot_account_pushes_what_has_changed(watcher: Watcher, account: PaperAccount) -> None:
    (push,) = watcher.follow(arg("account", "default", "SPOT"))
    assert sorted(push["data"], key=str) == sorted(account.get("spot/account/assets"), key=str)
    assert {frozenset(row) for row in push["data"]} == {frozenset(SPOT_ACCOUNT)}
    account.spot("buy", "0.01", price="60000")
    (change,) = watcher.pushed("account", "SPOT")
    assert change["action"] == "update"
    assert change["data"] == account.get("spot/account/assets", coin="USDT")
    account.post("spot/wallet/transfer", fromType="spot", toType="p2p", amount="1", coin="BTC")
    ((gone,),) = [push["data"] for push in watcher.pushed("account", "SPOT")]
    assert (gone["coin"], gone["available"]) == ("BTC", "0")


def test_an_account_of_one_coin_is_only_about_it(watcher: Watcher, account: PaperAccount) -> None:
    (push,) = watcher.follow(arg("account", "BTC", "SPOT"))
    assert [row["coin"] for row in push["data"]] == ["BTC"]
    account.spot("buy", "0.01", price="60000")
    assert watcher.frames(after=1) == []


def test_the_futures_account_says_what_http_says(watcher: Watcher, account: PaperAccount) -> None:
    watcher.follow(arg("account", "default"))
    account.order("buy", "0.5")
    ((row,),) = [push["data"] for push in watcher.pushed("account")]
    assert set(row) == ACCOUNT
    same = ACCOUNT - {"unionTotalMargin", "unionAvailable", "unionMm", "assetsMode"}
    assert {name: row[name] for name in same} == {
        name: account.futures()[ACCOUNT_NAMES.get(name, name)] for name in same
    }


def test_a_price_alone_moves_no_account_and_no_position(watcher: Watcher, account: PaperAccount) -> None:
    account.order("buy", "0.5")
    watcher.follow(*OWN)
    account.later(minutes=10)
    assert watcher.frames(after=1) == []


def test_coins_of_coin_futures_are_rows_of_their_own(watcher: Watcher, account: PaperAccount) -> None:
    (push,) = watcher.follow(arg("account", "default", "COIN-FUTURES"))
    assert [row["marginCoin"] for row in push["data"]] == ["BTC", "ETH", "XRP"]
    account.post("spot/wallet/transfer", fromType="spot", toType="coin_futures", amount="0.5", coin="BTC")
    assert [(row["marginCoin"], row["available"]) for row in watcher.rows("account", "COIN-FUTURES")] == [
        ("BTC", "0.5")
    ]


def test_equity_is_the_line_worth_in_dollars_and_bitcoin(watcher: Watcher, account: PaperAccount) -> None:
    equity = {"instType": LINE, "channel": "equity"}
    ((row,),) = [push["data"] for push in watcher.follow(equity)]
    told = account.futures()
    assert (row["usdtEquity"], row["btcEquity"], row["unrealizedPL"]) == ("50000", told["btcEquity"], "0")
    account.order("buy", "0.1")
    ((row,),) = [push["data"] for push in watcher.pushed("equity")]
    assert (row["usdtEquity"], row["unrealizedPL"]) == (
        account.futures()["usdtEquity"],
        account.futures()["unrealizedPL"],
    )


@pytest.mark.parametrize("mode", ["crossed", "isolated"])
def test_a_position_says_what_http_says(watcher: Watcher, account: PaperAccount, mode: str) -> None:
    watcher.follow(arg("positions", "default"))
    account.order("buy", "0.5", marginMode=mode)
    (push,) = watcher.pushed("positions")
    (row,) = push["data"]
    assert (push["action"], set(row)) == ("snapshot", POSITION)
    (told,) = account.position()
    same = POSITION - {"posId", "leverage", "unrealizedPLR", "isolatedMarginRate", "totalFee"}
    assert {name: row[name] for name in same} == {name: told[POSITION_NAMES.get(name, name)] for name in same}
    assert row["leverage"] == int(told["leverage"])
    assert row["isolatedMarginRate"] == (told["marginRatio"] if mode == "isolated" else "0")
    ratio = Decimal(row["unrealizedPL"]) / Decimal(row["marginSize"])
    assert Decimal(row["unrealizedPLR"]) == pytest.approx(ratio, abs=Decimal("1e-8"))
    assert row["totalFee"] == ""


def test_positions_are_the_whole_set_each_time(watcher: Watcher, account: PaperAccount) -> None:
    watcher.follow(arg("positions", "default"))
    account.order("buy", "0.1")
    account.order("sell", "1", symbol="ETHUSDT")
    assert {row["instId"] for row in watcher.pushed("positions")[-1]["data"]} == {"BTCUSDT", "ETHUSDT"}
    account.post("mix/order/close-positions", symbol="BTCUSDT", **USDT_M)
    assert [row["instId"] for row in watcher.pushed("positions")[-1]["data"]] == ["ETHUSDT"]
    account.post("mix/order/close-positions", **USDT_M)
    assert watcher.pushed("positions")[-1]["data"] == []


def test_funding_paid_is_pushed_with_the_position(watcher: Watcher, account: PaperAccount) -> None:
    watcher.follow(arg("positions", "default"))
    account.order("buy", "0.5")
    watcher.frames(after=1)
    account.later(hours=5)
    (row,) = watcher.rows("positions")
    assert row["totalFee"] == account.position()[0]["totalFee"] != ""


def test_a_subscription_of_positions_is_of_all_of_them(watcher: Watcher) -> None:
    (refused,) = watcher.say({"op": "subscribe", "args": [arg("positions", "BTCUSDT")]})
    assert refused["code"] == 30001


# Where it is kept.


def test_another_process_hears_what_happens_here(tmp_path: Path) -> None:
    path = tmp_path / "paper.sqlite3"
    here = PaperAccount(path).fund()
    there = Watcher(PaperAccount.join(path)).enter()
    there.follow(*OWN)
    placed = here.order("buy", "0.01")
    rows = there.rows("orders")
    assert [row["status"] for row in rows] == ["live", "filled"]
    assert {row["orderId"] for row in rows} == {placed["orderId"]}


def test_what_happened_just_before_a_second_subscription_is_told(watcher: Watcher, account: PaperAccount) -> None:
    watcher.follow(arg("orders", "default"))
    account.order("buy", "0.01")
    pushes = watcher.follow(arg("orders", "default"))
    assert pushes[-1]["data"][0]["status"] == "filled"
    assert watcher.pushed("orders") == []


def test_a_coin_that_a_reset_took_away_is_told_to_be_gone(watcher: Watcher, account: PaperAccount) -> None:
    account.exchange.deposit("ETH", Decimal(3))
    watcher.follow(arg("account", "default", "SPOT"))
    account.store.reset()
    rows = {row["coin"]: row["available"] for row in watcher.rows("account", "SPOT")}
    assert rows["ETH"] == "0"
    assert {row["coin"] for row in account.get("spot/account/assets")} <= {"BTC", "USDC", "USDT"}
    assert watcher.rows("account", "SPOT") == []


def test_after_a_reset_everything_stands_as_at_the_beginning_and_nothing_is_told_twice(tmp_path: Path) -> None:
    path = tmp_path / "paper.sqlite3"
    here = PaperAccount(path).fund()
    there = Watcher(PaperAccount.join(path)).enter()
    there.follow(*OWN)
    here.order("buy", "0.01")
    there.frames(after=1)
    here.store.reset()
    pushes = there.frames(after=1)
    assert {push["arg"]["channel"] for push in pushes} == {"account", "positions"}
    assert [push["data"] for push in pushes if push["arg"]["channel"] == "positions"] == [[]]
    here.fund().order("buy", "0.02")
    assert [row["accBaseVolume"] for row in there.rows("orders")] == ["0", "0.02"]


def test_a_file_from_before_there_were_streams_is_brought_up_to_date(tmp_path: Path) -> None:
    path = tmp_path / "paper.sqlite3"
    connection = sqlite3.connect(path)
    for step in STEPS[:2]:
        connection.executescript(step)
    connection.execute("PRAGMA user_version = 2")
    connection.close()
    account = PaperAccount(path).fund()
    watcher = Watcher(account).enter()
    watcher.follow(arg("orders", "default"))
    account.order("buy", "0.01")
    assert len(watcher.rows("orders")) == 2


def test_events_are_kept_for_those_who_watch_and_not_for_ever(account: PaperAccount) -> None:
    account.order("buy", "0.01")
    connection = account.store.opened()
    assert connection
    rows = ((time, "order", "spot", "{}") for time in range(12_000))
    connection.executemany("INSERT INTO events (time, kind, product, body) VALUES (?, ?, ?, ?)", rows)
    account.order("buy", "0.01")
    assert connection.execute("SELECT count(*), max(seq) > 12000 FROM events").fetchone() == (10_000, 1)


# In this process.


def test_a_socket_hands_over_one_frame_at_a_time(account: PaperAccount) -> None:
    socket = PaperSocket(account.exchange)
    assert socket.recv(0) is None
    socket.send("ping")
    socket.send(login(int(account.wall.timestamp())))
    assert socket.recv(0) == "pong"
    assert json.loads(socket.recv(0) or "")["event"] == "login"
    assert socket.recv(0.01) is None
    socket.send(json.dumps({"op": "subscribe", "args": [arg("ticker")]}))
    assert json.loads(socket.recv(1) or "")["event"] == "subscribe"
    assert [json.loads(socket.recv(1) or "")["action"] for _ in range(2)] == ["snapshot"] * 2
    socket.close()
    assert socket.recv(60) is None
    socket.send("ping")
    assert socket.recv(60) is None


def test_what_is_sent_or_closed_by_another_thread_wakes_the_one_that_receives(account: PaperAccount) -> None:
    socket = PaperSocket(account.exchange)
    heard: list[str | None] = []
    reader = threading.Thread(target=lambda: heard.extend(socket.recv(60) for _ in range(2)))
    reader.start()
    socket.send("ping")
    deadline = time.monotonic() + 10
    while not heard and time.monotonic() < deadline:
        time.sleep(0.001)
    socket.close()
    reader.join(10)
    assert heard == ["pong", None]


def test_others_trade_while_a_socket_is_read(account: PaperAccount) -> None:
    socket = PaperSocket(account.exchange)
    socket.send(login(int(account.wall.timestamp())))
    socket.send(json.dumps({"op": "subscribe", "args": [arg("orders", "default"), arg("books"), arg("ticker")]}))
    placed: list[Any] = []
    trader = threading.Thread(target=lambda: placed.extend(account.order("buy", "0.01") for _ in range(30)))
    trader.start()
    seen: set[str] = set()
    deadline = time.monotonic() + 10
    while len(seen) < 30 and time.monotonic() < deadline:
        frame = json.loads(socket.recv(1) or "{}")
        if frame.get("action") and frame["arg"]["channel"] == "orders":
            seen |= {row["orderId"] for row in frame["data"] if row["status"] == "filled"}
    trader.join()
    assert seen == {order["orderId"] for order in placed}
