"""`db` and `service`, as cli.md settles them."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.fixtures.command_line import CommandLine, kept, rows


def test_upgrade_answers_the_revision(desk: CommandLine) -> None:
    first = desk.ok("db", "upgrade")

    assert set(first) == {"revision"}
    assert first["revision"]
    assert desk.ok("db", "upgrade") == first
    assert rows(desk.database, "SELECT version_num FROM alembic_version") == [(first["revision"],)]


def test_the_first_command_makes_the_database(desk: CommandLine) -> None:
    assert desk.ok("clients", "list") == {"rows": []}
    assert desk.database.is_file()


def test_a_backup_restores_what_was(shop: CommandLine, tmp_path: Path) -> None:
    backup = tmp_path / "backup of today.db"
    before = shop.ok("credit", "show", "Acme")

    assert shop.ok("db", "backup", backup) == {"file": str(backup)}
    assert backup.stat().st_mode & 0o077 == 0
    shop.ok("credit", "topup", "Acme", "7", "--reason", "after the backup")
    answer = shop.ok("db", "restore", backup)

    assert answer["file"] == str(backup)
    assert shop.ok("credit", "show", "Acme") == before
    assert shop.ok("credit", "verify")["ok"]
    assert rows(Path(answer["kept"]), "SELECT count(*) FROM ledger_transfer") == [(2,)]


def test_a_backup_is_written_relative_to_the_current_folder(
    shop: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    assert shop.ok("db", "backup", "here.db") == {"file": str(tmp_path / "here.db")}


def test_restoring_works_while_the_database_itself_is_damaged(shop: CommandLine, tmp_path: Path) -> None:
    shop.ok("db", "backup", tmp_path / "good.db")
    before = shop.ok("credit", "show", "Acme")
    content = shop.database.read_bytes()
    shop.database.write_bytes(content[: len(content) // 2] + b"\0" * (len(content) // 2))

    shop.ok("db", "restore", tmp_path / "good.db")

    assert shop.ok("credit", "show", "Acme") == before


def test_restoring_into_an_empty_profile_keeps_nothing(shop: CommandLine, desk: CommandLine, tmp_path: Path) -> None:
    shop.ok("db", "backup", tmp_path / "good.db")

    assert desk.ok("db", "restore", tmp_path / "good.db") == {"file": str(tmp_path / "good.db"), "kept": None}
    assert [row["name"] for row in desk.ok("clients", "list")["rows"]] == ["Acme"]


@pytest.mark.parametrize(
    "content", [b"", b"garbage" * 999, b"SQLite format 3\0" + b"\0" * 5000], ids=["empty", "garbage", "header"]
)
def test_what_is_no_backup_replaces_nothing(shop: CommandLine, tmp_path: Path, content: bytes) -> None:
    source = tmp_path / "not-a-backup.db"
    source.write_bytes(content)
    before = kept(shop.profile)

    error = shop.refused("db", "restore", source)

    assert error["code"] == "invalid_input"
    assert str(source) in error["message"]
    assert kept(shop.profile) == before


def test_another_programs_database_replaces_nothing(shop: CommandLine, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "foreign.db")) as connection:
        connection.execute("CREATE TABLE alembic_version (version_num TEXT)")
        connection.execute("CREATE TABLE note (text TEXT)")
        connection.commit()
    before = kept(shop.profile)

    assert shop.refused("db", "restore", tmp_path / "foreign.db")["code"] == "invalid_input"
    assert kept(shop.profile) == before


@pytest.mark.parametrize("target", ["missing/folder.db", ".", "n" * 300])
def test_a_backup_that_cannot_be_written_is_refused(shop: CommandLine, target: str, tmp_path: Path) -> None:
    before = kept(tmp_path)

    error = shop.refused("db", "backup", f"{tmp_path}/{target}")

    assert error["code"] in ("invalid_input", "storage_unavailable")
    assert kept(tmp_path) == before


def test_check_finds_nothing_in_a_sound_database(shop: CommandLine) -> None:
    assert shop.ok("db", "check") == {"ok": True, "problems": []}


def test_check_is_exit_1_when_it_finds_something(shop: CommandLine) -> None:
    with closing(sqlite3.connect(shop.database, isolation_level=None)) as connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type='trigger'").fetchall():
            connection.execute(f'DROP TRIGGER "{name}"')
        connection.execute("UPDATE ledger_transfer SET amount_micro = amount_micro + 1")

    answer = shop.json("db", "check")

    assert answer.code == 1
    assert answer.document["ok"] is False
    assert answer.document["problems"]
    assert answer.error["code"] == "audit_failed"


def test_a_fresh_profile_has_everything_off(desk: CommandLine) -> None:
    assert desk.ok("service", "off") == {"service": False, "api": False}


def test_the_switches_stand_on_their_own(desk: CommandLine) -> None:
    assert desk.ok("service", "on") == {"service": True, "api": False}
    assert desk.ok("service", "api", "on") == {"service": True, "api": True}
    assert desk.ok("service", "off") == {"service": False, "api": True}
    assert desk.ok("service", "api", "off") == {"service": False, "api": False}


def test_postgresql_is_a_database_address_like_any_other(desk: CommandLine, postgres_url: str, tmp_path: Path) -> None:
    address = ("--db", postgres_url)
    desk.ok(*address, "clients", "add", "Acme")
    desk.ok(*address, "credit", "topup", "Acme", "1.000", "--reason", "German thousand")

    assert desk.ok(*address, "credit", "show", "Acme")["available"] == "1000.000000"
    assert desk.ok(*address, "credit", "verify")["ok"]
    assert "pg_dump" in desk.refused(*address, "db", "backup", tmp_path / "x.db")["message"]
    assert "pg_restore" in desk.refused(*address, "db", "restore", tmp_path / "x.db")["message"]
    assert not desk.database.exists()
