"""Topping up a client's credit."""

from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Final

from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QPushButton, QWidget

from desktop_app.domain.client_ledger import EntryDetail
from desktop_app.domain.language import tr
from desktop_app.domain.money import MICRO, amount_of
from desktop_app.services.client_accounts import ClientPage
from desktop_app.views.dialogs.money_dialog import Booked, MoneyDialog, credit_facts, text_line
from desktop_app.views.models.credit_texts import exact_money, exact_text
from desktop_app.views.screen import Workplace
from desktop_app.views.widgets.amount_field import AmountField
from desktop_app.views.widgets.inputs import Choice

USUAL: Final = (100 * MICRO, 500 * MICRO, 1_000 * MICRO)
MEMORY: Final = "clients.top_up"
METHODS: Final = ("bank", "card", "cash", "credit_note", "other")


def method_text(method: str) -> str:
    """Return what a person calls a way of paying."""
    words = {
        "bank": tr("Bank transfer"), "card": tr("Card"), "cash": tr("Cash"), "credit_note": tr("Credit note"),
        "other": tr("Other"),
    }  # fmt: skip
    return words.get(method, method)


class TopUpDialog(MoneyDialog):
    """Asks how much, and how it was paid.

    Args:
        place: what every screen works with.
        parent: the window it stands above.
        page: the client.
    """

    def __init__(self, place: Workplace, parent: QWidget, page: ClientPage) -> None:
        client, balance = page.summary.client, page.summary.balance
        title = tr("Top up {name}", name=client.name)
        super().__init__(place, parent, title, credit_facts(balance, client.currency))
        self._client, self._balance = client, balance
        self.amount = AmountField(tr("Amount"), client.currency, self._after)
        self.chips = [self._chip(micro, page.last_top_up) for micro in self._amounts(page.last_top_up)]
        self.method = Choice[str]([(method, method_text(method)) for method in METHODS])
        kept = place.parts.personal.recall(MEMORY)
        if kept.get("method") in METHODS:
            self.method.show_value(str(kept["method"]))
        self.reference, self.invoice = text_line(), text_line(tr("2026-1187"))
        self.note = text_line(tr("Shown in the ledger"))
        self.receipt = QCheckBox(
            tr("Send a receipt to {email}", email=client.email)
            if client.email
            else tr("No e-mail address for a receipt")
        )
        self.receipt.setEnabled(client.email is not None)
        self.receipt.setChecked(client.email is not None and kept.get("receipt") is True)
        self._build()
        self.amount.edited.connect(self._say_button)
        self._say_button()
        self.amount.line.setFocus()

    def _build(self) -> None:
        self.fields.addWidget(self.amount)
        row = QHBoxLayout()
        row.setSpacing(8)
        for chip in self.chips:
            row.addWidget(chip)
        row.addStretch()
        self.fields.addLayout(row)
        self.add_pair((tr("Paid by"), self.method), (tr("Invoice number"), self.invoice))
        self.add_pair((tr("Reference"), self.reference), (tr("Note"), self.note))
        self.fields.addWidget(self.receipt)

    def _amounts(self, last: int | None) -> list[int]:
        return [*USUAL, *([last] if last is not None and last not in USUAL else [])]

    def _chip(self, micro: int, last: int | None) -> QPushButton:
        text = exact_text(micro)
        plain = text[:-3] if micro % MICRO == 0 else text
        chip = QPushButton(tr("{amount}, last time", amount=plain) if micro == last else plain)
        chip.setProperty("look", "chip")
        chip.setAutoDefault(False)
        chip.clicked.connect(partial(self._take, micro))
        return chip

    def _take(self, micro: int) -> None:
        self.amount.show_amount(micro)
        self.amount.line.setFocus()

    def _after(self, micro: int) -> str:
        after = self._balance.posted - self._balance.held + micro
        return tr("credit after {amount}", amount=exact_money(after, self._client.currency))

    def _say_button(self) -> None:
        micro = self.amount.micro
        amount = exact_money(micro, self._client.currency) if micro is not None and micro > 0 else ""
        self.book_button.setText(tr("Top up {amount}", amount=amount) if amount else tr("Top up"))

    def _work(self) -> Callable[[], Booked] | None:
        micro = self.amount.micro
        if micro is None or micro <= 0:
            problem = tr("Type an amount above 0.") if micro is not None or not self.amount.line.text() else ""
            self.amount.say_problem(problem or self.amount.echo.text())
            self.amount.line.setFocus()
            return None
        parts, name = self._place.parts, self._client.name
        detail = EntryDetail(
            method=self.method.value, reference=self.reference.text().strip(), invoice=self.invoice.text().strip()
        )
        parts.personal.remember(MEMORY, {"method": self.method.value, "receipt": self.receipt.isChecked()})
        amount: Decimal = amount_of(micro)
        return partial(
            parts.credits.top_up, name, amount, reason=self._reason(), actor=parts.actor, idem=self.idem, detail=detail,
            receipt=self.receipt.isChecked(),
        )  # fmt: skip

    def _reason(self) -> str:
        """Return what the ledger says: "Bank transfer, invoice 2026-1187 · December"."""
        said = method_text(self.method.value)
        if self.invoice.text().strip():
            said = tr("{method}, invoice {number}", method=said, number=self.invoice.text().strip())
        note = self.note.text().strip()
        return f"{said} · {note}" if note else said
