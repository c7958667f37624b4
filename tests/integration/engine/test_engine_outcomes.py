"""What the engine makes of a provider's answers: each class of reliability.md 3.2, over real HTTP."""

from decimal import Decimal
from typing import Any

import pytest

from desktop_app.domain.messages import AttemptOutcome, MessageStatus
from desktop_app.engine.dispatch import Dispatcher
from desktop_app.providers.base import SendResult
from desktop_app.services.job import Job
from desktop_app.storage.repositories.dispatch import Settled
from tests.fixtures.application import Desk, eventually, german

COUNT = 20
PRICE = Decimal("0.06")
SHORT = 1.0

# How each fault that leaves doubt is produced: settings of the fault, deadline of our transport, whether it is accepted.
IN_DOUBT: dict[str, tuple[dict[str, object], float, bool]] = {
    "late_accept": ({"seconds": 3}, SHORT, True),
    "hang": ({}, SHORT, False),
    "slow_loris_headers": ({}, SHORT, True),
    "slow_body": ({}, SHORT, True),
    "reset_before_accept": ({}, 10, False),
    "reset_after_accept": ({}, 10, True),
    "close_before_accept": ({}, 10, False),
    "close_after_accept": ({}, 10, True),
    "half_close": ({}, 10, True),
    "unavailable_not_accepted": ({}, 10, False),
    "unavailable_accepted": ({}, 10, True),
    "server_error_accepted": ({}, 10, True),
    "bad_gateway_html": ({}, 10, True),
    "created_not_json": ({}, 10, True),
    "created_empty": ({}, 10, True),
    "created_empty_object": ({}, 10, True),
    "created_truncated": ({}, 10, True),
    "huge_body": ({}, 10, True),
    "temporary_redirect": ({}, 10, True),
    "redirect_other_host": ({}, 10, True),
    "informational_flood": ({}, SHORT, True),
    "wrong_content_length": ({}, 10, True),
    "both_cl_and_te": ({}, 10, True),
    "invalid_utf8": ({}, 10, True),
    "mixed_parts": ({}, 10, True),
}  # fmt: skip


def test_a_batch_is_sent_once_and_charged_exactly(desk: Desk) -> None:
    numbers = german(60)
    sheet = desk.queue(numbers, text="x" * 161)
    assert desk.money() == (100 - 60 * 2 * PRICE, 60 * 2 * PRICE)

    desk.drain()

    assert sheet.total == 60 * 2 * 60_000
    assert sorted(desk.seen()) == sorted(numbers)
    assert {message["from"] for message in desk.accepted()} == {"AURORA"}
    assert {message["body"] for message in desk.accepted()} == {"x" * 161}
    assert desk.statuses() == {"accepted": 60}
    assert desk.money() == (100 - 60 * 2 * PRICE, 0)
    assert {row.provider_message_id for row in desk.application.delivery.list_messages()} == {
        message["id"] for message in desk.accepted()
    }
    desk.assert_sound()


@pytest.mark.parametrize("mode", IN_DOUBT)
def test_an_answer_that_proves_nothing_is_never_sent_again(sqlite_desk: Desk, mode: str) -> None:
    settings, deadline_seconds, is_accepted = IN_DOUBT[mode]
    numbers = german(COUNT)
    sqlite_desk.fail_sends(mode, settings)
    sqlite_desk.queue(numbers)

    sqlite_desk.drain(deadline_seconds=deadline_seconds, connections=COUNT)
    sqlite_desk.heal()

    assert sqlite_desk.statuses() == {"unknown": COUNT}
    assert sqlite_desk.money() == (100 - COUNT * PRICE, COUNT * PRICE)
    assert sorted(sqlite_desk.seen()) == (sorted(numbers) if is_accepted else [])
    sqlite_desk.drain()
    assert sorted(sqlite_desk.seen()) == (sorted(numbers) if is_accepted else [])
    assert sqlite_desk.statuses() == {"unknown": COUNT}
    sqlite_desk.assert_sound()


@pytest.mark.parametrize("mode", ["reset_after_accept", "created_empty_object"])
def test_doubt_is_kept_on_both_databases(desk: Desk, mode: str) -> None:
    desk.fail_sends(mode, {"rate": 0.5})
    desk.queue(german(COUNT))

    desk.drain()
    desk.heal()
    desk.drain()

    statuses = desk.statuses()
    assert set(statuses) == {"unknown", "accepted"}
    assert sorted(desk.seen()) == german(COUNT)
    assert desk.money() == (100 - COUNT * PRICE, statuses["unknown"] * PRICE)
    desk.assert_sound()


def test_the_id_of_another_message_proves_nothing(desk: Desk) -> None:
    desk.fail_sends("created_foreign_id")
    desk.queue(german(COUNT))

    desk.drain()
    desk.heal()
    desk.drain()

    assert sorted(desk.seen()) == german(COUNT)
    statuses = desk.statuses()
    assert set(statuses) <= {"unknown", "accepted"}
    assert statuses["unknown"] >= 1
    ids = [row.provider_message_id for row in desk.application.delivery.list_messages()]
    bound = [sid for sid in ids if sid is not None]
    assert len(bound) == len(set(bound)) == statuses.get("accepted", 0)
    desk.assert_sound()


def test_a_refusal_releases_the_credit(desk: Desk) -> None:
    desk.fail_sends("bad_request")
    desk.queue(german(COUNT))

    desk.drain()

    assert desk.statuses() == {"rejected": COUNT}
    assert desk.money() == (100, 0)
    assert desk.seen() == []
    assert {row.reason for row in desk.application.delivery.list_messages()} != {""}
    desk.assert_sound()


class _ResendsUnknown(Dispatcher):
    """The mistake everything here guards against: what is in doubt is taken for not sent."""

    def _outcome(self, flight: Any, sent: SendResult) -> Settled:
        found = super()._outcome(flight, sent)
        if found.outcome is AttemptOutcome.UNKNOWN:
            return found._replace(outcome=AttemptOutcome.NOT_SENT)
        return found


def test_these_tests_notice_a_blind_resend(sqlite_desk: Desk) -> None:
    sqlite_desk.fail_sends("reset_after_accept")
    sqlite_desk.queue(german(3))

    with sqlite_desk.dispatcher(kind=_ResendsUnknown) as dispatcher:
        assert dispatcher._lease.acquire()
        eventually(lambda: dispatcher.step() and len(sqlite_desk.seen()) > 3, "a double send")
        sqlite_desk.heal()
        dispatcher.stop()

    with pytest.raises(AssertionError):
        sqlite_desk.assert_sound()


def test_a_late_answer_stays_in_doubt_when_the_receipt_comes(desk: Desk) -> None:
    desk.fail_sends("late_accept", {"seconds": 3})
    desk.queue(german(2))
    desk.drain(deadline_seconds=SHORT)
    desk.heal()

    assert desk.application.receipts.poll_once(Job()) == 0
    assert desk.numbers_by_status(MessageStatus.UNKNOWN) == set(german(2))
