"""Named profiles: which there are, how they change, and keys from the environment."""

from __future__ import annotations

import os
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from bitget_cli.config.profiles import Profile, Profiles, key_from_environment
from bitget_cli.errors import ConfigError, CredentialsError, DeclinedError, UsageError
from bitget_cli.values import Product

THREE = {"BITGET_API_KEY": "bg_key", "BITGET_SECRET_KEY": "s3cret", "BITGET_PASSPHRASE": "words"}

ADD_PROFILES = """
import sys
from pathlib import Path
from bitget_cli.config.profiles import Profiles
for number in range(10):
    Profiles(Path(sys.argv[1])).add(f"{sys.argv[2]}-{number}", env="demo")
"""


@pytest.fixture
def folder(home: Path) -> Path:
    return home / "config" / "bitget"


@pytest.fixture
def profiles(folder: Path) -> Profiles:
    return Profiles(folder)


def test_without_a_file_the_three_built_in_profiles_are_there(profiles: Profiles) -> None:
    assert [profile.name for profile in profiles.all()] == ["live", "demo", "paper"]
    assert profiles.default == "live"
    assert profiles.get("paper") == Profile("paper", "paper", product=Product.USDT_FUTURES)
    assert not profiles.path.exists()


def test_a_change_keeps_every_other_profile(profiles: Profiles, folder: Path) -> None:
    profiles.add("desk", env="demo", product=Product.SPOT)
    profiles.change("live", locked=True, max_notional=Decimal("1000.50"))
    profiles.use("desk")
    again = Profiles(folder)
    assert again.all() == profiles.all()
    assert again.get("desk") == Profile("desk", "demo", product=Product.SPOT)
    assert again.get("live") == Profile("live", "live", locked=True, max_notional=Decimal("1000.50"))
    assert again.default == "desk"


def test_a_change_by_another_process_is_not_lost(profiles: Profiles, folder: Path) -> None:
    assert profiles.all()
    Profiles(folder).add("other")
    profiles.add("desk")
    assert {"other", "desk"} <= {profile.name for profile in Profiles(folder).all()}


def test_many_writers_at_once_lose_nothing(folder: Path) -> None:
    writers = [
        subprocess.Popen([sys.executable, "-c", ADD_PROFILES, folder, f"writer{number}"], env=dict(os.environ))
        for number in range(4)
    ]
    assert [writer.wait() for writer in writers] == [0] * 4
    assert len(Profiles(folder).all()) == 3 + 4 * 10


@pytest.mark.parametrize("name", ["papr", "", "LIVE", "live ", "../live", "nothing-like-it"])
def test_an_unknown_name_is_an_error_and_never_a_default(profiles: Profiles, name: str) -> None:
    with pytest.raises(UsageError) as error:
        profiles.get(name)
    assert repr(name) in error.value.message
    assert error.value.hint == "see `bitget profile list`"


def test_an_unknown_name_gets_near_misses(profiles: Profiles) -> None:
    with pytest.raises(UsageError, match="did you mean paper"):
        profiles.get("papr")


@pytest.mark.parametrize("name", ["Desk", "-desk", "a" * 33, "desk.1", "büro", "desk\n", "", "a/b"])
def test_a_name_is_small_letters_digits_and_dashes(profiles: Profiles, name: str) -> None:
    with pytest.raises(UsageError, match="profile name"):
        profiles.add(name)
    assert not profiles.path.exists()


@pytest.mark.parametrize(("name", "env"), [("live", "demo"), ("demo", "live"), ("paper", "live")])
def test_a_profile_never_changes_its_environment(profiles: Profiles, name: str, env: Any) -> None:
    with pytest.raises(UsageError, match=f"is for {name}"):
        profiles.add(name, env=env)


def test_a_profile_of_ones_own_can_be_removed(profiles: Profiles, folder: Path) -> None:
    profiles.add("desk")
    profiles.remove("desk")
    assert "desk" not in {profile.name for profile in Profiles(folder).all()}


def test_a_built_in_profile_stays_with_its_guards(profiles: Profiles, folder: Path) -> None:
    profiles.change("live", max_notional=Decimal(5))
    profiles.remove("live")
    assert Profiles(folder).get("live").max_notional == Decimal(5)


def test_removing_is_no_way_around_a_lock(profiles: Profiles) -> None:
    profiles.add("desk")
    profiles.change("desk", locked=True)
    with pytest.raises(DeclinedError, match="locked"):
        profiles.remove("desk")


def test_the_default_is_not_removed(profiles: Profiles) -> None:
    profiles.add("desk")
    profiles.use("desk")
    with pytest.raises(UsageError, match="is the default"):
        profiles.remove("desk")


@pytest.mark.parametrize("content", [b"", b"\xff", b"version = 9\n", b"[profiles.desk]\n"])
def test_a_file_that_is_not_understood_is_never_written_over(profiles: Profiles, content: bytes) -> None:
    profiles.path.parent.mkdir(0o700, parents=True)
    profiles.path.write_bytes(content)
    for use in (profiles.all, lambda: profiles.add("desk"), lambda: profiles.change("live", locked=True)):
        with pytest.raises(ConfigError):
            use()
    assert profiles.path.read_bytes() == content


def test_keys_from_the_environment_are_behind_the_guards_of_their_built_in_profile(profiles: Profiles) -> None:
    profiles.change("live", locked=True)
    assert profiles.of_environment("live").locked
    assert not profiles.of_environment("demo").locked


def test_no_variables_are_no_key() -> None:
    assert key_from_environment({"PATH": "/bin"}) is None


@pytest.mark.parametrize(
    ("said", "env"), [({}, "live"), ({"BITGET_ENV": "live"}, "live"), ({"BITGET_ENV": "demo"}, "demo")]
)
def test_three_variables_are_a_key(said: dict[str, str], env: str) -> None:
    found = key_from_environment({**THREE, **said})
    assert found is not None
    key, key_env = found
    assert key_env == env
    assert key.source == "environment"
    assert (key.id.reveal(), key.secret.reveal(), key.passphrase.reveal()) == tuple(THREE.values())


@pytest.mark.parametrize("missing", THREE)
@pytest.mark.parametrize("state", ["unset", "", " ", "\n"])
def test_two_of_three_are_an_error_that_names_the_third(missing: str, state: str) -> None:
    environ = {name: text for name, text in THREE.items() if name != missing}
    if state != "unset":
        environ[missing] = state
    with pytest.raises(CredentialsError) as error:
        key_from_environment(environ)
    assert error.value.message.startswith(f"{missing} is {'not set' if state == 'unset' else 'empty'}")


def test_an_environment_without_keys_is_an_error() -> None:
    with pytest.raises(CredentialsError, match="BITGET_API_KEY is not set, while BITGET_ENV is"):
        key_from_environment({"BITGET_ENV": "demo"})


@pytest.mark.parametrize("env", ["", "paper", "LIVE", "prod"])
def test_another_environment_is_an_error(env: str) -> None:
    with pytest.raises(CredentialsError, match="BITGET_ENV"):
        key_from_environment({**THREE, "BITGET_ENV": env})


@pytest.mark.parametrize("text", ["s3cret\n", " s3cret", "s3\ncret", "s3cr\u00e9t", "s3cret\x1b"])
@pytest.mark.parametrize("name", THREE)
def test_a_part_that_cannot_be_a_header_is_named_and_not_shown(name: str, text: str) -> None:
    with pytest.raises(CredentialsError) as error:
        key_from_environment({**THREE, name: text})
    assert name in error.value.message
    assert "cr" not in error.value.message.split(name)[1].replace("character", "")
