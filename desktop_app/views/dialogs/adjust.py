"""Changing a client's credit by hand, and correcting a wrong entry by another one that refers to it."""

from collections.abc import Callable
from functools import partial
from typing import Final

from PySide6.QtWidgets import QWidget

from desktop_app.domain.client_ledger import EntryDetail, LedgerLine, type_text
from desktop_app.domain.credits import SHORTEST_REASON
from desktop_app.domain.language import tr
from desktop_app.domain.money import amount_of
from desktop_app.services.client_accounts import ClientSummary
from desktop_app.views.dialogs.money_dialog import Booked, MoneyDialog, credit_facts, text_line
from desktop_app.views.models.credit_texts import exact_money
from desktop_app.views.models.ledger_rows import description
from desktop_app.views.moments import moment_text
from desktop_app.views.screen import Workplace
from desktop_app.views.widgets.amount_field import AmountField
from desktop_app.views.widgets.inputs import Choice, Segments
from desktop_app.views.widgets.notices import label

CATEGORIES: Final = ("goodwill", "price", "failed", "fee", "other")


def category_text(category: str) -> str:
    """Return what a person calls a reason of the list."""
    words = {
        "goodwill": tr("Goodwill"), "price": tr("Price difference"), "failed": tr("Failed messages"), "fee": tr("Fee"),
        "other": tr("Other"),
    }  # fmt: skip
    return words.get(category, category)


class AdjustDialog(MoneyDialog):
    """Asks how much more or less, and why.

    Args:
        place: what every screen works with.
        parent: the window it stands above.
        summary: the client.
    """

    def __init__(self, place: Workplace, parent: QWidget, summary: ClientSummary) -> None:
        client = summary.client
        title = tr("Adjust the credit of {name}", name=client.name)
        super().__init__(place, parent, title, credit_facts(summary.balance, client.currency))
        self._client, self._balance = client, summary.balance
        self.direction = Segments[int](((1, tr("+ Add")), (-1, tr("− Take away"))))
        self.direction.name(tr("Direction"))
        self.direction.show_value(1)
        self.amount = AmountField(tr("Amount"), client.currency, self._after)
        self.category = Choice[str]([(one, category_text(one)) for one in CATEGORIES])
        self.reason, self.ticket = text_line(tr("At least five characters, shown in the ledger")), text_line()
        self.problem = label("", "error")
        self.problem.hide()
        self.fields.addWidget(self.direction)
        self.fields.addWidget(self.amount)
        self.add_pair((tr("Why"), self.category), (tr("Ticket"), self.ticket))
        self.add_field(tr("Reason"), self.reason)
        self.fields.addWidget(self.problem)
        self.direction.chosen.connect(self._follow)
        self.amount.edited.connect(self._follow)
        self.reason.textEdited.connect(lambda _text: self.problem.hide())
        self._follow()
        self.amount.line.setFocus()

    def _signed(self) -> int | None:
        micro = self.amount.micro
        return None if micro is None or micro <= 0 else self.direction.value * micro

    def _after(self, micro: int) -> str:
        after = self._balance.posted - self._balance.held + self.direction.value * micro
        return tr("credit after {amount}", amount=exact_money(after, self._client.currency))

    def _follow(self) -> None:
        self.amount.refresh()
        micro = self._signed()
        if micro is None:
            self.book_button.setText(tr("Adjust credit"))
            return
        amount = exact_money(abs(micro), self._client.currency)
        self.book_button.setText(
            tr("Add {amount}", amount=amount) if micro > 0 else tr("Take {amount} away", amount=amount)
        )

    def _work(self) -> Callable[[], Booked] | None:
        micro = self._signed()
        if micro is None:
            self.amount.say_problem(tr("Type an amount above 0."))
            self.amount.line.setFocus()
            return None
        reason = self.reason.text().strip()
        if len(reason) < SHORTEST_REASON:
            _ask_reason(self)
            return None
        parts = self._place.parts
        detail = EntryDetail(ticket=self.ticket.text().strip(), category=self.category.value)
        said = f"{category_text(self.category.value)}: {reason}" if self.category.value != "other" else reason
        return partial(
            parts.credits.adjust, self._client.name, amount_of(micro), reason=said, actor=parts.actor, idem=self.idem,
            detail=detail,
        )  # fmt: skip


class CorrectDialog(MoneyDialog):
    """Asks what a wrong entry should have been; the difference becomes an entry that refers to it.

    Args:
        place: what every screen works with.
        parent: the window it stands above.
        summary: the client.
        line: the wrong entry.
    """

    def __init__(self, place: Workplace, parent: QWidget, summary: ClientSummary, line: LedgerLine) -> None:
        client = summary.client
        what = type_text(line.kind).lower() if place.parts.language == "en" else type_text(line.kind)
        title = tr("Correct the {entry} of {amount}", entry=what, amount=exact_money(line.amount, client.currency))
        when = moment_text(line.at, place.parts.clock())
        facts = tr(
            "#{entry}, {when}, {who}: {what}", entry=line.entry_id, when=when, who=line.actor, what=description(line)
        )
        super().__init__(place, parent, title, facts)
        self._client, self._balance, self._line = client, summary.balance, line
        self.amount = AmountField(tr("Right amount"), client.currency, self._after)
        self.reason, self.ticket = text_line(tr("At least five characters, shown in the ledger")), text_line()
        self.problem = label("", "error")
        self.problem.hide()
        said = label(tr("The entry stays. A new one that refers to it books the difference."), "facts")
        said.setWordWrap(True)
        self.fields.addWidget(self.amount)
        self.add_pair((tr("Reason"), self.reason), (tr("Ticket"), self.ticket))
        self.fields.addWidget(self.problem)
        self.fields.addWidget(said)
        self.amount.edited.connect(self._say_button)
        self.reason.textEdited.connect(lambda _text: self.problem.hide())
        self.amount.show_amount(0)
        self.amount.line.setFocus()

    def _difference(self) -> int | None:
        """Return what has to be booked, None when nothing has to."""
        micro = self.amount.micro
        if micro is None or micro < 0:
            return None
        return (micro - self._line.amount - self._line.corrected) or None

    def _after(self, micro: int) -> str:
        moved = micro - self._line.amount - self._line.corrected
        after = self._balance.posted - self._balance.held + moved
        currency = self._client.currency
        return tr("books {difference} · credit after {amount}", difference=exact_money(moved, currency),
                  amount=exact_money(after, currency))  # fmt: skip

    def _say_button(self) -> None:
        moved = self._difference()
        amount = exact_money(moved, self._client.currency) if moved else ""
        self.book_button.setText(tr("Book {amount}", amount=amount) if amount else tr("Book correction"))

    def _work(self) -> Callable[[], Booked] | None:
        moved = self._difference()
        if moved is None:
            self.amount.say_problem(tr("Type what the amount should have been."))
            self.amount.line.setFocus()
            return None
        reason = self.reason.text().strip()
        if len(reason) < SHORTEST_REASON:
            _ask_reason(self)
            return None
        parts, name, entry = self._place.parts, self._client.name, self._line.entry_id
        ticket = self.ticket.text().strip()
        if moved < 0:
            return partial(
                parts.credits.take_back, name, entry, amount_of(-moved), reason=reason, actor=parts.actor, idem=self.idem,
                detail=EntryDetail(ticket=ticket, category="correction"), corrected=self._line.corrected,
            )  # fmt: skip
        return partial(
            parts.credits.adjust, name, amount_of(moved), reason=reason, actor=parts.actor, idem=self.idem,
            detail=EntryDetail(ticket=ticket, category="correction", corrects_id=entry), corrected=self._line.corrected,
        )  # fmt: skip


def _ask_reason(dialog: AdjustDialog | CorrectDialog) -> None:
    dialog.problem.setText(tr("Give a reason of at least five characters."))
    dialog.problem.show()
    dialog.reason.setFocus()
