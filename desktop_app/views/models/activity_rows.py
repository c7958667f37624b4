"""The log of activities as rows of a table; made in the data lane."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Final

from babel import Locale
from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, Signal

from desktop_app.domain.activity import AREAS, PRICES_REVERTED, ActivityEntry, ActivityPlace, Area, Words, words_of
from desktop_app.domain.language import tr
from desktop_app.domain.percents import cut_percent
from desktop_app.domain.rates import PlannedRow
from desktop_app.services.activity import ActivityService, Wanted
from desktop_app.services.clock import Clock
from desktop_app.services.job import Job
from desktop_app.views.formats import MISSING, currency_symbol, folded, price_text, who_text
from desktop_app.views.models.cell_looks import CellLook
from desktop_app.views.models.money_texts import signed_percent
from desktop_app.views.models.price_sheet import rule_text
from desktop_app.views.models.record_rows import Heading, Row, RowsModel
from desktop_app.views.moments import moment_text

_ROOT: Final = QModelIndex()
_ICONS: Final[Mapping[Area, str]] = {
    Area.PRICES: "tag", Area.COSTS: "refresh-cw", Area.PROVIDERS: "radio-tower", Area.CLIENTS: "circle-user",
    Area.SENDERS: "hash", Area.MESSAGES: "message-square-more", Area.SYSTEM: "settings",
}  # fmt: skip
Index = QModelIndex | QPersistentModelIndex
# Room for a moment of another year.
WHEN_WIDTH: Final = 164


def activity_headings() -> tuple[Heading, ...]:
    """Return the columns of the log."""
    return (
        Heading(tr("When")),
        Heading(tr("Who")),
        Heading(tr("What")),
        Heading(tr("Object")),
        Heading(tr("Before → after")),
    )


def entry_icon(entry: ActivityEntry) -> str:
    """Return the icon of an entry."""
    area = AREAS.get(entry.kind)
    return "undo-2" if entry.kind == PRICES_REVERTED else _ICONS[area] if area else "activity"


def change_text(entry: ActivityEntry, words: Words) -> str:
    """Return before and after as one text, with what else is told; of a bulk change its rule."""
    moved = words.after or words.before
    if words.before not in ("", MISSING) and words.after:
        moved = f"{words.before} → {words.after}"
    rule = rule_of(entry) if not moved else ""
    return " · ".join(part for part in (moved, rule, words.note) if part)


def rule_of(entry: ActivityEntry) -> str:
    """Return the rule of a price change for a person, "" for other entries and prices set by hand."""
    rule = entry.change.rule if entry.change is not None else ""
    return rule_text(rule, manual=False, priced=True) if rule else ""


def activity_rows(
    entries: Iterable[ActivityEntry], name_of: Callable[[str], str], now: datetime
) -> tuple[Row[ActivityEntry], ...]:
    """Return entries as rows."""
    return tuple(_row(entry, words_of(entry, name_of), now) for entry in entries)


def read_activity(
    activity: ActivityService, wanted: Wanted, language: str, clock: Clock, limit: int, _job: Job
) -> tuple[Row[ActivityEntry], ...]:
    """Return the newest ``limit`` entries that are wanted."""
    return activity_rows(activity.page(wanted, None, limit).entries, country_names(language), clock())


def country_names(language: str) -> Callable[[str], str]:
    """Return what gives a country's name by its ISO code."""
    names = Locale.parse(language).territories
    return lambda iso: names.get(iso, iso)


def find_countries(text: str, language: str) -> frozenset[str]:
    """Return the countries that ``text`` names wholly, in the person's language or in English, or by their ISO code."""
    wanted = folded(text)
    found = [
        iso for names in (Locale.parse(language).territories, Locale("en").territories) for iso, name in names.items()
        if len(iso) == 2 and iso.isalpha() and wanted in (folded(name), folded(iso))
    ]  # fmt: skip
    return frozenset(found)


class ActivityModel(RowsModel[ActivityEntry]):
    """The log in pages: when the view comes to the end of what is there, ``more_wanted`` asks for the next page."""

    more_wanted = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(activity_headings(), parent)
        self.following: ActivityPlace | None = None
        self._asked = False

    def show_page(self, rows: tuple[Row[ActivityEntry], ...], following: ActivityPlace | None) -> None:
        """Show the first page."""
        self.following, self._asked = following, False
        self.show_rows(rows)

    def append_page(self, rows: tuple[Row[ActivityEntry], ...], following: ActivityPlace | None) -> None:
        """Show another page after what is there."""
        self.following, self._asked = following, False
        self.append_rows(rows)

    def row_of_change(self, change_id: int) -> int:
        """Return the row of a price change, -1 when it is not on the pages that are there."""
        for row in range(self.rowCount()):
            mark = self.record(row).change
            if mark is not None and mark.change_id == change_id:
                return row
        return -1

    def canFetchMore(self, parent: Index) -> bool:  # noqa: N802 - Qt's name
        """Whether there is another page, and nobody asked for it yet."""
        return not parent.isValid() and self.following is not None and not self._asked

    def fetchMore(self, parent: Index) -> None:  # noqa: N802 - Qt's name
        """Ask for the next page; it comes when it is there."""
        if self.canFetchMore(parent):
            self._asked = True
            self.more_wanted.emit()


def change_headings(currency: str) -> tuple[Heading, ...]:
    """Return the columns of a price change's rows."""
    symbol = currency_symbol(currency)
    return (
        Heading(tr("Country or network")), Heading(tr("Before {currency}", currency=symbol), is_number=True),
        Heading(tr("After {currency}", currency=symbol), is_number=True), Heading(tr("Change"), is_number=True),
    )  # fmt: skip


def change_rows(rows: Iterable[PlannedRow], name_of: Callable[[str], str]) -> tuple[Row[PlannedRow], ...]:
    """Return the rows of a price change."""
    return tuple(_changed(row, name_of(row.country)) for row in rows)


def _row(entry: ActivityEntry, words: Words, now: datetime) -> Row[ActivityEntry]:
    texts = moment_text(entry.at, now), who_text(entry.actor), words.what, words.target, change_text(entry, words)
    is_past = entry.change is not None and entry.change.reverted_by is not None
    looks = (
        CellLook("text2"), CellLook("text"),
        CellLook("text3" if is_past else "text", "body_medium", icon=entry_icon(entry)), CellLook("text2"), CellLook("text2"),
    )  # fmt: skip
    return Row(entry, texts, looks, spoken=", ".join(text for text in texts if text))


def _changed(row: PlannedRow, country: str) -> Row[PlannedRow]:
    before, after = row.before, row.after
    moved = signed_percent(None if before is None or after is None else cut_percent(after - before, before))
    title, faint = (country, row.country) if row.mccmnc is None else (row.mccmnc, country)
    texts = title, price_text(row.before), price_text(row.after), moved
    look = CellLook("text", "body_medium" if row.mccmnc is None else "body", flag=row.country, faint=faint)
    return Row(row, texts, (look, CellLook("text2"), CellLook("text", "body_medium"), CellLook("text2")))
