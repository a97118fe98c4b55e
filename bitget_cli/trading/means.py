"""Whether the account can pay for an order: free margin in futures, free coins in spot."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from bitget_cli.errors import UsageError
from bitget_cli.trading.amounts import EXACT, rounded_down, shown
from bitget_cli.trading.changes import Direction, PositionMode
from bitget_cli.trading.rules import Draft
from bitget_cli.trading.wire import OPENS

if TYPE_CHECKING:
    from bitget_cli.trading.desk import Account, Desk


def check(desk: Desk, draft: Draft) -> None:
    """Raises UsageError when what is free is surely not enough; fees come on top and are left to the exchange."""
    if draft.instrument.symbol.product.is_spot:
        _check_coins(desk, draft)
    elif not draft.order.closing:
        _check_margin(desk, draft, desk.account(draft.instrument.symbol))


def _check_coins(desk: Desk, draft: Draft) -> None:
    buys = draft.order.direction is Direction.BUY
    coin = draft.instrument.quote if buys else draft.instrument.base
    needed = draft.value if buys else draft.order.size
    free = desk.free_coin(coin)
    if needed is not None and needed > free:
        raise UsageError(
            f"{draft.order.said} needs {shown(needed)} {coin}, and {shown(free)} {coin} is free",
            hint=f"bitget account balance {coin} --product spot",
        )


def _check_margin(desk: Desk, draft: Draft, account: Account) -> None:
    side = OPENS[draft.order.direction]
    leverage, value = account.leverage(side), draft.value
    own_mode = draft.order.margin_mode in (None, account.margin_mode)
    if account.free is None or not leverage or value is None or not own_mode:
        return
    # In coin-margined futures the value is in dollars and the margin in the coin.
    in_coin = draft.instrument.margin_coin == draft.instrument.base
    if draft.instrument.quote == "USD" and not in_coin:
        return  # margin in a third coin, whose price is not known here
    price = draft.price
    needed = EXACT.divide(draft.order.size if in_coin else value, leverage)
    if needed <= account.free or price is None or _makes_smaller(desk, draft, account):
        return
    coin = draft.instrument.margin_coin
    affordable = EXACT.multiply(account.free, leverage)
    most = rounded_down(affordable if in_coin else EXACT.divide(affordable, price), draft.instrument.step)
    raise UsageError(
        f"{draft.order.said} needs {_rounded(needed)} {coin} of margin at {shown(leverage)}x, "
        f"and {shown(account.free)} {coin} is free",
        hint=f"at most {shown(most)}, or bitget account leverage {draft.name} N"
        if most
        else f"bitget account transfer {coin} AMOUNT --from spot --to {draft.order.symbol.product}",
    )


def _makes_smaller(desk: Desk, draft: Draft, account: Account) -> bool:
    """In one-way mode an order against a position needs no margin for that part; asked only when money seems short."""
    if account.position_mode is PositionMode.HEDGE:
        return False
    side = OPENS[draft.order.direction]
    return any(held.side is not side for held in desk.positions(draft.instrument.symbol.product, draft.order.symbol))


def _rounded(value: Decimal) -> str:
    return shown(rounded_down(value, Decimal("0.00000001")).normalize(EXACT))
