"""Bringing a database to the schema of this program: backup first, a newer database refused."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, inspect
from sqlalchemy.pool import NullPool

from desktop_app.domain.errors import InvalidInput, StorageUnavailable
from desktop_app.domain.language import tr
from desktop_app.storage.engine import is_damage, storage_errors

_MIGRATIONS: Final = Path(__file__).resolve().parent / "migrations"
APPLICATION_ID: Final = 0x534D5344  # "SMSD" in the file's header: tells our files from foreign ones
# Others use Alembic too, and number their revisions likewise: its own table alone does not make a database ours.
_OUR_TABLE: Final = "ledger_transfer"
_SQLITE_BUSY: Final = 5
_SQLITE_LOCKED: Final = 6


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    return config


def head_revision() -> str:
    """Return the revision this program works with."""
    return ScriptDirectory.from_config(_config()).get_current_head() or ""


def current_revision(connection: Connection) -> str | None:
    """Return the database's revision, None for an empty one."""
    return MigrationContext.configure(connection).get_current_revision()


def upgrade(engine: Engine, backup_folder: Path) -> str:
    """Bring the database to ``head_revision`` and return it. A database that holds data is backed up before it changes.

    Raises:
        StorageUnavailable: when it cannot be opened, was written by a newer program, or is somebody else's.
    """
    with storage_errors():
        if engine.dialect.name == "sqlite":
            _prepare_file(engine)
        head = head_revision()
        revision = _checked_revision(engine)
        if revision == head:
            return head
        if revision is not None and engine.dialect.name == "sqlite":
            _back_up_before(engine, backup_folder, head)
        with engine.begin() as connection:
            # Two programs may start at once: the second finds the work done.
            _lock_schema(connection)
            if current_revision(connection) != head:
                config = _config()
                config.attributes["connection"] = connection
                command.upgrade(config, "head")
                if engine.dialect.name == "sqlite":
                    connection.exec_driver_sql(f"PRAGMA application_id={APPLICATION_ID}")
        return head


def _back_up_before(engine: Engine, folder: Path, head: str) -> None:
    stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise StorageUnavailable(
            tr("The folder for backups {folder} cannot be made: {reason}.", folder=folder, reason=error.strerror or "?")
        ) from error
    backup_sqlite(engine, folder / f"before-{head}-{stamp}.db")


def _lock_schema(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({APPLICATION_ID})")


def _checked_revision(engine: Engine) -> str | None:
    """Return the revision the database has, None for an empty one; nothing is written into a file that is not ours."""
    with _look(engine) as connection:
        tables = inspect(connection).get_table_names()
        if tables and _OUR_TABLE not in tables:
            raise StorageUnavailable(
                tr("The database {name} belongs to another program.", name=engine.url.database or ""),
                code="foreign_database",
            )
        revision = current_revision(connection)
    if revision is not None and revision not in _known_revisions():
        raise StorageUnavailable(
            tr(
                "This database was written by a newer SMS Desk (revision {revision}). Update SMS Desk.",
                revision=revision,
            ),
            code="newer_database",
        )
    return revision


@contextmanager
def _look(engine: Engine) -> Iterator[Connection]:
    """Connect for reading, without the settings of ``make_engine``: choosing a journal would already change the file."""
    plain = engine
    if engine.dialect.name == "sqlite":
        arguments = {"timeout": _busy_seconds(engine)}
        plain = create_engine(engine.url, module=engine.dialect.dbapi, poolclass=NullPool, connect_args=arguments)
    with plain.connect() as connection:
        yield connection


def _known_revisions() -> set[str]:
    return {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}


def _prepare_file(engine: Engine) -> None:
    """Make the file readable by its owner only before SQLite writes into it."""
    path = Path(engine.url.database or "")
    try:
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except IsADirectoryError as error:
        raise StorageUnavailable(tr("{path} is a folder, not a database file.", path=path)) from error
    except FileNotFoundError as error:
        raise StorageUnavailable(tr("The folder {folder} does not exist.", folder=path.parent)) from error
    except PermissionError as error:
        raise StorageUnavailable(tr("The database file {path} may not be written by this user.", path=path)) from error
    except OSError as error:
        raise StorageUnavailable(
            tr("The database file {path} cannot be opened: {reason}.", path=path, reason=error.strerror or "?")
        ) from error


def backup_sqlite(engine: Engine, target: Path) -> None:
    """Copy the database to ``target`` with SQLite's own backup, check the copy, and only then give it its name.

    Raises:
        InvalidInput: when the target cannot be written, or is the database itself.
        StorageUnavailable: when the source is damaged: a bad copy never replaces a good one.
    """
    if _is_database(engine, target):
        raise InvalidInput(tr("{file} is the database itself. Choose another file for the backup.", file=target))
    unfinished = target.with_name(f"{target.name}.{secrets.token_hex(4)}.part")
    source = _raw(engine, str(engine.url.database))
    try:
        _copy(source, unfinished, engine)
        unfinished.replace(target)
    except OSError as error:
        raise InvalidInput(
            tr("The backup {file} cannot be written: {reason}.", file=target, reason=error.strerror or "?")
        ) from error
    finally:
        # A name that no file can have cannot be removed either.
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)
        source.close()


def _is_database(engine: Engine, file: Path) -> bool:
    database = Path(engine.url.database or "")
    return _is_file(file) and _is_file(database) and file.samefile(database)


def _is_file(path: Path) -> bool:
    """Return whether there is such a file; a name that no file can have is none."""
    try:
        return path.is_file()
    except OSError:
        return False


def _busy_seconds(engine: Engine) -> float:
    return float(engine.get_execution_options()["busy_seconds"])


def _raw(engine: Engine, database: str) -> Any:
    dbapi: Any = engine.dialect.dbapi
    return dbapi.connect(database, timeout=_busy_seconds(engine), uri=database.startswith("file:"))


def _transfer(engine: Engine, source: Any, target: Any) -> None:
    """Copy all pages at one moment. The driver itself would wait for ever for a lock."""
    dbapi: Any = engine.dialect.dbapi

    def give_up_when_locked(status: int, _remaining: int, _pages: int) -> None:
        if status in (_SQLITE_BUSY, _SQLITE_LOCKED):
            raise dbapi.OperationalError("database is locked")

    source.backup(target, progress=give_up_when_locked)


def _copy(source: Any, unfinished: Path, engine: Engine) -> None:
    os.close(os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    copy = _raw(engine, str(unfinished))
    try:
        _transfer(engine, source, copy)
        # A copy in WAL mode would need its side files; one plain file is what a person expects of a backup.
        copy.execute("PRAGMA journal_mode=DELETE")
        found = [row[0] for row in copy.execute("PRAGMA integrity_check(5)")]
        if found != ["ok"]:
            raise StorageUnavailable(tr("The database is damaged; no backup was made: {finding}", finding=found[0]))
    finally:
        copy.close()
    descriptor = os.open(unfinished, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def restore_sqlite(engine: Engine, source: Path) -> Path | None:
    """Replace the database by the backup ``source``; return where the database that stood there before was kept.

    Raises:
        InvalidInput: when ``source`` is no sound SMS Desk database of this or an older revision; nothing changed then.
        StorageUnavailable: when the database cannot be written; nothing changed then.
    """
    _check_backup(engine, source)
    _prepare_file(engine)
    target = Path(engine.url.database or "")
    kept = _keep_former(engine, target) if target.stat().st_size else None
    # Written through SQLite's own backup into the live file: other open connections see one atomic change.
    original, copy = _raw(engine, _read_only(source)), _raw(engine, str(target))
    try:
        _transfer(engine, original, copy)
    finally:
        original.close()
        copy.close()
    return kept


def _keep_former(engine: Engine, target: Path) -> Path:
    """Keep what stands at ``target``: a sound copy of it or, when it is damaged, the very files."""
    stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S-%f")
    kept = target.with_name(f"{target.stem}-before-restore-{stamp}{target.suffix}")
    if _is_damaged(engine, kept):
        engine.dispose()
        for suffix in ("", "-wal", "-shm"):
            file = target.with_name(target.name + suffix)
            if file.exists():
                file.replace(kept.with_name(kept.name + suffix))
        _prepare_file(engine)
    return kept


def _is_damaged(engine: Engine, kept: Path) -> bool:
    """Back up to ``kept``; return whether that failed because of damage, and not of a lock or a full disk."""
    dbapi: Any = engine.dialect.dbapi
    try:
        backup_sqlite(engine, kept)
    except StorageUnavailable:
        return True
    except dbapi.DatabaseError as error:
        if not is_damage(str(error)):
            raise
        return True
    return False


def _read_only(file: Path) -> str:
    return f"{file.absolute().as_uri()}?mode=ro"


def _check_backup(engine: Engine, source: Path) -> None:
    what = tr("{file} is not a SMS Desk backup.", file=source)
    if not _is_file(source):
        raise InvalidInput(tr("There is no file {file}.", file=source))
    if _is_database(engine, source):
        raise InvalidInput(tr("{file} is the database itself.", file=source))
    dbapi: Any = engine.dialect.dbapi
    connection = _raw(engine, _read_only(source))
    try:
        sound = [row[0] for row in connection.execute("PRAGMA integrity_check(1)")] == ["ok"]
        owner = connection.execute("PRAGMA application_id").fetchone()[0]
        revision = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except dbapi.DatabaseError as error:
        raise InvalidInput(what) from error
    finally:
        connection.close()
    if not sound or owner != APPLICATION_ID or revision is None:
        raise InvalidInput(what)
    if revision[0] not in _known_revisions():
        raise InvalidInput(tr("{file} was written by a newer SMS Desk.", file=source))
