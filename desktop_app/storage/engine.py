"""Opening the database: SQLite by default, PostgreSQL for teams; one place for pragmas, transactions and error words."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, InterfaceError, OperationalError

from desktop_app.domain.errors import InsufficientCredit, InvalidInput, StaleData, StorageUnavailable
from desktop_app.domain.language import tr

BUSY_TIMEOUT_SECONDS: Final = 30
# 3.7.0 to 3.51.2 can corrupt a WAL database when two connections write and checkpoint at once (sqlite.org, WAL-reset bug);
# 3.52.0 was withdrawn.
_FIXED_SQLITE: Final = (3, 51, 3)
_WITHDRAWN_SQLITE: Final = (3, 52, 0)
# Two transactions on PostgreSQL may insert the same name at once; on SQLite writers wait for each other.
_UNIQUE_VIOLATION: Final = "23505"
_FROZEN: Final = "account frozen"
_MOUNTS: Final = Path("/proc/mounts")
_NETWORK_FILESYSTEMS: Final = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs", "9p", "vboxsf", "afs"})


def _sqlite_driver() -> ModuleType:
    """Return the SQLite driver with the newest engine: pysqlite3 bundles its own, the standard library's may be old."""
    try:
        from pysqlite3 import dbapi2
    except ImportError:
        return sqlite3
    driver: ModuleType = dbapi2
    return driver


def safe_for_wal(version: tuple[int, ...]) -> bool:
    """Return whether this SQLite may write in WAL mode from several connections (decisions.md 17)."""
    return version >= _FIXED_SQLITE and version != _WITHDRAWN_SQLITE


def parse_url(url: str) -> URL:
    """Return ``url`` for one of the two databases we know.

    Raises:
        InvalidInput: for any other, or text that is no URL.
    """
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise InvalidInput(
            tr("“{url}” is not a database address. Use sqlite:///FILE or postgresql://HOST/NAME.", url=url[:80])
        ) from error
    backend = parsed.get_backend_name()
    if backend == "postgresql":
        return parsed.set(drivername="postgresql+psycopg")
    if backend == "sqlite" and parsed.database not in (None, "", ":memory:"):
        return parsed
    raise InvalidInput(tr("Only a SQLite file or a PostgreSQL database can be used, not “{url}”.", url=url[:80]))


def make_engine(url: str, busy_seconds: float = BUSY_TIMEOUT_SECONDS) -> Engine:
    """Return the engine for ``url``; nothing is opened yet.

    Args:
        url: see ``parse_url``.
        busy_seconds: how long SQLite waits for another program that is writing.

    Raises:
        InvalidInput: see ``parse_url``; also for a SQLite file on a network drive.
        StorageUnavailable: the driver for PostgreSQL, an optional package, is not installed.
    """
    parsed = parse_url(url)
    if parsed.get_backend_name() == "postgresql":
        engine = _postgresql_engine(parsed)
        event.listen(engine, "connect", _configure_postgresql)
        return engine
    path = Path(parsed.database or "")
    _refuse_network_drive(path)
    driver = _sqlite_driver()
    engine = create_engine(
        parsed,
        module=driver,
        # The driver evicts the least used statement, so a full cache never takes in a new one: it must hold them all.
        connect_args={"timeout": busy_seconds, "check_same_thread": False, "cached_statements": 2000},
        execution_options={"busy_seconds": busy_seconds},
    )
    wal = safe_for_wal(driver.sqlite_version_info)
    event.listen(engine, "connect", lambda connection, _record: _configure_sqlite(connection, wal, busy_seconds))
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _postgresql_engine(url: URL) -> Engine:
    try:
        return create_engine(url, pool_pre_ping=True)
    except ModuleNotFoundError as error:
        raise StorageUnavailable(
            tr("PostgreSQL needs the package “psycopg”, which is not installed. Install “sms-desk[team]”.")
        ) from error


def _configure_sqlite(connection: Any, wal: bool, busy_seconds: float) -> None:
    connection.isolation_level = None
    _choose_journal(connection, "WAL" if wal else "TRUNCATE", busy_seconds)
    # 64 MB of cache: the index of provider ids is hit at random, and reading its pages back costs more than the rest of a send.
    safety = (
        "cache_size=-64000",
        "wal_autocheckpoint=4000",
        "foreign_keys=ON",
        "recursive_triggers=ON",
        "trusted_schema=OFF",
        "cell_size_check=ON",
        "mmap_size=0",
    )
    for pragma in ("synchronous=FULL" if wal else "synchronous=EXTRA", *safety):
        connection.execute(f"PRAGMA {pragma}")
    # Trusting the settings without reading them back would lose durability silently on odd file systems.
    if connection.execute("PRAGMA synchronous").fetchone()[0] < 2:
        raise StorageUnavailable(tr("This database file cannot be written durably here."))


def _choose_journal(connection: Any, mode: str, busy_seconds: float) -> None:
    # SQLite's own patience does not cover this one statement: a new file that two programs open at once would be "locked".
    end = time.monotonic() + busy_seconds
    while True:
        try:
            connection.execute(f"PRAGMA journal_mode={mode}")
        except _sqlite_driver().OperationalError as error:
            if "locked" not in str(error) or time.monotonic() >= end:
                raise
            # This lock SQLite does wait for: until everybody else is done with the file.
            connection.execute("BEGIN EXCLUSIVE")
            connection.execute("ROLLBACK")
        else:
            return


def _configure_postgresql(connection: Any, _record: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = '120s'")
        cursor.execute("SET lock_timeout = '15s'")
        cursor.execute("SET idle_in_transaction_session_timeout = '60s'")
        cursor.execute("SET timezone = 'UTC'")
    connection.commit()


def _begin_sqlite(connection: Connection) -> None:
    # A deferred BEGIN that later writes fails at once with SQLITE_BUSY_SNAPSHOT, or loses an update (reliability.md 4.4).
    readonly = bool(connection.get_execution_options().get("readonly", False))
    if connection.info.get("readonly", False) != readonly:
        connection.exec_driver_sql("PRAGMA query_only=ON" if readonly else "PRAGMA query_only=OFF")
        connection.info["readonly"] = readonly
    connection.exec_driver_sql("BEGIN" if readonly else "BEGIN IMMEDIATE")


def _refuse_network_drive(path: Path) -> None:
    if not _MOUNTS.exists():
        return
    folder = path.expanduser().resolve().parent
    best, kind = "", ""
    for line in _MOUNTS.read_text("utf-8", "replace").splitlines():
        _device, mount, filesystem, *_rest = line.split(" ")
        mount = mount.replace(r"\040", " ")
        if (folder == Path(mount) or Path(mount) in folder.parents) and len(mount) >= len(best):
            best, kind = mount, filesystem
    if kind in _NETWORK_FILESYSTEMS:
        raise InvalidInput(
            tr(
                "{file} lies on a network drive ({kind}), where SQLite loses data. Use a local folder, or PostgreSQL.",
                file=path,
                kind=kind,
            )
        )


@contextmanager
def storage_errors() -> Iterator[None]:
    """Translate what the databases report about the world; what is our own bug passes through unchanged.

    Raises:
        InsufficientCredit: an account would fall below its floor.
        StaleData: another transaction stored the same unique thing at the same moment, or froze the account.
        StorageUnavailable: the database cannot be opened, read or written.
    """
    try:
        yield
    except IntegrityError as error:
        if "ck_ledger_account_floor" in str(error.orig):
            raise InsufficientCredit(tr("The available credit does not cover this.")) from error
        # A client that is archived at this moment is frozen after whoever sends for it saw it in use.
        if getattr(error.orig, "sqlstate", None) == _UNIQUE_VIOLATION or _FROZEN in str(error.orig):
            raise StaleData(
                tr("Somebody else saved the same thing at this moment. Look at it and try again.")
            ) from error
        raise
    except (OperationalError, InterfaceError) as error:
        raise StorageUnavailable(_sentence(str(error.orig))) from error
    except DBAPIError as error:
        if is_damage(str(error.orig)) or error.connection_invalidated:
            raise StorageUnavailable(_sentence(str(error.orig))) from error
        raise
    except _sqlite_driver().DatabaseError as error:
        # From the connections that copy files, which SQLAlchemy does not see.
        raise StorageUnavailable(_sentence(str(error))) from error


def is_damage(text: str) -> bool:
    """Return whether a driver's message says that the file itself is broken."""
    return "not a database" in text or "malformed" in text


def _sentence(text: str) -> str:
    text = text.lower()
    known = (
        ("locked", tr("The database is locked by another program. Nothing was saved; try again.")),
        ("readonly", tr("The database is read-only. Nothing was saved.")),
        ("read-only", tr("The database is read-only. Nothing was saved.")),
        ("disk is full", tr("The disk is full. Nothing was saved; your data is safe.")),
        ("no space left", tr("The disk is full. Nothing was saved; your data is safe.")),
        ("not a database", tr("This file is not a SMS Desk database.")),
        ("malformed", tr("The database file is damaged. Restore a backup.")),
        ("unable to open", tr("The database file cannot be opened.")),
        ("authentication failed", tr("The database server refuses the user or password.")),
        ("does not exist", tr("The database server does not know this database.")),
        ("lock timeout", tr("The database is busy. Nothing was saved; try again.")),
    )
    for mark, sentence in known:
        if mark in text:
            return sentence
    return tr("The database cannot be reached just now. Nothing was saved; try again.")
