"""Sub-accounts of a unified account and their keys: how changes of them are spelt."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from bitget_cli.catalogue import find
from bitget_cli.client.rest.response import record
from bitget_cli.errors import UnavailableError, UsageError
from bitget_cli.trading.adapters.unified.changes import WALLET, change
from bitget_cli.trading.change import Change, Lookup
from bitget_cli.trading.subaccount import KeyTerms, MadeKey, Purse, Right, SubAccount, SubKey
from bitget_cli.values import plain

_NAME = re.compile(r"[a-z]{1,20}", re.ASCII)
_LINES = (Right.SPOT, Right.MARGIN, Right.FUTURES)
# What goes by these names is the one wallet of a unified account; the wire calls its funding wallet `spot`.
_UNIFIED_WALLETS = {**dict.fromkeys(("spot", "usdt-futures", "usdc-futures", "coin-futures"), WALLET)}
_UNIFIED_WALLETS |= {"funding": "spot", "p2p": "p2p"}
_CLASSIC_WALLETS = {name: name.replace("-", "_") for name in ("spot", "usdt-futures", "usdc-futures", "coin-futures")}
_CLASSIC_WALLETS |= {"crossed-margin": "crossed_margin"}


def create(name: str, *, note: str | None) -> Change:
    """Raises UsageError for a name that Bitget takes for none."""
    if not _NAME.fullmatch(name):
        raise UsageError(
            f"sub-account name {name!r} is not 1 to 20 small letters a to z, as Bitget wants it", hint="such as grid"
        )
    return change("v3.user.create-sub", {"username": name, "note": note}, f"make the sub-account {name}")


def modify(
    sub: SubAccount, *, rights: frozenset[Right] | None, frozen: bool | None, note: str | None, what: str
) -> list[Change]:
    """A call for each of the two that there are."""
    if rights is not None:
        raise UnavailableError(
            "a sub-account of a unified account has no rights of its own: its keys have",
            hint="bitget subaccount keys modify SUB KEY --permissions read",
        )
    changes = []
    if frozen is not None:
        given = {"subUid": sub.uid, "operation": "freeze" if frozen else "unfreeze"}
        changes.append(change("v3.user.freeze-sub", given, what))
    if note is not None:
        changes.append(change("v3.user.modify-sub", {"subUid": sub.uid, "note": note}, what))
    return changes


def transfer(coin: str, value: Decimal, *, source: Purse, target: Purse, pair: str | None) -> Change:
    """Nothing is ever borrowed for it."""
    if pair:
        raise UnavailableError("a unified account has no isolated margin wallet", hint="leave --symbol out")
    given = {
        "fromType": _wallet(source),
        "toType": _wallet(target),
        "amount": value,
        "coin": coin,
        "fromUserId": source.uid,
        "toUserId": target.uid,
    }
    what = f"move {plain(value)} {coin} from {source.name} ({source.wallet}) to {target.name} ({target.wallet})"
    return change("v3.account.sub-transfer", given, what)


def create_key(sub: SubAccount, terms: KeyTerms, *, what: str) -> Change:
    rights = _rights(terms.rights if terms.rights is not None else frozenset({Right.READ}))
    given = {
        "subUid": sub.uid,
        "note": terms.label,
        "passphrase": terms.passphrase,
        **rights,
        "ips": list(terms.addresses or ()),
    }
    made = change("v3.user.create-sub-api", given, what, remark=_remark(terms.rights))
    # The page calls the addresses required; no address is an empty list of them.
    return made._replace(row=made.row._replace(unchecked=True))


def modify_key(sub: SubAccount, key: SubKey, terms: KeyTerms, *, what: str) -> Change:
    """The label cannot be changed. The addresses are always said: an empty list clears them."""
    if terms.label != key.label:
        raise UnavailableError(
            "the label of a key cannot be changed: Bitget has no such call for it on a unified account",
            hint="leave --label out",
        )
    kept = {"type": key.writes, "permissions": list(key.rights)} if terms.rights is None else _rights(terms.rights)
    addresses = key.addresses if terms.addresses is None else terms.addresses
    given = {"apiKey": key.id, "passphrase": terms.passphrase, **kept, "ips": list(addresses)}
    remark = _remark(terms.rights) if terms.rights is not None else ""
    made = change("v3.user.update-sub-api", given, what, lookup=_keys_of(sub), remark=remark)
    # Words that Bitget told of the key go back to it, whether they are known here or not.
    return made._replace(row=made.row._replace(unchecked=True))


def remove_key(sub: SubAccount, key: SubKey) -> Change:
    what = f"remove the key {key.label or key.id} of {sub.name or sub.uid}"
    return change("v3.user.delete-sub-api", {"apiKey": key.id}, what, lookup=_keys_of(sub))


def made_key(response: Any) -> MadeKey | None:
    """The key in the answer that made it; None where the answer has none."""
    row = record(response)
    key, secret = row.get("apiKey"), row.get("secret")
    return MadeKey(str(key), str(secret)) if key and secret else None


def _keys_of(sub: SubAccount) -> Lookup:
    """The request names no sub-account, and its keys are listed for one."""
    return Lookup(lists=((find("v3.user.sub-api-list"), {"subUid": sub.uid}),))


def _rights(rights: frozenset[Right]) -> dict[str, Any]:
    """The scopes of a key, and its one type for all of them: management holds transfers, and what is read besides."""
    if Right.WITHDRAW in rights or not rights:
        raise UnavailableError(
            "a key of a unified account's sub-account cannot be made "
            + ("to withdraw" if rights else "without any right"),
            hint="--permissions read is the least",
        )
    if any(line in rights for line in _LINES) and not rights >= set(_LINES):
        raise UnavailableError(
            "the right to trade is one for spot, margin and futures on a unified account",
            hint="--permissions trade",
        )
    trades, moves = bool(rights & {Right.TRADE, *_LINES}), Right.TRANSFER in rights
    if not (trades or moves):
        return {"type": "read_only", "permissions": ["uta_mgt", "uta_trade"]}
    scopes = [scope for scope, wanted in (("uta_mgt", moves), ("uta_trade", trades)) if wanted]
    return {"type": "read_write", "permissions": scopes}


def _remark(rights: frozenset[Right] | None) -> str:
    moves = rights is not None and Right.TRANSFER in rights
    if not rights or moves or rights == {Right.READ}:
        return ""
    return (
        "on a unified account balances are read with the right to manage, which moves money too: a key to trade alone"
        " does not read them; --permissions trade,transfer would"
    )


def _wallet(purse: Purse) -> str:
    """A classic sub-account keeps its own wallets under a unified main account."""
    wallets = _CLASSIC_WALLETS if purse.unified is False else _UNIFIED_WALLETS
    found = wallets.get(purse.wallet)
    if found is None or (found == "p2p" and purse.name != "main"):
        kind = "classic" if purse.unified is False else "unified"
        raise UnavailableError(
            f"{purse.name} is a {kind} account and has no {purse.wallet} wallet for this",
            hint=f"it has {', '.join(wallets)}",
        )
    return found
