"""Colours, fonts and sizes from resources/tokens.json: one palette and one stylesheet, switched while the program runs."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication

from desktop_app.config import resource_path
from desktop_app.services.personal import Personal, PersonalSettings
from desktop_app.views.dressing import Dresser
from desktop_app.views.marks import Marks
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
# In high contrast captions are written like other text, separators like the borders of fields, and tints get a border.
_STRONGER: Final = {
    "text3": "text2", "line": "control", "line_strong": "control", "control_soft": "control", "success_line": "success",
    "warning_line": "warning", "danger_line": "danger", "info_line": "info", "neutral_line": "neutral",
}  # fmt: skip


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
        row_heights: density -> pixels of a table row.
    """

    colours: Mapping[str, str]
    roles: Mapping[str, tuple[int, int]]
    family: str
    features: Mapping[str, int]
    row_heights: Mapping[str, int]

    def colour(self, name: str) -> QColor:
        """Return a colour by its name in tokens.json."""
        return QColor(self.colours[name])

    @property
    def in_high_contrast(self) -> "Tokens":
        """The same with stronger captions and lines."""
        return replace(self, colours={name: self.colours[_STRONGER.get(name, name)] for name in self.colours})


@dataclass(frozen=True, slots=True)
class Look:
    """How everything looks.

    Attributes:
        appearance: light or dark, or as the system.
        text_size: percent of the usual size of text, and of what has to hold it.
        density: "compact", "default" or "relaxed": the height of table rows.
        high_contrast: stronger captions and lines, also where the system does not ask for it.
        reduces_motion: nothing moves or fades.
    """

    appearance: Appearance = Appearance.SYSTEM
    text_size: int = 100
    density: str = "default"
    high_contrast: bool = False
    reduces_motion: bool = False

    @classmethod
    def of(cls, personal: Personal) -> "Look":
        """Return the look that a person chose."""
        return cls(
            Appearance(personal.theme), personal.text_size, personal.density, personal.high_contrast,
            personal.reduces_motion,
        )  # fmt: skip


def load_tokens() -> dict[Appearance, Tokens]:
    """Read resources/tokens.json: the tokens of LIGHT and of DARK."""
    content: dict[str, Any] = json.loads(resource_path("tokens.json").read_text("utf-8"))
    type_tokens = content["type"]
    roles = {name: (int(size), int(weight)) for name, (size, weight) in type_tokens["roles_px_weight"].items()}
    return {
        appearance: Tokens(
            content[appearance.value], roles, type_tokens["family"], type_tokens["features"], content["row_height"]
        )
        for appearance in (Appearance.LIGHT, Appearance.DARK)
    }


class Theme(QObject):
    """The look in force; widgets that paint ask it for colours, fonts and sizes, and repaint at ``changed``."""

    changed = Signal()

    def __init__(self, application: QApplication, look: Look = Look()) -> None:
        super().__init__(application)
        self._application = application
        self._all = load_tokens()
        self._marks, self._dresser = Marks(), Dresser(application, self)
        # Kept: the objects behind styleHints() and accessibility() die with their last reference.
        self._hints = application.styleHints()
        self._accessibility = self._hints.accessibility()
        self.look = look
        application.setStyle("Fusion")
        _load_fonts()
        self._hints.colorSchemeChanged.connect(self._follow_system)
        self._accessibility.contrastPreferenceChanged.connect(self._apply)
        self._apply()

    @property
    def appearance(self) -> Appearance:
        """Light, dark or as the system."""
        return self.look.appearance

    @property
    def is_dark(self) -> bool:
        """Whether the dark colours are in force."""
        if self.appearance is Appearance.SYSTEM:
            return self._hints.colorScheme() is Qt.ColorScheme.Dark
        return self.appearance is Appearance.DARK

    @property
    def is_high_contrast(self) -> bool:
        """Whether the person or the system asks for stronger lines and captions."""
        wanted = self._accessibility.contrastPreference() is Qt.ContrastPreference.HighContrast
        return self.look.high_contrast or wanted

    @property
    def tokens(self) -> Tokens:
        """The tokens in force."""
        return self._tokens

    @property
    def row_height(self) -> int:
        """Pixels of a table row, by density and text size."""
        return self.scaled(self._tokens.row_heights[self.look.density])

    def scaled(self, pixels: int) -> int:
        """Return a length that holds text, at the text size in force."""
        return (pixels * self.look.text_size + 50) // 100

    def motion(self, milliseconds: int) -> int:
        """Return how long something may move or fade: not at all when the person wants nothing to move."""
        return 0 if self.look.reduces_motion else milliseconds

    def colour(self, name: str) -> QColor:
        """Return a colour in force by its name in tokens.json."""
        return self._tokens.colour(name)

    def font(self, role: str) -> QFont:
        """Return the font of a type role ("body", "small_medium"), with figures of equal width."""
        size, weight = self._tokens.roles[role]
        font = QFont(self._tokens.family)
        font.setPixelSize(self.scaled(size))
        font.setWeight(QFont.Weight(weight))
        font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
        for feature, value in self._tokens.features.items():
            font.setFeature(QFont.Tag(feature), value)
        return font

    def choose(self, appearance: Appearance) -> None:
        """Switch at once; SYSTEM follows the desktop from now on."""
        self.use(replace(self.look, appearance=appearance))

    def use(self, look: Look) -> None:
        """Look like that from now on; nothing restarts, moves or loses the focus."""
        if look != self.look:
            self.look = look
            self._apply()

    def follow(self, personal: PersonalSettings) -> None:
        """Look as the person chose, and follow every later choice until this theme is gone."""
        self.use(Look.of(personal.values))
        end = personal.watch(lambda _before, after: self.use(Look.of(after)))
        self.destroyed.connect(end)

    def _follow_system(self, _scheme: Qt.ColorScheme) -> None:
        if self.appearance is Appearance.SYSTEM:
            self._apply()

    def _apply(self) -> None:
        tokens = self._all[Appearance.DARK if self.is_dark else Appearance.LIGHT]
        self._tokens = tokens.in_high_contrast if self.is_high_contrast else tokens
        palette = QPalette()
        for role, name in _ROLES.items():
            palette.setColor(role, self.colour(name))
        for role in (QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText, QPalette.ColorRole.WindowText):
            palette.setColor(QPalette.ColorGroup.Disabled, role, self.colour("text_disabled"))
        colours = self._tokens.colours
        names = {**colours, **self._marks.paths(colours)}
        sheet = stylesheet(names, self._tokens.roles, self.look.text_size)
        self._dresser.undress()
        self._application.setFont(self.font("body"))
        self._application.setPalette(palette)
        self._dresser.dress(sheet)
        self.changed.emit()


def _load_fonts() -> None:
    for weight in WEIGHTS:
        QFontDatabase.addApplicationFont(str(resource_path(f"fonts/Inter-{weight}.otf")))
