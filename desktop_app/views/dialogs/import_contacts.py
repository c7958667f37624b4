"""Contacts from a file: which column is the number, what the others are, and what comes of it."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QDialog, QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop_app.domain.destinations import Recipient, parse_recipients
from desktop_app.domain.errors import AppError
from desktop_app.domain.language import tr, trn
from desktop_app.domain.phone_book import Contact, merged
from desktop_app.services.job import Job
from desktop_app.services.phone_book import ContactGroup
from desktop_app.services.recipient_blocks import Table
from desktop_app.services.recipient_files import read_recipients
from desktop_app.views.formats import count_text
from desktop_app.views.models.text_rows import TextRowsModel
from desktop_app.views.screen import Workplace
from desktop_app.views.widgets.captions import caption_of
from desktop_app.views.widgets.icon_widgets import KeyButton
from desktop_app.views.widgets.inputs import Choice
from desktop_app.views.widgets.notices import Banner, label
from desktop_app.views.widgets.record_table import RecordView
from desktop_app.workers.runner import Lane, Outcome, Topic

WIDTH: Final = 560
LINES: Final = 4
_STEP: Final = 2_000
COUNTRIES: Final = ("", "DE", "AT", "CH", "TR", "GB", "US", "FR", "ES", "IT", "NL", "PL", "SE", "NO", "DK")


@dataclass(frozen=True, slots=True)
class ContactSheet:
    """What a file holds: the table, what of it can be used, and what cannot (line, text, why)."""

    table: Table
    contacts: tuple[Contact, ...]
    rows: int
    invalid: tuple[tuple[int, str, str], ...]


def read_contacts(path: Path, country: str, job: Job) -> ContactSheet:
    """Read a file.

    Raises:
        InvalidInput: it cannot be read, or has no column of numbers.
        Cancelled: the job was stopped.
    """
    table = read_recipients(path, country or None)
    entries = table.entries()
    contacts: list[Contact] = []
    invalid: list[tuple[int, str, str]] = []
    for place, found in enumerate(parse_recipients(entries.texts, country or None)):
        if place % _STEP == 0:
            job.step(place, len(entries.texts))
        if isinstance(found, Recipient):
            contacts.append(Contact(found.e164, entries.fields[place] if entries.fields else {}))
        else:
            invalid.append((entries.lines[place], found.text, found.reason))
    return ContactSheet(table, tuple(merged(contacts).values()), len(entries.texts), tuple(invalid))


class ImportContactsDialog(QDialog):
    """Shows what a file would bring, and stores it: what cannot be read is skipped only when the person agrees.

    Args:
        place: what every screen works with.
        parent: the window it stands above.
        client: whose phone book.
        group: where they go, None for no group.
        path: the file.
    """

    def __init__(
        self, place: Workplace, parent: QWidget, client: str, group: ContactGroup | None, path: Path
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._place, self._client, self._group, self._path = place, client, group, path
        self._sheet: ContactSheet | None = None
        # The job outlives the dialog.
        self._owner = parent
        title = tr("Import contacts from {file}", file=path.name)
        self.setWindowTitle(title)
        self.setMinimumWidth(place.theme.scaled(WIDTH))
        self.banner = Banner(place.theme)
        self.country = Choice[str]([(iso, iso or tr("None")) for iso in COUNTRIES])
        self.says, self.fields = label("", "value"), label("", "facts")
        self.says.setWordWrap(True)
        self.fields.setWordWrap(True)
        self.model = TextRowsModel(self)
        self.table = RecordView(self.model, place.theme, tr("First lines"), {}, 0)
        self.table.setFixedHeight(place.theme.scaled(32) + LINES * place.theme.row_height + 2)
        self.skip = QCheckBox(tr("Skip what cannot be read"))
        self.skip.hide()
        self.import_button, self.cancel = KeyButton(place.theme, tr("Import contacts")), QPushButton(tr("Cancel"))
        self._build(title)
        self._connect()
        self.read()

    def read(self) -> None:
        """Read the file; it is read again with another country."""
        self.import_button.setEnabled(False)
        work = partial(_read, self._path, self.country.value)
        self._place.tasks.query(work, owner=self, on_success=self._show, on_error=self._refuse, lane=Lane.NETWORK)

    def save(self) -> None:
        """Store the contacts as a job."""
        sheet = self._sheet
        if sheet is None:
            return
        book, client, actor = self._place.parts.phone_book, self._client, self._place.parts.actor
        group = self._group.group_id if self._group is not None else None

        def work(_job: Job) -> Outcome[int]:
            return Outcome(book.save(client, sheet.contacts, group, actor=actor), frozenset({Topic.CLIENTS}))

        def message(new: int) -> str:
            return tr("{count} contacts, {new} of them new", count=count_text(len(sheet.contacts)), new=count_text(new))

        self._place.jobs.start(
            tr("Import contacts of {client}", client=client), work, owner=self._owner, icon="upload", message=message,
            on_success=lambda new: self._place.notices.say(tr("Contacts imported: {what}", what=message(new))),
        )  # fmt: skip
        self.accept()

    def _build(self, title: str) -> None:
        self.import_button.setProperty("look", "primary")
        self.import_button.setDefault(True)
        self.cancel.setAutoDefault(False)
        head = label(title, "title")
        head.setTextFormat(Qt.TextFormat.PlainText)
        head.setWordWrap(True)
        into = tr("Into the group {group}", group=self._group.name) if self._group else tr("Into no group")
        target = label(into, "facts")
        target.setTextFormat(Qt.TextFormat.PlainText)
        caption = caption_of(self.country, tr("Numbers without a country code are of"))
        grid = QGridLayout()
        grid.addWidget(caption, 0, 0)
        grid.addWidget(self.country, 0, 1)
        grid.setColumnStretch(2, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch()
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.import_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(10)
        for part in (head, target, self.banner):
            column.addWidget(part)
        column.addLayout(grid)
        below: tuple[QWidget, ...] = (self.table, self.says, self.fields, self.skip)
        for one in below:
            column.addWidget(one)
        column.addLayout(buttons)

    def _connect(self) -> None:
        self.country.chosen.connect(self.read)
        self.skip.toggled.connect(self._follow)
        self.import_button.clicked.connect(self.save)
        self.cancel.clicked.connect(self.reject)

    def _show(self, sheet: ContactSheet) -> None:
        self._sheet = sheet
        self.banner.hide()
        rows = tuple(cells for _, cells in sheet.table.rows[:LINES])
        self.model.show_rows(sheet.table.headings, rows, len(sheet.table.headings))
        number = sheet.table.headings[sheet.table.numbers]
        names = ", ".join(sheet.table.names().values())
        what = tr("Number: {number}. Fields: {names}", number=number, names=names)
        self.fields.setText(what if names else tr("Number: {number}", number=number))
        doubled = sheet.rows - len(sheet.contacts) - len(sheet.invalid)
        facts = [trn("{count:,} contact", "{count:,} contacts", len(sheet.contacts))]
        facts += [trn("{count:,} duplicate", "{count:,} duplicates", doubled)] if doubled else []
        facts += [tr("{count:,} cannot be read", count=len(sheet.invalid))] if sheet.invalid else []
        self.says.setText(" · ".join(facts))
        if sheet.invalid:
            line, text, why = sheet.invalid[0]
            self.banner.show_warning(tr("Line {line}: “{text}”", line=line, text=text[:40]), why)
        self.skip.setVisible(bool(sheet.invalid) and bool(sheet.contacts))
        self._follow()

    def _refuse(self, error: AppError) -> None:
        self._sheet = None
        self.import_button.setEnabled(False)
        self.banner.show_error(tr("This file cannot be imported"), error.user_message)

    def _follow(self) -> None:
        sheet = self._sheet
        ready = sheet is not None and bool(sheet.contacts) and (not sheet.invalid or self.skip.isChecked())
        count = len(sheet.contacts) if sheet is not None else 0
        self.import_button.setText(trn("Import {count:,} contact", "Import {count:,} contacts", count))
        self.import_button.setEnabled(ready)


def _read(path: Path, country: str, job: Job) -> ContactSheet:
    return read_contacts(path, country, job)
