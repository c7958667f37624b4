"""For whom and as whom: the client of the screen and its sender IDs, as they stand now."""

from functools import partial

from PySide6.QtCore import QObject, Signal

from desktop_app.domain.language import tr, trn
from desktop_app.services.compositions import ClientChoice, SenderChoice
from desktop_app.views.screen import Workplace
from desktop_app.views.screens.compose.frame import ComposeFrame


class SenderPart(QObject):
    """Keeps client and sender ID together.

    Signals:
        edited: the person chose another client or sender ID.
        known: clients or sender IDs were read, or another one is chosen.
    """

    edited = Signal()
    known = Signal()

    def __init__(self, place: Workplace, view: ComposeFrame, parent: QObject) -> None:
        super().__init__(parent)
        self._place, self._view = place, view
        self._wanted_client = self._wanted_sender = ""
        view.client.chosen.connect(self._take_client)
        view.sender_field.chosen.connect(self._take_sender)

    @property
    def client(self) -> ClientChoice | None:
        """The client that is chosen, None while there is none."""
        return self._view.client.current

    @property
    def client_name(self) -> str:
        """Its name, also while the clients are not read yet."""
        client = self._view.client.current
        return client.name if client is not None else self._wanted_client

    @property
    def sender_id(self) -> str:
        """The sender ID that is chosen, "" while there is none."""
        return self._view.sender_field.value if self._view.sender_field.count() else self._wanted_sender

    def fill(self, client: str, sender: str) -> None:
        """Show another client and sender ID, "" for the client's usual one."""
        self._wanted_client, self._wanted_sender = client, sender
        self._view.client.show_client(client)
        self._view.sender_field.clear()
        self._show_facts()
        self._read_senders()

    def read(self) -> None:
        """Read clients, their credit and their sender IDs again."""
        compositions = self._place.parts.compositions
        self._place.tasks.query(lambda _job: compositions.clients(), owner=self, on_success=self._show_clients)
        self._read_senders()

    def _show_clients(self, clients: tuple[ClientChoice, ...]) -> None:
        self._view.client.offer(clients)
        if self._view.client.current is None and self._wanted_client:
            self._view.client.show_client(self._wanted_client)
            self._read_senders()
        self.known.emit()

    def _take_client(self, name: str) -> None:
        self._wanted_client, self._wanted_sender = name, ""
        self._view.sender_field.clear()
        self._read_senders()
        self.edited.emit()
        self.known.emit()

    def _read_senders(self) -> None:
        client = self._view.client.current
        if client is None:
            return
        compositions = self._place.parts.compositions
        self._place.tasks.query(
            lambda _job: compositions.senders(client.name), owner=self, on_success=partial(self._show_senders, client),
            on_error=lambda _error: None,
        )  # fmt: skip

    def _show_senders(self, client: ClientChoice, senders: tuple[SenderChoice, ...]) -> None:
        current = self._view.client.current
        if current is None or current.name != client.name:
            return
        texts = [one.text for one in senders]
        wanted = (self.sender_id, self._wanted_sender, client.default_sender, *texts)
        chosen = next((one for one in wanted if one in texts), "")
        self._view.sender_field.clear()
        if texts:
            self._view.sender_field.offer([(one.text, _state_text(one)) for one in senders], chosen)
        self._wanted_sender = chosen
        self._show_facts()
        self.known.emit()

    def _take_sender(self) -> None:
        self._wanted_sender = self.sender_id
        self._show_facts()
        self.edited.emit()
        self.known.emit()

    def _show_facts(self) -> None:
        text = self.sender_id
        is_name = bool(text) and not text.lstrip("+").isdigit()
        self._view.sender_facts.setText(tr("{count:,} of 11 characters", count=len(text)) if is_name else "")


def _state_text(one: SenderChoice) -> str:
    state = ""
    if one.approved:
        state = trn("approved in {count:,} country", "approved in {count:,} countries", one.approved)
    elif one.waiting:
        state = tr("{count:,} waiting", count=one.waiting)
    elif one.refused:
        state = tr("{count:,} refused", count=one.refused)
    return f"{one.text} · {state}" if state else one.text
