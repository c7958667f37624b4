"""The entries that are no numbers: line, text, what is wrong, and editing in place."""

from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QFrame, QMenu, QPushButton, QVBoxLayout

from desktop_app.domain.language import tr, trn
from desktop_app.services.audiences import InvalidEntry
from desktop_app.views.formats import count_text
from desktop_app.views.models.cell_looks import CellLook
from desktop_app.views.models.record_rows import Heading, Row, RowsModel
from desktop_app.views.screens.compose.texts import fault_text
from desktop_app.views.theme import Theme
from desktop_app.views.widgets.record_table import RecordView

Index = QModelIndex | QPersistentModelIndex
_ENTERED: Final = 1
_EDIT: Final = 3
_FEW: Final = 3
_SEVERAL: Final = 8
# Nobody reads more; all of them are copied and removed.
_MOST: Final = 1000


class InvalidModel(RowsModel[InvalidEntry]):
    """The entries; ``edited`` carries one with the text it should have. Headings: line, text, problem, Edit."""

    edited = Signal(object, str)

    def __init__(self) -> None:
        super().__init__((Heading(tr("Line")), Heading(tr("As entered")), Heading(tr("Problem")), Heading("")))

    def show_entries(self, entries: Sequence[InvalidEntry]) -> None:
        """Show the first of them."""
        self.show_rows([_row(one) for one in entries[:_MOST]])

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Return the usual flags; what was entered can be edited."""
        flags = super().flags(index)
        return flags | Qt.ItemFlag.ItemIsEditable if index.column() == _ENTERED else flags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what the base returns, and for editing the text as it was entered."""
        if role == Qt.ItemDataRole.EditRole and index.isValid():
            return self.record(index.row()).text
        return super().data(index, role)

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:  # noqa: N802 - Qt's name
        """Hand an edited text on."""
        if role != Qt.ItemDataRole.EditRole or not index.isValid():
            return False
        entry = self.record(index.row())
        if str(value).strip() != entry.text:
            self.edited.emit(entry, str(value).strip())
        return True


def _row(entry: InvalidEntry) -> Row[InvalidEntry]:
    problem = fault_text(entry.fault)
    text = entry.text if entry.text.isprintable() else "".join(one if one.isprintable() else " " for one in entry.text)
    looks = (
        CellLook(tone="text3"),
        CellLook(tone="text"),
        CellLook(icon="triangle-alert", icon_tone="warning_icon"),
        CellLook(tone="accent_text", role="small_medium"),
    )
    line = count_text(entry.line)
    return Row(entry, (line, text[:120], problem, tr("Edit")), looks, spoken=tr("Line {line}", line=line))


class InvalidTable(QFrame):
    """The table with a line below that shows more of it."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme, self._is_unfolded = theme, False
        self.setProperty("look", "outlined")
        self.model = InvalidModel()
        self.view = RecordView(self.model, theme, tr("Invalid recipients"), {0: 90, 1: 160, _EDIT: 92}, 2)
        self.view.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked | QAbstractItemView.EditTrigger.EditKeyPressed
        )
        self.view.setProperty("look", "inset")
        self.view.clicked.connect(self._edit_clicked)
        self.view.activated.connect(lambda index: self.edit(index.row()))
        self.view.customContextMenuRequested.connect(self._open_menu)
        self._actions = self._add_actions()
        self.more = QPushButton()
        self.more.setProperty("look", "fold")
        self.more.clicked.connect(self._toggle)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        column.addWidget(self.view)
        column.addWidget(self.more)
        theme.changed.connect(self._fit)
        self.hide()

    def show_entries(self, entries: Sequence[InvalidEntry]) -> None:
        """Show entries; without any there is no table."""
        self.model.show_entries(entries)
        self.view.setAccessibleName(trn("{count:,} invalid recipient", "{count:,} invalid recipients", len(entries)))
        self.setVisible(bool(entries))
        self._fit()

    def edit(self, row: int) -> None:
        """Let the text of a row be edited."""
        index = self.model.index(row, _ENTERED)
        self.view.setCurrentIndex(index)
        self.view.edit(index)

    def remove_current(self) -> None:
        """Take the current entry out of its list."""
        row = self.view.currentIndex().row()
        if row >= 0:
            self.model.edited.emit(self.model.record(row), "")

    def _add_actions(self) -> tuple[QAction, ...]:
        """Let the keys of tables work here: F2 edits by itself, Ctrl+C copies by itself."""
        edit = QAction(tr("Edit"), self.view)
        edit.triggered.connect(lambda: self.edit(self.view.currentIndex().row()))
        copy = QAction(tr("Copy"), self.view)
        copy.triggered.connect(self.view.copy)
        remove = QAction(tr("Remove"), self.view)
        remove.setShortcut(QKeySequence(Qt.Key.Key_Delete))
        remove.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        remove.triggered.connect(self.remove_current)
        self.view.addAction(remove)
        return edit, copy, remove

    def _open_menu(self, place: QPoint) -> None:
        index = self.view.indexAt(place)
        if not index.isValid():
            return
        self.view.setCurrentIndex(index)
        menu = QMenu(self.view)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addActions(list(self._actions))
        menu.popup(self.view.viewport().mapToGlobal(place))

    def _edit_clicked(self, index: QModelIndex) -> None:
        if index.column() == _EDIT:
            self.edit(index.row())

    def _toggle(self) -> None:
        self._is_unfolded = not self._is_unfolded
        self._fit()

    def _fit(self) -> None:
        rows = self.model.rowCount()
        shown = min(rows, _SEVERAL if self._is_unfolded else _FEW)
        header = self.view.horizontalHeader().height()
        self.view.setFixedHeight(header + shown * self._theme.row_height + 1)
        hidden = rows - _FEW
        self.more.setVisible(hidden > 0)
        self.more.setText(
            tr("Show fewer") if self._is_unfolded else trn("{count:,} more", "{count:,} more", max(0, hidden))
        )
