"""Which proxy the environment means."""

from __future__ import annotations

import pytest

from bitget_cli.client.http.network import proxy_for
from bitget_cli.errors import ConfigError

HOST = "api.bitget.com"


@pytest.mark.parametrize(
    ("environ", "host", "shown"),
    [
        ({}, HOST, None),
        ({"HTTPS_PROXY": "http://proxy:3128"}, HOST, "http://proxy:3128"),
        ({"https_proxy": "http://lower:1", "HTTPS_PROXY": "http://upper:1"}, HOST, "http://lower:1"),
        ({"ALL_PROXY": "http://all:1"}, HOST, "http://all:1"),
        ({"HTTP_PROXY": "http://plain:1"}, HOST, None),
        ({"HTTPS_PROXY": "proxy:3128"}, HOST, "http://proxy:3128"),
        ({"HTTPS_PROXY": "http://user:pass%40word@proxy:1"}, HOST, "http://proxy:1"),
        ({"HTTPS_PROXY": ""}, HOST, None),
        ({"HTTPS_PROXY": "http://p:1"}, "localhost", None),
        ({"HTTPS_PROXY": "http://p:1"}, "127.0.0.1", None),
        ({"HTTPS_PROXY": "http://p:1"}, "::1", None),
        ({"HTTPS_PROXY": "http://p:1", "NO_PROXY": "*"}, HOST, None),
        ({"HTTPS_PROXY": "http://p:1", "no_proxy": "x.test, bitget.com"}, HOST, None),
        ({"HTTPS_PROXY": "http://p:1", "NO_PROXY": ".bitget.com"}, HOST, None),
        ({"HTTPS_PROXY": "http://p:1", "NO_PROXY": "api.bitget.com:443"}, HOST, None),
        ({"HTTPS_PROXY": "http://p:1", "NO_PROXY": "api.bitget.com:8443"}, HOST, "http://p:1"),
        ({"HTTPS_PROXY": "http://p:1", "NO_PROXY": "get.com"}, HOST, "http://p:1"),
    ],
)
def test_the_environment_decides(environ: dict[str, str], host: str, shown: str | None) -> None:
    proxy = proxy_for("https", host, 443, environ=environ)
    assert (proxy.address if proxy else None) == shown


def test_a_login_is_decoded_and_kept_out_of_what_is_shown() -> None:
    proxy = proxy_for("https", HOST, 443, environ={"HTTPS_PROXY": "http://user:pass%40word@proxy:1"})
    assert proxy is not None
    assert proxy.login == ("user", "pass@word")
    assert "pass" not in proxy.address


@pytest.mark.parametrize(
    "url",
    [
        "socks5://user:hunter2@proxy:1080",
        "https://user:hunter2@proxy:443",
        "http://user:hunter2@proxy:port",
        "http://user:hunter2@",
        "http://user:hunter2@[::1",
        "http://user:hunter2@pro xy:1",
    ],
)
def test_what_is_no_http_proxy_is_named_by_its_variable_alone(url: str) -> None:
    with pytest.raises(ConfigError) as caught:
        proxy_for("https", HOST, 443, environ={"ALL_PROXY": url})
    assert "ALL_PROXY" in caught.value.message
    assert "hunter2" not in str(caught.value.record())
