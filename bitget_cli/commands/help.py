"""`bitget help`: what a command does, as its `--help` tells it."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from bitget_cli.commands.command import Alone
from bitget_cli.results import Lines, Result
from bitget_cli.session import Session

WordsArg = Annotated[
    list[str] | None, typer.Argument(metavar="COMMAND", help="Such as `order buy`; all groups without it.")
]


def help_(_session: Session, words: WordsArg = None) -> Result:
    """What a command does, its options and an example: the same as its --help.

    Example: bitget help order buy
    """
    text = _described(words or []).get_help()
    return Lines(text.splitlines(), {"help": text})


def _described(words: list[str]) -> Any:
    """The context in which the command of these words describes itself. Raises UsageError where there is none."""
    from bitget_cli.commands.app import tree

    found = tree().make_context("bitget", [], resilient_parsing=True)
    for word in words:
        if not hasattr(found.command, "resolve_command"):
            raise typer.BadParameter(f"{found.command_path} has no commands below it, such as {word!r}")
        # A word that is none is refused here with what is meant, as where it is typed.
        found.resilient_parsing = False
        _, command, _ = found.command.resolve_command(found, [word])
        found = command.make_context(word, [], parent=found, resilient_parsing=True)
    return found


group = Alone("help", help_)
