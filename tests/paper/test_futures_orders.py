"""Futures orders and positions of the paper exchange, one-way and hedged, crossed and isolated."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from paper_account import BTC, USDT_M, PaperAccount

from bitget_cli.errors import UsageError


@pytest.fixture
def account() -> PaperAccount:
    return PaperAccount().fund()


@pytest.fixture
def hedged(account: PaperAccount) -> PaperAccount:
    account.post("mix/account/set-position-mode", posMode="hedge_mode", **USDT_M)
    return account


def at(account: PaperAccount, ratio: str) -> str:
    return str((account.last() * Decimal(ratio)).quantize(Decimal("0.1")))


def sizes(account: PaperAccount) -> dict[str, str]:
    return {row["holdSide"]: row["total"] for row in account.position()}


@pytest.mark.parametrize(
    ("orders", "left"),
    [
        ([("buy", "0.5")], {"long": "0.5"}),
        ([("buy", "0.5"), ("buy", "0.2")], {"long": "0.7"}),
        ([("buy", "0.5"), ("sell", "0.2")], {"long": "0.3"}),
        ([("buy", "0.5"), ("sell", "0.5")], {}),
        ([("buy", "0.5"), ("sell", "0.8")], {"short": "0.3"}),
        ([("sell", "0.5"), ("buy", "0.8")], {"long": "0.3"}),
    ],
)
def test_one_way_positions_net_and_turn(account: PaperAccount, orders: list[tuple[str, str]], left: Any) -> None:
    for side, size in orders:
        assert isinstance(account.order(side, size), dict)
    assert sizes(account) == left


@pytest.mark.parametrize(
    ("orders", "left"),
    [
        ([("buy", "open"), ("sell", "open")], {"long": "0.5", "short": "0.5"}),
        # In hedge mode the wire's side names the position.
        ([("buy", "open"), ("buy", "close")], {}),
        ([("sell", "open"), ("sell", "close")], {}),
    ],
)
def test_hedge_mode_keeps_two_books(hedged: PaperAccount, orders: list[tuple[str, str]], left: Any) -> None:
    for side, way in orders:
        assert isinstance(hedged.order(side, "0.5", tradeSide=way), dict)
    assert sizes(hedged) == left


def test_fills_in_hedge_mode_name_the_position_too(hedged: PaperAccount) -> None:
    hedged.order("buy", "0.5", tradeSide="open")
    order = hedged.order("buy", "0.5", tradeSide="close")
    row = hedged.detail(order)
    fills = hedged.get("mix/order/fills", **order, **USDT_M)["fillList"]
    assert (row["side"], row["tradeSide"], row["posSide"]) == ("buy", "close", "long")
    assert {(fill["side"], fill["tradeSide"]) for fill in fills} == {("buy", "close")}
    assert sum(Decimal(fill["profit"]) for fill in fills) == Decimal(row["totalProfits"]) < 0


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"side": "buy", "size": "0.5", "tradeSide": "open"}, "40774"),
        ({"side": "buy", "size": "0.5", "reduceOnly": "YES"}, "22002"),
        ({"side": "buy", "size": "0.00001"}, "40808"),
        ({"side": "buy", "size": "0"}, "40020"),
        ({"side": "buy", "size": "0.0001", "price": "60000", "presetStopLossPrice": "50000.001"}, "40808"),
        ({"side": "buy", "size": "190"}, "40762"),
        ({"side": "buy", "size": "221"}, "45113"),
        ({"side": "buy", "size": "0.1", "price": "90000"}, "43009"),
        ({"side": "sell", "size": "0.1", "price": "30000"}, "43008"),
        ({"side": "buy", "size": "0.1", "marginCoin": "USDC"}, "40020"),
        ({"side": "buy", "size": "0.1", "symbol": "NOUSDT"}, "40034"),
        ({"side": "buy", "size": "0.1", "marginMode": "portfolio"}, "40020"),
        ({"side": "up", "size": "0.1"}, "40020"),
    ],
)
def test_orders_that_break_a_rule_are_refused_with_bitgets_code(
    account: PaperAccount, given: dict[str, str], code: str
) -> None:
    assert account.order(**given) == code
    assert account.get("mix/order/orders-history", **USDT_M)["entrustedList"] is None


def test_a_small_order_is_refused_unless_it_closes(account: PaperAccount) -> None:
    doge = {"symbol": "DOGEUSDT"}
    assert account.order("buy", "1", **doge) == "45110"
    account.order("buy", "101", **doge)
    account.order("sell", "100", **doge)
    assert isinstance(account.order("sell", "1", reduceOnly="YES", **doge), dict)


def test_a_hedged_account_must_say_open_or_close(hedged: PaperAccount) -> None:
    assert hedged.order("buy", "0.1") == "40774"
    assert hedged.order("buy", "0.1", tradeSide="close") == "22002"
    hedged.order("buy", "0.1", tradeSide="open")
    assert hedged.order("buy", "0.2", tradeSide="close") == "45006"


def test_reduce_only_never_turns_a_position(account: PaperAccount) -> None:
    account.order("buy", "0.3")
    order = account.order("sell", "0.8", reduceOnly="YES")
    assert sizes(account) == {}
    assert account.detail(order)["size"] == "0.3"


def test_a_resting_order_locks_margin_and_fee_and_gives_them_back(account: PaperAccount) -> None:
    price = at(account, "0.97")
    order = account.order("buy", "0.5", price=price)
    value = Decimal(price) / 2
    assert Decimal(account.futures()["locked"]) == value / 20 + value * Decimal("0.0006")
    account.post("mix/order/cancel-order", orderId=order["orderId"], **BTC)
    assert account.futures()["locked"] == "0"
    assert account.detail(order)["state"] == "canceled"
    assert account.post("mix/order/cancel-order", orderId=order["orderId"], **BTC) == "40768"


def test_a_position_says_what_it_cost_and_what_it_brings(account: PaperAccount) -> None:
    account.post("mix/account/set-leverage", leverage="10", **BTC)
    order = account.detail(account.order("buy", "0.5"))
    (position,) = account.position()
    cost, mark = Decimal(order["quoteVolume"]), Decimal(position["markPrice"])
    assert position["openPriceAvg"] == order["priceAvg"]
    assert Decimal(position["marginSize"]) == cost / 10
    assert Decimal(position["unrealizedPL"]) == mark / 2 - cost
    assert Decimal(position["deductedFee"]) == -Decimal(order["fee"]) == cost * Decimal("0.0006")
    even = Decimal(order["priceAvg"]) * Decimal("1.0006") / Decimal("0.9994")
    assert abs(Decimal(position["breakEvenPrice"]) - even) < Decimal("0.1")
    funds = account.futures()
    assert Decimal(funds["accountEquity"]) == 50_000 + Decimal(order["fee"]) + Decimal(position["unrealizedPL"])


def test_averaging_and_reducing(account: PaperAccount) -> None:
    first = account.detail(account.order("buy", "0.5"))
    account.later(hours=5)
    second = account.detail(account.order("buy", "0.3"))
    average = (Decimal(first["quoteVolume"]) + Decimal(second["quoteVolume"])) / Decimal("0.8")
    assert abs(Decimal(account.position()[0]["openPriceAvg"]) - average) < Decimal("0.0001")
    account.order("sell", "0.6")
    assert abs(Decimal(account.position()[0]["openPriceAvg"]) - average) < Decimal("0.0001")


def test_closing_writes_the_position_down(account: PaperAccount) -> None:
    account.order("buy", "0.5")
    account.later(days=1)
    (closed,) = account.post("mix/order/close-positions", **USDT_M)["successList"]
    assert closed["symbol"] == "BTCUSDT"
    (past,) = account.get("mix/position/history-position", **USDT_M)["list"]
    parts = [Decimal(past[name]) for name in ("pnl", "openFee", "closeFee", "totalFunding")]
    assert Decimal(past["netProfit"]) == sum(parts)
    assert Decimal(account.futures()["accountEquity"]) == 50_000 + sum(parts)
    assert account.post("mix/order/close-positions", **USDT_M) == "22002"


def test_reversing_a_position(account: PaperAccount) -> None:
    account.order("buy", "0.5")
    account.post("mix/order/click-backhand", side="buy", **BTC)
    assert sizes(account) == {"short": "0.5"}


def test_modifying_replaces_price_and_size_under_a_new_id(account: PaperAccount) -> None:
    order = account.order("buy", "0.5", price=at(account, "0.97"))
    wanted = {"newPrice": at(account, "0.96"), "newSize": "0.4", "newClientOid": "new"}
    new = account.post("mix/order/modify-order", orderId=order["orderId"], **wanted, **BTC)
    (row,) = account.get("mix/order/orders-pending", **USDT_M)["entrustedList"]
    assert (row["orderId"], row["size"], row["clientOid"]) == (new["orderId"], "0.4", "new")
    exits = {"newPresetStopLossPrice": at(account, "0.9")}
    account.post("mix/order/modify-order", orderId=new["orderId"], **exits, **BTC)
    assert account.detail(new)["presetStopLossPrice"] == exits["newPresetStopLossPrice"]


def test_batches_say_what_was_taken_and_what_not(account: PaperAccount) -> None:
    row = {"size": "0.1", "side": "buy", "orderType": "limit", "price": at(account, "0.97"), "force": "gtc"}
    rows = [row | {"clientOid": "a"}, row | {"clientOid": "a"}, row]
    answer = account.post("mix/order/batch-place-order", marginMode="crossed", orderList=rows, **BTC)
    assert len(answer["successList"]) == 2
    assert [failure["errorCode"] for failure in answer["failureList"]] == ["45034"]
    assert len(account.post("mix/order/batch-cancel-orders", **BTC)["successList"]) == 2
    assert account.post("mix/order/cancel-all-orders", **USDT_M) == "22001"


def test_modes_and_leverage_are_kept_and_guarded(account: PaperAccount) -> None:
    assert account.post("mix/account/set-leverage", leverage="200", **BTC) == "40797"
    account.post("mix/account/set-margin-mode", marginMode="isolated", **BTC)
    account.post("mix/account/set-leverage", longLeverage="25", shortLeverage="30", **BTC)
    row = account.get("mix/account/account", **BTC)
    assert (row["marginMode"], row["isolatedLongLever"], row["isolatedShortLever"]) == ("isolated", "25", "30")
    account.order("buy", "0.1", marginMode="isolated")
    assert account.post("mix/account/set-margin-mode", marginMode="crossed", **BTC) == "45117"
    assert account.post("mix/account/set-position-mode", posMode="hedge_mode", **USDT_M) == "40920"
    assert account.order("buy", "0.1", marginMode="crossed") == "45117"


def test_isolated_margin_can_be_added_but_not_below_the_initial(account: PaperAccount) -> None:
    account.post("mix/account/set-margin-mode", marginMode="isolated", **BTC)
    account.order("buy", "0.1", marginMode="isolated")
    before = Decimal(account.position()[0]["marginSize"])
    account.post("mix/account/set-margin", amount="50", holdSide="long", **BTC)
    assert Decimal(account.position()[0]["marginSize"]) == before + 50
    assert account.post("mix/account/set-margin", amount="-5000", holdSide="long", **BTC) == "40754"
    # It stays in the account: nothing was booked, and the bills still add up to what there is.
    assert account.get("mix/account/bill", **USDT_M)["bills"][0]["businessType"] == "buy"


def test_the_largest_order_that_is_promised_is_taken(account: PaperAccount) -> None:
    price = at(account, "0.99")
    asked = {"posSide": "long", "orderType": "limit", "openPrice": price}
    most = account.get("mix/account/max-open", **asked, **BTC)["maxOpen"]
    assert account.order("buy", str(Decimal(most) + Decimal("0.0001")), price=price) == "40762"
    assert isinstance(account.order("buy", most, price=price), dict)


def test_transfers_move_what_is_free_once(account: PaperAccount) -> None:
    given = {"fromType": "usdt_futures", "toType": "spot", "coin": "USDT", "clientOid": "once"}
    account.order("buy", "1")
    free = account.futures()["maxTransferOut"]
    assert account.post("spot/wallet/transfer", amount=str(int(Decimal(free)) + 1), **given) == "43117"
    first = account.post("spot/wallet/transfer", amount="100", **given)
    assert account.post("spot/wallet/transfer", amount="100", **given) == first
    (row, _) = account.get("spot/account/transferRecords", coin="USDT")
    assert (row["size"], row["fromType"], row["toType"]) == ("100.00000000", "usdt_futures", "spot")
    wrong = given | {"clientOid": "", "coin": "BTC", "fromType": "spot", "toType": "usdt_futures"}
    assert account.post("spot/wallet/transfer", amount="0.1", **wrong) == "43129"


def test_coin_margined_positions_gain_in_their_coin() -> None:
    account = PaperAccount()
    market = {"productType": "COIN-FUTURES", "symbol": "BTCUSD", "marginCoin": "BTC"}
    account.post("spot/wallet/transfer", fromType="spot", toType="coin_futures", amount="0.5", coin="BTC")
    account.order("buy", "1", **market)
    account.later(days=2)
    account.order("sell", "1", **market)
    (past,) = account.get("mix/position/history-position", productType="COIN-FUTURES")["list"]
    opened = Decimal(past["openAvgPrice"])
    fills = account.get("mix/order/fills", productType="COIN-FUTURES")["fillList"]
    closing = [(Decimal(fill["baseVolume"]), Decimal(fill["price"])) for fill in fills if fill["side"] == "sell"]
    # A coin's profit is not linear in the closing price, so each level of the book counts by itself.
    assert abs(Decimal(past["pnl"]) - sum(size * (1 - opened / price) for size, price in closing)) < Decimal("1e-7")
    assert account.proof()["BTC"]["sum"] == "0"


def test_a_market_close_takes_the_place_of_resting_closes(hedged: PaperAccount) -> None:
    hedged.order("buy", "0.3", tradeSide="open")
    resting = hedged.order("buy", "0.3", tradeSide="close", price=at(hedged, "1.04"))
    assert hedged.position()[0]["available"] == "0"
    assert hedged.order("buy", "0.1", tradeSide="close", price=at(hedged, "1.03")) == "45123"
    hedged.order("buy", "0.2", tradeSide="close")
    assert hedged.detail(resting)["state"] == "canceled"
    assert sizes(hedged) == {"long": "0.1"}


def test_a_newer_reduce_only_order_takes_the_place_of_older_ones(account: PaperAccount) -> None:
    account.order("buy", "0.3")
    older = account.order("sell", "0.2", reduceOnly="YES", price=at(account, "1.04"))
    newer = account.order("sell", "0.3", reduceOnly="YES", price=at(account, "1.03"))
    assert account.detail(older)["state"] == "canceled"
    assert account.detail(newer)["state"] == "live"
    account.post("mix/order/close-positions", **USDT_M)
    assert account.detail(newer)["state"] == "canceled"


def test_time_never_runs_backwards_where_money_is(account: PaperAccount) -> None:
    account.later(days=2)
    first = account.order("buy", "0.1")
    with pytest.raises(UsageError, match="cannot go back"):
        account.store.freeze(account.wall, wall=account.wall)
    second = account.order("buy", "0.1")
    assert int(second["orderId"]) > int(first["orderId"])
    assert account.detail(second)["cTime"] == account.detail(first)["cTime"]


def test_bills_lead_from_one_balance_to_the_next(account: PaperAccount) -> None:
    account.order("buy", "0.3")
    account.later(days=2)
    account.order("sell", "0.5")
    bills = account.get("mix/account/bill", limit="100", **USDT_M)["bills"]
    for newer, older in pairwise(bills):
        moved = Decimal(newer["amount"]) + Decimal(newer["fee"])
        assert Decimal(newer["balance"]) == Decimal(older["balance"]) + moved
    assert bills[0]["balance"] == account.futures()["available"]


def test_attached_exits_on_the_wrong_side_are_refused_with_bitgets_codes(account: PaperAccount) -> None:
    """Against the market for an order at market, against its own price for one with a limit."""
    last = account.last()

    def near(ratio: str) -> str:
        return str((last * Decimal(ratio)).quantize(Decimal("0.1")))

    profit, loss = "presetStopSurplusPrice", "presetStopLossPrice"
    refused = [
        ("buy", None, profit, "0.9", "40915"),
        ("buy", None, loss, "1.1", "40917"),
        ("sell", None, profit, "1.1", "40832"),
        ("sell", None, loss, "0.9", "40836"),
        ("buy", "0.98", profit, "0.97", "40830"),
        ("buy", "0.98", loss, "0.99", "40833"),
        ("sell", "1.02", profit, "1.03", "40831"),
        ("sell", "1.02", loss, "1.01", "40835"),
        # Beyond the market, so that it is entered there.
        ("buy", "1.02", loss, "1.01", "40917"),
        ("sell", "0.98", loss, "0.99", "40836"),
    ]
    for side, limit, leg, level, code in refused:
        more = {leg: near(level)} | ({"price": near(limit)} if limit else {})
        assert account.order(side, "0.1", **more) == code, (side, limit, leg, level)
    assert account.position() == []
    order = account.order("buy", "0.1", price=near("0.98"), **{profit: near("0.99"), loss: near("0.97")})
    words = {"symbol": "BTCUSDT", "orderId": order["orderId"], **USDT_M}
    wrong = account.post("mix/order/modify-order", newClientOid="n1", newPresetStopLossPrice=near("0.99"), **words)
    assert wrong == "40833"
    moved = account.post("mix/order/modify-order", newClientOid="n2", newPrice=near("0.96"), newSize="0.1", **words)
    assert moved == "40833"
    # Refused as a whole: the order stands as it did.
    assert account.detail(order)["state"] == "live"
    assert Decimal(account.detail(order)[loss]) == Decimal(near("0.97"))


def test_an_order_that_only_closes_is_not_refused_for_its_exits(account: PaperAccount) -> None:
    account.order("buy", "0.1")
    level = str((account.last() * Decimal("0.9")).quantize(Decimal("0.1")))
    assert isinstance(account.order("sell", "0.1", reduceOnly="YES", presetStopLossPrice=level), dict)
