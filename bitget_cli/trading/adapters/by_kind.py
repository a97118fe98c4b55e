"""The account behind a key, whatever its kind, which is found out when first something of the account is asked."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

from bitget_cli.trading.adapters.classic.adapter import ClassicAdapter
from bitget_cli.trading.adapters.kind import Kind

if TYPE_CHECKING:
    from bitget_cli.client.rest.client import Client
    from bitget_cli.trading.adapters.protocol import AccountAdapter

# What needs no key: it is read alike for everybody.
_PUBLIC = frozenset({"prices", "last_price", "instruments", "instrument", "coins_of", "unknown"})


class AdapterByKind:
    """See `AccountAdapter`: hands every question to the account's own kind, and public ones to neither."""

    def __init__(self, client: Client, kind: Callable[[], Kind], *, verbatim: bool) -> None:
        self._client, self._kind, self._verbatim = client, kind, verbatim
        self._classic = ClassicAdapter(client)

    @classmethod
    def over(cls, client: Client, kind: Callable[[], Kind], *, verbatim: bool) -> AccountAdapter:
        return cast("AccountAdapter", cls(client, kind, verbatim=verbatim))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._classic if name in _PUBLIC else self._own, name)

    @cached_property
    def _own(self) -> AccountAdapter:
        if self._kind() is Kind.CLASSIC:
            return self._classic
        from bitget_cli.trading.adapters.unified.adapter import UnifiedAdapter

        return UnifiedAdapter(self._client, verbatim=self._verbatim)
