"""What a person can do on the screen of clients."""

from typing import Final, Protocol

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu, QWidget

from desktop_app.domain.language import tr
from desktop_app.services.client_accounts import ClientState, ClientSummary
from desktop_app.views.commands import Offer
from desktop_app.views.models.credit_texts import credit_text
from desktop_app.views.navigator import Address
from desktop_app.views.screen import Workplace
from desktop_app.views.screens.clients.page import ClientPanel
from desktop_app.views.screens.clients.sidebar_list import ClientSide

_MONEY: Final = ("top_up", "adjust", "statement", "explain")


class ClientsDesk(Protocol):
    """The screen as its commands see it: what each of them does, and what is chosen."""

    side: ClientSide
    panel: ClientPanel

    @property
    def current(self) -> ClientSummary | None:
        """The client that is chosen in the list."""

    @property
    def is_ready(self) -> bool:
        """Whether list and client are there."""

    def top_up(self) -> None:
        """Ask for a top-up."""

    def adjust(self) -> None:
        """Ask for an adjustment."""

    def statement(self) -> None:
        """Ask for a month."""

    def explain(self) -> None:
        """Show why the credit is what it is."""

    def add_client(self) -> None:
        """Ask for a new client."""

    def import_clients(self) -> None:
        """Ask for a file with clients."""

    def reload(self) -> None:
        """Read the clients again."""

    def compose(self) -> None:
        """Write to the contacts of the client."""

    def pause_or_resume(self) -> None:
        """Stop sending, or allow it again."""

    def archive_or_restore(self) -> None:
        """Put the client away, or bring it back."""

    def copy_link(self) -> None:
        """Put its address on the clipboard."""


def add_commands(desk: ClientsDesk, screen: QWidget, place: Workplace) -> None:
    """Register everything that works within ``screen``, and let the palette offer the clients."""
    add = place.commands.add
    add("clients.top_up", tr("Top up…"), desk.top_up, keys="T", icon="plus", scope=desk.side.list,
        words=tr("credit pay"))  # fmt: skip
    add("clients.adjust", tr("Adjust credit…"), desk.adjust, icon="pencil", scope=screen)
    add("clients.statement", tr("Statement…"), desk.statement, keys="Ctrl+E", icon="download", scope=screen,
        words=tr("month pdf csv export"))  # fmt: skip
    add("clients.explain", tr("Explain this balance"), desk.explain, icon="info", scope=screen)
    add("clients.add", tr("New client…"), desk.add_client, keys="Ctrl+N", icon="plus", scope=screen)
    add("clients.import", tr("Import clients…"), desk.import_clients, icon="upload", scope=screen)
    add("clients.find", tr("Find client"), desk.side.field.setFocus, keys="Ctrl+F", icon="search", scope=screen)
    add("clients.refresh", tr("Refresh the clients"), desk.reload, keys="F5", icon="refresh-cw", scope=screen)
    add("clients.compose", tr("Compose for this client"), desk.compose, icon="send", scope=screen)
    add("clients.pause", tr("Pause or resume sending for it"), desk.pause_or_resume, icon="pause", scope=screen)
    add("clients.archive", tr("Archive or restore the client"), desk.archive_or_restore, icon="archive", scope=screen)
    add("clients.copy_link", tr("Copy link to this client"), desk.copy_link, icon="link", scope=screen)
    top_up = place.commands.action("clients.top_up")
    # The key works in the ledger too: it is where one sees that credit is missing.
    desk.panel.ledger.table.addAction(top_up)
    desk.panel.ledger.add_commands()
    desk.panel.prices.add_commands()
    desk.panel.book.add_commands()
    place.commands.offer(lambda _text: _offers(desk))


def client_menu(desk: ClientsDesk, screen: QWidget, place: Workplace) -> QMenu:
    """Return what can be done with the chosen client."""
    menu = QMenu(screen)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    action = place.commands.action
    for name in _MONEY:
        menu.addAction(action(f"clients.{name}"))
    menu.addSeparator()
    menu.addAction(action("clients.compose"))
    current = desk.current
    pause, archive = action("clients.pause"), action("clients.archive")
    if current is not None:
        is_away = current.state is ClientState.ARCHIVED
        pause.setText(tr("Resume sending") if current.client.paused else tr("Pause sending"))
        pause.setEnabled(not is_away)
        archive.setText(tr("Restore client") if is_away else tr("Archive client"))
    menu.addAction(pause)
    menu.addAction(action("clients.copy_link"))
    menu.addSeparator()
    menu.addAction(archive)
    return menu


def _offers(desk: ClientsDesk) -> list[Offer]:
    return [
        Offer(
            one.name, tr("Client, {credit}", credit=credit_text(one.credit, one.balance.currency)),
            Address("clients", one.name).text, "users", one.client.email or "",
        )
        for one in desk.side.model.clients
        if one.state is not ClientState.ARCHIVED
    ]  # fmt: skip
