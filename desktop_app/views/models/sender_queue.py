"""The queue of sender IDs: chips, search, and what a card says."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any, Final

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from desktop_app.domain.language import tr, trn
from desktop_app.domain.sender_ids import ApprovalStatus
from desktop_app.services.clock import Clock
from desktop_app.services.sender_reviews import QueueItem
from desktop_app.views.formats import folded
from desktop_app.views.models.sender_words import age_text, fact_of

ITEM_ROLE: Final = Qt.ItemDataRole.UserRole + 1
Index = QModelIndex | QPersistentModelIndex
_ROOT: Final = QModelIndex()


class Chip(StrEnum):
    """The quick filters, in their order."""

    WAITING = "waiting"
    AT_PROVIDER = "at_provider"
    EXPIRING = "expiring"
    APPROVED = "approved"
    REJECTED = "rejected"


def chip_text(chip: Chip) -> str:
    """Return what a chip says."""
    return {
        Chip.WAITING: tr("Waiting"), Chip.AT_PROVIDER: tr("At provider"), Chip.APPROVED: tr("Approved"),
        Chip.REJECTED: tr("Rejected"), Chip.EXPIRING: tr("Expiring"),
    }[chip]  # fmt: skip


def is_in(item: QueueItem, chip: Chip) -> bool:
    """Return whether a request belongs under a chip; it may under several."""
    if chip is Chip.EXPIRING:
        return item.ends_at is not None or bool(item.statuses.get(ApprovalStatus.EXPIRED))
    status = {
        Chip.WAITING: ApprovalStatus.PENDING, Chip.AT_PROVIDER: ApprovalStatus.AT_PROVIDER,
        Chip.APPROVED: ApprovalStatus.APPROVED, Chip.REJECTED: ApprovalStatus.REJECTED,
    }[chip]  # fmt: skip
    return bool(item.statuses.get(status))


class SenderQueueModel(QAbstractListModel):
    """Shows the requests under a chip whose sender ID or client holds a text."""

    def __init__(self, clock: Clock, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._clock = clock
        self._all: tuple[QueueItem, ...] = ()
        self._shown: list[QueueItem] = []
        self.chip, self._text = Chip.WAITING, ""

    def show_items(self, items: Sequence[QueueItem]) -> None:
        """Show these requests from now on."""
        self._all = tuple(items)
        self._show_found()

    def set_filter(self, chip: Chip, text: str) -> None:
        """Show what belongs under a chip and holds a text; a text is looked for under every chip."""
        self.chip, self._text = chip, folded(text)
        self._show_found()

    def count(self, chip: Chip) -> int:
        """Return how many requests belong under a chip."""
        return sum(is_in(item, chip) for item in self._all)

    @property
    def items(self) -> tuple[QueueItem, ...]:
        """All requests."""
        return self._all

    def item(self, row: int) -> QueueItem:
        """Return the request in a row."""
        return self._shown[row]

    def row_of(self, sender_id: int) -> int:
        """Return the row of a request, -1 when it is not shown."""
        return next((row for row, item in enumerate(self._shown) if item.sender_id == sender_id), -1)

    def find(self, sender_id: int) -> QueueItem | None:
        """Return a request, shown or not."""
        return next((item for item in self._all if item.sender_id == sender_id), None)

    def rowCount(self, parent: Index = _ROOT) -> int:  # noqa: N802 - Qt's name
        """Return how many are shown."""
        return 0 if parent.isValid() else len(self._shown)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the request, its name, and what a screen reader says."""
        if not index.isValid() or index.row() >= len(self._shown):
            return None
        item = self._shown[index.row()]
        if role == ITEM_ROLE:
            return item
        if role == Qt.ItemDataRole.DisplayRole:
            return item.sender
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._spoken(item)
        return None

    def _spoken(self, item: QueueItem) -> str:
        now = self._clock()
        late = tr("over the target") if item.due_at is not None and item.due_at < now else ""
        countries = trn("{count} country", "{count} countries", len(item.open_countries))
        parts = (item.sender, item.client, fact_of(item, now)[0], age_text(item.asked_at, now), late, countries)
        return ", ".join(part for part in parts if part)

    def _show_found(self) -> None:
        found = [item for item in self._all if self._matches(item)]
        if found and [one.sender_id for one in found] == [one.sender_id for one in self._shown]:
            self._shown = found
            self.dataChanged.emit(self.index(0), self.index(len(found) - 1))
            return
        self.beginResetModel()
        self._shown = found
        self.endResetModel()

    def _matches(self, item: QueueItem) -> bool:
        if self._text:
            return self._text in folded(item.sender) or self._text in folded(item.client)
        return is_in(item, self.chip)
