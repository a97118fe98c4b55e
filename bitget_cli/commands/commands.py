"""`bitget commands`: every command as a program reads it, and the schema of what it answers."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from pathlib import PurePath
from typing import Annotated, Any

import typer

from bitget_cli.catalogue.model import Field, FieldKind
from bitget_cli.commands import offers
from bitget_cli.commands.command import Alone
from bitget_cli.errors import UsageError
from bitget_cli.results import Lines, Result, Rows
from bitget_cli.session import Session

FIELDS = (
    Field("command", "Command"),
    Field("about", "What it does"),
    Field("help", "Help"),
    Field("effect", "Effect"),
    Field("arguments", "Arguments", FieldKind.NESTED),
    Field("options", "Options", FieldKind.NESTED),
    Field("answers", "Answers", FieldKind.NESTED),
    Field("exits", "Ends with", FieldKind.NESTED),
    Field("examples", "Examples", FieldKind.NESTED),
)
COLUMNS = ("command", "about")
# In place of a command's words, what a failure of any of them is.
_FAILURES = ["errors"]

WordsArg = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="COMMAND", autocompletion=offers.commands, help="Such as `order buy`, or a group; all without it."
    ),
]
SchemaOpt = Annotated[bool, typer.Option("--schema", help="The JSON Schema of that command's --json, or of `errors`.")]


def commands(_session: Session, words: WordsArg = None, schema: SchemaOpt = False) -> Result:
    """Every command with its arguments, options, effect, exit statuses, what it answers, and examples.

    The effect is `read` (changes nothing), `local` (this machine), `change` (orders cancelled, settings) or `money`.
    The first entry, `bitget`, has the options that every command takes. A row of a schema may have more fields than are
    named, since the exchange adds some.

    Example: bitget commands order --json
    """
    from bitget_cli.commands.introspection import description

    typed = words or []
    if schema:
        return _schema(typed)
    if typed:
        return Rows(list(entries(description.of_words(typed))), FIELDS, COLUMNS, wrap=("about",))
    top = description.root()
    told = [_of_all(top), *(one for group in description.groups(top).values() for one in entries(group))]
    return Rows(told, FIELDS, COLUMNS, wrap=("about",))


def _schema(words: list[str]) -> Result:
    import json

    from bitget_cli.commands.introspection import answers, description, schema

    if not words:
        raise UsageError(
            "--schema is of one command", hint="bitget commands --schema order buy, or bitget commands --schema errors"
        )
    if words == _FAILURES:
        told = schema.of_failures()
    else:
        found = description.of_words(words)
        if hasattr(found.command, "list_commands"):
            known = ", ".join(found.command.list_commands(found))
            raise UsageError(f"{description.path_of(found)} is a group, and a schema is of one command", hint=known)
        path = description.path_of(found)
        told = schema.of_answer(path, answers.answer_of(path))
    return Lines(json.dumps(told, indent=2).splitlines(), told)


def _of_all(top: Any) -> dict[str, Any]:
    """The options that stand before the group and after the command."""
    return _entry(top) | {"command": "bitget", "options": [_option(param) for param in _own(top, ())]}


def entries(group: Any) -> Iterator[dict[str, Any]]:
    """What is told of each command of a group, or of the one that stands for it."""
    from bitget_cli.commands.introspection import answers, description

    shared = {param.name for param in description.parameters(description.root())}
    for one in description.commands(group):
        answer = answers.answer_of(description.path_of(one))
        own = _own(one, shared)
        yield _entry(one) | {
            "effect": answer.effect.value,
            "arguments": [_argument(param) for param in own if param.param_type_name == "argument"],
            "options": [_option(param) for param in own if param.param_type_name == "option"],
            "answers": [
                {"layout": form.layout.value, "fields": [field.name for field in form.fields()]}
                for form in answer.forms
            ],
            "exits": answer.exits,
        }


def _entry(context: Any) -> dict[str, Any]:
    """What a command's help says of it; all else is as of `bitget` itself."""
    from bitget_cli.commands.introspection import description

    text = context.command.help
    return {
        "command": description.path_of(context),
        "about": description.first_line(text),
        "help": description.explained(text),
        "effect": "read",
        "arguments": [],
        "options": [],
        "answers": [],
        "exits": [0, 2],
        "examples": description.examples(text),
    }


def _own(context: Any, shared: Any) -> list[Any]:
    from bitget_cli.commands.introspection import description

    return [param for param in description.parameters(context) if param.name not in shared]


def _argument(param: Any) -> dict[str, Any]:
    return {"name": param.human_readable_name.removesuffix("..."), **_described(param), "repeats": param.nargs == -1}


def _option(param: Any) -> dict[str, Any]:
    return {
        "names": [*param.opts, *param.secondary_opts],
        "metavar": param.metavar,
        **_described(param),
        "repeats": bool(param.multiple),
    }


def _described(param: Any) -> dict[str, Any]:
    from bitget_cli.commands import offers
    from bitget_cli.commands.introspection import description

    choices = getattr(param.type, "choices", None) or offers.CHOICES.get(param.name)
    return {
        "about": param.help or "",
        "type": "flag" if description.is_flag(param) else _type(param, choices),
        "required": bool(param.required),
        "choices": list(choices) if choices else None,
        "default": _plain(param.default),
    }


def _type(param: Any, choices: Any) -> str:
    if choices:
        return "choice"
    name = str(param.type.name).partition(" ")[0]
    return {"int": "integer", "float": "number"}.get(name, name if name in ("integer", "number") else "text")


def _plain(default: Any) -> Any:
    """A default as it would be typed."""
    if isinstance(default, Enum):
        return default.value
    return str(default) if isinstance(default, PurePath) else default


group = Alone("commands", commands)
