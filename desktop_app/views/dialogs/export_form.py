"""The fields of an export: what the price list holds."""

from collections.abc import Collection, Mapping
from typing import Any, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from desktop_app.domain.language import LANGUAGES, tr, trn
from desktop_app.services.price_exports import ExportOrder, FileFormat
from desktop_app.services.price_files import ExportChoices
from desktop_app.views.widgets.captions import captioned
from desktop_app.views.widgets.inputs import Choice, Segments
from desktop_app.views.widgets.notices import label

_LONGEST_NOTE: Final = 120


class ExportForm(QWidget):
    """The fields; ``edited`` when the person or the program changed one.

    Args:
        choices: what there is to choose from.
        shown: the countries that a filter of the screen leaves, None without a filter.
        language: of the window.
    """

    edited = Signal()

    def __init__(self, choices: ExportChoices, shown: Collection[str] | None, language: str) -> None:
        super().__init__()
        self._choices, self._shown = choices, frozenset(shown) if shown is not None else None
        self._keeps = {True: True, False: False}
        standard: list[tuple[str | None, str]] = [(None, tr("Standard prices"))]
        self.client = Choice(standard + [(name, name) for name, _ in choices.clients])
        self.format = Segments([(kind, kind.value.upper()) for kind in FileFormat])
        self.unit = Segments([(False, tr("Per SMS")), (True, tr("Per 1,000"))])
        self.language = Choice(list(LANGUAGES.items()))
        currencies = [choices.currency, *(code for code, _, _ in choices.rates)]
        currencies += sorted({currency for _, currency in choices.clients} - set(currencies))
        self.currency = Choice([(code, code) for code in currencies])
        self.vat = QLineEdit(tr("Prices exclude VAT"), maxLength=_LONGEST_NOTE)
        self.rows = Segments([(False, tr("All")), (True, self._shown_text())])
        self.networks, self.costs = QCheckBox(tr("Networks")), QCheckBox(tr("Cost and margin"))
        self.keep = QCheckBox(tr("Keep a copy as issued"))
        self._settle(language)
        self._build()
        self._connect()
        self._follow_client()

    def order(self) -> ExportOrder:
        """Return what the fields say."""
        client = self.client.value
        return ExportOrder(
            file_format=self.format.value,
            client=client,
            costs=client is None and self.costs.isChecked(),
            per_thousand=self.unit.value,
            language=self.language.value,
            currency=None if client is not None else self.currency.value,
            vat_note=self.vat.text().strip(),
            countries=self._shown if self.rows.value else None,
            networks=client is None and self.networks.isChecked(),
            keep_copy=self.keep.isChecked(),
        )

    def kept(self) -> dict[str, Any]:
        """Return the choices as a JSON object, for next time."""
        return {
            "client": self.client.value, "format": self.format.value.value, "per_thousand": self.unit.value,
            "language": self.language.value, "currency": self.currency.value, "vat_note": self.vat.text().strip(),
            "filtered": self.rows.value, "networks": self.networks.isChecked(), "costs": self.costs.isChecked(),
            "keep_client": self._keeps[True], "keep_standard": self._keeps[False],
        }  # fmt: skip

    def recall(self, kept: Mapping[str, Any]) -> None:
        """Show choices from before, as far as they are still there."""
        self._keeps = {True: kept.get("keep_client") is not False, False: kept.get("keep_standard") is True}
        names = [name for name, _ in self._choices.clients]
        if kept.get("client") in names:
            self.client.show_value(kept["client"])
        if kept.get("format") in list(FileFormat):
            self.format.show_value(FileFormat(kept["format"]))
        self.unit.show_value(kept.get("per_thousand") is True)
        if kept.get("language") in LANGUAGES:
            self.language.show_value(kept["language"])
        if isinstance(kept.get("vat_note"), str):
            self.vat.setText(kept["vat_note"][:_LONGEST_NOTE])
        self.rows.show_value(kept.get("filtered") is True and self._shown is not None)
        self.networks.setChecked(kept.get("networks") is not False)
        self.costs.setChecked(kept.get("costs") is True)
        if kept.get("currency") in self._offered():
            self.currency.show_value(kept["currency"])
        self._follow_client()

    def _settle(self, language: str) -> None:
        self.format.show_value(FileFormat.XLSX)
        self.unit.show_value(False)
        self.language.show_value(language)
        self.rows.show_value(False)
        self.networks.setChecked(True)
        self.vat.setPlaceholderText(tr("No note"))
        self.rows.buttons[1].setEnabled(self._shown is not None)
        if self._shown is None:
            self.rows.buttons[1].setToolTip(tr("The list is not filtered"))
        for segments, name in ((self.format, tr("Format")), (self.unit, tr("Prices")), (self.rows, tr("Countries"))):
            segments.name(name)

    def _build(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(20)
        grid.setVerticalSpacing(14)
        fields = (
            (tr("For"), self.client), (tr("Format"), self.format), (tr("Prices"), self.unit), (tr("Currency"), self.currency),
            (tr("Language"), self.language), (tr("VAT note"), self.vat), (tr("Countries"), self.rows),
        )  # fmt: skip
        for place, (name, field) in enumerate(fields):
            grid.addLayout(captioned(field, name, gap=4), place // 2, place % 2)
        boxes = QHBoxLayout()
        boxes.setSpacing(16)
        for box in (self.networks, self.costs):
            boxes.addWidget(box)
        boxes.addStretch()
        cell = QVBoxLayout()
        cell.setSpacing(4)
        cell.addWidget(label(tr("Also in the list"), "field"))
        cell.addLayout(boxes)
        grid.addLayout(cell, len(fields) // 2, 1)
        grid.addWidget(self.keep, len(fields) // 2 + 1, 0, 1, 2)
        for column in (0, 1):
            grid.setColumnStretch(column, 1)

    def _connect(self) -> None:
        self.client.currentIndexChanged.connect(self._follow_client)
        self.currency.currentIndexChanged.connect(self.edited)
        self.language.currentIndexChanged.connect(self.edited)
        self.vat.textEdited.connect(self.edited)
        for segments in (self.format, self.unit, self.rows):
            segments.chosen.connect(self.edited)
        for box in (self.networks, self.costs):
            box.clicked.connect(self.edited)
        self.keep.clicked.connect(self._note_keep)

    def _follow_client(self) -> None:
        """A client's list is in its currency, by country, and never shows what we pay."""
        client = self.client.value
        currency = dict(self._choices.clients).get(client or "", self.currency.value)
        if client is None and currency not in self._offered():
            currency = self._choices.currency
        self.currency.show_value(currency)
        self.keep.setChecked(self._keeps[client is not None])
        for field, reason in (
            (self.currency, tr("A client's list is in the currency of its credit")),
            (self.networks, tr("A client is charged by country")),
            (self.costs, tr("A client's list never shows what you pay")),
        ):
            field.setEnabled(client is None)
            field.setToolTip("" if client is None else reason)
        self.edited.emit()

    def _note_keep(self, checked: bool) -> None:
        self._keeps[self.client.value is not None] = checked

    def _offered(self) -> list[str]:
        return [self._choices.currency, *(code for code, _, _ in self._choices.rates)]

    def _shown_text(self) -> str:
        count = len(self._shown or ())
        return (
            trn("Only {count} shown", "Only {count} shown", count)
            if self._shown is not None
            else tr("Only those shown")
        )
