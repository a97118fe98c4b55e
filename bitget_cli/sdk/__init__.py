"""The SDK: Bitget's v2 API in Python, behind the guards and with the journal and the paper exchange of `bitget`.

    from bitget_cli import Bitget

    bitget = Bitget()  # the exchange on this machine; profile="demo" and profile="live" are Bitget's
    last = bitget.futures_tickers(symbol="BTCUSDT")["data"][0]["lastPr"]
    bitget.futures_place_order("BTCUSDT", "buy", "0.01")

Every method answers Bitget's envelope: `{"code": "00000", "msg": "success", "requestTime": ms, "data": …}`. Numbers in
`data` are text, exactly as Bitget wrote them; times are ms as text; sizes are in base coin ("contracts"), prices in
quote coin. Size and price may be given as text, int, Decimal or float, of which the shortest text counts.
"""

from bitget_cli.sdk.bitget import Bitget
from bitget_cli.sdk.failures import (
    BitgetAPIError,
    BitgetGuardError,
    BitgetRateLimitError,
    BitgetRejectedError,
    BitgetUnknownOutcomeError,
)

__all__ = [
    "Bitget",
    "BitgetAPIError",
    "BitgetGuardError",
    "BitgetRateLimitError",
    "BitgetRejectedError",
    "BitgetUnknownOutcomeError",
]
