"""The account behind a key, whatever its kind, which is found out when first something of the account is asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, cast

from bitget_cli.errors import UnavailableError
from bitget_cli.trading.adapters.classic.adapter import ClassicAdapter, endpoint
from bitget_cli.trading.adapters.kind import OTHER_KIND
from bitget_cli.trading.change import Batch, Change, Spelling
from bitget_cli.trading.model import Kind

if TYPE_CHECKING:
    from bitget_cli.catalogue.model import Field
    from bitget_cli.client.rest.client import Client
    from bitget_cli.trading.adapters.protocol import AccountAdapter
    from bitget_cli.trading.model import Read
    from bitget_cli.values import Product

# What needs no key: it is read alike for everybody.
_PUBLIC = frozenset({"prices", "last_price", "instruments", "instrument", "coins_of", "unknown"})
# What spells changes, and hardly ever asks.
_SPELLERS = frozenset({"orders", "plans", "settings", "conversions", "subaccounts"})


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
        self._unified: AccountAdapter | None = None

    @classmethod
    def over(
        cls, client: Client, kind: Callable[[], Kind], *, refused: Callable[[str], None], verbatim: bool
    ) -> AccountAdapter:
        return cast("AccountAdapter", cls(client, kind, refused=refused, verbatim=verbatim))

    def __getattr__(self, name: str) -> Any:
        if name in _PUBLIC:
            return getattr(self._classic, name)
        if name in _SPELLERS:
            return _Speller(name, self._answer)

        def ask(*words: Any, **given: Any) -> Any:
            own = self._own
            answer = self._answer(lambda adapter: getattr(adapter, name)(*words, **given))
            if not isinstance(answer, Iterator):
                return answer
            return self._each(own, answer, lambda: getattr(self._own, name)(*words, **given))

        return ask

    def _answer(self, ask: Callable[[AccountAdapter], Any]) -> Any:
        own = self._own
        try:
            return ask(own)
        except UnavailableError as refusal:
            self._change_kind(refusal, own)
            return ask(self._own)

    def _each(self, asked: AccountAdapter, rows: Iterator[Any], again: Callable[[], Iterator[Any]]) -> Iterator[Any]:
        """Rows as they come; asked for anew where the very first is refused, and orders, which are told once each,
        wherever they are."""
        begun, seen = False, set[str]()
        try:
            for row in rows:
                begun = True
                if order_id := getattr(row, "order_id", None):
                    seen.add(order_id)
                yield row
        except UnavailableError as refusal:
            if begun and not seen:
                raise
            self._change_kind(refusal, asked)
        else:
            return
        yield from (row for row in again() if getattr(row, "order_id", None) not in seen)

    def _change_kind(self, refusal: UnavailableError, asked: AccountAdapter) -> None:
        """Raises the refusal again where it says nothing of the kind, or the account still is of the one asked."""
        if refusal.code not in OTHER_KIND:
            raise refusal
        self._refused(refusal.code)
        if self._own is asked:
            raise refusal

    @property
    def _own(self) -> AccountAdapter:
        if self._kind() is Kind.CLASSIC:
            # What a unified account said of itself holds no longer, should it be one again.
            self._unified = None
            return self._classic
        if self._unified is None:
            from bitget_cli.trading.adapters.unified.adapter import UnifiedAdapter

            self._unified = UnifiedAdapter(self._client, verbatim=self._verbatim)
        return self._unified


def fields_of(read: Read, product: Product) -> tuple[Field, ...]:
    """What an account of either kind may tell. Raises UsageError where the product has no such thing."""
    from bitget_cli.trading.adapters.unified import adapter

    try:
        return adapter.fields_of(read, product)
    except UnavailableError:
        return endpoint(read, product).fields


class _Speller:
    """The part `desk` of the adapter in force. On every change that it spells stands how that was asked for."""

    def __init__(self, desk: str, answer: Callable[[Callable[[AccountAdapter], Any]], Any]) -> None:
        self._desk, self._answer = desk, answer

    def __getattr__(self, name: str) -> Any:
        def spell(*words: Any, **given: Any) -> Any:
            made = self._answer(lambda adapter: getattr(getattr(adapter, self._desk), name)(*words, **given))
            return _signed(made, Spelling(self._desk, name, words, given))

        return spell


def _signed(made: Any, spelling: Spelling) -> Any:
    if isinstance(made, list):
        return [_signed(one, spelling) for one in made]
    return made._replace(spelling=spelling) if isinstance(made, Change | Batch) else made
