"""The log of who did what: lines of its own, and the saved price changes, read as one, newest first."""

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from heapq import merge
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, and_, exists, func, insert, or_, select, tuple_, union
from sqlalchemy.sql.selectable import CTE

from desktop_app.domain.activity import (
    PRICES_CHANGED,
    PRICES_REVERTED,
    ActivityEntry,
    ActivityPlace,
    ChangeMark,
    SinglePrice,
)
from desktop_app.domain.rates import PlannedRow
from desktop_app.storage.columns import is_on
from desktop_app.storage.lists import among
from desktop_app.storage.models.accounts import activity
from desktop_app.storage.models.prices import price_change, price_change_row, rate

# In a moment that several lines share, saved changes come before the log's own lines.
LOG: Final = 0
CHANGES: Final = 1
_NOTHING: Final[Mapping[str, object]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class ActivityFilter:
    """Which lines are wanted; what is empty does not narrow.

    Attributes:
        actor: one person's.
        kinds: of these kinds.
        country: about this country (ISO 3166 alpha-2), price changes with a row of it among them.
        subject: about this object, exactly as stored.
        since: not before.
        until: before.
        text: part of a person's name, an object or a detail, in any case.
        text_kinds: kinds that ``text`` names, in the language of the person who typed it.
        text_countries: countries that ``text`` names.
    """

    actor: str = ""
    kinds: frozenset[str] = frozenset()
    country: str = ""
    subject: str = ""
    since: datetime | None = None
    until: datetime | None = None
    text: str = ""
    text_kinds: frozenset[str] = field(default=frozenset())
    text_countries: frozenset[str] = field(default=frozenset())


class ActivityRepository:
    """The append-only log of who did what."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, at: datetime, actor: str, kind: str, subject: str, **detail: object) -> None:
        """Append a line; ``detail`` is stored as JSON."""
        text = json.dumps(detail, sort_keys=True, default=str, ensure_ascii=False)
        self._connection.execute(insert(activity).values(at=at, actor=actor, kind=kind, subject=subject, detail=text))

    def list_latest(self, limit: int = 100) -> list[ActivityEntry]:
        """Return the log's own newest lines, newest first."""
        rows = self._connection.execute(select(activity).order_by(activity.c.id.desc()).limit(limit))
        return [_line(row) for row in rows]

    def page(self, wanted: ActivityFilter, after: ActivityPlace | None, limit: int) -> list[ActivityEntry]:
        """Return the newest ``limit`` lines, or those that follow the place ``after``, price changes among them."""
        found: list[Iterator[ActivityEntry]] = []
        if (where := _log_conditions(wanted)) is not None:
            lines = select(activity).where(*where, *_older(activity.c, LOG, after))
            lines = lines.order_by(activity.c.at.desc(), activity.c.id.desc()).limit(limit)
            found.append(map(_line, self._connection.execute(lines)))
        if (where := _change_conditions(wanted)) is not None:
            changes = select(price_change).where(*where, *_older(price_change.c, CHANGES, after))
            changes = changes.order_by(price_change.c.at.desc(), price_change.c.id.desc()).limit(limit)
            found.append(map(_change, self._connection.execute(changes)))
        newest = list(merge(*found, key=lambda entry: entry.place, reverse=True))[:limit]
        return self._completed(newest)

    def count(self, wanted: ActivityFilter) -> int:
        """Return how many lines ``page`` gives in all."""
        total = 0
        for table, where in ((activity, _log_conditions(wanted)), (price_change, _change_conditions(wanted))):
            if where is not None:
                total += self._connection.scalar(select(func.count()).select_from(table).where(*where)) or 0
        return total

    def actors(self) -> list[str]:
        """Return everybody who did something, by name; a step per person, however long the log is."""
        walk = _distinct(activity.c.actor)
        statement = union(
            select(walk.c.value).where(walk.c.value.is_not(None)), select(price_change.c.actor).distinct()
        )
        return sorted(self._connection.scalars(statement))

    def change(self, change_id: int) -> ActivityEntry | None:
        """Return the line of one price change, None when there is none of that id."""
        statement = select(price_change).where(price_change.c.id == change_id, price_change.c.part_of_id.is_(None))
        row = self._connection.execute(statement).one_or_none()
        return None if row is None else self._completed([_change(row)])[0]

    def change_rows(self, change_id: int, after: tuple[str, str] | None, limit: int) -> list[PlannedRow]:
        """Return rows of a price change by country and network, those that follow ``after``, at most ``limit``."""
        row = price_change_row
        where = self._rows_of(change_id)
        if after is not None:
            where.append(tuple_(rate.c.country, rate.c.mccmnc) > tuple_(*after))
        statement = (
            select(rate.c.country, rate.c.mccmnc, rate.c.cost_micro, row.c.before_micro, row.c.after_micro)
            .join(rate, rate.c.id == row.c.rate_id)
            .where(*where)
            .order_by(rate.c.country, rate.c.mccmnc)
            .limit(limit)
        )
        return [
            PlannedRow(one.country, one.mccmnc or None, one.cost_micro, one.before_micro, one.after_micro)
            for one in self._connection.execute(statement)
        ]

    def is_by_hand(self, change_id: int) -> bool:
        """Whether a price change set any price by hand."""
        where = (*self._rows_of(change_id), is_on(price_change_row.c.after_manual))
        return self._connection.scalar(select(price_change_row.c.id).where(*where).limit(1)) is not None

    def _rows_of(self, change_id: int) -> list[ColumnElement[bool]]:
        """Return the conditions that find a change's rows: the range they lie in, then the change itself."""
        bounds = select(price_change.c.first_row_id, price_change.c.last_row_id).where(price_change.c.id == change_id)
        first, last = self._connection.execute(bounds).one()
        return [price_change_row.c.id.between(first, last), price_change_row.c.change_id == change_id]

    def changed_since(self, change_id: int, places: Collection[tuple[str, str | None]]) -> list[str]:
        """Return who saved a later change of one of the rows ``places`` of a price change, by name."""
        row, later = price_change_row, price_change_row.alias("later")
        bounds = select(price_change.c.first_row_id, price_change.c.last_row_id).where(price_change.c.id == change_id)
        first, last = self._connection.execute(bounds).one()
        countries = sorted({country for country, _ in places})
        mine = (
            select(row.c.rate_id)
            .join(rate, rate.c.id == row.c.rate_id)
            .where(row.c.id.between(first, last), row.c.change_id == change_id, rate.c.country.in_(countries))
        )
        statement = (
            select(price_change.c.actor)
            .join(later, later.c.change_id == price_change.c.id)
            .where(later.c.id > last, later.c.rate_id.in_(mine), price_change.c.reverts_id.is_distinct_from(change_id))
            .distinct()
        )
        return sorted(self._connection.scalars(statement))

    def _completed(self, entries: list[ActivityEntry]) -> list[ActivityEntry]:
        """Tell each price change which later one took it back, and the row of each that has only one."""
        marks = [entry.change for entry in entries if entry.change is not None]
        if not marks:
            return entries
        taken_back = self._taken_back(sorted(mark.change_id for mark in marks))
        singles = self._single_rows(sorted(mark.change_id for mark in marks if mark.rows == 1))
        return [
            entry if (mark := entry.change) is None
            else replace(
                entry,
                change=replace(
                    mark, reverted_by=taken_back.get(mark.change_id), single=singles.get(mark.change_id)
                ),
            )
            for entry in entries
        ]  # fmt: skip

    def _taken_back(self, ids: list[int]) -> dict[int, int]:
        statement = (
            select(price_change.c.reverts_id, func.max(price_change.c.id).label("by"))
            .where(among(price_change.c.reverts_id, ids))
            .group_by(price_change.c.reverts_id)
        )
        return {row.reverts_id: int(row.by) for row in self._connection.execute(statement)}

    def _single_rows(self, ids: list[int]) -> dict[int, SinglePrice]:
        if not ids:
            return {}
        row = price_change_row
        statement = (
            select(row.c.change_id, rate.c.country, rate.c.mccmnc, row.c.before_micro, row.c.after_micro)
            # A change with one row has it at its end.
            .join(price_change, (price_change.c.last_row_id == row.c.id) & (price_change.c.id == row.c.change_id))
            .join(rate, rate.c.id == row.c.rate_id)
            .where(among(price_change.c.id, ids))
        )
        return {
            one.change_id: SinglePrice(one.country, one.mccmnc or None, one.before_micro, one.after_micro)
            for one in self._connection.execute(statement)
        }


def _line(row: Any) -> ActivityEntry:
    place = ActivityPlace(row.at, LOG, row.id)
    return ActivityEntry(place, row.actor, row.kind, row.subject, MappingProxyType(json.loads(row.detail)))


def _change(row: Any) -> ActivityEntry:
    place = ActivityPlace(row.at, CHANGES, row.id)
    kind = PRICES_CHANGED if row.reverts_id is None else PRICES_REVERTED
    mark = ChangeMark(row.id, row.row_count, row.rule, row.reverts_id)
    return ActivityEntry(place, row.actor, kind, row.label, _NOTHING, mark)


def _older(columns: Any, source: int, after: ActivityPlace | None) -> list[ColumnElement[bool]]:
    """Return the condition that a line of ``source`` follows the place ``after``."""
    if after is None:
        return []
    if source > after.source:
        return [columns.at < after.at]
    if source < after.source:
        return [columns.at <= after.at]
    # The first condition alone bounds the index; the second makes it exact.
    same = and_(columns.at == after.at, columns.id < after.entry_id)
    return [columns.at <= after.at, or_(columns.at < after.at, same)]


def _shared(columns: Any, wanted: ActivityFilter) -> list[ColumnElement[bool]]:
    where = []
    if wanted.actor:
        where.append(columns.actor == wanted.actor)
    if wanted.since is not None:
        where.append(columns.at >= wanted.since)
    if wanted.until is not None:
        where.append(columns.at < wanted.until)
    return where


def _log_conditions(wanted: ActivityFilter) -> list[ColumnElement[bool]] | None:
    """Return what the log's own lines must meet, None when none of them can."""
    kinds = wanted.kinds - {PRICES_CHANGED, PRICES_REVERTED}
    if wanted.kinds and not kinds:
        return None
    where = _shared(activity.c, wanted)
    if kinds:
        where.append(activity.c.kind.in_(sorted(kinds)))
    if wanted.subject:
        where.append(activity.c.subject == wanted.subject)
    if wanted.country:
        where.append(_about(wanted.country))
    if wanted.text:
        named = [column.icontains(wanted.text, autoescape=True) for column in (activity.c.actor, activity.c.subject)]
        named.append(activity.c.detail.icontains(wanted.text, autoescape=True))
        named.append(activity.c.kind.in_(sorted(wanted.text_kinds)))
        named += [_about(iso) for iso in sorted(wanted.text_countries)]
        where.append(or_(*named))
    return where


def _about(iso: str) -> ColumnElement[bool]:
    """Return that a line is about a country: as its object ("DE", "Main DE"), or in the list of its countries."""
    subject, detail = activity.c.subject, activity.c.detail
    listed = and_(detail.contains('"countries"'), detail.contains(f'"{iso}"', autoescape=True))
    return or_(subject == iso, subject.endswith(f" {iso}", autoescape=True), listed)


def _change_conditions(wanted: ActivityFilter) -> list[ColumnElement[bool]] | None:
    """Return what price changes must meet, None when none of them can."""
    kinds = wanted.kinds & {PRICES_CHANGED, PRICES_REVERTED}
    if (wanted.kinds and not kinds) or wanted.subject:
        return None
    # What some rows of a change follow from then on is a part of it, no change of its own.
    where = [price_change.c.part_of_id.is_(None), *_shared(price_change.c, wanted)]
    if len(kinds) == 1:
        where.append(
            price_change.c.reverts_id.is_(None) if PRICES_CHANGED in kinds else price_change.c.reverts_id.is_not(None)
        )
    if wanted.country:
        where.append(_has_row_of([wanted.country]))
    if wanted.text:
        named = [
            column.icontains(wanted.text, autoescape=True) for column in (price_change.c.actor, price_change.c.label)
        ]
        if PRICES_CHANGED in wanted.text_kinds:
            named.append(price_change.c.reverts_id.is_(None))
        if PRICES_REVERTED in wanted.text_kinds:
            named.append(price_change.c.reverts_id.is_not(None))
        if wanted.text_countries:
            named.append(_has_row_of(sorted(wanted.text_countries)))
        where.append(or_(*named))
    return where


def _has_row_of(countries: list[str]) -> ColumnElement[bool]:
    row = price_change_row
    within = row.c.id.between(price_change.c.first_row_id, price_change.c.last_row_id)
    of_it = and_(within, row.c.change_id == price_change.c.id)
    rates = select(rate.c.id).where(rate.c.country.in_(countries))
    return exists().where(of_it, row.c.rate_id.in_(rates))


def _distinct(column: Any) -> CTE:
    """Return the distinct values of an indexed column, hopping from one to the next instead of reading every row."""
    first: Select[Any] = select(func.min(column).label("value"))
    walk = first.cte("walk", recursive=True)
    following = select(func.min(column)).where(column > walk.c.value).correlate(walk).scalar_subquery()
    return walk.union_all(select(following).where(walk.c.value.is_not(None)))
