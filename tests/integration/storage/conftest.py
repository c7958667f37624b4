"""Books on both databases: fresh ones for each test, and filled ones that a whole module looks at."""

import secrets
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from psycopg import sql

from tests.fixtures.books import Books
from tests.fixtures.postgres import PostgresServer


@pytest.fixture
def books(database_url: str, tmp_path: Path) -> Iterator[Books]:
    """Fresh books with one client, once on SQLite and once on PostgreSQL."""
    found = Books(database_url, tmp_path / "backups").start()
    yield found
    found.close()


@pytest.fixture(scope="module")
def shelf(
    tmp_path_factory: pytest.TempPathFactory, postgres_server: PostgresServer
) -> Iterator[Callable[[str], Books]]:
    """Filled books by kind of database, made once for a module."""
    folder = tmp_path_factory.mktemp("shelf")
    made: dict[str, Books] = {}
    with ExitStack() as stack:

        def books_of(dialect: str) -> Books:
            if dialect not in made:
                url = f"sqlite:///{folder / 'filled.db'}"
                if dialect == "postgresql":
                    name = f"filled_{secrets.token_hex(8)}"
                    postgres_server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
                    drop = sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name))
                    stack.callback(postgres_server.execute, drop)
                    url = postgres_server.url(name)
                made[dialect] = Books(url, folder / "backups")
                stack.callback(made[dialect].close)
                made[dialect].start().fill()
            return made[dialect]

        yield books_of


@pytest.fixture(params=["sqlite", "postgresql"])
def filled(request: pytest.FixtureRequest, shelf: Callable[[str], Books]) -> Iterator[Books]:
    """Books with a message in every state; shared by the module, so the test must leave them as they are."""
    found = shelf(request.param)
    before = found.counted()
    yield found
    assert found.counted() == before
    assert found.database.audit().problems == ()
