"""The team's own rules about sender IDs by country, over those that are shipped."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, select

from desktop_app.domain.sender_ids import Alphanumeric, SenderRule
from desktop_app.storage.models.senders import sender_rule
from desktop_app.storage.upsert import upsert


@dataclass(frozen=True, slots=True)
class OwnRule:
    """A rule that the team settled.

    Attributes:
        rule: what holds.
        checked_at: when somebody last made sure that it is true.
        changed_at: when it was stored.
        changed_by: who stored it.
    """

    rule: SenderRule
    checked_at: datetime
    changed_at: datetime
    changed_by: str


class SenderRuleRepository:
    """The team's own rules."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list_all(self) -> dict[str, OwnRule]:
        """Return every rule by country."""
        return {row.country: _own(row) for row in self._connection.execute(select(sender_rule))}

    def find(self, country: str) -> OwnRule | None:
        """Return the rule of a country, None where the shipped one holds."""
        row = self._connection.execute(select(sender_rule).where(sender_rule.c.country == country)).one_or_none()
        return None if row is None else _own(row)

    def store(self, own: OwnRule) -> None:
        """Let a rule hold from now on."""
        rule = own.rule
        values = {
            "alphanumeric": rule.alphanumeric.value, "preregistration": rule.preregistration, "documents": rule.documents,
            "longest": rule.longest, "days": rule.days, "fee": rule.fee, "content": rule.content, "note": rule.note,
            "source": rule.source, "checked_at": own.checked_at, "changed_at": own.changed_at, "changed_by": own.changed_by,
        }  # fmt: skip
        upsert(self._connection, sender_rule, {"country": rule.country}, values)

    def remove(self, country: str) -> bool:
        """Let the shipped rule hold again; return whether there was another."""
        return self._connection.execute(delete(sender_rule).where(sender_rule.c.country == country)).rowcount == 1


def _own(row: Row[Any]) -> OwnRule:
    rule = SenderRule(
        row.country, Alphanumeric(row.alphanumeric), row.preregistration, row.documents, row.source, row.note, row.longest,
        row.days, row.fee, row.content,
    )  # fmt: skip
    return OwnRule(rule, row.checked_at, row.changed_at, row.changed_by)
