"""`bitget setup`: a first start by questions. Each answer is whole by itself: leaving in between harms nothing."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath

from bitget_cli.commands import completion as completion_command
from bitget_cli.commands import profile as profile_command
from bitget_cli.commands.command import Alone
from bitget_cli.commands.completion import Shell
from bitget_cli.commands.profile import KeyEnv
from bitget_cli.errors import BitgetError, DeclinedError, UsageError
from bitget_cli.results import Record, Result
from bitget_cli.session import Session
from bitget_cli.values import Product

_PAPER = "paper"
_TRIES = 3


def setup(session: Session) -> Result:
    """A first start by questions: paper now, or keys into the keyring; your usual product; completion.

    Ctrl-C leaves at any question; what was answered before stays, and all of it can be changed: see `bitget profile`.

    Example: bitget setup
    """
    if not session.console.is_attended:
        raise UsageError(
            "setup asks questions, and there is no terminal to ask on",
            hint="bitget profile add NAME --stdin takes keys from a pipe; -p paper needs none",
        )
    session.say("A few questions; Enter takes what stands in brackets, Ctrl-C leaves.")
    env = _chosen(session, "Where to begin: paper (no keys, no money), demo or live?", (_PAPER, *KeyEnv), usual=_PAPER)
    name = _PAPER if env == _PAPER else _with_keys(session, KeyEnv(env))
    profiles = session.context.profiles
    own = profiles.get(name).product
    wanted = Product(_chosen(session, "What do you trade mostly?", tuple(Product), usual=own))
    if wanted is not own:
        profiles.change(name, product=wanted)
    if profiles.default != name and _agreed(session, f"Trade with profile {name} where none is named?"):
        profiles.use(name)
    _offer_completion(session)
    session.say(_next(name, is_default=profiles.default == name))
    return profile_command.show(session, name)


def _chosen(session: Session, question: str, words: Sequence[str], *, usual: str) -> str:
    """One of the words, or the beginning of it. Raises DeclinedError after three that are none."""
    for _ in range(_TRIES):
        typed = session.console.ask_for(f"{question}\n  {' '.join(words)} [{usual}] ", has_default=True).lower()
        meant = [word for word in words if word == typed] or [word for word in words if word.startswith(typed)]
        if not typed or len(meant) == 1:
            return meant[0] if typed else usual
        session.say(f"{typed!r} is not one of {', '.join(words)}")
    raise DeclinedError("none of the answers was one of those; begin again with bitget setup")


def _agreed(session: Session, question: str) -> bool:
    return session.console.ask_for(f"{question} [Y/n] ", has_default=True).lower() in ("", "y", "yes")


def _with_keys(session: Session, env: KeyEnv) -> str:
    """The profile with keys that were typed, and looked at by Bitget."""
    name = _named(session, env)
    profile_command.add(session, name, env)
    try:
        told = profile_command.check(session, name)
    except BitgetError as failure:
        session.say(f"the key could not be checked: {failure.message}" + f"\nhint: {failure.hint}" * bool(failure.hint))
        if not _agreed(session, "Keep it all the same?"):
            session.context.keychain.delete(name)
            raise DeclinedError(f"the keys of profile {name} were taken away again", hint="bitget setup") from None
        return name
    if isinstance(told, Record):
        session.say(f"the key works: {told.value['env']}, a {told.value['account_kind']} account")
    return name


def _named(session: Session, env: KeyEnv) -> str:
    for _ in range(_TRIES):
        name = session.console.ask_for(f"A name for the profile? [{env}] ", has_default=True) or env.value
        try:
            session.context.profiles.planned(name, env=env.value)
        except UsageError as mistake:
            session.say(mistake.message)
            continue
        return name
    raise DeclinedError("none of the names can name such a profile; begin again with bitget setup")


def _offer_completion(session: Session) -> None:
    shell = PurePath(session.environment.environ.get("SHELL", "")).name
    if shell not in tuple(Shell) or not _agreed(session, f"Let {shell} complete commands, symbols and orders?"):
        return
    try:
        completion_command.completion(session, Shell(shell), install=True)
    except BitgetError as failure:
        session.say(f"not installed: {failure.message}")


def _next(name: str, *, is_default: bool) -> str:
    option = "" if is_default else f" -p {name}"
    return f"Ready. Next: bitget{option} market ticker BTCUSDT, bitget help order buy, bitget{option} doctor"


group = Alone("setup", setup)
