"""Local files that can be trusted: read only when they are plainly ours, written whole or not at all."""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from bitget_cli.errors import ConfigError, UsageError

if TYPE_CHECKING:
    from typing import BinaryIO, TextIO

    from bitget_cli.errors import BitgetError

# O_NONBLOCK keeps a FIFO planted under the name from hanging us; it means nothing to a regular file.
_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


def read(path: Path, *, limit: int, private: bool = False) -> bytes | None:
    """The whole file, or None when there is none.

    It must be a regular file of ours, not a symbolic link, at most `limit` bytes, which nobody else can write, in a
    folder that passes `check_folder`. With `private` nobody else may read it either. Raises ConfigError.
    """
    try:
        _check_folders(path.parent)
        descriptor = os.open(path, _READ)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _not_opened(path, error) from None
    try:
        _check_file(path, os.fstat(descriptor), limit=limit, private=private)
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            return file.read(limit)
    except OSError as error:
        raise _not_opened(path, error) from None
    finally:
        os.close(descriptor)


def handed_in(name: str, *, stdin: TextIO, limit: int) -> str:
    """The text of a file somebody names, `-` for standard input: UTF-8 whatever the locale, without a byte order mark.

    Raises ConfigError for a file that cannot be read or is no such text, UsageError for more than `limit` characters.
    """
    try:
        text = _typed_in(stdin, limit) if name == "-" else _named(Path(name), limit)
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"cannot read {name}: {getattr(error, 'strerror', None) or error}") from None
    if len(text) > limit:
        raise UsageError(f"{'standard input' if name == '-' else name} is longer than {limit} characters")
    return text.removeprefix("\ufeff")


def _typed_in(stdin: TextIO, limit: int) -> str:
    raw = getattr(stdin, "buffer", None)
    return stdin.read(limit + 2) if raw is None else _decoded(raw, limit)


def _named(path: Path, limit: int) -> str:
    with path.open("rb") as file:
        return _decoded(file, limit)


def _decoded(file: BinaryIO, limit: int) -> str:
    """The text, or more than `limit` characters of it."""
    content = file.read(4 * limit + 8)
    # A character has four bytes at most; what is longer than that may have been cut in the middle of one.
    errors = "strict" if len(content) <= 4 * limit + 4 else "replace"
    return content.decode("utf-8", errors).replace("\r\n", "\n").replace("\r", "\n")


def write(path: Path, content: bytes) -> None:
    """Put `content` under the name, mode 0600, in one step: after a crash it is the old file or the new one.

    The folder is made, 0700, when it is missing. Raises ConfigError; the old file is then still there, unless only
    the last sync of its folder failed.
    """
    ensure_folder(path.parent)
    temporary = path.with_name(f".{path.name}.{os.urandom(8).hex()}.tmp")
    try:
        _refuse_odd_target(path)
        _write_new(temporary, content)
        os.rename(temporary, path)
        sync_folder(path.parent)
    except OSError as error:
        raise ConfigError(f"{path} cannot be written: {error.strerror}") from None
    finally:
        with suppress(OSError):
            os.unlink(temporary)


@contextmanager
def locked(path: Path, *, patience: float = 10.0, busy: BitgetError | None = None) -> Iterator[None]:
    """Be the only process that changes `path`; the others wait, at most `patience` seconds, then `busy` or ConfigError.

    The lock is on a file beside it, `.NAME.lock`, and vanishes with the process that holds it.
    """
    ensure_folder(path.parent)
    beside = path.with_name(f".{path.name}.lock")
    try:
        descriptor = os.open(beside, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise ConfigError(f"{path} cannot be locked: {error.strerror}") from None
    with os.fdopen(descriptor, "rb"):
        end = time.monotonic() + patience
        while not lock(descriptor):
            if time.monotonic() >= end:
                raise busy or ConfigError(f"{path} is being changed by another process", hint=f"see `fuser {beside}`")
            time.sleep(0.02)
        yield


def lock(descriptor: int) -> bool:
    """Whether the whole file is ours now; not if another open file has it. It ends with the descriptor, or with us."""
    import fcntl

    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def lock_byte(descriptor: int, number: int, *, shared: bool = False) -> bool:
    """Whether one byte of the file is this process's now, or shared among those that only look. Raises OSError."""
    import fcntl

    try:
        fcntl.lockf(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB, 1, number)
    except (BlockingIOError, PermissionError):
        return False
    return True


def unlock_byte(descriptor: int, number: int) -> None:
    """Raises OSError."""
    import fcntl

    fcntl.lockf(descriptor, fcntl.LOCK_UN, 1, number)


def ensure_folder(folder: Path) -> None:
    """Make the folder and those above it, each 0700 whatever the umask, and check it. Raises ConfigError."""
    try:
        make_private_folder(folder)
    except OSError as error:
        raise ConfigError(f"{folder} cannot be made: {error.strerror}") from None
    check_folder(folder)


def make_private_folder(folder: Path) -> None:
    """Make the folder and those above it that are missing, each 0700 (`mkdir -p` leaves the upper ones to the umask).

    Raises OSError.
    """
    missing = [place for place in (folder, *folder.parents) if not place.exists()]
    for place in reversed(missing):
        with suppress(FileExistsError):
            os.mkdir(place, 0o700)


def check_folder(folder: Path) -> None:
    """The folder, and each above it up to the home folder, is ours or root's and not writable by anybody else.

    Outside the home folder only the folder itself counts. One above it may be open to all if it is sticky, as /tmp
    is: others cannot rename in it what is not theirs. Raises ConfigError with the command that mends it.
    """
    try:
        _check_folders(folder)
    except OSError as error:
        raise _not_opened(folder, error) from None


def ensure_private_file(path: Path) -> bool:
    """Make an empty file, 0600 whatever the umask, in a folder of ours; whether it had to be made.

    One that is there must be a regular file of ours that nobody else can read or write. Raises ConfigError.
    """
    ensure_folder(path.parent)
    try:
        with suppress(FileExistsError):
            os.close(os.open(path, _CREATE, 0o600))
            sync_folder(path.parent)
            return True
        descriptor = os.open(path, _READ)
        try:
            _check_file(path, os.fstat(descriptor), private=True)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise _not_opened(path, error) from None
    return False


def open_private(path: Path) -> BinaryIO:
    """To read a file that is there, and is as `ensure_private_file` wants it, in a folder checked before.

    For whoever opens many files of one folder. Raises ConfigError.
    """
    try:
        descriptor = os.open(path, _READ)
    except OSError as error:
        raise _not_opened(path, error) from None
    try:
        _check_file(path, os.fstat(descriptor), private=True)
    except ConfigError:
        os.close(descriptor)
        raise
    return os.fdopen(descriptor, "rb")


def make_whole(path: Path, build: Callable[[Path], None]) -> None:
    """Make a file that is not there yet in one step: nobody ever meets it unfinished, so an empty one is damaged.

    `build` fills an empty private file under another name. Raises ConfigError.
    """
    with locked(path):
        if os.path.lexists(path):
            return
        refuse_cut_to_nothing(path)
        temporary = path.with_name(f".{path.name}.{os.urandom(8).hex()}.tmp")
        try:
            ensure_private_file(temporary)
            build(temporary)
            os.rename(temporary, path)
            sync_folder(path.parent)
        except OSError as error:
            raise ConfigError(f"{path} cannot be written: {error.strerror}") from None
        finally:
            with suppress(OSError):
                os.unlink(temporary)


def is_there(path: Path) -> bool:
    """Whether there is a database of this name, or what one left behind that was taken away from its log."""
    return os.path.lexists(path) or _has_something(path.with_name(f"{path.name}-wal"))


def refuse_cut_to_nothing(path: Path) -> None:
    """Raises ConfigError for a database of no bytes, or one that is gone while the log of its last changes is not."""
    if not os.path.lexists(path):
        if is_there(path):
            raise ConfigError(f"{path} is gone, while {path.name}-wal beside it is not", hint=set_aside(path))
        return
    if path.is_file() and not path.stat().st_size:
        raise ConfigError(f"{path} is empty: it was cut to nothing", hint=set_aside(path))


def set_aside(path: Path) -> str:
    """The command that puts a damaged database out of the way, whole and over nothing else."""
    folder = path.with_name(f"damaged-{path.name}")
    count = 1
    while os.path.lexists(folder):
        count += 1
        folder = path.with_name(f"damaged-{count}-{path.name}")
    return f"set it aside, and a new one is begun: mkdir {_quoted(folder)} && mv {_quoted(path)}* {_quoted(folder)}"


def _has_something(path: Path) -> bool:
    try:
        return os.lstat(path).st_size > 0
    except OSError:
        return False


def sync_folder(folder: Path) -> None:
    """Make a new name in the folder durable. Raises OSError."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _check_folders(folder: Path) -> None:
    for depth, place in enumerate(_up_to_home(folder)):
        status = os.stat(place)
        if not stat.S_ISDIR(status.st_mode):
            raise ConfigError(f"{place} is not a folder")
        _refuse_owner(place, status, also_root=True)
        if depth == 0 or not status.st_mode & stat.S_ISVTX:
            _refuse_writable(place, status)


def _check_file(path: Path, status: os.stat_result, *, private: bool, limit: int | None = None) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise ConfigError(f"{path} is not a regular file", hint="move it away")
    _refuse_owner(path, status)
    _refuse_writable(path, status)
    if private and status.st_mode & 0o077:
        raise ConfigError(f"{path} can be read by other users", hint=f"chmod 600 {_quoted(path)}")
    if limit is not None and status.st_size > limit:
        raise ConfigError(f"{path} has {status.st_size} bytes; at most {limit} are expected", hint="move it away")


def _refuse_owner(path: Path, status: os.stat_result, *, also_root: bool = False) -> None:
    if status.st_uid != os.geteuid() and not (also_root and status.st_uid == 0):
        raise ConfigError(f"{path} belongs to another user", hint=f"chown {os.geteuid()} {_quoted(path)}")


def _refuse_writable(path: Path, status: os.stat_result) -> None:
    if status.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise ConfigError(f"{path} can be changed by other users", hint=f"chmod go-w {_quoted(path)}")


def _refuse_odd_target(path: Path) -> None:
    with suppress(FileNotFoundError):
        if not stat.S_ISREG(os.lstat(path).st_mode):
            raise ConfigError(f"{path} is not a regular file, so it is not replaced", hint="move it away")


def _write_new(path: Path, content: bytes) -> None:
    descriptor = os.open(path, _CREATE, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(descriptor)


def _up_to_home(folder: Path) -> list[Path]:
    place, home = Path(os.path.realpath(folder)), Path(os.path.realpath(os.path.expanduser("~")))
    if not place.is_relative_to(home):
        return [place]
    above = [place, *place.parents]
    return above[: above.index(home) + 1]


def _not_opened(path: Path, error: OSError) -> ConfigError:
    if path.is_symlink():
        return ConfigError(f"{path} is a symbolic link, which is not followed", hint="put the file itself there")
    return ConfigError(f"{path} cannot be read: {error.strerror}")


def _quoted(path: Path) -> str:
    import shlex

    return shlex.quote(str(path))
