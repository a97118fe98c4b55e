"""Which proxy a request goes through, as the environment says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from bitget_cli.errors import ConfigError
from bitget_cli.values import is_whole

_LOOPBACK = ("localhost", "::1")


class Proxy(NamedTuple):
    """An http proxy. `variable` is where it was found; `shown` is its URL without the password."""

    host: str
    port: int
    variable: str
    shown: str
    login: tuple[str, str] | None = None


def proxy_for(scheme: str, host: str, port: int, *, environ: Mapping[str, str]) -> Proxy | None:
    """The proxy for a request, or None to go straight there.

    `https_proxy` or `http_proxy`, then `all_proxy`, in lower or upper case (lower wins, as in curl); `no_proxy` and
    every loopback host go straight. Raises ConfigError, naming the variable, for a URL that is not an http proxy's.
    """
    if _is_loopback(host) or _is_exempt(host, port, environ=environ):
        return None
    for name in (f"{scheme}_proxy", f"{scheme}_proxy".upper(), "all_proxy", "ALL_PROXY"):
        if url := environ.get(name, "").strip():
            return _proxy(name, url)
    return None


def _proxy(variable: str, url: str) -> Proxy:
    # A bare host:port is what many people write, and what curl takes for http.
    whole = url if "://" in url else f"http://{url}"
    try:
        parts = urlsplit(whole)
        host, port = parts.hostname, parts.port
    except ValueError:
        parts, host, port = None, None, None
    if parts is None or not host or any(character.isspace() for character in whole):
        raise ConfigError(
            f"{variable} is not the URL of a proxy", hint=f"write {variable}=http://HOST:PORT, or unset it"
        )
    shown = f"{parts.scheme}://{host}" + (f":{port}" if port else "")
    if parts.scheme != "http":
        raise ConfigError(
            f"{variable} names {shown}, but only http:// proxies are spoken",
            hint=f"give the proxy's http:// address, or unset {variable}",
        )
    login = (unquote(parts.username), unquote(parts.password or "")) if parts.username else None
    return Proxy(host, port or 80, variable=variable, shown=shown, login=login)


def _is_loopback(host: str) -> bool:
    return host in _LOOPBACK or host.startswith("127.") or host.endswith(".localhost")


def _is_exempt(host: str, port: int, *, environ: Mapping[str, str]) -> bool:
    names = environ.get("no_proxy") or environ.get("NO_PROXY") or ""
    return any(_matches(name.strip().lower(), host.lower(), port=port) for name in names.split(","))


def _matches(name: str, host: str, *, port: int) -> bool:
    if not name:
        return False
    if name == "*":
        return True
    bare, _, only = name.rpartition(":")
    if bare and is_whole(only) and ":" not in bare:
        return int(only) == port and _matches(bare, host, port=port)
    domain = name.removeprefix("*").removeprefix(".")
    return host == domain or host.endswith(f".{domain}")
