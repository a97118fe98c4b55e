"""API keys in the operating system's own keyring; the only door to `keyring`."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from importlib import import_module
from threading import Thread
from types import TracebackType
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from bitget_cli.config.credentials import Stored, stored_from_text, stored_text, webhook_secret
from bitget_cli.errors import CredentialsError
from bitget_cli.keys import Key, Secret

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

SERVICE = "bitget-cli"
# No profile has such a name.
_PROBE = "_probe"

# The keyrings that encrypt, each with the system it is for. Named outright: left to itself `keyring` looks for
# plug-ins, which takes 70 ms, and without a bus settles for any it finds, one that keeps readable text included.
KEYRINGS = {
    "keyring.backends.SecretService.Keyring": ("linux", "Secret Service"),
    "keyring.backends.kwallet.DBusKeyring": ("linux", "KWallet"),
    "keyring.backends.macOS.Keyring": ("darwin", "macOS Keychain"),
    "keyring.backends.Windows.WinVaultKeyring": ("win32", "Windows Credential Manager"),
}

REMEDY = (
    "on a desktop, unlock the login keyring; on a server, run `dbus-run-session -- bash` and in it "
    '`read -rs P; printf %s "$P" | gnome-keyring-daemon --unlock --components=secrets`; '
    "in CI, set BITGET_API_KEY, BITGET_SECRET_KEY and BITGET_PASSPHRASE"
)

# Faults by the names of exception classes, since each library behind a keyring exists on its own system only.
_LOCKED = {"KeyringLocked", "LockedException", "PromptDismissedException"}
_ABSENT = {
    "NoKeyringError",
    "InitError",
    "SecretServiceNotAvailableException",
    "RuntimeError",
    "ImportError",
    # The address of a bus that is gone.
    "FileNotFoundError",
    "ConnectionError",
}

_Value = TypeVar("_Value")


class KeyringStore:
    """The keys of each profile, one keyring item a profile.

    Every touch of the keyring ends within `patience` seconds. Every method raises CredentialsError when the keyring
    is absent, locked, mute, failing, or not one of those that encrypt. `backend` stands in for the system's own.
    """

    def __init__(
        self,
        backend: KeyringBackend | None = None,
        *,
        environ: Mapping[str, str] | None = None,
        system: str = sys.platform,
        patience: float = 5.0,
    ) -> None:
        self._given = backend
        self._environ = environ or {}
        self._system = system
        self._patience = patience

    @cached_property
    def name(self) -> str:
        """The keyring's name for people: `Secret Service`, say."""
        return type(self._given).__name__ if self._given else KEYRINGS[self._chosen][1]

    def read(self, profile: str, *, env: str) -> Key:
        """The key of a profile. Raises CredentialsError also when there is none, or it is for another `env`."""
        found = self.find(profile)
        if found is None:
            raise CredentialsError(f"profile {profile} has no keys", hint=f"bitget profile add {profile}")
        if found.env != env:
            raise CredentialsError(
                f"the keys of profile {profile} are for {found.env}, but the profile is for {env}",
                hint=f"add the right ones: bitget profile add {profile}",
            )
        return found.key

    def holds(self, profile: str) -> bool:
        """Whether there is an item for a profile, damaged or not."""
        return self._touch(lambda keyring: keyring.get_password(SERVICE, profile)) is not None

    def find(self, profile: str) -> Stored | None:
        """What the keyring holds for a profile, or None. Raises CredentialsError also for a damaged item."""
        text = self._touch(lambda keyring: keyring.get_password(SERVICE, profile))
        return None if text is None else stored_from_text(text, profile=profile, source=f"keyring ({self.name})")

    def write(self, profile: str, stored: Stored) -> None:
        """Keep the keys of a profile in place of any that were there."""
        self._touch(lambda keyring: keyring.set_password(SERVICE, profile, stored_text(stored)))

    def check_writable(self) -> None:
        """Write an item of no profile, read it back and take it out again. Raises CredentialsError where that fails."""

        # Others may be trying at the same time.
        name = f"{_PROBE}-{os.getpid()}"

        def tried(keyring: KeyringBackend) -> bool:
            keyring.set_password(SERVICE, name, name)
            kept = keyring.get_password(SERVICE, name) == name
            keyring.delete_password(SERVICE, name)
            return kept

        if not self._touch(tried):
            raise CredentialsError("the keyring does not keep what is written to it", hint=REMEDY)

    def delete(self, profile: str) -> bool:
        """Take the keys of a profile out; False when there were none."""

        def delete(keyring: KeyringBackend) -> bool:
            if keyring.get_password(SERVICE, profile) is None:
                return False
            keyring.delete_password(SERVICE, profile)
            return True

        def delete_webhook(keyring: KeyringBackend) -> None:
            if keyring.get_password(SERVICE, _webhook(profile)) is not None:
                keyring.delete_password(SERVICE, _webhook(profile))

        self._touch(delete_webhook)

        return self._touch(delete)

    def webhook_secret(self, profile: str) -> Secret | None:
        """What alerts for a profile have to know, or None."""
        text = self._touch(lambda keyring: keyring.get_password(SERVICE, _webhook(profile)))
        return None if text is None else webhook_secret(text, what="the webhook's secret in the keyring")

    def keep_webhook_secret(self, profile: str, secret: Secret) -> None:
        """Keep it in place of any that was there."""
        self._touch(lambda keyring: keyring.set_password(SERVICE, _webhook(profile), secret.reveal()))

    @cached_property
    def _chosen(self) -> str:
        system = self._system if self._system in ("darwin", "win32") else "linux"
        allowed = [path for path, (where, _) in KEYRINGS.items() if where == system]
        wanted = self._environ.get("PYTHON_KEYRING_BACKEND") or allowed[0]
        if wanted not in allowed:
            raise CredentialsError(
                f"PYTHON_KEYRING_BACKEND names {wanted}, which is not a keyring that is known to encrypt",
                hint=f"unset it, or use {' or '.join(allowed)}",
            )
        return wanted

    @cached_property
    def _backend(self) -> KeyringBackend:
        if self._given:
            return self._given
        module, _, name = self._chosen.rpartition(".")
        kind = getattr(import_module(module), name)
        # Asking for its priority is how a keyring says, with a RuntimeError, that it cannot work here.
        _ = kind.priority
        backend: KeyringBackend = kind()
        return backend

    def _touch(self, act: Callable[[KeyringBackend], _Value]) -> _Value:
        if not self._given:
            _ = self._chosen
        answer: _Answer[_Value] = _Answer()
        # A Secret Service that does not answer hangs its caller for ever, so the caller is a thread to be left behind.
        thread = Thread(target=answer.take, args=(lambda: act(self._backend),), daemon=True)
        thread.start()
        thread.join(self._patience)
        if thread.is_alive():
            raise CredentialsError(
                f"the keyring did not answer within {self._patience:g} seconds",
                hint=f"if it is asking for its password, answer and run this again; else {REMEDY}",
            )
        if answer.failure:
            raise _translated(answer.failure) from None
        return answer.values[0]


def _webhook(profile: str) -> str:
    """The item's name: no profile is called so."""
    return f"{profile}:webhook"


class _Answer(Generic[_Value]):
    """What came of a call made in another thread: its value, or whatever the libraries below threw."""

    def __init__(self) -> None:
        self.values: list[_Value] = []
        self.failure: BaseException | None = None

    def take(self, call: Callable[[], _Value]) -> None:
        with self:
            self.values.append(call())

    def __enter__(self) -> None: ...

    def __exit__(self, _: type[BaseException] | None, failure: BaseException | None, __: TracebackType | None) -> bool:
        self.failure = failure
        return True


def _translated(failure: BaseException) -> CredentialsError:
    names = {kind.__name__ for error in _chain(failure) for kind in type(error).__mro__}
    if names & _LOCKED:
        return CredentialsError("the keyring is locked", hint=REMEDY)
    if names & _ABSENT:
        return CredentialsError("no usable keyring is running" + _readable_text_only(), hint=REMEDY)
    return CredentialsError(f"the keyring failed ({type(failure).__name__})", hint=REMEDY)


def _chain(failure: BaseException) -> Iterator[BaseException]:
    error: Any = failure
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _readable_text_only() -> str:
    from importlib.util import find_spec

    try:
        found = find_spec("keyrings.alt")
    except ModuleNotFoundError:
        return ""
    return ", and keyrings.alt is not used: it may keep keys as readable text" if found else ""
