"""Sub-accounts on the paper exchange: no money is lost between them, whatever is moved, and neither is a name."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from doubles import Bitget
from hypothesis import given, settings
from hypothesis import strategies as st
from paper_account import PaperAccount, UnifiedAccount

MAIN = "1000000001"
WALLETS = ("spot", "p2p", "usdt_futures", "usdc_futures", "crossed_margin")


def made(account: PaperAccount, name: str) -> str:
    if account.unified:
        return str(account.post("user/create-sub", username=name)["subUid"])
    (row,) = account.post("user/create-virtual-subaccount", subAccountList=[name])["successList"]
    return str(row["subaAccountUid"])


def move(account: PaperAccount, source: tuple[str, str], target: tuple[str, str], amount: str, **more: str) -> Any:
    words = {"fromUserId": source[0], "fromType": source[1], "toUserId": target[0], "toType": target[1]}
    path = "account/sub-transfer" if account.unified else "spot/wallet/subaccount-transfer"
    given = {"coin": "USDT", "amount": amount, **({"clientOid": "c"} if account.unified else {}), **more}
    return account.post(path, **words, **given)


MOVES = st.lists(
    st.tuples(
        st.integers(0, 2),
        st.integers(0, 2),
        st.sampled_from(WALLETS),
        st.sampled_from(WALLETS),
        st.decimals("0.00000001", "200000", places=8).map(lambda amount: f"{amount:f}"),
        st.sampled_from(("USDT", "BTC", "USDC")),
    ),
    max_size=12,
)


@settings(max_examples=25)
@given(moves=MOVES)
def test_no_money_is_lost_or_made_whatever_is_moved(moves: list[Any]) -> None:
    account = PaperAccount()
    people = [MAIN, made(account, "gridbots"), made(account, "scalpers")]
    for source, target, wallet, other, amount, coin in moves:
        before = account.proof()
        moved = move(account, (people[source], wallet), (people[target], other), amount, coin=coin)
        proof = account.proof()
        assert all(parts["sum"] == "0" for parts in proof.values())
        if isinstance(moved, str):  # refused
            assert proof == before
        for parts in proof.values():
            assert all(Decimal(held) >= 0 for name, held in parts.items() if not name.startswith("~"))


@pytest.mark.parametrize("kind", [PaperAccount, UnifiedAccount])
def test_what_is_sent_is_there_and_comes_back(kind: type[PaperAccount], tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    account = kind(tmp_path / "paper.sqlite3")
    sub = made(account, "gridbots")
    wallet = "uta" if account.unified else "spot"
    assert isinstance(move(account, (MAIN, wallet), (sub, wallet), "30", clientOid="one"), dict)
    # Under the same client id it is the same transfer.
    again = move(account, (MAIN, wallet), (sub, wallet), "30", clientOid="one")
    assert again["clientOid"] == "one"
    assert account.proof()["USDT"][f"sub-{sub}"] == "30"
    assert move(account, (sub, wallet), (MAIN, wallet), "31", clientOid="two") == "43117"
    assert isinstance(move(account, (sub, wallet), (MAIN, wallet), "30", clientOid="three"), dict)
    account.store.close()
    later = kind.join(tmp_path / "paper.sqlite3")
    assert later.proof()["USDT"][f"sub-{sub}"] == "0"
    path = "account/sub-transfer-record" if account.unified else "spot/account/sub-main-trans-record"
    told = later.get(path, subUid=sub, role="receiver")
    rows = told["list"] if account.unified else told
    assert [(row["clientOid"], row["toUserId"]) for row in rows] == [("one", sub)]
    if account.unified:
        assert later.get(path, subUid=sub, role="receiver", coin="BTC") == {"list": [], "cursor": ""}


@pytest.mark.parametrize(
    ("path", "given", "code"),
    [
        ("user/create-virtual-subaccount", {"subAccountList": []}, "40019"),
        ("user/modify-virtual-subaccount", {"subAccountUid": "5", "permList": ["read"], "status": "normal"}, "40066"),
        ("user/modify-virtual-subaccount", {"subAccountUid": "=", "permList": [], "status": "normal"}, "40019"),
        ("user/modify-virtual-subaccount", {"subAccountUid": "=", "permList": ["fly"], "status": "normal"}, "40020"),
        ("spot/wallet/subaccount-transfer", {"toUserId": "5"}, "40066"),
        ("spot/wallet/subaccount-transfer", {"toUserId": MAIN}, "40020"),
        ("spot/wallet/subaccount-transfer", {"amount": "0"}, "40020"),
        ("spot/wallet/subaccount-transfer", {"amount": "0.000000001"}, "41103"),
        ("spot/wallet/subaccount-transfer", {"coin": "NOPE"}, "40034"),
        ("spot/wallet/subaccount-transfer", {"coin": "BTC", "toType": "usdt_futures"}, "43129"),
        ("spot/wallet/subaccount-transfer", {"toType": "isolated_margin"}, "40404"),
        ("spot/wallet/subaccount-transfer", {"amount": "1000000"}, "43117"),
    ],
)
def test_a_refusal_has_bitgets_code(path: str, given: dict[str, Any], code: str) -> None:
    account = PaperAccount()
    sub = made(account, "gridbots")
    usual = {"fromUserId": MAIN, "toUserId": sub, "fromType": "spot", "toType": "spot", "coin": "USDT", "amount": "1"}
    whole = (usual if "transfer" in path else {}) | given
    assert account.post(path, **{name: sub if value == "=" else value for name, value in whole.items()}) == code


@pytest.mark.parametrize("name", ["gridbots", "short", "12345678"])
def test_a_name_that_cannot_be_had_is_listed_as_a_failure(name: str) -> None:
    account = PaperAccount()
    made(account, "gridbots")
    told = account.post("user/create-virtual-subaccount", subAccountList=[name])
    assert told == {"failureList": [{"subaAccountName": name}], "successList": []}


def test_after_the_move_to_a_unified_account_they_are_classic_ones_still() -> None:
    account = PaperAccount()
    sub = made(account, "gridbots")
    move(account, (MAIN, "spot"), (sub, "usdt_futures"), "30")
    account.exchange.migrate()
    later = UnifiedAccount.__new__(UnifiedAccount)
    later.store = account.store
    later._enter(account.wall)
    assert [row["accountMode"] for row in later.get("user/sub-list")["list"]] == ["classic"]
    assert move(later, (sub, "uta"), (MAIN, "uta"), "30") == "25002"
    assert isinstance(move(later, (sub, "usdt_futures"), (MAIN, "uta"), "30"), dict)
    proof = later.proof()["USDT"]
    assert (proof["sum"], proof[f"sub-{sub}"]) == ("0", "0")


@pytest.mark.parametrize("kind", ["classic", "unified"])
def test_as_it_is_typed(kind: str, bitget: Bitget) -> None:
    assert bitget(f"paper reset --account {kind} --yes").status == 0
    for line in (
        "subaccount create gridbots",
        "subaccount transfer USDT 100 --from main --to gridbots",
        "subaccount transfer USDT 40 --from gridbots --to main",
        "subaccount modify gridbots --freeze",
    ):
        ran = bitget(f"-p paper {line} --json")
        assert (ran.status, ran.json["outcome"]) == (0, "done"), ran.err
    (row,) = bitget("-p paper subaccount list --json").json
    assert (row["subAccountName"], row["status"]) == ("gridbots", "freeze")
    (row,) = bitget("-p paper account subaccounts --product spot --json").json
    assert [(coin["coin"], coin["available"]) for coin in row["assetsList"]] == [("USDT", "60")]
    (row,) = bitget("-p paper subaccount transfers gridbots --json").json
    assert Decimal(row["size"]) == 40
    assert bitget("-p paper subaccount create gridbots").status == 2
    ran = bitget("-p paper subaccount keys create gridbots --new-profile grid --json")
    assert (ran.status, ran.failure["error"], bitget.keyring.items) == (5, "unavailable", {})
    assert bitget("-p paper subaccount keys list gridbots").status == 5
