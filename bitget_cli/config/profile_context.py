"""Whose money it is: the profile in force, its key, and the folders, from options, environment, file and keyring."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from bitget_cli.config.profiles import Profiles, key_from_environment
from bitget_cli.errors import ConfigError, CredentialsError

if TYPE_CHECKING:
    from collections.abc import Callable

    from bitget_cli.config.keyring_store import KeyringStore
    from bitget_cli.config.profiles import Profile
    from bitget_cli.keys import Key
    from bitget_cli.runtime import Environment


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
