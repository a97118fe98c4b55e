"""`bitget order ladder`: one size in limit orders between two prices, all of it worked out before anything is sent."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import httpx
import pytest
from desk import DEMO, LIVE, OID, POSITION, Desk, open_desk
from doubles import Bitget, Ran, StillClock, enveloped
from pytest_httpx import HTTPXMock
from unified_desk import UnifiedDesk

from bitget_cli.values import milliseconds

FUTURES = {"symbol": "BTCUSDT", "productType": "USDT-FUTURES", "marginMode": "crossed", "marginCoin": "USDT"}
TICKER = {"lastPr": "60000", "bidPr": "59999.9", "askPr": "60000.4", "markPrice": "60010", "indexPrice": "60020"}
ANSWERS = {
    "mix/market/ticker": [{"symbol": "BTCUSDT", **TICKER}],
    "spot/market/tickers": [{"symbol": "BTCUSDT", **TICKER}],
    "mix/account/max-open": {"maxOpen": "1.2345"},
    "mix/account/accounts": [{"marginCoin": "USDT", "available": "7", "accountEquity": "10000"}],
}
BUY = "order ladder buy BTCUSDT"


def told(rows: list[dict[str, Any]], size: str = "size") -> list[str]:
    return [f"{row[size]} at {row['price']}" for row in rows]


# What is typed, and the sizes and prices that come of it.
WORKED: list[tuple[str, list[str]]] = [
    (f"{BUY} 0.01 --from 60000 --to 59000 --steps 3", ["0.0033 at 60000", "0.0033 at 59500", "0.0034 at 59000"]),
    (
        "order ladder sell BTCUSDT 0.01 --from 60000 --to 61000.1 --steps 4 --shape rising",
        ["0.001 at 60000", "0.002 at 60333.4", "0.003 at 60666.8", "0.004 at 61000.1"],
    ),
    (
        f"{BUY} 0.01 --from bid-1% --to bid-30% --steps 4 --shape falling --spacing geometric",
        ["0.004 at 59399.9", "0.003 at 52918.3", "0.002 at 47144.1", "0.001 at 41999.9"],
    ),
    (f"{BUY} 10% --from 59000 --to 58000 --steps 2", ["0.0617 at 59000", "0.0617 at 58000"]),
    (f"{BUY} --quote 1000 --from 59000 --to 50000 --steps 2", ["0.0091 at 59000", "0.0092 at 50000"]),
    (
        f"{BUY} --risk 1% --sl 57000 --from 59000 --to 58000 --steps 2",
        ["0.0318 at 59000", "0.0319 at 58000"],
    ),
    (f"{BUY} --risk 50 --sl -1% --from 59000 --to 58000 --steps 2", ["0.0381 at 59000", "0.0382 at 58000"]),
    ("order ladder buy BTC/USDT 0.3 --from 60000 --to 59999.97 --steps 2", ["0.15 at 60000", "0.15 at 59999.97"]),
    ("order ladder buy BTC/USDT 50% --from last --to last-50% --steps 2", ["0.555555 at 60000", "0.555556 at 30000"]),
    ("order ladder sell BTC/USDT max --from 61000 --to 62000 --steps 2", ["2.5 at 61000", "2.5 at 62000"]),
]


@pytest.mark.parametrize(("typed", "rows"), WORKED)
@pytest.mark.parametrize("mode", ["one_way_mode", "hedge_mode"])
def test_what_is_worked_out_is_shown_and_sent(
    bitget: Bitget, exchange: HTTPXMock, typed: str, rows: list[str], mode: str
) -> None:
    desk = open_desk(exchange, account={"posMode": mode}, answers=ANSWERS)
    dry = bitget(f"{typed} --dry-run --json", env=DEMO)
    assert (dry.status, desk.changes) == (0, []), dry.err
    desk.due()
    ran = bitget(f"{typed} --json", env=DEMO)
    assert ran.status == 0, ran.err
    ((_, body),) = desk.changes
    assert told(body["orderList"]) == told(json.loads(dry.json["body"])["orderList"]) == rows
    for number, (row, record) in enumerate(zip(rows, ran.json, strict=True), 1):
        size, _, price = row.partition(" at ")
        mine = [line for line in record["working"] if line.startswith(f"rung {number} of {len(rows)}: {size} BTC at")]
        assert len(mine) == 1
        value = f"{(Decimal(size) * Decimal(price)).normalize():f}"
        assert mine[0].endswith(f" at {price}, worth {value} USDT")
        assert any(line.split()[:5] == [str(number), size, "BTC", "at", f"{price},"] for line in ran.err.splitlines())
        assert set(record["working"]) <= set(dry.json["working"])
    assert "tagged ladder-20260302-120000:\n" in ran.err


@pytest.mark.parametrize(("typed", "rows"), WORKED)
def test_the_same_on_a_unified_account(bitget: Bitget, exchange: HTTPXMock, typed: str, rows: list[str]) -> None:
    bitget.kind_is_asked = True
    most = {"/api/v3/account/max-open-available": {"maxBuyOpen": "1.2345", "maxSellOpen": "1.1"}}
    desk = UnifiedDesk(exchange, coins={"USDT": "100000", "BTC": "5"}, answers={**ANSWERS, **most})
    if "--risk" in typed or "10%" in typed:
        desk.due("account/max-open-available")
    # A batch carries no exits: each goes by itself there.
    for _ in rows if "--sl" in typed else rows[:1]:
        desk.due("trade/place-order" if "--sl" in typed else "trade/place-batch")
    ran = bitget(f"{typed} --json", env=DEMO)
    assert ran.status == 0, ran.err
    orders = [
        one for path, body in desk.changes if "place" in path for one in (body if isinstance(body, list) else [body])
    ]
    if "--risk 1%" in typed:  # of the whole account's equity, ten times that of the line
        rows = ["0.3186 at 59000", "0.3186 at 58000"]
    assert told(orders, "qty") == rows


HEDGED = [
    ("one_way_mode", "sell", "--close", {"side": "sell", "reduceOnly": "YES"}),
    ("one_way_mode", "buy", "", {"side": "buy"}),
    ("hedge_mode", "sell", "--reduce-only", {"side": "buy", "tradeSide": "close"}),
    ("hedge_mode", "buy", "", {"side": "buy", "tradeSide": "open"}),
]


@pytest.mark.parametrize(("mode", "direction", "more", "words"), HEDGED)
def test_the_request_says_what_was_typed(
    bitget: Bitget, exchange: HTTPXMock, mode: str, direction: str, more: str, words: dict[str, str]
) -> None:
    exits = "" if more else "--tp 2R --sl -1% --client-oid grid"
    legs = [("58410", "60180"), ("57420", "59160")]
    rungs = [
        {"size": "0.05", **words, "orderType": "limit", "price": price, "force": "post_only", "clientOid": OID}
        | (
            {}
            if more
            else {"presetStopSurplusPrice": profit, "presetStopLossPrice": loss, "clientOid": f"grid-{number}"}
        )
        for number, price, (loss, profit) in ((1, "59000", legs[0]), (2, "58000", legs[1]))
    ]
    held = POSITION | {"posMode": mode, "available": "0.2"}
    desk = open_desk(exchange, account={"posMode": mode}, positions=[held], answers=ANSWERS)
    desk.due("mix/order/batch-place-order", FUTURES | {"orderList": rungs})
    size = "50%" if more else "0.1"
    ran = bitget(
        f"order ladder {direction} BTCUSDT {size} --from 59000 --to 58000 --steps 2 --post-only {more} {exits}",
        env=DEMO,
    )
    assert ran.status == 0, ran.err
    assert not exits or "  1  0.05 BTC at 59000, worth 2950 USDT, take-profit 60180, stop-loss 58410\n" in ran.err


def test_a_unified_account_in_isolated_margin_takes_them_one_by_one(bitget: Bitget, exchange: HTTPXMock) -> None:
    bitget.kind_is_asked = True
    desk = UnifiedDesk(exchange)
    for price in ("59000", "58000"):
        body = {"category": "USDT-FUTURES", "symbol": "BTCUSDT", "side": "buy", "orderType": "limit", "qty": "0.05"}
        body |= {"price": price, "timeInForce": "gtc", "marginMode": "isolated", "clientOid": OID}
        desk.due("trade/place-order", body)
    ran = bitget(f"{BUY} 0.1 --from 59000 --to 58000 --steps 2 --margin-mode isolated --tag t", env=DEMO)
    assert ran.status == 0, ran.err
    assert len(bitget("order log --tag t --json", env=DEMO).json) == 2


MISTAKES = {
    "0.1 --from 59000 --to 58000 --steps 1": "--steps 1 is not 2 to 100",
    "0.1 --from 59000 --to 58000 --steps 101": "--steps 101 is not 2 to 100",
    "0.0004 --from 59000 --to 58000 --steps 5": "rung 1 of 5, 0 BTC at 59000: size 0 is not above zero",
    "0.0004 --from 59000 --to 58000 --steps 2 --shape rising": "rung 1 of 2, 0.0001 BTC at 59000: "
    "size 0.0001 is below the minimum 0.0002 BTC",
    "0.003 --from 59000 --to 9000 --steps 3": "rung 3 of 3, 0.001 BTC at 9000: 0.001 BTCUSDT is worth 9 USDT, below",
    "0.10005 --from 59000 --to 58000 --steps 2": "size 0.10005 is not a multiple of the step 0.0001 BTC",
    "0.1 --from 59000.05 --to 58000 --steps 2": "--from 59000.05 is not a multiple of the tick 0.1",
    "0.1 --from 59000 --to 58000.05 --steps 2": "--to 58000.05 is not a multiple of the tick 0.1",
    "0.1 --from 0 --to 58000 --steps 2": "--from 0 is not above zero",
    "0.1 --from 59000 --to 59000.1 --steps 3": "rungs 1 and 2 of 3 are both at 59000: from 59000 to 59000.1",
    "0.1 --from 59000 --to 59000 --steps 2": "rungs 1 and 2 of 2 are both at 59000",
    "0.1 --from bidd --to 59000 --steps 2": "--from 'bidd' is not a plain number",
    "0.1 --from 59000 --to -1% --steps 2": "--to '-1%' is an offset from nothing",
    "0.1 --from bid-100% --to 59000 --steps 2": "which is no price above zero",
    "--from 59000 --to 58000 --steps 2": "how much? Give SIZE",
    "0.1 --quote 5 --from 59000 --to 58000 --steps 2": "SIZE and --quote are two sizes",
    "--quote 5 --from 59000 --to 58000 --steps 2": "buys less than one step of 0.0001 BTC",
    "--risk 1% --from 59000 --to 58000 --steps 2": "--risk is what may be lost at a stop, and there is none",
    "--risk 0.01 --sl 50000 --from 59000 --to 58000 --steps 2": "pays for less than one step of 0.0001 BTC",
    "--risk 1% --sl 58500 --from 59000 --to 58000 --steps 2": "stop-loss 58500 is not below rung 2, 58000",
    "--risk 90% --sl 57900 --from 59000 --to 58000 --steps 2": "--risk 90% comes to",
    "0.1 --sl 58500 --from 59000 --to 58000 --steps 2": "rung 2 of 2, 0.05 BTC at 58000: stop-loss 58500 is not below",
    "0.1 --tp 2R --from 59000 --to 58000 --steps 2": "'2R' is so many times the distance of a stop",
    "0.1 --from 62000 --to 64000 --steps 3": "rung 3 of 3, 0.0334 BTC at 64000: price 64000 is above the highest",
    "40 --from 59000 --to 58000 --steps 2": "all rungs together, on average: buy 40 BTCUSDT at 58500 needs 117000 USDT",
    f"0.1 --from 59000 --to 58000 --steps 10 --client-oid {'x' * 30}": f"client id '{'x' * 30}-10' is not 1 to 32",
    "0.1 --from 59000 --to 58000 --steps 2 --tag ' '": "tag ' ' is not 1 to 64 printable",
    "10% --from 59000 --to 58000 --steps 2 --leverage 5": "is counted by what could be opened at the leverage in force",
}


@pytest.mark.parametrize(("typed", "sentence"), MISTAKES.items(), ids=MISTAKES)
def test_a_mistake_is_told_and_nothing_is_sent(bitget: Bitget, exchange: HTTPXMock, typed: str, sentence: str) -> None:
    desk = open_desk(exchange, answers=ANSWERS, terms={"minTradeNum": "0.0002", "minTradeUSDT": "10"})
    ran = bitget(f"{BUY} {typed}", env=DEMO)
    assert (ran.status, desk.changes) == (2, []), ran.err
    assert sentence in ran.err
    assert bitget("order log --json", env=DEMO).json == []


def test_spot_coins_that_are_not_there_are_refused_for_all_rungs(bitget: Bitget, exchange: HTTPXMock) -> None:
    desk = open_desk(exchange)
    ran = bitget("order ladder sell BTC/USDT 5.1 --from 61000 --to 62000 --steps 3", env=DEMO)
    assert (ran.status, desk.changes) == (2, [])
    assert "needs 5.1 BTC, and 5 BTC is free" in ran.err


def test_a_question_is_asked_once_and_says_everything(bitget: Bitget, exchange: HTTPXMock) -> None:
    desk = open_desk(exchange, answers=ANSWERS)
    line = f"{BUY} 0.1 --from 59000 --to 30000 --steps 8 --sl 20000 --post-only --tag grid"
    ran = bitget(line, env=LIVE, terminal=True, typed="n\n")
    assert (ran.status, desk.changes) == (10, [])
    question = ran.err.replace("\n", " ")
    for words in (
        *("buy 0.1 BTCUSDT in 8 orders from 59000 to 30000, worth 4450.00 USDT, fee at most about 2.67 USDT,",),
        *("liquidation near 31234.5", "post-only, crossed margin, stop-loss 20000, tag grid", "Go ahead?"),
    ):
        assert words in question
    assert question.count("liquidation") == 1
    assert [line.split()[0] for line in ran.err.splitlines() if line.startswith("  ")] == list("12345678")
    desk.due("mix/order/batch-place-order")
    assert bitget(line, env=LIVE, terminal=True, typed="y\n").status == 0


def test_caps_hold_for_the_whole_and_ends_for_the_distance_of_the_profile(bitget: Bitget, exchange: HTTPXMock) -> None:
    def limit(words: str) -> Ran:
        return bitget(f"profile limit live {words}", terminal=True, typed="y\n")

    desk = open_desk(exchange, answers=ANSWERS)
    line = f"{BUY} 0.1 --from 59000 --to 50000 --steps 4"
    assert bitget("profile limit live --max-notional 5400").status == 0
    ran = bitget(f"{line} --yes", env=LIVE)
    assert (ran.status, desk.changes) == (10, [])
    assert "in 4 orders from 59000 to 50000 is worth 5450.00 USDT, and profile live allows 5400 an order" in ran.err
    assert limit("--max-notional 5450 --max-distance 16").status == 0
    ran = bitget(f"{line} --yes", env=LIVE)
    assert (ran.status, desk.changes) == (10, [])
    assert "price 50000 is 16.6 % below the last price 60000: not confirmed" in ran.err
    for more, distance in (("--allow-far", "16"), ("", "17"), ("", "none")):
        assert limit(f"--max-distance {distance}").status == 0
        desk.due("mix/order/batch-place-order")
        assert bitget(f"{line} --yes {more}", env=LIVE).status == 0


def test_each_end_that_is_far_is_typed_once_more_and_what_lies_between_is_not(
    bitget: Bitget, exchange: HTTPXMock
) -> None:
    assert bitget("profile limit live --max-distance 1", terminal=True, typed="y\n").status == 0
    desk = open_desk(exchange)
    line = f"{BUY} 0.1 --from 59000 --to 50000 --steps 4"
    ran = bitget(line, env=LIVE, terminal=True, typed="59000\n56000\n")
    assert (ran.status, desk.changes) == (10, [])
    desk.due("mix/order/batch-place-order")
    assert bitget(line, env=LIVE, terminal=True, typed="59000\n50000\n").status == 0


def test_what_could_be_opened_is_asked_for_at_the_highest_price(bitget: Bitget, exchange: HTTPXMock) -> None:
    desk = open_desk(exchange, answers=ANSWERS)
    assert bitget(f"{BUY} 10% --from 58000 --to 59000 --steps 2 --dry-run", env=DEMO).status == 0
    assert [asked["openPrice"] for path, asked in desk.reads if path == "mix/account/max-open"] == ["59000"]


@pytest.mark.parametrize(
    ("stop", "told"), [("50000", ["0.1168 at 59000", "0.1168 at 58000"]), ("-1%", "needs one stop for all rungs")]
)
def test_a_risk_in_the_coin_itself_counts_as_coin_margined_futures_lose(
    bitget: Bitget, exchange: HTTPXMock, stop: str, told: list[str] | str
) -> None:
    """One from 59000 loses 9060/50000 of a coin at 50000, one from 58000 8060/50000: 0.04 BTC pays for 0.2336."""
    answers = {
        "mix/market/ticker": [{"symbol": "BTCUSD", **TICKER}],
        "mix/account/max-open": {"maxOpen": "5"},
        "mix/account/accounts": [{"marginCoin": "BTC", "available": "2", "accountEquity": "2"}],
    }
    open_desk(exchange, answers=answers)
    line = f"order ladder buy BTCUSD --risk 2% --sl {stop} --from 59000 --to 58000 --steps 2 --product coin-futures"
    ran = bitget(f"{line} --dry-run --json", env=DEMO)
    if isinstance(told, str):
        assert (ran.status, told in ran.err) == (2, True), ran.err
        return
    assert ran.status == 0, ran.err
    orders = json.loads(ran.json["body"])["orderList"]
    assert [f"{row['size']} at {row['price']}" for row in orders] == told


# What one account alone can do is refused by the other before a rung is sent.
KINDS = [
    ("--sl 50000 --trigger-by last", 5, 1),
    ("--sl 50000 --sl-limit 49900", 0, 2),
]


@pytest.mark.parametrize(("more", "status", "requests"), KINDS)
def test_exits_that_no_batch_carries(
    bitget: Bitget, exchange: HTTPXMock, more: str, status: int, requests: int
) -> None:
    open_desk(exchange)
    ran = bitget(f"{BUY} 0.1 --from 59000 --to 58000 --steps 2 {more} --dry-run -o ndjson", env=DEMO)
    assert ran.status == status, ran.err
    assert len(ran.lines) == (requests if status == 0 else 0)


def test_the_leverage_is_set_before_the_first_rung_or_none_is_sent(bitget: Bitget, exchange: HTTPXMock) -> None:
    desk = open_desk(exchange)
    line = f"{BUY} 0.1 --from 59000 --to 58000 --steps 2 --leverage 5"
    dry = bitget(f"{line} --dry-run -o ndjson", env=DEMO)
    assert [json.loads(one)["url"].rpartition("/")[2] for one in dry.lines] == ["set-leverage", "batch-place-order"]
    asked = bitget(line, env=LIVE, terminal=True, typed="n\n")
    assert (asked.status, desk.changes) == (10, [])
    # Where it would be liquidated at another leverage cannot be asked.
    assert "set the leverage of BTCUSDT to 5; buy 0.1 BTCUSDT in 2 orders" in asked.err.replace("\n", " ")
    assert "liquidation" not in asked.err
    desk.due("mix/account/set-leverage")
    desk.due("mix/order/batch-place-order")
    assert bitget(line, env=DEMO).status == 0
    desk.answers["mix/account/set-leverage"] = httpx.Response(400, json=enveloped(None, code="40797", msg="Exceeded"))
    desk.due("mix/account/set-leverage")
    ran = bitget(line, env=DEMO)
    assert ran.status == 5
    assert [path for path, _ in desk.changes].count("mix/order/batch-place-order") == 1


class Book(Desk):
    """Keeps the orders it was sent, refuses those at some prices, and loses its answer to the nth change."""

    refused: tuple[str, ...] = ()
    loses: int | None = None
    is_silent = False

    def _accepted(self, path: str, body: Any) -> Any:
        if path == "mix/order/batch-cancel-orders":
            gone = [one["orderId"] for one in body["orderIdList"]]
            self.orders = [one for one in self.orders if one["orderId"] not in gone]
        if path != "mix/order/batch-place-order":
            return super()._accepted(path, body)
        fine = [one for one in body["orderList"] if one["price"] not in self.refused]
        won = [self._ids(one) for one in fine]
        made = {"symbol": "BTCUSDT", "status": "live", "state": "live", "cTime": str(milliseconds(StillClock().now()))}
        self.orders = [*self.orders, *({**one, **made, **ids} for one, ids in zip(fine, won, strict=True))]
        refusal = {"orderId": None, "errorCode": "40762", "errorMsg": "Insufficient balance"}
        lost = [refusal | {"clientOid": one["clientOid"]} for one in body["orderList"] if one not in fine]
        return {"successList": won, "failureList": lost}

    def _read(self, path: str, asked: dict[str, str]) -> Any:
        if self.is_silent and path.startswith("mix/order/"):
            return httpx.Response(503)
        if path != "mix/order/detail":
            return super()._read(path, asked)
        found = [one for one in self.orders if asked.get("clientOid", one["clientOid"]) == one["clientOid"]]
        return found[0] if found else httpx.Response(400, json=enveloped(None, code="40109", msg="no such order"))

    def __call__(self, request: httpx.Request) -> httpx.Response:
        answer = super().__call__(request)
        if request.method == "POST" and len(self.changes) == self.loses:
            raise httpx.ReadTimeout("lost", request=request)
        return answer


def book(exchange: HTTPXMock, **state: Any) -> Book:
    desk = Book(exchange, **state)
    exchange.add_callback(desk, method="GET", is_optional=True, is_reusable=True)
    return desk


def test_of_fifty_in_hedge_mode_one_is_refused_and_the_tag_finds_the_rest(bitget: Bitget, exchange: HTTPXMock) -> None:
    desk = book(exchange, account={"posMode": "hedge_mode"})
    desk.refused = ("57500",)
    stranger = {"symbol": "BTCUSDT", "orderId": "1", "clientOid": "other", "price": "59000", "size": "1", "side": "buy"}
    desk.orders = [stranger | {"status": "live"}]
    for _ in range(3):
        desk.due("mix/order/batch-place-order")
    ran = bitget(f"{BUY} 0.5 --from 60000 --to 55100 --steps 50 --tag grid --json", env=DEMO)
    assert (ran.status, ran.failure["error"]) == (8, "partial")
    assert [len(body["orderList"]) for _, body in desk.changes] == [20, 20, 10]
    ended = [row["outcome"] for row in ran.json]
    assert (len(ended), ended.count("placed"), ended.index("rejected")) == (50, 49, 25)
    assert "Insufficient balance" in ran.err
    logged = bitget("order log --tag grid --json", env=DEMO).json
    assert {row["clientOid"] for row in logged} == {row["clientOid"] for row in ran.json}
    standing = {one["orderId"] for one in desk.orders} - {"1"}
    assert {row["orderId"] for row in logged} - {None} == standing
    assert {row["orderId"] for row in bitget("order list --tag grid --json", env=DEMO).json} == standing

    again = bitget(f"{BUY} 0.5 --from 60000 --to 55100 --steps 50 --tag grid", env=DEMO)
    assert (again.status, len(desk.changes)) == (2, 3)
    assert "error: 49 orders tagged grid are open already" in again.err
    for _ in range(3):
        desk.due("mix/order/batch-cancel-orders")
    cancelled = bitget("order cancel --tag grid --json", env=DEMO)
    assert cancelled.status == 0, cancelled.err
    assert {row["orderId"] for row in cancelled.json} == standing
    assert [one["orderId"] for one in desk.orders] == ["1"]
    # What is over stands in nobody's way.
    desk.due("mix/order/batch-place-order")
    assert bitget(f"{BUY} 0.1 --from 60000 --to 59000 --steps 2 --tag grid", env=DEMO).status == 0


def test_after_a_lost_answer_what_arrived_is_found_and_the_rest_is_not_sent(
    bitget: Bitget, exchange: HTTPXMock
) -> None:
    desk = book(exchange)
    desk.loses = 2
    for _ in range(2):
        desk.due("mix/order/batch-place-order")
    ran = bitget(f"{BUY} 0.5 --from 60000 --to 55100 --steps 50 --tag grid --json", env=DEMO)
    assert ran.status == 8
    assert [row["outcome"] for row in ran.json] == ["placed"] * 40 + ["not_placed"] * 10
    assert {row["orderId"] for row in ran.json if row["orderId"]} == {one["orderId"] for one in desk.orders}
    assert len(desk.orders) == 40


def test_a_tag_of_which_something_is_unknown_is_refused_until_that_is_settled(
    bitget: Bitget, exchange: HTTPXMock
) -> None:
    desk = book(exchange)
    desk.loses, desk.is_silent = 1, True
    desk.due("mix/order/batch-place-order")
    line = f"{BUY} 0.1 --from 60000 --to 59000 --steps 2 --tag grid"
    assert bitget(line, env=DEMO).status == 7
    ran = bitget(line, env=DEMO)
    assert (ran.status, len(desk.changes)) == (2, 1)
    assert "the outcome of 2 changes tagged grid is unknown" in ran.err
    assert "bitget order reconcile" in ran.err
    desk.is_silent = False
    assert bitget("order reconcile", env=DEMO).status == 0
    desk.orders = []
    desk.due("mix/order/batch-place-order")
    assert bitget(line, env=DEMO).status == 0


def test_of_rungs_that_leave_one_by_one_none_follows_one_that_nobody_knows_of(
    bitget: Bitget, exchange: HTTPXMock
) -> None:
    bitget.kind_is_asked = True
    silent = {
        f"/api/v3/trade/{name}": httpx.Response(503) for name in ("order-info", "unfilled-orders", "history-orders")
    }
    desk = UnifiedDesk(exchange, answers=silent | {"/api/v3/trade/fills": httpx.Response(503)})
    desk.lost = lambda: None
    desk.due("trade/place-order")
    line = f"{BUY} 0.1 --from 59000 --to 58000 --steps 4 --margin-mode isolated --tag t"
    ran = bitget(f"{line} --json --yes", env=DEMO)
    assert (ran.status, len(desk.changes)) == (7, 1), ran.err
    assert [row["outcome"] for row in ran.json] == ["unknown"]
    assert "the rest was not sent" in ran.err


def test_each_ladder_without_a_tag_has_one_of_its_own(bitget: Bitget, exchange: HTTPXMock) -> None:
    desk = open_desk(exchange)
    for _ in range(3):
        desk.due("mix/order/batch-place-order")
        assert bitget(f"{BUY} 0.1 --from 60000 --to 59000 --steps 2", env=DEMO).status == 0
    tags = [row["tag"] for row in bitget("order log --json", env=DEMO).json]
    stem = "ladder-20260302-120000"
    assert tags == [f"{stem}-3", f"{stem}-3", f"{stem}-2", f"{stem}-2", stem, stem]


@pytest.fixture(params=["classic", "unified"])
def paper(request: pytest.FixtureRequest, bitget: Bitget) -> Bitget:
    for line in (f"paper reset --account {request.param}", "paper clock --set 2026-03-02T12:00"):
        assert bitget(line).status == 0
    bitget.environ["BITGET_PROFILE"] = "paper"
    return bitget


@pytest.mark.parametrize("mode", ["one-way", "hedge"])
def test_a_ladder_on_paper_stands_fills_and_closes_by_another(paper: Bitget, mode: str) -> None:
    assert paper(f"account position-mode {mode}").status == 0
    ran = paper(f"{BUY} 0.25 --from bid-0.2% --to bid-4% --steps 25 --shape rising --sl bid-9% --tag in --json")
    assert ran.status == 0, ran.err
    assert {row["outcome"] for row in ran.json} == {"placed"}
    rows = paper("order list --tag in --json").json
    assert (len(rows), sum(Decimal(row["size"]) for row in rows)) == (25, Decimal("0.25"))
    # Into the spread: these fill at once, and another ladder closes what they opened.
    assert paper(f"{BUY} 0.02 --from ask+0.1% --to ask+0.2% --steps 2").status == 0
    ran = paper("order ladder sell BTCUSDT max --close --from entry+1% --to entry+3% --steps 4 --post-only --tag out")
    assert ran.status == 0, ran.err
    rows = paper("order list --tag out --json").json
    assert sum(Decimal(row["size"]) for row in rows) == Decimal("0.02")
    assert paper("order cancel --tag in").status == 0
    assert {row["orderId"] for row in paper("order list --json").json} == {row["orderId"] for row in rows}
    assert paper("order cancel --tag out").status == 0


def test_the_usual_margin_mode_of_a_profile_is_that_of_every_rung(paper: Bitget) -> None:
    assert paper("profile set paper margin-mode=isolated").status == 0
    ran = paper(f"{BUY} 0.1 --from bid-1% --to bid-2% --steps 3")
    assert ran.status == 0, ran.err
    assert [row["marginMode"] for row in paper("order list --json").json] == ["isolated"] * 3


def test_a_spot_ladder_on_paper_spends_the_money_and_no_more(paper: Bitget) -> None:
    before = Decimal(free(paper))
    ran = paper("order ladder buy BTC/USDT max --from bid-0.5% --to bid-20% --steps 30 --shape falling --tag s --json")
    assert ran.status == 0, ran.err
    rows = paper("order list --product spot --tag s --json").json
    assert len(rows) == 30
    left = Decimal(free(paper))
    assert 0 <= left < before / 10_000
    assert paper("order cancel --tag s").status == 0
    assert Decimal(free(paper)) == before


def free(paper: Bitget) -> str:
    told = paper("account balance USDT --product spot --json").json
    return str((told[0] if isinstance(told, list) else told)["available"])
