"""What the SDK raises, what it says and to whom, and several threads on one of it."""

from __future__ import annotations

import logging
import pickle
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from doubles import Bitget as Typist
from doubles import envelope
from sdk_door import Opener

from bitget_cli import (
    Bitget,
    BitgetAPIError,
    BitgetGuardError,
    BitgetRateLimitError,
    BitgetRejectedError,
    BitgetUnknownOutcomeError,
)

Answering = Callable[[httpx.Request], httpx.Response]


def raising(error: type[httpx.RequestError]) -> Answering:
    def answer(request: httpx.Request) -> httpx.Response:
        raise error("what httpx says", request=request)

    return answer


def answering(response: httpx.Response) -> Answering:
    return lambda _: httpx.Response(response.status_code, content=response.content)


BUSY = httpx.Response(503, text="<html>upstream</html>")
# What happens to every request, and what a reader of prices meets.
READS: dict[str, tuple[Answering, type[Exception]]] = {
    "refused connection": (raising(httpx.ConnectError), httpx.ConnectError),
    "no answer": (raising(httpx.ReadTimeout), httpx.ReadTimeout),
    "trouble": (answering(BUSY), httpx.HTTPStatusError),
    "a captive portal": (answering(httpx.Response(200, text="<html>sign in</html>")), httpx.RemoteProtocolError),
    "no JSON": (answering(httpx.Response(200, text="{")), httpx.RemoteProtocolError),
    "a redirect": (answering(httpx.Response(302)), httpx.RemoteProtocolError),
    "a refusal": (answering(envelope(None, code="40034", msg="no such symbol", status=400)), BitgetRejectedError),
    "too many": (answering(envelope(None, code="429", msg="slower", status=429)), BitgetRateLimitError),
    "a wrong key": (answering(envelope(None, code="40006", msg="Invalid ACCESS_KEY", status=400)), BitgetGuardError),
}


@pytest.mark.parametrize(("answer", "error"), READS.values(), ids=READS)
def test_a_read_that_fails_says_what_it_met(answer: Answering, error: type[Exception], either: Opener) -> None:
    with pytest.raises(error) as met:
        either.live(answer).futures_positions()
    assert "secret" not in repr(vars(met.value))
    assert str(met.value)
    assert isinstance(met.value, httpx.HTTPError) != isinstance(met.value, BitgetAPIError)


def test_a_network_failure_says_it_in_one_sentence_and_holds_nothing_that_signs(either: Opener) -> None:
    path = {"classic": "/api/v2/mix/position/all-position", "unified": "/api/v3/position/current-position"}[either.kind]
    for answer in (raising(httpx.ConnectError), answering(BUSY)):
        with pytest.raises(httpx.HTTPError, match=r"api\.bitget\.com") as met:
            either.live(answer).futures_positions()
        assert met.value.request.url.path == path
        assert not [name for name in met.value.request.headers if name.startswith("access")]
    assert isinstance(met.value, httpx.HTTPStatusError)
    assert (met.value.response.status_code, met.value.response.text) == (503, "<html>upstream</html>")


def place(bitget: Bitget) -> Any:
    return bitget.futures_place_order("BTCUSDT", "buy", "0.01")


def test_a_refused_order_has_bitgets_code_and_words(either: Opener) -> None:
    code, path = {
        "classic": ("40762", "/api/v2/mix/order/place-order"),
        "unified": ("25202", "/api/v3/trade/place-order"),
    }[either.kind]
    refusal = envelope(None, code=code, msg="The order amount exceeds the balance", status=400)
    table = either.table(answers={path.removeprefix("/api/v2/"): refusal})
    with pytest.raises(BitgetRejectedError) as refused:
        place(either.live(table))
    failure = refused.value
    assert failure.code == code
    assert "exceeds the balance" in failure.detail
    assert failure.context["endpoint"] == f"POST {path}"
    assert (failure.context["http_status"], failure.context["outcome"]) == (400, "rejected")
    assert str(pickle.loads(pickle.dumps(failure))) == str(failure)  # noqa: S301  # our own


def test_an_order_that_was_not_sent_is_a_network_failure(either: Opener) -> None:
    table = either.table()

    def answer(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            raise httpx.ConnectError("no way", request=request)
        return table(request)

    with pytest.raises(httpx.ConnectError):
        place(either.live(answer))


def test_an_order_that_may_have_been_placed_is_not(either: Opener) -> None:
    table, posts = either.table(), []

    def answer(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            posts.append(request)
            raise httpx.ReadTimeout("silence", request=request)
        if posts:
            raise httpx.ConnectError("no way", request=request)
        return table(request)

    bitget = either.live(answer)
    with pytest.raises(BitgetUnknownOutcomeError) as doubt:
        place(bitget)
    assert doubt.value.client_oid
    assert (doubt.value.code, doubt.value.context["outcome"]) == ("unknown", "unknown")
    assert f"order reconcile {doubt.value.client_oid}" in doubt.value.context["hint"]
    posts.clear()
    with pytest.raises(BitgetGuardError, match="unknown"):
        place(bitget)
    assert posts == []


RAW_ORDERS = {
    "classic": (
        "mix.order.place-order",
        {"productType": "USDT-FUTURES", "marginCoin": "USDT", "marginMode": "crossed", "size": "1"},
    ),
    "unified": ("v3.trade.place-order", {"category": "USDT-FUTURES", "marginMode": "crossed", "qty": "1"}),
}


def test_guards_hold(bitget: Typist, either: Opener) -> None:
    paper = either.paper()
    assert bitget("profile limit paper --max-notional 100 -y").status == 0
    with pytest.raises(BitgetGuardError, match="100") as capped:
        place(paper)
    assert (capped.value.code, capped.value.context["outcome"]) == ("declined", None)
    row, words = RAW_ORDERS[either.kind]
    with pytest.raises(BitgetGuardError, match="100"):
        paper.call(row, symbol="BTCUSDT", side="buy", orderType="market", **words)
    live = either.table()
    with pytest.raises(BitgetGuardError, match="%"):
        either.live(live).orders.place("BTCUSDT", "buy", "0.01", price=40000)
    assert live.changes == []
    either.live(live).orders.place("BTCUSDT", "buy", "0.01", price=40000, allow_far=True)
    assert len(live.changes) == 1


def test_what_only_the_other_kind_has_is_refused_with_what_to_call_instead(opened: Opener) -> None:
    opened.kind = "unified"
    with pytest.raises(BitgetRejectedError, match="unified account") as refused:
        opened.paper().call("spot.account.info")
    assert refused.value.code == "40085"
    assert "v3.account.info" in refused.value.context["hint"]


def test_a_profile_that_is_locked_meanwhile_only_reads_from_then_on(bitget: Typist, either: Opener) -> None:
    paper = either.paper()
    place(paper)
    assert bitget("profile lock paper").status == 0
    assert paper.futures_tickers()["data"]
    with pytest.raises(BitgetGuardError, match="locked"):
        place(paper)


@pytest.mark.usefixtures("home")
def test_an_unknown_profile_or_line_is_refused_at_once() -> None:
    with pytest.raises(BitgetGuardError, match="nowhere"):
        Bitget("nowhere")
    with pytest.raises(BitgetGuardError, match="SPAM"):
        Bitget(product_type="SPAM")


@pytest.mark.usefixtures("home")
def test_nothing_is_printed(capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture) -> None:
    with Bitget() as bitget, caplog.at_level(logging.INFO, logger="bitget"):
        place(bitget)
        bitget.futures_close_position("BTCUSDT")
    assert capsys.readouterr() == ("", "")
    assert [(record.name, record.levelname) for record in caplog.records] == [("bitget", "INFO")]
    assert "closing all of it" in caplog.text


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize("turns", [2, pytest.param(4, marks=pytest.mark.slow)])
def test_several_threads_share_one(turns: int) -> None:
    """Each of eight reads and orders again and again: no order twice, none lost."""
    with Bitget() as bitget, ThreadPoolExecutor(8) as pool:

        def work(number: int) -> list[str]:
            found = []
            for turn in range(turns):
                assert bitget.futures_tickers()["data"]
                side = "buy" if (number + turn) % 2 else "sell"
                found.append(bitget.futures_place_order("BTCUSDT", side, "0.001")["data"]["orderId"])
                bitget.futures_positions()
            return found

        placed = [order for some in pool.map(work, range(8)) for order in some]
        past = bitget.futures_orders_history(limit=100)["data"]["entrustedList"]
    assert len(placed) == 8 * turns
    assert Counter(placed) == Counter(row["orderId"] for row in past)


START = """
import sys
import bitget_cli
before = {name for name in sys.modules if name.startswith("bitget_cli")} | ({"typing", "httpx"} & set(sys.modules))
from bitget_cli import Bitget
Bitget()
print(sorted(before), sorted({"typer", "rich", "keyring", "bitget_cli.paper.engine.futures"} & set(sys.modules)))
"""


@pytest.mark.usefixtures("home")
def test_the_package_loads_nothing_and_the_sdk_no_command_line() -> None:
    done = subprocess.run([sys.executable, "-c", START], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("['bitget_cli'] []\n", "")


PROGRAM = '''
"""A program as somebody would write it."""

from decimal import Decimal

from bitget_cli import Bitget, BitgetAPIError, BitgetUnknownOutcomeError


def buy(bitget: Bitget, size: Decimal) -> str | None:
    try:
        answer = bitget.futures_place_order("BTCUSDT", "buy", size)
    except BitgetUnknownOutcomeError as doubt:
        return doubt.client_oid
    except BitgetAPIError as failure:
        print(failure.code, failure.detail, failure.context["hint"])
        return None
    order_id: str = answer["data"]["orderId"]
    return order_id


with Bitget(profile="paper") as bitget:
    buy(bitget, Decimal("0.01"))
    bitget.orders.place("BTC/USDT", "buy", quote=100, tp=90000.5)
    for bill in bitget.pages("mix.account.bill", productType="USDT-FUTURES", since="7d"):
        print(bill["amount"])
    with bitget.watch("ticker", "BTCUSDT", "ETHUSDT") as stream:
        for row in stream:
            print(row["lastPr"])
'''


@pytest.mark.slow
def test_a_users_program_passes_mypy_strict(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(PROGRAM)
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", str(program)], capture_output=True, text=True, check=False
    )
    assert done.stdout.startswith("Success"), done.stdout
