"""Money in, out and between accounts, and all of them put together: a living account becomes a unified one."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from bitget_cli.errors import UsageError
from bitget_cli.paper.answers import RefusedError
from bitget_cli.paper.engine import matching, plans
from bitget_cli.paper.engine.ledger import OUTSIDE, WALLET, ZERO, exact
from bitget_cli.paper.engine.margin import account, busy, free, mode_of
from bitget_cli.paper.engine.records import Movement, Order, Plan, Transfer
from bitget_cli.paper.engine.state import EngineState
from bitget_cli.paper.instruments import COINS, listed
from bitget_cli.paper.store import DamagedError, Opening
from bitget_cli.values import Product

# A balance that is still exact to the smallest part (`ledger.py`), whatever is made of it.
_MOST = Decimal(1_000_000_000_000_000)

FUTURES = {
    "usdt_futures": Product.USDT_FUTURES,
    "usdc_futures": Product.USDC_FUTURES,
    "coin_futures": Product.COIN_FUTURES,
}
# The words of futures bills for money that comes from, or goes to, another account.
_WORDS = {"spot": "exchange", "p2p": "otc", "crossed_margin": "cross", "isolated_margin": "isolated"}
# How long a withdrawal is under way.
WITHDRAWAL_MS = 600_000


def open_with(state: EngineState, opening: Opening) -> None:
    """The opening balances: deposits, moved on from spot where they are another account's.

    Raises DamagedError for an account that does not hold the coin.
    """
    begun_with = sorted(each for each in opening.items() if each[1])
    for coin in sorted({coin for (_, coin), _ in begun_with}):
        deposit(state, coin, sum((amount for (_, each), amount in begun_with if each == coin), ZERO))
    for (account_, coin), amount in begun_with:
        if account_ == "spot":
            continue
        moved = Transfer(
            id=0,
            product="transfer",
            coin=coin,
            size=amount,
            from_type=WALLET if state.unified else "spot",
            to_type=account_,
        )
        try:
            transfer(state, moved)
        except RefusedError as refusal:
            raise DamagedError(f"an opening balance of {account_} is in {coin}") from refusal


def deposit(state: EngineState, coin: str, amount: Decimal) -> Movement:
    """Money from outside into the spot account, at once. Raises UsageError for more than can be counted there."""
    if state.ledger.held("spot", coin) + amount > _MOST:
        raise UsageError(f"with {amount:f} more, spot would hold more {coin} than the paper exchange can count")
    identity = state.new_id()
    state.receive(coin, amount, cause=identity)
    chains = COINS[coin][1] if coin in COINS else ()
    movement = Movement(
        id=identity,
        product="spot",
        way="deposit",
        coin=coin,
        size=amount,
        chain=chains[0].name if chains else "",
        address=f"Paper{coin}DepositAddress",
    )
    state.save(movement)
    return movement


def withdraw(state: EngineState, movement: Movement) -> None:
    """Take a withdrawal and its fee from its account; it succeeds after a while."""
    whole = movement.size + movement.fee
    if movable(state, movement.account, movement.coin) < whole:
        raise RefusedError("43012", "Insufficient balance")
    state.ledger.move(movement.coin, whole, source=movement.account, target=OUTSIDE)
    state.bill(
        movement.account,
        movement.coin,
        -movement.size,
        business="WITHDRAW",
        group="withdraw",
        fee=-movement.fee,
        cause=movement.id,
    )
    movement.status, movement.done_at = "pending", state.time + WITHDRAWAL_MS
    state.save(movement)


def next_withdrawal(state: EngineState, movement: Movement | None, until: int) -> tuple[int, Callable[[], None]] | None:
    """When a withdrawal succeeds."""
    if movement is None or not state.time < movement.done_at <= until:
        return None
    identity = movement.id

    def succeed() -> None:
        done = state.movements[identity]
        done.status = "success"
        state.save(done)

    return movement.done_at, succeed


def transfer(state: EngineState, moved: Transfer) -> Transfer:
    """Move money between accounts. Raises RefusedError when it is not there or the account does not hold the coin."""
    moved.id = state.new_id()
    moved.client_oid = moved.client_oid or str(moved.id)
    if any(name in FUTURES and moved.coin not in coins_of(name) for name in (moved.from_type, moved.to_type)):
        raise RefusedError("43129", "Transfer coin not support or invalid coin")
    source, target = _pot(moved.from_type, moved.from_symbol), _pot(moved.to_type, moved.to_symbol)
    if source == target:
        raise RefusedError("40020", "Parameter toType error")
    if movable(state, moved.from_type, moved.coin, moved.from_symbol) < moved.size:
        raise RefusedError("43117", "Exceeds the maximum amount that can be transferred")
    state.ledger.move(moved.coin, moved.size, source=source, target=target)
    book(state, moved, moved.from_type, moved.to_type, -moved.size)
    book(state, moved, moved.to_type, moved.from_type, moved.size)
    state.save(moved)
    return moved


def movable(state: EngineState, name: str, coin: str, symbol: str = "") -> Decimal:
    """What may leave an account."""
    if name in FUTURES:
        return exact(account(state, FUTURES[name], coin).spare)
    if name == WALLET:
        return exact(free(state, coin))
    return state.ledger.pot(_pot(name, symbol), coin).available


def coins_of(name: str) -> set[str]:
    """What an account may hold."""
    if name in FUTURES:
        return {each.margin_coin for each in listed(FUTURES[name])}
    return set(COINS)


def _pot(name: str, symbol: str) -> str:
    return f"{name}/{symbol}" if name == "isolated_margin" else name


def book(state: EngineState, moved: Transfer, name: str, other: str, amount: Decimal) -> None:
    """The booking of a transfer in one of its accounts."""
    if name in FUTURES:
        way = "from" if amount > 0 else "to"
        business = f"trans_{way}_{_WORDS.get(other, 'contract')}"
        state.bill(name, moved.coin, amount, business=business, cause=moved.id)
    else:
        business = "TRANSFER_IN" if amount > 0 else "TRANSFER_OUT"
        pot = _pot(name, moved.from_symbol if amount < 0 else moved.to_symbol)
        state.bill(pot, moved.coin, amount, business=business, group="transfer", cause=moved.id)


# The lines a unified account goes on with; its Coin-M line is another one than the classic one.
_KEPT = (Product.USDT_FUTURES, Product.USDC_FUTURES)


def migrate(state: EngineState) -> list[Order | Plan]:
    """Join the accounts and keep orders, plans and positions under their ids; what could not be kept is cancelled.

    Raises UsageError where that is not possible yet.
    """
    if state.unified:
        raise UsageError(
            "the paper exchange's account is a unified one already",
            hint="bitget paper reset --account classic begins anew",
        )
    if any(position.product == Product.COIN_FUTURES for position in state.positions.values()):
        raise UsageError(
            "a unified account has no Coin-M positions of this kind",
            hint="bitget -p paper position close-all --product coin-futures",
        )
    mode = _mode(state)
    orders = [each for each in state.orders.values() if each.product == Product.COIN_FUTURES]
    waiting = [each for each in state.plans.values() if each.product == Product.COIN_FUTURES]
    for order in orders:
        matching.cancel(state, order)
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
