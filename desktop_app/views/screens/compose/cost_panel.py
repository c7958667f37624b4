"""What the message costs: per country, against the client's credit, and what each country makes of the sender ID."""

from collections import Counter
from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import partial
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from desktop_app.domain.destinations import destination_text
from desktop_app.domain.language import tr, trn
from desktop_app.domain.money import amount_of
from desktop_app.services.promises import CreditState
from desktop_app.services.send_orders import Preflight
from desktop_app.views.formats import MINUS, MISSING, count_text, currency_symbol, percent_text, price_text
from desktop_app.views.models.cell_looks import CellLook
from desktop_app.views.models.credit_texts import charge_text, credit_text
from desktop_app.views.models.record_rows import Heading, Row, RowsModel
from desktop_app.views.moments import money_text
from desktop_app.views.screens.compose.checker import Checked
from desktop_app.views.screens.compose.credit_bar import CreditBar
from desktop_app.views.screens.compose.sender_check import SenderCheck
from desktop_app.views.screens.compose.texts import advice_text, reason_text
from desktop_app.views.theme import Theme
from desktop_app.views.widgets.flow import FlowLayout
from desktop_app.views.widgets.notices import label
from desktop_app.views.widgets.pills import Pill, rule
from desktop_app.views.widgets.record_table import RecordView

WIDTH: Final = 448
_MOST_ROWS: Final = 12
_SEGMENTS: Final = 2
# Of a hundred parts of the screen, so many at most.
_SHARE: Final = 44
_PADDING: Final = 18
PILL: Final = 22


class CostPanel(QFrame):
    """The side of the screen.

    Signals:
        request_wanted: ISO code of a country where the sender ID is to be requested.
        top_up_wanted: the client's credit is to be topped up.
        partial_wanted: whether only as many are to be sent as the credit covers.
    """

    request_wanted = Signal(str)
    top_up_wanted = Signal()
    partial_wanted = Signal(bool)

    def __init__(self, theme: Theme, country_name: Callable[[str], str]) -> None:
        super().__init__()
        self._theme = theme
        self.country_name = country_name
        self.setObjectName("inspector")
        self.total, self.count, self.margin = label(MISSING, "metric"), label("", "facts"), label("", "facts")
        self.model = RowsModel[str](_headings(""), self, key=str)
        self.table = RecordView(self.model, theme, tr("Cost per country"), {1: 58, 2: 48, 3: 62, 4: 70}, 0)
        self.table.setProperty("look", "inset")
        self.note = label("", "facts")
        self.note.setWordWrap(True)
        self.state, self.bar = Pill(theme), CreditBar(theme)
        self.now, self.after, self.alert = label("", "facts"), label("", "facts"), label("", "warn-small")
        self.shortfall = label("", "error")
        self.shortfall.setWordWrap(True)
        self.partial_button, self.top_up_button = QPushButton(), QPushButton(tr("Top up"))
        self.all_button = QPushButton(tr("Send to all instead"))
        self.senders = SenderCheck(theme)
        self.preview_title, self.preview = label("", "facts"), label("", "bubble")
        self.preview.setWordWrap(True)
        self.preview.setTextFormat(Qt.TextFormat.PlainText)
        self.partial_button.clicked.connect(lambda: self.partial_wanted.emit(True))
        self.all_button.clicked.connect(lambda: self.partial_wanted.emit(False))
        self.top_up_button.clicked.connect(self.top_up_wanted)
        self.senders.request_wanted.connect(self.request_wanted)
        self._build()
        theme.changed.connect(self._fit)
        self.show_nothing(tr("Add recipients to see the cost."))

    def show_nothing(self, why: str) -> None:
        """Show that there is no cost yet, and why."""
        self.total.setText(MISSING)
        self.count.setText("")
        self.margin.setText("")
        self.model.show_rows(())
        self.note.setText(why)
        self.note.setVisible(bool(why))
        self._credit.hide()
        self.senders.hide()
        self._preview.hide()
        self._fit()

    def show_checked(self, checked: Checked, *, is_partial: bool) -> None:
        """Show what was found out; ``is_partial`` when only as many are sent to as the credit covers."""
        composition = checked.composition
        if composition is None:
            self.show_nothing(checked.error.user_message if checked.error is not None else "")
            return
        sheet, has_text = composition.sheet, checked.wanted.has_text
        self._show_total(sheet, has_text=has_text)
        self.model.set_headings(_headings(currency_symbol(sheet.currency)))
        self.model.show_rows(_rows(sheet, self.country_name, has_text=has_text))
        advice = list(dict.fromkeys(advice_text(one.reason) for one in sheet.refused))
        self.note.setText("\n".join(one for one in advice if one))
        self.note.setVisible(bool(self.note.text()))
        self._show_credit(sheet, composition.partial, has_text=has_text, is_partial=is_partial)
        self.senders.show_sheet(checked.wanted.sender, sheet, composition.approvals, self.country_name)
        self._show_preview(checked, sheet)
        self._fit()

    def _show_preview(self, checked: Checked, sheet: Preflight) -> None:
        """Show the message as the first of those gets it who are sent to."""
        self._preview.setVisible(checked.wanted.has_text and bool(sheet.groups))
        if not sheet.groups:
            return
        first = checked.wanted.audience.numbers[0]
        group = next((one for one in sheet.groups if one.numbers[0] == first), sheet.groups[0])
        self.preview_title.setText(f"{group.numbers[0]} · {self.country_name(group.quote.country)}")
        self.preview.setText(group.own_texts[0].text if group.own_texts else checked.wanted.text)

    def _show_total(self, sheet: Preflight, *, has_text: bool) -> None:
        self.total.setText(charge_text(sheet.total, sheet.currency) if has_text else MISSING)
        numbers = trn("{count:,} number", "{count:,} numbers", sheet.accepted)
        if not has_text:
            self.count.setText(numbers)
        elif sheet.segments == sheet.accepted * sheet.plan.count:
            segments = trn("{count:,} segment", "{count:,} segments", sheet.plan.count)
            self.count.setText(
                tr("{numbers} × {segments} = {sms:,} SMS", numbers=numbers, segments=segments, sms=sheet.segments)
            )
        else:
            self.count.setText(tr("{numbers}, {sms:,} SMS", numbers=numbers, sms=sheet.segments))
        self.margin.setText(_margin(sheet) if has_text else "")

    def _show_credit(
        self, sheet: Preflight, partial_sheet: Preflight | None, *, has_text: bool, is_partial: bool
    ) -> None:
        state = sheet.credit_state if has_text else CreditState.ENOUGH
        cost = sheet.total if has_text else 0
        money = partial(money_text, currency=sheet.currency)
        left = credit_text(sheet.available - cost, sheet.currency)
        self._credit.show()
        self.state.show_state(*{
            CreditState.ENOUGH: (tr("Enough credit"), "success", "check"),
            CreditState.BELOW_ALERT: (tr("Below alert after sending"), "warning", "triangle-alert"),
            CreditState.SHORT: (tr("Not enough credit"), "danger", "circle-x"),
        }[state])  # fmt: skip
        self.now.setText(tr("Now {amount}", amount=credit_text(sheet.available, sheet.currency)))
        self.after.setText(tr("After sending {amount}", amount=left))
        self.alert.setVisible(sheet.alert is not None)
        self.alert.setText("" if sheet.alert is None else tr("Alert at {amount}", amount=money(amount_of(sheet.alert))))
        self.bar.show_credit(
            sheet.available, sheet.available - cost, sheet.alert, f"{self.now.text()}, {self.after.text()}"
        )
        is_short = state is CreditState.SHORT
        self.shortfall.setVisible(is_short)
        self.shortfall.setText(
            tr("{amount} short for this send.", amount=left.removeprefix(MINUS)) if is_short else ""
        )  # fmt: skip
        reached = partial_sheet.accepted if partial_sheet is not None else 0
        self.partial_button.setVisible(is_short and reached > 0)
        self.partial_button.setText(
            tr("Send to {count:,} of {all:,} (cheapest first)", count=reached, all=sheet.accepted)
        )  # fmt: skip
        self.top_up_button.setVisible(is_short)
        self.all_button.setVisible(is_partial)

    def _build(self) -> None:
        inside = QWidget()
        inside.setObjectName("facts")
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._head())
        column.addWidget(self.table)
        column.addWidget(self.note)
        self.note.setContentsMargins(_PADDING, 8, _PADDING, 8)
        self._credit = self._credit_part()
        column.addWidget(self._credit)
        column.addWidget(self.senders)
        self._preview = self._preview_part()
        column.addWidget(self._preview)
        column.addStretch()
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inside)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(1, 0, 0, 0)
        outer.addWidget(area)

    def _head(self) -> QVBoxLayout:
        first, second = QHBoxLayout(), QWidget()
        flow = FlowLayout(second, spacing=8, right_from=1)
        first.addWidget(label(tr("Cost of sending"), "h2"))
        first.addStretch()
        first.addWidget(self.total)
        flow.addWidget(self.count)
        flow.addWidget(self.margin)
        column = QVBoxLayout()
        column.setContentsMargins(_PADDING, 12, _PADDING, 8)
        column.setSpacing(2)
        column.addLayout(first)
        column.addWidget(second)
        return column

    def _credit_part(self) -> QWidget:
        part, head, figures, buttons = QWidget(), QHBoxLayout(), QWidget(), QWidget()
        self.state.setFixedHeight(self._theme.scaled(PILL))
        head.addWidget(label(tr("Credit check"), "h2"))
        head.addStretch()
        head.addWidget(self.state)
        amounts = FlowLayout(figures, spacing=20, right_from=2)
        for text in (self.now, self.after, self.alert):
            amounts.addWidget(text)
        flow = FlowLayout(buttons, spacing=8)
        for button in (self.partial_button, self.top_up_button, self.all_button):
            flow.addWidget(button)
        column = QVBoxLayout(part)
        column.setContentsMargins(_PADDING, 12, _PADDING, 12)
        column.setSpacing(8)
        for row in (head, self.bar, figures, self.shortfall, buttons):
            if isinstance(row, QWidget):
                column.addWidget(row)
            else:
                column.addLayout(row)
        return part

    def _preview_part(self) -> QWidget:
        part, head = QWidget(), QHBoxLayout()
        head.addWidget(label(tr("Preview"), "h2"))
        head.addStretch()
        head.addWidget(self.preview_title)
        column = QVBoxLayout(part)
        column.setContentsMargins(0, 0, 0, 12)
        column.setSpacing(8)
        column.addWidget(rule())
        inner = QVBoxLayout()
        inner.setContentsMargins(_PADDING, 6, _PADDING, 0)
        inner.setSpacing(8)
        inner.addLayout(head)
        inner.addWidget(self.preview)
        column.addLayout(inner)
        return part

    def fit_into(self, room: int) -> None:
        """Be as wide as usual, or narrower where a screen of ``room`` pixels has not much."""
        usual = self._theme.scaled(WIDTH)
        width = min(usual, room * _SHARE // 100)
        self.setFixedWidth(width)
        self.table.setColumnHidden(_SEGMENTS, width < usual)

    def _fit(self) -> None:
        self.table.widen_columns()
        rows = min(self.model.rowCount(), _MOST_ROWS)
        self.table.setVisible(rows > 0)
        self.table.setFixedHeight(self.table.horizontalHeader().height() + rows * self._theme.row_height + 1)


def _headings(symbol: str) -> tuple[Heading, ...]:
    return (
        Heading(tr("Country")),
        Heading(tr("Numbers"), is_number=True),
        Heading(tr("Seg."), is_number=True),
        Heading(f"{tr('Price')} {symbol}".strip(), is_number=True),
        Heading(f"{tr('Total')} {symbol}".strip(), is_number=True),
    )


def _rows(sheet: Preflight, country_name: Callable[[str], str], *, has_text: bool) -> Sequence[Row[str]]:
    """Return the countries, each with its networks where they are known: the dearest first, then those nothing is sent to."""
    rows = []
    whole = Counter[str]()
    for group in sheet.groups:
        whole[group.quote.country] += group.amount
    for group in sorted(sheet.groups, key=lambda one: (-whole[one.quote.country], one.quote.country, -one.amount)):
        quote, count = group.quote, len(group.numbers)
        cost = charge_text(group.amount, "") if has_text else MISSING
        segments = _segments(group.segments, count) if has_text else MISSING
        looks = (CellLook(), CellLook(), CellLook(), CellLook(tone="text", role="body_medium"))
        rows.append(
            _place(
                (quote.country, quote.mccmnc, quote.network), country_name, "text",
                (count_text(count), segments, price_text(quote.price), cost), looks,
            )
        )  # fmt: skip
    for one in sorted(sheet.refused, key=lambda refused: (-refused.count, refused.country)):
        looks = (CellLook(tone="text3"), CellLook(), CellLook(), CellLook(tone="danger"))
        rows.append(
            _place(
                (one.country, one.network or None, one.network), country_name, "text3",
                (count_text(one.count), "", "", reason_text(one.reason)), looks,
            )
        )  # fmt: skip
    return rows


def _place(
    place: tuple[str, str | None, str], country_name: Callable[[str], str], tone: str, texts: tuple[str, ...],
    looks: tuple[CellLook, ...],
) -> Row[str]:  # fmt: skip
    """Return the row of a country, or of a network: by its own name, with that of the country after it."""
    iso, mccmnc, network = place
    country = country_name(iso)
    name, faint = (country, "") if mccmnc is None else (network or mccmnc, country)
    look = CellLook(tone=tone, flag=iso, faint=faint)
    return Row(iso + (mccmnc or ""), (name, *texts), (look, *looks), spoken=destination_text(country, mccmnc, network))


def _segments(segments: int, count: int) -> str:
    """Return the segments of a message, or where they differ how many it is on average, with one decimal."""
    if segments % count == 0:
        return count_text(segments // count)
    tenths = (segments * 10 + count // 2) // count
    return f"{tenths // 10}.{tenths % 10}"


def _margin(sheet: Preflight) -> str:
    """Return profit and margin, "" where cost and price are not in one currency."""
    costs = [(group.quote.cost, group) for group in sheet.groups]
    if not costs or any(cost is None or group.quote.cost_currency != sheet.currency for cost, group in costs):
        return ""
    profit = sum((group.quote.price - (cost or 0)) * group.segments for cost, group in costs)
    share = Decimal(profit * 10_000) / Decimal(sheet.total)
    return tr("Margin {amount} · {percent}", amount=money_text(amount_of(profit), sheet.currency),
              percent=percent_text(int(share)))  # fmt: skip
