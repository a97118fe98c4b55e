"""What each command answers under `--json`, and what it changes: declared here once, and loaded by nobody at start-up.

The fields are named by where the command itself takes them; `commands`, its schemas and completion read them here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import StrEnum
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

from bitget_cli.catalogue.model import Field, FieldKind
from bitget_cli.commands.offers import FIELDS

if TYPE_CHECKING:
    from pathlib import Path

    from bitget_cli.catalogue.model import Endpoint

Fields = tuple[Field, ...]


class CommandEffect(StrEnum):
    """What a command may change: nothing, this machine, an account's orders and settings, or its money and risk."""

    READ = "read"
    LOCAL = "local"
    CHANGE = "change"
    MONEY = "money"


class Layout(StrEnum):
    """How things are laid out: one, many, many whose fields are places, many that come a line each as they happen, and
    those in the envelope of a stream."""

    OBJECT = "object"
    ARRAY = "array"
    ARRAYS = "array of arrays"
    LINES = "lines"
    STREAM = "stream"


class Form(NamedTuple):
    """One form an answer may have. `ours` are records of which every key is always there, of the exchange's none need
    be; the `integers` among their fields are JSON numbers, all others texts. Without fields it can be anything.
    """

    layout: Layout
    fields: Callable[[], Fields] = tuple
    ours: bool = False
    integers: frozenset[str] = frozenset()


class CommandAnswer(NamedTuple):
    """What a command answers and changes. `ends` are exit statuses of its own beside those of its effect; one that is
    `here` asks no exchange."""

    effect: CommandEffect
    forms: tuple[Form, ...]
    ends: tuple[int, ...] = ()
    here: bool = False

    @property
    def fields(self) -> Fields:
        """What `--fields` may name, in the order of the answer."""
        return joined(form.fields() for form in self.forms)

    @property
    def exits(self) -> list[int]:
        """The statuses with which it may end, but for signals."""
        # Typing, files, keys of the environment, a guard or a question.
        found = {0, 1, 2, 3, 4, 10, *self.ends}
        if not self.here:
            found |= {5, 6, 11}
        if self.effect in (CommandEffect.CHANGE, CommandEffect.MONEY):
            found.add(7)
        if any(form.layout is Layout.STREAM for form in self.forms):
            found.add(9)
        return sorted(found)


def joined(lists: Iterator[Fields]) -> Fields:
    """Fields of several lists, each name once and as it is met first."""
    found: dict[str, Field] = {}
    for fields in lists:
        for field in fields:
            found.setdefault(field.name, field)
    return tuple(found.values())


def answer_of(path: str) -> CommandAnswer:
    """What is declared of the command that these words call. Raises KeyError where nothing is."""
    return ANSWERS[path]


# Where fields are taken from.


def _at(place: str) -> object:
    """What stands at a place such as `catalogue.v2.public:TIME`, whose module is loaded by now."""
    module, _, name = place.partition(":")
    return getattr(import_module(f"bitget_cli.{module}"), name)


def _of_rows(places: str) -> Callable[[], Fields]:
    """Those of rows of the catalogue."""
    return lambda: joined(row.fields for row in _rows(places))


def _rows(places: str) -> Iterator[Endpoint]:
    for place in places.split():
        yield _at(f"catalogue.v2.{place}")  # type: ignore[misc]  # a row, which the tests see to


def _of_reads(*names: str, beside: Fields = ()) -> Callable[[], Fields]:
    """Those of what an account of either kind is asked for, in every product that has it."""

    def fields() -> Fields:
        from bitget_cli.errors import UsageError
        from bitget_cli.trading.adapters.by_kind import fields_of
        from bitget_cli.trading.model import Read
        from bitget_cli.values import Product

        found = []
        for read in (Read[name] for name in names):
            for product in (Product.USDT_FUTURES, Product.SPOT):
                try:
                    found.append(fields_of(read, product))
                except UsageError:
                    continue
        # The kind of a unified account comes last.
        known = joined(iter([*found, beside]))
        return (*(one for one in known if one.name != _KIND), *(one for one in known if one.name == _KIND))

    return fields


_KIND = "accountKind"


def _of_ours(place: str, *beside: Field) -> Callable[[], Fields]:
    """Those of a list of ours."""
    return lambda: (*_at(place), *beside)  # type: ignore[misc]  # fields, which the tests see to


def _of_channels(word: str, *beside: Field) -> Callable[[], Fields]:
    """Those of a stream, in every product that has it."""

    def fields() -> Fields:
        from bitget_cli.catalogue.channels import CHANNELS

        return (*joined(row.fields for row in CHANNELS if row.type == word and "MARGIN" not in row.markets), *beside)

    return fields


def _open_interest() -> Fields:
    """The rows below the name that the row calls them by, the moment beside them."""
    (row,) = _rows("futures_market:FUTURES_OPEN_INTEREST")
    at = row.paging.rows_at or ""
    inside = tuple(field._replace(name=f"{at}[].{field.name}") for field in row.fields)
    return (Field(at, kind=FieldKind.NESTED), *inside, Field("ts", "Time", FieldKind.TIME))


def _statistics() -> Fields:
    from bitget_cli.commands.market import statistics

    return joined(row.fields for row in statistics().values())


_one = partial(Form, Layout.OBJECT)
_many = partial(Form, Layout.ARRAY)


def _either(fields: Callable[[], Fields], *, ours: bool = False) -> tuple[Form, ...]:
    return (_one(fields, ours), _many(fields, ours))


def _read(*forms: Form, here: bool = False, ends: tuple[int, ...] = ()) -> CommandAnswer:
    return CommandAnswer(CommandEffect.READ, forms, ends, here)


def _asked(*rows: str) -> CommandAnswer:
    """A list of the account's."""
    return _read(_many(_of_reads(*rows)))


def _told(*rows: str) -> CommandAnswer:
    """One thing of the account's."""
    return _read(_one(_of_reads(*rows)))


def _here(place: str, *beside: Field, integers: str = "") -> CommandAnswer:
    return _read(_many(_of_ours(place, *beside), True, frozenset(integers.split())), here=True)


def _stream(word: str, *beside: Field) -> CommandAnswer:
    # The place of a book in its sequence is the one number of theirs.
    return _read(Form(Layout.STREAM, _of_channels(word, *beside), integers=frozenset({"seq"})))


def _local(*forms: Form, here: bool = True, ends: tuple[int, ...] = ()) -> CommandAnswer:
    return CommandAnswer(CommandEffect.LOCAL, forms, ends, here)


_OUTCOME = _of_ours("results:OUTCOME")
_REQUEST = _of_ours("client.rest.raw:DRY_RUN")
# One change and its request under `--dry-run`; several at once.
_SINGLE = (_one(_OUTCOME, True), _one(_REQUEST, True))
_SEVERAL = (*_SINGLE, _many(_OUTCOME, True), _many(_REQUEST, True))
_MAY_FAIL_IN_PART = (8,)

_pays = CommandAnswer(CommandEffect.MONEY, _SINGLE)
_pays_for_several = CommandAnswer(CommandEffect.MONEY, _SEVERAL, _MAY_FAIL_IN_PART)
_changes = CommandAnswer(CommandEffect.CHANGE, _SINGLE)
_changes_several = CommandAnswer(CommandEffect.CHANGE, _SEVERAL, _MAY_FAIL_IN_PART)
_settles = _local(_one(_OUTCOME, True))

_TICKERS = "spot_market:SPOT_TICKERS futures_market:FUTURES_TICKER futures_market:FUTURES_TICKERS"
_TRADES = (
    "spot_market:SPOT_FILLS spot_market:SPOT_FILLS_HISTORY futures_market:FUTURES_FILLS"
    " futures_market:FUTURES_FILLS_HISTORY"
)
_FUND_RATE = "futures_market:FUTURES_CURRENT_FUND_RATE"

# The words of a command → what it answers.
ANSWERS: dict[str, CommandAnswer] = {
    "market ticker": _read(*_either(_of_rows(_TICKERS))),
    "market tickers": _read(_many(_of_rows(_TICKERS))),
    "market depth": _read(_one(_of_rows("spot_market:SPOT_MERGE_DEPTH futures_market:FUTURES_MERGE_DEPTH"))),
    "market trades": _read(_many(_of_rows(_TRADES))),
    "market candles": _read(Form(Layout.ARRAYS, _of_rows("futures_market:FUTURES_CANDLES spot_market:SPOT_CANDLES"))),
    "market price": _read(_one(_of_rows("futures_market:FUTURES_SYMBOL_PRICE"))),
    "market funding": _read(
        _one(_of_rows(f"{_FUND_RATE} futures_market:FUTURES_FUNDING_TIME")), _many(_of_rows(_FUND_RATE))
    ),
    "market funding-history": _read(_many(_of_rows("futures_market:FUTURES_HISTORY_FUND_RATE"))),
    "market open-interest": _read(_one(_open_interest)),
    "market oi-limit": _read(*_either(_of_rows("futures_market:FUTURES_OI_LIMIT"))),
    "market tiers": _read(_many(_of_rows("futures_market:FUTURES_POSITION_LEVER"))),
    "market fees": _read(_many(_of_rows("spot_market:SPOT_VIP_FEE_RATE futures_market:FUTURES_VIP_FEE_RATE"))),
    "market stats": _read(*_either(_statistics)),
    "market symbols": _read(*_either(_of_rows("futures_market:FUTURES_CONTRACTS spot_market:SPOT_SYMBOLS"))),
    "market coins": _read(*_either(_of_rows("spot_market:SPOT_COINS"))),
    "market time": _read(_one(_of_rows("public:TIME"))),
    "market news": _read(_many(_of_rows("public:ANNOUNCEMENTS"))),
    "account balance": _read(*_either(_of_reads("BALANCE"))),
    "account show": _told("ACCOUNT"),
    "account overview": _asked("OVERVIEW"),
    "account funding": _asked("FUNDING"),
    "account bots": _asked("BOTS"),
    "account info": _told("KEY_OWNER"),
    "account fee": _told("FEE"),
    "account max-open": _told("LARGEST_OPEN"),
    "account liq-price": _told("LIQUIDATION"),
    "account subaccounts": _asked("SUBACCOUNTS"),
    "account bills": _asked("BILLS"),
    "account transfers": _asked("TRANSFERS"),
    "account deposits": _asked("DEPOSITS"),
    "account withdrawals": _asked("WITHDRAWALS"),
    "account deposit-address": _told("DEPOSIT_ADDRESS"),
    "account leverage": _changes_several,
    "account margin-mode": _changes,
    "account position-mode": _changes,
    "account margin": _pays,
    "account auto-margin": _changes,
    "account transfer": _pays,
    "position list": _asked("POSITIONS"),
    "position show": _asked("POSITION"),
    "position history": _asked("CLOSED_POSITIONS"),
    "position adl": _asked("ADL"),
    "position close": _pays_for_several,
    "position close-all": _pays_for_several,
    "position reverse": _pays_for_several,
    "order buy": _pays_for_several,
    "order sell": _pays_for_several,
    "order batch": _pays_for_several,
    "order ladder": _pays_for_several,
    "order modify": _pays_for_several,
    "order cancel": _changes_several,
    "order cancel-all": _changes_several,
    "order list": _asked("OPEN_ORDERS"),
    "order history": _asked("PAST_ORDERS"),
    "order fills": _asked("FILLS", "OLD_FILLS"),
    "order show": _told("ORDER", "PAST_PLANS"),
    "order wait": _read(Form(Layout.LINES, _of_ours("commands.order:WAITED"), True), ends=(9,)),
    "order log": _here("commands.order:LOG"),
    "order reconcile": _local(
        _many(_of_ours("commands.order:FOUND"), True),
        _many(_of_ours("commands.order:LOG"), True),
        here=False,
        ends=(7,),
    ),
    "plan buy": _pays_for_several,
    "plan sell": _pays_for_several,
    "plan tpsl": _pays_for_several,
    "plan oco": _pays_for_several,
    "plan twap": _pays_for_several,
    "plan iceberg": _pays_for_several,
    "plan modify": _pays_for_several,
    "plan cancel": _changes_several,
    "plan cancel-all": _changes_several,
    "plan list": _asked("OPEN_PLANS"),
    "plan history": _asked("PAST_PLANS"),
    "plan show": _read(_one(_of_reads("PAST_PLANS", "ORDER", beside=(Field("orders", "Orders", FieldKind.NESTED),)))),
    "convert coins": _asked("CONVERTIBLE"),
    "convert quote": _told("QUOTE"),
    "convert trade": _pays,
    "convert history": _asked("CONVERSIONS"),
    "convert bgb-coins": _asked("SMALL_BALANCES"),
    "convert bgb": _pays,
    "convert bgb-history": _asked("SMALL_CONVERSIONS"),
    "subaccount list": _asked("SUBACCOUNT_LIST"),
    "subaccount create": _changes,
    "subaccount modify": _changes,
    "subaccount transfer": _pays,
    "subaccount transfers": _asked("SUBACCOUNT_TRANSFERS"),
    "subaccount keys list": _asked("SUBACCOUNT_KEYS"),
    "subaccount keys create": _changes,
    "subaccount keys modify": _changes,
    "subaccount keys remove": _changes,
    "p2p merchants": _asked("P2P_MERCHANTS"),
    "p2p me": _told("P2P_SELF"),
    "p2p orders": _asked("P2P_ORDERS"),
    "p2p ads": _asked("P2P_ADS"),
    "tax spot": _asked("TAX_SPOT"),
    "tax futures": _asked("TAX_FUTURES"),
    "tax margin": _asked("TAX_MARGIN"),
    "tax p2p": _read(_many(_of_rows("tax:TAX_P2P_RECORD"))),
    "tax export": _local(
        _many(_of_ours("commands.tax:FIELDS"), True, frozenset({"rows", "windows", "missing"})), here=False, ends=(9,)
    ),
    "watch ticker": _stream("ticker"),
    "watch depth": _stream("depth"),
    "watch trades": _stream("trades"),
    "watch candles": _stream("candles", Field("closed", kind=FieldKind.FLAG), Field("closed_by")),
    "watch account": _stream("account"),
    "watch positions": _stream("positions"),
    "watch orders": _stream("orders"),
    "watch plans": _stream("plans"),
    "watch fills": _stream("fills"),
    "worker run": CommandAnswer(CommandEffect.MONEY, (Form(Layout.LINES, _of_ours("commands.worker:LINES"), True),)),
    "worker log": _here("commands.worker:LOG"),
    "webhook serve": CommandAnswer(CommandEffect.MONEY, (_one(lambda: (Field("url", "URL"),), True),)),
    # The request under `--dry-run` of what the alert asks for.
    "webhook test": _read(_one(_REQUEST, True), _many(_REQUEST, True), _one(_OUTCOME, True)),
    "webhook secret": _settles,
    "webhook log": _here("commands.webhook:LOG"),
    "profile add": _settles,
    "profile list": _here("commands.profile:SETTINGS"),
    "profile use": _settles,
    "profile show": _read(_one(_of_ours("commands.profile:SETTINGS", Field("keys", "Keys")), True), here=True),
    "profile remove": _settles,
    "profile check": _read(_one(_of_ours("application.queries:CHECKED"), True, frozenset({"clock_offset_ms"}))),
    "profile lock": _settles,
    "profile unlock": _settles,
    "profile limit": _settles,
    "profile allow": _settles,
    "profile set": _settles,
    "panic": CommandAnswer(
        CommandEffect.MONEY, (_many(_OUTCOME, True), _one(_REQUEST, True), _many(_REQUEST, True)), _MAY_FAIL_IN_PART
    ),
    "paper status": _read(
        _one(_of_ours("commands.paper:STATUS", Field("conservation", kind=FieldKind.NESTED)), True), here=True
    ),
    "paper reset": _settles,
    "paper deposit": _settles,
    "paper migrate": _settles,
    "paper clock": _settles,
    "paper serve": _local(_one(lambda: (Field("url", "URL"),), True)),
    "paper env": _read(_one(), here=True),
    "api list": _here("catalogue.docs:LISTING"),
    "api show": _read(
        _one(_of_ours("catalogue.docs:EXPLAINED", Field("parameters", kind=FieldKind.NESTED)), True), here=True
    ),
    "api errors": _read(*_either(_of_ours("catalogue.docs:CODES"), ours=True), here=True),
    # Whatever the row answers; a change is answered as any other, and a request under `--dry-run` too.
    "api call": CommandAnswer(CommandEffect.MONEY, (*_SINGLE, Form(Layout.ARRAY), _one()), _MAY_FAIL_IN_PART),
    "doctor": _read(_many(_of_ours("commands.doctor:FIELDS"), True)),
    "commands": _read(_many(_of_ours("commands.commands:FIELDS"), True), _one(), here=True),
    "mcp": _local(_one()),
    "completion": _local(_one(lambda: (Field("shell"), Field("script")), True), _one(_OUTCOME, True)),
    "setup": _local(_one(_of_ours("commands.profile:SETTINGS", Field("keys", "Keys")), True), here=False),
    "help": _read(_one(lambda: (Field("help", "Help"),), True), here=True),
}


def field_lists() -> dict[Path, str]:
    """The list of fields that completion reads, as it is to be written, and where: `bitget_cli.manual` writes it."""
    told = {path: " ".join(field.name for field in answer.fields) for path, answer in ANSWERS.items()}
    return {FIELDS: "".join(f"{path}: {names}\n" for path, names in told.items() if names)}
