"""No text is cut off at 150 % in any language in a window of 1280 x 800."""

from collections.abc import Iterator
from contextlib import suppress

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QScrollArea,
    QToolButton,
    QWidget,
)
from pytestqt.exceptions import TimeoutError as QtTimeoutError
from pytestqt.qtbot import QtBot

from desktop_app.domain.language import LANGUAGES
from desktop_app.views.main_window import MainWindow
from desktop_app.views.widgets.elided import ElidedLabel

# A sizeHint counts pixels of letters' side bearings; this much is never seen.
SLACK = 2
PATIENCE_MILLISECONDS = 2000


def _places() -> Iterator[str]:
    yield from ("prices", "bulk", "activity", "providers")
    yield from (
        "compose",
        "compose?client=Aurora&to=%2B4915123450001%0Aabc%0A%2B905321234560&text=Caf%C3%A9 %E2%80%94 {name}",
    )
    for page in ("general", "appearance", "service", "prices", "rates", "data", "keyboard", "about"):
        yield f"settings/{page}"


def _needed(widget: QWidget) -> QSize | None:
    """Return the size that a widget needs for its whole text, None when it shows none or may elide it."""
    if isinstance(widget, QLabel):
        if not widget.text() or isinstance(widget, ElidedLabel):
            return None
        if widget.wordWrap():
            return QSize(0, widget.heightForWidth(widget.width()))
        return widget.sizeHint()
    if isinstance(widget, QToolButton) and widget.toolButtonStyle() is Qt.ToolButtonStyle.ToolButtonIconOnly:
        return None
    if isinstance(widget, QAbstractButton):
        return widget.sizeHint() if widget.text() else None
    return widget.sizeHint() if isinstance(widget, QComboBox) else None


def _cut(window: MainWindow) -> list[str]:
    found = []
    for widget in window.findChildren(QWidget):
        needed = _needed(widget) if widget.isVisible() and not isinstance(widget, QLineEdit) else None
        if needed is None:
            continue
        if needed.width() > widget.width() + SLACK or needed.height() > widget.height() + SLACK:
            text = str(widget.property("text") or widget.accessibleName())
            kinds = f"{type(widget).__name__} < {type(widget.parent()).__name__}"
            found.append(f"{text[:60]!r}: needs {needed.toTuple()}, has {widget.size().toTuple()} ({kinds})")
    areas = [one for one in window.findChildren(QScrollArea) if one.isVisible()]
    sideways = [one for one in areas if one.horizontalScrollBar().maximum() > 0]
    return [*found, *(f"{type(one).__name__} scrolls sideways" for one in sideways)]


@pytest.fixture(params=[*LANGUAGES, "en reversed"])
def language(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[str]:
    """A language, in one case with the whole window from right to left."""
    code, _, reverse = str(request.param).partition(" ")
    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft if reverse else Qt.LayoutDirection.LeftToRight)
    yield code
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


def test_no_text_is_cut_off(language: str, window: MainWindow, qtbot: QtBot) -> None:
    window.resize(QSize(1280, 800))
    window.place.parts.personal.change(text_size=150, language=language)
    cut = {}

    for address in _places():
        window.navigator.go(address)
        # Layouts settle in the turns of the event loop after the sizes changed.
        with suppress(QtTimeoutError):
            qtbot.waitUntil(lambda: not _cut(window), timeout=PATIENCE_MILLISECONDS)
        cut[address] = _cut(window)

    assert {address: texts for address, texts in cut.items() if texts} == {}
