"""What a person wants of batches: listed with their progress, paused, resumed, stopped, given another time."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, case, func, select, update

from desktop_app.domain.errors import NotFound
from desktop_app.domain.language import tr
from desktop_app.domain.message_lists import BatchCounts, BatchLine
from desktop_app.domain.messages import BatchControl, MessageStatus
from desktop_app.storage.lists import among
from desktop_app.storage.models.accounts import provider
from desktop_app.storage.models.clients import client
from desktop_app.storage.models.messages import batch, message


class BatchControlRepository:
    """Batches as a person handles them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def lines(self, limit: int, below_id: int | None = None, *, client_name: str = "") -> list[BatchLine]:
        """Return batches, newest first, those with an id below ``below_id``."""
        statement = _lines().order_by(batch.c.id.desc()).limit(limit)
        if below_id is not None:
            statement = statement.where(batch.c.id < below_id)
        if client_name:
            statement = statement.where(client.c.name == client_name)
        return [_line(row) for row in self._connection.execute(statement)]

    def scheduled(self) -> list[BatchLine]:
        """Return the batches with a time of which everything still waits or is paused, the next one first."""
        waits = select(message.c.id).where(message.c.batch_id == batch.c.id, message.c.status == "queued").exists()
        mine = (batch.c.send_at.is_not(None), batch.c.control != BatchControl.STOPPED.value, waits)
        return [_line(row) for row in self._connection.execute(_lines().where(*mine).order_by(batch.c.send_at))]

    def get(self, batch_id: int, *, lock: bool = False) -> BatchLine:
        """Return a batch; with ``lock`` nobody else changes it until the transaction ends.

        Raises:
            NotFound: there is none with this id.
        """
        statement = _lines().where(batch.c.id == batch_id)
        row = self._connection.execute(statement.with_for_update(of=batch) if lock else statement).one_or_none()
        if row is None:
            raise NotFound(tr("There is no batch {batch_id}.", batch_id=batch_id))
        return _line(row)

    def counts(self, batch_ids: Collection[int]) -> dict[int, BatchCounts]:
        """Return where the messages of the batches stand, by batch."""
        charged = func.sum(case((message.c.money == "captured", message.c.price_micro), else_=0))
        price = func.sum(message.c.price_micro)
        statement = (
            select(message.c.batch_id, message.c.status, func.count().label("messages"), charged.label("charged"),
                   price.label("price"))
            .where(among(message.c.batch_id, sorted(batch_ids)))
            .group_by(message.c.batch_id, message.c.status)
        )  # fmt: skip
        by_status: dict[int, dict[MessageStatus, int]] = {batch_id: {} for batch_id in batch_ids}
        money, returned = dict.fromkeys(batch_ids, 0), dict.fromkeys(batch_ids, 0)
        for row in self._connection.execute(statement):
            by_status[row.batch_id][MessageStatus(row.status)] = row.messages
            money[row.batch_id] += int(row.charged)
            if row.status == MessageStatus.CANCELLED:
                returned[row.batch_id] = int(row.price)
        return {one: BatchCounts(found, money[one], returned[one]) for one, found in by_status.items()}

    def set_control(self, batch_id: int, control: BatchControl) -> None:
        """Let a batch run, wait or end; a stopped one stays so."""
        self._connection.execute(update(batch).where(batch.c.id == batch_id).values(control=control.value))

    def set_time(self, batch_id: int, send_at: datetime) -> int:
        """Let what still waits of a batch leave at another time; return how many messages that are."""
        self._connection.execute(update(batch).where(batch.c.id == batch_id).values(send_at=send_at))
        waiting = (message.c.batch_id == batch_id, message.c.status == "queued")
        return self._connection.execute(update(message).where(*waiting).values(not_before=send_at)).rowcount

    def waiting_ids(self, batch_id: int, limit: int) -> list[int]:
        """Return the ids of messages of a batch that still wait to be sent."""
        mine = (message.c.batch_id == batch_id, message.c.status == "queued")
        return list(self._connection.scalars(select(message.c.id).where(*mine).order_by(message.c.id).limit(limit)))

    def half_stopped(self) -> list[int]:
        """Return the stopped batches of which something still waits: whoever stopped them did not come to the end."""
        waits = select(message.c.id).where(message.c.batch_id == batch.c.id, message.c.status == "queued").exists()
        mine = (batch.c.control == BatchControl.STOPPED.value, waits)
        return list(self._connection.scalars(select(batch.c.id).where(*mine).order_by(batch.c.id)))

    def failed_numbers(self, batch_id: int, statuses: Sequence[MessageStatus], limit: int) -> list[str]:
        """Return the numbers of a batch's messages that stand at one of ``statuses``."""
        words = [status.value for status in statuses]
        mine = (message.c.batch_id == batch_id, message.c.status.in_(words))
        return list(self._connection.scalars(select(message.c.number).where(*mine).order_by(message.c.id).limit(limit)))


def _lines() -> Any:
    return (
        select(batch, client.c.name.label("client_name"), client.c.paused, provider.c.paused_reason)
        .join(client, client.c.id == batch.c.client_id)
        .join(provider, provider.c.id == batch.c.provider_id)
    )


def _line(row: Any) -> BatchLine:
    return BatchLine(
        batch_id=row.id, name=row.name, client=row.client_name, sender=row.sender, text=row.body,
        control=BatchControl(row.control), created_at=row.created_at, send_at=row.send_at, actor=row.actor, reason=row.reason,
        currency=row.currency, total=row.total_micro, is_held=bool(row.paused) or row.paused_reason is not None,
    )  # fmt: skip
