"""Order books kept from pushes: what is merged, what is decided, and that a book known wrong is never shown."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import strategies as st
from rules import law

from bitget_cli.client.ws.order_book import BookSide, BookUpdate, OrderBook

ASKS, BIDS = "100.5:1.5 101.0:3.0", "100.0:1.0 99.5:2.0"


def levels(text: str) -> list[list[str]]:
    """`100.5:1.5 101:3` as the exchange would send it."""
    return [level.split(":") for level in text.split()]


def data(asks: str, bids: str, **more: Any) -> dict[str, Any]:
    named = {name: value for name, value in more.items() if value is not None}
    return {"asks": levels(asks), "bids": levels(bids), "ts": "1790000000000", **named}


def shown(side: BookSide) -> str:
    return " ".join(":".join(level) for level in side.top(len(side)))


def live(**more: Any) -> OrderBook:
    book = OrderBook()
    assert book.apply(data(ASKS, BIDS, **({"seq": 1000, "pseq": 0} | more)), snapshot=True) is BookUpdate.SNAPSHOT
    return book


# What is pushed (seq, pseq, asks, bids; the first a snapshot unless said) → what is decided, and the last seq, asks
# and bids of the book. Every case starts from 1000 with the book above, but where the first step says otherwise.
FIRST = (1000, 0, ASKS, BIDS, "SNAPSHOT", 1000, ASKS, BIDS)
SECOND = (1005, 1000, "", "99.8:0.7", "APPLIED", 1005, ASKS, "100.0:1.0 99.8:0.7 99.5:2.0")
HUGE = 1362544013847396353
SEQUENCES: dict[str, list[Any]] = {
    "an unbroken chain": [
        FIRST,
        SECOND,
        (1006, 1005, "100.5:0", "99.5:2.5", "APPLIED", 1006, "101.0:3.0", "100.0:1.0 99.8:0.7 99.5:2.5"),
        # Deleted by a zero spelt otherwise, and a price that is not there.
        (1010, 1006, "150.0:0", "99.8:0.000", "APPLIED", 1010, "101.0:3.0", "100.0:1.0 99.5:2.5"),
    ],
    "a gap, then a snapshot": [
        FIRST,
        SECOND,
        (1012, 1009, "", "99.9:0.1", "BROKEN", 1005, *SECOND[-2:]),
        (1015, 1012, "", "99.7:0.1", "WAITING", 1005, *SECOND[-2:]),
        (1020, 0, "100.2:4", "99.9:0.1", "SNAPSHOT", 1020, "100.2:4", "99.9:0.1"),
        (1021, 1020, "100.2:5", "", "APPLIED", 1021, "100.2:5", "99.9:0.1"),
    ],
    "repeated and older changes": [
        FIRST,
        SECOND,
        (1005, 1000, "", "99.8:0.7", "OLD", 1005, *SECOND[-2:]),
        (1003, 1000, "", "99.8:9", "OLD", 1005, *SECOND[-2:]),
        (1006, 1005, "", "99.8:0.8", "APPLIED", 1006, ASKS, "100.0:1.0 99.8:0.8 99.5:2.0"),
    ],
    "numbering that restarts": [
        FIRST,
        (7, 0, "", "99.8:0.7", "RESTARTED", 1000, ASKS, BIDS),
        (9, 0, ASKS, BIDS, "SNAPSHOT", 9, ASKS, BIDS),
        (12, 9, "", "99.8:0.7", "APPLIED", 12, *SECOND[-2:]),
    ],
    "a change before any snapshot": [
        (1005, 1000, "", "99.8:0.7", "WAITING", None, "", ""),
        (1006, 0, ASKS, BIDS, "SNAPSHOT", 1006, ASKS, BIDS),
        (1007, 1006, "", "99.8:0.7", "APPLIED", 1007, *SECOND[-2:]),
    ],
    "a second snapshot empties the first": [
        FIRST,
        (1003, 0, "90.5:1", "90.0:1", "SNAPSHOT", 1003, "90.5:1", "90.0:1"),
        (1004, 1003, "", "90.0:0 89.5:4", "APPLIED", 1004, "90.5:1", "89.5:4"),
    ],
    "numbers that doubles cannot tell apart": [
        (HUGE, 0, ASKS, BIDS, "SNAPSHOT", HUGE, ASKS, BIDS),
        (HUGE + 2, HUGE - 1, "", "99.8:0.7", "BROKEN", HUGE, ASKS, BIDS),
    ],
    "numbers as text": [
        ("1000", "0", ASKS, BIDS, "SNAPSHOT", 1000, ASKS, BIDS),
        ("1005", "1000", "", "99.8:0.7", "APPLIED", 1005, *SECOND[-2:]),
    ],
    "no numbers at all": [
        (None, None, ASKS, BIDS, "SNAPSHOT", None, ASKS, BIDS),
        (None, None, "", "99.8:0.7", "APPLIED", None, *SECOND[-2:]),
        (None, None, "", "100.7:0.7", "CROSSED", None, ASKS, "100.7:0.7 100.0:1.0 99.8:0.7 99.5:2.0"),
    ],
    "crossed although chained": [
        FIRST,
        (1005, 1000, "", "100.5:0.7", "CROSSED", 1005, ASKS, "100.5:0.7 100.0:1.0 99.5:2.0"),
    ],
    "prices sorted as numbers": [
        (1, 0, "10:1 9.5:1 100:1", "9.25:1 9:1", "SNAPSHOT", 1, "9.5:1 10:1 100:1", "9.25:1 9:1"),
    ],
    "one price in several spellings": [
        FIRST,
        (1001, 1000, "100.50:7", "", "APPLIED", 1001, "100.50:7 101.0:3.0", BIDS),
        (1002, 1001, "100.500:0", "", "APPLIED", 1002, "101.0:3.0", BIDS),
    ],
    "zeros as Java writes them": [
        FIRST,
        (1001, 1000, "100.5:0E-8", "1E-7:0.00000001", "APPLIED", 1001, "101.0:3.0", f"{BIDS} 1E-7:0.00000001"),
        (1002, 1001, "101.0:00", "1E-7:0.05", "APPLIED", 1002, "", f"{BIDS} 1E-7:0.05"),
    ],
}


@pytest.mark.parametrize("name", SEQUENCES)
def test_a_book_follows_the_rule_of_the_sequence(name: str) -> None:
    book = OrderBook()
    for seq, before, asks, bids, verdict, last, asks_after, bids_after in SEQUENCES[name]:
        decided = book.apply(data(asks, bids, seq=seq, pseq=before), snapshot=verdict == "SNAPSHOT")
        assert decided is BookUpdate[verdict]
        assert (book.seq, shown(book.asks), shown(book.bids)) == (last, asks_after, bids_after)
        assert book.is_live is (verdict in ("SNAPSHOT", "APPLIED", "OLD"))


def test_a_change_without_numbers_leaves_the_book_unverified_until_the_next_snapshot() -> None:
    book = live()
    assert book.top(1)["checked"] == "verified"
    book.apply(data("", "99.8:1"), snapshot=False)
    book.apply(data("", "99.7:1", seq=9, pseq=8), snapshot=False)
    assert book.is_live
    assert book.top(1)["checked"] == "unverified"
    assert book.apply(data("", "", seq=12, pseq=10), snapshot=False) is BookUpdate.BROKEN


def test_a_top_has_the_best_levels_as_they_were_written() -> None:
    assert live().top(1) == {
        "asks": [["100.5", "1.5"]],
        "bids": [["100.0", "1.0"]],
        "seq": 1000,
        "ts": "1790000000000",
        "checked": "verified",
    }


@pytest.mark.parametrize(
    ("verdict", "reason"),
    [("BROKEN", "seq"), ("RESTARTED", "seq"), ("MISMATCH", "checksum"), ("CROSSED", "crossed"), ("APPLIED", "")],
)
def test_a_verdict_against_the_book_names_the_reason_of_the_gap(verdict: str, reason: str) -> None:
    assert BookUpdate[verdict].reason == reason


@pytest.mark.parametrize(
    "frame",
    [
        {},
        {"asks": [], "seq": 1001, "pseq": 1000},
        data("nan:1", "", seq=1001, pseq=1000),
        data("-5:1", "", seq=1001, pseq=1000),
        data("١٢:1", "", seq=1001, pseq=1000),
        data("102:x", "", seq=1001, pseq=1000),
        data("102:-1", "", seq=1001, pseq=1000),
        data("102:", "", seq=1001, pseq=1000),
        {"asks": [["102"]], "bids": [], "seq": 1001, "pseq": 1000},
        {"asks": [[102, "1"]], "bids": [], "seq": 1001, "pseq": 1000},
        {"asks": [["102", 1]], "bids": [], "seq": 1001, "pseq": 1000},
        {"asks": [[["102"], "1"]], "bids": [], "seq": 1001, "pseq": 1000},
        {"asks": 5, "bids": [], "seq": 1001, "pseq": 1000},
        {"asks": [None], "bids": [], "seq": 1001, "pseq": 1000},
        {"asks": [], "bids": [], "seq": "many", "pseq": 1000},
        {"asks": [], "bids": [], "seq": 1001.5, "pseq": 1000},
    ],
    ids=repr,
)
def test_a_push_that_cannot_be_read_ends_the_belief_in_the_book(frame: dict[str, Any]) -> None:
    book = live()
    assert book.apply(frame, snapshot=False) is BookUpdate.UNREADABLE
    assert not book.is_live


def test_a_side_does_not_grow_for_ever() -> None:
    book = live()
    asks = [[f"{200 + step}", "1"] for step in range(20_000)]
    assert book.apply({"asks": asks, "bids": [], "seq": 1001, "pseq": 1000}, snapshot=False) is BookUpdate.UNREADABLE


def test_places_of_levels_that_went_are_given_up() -> None:
    side = BookSide(falling=False)
    for price in range(3, 5_000):
        side.merge([[str(price), "1"], [str(price - 3), "0"]])
    assert shown(side) == "4997:1 4998:1 4999:1"
    assert side.best == 4997 * 10**50
    side.merge([["12", "3"], ["4997", "2"]])
    assert shown(side) == "12:3 4997:2 4998:1 4999:1"


# Checksums: bids, asks and the CRC-32 of both, made with zlib and confirmed with a client of another author.
THIRTY_BIDS = " ".join(f"{50000 - Decimal(i) / 2:.1f}:{Decimal('0.125') * (i % 7 + 1)}" for i in range(30))
THIRTY_ASKS = " ".join(f"{50000 + Decimal(i + 1) / 2:.1f}:{Decimal('0.250') * (i % 5 + 1)}" for i in range(30))
CHECKSUMS: dict[str, tuple[str, str, int]] = {
    "two levels a side": ("43231.1:4 43231:6", "43232.8:9 43232.9:8", -1504501796),
    "one bid": ("3366.1:7", "3366.8:9 3368:8 3372:8", 831078360),
    "zeros at the end kept": ("27000.0:2.710 26999.5:1.460", "27000.5:8.760 27001.0:0.400", -1751492126),
    "no bids": ("", "0.01039:4499.23 0.0104:116536.86", -2023130353),
    "a positive one": ("1.5:10", "1.6:20", 874583066),
    "thirty levels, of which 25 count": (THIRTY_BIDS, THIRTY_ASKS, 368724347),
    "nothing": ("", "", 0),
}


@pytest.mark.parametrize("name", CHECKSUMS)
def test_a_checksum_is_made_of_the_texts_as_pushed(name: str) -> None:
    bids, asks, checksum = CHECKSUMS[name]
    book = OrderBook()
    book.apply(data(asks, bids), snapshot=True)
    assert book.checksum() == checksum
    assert book.apply(data("", "", checksum=checksum), snapshot=False) is BookUpdate.APPLIED
    if checksum:
        assert book.apply(data("", "", checksum=checksum ^ 1), snapshot=False) is BookUpdate.MISMATCH


def test_a_checksum_is_followed_through_changes() -> None:
    book = OrderBook()
    bids = " ".join(f"{100 - i}.00:{i + 1}.10" for i in range(27))
    asks = " ".join(f"{101 + i}.00:{i + 1}.20" for i in range(27))
    book.apply(data(asks, bids, checksum=0), snapshot=True)
    assert book.checksum() == 756750996
    for bids, asks, checksum in [
        ("100.00:0", "", -157215109),
        ("99.50:3.3300", "101.00:0.0 101.50:7.000", 1089880536),
        ("99.00:9.990", "126.00:0.000", -1389179095),
        ("", "", -1389179095),
        ("55.00:0", "999.00:1", -1389179095),
    ]:
        assert book.apply(data(asks, bids, checksum=checksum), snapshot=False) is BookUpdate.APPLIED
    assert (len(book.bids), len(book.asks)) == (27, 27)


@pytest.mark.parametrize("checksum", [0, None, "123", 1.5, True])
def test_a_checksum_counts_only_where_one_is_sent(checksum: Any) -> None:
    assert live().apply(data("", "", seq=1001, pseq=1000, checksum=checksum), snapshot=False) is BookUpdate.APPLIED


def test_a_snapshots_checksum_is_not_looked_at() -> None:
    live(checksum=12345)


# The law: after any stream of changes the book is what sorting everything afresh would give.

PRICES = st.decimals(min_value="0.01", max_value="20", places=2, allow_nan=False)
SPELT = st.tuples(PRICES, st.integers(0, 2)).map(lambda price: f"{price[0]}{'0' * price[1]}")
SIZES = st.sampled_from(["0", "0.00", "0E-8", "1", "0.5", "12.50"])
CHANGES = st.lists(st.tuples(SPELT, SIZES), max_size=12)


class Model:
    """A book as the documentation describes it: everything is sorted each time."""

    def __init__(self) -> None:
        self.sides: dict[str, dict[Decimal, list[str]]] = {"asks": {}, "bids": {}}

    def apply(self, sides: dict[str, Any], *, snapshot: bool) -> None:
        for name, side in self.sides.items():
            if snapshot:
                side.clear()
            for price, size in sides[name]:
                if Decimal(size) == 0:
                    side.pop(Decimal(price), None)
                else:
                    side[Decimal(price)] = [price, size]

    def side(self, name: str) -> list[list[str]]:
        return [self.sides[name][key] for key in sorted(self.sides[name], reverse=name == "bids")]

    def is_crossed(self) -> bool:
        asks, bids = self.sides["asks"], self.sides["bids"]
        return bool(asks and bids) and max(bids) >= min(asks)


@law(few=40, many=1000, pushes=st.lists(st.tuples(CHANGES, CHANGES, st.integers(0, 9)), max_size=25))
def test_a_book_is_what_sorting_everything_would_give_and_never_crossed_while_live(
    pushes: list[tuple[list[tuple[str, str]], list[tuple[str, str]], int]],
) -> None:
    book, model = OrderBook(), Model()
    for seq, (asks, bids, kind) in enumerate(pushes, start=1):
        snapshot = kind == 0 or not book.is_live
        sides = {"asks": [list(level) for level in asks], "bids": [list(level) for level in bids]}
        verdict = book.apply({**sides, "seq": seq, "pseq": 0 if snapshot else seq - 1}, snapshot=snapshot)
        if verdict is BookUpdate.RESTARTED:
            continue
        model.apply(sides, snapshot=snapshot)
        assert book.asks.top(99) == model.side("asks")
        assert book.bids.top(99) == model.side("bids")
        assert book.is_live is not model.is_crossed()


@pytest.mark.parametrize(
    ("change", "verdict"),
    [
        ({"seq": 501, "pseq": 500, "ts": "1790000000100"}, "RESTARTED"),
        ({"seq": 1000, "pseq": 999, "ts": "1790000000001"}, "RESTARTED"),
        ({"seq": 501, "pseq": 1000}, "RESTARTED"),
        ({"seq": 501, "pseq": 1000, "ts": None}, "RESTARTED"),
        # A repetition has the time it had.
        ({"seq": 1000, "pseq": 999}, "OLD"),
        ({"seq": 990, "pseq": 980, "ts": "1789999999000"}, "OLD"),
        ({"seq": 990, "pseq": 980, "ts": "soon"}, "OLD"),
    ],
)
def test_numbers_that_begin_anew_lower_are_no_repetition(change: dict[str, Any], verdict: str) -> None:
    book = live()
    assert book.apply(data("", "99.8:0.7", **change), snapshot=False) is BookUpdate[verdict]
    assert book.is_live is (verdict == "OLD")


def test_a_change_that_changes_nothing_may_have_any_number() -> None:
    book = live()
    assert book.apply(data("", "", seq=1000, pseq=1000, ts="1790000000100"), snapshot=False) is BookUpdate.OLD
    assert book.apply(data("", "99.8:0.7", seq=1001, pseq=1000), snapshot=False) is BookUpdate.APPLIED
