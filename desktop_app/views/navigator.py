"""Addresses of screens, records and filters, and the way back and forward through them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, quote, unquote, urlencode

from PySide6.QtCore import QObject, Signal


@dataclass(frozen=True, slots=True)
class Address:
    """Where something is in the window: ``prices?filter=loss``, ``providers/Main``.

    Attributes:
        screen: the screen's name.
        record: the record within it, "" for none.
        query: filters and the like.
    """

    screen: str
    record: str = ""
    query: Mapping[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The address as text; ``parse`` reads it back."""
        path = f"{self.screen}/{quote(self.record, safe='')}" if self.record else self.screen
        return f"{path}?{urlencode(self.query)}" if self.query else path

    @classmethod
    def parse(cls, text: str) -> "Address":
        """Return the address that ``text`` writes."""
        path, _, query = text.partition("?")
        screen, _, record = path.partition("/")
        return cls(screen, unquote(record), dict(parse_qsl(query)))


class Navigator(QObject):
    """Remembers where the person is and was. ``arrived`` carries the Address to show; screens follow it."""

    arrived = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._past: list[Address] = []
        self._future: list[Address] = []
        self._here: Address | None = None

    @property
    def here(self) -> Address | None:
        """The address shown now, None before the first."""
        return self._here

    @property
    def can_go_back(self) -> bool:
        """Whether there is somewhere to go back to."""
        return bool(self._past)

    @property
    def can_go_forward(self) -> bool:
        """Whether the person came back from somewhere."""
        return bool(self._future)

    def go(self, address: Address | str) -> None:
        """Show an address; what was here is one step back."""
        target = Address.parse(address) if isinstance(address, str) else address
        if target == self._here:
            self.arrived.emit(target)
            return
        if self._here is not None:
            self._past.append(self._here)
        self._future.clear()
        self._show(target)

    def note(self, address: Address) -> None:
        """Remember that the screen shown moved by itself to ``address`` (a filter, a record): no step of its own."""
        self._here = address

    def back(self) -> None:
        """Show what was here before, if anything was."""
        if self._past and self._here is not None:
            self._future.append(self._here)
            self._show(self._past.pop())

    def forward(self) -> None:
        """Show what the person came back from, if anything."""
        if self._future and self._here is not None:
            self._past.append(self._here)
            self._show(self._future.pop())

    def _show(self, address: Address) -> None:
        self._here = address
        self.arrived.emit(address)
