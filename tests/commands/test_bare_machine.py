"""Machines with less than a desktop: a user without a name or a home, a locale that knows no letter beyond ASCII."""

from __future__ import annotations

import io
import pwd

import httpx
import pytest
from doubles import Bitget, MemoryKeyring, StillClock, envelope

from bitget_cli.main import main
from bitget_cli.runtime import Environment

LINES = [
    "market ticker BTCUSDT",
    "profile list",
    "account balance",
    "order buy BTCUSDT 0.01 --yes",
    "-p paper market ticker BTCUSDT",
    "paper status",
    "order log",
    "tax spot --year 2025",
]


@pytest.fixture
def nobody(bitget: Bitget, monkeypatch: pytest.MonkeyPatch) -> Bitget:
    """A uid that no file names, as `setpriv` and containers have, and no HOME."""

    def unknown(uid: int) -> None:
        raise KeyError(f"getpwuid(): uid not found: {uid}")

    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(pwd, "getpwuid", unknown)
    return bitget


@pytest.mark.parametrize("line", LINES)
def test_a_user_without_a_home_is_told_which_variable_to_set(nobody: Bitget, line: str) -> None:
    ran = nobody(line, http=lambda _: envelope([]))
    assert (ran.status, ran.out) == (3, ""), ran.err
    assert "no home folder" in ran.err
    assert "HOME" in ran.err
    assert "XDG_STATE_HOME" in ran.err
    assert "defect" not in ran.err


@pytest.mark.parametrize("line", ["--help", "market --help", "api list candle", "api errors 40762"])
def test_what_needs_no_folder_works_without_one(nobody: Bitget, line: str) -> None:
    assert nobody(line).status == 0


def test_folders_named_by_xdg_are_enough(nobody: Bitget, home: object, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CONFIG", "STATE", "CACHE", "DATA"):
        monkeypatch.setenv(f"XDG_{name}_HOME", f"{home}/{name.lower()}")
    assert nobody("-p paper market ticker BTCUSDT").status == 0


@pytest.mark.parametrize("errors", ["strict", "surrogateescape"])
@pytest.mark.parametrize("form", ["", "-o tsv", "-o csv", "-o table", "--json"])
def test_text_that_the_locale_cannot_write_is_escaped(home: object, errors: str, form: str) -> None:
    row = {"annId": "1", "annTitle": "Ёж 人 é", "annUrl": "https://x", "cTime": "1772452800000"}
    raw = io.BytesIO()
    out = io.TextIOWrapper(raw, encoding="ascii", errors=errors)
    err = io.TextIOWrapper(io.BytesIO(), encoding="ascii", errors="backslashreplace")
    environment = Environment(
        environ={"HOME": str(home)},
        stdin=io.StringIO(),
        stdout=out,
        stderr=err,
        clock=StillClock(),
        http=lambda: httpx.MockTransport(lambda _: envelope([row])),
        keyring=MemoryKeyring(),
    )
    assert main(["market", "news", *form.split()], environment) == 0
    out.flush()
    assert b"\\u4eba" in raw.getvalue()
