"""Bringing a database to the schema of this program: backup first, a newer database refused."""

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, inspect

from desktop_app.domain.errors import InvalidInput, StorageUnavailable
from desktop_app.domain.language import tr
from desktop_app.storage.engine import storage_errors

_MIGRATIONS: Final = Path(__file__).resolve().parent / "migrations"
APPLICATION_ID: Final = 0x534D5344  # "SMSD" in the file's header: tells our files from foreign ones


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
        with engine.connect().execution_options(readonly=True) as connection:
            revision = current_revision(connection)
            foreign = revision is None and bool(inspect(connection).get_table_names())
        head = head_revision()
        if revision == head:
            return head
        _refuse(engine, revision, foreign=foreign)
        if revision is not None and engine.dialect.name == "sqlite":
            stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
            backup_folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            backup_sqlite(engine, backup_folder / f"before-{head}-{stamp}.db")
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


def _lock_schema(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({APPLICATION_ID})")


def _refuse(engine: Engine, revision: str | None, *, foreign: bool) -> None:
    known = {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}
    if revision is not None and revision not in known:
        raise StorageUnavailable(
            tr(
                "This database was written by a newer SMS Desk (revision {revision}). Update SMS Desk.",
                revision=revision,
            ),
            code="newer_database",
        )
    if foreign:
        raise StorageUnavailable(
            tr("The database {name} belongs to another program.", name=engine.url.database or ""),
            code="foreign_database",
        )


def _prepare_file(engine: Engine) -> None:
    """Make the file readable by its owner only before SQLite writes into it."""
    path = Path(engine.url.database or "")
    if path.is_dir():
        raise StorageUnavailable(tr("{path} is a folder, not a database file.", path=path))
    if not path.parent.is_dir():
        raise StorageUnavailable(tr("The folder {folder} does not exist.", folder=path.parent))
    try:
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except PermissionError as error:
        raise StorageUnavailable(tr("The database file {path} may not be written by this user.", path=path)) from error
    except OSError as error:
        raise StorageUnavailable(
            tr("The database file {path} cannot be opened: {reason}.", path=path, reason=error.strerror or "?")
        ) from error


def backup_sqlite(engine: Engine, target: Path) -> None:
    """Copy the database to ``target`` with SQLite's own backup, check the copy, and only then give it its name.

    Raises:
        InvalidInput: when the target cannot be written.
        StorageUnavailable: when the source is damaged: a bad copy never replaces a good one.
    """
    unfinished = target.with_name(target.name + ".part")
    source = _raw(engine)
    try:
        _copy(source, unfinished, engine)
        unfinished.replace(target)
    except OSError as error:
        raise InvalidInput(
            tr("The backup {file} cannot be written: {reason}.", file=target, reason=error.strerror or "?")
        ) from error
    finally:
        unfinished.unlink(missing_ok=True)
        source.close()


def _raw(engine: Engine) -> Any:
    dbapi: Any = engine.dialect.dbapi
    return dbapi.connect(engine.url.database)


def _copy(source: Any, unfinished: Path, engine: Engine) -> None:
    dbapi: Any = engine.dialect.dbapi
    unfinished.unlink(missing_ok=True)
    os.close(os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    copy = dbapi.connect(str(unfinished))
    try:
        source.backup(copy)
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
    """
    dbapi: Any = engine.dialect.dbapi
    target = Path(engine.url.database or "")
    _check_backup(dbapi, source)
    kept: Path | None = None
    if target.exists() and target.stat().st_size:
        stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S-%f")
        kept = target.with_name(f"{target.stem}-before-restore-{stamp}{target.suffix}")
        backup_sqlite(engine, kept)
    # Written through SQLite's own backup into the live file: other open connections see one atomic change.
    original = dbapi.connect(f"file:{source}?mode=ro", uri=True)
    copy = dbapi.connect(str(target), timeout=30)
    try:
        original.backup(copy)
    finally:
        original.close()
        copy.close()
    return kept


def _check_backup(dbapi: Any, source: Path) -> None:
    what = tr("{file} is not a SMS Desk backup.", file=source)
    if not source.is_file():
        raise InvalidInput(tr("There is no file {file}.", file=source))
    connection = dbapi.connect(f"file:{source}?mode=ro", uri=True)
    try:
        sound = [row[0] for row in connection.execute("PRAGMA integrity_check(1)")] == ["ok"]
        owner = connection.execute("PRAGMA application_id").fetchone()[0]
        revision = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except dbapi.DatabaseError as error:
        raise InvalidInput(what) from error
    finally:
        connection.close()
    known = {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}
    if not sound or owner != APPLICATION_ID or revision is None:
        raise InvalidInput(what)
    if revision[0] not in known:
        raise InvalidInput(tr("{file} was written by a newer SMS Desk.", file=source))
