"""Transfers, deposits and withdrawals: `/api/v2/spot/wallet/…` and the record of transfers."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from bitget_cli.paper import answers
from bitget_cli.paper.answers import RefusedError
from bitget_cli.paper.api.lists import PageRequest, page
from bitget_cli.paper.engine import validation
from bitget_cli.paper.engine import wallet as engine
from bitget_cli.paper.engine.ledger import ACCOUNTS, OUTSIDE
from bitget_cli.paper.engine.records import Movement, Transfer
from bitget_cli.paper.engine.state import EngineState
from bitget_cli.paper.instruments import COINS, Chain
from bitget_cli.paper.request import Query

# Transfers count in this many decimals.
_PLACES = 8


def transfer(state: EngineState, query: Query) -> Any:
    """A `clientOid` used before gives the first transfer's answer again."""
    source, target = query.choice("fromType", ACCOUNTS), query.choice("toType", ACCOUNTS)
    coin, amount = query.text("coin").upper(), validation.positive(query, "amount")
    client_oid = query.maybe("clientOid") or ""
    if before := moved_before(state, client_oid):
        return before
    if coin not in COINS:
        raise answers.unknown(query.text("coin"))
    if amount != round(amount, _PLACES):
        raise RefusedError("41103", "param amount error")
    symbol = (query.maybe("symbol") or "").upper()
    if "isolated_margin" in (source, target) and not symbol:
        raise answers.missing("symbol")
    return move(state, coin, amount, client_oid=client_oid, source=source, target=target, symbol=symbol)


def moved_before(state: EngineState, client_oid: str) -> dict[str, str] | None:
    """The answer to a transfer that has been made under a client id."""
    before = state.find(Transfer, "client_oid = ?", client_oid) if client_oid else []
    return {"transferId": str(before[0].id), "clientOid": client_oid} if before else None


def move(
    state: EngineState, coin: str, amount: Decimal, *, client_oid: str, source: str, target: str, symbol: str = ""
) -> dict[str, str]:
    moved = Transfer(
        id=0,
        product="transfer",
        client_oid=client_oid,
        coin=coin,
        size=amount,
        from_type=source,
        to_type=target,
        from_symbol=symbol if source == "isolated_margin" else "",
        to_symbol=symbol if target == "isolated_margin" else "",
    )
    engine.transfer(state, moved)
    return {"transferId": str(moved.id), "clientOid": moved.client_oid}


def transfer_coin_info(_state: EngineState, query: Query) -> Any:
    """Coins both accounts may hold."""
    source, target = query.choice("fromType", ACCOUNTS), query.choice("toType", ACCOUNTS)
    return sorted(engine.coins_of(source) & engine.coins_of(target))


def transfer_records(state: EngineState, query: Query) -> Any:
    """Pages by number; `idLessThan` works too."""
    wanted = PageRequest()
    wanted.field("coin", query.text("coin").upper())
    wanted.field("from_type", query.maybe("fromType"))
    wanted.named(query)
    number = query.count("pageNum", 1, 1000)
    return [_transfer(each) for each in page(state, Transfer, query, wanted, limit=(100, 500), number=number)]


def _transfer(moved: Transfer) -> dict[str, str]:
    return {
        "coin": moved.coin,
        "status": "Successful",
        "toType": moved.to_type,
        "toSymbol": moved.to_symbol,
        "fromType": moved.from_type,
        "fromSymbol": moved.from_symbol,
        "size": f"{moved.size:.8f}",
        "ts": str(moved.created),
        "clientOid": moved.client_oid,
        "transferId": str(moved.id),
    }


def deposit_address(_state: EngineState, query: Query) -> Any:
    """Made up, and plainly so: nothing sent there arrives."""
    coin = query.text("coin").upper()
    chain = _chain(coin, query.maybe("chain"))
    address = _address(coin)
    tag = "100000" if chain.tag else ""
    url = f"http://paper.localhost/addresses/{address}"
    return {"address": address, "chain": chain.name, "coin": coin, "tag": tag, "url": url}


def _address(coin: str) -> str:
    return f"Paper{coin}DepositAddress"


def _chain(coin: str, name: str | None) -> Chain:
    if coin not in COINS:
        raise answers.unknown(coin)
    chains = COINS[coin][1]
    found = next((chain for chain in chains if name is None or chain.name.upper() == name.upper()), None)
    if found is None:
        raise answers.unknown(name or "chain")
    return found


def deposit_records(state: EngineState, query: Query) -> Any:
    return [deposit_row(each) for each in _movements(state, query, "deposit")]


def withdrawal_records(state: EngineState, query: Query) -> Any:
    return [withdrawal_row(each) for each in _movements(state, query, "withdraw")]


def _movements(state: EngineState, query: Query, way: str) -> list[Movement]:
    return page(state, Movement, query, of_way(query, way), limit=(20, 100), look_back=None)


def of_way(query: Query, way: str) -> PageRequest:
    """Deposits or withdrawals; the time must be said."""
    query.text("startTime"), query.text("endTime")
    wanted = PageRequest()
    wanted.field("way", way)
    wanted.field("coin", (query.maybe("coin") or "").upper())
    wanted.named(query)
    return wanted


def deposit_row(moved: Movement) -> dict[str, Any]:
    return _movement(moved) | {"toAddress": moved.address, "fromAddress": "PaperSender"}


def withdrawal_row(moved: Movement) -> dict[str, Any]:
    return _movement(moved) | {
        "toAddress": moved.address,
        "fromAddress": "PaperHotWallet",
        "clientOid": moved.client_oid,
        "tag": moved.tag,
        "fee": f"{-moved.fee:.8f}",
        "confirm": "0" if moved.live else "1",
    }


def _movement(moved: Movement) -> dict[str, Any]:
    return {
        "orderId": str(moved.id),
        "tradeId": f"0xpaper{moved.id}",
        "coin": moved.coin,
        "type": moved.way,
        "dest": moved.dest,
        "size": f"{moved.size:.8f}",
        "status": moved.status,
        "chain": moved.chain,
        "cTime": str(moved.created),
        "uTime": str(moved.updated),
    }


def withdrawal(state: EngineState, query: Query) -> Any:
    """Taken at once, pending for ten minutes of paper time, then a success; nothing leaves this machine."""
    return withdraw_from(state, query, ["spot"])


def withdraw_from(state: EngineState, query: Query, accounts: list[str]) -> dict[str, str]:
    """Out of the first of the accounts that has it, fee and all."""
    coin, size = query.text("coin").upper(), validation.positive(query, "size")
    dest = query.choice("transferType", ("on_chain", "internal_transfer"))
    chain = _chain(coin, query.maybe("chain"))
    fee = Decimal(chain.fee) if dest == "on_chain" else Decimal("0")
    if dest == "on_chain" and size < Decimal(chain.least_withdrawal):
        raise RefusedError("43114", f"Withdrawal is less than the minimum withdrawal count {chain.least_withdrawal}")
    if size != round(size, chain.places):
        raise RefusedError("43124", "withdraw step is error")
    moved = Movement(
        id=state.new_id(),
        product="spot",
        client_oid=query.maybe("clientOid") or "",
        way="withdraw",
        coin=coin,
        size=size,
        fee=fee,
        chain=chain.name,
        address=query.text("address"),
        tag=query.maybe("tag") or "",
        dest=dest,
        account=accounts[-1],
    )
    able = (each for each in accounts if engine.movable(state, each, coin) >= size + fee)
    moved.account = next(able, moved.account)
    moved.client_oid = moved.client_oid or str(moved.id)
    engine.withdraw(state, moved)
    return {"orderId": str(moved.id), "clientOid": moved.client_oid}


def cancel_withdrawal(state: EngineState, query: Query) -> Any:
    """While it is pending; the money comes back."""
    moved = state.movements.get(query.time("orderId") or 0)
    if moved is None:
        raise RefusedError("43001", "The order does not exist")
    whole = moved.size + moved.fee
    state.ledger.move(moved.coin, whole, source=OUTSIDE, target=moved.account)
    account = moved.account
    state.bill(account, moved.coin, moved.size, business="WITHDRAW", group="withdraw", fee=moved.fee, cause=moved.id)
    moved.status = "cancel"
    state.save(moved)
    return "success"
