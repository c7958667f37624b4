"""`senders`, as cli.md settles them."""

from pathlib import Path

import pytest

from tests.fixtures.command_line import CommandLine, kept, rows

PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    """A document that is what it says."""
    path = tmp_path / "letter.pdf"
    path.write_bytes(PDF)
    return path


def _statuses(desk: CommandLine, *arguments: object) -> dict[str | None, str]:
    return {row["country"]: row["status"] for row in desk.ok("senders", *arguments)["rows"]}


def test_without_countries_it_is_usable_where_no_registration_is_needed(shop: CommandLine) -> None:
    """Settled 11."""
    (row,) = shop.ok("senders", "request", "Acme", "ORDERS")["rows"]

    assert row == {"client": "Acme", "sender": "ORDERS", "country": None, "status": "not_required", "note": ""}
    ready = shop.ok(
        "send", "--client", "Acme", "--sender", "ORDERS", "--text", "Hi", "--to", "+4915112345670", "--dry-run"
    )
    assert ready["accepted"] == 1


def test_a_country_that_registers_waits_for_its_approval(shop: CommandLine, letter: Path) -> None:
    statuses = _statuses(shop, "request", "Acme", "ACME", "--countries", "tr,DE", "--document", letter)
    assert (statuses["TR"], statuses["DE"]) == ("pending", "not_required")

    turkey = ("send", "--client", "Acme", "--sender", "ACME", "--text", "Hi", "--to", "+905321234560", "--dry-run")
    waiting = shop.json(*turkey)
    assert waiting.error["code"] == "nothing_to_send"
    assert waiting.document["not_sent"] == [{"to": "+905321234560", "reason": "sender_not_approved"}]

    assert shop.ok("senders", "approve", "Acme", "ACME", "--countries", "TR", "--note", "documents seen")["rows"] == [
        {"client": "Acme", "sender": "ACME", "country": "TR", "status": "approved", "note": "documents seen"}
    ]
    assert shop.ok(*turkey)["accepted"] == 1


def test_a_rejection_can_be_asked_again(shop: CommandLine, letter: Path) -> None:
    shop.ok("senders", "request", "Acme", "ACME", "--countries", "TR,SA", "--document", letter)
    shop.ok("senders", "reject", "Acme", "ACME", "--countries", "TR,SA", "--note", "name does not match")
    assert _statuses(shop, "list", "--client", "Acme") | {None: ""} == {None: "", "TR": "rejected", "SA": "rejected"}

    again = _statuses(shop, "request", "Acme", "ACME", "--countries", "TR")

    assert (again["TR"], again["SA"]) == ("pending", "rejected")


def test_approving_without_a_document_where_one_is_asked_for_is_refused(shop: CommandLine, letter: Path) -> None:
    shop.ok("senders", "request", "Acme", "ACME", "--countries", "TR")
    before = kept(shop.profile)

    error = shop.refused("senders", "approve", "Acme", "ACME", "--countries", "TR")

    assert (error["code"], "document" in error["message"]) == ("invalid_input", True)
    assert kept(shop.profile) == before
    shop.ok("senders", "request", "Acme", "ACME", "--document", letter)
    shop.ok("senders", "approve", "Acme", "ACME", "--countries", "TR")


@pytest.mark.parametrize("word", ["approve", "reject"])
def test_deciding_what_was_never_requested_is_refused(shelf: CommandLine, word: str) -> None:
    before = kept(shelf.profile)

    assert shelf.refused("senders", word, "Acme", "ACME", "--countries", "TR")["code"] == "not_found"
    assert shelf.refused("senders", word, "Acme", "OTHER", "--countries", "TR")["code"] == "not_found"
    assert shelf.refused("senders", word, "Nobody", "ACME", "--countries", "TR")["code"] == "not_found"
    assert kept(shelf.profile) == before


def test_a_decision_for_several_countries_is_all_or_nothing(shop: CommandLine, letter: Path) -> None:
    shop.ok("senders", "request", "Acme", "ACME", "--countries", "TR", "--document", letter)
    before = kept(shop.profile)

    shop.refused("senders", "approve", "Acme", "ACME", "--countries", "TR,SA")

    assert kept(shop.profile) == before


def test_look_alikes_of_other_clients_are_named(shop: CommandLine) -> None:
    shop.ok("clients", "add", "Bravo")

    answer = shop.ok("senders", "request", "Bravo", "4CME")

    assert answer["look_alikes"] == [{"client": "Acme", "sender": "ACME"}]


def test_the_list_is_of_all_clients_or_of_one(shop: CommandLine) -> None:
    shop.ok("clients", "add", "Bravo")
    shop.ok("senders", "request", "Bravo", "BRAVO")

    assert {row["client"] for row in shop.ok("senders", "list")["rows"]} == {"Acme", "Bravo"}
    assert {row["client"] for row in shop.ok("senders", "list", "--client", "Bravo")["rows"]} == {"Bravo"}
    assert shop.refused("senders", "list", "--client", "Nobody")["code"] == "not_found"


def test_documents_are_kept_in_the_database_under_a_safe_name(shop: CommandLine, tmp_path: Path) -> None:
    evil = tmp_path / "a ‮fdp.pdf"
    evil.write_bytes(PDF)

    shop.ok("senders", "request", "Acme", "ACME", "--countries", "TR", "--document", evil)

    ((name, content),) = rows(shop.database, "SELECT name, content FROM document")
    assert content == PDF
    assert name.isprintable()


def test_the_client_is_written_to_once_a_decision_is_made(shop: CommandLine, letter: Path) -> None:
    shop.ok("clients", "add", "Mailed", "--email", "lena@mailed.example")
    shop.ok("senders", "request", "Mailed", "MAILED", "--countries", "TR", "--document", letter)

    shop.ok("senders", "approve", "Mailed", "MAILED", "--countries", "TR", "--note", "Welcome aboard.")

    ((to, subject, body),) = rows(shop.database, "SELECT recipient, subject, body FROM mail_outbox")
    assert (to, subject) == ("lena@mailed.example", "Sender ID MAILED is approved")
    assert "Welcome aboard." in body
