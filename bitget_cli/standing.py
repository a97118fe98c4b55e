"""Who trades where: the profile in force, its keys, and the folders of this user."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from bitget_cli.errors import ConfigError, CredentialsError
from bitget_cli.screen import Screen

if TYPE_CHECKING:
    from collections.abc import Callable

    from bitget_cli.config import Profile
    from bitget_cli.keychain import Keychain
    from bitget_cli.keys import Key, Secret
    from bitget_cli.profiles import Profiles


class Standing(Screen):
    """A person at a screen, and what they may do: decided by options, environment, config.toml and keyring."""

    @cached_property
    def profile(self) -> Profile:
        """The profile in force: named by option or BITGET_PROFILE, else the environment's keys, else the default.

        Raises UsageError for a name that is not a profile and CredentialsError for half a set of keys.
        """
        name = self.shared.profile or self.doors.environ.get("BITGET_PROFILE")
        if name:
            return self.profiles.get(name)
        if self._environment_key:
            return self.profiles.of_environment(self._environment_key[1])
        return self.profiles.get(self.profiles.default)

    @property
    def env(self) -> str:
        """`live`, `demo` or `paper`."""
        return self.profile.env

    @cached_property
    def profiles(self) -> Profiles:
        from bitget_cli.profiles import Profiles

        return Profiles(self.config_folder)

    @cached_property
    def key(self) -> Key:
        """The API key of the profile in force. Never a mixture of sources.

        Raises CredentialsError when there is none, or the keyring is locked, mute or not to be trusted.
        """
        explicit = self.shared.profile or self.doors.environ.get("BITGET_PROFILE")
        if self.own_address or not explicit:
            found = self._environment_key
            if found and found[1] == self.env:
                return found[0]
        if self.own_address:
            raise CredentialsError(
                f"BITGET_API_BASE_URL is set, so keys come from the environment alone, and it has none for {self.env}",
                hint="set BITGET_API_KEY, BITGET_SECRET_KEY, BITGET_PASSPHRASE and BITGET_ENV, or unset the address",
            )
        return self.keychain.read(self.profile.name, env=self.env)

    @property
    def takes_key_from_environment(self) -> bool:
        """Whether no profile was named, so that the environment's keys are in force; naming one would shut them out."""
        named = self.shared.profile or self.doors.environ.get("BITGET_PROFILE")
        return not named and self._environment_key is not None

    def redact(self, text: str) -> str:
        """The text without any part of a key: the one that was opened, and what the environment holds."""
        from bitget_cli.keys import Redactor, of_environment

        opened = (self.key.id, self.key.secret, self.key.passphrase) if "key" in vars(self) else ()
        return Redactor(*of_environment(self.doors.environ), *opened, *self._signatures())(text)

    def _signatures(self) -> tuple[Secret, ...]:
        """What was sent as proof of the key, which an answer may repeat."""
        return ()

    def say(self, line: str) -> None:
        super().say(self.redact(line))

    @cached_property
    def keychain(self) -> Keychain:
        from bitget_cli.keychain import Keychain

        return Keychain(self.doors.keyring, environ=self.doors.environ)

    @cached_property
    def own_address(self) -> str | None:
        """BITGET_API_BASE_URL, checked: Bitget's own hosts or loopback."""
        from bitget_cli.hosts import rest_address

        return rest_address(self.doors.environ)

    @cached_property
    def _environment_key(self) -> tuple[Key, str] | None:
        from bitget_cli.profiles import key_from_environment

        return key_from_environment(self.doors.environ)

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
