"""Messages and batches as lists show them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from desktop_app.domain.messages import OPEN, BatchControl, Bucket, MessageStatus, bucket_of

# So long before its time a scheduled batch may still be changed or cancelled.
LAST_CHANGE: Final = timedelta(minutes=1)
_NEVER_LEFT: Final = frozenset(
    {MessageStatus.QUEUED, MessageStatus.BLOCKED, MessageStatus.CANCELLED, MessageStatus.EXPIRED_UNSENT}
)
_IN_FLIGHT: Final = frozenset({MessageStatus.SENDING, MessageStatus.UNKNOWN})


@dataclass(frozen=True, slots=True)
class MessageLine:
    """A message as the list of messages shows it.

    Attributes:
        sender: what the phone shows.
        text: the whole text.
        price: micro-units for the whole message, in ``currency``.
        reason: the provider's code or ours, "" when there is nothing to say.
        created_at: when it was submitted.
        changed_at: when it came to where it stands.
        mccmnc: the number's network where its range told it and the price is that network's, else None.
    """

    message_id: int
    batch_id: int
    client: str
    sender: str
    to: str
    country: str
    text: str
    segments: int
    status: MessageStatus
    price: int
    currency: str
    provider: str
    reason: str
    created_at: datetime
    changed_at: datetime
    mccmnc: str | None = None


@dataclass(frozen=True, slots=True)
class BatchLine:
    """A batch as the list of jobs shows it.

    Attributes:
        name: "" where nobody gave one.
        text: of its messages, with its fields where each has its own.
        send_at: when it starts, None for at once.
        actor: who submitted it.
        total: what it may cost at most, in micro-units of ``currency``.
        is_held: nothing of it starts, because its client or its route is paused.
    """

    batch_id: int
    name: str
    client: str
    sender: str
    text: str
    control: BatchControl
    created_at: datetime
    send_at: datetime | None
    actor: str
    reason: str
    currency: str
    total: int
    is_held: bool = False

    def may_change(self, now: datetime) -> bool:
        """Return whether its time may still be changed, or the whole cancelled."""
        is_stopped = self.control is BatchControl.STOPPED
        return self.send_at is not None and not is_stopped and now <= self.send_at - LAST_CHANGE


@dataclass(frozen=True, slots=True)
class BatchCounts:
    """Where the messages of a batch stand.

    Attributes:
        by_status: how many stand where.
        charged: what they cost so far, in micro-units; refunds are taken off.
        returned: credit that stopping it gave back, in micro-units.
    """

    by_status: Mapping[MessageStatus, int]
    charged: int = 0
    returned: int = 0

    @property
    def all(self) -> int:
        """How many messages the batch has."""
        return sum(self.by_status.values())

    @property
    def waiting(self) -> int:
        """How many are still to be sent."""
        return self.by_status.get(MessageStatus.QUEUED, 0)

    @property
    def in_flight(self) -> int:
        """How many are on their way to the provider, or may be."""
        return self._sum(_IN_FLIGHT)

    @property
    def not_sent(self) -> int:
        """How many did not leave and will not."""
        ended = _NEVER_LEFT - {MessageStatus.QUEUED} | {MessageStatus.ABANDONED}
        return self._sum(ended)

    @property
    def sent(self) -> int:
        """How many the provider took or refused."""
        return self.all - self.waiting - self.in_flight - self.not_sent

    @property
    def delivered(self) -> int:
        """How many were delivered."""
        return self.by_status.get(MessageStatus.DELIVERED, 0)

    @property
    def failed(self) -> int:
        """How many failed for good, those that were stopped left out."""
        return sum(
            count
            for status, count in self.by_status.items()
            if bucket_of(status) is Bucket.ERRONEOUS and status is not MessageStatus.CANCELLED
        )

    @property
    def unreported(self) -> int:
        """How many were sent and have no final report yet."""
        return self._sum(frozenset({MessageStatus.ACCEPTED, MessageStatus.SENT}))

    @property
    def is_sending(self) -> bool:
        """Whether anything of it still waits or is on its way."""
        return bool(self.waiting or self.by_status.get(MessageStatus.SENDING, 0))

    @property
    def is_open(self) -> bool:
        """Whether any of its messages may still change by itself."""
        return any(self.by_status.get(status) for status in OPEN)

    def _sum(self, statuses: frozenset[MessageStatus]) -> int:
        return sum(self.by_status.get(status, 0) for status in statuses)
