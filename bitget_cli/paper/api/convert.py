"""Conversions at a quoted price and of small balances into BGB: `/api/v2/convert/…`."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from bitget_cli.paper import answers
from bitget_cli.paper.answers import RefusedError
from bitget_cli.paper.api.lists import PageRequest, end_id, page
from bitget_cli.paper.engine import conversions as engine
from bitget_cli.paper.engine import validation
from bitget_cli.paper.engine.conversions import Conversion, ConversionQuote
from bitget_cli.paper.engine.ledger import text
from bitget_cli.paper.engine.state import EngineState
from bitget_cli.paper.request import Query

_PLACES = 8


def currencies(state: EngineState, _query: Query) -> Any:
    rows = []
    for coin in engine.COINS:
        least, most = engine.bounds(coin)
        available = state.ledger.pot("spot", coin).available
        rows.append(
            {"coin": coin, "available": text(available), "maxAmount": text(most), "minAmount": text(least)},
        )
    return rows


def quoted_price(state: EngineState, query: Query) -> Any:
    """Exactly one of the two sizes; the price holds for eight seconds of paper time, and for one conversion."""
    source, target = query.text("fromCoin").upper(), query.text("toCoin").upper()
    if source == target:
        raise answers.wrong("toCoin")
    gives, gets = _size(query, "fromCoinSize"), _size(query, "toCoinSize")
    if gives is None and gets is None:
        raise answers.missing("fromCoinSize")
    if gives is not None and gets is not None:
        raise answers.wrong("toCoinSize")
    return _quote(engine.quote(state, source, target, gives=gives, gets=gets))


def trade(state: EngineState, query: Query) -> Any:
    """Only with the very words of the quote."""
    sent = {name: query.text(name) for name in _WORDS}
    identity = query.text("traceId")
    found = state.find(ConversionQuote, "id = ?", int(identity)) if _is_id(identity) else []
    if not found or any(_quote(found[0])[name] != word for name, word in sent.items()):
        raise RefusedError("12022", "he flash quote information has been tampered with")
    done = engine.trade(state, found[0])
    return {
        "ts": str(done.created),
        "cnvtPrice": text(done.price),
        "toCoinSize": text(done.target),
        "toCoin": done.target_coin,
    }


def convert_record(state: EngineState, query: Query) -> Any:
    query.text("startTime"), query.text("endTime")
    rows = page(state, Conversion, query, PageRequest(product="convert"), limit=(20, 100), look_back=None)
    return {"dataList": [converted_row(done) for done in rows], "endId": end_id(rows)}


def converted_row(done: Conversion) -> dict[str, str]:
    return {
        "id": str(done.id),
        "ts": str(done.created),
        "cnvtPrice": text(done.price),
        "fee": text(done.fee),
        "fromCoinSize": text(done.source),
        "fromCoin": done.source_coin,
        "toCoinSize": text(done.target),
        "toCoin": done.target_coin,
    }


def bgb_convert_coin_list(state: EngineState, _query: Query) -> Any:
    listed = [
        {
            "coin": each.source_coin,
            "available": text(each.source),
            "bgbEstAmount": text(each.target),
            "precision": str(_PLACES),
            "feeDetail": [{"feeRate": text(engine.BGB_FEE), "fee": text(each.fee)}],
            "cTime": str(state.time),
        }
        for each in engine.small_balances(state)
    ]
    return {"coinList": listed}


def bgb_convert(state: EngineState, query: Query) -> Any:
    """All coins or none."""
    coins = query.texts("coinList")
    if not coins:
        raise answers.missing("coinList")
    done = [engine.to_bgb(state, coin.upper()) for coin in coins]
    return {"orderList": [{"coin": each.source_coin, "orderId": str(each.id)} for each in done]}


def bgb_convert_records(state: EngineState, query: Query) -> Any:
    wanted = PageRequest(product="bgb")
    wanted.named(query)
    return [bgb_row(done) for done in page(state, Conversion, query, wanted, limit=(20, 100), look_back=None)]


def bgb_row(done: Conversion) -> dict[str, Any]:
    return {
        "orderId": str(done.id),
        "fromCoin": done.source_coin,
        "fromAmount": text(done.source),
        "fromCoinPrice": text(done.source_price),
        "toCoin": done.target_coin,
        "toAmount": text(done.target),
        "toCoinPrice": text(done.target_price),
        "feeDetail": [{"feeCoin": done.target_coin, "fee": text(done.fee)}],
        "status": "success",
        "ctime": str(done.created),
        "ts": str(done.created),
    }


_WORDS = ("fromCoin", "fromCoinSize", "cnvtPrice", "toCoin", "toCoinSize")


def _quote(named: ConversionQuote) -> dict[str, str]:
    return {
        "fee": "0",
        "fromCoinSize": text(named.source),
        "fromCoin": named.source_coin,
        "cnvtPrice": text(named.price),
        "toCoinSize": text(named.target),
        "toCoin": named.target_coin,
        "traceId": str(named.id),
    }


def _size(query: Query, name: str) -> Decimal | None:
    size = validation.positive(query, name) if query.maybe(name) else None
    if size is not None and size != round(size, _PLACES):
        raise answers.unchecked(f"{name} checkBDScale error value={text(size)} checkScale={_PLACES}")
    return size


def _is_id(word: str) -> bool:
    return word.isascii() and word.isdigit() and len(word) < 20 and int(word) < 2**63
