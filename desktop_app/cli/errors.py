"""Refusals that say more than their sentence."""

from collections.abc import Mapping
from typing import Any

from desktop_app.domain.errors import AppError
from desktop_app.domain.language import tr
from desktop_app.services.sending import NothingToSend
from desktop_app.storage.audit import AuditReport


class Documented(AppError):
    """A refusal with the keys that the command's answer would have had.

    Args:
        user_message: the sentence.
        document: the keys, beside which ``error`` will stand.
        code: the word for programs.
    """

    def __init__(self, user_message: str, document: Mapping[str, Any], *, code: str) -> None:
        super().__init__(user_message, code=code)
        self.document = document


def document_of(error: AppError) -> Mapping[str, Any]:
    """Return the further keys of a refusal's document."""
    if isinstance(error, Documented):
        return error.document
    if isinstance(error, NothingToSend):
        return {"not_sent": [{"to": one.to, "reason": one.reason} for one in error.not_sent]}
    return {}


def require_sound(report: AuditReport, document: Mapping[str, Any]) -> None:
    """Refuse when the audit found something; ``document`` is the command's answer.

    Raises:
        Documented: code "audit_failed".
    """
    if not report.ok:
        sentence = tr(
            "The books contradict themselves in {count} places: {first}.",
            count=len(report.problems),
            first=report.problems[0].rstrip("."),
        )
        raise Documented(sentence, document, code="audit_failed")
