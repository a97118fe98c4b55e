"""A change made ready: its client id, the exact request, the trail to find it by, and the journal's draft of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from bitget_cli.journal import Draft
from bitget_cli.trading import aftermath
from bitget_cli.trading.changes import MAKING, Change, Kind, only_named
from bitget_cli.trading.lookups import lookup_for
from bitget_cli.trading.oids import checked
from bitget_cli.trading.sightings import around, told_at
from bitget_cli.trading.trails import Trail, aims, id_of, traits
from bitget_cli.values import milliseconds

if TYPE_CHECKING:
    from bitget_cli.catalogue.rows import Endpoint
    from bitget_cli.client.rest import Client

# How far ahead of ours the exchange's clock may be without a second question.
_ABOUT_NOW_MS = 1_000
_REVERSE = "mix.order.click-backhand"
# A position's two exits go out in one call, each with an id of its own.
_LEGS = {
    "stopSurplusTriggerPrice": ("stopSurplusClientOid", "-tp"),
    "stopLossTriggerPrice": ("stopLossClientOid", "-sl"),
}


@dataclass(frozen=True)
class Ready:
    """What is sent for a change, or for its place in a batch, and how it is found again."""

    change: Change
    oid: str
    given: Mapping[str, Any]
    trail: Trail

    def draft(self, body: str) -> Draft:
        symbol = self.change.symbol.name if self.change.symbol else None
        kind, row = self.change.kind.value, self.change.row.name
        return Draft(self.oid, kind, row, symbol, body, self.change.what, self.trail.to_text())


def ready(change: Change, oid: str, *, around: Mapping[str, Any] | None = None) -> Ready:
    """The change under a client id. `around` are the parameters that a batch sends beside its list.

    Raises UsageError for a client id that Bitget may refuse, unless a person wrote the request.
    """
    given = change.given if change.call else {**change.given, **_ids_on_the_wire(change, checked(oid))}
    whole = {**change.order, **(around or {}), **given}
    lookup = change.lookup or lookup_for(change.row, whole)
    makes_something = change.kind in MAKING
    nameless = change.call is not None and makes_something and not _own_ids(new_only(change.kind, given))
    # Bitget's page: clientOid is ignored there.
    keeps_no_id = whole.get("tpslType") == "tpsl" or bool(lookup.parts) or nameless
    named = {**change.given, **(only_named(change.given) or {})}
    trail = Trail(
        lookup=lookup,
        ids=() if keeps_no_id else tuple(_own_ids({**given, **named})),
        order_id=None if makes_something else named.get("orderId"),
        before=() if keeps_no_id and makes_something else None,
        # The order that turns a position round has the other side in hedge mode, and no size of its own before.
        match={} if change.row.name == _REVERSE else traits(whole | ({"size": _new_size(whole)} if nameless else {})),
        aims=aims(change.given) if change.kind is Kind.AMEND else {},
        old=_old_ids(change),
    )
    return Ready(change, oid, given, trail)


def with_snapshot(one: Ready, client: Client) -> Ready:
    """Where Bitget keeps no client id: the same, with what was seen before sending. Raises what the client raises."""
    if one.change.kind is Kind.MARGIN:
        rows = [row for asked, given in one.trail.lookup.lists for row in client.call(asked, **given) or []]
        return replace(one, trail=replace(one.trail, match=aftermath.margin_before(one.given, rows)))
    if one.trail.before is None:
        return one
    seen: list[str] = []
    for row, given in one.trail.lookup.lists:
        data = _listed_by_now(client, row, given)
        held = data.get(row.paging.rows_at) if row.paging.rows_at and isinstance(data, dict) else data
        seen += [str(id_of(item)) for item in held or [] if isinstance(item, dict)]
    return replace(one, trail=replace(one.trail, before=tuple(seen)))


def _listed_by_now(client: Client, row: Endpoint, given: Mapping[str, Any]) -> Any:
    """The list as it is now by the exchange's clock: where it must have an end, ours may be too early a one."""
    end = milliseconds(client.now()) + _ABOUT_NOW_MS
    answer = client.send(client.prepare(row, {**_times(row, end), **given}))
    told = told_at(answer.requested_at)
    if told is None or told <= end or "endTime" not in _times(row, end):
        return answer.data
    return client.call(row, **{**_times(row, told), **given})


def _times(row: Endpoint, end: int) -> dict[str, str]:
    times = around(row, end) | {"endTime": str(end)}
    return {param.name: times[param.name] for param in row.params if param.required and param.name in times}


def _ids_on_the_wire(change: Change, oid: str) -> dict[str, str]:
    names = {param.name for param in change.row.params}
    if "newClientOid" in names:  # needed even where no new order is made
        return {"newClientOid": oid}
    if legs := [leg for trigger, leg in _LEGS.items() if change.given.get(trigger) and leg[0] in names]:
        return {name: f"{oid[:29]}{ending}" for name, ending in legs}
    sends_one = change.kind in (Kind.PLACE, Kind.TRANSFER) or (change.kind is Kind.ONCE and "clientOid" in names)
    return {"clientOid": oid} if sends_one and "clientOid" in names else {}


def _old_ids(change: Change) -> tuple[str, ...]:
    """Every id of the order that is replaced, amended or cancelled, as far as it is known."""
    if change.kind is Kind.CANCEL:
        client_oid = change.order.get("clientOid")
        return (client_oid,) if client_oid else ()
    if change.kind not in (Kind.REPLACE, Kind.AMEND):
        return ()
    named = (source.get(name) for source in (change.given, change.order) for name in ("orderId", "clientOid"))
    return tuple(dict.fromkeys(str(one) for one in named if one))


def new_only(kind: Kind, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """What is given, without the client id of the order that is replaced."""
    return {name: value for name, value in given.items() if kind is not Kind.REPLACE or name != "clientOid"}


def _new_size(whole: Mapping[str, Any]) -> Any:
    return whole.get("newSize") or whole.get("size")


def _own_ids(given: Mapping[str, Any]) -> list[str]:
    """The client ids by which the order is known: the new one, or that of the order it is about."""
    if given.get("newClientOid"):
        return [str(given["newClientOid"])]
    names = ("clientOid", "stopSurplusClientOid", "stopLossClientOid")
    return [str(given[name]) for name in names if given.get(name)]
