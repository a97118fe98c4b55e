"""Field names become headings and kinds."""

from __future__ import annotations

import pytest

from bitget_cli.catalogue.enums import SYMBOL, params
from bitget_cli.catalogue.fields import fields, label, places
from bitget_cli.catalogue.model import Field, FieldKind, Param


@pytest.mark.parametrize(
    ("name", "heading", "kind"),
    [
        ("lastPr", "Last", FieldKind.NUMBER),
        ("change24h", "24h %", FieldKind.RATIO),
        ("fundingRate", "Funding rate", FieldKind.RATE),
        ("cTime", "Created", FieldKind.TIME),
        ("uTime", "Updated", FieldKind.TIME),
        ("ts", "Time", FieldKind.TIME),
        ("holdSide", "Side", FieldKind.SIDE),
        ("unrealizedPL", "Unrealized PnL", FieldKind.SIGNED),
        ("openPriceAvg", "Open price avg", FieldKind.NUMBER),
        ("orderId", "Order id", FieldKind.ID),
        ("reduceOnly", "Reduce only", FieldKind.FLAG),
        ("minTradeUSDT", "Min trade USDT", FieldKind.NUMBER),
        ("somethingNew", "Something new", FieldKind.TEXT),
    ],
)
def test_a_name_has_a_heading_and_a_kind(name: str, heading: str, kind: FieldKind) -> None:
    assert fields(name) == (Field(name, heading, kind),)


def test_braces_hold_what_is_inside_a_list() -> None:
    assert fields("coin chains[]{ chain needTag } transfer") == (
        Field("coin", "Coin", FieldKind.TEXT),
        Field("chains", "Chains", FieldKind.NESTED),
        Field("chains[].chain", "Chain", FieldKind.TEXT),
        Field("chains[].needTag", "Need tag", FieldKind.FLAG),
        Field("transfer", "Transfer", FieldKind.FLAG),
    )


def test_braces_may_stand_inside_braces_and_around_one_object() -> None:
    names = [field.name for field in fields("a[]{ b[]{ c } d{ e } } asks[]")]
    assert names == ["a", "a[].b", "a[].b[].c", "a[].d", "a[].d.e", "asks"]


def test_the_places_of_an_array_are_counted() -> None:
    assert [(field.name, field.place) for field in places("ts open")] == [("ts", 0), ("open", 1)]


def test_a_heading_is_that_of_the_last_name_of_a_path() -> None:
    assert label("discountRateList[].minAmount") == "Min amount"


def test_parameters_are_shared_ones_plain_ones_and_those_with_more_to_tell() -> None:
    size = Param("size", note="in base coin")
    assert params("SYMBOL price", size, "side!") == (SYMBOL, Param("price"), size, Param("side", required=True))


def test_a_shared_parameter_that_is_none_is_no_plain_one() -> None:
    with pytest.raises(KeyError, match="SYMBL"):
        params("SYMBL")
