"""The made-up book: quick near the touch, slow far from it, and the same for everybody."""

from __future__ import annotations

from bitget_cli.paper.instruments import instrument
from bitget_cli.paper.prices.book import SimulatedBook
from bitget_cli.paper.prices.path import Trade
from bitget_cli.paper.prices.tree import Draws
from bitget_cli.values import Product

BTC = instrument(Product.USDT_FUTURES, "BTCUSDT")
assert BTC
NOW = 1_772_454_896_789


def book(now: int, *, price: int = 645_000, buy: bool = True) -> SimulatedBook:
    assert BTC
    return SimulatedBook(BTC, Draws(1, "book"), Trade(now, price, 1, buy, 1), now)


def test_a_buyer_in_a_hurry_paid_the_ask_and_a_seller_got_the_bid() -> None:
    assert (book(NOW, buy=True).bid, book(NOW, buy=True).ask) == (644_999, 645_000)
    assert (book(NOW, buy=False).bid, book(NOW, buy=False).ask) == (645_000, 645_001)


def test_the_touch_changes_within_a_second_and_the_deep_levels_do_not() -> None:
    before, after = book(NOW), book(NOW + 1_000)
    assert before.bids(3) != after.bids(3)
    deep = {price for price, _ in before.bids(500) if price < 640_000}
    kept = {level for level in before.bids(500) if level in after.bids(500) and level[0] in deep}
    assert len(deep) > 10
    assert len(kept) > 0.8 * len(deep)


def test_merged_levels_hold_what_the_fine_ones_held() -> None:
    fine = book(NOW).asks(10_000)
    merged = book(NOW).asks(10_000, merge=100)
    assert sum(size for _, size in fine) == sum(size for _, size in merged)
    assert all(price % 100 == 0 for price, _ in merged)
    assert merged[0][0] >= fine[0][0]


def test_fewer_levels_are_the_best_of_more() -> None:
    assert book(NOW).bids(200)[:15] == book(NOW).bids(15)
    assert book(NOW).bids(200, merge=10)[:5] == book(NOW).bids(5, merge=10)


def test_a_cheap_coin_has_no_bid_below_zero() -> None:
    assert all(price > 0 for price, _ in book(NOW, price=12).bids(500))
