"""What nobody expected: it is logged, said in a dialog, and the window lives on. Never a silent death."""

import logging
import secrets
import sys
import threading
import traceback
from types import TracebackType
from typing import Final

import shiboken6
from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from desktop_app.domain.language import tr
from desktop_app.log import log_file, redact
from desktop_app.views.theme import Theme
from desktop_app.views.widgets.icon_widgets import IconLabel
from desktop_app.views.widgets.notices import label

WIDTH: Final = 520
DETAILS_HEIGHT: Final = 180


class CrashDialog(QDialog):
    """Says what happened and that the data is safe; the details carry an ID and can be copied.

    Attributes:
        number: the ID, which the log has too.
        details: the technical text.
    """

    def __init__(self, theme: Theme, number: str, details: str, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.number = number
        self.setWindowTitle(tr("Unexpected error"))
        self.setMinimumWidth(WIDTH)
        self.details = QPlainTextEdit(details, readOnly=True)
        self.details.setProperty("look", "code")
        self.details.setAccessibleName(tr("Details"))
        self.details.setFixedHeight(DETAILS_HEIGHT)
        self.details.hide()
        self.more = QPushButton(tr("Details"))
        self.more.setCheckable(True)
        self.more.toggled.connect(self._show_details)
        self.copy = QPushButton(tr("Copy"))
        self.copy.setAccessibleName(tr("Copy the details"))
        self.copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(f"{number}\n{details}"))
        self.go_on = QPushButton(tr("Keep working"))
        self.go_on.setProperty("look", "primary")
        self.go_on.clicked.connect(self.accept)
        self._build(theme)
        self.go_on.setFocus()

    def _build(self, theme: Theme) -> None:
        path = log_file()
        where = tr("The details are in the log too: {file}", file=path) if path else ""
        texts = QVBoxLayout()
        texts.setSpacing(6)
        texts.addWidget(label(tr("SMS Desk met an unexpected error"), "h2"))
        safe = tr(
            "What was saved is safe. What you were just doing may not have been finished: check it before you repeat it."
        )
        for text in (safe, tr("Error ID {number}. {where}", number=self.number, where=where).strip()):
            line = label(text, "facts")
            line.setWordWrap(True)
            line.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            texts.addWidget(line)
        texts.addStretch()
        top = QHBoxLayout()
        top.setSpacing(12)
        top.addWidget(IconLabel(theme, "circle-x", "danger_icon", 20), 0, Qt.AlignmentFlag.AlignTop)
        top.addLayout(texts, 1)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        for part in (self.more, self.copy):
            foot.addWidget(part)
        foot.addStretch()
        foot.addWidget(self.go_on)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(14)
        column.addLayout(top)
        column.addWidget(self.details)
        column.addLayout(foot)

    def _show_details(self, shown: bool) -> None:
        self.details.setVisible(shown)
        self.adjustSize()


class CrashReporter(QObject):
    """Takes every exception that nothing else takes: of slots, of event handlers, of threads, of tasks.

    Signals:
        reported: the exception that was taken.

    Attributes:
        dialog: the one that is open, None while there is none.
        met: how many there were.
    """

    reported = Signal(object)
    _met = Signal(str, str)

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.dialog: CrashDialog | None = None
        self.met = 0
        self.window: QWidget | None = None
        # Queued: the exception may come from another thread, or from the middle of painting.
        self._met.connect(self._show, Qt.ConnectionType.QueuedConnection)

    def install(self) -> None:
        """Take exceptions from now on."""
        sys.excepthook = self._take
        threading.excepthook = self._take_of_thread

    def uninstall(self) -> None:
        """Leave them to Python again."""
        sys.excepthook = sys.__excepthook__
        threading.excepthook = threading.__excepthook__

    def report(self, error: BaseException) -> None:
        """Log an exception under an ID and show the dialog, unless one is open."""
        number = secrets.token_hex(4).upper()
        logging.getLogger(__name__).error("unexpected error %s", number, exc_info=error)
        self._met.emit(number, _details(error))
        self.reported.emit(error)

    def show(self, error: BaseException) -> None:
        """Show the dialog for an exception at once, without logging it; in the GUI thread only."""
        self._show(secrets.token_hex(4).upper(), _details(error))

    def _take(self, _kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
        if isinstance(error, KeyboardInterrupt):
            sys.__excepthook__(_kind, error, _trace)
        else:
            self.report(error)

    def _take_of_thread(self, arguments: threading.ExceptHookArgs) -> None:
        if arguments.exc_value is not None:
            self.report(arguments.exc_value)

    @Slot(str, str)
    def _show(self, number: str, details: str) -> None:
        self.met += 1
        # A dialog goes with its window, without being closed.
        if self.dialog is not None and shiboken6.isValid(self.dialog):
            # One at a time: what paints badly fails at every paint.
            return
        self.dialog = CrashDialog(self._theme, number, details, self.window)
        self.dialog.finished.connect(self._closed)
        self.dialog.open()

    def _closed(self) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
            self.dialog = None


def _details(error: BaseException) -> str:
    return redact("".join(traceback.format_exception(error)))
