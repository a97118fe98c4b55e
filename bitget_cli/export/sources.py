"""The lists that Bitget tells bookings in: those of a classic account, and those of a unified one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from bitget_cli.catalogue.model import Endpoint
from bitget_cli.catalogue.v2.tax import TAX_FUTURE_RECORD, TAX_MARGIN_RECORD, TAX_P2P_RECORD, TAX_SPOT_RECORD
from bitget_cli.catalogue.v3.tax import RECORDS
from bitget_cli.values import Product

UNIFIED_TYPES = "unified"


class RecordSource(NamedTuple):
    """One list of Bitget's: `account` is our word for whose money it tells of, `stream` the file it goes to.

    `types` names the list of types it is told in, where that is not the stream's own.
    """

    stream: str
    account: str
    row: Endpoint
    given: Mapping[str, str]
    type_field: str
    coin_field: str = "coin"
    amount_field: str = "amount"
    balance_field: str = ""
    types: str = ""

    @property
    def is_unified(self) -> bool:
        return self.row is RECORDS

    @property
    def name(self) -> str:
        """What tells it from every other list of either kind of account."""
        return f"unified-{self.account}" if self.is_unified else self.account

    @property
    def type_list(self) -> str:
        return self.types or self.stream

    def of_coin(self, coin: str) -> dict[str, str]:
        """The list's own parameters, for one coin only."""
        name = "marginCoin" if self.coin_field == "marginCoin" else "coin"
        return {**self.given, name: coin}


STREAMS = ("spot", "futures", "margin", "p2p")


def _futures(product: Product) -> RecordSource:
    given = {"productType": product.wire}
    return RecordSource("futures", product.value, TAX_FUTURE_RECORD, given, "futureTaxType", "marginCoin")


def _margin(mode: str) -> RecordSource:
    given = {"marginType": mode}
    return RecordSource("margin", f"{mode}-margin", TAX_MARGIN_RECORD, given, "marginTaxType", balance_field="total")


CLASSIC = (
    RecordSource("spot", "spot", TAX_SPOT_RECORD, {}, "spotTaxType", balance_field="balance"),
    _futures(Product.USDT_FUTURES),
    _futures(Product.USDC_FUTURES),
    _futures(Product.COIN_FUTURES),
    _margin("crossed"),
    _margin("isolated"),
    # Bitget tells no amount of a P2P booking: `balance` (`total` on its page) is what the account then held.
    RecordSource("p2p", "p2p", TAX_P2P_RECORD, {}, "p2pTaxType", amount_field="", balance_field="balance"),
)


def _unified(stream: str, account: str, line: str, mode: str = "") -> RecordSource:
    given = {"bizType": line} | ({"marginType": mode} if mode else {})
    return RecordSource(stream, account, RECORDS, given, "type", balance_field="balance", types=UNIFIED_TYPES)


# What is of no line (deposits, withdrawals, transfers, conversions) is among the spot bookings, as a classic account
# has it. P2P bookings are told by none of them.
UNIFIED = (
    _unified("spot", "spot", "SPOT"),
    _unified("spot", "other", "OTHER"),
    *(_unified("futures", line.value, line.wire) for line in Product if not line.is_spot),
    _unified("margin", "crossed-margin", "MARGIN", "crossed"),
    _unified("margin", "isolated-margin", "MARGIN", "isolated"),
)
P2P_UNTOLD = "no tax call tells the P2P bookings of a unified account"
P2P_INSTEAD = "bitget api v3.p2p.all-orders lists the orders; bitget tax spot has what came into the wallet"

PAST_UNKNOWN = "whether the bookings of an account that was a classic one before are told back to that time"


def of_stream(sources: tuple[RecordSource, ...], stream: str) -> tuple[RecordSource, ...]:
    return tuple(source for source in sources if source.stream == stream)
