"""Looks at changes of prices before they are saved: for a draft, for what was pasted, for what was imported."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QMouseEvent, QPainter, QShortcut
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop_app.domain.language import tr, trn
from desktop_app.domain.pace import paced
from desktop_app.views.formats import plain_tip
from desktop_app.views.models.price_review import ReviewColumn, ReviewModel, ReviewRow
from desktop_app.views.screen import Workplace
from desktop_app.views.theme import Theme
from desktop_app.views.widgets.icon_widgets import IconLabel, KeyButton
from desktop_app.views.widgets.notices import label
from desktop_app.views.widgets.price_painter import PricePainter
from desktop_app.views.widgets.record_table import RecordDelegate, RecordView

Index = QModelIndex | QPersistentModelIndex
_WIDTHS: Final = {
    ReviewColumn.TICK: 44, ReviewColumn.COUNTRY: 210, ReviewColumn.PRICE: 160, ReviewColumn.CHANGE: 84,
    ReviewColumn.MARGIN: 140,
}  # fmt: skip
_SIZE: Final = (860, 560)
_PROBLEMS: Final = 6


class _ReviewDelegate(RecordDelegate):
    """Paints the tick boxes besides."""

    def __init__(self, theme: Theme, model: ReviewModel, parent: QWidget) -> None:
        super().__init__(theme, parent)
        self._model, self._painter = model, PricePainter(theme)

    def _content(self, painter: QPainter, area: QRect, index: Index) -> None:
        if index.column() == ReviewColumn.TICK:
            ticked = self._model.is_ticked(index.row())
            state = Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked
            if not self._model.row(index.row()).refused:
                self._painter.box(painter, area.adjusted(-6, 0, 6, 0), state)
            return
        super()._content(painter, area, index)


class _ReviewView(RecordView):
    """Ticks with a click on the box and with Space."""

    def __init__(self, model: ReviewModel, theme: Theme) -> None:
        super().__init__(
            model, theme, tr("Changes"), {int(column): width for column, width in _WIDTHS.items()}, ReviewColumn.NOTE
        )
        self._changes = model
        self.setItemDelegate(_ReviewDelegate(theme, model, self))
        self.horizontalHeader().setSectionsClickable(True)
        self.horizontalHeader().sectionClicked.connect(
            lambda section: model.toggle_all() if section == ReviewColumn.TICK else None
        )

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Tick at the box; select as usual."""
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and index.column() == ReviewColumn.TICK:
            self._changes.toggle(index.row())
        super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Tick the current row with Space; the rest as usual."""
        if event.key() == Qt.Key.Key_Space and self.currentIndex().isValid():
            self._changes.toggle(self.currentIndex().row())
            return
        super().keyPressEvent(event)


class ChangeReview(QDialog):
    """A table before → after, each row of which can be left out. ``chosen`` carries the ReviewRows that are to be saved.

    Args:
        place: the workplace.
        rows: the changes.
        title: what they come from: "Review changes", "Paste prices".
        problems: sentences about what could not be read and is left out.
        price_title: what the prices are, sale prices without it.
        facts: what there is to say about all of them; without it they are counted.
        parent: the window it belongs to.
    """

    chosen = Signal(object)

    def __init__(
        self, place: Workplace, rows: Sequence[ReviewRow], title: str, *, problems: Sequence[str] = (),
        price_title: str = "", facts: str | None = None, parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setModal(True)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(*(place.theme.scaled(side) for side in _SIZE))
        self.model = ReviewModel(rows, self, price_title)
        self.table = _ReviewView(self.model, place.theme)
        self.problems = tuple(problems)
        self._facts = label(facts_text(rows) if facts is None else facts, "facts")
        self.cancel = QPushButton(tr("Cancel"))
        self.cancel.clicked.connect(self.reject)
        self.save = KeyButton(place.theme, "", "Ctrl+Return")
        self.save.setProperty("look", "primary")
        # Not the button's own: that is lost with every new text.
        QShortcut(QKeySequence("Ctrl+Return"), self, self.save.click)
        self.save.setDefault(True)
        self.save.clicked.connect(self._save)
        self.model.ticked.connect(self._count)
        self._build(place.theme, title)
        self._count(self.model.kept_count)
        place.tasks.let_paint(self)
        self.table.setFocus()
        if rows:
            self.table.setCurrentIndex(self.model.index(0, ReviewColumn.COUNTRY))

    def _build(self, theme: Theme, title: str) -> None:
        head = QVBoxLayout()
        head.setContentsMargins(20, 16, 20, 12)
        head.setSpacing(3)
        head.addWidget(label(title, "title"))
        head.addWidget(self._facts)
        foot = QHBoxLayout()
        foot.setContentsMargins(20, 12, 20, 14)
        foot.setSpacing(8)
        foot.addStretch()
        foot.addWidget(self.cancel)
        foot.addWidget(self.save)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        if self.problems:
            column.addWidget(self._problem_box(theme))
        column.addWidget(self.table, 1)
        column.addLayout(foot)

    def _problem_box(self, theme: Theme) -> QWidget:
        shown = list(self.problems[:_PROBLEMS])
        more = len(self.problems) - len(shown)
        if more > 0:
            shown.append(trn("{count} more like these", "{count} more like these", more))
        box = QFrame()
        box.setProperty("look", "banner-warning")
        heading = trn("{count} row is left out", "{count} rows are left out", len(self.problems))
        texts = QVBoxLayout()
        texts.setSpacing(2)
        texts.addWidget(label(heading, "strong"))
        text = label("\n".join(shown), "facts")
        text.setWordWrap(True)
        text.setToolTip(plain_tip("\n".join(self.problems[:200])))
        texts.addWidget(text)
        row = QHBoxLayout(box)
        row.setContentsMargins(12, 8, 12, 8)
        row.setSpacing(10)
        row.addWidget(IconLabel(theme, "triangle-alert", "warning_icon"), 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(texts, 1)
        holder = QWidget()
        outer = QVBoxLayout(holder)
        outer.setContentsMargins(20, 0, 20, 12)
        outer.addWidget(box)
        return holder

    def _count(self, count: int) -> None:
        self.save.setText(trn("Save {count} change", "Save {count} changes", count))
        self.save.setEnabled(count > 0)
        self.save.updateGeometry()
        self.table.horizontalHeader().viewport().update()

    def _save(self) -> None:
        kept = self.model.kept
        self.accept()
        self.chosen.emit(kept)


def facts_text(rows: Sequence[ReviewRow]) -> str:
    """Return in one line how many prices rise, fall and cannot be saved."""
    usable = [row for row in paced(rows) if not row.refused]
    up = sum((row.after or 0) > (row.before or 0) for row in paced(usable))
    down = sum((row.after or 0) < (row.before or 0) for row in paced(usable))
    parts = [
        trn("{count} change", "{count} changes", len(usable)),
        trn("{count} raised", "{count} raised", up),
        trn("{count} lowered", "{count} lowered", down),
    ]
    refused = len(rows) - len(usable)
    if refused:
        parts.append(trn("{count} cannot be saved", "{count} cannot be saved", refused))
    return " · ".join(parts)
