"""The command line for the Bitget exchange."""

import sys

# Where anything has installed `click`, httpx imports a command line of its own, with rich and pygments: 60 ms a start.
# None in a module's place is Python's way to say that there is no such module.
sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]

__version__ = "0.1.0"
