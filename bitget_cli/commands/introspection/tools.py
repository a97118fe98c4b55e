"""Which commands are tools for other programs, what each takes and answers, and the line that calls it.

Made of the same description as `bitget commands --json`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any, NamedTuple

from bitget_cli.commands.introspection.answers import CommandAnswer, CommandEffect, Layout
from bitget_cli.errors import UsageError
from bitget_cli.values import duration

Schema = dict[str, Any]

# Groups whose commands are tools but for those below. A new group is one or the other: a test asks.
OFFERED = (
    *("market", "account", "position", "order", "plan", "convert", "tax", "subaccount", "p2p", "watch", "panic"),
    *("worker", "paper", "api", "doctor"),
)
# Command or whole group → why it is never a tool.
NEVER = {
    "api call": "calls anything, withdrawals too",
    "api list": "lists calls that no tool makes",
    "api show": "the same",
    "commands": "a program is told the tools themselves",
    "completion": "is a person's own",
    "help": "is told with each tool",
    "mcp": "is what runs",
    "paper env": "is for other programs",
    "paper serve": "runs without end",
    "profile": "where to trade, with which keys and limits, is a person's word",
    "setup": "the same",
    "subaccount keys": "makes keys, and shows them",
    "tax export": "writes files where it is told",
    "webhook": "runs without end, and has a secret",
    "worker run": "runs files, without end",
}
# Options of a command that a tool does not take: consent, rows without a schema, waiting without end.
_LEFT_OUT = {"yes", "raw", "wait"}
# What reads a file is given what stands in it.
_TEXTS = {("order batch", "file"): "What stands in such a file: CSV with a header, or JSON lines."}
_FOR_PEOPLE = ("$schema", "title", "description")
# What goes on until it is told to end, whatever it reads: the option that ends it is required.
_LONGEST = timedelta(minutes=5)


class Access(NamedTuple):
    """Where a program's calls go, `env` being that profile's own, and whether it was allowed to change things."""

    profile: str
    env: str
    allow_changes: bool

    @property
    def may_change(self) -> bool:
        return self.allow_changes or self.env == "paper"


class Tool(NamedTuple):
    """A command as a tool: its words, what `bitget commands` tells of it, and what it answers."""

    path: str
    entry: Mapping[str, Any]
    answer: CommandAnswer

    @property
    def name(self) -> str:
        return self.path.replace(" ", "_").replace("-", "_")

    @property
    def title(self) -> str:
        return str(self.entry["about"])

    @property
    def help(self) -> str:
        return str(self.entry["help"])

    @property
    def reads(self) -> bool:
        return self.answer.effect is CommandEffect.READ

    @property
    def answers_lines(self) -> bool:
        """Whether it answers a JSON value a line, instead of one."""
        return any(form.layout in (Layout.LINES, Layout.STREAM) for form in self.answer.forms)

    @property
    def ended_by(self) -> str | None:
        """The option that says how long it goes on."""
        if not self.answers_lines:
            return None
        return "for" if self.path == "order wait" else "duration"


class Parameter(NamedTuple):
    """One thing that a tool takes: an argument of its command, or an option by its name without dashes."""

    name: str
    told: Mapping[str, Any]
    is_option: bool
    is_text_of_file: bool = False

    @property
    def option(self) -> str:
        return str(self.told["names"][0])


def every() -> dict[str, Tool]:
    """Every tool there is, by name."""
    from bitget_cli.commands.commands import entries
    from bitget_cli.commands.introspection import answers, description

    groups = description.groups(description.root())
    told = [entry for name, group in groups.items() if name in OFFERED for entry in entries(group)]
    found = [Tool(entry["command"], entry, answers.answer_of(entry["command"])) for entry in told]
    return {tool.name: tool for tool in found if not is_never(tool.path)}


def is_never(path: str) -> bool:
    return any(f"{path} ".startswith(f"{words} ") for words in NEVER)


def offered(access: Access) -> dict[str, Tool]:
    """Those that a program may call: what reads, and where it may change something all others. The paper exchange's
    own are offered where it is traded on."""
    return {
        name: tool
        for name, tool in every().items()
        if (tool.reads or access.may_change) and (access.env == "paper" or not tool.path.startswith("paper "))
    }


def about(access: Access) -> str:
    """What a program is told of all tools at once."""
    changes = "Tools change orders and money there." if access.may_change else "Tools only read."
    asked = " Each change is put to the user before it is sent." * (access.may_change and access.env == "live")
    return (
        f"Bitget, profile {access.profile} ({access.env}). {changes}{asked} Sizes, prices and ids are texts, never"
        " floats. What help calls --reduce-only is the parameter reduce_only. dry_run shows the request and sends"
        " nothing. The answer is `result`, what was said beside it `notes`; a failure has `error`, `exit`, `message`"
        " and `hint`. After exit 7 the outcome is unknown: call order_reconcile, and never send the change again."
    )


def parameters(tool: Tool) -> Iterator[Parameter]:
    """What a tool takes, arguments first and in their order."""
    for told in tool.entry["arguments"]:
        name = _name(told["name"])
        yield Parameter(name, told, is_option=False, is_text_of_file=(tool.path, name) in _TEXTS)
    for told in tool.entry["options"]:
        name = _name(told["names"][0])
        if name not in _LEFT_OUT:
            yield Parameter(name, told, is_option=True)


def _name(typed: str) -> str:
    return typed.strip("-").replace("-", "_").replace(" ", "_").lower()


def listed(tool: Tool) -> tuple[str, str, str, Schema, Schema, bool]:
    """Its name, title, help, what it takes, what it answers, and whether it only reads."""
    return tool.name, tool.title, tool.help, takes(tool), answers(tool), tool.reads


def takes(tool: Tool) -> Schema:
    """The JSON Schema of what a tool takes."""
    known = list(parameters(tool))
    needed = [one.name for one in known if one.told["required"] or one.name == tool.ended_by]
    return {
        "type": "object",
        "properties": {one.name: _schema(tool, one) for one in known},
        "required": needed,
        "additionalProperties": False,
    }


def _schema(tool: Tool, parameter: Parameter) -> Schema:
    told = parameter.told
    kinds = {"flag": "boolean", "integer": "integer", "number": "number"}
    one: Schema = {"type": kinds.get(told["type"], "string")}
    if told["choices"]:
        one["enum"] = list(told["choices"])
    if told["repeats"]:
        one = {"type": "array", "items": one, **({"minItems": 1} if told["required"] else {})}
    about = _TEXTS.get((tool.path, parameter.name), told["about"])
    if parameter.name == tool.ended_by:
        about += f" At most {_LONGEST.total_seconds() / 60:.0f}m."
    if about:
        one["description"] = about
    if told["default"] is not None and told["default"] is not False and not told["repeats"]:
        one["default"] = told["default"]
    return one


def answers(tool: Tool) -> Schema:
    """The JSON Schema of what a tool answers: its command's answer below `result`."""
    from bitget_cli.commands.introspection import schema

    whole = schema.of_answer(tool.path, tool.answer)
    result: Schema = _bare(whole)
    if tool.answers_lines:
        result = {"type": "array", "items": result}
    notes = {"type": "array", "items": {"type": "string"}, "description": "what was said beside it"}
    return {"type": "object", "properties": {"result": result, "notes": notes}, "additionalProperties": True}


def _bare(schema: Any) -> Any:
    """The schema without what people read: all tools are listed at once, and that is shorter by a third then."""
    if isinstance(schema, list):
        return [_bare(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    # A field may be called as one of these is.
    told = {key: value for key, value in schema.items() if isinstance(value, dict) or key not in _FOR_PEOPLE}
    return {key: _bare(value) for key, value in told.items()}


def line(tool: Tool, given: Mapping[str, Any]) -> tuple[list[str], str]:
    """The words that call a tool's command, and what stands on its stdin. Raises UsageError for what is no such call.

    `given` is as `takes` says.
    """
    options: list[str] = []
    words: list[str] = []
    missing = stdin = ""
    for one in parameters(tool):
        value = given.get(one.name)
        if one.is_option:
            options += _typed(one, value)
        elif value is None or value == []:
            missing = missing or one.name
        elif missing:
            raise UsageError(f"{one.name} needs {missing} before it")
        elif one.is_text_of_file:
            words, stdin = [*words, "-"], str(value)
        else:
            words += map(str, value) if isinstance(value, list) else [str(value)]
    _check_end(tool, given)
    return [*tool.path.split(), *options, "--", *words], stdin


def _typed(option: Parameter, value: Any) -> list[str]:
    if value is None:
        return []
    if isinstance(value, bool):
        _, *others = option.told["names"]
        no = [name for name in others if name.startswith("--no-")]
        return [option.option] if value else no
    each = value if isinstance(value, list) else [value]
    return [f"{option.option}={one}" for one in each]


def _check_end(tool: Tool, given: Mapping[str, Any]) -> None:
    if tool.ended_by is None:
        return
    text = str(given[tool.ended_by])
    if duration(text, what=tool.ended_by) > _LONGEST:
        raise UsageError(f"{tool.ended_by} {text} is more than {_LONGEST.total_seconds() / 60:.0f}m, the most here")
