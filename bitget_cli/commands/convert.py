"""`bitget convert`: one coin into another at a quoted price, and small balances into BGB."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from bitget_cli.commands import offers
from bitget_cli.commands.command import Group
from bitget_cli.commands.options import DryRunOpt, ListOptions, YesOpt
from bitget_cli.errors import UsageError
from bitget_cli.results import Record, Result, Rows
from bitget_cli.session import Session
from bitget_cli.trading.model import Read
from bitget_cli.values import amount, coin_name, plain

if TYPE_CHECKING:
    from bitget_cli.trading.convert import SmallBalance

group = Group("convert", "One coin into another at a quoted price; small balances into BGB.")

FromArg = Annotated[
    str, typer.Argument(metavar="FROM", autocompletion=offers.coins, help="The coin that goes, such as USDT.")
]
ToArg = Annotated[
    str, typer.Argument(metavar="TO", autocompletion=offers.coins, help="The coin that comes, such as BTC.")
]
FromSizeOpt = Annotated[str | None, typer.Option("--from-size", metavar="S", help="How much goes.")]
ToSizeOpt = Annotated[str | None, typer.Option("--to-size", metavar="S", help="How much comes.")]
QUOTE_COLUMNS = ("fromCoin", "fromCoinSize", "toCoin", "toCoinSize", "cnvtPrice", "fee")
HISTORY_COLUMNS = ("ts", "fromCoin", "fromCoinSize", "toCoin", "toCoinSize", "cnvtPrice", "fee", "id")
BGB_COLUMNS = ("coin", "available", "bgbEstAmount", "feeDetail")
BGB_HISTORY_COLUMNS = ("ctime", "fromCoin", "fromAmount", "toCoin", "toAmount", "feeDetail", "status", "orderId")


@group.command(reads_account=True)
def coins(session: Session) -> Result:
    """The coins that can be converted, what you have of them, and how much at a time.

    Example: bitget -p paper convert coins
    """
    from bitget_cli.client.rest.response import objects

    told = session.adapter.ask(Read.CONVERTIBLE)
    return Rows(objects(told.value), told.fields)


@group.command()
def quote(
    session: Session, source: FromArg, target: ToArg, from_size: FromSizeOpt = None, to_size: ToSizeOpt = None
) -> Result:
    """What a conversion would come to now; nothing is converted.

    Example: bitget -p paper convert quote USDT BTC --from-size 100
    """
    from bitget_cli.trading import convert

    wanted = convert.conversion_request(
        session.coin(source), session.coin(target), from_size=from_size, to_size=to_size
    )
    named = convert.quote(session.adapter, session.clock, wanted)
    return Record(named.row, session.adapter.fields(Read.QUOTE), QUOTE_COLUMNS)


@group.command()
def trade(
    session: Session,
    source: FromArg,
    target: ToArg,
    from_size: FromSizeOpt = None,
    to_size: ToSizeOpt = None,
    max_slippage: Annotated[
        str | None, typer.Option("--max-slippage", metavar="PCT", help="Refuse a price so much worse than the market.")
    ] = None,
    yes: YesOpt = False,
    dry_run: DryRunOpt = False,
) -> Result:
    """Convert at a quoted price.

    A quote holds for eight seconds. On a terminal you are asked while it does, on demo and paper too; an expired
    one is never traded, and a fresh one is offered. With --yes it is traded at once. Slippage is counted against
    the last price of the pair's spot market, or by way of USDT. --dry-run asks for a quote and sends nothing more.

    Example: bitget -p paper convert trade USDT BTC --from-size 100
    """
    from bitget_cli.application import changes, conversions
    from bitget_cli.trading import convert

    wanted = convert.conversion_request(
        session.coin(source), session.coin(target), from_size=from_size, to_size=to_size
    )
    most = None if max_slippage is None else amount(max_slippage, what="--max-slippage")
    if dry_run:
        markets, way = conversions.markets_for(session, wanted)
        named = convert.quote(session.adapter, session.clock, wanted)
        conversions.tell(session, named, markets.compare(named, way))
        session.say("a quote was asked for; nothing else is sent")
        return changes.carry_out(session, session.adapter.conversions.convert(named), yes=yes, dry_run=True)
    outcome = conversions.converted(session, conversions.Asked(wanted, most, yes=yes))
    return changes.done(session, outcome, symbol=None)


@group.command(reads_account=True)
def history(session: Session, *, wanted: ListOptions) -> Result:
    """Past conversions, newest first; the last 90 days unless --since or --all.

    Example: bitget -p paper convert history --since 7d
    """
    return wanted.rows(session, Read.CONVERSIONS, HISTORY_COLUMNS)


@group.command(reads_account=True)
def bgb_coins(session: Session) -> Result:
    """Small balances that can be turned into BGB, and the fee for it.

    Example: bitget -p paper convert bgb-coins
    """
    from bitget_cli.client.rest.response import objects

    told = session.adapter.ask(Read.SMALL_BALANCES)
    return Rows(objects(told.value), told.fields, BGB_COLUMNS)


@group.command()
def bgb(
    session: Session,
    coins: Annotated[
        list[str],
        typer.Argument(metavar="COIN", autocompletion=offers.coins, help="One or more coins of `convert bgb-coins`."),
    ],
    yes: YesOpt = False,
    dry_run: DryRunOpt = False,
) -> Result:
    """Turn the whole of small balances into BGB.

    Shows first what each comes to and its fee. All coins go in one call.

    Example: bitget -p paper convert bgb DOGE LTC
    """
    from decimal import Decimal

    from bitget_cli.application import changes, conversions
    from bitget_cli.trading.convert import Markets
    from bitget_cli.trading.risk import Consequence

    chosen = _chosen(session, coins)
    for balance in chosen:
        session.say(f"  {balance.summary}")
    comes = [balance.worth for balance in chosen if balance.worth is not None]
    names = [balance.coin for balance in chosen]
    what = f"turn all of {', '.join(names)} into about {plain(sum(comes, Decimal(0)))} BGB"
    if not dry_run:
        markets = Markets(session.adapter, changes.desk(session).instruments)
        # Where one has no estimate, nobody knows what all of them come to.
        held = (("BGB", sum(comes, Decimal(0))),) if len(comes) == len(chosen) else ()
        conversions.check_cap(session, what, markets, *held)
    change = session.adapter.conversions.convert_small(names, what=what)
    return changes.carry_out(session, change, yes=yes, dry_run=dry_run, consequence=Consequence(what))


@group.command(reads_account=True)
def bgb_history(session: Session, *, wanted: ListOptions) -> Result:
    """Small balances turned into BGB in the past, newest first.

    Example: bitget -p paper convert bgb-history --since 30d
    """
    return wanted.rows(session, Read.SMALL_CONVERSIONS, BGB_HISTORY_COLUMNS)


def _chosen(session: Session, coins: list[str]) -> list[SmallBalance]:
    """The balances of the coins typed, each once. Raises UsageError for a coin that is no small balance."""
    there = {balance.coin: balance for balance in session.adapter.small_balances()}
    names = list(dict.fromkeys(map(coin_name, coins)))
    for name in names:
        if name not in there:
            known = ", ".join(there) or "no coin"
            raise UsageError(f"{name} is no small balance that can be turned into BGB", hint=f"now it is {known}")
    return [there[name] for name in names]
