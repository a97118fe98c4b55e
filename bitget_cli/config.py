"""What config.toml says, as values: the profiles and which of them is the default."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Literal, NamedTuple

from bitget_cli.errors import UsageError
from bitget_cli.values import Product

Env = Literal["live", "demo", "paper"]

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,31}", re.ASCII)


class Profile(NamedTuple):
    """One place to trade. The built-in `live`, `demo` and `paper` always exist.

    `locked` means it only reads. `max_notional` caps the value of one order in its quote coin; None is no cap.
    `max_distance` is how many percent from the market a limit price may be; None asks from 10 on.
    """

    name: str
    env: Env
    product: Product = Product.USDT_FUTURES
    locked: bool = False
    allow_withdraw: bool = False
    max_notional: Decimal | None = None
    max_distance: Decimal | None = None

    @property
    def is_built_in(self) -> bool:
        return self.name in BUILT_IN


BUILT_IN = {
    "live": Profile("live", "live"),
    "demo": Profile("demo", "demo"),
    "paper": Profile("paper", "paper"),
}


class Config(NamedTuple):
    """The default profile's name, and every profile by name, the built-in ones included."""

    default: str = "live"
    profiles: Mapping[str, Profile] = BUILT_IN


def check_name(name: str) -> None:
    """UsageError unless it can name a profile."""
    if not _NAME.fullmatch(name):
        raise UsageError(
            f"profile name {name!r} is not 1 to 32 small letters, digits and dashes", hint="such as desk or desk-2"
        )
