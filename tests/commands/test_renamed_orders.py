"""An order that was changed has another id: every id a person was ever given finds the order that lives now."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from copy import copy
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from doubles import Bitget
from lived_in import copy_of, living_in, make
from paper_account import RICH_TYPED

from bitget_cli.journal import Draft, EntryState, Journal
from bitget_cli.trading.change import LookupKey
from bitget_cli.values import milliseconds

Typed = Callable[[str], Any]

MARKETS = {
    "futures": ("BTCUSDT", "usdt-futures", "0.01", "0.02", "0.03"),
    "spot": ("BTC/USDT", "spot", "0.01", "0.02", "0.03"),
    "coin-m": ("BTCUSD", "coin-futures", "0.01", "0.02", "0.03"),
}
PRICE = "60000"


BEGUN = (
    RICH_TYPED,
    "-p paper paper clock --set 2026-03-02T12:00",
    "-p paper account transfer USDT 20000 --from spot --to usdt-futures",
    "-p paper account transfer BTC 0.5 --from spot --to coin-futures",
)


class Kept(NamedTuple):
    """The folder of a person, and the order that was placed and changed there."""

    home: Path
    placed: Placed | None


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str | None], Kept]:
    """Somebody with money everywhere, and with an order in this market if one is named; each made once, and copied."""

    @cache
    def made(market: str | None) -> Kept:
        home = tmp_path_factory.mktemp("kept")
        if market is None:
            return Kept(make(home, *BEGUN), None)
        copy_of(made(None).home, home)
        with living_in(home) as typist:
            return Kept(home, Placed(typist, market))

    return made


@pytest.fixture
def paper(bitget: Bitget, home: Path, kept: Callable[[str | None], Kept]) -> Bitget:
    copy_of(kept(None).home, home)
    return bitget


Place = Callable[[str], "Placed"]


@pytest.fixture
def place(bitget: Bitget, home: Path, kept: Callable[[str | None], Kept]) -> Place:
    def copied(market: str) -> Placed:
        there, placed = kept(market)
        assert placed
        copy_of(there, home)
        mine = copy(placed)
        mine.paper = bitget
        return mine

    return copied


class Placed:
    """A resting order that was changed twice, and the ids a person was given on the way."""

    def __init__(self, paper: Bitget, market: str) -> None:
        name, self.product, *sizes = MARKETS[market]
        self.paper, self.market = paper, f"--symbol {name}"
        line = f"order buy {name} {sizes[0]} --price {PRICE} --product {self.product} --client-oid my-id --json"
        answers = [self.do(line)]
        self.told: list[str] = []
        for size in sizes[1:]:
            ran = paper(f"-p paper order modify my-id --size {size} --product {self.product} --json")
            assert ran.status == 0, ran.err
            self.told.append(ran.err)
            answers.append(ran.json)
        self.ids = [answer[name] for answer in answers for name in ("orderId", "clientOid")]
        self.last = answers[-1]
        self.size = sizes[-1]

    def do(self, line: str) -> Any:
        ran = self.paper(f"-p paper {line}")
        assert ran.status == 0, ran.err
        return ran.json

    def open(self) -> list[str]:
        return [row["orderId"] for row in self.do(f"order list --product {self.product} --json")]


@pytest.mark.parametrize("market", MARKETS)
@pytest.mark.parametrize("with_symbol", [False, True])
def test_every_id_shows_the_order_that_lives_now(place: Place, market: str, with_symbol: bool) -> None:
    placed = place(market)
    where = placed.market if with_symbol else ""
    assert len(set(placed.ids)) == 6
    for text in placed.ids:
        shown = placed.do(f"order show {text} {where} --product {placed.product} --json")
        assert shown["orderId"] == placed.last["orderId"]


@pytest.mark.parametrize("market", MARKETS)
@pytest.mark.parametrize(
    ("which", "with_symbol"),
    [
        *((0, False), (1, True), (2, True), (5, False)),
        *(pytest.param(*each, marks=pytest.mark.slow) for each in ((0, True), (1, False), (2, False), (5, True))),
    ],
)
def test_every_id_cancels_the_order_that_lives_now(place: Place, market: str, which: int, with_symbol: bool) -> None:
    placed = place(market)
    where = placed.market if with_symbol else ""
    answer = placed.do(f"order cancel {placed.ids[which]} {where} --product {placed.product} --json")
    assert (answer["outcome"], answer["orderId"]) == ("cancelled", placed.last["orderId"])
    assert placed.open() == []


@pytest.mark.parametrize("market", MARKETS)
@pytest.mark.parametrize("which", [0, 1, 3])
def test_every_id_changes_the_order_that_lives_now(place: Place, market: str, which: int) -> None:
    placed = place(market)
    answer = placed.do(f"order modify {placed.ids[which]} --price 59000 --product {placed.product} --json")
    assert placed.open() == [answer["orderId"]]
    (row,) = placed.do(f"order list --product {placed.product} --json")
    assert row["size"] == placed.size


@pytest.mark.parametrize("market", MARKETS)
def test_a_change_says_which_id_the_order_has_now(place: Place, market: str) -> None:
    placed = place(market)
    last = placed.last
    said = f"my-id is now order {last['orderId']}, client id {last['clientOid']}; my-id finds it too\n"
    assert placed.told[-1].endswith(said)


@pytest.mark.parametrize("market", MARKETS)
def test_where_the_order_has_ended_it_is_said_of_the_last_one(place: Place, market: str) -> None:
    placed = place(market)
    assert placed.do(f"order cancel-all --product {placed.product} --json")
    shown = placed.do(f"order show my-id --product {placed.product} --json")
    assert shown["orderId"] == placed.last["orderId"]
    ran = placed.paper(f"-p paper order modify my-id --size 0.01 --product {placed.product}")
    assert ran.status == 5
    assert "cancel" in ran.err


def test_several_ids_of_one_order_cancel_it_once(place: Place) -> None:
    placed = place("futures")
    ran = placed.paper(f"-p paper order cancel {' '.join(placed.ids)} --json")
    assert ran.status == 0, ran.err
    assert placed.open() == []


@pytest.mark.parametrize(("line", "product"), [("BTCUSDT 0.01", "usdt-futures"), ("BTC/USDT 0.01", "spot")])
def test_a_waiting_order_is_found_by_its_own_id_after_a_change(paper: Bitget, line: str, product: str) -> None:
    made = paper(f"-p paper plan buy {line} --trigger 60000 --price 60000 --client-oid waits --json")
    assert made.status == 0, made.err
    for trigger in ("59000", "58000"):
        ran = paper(f"-p paper plan modify waits --trigger {trigger} --price {trigger} --product {product} --json")
        assert ran.status == 0, ran.err
    for text in ("waits", made.json["orderId"]):
        found = paper(f"-p paper order show {text} --product {product} --json")
        assert found.json["triggerPrice"] == "58000"
    assert paper(f"-p paper plan cancel waits --product {product} --json").json["outcome"] == "cancelled"
    assert paper(f"-p paper plan list --product {product} --json").json == []


# How each book's order is given new terms on another machine, whose journal is another.
RAW = {
    "futures": "mix.order.modify-order symbol=BTCUSDT productType=USDT-FUTURES orderId={} newClientOid=raw "
    "newSize=0.02 newPrice=60000",
    "coin-m": "mix.order.modify-order symbol=BTCUSD productType=COIN-FUTURES orderId={} newClientOid=raw "
    "newSize=0.02 newPrice=60000",
    "spot": "spot.trade.cancel-replace-order symbol=BTCUSDT orderId={} price=60000 size=0.02",
}


class Elsewhere:
    """A resting order that was changed by other means."""

    def __init__(self, paper: Bitget, market: str) -> None:
        name, product, size, *_ = MARKETS[market]
        line = f"-p paper order buy {name} {size} --price {PRICE} --product {product} --client-oid my-id --json"
        self.paper, self.product, self.old = paper, product, paper(line).json["orderId"]
        self.where = f"--symbol {name} --product {product}"
        ours = Path(os.environ["XDG_STATE_HOME"]) / "bitget" / "journal"
        kept = ours.rename(ours.with_name("kept"))
        ran = paper(f"-p paper api {RAW[market].format(self.old)} -y --json")
        shutil.rmtree(ours, ignore_errors=True)
        kept.rename(ours)
        assert paper("-p paper paper clock --advance 10s").status == 0
        assert ran.status == 0, ran.err
        (self.new,) = self.open()
        assert self.new != self.old

    def open(self) -> list[str]:
        rows = self.paper(f"-p paper order list --product {self.product} --json").json
        return [row["orderId"] for row in rows]


@pytest.mark.parametrize("market", MARKETS)
@pytest.mark.parametrize("with_symbol", [False, True])
@pytest.mark.parametrize("by", ["my-id", "old"])
def test_what_was_changed_elsewhere_is_not_told_as_cancelled(
    paper: Bitget, market: str, with_symbol: bool, by: str
) -> None:
    order = Elsewhere(paper, market)
    text = order.old if by == "old" else by
    where = order.where if with_symbol else f"--product {order.product}"
    ran = paper(f"-p paper order cancel {text} {where} -y --json")
    assert (ran.status, ran.out) == (5, ""), ran.out
    assert (
        f"order {order.old} had been cancelled before, and at that moment order {order.new}" in ran.failure["message"]
    )
    assert order.open() == [order.new]
    named = ran.failure["hint"].rpartition("bitget ")[2]
    assert paper(f"-p paper {named} --product {order.product}").status == 0
    assert order.open() == []


@pytest.mark.parametrize("with_symbol", [False, True])
def test_of_several_only_the_one_that_was_changed_elsewhere_is_refused(paper: Bitget, with_symbol: bool) -> None:
    order = Elsewhere(paper, "futures")
    assert paper(f"-p paper order buy BTCUSDT 0.01 --price {PRICE} --client-oid other").status == 0
    ran = paper(f"-p paper order cancel my-id other {order.where if with_symbol else ''} -y --json")
    assert ran.status == 8, ran.err
    assert [row["outcome"] for row in ran.json] in (["cancelled", "rejected"], ["rejected", "cancelled"])
    assert order.open() == [order.new]


@pytest.mark.parametrize("market", MARKETS)
def test_what_was_cancelled_before_is_said_to_be_so(paper: Bitget, market: str) -> None:
    name, product, size, *_ = MARKETS[market]
    line = f"-p paper order buy {name} {size} --price {PRICE} --product {product} --client-oid"
    old = paper(f"{line} my-id --json").json["orderId"]
    assert paper(f"-p paper order cancel my-id --product {product}").status == 0
    # Our own next order is not what became of it.
    assert paper(f"{line} next").status == 0
    ran = paper(f"-p paper order cancel my-id --product {product} -y --json")
    assert (ran.status, ran.json["outcome"], ran.json["orderId"]) == (0, "cancelled", old)
    assert f"order {old} had been cancelled before; nothing was sent for it" in ran.err


@pytest.mark.parametrize("text", ["my-id", "old"])
@pytest.mark.parametrize("named", ["orderId", "clientOid"])
def test_a_change_that_was_written_down_under_one_of_its_names_is_followed_from_the_other(
    paper: Bitget, home: Path, text: str, named: str
) -> None:
    order = Elsewhere(paper, "futures")
    (path,) = (home / "state" / "bitget" / "journal").glob("*.sqlite3")
    journal = Journal(path)
    old = order.old if named == "orderId" else "my-id"
    trail = LookupKey(ids=("raw",), old=(old,)).to_text()
    draft = Draft("raw", "replace", "mix.order.modify-order", "BTCUSDT", "{}", "change an order", trail)
    (entry,) = journal.append([draft], now=milliseconds(paper.clock.now()))
    journal.settle(entry, EntryState.PLACED, now=milliseconds(paper.clock.now()), order_id=order.new, answer=None)
    journal.close()
    typed = order.old if text == "old" else text
    ran = paper(f"-p paper order cancel {typed} -y --json")
    assert (ran.status, ran.json["orderId"]) == (0, order.new), ran.err
    assert order.open() == []
