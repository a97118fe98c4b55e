"""Where bookings come from: four streams, each of one or more of Bitget's lists."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from bitget_cli.catalogue.rows import Endpoint
from bitget_cli.catalogue.tax import TAX_FUTURE_RECORD, TAX_MARGIN_RECORD, TAX_P2P_RECORD, TAX_SPOT_RECORD
from bitget_cli.values import Product


class Source(NamedTuple):
    """One list of Bitget's: `account` is our word for whose money it tells of, `stream` the file it goes to."""

    stream: str
    account: str
    row: Endpoint
    given: Mapping[str, str]
    type_field: str
    coin_field: str = "coin"
    amount_field: str = "amount"
    balance_field: str = ""

    def of_coin(self, coin: str) -> dict[str, str]:
        """The list's own parameters, for one coin only."""
        name = "marginCoin" if self.coin_field == "marginCoin" else "coin"
        return {**self.given, name: coin}


STREAMS = ("spot", "futures", "margin", "p2p")


def _futures(product: Product) -> Source:
    given = {"productType": product.wire}
    return Source("futures", product.value, TAX_FUTURE_RECORD, given, "futureTaxType", "marginCoin")


def _margin(mode: str) -> Source:
    given = {"marginType": mode}
    return Source("margin", f"{mode}-margin", TAX_MARGIN_RECORD, given, "marginTaxType", balance_field="total")


SOURCES = (
    Source("spot", "spot", TAX_SPOT_RECORD, {}, "spotTaxType", balance_field="balance"),
    _futures(Product.USDT_FUTURES),
    _futures(Product.USDC_FUTURES),
    _futures(Product.COIN_FUTURES),
    _margin("crossed"),
    _margin("isolated"),
    # Bitget tells no amount of a P2P booking: `balance` (`total` on its page) is what the account then held.
    Source("p2p", "p2p", TAX_P2P_RECORD, {}, "p2pTaxType", amount_field="", balance_field="balance"),
)


def of_stream(stream: str) -> tuple[Source, ...]:
    return tuple(source for source in SOURCES if source.stream == stream)
