"""A request for a sender ID on behalf of a client."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Final

from babel import Locale
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from desktop_app.domain.errors import AppError, InvalidInput
from desktop_app.domain.language import tr
from desktop_app.domain.regions import COUNTRIES
from desktop_app.domain.sender_documents import Purpose, guess_purpose, purpose_text, purposes_needed
from desktop_app.domain.sender_ids import Alphanumeric, parse_sender
from desktop_app.services.country_rules import CountryRule
from desktop_app.services.job import Job
from desktop_app.services.sender_ids import Paper
from desktop_app.views.dialogs.sender_dialogs import SenderDialog
from desktop_app.views.dressing import redress
from desktop_app.views.formats import folded
from desktop_app.views.models.activity_rows import country_names, find_countries
from desktop_app.views.models.sender_words import names_text, needs_text, rule_text
from desktop_app.views.screen import Workplace
from desktop_app.views.widgets.country_card import clear_layout_of
from desktop_app.views.widgets.country_field import CountryField
from desktop_app.views.widgets.elided import ElidedLabel
from desktop_app.views.widgets.icon_widgets import IconButton
from desktop_app.views.widgets.inputs import Choice
from desktop_app.views.widgets.notices import label
from desktop_app.workers.runner import Outcome, Topic

_PURPOSES: Final = (Purpose.AUTHORISATION, Purpose.REGISTRATION, Purpose.BRAND, Purpose.CONTENT)
_LONGEST: Final = 200


class NewRequestDialog(SenderDialog):
    """The form. ``requested`` carries the number of the request.

    Args:
        place: the workplace.
        parent: the window it stands above.
        client: filled in, "" for none.
        sender: filled in.
        countries: filled in, ISO codes.
    """

    requested = Signal(int)

    def __init__(
        self, place: Workplace, parent: QWidget, client: str = "", sender: str = "", countries: Sequence[str] = ()
    ) -> None:
        facts = tr("On behalf of a client. Countries that ask for pre-approval wait in the queue.")
        super().__init__(place, parent, tr("New sender ID request"), facts, tr("Request sender ID"))
        self._wanted, self._rules = client, {}  # type: tuple[str, dict[str, CountryRule]]
        self.papers: list[Paper] = []
        names = Locale.parse(place.parts.language).territories
        language = place.parts.language
        self.client: Choice[str] = Choice([("", tr("Choose a client"))])
        self.sender_field = QLineEdit(sender, maxLength=16, placeholderText="AURORA")
        self.note = label("", "error")
        self.countries = CountryField(
            {iso: names.get(iso, iso) for iso in COUNTRIES}, partial(find_countries, language=language)
        )
        self.needs, self.files = QWidget(), QWidget()
        self.add_button = QPushButton(tr("Add document…"))
        self.reason = QLineEdit(maxLength=_LONGEST, placeholderText=tr("For example: asked for by phone, ticket 4711"))
        self._build()
        self.setAcceptDrops(True)
        self.countries.show_countries(countries)
        self._connect()
        self._read()
        self._follow()
        (
            self.countries if client and sender and not countries else self.sender_field if client else self.client
        ).setFocus()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802 - Qt's name
        """Take files."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802 - Qt's name
        """Attach the files that were dropped."""
        self.attach([Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()])

    def attach(self, paths: Sequence[Path]) -> None:
        """Attach files; what each proves is guessed from its name and can be changed."""
        known = {paper.path for paper in self.papers}
        self.papers += [Paper(path, guess_purpose(path.name)) for path in paths if path not in known]
        self._show_files()

    def finish(self) -> None:
        """Request it."""
        client, sender = self.client.value, self.sender_field.text().strip()
        if not client or not sender or not self._is_sound():
            return
        parts, countries, papers, reason = (
            self._place.parts,
            self.countries.countries,
            list(self.papers),
            self.reason.text(),
        )

        def work(_job: Job) -> Outcome[int]:
            parts.sender_ids.request(
                client, sender, countries=countries, documents=papers, reason=reason, actor=parts.actor
            )
            found = parts.sender_reviews.find(client, sender) or 0
            return Outcome(found, frozenset({Topic.SENDERS}))

        self._place.tasks.command(work, owner=self, on_success=self._done, on_error=self._refuse)

    def _done(self, sender_id: int) -> None:
        self._place.notices.say(
            tr("{sender} requested for {client}", sender=self.sender_field.text().strip(), client=self.client.value)
        )
        self.accept()
        self.requested.emit(sender_id)

    def _read(self) -> None:
        clients, rules = self._place.parts.clients, self._place.parts.country_rules

        def read(_job: Job) -> tuple[list[str], list[CountryRule]]:
            return [one.name for one in clients.list_all()], rules.list_all()

        self._place.tasks.query(read, owner=self, on_success=self._show, on_error=self._refuse)

    def _show(self, found: tuple[list[str], list[CountryRule]]) -> None:
        names, rules = found
        self._rules = {one.rule.country: one for one in rules}
        wanted = next((name for name in names if folded(name) == folded(self._wanted)), "")
        chosen = self.client.value or wanted
        self.client.offer([("", tr("Choose a client")), *((name, name) for name in names)], chosen)
        self._follow()

    def _build(self) -> None:
        self.add_field(tr("Client"), self.client)
        self.add_field(tr("Sender ID"), self.sender_field)
        self.note.setWordWrap(True)
        self.column.addWidget(self.note)
        self.add_field(tr("Countries"), self.countries)
        for holder in (self.needs, self.files):
            rows = QVBoxLayout(holder)
            rows.setContentsMargins(0, 0, 0, 0)
            rows.setSpacing(2)
        self.column.addWidget(self.needs)
        self.column.addSpacing(4)
        head = QHBoxLayout()
        head.addWidget(label(tr("Documents"), "field"), 1)
        head.addWidget(self.add_button)
        self.column.addLayout(head)
        self.column.addWidget(self.files)
        self.column.addSpacing(6)
        self.add_field(tr("Reason"), self.reason)
        self.end()

    def _connect(self) -> None:
        self.client.currentIndexChanged.connect(lambda _: self._follow())
        self.sender_field.textChanged.connect(lambda _: self._follow())
        self.countries.changed.connect(self._follow)
        self.add_button.clicked.connect(self._choose_files)
        self.add_button.setAutoDefault(False)

    def _choose_files(self) -> None:
        dialog = QFileDialog(self, tr("Add documents"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setNameFilter(tr("Documents (*.pdf *.png *.jpg *.jpeg)"))
        dialog.filesSelected.connect(lambda paths: self.attach([Path(path) for path in paths]))
        dialog.open()

    def _is_sound(self) -> bool:
        try:
            parse_sender(self.sender_field.text().strip())
        except InvalidInput as error:
            self.note.setText(error.user_message)
            return False
        self.note.setText("")
        return True

    def _follow(self) -> None:
        sound = self._is_sound() if self.sender_field.text().strip() else False
        self.note.setVisible(bool(self.sender_field.text().strip()) and not sound)
        self.sender_field.setProperty("invalid", self.note.isVisibleTo(self))
        self.sender_field.setAccessibleDescription(self.note.text())
        redress(self.sender_field)
        self.agree.setEnabled(bool(self.client.value) and sound)
        self._show_needs()

    def _show_needs(self) -> None:
        """Say what each chosen country asks for."""
        clear_layout_of(self.needs)
        name_of, layout = country_names(self._place.parts.language), self.needs.layout()
        brought = {paper.purpose for paper in self.papers}
        for iso in self.countries.countries:
            held = self._rules.get(iso)
            if held is None or layout is None:
                continue
            missing = tuple(one for one in purposes_needed(held.rule) if one not in brought)
            line = ElidedLabel("small")
            is_known = held.rule.needs_approval or held.rule.alphanumeric is not Alphanumeric.UNKNOWN
            about = rule_text(held.rule) if is_known else names_text(held.rule.alphanumeric)
            need = tr("still needed: {documents}", documents=needs_text(missing)) if missing else ""
            line.setText(" · ".join(part for part in (name_of(iso), about, need) if part))
            layout.addWidget(line)

    def _show_files(self) -> None:
        clear_layout_of(self.files)
        layout = self.files.layout()
        for place, paper in enumerate(self.papers):
            line, name = QWidget(), ElidedLabel("answer")
            name.setText(paper.path.name)
            kind = Choice([(one, purpose_text(one)) for one in _PURPOSES])
            kind.show_value(paper.purpose)
            kind.setAccessibleName(tr("What {name} proves", name=paper.path.name))
            kind.currentIndexChanged.connect(partial(self._set_purpose, place, kind))
            remove = IconButton(self._place.theme, "x", tr("Remove {name}", name=paper.path.name))
            remove.clicked.connect(partial(self._remove, place))
            row = QHBoxLayout(line)
            row.setContentsMargins(0, 0, 0, 0)
            row.setSpacing(6)
            row.addWidget(name, 1)
            row.addWidget(kind)
            row.addWidget(remove)
            if layout is not None:
                layout.addWidget(line)
        self._show_needs()

    def _set_purpose(self, place: int, kind: Choice[Purpose], _index: int) -> None:
        self.papers[place] = Paper(self.papers[place].path, Purpose(kind.value))
        self._show_needs()

    def _remove(self, place: int, _checked: bool = False) -> None:
        del self.papers[place]
        self._show_files()

    def _refuse(self, error: AppError) -> None:
        self.say_error(error.user_message)
