"""What is in a draft: the message as it is written, lists of recipients, and how both are saved."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from desktop_app.domain.language import tr
from desktop_app.services.audiences import Source, SourceKind
from desktop_app.services.recipient_blocks import Entries

LONGEST_NAME: Final = 40
_PIECE: Final = 2000


@dataclass(frozen=True, slots=True)
class Writing:
    """A message as it stands in the fields of the screen that composes.

    Attributes:
        client: name of the client, "" while none is chosen.
        sender: the sender ID.
        typed: what stands in the field of recipients.
        country: ISO code of the country whose national numbers are understood, "" for none.
        text: of the message.
        fallbacks: what stands in the place of a field where a recipient has nothing.
        send_at: when it is sent, None for at once.
        zone: the time zone that ``send_at`` was chosen in.
        reason: why it is sent.
    """

    client: str = ""
    sender: str = ""
    typed: str = ""
    country: str = ""
    text: str = ""
    fallbacks: Mapping[str, str] = field(default_factory=dict)
    send_at: datetime | None = None
    zone: str = ""
    reason: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing was written that is worth keeping; a client alone is not."""
        return not (self.typed.strip() or self.text.strip() or self.send_at)

    def json(self) -> str:
        """Return it as it is saved."""
        kept: dict[str, Any] = {
            "client": self.client, "sender": self.sender, "typed": self.typed, "country": self.country, "text": self.text,
            "fallbacks": dict(self.fallbacks), "send_at": self.send_at.isoformat() if self.send_at else None,
            "zone": self.zone, "reason": self.reason,
        }  # fmt: skip
        return json.dumps(kept, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> "Writing":
        """Return what ``json`` wrote."""
        kept = json.loads(text)
        send_at = kept.pop("send_at")
        return cls(**kept, send_at=datetime.fromisoformat(send_at) if send_at else None)


def lists_json(sources: Sequence[Source]) -> str:
    """Return lists of recipients as they are saved."""
    return f"[{','.join(map(_list_json, sources))}]"


def _list_json(source: Source) -> str:
    entries = source.entries
    fields = "null" if entries.fields is None else _array(entries.fields)
    named = f'"kind":{json.dumps(source.kind.value)},"name":{json.dumps(source.name, ensure_ascii=False)}'
    return f'{{{named},"texts":{_array(entries.texts)},"lines":{_array(entries.lines)},"fields":{fields}}}'


def _array(values: Sequence[Any]) -> str:
    """Return values as a JSON array, written piece by piece: while a piece is written every other thread waits."""
    pieces = (
        json.dumps(values[start : start + _PIECE], ensure_ascii=False, separators=(",", ":"))[1:-1]
        for start in range(0, len(values), _PIECE)
    )
    return f"[{','.join(pieces)}]"


def lists_from_json(text: str) -> tuple[Source, ...]:
    """Return what ``lists_json`` wrote."""
    return tuple(
        Source(
            SourceKind(kept["kind"]), kept["name"],
            Entries(tuple(kept["texts"]), tuple(kept["lines"]), None if kept["fields"] is None else tuple(kept["fields"])),
        )
        for kept in json.loads(text or "[]")
    )  # fmt: skip


def name_of(writing: Writing, lists: Sequence[Source]) -> str:
    """Return what lists call a draft and its batch: its lists by name, else how its text begins."""
    named = [one.name for one in lists if one.kind in (SourceKind.FILE, SourceKind.GROUP)]
    words = ", ".join(named) or " ".join(writing.text.split())
    if not words:
        return tr("Untitled draft")
    return words if len(words) <= LONGEST_NAME else words[: LONGEST_NAME - 1].rstrip() + "…"
