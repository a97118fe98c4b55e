"""An alert as it came in, JSON or plain text, made into what is meant: in a trader's words, or by a map into them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, NamedTuple

from bitget_cli.application.orders.orders import OrderInput
from bitget_cli.errors import UsageError
from bitget_cli.trading.model import PositionSide, checked_tag
from bitget_cli.values import Product, Symbol, from_json, from_milliseconds, symbol

LARGEST = 16 * 1024
_DEEPEST = 8  # objects in objects


class Action(StrEnum):
    """What an alert asks for."""

    BUY = "buy"
    SELL = "sell"
    CLOSE = "close"
    CLOSE_ALL = "close_all"
    CANCEL = "cancel"


SECRET = "secret"  # noqa: S105  # the name of the field
_AMOUNTS = ("size", "quote", "risk", "price", "tp", "sl")
_ALWAYS = frozenset(("action", "id", "time"))
_ORDER = frozenset((*_ALWAYS, *_AMOUNTS, "symbol", "reduce_only", "tag"))
# What goes with which action; anything else is a slip in the alert, and a slip must not trade.
TAKES = {
    Action.BUY: _ORDER,
    Action.SELL: _ORDER,
    Action.CLOSE: _ALWAYS | {"symbol", "side", "size", "tag"},
    Action.CLOSE_ALL: _ALWAYS | {"tag"},
    Action.CANCEL: _ALWAYS | {"symbol", "tag"},
}
WORDS = frozenset().union(*TAKES.values())


class NamedMarket(NamedTuple):
    """A market as an alert names it: as the command line would, with the product where the alert says it."""

    text: str
    product: Product | None
    symbol: Symbol


class Alert(NamedTuple):
    """What is meant. `order` holds what goes with buy and sell; of close its size alone."""

    action: Action
    market: NamedMarket | None
    order: OrderInput
    side: PositionSide | None
    tag: str | None
    id: str | None
    time: datetime | None

    @property
    def what(self) -> str:
        """In a line, in the alert's own words."""
        market = f"{self.market.symbol.name} {self.market.symbol.product}" if self.market else ""
        words = [self.action.value, market, self.side or ""]
        given = self.order._asdict()
        words += [f"{name}={given[name]}" for name in _AMOUNTS if given[name] is not None]
        words += ["reduce_only"] if self.order.closing else []
        words += [f"tag={self.tag}"] if self.action is Action.CANCEL and self.tag else []
        return " ".join(filter(None, words))


class Given(NamedTuple):
    """What came in by our names, as text, flag or None, and whatever has another name."""

    words: dict[str, Any]
    unknown: tuple[str, ...] = ()


class AlertMap(NamedTuple):
    """Which key of theirs is which word of ours, what is always said, and which value of theirs is which of ours."""

    keys: Mapping[str, str] = {}
    constants: Mapping[str, str] = {}
    values: Mapping[str, Mapping[str, str]] = {}
    ignored: frozenset[str] = frozenset()

    def read(self, body: bytes) -> Given:
        """The words of an alert. Raises UsageError for what cannot be read."""
        return self._given(_pairs(body))

    def _given(self, pairs: Mapping[str, Any]) -> Given:
        ours = {theirs: word for word, theirs in self.keys.items()}
        words: dict[str, Any] = {}
        unknown: list[str] = []
        for key, value in pairs.items():
            if key in self.ignored:
                continue
            word = ours.get(key, key)
            # A word that the map takes from elsewhere means something else under its own name.
            if word not in WORDS | {SECRET} or (key not in ours and key in self.keys):
                unknown.append(key)
            else:
                words[word] = self._translated(word, value)
        for word, value in self.constants.items():
            if word in words:
                raise UsageError(f"{word} is in the alert and a constant of the map", hint="leave one of them out")
            words[word] = value
        return Given(words, tuple(unknown))

    def _translated(self, word: str, value: Any) -> Any:
        table = self.values.get(word)
        return table.get(value.strip(), value) if table and isinstance(value, str) else value


def alert_map(text: str, *, where: str) -> AlertMap:
    """A map from TOML. Raises UsageError that names what is wrong in it."""
    import tomllib

    try:
        whole = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{where} is not valid TOML: {error}") from None
    tables = {name: whole.pop(name, {}) for name in ("fields", "constants", "values")}
    ignored = whole.pop("ignore", [])
    if whole:
        raise UsageError(f"{where}: {next(iter(whole))!r} is not one of fields, constants, values, ignore")
    if not isinstance(ignored, list) or not all(isinstance(key, str) for key in ignored):
        raise UsageError(f"{where}: ignore is not a list of their keys in quotes", hint='ignore = ["comment"]')
    keys = _table(tables["fields"], where=where, name="fields", words=WORDS | {SECRET})
    if len(set(keys.values())) < len(keys):
        raise UsageError(f"{where}: one key of theirs is two fields of ours")
    # Each alert has its own time and id, and a secret that is always right is none.
    constants = _table(tables["constants"], where=where, name="constants", words=WORDS - {"id", "time"})
    if not isinstance(tables["values"], dict):
        raise UsageError(f"{where}: values is not a table of tables", hint='[values.action] long = "buy"')
    values = {word: _table(table, where=where, name=f"values.{word}") for word, table in tables["values"].items()}
    if wrong := values.keys() - (WORDS - {"id", "time"}):
        raise UsageError(f"{where}: values.{min(wrong)} is not one of {', '.join(sorted(WORDS - {'id', 'time'}))}")
    return AlertMap(keys, constants, values, frozenset(ignored))


def _table(table: Any, *, where: str, name: str, words: frozenset[str] | None = None) -> dict[str, str]:
    if not isinstance(table, dict):
        raise UsageError(f"{where}: {name} is not a table")
    for key, value in table.items():
        if words is not None and key not in words:
            raise UsageError(f"{where}: {name}.{key} is not one of {', '.join(sorted(words))}")
        if not isinstance(value, str):
            raise UsageError(f"{where}: {name}.{key} is not text in quotes")
    return table


def _pairs(body: bytes) -> dict[str, Any]:
    try:
        text = body.decode().removeprefix("\ufeff").strip()
    except UnicodeDecodeError:
        raise UsageError("the alert is not UTF-8 text") from None
    if not text:
        raise UsageError("the alert is empty")
    if not text.startswith(("{", "[", '"')):
        return _of_text(text)
    whole = from_json(text, what="the alert")
    if not isinstance(whole, dict):
        raise UsageError("the alert is JSON, but no object", hint='{"action": "buy", "symbol": "BTCUSDT.P", …}')
    return _once(_flat(whole))


def _flat(whole: Mapping[str, Any], before: str = "", depth: int = 0) -> Iterator[tuple[str, Any]]:
    """Keys of objects in objects with dots: `order.action`."""
    if depth > _DEEPEST:
        raise UsageError("the alert is nested too deeply")
    for key, value in whole.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{before}{key}.", depth + 1)
        else:
            yield f"{before}{key}", value


# key=value or key="some words", or a word by itself.
_WORD = re.compile(r'([^\s="]+)=(?:"([^"]*)"(?!\S)|([^\s"]*)(?!\S))|(\S+)')
# What words by themselves are, in this order, as on the command line.
_PLACES = ("action", "symbol", "size")


def _of_text(text: str) -> dict[str, Any]:
    """`buy BTCUSDT.P 0.01 sl=-2% id=… time=… secret=…`"""
    return _once(_words(text))


def _words(text: str) -> Iterator[tuple[str, str]]:
    places = iter(_PLACES)
    for found in _WORD.finditer(text):
        key, quoted, plain, alone = found.groups()
        if alone is None:
            yield key, plain if quoted is None else quoted
            continue
        place = next(places, None)
        if place is None:
            raise UsageError(
                f"the alert has {_short(alone)} where a field=value belongs",
                hint="buy BTCUSDT.P 0.01 sl=-2% id=… time=… secret=…, or the same as JSON",
            )
        yield place, alone


def _once(pairs: Iterator[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise UsageError(f"the alert has {_short(key)} twice", hint="give it once")
        found[key] = value
    return found


def meant(given: Given, *, default: Product) -> Alert:
    """What is meant by the words; `default` is the product of a bare symbol. Raises UsageError for a slip in them."""
    if given.unknown:
        raise UsageError(
            f"the alert has {_short(given.unknown[0])}, which is not one of {', '.join(sorted(WORDS))}",
            hint="ignore it, or say what it is, in a map: --map FILE",
        )
    texts = {name: _text(name, value) for name, value in given.words.items() if value is not None and name != SECRET}
    action = _action(texts.pop("action", None))
    if stray := texts.keys() - TAKES[action]:
        raise UsageError(f"{action} takes no {min(stray)}", hint=f"it takes {', '.join(sorted(TAKES[action]))}")
    market = None if "symbol" not in texts else read_market(texts["symbol"], default=default)
    needed = "symbol" in TAKES[action] and not (action is Action.CANCEL and "tag" in texts)
    if needed and market is None:
        raise UsageError(f"{action} of which market? symbol is missing", hint="such as BTCUSDT.P or BTC/USDT:USDT")
    tag = checked_tag(texts["tag"]) if "tag" in texts else None
    order = OrderInput(
        texts.get("size"),
        texts.get("quote"),
        texts.get("price"),
        closing=_flag(texts.get("reduce_only")),
        tp=texts.get("tp"),
        sl=texts.get("sl"),
        tag=tag,
        risk=texts.get("risk"),
    )
    return Alert(
        action,
        market,
        order,
        _side(texts.get("side")),
        tag,
        _id(texts.get("id")),
        None if "time" not in texts else read_moment(texts["time"]),
    )


def _text(name: str, value: Any) -> str:
    """A value as text: what TradingView did not fill in, and what is no plain value, is refused."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str):
        raise UsageError(f"{name} is neither text nor a number")
    if not (text := value.strip()):
        raise UsageError(f"{name} is empty", hint="leave it out where it says nothing")
    if "{{" in text:
        raise UsageError(f"{name} {_short(text)} was not filled in", hint="its placeholder is misspelt")
    return text


def _action(text: str | None) -> Action:
    try:
        return Action((text or "").lower())
    except ValueError:
        told = "action is missing" if text is None else f"action {_short(text)} is not one of {', '.join(Action)}"
        raise UsageError(told, hint="a map translates other words: [values.action]") from None


def _side(text: str | None) -> PositionSide | None:
    if text is None:
        return None
    try:
        return PositionSide(text.lower())
    except ValueError:
        raise UsageError(f"side {_short(text)} is not long or short") from None


def _flag(text: str | None) -> bool:
    match (text or "false").lower():
        case "true" | "yes":
            return True
        case "false" | "no":
            return False
    raise UsageError(f"reduce_only {_short(text or '')} is not true or false")


def _id(text: str | None) -> str | None:
    if text is not None and not (len(text) <= 200 and text.isprintable()):
        raise UsageError("id is not 1 to 200 printable characters")
    return text


def read_market(text: str, *, default: Product) -> NamedMarket:
    """A market by our names or TradingView's, where `.P` is a perpetual and `BITGET:` alone is spot."""
    place, colon, rest = text.partition(":")
    is_charted = bool(colon) and "/" not in place
    if is_charted and place.upper() != "BITGET":
        raise UsageError(
            f"symbol {_short(text)} is of {_short(place)}, not of Bitget",
            hint="a map translates it: [values.symbol]",
        )
    name = rest if is_charted else text
    product: Product | None = Product.SPOT if is_charted else None
    if name.upper().endswith(".P"):
        name, product = _perpetual(name[:-2])
    return NamedMarket(name, product, symbol(name, chosen=product, default=default))


def _perpetual(name: str) -> tuple[str, Product]:
    upper = name.upper()
    if upper.endswith("USDC"):
        return f"{name[:-4]}PERP", Product.USDC_FUTURES
    if upper.endswith("PERP"):
        return name, Product.USDC_FUTURES
    return name, Product.COIN_FUTURES if upper.endswith("USD") else Product.USDT_FUTURES


def read_moment(text: str) -> datetime:
    """When an alert was fired: `{{timenow}}`, epoch seconds or milliseconds. Raises UsageError."""
    if re.fullmatch(r"[0-9]{10}|[0-9]{13}", text, re.ASCII):
        return from_milliseconds(text if len(text) == 13 else f"{text}000")
    try:
        if len(text) < 16:  # a day alone
            raise ValueError
        moment = datetime.fromisoformat(text)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise UsageError(
            f"time {_short(text)} is no moment", hint="{{timenow}}, such as 2026-01-31T09:30:00Z, or epoch milliseconds"
        ) from None


def _short(text: str) -> str:
    return repr(text if len(text) <= 40 else text[:40] + "…")
