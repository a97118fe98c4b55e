"""The coins of the paper exchange and the chains they would travel on."""

from __future__ import annotations

from typing import Any, NamedTuple

from bitget_cli.paper import refusals
from bitget_cli.paper.desk import Desk
from bitget_cli.paper.query import Query


class Chain(NamedTuple):
    """One way in and out; amounts are in the coin itself, `places` the decimals of a withdrawal."""

    name: str
    fee: str
    least_deposit: str
    least_withdrawal: str
    deposit_blocks: int
    withdrawal_blocks: int
    places: int
    tag: bool = False
    contract: str | None = None


# Coin → Bitget's number for it and its chains. Contracts are plainly made up: nothing can be sent to them.
COINS = {
    "BTC": (1, (Chain("BTC", "0.00002", "0.00001", "0.0001", 1, 1, 8),)),
    "USDT": (
        2,
        (
            Chain("TRC20", "1.5", "0.01", "10", 6, 1, 6, contract="TPaperUSDT"),
            Chain("ERC20", "2", "0.01", "10", 6, 64, 6, contract="0xPaperUSDT"),
            Chain("BEP20", "0.3", "0.01", "10", 15, 15, 6, contract="0xPaperUSDTBep20"),
        ),
    ),
    "ETH": (
        3,
        (
            Chain("ETH", "0.0006", "0.0001", "0.001", 6, 64, 8),
            Chain("ArbitrumOne", "0.0001", "0.0001", "0.001", 12, 12, 8),
        ),
    ),
    "LTC": (5, (Chain("LTC", "0.001", "0.001", "0.002", 3, 3, 8),)),
    "USDC": (
        6,
        (
            Chain("ERC20", "2", "0.01", "10", 6, 64, 6, contract="0xPaperUSDC"),
            Chain("SOL", "0.5", "0.01", "5", 1, 1, 6, contract="PaperUSDC"),
        ),
    ),
    "ADA": (9, (Chain("Cardano", "0.8", "1", "3", 15, 15, 6),)),
    "DOGE": (11, (Chain("DOGE", "4", "1", "10", 6, 6, 8),)),
    "SOL": (14, (Chain("SOL", "0.008", "0.01", "0.1", 1, 1, 8),)),
    "XRP": (17, (Chain("Ripple", "0.25", "0.01", "5", 6, 1, 6, tag=True),)),
    "BGB": (37, (Chain("ERC20", "0.6", "0.01", "1.2", 6, 64, 4, contract="0xPaperBGB"),)),
}


def coins(_desk: Desk, query: Query) -> Any:
    chosen = query.maybe("coin")
    if chosen is None:
        return [_coin(name) for name in COINS]
    if chosen.upper() not in COINS:
        raise refusals.unknown(chosen)
    return [_coin(chosen.upper())]


def _coin(name: str) -> dict[str, Any]:
    number, chains = COINS[name]
    return {"coinId": str(number), "coin": name, "transfer": "true", "chains": [_chain(chain) for chain in chains]}


def _chain(chain: Chain) -> dict[str, Any]:
    return {
        "chain": chain.name,
        "needTag": "true" if chain.tag else "false",
        "withdrawable": "true",
        "rechargeable": "true",
        "withdrawFee": chain.fee,
        "extraWithdrawFee": "0",
        "depositConfirm": str(chain.deposit_blocks),
        "withdrawConfirm": str(chain.withdrawal_blocks),
        "minDepositAmount": chain.least_deposit,
        "minWithdrawAmount": chain.least_withdrawal,
        "browserUrl": "http://paper.localhost/transactions/",
        "contractAddress": chain.contract,
        "withdrawStep": "0",
        "withdrawMinScale": str(chain.places),
        "congestion": "normal",
    }
