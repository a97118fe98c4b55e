"""Which way imports point: the table of the house, read with ast."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import bitget_cli

ROOT = Path(bitget_cli.__file__).parent

# Room or file → what of the project it may import, and why no more.
MAY_IMPORT = {
    "errors": ("", "a leaf: everybody raises them"),
    "keys": ("", "a leaf: secrets know nothing of the rest"),
    "clock": ("", "a leaf: time is handed in"),
    "files": ("errors", "safe files, whoever's they are"),
    "values": ("errors", "text in, values out; a bad text is a usage error"),
    "messages": ("", "a leaf: what a stream says"),
    "hosts": ("errors", "which addresses keys may be sent to"),
    "catalogue": ("values errors", "plain data about the wire"),
    "results": ("catalogue", "shapes of results name the catalogue's fields"),
    "client": ("catalogue messages values errors keys clock files", "speaks to Bitget, knows no command and no screen"),
    "claims": ("files errors", "who is busy with what"),
    "journal": ("files claims errors journal_file", "a record; it does not know what the changes mean"),
    "journal_file": ("files errors", "the record's file"),
    "trading": (
        "client journal catalogue values errors clock files",
        "keeps money safe; knows no command and no screen",
    ),
    "export": ("client catalogue values errors files clock", "bookings as files; knows no command and no screen"),
    "output": ("results messages catalogue values errors", "draws results, asks nobody"),
    "credentials": ("errors keys", "one set of keys as text"),
    "config": ("values errors", "what config.toml says"),
    "config_file": ("config values errors files", "the same as text"),
    "profiles": ("config config_file values errors keys files credentials", "names and settings"),
    "keychain": ("credentials errors keys", "keys in the keyring"),
    "paper": ("catalogue values keys files errors", "must not certify its own mistakes: none of the client's code"),
    "ending": ("errors", "signals and the last flush"),
    "doors": ("clock", "where the world comes in"),
    "screen": ("errors output results", "shows and asks, opens nothing"),
    "standing": ("screen errors profiles keychain hosts keys", "which profile and key are in force"),
    "conditions": ("errors", "a leaf: what a row must be to end a stream"),
    "streaming": ("client paper hosts", "opens streams for the session, on the real side or the paper side"),
    "session": ("* -commands -main", "knows both the real side and the paper side"),
    "commands": ("* -output -main -paper", "return results; only the session opens things"),
    "main": ("* -client -paper -output.tables", "the front door"),
    "manual": ("*", "describes the command tree"),
}

# Library → the only places that may import it, and why.
ONLY_HERE = {
    "httpx": ("client paper/transport.py", "the door for HTTP"),
    "http": ("client", "the door for HTTP"),
    "h11": ("client/http1.py", "reads and writes HTTP/1.1"),
    "keyring": ("keychain.py", "the door for keys"),
    "typer": ("commands main.py manual.py", "the keyboard"),
    "rich": ("output", "the screen"),
    "websocket": ("client/socket.py", "the door for streams"),
    "sqlite3": ("paper/store.py journal.py journal_file.py", "state of the paper exchange, and the journal"),
    "tornado": ("paper/server.py", "the paper exchange as a server"),
    "cryptography": ("client/signing.py", "RSA signatures"),
    "platformdirs": ("standing.py", "where folders are"),
    "tomli_w": ("config_file.py", "writes config.toml"),
}

FILES = sorted(ROOT.rglob("*.py"))


@cache
def imports(path: Path) -> frozenset[str]:
    """Every module a file imports at run time, wherever in the file."""
    return frozenset(_imports(path))


def _imports(path: Path) -> Iterator[str]:
    tree = ast.parse(path.read_text())
    for_types_only = {
        id(node)
        for block in ast.walk(tree)
        if isinstance(block, ast.If) and isinstance(block.test, ast.Name) and block.test.id == "TYPE_CHECKING"
        for node in ast.walk(block)
    }
    for node in ast.walk(tree):
        if id(node) in for_types_only:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def room(path: Path) -> str:
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def allowed(rule: str, module: str) -> bool:
    names = rule.split()
    own = module.split(".")[0]
    if "*" in names:
        return not any(module == name[1:] or module.startswith(name[1:] + ".") for name in names if name[0] == "-")
    return own in names


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_point_one_way(path: Path) -> None:
    here = room(path)
    if here in ("__init__", "__main__"):
        return
    rule, reason = MAY_IMPORT[here]
    modules = {name.removeprefix("bitget_cli.") for name in imports(path) if name.startswith("bitget_cli.")}
    wrong = {
        name for name in modules if name.split(".")[0] != here and name != "__version__" and not allowed(rule, name)
    }
    assert not wrong, f"{here} may import {rule or 'nothing'} ({reason})"


@pytest.mark.parametrize("library", ONLY_HERE)
def test_costly_libraries_have_one_door(library: str) -> None:
    places, reason = ONLY_HERE[library]
    users = {
        str(path.relative_to(ROOT)) for path in FILES if any(name.split(".")[0] == library for name in imports(path))
    }
    strangers = {user for user in users if not any(f"{user}/".startswith(f"{place}/") for place in places.split())}
    assert not strangers, f"only {places} may import {library}: {reason}"


def test_the_network_is_reached_without_a_second_http_library() -> None:
    """httpx loads httpcore and anyio only for its own transports: a fifth of the time a command takes."""
    code = "import sys, bitget_cli.client.transport; print(*{'httpcore', 'anyio'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "\n"


@pytest.mark.parametrize("door", ["client.transport", "client.socket", "paper.transport", "session"])
def test_httpx_never_sees_click(door: str, tmp_path: Path) -> None:
    """Whoever installed it: httpx would import a command line of its own, with rich and pygments (60 ms a start)."""
    for name in ("click", "rich", "pygments"):
        (tmp_path / f"{name}.py").write_text(f"raise SystemExit('{name} was imported')")
    code = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); import bitget_cli.{door}; import httpx"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_rest_of_a_split_group_is_imported_once_it_is_wanted() -> None:
    code = """
import sys
from bitget_cli.commands.order import group
menu = group.menu()
first = menu.get_command(None, "buy"), "bitget_cli.commands.order_batch" in sys.modules
later = menu.get_command(None, "batch"), "bitget_cli.commands.order_batch" in sys.modules
print([(command.name, loaded) for command, loaded in (first, later)], set(menu.commands) == set(group.functions))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[('buy', False), ('batch', True)] True\n"


def test_nobody_looks_inside_typer() -> None:
    names = {name for path in FILES for name in imports(path)}
    assert not {name for name in names if name.startswith(("typer._", "click"))}
