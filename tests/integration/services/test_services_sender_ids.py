"""Sender IDs: requested, documented, decided."""

from pathlib import Path

import pytest

from desktop_app.domain.errors import InvalidInput, NotFound
from desktop_app.storage.repositories.senders import SenderRow
from tests.fixtures.application import Desk

PDF = b"""%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]>>endobj
trailer<</Root 1 0 R>>
%%EOF
"""


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    path = tmp_path / "letter.pdf"
    path.write_bytes(PDF)
    return path


def request(desk: Desk, sender: str = "AURORA", **rest: object) -> tuple[SenderRow, ...]:
    return desk.application.sender_ids.request("Aurora", sender, actor="anna", **rest).rows  # type: ignore[arg-type]


def decide(desk: Desk, *countries: str, approve: bool = True, sender: str = "AURORA") -> list[SenderRow]:
    return desk.application.sender_ids.decide(
        "Aurora", sender, countries=countries, approve=approve, note="looked at", actor="berta"
    )


def by_country(rows: tuple[SenderRow, ...] | list[SenderRow]) -> dict[str | None, str]:
    return {row.country: row.status for row in rows}


def test_without_countries_it_is_usable_where_no_registration_is_needed(desk: Desk) -> None:
    (row,) = request(desk, "FRESH")

    assert (row.client, row.sender, row.country, row.status) == ("Aurora", "FRESH", None, "not_required")


def test_asking_again_adds_countries_and_keeps_what_was_decided(desk: Desk, letter: Path) -> None:
    assert by_country(request(desk, countries=["TR", "DE"])) == {"TR": "pending", "DE": "not_required"}
    request(desk, documents=[letter])
    decide(desk, "TR")

    rows = request(desk, "aurora", countries=["TR", "SA"])

    assert by_country(rows) == {"TR": "approved", "DE": "not_required", "SA": "pending"}
    assert {row.sender for row in rows} == {"AURORA"}  # the first spelling stays
    assert len(desk.application.sender_ids.list_rows()) == 3


def test_a_country_that_asks_for_documents_is_not_approved_without(desk: Desk, letter: Path) -> None:
    request(desk, countries=["TR"])
    with pytest.raises(InvalidInput, match="document"):
        decide(desk, "TR")
    assert by_country(desk.application.sender_ids.list_rows("Aurora")) == {"TR": "pending"}

    request(desk, documents=[letter])

    (row,) = decide(desk, "TR")
    assert (row.status, row.note) == ("approved", "looked at")


def test_only_what_was_requested_can_be_decided(desk: Desk) -> None:
    request(desk, countries=["TR"])
    with pytest.raises(NotFound):
        decide(desk, "SA", approve=False)
    with pytest.raises(NotFound):
        decide(desk, "TR", sender="OTHER", approve=False)
    with pytest.raises(NotFound):
        desk.application.sender_ids.decide("Nobody", "AURORA", countries=["TR"], approve=True, note="", actor="anna")
    with pytest.raises(InvalidInput):
        decide(desk, approve=False)


def test_a_decision_for_several_countries_holds_for_all_or_none(desk: Desk) -> None:
    request(desk, countries=["TR", "SA"])

    with pytest.raises(NotFound):
        decide(desk, "TR", "AE", approve=False)

    assert by_country(desk.application.sender_ids.list_rows("Aurora")) == {"TR": "pending", "SA": "pending"}


def test_a_rejected_sender_id_may_be_requested_again(desk: Desk) -> None:
    request(desk, countries=["TR"])
    decide(desk, "TR", approve=False)
    with pytest.raises(InvalidInput):
        decide(desk, "TR")

    assert by_country(request(desk, countries=["TR"])) == {"TR": "pending"}


def test_look_alikes_of_other_clients_are_named(desk: Desk) -> None:
    application = desk.application
    application.clients.add("Borealis", actor="anna")

    found = application.sender_ids.request("Borealis", "Aur0ra", actor="anna")

    assert found.look_alikes == (("Aurora", "AURORA"),)
    assert application.sender_ids.request("Aurora", "aurora", actor="anna").look_alikes == (("Borealis", "Aur0ra"),)
    assert application.sender_ids.request("Borealis", "DIFFERENT", actor="anna").look_alikes == ()


@pytest.mark.parametrize("sender", ["", "TWELVE-LETTE", "Grüße", "12", " X", "A\nB", "0123456"])
def test_what_no_phone_shows_is_refused(sqlite_desk: Desk, sender: str) -> None:
    with pytest.raises(InvalidInput):
        request(sqlite_desk, sender)

    assert len(sqlite_desk.application.sender_ids.list_rows()) == 1


def test_a_bad_document_stores_nothing(sqlite_desk: Desk, tmp_path: Path, letter: Path) -> None:
    fake = tmp_path / "fake.pdf"
    fake.write_bytes(b"MZ\x90\x00")
    for bad in (fake, tmp_path / "missing.pdf", tmp_path):
        with pytest.raises(InvalidInput):
            request(sqlite_desk, "FRESH", countries=["TR"], documents=[letter, bad])

    assert sqlite_desk.query("SELECT COUNT(*) FROM sender_document") == [(0,)]
    assert {row.sender for row in sqlite_desk.application.sender_ids.list_rows()} == {"AURORA"}


def test_every_step_is_on_record(desk: Desk, letter: Path) -> None:
    request(desk, countries=["TR"], documents=[letter])
    decide(desk, "TR")

    with desk.application.database.read() as uow:
        steps = [(entry.kind, entry.actor, entry.subject) for entry in uow.activity.list_latest(2)]
    assert steps == [
        ("sender_approved", "berta", "Aurora: AURORA"),
        ("sender_requested", "anna", "Aurora: AURORA"),
    ]
