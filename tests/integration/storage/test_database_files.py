"""Opening a SQLite file: what is in the way gets one clear sentence, and the settings that keep data are in force."""

import os
import shutil
import stat
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from desktop_app.domain.errors import InvalidInput, StorageUnavailable
from desktop_app.storage import engine as storage_engine
from desktop_app.storage.engine import make_engine, parse_url, safe_for_wal
from desktop_app.storage.unit_of_work import Database
from tests.fixtures.books import Books

NOBODY = 65534


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Callable[[Path], Database]]:
    """Opens files, with little patience for locks; closed at the end."""
    databases: list[Database] = []

    def open_one(file: Path) -> Database:
        databases.append(Database(f"sqlite:///{file}", tmp_path / "backups", busy_seconds=0.05))
        return databases[-1]

    yield open_one
    for database in databases:
        database.close()


def dbapi() -> Any:
    return make_engine("sqlite:///x.db").dialect.dbapi


@pytest.mark.parametrize(
    "content",
    [b"country;price\nDE;0.05\n", b"\0" * 4096, bytes(range(256)) * 64, b"SQLite format 3\0" + b"\xff" * 5000],
    ids=["text", "zeros", "garbage", "the right header and garbage"],
)
def test_a_file_that_is_no_database_stays_as_it_is(
    tmp_path: Path, opened: Callable[[Path], Database], content: bytes
) -> None:
    file = tmp_path / "prices.csv"
    file.write_bytes(content)
    with pytest.raises(StorageUnavailable, match=r"not a SMS Desk database|damaged"):
        opened(file).upgrade()
    assert file.read_bytes() == content
    assert [path.name for path in tmp_path.iterdir()] == ["prices.csv"]


def test_an_empty_file_becomes_a_database(tmp_path: Path, opened: Callable[[Path], Database]) -> None:
    file = tmp_path / "new.db"
    file.touch()
    assert opened(file).upgrade() == "0001"


def test_a_folder_is_no_database(tmp_path: Path, opened: Callable[[Path], Database]) -> None:
    with pytest.raises(StorageUnavailable, match="is a folder, not a database file"):
        opened(tmp_path).upgrade()


def test_a_missing_folder_is_named(tmp_path: Path, opened: Callable[[Path], Database]) -> None:
    with pytest.raises(StorageUnavailable, match=r"The folder .*nowhere does not exist"):
        opened(tmp_path / "nowhere" / "a.db").upgrade()


def test_a_name_that_no_file_can_have(tmp_path: Path, opened: Callable[[Path], Database]) -> None:
    with pytest.raises(StorageUnavailable, match="cannot be opened: File name too long"):
        opened(tmp_path / ("x" * 300)).upgrade()


@pytest.fixture
def as_ordinary_user() -> Iterator[Path]:
    """A folder, and a person whom its files' permissions bind: the superuser of a build machine may do everything."""
    folder = Path(tempfile.mkdtemp(prefix="sms-desk-"))
    folder.chmod(0o755)
    yield folder
    if os.geteuid() != os.getuid():
        os.seteuid(os.getuid())
    shutil.rmtree(folder)


def test_a_file_that_may_not_be_written(as_ordinary_user: Path, opened: Callable[[Path], Database]) -> None:
    file = as_ordinary_user / "a.db"
    opened(file).upgrade()
    opened(file).close()
    file.chmod(stat.S_IRUSR | stat.S_IRGRP | stat.S_IROTH)
    if os.geteuid() == 0:
        os.seteuid(NOBODY)
    with pytest.raises(StorageUnavailable, match="may not be written by this user"):
        opened(file).upgrade()


def test_a_file_locked_by_another_program(tmp_path: Path, opened: Callable[[Path], Database]) -> None:
    file = tmp_path / "a.db"
    database = opened(file)
    database.upgrade()
    with closing(dbapi().connect(str(file), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with (
            pytest.raises(StorageUnavailable, match=r"locked by another program\. Nothing was saved"),
            database.begin(),
        ):
            pytest.fail("a second writer came in")
        with database.read() as uow:
            assert uow.settings.get("service") == ""
        other.execute("ROLLBACK")
    with database.begin() as uow:
        uow.settings.set("service", "on")


def test_a_file_locked_before_its_first_upgrade(tmp_path: Path, opened: Callable[[Path], Database]) -> None:
    file = tmp_path / "a.db"
    with closing(dbapi().connect(str(file), isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StorageUnavailable, match="locked by another program"):
            opened(file).upgrade()
    assert opened(file).upgrade() == "0001"


def test_a_new_file_is_readable_by_its_owner_only(tmp_path: Path, opened: Callable[[Path], Database]) -> None:
    opened(tmp_path / "a.db").upgrade()
    modes = {stat.S_IMODE(file.stat().st_mode) for file in tmp_path.glob("a.db*")}
    assert os.name == "nt" or modes == {0o600}


@pytest.mark.parametrize(
    ("version", "safe"),
    [
        ((3, 6, 23), False), ((3, 7, 0), False), ((3, 40, 1), False), ((3, 51, 2), False), ((3, 51, 3), True),
        ((3, 51, 4), True), ((3, 52, 0), False), ((3, 52, 1), True), ((3, 53, 4), True), ((4, 0, 0), True),
    ],
)  # fmt: skip
def test_versions_that_may_write_ahead(version: tuple[int, ...], safe: bool) -> None:
    assert safe_for_wal(version) is safe


def pragmas(connection: Any) -> dict[str, object]:
    names = ("journal_mode", "synchronous", "foreign_keys", "recursive_triggers", "trusted_schema", "cell_size_check",
             "mmap_size", "query_only")  # fmt: skip
    return {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in names}


def test_the_driver_is_new_enough_and_its_settings_are_in_force(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'a.db'}")
    assert safe_for_wal(engine.dialect.dbapi.sqlite_version_info)  # type: ignore[union-attr]
    with engine.begin() as connection:
        assert pragmas(connection) == {
            "journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "recursive_triggers": 1, "trusted_schema": 0,
            "cell_size_check": 1, "mmap_size": 0, "query_only": 0,
        }  # fmt: skip
    with engine.connect().execution_options(readonly=True) as connection:
        assert pragmas(connection)["query_only"] == 1
    engine.dispose()


def test_an_old_driver_writes_with_a_rollback_journal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storage_engine, "safe_for_wal", lambda _version: False)
    engine = make_engine(f"sqlite:///{tmp_path / 'a.db'}")
    with engine.begin() as connection:
        found = pragmas(connection)
    engine.dispose()
    assert (found["journal_mode"], found["synchronous"]) == ("truncate", 3)
    database = Database(f"sqlite:///{tmp_path / 'a.db'}", tmp_path)
    assert database.upgrade() == "0001"
    assert database.audit().ok
    database.close()


def test_writers_begin_immediate_and_readers_cannot_write(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'a.db'}")
    seen: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda _c, _cursor, statement, *_rest: seen.append(statement))
    for readonly in (False, True, False, True):
        with engine.connect().execution_options(readonly=readonly) as connection:
            connection.exec_driver_sql("SELECT 1")
    begins = [statement for statement in seen if statement.startswith("BEGIN")]
    assert begins == ["BEGIN IMMEDIATE", "BEGIN", "BEGIN IMMEDIATE", "BEGIN"]
    engine.dispose()


def test_nothing_is_written_while_reading(books: Books) -> None:
    with pytest.raises(Exception, match=r"(?i)read-?\s?only"), books.database.read() as uow:
        uow.settings.set("service", "on")
    with books.database.read() as uow:
        assert uow.settings.get("service") == ""
    with books.database.begin() as uow:
        uow.settings.set("service", "on")


def test_a_reading_transaction_sees_one_moment(books: Books) -> None:
    with books.database.read() as uow:
        before = uow.settings.get("service", "off")
        writer = threading.Thread(target=_switch_on, args=(books.database,))
        writer.start()
        writer.join()
        assert uow.settings.get("service", "off") == before == "off"
    with books.database.read() as uow:
        assert uow.settings.get("service") == "on"


def _switch_on(database: Database) -> None:
    with database.begin() as uow:
        uow.settings.set("service", "on")


def _change_and_fail(database: Database) -> None:
    with database.begin() as uow:
        uow.settings.set("service", "on")
        uow.ledger.open_account("client:lost", "EUR", bounded=True)
        raise InvalidInput("no such thing")


def test_what_raises_is_rolled_back_whole(books: Books) -> None:
    before = books.counted()
    with pytest.raises(InvalidInput, match="no such thing"):
        _change_and_fail(books.database)
    assert books.counted() == before
    with books.database.read() as uow:
        assert uow.settings.get("service") == ""


@pytest.mark.parametrize(
    "url",
    ["", "prices.db", "mysql://host/name", "sqlite://", "sqlite:///:memory:", "oracle:///x", "postgres://h/n", "\0"],
)
def test_other_addresses_are_refused(url: str) -> None:
    with pytest.raises(InvalidInput, match=r"database"):
        parse_url(url)


def test_a_server_is_asked_through_one_driver() -> None:
    assert parse_url("postgresql://host/name").drivername == "postgresql+psycopg"
    assert parse_url("postgresql+psycopg2://host/name").drivername == "postgresql+psycopg"


def test_a_server_that_is_not_there_is_said_plainly(tmp_path: Path, postgres_url: str) -> None:
    missing = Database(postgres_url + "_missing", tmp_path)
    with pytest.raises(StorageUnavailable, match="does not know this database"):
        missing.upgrade()
    missing.close()
    silent = Database("postgresql://postgres@127.0.0.1:1/name", tmp_path)
    with pytest.raises(StorageUnavailable, match="cannot be reached just now"):
        silent.upgrade()
    silent.close()


@pytest.mark.parametrize("kind", ["nfs", "nfs4", "cifs", "smb3", "fuse.sshfs", "9p", "vboxsf"])
def test_a_file_on_a_network_drive_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    shared, local = tmp_path / "team drive", tmp_path / "here"
    shared.mkdir()
    local.mkdir()
    (tmp_path / "link").symlink_to(shared)
    mounts = tmp_path / "mounts"
    escaped = str(shared).replace(" ", r"\040")
    mounts.write_text(f"root / ext4 rw 0 0\nserver:/x {escaped} {kind} rw 0 0\nlocal {local} ext4 rw 0 0\n", "utf-8")
    monkeypatch.setattr(storage_engine, "_MOUNTS", mounts)
    for folder in (shared, tmp_path / "link"):
        with pytest.raises(InvalidInput, match=f"network drive \\({kind}\\).*PostgreSQL"):
            make_engine(f"sqlite:///{folder / 'a.db'}")
    make_engine(f"sqlite:///{local / 'a.db'}")


def test_postgresql_without_its_optional_driver_is_refused_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)

    with pytest.raises(StorageUnavailable, match="psycopg"):
        make_engine("postgresql://localhost/desk")
