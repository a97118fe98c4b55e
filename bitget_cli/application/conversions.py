"""How a conversion is agreed to: a quote, a question while it holds, and a fresh one after that."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from bitget_cli.application import changes
from bitget_cli.application.sending import sent
from bitget_cli.errors import DeclinedError
from bitget_cli.session import Session
from bitget_cli.trading import convert, risk
from bitget_cli.trading.change import ExpiredError, Outcome, OutcomeKind
from bitget_cli.trading.convert import Comparison, ConversionRequest, Leg, Markets, Quote
from bitget_cli.trading.risk import Consequence
from bitget_cli.values import plain

# Quotes that are asked for where nobody is asked: the first, and one more when that was too old to be sent.
_UNATTENDED = 2
_NOT_SENT = "expired before it could be sent"


class Asked(NamedTuple):
    """What is to be converted and under which conditions; `most_slippage` in percent."""

    wanted: ConversionRequest
    most_slippage: Decimal | None
    yes: bool


def converted(session: Session, asked: Asked) -> Outcome:
    """Convert at a quote that was agreed to, and answer what became of it.

    On a terminal a person agrees to each quote, in every environment, unless `yes` was said. Raises DeclinedError for
    a guard's or a person's no, and when the last quote expired; nothing was sent then.
    """
    attended = not asked.yes and session.console.is_attended
    session.allow_change(asked.wanted.summary, yes=asked.yes or attended)
    markets, way = markets_for(session, asked.wanted)
    tries = _UNATTENDED
    while True:
        quote = convert.quote(session.adapter, session.clock, asked.wanted)
        tell(session, quote, _checked(session, asked, quote, markets, way))
        outcome = _carried_out(session, quote, yes=asked.yes, attended=attended)
        tries -= 1
        if outcome and not (_is_expired(outcome) and (attended or tries)):
            return outcome
        if attended:
            session.confirm(
                "the quote expired and nothing was converted; a fresh one can be had",
                otherwise="the quote expired; nothing was converted",
            )
        else:
            refused = outcome is not None and outcome.outcome is OutcomeKind.REJECTED
            how = "was refused as expired, and nothing was converted with it" if refused else _NOT_SENT
            session.say(f"the quote {how}; asking for another")


def markets_for(session: Session, wanted: ConversionRequest) -> tuple[Markets, tuple[Leg, ...]]:
    """The spot markets, and those that a quote is compared with."""
    markets = Markets(session.adapter, changes.desk(session).instruments)
    return markets, markets.way(wanted.source, wanted.target)


def tell(session: Session, quote: Quote, comparison: Comparison | None) -> None:
    """What goes, what comes, price, fee and slippage, on stderr."""
    session.say(f"{session.env.upper()}: {quote.summary}, price {quote.price}, fee {quote.fee}")
    if comparison:
        session.say(comparison.summary)
    else:
        session.say(f"there is no spot market to compare the price of {quote.source} in {quote.target} with")


def _checked(session: Session, asked: Asked, quote: Quote, markets: Markets, way: tuple[Leg, ...]) -> Comparison | None:
    """The quote beside the market. Raises DeclinedError above the cap or the slippage allowed."""
    check_cap(session, quote.summary, markets, (quote.source, quote.gives), (quote.target, quote.gets))
    comparison = markets.compare(quote, way)
    most = asked.most_slippage
    if most is None:
        return comparison
    if comparison is None:
        raise DeclinedError(
            f"--max-slippage {plain(most)}: there is no spot market to compare the price of {quote.source} in "
            f"{quote.target} with; nothing was converted",
            hint="leave --max-slippage out to convert all the same",
        )
    if comparison.percent > most:
        raise DeclinedError(
            f"{quote.summary}: {comparison.summary}, and --max-slippage allows {plain(most)} %; nothing was converted"
        )
    return comparison


def check_cap(session: Session, what: str, markets: Markets, *held: tuple[str, Decimal]) -> None:
    """Raises DeclinedError for what is worth more than the profile allows, or nobody knows how much."""
    profile = session.profile
    if profile.max_notional is None:
        return
    value = markets.worth(*held)
    if value is None:
        raise DeclinedError(
            f"profile {profile.name} allows {plain(profile.max_notional)} an order, and what it comes to is not known: "
            f"{what}",
            hint=f"bitget profile limit {profile.name} --max-notional none",
        )
    risk.check_cap(Consequence(what, coin="USDT", value=value), profile.max_notional, profile=profile.name)


def _carried_out(session: Session, quote: Quote, *, yes: bool, attended: bool) -> Outcome | None:
    """The outcome; None when the quote expired at the question."""
    if attended and not session.confirm_within(
        lambda: (quote.good_until or 0) - session.clock.monotonic(), otherwise="not confirmed; nothing was converted"
    ):
        return None
    return sent(session, session.adapter.conversions.convert(quote), yes=yes)


def _is_expired(outcome: Outcome) -> bool:
    """Whether it is certain that nothing was converted: a gateway may pass the same code on and know nothing."""
    error = outcome.error
    refused = outcome.outcome is OutcomeKind.REJECTED and error is not None and error.code == convert.EXPIRED
    return refused or isinstance(error, ExpiredError)
