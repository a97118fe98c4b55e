"""No piece of a key is in anything that is printed or written down, whatever is typed and however it ends."""

from __future__ import annotations

import base64
import html
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

import httpx
import pytest
from desk import ORDER, PLAN, POSITION, SPOT_ORDER, Exchange
from doubles import Bitget, Handler, envelope

from bitget_cli.commands import account, order, plan, position

KEY, SECRET, PASSPHRASE = "bg_7f3a91c4e85d0b26", "Zq8vRk2Lw9Tn4Xy6Jd1Hs5", "Tr0ub4dor-pass phrase%7"
ENVIRONMENT = {"BITGET_API_KEY": KEY, "BITGET_SECRET_KEY": SECRET, "BITGET_PASSPHRASE": PASSPHRASE}
# As much of a text as nobody prints by chance.
PIECE = 8

TYPED: dict[str, dict[str, str]] = {
    "order": {
        "buy": "BTCUSDT 0.01",
        "sell": "BTC/USDT 0.01 --price 60500",
        "batch": "-",
        "ladder": "buy BTCUSDT 0.1 --from 59000 --to 58000 --steps 3",
        "modify": "1001 --price 59500",
        "cancel": "1001 2001",
        "cancel-all": "",
        "list": "",
        "history": "BTCUSDT",
        "fills": "",
        "show": "1001",
        "wait": "1001 --for 0s",
        "log": "",
        "reconcile": "",
    },
    "position": {
        "list": "",
        "show": "BTCUSDT",
        "history": "",
        "adl": "",
        "close": "BTCUSDT",
        "close-all": "",
        "reverse": "BTCUSDT",
    },
    "plan": {
        "buy": "BTCUSDT 0.01 --trigger 58000",
        "sell": "BTC/USDT 0.01 --trigger 58000",
        "tpsl": "BTCUSDT --sl 50000 --trailing 2",
        "oco": "sell BTCUSDT 0.01 --price 70000 --trigger 50000",
        "twap": "buy BTCUSDT 0.01 --duration 5m",
        "iceberg": "buy BTCUSDT 0.1 --parts 2 --price 58000",
        "modify": "3001 --trigger 59000",
        "cancel": "3001",
        "cancel-all": "",
        "list": "",
        "history": "",
        "show": "3001",
    },
    "account": {
        "balance": "",
        "show": "BTCUSDT",
        "overview": "",
        "funding": "",
        "bots": "",
        "info": "",
        "fee": "BTCUSDT",
        "max-open": "BTCUSDT --side long",
        "liq-price": "BTCUSDT 0.01 --side long",
        "subaccounts": "",
        "bills": "",
        "transfers": "USDT",
        "deposits": "",
        "withdrawals": "",
        "deposit-address": "USDT",
        "leverage": "BTCUSDT 10",
        "margin-mode": "BTCUSDT isolated",
        "position-mode": "hedge",
        "margin": "BTCUSDT --add 10",
        "auto-margin": "BTCUSDT on --side long",
        "transfer": "USDT 1 --from spot --to p2p",
    },
}
LINES = [f"{group} {name} {words}".strip() for group, names in TYPED.items() for name, words in names.items()]
BATCH = "symbol,side,size\nBTCUSDT,buy,0.01\nBTCUSDT,sell,0.01\n"
READING = {
    *(
        "list",
        "history",
        "fills",
        "show",
        "wait",
        "log",
        "reconcile",
        "adl",
        "balance",
        "overview",
        "funding",
        "bots",
        "info",
    ),
    *("fee", "max-open", "liq-price", "subaccounts", "bills", "transfers", "deposits", "withdrawals"),
    "deposit-address",
}


def reads(line: str) -> bool:
    return line.split()[1] in READING


def answered(_: httpx.Request, answer: httpx.Response) -> httpx.Response:
    return answer


def repeated(request: httpx.Request, _: httpx.Response) -> httpx.Response:
    """A refusal that repeats what it was sent."""
    told = " ".join(f"{name}={value}" for name, value in request.headers.items() if name.startswith("access-"))
    return envelope(None, code="40762", msg=told, status=400)


def lost(request: httpx.Request, _: httpx.Response) -> httpx.Response:
    raise httpx.ReadTimeout(f"no answer to {dict(request.headers)}", request=request)


def unreached(request: httpx.Request, _: httpx.Response) -> httpx.Response:
    raise httpx.ConnectError(f"cannot send {dict(request.headers)}", request=request)


def garbled(request: httpx.Request, _: httpx.Response) -> httpx.Response:
    return httpx.Response(502, text=f"<html>{request.headers['access-passphrase']}{request.headers['access-sign']}")


class Wire:
    """An exchange where signed changes end in one way, or with `reads` all signed calls. Keeps the signatures."""

    def __init__(self, ending: Any, *, reads: bool) -> None:
        self.exchange = Exchange(orders=[ORDER], spot_orders=[SPOT_ORDER], plans=[PLAN], positions=[POSITION])
        self.ending, self.reads, self.signatures = ending, reads, set[str]()

    def __call__(self, request: httpx.Request) -> httpx.Response:
        signature = request.headers.get("access-sign")
        if signature:
            self.signatures.add(signature)
        answer = self.exchange(request)
        met = signature and (self.reads or request.method == "POST")
        return self.ending(request, answer) if met else answer


def pieces(text: str) -> set[str]:
    return {text[start : start + PIECE] for start in range(len(text) - PIECE + 1)}


def written(folder: Path) -> str:
    """Every file there is, whatever its form."""
    return "".join(path.read_bytes().decode("latin-1") for path in folder.rglob("*") if path.is_file())


def assert_silent(seen: str, signatures: set[str]) -> None:
    for text in (KEY, SECRET, PASSPHRASE, *signatures):
        told = [piece for piece in pieces(text) if piece in seen]
        assert not told, f"{told} of {text}"


def run(bitget: Bitget, line: str, http: Handler, *, options: str = "") -> str:
    env = ENVIRONMENT | {"BITGET_ENV": "demo"}
    ran = bitget(f"{line} {options}", http=http, env=env, typed=BATCH)
    assert ran.status != 1, ran.err  # a defect of ours
    assert "--help" not in ran.err, ran.err  # the table above types every command rightly
    return ran.out + ran.err


def test_the_table_types_every_command_of_the_four_groups() -> None:
    for group in (order.group, position.group, plan.group, account.group):
        assert set(TYPED[group.name]) == set(group.functions)


@pytest.mark.parametrize(
    ("ending", "form"),
    [
        *((repeated, form) for form in ("", "--json", "-v")),
        *((answered, ""), (lost, "-v"), (garbled, "--json"), (unreached, "-v")),
        *(
            pytest.param(ending, form, marks=pytest.mark.slow)
            for ending, form in ((answered, "--json"), (answered, "-v"), (lost, "--json"), (garbled, "-v"))
        ),
    ],
)
def test_nothing_of_a_key_is_printed_or_written_down(ending: Any, form: str, bitget: Bitget, home: Path) -> None:
    for line in LINES:
        wire = Wire(ending, reads=reads(line))
        assert_silent(run(bitget, line, wire, options=form), wire.signatures)
    assert_silent(run(bitget, "order log --json", Wire(answered, reads=False)), set())
    assert_silent(written(home), set())


@pytest.mark.parametrize("form", ["", "--json", "-v"])
def test_a_dry_run_names_variables_and_no_value(form: str, bitget: Bitget) -> None:
    for line in LINES:
        if not reads(line):
            wire = Wire(answered, reads=False)
            seen = run(bitget, line, wire, options=f"--dry-run {form}")
            assert_silent(seen, wire.signatures)
            assert not wire.exchange.changes


def test_every_file_of_a_trader_is_the_owners_alone(bitget: Bitget, home: Path) -> None:
    for line in LINES:
        run(bitget, line, Wire(answered, reads=False))
    made = [path for path in home.rglob("*") if "bitget" in str(path.relative_to(home))]
    assert [path for path in made if path.suffix == ".sqlite3"]
    assert not [path for path in made if path.stat().st_mode & 0o077]


# How an answer may spell what it was sent.
SPELLINGS: dict[str, Callable[[str], str]] = {
    "as in a form": quote_plus,
    "as in an address": lambda text: quote(text, safe=""),
    "with small escapes": lambda text: re.sub("%..", lambda found: found[0].lower(), quote_plus(text)),
    "in small letters": str.lower,
    "in capitals": str.upper,
    "in hex": lambda text: text.encode().hex(),
    "in hex, in capitals": lambda text: text.encode().hex().upper(),
    "its bytes in hex": lambda text: base64.b64decode(text).hex() if text.endswith("=") else "",
    "in base64": lambda text: base64.b64encode(text.encode()).decode(),
    "in base64 for addresses, unpadded": lambda text: base64.urlsafe_b64encode(text.encode()).decode().rstrip("="),
    "as in a page": html.escape,
    "as in JSON": lambda text: json.dumps(text)[1:-1],
    "cut off behind": lambda text: text[:30],
    "cut off before": lambda text: text[-15:],
    "cut off at both ends": lambda text: text[3:-3],
    "cut off, in capitals": lambda text: text[:30].upper(),
}


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("line", ["order buy BTCUSDT 0.01", "api mix.account.accounts productType=USDT-FUTURES -v"])
@pytest.mark.parametrize("passphrase", ["pass phrase&1", 'so "quoted" <it> is'])
def test_however_an_answer_spells_what_it_was_sent_it_is_not_told(
    spelling: str, line: str, passphrase: str, bitget: Bitget
) -> None:
    spell, told = SPELLINGS[spelling], list[str]()

    def repeats(request: httpx.Request, _: httpx.Response) -> httpx.Response:
        texts = [request.headers[f"access-{name}"] for name in ("key", "sign", "passphrase")]
        told.extend(spell(text) for text in texts)
        return envelope(None, code="40017", msg=f"Parameter {' and '.join(told)} failed", status=400)

    env = ENVIRONMENT | {"BITGET_ENV": "demo", "BITGET_PASSPHRASE": passphrase}
    ran = bitget(line, http=Wire(repeats, reads=True), env=env)
    assert (ran.status, bool(told), "***" in ran.err) == (5, True, True), ran.err
    seen = ran.out + ran.err
    assert not [text for text in told if any(piece in seen for piece in pieces(text))], seen


TYPED_WITH_A_SECRET = [
    "market ticker {0}",
    "order buy BTCUSDT 0.01 --client-oid {0}{0}",
    "order buy BTCUSDT {0}",
    "{0}",
    "market ticker BTCUSDT --fields {0}",
    "api {0} symbol=BTCUSDT",
    "watch ticker BTCUSDT --until {0}",
    "profile show {0}",
    "-p {0} market time",
    "market time -o {0}",
]


@pytest.mark.parametrize("line", TYPED_WITH_A_SECRET)
@pytest.mark.parametrize("missing", ["", "BITGET_PASSPHRASE"])
def test_nothing_of_the_environment_is_told_before_a_key_was_used(line: str, missing: str, bitget: Bitget) -> None:
    env = {name: value for name, value in ENVIRONMENT.items() if name != missing} | {"BITGET_ENV": "demo"}
    ran = bitget(line.format(SECRET), http=Wire(answered, reads=False), env=env)
    assert ran.status != 0
    assert_silent(ran.out + ran.err, set())


@pytest.mark.parametrize("line", ["market ticker BTCUSDT", "market candles BTCUSDT", "market time --json"])
def test_a_public_answer_that_repeats_a_secret_is_silent_too(line: str, bitget: Bitget) -> None:
    def told(_: httpx.Request) -> httpx.Response:
        return envelope(None, code="40762", msg=f"{SECRET} of {PASSPHRASE}", status=400)

    ran = bitget(line, http=told, env=ENVIRONMENT)
    assert ran.status == 5
    assert_silent(ran.out + ran.err, set())


def test_a_process_that_read_a_key_leaves_no_core() -> None:
    """Its own limit and flag, as the kernel has them; before a key is read they are as they were."""
    code = """
import resource, sys, pathlib, ctypes
from bitget_cli.config.profiles import key_from_environment
import os
seen = []
for environ in ({}, os.environ):
    key_from_environment(environ)
    flag = ctypes.CDLL(None).prctl(3, 0, 0, 0, 0) if sys.platform == "linux" else 0
    seen.append((resource.getrlimit(resource.RLIMIT_CORE)[0], flag))
print(seen[0] != seen[1], seen[1])
"""
    limited = f"import resource; resource.setrlimit(resource.RLIMIT_CORE, (4096, 4096))\n{code}"
    done = subprocess.run(
        [sys.executable, "-c", limited], env=os.environ | ENVIRONMENT, capture_output=True, text=True, check=True
    )
    assert done.stdout == "True (0, 0)\n"
