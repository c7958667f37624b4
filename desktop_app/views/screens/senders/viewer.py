"""The document beside the request: seen inside the window, compared with what was requested, and marked."""

from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from typing import Final

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QImage, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QPushButton, QVBoxLayout, QWidget

from desktop_app.domain.documents import DocumentKind
from desktop_app.domain.errors import AppError
from desktop_app.domain.language import tr
from desktop_app.domain.sender_documents import DocumentState, SenderDocument
from desktop_app.services.job import Job
from desktop_app.services.sender_reviews import Request
from desktop_app.views.formats import date_text, size_text
from desktop_app.views.models.sender_words import DOCUMENT_LOOKS, document_text
from desktop_app.views.screen import Workplace
from desktop_app.views.screens.senders.request_check import RequestCheck, trouble_text, words_to_find
from desktop_app.views.widgets.document_page import PageCanvas
from desktop_app.views.widgets.elided import ElidedLabel
from desktop_app.views.widgets.icon_widgets import IconButton, IconLabel, KeyButton
from desktop_app.views.widgets.notices import announce, label
from desktop_app.views.widgets.pills import rule
from desktop_app.workers.document_child import MAX_PAGES, Painted, Trouble, Wanted
from desktop_app.workers.document_pages import DocumentPages
from desktop_app.workers.runner import Lane, TaskHandle

WIDTH: Final = 372
_REST_MILLISECONDS: Final = 120
_ANY_WIDTH: Final = 16_777_215


@dataclass(frozen=True, slots=True)
class _Seen:
    """A page, or why there is none, and whether the bytes are those that were stored."""

    answer: Painted | Trouble
    is_sound: bool


class DocumentViewer(QFrame):
    """Shows the documents of a request, one at a time.

    Signals:
        mark_wanted: (SenderDocument, DocumentState) by a button.
        save_wanted: the SenderDocument to be written to a file.
        validity_wanted: the SenderDocument whose last day is to be set.
        shown: the id of the document that is looked at.
        widened: whether it wants all the room there is.
    """

    mark_wanted = Signal(object, object)
    save_wanted = Signal(object)
    validity_wanted = Signal(object)
    shown = Signal(int)
    widened = Signal(bool)

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self._place, self._pages = place, DocumentPages()
        self._request: Request | None = None
        self._handle: TaskHandle | None = None
        self._content: tuple[int, bytes] | None = None
        self._waited_for, self._is_stale = 0, False
        self.current: SenderDocument | None = None
        self.page, self.page_count, self._asked = 0, 0, 0
        theme = place.theme
        self.is_wide = False
        self.setFixedWidth(theme.scaled(WIDTH))
        self.image, self.name, self.facts = IconLabel(theme, "file-text"), ElidedLabel("strong"), ElidedLabel("facts")
        self.smaller = IconButton(theme, "zoom-out", tr("Smaller"), keys="Ctrl+-")
        self.zoom = label("100%", "small")
        self.larger = IconButton(theme, "zoom-in", tr("Larger"), keys="Ctrl++")
        self.turn = IconButton(theme, "rotate-cw", tr("Turn the page"))
        self.wide = IconButton(theme, "maximize-2", tr("Only the document"))
        self.more = IconButton(theme, "ellipsis", tr("More for this document"))
        self.canvas = PageCanvas(theme)
        self.note = label("", "warning")
        self.back, self.forward = (
            IconButton(theme, "chevron-left", tr("Previous page"), keys="PgUp"),
            IconButton(theme, "chevron-right", tr("Next page"), keys="PgDown"),
        )
        self.place_text = label("", "small")
        self.checked_button = KeyButton(theme, tr("Mark as checked"), "Space", image="check")
        self.refuse_button = QPushButton(tr("Refuse document"))
        self.checks = RequestCheck(place)
        self._rest = QTimer(self, singleShot=True, interval=_REST_MILLISECONDS)
        self._rest.timeout.connect(self._ask)
        self._build()
        self._connect()
        self.destroyed.connect(partial(_close, self._pages))

    def show_request(self, request: Request) -> None:
        """Show the documents of a request: the one that is shown already, else the first that nobody looked at."""
        same = self._request is not None and self._request.stored.sender_id == request.stored.sender_id
        self._request = request
        wanted = self.current.document_id if same and self.current is not None else None
        found = next((one for one in request.documents if one.document_id == wanted), None) or first_unread(request)
        if found is None:
            self.current, self._content = None, None
            self._show_nothing()
            return
        self._show(found, anew=not same or found.document_id != wanted)

    def show_document(self, document_id: int) -> None:
        """Show one of the request's documents."""
        documents = self._request.documents if self._request is not None else ()
        found = next((one for one in documents if one.document_id == document_id), None)
        if found is not None:
            self._show(found, anew=self.current is None or found.document_id != self.current.document_id)

    def go_on(self) -> None:
        """Show the next document that nobody looked at, if there is one."""
        if self._request is not None and self.current is not None:
            others = [one for one in self._request.documents if one.document_id != self.current.document_id]
            unread = next((one for one in others if one.state is DocumentState.NEW), None)
            if unread is not None:
                self._show(unread, anew=True)

    def clear(self) -> None:
        """Show no request."""
        self._request, self.current, self._content = None, None, None
        self._show_nothing()

    def turn_over(self, pages: int) -> None:
        """Show another page."""
        page = self.page + pages
        if 0 <= page < min(self.page_count, MAX_PAGES):
            self.page = page
            self._ask()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Ask for the page that was not needed while this was hidden."""
        super().showEvent(event)
        if not self.page_count:
            self._rest.start()

    def _follow_theme(self) -> None:
        self.set_wide(self.is_wide)

    def set_wide(self, wide: bool) -> None:
        """Take all the room there is, or only the usual column."""
        changed, self.is_wide = wide is not self.is_wide, wide
        width = self._place.theme.scaled(WIDTH)
        self.setMinimumWidth(width)
        self.setMaximumWidth(_ANY_WIDTH if wide else width)
        self.wide.set_image("minimize-2" if wide else "maximize-2")
        self.wide.set_name(tr("Beside the request") if wide else tr("Only the document"))
        if changed:
            self.widened.emit(wide)

    def _show(self, document: SenderDocument, *, anew: bool) -> None:
        self.current = document
        image, tone = DOCUMENT_LOOKS[document.state]
        self.image.set_image("image" if document.kind is not DocumentKind.PDF and image == "file-text" else image, tone)
        self.name.setText(document.name)
        is_new = document.state is DocumentState.NEW
        self.checked_button.setEnabled(document.state in (DocumentState.NEW, DocumentState.REFUSED))
        self.refuse_button.setText(tr("Refuse document") if document.counts else tr("Mark as new"))
        self.refuse_button.setEnabled(document.state is not DocumentState.EXPIRED)
        for part in (self._tools, self._foot, self.checks):
            part.setVisible(True)
        self.shown.emit(document.document_id)
        if anew:
            self.page, self.page_count = 0, 0
            self.canvas.begin()
            self._say_facts(None)
            self.checks.show_page(self._request, None)
            self._ask()
            if is_new:
                announce(self, tr("{name}, new document", name=document.name))
        else:
            self._say_facts(None)

    def _show_nothing(self) -> None:
        self.name.setText(tr("No documents"))
        self.image.set_image("file-text", "text3")
        self.facts.setText(tr("This request brought none."))
        self.canvas.begin()
        self.canvas.hide()
        self.note.hide()
        for part in (self._tools, self._foot, self.checks, self._pager):
            part.setVisible(False)
        self.shown.emit(0)

    def _ask(self) -> None:
        """Ask for the page; what was asked before is not wanted any more."""
        request, document = self._request, self.current
        if request is None or document is None or not self.isVisible():
            return
        if self._handle is not None and not self._handle.finished:
            if self._waited_for == document.document_id:
                # Asked again when it is there: a page that is nearly painted is not thrown away.
                self._is_stale = True
                return
            self._handle.cancel()
        self._asked += 1
        self._waited_for, self._is_stale = document.document_id, False
        papers, pages, kept = self._place.parts.sender_papers, self._pages, self._content
        sender_id, words = request.stored.sender_id, words_to_find(request)
        page, width, turns = self.page, self.canvas.width_wanted, self.canvas.turns

        def work(job: Job) -> tuple[bytes, _Seen]:
            held = kept[1] if kept is not None and kept[0] == document.document_id else None
            content = held if held is not None else papers.content(sender_id, document.document_id)
            is_sound = sha256(content).hexdigest() == document.digest
            wanted = Wanted(content, document.kind is DocumentKind.PDF, page, width, turns, words)
            return content, _Seen(pages.page(wanted, job), is_sound)

        self._handle = self._place.tasks.query(
            work, owner=self, lane=Lane.DOCUMENTS, on_success=partial(self._take, self._asked, document.document_id),
            on_error=self._refuse,
        )  # fmt: skip

    def _take(self, asked: int, document_id: int, found: tuple[bytes, _Seen]) -> None:
        content, seen = found
        if asked != self._asked or self.current is None or self.current.document_id != document_id:
            return
        self._content = (document_id, content)
        if self._is_stale:
            self._ask()
        answer = seen.answer
        self._say_facts(seen)
        self.checks.show_page(self._request, answer if isinstance(answer, Painted) else None)
        if isinstance(answer, Trouble):
            self.canvas.hide()
            self._pager.hide()
            self._say(trouble_text(answer))
            return
        self.page_count = answer.pages
        image = QImage(answer.pixels, answer.width, answer.height, 4 * answer.width, QImage.Format.Format_RGB32).copy()
        self.canvas.show()
        self.canvas.show_page(image, answer.boxes)
        self._show_pager()
        is_silent = not answer.has_text
        self._say(tr("No text in this document. Check by eye.") if is_silent else "")

    def _refuse(self, error: AppError) -> None:
        # A page that was not waited for any more is no news.
        if self._handle is not None and self._handle.finished:
            self._say(error.user_message)

    def _say(self, text: str) -> None:
        self.note.setText(text)
        self.note.setVisible(bool(text))

    def _show_pager(self) -> None:
        shown = min(self.page_count, MAX_PAGES)
        self._pager.setVisible(self.page_count > 1)
        self.place_text.setText(tr("Page {page:,} of {pages:,}", page=self.page + 1, pages=self.page_count))
        self.back.setEnabled(self.page > 0)
        self.forward.setEnabled(self.page + 1 < shown)

    def _say_facts(self, seen: _Seen | None) -> None:
        request, document = self._request, self.current
        if request is None or document is None:
            return
        self.zoom.setText(f"{self.canvas.zoom}%")
        number = next(
            place for place, one in enumerate(request.documents, 1) if one.document_id == document.document_id
        )
        parts = [
            tr("{number} of {count}", number=number, count=len(request.documents)), document_text(document.state),
            size_text(document.size),
        ]  # fmt: skip
        if seen is not None or self._content is not None:
            sound = seen.is_sound if seen is not None else True
            parts.append(tr("SHA-256 checked") if sound else tr("changed since it was stored"))
        if document.valid_until is not None:
            parts.append(tr("valid until {day}", day=date_text(document.valid_until.astimezone().date())))
        self.facts.setText(" · ".join(parts))

    def _open_menu(self) -> None:
        document = self.current
        if document is None:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(tr("Save as…")).triggered.connect(lambda: self.save_wanted.emit(document))
        menu.addAction(tr("Valid until…")).triggered.connect(lambda: self.validity_wanted.emit(document))
        if document.state is not DocumentState.NEW:
            menu.addAction(tr("Mark as new")).triggered.connect(
                lambda: self.mark_wanted.emit(document, DocumentState.NEW)
            )
        menu.popup(self.more.mapToGlobal(QPoint(0, self.more.height())))

    def _mark(self, state: DocumentState) -> None:
        if self.current is not None:
            again = state is DocumentState.REFUSED and self.current.state is DocumentState.REFUSED
            self.mark_wanted.emit(self.current, DocumentState.NEW if again else state)

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._head())
        column.addWidget(rule())
        note = QHBoxLayout()
        note.setContentsMargins(12, 0, 12, 0)
        self.note.setWordWrap(True)
        self.note.hide()
        note.addWidget(self.note)
        column.addLayout(note)
        column.addWidget(self.canvas, 1)
        column.addStretch(0)
        self._pager = QWidget()
        row = QHBoxLayout(self._pager)
        row.setContentsMargins(12, 4, 12, 4)
        row.addStretch()
        for part in (self.back, self.place_text, self.forward):
            row.addWidget(part)
        row.addStretch()
        self._pager.hide()
        column.addWidget(self._pager)
        column.addWidget(rule())
        column.addWidget(self.checks)
        column.addWidget(self._buttons())

    def _head(self) -> QVBoxLayout:
        self._tools = QWidget()
        tools = QHBoxLayout(self._tools)
        tools.setContentsMargins(0, 0, 0, 0)
        tools.setSpacing(0)
        for part in (self.smaller, self.zoom, self.larger, self.turn, self.wide, self.more):
            tools.addWidget(part)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.image)
        row.addWidget(self.name, 1)
        row.addWidget(self._tools)
        head = QVBoxLayout()
        head.setContentsMargins(14, 5, 8, 7)
        head.setSpacing(0)
        head.addLayout(row)
        head.addWidget(self.facts)
        return head

    def _buttons(self) -> QWidget:
        self._foot = QWidget()
        row = QHBoxLayout(self._foot)
        row.setContentsMargins(14, 6, 14, 12)
        row.setSpacing(8)
        self.refuse_button.setProperty("look", "quiet")
        row.addWidget(self.checked_button)
        row.addWidget(self.refuse_button)
        row.addStretch()
        return self._foot

    def _connect(self) -> None:
        self.smaller.clicked.connect(lambda: self.canvas.zoom_by(-1))
        self.larger.clicked.connect(lambda: self.canvas.zoom_by(1))
        self.turn.clicked.connect(self.canvas.turn)
        self.more.clicked.connect(self._open_menu)
        self.wide.clicked.connect(lambda: self.set_wide(not self.is_wide))
        self.canvas.wanted.connect(self._rest.start)
        self.canvas.paged.connect(self.turn_over)
        self.back.clicked.connect(lambda: self.turn_over(-1))
        self.forward.clicked.connect(lambda: self.turn_over(1))
        self.checked_button.clicked.connect(lambda: self._mark(DocumentState.CHECKED))
        self.refuse_button.clicked.connect(lambda: self._mark(DocumentState.REFUSED))
        # A method, not a lambda: the theme lives longer than the window.
        self._place.theme.changed.connect(self._follow_theme)


def first_unread(request: Request) -> SenderDocument | None:
    """Return the first document that nobody looked at, else the latest one."""
    unread = next((one for one in request.documents if one.state is DocumentState.NEW), None)
    return unread or (request.documents[-1] if request.documents else None)


def _close(pages: DocumentPages) -> None:
    pages.close()
