"""Sub-accounts of a unified account, and money between them."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from bitget_cli.paper import answers
from bitget_cli.paper.answers import RefusedError, reworded
from bitget_cli.paper.api import subaccounts as classic
from bitget_cli.paper.api.lists import PageRequest
from bitget_cli.paper.api.spot_account import usdt_price
from bitget_cli.paper.api.v3 import words
from bitget_cli.paper.api.v3.account import coin_of
from bitget_cli.paper.engine import subaccounts as engine
from bitget_cli.paper.engine.ledger import ACCOUNTS, FUNDING_ACCOUNT, WALLET, text
from bitget_cli.paper.engine.records import Subaccount, SubTransfer
from bitget_cli.paper.engine.state import EngineState
from bitget_cli.paper.request import Query

_NAME = re.compile("[a-z]{1,20}")
# A unified account's wallets by the words of transfers: `spot` means its funding account.
_WALLETS = {"uta": WALLET, "spot": FUNDING_ACCOUNT}
_ANY_WORD = (*ACCOUNTS, "uta")
_RECORD = (
    "transferId fromType toType amount=size coin fromUserId toUserId status clientOid createdTime=ts updatedTime=ts"
)


def create_sub(state: EngineState, query: Query) -> Any:
    """Unified, like the main account; a classic one is not made here."""
    name = query.text("username")
    if not _NAME.fullmatch(name):
        raise answers.wrong("username")
    if query.choice("accountMode", ("classic", "unified"), "unified") == "classic":
        raise answers.not_learnt("accountMode=classic")
    made = _listed(engine.create(state, name, note=query.maybe("note") or ""))
    return reworded(made, "username subUid status note createdTime updatedTime")


def _listed(sub: Subaccount) -> dict[str, Any]:
    return {
        "subUid": str(sub.id),
        "username": sub.client_oid,
        "status": sub.status,
        "accountMode": "unified" if sub.unified else "classic",
        "type": "normal",
        "note": sub.note,
        "createdTime": str(sub.created),
        "updatedTime": str(sub.updated),
    }


def sub_list(state: EngineState, query: Query) -> Any:
    found = words.listed_page(state, Subaccount, query, PageRequest(), look_back=None)
    told = words.whole([_listed(sub) for sub in found], found, query, none=[])
    return {"list": told["list"], "hasNext": bool(told["cursor"]), "cursor": told["cursor"] or ""}


def freeze_sub(state: EngineState, query: Query) -> Any:
    sub = engine.of(state, query.time("subUid") or 0)
    sub.status = {"freeze": "freeze", "unfreeze": "normal"}[query.choice("operation", ("freeze", "unfreeze"))]
    state.save(sub)
    return "success"


def modify_sub(state: EngineState, query: Query) -> Any:
    sub = engine.of(state, query.time("subUid") or 0)
    sub.note = query.maybe("note") or ""
    state.save(sub)
    return reworded(_listed(sub), "username subUid status note createdTime updatedTime")


def sub_transfer(state: EngineState, query: Query) -> Any:
    """A `clientOid` used before gives the first transfer's answer again."""
    query.text("clientOid")
    if query.choice("allowBorrow", ("yes", "no"), "no") == "yes":
        raise answers.not_learnt("allowBorrow=yes")
    ends = [_end(state, query, end) for end in ("from", "to")]
    return classic.moved(state, query, coin_of(query), *ends)


def _end(state: EngineState, query: Query, end: str) -> tuple[Subaccount | None, str]:
    """A sub-account from before the main one was moved has a classic one's wallets, under a classic one's names."""
    sub, word = classic.party(state, query, f"{end}UserId"), query.choice(f"{end}Type", _ANY_WORD)
    if sub and not sub.unified:
        wallets = {name: name for name in ACCOUNTS if name not in ("p2p", "isolated_margin")}
    else:
        wallets = _WALLETS if sub else {**_WALLETS, "p2p": FUNDING_ACCOUNT}
    if word not in wallets:
        raise RefusedError("25002", f"This account has no {word}")
    return sub, wallets[word]


def sub_transfer_record(state: EngineState, query: Query) -> Any:
    found = words.listed_page(state, SubTransfer, query, classic.of_party(query), days=90)
    rows = [reworded(classic.record(each), _RECORD) | {"oldTransferId": ""} for each in found]
    page = words.whole([_in_words_of_v3(row) for row in rows], found, query, none=[])
    # Unlike other lists this one was never seen with null for nothing, and outside clients do not take it.
    return page | {"cursor": page["cursor"] or ""}


def _in_words_of_v3(row: dict[str, Any]) -> dict[str, Any]:
    names = {WALLET: "uta", FUNDING_ACCOUNT: "spot"}
    return row | {name: names.get(row[name], row[name]) for name in ("fromType", "toType")}


def sub_unified_assets(state: EngineState, query: Query) -> Any:
    """What the unified ones hold in their one wallet."""
    wanted = PageRequest()
    wanted.add("json_extract(body, '$.unified')")
    if query.maybe("subUid"):
        wanted.add("id = ?", query.time("subUid") or 0)
    found = words.listed_page(state, Subaccount, query, wanted, limit=(10, 50), look_back=None)
    return [
        {
            "subUid": str(sub.id),
            "cursor": str(sub.id),
            "assets": [_coin(state, *held) for held in engine.held(state, sub.id, WALLET).items()],
        }
        for sub in found
    ]


def _coin(state: EngineState, coin: str, held: Decimal) -> dict[str, str]:
    return {
        "coin": coin,
        "equity": text(held),
        "usdValue": text((held * usdt_price(state, coin)).quantize(Decimal("1e-8"))),
        "balance": text(held),
        "available": text(held),
        "debt": "0",
        "locked": "0",
    }
