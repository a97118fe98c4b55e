"""Draws from a keyed hash: the same on every machine, in any order, at any time."""

from __future__ import annotations

from hashlib import blake2b
from struct import Struct

# 32 draws of 16 bits from one digest.
_DRAWS = Struct("<32H")
_PLACE = Struct("<bq")
_HALF = 32768.0
_BLOCK_BITS = 5
# Octaves of noise that are brief: periods of 1, 2, 4 and 8 steps.
_BRIEF = 4


class Draws:
    """Random-looking numbers addressed by (level, index), from a seed and a name."""

    def __init__(self, seed: int, name: str) -> None:
        self._key = blake2b(f"{seed}/{name}".encode(), digest_size=32).digest()

    def at(self, level: int, index: int) -> tuple[int, ...]:
        """32 whole numbers from 0 to 65535."""
        text = blake2b(_PLACE.pack(level, index), key=self._key, digest_size=64).digest()
        return _DRAWS.unpack(text)

    def one(self, level: int, index: int) -> int:
        """One whole number from 0 to 65535; neighbours come from the same digest."""
        return self.at(level, index >> _BLOCK_BITS)[index & 31]


class Waves:
    """Bounded noise over whole steps of time: hash values on lattices of period 1, 2, 4 … steps, smoothly joined.

    Neighbouring steps differ like a random walk's, yet the sum never leaves `bound` where all is as lively as usual.
    """

    def __init__(self, draws: Draws, weights: tuple[float, ...]) -> None:
        self._draws = draws
        self._weights = weights
        self._blocks: dict[tuple[int, int], tuple[int, ...]] = {}
        self.bound = sum(weights)

    def at(self, step: int, lively: float = 1.0) -> float:
        """The value at a step, with the periods of less than 16 steps `lively` times as strong as usual."""
        total = 0.0
        for octave, weight in enumerate(self._weights):
            here = step >> octave
            value = self._lattice(octave, here)
            part = step - (here << octave)
            if part:
                share = part / (1 << octave)
                value += (self._lattice(octave, here + 1) - value) * (share * share * (3.0 - 2.0 * share))
            total += weight * value * lively if octave < _BRIEF else weight * value
        return total

    def _lattice(self, octave: int, index: int) -> float:
        """A value from -1 to 1."""
        place = (octave, index >> _BLOCK_BITS)
        block = self._blocks.get(place)
        if block is None:
            block = self._blocks[place] = self._draws.at(*place)
        return (block[index & 31] - _HALF) / _HALF


def growth(log: float) -> float:
    """e to the power of `log`, from + * / alone: the last bit of a C library's exp depends on the machine."""
    value = 1.0 + log / 4096.0
    for _ in range(12):
        value *= value
    return value
