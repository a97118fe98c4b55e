"""A look at the way to an exchange: its name, the connection and the handshake, and what each of them showed."""

from __future__ import annotations

import ssl
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

import httpx

from bitget_cli.client.http.network import (
    Proxy,
    RequestDeadline,
    Resolve,
    addresses_of,
    connected,
    proxy_for,
    tls_context,
    trusted,
)
from bitget_cli.client.rest.errors import from_exception
from bitget_cli.errors import BitgetError, ConfigError, NetworkError

_PORTS = {"https": 443, "http": 80}


class Tls(NamedTuple):
    """A handshake that was made: the protocol, who signed the certificate and until when it holds (aware UTC).

    `trusting` is where the certificates we believe come from.
    """

    version: str
    issuer: str
    expires: datetime
    trusting: str


class Way(NamedTuple):
    """How far one got. `addresses` is empty where the name was not resolved; `failure` is what ended it.

    `tls` is None for plain http, and where there was no handshake.
    """

    host: str
    addresses: tuple[str, ...] = ()
    tls: Tls | None = None
    failure: BitgetError | None = None


def proxy_on_the_way(address: str, *, environ: Mapping[str, str]) -> Proxy | None:
    """The proxy that requests to `address` go through, or None. Raises ConfigError for one that cannot be used."""
    url = httpx.URL(address)
    return proxy_for(url.scheme, url.host, _port(url), environ=environ)


def way_to(address: str, *, environ: Mapping[str, str], timeout: float, resolve: Resolve = addresses_of) -> Way:
    """Resolves the name, connects and shakes hands, straight and without a request, in `timeout` seconds for all.

    Raises nothing: a failure is in the answer, worded as that of any request.
    """
    url = httpx.URL(address)
    found: dict[str, None] = {}

    def remembering(host: str, port: int) -> list[Any]:
        known = resolve(host, port)
        found.update(dict.fromkeys(where[0] for _, where in known))
        return known

    tls: Tls | None = None
    failure: BitgetError | None = None
    try:
        tls = _shown(url, remembering, flight=RequestDeadline(time.monotonic() + timeout), environ=environ)
    except ConfigError as error:
        failure = error
    except (httpx.ConnectError, httpx.ConnectTimeout) as error:
        # Worded as the error a request would have ended with.
        worded = from_exception(error, host=url.host)
        failure = NetworkError(worded.sentence, hint=worded.hint)
    return Way(url.host, tuple(found), tls, failure)


def _shown(url: httpx.URL, resolve: Resolve, *, flight: RequestDeadline, environ: Mapping[str, str]) -> Tls | None:
    """What the handshake of a connection showed, which is closed again; None for plain http."""
    stream = connected(resolve, url.host, _port(url), flight=flight)
    try:
        if url.scheme != "https":
            return None
        sock = stream.secure(tls_context(environ), url.host)
        return _told(sock.version() or "TLS", sock.getpeercert() or {}, trusting=trusted(environ))
    finally:
        stream.close()


def _told(version: str, certificate: Mapping[str, Any], *, trusting: str) -> Tls:
    names = dict(pair for part in certificate["issuer"] for pair in part)
    issuer = names.get("organizationName") or names.get("commonName") or "somebody without a name"
    expires = datetime.fromtimestamp(ssl.cert_time_to_seconds(certificate["notAfter"]), UTC)
    return Tls(version.replace("TLSv", "TLS "), issuer, expires, trusting)


def _port(url: httpx.URL) -> int:
    return url.port or _PORTS[url.scheme]
