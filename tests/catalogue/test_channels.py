"""The channels as rows of data, and the command line's words for them."""

from __future__ import annotations

import subprocess
import sys

import pytest
from rules import for_each

from bitget_cli.catalogue.channels import (
    CHANNELS,
    FUTURES,
    INTERVALS,
    Channel,
    Kept,
    candle_channel,
    depth_channel,
    find,
    interval_of,
    of_word,
)
from bitget_cli.catalogue.model import FieldKind
from bitget_cli.catalogue.v3.channels import CHANNELS as UNIFIED
from bitget_cli.errors import UsageError

EACH = for_each([*CHANNELS, *UNIFIED], name=lambda row: f"{row.markets[0]} {row.name}")
EACH_CLASSIC = for_each(CHANNELS, name=lambda row: f"{row.markets[0]} {row.name}")


@EACH
def test_the_names_a_row_relies_on_are_among_its_fields(row: Channel) -> None:
    names = {field.name.rpartition(".")[2] for field in row.fields}
    assert {*row.key, *row.ids, *filter(None, [row.symbol])} <= names


@EACH
def test_rows_that_replace_one_another_have_a_key_and_events_have_ids(row: Channel) -> None:
    if row.kept in (Kept.UPSERT, Kept.SET, Kept.ROWS):
        assert row.key
    assert bool(row.ids) is (row.kept is Kept.EVENTS)


@EACH_CLASSIC
def test_a_channel_is_found_by_market_and_name(row: Channel) -> None:
    name = "candle1m" if row.name == "candle" else row.name
    assert {find(market, name) for market in row.markets} == {row}


def test_no_channel_is_listed_twice_for_a_market() -> None:
    named = [(market, row.name) for row in [*CHANNELS, *UNIFIED] for market in row.markets]
    assert len(named) == len(set(named))


def test_one_private_subscription_of_a_unified_account_tells_of_every_line() -> None:
    private = {row.type: row for row in UNIFIED if row.private}
    assert {"account", "positions", "orders", "plans", "fills"} <= set(private)
    assert {row.markets for row in private.values()} == {("UTA",)}
    assert [row.name for row in private.values() if row.selector] == ["strategy-order"]


def test_both_spellings_of_a_field_are_named() -> None:
    spelt = {field.name: field.also for row in UNIFIED for field in row.fields if field.also}
    assert spelt == {"takeProfit": "takeprofit", "stopLoss": "stoploss", "maxdepth": "maxDepth"}


def test_the_places_of_a_candle_are_named_in_order() -> None:
    row = find("SPOT", "candle1Dutc")
    assert [field.place for field in row.fields] == list(range(8))
    assert [field.name for field in row.fields][:5] == ["start", "open", "high", "low", "close"]
    assert row.fields[0].kind is FieldKind.TIME


@pytest.mark.parametrize("name", ["candle1h", "candle3H", "books50", "markPrice"])
def test_what_the_exchange_refuses_is_no_channel(name: str) -> None:
    with pytest.raises(UsageError, match=name):
        find("SPOT", name)


def test_spot_has_no_positions() -> None:
    with pytest.raises(UsageError, match="spot has no positions"):
        of_word("SPOT", "positions")


@for_each(["SPOT", *FUTURES])
def test_every_market_has_every_word_but_positions(market: str) -> None:
    for word in ("ticker", "depth", "trades", "candles", "account", "orders", "plans", "fills"):
        assert of_word(market, word).type == word


@pytest.mark.parametrize(
    ("levels", "name"),
    [(1, "books1"), (2, "books5"), (5, "books5"), (6, "books15"), (15, "books15"), (16, "books"), (500, "books")],
)
def test_the_depth_asked_for_chooses_the_channel(levels: int, name: str) -> None:
    assert depth_channel(levels) == name


@pytest.mark.parametrize("levels", [0, -1, 501])
def test_a_depth_there_is_not_is_refused(levels: int) -> None:
    with pytest.raises(UsageError, match="between 1 and 500"):
        depth_channel(levels)


@pytest.mark.parametrize(
    ("typed", "wire"),
    [
        ("1m", "candle1m"),
        ("1M", "candle1Mutc"),
        ("1h", "candle1H"),
        ("2h", "candle2H"),
        ("6h", "candle6Hutc"),
        ("1d", "candle1Dutc"),
    ],
)
def test_an_interval_has_one_spelling_here_and_days_begin_at_midnight_utc(typed: str, wire: str) -> None:
    assert candle_channel(typed) == wire
    assert interval_of(wire) == typed


def test_every_interval_makes_a_channel() -> None:
    assert all(find("USDT-FUTURES", candle_channel(typed)).type == "candles" for typed in INTERVALS)


def test_the_table_is_cheap_to_import() -> None:
    asks = "import sys, bitget_cli.catalogue.channels; print(*sys.modules)"
    ran = subprocess.run([sys.executable, "-c", asks], capture_output=True, text=True, check=True)
    assert not {"httpx", "rich", "dataclasses", "websocket"} & set(ran.stdout.split())
