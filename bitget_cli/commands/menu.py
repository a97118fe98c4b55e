"""Command groups that know names and one-line helps, and build a command only when it is called.

Building all of Typer's parameters for a whole tree costs more than most commands take to run; help of the root and a
TAB press need names alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from copy import copy
from difflib import get_close_matches
from functools import partial
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from bitget_cli.errors import UsageError
from bitget_cli.values import amount

# Beyond any count there is, and below what a machine word holds.
_MOST = 10**18
_PLAIN = re.compile(r"-?([0-9]{1,20}\.?[0-9]{0,20}|\.[0-9]{1,20})", re.ASCII)


class Deferred(TyperCommand):
    """A command's name and help; the command itself is built when its arguments are to be parsed."""

    def __init__(self, name: str, help: str, build: Callable[[], Any]) -> None:
        super().__init__(name, help=help, rich_markup_mode=None)
        self._build = build

    def make_context(self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any) -> Any:
        return self._build().make_context(info_name, args, parent=parent, **extra)


class Menu(TyperGroup):
    """A group of deferred commands; called bare it shows its help, as `gh` does.

    `fallback` names the entry that takes over when the first word is none of the entries (`bitget api NAME`); `more`
    gives further entries, once somebody wants one that is not among the first.
    """

    def __init__(
        self,
        *,
        entries: Mapping[str, Deferred] | None = None,
        more: Callable[[], Mapping[str, Deferred]] | None = None,
        fallback: str | None = None,
        **settings: Any,
    ) -> None:
        super().__init__(**{**settings, "rich_markup_mode": None, "commands": dict(entries or {})})
        self.fallback = fallback
        self._more = more

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in self.commands:
            self._complete()
        return super().get_command(ctx, cmd_name)

    def list_commands(self, ctx: Any) -> list[str]:
        self._complete()
        return super().list_commands(ctx)

    def _complete(self) -> None:
        if self._more:
            self.commands.update(self._more())
            self._more = None

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        return super().parse_args(ctx, args or ["--help"])

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        word = args[0]
        if self.get_command(ctx, word) or ctx.resilient_parsing:
            return super().resolve_command(ctx, args)
        if self.fallback:
            return self.fallback, self.commands[self.fallback], args
        near = get_close_matches(word, self.commands)
        remedy = f"did you mean {' or '.join(near)}?" if near else f"see `{ctx.command_path} --help`"
        raise typer.BadParameter(f"{word!r} is not a command of `{ctx.command_path}`; {remedy}")


def build(function: Callable[..., Any], *, name: str) -> Any:
    """Typer's command for one function."""
    app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
    app.command(name, context_settings={"help_option_names": ["-h", "--help"]})(function)
    return with_plain_numbers(typer.main.get_command(app))


def with_plain_numbers(command: Any) -> Any:
    """The command, with counts and seconds read in plain digits only.

    Left to themselves `int` and `float` also take `1_000`, `nan` and the digits of every script.
    """
    for param in command.params:
        if param.type.name.partition(" ")[0] in ("int", "integer", "float"):
            param.type = copy(param.type)
            param.type.convert = partial(_plain_number, param.type.convert)
    return command


def _plain_number(convert: Callable[..., Any], value: Any, param: Any, ctx: Any) -> Any:
    if isinstance(value, str) and not _PLAIN.fullmatch(value):
        # Which it refuses, with the plain form where there is one.
        amount(value, what=_name(param))
    number = convert(value, param, ctx)
    if isinstance(number, int) and abs(number) > _MOST:
        raise UsageError(f"{_name(param)} {value} is more than there can be", hint="type a smaller number")
    return number


def _name(param: Any) -> str:
    return str(param.opts[0] if param.param_type_name == "option" else param.human_readable_name)
