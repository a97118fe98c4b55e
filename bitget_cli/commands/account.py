"""`bitget account`: money, fees, bookings, margin, settings, transfers."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any

import typer

from bitget_cli.application import changes, queries
from bitget_cli.catalogue.v2 import futures_account as rows
from bitget_cli.catalogue.v2 import spot_account
from bitget_cli.client.rest.response import objects
from bitget_cli.commands.command import Group
from bitget_cli.commands.options import (
    AmountArg,
    CoinOpt,
    DryRunOpt,
    ListOptions,
    MaybeCoinArg,
    PaidCoinArg,
    ProductOpt,
    SymbolArg,
    YesOpt,
)
from bitget_cli.commands.order_options import PriceOpt, SideNeeded, SideOpt
from bitget_cli.errors import UsageError
from bitget_cli.results import Record, Result, Rows
from bitget_cli.session import Session
from bitget_cli.trading import risk
from bitget_cli.trading.account_state import AccountState
from bitget_cli.trading.adapters.classic.endpoints import Read, row
from bitget_cli.trading.model import MarginMode, PositionMode, PositionSide
from bitget_cli.values import Symbol, amount

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
    answered = objects(held)
    for item in answered:
        if item.get(named) == wanted:
            return Record(item, meaning.fields, columns)
    known = ", ".join(str(item.get(named)) for item in answered) or "none"
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
    from bitget_cli.client.rest import markets

    market = session.symbol(symbol, product)
    business = "spot" if market.product.is_spot else "mix"
    answered = markets.ask(session.client, rows.TRADE_RATE, market, businessType=business)
    return Record(answered, rows.TRADE_RATE.fields)


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
    market = changes.futures_symbol(session, symbol, product)
    risk.check_size(changes.desk(session).instrument(market), wanted)
    given = {"posSide": side.value, "openAmount": wanted, **_at(price)}
    return _one(session, Read.LIQUIDATION, symbol, product, **given)


@group.command()
def subaccounts(session: Session, product: ProductOpt = None) -> Result:
    """Balances of all sub-accounts.

    Example: bitget account subaccounts --product spot
    """
    line = session.product(product)
    meaning = row(Read.SUBACCOUNTS, line)
    if line.is_spot:
        items = queries.listed(session, meaning, line, None, queries.Range(every=True))
        return Rows(items, meaning.fields, SPOT_SUBACCOUNT_COLUMNS, unfold="assetsList")
    items = session.client.read(meaning, productType=line.wire)
    return Rows(items, meaning.fields, SUBACCOUNT_COLUMNS, unfold="assetList")


def _one(session: Session, meaning: Read, symbol: str, product: str | None, **given: Any) -> Record:
    market = changes.futures_symbol(session, symbol, product)
    found = row(meaning, market.product)
    margin_coin = changes.desk(session).instrument(market).margin_coin
    return Record(queries.ask_one(session, found, market, marginCoin=margin_coin, **given), found.fields)


def _at(price: str | None) -> dict[str, Any]:
    """A market order without a price."""
    if price is None:
        return {"orderType": "market"}
    return {"orderType": "limit", "openPrice": amount(price, what="price")}


CoinArg = Annotated[str, typer.Argument(metavar="COIN", help="One coin, such as USDT.")]
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
    *,
    wanted: ListOptions,
    product: ProductOpt = None,
) -> Result:
    """Every booking: trades, fees, funding, transfers; newest first.

    Example: bitget -p paper account bills --type contract_settle_fee --since 7d
    """
    line = session.product(product)
    meaning = row(Read.BILLS, line)
    given: dict[str, Any] = {"coin": coin and session.coin(coin), "businessType": type_}
    given |= {} if line.is_spot else {"productType": line.wire}
    rows = wanted.rows(session, meaning, SPOT_BILL_COLUMNS if line.is_spot else BILL_COLUMNS, **given)
    if line.is_spot or not given["coin"]:
        return rows
    # Bitget's futures bills heed the coin for transfers only.
    mine = (item for item in rows.items if isinstance(item, dict) and item.get("coin") == given["coin"])
    return rows._replace(items=mine)


@group.command()
def transfers(session: Session, coin: CoinArg, *, wanted: ListOptions) -> Result:
    """Transfers of one coin between your own accounts, newest first.

    Example: bitget account transfers USDT --since 30d
    """
    from bitget_cli.catalogue.v2 import wallet

    return wanted.rows(session, wallet.TRANSFER_RECORDS, TRANSFER_COLUMNS, coin=session.coin(coin))


@group.command()
def deposits(session: Session, coin: CoinOpt = None, *, wanted: ListOptions) -> Result:
    """Deposits that arrived or are on their way; the last 90 days unless --since or --all.

    Example: bitget account deposits --coin USDT
    """
    from bitget_cli.catalogue.v2 import wallet

    return wanted.rows(session, wallet.DEPOSIT_RECORDS, DEPOSIT_COLUMNS, coin=coin and session.coin(coin))


@group.command()
def withdrawals(session: Session, coin: CoinOpt = None, *, wanted: ListOptions) -> Result:
    """Withdrawals and how far they have come; the last 90 days unless --since or --all.

    Example: bitget account withdrawals --coin USDT
    """
    from bitget_cli.catalogue.v2 import wallet

    return wanted.rows(session, wallet.WITHDRAWAL_RECORDS, WITHDRAWAL_COLUMNS, coin=coin and session.coin(coin))


@group.command()
def deposit_address(
    session: Session,
    coin: CoinArg,
    chain: Annotated[str | None, typer.Option("--chain", metavar="N", help="Such as TRC20; see market coins.")] = None,
) -> Result:
    """The address to send a coin to.

    Example: bitget account deposit-address USDT --chain TRC20
    """
    from bitget_cli.catalogue.v2 import wallet

    meaning = wallet.DEPOSIT_ADDRESS
    return Record(session.client.read(meaning, coin=session.coin(coin), chain=chain), meaning.fields)


class ModeWord(StrEnum):
    """How positions of a product are held."""

    ONE_WAY = "one-way"
    HEDGE = "hedge"


class Switch(StrEnum):
    """On or off."""

    ON = "on"
    OFF = "off"


class Wallet(StrEnum):
    """Where money can be moved between."""

    SPOT = "spot"
    USDT_FUTURES = "usdt-futures"
    USDC_FUTURES = "usdc-futures"
    COIN_FUTURES = "coin-futures"
    CROSSED_MARGIN = "crossed-margin"
    ISOLATED_MARGIN = "isolated-margin"
    P2P = "p2p"


_MODES = {ModeWord.ONE_WAY: PositionMode.ONE_WAY, ModeWord.HEDGE: PositionMode.HEDGE}


@group.command()
def leverage(
    session: Session,
    symbol: SymbolArg,
    leverage: Annotated[str, typer.Argument(metavar="N", help="Such as 10.")],
    side: SideOpt = None,
    product: ProductOpt = None,
    yes: YesOpt = False,
    dry_run: DryRunOpt = False,
) -> Result:
    """Set the leverage of one futures market.

    With isolated margin in hedge mode each side has its own; without --side both are set.

    Example: bitget -p paper account leverage BTCUSDT 10
    """
    from bitget_cli.trading.adapters.classic import account_requests

    wanted = amount(leverage, what="leverage")
    market = changes.futures_symbol(session, symbol, product)
    at = changes.desk(session)
    risk.check_leverage(at.instrument(market), wanted)
    account = at.account(market)
    both = account.hedges and account.margin_mode is MarginMode.ISOLATED
    if side and not both:
        raise UsageError(
            f"{market.name} has one leverage for both sides: only isolated margin in hedge mode has two",
            hint="leave --side out",
        )
    change = account_requests.leverage(
        market, wanted, margin_coin=at.instrument(market).margin_coin, side=side, each_side=both
    )
    return changes.carry_out(session, change, yes=yes, dry_run=dry_run)


@group.command()
def margin_mode(
    session: Session,
    symbol: SymbolArg,
    mode: Annotated[MarginMode, typer.Argument(metavar="MODE", help="isolated or crossed.")],
    product: ProductOpt = None,
    yes: YesOpt = False,
    dry_run: DryRunOpt = False,
) -> Result:
    """Choose isolated or crossed margin for one futures market.

    Bitget refuses it while the market has positions or open orders.

    Example: bitget -p paper account margin-mode BTCUSDT isolated
    """
    from bitget_cli.trading.adapters.classic import account_requests

    market = changes.futures_symbol(session, symbol, product)
    coin = changes.desk(session).instrument(market).margin_coin
    change = account_requests.margin_mode(market, mode, margin_coin=coin)
    return changes.carry_out(session, change, yes=yes, dry_run=dry_run)


@group.command()
def position_mode(
    session: Session,
    mode: Annotated[ModeWord, typer.Argument(metavar="MODE", help="one-way or hedge.")],
    product: ProductOpt = None,
    yes: YesOpt = False,
    dry_run: DryRunOpt = False,
) -> Result:
    """Choose one-way or hedge mode for a whole product.

    One-way: one position a market. Hedge: a long and a short side by side. Bitget refuses it while the product has
    positions or open orders.

    Example: bitget -p paper account position-mode hedge
    """
    from bitget_cli.trading.adapters.classic import account_requests

    line = changes.futures_product(session, product)
    change = account_requests.position_mode(line, _MODES[mode])
    return changes.carry_out(session, change, yes=yes, dry_run=dry_run)


@group.command()
def margin(
    session: Session,
    symbol: SymbolArg,
    add: Annotated[str | None, typer.Option("--add", metavar="M", help="Put so much in.")] = None,
    remove: Annotated[str | None, typer.Option("--remove", metavar="M", help="Take so much out.")] = None,
    side: SideOpt = None,
    product: ProductOpt = None,
    yes: YesOpt = False,
    dry_run: DryRunOpt = False,
) -> Result:
    """Add margin to an isolated position, or take some away. In margin coin.

    Example: bitget -p paper account margin BTCUSDT --add 10
    """
    from bitget_cli.trading.adapters.classic import account_requests

    if (add is None) == (remove is None):
        raise UsageError("say one of --add and --remove", hint=f"bitget account margin {symbol} --add 10")
    wanted = amount(add or remove or "", what="--add" if add else "--remove")
    if not wanted:
        raise UsageError(f"{'--add' if add else '--remove'} {wanted:f} is not above zero")
    market = changes.futures_symbol(session, symbol, product)
    at = changes.desk(session)
    held = _side(at, market, side, command=f"bitget account margin {symbol}")
    coin = at.instrument(market).margin_coin
    change = account_requests.margin(market, held, wanted, removes=add is None, margin_coin=coin)
    return changes.carry_out(session, change, yes=yes, dry_run=dry_run)


@group.command()
def auto_margin(
    session: Session,
    symbol: SymbolArg,
    switch: Annotated[Switch, typer.Argument(metavar="on|off", help="Whether it draws margin by itself.")],
    side: SideOpt = None,
    product: ProductOpt = None,
    yes: YesOpt = False,
    dry_run: DryRunOpt = False,
) -> Result:
    """Switch on or off that an isolated position draws margin by itself.

    Example: bitget -p paper account auto-margin BTCUSDT on
    """
    from bitget_cli.trading.adapters.classic import account_requests

    market = changes.futures_symbol(session, symbol, product)
    at = changes.desk(session)
    held = _side(at, market, side, command=f"bitget account auto-margin {symbol} {switch}")
    coin = at.instrument(market).margin_coin
    change = account_requests.auto_margin(market, held, switch.value, margin_coin=coin)
    return changes.carry_out(session, change, yes=yes, dry_run=dry_run)


@group.command()
def transfer(
    session: Session,
    coin: PaidCoinArg,
    size: AmountArg,
    source: Annotated[Wallet, typer.Option("--from", help="Where it is.", show_default=False)],
    target: Annotated[Wallet, typer.Option("--to", help="Where it goes.", show_default=False)],
    symbol: Annotated[
        str | None, typer.Option("--symbol", metavar="SYMBOL", help="The pair of an isolated margin account.")
    ] = None,
    yes: YesOpt = False,
    dry_run: DryRunOpt = False,
) -> Result:
    """Move a coin between your own accounts.

    Example: bitget -p paper account transfer USDT 100 --from spot --to usdt-futures
    """
    from bitget_cli.trading.adapters.classic import account_requests

    wanted = amount(size)
    if not wanted:
        raise UsageError(f"amount {wanted:f} is not above zero")
    if source is target:
        raise UsageError(f"--from and --to are both {source}; choose two accounts")
    isolated = Wallet.ISOLATED_MARGIN in (source, target)
    if isolated != bool(symbol):
        text = "isolated margin needs --symbol" if isolated else "--symbol is for isolated margin"
        raise UsageError(text, hint="such as --symbol BTC/USDT")
    pair = session.symbol(symbol, "spot").name if symbol else None
    change = account_requests.transfer(session.coin(coin), wanted, source=source.value, target=target.value, pair=pair)
    return changes.carry_out(session, change, yes=yes, dry_run=dry_run)


def _side(at: AccountState, market: Symbol, side: PositionSide | None, *, command: str) -> PositionSide:
    """The side said, else that of the only position."""
    return side or at.position(market, None, command=command).side
