"""Money of a unified account in and out, between its two accounts, converted, and every booking of it."""

from __future__ import annotations

from typing import Any

from bitget_cli.paper import answers
from bitget_cli.paper.answers import RefusedError, reworded
from bitget_cli.paper.api import wallet as classic
from bitget_cli.paper.api.convert import bgb_row, converted_row
from bitget_cli.paper.api.lists import PageRequest
from bitget_cli.paper.api.v3 import words
from bitget_cli.paper.api.v3.account import coin_of
from bitget_cli.paper.engine import conversions, validation
from bitget_cli.paper.engine.conversions import Conversion
from bitget_cli.paper.engine.ledger import FUNDING_ACCOUNT, WALLET, account_of, text
from bitget_cli.paper.engine.records import Bill, Movement
from bitget_cli.paper.engine.state import EngineState
from bitget_cli.paper.instruments import COINS, instrument
from bitget_cli.paper.request import Query

# The wallets of a unified account by the words of transfers: `spot` means the funding account there, and so does `p2p`
# here. The classic accounts' words are for accounts that still have those.
_WALLETS = {"uta": WALLET, "spot": FUNDING_ACCOUNT, "p2p": FUNDING_ACCOUNT}
_CLASSIC = ("coin_futures", "usdt_futures", "usdc_futures", "crossed_margin", "isolated_margin")


def _wallet(query: Query, name: str) -> str:
    given = query.choice(name, (*_WALLETS, *_CLASSIC))
    if given in _CLASSIC:
        raise RefusedError("25002", f"A unified account has no {given}")
    return _WALLETS[given]


def transfer(state: EngineState, query: Query) -> Any:
    """Between the wallet and the funding account; a `clientOid` used before gives the first answer again."""
    source, target = _wallet(query, "fromType"), _wallet(query, "toType")
    coin, amount = coin_of(query), validation.positive(query, "amount")
    if query.choice("allowBorrow", ("yes", "no"), "no") == "yes":
        raise answers.not_learnt("allowBorrow=yes")
    client_oid = query.maybe("clientOid") or ""
    if before := classic.moved_before(state, client_oid):
        return before
    if amount != round(amount, 8):
        raise answers.wrong("amount")
    return classic.move(state, coin, amount, client_oid=client_oid, source=source, target=target)


def transferable_coins(_state: EngineState, query: Query) -> Any:
    _wallet(query, "fromType"), _wallet(query, "toType")
    return sorted(COINS)


def deposit_records(state: EngineState, query: Query) -> Any:
    found = _movements(state, query, "deposit")
    return [_moved(classic.deposit_row(each)) | {"clientOid": None} for each in found]


def withdrawal_records(state: EngineState, query: Query) -> Any:
    return [_moved(classic.withdrawal_row(each)) for each in _movements(state, query, "withdraw")]


def _movements(state: EngineState, query: Query, way: str) -> list[Movement]:
    return words.listed_page(state, Movement, query, classic.of_way(query, way), limit=(20, 100), look_back=None)


_MOVED = {"tradeId": "recordId", "cTime": "createdTime", "uTime": "updatedTime"}


def _moved(row: dict[str, Any]) -> dict[str, Any]:
    """As a classic account tells it, in other words."""
    # What a cancelled withdrawal is called here.
    row["status"] = "fail" if row["status"] == "cancel" else row["status"]
    return {_MOVED.get(name, name): value for name, value in row.items()}


def withdrawal(state: EngineState, query: Query) -> Any:
    """From the first of the accounts named that holds all of it: the funding account and the wallet unless said."""
    named = (query.maybe("accountType") or "funding,uta").split(",")
    if unknown := set(named) - {"funding", "otc", "uta"}:
        raise answers.wrong(f"accountType {min(unknown)}")
    coin_of(query)
    wallets = [WALLET if name == "uta" else FUNDING_ACCOUNT for name in ("funding", "otc", "uta") if name in named]
    return classic.withdraw_from(state, query, wallets)


def financial_records(state: EngineState, query: Query) -> Any:
    """Bookings of a line, or with `OTHER` of what is no line's: transfers, deposits, conversions."""
    found = _bills(state, query, words.category(query, among=(*words.CATEGORIES, "OTHER")))
    return words.whole([_record(bill) for bill in found], found, query)


def funding_financial_records(state: EngineState, query: Query) -> Any:
    wanted = PageRequest(product=FUNDING_ACCOUNT)
    wanted.field("coin", (query.maybe("coin") or "").upper())
    found = words.listed_page(state, Bill, query, wanted)
    rows = [
        {
            "id": str(bill.id),
            "coin": bill.coin,
            "groupType": bill.group,
            "type": bill.business.lower(),
            "amount": text(bill.amount + bill.fee),
            "balance": text(bill.balance),
            "ts": str(bill.created),
        }
        for bill in found
    ]
    return words.whole(rows, found, query)


def tax_records(state: EngineState, query: Query) -> Any:
    """Every booking, a week at a time within a year; those from before the account was moved too, under their ids.

    Bitget does not say whether it tells those.
    """
    query.text("startTime"), query.text("endTime")
    biz = words.category(query, "bizType", (*words.CATEGORIES, "OTHER"))
    found = _bills(state, query, biz, limit=(500, 500), days=7, look_back=366)
    names = ("id", "coin", "type", "amount", "fee", "balance", "ts")
    return [{name: _record(bill)[name] for name in names} for bill in found]


# Bookings that are of no line: by their group, or for what a classic account moved between its accounts by their name.
_NO_LINE = (
    "(json_extract(body, '$.group') IN ('deposit', 'withdraw', 'transfer', 'convert')"
    " OR json_extract(body, '$.business') GLOB 'trans_*')"
)


def _bills(
    state: EngineState,
    query: Query,
    category: str,
    *,
    limit: tuple[int, int] = (100, 100),
    days: int = 30,
    look_back: int = 90,
) -> list[Bill]:
    wanted = PageRequest()
    if category == "OTHER":
        wanted.add(f"product <> ? AND {_NO_LINE}", FUNDING_ACCOUNT)
    else:
        product = words.LINES.get(category)
        wanted.add(f"product = ? AND NOT {_NO_LINE}", account_of(product) if product else "none")
    wanted.field("coin", (query.maybe("coin") or "").upper())
    if kind := query.maybe("type"):
        _of_type(wanted, kind)
    return words.listed_page(state, Bill, query, wanted, limit=limit, days=days, look_back=look_back)


# The words of a unified account's bookings by those of bills: for what comes in, and for what goes out.
_TRANSFER = ("TRANSFER_IN", "TRANSFER_OUT")
_DEALT = ("ORDER_DEALT_IN", "ORDER_DEALT_FROZEN_OUT")
_WORDS = {
    "contract_settle_fee": ("CONTRACT_MAIN_SETTLE_FEE_USER_IN", "CONTRACT_MAIN_SETTLE_FEE_USER_OUT"),
    "BUY": _DEALT,
    "SELL": _DEALT,
    "DEPOSIT": _TRANSFER,
    "WITHDRAW": ("ON_CHAIN_TRANSFER_REFUND", "ON_CHAIN_TRANSFER_OUT"),
    "CONVERT_IN": ("CONVERT_TRANSFER_IN",) * 2,
    "CONVERT_OUT": ("CONVERT_TRANSFER_OUT",) * 2,
    "TRANSFER_IN": _TRANSFER,
    "TRANSFER_OUT": _TRANSFER,
    "buy": ("BUY_DEAL",) * 2,
    "sell": ("SELL_DEAL",) * 2,
    "burst_buy": ("BURST_BUY_SSM",) * 2,
    "burst_sell": ("BURST_SELL_SSM",) * 2,
    "burst_long_loss_query": ("BURST_CLOSE_LONG",) * 2,
    "burst_short_loss_query": ("BURST_CLOSE_SHORT",) * 2,
    **{f"{way}_{hold}": (f"{way}_{hold}".upper(),) * 2 for way in ("open", "close") for hold in ("long", "short")},
}


def _type(bill: Bill) -> str:
    pair = _TRANSFER if bill.business.startswith("trans_") else _WORDS[bill.business]
    return pair[0 if bill.amount >= 0 else 1]


def _of_type(wanted: PageRequest, kind: str) -> None:
    """Only bookings that are called so."""
    found = [business for business, pair in _WORDS.items() if kind in pair]
    moved = " OR json_extract(body, '$.business') GLOB 'trans_*'" if kind in _TRANSFER else ""
    wanted.add(f"(json_extract(body, '$.business') IN ({', '.join('?' * len(found))}){moved})", *found)
    pairs = [pair for pair in _WORDS.values() if kind in pair and pair[0] != pair[1]]
    if pairs:
        out = kind == pairs[0][1]
        wanted.add(f"json_extract(body, '$.amount') {'' if out else 'NOT '}GLOB '-*'")


def _record(bill: Bill) -> dict[str, str]:
    """A booking; a position's also tells how large it was after, and by how much it had changed."""
    futures = next((product for product in words.NAMES if account_of(product) == bill.product and bill.symbol), None)
    other = bill.group in ("deposit", "withdraw", "transfer", "convert") or bill.business.startswith("trans_")
    row = {
        "category": "OTHER" if other or futures is None else words.NAMES[futures],
        "id": str(bill.id),
        "symbol": bill.symbol,
        "coin": bill.coin,
        "type": _type(bill),
        "amount": text(bill.amount),
        "fee": text(bill.fee),
        "balance": text(bill.balance),
        "ts": str(bill.created),
    }
    if not bill.margin_mode or futures is None:
        return row
    market = instrument(futures, bill.symbol)
    size = market.size if market else str
    return row | {
        "positionType": bill.margin_mode,
        "positionAmount": size(bill.lots),
        "positionBalance": size(bill.held),
    }


def convert_records(state: EngineState, query: Query) -> Any:
    wanted = PageRequest(product="convert")
    wanted.field("source_coin", (query.maybe("fromCoin") or "").upper())
    wanted.field("target_coin", (query.maybe("toCoin") or "").upper())
    found = words.listed_page(state, Conversion, query, wanted)
    names = "fromCoin fromCoinSize toCoin toCoinSize price=cnvtPrice ts"
    rows = [reworded(converted_row(done), names) for done in found]
    return words.whole(rows, found, query)


def small_assets(state: EngineState, query: Query) -> Any:
    chosen = (query.maybe("coin") or "").upper()
    return [
        {
            "coin": each.source_coin,
            "available": text(each.source),
            "estimatedCoin": "BGB",
            "estimatedAmount": text(each.target),
            "feeDetail": {"feeRate": text(conversions.BGB_FEE), "fee": text(each.fee)},
            "cTime": str(state.time),
        }
        for each in conversions.small_balances(state)
        if chosen in ("", each.source_coin)
    ]


def small_assets_trade(state: EngineState, query: Query) -> Any:
    """All coins or none."""
    coins = query.texts("fromCoinList")
    if not coins:
        raise answers.missing("fromCoinList")
    if (query.maybe("toCoin") or "BGB").upper() != "BGB":
        raise answers.not_learnt(f"toCoin={query.maybe('toCoin')}")
    done = [conversions.to_bgb(state, coin.upper()) for coin in coins]
    return {"fromCoin": ",".join(each.source_coin for each in done), "toCoin": "BGB", "orderId": str(done[0].id)}


_SMALL = "orderId fromCoin fromAmount fromCoinPrice toCoin toAmount toCoinPrice feeDetail status createdTime=ctime"


def small_assets_history(state: EngineState, query: Query) -> Any:
    wanted = PageRequest(product="bgb")
    wanted.named(query)
    found = words.listed_page(state, Conversion, query, wanted, look_back=90)
    rows = [reworded(bgb_row(done) | {"feeDetail": bgb_row(done)["feeDetail"][0]}, _SMALL) for done in found]
    return words.whole(rows, found, query)
