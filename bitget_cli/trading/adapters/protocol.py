"""What the adapter of an account answers: everything that depends on how one kind of account spells the wire."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from bitget_cli.catalogue.model import Endpoint
    from bitget_cli.client.rest.client import Client
    from bitget_cli.trading.model import (
        Change,
        ChangeKind,
        ItemReply,
        ListRole,
        Lookup,
        LookupKey,
        Question,
        StateReached,
        Trace,
    )

Given = Mapping[str, Any]
Row = Mapping[str, Any]


class ChangeAdapter(Protocol):
    """How changes are spelt, how they are known again, and what is answered to them. A module may be one."""

    def kind_of(self, row: Endpoint, given: Given) -> ChangeKind: ...

    def only_closes(self, row: Endpoint, given: Given) -> bool:
        """Whether a change can make a position smaller and nothing else."""

    def ids_to_send(self, change: Change, oid: str) -> Mapping[str, str]:
        """The client id under the names by which the row takes it; none where it takes none."""

    def own_ids(self, kind: ChangeKind, given: Given) -> Sequence[str]:
        """The client ids that name what a request makes, and not the order that it replaces."""

    def lookup_key(self, change: Change, given: Given, around: Given) -> LookupKey:
        """How what became of a change is found. `given` is sent for it, `around` beside the list of a batch."""

    def lookup_for(self, row: Endpoint, given: Given) -> Lookup:
        """The questions for a change of this row; `given` are its parameters as sent, client ids included."""

    def fingerprint(self, given: Given) -> Mapping[str, str]:
        """What of a request shows again in the order it makes."""

    def with_snapshot(self, key: LookupKey, change: Change, given: Given, client: Client) -> LookupKey:
        """The key with what is there before the change leaves. Raises what the client raises."""

    def role_of(self, row: Endpoint) -> ListRole: ...

    def time_window(self, row: Endpoint, moment: int) -> Mapping[str, str]:
        """The times by which a list is asked for what was made about `moment` (epoch ms)."""

    def by_order_id(self, question: Question, order_id: str) -> Question:
        """The question for one order, asked about another by its id."""

    def of_everybody(self, question: Question, moment: int | None) -> Question:
        """The question for past orders, without a client id, about a time (epoch ms)."""

    def by_terms(self, lookup: Lookup) -> Lookup:
        """The questions that can be asked without an id: lists, of what was not there before."""

    def trace(self, row: Row) -> Trace:
        """What a row of an answer or a list tells of an order, a transfer or a conversion."""

    def matches(self, row: Row, wanted: Mapping[str, str]) -> bool:
        """Whether a row shows the wanted values, as far as it shows them at all."""

    def matches_firmly(self, row: Row, wanted: Mapping[str, str]) -> bool:
        """The same, by what an order always shows as it was sent."""

    def is_alike(self, row: Row, part: Mapping[str, str]) -> bool:
        """Whether a record is of the same two coins as a conversion, whatever its amounts."""

    def has_new_values(self, row: Row, wanted: Mapping[str, str]) -> bool | None:
        """Whether an order shows the values it was to be given; None where it shows none of them."""

    def tells_state(self, row_name: str) -> bool:
        """Whether a change of this row is known by what it leaves."""

    def state_reached(
        self, row_name: str, given: Given, rows: Sequence[Row], *, signed_at: int, before: Mapping[str, str]
    ) -> tuple[StateReached, Row | None]:
        """How things stand after a change, by every row that was answered, and the one row that is about it."""

    def confirms(self, kind: ChangeKind, row_name: str, body: str, key: LookupKey, data: Any) -> bool:
        """Whether the `data` of a success speaks of this very change."""

    def is_judged_by_lists(self, kind: ChangeKind, row_name: str) -> bool:
        """Whether a success says order by order what became of each."""

    def is_confirmed_whole(self, row_name: str, body: str, data: Any) -> bool | None:
        """For a call that names no order in its answer: whether it confirms all of it; None where its lists decide."""

    def replies(self, data: Any) -> tuple[list[ItemReply], list[ItemReply]]:
        """The successes and failures of a batch's answer; none where they are not plainly lists of objects."""
