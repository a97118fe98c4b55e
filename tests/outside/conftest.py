"""A real paper exchange on a real port, for somebody else's client to judge."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from served import served


@pytest.fixture(scope="session")
def paper_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """One whose clock stands still, so that what a client reads can be compared with what is asked a moment later."""
    with served(tmp_path_factory.mktemp("home"), at="2026-03-02T12:34:56.789Z") as url:
        yield url


@pytest.fixture
def running_url(tmp_path: Path) -> Iterator[str]:
    """A fresh one whose time is the wall clock's."""
    with served(tmp_path) as url:
        yield url


@pytest.fixture
def unified_url(tmp_path: Path) -> Iterator[str]:
    """The same with a unified account."""
    with served(tmp_path, kind="unified") as url:
        yield url


@pytest.fixture(scope="session")
def judge() -> Path:
    """The script that drives bitget-api."""
    return Path(__file__).with_name("bitget_api.mjs")
