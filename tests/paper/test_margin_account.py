"""Margin accounts hold what was transferred to them, and owe nothing."""

from __future__ import annotations

from typing import Any

import pytest
from paper_account import NOON, PaperAccount

SINCE = {"startTime": int(NOON.timestamp() * 1000) - 86_400_000}


@pytest.fixture
def account() -> PaperAccount:
    account = PaperAccount()
    send(account, "100", toType="crossed_margin")
    send(account, "30", fromType="crossed_margin", toType="spot")
    send(account, "0.1", toType="isolated_margin", coin="BTC", symbol="BTCUSDT")
    return account


def send(account: PaperAccount, amount: str, **more: str) -> None:
    account.post("spot/wallet/transfer", **{"fromType": "spot", "coin": "USDT", "amount": amount} | more)


def test_assets_are_what_was_transferred(account: PaperAccount) -> None:
    (crossed,) = account.get("margin/crossed/account/assets")
    assert (crossed["coin"], crossed["totalAmount"], crossed["net"], crossed["borrow"]) == ("USDT", "70", "70", "0")
    (isolated,) = account.get("margin/isolated/account/assets", symbol="btcusdt")
    assert (isolated["symbol"], isolated["coin"], isolated["available"]) == ("BTCUSDT", "BTC", "0.1")
    assert account.get("margin/isolated/account/assets", symbol="ETHUSDT") == []


def test_all_of_it_can_be_transferred_out_and_nothing_borrowed(account: PaperAccount) -> None:
    crossed = account.get("margin/crossed/account/max-transfer-out-amount", coin="USDT")
    assert crossed == {"coin": "USDT", "maxTransferOutAmount": "70"}
    isolated = account.get("margin/isolated/account/max-transfer-out-amount", symbol="BTCUSDT")
    assert (isolated["baseCoinMaxTransferOutAmount"], isolated["quoteCoinMaxTransferOutAmount"]) == ("0.1", "0")
    borrowed = account.get("margin/crossed/account/max-borrowable-amount", coin="USDT")
    assert borrowed == {"coin": "USDT", "maxBorrowableAmount": "0"}
    assert account.get("margin/isolated/account/max-borrowable-amount", symbol="BTCUSDT")["quoteCoin"] == "USDT"


def test_records_are_the_bookings_newest_first_in_pages(account: PaperAccount) -> None:
    found = account.get("margin/crossed/financial-records", **SINCE)
    assert [(row["marginType"], row["amount"], row["balance"]) for row in found["resultList"]] == [
        ("transfer_out", "-30", "70"),
        ("transfer_in", "100", "100"),
    ]
    older = account.get("margin/crossed/financial-records", idLessThan=found["maxId"], **SINCE)
    assert [row["marginId"] for row in older["resultList"]] == [found["minId"]]
    chosen = account.get("margin/crossed/financial-records", marginType="transfer_in", **SINCE)
    assert len(chosen["resultList"]) == 1
    isolated = account.get("margin/isolated/financial-records", symbol="BTCUSDT", **SINCE)
    assert [row["symbol"] for row in isolated["resultList"]] == ["BTCUSDT"]


@pytest.mark.parametrize(
    ("path", "given", "code"),
    [
        ("margin/crossed/financial-records", {}, "40019"),
        ("margin/isolated/borrow-history", SINCE, "40019"),
        ("margin/crossed/fills", {"symbol": "BTCUSDT"}, "40019"),
        ("margin/isolated/account/max-borrowable-amount", {"symbol": "NOUSDT"}, "40034"),
    ],
)
def test_what_must_be_sent_is_asked_for(path: str, given: dict[str, Any], code: str, account: PaperAccount) -> None:
    assert account.get(path, **given) == code
