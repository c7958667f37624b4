"""Finding messages among a million: conditions of a search, pages of lines, counts by status."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, func, literal_column, or_, select

from desktop_app.domain.message_lists import MessageLine
from desktop_app.domain.messages import MessageStatus
from desktop_app.storage.lists import among
from desktop_app.storage.models.accounts import provider
from desktop_app.storage.models.clients import client
from desktop_app.storage.models.messages import attempt, attempt_part, batch, batch_quote, message, receipt

_FIRST_PART: Final = (
    select(attempt_part.c.provider_message_id)
    .join(attempt, attempt.c.id == attempt_part.c.attempt_id)
    .where(attempt.c.message_id == message.c.id)
    .order_by(attempt.c.n, attempt_part.c.n)
    .limit(1)
    .scalar_subquery()
)
_LINES: Final = (
    select(
        message.c.id, message.c.batch_id, message.c.number, message.c.status, message.c.price_micro, message.c.segments,
        message.c.reason, message.c.changed_at, func.coalesce(message.c.body, batch.c.body).label("body"), batch.c.currency,
        batch.c.created_at, batch_quote.c.sender, batch_quote.c.country, batch_quote.c.mccmnc, client.c.name.label("client"),
        provider.c.name.label("provider"),
    )
    .join(batch, batch.c.id == message.c.batch_id)
    .join(batch_quote, batch_quote.c.id == message.c.quote_id)
    .join(client, client.c.id == batch.c.client_id)
    .join(provider, provider.c.id == batch.c.provider_id)
)  # fmt: skip
# Not the bare column: by its index SQLite would collect and sort all messages of many batches instead of reading the newest.
_BATCH: Final = message.c.batch_id + literal_column("0")


@dataclass(frozen=True, slots=True)
class MessageFilter:
    """Which messages are wanted; what is empty does not narrow.

    Attributes:
        statuses: any of these.
        since: submitted at or after.
        client: its name.
        country: ISO 3166 alpha-2.
        provider: its name.
        batch_id: only of this batch.
        number_start: how the number starts, with "+".
        number_end: digits at its end.
        message_id: ours; with ``number_end`` either may fit.
        words: text within the message, the batch's name or the client's name, or a provider's whole id.
    """

    statuses: frozenset[MessageStatus] = frozenset()
    since: datetime | None = None
    client: str = ""
    country: str = ""
    provider: str = ""
    batch_id: int | None = None
    number_start: str = ""
    number_end: str = ""
    message_id: int | None = None
    words: str = ""


class MessageSearchRepository:
    """Reads messages for lists, newest first."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def lines(
        self, wanted: MessageFilter, limit: int, *, below_id: int | None = None, skip: int = 0
    ) -> list[MessageLine]:
        """Return messages, newest first: ``limit`` of those with an id below ``below_id``, after leaving out ``skip``."""
        # The page is found among bare messages; only its rows are joined with what they show.
        page = self._filtered(select(message.c.id), wanted)
        if below_id is not None:
            page = page.where(message.c.id < below_id)
        page = page.order_by(message.c.id.desc()).limit(limit).offset(skip)
        return self._read([row.id for row in self._connection.execute(page)])

    def line(self, message_id: int) -> MessageLine | None:
        """Return one message, None when there is none with this id."""
        return next(iter(self._read([message_id])), None)

    def newest_id(self) -> int:
        """Return the id of the newest message, 0 when there is none."""
        return int(self._connection.scalar(select(func.max(message.c.id))) or 0)

    def counts(self, wanted: MessageFilter) -> dict[MessageStatus, int]:
        """Return how many of the messages stand where, whatever statuses are wanted."""
        all_of_them = self._filtered(select(func.count()).select_from(message), wanted, by_status=False)
        total = int(self._connection.scalar(all_of_them) or 0)
        # Most are delivered: sorting all of them by status would take most of the time, and subtracting takes none.
        others = self._filtered(select(message.c.status, func.count()), wanted, by_status=False)
        others = others.where(message.c.status != MessageStatus.DELIVERED.value).group_by(message.c.status)
        found = {MessageStatus(status): count for status, count in self._connection.execute(others)}
        delivered = total - sum(found.values())
        return {**found, MessageStatus.DELIVERED: delivered} if delivered else found

    def first_parts(self, message_ids: list[int]) -> dict[int, str]:
        """Return the first id that a provider gave to each of the messages that has one."""
        rows = self._connection.execute(
            select(message.c.id, _FIRST_PART.label("sid")).where(among(message.c.id, message_ids))
        )
        return {row.id: row.sid for row in rows if row.sid is not None}

    def opens(self) -> bool:
        """Return whether any message still changes by itself: it waits, is under way, or its report is missing."""
        for status in ("queued", "accepted", "sent", "unknown"):
            if self._connection.scalar(select(message.c.id).where(message.c.status == status).limit(1)) is not None:
                return True
        return False

    def unreported(self, before: datetime) -> int:
        """Return how many messages were accepted before a moment and have no final report."""
        reportable = or_(message.c.status == "accepted", message.c.status == "sent")
        missing = select(func.count()).select_from(message).where(reportable, message.c.changed_at < before)
        return int(self._connection.scalar(missing) or 0)

    def last_report(self) -> datetime | None:
        """Return when the last report came, None before the first."""
        newest = select(receipt.c.received_at).order_by(receipt.c.id.desc()).limit(1)
        moment: datetime | None = self._connection.scalar(newest)
        return moment

    def countries(self) -> list[str]:
        """Return the countries that anything was ever sent to."""
        return list(self._connection.scalars(select(batch_quote.c.country).distinct().order_by(batch_quote.c.country)))

    def _read(self, ids: list[int]) -> list[MessageLine]:
        statement = _LINES.where(among(message.c.id, ids)).order_by(message.c.id.desc())
        return [_line(row) for row in self._connection.execute(statement)]

    def _filtered(self, statement: Select[Any], wanted: MessageFilter, *, by_status: bool = True) -> Select[Any]:
        for condition in self._conditions(wanted, by_status=by_status):
            statement = statement.where(condition)
        return statement

    def _conditions(self, wanted: MessageFilter, *, by_status: bool) -> Iterator[ColumnElement[bool]]:
        if by_status and wanted.statuses:
            # Spelled out: both databases then see that a partial index may serve.
            yield or_(*(message.c.status == status.value for status in sorted(wanted.statuses)))
        if wanted.batch_id is not None:
            yield message.c.batch_id == wanted.batch_id
        if wanted.country:
            yield message.c.quote_id.in_(select(batch_quote.c.id).where(batch_quote.c.country == wanted.country))
        batches = self._batch_conditions(wanted)
        if batches:
            yield _BATCH.in_(select(batch.c.id).where(*batches))
        if wanted.number_start:
            yield message.c.number.startswith(wanted.number_start, autoescape=True)
        if wanted.number_end:
            ending = message.c.number.endswith(wanted.number_end, autoescape=True)
            yield ending if wanted.message_id is None else ending | (message.c.id == wanted.message_id)
        elif wanted.message_id is not None:
            yield message.c.id == wanted.message_id
        if wanted.words:
            yield self._saying(wanted.words)

    def _batch_conditions(self, wanted: MessageFilter) -> list[ColumnElement[bool]]:
        found: list[ColumnElement[bool]] = []
        if wanted.since is not None:
            found.append(batch.c.created_at >= wanted.since)
        if wanted.client:
            found.append(batch.c.client_id.in_(select(client.c.id).where(client.c.name == wanted.client)))
        if wanted.provider:
            found.append(batch.c.provider_id.in_(select(provider.c.id).where(provider.c.name == wanted.provider)))
        return found

    def _saying(self, words: str) -> ColumnElement[bool]:
        """Return the condition of a text; what it names is looked up first, so that a whole id costs one look-up."""
        named = self._message_ids_of(words)
        if named:
            return among(message.c.id, named)
        texts = [batch.c.body, batch.c.name, client.c.name]
        saying = or_(*(text.icontains(words, autoescape=True) for text in texts))
        batches = select(batch.c.id).join(client, client.c.id == batch.c.client_id).where(saying)
        own = message.c.body.icontains(words, autoescape=True)
        return _BATCH.in_(batches) | own

    def _message_ids_of(self, provider_message_id: str) -> list[int]:
        providers = list(self._connection.scalars(select(provider.c.id)))
        statement = (
            select(attempt.c.message_id)
            .join(attempt_part, attempt_part.c.attempt_id == attempt.c.id)
            .where(
                among(attempt_part.c.provider_id, providers), attempt_part.c.provider_message_id == provider_message_id
            )
        )
        return list(self._connection.scalars(statement))


def _line(row: Any) -> MessageLine:
    return MessageLine(
        message_id=row.id, batch_id=row.batch_id, client=row.client, sender=row.sender, to=row.number, country=row.country,
        text=row.body, segments=row.segments, status=MessageStatus(row.status), price=row.price_micro, currency=row.currency,
        provider=row.provider, reason=row.reason, created_at=row.created_at, changed_at=row.changed_at,
        mccmnc=row.mccmnc or None,
    )  # fmt: skip
