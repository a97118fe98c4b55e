"""ccxt's unified branch as judge: it finds out what kind of account it has, trades and follows its own trading."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from bitget_cli.paper.credentials import KEY

pytestmark = [
    pytest.mark.outside,
    # ccxt's own habits, not ours.
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]

SPOT, SWAP = "BTC/USDT", "BTC/USDT:USDT"


@pytest.fixture
def client(unified_url: str) -> Any:
    """A client that is not told what kind of account it has."""
    ccxt = pytest.importorskip("ccxt")
    key, secret, passphrase = KEY
    client = ccxt.bitget({"apiKey": key, "secret": secret, "password": passphrase})
    client.urls["api"] = dict.fromkeys(client.urls["api"], unified_url)
    client.load_markets()
    return client


def last(client: Any, symbol: str) -> float:
    price: float = client.fetch_ticker(symbol)["last"]
    return price


def test_it_finds_out_what_kind_of_account_it_has(client: Any) -> None:
    assert client.options["uta"] is True
    assert {client.market(SPOT)["precision"]["price"], client.market(SWAP)["precision"]["price"]} == {0.01, 0.1}
    assert client.market(SWAP)["limits"]["leverage"]["max"] == 125


def test_it_reads_the_market(client: Any) -> None:
    for symbol in (SPOT, SWAP):
        ticker = client.fetch_ticker(symbol)
        assert ticker["bid"] < ticker["ask"]
        assert client.fetch_tickers([symbol])[symbol]["symbol"] == symbol
        book = client.fetch_order_book(symbol, 5)
        assert (len(book["bids"]), len(book["asks"])) == (5, 5)
        assert client.fetch_trades(symbol, limit=20)[0]["symbol"] == symbol
        candles = client.fetch_ohlcv(symbol, "1m", limit=10)
        assert [row[0] - candles[0][0] for row in candles] == [60_000 * place for place in range(len(candles))]
    assert client.fetch_funding_rate(SWAP)["fundingTimestamp"]
    assert len(client.fetch_funding_rate_history(SWAP, limit=5)) == 5
    assert client.fetch_open_interest(SWAP)["openInterestAmount"] > 0
    assert client.fetch_market_leverage_tiers(SWAP)[0]["maxLeverage"] == 125


def test_one_wallet_and_the_funding_account(client: Any) -> None:
    assert client.fetch_balance()["USDT"] == {"free": 100_000, "used": 0, "total": 100_000, "debt": 0}
    moved = client.transfer("USDT", 250.5, "uta", "spot")
    assert moved["id"]
    assert client.fetch_balance()["USDT"]["free"] == 99_749.5
    assert client.fetch_balance({"type": "funding"})["USDT"]["total"] == 250.5
    assert client.fetch_ledger("USDT", params={"category": "OTHER"})
    assert client.fetch_deposit_address("USDT", {"network": "TRC20"})["address"]
    assert len(client.fetch_deposits("USDT")) == 1


def test_spot_orders_from_placing_to_my_trades(client: Any) -> None:
    price = last(client, SPOT)
    bought = client.create_market_buy_order_with_cost(SPOT, 500)
    order = client.fetch_order(bought["id"], SPOT)
    assert (order["status"], order["side"], order["type"]) == ("closed", "buy", "market")
    (trade,) = client.fetch_my_trades(SPOT)
    assert (trade["order"], trade["fee"]["currency"]) == (bought["id"], "BTC")
    resting = client.create_order(SPOT, "limit", "buy", 0.01, round(price * 0.97, 2), {"clientOrderId": "x-1"})
    (row,) = client.fetch_open_orders(SPOT)
    assert (row["id"], row["clientOrderId"], row["status"], row["amount"]) == (resting["id"], "x-1", "open", 0.01)
    assert client.fetch_balance()["USDT"]["used"] > 600
    client.cancel_order(resting["id"], SPOT)
    assert client.fetch_open_orders(SPOT) == []
    assert {row["status"] for row in client.fetch_canceled_and_closed_orders(SPOT)} == {"canceled", "closed"}


def test_futures_orders_positions_and_leverage(client: Any) -> None:
    ccxt = pytest.importorskip("ccxt")
    price = round(last(client, SWAP) * 0.97, 1)
    client.set_leverage(7, SWAP)
    client.create_order(SWAP, "market", "buy", 0.05)
    (position,) = client.fetch_positions([SWAP])
    assert (position["side"], position["contracts"], position["leverage"], position["hedged"]) == (
        "long",
        0.05,
        7,
        False,
    )
    assert client.fetch_position(SWAP)["entryPrice"] == position["entryPrice"]
    order = client.create_order(SWAP, "limit", "buy", 0.05, price, {"postOnly": True})
    (resting,) = client.fetch_open_orders(SWAP)
    assert (resting["id"], resting["price"], resting["timeInForce"]) == (order["id"], price, "PO")
    # Bitget wants line and symbol of a change since September 2026, and this way ccxt does not send them.
    with pytest.raises(ccxt.BadRequest, match="400172"):
        client.edit_order(order["id"], SWAP, "limit", "buy", 0.06, price - 10)
    named = {"category": "USDT-FUTURES", "symbol": "BTCUSDT", "orderId": order["id"]}
    edited = client.privateUtaPostV3TradeModifyOrder({**named, "qty": "0.06", "price": str(price - 10)})
    assert edited["data"]["orderId"] == order["id"]
    assert [(row["amount"], row["price"]) for row in client.fetch_open_orders(SWAP)] == [(0.06, price - 10)]
    client.cancel_all_orders(SWAP)
    assert client.fetch_open_orders(SWAP) == []
    many = [{"symbol": SWAP, "type": "limit", "side": "buy", "amount": 0.01, "price": price - each} for each in (1, 2)]
    placed = client.create_orders(many)
    client.cancel_orders([row["id"] for row in placed], SWAP)
    client.create_order(SWAP, "market", "sell", 0.02, None, {"reduceOnly": True})
    assert client.fetch_position(SWAP)["contracts"] == 0.03
    client.close_position(SWAP)
    assert client.fetch_positions([SWAP]) == []
    (past,) = client.fetch_positions_history([SWAP])
    assert past["side"] == "long"
    trades = client.fetch_my_trades(SWAP)
    assert [trade["side"] for trade in trades] == ["buy", "sell", "sell"]
    assert trades[0]["fee"]["currency"] == "USDT"


def test_hedge_mode_keeps_two_books(client: Any) -> None:
    client.set_position_mode(True)
    client.create_order(SWAP, "market", "buy", 0.05, None, {"hedged": True})
    client.create_order(SWAP, "market", "sell", 0.03, None, {"hedged": True})
    sides = {row["side"]: row["contracts"] for row in client.fetch_positions([SWAP])}
    assert sides == {"long": 0.05, "short": 0.03}
    client.create_order(SWAP, "market", "sell", 0.05, None, {"hedged": True, "reduceOnly": True})
    assert [row["side"] for row in client.fetch_positions([SWAP])] == ["short"]


def test_exits_wait_and_are_cancelled(client: Any) -> None:
    price = last(client, SWAP)
    client.create_order(SWAP, "market", "buy", 0.05)
    stop = client.create_order(SWAP, "market", "sell", 0.05, None, {"stopLossPrice": price * 0.9, "reduceOnly": True})
    (row,) = client.fetch_open_orders(SWAP, params={"trigger": True})
    assert (row["id"], row["stopLossPrice"]) == (stop["id"], pytest.approx(price * 0.9, abs=0.11))
    client.cancel_order(stop["id"], SWAP, {"trigger": True})
    assert client.fetch_open_orders(SWAP, params={"trigger": True}) == []
    exits = {"stopLoss": {"triggerPrice": price * 0.9}, "takeProfit": {"triggerPrice": price * 1.1}}
    client.create_order(SWAP, "market", "buy", 0.05, None, exits)
    (both,) = client.fetch_open_orders(SWAP, params={"trigger": True})
    assert both["stopLossPrice"] < price < both["takeProfitPrice"]


def test_refusals_reach_it_with_their_codes(client: Any) -> None:
    ccxt = pytest.importorskip("ccxt")
    price = round(last(client, SPOT) * 0.97, 1)
    for symbol, kind, size, at, code in (
        (SPOT, "limit", 100, price, "25202"),
        (SWAP, "market", 190, None, "25203"),
        (SWAP, "limit", 0.0001, 30_000, "25207"),
    ):
        with pytest.raises(ccxt.ExchangeError, match=code):
            client.create_order(symbol, kind, "buy", size, at)
    with pytest.raises(ccxt.BaseError, match="25204"):
        client.cancel_order("1", SWAP)
    client.password = "wrong"
    with pytest.raises(ccxt.AuthenticationError):
        client.fetch_balance()


def followed(url: str, judge: Callable[[Any], Awaitable[None]]) -> None:
    async def run() -> None:
        from ccxt import pro

        key, secret, passphrase = KEY
        client = pro.bitget({"apiKey": key, "secret": secret, "password": passphrase, "options": {"uta": True}})
        streams = url.replace("http", "ws") + "/v3/ws"
        client.urls["api"] = dict.fromkeys(client.urls["api"], url)
        client.urls["api"]["ws"] = {"utaPublic": f"{streams}/public", "utaPrivate": f"{streams}/private"}
        await client.load_markets()
        try:
            await asyncio.wait_for(judge(client), 60)
        finally:
            await client.close()

    asyncio.run(run())


@pytest.mark.parametrize("symbol", [SPOT, SWAP])
def test_it_follows_prices(unified_url: str, symbol: str) -> None:
    pytest.importorskip("ccxt")

    async def judge(client: Any) -> None:
        tickers = [await client.watch_ticker(symbol) for _ in range(4)]
        assert all(ticker["bid"] < ticker["ask"] for ticker in tickers)
        seen: dict[str, Any] = {}
        while len(seen) < 60:
            seen |= {trade["id"]: trade for trade in await client.watch_trades(symbol)}
        assert {trade["side"] for trade in seen.values()} == {"buy", "sell"}
        books = [await client.watch_order_book(symbol) for _ in range(5)]
        assert books[-1]["bids"][0][0] < books[-1]["asks"][0][0]
        assert len(books[-1]["bids"]) >= 100
        assert await client.watch_ohlcv(symbol, "1m")

    followed(unified_url, judge)


def test_it_follows_its_own_trading(unified_url: str) -> None:
    pytest.importorskip("ccxt")

    async def judge(client: Any) -> None:
        topics = [client.watch_orders(), client.watch_my_trades(), client.watch_positions(), client.watch_balance()]
        waiting = [asyncio.ensure_future(topic) for topic in topics]
        await asyncio.sleep(2)
        placed = await client.create_order(SWAP, "market", "buy", 0.05)
        orders, trades, positions, balance = await asyncio.gather(*waiting)
        assert (orders[0]["id"], orders[0]["symbol"]) == (placed["id"], SWAP)
        assert (trades[0]["order"], trades[0]["symbol"], trades[0]["amount"]) == (placed["id"], SWAP, 0.05)
        while not (positions and positions[0]["contracts"]):
            positions = await client.watch_positions()
        assert (positions[0]["side"], positions[0]["contracts"]) == ("long", 0.05)
        while balance["USDT"]["total"] == 100_000:
            balance = await client.watch_balance()
        assert balance["USDT"]["free"] < 100_000
        bought = await client.create_market_buy_order_with_cost(SPOT, 100)
        while not any(order["id"] == bought["id"] and order["status"] == "closed" for order in orders):
            orders = await client.watch_orders()
        assert {order["symbol"] for order in orders if order["id"] == bought["id"]} == {SPOT}

    followed(unified_url, judge)
