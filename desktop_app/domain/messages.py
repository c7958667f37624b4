"""The states of a message and of its attempts: what may follow what (reliability.md 3, decisions.md 9)."""

from enum import StrEnum
from typing import Final


class MessageStatus(StrEnum):
    """Where a message stands; the words are the same in code, command line and API."""

    QUEUED = "queued"
    SENDING = "sending"
    UNKNOWN = "unknown"
    ACCEPTED = "accepted"
    SENT = "sent"
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    EXPIRED = "expired"
    REJECTED = "rejected"
    BLOCKED = "blocked"
    CANCELLED = "cancelled"
    EXPIRED_UNSENT = "expired_unsent"
    ABANDONED = "abandoned"


class Bucket(StrEnum):
    """The three buckets of a report: every message is in exactly one."""

    WAITING = "waiting"
    CONDUCTED = "conducted"
    ERRONEOUS = "erroneous"


class MoneyState(StrEnum):
    """What became of the credit held for a message."""

    HELD = "held"
    CAPTURED = "captured"
    RELEASED = "released"
    REFUNDED = "refunded"


class BatchControl(StrEnum):
    """What a person wants of a batch: stopped is for good."""

    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"


class AttemptOutcome(StrEnum):
    """What is known of one try to hand a message to a provider."""

    IN_FLIGHT = "in_flight"
    UNKNOWN = "unknown"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    NOT_SENT = "not_sent"
    ABSENT = "absent"


# Stands for a provider's id where a person says that a message was sent and does not know its id; no provider is asked for it.
BY_HAND: Final = "by-hand-"

# Rank of a delivery receipt: receipts are joined by maximum, never assigned (reliability.md 3.3).
RANK: Final = {
    MessageStatus.ACCEPTED: 10,
    MessageStatus.SENT: 20,
    MessageStatus.EXPIRED: 30,
    MessageStatus.UNDELIVERED: 31,
    MessageStatus.REJECTED: 32,
    MessageStatus.DELIVERED: 40,
}

# Still to change by itself: what `messages poll` counts as open (cli.md, settled 8).
OPEN: Final = frozenset(
    {
        MessageStatus.QUEUED,
        MessageStatus.SENDING,
        MessageStatus.UNKNOWN,
        MessageStatus.ACCEPTED,
        MessageStatus.SENT,
    }
)

_NEXT: Final = {
    MessageStatus.QUEUED: frozenset(
        {
            MessageStatus.SENDING,
            MessageStatus.BLOCKED,
            MessageStatus.CANCELLED,
            MessageStatus.EXPIRED_UNSENT,
        }
    ),
    MessageStatus.SENDING: frozenset(
        {
            MessageStatus.QUEUED,
            MessageStatus.UNKNOWN,
            MessageStatus.ACCEPTED,
            MessageStatus.REJECTED,
        }
    ),
    MessageStatus.UNKNOWN: frozenset(
        {
            MessageStatus.QUEUED,
            MessageStatus.ACCEPTED,
            MessageStatus.SENT,
            MessageStatus.DELIVERED,
            MessageStatus.UNDELIVERED,
            MessageStatus.EXPIRED,
            MessageStatus.REJECTED,
            MessageStatus.EXPIRED_UNSENT,
            MessageStatus.ABANDONED,
        }
    ),
    MessageStatus.BLOCKED: frozenset({MessageStatus.QUEUED, MessageStatus.CANCELLED}),
}


def may_follow(before: MessageStatus, after: MessageStatus) -> bool:
    """Return whether a message may go from ``before`` to ``after``.

    Once accepted, only a receipt of higher rank moves it on.
    """
    if before in RANK and before is not MessageStatus.REJECTED:
        return RANK.get(after, 0) > RANK[before]
    return after in _NEXT.get(before, frozenset())


def join_receipt(before: MessageStatus, reported: MessageStatus) -> MessageStatus:
    """Return the status after a receipt: the one of higher rank, so that order and repetition do not matter."""
    if RANK.get(reported, 0) > RANK.get(before, 0):
        return reported
    return before


def join_parts(parts: list[MessageStatus]) -> MessageStatus:
    """Return the status of a message of several parts: a failed part beats a pending one, pending beats delivered."""
    failed = [part for part in parts if 30 <= RANK[part] < 40]
    if failed:
        return max(failed, key=RANK.__getitem__)
    return min(parts, key=RANK.__getitem__)


def bucket_of(status: MessageStatus, *, closed_without_report: bool = False) -> Bucket:
    """Return the report bucket of ``status``.

    Args:
        status: the message's status.
        closed_without_report: the country or route gives no receipts and 72 hours passed: accepted counts as conducted.
    """
    if status is MessageStatus.DELIVERED:
        return Bucket.CONDUCTED
    if closed_without_report and status in (MessageStatus.ACCEPTED, MessageStatus.SENT):
        return Bucket.CONDUCTED
    return Bucket.WAITING if status in OPEN else Bucket.ERRONEOUS
