"""The delegate of the price table: edits sale price, margin and markup in place."""

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QApplication,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from desktop_app.domain.errors import InvalidInput
from desktop_app.domain.language import tr
from desktop_app.views.models.price_columns import Column, figure
from desktop_app.views.models.price_entry import BelowCost, entry_text, how_far, read_entry
from desktop_app.views.models.price_lines import PriceLine
from desktop_app.views.models.price_table import LINE_ROLE, PriceTableModel
from desktop_app.views.theme import Theme
from desktop_app.views.widgets.cell_note import CellNote
from desktop_app.views.widgets.price_editor import PriceEditor
from desktop_app.views.widgets.price_painter import PADDING

Index = QModelIndex | QPersistentModelIndex
_DEAF: Final = (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason)
_WAYS: Final = {
    Qt.Key.Key_Return: (1, 0), Qt.Key.Key_Enter: (1, 0), Qt.Key.Key_Tab: (0, 1), Qt.Key.Key_Backtab: (0, -1)
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """What was typed into a cell and can be taken.

    Attributes:
        line: whose.
        column: sale price, margin or markup.
        text: as typed.
        price: the sale price in micro-units.
        fills: it is meant for all selected cells of the column.
        move: (rows down, columns to the right) to go from the cell.
    """

    line: PriceLine
    column: Column
    text: str
    price: int
    fills: bool = False
    move: tuple[int, int] = (0, 0)


class PriceDelegate(QStyledItemDelegate):
    """One delegate for all columns; the view paints its cells itself.

    Signals:
        entered: the Entry that was typed; the editor is closed already.
        loss_asked: the Entry whose price is below cost, when the person wants to allow that.
    """

    entered = Signal(object)
    loss_asked = Signal(object)

    def __init__(self, theme: Theme, view: QTableView, model: PriceTableModel) -> None:
        super().__init__(view)
        self._theme, self._view, self._model = theme, view, model
        self._typed = ""
        self.note = CellNote(view.viewport())

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: N802 - Qt's name
        """Return the height of every row, and the width that shows the whole text."""
        return QSize(super().sizeHint(option, index).width() + 2 * PADDING, self._theme.row_height)

    # Editing

    @property
    def field(self) -> PriceEditor | None:
        """The field that is open, None when there is none; one that was closed lives on for a moment."""
        fields = self._view.viewport().findChildren(PriceEditor)
        return next((field for field in fields if not field.closing), None)

    def open_with(self, text: str) -> None:
        """Let the next editor begin with what was just typed, instead of the cell's value."""
        self._typed = text

    def createEditor(  # noqa: N802 - Qt's name
        self, parent: QWidget, _option: QStyleOptionViewItem, index: Index
    ) -> QWidget:
        """Return the field for a cell that can be edited."""
        editor = PriceEditor(parent, QPersistentModelIndex(index))
        editor.setAccessibleName(str(index.data(Qt.ItemDataRole.AccessibleTextRole)))
        editor.textEdited.connect(lambda _: self._unquestion(editor))
        editor.destroyed.connect(self.note.hide)
        return editor

    def setEditorData(self, editor: QWidget, index: Index) -> None:  # noqa: N802 - Qt's name
        """Fill the field once; what is typed meanwhile is never overwritten."""
        if not isinstance(editor, PriceEditor) or editor.filled:
            return
        editor.filled = True
        line: PriceLine = index.data(LINE_ROLE)
        if self._typed:
            editor.setText(self._typed)
            self._typed = ""
        else:
            editor.setText(entry_text(line, Column(index.column()), self._model.unit))
            editor.selectAll()

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:  # noqa: N802 - Qt's name
        """Do nothing: what was typed is taken by ``entered``, for a draft and not for the model."""

    def updateEditorGeometry(  # noqa: N802 - Qt's name
        self, editor: QWidget, option: QStyleOptionViewItem, _index: Index
    ) -> None:
        """Let the field fill its cell."""
        editor.setGeometry(option.rect.adjusted(0, 0, 0, -1))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Take what is typed at Enter, Tab and a click elsewhere; give it up at Esc; keep the field open when it is wrong."""
        if not isinstance(watched, PriceEditor):
            return super().eventFilter(watched, event)
        if event.type() is QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._key(watched, event)
        if event.type() is QEvent.Type.FocusOut and isinstance(event, QFocusEvent):
            self._left(watched, event.reason())
            return False
        return False

    def _key(self, editor: PriceEditor, event: QKeyEvent) -> bool:
        key, held = Qt.Key(event.key()), event.modifiers()
        if key == Qt.Key.Key_Escape:
            self._close(editor)
            return True
        if key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab) and self.note.isVisible() and self.note.buttons:
            self.note.buttons[0].setFocus(Qt.FocusReason.TabFocusReason)
            return True
        if key in _WAYS:
            fills = bool(held & Qt.KeyboardModifier.ControlModifier)
            self._take(editor, move=(0, 0) if fills else _WAYS[key], fills=fills)
            return True
        return False

    def _left(self, editor: PriceEditor, reason: Qt.FocusReason) -> None:
        inside = QApplication.focusWidget()
        if editor.closing or reason in _DEAF or (inside is not None and self.note.isAncestorOf(inside)):
            return
        if not self._take(editor):
            QTimer.singleShot(0, editor, editor.setFocus)

    def _take(self, editor: PriceEditor, *, move: tuple[int, int] = (0, 0), fills: bool = False) -> bool:
        """Take what stands in the field and close it, or say what is wrong and return False."""
        index = editor.index
        if not index.isValid():
            return True
        line: PriceLine = index.data(LINE_ROLE)
        column, text = Column(index.column()), editor.text()
        if text == entry_text(line, column, self._model.unit) and not fills:
            self._close(editor, move)
            return True
        try:
            price = read_entry(text, line, column, unit=self._model.unit, step=self._model.sheet.step)
        except BelowCost as error:
            entry = Entry(line, column, text, error.price, fills, move)
            self._object(editor, error.user_message, ((tr("Allow loss"), lambda: self.loss_asked.emit(entry)),))
            return False
        except InvalidInput as error:
            self._object(editor, error.user_message, ())
            return False
        question = how_far(line.price, price)
        if question and editor.confirmed != text:
            self._ask(editor, line, price, question, move=move, fills=fills)
            return False
        self._close(editor, move)
        self.entered.emit(Entry(line, column, text, price, fills, move))
        return True

    def _object(self, editor: PriceEditor, text: str, answers: tuple[tuple[str, object], ...]) -> None:
        editor.mark_wrong(text)
        self.note.say(editor.geometry(), text, answers, wrong=True)  # type: ignore[arg-type]

    def _ask(
        self, editor: PriceEditor, line: PriceLine, price: int, question: str, *, move: tuple[int, int], fills: bool
    ) -> None:
        unit = self._model.unit
        editor.confirmed = editor.text()
        text = f"{figure(line.price, unit)} → {figure(price, unit)}? {question}"
        keep = (tr("Keep"), lambda: self._take(editor, move=move, fills=fills))
        self.note.say(editor.geometry(), text, (keep, (tr("Undo"), lambda: self._close(editor))), wrong=False)

    def _unquestion(self, editor: PriceEditor) -> None:
        editor.confirmed = ""
        editor.mark_wrong("")
        self.note.hide()

    def _close(self, editor: PriceEditor, move: tuple[int, int] = (0, 0)) -> None:
        editor.closing = True
        self.note.hide()
        index = editor.index
        self.closeEditor.emit(editor, QAbstractItemDelegate.EndEditHint.NoHint)
        if move != (0, 0) and index.isValid() and hasattr(self._view, "move_from"):
            self._view.move_from(index, *move)

    def close_editor(self) -> None:
        """Close the open field, if there is one, without taking what stands in it."""
        if self.field is not None:
            self._close(self.field)
