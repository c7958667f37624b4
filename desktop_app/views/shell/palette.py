"""The command palette: type a few letters, Enter runs or goes there. Nothing is ever applied from here."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QListView, QVBoxLayout, QWidget

from desktop_app.domain.language import tr, trn
from desktop_app.views.commands import Commands
from desktop_app.views.navigator import Navigator
from desktop_app.views.shell.palette_items import RECENT, Item, actions_of, find_items
from desktop_app.views.shell.palette_rows import HEADING, PaletteDelegate
from desktop_app.views.shell.places import Place
from desktop_app.views.shell.popover import Popover
from desktop_app.views.theme import Theme
from desktop_app.views.widgets.icon_widgets import IconLabel
from desktop_app.views.widgets.notices import label
from desktop_app.views.widgets.shadow import SHADOW

WIDTH: Final = 508
Index = QModelIndex | QPersistentModelIndex
ITEM: Final = Qt.ItemDataRole.UserRole


class PaletteModel(QAbstractListModel):
    """Rows of the palette: headings (text) and items."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.rows: list[str | Item] = []

    def show_items(self, items: Sequence[Item]) -> None:
        """List them, each group under its heading."""
        self.beginResetModel()
        self.rows = []
        for item in items:
            if item.group not in self.rows:
                self.rows.append(item.group)
            self.rows.append(item)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008 - Qt's
        """Return how many rows there are."""
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return a row's text, what a screen reader says of it, or the row itself."""
        if not index.isValid():
            return None
        row = self.rows[index.row()]
        if role == ITEM:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return row if isinstance(row, str) else row.text
        if role == Qt.ItemDataRole.AccessibleTextRole and isinstance(row, Item):
            keys = QKeySequence(row.keys).toString(QKeySequence.SequenceFormat.NativeText)
            return ", ".join(part for part in (row.text, row.context, keys) if part)
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Headings cannot be chosen."""
        if not index.isValid() or isinstance(self.rows[index.row()], str):
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable


class _Field(QLineEdit):
    """Where one types; the keys that move in the list go to it."""

    def __init__(self, palette: "CommandPalette") -> None:
        super().__init__(placeholderText=tr("Search or run a command"))
        self._palette = palette
        self.setAccessibleName(tr("Search or run a command"))
        self.setFrame(False)
        self.setProperty("look", "bare")

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Move, choose or close; anything else is typed."""
        if not self._palette.take_key(event):
            super().keyPressEvent(event)

    def focusNextPrevChild(self, forward: bool) -> bool:  # noqa: N802 - Qt's
        """Tab lists what can be done with the row, Shift+Tab goes back to the rows."""
        self._palette.show_actions() if forward else self._palette.show_rows()
        return True


class CommandPalette(Popover):
    """The palette, with the focus in its field while it is open.

    Signals:
        link_copied: the address of a row is on the clipboard.

    Attributes:
        field: where one types.
        list: the rows.
        recent: keys of what was chosen lately, the latest first.
    """

    link_copied = Signal()

    def __init__(
        self, window: QWidget, theme: Theme, commands: Commands, navigator: Navigator, places: Sequence[Place]
    ) -> None:
        super().__init__(window, theme, tr("Command palette"))
        self._commands, self._navigator, self._places = commands, navigator, places
        self.recent: list[str] = []
        self._asked: Item | None = None
        self.field, self.model, self.list = _Field(self), PaletteModel(self), QListView()
        self._nothing = label(tr("Nothing is called that"), "facts")
        self._build()
        self.field.textChanged.connect(self._find)
        self.list.clicked.connect(lambda index: self._choose(index.row()))

    def open(self) -> None:
        """Open empty, with the latest choices."""
        super().open()
        self.field.clear()
        self._find("")
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)

    def show_actions(self) -> None:
        """List what can be done with the current row, in the place of the rows."""
        item = self._current()
        if item is None or self._asked is not None:
            return
        self._asked = item
        self._list(actions_of(item, self._commands, self._copy))
        said = ", ".join(str(row.text) for row in self.model.rows if isinstance(row, Item))
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self.field, f"{item.text}: {said}"))

    def show_rows(self) -> None:
        """List the rows again, on the one whose actions were shown."""
        asked, self._asked = self._asked, None
        if asked is None:
            return
        self._find(self.field.text())
        keys = [row.key if isinstance(row, Item) else None for row in self.model.rows]
        if asked.key in keys:
            self.list.setCurrentIndex(self.model.index(keys.index(asked.key)))

    def place(self) -> None:
        """Stand in the middle, a fifth from the top, as high as the rows."""
        window = self.window_size
        rows = sum(self.list.sizeHintForRow(row) for row in range(self.model.rowCount()))
        self.list.setFixedHeight(rows + 8 if rows else 0)
        self.list.setVisible(rows > 0)
        self._nothing.setVisible(rows == 0)
        self.setFixedWidth(min(WIDTH, window.width() - 40) + 2 * SHADOW)
        self._column.activate()
        self.setFixedHeight(min(self.sizeHint().height(), window.height() * 4 // 5))
        self.move(QPoint((window.width() - self.width()) // 2, window.height() // 5 - SHADOW))

    def take_key(self, event: QKeyEvent) -> bool:
        """Handle a key of the field that is not typed; return whether it was one."""
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 5, Qt.Key.Key_PageUp: -5}
        key = Qt.Key(event.key())
        if key in steps:
            self._move(steps[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            keeps = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
            self._choose(self.list.currentIndex().row(), keep_open=keeps)
        elif key == Qt.Key.Key_Escape and self._asked is not None:
            self.show_rows()
        elif key == Qt.Key.Key_Escape:
            self.close_panel()
        else:
            return False
        return True

    def _build(self) -> None:
        self.list.setModel(self.model)
        self.list.setItemDelegate(PaletteDelegate(self._theme, self.list))
        self.list.setProperty("look", "palette")
        self.list.setAccessibleName(tr("Found"))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setMouseTracking(True)
        self.list.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._nothing.setContentsMargins(18, 14, 18, 14)
        top = QHBoxLayout()
        top.setContentsMargins(18, 8, 16, 8)
        top.setSpacing(10)
        top.addWidget(IconLabel(self._theme, "search", "text2"))
        top.addWidget(self.field, 1)
        top.addWidget(label(tr("Esc to close"), "facts"))
        column = self._column = QVBoxLayout(self.card)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in (top, _line(), self.list, self._nothing, _line(), self._foot()):
            column.addLayout(part) if isinstance(part, QHBoxLayout) else column.addWidget(part)

    def _foot(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(16, 8, 16, 8)
        row.setSpacing(6)
        hints = (
            (("↑", "↓"), tr("move")), (("↵",), tr("run")), (("Ctrl", "↵"), tr("run and stay")), (("Tab",), tr("actions")),
        )  # fmt: skip
        for keys, text in hints:
            for key in keys:
                row.addWidget(label(key, "key"), 0, Qt.AlignmentFlag.AlignVCenter)
            row.addWidget(label(text, "facts"))
            row.addSpacing(8)
        row.addStretch()
        return row

    def _find(self, typed: str) -> None:
        self._asked = None
        self._list(find_items(typed, self._commands, self._places, self.recent))
        if typed:
            count = sum(isinstance(row, Item) for row in self.model.rows)
            text = trn("{count} found", "{count} found", count)
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self.field, text))

    def _list(self, items: Sequence[Item]) -> None:
        self.model.show_items(items)
        first = next((row for row, one in enumerate(self.model.rows) if isinstance(one, Item)), -1)
        self.list.setCurrentIndex(self.model.index(first) if first >= 0 else QModelIndex())
        self.list.scrollToTop()
        self.place()

    def _current(self) -> Item | None:
        row = self.list.currentIndex().row()
        item = self.model.rows[row] if 0 <= row < len(self.model.rows) else None
        return item if isinstance(item, Item) else None

    def _copy(self, address: str) -> None:
        QGuiApplication.clipboard().setText(address)
        self.link_copied.emit()

    def _move(self, steps: int) -> None:
        choices = [row for row, one in enumerate(self.model.rows) if isinstance(one, Item)]
        if not choices:
            return
        here = self.list.currentIndex().row()
        at = choices.index(here) + steps if here in choices else 0
        at = at % len(choices) if abs(steps) == 1 else min(max(at, 0), len(choices) - 1)
        index = self.model.index(choices[at])
        self.list.setCurrentIndex(index)
        if at == 0:
            self.list.scrollToTop()
        self.list.scrollTo(index)
        said = str(index.data(Qt.ItemDataRole.AccessibleTextRole))
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self.field, said))

    def _choose(self, row: int, *, keep_open: bool = False) -> None:
        item = self.model.rows[row] if 0 <= row < len(self.model.rows) else None
        if not isinstance(item, Item):
            return
        if item.key:
            self.recent = [item.key, *(key for key in self.recent if key != item.key)][:RECENT]
        if not keep_open:
            self.close_panel()
        if item.run is not None:
            item.run()
        elif item.command is not None:
            item.command.action.trigger()
        else:
            self._navigator.go(item.address)
        if keep_open:
            self.raise_()
            self.field.setFocus(Qt.FocusReason.PopupFocusReason)
            self.field.selectAll()


def _line() -> QWidget:
    line = QWidget()
    line.setProperty("look", HEADING)
    line.setFixedHeight(1)
    return line
