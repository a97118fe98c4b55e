"""`bitget doctor`: check network, clock, keyring, files and keys."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Literal, NamedTuple

from bitget_cli import files
from bitget_cli.catalogue.model import Field
from bitget_cli.commands.command import Alone
from bitget_cli.config.profiles import BUILT_IN
from bitget_cli.errors import BitgetError, ConfigError, CredentialsError, NetworkError
from bitget_cli.keys import KEY_VARIABLES
from bitget_cli.results import Result, Rows
from bitget_cli.session import Session

if TYPE_CHECKING:
    from bitget_cli.client.diagnose import Way
    from bitget_cli.client.rest.key_info import KeyInfo

FIELDS = (Field("check", "Check"), Field("result", "Result"), Field("detail", "Detail"), Field("hint", "What to do"))

# Some failures send a person here, who is here already.
_SEE_DOCTOR = "bitget doctor"
_MEDDLED = "something on the way meddles with the connection: try another network, or without proxy and VPN"


class CheckResult(NamedTuple):
    """One check and how it ended; `error` is what a failed one is worth at the end of the command."""

    check: str
    result: Literal["ok", "warn", "fail", "skipped"]
    detail: str
    hint: str | None = None
    error: BitgetError | None = None

    @property
    def row(self) -> dict[str, str | None]:
        return {"check": self.check, "result": self.result, "detail": self.detail, "hint": self.hint}


def ok(check: str, detail: str) -> CheckResult:
    return CheckResult(check, "ok", detail)


def warn(check: str, detail: str, *, hint: str) -> CheckResult:
    return CheckResult(check, "warn", detail, hint)


def skipped(check: str, why: str, *, hint: str | None = None) -> CheckResult:
    return CheckResult(check, "skipped", why, hint)


def failed(check: str, error: BitgetError, *, otherwise: str = "mend that and run it again") -> CheckResult:
    """A failure, always with a next step: the error's own, or `otherwise`."""
    error.hint = error.hint or otherwise
    if _SEE_DOCTOR in error.hint:
        error.hint = _MEDDLED
    return CheckResult(check, "fail", error.message, error.hint, error)


def found(check: str, look: Callable[[], CheckResult], *, otherwise: str = "mend that and run it again") -> CheckResult:
    """What looking gave; an error of ours is a failed check."""
    try:
        return look()
    except BitgetError as error:
        return failed(check, error, otherwise=otherwise)


def folders(session: Session) -> Iterator[CheckResult]:
    """The folders of configuration and of state."""
    for check, folder in (
        ("config folder", session.context.config_folder),
        ("state folder", session.context.state_folder),
    ):
        yield found(check, partial(_folder, check, folder), otherwise="move it away")


def _folder(check: str, folder: Path) -> CheckResult:
    if not os.path.lexists(folder):
        return ok(check, f"not there yet: {folder}")
    files.check_folder(folder)
    if not os.access(folder, os.W_OK | os.X_OK):
        raise ConfigError(f"{folder} cannot be written", hint=f"chmod u+rwx {_quoted(folder)}")
    return _private(check, folder, os.stat(folder), wanted="700")


def _file(check: str, path: Path | None) -> CheckResult:
    if path is None or not os.path.lexists(path):
        return ok(check, f"not there yet: {path}")
    status = os.lstat(path)
    if not stat.S_ISREG(status.st_mode):
        raise ConfigError(f"{path} is not a regular file", hint="move it away")
    if status.st_uid != os.geteuid():
        raise ConfigError(f"{path} belongs to another user", hint=f"chown {os.geteuid()} {_quoted(path)}")
    if status.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise ConfigError(f"{path} can be changed by other users", hint=f"chmod 600 {_quoted(path)}")
    return _private(check, path, status, wanted="600")


def _private(check: str, path: Path, status: os.stat_result, *, wanted: str) -> CheckResult:
    if status.st_mode & 0o077:
        return warn(check, f"{path} can be read by other users", hint=f"chmod {wanted} {_quoted(path)}")
    return ok(check, f"{path} is for you alone")


def _quoted(path: Path) -> str:
    import shlex

    return shlex.quote(str(path))


KEY_CHECKS = ("keyring", "keys", "permissions", "account")

_ADD_TO_ENVIRONMENT = f"export {', '.join(KEY_VARIABLES)}, or unset BITGET_API_BASE_URL"


def keys(session: Session, *, reached: bool) -> Iterator[CheckResult]:
    """Keyring, keys, permissions and account. `reached` tells whether the exchange can be asked.

    To have no keys is no failure: public data needs none.
    """
    if session.env == "paper":
        for check in KEY_CHECKS:
            yield skipped(check, "paper needs no keys")
        return
    keyring, key = _source(session)
    yield keyring
    yield key
    if key.result != "ok" or not reached:
        why = "there are no keys to ask about" if key.result != "ok" else "the exchange was not reached"
        for check in KEY_CHECKS[2:]:
            yield skipped(check, why)
    else:
        yield from _told_by_bitget(session)


def _source(session: Session) -> tuple[CheckResult, CheckResult]:
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
    if session.context.own_address:
        return False
    return not session.context.takes_key_from_environment


def _keyring(session: Session) -> CheckResult:
    name = session.context.keychain.name
    session.context.keychain.holds(session.profile.name)
    return ok("keyring", f"{name} answers")


def _keys_of_keyring(session: Session) -> CheckResult:
    profile = session.profile.name
    if not session.context.keychain.holds(profile):
        return skipped(
            "keys", f"profile {profile} has none; public data needs none", hint=f"bitget profile add {profile}"
        )
    return ok("keys", f"from the {session.key.source}")


def _keys_of_environment(session: Session) -> CheckResult:
    if session.context.environment_key is None:
        return skipped("keys", "the environment has none; public data needs none", hint=_ADD_TO_ENVIRONMENT)
    return ok("keys", f"from the {session.key.source}")


def _told_by_bitget(session: Session) -> Iterator[CheckResult]:
    from bitget_cli.application.queries import key_facts

    try:
        facts = key_facts(session)
    except BitgetError as error:
        yield failed("permissions", error, otherwise="bitget profile check")
        yield skipped("account", "the exchange did not take the key")
        return
    yield _permissions(facts, env=session.env)
    yield ok("account", facts.account_kind or "not told")


def _permissions(facts: KeyInfo, *, env: str) -> CheckResult:
    from bitget_cli.application.queries import warnings_about

    detail = ", ".join(facts.scopes()) or "not told"
    # The clock has a check of its own.
    warnings = warnings_about(facts, env=env, offset=0)
    return warn("permissions", detail, hint="; ".join(warnings)) if warnings else ok("permissions", detail)


NETWORK_CHECKS = ("host", "connection", "latency", "clock")

_CALLS = 3
_NOTABLE = timedelta(seconds=2)
# Bitget refuses a request signed 30 s off its own clock; five of them may pass on the way.
_REFUSED = timedelta(seconds=25)
_SET_THE_CLOCK = "let the system set its clock: timedatectl set-ntp true"


def network(session: Session) -> Iterator[CheckResult]:
    """Host, connection, latency and clock; what cannot be looked at because of an earlier failure is skipped.

    Host and connection share one deadline of `--timeout`; each call of the latency has its own.
    """
    if session.env == "paper":
        for check in NETWORK_CHECKS[:3]:
            yield skipped(check, "the paper exchange is on this machine")
        yield found("clock", lambda: ok("clock", f"{session.now():%Y-%m-%d %H:%M:%S} UTC, the paper exchange's own"))
        return
    stopped = False
    for finding in _way(session):
        stopped = stopped or finding.error is not None
        yield finding
    if stopped:
        for check in NETWORK_CHECKS[2:]:
            yield skipped(check, "the exchange was not reached")
    else:
        yield from _calls(session)


def _way(session: Session) -> Iterator[CheckResult]:
    from bitget_cli.client.diagnose import proxy_on_the_way, way_to

    environ = session.environment.environ
    try:
        proxy = proxy_on_the_way(session.venue.address, environ=environ)
        way = None if proxy else way_to(session.venue.address, environ=environ, timeout=session.timeout)
    except ConfigError as error:
        yield failed("host", error)
        yield skipped("connection", "there is no usable way to the exchange")
        return
    if proxy:
        yield skipped("host", "the proxy resolves the name")
        yield skipped("connection", f"through the proxy in {proxy.variable} ({proxy.address}); TLS is not looked at")
    elif way:
        yield from _straight(way)


def _straight(way: Way) -> Iterator[CheckResult]:
    if way.failure and not way.addresses:
        yield failed("host", way.failure)
        yield skipped("connection", "there is no address to connect to")
        return
    yield ok("host", f"{way.host} is {', '.join(way.addresses)}")
    yield failed("connection", way.failure) if way.failure else ok("connection", _connection(way))


def _connection(way: Way) -> str:
    if way.tls is None:
        return "plain http on this machine"
    tls = way.tls
    return f"{tls.version}, certificate by {tls.issuer} until {tls.expires:%Y-%m-%d}, trusting {tls.trusting}"


def _calls(session: Session) -> Iterator[CheckResult]:
    """Latency and clock, from the same few calls."""
    samples = []
    try:
        for _ in range(_CALLS):
            before = session.clock.monotonic()
            session.client.server_time()
            samples.append((session.clock.monotonic() - before, session.client.offset))
    except BitgetError as error:
        yield failed("latency", error)
        yield skipped("clock", "the exchange did not tell its time")
        return
    yield ok("latency", f"{median(seconds for seconds, _ in samples) * 1000:.0f} ms, the median of {_CALLS} calls")
    # The quickest answer leaves the least doubt about when it was given.
    yield _clock(min(samples, key=lambda sample: sample[0])[1])


def _clock(offset: timedelta) -> CheckResult:
    seconds = abs(offset).total_seconds()
    # The offset is what our clock lacks.
    detail = f"{seconds:.1f} s {'behind' if offset > timedelta() else 'ahead of'} the exchange"
    if abs(offset) > _REFUSED:
        error = ConfigError(f"this machine's clock is {detail}, which refuses requests 30 s off", hint=_SET_THE_CLOCK)
        return failed("clock", error)
    if abs(offset) > _NOTABLE:
        return warn("clock", detail, hint=_SET_THE_CLOCK)
    return ok("clock", detail)


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
    session.console.show(Rows(_rows(session, profile, failures), FIELDS, stay=("hint",), wrap=("detail", "hint")))
    if failures:
        raise min(failures, key=_rank)
    return None


def _rows(session: Session, profile: CheckResult, failures: list[BitgetError]) -> Iterator[dict[str, str | None]]:
    waiting = session.console.progress(quiet=session.console.form != "table")
    try:
        for finding in _findings(session, profile, waiting.tell):
            if finding.error:
                failures.append(finding.error)
            yield finding.row
    finally:
        waiting.end()


def _findings(session: Session, profile: CheckResult, tell: Callable[[str], None]) -> Iterator[CheckResult]:
    yield profile
    if profile.error:
        yield from _unknown(NETWORK_CHECKS)
        yield from folders(session)
        yield from _unknown(KEY_CHECKS)
        return
    tell("checking the network ...")
    reached = False
    for finding in network(session):
        reached = reached or (finding.check == "latency" and finding.result == "ok")
        yield finding
    yield from folders(session)
    if session.env == "paper":
        yield found("paper file", lambda: _file("paper file", session.paper.store.path))
    tell("checking the keys ...")
    yield from keys(session, reached=reached)


def _profile(session: Session) -> CheckResult:
    """The profile in force. Raises UsageError for a name that is not one."""
    try:
        profile = session.profile
    except ConfigError as error:
        return failed("profile", error)
    except CredentialsError as error:
        # Half a set of keys in the environment. The network can be looked at all the same; the check of keys fails.
        session.context.profile = BUILT_IN["live"]
        return warn(
            "profile", "not known while the environment's keys are incomplete", hint=error.hint or error.message
        )
    return ok("profile", f"{profile.name}, for {profile.env}" + (", read-only" if profile.locked else ""))


def _unknown(checks: tuple[str, ...]) -> Iterator[CheckResult]:
    for check in checks:
        yield skipped(check, "the profile is not known")


def _rank(error: BitgetError) -> int:
    kinds = [rank for rank, kind in enumerate(_MOST_BASIC) if isinstance(error, kind)]
    return kinds[0] if kinds else len(_MOST_BASIC)


group = Alone("doctor", doctor)
