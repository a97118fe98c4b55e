"""`bitget help`: what a command does, as its `--help` tells it."""

from __future__ import annotations

from typing import Annotated

import typer

from bitget_cli.commands import offers
from bitget_cli.commands.command import Alone
from bitget_cli.results import Lines, Result
from bitget_cli.session import Session

WordsArg = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="COMMAND", autocompletion=offers.commands, help="Such as `order buy`; all groups without it."
    ),
]


def help_(_session: Session, words: WordsArg = None) -> Result:
    """What a command does, its options and an example: the same as its --help.

    Example: bitget help order buy
    """
    from bitget_cli.commands.introspection import description

    text = description.of_words(words or []).get_help()
    return Lines(text.splitlines(), {"help": text})


group = Alone("help", help_)
