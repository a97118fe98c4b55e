"""A person whose paper account was traded for thirteen months; see `paper_year`."""

from __future__ import annotations

from pathlib import Path

import pytest
from doubles import Bitget
from paper_account import PaperAccount
from paper_year import traded_for_a_year


@pytest.fixture
def ledger(home: Path) -> PaperAccount:
    """The exchange's own side of it, on the same file as the commands."""
    return traded_for_a_year(home / "state" / "bitget" / "paper.sqlite3")


@pytest.fixture
def paper(bitget: Bitget, ledger: PaperAccount) -> Bitget:  # noqa: ARG001 - the account is there before anything is typed
    return bitget
