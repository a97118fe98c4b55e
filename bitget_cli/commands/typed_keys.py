"""How a key is typed: at hidden prompts, or on standard input. Never on the command line, where others can read it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bitget_cli.errors import DeclinedError, UsageError
from bitget_cli.files import handed_in

if TYPE_CHECKING:
    from bitget_cli.keys import Key
    from bitget_cli.session import Session

_LONGEST = 64 * 1024


def typed_key(session: Session, *, stdin: bool) -> Key:
    """The key a person gives. UsageError where it could be seen or is not whole, CredentialsError for a bad part."""
    return _from_stdin(session) if stdin else _from_prompts(session)


def _from_stdin(session: Session) -> Key:
    from bitget_cli.credentials import key_from_text

    if session.doors.stdin.isatty():
        raise UsageError(
            "--stdin on a terminal would show the secret as it is typed", hint="leave --stdin out to be asked for it"
        )
    return key_from_text(handed_in("-", stdin=session.doors.stdin, limit=_LONGEST))


def _from_prompts(session: Session) -> Key:
    from bitget_cli.credentials import key_of

    if not (session.doors.stdin.isatty() and session.doors.stderr.isatty()):
        raise UsageError(
            "there is no terminal to ask for the keys on",
            hint="pipe key, secret and passphrase, a line each, and add --stdin",
        )
    key, secret, passphrase = (_hidden(session, what) for what in ("API key", "Secret key", "Passphrase"))
    return key_of(key, secret, passphrase, source="typed", names=("the API key", "the secret key", "the passphrase"))


def _hidden(session: Session, what: str) -> str:
    import getpass
    import warnings

    with warnings.catch_warnings():
        # getpass warns, and then shows what is typed, where it cannot turn the echo off.
        warnings.simplefilter("error", getpass.GetPassWarning)
        try:
            return getpass.getpass(f"{what} (hidden): ", stream=session.doors.stderr)
        except getpass.GetPassWarning:
            raise UsageError("this terminal cannot hide what is typed", hint="pipe the keys and add --stdin") from None
        except EOFError:
            raise DeclinedError("no key was typed; nothing was changed") from None
