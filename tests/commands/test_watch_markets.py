"""Streams of the account, of some markets alone."""

from __future__ import annotations

import pytest
from doubles import Bitget

from bitget_cli.runtime import SystemClock


@pytest.mark.parametrize("kind", ["classic", "unified"])
def test_a_stream_of_the_account_is_of_the_markets_that_are_typed(bitget: Bitget, kind: str) -> None:
    bitget.clock = SystemClock()
    for line in (
        f"paper reset --account {kind}",
        "order buy BTCUSDT 0.01 --price 30000 --allow-far",
        "order buy ETHUSDT 0.1 --price 500 --allow-far",
        "order buy SOLUSDT 1 --price 10 --allow-far",
    ):
        assert bitget(f"-p paper {line}").status == 0
    told = bitget("-p paper watch orders ethusdt SOLUSDT --count 2 --duration 20s --no-status --fields symbol -o csv")
    assert (told.status, sorted(told.lines[1:])) == (0, ["ETHUSDT", "SOLUSDT"])


def test_what_is_no_market_of_it_is_refused(bitget: Bitget) -> None:
    refused = bitget("-p paper watch orders BTCUSDT --raw")
    assert (refused.status, "--raw shows frames" in refused.err) == (2, True)
