"""Settings › Service: selling and sending, and the API for clients."""

from collections.abc import Mapping
from typing import Any

from desktop_app.domain.language import tr
from desktop_app.views.screen import Workplace
from desktop_app.views.screens.settings_pages.page import Row
from desktop_app.views.screens.settings_pages.saved_page import Field, SavedPage
from desktop_app.views.widgets.inputs import Switch


class ServicePage(SavedPage):
    """The two switches of the service."""

    name = "service"
    icon = "power"

    def __init__(self, place: Workplace) -> None:
        super().__init__(place)
        self._accounts, self._actor = place.parts.accounts, place.parts.actor
        self.service, self.api = Switch(), Switch()
        for switch in (self.service, self.api):
            switch.toggled.connect(self.touched)
        rows = {
            "service": Row(
                tr("International SMS"),
                tr("Selling and sending. While it is off nothing is sent, and what is queued waits."),
                self.service,
                tr("on off activate"),
            ),
            "api": Row(
                tr("API for clients"),
                tr("While it is off no call of a client is answered. It needs International SMS to be on as well."),
                self.api,
                tr("on off keys"),
            ),
        }
        self.fields = {
            name: Field(rows[name], control.isChecked, control.setChecked)
            for name, control in (("service", self.service), ("api", self.api))
        }
        self.add_card("", *rows.values())
        self.end()
        self.setEnabled(False)
        self.reload()

    @property
    def title(self) -> str:
        """See Page."""
        return tr("Service")

    def load(self) -> Mapping[str, Any]:
        """See SavedPage."""
        switches = self._accounts.switches()
        return {"service": switches.service, "api": switches.api}

    def store(self, changes: Mapping[str, Any]) -> None:
        """See SavedPage."""
        if "service" in changes:
            self._accounts.set_service(on=changes["service"], actor=self._actor)
        if "api" in changes:
            self._accounts.set_api(on=changes["api"], actor=self._actor)
