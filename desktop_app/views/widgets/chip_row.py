"""Chips in one line: those that do not fit are in a menu at its end."""

from collections.abc import Collection, Sequence
from typing import Final

from PySide6.QtCore import QEvent, QRect, QSize, Qt
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QMenu, QPushButton, QSizePolicy, QStyle, QWidget

from desktop_app.domain.language import trn

GAP: Final = 6


class ChipRow(QWidget):
    """Shows as many chips as there is room for, the one that is pressed always.

    Args:
        chips: from left to right.
        gap: between them.
    """

    def __init__(self, chips: Sequence[QPushButton], gap: int = GAP) -> None:
        super().__init__()
        self._chips, self._gap = tuple(chips), gap
        self._away: frozenset[QPushButton] = frozenset()
        for chip in self._chips:
            chip.setParent(self)
        self.more = QPushButton(self)
        self.more.setProperty("look", "chip")
        self.more.setProperty("menu", True)
        self._count_more(len(self._chips))
        self.more.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.menu = QMenu(self.more)
        self.menu.aboutToShow.connect(self._fill_menu)
        self.more.setMenu(self.menu)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    @property
    def left_out(self) -> list[QPushButton]:
        """The chips for which there is no room: they are in the menu."""
        return [chip for chip in self._chips if chip not in self._away and chip.isHidden()]

    def show_chips(self, away: Collection[QPushButton] = ()) -> None:
        """Place the chips anew, those in ``away`` nowhere; called when a text or the pressed one is another."""
        self._away = frozenset(away)
        self._place()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the height of a chip; the width is what there is."""
        return QSize(0, max(part.sizeHint().height() for part in (*self._chips, self.more)))

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the same."""
        return self.sizeHint()

    def event(self, event: QEvent) -> bool:
        """Place the chips anew when one of them has another size."""
        if event.type() is QEvent.Type.LayoutRequest:
            self.updateGeometry()
            self._place()
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Place the chips in the new room."""
        super().resizeEvent(event)
        self._place()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Place the chips anew: of what changed while they were hidden Qt tells nobody."""
        super().showEvent(event)
        self._place()

    def _place(self) -> None:
        wanted = [chip for chip in self._chips if chip not in self._away]
        shown = self._fitting(wanted, self.width())
        for chip in self._chips:
            chip.setVisible(chip in shown)
        over = len(wanted) - len(shown)
        if over:
            self._count_more(over)
        self.more.setVisible(over > 0)
        left = 0
        for part in [*shown, *([self.more] if over else [])]:
            width = part.sizeHint().width()
            self._put(part, left, width)
            left += width + self._gap

    def _fitting(self, wanted: Sequence[QPushButton], room: int) -> list[QPushButton]:
        """Return the chips that stand in the line: all of them, or the first ones and the one that is pressed."""
        widths = {chip: chip.sizeHint().width() + self._gap for chip in wanted}
        if sum(widths.values()) - self._gap <= room:
            return list(wanted)
        room -= self.more.sizeHint().width()
        chosen = {chip for chip in wanted if chip.isChecked()}
        room -= sum(widths[chip] for chip in chosen)
        for chip in wanted:
            if chip in chosen:
                continue
            if widths[chip] > room:
                break
            room -= widths[chip]
            chosen.add(chip)
        return [chip for chip in wanted if chip in chosen]

    def _count_more(self, count: int) -> None:
        text = trn("{count} more", "{count} more", count)
        if text != self.more.text():
            self.more.setText(text)

    def _put(self, part: QWidget, left: int, width: int) -> None:
        height = part.sizeHint().height()
        place = QRect(left, (self.height() - height) // 2, width, height)
        part.setGeometry(QStyle.visualRect(self.layoutDirection(), self.rect(), place))

    def _fill_menu(self) -> None:
        self.menu.clear()
        for chip in self.left_out:
            self.menu.addAction(chip.icon(), chip.text()).triggered.connect(chip.click)
