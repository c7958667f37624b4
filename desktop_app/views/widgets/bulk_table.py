"""The table of a bulk preview: boxes, before → after, and a note for every row that needs one."""

from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from desktop_app.domain.language import tr
from desktop_app.views.formats import DECIMALS, MISSING
from desktop_app.views.icons import FLAG, flag
from desktop_app.views.models.bulk_lines import Look, PreviewLine, PreviewSheet
from desktop_app.views.models.bulk_preview import NUMBERS, BulkPreviewModel, Column
from desktop_app.views.theme import Theme
from desktop_app.views.widgets.price_painter import PricePainter
from desktop_app.views.widgets.row_hover import RowHover

HEADER: Final = 32
TICK: Final = 44
NOTE: Final = 150
NAME: Final = 130
PADDING: Final = 8
_ARROW: Final = 22
# What is left out first where the names would have no room.
_SPARE_COLUMNS: Final = (Column.CHANGE, Column.PROFIT)
_LOOKS: Final = {
    Look.QUIET: ("text3", "text3"), Look.WARNING: ("warning_icon", "warning"), Look.DANGER: ("danger_icon", "danger")
}  # fmt: skip
Index = QModelIndex | QPersistentModelIndex


class BulkDelegate(QStyledItemDelegate):
    """One delegate for all columns."""

    def __init__(self, model: BulkPreviewModel, theme: Theme, parent: QTableView) -> None:
        super().__init__(parent)
        self._hover = RowHover(parent)
        # Asked directly: through indexes every answer is converted twice.
        self._model, self._theme = model, theme
        self._paint = PricePainter(theme)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: N802 - Qt's name
        """Return the height of every row."""
        return QSize(super().sizeHint(option, index).width(), self._theme.row_height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint background, content, and the ring of the current cell."""
        line, column = self._model.line(index.row()), Column(index.column())
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self._paint.background(
            painter, option.rect, self._background(option, line, hovered=self._hover.row == index.row())
        )
        area = option.rect.adjusted(PADDING, 0, -PADDING, 0)
        if column is Column.TICK:
            self._tick(painter, option.rect, line)
        elif column is Column.COUNTRY:
            self._country(painter, area, line)
        elif column is Column.NOTE:
            self._note(painter, area, line)
        else:
            self._figures(painter, area, line, column)
        if option.state & QStyle.StateFlag.State_HasFocus:
            self._paint.ring(painter, option.rect)
        painter.restore()

    @staticmethod
    def _background(option: QStyleOptionViewItem, line: PreviewLine, *, hovered: bool) -> str:
        if option.state & QStyle.StateFlag.State_Selected:
            return "selected"
        if line.look is Look.DANGER:
            return "danger_bg"
        if hovered:
            return "hover"
        return "subtle" if line.is_network else "surface"

    def _tick(self, painter: QPainter, area: QRect, line: PreviewLine) -> None:
        if not line.can_be_ticked:
            painter.setOpacity(0.45)
        self._paint.box(painter, area, Qt.CheckState.Checked if line.is_ticked else Qt.CheckState.Unchecked)
        painter.setOpacity(1.0)

    def _country(self, painter: QPainter, area: QRect, line: PreviewLine) -> None:
        image = None if line.is_network else flag(line.code, painter.device().devicePixelRatioF())
        if image is not None:
            painter.drawPixmap(QPoint(area.left(), area.center().y() - FLAG.height() // 2 + 1), image)
        area = area.adjusted(FLAG.width() + 8, 0, 0, 0)
        colour = "text" if line.is_ticked else "text3"
        used = self._paint.text(painter, area, line.name, colour, "body" if line.is_network else "body_medium")
        rest = area.adjusted(used + 8, 0, 0, 0)
        if rest.width() > 0:
            self._paint.text(painter, rest, line.code, "text3", "small")

    def _note(self, painter: QPainter, area: QRect, line: PreviewLine) -> None:
        if not line.note:
            return
        icon_colour, colour = _LOOKS[line.look]
        if line.note_icon:
            self._paint.mark(painter, area, line.note_icon, icon_colour)
            area = area.adjusted(20, 0, 0, 0)
        self._paint.text(painter, area, line.note, colour, "small")

    def _figures(self, painter: QPainter, area: QRect, line: PreviewLine, column: Column) -> None:
        text, before = self._model.text(line, column), self._model.before(line, column)
        colour, role = "text2", "body"
        if column in (Column.PRICE, Column.MARGIN):
            changed = before is not None
            colour, role = ("text", "body_medium") if changed else ("text3", "body")
            if line.row.is_loss and line.is_ticked:
                colour = "danger"
        elif column is Column.COST:
            colour = "text"
        if text == MISSING:
            colour = "text3"
        if column in (Column.COST, Column.PRICE):
            area, text = self._beyond(painter, area, text, self._model.spare(column), role)
        used = self._paint.text(painter, area, text, colour, role, right=True)
        if before is None:
            return
        # The usual "after" decides where the arrow stands, so that arrows stand under each other.
        slot = painter.fontMetrics().horizontalAdvance("00.0%" if column is Column.MARGIN else "0.0000")
        arrow = area.adjusted(0, 0, -max(used, slot) - 8, 0)
        self._paint.text(painter, arrow, "→", "text3", "body", right=True)
        self._paint.text(painter, arrow.adjusted(0, 0, -_ARROW, 0), before, "text2", "body", right=True)

    def _beyond(self, painter: QPainter, area: QRect, text: str, spare: int, role: str) -> tuple[QRect, str]:
        """Paint the decimals beyond the fourth, fainter, and return what is left of area and text."""
        if not spare or text == MISSING:
            return area, text
        painter.setFont(self._paint.font(role))
        width = spare * painter.fontMetrics().horizontalAdvance("0")
        point = max(text.rfind("."), text.rfind(","))
        end = point + 1 + DECIMALS
        rest = QRect(area.right() - width + 1, area.top(), width, area.height())
        self._paint.text(painter, rest, text[end:], "text3", role)
        return area.adjusted(0, 0, -width, 0), text[:end]


class BulkHeader(QHeaderView):
    """Headings over their cells; a click on the box includes all rows shown, or none."""

    all_ticked = Signal()

    def __init__(self, model: BulkPreviewModel, theme: Theme, view: QTableView) -> None:
        super().__init__(Qt.Orientation.Horizontal, view)
        self._model, self._theme = model, theme
        self._paint = PricePainter(theme)
        self.setSectionsClickable(True)
        self.sectionClicked.connect(lambda section: self.all_ticked.emit() if section == Column.TICK else None)
        theme.changed.connect(self._follow)
        self._follow()

    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:  # noqa: N802, N803 - Qt's names
        """Paint one heading."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self._paint.background(painter, rect, "subtle")
        if logicalIndex == Column.TICK:
            self._paint.box(painter, rect, self._model.tick_state())
        else:
            text = str(self._model.headerData(logicalIndex, Qt.Orientation.Horizontal))
            area = rect.adjusted(PADDING, 0, -PADDING, 0)
            self._paint.text(painter, area, text, "text2", "small_medium", right=logicalIndex in NUMBERS)
        painter.restore()

    def _follow(self) -> None:
        self.setFont(self._theme.font("small_medium"))
        self.setFixedHeight(self._theme.scaled(HEADER))
        self.viewport().update()


class BulkTable(QTableView):
    """Shows a BulkPreviewModel; Space and a click on a box include the row or leave it out."""

    def __init__(self, model: BulkPreviewModel, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._preview, self._theme = model, theme
        self._sheet, self._has_profit = PreviewSheet(), True
        self.setModel(model)
        self.setItemDelegate(BulkDelegate(model, theme, self))
        self.setAccessibleName(tr("Preview"))
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        header = BulkHeader(model, theme, self)
        header.all_ticked.connect(model.toggle_all)
        self.setHorizontalHeader(header)
        header.setSectionResizeMode(Column.COUNTRY, QHeaderView.ResizeMode.Stretch)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        theme.changed.connect(self._follow)
        self._follow()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Toggle a box when it is pressed; select as usual."""
        super().mousePressEvent(event)
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and index.column() == Column.TICK and event.button() is Qt.MouseButton.LeftButton:
            self._preview.toggle(index.row())

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Toggle the current row with Space; the rest as usual."""
        if event.key() == Qt.Key.Key_Space and self.currentIndex().isValid():
            self._preview.toggle(self.currentIndex().row())
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint as usual, but from Python: the interpreter is asked for once then, and not anew for each cell."""
        super().paintEvent(event)

    def fit(self, sheet: PreviewSheet, *, has_profit: bool) -> None:
        """Make the columns as wide as their widest figures; without any volume the profit says nothing."""
        self._sheet, self._has_profit = sheet, has_profit
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Leave out what has no room."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        widths = self._widths()
        for column, width in widths.items():
            self.setColumnWidth(column, width)
        hidden = set() if self._has_profit else {Column.PROFIT}
        for column in _SPARE_COLUMNS:
            room = self.viewport().width() - sum(width for one, width in widths.items() if one not in hidden)
            if room < self._theme.scaled(NAME):
                hidden.add(column)
        for column in _SPARE_COLUMNS:
            self.setColumnHidden(column, column in hidden)

    def _widths(self) -> dict[Column, int]:
        """Return what each column but the country's needs: its heading, and its widest figure."""
        body, small = QFontMetrics(self._theme.font("body_medium")), QFontMetrics(self._theme.font("small_medium"))
        digit, spare = body.horizontalAdvance("0"), self._sheet.spare

        def pair(texts: tuple[str, str]) -> int:
            return sum(map(body.horizontalAdvance, texts)) + _ARROW + 12

        figures = {
            Column.COST: body.horizontalAdvance("0.0000") + spare[0] * digit,
            Column.PRICE: pair(self._sheet.prices) + spare[1] * digit,
            Column.CHANGE: body.horizontalAdvance("+00.0%"),
            Column.MARGIN: pair(self._sheet.margins),
            Column.PROFIT: body.horizontalAdvance("+0,000.00"),
        }
        widths = {Column.TICK: self._theme.scaled(TICK), Column.NOTE: self._theme.scaled(NOTE)}
        for column, width in figures.items():
            heading = small.horizontalAdvance(str(self._preview.headerData(column, Qt.Orientation.Horizontal)))
            widths[column] = max(width, heading) + 2 * PADDING + 4
        return widths

    def _follow(self) -> None:
        self.verticalHeader().setDefaultSectionSize(self._theme.row_height)
        self._fit()
        self.viewport().update()
