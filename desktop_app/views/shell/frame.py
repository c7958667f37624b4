"""What surrounds the screens, as widgets: sidebar, top bar, panel with banner and pages, status bar, toast."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from desktop_app.domain.language import tr
from desktop_app.views.shell.connection import Connection
from desktop_app.views.shell.mode import Mode
from desktop_app.views.shell.pages import OpeningPage, TroublePage, WelcomePage
from desktop_app.views.shell.places import Place
from desktop_app.views.shell.sidebar import Sidebar
from desktop_app.views.shell.status_bar import StatusBar
from desktop_app.views.shell.top_bar import TopBar
from desktop_app.views.theme import Theme
from desktop_app.views.widgets.notices import Banner
from desktop_app.views.widgets.toast import Toast, ToastMessage


class Stripes(QWidget):
    """The line that marks the sandbox; decoration only, the status bar says it in words."""

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


class Frame(QWidget):
    """The widgets of the window; they know nothing of each other.

    Attributes:
        panel: the white sheet.
        banner: what went wrong with something of the window itself.
        offline: that there is no network; it goes by itself.
        pages: what stands in it: the screens and the pages before there are any.
    """

    def __init__(self, theme: Theme, places: Sequence[Place]) -> None:
        super().__init__()
        self.setObjectName("shell")
        self.stripes = Stripes(theme)
        self.stripes.hide()
        self.sidebar, self.top_bar, self.status_bar = Sidebar(theme, places), TopBar(theme), StatusBar(theme)
        self.panel, self.pages, self.banner = QWidget(), QStackedWidget(), Banner(theme)
        self.panel.setObjectName("panel")
        self.opening, self.trouble, self.welcome = OpeningPage(theme), TroublePage(theme), WelcomePage(theme)
        for page in (self.opening, self.trouble, self.welcome):
            self.pages.addWidget(page)
        self.offline, self.connection = Banner(theme), Connection(self)
        self._sells_by_network = True
        self._notice = QWidget()
        self.toast = Toast(theme, self.panel)
        self._lay_out()

    def show_mode(self, mode: Mode) -> None:
        """Mark the sandbox, name the provider and the company."""
        self.stripes.setVisible(mode.is_sandbox)
        self.status_bar.show_mode(mode)
        self.sidebar.show_company(mode.company)
        if self._sells_by_network is mode.is_sandbox:
            self._sells_by_network = not mode.is_sandbox
            self._show_connection()

    def show_offline(self) -> None:
        """Say that there is no network, and what goes on without."""
        detail = tr("You can edit prices and drafts. Sending starts again when the connection is back.")
        self.offline.show_warning(tr("You are offline"), detail, tr("Try now"))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Take the room around the banner away with it."""
        if event.type() in (QEvent.Type.ShowToParent, QEvent.Type.HideToParent):
            self._notice.setVisible(not self.banner.isHidden() or not self.offline.isHidden())
        return super().eventFilter(watched, event)

    def _show_connection(self) -> None:
        """Say that there is no network; the sandbox on this computer needs none."""
        if self.connection.is_online or not self._sells_by_network:
            self.offline.hide()
            return
        self.show_offline()

    def _try_now(self) -> None:
        """Ask the system; without a word, a button that changes nothing looks broken."""
        self.connection.look()
        if not self.connection.is_online:
            self.toast.say(ToastMessage(tr("Still offline"), topic="offline"))

    def _lay_out(self) -> None:
        notice = QVBoxLayout(self._notice)
        notice.setContentsMargins(12, 12, 12, 0)
        for banner in (self.offline, self.banner):
            notice.addWidget(banner)
            banner.installEventFilter(self)
        self._notice.hide()
        self.offline.retry.clicked.connect(self._try_now)
        self.connection.changed.connect(self._show_connection)
        inside = QVBoxLayout(self.panel)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(0)
        inside.addWidget(self._notice)
        inside.addWidget(self.pages, 1)
        main = QVBoxLayout()
        main.setContentsMargins(0, 0, 8, 0)
        main.setSpacing(0)
        main.addWidget(self.top_bar)
        main.addWidget(self.panel, 1)
        main.addWidget(self.status_bar)
        columns = QHBoxLayout()
        columns.setSpacing(0)
        columns.addWidget(self.sidebar)
        columns.addLayout(main, 1)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        rows.addWidget(self.stripes)
        rows.addLayout(columns, 1)
