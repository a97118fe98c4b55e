"""Logging in on a private stream: the frame, and what a refusal means."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from bitget_cli.catalogue.envelope import Code, Meaning, stream_code
from bitget_cli.catalogue.envelope import code as rest_code
from bitget_cli.client.line import LineError
from bitget_cli.errors import BitgetError, CredentialsError
from bitget_cli.keys import Redactor, Secret
from bitget_cli.values import milliseconds

if TYPE_CHECKING:
    from bitget_cli.client.rest import Client
    from bitget_cli.client.timing import Timing
    from bitget_cli.keys import Key

LOGGED_IN = frozenset({"0", "00000"})
NOT_LOGGED_IN = "30004"
UNSPECIFIC = "30005"
OVER_LIMIT = "30007"
# Key, passphrase or signature are wrong: asking again only brings a lock-out nearer.
_HOPELESS = frozenset({"30011", "30012", "30015"})
_WRONG_TIME = frozenset({"30013", "30014"})
CODES = _HOPELESS | _WRONG_TIME | {UNSPECIFIC}


def login_frame(key: Key, seconds: int) -> str:
    """The login for this second of the exchange's time.

    The docs say both seconds and milliseconds; seconds as a JSON string is what clients send and captures show taken.
    """
    from bitget_cli.client.signing import signature, signed_text

    timestamp = str(seconds)
    login = {
        "apiKey": key.id.reveal(),
        "passphrase": key.passphrase.reveal(),
        "timestamp": timestamp,
        "sign": signature(key, signed_text(timestamp, "GET", "/user/verify", "", b"")),
    }
    return json.dumps({"op": "login", "args": [login]}, separators=(",", ":"))


def login_with(key: Key, client: Client) -> Callable[[], str]:
    """Makes login frames of `key` in the exchange's time as `client` knows it."""
    return lambda: login_frame(key, milliseconds(client.now()) // 1000)


class Login:
    """The logins of one stream: how often a refusal may be answered with another try.

    `frame` makes a login frame, `learn_time` asks the exchange for its time; the frame's own text appears nowhere.
    """

    def __init__(self, frame: Callable[[], str], learn_time: Callable[[], object] | None, timing: Timing) -> None:
        self._frame = frame
        self._learn_time = learn_time
        self._timing = timing
        self._time_is_known = False
        self._tried: set[str] = set()
        self._redact = Redactor()

    def prepare(self) -> None:
        """Asks for the time where it is not known or was refused: before connecting, since it takes a request."""
        if self._learn_time and not self._time_is_known:
            # Without an answer our own clock has to do; the exchange says so if it does not.
            with suppress(BitgetError):
                self._learn_time()
            self._time_is_known = True

    def text(self) -> str:
        """The frame to send."""
        text = self._frame()
        self._redact = Redactor(*(Secret(str(value)) for value in json.loads(text)["args"][0].values()))
        return text

    def clean(self, message: str) -> str:
        """What the exchange says, without what we told it when logging in."""
        return self._redact(message)

    def accepted(self) -> None:
        self._tried.clear()

    def forget_time(self) -> None:
        """The machine slept, or the exchange found our time wrong."""
        self._time_is_known = False

    def refusal(self, code: str, message: str) -> BitgetError:
        """What to raise: LineError to connect and log in once more, CredentialsError when that is of no use."""
        meaning = known(code).meaning
        if meaning is Meaning.RATE:
            return LineError(f"the login was too much for Bitget ({code})", pause=self._timing.too_many_pause)
        kind, pause = code, 0.0
        if code in _WRONG_TIME or meaning is Meaning.CLOCK:
            kind = "time"
            self.forget_time()
        elif code == UNSPECIFIC:
            pause = self._timing.login_again
        else:
            return self._final(code, message)
        if kind in self._tried:
            return self._final(code, message)
        self._tried.add(kind)
        return LineError(f"the login was refused ({code}), once more", pause=pause)

    def _final(self, code: str, message: str) -> CredentialsError:
        about = known(code)
        said = self.clean(message) or about.message
        hint = "set this machine's clock; bitget doctor shows how far it is off"
        return CredentialsError(
            f"Bitget refused the login: {said} ({code})",
            hint=hint if about.meaning is Meaning.CLOCK else about.advice or "check key, secret and passphrase",
            code=code,
            msg=said,
        )


def known(code: str) -> Code:
    """What a code on a stream means; those of REST leak into it."""
    found = stream_code(code)
    return rest_code(code) if found.meaning is Meaning.UNKNOWN else found
