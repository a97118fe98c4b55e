"""`bitget profile`: where to trade, with which keys, and behind which guards."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bitget_cli.catalogue.model import Field, FieldKind
from bitget_cli.commands import offers
from bitget_cli.commands.command import Group
from bitget_cli.commands.options import ProductOpt, YesOpt
from bitget_cli.config.profiles import MARGIN_MODES, Env, Profile, Settings, check_removal, one_of
from bitget_cli.errors import CredentialsError, DeclinedError, UsageError
from bitget_cli.files import handed_in
from bitget_cli.results import Done, Record, Result, Rows
from bitget_cli.session import Session
from bitget_cli.values import FORMS, Product, amount, plain, product

if TYPE_CHECKING:
    from bitget_cli.keys import Key

_LONGEST = 64 * 1024


def typed_key(session: Session, *, stdin: bool) -> Key:
    """The key a person gives. UsageError where it could be seen or is not whole, CredentialsError for a bad part."""
    return _from_stdin(session) if stdin else _from_prompts(session)


def _from_stdin(session: Session) -> Key:
    from bitget_cli.config.credentials import key_from_text

    if session.console.stdin.isatty():
        raise UsageError(
            "--stdin on a terminal would show the secret as it is typed", hint="leave --stdin out to be asked for it"
        )
    return key_from_text(handed_in("-", stdin=session.console.stdin, limit=_LONGEST))


def _from_prompts(session: Session) -> Key:
    from bitget_cli.config.credentials import key_of

    if not session.console.is_attended:
        raise UsageError(
            "there is no terminal to ask for the keys on",
            hint="pipe key, secret and passphrase, a line each, and add --stdin",
        )
    key, secret, passphrase = (hidden(session, what) for what in ("API key", "Secret key", "Passphrase"))
    return key_of(key, secret, passphrase, source="typed", names=("the API key", "the secret key", "the passphrase"))


def hidden(session: Session, what: str) -> str:
    """What is typed at a terminal without being shown. Raises UsageError where it would be."""
    import getpass
    import warnings

    with warnings.catch_warnings():
        # getpass warns, and then shows what is typed, where it cannot turn the echo off.
        warnings.simplefilter("error", getpass.GetPassWarning)
        try:
            return getpass.getpass(f"{what} (hidden): ", stream=session.console.stderr)
        except getpass.GetPassWarning:
            raise UsageError("this terminal cannot hide what is typed", hint="pipe it in and add --stdin") from None
        except EOFError:
            raise DeclinedError("nothing was typed; nothing was changed") from None


group = Group("profile", "Where to trade and with which keys.")

NameArg = Annotated[str, typer.Argument(metavar="NAME", autocompletion=offers.profiles, help="The profile.")]
MaybeNameArg = Annotated[
    str | None,
    typer.Argument(
        metavar="[NAME]",
        autocompletion=offers.profiles,
        help="The profile; the one in force without it.",
        show_default=False,
    ),
]

LoosensOpt = Annotated[
    bool, typer.Option("--yes", "-y", help="Do not ask; what loosens a guard is asked all the same.")
]

SETTINGS = (
    Field("name", "Profile"),
    Field("default", "Default", FieldKind.FLAG),
    Field("env", "Environment"),
    Field("product", "Product"),
    Field("locked", "Read-only", FieldKind.FLAG),
    Field("allow_withdraw", "May withdraw", FieldKind.FLAG),
    Field("max_notional", "Largest order", FieldKind.NUMBER),
    Field("max_distance", "Farthest price %", FieldKind.NUMBER),
    Field("margin_mode", "Margin mode"),
    Field("output", "Output"),
)


class KeyEnv(StrEnum):
    """What a key is for. Bitget makes live and demo keys apart."""

    LIVE = "live"
    DEMO = "demo"


_ENVS: dict[KeyEnv | None, Env] = {KeyEnv.LIVE: "live", KeyEnv.DEMO: "demo"}


class Permission(StrEnum):
    """What a profile may be allowed."""

    WITHDRAW = "withdraw"


@group.command()
def add(
    session: Session,
    name: NameArg,
    env: Annotated[KeyEnv | None, typer.Option(help="What the key is for. [default: live]", show_default=False)] = None,
    product: ProductOpt = None,
    stdin: Annotated[bool, typer.Option("--stdin", help="Read the key from standard input.")] = False,
    yes: YesOpt = False,
) -> Result:
    """Make a profile and keep its API key in the system's keyring.

    Asks for key, secret and passphrase without showing them. With --stdin: three lines, or one JSON object with
    "key", "secret" and "passphrase", in which the secret may be an RSA private key in PEM text.

    Example: bitget profile add desk --env demo
    """
    from bitget_cli.config.credentials import Stored

    chosen = session.product(product) if product else None
    wanted = session.context.profiles.planned(name, env=_ENVS.get(env), product=chosen)
    if wanted.env == "paper":
        raise UsageError("paper needs no keys", hint=f"bitget -p {name} account balance")
    if session.context.keychain.holds(name) and not yes:
        _of(session, wanted).confirm(f"replace the keys of profile {name}")
    key = typed_key(session, stdin=stdin)
    profile = session.context.profiles.add(name, env=wanted.env, product=wanted.product)
    session.context.keychain.write(name, Stored(key, profile.env, None, session.clock.now()))
    session.say(f"see what the key may do: bitget profile check {name}")
    return _done(session, profile)


@group.command("list")
def list_(session: Session) -> Result:
    """The profiles there are.

    Example: bitget profile list
    """
    return Rows([_settings(session, profile) for profile in session.context.profiles.all()], SETTINGS)


@group.command()
def use(session: Session, name: NameArg, _yes: YesOpt = False) -> Result:
    """Make a profile the one in force when none is named.

    Example: bitget profile use paper
    """
    return _done(session, session.context.profiles.use(name))


@group.command()
def show(session: Session, name: MaybeNameArg = None) -> Result:
    """One profile's settings, and where its keys are.

    Example: bitget profile show live
    """
    there = _named(session, name)
    record = {**_settings(there, there.profile), "keys": _where_keys_are(there)}
    return Record(record, (*SETTINGS, Field("keys", "Keys")))


@group.command()
def remove(session: Session, name: NameArg, yes: YesOpt = False) -> Result:
    """Take a profile and its keys away; of live and demo the keys alone, their guards stay.

    Example: bitget profile remove desk
    """
    profile = session.context.profiles.get(name)
    if name == "paper":
        raise UsageError("paper stays, and has no keys", hint="start it afresh: bitget paper reset")
    check_removal(profile, default=session.context.profiles.default)
    if not yes:
        _of(session, profile).confirm(f"remove the keys of profile {name}")
    if profile.env != "paper":
        session.context.keychain.delete(name)
    return _done(session, session.context.profiles.remove(name))


@group.command()
def check(session: Session, name: MaybeNameArg = None) -> Result:
    """Ask Bitget about a profile's key: environment, account kind, permissions, bound addresses, clock offset.

    Example: bitget profile check live
    """
    from bitget_cli.application.queries import check_key

    with _named(session, name) as there:
        return check_key(there)


@group.command()
def lock(session: Session, name: MaybeNameArg = None, _yes: YesOpt = False) -> Result:
    """Let a profile only read: every command that changes something at the exchange is refused.

    Example: bitget profile lock live
    """
    return _done(session, session.context.profiles.change(_named(session, name).profile.name, locked=True))


@group.command()
def unlock(session: Session, name: MaybeNameArg = None, _yes: LoosensOpt = False) -> Result:
    """Let a profile trade again. Only at a terminal, and it asks.

    Example: bitget profile unlock live
    """
    there = _named(session, name)
    if there.profile.locked:
        _ask_a_person(there, f"let profile {there.profile.name} trade again")
    return _done(session, session.context.profiles.change(there.profile.name, locked=False))


@group.command()
def limit(
    session: Session,
    name: MaybeNameArg = None,
    max_notional: Annotated[
        str | None,
        typer.Option("--max-notional", metavar="N", help="Largest value of one order in its quote coin, or none."),
    ] = None,
    max_distance: Annotated[
        str | None,
        typer.Option(
            "--max-distance",
            metavar="PCT",
            help="Farthest limit price from the market in percent, or none (asks at 10).",
        ),
    ] = None,
    _yes: LoosensOpt = False,
) -> Result:
    """Limit one order: its value, and how far from the market its price may be.

    A looser limit, or none, only at a terminal, and it asks. A price farther off is asked for in writing, or needs
    --allow-far.

    Example: bitget profile limit live --max-notional 5000
    """
    if max_notional is None and max_distance is None:
        raise UsageError(
            "say what to limit: --max-notional or --max-distance", hint="bitget profile limit live --max-notional 5000"
        )
    limits: Settings = {}
    if max_notional is not None:
        limits["max_notional"] = _limit(max_notional, what="--max-notional")
    if max_distance is not None:
        limits["max_distance"] = _limit(max_distance, what="--max-distance")
    there = _named(session, name)
    loosened = _loosened(there.profile, limits)
    if loosened:
        _ask_a_person(there, " and ".join(loosened))
    return _done(session, session.context.profiles.change(there.profile.name, **limits))


@group.command("set")
def set_(
    session: Session,
    name: NameArg,
    settings: Annotated[
        list[str], typer.Argument(metavar="KEY=VALUE", help="product=spot margin-mode=isolated output=table; or none.")
    ],
    _yes: YesOpt = False,
) -> Result:
    """Say what a profile takes where nothing is typed: its product, its margin mode and its form of output.

    What is typed wins. The margin mode is that of `order buy`, `sell` and `batch` where no position is open; waiting
    orders take the market's own. `KEY=none` takes a setting away.

    Example: bitget profile set paper product=spot margin-mode=isolated output=table
    """
    profile = session.context.profiles.get(name)
    wanted: Settings = {}
    for setting in settings:
        wanted.update(_usual(setting))
    return _done(session, session.context.profiles.change(profile.name, **wanted))


def _usual(setting: str) -> Settings:
    """One KEY=VALUE as typed. Raises UsageError."""
    key, equals, value = setting.partition("=")
    match key.lower().replace("_", "-") if equals else "":
        case "product":
            return {"product": Product.USDT_FUTURES if value == "none" else product(value)}
        case "margin-mode":
            return {"margin_mode": None if value == "none" else one_of(MARGIN_MODES)(value)}
        case "output":
            return {"output": None if value == "none" else one_of(FORMS)(value)}
    raise UsageError(
        f"{setting} is not product=…, margin-mode=… or output=…", hint="bitget profile set paper product=spot"
    )


@group.command()
def allow(
    session: Session,
    what: Annotated[Permission, typer.Argument(help="What to allow.", show_default=False)],
    revoke: Annotated[bool, typer.Option("--revoke", help="Take the permission back.")] = False,
    _yes: LoosensOpt = False,
) -> Result:
    """Let the profile in force withdraw. Only at a terminal, and it asks.

    Example: bitget -p live profile allow withdraw
    """
    profile = session.profile
    if not revoke and not profile.allow_withdraw:
        _ask_a_person(session, f"let profile {profile.name} {what.value} coins to other addresses")
    return _done(session, session.context.profiles.change(profile.name, allow_withdraw=not revoke))


def _of(session: Session, profile: Profile) -> Session:
    """A session in which `profile` is in force, whether it is in the file yet or not."""
    there = session.reopened(session.shared._replace(profile=profile.name))
    there.context.profile = profile
    return there


def _named(session: Session, name: str | None) -> Session:
    """The session of the profile named, or this one."""
    return _of(session, session.context.profiles.get(name)) if name else session


def _settings(session: Session, profile: Profile) -> dict[str, Any]:
    return {
        "name": profile.name,
        "default": profile.name == session.context.profiles.default,
        "env": profile.env,
        "product": profile.product.value,
        "locked": profile.locked,
        "allow_withdraw": profile.allow_withdraw,
        "max_notional": None if profile.max_notional is None else plain(profile.max_notional),
        "max_distance": None if profile.max_distance is None else plain(profile.max_distance),
        "margin_mode": profile.margin_mode,
        "output": profile.output,
    }


def _done(session: Session, profile: Profile) -> Done:
    return Done("done", profile.env, response=_settings(session, profile))


def _ask_a_person(session: Session, what: str) -> None:
    """Loosening a guard is for a person at a terminal: no option answers for them."""
    if not session.console.is_attended:
        raise DeclinedError(
            f"to {what} takes a person at a terminal", hint="run it there; no option replaces the question"
        )
    session.confirm(f"{session.env.upper()}: {what}")


def _limit(text: str, *, what: str) -> Decimal | None:
    return None if text == "none" else amount(text, what=what)


def _loosened(profile: Profile, limits: Settings) -> list[str]:
    """What the new limits let through that was held back before, each as a phrase. No distance is one of 10 %."""
    from bitget_cli.trading.risk import FAR

    loosened = []
    if "max_notional" in limits:
        cap, before = limits["max_notional"], profile.max_notional
        if before is not None and (cap is None or cap > before):
            to = "none" if cap is None else plain(cap)
            loosened.append(f"raise the cap of profile {profile.name} to {to}")
    if "max_distance" in limits:
        reach = FAR if limits["max_distance"] is None else limits["max_distance"]
        if reach > (FAR if profile.max_distance is None else profile.max_distance):
            loosened.append(f"let profile {profile.name} price orders up to {plain(reach)} % from the market")
    return loosened


def _where_keys_are(session: Session) -> str:
    if session.env == "paper":
        return "not needed"
    try:
        return session.key.source
    except CredentialsError as error:
        return f"none: {error.message}"
