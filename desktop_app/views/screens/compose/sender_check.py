"""What each destination makes of the sender ID: shown as it is, a number instead, needs pre-approval, or not allowed."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop_app.domain.language import tr, trn
from desktop_app.domain.sender_documents import purpose_text
from desktop_app.domain.sender_ids import ApprovalStatus
from desktop_app.services.compositions import MissingApproval
from desktop_app.services.preflight import RefusedCountry
from desktop_app.services.send_orders import Preflight
from desktop_app.views.screens.compose.texts import some_countries
from desktop_app.views.theme import Theme
from desktop_app.views.widgets.icon_widgets import IconLabel
from desktop_app.views.widgets.notices import label
from desktop_app.views.widgets.pills import rule

_PADDING: Final = 18


class SenderCheck(QWidget):
    """One line per result. ``request_wanted`` carries the ISO code of a country.

    Attributes:
        lines: (heading, detail) of each line.
        request_buttons: by country.
    """

    request_wanted = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.lines: list[tuple[str, str]] = []
        self.request_buttons: dict[str, QPushButton] = {}
        self._sender = label("", "facts")
        head = QHBoxLayout()
        head.addWidget(label(tr("Sender ID check"), "h2"))
        head.addStretch()
        head.addWidget(self._sender)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(10)
        inner = QVBoxLayout()
        inner.setContentsMargins(_PADDING, 12, _PADDING, 12)
        inner.setSpacing(10)
        inner.addLayout(head)
        inner.addLayout(self._rows)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(rule())
        column.addLayout(inner)

    def show_sheet(
        self, sender: str, sheet: Preflight, approvals: Sequence[MissingApproval], country_name: Callable[[str], str]
    ) -> None:
        """Show the results for the countries of a sheet."""
        self._clear()
        self._sender.setText(sender)
        shown: dict[str, list[str]] = {}
        for group in sheet.groups:
            countries_of = shown.setdefault(group.quote.sender, [])
            if group.quote.country not in countries_of:
                countries_of.append(group.quote.country)
        for text, countries in sorted(shown.items(), key=lambda item: item[0] != sender):
            names = some_countries(countries, country_name)
            if text == sender:
                self._add("circle-check", "success_icon", names, tr("{sender} is shown as the sender.", sender=sender))
            else:
                self._add("info", "info_icon", tr("{countries}: numbers only", countries=names),
                          tr("Recipients see {number} instead of {sender}.", number=text, sender=sender))  # fmt: skip
        refused = {one.country: one for one in sheet.refused}
        for approval in approvals:
            self._add_approval(approval, refused[approval.country], country_name)
        for one in sheet.refused:
            if one.reason == "sender_not_allowed":
                detail = _not_sent(one.count)
                self._add("circle-slash", "danger_icon", tr("{country}: not allowed", country=country_name(one.country)),
                          f"{tr('Names are not shown there and no number is set to be shown instead.')} {detail}")  # fmt: skip
        self.setVisible(bool(self.lines))

    def _add_approval(self, one: MissingApproval, refused: RefusedCountry, country_name: Callable[[str], str]) -> None:
        name = country_name(one.country)
        waits = one.status in (ApprovalStatus.PENDING, ApprovalStatus.AT_PROVIDER)
        title = (
            tr("{country}: waiting for pre-approval", country=name)
            if waits
            else tr("{country}: needs pre-approval", country=name)
        )
        parts = []
        if one.status is ApprovalStatus.REJECTED:
            parts.append(tr("The last request was rejected."))
        if one.status is ApprovalStatus.EXPIRED:
            parts.append(tr("The approval has expired."))
        if one.missing:
            names = ", ".join(purpose_text(purpose) for purpose in one.missing)
            parts.append(
                trn(
                    "{count:,} document missing: {names}.",
                    "{count:,} documents missing: {names}.",
                    len(one.missing),
                    names=names,
                )
            )
        parts.append(_not_sent(refused.count))
        button = None
        if not waits:
            button = QPushButton(tr("Request"))
            button.setAccessibleName(tr("Request the sender ID in {country}", country=name))
            button.clicked.connect(partial(self.request_wanted.emit, one.country))
            self.request_buttons[one.country] = button
        self._add("circle-alert", "danger_icon", title, " ".join(parts), button)

    def _add(self, image: str, colour: str, title: str, detail: str, button: QPushButton | None = None) -> None:
        self.lines.append((title, detail))
        holder, row, texts = QWidget(), QHBoxLayout(), QVBoxLayout()
        texts.setSpacing(1)
        for text, look in ((title, "strong-small"), (detail, "facts")):
            line = label(text, look)
            line.setWordWrap(True)
            line.setTextFormat(Qt.TextFormat.PlainText)
            texts.addWidget(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        row.addWidget(IconLabel(self._theme, image, colour), 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(texts, 1)
        if button is not None:
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        holder.setLayout(row)
        self._rows.addWidget(holder)

    def _clear(self) -> None:
        while (item := self._rows.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        self.lines.clear()
        self.request_buttons.clear()


def _not_sent(count: int) -> str:
    return trn("{count:,} number will not be sent.", "{count:,} numbers will not be sent.", count)
