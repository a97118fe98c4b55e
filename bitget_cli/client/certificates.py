"""Which certificates are trusted: one TLS context, always verifying, cheap to open."""

from __future__ import annotations

import os
import re
import ssl
from collections.abc import Mapping

from bitget_cli.errors import ConfigError

# Where Debian, Fedora, SUSE, Alpine and the BSDs keep their certificates under hashed names.
_SYSTEM_FOLDERS = ("/etc/ssl/certs", "/etc/pki/tls/certs", "/etc/openssl/certs", "/system/etc/security/cacerts")
_HASHED_NAME = re.compile(r"[0-9a-f]{8}\.[0-9]+")


def tls_context(environ: Mapping[str, str]) -> ssl.SSLContext:
    """TLS 1.2 or newer; certificate and host name always checked. There is no switch to turn that off.

    Trusts `SSL_CERT_FILE` and `SSL_CERT_DIR` where set, else the system's certificate folder, else certifi's bundle.
    OpenSSL looks a folder's certificates up when it needs one, which saves reading the 140 of a bundle at every start.
    Raises ConfigError, naming the variable, for a file or folder that holds no certificates.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    file, folder = environ.get("SSL_CERT_FILE"), environ.get("SSL_CERT_DIR")
    if file:
        _trust_file(context, file)
    if folder:
        _trust_folder(context, folder)
    if not file and not folder:
        _trust_system(context)
    return context


def trusted(environ: Mapping[str, str]) -> str:
    """The same choice in words, for `doctor` and `--verbose`."""
    named = [f"{name}={environ[name]}" for name in ("SSL_CERT_FILE", "SSL_CERT_DIR") if environ.get(name)]
    return ", ".join(named) or system_folder() or "the certificates shipped with certifi"


def system_folder() -> str | None:
    """The first folder with certificates under hashed names, or None."""
    built_in = ssl.get_default_verify_paths().openssl_capath
    return next((folder for folder in (*_SYSTEM_FOLDERS, built_in) if _has_hashed_names(folder)), None)


def _trust_file(context: ssl.SSLContext, file: str) -> None:
    try:
        context.load_verify_locations(cafile=file)
    except OSError as error:  # ssl.SSLError is one too
        raise ConfigError(
            f"SSL_CERT_FILE names {file}, which holds no certificate that can be read ({error.strerror or 'not PEM'})",
            hint="point it at a PEM file, or unset it to trust the system's certificates",
        ) from None


def _trust_folder(context: ssl.SSLContext, folders: str) -> None:
    if not any(_has_hashed_names(folder) for folder in folders.split(os.pathsep)):
        raise ConfigError(
            f"SSL_CERT_DIR names {folders}, which holds no certificates under hashed names",
            hint="run `openssl rehash` on the folder, or unset the variable",
        )
    context.load_verify_locations(capath=folders)


def _trust_system(context: ssl.SSLContext) -> None:
    if folder := system_folder():
        context.load_verify_locations(capath=folder)
        return
    import certifi

    context.load_verify_locations(cafile=certifi.where())


def _has_hashed_names(folder: str) -> bool:
    try:
        with os.scandir(folder) as entries:
            return any(_HASHED_NAME.fullmatch(entry.name) for entry in entries)
    except OSError:
        return False
