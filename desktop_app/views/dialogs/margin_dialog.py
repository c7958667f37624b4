"""Asks for the margin that rows are filtered by."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from desktop_app.domain.errors import InvalidInput
from desktop_app.domain.language import tr
from desktop_app.views.dialogs.bulk_dialogs import BulkDialog
from desktop_app.views.models.price_conditions import margin_value
from desktop_app.views.screen import Workplace
from desktop_app.views.widgets.notices import label


class MarginDialog(BulkDialog):
    """``chosen`` carries the margin as an address has it ("12.5")."""

    chosen = Signal(str)

    def __init__(self, place: Workplace, parent: QWidget) -> None:
        detail = tr("Countries that earn less, or one of whose networks does.")
        super().__init__(place, tr("Margin below"), detail, tr("Filter prices"), parent)
        self.field = QLineEdit(placeholderText="12.5")
        self.field.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.problem = label("", "error")
        self.problem.setWordWrap(True)
        self.problem.hide()
        self.field.textChanged.connect(self._check)
        self.done_button.clicked.connect(self._choose)
        self.done_button.setEnabled(False)
        self.ask(((tr("Margin in percent"), self.field),))
        self._column.insertWidget(self._column.count() - 1, self.problem)
        self.field.setFocus()

    def _check(self, text: str) -> None:
        self.done_button.setEnabled(bool(text.strip()))
        self.problem.hide()

    def _choose(self) -> None:
        try:
            margin = margin_value(self.field.text())
        except InvalidInput as error:
            self.problem.setText(error.user_message)
            self.problem.show()
            self.field.setFocus()
            return
        self.accept()
        self.chosen.emit(margin)
