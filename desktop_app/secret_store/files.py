"""Private files of a profile: written whole or not at all, readable by their owner only, one writer at a time."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from desktop_app.domain.errors import SecretStoreError
from desktop_app.domain.language import tr


def write_private(path: Path, content: bytes) -> None:
    """Replace ``path`` by ``content`` with mode 0600, surviving a crash at any moment.

    The caller is the only writer of ``path``: it holds ``locked``, or made up a name nobody else knows.

    Raises:
        OSError: the old content is still there.
    """
    temporary = path.with_name(path.name + ".tmp")
    temporary.unlink(missing_ok=True)  # left by a process that died; a link planted there is not followed
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
    if sys.platform != "win32":
        _sync_folder(path.parent)


def read_if_there(path: Path) -> bytes | None:
    """Return the content, None when there is no such file.

    Raises:
        OSError: it cannot be read.
    """
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def read_settled(path: Path) -> bytes | None:
    """Return the content while no writer is at work: Windows cannot replace a file that is open.

    Raises:
        OSError: it cannot be read.
    """
    if not path.exists():
        return None
    with locked(path.parent):
        return read_if_there(path)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the secrets of ``folder`` (made when missing) against other processes and threads.

    Raises:
        OSError: the folder cannot be written.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(folder / "secrets.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _lock(descriptor)
        yield
    finally:
        os.close(descriptor)  # which also gives the lock back


def _lock(descriptor: int) -> None:
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(descriptor, msvcrt.LK_LOCK, 1)
    else:
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_EX)


@contextmanager
def file_errors(path: Path) -> Iterator[None]:
    """Turn the system's error about ``path`` into one sentence.

    Raises:
        SecretStoreError: the file cannot be read or written.
    """
    try:
        yield
    except OSError as error:
        raise SecretStoreError(
            tr("The file {file} cannot be read or written: {reason}.", file=path, reason=error.strerror or "?")
        ) from error
