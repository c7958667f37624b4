"""The traffic in slots of a quarter of an hour: counted anew where messages changed, and summed for the figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Connection,
    RowMapping,
    case,
    cast,
    delete,
    func,
    insert,
    literal_column,
    select,
    text,
    type_coerce,
)

from desktop_app.domain.messages import MessageStatus, MoneyState
from desktop_app.storage.columns import micros_since_epoch
from desktop_app.storage.models.clients import client
from desktop_app.storage.models.ledger import ledger_transfer
from desktop_app.storage.models.messages import batch, batch_quote, message
from desktop_app.storage.models.traffic import traffic, traffic_stale
from desktop_app.storage.repositories.volumes import IS_SOLD

_SLOT_MICROS: Final = 15 * 60 * 10**6
# Slots counted in one transaction: nobody who writes waits for long.
SLOTS_AT_ONCE: Final = 24
_own: Final = traffic.c


@dataclass(frozen=True, slots=True)
class TrafficSum:
    """A sum of the traffic.

    Attributes:
        country: ISO code, "" for all of them.
        provider_id: the provider, 0 for all of them.
        currency: of the prices.
        cost_currency: of the costs, "" where they are not known.
        status: how the messages stand.
        money: what became of their credit.
        messages: how many.
        segments: their billed segments.
        price: micro-units of ``currency``.
        cost: micro-units of ``cost_currency``.
    """

    country: str
    provider_id: int
    currency: str
    cost_currency: str
    status: MessageStatus
    money: MoneyState
    messages: int
    segments: int
    price: int
    cost: int


class TrafficRepository:
    """Counts and sums the traffic. A range begins and ends at a quarter of an hour; other moments are rounded outwards."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def is_stale(self) -> bool:
        """Whether messages changed since they were counted."""
        return self._connection.scalar(select(traffic_stale.c.slot).limit(1)) is not None

    def count_stale(self) -> bool:
        """Count slots anew whose messages changed, oldest first; return whether there are more."""
        if self._connection.dialect.name == "postgresql":
            # Two that count the same slot at once would each write what they saw; changes that come meanwhile stay noted.
            self._connection.execute(text("LOCK TABLE traffic IN SHARE ROW EXCLUSIVE MODE"))
        statement = select(traffic_stale.c.slot).distinct().order_by(traffic_stale.c.slot).limit(SLOTS_AT_ONCE)
        slots = list(self._connection.scalars(statement))
        for slot in slots:
            self._connection.execute(delete(traffic_stale).where(traffic_stale.c.slot == slot))
            self._connection.execute(delete(traffic).where(_own.slot == slot))
            self._connection.execute(insert(traffic).from_select([*_own.keys()], _counted(slot)))
        return len(slots) == SLOTS_AT_ONCE

    def sums(
        self, start: datetime, end: datetime, *, by_country: bool = False, by_provider: bool = False
    ) -> list[TrafficSum]:
        """Return the sums of the traffic from ``start`` to before ``end``."""
        keys = [_own.currency, _own.cost_currency, _own.status, _own.money]
        keys += [_own.country] if by_country else []
        keys += [_own.provider_id] if by_provider else []
        totals = (_own.messages, _own.segments, _own.price_micro, _own.cost_micro)
        summed = [cast(func.sum(one), BigInteger).label(one.name) for one in totals]
        first, last = micros_since_epoch(start) // _SLOT_MICROS, -(-micros_since_epoch(end) // _SLOT_MICROS)
        statement = select(*keys, *summed).where(_own.slot >= first, _own.slot < last).group_by(*keys)
        return [_sum(row) for row in self._connection.execute(statement).mappings()]


def _counted(slot: int) -> Any:
    """Return the rows of a slot, counted from its messages."""
    first, last = slot * _SLOT_MICROS, (slot + 1) * _SLOT_MICROS
    at_once = (batch.c.send_at.is_(None), *_between(batch.c.created_at, first, last))
    later = (batch.c.send_at.is_not(None), *_between(batch.c.send_at, first, last))
    # Tests, which we pay ourselves, cost something and sell nothing.
    is_sold = case((IS_SOLD, literal_column("1")), else_=literal_column("0"))
    batches = (
        select(batch.c.id, batch.c.provider_id, batch.c.currency, is_sold.label("is_sold"))
        .join(client, client.c.id == batch.c.client_id)
        .join(ledger_transfer, ledger_transfer.c.id == batch.c.hold_id)
    )
    mine = batches.where(*at_once).union_all(batches.where(*later)).subquery()
    cost_currency = func.coalesce(batch_quote.c.cost_currency, "")
    keys = (
        batch_quote.c.country,
        mine.c.provider_id,
        mine.c.currency,
        cost_currency,
        # A message that is being sent counts as queued: the step between them comes once for each and changes no figure.
        case((message.c.status == MessageStatus.SENDING.value, MessageStatus.QUEUED.value), else_=message.c.status),
        message.c.money,
    )
    cost = func.coalesce(batch_quote.c.cost_micro, 0) * message.c.segments
    totals = (message.c.segments, message.c.price_micro * mine.c.is_sold, cost)
    return (
        select(cast(slot, BigInteger), *keys, func.count(), *(cast(func.sum(one), BigInteger) for one in totals))
        .select_from(mine)
        .join(message, message.c.batch_id == mine.c.id)
        .join(batch_quote, batch_quote.c.id == message.c.quote_id)
        .group_by(*keys)
    )


def _between(column: Any, first: int, last: int) -> Sequence[Any]:
    plain = type_coerce(column, BigInteger)
    return (plain >= first, plain < last)


def _sum(row: RowMapping) -> TrafficSum:
    return TrafficSum(
        row.get("country") or "", row.get("provider_id") or 0, row["currency"], row["cost_currency"],
        MessageStatus(row["status"]), MoneyState(row["money"]), row["messages"], row["segments"], row["price_micro"],
        row["cost_micro"],
    )  # fmt: skip
