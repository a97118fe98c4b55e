"""Whatever a random exchange does, what is told of it holds: a wrong book is marked, no event is told twice or lost."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import accelerated
import pytest
from accelerated import World
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test
from random_account import Account
from random_exchange import FATES, GARBAGE, Exchange
from random_market import MARKET, Markets
from watch_laws import ACCOUNT_LAWS, LAWS, Laws
from watch_mutants import MUTANTS

# Seconds between one thing and the next, mostly few.
WAITS = st.sampled_from([0.0, 0.2, 0.7, 1.5, 4.0, 7.0, 12.0, 65.0])
# A connection before it begins, and after the last trouble the longest wait of a stream that was asked for in vain.
_BEFORE, _AFTER, _LONGEST_AFTER = 3.0, 12.0, 900.0
# The channel of the line itself, or the ticker that is followed beside a book.
_CHANNELS = st.sampled_from(["own", "own", "beside"])
OWN = {
    "depth": "books",
    "ticker": "ticker",
    "trades": "trade",
    "candles": "candle1m",
    "orders": "orders",
    "plans": "orders-algo",
    "fills": "fill",
    "positions": "positions",
    "account": "account",
}


class Script:
    """What goes wrong, one after the other, in a stream that is watched; played when all is written."""

    def __init__(self) -> None:
        self._acts: list[tuple[float, Callable[[], object]]] = []
        self._at = _BEFORE

    def add(self, wait: float, act: Callable[[], object]) -> None:
        self._at += wait
        self._acts.append((self._at, act))

    def play(self, line: str, exchange: Exchange, laws: Laws, *, home: Path) -> None:
        world = exchange.world
        began = world.ticks
        for at, act in self._acts:
            world.at(began + at, act)
        healed = began + self._at + 0.1
        world.at(healed, exchange.heal)
        broken: list[AssertionError] = []

        def judged(law: Callable[..., None], *given: Any) -> None:
            """To the program a law that is broken is a defect like any other, which it tells in its own way."""
            try:
                law(*given)
            except AssertionError as fault:
                broken.append(fault)
                raise

        def goes_on() -> bool:
            judged(laws.step)
            calm = world.ticks - max(healed, exchange.trouble_until())
            if exchange.refused and calm > _AFTER and not exchange.is_deaf():
                return False
            judged(_comes_right, line, calm)
            # A line on which nothing arrives must be found to be one.
            return calm < _AFTER or exchange.is_deaf() or not laws.is_settled()

        status, err = accelerated.watch(
            f"{line} --strict --json",
            world,
            home=home,
            connect=exchange.connect,
            http=exchange,
            read=lambda told: judged(laws.read, told),
            step=goes_on,
        )
        if broken:
            raise broken[0]
        assert "defect" not in err, err
        if status in (5,) and exchange.refused:
            return
        laws.end(status)


def _comes_right(line: str, calm: float) -> None:
    assert calm < _LONGEST_AFTER, f"{line} does not come right"


def public(home: Path, only: str = "") -> type[RuleBasedStateMachine]:
    """Markets, and all that can go wrong with their streams."""

    class Public(RuleBasedStateMachine):
        @initialize(line=st.just(only) if only else st.sampled_from(sorted(LAWS)), seed=st.integers(0, 1 << 16))
        def open(self, line: str, seed: int) -> None:
            self.line, self.script = line, Script()
            self.markets = Markets(World(), seed)

        def is_depth(self) -> bool:
            return self.line.startswith("depth")

        def channel(self, which: str) -> str:
            own = OWN[self.line.split()[0]]
            return "ticker" if which == "beside" and own == "books" else own

        @precondition(lambda self: self.is_depth())
        @rule(wait=WAITS, updates=st.integers(1, 3))
        def lose_updates(self, wait: float, updates: int) -> None:
            self.script.add(wait, lambda: setattr(self.markets, "lost_updates", updates))

        @precondition(lambda self: self.is_depth())
        @rule(
            wait=WAITS,
            number=st.sampled_from([2, 500, 999_990, 2_000_000]),
            how=st.sampled_from(["zero", "own", "ours"]),
        )
        def restart(self, wait: float, number: int, how: str) -> None:
            self.script.add(wait, lambda: setattr(self.markets, "restart", (number, how)))

        @precondition(lambda self: self.is_depth())
        @rule(wait=WAITS)
        def repeat(self, wait: float) -> None:
            def act() -> None:
                market = self.markets.of["BTCUSDT"]
                if market.last_update:
                    self.markets.push((MARKET, "books", "BTCUSDT"), [market.last_update])

            self.script.add(wait, act)

        @rule(wait=WAITS, channel=_CHANNELS, fates=st.lists(st.sampled_from(FATES), min_size=1, max_size=3))
        def answer_subscriptions(self, wait: float, channel: str, fates: list[str]) -> None:
            self.script.add(wait, lambda: self.markets.fates.update({self.channel(channel): list(fates)}))

        @rule(
            wait=WAITS,
            channels=st.sampled_from([("ticker",), ("books",), ("ticker", "books")]),
            seconds=st.sampled_from([2.0, 8.0, 20.0, 60.0]),
        )
        def silence(self, wait: float, channels: tuple[str, ...], seconds: float) -> None:
            self.script.add(wait, lambda: self.markets.silence(channels, seconds))

        @rule(wait=WAITS, channel=_CHANNELS, kinds=st.lists(st.sampled_from(sorted(GARBAGE)), min_size=1, max_size=2))
        def garble(self, wait: float, channel: str, kinds: list[str]) -> None:
            self.script.add(wait, lambda: self.markets.garbage.update({self.channel(channel): list(kinds)}))

        @rule(wait=WAITS, channel=_CHANNELS)
        def swap_rows(self, wait: float, channel: str) -> None:
            self.script.add(wait, lambda: self.markets.swap(self.channel(channel)))

        @rule(wait=WAITS, seconds=st.sampled_from([4.0, 15.0]))
        def rest(self, wait: float, seconds: float) -> None:
            self.script.add(wait, lambda: setattr(self.markets, "rests_until", self.markets.world.ticks + seconds))

        @rule(wait=WAITS)
        def cut(self, wait: float) -> None:
            self.script.add(wait, lambda: self.markets.cut())

        @rule(wait=WAITS)
        def deafen(self, wait: float) -> None:
            self.script.add(wait, lambda: self.markets.deafen())

        @rule(wait=WAITS, seconds=st.sampled_from([400.0, 0.5, 7.0, 150.0]), reached=st.booleans())
        def outage(self, wait: float, seconds: float, *, reached: bool) -> None:
            self.script.add(wait, lambda: self.markets.outage(seconds, reached=reached))

        def teardown(self) -> None:
            if hasattr(self, "script"):
                line = f"{self.line} --product usdt-futures"
                self.script.play(line, self.markets, LAWS[self.line](self.markets), home=home)

    return Public


def private(home: Path, only: str = "") -> type[RuleBasedStateMachine]:
    """An account, and all that can go wrong with its streams and with the calls that make them whole."""

    class Private(RuleBasedStateMachine):
        @initialize(
            line=st.just(only) if only else st.sampled_from(sorted(ACCOUNT_LAWS)),
            product=st.sampled_from(["--product usdt-futures", ""]),
        )
        def open(self, line: str, product: str) -> None:
            self.line, self.product, self.script = line, product, Script()
            self.account = Account(World())

        def add(self, wait: float, act: Callable[[], object]) -> None:
            self.script.add(wait, act)

        @rule(wait=WAITS, what=st.integers(0, 9), which=st.integers(0, 3), lots=st.integers(1, 4))
        def something_happens(self, wait: float, what: int, which: int, lots: int) -> None:
            acts = self.account.acts(OWN[self.line])
            act = acts[what % len(acts)]
            self.add(wait, lambda: act(which, lots))

        @rule(wait=WAITS, which=st.integers(0, 3), lots=st.integers(1, 4))
        def something_happens_after_an_answer(self, wait: float, which: int, lots: int) -> None:
            """REST has made its answer and not yet given it, the line is lost a second time, and is soon back."""
            act = self.account.acts(OWN[self.line])[0]
            self.add(wait, lambda: setattr(self.account, "rest_seconds", (0.0, 4.0)))
            self.add(0.0, lambda: self.account.cut())
            self.add(2.5, lambda: self.account.cut())
            self.add(0.1, lambda: act(which, lots))

        @rule(wait=WAITS, which=st.integers(0, 3), lots=st.integers(1, 2))
        def something_happens_again(self, wait: float, which: int, lots: int) -> None:
            act = self.account.acts(OWN[self.line])[0]
            self.add(wait, lambda: (act(which, lots), act(which, lots)))

        @rule(wait=WAITS, fates=st.lists(st.sampled_from(FATES), min_size=1, max_size=3))
        def answer_subscriptions(self, wait: float, fates: list[str]) -> None:
            self.add(wait, lambda: self.account.fates.update({OWN[self.line]: list(fates)}))

        @rule(wait=WAITS, kinds=st.lists(st.sampled_from(sorted(GARBAGE)), min_size=1, max_size=2))
        def garble(self, wait: float, kinds: list[str]) -> None:
            self.add(wait, lambda: self.account.garbage.update({OWN[self.line]: list(kinds)}))

        @rule(wait=WAITS, which=st.integers(0, 9))
        def repeat(self, wait: float, which: int) -> None:
            self.add(wait, lambda: self.account.repeat(OWN[self.line], which))

        @rule(wait=WAITS)
        def swap_rows(self, wait: float) -> None:
            self.add(wait, lambda: self.account.swap(OWN[self.line]))

        @rule(wait=WAITS)
        def cut(self, wait: float) -> None:
            self.add(wait, lambda: self.account.cut())

        @rule(wait=WAITS)
        def deafen(self, wait: float) -> None:
            self.add(wait, lambda: self.account.deafen())

        @rule(wait=WAITS, seconds=st.sampled_from([0.5, 7.0, 90.0]), reached=st.booleans())
        def outage(self, wait: float, seconds: float, *, reached: bool) -> None:
            self.add(wait, lambda: self.account.outage(seconds, reached=reached))

        @rule(
            wait=WAITS,
            seconds=st.sampled_from([1.0, 20.0, 90.0]),
            fault=st.sampled_from(["dead", "page", "null", "slow", "429"]),
        )
        def lose_rest(self, wait: float, seconds: float, fault: str) -> None:
            self.add(wait, lambda: self.account.lose_rest(seconds, fault))

        @rule(wait=WAITS, before=st.sampled_from([0.0, 0.3, 4.0]), after=st.sampled_from([0.0, 0.3, 4.0]))
        def slow_rest(self, wait: float, before: float, after: float) -> None:
            self.add(wait, lambda: setattr(self.account, "rest_seconds", (before, after)))

        def teardown(self) -> None:
            if hasattr(self, "script"):
                laws = ACCOUNT_LAWS[self.line](self.account)
                self.script.play(f"{self.line} {self.product}", self.account, laws, home=home)

    return Private


def rules(examples: int, **more: Any) -> settings:
    return settings(
        max_examples=examples,
        stateful_step_count=8,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
        **more,
    )


def machine(home: Path, line: str) -> type[RuleBasedStateMachine]:
    return public(home, line) if line in LAWS else private(home, line)


@pytest.mark.parametrize("line", [*sorted(LAWS), *sorted(ACCOUNT_LAWS)])
def test_whatever_an_exchange_does_what_is_told_of_it_holds(home: Path, line: str) -> None:
    run_state_machine_as_test(machine(home, line), settings=rules(3))


# `pytest -m slow tests/commands/test_watch_random.py`


@pytest.mark.slow
@pytest.mark.parametrize("made", [public, private])
def test_two_thousand_exchanges(home: Path, made: Callable[[Path], type[RuleBasedStateMachine]]) -> None:
    run_state_machine_as_test(made(home), settings=rules(2_000))


@pytest.mark.slow
@pytest.mark.parametrize("name", MUTANTS)
def test_a_client_that_leaves_something_out_is_found_out(home: Path, name: str) -> None:
    mutant = MUTANTS[name]
    with ExitStack() as stack:
        for each in mutant.patches():
            stack.enter_context(each)
        with pytest.raises(AssertionError):
            run_state_machine_as_test(
                machine(home, mutant.line), settings=rules(1_500, phases=[Phase.generate], print_blob=False)
            )
