"""Tells under the bell, and by mail where the team wants that, what begins to need a person."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QObject, QTimer

from desktop_app.domain.errors import AppError
from desktop_app.services.attention import AttentionItem
from desktop_app.views.models.activity_rows import country_names
from desktop_app.views.models.attention_words import ICONS, attention_button, attention_detail, attention_title
from desktop_app.views.screen import Workplace
from desktop_app.workers.runner import TaskHandle

LOOK_MILLISECONDS: Final = 60_000


class NoticeRound(QObject):
    """Looks each minute, for as long as ``parent`` lives."""

    def __init__(self, place: Workplace, parent: QObject) -> None:
        super().__init__(parent)
        self._place = place
        self._task: TaskHandle | None = None
        self._timer = QTimer(self, interval=LOOK_MILLISECONDS)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    def look(self) -> None:
        """Look now."""
        if self._task is not None and not self._task.finished:
            return
        parts = self._place.parts
        self._task = self._place.tasks.query(
            lambda job: parts.notices.look(self._say, job, may_mail=not parts.sandbox), owner=self, on_success=self._tell,
            on_error=self._stay_quiet,
        )  # fmt: skip

    def _say(self, item: AttentionItem) -> tuple[str, str]:
        parts = self._place.parts
        name = country_names(parts.language)
        names = {iso: name(iso) for iso in item.names if len(iso) == 2}
        return attention_title(item), attention_detail(item, names, parts.clock())

    def _tell(self, items: Sequence[AttentionItem]) -> None:
        for item in items:
            title, detail = self._say(item)
            self._place.notices.notify(title, detail, attention_button(item)[1], ICONS[item.kind][0])

    def _stay_quiet(self, _error: AppError) -> None:
        """The database does not answer just now, which whoever works with it is told; the next look tries again."""
