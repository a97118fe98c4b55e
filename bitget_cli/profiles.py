"""Named profiles: where to trade, in which product, and behind which guards."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict, Unpack

from bitget_cli import files
from bitget_cli.config import Config, Env, Profile, check_name
from bitget_cli.errors import CredentialsError, DeclinedError, UsageError
from bitget_cli.keys import KEY_VARIABLES
from bitget_cli.values import Product

if TYPE_CHECKING:
    from bitget_cli.keys import Key

_LONGEST_FILE = 256 * 1024


class Settings(TypedDict, total=False):
    """What `Profiles.change` may change."""

    product: Product
    locked: bool
    allow_withdraw: bool
    max_notional: Decimal | None
    max_distance: Decimal | None


class Profiles:
    """The profiles in `config.toml` of a folder, which is read on first use and need not exist.

    Every method raises ConfigError when the file is there but cannot be trusted or understood; it is then never
    written over.
    """

    def __init__(self, directory: Path) -> None:
        self.path = directory / "config.toml"

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
            config = self._read()
            check_removal(_named(config, name), default=config.default)
            kept = {other.name: other for other in config.profiles.values() if other.name != name}
            self._write(config._replace(profiles=kept))
        return profile

    @cached_property
    def _config(self) -> Config:
        return self._read()

    def _read(self) -> Config:
        content = files.read(self.path, limit=_LONGEST_FILE)
        if content is None:
            return Config()
        from bitget_cli.config_file import parsed

        return parsed(content, where=str(self.path))

    def _rewrite(self, changed: Callable[[Config], Profile], *, default: str | None = None) -> Profile:
        # Read again under the lock: another process may have written since this one looked.
        with files.locked(self.path):
            before = self._read()
            profile = changed(before)
            self._write(
                before._replace(default=default or before.default, profiles={**before.profiles, profile.name: profile})
            )
        return profile

    def _write(self, config: Config) -> None:
        from bitget_cli.config_file import printed

        files.write(self.path, printed(config))
        self.__dict__["_config"] = config


def key_from_environment(environ: Mapping[str, str]) -> tuple[Key, Env] | None:
    """The key in BITGET_API_KEY, BITGET_SECRET_KEY and BITGET_PASSPHRASE, and BITGET_ENV (`live` unless set).

    None when none of the four is set. Raises CredentialsError for a part that is missing, empty or cannot be one,
    and for an environment that is neither `live` nor `demo`: half a set is never made up from elsewhere.
    """
    if not any(name in environ for name in (*KEY_VARIABLES, "BITGET_ENV")):
        return None
    for name in KEY_VARIABLES:
        if not environ.get(name, "").strip():
            raise CredentialsError(
                f"{name} is empty" if name in environ else f"{name} is not set, while {_set_one(environ)} is",
                hint=f"set {', '.join(KEY_VARIABLES)} together, or unset them all and BITGET_ENV",
            )
    env = environ.get("BITGET_ENV", "live")
    if env not in ("live", "demo"):
        raise CredentialsError(f"BITGET_ENV {env!r} is neither live nor demo", hint="export BITGET_ENV=live or demo")
    from bitget_cli.credentials import key_of

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


def _set_one(environ: Mapping[str, str]) -> str:
    return next(name for name in (*KEY_VARIABLES, "BITGET_ENV") if name in environ)


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
