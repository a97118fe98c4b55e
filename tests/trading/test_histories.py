"""In every history of faults there is at most one order for each intent, and nothing told that time proves wrong."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import histories
import pytest
from fake_exchange import FakeExchange, UnifiedFakeExchange
from histories import ANSWERS, History, ResendingClient, Step
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from bitget_cli.client.rest.client import Client
from bitget_cli.journal import Journal

SECONDS = st.floats(0.0, 45.0)


def machine(
    journal: Journal, client: type[Client] = Client, exchange: type[FakeExchange] = FakeExchange
) -> Callable[[], RuleBasedStateMachine]:
    """Orders, faults, silence and reconciling in any order, on a clock that only the machine moves."""

    class Trading(RuleBasedStateMachine):
        @initialize(skew=st.floats(-25.0, 25.0))
        def open(self, skew: float) -> None:
            self.history = History(journal, skew=skew, client=client, exchange=exchange)

        @rule(
            kind=st.sampled_from(["market", "limit"]),
            answer=st.sampled_from(sorted(ANSWERS)),
            delivered=st.none() | st.just(0.0) | SECONDS,
            outage=st.just(0.0) | SECONDS,
            blind=st.sampled_from([(), *histories.BLINDNESS]),
            lag=st.floats(0.0, 2.0),
            stale_look=st.integers(0, 3),
            dies_at_request=st.integers(0, 6),
        )
        def order(
            self,
            *,
            kind: str,
            answer: str,
            delivered: float | None,
            outage: float,
            blind: tuple[str, ...],
            lag: float,
            stale_look: int,
            dies_at_request: int,
        ) -> None:
            step = Step(
                kind, answer, delivered, 10.0, outage, blind, lag, stale_look, dies_at_request, reconciles=False
            )
            self.history.take(step)

        @rule(seconds=SECONDS)
        def time_passes(self, seconds: float) -> None:
            self.history.clock.sleep(seconds)
            self.history.exchange.deliver_due()

        @rule()
        def reconcile(self) -> None:
            self.history.reconcile()

        def teardown(self) -> None:
            if hasattr(self, "history"):
                self.history.end()

    return Trading


@pytest.fixture
def journal() -> Iterator[Journal]:
    folder = histories.folder_in_memory()
    one = Journal(Path(folder) / "journal.sqlite3")
    yield one
    one.close()
    shutil.rmtree(folder)


def rules(examples: int, **more: object) -> settings:
    return settings(
        max_examples=examples,
        stateful_step_count=4,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
        **more,  # type: ignore[arg-type]  # names of Hypothesis's own
    )


BOTH = pytest.mark.parametrize("exchange", [FakeExchange, UnifiedFakeExchange], ids=["classic", "unified"])


@BOTH
def test_whatever_happens_there_is_one_order_at_most_and_no_false_word(
    journal: Journal, exchange: type[FakeExchange]
) -> None:
    run_state_machine_as_test(machine(journal, exchange=exchange), settings=rules(100))


# With those above 2 000 of a unified account; in shares, which run side by side.
DAYS = [
    pytest.param(FakeExchange, 200, 20260302, id="classic"),
    pytest.param(FakeExchange, 1700, 20260303, id="classic, more of them", marks=pytest.mark.slow),
    *(pytest.param(UnifiedFakeExchange, 475, seed, id=f"unified, {seed}") for seed in range(20260302, 20260306)),
]


@pytest.mark.parametrize(("exchange", "days", "seed"), DAYS)
def test_days_of_trouble(exchange: type[FakeExchange], days: int, seed: int) -> None:
    assert histories.run(days, seed=seed, most_orders=1, exchange=exchange) == days


@BOTH
def test_an_engine_that_sends_again_under_the_same_id_is_found_out(
    journal: Journal, exchange: type[FakeExchange]
) -> None:
    with pytest.raises(AssertionError, match="orders for one intent"):
        run_state_machine_as_test(
            machine(journal, ResendingClient, exchange), settings=rules(300, phases=[Phase.generate], print_blob=False)
        )


@BOTH
def test_an_engine_that_sends_again_is_found_out_by_chance_too(exchange: type[FakeExchange]) -> None:
    with pytest.raises(AssertionError, match="orders for one intent"):
        histories.run(300, seed=1, client=ResendingClient, exchange=exchange)


@pytest.mark.slow
@BOTH
def test_a_hundred_thousand_days_of_trouble(exchange: type[FakeExchange]) -> None:
    for seed in range(200):
        histories.run(500, seed=random.Random(seed).randrange(1 << 30), exchange=exchange)
