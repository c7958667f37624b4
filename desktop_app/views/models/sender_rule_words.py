"""What a country's rule for sender IDs says, in words."""

from desktop_app.domain.language import tr
from desktop_app.domain.sender_ids import Alphanumeric, SenderRule


def sender_pill(rule: SenderRule) -> tuple[str, str, str]:
    """Return (text, tint, icon) for what a country's phones show."""
    return {
        Alphanumeric.YES: (tr("Alphanumeric"), "success", "check"),
        Alphanumeric.REGISTRATION: (tr("Registered names"), "warning", "shield-check"),
        Alphanumeric.NO: (tr("Numbers only"), "info", "hash"),
        Alphanumeric.UNKNOWN: (tr("Not known"), "neutral", "circle-help"),
    }[rule.alphanumeric]


def approval_text(rule: SenderRule) -> str:
    """Return whether a sender ID needs a pre-approval in a country."""
    if rule.needs_document:
        return tr("Required, with a document")
    if rule.needs_approval:
        return tr("Required")
    return tr("Not known") if rule.preregistration is None else tr("Not required")
