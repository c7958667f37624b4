"""Backups of a SQLite file: always whole, never a bad one over a good one; and the way back."""

import sqlite3
import stat
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from desktop_app.domain.credits import TransferKind
from desktop_app.domain.errors import InvalidInput, StorageUnavailable
from desktop_app.storage.unit_of_work import Database
from tests.fixtures.books import NOW, Books, number


@pytest.fixture
def books(tmp_path: Path) -> Iterator[Books]:
    """Books in a file, with little patience for locks."""
    (tmp_path / "data").mkdir()
    found = Books(f"sqlite:///{tmp_path / 'data' / 'books.db'}", tmp_path / "backups")
    found.database.close()
    found.database = Database(found.url, tmp_path / "backups", busy_seconds=0.05)
    yield found.start()
    found.close()


@pytest.fixture
def reading(tmp_path: Path) -> Iterator[Callable[[Path], Books]]:
    """Opens a file as books; closed at the end."""
    opened: list[Books] = []

    def open_one(file: Path) -> Books:
        opened.append(Books(f"sqlite:///{file}", tmp_path / "none"))
        return opened[-1]

    yield open_one
    for one in opened:
        one.close()


def file_of(books: Books) -> Path:
    return Path(books.url.removeprefix("sqlite:///"))


def folder_of(books: Books) -> dict[str, bytes]:
    """Everything that lies beside the database, itself included."""
    return {file.name: file.read_bytes() for file in file_of(books).parent.iterdir() if file.is_file()}


def damage(file: Path) -> bytes:
    """Overwrite the middle of the file and return what it holds then."""
    content = bytearray(file.read_bytes())
    content[4096 : len(content) // 2] = b"\xa5" * (len(content) // 2 - 4096)
    file.write_bytes(bytes(content))
    return bytes(content)


def test_a_backup_is_one_plain_file_for_its_owner(
    books: Books, tmp_path: Path, reading: Callable[[Path], Books]
) -> None:
    books.queue([number(1)])
    target = tmp_path / "copy of today.db"
    books.database.backup(target)
    assert [file.name for file in tmp_path.iterdir() if file.is_file()] == ["copy of today.db"]
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    with closing(sqlite3.connect(f"file:{target}?mode=ro", uri=True)) as plain:
        assert plain.execute("PRAGMA journal_mode").fetchone() == ("delete",)
    copy = reading(target)
    assert copy.database.upgrade() == "0001"
    assert copy.counted() == books.counted()
    assert copy.database.audit().ok


def test_backups_beside_a_running_writer_are_whole(
    books: Books, tmp_path: Path, reading: Callable[[Path], Books]
) -> None:
    """Each holds only whole transactions: a hold and its release are written together, so their number is even."""
    stop, failed = threading.Event(), threading.Event()
    client, sales = books.ids["account_Aurora"], books.ids["sales"]

    def write() -> None:
        other = Books(books.url, tmp_path)
        with suppress(StopIteration):
            while not stop.is_set():
                with other.database.begin() as uow:
                    charge = books.transfer(TransferKind.CHARGE, client, sales, 10)
                    back = books.transfer(
                        TransferKind.REFUND, sales, client, 10, refers_id=uow.ledger.post(charge, NOW)
                    )
                    uow.ledger.post(back, NOW)
        other.close()

    def guarded() -> None:
        try:
            write()
        except BaseException:
            failed.set()
            raise

    writer = threading.Thread(target=guarded)
    writer.start()
    sizes = []
    for index in range(12):
        books.database.backup(tmp_path / f"{index}.db")
        sizes.append(books.rows("SELECT COUNT(*) FROM ledger_transfer")[0][0])
    stop.set()
    writer.join()
    assert not failed.is_set()
    assert sizes[-1] > sizes[0]
    for index in range(12):
        copy = reading(tmp_path / f"{index}.db")
        assert copy.database.audit().ok
        assert (copy.rows("SELECT COUNT(*) FROM ledger_transfer")[0][0] - 1) % 2 == 0


@pytest.mark.parametrize("kind", ["pages", "index"])
def test_a_damaged_database_gives_no_backup_and_leaves_the_older_one(books: Books, tmp_path: Path, kind: str) -> None:
    target = tmp_path / "old.db"
    books.database.backup(target)
    good = target.read_bytes()
    if kind == "index":
        # Every page can be read; only the check of the whole file sees that the index is of another column.
        books.run(
            "PRAGMA writable_schema=ON",
            "UPDATE sqlite_master SET sql = replace(sql, '(debit_id, id)', '(credit_id, id)')"
            " WHERE name = 'ix_ledger_transfer_debit'",
        )
    books.close()
    if kind == "pages":
        damage(file_of(books))
    with pytest.raises(StorageUnavailable, match="damaged"):
        books.database.backup(target)
    assert target.read_bytes() == good
    assert [file.name for file in tmp_path.iterdir() if file.is_file()] == ["old.db"]


@pytest.mark.parametrize("where", ["missing folder", "folder", "itself"])
def test_a_backup_that_cannot_be_written_there(books: Books, tmp_path: Path, where: str) -> None:
    (tmp_path / "folder").mkdir()
    target = {"missing folder": tmp_path / "no" / "a.db", "folder": tmp_path / "folder", "itself": file_of(books)}[
        where
    ]
    before = books.counted()
    with pytest.raises(InvalidInput, match=r"cannot be written|the database itself"):
        books.database.backup(target)
    assert books.counted() == before
    assert list((tmp_path / "folder").iterdir()) == []


def test_a_server_backs_itself_up(postgres_url: str, tmp_path: Path) -> None:
    database = Database(postgres_url, tmp_path)
    with pytest.raises(InvalidInput, match="pg_dump"):
        database.backup(tmp_path / "a.db")
    with pytest.raises(InvalidInput, match="pg_restore"):
        database.restore(tmp_path / "a.db")
    database.close()


@pytest.mark.parametrize("name", ["backup.db", "Aurora & Söhne #1 100%?.db", "übrig 'gut'.db"])
def test_restoring_brings_back_the_day_and_keeps_the_former(
    books: Books, tmp_path: Path, reading: Callable[[Path], Books], name: str
) -> None:
    backup = tmp_path / name
    books.database.backup(backup)
    then = books.counted()
    books.queue([number(1), number(2)])
    now = books.counted()
    kept = books.database.restore(backup)
    # The raw connections of these books were open all the time: they see the change as one.
    assert books.counted() == then
    assert books.database.audit().ok
    assert kept is not None
    assert kept.parent == file_of(books).parent
    assert kept.name.startswith("books-before-restore-")
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert reading(kept).counted() == now
    books.queue([number(3)])
    assert books.database.audit().ok


def test_restoring_where_nothing_stood(books: Books, tmp_path: Path, reading: Callable[[Path], Books]) -> None:
    backup = tmp_path / "backup.db"
    books.database.backup(backup)
    fresh = reading(tmp_path / "fresh.db")
    assert fresh.database.restore(backup) is None
    assert fresh.counted() == books.counted()
    assert stat.S_IMODE((tmp_path / "fresh.db").stat().st_mode) == 0o600


def bad_backup(kind: str, books: Books, file: Path) -> Path:
    """Return a file that is no backup of ours, in one of several ways."""
    if kind == "the database itself":
        return file_of(books)
    if kind == "text":
        file.write_text("country;price\n" * 500)
    elif kind == "empty":
        file.touch()
    elif kind == "folder":
        file.mkdir()
    elif kind == "foreign":
        with closing(sqlite3.connect(file)) as other:
            other.executescript(
                "CREATE TABLE alembic_version (version_num); INSERT INTO alembic_version VALUES ('0001')"
            )
    elif kind != "missing":
        books.database.backup(file)
        if kind == "damaged":
            damage(file)
        elif kind == "cut":
            file.write_bytes(file.read_bytes()[:-8192])
        else:
            with closing(sqlite3.connect(file)) as newer:
                newer.execute(
                    "UPDATE alembic_version SET version_num = '9999'"
                    if kind == "newer"
                    else "DROP TABLE alembic_version"
                )
                newer.commit()
    return file


@pytest.mark.parametrize(
    "kind", ["text", "empty", "folder", "missing", "foreign", "newer", "without a revision", "damaged", "cut",
             "the database itself"],
)  # fmt: skip
def test_what_is_no_sound_backup_is_refused_and_changes_nothing(books: Books, tmp_path: Path, kind: str) -> None:
    source = bad_backup(kind, books, tmp_path / "bad.db")
    books.close()
    before = folder_of(books)
    with pytest.raises(InvalidInput, match=r"not a SMS Desk backup|no file|newer SMS Desk|the database itself"):
        books.database.restore(source)
    assert folder_of(books) == before


@pytest.mark.parametrize("content", ["damaged", "garbage"])
def test_a_damaged_database_is_set_aside_and_replaced(
    books: Books, tmp_path: Path, reading: Callable[[Path], Books], content: str
) -> None:
    backup = tmp_path / "backup.db"
    books.database.backup(backup)
    then = books.counted()
    books.close()
    file = file_of(books)
    if content == "garbage":
        file.write_bytes(b"\x17" * 30_000)
    else:
        damage(file)
    broken = file.read_bytes()
    kept = books.database.restore(backup)
    assert kept is not None
    assert kept.read_bytes() == broken
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    again = reading(file)
    assert again.database.upgrade() == "0001"
    assert again.counted() == then
    assert again.database.audit().ok


def test_a_locked_database_is_not_restored(books: Books, tmp_path: Path) -> None:
    backup = tmp_path / "backup.db"
    books.database.backup(backup)
    books.queue([number(1)])
    before = books.counted()
    with books.begin() as other:
        other.exec_driver_sql("UPDATE setting SET value = value")
        with pytest.raises(StorageUnavailable, match="locked by another program"):
            books.database.restore(backup)
    assert books.counted() == before
    assert books.database.audit().ok
