"""How much the markets of the paper exchange move in a minute, an hour and a day, beside what they were fitted to.

`python tests/benchmarks/volatility.py` prints the table; with `--against FOLDER` that of another checkout is put beside
it. A minute's largest range is that of as many minutes as a month has, an hour's of a year, a day's of five years.

What was fitted to, for BTC in 2023 to 2025; other coins by the ratio of their daily volatility to Bitcoin's:

- Deviations: 47 % a year, where its realised volatility stood (45 to 55 %), is 2.5 % a day. Returns hardly remember, so
  an hour has the 24th root's share of that, 0.50 %, and a minute 0.065 %. Binance's BTCUSDT minutes from 2017 to 2026,
  wilder years among them, have 0.115 % (4.4 million of them, "Modelling BTCUSDT", alphasteph.com, February 2026).
- Ranges: an ordinary day spans 3 %, an hour 0.6 %, a minute 0.055 %. One minute in a hundred spans 0.4 %, and a month's
  widest 1.5 to 2 %.
- Tails: in those minutes half of all returns lie within 0.29 deviations, where a normal law has 0.67. Kurtosis falls
  from tens at a minute to about 5 at a day.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import sqrt
from pathlib import Path
from typing import Any

from bitget_cli.paper.instruments import UNDERLYINGS, instrument
from bitget_cli.paper.prices.markets import PricePaths
from bitget_cli.values import Product

# Spans, with their level in the tree and how many of them make a day.
SPANS = {"minute": (8, 1440), "hour": (4, 24), "day": (0, 1)}
# 2026-03-02, in days since the epoch: what is looked at lies before it.
_END = 20_514

# For each span and figure, what it was fitted to and between what it may lie, for BTC. Ranges and deviations are in
# percent, `closing` is the share of spans that close at their extreme, `daily` a deviation scaled to a day, in a day's.
AIMS: dict[str, dict[str, tuple[float, float, float]]] = {
    "minute": {
        "deviation": (0.065, 0.050, 0.080),
        "median": (0.055, 0.045, 0.072),
        "p99": (0.40, 0.28, 0.50),
        "max": (1.7, 0.7, 2.5),
        "kurtosis": (30.0, 8.0, 100.0),
        "closing": (0.0, 0.0, 0.02),
        "daily": (1.0, 0.8, 1.2),
    },
    "hour": {
        "deviation": (0.50, 0.40, 0.62),
        "median": (0.60, 0.45, 0.72),
        "p99": (2.8, 2.0, 3.3),
        "max": (7.0, 3.0, 9.0),
        "kurtosis": (12.0, 5.0, 35.0),
        "closing": (0.0, 0.0, 0.02),
        "daily": (1.0, 0.85, 1.15),
    },
    "day": {
        "deviation": (2.5, 2.0, 3.0),
        "median": (3.0, 2.6, 3.7),
        "p99": (10.0, 7.5, 13.0),
        "max": (17.0, 9.0, 25.0),
        "kurtosis": (5.0, 3.3, 9.0),
        "closing": (0.0, 0.0, 0.02),
        "daily": (1.0, 1.0, 1.0),
    },
}
_IN_PERCENT = ("deviation", "median", "p99", "max")


@dataclass(frozen=True)
class Sample:
    """So many days up to the end; all hours of one day in `hours`, and all minutes of one hour in `minutes`."""

    days: int
    hours: int
    minutes: int

    def nodes(self, path: Any, span: str) -> Iterator[Sequence[int]]:
        """Prices of every span that is looked at: open, high, low, close."""
        level, in_day = SPANS[span]
        first = _END - self.days
        if span == "minute":
            # An odd step goes through all hours of the day.
            for hour in range(first * 24, _END * 24, self.minutes):
                yield from (path.node(level, minute) for minute in range(hour * 60, hour * 60 + 60))
        else:
            for day in range(first, _END, self.hours if span == "hour" else 1):
                yield from (path.node(level, place) for place in range(day * in_day, (day + 1) * in_day))


QUICK = Sample(days=900, hours=20, minutes=397)
WHOLE = Sample(days=1_825, hours=5, minutes=61)


def lively(base: str) -> float:
    """How much more a coin moves than Bitcoin."""
    return UNDERLYINGS[base].daily / UNDERLYINGS["BTC"].daily


def measured(path: Any, sample: Sample) -> dict[str, dict[str, float]]:
    """The figures of `AIMS` for one path, by span."""
    figures = {span: _figures(list(sample.nodes(path, span)), in_day) for span, (_, in_day) in SPANS.items()}
    of_a_day = figures["day"]["daily"]
    for each in figures.values():
        each["daily"] /= of_a_day
    return figures


def _figures(nodes: list[Sequence[int]], in_day: int) -> dict[str, float]:
    moves = [node[3] / node[0] - 1 for node in nodes]
    ranges = sorted((node[1] - node[2]) / node[0] * 100 for node in nodes)
    squares = sum(move**2 for move in moves) / len(moves)
    return {
        "deviation": sqrt(squares) * 100,
        "median": ranges[len(ranges) // 2],
        "p99": ranges[len(ranges) * 99 // 100],
        "max": ranges[-1],
        "kurtosis": sum(move**4 for move in moves) / len(moves) / squares**2,
        "closing": sum(node[1] != node[2] and node[3] in (node[1], node[2]) for node in nodes) / len(nodes),
        "daily": sqrt(squares * in_day),
    }


def aim(base: str, span: str, figure: str) -> tuple[float, float, float]:
    """What a coin's figure was fitted to, and between what it may lie."""
    factor = lively(base) if figure in _IN_PERCENT else 1.0
    aimed, least, most = AIMS[span][figure]
    return aimed * factor, least * factor, most * factor


_MARKETS = (
    (Product.SPOT, "BTCUSDT"),
    (Product.USDT_FUTURES, "BTCUSDT"),
    (Product.COIN_FUTURES, "BTCUSD"),
    (Product.SPOT, "ETHUSDT"),
    (Product.USDC_FUTURES, "ETHPERP"),
    (Product.USDT_FUTURES, "SOLUSDT"),
    (Product.SPOT, "DOGEUSDT"),
    (Product.SPOT, "BGBUSDT"),
    (Product.SPOT, "USDCUSDT"),
)


def _everything(seed: int) -> list[dict[str, dict[str, float]]]:
    found = []
    for product, symbol in _MARKETS:
        market = instrument(product, symbol)
        assert market
        found.append(measured(PricePaths(seed).traded(market), WHOLE))
    return found


def _elsewhere(folder: Path, seed: int) -> list[dict[str, dict[str, float]]]:
    command = [sys.executable, __file__, "--json", "--seed", str(seed)]
    done = subprocess.run(command, env=os.environ | {"PYTHONPATH": str(folder)}, capture_output=True, check=True)
    found: list[dict[str, dict[str, float]]] = json.loads(done.stdout)
    return found


def _main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--against", type=Path, help="another checkout, to be put beside this one")
    parser.add_argument("--json", action="store_true", help="the bare figures")
    given = parser.parse_args()
    here = _everything(given.seed)
    if given.json:
        sys.stdout.write(json.dumps(here))
        return
    there = _elsewhere(given.against, given.seed) if given.against else None
    names = list(AIMS["day"])
    for place, (product, symbol) in enumerate(_MARKETS):
        market = instrument(product, symbol)
        assert market
        lines = [f"{symbol} {product}".ljust(24) + "".join(name.rjust(11) for name in names)]
        for span in SPANS:
            lines.append(_line(span, [here[place][span][name] for name in names]))
            if there:
                lines.append(_line("  there", [there[place][span][name] for name in names]))
            lines.append(_line("  fitted to", [aim(market.base, span, name)[0] for name in names]))
        sys.stdout.write("\n".join(lines) + "\n\n")


def _line(name: str, figures: list[float]) -> str:
    return name.ljust(24) + "".join(f"{figure:11.3g}" for figure in figures)


if __name__ == "__main__":
    _main()
