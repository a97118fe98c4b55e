"""What a code means decides whether an order is looked up before anything else happens."""

from __future__ import annotations

import subprocess
import sys

import pytest
from rules import for_each

from bitget_cli.catalogue.envelope import SUCCESS, Meaning, code, codes, stream_code

MEANT = {
    Meaning.OK: SUCCESS,
    Meaning.AMBIGUOUS: """
        40010 40015 40200 40725 40808 40908 40910 45001 45023 50031 43002 43003 25000 25001 25002 25003 25004
    """,
    Meaning.EXISTS: "40786 43118 45034 50060 40708 25212",
    Meaning.CREDENTIALS: "40006 40009 40011 40012 40014 40018 40036 40037 40038 40099 25620",
    Meaning.CLOCK: "40004 40005 40008 40911",
    Meaning.RATE: "429",
    Meaning.NOT_FOUND: "22001 22002 40109 40768 43001 43004 25204 24056",
    Meaning.REFUSED: """
        40034 43012 45110 40762 40814 40774 12021 22030 40704 40101 30032 25202 25236 25612 95001 40084 40085 25245
    """,
}
MEANINGS = [(text, meaning) for meaning, texts in MEANT.items() for text in texts.split()]


@for_each(MEANINGS)
def test_a_code_has_its_meaning(listed: tuple[str, Meaning]) -> None:
    text, meaning = listed
    known = code(text)
    assert (known.code, known.meaning) == (text, meaning)


@pytest.mark.parametrize(
    "text", ["99999", "", "0", "1", "401", "x", "\uff14\uff10\uff10\uff10\uff16", "-1", "9" * 5000, "40006 "]
)
def test_a_code_on_no_list_is_unknown(text: str) -> None:
    assert code(text).meaning is Meaning.UNKNOWN
    assert code(text).code == text


def test_the_lists_are_whole() -> None:
    known = codes()
    assert len(known) == 1035
    assert len({entry.code for entry in known}) == 1035
    assert all(code(entry.code) is entry for entry in known)


def test_every_meaning_but_unknown_occurs() -> None:
    assert {entry.meaning for entry in codes()} == set(Meaning) - {Meaning.UNKNOWN}


def test_a_message_keeps_its_gaps_and_may_have_advice() -> None:
    known = code("40014")
    assert known.message == "Incorrect permissions, need {0} permissions"
    assert "permission" in known.advice


def test_a_message_with_a_comparison_in_it_is_whole() -> None:
    assert code("43013").message == "Take profit price needs> current price"
    assert code("22006").message == "limit price > risk price"


def test_a_unified_account_is_told_so() -> None:
    assert "unified" in code("40085").advice


def test_a_parameter_error_that_may_hide_an_accepted_order_keeps_its_advice() -> None:
    known = code("40808")
    assert known.meaning is Meaning.AMBIGUOUS
    assert "decimals" in known.advice


def test_the_advice_for_everyday_codes_is_there() -> None:
    assert sum(bool(entry.advice) for entry in codes()) > 264


@pytest.mark.parametrize("text", ["30001", "30002", "30003", "30004", "30005", "30006", "30007", "30011"])
def test_a_code_of_the_streams_is_known(text: str) -> None:
    assert stream_code(text).message
    assert stream_code(text).advice


def test_a_stream_code_is_not_taken_for_another() -> None:
    assert stream_code("40006").meaning is Meaning.UNKNOWN
    assert stream_code("30014").meaning is Meaning.CLOCK


def test_a_success_loads_no_table() -> None:
    asks = "from bitget_cli.catalogue import envelope; print(envelope._known.cache_info().currsize)"
    ran = subprocess.run([sys.executable, "-c", asks], capture_output=True, text=True, check=True)
    assert ran.stdout == "0\n"
