"""The number ranges of providers' networks: evidence of the network that a number belongs to."""

from collections.abc import Collection, Iterable
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, bindparam, delete, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert

from desktop_app.storage.bulk import BulkStatement
from desktop_app.storage.models.prices import number_range


class RangeRow(NamedTuple):
    """One stored range: ``prefix`` begins with the calling code; ``mccmnc`` None stands for the country's price."""

    country: str
    prefix: str
    mccmnc: str | None


_store = postgresql_insert(number_range).values(
    provider_id=bindparam("provider"), country=bindparam("iso"), prefix=bindparam("digits"), mccmnc=bindparam("code")
)
_STORE = BulkStatement(
    _store.on_conflict_do_update(
        index_elements=["provider_id", "country", "prefix"], set_={"mccmnc": _store.excluded.mccmnc}
    ),
    ("provider", "iso", "digits", "code"),
)
_DROP = BulkStatement(
    delete(number_range).where(
        number_range.c.provider_id == bindparam("provider"),
        number_range.c.country == bindparam("iso"),
        number_range.c.prefix == bindparam("digits"),
    ),
    ("provider", "iso", "digits"),
)


class NumberRangeRepository:
    """Ranges per provider and country."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def countries(self, provider_id: int) -> frozenset[str]:
        """Return the countries that the provider tells ranges of."""
        own = number_range.c
        return frozenset(self._connection.scalars(select(own.country).where(own.provider_id == provider_id).distinct()))

    def networks(self, provider_id: int) -> frozenset[tuple[str, str]]:
        """Return (country, MCC/MNC) of the networks with ranges."""
        own = number_range.c
        statement = select(own.country, own.mccmnc).where(own.provider_id == provider_id, own.mccmnc != "").distinct()
        return frozenset((iso, code) for iso, code in self._connection.execute(statement))

    def of_country(self, provider_id: int, iso: str) -> list[RangeRow]:
        """Return a country's ranges."""
        own = number_range.c
        return self._rows(own.provider_id == provider_id, own.country == iso)

    def replace(self, provider_id: int, ranges: Iterable[RangeRow], *, only: Collection[str] | None = None) -> None:
        """Make ``ranges`` the provider's; the same ones again write nothing. Lock the provider first.

        Args:
            provider_id: whose.
            ranges: all of them, or with ``only`` all of those countries.
            only: the countries that are replaced; None for all.
        """
        rows = self._rows(number_range.c.provider_id == provider_id)
        before = {row[:2]: row for row in rows if only is None or row.country in only}
        after = {row[:2]: row for row in ranges}
        changed = [row for place, row in after.items() if before.get(place) != row]
        _STORE.run(self._connection, [(provider_id, row.country, row.prefix, row.mccmnc or "") for row in changed])
        _DROP.run(self._connection, [(provider_id, *place) for place in before.keys() - after.keys()])

    def _rows(self, *conditions: ColumnElement[bool]) -> list[RangeRow]:
        own = number_range.c
        statement = select(own.country, own.prefix, own.mccmnc).where(*conditions).order_by(own.country, own.prefix)
        return [RangeRow(iso, prefix, code or None) for iso, prefix, code in self._connection.execute(statement).all()]
