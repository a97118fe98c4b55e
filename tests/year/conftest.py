"""A person whose paper account was traded for thirteen months; see `paper_year`."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from doubles import Bitget
from paper_account import PaperAccount
from paper_year import FIRST, traded_for_a_year

from bitget_cli.files import locked


@pytest.fixture(scope="session")
def year(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The exchange's file, made by the first of the processes that run the tests and need it."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "year"
    folder.mkdir(mode=0o700, exist_ok=True)
    whole, begun = folder / "paper.sqlite3", folder / "begun.sqlite3"
    with locked(whole, patience=600):
        if not whole.exists():
            traded_for_a_year(begun).store.close()
            begun.rename(whole)
    return whole


@pytest.fixture
def ledger(year: Path, home: Path) -> PaperAccount:
    """The exchange's own side of a copy of it, on the same file as the commands."""
    path = home / "state" / "bitget" / "paper.sqlite3"
    path.parent.mkdir(mode=0o700, parents=True)
    shutil.copy(year, path)
    return PaperAccount.join(path, at=FIRST)


@pytest.fixture
def paper(bitget: Bitget, ledger: PaperAccount) -> Bitget:  # noqa: ARG001 - the account is there before anything is typed
    return bitget
