"""Which groups of the client's phone book get the message."""

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QListWidget, QListWidgetItem, QPushButton, QVBoxLayout, QWidget

from desktop_app.domain.language import tr
from desktop_app.domain.phone_book import ContactGroup
from desktop_app.views.formats import count_text
from desktop_app.views.widgets.notices import label

WIDTH: Final = 420
_ROW: Final = 32
_GROUP: Final = Qt.ItemDataRole.UserRole


class GroupsDialog(QDialog):
    """A list to tick; ``choose`` is called with the groups that were ticked."""

    def __init__(
        self,
        parent: QWidget,
        client: str,
        groups: Sequence[ContactGroup],
        choose: Callable[[list[ContactGroup]], object],
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Add groups"))
        self.setMinimumWidth(WIDTH)
        self._choose = choose
        self.list = QListWidget()
        self.list.setObjectName("columns")
        self.list.setAccessibleName(tr("Groups of {client}", client=client))
        for group in groups:
            item = QListWidgetItem(f"{group.name}  ·  {count_text(group.count)}")
            item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Unchecked)
            item.setData(_GROUP, group)
            item.setSizeHint(QSize(0, _ROW))
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        self.add_button, self.cancel_button = QPushButton(tr("Add groups")), QPushButton(tr("Cancel"))
        self.add_button.setProperty("look", "primary")
        self.add_button.setDefault(True)
        self.cancel_button.setAutoDefault(False)
        self.add_button.clicked.connect(self.agree)
        self.cancel_button.clicked.connect(self.reject)
        self.nothing = label(tr("{client} has no groups yet. Add them on the client's page.", client=client), "facts")
        self.nothing.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(label(tr("Add groups of {client}", client=client), "title"))
        column.addWidget(self.list)
        column.addWidget(self.nothing)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch()
        buttons.addWidget(self.cancel_button)
        buttons.addWidget(self.add_button)
        column.addLayout(buttons)
        self.list.setVisible(bool(groups))
        self.nothing.setVisible(not groups)
        self.add_button.setVisible(bool(groups))
        self.list.setFocus()

    def agree(self) -> None:
        """Take the ticked groups; without a tick the one that has the cursor."""
        items = [self.list.item(row) for row in range(self.list.count())]
        ticked = [item for item in items if item.checkState() is Qt.CheckState.Checked]
        chosen = ticked or self.list.selectedItems()
        self.accept()
        self._choose([item.data(_GROUP) for item in chosen])
