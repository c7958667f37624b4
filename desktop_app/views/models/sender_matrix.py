"""How every sender ID stands in every country: rows and columns of the status matrix."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from desktop_app.domain.language import tr
from desktop_app.domain.sender_ids import Alphanumeric, ApprovalStatus, rule_for
from desktop_app.services.sender_reviews import Matrix, MatrixRow
from desktop_app.views.formats import date_text, folded, plain_tip
from desktop_app.views.models.sender_words import STATUS_LOOKS, status_text

Index = QModelIndex | QPersistentModelIndex
_ROOT: Final = QModelIndex()
CELL_ROLE: Final = Qt.ItemDataRole.UserRole + 1


class CellState(StrEnum):
    """What a cell says: the states of the legend, in their order, and nothing."""

    APPROVED = "approved"
    WAITING = "waiting"
    AT_PROVIDER = "at_provider"
    REJECTED = "rejected"
    EXPIRED = "expired"
    NUMBER = "number"
    FREE = "free"
    NONE = "none"


_BY_STATUS: Final = {
    ApprovalStatus.APPROVED: CellState.APPROVED, ApprovalStatus.PENDING: CellState.WAITING,
    ApprovalStatus.AT_PROVIDER: CellState.AT_PROVIDER, ApprovalStatus.REJECTED: CellState.REJECTED,
    ApprovalStatus.EXPIRED: CellState.EXPIRED,
}  # fmt: skip
# (tint, icon); without a tint only the icon is painted.
CELL_LOOKS: Final = {
    CellState.APPROVED: STATUS_LOOKS[ApprovalStatus.APPROVED], CellState.WAITING: STATUS_LOOKS[ApprovalStatus.PENDING],
    CellState.AT_PROVIDER: STATUS_LOOKS[ApprovalStatus.AT_PROVIDER],
    CellState.REJECTED: STATUS_LOOKS[ApprovalStatus.REJECTED], CellState.EXPIRED: STATUS_LOOKS[ApprovalStatus.EXPIRED],
    CellState.NUMBER: ("neutral", "hash"), CellState.FREE: ("", "check"), CellState.NONE: ("", ""),
}  # fmt: skip


def cell_text(state: CellState) -> str:
    """Return what a state is called."""
    by_status = {cell: status_text(status) for status, cell in _BY_STATUS.items()}
    return {
        **by_status, CellState.WAITING: tr("Waiting"), CellState.NUMBER: tr("Number shown"),
        CellState.FREE: tr("Free, no approval"), CellState.NONE: tr("Never requested"),
    }[state]  # fmt: skip


@dataclass(frozen=True, slots=True)
class MatrixFilter:
    """Which rows are shown: of a client, with a cell in a state, holding a text; what is empty does not narrow."""

    client: str = ""
    state: CellState | None = None
    text: str = ""


class SenderMatrixModel(QAbstractTableModel):
    """Shows a Matrix; its header at the left holds sender ID and client."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.matrix = Matrix((), (), {})
        self._rows: list[MatrixRow] = []
        self._filter = MatrixFilter()
        self._name_of: Callable[[str], str] = str

    def show_matrix(self, matrix: Matrix, name_of: Callable[[str], str]) -> None:
        """Show another matrix."""
        same = matrix.countries == self.matrix.countries
        self._name_of = name_of
        before = [row.sender_id for row in self._rows]
        found = [row for row in matrix.rows if self._matches(row, matrix)]
        if same and before == [row.sender_id for row in found]:
            self.matrix, self._rows = matrix, found
            if found:
                self.dataChanged.emit(self.index(0, 0), self.index(len(found) - 1, len(matrix.countries) - 1))
            return
        self.beginResetModel()
        self.matrix, self._rows = matrix, found
        self.endResetModel()

    def set_filter(self, wanted: MatrixFilter) -> None:
        """Show only what is wanted."""
        self.beginResetModel()
        self._filter = wanted
        self._rows = [row for row in self.matrix.rows if self._matches(row, self.matrix)]
        self.endResetModel()

    @property
    def shown(self) -> tuple[MatrixRow, ...]:
        """The rows that are shown."""
        return tuple(self._rows)

    def row(self, row: int) -> MatrixRow:
        """Return a row."""
        return self._rows[row]

    def state(self, row: int, column: int) -> CellState:
        """Return what a cell says."""
        return _state(self._rows[row], self.matrix.countries[column], self.matrix)

    def rowCount(self, parent: Index = _ROOT) -> int:  # noqa: N802 - Qt's name
        """Return how many sender IDs are shown."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _ROOT) -> int:  # noqa: N802 - Qt's name
        """Return how many countries there are."""
        return 0 if parent.isValid() else len(self.matrix.countries)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return state, words and tooltip."""
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        if role == CELL_ROLE:
            return self.state(index.row(), index.column())
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            tip = self._tip(index.row(), index.column())
            return plain_tip(tip) if role == Qt.ItemDataRole.ToolTipRole else tip
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignCenter
        return None

    def headerData(  # noqa: N802 - Qt's name
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return the ISO code or the sender ID; as tooltip the country's name or the client."""
        across = orientation is Qt.Orientation.Horizontal
        if not 0 <= section < (len(self.matrix.countries) if across else len(self._rows)):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.matrix.countries[section] if across else self._rows[section].sender.text
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            if across:
                return self._name_of(self.matrix.countries[section])
            text = f"{self._rows[section].sender.text}, {self._rows[section].client}"
            return plain_tip(text) if role == Qt.ItemDataRole.ToolTipRole else text
        return None

    def _tip(self, row: int, column: int) -> str:
        one, iso = self._rows[row], self.matrix.countries[column]
        parts = [one.sender.text, self._name_of(iso), cell_text(self.state(row, column))]
        approval = one.states.get(iso)
        if approval is not None:
            if approval.status is ApprovalStatus.APPROVED and approval.expires_at is not None:
                parts.append(tr("until {day}", day=date_text(approval.expires_at.astimezone().date())))
            if approval.decided_by:
                parts.append(approval.decided_by)
        return ", ".join(parts)

    def _matches(self, row: MatrixRow, matrix: Matrix) -> bool:
        wanted, text = self._filter, folded(self._filter.text)
        if wanted.client and row.client != wanted.client:
            return False
        if text and text not in folded(row.sender.text) and text not in folded(row.client):
            return False
        return wanted.state is None or any(_state(row, iso, matrix) is wanted.state for iso in matrix.countries)


def _state(row: MatrixRow, iso: str, matrix: Matrix) -> CellState:
    rule, approval = rule_for(matrix.rules, iso), row.states.get(iso)
    if approval is not None and approval.status in _BY_STATUS:
        return _BY_STATUS[approval.status]
    if rule.alphanumeric is Alphanumeric.NO:
        return CellState.FREE if row.sender.is_number else CellState.NUMBER
    return CellState.NONE if rule.needs_approval else CellState.FREE
