"""Field names become headings and kinds."""

from __future__ import annotations

import pytest

from bitget_cli.catalogue.fields import fields, label, places
from bitget_cli.catalogue.rows import Field, Kind


@pytest.mark.parametrize(
    ("name", "heading", "kind"),
    [
        ("lastPr", "Last", Kind.NUMBER),
        ("change24h", "24h %", Kind.RATIO),
        ("fundingRate", "Funding rate", Kind.RATE),
        ("cTime", "Created", Kind.TIME),
        ("uTime", "Updated", Kind.TIME),
        ("ts", "Time", Kind.TIME),
        ("holdSide", "Side", Kind.SIDE),
        ("unrealizedPL", "Unrealized PnL", Kind.SIGNED),
        ("openPriceAvg", "Open price avg", Kind.NUMBER),
        ("orderId", "Order id", Kind.ID),
        ("reduceOnly", "Reduce only", Kind.FLAG),
        ("minTradeUSDT", "Min trade USDT", Kind.NUMBER),
        ("somethingNew", "Something new", Kind.TEXT),
    ],
)
def test_a_name_has_a_heading_and_a_kind(name: str, heading: str, kind: Kind) -> None:
    assert fields(name) == (Field(name, heading, kind),)


def test_braces_hold_what_is_inside_a_list() -> None:
    assert fields("coin chains[]{ chain needTag } transfer") == (
        Field("coin", "Coin", Kind.TEXT),
        Field("chains", "Chains", Kind.NESTED),
        Field("chains[].chain", "Chain", Kind.TEXT),
        Field("chains[].needTag", "Need tag", Kind.FLAG),
        Field("transfer", "Transfer", Kind.FLAG),
    )


def test_braces_may_stand_inside_braces_and_around_one_object() -> None:
    names = [field.name for field in fields("a[]{ b[]{ c } d{ e } } asks[]")]
    assert names == ["a", "a[].b", "a[].b[].c", "a[].d", "a[].d.e", "asks"]


def test_the_places_of_an_array_are_counted() -> None:
    assert [(field.name, field.place) for field in places("ts open")] == [("ts", 0), ("open", 1)]


def test_a_heading_is_that_of_the_last_name_of_a_path() -> None:
    assert label("discountRateList[].minAmount") == "Min amount"
