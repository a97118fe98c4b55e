"""Futures accounts: balances, bills, and what could be opened: `/api/v2/mix/account/…` that only look."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from bitget_cli.paper.engine import margin, terms
from bitget_cli.paper.engine.floor import Floor
from bitget_cli.paper.engine.futures_orders import margin_coin
from bitget_cli.paper.engine.margin import Account
from bitget_cli.paper.engine.money import account_of, lots_of, price_of, quote_of, size_of, text
from bitget_cli.paper.engine.movements import Bill
from bitget_cli.paper.engine.records import Hold, Position
from bitget_cli.paper.instruments import Instrument
from bitget_cli.paper.private.lists import Wanted, end_id, page
from bitget_cli.paper.private.valuing import in_coin, usdt_price
from bitget_cli.paper.query import Query
from bitget_cli.values import Product


def accounts(floor: Floor, query: Query) -> Any:
    """One row for each coin the product is margined in."""
    instruments = query.futures()
    rows = []
    for coin in dict.fromkeys(each.margin_coin for each in instruments):
        here = margin.account(floor, instruments[0].product, coin)
        rows.append(
            balances(floor, coin, here)
            | {
                # Margin is never shared between coins here.
                "unionTotalMargin": "0",
                "unionAvailable": "0",
                "unionMm": "0",
                "assetList": [],
                "crossedUnrealizedPL": text(here.cross_profit),
                "isolatedUnrealizedPL": text(here.isolated_profit),
                "assetMode": "single",
            }
        )
    return rows


def account(floor: Floor, query: Query) -> Any:
    """One coin's row, with the modes and leverages of a symbol."""
    instrument = query.future()
    margin_coin(query, instrument)
    here = margin.account(floor, instrument.product, instrument.margin_coin)
    leverage = {
        name: str(margin.leverage_of(floor, instrument, mode, hold))
        for name, mode, hold in (
            ("crossedMarginLeverage", "crossed", ""),
            ("isolatedLongLever", "isolated", "long"),
            ("isolatedShortLever", "isolated", "short"),
        )
    }
    return (
        balances(floor, instrument.margin_coin, here)
        | leverage
        | {
            "marginMode": margin.margin_mode_of(floor, instrument),
            "posMode": margin.mode_of(floor, instrument.product),
            "crossedUnrealizedPL": text(here.cross_profit),
            "isolatedUnrealizedPL": text(here.isolated_profit),
            "assetMode": "single",
        }
    )


def balances(floor: Floor, coin: str, here: Account) -> dict[str, Any]:
    usdt = here.equity * usdt_price(floor, coin)
    return {
        "marginCoin": coin,
        "locked": text(here.locked),
        "available": text(here.cash),
        "crossedMaxAvailable": text(here.usable),
        "isolatedMaxAvailable": text(here.spare),
        "maxTransferOut": text(here.spare),
        "accountEquity": text(here.equity),
        "usdtEquity": text(usdt.quantize(Decimal("1e-12"))),
        "btcEquity": text(in_coin(floor, "BTC", usdt).quantize(Decimal("1e-12"))),
        "crossedRiskRate": text(here.risk.quantize(Decimal("0.0001"))),
        "unrealizedPL": text(here.profit),
        "isolatedMargin": text(here.isolated_margin),
        "crossedMargin": text(here.cross_margin),
        "coupon": "0",
        "grant": "",
    }


def bill(floor: Floor, query: Query) -> Any:
    product = next((each.product for each in query.futures()), None)
    wanted = Wanted(product=account_of(product) if product else "none")
    wanted.field("coin", (query.maybe("coin") or "").upper())
    wanted.field("business", query.maybe("businessType"))
    if query.maybe("onlyFunding") == "yes":
        wanted.field("business", "contract_settle_fee")
    found = page(floor, Bill, query, wanted, limit=(20, 100), days=30)
    return {"bills": [_bill(each) for each in found], "endId": end_id(found) or None}


def _bill(bill_: Bill) -> dict[str, str]:
    return {
        "billId": str(bill_.id),
        "symbol": bill_.symbol,
        "amount": text(bill_.amount),
        "fee": text(bill_.fee),
        "feeByCoupon": "",
        "businessType": bill_.business,
        "coin": bill_.coin,
        "balance": text(bill_.balance),
        "cTime": str(bill_.created),
    }


def max_open(floor: Floor, query: Query) -> Any:
    """The largest order the funds and the leverage's tier allow, in base coin."""
    instrument, hold, price = _asked(floor, query)
    mode = margin.margin_mode_of(floor, instrument)
    leverage = margin.leverage_of(floor, instrument, mode, hold)
    here = margin.account(floor, instrument.product, instrument.margin_coin)
    has = here.usable if mode == "crossed" else here.spare
    one = margin.order_margin(instrument, lots=10**6, quote=quote_of(instrument, price * 10**6), leverage=leverage)
    held = floor.position(instrument.product, instrument.symbol, hold)
    room = max(Decimal(0), margin.most_value(instrument, leverage) - (held.cost if held else 0))
    lots = min(int(has * 10**6 / one), lots_of(instrument, room / price_of(instrument, price)))
    if instrument.largest:
        lots = min(lots, instrument.lots(instrument.largest))
    return {"maxOpen": instrument.size(lots)}


def liq_price(floor: Floor, query: Query) -> Any:
    """Where a position of `openAmount`, opened now, would be liquidated."""
    instrument, hold, price = _asked(floor, query)
    lots = terms.lots(query, "openAmount", instrument)
    mode = margin.margin_mode_of(floor, instrument)
    leverage = margin.leverage_of(floor, instrument, mode, hold)
    cost = quote_of(instrument, price * lots)
    position = Position(
        id=0,
        product=instrument.product,
        symbol=instrument.symbol,
        hold=hold,
        margin_mode=mode,
        leverage=leverage,
        hedge=False,
        size=lots,
        cost=cost,
    )
    if mode == "isolated":
        worth = size_of(instrument, lots) if instrument.product is Product.COIN_FUTURES else cost
        behind = worth / leverage
    else:
        here = margin.account(floor, instrument.product, instrument.margin_coin)
        behind = here.cross_equity - here.maintenance
    return {"liqPrice": text(margin.breach_price(position, behind).quantize(Decimal("1e-8")))}


def open_count(_floor: Floor, query: Query) -> Any:
    """What an amount of margin opens at a price."""
    instrument = query.future()
    amount, price = terms.positive(query, "openAmount"), terms.price(query, "openPrice", instrument)
    leverage = query.count("leverage", 20, instrument.max_leverage)
    one = margin.order_margin(instrument, lots=10**6, quote=quote_of(instrument, price * 10**6), leverage=leverage)
    return {"size": instrument.size(int(amount * 10**6 / one))}


def _asked(floor: Floor, query: Query) -> tuple[Instrument, Hold, int]:
    """Instrument, position side and price in ticks: `openPrice`, or the last trade's for a market order."""
    instrument = query.future()
    margin_coin(query, instrument)
    hold: Hold = "long" if query.choice("posSide", ("long", "short")) == "long" else "short"
    if query.choice("orderType", ("limit", "market")) == "limit":
        return instrument, hold, terms.price(query, "openPrice", instrument)
    return instrument, hold, floor.prices.traded(instrument).last(floor.time).price


def no_subaccounts(_floor: Floor, _query: Query) -> Any:
    return []


def isolated_symbols(_floor: Floor, _query: Query) -> Any:
    """Symbols that can only be traded isolated: none."""
    return []
