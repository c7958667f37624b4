"""Paints the cells of the price table: tick box, fold mark and flag, aligned figures, margin bar, rule."""

from typing import Final

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen, QPolygonF

from desktop_app.domain.language import tr
from desktop_app.views.formats import MISSING, in_language
from desktop_app.views.icons import FLAG, flag, pixmap
from desktop_app.views.models.price_columns import ALIGNED, NUMBERS, Column
from desktop_app.views.models.price_lines import PriceLine
from desktop_app.views.theme import Theme

PADDING: Final = 12
MARK: Final = 16
FOLD_WIDTH: Final = 12 + MARK
BOX: Final = 16
CORNER: Final = 7
_LEFT: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
STRONG: Final = "strong"
_BAR: Final = QSize(46, 5)
_WHOLE: Final = 10_000
_ICON: Final = 14
_SYMBOL: Final = 3


class PricePainter:
    """Paints what stands in a cell; backgrounds and rings too. One for all cells."""

    def __init__(self, theme: Theme) -> None:
        self._theme = theme
        self._fonts: dict[str, QFont] = {}
        self._colours: dict[str, QColor] = {}
        self._digits: dict[str, int] = {}
        theme.changed.connect(self._forget)

    def _forget(self) -> None:
        self._fonts.clear()
        self._colours.clear()
        self._digits.clear()

    def font(self, role: str) -> QFont:
        """Return the font of a type role; making one costs more than painting with it."""
        found = self._fonts.get(role)
        if found is None:
            # The heading of a sorted column is the small role, only stronger.
            found = self._theme.font("small_medium" if role == STRONG else role)
            if role == STRONG:
                found.setWeight(QFont.Weight.DemiBold)
            self._fonts[role] = found
        return found

    def colour(self, name: str) -> QColor:
        """Return a colour by its token."""
        found = self._colours.get(name)
        if found is None:
            found = self._colours[name] = self._theme.colour(name)
        return found

    def background(self, painter: QPainter, area: QRect, colour: str) -> None:
        """Fill a cell and draw the line under its row."""
        painter.fillRect(area, self.colour(colour))
        painter.fillRect(QRect(area.left(), area.bottom(), area.width(), 1), self.colour("line"))

    def bar(self, painter: QPainter, area: QRect) -> None:
        """Mark the row at its very left."""
        painter.fillRect(QRect(area.topLeft(), QSize(3, area.height())), self.colour("accent"))

    def corner(self, painter: QPainter, area: QRect) -> None:
        """Mark an edited cell at its top left."""
        start = QPointF(area.topLeft())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.colour("edit_mark"))
        painter.drawPolygon(QPolygonF([start, start + QPointF(CORNER, 0), start + QPointF(0, CORNER)]))
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def ring(self, painter: QPainter, area: QRect) -> None:
        """Draw the ring of the current cell."""
        painter.setPen(QPen(self.colour("focus"), 2))
        painter.drawRoundedRect(QRectF(area).adjusted(1, 1, -1, -2), 4, 4)

    def box(self, painter: QPainter, area: QRect, state: Qt.CheckState) -> None:
        """Paint a tick box in the middle of a cell."""
        place = QRectF(area.center().x() - BOX / 2 + 0.5, area.center().y() - BOX / 2 + 0.5, BOX - 1, BOX - 1)
        empty = state is Qt.CheckState.Unchecked
        painter.setPen(QPen(self.colour("control" if empty else "accent"), 1))
        painter.setBrush(self.colour("surface" if empty else "accent"))
        painter.drawRoundedRect(place, 4, 4)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if state is Qt.CheckState.Checked:
            self._icon(painter, int(place.left()) + 1, area, "check", "on_accent", 13)
        elif state is Qt.CheckState.PartiallyChecked:
            painter.fillRect(QRectF(place.left() + 3.5, place.center().y() - 1, 8, 2), self.colour("on_accent"))

    def country(self, painter: QPainter, area: QRect, line: PriceLine, *, unfolded: bool) -> None:
        """Paint fold mark, flag, name and code."""
        if line.networks:
            self._icon(painter, area.left() + 4, area, "chevron-down" if unfolded else "chevron-right", "text3", 14)
        left = area.left() + FOLD_WIDTH
        image = None if line.is_network else flag(line.iso, painter.device().devicePixelRatioF())
        if image is not None:
            painter.setOpacity(1.0 if line.enabled else 0.4)
            painter.drawPixmap(QPoint(left, area.center().y() - FLAG.height() // 2 + 1), image)
            painter.setOpacity(1.0)
        left += FLAG.width() + 8
        text_area = QRect(left, area.top(), area.right() - left - 4, area.height())
        name_colour = "text" if line.enabled else "text3"
        used = self.text(painter, text_area, line.name, name_colour, "body" if line.is_network else "body_medium")
        code_area = text_area.adjusted(used + 8, 0, 0, 0)
        code = line.code if line.enabled else f"{line.code} · {tr('off')}"
        painter.setFont(self.font("small"))
        if painter.fontMetrics().horizontalAdvance(code) <= code_area.width():
            self.text(painter, code_area, code, "text3", "small")

    def value(
        self, painter: QPainter, area: QRect, line: PriceLine, column: Column, text: str, decimals: tuple[int, int] | None
    ) -> None:  # fmt: skip
        """Paint a cell that is a text or a figure; ``decimals`` are (at least, at most in the column) for amounts."""
        colour, role = "text2", "body"
        if column is Column.PRICE:
            colour, role = ("text3", "body") if line.inherited else ("text", "body_medium")
        elif column is Column.COST:
            colour = "text"
        elif column in (Column.PROFIT, Column.MARKUP) and line.is_loss:
            colour = "danger"
        if text == MISSING or (column is Column.STATE and not line.enabled):
            colour = "text3"
        if column in ALIGNED and decimals is not None:
            self._figure(painter, area, text, colour, role, decimals)
        elif column in NUMBERS:
            self.number(painter, area, text, colour, role)
        else:
            self.text(painter, area, text, colour, role)

    def mark(self, painter: QPainter, area: QRect, name: str, colour: str) -> None:
        """Paint a small icon at the left of a cell."""
        self._icon(painter, area.left(), area, name, colour, _ICON)

    def margin(self, painter: QPainter, area: QRect, line: PriceLine, text: str, *, below_target: bool) -> None:
        """Paint the bar, a warning where the margin is below target or below 0, and the percent."""
        look = "danger" if line.is_loss else "warning" if below_target else ""
        known = line.margin is not None
        self.number(painter, area, text, look or ("text" if known else "text3"), "body_medium")
        if line.margin is None:
            return
        # The icon stands beside the bar, and goes left for a longer figure; the bar gives way.
        figure = painter.fontMetrics().horizontalAdvance(text)
        mark = min(area.left() + _BAR.width() + 5, area.right() - figure - _ICON - 4)
        width = max(0, min(_BAR.width(), mark - 4 - area.left())) if look else _BAR.width()
        bar = QRectF(area.left(), area.center().y() - _BAR.height() / 2 + 0.5, width, _BAR.height())
        self._bar(painter, bar, self.colour("chart_grid"))
        bar.setWidth(max(float(_BAR.height()) / 2, bar.width() * min(_WHOLE, max(0, line.margin)) / _WHOLE))
        self._bar(painter, bar, self.colour(f"{look}_icon" if look else "c1"))
        if look:
            name = "circle-alert" if line.is_loss else "triangle-alert"
            self._icon(painter, mark, area, name, f"{look}_icon", _ICON)

    def rule(self, painter: QPainter, area: QRect, line: PriceLine, text: str) -> None:
        """Paint what made the price, with its icon."""
        if not text:
            return
        name = "lock" if line.manual else "wand-sparkles"
        self._icon(painter, area.left(), area, name if line.price is not None else "circle-off", "text3", _ICON)
        self.text(painter, area.adjusted(_ICON + 6, 0, 0, 0), text, "text2", "small")

    def text(self, painter: QPainter, area: QRect, text: str, colour: str, role: str, *, right: bool = False) -> int:
        """Paint a text, cut off at its right when it is too long, and return its width."""
        painter.setFont(self.font(role))
        painter.setPen(self.colour(colour))
        metrics = painter.fontMetrics()
        width = metrics.horizontalAdvance(text)
        if width > area.width():
            text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, area.width())
            width = metrics.horizontalAdvance(text)
        painter.drawText(area, _RIGHT if right else _LEFT, text)
        return width

    def heading(self, painter: QPainter, area: QRect, text: str, colour: str, role: str, *, right: bool = False) -> int:
        """Paint a heading, in two lines where one is too long, and return the width of the widest."""
        painter.setFont(self.font(role))
        metrics = painter.fontMetrics()
        if metrics.horizontalAdvance(text) <= area.width():
            return self.text(painter, area, text, colour, role, right=right)
        first, last = broken(metrics, text, area.width())
        if not last:
            return self.text(painter, area, text, colour, role, right=right)
        height = metrics.lineSpacing()
        top = area.center().y() - height + 1
        lines = (QRect(area.left(), top, area.width(), height), QRect(area.left(), top + height, area.width(), height))
        return max(
            self.text(painter, line, part, colour, role, right=right)
            for line, part in zip(lines, (first, last), strict=True)
        )

    def number(self, painter: QPainter, area: QRect, text: str, colour: str, role: str) -> None:
        """Paint a figure at the right; its column is wide enough, it is never cut off."""
        painter.setFont(self.font(role))
        painter.setPen(self.colour(colour))
        painter.drawText(area, _RIGHT, text)

    def _figure(
        self, painter: QPainter, area: QRect, text: str, colour: str, role: str, decimals: tuple[int, int]
    ) -> None:
        """Paint an amount so that the points of a column stand under each other; what is beyond the usual is fainter."""
        base, most = decimals
        spare = max(0, most - base) * self._digit(role)
        point = text.find(in_language("."))
        end = len(text) if point < 0 else point + 1 + base
        head = area.adjusted(0, 0, -spare, 0)
        self.number(painter, head, text[:end], colour, role)
        if text[end:]:
            painter.setPen(self.colour("text3"))
            painter.drawText(QRect(head.right() + 1, area.top(), spare, area.height()), _LEFT, text[end:])

    def _digit(self, role: str) -> int:
        """Return how wide a digit is; all are as wide as each other."""
        found = self._digits.get(role)
        if found is None:
            found = self._digits[role] = QFontMetrics(self.font(role)).horizontalAdvance("0")
        return found

    def _bar(self, painter: QPainter, area: QRectF, colour: QColor) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawRoundedRect(area, area.height() / 2, area.height() / 2)
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def _icon(self, painter: QPainter, left: int, area: QRect, name: str, colour: str, size: int = MARK) -> None:
        ratio = painter.device().devicePixelRatioF()
        image = pixmap(name, self.colour(colour).name(), size, ratio)
        painter.drawPixmap(QPoint(left, area.center().y() - size // 2 + 1), image)


def broken(metrics: QFontMetrics, text: str, width: int) -> tuple[str, str]:
    """Return a text in two lines, broken after the last word that fits into the first."""
    words = text.split(" ")
    if len(words) > 1 and len(words[-1]) <= _SYMBOL:
        # A currency stays with its word.
        words[-2:] = [" ".join(words[-2:])]
    count = 1
    while count < len(words) - 1 and metrics.horizontalAdvance(" ".join(words[: count + 1])) <= width:
        count += 1
    return " ".join(words[:count]), " ".join(words[count:])
