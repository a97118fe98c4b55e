"""`bitget webhook`: what alerts become, which are refused, that none trades twice, and what is told of them."""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from types import FrameType
from typing import Any

import httpx
import pytest
from alerting import FORMS, GOOD, NOW, SECRET, SLIPS, STRATEGY, alert, answered, hook, log, orders, typist
from desk import Exchange
from doubles import Bitget, StillClock
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

import bitget_cli
from bitget_cli import journal as journal_module
from bitget_cli.alert_log import AlertEntry, AlertLog, AlertState, NewAlert
from bitget_cli.application.alerts import alert_orders
from bitget_cli.application.alerts.outcome_command import OutcomeCommand
from bitget_cli.errors import CredentialsError, DeclinedError, UsageError
from bitget_cli.paper.transport import PaperTransport


@pytest.fixture
def taken() -> Iterator[int]:
    """A port on which nothing can listen: what is let through by mistake ends there."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        held.listen()
        yield held.getsockname()[1]


# What alerts become.


@pytest.mark.parametrize(("text", "toml", "wanted"), FORMS.values(), ids=FORMS)
def test_an_alert_is_the_order_it_says(
    text: str, toml: str, wanted: dict[str, Any], bitget: Bitget, home: Path
) -> None:
    (home / "map.toml").write_text(toml)
    ran = bitget(f"webhook test - --map {home / 'map.toml'} --json", typed=text)
    assert ran.status == 0, ran.err
    body = json.loads(ran.json["body"])
    assert {name: body.get(name) for name in wanted} == wanted
    assert orders(bitget) == log(bitget) == []


def test_a_rehearsal_tells_what_would_keep_an_alert_out(bitget: Bitget) -> None:
    bitget("-p paper profile lock")
    ran = bitget("webhook test -", typed="buy BTCUSDT.P 0.01 secret=wrong-wrong-wrong-wrong time=2026-03-02T11:00:00Z",
                 env={"BITGET_WEBHOOK_SECRET": SECRET})  # fmt: skip
    for said in ("the secret is wrong", "3600 s old", "is locked", "it has no id", "buy BTCUSDT usdt-futures"):
        assert said in ran.err
    ran = bitget("webhook test - --allow ETHUSDT.P", typed=f"buy BTCUSDT.P 0.01 time={NOW}")
    assert (ran.status, ran.out) == (10, "")
    assert "secret is missing" in ran.err


BAD_MAPS = {
    "no TOML": ("[fields", "not valid TOML"),
    "another table": ("[field]", "'field' is not one of"),
    "a word that is none": ('[fields]\nsizes = "x"', "fields.sizes is not one of"),
    "a number": ("[constants]\nsize = 0.1", "constants.size is not text in quotes"),
    "a secret for everybody": ('[constants]\nsecret = "0123456789abcdef-hook"', "constants.secret"),
    "a time for ever": ('[constants]\ntime = "2026-03-02T12:00:00Z"', "constants.time"),
    "one key for two": ('[fields]\nsize = "x"\nquote = "x"', "one key of theirs is two fields"),
    "values of no table": ("values = 1", "values is not a table"),
    "values of none of ours": ('[values.secret]\nx = "y"', "values.secret"),
    "what to ignore": ("ignore = 1", "ignore is not a list"),
}


@pytest.mark.parametrize(("toml", "said"), BAD_MAPS.values(), ids=BAD_MAPS)
def test_a_map_with_a_slip_is_refused(toml: str, said: str, bitget: Bitget, home: Path) -> None:
    (home / "map.toml").write_text(toml)
    ran = bitget(f"webhook test - --map {home / 'map.toml'} --json", typed="buy BTCUSDT.P 0.01")
    assert ran.status == 2
    assert said in ran.failure["message"]


MAPPED = {
    "said twice": (alert(), '[constants]\nsize = "1"', "a constant of the map"),
    "a word that the map takes from elsewhere": (alert(sig="buy"), '[fields]\naction = "sig"', "'action'"),
}


@pytest.mark.parametrize(("body", "toml", "said"), MAPPED.values(), ids=MAPPED)
def test_what_contradicts_the_map_is_refused(body: bytes, toml: str, said: str, bitget: Bitget) -> None:
    with hook(bitget, toml=toml) as webhook:
        assert said in str(answered(webhook, body).words["why"])
    assert orders(bitget) == []


# What is refused.


@pytest.mark.parametrize(("words", "status", "said"), SLIPS.values(), ids=SLIPS)
def test_an_alert_with_a_slip_is_refused(words: dict[str, Any], status: int, said: str, bitget: Bitget) -> None:
    with hook(bitget) as webhook:
        answer = answered(webhook, alert(**words))
    assert (answer.status, answer.words["outcome"]) == (status, "refused")
    assert said in str(answer.words["why"])
    assert orders(bitget) == []
    (row,) = log(bitget)
    assert (row["outcome"], row["orderId"]) == ("refused", None)
    assert said in row["why"]


STRANGERS = {
    "no secret": (alert(secret=None), 403),
    "a wrong one": (alert(secret="0123456789abcdef-hooK"), 403),
    "a beginning": (alert(secret=SECRET[:-1]), 403),
    "more than it": (alert(secret=SECRET + "x"), 403),
    "no text": (alert(secret=[SECRET]), 403),
    "half a character": (b'{"secret": "\\ud800"}', 400),
    "none at all": (alert(secret=""), 403),
    "TradingView's own words": (b"order buy @ 0.1 filled on BTCUSDT. New strategy position is 0.1", 400),
    "nothing": (b"", 400),
    "no UTF-8": (b"\xff\xfe{}", 400),
    "a list": (b"[]", 400),
    "half an object": (alert()[:-1], 400),
    "deep": (b'{"a":' * 2000 + b"1" + b"}" * 2000, 400),
    "deeper": (b"[" * 16000, 400),
    "a name twice": (alert()[:-1] + b', "size": "1"}', 400),
    "a long one": (alert(tag="x" * 16384), 413),
}


@pytest.mark.parametrize(("body", "status"), STRANGERS.values(), ids=STRANGERS)
def test_who_does_not_know_the_secret_is_told_nothing(body: bytes, status: int, bitget: Bitget) -> None:
    with hook(bitget) as webhook:
        answer = answered(webhook, body)
    assert answer.status == status
    assert [(row["what"], row["outcome"]) for row in log(bitget)] == [("an alert without the secret", "refused")]
    assert orders(bitget) == []


def test_secrets_are_compared_in_constant_time(bitget: Bitget, monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[tuple[int, int]] = []
    monkeypatch.setattr(alert_orders.hmac, "compare_digest", lambda a, b: compared.append((len(a), len(b))) or a == b)
    with hook(bitget) as webhook:
        for told in ("", "x", SECRET, SECRET * 3):
            answered(webhook, alert(secret=told, action="none"))
    assert compared == [(32, 32)] * 4


def test_an_allow_list_keeps_other_markets_out(bitget: Bitget) -> None:
    with hook(bitget, allow=["BTCUSDT.P", "BITGET:ETHUSDT"]) as webhook:
        told = [
            answered(webhook, alert(symbol=symbol, id=symbol, quote="50", size=None)).status
            for symbol in ("BTC/USDT:USDT", "BITGET:BTCUSDT", "ETH/USDT", "ETHUSDT.P", "SOLUSDT.P")
        ]
    assert told == [200, 403, 200, 403, 403]
    assert [row["symbol"] for row in orders(bitget)] == ["BTCUSDT", "ETHUSDT"]


def test_so_many_a_minute_are_carried_out(bitget: Bitget, clock: StillClock) -> None:
    with hook(bitget, per_minute=3) as webhook:
        assert [answered(webhook, alert(id=f"{n}")).status for n in range(5)] == [200, 200, 200, 429, 429]
        # A stranger takes none of them away, and neither does one that is repeated.
        clock.sleep(60)
        for _ in range(50):
            answered(webhook, alert(secret="x"))
            answered(webhook, alert(id="1", time=clock.now().isoformat()))
        again = [answered(webhook, alert(id=f"{n}", time=clock.now().isoformat())).status for n in (3, 4, 5, 6)]
        assert again == [200, 200, 200, 429]
    assert len(orders(bitget)) == 6


GUARDS = {
    "locked": ("profile lock", {}, "is locked"),
    "above the cap": ("profile limit --max-notional 500", {}, "allows 500 an order"),
    "too far": ("profile limit --max-distance 1", {"price": "62000"}, "not confirmed"),
    "far by its own words": ("profile limit --max-distance 1", {"price": "last-2%"}, "not confirmed"),
}


@pytest.mark.parametrize(("line", "words", "said"), GUARDS.values(), ids=GUARDS)
def test_the_guards_of_the_profile_hold_as_they_are_now(
    line: str, words: dict[str, str], said: str, bitget: Bitget
) -> None:
    with hook(bitget) as webhook:
        assert bitget(f"-p paper {line}").status == 0  # while it runs
        answer = answered(webhook, alert(id="1", **words))
        assert (answer.status, answer.words["outcome"]) == (422, "refused")
        assert said in str(answer.words["why"])
        assert answered(webhook, alert(id="1", **words)).status == 409
    assert orders(bitget) == []


LIVE = {
    "no market named": ("--yes", 2, "--allow"),
    "no cap": ("--yes --allow BTCUSDT.P", 10, "has no cap"),
    "no word": ("--allow BTCUSDT.P", 10, "--yes"),
}


@pytest.mark.parametrize(("options", "status", "said"), LIVE.values(), ids=LIVE)
def test_on_live_it_takes_a_word_a_market_and_a_cap(
    options: str, status: int, said: str, bitget: Bitget, taken: int
) -> None:
    if said == "--yes":
        assert bitget("-p live profile limit --max-notional 1000").status == 0
    ran = bitget(f"-p live webhook serve --port {taken} {options} --json", env={"BITGET_WEBHOOK_SECRET": SECRET})
    assert ran.status == status
    assert said in json.dumps(ran.failure)


def test_a_live_alert_is_placed_below_the_cap_and_not_once_that_is_gone(bitget: Bitget) -> None:
    desk = Exchange(clock=bitget.clock)
    assert bitget("profile add live --stdin", typed="key\nsecret-of-it\nwords-of-it\n").status == 0
    assert bitget("-p live profile limit --max-notional 1000").status == 0
    with hook(bitget, profile="live", http=desk, allow=["BTCUSDT.P"]) as webhook:
        assert answered(webhook, alert(id="1")).status == 200
        assert answered(webhook, alert(id="2", size="0.1")).status == 422
        assert answered(webhook, alert(id="3", price="40000")).status == 422
        assert answered(webhook, alert(id="4", symbol="ETHUSDT.P")).status == 403
        assert bitget("-p live profile limit --max-notional none", terminal=True, typed="y\n").status == 0
        answer = answered(webhook, alert(id="5"))
        assert (answer.status, "has no cap" in str(answer.words["why"])) == (422, True)
    assert [path for path, _ in desk.changes] == ["mix/order/place-order"]


def test_without_a_named_profile_alerts_go_to_paper(bitget: Bitget) -> None:
    keys = {"BITGET_API_KEY": "k", "BITGET_SECRET_KEY": "s", "BITGET_PASSPHRASE": "p", "BITGET_ENV": "live"}
    ran = bitget("webhook test - --json", typed="buy BTCUSDT.P 0.01", env=keys)
    assert (ran.status, ran.json["url"].startswith("http://paper.localhost")) == (0, True)


# Once, and never twice.


def test_one_that_is_repeated_trades_once(bitget: Bitget) -> None:
    bodies = [alert(id="7")] * 20 + [alert(size="0.02")] * 20
    with hook(bitget) as webhook, ThreadPoolExecutor(8) as several:
        told = [reply.result(30).status for reply in several.map(webhook.take, bodies)]
    assert (told.count(200), told.count(409)) == (2, 38)
    with hook(bitget) as webhook:
        assert answered(webhook, alert(id="7", size="0.05")).status == 409  # the id alone decides
        assert answered(webhook, alert(size="0.02")).status == 409
    assert len(orders(bitget)) == 2


def killed_at(owner: Any, name: str, *, done: bool) -> Callable[[pytest.MonkeyPatch], None]:
    """Ends the process where this is called, or with `done` once it has been; of requests those that change."""
    whole = getattr(owner, name)

    def deadly(*given: Any, **named: Any) -> Any:
        if owner is PaperTransport and given[1].method == "GET":
            return whole(*given, **named)
        if done:
            whole(*given, **named)
        os.kill(os.getpid(), signal.SIGKILL)
        return None

    return lambda patch: patch.setattr(owner, name, deadly)


def before(owner: Any, name: str) -> Callable[[pytest.MonkeyPatch], None]:
    return killed_at(owner, name, done=False)


def after(owner: Any, name: str) -> Callable[[pytest.MonkeyPatch], None]:
    return killed_at(owner, name, done=True)


# Where a process is killed, what the record says after the next start, orders by then, and once it came again.
KILLED = {
    "before it is accepted": (before(AlertLog, "accept"), [], 0, 1),
    "accepted": (after(AlertLog, "accept"), ["interrupted"], 0, 1),
    "before the journal": (before(journal_module.Journal, "append"), ["interrupted"], 0, 1),
    "in the journal": (after(journal_module.Journal, "append"), ["not_placed"], 0, 0),
    "about to leave": (before(PaperTransport, "handle_request"), ["not_placed"], 0, 0),
    "sent": (after(PaperTransport, "handle_request"), ["placed"], 1, 1),
    "before its end is written": (before(journal_module.Journal, "settle"), ["placed"], 1, 1),
    "its end is in the journal": (before(AlertLog, "settle"), ["placed"], 1, 1),
    "over": (after(AlertLog, "settle"), ["placed"], 1, 1),
}


@pytest.mark.parametrize(("killed", "record", "there", "again"), KILLED.values(), ids=KILLED)
def test_one_whose_process_was_killed_trades_at_most_once(
    killed: Callable[[pytest.MonkeyPatch], None],
    record: list[str],
    there: int,
    again: int,
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    body = alert(id="7", price="60000")
    bitget = typist(home)
    # What is read and kept beside the order is not what is killed.
    assert bitget("-p paper order buy BTCUSDT 0.01 --price 60000 --dry-run").status == 0
    child = os.fork()
    if child == 0:
        sys.stderr = open(os.devnull, "w")  # noqa: SIM115  # the child ends here
        with hook(bitget) as webhook:
            killed(monkeypatch)
            answered(webhook, body)
        os._exit(0)
    assert os.WIFSIGNALED(os.waitpid(child, 0)[1])
    later = typist(home, later=timedelta(seconds=20))
    with hook(later):
        pass
    assert [row["outcome"] for row in log(later)] == record
    assert len(later("-p paper order list --json").json) == there
    with hook(later) as webhook:
        assert answered(webhook, body).status == (200 if again > there else 409)
    open_orders = later("-p paper order list --json").json
    assert len(open_orders) == again
    row = next((row for row in log(later) if row["outcome"] != "refused"), None)
    assert row is None or row["orderId"] == (open_orders[0]["orderId"] if open_orders else None)


ROOT = str(Path(bitget_cli.__file__).parent)
PARTS = (
    "application/alerts/webhooks",
    "alert_log.py",
    "trading/execution",
    "journal.py",
    "database.py",
    "paper/transport",
    "paper/store",
)
WATCHED = tuple(f"{ROOT}/{part}" for part in PARTS)


def killed_at_call(bitget: Bitget, body: bytes, point: int) -> bool:
    """Whether the process was killed at that call of all that an alert leads to; beyond the last it is not."""
    child = os.fork()
    if child == 0:
        calls = 0

        def count(frame: FrameType, event: str, _: object) -> None:
            nonlocal calls
            if event != "c_exception" and frame.f_code.co_filename.startswith(WATCHED):
                calls += 1
                if calls == point:
                    os.kill(os.getpid(), signal.SIGKILL)

        threading.setprofile(count)
        with hook(bitget) as webhook:
            sys.setprofile(count)
            answered(webhook, body)
        sys.setprofile(None)
        os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


@pytest.mark.slow
def test_killed_anywhere_it_trades_at_most_once_and_the_record_says_so(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    body, point, kept = alert(id="7", price="60000"), 0, Counter[str]()
    with pytest.MonkeyPatch.context() as patch:
        while True:
            point += 7
            home = tmp_path_factory.mktemp("home")
            home.chmod(0o700)
            for name in ("CONFIG", "STATE"):
                patch.setenv(f"XDG_{name}_HOME", str(home / name.lower()))
            was_killed = killed_at_call(typist(home), body, point)
            later = typist(home, later=timedelta(seconds=20))
            before = len(later("-p paper order list --json").json)
            with hook(later) as webhook:
                status = answered(webhook, body).status
            rows = [row for row in log(later) if row["outcome"] != "refused"]
            open_orders = later("-p paper order list --json").json
            assert len(open_orders) == (before if status == 409 else 1), point
            assert [row["outcome"] for row in rows] == (["placed"] if open_orders else ["not_placed"]), point
            assert [row["orderId"] for row in rows] == ([open_orders[0]["orderId"]] if open_orders else [None]), point
            kept[f"{before} then {status}"] += 1
            if not was_killed:
                break
    # Before it was accepted or sent; in the journal and not sent; sent.
    assert set(kept) == {"0 then 200", "0 then 409", "1 then 409"}, kept


def test_the_record_takes_an_alert_once_whoever_brings_it(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    one, other = AlertLog(tmp_path / "alerts.sqlite3"), AlertLog(tmp_path / "alerts.sqlite3")
    first, is_ours = one.accept("key", NewAlert("buy"), now=1)
    again, is_theirs = other.accept("key", NewAlert("buy"), now=2)
    assert (is_ours, is_theirs, first) == (True, False, again)
    one.settle(first.number, AlertState.INTERRUPTED, now=3)
    assert [log.accept("key", NewAlert("buy"), now=4)[1] for log in (other, one)] == [True, False]
    one.close()
    other.close()


def test_a_second_webhook_of_a_profile_is_refused(bitget: Bitget) -> None:
    with hook(bitget), pytest.raises(DeclinedError, match="is running already"), hook(bitget):
        pass


def test_what_waited_too_long_is_not_placed(bitget: Bitget, clock: StillClock, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = AlertLog.accept

    def slow(*given: Any, **named: Any) -> Any:
        accepted = whole(*given, **named)
        clock.sleep(61)
        return accepted

    monkeypatch.setattr(AlertLog, "accept", slow)
    with hook(bitget) as webhook:
        assert "61 s old" in str(answered(webhook, alert()).words["why"])
    assert orders(bitget) == []


def test_an_answer_that_is_lost_is_told_as_unknown_until_it_is_known(bitget: Bitget) -> None:
    desk = Exchange(clock=bitget.clock)
    assert bitget("profile add mine --env demo --stdin", typed="key\nsecret-of-it\nwords-of-it\n").status == 0

    def silent(request: httpx.Request) -> httpx.Response:
        told = desk(request)
        if desk.changes:
            raise httpx.ReadTimeout("silence", request=request)
        return told

    with hook(bitget, profile="mine", http=silent) as webhook:
        answer = answered(webhook, alert(id="1"))
        assert (answer.status, answer.words["outcome"]) == (200, "accepted")
    (row,) = bitget("-p mine webhook log --json").json
    assert row["outcome"] == "unknown"
    assert len(desk.changes) == 1
    # As soon as the journal knows, so does the record.
    by_hand = f"-p mine order reconcile {row['clientOid']} --by-hand done"
    assert bitget(by_hand).status == 0
    assert bitget("-p mine webhook log --json").json[0]["outcome"] == "placed"
    with hook(bitget, profile="mine", http=desk) as webhook:
        assert answered(webhook, alert(id="1")).status == 409


# Getting out.


def held(bitget: Bitget) -> set[tuple[str, str]]:
    return {(row["symbol"], row["holdSide"]) for row in bitget("-p paper position list --json").json}


def test_close_in_hedge_mode_closes_the_side_that_is_meant(bitget: Bitget) -> None:
    for line in ("account position-mode hedge", "order buy BTCUSDT 0.02", "order sell BTCUSDT 0.01"):
        assert bitget(f"-p paper {line}").status == 0
    close = {"action": "close", "size": None}
    with hook(bitget) as webhook:
        answer = answered(webhook, alert(id="1", **close))
        assert (answer.status, "--side" in str(answer.words["why"])) == (422, True)
        assert len(held(bitget)) == 2
        assert answered(webhook, alert(id="2", side="short", **close)).status == 200
    assert held(bitget) == {("BTCUSDT", "long")}
    with hook(bitget) as webhook:
        # A sell that only reduces is of the long; it is not one that opens a short.
        assert answered(webhook, alert(id="3", action="sell", reduce_only=True)).status == 200
        assert answered(webhook, alert(id="4", **(close | {"size": "50%"}))).status == 200
    (left,) = bitget("-p paper position list --json").json
    assert (left["holdSide"], left["total"]) == ("long", "0.005")


def test_a_unified_account_is_traded_alike(bitget: Bitget) -> None:
    assert bitget("-p paper paper reset --account unified").status == 0
    with hook(bitget) as webhook:
        for number, words in enumerate(
            (
                {"sl": "-2%"},
                {"price": "60000", "tag": "grid"},
                {"action": "cancel", "tag": "grid", "size": None},
                {"action": "close", "size": None},
            )
        ):
            assert answered(webhook, alert(id=f"{number}", **words)).status == 200
    assert held(bitget) == set()
    assert [row["outcome"] for row in log(bitget)] == ["placed", "placed", "cancelled", "done"]


def test_close_all_closes_where_it_is_allowed(bitget: Bitget) -> None:
    for line in ("order buy BTCUSDT 0.02", "order sell ETHUSDT 0.1"):
        assert bitget(f"-p paper {line}").status == 0
    with hook(bitget, close_all=True, allow=["BTCUSDT.P"]) as webhook:
        words = {"action": "close_all", "symbol": None, "size": None, "tag": "out"}
        assert answered(webhook, alert(**words)).status == 200
    assert held(bitget) == set()


CANCELS: dict[str, tuple[dict[str, Any], int]] = {
    "a tag": ({"tag": "grid"}, 2),
    "a tag in a market": ({"tag": "grid", "symbol": "ETHUSDT.P"}, 3),
    "a market": ({"symbol": "BTCUSDT.P"}, 2),
    "a tag nobody has": ({"tag": "other"}, 4),
}


@pytest.mark.parametrize(("words", "left"), CANCELS.values(), ids=CANCELS)
def test_cancel_takes_out_the_orders_of_a_tag_or_a_market(words: dict[str, Any], left: int, bitget: Bitget) -> None:
    with hook(bitget) as webhook:
        for number, order in enumerate(
            (
                {"price": "60000", "tag": "grid"},
                {"price": "60000"},
                {"price": "last-5%", "size": "0.1", "symbol": "ETHUSDT.P", "tag": "grid"},
                {"price": "last-5%", "size": "0.1", "symbol": "ETHUSDT.P"},
            )
        ):
            assert answered(webhook, alert(id=f"{number}", **order)).status == 200
    assert len(bitget("-p paper order list --json").json) == 4
    with hook(bitget) as webhook:
        answer = answered(webhook, alert(**({"action": "cancel", "size": None, "symbol": None} | words)))
        assert answer.status == 200, answer
    assert len(bitget("-p paper order list --json").json) == left


# What is told.


def test_the_record_tells_what_came_of_each(bitget: Bitget) -> None:
    heard: list[AlertEntry] = []
    with hook(bitget, toml=STRATEGY, heard=heard.append) as webhook:
        fired = {"fired": NOW, "ticker": "BTCUSDT.P", "secret": SECRET}
        for order_id, action in (("L1", "long"), ("X1", "flat")):
            strategy = {"order_action": action, "order_id": order_id} | (
                {"order_contracts": 0.01} if action == "long" else {}
            )
            assert answered(webhook, json.dumps(fired | {"strategy": strategy}).encode()).status == 200
    bought, closed = log(bitget)
    assert (bought["id"], bought["what"], bought["outcome"]) == ("L1", "buy BTCUSDT usdt-futures size=0.01", "placed")
    assert bought["told"].startswith("bought 0.01 BTCUSDT at ")
    assert (bought["tag"], bought["why"], bought["clientOid"]) == ("tv", None, orders(bitget)[0]["clientOid"])
    assert bought["orderId"] == orders(bitget)[0]["orderId"]
    assert (closed["what"], closed["outcome"]) == ("close BTCUSDT usdt-futures", "done")
    assert [entry.name for entry in heard] == ["L1", "X1"]
    assert bitget("-p paper order log --worker @webhook --json").json[0]["tag"] == "tv"
    assert bitget("-p paper worker log --json").json == []


@pytest.mark.parametrize("kind", ["classic", "unified"])
def test_the_orders_that_closed_positions_are_in_the_record(bitget: Bitget, kind: str) -> None:
    for line in (f"paper reset --yes --account {kind}", "order buy BTCUSDT 0.02", "order sell ETHUSDT 0.1"):
        assert bitget(f"-p paper {line}").status == 0
    with hook(bitget, close_all=True) as webhook:
        assert answered(webhook, alert(action="close", size=None)).status == 200
        assert bitget("-p paper order buy SOLUSDT 1").status == 0
        assert answered(webhook, alert(action="close_all", symbol=None, size=None)).status == 200
    one, all_ = ((row["orderId"] or "").split() for row in log(bitget))
    known = {order: bitget(f"-p paper order show {order} --json").json["symbol"] for order in (*one, *all_)}
    assert [known[order] for order in one] == ["BTCUSDT"]
    assert sorted(known[order] for order in all_) == ["ETHUSDT", "SOLUSDT"]
    assert bitget("-p paper order buy BTCUSDT 0.02").status == 0
    closed = bitget("-p paper position close BTCUSDT --json").json["orderId"]
    assert bitget(f"-p paper order show {closed} --json").json["symbol"] == "BTCUSDT"


def test_refusals_do_not_fill_the_disk(bitget: Bitget, clock: StillClock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bitget_cli.alert_log._REFUSALS", 12)
    with hook(bitget) as webhook:
        for _ in range(3):
            for _ in range(40):
                answered(webhook, b"noise")
            clock.sleep(61)
        answered(webhook, alert(time=clock.now().isoformat()))
    rows = log(bitget)
    assert len(rows) == 13
    assert sum("and 30 more" in (row["why"] or "") for row in rows) == 1


def test_no_secret_is_in_the_record_or_an_answer(bitget: Bitget, home: Path) -> None:
    with hook(bitget) as webhook:
        told = [
            answered(webhook, body)
            for body in (
                alert(id=SECRET, tag=SECRET),
                alert(tag=f"a {SECRET}\x7f"),
                f"{SECRET} BTCUSDT.P 0.01 secret={SECRET} time={NOW}".encode(),
            )
        ]
    assert SECRET not in str(told)
    kept = b"".join(path.read_bytes() for path in (home / "state" / "bitget" / "webhook").iterdir())
    assert SECRET.encode() not in kept


def test_a_damaged_record_stops_the_webhook(bitget: Bitget, taken: int, home: Path) -> None:
    with hook(bitget) as webhook:
        answered(webhook, alert())
    record = home / "state" / "bitget" / "webhook" / "paper-paper.sqlite3"
    for path in record.parent.glob("*-wal"):
        path.unlink()
    record.write_bytes(b"nothing of ours")
    ran = bitget(f"webhook serve --port {taken} --json", env={"BITGET_WEBHOOK_SECRET": SECRET})
    assert (ran.status, "is damaged" in ran.failure["message"]) == (3, True)


# A command of one's own.


def test_a_command_is_run_for_each_outcome_without_a_shell(tmp_path: Path) -> None:
    said: list[str] = []
    script = "import os, sys; open(sys.argv[1], 'a').write(os.environ['BITGET_ALERT_ID'] + sys.argv[2] + '\\n')"
    line = f"{sys.executable} -c {json.dumps(script)} {tmp_path / 'told'} '$HOME; false'"
    command = OutcomeCommand(line, {"PATH": os.environ["PATH"]}, say=said.append)
    for name in ("one", "two `x`"):
        command.tell({"BITGET_ALERT_ID": name})
    command.close()
    assert (tmp_path / "told").read_text() == "one$HOME; false\ntwo `x`$HOME; false\n"
    assert said == []


def test_a_command_that_hangs_or_fails_is_ended_and_told(tmp_path: Path) -> None:
    said: list[str] = []
    for number, (line, patience) in enumerate((("sleep 60", 0.2), ("false", 30), (str(tmp_path / "nowhere"), 30))):
        command = OutcomeCommand(line, {"PATH": os.environ["PATH"]}, say=said.append, patience=patience)
        command.tell({})
        while len(said) <= number:
            time.sleep(0.01)
        command.close()
    assert ["took longer" in said[0], "ended with 1" in said[1], "No such file" in said[2]] == [True, True, True]


def test_a_command_that_is_behind_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bitget_cli.application.alerts.outcome_command.MOST", 2)
    said: list[str] = []
    command = OutcomeCommand("sleep 60", {"PATH": os.environ["PATH"]}, say=said.append, patience=0.3)
    for _ in range(5):
        command.tell({})
    assert any("is behind" in line for line in said)


@pytest.mark.parametrize("line", ["", "'", "  "])
def test_what_is_no_command_is_refused(line: str) -> None:
    with pytest.raises(UsageError):
        OutcomeCommand(line, {}, say=print)


# The secret.


def test_the_secret_is_kept_in_the_keyring(bitget: Bitget) -> None:
    ran = bitget("-p paper webhook secret --stdin --json", typed=f"{SECRET}\n")
    assert (ran.status, SECRET in ran.out + ran.err) == (0, False)
    assert bitget.keyring.items == {("bitget-cli", "paper:webhook"): SECRET}
    again = bitget("-p paper webhook secret --stdin", typed="another-secret-of-mine")
    assert (again.status, bitget.keyring.items["bitget-cli", "paper:webhook"]) == (10, SECRET)
    assert bitget("-p paper webhook secret --stdin --yes", typed="another-secret-of-mine").status == 0
    ran = bitget("webhook test -", typed=f"buy BTCUSDT.P 0.01 time={NOW} secret=another-secret-of-mine")
    assert "the secret is wrong" not in ran.err
    assert "the secret is wrong" in bitget("webhook test -", typed=f"buy BTCUSDT.P 1 time={NOW} secret=no").err


def test_it_is_asked_for_hidden_at_a_terminal_alone(bitget: Bitget, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr("getpass.getpass", lambda prompt, **_: asked.append(prompt) or SECRET)
    assert bitget("webhook secret --json").status == 2
    assert bitget("webhook secret --stdin --json", terminal=True, typed=SECRET).status == 2
    assert (asked, bitget.keyring.items) == ([], {})
    ran = bitget("webhook secret --json", terminal=True)
    assert (ran.status, asked) == (0, ["Webhook secret (hidden): "])
    assert list(bitget.keyring.items.values()) == [SECRET]
    assert SECRET not in ran.out + ran.err


def test_what_is_said_anywhere_does_not_hold_it(bitget: Bitget) -> None:
    ran = bitget(f"-p paper market ticker {SECRET} --json", env={"BITGET_WEBHOOK_SECRET": SECRET})
    assert (ran.status, SECRET in ran.err, "***" in ran.err) == (2, False, True)


BAD_SECRETS = [
    "short",
    " blank-before-it-xx",
    "blank-behind-it-xx ",
    'with-a-"quote"-inside',
    "ümläut-ümläut-ümläut",
    "",
]


@pytest.mark.parametrize("text", BAD_SECRETS)
def test_a_secret_that_could_not_be_sent_is_refused(text: str, bitget: Bitget) -> None:
    ran = bitget("webhook secret --stdin --json", typed=f"{text}\n")
    assert (ran.status, bitget.keyring.items) == (4, {})
    assert not text or text not in ran.err


def test_it_does_not_start_without_a_secret(bitget: Bitget, taken: int) -> None:
    ran = bitget(f"webhook serve --port {taken} --json")
    assert (ran.status, "webhook secret" in ran.failure["hint"]) == (4, True)
    with pytest.raises(CredentialsError), hook(typist(Path(bitget.environ["HOME"]))) as webhook:
        raise CredentialsError(str(answered(webhook, alert(secret="x")).status))


def test_a_profile_that_is_removed_takes_its_secret_along(bitget: Bitget) -> None:
    assert bitget("profile add desk --env demo --stdin", typed="key\nsecret-of-it\nwords-of-it\n").status == 0
    assert bitget("-p desk webhook secret --stdin", typed=SECRET).status == 0
    assert bitget("profile remove desk --yes").status == 0
    assert bitget.keyring.items == {}


MISTYPED = {
    "a path without a beginning": ("--path hook", 2, "--path"),
    "a path with a question": ("--path /a?b", 2, "--path"),
    "no market": ("--allow BTC-USDT", 2, "BTC-USDT"),
    "no map": ("--map nowhere.toml", 3, "nowhere.toml"),
    "no command": ("--run ''", 2, "--run"),
}


@pytest.mark.parametrize(("options", "status", "said"), MISTYPED.values(), ids=MISTYPED)
def test_what_is_mistyped_is_refused_before_it_listens(
    options: str, status: int, said: str, bitget: Bitget, taken: int
) -> None:
    ran = bitget(f"webhook serve --port {taken} {options} --json", env={"BITGET_WEBHOOK_SECRET": SECRET})
    assert (ran.status, said in ran.failure["message"]) == (status, True)


# Ten thousand hostile bodies.

WORDS = some.sampled_from(
    [*GOOD, "quote", "risk", "price", "tp", "sl", "reduce_only", "tag", "id", "side", "x", "", "a.b"]
)
ODD = [[], {}, 0, 1.5, "\u0000", "\ud83d", "9" * 400, "BTC/USDT", {"a": {"b": {"c": 1}}}, "{{close}}", "", None, True]
VALUES = some.sampled_from(
    [*GOOD.values(), *["sell", "close", "cancel", "close_all", "max", "25%", "1e9", "NaN", "-1"], *ODD]
)
OBJECTS = some.dictionaries(WORDS, VALUES, max_size=8).map(lambda words: json.dumps(words | {"secret": "x"}).encode())
CUT = some.tuples(some.integers(0, len(alert()) - 1), some.integers(0, 255)).map(
    lambda at: alert()[: at[0]] + bytes([at[1]])
)
TEXTS = some.lists(
    some.sampled_from(["buy", "BTCUSDT.P", "0.01", f"time={NOW}", '"', "=", "a=", 'b="c"d', "secret=x", "\t"])
)
HOSTILE = some.one_of(OBJECTS, CUT, TEXTS.map(lambda words: " ".join(words).encode()), some.binary(max_size=64))


@pytest.mark.parametrize("count", [300, pytest.param(10_000, marks=pytest.mark.slow)])
def test_nothing_hostile_trades_or_stops_it(count: int, bitget: Bitget) -> None:
    with hook(bitget) as webhook:

        @settings(max_examples=count // 10, database=None, suppress_health_check=list(HealthCheck))
        @given(some.lists(HOSTILE, min_size=10, max_size=10))
        def all_are_refused(bodies: list[bytes]) -> None:
            for body in bodies:
                assert answered(webhook, body).status in (400, 403, 413)

        all_are_refused()
        assert answered(webhook, alert()).status == 200
    assert len(orders(bitget)) == 1


@settings(max_examples=60, database=None, suppress_health_check=list(HealthCheck))
@given(
    some.dictionaries(WORDS, VALUES, max_size=4),
    some.sampled_from(
        [{"time": "2026-03-02T11:00:00Z"}, {"size": "0"}, {"zz": "1"}, {"action": "b"}, {"symbol": "X:Y"}]
    ),
)
def test_no_slip_of_who_knows_the_secret_trades(bitget: Bitget, words: dict[str, Any], slip: dict[str, str]) -> None:
    with hook(bitget) as webhook:
        body = json.dumps(GOOD | words | {"quote": None, "risk": None, "secret": SECRET} | slip).encode()
        assert answered(webhook, body).status in (400, 403, 422, 409), body
    assert orders(bitget) == []
