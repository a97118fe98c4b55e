"""`bitget doctor`: where the keys come from, and what the exchange says of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from bitget_cli.commands.finding import Finding, failed, found, ok, skipped, warn
from bitget_cli.errors import BitgetError
from bitget_cli.keys import KEY_VARIABLES
from bitget_cli.profiles import key_from_environment

if TYPE_CHECKING:
    from bitget_cli.client.key_facts import KeyFacts
    from bitget_cli.session import Session

CHECKS = ("keyring", "keys", "permissions", "account")

_ADD_TO_ENVIRONMENT = f"export {', '.join(KEY_VARIABLES)}, or unset BITGET_API_BASE_URL"


def keys(session: Session, *, reached: bool) -> Iterator[Finding]:
    """Keyring, keys, permissions and account. `reached` tells whether the exchange can be asked.

    To have no keys is no failure: public data needs none.
    """
    if session.env == "paper":
        for check in CHECKS:
            yield skipped(check, "paper needs no keys")
        return
    keyring, key = _source(session)
    yield keyring
    yield key
    if key.result != "ok" or not reached:
        why = "there are no keys to ask about" if key.result != "ok" else "the exchange was not reached"
        for check in CHECKS[2:]:
            yield skipped(check, why)
    else:
        yield from _told_by_bitget(session)


def _source(session: Session) -> tuple[Finding, Finding]:
    try:
        from_keyring = _asks_keyring(session)
    except BitgetError as error:
        return skipped("keyring", "not opened before the environment is in order"), failed("keys", error)
    if not from_keyring:
        keyring = skipped("keyring", "not opened: the keys come from the environment alone")
        return keyring, found("keys", lambda: _keys_of_environment(session))
    keyring = found("keyring", lambda: _keyring(session))
    if keyring.error:
        return keyring, skipped("keys", "the keyring cannot be asked")
    return keyring, found("keys", lambda: _keys_of_keyring(session))


def _asks_keyring(session: Session) -> bool:
    """Whether `session.key` would open the keyring; said here so that the check opens it in no other case.

    Raises CredentialsError for half a set of keys in the environment, ConfigError for an address that is not allowed.
    """
    if session.own_address:
        return False
    environ = session.doors.environ
    return bool(session.shared.profile or environ.get("BITGET_PROFILE")) or key_from_environment(environ) is None


def _keyring(session: Session) -> Finding:
    name = session.keychain.name
    session.keychain.holds(session.profile.name)
    return ok("keyring", f"{name} answers")


def _keys_of_keyring(session: Session) -> Finding:
    profile = session.profile.name
    if not session.keychain.holds(profile):
        return skipped(
            "keys", f"profile {profile} has none; public data needs none", hint=f"bitget profile add {profile}"
        )
    return ok("keys", f"from the {session.key.source}")


def _keys_of_environment(session: Session) -> Finding:
    if key_from_environment(session.doors.environ) is None:
        return skipped("keys", "the environment has none; public data needs none", hint=_ADD_TO_ENVIRONMENT)
    return ok("keys", f"from the {session.key.source}")


def _told_by_bitget(session: Session) -> Iterator[Finding]:
    from bitget_cli.client.key_facts import key_facts

    try:
        facts = key_facts(session.client, env=session.env)
    except BitgetError as error:
        yield failed("permissions", error, otherwise="bitget profile check")
        yield skipped("account", "the exchange did not take the key")
        return
    yield _permissions(facts, env=session.env)
    if facts.account_kind:
        yield ok("account", facts.account_kind)
    else:
        yield skipped("account", f"Bitget does not tell for a {session.env} key")


def _permissions(facts: KeyFacts, *, env: str) -> Finding:
    from bitget_cli.commands.key_check import warnings_about

    detail = ", ".join(facts.scopes()) or "not told"
    # The clock has a check of its own.
    warnings = warnings_about(facts, env=env, offset=0)
    return warn("permissions", detail, hint="; ".join(warnings)) if warnings else ok("permissions", detail)
