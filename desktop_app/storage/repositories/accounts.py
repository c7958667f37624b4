"""Settings, provider accounts, exchange rates and the activity log."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import Connection, Row, bindparam, insert, select, update

from desktop_app.domain.clients import name_key
from desktop_app.domain.errors import InvalidInput, NotFound
from desktop_app.domain.language import tr
from desktop_app.storage.bulk import BulkStatement
from desktop_app.storage.columns import is_on
from desktop_app.storage.models.accounts import activity, exchange_rate, provider, setting
from desktop_app.storage.upsert import upsert


@dataclass(frozen=True, slots=True)
class StoredProvider:
    """A provider account as stored: everything but its secret.

    Attributes:
        paused_reason: why its route is not used just now, or None.
        last_error: what went wrong last, in plain words, or None.
        costs_synced_at: when its costs were pulled last, or None.
    """

    provider_id: int
    name: str
    kind: str
    base_url: str
    settings: Mapping[str, str]
    is_default: bool
    paused_reason: str | None
    last_error: str | None
    costs_synced_at: datetime | None


_SETTING = BulkStatement(select(setting.c.value).where(setting.c.name == bindparam("key")), ("key",))


class SettingsRepository:
    """Named texts: switches and choices that belong to the database, not to a machine."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, name: str, default: str = "") -> str:
        """Return the setting, or ``default``."""
        value = _SETTING.once(self._connection, name).scalar()
        return default if value is None else str(value)

    def set(self, name: str, value: str) -> None:
        """Store the setting."""
        upsert(self._connection, setting, {"name": name}, {"value": value})


class ProviderRepository:
    """Provider accounts."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(
        self, name: str, kind: str, base_url: str, settings: Mapping[str, str], *, is_default: bool, at: datetime
    ) -> int:
        """Store an account and return its id; the first one, or ``is_default``, becomes the default.

        Raises:
            InvalidInput: when the name is taken.
        """
        if self._find(name) is not None:
            raise InvalidInput(tr("There is already a provider named “{name}”.", name=name), fields={"name": name})
        first = self._connection.scalar(select(provider.c.id).limit(1)) is None
        default = is_default or first
        if default:
            self._connection.execute(update(provider).values(is_default=False))
        result = self._connection.execute(
            insert(provider).values(
                name=name, name_key=name_key(name), kind=kind, base_url=base_url, is_default=default, created_at=at,
                settings=json.dumps(dict(settings), sort_keys=True),
            ).returning(provider.c.id)
        )  # fmt: skip
        return int(result.scalar_one())

    def get(self, name: str) -> StoredProvider:
        """Return the account named ``name``.

        Raises:
            NotFound: when there is none.
        """
        row = self._find(name)
        if row is None:
            raise NotFound(tr("There is no provider named “{name}”.", name=name[:120]))
        return _provider(row)

    def by_id(self, provider_id: int) -> StoredProvider:
        """Return the account with the id."""
        row = self._connection.execute(select(provider).where(provider.c.id == provider_id)).one()
        return _provider(row)

    def default(self) -> StoredProvider | None:
        """Return the account that sends and gives the costs, None before the first."""
        row = self._connection.execute(select(provider).where(is_on(provider.c.is_default))).one_or_none()
        return None if row is None else _provider(row)

    def list_all(self) -> list[StoredProvider]:
        """Return all accounts by name."""
        return [_provider(row) for row in self._connection.execute(select(provider).order_by(provider.c.name_key))]

    def note_sync(self, provider_id: int, at: datetime) -> None:
        """Remember that the costs were pulled."""
        statement = update(provider).where(provider.c.id == provider_id)
        self._connection.execute(statement.values(costs_synced_at=at, last_error=None))

    def note_error(self, provider_id: int, message: str | None) -> None:
        """Remember what went wrong last; None forgets it."""
        self._connection.execute(update(provider).where(provider.c.id == provider_id).values(last_error=message))

    def pause(self, provider_id: int, reason: str | None) -> None:
        """Stop using the route, or use it again with None."""
        self._connection.execute(update(provider).where(provider.c.id == provider_id).values(paused_reason=reason))

    def _find(self, name: str) -> Row[tuple[object, ...]] | None:
        return self._connection.execute(select(provider).where(provider.c.name_key == name_key(name))).one_or_none()


def _provider(row: Row[tuple[object, ...]]) -> StoredProvider:
    values = row._mapping  # noqa: SLF001 - SQLAlchemy's documented name for it
    return StoredProvider(
        provider_id=values["id"],
        name=values["name"],
        kind=values["kind"],
        base_url=values["base_url"],
        settings=json.loads(values["settings"]),
        is_default=values["is_default"],
        paused_reason=values["paused_reason"],
        last_error=values["last_error"],
        costs_synced_at=values["costs_synced_at"],
    )


class ExchangeRateRepository:
    """Dated exchange rates, as their exact text."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def set(self, source: str, target: str, rate: Decimal, day: date) -> None:
        """Store the rate of a day, replacing the one of the same day."""
        place = {"from_currency": source, "to_currency": target, "rate_date": day.isoformat()}
        upsert(self._connection, exchange_rate, place, {"rate": str(rate)})

    def find(self, source: str, target: str, day: date) -> Decimal | None:
        """Return the newest rate not later than ``day``: 1 for the same currency, None when there is none."""
        if source == target:
            return Decimal(1)
        statement = (
            select(exchange_rate.c.rate)
            .where(
                exchange_rate.c.from_currency == source,
                exchange_rate.c.to_currency == target,
                exchange_rate.c.rate_date <= day.isoformat(),
            )
            .order_by(exchange_rate.c.rate_date.desc())
            .limit(1)
        )
        text = self._connection.scalar(statement)
        return None if text is None else Decimal(text)


@dataclass(frozen=True, slots=True)
class ActivityEntry:
    """One line of the log of who did what."""

    entry_id: int
    at: datetime
    actor: str
    kind: str
    subject: str
    detail: Mapping[str, object]


class ActivityRepository:
    """The append-only log of who did what."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, at: datetime, actor: str, kind: str, subject: str, **detail: object) -> None:
        """Append a line; ``detail`` is stored as JSON."""
        text = json.dumps(detail, sort_keys=True, default=str, ensure_ascii=False)
        self._connection.execute(insert(activity).values(at=at, actor=actor, kind=kind, subject=subject, detail=text))

    def list_latest(self, limit: int = 100) -> list[ActivityEntry]:
        """Return the newest lines, newest first."""
        rows = self._connection.execute(select(activity).order_by(activity.c.id.desc()).limit(limit))
        return [ActivityEntry(row.id, row.at, row.actor, row.kind, row.subject, json.loads(row.detail)) for row in rows]
