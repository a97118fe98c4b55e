"""Which way imports point: the table of the house, read with ast."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator, Set
from functools import cache
from pathlib import Path

import pytest
from rules import for_each

import bitget_cli
from bitget_cli.catalogue import endpoints

ROOT = Path(bitget_cli.__file__).parent

# Room, folder or file → what of the project it may import, and why no more. The longest name that fits counts.
MAY_IMPORT = {
    "errors": ("", "a leaf: everybody raises them"),
    "keys": ("", "a leaf: secrets know nothing of the rest"),
    "stream_events": ("", "a leaf: what a stream says"),
    "unix": ("", "a leaf: the system's own calls"),
    "runtime": ("errors", "where the world comes in"),
    "files": ("errors", "safe files, whoever's they are"),
    "values": ("errors", "text in, values out; a bad text is a usage error"),
    "conditions": ("errors", "what a row must be to end a stream"),
    "results": ("catalogue stream_events errors", "shapes of results name the catalogue's fields"),
    "config": ("values errors keys files unix", "who trades where"),
    "database": ("files errors", "how a durable record is kept, whatever is in it"),
    "journal": ("database files errors", "a record; it does not know what the changes mean"),
    "alert_log": ("database errors", "a record of what came in; it does not know what alerts mean"),
    "catalogue": ("values errors", "plain data about the wire"),
    "client": ("", "the folder alone"),
    "client/diagnose": ("client/http client/rest errors", "looks at the way to an exchange, in the words of failures"),
    "client/http": ("values errors", "speaks HTTP, knows nothing of Bitget"),
    "client/rest": ("client/http catalogue values errors keys files runtime", "speaks to Bitget, knows no stream"),
    "client/ws": (
        "client/http client/rest catalogue stream_events values errors keys runtime",
        "Bitget's streams; what they do not tell is asked by REST",
    ),
    "trading/model": ("catalogue values errors", "what is meant and told, whatever the account"),
    "trading/change": ("trading/model catalogue values errors", "what is changed, whatever the account"),
    "trading/order_model": ("trading/model values", "what an account tells of orders, whatever the account"),
    "trading/subaccount": ("errors", "what is meant and told of sub-accounts, whatever the account"),
    "trading/adapters": (
        "trading/model trading/change trading/order_model trading/subaccount trading/convert client catalogue"
        " stream_events values errors",
        "knows one kind of account's spelling, and nothing of what is above it",
    ),
    "trading/adapters/kind": (
        "trading/model client catalogue values errors keys files",
        "the kind of an account is kept between commands, in a file of its own",
    ),
    "trading": (
        "client journal catalogue values errors files runtime",
        "keeps money safe; knows no command and no screen",
    ),
    "application": (
        "trading client catalogue session results stream_events values errors files journal alert_log runtime",
        "what commands do, without keyboard and screen",
    ),
    "export": ("client catalogue values errors files runtime", "bookings as files; knows no command and no screen"),
    "output": (
        "results stream_events catalogue values errors runtime unix",
        "what is seen: results, questions, progress",
    ),
    "paper/prices": ("paper/instruments values", "a pure function of seed, symbol and time"),
    "paper/engine": (
        "paper/prices paper/instruments paper/request paper/answers paper/store values errors",
        "what happens to orders and money; knows no path and no answer's form",
    ),
    "paper/api": (
        "paper/engine paper/prices paper/instruments paper/request paper/answers paper/credentials paper/store values"
        " errors",
        "answers in the shape of Bitget's",
    ),
    "paper/streams": (
        "paper/api paper/engine paper/prices paper/instruments paper/request paper/answers paper/credentials"
        " paper/exchange values errors",
        "the streams, from the functions that answer over HTTP",
    ),
    "paper": ("catalogue values keys files errors", "must not certify its own mistakes: none of the client's code"),
    "servers": ("catalogue runtime errors", "serves what the session hands it"),
    "session": (
        "config client paper servers trading journal output runtime keys values errors",
        "puts the parts together: the one file that knows the real side and the paper side",
    ),
    "commands": (
        "application session trading export client config catalogue results stream_events conditions runtime files keys"
        " journal servers sdk values errors",
        "return results; only the session opens things",
    ),
    "commands/mcp": (
        "commands session results servers values errors",
        "as the other commands; only it may start the server of tools",
    ),
    "commands/introspection/tool_calls": (
        "main commands session runtime keys errors",
        "a call is a line typed: from the front door to the exit status",
    ),
    "main": ("commands runtime errors keys output", "the front door"),
    "manual": ("commands catalogue runtime errors", "describes the command tree, and lists the rows"),
    "__main__": ("main", "`python -m bitget_cli`"),
    "sdk": (
        "application session trading/model results stream_events catalogue runtime values errors",
        "what programs call: the same functions as the commands, in Bitget's words",
    ),
    "__init__": ("sdk", "the SDK's face"),
}

# Library → the only places that may import it, and why.
ONLY_HERE = {
    "httpx": ("client paper/transport.py", "the door for HTTP"),
    "http": ("client", "the door for HTTP"),
    "h11": ("client/http/protocol.py", "reads and writes HTTP/1.1"),
    "keyring": ("config/keyring_store.py", "the door for keys"),
    "typer": ("commands main.py manual.py", "the keyboard"),
    "rich": ("output", "the screen"),
    "websocket": ("client/ws/connection.py", "the door for streams, which reaches into the library's reading"),
    "sqlite3": (
        "paper/store.py database.py",
        "state of the paper exchange, and durable records: the journal, and which alerts came",
    ),
    "tornado": ("servers/paper_server.py servers/webhook.py servers/loopback.py", "what is served on loopback"),
    **dict.fromkeys(("mcp", "anyio", "jsonschema"), ("servers/mcp_server.py", "tools over the Model Context Protocol")),
    "cryptography": ("client/rest/auth.py", "RSA signatures"),
    "platformdirs": ("config/profiles.py", "where folders are"),
    "fcntl": ("files.py", "locks on files, which not every system has"),
    **dict.fromkeys(
        ("termios", "tty", "pty", "resource", "pwd", "grp", "syslog", "ctypes"),
        ("unix.py", "what not every system has, so that the rest could run elsewhere"),
    ),
    "tomlkit": ("config/profiles.py", "changes config.toml"),
}

# Room or file → why it may name a row of the catalogue or a path of Bitget's.
SPELLS_ROWS = {
    "catalogue": "it is the list of them",
    "trading/adapters": "one kind of account's spelling",
    "paper": "answers them",
    "client/rest": "readers of what the exchange answers",
    "client/ws": "what a stream does not tell is asked by REST",
    "application/raw_requests": "the raw door takes rows by name",
    "application/raw_changes": "the raw door takes rows by name",
}

# Room or file → why it may name a field of Bitget's, of a request or of an answer.
SPELLS_FIELDS = {
    "catalogue": "it is the list of them",
    "trading/adapters": "one kind of account's spelling",
    "paper": "answers with them",
    "client/rest": "readers of what the exchange answers",
    "client/ws": "readers of what a stream tells",
    "export": "bookings as Bitget writes them",
    "output": "what it draws are rows: a live table's columns and the parts of a fee are fields of theirs",
    "results": "the record of a change is in Bitget's words for ids",
    "sdk": "answers in Bitget's words, which are what it promises",
    "application/raw_requests": "what the body of a raw request says",
    "application/raw_changes": "what the body of a raw request says",
}

# Who may know which kind of account it is: its own room, and whoever puts the parts together.
KNOWS_THE_KIND = {
    "trading/adapters": "the classic account itself, whose row a change is of, and which of the two answers",
}

# Classes that stand for two things, and why.
NAMED_TWICE = {
    "Order": "paper keeps ledger types of its own, which must not certify the client's",
    "Plan": "the same",
    "Position": "the same",
}

FILES = sorted(ROOT.rglob("*.py"))


# What the rules below look at in a file.
LOOKED_AT = (
    *(ast.Module, ast.ClassDef, ast.FunctionDef, ast.Import, ast.ImportFrom, ast.If),
    *(ast.Assign, ast.Attribute, ast.Constant, ast.keyword),
)


@cache
def looked_at(path: Path) -> list[ast.AST]:
    """Of a whole file, whose module comes first: one walk for all rules, as there are half a million nodes."""
    return [node for node in walk(ast.parse(path.read_text())) if isinstance(node, LOOKED_AT)]


def walk(top: ast.AST) -> Iterator[ast.AST]:
    """As `ast.walk`, without what says whether a name is read or written."""
    waiting = [top]
    while waiting:
        node = waiting.pop()
        yield node
        for name in node._fields:
            value = getattr(node, name, None)
            below = value if isinstance(value, list) else (value,)
            waiting += [one for one in below if isinstance(one, ast.AST) and not isinstance(one, ast.expr_context)]


def within(blocks: Iterable[ast.AST]) -> set[int]:
    return {id(node) for block in blocks for node in walk(block)}


@cache
def imports(path: Path) -> frozenset[str]:
    """Every module a file imports at run time, wherever in the file."""
    return frozenset(_imports(path))


def _imports(path: Path) -> Iterator[str]:
    for_types_only = within(
        block
        for block in looked_at(path)
        if isinstance(block, ast.If) and isinstance(block.test, ast.Name) and block.test.id == "TYPE_CHECKING"
    )
    for node in looked_at(path):
        if id(node) in for_types_only:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def name_of(path: Path) -> str:
    """A file as the tables name it: `client/rest/auth`, a package by its folder."""
    return str(path.relative_to(ROOT).with_suffix("")).removesuffix("/__init__")


def rule_of(name: str) -> str:
    parts = name.split("/")
    return next(
        start for end in range(len(parts), 0, -1) if (start := "/".join(parts[:end])) in MAY_IMPORT
    )  # fmt: skip


def is_within(name: str, rooms: str) -> bool:
    return any(f"{name}/".startswith(f"{room}/") for room in rooms.split())


@cache
def ours(path: Path) -> frozenset[str]:
    """The files of the project that a file imports, as the tables name them."""
    found = set()
    for module in imports(path):
        name = module.removeprefix("bitget_cli.").replace(".", "/")
        if module.startswith("bitget_cli.") and ((ROOT / f"{name}.py").exists() or (ROOT / name).is_dir()):
            found.add(name)
    # What a module is imported from is its folder, which says nothing of its own.
    return frozenset(name for name in found if not any(other.startswith(f"{name}/") for other in found))


@for_each(FILES, name=name_of)
def test_imports_point_one_way(path: Path) -> None:
    name = name_of(path)
    here = rule_of(name)
    rule, reason = MAY_IMPORT[here]
    wrong = {other for other in ours(path) if not is_within(other, here) and not is_within(other, rule)}
    assert not wrong, f"{here} may import {rule or 'nothing'} ({reason})"


def test_rows_and_paths_are_spelt_where_the_wire_is_known() -> None:
    rows = {row.name for row in endpoints()}
    spelling = {
        name_of(path)
        for path in FILES
        for text in texts(path)
        if (text in rows and "." in text) or text.startswith(("/api/v", "mix.", "spot.trade."))
    }
    elsewhere = {name for name in spelling if not any(is_within(name, room) for room in SPELLS_ROWS)}
    assert not elsewhere
    assert not {room for room in SPELLS_ROWS if not any(is_within(name, room) for name in spelling)}


def test_fields_are_spelt_where_the_wire_is_known() -> None:
    spelling = {name_of(path) for path in FILES if not field_names().isdisjoint(words_of(path))}
    elsewhere = {name for name in spelling if not any(is_within(name, room) for room in SPELLS_FIELDS)}
    assert not elsewhere
    assert not {room for room in SPELLS_FIELDS if not any(is_within(name, room) for name in spelling)}


@cache
def field_names() -> frozenset[str]:
    """What Bitget calls parameters and fields. A name that could be a word of anybody's tells nothing."""
    told = [
        name
        for row in endpoints()
        for name in (
            *(param.name for param in row.params),
            *(field.name for field in row.fields),
            row.paging.rows_at or "",
            row.paging.cursor or "",
        )
    ]
    return frozenset(part for name in told for part in parts(name) if re.search("[a-z][A-Z]", part))


def words_of(path: Path) -> set[str]:
    """The words in the texts of a file, and the names that it gives arguments by."""
    # The columns of tables stand at the top of a command's file, and may spell what they show.
    tables = [node for node in top(path).body if isinstance(node, ast.Assign) and name_of(path).startswith("commands/")]
    columns = within(tables)
    arguments = (
        node.arg for node in looked_at(path) if isinstance(node, ast.keyword) and node.arg and id(node) not in columns
    )
    return {word for text in (*texts(path, columns), *arguments) for word in parts(text)}


def top(path: Path) -> ast.Module:
    module = looked_at(path)[0]
    assert isinstance(module, ast.Module)
    return module


def parts(name: str) -> list[str]:
    """A name below a row, such as `assetList[].available`, in its parts."""
    return re.split(r"[.\[\]]+", name)


def test_only_the_adapters_know_the_kind_of_account() -> None:
    knowing = {
        name_of(path) for path in FILES if any(is_within(other, "trading/adapters/classic") for other in ours(path))
    }
    assert {name for name in knowing if not any(is_within(name, room) for room in KNOWS_THE_KIND)} == set()
    assert {room for room in KNOWS_THE_KIND if not any(is_within(name, room) for name in knowing)} == set()


def test_a_class_is_named_once() -> None:
    names = [
        node.name
        for path in FILES
        for node in looked_at(path)
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    ]
    assert {name for name in names if names.count(name) > 1} == set(NAMED_TWICE)


def texts(path: Path, without: Set[int] = frozenset()) -> Iterator[str]:
    """The texts of a file without its docstrings."""
    skipped = without | {
        id(node.body[0].value)
        for node in looked_at(path)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in looked_at(path):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in skipped:
            yield node.value


def test_help_of_no_group_loads_what_only_its_calls_need() -> None:
    """One line of what helps loads HTTP, and a TAB press takes twice as long."""
    program = (
        "import io, sys\nfrom bitget_cli.commands.app import GROUPS\nfrom bitget_cli.main import main\n"
        "from bitget_cli.runtime import Environment\n"
        "ends = [main([name, '--help'], Environment(stdout=io.StringIO())) for name in GROUPS]\n"
        "print(ends.count(0) == len(ends), 'httpx' in sys.modules)"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ran.stdout.splitlines()[-1] == "True False"


def test_no_two_files_import_each_other() -> None:
    known = {name_of(path): ours(path) for path in FILES}

    def reached(name: str, seen: set[str]) -> set[str]:
        for other in known.get(name, set()) - seen:
            seen.add(other)
            reached(other, seen)
        return seen

    assert [name for name in known if name in reached(name, set())] == []


def test_escape_codes_are_written_by_rich() -> None:
    """What it has no words for stands in one file."""
    written = re.compile(r"\\(x1b|033|u001b|e\[)|\\N\{ESC", re.IGNORECASE)
    found = {str(path.relative_to(ROOT)) for path in FILES if written.search(path.read_text())}
    assert found == {"output/terminal.py"}


PIPED = """
import io, sys
from bitget_cli.main import main
from bitget_cli.runtime import Environment

def typed(line):
    return main(line.split(), Environment(stdin=io.StringIO(), stdout=io.StringIO(), stderr=io.StringIO()))

rows = "-p paper market ticker BTCUSDT ETHUSDT"
ends = [typed(f"{rows} -o {form}") for form in ("json", "ndjson", "csv", "tsv", "table")]
ends += [typed(line) for line in (rows, "-p paper order buy BTCUSDT 0.01", f"{rows} --fields nowhere")]
ends += [typed("-p paper watch ticker BTCUSDT --count 2"), typed("-p paper tax spot"), typed("-p paper doctor")]
print(ends, *sorted(name for name in sys.modules if name.partition(".")[0] == "rich"))
"""


@pytest.mark.usefixtures("home")
def test_where_no_terminal_is_drawn_to_nothing_of_rich_is_loaded() -> None:
    done = subprocess.run([sys.executable, "-c", PIPED], capture_output=True, text=True, check=True)
    assert done.stdout == "[0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0]\n"


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
    code = "import sys, bitget_cli.client.http.transport; print(*{'httpcore', 'anyio'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "\n"


@pytest.mark.parametrize("door", ["client.http.transport", "client.ws.connection", "paper.transport", "session"])
def test_httpx_never_sees_click(door: str, tmp_path: Path) -> None:
    """Whoever installed it: httpx would import a command line of its own, with rich and pygments (60 ms a start)."""
    done = where_these_are_traps(tmp_path, f"import bitget_cli.{door}; import httpx")
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("form", ["json", "tsv"])
def test_what_a_program_reads_is_written_without_click_and_rich(form: str, home: Path) -> None:
    config = home / "config" / "bitget" / "config.toml"
    config.parent.mkdir(0o700, parents=True)
    config.write_text("version = 1\n")
    words = ["-p", "paper", "market", "ticker", "BTCUSDT", "-o", form]
    done = where_these_are_traps(home, f"from bitget_cli.main import main; raise SystemExit(main({words}))")
    assert (done.returncode, done.stderr) == (0, "")
    assert "BTCUSDT" in done.stdout


def where_these_are_traps(folder: Path, code: str) -> subprocess.CompletedProcess[str]:
    """Runs it where to import one of these is to end at once."""
    for name in ("click", "rich", "pygments", "tomlkit"):
        (folder / f"{name}.py").write_text(f"raise SystemExit('{name} was imported')")
    code = f"import sys; sys.path.insert(0, {str(folder)!r}); {code}"
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)


def test_what_other_commands_of_a_group_need_is_imported_once_they_run() -> None:
    code = """
import sys
from bitget_cli.commands.order import group
menu = group.menu()
named = [menu.get_command(None, word).name for word in ("buy", "cancel")]
print(named, set(menu.commands) == set(group.functions), "bitget_cli.application.orders.open_orders" in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "['buy', 'cancel'] True False\n"


def test_nobody_looks_inside_typer() -> None:
    names = {name for path in FILES for name in imports(path)}
    assert not {name for name in names if name.startswith(("typer._", "click"))}


@for_each([path for path in FILES if is_within(name_of(path), "application trading")], name=name_of)
def test_what_commands_do_knows_no_terminal(path: Path) -> None:
    """A person is asked through the session, so that a server can put somebody else in their place."""
    names = {node.attr for node in looked_at(path) if isinstance(node, ast.Attribute)}
    assert not (names | imports(path)) & {"stdin", "stdout", "stderr", "isatty", "environ", "termios", "getpass"}
