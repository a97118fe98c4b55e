"""A key as text: typed, and as a keyring item."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bitget_cli.config.credentials import Stored, key_from_text, key_of, stored_from_text, stored_text
from bitget_cli.errors import CredentialsError, UsageError

PEM = """\
-----BEGIN PRIVATE KEY-----
MIIBVgIBADANBgkqhkiG9w0BAQEFAASCAUAwggE8AgEA
AkEAq7BFUpkGp3+LQmlQ==
-----END PRIVATE KEY-----
"""
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
ITEM = {
    "v": 1,
    "key": "bg_key",
    "secret": "s3cret",
    "passphrase": "words",
    "env": "live",
    "account_kind": None,
    "created": "2026-03-02T12:00:00+00:00",
}

headers = st.from_regex(r"[!-~]([ -~]{0,30}[!-~])?", fullmatch=True)


def parts(text: str) -> tuple[str, str, str]:
    key = key_from_text(text)
    return key.id.reveal(), key.secret.reveal(), key.passphrase.reveal()


@pytest.mark.parametrize(
    "text", ["a\nb\nc", "a\nb\nc\n", "a\r\nb\r\nc\r\n", '{"key": "a", "secret": "b", "passphrase": "c"}\n']
)
def test_three_lines_or_one_object_are_a_key(text: str) -> None:
    assert parts(text) == ("a", "b", "c")


def test_a_private_key_comes_as_json() -> None:
    key = key_from_text(json.dumps({"key": "a", "secret": PEM, "passphrase": "c"}))
    assert key.is_rsa
    assert key.secret.reveal() == PEM


@pytest.mark.parametrize(
    "text",
    [
        *("", "a", "a\nb", "a\nb\nc\nd", PEM, "{", "{}", '{"key": "a"}'),
        '{"key": 1, "secret": "b", "passphrase": "c"}',
        '{"key": "a", "secret": "b", "passphrase": "c", "more": "d"}',
        '{"a":' * 100_000,
    ],
    ids=lambda text: text[:20],
)
def test_another_shape_is_a_usage_error_that_shows_the_right_one(text: str) -> None:
    with pytest.raises(UsageError) as error:
        key_from_text(text)
    assert "three lines" in (error.value.hint or "")


@pytest.mark.parametrize("text", ["\nb\nc", "a\n \nc", "a\nb\n\n", "a\nb \nc", "a\nb\n c", "a\u0130\nb\nc"])
def test_a_bad_part_is_a_credentials_error(text: str) -> None:
    with pytest.raises(CredentialsError):
        key_from_text(text)


@pytest.mark.parametrize(
    "secret",
    [
        PEM[:60],
        PEM.replace("PRIVATE", "PUBLIC"),
        PEM.replace("BEGIN PRIVATE", "BEGIN ENCRYPTED PRIVATE").replace("END PRIVATE", "END ENCRYPTED PRIVATE"),
        PEM.replace("\n", "\\n"),
        PEM + PEM,
    ],
)
def test_half_or_encrypted_private_keys_are_refused(secret: str) -> None:
    with pytest.raises(CredentialsError, match="unencrypted RSA private key") as error:
        key_of("a", secret, "c", source="typed")
    assert "MII" not in error.value.message


@given(headers, headers, headers, st.sampled_from(["live", "demo"]), st.sampled_from([None, "classic", "unified"]))
def test_what_is_stored_is_found_again(key: str, secret: str, passphrase: str, env: str, kind: str | None) -> None:
    if "-----BEGIN" in secret:
        return
    stored = Stored(key_of(key, secret, passphrase, source="typed"), env, kind, NOON)
    found = stored_from_text(stored_text(stored), profile="desk", source="keyring")
    assert (found.env, found.account_kind, found.created) == (env, kind, NOON)
    assert (found.key.id.reveal(), found.key.secret.reveal()) == (key, secret)
    assert found.key.passphrase.reveal() == passphrase


WORTHLESS: list[Any] = ["", None, 5, "\n", []]
DAMAGED: list[Any] = [
    "",
    "not json",
    "[]",
    "null",
    "{}",
    json.dumps(ITEM)[:-20],
    *({**ITEM, name: value} for name in ("key", "secret", "passphrase", "created") for value in WORTHLESS),
    *({name: value for name, value in ITEM.items() if name != gone} for gone in ITEM if gone != "account_kind"),
    {**ITEM, "env": 3},
    {**ITEM, "account_kind": "hybrid"},
    {**ITEM, "created": "yesterday"},
    {**ITEM, "v": 2},
    {**ITEM, "v": "1"},
    '{"v":' * 50_000,
]


@pytest.mark.parametrize("item", DAMAGED, ids=lambda item: str(item)[:60])
def test_a_damaged_item_is_to_be_added_again(item: Any) -> None:
    text = item if isinstance(item, str) else json.dumps(item)
    with pytest.raises(CredentialsError) as error:
        stored_from_text(text, profile="desk", source="keyring")
    assert "bitget profile add desk" in (error.value.hint or "")
    assert "s3cret" not in error.value.message


@given(
    st.text(max_size=100)
    | st.dictionaries(st.sampled_from(list(ITEM)), st.text() | st.integers() | st.none()).map(json.dumps)
)
def test_any_item_is_stored_keys_or_a_credentials_error(text: str) -> None:
    with suppress(CredentialsError):
        stored_from_text(text, profile="desk", source="keyring")
