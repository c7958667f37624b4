"""The commands of the View menu: theme, contrast, size of text, density, language. The Settings show the same choices."""

from collections.abc import Callable
from functools import partial
from typing import Any, Final

from PySide6.QtGui import QAction, QKeySequence

from desktop_app.domain.language import LANGUAGES, tr
from desktop_app.services.personal import LARGEST_TEXT, SMALLEST_TEXT, TEXT_STEP, USUAL_TEXT, Personal, PersonalSettings
from desktop_app.views.commands import Commands, Menu

_ZOOM_IN: Final = "Ctrl++"
# The same key without Shift, where "+" needs it.
_ZOOM_IN_TOO: Final = "Ctrl+="
_ZOOM_OUT: Final = "Ctrl+-"
_ZOOM_RESET: Final = "Ctrl+0"


class AppearanceCommands:
    """Registers the commands; the ticks of those with a state follow the choices in force."""

    def __init__(self, commands: Commands, personal: PersonalSettings) -> None:
        self._commands, self._personal = commands, personal
        self._states: list[tuple[QAction, Callable[[Personal], bool]]] = []
        self._add_themes()
        self._add_contrast()
        self._add_sizes()
        self._add_densities()
        for code, name in LANGUAGES.items():
            self._choice(f"view.language.{code}", tr("Language: {name}", name=name), icon="languages", language=code)
        self._end = personal.watch(lambda _before, after: self._show(after))
        self._show(personal.values)
        commands.use_letters(on=personal.values.letter_keys)

    def end(self) -> None:
        """Stop following."""
        self._end()

    def _add_themes(self) -> None:
        for appearance, text, image in (
            ("system", tr("Theme: follow system"), "sun-moon"), ("light", tr("Theme: light"), "sun"),
            ("dark", tr("Theme: dark"), "moon"),
        ):  # fmt: skip
            self._choice(f"view.theme.{appearance}", text, icon=image, words=tr("appearance night"), theme=appearance)

    def _add_contrast(self) -> None:
        contrast = self._commands.add(
            "view.contrast", tr("High contrast"), lambda: self._personal.change(high_contrast=contrast.isChecked()),
            menu=Menu.VIEW, icon="contrast", checkable=True,
        )  # fmt: skip
        self._states.append((contrast, lambda personal: personal.high_contrast))

    def _add_sizes(self) -> None:
        for name, text, keys, icon, run in (
            ("view.text.larger", tr("Larger text"), [_ZOOM_IN, _ZOOM_IN_TOO], "zoom-in", partial(self._resize, TEXT_STEP)),
            ("view.text.smaller", tr("Smaller text"), [_ZOOM_OUT], "zoom-out", partial(self._resize, -TEXT_STEP)),
            ("view.text.usual", tr("Usual size of text"), [_ZOOM_RESET], "type",
             partial(self._personal.change, text_size=USUAL_TEXT)),
        ):  # fmt: skip
            action = self._commands.add(
                name, text, run, keys=keys[0], menu=Menu.VIEW, icon=icon, words=tr("zoom font size")
            )
            action.setShortcuts([QKeySequence(one) for one in keys])

        for size in range(SMALLEST_TEXT, LARGEST_TEXT + 1, TEXT_STEP):
            # For the palette alone: in a menu they would be a wall.
            self._commands.add(
                f"view.text.{size}", tr("Size of text: {size}%", size=size),
                partial(self._personal.change, text_size=size), icon="type", words=tr("zoom font size"),
            )  # fmt: skip

    def _add_densities(self) -> None:
        for density, text in (
            ("compact", tr("Rows: compact")), ("default", tr("Rows: default")), ("relaxed", tr("Rows: relaxed")),
        ):  # fmt: skip
            self._choice(f"view.density.{density}", text, icon="rows-3", density=density, words=tr("density height"))

    def _choice(self, command: str, text: str, *, icon: str, words: str = "", **choice: Any) -> None:
        ((name, value),) = choice.items()
        action = self._commands.add(
            command, text, lambda: self._choose(name, value), menu=Menu.VIEW, icon=icon, words=words, checkable=True
        )
        self._states.append((action, lambda personal: bool(getattr(personal, name) == value)))

    def _choose(self, name: str, value: object) -> None:
        self._personal.change(**{name: value})
        # Chosen again it would lose its tick.
        self._show(self._personal.values)

    def _resize(self, step: int) -> None:
        wanted = self._personal.values.text_size + step
        self._personal.change(text_size=max(SMALLEST_TEXT, min(LARGEST_TEXT, wanted)))

    def _show(self, personal: Personal) -> None:
        for action, holds in self._states:
            action.setChecked(holds(personal))
        self._commands.use_letters(on=personal.letter_keys)
