"""Futures accounts: balances, bills, estimates; leverage, modes and margin."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from bitget_cli.paper import answers
from bitget_cli.paper.answers import RefusedError
from bitget_cli.paper.api.lists import PageRequest, end_id, page
from bitget_cli.paper.api.spot_account import in_coin, usdt_price
from bitget_cli.paper.engine import margin, validation
from bitget_cli.paper.engine.futures import margin_coin
from bitget_cli.paper.engine.ledger import account_of, exact, in_margin_coin, lots_of, price_of, quote_of, text
from bitget_cli.paper.engine.margin import MarginAccount
from bitget_cli.paper.engine.records import Bill, Hold, Position
from bitget_cli.paper.engine.state import EngineState
from bitget_cli.paper.instruments import FUTURES, PaperInstrument
from bitget_cli.paper.request import Query


def accounts(state: EngineState, query: Query) -> Any:
    """One row for each coin the product is margined in."""
    instruments = query.futures()
    rows = []
    for coin in dict.fromkeys(each.margin_coin for each in instruments):
        here = margin.account(state, instruments[0].product, coin)
        rows.append(
            balances(state, coin, here)
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


def account(state: EngineState, query: Query) -> Any:
    """One coin's row, with the modes and leverages of a symbol."""
    instrument = query.future()
    margin_coin(query, instrument)
    here = margin.account(state, instrument.product, instrument.margin_coin)
    leverage = {
        name: str(margin.leverage_of(state, instrument, mode, hold))
        for name, mode, hold in (
            ("crossedMarginLeverage", "crossed", ""),
            ("isolatedLongLever", "isolated", "long"),
            ("isolatedShortLever", "isolated", "short"),
        )
    }
    return (
        balances(state, instrument.margin_coin, here)
        | leverage
        | {
            "marginMode": margin.margin_mode_of(state, instrument),
            "posMode": margin.mode_of(state, instrument.product),
            "crossedUnrealizedPL": text(here.cross_profit),
            "isolatedUnrealizedPL": text(here.isolated_profit),
            "assetMode": "single",
        }
    )


def balances(state: EngineState, coin: str, here: MarginAccount) -> dict[str, Any]:
    usdt = here.equity * usdt_price(state, coin)
    return {
        "marginCoin": coin,
        "locked": text(here.locked),
        "available": text(here.cash),
        "crossedMaxAvailable": text(here.usable),
        "isolatedMaxAvailable": text(here.spare),
        "maxTransferOut": text(here.spare),
        "accountEquity": text(here.equity),
        "usdtEquity": text(usdt.quantize(Decimal("1e-12"))),
        "btcEquity": text(in_coin(state, "BTC", usdt).quantize(Decimal("1e-12"))),
        "crossedRiskRate": text(here.risk.quantize(Decimal("0.0001"))),
        "unrealizedPL": text(here.profit),
        "isolatedMargin": text(here.isolated_margin),
        "crossedMargin": text(here.cross_margin),
        "coupon": "0",
        "grant": "",
    }


def bill(state: EngineState, query: Query) -> Any:
    wanted = PageRequest(product=account_of(query.line()))
    wanted.field("coin", (query.maybe("coin") or "").upper())
    wanted.field("business", query.maybe("businessType"))
    if query.maybe("onlyFunding") == "yes":
        wanted.field("business", "contract_settle_fee")
    found = page(state, Bill, query, wanted, limit=(20, 100), days=30)
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


def max_open(state: EngineState, query: Query) -> Any:
    """The largest order the funds and the leverage's tier allow, in base coin."""
    instrument, hold, price = _asked(state, query)
    return {"maxOpen": instrument.size(most_lots(state, instrument, hold, price))}


def may_use(state: EngineState, instrument: PaperInstrument) -> Decimal:
    """What there is for a new order of a market, in its margin mode."""
    here = margin.account(state, instrument.product, instrument.margin_coin)
    return here.usable if margin.margin_mode_of(state, instrument) == "crossed" else here.spare


def most_lots(state: EngineState, instrument: PaperInstrument, hold: str, price: int) -> int:
    """The largest position that may be opened at a price."""
    leverage = margin.leverage_of(state, instrument, margin.margin_mode_of(state, instrument), hold)
    one = margin.order_margin(instrument, lots=10**6, quote=quote_of(instrument, price * 10**6), leverage=leverage)
    held = state.position(instrument.product, instrument.symbol, hold)
    room = max(Decimal(0), margin.most_value(instrument, leverage) - (held.cost if held else 0))
    has, largest = may_use(state, instrument), instrument.lots(instrument.largest)
    return min(int(has * 10**6 / one), lots_of(instrument, room / price_of(instrument, price)), largest)


def liq_price(state: EngineState, query: Query) -> Any:
    """Where a position of `openAmount`, opened now, would be liquidated."""
    instrument, hold, price = _asked(state, query)
    lots = validation.lots(query, "openAmount", instrument)
    mode = margin.margin_mode_of(state, instrument)
    leverage = margin.leverage_of(state, instrument, mode, hold)
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
        behind = in_margin_coin(instrument, lots=lots, quote=cost) / leverage
    else:
        here = margin.account(state, instrument.product, instrument.margin_coin)
        behind = here.cross_equity - here.maintenance
    return {"liqPrice": text(margin.breach_price(position, behind).quantize(Decimal("1e-8")))}


def open_count(_state: EngineState, query: Query) -> Any:
    """What an amount of margin opens at a price."""
    instrument = query.future()
    amount, price = validation.positive(query, "openAmount"), validation.price(query, "openPrice", instrument)
    leverage = query.count("leverage", 20, instrument.max_leverage)
    one = margin.order_margin(instrument, lots=10**6, quote=quote_of(instrument, price * 10**6), leverage=leverage)
    return {"size": instrument.size(int(amount * 10**6 / one))}


def _asked(state: EngineState, query: Query) -> tuple[PaperInstrument, Hold, int]:
    """Instrument, position side and price in ticks: `openPrice`, or the last trade's for a market order."""
    instrument = query.future()
    margin_coin(query, instrument)
    hold: Hold = "long" if query.choice("posSide", ("long", "short")) == "long" else "short"
    if query.choice("orderType", ("limit", "market")) == "limit":
        return instrument, hold, validation.price(query, "openPrice", instrument)
    return instrument, hold, state.prices.traded(instrument).last(state.time).price


def isolated_symbols(_state: EngineState, _query: Query) -> Any:
    """Symbols that can only be traded isolated: none."""
    return []


_AMOUNT = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,12})?", re.ASCII)


def set_leverage(state: EngineState, query: Query) -> Any:
    """For crossed margin one leverage, for isolated one a side: `holdSide` says which, in one-way mode both."""
    instrument = query.future()
    margin_coin(query, instrument)
    mode = margin.margin_mode_of(state, instrument)
    set_leverages(state, instrument, _leverages(state, query, instrument, mode))
    answer = _answer(state, instrument)
    return answer | {
        "crossMarginLeverage": str(margin.leverage_of(state, instrument, "crossed", "")),
        "marginMode": mode,
    }


def _leverages(state: EngineState, query: Query, instrument: PaperInstrument, mode: str) -> dict[str, int]:
    hold = query.maybe("holdSide")
    both = query.maybe("leverage")
    sides = {"long": query.maybe("longLeverage"), "short": query.maybe("shortLeverage")}
    if mode == "crossed":
        value = both or sides["long"] or sides["short"]
        if value is None:
            raise answers.missing("leverage")
        return {"cross": leverage_in(instrument, value)}
    given = {side: value for side, value in sides.items() if value}
    if given:
        return {side: leverage_in(instrument, value) for side, value in given.items()}
    if both is None:
        raise answers.missing("leverage")
    if hold is None and margin.mode_of(state, instrument.product) == "hedge_mode":
        raise answers.unchecked("hold side is null")
    return {side: leverage_in(instrument, both) for side in ("long", "short") if hold in (None, side)}


def leverage_in(instrument: PaperInstrument, value: str) -> int:
    if not (value.isascii() and value.isdigit() and len(value) < 5 and int(value) > 0):
        raise answers.wrong("leverage")
    if int(value) > instrument.max_leverage:
        raise RefusedError("40797", "Exceeded the maximum settable leverage")
    return int(value)


def set_leverages(state: EngineState, instrument: PaperInstrument, leverages: dict[str, int]) -> None:
    """Keep new leverages; positions take them over, isolated ones moving margin from or to the account."""
    for kind, leverage in leverages.items():
        if any(
            (order.product, order.symbol) == (instrument.product, instrument.symbol) and order.leverage != leverage
            for order in state.orders.values()
        ):
            raise RefusedError(
                "40881", "There is currently an order, or an order is planned, and the leverage cannot be adjusted."
            )
        state.settings[f"{instrument.name}/{kind}"] = str(leverage)
        for hold in ("long", "short"):
            position = state.position(instrument.product, instrument.symbol, hold)
            if position and (position.margin_mode == "crossed") == (kind == "cross") and kind in ("cross", hold):
                _relever(state, position, leverage)


def _relever(state: EngineState, position: Position, leverage: int) -> None:
    instrument = position.instrument
    worth = in_margin_coin(instrument, lots=position.size, quote=position.cost)
    needed = exact(worth / leverage)
    more = needed - margin.margin_of(state, position)
    has = margin.account(state, instrument.product, instrument.margin_coin)
    if more > (has.usable if position.margin_mode == "crossed" else has.spare) or position.cost > margin.most_value(
        instrument, leverage
    ):
        raise RefusedError(
            "40893", "Unable to update the leverage factor of this position, there is not enough margin!"
        )
    if position.margin_mode == "isolated" and more > 0:
        add_margin(state, position, more)
    position.leverage = leverage
    state.save(position)


def set_all_leverage(state: EngineState, query: Query) -> Any:
    """Every symbol with an open position."""
    held = {(position.product, position.symbol) for position in state.positions.values()}
    for instrument in query.futures():
        if (instrument.product, instrument.symbol) in held:
            leverage = leverage_in(instrument, query.text("leverage"))
            mode = margin.margin_mode_of(state, instrument)
            set_leverages(
                state, instrument, dict.fromkeys(("cross",) if mode == "crossed" else ("long", "short"), leverage)
            )
    return "success"


def set_margin_mode(state: EngineState, query: Query) -> Any:
    instrument = query.future()
    margin_coin(query, instrument)
    mode = query.choice("marginMode", ("isolated", "crossed"))
    keep_margin_mode(state, instrument, mode)
    return _answer(state, instrument) | {"marginMode": mode}


def keep_margin_mode(state: EngineState, instrument: PaperInstrument, mode: str) -> None:
    """The margin mode of the symbol's next orders, while it is flat."""
    if mode != margin.margin_mode_of(state, instrument):
        if margin.busy(state, instrument.product, instrument.symbol):
            raise RefusedError("45117", "Currently holding positions or orders, the margin mode cannot be adjusted")
        state.settings[f"{instrument.name}/margin"] = mode


def set_position_mode(state: EngineState, query: Query) -> Any:
    product = query.product()
    mode = query.choice("posMode", ("one_way_mode", "hedge_mode"))
    if mode != margin.mode_of(state, product):
        if margin.busy(state, product):
            raise RefusedError("40920", "Position or order exists, the position mode cannot be switched")
        state.settings[f"{product}/mode"] = mode
    return {"posMode": mode}


def set_asset_mode(_state: EngineState, query: Query) -> Any:
    if query.choice("assetMode", ("single", "union")) == "union":
        raise answers.not_learnt("assetMode=union")
    return "success"


def set_margin(state: EngineState, query: Query) -> Any:
    """More margin for an isolated position, or with a negative amount less."""
    position = _isolated(state, query)
    given = query.text("amount")
    if not _AMOUNT.fullmatch(given) or not Decimal(given):
        raise answers.wrong("amount")
    amount, instrument = exact(Decimal(given)), position.instrument
    if amount > margin.account(state, instrument.product, instrument.margin_coin).spare:
        raise RefusedError("40754", "balance not enough")
    if amount < 0:
        check_reduction(state, position, -amount)
    add_margin(state, position, amount)
    state.save(position)
    return ""


def check_reduction(state: EngineState, position: Position, amount: Decimal) -> None:
    """What is left must still be the initial margin, losses taken off."""
    instrument = position.instrument
    profit = min(Decimal(0), margin.profit_at(position, state.market.mark(instrument)))
    worth = in_margin_coin(instrument, lots=position.size, quote=position.cost)
    if margin.margin_of(state, position) + profit - amount < worth / position.leverage:
        raise RefusedError("40754", "balance not enough")


def add_margin(state: EngineState, position: Position, amount: Decimal) -> None:
    """To the position from its account, which as a whole has what it had: there is no bill."""
    instrument = position.instrument
    state.ledger.move(instrument.margin_coin, amount, source=account_of(instrument.product), target=position.pot)


def set_auto_margin(state: EngineState, query: Query) -> Any:
    """Only `off` can be kept: margin is never added here without being asked. The call names no product."""
    symbol = query.text("symbol").upper()
    instrument = next((each for each in FUTURES if each.symbol == symbol), None)
    if instrument is None:
        raise answers.unknown(symbol)
    if query.choice("autoMargin", ("on", "off")) == "on":
        raise answers.not_learnt("autoMargin=on")
    if margin.margin_mode_of(state, instrument) == "crossed":
        raise RefusedError("40886", "The automatic margin call cannot be adjusted in the full position mode")
    return ""


def _isolated(state: EngineState, query: Query) -> Position:
    instrument = query.future()
    margin_coin(query, instrument)
    hold = query.choice("holdSide", ("long", "short"))
    position = state.position(instrument.product, instrument.symbol, hold)
    if position is None:
        raise RefusedError("22002", "No position to close")
    if position.margin_mode == "crossed":
        raise RefusedError("40875", "Whole position mode does not support margin adjustment")
    return position


def _answer(state: EngineState, instrument: PaperInstrument) -> dict[str, str]:
    long, short = (margin.leverage_of(state, instrument, "isolated", hold) for hold in ("long", "short"))
    return {
        "symbol": instrument.symbol,
        "marginCoin": instrument.margin_coin,
        "longLeverage": str(long),
        "shortLeverage": str(short),
    }
