"""Sub-accounts: they hold money in wallets of their own, which comes from the main account and goes back, and trade
nothing."""

from __future__ import annotations

from decimal import Decimal

from bitget_cli.paper.answers import RefusedError
from bitget_cli.paper.engine import wallet
from bitget_cli.paper.engine.ledger import SUBACCOUNT
from bitget_cli.paper.engine.records import Subaccount, SubTransfer, Transfer
from bitget_cli.paper.engine.state import EngineState

# Whoever is no sub-account.
MAIN = 0


def create(state: EngineState, name: str, *, note: str = "") -> Subaccount:
    """Raises RefusedError for a name that is taken."""
    if state.find(Subaccount, "client_oid = ?", name):
        raise RefusedError("40107", "The subaccountName has been used")
    made = Subaccount(id=state.new_id(), product="subaccount", client_oid=name, note=note, unified=state.unified)
    state.save(made)
    return made


def of(state: EngineState, uid: int) -> Subaccount:
    """The sub-account of this user id. Raises RefusedError where there is none."""
    found = state.find(Subaccount, "id = ?", uid)
    if not found:
        raise RefusedError("40066", "This subUid does not belong to the account or is not a virtual sub-account")
    return found[0]


def there(state: EngineState) -> list[Subaccount]:
    """All of them, the newest first."""
    return state.find(Subaccount, "1", limit=10_000)


def pot(uid: int, name: str) -> str:
    """The pot of a sub-account's wallet, or of the main account's."""
    return f"{SUBACCOUNT}{uid}/{name}" if uid != MAIN else name


def held(state: EngineState, uid: int, name: str) -> dict[str, Decimal]:
    """Coin → amount of everything in a sub-account's wallet."""
    return {coin: each.total for coin, each in state.ledger.of(pot(uid, name)) if each.total}


def transfer(state: EngineState, moved: SubTransfer) -> SubTransfer:
    """Raises RefusedError when the money is not there or the wallet does not hold the coin."""
    for name in (moved.from_type, moved.to_type):
        if moved.coin not in wallet.coins_of(name):
            raise RefusedError("43129", "Transfer coin not support or invalid coin")
    source, target = pot(moved.from_user, moved.from_type), pot(moved.to_user, moved.to_type)
    own = moved.from_user == MAIN
    free = wallet.movable(state, source, moved.coin) if own else state.ledger.pot(source, moved.coin).available
    if free < moved.size:
        raise RefusedError("43117", "Exceeds the maximum amount that can be transferred")
    moved.id = state.new_id()
    moved.client_oid = moved.client_oid or str(moved.id)
    state.ledger.move(moved.coin, moved.size, source=source, target=target)
    _book(state, moved)
    state.save(moved)
    return moved


def _book(state: EngineState, moved: SubTransfer) -> None:
    """The main account has bookings; nobody can ask for those of the others."""
    plain = Transfer(
        id=moved.id,
        product="transfer",
        coin=moved.coin,
        size=moved.size,
        from_type=moved.from_type,
        to_type=moved.to_type,
    )
    if moved.from_user == MAIN:
        wallet.book(state, plain, moved.from_type, moved.to_type, -moved.size)
    if moved.to_user == MAIN:
        wallet.book(state, plain, moved.to_type, moved.from_type, moved.size)
