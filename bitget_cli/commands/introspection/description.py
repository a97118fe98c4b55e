"""How the command tree describes itself: contexts in which nothing is parsed and nothing run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import typer

from bitget_cli.errors import BitgetError

_EXAMPLE = re.compile(r"\n*\x08\nExample:\n  (.+)$", re.MULTILINE)


def context(command: Any, name: str, parent: Any = None) -> Any:
    """A context in which a command describes itself."""
    return command.make_context(name, [], parent=parent, resilient_parsing=True)


def root() -> Any:
    """The context of `bitget` itself."""
    from bitget_cli.commands.app import tree

    return context(tree(), "bitget")


def groups(top: Any) -> dict[str, Any]:
    """Contexts of the groups by name, and of the commands that stand for one."""
    return {name: context(top.command.get_command(top, name), name, top) for name in top.command.list_commands(top)}


def commands(group: Any) -> Iterator[Any]:
    """Contexts of a group's commands, those of groups within it too, or of the one command that stands for a group."""
    if not hasattr(group.command, "list_commands"):
        yield group
        return
    for name in group.command.list_commands(group):
        yield from commands(context(group.command.get_command(group, name), name, group))


def of_words(words: list[str]) -> Any:
    """The context in which the command of these words describes itself. Raises UsageError where there is none."""
    found = root()
    for word in words:
        if not hasattr(found.command, "resolve_command"):
            raise typer.BadParameter(f"{found.command_path} has no commands below it, such as {word!r}")
        # A word that is none is refused here with what is meant, as where it is typed.
        found.resilient_parsing = False
        _, command, _ = found.command.resolve_command(found, [word])
        found = context(command, word, found)
    return found


def path_of(command: Any) -> str:
    """The words that call it: `order buy`."""
    return str(command.command_path).removeprefix("bitget ")


def parameters(command: Any) -> list[Any]:
    """Arguments and options as they are typed, `--help` left out."""
    return [param for param in command.command.get_params(command) if param.name != "help"]


def is_flag(param: Any) -> bool:
    return bool(getattr(param, "is_flag", False))


def first_line(text: str) -> str:
    """What a help begins with, on one line and without its full stop."""
    return text.strip().split("\n\n")[0].replace("\n", " ").rstrip(".")


def explained(text: str) -> str:
    """A help without its examples, a line for each paragraph."""
    whole = _EXAMPLE.sub("", text.strip())
    return "\n".join(paragraph.replace("\n", " ") for paragraph in whole.split("\n\n"))


def examples(text: str) -> list[str]:
    """The lines that a help shows as examples."""
    return _EXAMPLE.findall(text)


def failures() -> list[type[BitgetError]]:
    """Every kind of failure that is told, each before those that are a kind of it."""
    # What others raise as a kind of their own is told by the word of the kind above it.
    known = [kind for kind in _with_those_below(BitgetError) if kind.__module__ == BitgetError.__module__]
    return [kind for kind in known if kind.word != "interrupted"]


def _with_those_below(kind: type[BitgetError]) -> Iterator[type[BitgetError]]:
    yield kind
    for below in kind.__subclasses__():
        yield from _with_those_below(below)


def meaning(kind: type[BitgetError]) -> str:
    """When a command ends with it."""
    return "A defect of ours; please report it" if kind is BitgetError else first_line(kind.__doc__ or "")
