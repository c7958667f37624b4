"""Settings › About: versions, diagnostics without secrets, and the licences of what others made."""

from PySide6.QtCore import qVersion
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton

from desktop_app.domain.language import tr
from desktop_app.services.diagnostics import Component
from desktop_app.services.job import Job
from desktop_app.views.screen import Workplace
from desktop_app.views.screens.settings_pages.page import Page, Row
from desktop_app.views.widgets.notices import label


class AboutPage(Page):
    """What the program is made of."""

    name = "about"
    icon = "info"

    def __init__(self, place: Workplace) -> None:
        super().__init__(place)
        self._diagnostics = place.parts.diagnostics
        self.copy_button = QPushButton(tr("Copy"))
        self.copy_button.setAccessibleName(tr("Copy the diagnostics"))
        self.copy_button.setEnabled(False)
        self.copy_button.clicked.connect(self._copy)
        self.version = label("", "strong")
        self.report = Row(tr("Diagnostics for support"), "", self.copy_button, tr("log version system"))
        self.add_card("", Row(tr("SMS Desk"), tr("Administration for resellers of international SMS."), self.version),
                      self.report)  # fmt: skip
        self._licences = self.add_part()
        self.end()
        self._text = ""

    @property
    def title(self) -> str:
        """See Page."""
        return tr("About")

    def shown(self) -> None:
        """See Page."""
        if self._text:
            return
        diagnostics, qt = self._diagnostics, f"{qVersion()} ({QGuiApplication.platformName()})"

        def read(_job: Job) -> tuple[str, str, list[Component]]:
            return diagnostics.version(), diagnostics.report(qt), diagnostics.components()

        self.place.tasks.query(read, owner=self, on_success=self._show)

    def _show(self, found: tuple[str, str, list[Component]]) -> None:
        version, self._text, components = found
        self.version.setText(version)
        self.report.show_detail(self._text)
        self.copy_button.setEnabled(True)
        rows = [Row(f"{one.name} {one.version}".strip(), one.licence, None) for one in components]
        self.add_card(tr("Made with"), *rows, into=self._licences)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._text)
        self.place.notices.say(tr("Diagnostics copied"))
