"""Settings, provider accounts and exchange rates."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import Connection, Row, bindparam, delete, exists, func, insert, select, update

from desktop_app.domain.clients import name_key
from desktop_app.domain.errors import InvalidInput, NotFound
from desktop_app.domain.language import tr
from desktop_app.storage.bulk import BulkStatement
from desktop_app.storage.columns import is_on
from desktop_app.storage.models.accounts import exchange_rate, provider, setting
from desktop_app.storage.models.messages import attempt, attempt_part, batch, receipt
from desktop_app.storage.models.prices import number_range, provider_cost
from desktop_app.storage.models.senders import fallback_number
from desktop_app.storage.upsert import upsert


@dataclass(frozen=True, slots=True)
class Answer:
    """A good answer of a provider: when, after how long, and the money it told of, as its exact text."""

    at: datetime
    response_ms: int
    balance: str
    currency: str


@dataclass(frozen=True, slots=True)
class StoredProvider:
    """A provider account as stored: everything but its secret.

    Attributes:
        paused_reason: why its route is not used just now, or None.
        last_error: what went wrong last, in plain words, or None.
        costs_synced_at: when its costs were pulled last, or None.
        costs_missed: the countries that keep their costs from before because the last sync failed in the middle.
        failed_at: when ``last_error`` happened, or None.
        answer: its last good answer, or None before the first.
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
    costs_missed: frozenset[str] = frozenset()
    failed_at: datetime | None = None
    answer: Answer | None = None


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
            raise _taken(name)
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

    def lock(self, provider_id: int) -> StoredProvider:
        """Return the account; until the transaction ends nobody else stores anything of it.

        Raises:
            NotFound: it was removed.
        """
        statement = select(provider).where(provider.c.id == provider_id).with_for_update(key_share=True)
        row = self._connection.execute(statement).one_or_none()
        if row is None:
            raise NotFound(tr("This provider was removed meanwhile."))
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

    def cost_counts(self) -> dict[int, tuple[int, int]]:
        """Return how many countries and how many networks each account has costs for, by its id."""
        own = provider_cost.c
        networks = func.count().filter(own.mccmnc != "")
        counted = select(
            own.provider_id, func.count(own.country.distinct()).label("countries"), networks.label("networks")
        )
        rows = self._connection.execute(counted.group_by(own.provider_id))
        return {row.provider_id: (int(row.countries), int(row.networks)) for row in rows}

    def note_sync(self, provider_id: int, at: datetime) -> None:
        """Remember that the costs were pulled."""
        statement = update(provider).where(provider.c.id == provider_id)
        self._connection.execute(
            statement.values(costs_synced_at=at, costs_missed=None, last_error=None, failed_at=None)
        )

    def note_missed(self, provider_id: int, countries: Iterable[str]) -> None:
        """Remember which countries a sync did not reach."""
        statement = update(provider).where(provider.c.id == provider_id)
        self._connection.execute(statement.values(costs_missed=" ".join(sorted(countries)) or None))

    def note_error(self, provider_id: int, message: str, at: datetime) -> None:
        """Remember what went wrong last."""
        statement = update(provider).where(provider.c.id == provider_id)
        self._connection.execute(statement.values(last_error=message, failed_at=at))

    def note_answer(self, provider_id: int, answer: Answer) -> None:
        """Remember a good answer; what went wrong before is over."""
        statement = update(provider).where(provider.c.id == provider_id)
        self._connection.execute(
            statement.values(
                answered_at=answer.at, response_ms=answer.response_ms, balance=answer.balance,
                balance_currency=answer.currency, last_error=None, failed_at=None,
            )
        )  # fmt: skip

    def edit(self, provider_id: int, name: str, base_url: str, settings: Mapping[str, str]) -> None:
        """Give an account another name, address or fields.

        Raises:
            InvalidInput: when the name is taken.
        """
        found = self._find(name)
        if found is not None and found.id != provider_id:
            raise _taken(name)
        statement = update(provider).where(provider.c.id == provider_id)
        fields = json.dumps(dict(settings), sort_keys=True)
        self._connection.execute(
            statement.values(name=name, name_key=name_key(name), base_url=base_url, settings=fields)
        )

    def set_default(self, provider_id: int) -> None:
        """Let this account send and give the costs from now on."""
        self._connection.execute(update(provider).values(is_default=False))
        self._connection.execute(update(provider).where(provider.c.id == provider_id).values(is_default=True))

    def is_referred_to(self, provider_id: int) -> bool:
        """Whether messages were sent, or are queued, through this account: its name belongs to them for good."""
        tables = (batch, attempt, attempt_part, receipt)
        found = [exists().where(one.c.provider_id == provider_id) for one in tables]
        return any(self._connection.scalar(select(one)) for one in found)

    def remove(self, provider_id: int) -> None:
        """Delete an account with its costs and numbers; one that is referred to cannot be."""
        for dependent in (provider_cost, number_range, fallback_number):
            self._connection.execute(delete(dependent).where(dependent.c.provider_id == provider_id))
        self._connection.execute(delete(provider).where(provider.c.id == provider_id))

    def pause(self, provider_id: int, reason: str | None) -> None:
        """Stop using the route, or use it again with None."""
        self._connection.execute(update(provider).where(provider.c.id == provider_id).values(paused_reason=reason))

    def _find(self, name: str) -> Row[tuple[object, ...]] | None:
        return self._connection.execute(select(provider).where(provider.c.name_key == name_key(name))).one_or_none()


def _taken(name: str) -> InvalidInput:
    sentence = tr("There is already a provider named “{name}”.", name=name)
    return InvalidInput(sentence, fields={"name": sentence})


def _provider(row: Row[tuple[object, ...]]) -> StoredProvider:
    values = row._mapping  # noqa: SLF001 - SQLAlchemy's documented name for it
    answered_at = values["answered_at"]
    answer = None if answered_at is None else Answer(
        answered_at, values["response_ms"], values["balance"], values["balance_currency"]
    )  # fmt: skip
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
        costs_missed=frozenset((values["costs_missed"] or "").split()),
        failed_at=values["failed_at"],
        answer=answer,
    )


@dataclass(frozen=True, slots=True)
class ExchangeRate:
    """What one unit of ``source`` is worth in ``target``, from a day on."""

    source: str
    target: str
    rate: Decimal
    day: date


class ExchangeRateRepository:
    """Dated exchange rates, as their exact text."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def set(self, source: str, target: str, rate: Decimal, day: date) -> None:
        """Store the rate of a day, replacing the one of the same day."""
        place = {"from_currency": source, "to_currency": target, "rate_date": day.isoformat()}
        upsert(self._connection, exchange_rate, place, {"rate": str(rate)})

    def list_all(self) -> list[ExchangeRate]:
        """Return every rate: by currencies, the newest day first."""
        columns = exchange_rate.c
        order = (columns.from_currency, columns.to_currency, columns.rate_date.desc())
        return [
            ExchangeRate(row.from_currency, row.to_currency, Decimal(row.rate), date.fromisoformat(row.rate_date))
            for row in self._connection.execute(select(exchange_rate).order_by(*order))
        ]

    def remove(self, source: str, target: str, day: date) -> None:
        """Forget the rate of a day, if there is one."""
        columns = exchange_rate.c
        place = (columns.from_currency == source, columns.to_currency == target, columns.rate_date == day.isoformat())
        self._connection.execute(delete(exchange_rate).where(*place))

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

    def from_currency(self, source: str, day: date) -> dict[str, tuple[Decimal, date]]:
        """Return the newest rates of ``source`` not later than ``day``: target -> (rate, its date)."""
        statement = (
            select(exchange_rate.c.to_currency, exchange_rate.c.rate, exchange_rate.c.rate_date)
            .where(exchange_rate.c.from_currency == source, exchange_rate.c.rate_date <= day.isoformat())
            .order_by(exchange_rate.c.rate_date)
        )
        rows = self._connection.execute(statement)
        return {row.to_currency: (Decimal(row.rate), date.fromisoformat(row.rate_date)) for row in rows}
