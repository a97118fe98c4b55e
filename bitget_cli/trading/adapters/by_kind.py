"""The account behind a key, whatever its kind, which is found out when first something of the account is asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

from bitget_cli.errors import UnavailableError
from bitget_cli.trading.adapters.classic.adapter import ClassicAdapter, endpoint
from bitget_cli.trading.adapters.kind import OTHER_KIND
from bitget_cli.trading.model import Kind

if TYPE_CHECKING:
    from bitget_cli.catalogue.model import Field
    from bitget_cli.client.rest.client import Client
    from bitget_cli.trading.adapters.protocol import AccountAdapter
    from bitget_cli.trading.model import Read
    from bitget_cli.values import Product

# What needs no key: it is read alike for everybody.
_PUBLIC = frozenset({"prices", "last_price", "instruments", "instrument", "coins_of", "unknown"})
# What spells changes, and asks nothing.
_SPELLERS = frozenset({"orders", "plans", "settings", "conversions"})


class AdapterByKind:
    """See `AccountAdapter`: hands every question to the account's own kind, and public ones to neither.

    Bitget moves accounts. A question that is refused as one for the other kind (`refused` is told the code) is asked
    again in the words of that kind; the kind itself is asked for once a command.
    """

    def __init__(
        self, client: Client, kind: Callable[[], Kind], *, refused: Callable[[str], None], verbatim: bool
    ) -> None:
        self._client, self._kind, self._refused, self._verbatim = client, kind, refused, verbatim
        self._classic = ClassicAdapter(client)

    @classmethod
    def over(
        cls, client: Client, kind: Callable[[], Kind], *, refused: Callable[[str], None], verbatim: bool
    ) -> AccountAdapter:
        return cast("AccountAdapter", cls(client, kind, refused=refused, verbatim=verbatim))

    def __getattr__(self, name: str) -> Any:
        if name in _PUBLIC:
            return getattr(self._classic, name)
        if name in _SPELLERS:
            return getattr(self._own, name)

        def ask(*words: Any, **given: Any) -> Any:
            try:
                answer = getattr(self._own, name)(*words, **given)
            except UnavailableError as refusal:
                self._change_kind(refusal)
                return getattr(self._own, name)(*words, **given)
            if not isinstance(answer, Iterator):
                return answer
            return self._each(answer, lambda: getattr(self._own, name)(*words, **given))

        return ask

    def _each(self, rows: Iterator[Any], again: Callable[[], Iterator[Any]]) -> Iterator[Any]:
        """Rows as they come; asked for anew where the very first is refused."""
        begun = False
        try:
            for row in rows:
                begun = True
                yield row
        except UnavailableError as refusal:
            if begun:
                raise
            self._change_kind(refusal)
        else:
            return
        yield from again()

    def _change_kind(self, refusal: UnavailableError) -> None:
        """Raises the refusal again where it says nothing of the kind, or the account still is of the one it was."""
        if refusal.code not in OTHER_KIND:
            raise refusal
        before = self._own
        self._refused(refusal.code)
        del self._own
        if type(self._own) is type(before):
            raise refusal

    @cached_property
    def _own(self) -> AccountAdapter:
        if self._kind() is Kind.CLASSIC:
            return self._classic
        from bitget_cli.trading.adapters.unified.adapter import UnifiedAdapter

        return UnifiedAdapter(self._client, verbatim=self._verbatim)


def fields_of(read: Read, product: Product) -> tuple[Field, ...]:
    """What an account of either kind may tell. Raises UsageError where the product has no such thing."""
    from bitget_cli.trading.adapters.unified import adapter

    try:
        return adapter.fields_of(read, product)
    except UnavailableError:
        return endpoint(read, product).fields
