"""`bitget account`: money, fees, bookings, margin, settings, transfers."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any

import typer

from bitget_cli.application import changes, queries, settings
from bitget_cli.commands import offers
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
from bitget_cli.trading.model import MarginMode, PositionMode, PositionSide, Read
from bitget_cli.values import Symbol, amount

group = Group("account", "Money, fees, margin, settings, transfers.")

BALANCE_COLUMNS = ("marginCoin", "accountEquity", "available", "crossedMaxAvailable", "locked", "unrealizedPL")
SPOT_COLUMNS = ("coin", "available", "frozen", "locked")
# What one balance tells, as it is read: all there is, what can be used, what is in use, profit and risk, limits.
_BALANCE_TOGETHER = (
    *("marginCoin", "coin", "accountEquity", "equity", "balance", "usdtEquity", "usdValue", "btcEquity"),
    *("available", "crossedMaxAvailable", "isolatedMaxAvailable", "maxTransferOut"),
    *("frozen", "locked", "crossedMargin", "isolatedMargin"),
    *("unrealizedPL", "crossedUnrealizedPL", "isolatedUnrealizedPL", "crossedRiskRate"),
)
# Where the coins of a sub-account stand.
_LIST, _SPOT_LIST = "assetList", "assetsList"
SUBACCOUNT_COLUMNS = ("userId", *(f"{_LIST}[].{name}" for name in BALANCE_COLUMNS))
SPOT_SUBACCOUNT_COLUMNS = ("userId", *(f"{_SPOT_LIST}[].{name}" for name in (*SPOT_COLUMNS, "limitAvailable")))


@group.command(reads_account=True)
def balance(session: Session, coin: MaybeCoinArg = None, product: ProductOpt = None) -> Result:
    """What you have: margin accounts in futures, coins in spot.

    Example: bitget -p paper account balance
    """
    line = session.product(product)
    columns = SPOT_COLUMNS if line.is_spot else BALANCE_COLUMNS
    if not coin:
        told = session.adapter.ask(Read.BALANCE, line)
        return Rows(told.value, told.fields, columns)
    wanted = session.coin(coin)
    held = {balance.coin: balance for balance in session.adapter.balances(line, coin=wanted)}
    if wanted not in held:
        raise UsageError(f"{line} has no {wanted}", hint=f"it has {', '.join(held) or 'none'}")
    fields = session.adapter.fields(Read.BALANCE, line)
    return Record(held[wanted].row, fields, columns, together=_BALANCE_TOGETHER)


@group.command(reads_account=True)
def show(session: Session, symbol: SymbolArg, product: ProductOpt = None) -> Result:
    """The account as one futures market sees it: modes, leverage, free margin.

    Example: bitget -p paper account show BTCUSDT
    """
    return _one(session, Read.ACCOUNT, symbol, product)


@group.command(reads_account=True)
def overview(session: Session) -> Result:
    """What each of your accounts is worth in USDT.

    Example: bitget account overview
    """
    return _rows(session, Read.OVERVIEW)


@group.command(reads_account=True)
def funding(session: Session, coin: MaybeCoinArg = None) -> Result:
    """The funding account (P2P, deposits in fiat).

    Example: bitget account funding USDT
    """
    return _rows(session, Read.FUNDING, coin=coin and session.coin(coin))


class Bots(StrEnum):
    """The accounts of trading bots."""

    FUTURES = "futures"
    SPOT = "spot"


@group.command(reads_account=True)
def bots(
    session: Session,
    kind: Annotated[Bots | None, typer.Option("--type", help="Only bots of futures, or of spot.")] = None,
) -> Result:
    """What your trading bots hold.

    Example: bitget account bots --type futures
    """
    return _rows(session, Read.BOTS, bots=kind and kind.value)


@group.command(reads_account=True)
def info(session: Session) -> Result:
    """Who the key belongs to: user id, permissions, bound addresses.

    Example: bitget account info --json
    """
    told = session.adapter.ask(Read.KEY_OWNER)
    return Record(told.value, told.fields)


@group.command(reads_account=True)
def fee(
    session: Session,
    symbol: SymbolArg,
    product: Annotated[
        str | None,
        typer.Option("--product", metavar="P", help="spot, margin, usdt-futures, usdc-futures or coin-futures."),
    ] = None,
) -> Result:
    """Your own maker and taker fee in one market; with --product margin in margin trading.

    Example: bitget account fee BTC/USDT
    """
    in_margin = product is not None and product.lower() == "margin"
    market = session.symbol(symbol, "spot" if in_margin else product)
    told = session.adapter.ask(Read.FEE, market=market, margin=in_margin)
    return Record(told.value, told.fields)


@group.command(reads_account=True)
def max_open(
    session: Session, symbol: SymbolArg, side: SideNeeded, price: PriceOpt = None, product: ProductOpt = None
) -> Result:
    """The largest position that could be opened now.

    Example: bitget -p paper account max-open BTCUSDT --side long
    """
    return _one(session, Read.LARGEST_OPEN, symbol, product, side=side.value, price=_price(price))


@group.command(reads_account=True)
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
    return _one(session, Read.LIQUIDATION, symbol, product, side=side.value, size=wanted, price=_price(price))


@group.command(reads_account=True)
def subaccounts(session: Session, product: ProductOpt = None) -> Result:
    """Balances of all sub-accounts.

    Example: bitget account subaccounts --product spot
    """
    line = session.product(product)
    if not line.is_spot:
        told = session.adapter.ask(Read.SUBACCOUNTS, line)
        return Rows(told.value, told.fields, SUBACCOUNT_COLUMNS, unfold=_LIST)
    items = queries.listed(session, Read.SUBACCOUNTS, line, None, queries.Range(every=True))
    return Rows(items, session.adapter.fields(Read.SUBACCOUNTS, line), SPOT_SUBACCOUNT_COLUMNS, unfold=_SPOT_LIST)


def _rows(session: Session, read: Read, **words: Any) -> Rows:
    told = session.adapter.ask(read, **words)
    return Rows(told.value, told.fields)


def _one(session: Session, read: Read, symbol: str, product: str | None, **words: Any) -> Record:
    market = changes.futures_symbol(session, symbol, product)
    margin_coin = changes.desk(session).instrument(market).margin_coin
    return queries.told(session, read, market, margin_coin=margin_coin, **words)


def _price(text: str | None) -> Decimal | None:
    return None if text is None else amount(text, what="price")


CoinArg = Annotated[str, typer.Argument(metavar="COIN", autocompletion=offers.coins, help="One coin, such as USDT.")]
BILL_COLUMNS = ("cTime", "symbol", "businessType", "amount", "fee", "coin", "balance")
SPOT_BILL_COLUMNS = ("cTime", "coin", "groupType", "businessType", "size", "fees", "balance")
TRANSFER_COLUMNS = ("ts", "coin", "size", "fromType", "toType", "status", "transferId")
DEPOSIT_COLUMNS = ("cTime", "coin", "chain", "size", "status", "orderId")
WITHDRAWAL_COLUMNS = ("cTime", "coin", "chain", "size", "fee", "status", "orderId")


@group.command(reads_account=True)
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
    columns = SPOT_BILL_COLUMNS if line.is_spot else BILL_COLUMNS
    return wanted.rows(session, Read.BILLS, columns, line, coin=coin and session.coin(coin), booking=type_)


@group.command(reads_account=True)
def transfers(session: Session, coin: CoinArg, *, wanted: ListOptions) -> Result:
    """Transfers of one coin between your own accounts, newest first.

    Example: bitget account transfers USDT --since 30d
    """
    return wanted.rows(session, Read.TRANSFERS, TRANSFER_COLUMNS, coin=session.coin(coin))


@group.command(reads_account=True)
def deposits(session: Session, coin: CoinOpt = None, *, wanted: ListOptions) -> Result:
    """Deposits that arrived or are on their way; the last 90 days unless --since or --all.

    Example: bitget account deposits --coin USDT
    """
    return wanted.rows(session, Read.DEPOSITS, DEPOSIT_COLUMNS, coin=coin and session.coin(coin))


@group.command(reads_account=True)
def withdrawals(session: Session, coin: CoinOpt = None, *, wanted: ListOptions) -> Result:
    """Withdrawals and how far they have come; the last 90 days unless --since or --all.

    Example: bitget account withdrawals --coin USDT
    """
    return wanted.rows(session, Read.WITHDRAWALS, WITHDRAWAL_COLUMNS, coin=coin and session.coin(coin))


@group.command(reads_account=True)
def deposit_address(
    session: Session,
    coin: CoinArg,
    chain: Annotated[str | None, typer.Option("--chain", metavar="N", help="Such as TRC20; see market coins.")] = None,
) -> Result:
    """The address to send a coin to.

    Example: bitget account deposit-address USDT --chain TRC20
    """
    told = session.adapter.ask(Read.DEPOSIT_ADDRESS, coin=session.coin(coin), chain=chain)
    return Record(told.value, told.fields)


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
    FUNDING = "funding"


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
    wanted = amount(leverage, what="leverage")
    market = changes.futures_symbol(session, symbol, product)
    return settings.leverage(session, market, wanted, side, yes=yes, dry_run=dry_run)


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
    market = changes.futures_symbol(session, symbol, product)
    coin = changes.desk(session).instrument(market).margin_coin
    change = session.adapter.settings.margin_mode(market, mode, margin_coin=coin)
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
    positions or open orders. On a unified account it holds for every product.

    Example: bitget -p paper account position-mode hedge
    """
    line = changes.futures_product(session, product)
    change = session.adapter.settings.position_mode(line, _MODES[mode])
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
    if (add is None) == (remove is None):
        raise UsageError("say one of --add and --remove", hint=f"bitget account margin {symbol} --add 10")
    wanted = amount(add or remove or "", what="--add" if add else "--remove")
    if not wanted:
        raise UsageError(f"{'--add' if add else '--remove'} {wanted:f} is not above zero")
    market = changes.futures_symbol(session, symbol, product)
    at = changes.desk(session)
    held = at.position(market, side, command=f"bitget account margin {symbol}")
    if held.margin_mode is MarginMode.CROSSED:
        raise UsageError(
            f"the {held.side.value} {market.name} is in crossed margin, which is all the account has free",
            hint="only an isolated position has margin of its own; see bitget account margin-mode",
        )
    coin = at.instrument(market).margin_coin
    change = session.adapter.settings.margin(market, held.side, wanted, removes=add is None, margin_coin=coin)
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
    market = changes.futures_symbol(session, symbol, product)
    at = changes.desk(session)
    held = _side(at, market, side, command=f"bitget account auto-margin {symbol} {switch}")
    coin = at.instrument(market).margin_coin
    change = session.adapter.settings.auto_margin(market, held, switch.value, margin_coin=coin)
    return changes.carry_out(session, change, yes=yes, dry_run=dry_run)


@group.command()
def transfer(
    session: Session,
    coin: PaidCoinArg,
    size: AmountArg,
    source: Annotated[Wallet, typer.Option("--from", help="Where it is.", show_default=False)],
    target: Annotated[Wallet, typer.Option("--to", help="Where it goes.", show_default=False)],
    symbol: Annotated[
        str | None,
        typer.Option(
            "--symbol", metavar="SYMBOL", autocompletion=offers.symbols, help="The pair of an isolated margin account."
        ),
    ] = None,
    yes: YesOpt = False,
    dry_run: DryRunOpt = False,
) -> Result:
    """Move a coin between your own accounts.

    Example: bitget -p paper account transfer USDT 100 --from spot --to usdt-futures
    """
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
    spelt = session.adapter.settings
    change = spelt.transfer(session.coin(coin), wanted, source=source.value, target=target.value, pair=pair)
    if change is None:
        return changes.nothing(session, f"one wallet, nothing moved: {source} and {target} are the same here")
    return changes.carry_out(session, change, yes=yes, dry_run=dry_run)


def _side(at: AccountState, market: Symbol, side: PositionSide | None, *, command: str) -> PositionSide:
    """The side said, else that of the only position."""
    return side or at.position(market, None, command=command).side
