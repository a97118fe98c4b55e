"""A secret is never printed, whatever is done with it."""

from __future__ import annotations

import base64
import copy
import json
import pickle
from collections.abc import Callable
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bitget_cli.keys import Key, Redactor, Secret

TEXT = "s3cr3t+/value"


@pytest.mark.parametrize("shown", [repr, str, "{}".format, "{!r}".format, lambda secret: f"{secret:>20}"])
def test_no_way_of_printing_shows_a_secret(shown: Callable[[Secret], str]) -> None:
    secret = Secret(TEXT)
    key = Key(secret, secret, secret, source="here")
    assert TEXT not in shown(secret)
    assert TEXT not in repr(key)


@pytest.mark.parametrize("way", [pickle.dumps, copy.copy, copy.deepcopy, json.dumps])
def test_a_secret_is_not_copied_out(way: Callable[[Secret], object]) -> None:
    with pytest.raises(TypeError):
        way(Secret(TEXT))


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cs"]), min_size=6, max_size=40))
def test_the_redactor_knows_each_form_a_secret_takes(text: str) -> None:
    redact = Redactor(Secret(text))
    raw = text.encode()
    for form in (text, base64.b64encode(raw).decode(), raw.hex(), quote(text, safe="")):
        assert form not in redact(f"<{form}>") or form in "<***>"


def test_one_line_of_a_private_key_is_a_secret_too() -> None:
    pem = "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0B\nAQEFAASCBKcwggSjAgEAAoIB\n-----END PRIVATE KEY-----\n"
    assert Key(Secret("k"), Secret(pem), Secret("p"), source="here").is_rsa
    assert "MIIEvQIBADANBgkqhkiG9w0B" not in Redactor(Secret(pem))("see MIIEvQIBADANBgkqhkiG9w0B here")
