"""The status matrix: sender IDs down, countries across; arrows move, Enter opens the request."""

from pathlib import Path
from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from desktop_app.domain.errors import AppError
from desktop_app.domain.language import tr, trn
from desktop_app.services.job import Job
from desktop_app.services.sender_reviews import Matrix
from desktop_app.views.icons import FLAG, flag
from desktop_app.views.models.activity_rows import country_names
from desktop_app.views.models.sender_matrix import (
    CELL_LOOKS,
    CELL_ROLE,
    CellState,
    MatrixFilter,
    SenderMatrixModel,
    cell_text,
)
from desktop_app.views.screen import Workplace
from desktop_app.views.theme import Theme
from desktop_app.views.widgets.find_field import FindField
from desktop_app.views.widgets.flow import FlowLayout
from desktop_app.views.widgets.icon_widgets import IconLabel
from desktop_app.views.widgets.inputs import Choice
from desktop_app.views.widgets.notices import label
from desktop_app.views.widgets.record_table import paint_icon, paint_text
from desktop_app.workers.runner import Lane

COLUMN: Final = 54
NAMES: Final = 220
HEAD: Final = 46
ROW: Final = 34
_EDGE: Final = 20
Index = QModelIndex | QPersistentModelIndex


class _CellDelegate(QStyledItemDelegate):
    """Paints a state as an icon on its tint."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint the cell, and the ring when it has the focus."""
        state: CellState = index.data(CELL_ROLE)
        tint, image = CELL_LOOKS[state]
        area = option.rect
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.fillRect(area, self._theme.colour("selected" if selected else "surface"))
        painter.fillRect(QRect(area.bottomLeft(), QSize(area.width(), 1)), self._theme.colour("line"))
        if tint:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.colour(f"{tint}_bg"))
            painter.drawRoundedRect(QRectF(area).adjusted(4, 5, -4, -6), 5, 5)
        if image:
            paint_icon(painter, self._theme, area.center().x() - 6, area, image, tint or "text3", 14)
        else:
            painter.setPen(self._theme.colour("text3"))
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter, "·")
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(self._theme.colour("focus"), 2))
            painter.drawRoundedRect(QRectF(area).adjusted(2, 2, -2, -3), 5, 5)
        painter.restore()


class _CountryHeader(QHeaderView):
    """Flags with ISO codes above the columns."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._theme = theme

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:  # noqa: N802 - Qt's name
        """Paint the flag above the code."""
        iso = str(self.model().headerData(section, Qt.Orientation.Horizontal) or "")
        painter.save()
        painter.fillRect(rect, self._theme.colour("subtle"))
        painter.fillRect(QRect(rect.bottomLeft(), QSize(rect.width(), 1)), self._theme.colour("line"))
        image = flag(iso, painter.device().devicePixelRatioF())
        if image is not None:
            painter.drawPixmap(QPoint(rect.center().x() - FLAG.width() // 2, rect.top() + 8), image)
        painter.setFont(self._theme.font("caption"))
        painter.setPen(self._theme.colour("text2"))
        painter.drawText(rect.adjusted(0, 22, 0, -4), Qt.AlignmentFlag.AlignCenter, iso)
        painter.restore()


class _NameHeader(QHeaderView):
    """Sender IDs and their clients at the left of the rows; it stays where it is while the countries scroll."""

    def __init__(self, theme: Theme, model: SenderMatrixModel, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Vertical, parent)
        self.setObjectName("names")
        self._theme, self._rows = theme, model

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:  # noqa: N802 - Qt's name
        """Paint name and client."""
        row = self._rows.row(section)
        painter.save()
        painter.fillRect(rect, self._theme.colour("surface"))
        painter.fillRect(QRect(rect.bottomLeft(), QSize(rect.width(), 1)), self._theme.colour("line"))
        area = rect.adjusted(_EDGE, 0, -8, 0)
        used = paint_text(painter, self._theme, area, row.sender.text, "text", "body_medium")
        paint_text(painter, self._theme, area.adjusted(used + 10, 0, 0, 0), row.client, "text3", "small")
        painter.restore()


class MatrixTable(QTableView):
    """The matrix. ``opened`` when a row is to be opened."""

    opened = Signal()

    def __init__(self, model: SenderMatrixModel, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setModel(model)
        self.setItemDelegate(_CellDelegate(theme, self))
        self.setHorizontalHeader(_CountryHeader(theme, self))
        self.setVerticalHeader(_NameHeader(theme, model, self))
        self.setAccessibleName(tr("Status matrix"))
        self.horizontalHeader().setAccessibleName(tr("Countries"))
        self.verticalHeader().setAccessibleName(tr("Sender IDs"))
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        for corner in self.findChildren(QAbstractButton):
            # Qt's own; nothing happens there.
            corner.setAccessibleName(tr("Status matrix"))
            corner.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setEditTriggers(QTableView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QTableView.SelectionMode.SingleSelection)
        self.setHorizontalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
        for header in (self.horizontalHeader(), self.verticalHeader()):
            header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
            header.setHighlightSections(False)
        self.doubleClicked.connect(lambda _index: self.opened.emit())
        theme.changed.connect(self._follow)
        self._follow()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Enter opens; the rest as usual."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self.opened.emit()
            return
        super().keyPressEvent(event)

    def _follow(self) -> None:
        self.horizontalHeader().setDefaultSectionSize(self._theme.scaled(COLUMN))
        self.horizontalHeader().setFixedHeight(self._theme.scaled(HEAD))
        self.verticalHeader().setDefaultSectionSize(self._theme.scaled(ROW))
        self.verticalHeader().setFixedWidth(self._theme.scaled(NAMES))
        self.viewport().update()


class MatrixPage(QWidget):
    """The page. ``open_wanted`` carries the number of a request."""

    open_wanted = Signal(int)

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self._place = place
        self.model = SenderMatrixModel(self)
        self.table = MatrixTable(self.model, place.theme)
        self.find_field = FindField(place.theme, tr("Find sender ID or client"))
        self.client: Choice[str] = Choice([("", tr("All clients"))])
        self.state: Choice[CellState | None] = Choice(
            [(None, tr("All states")), *((one, cell_text(one)) for one in CellState if one is not CellState.NONE)]
        )
        self.export_button = QPushButton(tr("Export"))
        self.nothing = label("", "facts")
        self._build()
        self.find_field.textChanged.connect(self._filter)
        self.find_field.returnPressed.connect(self.table.setFocus)
        for choice in (self.client, self.state):
            choice.chosen.connect(self._filter)
        self.export_button.clicked.connect(self.export)
        self.table.opened.connect(self._open)

    def reload(self) -> None:
        """Read the matrix again; the one on screen stays until it is there."""
        reviews = self._place.parts.sender_reviews
        self._place.tasks.query(
            lambda _job: reviews.matrix(), owner=self, on_success=self._show,
            on_error=lambda error: self._place.notices.warn(error.user_message),
        )  # fmt: skip

    def export(self) -> None:
        """Ask for a file, then write what is shown."""
        name = tr("sender-ids") + f"-{self._place.parts.clock().astimezone():%Y-%m-%d}.csv"
        dialog = QFileDialog(self.window(), tr("Export status matrix"), name, tr("CSV files (*.csv)"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("csv")
        dialog.fileSelected.connect(lambda path: self.export_to(Path(path)))
        dialog.open()

    def export_to(self, path: Path) -> None:
        """Write what is shown to a CSV file."""
        reviews, shown, held = self._place.parts.sender_reviews, self.model.shown, self.model.matrix

        def work(_job: Job) -> int:
            # From the palette the matrix may never have been on screen.
            matrix = held if held.rows else reviews.matrix()
            return reviews.export_matrix(path, matrix, shown if held.rows else matrix.rows)

        def tell(count: int) -> None:
            what = trn("{count:,} sender ID in {name}", "{count:,} sender IDs in {name}", count, name=path.name)
            self._place.notices.say(tr("Matrix exported: {what}", what=what))

        self._place.tasks.query(work, owner=self, lane=Lane.NETWORK, on_success=tell, on_error=self._warn)

    def _show(self, matrix: Matrix) -> None:
        clients = sorted({row.client for row in matrix.rows}, key=str.casefold)
        kept = self.client.value if self.client.value in clients else ""
        self.client.offer([("", tr("All clients")), *((one, one) for one in clients)], kept)
        self.model.show_matrix(matrix, country_names(self._place.parts.language))
        self._say_nothing()
        if self.model.rowCount() and not self.table.currentIndex().isValid():
            self.table.setCurrentIndex(self.model.index(0, 0))

    def _filter(self) -> None:
        self.model.set_filter(MatrixFilter(self.client.value, self.state.value, self.find_field.text()))
        self._say_nothing()
        if self.model.rowCount():
            self.table.setCurrentIndex(self.model.index(0, 0))

    def _say_nothing(self) -> None:
        found = bool(self.model.rowCount())
        self.nothing.setText(tr("No sender ID matches."))
        self.nothing.setVisible(not found)
        self.table.setVisible(found)

    def _open(self) -> None:
        row = self.table.currentIndex().row()
        if 0 <= row < self.model.rowCount():
            self.open_wanted.emit(self.model.row(row).sender_id)

    def _build(self) -> None:
        self.client.setAccessibleName(tr("Client"))
        self.state.setAccessibleName(tr("State"))
        bar = QHBoxLayout()
        bar.setContentsMargins(20, 12, 20, 12)
        bar.setSpacing(8)
        self.find_field.setFixedWidth(self._place.theme.scaled(240))
        for part in (self.find_field, self.client, self.state):
            bar.addWidget(part)
        bar.addStretch()
        bar.addWidget(self.export_button)
        legend = QWidget()
        flow = FlowLayout(legend, spacing=18)
        for state in CellState:
            if state is not CellState.NONE:
                flow.addWidget(self._legend(state))
        foot = QHBoxLayout()
        foot.setContentsMargins(20, 10, 20, 12)
        foot.addWidget(legend)
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.nothing.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(bar)
        column.addWidget(self.nothing, 1)
        column.addWidget(self.table, 1)
        column.addLayout(foot)

    def _legend(self, state: CellState) -> QWidget:
        tint, image = CELL_LOOKS[state]
        one = QWidget()
        row = QHBoxLayout(one)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(IconLabel(self._place.theme, image, tint or "text3", 14))
        row.addWidget(label(cell_text(state), "small"))
        return one

    def _warn(self, error: AppError) -> None:
        self._place.notices.warn(error.user_message)
