"""Sub-accounts of a classic account, and money between them: `/api/v2/user/…` and its transfers."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from bitget_cli.paper import answers
from bitget_cli.paper.answers import RefusedError
from bitget_cli.paper.api.lists import PageRequest, end_id, page
from bitget_cli.paper.api.spot_account import usdt_price
from bitget_cli.paper.credentials import USER_ID
from bitget_cli.paper.engine import subaccounts as engine
from bitget_cli.paper.engine import validation
from bitget_cli.paper.engine.ledger import ACCOUNTS, text
from bitget_cli.paper.engine.records import Subaccount, SubTransfer
from bitget_cli.paper.engine.state import EngineState
from bitget_cli.paper.engine.wallet import FUTURES
from bitget_cli.paper.instruments import COINS
from bitget_cli.paper.request import Query

_NAME = re.compile("[A-Za-z]{8}")
_RIGHTS = ("spot_trade", "contract_trade", "read")
_PLACES = Decimal("1e-8")


def create_virtual_subaccount(state: EngineState, query: Query) -> Any:
    """Each name that can be one; the others are listed as failures, without a reason."""
    names = query.texts("subAccountList")
    if not names:
        raise answers.missing("subAccountList")
    made, failed = list[dict[str, Any]](), list[dict[str, Any]]()
    for name in names:
        try:
            if not _NAME.fullmatch(name):
                raise answers.wrong("subAccountList")
            with state.attempt():
                made.append(_made(engine.create(state, name)))
        except RefusedError:
            failed.append({"subaAccountName": name})
    return {"failureList": failed, "successList": made}


def _made(sub: Subaccount) -> dict[str, Any]:
    row = _listed(sub)
    # So spelt by Bitget.
    return {"subaAccountUid": row.pop("subAccountUid"), "subaAccountName": row.pop("subAccountName"), **row}


def _listed(sub: Subaccount) -> dict[str, Any]:
    return {
        "subAccountUid": str(sub.id),
        "subAccountName": sub.client_oid,
        "status": sub.status,
        "permList": sub.rights.split(),
        "label": sub.note,
        "cTime": str(sub.created),
        "uTime": str(sub.updated),
    }


def virtual_subaccount_list(state: EngineState, query: Query) -> Any:
    wanted = PageRequest()
    if query.maybe("status"):
        wanted.field("status", query.choice("status", ("normal", "freeze")))
    found = page(state, Subaccount, query, wanted, limit=(100, 500), look_back=None)
    return {"subAccountList": [_listed(sub) for sub in found], "endId": end_id(found)}


def modify_virtual_subaccount(state: EngineState, query: Query) -> Any:
    sub = engine.of(state, _user(query, "subAccountUid"))
    rights = query.texts("permList")
    if not rights:
        raise answers.missing("permList")
    if set(rights) - set(_RIGHTS):
        raise answers.wrong("permList")
    sub.rights, sub.status = " ".join(rights), query.choice("status", ("normal", "freeze"))
    state.save(sub)
    return {"result": "success"}


def _user(query: Query, name: str) -> int:
    """A user id; MAIN for the main account's."""
    given = query.text(name)
    return engine.MAIN if given == USER_ID else query.time(name) or 0


def subaccount_transfer(state: EngineState, query: Query) -> Any:
    """A `clientOid` used before gives the first transfer's answer again."""
    ends = [(party(state, query, f"{end}UserId"), query.choice(f"{end}Type", ACCOUNTS)) for end in ("from", "to")]
    if any(wallet == "isolated_margin" for _, wallet in ends):
        raise answers.not_learnt("isolated_margin between accounts")
    return moved(state, query, query.text("coin").upper(), *ends)


def party(state: EngineState, query: Query, name: str) -> Subaccount | None:
    """The sub-account that is named, or None for the main account."""
    uid = _user(query, name)
    return None if uid == engine.MAIN else engine.of(state, uid)


End = tuple[Subaccount | None, str]


def moved(state: EngineState, query: Query, coin: str, source: End, target: End) -> dict[str, str]:
    """Carry out one transfer between two accounts, once for each client id."""
    amount, client_oid = validation.positive(query, "amount"), query.maybe("clientOid") or ""
    before = state.find(SubTransfer, "client_oid = ?", client_oid) if client_oid else []
    if before:
        return _ids(before[0])
    if coin not in COINS:
        raise answers.unknown(coin)
    if amount != round(amount, 8):
        raise RefusedError("41103", "param amount error")
    users = [sub.id if sub else engine.MAIN for sub in (source[0], target[0])]
    if users[0] == users[1]:
        raise answers.wrong("toUserId")
    record = SubTransfer(
        id=0,
        product="subtransfer",
        client_oid=client_oid,
        coin=coin,
        size=amount,
        from_type=source[1],
        to_type=target[1],
        from_user=users[0],
        to_user=users[1],
    )
    return _ids(engine.transfer(state, record))


def _ids(done: SubTransfer) -> dict[str, str]:
    return {"transferId": str(done.id), "clientOid": done.client_oid}


def sub_main_trans_record(state: EngineState, query: Query) -> Any:
    found = page(state, SubTransfer, query, of_party(query), limit=(100, 100))
    return [record(each) for each in found]


def of_party(query: Query) -> PageRequest:
    """Transfers of one account as sender or as receiver; the main one's where none is named."""
    wanted = PageRequest()
    role = query.choice("role", ("initiator", "receiver"), "initiator")
    uid = _user(query, "subUid") if query.maybe("subUid") else engine.MAIN
    wanted.add(f"json_extract(body, '$.{'from' if role == 'initiator' else 'to'}_user') = ?", uid)
    wanted.field("coin", (query.maybe("coin") or "").upper())
    wanted.named(query)
    return wanted


def record(done: SubTransfer) -> dict[str, str]:
    return {
        "coin": done.coin,
        "status": "Successful",
        "toType": done.to_type,
        "fromType": done.from_type,
        "size": f"{done.size:.8f}",
        "ts": str(done.created),
        "clientOid": done.client_oid,
        "transferId": str(done.id),
        "fromUserId": _named(done.from_user),
        "toUserId": _named(done.to_user),
        "newTransferId": str(done.id),
    }


def _named(uid: int) -> str:
    return USER_ID if uid == engine.MAIN else str(uid)


def subaccount_assets(state: EngineState, query: Query) -> Any:
    """What the sub-accounts hold in spot; those that hold nothing too."""
    found = page(state, Subaccount, query, PageRequest(), limit=(10, 50), look_back=None)
    return [{"id": str(sub.id), "userId": str(sub.id), "assetsList": _spot(state, sub)} for sub in found]


def _spot(state: EngineState, sub: Subaccount) -> list[dict[str, str]]:
    rest = {"limitAvailable": "0", "frozen": "0", "locked": "0", "uTime": str(state.time)}
    return [{"coin": coin, "available": text(held), **rest} for coin, held in _held(state, sub, "spot")]


def _held(state: EngineState, sub: Subaccount, wallet: str) -> list[tuple[str, Decimal]]:
    return list(engine.held(state, sub.id, wallet).items())


def sub_account_assets(state: EngineState, query: Query) -> Any:
    """What they hold in one line of futures, where they have no positions."""
    product = query.product()
    wallet = next(name for name, line in FUTURES.items() if line is product)
    return [
        {"userId": str(sub.id), "assetList": [_margin(state, *held) for held in _held(state, sub, wallet)]}
        for sub in engine.there(state)
    ]


def _margin(state: EngineState, coin: str, held: Decimal) -> dict[str, str]:
    dollars = held * usdt_price(state, coin)
    names = ("available", "crossedMaxAvailable", "isolatedMaxAvailable", "maxTransferOut", "accountEquity")
    return {
        "marginCoin": coin,
        "locked": "0",
        **dict.fromkeys(names, text(held)),
        "usdtEquity": text(dollars.quantize(_PLACES)),
        "btcEquity": text((dollars / usdt_price(state, "BTC")).quantize(_PLACES)),
        "unrealizedPL": "0",
        "coupon": "0",
    }
