"""`bitget account`: money, fees, margin, settings, transfers."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from bitget_cli.catalogue import account as rows
from bitget_cli.catalogue import spot_account
from bitget_cli.client.answers import objects
from bitget_cli.commands import asking, dealing
from bitget_cli.commands.declare import Group
from bitget_cli.commands.options import MaybeCoinArg, ProductOpt, SymbolArg
from bitget_cli.commands.order_options import PriceOpt, SideNeeded
from bitget_cli.errors import UsageError
from bitget_cli.results import Record, Result, Rows
from bitget_cli.session import Session
from bitget_cli.trading import rules
from bitget_cli.trading.reads import Read, row
from bitget_cli.values import amount

group = Group("account", "Money, fees, margin, settings, transfers.")

BALANCE_COLUMNS = ("marginCoin", "accountEquity", "available", "crossedMaxAvailable", "locked", "unrealizedPL")
SPOT_COLUMNS = ("coin", "available", "frozen", "locked")
SUBACCOUNT_COLUMNS = ("userId", *(f"assetList[].{name}" for name in BALANCE_COLUMNS))
SPOT_SUBACCOUNT_COLUMNS = ("userId", *(f"assetsList[].{name}" for name in (*SPOT_COLUMNS, "limitAvailable")))


@group.command()
def balance(session: Session, coin: MaybeCoinArg = None, product: ProductOpt = None) -> Result:
    """What you have: margin accounts in futures, coins in spot.

    Example: bitget -p paper account balance
    """
    line = session.product(product)
    meaning = row(Read.BALANCE, line)
    wanted = coin and session.coin(coin)
    columns, named = (SPOT_COLUMNS, "coin") if line.is_spot else (BALANCE_COLUMNS, "marginCoin")
    asked = {"coin": wanted} if line.is_spot else {"productType": line.wire}
    held = session.client.read(meaning, **asked)
    if not wanted:
        return Rows(held, meaning.fields, columns)
    told = objects(held)
    for item in told:
        if item.get(named) == wanted:
            return Record(item, meaning.fields, columns)
    known = ", ".join(str(item.get(named)) for item in told) or "none"
    raise UsageError(f"{line} has no {wanted}", hint=f"it has {known}")


@group.command()
def show(session: Session, symbol: SymbolArg, product: ProductOpt = None) -> Result:
    """The account as one futures market sees it: modes, leverage, free margin.

    Example: bitget -p paper account show BTCUSDT
    """
    return _one(session, Read.ACCOUNT, symbol, product)


@group.command()
def overview(session: Session) -> Result:
    """What each of your accounts is worth in USDT.

    Example: bitget account overview
    """
    return Rows(session.client.read(rows.ALL_ACCOUNT_BALANCE), rows.ALL_ACCOUNT_BALANCE.fields)


@group.command()
def funding(session: Session, coin: MaybeCoinArg = None) -> Result:
    """The funding account (P2P, deposits in fiat).

    Example: bitget account funding USDT
    """
    return Rows(session.client.read(rows.FUNDING_ASSETS, coin=coin and session.coin(coin)), rows.FUNDING_ASSETS.fields)


@group.command()
def bots(session: Session) -> Result:
    """What your trading bots hold.

    Example: bitget account bots
    """
    return Rows(session.client.read(rows.BOT_ASSETS), rows.BOT_ASSETS.fields)


@group.command()
def info(session: Session) -> Result:
    """Who the key belongs to: user id, permissions, bound addresses.

    Example: bitget account info --json
    """
    return Record(session.client.read(spot_account.SPOT_ACCOUNT_INFO), spot_account.SPOT_ACCOUNT_INFO.fields)


@group.command()
def fee(session: Session, symbol: SymbolArg, product: ProductOpt = None) -> Result:
    """Your own maker and taker fee in one market.

    Example: bitget account fee BTC/USDT
    """
    from bitget_cli.client import markets

    market = session.symbol(symbol, product)
    business = "spot" if market.product.is_spot else "mix"
    told = markets.ask(session.client, rows.TRADE_RATE, market, businessType=business)
    return Record(told, rows.TRADE_RATE.fields)


@group.command()
def max_open(
    session: Session, symbol: SymbolArg, side: SideNeeded, price: PriceOpt = None, product: ProductOpt = None
) -> Result:
    """The largest position that could be opened now.

    Example: bitget -p paper account max-open BTCUSDT --side long
    """
    return _one(session, Read.LARGEST_OPEN, symbol, product, posSide=side.value, **_at(price))


@group.command()
def liq_price(
    session: Session,
    symbol: SymbolArg,
    size: Annotated[str, typer.Argument(metavar="SIZE", help="In base coin.")],
    side: SideNeeded,
    price: PriceOpt = None,
    product: ProductOpt = None,
) -> Result:
    """Where a position would be liquidated if it were opened now.

    Example: bitget -p paper account liq-price BTCUSDT 0.01 --side long
    """
    wanted = amount(size, what="size")
    market = dealing.futures_symbol(session, symbol, product)
    rules.check_size(dealing.desk(session).instrument(market), wanted)
    given = {"posSide": side.value, "openAmount": wanted, **_at(price)}
    return _one(session, Read.LIQUIDATION, symbol, product, **given)


@group.command()
def subaccounts(session: Session, product: ProductOpt = None) -> Result:
    """Balances of all sub-accounts.

    Example: bitget account subaccounts --product spot
    """
    from bitget_cli.commands import own_lists

    line = session.product(product)
    meaning = row(Read.SUBACCOUNTS, line)
    if line.is_spot:
        items = own_lists.listed(session, meaning, line, None, own_lists.Range(every=True))
        return Rows(items, meaning.fields, SPOT_SUBACCOUNT_COLUMNS, unfold="assetsList")
    items = session.client.read(meaning, productType=line.wire)
    return Rows(items, meaning.fields, SUBACCOUNT_COLUMNS, unfold="assetList")


group.include("account_records")
group.include("account_settings")


def _one(session: Session, meaning: Read, symbol: str, product: str | None, **given: Any) -> Record:
    market = dealing.futures_symbol(session, symbol, product)
    found = row(meaning, market.product)
    margin_coin = dealing.desk(session).instrument(market).margin_coin
    return Record(asking.ask_one(session, found, market, marginCoin=margin_coin, **given), found.fields)


def _at(price: str | None) -> dict[str, Any]:
    """A market order without a price."""
    if price is None:
        return {"orderType": "market"}
    return {"orderType": "limit", "openPrice": amount(price, what="price")}
