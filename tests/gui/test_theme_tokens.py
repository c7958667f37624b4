"""Every colour can be read where it stands, in light, dark and high contrast; sizes grow with the text."""

import pytest
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from desktop_app.services.personal import PersonalSettings
from desktop_app.views.stylesheet import stylesheet
from desktop_app.views.theme import Appearance, Look, Theme, Tokens, load_tokens

PLAIN = ("chrome", "surface", "subtle", "sunken", "raised", "hover", "selected", "edit_bg", "neutral_bg")
TINTS = ("accent_bg", "success_bg", "warning_bg", "danger_bg", "info_bg")
MEANINGS = ("success", "warning", "danger", "info", "neutral")
LOOKS = {
    **{appearance.value: tokens for appearance, tokens in load_tokens().items()},
    **{f"{appearance.value}, high contrast": tokens.in_high_contrast for appearance, tokens in load_tokens().items()},
}


def _luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of WCAG 2.2 between two colours."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _pairs() -> list[tuple[str, str, float]]:
    """Return (foreground, background, least contrast): what ux.md 4 promises."""
    text = [
        (name, ground, least)
        for name, least in (("text", 11.7), ("text2", 7.2), ("text3", 4.6))
        for ground in (*PLAIN, *TINTS)
    ]
    links = [("accent_text", ground, 4.5) for ground in (*PLAIN, "accent_bg")]
    meanings = [(name, f"{name}_bg", 5.8) for name in MEANINGS] + [(name, "surface", 4.5) for name in MEANINGS]
    icons = [(f"{name}_icon", ground, 3.0) for name in MEANINGS[:4] for ground in ("surface", f"{name}_bg")]
    borders = [(name, ground, 3.0) for name in ("control", "focus") for ground in PLAIN[:7]]
    buttons = [("on_accent", ground, 4.5) for ground in ("accent", "accent_hover", "accent_press", "danger_fill")]
    charts = [(f"c{number}", "surface", 3.0) for number in range(1, 7)] + [("edit_mark", "edit_bg", 3.0)]
    return [*text, *links, *meanings, *icons, *borders, *buttons, *charts]


@pytest.mark.parametrize("tokens", LOOKS.values(), ids=LOOKS.keys())
@pytest.mark.parametrize(("name", "ground", "least"), _pairs(), ids=lambda value: str(value))
def test_every_colour_can_be_read_where_it_stands(tokens: Tokens, name: str, ground: str, least: float) -> None:
    assert contrast(tokens.colours[name], tokens.colours[ground]) >= least


def test_the_ratio_is_that_of_the_standard() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21.0)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.478, abs=0.001)


@pytest.mark.parametrize("tokens", load_tokens().values(), ids=lambda tokens: tokens.colours["surface"])
def test_high_contrast_makes_captions_text_and_lines_borders(tokens: Tokens) -> None:
    strong, usual = tokens.in_high_contrast.colours, tokens.colours

    assert (strong["text3"], strong["line"], strong["danger_line"]) == (
        usual["text2"],
        usual["control"],
        usual["danger"],
    )
    assert strong["surface"] == usual["surface"]


def test_what_holds_text_grows_with_it_and_marks_do_not() -> None:
    tokens = load_tokens()[Appearance.LIGHT]
    names = {**tokens.colours, **dict.fromkeys((f"mark_{name}" for name in _mark_names()), "x.svg")}

    usual, large = (stylesheet(names, tokens.roles, size).splitlines() for size in (100, 150))

    def rule(lines: list[str], start: str) -> str:
        return next(line for line in lines if line.startswith(start))

    assert "font-size: 18px" in rule(usual, 'QLabel[look="title"]')
    assert "font-size: 27px" in rule(large, 'QLabel[look="title"]')
    assert "min-height: 36px" in "\n".join(large)
    assert rule(usual, "QSlider::groove") == rule(large, "QSlider::groove")


def _mark_names() -> tuple[str, ...]:
    return ("tick", "down", "up", "down_off", "right", "partly", "dot", "on", "off")


def test_rows_follow_text_size_and_density(theme: Theme) -> None:
    heights = {}
    for density in ("compact", "default", "relaxed"):
        for size in (90, 100, 160):
            theme.use(Look(Appearance.LIGHT, size, density))
            heights[density, size] = theme.row_height

    assert heights["compact", 100] == 28
    assert heights["default", 90] == 30
    assert heights["default", 160] == 53
    assert heights["relaxed", 160] == 64


def test_the_theme_follows_every_choice(theme: Theme, qapp: QApplication, tmp_path: object) -> None:
    personal = PersonalSettings(tmp_path)  # type: ignore[arg-type]
    theme.follow(personal)

    personal.change(theme="dark", text_size=150, reduces_motion=True, high_contrast=True)

    assert theme.is_dark
    assert theme.is_high_contrast
    assert theme.motion(140) == 0
    assert theme.font("body").pixelSize() == 20
    assert qapp.font().pixelSize() == 20
    assert theme.colour("text3") == theme.colour("text2")


def test_what_was_hidden_while_the_look_changed_has_the_new_one_when_it_is_shown(theme: Theme, qtbot: QtBot) -> None:
    theme.use(Look(Appearance.LIGHT))
    window, page = QWidget(), QWidget()
    title, field = QLabel("Title", page), QLineEdit(page)
    title.setProperty("look", "title")
    column = QVBoxLayout(window)
    column.addWidget(page)
    qtbot.addWidget(window)
    window.show()
    usual = title.font().pixelSize()
    page.hide()

    theme.use(Look(Appearance.DARK, 150))
    theme.use(Look(Appearance.DARK, 160))
    page.show()

    assert (usual, title.font().pixelSize()) == (18, 29)
    assert title.palette().color(QPalette.ColorRole.WindowText) == theme.colour("text")
    assert field.palette().color(QPalette.ColorRole.PlaceholderText) == theme.colour("text3")
    assert field.minimumHeight() >= theme.scaled(28)


def test_what_is_shown_has_the_new_look_at_once(theme: Theme, qtbot: QtBot) -> None:
    theme.use(Look(Appearance.LIGHT))
    label = QLabel("Title")
    label.setProperty("look", "title")
    qtbot.addWidget(label)
    label.show()

    theme.use(Look(Appearance.DARK, 150))

    assert label.font().pixelSize() == 27
    assert label.palette().color(QPalette.ColorRole.WindowText) == theme.colour("text")
