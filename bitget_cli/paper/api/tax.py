"""Every booking for a tax return, with Bitget's own words for what it was: `/api/v2/tax/…`.

Records are the bills, each once: amounts and fees are signed, so that all of a coin's add up to what its balance has
become. Nothing is too old to be asked for, a month at a time.
"""

from __future__ import annotations

from typing import Any

from bitget_cli.paper.api.lists import PageRequest, page
from bitget_cli.paper.engine.ledger import account_of, text
from bitget_cli.paper.engine.records import Bill
from bitget_cli.paper.engine.state import EngineState
from bitget_cli.paper.request import Query
from bitget_cli.values import Product

# The words of the documentation's lists, by those of bills: for what comes in, and for what goes out.
_SPOT = {
    "DEPOSIT": ("Deposit", "Deposit"),
    # Money of a cancelled withdrawal comes back.
    "WITHDRAW": ("Withdrawal unfreeze", "Withdrawal"),
    "BUY": ("Buy", "Buy"),
    "SELL": ("Sell", "Sell"),
    "TRANSFER_IN": ("Transfer in", "Transfer in"),
    "TRANSFER_OUT": ("Transfer out", "Transfer out"),
}
_FUTURES = {
    "buy": "buy_deal",
    "sell": "sell_deal",
    "burst_buy": "burst_buy_ssm",
    "burst_sell": "burst_sell_ssm",
    "burst_long_loss_query": "burst_close_long",
    "burst_short_loss_query": "burst_close_short",
}


def spot_record(state: EngineState, query: Query) -> Any:
    wanted = PageRequest(product="spot")
    wanted.field("coin", (query.maybe("coin") or "").upper())
    return [
        {
            "id": str(bill.id),
            "coin": bill.coin,
            "spotTaxType": _spot_type(bill),
            "amount": text(bill.amount),
            "fee": text(bill.fee),
            "balance": text(bill.balance),
            "bizOrderId": str(bill.parent or ""),
            "ts": str(bill.created),
        }
        for bill in _page(state, query, wanted)
    ]


def future_record(state: EngineState, query: Query) -> Any:
    wanted = PageRequest(product=account_of(query.with_default("productType", Product.USDT_FUTURES.wire).line()))
    wanted.field("coin", (query.maybe("marginCoin") or "").upper())
    return [
        {
            "id": str(bill.id),
            "symbol": bill.symbol,
            "marginCoin": bill.coin,
            "futureTaxType": _futures_type(bill),
            "amount": text(bill.amount),
            "fee": text(bill.fee),
            "ts": str(bill.created),
        }
        for bill in _page(state, query, wanted)
    ]


def margin_record(state: EngineState, query: Query) -> Any:
    """Nothing can be borrowed here: what is transferred in and out is all there is."""
    crossed = query.choice("marginType", ("crossed", "isolated"), "crossed") == "crossed"
    wanted = PageRequest(product="crossed_margin" if crossed else None)
    if not crossed:
        wanted.add("product GLOB ?", "isolated_margin/*")
    wanted.field("coin", (query.maybe("coin") or "").upper())
    return [
        {
            "id": str(bill.id),
            "coin": bill.coin,
            "marginTaxType": bill.business.lower(),
            "amount": text(bill.amount),
            "fee": text(bill.fee),
            "total": text(bill.balance),
            "symbol": bill.product.partition("/")[2],
            "ts": str(bill.created),
        }
        for bill in _page(state, query, wanted)
    ]


def p2p_record(state: EngineState, query: Query) -> Any:
    """Bitget tells the balance after each booking and no amount: the amount is the step from the one before."""
    wanted = PageRequest(product="p2p")
    wanted.field("coin", (query.maybe("coin") or "").upper())
    return [
        {
            "id": str(bill.id),
            "coin": bill.coin,
            "p2pTaxType": bill.business.lower(),
            "balance": text(bill.balance),
            "ts": str(bill.created),
        }
        for bill in _page(state, query, wanted)
    ]


def _page(state: EngineState, query: Query, wanted: PageRequest) -> list[Bill]:
    query.text("startTime"), query.text("endTime")
    return page(state, Bill, query, wanted, limit=(500, 500), days=30, look_back=None)


def _spot_type(bill: Bill) -> str:
    comes_in = bill.amount + bill.fee > 0
    if bill.group == "convert":
        return "Exchange income" if comes_in else "Exchange spending"
    words = _SPOT.get(bill.business)
    return words[0 if comes_in else 1] if words else bill.business.replace("_", " ").capitalize()


def _futures_type(bill: Bill) -> str:
    """Bitget writes these in lower case, though its list has them in capitals; funding keeps the word of its bill."""
    if bill.business.startswith("trans_"):
        return "transfer_in" if bill.amount > 0 else "transfer_out"
    return _FUTURES.get(bill.business, bill.business)
