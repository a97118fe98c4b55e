"""A TAB press: what may stand in the place of the word that is being typed."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from bitget_cli.commands.introspection.description import context, first_line, is_flag

if TYPE_CHECKING:
    from bitget_cli.runtime import Environment

# The variable in which a shell hands over the line up to the cursor.
LINE = "_BITGET_COMPLETE"
# What stands alone where the shell is to offer its files.
FILES = "\tfiles"
_FILE_WORDS = ("FILE", "DIR")


def answer(line: str, environment: Environment) -> str:
    """What the shells of `bitget completion` read: a candidate a line, and behind a tab a word about it.

    Nothing where nothing is known, whatever the reason: a TAB press is no place for a sentence.
    """
    try:
        *words, incomplete = _split(line)
        return "".join(f"{offer}\n" for offer in _offers(words, incomplete, environment))
    except Exception:
        return ""


def _split(line: str) -> list[str]:
    """The words behind the program's name, the last one as far as it is typed."""
    reader = shlex.shlex(line, posix=True)
    reader.whitespace_split, reader.commenters = True, ""
    words: list[str] = []
    try:
        words.extend(reader)
        if line[-1:].isspace():
            words.append("")
    except ValueError:
        # Within quotes that are still open.
        words.append(reader.token)
    start = next((place for place, word in enumerate(words) if word.rpartition("/")[2] == "bitget"), 0)
    return words[start + 1 :]


def _offers(words: list[str], incomplete: str, environment: Environment) -> Iterator[str]:
    found, rest = _command(words, environment)
    before = ""
    if incomplete.startswith("--") and "=" in incomplete:
        name, _, incomplete = incomplete.partition("=")
        rest, before = [*rest, name], f"{name}="
    param = _wanted(found, rest, incomplete)
    if param is None:
        yield from _names(found, rest, incomplete)
        if not incomplete.startswith("-"):
            yield from _of_fallback(found, incomplete)
    elif (param.metavar or "").rstrip(".") in _FILE_WORDS:
        yield FILES
    else:
        yield from (_told(f"{before}{item.value}", item.help) for item in param.shell_complete(found, incomplete))


def _command(words: list[str], environment: Environment) -> tuple[Any, list[str]]:
    """The context of the command typed so far, and the words that are its own."""
    from bitget_cli.commands.app import tree

    own, rest = _until_command(tree(), words)
    found = tree().make_context("bitget", list(own), resilient_parsing=True, obj=environment)
    while rest:
        name, below = rest[0], rest[1:]
        command = found.command.get_command(found, name)
        if command is None and (name := getattr(found.command, "fallback", None) or ""):
            command, below = found.command.get_command(found, name), rest
        if command is None:
            raise LookupError(rest[0])
        # A group that stands deferred takes what is below it for its own until it is there.
        found = command.make_context(name, list(below), parent=found, resilient_parsing=True)
        own, rest = _until_command(found.command, below) if hasattr(found.command, "list_commands") else (below, [])
    return found, own


def _until_command(group: Any, words: list[str]) -> tuple[list[str], list[str]]:
    """The options of a group with their values, and the rest."""
    taking = {name for param in group.params if not is_flag(param) for name in param.opts}
    place = 0
    while place < len(words) and words[place].startswith("-"):
        place += 2 if words[place] in taking else 1
    return words[:place], words[place:]


def _wanted(found: Any, words: list[str], incomplete: str) -> Any:
    """The option or argument whose value is being typed; None where it is the name of an option or of a command."""
    params = found.command.get_params(found)
    options = [param for param in params if param.param_type_name == "option" and not is_flag(param)]
    last = words[-1] if words else ""
    for param in options:
        if last in param.opts and "--" not in words[:-1]:
            return param
    if incomplete.startswith("-") and "--" not in words:
        return None
    return next((param for param in params if param.param_type_name == "argument" and _is_open(found, param)), None)


def _is_open(found: Any, param: Any) -> bool:
    """Whether an argument takes one more word."""
    return param.nargs == -1 or getattr(found.get_parameter_source(param.name), "name", "") != "COMMANDLINE"


def _names(found: Any, words: list[str], incomplete: str) -> Iterator[str]:
    """Commands, or options that have not been typed yet."""
    if hasattr(found.command, "list_commands") and not incomplete.startswith("-"):
        for name in found.command.list_commands(found):
            if name.startswith(incomplete):
                yield _told(name, found.command.get_command(found, name).help)
        return
    for param in found.command.get_params(found):
        typed = any(name in words for name in param.opts)
        if param.param_type_name == "option" and (param.multiple or not typed):
            yield from (
                _told(name, param.help) for name in (*param.opts, *param.secondary_opts) if name.startswith(incomplete)
            )


def _of_fallback(found: Any, incomplete: str) -> Iterator[str]:
    """What the command that takes over takes first: names of endpoints in `bitget api`."""
    name = getattr(found.command, "fallback", None)
    if name:
        below = context(found.command.get_command(found, name), name, found)
        param = _wanted(below, [], incomplete)
        yield from (_told(item.value, item.help) for item in param.shell_complete(below, incomplete))


def _told(value: str, about: str | None) -> str:
    """A candidate with a word about it, which may not be taken for another one."""
    word = " ".join(first_line(about or "").split())
    return f"{value}\t{word}" if word else value
