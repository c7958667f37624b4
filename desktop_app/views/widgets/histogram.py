"""How many countries have which margin, now and after; a picture with its figures as text for screen readers."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop_app.domain.edit_totals import BOUNDS
from desktop_app.domain.language import tr
from desktop_app.views.theme import Theme

HEIGHT: Final = 88
_LABELS: Final = ("<0", *(str(bound // 10) for bound in BOUNDS[:-1]), f"{BOUNDS[-1] // 10}%")


class MarginHistogram(QWidget):
    """Two bars for each range of margins: now as an outline, after filled."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._now: tuple[int, ...] = (0,) * len(_LABELS)
        self._after: tuple[int, ...] = (0,) * len(_LABELS)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(tr("Countries by margin"))
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the size it likes."""
        return QSize(420, self._theme.scaled(HEIGHT))

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the size below which the figures would meet."""
        return QSize(180, self._theme.scaled(HEIGHT))

    def show_bars(self, now: Sequence[int], after: Sequence[int]) -> None:
        """Show other counts, one for each range."""
        self._now, self._after = tuple(now), tuple(after)
        self.setAccessibleDescription(self.text)
        self.update()

    @property
    def text(self) -> str:
        """The figures: "below 0%: 2 now, 2 after; from 30%: 13 now, 12 after"."""
        ranges = [tr("below 0%"), *(tr("from {margin}%", margin=bound // 10) for bound in BOUNDS)]
        return "; ".join(
            tr("{range}: {now} now, {after} after", range=name, now=now, after=after)
            for name, now, after in zip(ranges, self._now, self._after, strict=True)
            if now or after
        )

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the legend, the bars with their counts, and the axis."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self._legend(painter)
        painter.setFont(self._theme.font("caption"))
        line = painter.fontMetrics().height()
        base, top = self.height() - line - 4, 2 * line + 4
        painter.setPen(QPen(self._theme.colour("line_strong"), 1))
        painter.drawLine(0, base, self.width(), base)
        most = max(1, *self._now, *self._after)
        step = self.width() / len(_LABELS)
        for place, text in enumerate(_LABELS):
            left = place * step
            self._bar(
                painter,
                QRectF(left + step * 0.08, top, step * 0.4, base - top),
                self._now[place] / most,
                place,
                now=True,
            )
            self._bar(
                painter,
                QRectF(left + step * 0.5, top, step * 0.4, base - top),
                self._after[place] / most,
                place,
                now=False,
            )
            painter.setPen(self._theme.colour("text2"))
            painter.drawText(QRectF(left, base + 2, step, line + 2), Qt.AlignmentFlag.AlignCenter, text)

    def _bar(self, painter: QPainter, area: QRectF, share: float, place: int, *, now: bool) -> None:
        count = self._now[place] if now else self._after[place]
        if not count:
            return
        height = max(3.0, area.height() * share)
        bar = QRectF(area.left(), area.bottom() - height, area.width(), height)
        painter.setPen(QPen(self._theme.colour("control"), 1) if now else Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colour("sunken" if now else "c1"))
        painter.drawRect(bar.adjusted(0.5, 0.5, -0.5, 0) if now else bar)
        metrics, text = painter.fontMetrics(), str(count)
        if now and metrics.horizontalAdvance(text) > area.width() and self._after[place]:
            # The two figures would stand in each other; the one that is to come counts more.
            return
        painter.setPen(self._theme.colour("text2" if now else "text"))
        above = QRectF(bar.left() - 12, bar.top() - metrics.height() - 1, bar.width() + 24, metrics.height())
        painter.drawText(above, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom, text)

    def _legend(self, painter: QPainter) -> None:
        """Name the bars at the right, and the picture at the left where there is room."""
        painter.setFont(self._theme.font("caption"))
        metrics, right = painter.fontMetrics(), self.width()
        base = metrics.height() - 2
        for text, colour in ((tr("After"), "c1"), (tr("Now"), "control")):
            right -= metrics.horizontalAdvance(text)
            painter.setPen(self._theme.colour("text2"))
            painter.drawText(right, base, text)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.colour(colour))
            painter.drawEllipse(QRectF(right - 12, base - metrics.ascent() / 2 - 3, 7, 7))
            right -= 26
        painter.setFont(self._theme.font("small"))
        painter.setPen(self._theme.colour("text2"))
        title = tr("Countries by margin")
        if painter.fontMetrics().horizontalAdvance(title) > right:
            title = painter.fontMetrics().elidedText(tr("By margin"), Qt.TextElideMode.ElideRight, right)
        painter.drawText(0, base, title)
