"""Asks for previews in the data lane: one at a time, the newest order next; answers that came too late are dropped."""

from collections.abc import Mapping
from dataclasses import dataclass
from time import perf_counter

from PySide6.QtCore import QObject, Signal

from desktop_app.domain.bulk_edits import EditOrder
from desktop_app.domain.errors import AppError
from desktop_app.services.bulk_edit import BulkEditService, EditBasis, Preview
from desktop_app.services.job import Job
from desktop_app.views.models.bulk_lines import PreviewSheet, preview_sheet
from desktop_app.workers.runner import TaskRunner


@dataclass(frozen=True, slots=True)
class ShownPreview:
    """A preview as the table shows it; ``milliseconds`` is how long it took."""

    preview: Preview
    sheet: PreviewSheet
    milliseconds: int


class Previewer(QObject):
    """Turns orders into previews.

    Signals:
        arrived: the ShownPreview of the newest order.
        failed: the AppError.
    """

    arrived = Signal(object)
    failed = Signal(object)

    def __init__(self, service: BulkEditService, tasks: TaskRunner, parent: QObject) -> None:
        super().__init__(parent)
        self._service, self._tasks = service, tasks
        self._wanted: tuple[EditOrder, EditBasis, Mapping[str, str]] | None = None
        self._is_busy = False

    @property
    def is_settled(self) -> bool:
        """Whether the newest order was answered."""
        return not self._is_busy and self._wanted is None

    def ask(self, order: EditOrder, basis: EditBasis, names: Mapping[str, str]) -> None:
        """Ask for the preview of ``order``; whatever was asked before counts no more."""
        self._wanted = (order, basis, names)
        if not self._is_busy:
            self._start()

    def forget(self) -> None:
        """Drop what was asked for and is not answered."""
        self._wanted = None

    def _start(self) -> None:
        if self._wanted is None:
            return
        asked, service = self._wanted, self._service
        order, basis, names = asked
        self._is_busy = True

        def work(_job: Job) -> ShownPreview:
            begin = perf_counter()
            preview = service.preview(order, basis)
            sheet = preview_sheet(preview, basis, names)
            return ShownPreview(preview, sheet, round((perf_counter() - begin) * 1000))

        def done(shown: ShownPreview) -> None:
            self._is_busy = False
            if self._wanted is asked:
                self._wanted = None
                self.arrived.emit(shown)
            self._start()

        def failed(error: AppError) -> None:
            self._is_busy = False
            self._wanted = None if self._wanted is asked else self._wanted
            self.failed.emit(error)
            self._start()

        self._tasks.query(work, owner=self, on_success=done, on_error=failed)
