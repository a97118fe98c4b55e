"""The envelope: what is taken for one, and everything that is not."""

from __future__ import annotations

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rules import law

from bitget_cli.client.rest.response import MalformedError, parse_envelope
from bitget_cli.values import WireNumber

MALFORMED = {
    "an empty body": b"",
    "blanks": b" \n",
    "null": b"null",
    "an array": b"[]",
    "a string": b'"00000"',
    "no code": b'{"data":1}',
    "a null code": b'{"code":null}',
    "a code that is true": b'{"code":true}',
    "an empty code": b'{"code":""}',
    "NaN": b'{"code":"00000","data":NaN}',
    "Infinity": b'{"code":"00000","data":-Infinity}',
    "1e400": b'{"code":"00000","data":1e400}',
    "5000 digits": b'{"code":"00000","data":' + b"9" * 5000 + b"}",
    "deep nesting": b'{"code":"00000","data":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "a name twice": b'{"code":"00000","code":"40009"}',
    "a byte order mark": b'\xef\xbb\xbf{"code":"00000"}',
    "UTF-16": '{"code":"00000"}'.encode("utf-16"),
    "Latin-1": '{"code":"00000","msg":"é"}'.encode("latin-1"),
    "a lone surrogate": b'{"code":"00000","data":"\\ud800"}',
    "half of it": b'{"code":"00000","data":[1,',
    "more after it": b'{"code":"00000"}{"code":"00000"}',
    "a web page": b"<html><body>Sign in</body></html>",
    "a control character": b'{"code":"00000","msg":"\x01"}',
}


@pytest.mark.parametrize("body", MALFORMED.values(), ids=MALFORMED.keys())
def test_whatever_is_no_envelope_is_malformed(body: bytes) -> None:
    with pytest.raises(MalformedError):
        parse_envelope(body)


def test_numbers_keep_the_text_the_exchange_sent() -> None:
    envelope = parse_envelope(b'{"code":"00000","requestTime":1767225600123,"data":[[87012.10,1E-7,-0]]}')
    assert envelope.data == [["87012.10", "1E-7", "-0"]]
    assert all(isinstance(number, WireNumber) for number in envelope.data[0])
    assert envelope.requested_at == "1767225600123"


@pytest.mark.parametrize("body", [b'{"code":"1","msg":"no"}', b'{"code":"1","message":"no"}'])
def test_the_message_is_read_under_either_name(body: bytes) -> None:
    assert parse_envelope(body).msg == "no"


def test_a_numeric_code_is_a_code_but_never_success() -> None:
    assert parse_envelope(b'{"code":0}').code == "0"


def test_a_whole_emoji_is_no_lone_surrogate() -> None:
    assert parse_envelope(b'{"code":"00000","data":"\\ud83d\\ude00"}').data == "\N{GRINNING FACE}"


@given(st.binary(max_size=60))
def test_no_bytes_raise_anything_else(body: bytes) -> None:
    with contextlib.suppress(MalformedError):
        parse_envelope(body)


@law(
    few=40,
    many=1000,
    data=st.recursive(
        st.none() | st.booleans() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
    ),
)
def test_data_comes_through_unchanged(data: object) -> None:
    assert parse_envelope(json.dumps({"code": "00000", "data": data}).encode()).data == data
