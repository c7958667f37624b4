"""A table of records with one delegate: rows with a separator, tones, icons, flags and pills instead of a grid."""

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import QAbstractItemModel, QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QFontMetrics, QGuiApplication, QKeyEvent, QKeySequence, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QTableView,
    QWidget,
)

from desktop_app.views.icons import FLAG, flag, pixmap
from desktop_app.views.models.cell_looks import LOOK_ROLE, PLAIN
from desktop_app.views.theme import Theme
from desktop_app.views.widgets.framed_delegate import FramedDelegate, Index

HEADER_HEIGHT: Final = 32
PADDING: Final = 12
EDGE: Final = 20
ICON: Final = 14


def paint_text(
    painter: QPainter, theme: Theme, area: QRect, text: str, tone: str, role: str, *, right: bool = False
) -> int:  # fmt: skip
    """Paint one line of text, elided at its end, and return how wide it is."""
    painter.setFont(theme.font(role))
    painter.setPen(theme.colour(tone))
    shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, area.width())
    side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
    painter.drawText(area, side | Qt.AlignmentFlag.AlignVCenter, shown)
    return painter.fontMetrics().horizontalAdvance(shown)


def paint_pill(
    painter: QPainter, theme: Theme, area: QRect, text: str, tint: str, icon: str = "", *, right: bool = False
) -> None:  # fmt: skip
    """Paint text on a tint with round ends, as wide as it needs to be."""
    painter.setFont(theme.font("caption"))
    room = ICON + 5 if icon else 0
    width = min(area.width(), painter.fontMetrics().horizontalAdvance(text) + room + 18)
    height = theme.scaled(20)
    left = area.right() - width + 1 if right else area.left()
    place = QRectF(left, area.center().y() - height / 2 + 0.5, width, height)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.colour(f"{tint}_bg"))
    painter.drawRoundedRect(place, height / 2, height / 2)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    inside = place.toRect().adjusted(9, 0, -8, 0)
    if icon:
        paint_icon(painter, theme, inside.left() - 1, inside, icon, tint, 12)
        inside.setLeft(inside.left() + room - 2)
    paint_text(painter, theme, inside, text, tint, "caption")


def paint_icon(painter: QPainter, theme: Theme, left: int, area: QRect, name: str, tone: str, size: int = ICON) -> None:
    """Paint an icon in the middle of ``area``'s height."""
    image = pixmap(name, theme.colour(tone).name(), size, painter.device().devicePixelRatioF())
    painter.drawPixmap(QPoint(left, area.center().y() - size // 2 + 1), image)


class RecordDelegate(FramedDelegate):
    """Paints what the model's LOOK_ROLE says."""

    def paint_content(self, painter: QPainter, area: QRect, index: Index) -> None:
        """Paint text, pill, icon or flag of a cell."""
        self._content(painter, area.adjusted(EDGE if index.column() == 0 else PADDING, 0, -PADDING, 0), index)

    def _content(self, painter: QPainter, area: QRect, index: Index) -> None:
        look = index.data(LOOK_ROLE) or PLAIN
        text, right = str(index.data() or ""), self._is_right(index)
        if look.pill and text:
            paint_pill(painter, self._theme, area, text, look.pill, look.icon, right=right)
            return
        if look.flag:
            image = flag(look.flag, painter.device().devicePixelRatioF())
            if image is not None:
                painter.drawPixmap(QPoint(area.left(), area.center().y() - FLAG.height() // 2 + 1), image)
            area = area.adjusted(FLAG.width() + 8, 0, 0, 0)
        elif look.icon:
            paint_icon(painter, self._theme, area.left(), area, look.icon, look.icon_tone)
            area = area.adjusted(ICON + 8, 0, 0, 0)
        used = paint_text(painter, self._theme, area, text, look.tone, look.role, right=right)
        rest = area.adjusted(used + 8, 0, 0, 0)
        # A few letters of it say nothing.
        needed = QFontMetrics(self._theme.font("small")).horizontalAdvance(look.faint)
        if look.faint and needed <= rest.width() and not right:
            paint_text(painter, self._theme, rest, look.faint, "text3", "small")

    @staticmethod
    def _is_right(index: Index) -> bool:
        alignment = index.data(Qt.ItemDataRole.TextAlignmentRole)
        return alignment is not None and bool(Qt.AlignmentFlag(alignment) & Qt.AlignmentFlag.AlignRight)


class RecordView(QTableView):
    """Shows records: whole rows are selected, the arrow keys move by cell, Ctrl+C copies the selected rows.

    Args:
        model: gives LOOK_ROLE besides the usual roles.
        theme: colours and fonts.
        name: what a screen reader calls the table.
        widths: pixels by column; the column ``stretched`` takes what is left.
        stretched: a column.
    """

    def __init__(
        self, model: QAbstractItemModel, theme: Theme, name: str, widths: Mapping[int, int], stretched: int,
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._theme, self._widths = theme, dict(widths)
        self.setModel(model)
        self.setItemDelegate(RecordDelegate(theme, self))
        self.setAccessibleName(name)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = self.horizontalHeader()
        header.setAccessibleName(name)
        header.setHighlightSections(False)
        header.setSectionResizeMode(stretched, QHeaderView.ResizeMode.Stretch)
        theme.changed.connect(self._follow)
        self._follow()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Copy with the key for it; the rest as usual."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
            return
        super().keyPressEvent(event)

    def widen_columns(self) -> None:
        """Give a column more room where it shows more than fits, until the table is empty; the stretched one has less."""
        model = self.model()
        inside, above = (QFontMetrics(self._theme.font(role)) for role in ("body_medium", "small_medium"))
        for column, usual in self._widths.items():
            title = str(model.headerData(column, Qt.Orientation.Horizontal) or "")
            texts = (str(model.index(row, column).data() or "") for row in range(model.rowCount()))
            needed = max(above.horizontalAdvance(title), *map(inside.horizontalAdvance, texts), 0) + 2 * PADDING + 1
            former = self.columnWidth(column) if model.rowCount() else self._theme.scaled(usual)
            self.setColumnWidth(column, max(needed, former))

    def copy(self) -> None:
        """Put the selected rows on the clipboard, cells apart by tabs."""
        model, shown = self.model(), range(self.model().columnCount())
        rows = sorted(index.row() for index in self.selectionModel().selectedRows())
        lines = ["\t".join(str(model.index(row, column).data() or "") for column in shown) for row in rows]
        QGuiApplication.clipboard().setText("\n".join(lines))

    def _follow(self) -> None:
        header = self.horizontalHeader()
        header.setFont(self._theme.font("small_medium"))
        header.setFixedHeight(self._theme.scaled(HEADER_HEIGHT))
        self.verticalHeader().setDefaultSectionSize(self._theme.row_height)
        for column, width in self._widths.items():
            self.setColumnWidth(column, self._theme.scaled(width))
        self.viewport().update()
