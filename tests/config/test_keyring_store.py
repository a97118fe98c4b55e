"""Keys in the keyring: what is kept, which keyrings are refused, and that none of them can hang a command."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from keyring.backend import KeyringBackend
from keyring.errors import InitError, KeyringLocked, NoKeyringError, PasswordSetError

from bitget_cli.config.credentials import Stored, key_of
from bitget_cli.config.keyring_store import KEYRINGS, SERVICE, KeyringStore
from bitget_cli.errors import CredentialsError

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
KEYS = Stored(key_of("bg_key", "s3cret", "words", source="typed"), "live", None, NOON)


class Memory(KeyringBackend):
    """A keyring of one process."""

    priority = 1

    def __init__(self) -> None:
        self.items: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.items.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.items[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.items[service, username]


class Broken(Memory):
    """A keyring of which every touch ends the same way."""

    def __init__(self, end: Callable[[], Any]) -> None:
        super().__init__()
        self.end = end

    def get_password(self, service: str, username: str) -> str | None:
        self.end()
        return super().get_password(service, username)

    def set_password(self, service: str, username: str, password: str) -> None:
        self.end()
        super().set_password(service, username, password)


class PromptDismissedException(Exception):  # noqa: N818  # the name secretstorage gives it
    """As secretstorage raises it, on systems where it is not installed too."""


def raising(error: BaseException, cause: BaseException | None = None) -> Callable[[], None]:
    def end() -> None:
        raise error from cause

    return end


@pytest.fixture
def memory() -> Memory:
    return Memory()


@pytest.fixture
def keychain(memory: Memory) -> KeyringStore:
    return KeyringStore(memory)


def test_keys_are_kept_one_item_a_profile(keychain: KeyringStore, memory: Memory) -> None:
    keychain.write("desk", KEYS)
    key = keychain.read("desk", env="live")
    assert (key.id.reveal(), key.secret.reveal(), key.passphrase.reveal()) == ("bg_key", "s3cret", "words")
    assert key.source == "keyring (Memory)"
    assert list(memory.items) == [(SERVICE, "desk")]


def test_a_profile_without_keys_says_how_to_add_them(keychain: KeyringStore) -> None:
    with pytest.raises(CredentialsError, match="profile desk has no keys") as error:
        keychain.read("desk", env="live")
    assert error.value.hint == "bitget profile add desk"


def test_keys_for_another_environment_are_refused(keychain: KeyringStore) -> None:
    keychain.write("desk", KEYS)
    with pytest.raises(CredentialsError, match="are for live, but the profile is for demo"):
        keychain.read("desk", env="demo")


def test_a_damaged_item_is_there_and_cannot_be_used(keychain: KeyringStore, memory: Memory) -> None:
    memory.items[SERVICE, "desk"] = '{"v": 1, "key": '
    assert keychain.holds("desk")
    with pytest.raises(CredentialsError, match="damaged"):
        keychain.read("desk", env="live")


def test_keys_are_deleted_once(keychain: KeyringStore) -> None:
    keychain.write("desk", KEYS)
    assert keychain.delete("desk")
    assert not keychain.delete("desk")
    assert keychain.find("desk") is None


FAULTS = {
    "locked": raising(KeyringLocked("Failed to unlock the collection!")),
    "locked, dismissed": raising(InitError("Failed"), PromptDismissedException()),
    "no usable keyring": raising(NoKeyringError("no backend")),
    "no usable keyring, no collection": raising(InitError("Failed to create the collection")),
    "no usable keyring, not here": raising(RuntimeError("macOS required")),
    "failed (PasswordSetError)": raising(PasswordSetError("no")),
    "failed (OSError)": raising(OSError(5, "EIO")),
    "failed (KeyError)": raising(KeyError("DBUS")),
    "failed (SystemExit)": raising(SystemExit(3)),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_every_fault_of_a_keyring_is_a_credentials_error_with_a_remedy(fault: str) -> None:
    keychain = KeyringStore(Broken(FAULTS[fault]))
    touches: list[Callable[[], object]] = [
        lambda: keychain.read("desk", env="live"),
        lambda: keychain.write("desk", KEYS),
        lambda: keychain.delete("desk"),
        lambda: keychain.holds("desk"),
    ]
    for touch in touches:
        with pytest.raises(CredentialsError) as error:
            touch()
        assert fault.split(",")[0] in error.value.message
        for way in ("unlock", "dbus-run-session", "gnome-keyring-daemon", "BITGET_API_KEY"):
            assert way in (error.value.hint or "")


def test_a_keyring_that_never_answers_is_left_behind() -> None:
    released = Event()
    keychain = KeyringStore(Broken(released.wait), patience=0.05)
    with pytest.raises(CredentialsError, match=r"did not answer within 0\.05 seconds"):
        keychain.read("desk", env="live")
    released.set()


@pytest.mark.parametrize(
    "name",
    [
        "keyrings.alt.file.PlaintextKeyring",
        "keyrings.alt.file.EncryptedKeyring",
        "keyring.backends.null.Keyring",
        "keyring.backends.fail.Keyring",
        "keyring.backends.chainer.ChainerBackend",
        "keyring.backends.macOS.Keyring",
        "os.system",
        "nonsense",
    ],
)
def test_a_keyring_not_known_to_encrypt_is_refused_by_name_and_never_imported(name: str) -> None:
    before = set(sys.modules)
    keychain = KeyringStore(environ={"PYTHON_KEYRING_BACKEND": name}, system="linux")
    with pytest.raises(CredentialsError) as error:
        keychain.read("desk", env="live")
    assert name in error.value.message
    assert "keyring.backends.SecretService.Keyring" in (error.value.hint or "")
    assert set(sys.modules) == before


@pytest.mark.parametrize(
    ("system", "chosen"),
    [
        ("linux", "Secret Service"),
        ("freebsd14", "Secret Service"),
        ("darwin", "macOS Keychain"),
        ("win32", "Windows Credential Manager"),
    ],
)
def test_each_system_has_its_keyring(system: str, chosen: str) -> None:
    assert KeyringStore(system=system).name == chosen


def test_another_keyring_that_encrypts_may_be_chosen() -> None:
    environ = {"PYTHON_KEYRING_BACKEND": "keyring.backends.kwallet.DBusKeyring"}
    assert KeyringStore(environ=environ, system="linux").name == "KWallet"


@pytest.mark.parametrize("path", KEYRINGS)
def test_a_keyring_of_another_system_is_absent_and_no_defect(
    path: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={home}/no-bus")
    keychain = KeyringStore(environ={"PYTHON_KEYRING_BACKEND": path}, system=KEYRINGS[path][0])
    if sys.platform == KEYRINGS[path][0] != "linux":
        pytest.skip("this system's own keyring is there")
    with pytest.raises(CredentialsError, match="no usable keyring"):
        keychain.read("desk", env="live")


def test_nothing_of_a_key_shows_in_a_failure() -> None:
    keychain = KeyringStore(Broken(raising(PasswordSetError("could not keep s3cret"))))
    with pytest.raises(CredentialsError) as error:
        keychain.write("desk", KEYS)
    assert "s3cret" not in str(error.value.record())
