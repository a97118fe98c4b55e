"""A raw request that changes something, carried out like a typed one wherever its fate can be asked for.

It is written down, looked for when its answer is lost, and told with the exit status its answer comes to. The body that
goes out is the one that was typed, byte for byte.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from bitget_cli.application import changes, raw_requests
from bitget_cli.catalogue import find, find_path
from bitget_cli.catalogue.envelope import SUCCESS
from bitget_cli.catalogue.model import Effect, Endpoint
from bitget_cli.errors import (
    BitgetError,
    ConfigError,
    PartialError,
    RateLimitedError,
    RejectedError,
    UnknownError,
    UsageError,
)
from bitget_cli.results import Done
from bitget_cli.session import Session
from bitget_cli.trading import adapters, risk
from bitget_cli.trading.change import (
    CREATES_ORDER,
    Batch,
    Change,
    ChangeKind,
    LookupKey,
    Outcome,
    OutcomeKind,
)
from bitget_cli.trading.reconciliation import UNTIL_IT_SHOWS, OrderSearch
from bitget_cli.values import Symbol, milliseconds

if TYPE_CHECKING:
    from bitget_cli.client.rest.request import Call
    from bitget_cli.trading.order_model import Order, Plan
    from bitget_cli.trading.risk import Consequence

# Many orders in one call: the name of its list, and the row of the same meaning for one of them.
_BATCHES = {
    "mix.order.batch-place-order": ("orderList", "mix.order.place-order"),
    "spot.trade.batch-orders": ("orderList", "spot.trade.place-order"),
    "mix.order.batch-cancel-orders": ("orderIdList", "mix.order.cancel-order"),
    "spot.trade.batch-cancel-order": ("orderList", "spot.trade.cancel-order"),
    "v3.trade.place-batch": ("[]", "v3.trade.place-order"),
    "v3.trade.cancel-batch": ("[]", "v3.trade.cancel-order"),
}
# Beside orders, these are known again by what they made.
_MONEY = frozenset(
    {"convert.trade", "spot.wallet.transfer", "spot.wallet.subaccount-transfer", "v3.account.sub-transfer"}
)
# These are known again without a client id: by the record of it, or by the order that is gone and the one in its place.
_KNOWN_BY_TERMS = frozenset({"convert.trade", "mix.order.modify-order", "spot.trade.cancel-replace-order"})
# How long (ms) before it was sent an order counts as made since, for clocks that differ.
_ABOUT_NOW_MS = 5_000
_ID_NAMES = ("orderId", "clientOid", "newClientOid", "stopSurplusClientOid", "stopLossClientOid")
_HARMLESS = frozenset({ChangeKind.CANCEL, ChangeKind.CLEAR})


def allowed(session: Session, prepared: Call, *, allow_far: bool, yes: bool) -> Done:
    """The change, past the guards of every other door, by what the body says.

    Raises DeclinedError, and UsageError for wrong exits.
    """
    row, profile, question = prepared.row, session.profile, raw_requests.said(prepared)
    if profile.locked or (row.withdraws and not profile.allow_withdraw):
        session.allow_change(question, withdraws=row.withdraws, yes=yes)
    met: list[Order | Plan] = []
    orders = raw_requests.weighed(session, prepared, met=met)
    if orders is None:
        risk.check_unvalued(row, profile.max_notional, profile=profile.name)
        if raw_requests.may_place(prepared):
            changes.consent_unjudged(session, f"what {row.method} {row.path} comes to", yes=yes, allow_far=allow_far)
    sentences = "; ".join(order.sentence for order in orders or ())
    changes.confirm(
        session,
        orders or (),
        yes=yes,
        allow_far=allow_far,
        question=f"{question}: {sentences}" if sentences else question,
        withdraws=row.withdraws,
    )
    if not risk.gets_out(row):
        session.check_account_stands(row)
    return carried_out(session, prepared, orders or (), met, yes=yes)


def carried_out(
    session: Session, call: Call, orders: Sequence[Consequence], met: Sequence[Order | Plan], *, yes: bool
) -> Done:
    """Send the request, and answer all that Bitget answered.

    `orders` are what it comes to and `met` the orders it changes, as far as that is known. Raises what became of it
    where it was not carried out; where only a part was, the answer bears that failure.
    """
    change = _change(call, orders, met)
    try:
        if isinstance(change, Batch):
            return _batch(session, change, yes=yes)
        if change is not None:
            return _single(session, change, yes=yes)
    except ConfigError as unwritten:
        if not _is_harmless(change):
            raise
        # Getting out must not wait for a journal that cannot be written.
        session.say(f"not written down: {unwritten.message}")
    data = _sent(session, call)
    ids = data if isinstance(data, dict) else {}
    failure = _failure(data)
    word = failure.outcome if failure and failure.outcome else "done"
    named = (ids.get("symbol"), ids.get("orderId"), ids.get("clientOid"))
    return Done(word, session.env, *named, response=data, whole=True, failure=failure)


def _single(session: Session, change: Change, *, yes: bool) -> Done:
    outcome = session.execution.attempt(change, unattended=yes)
    response = outcome.response
    ids = response if isinstance(response, dict) else {}
    failure = outcome.error
    # What was to be cleared may have stayed, all of it or a part: which, is in the answer.
    if failure and not _failure(response):
        raise failure
    own = adapters.of(change.row.name).own_ids(change.kind, change.given) if change.kind in CREATES_ORDER else []
    sent = next(iter(own), None)
    name = outcome.symbol or ids.get("symbol")
    named = (name, outcome.order_id or ids.get("orderId"), ids.get("clientOid") or sent)
    return Done(outcome.outcome.value, session.env, *named, response=response, whole=True, failure=failure)


def _batch(session: Session, batch: Batch, *, yes: bool) -> Done:
    from bitget_cli.trading.outcomes import batch_error

    heard: list[Any] = []
    outcomes = session.execution.carry_out_batch(batch, unattended=yes, hear=heard.append)
    for outcome in outcomes:
        if outcome.error:
            session.say(outcome.failure_line)
    failure = batch_error(outcomes)
    if failure and not heard:
        raise failure
    response = heard[0] if heard else [outcome.response for outcome in outcomes]
    return Done(_word(outcomes), session.env, response=response, whole=True, failure=failure)


def _sent(session: Session, call: Call) -> Any:
    """The answer to a request that could not be found again by an id; where it is in doubt, what is like it is named.

    Raises UnknownError where an order like it is there, though it was refused for haste.
    """
    moment = milliseconds(session.client.now())
    try:
        return session.client.send(call).data
    except (RateLimitedError, UnknownError) as failure:
        alike = _alike(session, call, moment)
        if not alike:
            raise
        found = f"{failure.message}; an order like it is there since: {', '.join(alike)}"
        hint = f"bitget order show {alike[0]}; with clientOid= in the request it would be found by that"
        raise UnknownError(
            found, hint=hint, code=failure.code, msg=failure.msg, endpoint=failure.endpoint, outcome="unknown"
        ) from None


def _alike(session: Session, call: Call, moment: int) -> list[str]:
    """Ids of orders that show the terms of the request and were made since it was sent."""
    row, body = find_path(call.row.method, call.row.path.lower()), raw_requests.body_of(call)
    adapter = adapters.of(call.row.name)
    if row is None or body is None or adapter.kind_of(row, body) is not ChangeKind.PLACE:
        return []
    key = LookupKey(adapter.by_terms(adapter.lookup_for(row, body)), before=(), match=adapter.fingerprint(body))
    if not key.lookup.lists or not (key.match.get("size") or key.match.get("qty")):
        return []
    session.clock.sleep(UNTIL_IT_SHOWS)
    found = map(adapter.trace, OrderSearch(session.client, adapter, key, moment).look().rows)
    fresh = [one for one in found if (one.made_at or 0) >= moment - _ABOUT_NOW_MS]
    return list(dict.fromkeys(one.order_id for one in fresh if one.order_id))


def _word(outcomes: Sequence[Outcome]) -> str:
    """One word for all: what nobody knows first, then what was done."""
    words = [outcome.outcome for outcome in outcomes]
    order = (OutcomeKind.UNKNOWN, OutcomeKind.PLACED, OutcomeKind.CANCELLED, OutcomeKind.DONE)
    return next((word for word in order if word in words), words[0]).value


def _is_harmless(change: Change | Batch | None) -> bool:
    changes = change.items if isinstance(change, Batch) else [change] if change else []
    return all(one.kind in _HARMLESS for one in changes)


def _change(call: Call, orders: Sequence[Consequence], met: Sequence[Order | Plan]) -> Change | Batch | None:
    """What the request is among the changes whose fate can be asked for; None for any other."""
    row, body = find_path(call.row.method, call.row.path.lower()), raw_requests.body_of(call)
    if row is None or body is None or not (row.effect is Effect.TRADE or row.name in _MONEY):
        return None
    whole = {"planType": "normal_plan", **body} if row.name == "mix.order.cancel-plan-order" else body
    if row.name in _BATCHES and whole.get(_BATCHES[row.name][0]):
        return _many(row, whole, call, orders)
    what = orders[0].what if len(orders) == 1 else _said(row, raw_requests.symbol_of(row, whole))
    return _one(row, whole, what, met=met, call=call)


def _one(
    row: Endpoint,
    body: Mapping[str, Any],
    what: str,
    *,
    met: Sequence[Order | Plan] = (),
    call: Call,
    around: Any = None,
) -> Change | None:
    """The change; None for one that cannot be found again."""
    adapter, whole = adapters.of(row.name), {**(around or {}), **body}
    kind = adapter.kind_of(row, body)
    ids = [whole[name] for name in _ID_NAMES if whole.get(name)]
    if not all(isinstance(one, str) for one in ids):
        return None
    own = adapter.own_ids(kind, body) if kind in CREATES_ORDER else []
    lookup = adapter.lookup_for(row, whole)
    if kind in CREATES_ORDER and not own:
        if around or row.name not in _KNOWN_BY_TERMS:
            return None
        lookup = adapter.by_terms(lookup)
    if not (lookup.detail or lookup.lists):
        return None
    order = {name: str(met[0].row[name]) for name in ("orderId", "clientOid") if met and met[0].row.get(name)}
    symbol = raw_requests.symbol_of(row, whole)
    label = own[0] if kind in CREATES_ORDER and own else None
    return Change(row, kind, body, what, symbol, label, lookup, order=order, call=call)


def _many(row: Endpoint, whole: Mapping[str, Any], call: Call, orders: Sequence[Consequence]) -> Batch | None:
    """The batch; None where no item of it could be found again. Raises UsageError where only some could."""
    list_name, one_name = _BATCHES[row.name]
    listed, one = whole[list_name], find(one_name)
    if not isinstance(listed, list) or not all(isinstance(item, dict) for item in listed):
        return None
    around = {name: value for name, value in whole.items() if name != list_name}
    items = list(_items(whole, listed))
    nameless = sum(not any(item.get(name) for name in ("orderId", "clientOid")) for item in items)
    if 0 < nameless < len(items):
        raise UsageError(
            f"{nameless} of {len(items)} orders have no clientOid and the others have: what became of a part could not"
            " be asked for",
            hint="give every order a clientOid of its own, or none",
        )
    told = [order.what for order in orders] if len(orders) == len(items) else []
    changes = []
    for place, item in enumerate(items):
        symbol = raw_requests.symbol_of(one, {**around, **item})
        what = told[place] if told else _said(one, symbol)
        change = _one(one, item, what, call=call, around=around)
        if change is None or not any(item.get(name) for name in ("orderId", "clientOid")):
            return None
        # The look-up of a batch's item is made of what stands beside the list as well.
        changes.append(change._replace(lookup=None))
    return Batch(row._replace(unchecked=True), around, tuple(changes), list_name, call)


def _items(whole: Mapping[str, Any], listed: Sequence[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """The items as Bitget reads them: in its single mode a symbol beside the list is that of every item."""
    outer = whole.get("symbol")
    for item in listed:
        yield {**item, "symbol": outer} if outer and whole.get("batchMode") != "multiple" else item


def _said(row: Endpoint, symbol: Symbol | None) -> str:
    return f"{row.title[:1].lower()}{row.title[1:]}" + (f" ({symbol.name})" if symbol else "")


def _failure(data: Any) -> BitgetError | None:
    """What an answer with successes and failures comes to: all of them refused, or a part."""
    # Unified accounts are told of many orders in a list with a code for each.
    whole = data.get("list") if isinstance(data, dict) and set(data) == {"list"} else data
    rows = whole if isinstance(whole, list) else [whole]
    won, lost = 0, list[Mapping[str, Any]]()
    for row in rows:
        if not isinstance(row, dict):
            continue
        listed = row.get("failureList")
        if isinstance(listed, list) and listed:
            lost += [item for item in listed if isinstance(item, dict)]
            won += len(row.get("successList") or ())
        elif str(row.get("success", "")).lower() in ("failure", "false") or row.get("code", SUCCESS) != SUCCESS:
            lost.append(row)
        else:
            won += 1
    if not lost:
        return None
    code, msg = (str(next((lost[0][name] for name in names if lost[0].get(name)), "")) for names in _REFUSAL_NAMES)
    why = f"{msg or 'no reason given'}, as Bitget says{f' ({code})' if code else ''}"
    if won:
        return PartialError(
            f"{len(lost)} of {won + len(lost)} failed: {why}", code=code or None, msg=msg or None, outcome="rejected"
        )
    return RejectedError(f"refused: {why}", code=code or None, msg=msg or None, outcome="rejected")


_REFUSAL_NAMES = (("errorCode", "code"), ("errorMsg", "msg"))
