"""Sub-accounts and their keys, whatever the kind of the account they belong to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any, NamedTuple

from bitget_cli.errors import UsageError

Row = Mapping[str, Any]


class Right(StrEnum):
    """What a key may be made for. `trade` is spot, margin and futures together."""

    READ = "read"
    TRADE = "trade"
    SPOT = "spot"
    MARGIN = "margin"
    FUTURES = "futures"
    TRANSFER = "transfer"
    WITHDRAW = "withdraw"


# Bitget's words for them.
_BITGETS_WORDS = {"spot_trade": Right.SPOT, "margin_trade": Right.MARGIN, "contract_trade": Right.FUTURES}
_BITGETS_WORDS |= {"uta_trade": Right.TRADE}
_PASSPHRASE = re.compile(r"[0-9A-Za-z]{8,32}", re.ASCII)
# The most that one key is bound to.
_ADDRESSES = 30


class SubAccount(NamedTuple):
    """One sub-account. `rights` are the exchange's own words, None where they are not told; `unified` is None where
    its kind is not."""

    uid: str
    name: str = ""
    frozen: bool = False
    rights: tuple[str, ...] | None = None
    unified: bool | None = None


class SubKey(NamedTuple):
    """One key of a sub-account; `rights` and `writes` (whether it may change something) in the exchange's own words."""

    id: str
    label: str
    rights: tuple[str, ...]
    addresses: tuple[str, ...]
    writes: str = ""


class KeyTerms(NamedTuple):
    """What a key is to be: `rights` None leaves those that it has, and so does `addresses`."""

    label: str
    passphrase: str
    rights: frozenset[Right] | None = None
    addresses: tuple[str, ...] | None = None


class MadeKey(NamedTuple):
    """What an answer tells of a key that was made, and nobody ever hears again."""

    id: str
    secret: str


class Purse(NamedTuple):
    """One end of a transfer: a wallet of the main account or of a sub-account. `name` is for people.

    `unified` is the kind of that very account, None where it is not told.
    """

    uid: str
    wallet: str
    name: str
    unified: bool | None = None


def rights(text: str) -> frozenset[Right]:
    """What was typed as `read,trade`; `none` is no right at all. Raises UsageError for a word that is none."""
    if text.strip().lower() == "none":
        return frozenset()
    found = set()
    for word in (part.strip().lower() for part in text.split(",")):
        known = _BITGETS_WORDS.get(word) or (Right(word) if word in tuple(Right) else None)
        if known is None:
            raise UsageError(f"{word!r} is not one of {', '.join(Right)}", hint="such as --permissions read,trade")
        found.add(known)
    return frozenset(found)


def checked_passphrase(text: str) -> str:
    """The passphrase of a key. Raises UsageError, which does not repeat it, for one that Bitget refuses."""
    if not _PASSPHRASE.fullmatch(text):
        raise UsageError("the passphrase of a key is 8 to 32 letters and digits")
    return text


def checked_addresses(texts: Iterable[str]) -> tuple[str, ...]:
    """The addresses a key is bound to, each once. Raises UsageError for one that is none, and for too many."""
    from ipaddress import AddressValueError, IPv4Address

    found = tuple(dict.fromkeys(text.strip() for text in texts))
    for one in found:
        try:
            IPv4Address(one)
        except AddressValueError:
            raise UsageError(f"{one!r} is not an IPv4 address", hint="such as --ip 203.0.113.7") from None
    if len(found) > _ADDRESSES:
        raise UsageError(f"{len(found)} addresses are more than the {_ADDRESSES} that a key can be bound to")
    return found
