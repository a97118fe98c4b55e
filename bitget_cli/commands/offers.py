"""What a TAB press offers for a value: words that are known on this machine, some with a word about each.

Nothing here sends, asks the keyring, or writes. What cannot be read raises, and `tab` offers nothing then.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from bitget_cli.values import GRANULARITIES, Product

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from bitget_cli.config.profiles import ProfileContext
    from bitget_cli.journal import Remembered

Offers = list[tuple[str, str]]

# The fields of each command's answer.
FIELDS = Path(__file__).with_name("answered_fields.txt")
# As many changes of the journal as a person may still have in mind.
_RECENT = 40
_LONGEST_LIST = 8 * 1024 * 1024


def _words(*words: str) -> Callable[[], list[str]]:
    return lambda: list(words)


# What a text may be, by the parameter's name.
CHOICES = {
    "product": tuple(map(str, Product)),
    "output": ("table", "record", "json", "ndjson", "csv", "tsv"),
    "times": ("iso", "ms", "local"),
    "granularity": GRANULARITIES,
}
products = _words(*CHOICES["product"])
forms = _words(*CHOICES["output"])
times = _words(*CHOICES["times"])
granularities = _words(*CHOICES["granularity"])
languages = _words("en-US", "zh-CN")


def profiles(ctx: typer.Context) -> Offers:
    """Every profile, and what it is for."""
    return [(one.name, f"{one.env}, read-only" if one.locked else one.env) for one in _context(ctx).profiles.all()]


def fields(ctx: typer.Context, incomplete: str) -> list[str]:
    """Those of what the command answers, for the last of several."""
    before, comma, _ = incomplete.rpartition(",")
    return [f"{before}{comma}{name}" for name in _fields(ctx) if name not in before.split(",")]


def sortable(ctx: typer.Context, incomplete: str) -> list[str]:
    """The same for one field, the smallest first with a dash."""
    dash = "-" if incomplete.startswith("-") else ""
    return [f"{dash}{name}" for name in _fields(ctx) if "." not in name]


def _fields(ctx: typer.Context) -> list[str]:
    """From a list made of what is declared: to load all that fields are taken from takes longer than TAB may."""
    path = ctx.command_path.removeprefix("bitget ")
    for line in FIELDS.read_text(encoding="utf-8").splitlines():
        command, _, names = line.partition(": ")
        if command == path:
            return names.split()
    return []


def symbols(ctx: typer.Context, incomplete: str) -> list[str]:
    """The markets of the product in force."""
    return _in_case(_listed(ctx, "symbols"), incomplete)


def coins(ctx: typer.Context, incomplete: str) -> list[str]:
    """The coins of the markets that are known here."""
    return _in_case(_listed(ctx, "coins"), incomplete)


def _in_case(names: Iterable[str], incomplete: str) -> list[str]:
    """As they are typed: whoever begins with small letters goes on with them."""
    return [name.lower() if incomplete.islower() else name for name in names]


def _listed(ctx: typer.Context, what: str) -> list[str]:
    """Names from the lists that earlier commands kept; paper has its own."""
    from bitget_cli import files
    from bitget_cli.trading.adapters import kept_names

    context = _context(ctx)
    profile = context.profile
    typed = ctx.params.get("product")
    lines = [Product(typed.lower())] if typed else [profile.product] if what == "symbols" else list(Product)
    folder = context.state_folder / "instruments"
    found: dict[str, None] = {}
    for line in lines:
        for path in folder.glob(f"{profile.env}-*-{line}.json"):
            found |= dict.fromkeys(getattr(kept_names, what)(files.read(path, limit=_LONGEST_LIST) or b""))
    if not found and profile.env == "paper":
        from bitget_cli.session import paper_names

        return paper_names(lines, what)
    return list(found)


def orders(ctx: typer.Context) -> Offers:
    """Orders of late, by client id and by the exchange's."""
    return [offer for one in _remembered(ctx) if one.is_order for offer in _named(one)]


def clients(ctx: typer.Context) -> Offers:
    """Changes that nobody knows the end of, by client id."""
    return [(one.client_oid, one.what) for one in _remembered(ctx) if one.is_open]


def tags(ctx: typer.Context) -> list[str]:
    """Those of late."""
    return list(dict.fromkeys(one.tag for one in _remembered(ctx) if one.tag))


def workers(ctx: typer.Context) -> list[str]:
    """Those that have run on the profile in force."""
    context = _context(ctx)
    folder = context.state_folder / "workers" / f"{context.profile.name}-{context.profile.env}"
    return sorted({path.stem for path in folder.glob("[!.]*.*") if path.suffix in (".json", ".log")})


def _named(one: Remembered) -> Iterator[tuple[str, str]]:
    about = f"{one.what}: {one.state}"
    yield one.client_oid, about
    if one.order_id:
        yield one.order_id, about


def _remembered(ctx: typer.Context) -> list[Remembered]:
    from bitget_cli.journal import recent

    context = _context(ctx)
    profile = context.profile
    folder: Path = context.state_folder / "journal"
    return [
        one for path in sorted(folder.glob(f"{profile.name}-{profile.env}*.sqlite3")) for one in recent(path, _RECENT)
    ]


def rows(ctx: typer.Context, incomplete: str) -> Offers:
    """Names of endpoints; behind one the parameters it takes."""
    typed = ctx.params.get("words") or ()
    named = [word for word in typed if "=" not in word and word != incomplete]
    if not named:
        return endpoint_names()
    from bitget_cli.catalogue import find

    return [(f"{param.name}=", param.note) for param in find(named[-1]).params]


def endpoint_names() -> Offers:
    """Every row by its name."""
    from bitget_cli.catalogue import names

    return [(name, "") for name in names()]


def commands(ctx: typer.Context) -> Offers:
    """The commands below the words typed so far."""
    found: Any = ctx.find_root()
    for word in ctx.params.get("words") or ():
        found = found.command.get_command(found, word).make_context(word, [], parent=found, resilient_parsing=True)
    below = found.command.list_commands(found) if hasattr(found.command, "list_commands") else ()
    return [(name, found.command.get_command(found, name).help or "") for name in below]


def _context(ctx: typer.Context) -> ProfileContext:
    """The profile that the line names so far, else the one in force without."""
    from bitget_cli.config.profiles import ProfileContext

    top = ctx.find_root()
    named: Any = ctx.params.get("profile") or top.params.get("profile")
    return ProfileContext(top.obj, named)
