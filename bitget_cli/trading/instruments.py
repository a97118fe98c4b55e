"""What can be traded and on which terms: Bitget's instrument lists, kept on disk for six hours."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from bitget_cli import files
from bitget_cli.errors import ConfigError
from bitget_cli.trading.model import Instrument
from bitget_cli.values import Product, Symbol, from_milliseconds, milliseconds

if TYPE_CHECKING:
    from bitget_cli.trading.adapters.protocol import AccountAdapter

FRESH_FOR = timedelta(hours=6)
# A symbol that is not in the list may have been listed since; a list this young is believed.
_YOUNG = timedelta(minutes=1)
_LARGEST_FILE = 8 * 1024 * 1024


class Instruments:
    """The instruments of one exchange. `folder` holds a file for each product; it is made when missing."""

    def __init__(
        self, adapter: AccountAdapter, folder: Path, *, env: str, address: str, now: Callable[[], datetime]
    ) -> None:
        self._adapter = adapter
        self._folder = folder
        self._place = re.sub(r"[^0-9A-Za-z]+", "-", f"{env}-{address.partition('//')[2]}")
        self._now = now
        self._lists: dict[Product, _List] = {}

    def find(self, symbol: Symbol) -> Instrument:
        """The terms of a market. Raises UsageError with near misses for a symbol that is not there."""
        listed = self._list(symbol.product)
        if symbol.name not in listed.rows and self._now() - listed.fetched > _YOUNG:
            listed = self._fetched(symbol.product)
        found = listed.rows.get(symbol.name)
        if found is None:
            raise self._adapter.unknown(symbol)
        return self._adapter.instrument(symbol, found)

    def has(self, symbol: Symbol, *, base: str, quote: str) -> bool:
        """Whether there is a market of that name for these two coins, by a list of at most six hours."""
        found = self._list(symbol.product).rows.get(symbol.name)
        return found is not None and self._adapter.coins_of(found) == (base, quote)

    def _list(self, product: Product) -> _List:
        known = self._lists.get(product) or self._kept(product)
        if known is None or not timedelta(0) <= self._now() - known.fetched < FRESH_FOR:
            return self._fetched(product)
        self._lists[product] = known
        return known

    def _kept(self, product: Product) -> _List | None:
        """The list on disk; None when there is none or it cannot be read as one."""
        try:
            content = files.read(self._file(product), limit=_LARGEST_FILE)
            return None if content is None else _parsed(content)
        except ConfigError:
            # Nothing is lost by not trusting it: the exchange is asked again.
            return None

    def _fetched(self, product: Product) -> _List:
        rows = self._adapter.instruments(product)
        listed = _List(self._now(), rows)
        self._lists[product] = listed
        content = {"fetched": milliseconds(listed.fetched), "rows": list(listed.rows.values())}
        with suppress(ConfigError):  # a disk that is full costs a request, not the command
            files.write(self._file(product), json.dumps(content, separators=(",", ":")).encode())
        return listed

    def _file(self, product: Product) -> Path:
        return self._folder / f"{self._place}-{product}.json"


class _List(NamedTuple):
    fetched: datetime
    rows: Mapping[str, Mapping[str, Any]]


def _parsed(content: bytes) -> _List | None:
    try:
        whole = json.loads(content)
        rows = {str(item["symbol"]): item for item in whole["rows"]}
        return _List(from_milliseconds(whole["fetched"]), rows)
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError):
        return None
