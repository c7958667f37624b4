"""The journal of receipts: each stored once as it came, applied when its message is known."""

from datetime import timedelta

import pytest

from desktop_app.domain.messages import MessageStatus
from desktop_app.storage.repositories.receipts import Receipt
from tests.fixtures.books import NOW, Books, number

DELIVERED = Receipt("SM-1", "delivered", MessageStatus.DELIVERED, "", '{"sid":"SM-1"}')
SENT = Receipt("SM-1", "sent", MessageStatus.SENT, "", '{"sid":"SM-1"}')
ODD = Receipt("SM-1", "teleported", None, "30003", "ünï\U0001d11e\n'")


def journal(books: Books, *receipts: Receipt, provider: str = "Main", seconds: int = 0) -> None:
    with books.database.begin() as uow:
        uow.receipts.journal(books.ids[provider], receipts, NOW + timedelta(seconds=seconds))


def waiting(books: Books, provider: str = "Main", limit: int = 100) -> list[tuple[str, MessageStatus | None]]:
    with books.database.read() as uow:
        return [(sid, status) for _id, sid, status in uow.receipts.waiting(books.ids[provider], limit)]


def accept(books: Books, *sids: str) -> int:
    """Queue, claim and accept one message; return its id."""
    books.queue([number(1)])
    [flight] = books.claim()
    books.accept(flight, *sids)
    return flight.message_id


def test_a_report_is_stored_once_byte_for_byte(books: Books) -> None:
    journal(books, DELIVERED, DELIVERED, SENT)
    journal(books, DELIVERED, seconds=9)
    journal(books, DELIVERED, provider="Other")
    assert books.rows("SELECT provider_id, provider_status, received_at FROM receipt ORDER BY id") == [
        (books.ids["Main"], "delivered", int(NOW.timestamp()) * 10**6),
        (books.ids["Main"], "sent", int(NOW.timestamp()) * 10**6),
        (books.ids["Other"], "delivered", int(NOW.timestamp()) * 10**6),
    ]


@pytest.mark.parametrize(
    ("one", "two"),
    [
        (DELIVERED, Receipt("SM-1", "delivered", MessageStatus.DELIVERED, "", '{"sid": "SM-1"}')),
        (DELIVERED, Receipt("SM-1", "delivered", MessageStatus.DELIVERED, "30003", '{"sid":"SM-1"}')),
        (Receipt("SM-1", "sent", None, "1", "2x"), Receipt("SM-1", "sent", None, "12", "x")),
        (Receipt("SM-1", "sent", None, "", "x"), Receipt("SM-1s", "ent", None, "", "x")),
    ],
    ids=["other bytes", "other code", "the same letters in other fields", "other id"],
)
def test_reports_that_differ_are_both_stored(books: Books, one: Receipt, two: Receipt) -> None:
    journal(books, one, two)
    assert books.rows("SELECT COUNT(*) FROM receipt") == [(2,)]


def test_a_report_waits_until_its_id_is_known(books: Books) -> None:
    journal(books, SENT, DELIVERED, ODD)
    journal(books, DELIVERED, provider="Other")
    assert waiting(books) == []
    message_id = accept(books, "SM-1")
    assert waiting(books) == [("SM-1", MessageStatus.SENT), ("SM-1", MessageStatus.DELIVERED), ("SM-1", None)]
    assert waiting(books, limit=2) == waiting(books)[:2]
    assert waiting(books, "Other") == []
    with books.database.begin() as uow:
        ids = [receipt_id for receipt_id, _sid, _status in uow.receipts.waiting(books.ids["Main"], 2)]
        uow.receipts.mark_applied(ids)
    assert waiting(books) == [("SM-1", None)]
    journal(books, SENT, DELIVERED)
    assert waiting(books) == [("SM-1", None)]
    with books.database.read() as uow:
        assert uow.receipts.of_message(message_id) == [(NOW, SENT), (NOW, DELIVERED), (NOW, ODD)]


def test_each_part_has_its_own_reports(books: Books) -> None:
    message_id = accept(books, "SM-1", "SM-2")
    second = Receipt("SM-2", "failed", MessageStatus.UNDELIVERED, "30005", "x")
    journal(books, second, DELIVERED)
    assert waiting(books) == [("SM-2", MessageStatus.UNDELIVERED), ("SM-1", MessageStatus.DELIVERED)]
    with books.database.read() as uow:
        assert [report for _at, report in uow.receipts.of_message(message_id)] == [second, DELIVERED]


def test_thousands_of_reports_are_journalled_and_marked_at_once(books: Books) -> None:
    accept(books, "SM-1")
    journal(books, *(Receipt("SM-1", "sent", MessageStatus.SENT, "", str(index)) for index in range(3_000)))
    with books.database.begin() as uow:
        found = uow.receipts.waiting(books.ids["Main"], 10_000)
        assert len(found) == 3_000
        uow.receipts.mark_applied([receipt_id for receipt_id, _sid, _status in found])
        uow.receipts.mark_applied([])
        assert uow.receipts.waiting(books.ids["Main"], 10_000) == []
