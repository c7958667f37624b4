"""The states of the frame that are photographed."""

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QDialog

from desktop_app.domain.errors import StorageUnavailable
from desktop_app.domain.language import tr
from desktop_app.services.job import Job
from desktop_app.views.commands import Menu
from desktop_app.views.main_window import MainWindow
from desktop_app.views.screen import Shot
from desktop_app.views.shell.crash import CrashReporter
from desktop_app.views.shell.passphrase import PassphraseDialog
from desktop_app.workers.runner import Lane, Outcome


def shell_shots(window: MainWindow, reporter: CrashReporter) -> tuple[Shot, ...]:
    """Return palette, panels, notices, dialogs, and the pages of the start."""
    back = window.navigator.go

    def back_to_prices() -> None:
        back("prices")

    return (
        Shot("palette", lambda: _search(window, "eu mar"), leave=window.shell.palette.close_panel),
        Shot("palette_value", lambda: _search(window, "margin eu +5"), leave=window.shell.palette.close_panel),
        Shot("palette_nothing", lambda: _search(window, "zzz"), leave=window.shell.palette.close_panel),
        Shot("jobs", lambda: _work(window), lambda: bool(window.job_board.running), lambda: _rest(window)),
        Shot("jobs_finished", window.shell.jobs_panel.open, leave=window.shell.jobs_panel.close_panel),
        Shot("notifications", lambda: _notify(window), leave=window.shell.notifications_panel.close_panel),
        Shot("menu", lambda: _open_menu(window), leave=lambda: _close_menu(window)),
        Shot(
            "toast",
            lambda: window.shell.say(tr("Price list exported"), tr("Show in folder"), bool),
            leave=window.toast.show_next,
        ),
        Shot("toast_problem", lambda: window.shell.warn(tr("The costs were not synced")), leave=window.toast.show_next),
        Shot("banner", lambda: _refuse(window), leave=window.banner.hide),
        Shot("offline", window.frame.show_offline, leave=window.frame.offline.hide),
        Shot("help", window.shell.show_help, leave=window.shell.close_help),
        Shot("crash", lambda: _crash(reporter), lambda: reporter.dialog is not None, lambda: _accept(reporter)),
        Shot("passphrase", lambda: _ask_for_passphrase(window), leave=lambda: _close(window, PassphraseDialog)),
        Shot("narrow", lambda: _collapse(window), leave=lambda: _collapse(window)),
        Shot("opening", lambda: _show_opening(window), leave=back_to_prices),
        Shot("first_run", window.shell.show_welcome, leave=back_to_prices),
        Shot("default_rule", lambda: _ask_for_rule(window), leave=lambda: _close_rule(window)),
        Shot("trouble", lambda: window.shell.show_trouble(_locked()), leave=back_to_prices),
    )


def _ask_for_passphrase(window: MainWindow) -> None:
    PassphraseDialog(window, tr("The vault's passphrase is wrong.")).open()


def _close(window: MainWindow, kind: type[QDialog]) -> None:
    for dialog in window.findChildren(kind):
        dialog.reject()
        dialog.deleteLater()


def _ask_for_rule(window: MainWindow) -> None:
    window.shell.show_welcome()
    if window.shell.first_run is not None:
        window.shell.first_run.ask_for_rule()


def _close_rule(window: MainWindow) -> None:
    if window.shell.first_run is not None and window.shell.first_run.dialog is not None:
        window.shell.first_run.dialog.reject()


def _search(window: MainWindow, text: str) -> None:
    window.shell.palette.open()
    window.shell.palette.field.setText(text)


def _open_menu(window: MainWindow) -> None:
    window.shell.menus.bar.show()
    menu = window.shell.menus.menus[Menu.PRICES]
    corner = window.shell.menus.bar.actionGeometry(menu.menuAction()).bottomLeft()
    menu.popup(window.shell.menus.bar.mapToGlobal(corner))


def _close_menu(window: MainWindow) -> None:
    window.shell.menus.menus[Menu.PRICES].close()
    window.shell.menus.bar.hide()


def _work(window: MainWindow) -> None:
    def wait(done: int, total: int) -> Callable[[Job], Outcome[Any]]:
        def work(job: Job) -> Outcome[Any]:
            job.step(done, total, tr("countries"))
            job.wait(3600)
            return Outcome(None)

        return work

    board = window.job_board
    board.start(
        tr("Sync costs of {name}", name="Sandbox"), wait(142, 209), owner=window, icon="refresh-cw", lane=Lane.NETWORK
    )
    board.start(tr("Export price list"), wait(900, 1240), owner=window, icon="file-text", stops=True)
    window.shell.jobs_panel.open()


def _rest(window: MainWindow) -> None:
    window.shell.jobs_panel.close_panel()
    for entry in window.job_board.running:
        entry.cancel()


def _notify(window: MainWindow) -> None:
    window.shell.notifications.clear()
    window.shell.notify(
        tr("{count} costs changed", count=11), tr("{up} up, {down} down", up=8, down=3), "prices", "arrow-right"
    )
    window.shell.notify(
        tr("{name} failed", name=tr("Export price list")), tr("The disk is full."), icon="triangle-alert"
    )
    window.shell.notifications_panel.open()


def _refuse(window: MainWindow) -> None:
    window.banner.show_error(tr("That did not work"), _locked().user_message)


def _locked() -> StorageUnavailable:
    return StorageUnavailable(tr("The database is locked by another program."))


def _crash(reporter: CrashReporter) -> None:
    try:
        raise ArithmeticError("a photograph of an unexpected error")
    except ArithmeticError as error:
        reporter.show(error)
    dialog = reporter.dialog
    if dialog is not None:
        dialog.more.setChecked(True)


def _accept(reporter: CrashReporter) -> None:
    if reporter.dialog is not None:
        reporter.dialog.accept()


def _collapse(window: MainWindow) -> None:
    window.commands.action("view.sidebar").trigger()


def _show_opening(window: MainWindow) -> None:
    window.shell.show_opening()
    window.frame.opening.show_rows()
