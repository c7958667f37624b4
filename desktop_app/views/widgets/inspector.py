"""The inspector of the Prices screen: everything about one destination's price, and what can be done with it."""

from collections.abc import Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from desktop_app.domain.errors import AppError
from desktop_app.domain.language import tr
from desktop_app.services.job import Job
from desktop_app.services.price_history import ClientPrice, PriceDetail
from desktop_app.services.price_timeline import PricePoint
from desktop_app.services.pricing import PricingService
from desktop_app.views.formats import percent_text, plain_tip, price_text
from desktop_app.views.icons import flag
from desktop_app.views.models.price_facts import (
    PriceFacts,
    applies_text,
    changed_text,
    clients_text,
    drafted_chain,
    is_drafted,
    per_thousand_text,
    place_text,
    point_rows,
    read_facts,
    rounding_text,
)
from desktop_app.views.models.price_lines import PriceLine
from desktop_app.views.models.record_rows import Heading, RowsModel
from desktop_app.views.models.sender_rule_words import approval_text, sender_pill
from desktop_app.views.navigator import Address
from desktop_app.views.screen import Workplace
from desktop_app.views.widgets.cost_bar import CostBar
from desktop_app.views.widgets.flow import FlowLayout
from desktop_app.views.widgets.icon_widgets import IconButton, KeyButton
from desktop_app.views.widgets.inputs import Switch
from desktop_app.views.widgets.inspector_parts import Chain, CostNote, FactGrid, Separator
from desktop_app.views.widgets.notices import label
from desktop_app.views.widgets.pills import Pill
from desktop_app.views.widgets.record_table import RecordView
from desktop_app.views.widgets.step_chart import StepChart
from desktop_app.workers.runner import Outcome, Topic

WIDTH: Final = 310
# Whoever walks through the rows with the arrow keys does not ask for each.
PAUSE_MILLISECONDS: Final = 80
TABLE_HEIGHT: Final = 150


class PriceInspector(QFrame):
    """Shows a line of the price table at once, and what else there is about it as soon as that is read.

    Signals:
        edit_asked: the person wants to edit the price of the line shown.
        rule_asked: the PriceLine that is to follow its rule again.
        closed: the person closed the inspector.
    """

    edit_asked = Signal()
    rule_asked = Signal(object)
    closed = Signal()

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self._place, self._currency = place, ""
        self._line: PriceLine | None = None
        self._saved: PriceLine | None = None
        self._detail: PriceDetail | None = None
        self.setObjectName("inspector")
        self.setAccessibleName(tr("Inspector"))
        self._timer = QTimer(self, singleShot=True, interval=PAUSE_MILLISECONDS)
        self._timer.timeout.connect(self._read)
        self._make_parts()
        self._build()
        place.theme.changed.connect(self._follow_theme)
        place.tasks.changed.connect(self._follow_change)
        self._follow_theme()
        self.show_line(None, "")

    @property
    def line(self) -> PriceLine | None:
        """The line shown."""
        return self._line

    @property
    def is_told(self) -> bool:
        """Whether everything about the line shown is here."""
        return self._line is None or self._detail is not None

    def show_line(self, line: PriceLine | None, currency: str, saved: PriceLine | None = None) -> None:
        """Show a line of the price table; None says that none is chosen.

        Args:
            line: a country or a network.
            currency: of its amounts.
            saved: the line as it is saved, where a draft makes something else of it.
        """
        same = line is not None and self._line is not None and line.key == self._line.key
        self._line, self._currency, self._saved = line, currency, saved or line
        self._detail = self._detail if same else None
        self._body.setVisible(line is not None)
        self._buttons.setVisible(line is not None)
        self._nothing.setVisible(line is None)
        if line is None:
            self.title.setText(tr("No row selected"))
            self.place_text.clear()
            self._flag.hide()
            return
        self._show_head(line)
        self._show_reason()
        if not same:
            self.problem.hide()
        self._timer.start()

    def _make_parts(self) -> None:
        theme = self._place.theme
        self._flag, self.title, self.place_text = QLabel(), label("", "h2"), label("", "facts")
        self.close_button = IconButton(theme, "x", tr("Close inspector"), keys="Ctrl+I")
        self.close_button.clicked.connect(self.closed)
        self.price, self.unit, self.per_thousand = label("", "metric"), label("", "facts"), label("", "answer-strong")
        self.bar, self.note, self.chart = CostBar(theme), CostNote(theme), StepChart(theme)
        self.margin, self.markup = label("", "answer"), label("", "answer")
        for answer in (self.margin, self.markup):
            answer.setTextFormat(Qt.TextFormat.RichText)
        self.looked = label("", "facts")
        self.table_button = IconButton(theme, "rows-3", tr("Show as a table"))
        self.table_button.setCheckable(True)
        self.table_button.toggled.connect(self._show_table)
        headings = (Heading(tr("From")), Heading(tr("Sale"), is_number=True), Heading(tr("Cost"), is_number=True))
        self.points: RowsModel[PricePoint] = RowsModel(headings, self)
        self.table = RecordView(self.points, theme, tr("Price history as a table"), {1: 72, 2: 72}, 0)
        self.chain = Chain(theme)
        self.won, self.rounding, self.changed = label("", "answer"), label("", "answer"), label("", "answer")
        self.rule_button = KeyButton(theme, tr("Back to rule"), "Ctrl+Backspace")
        self.rule_button.setProperty("look", "note")
        self.rule_button.clicked.connect(lambda: self.rule_asked.emit(self._line))
        self.rule_button.hide()
        self.clients_button = QPushButton()
        self.clients_button.setProperty("look", "link-end")
        self.clients_button.setCheckable(True)
        self.client_list = label("", "facts")
        self.clients_button.toggled.connect(self.client_list.setVisible)
        self.allowed, self.approval, self.enabled = Pill(theme), label("", "answer"), Switch()
        self.enabled.setProperty("bare", True)
        self.enabled.clicked.connect(self._switch)
        self.problem = label("", "error")
        self.edit_button = KeyButton(theme, tr("Edit price"), "F2", image="pencil")
        self.edit_button.clicked.connect(self.edit_asked)
        self.history_button = KeyButton(theme, tr("History"), image="history")
        self.history_button.clicked.connect(self._open_history)

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 0, 12)
        column.setSpacing(10)
        column.addLayout(self._head())
        self._nothing = label(tr("Select a country or a network to see why its price applies."), "facts")
        self._nothing.setWordWrap(True)
        self._nothing.setContentsMargins(0, 0, 16, 0)
        column.addWidget(self._nothing)
        self._body = QScrollArea()
        self._body.setFrameShape(QFrame.Shape.NoFrame)
        self._body.setWidgetResizable(True)
        self._body.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._body.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._body.setWidget(self._content())
        column.addWidget(self._body, 1)
        column.addStretch(0)
        self._buttons = QWidget()
        row = QHBoxLayout(self._buttons)
        row.setContentsMargins(0, 0, 16, 0)
        row.setSpacing(8)
        row.addWidget(self.edit_button)
        row.addWidget(self.history_button)
        row.addStretch()
        column.addWidget(self._buttons)
        column.setAlignment(self._nothing, Qt.AlignmentFlag.AlignTop)

    def _head(self) -> QHBoxLayout:
        texts = QVBoxLayout()
        texts.setSpacing(1)
        self.title.setWordWrap(True)
        texts.addWidget(self.title)
        texts.addWidget(self.place_text)
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 10, 0)
        row.setSpacing(10)
        row.addWidget(self._flag, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addLayout(texts, 1)
        row.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignTop)
        return row

    def _content(self) -> QWidget:
        content = QWidget()
        content.setObjectName("facts")
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 16, 0)
        column.setSpacing(8)
        column.addLayout(self._row(self.price, self.unit, None, self.per_thousand))
        column.addWidget(self.bar)
        column.addLayout(self._row(self.margin, None, self.markup))
        column.addWidget(self.problem)
        column.addWidget(self.note)
        column.addLayout(
            self._row(label(tr("Price history"), "answer-strong"), None, self._legend(), self.table_button)
        )
        column.addWidget(self.chart)
        column.addWidget(self.table)
        column.addWidget(self.looked)
        column.addWidget(Separator())
        column.addWidget(label(tr("Pricing"), "answer-strong"))
        column.addLayout(self._pricing())
        column.addWidget(self.client_list)
        column.addWidget(self.chain)
        column.addWidget(Separator())
        column.addWidget(label(tr("Sender ID"), "answer-strong"))
        column.addLayout(self._sending())
        column.addStretch()
        for part in (self.problem, self.client_list):
            part.setWordWrap(True)
            part.hide()
        self.chart.looked_at.connect(self.looked.setText)
        self.table.setFixedHeight(self._place.theme.scaled(TABLE_HEIGHT))
        self.table.hide()
        return content

    def _row(self, *parts: QWidget | None) -> FlowLayout:
        """Return parts side by side, those after None at the right; what does not fit goes on below."""
        row = FlowLayout(spacing=4, right_from=parts.index(None))
        for part in parts:
            if part is not None:
                row.addWidget(part)
        return row

    def _legend(self) -> QLabel:
        self.legend = label("", "facts")
        self.legend.setTextFormat(Qt.TextFormat.RichText)
        return self.legend

    def _pricing(self) -> FactGrid:
        grid = FactGrid()
        grid.add(tr("Applies"), self.won)
        grid.add_below(self.rule_button)
        grid.add(tr("Rounding"), self.rounding)
        grid.add(tr("Changed"), self.changed)
        grid.add(tr("Client prices"), self.clients_button)
        return grid

    def _sending(self) -> FactGrid:
        grid = FactGrid()
        grid.add(tr("Type allowed"), self.allowed)
        grid.add(tr("Pre-approval"), self.approval)
        grid.add(tr("Sell to this country"), self.enabled)
        return grid

    def _show_head(self, line: PriceLine) -> None:
        picture = flag(line.iso, self.devicePixelRatioF() * 1.35)
        self._flag.setVisible(picture is not None)
        if picture is not None:
            picture = picture.copy()
            picture.setDevicePixelRatio(self.devicePixelRatioF())
            self._flag.setPixmap(picture)
        self.title.setText(line.name)
        self.place_text.setText(place_text(line))
        self.price.setText(price_text(line.price))
        self.unit.setText(
            tr("{currency} per SMS", currency=self._currency) if line.price is not None else tr("No price")
        )
        self.per_thousand.setText(per_thousand_text(line.price, self._currency))
        self.bar.show_price(line.cost, line.price)
        self.margin.setText(tr("Margin <b>{percent}</b>", percent=percent_text(line.margin)))
        self.markup.setText(tr("Markup on cost <b>{percent}</b>", percent=percent_text(line.markup)))
        self.enabled.setChecked(line.enabled)
        self.enabled.setAccessibleName(tr("Sell to this country"))
        self.enabled.setEnabled(not line.is_network)
        self.enabled.setToolTip(tr("Switched for the whole country") if line.is_network else "")

    def _follow_change(self, topics: frozenset[Topic]) -> None:
        if topics & {Topic.PRICES, Topic.PROVIDERS, Topic.SETTINGS} and self._line is not None:
            self._timer.start()

    def _read(self) -> None:
        line = self._line
        if line is None:
            return
        work = partial(read_facts, self._place.parts, line.iso, line.mccmnc)
        self._place.tasks.query(
            work,
            owner=self,
            on_success=partial(self._show_facts, line.key),
            on_error=partial(self._show_error, line.key),
        )

    def _show_facts(self, key: str, facts: PriceFacts) -> None:
        line = self._line
        if line is None or line.key != key:
            # The person has gone on; what belongs to the row shown now is on its way.
            return
        self.problem.hide()
        detail = facts.detail
        self.note.show_facts(facts, line)
        self.chart.show_points(detail.points)
        self.points.show_rows(point_rows(detail.points))
        self._detail = detail
        self._show_reason()
        self.rounding.setText(rounding_text(facts.step))
        self.changed.setText(changed_text(detail, facts.now))
        self._show_clients(detail.clients, detail.client_prices)
        self.allowed.show_state(*sender_pill(facts.sender))
        self.allowed.setToolTip(plain_tip(facts.sender.note))
        self.approval.setText(approval_text(facts.sender))
        self.approval.setToolTip(plain_tip(facts.sender.documents.replace("_", " ")))

    def _show_reason(self) -> None:
        """Say what decides the price: of a draft, what will once it is saved."""
        line, saved, detail = self._line, self._saved, self._detail
        if line is None or saved is None:
            return
        self.rule_button.setVisible(line.own_manual and is_drafted(line, saved))
        if detail is not None:
            self.chain.show_steps(drafted_chain(detail.chain, line, saved))
            self.won.setText(applies_text(detail, line, saved))

    def _show_error(self, key: str, error: AppError) -> None:
        if self._line is not None and self._line.key == key:
            self.problem.setText(error.user_message)
            self.problem.show()

    def _show_clients(self, count: int, prices: Sequence[ClientPrice]) -> None:
        self.clients_button.setText(clients_text(count))
        self.clients_button.setEnabled(count > 0)
        lines = [f"{one.client} {price_text(one.price)}" + (f" · {one.mccmnc}" if one.mccmnc else "") for one in prices]
        self.client_list.setText("\n".join(lines))
        if not count:
            self.clients_button.setChecked(False)

    def _show_table(self, on: bool) -> None:
        self.table.setVisible(on)
        self.chart.setVisible(not on)

    def _switch(self, on: bool) -> None:
        line = self._line
        if line is not None:
            parts = self._place.parts
            work = partial(_set_enabled, parts.pricing, parts.actor, line.iso, line.name, on=on)
            self._place.tasks.command(work, owner=self, on_error=partial(self._switch_back, line.key, not on))

    def _switch_back(self, key: str, on: bool, error: AppError) -> None:
        if self._line is not None and self._line.key == key:
            self.enabled.setChecked(on)
        self._show_error(key, error)

    def _open_history(self) -> None:
        if self._line is not None:
            self._place.navigator.go(Address("activity", query={"country": self._line.iso}))

    def _follow_theme(self) -> None:
        theme = self._place.theme
        self.setFixedWidth(theme.scaled(WIDTH))
        sale, cost = theme.colour("c1").name(), theme.colour("c6").name()
        self.legend.setText(
            f'<span style="color:{sale}">━</span> {tr("Sale")} &nbsp; <span style="color:{cost}">╍</span> {tr("Cost")}'
        )


def _set_enabled(pricing: PricingService, actor: str, iso: str, name: str, _job: Job, *, on: bool) -> Outcome[None]:
    pricing.set_country_enabled(iso, enabled=on, actor=actor)
    done = tr("{name} switched on", name=name) if on else tr("{name} switched off", name=name)
    undo = partial(_set_enabled, pricing, actor, iso, name, on=not on)
    return Outcome(None, frozenset({Topic.PRICES}), done, undo)
