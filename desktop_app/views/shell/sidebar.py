"""The sidebar: brand, the screens by sections with badges, who acts. Icons only where the window is narrow."""

from collections.abc import Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QStyle, QVBoxLayout, QWidget

from desktop_app.domain.language import tr
from desktop_app.views.formats import plain_tip
from desktop_app.views.icons import BUTTON_ICON, button_icon, icon
from desktop_app.views.shell.places import Place, Section, section_title
from desktop_app.views.theme import Theme
from desktop_app.views.widgets.icon_widgets import IconButton
from desktop_app.views.widgets.notices import label

WIDE: Final = 212
NARROW: Final = 56
LOGO: Final = 26
FACE: Final = 28
DOT: Final = 7
MARKED: Final = 14


class NavigationButton(QPushButton):
    """An entry of the sidebar: icon, title, a badge with a count, a dot while there is a draft."""

    def __init__(self, theme: Theme, place: Place) -> None:
        super().__init__(place.label)
        self._theme, self._place = theme, place
        self.badge, self.badge_look, self.has_draft, self.is_narrow = 0, "accent", False, False
        self.setProperty("look", "nav")
        self.setCheckable(True)
        self.setIconSize(BUTTON_ICON)
        self.toggled.connect(self.follow_theme)
        self.describe()
        self.follow_theme()

    def nextCheckState(self) -> None:  # noqa: N802 - Qt's name
        """Stay as it is: only the window knows which screen is shown."""

    def set_narrow(self, narrow: bool) -> None:
        """Show the icon only, or the title too."""
        self.is_narrow = narrow
        self.setText("" if narrow else self._place.label)
        self.describe()

    def set_badge(self, count: int, look: str) -> None:
        """Show how much there is to do; 0 hides the badge."""
        self.badge, self.badge_look = count, look
        self.describe()
        self.update()

    def set_draft(self, has_draft: bool) -> None:
        """Mark that something is not saved."""
        self.has_draft = has_draft
        self.describe()
        self.update()

    def describe(self) -> None:
        """Say everything that is painted to those who do not see it."""
        self.setAccessibleName(self._place.title)
        notes = [str(self.badge)] if self.badge else []
        notes += [tr("unsaved changes")] if self.has_draft else []
        self.setAccessibleDescription(", ".join(notes))
        lines = [self._place.title] if self.is_narrow else []
        self.setToolTip(" · ".join([*lines, *([self._place.keys] if self._place.keys else []), *notes]))

    def follow_theme(self) -> None:
        """Take the icon in the colours in force."""
        self.setIcon(button_icon(self._theme, self._place.icon, "accent_text" if self.isChecked() else "text2"))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the native button, then the mark of the screen shown, the draft's dot and the badge."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        if self.isChecked():
            painter.setBrush(self._theme.colour("accent"))
            painter.drawRoundedRect(self._visual(0, (self.height() - MARKED) // 2, 3, MARKED), 1.5, 1.5)
        right = self.width() - 9
        if self.badge:
            right = self._paint_badge(painter, right)
        if self.has_draft:
            left, top = (self.width() - 15, 7) if self.is_narrow else (right - DOT, (self.height() - DOT) // 2)
            painter.setBrush(self._theme.colour("edit_mark"))
            painter.drawEllipse(self._visual(left, top, DOT, DOT))

    def _visual(self, left: int, top: int, width: int, height: int) -> QRectF:
        """Return a place on the button, at the other side where reading goes to the left."""
        return QRectF(QStyle.visualRect(self.layoutDirection(), self.rect(), QRect(left, top, width, height)))

    def _paint_badge(self, painter: QPainter, right: int) -> int:
        """Paint the badge that ends at ``right``, and return where what stands before it ends."""
        if self.is_narrow:
            painter.setBrush(self._theme.colour(f"{self.badge_look}_icon" if self.badge_look != "accent" else "accent"))
            painter.drawEllipse(self._visual(self.width() - 15, self.height() - 13, DOT, DOT))
            return right
        painter.setFont(self._theme.font("caption"))
        text = f"{self.badge:,}"
        height = self._theme.scaled(18)
        width = max(height, painter.fontMetrics().horizontalAdvance(text) + 10)
        place = self._visual(right - width, (self.height() - height) // 2, width, height)
        painter.setBrush(self._theme.colour(f"{self.badge_look}_bg"))
        painter.drawRoundedRect(place, height / 2, height / 2)
        painter.setPen(self._theme.colour("accent_text" if self.badge_look == "accent" else self.badge_look))
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)
        painter.setPen(Qt.PenStyle.NoPen)
        return right - width - 6


class Sidebar(QWidget):
    """The column at the left. ``chosen`` carries the name of the screen, ``help_wanted`` asks for the shortcuts."""

    chosen = Signal(str)
    help_wanted = Signal()

    def __init__(self, theme: Theme, places: Sequence[Place]) -> None:
        super().__init__()
        self.setObjectName("shell")
        self._theme = theme
        self.entries = {place.name: NavigationButton(theme, place) for place in places if not place.parent}
        self._wide_only: list[QWidget] = []
        self._logo, self._face = QLabel(), QLabel()
        self._initials = ""
        self.company, self.person = label("", "facts"), label("", "body")
        self.help = IconButton(theme, "circle-help", tr("Keyboard shortcuts"), keys="F1")
        self.help.clicked.connect(self.help_wanted)
        self._build(places)
        theme.changed.connect(self._follow)
        self._follow()

    @property
    def is_narrow(self) -> bool:
        """Whether icons only are shown."""
        return self.help.isHidden()

    def set_narrow(self, narrow: bool) -> None:
        """Show icons only, or everything."""
        for part in self._wide_only:
            part.setVisible(not narrow)
        for entry in self.entries.values():
            entry.set_narrow(narrow)
        self.setFixedWidth(NARROW if narrow else self._theme.scaled(WIDE))

    def show_place(self, name: str) -> None:
        """Mark the screen that is shown."""
        for listed, entry in self.entries.items():
            entry.setChecked(listed == name)

    def show_person(self, name: str) -> None:
        """Say who acts."""
        words = name.split()
        self._initials = "".join(word[0] for word in (words[0], words[-1])[: len(words)]).upper() if words else "?"
        self.person.setText(name)
        self._face.setToolTip(plain_tip(name))
        self._follow()

    def show_company(self, name: str) -> None:
        """Say for which company, or nothing."""
        self.company.setText(name)
        self.company.setVisible(bool(name) and not self.is_narrow)

    def _build(self, places: Sequence[Place]) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 12, 10, 10)
        column.setSpacing(2)
        column.addWidget(self._brand())
        for section in Section:
            inside = [place for place in places if place.section is section and not place.parent]
            if inside and section_title(section):
                heading = label(section_title(section), "section")
                heading.setContentsMargins(10, 8, 0, 2)
                self._wide_only.append(heading)
                column.addWidget(heading)
            for place in inside:
                self.entries[place.name].clicked.connect(partial(self.chosen.emit, place.name))
                column.addWidget(self.entries[place.name])
        column.addStretch()
        line = QFrame()
        line.setProperty("look", "line")
        column.addWidget(line)
        column.addSpacing(6)
        column.addWidget(self._person_row())

    def _brand(self) -> QWidget:
        names = QVBoxLayout()
        names.setSpacing(0)
        name = label(tr("SMS Desk"), "brand")
        names.setAlignment(Qt.AlignmentFlag.AlignVCenter)
        names.addWidget(name)
        names.addWidget(self.company)
        self.company.hide()
        self._wide_only += [name]
        box = QWidget()
        row = QHBoxLayout(box)
        row.setContentsMargins(4, 0, 0, 6)
        row.setSpacing(10)
        row.addWidget(self._logo)
        row.addLayout(names, 1)
        box.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        box.setMinimumHeight(42)
        return box

    def _person_row(self) -> QWidget:
        self._wide_only += [self.person, self.help]
        self._face.setFixedWidth(FACE)
        self.person.setMinimumWidth(0)
        box = QWidget()
        row = QHBoxLayout(box)
        row.setContentsMargins(4, 0, 0, 0)
        row.setSpacing(10)
        row.addWidget(self._face)
        row.addWidget(self.person, 1)
        row.addWidget(self.help)
        box.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        return box

    def _follow(self) -> None:
        for entry in self.entries.values():
            entry.follow_theme()
        self._logo.setPixmap(_logo(self._theme))
        self._face.setPixmap(_face(self._theme, self._initials))
        self.setFixedWidth(NARROW if self.is_narrow else self._theme.scaled(WIDE))


def _canvas(side: int) -> QPixmap:
    canvas = QPixmap(2 * side, 2 * side)
    canvas.setDevicePixelRatio(2)
    canvas.fill(Qt.GlobalColor.transparent)
    return canvas


def _logo(theme: Theme) -> QPixmap:
    canvas = _canvas(LOGO)
    painter = QPainter(canvas)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.colour("accent"))
    painter.drawRoundedRect(QRectF(0, 0, LOGO, LOGO), 7, 7)
    painter.drawPixmap(5, 5, icon(theme, "message-square-more", "on_accent").pixmap(QSize(16, 16)))
    painter.end()
    return canvas


def _face(theme: Theme, initials: str) -> QPixmap:
    canvas = _canvas(FACE)
    painter = QPainter(canvas)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.colour("accent_bg"))
    painter.drawEllipse(QRectF(0, 0, FACE, FACE))
    painter.setPen(theme.colour("accent_text"))
    font = theme.font("caption")
    font.setPixelSize(11)
    painter.setFont(font)
    painter.drawText(QRectF(0, 0, FACE, FACE), Qt.AlignmentFlag.AlignCenter, initials)
    painter.end()
    return canvas
