"""A client's phone book: groups at the left, who is in them at the right."""

from functools import partial
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QMenu,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from desktop_app.domain.language import tr, trn
from desktop_app.services.client_accounts import ClientPage
from desktop_app.services.job import Job
from desktop_app.services.phone_book import Contact, ContactGroup, PhoneBookService
from desktop_app.views.dialogs.contacts import ContactDialog, GroupDialog
from desktop_app.views.dialogs.import_contacts import ImportContactsDialog
from desktop_app.views.formats import count_text
from desktop_app.views.models.cell_looks import CellLook
from desktop_app.views.models.record_rows import Heading, Row, RowsModel
from desktop_app.views.screen import Workplace
from desktop_app.views.widgets.find_field import FindField
from desktop_app.views.widgets.notices import label
from desktop_app.views.widgets.pills import rule
from desktop_app.views.widgets.record_table import RecordView
from desktop_app.workers.runner import Outcome, Topic

GROUPS_WIDTH: Final = 196
SEARCH_MILLISECONDS: Final = 200
_ROOT: Final = QModelIndex()
_GROUP: Final = Qt.ItemDataRole.UserRole
CHANGED: Final = frozenset({Topic.CLIENTS})
Index = QModelIndex | QPersistentModelIndex
Loaded = tuple[tuple[Row[Contact], ...], int | None]


class ContactsModel(RowsModel[Contact]):
    """Contacts in pages; ``more_wanted`` asks for the next one."""

    more_wanted = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__((Heading(tr("Number")), Heading(tr("Fields"))), parent, key=lambda one: one)
        self.following: int | None = None
        self._asked = False

    def show_page(self, rows: tuple[Row[Contact], ...], following: int | None, *, more: bool) -> None:
        """Show the first page, or another one after what is there."""
        self.following, self._asked = following, False
        if more:
            self.append_rows(rows)
        else:
            self.show_rows(rows)

    def canFetchMore(self, parent: Index) -> bool:  # noqa: N802 - Qt's name
        """Whether there is another page, and nobody asked for it yet."""
        return not parent.isValid() and self.following is not None and not self._asked

    def fetchMore(self, parent: Index) -> None:  # noqa: N802 - Qt's name
        """Ask for the next page; it comes when it is there."""
        if self.canFetchMore(parent):
            self._asked = True
            self.more_wanted.emit()


class PhoneBookTab(QWidget):
    """Shows the phone book of one client.

    Attributes:
        tools: what stands at the right of the tabs while this one is shown.
    """

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self._place, self._name, self._query = place, "", 0
        self.groups = QListWidget()
        self.groups.setAccessibleName(tr("Groups"))
        self.groups.setProperty("look", "pages")
        self.groups.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.model = ContactsModel(self)
        self.table = RecordView(self.model, place.theme, tr("Contacts"), {0: 168}, 1)
        self.search = FindField(place.theme, tr("Find contact"))
        self.group_button, self.add_button = QPushButton(tr("New group…")), QPushButton(tr("Add contact…"))
        self.import_button = QPushButton(tr("Import…"))
        self.facts = label("", "small")
        self.tools = QWidget()
        self._timer = QTimer(self, singleShot=True, interval=SEARCH_MILLISECONDS)
        self._build()
        self._connect()

    def show_client(self, page: ClientPage) -> None:
        """Show the phone book of a client."""
        if page.summary.client.name != self._name:
            self._name = page.summary.client.name
            self.search.blockSignals(True)
            self.search.clear()
            self.search.blockSignals(False)
            self.groups.clear()
        self.reload()

    def reload(self) -> None:
        """Read groups and contacts again."""
        book, name = self._place.parts.phone_book, self._name
        if name:
            self._place.tasks.query(
                lambda _job: (book.groups(name), book.count(name)), owner=self, on_success=self._show_groups
            )

    @property
    def group(self) -> ContactGroup | None:
        """The group that is shown, None for everybody."""
        item = self.groups.currentItem()
        found: ContactGroup | None = item.data(_GROUP) if self.groups.currentRow() >= 0 else None
        return found

    def add_group(self) -> None:
        """Ask for the name of a new group."""
        book, name, actor = self._place.parts.phone_book, self._name, self._place.parts.actor
        GroupDialog(
            self._place, self.window(), tr("New group for {name}", name=name), "",
            lambda text: _added(book, name, book.add_group(name, text, actor=actor), actor),
        ).open()  # fmt: skip

    def rename_group(self) -> None:
        """Ask for another name of the current group."""
        group = self.group
        if group is not None:
            book, actor = self._place.parts.phone_book, self._place.parts.actor
            title = tr("Rename {group}", group=group.name)
            GroupDialog(
                self._place, self.window(), title, group.name,
                lambda text: _renamed(book, group.group_id, text, actor),
            ).open()  # fmt: skip

    def delete_group(self) -> None:
        """Delete the current group; its contacts stay."""
        group, book, actor, name = self.group, self._place.parts.phone_book, self._place.parts.actor, self._name
        if group is not None:
            self._place.tasks.command(lambda _job: _deleted(book, name, group.group_id, actor), owner=self)

    def add_contact(self) -> None:
        """Ask for a contact."""
        ContactDialog(self._place, self.window(), self._name, self.group).open()

    def edit_contact(self) -> None:
        """Ask for other fields of the current contact."""
        row = self.table.currentIndex().row()
        if 0 <= row < self.model.rowCount():
            ContactDialog(self._place, self.window(), self._name, self.group, self.model.record(row)).open()

    def delete_contacts(self) -> None:
        """Delete the selected contacts; it can be undone."""
        rows = sorted({index.row() for index in self.table.selectionModel().selectedRows()})
        numbers = [self.model.record(row).number for row in rows]
        book, name, actor = self._place.parts.phone_book, self._name, self._place.parts.actor
        if numbers:
            self._place.tasks.command(lambda _job: _removed(book, name, numbers, actor), owner=self)

    def import_contacts(self) -> None:
        """Ask for a file."""
        dialog = QFileDialog(self, tr("Import contacts"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setNameFilter(tr("Contacts (*.csv *.xlsx *.txt *.vcf)"))
        dialog.fileSelected.connect(lambda path: self.import_file(Path(path)))
        dialog.open()

    def import_file(self, path: Path) -> None:
        """Show what a file would bring."""
        ImportContactsDialog(self._place, self.window(), self._name, self.group, path).open()

    def add_commands(self) -> None:
        """Register what can be done here."""
        add = self._place.commands.add
        add("clients.add_group", tr("New contact group…"), self.add_group, icon="folder-plus", scope=self)
        add("clients.rename_group", tr("Rename group…"), self.rename_group, keys="F2", icon="pencil", scope=self.groups)
        add(
            "clients.delete_group", tr("Delete group"), self.delete_group, keys="Del", icon="trash-2", scope=self.groups
        )
        add("clients.add_contact", tr("Add contact…"), self.add_contact, icon="user-plus", scope=self)
        add("clients.edit_contact", tr("Edit contact…"), self.edit_contact, keys="F2", icon="pencil", scope=self.table)
        add("clients.delete_contacts", tr("Delete contacts"), self.delete_contacts, keys="Del", icon="trash-2",
            scope=self.table)  # fmt: skip
        add("clients.import_contacts", tr("Import contacts…"), self.import_contacts, icon="upload", scope=self)

    def _build(self) -> None:
        tools = QHBoxLayout(self.tools)
        tools.setContentsMargins(0, 0, 0, 0)
        tools.setSpacing(8)
        for part in (self.search, self.group_button, self.add_button, self.import_button):
            tools.addWidget(part)
        self.search.setMinimumWidth(self._place.theme.scaled(150))
        self.groups.setFixedWidth(self._place.theme.scaled(GROUPS_WIDTH))
        sides = QHBoxLayout()
        sides.setSpacing(0)
        sides.setContentsMargins(0, 0, 0, 0)
        left = QVBoxLayout()
        left.setContentsMargins(10, 8, 8, 8)
        left.addWidget(self.groups)
        sides.addLayout(left)
        sides.addWidget(rule(upright=True))
        sides.addWidget(self.table, 1)
        foot = QHBoxLayout()
        foot.setContentsMargins(20, 9, 20, 9)
        foot.addWidget(self.facts)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(rule())
        column.addLayout(sides, 1)
        column.addWidget(rule())
        column.addLayout(foot)

    def _connect(self) -> None:
        self._timer.timeout.connect(self._read)
        self.search.textChanged.connect(lambda _text: self._timer.start())
        self.groups.currentItemChanged.connect(lambda _now, _before: self._read())
        self.model.more_wanted.connect(partial(self._read, more=True))
        self.group_button.clicked.connect(self.add_group)
        self.add_button.clicked.connect(self.add_contact)
        self.import_button.clicked.connect(self.import_contacts)
        self.table.activated.connect(lambda _index: self.edit_contact())
        self.table.customContextMenuRequested.connect(
            lambda place: self._menu(self.table.viewport(), place, ("edit_contact", "delete_contacts"))
        )
        self.groups.customContextMenuRequested.connect(
            lambda place: self._menu(self.groups.viewport(), place, ("rename_group", "delete_group"))
        )

    def _menu(self, area: QWidget, place: QPoint, names: tuple[str, ...]) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for name in names:
            menu.addAction(self._place.commands.action(f"clients.{name}"))
        menu.popup(area.mapToGlobal(place))

    def _show_groups(self, found: tuple[list[ContactGroup], int]) -> None:
        groups, total = found
        current = self.group
        self.groups.blockSignals(True)
        self.groups.clear()
        everybody = QListWidgetItem(tr("Everybody · {count}", count=count_text(total)))
        everybody.setSizeHint(QSize(0, self._place.theme.scaled(32)))
        self.groups.addItem(everybody)
        chosen = everybody
        for group in groups:
            item = QListWidgetItem(f"{group.name} · {count_text(group.count)}")
            item.setData(_GROUP, group)
            item.setSizeHint(everybody.sizeHint())
            self.groups.addItem(item)
            if current is not None and group.group_id == current.group_id:
                chosen = item
        self.groups.setCurrentItem(chosen)
        self.groups.blockSignals(False)
        self._read()

    def _read(self, *, more: bool = False) -> None:
        self._query += 1
        group, find = self.group, self.search.text()
        work = partial(
            _page, self._place.parts.phone_book, self._name, group.group_id if group else None, find,
            self.model.following if more else 0,
        )  # fmt: skip
        self._place.tasks.query(work, owner=self, on_success=partial(self._show, self._query, more))

    def _show(self, query: int, more: bool, loaded: tuple[Loaded, int]) -> None:
        if query == self._query:
            (rows, following), count = loaded
            self.model.show_page(rows, following, more=more)
            self.facts.setText(trn("{count:,} contact", "{count:,} contacts", count))


def _page(
    book: PhoneBookService, name: str, group: int | None, find: str, after: int | None, _job: Job
) -> tuple[Loaded, int]:
    page = book.page(name, group, find, after or 0)
    return (tuple(map(_row, page.contacts)), page.following), book.count(name, group, find)


def _row(one: Contact) -> Row[Contact]:
    said = " · ".join(f"{name}: {value}" for name, value in one.fields.items())
    return Row(
        one, (one.number, said), (CellLook("text", "body_medium"), CellLook("text2")), spoken=f"{one.number}, {said}"
    )


def _added(book: PhoneBookService, client: str, group: ContactGroup, actor: str) -> Outcome[Any]:
    return Outcome(
        None, CHANGED, tr("Group {name} added", name=group.name),
        lambda _job: _deleted(book, client, group.group_id, actor),
    )  # fmt: skip


def _renamed(book: PhoneBookService, group_id: int, text: str, actor: str) -> Outcome[Any]:
    before = book.rename_group(group_id, text, actor=actor)
    return Outcome(
        None, CHANGED, tr("Group renamed to {name}", name=text.strip()),
        lambda _job: _renamed(book, group_id, before, actor),
    )  # fmt: skip


def _deleted(book: PhoneBookService, client: str, group_id: int, actor: str) -> Outcome[Any]:
    taken = book.remove_group(group_id, actor=actor)
    return Outcome(
        None, CHANGED, tr("Group {name} deleted", name=taken.name),
        lambda _job: _added(book, client, book.restore_group(client, taken, actor=actor), actor),
    )  # fmt: skip


def _removed(book: PhoneBookService, client: str, numbers: list[str], actor: str) -> Outcome[Any]:
    taken = book.remove(client, numbers, actor=actor)
    said = trn("{count:,} contact deleted", "{count:,} contacts deleted", len(taken.contacts))

    def back(_job: Job) -> Outcome[Any]:
        count = book.restore(client, taken, actor=actor)
        return Outcome(
            None, CHANGED, trn("{count:,} contact restored", "{count:,} contacts restored", count),
            lambda _again: _removed(book, client, numbers, actor),
        )  # fmt: skip

    return Outcome(None, CHANGED, said, back)
