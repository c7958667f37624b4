"""What needs a person now: counted in the database, each by an index or over a table that stays small."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import BigInteger, ColumnElement, Connection, cast, func, literal_column, or_, select

from desktop_app.storage.lists import among
from desktop_app.storage.models.accounts import provider
from desktop_app.storage.models.clients import client
from desktop_app.storage.models.ledger import ledger_account
from desktop_app.storage.models.messages import batch, message
from desktop_app.storage.models.prices import loss_permission, rate
from desktop_app.storage.models.senders import sender_approval, sender_id


@dataclass(frozen=True, slots=True)
class LossRow:
    """A destination that sells below its cost; micro-units of the list's currency."""

    country: str
    price: int
    cost: int


@dataclass(frozen=True, slots=True)
class LowCredit:
    """A client whose credit is below its alert threshold, or below zero; micro-units of its currency."""

    client: str
    currency: str
    available: int
    alert: int


@dataclass(frozen=True, slots=True)
class PausedRoute:
    """A provider that is not used just now, and what waits for it, in micro-units by currency."""

    provider: str
    reason: str
    waiting: int
    held: dict[str, int]


_available: Final = ledger_account.c.posted_micro - ledger_account.c.held_micro


class AttentionRepository:
    """Finds what needs a person."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def losses(self, list_id: int, now: datetime) -> list[LossRow]:
        """Return what a list sells below its cost without permission."""
        statement = (
            select(rate.c.country, rate.c.price_micro, rate.c.cost_micro)
            .outerjoin(loss_permission, loss_permission.c.rate_id == rate.c.id)
            .where(rate.c.list_id == list_id, rate.c.price_micro < rate.c.cost_micro)
            .where(or_(loss_permission.c.until.is_(None), loss_permission.c.until <= now))
            .order_by(rate.c.country, rate.c.mccmnc)
        )
        return [LossRow(*row) for row in self._connection.execute(statement)]

    def waiting_senders(self) -> tuple[int, str, datetime | None]:
        """Return how many sender IDs wait for a decision, the one that waits longest, and since when."""
        pending = sender_approval.c.status == "pending"
        count = self._connection.scalar(select(func.count(sender_approval.c.sender_id.distinct())).where(pending)) or 0
        oldest = self._connection.execute(
            select(sender_id.c.sender, sender_approval.c.requested_at)
            .join(sender_id, sender_id.c.id == sender_approval.c.sender_id)
            .where(pending).order_by(sender_approval.c.requested_at, sender_approval.c.sender_id).limit(1)
        ).one_or_none()  # fmt: skip
        return (int(count), "", None) if oldest is None else (int(count), oldest.sender, oldest.requested_at)

    def low_credits(self, dry: Collection[int] = ()) -> list[LowCredit]:
        """Return the clients whose credit is low, or who are ``dry``, the lowest first."""
        alert = func.coalesce(client.c.alert_micro, 0)
        statement = (
            select(client.c.name, client.c.currency, _available, alert)
            .join(ledger_account, ledger_account.c.id == client.c.account_id)
            .where(or_(_available < alert, among(client.c.id, sorted(dry))), client.c.archived_at.is_(None))
            .order_by(_available, client.c.name_key)
        )
        return [LowCredit(*row) for row in self._connection.execute(statement)]

    def unknown_outcomes(self) -> tuple[int, dict[str, int]]:
        """Return how many messages may have been sent, and their prices in micro-units by currency."""
        found = self._priced(message.c.status == literal_column("'unknown'"))
        return sum(count for count, _ in found.values()), {code: price for code, (_, price) in found.items()}

    def paused_routes(self) -> list[PausedRoute]:
        """Return the providers that are paused, and what waits for them."""
        rows = self._connection.execute(
            select(provider.c.id, provider.c.name, provider.c.paused_reason)
            .where(provider.c.paused_reason.is_not(None)).order_by(provider.c.name_key)
        ).all()  # fmt: skip
        routes = []
        for row in rows:
            queued = message.c.status == literal_column("'queued'")
            found = self._priced(queued, batch.c.provider_id == row.id)
            held = {code: price for code, (_, price) in found.items()}
            routes.append(PausedRoute(row.name, row.paused_reason, sum(count for count, _ in found.values()), held))
        return routes

    def has_clients(self) -> bool:
        """Whether there is any client."""
        return self._connection.scalar(select(client.c.id).limit(1)) is not None

    def has_prices(self) -> bool:
        """Whether any price is set."""
        return self._connection.scalar(select(rate.c.id).where(rate.c.price_micro.is_not(None)).limit(1)) is not None

    def has_batches(self) -> bool:
        """Whether anything was ever sent."""
        return self._connection.scalar(select(batch.c.id).limit(1)) is not None

    def _priced(self, *where: ColumnElement[bool]) -> dict[str, tuple[int, int]]:
        """Return count and price of the messages by currency."""
        total = cast(func.sum(message.c.price_micro), BigInteger)
        statement = (
            select(batch.c.currency, func.count(), total)
            .join(batch, batch.c.id == message.c.batch_id).where(*where).group_by(batch.c.currency)
        )  # fmt: skip
        return {code: (int(count), int(price)) for code, count, price in self._connection.execute(statement)}
