"""Brings recipients in as lists: long pastes, files, groups of the phone book."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QFileDialog

from desktop_app.domain.errors import AppError
from desktop_app.domain.language import tr
from desktop_app.domain.phone_book import Contact, ContactGroup
from desktop_app.services.audiences import Source, SourceKind
from desktop_app.services.job import Job
from desktop_app.services.recipient_blocks import Entries, Table, read_block
from desktop_app.services.recipient_files import read_recipients
from desktop_app.views.screen import Workplace
from desktop_app.views.screens.compose.composer import Composer
from desktop_app.views.screens.compose.groups_dialog import GroupsDialog
from desktop_app.views.screens.compose.import_dialog import ImportDialog

_FOLDER = "compose_folder"


class ListAdder(QObject):
    """Asks where from, reads it, and hands it to the screen."""

    def __init__(self, place: Workplace, screen: Composer, parent: QObject) -> None:
        super().__init__(parent)
        self._place, self._screen = place, screen

    def add_block(self, text: str) -> None:
        """Add what was pasted: a list of any kind, or a block of a spreadsheet."""
        country = self._screen.view.country.value or None
        self._place.tasks.query(
            lambda _job: read_block(text, country), owner=self,
            on_success=lambda entries: self._screen.recipients.add_list(Source(SourceKind.PASTED, "", entries)),
        )  # fmt: skip

    def choose_file(self) -> None:
        """Let the person choose a file."""
        kept = self._place.parts.personal.recall(_FOLDER).get("folder")
        folder = kept if isinstance(kept, str) and Path(kept).is_dir() else str(Path.home())
        kinds = tr("Recipients (*.csv *.xlsx *.txt *.vcf);;All files (*)")
        dialog = QFileDialog(self._screen.window(), tr("Import recipients"), folder, kinds)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda name: self.import_file(Path(name)))
        dialog.open()

    def import_file(self, path: Path) -> None:
        """Read a file and show what its columns are for."""
        country = self._screen.view.country.value or None
        self._place.parts.personal.remember(_FOLDER, {"folder": str(path.parent)})
        self._place.tasks.query(
            lambda _job: read_recipients(path, country), owner=self, on_success=partial(self._show_table, path),
            on_error=self._show_error,
        )  # fmt: skip

    def choose_groups(self) -> None:
        """Let the person choose among the groups of the client."""
        client = self._screen.view.client.current
        if client is None:
            self._screen.show_problem(tr("Choose a client first"), self._screen.view.client)
            return
        phone_book, name = self._place.parts.phone_book, client.name
        self._place.tasks.query(
            lambda _job: phone_book.groups(name), owner=self, on_success=partial(self._show_groups, name)
        )

    def _show_table(self, path: Path, table: Table) -> None:
        ImportDialog(self._place.theme, self._screen.window(), path, table, self._screen.recipients.add_list).open()

    def _show_error(self, error: AppError) -> None:
        self._screen.view.banner.show_error(tr("The file cannot be imported"), error.user_message)

    def _show_groups(self, client: str, groups: list[ContactGroup]) -> None:
        GroupsDialog(self._screen.window(), client, groups, self._add_groups).open()

    def _add_groups(self, groups: list[ContactGroup]) -> None:
        phone_book = self._place.parts.phone_book

        def work(_job: Job) -> list[Source]:
            return [_group_source(group, phone_book.members([group.group_id])) for group in groups]

        self._place.tasks.query(work, owner=self, on_success=self._take_groups)

    def _take_groups(self, sources: list[Source]) -> None:
        for source in sources:
            self._screen.recipients.add_list(source)


def _group_source(group: ContactGroup, members: list[Contact]) -> Source:
    fields = tuple(member.fields for member in members)
    entries = Entries(tuple(member.number for member in members), tuple(range(1, len(members) + 1)), fields)
    return Source(SourceKind.GROUP, group.name, entries)
