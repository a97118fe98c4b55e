"""Keys in a real Secret Service: gnome-keyring on a D-Bus session of its own, with no desktop."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

TOOLS = ("dbus-run-session", "gnome-keyring-daemon", "secret-tool", "bash")
MISSING = [tool for tool in TOOLS if shutil.which(tool) is None]

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="the Secret Service is a thing of Linux"),
    pytest.mark.skipif(bool(MISSING), reason=f"not installed: {', '.join(MISSING)}"),
]

SECRET = "s3cret-of-the-test"
THREE_LINES = f"bg_key\\n{SECRET}\\npassphrase-words\\n"

# Each script is bash on a bus of its own. `unlock PASSWORD` starts the daemon, `daemon` waits for it and tells its pid.
PRELUDE = f"""
bitget() {{ {sys.executable} -m bitget_cli "$@"; }}
unlock() {{ printf %s "$1" | gnome-keyring-daemon --unlock --components=secrets >/dev/null; }}
daemon() {{
  # The daemon goes on starting after --unlock came back; then its name has an owner.
  until dbus-send --session --print-reply=literal --dest=org.freedesktop.DBus /org/freedesktop/DBus \
    org.freedesktop.DBus.GetConnectionUnixProcessID string:org.freedesktop.secrets 2>/dev/null >"$HOME/pid"
  do sleep 0.05; done
  awk '{{print $2}}' "$HOME/pid"
}}
add() {{ printf '{THREE_LINES}' | bitget profile add "$@" --stdin; }}
"""

# Owns the name of the Secret Service, and never says a word.
MUTE = """
from jeepney import DBusAddress, new_method_call
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import open_dbus_connection, Proxy
connection = open_dbus_connection("SESSION")
Proxy(message_bus, connection).RequestName("org.freedesktop.secrets")
print("owned", flush=True)
while True:
    connection.receive()
"""

READ_PATIENTLY = """
from bitget_cli.errors import CredentialsError
from bitget_cli.config.keyring_store import KeyringStore as Keychain
try:
    Keychain(patience=0.5).read("desk", env="live")
except CredentialsError as error:
    print(error.exit_status, error.message)
"""

# As keyrings.alt does: a plug-in that keyring itself would settle for when there is no bus.
READABLE_TEXT = """
import os
from keyring.backend import KeyringBackend

class PlaintextKeyring(KeyringBackend):
    priority = 0.5
    def set_password(self, service, username, password):
        with open(os.environ["HOME"] + "/readable", "a") as file:
            file.write(password)
    def get_password(self, service, username):
        return None
    delete_password = get_password
"""


@dataclass
class Machine:
    """A machine with no desktop, and one user's home on it."""

    home: Path

    def __call__(self, script: str, *, bus: bool = True, env: dict[str, str] | None = None) -> tuple[str, str, int]:
        """What bash printed on stdout and stderr, and its exit status."""
        session: Sequence[str] = ("dbus-run-session", "--") if bus else ()
        ran = subprocess.run(
            [*session, "bash", "-c", PRELUDE + script],
            env={**self.environ(), **(env or {})},
            capture_output=True,
            text=True,
            timeout=60,
        )
        return ran.stdout, ran.stderr, ran.returncode

    def environ(self) -> dict[str, str]:
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.home),
            "XDG_RUNTIME_DIR": str(self.home / "run"),
            "XDG_DATA_HOME": str(self.home / ".local" / "share"),
            "PYTHONPATH": os.pathsep.join([str(self.home / "plug-ins"), os.environ.get("PYTHONPATH", "")]).rstrip(
                os.pathsep
            ),
            "LANG": "C.UTF-8",
        }

    def files_with(self, text: str) -> list[str]:
        return [str(path) for path in self.home.rglob("*") if path.is_file() and text.encode() in path.read_bytes()]


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    tmp_path.chmod(0o700)
    (tmp_path / "run").mkdir(mode=0o700)
    return Machine(tmp_path)


def test_keys_outlive_the_process_and_the_session_and_are_encrypted(machine: Machine) -> None:
    out, err, status = machine("unlock password && add desk --env demo && bitget profile show desk --json")
    assert status == 0, err
    assert json.loads(out.splitlines()[-1])["keys"] == "keyring (Secret Service)"
    out, err, status = machine("unlock password && bitget profile show desk --json")
    assert json.loads(out)["keys"] == "keyring (Secret Service)", err
    assert machine.files_with(SECRET) == []
    assert any(machine.home.rglob("*.keyring"))


def test_every_profile_has_keys_of_its_own_and_removing_takes_them_away(machine: Machine) -> None:
    out, err, status = machine(
        "unlock password && add one && add two --env demo && bitget profile remove one --yes >/dev/null"
        " && secret-tool search --all service bitget-cli 2>&1 | grep username; bitget profile list -o tsv | cut -f1"
    )
    assert status == 0, err
    assert "attribute.username = two" in out
    assert "attribute.username = one" not in out
    assert out.splitlines()[-1] == "two"


def test_many_writers_at_once_all_succeed(machine: Machine) -> None:
    out, err, _ = machine(
        "unlock password; for n in 1 2 3 4 5 6; do add desk-$n >/dev/null & done; wait"
        "; secret-tool search --all service bitget-cli 2>&1 | sed -n 's/attribute.username = //p' | sort"
        "; bitget profile list -o tsv | cut -f1; bitget profile show desk-3 --fields keys -o tsv"
    )
    six = [f"desk-{number}" for number in range(1, 7)]
    listed = out.splitlines()
    assert (listed[:6], set(six) <= set(listed[6:-1]), listed[-1]) == (six, True, "keyring (Secret Service)"), err


LOCKED = {
    "a wrong password": "unlock other-words; bitget profile check desk",
    "nobody unlocked it": "bitget profile check desk",
    "locked again, and the question dismissed": (
        "unlock password; secret-tool lock --collection=login; bitget profile check desk"
    ),
    "the daemon died": "unlock password; kill -9 $(daemon); bitget profile check desk",
}


@pytest.mark.parametrize("how", LOCKED)
def test_a_locked_keyring_ends_with_4_and_says_what_to_do(machine: Machine, how: str) -> None:
    assert machine("unlock password && add desk")[2] == 0
    out, err, status = machine(LOCKED[how])
    assert (out, status) == ("", 4), err
    assert "the keyring is locked" in err or "no usable keyring" in err
    assert "gnome-keyring-daemon --unlock" in err


def test_nothing_is_added_while_the_keyring_is_locked(machine: Machine) -> None:
    assert machine("unlock password && add one")[2] == 0
    assert machine("unlock other-words; add desk")[2] == 4
    assert machine.files_with(SECRET) == []
    assert "desk" not in machine("bitget profile list")[0]


def test_a_service_that_never_answers_is_left_behind(machine: Machine) -> None:
    (machine.home / "mute.py").write_text(MUTE)
    (machine.home / "read.py").write_text(READ_PATIENTLY)
    python = sys.executable
    out, err, _ = machine(
        f'coproc mute {{ {python} "$HOME/mute.py"; }}; read -ru "${{mute[0]}}"; {python} "$HOME/read.py"'
    )
    assert out == "4 the keyring did not answer within 0.5 seconds\n", err


def test_without_a_bus_private_commands_end_with_4_and_settings_still_work(machine: Machine) -> None:
    assert machine("bitget profile list", bus=False)[2] == 0
    out, err, status = machine("bitget profile check live", bus=False)
    assert (out, status) == ("", 4)
    assert "no usable keyring" in err
    assert "dbus-run-session" in err


def test_keys_are_never_kept_as_readable_text(machine: Machine) -> None:
    plug_in = machine.home / "plug-ins" / "keyrings" / "alt"
    plug_in.mkdir(parents=True)
    (plug_in / "__init__.py").touch()
    (plug_in / "file.py").write_text(READABLE_TEXT)
    _, err, status = machine("add desk", bus=False)
    assert status == 4
    assert "keyrings.alt is not used" in err
    named = {"PYTHON_KEYRING_BACKEND": "keyrings.alt.file.PlaintextKeyring"}
    for bus in (False, True):
        _, err, status = machine("add desk", bus=bus, env=named)
        assert status == 4
        assert "PYTHON_KEYRING_BACKEND names keyrings.alt.file.PlaintextKeyring" in err
    assert machine.files_with(SECRET) == []


def test_the_readable_keyring_of_this_test_would_have_kept_them(machine: Machine) -> None:
    (machine.home / "plug-ins").mkdir()
    (machine.home / "plug-ins" / "readable.py").write_text(READABLE_TEXT)
    code = f"import readable; readable.PlaintextKeyring().set_password('bitget-cli', 'desk', {SECRET!r})"
    assert machine(f'{sys.executable} -c "{code}"', bus=False)[2] == 0
    assert machine.files_with(SECRET) == [str(machine.home / "readable")]
