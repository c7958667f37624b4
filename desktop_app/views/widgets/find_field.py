"""The field that finds something in a list: a glass at its beginning, a cross at its end while something is typed."""

from PySide6.QtWidgets import QLineEdit

from desktop_app.domain.language import tr
from desktop_app.views.icons import icon
from desktop_app.views.theme import Theme


class FindField(QLineEdit):
    """Shows ``hint`` while it is empty; a screen reader calls it ``name``, or what the hint says."""

    def __init__(self, theme: Theme, hint: str, name: str = "") -> None:
        super().__init__(placeholderText=hint, clearButtonEnabled=True)
        self._theme = theme
        self.setAccessibleName(name or hint)
        self._glass = self.addAction(icon(theme, "search", "text3"), QLineEdit.ActionPosition.LeadingPosition)
        self._glass.setText(tr("Find"))
        theme.changed.connect(self._follow)

    def _follow(self) -> None:
        self._glass.setIcon(icon(self._theme, "search", "text3"))
