"""Numbers of seed 1, written down once: every machine must give the same."""

from __future__ import annotations

import pytest

from bitget_cli.paper.instruments import instrument
from bitget_cli.paper.prices.markets import PricePaths
from bitget_cli.values import Product

AT = 1_772_454_896_789

GOLDEN = (
    (
        Product.SPOT,
        "BTCUSDT",
        (6408512, 6696729, 6378202, 6678756, 10597410380, 69244030626407976),
        (6536593, 6537303, 6535293, 6535949, 2604355, 17022413325466),
        (1772454896673, 6535440, 7439, False, 1772454896673188505),
        6535317,
    ),
    (
        Product.SPOT,
        "USDCUSDT",
        (9998, 9998, 9998, 9998, 1209672470811, 12094904809867980),
        (9998, 9998, 9998, 9998, 1893445968, 18931449319167),
        (1772454896740, 9998, 112007344, False, 1772454896740816210),
        9998,
    ),
    (
        Product.USDT_FUTURES,
        "BTCUSDT",
        (640932, 669731, 637901, 667933, 695421892, 454440973497605),
        (653728, 653799, 653597, 653663, 170742, 111610986363),
        (1772454896679, 653612, 1582, False, 1772454896679444135),
        653582,
    ),
    (
        Product.USDT_FUTURES,
        "DOGEUSDT",
        (18776, 21609, 18753, 21415, 2975439926, 59711074150317),
        (20334, 20335, 20318, 20324, 497965, 10126401631),
        (1772454896701, 20333, 2368, True, 1772454896701221835),
        20334,
    ),
    (
        Product.USDC_FUTURES,
        "ETHPERP",
        (284000, 301980, 282562, 297604, 29928726, 8745989119720),
        (296515, 296516, 296478, 296484, 3555, 1054109643),
        (1772454896521, 296504, 16, False, 1772454896521560280),
        296511,
    ),
    (
        Product.COIN_FUTURES,
        "XRPUSD",
        (10826, 11213, 10764, 11177, 298355360, 3266904297897),
        (10970, 10977, 10970, 10976, 202137, 2218065950),
        (1772454896173, 10974, 2383, True, 1772454896173250530),
        10974,
    ),
)


@pytest.mark.parametrize(("product", "symbol", "day", "minute", "last", "mark"), GOLDEN)
def test_the_numbers_of_seed_one(
    product: Product, symbol: str, day: tuple[int, ...], minute: tuple[int, ...], last: tuple[int, ...], mark: int
) -> None:
    market = instrument(product, symbol)
    assert market
    prices = PricePaths(1)
    path = prices.traded(market)
    assert path.node(0, AT // 86_400_000) == day
    assert path.node(8, AT // 60_000) == minute
    assert path.last(AT) == last
    assert prices.mark(market).level_at(AT) == mark
