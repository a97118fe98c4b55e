"""What a person wrote into config.toml besides the settings stays there when a command changes one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bitget_cli.config.profiles import BUILT_IN, Config, Profile, parsed, printed

FILE = """\
# Mine. Ask before you change it.

version = 1
default = 'paper'   # till the desk opens

# The desk: what the team trades.
[profiles.desk]      # shared
env = 'demo'
max_notional = "5000"  # agreed on in May

locked = false

# Only looks.
[profiles.watcher]
locked=true
env = "live"   # a key without rights

# Of last year.
[ profiles . 'old' ]
env = "demo"

# The end.
"""
DESK = FILE[FILE.index("[profiles.desk]") : FILE.index("\n# Only looks.")]
OLD = FILE[FILE.index("[ profiles . 'old' ]") : FILE.index("\n# The end.")]
FRESH = """
[profiles.fresh]
env = "demo"
product = "spot"
locked = false
allow_withdraw = false
"""
# What is typed → what stood in the file, and stands there now.
CHANGES = {
    "profile use live": ("default = 'paper'", 'default = "live"'),
    "profile lock desk": ("locked = false", "locked = true"),
    "profile unlock watcher": ("locked=true", "locked=false"),
    "profile limit desk --max-notional 100.50": ('"5000"', '"100.50"'),
    "profile limit desk --max-distance 5": ("locked = false\n", 'locked = false\nmax_distance = "5"\n'),
    "profile limit desk --max-notional none": ('max_notional = "5000"  # agreed on in May\n', ""),
    "profile add desk --product spot --stdin": ("locked = false\n", 'locked = false\nproduct = "spot"\n'),
    "profile add fresh --env demo --product spot --stdin": ("# The end.\n", f"# The end.\n{FRESH}"),
    "profile remove desk": (DESK, ""),
    "profile remove old": (OLD, ""),
    "-p desk profile allow withdraw": ("locked = false\n", "locked = false\nallow_withdraw = true\n"),
    "profile lock old": ('env = "demo"\n', 'env = "demo"\nlocked = true\n'),
}
# A file → what it says once `desk` is locked and the default.
BY_HAND = {
    "[profiles.desk]\nenv = 'demo'": "[profiles.desk]\nenv = 'demo'\nlocked = true\n",
    "# a\n\n# b\n[profiles.desk]\nenv = 'demo'\n": "# a\n\n# b\n[profiles.desk]\nenv = 'demo'\nlocked = true\n",
    "[profiles]\n# a\ndesk = {env = 'demo'} # b\n": "[profiles]\n# a\ndesk = {env = 'demo',locked = true} # b\n",
    "[profiles] # a\n# b\n[profiles.desk]\nenv = 'demo' # c\n": (
        "[profiles] # a\n# b\n[profiles.desk]\nenv = 'demo' # c\nlocked = true\n"
    ),
}


def write(home: Path, text: str) -> Path:
    path = home / "config" / "bitget" / "config.toml"
    path.parent.mkdir(0o700, parents=True)
    path.write_bytes(text.encode())
    path.chmod(0o600)
    return path


@pytest.mark.parametrize("typed", CHANGES)
@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["lf", "crlf"])
def test_a_command_changes_its_setting_and_nothing_else(bitget: Any, home: Path, typed: str, end: str) -> None:
    file = write(home, FILE.replace("\n", end))
    before, after = CHANGES[typed]
    assert FILE.count(before) == 1
    keys = "--stdin" in typed
    ran = bitget(typed, typed="key\nsecret\nphrase\n" if keys else "yes\n", terminal=not keys)
    assert ran.status == 0, ran.err
    assert file.read_bytes().decode() == FILE.replace(before, after).replace("\n", end)


@pytest.mark.parametrize("text", BY_HAND)
def test_other_spellings_keep_their_remarks_too(bitget: Any, home: Path, text: str) -> None:
    file = write(home, f"version = 1 # v\n{text}")
    for line in ("profile lock desk", "profile use desk"):
        assert bitget(line).status == 0
    assert file.read_text() == f'version = 1 # v\ndefault = "desk"\n{BY_HAND[text]}'


@pytest.mark.parametrize("text", ["profiles.desk.env = 'demo'", "[profiles]\ndesk.env = 'demo'"])
def test_dotted_keys_are_left_alone_and_the_way_out_is_told(bitget: Any, home: Path, text: str) -> None:
    file = write(home, f"version = 1\n{text}\n")
    refused = bitget("profile lock desk")
    assert refused.status == 3
    assert "[profiles.desk]" in refused.err
    assert file.read_text() == f"version = 1\n{text}\n"


def test_the_line_at_the_head_of_an_older_file_no_longer_says_that_remarks_are_dropped(bitget: Any, home: Path) -> None:
    file = write(
        home, "# Written by `bitget profile`, which keeps the settings and drops remarks.\n\nversion = 1\n# mine\n"
    )
    assert bitget("profile use paper").status == 0
    assert "drops" not in file.read_text()
    assert "# mine\n" in file.read_text()


remarks = st.sampled_from(["", "\n", "# one\n", "\n# two\n", "# three\n\n", "  # four\n"])
settings = st.fixed_dictionaries(
    {"env": st.just("'demo'")},
    optional={
        "locked": st.sampled_from(["true", "false"]),
        "max_notional": st.just('"5"'),
        "product": st.just("'spot'"),
    },
)


@st.composite
def written(draw: st.DrawFn) -> str:
    text = draw(remarks) + "version = 1 # v\n" + draw(remarks)
    text += draw(st.sampled_from(["", "[profiles] # all\n"])) + draw(remarks)
    for name in draw(st.lists(st.sampled_from("abc"), unique=True)):
        text += f"[profiles.{name}]\n" + draw(remarks)
        text += "".join(f"{key} = {value}\n{draw(remarks)}" for key, value in draw(settings).items())
    return text


@given(written(), st.data())
def test_whatever_is_written_says_what_was_meant_afterwards(text: str, data: st.DataObject) -> None:
    before = parsed(text.encode(), where="x")
    profiles = {
        name: data.draw(st.sampled_from([one, one._replace(locked=True)])) for name, one in before.profiles.items()
    }
    gone = data.draw(st.sampled_from([None, *(profiles.keys() - BUILT_IN.keys())]))
    profiles.pop(gone, None)
    if data.draw(st.booleans()):
        profiles["new"] = Profile("new", "live")
    after = Config(data.draw(st.sampled_from(sorted(profiles))), profiles)
    content = printed(after, text.encode())
    assert parsed(content, where="x") == after
    assert gone or content.count(b"#") == text.count("#")
    assert after != before or content == text.encode()
