"""Orders, plans, fills and positions as people read them: the exchange's rows in a trader's words.

For tables alone: JSON, TSV, CSV and `--fields` have the exchange's own. The live tables use the same words.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from bitget_cli.catalogue.model import Field, FieldKind
from bitget_cli.output.cells import BAD, GOOD, Cell
from bitget_cli.output.live.number_format import fixed, nonzero, number, text
from bitget_cli.results import Rows

Row = Mapping[str, Any]

# How the exchange names what it does to an account by itself.
_FORCED = ("burst", "reduce_", "dte_sys_adl", "delivery", "offset")
_FORCED_TONE = "reverse red"
_SIDES = {"buy": ("long", GOOD), "sell": ("short", BAD)}
_OTHER = {"buy": "sell", "sell": "buy"}
_UNTOLD = {"live": "open", "new": "open", "init": "open", "not_trigger": "waiting", "fail_execute": "failed"}
_UNTOLD |= {
    "fail_trigger": "failed",
    "canceled": "cancelled",
    "partial_fill": "partially filled",
    "full_fill": "filled",
}
_KINDS = {
    "normal_plan": "trigger",
    "track_plan": "trailing",
    "profit_plan": "take-profit",
    "loss_plan": "stop-loss",
    "pos_profit": "take-profit, whole position",
    "pos_loss": "stop-loss, whole position",
    "moving_plan": "trailing exit",
    "profit_loss": "take-profit and stop-loss",
    "amount": "trigger",
    "total": "trigger, in money",
}
_TRIGGERS = {"fill_price": "last", "mark_price": "mark", "index_price": "index", "market": "last"}
_WHOLE = ("pos_profit", "pos_loss")
_REASONS = ("cancelReason", "failReason", "rejectReason")


class Subject(NamedTuple):
    """What a list is about: the columns people see, those of them that leave last, and a row in these words."""

    fields: tuple[Field, ...]
    stay: tuple[str, ...]
    words: Callable[[Row], dict[str, Any]]
    one_by_one: bool = False


def in_words(rows: Rows) -> tuple[Rows, bool]:
    """The rows of a subject as people read them, and whether each is drawn as a record."""
    subject = _SUBJECTS[rows.subject]
    items = (subject.words(item) if isinstance(item, Mapping) else item for item in rows.items)
    told = rows._replace(items=items, fields=subject.fields, columns=(), stay=subject.stay, unfold="")
    return told, subject.one_by_one


def action(row: Row) -> Cell:
    """`open long`, `close short` in hedge mode; `buy`, `sell` elsewhere; a forced close stands out.

    In hedge mode the side of an order follows the position (closing a long can read `buy`), so position and tradeSide
    say it. A fill names no position, but its side is what was really done: closing a long is a `sell`.
    """
    side, trade = (text(row.get(name)).lower() for name in ("side", "tradeSide"))
    if trade.startswith(_FORCED):
        return Cell(trade.replace("_", " "), _FORCED_TONE)
    if trade in ("open", "close"):
        position = _position(row)
        buys = (position == "long") is (trade == "open")
        return Cell(f"{trade} {position}", GOOD if buys else BAD)
    return Cell(side, _SIDES[side][1] if side in _SIDES else "")


def _position(row: Row) -> str:
    """`long` or `short` in hedge mode: of an order its own word, of a fill what a real buy or sell opened or closed."""
    side, position, trade = (text(row.get(name)).lower() for name in ("side", "posSide", "tradeSide"))
    if position in ("long", "short"):
        return position
    opened, _ = _SIDES.get(side, ("", ""))
    if trade == "open" or not opened:
        return opened
    return "short" if opened == "long" else "long"


def true_side(row: Row) -> str:
    """The direction of the trade: closing a long is a sell, whatever the row of its order says."""
    side, position, trade = (text(row.get(name)).lower() for name in ("side", "posSide", "tradeSide"))
    names_position = position in ("long", "short") and trade == "close"
    return _OTHER.get(side, side) if names_position and _SIDES.get(side, ("",))[0] == position else side


def effect(row: Row) -> str:
    """What it does to a position: `opens long`, `closes short`, `reduce-only`, a forced close by its name."""
    trade = text(row.get("tradeSide")).lower()
    if trade.startswith(_FORCED):
        return trade.replace("_", " ")
    if trade in ("open", "close"):
        return f"{trade}s {_position(row)}"
    return "reduce-only" if text(row.get("reduceOnly")).lower() in ("yes", "true") else ""


def cost(row: Row) -> tuple[str, str]:
    """What the fill cost and in which coin. Futures write a fee paid as negative, spot as positive."""
    details = row.get("feeDetail")
    first = details[0] if isinstance(details, list) and details and isinstance(details[0], dict) else details
    first = first if isinstance(first, dict) else {}
    fee = number(first.get("totalFee", first.get("fee")))
    coin = text(first.get("feeCoin"))
    return ("", coin) if fee is None else (f"{_paid(fee, first):f}", coin)


def _paid(fee: Decimal, detail: Row) -> Decimal:
    """A fee taken in another coin (BGB) is the deduction."""
    deducted = number(detail.get("totalDeductionFee"))
    return abs(deducted) if text(detail.get("deduction")) == "yes" and deducted and not fee else abs(fee)


def plan_kind(row: Row) -> str:
    """`trailing 1 %`, `take-profit, whole position`, …"""
    word = text(row.get("planType"))
    kind = _KINDS.get(word, word.replace("_", " "))
    back = nonzero(row.get("callbackRatio"))
    return f"{kind} {back} %" if back else kind


def state(row: Row) -> str:
    word = text(row.get("status") or row.get("state") or row.get("planStatus"))
    return _UNTOLD.get(word, word.replace("_", " "))


def _of_order(row: Row) -> dict[str, Any]:
    return _of_any(row) | {
        "type": _order_type(row),
        "price": _price(row),
        "filled": _filled(row),
        "average": _average(row),
        "fee": _order_fee(row),
        "exits": _exits(row, ("presetStopSurplusPrice", "presetTakeProfitPrice"), ("presetStopLossPrice",)),
    }


def _of_any(row: Row) -> dict[str, Any]:
    """What orders of either book say."""
    return {
        "symbol": row.get("symbol"),
        "side": true_side(row),
        "effect": effect(row),
        "state": state(row),
        "reason": next((text(row[name]).replace("_", " ") for name in _REASONS if row.get(name)), ""),
        "time": row.get("cTime") or row.get("ctime"),
        "orderId": row.get("orderId"),
        "clientOid": row.get("clientOid"),
    }


def _order_type(row: Row) -> str:
    """`limit`, `limit post-only`, `market`."""
    kind, force = text(row.get("orderType")), text(row.get("force") or row.get("timeInForce")).replace("_", "-")
    return kind if kind == "market" or force in ("", "gtc") else f"{kind} {force}"


def _is_open_in_spot(row: Row) -> bool:
    """While a spot order is open, its limit price stands in priceAvg and what it filled at in basePrice."""
    return "basePrice" in row


def _price(row: Row) -> str:
    if row.get("orderType") == "market":
        return "market"
    return nonzero(row.get("price")) or (nonzero(row.get("priceAvg")) if _is_open_in_spot(row) else "")


def _average(row: Row) -> str:
    return _brief(nonzero(row.get("basePrice" if _is_open_in_spot(row) else "priceAvg")))


def _brief(value: Any) -> str:
    """A number without the noughts at its end, of which spot orders have sixteen."""
    told = text(value)
    return told.rstrip("0").rstrip(".") if "." in told and number(told) is not None else told


def _filled(row: Row) -> str:
    """`0.004 of 0.02`; of a spot market buy what the money bought."""
    done, size = _brief(row.get("baseVolume")), _brief(row.get("size"))
    is_spot = not row.get("marginCoin") and not row.get("posSide")
    if is_spot and row.get("orderType") == "market" and row.get("side") == "buy":
        return f"{done or 0} for {size}"
    return f"{done or 0} of {size}"


def _order_fee(row: Row) -> str:
    """`0.39 USDT` for what was paid; a rebate has a plus."""
    fee = number(row.get("fee"))
    if fee:
        return f"{'+' * (fee > 0)}{abs(fee):f} {text(row.get('marginCoin'))}".rstrip()
    paid, coin = cost(row)
    return f"{paid} {coin}".strip() if number(paid) else ""


def _exits(row: Row, profits: tuple[str, ...], losses: tuple[str, ...]) -> str:
    """`70000 / 55000`: take-profit and stop-loss, a dash for one that is not there."""
    found = [
        next((nonzero(row.get(name)) for name in names if nonzero(row.get(name))), "") for names in (profits, losses)
    ]
    return " / ".join(level or "-" for level in found) if any(found) else ""


def _of_plan(row: Row) -> dict[str, Any]:
    is_whole = row.get("planType") in _WHOLE or row.get("tpslMode") == "full"
    by = text(row.get("triggerType"))
    then = nonzero(row.get("executePrice")) or nonzero(row.get("price"))
    return _of_any(row) | {
        "kind": plan_kind(row),
        "trigger": f"{nonzero(row.get('triggerPrice'))} {_TRIGGERS.get(by, by)}".strip(),
        "price": then or "market",
        "size": "all" if is_whole else text(row.get("size")),
        "exits": _exits(row, ("stopSurplusTriggerPrice",), ("stopLossTriggerPrice",)) if not _is_exit(row) else "",
    }


def _is_exit(row: Row) -> bool:
    """An exit names its own trigger once more among those of attached exits."""
    return text(row.get("planType")) not in ("normal_plan", "track_plan", "amount", "total")


def _of_fill(row: Row) -> dict[str, Any]:
    paid, coin = cost(row)
    role = text(row.get("tradeScope")).lower()
    return {
        "time": row.get("cTime"),
        "symbol": row.get("symbol"),
        "side": text(row.get("side")).lower(),
        "effect": effect(row),
        "price": row.get("price") or row.get("priceAvg"),
        "size": row.get("baseVolume") or row.get("size"),
        "value": row.get("quoteVolume") or row.get("amount"),
        "fee": f"{paid} {coin}".strip(),
        "profit": nonzero(row.get("profit")),
        # A sample of the documentation writes `marker`.
        "role": {"marker": "maker", "m": "maker", "t": "taker"}.get(role, role),
        "orderId": row.get("orderId"),
    }


def _of_position(row: Row) -> dict[str, Any]:
    profit, margin = number(row.get("unrealizedPL")), number(row.get("marginSize"))
    mode = " ".join(filter(None, (text(row.get("marginMode")), f"{nonzero(row.get('leverage'))}x")))
    liquidation = number(row.get("liquidationPrice"))
    return {
        "symbol": row.get("symbol"),
        "side": row.get("holdSide"),
        "size": row.get("total"),
        "entry": row.get("openPriceAvg"),
        "mark": row.get("markPrice"),
        "profit": row.get("unrealizedPL"),
        "return": f"{fixed(profit / margin * 100, 2, sign=True)} %" if profit is not None and margin else "",
        "liquidation": text(row.get("liquidationPrice")) if liquidation and liquidation > 0 else "none",
        "mode": mode,
        "margin": f"{text(row.get('marginSize'))} {text(row.get('marginCoin'))}",
        "exits": _exits(row, ("takeProfit",), ("stopLoss",)),
        "breakEven": nonzero(row.get("breakEvenPrice")),
        "free": row.get("available"),
        "time": row.get("cTime"),
    }


_ENDS = (
    Field("exits", "TP / SL", FieldKind.ID),
    Field("state", "State"),
    Field("time", "Time", FieldKind.TIME),
    Field("reason", "Reason"),
    Field("clientOid", "Client id", FieldKind.ID),
)
_BEGINNINGS = (
    Field("symbol", "Symbol", FieldKind.ID),
    Field("side", "Side", FieldKind.SIDE),
    Field("effect", "Position", FieldKind.ID),
)
_ORDER_ID = Field("orderId", "Order id", FieldKind.ID)
_FEE = Field("fee", "Fee", FieldKind.ID)
_ORDERS = Subject(
    (
        *_BEGINNINGS,
        Field("type", "Type", FieldKind.ID),
        Field("price", "Price", FieldKind.ID),
        Field("filled", "Filled", FieldKind.ID),
        _ORDER_ID,
        Field("average", "Average", FieldKind.NUMBER),
        _FEE,
        *_ENDS,
    ),
    ("side", "price", "filled", "orderId"),
    _of_order,
)
_POSITIONS = Subject(
    (
        *_BEGINNINGS[:2],
        Field("size", "Size", FieldKind.NUMBER),
        Field("entry", "Entry", FieldKind.NUMBER),
        Field("mark", "Mark", FieldKind.NUMBER),
        Field("profit", "Profit", FieldKind.SIGNED),
        Field("return", "%", FieldKind.SIGNED),
        Field("liquidation", "Liquidation", FieldKind.ID),
        Field("mode", "Margin", FieldKind.ID),
        _ENDS[0],
        Field("margin", "Margin size", FieldKind.ID),
        Field("breakEven", "Break-even", FieldKind.NUMBER),
        Field("free", "Free", FieldKind.NUMBER),
        Field("time", "Opened", FieldKind.TIME),
    ),
    ("side", "size", "profit", "liquidation"),
    _of_position,
)
_SUBJECTS = {
    "orders": _ORDERS,
    # What is over has its average before its price, and how it ended.
    "past orders": _ORDERS._replace(stay=("side", "average", "filled", "state", "orderId")),
    "plans": Subject(
        (
            *_BEGINNINGS,
            Field("kind", "Kind", FieldKind.ID),
            Field("trigger", "Trigger", FieldKind.ID),
            Field("size", "Size", FieldKind.ID),
            _ORDER_ID,
            Field("price", "Then at", FieldKind.ID),
            *_ENDS,
        ),
        ("side", "kind", "trigger", "orderId"),
        _of_plan,
    ),
    "fills": Subject(
        (
            Field("time", "Time", FieldKind.TIME),
            *_BEGINNINGS,
            Field("price", "Price", FieldKind.NUMBER),
            Field("size", "Size", FieldKind.NUMBER),
            _FEE,
            Field("profit", "Profit", FieldKind.SIGNED),
            Field("value", "Value", FieldKind.NUMBER),
            Field("role", "Role", FieldKind.ID),
            _ORDER_ID,
        ),
        ("symbol", "side", "price", "size", "fee"),
        _of_fill,
    ),
    "positions": _POSITIONS,
    "one position": _POSITIONS._replace(one_by_one=True),
}
