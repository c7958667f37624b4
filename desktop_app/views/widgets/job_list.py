"""The jobs of this session, finished ones too, as a table."""

from datetime import datetime

from PySide6.QtWidgets import QStackedWidget

from desktop_app.domain.language import tr
from desktop_app.views.jobs import JobEntry, JobState
from desktop_app.views.models.cell_looks import CellLook
from desktop_app.views.models.record_rows import Heading, Row, RowsModel
from desktop_app.views.moments import moment_text
from desktop_app.views.screen import Workplace
from desktop_app.views.widgets.notices import Placeholder
from desktop_app.views.widgets.record_table import RecordView

_LOOKS = {
    JobState.RUNNING: ("info", "loader-circle"), JobState.DONE: ("success", "circle-check"),
    JobState.FAILED: ("danger", "circle-x"), JobState.CANCELLED: ("neutral", "circle-slash"),
}  # fmt: skip


class JobList(QStackedWidget):
    """Shows what the JobBoard holds, newest first."""

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self._place = place
        headings = Heading(tr("Job")), Heading(tr("State")), Heading(tr("Started")), Heading(tr("Result"))
        self.model: RowsModel[JobEntry] = RowsModel(headings, key=id)
        self.table = RecordView(self.model, place.theme, tr("Jobs of this session"), {0: 280, 1: 130, 2: 130}, 3)
        self.placeholder = Placeholder(place.theme)
        self.placeholder.show_text(
            "loader-circle", tr("No job in this session"), tr("Syncs, exports and bulk changes are listed here."), ""
        )
        self.addWidget(self.placeholder)
        self.addWidget(self.table)
        place.jobs.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show how the jobs stand now."""
        now = self._place.parts.clock()
        self.model.show_rows(tuple(self._row(entry, now) for entry in self._place.jobs.entries))
        self.setCurrentWidget(self.table if self.model.rowCount() else self.placeholder)

    @staticmethod
    def _row(entry: JobEntry, now: datetime) -> Row[JobEntry]:
        states = {
            JobState.RUNNING: tr("Running"), JobState.DONE: tr("Finished"), JobState.FAILED: tr("Failed"),
            JobState.CANCELLED: tr("Cancelled"),
        }  # fmt: skip
        tint, image = _LOOKS[entry.state]
        texts = entry.name, states[entry.state], moment_text(entry.started, now), entry.message
        looks = (
            CellLook("text", "body_medium", icon=entry.icon), CellLook(pill=tint, icon=image), CellLook("text2"),
            CellLook("text2"),
        )  # fmt: skip
        return Row(entry, texts, looks, spoken=", ".join(text for text in texts if text))
