"""Fee rates by VIP level, in the shape of Bitget's; everybody on the paper exchange is at level 0."""

from __future__ import annotations

from typing import Any

from bitget_cli.paper.desk import Desk
from bitget_cli.paper.query import Query

_FIELDS = (
    "level",
    "dealAmount",  # turnover of 30 days that earns the level, in USD, or …
    "assetAmount",  # … assets
    "takerFeeRate",
    "makerFeeRate",
    "btcWithdrawAmount",  # most that may leave in a day
    "usdtWithdrawAmount",
)
_FUTURES = (
    ("0", "0", "0", "0.0006", "0.0002", "80", "3000000"),
    ("1", "15000000", "50000", "0.0004", "0.00016", "300", "6000000"),
    ("2", "50000000", "150000", "0.000375", "0.00014", "400", "8000000"),
    ("3", "120000000", "300000", "0.00035", "0.00012", "500", "10000000"),
    ("4", "300000000", "600000", "0.00032", "0.0001", "600", "12000000"),
    ("5", "600000000", "1000000", "0.0003", "0.00008", "800", "15000000"),
)
_SPOT = (
    ("0", "0", "0", "0.001", "0.001", "80", "3000000"),
    ("1", "1000000", "50000", "0.0009", "0.0007", "300", "6000000"),
    ("2", "5000000", "150000", "0.0008", "0.0006", "400", "8000000"),
    ("3", "20000000", "300000", "0.0007", "0.0005", "500", "10000000"),
    ("4", "60000000", "600000", "0.0006", "0.0004", "600", "12000000"),
    ("5", "150000000", "1000000", "0.0005", "0.0003", "800", "15000000"),
)


def futures(_desk: Desk, _query: Query) -> Any:
    return _rows(_FUTURES)


def spot(_desk: Desk, _query: Query) -> Any:
    return _rows(_SPOT)


def _rows(levels: tuple[tuple[str, ...], ...]) -> list[dict[str, str]]:
    return [dict(zip(_FIELDS, level, strict=True)) for level in levels]
