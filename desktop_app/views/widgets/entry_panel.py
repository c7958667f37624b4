"""One entry of the log in detail: everything that is known of it, and of a price change its rows."""

from functools import partial
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout

from desktop_app.domain.activity import ActivityEntry, Words, words_of
from desktop_app.domain.language import tr, trn
from desktop_app.domain.rates import PlannedRow
from desktop_app.services.activity import ChangeDetail
from desktop_app.services.job import Job
from desktop_app.views.formats import who_text
from desktop_app.views.models.activity_rows import change_headings, change_rows, country_names, entry_icon, rule_of
from desktop_app.views.models.record_rows import Row, RowsModel
from desktop_app.views.moments import exact_moment
from desktop_app.views.screen import Workplace
from desktop_app.views.widgets.icon_widgets import IconButton, IconLabel
from desktop_app.views.widgets.notices import label
from desktop_app.views.widgets.record_table import RecordView

WIDTH: Final = 424
Rows = tuple[Row[PlannedRow], ...]


class EntryPanel(QFrame):
    """The inspector of the Activity screen.

    Signals:
        undo_wanted: the id of the price change to take back.
        entry_undo_wanted: the ActivityEntry of another kind to take back.
        link_wanted: the id of another price change to show.
        closed: the person closed it.
    """

    undo_wanted = Signal(int)
    entry_undo_wanted = Signal(object)
    link_wanted = Signal(int)
    closed = Signal()

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self._place = place
        self.entry: ActivityEntry | None = None
        self.setObjectName("inspector")
        self.setFixedWidth(place.theme.scaled(WIDTH))
        theme = place.theme
        self.image, self.title, self.object = IconLabel(theme, "activity"), label("", "h2"), label("", "facts")
        self.close_button = IconButton(theme, "x", tr("Close details"), keys="Ctrl+I")
        self.undo_button, self.copy_button = QPushButton(tr("Undo this")), QPushButton(tr("Copy link"))
        self.show_button, self.link_button = QPushButton(tr("Show")), QPushButton()
        self.link_button.setProperty("look", "link")
        self._grid = QGridLayout()
        self.model: RowsModel[PlannedRow] = RowsModel(change_headings(""))
        self.table = RecordView(self.model, theme, tr("Prices of this change"), {1: 84, 2: 84, 3: 96}, 0)
        self.more_button = QPushButton()
        self._build()
        self.close_button.clicked.connect(self.closed)
        self.undo_button.clicked.connect(self._undo)
        self.link_button.clicked.connect(self._follow_link)
        self.more_button.clicked.connect(self._read_more)

    @property
    def rows_total(self) -> int:
        """How many rows the price change has that is shown, 0 for other entries."""
        return 0 if self.entry is None or self.entry.change is None else self.entry.change.rows

    def show_entry(self, entry: ActivityEntry, *, can_undo: bool = False) -> None:
        """Show an entry; the rows of a price change follow. ``can_undo``: one of another kind can be taken back."""
        self.entry = entry
        words = words_of(entry, country_names(self._place.parts.language))
        self.image.set_image(entry_icon(entry), "accent_text")
        self.title.setText(words.what)
        self.object.setText(words.target)
        self._show_facts(entry, words)
        mark = entry.change
        self.table.setVisible(mark is not None)
        self.undo_button.setVisible(mark is not None or can_undo)
        self.more_button.hide()
        self._show_link()
        if mark is None:
            self.model.show_rows(())
            self.undo_button.setEnabled(True)
            self.undo_button.setToolTip("")
            return
        self.undo_button.setEnabled(mark.reverted_by is None and mark.rows > 0)
        reverted = tr("These prices were restored already.") if mark.reverted_by is not None else ""
        self.undo_button.setToolTip(reverted)
        change_id = mark.change_id
        self._place.tasks.query(
            partial(self._read_change, change_id), owner=self, on_success=partial(self._show_change, change_id)
        )

    def show_change(self, detail: ChangeDetail, rows: Rows) -> None:
        """Show a price change that was read already."""
        self.show_entry(detail.entry)
        self._show_change(detail.entry.change.change_id if detail.entry.change else 0, (detail, rows))

    def _build(self) -> None:
        names = QVBoxLayout()
        names.setSpacing(2)
        self.title.setWordWrap(True)
        self.object.setWordWrap(True)
        names.addWidget(self.title)
        names.addWidget(self.object)
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(self.image, 0, Qt.AlignmentFlag.AlignTop)
        head.addLayout(names, 1)
        head.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignTop)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(8)
        self._grid.setColumnStretch(1, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for button in (self.undo_button, self.show_button, self.copy_button):
            buttons.addWidget(button)
        buttons.addStretch()
        top = QVBoxLayout()
        top.setContentsMargins(16, 16, 12, 12)
        top.setSpacing(14)
        top.addLayout(head)
        top.addLayout(self._grid)
        top.addWidget(self.link_button, 0, Qt.AlignmentFlag.AlignLeft)
        foot = QHBoxLayout()
        foot.setContentsMargins(16, 10, 16, 12)
        foot.addLayout(buttons)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top)
        column.addWidget(self.table, 1)
        column.addWidget(self.more_button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch()
        column.addLayout(foot)

    def _show_facts(self, entry: ActivityEntry, words: Words, made_by: str = "") -> None:
        while (item := self._grid.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.deleteLater()
        facts = [(tr("Who"), who_text(entry.actor)), (tr("When"), exact_moment(entry.at))]
        if entry.change is None:
            facts += [(tr("Before"), words.before), (tr("After"), words.after), (tr("Note"), words.note)]
        else:
            facts += [(tr("Rule"), rule_of(entry) or made_by), (tr("Change"), f"#{entry.change.change_id}")]
        for row, (caption, text) in enumerate((caption, text) for caption, text in facts if text):
            value = label(text, "value")
            value.setWordWrap(True)
            value.setAlignment(Qt.AlignmentFlag.AlignRight)
            self._grid.addWidget(label(caption, "facts"), row, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(value, row, 1)

    def _show_link(self) -> None:
        mark = self.entry.change if self.entry is not None else None
        text = ""
        if mark is not None and mark.reverted_by is not None:
            text = tr("Restored by change #{change}", change=mark.reverted_by)
        elif mark is not None and mark.reverts_id is not None:
            text = tr("Restores change #{change}", change=mark.reverts_id)
        self.link_button.setText(text)
        self.link_button.setVisible(bool(text))

    def _follow_link(self) -> None:
        mark = self.entry.change if self.entry is not None else None
        target = None if mark is None else mark.reverted_by or mark.reverts_id
        if target is not None:
            self.link_wanted.emit(target)

    def _undo(self) -> None:
        if self.entry is not None and self.entry.change is not None:
            self.undo_wanted.emit(self.entry.change.change_id)
        elif self.entry is not None:
            self.entry_undo_wanted.emit(self.entry)

    def _read_change(self, change_id: int, _job: Job) -> tuple[ChangeDetail, Rows]:
        parts = self._place.parts
        detail = parts.activity.change(change_id)
        return detail, change_rows(detail.rows, country_names(parts.language))

    def _show_change(self, change_id: int, found: tuple[ChangeDetail, Rows]) -> None:
        detail, rows = found
        if self.entry is None or self.entry.change is None or self.entry.change.change_id != change_id:
            return
        if detail.entry.change is not None and detail.entry.change.reverts_id is None:
            made_by = tr("set by hand") if detail.by_hand else tr("that of each price")
            self._show_facts(self.entry, words_of(self.entry, country_names(self._place.parts.language)), made_by)
        self.model.set_headings(change_headings(detail.currency))
        self.model.show_rows(rows)
        self._offer_more()

    def _offer_more(self) -> None:
        left = self.rows_total - self.model.total
        self.more_button.setVisible(left > 0 and self.model.total > 0)
        self.more_button.setText(trn("Show {count:,} more", "Show {count:,} more", left))

    def _read_more(self) -> None:
        if self.entry is None or self.entry.change is None:
            return
        parts, change_id = self._place.parts, self.entry.change.change_id
        last = self.model.record(self.model.rowCount() - 1)
        self.more_button.setEnabled(False)

        def work(_job: Job) -> Rows:
            return change_rows(parts.activity.change_rows(change_id, last), country_names(parts.language))

        self._place.tasks.query(work, owner=self, on_success=partial(self._append, change_id))

    def _append(self, change_id: int, rows: Rows) -> None:
        self.more_button.setEnabled(True)
        if self.entry is not None and self.entry.change is not None and self.entry.change.change_id == change_id:
            self.model.append_rows(rows)
            self._offer_more()
