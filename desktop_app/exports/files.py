"""Files as a whole: written all or nothing, read within limits and only when they are ordinary files."""

import errno
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

from desktop_app.domain.errors import InvalidInput, StorageUnavailable
from desktop_app.domain.language import tr

# Not blocking on a pipe that nobody writes to; binary where the system makes a difference.
_READ_FLAGS: Final = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """Give a new file that takes the place of ``path`` when the block ends without an error.

    It is written beside ``path`` under a name of its own, flushed to the disk and renamed; on any error what was at ``path``
    stays as it was, and nothing else is left behind.

    Raises:
        InvalidInput: the folder does not exist, or something other than an ordinary file has that name.
        StorageUnavailable: the disk is full, or the folder may not be written to.
    """
    try:
        _refuse_target(path)
        temporary = path.with_name(f".{path.name[:40]}.{secrets.token_hex(6)}.part")
        try:
            with temporary.open("xb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
        _sync_folder(path.parent)
    except OSError as error:
        raise write_error(path, error) from error


def write_error(path: Path, error: OSError) -> StorageUnavailable:
    """Return what to raise when ``path`` could not be written because of ``error``."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return StorageUnavailable(tr("The disk is full: “{path}” was not written.", path=path))
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        sentence = tr(
            "“{path}” may not be written. Choose another folder, or close the program that has it open.", path=path
        )
        return StorageUnavailable(sentence)
    reason = error.strerror or error
    return StorageUnavailable(tr("“{path}” could not be written: {reason}.", path=path, reason=reason))


def _refuse_target(path: Path) -> None:
    name = {"path": str(path)}
    if not path.name or "\0" in str(path):
        raise InvalidInput(tr("“{path}” is not the name of a file.", path=str(path).replace("\0", "␀")), fields=name)
    if not path.parent.is_dir():
        raise InvalidInput(tr("The folder “{folder}” does not exist.", folder=path.parent), fields=name)
    if path.is_dir():
        raise InvalidInput(tr("“{path}” is a folder. Name a file in it.", path=path), fields=name)
    if path.exists() and not path.is_file():
        raise InvalidInput(tr("“{path}” is a device, not a file that can be replaced.", path=path), fields=name)


def _sync_folder(folder: Path) -> None:
    """Make the new name last through a power cut, where folders can be opened at all."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def read_file(path: Path, max_bytes: int) -> bytes:
    """Return the bytes of the ordinary file ``path``.

    What is read is what was opened: a pipe, a device or a folder is recognised on the open file, and no more than
    ``max_bytes`` are taken, whatever size the file says it has.

    Raises:
        InvalidInput: it is missing, may not be read, is not an ordinary file, or is longer than ``max_bytes``.
    """
    try:
        content = _read_open_file(path, os.open(path, _READ_FLAGS), max_bytes)
    except OSError as error:
        raise InvalidInput(_not_read(path, error), fields={"path": str(path)}) from error
    except ValueError as error:
        shown = str(path).replace("\0", "␀")
        raise InvalidInput(tr("“{path}” is not the name of a file.", path=shown), fields={"path": shown}) from error
    if len(content) > max_bytes:
        sentence = tr("“{name}” is larger than {limit} MB.", name=path.name, limit=max_bytes // 1_000_000)
        raise InvalidInput(sentence, fields={"path": str(path)})
    return content


def _read_open_file(path: Path, descriptor: int, max_bytes: int) -> bytes:
    """Return one byte more than ``max_bytes`` when there are more, and close the file."""
    try:
        mode = os.fstat(descriptor).st_mode
        if not stat.S_ISREG(mode):
            raise InvalidInput(_not_a_file(path, mode), fields={"path": str(path)})
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            return file.read(max_bytes + 1)
    finally:
        os.close(descriptor)


def _not_a_file(path: Path, mode: int) -> str:
    if stat.S_ISDIR(mode):
        return tr("“{path}” is a folder, not a file.", path=path)
    return tr("“{path}” is a pipe or a device, not a file.", path=path)


def _not_read(path: Path, error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return tr("There is no file “{path}”.", path=path)
    if isinstance(error, PermissionError):
        return tr("“{path}” may not be read. Is it open in another program?", path=path)
    if error.errno == errno.ELOOP:
        return tr("“{path}” is a link that leads in a circle.", path=path)
    if error.errno == errno.ENXIO:
        return _not_a_file(path, stat.S_IFSOCK)
    return tr("“{path}” could not be read: {reason}.", path=path, reason=error.strerror or error)
