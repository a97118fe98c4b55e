"""The command line for the Bitget exchange, and its SDK: `from bitget_cli import Bitget, BitgetAPIError`."""

import sys

# Where anything has installed `click`, httpx imports a command line of its own, with rich and pygments: 60 ms a start.
# None in a module's place is Python's way to say that there is no such module.
sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]

__version__ = "0.1.0"

# Type checkers know the name without its import, and `typing` would double the time of `bitget --version`.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from bitget_cli.sdk import (
        Bitget,
        BitgetAPIError,
        BitgetGuardError,
        BitgetRateLimitError,
        BitgetRejectedError,
        BitgetUnknownOutcomeError,
    )

__all__ = [
    "Bitget",
    "BitgetAPIError",
    "BitgetGuardError",
    "BitgetRateLimitError",
    "BitgetRejectedError",
    "BitgetUnknownOutcomeError",
]


def __getattr__(name: str) -> object:
    """The SDK, loaded on first use: the command line, which needs none of it, starts without."""
    if name not in __all__:
        raise AttributeError(f"module 'bitget_cli' has no attribute {name!r}")
    from bitget_cli import sdk

    return getattr(sdk, name)
