"""Text in; Decimal, Symbol, datetime out; and back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bitget_cli.errors import UsageError
from bitget_cli.values import (
    Product,
    Symbol,
    amount,
    coin_name,
    duration,
    from_milliseconds,
    instant,
    milliseconds,
    plain,
    symbol,
)

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
SPOT, USDT, USDC, COIN = Product.SPOT, Product.USDT_FUTURES, Product.USDC_FUTURES, Product.COIN_FUTURES


@pytest.mark.parametrize(
    "text",
    [
        *("", "-1", "-0", "+1", "NaN", "Inf", "1e9", "1E-400", "1_000", "１２", "١٢", " 1", "1 ", "0x10"),
        *("1,5", "1.000,50", ".5", "5.", "1.2.3", "1\n", "1" * 21, "0." + "1" * 21),
    ],
)
def test_an_amount_is_plain_ascii_digits_or_it_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="not a plain number") as refused:
        amount(text, what="size")
    assert repr(text) in refused.value.message


def test_a_decimal_comma_is_answered_with_the_dot_it_needs() -> None:
    with pytest.raises(UsageError) as refused:
        amount("1,5")
    assert refused.value.hint == "use a dot: 1.5"


@pytest.mark.parametrize("text", ["60,000", "1,500", "999,999", "1,234,567", "1,234.5"])
def test_a_comma_that_may_part_thousands_is_answered_with_no_other_number(text: str) -> None:
    with pytest.raises(UsageError) as refused:
        amount(text)
    assert refused.value.hint is None


@pytest.mark.parametrize(("text", "plainly"), [("0,005", "0.005"), ("1234,567", "1234.567"), ("60,00", "60.00")])
def test_a_comma_that_can_only_be_decimal_is_answered_with_a_dot(text: str, plainly: str) -> None:
    with pytest.raises(UsageError) as refused:
        amount(text)
    assert refused.value.hint == f"use a dot: {plainly}"


@pytest.mark.parametrize("text", ["1e99", "1e-99", "1e999999999", "-1e3", "e3", "1e", "0x1e3"])
def test_a_number_too_long_to_write_out_has_no_plain_form(text: str) -> None:
    with pytest.raises(UsageError) as refused:
        amount(text)
    assert refused.value.hint is None


@given(st.decimals(min_value=0, max_value=10**19, allow_nan=False, allow_infinity=False, places=18))
def test_the_plain_form_offered_is_the_very_number(number: Decimal) -> None:
    text = f"{number:.30e}".replace("E", "e")
    digits, _, exponent = text.partition("e")
    text = f"{digits[:21]}e{exponent}"
    with pytest.raises(UsageError) as refused:
        amount(text)
    if refused.value.hint:
        offered = refused.value.hint.removeprefix("write it out: ")
        assert amount(offered) == Decimal(text)


@given(st.from_regex(r"[0-9]{1,20}(\.[0-9]{1,20})?", fullmatch=True).filter(str.isascii))
def test_an_amount_keeps_every_digit_that_was_typed(text: str) -> None:
    assert plain(amount(text)) == plain(Decimal(text))
    assert Decimal(plain(amount(text))) == Decimal(text)
    assert "E" not in plain(amount(text))


FORMS = {
    "BTCUSDT": Symbol("BTCUSDT", USDT),
    "btcusdt": Symbol("BTCUSDT", USDT),
    "BTC/USDT": Symbol("BTCUSDT", SPOT),
    "BTC/USDT:USDT": Symbol("BTCUSDT", USDT),
    "btc/usd:btc": Symbol("BTCUSD", COIN),
    "BTC/USDC:USDC": Symbol("BTCPERP", USDC),
    "BTC/USD:BTC-230331": Symbol("BTCUSDH23", COIN),
    "BTCUSDT_UMCBL": Symbol("BTCUSDT", USDT),
    "BTCUSD_DMCBL": Symbol("BTCUSD", COIN),
    "BTCPERP_CMCBL": Symbol("BTCPERP", USDC),
    "BTCUSDT_SPBL": Symbol("BTCUSDT", SPOT),
    "$ALTUSDT": Symbol("$ALTUSDT", USDT),
}


@pytest.mark.parametrize(("typed", "market"), FORMS.items())
def test_a_symbol_is_understood_in_each_of_its_forms(typed: str, market: Symbol) -> None:
    assert symbol(typed, chosen=None, default=USDT) == market


LOOKALIKES = [
    "btcu\u017fdt",
    "\uff22TCUSDT",
    "BTC/U\u017fDT",
    "btc/usd:b\u1d57c",
    "BTC\u0661USDT",
    "\u212aASUSDT",
    "\u2460USDT",
]
LOOKALIKES += ["BTC\u200bUSDT", "BTCUSDT\u00ad", "B\u0131TUSDT", "\ufb01USDT", "BTCU\u017fDT_SPBL"]


@pytest.mark.parametrize("typed", LOOKALIKES)
def test_what_only_looks_like_a_symbol_never_becomes_one(typed: str) -> None:
    for read in (partial(symbol, chosen=None, default=USDT), coin_name):
        with pytest.raises(UsageError, match=r"only looks like|invisible") as refused:
            read(typed)
        assert repr(typed) in refused.value.message


@given(st.text(min_size=2, max_size=8))
def test_no_text_becomes_an_ascii_symbol_but_an_ascii_one(text: str) -> None:
    try:
        found = symbol(text, chosen=None, default=USDT)
    except UsageError:
        return
    assert text.isascii() or not found.name.isascii()


def test_a_symbol_in_chinese_stays_as_it_is() -> None:
    assert symbol("\u725b\u5e02usdt", chosen=None, default=USDT).name == "\u725b\u5e02USDT"


@pytest.mark.parametrize("typed", ["999999w", "0001-01-01T00:00+14:00", "9999-12-31T23:00-14:00"])
def test_an_instant_outside_the_calendar_is_refused(typed: str) -> None:
    with pytest.raises(UsageError, match="before the year 1 or after 9999"):
        instant(typed, now=NOW)


@pytest.mark.parametrize(("typed", "chosen"), [("BTC/USDT", USDT), ("BTCUSDT_SPBL", COIN), ("BTC/USD:BTC", USDC)])
def test_a_symbol_that_contradicts_the_product_is_refused(typed: str, chosen: Product) -> None:
    with pytest.raises(UsageError, match="--product says"):
        symbol(typed, chosen=chosen, default=USDT)


@pytest.mark.parametrize(
    "typed", ["", "BTC-USDT:X/Y", "BTC/USDT:BTC", "BTCUSDT_XYZ", "BTC USDT", "A", "BTC/", "/USDT", "BTC/USD:BTC-239931"]
)
def test_what_is_no_symbol_is_refused_by_name(typed: str) -> None:
    with pytest.raises(UsageError) as refused:
        symbol(typed, chosen=None, default=USDT)
    assert repr(typed) in refused.value.message


@pytest.mark.parametrize(
    ("typed", "product"),
    [("BTCPERP", USDC), ("BTCUSD", COIN), ("BTCUSDH26", COIN), ("BTCUSDT", USDT), ("PERPUSDT", USDT), ("PERP", USDT)],
)
def test_a_name_only_one_product_uses_is_found_there_when_looking(typed: str, product: Product) -> None:
    assert symbol(typed, chosen=None, default=USDT, by_name=True).product is product
    assert symbol(typed, chosen=None, default=USDT).product is USDT
    assert symbol(typed, chosen=SPOT, default=USDT, by_name=True).product is SPOT


@pytest.mark.parametrize(
    ("typed", "moment"),
    [
        ("90m", NOW - timedelta(minutes=90)),
        ("7d", NOW - timedelta(days=7)),
        ("1767225600000", datetime(2026, 1, 1, tzinfo=UTC)),
        ("2026-01-01", datetime(2026, 1, 1, tzinfo=UTC)),
        ("2026-01-01T00:00", datetime(2026, 1, 1, tzinfo=UTC)),
        ("2026-01-01T01:00:00+01:00", datetime(2026, 1, 1, tzinfo=UTC)),
        ("2026-01-01T00:00:00.250Z", datetime(2026, 1, 1, microsecond=250_000, tzinfo=UTC)),
    ],
)
def test_an_instant_is_understood_in_each_of_its_forms(typed: str, moment: datetime) -> None:
    assert instant(typed, now=NOW) == moment


@pytest.mark.parametrize("typed", ["yesterday", "", "7", "7y", "2026-13-01", "-7d", "٧d"])
def test_what_is_no_instant_is_refused_with_examples(typed: str) -> None:
    with pytest.raises(UsageError) as refused:
        instant(typed, now=NOW)
    assert repr(typed) in refused.value.message
    assert "7d" in (refused.value.hint or "")


@given(st.datetimes(min_value=datetime(1970, 1, 1), max_value=datetime(2100, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_milliseconds_are_exact_and_come_back(moment: datetime) -> None:
    whole = moment.replace(microsecond=moment.microsecond // 1000 * 1000)
    assert from_milliseconds(milliseconds(moment)) == whole


def test_a_length_of_time_needs_its_unit() -> None:
    assert duration("3d") == timedelta(days=3)
    with pytest.raises(UsageError, match="'3'"):
        duration("3", what="step")
