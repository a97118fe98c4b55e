"""A change spelt anew from what was meant, for an account that Bitget has moved to the other kind meanwhile.

What was said of the account while it was of the one kind (its modes, an order that is changed) is read again.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from bitget_cli.errors import RejectedError, UnavailableError, UsageError
from bitget_cli.trading.change import Batch, Change, Spelling
from bitget_cli.trading.model import MarginMode, PositionSide, Terms
from bitget_cli.trading.order_model import Order, OrderList, OrderName, Plan
from bitget_cli.values import Symbol

if TYPE_CHECKING:
    from bitget_cli.trading.adapters.protocol import AccountAdapter


def spelt_anew(adapter: AccountAdapter, spelling: Spelling, parts: Sequence[Any] | None) -> list[Change | Batch]:
    """What the call comes to now; `parts` are what is left of one that several changes came from, None is all of it.

    Raises UnavailableError for what this kind of account has not, UsageError or RejectedError for what it cannot be
    told any more, and what the client raises.
    """
    calls = [spelling] if parts is None else _left_of(spelling, parts)
    found: list[Change | Batch] = []
    for call in calls:
        words = [_read_again(adapter, word, call) for word in call.words]
        given = {name: _read_again(adapter, word, call) for name, word in call.given.items()}
        if call.name == "leverage":
            given |= _modes_of_leverage(adapter, call)
        made = getattr(getattr(adapter, call.desk), call.name)(*words, **given)
        found += made if isinstance(made, list) else [made] if made is not None else []
    return found


def is_of_many(spelling: Spelling) -> bool:
    """Whether the call was given a list, so that it can be given a shorter one."""
    return spelling.desk == "orders" and spelling.name in ("batch", "cancel")


def _left_of(spelling: Spelling, parts: Sequence[Any]) -> list[Spelling]:
    """The calls for some of what came from one."""
    first, *others = spelling.words
    match spelling.name:
        case "batch":
            return [spelling._replace(words=(list(parts), *others))]
        case "cancel" if spelling.desk == "orders":
            return [spelling._replace(words=(first, list(parts)))]
        case "exits":
            return [spelling._replace(words=(part, *others)) for part in parts if part]
        case "reverse":  # closed already: what is left is to open the opposite
            terms = next(word for word in others if isinstance(word, Terms))
            return [Spelling("orders", "place", (part, terms)) for part in parts if part]
        case "cancel_all":  # what is left of it is read again
            return [spelling]
    # Never the whole of a call that was carried out in part.
    raise UnavailableError(
        "Bitget has moved the account, and what was left to do cannot be told apart from what was done"
    )


def _read_again(adapter: AccountAdapter, word: Any, call: Spelling) -> Any:
    match word:
        case Terms():
            return _terms(adapter, word, _market_of(call))
        case Order() | Plan():
            return _order(adapter, word)
        case [Plan(), *_]:
            product, market = call.words[:2]
            return list(adapter.open_plans(product, market))
    return word


def _terms(adapter: AccountAdapter, before: Terms, market: Symbol) -> Terms:
    """The modes as they are now. A unified account tells none of a market that was never touched: then it is the margin
    mode that was said before."""
    account = adapter.account(market, margin_coin=before.margin_coin)
    return Terms(account.position_mode, account.margin_mode or before.margin_mode, before.margin_coin)


def _market_of(call: Spelling) -> Symbol:
    """The market of an order, the order of a plan, the first of a list, or the market itself."""
    meant: Any = call.words[0][0] if isinstance(call.words[0], list) else call.words[0]
    market: Symbol = meant if isinstance(meant, Symbol) else getattr(meant, "order", meant).symbol
    return market


def _order(adapter: AccountAdapter, before: Order | Plan) -> Order | Plan:
    names = (OrderName(order_id=before.order_id), OrderName(client_order_id=before.client_order_id))
    books = OrderList.PLANS if isinstance(before, Plan) else OrderList.ORDERS
    known = [name for name in names if any(name)]
    found = adapter.find_order(known, products=[before.symbol.product], market=before.symbol, first=books)
    if found is None or type(found) is not type(before):
        raise RejectedError(
            f"Bitget has moved the account, and order {before.order_id} of {before.symbol.name} is not open there",
            hint=f"bitget order show {before.order_id}",
            outcome="rejected",
        )
    # What only the journal knows of it.
    return found if found.closes is not None else found._replace(closes=before.closes)


def _modes_of_leverage(adapter: AccountAdapter, call: Spelling) -> dict[str, Any]:
    """What says for which side and margin mode a leverage is set."""
    market, given = call.words[0], call.given
    account = adapter.account(market, margin_coin=given["margin_coin"])
    mode = account.margin_mode or given["margin_mode"]
    each = account.hedges and mode is MarginMode.ISOLATED
    if given["side"] and not each:
        raise UsageError(f"{market.name} has one leverage for both sides now", hint="leave --side out")
    return {"margin_mode": mode, "each_side": each}


def check_leverage_stands(adapter: AccountAdapter, call: Spelling) -> None:
    """Raises RejectedError where a leverage that was set before the account was moved is another one now, or is not
    told: what was to open with it would open with whichever there is."""
    market, wanted = call.words
    account = adapter.account(market, margin_coin=call.given["margin_coin"])
    side = call.given["side"]
    if {account.leverage(one) for one in ([side] if side else PositionSide)} != {wanted}:
        raise RejectedError(
            f"Bitget has moved the account, and there the leverage of {market.name} is not told to be {wanted:f}",
            hint=f"bitget account leverage {market.name} {wanted:f}, then the order again",
            outcome="rejected",
        )
