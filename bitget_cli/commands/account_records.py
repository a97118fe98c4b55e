"""The part of `bitget account` that looks back: bookings, transfers, deposits, withdrawals."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

import typer

from bitget_cli.catalogue import wallet, wallet_records
from bitget_cli.catalogue.rows import Endpoint
from bitget_cli.commands.declare import Group
from bitget_cli.commands.options import AllOpt, LimitOpt, ProductOpt, SinceOpt, UntilOpt
from bitget_cli.commands.own_lists import Range
from bitget_cli.results import Record, Result, Rows
from bitget_cli.session import Session
from bitget_cli.trading.reads import Read, row

group = Group("account", "Bookings, transfers, deposits, withdrawals.")

CoinArg = Annotated[str, typer.Argument(metavar="COIN", help="One coin, such as USDT.")]
CoinOpt = Annotated[str | None, typer.Option("--coin", metavar="C", help="Only this coin.")]
BILL_COLUMNS = ("cTime", "symbol", "businessType", "amount", "fee", "coin", "balance")
SPOT_BILL_COLUMNS = ("cTime", "coin", "groupType", "businessType", "size", "fees", "balance")
TRANSFER_COLUMNS = ("ts", "coin", "size", "fromType", "toType", "status", "transferId")
DEPOSIT_COLUMNS = ("cTime", "coin", "chain", "size", "status", "orderId")
WITHDRAWAL_COLUMNS = ("cTime", "coin", "chain", "size", "fee", "status", "orderId")


@group.command()
def bills(
    session: Session,
    coin: CoinOpt = None,
    type_: Annotated[str | None, typer.Option("--type", metavar="T", help="Bitget's businessType.")] = None,
    limit: LimitOpt = None,
    every: AllOpt = False,
    since: SinceOpt = None,
    until: UntilOpt = None,
    product: ProductOpt = None,
) -> Result:
    """Every booking: trades, fees, funding, transfers; newest first.

    Example: bitget -p paper account bills --type contract_settle_fee --since 7d
    """
    line = session.product(product)
    meaning = row(Read.BILLS, line)
    given: dict[str, Any] = {"coin": coin and session.coin(coin), "businessType": type_}
    given |= {} if line.is_spot else {"productType": line.wire}
    columns = SPOT_BILL_COLUMNS if line.is_spot else BILL_COLUMNS
    items = _listed(session, meaning, given, Range(since, until, limit, every))
    # Bitget's futures bills heed the coin for transfers only.
    wanted = given["coin"]
    mine = (
        items
        if line.is_spot or not wanted
        else (item for item in items if isinstance(item, dict) and item.get("coin") == wanted)
    )
    return Rows(mine, meaning.fields, columns)


@group.command()
def transfers(
    session: Session,
    coin: CoinArg,
    limit: LimitOpt = None,
    every: AllOpt = False,
    since: SinceOpt = None,
    until: UntilOpt = None,
) -> Result:
    """Transfers of one coin between your own accounts, newest first.

    Example: bitget account transfers USDT --since 30d
    """
    meaning = wallet_records.TRANSFER_RECORDS
    items = _listed(session, meaning, {"coin": session.coin(coin)}, Range(since, until, limit, every))
    return Rows(items, meaning.fields, TRANSFER_COLUMNS)


@group.command()
def deposits(
    session: Session,
    coin: CoinOpt = None,
    limit: LimitOpt = None,
    every: AllOpt = False,
    since: SinceOpt = None,
    until: UntilOpt = None,
) -> Result:
    """Deposits that arrived or are on their way; the last 90 days unless --since or --all.

    Example: bitget account deposits --coin USDT
    """
    meaning = wallet_records.DEPOSIT_RECORDS
    items = _listed(session, meaning, {"coin": coin and session.coin(coin)}, Range(since, until, limit, every))
    return Rows(items, meaning.fields, DEPOSIT_COLUMNS)


@group.command()
def withdrawals(
    session: Session,
    coin: CoinOpt = None,
    limit: LimitOpt = None,
    every: AllOpt = False,
    since: SinceOpt = None,
    until: UntilOpt = None,
) -> Result:
    """Withdrawals and how far they have come; the last 90 days unless --since or --all.

    Example: bitget account withdrawals --coin USDT
    """
    meaning = wallet_records.WITHDRAWAL_RECORDS
    items = _listed(session, meaning, {"coin": coin and session.coin(coin)}, Range(since, until, limit, every))
    return Rows(items, meaning.fields, WITHDRAWAL_COLUMNS)


@group.command()
def deposit_address(
    session: Session,
    coin: CoinArg,
    chain: Annotated[str | None, typer.Option("--chain", metavar="N", help="Such as TRC20; see market coins.")] = None,
) -> Result:
    """The address to send a coin to.

    Example: bitget account deposit-address USDT --chain TRC20
    """
    meaning = wallet.DEPOSIT_ADDRESS
    return Record(session.client.read(meaning, coin=session.coin(coin), chain=chain), meaning.fields)


def _listed(session: Session, meaning: Endpoint, given: dict[str, Any], wanted: Range) -> Iterator[Any]:
    from bitget_cli.client.paging import pages

    start, end = session.span(wanted.since, wanted.until)
    return pages(session.client, meaning, given, since=start, until=end, limit=wanted.limit, every=wanted.every)
