"""What an alert may do, and doing it: the markets it is let into, its secret and time, and the order it becomes."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from bitget_cli.application import changes, positions
from bitget_cli.application.alerts.alerts import LARGEST, SECRET, Action, Alert, AlertMap, meant, read_market
from bitget_cli.application.orders import open_orders, orders, tags
from bitget_cli.errors import CredentialsError, DeclinedError, UsageError
from bitget_cli.results import Result
from bitget_cli.session import Session
from bitget_cli.trading.model import Direction
from bitget_cli.values import Symbol

# How old an alert may be, or how far ahead of this machine's clock.
FRESH = timedelta(seconds=60)


class AlertTerms(NamedTuple):
    """What is taken: `allowed` markets, None for every one; `close_all` only where it is said."""

    map: AlertMap
    allowed: frozenset[Symbol] | None
    close_all: bool
    per_minute: int

    def check(self, alert: Alert) -> None:
        """Raises DeclinedError for what is not allowed."""
        if alert.action is Action.CLOSE_ALL and not self.close_all:
            raise DeclinedError("close_all is not allowed", hint="--allow-close-all")
        if alert.market and self.allowed is not None and _alike(alert.market.symbol) not in self.allowed:
            raise DeclinedError(
                f"{alert.market.text} ({alert.market.symbol.product}) is not allowed", hint="--allow SYMBOL"
            )


def allowed(session: Session, typed: Sequence[str]) -> frozenset[Symbol] | None:
    """The markets of --allow. Without any, every one on paper and demo. Raises UsageError on live."""
    if not typed:
        if session.env == "live":
            raise UsageError("on live no market is allowed that is not named", hint="--allow BTCUSDT, once for each")
        return None
    return frozenset(_alike(read_market(text, default=session.profile.product).symbol) for text in typed)


def _alike(symbol: Symbol) -> Symbol:
    return symbol._replace(name=symbol.name.upper())


def check_guards(session: Session) -> None:
    """Raises DeclinedError for a profile that is locked, or on live has no cap: as it is now."""
    session.context.reread()
    profile = session.profile
    if profile.locked:
        session.allow_change("", yes=True)
    if session.env == "live" and profile.max_notional is None:
        raise DeclinedError(
            f"profile {profile.name} has no cap, and alerts trade on live only below one",
            hint=f"bitget profile limit {profile.name} --max-notional N",
        )


def is_secret(session: Session, told: object) -> bool:
    """Whether this is the secret, found out in the same time whatever it is. Raises CredentialsError for none set."""
    right = session.webhook_secret.reveal()
    return hmac.compare_digest(_digest(told if isinstance(told, str) else ""), _digest(right))


def _digest(text: str) -> bytes:
    """As long for every text, so that comparing tells not even how long the right one is."""
    return hashlib.sha256(text.encode(errors="surrogatepass")).digest()


def check_time(session: Session, moment: datetime | None) -> None:
    """Raises UsageError for an alert that is not of now."""
    hint = '"time": "{{timenow}}"'
    if moment is None:
        raise UsageError("time is missing", hint=hint)
    age = session.clock.now() - moment
    if abs(age) > FRESH:
        seconds = abs(int(age.total_seconds()))
        when = f"{seconds} s old" if age > FRESH else f"{seconds} s ahead"
        raise UsageError(f"time is {when}, more than {FRESH.seconds} s", hint=hint)


def carried_out(session: Session, alert: Alert, *, dry_run: bool = False) -> Result:
    """Do what the alert asks for, as the command of it would with --yes, and answer what became of it."""
    match alert.action:
        case Action.CLOSE_ALL:
            line = changes.futures_product(session, None)
            return positions.close_all(session, line, tag=alert.tag, yes=True, dry_run=dry_run, looks=not dry_run)
        case Action.CANCEL:
            return _cancelled(session, alert, dry_run=dry_run)
        case Action.CLOSE:
            size, share = changes.part(alert.order.size, None)
            market = changes.futures_symbol(session, *_typed(alert))
            return positions.close(
                session,
                market,
                alert.side,
                size=size,
                percent=share,
                tag=alert.tag,
                yes=True,
                dry_run=dry_run,
                looks=not dry_run,
            )
    market = session.symbol(*_typed(alert))
    direction = Direction(alert.action.value)
    return orders.trade(session, market, direction, alert.order, yes=True, dry_run=dry_run, looks=not dry_run)


def _cancelled(session: Session, alert: Alert, *, dry_run: bool) -> Result:
    if alert.tag is not None:
        symbol, product = _typed(alert) if alert.market else (None, None)
        return tags.cancel(session, alert.tag, symbol=symbol, product=product, yes=True, dry_run=dry_run)
    market = session.symbol(*_typed(alert))
    return open_orders.cancel_all(session, market.product, market, yes=True, dry_run=dry_run)


def _typed(alert: Alert) -> tuple[str, str | None]:
    """The market as the command line takes it."""
    if alert.market is None:
        raise UsageError("symbol is missing")
    return alert.market.text, alert.market.product and str(alert.market.product)


def rehearsed(session: Session, body: bytes, terms: AlertTerms) -> Result:
    """What an alert would do: the exact request, and nothing sent. Raises UsageError or DeclinedError for none.

    Time and secret keep it from nothing here; what is amiss with them is said.
    """
    if len(body) > LARGEST:
        raise UsageError(f"the alert has {len(body)} bytes, more than {LARGEST}")
    given = terms.map.read(body)
    secret = given.words.pop(SECRET, None)
    alert = meant(given, default=session.profile.product)
    session.say(f"{session.env.upper()}: {alert.what}")
    _remark(session, secret, alert)
    terms.check(alert)
    return carried_out(session, alert, dry_run=True)


def _remark(session: Session, secret: Any, alert: Alert) -> None:
    if secret is None:
        session.say("note: it would be refused: secret is missing")
    else:
        with suppress(CredentialsError):
            if not is_secret(session, secret):
                session.say("note: it would be refused: the secret is wrong")
    try:
        check_time(session, alert.time)
    except UsageError as slip:
        session.say(f"note: it would be refused: {slip.message} ({slip.hint})")
    try:
        check_guards(session)
    except DeclinedError as guard:
        session.say(f"note: it would be refused: {guard.message}")
    if alert.id is None:
        session.say("note: it has no id; one with the same body is taken for the same alert")
