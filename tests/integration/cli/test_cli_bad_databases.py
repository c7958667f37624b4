"""Databases that are locked, full, foreign, newer or damaged: one sentence, exit 1, nothing lost."""

import functools
import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from desktop_app.storage.engine import make_engine
from desktop_app.storage.unit_of_work import Database
from tests.fixtures.command_line import DEADLINE_SECONDS, ROOT, CommandLine, kept

TOPUP = ("credit", "topup", "Acme", "1", "--reason", "first")


@contextmanager
def _open(database: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        yield connection


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait a moment for a lock instead of half a minute."""
    monkeypatch.setattr("desktop_app.app.Database", functools.partial(Database, busy_seconds=0.05))


@contextmanager
def _held(database: Path, *statements: str) -> Iterator[None]:
    """Hold a lock with the library that the product uses: another one in this process would not be seen."""
    engine = make_engine(f"sqlite:///{database}")
    connection = engine.raw_connection()
    try:
        for statement in statements:
            connection.cursor().execute(statement)
        yield
        connection.rollback()
    finally:
        connection.close()
        engine.dispose()


@pytest.mark.usefixtures("impatient")
def test_a_database_that_another_program_writes_is_said(shop: CommandLine) -> None:
    with _held(shop.database, "BEGIN IMMEDIATE"):
        error = shop.refused(*TOPUP)
        assert shop.ok("credit", "show", "Acme")["available"] == "50.000000", "reading goes on"

    assert error["code"] == "storage_unavailable"
    assert "locked" in error["message"]
    assert "Nothing was saved" in error["message"]
    assert shop.ok(*TOPUP)["available"] == "51.000000"


@pytest.mark.usefixtures("impatient")
def test_a_database_that_another_program_keeps_to_itself_is_said(shop: CommandLine) -> None:
    with _held(shop.database, "PRAGMA locking_mode=EXCLUSIVE", "BEGIN EXCLUSIVE"):
        error = shop.refused("clients", "list")

    assert error["code"] == "storage_unavailable"
    assert shop.ok("credit", "verify")["ok"]


@pytest.mark.parametrize(
    "content",
    [b"garbage " * 4096, b"SQLite format 3\0" + b"\xff" * 8192, b"PK\x03\x04" + b"\0" * 100, b"\0" * 4096],
    ids=["garbage", "only the header", "zip", "zeros"],
)
def test_a_file_that_is_no_database_is_said_and_left_alone(desk: CommandLine, content: bytes) -> None:
    desk.profile.mkdir()
    desk.database.write_bytes(content)

    for command in (("clients", "list"), TOPUP, ("credit", "verify"), ("db", "upgrade")):
        assert desk.refused(*command)["code"] == "storage_unavailable"
    assert desk.database.read_bytes() == content


def test_another_programs_database_is_said_and_left_alone(desk: CommandLine) -> None:
    desk.profile.mkdir()
    with _open(desk.database) as other:
        other.execute("CREATE TABLE bookmark (id INTEGER PRIMARY KEY, url TEXT)")
        other.execute("INSERT INTO bookmark (url) VALUES ('https://example.com')")
    content = desk.database.read_bytes()

    error = desk.refused("clients", "list")

    assert error["code"] == "foreign_database"
    assert "sms-desk.db" in error["message"]
    assert desk.database.read_bytes() == content


def test_a_database_of_a_newer_program_is_said_and_left_alone(shop: CommandLine) -> None:
    with _open(shop.database) as other:
        other.execute("UPDATE alembic_version SET version_num = '9999'")
    before = kept(shop.profile)

    for command in (("clients", "list"), TOPUP, ("db", "upgrade"), ("send", "--client", "Acme", "--sender", "A", "--text",
                    "x", "--to", "+4915112345670")):  # fmt: skip
        error = shop.refused(*command)
        assert error["code"] == "newer_database"
        assert "Update SMS Desk" in error["message"]
    assert kept(shop.profile) == before


def test_a_damaged_page_is_said_and_a_backup_helps(shop: CommandLine, tmp_path: Path) -> None:
    shop.ok("db", "backup", tmp_path / "good.db")
    with _open(shop.database) as other:
        (root,) = other.execute("SELECT rootpage FROM sqlite_master WHERE name = 'client'").fetchone()
        (size,) = other.execute("PRAGMA page_size").fetchone()
    with shop.database.open("r+b") as file:
        file.seek((root - 1) * size)
        file.write(b"\xff" * size)

    error = shop.refused("clients", "list")

    assert error["code"] == "storage_unavailable"
    assert "backup" in error["message"]
    shop.ok("db", "restore", tmp_path / "good.db")
    assert len(shop.ok("clients", "list")["rows"]) == 1


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE message SET status = 'nonsense'",
        "UPDATE client SET currency = 'XXXX'",
        "UPDATE ledger_transfer SET kind = 'nonsense'",
        "UPDATE price_change SET at = -9223372036854775808",
    ],
)
def test_a_broken_row_is_refused_in_one_line_and_the_rest_stays(
    shop: CommandLine, damage: str, expected_log: list[object]
) -> None:
    """Whatever wrote it there, it was not us: no traceback, and the other commands go on."""
    shop.ok("send", "--client", "Acme", "--sender", "ACME", "--text", "Hi", "--to", "+4915112345670")
    with _open(shop.database) as other:
        for (name,) in other.execute("SELECT name FROM sqlite_master WHERE type='trigger'").fetchall():
            other.execute(f'DROP TRIGGER "{name}"')
        other.execute("PRAGMA ignore_check_constraints=ON")
        other.execute(damage)
    before = kept(shop.profile)

    for command in (("messages", "list"), ("clients", "list"), ("credit", "statement", "Acme"), ("credit", "verify"),
                    ("prices", "changes"), ("db", "check")):  # fmt: skip
        answer = shop.json(*command)
        assert answer.code in (0, 1)
        assert "Traceback" not in answer.err
        assert len(answer.err.splitlines()) == answer.code
        assert answer.document
    assert kept(shop.profile) == before


@pytest.mark.parametrize("name", ["a folder", "missing/sms.db", "/proc/version", "pipe"])
def test_a_path_that_cannot_be_a_database_is_said(desk: CommandLine, tmp_path: Path, name: str) -> None:
    (tmp_path / "a folder").mkdir()
    os.mkfifo(tmp_path / "pipe")

    error = desk.refused("--db", f"sqlite:///{tmp_path / name}", "clients", "list")

    assert error["code"] in ("storage_unavailable", "invalid_input")


# Without a byte left even the side files of the database cannot be made; with a little, the change itself does not fit.
FULL_DISK = """
import json, sys
from pathlib import Path
from tests.fixtures.command_line import CommandLine
disk = Path(sys.argv[1])
desk = CommandLine(disk / "shop")
ballast = disk / "ballast"
topup = ("credit", "topup", "Acme", "1", "--reason", "first")
reprice = ("prices", "reprice", "--markup", "50")
before = desk.json(*topup)
with ballast.open("wb", buffering=0) as file:
    try:
        while True:
            file.write(b"x" * 512)
    except OSError:
        pass
nothing_left = [desk.json(*topup), desk.json(*reprice)]
with ballast.open("r+b") as file:
    file.truncate(ballast.stat().st_size - 100_000)
little_left = [desk.json(*command) for command in (
    reprice, ("prices", "export", disk / "list.csv"), ("db", "backup", disk / "b.db"))]
show = desk.json("credit", "show", "Acme")
left = sorted(path.name for path in disk.iterdir())
ballast.unlink()
after = [desk.json(*command) for command in (topup, ("credit", "verify"), ("db", "check"), reprice)]
answers = {"refused": [*nothing_left, *little_left], "full": little_left, "done": [before, show, *after]}
print(json.dumps({"left": left, **{name: [[one.code, one.out, one.err] for one in of] for name, of in answers.items()}}))
"""


def test_a_full_disk_is_said_and_loses_nothing(shop: CommandLine, tmp_path: Path) -> None:
    """On a file system of three megabytes of its own, which fills up and is freed again."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mine = ["unshare", "--mount", *([] if os.geteuid() == 0 else ["--user", "--map-root-user"])]
    prepare = 'mount -t tmpfs -o size=3m tmpfs "$1" && cp -r "$2" "$1/shop" && exec "$3" -c "$4" "$1"'
    done = subprocess.run(
        [*mine, "sh", "-c", prepare, "sh", disk, shop.profile, sys.executable, FULL_DISK],
        cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, check=False, timeout=DEADLINE_SECONDS,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr.decode()
    result: dict[str, Any] = json.loads(done.stdout)

    for code, out, err in result["refused"]:
        assert (code, len(err.splitlines())) == (1, 1), err
        assert json.loads(out)["error"]["code"] in ("storage_unavailable", "invalid_input")
    assert [("disk is full" in err or "No space left" in err) for _, _, err in result["full"]] == [True] * 3, result[
        "full"
    ]
    assert [code for code, _, _ in result["done"]] == [0] * 6, result["done"]
    before, show, again, *_ = (json.loads(out) for _, out, _ in result["done"])
    assert (before["available"], show["available"], again["available"]) == ("51.000000", "51.000000", "52.000000")
    assert result["left"] == ["ballast", "shop"]
