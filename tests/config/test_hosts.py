"""Which addresses may be spoken to."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bitget_cli.config.hosts import is_loopback, rest_address, stream_address
from bitget_cli.errors import ConfigError

REST_ALLOWED = {
    "https://api.bitget.com": "https://api.bitget.com",
    "https://api.bitget.com/": "https://api.bitget.com",
    "HTTPS://API.BITGET.COM": "https://api.bitget.com",
    "https://vip-api.bitget.com:443": "https://vip-api.bitget.com:443",
    "http://127.0.0.1:8080": "http://127.0.0.1:8080",
    "http://127.9.8.7": "http://127.9.8.7",
    "https://localhost:1": "https://localhost:1",
    "http://[::1]:8080/": "http://[::1]:8080",
}

REST_REFUSED = [
    "",
    " ",
    "api.bitget.com",
    "http://api.bitget.com",
    "https://api.bitget.com:8443",
    "https://ws.bitget.com",
    "https://api.bitget.com.evil.example",
    "https://api.bitget.com.",
    "https://evil.example",
    "https://evil.example/api.bitget.com",
    "https://api.bitget.com@evil.example",
    "https://user:password@api.bitget.com",
    "http://user@127.0.0.1:8080",
    "https://api.bitget.com/v2",
    "https://api.bitget.com?x=1",
    "https://api.bitget.com#x",
    "https://api.bitget.com\\@evil.example",
    "https://api.bitget.com\n.evil.example",
    " https://api.bitget.com",
    "https://api.bitget.com\n",
    "https://\u0430pi.bitget.com",
    "https://api%2Ebitget.com",
    "http://10.0.0.1:8080",
    "http://0.0.0.0:8080",
    "http://127.1:8080",
    "http://127.0.0.1.evil.example",
    "http://2130706433",
    "http://0177.0.0.1",
    "http://[::ffff:127.0.0.1]",
    "http://[::2]",
    "http://localhost.evil.example",
    "http://127.0.0.1:0",
    "http://127.0.0.1:99999",
    "ftp://127.0.0.1",
    "ws://127.0.0.1:8080",
    "file:///etc/passwd",
]


def test_unset_is_no_address() -> None:
    assert rest_address({}) is None
    assert stream_address({"BITGET_API_BASE_URL": "http://127.0.0.1:1"}) is None


@pytest.mark.parametrize(("text", "address"), REST_ALLOWED.items())
def test_bitget_and_this_machine_are_allowed(text: str, address: str) -> None:
    assert rest_address({"BITGET_API_BASE_URL": text}) == address


@pytest.mark.parametrize("text", REST_REFUSED)
def test_every_other_address_is_refused(text: str) -> None:
    with pytest.raises(ConfigError) as error:
        rest_address({"BITGET_API_BASE_URL": text})
    assert "BITGET_API_BASE_URL" in error.value.message
    assert "password" not in error.value.message


@pytest.mark.parametrize(
    "text", ["wss://ws.bitget.com", "wss://wspap.bitget.com", "wss://vip-ws.bitget.com", "ws://127.0.0.1:9"]
)
def test_streams_have_hosts_of_their_own(text: str) -> None:
    assert stream_address({"BITGET_WS_BASE_URL": text}) == text


@pytest.mark.parametrize(
    "text", ["wss://api.bitget.com", "ws://ws.bitget.com", "https://ws.bitget.com", "ws://10.0.0.1"]
)
def test_other_streams_are_refused(text: str) -> None:
    with pytest.raises(ConfigError):
        stream_address({"BITGET_WS_BASE_URL": text})


@given(st.text(max_size=40), st.sampled_from(["", "https://", "http://", "https://api.bitget.com", "http://127.0.0.1"]))
def test_nothing_but_bitget_and_loopback_ever_passes(tail: str, head: str) -> None:
    try:
        address = rest_address({"BITGET_API_BASE_URL": head + tail})
    except ConfigError:
        return
    assert address is not None
    host = address.split("://")[1].rsplit(":", 1)[0] if "]" not in address else "::1"
    assert host in ("api.bitget.com", "vip-api.bitget.com") or is_loopback(host)
