"""On days on which Bitget moves the account there is one order at most for each intent, and no false word."""

from __future__ import annotations

from typing import Any

import moving_histories
import pytest

from bitget_cli.client.rest.client import Client
from bitget_cli.errors import BitgetError, UnavailableError, UnknownError
from bitget_cli.trading import execution, reconciliation


@pytest.mark.parametrize("count", [60, pytest.param(20_000, marks=pytest.mark.slow)])
def test_days_of_moving(count: int) -> None:
    assert moving_histories.run(count, seed=20260302, most_orders=1) == count


def sends_again(patch: pytest.MonkeyPatch) -> None:
    plain = Client.send

    def send(own: Client, call: Any, **more: Any) -> Any:
        try:
            return plain(own, call, **more)
        except UnknownError:
            return plain(own, call, **more)

    patch.setattr(Client, "send", send)


def takes_doubt_for_a_refusal(patch: pytest.MonkeyPatch) -> None:
    """What is in doubt is spelt anew, as if it had been refused for the kind."""
    plain = execution._of_other_kind

    def of(failure: BitgetError) -> UnavailableError | None:
        if isinstance(failure, UnknownError):
            newer = "/api/v3/" in str(failure.endpoint)
            return UnavailableError("in doubt", code="40084" if newer else "40085")
        return plain(failure)

    patch.setattr(execution, "_of_other_kind", of)


def takes_absence_for_a_proof(patch: pytest.MonkeyPatch) -> None:
    """What the account does not show after it was moved was not placed."""
    patch.setattr(reconciliation, "_after_the_move", lambda _, result: result)


_DOUBLE = "orders for one intent|and it stands|still to come"
MUTANTS = {
    "sends again": (sends_again, _DOUBLE),
    "takes doubt for a refusal": (takes_doubt_for_a_refusal, _DOUBLE),
    "takes absence for a proof": (takes_absence_for_a_proof, "and it stands"),
}


@pytest.mark.parametrize("mutant", MUTANTS)
def test_an_engine_that_gets_it_wrong_is_found_out(mutant: str, monkeypatch: pytest.MonkeyPatch) -> None:
    spoil, law = MUTANTS[mutant]
    spoil(monkeypatch)
    with pytest.raises(AssertionError, match=law):
        moving_histories.run(300, seed=7)
