"""What futures can be traded, and on which terms: instruments, leverage tiers, limits, fees and collateral rates.

Terms are the paper exchange's own, in the shape of Bitget's.
"""

from __future__ import annotations

from typing import Any

from bitget_cli.paper import refusals
from bitget_cli.paper.desk import Desk
from bitget_cli.paper.instruments import LAUNCH, UNDERLYINGS, Instrument, decimal_text
from bitget_cli.paper.noise import Draws
from bitget_cli.paper.query import DAY_MS, Query

# Position value (USD) up to which a leverage is allowed, for BTC, and the maintenance margin rate there.
_TIERS = (
    (150_000, 125, "0.004"),
    (900_000, 100, "0.005"),
    (6_000_000, 75, "0.0075"),
    (18_000_000, 50, "0.01"),
    (36_000_000, 25, "0.02"),
    (60_000_000, 20, "0.025"),
    (90_000_000, 10, "0.05"),
    (150_000_000, 5, "0.1"),
    (200_000_000, 4, "0.125"),
    (240_000_000, 3, "0.15"),
    (300_000_000, 2, "0.25"),
    (450_000_000, 1, "0.5"),
)
# Markets that allow less leverage are smaller: their tiers are this percentage of BTC's.
_TIER_SIZE = {125: 100, 100: 60, 75: 20, 50: 10}
# Coin, most one user and all users may pledge, and the part of its value that counts below and above 10 000 coins.
_COLLATERAL = (
    ("BTC", "1000", "15000", "0.98", "0.9"),
    ("ETH", "15000", "200000", "0.97", "0.88"),
    ("SOL", "60000", "900000", "0.93", "0.8"),
    ("XRP", "4000000", "60000000", "0.92", "0.8"),
    ("USDC", "20000000", "300000000", "1", "0.99"),
    ("BGB", "500000", "9000000", "0.85", "0.7"),
)


def contracts(_desk: Desk, query: Query) -> Any:
    return [_contract(instrument) for instrument in query.chosen_futures()]


def _contract(instrument: Instrument) -> dict[str, Any]:
    step = instrument.size(1)
    return {
        "symbol": instrument.symbol,
        "baseCoin": instrument.base,
        "quoteCoin": instrument.quote,
        "buyLimitPriceRatio": "0.05",
        "sellLimitPriceRatio": "0.05",
        "feeRateUpRatio": "0.005",
        "makerFeeRate": instrument.maker,
        "takerFeeRate": instrument.taker,
        "openCostUpRatio": "0.01",
        "supportMarginCoins": [instrument.margin_coin],
        "minTradeNum": step,
        "priceEndStep": str(instrument.price_step),
        "volumePlace": str(instrument.size_places),
        "pricePlace": str(instrument.price_places),
        "sizeMultiplier": step,
        "symbolType": "perpetual",
        "minTradeUSDT": "5",
        "maxSymbolOrderNum": "200",
        "maxProductOrderNum": "1000",
        "maxPositionNum": "150",
        "symbolStatus": "normal",
        "offTime": "-1",
        "limitOpenTime": "-1",
        "deliveryTime": "",
        "deliveryStartTime": "",
        "deliveryPeriod": "",
        "launchTime": str(LAUNCH),
        "fundInterval": str(instrument.fund_hours),
        "minLever": "1",
        "maxLever": str(instrument.max_leverage),
        "posLimit": "0.05",
        "maintainTime": "",
        "openTime": str(LAUNCH),
        "maxMarketOrderQty": str(instrument.largest_market),
        "maxOrderQty": str(instrument.largest),
        "isRwa": "NO",
    }


def tiers(instrument: Instrument) -> list[tuple[int, int, int, str]]:
    """(from, to, leverage, maintenance margin rate) by position value in quote coin, smallest first."""
    size = _TIER_SIZE[instrument.max_leverage]
    rows: list[tuple[int, int, int, str]] = []
    start = 0
    for end, leverage, rate in _TIERS:
        if leverage <= instrument.max_leverage:
            rows.append((start, end * size // 100, leverage, rate))
            start = end * size // 100
    return rows


def query_position_lever(_desk: Desk, query: Query) -> Any:
    instrument = query.future()
    return [
        {
            "symbol": instrument.symbol,
            "level": str(level),
            "startUnit": str(start),
            "endUnit": str(end),
            "leverage": str(leverage),
            "keepMarginRate": rate,
        }
        for level, (start, end, leverage, rate) in enumerate(tiers(instrument), 1)
    ]


def oi_limit(_desk: Desk, query: Query) -> Any:
    """The most one account, and a main account with its sub-accounts, may hold: the end of the last tier."""
    rows = []
    for instrument in query.chosen_futures():
        most = tiers(instrument)[-1][1]
        rows.append({"symbol": instrument.symbol, "notionalValue": str(most * 2 // 3), "totalNotionalValue": str(most)})
    return rows


def discount_rate(_desk: Desk, _query: Query) -> Any:
    return [
        {
            "coin": coin,
            "userLimit": one,
            "totalLimit": every,
            "discountRateList": _two_tiers("discountRate", small, large),
        }
        for coin, one, every, small, large in _COLLATERAL
    ]


def exchange_rate(_desk: Desk, _query: Query) -> Any:
    """Below par by a little, as for converting collateral when a debt is settled."""
    tiers = _two_tiers("exchangeRate", "0.998", "0.995")
    return [
        # As its page spells the name, and as it is really sent.
        {"coin": coin, "exchangeRateList": tiers, "excahngeRateList": tiers}
        for coin, *_ in _COLLATERAL
    ]


def _two_tiers(name: str, small: str, large: str) -> list[dict[str, str]]:
    return [
        {"tier": "1", "minAmount": "0", "maxAmount": "10000", name: small},
        {"tier": "2", "minAmount": "10000", "maxAmount": "-1", name: large},
    ]


def union_interest_rate_history(desk: Desk, query: Query) -> Any:
    """Thirty days, newest first."""
    coin = query.text("coin").upper()
    if coin not in UNDERLYINGS and coin != "USDT":
        raise refusals.unknown(query.text("coin"))
    draws = Draws(desk.prices.seed, f"{coin}/interest")
    today = desk.now // DAY_MS
    rows = []
    for day in range(today, today - 30, -1):
        # A yearly rate of 1.46 to about 7.4 %, in steps that divide into days exactly.
        daily = 40 + draws.one(0, day) // 400
        rows.append(
            {
                "ts": str(day * DAY_MS),
                "annualInterestRate": decimal_text(daily * 365, 6),
                "dailyInterestRate": decimal_text(daily, 6),
            }
        )
    return {"coin": coin, "historyInterestRateList": rows}
