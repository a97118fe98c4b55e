"""Files that can be trusted: what is refused, and that a write is whole or not at all."""

from __future__ import annotations

import os
import resource
import shutil
import socket
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bitget_cli import files
from bitget_cli.errors import ConfigError

KILLED = Path(__file__).with_name("killed_at_every_call.py")


@pytest.fixture
def folder(home: Path) -> Path:
    place = home / "folder"
    place.mkdir(0o700)
    return place


def put(path: Path, content: bytes = b"old", mode: int = 0o600) -> Path:
    path.write_bytes(content)
    path.chmod(mode)
    return path


def make_folder(path: Path) -> None:
    path.mkdir()


def make_fifo(path: Path) -> None:
    os.mkfifo(path)


def make_link(path: Path) -> None:
    path.symlink_to(put(path.with_name("elsewhere")))


def make_dangling_link(path: Path) -> None:
    path.symlink_to(path.with_name("nowhere"))


def make_socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        # The address of a socket may have 108 bytes at most.
        os.chdir(path.parent)
        listener.bind(path.name)


def make_open_to_group(path: Path) -> None:
    put(path, mode=0o660)


def make_open_to_all(path: Path) -> None:
    put(path, mode=0o602)


def make_huge(path: Path) -> None:
    put(path, b"")
    os.truncate(path, 100_000_000)


ODD: dict[Callable[[Path], None], str] = {
    make_folder: "not a regular file",
    make_fifo: "not a regular file",
    make_link: "symbolic link",
    make_dangling_link: "symbolic link",
    make_socket: "",
    make_open_to_group: "chmod go-w",
    make_open_to_all: "chmod go-w",
    make_huge: "100000000 bytes",
}


def said(error: pytest.ExceptionInfo[ConfigError]) -> str:
    return f"{error.value.message} {error.value.hint}"


def test_what_was_written_is_read_back(folder: Path) -> None:
    files.write(folder / "x", b"one")
    files.write(folder / "x", b"two")
    assert files.read(folder / "x", limit=10) == b"two"


def test_a_missing_file_or_folder_is_no_file(folder: Path) -> None:
    assert files.read(folder / "x", limit=10) is None
    assert files.read(folder / "y" / "x", limit=10) is None


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_files_and_folders_are_private_whatever_the_umask(folder: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        files.write(folder / "a" / "b" / "x", b"one")
    finally:
        os.umask(before)
    assert stat.S_IMODE((folder / "a" / "b" / "x").stat().st_mode) == 0o600
    assert stat.S_IMODE((folder / "a" / "b").stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "a").stat().st_mode) == 0o700


@pytest.mark.parametrize("make", ODD, ids=lambda make: make.__name__)
def test_an_odd_file_is_not_read(folder: Path, make: Callable[[Path], None], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    make(folder / "x")
    with pytest.raises(ConfigError) as error:
        files.read(folder / "x", limit=1000)
    assert ODD[make] in said(error)


@pytest.mark.parametrize(
    "make", [make_folder, make_fifo, make_link, make_dangling_link], ids=lambda make: make.__name__
)
def test_what_is_not_a_file_is_not_replaced(folder: Path, make: Callable[[Path], None]) -> None:
    make(folder / "x")
    before = (folder / "x").lstat().st_mode
    with pytest.raises(ConfigError):
        files.write(folder / "x", b"new")
    assert (folder / "x").lstat().st_mode == before


def test_a_file_others_can_read_is_refused_where_it_must_be_private(folder: Path) -> None:
    put(folder / "x", mode=0o644)
    assert files.read(folder / "x", limit=10) == b"old"
    with pytest.raises(ConfigError) as error:
        files.read(folder / "x", limit=10, private=True)
    assert "chmod 600" in said(error)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
@pytest.mark.parametrize("which", ["folder", "folder/x"])
def test_what_belongs_to_another_user_is_refused(folder: Path, which: str) -> None:
    put(folder / "x")
    os.chown(folder.parent / which, 12345, -1)
    with pytest.raises(ConfigError) as error:
        files.read(folder / "x", limit=10)
    assert "belongs to another user" in said(error)


@pytest.mark.parametrize("mode", [0o770, 0o707, 0o1777])
def test_a_folder_others_can_write_in_is_refused(folder: Path, mode: int) -> None:
    put(folder / "x")
    folder.chmod(mode)
    uses: list[Callable[[], object]] = [
        lambda: files.read(folder / "x", limit=10),
        lambda: files.write(folder / "x", b"new"),
    ]
    for use in uses:
        with pytest.raises(ConfigError) as error:
            use()
        assert "chmod go-w" in said(error)
    folder.chmod(0o700)
    assert files.read(folder / "x", limit=10) == b"old"


def test_every_folder_up_to_home_counts(home: Path) -> None:
    deep = home / "a" / "b"
    files.write(deep / "x", b"one")
    (home / "a").chmod(0o777)
    with pytest.raises(ConfigError):
        files.read(deep / "x", limit=10)
    (home / "a").chmod(0o1777)
    assert files.read(deep / "x", limit=10) == b"one"


def test_a_folder_that_is_a_file_is_refused(folder: Path) -> None:
    put(folder / "x")
    uses: list[Callable[[], object]] = [
        lambda: files.read(folder / "x" / "y", limit=10),
        lambda: files.write(folder / "x" / "y", b""),
    ]
    for use in uses:
        with pytest.raises(ConfigError):
            use()


def test_killed_at_any_call_the_file_is_the_old_one_or_the_new_one(folder: Path) -> None:
    put(folder / "x")
    ran = subprocess.run([sys.executable, KILLED, folder / "x"], capture_output=True, text=True, check=True)
    points, old, new = map(int, ran.stdout.split())
    assert points == old + new
    assert old > 10
    assert new > 2
    assert files.read(folder / "x", limit=10) in (b"old", b"new")


@pytest.mark.parametrize("room", [0, 1, 5])
def test_without_room_the_old_file_stays_and_nothing_is_left_behind(folder: Path, room: int) -> None:
    put(folder / "x")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, before[1]))
    try:
        with pytest.raises(ConfigError) as error:
            files.write(folder / "x", b"a longer file")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert "cannot be written" in said(error)
    assert [path.name for path in folder.iterdir()] == ["x"]
    assert files.read(folder / "x", limit=10) == b"old"


def test_without_descriptors_the_old_file_stays(folder: Path) -> None:
    put(folder / "x")
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, before[1]))
    try:
        with pytest.raises(ConfigError):
            files.write(folder / "x", b"new")
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)
    assert [path.name for path in folder.iterdir()] == ["x"]
    assert files.read(folder / "x", limit=10) == b"old"


def test_a_lock_keeps_the_second_out_and_ends_with_the_first(folder: Path) -> None:
    with (
        files.locked(folder / "x"),
        pytest.raises(ConfigError, match="another process"),
        files.locked(folder / "x", patience=0.05),
    ):
        pass
    with files.locked(folder / "x", patience=0.05):
        pass


def test_a_link_in_place_of_the_lock_is_not_followed(folder: Path) -> None:
    (folder / ".x.lock").symlink_to(put(folder / "elsewhere"))
    with pytest.raises(ConfigError), files.locked(folder / "x"):
        pass


WRITE_NEW = """
import sys
from pathlib import Path
from bitget_cli import files
from bitget_cli.errors import ConfigError
try:
    files.write(Path(sys.argv[1]), b"new")
except ConfigError as error:
    sys.exit(error.exit_status)
"""


def may_trace() -> bool:
    """Whether strace is there, and this machine lets it look at other processes."""
    if shutil.which("strace") is None:
        return False
    return subprocess.run(["strace", "-qq", "-o", os.devnull, "true"], capture_output=True).returncode == 0


def traced(rule: str, path: Path) -> int:
    """The exit status of a writer whose system calls fail by strace's rule."""
    ran = subprocess.run(
        ["strace", "-f", "-qq", "-o", os.devnull, "-e", f"inject={rule}", sys.executable, "-c", WRITE_NEW, path],
        capture_output=True,
    )
    return ran.returncode


@pytest.mark.skipif(not may_trace(), reason="strace is not there or may not trace")
@pytest.mark.parametrize(
    ("rule", "found"),
    [
        ("fsync:error=EIO:when=1", b"old"),
        ("fsync:error=ENOSPC:when=1", b"old"),
        ("?rename,?renameat,?renameat2:error=EROFS", b"old"),
        # Only the folder's own sync failed: the new name stands, and the person is told that it may not last.
        ("fsync:error=EIO:when=2", b"new"),
    ],
)
def test_a_failing_disk_is_told_and_tears_nothing(folder: Path, rule: str, found: bytes) -> None:
    put(folder / "x")
    assert traced(rule, folder / "x") == 3
    assert files.read(folder / "x", limit=10) == found
    assert [path.name for path in folder.iterdir()] == ["x"]
