"""`@group.command`: adds the shared options to a function, opens the session, and shows what the function returns."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from contextlib import suppress
from functools import cache, partial
from typing import Any, TypeVar, get_type_hints

import typer

from bitget_cli.commands import options
from bitget_cli.commands.app import Deferred, LazyGroup, build
from bitget_cli.results import Done, Record, Result, Rows
from bitget_cli.session import Session, Shared

Command = TypeVar("Command", bound=Callable[..., Result])

_SHARED = {
    "profile": (options.ProfileOpt, None),
    "output": (options.OutputOpt, None),
    "json": (options.JsonOpt, False),
    "fields": (options.FieldsOpt, None),
    "times": (options.TimesOpt, None),
    "save": (options.SaveOpt, None),
    "language": (options.LanguageOpt, None),
    "timeout": (options.TimeoutOpt, None),
    "verbose": (options.VerboseOpt, False),
    "no_color": (options.NoColorOpt, False),
}


class Group:
    """The commands of one module, in the order they are declared."""

    def __init__(self, name: str, help: str, *, fallback: str | None = None) -> None:
        self.name = name
        self.help = help
        self.fallback = fallback
        self.functions: dict[str, Callable[..., Result]] = {}
        # Groups within it: `bitget subaccount keys list`.
        self.groups: dict[str, Group] = {}
        self._reading: set[str] = set()

    def command(self, name: str | None = None, *, reads_account: bool = False) -> Callable[[Command], Command]:
        """Declare a command: a function of a Session and typed options that returns its result.

        The command's name is the function's, with dashes. Its docstring is its help. Options that several commands
        take together are the fields of a named tuple, which is one parameter of theirs. One that `reads_account` takes
        `--raw` too.
        """

        def declare(function: Command) -> Command:
            typed = name or function.__name__.strip("_").replace("_", "-")
            self.functions[typed] = function
            if reads_account:
                self._reading.add(typed)
            return function

        return declare

    def menu(self) -> LazyGroup:
        return LazyGroup(
            name=self.name,
            help=self.help,
            entries={
                name: Deferred(
                    name, inspect.getdoc(function) or "", partial(_built, name, function, name in self._reading)
                )
                for name, function in self.functions.items()
            }
            | {name: Deferred(name, group.help, group.menu) for name, group in self.groups.items()},
            fallback=self.fallback,
            context_settings={"help_option_names": ["-h", "--help"]},
        )


class Alone:
    """A command that stands where others have a group: `bitget doctor`."""

    def __init__(self, name: str, function: Callable[..., Result]) -> None:
        self.name = name
        self.function = function

    def menu(self) -> Any:
        """The command itself, in the place of a group's menu."""
        return _built(self.name, self.function)


@cache
def _built(name: str, function: Callable[..., Result], reads_account: bool = False) -> Any:
    return build(_with_shared_options(function, reads_account=reads_account), name=name)


def _with_shared_options(function: Callable[..., Result], *, reads_account: bool) -> Callable[..., None]:
    def command(ctx: typer.Context, **given: Any) -> None:
        after = Shared(**{name: given.pop(name) for name in _SHARED})
        given |= {name: kind(**{word: given.pop(word) for word in kind._fields}) for name, kind in sets.items()}
        session: Session = ctx.obj.reopened(ctx.obj.shared.then(after))
        session.is_verbatim = reads_account and given.pop("raw")
        with session:
            session.shared.check()
            result = function(session, **given)
            # The columns that are chosen are those of a classic account.
            if session.is_verbatim and isinstance(result, Rows):
                result = result._replace(columns=(), unfold="", subject="")
            elif session.is_verbatim and isinstance(result, Record):
                result = result._replace(columns=())
            _show(session, result)
            if isinstance(result, Rows | Done) and result.failure:
                raise result.failure

    own, sets = _own_parameters(function)
    if reads_account:
        own.append(_keyword("raw", options.RawOpt, False))
    shared = [_keyword(name, annotation, default) for name, (annotation, default) in _SHARED.items()]
    context = inspect.Parameter("ctx", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=typer.Context)
    command.__signature__ = inspect.Signature([context, *own, *shared])  # type: ignore[attr-defined]  # Typer reads it
    command.__doc__ = _help_text(function)
    command.__annotations__ = {p.name: p.annotation for p in [context, *own, *shared]}
    return command


def _show(session: Session, result: Result) -> None:
    """Draw the result; what was changed is told on stderr where stdout cannot take it, or a signal comes in."""
    try:
        session.console.show(result)
    except (OSError, KeyboardInterrupt):
        if isinstance(result, Done):
            with suppress(OSError):
                ids = (("order", result.order_id), ("client id", result.client_oid))
                known = ", ".join(f"{name} {identity}" for name, identity in ids if identity)
                session.say(f"{result.outcome}: {known or result.response}")
        raise


def _help_text(function: Callable[..., Result]) -> str:
    """The docstring, with its example on a line of its own that help must not wrap (click's `\\b`)."""
    return re.sub(r"^Example: (.+)$", "\b\nExample:\n  \\1", inspect.getdoc(function) or "", flags=re.MULTILINE)


def _own_parameters(function: Callable[..., Result]) -> tuple[list[inspect.Parameter], dict[str, Any]]:
    """The options of a function, and those of its parameters that are sets: named tuples whose fields are options."""
    own: list[inspect.Parameter] = []
    sets: dict[str, Any] = {}
    hints = get_type_hints(function, include_extras=True)
    for one in list(inspect.signature(function).parameters.values())[1:]:
        hint = hints[one.name]
        if hasattr(hint, "_fields"):
            sets[one.name] = hint
            members = get_type_hints(hint, include_extras=True).items()
            own += [_keyword(name, option, hint._field_defaults.get(name, one.empty)) for name, option in members]
        else:
            own.append(_keyword(one.name, hint, one.default))
    return own, sets


def _keyword(name: str, annotation: Any, default: Any) -> inspect.Parameter:
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)
