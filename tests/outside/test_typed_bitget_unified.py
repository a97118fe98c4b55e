"""typed-bitget as judge of a unified account: every field of every reply against what Bitget really sends."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from served import machine, served
from typed_judge import Judge

from bitget_cli.paper.credentials import KEY

pytestmark = [
    pytest.mark.outside,
    # Its own habits, not ours.
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]

BTC = {"symbol": "BTCUSDT"}
LINE = {"category": "USDT-FUTURES", **BTC}
SPOT = {"category": "SPOT", "symbol": "BTCUSDT"}
# What its reading calls are asked with; a call that needs something else is not made.
GIVEN: dict[str, Any] = {
    **LINE,
    "coin": "USDT",
    "interval": "1m",
    "biz_type": "USDT-FUTURES",
    "order_type": "market",
    "side": "buy",
    "from_type": "uta",
    "to_type": "spot",
    "language": "en_US",
}


class Trader(Judge):
    """Somebody with a unified account."""

    async def trade(self) -> None:
        """Something of everything, so that the lists have rows."""
        last = float((await self("market.tickers", **LINE))[0]["lastPrice"])
        low, high = f"{last * 0.97:.1f}", f"{last * 1.03:.1f}"
        await self("transfers.transfer", from_type="uta", to_type="spot", amount="500", coin="USDT")
        place = "trade.order.place"
        await self(place, {**SPOT, "side": "buy", "orderType": "market", "qty": "1000"})
        await self(place, {**SPOT, "side": "sell", "orderType": "market", "qty": "0.002"})
        await self(place, {**SPOT, "side": "buy", "orderType": "limit", "price": low, "qty": "0.01"})
        await self("account.leverage.set", "USDT-FUTURES", symbol="BTCUSDT", leverage="10")
        for side in ("buy", "sell", "buy"):
            await self(place, {**LINE, "side": side, "orderType": "market", "qty": "0.01"})
        resting = await self(place, {**LINE, "side": "buy", "orderType": "limit", "price": low, "qty": "0.01"})
        order = resting["orderId"]
        await self("trade.order.info", order_id=order)
        await self("trade.order.modify", order_id=order, qty="0.02", price=low, **LINE)
        await self("trade.order.cancel", order_id=order, **LINE)
        batch = [{**LINE, "side": "buy", "orderType": "limit", "price": low, "qty": "0.01"}]
        await self("trade.order.place_batch", batch)
        await self("trade.order.cancel_symbol", **LINE)
        await self(place, {**LINE, "side": "buy", "orderType": "limit", "price": low, "qty": "0.02"})
        guard = {**LINE, "type": "tpsl", "posSide": "long", "takeProfit": high, "stopLoss": low}
        await self("strategy.place", guard | {"tpslMode": "full"})
        trigger = {**LINE, "type": "trigger", "side": "buy", "qty": "0.01", "triggerOrderType": "market"}
        for price in (low, f"{last:.1f}"):
            await self("strategy.place", trigger | {"triggerPrice": price})
        bought = await self("strategy.place", trigger | {"triggerPrice": f"{last * 0.5:.1f}"})
        await self("strategy.modify", order_id=bought["orderId"], qty="0.02", trigger_price=low)
        await self("strategy.cancel", order_id=bought["orderId"])

    async def look(self) -> None:
        now = datetime.now(UTC)
        times = {"start_time": now - timedelta(days=3), "end_time": now + timedelta(days=3)}
        named = ("market.fills", "market.position_tier", "market.funding_rate.current")
        await self.read({**GIVEN, **times}, dict.fromkeys(named, BTC), besides=("trade.order.info",))
        for name, word in (
            ("trade.order.history", "category"),
            ("account.financial_records", "category"),
            ("tax.records", "biz_type"),
            ("strategy.history", "category"),
            ("market.instruments", "category"),
            ("market.tickers", "category"),
        ):
            given = times if name == "tax.records" else {}
            if given:  # one a second, and one was asked for above
                await asyncio.sleep(1.1)
            await self(name, **{word: "SPOT"}, **given)
        await self("position.max_open_available", **LINE, order_type="market", side="buy")
        await self("trade.order.place", {**LINE, "side": "buy", "orderType": "market", "qty": "0.01"})
        await self("trade.close_positions", "USDT-FUTURES")


@pytest.fixture(scope="module")
def judge(tmp_path_factory: pytest.TempPathFactory) -> Judge:
    """What it says of each reply."""
    bitget = pytest.importorskip("typed_bitget", reason="typed-bitget is not installed: pip install typed-bitget")
    names = dict(zip(("access_key", "secret_key", "passphrase"), KEY, strict=True))
    with machine(tmp_path_factory.mktemp("typed"), "USDT=200000", "BTC=1", words="--account unified") as here:

        async def judged() -> Judge:
            client = bitget.Bitget.new(**names)
            client.http_client.base_url = here.url
            trader = Trader(client.uta)
            async with client.http_client:
                await trader.trade()
                here.typed("paper clock --advance 2d")
                await trader.look()
            return trader

        return asyncio.run(judged())


def test_every_reply_it_knows_is_whole(judge: Judge) -> None:
    assert judge.faults == {}, {n: w for n, w in judge.said.items() if n in judge.faults}


def test_what_it_is_refused_is_not_offered_there(judge: Judge) -> None:
    assert {name for name, code in judge.refused.items() if code != "40404"} <= {"account.switch_status"}
    assert not [name for name in judge.refused if name.startswith(("trade.order", "strategy", "position", "tax"))]
    assert len(judge.said) - len(judge.refused) > 40


def test_every_push_it_knows_is_whole(tmp_path: Path) -> None:
    bitget = pytest.importorskip("typed_bitget", reason="typed-bitget is not installed: pip install typed-bitget")
    names = dict(zip(("access_key", "secret_key", "passphrase"), KEY, strict=True))
    heard: dict[str, list[Any]] = {}

    faults: list[str] = []

    async def follow(url: str) -> None:
        client = bitget.Bitget.new(**names)
        client.http_client.base_url = url
        lines, streams = client.uta_streams_client, client.uta_streams
        address = url.replace("http", "ws") + "/v3/ws"
        lines.public_conn.url, lines.private_conn.url = f"{address}/public", f"{address}/private"
        prices = {"inst_type": "usdt-futures", "symbol": "BTCUSDT"}
        topics = {
            "ticker": streams.ticker(**prices),
            "trade": streams.trade(**prices),
            "candle": streams.candle(**prices, interval="1m"),
            "books": streams.orderbook(**prices, depth=""),
            "books5": streams.orderbook(**prices, depth="5"),
            "orders": streams.orders("UTA"),
            "fill": streams.fill("UTA"),
            "positions": streams.positions("UTA"),
            "account": streams.account("UTA"),
            "strategy": streams.strategy_orders("UTA", symbol="default"),
        }

        async def hear(name: str, topic: Any) -> None:
            async with topic as stream:
                try:
                    async for push in stream:
                        heard.setdefault(name, []).append(push)
                except Exception as fault:
                    # Leaving the stream would wait for ever.
                    faults.append(f"{name}: {fault}")
                    await asyncio.Event().wait()

        async with client.http_client, lines:
            hearing = [asyncio.ensure_future(hear(name, topic)) for name, topic in topics.items()]
            await asyncio.sleep(3)
            trader = Trader(client.uta)
            await trader.trade()
            await trader("trade.close_positions", "USDT-FUTURES")
            await asyncio.sleep(2)
            assert [each for each in hearing if each.done()] == []
            if not faults:
                for each in hearing:
                    each.cancel()
                await asyncio.gather(*hearing, return_exceptions=True)

    loop = asyncio.new_event_loop()
    with served(tmp_path, kind="unified") as url:
        loop.run_until_complete(follow(url))
    assert faults == []
    loop.close()
    assert set(heard) == {
        "ticker",
        "trade",
        "candle",
        "books",
        "books5",
        "orders",
        "fill",
        "positions",
        "account",
        "strategy",
    }
