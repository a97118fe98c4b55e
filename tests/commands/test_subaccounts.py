"""`bitget subaccount` on both kinds of account: the one request of each command, its faults, and no secret anywhere."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from desk import DEMO as PLAIN_DEMO
from desk import LIVE, OID
from doubles import Bitget, MemoryKeyring, Ran, envelope
from keyring.errors import KeyringLocked
from subaccount_desk import MADE_KEY, MAIN_UID, SECRET, SubaccountDesk
from test_secrets import pieces, written

# A key whose parts are no words of ours.
DEMO = {**PLAIN_DEMO, "BITGET_SECRET_KEY": "Mm3Kk8Qq1Vv6Zz"}
TERMINAL_PASSPHRASE = "Typed0ByAPerson9"
CREATE_KEY = "subaccount keys create gridbots --new-profile grid"


class _AnyPassphrase:
    """Equals every passphrase that Bitget takes."""

    __hash__ = None  # type: ignore[assignment]  # equal to many

    def __eq__(self, other: object) -> bool:
        return isinstance(other, str) and 8 <= len(other) <= 32 and other.isalnum()


WORDS = _AnyPassphrase()
MOVED = {"amount": "5", "coin": "USDT", "clientOid": OID}
SUB = {"subAccountUid": "100"}
OLD = {**SUB, "subAccountApiKey": "bg_old", "passphrase": WORDS, "label": "old"}
Sent = tuple[str, Any]

CLASSIC: dict[str, Sent] = {
    "subaccount create abcdefgh": ("user/create-virtual-subaccount", {"subAccountList": ["abcdefgh"]}),
    "subaccount modify gridbots --freeze": (
        "user/modify-virtual-subaccount",
        {**SUB, "permList": ["read", "spot_trade"], "status": "freeze"},
    ),
    "subaccount modify 100 --permissions read,trade": (
        "user/modify-virtual-subaccount",
        {**SUB, "permList": ["read", "spot_trade", "contract_trade"], "status": "normal"},
    ),
    "subaccount transfer USDT 5 --from main --to gridbots": (
        "spot/wallet/subaccount-transfer",
        {**MOVED, "fromType": "spot", "toType": "spot", "fromUserId": MAIN_UID, "toUserId": "100"},
    ),
    "subaccount transfer usdt 5 --from gridbots --to oldstyle --from-wallet usdt-futures --to-wallet funding": (
        "spot/wallet/subaccount-transfer",
        {**MOVED, "fromType": "usdt_futures", "toType": "p2p", "fromUserId": "100", "toUserId": "200"},
    ),
    "subaccount transfer USDT 5 --from 555 --to main --from-wallet isolated-margin --symbol BTC/USDT": (
        "spot/wallet/subaccount-transfer",
        {**MOVED, "fromType": "isolated_margin", "toType": "spot", "symbol": "BTCUSDT"}
        | {"fromUserId": "555", "toUserId": MAIN_UID},
    ),
    CREATE_KEY: (
        "user/create-virtual-subaccount-apikey",
        {**SUB, "passphrase": WORDS, "label": "grid", "permList": ["read"]},
    ),
    f"{CREATE_KEY} --permissions read,trade,transfer --ip 203.0.113.7 --ip 203.0.113.8 --label one": (
        "user/create-virtual-subaccount-apikey",
        {**SUB, "passphrase": WORDS, "label": "one", "ipList": ["203.0.113.7", "203.0.113.8"]}
        | {"permList": ["read", "spot_trade", "margin_trade", "contract_trade", "transfer"]},
    ),
    "subaccount keys modify gridbots old --permissions futures": (
        "user/modify-virtual-subaccount-apikey",
        {**OLD, "ipList": ["203.0.113.7"], "permList": ["contract_trade"]},
    ),
    "subaccount keys modify gridbots bg_old --permissions none --any-ip": (
        "user/modify-virtual-subaccount-apikey",
        {**OLD, "ipList": [], "permList": []},
    ),
    "subaccount keys modify gridbots old --label new": (
        "user/modify-virtual-subaccount-apikey",
        {**OLD, "label": "new", "ipList": ["203.0.113.7"]},
    ),
}
OLD_UNIFIED = {"apiKey": "bg_old", "passphrase": WORDS}
UNIFIED: dict[str, Sent] = {
    "subaccount create grid --note mine": ("user/create-sub", {"username": "grid", "note": "mine"}),
    "subaccount modify gridbots --freeze": ("user/freeze-sub", {"subUid": "100", "operation": "freeze"}),
    "subaccount modify gridbots --note other": ("user/modify-sub", {"subUid": "100", "note": "other"}),
    "subaccount transfer USDT 5 --from main --to gridbots": (
        "account/sub-transfer",
        {**MOVED, "fromType": "uta", "toType": "uta", "fromUserId": MAIN_UID, "toUserId": "100"},
    ),
    "subaccount transfer USDT 5 --from main --to oldstyle --from-wallet funding --to-wallet crossed-margin": (
        "account/sub-transfer",
        {**MOVED, "fromType": "spot", "toType": "crossed_margin", "fromUserId": MAIN_UID, "toUserId": "200"},
    ),
    "subaccount transfer USDT 5 --from 200 --to 100 --to-wallet usdt-futures": (
        "account/sub-transfer",
        {**MOVED, "fromType": "spot", "toType": "uta", "fromUserId": "200", "toUserId": "100"},
    ),
    CREATE_KEY: (
        "user/create-sub-api",
        {"subUid": "100", "note": "grid", "passphrase": WORDS, "type": "read_only"}
        | {"permissions": ["uta_mgt", "uta_trade"], "ips": []},
    ),
    f"{CREATE_KEY} --permissions trade --ip 203.0.113.7": (
        "user/create-sub-api",
        {"subUid": "100", "note": "grid", "passphrase": WORDS, "type": "read_write"}
        | {"permissions": ["uta_trade"], "ips": ["203.0.113.7"]},
    ),
    f"{CREATE_KEY} --permissions spot,margin,futures,transfer": (
        "user/create-sub-api",
        {"subUid": "100", "note": "grid", "passphrase": WORDS, "type": "read_write"}
        | {"permissions": ["uta_mgt", "uta_trade"], "ips": []},
    ),
    "subaccount keys modify gridbots old --ip 203.0.113.8": (
        "user/update-sub-api",
        {**OLD_UNIFIED, "type": "read_only", "permissions": ["uta_mgt", "copy"], "ips": ["203.0.113.8"]},
    ),
    "subaccount keys modify gridbots old --permissions trade": (
        "user/update-sub-api",
        {**OLD_UNIFIED, "type": "read_write", "permissions": ["uta_trade"], "ips": ["203.0.113.7"]},
    ),
    "subaccount keys remove gridbots old": ("user/delete-sub-api", {"apiKey": "bg_old"}),
}
ROWS = [(False, typed, sent) for typed, sent in CLASSIC.items()] + [(True, *row) for row in UNIFIED.items()]


@pytest.fixture
def typist(bitget: Bitget, monkeypatch: pytest.MonkeyPatch) -> Bitget:
    """Somebody who types a passphrase where one is asked for."""
    types(monkeypatch, TERMINAL_PASSPHRASE)
    bitget.kind_is_asked = True
    return bitget


def types(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr("getpass.getpass", lambda *_, **__: text)


def opened(bitget: Bitget, *, unified: bool = False) -> SubaccountDesk:
    return SubaccountDesk(bitget.clock, unified=unified)


def typed_at(bitget: Bitget, line: str, desk: SubaccountDesk, **how: Any) -> Ran:
    return bitget(line, http=desk, **{"env": DEMO, **how})


@pytest.mark.parametrize(("unified", "typed", "sent"), ROWS)
def test_a_command_sends_this_and_no_other_change(unified: bool, typed: str, sent: Sent, typist: Bitget) -> None:
    desk = opened(typist, unified=unified)
    ran = typed_at(typist, f"{typed} --yes --json", desk, terminal="keys modify" in typed)
    assert (ran.status, ran.json["outcome"]) == (0, "done"), ran.err
    assert desk.changes == [sent]
    assert "no clear answer" not in ran.err


DRY = [(unified, typed, sent) for unified, typed, sent in ROWS if "keys remove" not in typed]


@pytest.mark.parametrize(("unified", "typed", "sent"), DRY)
def test_tried_dry_the_same_request_is_printed_without_a_passphrase(
    unified: bool, typed: str, sent: Sent, typist: Bitget
) -> None:
    desk = opened(typist, unified=unified)
    ran = typed_at(typist, f"{typed} --dry-run --json", desk)
    assert (ran.status, desk.changes, typist.keyring.items) == (0, [], {}), ran.err
    body = json.loads(ran.json["body"])
    if "passphrase" in body:
        assert body["passphrase"] == "***"
        body["passphrase"] = "made0up0word"
    assert (ran.json["url"].rpartition("/")[2], body) == (sent[0].rpartition("/")[2], sent[1])


LISTS = {
    "subaccount list": ("gridbots", "oldstyle"),
    "subaccount keys list gridbots": ("bg_old", "old"),
    "subaccount transfers --since 7d": (),
    "subaccount transfers gridbots --received --coin usdt --since 7d": (),
}


@pytest.mark.parametrize("unified", [False, True])
@pytest.mark.parametrize("typed", LISTS)
def test_lists_are_told_in_one_vocabulary(typed: str, unified: bool, typist: Bitget) -> None:
    desk = opened(typist, unified=unified)
    ran = typed_at(typist, f"{typed} --json", desk)
    assert ran.status == 0, ran.err
    assert all(word in ran.out for word in LISTS[typed])
    for row in ran.json:
        assert ("subAccountName" if typed == "subaccount list" else "subAccountApiKey") in row
        assert ("accountKind" in row) is unified
    assert typed_at(typist, typed, desk, terminal=True).status == 0


MISTAKES = [
    (False, "subaccount create abc", "exactly 8 letters"),
    (False, "subaccount create abcdefg1", "exactly 8 letters"),
    (False, "subaccount create gridbots", "there is a sub-account gridbots already"),
    (True, "subaccount create Grid", "small letters"),
    (True, f"subaccount create {'a' * 21}", "small letters"),
    (False, "subaccount modify nobody --freeze", "there is no sub-account 'nobody'"),
    (False, "subaccount modify gridbots", "say what to change"),
    (False, "subaccount modify gridbots --permissions none", "no right at all"),
    (False, "subaccount transfer USDT 0 --from main --to 100", "not above zero"),
    (False, "subaccount transfer USDT 5 --from main --to main", "both main"),
    (False, "subaccount transfer USDT 5 --from gridbots --to 100", "both gridbots"),
    (False, "subaccount transfer USDT 5 --from main --to nobody", "no sub-account 'nobody'"),
    (False, "subaccount transfer USDT 5 --from main --to 100 --to-wallet isolated-margin", "needs --symbol"),
    (False, "subaccount transfer USDT 5 --from main --to 100 --symbol BTC/USDT", "is for isolated margin"),
    (False, f"{CREATE_KEY} --permissions read,everything", "'everything' is not one of"),
    (False, f"{CREATE_KEY} --ip 300.1.1.1", "not an IPv4 address"),
    (False, f"{CREATE_KEY} {' '.join(f'--ip 10.0.0.{last}' for last in range(31))}", "more than the 30"),
    (False, f"{CREATE_KEY} --label {'l' * 21}", "1 to 20 characters"),
    (False, f"{CREATE_KEY} --label old", "has a key old already"),
    (False, "subaccount keys create gridbots --new-profile 'No Name'", "profile name"),
    (False, "subaccount keys create nobody --new-profile grid", "no sub-account 'nobody'"),
    (False, "subaccount keys create gridbots --new-profile paper", "profile paper is for paper"),
    (False, "subaccount keys modify gridbots old", "say what to change"),
    (False, "subaccount keys modify gridbots none --permissions read", "has no key none"),
    (False, "subaccount keys modify gridbots old --ip 10.0.0.1 --any-ip", "contradict"),
    (False, "subaccount keys modify gridbots old --permissions read", "the passphrase of the key is needed"),
    (False, f"{CREATE_KEY} --ask-passphrase", "no terminal to type a passphrase on"),
]


@pytest.mark.parametrize(("unified", "typed", "why"), MISTAKES)
def test_a_mistake_is_named_and_nothing_is_sent(unified: bool, typed: str, why: str, typist: Bitget) -> None:
    desk = opened(typist, unified=unified)
    ran = typed_at(typist, f"{typed} --yes --json", desk)
    assert (ran.status, desk.changes) == (2, []), ran.err
    assert why in ran.failure["message"]


UNAVAILABLE = [
    (False, "subaccount create abcdefgh --note mine", "no note"),
    (False, "subaccount modify gridbots --note mine", "no note"),
    (False, "subaccount modify gridbots --permissions transfer", "cannot have the right to transfer"),
    (False, "subaccount keys remove gridbots old", "no such call"),
    (True, "subaccount modify gridbots --permissions read", "no rights of its own"),
    (True, f"{CREATE_KEY} --permissions spot", "is one for spot, margin and futures"),
    (True, f"{CREATE_KEY} --permissions none", "without any right"),
    (True, "subaccount transfer USDT 5 --from main --to 100 --from-wallet crossed-margin", "no crossed-margin wallet"),
    (True, "subaccount transfer USDT 5 --from main --to 100 --to-wallet p2p", "no p2p wallet"),
    (True, "subaccount transfer USDT 5 --from main --to oldstyle --to-wallet funding", "no funding wallet"),
    (True, "p2p merchants", "no such call"),
    (True, "account bots --type spot", "no such call"),
]


@pytest.mark.parametrize(("unified", "typed", "why"), UNAVAILABLE)
def test_what_a_kind_has_not_is_five(unified: bool, typed: str, why: str, typist: Bitget) -> None:
    desk = opened(typist, unified=unified)
    yes = "" if typed.startswith(("p2p", "account")) else "--yes"
    ran = typed_at(typist, f"{typed} {yes} --json", desk)
    assert (ran.status, ran.failure["error"], desk.changes) == (5, "unavailable", []), ran.err
    assert why in ran.failure["message"]


@pytest.mark.parametrize("unified", [False, True])
@pytest.mark.parametrize(
    "typed",
    [
        f"{CREATE_KEY} --permissions withdraw",
        f"{CREATE_KEY} --permissions read,withdraw --dry-run",
        "subaccount keys modify gridbots old --permissions withdraw",
    ],
)
def test_the_right_to_withdraw_is_behind_the_guard_of_withdrawals(typed: str, unified: bool, typist: Bitget) -> None:
    desk = opened(typist, unified=unified)
    ran = typed_at(typist, f"{typed} --yes --json", desk)
    assert (ran.status, ran.failure["error"], desk.changes) == (10, "declined", []), ran.err
    assert "profile allow withdraw" in ran.failure["hint"]


def test_on_live_each_change_is_asked_for(typist: Bitget) -> None:
    desk = opened(typist)
    for typed in (CREATE_KEY, "subaccount create abcdefgh", "subaccount modify gridbots --freeze"):
        assert typed_at(typist, typed, desk, env=LIVE).status == 10
        no = typed_at(typist, typed, desk, env=LIVE, terminal=True, typed="n\n")
        assert (no.status, "LIVE" in no.err) == (10, True)
    assert (desk.changes, typist.keyring.items) == ([], {})
    assert "grid" not in typist("profile list").out


# What becomes of what is made.

MAKING = [
    (False, "subaccount create abcdefgh"),
    (True, "subaccount create abcdefgh"),
    (False, "subaccount transfer USDT 5 --from main --to 100"),
    (False, "subaccount transfer USDT 5 --from 100 --to main"),
    (True, "subaccount transfer USDT 5 --from main --to 100"),
    (True, "subaccount transfer USDT 5 --from 100 --to 200"),
]


@pytest.mark.parametrize("fate", ["lost", "doubled"])
@pytest.mark.parametrize(("unified", "typed"), MAKING)
def test_what_was_carried_out_is_found_and_made_once(unified: bool, typed: str, fate: str, typist: Bitget) -> None:
    desk = opened(typist, unified=unified)
    desk.fate = fate
    ran = typed_at(typist, f"{typed} --yes --json", desk)
    assert (ran.status, ran.json["outcome"], len(desk.changes)) == (0, "done", 1), ran.err
    assert (len(desk.subs), len(desk.records)) == ((3, 0) if "create" in typed else (2, 1))


@pytest.mark.parametrize(("unified", "typed"), MAKING)
def test_what_never_arrived_is_proven_so(unified: bool, typed: str, typist: Bitget) -> None:
    desk = opened(typist, unified=unified)
    desk.fate = "never"
    ran = typed_at(typist, f"{typed} --yes --json", desk)
    assert (ran.status, ran.failure["outcome"], len(desk.changes)) == (6, "not_placed", 1), ran.err
    assert "proven" in ran.failure["message"]
    assert sum(typist.clock.slept) >= 32


def test_a_transfer_that_the_records_call_failed_is_no_success(typist: Bitget) -> None:
    desk = opened(typist)
    desk.fate = "lost"
    moved = desk._moved
    desk._moved = lambda body: (moved(body), desk.records[-1].update(status="Failed"))  # type: ignore[method-assign]
    ran = typed_at(typist, "subaccount transfer USDT 5 --from main --to 100 --yes --json", desk)
    assert (ran.status, ran.failure["outcome"]) == (5, "rejected"), ran.err


def test_a_transfer_under_way_is_waited_for(typist: Bitget) -> None:
    desk = opened(typist)
    desk.fate = "lost"
    moved = desk._moved
    desk._moved = lambda body: (moved(body), desk.records[-1].update(status="Processing"))  # type: ignore[method-assign]
    ran = typed_at(typist, "subaccount transfer USDT 5 --from main --to 100 --yes --json", desk)
    assert (ran.status, ran.failure["outcome"]) == (7, "unknown"), ran.err
    desk.records[-1]["status"] = "Successful"
    told = typed_at(typist, "order reconcile --json", desk)
    assert [row["outcome"] for row in told.json] == ["done"], told.err


@pytest.mark.parametrize("unified", [False, True])
@pytest.mark.parametrize(("fate", "status"), [("lost", 0), ("doubled", 0), ("never", 6)])
def test_by_the_raw_door_a_transfer_is_looked_for_too(fate: str, status: int, unified: bool, typist: Bitget) -> None:
    desk = opened(typist, unified=unified)
    desk.fate = fate
    name, wallet = ("v3.account.sub-transfer", "uta") if unified else ("spot.wallet.subaccount-transfer", "spot")
    words = f"fromType={wallet} toType={wallet} amount=5 coin=USDT fromUserId={MAIN_UID} toUserId=100 clientOid=mine"
    ran = typed_at(typist, f"api {name} {words} --yes --json", desk)
    assert (ran.status, len(desk.changes)) == (status, 1), ran.err
    assert typed_at(typist, "order log --json", desk).json[0]["clientOid"] == "mine"


def test_a_name_that_somebody_else_has_is_a_refusal(typist: Bitget) -> None:
    """Bitget's page: a success with a list of failures, which tells no reason."""
    desk = opened(typist)
    desk.answers["user/create-virtual-subaccount"] = {"successList": [], "failureList": [{"subaAccountName": "x"}]}
    desk._create_virtual_subaccount = lambda _: None  # type: ignore[method-assign]
    ran = typed_at(typist, "subaccount create abcdefgh --yes --json", desk)
    assert (ran.status, ran.failure["outcome"]) == (5, "rejected"), ran.err
    assert sum(typist.clock.slept) < 5


@pytest.mark.parametrize("unified", [False, True])
@pytest.mark.parametrize("verb", ["modify gridbots --freeze", "keys modify gridbots old --permissions trade"])
def test_a_setting_whose_answer_is_lost_is_read_back(verb: str, unified: bool, typist: Bitget) -> None:
    desk = opened(typist, unified=unified)
    desk.fate = "lost"
    ran = typed_at(typist, f"subaccount {verb} --yes --json", desk, terminal=True)
    assert (ran.status, ran.json["outcome"], len(desk.changes)) == (0, "done", 1), ran.err
    desk.fate = "never"
    back = verb.replace("--freeze", "--unfreeze").replace("trade", "read")
    ran = typed_at(typist, f"subaccount {back} --yes --json", desk, terminal=True)
    assert (ran.status, ran.failure["outcome"]) == (6, "not_placed"), ran.err


def test_a_removed_key_is_gone_and_its_profile_is_named(typist: Bitget) -> None:
    desk = opened(typist, unified=True)
    assert typed_at(typist, CREATE_KEY, desk).status == 0
    desk.fate = "lost"
    ran = typed_at(typist, "subaccount keys remove gridbots grid --yes --json", desk)
    assert (ran.status, ran.json["outcome"]) == (0, "done"), ran.err
    assert "bitget profile remove grid" in ran.err
    assert [key["id"] for key in desk.keys["100"]] == ["bg_old"]


def test_a_freeze_and_a_note_are_two_changes_on_a_unified_account(typist: Bitget) -> None:
    desk = opened(typist, unified=True)
    ran = typed_at(typist, "subaccount modify gridbots --freeze --note gone --yes --json", desk)
    assert (ran.status, [row["outcome"] for row in ran.json]) == (0, ["done", "done"]), ran.err
    assert [path for path, _ in desk.changes] == ["user/freeze-sub", "user/modify-sub"]


@pytest.mark.parametrize("fate", ["", "lost"])
def test_a_name_that_comes_with_a_mail_host_is_the_same_name(fate: str, typist: Bitget) -> None:
    """Bitget's page: the name makes a virtual mail address."""
    desk = opened(typist, unified=True)
    desk.fate, plain = fate, desk._sub
    desk._sub = lambda one: plain(one) | {"username": f"{one['name']}@virtual.test"}  # type: ignore[method-assign]
    ran = typed_at(typist, "subaccount create grid --yes --json", desk)
    assert (ran.status, ran.json["outcome"], len(desk.changes)) == (0, "done", 1), ran.err


# The key that is made.


@pytest.mark.parametrize("unified", [False, True])
def test_a_new_key_is_a_profile_that_trades(unified: bool, typist: Bitget) -> None:
    desk = opened(typist, unified=unified)
    ran = typed_at(typist, f"{CREATE_KEY} --permissions trade --json", desk)
    assert (ran.status, ran.json["response"]["profile"]) == (0, "grid"), ran.err
    kept = json.loads(typist.keyring.items["bitget-cli", "grid"])
    assert (kept["key"], kept["secret"], kept["env"]) == (MADE_KEY, SECRET, "demo")
    assert kept["passphrase"] == desk.changes[0][1]["passphrase"]
    assert list(typist.keyring.items) == [("bitget-cli", "grid")]
    shown = json.loads(typist("profile show grid --json").out)
    assert (shown["env"], shown["locked"]) == ("demo", False)
    # The passphrase for a later change comes from there, without a terminal.
    ran = typed_at(typist, "subaccount keys modify gridbots grid --permissions read --json", desk)
    assert (ran.status, desk.changes[1][1]["passphrase"]) == (0, kept["passphrase"]), ran.err


def test_the_new_profile_has_the_limits_of_its_maker(typist: Bitget) -> None:
    """Or a program could make itself a key without them."""
    desk = opened(typist)
    key = "bg_main\nMm3Kk8Qq1Vv6Zz\nTyped0ByAPerson9\n"
    assert typist("profile add desk --env demo --product spot --stdin", typed=key).status == 0
    assert typist("profile limit desk --max-notional 500 --max-distance 3").status == 0
    assert typed_at(typist, f"-p desk {CREATE_KEY}", desk, env={}).status == 0
    made = json.loads(typist("profile show grid --json").out)
    assert (made["product"], made["max_notional"], made["max_distance"]) == ("spot", "500", "3")
    assert (made["env"], made["allow_withdraw"]) == ("demo", False)
    # One that a person made before keeps its own.
    assert typist("profile add mine --env demo --stdin", typed=key).status == 0
    del typist.keyring.items["bitget-cli", "mine"]
    ran = typed_at(typist, "-p desk subaccount keys create 200 --new-profile mine", desk, env={})
    assert (ran.status, json.loads(typist("profile show mine --json").out)["max_notional"]) == (0, None), ran.err


def test_no_passphrase_of_the_keyring_goes_to_an_address_of_ones_own(typist: Bitget) -> None:
    desk = opened(typist)
    assert typed_at(typist, CREATE_KEY, desk).status == 0
    env = {**DEMO, "BITGET_API_BASE_URL": "http://127.0.0.1:9"}
    ran = typed_at(typist, "subaccount keys modify gridbots grid --permissions trade", desk, env=env)
    assert (ran.status, len(desk.changes)) == (2, 1), ran.err


def test_with_show_the_secret_is_printed_this_once(typist: Bitget) -> None:
    desk = opened(typist)
    ran = typed_at(typist, f"{CREATE_KEY} --show --json", desk)
    passphrase = desk.changes[0][1]["passphrase"]
    assert (ran.json["response"]["secretKey"], ran.json["response"]["passphrase"]) == (SECRET, passphrase)
    assert SECRET not in typed_at(typist, "order log --json", desk).out


def test_a_passphrase_may_be_typed(typist: Bitget, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = opened(typist)
    assert typed_at(typist, f"{CREATE_KEY} --ask-passphrase", desk, terminal=True).status == 0
    assert desk.changes[0][1]["passphrase"] == TERMINAL_PASSPHRASE
    types(monkeypatch, "too short")
    ran = typed_at(typist, "subaccount keys create 200 --new-profile two --ask-passphrase", desk, terminal=True)
    assert (ran.status, len(desk.changes), "too short" in ran.err) == (2, 1, False)


class LockedKeyring(MemoryKeyring):
    """Takes so many items and is locked then."""

    def __init__(self, takes: int) -> None:
        super().__init__()
        self.takes = takes

    def set_password(self, service: str, username: str, password: str) -> None:
        self.takes -= 1
        if self.takes < 0:
            raise KeyringLocked("locked")
        super().set_password(service, username, password)


class ForgetfulKeyring(MemoryKeyring):
    def get_password(self, *_: str) -> None:
        return None


@pytest.mark.parametrize("keyring", [LockedKeyring(0), ForgetfulKeyring()])
def test_where_the_keyring_refuses_nothing_is_made(keyring: MemoryKeyring, typist: Bitget) -> None:
    desk, typist.keyring = opened(typist), keyring
    ran = typed_at(typist, f"{CREATE_KEY} --json", desk)
    assert (ran.status, ran.failure["error"], desk.changes) == (4, "credentials", []), ran.err
    assert "grid" not in typist("profile list").out


def test_where_the_keyring_is_locked_meanwhile_that_is_told_openly(typist: Bitget) -> None:
    desk, typist.keyring = opened(typist), LockedKeyring(1)
    ran = typed_at(typist, f"{CREATE_KEY} --json", desk)
    assert (ran.status, ran.json["outcome"], ran.json["response"]["profile"]) == (4, "done", None), ran.err
    assert "the key was made" in ran.failure["message"]
    assert SECRET not in ran.out + ran.err
    assert "grid" not in typist("profile list").out


def test_a_configuration_that_cannot_be_written_is_found_out_before(typist: Bitget, home: Path) -> None:
    desk = opened(typist)
    folder = home / "config" / "bitget"
    folder.mkdir(0o700, parents=True)
    (folder / "config.toml").write_text("version = 1\n[profiles.a]\nenv = 'nowhere'\n")
    assert (typed_at(typist, CREATE_KEY, desk).status, desk.changes) == (3, [])


def test_a_profile_with_a_key_is_not_overwritten(typist: Bitget) -> None:
    desk = opened(typist)
    assert typed_at(typist, CREATE_KEY, desk).status == 0
    before = dict(typist.keyring.items)
    ran = typed_at(typist, f"{CREATE_KEY} --label other", desk)
    assert (ran.status, len(desk.changes), typist.keyring.items) == (2, 1, before)
    assert "has a key already" in ran.err


@pytest.mark.parametrize("unified", [False, True])
def test_where_the_answer_is_lost_it_is_said_that_the_key_is_there(unified: bool, typist: Bitget) -> None:
    desk = opened(typist, unified=unified)
    desk.fate = "lost"
    ran = typed_at(typist, f"{CREATE_KEY} --json", desk)
    assert (ran.status, ran.json["outcome"], len(desk.changes)) == (8, "done", 1), ran.err
    assert "its secret never arrived" in ran.failure["message"]
    assert MADE_KEY in ran.out
    assert typist.keyring.items == {}
    assert "grid" not in typist("profile list").out
    desk.fate, desk.keys = "never", {"100": [], "200": []}
    ran = typed_at(typist, f"{CREATE_KEY} --json", desk)
    assert (ran.status, ran.failure["outcome"]) == (6, "not_placed"), ran.err
    assert "grid" not in typist("profile list").out


def test_a_key_that_nobody_knows_of_is_unknown_and_settled_later(typist: Bitget) -> None:
    desk = opened(typist)

    def silent(request: httpx.Request) -> httpx.Response:
        if desk.changes:
            raise httpx.ReadTimeout("silence", request=request)
        if request.method == "POST":
            desk(request)
            raise httpx.ReadTimeout("lost", request=request)
        return desk(request)

    ran = typist(f"{CREATE_KEY} --json", http=silent, env=DEMO)
    assert (ran.status, ran.failure["outcome"]) == (7, "unknown"), ran.err
    assert "nobody has the secret" in ran.failure["message"]
    assert "grid" not in typist("profile list").out
    told = typed_at(typist, "order reconcile --json", desk)
    assert [row["outcome"] for row in told.json] == ["done"], told.err
    assert SECRET not in told.out + told.err


def test_a_refusal_leaves_no_profile_behind(typist: Bitget) -> None:
    desk = opened(typist)
    desk.refusal = envelope(None, code="40014", msg="Incorrect permissions", status=400)
    ran = typed_at(typist, f"{CREATE_KEY} --json", desk)
    assert (ran.status, ran.failure["code"]) == (4, "40014")
    assert "grid" not in typist("profile list").out
    assert typist.keyring.items == {}


def test_an_address_of_ones_own_gets_no_key_into_the_keyring(typist: Bitget) -> None:
    desk = opened(typist)
    ran = typed_at(typist, CREATE_KEY, desk, env={**DEMO, "BITGET_API_BASE_URL": "http://127.0.0.1:9"})
    assert (ran.status, desk.changes, typist.keyring.items) == (4, [], {})


# Nobody reads a secret.


def repeats(desk: SubaccountDesk) -> None:
    """A refusal tells all that it was sent."""

    def told(_: str, body: Any) -> Any:
        return envelope(None, code="40762", msg=json.dumps(body), status=400)

    desk._change = told  # type: ignore[method-assign]


FORMS = ("", "--json", "-v")
# Every fate on either kind of account, in a form in turn; in all of them when there is time.
IN_TURN = [
    pytest.param(form, fate, unified, marks=[pytest.mark.slow] * ((number + unified) % 3 != FORMS.index(form)))
    for number, fate in enumerate(("", "lost", "never", "doubled", "repeats"))
    for unified in (False, True)
    for form in FORMS
]


@pytest.mark.parametrize(("form", "fate", "unified"), IN_TURN)
def test_no_piece_of_a_secret_is_printed_or_written_down(
    form: str, fate: str, unified: bool, typist: Bitget, home: Path
) -> None:
    desk = opened(typist, unified=unified)
    desk.fate = fate
    if fate == "repeats":
        repeats(desk)
    lines = [f"{CREATE_KEY} --ask-passphrase", "subaccount keys modify gridbots old --permissions read --any-ip"]
    if unified:
        lines.append("subaccount keys remove gridbots old")
    seen = ""
    for line in lines:
        ran = typed_at(typist, f"{line} --yes {form}", desk, terminal=True)
        assert ran.status != 1, ran.err
        seen += ran.out + ran.err
    seen += typed_at(typist, "order log --json", desk).out + written(home)
    for text in (TERMINAL_PASSPHRASE, SECRET):
        assert not [piece for piece in pieces(text) if piece in seen]
    assert len(desk.changes) == len(lines)


def test_the_question_of_the_raw_door_hides_what_is_secret_however_deep(typist: Bitget) -> None:
    body = '[{"subAccountName": "abcdefgh", "passphrase": "Secret0Words", "label": "x"}]'
    line = ["api", "user.batch-create-subaccount-and-apikey", "--data", body]
    ran = typist(line, http=opened(typist), env=LIVE, terminal=True, typed="n\n")
    assert (ran.status, "abcdefgh" in ran.err, "Secret0Words" in ran.err) == (10, True, False), ran.err


def test_a_signal_between_leaves_no_profile_behind(typist: Bitget) -> None:
    desk = opened(typist)

    def stopped(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            desk(request)
            raise KeyboardInterrupt
        return desk(request)

    ran = typist(CREATE_KEY, http=stopped, env=DEMO)
    assert (ran.status, len(desk.changes), typist.keyring.items) == (130, 1, {}), ran.err
    assert "done" in ran.err
    assert "grid" not in typist("profile list").out
