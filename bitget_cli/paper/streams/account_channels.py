"""`account`, `equity` and `positions`: how things stand, pushed when something other than the price has changed."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from bitget_cli.paper.answers import reworded
from bitget_cli.paper.api.futures_account import balances
from bitget_cli.paper.api.futures_positions import position_row, profit_rate
from bitget_cli.paper.api.spot_account import assets
from bitget_cli.paper.engine import margin
from bitget_cli.paper.engine.futures import occupied
from bitget_cli.paper.engine.ledger import ZERO, text
from bitget_cli.paper.engine.records import Position
from bitget_cli.paper.instruments import listed
from bitget_cli.paper.request import Query
from bitget_cli.paper.streams.channels import SNAPSHOT, UPDATE, Push
from bitget_cli.values import Product

if TYPE_CHECKING:
    from bitget_cli.paper.engine.state import EngineState, Event

EVERY = 0.2
Facts = dict[str, tuple[Any, ...]]


class SpotAccountChannel:
    """Every coin that is held, then the coins whose balance changed. `coin` "" is all of them."""

    every = EVERY

    def __init__(self, coin: str) -> None:
        self._coin = coin
        self._told: Facts | None = None

    def look(self, state: EngineState, _events: Sequence[Event]) -> list[Push]:
        # A reset leaves nothing of a coin, not even its pot.
        known = dict.fromkeys([*(coin for coin, _ in state.ledger.of("spot")), *(self._told or ())])
        names = [coin for coin in known if self._coin in ("", coin)]
        pots = {coin: state.ledger.pot("spot", coin) for coin in names}
        facts: Facts = {coin: (pot.available, pot.frozen) for coin, pot in pots.items()}
        changed = [coin for coin in names if (self._told or {}).get(coin) != facts[coin]]
        action, first = (SNAPSHOT, True) if self._told is None else (UPDATE, False)
        self._told = facts
        rows = [assets(state, Query({"coin": coin}))[0] for coin in changed if pots[coin].total or not first]
        return [(action, rows)] if rows or first else []


class FuturesAccountChannel:
    """The row of each margin coin, then the rows of coins that money or margin has moved in."""

    every = EVERY

    def __init__(self, product: Product, coin: str) -> None:
        self._product = product
        self._coin = coin
        self._told: Facts | None = None

    def look(self, state: EngineState, _events: Sequence[Event]) -> list[Push]:
        accounts = _accounts(state, self._product)
        facts: Facts = {coin: _money(here) for coin, here in accounts.items() if self._coin in ("", coin)}
        changed = [coin for coin, money in facts.items() if (self._told or {}).get(coin) != money]
        action, first = (SNAPSHOT, True) if self._told is None else (UPDATE, False)
        self._told = facts
        rows = [_account(state, coin, accounts[coin]) for coin in changed]
        return [(action, rows)] if rows or first else []


class EquityChannel:
    """A futures line's worth in USDT and BTC, pushed as its account is."""

    every = EVERY

    def __init__(self, product: Product) -> None:
        self._product = product
        self._told: Facts | None = None

    def look(self, state: EngineState, _events: Sequence[Event]) -> list[Push]:
        accounts = _accounts(state, self._product)
        facts = {coin: _money(here) for coin, here in accounts.items()}
        if facts == self._told:
            return []
        self._told = facts
        rows = [balances(state, coin, here) for coin, here in accounts.items()]
        sums = {name: sum((Decimal(row[name]) for row in rows), ZERO) for name in ("btcEquity", "usdtEquity")}
        profit = sum((here.profit for here in accounts.values()), ZERO)
        row = {name: text(amount) for name, amount in sums.items()}
        return [(SNAPSHOT, [row | {"unrealizedPL": text(profit), **_UNION}])]


# Margin is never shared between coins here.
_UNION = {"unionTotalMargin": "0", "unionAvailable": "0", "unionMm": "0"}


def _accounts(state: EngineState, product: Product) -> dict[str, margin.MarginAccount]:
    coins = dict.fromkeys(each.margin_coin for each in listed(product))
    return {coin: margin.account(state, product, coin) for coin in coins}


def _money(here: margin.MarginAccount) -> tuple[Decimal, ...]:
    """What the mark price alone does not move."""
    return here.cash, here.locked, here.cross_margin, here.isolated_margin


def _account(state: EngineState, coin: str, here: margin.MarginAccount) -> dict[str, str]:
    own = {"assetsMode": "single", **_UNION}
    return reworded(balances(state, coin, here) | own, _ACCOUNT)


_ACCOUNT = (
    "marginCoin frozen=locked available maxOpenPosAvailable=crossedMaxAvailable maxTransferOut equity=accountEquity"
    " usdtEquity crossedRiskRate unrealizedPL unionTotalMargin unionAvailable unionMm assetsMode"
)


class PositionsChannel:
    """The whole set of a product each time: a position that is missing from a push is closed."""

    every = EVERY

    def __init__(self, product: Product) -> None:
        self._product = product
        self._told: list[tuple[Any, ...]] | None = None

    def look(self, state: EngineState, events: Sequence[Event]) -> list[Push]:
        positions = [each for each in state.positions.values() if each.product == self._product]
        facts = [_size_and_money(state, position) for position in positions]
        stirred = any(event.record.product == self._product for event in events)
        if facts == self._told and not stirred:
            return []
        self._told = facts
        return [(SNAPSHOT, [_position(state, position) for position in positions])]


def _size_and_money(state: EngineState, position: Position) -> tuple[Any, ...]:
    size = position.id, position.size, position.cost, position.leverage, position.margin_mode
    return *size, position.funding, position.updated, margin.margin_of(state, position), occupied(state, position)


_POSITION = (
    "posId instId=symbol marginCoin marginSize marginMode holdSide posMode total available frozen=locked openPriceAvg"
    " leverage achievedProfits unrealizedPL unrealizedPLR liquidationPrice keepMarginRate isolatedMarginRate"
    " marginRate=marginRatio breakEvenPrice totalFee deductedFee markPrice assetMode autoMargin cTime uTime"
)


def _position(state: EngineState, position: Position) -> dict[str, Any]:
    """The row over HTTP in the stream's own words; `leverage` is a number here, and no funding yet is no text."""
    row = position_row(state, position)
    own = {
        "posId": str(position.id),
        "leverage": position.leverage,
        "unrealizedPLR": profit_rate(row),
        "isolatedMarginRate": row["marginRatio"] if position.margin_mode == "isolated" else "0",
        "totalFee": row["totalFee"] if position.funding else "",
    }
    return reworded(row | own, _POSITION)
