"""typed-bitget as judge: it checks every field of every reply against what Bitget really sends."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from served import machine
from typed_judge import Judge

from bitget_cli.paper.credentials import KEY

pytestmark = [
    pytest.mark.outside,
    # Its own habits, not ours.
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]

BTC = {"symbol": "BTCUSDT", "product_type": "USDT-FUTURES", "margin_coin": "USDT"}
# The same in the words of the wire, which it wants where an order is one argument.
WIRE = {"symbol": "BTCUSDT", "productType": "USDT-FUTURES", "marginCoin": "USDT", "marginMode": "isolated"}
# What its reading calls are asked with; a call that needs something else is not made.
GIVEN: dict[str, Any] = {
    **BTC,
    "coin": "USDT",
    "granularity": "1h",
    "business_type": "spot",
    "language": "en_US",
    "plan_type": "normal_plan",
    "pos_side": "long",
    "order_type": "market",
    "open_amount": "100",
    "open_price": "60000",
    "from_coin": "USDT",
    "to_coin": "BTC",
    "from_type": "spot",
    "to_type": "usdt_futures",
}
# Words of one call by themselves.
INSTEAD: dict[str, dict[str, Any]] = {
    "convert.quoted_price": {"from_coin_size": "100"},
    "mix.order.plan.open": {"plan_type": "profit_loss"},
    "mix.order.plan.history": {"plan_type": "profit_loss"},
    **{f"mix.market.candles.{name}": {"granularity": "1H"} for name in ("recent", "history")},
    **{f"mix.market.candles.history_{name}": {"granularity": "1H"} for name in ("index", "mark")},
}
# Calls that need an id are made where there is one.
BY_ID = ("spot.order.info", "mix.order.detail")
# Where Bitget's own pages show something else than it expects: the fields it finds fault with, and what stands there.
OTHERWISE = {
    # `net` in one-way mode, which it knows of a single order only; "" as the average of an order without a trade.
    "mix.order.history": {"posSide", "priceAvg"},
    "mix.order.open": {"posSide"},
    "mix.order.detail": {"priceAvg"},
    "mix.order.plan.history": {"posSide"},
    "mix.order.plan.open": {"posSide"},
    # Rows, not rows within an answer.
    "copytrading.mix.follower.current_orders": set[str](),
}


class Trader(Judge):
    """Somebody with a classic account."""

    async def trade(self) -> None:
        """Something of everything, so that the lists have rows."""
        last = float((await self("mix.market.ticker", symbol="BTCUSDT", product_type="USDT-FUTURES"))[0]["lastPr"])
        low, high = f"{last * 0.97:.1f}", f"{last * 1.03:.1f}"
        await self("spot.transfer.create", from_type="spot", to_type="usdt_futures", amount="50000", coin="USDT")
        spot = {"symbol": "BTCUSDT", "side": "buy", "force": "gtc"}
        await self("spot.order.place", {**spot, "orderType": "market", "size": "1000"})
        await self("spot.order.place", {**spot, "orderType": "market", "side": "sell", "size": "0.002"})
        resting = await self("spot.order.place", {**spot, "orderType": "limit", "price": low, "size": "0.01"})
        moved = await self(
            "spot.order.cancel_replace", symbol="BTCUSDT", price=low, size="0.02", order_id=resting["orderId"]
        )
        await self("spot.order.cancel", symbol="BTCUSDT", order_id=moved["orderId"])
        batch = [{**spot, "orderType": "limit", "price": low, "size": "0.01"}]
        await self("spot.order.batch.place", symbol="BTCUSDT", order_list=batch)
        stop = {**spot, "side": "sell", "tpslType": "tpsl", "orderType": "market", "size": "0.001"}
        await self("spot.order.place", {**stop, "triggerPrice": low})
        plan = {
            "symbol": "BTCUSDT",
            "side": "sell",
            "orderType": "market",
            "size": "0.001",
            "triggerType": "fill_price",
        }
        for trigger in (low, f"{last:.1f}"):
            await self("spot.order.plan.place", {**plan, "planType": "amount", "triggerPrice": trigger})
        await self("mix.account.set_leverage", **BTC, leverage="10")
        await self("mix.account.set_margin_mode", **BTC, margin_mode="isolated")
        for side in ("buy", "sell", "buy"):
            await self("mix.order.place", {**WIRE, "side": side, "orderType": "market", "size": "0.01"})
        resting = await self(
            "mix.order.place", {**WIRE, "side": "buy", "orderType": "limit", "price": low, "size": "0.01"}
        )
        order = {"symbol": "BTCUSDT", "product_type": "USDT-FUTURES", "order_id": resting["orderId"]}
        await self("mix.order.detail", **order)
        await self("mix.order.cancel", **order)
        await self("mix.order.place", {**WIRE, "side": "buy", "orderType": "limit", "price": low, "size": "0.02"})
        guard = {**BTC, "plan_type": "loss_plan", "trigger_price": low, "hold_side": "buy", "size": "0.005"}
        await self("mix.order.tpsl.place", **guard)
        await self("mix.order.tpsl.place", **guard | {"plan_type": "profit_plan", "trigger_price": high})
        words = {**WIRE, "planType": "normal_plan", "side": "buy", "orderType": "market", "triggerType": "fill_price"}
        for trigger in (low, f"{last:.1f}"):
            await self("mix.order.plan.place", {**words, "triggerPrice": trigger, "size": "0.01"})

    async def look(self) -> None:
        """Every call that only looks and needs nothing unknown."""
        now = datetime.now(UTC)
        times = {"start_time": now - timedelta(days=7), "end_time": now + timedelta(days=6)}
        given = {**GIVEN, **times, **await self._ids()}
        await self.read(given, INSTEAD, besides=BY_ID)
        (bought, *_) = await self("spot.order.history", symbol="BTCUSDT")
        await self("spot.order.info", order_id=bought["orderId"])

    async def _ids(self) -> dict[str, str]:
        plans = await self("spot.order.plan.history", symbol="BTCUSDT")
        return {"plan_order_id": plans["orderList"][0]["orderId"]}


@pytest.fixture(scope="module")
def judge(tmp_path_factory: pytest.TempPathFactory) -> Judge:
    """What it says of each reply."""
    bitget = pytest.importorskip("typed_bitget", reason="typed-bitget is not installed: pip install typed-bitget")
    names = dict(zip(("access_key", "secret_key", "passphrase"), KEY, strict=True))
    with machine(tmp_path_factory.mktemp("typed"), "USDT=200000", "BTC=1") as here:

        async def judged() -> Judge:
            client = bitget.Bitget.new(**names)
            client.http_client.base_url = here.url
            trader = Trader(client.classic)
            async with client.http_client:
                await trader.trade()
                here.typed("paper clock --advance 2d")
                await trader.look()
            return trader

        return asyncio.run(judged())


def test_every_reply_it_knows_is_whole(judge: Judge) -> None:
    assert judge.faults == OTHERWISE, judge.said


def test_what_it_is_refused_is_not_offered_there(judge: Judge) -> None:
    # The list of loans is asked without a signature, and what is not offered is not told to strangers.
    assert {name for name, code in judge.refused.items() if code != "40404"} <= {"earn.loan.currencies"}
    assert not [
        name for name in judge.refused if name.startswith(("spot.order", "spot.account", "mix.order", "mix.position"))
    ]
    assert len(judge.said) - len(judge.refused) > 140
