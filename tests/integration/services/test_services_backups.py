"""Backups made, listed and put back from the window."""

from decimal import Decimal
from pathlib import Path

import pytest

from desktop_app.app import window_parts
from desktop_app.domain.errors import Cancelled, InvalidInput
from desktop_app.services.backups import BackupsService
from desktop_app.services.job import Job
from tests.fixtures.application import Desk


def _backups(desk: Desk) -> BackupsService:
    return window_parts(desk.application, desk.application.settings, sandbox=True).backups


def _price(desk: Desk) -> int | None:
    (row,) = desk.application.pricing.list_prices(["DE"])
    return row.applies.price


def test_a_backup_is_listed_and_put_back(sqlite_desk: Desk) -> None:
    backups, before = _backups(sqlite_desk), _price(sqlite_desk)
    assert backups.list_kept() == []
    made = backups.back_up(backups.suggested_file(), Job(), actor="anna")
    sqlite_desk.application.pricing.set_price("DE", Decimal("0.99"), actor="anna")

    restored = backups.restore(made.file, actor="anna")

    assert _price(sqlite_desk) == before
    assert backups.list_kept() == [made]
    assert restored.kept is not None
    assert restored.kept.is_file()
    assert sqlite_desk.query("SELECT kind, subject FROM activity ORDER BY id DESC LIMIT 1") == [
        ("backup_restored", made.file.name)
    ]


def test_the_former_database_can_be_put_back_in_turn(sqlite_desk: Desk) -> None:
    backups = _backups(sqlite_desk)
    made = backups.back_up(backups.suggested_file(), Job(), actor="anna")
    sqlite_desk.application.pricing.set_price("DE", Decimal("0.99"), actor="anna")
    kept = backups.restore(made.file, actor="anna").kept
    assert kept is not None

    backups.restore(kept, actor="anna")

    assert _price(sqlite_desk) == 990_000


def test_what_is_no_backup_changes_nothing(sqlite_desk: Desk, tmp_path: Path) -> None:
    backups, before = _backups(sqlite_desk), _price(sqlite_desk)
    (tmp_path / "letter.db").write_text("Dear Sir or Madam")

    with pytest.raises(InvalidInput, match="not a SMS Desk backup"):
        backups.restore(tmp_path / "letter.db", actor="anna")

    assert _price(sqlite_desk) == before


def test_a_cancelled_backup_writes_nothing(sqlite_desk: Desk) -> None:
    backups, job = _backups(sqlite_desk), Job()
    job.cancel()

    with pytest.raises(Cancelled):
        backups.back_up(backups.suggested_file(), job, actor="anna")

    assert backups.list_kept() == []


def test_the_place_of_the_data_is_a_file_with_its_size(sqlite_desk: Desk) -> None:
    place = _backups(sqlite_desk).place()

    assert place.is_file
    assert place.text.endswith("desk.db")
    assert place.size is not None
    assert place.size > 100_000


def test_a_server_is_backed_up_with_its_own_tools(postgres_desk: Desk, tmp_path: Path) -> None:
    backups = _backups(postgres_desk)

    assert not backups.place().is_file
    assert "postgresql" in backups.place().text
    with pytest.raises(InvalidInput, match="pg_dump"):
        backups.back_up(tmp_path / "x.db", Job(), actor="anna")
