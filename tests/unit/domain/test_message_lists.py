"""The counts of a job, until when it may be changed, and why messages fail in plain words."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.domain.failures import explain
from desktop_app.domain.message_lists import BatchCounts, BatchLine
from desktop_app.domain.messages import BatchControl, Bucket, MessageStatus, bucket_of

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
S = MessageStatus


def line(send_at: datetime | None, control: BatchControl = BatchControl.RUNNING) -> BatchLine:
    return BatchLine(1, "", "Aurora", "AURORA", "Hi", control, NOW, send_at, "anna", "", "EUR", 1)


@given(st.dictionaries(st.sampled_from(list(MessageStatus)), st.integers(0, 1000)))
def test_every_message_is_sent_waiting_in_flight_or_not_sent(by_status: dict[MessageStatus, int]) -> None:
    counts = BatchCounts(by_status)

    assert counts.sent + counts.waiting + counts.in_flight + counts.not_sent == counts.all == sum(by_status.values())
    assert min(counts.sent, counts.not_sent, counts.failed, counts.unreported) >= 0
    assert counts.delivered + counts.unreported <= counts.sent


def test_what_counts_where() -> None:
    counts = BatchCounts(
        {S.DELIVERED: 5, S.UNDELIVERED: 2, S.REJECTED: 1, S.SENT: 3, S.CANCELLED: 7, S.UNKNOWN: 4, S.QUEUED: 9}
    )
    assert (counts.sent, counts.in_flight, counts.waiting, counts.not_sent) == (11, 4, 9, 7)
    assert (counts.delivered, counts.failed, counts.unreported) == (5, 3, 3)
    assert counts.is_sending
    assert counts.is_open
    assert not BatchCounts({S.DELIVERED: 1, S.CANCELLED: 1}).is_open


@pytest.mark.parametrize(
    ("seconds", "control", "may"),
    [
        (60, BatchControl.RUNNING, True), (59, BatchControl.RUNNING, False), (3600, BatchControl.PAUSED, True),
        (3600, BatchControl.STOPPED, False),
    ],
)  # fmt: skip
def test_until_one_minute_before_it_may_be_changed(seconds: int, control: BatchControl, may: bool) -> None:
    assert line(NOW + timedelta(seconds=seconds), control).may_change(NOW) is may


def test_what_is_not_scheduled_has_no_time_to_change() -> None:
    assert not line(None).may_change(NOW)


@pytest.mark.parametrize("status", list(MessageStatus))
def test_what_failed_is_explained_and_what_did_not_is_not(status: MessageStatus) -> None:
    failure = explain(status, "")
    is_doubtful = status is S.UNKNOWN
    assert (failure is not None) is (bucket_of(status) is Bucket.ERRONEOUS or is_doubtful)
    if failure is not None:
        assert failure.what.endswith(".")


def test_a_code_says_more_and_an_unknown_one_says_what_the_status_does() -> None:
    assert explain(S.UNDELIVERED, "30005") == explain(S.REJECTED, "21211")
    assert explain(S.UNDELIVERED, "99999") == explain(S.UNDELIVERED, "")
    assert explain(S.DELIVERED, "30005") is None
