"""The price that one client pays for one country."""

from decimal import Decimal
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop_app.domain.errors import AppError, InvalidInput
from desktop_app.domain.language import tr
from desktop_app.domain.money import micro_exact, parse_price
from desktop_app.domain.percents import cut_percent
from desktop_app.services.client_price_list import ClientPriceRow
from desktop_app.views.client_acts import price_work
from desktop_app.views.dialogs.money_dialog import is_confirmed
from desktop_app.views.dressing import redress
from desktop_app.views.formats import currency_symbol, price_text
from desktop_app.views.models.money_texts import signed_percent
from desktop_app.views.screen import Workplace
from desktop_app.views.widgets.captions import caption_of
from desktop_app.views.widgets.icon_widgets import KeyButton
from desktop_app.views.widgets.notices import label
from desktop_app.views.widgets.number_field import NumberField

WIDTH: Final = 420
_FAR: Final = 10


class ClientPriceDialog(QDialog):
    """Asks for a price; below cost is refused unless the row allows a loss. Shown with ``open``.

    Args:
        place: what every screen works with.
        parent: the window it stands above.
        name: the client.
        row: the country.
        country: its name.
        currency: of the prices.
    """

    def __init__(
        self, place: Workplace, parent: QWidget, name: str, row: ClientPriceRow, country: str, currency: str
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._place, self._name, self._row, self._country = place, name, row, country
        self._confirmed: int | None = None
        title = tr("Price of {country} for {name}", country=country, name=name)
        self.setWindowTitle(title)
        self.setMinimumWidth(place.theme.scaled(WIDTH))
        self.field = NumberField(tr("Client price"), currency_symbol(currency))
        self.says = label("", "facts")
        self.says.setWordWrap(True)
        self.save_button, self.cancel = (
            KeyButton(place.theme, tr("Set price"), "Ctrl+Return"),
            QPushButton(tr("Cancel")),
        )
        self.save_button.setProperty("look", "primary")
        self.save_button.setDefault(True)
        self.save_button.clicked.connect(self.save)
        self.cancel.clicked.connect(self.reject)
        self._build(title)
        self.field.textChanged.connect(self._say)
        self.field.setText(price_text(row.own if row.own is not None else row.standard).replace("–", ""))
        self.field.selectAll()
        self.field.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Ctrl+Enter stores it; the rest as usual."""
        if is_confirmed(event):
            self.save()
            return
        super().keyPressEvent(event)

    def save(self) -> None:
        """Store the price, once it was looked at twice where it is far from the one before."""
        try:
            price = parse_price(self.field.text())
            micro = micro_exact(price)
        except InvalidInput as error:
            self._problem(error.user_message)
            return
        before = self._row.own or self._row.standard
        is_far = before is not None and micro > 0 and (micro >= before * _FAR or micro * _FAR <= before)
        if is_far and self._confirmed != micro:
            self._confirmed = micro
            far = tr("{before} → {after}? That is ten times another price. Set it again to keep it.",
                     before=price_text(before), after=price_text(micro))  # fmt: skip
            self._problem(far)
            return
        parts = self._place.parts
        value: Decimal = price
        work = price_work(parts.pricing, self._name, self._row.country, self._country, value, parts.actor)
        self.save_button.setEnabled(False)
        self._place.tasks.command(work, owner=self, on_success=lambda _: self.accept(), on_error=self._refuse)

    def _build(self, title: str) -> None:
        standard = tr("Standard price {price}, cost {cost}", price=price_text(self._row.standard),
                      cost=price_text(self._row.cost))  # fmt: skip
        head, facts, caption = (
            label(title, "title"),
            label(standard, "facts"),
            caption_of(self.field, tr("Client price")),
        )
        head.setTextFormat(Qt.TextFormat.PlainText)
        head.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(10)
        for part in (head, facts, caption, self.field, self.says):
            column.addWidget(part)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch()
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.save_button)
        column.addLayout(buttons)

    def _say(self, text: str) -> None:
        self._show("", is_problem=False)
        try:
            micro = micro_exact(parse_price(text))
        except InvalidInput as error:
            self._show(error.user_message if text.strip() else "", is_problem=True)
            return
        cost, standard = self._row.cost, self._row.standard
        if cost is not None and micro < cost:
            self._show(tr("Below cost {cost}.", cost=price_text(cost)), is_problem=not self._row.loss_allowed)
        elif standard:
            moved = signed_percent(cut_percent(micro - standard, standard))
            self._show(tr("{change} against the standard price", change=moved), is_problem=False)

    def _refuse(self, error: AppError) -> None:
        self.save_button.setEnabled(True)
        self._problem(error.user_message)

    def _problem(self, text: str) -> None:
        self._show(text, is_problem=True)
        self.field.setFocus()

    def _show(self, text: str, *, is_problem: bool) -> None:
        self.says.setText(text)
        self.field.say_error(text if is_problem else "")
        self.says.setProperty("look", "error" if is_problem else "facts")
        redress(self.says)
