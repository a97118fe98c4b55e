"""A living classic account becomes a unified one, as Bitget moves them: balances joined, the rest kept as it is."""

from __future__ import annotations

from bitget_cli.errors import UsageError
from bitget_cli.paper.engine import matching, plans
from bitget_cli.paper.engine.ledger import WALLET
from bitget_cli.paper.engine.margin import busy, mode_of
from bitget_cli.paper.engine.records import Order, Plan
from bitget_cli.paper.engine.state import EngineState
from bitget_cli.values import Product

# The lines a unified account goes on with; its Coin-M line is another one than the classic one.
_KEPT = (Product.USDT_FUTURES, Product.USDC_FUTURES)


def migrate(state: EngineState) -> list[Order | Plan]:
    """Join the accounts and keep orders, plans and positions under their ids; what could not be kept is cancelled.

    Raises UsageError where that is not possible yet.
    """
    if state.unified:
        raise UsageError("the paper exchange's account is a unified one already")
    if any(position.product == Product.COIN_FUTURES for position in state.positions.values()):
        raise UsageError(
            "a unified account has no Coin-M positions of this kind",
            hint="bitget -p paper position close-all --product coin-futures",
        )
    mode = _mode(state)
    orders = [each for each in state.orders.values() if each.product == Product.COIN_FUTURES]
    waiting = [each for each in state.plans.values() if each.product == Product.COIN_FUTURES]
    for order in orders:
        matching.finish(state, order, "canceled", reason="normal_cancel")
    for plan in waiting:
        plans.cancel(state, plan)
    state.ledger.unify()
    state.settings[f"{WALLET}/mode"] = mode
    return [*orders, *waiting]


def _mode(state: EngineState) -> str:
    """The position mode of the whole account: that of the lines in use, which must be one."""
    used = {mode_of(state, product) for product in _KEPT if busy(state, product)}
    if len(used) > 1:
        raise UsageError(
            "a unified account has one position mode, and USDT-M and USDC-M are in use with two",
            hint="close the positions and orders of one of them first",
        )
    return used.pop() if used else mode_of(state, Product.USDT_FUTURES)
