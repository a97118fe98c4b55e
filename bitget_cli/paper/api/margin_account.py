"""Margin accounts: what was transferred there. Nothing can be borrowed, so nothing is owed: `/api/v2/margin/…`."""

from __future__ import annotations

from typing import Any

from bitget_cli.paper.api.lists import PageRequest, page
from bitget_cli.paper.engine.ledger import text
from bitget_cli.paper.engine.records import Bill
from bitget_cli.paper.engine.state import EngineState
from bitget_cli.paper.request import Query

_CROSSED, _ISOLATED = "crossed_margin", "isolated_margin/"


def crossed_assets(state: EngineState, query: Query) -> Any:
    return [_asset(state, _CROSSED, coin) for coin in _held(state, _CROSSED, query.maybe("coin"))]


def isolated_assets(state: EngineState, query: Query) -> Any:
    chosen = (query.maybe("symbol") or "").upper()
    pots = {name for name, _, _ in state.ledger.everything() if name.startswith(_ISOLATED)}
    return [
        {"symbol": symbol, **_asset(state, pot, coin)}
        for pot in sorted(pots)
        if chosen in ("", symbol := pot.removeprefix(_ISOLATED))
        for coin in _held(state, pot, None)
    ]


def _held(state: EngineState, account: str, coin: str | None) -> list[str]:
    chosen = (coin or "").upper()
    return [name for name, pot in state.ledger.of(account) if pot.total and chosen in ("", name)]


def _asset(state: EngineState, account: str, coin: str) -> dict[str, str]:
    pot = state.ledger.pot(account, coin)
    of_it = "product = ? AND json_extract(body, '$.coin') = ?"
    first, last = (state.find(Bill, of_it, account, coin, oldest=oldest)[0] for oldest in (True, False))
    return {
        "coin": coin,
        "totalAmount": text(pot.total),
        "available": text(pot.available),
        "frozen": text(pot.frozen),
        "borrow": "0",
        "interest": "0",
        "net": text(pot.total),
        "coupon": "0",
        "cTime": str(first.created),
        "uTime": str(last.created),
    }


def crossed_most_out(state: EngineState, query: Query) -> Any:
    coin = query.text("coin").upper()
    return {"coin": coin, "maxTransferOutAmount": text(state.ledger.pot(_CROSSED, coin).available)}


def isolated_most_out(state: EngineState, query: Query) -> Any:
    market = query.spot()
    pot = f"{_ISOLATED}{market.symbol}"
    return {
        "symbol": market.symbol,
        "baseCoin": market.base,
        "baseCoinMaxTransferOutAmount": text(state.ledger.pot(pot, market.base).available),
        "quoteCoin": market.quote,
        "quoteCoinMaxTransferOutAmount": text(state.ledger.pot(pot, market.quote).available),
    }


def crossed_most_borrowed(_state: EngineState, query: Query) -> Any:
    return {"coin": query.text("coin").upper(), "maxBorrowableAmount": "0"}


def isolated_most_borrowed(_state: EngineState, query: Query) -> Any:
    market = query.spot()
    return {
        "symbol": market.symbol,
        "baseCoin": market.base,
        "baseCoinMaxBorrowAmount": "0",
        "quoteCoin": market.quote,
        "quoteCoinMaxBorrowAmount": "0",
    }


def crossed_records(state: EngineState, query: Query) -> Any:
    return _records(state, query, _CROSSED)


def isolated_records(state: EngineState, query: Query) -> Any:
    symbol = query.text("symbol").upper()
    found = _records(state, query, f"{_ISOLATED}{symbol}")
    return found | {"resultList": [{"symbol": symbol, **record} for record in found["resultList"]]}


def _records(state: EngineState, query: Query, account: str) -> dict[str, Any]:
    query.text("startTime")
    wanted = PageRequest(product=account)
    wanted.field("coin", (query.maybe("coin") or "").upper())
    wanted.field("business", (query.maybe("marginType") or "").upper())
    found = page(state, Bill, query, wanted, limit=(100, 500), look_back=None)
    rows = [
        {
            "marginId": str(bill.id),
            "coin": bill.coin,
            "amount": text(bill.amount),
            "balance": text(bill.balance),
            "fee": text(bill.fee),
            "marginType": bill.business.lower(),
            "cTime": str(bill.created),
            "uTime": str(bill.updated),
        }
        for bill in found
    ]
    edges = {"maxId": str(found[0].id), "minId": str(found[-1].id)} if found else {"maxId": "", "minId": ""}
    return {"resultList": rows, **edges}
