"""What keeps a bulk edit from being saved."""

from PySide6.QtWidgets import QWidget

from desktop_app.domain.language import tr
from desktop_app.views.models.previewer import ShownPreview
from desktop_app.views.widgets.bulk_frame import BulkFrame


def first_problem(frame: BulkFrame, shown: ShownPreview | None, *, is_settled: bool) -> tuple[QWidget, str] | None:
    """Return the first thing that is missing: where it is, and what it is; None when the edit can be saved.

    Args:
        frame: what the person set, and what is said about it.
        shown: the preview, None where there is none.
        is_settled: the preview is that of the edit; otherwise what it tells is not known yet.
    """
    form = frame.form
    if not form.scope.tokens:
        return form.scope.line, tr("Choose countries first")
    if shown is None and form.scope.error.text():
        return form.scope.line, form.scope.error.text()
    if not form.rule.read().is_complete:
        return form.rule.value, form.rule.error.text() or tr("Enter a number first")
    if form.limits.read() is None:
        return form.limits.wrong_field or form.limits.cap, form.limits.error.text()
    if frame.conflict.isVisible():
        return frame.conflict.update_button, frame.conflict.text
    if is_settled and shown is not None and shown.preview.totals.refused:
        return frame.loss.raise_button, frame.loss.text
    if is_settled and (shown is None or not shown.preview.totals.written):
        return form.scope.line, tr("No price changes")
    return None
