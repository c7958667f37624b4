"""The documents of a sender ID request: what each proves, which a country asks for, and how each stands."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from desktop_app.domain.documents import DocumentKind
from desktop_app.domain.folding import folded
from desktop_app.domain.language import tr
from desktop_app.domain.sender_ids import SenderRule


class Purpose(StrEnum):
    """What a document proves."""

    AUTHORISATION = "authorisation"
    REGISTRATION = "registration"
    BRAND = "brand"
    CONTENT = "content"
    # Nobody said: it counts for whatever a country asks for.
    UNSORTED = ""


class DocumentState(StrEnum):
    """How a document stands."""

    NEW = "new"
    CHECKED = "checked"
    REFUSED = "refused"
    EXPIRED = "expired"


# What the rules ask for, and what proves it; anything else is a detail that the letter of authorisation gives.
_PROOFS: Final[Mapping[str, Purpose]] = {
    "letter_of_authorization": Purpose.AUTHORISATION, "official_representative": Purpose.AUTHORISATION,
    "business_registration_doc": Purpose.REGISTRATION, "company_registration_no": Purpose.REGISTRATION,
    "tax_no": Purpose.REGISTRATION, "brand_ownership_proof": Purpose.BRAND, "sample_content": Purpose.CONTENT,
}  # fmt: skip
_ORDER: Final = (Purpose.AUTHORISATION, Purpose.REGISTRATION, Purpose.BRAND, Purpose.CONTENT)
# Words in the name of a file that tell what it is, folded.
_NAMES: Final = (
    (Purpose.AUTHORISATION, ("authoris", "authoriz", "vollmacht", "yetki", "loa")),
    (Purpose.REGISTRATION, ("regist", "licence", "license", "handelsreg", "sicil", "tax", "certificate")),
    (Purpose.BRAND, ("brand", "trademark", "marke", "marka")),
    (Purpose.CONTENT, ("sample", "content", "muster", "ornek", "template")),
)


@dataclass(frozen=True, slots=True)
class SenderDocument:
    """A document as it is attached to a sender ID.

    Attributes:
        document_id: ours.
        name: for display and for saving.
        kind: what it is by its bytes.
        size: bytes.
        digest: SHA-256 of its bytes, hexadecimal.
        purpose: what it proves.
        state: how it stands; EXPIRED when ``valid_until`` is over.
        added_at: when it came.
        added_by: who brought it.
        state_by: who checked or refused it, None for nobody.
        valid_until: the last moment it proves anything, None without an end.
    """

    document_id: int
    name: str
    kind: DocumentKind
    size: int
    digest: str
    purpose: Purpose
    state: DocumentState
    added_at: datetime
    added_by: str
    state_by: str | None = None
    valid_until: datetime | None = None

    @property
    def counts(self) -> bool:
        """Whether it proves anything now."""
        return self.state not in (DocumentState.REFUSED, DocumentState.EXPIRED)


@dataclass(frozen=True, slots=True)
class Need:
    """Something a country asks for, and the document that proves it, None while it is missing."""

    purpose: Purpose
    document: SenderDocument | None

    @property
    def is_missing(self) -> bool:
        """Whether nothing proves it."""
        return self.document is None or not self.document.counts


def purpose_text(purpose: Purpose) -> str:
    """Return what a person calls a document of a purpose."""
    return {
        Purpose.AUTHORISATION: tr("Letter of authorisation"), Purpose.REGISTRATION: tr("Company registration"),
        Purpose.BRAND: tr("Proof of brand ownership"), Purpose.CONTENT: tr("Content sample"),
        Purpose.UNSORTED: tr("Document"),
    }[purpose]  # fmt: skip


def purposes_needed(rule: SenderRule) -> tuple[Purpose, ...]:
    """Return what a request for the country has to prove, in their usual order."""
    if not rule.needs_document:
        return ()
    proofs = {_PROOFS[word] for word in rule.documents.split() if word in _PROOFS}
    return tuple(one for one in _ORDER if one in proofs) or (Purpose.AUTHORISATION,)


def words_for(purposes: Iterable[Purpose]) -> str:
    """Return the words of a rule that ask for exactly these purposes."""
    usual = {
        Purpose.AUTHORISATION: "letter_of_authorization", Purpose.REGISTRATION: "business_registration_doc",
        Purpose.BRAND: "brand_ownership_proof", Purpose.CONTENT: "sample_content",
    }  # fmt: skip
    wanted = set(purposes)
    return " ".join(usual[one] for one in _ORDER if one in wanted)


def needs_of(rule: SenderRule, documents: Sequence[SenderDocument]) -> tuple[Need, ...]:
    """Return what the country asks for, each with the document that proves it: the latest that counts, else the latest."""

    def best(purpose: Purpose) -> SenderDocument | None:
        fitting = [one for one in documents if one.purpose in (purpose, Purpose.UNSORTED)]
        ranked = sorted(fitting, key=lambda one: (one.counts, one.purpose is purpose, one.added_at, one.document_id))
        return ranked[-1] if ranked else None

    return tuple(Need(purpose, best(purpose)) for purpose in purposes_needed(rule))


def guess_purpose(name: str) -> Purpose:
    """Return what a document with this file name probably proves; a letter of authorisation when nothing tells."""
    plain = folded(name)
    found = next((purpose for purpose, words in _NAMES if any(word in plain for word in words)), None)
    return found or Purpose.AUTHORISATION


_UNTIL: Final = re.compile(r"(?:valid(?:ity)?|expires?|g(?:ü|ue)ltig|ge(?:ç|c)erli)[^0-9]{0,60}?(?=\d)", re.IGNORECASE)
_ISO: Final = re.compile(r"(20\d\d)-(\d\d)-(\d\d)")
_FIGURES: Final = re.compile(r"(\d{1,2})[./](\d{1,2})[./](20\d\d)")
_NAMED: Final = re.compile(r"(\d{1,2})\.? +([^\W\d_]{3,10})\.? +(20\d\d)")
_MONTHS: Final = (
    ("jan", "oca"), ("feb", "sub"), ("mar", "maer"), ("apr", "nis"), ("may", "mai"), ("jun", "haz"), ("jul", "tem"),
    ("aug", "agu"), ("sep", "eyl"), ("oct", "okt", "eki"), ("nov", "kas"), ("dec", "dez", "ara"),
)  # fmt: skip


def validity_in(text: str) -> date | None:
    """Return the date that follows a word like "valid until" in the text of a document, None when there is none."""
    for match in _UNTIL.finditer(text):
        rest = text[match.end() : match.end() + 40]
        for pattern, read in ((_ISO, _read_iso), (_FIGURES, _read_figures), (_NAMED, _read_named)):
            found = pattern.match(rest)
            day = read(found) if found else None
            if day is not None:
                return day
    return None


def _read_iso(match: re.Match[str]) -> date | None:
    return _day(int(match[1]), int(match[2]), int(match[3]))


def _read_figures(match: re.Match[str]) -> date | None:
    return _day(int(match[3]), int(match[2]), int(match[1]))


def _read_named(match: re.Match[str]) -> date | None:
    name = folded(match[2])
    month = next((number for number, names in enumerate(_MONTHS, 1) if name.startswith(names)), 0)
    return _day(int(match[3]), month, int(match[1]))


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
