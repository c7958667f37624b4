"""Above the list of messages: chips of the three buckets with their exact statuses, the search, and what narrows it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial
from typing import Final

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QMenu, QPushButton, QVBoxLayout, QWidget

from desktop_app.domain.language import tr
from desktop_app.domain.messages import Bucket, MessageStatus, bucket_of
from desktop_app.services.clock import Clock
from desktop_app.services.message_search import StatusCounts, Wanted, with_text
from desktop_app.views.formats import count_text
from desktop_app.views.icons import button_icon, icon
from desktop_app.views.models.message_texts import MARKS, bucket_text, status_text
from desktop_app.views.theme import Theme
from desktop_app.views.widgets.chip_row import ChipRow
from desktop_app.views.widgets.find_field import FindField
from desktop_app.views.widgets.inputs import Choice

FILTER_MILLISECONDS: Final = 250
_ICON: Final = 14
_CHIP_ICON: Final = QSize(18, 16)
_UNKNOWN: Final = MessageStatus.UNKNOWN


class Range(StrEnum):
    """How far back messages are shown, by the time they were submitted."""

    ALL = "all"
    TODAY = "today"
    WEEK = "7"
    MONTH = "30"


class Chosen(StrEnum):
    """The chips."""

    ALL = "all"
    PENDING = "pending"
    DELIVERED = "delivered"
    FAILED = "failed"
    UNKNOWN = "unknown"


_BUCKETS: Final = {
    Chosen.PENDING: Bucket.WAITING, Chosen.DELIVERED: Bucket.CONDUCTED, Chosen.FAILED: Bucket.ERRONEOUS,
}  # fmt: skip
_MARKS: Final = {
    Chosen.PENDING: ("clock", "text3"), Chosen.DELIVERED: ("check", "success_icon"), Chosen.FAILED: ("x", "danger_icon"),
    Chosen.UNKNOWN: ("circle-help", "warning_icon"),
}  # fmt: skip


def statuses_of(chosen: Chosen) -> frozenset[MessageStatus]:
    """Return the statuses that a chip stands for; none for all."""
    if chosen is Chosen.ALL:
        return frozenset()
    if chosen is Chosen.UNKNOWN:
        return frozenset({_UNKNOWN})
    bucket = _BUCKETS[chosen]
    return frozenset(one for one in MessageStatus if bucket_of(one) is bucket and one is not _UNKNOWN)


class SearchField(FindField):
    """Looks for messages. ``down`` is emitted when the person goes down into the list; Esc clears."""

    down = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Go down into the list, or clear; the rest as usual."""
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.down.emit()
        elif event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        else:
            super().keyPressEvent(event)


class MessageFilters(QWidget):
    """Everything that decides which messages are listed.

    Signals:
        changed: something else is wanted.
        down: the person goes into the list, what is typed being looked for at once.
    """

    changed = Signal()
    down = Signal()

    def __init__(self, theme: Theme, clock: Clock) -> None:
        super().__init__()
        self._theme, self._clock = theme, clock
        self._statuses: frozenset[MessageStatus] = frozenset()
        self._batch_id: int | None = None
        self._counts = StatusCounts({})
        self._timer = QTimer(self, singleShot=True, interval=FILTER_MILLISECONDS)
        self._timer.timeout.connect(self.changed)
        self.field = SearchField(theme, tr("Search number, ID, text or client"), tr("Search messages"))
        self.field.setToolTip(tr("Ctrl+F"))
        self.field.setMaximumWidth(360)
        self.range = Choice[Range](
            [(Range.ALL, tr("Any time")), (Range.TODAY, tr("Today")), (Range.WEEK, tr("Last 7 days")),
             (Range.MONTH, tr("Last 30 days"))]
        )  # fmt: skip
        self.client = Choice[str]((("", tr("All clients")),))
        self.country = Choice[str]((("", tr("All countries")),))
        self.provider = Choice[str]((("", tr("All providers")),))
        self.job_chip, self.exact = QPushButton(), QPushButton(tr("Status"))
        self.chips: dict[Chosen, QPushButton] = {}
        self._build()
        theme.changed.connect(self._paint)
        self._paint()

    @property
    def chosen(self) -> Chosen:
        """The chip that is pressed."""
        return next(one for one, chip in self.chips.items() if chip.isChecked())

    @property
    def wanted(self) -> Wanted:
        """Return what the filters ask for."""
        statuses = self._statuses or statuses_of(self.chosen)
        narrow = Wanted(
            statuses=statuses, since=self._since(), client=self.client.value, country=self.country.value,
            provider=self.provider.value, batch_id=self._batch_id,
        )  # fmt: skip
        return with_text(narrow, self.field.text())

    @property
    def is_narrow(self) -> bool:
        """Whether anything is left out."""
        return replace(self.wanted, since=None) != Wanted() or self.range.value is not Range.ALL

    @property
    def query(self) -> Mapping[str, str]:
        """The same as an address has it."""
        exact = ",".join(sorted(status.value for status in self._statuses))
        chosen = "" if self.chosen is Chosen.ALL else self.chosen.value
        parts = {
            "status": exact or chosen, "q": self.field.text().strip(), "client": self.client.value,
            "country": self.country.value, "provider": self.provider.value,
            "days": "" if self.range.value is Range.ALL else self.range.value.value,
            "batch": "" if self._batch_id is None else str(self._batch_id),
        }  # fmt: skip
        return {name: value for name, value in parts.items() if value}

    def show_query(self, query: Mapping[str, str]) -> None:
        """Show what an address has: status, q, client, country, provider, days, batch; unknown words are left out."""
        words = [word for word in query.get("status", "").split(",") if word]
        known = {status.value for status in MessageStatus}
        chips = {chosen.value for chosen in Chosen}
        one = words[0] if len(words) == 1 and words[0] in chips else ""
        self._statuses = frozenset() if one else frozenset(MessageStatus(word) for word in words if word in known)
        self.chips[Chosen(one) if one else self._chip_of(self._statuses)].setChecked(True)
        days, batch = query.get("days", ""), query.get("batch", "")
        self.range.show_value(Range(days) if days in {span.value for span in Range} else Range.ALL)
        for choice, name in ((self.client, "client"), (self.country, "country"), (self.provider, "provider")):
            choice.show_value(query.get(name, ""))
        self._batch_id = int(batch) if batch.isascii() and batch.isdigit() and len(batch) < 15 else None
        self.field.blockSignals(True)
        self.field.setText(query.get("q", ""))
        self.field.blockSignals(False)
        self._timer.stop()
        self._show_texts()

    def clear(self) -> None:
        """Show everything again."""
        self.show_query({})
        self.changed.emit()

    def apply_now(self) -> None:
        """Do not wait for more typing."""
        if self._timer.isActive():
            self._timer.stop()
            self.changed.emit()

    def offer(self, clients: list[str], countries: list[tuple[str, str]], providers: list[str]) -> None:
        """Offer what there is; what is chosen stays."""
        self.client.offer([("", tr("All clients")), *((name, name) for name in clients)], self.client.value)
        self.country.offer([("", tr("All countries")), *countries], self.country.value)
        self.provider.offer([("", tr("All providers")), *((name, name) for name in providers)], self.provider.value)

    def show_counts(self, counts: StatusCounts) -> None:
        """Write the counts on the chips."""
        self._counts = counts
        self._show_texts()

    def _build(self) -> None:
        group = QButtonGroup(self)
        for chosen in Chosen:
            chip = QPushButton()
            chip.setProperty("look", "chip")
            chip.setCheckable(True)
            chip.clicked.connect(partial(self._choose, chosen))
            group.addButton(chip)
            self.chips[chosen] = chip
        self.chips[Chosen.ALL].setChecked(True)
        for button in (self.exact, self.job_chip):
            button.setProperty("look", "chip")
        self.exact.setProperty("menu", True)
        menu = QMenu(self.exact)
        menu.aboutToShow.connect(lambda: self._fill_menu(menu))
        self.exact.setMenu(menu)
        self.job_chip.setToolTip(tr("Show the messages of all jobs again"))
        self.job_chip.clicked.connect(self._drop_job)
        for choice, name in (
            (self.range, tr("Time")), (self.client, tr("Client")), (self.country, tr("Country")),
            (self.provider, tr("Provider")),
        ):  # fmt: skip
            choice.setAccessibleName(name)
            choice.setMaximumWidth(190)
            choice.chosen.connect(self.changed)
        self.field.textEdited.connect(lambda _: self._timer.start())
        # The cross in the field clears it without an edit.
        self.field.textChanged.connect(lambda text: None if text else self._timer.start())
        self.field.down.connect(self._go_down)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.field, 1)
        for part in (self.range, self.client, self.country, self.provider):
            row.addWidget(part)
        row.addStretch()
        self.row = ChipRow([*self.chips.values(), self.exact, self.job_chip])
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 0, 20, 0)
        column.setSpacing(10)
        column.addWidget(self.row)
        column.addLayout(row)
        self._show_texts()

    def _show_texts(self) -> None:
        names = {Chosen.ALL: tr("All"), Chosen.UNKNOWN: status_text(_UNKNOWN)}
        names |= {chosen: bucket_text(bucket) for chosen, bucket in _BUCKETS.items()}
        for chosen, chip in self.chips.items():
            chip.setText(f"{names[chosen]}  {count_text(self._count(chosen))}")
        exact = ", ".join(status_text(status) for status in sorted(self._statuses))
        self.exact.setText(exact or tr("Status"))
        self.job_chip.setText(tr("Job {number}", number=f"#{self._batch_id}") + "  ×")
        self.row.show_chips(away=() if self._batch_id is not None else (self.job_chip,))

    def _count(self, chosen: Chosen) -> int:
        if chosen is Chosen.ALL:
            return self._counts.total
        if chosen is Chosen.UNKNOWN:
            return self._counts.by_status.get(_UNKNOWN, 0)
        return self._counts.of_bucket(_BUCKETS[chosen])

    def _fill_menu(self, menu: QMenu) -> None:
        menu.clear()
        for status in MessageStatus:
            count = self._counts.by_status.get(status, 0)
            if not count and status not in self._statuses:
                continue
            action = menu.addAction(f"{status_text(status)}  {count_text(count)}")
            action.setIcon(icon(self._theme, MARKS[status][0], "text3"))
            action.setCheckable(True)
            action.setChecked(status in self._statuses)
            action.triggered.connect(partial(self._toggle_status, status))

    def _toggle_status(self, status: MessageStatus, _checked: bool = False) -> None:
        self._statuses ^= {status}
        self.chips[self._chip_of(self._statuses)].setChecked(True)
        self._show_texts()
        self.changed.emit()

    def _choose(self, _chosen: Chosen, _checked: bool = False) -> None:
        self._statuses = frozenset()
        self._show_texts()
        self.changed.emit()

    def _drop_job(self) -> None:
        self._batch_id = None
        self._show_texts()
        self.changed.emit()

    def _go_down(self) -> None:
        self.apply_now()
        self.down.emit()

    def _since(self) -> datetime | None:
        if self.range.value is Range.ALL:
            return None
        now = self._clock()
        if self.range.value is Range.TODAY:
            return now.astimezone().replace(hour=0, minute=0, second=0, microsecond=0)
        return now - timedelta(days=int(self.range.value.value))

    @staticmethod
    def _chip_of(statuses: frozenset[MessageStatus]) -> Chosen:
        return next((one for one in Chosen if statuses and statuses <= statuses_of(one)), Chosen.ALL)

    def _paint(self) -> None:
        for chosen, (image, tone) in _MARKS.items():
            self.chips[chosen].setIcon(button_icon(self._theme, image, tone, _ICON, _CHIP_ICON))
            self.chips[chosen].setIconSize(_CHIP_ICON)
