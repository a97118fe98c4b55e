"""The shapes a command may return; `output/` draws them, commands never print."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from bitget_cli.catalogue.model import Field, FieldKind

if TYPE_CHECKING:
    from bitget_cli.errors import BitgetError
    from bitget_cli.stream_events import Condition, Source


class Rows(NamedTuple):
    """Many things, in the order they are to be read.

    `items` are JSON values as the exchange sent them: objects, or arrays whose places `fields` names. It may be a
    generator, is read once, and is never gathered except for a table. `columns` are the field names (dotted paths
    allowed) that a table and TSV show unless `--fields` says otherwise; empty means all of `fields`. `footer` is a
    short remark for people, shown under a table. `failure` is what the command ends with once the rows are shown: a
    batch of which a part failed. Of a `subject` (orders, past orders, plans, fills, positions) a table has people's
    words. Where a terminal has no room, columns leave from the right, but for those that `stay`; the text of columns
    that `wrap` goes on below itself instead of being cut. `unfold` is the field with a list in each row, of which
    everything but JSON has a line for each part: the coins of a sub-account. With `in_time` they are told as things
    happen: JSON is a row a line then.
    """

    items: Iterable[Any]
    fields: tuple[Field, ...]
    columns: tuple[str, ...] = ()
    footer: str = ""
    failure: BitgetError | None = None
    subject: str = ""
    stay: tuple[str, ...] = ()
    wrap: tuple[str, ...] = ()
    unfold: str = ""
    in_time: bool = False


class Record(NamedTuple):
    """One thing. A table shows it whole; `columns` are what TSV shows of it, as in Rows.

    `lines` is how it reads where one line would not do: an order book's levels, say.
    `together` are fields in the order a person reads them, what belongs together side by side; the others follow.
    """

    value: Any
    fields: tuple[Field, ...]
    columns: tuple[str, ...] = ()
    lines: Rows | None = None
    together: tuple[str, ...] = ()


FILLED = (
    Field("status", "Status"),
    Field("filledSize", "Filled", FieldKind.NUMBER),
    Field("avgPrice", "Average price", FieldKind.NUMBER),
    Field("fee", "Fee", FieldKind.SIGNED),
    Field("feeCoin", "Fee coin"),
)
OUTCOME = (
    Field("outcome", "Outcome"),
    Field("env", "Environment"),
    Field("symbol", "Symbol"),
    Field("orderId", "Order id", FieldKind.ID),
    Field("clientOid", "Client id", FieldKind.ID),
    *FILLED,
    Field("response", "Response", FieldKind.NESTED),
    Field("working", "Working", FieldKind.NESTED),
)
OUTCOME_COLUMNS = tuple(
    field.name for field in OUTCOME if field not in FILLED and field.name not in ("response", "working")
)
FILLED_COLUMNS = (*OUTCOME_COLUMNS, *(field.name for field in FILLED))


class Filled(NamedTuple):
    """How far an order had come when it was looked at, in texts: the exchange's word, base coin, quote coin, and the
    fee, which is negative where it was paid. None for what was not looked at or is not told."""

    status: str | None = None
    size: str | None = None
    average: str | None = None
    fee: str | None = None
    fee_coin: str | None = None


class Done(NamedTuple):
    """What a command that changes something answers. With `whole`, every form shows all of `response`.
    `working` is the arithmetic behind the amounts, in sentences.

    `failure` is what the command ends with once that is shown: what was answered refuses some of what was asked for.
    `filled` is what the order came to, None where nobody was to look; `told` says it of each order in a line. `fields`
    is what is known of the parts of `response`. `order_ids` are all that were made, where the answer names several.
    """

    outcome: str
    env: str
    symbol: str | None = None
    order_id: str | None = None
    client_oid: str | None = None
    response: Any = None
    whole: bool = False
    failure: BitgetError | None = None
    working: tuple[str, ...] = ()
    filled: Filled | None = None
    told: tuple[str, ...] = ()
    fields: tuple[Field, ...] = ()
    order_ids: tuple[str, ...] = ()

    def record(self) -> dict[str, Any]:
        """The record of ours that scripts read; every key is always there."""
        told = (
            self.outcome,
            self.env,
            self.symbol,
            self.order_id,
            self.client_oid,
            *(self.filled or Filled()),
            self.response,
            list(self.working) or None,
        )
        return {field.name: value for field, value in zip(OUTCOME, told, strict=True)}


class Lines(NamedTuple):
    """Text for another program, such as shell `export` lines: printed as it stands in every form but JSON.

    `text` may be a generator that never ends on its own (a server that announces itself and then runs).
    """

    text: Iterable[str]
    value: Mapping[str, Any] = {}


class Feed(NamedTuple):
    """A stream that goes on until its reader has had enough.

    `kind` is the word of `bitget watch`. It ends well after `at_most` rows, after `seconds` (typed as `duration`), or
    once `until` holds for a row; None is without end. `raw` prints frames as received; `status` prints lines about the
    connection too. `strict` ends with IncompleteError when a gap was not mended. `title` heads a live table; `env`
    stands beside it.
    """

    source: Source
    kind: str
    fields: tuple[Field, ...]
    env: str
    title: str = ""
    at_most: int | None = None
    seconds: float | None = None
    until: Condition | None = None
    raw: bool = False
    status: bool = True
    strict: bool = False
    # What the screen of this kind may be told: rows of a ladder, a compact board, the field to sort by.
    look: Mapping[str, Any] = {}
    duration: str = ""


Result = Rows | Record | Done | Lines | Feed | None
