"""Colours, fonts and sizes from resources/tokens.json: one palette and one stylesheet, switched while the program runs."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication

from desktop_app.config import resource_path
from desktop_app.views.stylesheet import stylesheet

WEIGHTS: Final = ("Regular", "Medium", "SemiBold")
_ROLES: Final = {
    QPalette.ColorRole.Window: "chrome",
    QPalette.ColorRole.WindowText: "text",
    QPalette.ColorRole.Base: "surface",
    QPalette.ColorRole.AlternateBase: "subtle",
    QPalette.ColorRole.Text: "text",
    QPalette.ColorRole.Button: "raised",
    QPalette.ColorRole.ButtonText: "text",
    QPalette.ColorRole.ToolTipBase: "raised",
    QPalette.ColorRole.ToolTipText: "text",
    QPalette.ColorRole.PlaceholderText: "text3",
    QPalette.ColorRole.Highlight: "accent",
    QPalette.ColorRole.HighlightedText: "on_accent",
    QPalette.ColorRole.Link: "accent_text",
    QPalette.ColorRole.Mid: "line_strong",
}


class Appearance(StrEnum):
    """What the person chose."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True, slots=True)
class Tokens:
    """The colours of one appearance, and the sizes that all share.

    Attributes:
        colours: name -> "#RRGGBB".
        roles: type role -> (pixels, weight).
        family: the font's name.
        features: OpenType features of the font.
    """

    colours: Mapping[str, str]
    roles: Mapping[str, tuple[int, int]]
    family: str
    features: Mapping[str, int]

    def colour(self, name: str) -> QColor:
        """Return a colour by its name in tokens.json."""
        return QColor(self.colours[name])


def load_tokens() -> dict[Appearance, Tokens]:
    """Read resources/tokens.json: the tokens of LIGHT and of DARK."""
    content: dict[str, Any] = json.loads(resource_path("tokens.json").read_text("utf-8"))
    type_tokens = content["type"]
    roles = {name: (int(size), int(weight)) for name, (size, weight) in type_tokens["roles_px_weight"].items()}
    return {
        appearance: Tokens(content[appearance.value], roles, type_tokens["family"], type_tokens["features"])
        for appearance in (Appearance.LIGHT, Appearance.DARK)
    }


class Theme(QObject):
    """The appearance in force; widgets that paint ask it for colours and repaint at ``changed``."""

    changed = Signal()

    def __init__(self, application: QApplication) -> None:
        super().__init__(application)
        self._application = application
        self._all = load_tokens()
        # Kept: the object behind styleHints() dies with its last reference.
        self._hints = application.styleHints()
        self.appearance = Appearance.SYSTEM
        application.setStyle("Fusion")
        _load_fonts()
        application.setFont(self.font("body"))
        self._hints.colorSchemeChanged.connect(self._follow_system)
        self._apply()

    @property
    def is_dark(self) -> bool:
        """Whether the dark colours are in force."""
        if self.appearance is Appearance.SYSTEM:
            return self._hints.colorScheme() is Qt.ColorScheme.Dark
        return self.appearance is Appearance.DARK

    @property
    def tokens(self) -> Tokens:
        """The tokens in force."""
        return self._all[Appearance.DARK if self.is_dark else Appearance.LIGHT]

    def colour(self, name: str) -> QColor:
        """Return a colour in force by its name in tokens.json."""
        return self.tokens.colour(name)

    def font(self, role: str) -> QFont:
        """Return the font of a type role ("body", "small_medium"), with figures of equal width."""
        size, weight = self.tokens.roles[role]
        font = QFont(self.tokens.family)
        font.setPixelSize(size)
        font.setWeight(QFont.Weight(weight))
        font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
        for feature, value in self.tokens.features.items():
            font.setFeature(QFont.Tag(feature), value)
        return font

    def choose(self, appearance: Appearance) -> None:
        """Switch at once; SYSTEM follows the desktop from now on."""
        self.appearance = appearance
        self._apply()

    def _follow_system(self, _scheme: Qt.ColorScheme) -> None:
        if self.appearance is Appearance.SYSTEM:
            self._apply()

    def _apply(self) -> None:
        tokens = self.tokens
        palette = QPalette()
        for role, name in _ROLES.items():
            palette.setColor(role, tokens.colour(name))
        for role in (QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText, QPalette.ColorRole.WindowText):
            palette.setColor(QPalette.ColorGroup.Disabled, role, tokens.colour("text_disabled"))
        self._application.setPalette(palette)
        self._application.setStyleSheet(stylesheet(tokens.colours, tokens.roles))
        self.changed.emit()


def _load_fonts() -> None:
    for weight in WEIGHTS:
        QFontDatabase.addApplicationFont(str(resource_path(f"fonts/Inter-{weight}.otf")))
