"""What of the log is shown: search, person, kind, time, and one object or country."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from desktop_app.domain.activity import AREAS, Area, area_text, kind_text
from desktop_app.domain.language import tr
from desktop_app.services.activity import Wanted
from desktop_app.services.clock import Clock
from desktop_app.views.formats import folded, who_text
from desktop_app.views.models.activity_rows import country_names, find_countries
from desktop_app.views.theme import Theme
from desktop_app.views.widgets.find_field import FindField
from desktop_app.views.widgets.inputs import Choice

FILTER_MILLISECONDS: Final = 250


class Range(StrEnum):
    """How far back the log is shown."""

    ALL = "all"
    DAY = "1"
    WEEK = "7"
    MONTH = "30"
    YEAR = "365"


def range_text(span: Range) -> str:
    """Return what a range is called."""
    return {
        Range.ALL: tr("Any time"), Range.DAY: tr("Last 24 hours"), Range.WEEK: tr("Last 7 days"),
        Range.MONTH: tr("Last 30 days"), Range.YEAR: tr("Last 12 months"),
    }[span]  # fmt: skip


class ActivityFilters(QWidget):
    """The filter row; ``changed`` when something else is wanted."""

    changed = Signal()

    def __init__(self, theme: Theme, clock: Clock) -> None:
        super().__init__()
        self._clock = clock
        self._country = self._object = ""
        self._language = "en"
        self.field = FindField(theme, tr("Search person, object or detail"), tr("Search the log"))
        self.field.setToolTip(tr("Ctrl+F"))
        self.field.setMaximumWidth(320)
        self.person = Choice[str]((("", tr("Everybody")),))
        self.person.setAccessibleName(tr("Person"))
        self.area = Choice[str]([("", tr("Everything")), *((area.value, area_text(area)) for area in Area)])
        self.area.setAccessibleName(tr("Kind"))
        self.range = Choice[Range]([(span, range_text(span)) for span in Range])
        self.range.setAccessibleName(tr("Time"))
        self.scope_chip = QPushButton()
        self.scope_chip.setProperty("look", "chip")
        self.scope_chip.setToolTip(tr("Show every object again"))
        self.scope_chip.hide()
        self._timer = QTimer(self, singleShot=True, interval=FILTER_MILLISECONDS)
        self._timer.timeout.connect(self.changed)
        self.field.textEdited.connect(lambda _: self._timer.start())
        # The cross in the field clears it without an edit.
        self.field.textChanged.connect(lambda text: None if text else self._timer.start())
        for choice in (self.person, self.area, self.range):
            choice.chosen.connect(self.changed)
        self.scope_chip.clicked.connect(self._clear_scope)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.field, 1)
        for part in (self.person, self.area, self.range, self.scope_chip):
            row.addWidget(part)
        row.addStretch()

    def show_people(self, people: list[str]) -> None:
        """Offer these people; the one that is chosen stays."""
        chosen = self.person.value
        self.person.offer([("", tr("Everybody")), *((person, who_text(person)) for person in people)], chosen)

    def show_query(self, query: Mapping[str, str], language: str) -> None:
        """Set every filter as the query of an address says: country, object, person, area, days, find."""
        self._language = language
        self._country, self._object = query.get("country", ""), query.get("object", "")
        self.person.show_value(query.get("person", ""))
        area, days = query.get("area", ""), query.get("days", "")
        self.area.show_value(area if area in set(Area) else "")
        self.range.show_value(Range(days) if days in set(Range) else Range.ALL)
        self.field.setText(query.get("find", ""))
        self._timer.stop()
        self._show_scope()

    def wanted(self) -> Wanted:
        """Return what the filters ask for."""
        area, span = self.area.value, self.range.value
        kinds = frozenset(kind for kind, one in AREAS.items() if one.value == area) if area else frozenset()
        since: datetime | None = None
        if span is not Range.ALL:
            since = self._clock() - timedelta(days=int(span.value))
        wanted = Wanted(self.person.value, kinds, self._country, self._object, since)
        text = self.field.text().strip()
        if not text:
            return wanted
        named = frozenset(kind for kind in AREAS if folded(text) in folded(kind_text(kind)))
        return replace(wanted, text=text, text_kinds=named, text_countries=find_countries(text, self._language))

    def _show_scope(self) -> None:
        text = country_names(self._language)(self._country) if self._country else self._object
        self.scope_chip.setText(f"{text}  ×")
        self.scope_chip.setAccessibleName(tr("Only {name}: show every object again", name=text))
        self.scope_chip.setVisible(bool(text))

    def _clear_scope(self) -> None:
        self._country = self._object = ""
        self._show_scope()
        self.changed.emit()
