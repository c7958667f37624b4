"""Settings › Keyboard: every shortcut, and whether single letters are some."""

from PySide6.QtWidgets import QFrame, QHBoxLayout

from desktop_app.domain.language import tr
from desktop_app.services.personal import Personal
from desktop_app.views.commands import Command, Menu, keys_text, menu_title
from desktop_app.views.screen import Workplace
from desktop_app.views.screens.settings_pages.page import Row
from desktop_app.views.screens.settings_pages.personal_page import PersonalPage
from desktop_app.views.widgets.inputs import Switch
from desktop_app.views.widgets.notices import label


class KeyboardPage(PersonalPage):
    """Made anew from the registry each time it is shown: screens register theirs as they open."""

    name = "keyboard"
    icon = "keyboard"

    def __init__(self, place: Workplace) -> None:
        super().__init__(place)
        self.letters = Switch()
        self.letters.clicked.connect(
            lambda on: self.choose(
                tr("Single letters switched on") if on else tr("Single letters switched off"), letter_keys=on
            )
        )
        self.add_card(
            "",
            Row(
                tr("Single letters"),
                tr("A letter alone is a shortcut where a list or a table has the focus, never in a text field."),
                self.letters,
                tr("shortcut key"),
            ),
        )
        self._list = self.add_part()
        self.end()
        self._listed: list[tuple[str, str]] = []
        self.show_personal(place.parts.personal.values)

    @property
    def title(self) -> str:
        """See Page."""
        return tr("Keyboard")

    def show_personal(self, personal: Personal) -> None:
        """See PersonalPage."""
        self.letters.setChecked(personal.letter_keys)

    def shown(self) -> None:
        """See Page."""
        commands = [one for one in self.place.commands.all() if keys_text(one.action)]
        listed = [(one.name, keys_text(one.action)) for one in commands]
        if listed == self._listed:
            return
        self._listed = listed
        self.clear_part(self._list)
        for menu in (*Menu, None):
            own = [one for one in commands if one.menu is menu]
            if own:
                self._add(menu_title(menu).replace("&", "") if menu else tr("Elsewhere"), own)

    def _add(self, title: str, commands: list[Command]) -> None:
        rows = [_ShortcutRow(one.action.text().replace("&", ""), keys_text(one.action)) for one in commands]
        self.add_card(title, *rows, into=self._list)


class _ShortcutRow(Row):
    """A command and its keys."""

    def __init__(self, text: str, keys: str) -> None:
        super().__init__(text.removesuffix("…"), "", _keys(keys), keys)


def _keys(text: str) -> QFrame:
    frame = QFrame()
    row = QHBoxLayout(frame)
    row.setContentsMargins(0, 0, 0, 0)
    row.addWidget(label(text, "key"))
    return frame
