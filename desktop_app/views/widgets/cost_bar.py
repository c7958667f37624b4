"""A price as a bar: what of it is cost and what is profit."""

from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop_app.domain.language import tr
from desktop_app.views.formats import price_text
from desktop_app.views.theme import Theme

HEIGHT: Final = 25
_PADDING: Final = 9


class CostBar(QWidget):
    """Cost in grey, profit in colour; of a loss, what is missing in red. The figures are its accessible text."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._cost: int | None = None
        self._price: int | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(tr("Cost and profit"))
        theme.changed.connect(self._follow)
        self._follow()

    def show_price(self, cost: int | None, price: int | None) -> None:
        """Show micro-units, None where something is not known."""
        self._cost, self._price = cost, price
        profit = None if cost is None or price is None else price - cost
        text = tr("Cost {cost}, profit {profit}", cost=price_text(cost), profit=price_text(profit))
        self.setAccessibleDescription(text)
        self.setToolTip(text)
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the size it likes."""
        return QSize(200, self._theme.scaled(HEIGHT))

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint both parts with their figures, where there is room."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        whole = QRectF(self.rect())
        shape = QPainterPath()
        shape.addRoundedRect(whole, 5, 5)
        painter.setClipPath(shape)
        painter.fillRect(whole, self._theme.colour("neutral_bg"))
        share = self._share()
        second = QRectF(whole.left() + whole.width() * share, 0, whole.width() * (1 - share), whole.height())
        first = QRectF(whole.left(), 0, second.left(), whole.height())
        loss = self._price is not None and self._cost is not None and self._price < self._cost
        if share < 1:
            painter.fillRect(second.adjusted(0.5, 0, 0, 0), self._theme.colour("danger_fill" if loss else "c1"))
        painter.setFont(self._theme.font("small_medium"))
        known = tr("Cost {cost}", cost=price_text(self._cost)) if self._cost is not None else tr("Cost not known")
        self._write(painter, first, known, "text2", Qt.AlignmentFlag.AlignLeft)
        if self._price is not None and self._cost is not None:
            dark = self._theme.is_dark and not loss
            colour = "chrome" if dark else "on_accent"
            self._write(painter, second, price_text(self._price - self._cost), colour, Qt.AlignmentFlag.AlignHCenter)

    def _share(self) -> float:
        """Return where the second part begins: behind the cost, or behind the price where that is less."""
        if self._cost is None or self._price is None:
            return 1.0
        return min(self._cost, self._price) / max(self._cost, self._price)

    def _write(self, painter: QPainter, area: QRectF, text: str, colour: str, side: Qt.AlignmentFlag) -> None:
        room = area.adjusted(_PADDING, 0, -_PADDING, 0) if side is Qt.AlignmentFlag.AlignLeft else area
        if painter.fontMetrics().horizontalAdvance(text) <= room.width():
            painter.setPen(self._theme.colour(colour))
            painter.drawText(room, side | Qt.AlignmentFlag.AlignVCenter, text)

    def _follow(self) -> None:
        self.updateGeometry()
        self.update()
