"""The status bar: mode and provider, what runs, what the screen counts, where help is. Never errors."""

from typing import Final

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QWidget

from desktop_app.domain.language import tr
from desktop_app.views.dressing import redress
from desktop_app.views.formats import plain_tip
from desktop_app.views.shell.mode import Mode
from desktop_app.views.theme import Theme
from desktop_app.views.widgets.icon_widgets import paint_ring
from desktop_app.views.widgets.notices import label

HEIGHT: Final = 26
DOT: Final = 3.5
RING: Final = 5.0


class _Dot(QWidget):
    """Whether there is a provider to send through; the text beside it says the same."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme, self.colour = theme, "control_soft"
        self.setFixedSize(QSize(8, 8))

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(self._theme.colour(self.colour))
        painter.setBrush(self._theme.colour(self.colour))
        painter.drawEllipse(QPointF(4, 4), 3, 3)


class _Ring(QWidget):
    """How far the running job is; the text beside it says the same."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.share: float | None = None
        self.setFixedSize(QSize(14, 14))

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint it."""
        track, arc = self._theme.colour("line_strong"), self._theme.colour("accent")
        paint_ring(QPainter(self), QPointF(7, 7), RING, self.share, track, arc)


class StatusBar(QWidget):
    """The row below the panel.

    Attributes:
        mode: what is sent, and through whom.
        response: how fast the default provider answered last.
        counts: what the screen counts.
        help: opens the shortcuts.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("shell")
        self._theme = theme
        self._dot, self.mode, self.response = _Dot(theme), label("", "caption"), label("", "facts")
        self.sending = label("", "caption")
        self._ring, self.job = _Ring(theme), label("", "caption")
        self.counts = label("", "caption")
        self.help = QPushButton(tr("F1 Help"))
        self.help.setProperty("look", "status")
        # A long name must not push the window wider.
        self.job.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 8, 0)
        row.setSpacing(8)
        row.addWidget(self._dot)
        row.addWidget(self.mode, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.response)
        row.addWidget(self.sending, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addSpacing(12)
        row.addWidget(self._ring)
        row.addWidget(self.job, 1)
        row.addWidget(self.counts)
        row.addWidget(self.help)
        self.show_sending("")
        self.show_job("", None)
        theme.changed.connect(self._follow)
        self._follow()

    def show_mode(self, mode: Mode) -> None:
        """Say whether anything can be sent, and through whom."""
        self.mode.setProperty("look", "sandbox" if mode.is_sandbox else "caption")
        redress(self.mode)
        self.mode.setText(mode.text)
        known = mode.response_ms is not None
        self.response.setText(tr("{count:,} ms", count=mode.response_ms) if known else "")
        tip = tr("How long {provider} took for its last answer", provider=mode.provider) if known else ""
        self.response.setToolTip(plain_tip(tip))
        self.response.setAccessibleDescription(tip)
        self._dot.setVisible(not mode.is_sandbox)
        self._dot.colour = "success_icon" if mode.provider else "control_soft"
        self._dot.update()

    def show_sending(self, text: str) -> None:
        """Say who sends or what keeps messages waiting; "" when there is nothing to say."""
        self.sending.setText(text)
        self.sending.setVisible(bool(text))

    def show_job(self, text: str, share: float | None) -> None:
        """Say what runs and how far it is; "" when nothing does."""
        self.job.setText(text)
        self._ring.share = share
        self._ring.setVisible(bool(text))
        self._ring.update()

    def _follow(self) -> None:
        self.setFixedHeight(self._theme.scaled(HEIGHT))
        self.mode.setMaximumHeight(self._theme.scaled(HEIGHT - 4))
