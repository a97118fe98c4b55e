"""ccxt as judge of the streams: it follows prices, a checked order book and its own trading on a served exchange."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from bitget_cli.paper.credentials import KEY, settings

pytestmark = [
    pytest.mark.outside,
    # ccxt's own habits, not ours.
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]

SPOT, SWAP = "BTC/USDT", "BTC/USDT:USDT"


@pytest.fixture
def url(running_url: str) -> str:
    pytest.importorskip("ccxt")
    return running_url


@asynccontextmanager
async def connected(url: str, **options: Any) -> AsyncIterator[Any]:
    """ccxt set up by the lines of `bitget paper env --client ccxt`."""
    from ccxt import pro

    key, secret, passphrase = KEY
    client = pro.bitget({"apiKey": key, "secret": secret, "password": passphrase, "options": options})
    streams = settings(int(url.rpartition(":")[2]))["BITGET_WS_BASE_URL"] + "/v2/ws"
    client.urls["api"] = dict.fromkeys(client.urls["api"], url)
    client.urls["api"]["ws"] = {"public": f"{streams}/public", "private": f"{streams}/private"}
    await client.load_markets()
    try:
        yield client
    finally:
        await client.close()


def judged(url: str, judge: Callable[[Any], Awaitable[None]], **options: Any) -> None:
    async def run() -> None:
        async with connected(url, **options) as client:
            await asyncio.wait_for(judge(client), 40)

    asyncio.run(run())


@pytest.mark.parametrize("symbol", [SPOT, SWAP, "BTC/USDC:USDC", "BTC/USD:BTC"])
def test_it_follows_tickers_trades_and_candles(url: str, symbol: str) -> None:
    async def judge(client: Any) -> None:
        tickers = [await client.watch_ticker(symbol) for _ in range(4)]
        assert all(ticker["bid"] < ticker["ask"] for ticker in tickers)
        assert tickers[-1]["timestamp"] > tickers[0]["timestamp"]
        (touch,) = (await client.watch_bids_asks([symbol])).values()
        assert touch["bid"] < touch["ask"]
        seen: dict[str, Any] = {}
        while len(seen) < 60:
            seen |= {trade["id"]: trade for trade in await client.watch_trades(symbol)}
        assert {trade["side"] for trade in seen.values()} == {"buy", "sell"}
        await client.watch_ohlcv(symbol, "1m")
        before = list(client.ohlcvs[symbol]["1m"][-1])
        while (await client.watch_ohlcv(symbol, "1m"))[-1] == before:
            pass
        starts = [candle[0] for candle in client.ohlcvs[symbol]["1m"]]
        assert starts == [starts[0] + 60_000 * place for place in range(len(starts))]
        assert len(starts) >= 500

    judged(url, judge)


@pytest.mark.parametrize("symbol", [SPOT, SWAP, "BTC/USD:BTC"])
def test_the_book_it_keeps_has_the_checksum_of_every_update_and_is_the_one_it_asks_for(url: str, symbol: str) -> None:
    """A wrong checksum would be raised; that it is looked at is seen with a book that has been spoilt."""

    async def judge(client: Any) -> None:
        import ccxt

        for _ in range(12):
            book = await client.watch_order_book(symbol)
            assert book["bids"][0][0] < book["asks"][0][0]
        assert len(book["bids"]) >= 50
        asked = await client.fetch_order_book(symbol, 50)
        kept = {tuple(level[:2]) for level in book["bids"]}
        while book["timestamp"] < asked["timestamp"]:  # the market moves on while it asks
            book = await client.watch_order_book(symbol)
            kept |= {tuple(level[:2]) for level in book["bids"]}
        assert sum(tuple(level[:2]) in kept for level in asked["bids"]) > 25
        client.orderbooks[symbol]["bids"].storeArray([book["bids"][0][0] + 0.01, 1.0, ["1", "1"]])
        # It unsubscribes too, and which of the two is raised depends on who is quicker.
        with pytest.raises((ccxt.ChecksumError, ccxt.UnsubscribeError)):
            await _several(client, symbol)

    judged(url, judge)


async def _several(client: Any, symbol: str) -> None:
    for _ in range(12):
        await client.watch_order_book(symbol)


def test_it_follows_several_books_and_tops_on_one_connection(url: str) -> None:
    async def judge(client: Any) -> None:
        wanted = {SWAP, "ETH/USDT:USDT", "XRP/USDT:USDT"}
        seen = set()
        while seen != wanted:
            seen.add((await client.watch_order_book_for_symbols(sorted(wanted)))["symbol"])
        top = await client.watch_order_book(SPOT, 5)
        assert (len(top["bids"]), len(top["asks"])) == (5, 5)

    judged(url, judge)


async def after(act: Awaitable[Any], *watched: Awaitable[Any]) -> list[Any]:
    """What each watcher says next, once they have subscribed and something is done."""
    tasks = [asyncio.ensure_future(each) for each in watched]
    await asyncio.sleep(1.0)
    await act
    return list(await asyncio.gather(*tasks))


def test_it_hears_of_its_own_futures_trading(url: str) -> None:
    async def judge(client: Any) -> None:
        # The first answer says how things stand before.
        assert (await client.watch_balance({"type": "swap"}))["USDT"]["free"] == 0
        await after(client.transfer("USDT", 50_000, "spot", "swap"), client.watch_balance({"type": "swap"}))
        assert client.balance["USDT"]["free"] == 50_000
        orders, trades, positions, balance = await after(
            client.create_order(SWAP, "market", "buy", 0.05),
            client.watch_orders(SWAP),
            client.watch_my_trades(SWAP),
            _some(client),
            client.watch_balance({"type": "swap"}),
        )
        while orders[-1]["status"] != "closed":
            orders = await client.watch_orders(SWAP)
        assert (orders[-1]["amount"], orders[-1]["remaining"]) == (0.05, 0)
        listed = await client.fetch_my_trades(SWAP)
        assert {trade["id"] for trade in client.myTrades} == {trade["id"] for trade in listed}
        assert (trades[0]["side"], trades[0]["takerOrMaker"]) == ("buy", "taker")
        (position,) = positions
        (asked,) = await client.fetch_positions([SWAP])
        assert (position["side"], position["contracts"]) == ("long", 0.05)
        same = ("entryPrice", "leverage", "marginMode", "initialMargin")
        assert {name: position[name] for name in same} == {name: asked[name] for name in same}
        assert 0 < balance["USDT"]["free"] < 50_000
        (closed,) = await after(
            client.create_order(SWAP, "market", "sell", 0.05, None, {"reduceOnly": True}), _none_left(client)
        )
        assert closed == []

    async def _some(client: Any) -> Any:
        while not (positions := await client.watch_positions([SWAP])):
            pass
        return positions

    async def _none_left(client: Any) -> Any:
        while positions := await client.watch_positions([SWAP]):
            pass
        return positions

    judged(url, judge)


def test_it_hears_of_its_own_spot_trading(url: str) -> None:
    async def judge(client: Any) -> None:
        price = (await client.fetch_ticker(SPOT))["last"]
        before = await client.watch_balance()
        assert before["USDT"]["free"] == 100_000
        orders, balance = await after(
            client.create_order(SPOT, "limit", "buy", 0.02, round(price * 0.97, 2)),
            client.watch_orders(SPOT),
            client.watch_balance(),
        )
        assert (orders[-1]["status"], orders[-1]["amount"], orders[-1]["filled"]) == ("open", 0.02, 0)
        assert balance["USDT"]["used"] == pytest.approx(0.02 * round(price * 0.97, 2))
        (ended,) = await after(client.cancel_order(orders[-1]["id"], SPOT), client.watch_orders(SPOT))
        assert ended[-1]["status"] == "canceled"
        (trades,) = await after(client.create_order(SPOT, "market", "sell", 0.01), client.watch_my_trades(SPOT))
        assert {trade["fee"]["currency"] for trade in trades} == {"USDT"}
        listed = await client.fetch_my_trades(SPOT)
        assert {trade["id"] for trade in client.myTrades} == {trade["id"] for trade in listed}

    judged(url, judge)


def test_it_hears_of_its_trigger_orders(url: str) -> None:
    async def judge(client: Any) -> None:
        price = (await client.fetch_ticker(SPOT))["last"]
        trigger = {"triggerPrice": round(price * 0.92, 2)}
        (orders,) = await after(
            client.create_order(SPOT, "limit", "sell", 0.01, round(price * 0.9, 2), trigger),
            client.watch_orders(SPOT, params={"trigger": True}),
        )
        assert (orders[-1]["status"], orders[-1]["triggerPrice"]) == ("open", trigger["triggerPrice"])
        (ended,) = await after(
            client.cancel_order(orders[-1]["id"], SPOT, {"trigger": True}),
            client.watch_orders(SPOT, params={"trigger": True}),
        )
        assert ended[-1]["status"] == "canceled"

    judged(url, judge)


def test_a_wrong_passphrase_is_an_authentication_error(url: str) -> None:
    async def judge(client: Any) -> None:
        import ccxt

        client.password = "wrong"
        with pytest.raises(ccxt.AuthenticationError):
            await client.watch_balance()

    judged(url, judge)


def test_what_it_watches_no_longer_is_no_longer_sent(url: str) -> None:
    async def judge(client: Any) -> None:
        await client.watch_ticker(SPOT)
        await client.un_watch_ticker(SPOT)
        await client.watch_trades(SPOT)
        await client.un_watch_trades(SPOT)
        assert (await client.watch_ticker(SPOT))["last"]

    judged(url, judge)
