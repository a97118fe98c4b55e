"""What config.toml may say, and that anything else stops the program instead of losing a guard."""

from __future__ import annotations

from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bitget_cli.config.profiles import BUILT_IN, Config, Profile, parsed, printed
from bitget_cli.errors import ConfigError
from bitget_cli.values import Product

# What a file says → the line and the words of the refusal.
WRONG = {
    "": "is empty",
    " \n\t\n": "is empty",
    "\x00\x01garbage": "line 1",
    "version = ": "line 1",
    "version = 1\nversion = 1\n": "line 2",
    "default = 'live'\n": "version",
    "version = 2\n": "line 1: version 2 is newer",
    "version = 0\n": "line 1: version 0",
    "version = true\n": "line 1: version true",
    "version = 1.0\n": "line 1: version 1.0",
    "version = 0x" + "F" * 9000 + "\n": "line 1: version",
    "version = 1\ncolour = 'red'\n": "line 2: 'colour' is not one of",
    "version = 1\ndefault = 'desk'\n": "line 2: default 'desk'",
    "version = 1\ndefault = ['live']\n": "line 2: default a list",
    "version = 1\nprofiles = 3\n": "line 2: profiles",
    "version = 1\n[profiles]\ndesk = 3\n": "line 3: profiles.desk",
    "version = 1\n[profiles.desk]\nlocked = true\n": "line 2: profiles.desk has no env",
    "version = 1\n[profiles.desk]\nenv = 'live'\ncolour = 1\n": "line 4: 'colour'",
    "version = 1\n[profiles.desk]\nenv = 'prod'\n": "line 3: env: 'prod' is not one of live, demo, paper",
    "version = 1\n[profiles.live]\nenv = 'demo'\n": "line 3: profile live is always for live",
    "version = 1\n[profiles.demo]\nenv = 'live'\n": "line 3: profile demo is always for demo",
    "version = 1\n[profiles.desk]\nenv = 'live'\n\nlocked = 'yes'\n": "line 5: locked: 'yes' is neither",
    "version = 1\n[profiles.desk]\nenv = 'live'\nallow_withdraw = 1\n": "line 4: allow_withdraw: 1 is neither",
    "version = 1\n[profiles.desk]\nenv = 'live'\nproduct = 'swaps'\n": "line 4: product: product 'swaps'",
    "version = 1\n[profiles.desk]\nenv = 'live'\nmax_notional = 1000.5\n": "line 4: max_notional: 1000.5 is not text",
    "version = 1\n[profiles.desk]\nenv = 'live'\nmax_notional = '1e3'\n": "line 4: max_notional: amount '1e3'",
    "version = 1\n[profiles.desk]\nenv = 'live'\nmax_notional = '-1'\n": "line 4: max_notional",
    "version = 1\n[profiles.desk]\nenv = 'live'\nmax_distance = 20\n": "line 4: max_distance: ",
    "version = 1\n[profiles.desk]\nenv = 'live'\nenv = 'demo'\n": "line 4",
    "version = 1\n[profiles.Desk]\nenv = 'live'\n": "line 2: profile name 'Desk'",
    "version = 1\n[profiles.desk]\nenv = 'live'\n[profiles.desk]\nenv = 'demo'\n": "line 4",
    "version = 1\nx = " + "[" * 50_000: "nested too deeply",
}

names = st.from_regex(r"[a-z0-9][a-z0-9-]{0,31}", fullmatch=True).filter(lambda name: name not in BUILT_IN)
guards = st.fixed_dictionaries(
    {
        "product": st.sampled_from(Product),
        "locked": st.booleans(),
        "allow_withdraw": st.booleans(),
        "max_notional": st.none() | st.decimals(0, 10**15, places=4),
        "max_distance": st.none() | st.decimals(0, 1000, places=2),
    }
)
own = st.builds(
    lambda name, env, rest: Profile(name, env, **rest), names, st.sampled_from(["live", "demo", "paper"]), guards
)
built_in = st.builds(
    lambda profile, rest: Profile(profile.name, profile.env, **rest), st.sampled_from(list(BUILT_IN.values())), guards
)


@pytest.mark.parametrize("text", WRONG, ids=lambda text: repr(text[:40]))
def test_a_wrong_file_is_refused_with_its_line(text: str) -> None:
    with pytest.raises(ConfigError) as error:
        parsed(text.encode(), where="config.toml")
    assert error.value.message.startswith("config.toml")
    assert WRONG[text] in error.value.message
    assert len(error.value.message) < 300


def test_text_in_another_encoding_is_refused_with_its_line() -> None:
    with pytest.raises(ConfigError, match="line 2 is not UTF-8"):
        parsed(b"version = 1\n# caf\xe9\n", where="config.toml")


def test_a_file_with_a_version_alone_is_the_built_in_profiles() -> None:
    assert parsed(b"version = 1\n", where="config.toml") == Config()


def test_a_built_in_profile_keeps_its_environment_unsaid() -> None:
    config = parsed(b"version = 1\n[profiles.live]\nlocked = true\n", where="config.toml")
    assert config.profiles["live"] == Profile("live", "live", locked=True)


@pytest.mark.parametrize("spelling", ["[profiles]\ndesk = {env = 'demo'}", "profiles.desk.env = 'demo'"])
def test_toml_s_other_spellings_mean_the_same(spelling: str) -> None:
    assert parsed(f"version = 1\n{spelling}\n".encode(), where="x").profiles["desk"] == Profile("desk", "demo")


def test_a_cap_keeps_every_digit() -> None:
    profile = Profile("desk", "live", max_notional=Decimal("1000.10000000000000000001"))
    text = printed(Config("live", {**BUILT_IN, "desk": profile}))
    assert b'max_notional = "1000.10000000000000000001"' in text


@given(st.lists(own | built_in, max_size=4), st.data())
def test_what_is_printed_is_parsed_back(profiles: list[Profile], data: st.DataObject) -> None:
    every = {**BUILT_IN, **{profile.name: profile for profile in profiles}}
    config = Config(data.draw(st.sampled_from(sorted(every))), every)
    assert parsed(printed(config), where="x") == config


@given(
    st.binary(max_size=200)
    | st.text(max_size=200).map(lambda text: ("version = 1\n" + text).encode("utf-8", "replace"))
)
def test_any_bytes_are_a_configuration_or_a_config_error(content: bytes) -> None:
    with suppress(ConfigError):
        assert set(parsed(content, where="x").profiles) >= set(BUILT_IN)
