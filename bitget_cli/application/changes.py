"""Carrying out what changes something: leave is asked, it is sent, and what became of it is said."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NoReturn

from bitget_cli.application.sending import EndedChange, Sending, prelude, sent, single
from bitget_cli.errors import BitgetError, DeclinedError, UsageError
from bitget_cli.results import FILLED_COLUMNS, OUTCOME, OUTCOME_COLUMNS, Done, Filled, Record, Result, Rows
from bitget_cli.session import Session
from bitget_cli.trading import risk
from bitget_cli.trading.account_state import AccountState, Instruments
from bitget_cli.trading.change import Batch, Change, Outcome
from bitget_cli.trading.model import EXACT, MarginMode, Terms
from bitget_cli.trading.risk import Consequence
from bitget_cli.values import Product, Symbol, amount, milliseconds

if TYPE_CHECKING:
    from bitget_cli.client.rest.request import Call
    from bitget_cli.trading.words import SizeWord

# Changes spelt out in one question.
_TOLD = 5


def confirm(
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
    each = question is None and len(consequences) > _TOLD and asks(session, yes=yes, dry_run=False)
    question = question or _question(consequences)
    if profile.locked:
        session.allow_change(question, yes=yes)
    for consequence in consequences:
        risk.check_cap(consequence, profile.max_notional, profile=profile.name)
    far = [consequence for consequence in consequences if consequence.is_far(profile.max_distance)]
    # What only closes is warned of: at market it would be sent without a word.
    held_back = [] if not session.holds_far or allow_far else [one for one in far if not one.closing]
    for consequence in far:
        if consequence not in held_back:
            session.say(f"warning: {consequence.warning}")
    if each:
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
    return session.env == "live" and not yes and not dry_run and session.console.can_ask


def _question(consequences: Sequence[Consequence]) -> str:
    """What will be done, in one line; of very many changes the first few and what they come to together."""
    told = "; ".join(consequence.sentence for consequence in consequences[:_TOLD])
    if len(consequences) <= _TOLD:
        return told
    sums: dict[str, Decimal] = {}
    for consequence in consequences:
        if consequence.value is not None:
            sums[consequence.coin] = EXACT.add(sums.get(consequence.coin, Decimal(0)), consequence.value)
    worth = " and ".join(f"{risk.money(value)} {coin}" for coin, value in sums.items())
    return f"{len(consequences)} changes{f' worth {worth}' * bool(worth)}: {told}; and {len(consequences) - _TOLD} more"


def _confirm_far(session: Session, far: Sequence[Consequence], question: str) -> None:
    """Each price far from the market has to be typed once more; --yes does not stand for that."""
    for consequence in far:
        if not session.console.is_attended:
            raise DeclinedError(
                f"{consequence.warning}: not confirmed, and there is no terminal to type it again on",
                hint="check the price; --allow-far takes it as it is, "
                f"or bitget profile limit {session.profile.name} --max-distance PCT",
            )
        session.say(f"{session.env.upper()}: {question}\n{consequence.warning}")
        if session.console.ask_for("Type the price again to go ahead: ") != format(consequence.price or 0, "f"):
            raise DeclinedError("the price was not typed again; nothing was sent")


# Bitget's pages say 20 and 50 orders a call; 20 all of them allow.
A_CALL = 20


def desk(session: Session) -> AccountState:
    """Facts about the exchange and the account of this session."""
    folder, address = session.context.state_folder / "instruments", session.client.base_url
    listed = Instruments(session.adapter, folder, env=session.env, address=address, now=session.clock.now)
    usual = session.profile.margin_mode
    return AccountState(session.adapter, listed, MarginMode(usual) if usual else None)


def futures_product(session: Session, text: str | None) -> Product:
    chosen = session.product(text)
    if chosen.is_spot:
        raise UsageError("spot has no positions", hint="try --product usdt-futures")
    return chosen


def futures_symbol(session: Session, text: str, product: str | None) -> Symbol:
    """The market as typed, never a corrected one. Raises UsageError for a spot market."""
    found = session.symbol(text, product)
    if found.product.is_spot:
        raise UsageError(
            f"{text} is a spot market, and this is a futures command",
            hint="name a futures market such as BTCUSDT or BTC/USDT:USDT",
        )
    return found


def terms(at: AccountState, symbol: Symbol) -> Terms | None:
    """What an order has to say about modes; None in spot."""
    if symbol.product.is_spot:
        return None
    account = at.account(symbol)
    return Terms(account.position_mode, account.margin_mode, at.instrument(symbol).margin_coin)


def part(size: str | None, percent: str | None) -> tuple[SizeWord | None, Decimal | None]:
    """`--size` or `--percent` as typed; both None for all of it."""
    from bitget_cli.trading.words import read_size

    if size is not None and percent is not None:
        raise UsageError("--size and --percent are two sizes; give one")
    share = None if percent is None else amount(percent, what="--percent")
    if share is not None and not 0 < share <= 100:
        raise UsageError(f"--percent {share:f} is not above 0 and at most 100")
    return None if size is None else read_size(size, what="--size"), share


def carry_out(
    session: Session,
    change: Change,
    *,
    yes: bool,
    dry_run: bool,
    consequence: Consequence | None = None,
    allow_far: bool = False,
    leverage: Change | None = None,
    looks: bool = False,
) -> Result:
    """Ask leave for one change, make it, and answer what became of it.

    `leverage` sets that of its market: it is asked for together with it and made before it, and where that did not end
    well the change is not sent. With `looks`, what came of an order that ends at once is looked at.
    """
    whole = [change] if leverage is None else [leverage, change]
    if dry_run:
        return _dry_run(session, whole)
    prelude(session, whole)
    before = () if leverage is None else (Consequence(leverage.what),)
    confirm(session, [*before, consequence or Consequence(change.what)], yes=yes, allow_far=allow_far)
    if leverage is not None:
        _prepare(session, leverage, yes=yes, left=change.what)
    outcomes, stopped = _one_after_another(session, [change], yes=yes, leverage=leverage)
    return _told(session, _looked_at(session, outcomes, looks=looks), stopped)


def agree(session: Session, change: Change, *, yes: bool) -> None:
    """Say what is to be known of a change, and ask leave for it. Raises DeclinedError."""
    prelude(session, [change])
    confirm(session, [Consequence(change.what)], yes=yes)


def _prepare(session: Session, change: Change, *, yes: bool, left: str) -> None:
    """Make a change that another one depends on. Raises its error where it did not come about, or nobody knows."""
    ended = sent(session, change, yes=yes)
    if ended.error:
        session.say(f"not sent, since what goes before it did not end well: {left}")
        ended.error.message = ended.failure_line
        _raise(session, ended.error, change.symbol)
    session.say(f"{change.what}: done")


def carry_out_all(
    session: Session,
    changes: Sequence[Change | Batch],
    *,
    yes: bool,
    dry_run: bool,
    consequences: Sequence[Consequence] = (),
    settled: Sequence[Outcome] = (),
    allow_far: bool = False,
    read: Callable[[Outcome, Symbol | None], Outcome] = lambda outcome, _: outcome,
    depending: bool = False,
    looks: bool = False,
    first: Change | None = None,
    question: str | None = None,
) -> Result:
    """Ask leave once for several changes, make them one after another, and answer for each. Of `depending` ones none
    is made after one that failed. With `looks`, what came of orders that end at once is looked at.

    `settled` are outcomes that were known before anything was sent; they are told last. Each of the others is read by
    `read` before it is told. `first` is made before them, and none of them where it did not end well. `question` asks
    in the place of what is said of each.
    """
    whole = [*filter(None, [first]), *changes]
    if dry_run and changes:
        for outcome in settled:
            session.say(outcome.error.message if outcome.error else f"{outcome.what}: {outcome.state} already")
        return _dry_run(session, whole)
    if changes:
        prelude(session, whole)
        told = consequences or [Consequence(change.what) for change in single(whole)]
        confirm(session, told, yes=yes, allow_far=allow_far, question=question)
    if first is not None:
        _prepare(session, first, yes=yes, left=question or "the rest")
    outcomes, stopped = _one_after_another(session, changes, yes=yes, read=read, depending=depending)
    outcomes = _looked_at(session, outcomes, looks=looks)
    outcomes += map(EndedChange, settled)
    return _told(session, outcomes, stopped)


def _looked_at(session: Session, ended: Sequence[EndedChange], *, looks: bool) -> list[EndedChange]:
    """After everything is sent, so that no order waits for it."""
    if not looks:
        return list(ended)
    if not any(one.change and one.change.is_looked_at for one in ended):
        return [one._replace(outcome=one.outcome._replace(orders=())) for one in ended]
    from bitget_cli.application import after_placing

    told = after_placing.looked_at(session, ended)
    return [one._replace(outcome=outcome) for one, outcome in zip(ended, told, strict=True)]


def _one_after_another(
    session: Session,
    changes: Sequence[Change | Batch],
    *,
    yes: bool,
    read: Callable[[Outcome, Symbol | None], Outcome] = lambda outcome, _: outcome,
    depending: bool = False,
    leverage: Change | None = None,
) -> tuple[list[EndedChange], BitgetError | None]:
    """How each ended, and why the rest was not sent. Raises what the first raises before anything was done."""
    outcomes: list[EndedChange] = []
    sending = Sending(session, changes, yes=yes, leverage=leverage)
    while sending.left:
        if depending and any(ended.outcome.error for ended in outcomes):
            for left in sending.left:
                session.say(f"not sent, since what goes before it did not end well: {left.what}")
            break
        try:
            outcomes += [one._replace(outcome=read(one.outcome, one.symbol)) for one in sending.next()]
        except BitgetError as error:
            if not outcomes:
                raise
            return outcomes, error  # what was done before is told first
    return outcomes, None


def _told(session: Session, outcomes: Sequence[EndedChange], stopped: BitgetError | None) -> Done | Rows:
    if len(outcomes) == 1 and not stopped:
        return done(session, outcomes[0].outcome, symbol=outcomes[0].symbol)
    return _summed_up(session, outcomes, stopped=stopped)


def _summed_up(session: Session, outcomes: Sequence[EndedChange], *, stopped: BitgetError | None) -> Rows:
    """A row for each outcome, and the failure they come to; `stopped` is why the rest was not sent."""
    from bitget_cli.trading.outcomes import batch_error, unknown_error

    for one in outcomes:
        if one.outcome.error:
            session.say(one.outcome.failure_line)
    if gone := [one for one in outcomes if any(order.would_have_taken for order in one.outcome.orders or ())]:
        were = "was" if len(gone) == 1 else "were"
        session.say(f"{len(gone)} of {len(outcomes)} {were} cancelled: post-only would have taken from the book")
    records = [row_of(session, one.outcome, symbol=one.symbol) for one in outcomes]
    ended = [one.outcome for one in outcomes]
    failure = stopped or batch_error(ended)
    if stopped and unknown_error(ended):
        # What nobody knows comes before why the rest was not sent.
        session.say(f"the rest was not sent: {stopped.message}")
        failure = batch_error(ended)
    columns = OUTCOME_COLUMNS if all(outcome.orders is None for outcome in ended) else FILLED_COLUMNS
    return Rows(records, OUTCOME, columns, failure=failure)


def done(session: Session, outcome: Outcome, *, symbol: Symbol | None) -> Done:
    """The answer to one change. Raises the outcome's own error where it did not come about."""
    if outcome.error:
        _raise(session, outcome.error, symbol)
    return _made(session, outcome, symbol, outcome.told)


def _made(session: Session, outcome: Outcome, symbol: Symbol | None, response: Any) -> Done:
    name = outcome.symbol or (symbol.name if symbol else None)
    made = Done(
        outcome.outcome.value,
        session.env,
        name,
        outcome.order_id,
        outcome.client_oid,
        response=response,
        working=outcome.working,
        order_ids=outcome.order_ids,
    )
    if not outcome.orders:
        return made if outcome.orders is None else made._replace(filled=Filled())
    from bitget_cli.application import after_placing

    told = tuple(filter(None, map(after_placing.sentence, outcome.orders)))
    return made._replace(filled=after_placing.filled(outcome.orders), told=told)


def nothing(session: Session, what: str, *, symbol: Symbol | None = None) -> Done:
    """There was nothing to change."""
    session.say(what)
    return Done("done", session.env, symbol.name if symbol else None)


def counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def worth(at: AccountState, symbol: Symbol, size: Decimal, *, what: str) -> Consequence:
    """What a market order of this size comes to."""
    instrument, last = at.instrument(symbol), at.prices(symbol).last
    value = EXACT.multiply(size, last)
    return Consequence(what, coin=instrument.quote, value=value, fee_rate=instrument.taker_fee)


def _raise(session: Session, error: BitgetError, symbol: Symbol | None) -> NoReturn:
    """The failure itself; for a market the exchange does not know, near misses instead."""
    if symbol is None:
        raise error
    from bitget_cli.client.rest import markets

    with markets.known(session.client, symbol):
        raise error


def _dry_run(session: Session, changes: Sequence[Change | Batch]) -> Result:
    """The exact requests, with the client ids they would carry. Nothing is written down and nothing sent."""
    from bitget_cli.client.rest import raw

    calls = [call for change in changes for call in _calls(session, change)]
    requests = [raw.dry_run(session.client, call) for call in calls]
    # What several orders have in common is told once.
    if working := list(dict.fromkeys(sentence for one in single(changes) for sentence in one.working)):
        requests = [request | {"working": working} for request in requests]
    fields = (*raw.DRY_RUN, OUTCOME[-1]) if working else raw.DRY_RUN
    return Record(requests[0], fields) if len(requests) == 1 else Rows(requests, fields)


def _calls(session: Session, change: Change | Batch) -> Iterator[Call]:
    from bitget_cli.trading.execution import prepare_request
    from bitget_cli.trading.model import new_client_order_id

    now, client = milliseconds(session.client.now()), session.client
    if isinstance(change, Change):
        yield client.prepare(change.row, prepare_request(change, change.client_oid or new_client_order_id(now)).given)
        return
    items = [
        prepare_request(item, item.client_oid or new_client_order_id(now), around=change.given).given
        for item in change.items
    ]
    for start in range(0, len(items), A_CALL):
        some = items[start : start + A_CALL]
        yield client.prepare(change.row, {**change.given, change.list_name: some})


def row_of(session: Session, outcome: Outcome, *, symbol: Symbol | None) -> dict[str, Any]:
    answer: Mapping[str, Any] | Any = outcome.told
    if answer is None and outcome.error:
        answer = outcome.error.record()
    return _made(session, outcome, symbol, answer).record()


def with_working(changes: Sequence[Change | Batch], working: Iterator[tuple[str, ...]]) -> list[Change | Batch]:
    """The changes with the arithmetic of each, which is given in their order."""
    return [
        change._replace(items=tuple(item._replace(working=next(working)) for item in change.items))
        if isinstance(change, Batch)
        else change._replace(working=next(working))
        for change in changes
    ]
