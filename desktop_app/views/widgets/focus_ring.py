"""A ring around a frame while what is written in it has the focus."""

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QWidget

from desktop_app.views.dressing import redress


class FocusRing(QObject):
    """Lets ``frame``, of the look ``token-field``, show that ``writing`` has the focus.

    Args:
        frame: gets the ring; this lives as long as it does.
        writing: the field in it, which shows none of its own.
    """

    def __init__(self, frame: QWidget, writing: QWidget) -> None:
        super().__init__(frame)
        self._frame = frame
        writing.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Follow the focus."""
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self._frame.setProperty("focused", event.type() is QEvent.Type.FocusIn)
            redress(self._frame)
        return super().eventFilter(watched, event)
