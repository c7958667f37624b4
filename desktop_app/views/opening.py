"""How the window is to start and its application to be opened."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from desktop_app.services.personal import PersonalSettings
    from desktop_app.views.parts import WindowParts


@dataclass(frozen=True, slots=True)
class Opening:
    """How the application is to be opened.

    Attributes:
        demo: on demo data, which is thrown away.
        personal: what this person chose on this computer.
        ask_passphrase: asks for the vault's passphrase, told why it is asked again; called in the thread that opens.
    """

    demo: bool
    personal: "PersonalSettings"
    ask_passphrase: Callable[[str], str | None]


Opener = Callable[[Opening], "AbstractContextManager[WindowParts]"]


@dataclass(frozen=True, slots=True)
class Start:
    """What the window starts with.

    Attributes:
        open_parts: opens the application; called in a thread.
        profile: where this person's choices are kept.
        language: in force until the person chose one.
        demo: work on demo data.
        shots: photograph every screen into this folder instead of waiting for a person, None for no pictures.
        prepare: called once the window is painted, before anything else.
    """

    open_parts: Opener
    profile: Path
    language: str
    demo: bool = False
    shots: Path | None = None
    prepare: Callable[[], object] = bool
