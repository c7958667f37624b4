"""What stands in the place of a field for those who have no value for it."""

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QLineEdit, QWidget

from desktop_app.domain.language import tr, trn
from desktop_app.views.widgets.notices import label


class FallbackFields(QWidget):
    """One line per field that somebody has no value for; ``edited`` when the person wrote in one."""

    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._texts: dict[str, str] = {}
        self.fields: dict[str, QLineEdit] = {}
        self._notes: dict[str, QLabel] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(10)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnStretch(1, 1)
        self.hide()

    @property
    def values(self) -> Mapping[str, str]:
        """What was written, by field."""
        return {name: text for name, text in self._texts.items() if text.strip()}

    def show_values(self, values: Mapping[str, str]) -> None:
        """Show what was written before."""
        self._texts = dict(values)
        for name, field in self.fields.items():
            field.setText(self._texts.get(name, ""))

    def need(self, lacking: Mapping[str, int]) -> None:
        """Ask for a fallback for each of these fields; how many recipients have no value for it stands beside it."""
        if list(lacking) != list(self.fields):
            self._rebuild(lacking)
        for name, count in lacking.items():
            self._notes[name].setText(
                trn("{count:,} recipient has none", "{count:,} recipients have none", count)
            )  # fmt: skip
        self.setVisible(bool(lacking))

    def _rebuild(self, lacking: Mapping[str, int]) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        self.fields.clear()
        self._notes.clear()
        for row, name in enumerate(lacking):
            caption, field, note = (
                label(tr("Instead of {field}", field=f"{{{name}}}"), "field"),
                QLineEdit(),
                label("", "facts"),
            )
            caption.setBuddy(field)
            field.setPlaceholderText(tr("Needed where it is missing"))
            field.setAccessibleName(caption.text())
            field.setText(self._texts.get(name, ""))
            field.textEdited.connect(lambda text, name=name: self._keep(name, text))
            self.fields[name], self._notes[name] = field, note
            for column, part in enumerate((caption, field, note)):
                self._grid.addWidget(part, row, column)

    def _keep(self, name: str, text: str) -> None:
        self._texts[name] = text
        self.edited.emit()
