"""Whether anything leaves the house: the mode that status bar and stripes show."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from desktop_app.domain.language import tr
from desktop_app.services.job import Job

if TYPE_CHECKING:
    from desktop_app.views.parts import WindowParts


@dataclass(frozen=True, slots=True)
class Mode:
    """How sending stands.

    Attributes:
        provider: the default provider's name, "" without one.
        is_sandbox: nothing that is sent reaches a phone.
        company: the name of the team's company, "" for none.
        is_empty: there is no provider at all yet.
        response_ms: how long the default provider's last good answer took, None where that is not known.
    """

    provider: str = ""
    is_sandbox: bool = False
    company: str = ""
    is_empty: bool = False
    response_ms: int | None = None

    @property
    def text(self) -> str:
        """What the status bar says."""
        if self.is_sandbox:
            return tr("Sandbox · nothing is sent")
        return tr("Live · {provider}", provider=self.provider) if self.provider else tr("No provider")


def read_mode(parts: "WindowParts", _job: Job) -> Mode:
    """Return the mode; a default provider that is reached by plain http carries the sandbox mark (decisions.md 21)."""
    providers = parts.accounts.list_providers()
    default = next((one for one in providers if one.is_default), None)
    # Plain http is accepted on this computer only.
    is_sandbox = parts.sandbox or (default is not None and default.base_url.startswith("http://"))
    company = parts.preferences.read().company
    answer = default.answer if default is not None else None
    return Mode(
        default.name if default else "", is_sandbox, company, not providers, answer.response_ms if answer else None
    )
