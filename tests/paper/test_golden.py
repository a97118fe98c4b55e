"""Numbers of seed 1, written down once: every machine must give the same."""

from __future__ import annotations

import pytest

from bitget_cli.paper.instruments import instrument
from bitget_cli.paper.prices import Prices
from bitget_cli.values import Product

AT = 1_772_454_896_789

GOLDEN = (
    (
        Product.SPOT,
        "BTCUSDT",
        (6373655, 6727372, 6298870, 6692169, 10597410380),
        (6433447, 6491795, 6428033, 6428033, 4125499),
        (1772454896673, 6428778, 4642, False, 1772454896673188505),
        6430488,
    ),
    (
        Product.SPOT,
        "USDCUSDT",
        (9998, 9998, 9998, 9998, 1209672470811),
        (9998, 9998, 9998, 9998, 167087846),
        (1772454896740, 9998, 4798818, False, 1772454896740816210),
        9998,
    ),
    (
        Product.USDT_FUTURES,
        "BTCUSDT",
        (637446, 672795, 629967, 669275, 695421892),
        (643418, 649250, 642877, 642877, 270827),
        (1772454896679, 642951, 989, False, 1772454896679444135),
        643108,
    ),
    (
        Product.USDT_FUTURES,
        "DOGEUSDT",
        (18573, 22433, 18529, 21666, 2975439926),
        (21371, 21403, 21338, 21389, 8509787),
        (1772454896526, 21384, 6409, False, 1772454896526221835),
        21386,
    ),
    (
        Product.USDC_FUTURES,
        "ETHPERP",
        (282300, 307548, 279442, 298456, 3303912),
        (283296, 283953, 283111, 283538, 5563),
        (1772454896521, 283599, 8, False, 1772454896521560280),
        283638,
    ),
    (
        Product.COIN_FUTURES,
        "XRPUSD",
        (10774, 11205, 10721, 11186, 298355360),
        (11006, 11008, 10940, 11006, 1515230),
        (1772454896564, 10994, 5009, False, 1772454896564683925),
        10999,
    ),
)


@pytest.mark.parametrize(("product", "symbol", "day", "minute", "last", "mark"), GOLDEN)
def test_the_numbers_of_seed_one(
    product: Product, symbol: str, day: tuple[int, ...], minute: tuple[int, ...], last: tuple[int, ...], mark: int
) -> None:
    market = instrument(product, symbol)
    assert market
    prices = Prices(1)
    path = prices.traded(market)
    assert path.node(0, AT // 86_400_000) == day
    assert path.node(8, AT // 60_000) == minute
    assert path.last(AT) == last
    assert prices.mark(market).level_at(AT) == mark
