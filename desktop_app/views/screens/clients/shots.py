"""The states of the screen that are photographed."""

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QDialog, QWidget

from desktop_app.views.screen import Shot, Workplace
from desktop_app.views.screens.clients.commands import ClientsDesk
from desktop_app.views.screens.clients.page import Tab

_OVERDRAWN = "Bluecart Retail"


def client_shots(desk: ClientsDesk, screen: QWidget, place: Workplace) -> tuple[Shot, ...]:
    """Return them: the screen as it is, every part of a client's page, an overdrawn client, and the dialogs."""
    ready, back = (lambda: desk.is_ready), partial(desk.panel.show_tab, Tab.LEDGER)
    tabs = (Tab.PRICES, Tab.SENDERS, Tab.MESSAGES, Tab.BOOK, Tab.DETAILS)
    parts = tuple(
        Shot(tab.value, partial(desk.panel.show_tab, tab), lambda: not place.tasks.is_busy, back) for tab in tabs
    )
    first = desk.side.model.record(0).name if desk.side.model.rowCount() else ""
    return (
        Shot("", ready=lambda: desk.is_ready and desk.panel.ledger.model.total > 0),
        Shot("overdrawn", partial(desk.side.select, _OVERDRAWN), ready, partial(desk.side.select, first)),
        *parts,
        *(
            Shot(name, act, partial(_has_dialog, screen), partial(_close, screen))
            for name, act in _dialogs(desk)
        ),
    )  # fmt: skip


def _dialogs(desk: ClientsDesk) -> tuple[tuple[str, Callable[[], object]], ...]:
    return (
        ("top_up", desk.top_up), ("adjust", desk.adjust), ("statement", desk.statement), ("explain", desk.explain),
        ("new", desk.add_client),
    )  # fmt: skip


def _has_dialog(screen: QWidget) -> bool:
    return any(dialog.isVisible() for dialog in screen.window().findChildren(QDialog))


def _close(screen: QWidget) -> None:
    for dialog in screen.window().findChildren(QDialog):
        if dialog.isVisible():
            dialog.reject()
