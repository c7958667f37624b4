"""The log of who did what: read in pages, one change in detail, taken back, and written to a file."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from desktop_app.domain.activity import AREAS, ActivityEntry, ActivityPlace, area_text, words_of
from desktop_app.domain.errors import NotFound
from desktop_app.domain.language import tr
from desktop_app.domain.rates import PlannedRow, SkippedRow
from desktop_app.exports import csv_file
from desktop_app.exports.table import Cell, Column, Kind, Table
from desktop_app.services.job import Job
from desktop_app.services.pricing import PricingService
from desktop_app.storage.repositories.activity import ActivityFilter
from desktop_app.storage.unit_of_work import Database

PAGE: Final = 500
_STEP: Final = 5_000

Wanted = ActivityFilter


@dataclass(frozen=True, slots=True)
class ActivityPage:
    """A page of the log; ``following`` is the place after which the next one begins, None when this was the last."""

    entries: tuple[ActivityEntry, ...]
    following: ActivityPlace | None


@dataclass(frozen=True, slots=True)
class ChangeDetail:
    """A price change with its first rows.

    Attributes:
        entry: its line in the log.
        currency: of its price list.
        by_hand: some of its prices were set by hand.
        rows: the first of them, by country and network.
    """

    entry: ActivityEntry
    currency: str
    by_hand: bool
    rows: tuple[PlannedRow, ...]


@dataclass(frozen=True, slots=True)
class TakenBack:
    """What taking back a price change did.

    Attributes:
        change_id: the new change.
        restored: how many prices have their former value again.
        skipped: the rows that were changed since and stay as they are.
        editors: who changed those.
    """

    change_id: int
    restored: int
    skipped: tuple[SkippedRow, ...]
    editors: tuple[str, ...]


class ActivityService:
    """What was done, by whom, and when. Nothing of it can be deleted."""

    def __init__(self, database: Database, pricing: PricingService) -> None:
        self._database = database
        self._pricing = pricing

    def page(self, wanted: Wanted, after: ActivityPlace | None = None, limit: int = PAGE) -> ActivityPage:
        """Return the newest lines, or those that follow the place ``after``."""
        with self._database.read() as uow:
            found = uow.activity.page(wanted, after, limit + 1)
        entries = tuple(found[:limit])
        return ActivityPage(entries, entries[-1].place if len(found) > limit else None)

    def count(self, wanted: Wanted) -> int:
        """Return how many lines there are in all pages."""
        with self._database.read() as uow:
            return uow.activity.count(wanted)

    def actors(self) -> list[str]:
        """Return everybody who did something, by name."""
        with self._database.read() as uow:
            return uow.activity.actors()

    def change(self, change_id: int) -> ChangeDetail:
        """Return a price change with its first rows.

        Raises:
            NotFound: no such change.
        """
        with self._database.read() as uow:
            entry = uow.activity.change(change_id)
            if entry is None:
                raise NotFound(tr("There is no price change {change_id}.", change_id=change_id))
            currency = uow.prices.list_by_id(uow.prices.get_change(change_id).list_id).currency
            rows = tuple(uow.activity.change_rows(change_id, None, PAGE))
            return ChangeDetail(entry, currency, uow.activity.is_by_hand(change_id), rows)

    def change_rows(self, change_id: int, after: PlannedRow) -> list[PlannedRow]:
        """Return the rows of a change that follow ``after``, a page of them."""
        with self._database.read() as uow:
            return uow.activity.change_rows(change_id, (after.country, after.mccmnc or ""), PAGE)

    def take_back(self, change_id: int, *, actor: str, also_edited: bool = False) -> TakenBack:
        """Give every price of a change its former value, as a new change; see ``PricingService.revert``.

        Raises:
            NotFound: no such change.
        """
        reverted = self._pricing.revert(change_id, actor=actor, also_edited=also_edited)
        places = [(row.country, row.mccmnc) for row in reverted.skipped]
        editors: list[str] = []
        if places:
            with self._database.read() as uow:
                editors = uow.activity.changed_since(change_id, places)
        return TakenBack(reverted.change_id, reverted.restored, reverted.skipped, tuple(editors))

    def export(self, path: Path, wanted: Wanted, job: Job, country_name: Callable[[str], str] = str) -> int:
        """Write every line that is wanted to a CSV file, newest first, and return how many there are.

        Raises:
            InvalidInput, StorageUnavailable: see ``csv_file.write``.
            Cancelled: the person stopped it; no file was written.
        """
        total = self.count(wanted)
        return csv_file.write(path, Table(_columns(), self._lines(wanted, total, job, country_name)))

    def _lines(
        self, wanted: Wanted, total: int, job: Job, country_name: Callable[[str], str]
    ) -> Iterator[tuple[Cell, ...]]:
        done, page = 0, self.page(wanted, None, _STEP)
        while True:
            job.step(done, total)
            for entry in page.entries:
                words = words_of(entry, country_name)
                area = AREAS.get(entry.kind)
                yield (
                    entry.at.isoformat(timespec="seconds"), entry.actor, area_text(area) if area else "", words.what,
                    words.target, words.before, words.after, words.note,
                    entry.change.change_id if entry.change else None,
                )  # fmt: skip
            done += len(page.entries)
            if page.following is None:
                return
            page = self.page(wanted, page.following, _STEP)


def _columns() -> tuple[Column, ...]:
    return (
        Column("time_utc", tr("Time (UTC)"), Kind.TEXT), Column("person", tr("Person"), Kind.TEXT),
        Column("area", tr("Area"), Kind.TEXT), Column("what", tr("What"), Kind.TEXT),
        Column("object", tr("Object"), Kind.TEXT), Column("before", tr("Before"), Kind.TEXT),
        Column("after", tr("After"), Kind.TEXT), Column("note", tr("Note"), Kind.TEXT),
        Column("price_change", tr("Price change"), Kind.INTEGER),
    )  # fmt: skip
