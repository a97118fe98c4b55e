"""`bitget api` of unified accounts: rows by name, pages, and every guard and record that raw v2 changes have."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from desk import DEMO, LIVE, Exchange
from doubles import Bitget, envelope

from bitget_cli import catalogue

ORDER = {
    "orderId": "1420",
    "clientOid": "mine",
    "category": "USDT-FUTURES",
    "symbol": "BTCUSDT",
    "orderType": "limit",
    "side": "buy",
    "price": "59000",
    "qty": "0.02",
    "orderStatus": "live",
    "reduceOnly": "NO",
    "takeProfit": "",
    "createdTime": "1772452800000",
}
PLACE = "/api/v3/trade/place-order"
INFO = "/api/v3/trade/order-info"
WORDS = "category=USDT-FUTURES symbol=BTCUSDT side=buy qty=0.02"
BUY = f"api v3.trade.place-order {WORDS} orderType=market"
HEDGE = {"/api/v3/account/settings": {"holdMode": "hedge_mode"}}
ONE_WAY = {"/api/v3/account/settings": {"holdMode": "one_way_mode"}}
NONE = envelope(None, code="25204", msg="Order does not exist", status=400)


def test_a_row_is_called_by_its_name_or_its_path(bitget: Bitget) -> None:
    assets = {"accountEquity": "10", "assets": [{"coin": "USDT", "available": "5"}]}
    for typed in ("api v3.account.assets", "api GET /api/v3/account/assets"):
        exchange = Exchange(answers={"/api/v3/account/assets": assets})
        ran = bitget(f"{typed} --json", http=exchange, env=DEMO)
        assert (ran.status, ran.json) == (0, assets), ran.err
        assert exchange.reads == [("/api/v3/account/assets", {})]


def test_rows_are_listed_shown_and_dry_run(bitget: Bitget) -> None:
    names = bitget("api list v3.trade --fields name").lines
    assert {"v3.trade.place-order", "v3.trade.grid.create-bot"} <= set(names)
    shown = bitget("api show v3.trade.fills --json").json
    assert shown["path"] == "/api/v3/trade/fills"
    assert shown["paging"] == "by cursor, at most 100 rows a call, at most 30 days a call, 90 days back"
    exchange = Exchange()
    dry = bitget(f"{BUY} --dry-run --json", http=exchange, env=DEMO).json
    assert dry["url"].endswith("/api/v3/trade/place-order")
    assert json.loads(dry["body"])["qty"] == "0.02"
    assert exchange.changes == []


def test_a_list_is_walked_by_its_cursor_and_null_is_none(bitget: Bitget) -> None:
    pages = {None: (["1", "2"], "2"), "2": (["2", "3"], None)}

    def answers(request: httpx.Request) -> httpx.Response:
        ids, cursor = pages[request.url.params.get("cursor")]
        return envelope({"list": [{"execId": one} for one in ids], "cursor": cursor})

    typed = "api v3.trade.fills category=SPOT limit=2 startTime=1 endTime=2 --all --json"
    assert bitget(typed, http=answers, env=DEMO).json == [{"execId": one} for one in "123"]
    nothing = bitget("api v3.trade.fills --json", http=lambda _: envelope({"list": None, "cursor": None}), env=DEMO)
    assert (nothing.status, nothing.json) == (0, [])


# Bodies that are held back by a cap of 1000, at a price of 60000; and some that are not.
HELD_BACK = {
    "market": "place-order category=USDT-FUTURES symbol=BTCUSDT side=buy orderType=market qty=0.02",
    "limit": "place-order category=usdt-futures symbol=BTCUSDT side=buy orderType=limit qty=0.02 price=59000",
    "spot": "place-order category=SPOT symbol=BTCUSDT side=sell orderType=market qty=0.02",
    "spot for money": "place-order category=SPOT symbol=BTCUSDT side=buy orderType=market qty=1001",
    "margin": "place-order category=MARGIN symbol=BTCUSDT side=buy orderType=limit price=59000 qty=0.02",
    "opens in hedge mode": "place-order category=USDT-FUTURES symbol=BTCUSDT side=buy orderType=market qty=0.02"
    " posSide=long",
    "Coin-M": "place-order category=COIN-FUTURES symbol=BTCUSD_CM side=buy orderType=market qty=1",
    "a word nobody knows": "place-order category=SPOT symbol=BTCUSDT side=sell orderType=market qty=0.001 xSize=9",
    "trigger": "place-strategy-order type=trigger category=USDT-FUTURES symbol=BTCUSDT side=buy qty=0.02"
    " triggerPrice=58000 triggerOrderType=market",
    "trailing": "place-strategy-order type=trailing_stop category=USDT-FUTURES symbol=BTCUSDT side=buy qty=0.001",
    "a grid": "grid/create-bot category=SPOT symbol=BTCUSDT",
    "modify": "modify-order orderId=1420 category=USDT-FUTURES symbol=BTCUSDT qty=0.03",
}
LET_THROUGH = {
    "small": ("place-order category=USDT-FUTURES symbol=BTCUSDT side=buy orderType=market qty=0.01", {}),
    "spot for little money": ("place-order category=SPOT symbol=BTCUSDT side=buy orderType=market qty=999", {}),
    "closes one-way": (
        "place-order category=USDT-FUTURES symbol=BTCUSDT side=sell orderType=market qty=9 reduceOnly=yes",
        ONE_WAY,
    ),
    "closes in hedge mode": (
        "place-order category=USDT-FUTURES symbol=BTCUSDT side=sell orderType=market qty=9 posSide=long",
        HEDGE,
    ),
    "exits": (
        "place-strategy-order category=USDT-FUTURES symbol=BTCUSDT posSide=long takeProfit=70000 stopLoss=50000",
        {},
    ),
    "cancel": ("cancel-order orderId=1420 category=USDT-FUTURES symbol=BTCUSDT", {}),
    "close": ("close-positions category=USDT-FUTURES", {}),
    "dead man's switch": ("countdown-cancel-all countdown=30", {}),
}


def post(bitget: Bitget, words: str, exchange: Exchange, **more: Any) -> Any:
    """Typed by its path, so that nothing but the guards stands in the way."""
    path, *pairs = words.split()
    return bitget(["api", "POST", f"/api/v3/trade/{path}", *pairs, "--yes"], http=exchange, **more)


def capped(bitget: Bitget, name: str) -> None:
    assert bitget(f"profile limit {name} --max-notional 1000").status == 0


@pytest.mark.parametrize("words", HELD_BACK.values(), ids=HELD_BACK)
def test_a_cap_holds_for_orders_of_a_unified_account(words: str, bitget: Bitget) -> None:
    capped(bitget, "demo")
    exchange = Exchange(answers={INFO: ORDER})
    ran = post(bitget, words, exchange, env=DEMO)
    assert (ran.status, exchange.changes) == (10, []), ran.err


@pytest.mark.parametrize(("words", "answers"), LET_THROUGH.values(), ids=LET_THROUGH)
def test_a_cap_lets_through_what_is_small_or_gets_out(words: str, answers: dict[str, Any], bitget: Bitget) -> None:
    capped(bitget, "demo")
    exchange = Exchange(answers=answers)
    ran = post(bitget, words, exchange, env=DEMO)
    assert (ran.status, len(exchange.changes)) == (0, 1), ran.err


def test_a_side_that_does_not_close_in_the_accounts_mode_is_capped(bitget: Bitget) -> None:
    capped(bitget, "demo")
    for words, answers in (
        ("posSide=long", ONE_WAY),
        ("reduceOnly=yes", HEDGE),
        ("posSide=long reduceOnly=yes", HEDGE),
    ):
        exchange = Exchange(answers=answers)
        ran = post(
            bitget,
            f"place-order category=USDT-FUTURES symbol=BTCUSDT side=sell orderType=market qty=9 {words}",
            exchange,
            env=DEMO,
        )
        assert (ran.status, exchange.changes) == (10, []), ran.err


FAR = {
    "place-order": f"place-order {WORDS} orderType=limit price=50000",
    "spot": "place-order category=SPOT symbol=BTCUSDT side=buy qty=0.02 orderType=limit price=50000",
    "trigger": f"place-strategy-order type=trigger {WORDS} triggerPrice=60000 triggerOrderType=limit"
    " triggerOrderPrice=50000",
    "modify": "modify-order orderId=1420 category=USDT-FUTURES symbol=BTCUSDT price=50000",
}


@pytest.mark.parametrize("words", FAR.values(), ids=FAR)
def test_a_far_price_is_held_back_on_live(words: str, bitget: Bitget) -> None:
    exchange = Exchange(answers={INFO: ORDER})
    assert post(bitget, words, exchange, env=LIVE).status == 10
    assert exchange.changes == []
    path, *pairs = words.split()
    # A success says no more than that a modification was received: the order has to show it.
    exchange.answers[INFO] = {**ORDER, "price": "50000"}
    ran = bitget(["api", "POST", f"/api/v3/trade/{path}", *pairs, "--yes", "--allow-far"], http=exchange, env=LIVE)
    assert (ran.status, len(exchange.changes)) == (0, 1), ran.err


UNJUDGED = {
    "trailing": "place-strategy-order type=trailing_stop category=USDT-FUTURES symbol=BTCUSDT side=buy qty=1",
    "Coin-M": HELD_BACK["Coin-M"],
    "modify strategy": "modify-strategy-order orderId=1 qty=1 triggerPrice=1",
    "grid": "grid/create-bot category=SPOT",
    "tokenised stock": "place-reality-order symbol=rTSLA",
}


@pytest.mark.parametrize("words", UNJUDGED.values(), ids=UNJUDGED)
def test_what_nobody_here_can_judge_takes_allow_far_on_live(words: str, bitget: Bitget) -> None:
    exchange = Exchange()
    ran = post(bitget, words, exchange, env=LIVE)
    assert (ran.status, exchange.changes) == (10, []), ran.err
    assert "cannot be judged here" in ran.err


def test_exits_on_the_wrong_side_are_refused(bitget: Bitget) -> None:
    for words in (
        f"place-order {WORDS} orderType=market takeProfit=50000",
        "place-strategy-order category=USDT-FUTURES symbol=BTCUSDT posSide=long takeProfit=50000",
    ):
        exchange = Exchange()
        assert post(bitget, words, exchange, env=DEMO).status == 2
        assert exchange.changes == []


def batch(*orders: dict[str, str], row: str = "v3.trade.place-batch") -> list[str]:
    each = {"category": "USDT-FUTURES", "symbol": "BTCUSDT", "side": "buy", "orderType": "market", "qty": "0.001"}
    return ["api", row, "--data", json.dumps([{**each, **order} for order in orders]), "--yes", "--json"]


def test_every_order_of_a_batch_is_capped_and_priced(bitget: Bitget) -> None:
    capped(bitget, "live")
    for odd in ({"qty": "0.02"}, {"orderType": "limit", "price": "50000"}):
        exchange = Exchange()
        ran = bitget(batch({}, odd), http=exchange, env=LIVE)
        assert (ran.status, exchange.changes) == (10, []), ran.err


def test_a_batch_ends_as_its_orders_did(bitget: Bitget) -> None:
    told = [
        {"orderId": "1", "clientOid": "a", "code": "00000", "msg": "success"},
        {"orderId": "", "clientOid": "b", "code": "25207", "msg": "too small"},
    ]
    for answer, status, word in ((told, 8, "partial"), ([told[1], {**told[1], "clientOid": "a"}], 5, "rejected")):
        for named in (True, False):
            suffix = f"{status}"
            answered = [{**row, "clientOid": row["clientOid"] + suffix} for row in answer]
            exchange = Exchange(answers={"/api/v3/trade/place-batch": answered})
            oids = [{"clientOid": f"{one}{suffix}"} if named else {} for one in "ab"]
            ran = bitget(batch(*oids), http=exchange, env=DEMO)
            assert (ran.status, ran.failure["error"], ran.json["response"]) == (status, word, answered), ran.err
            assert "25207" in ran.err


def test_a_whole_line_that_was_cancelled_in_part_says_so(bitget: Bitget) -> None:
    rows = [{"orderId": "1", "code": "00000", "msg": "success"}, {"orderId": "2", "code": "25204", "msg": "gone"}]
    for left, status in (([{"orderId": "2", "symbol": "BTCUSDT", "createdTime": "1"}], 8), ([], 0)):
        told = {"cancel-symbol-order": {"list": rows}, "unfilled-orders": {"list": left, "cursor": None}}
        exchange = Exchange(answers={f"/api/v3/trade/{path}": answer for path, answer in told.items()})
        ran = post(bitget, "cancel-symbol-order category=SPOT", exchange, env=DEMO)
        assert (ran.status, "25204" in ran.err) == (status, bool(left)), ran.err


def test_an_order_is_written_down_and_its_client_id_is_not_used_again(bitget: Bitget) -> None:
    exchange = Exchange()
    first = bitget(f"{BUY} clientOid=mine --json", http=exchange, env=DEMO)
    assert (first.json["outcome"], first.json["clientOid"]) == ("placed", "mine")
    assert bitget(f"{BUY} clientOid=mine", http=exchange, env=DEMO).status == 2
    assert len(exchange.changes) == 1


def silent(request: httpx.Request) -> httpx.Response:
    raise httpx.ReadTimeout("silence", request=request)


@pytest.mark.parametrize("doubt", ["silence", "25001", "40010", "45001", "empty body"])
def test_an_order_in_doubt_is_looked_up_by_its_client_id(doubt: str, bitget: Bitget) -> None:
    exchange = Exchange(answers={INFO: {**ORDER, "orderStatus": "filled"}})
    lost = {"empty body": httpx.Response(200, content=b"")}

    def answers(request: httpx.Request) -> httpx.Response:
        if request.method == "GET":
            return exchange(request)
        return silent(request) if doubt == "silence" else lost.get(doubt) or envelope(None, code=doubt, status=400)

    ran = bitget(f"{BUY} clientOid=mine --json", http=answers, env=DEMO)
    assert (ran.status, ran.json["outcome"], ran.json["orderId"]) == (0, "placed", "1420"), ran.err
    assert (INFO, {"clientOid": "mine"}) in [
        (path, {"clientOid": asked.get("clientOid")}) for path, asked in exchange.reads
    ]


def test_a_client_id_in_use_is_looked_up_and_absence_is_proven(bitget: Bitget) -> None:
    empty = {"list": None, "cursor": None}
    lists = {f"/api/v3/trade/{name}": empty for name in ("unfilled-orders", "history-orders")}
    exchange = Exchange(answers={PLACE: envelope(None, code="25212", status=400), INFO: ORDER, **lists})
    assert bitget(f"{BUY} clientOid=mine --json", http=exchange, env=DEMO).json["outcome"] == "placed"
    gone = Exchange(answers={INFO: NONE, **lists})
    ran = bitget(
        f"{BUY} clientOid=other --json", http=lambda one: silent(one) if one.method == "POST" else gone(one), env=DEMO
    )
    assert ran.failure["error"] in ("unknown", "network"), ran.err
    asked = {path: given for path, given in gone.reads if path.endswith("history-orders")}
    assert {"startTime", "endTime", "category"} <= set(asked["/api/v3/trade/history-orders"])


def test_a_change_and_a_cancel_are_looked_up_too(bitget: Bitget) -> None:
    for typed, order, word in (
        (
            "api v3.trade.modify-order orderId=1420 category=USDT-FUTURES symbol=BTCUSDT qty=0.03",
            {**ORDER, "qty": "0.03"},
            "done",
        ),
        (
            "api v3.trade.cancel-order orderId=1420 category=USDT-FUTURES symbol=BTCUSDT",
            {**ORDER, "orderStatus": "cancelled"},
            "cancelled",
        ),
    ):
        exchange = Exchange(answers={INFO: order})
        ran = bitget(
            f"{typed} --json", http=lambda one, to=exchange: silent(one) if one.method == "POST" else to(one), env=DEMO
        )
        assert (ran.status, ran.json["outcome"]) == (0, word), ran.err


def test_a_withdrawal_waits_for_the_profiles_leave(bitget: Bitget) -> None:
    words = "coin=USDT transferType=on_chain address=T1 size=1"
    for path in ("account/withdrawal", "broker/sub-withdrawal", "account/cancel-withdrawal"):
        exchange = Exchange()
        ran = bitget(["api", "POST", f"/api/v3/{path}", *words.split(), "--yes"], http=exchange, env=DEMO)
        assert (ran.status, exchange.changes) == (10, [])


NAMED = {
    "spot.account.info": "v3.account.info",
    "GET /api/v2/spot/account/assets": "v3.account.assets",
    "mix.account.accounts productType=USDT-FUTURES": "v3.account.assets",
    "mix.position.all-position productType=USDT-FUTURES": "v3.position.current-position",
    "mix.order.cancel-all-orders productType=USDT-FUTURES": "v3.trade.cancel-symbol-order",
}


@pytest.mark.parametrize(("typed", "twin"), NAMED.items(), ids=NAMED)
def test_a_row_of_classic_accounts_names_the_one_to_call_instead(typed: str, twin: str, bitget: Bitget) -> None:
    assert bitget("paper reset --account unified").status == 0
    ran = bitget(f"-p paper api {typed} --json")
    assert (ran.status, ran.failure["error"], ran.failure["code"]) == (5, "unavailable", "40085")
    assert f"bitget api show {twin};" in ran.failure["hint"]
    assert bitget(f"api show {twin}").status == 0


def test_every_row_that_is_named_instead_is_there_and_is_as_harmless() -> None:
    rows = {row.name: row for row in catalogue.endpoints()}
    twins = {name: twin for name in rows if (twin := catalogue.v3_twin(name))}
    assert len(twins) > 70
    assert all(rows[twin].path.startswith("/api/v3/") for twin in twins.values())
    assert all(rows[name].effect is rows[twin].effect for name, twin in twins.items())
