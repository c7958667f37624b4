"""Copies of the database: made, listed, put back."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from desktop_app.domain.errors import InvalidInput
from desktop_app.domain.language import tr
from desktop_app.services.clock import Clock
from desktop_app.services.job import Job
from desktop_app.storage.unit_of_work import Database

SUFFIX: Final = ".db"


@dataclass(frozen=True, slots=True)
class Backup:
    """A copy of the database as a file.

    Attributes:
        file: where it is.
        at: when it was written, aware.
        size: bytes.
    """

    file: Path
    at: datetime
    size: int


@dataclass(frozen=True, slots=True)
class DatabasePlace:
    """Where the data is.

    Attributes:
        text: the file, or the address of the server's database without a password.
        size: bytes of the file, None on a server.
        is_file: it is a SQLite file, which this program can copy and put back.
    """

    text: str
    size: int | None
    is_file: bool


@dataclass(frozen=True, slots=True)
class Restored:
    """What putting a backup back did; ``kept`` is where the database from before is, None when there was none."""

    source: Path
    kept: Path | None


class BackupsService:
    """Makes backups and puts them back.

    Args:
        database: the database.
        url: its address, without a password.
        folder: where backups are kept unless the person chooses another place.
        clock: the time.
    """

    def __init__(self, database: Database, url: str, folder: Path, clock: Clock) -> None:
        self._database, self._url, self._folder, self._clock = database, url, folder, clock

    def place(self) -> DatabasePlace:
        """Return where the data is."""
        file = self._database.file
        if file is None:
            return DatabasePlace(self._url, None, is_file=False)
        # What was written last lies in the log beside the file until SQLite moves it over.
        parts = [part for part in (file, file.with_name(f"{file.name}-wal")) if part.is_file()]
        return DatabasePlace(str(file), sum(part.stat().st_size for part in parts), is_file=True)

    def list_kept(self) -> list[Backup]:
        """Return the backups in the usual folder, newest first."""
        if not self._folder.is_dir():
            return []
        found = []
        for file in self._folder.glob(f"*{SUFFIX}"):
            try:
                status = file.stat()
            except OSError:
                continue
            found.append(Backup(file, datetime.fromtimestamp(status.st_mtime, UTC), status.st_size))
        return sorted(found, key=lambda backup: (backup.at, backup.file.name), reverse=True)

    def suggested_file(self) -> Path:
        """Return a name for a backup made now, in the usual folder."""
        return self._folder / f"sms-desk-{self._clock().astimezone():%Y-%m-%d-%H%M%S}{SUFFIX}"

    def back_up(self, target: Path, job: Job, *, actor: str) -> Backup:
        """Write a checked copy of the database to ``target``; the log of activities says so afterwards.

        Raises:
            InvalidInput: the target cannot be written, or the database is not a file.
            StorageUnavailable: the database is damaged; a copy that stands at ``target`` stays.
            Cancelled: before anything was written.
        """
        job.step(0, 1, target.name)
        try:
            if target.parent == self._folder:
                self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise InvalidInput(
                tr("The folder for backups {folder} cannot be made: {reason}.", folder=self._folder,
                   reason=error.strerror or "?")
            ) from error  # fmt: skip
        self._database.backup(target)
        with self._database.begin() as uow:
            uow.activity.add(self._clock(), actor, "backup_made", target.name)
        status = target.stat()
        return Backup(target, datetime.fromtimestamp(status.st_mtime, UTC), status.st_size)

    def restore(self, source: Path, *, actor: str) -> Restored:
        """Replace the database by a backup, brought to this program's schema; the one from before is kept beside it.

        Raises:
            InvalidInput: ``source`` is no sound backup; nothing changed then.
            StorageUnavailable: the database cannot be written; nothing changed then.
        """
        kept = self._database.restore(source)
        self._database.upgrade()
        with self._database.begin() as uow:
            uow.activity.add(self._clock(), actor, "backup_restored", source.name, kept=kept.name if kept else None)
        return Restored(source, kept)
