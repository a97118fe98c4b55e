"""A size spread over limit orders between two prices: facts in, exact prices and sizes out.

Everything is counted in whole ticks and whole steps, as integers, so that nothing is rounded but onto the grid: of a
geometric ladder no root is taken, since a price is compared by its power.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from bitget_cli.trading.model import EXACT, LadderShape, LadderSpacing


def weights(shape: LadderShape, steps: int) -> tuple[int, ...]:
    """What the sizes are to each other: 1, 1, 1; 1, 2, 3; or 3, 2, 1."""
    rising = tuple(range(1, steps + 1))
    return {LadderShape.FLAT: (1,) * steps, LadderShape.RISING: rising, LadderShape.FALLING: rising[::-1]}[shape]


def prices(
    first: Decimal, last: Decimal, *, steps: int, spacing: LadderSpacing, tick: Decimal, up: bool
) -> tuple[Decimal, ...]:
    """The prices of two rungs or more, both ends among them, which lie on the tick; the others are rounded `up`, or
    down."""
    low, high = _count(first, tick), _count(last, tick)
    between = _even if spacing is LadderSpacing.EVEN else _geometric
    return tuple(_times(between(low, high, place, steps - 1, up=up), tick) for place in range(steps))


def sizes(total: Decimal, *, shape: LadderShape, steps: int, step: Decimal) -> tuple[Decimal, ...]:
    """A size in parts that add up to it, each less than a step from its exact share.

    What whole steps leave over goes to the largest remainders, of equal ones to the heavier rung, then to the later:
    so a shape stays one.
    """
    whole, parts = _count(total, step), weights(shape, steps)
    shares = [divmod(whole * part, sum(parts)) for part in parts]
    over = whole - sum(count for count, _ in shares)
    order = sorted(range(steps), key=lambda place: (shares[place][1], parts[place], place), reverse=True)
    more = frozenset(order[:over])
    return tuple(_times(count + (place in more), step) for place, (count, _) in enumerate(shares))


def total_of(counted: Sequence[Decimal], costs: Sequence[Decimal]) -> Decimal:
    """What sizes come to, one base coin of each costing so much."""
    total = Decimal(0)
    for size, cost in zip(counted, costs, strict=True):
        total = EXACT.add(total, EXACT.multiply(size, cost))
    return total.normalize(EXACT)


def most_for(money: Decimal, costs: Sequence[Decimal], *, shape: LadderShape, step: Decimal) -> Decimal:
    """The size whose rungs cost no more than `money` together, one base coin of each costing so much; 0 for none.

    It is as near as whole steps let it be to the size that the exact shares would pay for.
    """
    parts = [Decimal(part) for part in weights(shape, len(costs))]
    one = EXACT.multiply(total_of(parts, costs), step)
    count = int(EXACT.divide_int(EXACT.multiply(money, sum(parts, Decimal(0))), one))
    while count > 0:
        size = _times(count, step)
        # Parts that were rounded to steps may cost a little more than the exact ones.
        if total_of(sizes(size, shape=shape, steps=len(costs), step=step), costs) <= money:
            return size
        count -= 1
    return Decimal(0)


def _even(low: int, high: int, place: int, last: int, *, up: bool) -> int:
    count, rest = divmod(low * (last - place) + high * place, last)
    return count + (up and rest > 0)


def _geometric(low: int, high: int, place: int, last: int, *, up: bool) -> int:
    """The whole ticks next to the root: those whose power lies next to the product that the root is of."""
    product = low ** (last - place) * high**place
    below, above = min(low, high), max(low, high) + 1
    while above - below > 1:
        middle = (below + above) // 2
        below, above = (middle, above) if middle**last <= product else (below, middle)
    return below + (up and below**last != product)


def _count(value: Decimal, unit: Decimal) -> int:
    return int(EXACT.divide_int(value, unit))


def _times(count: int, unit: Decimal) -> Decimal:
    return EXACT.multiply(Decimal(count), unit).normalize(EXACT)
