"""What `config.toml` says: text to profiles, and back."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, NoReturn, get_args

from bitget_cli.config import BUILT_IN, Config, Env, Profile, check_name
from bitget_cli.errors import ConfigError, UsageError
from bitget_cli.values import Product, amount, plain, product

VERSION = 1

_HEADER = "# Written by `bitget profile`, which keeps the settings and drops remarks.\n\n"
_TABLE = re.compile(r"\s*\[\s*([^\[\]]+?)\s*\]")


def parsed(content: bytes, *, where: str) -> Config:
    """The configuration in a file's bytes; `where` is its name for people.

    Raises ConfigError with the line for anything that is not exactly what `printed` could have written by hand or by
    us: another version, a word nobody knows, a number that is not text, a default that is not there.
    """
    return _Reader(_text(content, where), where).config()


def printed(config: Config) -> bytes:
    """The file's bytes. Built-in profiles that are as built are left out."""
    import tomli_w

    changed = [profile for profile in config.profiles.values() if profile != BUILT_IN.get(profile.name)]
    tables = {profile.name: _table(profile) for profile in changed}
    document = {"version": VERSION, "default": config.default, "profiles": tables}
    return (_HEADER + tomli_w.dumps(document)).encode()


def _table(profile: Profile) -> dict[str, Any]:
    table = {
        "env": profile.env,
        "product": profile.product.value,
        "locked": profile.locked,
        "allow_withdraw": profile.allow_withdraw,
    }
    limits = {"max_notional": profile.max_notional, "max_distance": profile.max_distance}
    return table | {name: plain(limit) for name, limit in limits.items() if limit is not None}


def _text(content: bytes, where: str) -> str:
    if not content.strip():
        raise ConfigError(f"{where} is empty", hint="move it away to start with the built-in profiles")
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ConfigError(f"{where} line {line} is not UTF-8 text") from None


class _Reader:
    """Walks one document, and knows the line to name when something in it is wrong."""

    def __init__(self, text: str, where: str) -> None:
        self.text = text
        self.where = where

    def config(self) -> Config:
        document = self._document()
        self._known(document, ("version", "default", "profiles"), place="")
        self._version(document.get("version"))
        profiles = {**BUILT_IN, **self._profiles(document.get("profiles", {}))}
        default = document.get("default", Config().default)
        if not isinstance(default, str) or default not in profiles:
            self._wrong(f"default {_shown(default)} is not a profile", key="default")
        return Config(default, profiles)

    def _document(self) -> dict[str, Any]:
        import tomllib

        try:
            # With a last line break, or a fault in an unfinished last line would be "at end of document".
            return tomllib.loads(self.text + "\n")
        except RecursionError:
            raise ConfigError(f"{self.where} is nested too deeply") from None
        except ValueError as error:
            raise ConfigError(f"{self.where} is not valid TOML: {error}", hint="mend that line") from None

    def _version(self, version: object) -> None:
        if type(version) is not int or version < 1:
            self._wrong(f"version {_shown(version)} is not a whole number from 1 on", key="version")
        if version > VERSION:
            self._wrong(f"version {_shown(version)} is newer than this bitget knows ({VERSION})", key="version")

    def _profiles(self, tables: object) -> dict[str, Profile]:
        if not isinstance(tables, dict):
            self._wrong("profiles is not a table", key="profiles")
        return {name: self._profile(name, table) for name, table in tables.items()}

    def _profile(self, name: str, table: object) -> Profile:
        place = f"profiles.{name}"
        try:
            check_name(name)
        except UsageError as error:
            self._wrong(error.message, table=place)
        if not isinstance(table, dict):
            self._wrong(f"{place} is not a table", table="profiles", key=name)
        self._known(table, tuple(_VALUES), place=place)
        values = {key: self._value(key, value, place) for key, value in table.items()}
        return self._whole(name, values, place)

    def _whole(self, name: str, values: dict[str, Any], place: str) -> Profile:
        built_in = BUILT_IN.get(name)
        if built_in is None and "env" not in values:
            self._wrong(f"{place} has no env", table=place)
        if built_in and values.get("env", built_in.env) != built_in.env:
            self._wrong(f"profile {name} is always for {built_in.env}", table=place, key="env")
        return (built_in or Profile(name, values["env"]))._replace(**values)

    def _value(self, key: str, value: object, place: str) -> Any:
        try:
            return _VALUES[key](value)
        except UsageError as error:
            self._wrong(f"{key}: {error.message}", table=place, key=key)

    def _known(self, table: Mapping[str, object], words: tuple[str, ...], *, place: str) -> None:
        for key in table:
            if key not in words:
                self._wrong(f"{_shown(key)} is not one of {', '.join(words)}", table=place, key=key)

    def _wrong(self, sentence: str, *, table: str = "", key: str | None = None) -> NoReturn:
        line = _line_of(self.text, table, key)
        raise ConfigError(f"{self.where}{f' line {line}' if line else ''}: {sentence}", hint="mend that line")


def _env(value: object) -> Env:
    for env in get_args(Env):
        if value == env:
            return env  # type: ignore[no-any-return]  # get_args knows the words, not their type
    raise UsageError(f"{_shown(value)} is not one of {', '.join(get_args(Env))}")


def _product(value: object) -> Product:
    return product(_string(value))


def _flag(value: object) -> bool:
    if isinstance(value, bool):
        return value
    raise UsageError(f"{_shown(value)} is neither true nor false")


def _limit(value: object) -> Decimal:
    # In quotes, since TOML's own numbers are binary floats to every other reader of the file.
    return amount(_string(value), what="amount")


def _string(value: object) -> str:
    if isinstance(value, str):
        return value
    raise UsageError(f"{_shown(value)} is not text in quotes")


def _shown(value: object) -> str:
    """The value, short enough for a sentence. A number may have more digits than Python is willing to print."""
    if isinstance(value, str):
        return repr(value if len(value) <= 60 else value[:60] + "…")
    if isinstance(value, int) and value.bit_length() < 64:
        return str(value).lower()
    return str(value) if isinstance(value, float) else f"a {type(value).__name__}"


_VALUES: dict[str, Callable[[object], Any]] = {
    "env": _env,
    "product": _product,
    "locked": _flag,
    "allow_withdraw": _flag,
    "max_notional": _limit,
    "max_distance": _limit,
}


def _line_of(text: str, table: str, key: str | None) -> int | None:
    """The line of a key in a table, or of the table's own heading; None where TOML's other spellings hide it."""
    current = ""
    wanted = re.compile(rf"""\s*["']?{re.escape(key)}["']?\s*[=.]""") if key else None
    for number, line in enumerate(text.splitlines(), 1):
        heading = _TABLE.match(line)
        if heading:
            current = heading[1].replace('"', "").replace("'", "").replace(" ", "")
        if current == table and (wanted.match(line) if wanted else heading):
            return number
    return None
