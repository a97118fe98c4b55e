"""`bitget doctor`: check network, clock, keyring, files and keys."""

from __future__ import annotations

from collections.abc import Iterator

from bitget_cli.commands import doctor_keys, doctor_network
from bitget_cli.commands.declare import Alone
from bitget_cli.commands.doctor_files import database, folders
from bitget_cli.commands.finding import FIELDS, Finding, failed, ok, skipped, warn
from bitget_cli.config import BUILT_IN
from bitget_cli.errors import BitgetError, ConfigError, CredentialsError, NetworkError
from bitget_cli.results import Result, Rows
from bitget_cli.session import Session

# What has to be mended first: of several failures the first of these is how the command ends.
_MOST_BASIC = (NetworkError, ConfigError, CredentialsError)


def doctor(session: Session) -> Result:
    """Check network, clock, keyring, files and keys.

    Each check is ok, warn, fail or skipped. When one failed the exit status says which kind, the most basic first:
    6 network, 3 configuration, 4 keys. To have no keys is not a failure, and no secret is ever shown.

    Example: bitget doctor -p paper
    """
    _ = session.timeout  # one that cannot be is a mistake in typing, not a finding
    profile = _profile(session)
    failures: list[BitgetError] = []
    # Shown from here, and the failure raised after it: rows whose source raises leave a JSON array unclosed.
    session.show(Rows(_rows(session, profile, failures), FIELDS, footer="nothing is cut with -o tsv"))
    if failures:
        raise min(failures, key=_rank)
    return None


def _rows(session: Session, profile: Finding, failures: list[BitgetError]) -> Iterator[dict[str, str | None]]:
    try:
        for finding in _findings(session, profile):
            if finding.error:
                failures.append(finding.error)
            yield finding.row
    finally:
        _tell(session, "")


def _findings(session: Session, profile: Finding) -> Iterator[Finding]:
    yield profile
    if profile.error:
        yield from _unknown(doctor_network.CHECKS)
        yield from folders(session)
        yield from _unknown(doctor_keys.CHECKS)
        return
    _tell(session, "checking the network ...")
    reached = False
    for finding in doctor_network.network(session):
        reached = reached or (finding.check == "latency" and finding.result == "ok")
        yield finding
    yield from folders(session)
    if session.env == "paper":
        yield database(session)
    _tell(session, "checking the keys ...")
    yield from doctor_keys.keys(session, reached=reached)


def _profile(session: Session) -> Finding:
    """The profile in force. Raises UsageError for a name that is not one."""
    try:
        profile = session.profile
    except ConfigError as error:
        return failed("profile", error)
    except CredentialsError as error:
        # Half a set of keys in the environment. The network can be looked at all the same; the check of keys fails.
        session.profile = BUILT_IN["live"]
        return warn(
            "profile", "not known while the environment's keys are incomplete", hint=error.hint or error.message
        )
    return ok("profile", f"{profile.name}, for {profile.env}" + (", read-only" if profile.locked else ""))


def _unknown(checks: tuple[str, ...]) -> Iterator[Finding]:
    for check in checks:
        yield skipped(check, "the profile is not known")


def _rank(error: BitgetError) -> int:
    kinds = [rank for rank, kind in enumerate(_MOST_BASIC) if isinstance(error, kind)]
    return kinds[0] if kinds else len(_MOST_BASIC)


def _tell(session: Session, text: str) -> None:
    """A line on stderr, replaced by the next, for a person who waits for the table."""
    err = session.doors.stderr
    if session.form == "table" and session.color(err) and not session.shared.verbose:
        err.write(f"\r\x1b[K{text}")
        err.flush()


group = Alone("doctor", doctor)
