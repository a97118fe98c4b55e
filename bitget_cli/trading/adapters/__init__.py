"""Two kinds of account, one spelling each. Above this folder nobody knows a path or a name of the wire."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bitget_cli.trading.adapters.protocol import ChangeAdapter


def of(row_name: str) -> ChangeAdapter:
    """The adapter that spells the rows of this name, in a request of now or one the journal keeps."""
    if row_name.startswith("v3."):
        from bitget_cli.trading.adapters.unified import changes as unified

        return unified
    from bitget_cli.trading.adapters.classic import changes

    return changes
