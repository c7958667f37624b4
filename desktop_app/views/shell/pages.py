"""The pages that stand in the panel where there is no screen yet: opening, nothing connected, a database that will not open."""

from typing import Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QStackedLayout, QVBoxLayout, QWidget

from desktop_app.domain.language import LANGUAGES, tr
from desktop_app.domain.money import CURRENCIES
from desktop_app.services.personal import Personal
from desktop_app.views.icons import BUTTON_ICON
from desktop_app.views.theme import Theme
from desktop_app.views.widgets.icon_widgets import IconLabel, KeyButton
from desktop_app.views.widgets.inputs import Choice
from desktop_app.views.widgets.notices import Skeleton, label

TEXT_WIDTH: Final = 536
CARD_WIDTH: Final = 260
SKELETON_MILLISECONDS: Final = 300


class OpeningPage(QWidget):
    """While the database is opened: empty for a moment, then grey rows."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setAccessibleName(tr("Opening"))
        self._pages = QStackedLayout(self)
        self._pages.addWidget(QWidget())
        self._pages.addWidget(Skeleton(theme))
        QTimer.singleShot(SKELETON_MILLISECONDS, self, self.show_rows)

    def show_rows(self) -> None:
        """Show the grey rows now."""
        self._pages.setCurrentIndex(1)


class TroublePage(QWidget):
    """The database could not be opened: why, and what can be done. ``again`` and ``leave`` are the answers."""

    again = Signal()
    leave = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.title, self.detail = label("", "title"), label("", "facts")
        self.retry = QPushButton(tr("Try again"))
        self.retry.setProperty("look", "primary")
        self.retry.clicked.connect(self.again)
        self.quit = QPushButton(tr("Quit"))
        self.quit.clicked.connect(self.leave)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for part in (self.retry, self.quit):
            buttons.addWidget(part)
        _centre(self, IconLabel(theme, "database", "danger_icon", 30), self.title, self.detail, buttons)

    def show_trouble(self, sentence: str) -> None:
        """Say why."""
        self.title.setText(tr("The database could not be opened"))
        self.detail.setText(tr("{sentence} Nothing was changed.", sentence=sentence))
        self.retry.setFocus()


class WelcomePage(QWidget):
    """The first run: the person's choices, and look around, connect, or neither.

    Signals:
        demo_wanted: look around with demo data.
        connect_wanted: connect a provider.
        skip_wanted: start empty.
    """

    demo_wanted = Signal()
    connect_wanted = Signal()
    skip_wanted = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.demo = KeyButton(theme, tr("Look around with demo data"))
        self.demo.setProperty("look", "primary")
        self.demo.clicked.connect(self.demo_wanted)
        self.connect_provider = KeyButton(theme, tr("Connect a provider"))
        self.connect_provider.clicked.connect(self.connect_wanted)
        # Enter presses the button that has the focus; Tab reaches the others.
        for button in (self.demo, self.connect_provider):
            button.setAutoDefault(True)
        self.skip = QPushButton(tr("Skip, and start empty"))
        self.skip.setProperty("look", "link")
        self.skip.clicked.connect(self.skip_wanted)
        self.language: Choice[str] = Choice(list(LANGUAGES.items()))
        self.look: Choice[str] = Choice([("system", tr("Follow system")), ("light", tr("Light")), ("dark", tr("Dark"))])
        self.currency: Choice[str] = Choice([(code, code) for code in sorted(CURRENCIES)])
        look = _card(
            theme, "flask-conical", tr("Try it first"),
            tr("A sandbox with prices for all countries. Nothing is sent, and nothing of it stays."), self.demo,
        )  # fmt: skip
        begin = _card(
            theme, "plug", tr("Start with your account"),
            tr("Enter the key of your SMS provider, test it, and pull your costs."), self.connect_provider,
        )  # fmt: skip
        cards = QHBoxLayout()
        cards.setSpacing(16)
        cards.addWidget(look)
        cards.addWidget(begin)
        title = label(tr("Welcome to SMS Desk"), "title")
        detail = label(tr("Buy SMS abroad, set your prices, and see what you earn. How do you want to start?"), "facts")
        image = IconLabel(theme, "message-square-more", "accent_text", 30)
        _centre(self, image, title, detail, self._choices(), cards, _alone(self.skip))

    def show_personal(self, personal: Personal) -> None:
        """Show the choices in force."""
        self.language.show_value(personal.language)
        self.look.show_value(personal.theme)

    def _choices(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(16)
        for text, field in (
            (tr("Language"), self.language), (tr("Theme"), self.look), (tr("Main currency"), self.currency)
        ):  # fmt: skip
            caption = label(text, "field")
            caption.setBuddy(field)
            field.setAccessibleName(text)
            column = QVBoxLayout()
            column.setSpacing(4)
            column.addWidget(caption)
            column.addWidget(field)
            row.addLayout(column)
        return row


def _alone(widget: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.addWidget(widget)
    return row


def _centre(page: QWidget, image: QLabel, title: QLabel, detail: QLabel, *rows: QHBoxLayout) -> None:
    title.setAlignment(Qt.AlignmentFlag.AlignCenter)
    title.setWordWrap(True)
    detail.setAlignment(Qt.AlignmentFlag.AlignCenter)
    detail.setWordWrap(True)
    for text in (title, detail):
        text.setFixedWidth(TEXT_WIDTH)
    column = QVBoxLayout(page)
    column.setSpacing(10)
    column.addStretch(2)
    column.addWidget(image, 0, Qt.AlignmentFlag.AlignHCenter)
    for text in (title, detail):
        # Not by alignment: then a text of two lines would get the height of one.
        row = QHBoxLayout()
        row.addStretch()
        row.addWidget(text)
        row.addStretch()
        column.addLayout(row)
    for last in rows:
        last.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(8)
        column.addLayout(last)
    column.addStretch(3)


def _card(theme: Theme, image: str, title: str, text: str, button: QPushButton) -> QFrame:
    card = QFrame()
    card.setProperty("look", "card")
    card.setFixedWidth(theme.scaled(CARD_WIDTH))
    button.setIconSize(BUTTON_ICON)
    sentence = label(text, "facts")
    sentence.setWordWrap(True)
    column = QVBoxLayout(card)
    column.setContentsMargins(16, 14, 16, 14)
    column.setSpacing(8)
    column.addWidget(IconLabel(theme, image, "accent_text", 18))
    column.addWidget(label(title, "h2"))
    column.addWidget(sentence, 1)
    column.addWidget(button)
    return card
