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
        (6508248, 6529687, 6504472, 6504727, 2682013, 17451085305125),
        (1772454896673, 6505018, 4797, False, 1772454896673188505),
        6505770,
    ),
    (
        Product.SPOT,
        "USDCUSDT",
        (9998, 9998, 9998, 9998, 1209672470811, 12095018880914832),
        (9998, 9998, 9998, 9998, 152946313, 1529241366871),
        (1772454896740, 9998, 1364730, False, 1772454896740816210),
        9998,
    ),
    (
        Product.USDT_FUTURES,
        "BTCUSDT",
        (637446, 672795, 629967, 669275, 695421892, 453673290387904),
        (650894, 653037, 650517, 650542, 176006, 114534313840),
        (1772454896679, 650571, 1021, False, 1772454896679444135),
        650630,
    ),
    (
        Product.USDT_FUTURES,
        "DOGEUSDT",
        (18573, 22433, 18529, 21666, 2975439926, 60403263996426),
        (21281, 21292, 21268, 21269, 6585466, 140116399407),
        (1772454896713, 21270, 37105, False, 1772454896713697215),
        21271,
    ),
    (
        Product.USDC_FUTURES,
        "ETHPERP",
        (282300, 307548, 279442, 298456, 29928726, 8737306603307),
        (293956, 294441, 293373, 294277, 59115, 17392858617),
        (1772454896521, 294286, 133, False, 1772454896521560280),
        294302,
    ),
    (
        Product.COIN_FUTURES,
        "XRPUSD",
        (10774, 11205, 10721, 11186, 298355360, 3273563750799),
        (10945, 10955, 10934, 10954, 910461, 9969579014),
        (1772454896751, 10954, 2034, True, 1772454896751683925),
        10954,
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
