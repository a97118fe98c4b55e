"""`bitget paper`: the exchange on this machine, whatever profile is in force."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bitget_cli.catalogue.model import Field, FieldKind
from bitget_cli.commands.command import Group
from bitget_cli.commands.options import AmountArg, PaidCoinArg, YesOpt
from bitget_cli.errors import DeclinedError, StoppedError, UsageError
from bitget_cli.results import Done, Lines, Record, Result
from bitget_cli.session import Session
from bitget_cli.trading.model import Kind
from bitget_cli.values import amount, coin_name, duration, instant, milliseconds, plain

if TYPE_CHECKING:
    from bitget_cli.servers.paper_server import PaperServer

group = Group("paper", "The exchange on this machine: its clock, seed and server.")

PORT = 8765
_MOST = Decimal(1_000_000_000_000)
STATUS = (
    Field("now", "Paper time", FieldKind.TIME),
    Field("clock", "Clock"),
    Field("speed", "Speed", FieldKind.NUMBER),
    Field("seed", "Seed", FieldKind.ID),
    Field("account", "Account"),
    Field("opening", "Opening balances", FieldKind.NESTED),
    Field("file", "File"),
)
PortOpt = Annotated[int, typer.Option("--port", metavar="N", min=0, max=65535, help="The port on 127.0.0.1.")]


class OtherClient(StrEnum):
    """Programs whose own settings `paper env` can print."""

    CCXT = "ccxt"
    BGC = "bgc"
    BITGET_API = "bitget-api"


@group.command()
def status(session: Session) -> Result:
    """What time it is there, its seed, and where it is kept.

    Example: bitget paper status --json
    """
    return Record(_status(session) | {"conservation": session.paper.exchange.conservation()}, STATUS)


@group.command()
def reset(
    session: Session,
    seed: Annotated[int | None, typer.Option(metavar="N", min=0, help="Other prices; the same for each seed.")] = None,
    balance: Annotated[
        list[str] | None,
        typer.Option(
            metavar="[WALLET:]COIN=AMOUNT",
            help="Begin with this (unless said in spot); may be given more than once."
            " Without it: 10000 USDT in spot and 10000 in usdt-futures.",
        ),
    ] = None,
    account: Annotated[
        Kind,
        typer.Option(help="Its kind: with a unified one spot and futures share one wallet, and only v3 calls answer."),
    ] = Kind.CLASSIC,
    _yes: YesOpt = False,
) -> Result:
    """Begin anew: everything that happened there is forgotten, in `order log` too; the clock goes on.

    Example: bitget paper reset --seed 7 --balance usdt-futures:USDT=500
    """
    _refuse_locked(session)
    opening = _balances(session, balance) if balance else None
    journals = [(journal, journal.last()) for journal in session.paper.journals()]
    session.paper.store.reset(seed=seed, opening=opening, unified=account is Kind.UNIFIED)
    for journal, last in journals:
        journal.forget(last)
    return _done(session)


@group.command()
def deposit(session: Session, coin: PaidCoinArg, size: AmountArg, _yes: YesOpt = False) -> Result:
    """Put money from outside into the spot account there, or into the wallet of a unified account.

    Example: bitget paper deposit USDT 10000
    """
    wanted = _countable(amount(size), what="amount")
    if not wanted:
        raise UsageError(f"amount {wanted:f} is not above zero")
    _refuse_locked(session)
    name = _coin(session, coin)
    session.paper.exchange.deposit(name, wanted)
    return Done("done", "paper", response={"coin": name, "amount": plain(wanted)})


@group.command()
def migrate(session: Session, yes: YesOpt = False) -> Result:
    """Make the classic account there a unified one, as Bitget moves them: the day of the move, rehearsed.

    Balances are joined, orders, plans and positions go on under their ids; only what a unified account does not
    know, orders of Coin-M, is cancelled. There is no way back but `paper reset`.

    Example: bitget paper migrate
    """
    _refuse_locked(session)
    if not yes:
        session.confirm(
            "PAPER: make the account a unified one, for good", otherwise="not confirmed; nothing was changed"
        )
    moved = session.paper.exchange.migrate()
    response = _status(session) | {name: str(count) for name, count in moved.items()}
    fields = (*STATUS, *(Field(name, name.capitalize(), FieldKind.NUMBER) for name in moved))
    return Done("done", "paper", response=response, fields=fields)


@group.command()
def clock(
    session: Session,
    set_: Annotated[str | None, typer.Option("--set", metavar="T", help="Stand still at T; `real`: real time.")] = None,
    advance: Annotated[str | None, typer.Option(metavar="SPAN", help="Jump ahead, such as 3d or 90m.")] = None,
    speed: Annotated[str | None, typer.Option(metavar="N", help="N paper seconds a second; 0 stands still.")] = None,
    _yes: YesOpt = False,
) -> Result:
    """Set the exchange's clock, move it, or change its speed.

    It goes back only to a moment after which nothing has happened; `bitget paper reset` begins anew.

    Example: bitget paper clock --set 2026-03-01T12:00
    """
    if sum(option is not None for option in (set_, advance, speed)) != 1:
        raise UsageError("say one of --set, --advance and --speed", hint="bitget paper clock --advance 3d")
    _refuse_locked(session)
    store, wall = session.paper.store, session.clock.now()
    if set_ == "real":
        store.real_time(wall=wall)
    elif set_ == "now":
        raise UsageError("--set now says neither a moment nor real time", hint="bitget paper clock --set real")
    elif set_ is not None:
        store.freeze(instant(set_, now=session.paper.now()), wall=wall)
    elif advance is not None:
        span = duration(advance, what="span")
        store.advance(span // timedelta(milliseconds=1), wall=wall)
    elif speed is not None:
        store.speed(amount(speed, what="speed"), wall=wall)
    return _done(session)


@group.command()
def serve(session: Session, port: PortOpt = PORT) -> Result:
    """Offer the same exchange to other programs on 127.0.0.1, until Ctrl-C.

    Port 0 takes any free one. Point a program at it with `bitget paper env`.

    Example: bitget paper serve --port 8765
    """
    server = session.paper.serve(port)
    return Lines(_served(server), {"url": server.url})


@group.command()
def env(
    session: Session,
    port: PortOpt = PORT,
    client: Annotated[OtherClient | None, typer.Option(help="That program's own lines instead.")] = None,
) -> Result:
    """Lines that point another program at `bitget paper serve`.

    Example: eval "$(bitget paper env)"
    """
    words = session.paper.settings(port)
    return Lines(_lines(words, client, unified=session.paper.is_unified), words)


def _refuse_locked(session: Session) -> None:
    """Raises DeclinedError where the profile only reads: the one in force if it trades on paper, else `paper` itself.

    There is one paper exchange for all of them, and its commands need no profile of its own to be in force.
    """
    guarded = session.profile if session.env == "paper" else session.context.profiles.get("paper")
    if guarded.locked:
        raise DeclinedError(
            f"profile {guarded.name} is locked: it only reads", hint=f"bitget profile unlock {guarded.name}"
        )


def _served(server: PaperServer) -> Iterator[str]:
    yield server.url
    raise StoppedError(server.run())


def _coin(session: Session, text: str) -> str:
    """The coin, if the paper exchange has it."""
    name = coin_name(text)
    if name not in session.paper.exchange.wallets()["spot"]:
        raise UsageError(f"coin {name} is not a coin the paper exchange has", hint="bitget -p paper market coins")
    return name


def _balances(session: Session, texts: list[str]) -> dict[tuple[str, str], Decimal]:
    """Opening balances as typed, by account and coin."""
    wallets = session.paper.exchange.wallets()
    balances: dict[tuple[str, str], Decimal] = {}
    for text in texts:
        place, equals, size = text.partition("=")
        wallet, colon, coin = place.rpartition(":")
        if not (equals and coin.isalnum() and coin.isascii()):
            raise UsageError(f"balance {text!r} is not [WALLET:]COIN=AMOUNT", hint="--balance USDT=10000")
        account = wallet.lower().replace("-", "_") if colon else "spot"
        if account not in wallets:
            raise UsageError(f"{wallet!r} is not a wallet to begin with", hint=", ".join(map(_wallet, wallets)))
        coin = _coin(session, coin)
        if coin not in wallets[account]:
            raise UsageError(f"wallet {_wallet(account)} does not hold {coin}", hint="leave the wallet out for spot")
        if (account, coin) in balances:
            raise UsageError(f"the balance of {_place(account, coin)} is given twice")
        what = f"balance of {_place(account, coin)}"
        balances[account, coin] = _countable(amount(size, what=what), what=what)
    return balances


def _countable(size: Decimal, *, what: str) -> Decimal:
    """Raises UsageError for more than the paper exchange can count to the smallest part."""
    if size > _MOST:
        raise UsageError(f"{what} {size:f} is more than {_MOST:f}, the most at once")
    return size


def _wallet(account: str) -> str:
    return account.replace("_", "-")


def _place(account: str, coin: str) -> str:
    """An opening balance as it is typed."""
    return coin if account == "spot" else f"{_wallet(account)}:{coin}"


def _status(session: Session) -> dict[str, Any]:
    store = session.paper.store
    state = store.state()
    return {
        "now": str(milliseconds(session.paper.now())),
        "clock": state.clock.mode,
        "speed": plain(state.clock.speed),
        "seed": str(state.seed),
        "account": str(Kind.UNIFIED if state.unified else Kind.CLASSIC),
        "opening": {_place(*place): plain(size) for place, size in state.opening.items()},
        "file": str(store.path),
    }


def _done(session: Session) -> Done:
    return Done("done", "paper", response=_status(session), fields=STATUS)


def _lines(words: dict[str, str], client: OtherClient | None, *, unified: bool) -> Iterator[str]:
    """Settings as the program reads them, for the account there is: shell, Python or JavaScript."""
    key, secret, passphrase = words["BITGET_API_KEY"], words["BITGET_SECRET_KEY"], words["BITGET_PASSPHRASE"]
    url, version = words["BITGET_API_BASE_URL"], 3 if unified else 2
    streams = f"{words['BITGET_WS_BASE_URL']}/v{version}/ws"
    if client is OtherClient.CCXT:
        yield f"ex = ccxt.bitget({{'apiKey': '{key}', 'secret': '{secret}', 'password': '{passphrase}'}})"
        yield f"ex.urls['api'] = dict.fromkeys(ex.urls['api'], '{url}')"
        names = ("utaPublic", "utaPrivate") if unified else ("public", "private")
        yield f"ex.urls['api']['ws'] = {{'{names[0]}': '{streams}/public', '{names[1]}': '{streams}/private'}}"
        if unified:
            yield "ex.options['uta'] = True"
    elif client is OtherClient.BITGET_API:
        yield f"const keys = {{ apiKey: '{key}', apiSecret: '{secret}', apiPass: '{passphrase}' }}"
        yield f"new RestClientV{version}({{ ...keys, baseUrl: '{url}' }})"
        yield f"new WebsocketClientV{version}({{ ...keys, wsUrl: '{streams}/private' }})"
    else:
        shell = words if client is None else {name: word for name, word in words.items() if "_WS_" not in name}
        yield from (f"export {name}={word}" for name, word in shell.items())
