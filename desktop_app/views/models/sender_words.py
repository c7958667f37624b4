"""How sender IDs, their documents and checks are said and marked on screen."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Final

from desktop_app.domain.language import tr, trn
from desktop_app.domain.sender_checks import CheckKind, SenderCheck
from desktop_app.domain.sender_documents import DocumentState, Purpose
from desktop_app.domain.sender_documents import purpose_text as purpose_text
from desktop_app.domain.sender_ids import Alphanumeric, ApprovalStatus, SenderRule
from desktop_app.services.sender_reviews import CountryState, QueueItem
from desktop_app.views.formats import DAY, HOUR, MINUTE, date_text

# (tint, icon) of a pill.
Look = tuple[str, str]
STATUS_LOOKS: Final = {
    ApprovalStatus.PENDING: ("warning", "clock"), ApprovalStatus.AT_PROVIDER: ("info", "arrow-right"),
    ApprovalStatus.APPROVED: ("success", "circle-check"), ApprovalStatus.REJECTED: ("danger", "circle-x"),
    ApprovalStatus.EXPIRED: ("danger", "hourglass"), ApprovalStatus.NOT_REQUIRED: ("neutral", "check"),
}  # fmt: skip
DOCUMENT_LOOKS: Final = {
    DocumentState.NEW: ("file-text", "info_icon"), DocumentState.CHECKED: ("circle-check", "success_icon"),
    DocumentState.REFUSED: ("circle-x", "danger_icon"), DocumentState.EXPIRED: ("hourglass", "danger_icon"),
}  # fmt: skip
_YEAR: Final = re.compile(r"20\d\d")


def status_text(status: ApprovalStatus) -> str:
    """Return how a sender ID stands in a country."""
    return {
        ApprovalStatus.PENDING: tr("Waiting for decision"), ApprovalStatus.AT_PROVIDER: tr("At provider"),
        ApprovalStatus.APPROVED: tr("Approved"), ApprovalStatus.REJECTED: tr("Rejected"),
        ApprovalStatus.EXPIRED: tr("Expired"), ApprovalStatus.NOT_REQUIRED: tr("Free, no approval"),
    }[status]  # fmt: skip


def document_text(state: DocumentState) -> str:
    """Return how a document stands."""
    return {
        DocumentState.NEW: tr("New"), DocumentState.CHECKED: tr("Checked"), DocumentState.REFUSED: tr("Refused"),
        DocumentState.EXPIRED: tr("Expired"),
    }[state]  # fmt: skip


def age_text(then: datetime, now: datetime) -> str:
    """Return an age as short as can be: "2 d", "22 h", "5 min"."""
    seconds = max(0, int((now - then).total_seconds()))
    if seconds >= 2 * DAY:
        return tr("{count} d", count=seconds // DAY)
    return tr("{count} h", count=seconds // HOUR) if seconds >= HOUR else tr("{count} min", count=seconds // MINUTE)


def fact_of(item: QueueItem, now: datetime) -> tuple[str, Look]:
    """Return the one most important fact about a request, and how it is marked."""
    missing = item.documents_needed - item.documents_here
    if item.is_waiting and missing:
        counts = {"here": item.documents_here, "needed": item.documents_needed}
        return tr("Documents {here} of {needed}", **counts), ("warning", "triangle-alert")
    if item.is_waiting and item.has_twin:
        return tr("Looks like another"), ("warning", "triangle-alert")
    if item.is_waiting:
        return tr("Ready to review"), ("info", "")
    if item.statuses.get(ApprovalStatus.AT_PROVIDER):
        if item.answer_at is not None and item.answer_at < now:
            return tr("Answer overdue"), ("warning", "clock")
        return tr("At provider"), STATUS_LOOKS[ApprovalStatus.AT_PROVIDER]
    if item.ends_at is not None:
        if item.ends_at < now:
            return tr("Expired"), STATUS_LOOKS[ApprovalStatus.EXPIRED]
        return tr("Ends {day}", day=date_text(item.ends_at.astimezone().date())), ("warning", "clock")
    for status in (
        ApprovalStatus.EXPIRED,
        ApprovalStatus.REJECTED,
        ApprovalStatus.APPROVED,
        ApprovalStatus.NOT_REQUIRED,
    ):
        if item.statuses.get(status):
            return status_text(status), STATUS_LOOKS[status]
    return "", ("neutral", "")


def country_fact(state: CountryState, now: datetime) -> tuple[str, Look]:
    """Return how a country of a request stands, and how it is marked."""
    status, approval = state.approval.status, state.approval
    if status is ApprovalStatus.PENDING:
        count = len(state.missing)
        if count:
            return trn("{count} document missing", "{count} documents missing", count), ("warning", "triangle-alert")
        return tr("Ready to review"), ("info", "")
    if status is ApprovalStatus.APPROVED and approval.expires_at is not None:
        day = date_text(approval.expires_at.astimezone().date())
        near = (approval.expires_at - now).days < 30
        return tr("Approved until {day}", day=day), ("warning", "clock") if near else STATUS_LOOKS[status]
    return status_text(status), STATUS_LOOKS[status]


def rule_text(rule: SenderRule) -> str:
    """Return what a country asks for, in a few words: "pre-approval · 5 to 10 days"."""
    if rule.alphanumeric is Alphanumeric.NO:
        return tr("a number is shown")
    if not rule.needs_approval:
        return tr("no pre-approval")
    if not rule.days:
        return tr("pre-approval") if rule.needs_document else tr("pre-approval, no document")
    return tr("pre-approval · {days} days", days=rule.days.replace("-", "\u2013"))


def names_of(rule: SenderRule) -> Alphanumeric:
    """Return whether names are shown; a rule that asks for registration in any way asks for pre-approval."""
    return Alphanumeric.REGISTRATION if rule.needs_approval else rule.alphanumeric


def names_text(alphanumeric: Alphanumeric) -> str:
    """Return whether a country shows names."""
    return {
        Alphanumeric.YES: tr("Yes"), Alphanumeric.REGISTRATION: tr("Pre-approval"), Alphanumeric.NO: tr("Number shown"),
        Alphanumeric.UNKNOWN: tr("Not known"),
    }[alphanumeric]  # fmt: skip


NAMES_LOOKS: Final = {
    Alphanumeric.YES: ("success", "check"), Alphanumeric.REGISTRATION: ("warning", "file-text"),
    Alphanumeric.NO: ("neutral", "hash"), Alphanumeric.UNKNOWN: ("neutral", "circle-help"),
}  # fmt: skip


def shipped_year(rule: SenderRule) -> str:
    """Return the year of the newest source of a shipped rule, "" when none names one."""
    return max(_YEAR.findall(rule.source), default="")


def check_text(check: SenderCheck, country_name: Callable[[str], str]) -> str:
    """Return what a program saw by itself, in one line."""
    other = check.other
    if check.kind is CheckKind.CHARACTERS:
        if check.is_fine:
            return tr("Length and characters are fine everywhere")
        countries = [country_name(word) for word in check.text.split() if len(word) == 2]
        return tr("Too long for {countries}", countries=", ".join(countries)) if countries else check.text
    if check.kind is CheckKind.BRAND:
        return (
            tr("Not on the protected brand list")
            if check.is_fine
            else tr("Holds the protected name {name}", name=check.text)
        )
    if other is None:
        return {
            CheckKind.ALIKE: tr("Looks like no other sender ID"), CheckKind.USED: tr("Used by no other client"),
        }[check.kind]  # fmt: skip
    where = ", ".join(country_name(iso) for iso in other.approved[:3])
    if check.kind is CheckKind.USED:
        text = tr("Used by {client}", client=other.client)
    else:
        text = tr("Similar to {sender} ({client})", sender=other.sender, client=other.client)
    return tr("{text}, approved in {countries}", text=text, countries=where) if where else text


def needs_text(purposes: tuple[Purpose, ...]) -> str:
    """Return the documents that a country asks for, in one line."""
    return ", ".join(purpose_text(one) for one in purposes) or "–"
