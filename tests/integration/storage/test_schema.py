"""Bringing a database to this program's schema: fresh, again, older, newer, foreign, and two programs at once."""

import os
import re
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from psycopg import sql
from sqlalchemy import inspect
from sqlalchemy.exc import DBAPIError

from desktop_app.domain.errors import StorageUnavailable
from desktop_app.storage import models, schema
from desktop_app.storage.engine import make_engine
from desktop_app.storage.models.base import metadata
from desktop_app.storage.unit_of_work import Database
from tests.fixtures.books import Books
from tests.fixtures.postgres import PostgresServer

ROOT = Path(__file__).parents[3]
MIGRATIONS = Path(schema.__file__).parent / "migrations"
NEXT_REVISION = """
from alembic import op
revision, down_revision, branch_labels, depends_on = "0002", "0001", None, None

def upgrade():
    op.get_bind().exec_driver_sql("CREATE TABLE extra (id INTEGER PRIMARY KEY)")
    op.get_bind().exec_driver_sql("{statement}")
"""
UPGRADER = """
import sys
from pathlib import Path
from desktop_app.storage.unit_of_work import Database
database = Database(sys.argv[1], Path(sys.argv[2]))
print("ready", flush=True)
sys.stdin.readline()
print(database.upgrade())
database.close()
"""
# Everything that makes a table of PostgreSQL what it is, apart from its guards.
POSTGRES_SHAPE = (
    "SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity::text,"
    " pg_get_expr(d.adbin, d.adrelid) FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid"
    " LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum WHERE a.attnum > 0 AND c.relkind = 'r'"
    " AND c.relnamespace = 'public'::regnamespace ORDER BY 1, 2",
    "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
    " WHERE connamespace = 'public'::regnamespace ORDER BY 1, 2",
    "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1, 2",
    "SELECT relname, reloptions FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY 1",
)


@pytest.fixture
def open_database(tmp_path: Path) -> Iterator[Callable[[str], Database]]:
    """Opens databases that are closed at the end."""
    opened: list[Database] = []

    def open_one(url: str) -> Database:
        opened.append(Database(url, tmp_path / "backups", busy_seconds=0.05))
        return opened[-1]

    yield open_one
    for database in opened:
        database.close()


@pytest.fixture
def next_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Turns this program into a later one, whose migration 0002 makes a table and then runs a statement."""

    def become(statement: str) -> None:
        migrations = tmp_path / "migrations"
        shutil.copytree(MIGRATIONS, migrations, ignore=shutil.ignore_patterns("__pycache__"))
        (migrations / "versions" / "r0002_extra.py").write_text(NEXT_REVISION.format(statement=statement), "utf-8")
        monkeypatch.setattr(schema, "_MIGRATIONS", migrations)

    return become


def revision_of(url: str) -> str | None:
    engine = make_engine(url)
    with engine.connect() as connection:
        revision = schema.current_revision(connection)
    engine.dispose()
    return revision


def test_a_fresh_database_gets_the_newest_schema_and_a_second_upgrade_changes_nothing(
    database_url: str, open_database: Callable[[str], Database], tmp_path: Path
) -> None:
    assert open_database(database_url).upgrade() == schema.head_revision() == "0001"
    first = (tmp_path / "test.db").read_bytes() if database_url.startswith("sqlite") else b""
    assert open_database(database_url).upgrade() == "0001"
    assert revision_of(database_url) == "0001"
    if first:
        open_database(database_url).close()
        assert (tmp_path / "test.db").read_bytes() == first
    assert not (tmp_path / "backups").exists()


def test_the_models_are_the_migrated_schema(books: Books) -> None:
    with books.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
        names = set(inspect(connection).get_table_names())
    assert names == set(metadata.tables) | {"alembic_version"}
    assert models.__doc__


def test_every_table_in_a_file_is_strict_and_spelt_as_the_models_say(tmp_path: Path) -> None:
    def shape(url: str) -> dict[str, str]:
        engine = make_engine(url)
        with engine.begin() as connection:
            metadata.create_all(connection)
            query = "SELECT name, sql FROM sqlite_master WHERE type IN ('table', 'index') AND sql IS NOT NULL"
            rows = connection.exec_driver_sql(query).all()
            listed = connection.exec_driver_sql("SELECT name, strict FROM pragma_table_list WHERE schema = 'main'")
            strict = {row.name: row.strict for row in listed}
        engine.dispose()
        assert {name for name in metadata.tables if strict[name] != 1} == set()
        return {
            name: re.sub(r"\s+", "", text) for name, text in rows if name not in ("alembic_version", "sqlite_sequence")
        }

    migrated = f"sqlite:///{tmp_path / 'migrated.db'}"
    Database(migrated, tmp_path).upgrade()
    assert shape(migrated) == shape(f"sqlite:///{tmp_path / 'created.db'}")


def test_every_table_of_a_server_is_as_the_models_say(
    postgres_url: str, postgres_server: PostgresServer, open_database: Callable[[str], Database]
) -> None:
    def shape(url: str) -> list[list[tuple[object, ...]]]:
        engine = make_engine(url)
        with engine.begin() as connection:
            metadata.create_all(connection)
            # The guards' trigger on emptying tables and the version table are the migration's own.
            found = [[tuple(row) for row in connection.exec_driver_sql(query)] for query in POSTGRES_SHAPE]
        engine.dispose()
        return [[row for row in rows if row[0] != "alembic_version"] for rows in found]

    open_database(postgres_url).upgrade()
    twin = f"{postgres_url.rpartition('/')[2]}_twin"
    postgres_server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(twin)))
    try:
        assert shape(postgres_url) == shape(postgres_server.url(twin))
    finally:
        postgres_server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(twin)))


def test_a_newer_database_is_refused_and_not_touched(
    books: Books, open_database: Callable[[str], Database], tmp_path: Path
) -> None:
    books.run("UPDATE alembic_version SET version_num = '9999'")
    books.close()
    files = {file: file.read_bytes() for file in tmp_path.glob("test.db*")}
    with pytest.raises(StorageUnavailable, match=r"newer SMS Desk \(revision 9999\)") as caught:
        open_database(books.url).upgrade()
    assert caught.value.code == "newer_database"
    assert {file: file.read_bytes() for file in tmp_path.glob("test.db*")} == files
    assert not (tmp_path / "backups").exists()
    assert revision_of(books.url) == "9999"


@pytest.mark.parametrize("revision", [None, "0001", "9999"])
def test_somebody_elses_file_is_refused_and_not_touched(
    tmp_path: Path, open_database: Callable[[str], Database], revision: str | None
) -> None:
    """Others use Alembic too, and number their revisions likewise."""
    file = tmp_path / "notes.db"
    other = sqlite3.connect(file)
    other.execute("CREATE TABLE notes (text TEXT)")
    if revision is not None:
        other.execute("CREATE TABLE alembic_version (version_num TEXT)")
        other.execute("INSERT INTO alembic_version VALUES (?)", (revision,))
    other.commit()
    other.close()
    before = file.read_bytes()
    with pytest.raises(StorageUnavailable, match="belongs to another program") as caught:
        open_database(f"sqlite:///{file}").upgrade()
    assert caught.value.code == "foreign_database"
    assert file.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["notes.db"]


@pytest.mark.parametrize("revision", [None, "0001"])
def test_somebody_elses_server_database_is_refused(
    postgres_url: str, open_database: Callable[[str], Database], revision: str | None
) -> None:
    engine = make_engine(postgres_url)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE notes (text TEXT)")
        if revision is not None:
            connection.exec_driver_sql("CREATE TABLE alembic_version (version_num TEXT)")
            connection.exec_driver_sql(f"INSERT INTO alembic_version VALUES ('{revision}')")
    with pytest.raises(StorageUnavailable, match="belongs to another program") as caught:
        open_database(postgres_url).upgrade()
    assert caught.value.code == "foreign_database"
    with engine.begin() as connection:
        names = set(inspect(connection).get_table_names())
    engine.dispose()
    assert names == {"notes"} | ({"alembic_version"} if revision else set())


def test_an_older_database_is_backed_up_and_brought_up(
    books: Books, next_program: Callable[[str], None], tmp_path: Path
) -> None:
    before = books.counted()
    next_program("INSERT INTO extra VALUES (7)")
    assert books.database.upgrade() == "0002"
    assert books.rows("SELECT id FROM extra") == [(7,)]
    assert books.counted() == before
    assert books.database.audit().ok
    backups = list((tmp_path / "backups").glob("*")) if (tmp_path / "backups").exists() else []
    if books.engine.dialect.name == "postgresql":
        assert backups == []
        return
    [backup] = backups
    assert re.fullmatch(r"before-0002-\d{8}-\d{6}\.db", backup.name)
    assert os.name == "nt" or (backup.stat().st_mode & 0o777, backup.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    kept = Books(f"sqlite:///{backup}", tmp_path)
    assert kept.counted() == before
    assert revision_of(kept.url) == "0001"
    kept.close()


def test_a_migration_that_fails_leaves_the_database_as_it_was(
    books: Books, next_program: Callable[[str], None]
) -> None:
    before = books.counted()
    next_program("INSERT INTO nowhere VALUES (7)")
    with pytest.raises((StorageUnavailable, DBAPIError)):
        books.database.upgrade()
    assert revision_of(books.url) == "0001"
    with books.engine.connect() as connection:
        assert "extra" not in inspect(connection).get_table_names()
    assert books.counted() == before


def test_no_backup_no_migration(
    tmp_path: Path, open_database: Callable[[str], Database], next_program: Callable[[str], None]
) -> None:
    url = f"sqlite:///{tmp_path / 'test.db'}"
    open_database(url).upgrade()
    next_program("INSERT INTO extra VALUES (7)")
    (tmp_path / "backups").write_text("in the way")
    with pytest.raises(StorageUnavailable, match="folder for backups"):
        open_database(url).upgrade()
    assert revision_of(url) == "0001"


def test_two_programs_at_once_bring_up_one_schema(database_url: str, tmp_path: Path) -> None:
    programs = [
        subprocess.Popen(
            [sys.executable, "-c", UPGRADER, database_url, str(tmp_path)],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for _ in range(3)
    ]  # fmt: skip
    for program in programs:
        assert program.stdout is not None
        assert program.stdout.readline() == "ready\n"
    for program in programs:
        assert program.stdin is not None
        program.stdin.write("\n")
        program.stdin.flush()
    for program in programs:
        output, errors = program.communicate(timeout=60)
        assert (output, errors, program.returncode) == ("0001\n", "", 0)
    database = Database(database_url, tmp_path)
    assert database.audit().warnings == ()
    database.close()
    assert revision_of(database_url) == "0001"


def test_a_new_file_that_another_program_prepares_just_then_is_waited_for(tmp_path: Path) -> None:
    file = tmp_path / "new.db"
    engine = make_engine(f"sqlite:///{file}")
    # The same library: locks of two copies of SQLite in one process do not see each other.
    dbapi: Any = engine.dialect.dbapi
    other = dbapi.connect(file, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    release = threading.Timer(0.3, other.execute, ("ROLLBACK",))
    release.start()
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar_one() == "wal"
    engine.dispose()
    release.join()
    other.close()
