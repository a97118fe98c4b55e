"""A call of a tool: the very line a person would type, run in this process, and what it answered as one object."""

from __future__ import annotations

import io
import json
import shlex
from collections.abc import Callable, Mapping
from typing import Any

from bitget_cli.commands.introspection import tools
from bitget_cli.commands.introspection.tools import Access, Tool
from bitget_cli.errors import BitgetError, ConfigError, DeclinedError, StoppedError, UsageError
from bitget_cli.keys import Redactor, of_environment
from bitget_cli.main import main
from bitget_cli.runtime import TIME_IS_UP, Environment, heard, stop, time_limit
from bitget_cli.session import Session, Shared

# Puts a question to the user of the program that calls; None where it cannot.
Ask = Callable[[str], bool | None]

# Seconds after which a call is ended as by Ctrl-C; no command that ends by itself takes as long but for long lists.
LONGEST_CALL = 600.0


class ToolCalls:
    """Calls of tools on one profile, one after another; what they answer and whether they failed."""

    def __init__(self, environment: Environment, access: Access, offered: Mapping[str, Tool]) -> None:
        self._environment = environment
        self._access = access
        self._offered = offered
        self._heard = len(heard)

    def __call__(self, name: str, given: Mapping[str, Any], ask: Ask) -> tuple[dict[str, Any], bool]:
        """What is told, and whether it is a failure. Raises StoppedError or KeyboardInterrupt where all is to end."""
        try:
            tool = self._tool(name)
            self._check_profile()
            words, stdin = tools.line(tool, given)
        except BitgetError as failure:
            return failure.record(), True
        return self._run(tool, ["--profile", self._access.profile, "--json", *words], stdin, ask)

    def _tool(self, name: str) -> Tool:
        if name in self._offered:
            return self._offered[name]
        if name not in tools.every():
            raise UsageError(f"{name} is not a tool", hint="tools/list says what there is")
        if name.startswith("paper_"):
            raise DeclinedError(f"{name} is of the paper exchange, and these calls go to {self._access.profile}")
        raise DeclinedError(
            f"{name} changes something, and these tools only read",
            hint=f"bitget mcp --allow-changes --profile {self._access.profile}",
        )

    def _check_profile(self) -> None:
        """Raises ConfigError where the profile has become another one since the tools were offered."""
        name, env = self._access.profile, self._access.env
        with Session(Shared(profile=name), self._environment) as session:
            if session.env != env:
                raise ConfigError(f"profile {name} was {env} and is {session.env} now", hint="start bitget mcp again")

    def _run(self, tool: Tool, words: list[str], stdin: str, ask: Ask) -> tuple[dict[str, Any], bool]:
        out, err = io.StringIO(), io.StringIO()

        def asked(question: str) -> bool:
            said = ask(f"{err.getvalue()}{question}")
            if said is None:
                raise DeclinedError(
                    f"{question}: not confirmed, and this program cannot ask its user",
                    hint=f"type it: {shlex.join(['bitget', *(word for word in words if word != '--json')])}",
                )
            return said

        given = vars(self._environment) | {"stdin": io.StringIO(stdin), "stdout": out, "stderr": err, "ask": asked}
        status = TIME_IS_UP
        try:
            with time_limit(LONGEST_CALL):
                status = main(words, Environment(**given))
        except StoppedError as late:
            # The time may be up when the command has just ended; whatever else it is ends the server.
            if late.exit_status != TIME_IS_UP:
                raise
        # The signal that ended a command, or came too late for it, ends the server as well.
        if len(heard) > self._heard:
            stop(heard[-1])
        clean = Redactor(*of_environment(self._environment.environ))
        return _told(tool, status, clean(out.getvalue()), clean(err.getvalue())), status != 0


def _told(tool: Tool, status: int, out: str, err: str) -> dict[str, Any]:
    """A failure's object, then the answer as far as there is one, then what was said on stderr."""
    notes = err.splitlines()
    told: dict[str, Any] = {}
    if status:
        told = _failure(notes, status)
    result = _parsed(out, lines=tool.answers_lines)
    if result or not status:
        told["result"] = result
    if notes:
        told["notes"] = notes
    return told


def _failure(notes: list[str], status: int) -> dict[str, Any]:
    """The object that a failure is, taken from the lines of stderr, of which it is the last."""
    if notes and notes[-1].startswith('{"error":'):
        failure: dict[str, Any] = json.loads(notes.pop())
        return failure
    ended = BitgetError(
        f"not done after {LONGEST_CALL:.0f} s, and ended as by Ctrl-C",
        hint="ask for less; order_log with unsettled shows whether a change was on its way",
    )
    return ended.record() | {"error": "interrupted", "exit": status}


def _parsed(text: str, *, lines: bool) -> Any:
    """The answer, in which a number that is no integer stays the text of its digits; None for none.

    Of a list that broke off it is what had come.
    """
    if lines:
        return [json.loads(line, parse_float=str) for line in text.splitlines()]
    if not text.strip():
        return None
    try:
        return json.loads(text, parse_float=str)
    except ValueError:
        return json.loads(f"{text.rstrip().rstrip(',')}]", parse_float=str)
