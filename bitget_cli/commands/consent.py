"""Leave to change something: locks, caps, prices far from the market, and a person's yes on live."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from bitget_cli.errors import DeclinedError
from bitget_cli.session import Session
from bitget_cli.trading import guards
from bitget_cli.trading.amounts import EXACT
from bitget_cli.trading.guards import Consequence

# Changes spelt out in one question.
_TOLD = 5


def consent(
    session: Session,
    consequences: Sequence[Consequence],
    *,
    yes: bool,
    allow_far: bool = False,
    question: str | None = None,
    withdraws: bool = False,
) -> None:
    """Locks, caps, far prices, and a question on live: `question`, else what is said of each. Raises DeclinedError."""
    profile = session.profile
    question = question or _question(consequences)
    if profile.locked:
        session.allow_change(question, yes=yes)
    for consequence in consequences:
        guards.check_cap(consequence, profile.max_notional, profile=profile.name)
    far = [consequence for consequence in consequences if consequence.is_far(profile.max_distance)]
    # What only closes is warned of: at market it would be sent without a word.
    held_back = [] if session.env != "live" or allow_far else [one for one in far if not one.closing]
    for consequence in far:
        if consequence not in held_back:
            session.say(f"warning: {consequence.warning}")
    if len(consequences) > _TOLD and asks(session, yes=yes, dry_run=False):
        for consequence in consequences:
            session.say(f"  {consequence.sentence}")
    if held_back:
        _confirm_far(session, held_back, question)
        yes = True
    session.allow_change(question, yes=yes, withdraws=withdraws)


def consent_unjudged(session: Session, what: str, *, yes: bool, allow_far: bool) -> None:
    """For an order whose prices nobody here can judge, so that they may be far off or on the wrong side.

    A person is told before the question; on live without one it takes --allow-far. Raises DeclinedError.
    """
    sentence = f"{what} cannot be judged here, neither how far its price is from the market nor its exits"
    if session.env == "live" and not allow_far and not asks(session, yes=yes, dry_run=False):
        raise DeclinedError(
            f"{sentence}; nothing was sent",
            hint="bitget order and plan judge it; --allow-far sends it as it is",
        )
    session.say(f"warning: {sentence}")


def asks(session: Session, *, yes: bool, dry_run: bool) -> bool:
    """Whether a person will be asked, and so should be told all there is to know."""
    return session.env == "live" and not yes and not dry_run and session.doors.stdin.isatty()


def _question(consequences: Sequence[Consequence]) -> str:
    """What will be done, in one line; of very many changes the first few and what they come to together."""
    told = "; ".join(consequence.sentence for consequence in consequences[:_TOLD])
    if len(consequences) <= _TOLD:
        return told
    sums: dict[str, Decimal] = {}
    for consequence in consequences:
        if consequence.value is not None:
            sums[consequence.coin] = EXACT.add(sums.get(consequence.coin, Decimal(0)), consequence.value)
    worth = " and ".join(f"{guards.money(value)} {coin}" for coin, value in sums.items())
    return f"{len(consequences)} changes{f' worth {worth}' * bool(worth)}: {told}; and {len(consequences) - _TOLD} more"


def _confirm_far(session: Session, far: Sequence[Consequence], question: str) -> None:
    """Each price far from the market has to be typed once more; --yes does not stand for that."""
    stdin, stderr = session.doors.stdin, session.doors.stderr
    for consequence in far:
        if not (stdin.isatty() and stderr.isatty()):
            raise DeclinedError(
                f"{consequence.warning}: not confirmed, and there is no terminal to type it again on",
                hint="check the price; --allow-far takes it as it is, "
                f"or bitget profile limit {session.profile.name} --max-distance PCT",
            )
        session.say(f"{session.env.upper()}: {question}\n{consequence.warning}")
        stderr.write("Type the price again to go ahead: ")
        stderr.flush()
        if stdin.readline().strip() != format(consequence.price or 0, "f"):
            raise DeclinedError("the price was not typed again; nothing was sent")
