"""What of a request stands in the text of a document, and why a document cannot be shown."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from desktop_app.domain.language import tr
from desktop_app.domain.sender_documents import validity_in
from desktop_app.services.sender_reviews import Request
from desktop_app.views.formats import MISSING, date_text
from desktop_app.views.screen import Workplace
from desktop_app.views.widgets.elided import ElidedLabel
from desktop_app.views.widgets.icon_widgets import IconLabel
from desktop_app.views.widgets.notices import label
from desktop_app.workers.document_child import Painted, Trouble


class RequestCheck(QWidget):
    """Sender ID, company, signer and last day, each with whether the page that is shown holds it.

    Attributes:
        count: how many were found, in words.
    """

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self.count = label("", "gain")
        self._rows: list[tuple[IconLabel, ElidedLabel]] = []
        grid = QGridLayout(self)
        grid.setContentsMargins(14, 10, 14, 4)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(5)
        grid.setColumnStretch(1, 1)
        grid.addWidget(label(tr("Check against the request"), "strong-small"), 0, 0, 1, 2)
        grid.addWidget(self.count, 0, 1, 1, 2, Qt.AlignmentFlag.AlignRight)
        for row, text in enumerate((tr("Sender ID"), tr("Company"), tr("Signed by"), tr("Valid until")), 1):
            value, image = ElidedLabel("answer-strong"), IconLabel(place.theme, "circle-dashed", "text3", 14)
            value.setAlignment(Qt.AlignmentFlag.AlignRight)
            grid.addWidget(label(text, "small"), row, 0)
            grid.addWidget(value, row, 1)
            grid.addWidget(image, row, 2)
            self._rows.append((image, value))

    def show_page(self, request: Request | None, page: Painted | None) -> None:
        """Compare a request with a page, or with nothing while there is none."""
        if request is None:
            return
        until = validity_in(page.text) if page is not None else None
        found = [*(page.found if page is not None and page.found else (False,) * 3), until is not None]
        values = [*words_to_find(request), date_text(until) if until else MISSING]
        has_text = page is not None and page.has_text
        for (image, text), value, is_found in zip(self._rows, values, found, strict=True):
            text.setText(value)
            name = "circle-check" if is_found else "circle-dashed" if has_text else "circle-help"
            image.set_image(name, "success_icon" if is_found else "text3")
            said = tr("found in the text") if is_found else tr("not found in the text")
            text.setAccessibleDescription(said)
            image.setToolTip(said)
        self.count.setText(tr("{found} of {count} found", found=sum(found), count=len(found)) if has_text else "")


def words_to_find(request: Request) -> tuple[str, str, str]:
    """Return what a document should hold: the sender ID, the company, and who asked for it."""
    countries = request.countries
    signer = countries[0].approval.requested_by if countries else request.stored.created_by
    return request.stored.sender, request.stored.client, signer


def trouble_text(trouble: Trouble) -> str:
    """Return why a document cannot be shown, and what to do."""
    return {
        Trouble.DAMAGED: tr("The document is damaged and cannot be shown. Ask the client for another copy."),
        Trouble.PROTECTED: tr("The document is protected by a password. Ask the client for a copy without one."),
        Trouble.TOO_LARGE: tr("The picture is too large to be shown here."),
        Trouble.NO_PAGE: tr("The document has no such page."),
        Trouble.STOPPED: tr("Showing the document took too much time or memory, so it was stopped. Be careful with it."),
    }[trouble]  # fmt: skip
