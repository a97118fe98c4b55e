"""Command groups that know names and one-line helps, and build a command only when it is called.

Building all of Typer's parameters for a whole tree costs more than most commands take to run; help of the root and a
TAB press need names alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from difflib import get_close_matches
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup


class Deferred(TyperCommand):
    """A command's name and help; the command itself is built when its arguments are to be parsed."""

    def __init__(self, name: str, help: str, build: Callable[[], Any]) -> None:
        super().__init__(name, help=help, rich_markup_mode=None)
        self._build = build

    def make_context(self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any) -> Any:
        return self._build().make_context(info_name, args, parent=parent, **extra)


class Menu(TyperGroup):
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
        near = get_close_matches(word, self.commands)
        remedy = f"did you mean {' or '.join(near)}?" if near else f"see `{ctx.command_path} --help`"
        raise typer.BadParameter(f"{word!r} is not a command of `{ctx.command_path}`; {remedy}")


def build(function: Callable[..., Any], *, name: str) -> Any:
    """Typer's command for one function."""
    app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
    app.command(name, context_settings={"help_option_names": ["-h", "--help"]})(function)
    return typer.main.get_command(app)
