"""The command tree: groups and their one-line helps, each command built only when it is called."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from copy import copy
from functools import cache, partial
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from bitget_cli import session
from bitget_cli.commands import options
from bitget_cli.errors import UsageError
from bitget_cli.session import Session
from bitget_cli.values import amount

# Building all of Typer's parameters for a whole tree costs more than most commands take to run; help of the root and
# a TAB press need names alone.

# Beyond any count there is, and below what a machine word holds.
_MOST = 10**18
# Longer than any sentence.
_UNCUT = 10_000
_PLAIN = r"(?a)-?([0-9]{1,20}\.?[0-9]{0,20}|\.[0-9]{1,20})"


class Deferred(TyperCommand):
    """A command's name and help; the command itself is built when its arguments are to be parsed."""

    def __init__(self, name: str, help: str, build: Callable[[], Any]) -> None:
        super().__init__(name, help=help, rich_markup_mode=None)
        self._build = build

    def get_short_help_str(self, limit: int = 0) -> str:  # noqa: ARG002  # whatever room there is
        """The whole sentence: in a list of commands it goes on below itself, and is not cut."""
        return super().get_short_help_str(_UNCUT)

    def make_context(self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any) -> Any:
        return self._build().make_context(info_name, args, parent=parent, **extra)


class LazyGroup(TyperGroup):
    """A group of deferred commands; called bare it shows its help, as `gh` does.

    `fallback` names the entry that takes over when the first word is none of the entries (`bitget api NAME`).
    """

    def __init__(
        self, *, entries: Mapping[str, Deferred] | None = None, fallback: str | None = None, **settings: Any
    ) -> None:
        super().__init__(**{**settings, "rich_markup_mode": None, "commands": dict(entries or {})})
        self.fallback = fallback

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        return super().parse_args(ctx, args or ["--help"])

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        word = args[0]
        if word in self.commands or ctx.resilient_parsing:
            return super().resolve_command(ctx, args)
        if self.fallback:
            return self.fallback, self.commands[self.fallback], args
        from bitget_cli.commands.mistakes import unknown_command

        raise unknown_command(ctx, word, args[1:], self.commands, self.one_level_down())

    def one_level_down(self) -> Mapping[str, Mapping[str, Any]]:
        """The commands of each group in it; none of a group that has commands only."""
        return {}


def build(function: Callable[..., Any], *, name: str) -> Any:
    """Typer's command for one function."""
    app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
    app.command(name, context_settings={"help_option_names": ["-h", "--help"]})(function)
    return with_our_words(typer.main.get_command(app))


def with_our_words(command: Any) -> Any:
    """The command, with counts and seconds read in plain digits only, and choices in Bitget's words too, in any case.

    Its usage shows which of its arguments repeat; a price or a size is taken once.

    Left to themselves `int` and `float` also take `1_000`, `nan` and the digits of every script.
    """
    for param in command.params:
        kind = param.type.name.partition(" ")[0]
        if kind in ("int", "integer", "float"):
            param.type = copy(param.type)
            param.type.convert = partial(_plain_number, param.type.convert)
        elif kind == "choice":
            param.type = copy(param.type)
            param.type.convert = partial(_choice, param.type.convert, frozenset(param.type.choices))
        if param.nargs == -1 and param.metavar:
            param.metavar += "..."
    command.parse_args = partial(_each_once, command.parse_args)
    return command


# Of which the second would take the place of the first without a word.
_ONCE = frozenset(
    ("--price", "--trigger", "--tp", "--sl", "--tp-limit", "--sl-limit", "--quote", "--risk", "--size", "--leverage")
)
_IN_PARTS = "exits in parts come after the order: bitget plan tpsl SYMBOL --tp 70000:50% --tp 75000:50%"


def _each_once(parse_args: Callable[..., Any], ctx: Any, args: list[str]) -> Any:
    single = {name for param in ctx.command.params if not getattr(param, "multiple", False) for name in param.opts}
    typed = [word.split("=")[0] for word in args if word.startswith("--")]
    for name in dict.fromkeys(typed):
        if name in _ONCE & single and typed.count(name) > 1 and not ctx.resilient_parsing:
            raise UsageError(f"{name} is given twice", hint=_IN_PARTS if name == "--tp" else "give it once")
    return parse_args(ctx, args)


# Bitget's words, and those of its pages, for what has another one here.
_BITGETS_WORDS = {
    "post_only": "post-only",
    "fixed": "isolated",
    "cross": "crossed",
    "fill_price": "last",
    "market_price": "last",
    "mark_price": "mark",
    "one_way_mode": "one-way",
    "one_way": "one-way",
    "hedge_mode": "hedge",
}


def _choice(convert: Callable[..., Any], choices: frozenset[str], value: Any, param: Any, ctx: Any) -> Any:
    if isinstance(value, str) and value not in choices:
        word = value.lower()
        known = (word, _BITGETS_WORDS.get(word, ""), word.replace("_", "-"))
        value = next((one for one in known if one in choices), value)
    return convert(value, param, ctx)


def _plain_number(convert: Callable[..., Any], value: Any, param: Any, ctx: Any) -> Any:
    if isinstance(value, str) and not re.fullmatch(_PLAIN, value):
        # Which it refuses, with the plain form where there is one.
        amount(value, what=_name(param))
    number = convert(value, param, ctx)
    if isinstance(number, int) and abs(number) > _MOST:
        raise UsageError(f"{_name(param)} {value} is more than there can be", hint="type a smaller number")
    return number


def _name(param: Any) -> str:
    return str(param.opts[0] if param.param_type_name == "option" else param.human_readable_name)


# Each group's module is imported when it is called; root help and a TAB press need only these words.
GROUPS = {
    "market": "Prices, books, candles, funding and instruments; no keys needed.",
    "account": "Money, fees, margin, settings, transfers.",
    "position": "What you hold in futures; close it, turn it round.",
    "order": "Trade, change, cancel and see orders.",
    "plan": "Trigger, trailing, take-profit and stop-loss orders.",
    "convert": "One coin into another at a quoted price; small balances into BGB.",
    "tax": "Every booking, for a tax return.",
    "subaccount": "Sub-accounts, their keys, and money between them.",
    "p2p": "Trading with other people: merchants, your orders and advertisements.",
    "watch": "Prices, books, trades, orders and positions as they change.",
    "panic": "The way out: cancel every order and close every position.",
    "worker": "Files of your own that trade by themselves, and what they did.",
    "webhook": "Alerts of TradingView made into orders.",
    "profile": "Where to trade and with which keys.",
    "paper": "The exchange on this machine: its clock, seed and server.",
    "api": "Call any endpoint of Bitget by name or by path.",
    "doctor": "Check network, clock, keyring, files and keys.",
    "commands": "All commands and what they answer, for programs.",
    "mcp": "The commands as tools, for programs that speak MCP.",
    "completion": "The script for completion in bash, zsh and fish.",
    "setup": "A first start by questions: paper or keys, product, completion.",
    "help": "What a command does; the same as its --help.",
}


@cache
def tree() -> Any:
    """The whole command tree, ready to parse lines; the environment goes with each line as its `obj`."""
    app = typer.Typer(
        cls=_Root,
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(bitget)
    return with_our_words(typer.main.get_command(app))


def bitget(
    ctx: typer.Context,
    profile: options.ProfileOpt = None,
    output: options.OutputOpt = None,
    json: options.JsonOpt = False,
    fields: options.FieldsOpt = None,
    times: options.TimesOpt = None,
    save: options.SaveOpt = None,
    language: options.LanguageOpt = None,
    timeout: options.TimeoutOpt = None,
    verbose: options.VerboseOpt = False,
    no_color: options.NoColorOpt = False,
    version: Annotated[bool, typer.Option("--version", "-V", help="Print the version.")] = False,
) -> None:
    """Trade on Bitget, or on the paper exchange on this machine, from a terminal or a script."""
    if version:
        from bitget_cli import __version__

        ctx.obj.stdout.write(f"bitget {__version__}\n")
        raise typer.Exit
    shared = session.Shared(profile, output, json, fields, times, save, language, timeout, verbose, no_color)
    ctx.obj = Session(shared, ctx.obj)


class _Root(LazyGroup):
    def __init__(self, **settings: Any) -> None:
        super().__init__(entries={name: _group(name, about) for name, about in GROUPS.items()}, **settings)

    def one_level_down(self) -> Mapping[str, Mapping[str, Any]]:
        menus = {name: import_module(f"bitget_cli.commands.{name}").group.menu() for name in GROUPS}
        return {name: menu.commands for name, menu in menus.items() if isinstance(menu, LazyGroup)}


def _group(name: str, about: str) -> Deferred:
    def load() -> Any:
        return import_module(f"bitget_cli.commands.{name}").group.menu()

    return Deferred(name, about, load)
