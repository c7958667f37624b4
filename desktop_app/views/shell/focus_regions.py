"""F6 and Shift+F6: the focus goes from region to region of the window and remembers its place in each."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication, QWidget


class FocusRegions(QObject):
    """The regions of the window in their order.

    Args:
        regions: gives the widgets that are regions now; those that are hidden are passed over.
        first_of: gives the widget of a region that has the focus when it never had it.
    """

    def __init__(
        self, regions: Callable[[], Sequence[QWidget]], first_of: Callable[[QWidget], QWidget], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._regions, self._first_of = regions, first_of
        self._last: dict[QWidget, QWidget] = {}

    def move(self, step: int) -> None:
        """Go ``step`` regions on, around the end."""
        here = QApplication.focusWidget()
        regions = [region for region in self._regions() if region.isVisible()]
        if not regions:
            return
        # Regions within the content stand after it: the innermost counts.
        held = [place for place, region in enumerate(regions) if here is not None and _holds(region, here)]
        at = held[-1] if held else None
        if at is not None and here is not None:
            self._last = {region: self._last[region] for region in regions if region in self._last}
            self._last[regions[at]] = here
        following = regions[(at + step) % len(regions) if at is not None else 0]
        self._target(following).setFocus(Qt.FocusReason.TabFocusReason)

    def _target(self, region: QWidget) -> QWidget:
        last = self._last.get(region)
        usable = last is not None and last.isVisible() and last.isEnabled() and _holds(region, last)
        return last if usable and last is not None else self._first_of(region)


def _holds(region: QWidget, widget: QWidget) -> bool:
    return region is widget or region.isAncestorOf(widget)


def first_operable(region: QWidget) -> QWidget:
    """Return the first widget of ``region`` that Tab reaches, or the region itself."""
    widget = region.nextInFocusChain()
    while widget is not None and widget is not region:
        if region.isAncestorOf(widget) and is_reached_by_tab(widget):
            return widget
        widget = widget.nextInFocusChain()
    return region


def is_reached_by_tab(widget: QWidget) -> bool:
    """Whether Tab stops at a widget."""
    return widget.isVisible() and widget.isEnabled() and bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
