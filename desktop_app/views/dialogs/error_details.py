"""What there is to know about an error besides its sentence, to be copied for whoever helps."""

from datetime import datetime
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from desktop_app.domain.errors import AppError
from desktop_app.domain.language import tr
from desktop_app.log import redact
from desktop_app.views.moments import exact_moment
from desktop_app.views.widgets.notices import label

WIDTH: Final = 480
HEIGHT: Final = 150


class ErrorDetails(QDialog):
    """Shows code, time and cause of an error, without secrets.

    Args:
        title: what did not work.
        error: why.
        at: when.
        version: of the program.
        parent: the window.
    """

    def __init__(self, title: str, error: AppError, at: datetime, version: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Details"))
        self.setMinimumWidth(WIDTH)
        cause = error.__cause__
        lines = [
            tr("Time: {time}", time=exact_moment(at)), tr("Code: {code}", code=error.code), error.user_message,
            *([f"{type(cause).__name__}: {cause}"] if cause is not None else []), f"SMS Desk {version}",
        ]  # fmt: skip
        self.text = QPlainTextEdit(redact("\n".join(lines)), readOnly=True)
        self.text.setProperty("look", "code")
        self.text.setAccessibleName(tr("Details"))
        self.text.setFixedHeight(HEIGHT)
        self.copy, self.close_button = QPushButton(tr("Copy for support")), QPushButton(tr("Close"))
        self.copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.text.toPlainText()))
        self.close_button.setDefault(True)
        self.close_button.clicked.connect(self.accept)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(12)
        column.addWidget(label(title, "title"))
        column.addWidget(self.text)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addStretch()
        foot.addWidget(self.copy)
        foot.addWidget(self.close_button)
        column.addLayout(foot)
        self.close_button.setFocus()
