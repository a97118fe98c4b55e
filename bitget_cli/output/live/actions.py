"""What an order or a fill does, in a trader's words: never from the side alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bitget_cli.output.cells import BAD, GOOD, Cell
from bitget_cli.output.live import figures

# How the exchange names what it does to an account by itself.
_FORCED = ("burst", "reduce", "dte_sys_adl", "delivery", "offset")
_FORCED_TONE = "7;31"
_SIDES = {"buy": ("long", GOOD), "sell": ("short", BAD)}


def action(row: Mapping[str, Any]) -> Cell:
    """`open long`, `close short` in hedge mode; `buy`, `sell` elsewhere; a forced close stands out.

    In hedge mode the side of an order follows the position (closing a long can read `buy`), so position and tradeSide
    say it. A fill names no position, but its side is what was really done: closing a long is a `sell`.
    """
    side, position, trade = (figures.text(row.get(name)).lower() for name in ("side", "posSide", "tradeSide"))
    if trade.startswith(_FORCED):
        return Cell(trade.replace("_", " "), _FORCED_TONE)
    if trade in ("open", "close"):
        if position not in ("long", "short"):
            position = _position_of_fill(side, trade)
        buys = (position == "long") is (trade == "open")
        return Cell(f"{trade} {position}", GOOD if buys else BAD)
    return Cell(side, _SIDES[side][1] if side in _SIDES else "")


def _position_of_fill(side: str, trade: str) -> str:
    """The position that a real buy or sell opened or closed."""
    opened, _ = _SIDES.get(side, ("", ""))
    if trade == "open" or not opened:
        return opened
    return "short" if opened == "long" else "long"
