"""Named profiles: where to trade, in which product, and behind which guards; and which of them is in force.

`config.toml` holds them; here they are values, and text again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, NoReturn, TypedDict, Unpack, get_args

from bitget_cli import files
from bitget_cli.errors import ConfigError, CredentialsError, DeclinedError, UsageError
from bitget_cli.values import FORMS, Product, amount, plain, product

if TYPE_CHECKING:
    from tomlkit import TOMLDocument
    from tomlkit.items import AbstractTable

    from bitget_cli.config.keyring_store import KeyringStore
    from bitget_cli.keys import Key
    from bitget_cli.runtime import Environment

Env = Literal["live", "demo", "paper"]
MARGIN_MODES = ("isolated", "crossed")

_NAME = r"(?a)[a-z0-9][a-z0-9-]{0,31}"


class Profile(NamedTuple):
    """One place to trade. The built-in `live`, `demo` and `paper` always exist.

    `locked` means it only reads. `max_notional` caps the value of one order in its quote coin; None is no cap.
    `max_distance` is how many percent from the market a limit price may be; None asks from 10 on. `margin_mode`
    (`isolated`, `crossed`) and `output` (a form) stand for what is not typed.
    """

    name: str
    env: Env
    product: Product = Product.USDT_FUTURES
    locked: bool = False
    allow_withdraw: bool = False
    max_notional: Decimal | None = None
    max_distance: Decimal | None = None
    margin_mode: str | None = None
    output: str | None = None

    @property
    def is_built_in(self) -> bool:
        return self.name in BUILT_IN


BUILT_IN = {
    "live": Profile("live", "live"),
    "demo": Profile("demo", "demo"),
    "paper": Profile("paper", "paper"),
}


class Config(NamedTuple):
    """The default profile's name, and every profile by name, the built-in ones included."""

    default: str = "live"
    profiles: Mapping[str, Profile] = BUILT_IN


def check_name(name: str) -> None:
    """UsageError unless it can name a profile."""
    if not re.fullmatch(_NAME, name):
        raise UsageError(
            f"profile name {name!r} is not 1 to 32 small letters, digits and dashes", hint="such as desk or desk-2"
        )


FILE = "config.toml"
VERSION = 1

_REMARK = "# Written by `bitget profile`, which changes the settings and keeps your remarks.\n"
_BLANK = f'{_REMARK}\nversion = {VERSION}\ndefault = "live"\n'
# What earlier versions wrote there, which was true of them.
_OLD_REMARK = "# Written by `bitget profile`, which keeps the settings and drops remarks.\n"
_TABLE = r"\s*\[\s*([^\[\]]+?)\s*\]"


def parsed(content: bytes, *, where: str) -> Config:
    """The configuration in a file's bytes; `where` is its name for people.

    Raises ConfigError with the line for anything that is not exactly what `printed` could have written by hand or by
    us: another version, a word nobody knows, a number that is not text, a default that is not there.
    """
    return _Reader(_text(content, where), where).config()


def printed(config: Config, over: bytes | None = None) -> bytes:
    """The bytes of the file `over` once it says `config`: remarks, order and spelling are those of whoever wrote it.

    Built-in profiles that are as built are not added. Raises ConfigError for a file that `parsed` refuses, and for
    profiles spelt with dotted keys: tomlkit damages those.
    """
    import tomlkit

    text = _BLANK if over is None else over.decode().replace(_OLD_REMARK, _REMARK)
    before = parsed(text.encode(), where=FILE)
    document = tomlkit.parse(text.replace("\r\n", "\n").removesuffix("\n") + "\n")
    if config.profiles != before.profiles:
        tables = _tables(document)
        for profile in config.profiles.values():
            _say(tables, profile, before.profiles.get(profile.name))
        for name in before.profiles.keys() - config.profiles.keys():
            _take_out(document, name)
    if config.default != before.default:
        _say_default(document, config.default)
    changed = tomlkit.dumps(document)
    content = (changed.replace("\n", "\r\n") if "\r\n" in text else changed).encode()
    if parsed(content, where=FILE) != config:
        raise _spelling_error()
    return content


def _tables(document: TOMLDocument) -> Any:
    import tomlkit
    from tomlkit.items import AbstractTable

    tables: Any = document.setdefault("profiles", tomlkit.table(is_super_table=True))
    # With dotted keys it may be a mere view of several tables, or hold such views.
    if not isinstance(tables, AbstractTable) or any(key and key.is_dotted() for key, _ in _body(tables)):
        raise _spelling_error()
    return tables


def _body(table: AbstractTable) -> list[Any]:
    """What a table holds, remarks and blank lines (without a key) among it, in the order of the file."""
    return table.value.body


def _spelling_error() -> ConfigError:
    return ConfigError(
        f"{FILE} names profiles with dotted keys, which are not changed from here",
        hint="give each a table of its own in it, such as [profiles.desk]",
    )


def _say(tables: Any, profile: Profile, before: Profile | None) -> None:
    """Give a profile its table, or in its table the settings that are others than before."""
    if profile == before:
        return
    settings = _table(profile)
    if profile.name not in tables:
        tables[profile.name] = settings
        return
    table, said = tables[profile.name], _table(before) if before else {}
    for key in said.keys() - settings.keys():
        del table[key]
    # A new key comes below the others: remarks that end a table speak of the next one.
    rest = _ending(table)
    for key, value in settings.items():
        if value != said.get(key):
            table[key] = value
    _body(table).extend(rest)


def _take_out(document: TOMLDocument, name: str) -> None:
    """Remove a profile's table, but not the remarks that end it, which speak of the next one."""
    tables: Any = document["profiles"]
    rest = _ending(tables[name])
    names = list(tables)
    below = names[names.index(name) + 1 :]
    del tables[name]
    if below:
        trivia = tables[below[0]].trivia
        trivia.indent = "".join(item.as_string() for _, item in rest) + trivia.indent
    else:
        document.body.extend(rest)


def _ending(table: Any) -> list[Any]:
    """The remarks and blank lines below a table's last key, taken out of it."""
    body = _body(table)
    rest: list[Any] = []
    while body and body[-1][0] is None:
        rest.insert(0, body.pop())
    return rest


def _say_default(document: TOMLDocument, name: str) -> None:
    import tomlkit

    if "default" in document:
        document["default"] = name
        return
    # Not left to the library, which puts it above the first table: below the remarks that speak of that.
    at = next(at for at, (key, _) in enumerate(document.body) if key and key.key == "version")
    document.body.insert(at + 1, (tomlkit.key("default"), tomlkit.item(name)))


def _table(profile: Profile) -> dict[str, Any]:
    table = {
        "env": profile.env,
        "product": profile.product.value,
        "locked": profile.locked,
        "allow_withdraw": profile.allow_withdraw,
    }
    limits = {"max_notional": profile.max_notional, "max_distance": profile.max_distance}
    usual = {"margin_mode": profile.margin_mode, "output": profile.output}
    told = {name: plain(limit) for name, limit in limits.items() if limit is not None}
    return table | told | {name: word for name, word in usual.items() if word is not None}


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


def one_of(words: tuple[str, ...]) -> Callable[[object], str]:
    """Reads one of these words. Raises UsageError for another."""

    def read(value: object) -> str:
        if (word := _string(value).lower()) in words:
            return word
        raise UsageError(f"{_shown(value)} is not one of {', '.join(words)}")

    return read


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
    "margin_mode": one_of(MARGIN_MODES),
    "output": one_of(FORMS),
}


def _line_of(text: str, table: str, key: str | None) -> int | None:
    """The line of a key in a table, or of the table's own heading; None where TOML's other spellings hide it."""
    current = ""
    wanted = re.compile(rf"""\s*["']?{re.escape(key)}["']?\s*[=.]""") if key else None
    for number, line in enumerate(text.splitlines(), 1):
        heading = re.match(_TABLE, line)
        if heading:
            current = heading[1].replace('"', "").replace("'", "").replace(" ", "")
        if current == table and (wanted.match(line) if wanted else heading):
            return number
    return None


_LONGEST_FILE = 256 * 1024


class Settings(TypedDict, total=False):
    """What `Profiles.change` may change."""

    product: Product
    locked: bool
    allow_withdraw: bool
    max_notional: Decimal | None
    max_distance: Decimal | None
    margin_mode: str | None
    output: str | None


class Profiles:
    """The profiles in `config.toml` of a folder, which is read on first use and need not exist.

    Every method raises ConfigError when the file is there but cannot be trusted or understood; it is then never
    written over.
    """

    def __init__(self, directory: Path) -> None:
        self.path = directory / FILE

    @property
    def default(self) -> str:
        """The name of the profile in force when none is named."""
        return self._config.default

    def all(self) -> tuple[Profile, ...]:
        """Every profile: the built-in ones first, then a person's own in the order of the file."""
        return tuple(self._config.profiles.values())

    def get(self, name: str) -> Profile:
        """The profile of that name; UsageError with near misses when there is none."""
        return _named(self._config, name)

    def of_environment(self, env: str) -> Profile:
        """The profile behind keys from the environment: the built-in one of BITGET_ENV, with its guards."""
        return self.get(env)

    def planned(self, name: str, *, env: Env | None = None, product: Product | None = None) -> Profile:
        """The profile that `add` would make. Raises UsageError as it would; nothing is written."""
        return _added(self._config, name, env=env, product=product)

    def add(self, name: str, *, env: Env | None = None, product: Product | None = None) -> Profile:
        """Make a profile, or find the one that is there already; `env` is `live` unless said.

        Raises UsageError for a name that cannot be one, or an `env` that is not the existing profile's.
        """
        return self._rewrite(lambda config: _added(config, name, env=env, product=product))

    def change(self, name: str, **settings: Unpack[Settings]) -> Profile:
        """Give a profile other settings; the rest of it and every other profile stay as they are."""
        return self._rewrite(lambda config: _named(config, name)._replace(**settings))

    def use(self, name: str) -> Profile:
        """Make a profile the default."""
        return self._rewrite(lambda config: _named(config, name), default=name)

    def remove(self, name: str) -> Profile:
        """Take a profile of a person's own out; a built-in one stays, with its guards.

        Raises DeclinedError for a locked one, since that would undo the lock, and UsageError for the default.
        """
        profile = self.get(name)
        check_removal(profile, default=self.default)
        if profile.is_built_in:
            return profile
        with files.locked(self.path):
            config, content = self._read()
            check_removal(_named(config, name), default=config.default)
            kept = {other.name: other for other in config.profiles.values() if other.name != name}
            self._write(config._replace(profiles=kept), content)
        return profile

    @cached_property
    def _config(self) -> Config:
        return self._read()[0]

    def _read(self) -> tuple[Config, bytes | None]:
        content = files.read(self.path, limit=_LONGEST_FILE)
        return Config() if content is None else parsed(content, where=str(self.path)), content

    def _rewrite(self, changed: Callable[[Config], Profile], *, default: str | None = None) -> Profile:
        # Read again under the lock: another process may have written since this one looked.
        with files.locked(self.path):
            before, content = self._read()
            profile = changed(before)
            after = Config(default or before.default, {**before.profiles, profile.name: profile})
            self._write(after, content)
        return profile

    def _write(self, config: Config, over: bytes | None) -> None:
        files.write(self.path, printed(config, over))
        self.__dict__["_config"] = config


def key_from_environment(environ: Mapping[str, str]) -> tuple[Key, Env] | None:
    """The key in BITGET_API_KEY, BITGET_SECRET_KEY and BITGET_PASSPHRASE, and BITGET_ENV (`live` unless set).

    None when none of the four is set. Raises CredentialsError for a part that is missing, empty or cannot be one,
    and for an environment that is neither `live` nor `demo`: half a set is never made up from elsewhere.
    """
    if not any(name.startswith("BITGET_") for name in environ):
        return None
    from bitget_cli.keys import KEY_VARIABLES

    first = next((name for name in (*KEY_VARIABLES, "BITGET_ENV") if name in environ), None)
    if first is None:
        return None
    for name in KEY_VARIABLES:
        if not environ.get(name, "").strip():
            raise CredentialsError(
                f"{name} is empty" if name in environ else f"{name} is not set, while {first} is",
                hint=f"set {', '.join(KEY_VARIABLES)} together, or unset them all and BITGET_ENV",
            )
    env = environ.get("BITGET_ENV", "live")
    if env not in ("live", "demo"):
        raise CredentialsError(f"BITGET_ENV {env!r} is neither live nor demo", hint="export BITGET_ENV=live or demo")
    from bitget_cli.config.credentials import key_of

    key, secret, passphrase = (environ[name] for name in KEY_VARIABLES)
    return key_of(
        key, secret, passphrase, source="environment", names=KEY_VARIABLES
    ), "demo" if env == "demo" else "live"


def check_removal(profile: Profile, *, default: str) -> None:
    """Raises DeclinedError for a locked profile, UsageError for a person's own that is the default."""
    if profile.locked:
        raise DeclinedError(
            f"profile {profile.name} is locked, and removing it would undo that",
            hint=f"bitget profile unlock {profile.name}",
        )
    if profile.name == default and not profile.is_built_in:
        raise UsageError(f"profile {profile.name} is the default", hint="bitget profile use live")


def _added(config: Config, name: str, *, env: Env | None, product: Product | None) -> Profile:
    check_name(name)
    profile = config.profiles.get(name) or Profile(name, env or "live")
    if env and profile.env != env:
        raise UsageError(
            f"profile {name} is for {profile.env}, not {env}", hint=f"choose another name for the {env} keys"
        )
    return profile._replace(product=product) if product else profile


def _named(config: Config, name: str) -> Profile:
    if name in config.profiles:
        return config.profiles[name]
    from difflib import get_close_matches

    near = get_close_matches(name, config.profiles)
    raise UsageError(
        f"there is no profile {name!r}" + (f"; did you mean {' or '.join(near)}?" if near else ""),
        hint="see `bitget profile list`",
    )


class ProfileContext:
    """What a command may do, and with whose keys; each part is read on first use."""

    def __init__(self, environment: Environment, name: str | None) -> None:
        self._environment = environment
        self._environ = environment.environ
        self._typed_name = name

    @property
    def name(self) -> str | None:
        """The profile named by option or BITGET_PROFILE, if any."""
        return self._typed_name or self._environ.get("BITGET_PROFILE")

    @cached_property
    def profile(self) -> Profile:
        """The profile in force: the one named, else the environment's keys, else the default.

        Raises UsageError for a name that is not a profile and CredentialsError for half a set of keys.
        """
        if self.name:
            return self.profiles.get(self.name)
        if self.environment_key:
            return self.profiles.of_environment(self.environment_key[1])
        return self.profiles.get(self.profiles.default)

    @cached_property
    def profiles(self) -> Profiles:
        return Profiles(self.config_folder)

    def reread(self) -> None:
        """Look what the profile in force may do by now: it may have been locked since.

        Raises UsageError where it is gone, and ConfigError where it has become another one.
        """
        before = self.profile
        self.profiles = Profiles(self.config_folder)
        self.profile = self.profiles.get(before.name)
        if self.profile.env != before.env:
            raise ConfigError(f"profile {before.name} was {before.env} and is {self.profile.env} now")

    @cached_property
    def key(self) -> Key:
        """The API key of the profile in force. Never a mixture of sources.

        Raises CredentialsError when there is none, or the keyring is locked, mute or not to be trusted.
        """
        env = self.profile.env
        if self.own_address or not self.name:
            found = self.environment_key
            if found and found[1] == env:
                return found[0]
        if self.own_address:
            raise CredentialsError(
                f"BITGET_API_BASE_URL is set, so keys come from the environment alone, and it has none for {env}",
                hint="set BITGET_API_KEY, BITGET_SECRET_KEY, BITGET_PASSPHRASE and BITGET_ENV, or unset the address",
            )
        return self.keychain.read(self.profile.name, env=env)

    @property
    def takes_key_from_environment(self) -> bool:
        """Whether no profile was named, so that the environment's keys are in force; naming one would shut them out."""
        return not self.name and self.environment_key is not None

    @cached_property
    def environment_key(self) -> tuple[Key, str] | None:
        """The key that the environment holds, and what it is for. Raises CredentialsError for half a set."""
        return key_from_environment(self._environ)

    @cached_property
    def keychain(self) -> KeyringStore:
        from bitget_cli.config.keyring_store import KeyringStore

        return KeyringStore(self._environment.keyring, environ=self._environ)

    @cached_property
    def own_address(self) -> str | None:
        """BITGET_API_BASE_URL, checked: Bitget's own hosts or loopback."""
        if "BITGET_API_BASE_URL" not in self._environ:
            return None
        from bitget_cli.config.hosts import rest_address

        return rest_address(self._environ)

    @cached_property
    def config_folder(self) -> Path:
        from platformdirs import user_config_path

        return _folder(user_config_path, "XDG_CONFIG_HOME")

    @cached_property
    def state_folder(self) -> Path:
        from platformdirs import user_state_path

        return _folder(user_state_path, "XDG_STATE_HOME")


def _folder(of: Callable[[str], Path], variable: str) -> Path:
    """The folder of this user. Raises ConfigError where nobody knows one, as in a container with a nameless user."""
    try:
        found = of("bitget")
    except RuntimeError:
        found = Path("~")
    if not found.is_absolute():
        raise ConfigError(
            "this user has no home folder, so there is no place for settings and for the record of orders",
            hint=f"set HOME, or {variable} (settings: XDG_CONFIG_HOME, records: XDG_STATE_HOME), to a folder of yours",
        )
    return found
