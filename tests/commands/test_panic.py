"""`bitget panic`: whatever goes wrong meanwhile, the account is flat at the end, or it is said what is not."""

from __future__ import annotations

import itertools
import json
import os
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest
from doubles import Bitget, Ran, StillClock, envelope
from misbehaving import KEYS
from panicking import MISHAPS, STAGES, WELL, Door, enter, kind_of, make_stage

MESSY = [name for name in STAGES if name != "large"]


@pytest.fixture(scope="module")
def stages(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    folder = tmp_path_factory.mktemp("stages")

    def stage(name: str) -> Path:
        path = folder / f"{name}.sqlite3"
        if not path.exists():
            make_stage(name, path)
        return path

    return stage


Enter = Callable[..., Door]


@pytest.fixture
def way_in(bitget: Bitget, home: Path, clock: StillClock, stages: Callable[[str], Path]) -> Enter:
    bitget.kind_is_asked = True

    def way(stage: str, **more: Any) -> Door:
        return enter(stages(stage), home / "exchange.sqlite3", clock, kind=kind_of(stage), **more)

    return way


def gone(bitget: Bitget, door: Door, line: str = "panic --yes --json", **more: Any) -> Ran:
    """What a line leaves behind, at a door where no law was broken."""
    ran = bitget(line, http=door, env=KEYS, **more)
    assert door.broken == [], ran.err
    return ran


@pytest.mark.parametrize("stage", STAGES)
def test_everything_is_taken_out_and_no_stop_before_its_position(stage: str, bitget: Bitget, way_in: Enter) -> None:
    door = way_in(stage)
    assert door.left()
    ran = gone(bitget, door)
    assert (ran.status, door.left()) == (0, []), ran.err
    assert {row["outcome"] for row in ran.json} <= {"cancelled", "done", "placed"}
    assert "nothing is open any more" in ran.err


def test_nothing_open_ends_at_once_and_asks_nobody(bitget: Bitget, way_in: Enter) -> None:
    door = way_in("classic")
    assert gone(bitget, door).status == 0
    before, asked = bitget.clock.ticks, len(door.sent)
    ran = gone(bitget, door, "panic --json", terminal=True)
    assert (ran.status, ran.json, bitget.clock.ticks - before < 4) == (0, [], True)
    assert len(door.sent) == asked
    assert "nothing is open" in ran.err


def test_what_can_open_goes_before_what_closes_and_stops_go_last(bitget: Bitget, way_in: Enter) -> None:
    door = way_in("classic")
    assert gone(bitget, door).status == 0
    ours = [path for path, body in door.sent if body.get("symbol") == "BTCUSDT" and "productType" in body]
    assert ours[:3] == ["cancel-plan-order", "cancel-plan-order", "batch-cancel-orders"]
    assert ours[3:5] == ["cancel-order", "close-positions"]
    assert set(ours[5:]) == {"cancel-plan-order"}


@pytest.mark.parametrize(
    "stage",
    ["unified", *(pytest.param(name, marks=pytest.mark.slow) for name in ("classic", "hedged", "unified_hedged"))],
)
@pytest.mark.parametrize("mishap", [name for name in MISHAPS if name not in ("well", "refused")])
def test_every_change_meets_a_mishap_once(mishap: str, stage: str, bitget: Bitget, way_in: Enter) -> None:
    seen: set[str] = set()

    def first_of_each() -> Iterator[Any]:
        while True:
            body = json.dumps(door.sent[-1], sort_keys=True)
            yield WELL if body in seen else MISHAPS[mishap]
            seen.add(body)

    door = way_in(stage, mishaps=first_of_each())
    ran = gone(bitget, door, "panic --yes --json --give-up-after 10m")
    door.deliver_due(all_of_it=True)
    assert (ran.status, door.left()) == (0, []), ran.err
    # What was found out afterwards is told as it is.
    assert "unknown" not in {row["outcome"] for row in ran.json}


@pytest.mark.parametrize("seed", [*range(5), *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(5, 400))])
def test_in_any_history_it_is_flat_or_says_what_is_not(seed: int, bitget: Bitget, way_in: Enter) -> None:
    chance = random.Random(seed)
    stage = MESSY[seed % len(MESSY)]
    odds = chance.choice([0.2, 0.5, 0.9])
    names = sorted(MISHAPS)

    def mishaps() -> Iterator[Any]:
        while True:
            yield MISHAPS[chance.choice(names)] if chance.random() < odds else WELL

    def blind() -> Iterator[bool]:
        while True:
            yield chance.random() < odds / 3

    door = way_in(stage, mishaps=mishaps(), blind=blind(), reopens_at=chance.randrange(0, 12))
    guarded = {held: guards for held, guards in door.positions().items() if guards}
    begun = bitget.clock.ticks
    ran = gone(bitget, door, "panic --yes --json --give-up-after 30s")
    # No new step after the time; the last one, and the look that tells what remains, end in theirs.
    assert bitget.clock.ticks - begun < 30 + 40
    standing = door.positions()
    for held in set(guarded) & set(standing):
        assert guarded[held] <= standing[held]
    if ran.status == 0:
        door.deliver_due(all_of_it=True)
        assert door.left() == [], ran.err
        return
    assert ran.status in (7, 8), ran.err
    assert ran.failure["outcome"] == ("unknown" if ran.status == 7 else "rejected")
    if ran.status == 8:
        assert all(name.split()[-1] in ran.err for name in door.left() if name.split()[-1].isdigit())
    door.mishaps, door.blind = itertools.repeat(WELL), itertools.repeat(False)
    bitget.clock.sleep(60)
    again = gone(bitget, door)
    assert (again.status, door.left()) == (0, []), again.err
    assert bitget("order log --unsettled --json", env=KEYS).json == []


OPENS_AFTER = [(1, "classic"), (6, "hedged"), (6, "unified"), (1, "unified_hedged")]


@pytest.mark.parametrize(
    ("number", "stage"),
    [*OPENS_AFTER, *(pytest.param(7 - number, stage, marks=pytest.mark.slow) for number, stage in OPENS_AFTER)],
)
def test_what_opens_meanwhile_is_seen_and_closed(number: int, stage: str, bitget: Bitget, way_in: Enter) -> None:
    door = way_in(stage, reopens_at=number)
    ran = gone(bitget, door)
    assert (ran.status, door.left()) == (0, []), ran.err


def test_a_position_that_no_one_order_may_close_is_closed_in_parts(bitget: Bitget, way_in: Enter) -> None:
    door = way_in("large")
    assert gone(bitget, door).status == 0
    assert [path for path, _ in door.sent] == ["place-order", "place-order", "close-positions"]
    assert {body["size"] for path, body in door.sent if path == "place-order"} == {"60000"}


def test_how_much_one_order_may_close_is_found_out_where_the_list_does_not_tell(bitget: Bitget, way_in: Enter) -> None:
    def untold(request: httpx.Request, answer: httpx.Response) -> httpx.Response:
        if not request.url.path.endswith("contracts"):
            return answer
        return httpx.Response(200, content=answer.content.replace(b"maxMarketOrderQty", b"another"))

    door = way_in("large", change_answer=untold)
    ran = gone(bitget, door)
    assert (ran.status, door.left()) == (0, []), ran.err
    sizes = [Decimal(body["size"]) for path, body in door.sent if path == "place-order"]
    assert sizes == [67500, 33750, 33750, 33750]


def test_what_is_refused_for_good_is_left_with_the_reason_and_keeps_its_stop(bitget: Bitget, way_in: Enter) -> None:
    def only_closes_are_refused() -> Iterator[Any]:
        while True:
            path, body = door.sent[-1]
            refused = path in ("close-positions", "place-order") and body["symbol"] == "BTCUSDT"
            yield MISHAPS["refused"] if refused else WELL

    door = way_in("classic", mishaps=only_closes_are_refused())
    begun = bitget.clock.ticks
    ran = gone(bitget, door)
    assert ran.status == 8, ran.err
    assert bitget.clock.ticks - begun < 50
    assert "position long 0.5 BTCUSDT" in ran.failure["message"]
    assert "as told" in ran.failure["message"]
    assert "bitget panic" in ran.failure["hint"]
    listed = ran.err.partition("this is still there:\n")[2].splitlines()
    assert listed[0].startswith("  position long 0.5 BTCUSDT")
    assert "as told" in listed[0]
    assert sum(line.startswith("  ") for line in listed) == 5
    (guards,) = door.positions().values()
    assert len(guards) == 4


def test_what_cannot_be_read_is_not_known(bitget: Bitget, way_in: Enter) -> None:
    door = way_in("classic")

    def without_positions(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("all-position") and request.url.params["productType"] == "USDC-FUTURES":
            return envelope(None, code="40014", msg="Incorrect permissions", status=400)
        return door(request)

    ran = bitget("panic --yes --json", http=without_positions, env=KEYS)
    assert (ran.status, door.left()) == (7, []), ran.err
    assert "the positions of usdc-futures" in ran.failure["message"]


@pytest.mark.parametrize(
    "answer",
    [
        {"data": None, "code": "25245", "msg": "as told", "status": 400},
        {"data": {}},
        {"data": {"list": "nothing"}},
        {"data": {"list": [{"symbol": "BTCUSDT"}]}},
    ],
    ids=lambda answer: str(answer["data"] or answer.get("code")),
)
def test_an_account_that_does_not_say_what_it_holds_is_not_called_flat(
    answer: Any, bitget: Bitget, way_in: Enter
) -> None:
    door = way_in("unified")

    def unsaid(request: httpx.Request) -> httpx.Response:
        return envelope(**answer) if request.url.path.endswith("current-position") else door(request)

    ran = bitget("panic --yes --json --give-up-after 10s", http=unsaid, env=KEYS)
    assert ran.status == 7, ran.err
    assert "the positions of usdt-futures" in ran.failure["message"]
    # What may be a stop stays, since nobody knows what it guards.
    guards = [guards for (*_, symbol, _), guards in door.positions().items() if symbol == "BTCUSDT"]
    assert [len(each) for each in guards] == [3]


@pytest.mark.parametrize(
    ("hangs", "left"),
    [
        ("orders-plan-pending", set()),
        ("USDT-FUTURES", {"usdt-futures"}),
        ("all-position", {"usdt-futures", "coin-futures"}),
    ],
)
def test_a_list_that_is_never_answered_keeps_nobody_from_the_others(
    hangs: str, left: set[str], bitget: Bitget, way_in: Enter
) -> None:
    door = way_in("classic")

    def hanging(request: httpx.Request) -> httpx.Response:
        if request.method == "GET" and hangs in str(request.url) and "market" not in request.url.path:
            bitget.clock.sleep(10)
            raise httpx.ReadTimeout("x", request=request)
        return door(request)

    ran = bitget("panic --yes --json --give-up-after 2m", http=hanging, env=KEYS)
    assert ran.status == 7, ran.err
    assert {product for _, product, *_ in door.positions()} == left, ran.err
    assert "gave no whole answer" in ran.failure["message"]


def test_an_account_in_the_middle_of_its_move_is_not_known(bitget: Bitget) -> None:
    def moving(request: httpx.Request) -> httpx.Response:
        code = "40084" if request.url.path.startswith("/api/v3/") else "40085"
        return envelope(None, code=code, msg="as told", status=400)

    bitget.kind_is_asked = True
    ran = bitget("panic --yes --json", http=moving, env=KEYS)
    assert ran.status == 7, ran.err


def test_an_account_that_answers_nothing_is_not_known(bitget: Bitget, way_in: Enter) -> None:
    door = way_in("classic")
    ran = bitget("panic --yes --json", http=lambda _: envelope(None, code="429", status=429), env=KEYS)
    assert (ran.status, door.sent) == (7, []), ran.err


@pytest.mark.parametrize("blind", [False, True])
def test_an_earlier_order_of_unknown_outcome_is_looked_for_before_all_is_called_closed(
    bitget: Bitget, way_in: Enter, *, blind: bool
) -> None:
    door = way_in("isolated")
    lost: list[httpx.Request] = []

    def deaf(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            lost.append(request)
        if lost:
            raise httpx.ReadTimeout("x", request=request)
        return door(request)

    def without_details(request: httpx.Request) -> httpx.Response:
        return httpx.Response(503) if blind and request.url.path.endswith("detail") else door(request)

    assert bitget("order buy ETHUSDT 1 --yes --client-oid lost", http=deaf, env=KEYS).status == 7
    ran = bitget("panic --yes --json", http=without_details, env=KEYS)
    assert (ran.status, door.left()) == (7 * blind, []), ran.err
    if blind:
        assert "client id lost" in ran.failure["message"]
        assert "bitget order reconcile" in ran.failure["hint"]
    else:
        assert "not_placed, as was found out now" in ran.err


def test_an_earlier_order_that_arrives_meanwhile_is_closed_too(bitget: Bitget, way_in: Enter) -> None:
    door = way_in("isolated")

    def stopped(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            door.under_way.append((bitget.clock.ticks + 20, request))
            raise KeyboardInterrupt
        if door.under_way:
            raise httpx.ReadTimeout("x", request=request)
        return door(request)

    assert bitget("order buy ETHUSDT 1 --yes --client-oid slow", http=stopped, env=KEYS).status == 7
    ran = gone(bitget, door)
    assert (ran.status, door.left()) == (0, []), ran.err
    assert "buy 1 ETHUSDT at market: placed, as was found out now" in ran.err
    assert "close the long ETHUSDT at market: done" in ran.err


@pytest.mark.parametrize("stage", ["classic", "unified"])
def test_a_close_that_is_accepted_and_closes_nothing_leaves_the_stops_where_they_are(
    stage: str, bitget: Bitget, way_in: Enter
) -> None:
    def not_yet() -> Iterator[Any]:
        for _ in range(3):
            while door.sent[-1][0] != "close-positions" or door.sent[-1][1]["symbol"] != "BTCUSDT":
                yield WELL
            told = {"orderId": "77", "clientOid": "77", "symbol": "BTCUSDT"}
            classic = {"successList": [told], "failureList": []}
            data = {"list": [told | {"code": "00000", "msg": ""}]} if stage == "unified" else classic
            yield MISHAPS["refused"]._replace(refusal=envelope(data))
        yield from itertools.repeat(WELL)

    door = way_in(stage, mishaps=not_yet())
    ran = gone(bitget, door)
    assert (ran.status, door.left()) == (0, []), ran.err
    closes = [body for path, body in door.sent if path == "close-positions" and body["symbol"] == "BTCUSDT"]
    assert len(closes) == 4


def test_what_shows_only_after_all_seemed_closed_is_closed_too(bitget: Bitget, way_in: Enter) -> None:
    door = way_in("classic")

    def lagging(request: httpx.Request) -> httpx.Response:
        answer = door(request)
        last = request.url.path.endswith("all-position") and request.url.params["productType"] == "COIN-FUTURES"
        if last and not door.left() and door.reopens_at == -1:
            door.reopens_at = 0
            door.reopen()
        return answer

    ran = bitget("panic --yes --json", http=lagging, env=KEYS)
    assert (ran.status, door.left(), door.broken, door.reopens_at) == (0, [], [], 0), ran.err


@pytest.mark.parametrize(
    ("kind", "params"),
    [
        ("twap", {"duration": "60", "interval": "30", "orderType": "market"}),
        (
            "iceberg",
            {"splitMode": "order", "splitOrderNumbers": "4", "orderPreference": "fixed_price", "fixedPrice": "67000"},
        ),
    ],
)
def test_an_order_in_parts_is_no_stop_and_goes_first(
    kind: str, params: dict[str, str], bitget: Bitget, way_in: Enter
) -> None:
    door = way_in("unified")
    made = door.account.strategy(type=kind, side="sell", qty="0.4", **{f"{kind}Params": [params]})
    assert isinstance(made, dict), made
    ran = gone(bitget, door)
    assert (ran.status, door.left()) == (0, []), ran.err
    said = ran.err.splitlines()
    (order_id,) = [one.split()[1].rstrip(":") for one in said if one.startswith(f"  {kind} ")]
    assert said.index(f"cancel plan order {order_id} of BTCUSDT: cancelled") < said.index(
        "close the long BTCUSDT at market: done"
    )


@pytest.mark.parametrize("stage", ["classic", "unified"])
def test_what_is_kept_is_left_alone(stage: str, bitget: Bitget, way_in: Enter) -> None:
    door = way_in(stage, kept=frozenset({"usdt-futures BTCUSDT"}))
    before = door.positions()
    ran = gone(bitget, door, "panic --yes --json --keep BTCUSDT")
    assert (ran.status, door.left()) == (0, []), ran.err
    after = door.positions()
    assert [held[2:] for held in after] == [("BTCUSDT", "long")]
    assert all(before[held] == guards for held, guards in after.items())
    assert {row["symbol"] for row in ran.json} >= {"ETHUSDT"}


def test_a_market_to_keep_that_is_not_listed_stops_it(bitget: Bitget, way_in: Enter) -> None:
    door = way_in("classic")
    ran = gone(bitget, door, "panic --yes --keep BTCUSTD")
    assert (ran.status, door.sent) == (2, []), ran.err
    ran = gone(bitget, door, "panic --yes --keep BTCUSDT --product spot --product coin-futures")
    assert (ran.status, door.sent, "leaves out anyway" in ran.err) == (2, [], True)


@pytest.mark.parametrize(
    ("products", "others"),
    [
        ("--product spot", ["usdt-futures", "coin-futures"]),
        ("--product coin-futures", ["usdt-futures", "spot"]),
        ("--product usdt-futures --product coin-futures", ["spot"]),
    ],
)
def test_only_the_products_that_are_named_are_touched(
    products: str, others: list[str], bitget: Bitget, way_in: Enter
) -> None:
    door = way_in("classic", kept=frozenset(others))
    before = list(door.left())
    ran = gone(bitget, door, f"panic --yes --json {products}")
    assert (ran.status, before != [], door.left()) == (0, True, []), ran.err
    door.kept = frozenset()
    assert {name.split()[0] for name in door.left()} == set(others)


@pytest.mark.parametrize("stage", ["classic", "unified"])
def test_a_dry_run_shows_the_requests_and_sends_none(stage: str, bitget: Bitget, way_in: Enter) -> None:
    door = way_in(stage)
    before = door.left()
    ran = gone(bitget, door, "panic --dry-run --json")
    assert (ran.status, door.sent, door.left()) == (0, [], before), ran.err
    paths = [row["url"].rpartition("/")[2] for row in ran.json]
    assert paths.count("close-positions") == len(door.positions())
    assert "position long 0.5 BTCUSDT" in ran.err


@pytest.mark.parametrize(
    ("typed", "status"), [("panic\n", 0), ("PANIC\n", 0), ("yes\n", 10), ("y\n", 10), ("\n", 10), ("", 10)]
)
def test_on_live_the_word_has_to_be_typed(typed: str, status: int, bitget: Bitget, way_in: Enter) -> None:
    door = way_in("isolated")
    ran = gone(bitget, door, "panic", typed=typed, terminal=True)
    assert (ran.status, door.left() == []) == (status, status == 0), ran.err
    assert ran.err.index("position long 0.1 BTCUSDT") < ran.err.index("Type panic")
    assert (door.sent == []) is (status == 10)


def test_on_live_without_a_terminal_it_takes_yes(bitget: Bitget, way_in: Enter) -> None:
    door = way_in("isolated")
    ran = gone(bitget, door, "panic --json")
    assert (ran.status, door.sent, ran.failure["hint"]) == (10, [], "add --yes")


def test_on_paper_nobody_is_asked(rich: Bitget) -> None:
    assert rich("-p paper account transfer USDT 1000 --from spot --to usdt-futures").status == 0
    assert rich("-p paper order buy BTCUSDT 0.01").status == 0
    ran = rich("-p paper panic", terminal=True)
    assert (ran.status, "Type" in ran.err) == (0, False), ran.err
    assert "nothing is open any more" in ran.out


def test_what_closed_a_position_has_its_order_id(rich: Bitget) -> None:
    assert rich("-p paper account transfer USDT 1000 --from spot --to usdt-futures").status == 0
    assert rich("-p paper order buy BTCUSDT 0.01").status == 0
    (row,) = rich("-p paper panic --json").json
    (closed,) = row["response"]["successList"]
    assert row["orderId"] == closed["orderId"]


def test_a_locked_profile_is_locked_for_this_too(bitget: Bitget) -> None:
    assert bitget("-p paper order buy BTC/USDT 0.01 --price 20000").status == 0
    assert bitget("profile lock paper").status == 0
    ran = bitget("-p paper panic --json")
    assert (ran.status, "is locked" in ran.failure["message"]) == (10, True)
    assert len(bitget("-p paper order list --product spot --json").json) == 1


@pytest.mark.parametrize("typed", ["0s", "soon", "-1s", ""])
def test_a_time_that_is_none_is_refused(typed: str, bitget: Bitget) -> None:
    assert bitget(["panic", "-p", "paper", "--give-up-after", typed]).status == 2


def test_caps_hold_nothing_back(bitget: Bitget, way_in: Enter) -> None:
    door = way_in("classic")
    assert bitget("profile limit live --max-notional 1", terminal=True, typed="y\n").status == 0
    ran = gone(bitget, door)
    assert (ran.status, door.left()) == (0, []), ran.err


def test_stopped_by_a_key_it_says_what_is_left_and_goes_on_when_typed_again(bitget: Bitget, way_in: Enter) -> None:
    door = way_in("classic")

    def stop(request: httpx.Request) -> None:
        if request.method == "GET" and len(door.sent) == 5:
            raise KeyboardInterrupt

    door.at_request = stop
    ran = gone(bitget, door)
    assert ran.status == 130
    assert "still there" in ran.err
    assert "position long 0.5 BTCUSDT" not in ran.err.partition("still there")[2]
    assert "short 2 ETHUSDT" in ran.err.partition("still there")[2]
    door.at_request = lambda _: None
    assert (gone(bitget, door).status, door.left()) == (0, [])


def test_where_no_journal_can_be_written_the_calls_are_told(bitget: Bitget, way_in: Enter, home: Path) -> None:
    door = way_in("classic")
    assert bitget("order log", env=KEYS).status == 0
    assert gone(bitget, door, "panic --yes --product coin-futures").status == 0
    before = len(door.sent)
    for path in (home / "state").rglob("*.sqlite3"):
        path.chmod(0o666)
    ran = gone(bitget, door)
    assert (ran.status, len(door.sent)) == (3, before), ran.err
    told = [line.strip().removeprefix("bitget ") for line in ran.err.splitlines() if line.startswith("  bitget api")]
    assert told
    for line in told:
        assert gone(bitget, door, f"{line} --yes").status == 0, line
    assert not [name for name in door.left() if name.endswith(("long", "short"))]


def test_an_account_that_is_moved_meanwhile_is_left_in_the_words_of_the_other_kind(
    bitget: Bitget, way_in: Enter
) -> None:
    door = way_in("classic")
    moved: list[bool] = []

    def move(request: httpx.Request) -> None:
        if request.method == "GET" and len(door.sent) > 3 and not moved:
            moved.append(True)
            door.exchange.migrate()

    door.at_request = move
    ran = gone(bitget, door, "panic --yes --json --product usdt-futures")
    assert (ran.status, moved) == (0, [True]), ran.err
    assert not [name for name in door.left() if name.startswith("usdt-futures")]


HERE = Path(__file__).parents[1]


@pytest.mark.parametrize(
    ("stage", "stride", "at_least"),
    [
        ("isolated", 300, 3),
        ("unified_hedged", 700, 2),
        pytest.param("isolated", 1, 600, marks=pytest.mark.slow),
        *(pytest.param(name, 3, 400, marks=pytest.mark.slow) for name in ("hedged", "unified_hedged")),
    ],
)
def test_killed_anywhere_and_typed_again_it_goes_on(stage: str, stride: int, at_least: int, home: Path) -> None:
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join([str(HERE), *sys.path])}
    words = [sys.executable, str(HERE / "killed_in_panic.py"), str(home), stage, str(stride)]
    ran = subprocess.run(words, capture_output=True, text=True, check=False, env=environ)
    assert ran.returncode == 0, ran.stderr
    points, left = map(int, ran.stdout.split())
    assert points >= at_least
    assert 0 < left <= points
