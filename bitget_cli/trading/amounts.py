"""Sizes and prices on their grids, exact: rounding is down, and only where it is said."""

from __future__ import annotations

from decimal import Context, Decimal

from bitget_cli.values import plain

# Wide enough for numbers of 20 and 20 digits multiplied and divided on a grid: nothing is rounded on the way.
EXACT = Context(prec=100)


def rounded_down(value: Decimal, step: Decimal) -> Decimal:
    """The largest multiple of `step` that is not above `value`; both positive."""
    return EXACT.multiply(EXACT.divide_int(value, step), step)


def neighbours(value: Decimal, step: Decimal) -> tuple[Decimal, Decimal]:
    """The nearest multiples of `step` below and above a value that is none."""
    below = rounded_down(value, step)
    return below, EXACT.add(below, step)


def size_for(money: Decimal, price: Decimal, *, step: Decimal) -> Decimal:
    """The largest size on the grid that `money` (quote coin) pays for at `price`."""
    # In whole steps of `price * step` each; dividing by the price first would round.
    return EXACT.multiply(EXACT.divide_int(money, EXACT.multiply(price, step)), step)


def part_of(size: Decimal, percent: Decimal, *, step: Decimal) -> Decimal:
    """`percent` of a size, rounded down to the step."""
    return rounded_down(EXACT.divide(EXACT.multiply(size, percent), Decimal(100)), step)


def shown(value: Decimal) -> str:
    """A number for a sentence: its own digits, never an exponent."""
    return plain(value)
