"""What Bitget's own codes mean for us: error, sentence, hint and outcome. Read only once something was refused."""

from __future__ import annotations

from bitget_cli.catalogue import v3_twin
from bitget_cli.catalogue.envelope import Meaning, code
from bitget_cli.client.rest.errors import Failure, FailureOutcome, Fault, from_fault, quoted
from bitget_cli.errors import CredentialsError, RateLimitedError, RejectedError, UnavailableError, UnknownError

# Codes after which a read may be asked again: Bitget's FAQ, and what ccxt and JKorf treat as passing trouble.
TRANSIENT = frozenset({"40010", "40015", "40200", "40725", "45001", "43059"})
# The timestamp was refused before anything else was looked at: set the clock, sign again, send again.
STALE = frozenset({"40004", "40005", "40008"})
SLOWING = (1.0, 2.0, 4.0)  # seconds before each further try of a read that came too soon

REFUSAL = FailureOutcome(RejectedError, RejectedError, "rejected")
ENDINGS = {
    Meaning.CREDENTIALS: FailureOutcome(CredentialsError, CredentialsError, "rejected"),
    Meaning.RATE: FailureOutcome(RateLimitedError, RateLimitedError, "rejected"),
    # The order may stand, or one with its id does: never reported as rejected.
    Meaning.AMBIGUOUS: FailureOutcome(RejectedError, UnknownError, "unknown"),
    Meaning.EXISTS: FailureOutcome(RejectedError, UnknownError, "unknown"),
    Meaning.UNKNOWN: FailureOutcome(RejectedError, UnknownError, "unknown"),
}

# The account is of the other kind than the call, which is looked at before the key, the signature and the rest.
OTHER_KIND = FailureOutcome(UnavailableError, UnavailableError, "rejected")
_TO_CLASSIC = ("Bitget closes this call to the key: its account is a unified account", "bitget api list v3")
_TO_UNIFIED = ("Bitget closes this call to the key: its account is a classic account", "bitget api list")
WRONG_KIND = {"40085": _TO_CLASSIC, "40084": _TO_UNIFIED, "25245": _TO_UNIFIED}
CLOCK_HINT = "set this machine's clock; bitget doctor shows how far it is off"


def from_code(text: str, msg: str | None, *, host: str, http_status: int, row_name: str) -> Failure:
    """The failure for one of Bitget's own codes, of a call of this row. `msg` is Bitget's text, quoted as it came."""
    known = code(text)
    if text in WRONG_KIND:
        sentence, command = WRONG_KIND[text]
        twin = v3_twin(row_name)
        hint = f"bitget api show {twin}; " if twin else ""
        hint += f"{command} names the calls for accounts of that kind"
        return Failure(sentence, hint, OTHER_KIND, (), code=text, msg=msg, http_status=http_status)
    if text in TRANSIENT or (http_status >= 500 and known.meaning is Meaning.UNKNOWN):
        return from_fault(
            Fault.SERVER, host=host, detail=quoted(text, msg), code=text, msg=msg, http_status=http_status
        )
    return Failure(
        sentence=f"Bitget refused it: {quoted(text, msg)}",
        hint=(CLOCK_HINT if known.meaning is Meaning.CLOCK else known.advice) or None,
        ending=ENDINGS.get(known.meaning, REFUSAL),
        read_pauses=SLOWING if known.meaning is Meaning.RATE else (),
        code=text,
        msg=msg,
        http_status=http_status,
        wrong_clock=text in STALE,
    )


def too_many(*, host: str, http_status: int, retry_after: float | None, msg: str | None = None) -> Failure:
    """HTTP 429 or code 429: refused at the gateway. Of a change that is told as refused only after a look."""
    wait = (
        f"wait {retry_after:.0f} s"
        if retry_after is not None
        else "wait a minute; an address blocked for it recovers in five"
    )
    return Failure(
        sentence=f"{host} says too many requests",
        hint=f"{wait}, then try again",
        ending=ENDINGS[Meaning.RATE],
        read_pauses=SLOWING,
        code="429",
        msg=msg,
        http_status=http_status,
        retry_after=retry_after,
        wait=wait,
    )
