"""The window's parts on a real application: SQLite, the sandbox over HTTP, real clicks and keys."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QLocale, QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QHeaderView,
    QLineEdit,
    QPlainTextEdit,
    QProgressBar,
    QScrollArea,
    QWidget,
)
from pytestqt.qtbot import QtBot

from desktop_app.app import window_parts
from desktop_app.domain.pricing import PriceRule, RuleKind
from desktop_app.services.job import Job
from desktop_app.services.translations import speak
from desktop_app.views.commands import Commands
from desktop_app.views.jobs import JobBoard
from desktop_app.views.main_window import MainWindow
from desktop_app.views.navigator import Navigator
from desktop_app.views.screen import Workplace
from desktop_app.views.theme import Look, Theme
from desktop_app.workers.runner import TaskRunner
from tests.fixtures.application import Desk, bare_desk, desk, open_desk, sandbox, sqlite_desk
from tests.fixtures.windows import activate, make_window

if TYPE_CHECKING:
    from desktop_app.views.screens.prices import PricesScreen

OPERATED = (QAbstractButton, QLineEdit, QComboBox, QAbstractItemView, QAbstractSpinBox, QPlainTextEdit, QProgressBar)
__all__ = ["bare_desk", "desk", "open_desk", "sandbox", "sqlite_desk"]


@pytest.fixture(autouse=True)
def _english_again() -> Iterator[None]:
    """Speak English after a test that spoke another language."""
    yield
    speak("en")
    QLocale.setDefault(QLocale("en"))


@pytest.fixture(scope="module")
def one_theme(qapp: QApplication) -> Iterator[Theme]:
    """The theme of a file's tests: dressing every widget anew for each test would take longer than the tests."""
    made = Theme(qapp)
    yield made
    made.deleteLater()


@pytest.fixture
def theme(one_theme: Theme) -> Iterator[Theme]:
    """The usual look; what a test changes of it is gone after it."""
    yield one_theme
    one_theme.use(Look())


@pytest.fixture
def tasks(qtbot: QtBot) -> Iterator[TaskRunner]:
    runner = TaskRunner()
    yield runner
    runner.close()


@pytest.fixture
def window(sqlite_desk: Desk, tasks: TaskRunner, theme: Theme, qtbot: QtBot) -> MainWindow:
    """The window with the sandbox's costs, a margin of 30 %, and the desk's manual prices; loaded, at Prices as last time."""
    from desktop_app.views.screens.prices import PricesScreen

    application = sqlite_desk.application
    application.accounts.sync_costs("Main", actor="anna", job=Job())
    application.pricing.reprice(PriceRule(RuleKind.MARGIN, 3000), actor="anna", include_manual=True)
    parts = window_parts(application, replace(application.settings, actor="anna"), sandbox=True)
    parts.personal.remember("window", {"address": "prices"})
    made = make_window(parts, tasks, theme)
    qtbot.addWidget(made)
    made.show()
    activate(made)
    prices = made.screens.get(PricesScreen)
    qtbot.waitUntil(lambda: prices.model.rowCount() > 0)
    return made


class Actions:
    """Does what a person does, and counts it: a click, a key, or one typed entry with the key that ends it.

    Attributes:
        count: how many there were.
    """

    def __init__(self) -> None:
        self.count = 0

    def key(
        self, widget: QWidget, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
    ) -> None:
        """Press a key, or a key with others held."""
        self.count += 1
        QTest.keyClick(widget, key, modifiers)

    def type(self, widget: QWidget, text: str, then: Qt.Key | None = None) -> None:
        """Type a text and the key that ends it: one action."""
        self.count += 1
        QTest.keyClicks(widget, text)
        if then is not None:
            QTest.keyClick(widget, then)

    def click(self, widget: QWidget, pos: QPoint | None = None) -> None:
        """Click a widget, in its middle or at ``pos``."""
        self.count += 1
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=QPoint() if pos is None else pos)


@pytest.fixture
def actions() -> Actions:
    return Actions()


@pytest.fixture
def named() -> Callable[[QWidget], dict[QWidget, str]]:
    """Gives what a person can operate in an area just now, with its accessible name; the parts of native controls are theirs."""

    def look(area: QWidget) -> dict[QWidget, str]:
        found = [widget for widget in area.findChildren(QWidget) if widget.isVisible() and _is_operated(widget)]
        inner = (QComboBox, QAbstractSpinBox, QLineEdit)
        whole = [one for one in found if not isinstance(one, QHeaderView) and not isinstance(one.parentWidget(), inner)]
        return {one: QAccessible.queryAccessibleInterface(one).text(QAccessible.Text.Name).strip() for one in whole}

    return look


def _is_operated(widget: QWidget) -> bool:
    """Whether a widget is of a kind that is operated, or Tab stops at it; an area that only scrolls is none."""
    is_stop = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus) and not isinstance(widget, QScrollArea)
    return isinstance(widget, OPERATED) or is_stop


@dataclass
class Said:
    """What screens said in passing, instead of toasts."""

    texts: list[str] = field(default_factory=list)
    actions: list[Callable[[], object] | None] = field(default_factory=list)
    notified: list[tuple[str, str, str]] = field(default_factory=list)

    def say(self, text: str, action: str = "", run: Callable[[], object] | None = None) -> None:
        """Keep it."""
        self.texts.append(text)
        self.actions.append(run)

    def warn(self, text: str, action: str = "", run: Callable[[], object] | None = None) -> None:
        """Keep it."""
        self.say(text, action, run)

    def notify(self, text: str, detail: str = "", address: str = "", icon: str = "bell") -> None:
        """Keep it."""
        self.notified.append((text, detail, address))


@pytest.fixture
def said() -> Said:
    return Said()


@pytest.fixture
def place(sqlite_desk: Desk, tasks: TaskRunner, theme: Theme, said: Said) -> Workplace:
    """What a screen works with, without the frame: for tests of one screen."""
    application = sqlite_desk.application
    parts = window_parts(application, replace(application.settings, actor="anna"), sandbox=True)
    return Workplace(parts, tasks, JobBoard(tasks, parts.clock, theme), theme, Commands(theme), Navigator(theme), said)


@pytest.fixture
def prices(place: Workplace, qtbot: QtBot) -> "PricesScreen":
    """The Prices screen alone, with the five manual prices of the desk; shown, loaded, the focus in the table."""
    from desktop_app.views.screens.prices import PricesScreen

    made = PricesScreen(place)
    qtbot.addWidget(made)
    made.resize(1100, 700)
    made.show()
    activate(made)
    qtbot.waitUntil(lambda: made.model.rowCount() > 0)
    made.table.setFocus()
    return made
