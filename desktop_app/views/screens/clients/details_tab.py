"""What was agreed with a client: every field is saved when it is left, and can be undone."""

from functools import partial
from typing import Any, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from desktop_app.domain.errors import AppError, InvalidInput
from desktop_app.domain.language import LANGUAGES, tr
from desktop_app.domain.money import micro_exact, parse_amount
from desktop_app.services.client_accounts import ClientPage
from desktop_app.views.client_acts import terms_work
from desktop_app.views.dialogs.api_key import new_api_key
from desktop_app.views.dressing import redress
from desktop_app.views.formats import currency_symbol
from desktop_app.views.models.credit_texts import exact_money, exact_text
from desktop_app.views.screen import Workplace
from desktop_app.views.widgets.inputs import Choice
from desktop_app.views.widgets.notices import label
from desktop_app.views.widgets.number_field import NumberField

_COLUMN: Final = 380
Field = QLineEdit | Choice[str]


class DetailsTab(QWidget):
    """The terms of one client.

    Signals:
        renamed: its name from now on.

    Attributes:
        tools: what stands at the right of the tabs while this one is shown: nothing.
    """

    renamed = Signal(str)

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self._place = place
        self._page: ClientPage | None = None
        self._shown: dict[str, str] = {}
        self.tools = QWidget()
        self.name, self.email = QLineEdit(maxLength=120), QLineEdit(placeholderText=tr("name@company.example"))
        self.language = Choice[str]([("", tr("As the team")), *LANGUAGES.items()])
        self.default_sender = Choice[str]([("", tr("None"))])
        self.refund = Choice[str]((("never", tr("Never")), ("failed", tr("For messages that ended undelivered"))))
        self.overdraft, self.alert = NumberField(tr("Overdraft")), NumberField(tr("Low-credit alert"))
        self.alert.setPlaceholderText(tr("No alert"))
        self.alert_days = NumberField(tr("Alert by days"))
        self.alert_days.setPlaceholderText(tr("No alert"))
        self.notes: dict[str, QLabel] = {}
        self.fixed = label("", "facts")
        self.key_says, self.key_button = label("", "facts"), QPushButton(tr("New API key…"))
        self._fields: dict[str, Field] = {
            "name": self.name, "email": self.email, "language": self.language, "default_sender": self.default_sender,
            "refund_on": self.refund, "overdraft": self.overdraft, "alert": self.alert,
            "alert_days": self.alert_days,
        }  # fmt: skip
        self._build()
        self._connect()

    def show_client(self, page: ClientPage) -> None:
        """Show the terms of a client; what is being typed for the same one stays."""
        client, balance = page.summary.client, page.summary.balance
        is_same = self._page is not None and self._page.summary.client.client_id == client.client_id
        self._page = page
        senders = list(dict.fromkeys([*page.senders, *([client.default_sender] if client.default_sender else [])]))
        self.default_sender.offer([("", tr("None")), *((one, one) for one in senders)], client.default_sender)
        self.language.show_value(client.language)
        self.refund.show_value(client.refund_on)
        for field in (self.overdraft, self.alert):
            field.set_unit(currency_symbol(client.currency))
        self.alert_days.set_unit(tr("days"))
        self._shown = {
            "name": client.name, "email": client.email or "", "overdraft": exact_text(balance.overdraft),
            "alert": exact_text(client.alert) if client.alert else "",
            "alert_days": str(client.alert_days or ""),
        }  # fmt: skip
        for name, text in self._shown.items():
            line = self._fields[name]
            if isinstance(line, QLineEdit) and not (is_same and line.hasFocus()):
                line.setText(text)
                self._note(name, "")
        self.fixed.setText(tr("Currency {currency}, price list {name}. Both stay as they are.", currency=client.currency,
                              name=page.price_list))  # fmt: skip
        has = tr("One API key is in use. A new one replaces it.") if page.has_key else tr("No API key yet.")
        self.key_says.setText(has)

    def _build(self) -> None:
        form = QWidget()
        form.setObjectName("form")
        grid = QGridLayout(form)
        grid.setContentsMargins(20, 8, 20, 20)
        grid.setHorizontalSpacing(32)
        grid.setVerticalSpacing(14)
        cells = (
            ("name", tr("Name"), ""), ("email", tr("E-mail"), tr("For alerts, receipts and news of sender IDs.")),
            ("language", tr("Language of mails"), ""),
            ("default_sender", tr("Default sender ID"), tr("A new message starts with it.")),
            ("overdraft", tr("Overdraft"), tr("How far the credit may go below zero. 0 for not at all.")),
            ("refund_on", tr("Refunds"), tr("What an accepted message cost comes back only by these terms.")),
            ("alert", tr("Low-credit alert"), tr("Below it the client is warned, at most once in 24 hours.")),
            ("alert_days", tr("Alert by days"), tr("Warned as well when the credit lasts fewer days than this.")),
        )  # fmt: skip
        for place, (name, title, hint) in enumerate(cells):
            grid.addLayout(self._cell(name, title, hint), place // 2, place % 2)
        grid.addLayout(self._key_cell(), len(cells) // 2, len(cells) % 2)
        grid.addWidget(self.fixed, len(cells) // 2 + 1, 0, 1, 2)
        for column in (0, 1):
            grid.setColumnStretch(column, 1)
        grid.setRowStretch(len(cells) // 2 + 2, 1)
        area = QScrollArea()
        area.setProperty("look", "plain")
        area.setWidgetResizable(True)
        area.setWidget(form)
        column_layout = QVBoxLayout(self)
        column_layout.setContentsMargins(0, 0, 0, 0)
        column_layout.addWidget(area)

    def _cell(self, name: str, title: str, hint: str) -> QVBoxLayout:
        field, caption, note = self._fields[name], label(title, "field"), label(hint, "facts")
        caption.setBuddy(field)
        field.setAccessibleDescription(hint)
        field.setMaximumWidth(self._place.theme.scaled(_COLUMN))
        note.setWordWrap(True)
        if not hint:
            note.hide()
        note.setProperty("hint", hint)
        self.notes[name] = note
        cell = QVBoxLayout()
        cell.setSpacing(4)
        for part in (caption, field, note):
            cell.addWidget(part)
        cell.addStretch()
        return cell

    def _key_cell(self) -> QVBoxLayout:
        caption = label(tr("Client API"), "field")
        row = QHBoxLayout()
        row.addWidget(self.key_button)
        row.addStretch()
        cell = QVBoxLayout()
        cell.setSpacing(4)
        cell.addWidget(caption)
        cell.addLayout(row)
        cell.addWidget(self.key_says)
        cell.addStretch()
        return cell

    def _connect(self) -> None:
        for name, field in self._fields.items():
            if isinstance(field, QLineEdit):
                field.editingFinished.connect(partial(self._save_text, name))
                field.textEdited.connect(partial(self._clear_note, name))
            else:
                field.chosen.connect(partial(self._save_choice, name))
        self.key_button.clicked.connect(self._make_key)

    def _save_text(self, name: str) -> None:
        line = self._fields[name]
        if not isinstance(line, QLineEdit) or self._page is None:
            return
        text = line.text().strip()
        if text == self._shown.get(name, ""):
            return
        try:
            value: Any = self._amount(name, text) if name in ("overdraft", "alert") else text
            if name == "alert_days":
                value = _days(text)
        except InvalidInput as error:
            self._note(name, error.user_message)
            return
        self._shown[name] = text
        self._save({name: value})

    def _save_choice(self, name: str) -> None:
        field = self._fields[name]
        if isinstance(field, Choice):
            self._save({name: field.value})

    def _save(self, changes: dict[str, Any]) -> None:
        if self._page is None:
            return
        parts = self._place.parts
        work = terms_work(parts.client_terms, self._page.summary.client.name, parts.actor, changes)
        self._place.tasks.command(
            work, owner=self, on_success=self.renamed.emit, on_error=partial(self._refuse, next(iter(changes)))
        )

    def _refuse(self, name: str, error: AppError) -> None:
        self._shown.pop(name, None)
        self._note(name, error.user_message)
        self._fields[name].setFocus()

    def _amount(self, name: str, text: str) -> int | None:
        if not text:
            return None if name == "alert" else 0
        micro = micro_exact(parse_amount(text))
        return micro or (None if name == "alert" else 0)

    def _clear_note(self, name: str, _text: str) -> None:
        note = ""
        if name in ("overdraft", "alert") and self._page is not None:
            field = self._fields[name]
            try:
                micro = micro_exact(parse_amount(field.text())) if isinstance(field, QLineEdit) else 0
                note = tr("= {amount}", amount=exact_money(micro, self._page.summary.client.currency))
            except InvalidInput:
                note = ""
        self._note(name, "", note)

    def _note(self, name: str, problem: str, said: str = "") -> None:
        """Say what is wrong with a field, or its hint again."""
        note, field = self.notes[name], self._fields[name]
        text = problem or said or str(note.property("hint"))
        note.setText(text)
        note.setVisible(bool(text))
        field.setAccessibleDescription(text)
        note.setProperty("look", "error" if problem else "facts")
        field.setProperty("invalid", bool(problem))
        for part in (note, field):
            redress(part)

    def _make_key(self) -> None:
        if self._page is not None:
            new_api_key(self._place, self.window(), self._page.summary.client.name, replace=self._page.has_key)


def _days(text: str) -> int | None:
    """Return the number of days, None where there is none.

    Raises:
        InvalidInput: it is no whole number.
    """
    if not text:
        return None
    if not (text.isascii() and text.isdigit()):
        raise InvalidInput(tr("“{text}” is not a number of days.", text=text[:40]), fields={"alert_days": ""})
    return int(text[:9]) or None
