"""Classic or unified: asked once a day and key, kept, thrown away when the exchange says otherwise, never guessed."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from desk import DEMO, LIVE, Exchange
from doubles import KIND, Bitget, Ran, classic, envelope

READ = "account balance --json"
BUY = "order buy BTCUSDT 0.01 --price 59000 --yes --json"


def refuses(code: str, status: int = 400) -> Callable[[], httpx.Response]:
    return lambda: envelope(None, code=code, msg="as Bitget says", status=status)


def breaks(error: type[httpx.RequestError]) -> Callable[[], httpx.Response]:
    def answer() -> httpx.Response:
        raise error("as told")

    return answer


def unified() -> httpx.Response:
    return envelope({"userId": "9", "ips": "203.0.113.7", "permissions": ["uta_mgt"]})


class Account:
    """A Bitget that is asked for the kind of the account; `told` answers, and may be another one later."""

    def __init__(self, told: Callable[[], httpx.Response], answers: Mapping[str, Any] | None = None) -> None:
        self.told = told
        self.exchange = Exchange(answers=dict(answers or {}))
        self.asked = 0
        self.signed: list[str] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if "access-key" in request.headers:
            self.signed.append(request.url.path)
        if request.url.path == KIND:
            self.asked += 1
            return self.told()
        return self.exchange(request)


@pytest.fixture(autouse=True)
def asked(bitget: Bitget) -> None:
    bitget.kind_is_asked = True


@pytest.fixture
def kept(home: Path) -> Path:
    return home / "state" / "bitget" / "account-kinds"


@pytest.mark.parametrize("code", ["40084", "25245"])
def test_a_classic_account_is_asked_for_its_kind_once_a_day(code: str, bitget: Bitget) -> None:
    account = Account(refuses(code))
    for line in (READ, BUY, READ, "position list", "order list", "tax spot --since 3d", "convert history"):
        assert bitget(line, http=account, env=DEMO).status == 0, line
    assert account.asked == 1
    assert account.signed[0] == KIND
    bitget.clock.moment += timedelta(hours=23)
    bitget(READ, http=account, env=DEMO)
    assert account.asked == 1
    bitget.clock.moment += timedelta(hours=2)
    bitget(READ, http=account, env=DEMO)
    assert account.asked == 2


def test_each_key_and_environment_has_its_own_kind(bitget: Bitget, kept: Path) -> None:
    accounts = [Account(classic) for _ in range(3)]
    for account, env in zip(accounts, (DEMO, LIVE, {**LIVE, "BITGET_API_KEY": "other"}), strict=True):
        assert bitget(READ, http=account, env=env).status == 0
        assert account.asked == 1
    assert len(list(kept.iterdir())) == 3
    for file in kept.iterdir():
        assert file.stat().st_mode & 0o777 == 0o600
        assert not any(secret in file.read_text() + file.name for secret in ("bg_key", "secret", "words", "other"))


def test_a_key_of_the_keyring_is_asked_for_alike(bitget: Bitget) -> None:
    bitget("profile add desk --stdin", typed="bg_key\nsecret\nwords\n")
    account = Account(classic)
    assert bitget(f"-p desk {READ}", http=account).status == 0
    assert bitget(f"-p desk {READ}", http=account).status == 0
    assert account.asked == 1
    # Not beside the key: it is the account's, and may change.
    (item,) = bitget.keyring.items.values()
    assert json.loads(item)["account_kind"] is None


def test_public_data_local_records_and_raw_calls_ask_nothing(bitget: Bitget) -> None:
    account = Account(classic)
    for line in ("market ticker BTCUSDT", "order log", "api list v3", "api spot.account.assets", "order buy BTCUSDT x"):
        bitget(line, http=account, env=DEMO)
    assert account.asked == 0


# What a unified account tells a command that wants to change something.
WHAT_IS = {
    "/api/v3/account/settings": {
        "holdMode": "one_way_mode",
        "symbolConfigList": [
            {"category": "USDT-FUTURES", "symbol": "BTCUSDT", "marginMode": "crossed", "leverage": "10"}
        ],
    },
    "/api/v3/account/assets": {"assets": [{"coin": "USDT", "equity": "900", "balance": "900", "available": "900"}]},
    "/api/v3/position/current-position": {
        "list": [
            {"category": "USDT-FUTURES", "symbol": "BTCUSDT", "marginCoin": "USDT", "holdMode": "one_way_mode"}
            | {"posSide": "long", "marginMode": "crossed", "total": "0.01", "available": "0.01"}
        ]
    },
    "/api/v3/trade/order-info": {"orderId": "1", "category": "USDT-FUTURES", "symbol": "BTCUSDT", "side": "buy"}
    | {"orderType": "limit", "price": "1", "qty": "1", "orderStatus": "new", "holdMode": "one_way_mode"},
}


# A key without the permission to read settings is past the gate all the same.
@pytest.mark.parametrize("told", [unified, refuses("40014")], ids=["told", "not permitted"])
def test_a_change_of_a_unified_account_goes_to_v3_alone(told: Callable[[], httpx.Response], bitget: Bitget) -> None:
    account = Account(told, WHAT_IS)
    ran = bitget(BUY, http=account, env=LIVE)
    assert (ran.status, ran.json["outcome"]) == (0, "placed"), ran.err
    assert account.signed[0] == KIND
    assert not [path for path in account.signed if not path.startswith("/api/v3/")]
    assert [path for path, _ in account.exchange.changes] == ["/api/v3/trade/place-order"]


TOLD = [("tax p2p --since 3d", unified), ("tax p2p --since 3d", refuses("40014"))]


@pytest.mark.parametrize(("line", "told"), TOLD)
def test_what_a_unified_account_has_no_command_for_is_said_and_nothing_is_sent(
    line: str, told: Callable[[], httpx.Response], bitget: Bitget
) -> None:
    account = Account(told, WHAT_IS)
    ran = bitget([*line.split(), "--json"] if "--json" not in line else line, http=account, env=LIVE)
    assert (ran.status, ran.out) == (5, ""), ran.err
    assert (ran.failure["error"], ran.failure["exit"]) == ("unavailable", 5)
    assert "unified account" in ran.failure["message"]
    assert "bitget api" in ran.failure["hint"]
    assert "bitget profile check" in ran.failure["hint"]
    assert account.signed[0] == KIND
    assert not [path for path in account.signed if not path.startswith("/api/v3/")]
    assert account.exchange.changes == []
    log = bitget("order log --json", env=LIVE)
    assert (log.status, log.json) == (0, [])


def test_raw_calls_reach_a_unified_account(bitget: Bitget) -> None:
    assets = {"accountEquity": "10", "assets": []}
    account = Account(unified, {"/api/v3/account/assets": assets})
    assert bitget(READ, http=account, env=DEMO).json == []
    assert bitget("api v3.account.assets --json", http=account, env=DEMO).json == assets
    # 40085 proves the kind, and nothing of the key.
    account.exchange.answers["spot/account/assets"] = refuses("40085")()
    ran = bitget("api spot.account.assets --json", http=account, env=DEMO)
    assert (ran.status, ran.failure["error"], ran.failure["code"]) == (5, "unavailable", "40085")
    assert "bitget api list v3" in ran.failure["hint"]


FAILURES: dict[str, tuple[Callable[[], httpx.Response], int]] = {
    "time-out": (breaks(httpx.ReadTimeout), 6),
    "no connection": (breaks(httpx.ConnectError), 6),
    "5xx": (lambda: httpx.Response(503, text="<html>"), 6),
    "429": (refuses("429", 429), 11),
    "signature": (refuses("40009"), 4),
    "unknown key": (refuses("40006", 401), 4),
    "environment": (refuses("40099"), 4),
    "empty body": (lambda: httpx.Response(200, content=b""), 6),
    "success of nothing": (lambda: envelope(None), 6),
    "success of an empty object": (lambda: envelope({}), 6),
    "success of a list": (lambda: envelope([]), 6),
    "success of a text": (lambda: envelope("done"), 6),
    "success about nobody": (lambda: envelope({"userId": "", "permissions": []}), 6),
    "a code on no list": (refuses("98765"), 5),
    "copy trading": (refuses("40731"), 5),
}


@pytest.mark.parametrize("line", [READ, BUY, "order buy BTC/USDT --quote 100 --yes --json"])
@pytest.mark.parametrize(("told", "status"), FAILURES.values(), ids=FAILURES)
def test_what_tells_neither_kind_ends_the_command_and_no_change_leaves_on_a_guess(
    line: str, told: Callable[[], httpx.Response], status: int, bitget: Bitget, kept: Path
) -> None:
    account = Account(told)
    ran = bitget(f"{line} --timeout 1", http=account, env=LIVE)
    assert (ran.status, ran.out) == (status, ""), ran.err
    assert set(account.signed) == {KIND}
    assert account.exchange.changes == []
    assert not kept.exists()
    # Nothing was written down either, so that nothing is in doubt; and the next command asks again.
    assert bitget("order log --json", env=LIVE).json == []
    account.told = classic
    assert bitget(line, http=account, env=LIVE).status == 0


def moved(code: str, path: str) -> tuple[Account, Callable[[Bitget, str], Ran]]:
    account = Account(classic, WHAT_IS)

    def move(bitget: Bitget, line: str) -> Ran:
        assert bitget(READ, http=account, env=DEMO).status == 0
        account.told = unified
        account.exchange.answers[path] = refuses(code)()
        return bitget(line, http=account, env=DEMO)

    return account, move


def test_what_is_read_of_an_account_that_was_moved_is_told_by_the_same_command(bitget: Bitget) -> None:
    account, move = moved("40085", "mix/order/orders-pending")
    account.exchange.answers["/api/v3/trade/unfilled-orders"] = {"list": [], "cursor": None}
    ran = move(bitget, "order list --json")
    assert (ran.status, ran.json) == (0, []), ran.err
    assert "/api/v3/trade/unfilled-orders" in account.signed
    assert account.asked == 2
    assert bitget("order list --json", http=account, env=DEMO).status == 0
    assert account.asked == 2


def test_a_refusal_that_the_kind_does_not_bear_out_is_told(bitget: Bitget) -> None:
    account, _ = moved("40085", "mix/order/orders-pending")
    account.exchange.answers["mix/order/orders-pending"] = refuses("40085")()
    assert bitget(READ, http=account, env=DEMO).status == 0
    ran = bitget("order list --json", http=account, env=DEMO)
    assert (ran.status, ran.failure["code"]) == (5, "40085")
    assert account.asked == 2


def test_an_account_that_was_moved_is_asked_for_its_kind_again(bitget: Bitget) -> None:
    account, move = moved("40085", "mix/order/place-order")
    ran = move(bitget, BUY)
    # The change was refused for certain, and is built anew.
    assert (ran.status, ran.json["outcome"]) == (0, "placed"), ran.err
    assert [path for path, _ in account.exchange.changes] == ["mix/order/place-order", "/api/v3/trade/place-order"]
    assert [row["state"] for row in bitget("order log --json", env=DEMO).json] == ["placed"]
    assert account.asked == 2
    bitget(BUY, http=account, env=DEMO)
    assert (account.asked, len(account.exchange.changes)) == (2, 3)


@pytest.mark.parametrize("code", ["40084", "25245"])
def test_an_account_that_was_moved_back_is_a_classic_one_for_the_next_command(code: str, bitget: Bitget) -> None:
    account = Account(unified, {"/api/v3/account/assets": refuses(code)()})
    assert bitget(READ, http=account, env=DEMO).status == 5
    account.told = classic
    ran = bitget("api v3.account.assets --json", http=account, env=DEMO)
    assert (ran.status, ran.failure["error"], ran.failure["code"]) == (5, "unavailable", code)
    assert bitget(READ, http=account, env=DEMO).status == 0
    # At first, once more because it was refused though it said so, and once it was moved.
    assert account.asked == 3


DAMAGED = ["", "{", "[]", "null", '{"kind":"unified"}', '{"kind":"hybrid","asked":"1772452800000"}']
# From the future, and from no time at all.
DAMAGED += [f'{{"kind":"unified","asked":{asked}}}' for asked in ('"soon"', "1e999", '"1772452900000"', "null")]


def test_a_row_of_the_other_kind_that_a_person_calls_leaves_what_is_known(bitget: Bitget) -> None:
    account = Account(classic, {"/api/v3/account/assets": refuses("40084")()})
    for line in (READ, "api v3.account.assets", READ):
        bitget(line, http=account, env=DEMO)
    assert account.asked == 1


@pytest.mark.parametrize("content", DAMAGED)
def test_a_damaged_file_is_asked_anew(content: str, bitget: Bitget, kept: Path) -> None:
    account = Account(classic)
    bitget(READ, http=account, env=DEMO)
    (file,) = kept.iterdir()
    file.write_text(content)
    assert bitget(READ, http=account, env=DEMO).status == 0
    assert account.asked == 2
    assert json.loads(file.read_text())["kind"] == "classic"


def test_a_kind_that_cannot_be_kept_costs_a_question_each_time(bitget: Bitget, kept: Path) -> None:
    kept.parent.mkdir(parents=True, mode=0o700)
    kept.write_text("a file in the place of the folder")
    account = Account(classic)
    assert [bitget(READ, http=account, env=DEMO).status for _ in range(2)] == [0, 0]
    assert account.asked == 2


def test_a_checked_key_is_asked_for_its_kind_no_more(bitget: Bitget) -> None:
    account = Account(
        unified, WHAT_IS | {"spot/account/info": refuses("40085")(), "public/time": {"serverTime": "1772452800000"}}
    )
    told = bitget("profile check --json", http=account, env=LIVE)
    assert (told.status, told.json["account_kind"], told.json["user_id"]) == (0, "unified", "9"), told.err
    assert bitget(f"{READ} --fields accountKind", http=account, env=LIVE).json == [{"accountKind": "unified"}]
    assert account.asked == 1
    # A check asks whatever was kept, and what it learns is kept.
    account.told = classic
    account.exchange.answers["spot/account/info"] = {"userId": "9", "authorities": [], "ips": "203.0.113.7"}
    assert bitget("profile check --json", http=account, env=LIVE).json["account_kind"] == "classic"
    assert bitget(READ, http=account, env=LIVE).status == 0


def test_public_data_does_not_load_what_knows_of_kinds() -> None:
    asks = """if True:
        import sys
        from bitget_cli.main import main
        from bitget_cli.runtime import Environment
        main(["-p", "paper", "market", "ticker", "BTCUSDT", "--json"], Environment())
        print(*[name for name in sys.modules if "kind" in name or "catalogue.v3" in name], file=sys.stderr)
    """
    ran = subprocess.run([sys.executable, "-c", asks], capture_output=True, text=True, check=True)
    assert (json.loads(ran.stdout)["symbol"], ran.stderr.split()) == ("BTCUSDT", [])


def test_a_classic_account_loads_nothing_of_the_other_kind() -> None:
    asks = """if True:
        import sys
        from bitget_cli.main import main
        from bitget_cli.runtime import Environment
        for line in ("account balance", "position list", "order list", "plan list", "order buy BTCUSDT 0.01"):
            main(["-p", "paper", *line.split(), "--json"], Environment())
        print(*[name for name in sys.modules if "catalogue.v3" in name or "adapters.unified" in name], file=sys.stderr)
    """
    ran = subprocess.run([sys.executable, "-c", asks], capture_output=True, text=True, check=True)
    assert ran.stderr.splitlines()[-1] == ""


def test_paper_asks_nobody(bitget: Bitget, kept: Path) -> None:
    ran = bitget("-p paper account balance -v")
    assert ran.status == 0
    assert KIND not in ran.err
    assert not kept.exists()


@pytest.mark.parametrize("mode", ["upgrading", "switching"])
def test_no_change_is_sent_while_bitget_is_moving_the_account(mode: str, bitget: Bitget) -> None:
    account = Account(unified, {"/api/v3/account/settings": {"accountMode": mode}})
    order = "api v3.trade.place-order category=SPOT symbol=BTCUSDT side=buy orderType=market qty=100 --yes --json"
    ran = bitget(order, http=account, env=DEMO)
    assert (ran.status, ran.failure["error"], account.exchange.changes) == (5, "unavailable", [])
    assert "moving this account" in ran.failure["message"]
    # Getting out does not wait for it, nor does reading.
    assert bitget("api v3.trade.cancel-order orderId=1 --yes", http=account, env=DEMO).status == 0
    for answer in ({"accountMode": "unified"}, refuses("40014")()):
        account.exchange.answers["/api/v3/account/settings"] = answer
        assert bitget(order, http=account, env=DEMO).status == 0
