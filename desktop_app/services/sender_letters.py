"""What a client is written about its sender IDs, in the client's language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from babel import Locale
from babel.dates import format_date

from desktop_app.domain.language import later
from desktop_app.domain.sender_documents import Purpose
from desktop_app.domain.sender_ids import ApprovalStatus
from desktop_app.services.translations import sayer


class RejectReason(StrEnum):
    """Why a sender ID is rejected."""

    UNREADABLE = "unreadable"
    NOT_OWNER = "not_owner"
    NOT_ALLOWED = "not_allowed"
    MISLEADING = "misleading"
    OTHER = "other"


REASONS: Final[Mapping[RejectReason, str]] = {
    RejectReason.UNREADABLE: later("Document unreadable"), RejectReason.NOT_OWNER: later("Not the brand owner"),
    RejectReason.NOT_ALLOWED: later("Not allowed in this country"), RejectReason.MISLEADING: later("Misleading name"),
    RejectReason.OTHER: later("Other"),
}  # fmt: skip
_NOTES: Final[Mapping[RejectReason, str]] = {
    RejectReason.UNREADABLE: later(
        "A document you sent cannot be read, or a part of it is missing. Send it again as a complete PDF or a sharp picture, "
        "then we look at your request once more."
    ),
    RejectReason.NOT_OWNER: later(
        "The documents do not show that the name belongs to your company. Send proof that you own the brand, or a letter of its "
        "owner that allows you to use it."
    ),
    RejectReason.NOT_ALLOWED: later(
        "The networks of the country do not allow this sender ID. Choose another name, or let us show a number instead."
    ),
    RejectReason.MISLEADING: later(
        "Recipients may take the name for another company or an authority. Choose a name that clearly is your own."
    ),
    RejectReason.OTHER: "",
}  # fmt: skip
_PURPOSES: Final[Mapping[Purpose, str]] = {
    Purpose.AUTHORISATION: later("Letter of authorisation"), Purpose.REGISTRATION: later("Company registration"),
    Purpose.BRAND: later("Proof of brand ownership"), Purpose.CONTENT: later("Content sample"),
    Purpose.UNSORTED: later("Document"),
}  # fmt: skip
_SUBJECTS: Final[Mapping[ApprovalStatus, str]] = {
    ApprovalStatus.APPROVED: later("Sender ID {sender} is approved"),
    ApprovalStatus.REJECTED: later("Sender ID {sender} was not approved"),
    ApprovalStatus.AT_PROVIDER: later("Sender ID {sender} is being registered"),
    ApprovalStatus.EXPIRED: later("The approval of sender ID {sender} has ended"),
}
_SENTENCES: Final[Mapping[ApprovalStatus, str]] = {
    ApprovalStatus.APPROVED: later("Your sender ID {sender} can be used from now on in: {countries}."),
    ApprovalStatus.REJECTED: later("Your sender ID {sender} was not approved for: {countries}."),
    ApprovalStatus.AT_PROVIDER: later("We handed your sender ID {sender} to the networks of: {countries}."),
    ApprovalStatus.EXPIRED: later("The approval of your sender ID {sender} has ended in: {countries}."),
}
_GREETING: Final = later("Hello {client},")
_CLOSING: Final = later("Kind regards")
_UNTIL: Final = later("The approval ends on {day}.")
_DAYS: Final = later("They usually answer within {days} working days.")
_RENEW: Final = later("Send current documents in time, so that your messages go on without a break.")
_WARN_SUBJECT: Final = later("The approval of sender ID {sender} ends on {day}")
_WARN: Final = later("The approval of your sender ID {sender} ends on {day} in: {countries}.")
_ASK_SUBJECT: Final = later("Documents needed for sender ID {sender}")
_ASK: Final = later("For your sender ID {sender} we still need, for {countries}:")


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail as it is sent and previewed."""

    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class Addressee:
    """Who is written to.

    Attributes:
        client: its name.
        language: "en", "de" or "tr"; anything else is written in English.
        company: who writes, "" for nobody named.
    """

    client: str
    language: str
    company: str

    @property
    def spoken(self) -> str:
        """The language of the letter."""
        return self.language if self.language in ("de", "tr") else "en"


def ready_note(reason: RejectReason, language: str) -> str:
    """Return the ready-made note for a reason in a client's language, "" where a person has to write it."""
    source = _NOTES[reason]
    return sayer(language if language in ("de", "tr") else "en")(source) if source else ""


def decision_letter(
    to: Addressee, sender: str, countries: Sequence[str], status: ApprovalStatus, *,
    note: str = "", until: date | None = None, days: int | None = None,
) -> Letter:  # fmt: skip
    """Return what the client is told about a decision."""
    say = sayer(to.spoken)
    lines = [say(_SENTENCES[status], sender=sender, countries=_names(countries, to.spoken))]
    if until is not None:
        lines.append(say(_UNTIL, day=_day(until, to.spoken)))
    if days is not None:
        lines.append(say(_DAYS, days=days))
    if status is ApprovalStatus.EXPIRED:
        lines.append(say(_RENEW))
    return _letter(to, say(_SUBJECTS[status], sender=sender), [" ".join(lines), note])


def warning_letter(to: Addressee, sender: str, countries: Sequence[str], day: date) -> Letter:
    """Return what the client is told before an approval ends."""
    say, shown = sayer(to.spoken), _day(day, to.spoken)
    text = say(_WARN, sender=sender, day=shown, countries=_names(countries, to.spoken))
    return _letter(to, say(_WARN_SUBJECT, sender=sender, day=shown), [f"{text} {say(_RENEW)}"])


def documents_letter(
    to: Addressee, sender: str, countries: Sequence[str], wanted: Sequence[Purpose], note: str
) -> Letter:
    """Return the request for documents."""
    say = sayer(to.spoken)
    asked = say(_ASK, sender=sender, countries=_names(countries, to.spoken))
    listed = "\n".join(f"- {say(_PURPOSES[one])}" for one in wanted)
    return _letter(to, say(_ASK_SUBJECT, sender=sender), [f"{asked}\n{listed}", note])


def _letter(to: Addressee, subject: str, paragraphs: Sequence[str]) -> Letter:
    say = sayer(to.spoken)
    closing = f"{say(_CLOSING)}\n{to.company}".rstrip()
    parts = [say(_GREETING, client=to.client), *(part for part in paragraphs if part), closing]
    return Letter(subject, "\n\n".join(parts) + "\n")


def _names(countries: Sequence[str], language: str) -> str:
    territories = Locale.parse(language).territories
    return ", ".join(territories.get(iso, iso) for iso in countries)


def _day(day: date, language: str) -> str:
    return format_date(day, "d MMMM yyyy", locale=language)
