"""Files written all or nothing, read only when they are files."""

import errno
import os
import stat
from pathlib import Path

import pytest

from desktop_app.domain.errors import InvalidInput, StorageUnavailable
from desktop_app.exports.files import read_file, replacing


def names_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def write(path: Path, content: bytes) -> None:
    with replacing(path) as file:
        file.write(content)


def break_off(path: Path, error: BaseException) -> None:
    with replacing(path) as file:
        file.write(b"new")
        raise error


def test_a_file_is_made_and_replaced(tmp_path: Path) -> None:
    path = tmp_path / "prices 😀.csv"
    for content in (b"one", b"two"):
        write(path, content)
        assert path.read_bytes() == content
    assert names_in(tmp_path) == [path.name]
    assert stat.S_IMODE(path.stat().st_mode) & 0o111 == 0


@pytest.mark.parametrize("error", [RuntimeError("x"), KeyboardInterrupt(), OSError(errno.ENOSPC, "full")])
def test_an_error_leaves_the_old_file_and_nothing_else(tmp_path: Path, error: BaseException) -> None:
    path = tmp_path / "prices.csv"
    path.write_bytes(b"old")
    with pytest.raises((RuntimeError, KeyboardInterrupt, StorageUnavailable)):
        break_off(path, error)
    assert path.read_bytes() == b"old"
    assert names_in(tmp_path) == ["prices.csv"]


@pytest.mark.parametrize(
    ("number", "told"),
    [(errno.ENOSPC, "disk is full"), (errno.EROFS, "may not be written"), (errno.EIO, "could not be")],
)
def test_a_disk_that_refuses_is_told(tmp_path: Path, number: int, told: str) -> None:
    with pytest.raises(StorageUnavailable, match=told):
        break_off(tmp_path / "a.csv", OSError(number, os.strerror(number)))


def test_a_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StorageUnavailable, match="The disk is full"):
        write(tmp_path / "a.csv", b"x")
    assert names_in(tmp_path) == []


@pytest.mark.parametrize("name", ["", "missing/a.csv", "a\0.csv", ".", "/"])
def test_names_that_cannot_be_files(tmp_path: Path, name: str) -> None:
    with pytest.raises(InvalidInput):
        write(tmp_path / name, b"x")
    assert names_in(tmp_path) == []


def test_a_folder_is_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "prices.csv").mkdir()
    with pytest.raises(InvalidInput, match="is a folder"):
        write(tmp_path / "prices.csv", b"x")
    assert (tmp_path / "prices.csv").is_dir()


def test_a_device_is_never_replaced(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (Path("/dev/null"), tmp_path / "pipe"):
        with pytest.raises(InvalidInput, match="is a device"):
            write(path, b"x")
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)


def test_a_name_that_is_too_long(tmp_path: Path) -> None:
    with pytest.raises(StorageUnavailable):
        write(tmp_path / ("x" * 300 + ".csv"), b"x")
    assert names_in(tmp_path) == []


def test_reading_stops_at_the_limit(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"x" * 100)
    assert read_file(path, 100) == b"x" * 100
    with pytest.raises(InvalidInput, match="is larger"):
        read_file(path, 99)


def test_a_file_of_a_terabyte_is_not_read(tmp_path: Path) -> None:
    with (tmp_path / "sparse").open("wb") as file:
        file.truncate(2**40)
    with pytest.raises(InvalidInput, match="larger than 50 MB"):
        read_file(tmp_path / "sparse", 50_000_000)


def test_only_files_are_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    cases = [
        (tmp_path / "missing", "There is no file"),
        (tmp_path, "is a folder"),
        (tmp_path / "pipe", "is a pipe or a device"),
        (Path("/dev/zero"), "is a pipe or a device"),
        (tmp_path / "loop", "leads in a circle"),
        (tmp_path / "a\0b", "is not the name of a file"),
        (tmp_path / ("x" * 300), "could not be read"),
    ]
    for path, told in cases:
        with pytest.raises(InvalidInput, match=told) as caught:
            read_file(path, 100)
        assert "\0" not in caught.value.user_message


def test_a_file_without_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: object) -> int:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(InvalidInput, match="may not be read"):
        read_file(tmp_path / "a", 100)
