"""What is done with the documents of a request: added, marked, given a last day, saved after a warning."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from desktop_app.domain.errors import AppError
from desktop_app.domain.language import tr, trn
from desktop_app.domain.sender_documents import DocumentState, SenderDocument, guess_purpose
from desktop_app.services.sender_ids import Paper
from desktop_app.services.sender_reviews import Request
from desktop_app.views.dialogs.question import Question
from desktop_app.views.dialogs.sender_dialogs import DayDialog
from desktop_app.views.screen import Workplace
from desktop_app.views.screens.senders.deciding import add_work, mark_work, save_work, validity_work
from desktop_app.views.screens.senders.viewer import DocumentViewer
from desktop_app.workers.runner import Lane


class PaperActions:
    """Acts on the request that is shown.

    Args:
        place: the workplace.
        page: whose dialogs they are.
        viewer: shows the documents; what its buttons want is done here.
        request: gives the request that is shown, None for none.
    """

    def __init__(
        self, place: Workplace, page: QWidget, viewer: DocumentViewer, request: Callable[[], Request | None]
    ) -> None:
        self._place, self._page, self._viewer, self._request = place, page, viewer, request
        viewer.mark_wanted.connect(self.mark)
        viewer.save_wanted.connect(self.ask_save)
        viewer.validity_wanted.connect(self.ask_validity)

    def add(self) -> None:
        """Ask for files, then attach them."""
        dialog = QFileDialog(self._page.window(), tr("Add documents"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setNameFilter(tr("Documents (*.pdf *.png *.jpg *.jpeg)"))
        dialog.filesSelected.connect(lambda paths: self.attach([Path(path) for path in paths]))
        dialog.open()

    def attach(self, paths: list[Path]) -> None:
        """Attach files; what each proves is guessed from its name."""
        request = self._request()
        if request is None or not paths:
            return
        papers = [Paper(path, guess_purpose(path.name)) for path in paths]
        said = trn("{count} document added", "{count} documents added", len(papers))
        self._place.tasks.command(
            add_work(self._place.parts, request.stored.sender_id, papers), owner=self._page, on_error=self._warn,
            on_success=lambda _count: self._place.notices.say(said),
        )  # fmt: skip

    def mark(self, document: SenderDocument, state: DocumentState) -> None:
        """Mark a document, and show the next one that nobody looked at."""
        request = self._request()
        if request is not None:
            self._place.tasks.command(
                mark_work(self._place.parts, request.stored.sender_id, document, state), owner=self._page,
                on_error=self._warn, on_success=lambda _before: self._viewer.go_on(),
            )  # fmt: skip

    def ask_validity(self, document: SenderDocument) -> None:
        """Ask until when a document is valid."""
        request, parts = self._request(), self._place.parts
        if request is None:
            return
        sender_id = request.stored.sender_id
        day = (document.valid_until or parts.clock()).astimezone().date()
        title = tr("Until when is it valid?")
        dialog = DayDialog(self._place, self._page.window(), title, document.name, tr("Set last day"), day)
        dialog.chosen.connect(
            lambda chosen: self._place.tasks.command(
                validity_work(parts, sender_id, document, chosen), owner=self._page, on_error=self._warn
            )
        )
        dialog.open()

    def ask_save(self, document: SenderDocument) -> None:
        """Warn before a stranger's file leaves the window."""
        detail = tr("It comes from outside and was only looked at in here. Another program may do what it says inside.")
        answer = (tr("Save as…"), partial(self._choose_file, document))
        Question(self._page.window(), tr("Save {name}?", name=document.name), detail, [answer]).open()

    def save(self, document: SenderDocument, path: Path) -> None:
        """Write a document to a file."""
        request = self._request()
        if request is not None:
            self._place.tasks.query(
                save_work(self._place.parts, request.stored.sender_id, document, path), owner=self._page,
                lane=Lane.DOCUMENTS, on_error=self._warn,
                on_success=lambda _size: self._place.notices.say(tr("{name} saved", name=document.name)),
            )  # fmt: skip

    def _choose_file(self, document: SenderDocument) -> None:
        dialog = QFileDialog(self._page.window(), tr("Save document"), document.name)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.fileSelected.connect(lambda path: self.save(document, Path(path)))
        dialog.open()

    def _warn(self, error: AppError) -> None:
        self._place.notices.warn(error.user_message)
