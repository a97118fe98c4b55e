"""Markets move as much as real ones do, in a minute, in an hour and in a day."""

from __future__ import annotations

import pytest
from benchmarks.volatility import AIMS, QUICK, Sample, aim, measured

from bitget_cli.paper.instruments import instrument
from bitget_cli.paper.prices.markets import PricePaths
from bitget_cli.values import Product


@pytest.mark.parametrize(
    ("product", "symbol", "seed"),
    [(Product.SPOT, "BTCUSDT", 1), (Product.USDC_FUTURES, "ETHPERP", 2)],
)
def test_a_market_moves_within_what_was_fitted_to(product: Product, symbol: str, seed: int) -> None:
    market = instrument(product, symbol)
    assert market
    found = measured(PricePaths(seed).traded(market), QUICK)
    beside = {
        (span, figure): (found[span][figure], least, most)
        for span, figures in AIMS.items()
        for figure in figures
        for _, least, most in [aim(market.base, span, figure)]
        if not least <= found[span][figure] <= most
    }
    assert beside == {}


def test_a_dollar_coin_hardly_moves() -> None:
    market = instrument(Product.SPOT, "USDCUSDT")
    assert market
    found = measured(PricePaths(1).traded(market), Sample(days=200, hours=20, minutes=349))
    assert found["minute"]["max"] <= 0.02
    assert found["day"]["p99"] <= 0.05
