"""The root of the command tree: the groups, and the options that may stand before one."""

from __future__ import annotations

from importlib import import_module
from typing import Annotated, Any

import typer

from bitget_cli.commands import options
from bitget_cli.commands.menu import Deferred, Menu, with_plain_numbers
from bitget_cli.doors import Doors
from bitget_cli.session import Session

# Each group's module is imported when it is called; root help and a TAB press need only these words.
GROUPS = {
    "market": "Prices, books, candles, funding and instruments; no keys needed.",
    "account": "Money, fees, margin, settings, transfers.",
    "position": "What you hold in futures; close it, turn it round.",
    "order": "Trade, change, cancel and see orders.",
    "plan": "Trigger, trailing, take-profit and stop-loss orders.",
    "convert": "One coin into another at a quoted price; small balances into BGB.",
    "tax": "Every booking, for a tax return.",
    "watch": "Prices, books, trades, orders and positions as they change.",
    "profile": "Where to trade and with which keys.",
    "paper": "The exchange on this machine: its clock, seed and server.",
    "api": "Call any endpoint of Bitget by name or by path.",
    "doctor": "Check network, clock, keyring, files and keys.",
}


def tree(doors: Doors) -> Any:
    """The whole command tree, ready to parse a line for these doors."""
    app = typer.Typer(
        cls=_Root,
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"obj": doors, "help_option_names": ["-h", "--help"]},
    )
    app.callback()(bitget)
    return with_plain_numbers(typer.main.get_command(app))


def bitget(
    ctx: typer.Context,
    profile: options.ProfileOpt = None,
    output: options.OutputOpt = None,
    json: options.JsonOpt = False,
    fields: options.FieldsOpt = None,
    timeout: options.TimeoutOpt = None,
    verbose: options.VerboseOpt = False,
    no_color: options.NoColorOpt = False,
    version: Annotated[bool, typer.Option("--version", "-V", help="Print the version.")] = False,
) -> None:
    """Trade on Bitget, or on the paper exchange on this machine, from a terminal or a script."""
    if version:
        from bitget_cli import __version__

        ctx.obj.stdout.write(f"bitget {__version__}\n")
        raise typer.Exit
    shared = options.Shared(profile, output, json, fields, timeout, verbose, no_color)
    ctx.obj = Session(shared, ctx.obj)


class _Root(Menu):
    def __init__(self, **settings: Any) -> None:
        super().__init__(entries={name: _group(name, about) for name, about in GROUPS.items()}, **settings)


def _group(name: str, about: str) -> Deferred:
    def load() -> Any:
        return import_module(f"bitget_cli.commands.{name}").group.menu()

    return Deferred(name, about, load)
