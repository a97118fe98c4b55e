"""Sub-accounts of a classic account and their keys: how changes of them are spelt."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, NoReturn

from bitget_cli.client.rest.response import record
from bitget_cli.errors import UnavailableError, UsageError
from bitget_cli.trading.adapters.classic.changes import change
from bitget_cli.trading.change import Change
from bitget_cli.trading.subaccount import KeyTerms, MadeKey, Purse, Right, SubAccount, SubKey
from bitget_cli.values import plain

# Globally unique, says the page.
_NAME = re.compile(r"[A-Za-z]{8}", re.ASCII)
_LONGEST_LABEL = 20
_WORDS = {
    Right.READ: ("read",),
    Right.SPOT: ("spot_trade",),
    Right.MARGIN: ("margin_trade",),
    Right.FUTURES: ("contract_trade",),
    Right.TRADE: ("spot_trade", "margin_trade", "contract_trade"),
    Right.TRANSFER: ("transfer",),
}
# What a sub-account itself may do.
_OF_ACCOUNTS = ("spot_trade", "contract_trade", "read")


def create(name: str, *, note: str | None) -> Change:
    """Raises UsageError for a name that Bitget takes for none."""
    if not _NAME.fullmatch(name):
        raise UsageError(
            f"sub-account name {name!r} is not exactly 8 letters A to Z, as Bitget wants it", hint="such as gridbots"
        )
    if note:
        raise UnavailableError("a sub-account of a classic account has no note", hint="leave --note out")
    return change("user.create-virtual-subaccount", {"subAccountList": [name]}, f"make the sub-account {name}")


def modify(
    sub: SubAccount, *, rights: frozenset[Right] | None, frozen: bool | None, note: str | None, what: str
) -> list[Change]:
    """One call, which takes rights and state together: what is not said stays as it is."""
    if note is not None:
        raise UnavailableError("a sub-account of a classic account has no note", hint="leave --note out")
    words = list(sub.rights or ()) if rights is None else _words(rights, "a sub-account", _OF_ACCOUNTS)
    if not words:
        raise UsageError(
            f"{sub.name or sub.uid} would have no right at all, which Bitget does not take",
            hint="--freeze stops it; --permissions read is the least",
        )
    status = "freeze" if (sub.frozen if frozen is None else frozen) else "normal"
    given = {"subAccountUid": sub.uid, "permList": words, "status": status}
    return [change("user.modify-virtual-subaccount", given, what)]


def transfer(coin: str, value: Decimal, *, source: Purse, target: Purse, pair: str | None) -> Change:
    given = {
        "fromType": _wallet(source),
        "toType": _wallet(target),
        "amount": value,
        "coin": coin,
        "symbol": pair,
        "fromUserId": source.uid,
        "toUserId": target.uid,
    }
    what = f"move {plain(value)} {coin} from {source.name} ({source.wallet}) to {target.name} ({target.wallet})"
    return change("spot.wallet.subaccount-transfer", given, what)


def create_key(sub: SubAccount, terms: KeyTerms, *, what: str) -> Change:
    return change("user.create-virtual-subaccount-apikey", _terms(sub, terms), what)


def modify_key(sub: SubAccount, key: SubKey, terms: KeyTerms, *, what: str) -> Change:
    """The addresses are always said: left out, the key is bound to none."""
    kept = terms._replace(addresses=key.addresses if terms.addresses is None else terms.addresses)
    given = _terms(sub, kept) | {"subAccountApiKey": key.id}
    return change("user.modify-virtual-subaccount-apikey", given, what)


def remove_key(sub: SubAccount, key: SubKey) -> NoReturn:
    del sub
    raise UnavailableError(
        "a key of a classic account's sub-account cannot be removed: Bitget has no such call for it",
        hint=f"bitget subaccount keys modify SUB {key.label or 'KEY'} --permissions none takes its rights away;"
        " it is removed on Bitget's page of API keys",
    )


def made_key(response: Any) -> MadeKey | None:
    """The key in the answer that made it; None where the answer has none."""
    row = record(response)
    key, secret = row.get("subAccountApiKey"), row.get("secretKey")
    return MadeKey(str(key), str(secret)) if key and secret else None


def _terms(sub: SubAccount, terms: KeyTerms) -> dict[str, Any]:
    if not 1 <= len(terms.label) <= _LONGEST_LABEL:
        raise UsageError(
            f"label {terms.label!r} is not 1 to {_LONGEST_LABEL} characters, which Bitget takes", hint="add --label L"
        )
    given: dict[str, Any] = {"subAccountUid": sub.uid, "passphrase": terms.passphrase, "label": terms.label}
    if terms.addresses is not None:
        given["ipList"] = list(terms.addresses)
    if terms.rights is not None:
        given["permList"] = _words(terms.rights, "a key of a sub-account", None)
    return given


def _words(rights: Iterable[Right], whose: str, allowed: tuple[str, ...] | None) -> list[str]:
    """The rights in Bitget's words. `trade` is whatever of it there is."""
    found: list[str] = []
    for right in sorted(rights):
        words = [word for word in _WORDS.get(right, ()) if allowed is None or word in allowed]
        if not words:
            there = [one.value for one, known in _WORDS.items() if allowed is None or set(known) & set(allowed)]
            raise UnavailableError(
                f"{whose} of a classic account cannot have the right to {right.value}",
                hint=f"it can have {', '.join(there)}",
            )
        found += words
    return list(dict.fromkeys(found))


def _wallet(purse: Purse) -> str:
    return "p2p" if purse.wallet == "funding" else purse.wallet.replace("-", "_")
