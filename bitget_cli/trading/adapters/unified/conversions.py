"""Conversions of a unified account: small balances alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NoReturn

from bitget_cli.trading.adapters.unified.changes import change
from bitget_cli.trading.adapters.unified.replies import absent
from bitget_cli.trading.convert import Quote
from bitget_cli.trading.model import Change


def convert(quote: Quote) -> NoReturn:
    del quote
    raise absent("a conversion", "trade the coins in a spot market, or convert them on Bitget's page")


def convert_small(coins: Sequence[str], *, what: str) -> Change:
    """Turning small balances into BGB, all of them in one call."""
    return change("v3.convert.small-assets-trade", {"fromCoinList": list(coins), "toCoin": "BGB"}, what)
