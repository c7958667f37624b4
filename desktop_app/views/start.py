"""Starts Qt and shows the window on services that are open already."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtWidgets import QApplication

from desktop_app.services.accounts import AccountsService
from desktop_app.services.clock import Clock
from desktop_app.services.pricing import PricingService
from desktop_app.views.main_window import MainWindow
from desktop_app.views.screens.prices import PricesScreen
from desktop_app.views.shots import Photographer
from desktop_app.views.theme import Theme
from desktop_app.workers.runner import TaskRunner


@dataclass(frozen=True, slots=True)
class WindowParts:
    """What the window works with.

    Attributes:
        pricing: the prices.
        accounts: the providers.
        clock: the time.
        actor: who acts.
        language: "en", "tr" or "de".
        sandbox: nothing is sent; the window says so.
    """

    pricing: PricingService
    accounts: AccountsService
    clock: Clock
    actor: str
    language: str
    sandbox: bool


def make_window(parts: WindowParts, tasks: TaskRunner, theme: Theme) -> MainWindow:
    """Return the window, not shown yet; its data is being read."""
    screen = PricesScreen(
        parts.pricing, parts.accounts, tasks, theme, parts.clock, actor=parts.actor, language=parts.language
    )
    return MainWindow(screen, tasks, theme, profile=parts.actor, sandbox=parts.sandbox)


def show_window(parts: WindowParts, *, shots: Path | None = None) -> int:
    """Run the window until it is closed and return the exit code; with ``shots`` photograph it into that folder and end."""
    existing = QApplication.instance()
    qt = existing if isinstance(existing, QApplication) else QApplication(["sms-desk"])
    qt.setApplicationName("SMS Desk")
    theme = Theme(qt)
    tasks = TaskRunner()
    try:
        window = make_window(parts, tasks, theme)
        window.show()
        if shots is not None:
            photographer = Photographer(window, theme, shots, "prices")
            photographer.finished.connect(qt.quit)
            window.screen_shown.counted.connect(lambda _: photographer.start())
        return qt.exec()
    finally:
        tasks.close()
