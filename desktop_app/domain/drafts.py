"""Drafts: what somebody composes and has not sent yet."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class DraftSummary:
    """A draft as a list shows it.

    Attributes:
        draft_id: ours.
        name: what the person or the screen calls it.
        client: name of the client it is for, "" while none is chosen.
        recipient_count: how many recipients it had when it was saved.
        changed_at: when it was saved last.
        changed_by: by whom.
    """

    draft_id: int
    name: str
    client: str
    recipient_count: int
    changed_at: datetime
    changed_by: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft with everything in it.

    Attributes:
        summary: as the list shows it.
        idem: the key of its send, made with the draft: however often it is sent, it is one batch.
        content: message and settings, JSON of the composing screen.
        recipients: whom it is for, JSON of the composing screen.
    """

    summary: DraftSummary
    idem: str
    content: str
    recipients: str
