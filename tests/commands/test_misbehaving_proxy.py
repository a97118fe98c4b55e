"""Every command that changes something, behind a proxy that misbehaves: one sending, the true end, its exit status."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from doubles import Bitget, Ran, StillClock
from misbehaving import (
    KEYS,
    LOST,
    NEVER,
    STAGES,
    Fault,
    Proxy,
    as_it_is,
    coded,
    enter,
    make_stage,
    of_another,
    saying,
    too_many,
)

from bitget_cli.catalogue.envelope import Meaning, RefusedFor, codes
from bitget_cli.commands import account, convert, order, plan, position
from bitget_cli.commands.command import _built
from bitget_cli.journal import Entry, Journal

AMBIGUOUS = [
    *("40010", "40015", "40200", "40725", "40808", "40908", "40910", "45001", "45023", "50031", "43002", "43003"),
    *("25000", "25001", "25002", "25003", "25004"),
]
LATE = Fault("late", after=20.0)
TWICE = Fault("delivered twice", arrives=2, answer=as_it_is)
FAULTS = [
    LOST,
    NEVER,
    LATE,
    TWICE,
    Fault("429 after acceptance", answer=too_many),
    Fault("another's answer", answer=of_another),
]
SAYS_NOTHING: dict[str, Any] = {"null": None, "{}": {}, "no lists": {"successList": [], "failureList": []}}
EMPTY = [
    Fault(f"{name} in answer to what {told}", arrives=arrives, answer=saying(data))
    for arrives, told in ((0, "never arrived"), (1, "was done"))
    for name, data in SAYS_NOTHING.items()
]
# What the second delivery of an accepted change is refused with.
SECOND = [
    Fault(f"{each} after acceptance", answer=coded(each))
    for each in sorted(one.code for one in codes() if one.refused_for)
]
CODES = [
    Fault(f"{code}{told}", arrives=arrives, answer=coded(code))
    for code in AMBIGUOUS
    for arrives, told in ((1, " after acceptance"), (0, " and it never arrived"))
]


class Command(NamedTuple):
    """A command line and what the account holds before it; `typed` is its standard input."""

    line: str
    stage: str = "busy"
    typed: str = ""

    def __str__(self) -> str:
        return f"{self.line} ({self.stage})"


ORDERS = "symbol,side,size,price\nBTCUSDT,buy,0.01,60000\nBTCUSDT,buy,0.02,61000\n"
SPOT_ORDERS = "symbol,side,size,price\nBTC/USDT,buy,0.01,60000\nBTC/USDT,buy,0.02,61000\n"
COMMANDS = [
    Command("order buy BTCUSDT 0.01", "flat"),
    Command("order buy BTCUSDT 0.01 --price 60000", "flat"),
    Command("order sell BTCUSDT 0.01", "hedged"),
    Command("order sell BTCUSDT 0.1 --close"),
    Command("order buy ETHPERP 0.1 --product usdc-futures", "flat"),
    Command("order sell BTCUSD 0.1 --product coin-futures", "flat"),
    Command("order buy BTC/USDT --quote 500", "flat"),
    Command("order sell BTC/USDT 0.01 --price 70000", "flat"),
    Command("order batch -", "flat", ORDERS),
    Command("order batch -", "flat", SPOT_ORDERS),
    Command("order modify rests-1 --price 60500 --size 0.02"),
    Command("order ladder buy BTCUSDT 0.03 --from 60500 --to 60000 --steps 3", "flat"),
    Command("order modify spot-1 --price 60500 --size 0.02"),
    Command("order modify rests-1 --tp 70000"),
    Command("order cancel rests-1"),
    Command("order cancel rests-1 rests-2"),
    Command("order cancel spot-1"),
    Command("order cancel spot-1 spot-2"),
    Command("order cancel-all BTCUSDT"),
    Command("order cancel-all"),
    Command("order cancel-all BTC/USDT"),
    Command("position close BTCUSDT"),
    Command("position close BTCUSDT --side short", "hedged"),
    Command("position close BTCUSDT --percent 50"),
    Command("position close BTCUSD --product coin-futures"),
    Command("position close-all"),
    Command("position close-all", "hedged"),
    Command("position reverse BTCUSDT"),
    Command("position reverse BTCUSDT --side short", "hedged"),
    Command("position reverse BTCUSD --product coin-futures"),
    Command("plan buy BTCUSDT 0.01 --trigger 61000", "flat"),
    Command("plan sell BTCUSDT 0.01 --trigger 70000 --callback 1 --close"),
    Command("plan buy BTC/USDT 0.01 --trigger 61000 --price 61000", "flat"),
    Command("plan tpsl BTCUSDT --tp 75000 --sl 55000"),
    Command("plan tpsl BTCUSDT --side long --tp 75000 --sl 55000", "hedged"),
    Command("plan tpsl BTCUSDT --sl 54000 --size 0.1"),
    Command("plan tpsl BTCUSDT --trailing 2"),
    Command("plan modify waits-1 --trigger 60500"),
    Command("plan modify exit-1 --trigger 54000"),
    Command("plan modify spot-waits-1 --trigger 60500 --price 60500"),
    Command("plan cancel waits-1"),
    Command("plan cancel waits-1 exit-1"),
    Command("plan cancel spot-waits-1"),
    Command("plan cancel-all BTCUSDT"),
    Command("plan cancel-all"),
    Command("plan cancel-all BTC/USDT"),
    Command("account leverage BTCUSDT 7", "flat"),
    Command("account leverage BTCUSDT 7", "isolated"),
    Command("account leverage BTCUSD 7 --product coin-futures", "flat"),
    Command("account margin-mode BTCUSDT isolated", "flat"),
    Command("account position-mode hedge", "flat"),
    Command("account position-mode hedge --product coin-futures", "flat"),
    Command("account margin BTCUSDT --add 100", "isolated"),
    Command("account margin BTCUSDT --remove 100", "isolated"),
    Command("account auto-margin BTCUSDT off", "isolated"),
    Command("account transfer USDT 100 --from spot --to usdt-futures", "flat"),
    Command("convert trade USDT BTC --from-size 100", "flat"),
    Command("convert bgb ETH", "flat"),
]
BTCUSDT = "symbol=BTCUSDT productType=USDT-FUTURES"
TERMS = "marginMode=crossed marginCoin=USDT side=buy size=0.01"
RESTS = '{"side": "buy", "orderType": "limit", "force": "gtc", "size": "0.01"'
ITEMS = f'[{RESTS}, "price":"60000", "clientOid":"raw-a"}}, {RESTS}, "price":"61000", "clientOid":"raw-b"}}]'
# The same changes as a person writes them, byte for byte.
RAW = [
    Command(f"api mix.order.place-order {BTCUSDT} {TERMS} orderType=market clientOid=raw-1", "flat"),
    Command(
        "api POST /api/v2/spot/trade/place-order --data -",
        "flat",
        f'{RESTS}, "symbol" : "BTCUSDT", "price":"60000","clientOid":"raw-2" }}',
    ),
    Command(
        f"api mix.order.place-plan-order {BTCUSDT} {TERMS} orderType=market planType=normal_plan triggerPrice=61000"
        " triggerType=mark_price clientOid=raw-3",
        "flat",
    ),
    Command(
        "api mix.order.batch-place-order --data -",
        "flat",
        '{"symbol":"BTCUSDT","productType":"usdt-futures","marginMode":"crossed","marginCoin":"USDT",'
        f' "orderList" :{ITEMS}}}',
    ),
    Command(f"api spot.trade.batch-orders symbol=BTCUSDT 'orderList={ITEMS}'", "flat"),
    Command(f"api mix.order.modify-order {BTCUSDT} clientOid=rests-1 newPrice=60500 newSize=0.02 newClientOid=raw-4"),
    Command("api spot.trade.cancel-replace-order symbol=BTCUSDT clientOid=spot-1 price=60500 size=0.02"),
    Command("api mix.order.modify-plan-order productType=USDT-FUTURES clientOid=waits-1 newTriggerPrice=60500"),
    Command(f"api mix.order.cancel-order {BTCUSDT} clientOid=rests-1"),
    Command(
        f"api mix.order.batch-cancel-orders {BTCUSDT}"
        """ 'orderIdList=[{"clientOid":"rests-1"}, {"clientOid":"rests-2"}]'"""
    ),
    Command(f"""api mix.order.cancel-plan-order {BTCUSDT} 'orderIdList=[{{"clientOid":"waits-1"}}]'"""),
    Command(f"api mix.order.close-positions {BTCUSDT}"),
    Command("api spot.wallet.transfer fromType=spot toType=usdt_futures amount=100 coin=USDT clientOid=raw-5", "flat"),
]
# It is so already, so that it is done whatever became of the request.
ALREADY_SO = "account auto-margin BTCUSDT off"


@pytest.fixture(scope="module")
def stages(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    folder = tmp_path_factory.mktemp("stages")

    def stage(name: str) -> Path:
        path = folder / f"{name}.sqlite3"
        if not path.exists():
            make_stage(name, path)
        return path

    return stage


class Trial(NamedTuple):
    """A command tried behind a proxy."""

    proxy: Proxy
    ran: Ran
    journal: Path

    @property
    def entries(self) -> tuple[Entry, ...]:
        journal = Journal(self.journal)
        found = journal.entries()
        journal.close()
        return found


@pytest.fixture
def tried(
    bitget: Bitget, home: Path, clock: StillClock, stages: Callable[[str], Path]
) -> Callable[[Command, Fault, float], Trial]:
    def tries(command: Command, fault: Fault, blind_for: float = -1.0) -> Trial:
        proxy = enter(stages(command.stage), home / "exchange.sqlite3", clock, fault, blind_for=blind_for)
        ran = bitget(f"{command.line} --yes --json", http=proxy, env=KEYS, typed=command.typed)
        proxy.deliver_due(all_of_it=True)
        mark = hashlib.sha256(KEYS["BITGET_API_KEY"].encode()).hexdigest()[:16]
        return Trial(proxy, ran, home / "state" / "bitget" / "journal" / f"live-live-elsewhere-{mark}.sqlite3")

    return tries


def check_truth(command: Command, trial: Trial) -> list[bool]:
    """Every entry has its end, and it is the true one. Answers which were done."""
    truth = []
    for entry in trial.entries:
        done = trial.proxy.was_done(entry.body) or command.line == ALREADY_SO
        good, bad = ("placed", "cancelled", "done"), ("rejected", "not_placed")
        assert entry.state.value in (good if done else bad), (entry.what, entry.state, entry.answer)
        truth.append(done)
    assert truth, trial.ran.err
    return truth


def check_sent_once(trial: Trial) -> None:
    assert len(set(trial.proxy.sent)) == len(trial.proxy.sent), "a change was sent again"
    assert len({body for _, body in trial.proxy.sent}) <= len(trial.entries)


def check(command: Command, trial: Trial) -> None:
    truth = check_truth(command, trial)
    check_sent_once(trial)
    status = 0 if all(truth) else 8 if any(truth) else 6
    assert trial.ran.status == status, (trial.ran.err, trial.proxy.arrivals)


def kind_of(command: Command) -> str:
    """What is typed and where: commands of one kind build and look for the same thing, of other sizes and sorts."""
    where = "spot" if "BTC/USDT" in command.line + command.typed or "spot-" in command.line else "futures"
    return f"{' '.join(command.line.split()[:2])} in {where}"


KINDS: dict[str, list[Command]] = {}
for _command in COMMANDS:
    KINDS.setdefault(kind_of(_command), []).append(_command)
# One of every kind.
FIRST = [commands[0] for commands in KINDS.values()]


def shared() -> tuple[list[Any], list[Any]]:
    """The faults dealt out among the commands of a kind, of which each loses its answer; and what nobody was dealt."""
    dealt = [
        (command, fault)
        for commands in KINDS.values()
        for number, command in enumerate(commands)
        for fault in [LOST, *FAULTS[1:][number % len(FAULTS[1:]) :: len(commands)]]
    ]
    every = [(command, fault) for command in COMMANDS for fault in FAULTS]
    return list(dict.fromkeys(dealt)), [case for case in every if case not in dealt]


def named(pairs: Sequence[tuple[Command, Fault]]) -> list[Any]:
    return [pytest.param(command, fault, id=f"{command}-{fault}") for command, fault in pairs]


def cases(commands: Sequence[Command], faults: Sequence[Fault]) -> list[Any]:
    """Every command with every fault."""
    return named([(command, fault) for command in commands for fault in faults])


def spread(commands: Sequence[Command], faults: Sequence[Fault], *, every: int) -> list[Any]:
    """Each command with every so many of the faults, another of them first from command to command."""
    return [
        case for number, command in enumerate(commands) for case in cases([command], faults[number % every :: every])
    ]


DEALT, NOT_DEALT = shared()
OF_RAW = [TWICE, *FAULTS[-2:]]


@pytest.mark.parametrize(
    ("command", "fault"), named(DEALT) + cases(RAW, [LOST]) + spread(RAW, OF_RAW, every=len(OF_RAW))
)
def test_a_change_that_meets_a_fault_ends_with_the_truth(
    command: Command, fault: Fault, tried: Callable[..., Trial]
) -> None:
    check(command, tried(command, fault))


@pytest.mark.slow
@pytest.mark.parametrize(("command", "fault"), named(NOT_DEALT) + cases(RAW, OF_RAW))
def test_so_does_each_of_them_that_meets_any_other(command: Command, fault: Fault, tried: Callable[..., Trial]) -> None:
    check(command, tried(command, fault))


def test_every_kind_of_command_meets_every_fault() -> None:
    met = {(kind_of(command), fault.name) for command, fault in DEALT}
    assert met == {(kind, fault.name) for kind in KINDS for fault in FAULTS}
    assert {command for command, _ in DEALT} == set(COMMANDS)


# Every code, in turn where the change was done and where it never arrived.
@pytest.mark.parametrize(("command", "fault"), cases(COMMANDS[:1], [*CODES[::4], *CODES[3::4]]))
def test_a_code_that_says_nothing_for_certain_is_looked_into(
    command: Command, fault: Fault, tried: Callable[..., Trial]
) -> None:
    check(command, tried(command, fault))


@pytest.mark.parametrize(("command", "fault"), cases(FIRST, EMPTY[:1]))
def test_an_answer_that_says_nothing_is_no_success(command: Command, fault: Fault, tried: Callable[..., Trial]) -> None:
    check(command, tried(command, fault))


@pytest.mark.slow
@pytest.mark.parametrize(("command", "fault"), cases(COMMANDS, EMPTY))
def test_nor_is_any_other_answer_that_says_nothing(command: Command, fault: Fault, tried: Callable[..., Trial]) -> None:
    check(command, tried(command, fault))


@pytest.mark.parametrize(("command", "fault"), spread(COMMANDS, SECOND[::3], every=len(SECOND[::3])))
def test_what_a_second_delivery_is_refused_with_is_looked_into(
    command: Command, fault: Fault, tried: Callable[..., Trial]
) -> None:
    check(command, tried(command, fault))


@pytest.mark.slow
@pytest.mark.parametrize(("command", "fault"), spread(COMMANDS, SECOND, every=4))
def test_so_is_every_other_code_of_them(command: Command, fault: Fault, tried: Callable[..., Trial]) -> None:
    check(command, tried(command, fault))


def test_the_codes_of_a_second_delivery_are_codes_that_refuse() -> None:
    refusals = [each for each in codes() if each.refused_for]
    assert {each.meaning for each in refusals} == {Meaning.REFUSED, Meaning.NOT_FOUND}
    assert {each.refused_for for each in refusals} == set(RefusedFor)
    assert len(refusals) == 216


@pytest.mark.slow
@pytest.mark.parametrize(("command", "fault"), cases(COMMANDS, CODES))
def test_such_a_code_is_looked_into_for_every_command(
    command: Command, fault: Fault, tried: Callable[..., Trial]
) -> None:
    check(command, tried(command, fault))


@pytest.mark.parametrize(("command", "fault"), cases(FIRST, [LOST]))
def test_what_nobody_could_find_out_is_settled_once_the_exchange_answers_again(
    command: Command, fault: Fault, bitget: Bitget, tried: Callable[..., Trial]
) -> None:
    check_settled_later(command, fault, bitget, tried)


@pytest.mark.slow
@pytest.mark.parametrize(("command", "fault"), cases(COMMANDS, [LOST, NEVER]))
def test_so_is_each_of_them_whether_it_arrived_or_not(
    command: Command, fault: Fault, bitget: Bitget, tried: Callable[..., Trial]
) -> None:
    check_settled_later(command, fault, bitget, tried)


def check_settled_later(command: Command, fault: Fault, bitget: Bitget, tried: Callable[..., Trial]) -> None:
    trial = tried(command, fault, 100.0)
    assert trial.ran.status in (7, 8), trial.ran.err
    assert "unknown" in {entry.state.value for entry in trial.entries}
    bitget.clock.sleep(100.0)
    ran = bitget("order reconcile --json", http=trial.proxy, env=KEYS)
    assert ran.status == 0, ran.err
    check_truth(command, trial)
    check_sent_once(trial)
    assert bitget("order log --unsettled --json", env=KEYS).json == []


def test_the_sweep_has_every_command_that_changes_something() -> None:
    told = {tuple(command.line.split()[:2]) for command in COMMANDS}
    groups = [order.group, position.group, plan.group, account.group, convert.group]
    changes = {
        (group.name, name)
        for group in groups
        for name, function in group.functions.items()
        # The account of this sweep is a classic one, which has no orders of several parts: nothing is sent for them.
        if name not in ("reconcile", "oco", "twap", "iceberg")
        and any(option.name == "yes" for option in _built(name, function).params)
    }
    assert changes == told
    assert set(STAGES) == {command.stage for command in COMMANDS}
