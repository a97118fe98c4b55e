"""`--until` expressions say when a row is the one waited for, exactly."""

from __future__ import annotations

from contextlib import suppress
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bitget_cli.conditions import condition
from bitget_cli.errors import UsageError
from bitget_cli.values import WireNumber

ROW: dict[str, Any] = {
    "lastPr": "70000.10",
    "change24h": "-0.012",
    "instId": "BTCUSDT",
    "leverage": 10,
    "rate": WireNumber("0.1"),
    "closed": True,
    "empty": "",
    "nothing": None,
    "big": "9007199254740993",
    "bids": [["69999.9", "1.5"]],
    "feeDetail": {"fee": "-0.1"},
}


@pytest.mark.parametrize(
    ("text", "true"),
    [
        ("lastPr > 70000", True),
        ("lastPr>70000.1", False),
        ("lastPr >= 70000.1", True),
        ("lastPr == 70000.1", True),
        ("lastPr != 70000.1", False),
        ("change24h < -0.01", True),
        ("change24h <= -0.012", True),
        ("leverage == 10", True),
        ("rate == 0.10", True),
        ("big == 9007199254740992", False),
        ("instId == 'BTCUSDT'", True),
        ('instId != "ETHUSDT"', True),
        ("closed == true", True),
        ("closed == 'false'", False),
        ("bids.0.0 < 70000", True),
        ("bids.5.0 < 70000", False),
        ("feeDetail.fee < 0", True),
        ("lastPr > 1 and change24h > 1 or leverage == 10", True),
        ("lastPr > 1 and (change24h > 1 or leverage == 10)", True),
        ("leverage == 10 or lastPr > 1 and change24h > 1", True),
        ("(leverage == 10 or lastPr > 1) and change24h > 1", False),
        ("((lastPr > 1))", True),
    ],
)
def test_a_row_meets_the_condition_or_not(text: str, true: bool) -> None:
    assert condition(text)(ROW) is true


@pytest.mark.parametrize("sign", ["<", "<=", ">", ">=", "==", "!="])
@pytest.mark.parametrize("field", ["missing", "empty", "nothing", "instId", "closed", "lastPr.deep", "bids"])
def test_what_is_unknown_is_not_true(field: str, sign: str) -> None:
    assert condition(f"{field} {sign} 1")(ROW) is False


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "expected the name of a field at character 1, where it ends"),
        ("lastPr", "expected one of < <= > >= == != at character 7, where it ends"),
        ("lastPr >", "expected a number or quoted text at character 9, where it ends"),
        ("lastPr = 5", "at character 8, not '='"),
        ("lastPr > five", "expected a number or quoted text at character 10, not 'five'"),
        ("lastPr > 'five'", "expected a number after > at character 10"),
        ("lastPr > 1e5", "at character 10, not '1e5'"),
        ("lastPr > 1,5", "at character 11, not ',5'"),
        ("lastPr > 1 xor a > 1", "expected 'and', 'or' or the end at character 12, not 'xor'"),
        ("lastPr > 1 and", "expected the name of a field at character 15, where it ends"),
        ("and > 1", "expected the name of a field at character 1, not 'and'"),
        ("(lastPr > 1", "the parenthesis at character 1"),
        ("lastPr > 1)", "expected no more than the parentheses that were opened at character 11"),
        ("lastPr > 1; b", "at character 11, not ';'"),
        ("70000 < lastPr", "expected the name of a field at character 1, not '70000'"),
        ("()", "expected the name of a field at character 2, not ')'"),
        ("instId == 'BTC", "at character 11"),
    ],
)
def test_a_mistake_is_named_with_its_place(text: str, said: str) -> None:
    with pytest.raises(UsageError) as raised:
        condition(text)
    assert said in str(raised.value)


def test_it_remembers_which_fields_no_row_had() -> None:
    until = condition("lastPr > 1 and last > 1 or mark.price > 2")
    assert until.names == ("lastPr", "last", "mark.price")
    until(ROW)
    assert until.unseen == ("last", "mark.price")


def test_no_depth_of_parentheses_is_too_deep() -> None:
    assert condition("(" * 50_000 + "lastPr > 1" + ")" * 50_000)(ROW)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=8, min_value=-(10**12), max_value=10**12), st.data())
def test_numbers_are_compared_exactly(number: Decimal, data: st.DataObject) -> None:
    other = data.draw(st.one_of(st.just(number), st.decimals(places=8, min_value=-(10**12), max_value=10**12)))
    row = {"x": format(number, "f")}
    assert condition(f"x < {other:f}")(row) is (number < other)
    assert condition(f"x == {other:f}")(row) is (number == other)


@given(st.text(alphabet="ab.01 ()<>=!'\"andor-", max_size=40))
def test_any_text_is_a_condition_or_a_usage_error(text: str) -> None:
    with suppress(UsageError):
        condition(text)({"a": "1"})
