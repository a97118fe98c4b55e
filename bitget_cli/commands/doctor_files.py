"""`bitget doctor`: who may read and change the files on this machine."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from bitget_cli import files
from bitget_cli.commands.finding import Finding, found, ok, warn
from bitget_cli.errors import ConfigError

if TYPE_CHECKING:
    from bitget_cli.session import Session


def folders(session: Session) -> Iterator[Finding]:
    """The folders of configuration and of state."""
    for check, folder in (("config folder", session.config_folder), ("state folder", session.state_folder)):
        yield found(check, partial(_folder, check, folder), otherwise="move it away")


def database(session: Session) -> Finding:
    """The file of the paper exchange."""
    return found("paper file", lambda: _file("paper file", session.paper_store.path))


def _folder(check: str, folder: Path) -> Finding:
    if not os.path.lexists(folder):
        return ok(check, f"not there yet: {folder}")
    files.check_folder(folder)
    if not os.access(folder, os.W_OK | os.X_OK):
        raise ConfigError(f"{folder} cannot be written", hint=f"chmod u+rwx {_quoted(folder)}")
    return _private(check, folder, os.stat(folder), wanted="700")


def _file(check: str, path: Path | None) -> Finding:
    if path is None or not os.path.lexists(path):
        return ok(check, f"not there yet: {path}")
    status = os.lstat(path)
    if not stat.S_ISREG(status.st_mode):
        raise ConfigError(f"{path} is not a regular file", hint="move it away")
    if status.st_uid != os.geteuid():
        raise ConfigError(f"{path} belongs to another user", hint=f"chown {os.geteuid()} {_quoted(path)}")
    if status.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise ConfigError(f"{path} can be changed by other users", hint=f"chmod 600 {_quoted(path)}")
    return _private(check, path, status, wanted="600")


def _private(check: str, path: Path, status: os.stat_result, *, wanted: str) -> Finding:
    if status.st_mode & 0o077:
        return warn(check, f"{path} can be read by other users", hint=f"chmod {wanted} {_quoted(path)}")
    return ok(check, f"{path} is for you alone")


def _quoted(path: Path) -> str:
    import shlex

    return shlex.quote(str(path))
