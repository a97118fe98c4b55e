"""`bitget subaccount`: sub-accounts, their keys, and money between them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from bitget_cli.commands.account import Wallet
from bitget_cli.commands.command import Group
from bitget_cli.commands.options import AmountArg, CoinOpt, DryRunOpt, ListOptions, PaidCoinArg, YesOpt
from bitget_cli.errors import UsageError
from bitget_cli.results import Result, Rows
from bitget_cli.session import Session
from bitget_cli.trading.model import Read
from bitget_cli.values import amount

if TYPE_CHECKING:
    from collections.abc import Callable

    from bitget_cli.application.subaccounts import KeyWish

group = Group("subaccount", "Sub-accounts, their keys, and money between them.")
keys = Group("keys", "The keys of a sub-account; a new one is kept as a profile.")
group.groups["keys"] = keys

LIST_COLUMNS = ("subAccountUid", "subAccountName", "status", "permList", "label", "cTime")
KEY_COLUMNS = ("label", "subAccountApiKey", "permList", "ipList")
TRANSFER_COLUMNS = ("ts", "coin", "size", "fromUserId", "fromType", "toUserId", "toType", "status", "transferId")

SubArg = Annotated[str, typer.Argument(metavar="SUB", help="The sub-account: its name or user id.")]
KeyArg = Annotated[str, typer.Argument(metavar="KEY", help="The key: its label or id.")]
RightsOpt = Annotated[
    str | None,
    typer.Option("--permissions", metavar="A,B", help="Of read, trade, spot, margin, futures, transfer; or none."),
]
AddressOpt = Annotated[
    list[str] | None, typer.Option("--ip", metavar="A", help="Bind the key to this address; may be said again.")
]
AskOpt = Annotated[bool, typer.Option("--ask-passphrase", help="Type a passphrase of your own, hidden.")]


@group.command("list", reads_account=True)
def list_(session: Session, *, wanted: ListOptions) -> Result:
    """Your sub-accounts.

    Example: bitget -p paper subaccount list
    """
    return wanted.rows(session, Read.SUBACCOUNT_LIST, LIST_COLUMNS)


@group.command()
def create(
    session: Session,
    name: Annotated[str, typer.Argument(metavar="NAME", help="8 letters; on a unified account 1 to 20 small ones.")],
    note: Annotated[str | None, typer.Option("--note", metavar="TEXT", help="For yourself; unified accounts.")] = None,
    yes: YesOpt = False,
    dry_run: DryRunOpt = False,
) -> Result:
    """Make a sub-account under your login.

    Example: bitget subaccount create gridbots --dry-run
    """
    from bitget_cli.application import subaccounts

    return subaccounts.create(session, name, note=note, yes=yes, dry_run=dry_run)


@group.command()
def modify(
    session: Session,
    sub: SubArg,
    permissions: RightsOpt = None,
    frozen: Annotated[bool | None, typer.Option("--freeze/--unfreeze", help="Stop it, or let it go on.")] = None,
    note: Annotated[str | None, typer.Option("--note", metavar="TEXT", help="For yourself; unified accounts.")] = None,
    yes: YesOpt = False,
    dry_run: DryRunOpt = False,
) -> Result:
    """Freeze a sub-account, or change what it may do; what is not said stays as it is.

    Example: bitget subaccount modify gridbots --freeze
    """
    from bitget_cli.application import subaccounts
    from bitget_cli.trading.subaccount import rights

    wanted = None if permissions is None else rights(permissions)
    return subaccounts.modify(session, sub, rights=wanted, frozen=frozen, note=note, yes=yes, dry_run=dry_run)


@group.command()
def transfer(
    session: Session,
    coin: PaidCoinArg,
    size: AmountArg,
    source: Annotated[
        str, typer.Option("--from", metavar="SUB|main", help="Whose money it is: main, or a sub-account.")
    ],
    target: Annotated[str, typer.Option("--to", metavar="SUB|main", help="Who gets it: main, or a sub-account.")],
    source_wallet: Annotated[Wallet, typer.Option("--from-wallet", help="Where it is.")] = Wallet.SPOT,
    target_wallet: Annotated[Wallet, typer.Option("--to-wallet", help="Where it goes.")] = Wallet.SPOT,
    symbol: Annotated[
        str | None, typer.Option("--symbol", metavar="SYMBOL", help="The pair of an isolated margin account.")
    ] = None,
    yes: YesOpt = False,
    dry_run: DryRunOpt = False,
) -> Result:
    """Move a coin between main account and sub-accounts, with the main account's key.

    Example: bitget subaccount transfer USDT 100 --from main --to gridbots --dry-run
    """
    from bitget_cli.application import subaccounts

    wanted = amount(size)
    if not wanted:
        raise UsageError(f"amount {wanted:f} is not above zero")
    if (Wallet.ISOLATED_MARGIN in (source_wallet, target_wallet)) != bool(symbol):
        text = "--symbol is for isolated margin" if symbol else "isolated margin needs --symbol"
        raise UsageError(text, hint="such as --symbol BTC/USDT")
    pair = session.symbol(symbol, "spot").name if symbol else None
    ends = (subaccounts.TransferEnd(source, source_wallet.value), subaccounts.TransferEnd(target, target_wallet.value))
    return subaccounts.transfer(session, session.coin(coin), wanted, *ends, pair=pair, yes=yes, dry_run=dry_run)


@group.command(reads_account=True)
def transfers(
    session: Session,
    sub: Annotated[str | None, typer.Argument(metavar="SUB", help="Whose; the main account's without it.")] = None,
    coin: CoinOpt = None,
    received: Annotated[bool, typer.Option("--received", help="What came in place of what went out.")] = False,
    *,
    wanted: ListOptions,
) -> Result:
    """Transfers between main account and sub-accounts, newest first.

    Example: bitget subaccount transfers --since 30d
    """
    from bitget_cli.application import subaccounts

    sender = subaccounts.find(session, sub).uid if sub else None
    return wanted.rows(
        session,
        Read.SUBACCOUNT_TRANSFERS,
        TRANSFER_COLUMNS,
        sender=sender,
        role="receiver" if received else None,
        coin=coin and session.coin(coin),
    )


@keys.command("list", reads_account=True)
def keys_list(session: Session, sub: SubArg) -> Result:
    """The keys of a sub-account, without their secrets, which nobody tells.

    Example: bitget subaccount keys list gridbots
    """
    from bitget_cli.application import subaccounts
    from bitget_cli.client.rest.response import objects

    told = session.adapter.ask(Read.SUBACCOUNT_KEYS, subaccount=subaccounts.find(session, sub).uid)
    return Rows(objects(told.value), told.fields, KEY_COLUMNS)


@keys.command("create")
def keys_create(
    session: Session,
    sub: SubArg,
    name: Annotated[str, typer.Option("--new-profile", metavar="NAME", help="The profile that the key is kept as.")],
    permissions: RightsOpt = "read",
    ip: AddressOpt = None,
    label: Annotated[str | None, typer.Option("--label", metavar="L", help="[default: the profile's name]")] = None,
    ask_passphrase: AskOpt = False,
    show: Annotated[bool, typer.Option("--show", help="Print the secret and the passphrase, this once.")] = False,
    yes: YesOpt = False,
    dry_run: DryRunOpt = False,
) -> Result:
    """Make a key of a sub-account and keep it in the system's keyring, under a new profile.

    The passphrase is made up unless you ask to type it. Nothing secret is printed, unless with --show. Where the
    keyring cannot be written to, nothing is made.

    Example: bitget subaccount keys create bots --new-profile grid --permissions trade
    """
    from bitget_cli.application import subaccounts

    wish = _wish(session, permissions, ip, label, asks=ask_passphrase)
    return subaccounts.create_key(session, sub, name, wish, shows=show, yes=yes, dry_run=dry_run)


@keys.command("modify")
def keys_modify(
    session: Session,
    sub: SubArg,
    key: KeyArg,
    permissions: RightsOpt = None,
    ip: AddressOpt = None,
    any_ip: Annotated[bool, typer.Option("--any-ip", help="Bind the key to no address.")] = False,
    label: Annotated[str | None, typer.Option("--label", metavar="L", help="Another label; classic accounts.")] = None,
    yes: YesOpt = False,
    dry_run: DryRunOpt = False,
) -> Result:
    """Give a key other rights, addresses or another label; what is not said stays as it is.

    Bitget wants its passphrase: it comes from the profile that holds the key, or is asked for, hidden.

    Example: bitget subaccount keys modify gridbots gridbots --permissions read
    """
    from bitget_cli.application import subaccounts

    if any_ip and ip:
        raise UsageError("--ip and --any-ip contradict each other; give one")
    wish = _wish(session, permissions, [] if any_ip else ip, label, asks=session.console.is_attended)
    return subaccounts.modify_key(session, sub, key, wish, yes=yes, dry_run=dry_run)


@keys.command("remove")
def keys_remove(session: Session, sub: SubArg, key: KeyArg, yes: YesOpt = False, dry_run: DryRunOpt = False) -> Result:
    """Remove a key of a unified account's sub-account; for a classic one's Bitget has no such call.

    Example: bitget subaccount keys remove gridbots gridbots
    """
    from bitget_cli.application import subaccounts

    return subaccounts.remove_key(session, sub, key, yes=yes, dry_run=dry_run)


def _wish(session: Session, permissions: str | None, ip: list[str] | None, label: str | None, *, asks: bool) -> KeyWish:
    from bitget_cli.application.subaccounts import KeyWish
    from bitget_cli.trading.subaccount import checked_addresses, rights

    wanted = None if permissions is None else rights(permissions)
    addresses = None if ip is None else checked_addresses(ip)
    return KeyWish(label, wanted, addresses, _asked(session) if asks else None)


def _asked(session: Session) -> Callable[[], str]:
    """Asks for a passphrase, hidden. Raises UsageError where there is no terminal."""

    def ask() -> str:
        from bitget_cli.commands.profile import hidden

        if not session.console.is_attended:
            raise UsageError("there is no terminal to type a passphrase on", hint="leave --ask-passphrase out")
        return hidden(session, "Passphrase of the key")

    return ask
