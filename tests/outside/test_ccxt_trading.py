"""ccxt as judge of trading: balances, orders, positions, plans and transfers on a served paper exchange."""

from __future__ import annotations

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
def client(running_url: str) -> Any:
    """A client of a fresh exchange whose time is the wall clock's."""
    ccxt = pytest.importorskip("ccxt")
    key, secret, passphrase = KEY
    client = ccxt.bitget({"apiKey": key, "secret": secret, "password": passphrase})
    client.urls["api"] = dict.fromkeys(client.urls["api"], running_url)
    client.load_markets()
    return client


@pytest.fixture
def funded(client: Any) -> Any:
    client.transfer("USDT", 50_000, "spot", "swap")
    return client


def last(client: Any, symbol: str) -> float:
    price: float = client.fetch_ticker(symbol)["last"]
    return price


def test_balances_and_transfers(client: Any) -> None:
    assert client.fetch_balance()["USDT"]["free"] == 100_000
    moved = client.transfer("USDT", 250.5, "spot", "swap")
    assert client.fetch_balance()["USDT"]["free"] == 99_749.5
    swap = client.fetch_balance({"type": "swap"})
    assert swap["USDT"] == {"free": 250.5, "used": 0.0, "total": 250.5}
    (row,) = client.fetch_transfers("USDT")
    assert (row["id"], row["amount"], row["status"]) == (moved["id"], 250.5, "ok")
    assert client.fetch_ledger("USDT")


def test_spot_orders_from_placing_to_my_trades(client: Any) -> None:
    price = last(client, SPOT)
    bought = client.create_order(SPOT, "market", "buy", 0.01, price)
    order = client.fetch_order(bought["id"], SPOT)
    assert order["status"] == "closed"
    assert 0 < order["filled"] <= 0.0101
    assert order["fee"]["currency"] == "BTC"
    resting = client.create_order(SPOT, "limit", "buy", 0.02, round(price * 0.97, 2))
    (open_order,) = client.fetch_open_orders(SPOT)
    assert (open_order["id"], open_order["price"], open_order["remaining"]) == (
        resting["id"],
        round(price * 0.97, 2),
        0.02,
    )
    edited = client.edit_order(resting["id"], SPOT, "limit", "buy", 0.03, round(price * 0.96, 2))
    assert [row["amount"] for row in client.fetch_open_orders(SPOT)] == [0.03]
    client.cancel_order(edited["id"], SPOT)
    assert client.fetch_open_orders(SPOT) == []
    assert {row["status"] for row in client.fetch_canceled_orders(SPOT)} == {"canceled"}
    assert [row["id"] for row in client.fetch_closed_orders(SPOT)] == [bought["id"]]
    assert sum(row["amount"] for row in client.fetch_my_trades(SPOT)) == pytest.approx(order["filled"])


def test_spot_orders_together(client: Any) -> None:
    price = round(last(client, SPOT) * 0.97, 2)
    row = {"symbol": SPOT, "type": "limit", "side": "buy", "amount": 0.01, "price": price}
    placed = client.create_orders([row, {**row, "amount": 0.02}])
    assert len(client.fetch_open_orders(SPOT)) == 2
    client.cancel_orders([placed[0]["id"]], SPOT)
    assert [order["id"] for order in client.fetch_open_orders(SPOT)] == [placed[1]["id"]]
    client.cancel_all_orders(SPOT)
    assert client.fetch_open_orders(SPOT) == []


def test_spot_trigger_orders(client: Any) -> None:
    price = last(client, SPOT)
    plan = client.create_order(
        SPOT, "limit", "sell", 0.01, round(price * 0.9, 2), {"triggerPrice": round(price * 0.92, 2)}
    )
    (waiting,) = client.fetch_open_orders(SPOT, params={"trigger": True})
    assert (waiting["id"], waiting["triggerPrice"]) == (plan["id"], round(price * 0.92, 2))
    client.cancel_order(plan["id"], SPOT, {"trigger": True})
    assert client.fetch_open_orders(SPOT, params={"trigger": True}) == []


@pytest.mark.parametrize("hedged", [False, True])
def test_a_futures_position_from_opening_to_closing(funded: Any, hedged: bool) -> None:
    client = funded
    client.set_position_mode(hedged, SWAP)
    client.set_margin_mode("cross", SWAP)
    client.set_leverage(10, SWAP)
    assert client.fetch_leverage(SWAP)["longLeverage"] == 10
    opened = client.create_order(SWAP, "market", "buy", 0.05, None, {"hedged": hedged})
    order = client.fetch_order(opened["id"], SWAP)
    assert (order["status"], order["filled"], order["side"]) == ("closed", 0.05, "buy")
    (position,) = client.fetch_positions([SWAP])
    assert (position["side"], position["contracts"], position["leverage"]) == ("long", 0.05, 10.0)
    assert position["hedged"] is hedged
    assert position["entryPrice"] == pytest.approx(order["average"])
    client.create_order(SWAP, "market", "sell", 0.05, None, {"reduceOnly": True, "hedged": hedged})
    assert client.fetch_positions([SWAP]) == []
    trades = client.fetch_my_trades(SWAP)
    # A market order may take several levels of the book.
    assert sum(trade["amount"] for trade in trades) == pytest.approx(0.1)
    assert {trade["fee"]["currency"] for trade in trades} == {"USDT"}
    assert client.fetch_positions_history([SWAP])[0]["contracts"] == 0.05
    assert client.fetch_ledger("USDT", params={"type": "swap"})


def test_futures_orders_rest_are_edited_and_cancelled(funded: Any) -> None:
    client, price = funded, round(last(funded, SWAP) * 0.97, 1)
    order = client.create_order(SWAP, "limit", "buy", 0.05, price, {"postOnly": True})
    (resting,) = client.fetch_open_orders(SWAP)
    assert (resting["id"], resting["price"], resting["timeInForce"]) == (order["id"], price, "PO")
    edited = client.edit_order(order["id"], SWAP, "limit", "buy", 0.06, price - 10, {"newClientOid": "edited"})
    assert [(row["id"], row["amount"]) for row in client.fetch_open_orders(SWAP)] == [(edited["id"], 0.06)]
    client.cancel_order(edited["id"], SWAP)
    assert client.fetch_open_orders(SWAP) == []
    assert {row["status"] for row in client.fetch_canceled_orders(SWAP)} == {"canceled"}
    client.create_order(SWAP, "limit", "buy", 0.05, price)
    client.cancel_all_orders(SWAP)
    assert client.fetch_open_orders(SWAP) == []


def test_stop_and_take_profit_trailing_and_trigger_orders(funded: Any) -> None:
    client, price = funded, last(funded, SWAP)
    exits = {"stopLoss": {"triggerPrice": price * 0.9}, "takeProfit": {"triggerPrice": price * 1.1}}
    client.create_order(SWAP, "market", "buy", 0.05, None, exits)
    both = client.fetch_open_orders(SWAP, params={"planType": "profit_loss", "trigger": True})
    # ccxt cuts to the tick.
    assert sorted(row["triggerPrice"] for row in both) == pytest.approx([price * 0.9, price * 1.1], abs=0.11)
    stop = client.create_order(SWAP, "market", "sell", 0.05, None, {"stopLossPrice": price * 0.95})
    assert stop["id"]
    trailing = client.create_trailing_percent_order(SWAP, "market", "sell", 0.05, None, 2, round(price * 1.05, 1))
    (row,) = client.fetch_open_orders(SWAP, params={"trailing": True})
    assert row["id"] == trailing["id"]
    client.cancel_order(trailing["id"], SWAP, {"trailing": True})
    # ccxt rounds every price but this one.
    trigger = {"triggerPrice": round(price * 0.91, 1)}
    plan = client.create_order(SWAP, "limit", "buy", 0.05, price * 0.9, trigger)
    (row,) = client.fetch_open_orders(SWAP, params={"trigger": True})
    assert (row["id"], row["triggerPrice"]) == (plan["id"], round(price * 0.91, 1))
    client.cancel_order(plan["id"], SWAP, {"trigger": True})
    assert client.fetch_open_orders(SWAP, params={"trigger": True}) == []


def test_isolated_margin_is_added_and_a_position_closed_at_once(funded: Any) -> None:
    client = funded
    client.set_margin_mode("isolated", SWAP)
    client.create_order(SWAP, "market", "sell", 0.05, None, {"marginMode": "isolated"})
    (before,) = client.fetch_positions([SWAP])
    assert (before["side"], before["marginMode"]) == ("short", "isolated")
    client.add_margin(SWAP, 20, {"holdSide": "short"})
    (after,) = client.fetch_positions([SWAP])
    assert after["initialMargin"] == pytest.approx(before["initialMargin"] + 20)
    assert after["liquidationPrice"] > before["liquidationPrice"]
    client.close_position(SWAP, "short")
    assert client.fetch_positions([SWAP]) == []


def test_refusals_are_known_to_it(funded: Any) -> None:
    ccxt = pytest.importorskip("ccxt")
    client, price = funded, last(funded, SPOT)
    with pytest.raises(ccxt.InsufficientFunds):
        client.create_order(SPOT, "limit", "buy", 100, round(price * 0.97, 2))
    with pytest.raises(ccxt.InsufficientFunds):
        client.create_order(SWAP, "market", "buy", 190)
    with pytest.raises(ccxt.OrderNotFound):
        client.cancel_order("1", SPOT)
    with pytest.raises(ccxt.OrderNotFound):
        client.cancel_order("1", SWAP)
    with pytest.raises(ccxt.OrderNotFound):
        client.fetch_order("1", SWAP)
    client.password = "wrong"
    with pytest.raises(ccxt.AuthenticationError):
        client.fetch_balance()


def test_conversions(client: Any) -> None:
    assert {"USDT", "BTC"} <= set(client.fetch_convert_currencies())
    quote = client.fetch_convert_quote("USDT", "BTC", 100)
    assert (quote["fromAmount"], quote["toCurrency"]) == (100, "BTC")
    words = {"price": str(quote["info"]["cnvtPrice"]), "toAmount": quote["info"]["toCoinSize"]}
    done = client.create_convert_trade(quote["id"], "USDT", "BTC", quote["fromAmount"], words)
    assert done["toAmount"] == quote["toAmount"]
    (record,) = client.fetch_convert_trade_history()
    assert (record["fromCurrency"], record["toAmount"]) == ("USDT", quote["toAmount"])
