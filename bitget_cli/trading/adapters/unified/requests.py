"""Requests to a unified account: none can be spelt yet; what was sent before Bitget moved the account is read."""

from __future__ import annotations

from typing import NoReturn

from bitget_cli.trading.adapters.classic import order_requests
from bitget_cli.trading.adapters.kind import speaks_to_classic


def none() -> NoReturn:
    raise speaks_to_classic("v3.trade")


class OrdersOfBefore:
    """See `OrderRequests`: reads what requests were about, and spells none."""

    name_in = staticmethod(order_requests.name_in)
    was_to_close = staticmethod(order_requests.was_to_close)
    product_of = staticmethod(order_requests.product_of)

    def __getattr__(self, _: str) -> NoReturn:
        none()
