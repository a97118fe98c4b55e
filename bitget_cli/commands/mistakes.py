"""What to type instead: the next step for a line that could not be read. Imported when there is one."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from bitget_cli.errors import UsageError
from bitget_cli.values import GRANULARITIES

# Words of other programs and of Bitget's own pages, and the option that means it here.
_OPTIONS = {
    "--trigger-price --stop-price": "--trigger",
    "--limit --limit-price": "--price",
    "--stop --stop-loss --stoploss --stop-price": "--sl",
    "--take-profit --takeprofit": "--tp",
    "--trigger-type": "--trigger-by",
    "--callback-ratio --trail --trailing-percent": "--callback",
    "--force --time-in-force": "--tif",
    "--cost --value --notional --quote-size": "--quote",
    "--client-order-id --client-id --clientoid --newclientorderid": "--client-oid",
    "--interval --timeframe --period --bar": "--granularity",
    "--start --start-time --from --after": "--since",
    "--end --end-time --to --before": "--until",
    "--max --count --page-size": "--limit",
    "--format --out": "--output",
    "--product-type --category --market": "--product",
    "--percentage": "--percent",
    "--hold-side --pos-side --position-side": "--side",
    "--force --no-confirm": "--yes",
    "--test --simulate": "--dry-run",
    "--account --env --environment": "--profile",
    "--columns --select --query": "--fields",
    "--count --orders --levels --rungs --parts": "--steps",
    "--margin --margin-type": "--margin-mode",
}
# What is no option here, where a command has the word it is about.
_NO_OPTIONS = (
    ("--type --order-type --ordertype", "--price", "an order is at market, or with --price P at a limit"),
    ("--size --qty --quantity --amount --volume", "SIZE", "the size is a word by itself: {command} {symbol} {value}"),
    ("--symbol --instrument --pair --inst-id", "SYMBOL", "the symbol is a word by itself: {command} {value}"),
    ("--coin --asset --currency", "COIN", "the coin is a word by itself: {command} {value}"),
    ("--id --order-id --orderid --client-oid", "ID", "the id is a word by itself: {command} {value}"),
    ("--demo --testnet --sandbox", "--profile", "Bitget's demo is a profile: -p demo"),
    ("--paper", "--profile", "the paper exchange is a profile: -p paper"),
    ("--side", "SIZE", "the direction is the command: bitget order buy, bitget order sell"),
)
# Group and words that it has not, and the commands that do it.
_COMMANDS: Mapping[str, Mapping[str, Sequence[str]]] = {
    "": {
        "login auth key keys config configure credentials": ("profile add",),
        "orders": ("order list",),
        "positions": ("position list",),
        "plans": ("plan list",),
        "balances wallet": ("account balance",),
        "trade": ("order buy", "order sell"),
        "long": ("order buy",),
        "short": ("order sell",),
        "stop tpsl": ("plan tpsl",),
        "book orderbook": ("market depth",),
        "kline klines ohlcv": ("market candles",),
        "pnl": ("position history",),
        "stream live": ("watch ticker",),
        "version": ("--version",),
        "demo": ("-p demo profile check",),
        "reset": ("paper reset",),
        "bot": ("worker run",),
    },
    "order": {
        "status get info": ("order show",),
        "place new create market limit": ("order buy", "order sell"),
        "long": ("order buy",),
        "short": ("order sell",),
        "open pending": ("order list",),
        "edit amend replace": ("order modify",),
        "delete remove": ("order cancel",),
        "trades": ("order fills",),
        "stop trigger": ("plan buy", "plan sell"),
    },
    "plan": {
        "status get info": ("plan show",),
        "sl tp stop-loss take-profit": ("plan tpsl",),
        "place new create trigger": ("plan buy", "plan sell"),
        "edit amend": ("plan modify",),
        "open pending": ("plan list",),
    },
    "position": {
        "open": ("order buy", "position list"),
        "get info status": ("position show",),
        "flip": ("position reverse",),
        "sl tp tpsl": ("plan tpsl",),
    },
    "market": {
        "book orderbook": ("market depth",),
        "kline klines ohlcv": ("market candles",),
        "instruments contracts pairs": ("market symbols",),
        "funding-rate": ("market funding",),
        "last": ("market price",),
    },
    "account": {
        "balances assets wallet": ("account balance",),
        "fees": ("account fee",),
        "leverages": ("account leverage",),
        "ledger history": ("account bills",),
        "positions": ("position list",),
    },
    "watch": {
        "price prices tickers": ("watch ticker",),
        "book orderbook": ("watch depth",),
        "kline klines": ("watch candles",),
        "order": ("watch orders",),
        "position": ("watch positions",),
        "balance": ("watch account",),
    },
    "profile": {
        "new create login": ("profile add",),
        "delete rm": ("profile remove",),
        "switch": ("profile use",),
        "test": ("profile check",),
    },
    "paper": {"start": ("paper serve",), "time": ("paper clock",)},
    "convert": {"history-list": ("convert history",), "swap buy sell": ("convert trade",)},
}
# What a group does with a market that is typed where its command belongs.
_OF_A_MARKET = {"market": "ticker", "watch": "ticker", "position": "show", "account": "show", "plan": "list"}
_OF_A_MARKET |= {"order": "list"}
_MARKET = r"(?i)[A-Z0-9]{2,}(/[A-Z0-9]+(:[A-Z]+)?|USDT|USDC|USD|PERP|USDT_[A-Z]+)"
_PRICE = r"(?i)[0-9][0-9.,]*|(?:bid|ask|mid|last|mark|index|entry)([-+].+)?"
# What a command calls the word for buy or sell.
_DIRECTION = r"buy\|sell"
_MOST_REPEATED = 60
# What stands for a person's own yes: whoever copies a suggestion is asked again.
_CONSENTS = ("-y", "--yes", "--allow-far")
# The one command that people hand keys to; words typed beside it may be one, and are never repeated.
_TAKES_KEYS = "profile add"


def explained(mistake: Any, argv: Sequence[str]) -> UsageError:
    """The failure for what Typer could not read: one sentence, and what would be right."""
    message = _sentence(mistake.format_message())
    context = getattr(mistake, "ctx", None)
    if context is None:
        return UsageError(message)
    see = f"see `{context.command_path} --help`"
    if short := _one_dash(argv, _options(context)):
        return UsageError(f"{short} has one dash too few", hint=f"-{short}; {see}")
    if option := getattr(mistake, "option_name", None):
        return _unknown_option(context, str(option), argv, see)
    _, _, extra = str(mistake).partition("unexpected extra argument(s) (")
    if extra:
        if context.command_path == f"bitget {_TAKES_KEYS}":
            return UsageError("no key is typed on a command line", hint=f"it asks for it, or --stdin; {see}")
        word = extra.split()[0].rstrip(").")
        return UsageError(f"{word} is one word too many", hint=_joined(_for_extra(context, word), see))
    return UsageError(message, hint=_joined(_without_direction(context, message), see))


def _without_direction(context: Any, message: str) -> str:
    """For a ladder that begins with its market, as `order buy` does after the direction."""
    found = re.match(rf"{_DIRECTION} '(.+)' is not one of ", message)
    return f"the direction comes first: {context.command_path} buy {found[1]}" if found else ""


def unknown_command(
    context: Any, word: str, rest: Sequence[str], commands: Mapping[str, Any], groups: Mapping[str, Any]
) -> UsageError:
    """The failure for a word that is no command of a group; `groups` are those that are one level down."""
    path = context.command_path
    group = "" if context.parent is None else str(context.info_name)
    typed, of_all = word, f"{word.lower()}-all"
    if [one.lower() for one in rest[:1]] == ["all"] and any(of_all in below for below in (commands, *groups.values())):
        word, rest = of_all, rest[1:]
    meant = list(_of_another_word(group, word.lower()))
    if not meant and group in _OF_A_MARKET and re.fullmatch(_MARKET, word):
        meant, rest = [f"{group} {_OF_A_MARKET[group]}"], [word, *rest]
    meant = meant or [f"{group} {near}".strip() for near in get_close_matches(word.lower(), commands)]
    meant = meant or [f"{name} {word.lower()}" for name, below in groups.items() if word.lower() in below]
    meant, rest = _directed(meant, rest)
    safe = [] if _TAKES_KEYS in meant else [one for one in rest if one not in _CONSENTS]
    lines = " or ".join(f"`bitget {line}`" for line in _lines(context, meant[:3], safe))
    remedy = f"did you mean {lines}?" if lines else None
    return UsageError(f"{typed!r} is not a command of `{path}`", hint=remedy or f"see `{path} --help`")


def _lines(context: Any, meant: Sequence[str], rest: Sequence[str]) -> list[str]:
    """The commands that may be meant with the rest of the line. Where that is options alone, what each needs first is
    named, and one that has not such an option is left out."""
    words = " ".join(rest)
    if not words or len(words) > _MOST_REPEATED:
        return list(meant)
    if not rest[0].startswith("-") or any(one.startswith("-") for one in meant):
        return [f"{one} {words}" for one in meant]
    params = {one: _parameters(context, one) for one in meant}
    typed = {word.split("=")[0] for word in rest if word.startswith("--")}
    fitting = [one for one in meant if typed <= {name for param in params[one] for name in param.opts}] or meant
    return [" ".join([one, *_needed(params[one]), words]) for one in fitting]


def _parameters(context: Any, path: str) -> Sequence[Any]:
    found = context.find_root()
    for word in path.split():
        command = found.command.get_command(found, word)
        found = command.make_context(word, [], parent=found, resilient_parsing=True)
    return list(found.command.get_params(found))


def _needed(params: Sequence[Any]) -> list[str]:
    return [param.metavar for param in params if param.param_type_name == "argument" and param.required]


def _of_another_word(group: str, word: str) -> Sequence[str]:
    rows = _COMMANDS.get(group, {}).items()
    return next((meant for words, meant in rows if word in words.split()), ())


def _directed(meant: list[str], rest: Sequence[str]) -> tuple[list[str], Sequence[str]]:
    """Of a command for each direction the one whose word stands in the line, and the line without that."""
    named = {word.rpartition("=")[2].lower() for word in rest} & {"buy", "sell"}
    if len(named) != 1:
        return meant, rest
    (direction,) = named
    those = [one for one in meant if one.endswith(f" {direction}")]
    left = [word for word in rest if word != "--side" and word.rpartition("=")[2].lower() != direction]
    return (those, left) if those else (meant, rest)


def _sentence(message: str) -> str:
    """Typer's own sentence, in one line: it lists choices below each other, and escapes the line ends."""
    text = message.removeprefix("Invalid value: ").replace("\\n\\t", " ").replace("\n\t", " ")
    text = re.sub(r"^Invalid value for '(.+?)': ('.*' is not one of )(.+)$", _refused, text)
    text = re.sub(r"^Missing (argument|option) '(.+?)\.*'\.?( Choose from: *)?", _missing, text)
    return " ".join(text.split()).rstrip(".,")


def _missing(found: re.Match[str]) -> str:
    return f"{found[2]} is missing{': one of ' if found[3] else ''}"


def _refused(found: re.Match[str]) -> str:
    choices = found[3].replace("'", "")
    return f"{found[1]} {found[2]}{choices}"


def _joined(*parts: str) -> str:
    return "; ".join(part for part in parts if part)


def _for_extra(context: Any, word: str) -> str:
    """What a word too many was probably meant for."""
    options = _options(context)
    if word.lower() in {name.lower() for name in GRANULARITIES} and "--granularity" in options:
        return f"an interval is an option, -g {word}"
    if "--price" in options and re.fullmatch(_PRICE, word):
        # After symbol and size, most people type the price.
        return f"a price is an option, --price {word}"
    if "--product" in options and word.lower() in ("spot", "usdt-futures", "usdc-futures", "coin-futures"):
        return f"a product is an option, --product {word.lower()}"
    return ""


def _unknown_option(context: Any, option: str, argv: Sequence[str], see: str) -> UsageError:
    typed = next((word for word in argv if word.split("=")[0] == option or _begins(word, option)), option)
    if re.match(r"-[0-9.]", typed):
        return _negative(context, typed, see)
    options = _options(context)
    name = _dashed(option)
    right = name if name in options else _right_option(name, options)
    if right:
        value = _value_after(argv, typed)
        return UsageError(f"there is no option {option} here", hint=f"{right}{value and f' {value}'}; {see}")
    if remedy := _no_option(context, name, options, argv, typed):
        return UsageError(f"there is no option {option} here", hint=_joined(remedy, see))
    near = get_close_matches(name, options, cutoff=0.7)
    meant = f"did you mean {' or '.join(near)}?" if near else ""
    return UsageError(f"there is no option {option} here", hint=_joined(meant, see))


def _one_dash(argv: Sequence[str], options: Sequence[str]) -> str:
    """A word such as `-price`, which reads as `-p rice`."""
    return next((word for word in argv if re.match(r"-[a-z]{3}", word) and f"-{word}".split("=")[0] in options), "")


def _begins(word: str, option: str) -> bool:
    """Whether a word of the line is what Typer calls an option of one letter: `-0` of `-0.01`."""
    return len(option) == 2 and word.startswith(option) and not word.startswith("--")


def _negative(context: Any, typed: str, see: str) -> UsageError:
    number = typed.removeprefix("-")
    words = str(context.command_path)
    other = {"bitget order buy": "bitget order sell", "bitget plan buy": "bitget plan sell"}
    other |= {right: left for left, right in other.items()}
    hint = f"the other way round: {other[words]} SYMBOL {number}" if words in other else ""
    return UsageError(f"{typed} is below zero, and was read as an option", hint=_joined(hint, see))


def _dashed(option: str) -> str:
    """`--reduceOnly` and `--reduce_only` as options are written here."""
    return re.sub(r"(?<=[a-z])([A-Z])", r"-\1", option).replace("_", "-").lower()


def _right_option(name: str, options: Sequence[str]) -> str:
    return next((ours for words, ours in _OPTIONS.items() if name in words.split() and ours in options), "")


def _no_option(context: Any, name: str, options: Sequence[str], argv: Sequence[str], typed: str) -> str:
    arguments = {str(param.human_readable_name).rstrip(".") for param in context.command.params}
    for words, about, remedy in _NO_OPTIONS:
        if name in words.split() and about in {*options, *arguments}:
            value = _value_after(argv, typed) or about
            return remedy.format(command=context.command_path, value=value, symbol="SYMBOL")
    return ""


def _value_after(argv: Sequence[str], typed: str) -> str:
    if "=" in typed:
        return typed.partition("=")[2]
    place = argv.index(typed) + 1 if typed in argv else len(argv)
    return argv[place] if place < len(argv) and not argv[place].startswith("-") else ""


def _options(context: Any) -> list[str]:
    return [name for param in context.command.params for name in param.opts if name.startswith("--")]
