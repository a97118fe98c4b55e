"""The spot account: `/api/v2/spot/account/…`."""

from __future__ import annotations

from typing import Any

from bitget_cli.paper.coins import COINS
from bitget_cli.paper.engine.floor import Floor
from bitget_cli.paper.engine.money import text
from bitget_cli.paper.engine.movements import Bill
from bitget_cli.paper.instruments import LAUNCH
from bitget_cli.paper.keys import USER_ID
from bitget_cli.paper.private.lists import Wanted, page
from bitget_cli.paper.query import Query

_AUTHORITIES = ("coor", "coow", "cpor", "cpow", "stor", "stow", "wtor", "wtow", "wwow", "taxr", "chor", "chow")


def assets(floor: Floor, query: Query) -> Any:
    """What is held, or with `assetType=all` every coin; one coin also when there is none of it."""
    chosen = query.maybe("coin")
    every = query.choice("assetType", ("hold_only", "all"), "hold_only") == "all"
    pots = dict(floor.ledger.of("spot"))
    names = [chosen.upper()] if chosen else [*COINS, *(coin for coin in pots if coin not in COINS)]
    rows = []
    for coin in names:
        pot = floor.ledger.pot("spot", coin)
        if not (pot.total or every or chosen):
            continue
        rows.append(
            {
                "coin": coin,
                "available": text(pot.available),
                "frozen": text(pot.frozen),
                "locked": "0",
                "limitAvailable": "0",
                "uTime": str(floor.time),
            }
        )
    return rows


def bills(floor: Floor, query: Query) -> Any:
    wanted = Wanted(product="spot")
    wanted.field("coin", (query.maybe("coin") or "").upper())
    wanted.field("group", query.maybe("groupType"))
    wanted.field("business", query.maybe("businessType"))
    return [
        {
            "cTime": str(bill.created),
            "bizOrderId": str(bill.parent or ""),
            "coin": bill.coin,
            "groupType": bill.group,
            "businessType": bill.business,
            "size": text(bill.amount),
            "balance": text(bill.balance),
            "fees": text(bill.fee),
            "billId": str(bill.id),
        }
        for bill in page(floor, Bill, query, wanted, limit=(100, 500))
    ]


def info(_floor: Floor, _query: Query) -> Any:
    return {
        "userId": USER_ID,
        "inviterId": "",
        "ips": "",
        "authorities": list(_AUTHORITIES),
        "parentId": int(USER_ID),
        "traderType": "not_trader",
        "channelCode": "",
        "channel": "",
        "regisTime": str(LAUNCH),
    }


def deduct_info(_floor: Floor, _query: Query) -> Any:
    return {"deduct": "off"}


def no_subaccounts(_floor: Floor, _query: Query) -> Any:
    """The paper exchange has one account and no sub-accounts."""
    return []
