"""Sub-accounts: found by name, made, frozen, given keys, and money moved between them.

The secret of a key that is made goes into the keyring and nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from bitget_cli.application import changes
from bitget_cli.errors import BitgetError, CredentialsError, PartialError, UnavailableError, UnknownError, UsageError
from bitget_cli.results import Done, Result
from bitget_cli.session import Session
from bitget_cli.trading.change import MASK, masked
from bitget_cli.trading.subaccount import KeyTerms, Purse, Right, SubAccount, SubKey, checked_passphrase
from bitget_cli.values import is_whole

if TYPE_CHECKING:
    from bitget_cli.config.new_profile import NewProfile
    from bitget_cli.trading.change import Change

MAIN = "main"


def find(session: Session, text: str) -> SubAccount:
    """The sub-account of this user id or name. A user id is taken as it is. Raises UsageError for an unknown name."""
    return SubAccount(text) if is_whole(text) else _listed(session, text)


def _listed(session: Session, text: str) -> SubAccount:
    there = session.adapter.subaccounts_there()
    found = [sub for sub in there if text in (sub.uid, sub.name)]
    if not found:
        names = ", ".join(sub.name or sub.uid for sub in there[:10]) or "none yet"
        raise UsageError(f"there is no sub-account {text!r}", hint=f"there is {names}")
    return found[0]


def create(session: Session, name: str, *, note: str | None, yes: bool, dry_run: bool) -> Result:
    change = session.adapter.subaccounts.create(name, note=note)
    if not dry_run and any(sub.name == name for sub in session.adapter.subaccounts_there()):
        raise UsageError(f"there is a sub-account {name} already", hint="bitget subaccount list")
    return changes.carry_out(session, change, yes=yes, dry_run=dry_run)


def modify(
    session: Session,
    text: str,
    *,
    rights: frozenset[Right] | None,
    frozen: bool | None,
    note: str | None,
    yes: bool,
    dry_run: bool,
) -> Result:
    if rights is None and frozen is None and note is None:
        raise UsageError("say what to change: --freeze, --unfreeze, --permissions or --note")
    sub = _listed(session, text)
    parts = [] if frozen is None else ["freeze" if frozen else "unfreeze"]
    parts += [] if rights is None else [f"give the rights {_told(rights)} to"]
    parts += [] if note is None else ["note something on"]
    what = f"{' and '.join(parts)} the sub-account {sub.name or sub.uid}"
    planned = session.adapter.subaccounts.modify(sub, rights=rights, frozen=frozen, note=note, what=what)
    return changes.carry_out_all(session, planned, yes=yes, dry_run=dry_run, depending=True)


class TransferEnd(NamedTuple):
    """One end of a transfer as typed: `main`, or a sub-account, and a wallet of it."""

    who: str
    wallet: str


def transfer(
    session: Session,
    coin: str,
    value: Decimal,
    source: TransferEnd,
    target: TransferEnd,
    *,
    pair: str | None,
    yes: bool,
    dry_run: bool,
) -> Result:
    """Raises UsageError where both ends are of one account."""
    ends = [_purse(session, end) for end in (source, target)]
    if ends[0].uid == ends[1].uid:
        raise UsageError(
            f"--from and --to are both {source.who}",
            hint="between wallets of one account: bitget account transfer, with that account's key",
        )
    change = session.adapter.subaccounts.transfer(coin, value, source=ends[0], target=ends[1], pair=pair)
    return changes.carry_out(session, change, yes=yes, dry_run=dry_run)


def _purse(session: Session, end: TransferEnd) -> Purse:
    if end.who.lower() == MAIN:
        return Purse(session.adapter.user_id(), end.wallet, MAIN)
    sub = find(session, end.who)
    if not sub.name:
        # Its kind decides what its wallets are called; one that is not listed is taken for one of the main account's.
        sub = next((one for one in session.adapter.subaccounts_there() if one.uid == sub.uid), sub)
    return Purse(sub.uid, end.wallet, sub.name or sub.uid, sub.unified)


# Keys.


class KeyWish(NamedTuple):
    """What was typed of a key. `passphrase` asks for one, or None for one that is made up."""

    label: str | None = None
    rights: frozenset[Right] | None = None
    addresses: tuple[str, ...] | None = None
    passphrase: Callable[[], str] | None = None


def create_key(
    session: Session, who: str, name: str, wish: KeyWish, *, shows: bool, yes: bool, dry_run: bool
) -> Result:
    """Make a key and keep it under a new profile `name`. Its secret is told nobody else, unless it `shows`.

    Where the keyring or the configuration refuses, nothing is made. Where the secret was never heard, that is told.
    """
    if session.env == "paper":
        raise UnavailableError("the paper exchange makes no keys: it takes anybody's", hint="try it with -p demo")
    label, rights = wish.label or name, frozenset({Right.READ}) if wish.rights is None else wish.rights
    sub, new = find(session, who), session.new_profile(name)
    what = f"make a key {label} of {sub.name or sub.uid} with the rights {_told(rights)}, kept as profile {name}"
    _check_withdrawing(session, rights, what)
    terms = KeyTerms(label, MASK, rights, wish.addresses)
    if dry_run:
        return changes.carry_out(
            session, session.adapter.subaccounts.create_key(sub, terms, what=what), yes=yes, dry_run=True
        )
    new.check()
    _ = session.adapter.subaccounts.create_key(sub, terms, what=what)  # what is wrong with it is told before
    if any(key.label == label for key in session.adapter.keys_of(sub)):
        raise UsageError(f"{sub.name or sub.uid} has a key {label} already", hint="choose another one: --label L")
    passphrase = checked_passphrase(wish.passphrase() if wish.passphrase else _made_up())
    session.hide(passphrase)
    terms = terms._replace(passphrase=passphrase)
    change = session.adapter.subaccounts.create_key(sub, terms, what=what)
    changes.agree(session, change, yes=yes)
    return _made(session, change, new, passphrase, sub, shows=shows, yes=yes)


def _made(
    session: Session, change: Change, new: NewProfile, passphrase: str, sub: SubAccount, *, shows: bool, yes: bool
) -> Done:
    new.open()
    kept = False
    try:
        outcome = session.execution.attempt(change, unattended=yes)
        made = None if outcome.error else session.adapter.subaccounts.made_key(outcome.response)
        failure: BitgetError | None = None
        if made:
            session.hide(made.secret)
            failure = _kept(session, new, made.id, made.secret, passphrase)
            kept = failure is None
        elif not outcome.error:
            failure = _never_heard(change, sub)
    finally:
        if not kept:
            with suppress(BitgetError):
                new.undo()
    if isinstance(outcome.error, UnknownError):
        outcome.error.message += "; if it was, nobody has the secret of the key"
    told = changes.done(session, outcome, symbol=None)
    whole = {"profile": new.name if kept else None, **(outcome.response or {})}
    response = {**whole, "passphrase": passphrase} if shows and made else masked(whole)
    return told._replace(response=response, failure=failure)


def _kept(session: Session, new: NewProfile, key: str, secret: str, passphrase: str) -> BitgetError | None:
    """Puts a key into the keyring; the failure where it is not in there then."""
    lost = (
        "the key was made, and the keyring did not take its secret, which nobody tells again: take its rights away"
        " with `bitget subaccount keys remove` or `keys modify … --permissions none`, and make another"
    )
    try:
        new.keep(key, secret, passphrase, now=session.clock.now())
    except CredentialsError as refused:
        return CredentialsError(f"{refused.message}; {lost}", hint=refused.hint)
    except BaseException:
        session.say(lost)
        raise
    session.say(f"kept as profile {new.name}; see what the key may do: bitget profile check {new.name}")
    return None


def _never_heard(change: Change, sub: SubAccount) -> PartialError:
    who = sub.name or sub.uid
    return PartialError(
        f"{change.what}: the key is there, and its secret never arrived, which nobody tells again; no profile was made",
        hint=f"bitget subaccount keys list {who} shows it; take it away with `keys remove`, or where there is no such"
        " call its rights with `keys modify … --permissions none`, and make another",
    )


def modify_key(session: Session, who: str, named: str, wish: KeyWish, *, yes: bool, dry_run: bool) -> Result:
    """Give a key other rights, addresses or another label. `wish.passphrase` asks for it where no profile has it."""
    if wish.label is None and wish.rights is None and wish.addresses is None:
        raise UsageError("say what to change: --permissions, --ip, --any-ip or --label")
    sub = find(session, who)
    _check_withdrawing(session, wish.rights or frozenset(), f"let the key {named} withdraw")
    key = _key(session, sub, named)
    passphrase = MASK if dry_run else _passphrase_of(session, key, named, wish)
    session.hide(passphrase)
    terms = KeyTerms(wish.label or key.label, passphrase, wish.rights, wish.addresses)
    parts = [] if wish.rights is None else [f"rights {_told(wish.rights)}"]
    parts += [] if wish.addresses is None else [f"addresses {', '.join(wish.addresses) or 'any'}"]
    parts += [] if wish.label is None else [f"label {wish.label}"]
    what = f"give the key {key.label or key.id} of {sub.name or sub.uid} the {' and the '.join(parts)}"
    change = session.adapter.subaccounts.modify_key(sub, key, terms, what=what)
    told = changes.carry_out(session, change, yes=yes, dry_run=dry_run)
    return told._replace(response=masked(told.response)) if isinstance(told, Done) else told


def remove_key(session: Session, who: str, named: str, *, yes: bool, dry_run: bool) -> Result:
    sub = find(session, who)
    key = _key(session, sub, named)
    told = changes.carry_out(session, session.adapter.subaccounts.remove_key(sub, key), yes=yes, dry_run=dry_run)
    if not dry_run and (holder := _holder(session, key, named)):
        session.say(f"profile {holder} still holds it: bitget profile remove {holder}")
    return told


def _key(session: Session, sub: SubAccount, named: str) -> SubKey:
    """The key of this id or label. Raises UsageError where there is none, or two have the label."""
    there = session.adapter.keys_of(sub)
    found = [key for key in there if named in (key.id, key.label)]
    if len(found) == 1:
        return found[0]
    labels = ", ".join(key.label or key.id for key in there) or "none"
    why = f"has no key {named}" if not found else f"has {len(found)} keys {named}"
    raise UsageError(f"{sub.name or sub.uid} {why}", hint=f"name one by its id; there is {labels}")


def _passphrase_of(session: Session, key: SubKey, named: str, wish: KeyWish) -> str:
    for name in _possible_profiles(key, named):
        if kept := session.new_profile(name).passphrase_of(key.id):
            return kept
    if wish.passphrase is None:
        raise UsageError("the passphrase of the key is needed, and no profile of its name has it")
    return checked_passphrase(wish.passphrase())


def _holder(session: Session, key: SubKey, named: str) -> str | None:
    names = _possible_profiles(key, named)
    return next((name for name in names if session.new_profile(name).passphrase_of(key.id)), None)


def _possible_profiles(key: SubKey, named: str) -> Sequence[str]:
    """A key is labelled like the profile that it was made for, unless somebody said otherwise."""
    return list(dict.fromkeys(name for name in (key.label, named) if name and name != key.id))


def _check_withdrawing(session: Session, rights: frozenset[Right], what: str) -> None:
    """A key that may withdraw is behind the guard of a withdrawal. Raises DeclinedError."""
    if Right.WITHDRAW in rights:
        session.allow_change(what, yes=True, withdraws=True)


def _told(rights: frozenset[Right]) -> str:
    return ", ".join(right.value for right in Right if right in rights) or "none"


def _made_up() -> str:
    """24 letters and digits, which nobody has to remember."""
    import secrets
    import string

    letters = string.ascii_letters + string.digits
    return "".join(secrets.choice(letters) for _ in range(24))
