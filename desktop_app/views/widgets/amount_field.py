"""A field for an amount of money: what was typed is said back, with the credit after it, before anything is done."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop_app.domain.errors import InvalidInput
from desktop_app.domain.language import tr
from desktop_app.domain.money import micro_exact, micro_text, parse_amount
from desktop_app.views.dressing import redress
from desktop_app.views.formats import currency_symbol
from desktop_app.views.models.credit_texts import exact_money, exact_text
from desktop_app.views.widgets.notices import label
from desktop_app.views.widgets.number_field import NumberField

_CENT: Final = 10_000
# Turns what was typed, in micro-units, into what is said after the equals sign; "" for nothing more.
Echo = Callable[[int], str]


class AmountField(QWidget):
    """A line with its caption above and what it means below; "1,000" and "1.000" are both one thousand.

    Args:
        caption: what it is called.
        currency: ISO 4217.
        echo: says what the amount would do.

    Signals:
        edited: something was typed.
    """

    edited = Signal()

    def __init__(self, caption: str, currency: str, echo: Echo) -> None:
        super().__init__()
        self._currency, self._echo = currency, echo
        self.caption = label(caption, "field")
        self.line = NumberField(caption, currency_symbol(currency))
        self.caption.setBuddy(self.line)
        self.echo = label("", "facts")
        self.echo.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        for part in (self.caption, self.line, self.echo):
            column.addWidget(part)
        self.line.textChanged.connect(self._say)
        self.line.textEdited.connect(lambda _text: self.edited.emit())
        self._say()

    @property
    def micro(self) -> int | None:
        """What is typed in micro-units, None when it is no amount."""
        try:
            return micro_exact(parse_amount(self.line.text()))
        except InvalidInput:
            return None

    def show_amount(self, micro: int) -> None:
        """Write an amount into the field, as if it was typed."""
        # More than two decimals are read back only as a program writes them, with a point and all six.
        self.line.setText(micro_text(micro) if micro % _CENT else exact_text(micro))
        self.line.selectAll()
        self.edited.emit()

    def say_problem(self, text: str) -> None:
        """Say what is wrong with the amount."""
        self.line.say_error(text)
        self._show(text, "error")

    def refresh(self) -> None:
        """Say again what the amount would do."""
        self._say()

    def _say(self) -> None:
        text = self.line.text().strip()
        self.line.say_error("")
        if not text:
            self._show(tr("In {currency}. 1,000 and 1.000 are both one thousand.", currency=self._currency), "facts")
            return
        try:
            micro = micro_exact(parse_amount(text))
        except InvalidInput as error:
            self.say_problem(error.user_message)
            return
        after = self._echo(micro)
        read = tr("= {amount}", amount=exact_money(micro, self._currency))
        self._show(f"{read} · {after}" if after else read, "answer-strong")

    def _show(self, text: str, look: str) -> None:
        self.echo.setText(text)
        self.line.setAccessibleDescription(text)
        if self.echo.property("look") != look:
            self.echo.setProperty("look", look)
            redress(self.echo)
