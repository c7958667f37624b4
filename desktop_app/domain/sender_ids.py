"""Sender IDs: what one may look like, where it may be used, and how an approval moves on (decisions.md 7, cli.md settled 11).

The country rules are hints from public sources that an admin may edit, not law.
"""

import csv
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from desktop_app.domain.errors import InvalidInput
from desktop_app.domain.language import tr

MAX_ALPHANUMERIC: Final = 11
MAX_DIGITS: Final = 15
_ALLOWED: Final = re.compile(r"[A-Za-z0-9 ._&-]+")
_DIGITS: Final = re.compile(r"\+?[0-9]+")
_SHORT_CODE: Final = re.compile(r"[1-9][0-9]{2,5}")
_INTERNATIONAL: Final = re.compile(r"\+?[1-9][0-9]{6,14}")


class SenderKind(StrEnum):
    """What a phone shows."""

    ALPHANUMERIC = "alphanumeric"
    NUMERIC = "numeric"


@dataclass(frozen=True, slots=True)
class Sender:
    """A sender ID that phones can show: ``text`` as it is sent."""

    text: str
    kind: SenderKind

    @property
    def is_number(self) -> bool:
        """Whether it is a short code or a phone number."""
        return self.kind is SenderKind.NUMERIC

    @property
    def key(self) -> str:
        """What makes two spellings the same sender ID: case does not count."""
        return self.text.casefold()


def parse_sender(text: str) -> Sender:
    """Return the sender ID in ``text``: 1 to 11 letters, digits, spaces and ``- . _ &`` with a letter among them, or a number.

    A number is a short code of 3 to 6 digits, or 7 to 15 digits beginning with the country code, with or without "+". The
    characters are those that every network's GSM alphabet has and that no provider documents as refused.

    Raises:
        InvalidInput: says what is wrong with it.
    """
    problem = _number_problem(text) if _DIGITS.fullmatch(text) else _name_problem(text)
    if problem:
        raise InvalidInput(problem, fields={"sender": problem})
    return Sender(text, SenderKind.NUMERIC if _DIGITS.fullmatch(text) else SenderKind.ALPHANUMERIC)


def _number_problem(text: str) -> str | None:
    digits = len(text.removeprefix("+"))
    if digits > MAX_DIGITS:
        return tr("“{text}” has {digits} digits; a number has at most 15.", text=text[:40], digits=digits)
    if _SHORT_CODE.fullmatch(text) or _INTERNATIONAL.fullmatch(text):
        return None
    return tr("“{text}” is neither a short code nor a number with its country code, like +4915112345678.", text=text)


def _name_problem(text: str) -> str | None:
    if not text.strip():
        return tr("A sender ID is needed: up to 11 letters and digits, or a number.")
    if text != text.strip():
        return tr("A sender ID does not begin or end with a space.")
    stranger = _ALLOWED.sub("", text)[:1]
    if stranger:
        shown = stranger if stranger.isprintable() else f"U+{ord(stranger):04X}"
        return tr("“{letter}” cannot stand in a sender ID. Use A to Z, digits, spaces and - . _ &", letter=shown)
    if len(text) > MAX_ALPHANUMERIC:
        return tr("“{text}” has {count} characters; a sender ID has at most 11.", text=text[:40], count=len(text))
    if not any(letter.isalpha() for letter in text):
        return tr("“{text}” has no letter. A sender ID has one, or is a number.", text=text)
    return None


# Cyrillic, Greek and other letters whose capitals look like Latin ones, and digits and marks that stand for letters: what
# is written, and below it what is read.
_WRITTEN: Final = "асеорухіјѕһԁԛԝвкмнтзгαβεηικνορτυχıłøđ0134578|!$@"
_READ: Final = "aceopyxijshdqwbkmhterabehiknoptyxilodoleastbllsa"
_TWINS: Final = str.maketrans(_WRITTEN, _READ)
_SEPARATORS: Final = re.compile(r"[\W_]+")


def look_alike_key(text: str) -> str:
    """Return what is left of ``text`` when look-alikes are made one: two sender IDs with the same key may be mistaken.

    Case, accents, separators and invisible characters go; Cyrillic and Greek twins, digits for letters, and i, l and 1 fall
    together. It is for warning a person, never for deciding.
    """
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    plain = "".join(letter for letter in plain if unicodedata.category(letter) not in {"Mn", "Me", "Cf"})
    return _SEPARATORS.sub("", plain.translate(_TWINS)).replace("i", "l")


class Alphanumeric(StrEnum):
    """Whether a country's phones show names; the words of the rules file, and "unknown"."""

    YES = "yes"
    REGISTRATION = "registration_required"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class SenderRule:
    """What a country asks of a sender ID.

    Attributes:
        country: ISO 3166 alpha-2.
        alphanumeric: whether names are shown.
        preregistration: whether the ID must be registered before it is used, None when the sources do not say.
        documents: names of what a request has to bring, separated by spaces, "" when none are known.
        source: where the rule comes from.
        note: what else the sources say.
        longest: how many characters a name may have there.
        days: how long an approval takes, in working days: "5" or "5-10", "" when it is not known.
        fee: what registering costs, in words.
        content: what a message may not hold or must hold, in words.
    """

    country: str
    alphanumeric: Alphanumeric
    preregistration: bool | None = None
    documents: str = ""
    source: str = ""
    note: str = ""
    longest: int = MAX_ALPHANUMERIC
    days: str = ""
    fee: str = ""
    content: str = ""

    @property
    def needs_approval(self) -> bool:
        """Whether a sender ID may be used only when it was approved for the country."""
        if self.alphanumeric is Alphanumeric.NO:
            return False
        return self.alphanumeric is Alphanumeric.REGISTRATION or self.preregistration is True

    @property
    def needs_document(self) -> bool:
        """Whether an approval needs a document."""
        return self.needs_approval and bool(self.documents)


_PREREGISTRATION: Final[Mapping[str, bool | None]] = {"yes": True, "no": False, "unknown": None}
_RULE_HEADER: Final = ("iso2", "alphanumeric", "numeric_only", "preregistration", "documents_note", "source")


def parse_sender_rules(lines: Iterable[str]) -> Mapping[str, SenderRule]:
    """Return the rules of the CSV ``lines`` (header first) by country. A country that is missing there is unknown.

    Raises:
        InvalidInput: another header, an unknown word, or a country twice; names the line.
    """
    reader = csv.reader(lines)
    if tuple(next(reader, ())) != _RULE_HEADER:
        raise InvalidInput(
            tr("The file of sender rules has another header than {header}.", header=",".join(_RULE_HEADER))
        )
    rules: dict[str, SenderRule] = {}
    for row in reader:
        rule = _rule(row)
        if rule is None or rule.country in rules:
            raise InvalidInput(tr("Line {line} of the sender rules cannot be used.", line=reader.line_num))
        rules[rule.country] = rule
    return rules


def _rule(row: list[str]) -> SenderRule | None:
    """Return the rule in ``row``, None when it is not one."""
    if len(row) != len(_RULE_HEADER) or row[3] not in _PREREGISTRATION or not re.fullmatch("[A-Z]{2}", row[0]):
        return None
    if row[1] not in set(Alphanumeric):
        return None
    country, word, _, preregistration, remark, source = row
    parts = [part.strip() for part in remark.split(";") if part.strip()]
    documents = " ".join(part.removeprefix("docs:").strip() for part in parts if part.startswith("docs:"))
    note = "; ".join(part for part in parts if not part.startswith("docs:"))
    return SenderRule(country, Alphanumeric(word), _PREREGISTRATION[preregistration], documents, source, note)


def rule_for(rules: Mapping[str, SenderRule], country: str) -> SenderRule:
    """Return the rule of ``country``; where there is none, nothing is known and nothing is asked."""
    return rules.get(country) or SenderRule(country, Alphanumeric.UNKNOWN)


class ApprovalStatus(StrEnum):
    """Where the approval of a sender ID for a country stands; the words are the same in code, command line and API."""

    NOT_REQUIRED = "not_required"
    PENDING = "pending"
    AT_PROVIDER = "at_provider"
    APPROVED = "approved"
    REJECTED = "rejected"
    EXPIRED = "expired"


_NEXT: Final[Mapping[ApprovalStatus, frozenset[ApprovalStatus]]] = {
    # The country's rule may change while the sender ID is in use.
    ApprovalStatus.NOT_REQUIRED: frozenset({ApprovalStatus.PENDING, ApprovalStatus.REJECTED}),
    ApprovalStatus.PENDING: frozenset(
        {ApprovalStatus.AT_PROVIDER, ApprovalStatus.APPROVED, ApprovalStatus.REJECTED, ApprovalStatus.NOT_REQUIRED}
    ),
    ApprovalStatus.AT_PROVIDER: frozenset({ApprovalStatus.APPROVED, ApprovalStatus.REJECTED}),
    ApprovalStatus.APPROVED: frozenset({ApprovalStatus.EXPIRED, ApprovalStatus.REJECTED}),
    # Asking again.
    ApprovalStatus.REJECTED: frozenset({ApprovalStatus.PENDING}),
    ApprovalStatus.EXPIRED: frozenset({ApprovalStatus.PENDING}),
}


_DECISIONS: Final = frozenset({ApprovalStatus.APPROVED, ApprovalStatus.REJECTED})


def may_become(before: ApprovalStatus, after: ApprovalStatus) -> bool:
    """Return whether an approval may go from ``before`` to ``after``."""
    return after in _NEXT[before]


def may_decide(before: ApprovalStatus, decision: ApprovalStatus) -> bool:
    """Return whether a person may turn ``before`` into ``decision``, which is APPROVED or REJECTED."""
    return decision in _DECISIONS and may_become(before, decision)


@dataclass(frozen=True, slots=True)
class SenderVerdict:
    """Whether a sender ID may be used for a country.

    Attributes:
        allowed: whether messages go.
        reason: "sender_not_approved" or "sender_not_allowed" when they do not, as in ``not_sent``.
        shown_as: what the phone shows, None when nothing goes.
    """

    allowed: bool
    reason: str | None
    shown_as: str | None


_NOT_APPROVED: Final = SenderVerdict(allowed=False, reason="sender_not_approved", shown_as=None)
_NOT_ALLOWED: Final = SenderVerdict(allowed=False, reason="sender_not_allowed", shown_as=None)


def usable(
    sender: Sender, rule: SenderRule, status: ApprovalStatus | None, fallback_number: str | None = None
) -> SenderVerdict:
    """Return whether ``sender`` may be used for a country.

    Args:
        sender: the sender ID.
        rule: the country's rule.
        status: the client's approval for this country, None when it was never requested.
        fallback_number: the number shown instead of a name where only numbers are shown (decisions.md 7).
    """
    missing = rule.needs_approval and status is not ApprovalStatus.APPROVED
    if missing or status is ApprovalStatus.REJECTED:
        return _NOT_APPROVED
    if rule.alphanumeric is Alphanumeric.NO and not sender.is_number:
        if not fallback_number:
            return _NOT_ALLOWED
        return SenderVerdict(allowed=True, reason=None, shown_as=fallback_number)
    return SenderVerdict(allowed=True, reason=None, shown_as=sender.text)
