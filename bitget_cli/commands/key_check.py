"""What a key can do, as its owner should know it: facts from Bitget, and what is unwise about them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bitget_cli.catalogue.rows import Field, Kind
from bitget_cli.results import Record

if TYPE_CHECKING:
    from bitget_cli.client.key_facts import KeyFacts
    from bitget_cli.session import Session

CHECKED = (
    Field("profile", "Profile"),
    Field("env", "Environment"),
    Field("keys", "Keys from"),
    Field("account_kind", "Account"),
    Field("user_id", "User", Kind.ID),
    Field("permissions", "Permissions", Kind.NESTED),
    Field("may_withdraw", "Key may withdraw", Kind.FLAG),
    Field("addresses", "Bound to", Kind.NESTED),
    Field("clock_offset_ms", "Clock offset (ms)", Kind.SIGNED),
    Field("warnings", "Warnings", Kind.NESTED),
)

# Bitget refuses a request signed 30 s off its own clock; a second is worth a remark.
_NOTABLE_OFFSET_MS = 1000


def checked(session: Session) -> Record:
    """Ask Bitget about the key of the profile in force; warnings also go to stderr.

    What is learnt of the account's kind is kept with a key of the keyring. Raises CredentialsError when the key is
    refused, naming the other environment when it belongs there.
    """
    from bitget_cli.client.key_facts import key_facts

    source = session.key.source
    session.client.server_time()
    facts = key_facts(session.client, env=session.env)
    offset = round(session.client.offset.total_seconds() * 1000)
    if facts.account_kind and source.startswith("keyring"):
        session.keychain.note_account_kind(session.profile.name, facts.account_kind)
    warnings = warnings_about(facts, env=session.env, offset=offset)
    for warning in warnings:
        session.say(f"warning: {warning}")
    return Record(_record(session, facts, offset=offset, warnings=warnings), CHECKED)


def _record(session: Session, facts: KeyFacts, *, offset: int, warnings: list[str]) -> dict[str, object]:
    return {
        "profile": session.profile.name,
        "env": session.env,
        "keys": session.key.source,
        "account_kind": facts.account_kind,
        "user_id": facts.user_id,
        "permissions": list(facts.scopes()),
        "may_withdraw": facts.may_withdraw if facts.is_known else None,
        "addresses": list(facts.addresses),
        "clock_offset_ms": offset,
        "warnings": warnings,
    }


def warnings_about(facts: KeyFacts, *, env: str, offset: int) -> list[str]:
    if env == "paper":
        return []
    found = {
        "Bitget does not tell what this key may do": not facts.is_known,
        "the key may withdraw; one that trades needs no such permission": facts.may_withdraw,
        "the key is bound to no address: whoever has it can use it from anywhere": facts.is_known
        and not facts.addresses,
        f"this machine's clock is {abs(offset)} ms off": abs(offset) > _NOTABLE_OFFSET_MS,
    }
    return [warning for warning, holds in found.items() if holds]
