"""Which live table shows which stream."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from bitget_cli.output.live.scene import Scene

if TYPE_CHECKING:
    from bitget_cli.results import Feed

# The word of `bitget watch` → module and class; only the one that is needed is imported.
_SCENES = {
    "ticker": ("board", "Board"),
    "depth": ("ladder", "Ladder"),
    "trades": ("tape", "Tape"),
    "candles": ("candles", "Candles"),
    "account": ("account", "Account"),
    "positions": ("positions", "Positions"),
    "orders": ("orders", "Orders"),
    "plans": ("plans", "Plans"),
    "fills": ("fills", "Fills"),
}


def scene_of(feed: Feed) -> Scene:
    """A fresh table for this stream."""
    module, name = _SCENES[feed.kind]
    scene: Scene = getattr(import_module(f"bitget_cli.output.live.{module}"), name)(feed.look)
    return scene
