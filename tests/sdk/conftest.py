from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from doubles import StillClock
from sdk_door import Opener

from bitget_cli import Bitget


@pytest.fixture(params=["classic", "unified"])
def kind(request: pytest.FixtureRequest) -> str:
    """Of the account: what asks for it runs on either."""
    return str(request.param)


@pytest.fixture
def opened(home: Path, clock: StillClock) -> Iterator[Opener]:
    """On a classic account."""
    with ExitStack() as stack:
        yield Opener(str(home), clock, stack)


@pytest.fixture
def either(opened: Opener, kind: str) -> Opener:
    """The same on an account of either kind."""
    opened.kind = kind
    return opened


@pytest.fixture
def paper(either: Opener) -> Bitget:
    return either.paper()
