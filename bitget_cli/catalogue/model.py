"""The shapes of the catalogue: what a row says about one endpoint of Bitget, and the rate limits."""

from __future__ import annotations

from enum import StrEnum
from functools import partial
from typing import Literal, NamedTuple

# They are named tuples, because every command waits for these classes to be made: a frozen dataclass takes four times
# as long, for its methods are written and compiled at each start.


class FieldKind(StrEnum):
    """What a response field means, which decides how a person sees it (`output/cells.py`)."""

    TEXT = "text"
    ID = "id"
    NUMBER = "number"  # a price, size or amount: aligned by its decimals
    SIGNED = "signed"  # a number whose sign matters: coloured
    RATIO = "ratio"  # 0.01 shown as 1 %; coloured by sign
    RATE = "rate"  # a fee or funding rate, shown as a percentage with all its digits
    TIME = "time"  # epoch milliseconds
    SIDE = "side"  # buy or sell, long or short
    FLAG = "flag"  # true/false, YES/NO
    NESTED = "nested"  # an object or array inside a row


class Field(NamedTuple):
    """One field of a response: a dotted path below a row, its heading and its kind.

    A row that is an array names its places: `place` is the index then, `name` our word for it. `also` is another name
    Bitget gives the same, read where `name` says nothing.
    """

    name: str
    label: str = ""
    kind: FieldKind = FieldKind.TEXT
    place: int | None = None
    also: str = ""


class Param(NamedTuple):
    """One request parameter. `choices` with `open_ended` are the known part of a longer list."""

    name: str
    required: bool = False
    choices: tuple[str, ...] = ()
    default: str | None = None
    maximum: int | None = None
    note: str = ""
    type: Literal["string", "array"] = "string"
    open_ended: bool = False


class Scope(StrEnum):
    """What a rate limit is counted against."""

    ADDRESS = "ip"
    ACCOUNT = "uid"


class Rate(NamedTuple):
    """Calls allowed in `seconds`, counted per address or per account. Lead traders may have fewer."""

    calls: int
    scope: Scope
    seconds: int = 1
    lead_trader_calls: int | None = None


class PageKind(StrEnum):
    """How older rows are asked for."""

    NONE = "none"
    ID_LESS_THAN = "idLessThan"
    PAGE_NO = "pageNo"
    PAGE_NUM = "pageNum"
    CURSOR = "cursor"
    TIME = "time"


class Paging(NamedTuple):
    """How a list is walked: cursor or page, its page size, and the longest time window one call may ask for.

    `cursor` is where the next cursor is read: a field of `data` (`endId`) or of its last row (`tradeId`), as
    `cursor_in_row` tells. `limit_name` is the parameter that sets the page size, `page_name` the one that takes the
    next cursor or page where it is not called as its kind. `row_id` is the field by which a row that two pages share
    is known, where that is not the cursor.
    """

    kind: PageKind = PageKind.NONE
    limit_default: int | None = None
    limit_max: int | None = None
    window_days: int | None = None
    lookback_days: int | None = None
    cursor: str | None = None
    cursor_in_row: bool = False
    rows_at: str | None = None  # the field of `data` that holds the rows; None when `data` is the list
    limit_name: str = "limit"
    page_name: str | None = None
    row_id: str | None = None
    rows_also: str | None = None  # where some answers hold the rows in the place of `rows_at`

    def place_in(self, data: object) -> str | None:
        """The field of this very answer that holds the rows."""
        elsewhere = self.rows_also and isinstance(data, dict) and self.rows_at not in data
        return self.rows_also if elsewhere else self.rows_at


class Effect(StrEnum):
    """What a call changes, for confirmations and for deciding whether it may be sent twice."""

    READ = "read"
    TRADE = "trade"
    SETTINGS = "settings"
    FUNDS = "funds"
    TRANSFER = "transfer"
    WITHDRAW = "withdraw"
    KEYS = "key-or-subaccount"


class Shape(StrEnum):
    """What `data` is."""

    OBJECT = "object"
    ARRAY = "array"
    ARRAYS = "array-of-arrays"
    STRINGS = "array-of-strings"
    STRING = "string"
    NULL = "null"


def name_of(path: str) -> str:
    """The name by which `bitget api` calls the row of a path."""
    return path.removeprefix("/api/v2/").removeprefix("/api/").replace("/", ".")


class Endpoint(NamedTuple):
    """One row of the catalogue. The name by which `bitget api` calls it is its path after `/api/v2/`, with dots; of
    the v3 API its path after `/api/`.

    An `unchecked` row is sent whatever is given: it was called by its path, or is in no catalogue. Of a `lenient` one,
    called by its name, a value that the row does not list is told of and sent.
    """

    method: Literal["GET", "POST"]
    path: str
    title: str
    rate: Rate
    signed: bool = True
    effect: Effect = Effect.READ
    params: tuple[Param, ...] = ()
    one_of: tuple[tuple[str, ...], ...] = ()
    paging: Paging = Paging()
    shape: Shape = Shape.OBJECT
    fields: tuple[Field, ...] = ()
    demo: bool | None = None
    notes: tuple[str, ...] = ()
    source: str = ""
    unchecked: bool = False
    lenient: bool = False

    @property
    def name(self) -> str:
        return name_of(self.path)

    @property
    def reads(self) -> bool:
        return self.effect is Effect.READ

    @property
    def withdraws(self) -> bool:
        return self.effect is Effect.WITHDRAW


TWENTY_A_SECOND_PER_ADDRESS = Rate(20, Scope.ADDRESS)
TEN_A_SECOND_PER_ADDRESS = Rate(10, Scope.ADDRESS)
FIVE_A_SECOND_PER_ADDRESS = Rate(5, Scope.ADDRESS)
THREE_A_SECOND_PER_ADDRESS = Rate(3, Scope.ADDRESS)
ONE_A_SECOND_PER_ADDRESS = Rate(1, Scope.ADDRESS)

TWENTY_A_SECOND_PER_ACCOUNT = Rate(20, Scope.ACCOUNT)
TEN_A_SECOND_PER_ACCOUNT = Rate(10, Scope.ACCOUNT)
FIVE_A_SECOND_PER_ACCOUNT = Rate(5, Scope.ACCOUNT)
THREE_A_SECOND_PER_ACCOUNT = Rate(3, Scope.ACCOUNT)
TWO_A_SECOND_PER_ACCOUNT = Rate(2, Scope.ACCOUNT)
ONE_A_SECOND_PER_ACCOUNT = Rate(1, Scope.ACCOUNT)
ONE_IN_TEN_SECONDS_PER_ACCOUNT = Rate(1, Scope.ACCOUNT, seconds=10)

# Copy-trading lead traders have fewer calls on these.
TEN_A_SECOND_LEAD_TRADERS_ONE = Rate(10, Scope.ACCOUNT, lead_trader_calls=1)
FIVE_A_SECOND_LEAD_TRADERS_ONE = Rate(5, Scope.ACCOUNT, lead_trader_calls=1)

# How a row is written: with the rate that most have, where it names no other.
get = partial(Endpoint, "GET", rate=TEN_A_SECOND_PER_ACCOUNT)
post = partial(Endpoint, "POST", rate=TEN_A_SECOND_PER_ACCOUNT)
public = partial(Endpoint, "GET", rate=TWENTY_A_SECOND_PER_ADDRESS, signed=False)
get_list = partial(get, shape=Shape.ARRAY)
public_list = partial(public, shape=Shape.ARRAY)
post_trade = partial(post, effect=Effect.TRADE)
post_settings = partial(post, effect=Effect.SETTINGS)
post_funds = partial(post, effect=Effect.FUNDS)
post_keys = partial(post, effect=Effect.KEYS)
by_id = partial(Paging, PageKind.ID_LESS_THAN)
