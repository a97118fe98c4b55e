"""A trigger and the order it placed: the order bears the trigger's id, and nobody may take one for the other."""

from __future__ import annotations

from typing import Any

import pytest
from doubles import Bitget


class Reached:
    """A trigger that was reached, and the limit order it placed, which still waits for its price."""

    def __init__(self, bitget: Bitget, market: str, line: str) -> None:
        self.bitget = bitget
        self.product = "--product spot" if "/" in market else "--product usdt-futures"
        assert bitget("paper clock --set 2026-03-02T12:00").status == 0
        assert bitget("-p paper account transfer USDT 50000 --from spot --to usdt-futures").status == 0
        last = float(self.do(f"market ticker {market} --json")["lastPr"])
        # At the price, so that it is reached long before the limit far from it could be.
        terms = {"trigger": f"{last:.1f}", "limit": f"{last * 0.96:.1f}"}
        self.plan = self.do(f"{line.format_map(terms)} --json")["orderId"]
        # What it may be called.
        self.names = [self.plan, *(["my-plan"] if "my-plan" in line else [])]
        hours = 0
        while (open_ones := self.open_orders()) in ([], [self.plan]) and hours < 24:
            assert bitget("paper clock --advance 1h").status == 0
            hours += 1
        (self.order,) = open_ones

    def open_orders(self) -> list[str]:
        return [row["orderId"] for row in self.do(f"order list {self.product} --json")]

    def do(self, line: str) -> Any:
        ran = self.bitget(f"-p paper {line}")
        assert ran.status == 0, ran.err
        return ran.json

    def refused(self, line: str) -> str:
        ran = self.bitget(f"-p paper {line} {self.product}")
        assert ran.status == 5, ran
        return ran.err


TRIGGERS = {
    "futures": ("BTCUSDT", "plan buy BTCUSDT 0.01 --trigger {trigger} --price {limit} --client-oid my-plan"),
    "spot": ("BTC/USDT", "plan buy BTC/USDT 0.01 --trigger {trigger} --price {limit} --client-oid my-plan"),
    "spot stop": (
        "BTC/USDT",
        "api spot.trade.place-order symbol=BTCUSDT side=buy orderType=limit force=gtc size=0.01 tpslType=tpsl"
        " triggerPrice={trigger} price={limit}",
    ),
}


@pytest.fixture(params=TRIGGERS)
def reached(rich: Bitget, request: pytest.FixtureRequest) -> Reached:
    return Reached(rich, *TRIGGERS[request.param])


def test_each_id_shows_what_it_was_given_for(reached: Reached) -> None:
    for noun in ("order", "plan"):
        for text in reached.names:
            shown = reached.do(f"{noun} show {text} {reached.product} --json")
            assert (shown["orderId"], shown["clientOid"]) == (reached.plan, reached.names[-1])
    led_to = reached.do(f"order show {reached.order} {reached.product} --json")
    assert (led_to["orderId"], led_to["clientOid"]) == (reached.order, reached.plan)


def test_what_is_meant_for_a_trigger_that_was_reached_does_nothing_to_its_order(reached: Reached) -> None:
    for text in reached.names:
        for line in (
            f"plan cancel {text}",
            f"order cancel {text}",
            f"plan modify {text} --price 50000",
            f"order modify {text} --size 0.02",
        ):
            assert "is executed already" in reached.refused(line)
            assert reached.open_orders() == [reached.order]
    changed = reached.do(f"order cancel {reached.order} {reached.product} --json")
    assert changed["outcome"] == "cancelled"


def test_a_trigger_is_still_found_when_its_order_was_changed(reached: Reached) -> None:
    changed = reached.do(f"order modify {reached.order} --size 0.02 {reached.product} --json")
    assert reached.do(f"order show {reached.order} {reached.product} --json")["orderId"] == changed["orderId"]
    for noun in ("order", "plan"):
        assert reached.do(f"{noun} show {reached.plan} {reached.product} --json")["orderId"] == reached.plan
    assert "is executed already" in reached.refused(f"plan cancel {reached.plan}")


@pytest.mark.parametrize("line", ["order cancel {}", "order modify {} --size 0.02"])
def test_a_client_id_of_digits_is_still_found(bitget: Bitget, line: str) -> None:
    for typed in (
        "paper clock --set 2026-03-02T12:00",
        "-p paper order buy BTC/USDT 0.01 --price 60000 --client-oid 2026030212",
        f"-p paper {line.format('2026030212')} --product spot",
    ):
        ran = bitget(typed)
        assert ran.status == 0, ran.err
