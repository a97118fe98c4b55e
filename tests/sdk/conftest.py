from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from doubles import StillClock
from sdk_door import Opener

from bitget_cli import Bitget


@pytest.fixture
def opened(home: Path, clock: StillClock) -> Iterator[Opener]:
    with ExitStack() as stack:
        yield Opener(str(home), clock, stack)


@pytest.fixture
def paper(opened: Opener) -> Bitget:
    return opened.paper()
