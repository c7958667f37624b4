"""The frame: sidebar, breadcrumb, the panel with the screen, status bar."""

from collections.abc import Callable
from functools import partial
from typing import Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QActionGroup, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMainWindow, QMenu, QPushButton, QToolButton, QVBoxLayout, QWidget

from desktop_app.domain.errors import AppError
from desktop_app.domain.language import tr
from desktop_app.views.commands import Commands
from desktop_app.views.icons import BUTTON_ICON, button_icon, icon
from desktop_app.views.jobs import JobBoard
from desktop_app.views.navigator import Navigator
from desktop_app.views.parts import WindowParts
from desktop_app.views.screen import Workplace
from desktop_app.views.screens.prices import PricesScreen
from desktop_app.views.theme import Appearance, Theme
from desktop_app.views.widgets.notices import Banner, Toast, label
from desktop_app.workers.runner import Outcome, TaskRunner

SIDEBAR: Final = 212
TOP_BAR: Final = 46
STATUS_BAR: Final = 26
SMALLEST: Final = QSize(1100, 680)
USUAL: Final = QSize(1440, 900)


class Stripes(QWidget):
    """The line that marks the sandbox; decoration only."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setFixedHeight(3)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the stripes."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.colour("warning_bg"))
        for left in range(0, self.width(), 16):
            painter.fillRect(left, 0, 8, 3, self._theme.colour("warning_icon"))


def _named(name: str) -> QWidget:
    made = QWidget()
    made.setObjectName(name)
    return made


class MainWindow(QMainWindow):
    """Shows one screen and what surrounds it; everything that waits goes through ``tasks``."""

    def __init__(self, parts: WindowParts, tasks: TaskRunner, theme: Theme) -> None:
        super().__init__()
        self._tasks, self._theme, self._profile, self._sandbox = tasks, theme, parts.actor, parts.sandbox
        self._undo: Outcome[object] | None = None
        self.panel = _named("panel")
        self.toast = Toast(theme, self.panel)
        jobs = JobBoard(tasks, parts.clock, self)
        self.place = Workplace(parts, tasks, jobs, theme, Commands(self), Navigator(self), self)
        self.screen_shown = PricesScreen(self.place)
        self.setWindowTitle(tr("Prices – SMS Desk"))
        self.setMinimumSize(SMALLEST)
        self.resize(USUAL)
        self.banner = Banner(theme)
        self._build()
        self._connect()
        self._paint_icons()

    def say(self, text: str, action: str = "", run: Callable[[], object] | None = None) -> None:
        """See Notices."""
        self.toast.show_done(text, run, action)

    def warn(self, text: str, action: str = "", run: Callable[[], object] | None = None) -> None:
        """See Notices."""
        self.toast.show_done(text, run, action)

    def undo(self) -> None:
        """Undo the last saved change that can be undone."""
        last, self._undo = self._undo, None
        if last is None or last.undo is None:
            return
        self.toast.hide()
        work = last.undo
        label_of: list[str] = []

        def run(job: object) -> Outcome[object]:
            outcome = work(job)  # type: ignore[arg-type]
            label_of.append(outcome.undo_label)
            return outcome

        self._tasks.command(run, owner=self, on_success=lambda _: self.toast.show_done(label_of[0]))

    def _build(self) -> None:
        shell = _named("shell")
        columns = QHBoxLayout(shell)
        columns.setContentsMargins(0, 0, 0, 0)
        columns.setSpacing(0)
        columns.addWidget(self._sidebar())
        main = QVBoxLayout()
        main.setContentsMargins(0, 0, 8, 0)
        main.setSpacing(0)
        main.addLayout(self._top_bar())
        inside = QVBoxLayout(self.panel)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addWidget(self.banner)
        inside.addWidget(self.screen_shown)
        main.addWidget(self.panel, 1)
        main.addLayout(self._status_bar())
        columns.addLayout(main, 1)
        frame = _named("shell")
        rows = QVBoxLayout(frame)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        if self._sandbox:
            rows.addWidget(Stripes(self._theme))
        rows.addWidget(shell, 1)
        self.setCentralWidget(frame)

    def _sidebar(self) -> QWidget:
        side = _named("shell")
        side.setFixedWidth(SIDEBAR)
        self._logo = QLabel()
        names = QVBoxLayout()
        names.setSpacing(0)
        names.addWidget(label(tr("SMS Desk"), "brand"))
        names.addWidget(label(self._profile, "facts"))
        brand = QHBoxLayout()
        brand.setContentsMargins(6, 0, 0, 10)
        brand.setSpacing(10)
        brand.addWidget(self._logo)
        brand.addLayout(names, 1)
        section = label(tr("Sell"), "section")
        section.setContentsMargins(10, 6, 0, 2)
        self._prices_entry = QPushButton(tr("Prices"))
        self._prices_entry.setProperty("look", "nav")
        self._prices_entry.setCheckable(True)
        self._prices_entry.setChecked(True)
        self._prices_entry.setToolTip(tr("Ctrl+4"))
        self._prices_entry.setIconSize(BUTTON_ICON)
        self._prices_entry.clicked.connect(self._go_to_prices)
        column = QVBoxLayout(side)
        column.setContentsMargins(10, 12, 10, 10)
        column.setSpacing(2)
        column.addLayout(brand)
        column.addWidget(section)
        column.addWidget(self._prices_entry)
        column.addStretch()
        return side

    def _top_bar(self) -> QHBoxLayout:
        self._chevron = QLabel()
        self.theme_button = QToolButton(popupMode=QToolButton.ToolButtonPopupMode.InstantPopup)
        self.theme_button.setAccessibleName(tr("Appearance"))
        self.theme_button.setToolTip(tr("Appearance"))
        self.theme_button.setFixedSize(30, 30)
        self.theme_button.setMenu(self._theme_menu())
        row = QHBoxLayout()
        row.setContentsMargins(12, 0, 4, 0)
        row.setSpacing(6)
        row.addWidget(label(tr("Sell"), "crumb"))
        row.addWidget(self._chevron)
        row.addWidget(label(tr("Prices"), "here"))
        row.addStretch()
        row.addWidget(self.theme_button)
        row.addStrut(TOP_BAR)
        return row

    def _theme_menu(self) -> QMenu:
        menu = QMenu(self)
        group = QActionGroup(menu)
        names = {
            Appearance.SYSTEM: tr("Follow the system"), Appearance.LIGHT: tr("Light"), Appearance.DARK: tr("Dark")
        }  # fmt: skip
        for appearance, name in names.items():
            action = menu.addAction(name)
            action.setCheckable(True)
            action.setChecked(appearance is self._theme.appearance)
            action.triggered.connect(partial(self._choose, appearance))
            group.addAction(action)
        return menu

    def _status_bar(self) -> QHBoxLayout:
        mode = label(tr("Sandbox · nothing is sent"), "sandbox") if self._sandbox else label(tr("Live"), "caption")
        self.job_text, self.counts = label("", "caption"), label("", "caption")
        row = QHBoxLayout()
        row.setContentsMargins(8, 0, 8, 0)
        row.setSpacing(16)
        mode.setMaximumHeight(STATUS_BAR - 6)
        row.addWidget(mode)
        row.addWidget(self.job_text)
        row.addStretch()
        row.addWidget(self.counts)
        row.addStrut(STATUS_BAR)
        return row

    def _connect(self) -> None:
        self.screen_shown.counted.connect(self.counts.setText)
        self.screen_shown.progressed.connect(self.job_text.setText)
        self._tasks.undoable.connect(self._offer_undo)
        self._tasks.refused.connect(self._show_refusal)
        self._tasks.crashed.connect(self._show_crash)
        self._theme.changed.connect(self._paint_icons)
        for name, keys, run in (
            (tr("Undo"), QKeySequence(QKeySequence.StandardKey.Undo), self.undo),
            (tr("Prices"), QKeySequence("Ctrl+4"), self._go_to_prices),
        ):
            action = QAction(name, self)
            action.setShortcut(keys)
            action.triggered.connect(run)
            self.addAction(action)

    def _offer_undo(self, outcome: Outcome[object]) -> None:
        self._undo = outcome
        self.toast.show_done(outcome.undo_label, self.undo)

    def _show_refusal(self, error: AppError) -> None:
        self.banner.show_error(tr("That did not work"), error.user_message)

    def _show_crash(self, _error: Exception) -> None:
        self.banner.show_error(tr("That did not work"), tr("Something unexpected happened. It was written to the log."))

    def _choose(self, appearance: Appearance) -> None:
        self._theme.choose(appearance)

    def _go_to_prices(self) -> None:
        self._prices_entry.setChecked(True)
        self.screen_shown.table.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _paint_icons(self) -> None:
        self._logo.setPixmap(icon(self._theme, "message-square-more", "accent_text", 22).pixmap(QSize(22, 22)))
        self._prices_entry.setIcon(button_icon(self._theme, "tag", "accent_text"))
        self._chevron.setPixmap(icon(self._theme, "chevron-right", "text3", 14).pixmap(QSize(14, 14)))
        self.theme_button.setIcon(icon(self._theme, "sun-moon"))
