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
        (6433655, 6567363, 6431614, 6431614, 3685691, 24140120007024),
        (1772454896673, 6434591, 4137, False, 1772454896673188505),
        6440186,
    ),
    (
        Product.SPOT,
        "USDCUSDT",
        (9998, 9998, 9998, 9998, 1209672470811, 12095018880914832),
        (9998, 9998, 9998, 9998, 127610249, 1275939098032),
        (1772454896740, 9998, 2048399, False, 1772454896740816210),
        9998,
    ),
    (
        Product.USDT_FUTURES,
        "BTCUSDT",
        (637446, 672795, 629967, 669275, 695421892, 453673290387904),
        (643439, 656804, 643235, 643235, 242004, 158521813790),
        (1772454896679, 643532, 881, False, 1772454896679444135),
        644077,
    ),
    (
        Product.USDT_FUTURES,
        "DOGEUSDT",
        (18573, 22433, 18529, 21666, 2975439926, 60403263996426),
        (21464, 21470, 21432, 21468, 7398157, 158629654665),
        (1772454896701, 21468, 13621, True, 1772454896701221835),
        21468,
    ),
    (
        Product.USDC_FUTURES,
        "ETHPERP",
        (282300, 307548, 279442, 298456, 29928726, 8737306603307),
        (283276, 292636, 283014, 284389, 53395, 15609278750),
        (1772454896521, 284905, 111, False, 1772454896521560280),
        285016,
    ),
    (
        Product.COIN_FUTURES,
        "XRPUSD",
        (10774, 11205, 10721, 11186, 298355360, 3273563750799),
        (10995, 11031, 10962, 10995, 762970, 8415296072),
        (1772454896564, 10995, 2309, False, 1772454896564683925),
        10996,
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
