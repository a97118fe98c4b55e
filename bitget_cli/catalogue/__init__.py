"""What Bitget offers, as plain data: one row for each endpoint of its API.

A row's name is its path after /api/v2/ with dots, "mix.market.ticker", or for the v3 API of unified accounts its path
after /api/: "v3.trade.place-order". Only the module that holds a wanted row is
imported, since most runs of the program need one row; `row_modules.txt`, which is made from the modules, tells which.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pathlib import Path

from bitget_cli.catalogue.model import Endpoint, name_of
from bitget_cli.errors import UsageError

# The folders whose modules hold rows.
_FOLDERS = ("v2", "v3")
_LIST = Path(__file__).with_name("row_modules.txt")


def find(name: str) -> Endpoint:
    """The row of that name or path, of v3, v2 or v1. Raises UsageError, with near misses, when there is none."""
    row = _look_up(v2_twin(name) or name_of(name))
    if row is None:
        raise UsageError(f'there is no endpoint "{name}"', hint=_suggestion(name))
    return row


def find_path(method: str, path: str) -> Endpoint | None:
    """The row of a method and a full path such as "/api/v2/mix/market/ticker", or None."""
    if not path.startswith(("/api/v2/", "/api/v3/")):
        return None
    row = _look_up(name_of(path))
    return row if row is not None and (row.method, row.path) == (method.upper(), path) else None


def v2_twin(path: str) -> str | None:
    """The name of the row that took the place of a path of the v1 API, which Bitget has switched off."""
    # No other spelling of an old path leads past its twin.
    lower = path.lower()
    return next((name for old, name in _v1_paths().items() if old.lower() == lower), None) if "/v1/" in lower else None


def v1_paths(row: Endpoint) -> list[str]:
    """The paths of v1 whose place the row took."""
    return [path for path, name in _v1_paths().items() if name == row.name]


def v3_twin(name: str) -> str | None:
    """The name of the row that does for a unified account what a row of v2 does for a classic one."""
    return _pairs("v3_twins.txt").get(name)


def _v1_paths() -> dict[str, str]:
    """Each path of v1 and the name of its twin, as `v1_paths.txt` lists them."""
    return _pairs("v1_paths.txt")


@cache
def _pairs(file: str) -> dict[str, str]:
    text = Path(__file__).with_name(file).read_text(encoding="utf-8")
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    return {one: other for one, _, other in (line.partition(" ") for line in lines)}


def names() -> tuple[str, ...]:
    """The name of every row, in order; no row is loaded for it."""
    return tuple(_modules())


@cache
def endpoints() -> tuple[Endpoint, ...]:
    """Every row, in order of name."""
    rows = (row for module in dict.fromkeys(_modules().values()) for row in _rows(module).values())
    return tuple(sorted(rows, key=lambda row: row.name))


def row_modules() -> dict[Path, str]:
    """The list of which module holds which row, as it is to be written, and where: `bitget_cli.manual` writes it."""
    files = [file for folder in _FOLDERS for file in sorted(_LIST.parent.joinpath(folder).glob("[a-z]*.py"))]
    modules = [f"{file.parent.name}.{file.stem}" for file in files]
    lines = sorted(f"{name} {module}\n" for module in modules for name in _rows(module))
    return {_LIST: "".join(lines)}


@cache
def _modules() -> dict[str, str]:
    """The name of each row and the module that holds it."""
    lines = _LIST.read_text(encoding="utf-8").splitlines()
    return {name: module for name, _, module in (line.partition(" ") for line in lines)}


def _look_up(name: str) -> Endpoint | None:
    module = _modules().get(name)
    return _rows(module)[name] if module else None


@cache
def _rows(module: str) -> dict[str, Endpoint]:
    named = vars(import_module(f"bitget_cli.catalogue.{module}")).values()
    return {row.name: row for row in named if isinstance(row, Endpoint)}


def _suggestion(name: str) -> str:
    from difflib import get_close_matches

    # `placeOrder` is the last word of several paths of v1.
    twins = [twin for path, twin in _v1_paths().items() if path.lower().endswith(f"/{name.lower()}")]
    near = list(dict.fromkeys(twins)) or get_close_matches(
        name.lower(), [row.name for row in endpoints()], n=3, cutoff=0.6
    )
    if not near:
        return "`bitget api list` names them all"
    return f"did you mean {' or '.join(near)}? `bitget api list` names them all"
