"""Which hosts may be spoken to: Bitget's own, or this machine."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bitget_cli.errors import ConfigError

REST_HOSTS = ("api.bitget.com", "vip-api.bitget.com")
STREAM_HOSTS = ("ws.bitget.com", "wspap.bitget.com", "vip-ws.bitget.com")

# Scheme, host, port and nothing else. Everything clever (userinfo, escapes, backslashes, other alphabets) has no place.
_ADDRESS = re.compile(r"([a-z]+)://(\[[0-9a-f:]+\]|[a-z0-9.-]+)(?::([0-9]{1,5}))?/?", re.ASCII | re.IGNORECASE)


def rest_address(environ: Mapping[str, str]) -> str | None:
    """BITGET_API_BASE_URL without its last slash: https to Bitget's hosts, http or https to loopback; None when unset.

    Raises ConfigError for any other host or scheme, and for userinfo, a path, a query or an empty value.
    """
    return _address(environ, "BITGET_API_BASE_URL", secure="https", plain="http", hosts=REST_HOSTS)


def stream_address(environ: Mapping[str, str]) -> str | None:
    """BITGET_WS_BASE_URL without its last slash: wss to Bitget's hosts, ws or wss to loopback; None when unset.

    Raises ConfigError as `rest_address` does.
    """
    return _address(environ, "BITGET_WS_BASE_URL", secure="wss", plain="ws", hosts=STREAM_HOSTS)


def is_loopback(host: str) -> bool:
    """127.0.0.0/8, ::1 (with or without brackets) or localhost."""
    if host.lower() == "localhost":
        return True
    import ipaddress

    try:
        address = ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return address in ipaddress.ip_network("127.0.0.0/8") or address == ipaddress.IPv6Address("::1")


def _address(environ: Mapping[str, str], name: str, *, secure: str, plain: str, hosts: tuple[str, ...]) -> str | None:
    text = environ.get(name)
    if text is None:
        return None
    match = _ADDRESS.fullmatch(text)
    if not match:
        # Not repeated: it may hold a password before an @.
        raise ConfigError(
            f"{name} is not a bare address: scheme, host and port, with no user, path or query",
            hint=f"such as {secure}://{hosts[0]} or {plain}://127.0.0.1:8080; or unset {name}",
        )
    scheme, host, port = match[1].lower(), match[2].lower(), match[3]
    if port is not None and not 1 <= int(port) <= 65535:
        raise ConfigError(f"{name} names port {port}, which does not exist")
    if not _allowed(scheme, host, port, secure=secure, plain=plain, hosts=hosts):
        raise ConfigError(
            f"{name} {text} is neither Bitget over {secure} nor this machine",
            hint=f"use {secure}://{hosts[0]}, or {plain}:// to 127.0.0.1, [::1] or localhost; or unset {name}",
        )
    return f"{scheme}://{host}" + (f":{port}" if port else "")


def _allowed(scheme: str, host: str, port: str | None, *, secure: str, plain: str, hosts: tuple[str, ...]) -> bool:
    if host in hosts:
        return scheme == secure and port in (None, "443")
    return scheme in (secure, plain) and is_loopback(host)
