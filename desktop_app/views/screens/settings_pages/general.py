"""Settings › General: the language, and who acts."""

from desktop_app.domain.language import LANGUAGES, tr
from desktop_app.services.personal import Personal
from desktop_app.views.screen import Workplace
from desktop_app.views.screens.settings_pages.page import Row
from desktop_app.views.screens.settings_pages.personal_page import PersonalPage
from desktop_app.views.widgets.inputs import Choice
from desktop_app.views.widgets.notices import label


class GeneralPage(PersonalPage):
    """Language and actor."""

    name = "general"
    icon = "settings-2"

    def __init__(self, place: Workplace) -> None:
        super().__init__(place)
        self.language = Choice(list(LANGUAGES.items()))
        self.language.chosen.connect(self._choose_language)
        actor = label(place.parts.actor, "strong")
        self.add_card(
            "",
            Row(
                tr("Language"),
                tr("Of menus, messages and the names of countries. Drafts stay as they are."),
                self.language,
                " ".join(LANGUAGES.values()),
            ),
            Row(
                tr("You act as"),
                tr("This name stands with every change in Activity. It is chosen when SMS Desk is started."),
                actor,
                tr("person user"),
            ),
        )
        self.end()
        self.show_personal(place.parts.personal.values)

    @property
    def title(self) -> str:
        """See Page."""
        return tr("General")

    def show_personal(self, personal: Personal) -> None:
        """See PersonalPage."""
        self.language.show_value(personal.language)

    def _choose_language(self) -> None:
        language = self.language.value
        self.choose(tr("Language: {name}", name=LANGUAGES[language]), language=language)
