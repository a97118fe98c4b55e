"""The day Bitget moves an account: what is refused in mid-command is built anew, and whatever happens sent once."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple
from unittest.mock import MagicMock

import httpx
import pytest
from desk import DEMO, PLAN, Exchange
from desk import ORDER as CLASSIC_ORDER
from desk import POSITION as CLASSIC_POSITION
from doubles import KIND, Bitget, MemoryKeyring, Ran, StillClock, envelope
from histories import KilledError
from paper_account import UnifiedAccount
from unified_desk import FUTURES, ORDER, POSITION, TRIGGER, UnifiedDesk

from bitget_cli.errors import NetworkError, UnavailableError
from bitget_cli.journal import Entry, Journal
from bitget_cli.paper.transport import PaperTransport
from bitget_cli.session import Session
from bitget_cli.trading.adapters.anew import spelt_anew
from bitget_cli.trading.change import Spelling

HANDLE = PaperTransport.handle_request


class Countdown:
    """Does something the n-th time it is called."""

    def __init__(self, number: int, then: Callable[[], object]) -> None:
        self.number, self._then = number, then

    def __call__(self) -> None:
        self.number -= 1
        if not self.number:
            self._then()


class Sent(NamedTuple):
    path: str
    body: Any
    code: str | None = None


class Desk:
    """A person at the paper exchange, and what goes through its door. `at` are what happens right before, or with
    `after` right after, the n-th change that is sent."""

    def __init__(self, bitget: Bitget, home: Path) -> None:
        self._bitget = bitget
        self.state = home / "state" / "bitget"
        self.sent: list[Sent] = []
        self.at: dict[int, Callable[[], object]] = {}
        self.after: dict[int, Callable[[], object]] = {}
        self.ids: dict[str, str] = {}
        self.at_question: Callable[[], object] = lambda: None
        self.at_request: Callable[[], object] = lambda: None
        self._inside = False

    def __call__(self, line: str, **more: Any) -> Ran:
        asks = line.startswith(("order log", "paper", "order show", "plan show", "order list", "plan list"))
        options = " --json" if asks or "reconcile" in line else " --yes --json"
        return self._bitget(f"-p paper {line.format(**self.ids)}{options}", **more)

    def migrate(self) -> None:
        """As somebody else does it."""
        self._inside = True
        try:
            assert self("paper migrate --yes").status == 0
        finally:
            self._inside = False

    def door(self, own: PaperTransport, request: httpx.Request) -> httpx.Response:
        if self._inside:
            return HANDLE(own, request)
        self.at_request()
        if request.method != "POST":
            self.at_question()
            return HANDLE(own, request)
        number = len(self.sent) + 1
        self.sent.append(Sent(request.url.path, json.loads(request.content)))
        self.at.pop(number, lambda: None)()
        response = HANDLE(own, request)
        code = json.loads(response.read())["code"]
        self.sent[-1] = self.sent[-1]._replace(code=code)
        self.after.pop(number, lambda: None)()
        return response

    @property
    def entries(self) -> list[Entry]:
        """What the journal holds, the oldest first."""
        journal = Journal(self.state / "journal" / "paper-paper.sqlite3")
        found = journal.entries()
        journal.close()
        return list(reversed(found))

    def begin(self, *, hedge: bool) -> None:
        """Positions in two markets, orders that rest, one that waits."""
        self("paper reset --balance USDT=100000 --balance BTC=1 --yes")
        last = float(self._bitget("-p paper market ticker BTCUSDT --json").json["lastPr"])
        self.ids = {word: str(int(last * part)) for word, part in (("low", 0.97), ("lower", 0.96), ("high", 1.04))}
        lines = ["account transfer USDT 60000 --from spot --to usdt-futures"]
        lines += ["account position-mode hedge"] if hedge else []
        lines += ["account margin-mode ETHUSDT isolated", "order buy ETHUSDT 1", "order buy BTCUSDT 0.05"]
        assert [line for line in lines if self(line).status] == []
        for name, line in RESTING.items():
            ran = self(f"{line} --client-oid {name}")
            assert ran.status == 0, ran.err
            self.ids[f"{name}_id"] = ran.json["orderId"]


RESTING = {
    "resting": "order buy BTCUSDT 0.01 --price {low}",
    "second": "order buy BTCUSDT 0.01 --price {low}",
    "waiting": "plan buy BTCUSDT 0.01 --trigger {low}",
    "trailing": "plan buy BTCUSDT 0.01 --trigger {low} --callback 1",
    "spotted": "order buy BTC/USDT 0.001 --price {low}",
    "spotwaiting": "plan buy BTC/USDT 0.001 --trigger {low} --price {lower}",
}


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> dict[bool, tuple[Path, dict[str, str]]]:
    """The folders of somebody who trades on a classic account, in one-way and in hedge mode."""
    found = {}
    with pytest.MonkeyPatch.context() as patch:
        for hedge in (False, True):
            home = tmp_path_factory.mktemp("begun")
            home.chmod(0o700)
            for name in ("CONFIG", "STATE", "CACHE", "DATA"):
                patch.setenv(f"XDG_{name}_HOME", str(home / name.lower()))
            desk = Desk(Bitget({"HOME": str(home)}, StillClock(), MemoryKeyring(), own_door=False), home)
            desk.begin(hedge=hedge)
            found[hedge] = (home, desk.ids)
    return found


@pytest.fixture
def make(
    bitget: Bitget,
    home: Path,
    begun: dict[bool, tuple[Path, dict[str, str]]],
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[..., Desk]:
    def made(*, hedge: bool = False) -> Desk:
        there, ids = begun[hedge]
        shutil.copytree(there / "state", home / "state", copy_function=shutil.copy2)
        desk = Desk(bitget, home)
        desk.ids = dict(ids)
        monkeypatch.setattr(PaperTransport, "handle_request", lambda own, request: desk.door(own, request))
        return desk

    return made


@pytest.fixture
def desk(make: Callable[..., Desk]) -> Desk:
    return make()


PLACE, STRATEGY, CLOSE = "trade/place-order", "trade/place-strategy-order", "trade/close-positions"
CANCEL, CANCEL_ALL = "trade/cancel-order", "trade/cancel-symbol-order"
LEVERAGE = "account/set-leverage"
SENT_ANEW = {
    "order buy BTCUSDT 0.01": [PLACE],
    "order buy BTCUSDT 0.01 --client-oid mine": [PLACE],
    "order sell BTCUSDT 0.01 --close": [PLACE],
    "order buy BTCUSDT 0.01 --price {low} --tp {high}": [PLACE],
    "order buy BTC/USDT --quote 100": [PLACE],
    "order modify {resting_id} --size 0.02": ["trade/modify-order"],
    "order modify resting --price {lower}": ["trade/modify-order"],
    "order cancel {resting_id}": [CANCEL],
    "order cancel resting --symbol BTCUSDT": [CANCEL],
    "order cancel resting second": ["trade/cancel-batch"],
    "order cancel-all BTCUSDT": [CANCEL_ALL],
    "order cancel-all": [CANCEL_ALL],
    "order cancel-all --product spot": [CANCEL_ALL],
    "position close BTCUSDT": [CLOSE],
    "position close BTCUSDT --percent 50": [PLACE],
    "position close-all": [CLOSE],
    "position reverse BTCUSDT": [CLOSE, PLACE],
    "plan buy BTCUSDT 0.01 --trigger {low} --client-oid mine": [STRATEGY],
    "plan sell BTCUSDT 0.01 --trigger {low} --callback 1": [STRATEGY],
    "plan buy BTC/USDT 0.001 --trigger {low} --price {lower}": [STRATEGY],
    "plan tpsl BTCUSDT --tp {high} --sl {low}": [STRATEGY],
    "plan tpsl BTCUSDT --tp {high} --sl {low} --size 0.01": [STRATEGY],
    "plan tpsl BTCUSDT --trailing 1": [STRATEGY],
    "plan modify waiting --trigger {lower}": ["trade/modify-strategy-order"],
    "plan cancel {waiting_id}": ["trade/cancel-strategy-order"],
    "plan cancel-all": ["trade/cancel-strategy-order"] * 2,
    "account leverage SOLUSDT 7": [LEVERAGE],
    "account margin-mode ETHUSDT isolated": [LEVERAGE],
    "account margin ETHUSDT --add 10": ["account/set-margin"],
    "account transfer USDT 5 --from spot --to funding": ["account/transfer"],
}
HEDGED = {
    "order buy BTCUSDT 0.01": [{"side": "buy", "posSide": "long"}],
    "order sell BTCUSDT 0.01 --close": [{"side": "sell", "posSide": "long"}],
    "position close BTCUSDT": [{"posSide": "long"}],
    "position close BTCUSDT --percent 50": [{"side": "sell", "posSide": "long"}],
    "position reverse BTCUSDT": [{"posSide": "long"}, {"side": "sell", "posSide": "short"}],
    "plan buy BTCUSDT 0.01 --trigger {low} --reduce-only": [{"side": "buy", "posSide": "short"}],
    "plan tpsl BTCUSDT --trailing 1": [{"side": "sell", "posSide": "long"}],
}


def moved_at(
    desk: Desk, number: int, line: str, *, then: Callable[[], None] | None = None, **more: Any
) -> tuple[Ran, list[Entry]]:
    """The command while somebody moves the account right before the n-th change leaves, and what it wrote down."""
    before = len(desk.entries)
    desk.at = {number: then or desk.migrate}
    ran = desk(line, **more)
    return ran, desk.entries[before:]


@pytest.mark.parametrize("line", SENT_ANEW)
def test_what_is_refused_for_the_kind_is_built_anew_and_sent_once(line: str, desk: Desk) -> None:
    ran, entries = moved_at(desk, 1, line)
    assert ran.status == 0, ran.err
    refused, *again = desk.sent
    assert (refused.path[:8], refused.code) == ("/api/v2/", "40085")
    assert [(one.path, one.code) for one in again] == [(f"/api/v3/{path}", "00000") for path in SENT_ANEW[line]]
    # The journal holds each change once, as it was really sent, under the client id that it had.
    assert {entry.state.value for entry in entries} <= {"placed", "cancelled", "done"}
    bodies = [entry.body for entry in entries]
    assert "".join(bodies).replace("][", ",") == "".join(json.dumps(one.body, separators=(",", ":")) for one in again)
    if again[0].path.rpartition("/")[2] in ("place-order", "transfer"):
        assert again[0].body["clientOid"] == refused.body["clientOid"] == entries[0].client_oid


@pytest.mark.parametrize("line", HEDGED)
def test_in_hedge_mode_the_position_that_is_meant_is_named(line: str, make: Callable[..., Desk]) -> None:
    desk = make(hedge=True)
    ran, _ = moved_at(desk, 1, line)
    assert ran.status == 0, ran.err
    words = [{name: one.body[name] for name in ("side", "posSide") if name in one.body} for one in desk.sent[1:]]
    assert words == HEDGED[line]
    assert not any("reduceOnly" in one.body for one in desk.sent[1:])


AT_ANY_REQUEST = [
    "order modify resting --price {lower}",
    "order cancel resting waiting",
    "order cancel-all BTCUSDT",
    "position reverse BTCUSDT",
    "plan cancel-all",
    "plan tpsl BTCUSDT --tp {high} --sl {low} --size 0.01",
    "account margin ETHUSDT --add 10",
]


@pytest.mark.parametrize("line", AT_ANY_REQUEST)
def test_at_whichever_request_it_is_moved_the_command_does_all_of_it_once(
    line: str, make: Callable[..., Desk], home: Path
) -> None:
    results = set()
    for number in range(1, 30):
        shutil.rmtree(home / "state", ignore_errors=True)
        desk = make()
        left = desk.at_request = Countdown(number, desk.migrate)
        ran, done = desk(line), desk.entries
        assert ran.status == 0, f"at request {number}: {ran.err}"
        assert not [entry for entry in done if entry.state.is_open]
        assert len([one for one in desk.sent if one.code != "00000"]) <= 1
        if left.number > 0:
            break
        results.add((len(desk("order list BTCUSDT").json), len(desk("plan list BTCUSDT").json)))
    assert number > 2
    # An exit with two legs is one order, or two that are not seen apart here.
    assert len(results) == 1 or "tpsl" in line


NOT_THERE = [
    "account auto-margin ETHUSDT on",
    "convert trade USDT BTC --from-size 100",
    "plan buy BTCUSDT 0.01 --trigger {low} --tp {high}",
    "plan buy BTC/USDT --quote 50 --trigger {low}",
]


@pytest.mark.parametrize("line", NOT_THERE)
def test_what_the_other_kind_has_not_ends_as_that_kind_says(line: str, desk: Desk) -> None:
    ran, (entry,) = moved_at(desk, 1, line)
    assert (ran.status, ran.failure["error"]) == (5, "unavailable"), ran.err
    assert "unified account" in ran.failure["message"]
    assert ran.failure["outcome"] == "rejected"
    assert [one.code for one in desk.sent] == ["40085"]
    assert entry.state.value == "rejected"
    assert desk("order reconcile").json == []


def test_what_needs_no_sending_any_more_is_done(desk: Desk) -> None:
    ran, (entry,) = moved_at(desk, 1, "account transfer USDT 5 --from spot --to usdt-futures")
    assert (ran.status, ran.json["outcome"], entry.state.value) == (0, "done", "rejected")
    assert len(desk.sent) == 1
    assert "nothing has to be sent" in ran.err


def orders_made(desk: Desk) -> list[str]:
    """The client ids of all orders of the exchange, by its own book."""
    account = UnifiedAccount.join(desk.state / "paper.sqlite3")
    rows = [
        row
        for path in ("trade/unfilled-orders", "trade/history-orders")
        for line in ("USDT-FUTURES", "SPOT")
        for row in account.get(path, category=line, limit="100").get("list") or []
    ]
    assert len({row["orderId"] for row in rows}) == len(rows)
    return [row["clientOid"] for row in rows]


@pytest.mark.parametrize("at", [1, 2, 3])
def test_every_order_of_a_batch_is_placed_once_whichever_call_is_refused(at: int, desk: Desk) -> None:
    lines = ["symbol,side,size,price,tp,client_oid"]
    for number in range(45):
        exits = desk.ids["high"] if number % 15 == 0 else ""
        lines.append(f"BTCUSDT,buy,0.001,{desk.ids['low']},{exits},batch{number}")
    # In isolated margin, and so one by one on a unified account.
    lines += [f"ETHUSDT,buy,0.1,,,batch{number}" for number in range(45, 48)]
    ran, entries = moved_at(desk, at, "order batch -", typed="\n".join(lines))
    assert ran.status == 0, ran.err
    wanted = sorted(f"batch{number}" for number in range(48))
    assert sorted(row["clientOid"] for row in ran.json) == wanted
    assert sorted(oid for oid in orders_made(desk) if oid.startswith("batch")) == wanted
    assert len(entries) == 48
    assert {entry.state.value for entry in entries} == {"placed"}
    assert all(entry.row.startswith("v3.") for entry in entries[20 * (at - 1) :])
    assert [one.code for one in desk.sent].count("40085") == 1


def test_of_several_changes_those_that_are_left_are_built_anew(desk: Desk) -> None:
    line = "plan tpsl BTCUSDT --tp {high} --sl {low} --size 0.01"
    ran, entries = moved_at(desk, 2, line)
    assert (ran.status, [row["outcome"] for row in ran.json]) == (0, ["placed", "placed"])
    assert [entry.row for entry in entries] == ["mix.order.place-tpsl-order", "v3.trade.place-strategy-order"]
    assert "takeProfit" not in desk.sent[-1].body
    assert desk.sent[-1].body["stopLoss"] == desk.ids["low"]
    assert len(desk("plan list BTCUSDT").json) == 4


def test_what_waits_is_cancelled_as_far_as_it_is_left(desk: Desk) -> None:
    ran, entries = moved_at(desk, 2, "plan cancel-all")
    assert ran.status == 0, ran.err
    assert len(entries) == 2
    assert desk("plan list").json == []


def test_the_account_is_asked_for_its_modes_again(desk: Desk) -> None:
    ran, _ = moved_at(desk, 1, "order buy ETHUSDT 1")
    assert ran.status == 0, ran.err
    assert desk.sent[1].body["marginMode"] == "isolated"


# What is in doubt, and who tells of it.


def dies() -> None:
    raise KilledError


def lost() -> None:
    raise httpx.ReadTimeout("lost")


LOST_AND_FOUND = {
    "order buy BTCUSDT 0.01": "placed",
    "order buy BTCUSDT 0.01 --price {low}": "placed",
    "order buy BTC/USDT --quote 100": "placed",
    "plan tpsl BTCUSDT --tp {high}": "placed",
    "order cancel {resting_id}": "cancelled",
    "order cancel spotted": "cancelled",
    "order modify resting --size 0.02": "placed",
}


@pytest.mark.parametrize("line", LOST_AND_FOUND)
def test_what_was_done_before_the_move_is_found_after_it(line: str, desk: Desk) -> None:
    def move() -> None:
        desk.migrate()
        lost()

    desk.after = {1: move}
    ran = desk(line)
    assert ran.status == 0, ran.err
    assert (ran.json["outcome"], len(desk.sent)) == (LOST_AND_FOUND[line], 1)


@pytest.mark.parametrize("line", LOST_AND_FOUND)
def test_what_is_found_out_later_is_found_over_the_other_kind(line: str, desk: Desk) -> None:
    desk.after = {1: dies}
    with pytest.raises(KilledError):
        desk(line)
    desk.migrate()
    ran = desk("order reconcile")
    assert [row["outcome"] for row in ran.json] == [LOST_AND_FOUND[line]], ran.err


@pytest.mark.parametrize("line", ["order buy BTCUSDT 0.01", "plan buy BTCUSDT 0.01 --trigger {low}"])
def test_what_is_not_found_after_the_move_stays_unknown(line: str, desk: Desk, clock: StillClock) -> None:
    """No page tells whether a unified account shows all that was done while it was a classic one."""

    def move() -> None:
        desk.migrate()
        lost()

    desk.at = {1: move}
    ran = desk(line)
    assert (ran.status, ran.failure["outcome"], len(desk.sent)) == (7, "unknown", 1), ran.err
    assert "Bitget has moved the account" in ran.failure["message"]
    clock.sleep(600)
    assert desk("order reconcile").status == 7
    # A program goes no further, a person says what they saw.
    assert desk("order buy BTCUSDT 0.01").status == 10
    oid = desk.entries[-1].client_oid
    assert desk(f"order reconcile {oid} --by-hand not-done").status == 0
    assert desk("order buy BTCUSDT 0.01").status == 0


def test_what_makes_no_order_is_not_told_after_the_move(desk: Desk, clock: StillClock) -> None:
    def move() -> None:
        desk.migrate()
        lost()

    desk.after = {1: move}
    before = clock.ticks
    ran = desk("account transfer USDT 5 --from spot --to usdt-futures")
    assert (ran.status, "is not told any more" in ran.failure["message"]) == (7, True), ran.err
    # Waiting does not help.
    assert clock.ticks - before < 10


def test_an_order_that_was_written_down_and_never_left_was_not_placed(desk: Desk) -> None:
    def die(_: Any, __: Any, *, signed_at: int) -> None:
        del signed_at
        raise KilledError

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Journal, "mark_sent", die)
        with pytest.raises(KilledError):
            desk("order buy BTCUSDT 0.01")
    desk.migrate()
    assert [row["outcome"] for row in desk("order reconcile").json] == ["not_placed"]


def test_dead_between_the_refusal_and_the_second_send_nothing_was_placed(desk: Desk) -> None:
    made = len(made_on_classic(desk))

    def move() -> None:
        desk.migrate()
        desk.at_question = dies

    desk.at = {1: move}
    with pytest.raises(KilledError):
        desk("order buy BTCUSDT 0.01")
    desk.at_question = lambda: None
    assert desk.entries[-1].state.value == "sent"
    (row,) = desk("order reconcile").json
    assert (row["outcome"], len(orders_made(desk))) == ("rejected", made)


def test_ctrl_c_between_the_refusal_and_the_second_send_leaves_nothing_in_doubt(desk: Desk) -> None:
    def move() -> None:
        desk.migrate()
        desk.at_question = interrupt

    def interrupt() -> None:
        desk.at_question = lambda: None
        raise KeyboardInterrupt

    ran, (entry,) = moved_at(desk, 1, "order buy BTCUSDT 0.01", then=move)
    assert (ran.status, entry.state.value, len(desk.sent)) == (130, "rejected", 1)
    assert desk("order reconcile").json == []


@pytest.mark.parametrize("arrives", [True, False])
def test_dead_at_the_second_send_it_is_looked_for_where_it_was_sent(
    arrives: bool, desk: Desk, clock: StillClock
) -> None:
    made = len(made_on_classic(desk))
    desk.at = {1: desk.migrate}
    (desk.after if arrives else desk.at)[2] = dies
    with pytest.raises(KilledError):
        desk("order buy BTCUSDT 0.01")
    assert desk.entries[-1].row == "v3.trade.place-order"
    clock.sleep(40)
    (row,) = desk("order reconcile").json
    assert row["outcome"] == ("placed" if arrives else "not_placed")
    assert len(orders_made(desk)) == made + arrives


@pytest.mark.parametrize("arrives", [True, False])
def test_a_lost_answer_of_the_second_send_is_looked_for_there(arrives: bool, desk: Desk) -> None:
    made = len(made_on_classic(desk))
    desk.at = {1: desk.migrate}
    (desk.after if arrives else desk.at)[2] = lost
    ran = desk("order buy BTCUSDT 0.01")
    assert ran.status == (0 if arrives else 6), ran.err
    assert len(orders_made(desk)) == made + arrives
    assert len(desk.sent) == 2


def made_on_classic(desk: Desk) -> list[Any]:
    """Plain orders there were before."""
    return [one for one in desk.entries if one.kind == "place" and "plan" not in one.row]


# Names.


@pytest.mark.parametrize("name", RESTING)
@pytest.mark.parametrize("by", ["{0}", "{{{0}_id}}"], ids=["client id", "order id"])
def test_every_name_from_before_finds_its_order(name: str, by: str, desk: Desk) -> None:
    desk.migrate()
    text, order_id = by.format(name), desk.ids[f"{name}_id"]
    for group in ("order", "plan"):
        assert desk(f"{group} show {text}").json["orderId"] == order_id
    waits = name.endswith("waiting")
    if name != "trailing":
        modified = desk(
            f"plan modify {text} --trigger {{lower}}" if waits else f"order modify {text} --price {{lower}}"
        )
        assert modified.status == 0, modified.err
    assert desk(f"order cancel {text}").json["orderId"] == order_id
    assert desk(f"order cancel {text}").json["outcome"] == "cancelled"


# The other way, and answers that contradict each other; against a table of answers.


class Moving:
    """A Bitget with both kinds of one account. It moves it right before the n-th change, and once more before the next
    one where it `wavers`."""

    def __init__(self, *, unified: bool, at: int = 1, wavers: bool = False, mode: str = "unified") -> None:
        self.unified, self.at, self.wavers = unified, at, wavers
        ids = {"orderId": "1001", "clientOid": "mine-1"}
        self.classic = Exchange(orders=[CLASSIC_ORDER | ids], positions=[CLASSIC_POSITION], plans=[PLAN])
        self.newer = UnifiedDesk(MagicMock(), orders=[ORDER | ids], positions=[POSITION], plans=[WAITING])
        self.newer.answers["/api/v3/account/settings"] = {
            "accountMode": mode,
            "holdMode": "one_way_mode",
            "symbolConfigList": [{**FUTURES, "marginMode": "crossed", "leverage": "20"}],
        }
        self.sent: list[tuple[str, str]] = []
        self.kind: Callable[[], httpx.Response] | None = None
        self.at_request: Callable[[], object] = lambda: None

    def move(self) -> None:
        self.unified = not self.unified

    def __call__(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        if "access-key" in request.headers:
            self.at_request()
        if path == KIND:
            return self.kind() if self.kind else self._kind()
        if request.method == "POST":
            self.sent.append((path, request.content.decode()))
            if self.at and len(self.sent) in (self.at, self.at + self.wavers):
                self.move()
        is_newer = path.startswith("/api/v3/")
        if "access-key" in request.headers and is_newer is not self.unified:
            return refuses("40084" if is_newer else "40085")
        return (self.newer if is_newer else self.classic)(request)

    def _kind(self) -> httpx.Response:
        return envelope({"userId": "9"}) if self.unified else refuses("25245")


def refuses(code: str) -> httpx.Response:
    return envelope(None, code=code, msg="as told", status=400)


WAITING = {**TRIGGER, "orderId": "3001"}
BACK = {
    "order buy BTCUSDT 0.01": ["mix/order/place-order"],
    "order sell BTCUSDT 0.01 --close": ["mix/order/place-order"],
    "order buy BTC/USDT --quote 100": ["spot/trade/place-order"],
    "order modify 1001 --size 0.03": ["mix/order/modify-order"],
    "order cancel 1001": ["mix/order/cancel-order"],
    "order cancel-all BTCUSDT": ["mix/order/batch-cancel-orders"],
    "position close BTCUSDT": ["mix/order/close-positions"],
    "position reverse BTCUSDT": ["mix/order/click-backhand"],
    "plan buy BTCUSDT 0.01 --trigger 58000": ["mix/order/place-plan-order"],
    "plan tpsl BTCUSDT --tp 70000 --sl 50000 --size 0.01": ["mix/order/place-tpsl-order"] * 2,
    "plan cancel 3001": ["mix/order/cancel-plan-order"],
    "account leverage BTCUSDT 7": ["mix/account/set-leverage"],
    "account position-mode hedge": ["mix/account/set-position-mode"],
    "account transfer USDT 5 --from spot --to funding": ["spot/wallet/transfer"],
}


@pytest.mark.parametrize("line", BACK)
def test_an_account_that_is_a_classic_one_again_is_told_in_its_own_words(line: str, bitget: Bitget) -> None:
    bitget.kind_is_asked = True
    account = Moving(unified=True)
    ran = bitget(f"{line} --yes --json", http=account, env=DEMO)
    assert ran.status == 0, ran.err
    (first, _), *again = account.sent
    assert first.startswith("/api/v3/")
    assert [path for path, _ in again] == [f"/api/v2/{path}" for path in BACK[line]]
    log = bitget("order log --json", env=DEMO).json
    assert [row["endpoint"].startswith("v3.") for row in log] == [False] * len(again)


# What comes to how many changes that were carried out, at least and at most.
ANY_WAY = {
    "order buy BTCUSDT 0.01": (1, 1),
    "position reverse BTCUSDT": (1, 2),
    "plan buy BTCUSDT 0.01 --trigger 58000": (1, 1),
    "order cancel-all BTCUSDT": (1, 1),
}


# The move to a unified account at every request of these is tried on the paper exchange.
EITHER_WAY = [
    pytest.param(line, unified, marks=[pytest.mark.slow] * (not unified and line in AT_ANY_REQUEST))
    for line in ANY_WAY
    for unified in (True, False)
]


@pytest.mark.parametrize(("line", "unified"), EITHER_WAY)
def test_at_whichever_request_it_is_moved_either_way_it_is_sent_once(
    line: str, unified: bool, bitget: Bitget, home: Path
) -> None:
    bitget.kind_is_asked = True
    for number in range(1, 30):
        shutil.rmtree(home / "state", ignore_errors=True)
        account = Moving(unified=unified, at=0)
        assert bitget("account balance --json", http=account, env=DEMO).status == 0
        left = account.at_request = Countdown(number, account.move)
        ran = bitget(f"{line} --yes --json", http=account, env=DEMO)
        assert ran.status == 0, f"at request {number}: {ran.err}"
        done = len(account.newer.changes) + len(account.classic.changes)
        assert ANY_WAY[line][0] <= done <= ANY_WAY[line][1]
        states = [row["state"] for row in bitget("order log --json", env=DEMO).json]
        assert (len(states), set(states) <= {"placed", "done"}) == (done, True)
        if left.number > 0:
            break
    assert number > 2


@pytest.mark.parametrize(("at", "left"), [(1, ["one", "two", "three", "four"]), (2, ["three", "four"])])
def test_what_is_left_of_a_batch_goes_out_in_one_call(at: int, left: list[str], bitget: Bitget) -> None:
    bitget.kind_is_asked = True
    account = Moving(unified=True, at=at)
    rows = ["one,", "two,", "three,70000", "four,"]
    typed = "client_oid,tp,symbol,side,size\n" + "\n".join(f"{row},BTCUSDT,buy,0.01" for row in rows)
    ran = bitget("order batch - --yes --json", http=account, env=DEMO, typed=typed)
    assert (ran.status, [row["clientOid"] for row in ran.json]) == (0, ["one", "two", "three", "four"]), ran.err
    (path, body), count = account.sent[-1], len(account.sent)
    assert (path, count) == ("/api/v2/mix/order/batch-place-order", at + 1)
    assert [one["clientOid"] for one in json.loads(body)["orderList"]] == left


def test_what_is_left_of_a_reversal_opens_in_the_words_of_the_other_kind(bitget: Bitget) -> None:
    bitget.kind_is_asked = True
    account = Moving(unified=True, at=2)
    ran = bitget("position reverse BTCUSDT --yes --json", http=account, env=DEMO)
    assert (ran.status, [row["outcome"] for row in ran.json]) == (0, ["done", "placed"]), ran.err
    paths = ["/api/v3/trade/close-positions", "/api/v3/trade/place-order", "/api/v2/mix/order/place-order"]
    assert [path for path, _ in account.sent] == paths
    assert json.loads(account.sent[-1][1]).items() >= {"side": "sell", "size": "0.5"}.items()


REFUSED: dict[str, tuple[dict[str, Any], Callable[[], httpx.Response] | None, int]] = {
    "the kind bears it not out": ({"unified": False}, lambda: refuses("40084"), 1),
    "the kind is not told": ({"unified": False}, lambda: httpx.Response(503, content=b"<html>"), 1),
    "it is moved once more": ({"unified": False, "wavers": True}, None, 2),
    "it is being moved": ({"unified": False, "mode": "upgrading"}, None, 1),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_sent_anew_ends_as_refused(case: str, bitget: Bitget) -> None:
    how, kind, sends = REFUSED[case]
    bitget.kind_is_asked = True
    account = Moving(**how)
    assert bitget("account balance --json", http=account, env=DEMO).status == 0
    account.kind = kind
    ran = bitget("order buy BTCUSDT 0.01 --yes --json", http=account, env=DEMO)
    assert (ran.status, ran.failure["error"], len(account.sent)) == (5, "unavailable", sends), ran.err
    (row,) = bitget("order log --json", env=DEMO).json
    assert row["state"] == "rejected"


# Programs.


def test_a_program_that_runs_for_longer_goes_on(desk: Desk) -> None:
    from bitget_cli import Bitget as Account

    # It runs by the machine's clock, on which prices are others.
    assert desk("paper clock --speed 0").status == 0
    with Account("paper") as account:
        before = account.orders.place("BTCUSDT", "buy", "0.01", price=desk.ids["low"])["data"]
        desk.at = {2: desk.migrate}
        after = [account.orders.place("BTCUSDT", "buy", "0.01")["data"] for _ in range(2)]
        account.futures_cancel_order("BTCUSDT", order_id=before["orderId"])
    assert [one.path for one in desk.sent[1:]] == [
        "/api/v2/mix/order/place-order",
        *["/api/v3/trade/place-order"] * 2,
        "/api/v3/trade/cancel-order",
    ]
    assert {one["clientOid"] for one in (before, *after)} <= set(orders_made(desk))


TICK = """
def tick(ctx):
    ctx.bitget.orders.place("BTCUSDT", "buy", "0.001")
"""


def test_a_worker_places_one_order_a_tick_across_the_move(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "worker.py"
    path.write_text(TICK)
    desk.at = {3: desk.migrate}
    ran = desk(f"worker run {path} --every 1m --until 2026-03-02T12:05 --fast")
    assert ran.status == 0, ran.err
    mine = [one for one in desk.entries if one.worker]
    assert [one.state.value for one in mine] == ["placed"] * len(mine)
    assert len({one.client_oid for one in mine} & set(orders_made(desk))) == len(mine) == len(desk.sent) - 1
    assert {one.row for one in mine} == {"mix.order.place-order", "v3.trade.place-order"}


# A script that goes on.

SCRIPT = [
    "order buy BTCUSDT 0.001",
    "order buy BTCUSDT 0.001 --price {low}",
    "order buy BTCUSDT 0.001 --price {low} --tp {high} --sl {lower}",
    "plan buy BTCUSDT 0.001 --trigger {low}",
    "order buy BTC/USDT --quote 20",
    "order sell BTCUSDT 0.001 --close",
]


MOMENTS = ["before a change", "between a question and a change", "between commands", "after it"]


@pytest.mark.parametrize(("when", "hedge"), [*((one, False) for one in MOMENTS), (MOMENTS[0], True)])
def test_a_script_places_each_order_once_across_the_move(
    when: str, hedge: bool, make: Callable[..., Desk], clock: StillClock
) -> None:
    desk, placed = make(hedge=hedge), {}
    for number in range(12):
        if number == 6 + MOMENTS.index(when):
            moves(desk, when)
        line, oid = SCRIPT[number % len(SCRIPT)], f"script{number}"
        ran = desk(f"{line} --client-oid {oid}")
        assert (ran.status, ran.json["outcome"]) == (0, "placed"), ran.err
        assert ran.json["clientOid"] == oid
        placed[oid] = ran.json["orderId"]
        clock.sleep(1)
    plain = {oid for oid in placed if int(oid.removeprefix("script")) % len(SCRIPT) != 3}
    made = [oid for oid in orders_made(desk) if oid.startswith("script")]
    assert sorted(made) == sorted(plain)
    assert len([row for row in desk("plan list BTCUSDT --all").json if row["size"] == "0.001"]) == 2
    assert len(set(placed.values())) == 12
    assert [entry.state.value for entry in desk.entries[-12:]] == ["placed"] * 12
    for oid, order_id in placed.items():
        assert desk(f"order show {oid}").json["orderId"] == order_id


def moves(desk: Desk, when: str) -> None:
    number = len(desk.sent) + 1
    if when == "between commands":
        desk.migrate()
    elif when == "after it":
        desk.after = {number: desk.migrate}
    elif when == "before a change":
        desk.at = {number: desk.migrate}
    else:

        def once() -> None:
            desk.at_question = lambda: None
            desk.migrate()

        desk.at_question = once


def test_a_call_that_was_carried_out_in_part_is_never_made_again_whole() -> None:
    with pytest.raises(UnavailableError, match="cannot be told apart"):
        spelt_anew(MagicMock(), Spelling("plans", "of_another_day", (1,)), [None])


def test_what_came_of_each_change_is_told_where_one_became_two(desk: Desk) -> None:
    ran, entries = moved_at(desk, 1, "position reverse BTCUSDT")
    assert ran.status == 0, ran.err
    told = [(row["outcome"], row["status"], row["filledSize"]) for row in ran.json]
    assert told == [("done", "filled", "0.05"), ("placed", "filled", "0.05")]
    closed, opened = (row["orderId"] for row in ran.json)
    assert closed not in (None, opened)
    assert opened == entries[1].order_id


@pytest.mark.parametrize(
    "line", ["position close BTCUSDT", "order buy BTCUSDT 0.01", "position close BTCUSDT --size 50%"]
)
def test_what_came_of_an_order_is_looked_at_where_it_was_built_anew(line: str, desk: Desk) -> None:
    ran, _ = moved_at(desk, 1, line)
    assert (ran.json["status"], ran.json["fee"] is None) == ("filled", False), ran.err


LINES_IN_WORDS = "symbol,side,size,price,tag\nBTCUSDT,buy,1%,bid-1%,one\nBTCUSDT,buy,2%,bid-2%,\nBTCUSDT,sell,0.01,,\n"


def test_each_order_of_a_file_keeps_its_own_arithmetic_and_tag(desk: Desk, home: Path) -> None:
    file = home / "orders.csv"
    file.write_text(LINES_IN_WORDS)
    ran, entries = moved_at(desk, 1, f"order batch {file} --tag all")
    assert ran.status == 0, ran.err
    first, second, third = (row["working"] for row in ran.json)
    assert (first[0][:12], second[0][:12], third) == ("price bid-1%", "price bid-2%", None)
    assert [entry.tag for entry in entries] == ["one", "all", "all"]


@pytest.mark.parametrize(
    ("then", "status"), [("order modify {resting_id} --price {high}", 0), ("order cancel {resting_id}", 5)]
)
@pytest.mark.parametrize("moved", [2, 5])
def test_an_order_that_is_waited_for_is_followed_to_the_other_kind(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, moved: int, then: str, status: int
) -> None:
    def no_stream(*_: Any, **__: Any) -> None:
        raise NetworkError("there is none")

    def change() -> None:
        desk._inside = True
        assert desk(then).status == 0
        desk._inside = False

    # Without a stream only the clock of the test goes on.
    monkeypatch.setattr(Session, "watch", no_stream)
    steps = [Countdown(moved, desk.migrate), Countdown(moved + 4, change)]
    desk.at_request = lambda: [step() for step in steps] and None
    ran = desk._bitget("-p paper order wait resting --for 2m --json")
    assert ran.status == status, ran.err
    assert ran.json["status"] == ("filled" if not status else "canceled")


@pytest.mark.parametrize(
    "line", ["order buy SOLUSDT 5 --leverage 7 --price bid-1%", "plan buy SOLUSDT 5 --leverage 7 --trigger last-1%"]
)
@pytest.mark.parametrize("hedge", [False, True])
def test_what_opens_with_a_leverage_does_so_with_no_other_after_the_move(
    make: Callable[..., Desk], line: str, hedge: bool
) -> None:
    desk = make(hedge=hedge)
    ran, entries = moved_at(desk, 2, line)
    assert ran.status == 0, ran.err
    assert [entry.state.value for entry in entries] == ["done", "placed"]


def test_a_leverage_that_the_move_did_not_keep_keeps_the_order_back(desk: Desk) -> None:
    def moved() -> None:
        desk.migrate()
        desk._inside = True
        assert desk("account leverage SOLUSDT 20").status == 0
        desk._inside = False

    ran, entries = moved_at(desk, 2, "order buy SOLUSDT 5 --leverage 7 --price bid-1% --tag lev", then=moved)
    assert ran.status == 5
    assert "the leverage of SOLUSDT is not told to be 7" in ran.failure["message"]
    assert [one.path for one in desk.sent if "place" in one.path and one.code == "00000"] == []
    assert [entry.state.value for entry in entries if entry.tag == "lev"] == ["rejected"]


@pytest.mark.parametrize("number", [1, 3, 5])
def test_the_way_out_goes_on_with_whole_positions_after_the_move(desk: Desk, number: int) -> None:
    ran, _ = moved_at(desk, number, "panic")
    assert ran.status == 0, ran.err
    # That a call was for the other kind says nothing of its size, so that no position is closed in parts.
    assert not any(one.path.endswith("place-order") for one in desk.sent)
    assert json.loads(desk._bitget("-p paper position list --json").out) == []
