"""An account whose private topics are made whole by REST."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from reconciled import Account

from bitget_cli.client.rest.client import Client
from bitget_cli.stream_events import Topic


@pytest.fixture
def account(client_over: Callable[..., Client]) -> Callable[..., Account]:
    def make(topic: Topic, **rows: Any) -> Account:
        return Account(topic, client_over, **rows)

    return make
