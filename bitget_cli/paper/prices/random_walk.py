"""How a price wanders between two ends within bounds: a random walk's laws, as far as the parts of a candle need them.

Of a stretch its ends, extremes, average price and `sd` are known: the standard deviation of a free walk of its length.
What is found moves evenly with what is given, so that markets which differ by a hair stay that close; `first_has` alone
decides, and it is asked once for all markets of a coin. From + - * / and square roots alone: the last bit of anything
else depends on the machine.
"""

from __future__ import annotations

from math import sqrt

# The root mean square of a free walk's range, in its standard deviations: twice the root of the logarithm of two.
_RANGE = 1.665
# How far the middle follows the average price: were it less, the halves would have to reach for their averages.
_FOLLOWS = 2.3
# What is left to chance once the average is known, in the deviations a walk has then; more where parts are unequal.
_CHANCE = 1.1
_CHANCE_UNEQUAL = 1.8
# How strongly bounds push the middle away: a price that touches its extreme does not stay there.
_PUSH = 0.2
# The deviation handed down is believed, but for this part of what the range itself says, and within these bounds.
_DOUBT = 0.125
_LEAST = 0.3
_MOST = 1.5
# How far averages stray from the middle of the range by chance, and which part of the way to an extreme they may go.
_ASTRAY = 0.1
_ROOM = 0.5


def _waits() -> tuple[float, ...]:
    """256 equally likely waiting times: minus the logarithm of 1 - u in the middle of each step of u."""
    waits: list[float] = []
    wait = 0.0
    for step in range(256):
        # The logarithm of (513 - 2 step) / (511 - 2 step) as a series; the first step is half as long.
        ratio = 1.0 / (512.0 - 2.0 * step) if step else 1.0 / 1023.0
        power, place = ratio, 1.0
        while wait + 2.0 * power / place != wait:
            wait += 2.0 * power / place
            power *= ratio * ratio
            place += 2.0
        waits.append(wait)
    return tuple(waits)


_WAITS = _waits()


def stray(draw: int) -> float:
    """A draw of 16 bits as a deviation around 0 with the variance 1, never beyond 2.45."""
    return ((draw & 255) + (draw >> 8) - 255) / 104.5


def believed(sd: float, size: int) -> float:
    """The deviation of a stretch whose range is `size`, when `sd` was handed down to it."""
    own = size / _RANGE
    mixed = (1.0 - _DOUBT) * sd + _DOUBT * own
    least, most = _LEAST * own, _MOST * own
    return least if mixed < least else most if mixed > most else mixed


def middle(
    ends: tuple[int, int], bounds: tuple[int, int], average: float, sd: float, share: float, draws: tuple[int, int]
) -> int:
    """Where the price is after `share` of the stretch: inside its bounds (low, high), seldom near them."""
    (open_, close), (low, high) = ends, bounds
    if low == high:
        return low
    centre = open_ + (close - open_) * share + _FOLLOWS * (average - (open_ + close) / 2)
    centre = low if centre < low else high if centre > high else centre
    both = share * (1.0 - share)
    sd *= (_CHANCE if share == 0.5 else _CHANCE_UNEQUAL) * sqrt(both * (1.0 - 3.0 * both))
    aside = sd * stray(draws[0])
    push = 2.0 * _PUSH * sd * sd
    # As if the price moved in three dimensions and its distance from either bound were looked at.
    down, up = high - centre - aside, centre - low + aside
    from_high = sqrt(down * down + push * _WAITS[draws[1] >> 8])
    from_low = sqrt(up * up + push * _WAITS[draws[1] & 255])
    return low + int((high - low) * from_low / (from_high + from_low))


def first_has(drops: tuple[int, int, int], sd: float, share: float, draw: int) -> bool:
    """Whether the first part has the extreme, which lies `drops` away from the open, the middle and the close."""
    first, mid, last = drops
    if not (first or last):
        return draw < 32768
    walk = sd * sd
    late = 2.0 * mid * last / (walk * (1.0 - share)) if walk else 0.0
    early = 2.0 * mid * first / (walk * share) if walk else 0.0
    here = (first + mid) * last * _grown(late)
    there = (last + mid) * first * _grown(early)
    return draw * (here + there) < here * 65536.0 if here + there else draw < 32768


def _grown(power: float) -> float:
    """(e to the `power`, less 1) / `power`, near enough."""
    return 1.0 + power * (1 / 2 + power * (1 / 6 + power * (1 / 24 + power / 120)))


def rise(drop_a: int, drop_b: int, sd: float, draw: int) -> float:
    """How far below a bound a walk stays that begins and ends `drop_a` and `drop_b` below it."""
    walk = sd * sd
    least = 2.0 * drop_a * drop_b
    if not (least and walk):
        return float(min(drop_a, drop_b))
    most = least / walk
    # An exponential waiting time, kept below `most`.
    length, edge = _WAITS[draw >> 8], most * ((draw + 0.5) / 65536.0)
    length *= edge / sqrt(length * length + edge * edge)
    apart = float(drop_a - drop_b)
    return (drop_a + drop_b - sqrt(apart * apart + 2.0 * walk * length)) / 2.0


def reach(apart: float, sd: float, draw: int) -> float:
    """How far beyond the farther of its ends, `apart` from each other, a free walk goes."""
    return (sqrt(apart * apart + 2.0 * sd * sd * _WAITS[draw >> 8]) - abs(apart)) / 2.0


def averages_apart(
    ranges: tuple[tuple[int, int], tuple[int, int]], average: float, lots: float, sd: float, draw: int
) -> int:
    """By how much the average price of the first part is above that of the second, when the whole's is `average`.

    `ranges` are low and high of both parts, `lots` the share of volume the first one has.
    """
    (low_a, high_a), (low_b, high_b) = ranges
    typical_a, typical_b = (high_a + low_a) / 2, (high_b + low_b) / 2
    half_a, half_b = (high_a - low_a) / 2, (high_b - low_b) / 2
    rest = 1.0 - lots
    # Averages are in the middle of the ranges, but for chance and for what makes them fit the whole's, of which the
    # longer and the wider part takes up more.
    over = average - lots * typical_a - rest * typical_b
    weight_a, weight_b = lots * half_a * half_a, rest * half_b * half_b
    taken = lots * weight_a + rest * weight_b
    wanted = typical_a - typical_b + _ASTRAY * sd * stray(draw)
    if taken:
        wanted += over * (weight_a - weight_b) / taken
    # Neither should come near its extremes: an average that is all but there has every part begin with a leap to it.
    room_a, room_b = _ROOM * half_a, _ROOM * half_b
    least = max((typical_a - room_a - average) / rest, (average - typical_b - room_b) / lots)
    most = min((typical_a + room_a - average) / rest, (average - typical_b + room_b) / lots)
    if least > most:
        return int((least + most) / 2)
    return int(least if wanted < least else most if wanted > most else wanted)
