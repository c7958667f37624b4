"""Whether this computer has a network at all, as the system tells; asked again more and more seldom while it has none."""

from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

# After the window is there: loading the part of Qt that knows takes longer than painting.
BEGIN_MILLISECONDS: Final = 2_000
PAUSES: Final = (5_000, 15_000, 60_000)


class Connection(QObject):
    """Looks by itself from a moment after it was made.

    Signals:
        changed: whether there is a network now.
    """

    changed = Signal(bool)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.is_online = True
        self._tries = 0
        self._again = QTimer(self, singleShot=True)
        self._again.timeout.connect(self.look)
        QTimer.singleShot(BEGIN_MILLISECONDS, self, self._begin)

    def look(self) -> None:
        """Ask the system now."""
        # Here, not above: nothing heavy is loaded before the window is painted.
        from PySide6.QtNetwork import QNetworkInformation

        if not QNetworkInformation.loadDefaultBackend():
            # The system does not tell: then nothing is said either.
            return
        states = QNetworkInformation.Reachability
        self.note(online=QNetworkInformation.instance().reachability() not in (states.Disconnected, states.Local))

    def note(self, *, online: bool) -> None:
        """Remember what the system says, and tell when it is news."""
        if online:
            self._tries = 0
            self._again.stop()
        else:
            self._again.start(PAUSES[min(self._tries, len(PAUSES) - 1)])
            self._tries += 1
        if online != self.is_online:
            self.is_online = online
            self.changed.emit(online)

    def _begin(self) -> None:
        from PySide6.QtNetwork import QNetworkInformation

        if QNetworkInformation.loadDefaultBackend():
            QNetworkInformation.instance().reachabilityChanged.connect(self.look)
            self.look()
