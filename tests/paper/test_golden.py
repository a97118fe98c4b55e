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
        (6373655, 6727372, 6298870, 6692169, 10597410380, 69127088271697131),
        (6513692, 6551265, 6509858, 6511839, 2233820, 14549537590447),
        (1772454896673, 6511644, 3446, False, 1772454896673188505),
        6513533,
    ),
    (
        Product.SPOT,
        "USDCUSDT",
        (9998, 9998, 9998, 9998, 1209672470811, 12095018880914832),
        (9998, 9998, 9998, 9998, 161118295, 1610944660488),
        (1772454896740, 9998, 2311626, False, 1772454896740816210),
        9998,
    ),
    (
        Product.USDT_FUTURES,
        "BTCUSDT",
        (637446, 672795, 629967, 669275, 695421892, 453673290387904),
        (651438, 655194, 651055, 651253, 146591, 95489287886),
        (1772454896679, 651234, 733, False, 1772454896679444135),
        651405,
    ),
    (
        Product.USDT_FUTURES,
        "DOGEUSDT",
        (18573, 22433, 18529, 21666, 2975439926, 60403263996426),
        (21142, 21179, 21108, 21126, 7311773, 154546252771),
        (1772454896701, 21127, 15893, False, 1772454896701221835),
        21128,
    ),
    (
        Product.USDC_FUTURES,
        "ETHPERP",
        (282300, 307548, 279442, 298456, 29928726, 8737306603307),
        (293964, 294797, 293085, 294314, 57088, 16798626384),
        (1772454896521, 294293, 125, False, 1772454896521560280),
        294344,
    ),
    (
        Product.COIN_FUTURES,
        "XRPUSD",
        (10774, 11205, 10721, 11186, 298355360, 3273563750799),
        (10958, 10969, 10934, 10966, 914313, 10023396938),
        (1772454896751, 10966, 2389, True, 1772454896751683925),
        10966,
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
