"""What the parts that act for the whole screen need of it."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from PySide6.QtWidgets import QWidget

from desktop_app.services.audiences import Source
from desktop_app.services.draft_contents import Writing
from desktop_app.views.screens.compose.checker import Checked, Checker
from desktop_app.views.screens.compose.drafts_part import DraftsPart
from desktop_app.views.screens.compose.frame import ComposeFrame
from desktop_app.views.screens.compose.message_part import MessagePart
from desktop_app.views.screens.compose.recipients_part import RecipientsPart
from desktop_app.views.screens.compose.sender_part import SenderPart


class Composer(Protocol):
    """The screen, as its parts see it; see ``ComposeScreen``."""

    view: ComposeFrame
    senders: SenderPart
    recipients: RecipientsPart
    message: MessagePart
    drafts: DraftsPart
    checker: Checker
    checked: Checked | None
    send_at: datetime | None
    zone: str
    reason: str
    country_name: Callable[[str], str]

    def window(self) -> QWidget:
        """Return the window, which dialogs stand above."""
        ...

    def writing(self) -> Writing:
        """Return what stands in the fields."""
        ...

    def show_writing(self, writing: Writing, lists: Sequence[Source]) -> None:
        """Show a draft that is not saved anywhere."""
        ...

    def show_problem(self, text: str, widget: QWidget) -> None:
        """Say what stands in the way, and go where it can be mended."""
        ...

    def review(self) -> None:
        """Open the review, or go to what stands in its way."""
        ...

    def open_review(self) -> QWidget | None:
        """Open the review, whatever stands in its way, and return it."""
        ...

    def set_time(self, send_at: datetime | None, zone: str = "") -> None:
        """Let the messages leave at a time, None for at once."""
        ...

    def start_after_send(self) -> None:
        """Begin an empty draft: the one on the screen became a batch."""
        ...

    def ask_again(self) -> None:
        """Price the message once more."""
        ...
