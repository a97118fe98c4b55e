"""`bitget p2p`: merchants, and one's own orders and advertisements."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from bitget_cli.commands.command import Group
from bitget_cli.commands.options import CoinOpt, ListOptions
from bitget_cli.results import Record, Result
from bitget_cli.session import Session
from bitget_cli.trading.model import Read

group = Group("p2p", "Trading with other people: merchants, your orders and advertisements.")

MERCHANT_COLUMNS = ("nickName", "isOnline", "totalTrades", "trades30d", "completionRate30d", "avgReleaseTime")
ORDER_COLUMNS = ("ctime", "side", "coin", "count", "price", "amount", "fiat", "status", "orderId")
AD_COLUMNS = ("ctime", "side", "coin", "size", "price", "fiat", "minTradeAmount", "maxTradeAmount", "status", "advId")


class Side(StrEnum):
    """Which way coins go."""

    BUY = "buy"
    SELL = "sell"


FiatArg = Annotated[str, typer.Argument(metavar="FIAT", help="The money of a country, such as EUR.")]
CoinArg = Annotated[str, typer.Argument(metavar="COIN", help="Such as USDT.")]
StatusOpt = Annotated[str | None, typer.Option("--status", metavar="S", help="Only these, in Bitget's word.")]


@group.command(reads_account=True)
def merchants(
    session: Session,
    online: Annotated[bool | None, typer.Option("--online/--offline", help="Only those who are, or are not.")] = None,
    *,
    wanted: ListOptions,
) -> Result:
    """Merchants and their records.

    Example: bitget -p paper p2p merchants --online
    """
    state = None if online is None else "yes" if online else "no"
    return wanted.rows(session, Read.P2P_MERCHANTS, MERCHANT_COLUMNS, online=state)


@group.command(reads_account=True)
def me(session: Session) -> Result:
    """Your own record as a merchant.

    Example: bitget p2p me
    """
    told = session.adapter.ask(Read.P2P_SELF)
    return Record(told.value, told.fields)


@group.command(reads_account=True)
def orders(
    session: Session,
    coin: CoinOpt = None,
    side: Annotated[Side | None, typer.Option("--side", help="Only what you bought, or sold.")] = None,
    status: StatusOpt = None,
    *,
    wanted: ListOptions,
) -> Result:
    """Your P2P orders, newest first.

    Example: bitget -p paper p2p orders --since 30d
    """
    named = coin and session.coin(coin)
    return wanted.rows(session, Read.P2P_ORDERS, ORDER_COLUMNS, coin=named, side=side and side.value, status=status)


@group.command(reads_account=True)
def ads(
    session: Session,
    coin: CoinArg,
    fiat: FiatArg,
    side: Annotated[Side, typer.Option("--side", help="Whether you buy or sell.", show_default=False)],
    status: Annotated[str, typer.Option("--status", metavar="S", help="online, offline, editing or completed.")] = (
        "online"
    ),
    *,
    wanted: ListOptions,
) -> Result:
    """Your own advertisements for one coin and currency; the last 90 days unless --since or --all.

    Example: bitget -p paper p2p ads USDT EUR --side sell
    """
    named, money = session.coin(coin), fiat.upper()
    return wanted.rows(session, Read.P2P_ADS, AD_COLUMNS, coin=named, fiat=money, side=side.value, status=status)
