"""Writes what is made from the program itself: `python -m bitget_cli.manual`.

That is man/, completions/ and two pages of docs/, from the command tree, and the lists of the catalogue's rows and of
fields. `--check` writes nothing and fails when something is stale.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

from bitget_cli import __version__
from bitget_cli.catalogue import row_modules
from bitget_cli.commands.completion import SCRIPTS, Shell
from bitget_cli.commands.introspection import description
from bitget_cli.commands.introspection.answers import field_lists
from bitget_cli.commands.introspection.description import first_line

ROOT = Path(__file__).parent.parent
MARKERS = ("<!-- exit statuses -->", "<!-- end of exit statuses -->")


def main(arguments: list[str]) -> int:
    """Write what is stale; with `--check` only name it and return 1."""
    stale = {path: text for path, text in pages().items() if not path.exists() or path.read_text() != text}
    for path, text in stale.items():
        sys.stderr.write(f"{'stale' if '--check' in arguments else 'wrote'}: {path.relative_to(ROOT)}\n")
        if "--check" not in arguments:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text)
    return 1 if stale and "--check" in arguments else 0


def pages() -> dict[Path, str]:
    """Every generated file with the text it should have."""
    root = description.root()
    groups = description.groups(root)
    written = {ROOT / "man" / "bitget.1": _root_page(root)}
    for name, group in groups.items():
        written[ROOT / "man" / f"bitget-{name}.1"] = _group_page(name, group)
    for shell, file in ((Shell.BASH, "bitget.bash"), (Shell.ZSH, "_bitget"), (Shell.FISH, "bitget.fish")):
        written[ROOT / "completions" / file] = SCRIPTS[shell]
    written[ROOT / "docs" / "commands.md"] = _command_list(root, groups)
    statuses = ROOT / "docs" / "exit-codes.md"
    written[statuses] = _with_statuses(statuses.read_text())
    return written | row_modules() | field_lists()


def _command_list(root: Any, groups: dict[str, Any]) -> str:
    lines = [
        "# Commands",
        "",
        "Made by `python -m bitget_cli.manual` from the program itself. `bitget GROUP COMMAND --help` says the rest,",
        "with an example, and so does the group's page in [man](../man), such as `man bitget-order`.",
        "",
        "Every command takes these, before the group or after the command:",
        "",
        "| option | what it does |",
        "| --- | --- |",
    ]
    records = [record for record in _option_records(root) if "--version" not in record[0]]
    lines += [f"| `{name}` | {_cell(text)} |" for name, text in records]
    for name, group in groups.items():
        lines += ["", f"## {name}", "", f"{first_line(group.command.help)}.", ""]
        lines += ["| command | what it does |", "| --- | --- |"]
        lines += [
            f"| `{one.command_path.removeprefix('bitget ')}` | {_cell(one.command.help)} |"
            for one in description.commands(group)
        ]
    return "\n".join([*lines, ""])


def _with_statuses(page: str) -> str:
    """The page about exit statuses with its table brought up to date between the two markers."""
    rows = ["| exit | `error` | when |", "| --- | --- | --- |"]
    for status, when in _statuses():
        word, colon, rest = when.partition(": ")
        rows.append(f"| {status} | `{word}` | {_cell(rest)} |" if colon else f"| {status} | | {_cell(when)} |")
    before, _, rest = page.partition(MARKERS[0])
    _, _, after = rest.partition(MARKERS[1])
    return f"{before}{MARKERS[0]}\n" + "\n".join(rows) + f"\n{MARKERS[1]}{after}"


def _cell(text: str) -> str:
    return first_line(text).replace("|", "\\|")


def _root_page(root: Any) -> str:
    commands = [(f"bitget-{name}(1)", command.help) for name, command in root.command.commands.items()]
    return "\n".join(
        [
            *_heading("bitget", "trade on Bitget, or on the paper exchange on this machine"),
            ".SH SYNOPSIS",
            ".B bitget",
            "[OPTIONS] GROUP COMMAND [ARGUMENTS] [OPTIONS]",
            ".SH DESCRIPTION",
            _roff(root.command.help),
            "Options that every command takes may stand before the group and after the command; after wins.",
            ".SH OPTIONS",
            *_options(root),
            ".SH COMMANDS",
            *(line for name, text in commands for line in (".TP", f".B {_roff(name)}", _roff(first_line(text)))),
            ".SH EXIT STATUS",
            *(line for status, when in _statuses() for line in (".TP", f".B {status}", _roff(when))),
            "",
        ]
    )


def _group_page(name: str, group: Any) -> str:
    lines = [*_heading(f"bitget-{name}", first_line(group.command.help)), ".SH COMMANDS"]
    for command in description.commands(group):
        usage = " ".join(command.command.collect_usage_pieces(command))
        lines += [f".SS {_roff(f'{command.command_path} {usage}')}", *_paragraphs(command.command.help)]
        lines += _options(command)
    return "\n".join([*lines, ".SH SEE ALSO", ".BR bitget (1)", ""])


def _heading(name: str, about: str) -> list[str]:
    title = f'.TH "{name.upper()}" "1" "" "bitget {__version__}" "bitget manual"'
    return [title, ".SH NAME", f"{_roff(name)} \\- {_roff(about)}"]


def _options(context: Any) -> list[str]:
    return [line for name, text in _option_records(context) for line in (".TP", f".B {_roff(name)}", _roff(text))]


def _option_records(context: Any) -> list[tuple[str, str]]:
    records = (param.get_help_record(context) for param in context.command.get_params(context))
    return [record for record in records if record]


def _paragraphs(text: str) -> list[str]:
    """Help text as man macros; an example keeps its lines."""
    lines = []
    for paragraph in text.split("\n\n"):
        if paragraph.startswith("\b"):
            lines += [".PP", ".nf", _roff(paragraph.strip("\b\n")), ".fi"]
        else:
            lines += [".PP", _roff(paragraph)]
    return lines


def _statuses() -> list[tuple[str, str]]:
    rows = [(str(kind.exit_status), f"{kind.word}: {description.meaning(kind)}") for kind in description.failures()]
    signals = ("130, 131, 129, 143, 141", "Ctrl-C, Ctrl-\\, SIGHUP, SIGTERM; the reader of the output went away")
    return [("0", "done"), *rows, signals]


def _roff(text: str) -> str:
    escaped = text.replace("\\", "\\e").replace("-", "\\-")
    return re.sub(r"^([.'])", r"\\&\1", escaped, flags=re.MULTILINE)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
