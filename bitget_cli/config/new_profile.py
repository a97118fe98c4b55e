"""A profile for a key that is yet to be made: everything that could keep it from being kept is found out before."""

from __future__ import annotations

from datetime import datetime

from bitget_cli.config.credentials import Stored, key_of
from bitget_cli.config.profiles import ProfileContext
from bitget_cli.errors import BitgetError, CredentialsError, UsageError


class NewProfile:
    """A profile `name` beside the one in force: in the configuration from `open` on, with a key after `keep`.

    It is of the same environment, and behind the same limits: a new key is no way around those of its maker.
    """

    def __init__(self, context: ProfileContext, name: str) -> None:
        self.name = name
        self._context = context
        self._parent = context.profile
        self._is_ours = False

    def check(self) -> None:
        """Raises UsageError for a name that cannot be one, or has keys; CredentialsError where the keyring cannot be
        read."""
        if self._context.own_address:
            raise CredentialsError(
                "BITGET_API_BASE_URL is set, so the keyring is not opened, and a new key had no place",
                hint="unset the address",
            )
        self._context.profiles.planned(self.name, env=self._parent.env)
        if self._context.keychain.holds(self.name):
            raise UsageError(f"profile {self.name} has a key already", hint="choose another name for the new one")

    def open(self) -> None:
        """Write the profile down, and try whether the keyring takes a key. Raises what either refuses with; nothing is
        changed then."""
        self._context.keychain.check_writable()
        profiles, parent = self._context.profiles, self._parent
        self._is_ours = all(profile.name != self.name for profile in profiles.all())
        profiles.add(self.name, env=parent.env, product=parent.product if self._is_ours else None)
        if self._is_ours:
            profiles.change(self.name, max_notional=parent.max_notional, max_distance=parent.max_distance)

    def keep(self, key: str, secret: str, passphrase: str, *, now: datetime) -> None:
        """Raises CredentialsError where the keyring no longer takes it."""
        whole = key_of(key, secret, passphrase, source="typed")
        self._context.keychain.write(self.name, Stored(whole, self._parent.env, None, now))

    def undo(self) -> None:
        """Take the profile out again, if it was not there before `open`."""
        if self._is_ours:
            self._is_ours = False
            self._context.profiles.remove(self.name)

    def passphrase_of(self, key: str) -> str | None:
        """The passphrase that the keyring keeps under this name, where it is that of this very key. To an address of
        somebody's own nothing of the keyring is sent."""
        if self._context.own_address:
            return None
        try:
            found = self._context.keychain.find(self.name)
        except BitgetError:
            return None
        return found.key.passphrase.reveal() if found and found.key.id.reveal() == key else None
