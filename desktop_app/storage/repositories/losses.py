"""Permissions to sell single rows below their cost; each price change keeps what it did to them, so that it can be taken back."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from desktop_app.storage.models.prices import loss_permission, price_change, price_change_loss, price_change_row, rate
from desktop_app.storage.upsert import upsert


@dataclass(frozen=True, slots=True)
class LossPermission:
    """Until when a row may sell below its cost, who allowed it, and why."""

    until: datetime
    actor: str
    reason: str


@dataclass(frozen=True, slots=True)
class RestoredLoss:
    """What taking a price change back made of a row's permission: it is ``now``, None when there is none any more."""

    country: str
    now: LossPermission | None


class LossRepository:
    """Who may lose money, and since which price change."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def allowed(self, at: datetime) -> frozenset[int]:
        """Return the ids of the rows that may sell below their cost at a time."""
        return frozenset(
            self._connection.scalars(select(loss_permission.c.rate_id).where(loss_permission.c.until > at))
        )

    def allow(self, change_id: int, rate_id: int, permission: LossPermission) -> None:
        """Let a row sell below its cost, as part of an open price change."""
        self._set(change_id, rate_id, permission)

    def take_back(self, change_id: int, reverted_id: int) -> list[RestoredLoss]:
        """Give the rows of an open change the permissions they had before ``reverted_id``, as part of the open one.

        Rows that the open change leaves as they are keep their permission.
        """
        old, row = price_change_loss.c, price_change_row.c
        first = select(price_change.c.first_row_id).where(price_change.c.id == change_id).scalar_subquery()
        mine = select(row.rate_id).where(row.id >= first, row.change_id == change_id)
        statement = (
            select(price_change_loss, rate.c.country)
            .join(rate, rate.c.id == old.rate_id)
            .where(old.change_id == reverted_id, old.rate_id.in_(mine))
            .order_by(rate.c.country, rate.c.mccmnc)
        )
        restored = []
        for found in self._connection.execute(statement).all():
            before = _permission(found.before_until, found.before_actor, found.before_reason)
            self._set(change_id, found.rate_id, before)
            restored.append(RestoredLoss(found.country, before))
        return restored

    def _set(self, change_id: int, rate_id: int, permission: LossPermission | None) -> None:
        own = loss_permission.c.rate_id == rate_id
        # Whoever changes the permission of a row holds the row: what was there before is what the other left.
        self._connection.execute(select(rate.c.id).where(rate.c.id == rate_id).with_for_update()).one()
        found = self._connection.execute(select(loss_permission).where(own)).one_or_none()
        before = None if found is None else LossPermission(found.until, found.actor, found.reason)
        kept = {**_columns("before", before), **_columns("after", permission)}
        self._connection.execute(insert(price_change_loss).values(change_id=change_id, rate_id=rate_id, **kept))
        if permission is None:
            self._connection.execute(delete(loss_permission).where(own))
            return
        values = {"until": permission.until, "actor": permission.actor, "reason": permission.reason}
        upsert(self._connection, loss_permission, {"rate_id": rate_id}, values)


def _columns(when: str, permission: LossPermission | None) -> dict[str, Any]:
    names = ("until", "actor", "reason")
    return {f"{when}_{name}": None if permission is None else getattr(permission, name) for name in names}


def _permission(until: datetime | None, actor: str, reason: str) -> LossPermission | None:
    return None if until is None else LossPermission(until, actor, reason)
