"""Asks for the vault's passphrase from a thread that works, where this computer has no keyring."""

import threading
from typing import Final

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from desktop_app.domain.language import tr
from desktop_app.views.widgets.notices import label

WIDTH: Final = 440


class PassphraseDialog(QDialog):
    """One field; an empty answer and Cancel both mean: without.

    Args:
        parent: the window.
        why: what was wrong with the one before, "" at first.

    Attributes:
        field: where it is typed, unseen.
        error: what was wrong with the one before.
    """

    def __init__(self, parent: QWidget | None, why: str = "") -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Unlock the vault"))
        self.setFixedWidth(WIDTH)
        self.field = QLineEdit(echoMode=QLineEdit.EchoMode.Password)
        caption = label(tr("Passphrase"), "field")
        caption.setBuddy(self.field)
        self.error = label(why, "error")
        self.error.setWordWrap(True)
        if not why:
            self.error.hide()
        self.field.setProperty("invalid", bool(why))
        self.field.setAccessibleDescription(why)
        text = tr(
            "This computer has no secure store for keys, so SMS Desk keeps them in a vault. Its passphrase opens them, "
            "the first one you type makes the vault. Without it, keys are kept until you close SMS Desk."
        )
        sentence = label(text, "facts")
        sentence.setWordWrap(True)
        self.unlock, cancel = QPushButton(tr("Unlock")), QPushButton(tr("Continue without"))
        self.unlock.setProperty("look", "primary")
        self.unlock.setDefault(True)
        self.unlock.clicked.connect(self.accept)
        cancel.clicked.connect(self.reject)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch()
        row.addWidget(cancel)
        row.addWidget(self.unlock)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(8)
        for part in (label(tr("Unlock the vault"), "h2"), sentence, caption, self.field, self.error):
            column.addWidget(part)
        column.addSpacing(8)
        column.addLayout(row)
        self.field.setFocus()


class PassphraseBridge(QObject):
    """``ask`` is called by a thread that works and waits there; the dialog is shown in the GUI thread.

    Attributes:
        window: the window the dialog stands above.
        dialog: the one that is open, None while there is none.
    """

    _wanted = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.window: QWidget | None = None
        self.dialog: PassphraseDialog | None = None
        self._closed = threading.Event()
        self._wanted.connect(self._show, Qt.ConnectionType.QueuedConnection)

    def ask(self, why: str = "") -> str | None:
        """Return what the person typed, None for nothing; never called in the GUI thread.

        Args:
            why: why it is asked again, "" at first.
        """
        answer = _Answer(why)
        self._wanted.emit(answer)
        while not answer.given.wait(0.1):
            if self._closed.is_set():
                return None
        return answer.text or None

    def close(self) -> None:
        """Let whoever waits go on without an answer: the window is closing."""
        self._closed.set()

    @Slot(object)
    def _show(self, answer: "_Answer") -> None:
        if self._closed.is_set():
            return
        dialog = self.dialog = PassphraseDialog(self.window, answer.why)

        def finished(result: int) -> None:
            answer.text = dialog.field.text() if result == QDialog.DialogCode.Accepted else ""
            answer.given.set()
            self.dialog = None
            dialog.deleteLater()

        dialog.finished.connect(finished)
        dialog.open()


class _Answer:
    """What crosses from the GUI thread to the one that waits."""

    def __init__(self, why: str) -> None:
        self.why = why
        self.given = threading.Event()
        self.text = ""
