"""Which kind of account a key has, classic (v2) or unified (v3): asked of Bitget once a day, and kept meanwhile.

It is a property of the account at this moment, since Bitget moves accounts under the same key; so it is never in the
configuration. A key's file is named after its fingerprint and where it is used.
"""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Any

from bitget_cli.catalogue.model import Effect, Endpoint
from bitget_cli.client.rest.auth import fingerprint
from bitget_cli.client.rest.errors import Fault, from_fault
from bitget_cli.client.rest.response import record
from bitget_cli.errors import BitgetError, ConfigError, CredentialsError, UnavailableError
from bitget_cli.files import read, write
from bitget_cli.trading.model import Kind
from bitget_cli.values import from_milliseconds, milliseconds

if TYPE_CHECKING:
    from collections.abc import Callable

    from bitget_cli.client.rest.client import Client
    from bitget_cli.keys import Key

_KEPT = timedelta(days=1)
# Longer than a command; a program may run for longer than an account stays what it is.
_AGAIN = timedelta(minutes=1)
_LARGEST = 1000
# What a classic account is answered by the v3 API.
_CLASSIC = frozenset({"40084", "25245"})
# What a call for one kind is answered by an account of the other.
OTHER_KIND = _CLASSIC | {"40085"}
# The key lacks a permission, which is looked at behind the gate.
_BEHIND_THE_GATE = "40014"
# Where the account stands between the two kinds.
_MOVING = frozenset({"upgrading", "switching"})
# Where a unified account does what the rows of these names do on a classic one.
_TWINS = {
    "account.": "v3.account",
    "common.": "v3.account",
    "convert.": "v3.convert",
    "mix.account.": "v3.account",
    "mix.order.": "v3.trade",
    "mix.position.": "v3.position",
    "spot.account.": "v3.account",
    "spot.trade.": "v3.trade",
    "spot.wallet.": "v3.account",
    "tax.": "v3.tax",
}


def speaks_to_classic(twin: str) -> UnavailableError:
    """For what a unified account cannot be asked for or told to do here; `twin` is where its own rows are."""
    return UnavailableError(
        "this is a unified account, and the command speaks to classic ones: nothing was sent",
        hint=f"bitget api calls the rows of unified accounts: bitget api list {twin};"
        " if it was turned back into a classic one: bitget profile check",
    )


class AccountKind:
    """The kind of the account behind one key at one exchange, known on first use; several threads may ask at once.

    `place` names the environment and address that the key is used for. `told` tells the kind where Bitget needs no
    asking.
    """

    def __init__(
        self,
        client: Callable[[], Client],
        folder: Path,
        *,
        place: str,
        key: Callable[[], Key],
        now: Callable[[], datetime],
        told: Callable[[], Kind] | None = None,
    ) -> None:
        self._client = client
        self._folder = folder
        self._place = place
        self._key = key
        self._now = now
        self._told = told
        self._known: Kind | None = None
        self._asked_again: datetime | None = None
        self._lock = RLock()

    def known(self) -> Kind:
        """The kind, kept or asked for. Raises what asking raises where the answer says neither of the two."""
        with self._lock:
            kind = self._known or (self._told() if self._told else self._kept())
            if kind is None:
                kind = self._asked()
                self.keep(kind)
            self._known = kind
            return kind

    def keep(self, kind: Kind) -> None:
        """Remember what the exchange said; where nothing can be written, for this command."""
        self._known = kind
        if self._told:
            return
        told = {"kind": kind.value, "asked": str(milliseconds(self._now()))}
        with suppress(ConfigError):
            write(self._path, json.dumps(told).encode())

    def forget(self) -> None:
        """It is asked for anew: once a minute, so that two answers that contradict each other end the command."""
        with self._lock:
            now = self._now()
            if self._asked_again and timedelta() <= now - self._asked_again < _AGAIN:
                return
            self._asked_again, self._known = now, None
            if self._told:
                return
            with suppress(OSError):
                self._path.unlink()

    def refused_with(self, code: str) -> None:
        """What was kept is forgotten where a refusal says otherwise."""
        if code in OTHER_KIND and (Kind.CLASSIC if code in _CLASSIC else Kind.UNIFIED) is not (
            self._known or self._kept()
        ):
            self.forget()

    def speaks(self, row: Endpoint) -> bool:
        """Whether a private row is one of the account's kind. Raises what asking raises."""
        return row.path.startswith("/api/v3/") is (self.known() is Kind.UNIFIED)

    def admit(self, row: Endpoint) -> None:
        """Raises UnavailableError for a private row of classic accounts where the account is a unified one.

        What a person calls through `bitget api` goes as it stands, and is answered by the exchange.
        """
        if row.signed and row.path.startswith("/api/v2/") and not (row.lenient or row.unchecked):
            self.require_classic(row.name)

    def require_classic(self, name: str) -> None:
        if self.known() is Kind.CLASSIC:
            return
        twin = next((where for start, where in _TWINS.items() if name.startswith(start)), "v3")
        raise speaks_to_classic(twin)

    def check_stands(self, row: Endpoint) -> None:
        """Raises UnavailableError for a change while Bitget is moving a unified account to the other kind."""
        if row.effect is Effect.READ or not row.path.startswith("/api/v3/"):
            return
        from bitget_cli.catalogue.v3.account import SETTINGS

        try:
            mode = record(self._client().call(SETTINGS)).get("accountMode")
        except CredentialsError as refused:
            if refused.code != _BEHIND_THE_GATE:
                raise
            return  # the key may not read it
        except UnavailableError as refused:
            self.refused_with(refused.code or "")
            if self.known() is Kind.UNIFIED:
                raise
            return  # a classic one again, which the change is spelt anew for
        if mode in _MOVING:
            raise UnavailableError(
                f"Bitget is moving this account to the other kind ({mode}); nothing was sent",
                hint="wait until it is done; bitget api v3.account.settings shows accountMode",
            )

    def _asked(self) -> Kind:
        from bitget_cli.catalogue.v3.account import UNIFIED_ACCOUNT_INFO

        client = self._client()
        try:
            told = record(client.call(UNIFIED_ACCOUNT_INFO))
        except BitgetError as refused:
            if refused.code in _CLASSIC:
                return Kind.CLASSIC
            if refused.code != _BEHIND_THE_GATE:
                raise
            return Kind.UNIFIED
        # What names nobody tells nothing: kept as unified, it would stand in the way of every close for a day.
        if not (told.get("userId") or told.get("uid")):
            raise from_fault(Fault.MALFORMED, host=client.host, detail="no user id").error(UNIFIED_ACCOUNT_INFO)
        return Kind.UNIFIED

    def _kept(self) -> Kind | None:
        """What was kept less than a day ago; None where there is nothing, or nothing that can be read."""
        with suppress(ConfigError, ValueError, KeyError, TypeError, OverflowError):
            content = read(self._path, limit=_LARGEST)
            told: Any = json.loads(content) if content else {}
            kind, asked = Kind(told["kind"]), from_milliseconds(told["asked"])
            if timedelta() <= self._now() - asked < _KEPT:
                return kind
        return None

    @property
    def _path(self) -> Path:
        return self._folder / f"{fingerprint(self._key())}-{self._place}.json"
