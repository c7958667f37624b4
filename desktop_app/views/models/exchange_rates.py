"""The exchange rates as a table."""

from collections.abc import Sequence
from enum import IntEnum
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from desktop_app.domain.language import tr
from desktop_app.services.exchange_rates import ExchangeRate
from desktop_app.views.formats import date_text, in_language

Index = QModelIndex | QPersistentModelIndex
_NOWHERE: Final = QModelIndex()


class RateColumn(IntEnum):
    """The columns."""

    PAIR = 0
    RATE = 1
    DAY = 2


class ExchangeRateModel(QAbstractTableModel):
    """Every rate, as the service lists them."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rates: tuple[ExchangeRate, ...] = ()

    def show_rates(self, rates: Sequence[ExchangeRate]) -> None:
        """Show these."""
        self.beginResetModel()
        self._rates = tuple(rates)
        self.endResetModel()

    def rate(self, row: int) -> ExchangeRate:
        """Return the rate of a row."""
        return self._rates[row]

    def rowCount(self, parent: Index = _NOWHERE) -> int:  # noqa: N802 - Qt's name
        """See Qt."""
        return 0 if parent.isValid() else len(self._rates)

    def columnCount(self, parent: Index = _NOWHERE) -> int:  # noqa: N802 - Qt's name
        """See Qt."""
        return 0 if parent.isValid() else len(RateColumn)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """See Qt."""
        if not index.isValid():
            return None
        column = RateColumn(index.column())
        if role == Qt.ItemDataRole.DisplayRole:
            return _text(self._rates[index.row()], column)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{_title(column)}, {_text(self._rates[index.row()], column)}"
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(column)
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: N802 - Qt's name
        """See Qt."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return _title(RateColumn(section))
        return _alignment(RateColumn(section)) if role == Qt.ItemDataRole.TextAlignmentRole else None


def _title(column: RateColumn) -> str:
    return {
        RateColumn.PAIR: tr("Currencies"), RateColumn.RATE: tr("Exchange rate"), RateColumn.DAY: tr("From day")
    }[column]  # fmt: skip


def _text(rate: ExchangeRate, column: RateColumn) -> str:
    if column is RateColumn.PAIR:
        return f"{rate.source} → {rate.target}"
    if column is RateColumn.RATE:
        return in_language(str(rate.rate))
    return date_text(rate.day)


def _alignment(column: RateColumn) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column is RateColumn.RATE else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter
