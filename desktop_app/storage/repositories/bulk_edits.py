"""What a bulk edit reads and writes beyond the price list: the providers' countries, client prices, its rows, presets."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, bindparam, delete, func, insert, select

from desktop_app.domain.clients import name_key
from desktop_app.storage.bulk import BulkStatement
from desktop_app.storage.lists import among_texts
from desktop_app.storage.models.accounts import provider
from desktop_app.storage.models.clients import client
from desktop_app.storage.models.prices import (
    client_price,
    price_change,
    price_change_row,
    price_preset,
    provider_cost,
    rate,
)
from desktop_app.storage.upsert import upsert

_PORTION: Final = 500
_NAMES = ("change", "rate", "before", "before_manual", "before_rule", "after", "after_manual", "after_rule")
_ROW = BulkStatement(
    insert(price_change_row).values(
        change_id=bindparam("change"), rate_id=bindparam("rate"), before_micro=bindparam("before"),
        before_manual=bindparam("before_manual"), before_rule_id=bindparam("before_rule"), after_micro=bindparam("after"),
        after_manual=bindparam("after_manual"), after_rule_id=bindparam("after_rule"),
    ),
    _NAMES,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class NewRow:
    """What a row of a price list becomes.

    Attributes:
        price: micro-units.
        manual: set by hand.
        follows: the text of the rule it follows, None to keep the one it has (in mind).
    """

    price: int
    manual: bool
    follows: str | None


@dataclass(frozen=True, slots=True)
class ChangeMark:
    """Who changed prices, and when."""

    change_id: int
    actor: str
    at: datetime


class BulkEditRepository:
    """Reads and writes of bulk edits."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def lock(self, list_id: int, countries: Iterable[str] | None) -> None:
        """Keep everybody else from changing the rows of these countries (None: of all) until the transaction ends."""
        # SQLite has one writer at a time and leaves FOR UPDATE out.
        mine = select(rate.c.id).where(rate.c.list_id == list_id)
        if countries is not None:
            mine = mine.where(among_texts(rate.c.country, sorted(countries)))
        self._connection.execute(mine.order_by(rate.c.id).with_for_update()).all()

    def provider_countries(self) -> dict[str, frozenset[str]]:
        """Return the countries that each provider has a cost for, by its name."""
        statement = select(provider.c.name, provider_cost.c.country).distinct()
        rows = self._connection.execute(statement.join(provider_cost, provider_cost.c.provider_id == provider.c.id))
        found: dict[str, set[str]] = {}
        for row in rows:
            found.setdefault(row.name, set()).add(row.country)
        return {name: frozenset(countries) for name, countries in found.items()}

    def client_prices(self, list_id: int) -> dict[str, int]:
        """Return how many clients of a list have a price of their own, by country."""
        statement = (
            select(client_price.c.country, func.count(client_price.c.client_id.distinct()))
            .join(client, client.c.id == client_price.c.client_id)
            .where(client.c.list_id == list_id)
            .group_by(client_price.c.country)
        )
        return {country: int(count) for country, count in self._connection.execute(statement)}

    def changes_since(self, list_id: int, change_id: int) -> list[ChangeMark]:
        """Return who changed the list's prices after the change ``change_id``, newest first."""
        own = price_change.c
        statement = select(own.id, own.actor, own.at).where(
            own.list_id == list_id, own.id > change_id, own.part_of_id.is_(None)
        )
        rows = self._connection.execute(statement.order_by(own.id.desc()))
        return [ChangeMark(row.id, row.actor, row.at) for row in rows]

    def newest_change(self) -> int:
        """Return the id of the newest change, 0 before the first."""
        return int(self._connection.scalar(select(func.max(price_change.c.id))) or 0)

    def write(self, change_id: int, rows: Mapping[int, NewRow], step: Callable[[int], object] = bool) -> None:
        """Write the rows of an open change by rate id, with what they hold now; ``apply`` of the prices follows.

        ``step`` is called with the count of rows written so far before each portion, and may end it by raising.

        A rule that is not the change's own gets a part of the change, for its rows to follow.
        """
        change = self._connection.execute(select(price_change).where(price_change.c.id == change_id)).one()
        rules = {change.rule: change_id}
        for text in sorted({row.follows for row in rows.values() if row.follows is not None} - {change.rule}):
            rules[text] = self._add_part(change, text)
        values = []
        for old in self._connection.execute(select(rate).where(rate.c.list_id == change.list_id).order_by(rate.c.id)):
            new = rows.get(old.id)
            if new is not None:
                before = (old.price_micro, int(old.manual), old.rule_change_id)
                rule_id = old.rule_change_id if new.follows is None else rules[new.follows]
                values.append((change_id, old.id, *before, new.price, int(new.manual), rule_id))
        for start in range(0, len(values), _PORTION):
            step(start)
            _ROW.run(self._connection, values[start : start + _PORTION])

    def _add_part(self, change: Any, rule: str) -> int:
        statement = insert(price_change).values(
            list_id=change.list_id, at=change.at, actor=change.actor, label=change.label, rule=rule, limits=change.limits,
            row_count=0, first_row_id=change.first_row_id, last_row_id=change.last_row_id, part_of_id=change.id,
        )  # fmt: skip
        return int(self._connection.execute(statement.returning(price_change.c.id)).scalar_one())

    def presets(self) -> list[tuple[str, dict[str, Any]]]:
        """Return the saved presets by name: (name, content)."""
        rows = self._connection.execute(select(price_preset).order_by(price_preset.c.name_key))
        return [(row.name, json.loads(row.content)) for row in rows]

    def preset(self, name: str) -> tuple[str, dict[str, Any]] | None:
        """Return the preset of this name in any case, None when there is none."""
        found = select(price_preset).where(price_preset.c.name_key == name_key(name))
        row = self._connection.execute(found).one_or_none()
        return None if row is None else (row.name, json.loads(row.content))

    def save_preset(self, name: str, content: Mapping[str, Any]) -> None:
        """Store a preset; one of the same name is replaced."""
        text = json.dumps(dict(content), sort_keys=True, ensure_ascii=False)
        upsert(self._connection, price_preset, {"name_key": name_key(name)}, {"name": name, "content": text})

    def delete_preset(self, name: str) -> None:
        """Forget a preset, if there is one of that name."""
        self._connection.execute(delete(price_preset).where(price_preset.c.name_key == name_key(name)))
