"""The rule that makes the first prices, with a live example."""

from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QDialog, QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop_app.domain.errors import InvalidInput
from desktop_app.domain.language import tr
from desktop_app.domain.percents import cut_margin, cut_markup, parse_percent
from desktop_app.domain.price_limits import PriceLimits
from desktop_app.domain.price_rules import PriceRule, RuleKind
from desktop_app.services.first_prices import FirstPrices, example_price, set_first_prices
from desktop_app.services.job import Job
from desktop_app.services.preferences import STEPS
from desktop_app.views.formats import percent_text, price_text
from desktop_app.views.screen import Workplace
from desktop_app.views.widgets.captions import caption_of
from desktop_app.views.widgets.inputs import Choice
from desktop_app.views.widgets.notices import label
from desktop_app.views.widgets.number_field import NumberField
from desktop_app.workers.runner import Lane, Outcome, Topic

WIDTH: Final = 460
MARGIN: Final = "30"
USUAL_STEP: Final = 100
EXAMPLE_COST: Final = 86_400


class DefaultRuleDialog(QDialog):
    """Margin and rounding; Enter takes the defaults. Shown with ``open``.

    Signals:
        ended: it was closed, whatever was chosen.
    """

    ended = Signal()

    def __init__(self, place: Workplace, parent: QWidget) -> None:
        super().__init__(parent)
        self._place = place
        title = tr("How do you want to price?")
        self.setWindowTitle(title)
        self.setMinimumWidth(place.theme.scaled(WIDTH))
        self.margin = NumberField(tr("Margin"), "%")
        self.margin.setText(MARGIN)
        self.step: Choice[int] = Choice([(step, price_text(step)) for step in STEPS])
        self.step.setAccessibleName(tr("Round prices to"))
        self.step.show_value(USUAL_STEP)
        self.service = QCheckBox(tr("Switch International SMS on: selling and sending"))
        self.service.setChecked(True)
        self.example, self.problem = label("", "facts"), label("", "error")
        for text in (self.example, self.problem):
            text.setWordWrap(True)
        self.agree, self.skip = QPushButton(tr("Sync costs and set prices")), QPushButton(tr("Skip"))
        self.agree.setProperty("look", "primary")
        self.agree.setDefault(True)
        self.agree.clicked.connect(self.set_prices)
        self.skip.clicked.connect(self.reject)
        self.margin.textChanged.connect(lambda _: self._show_example())
        self.step.chosen.connect(self._show_example)
        self._build(title)
        self._show_example()
        self.margin.selectAll()
        self.margin.setFocus()

    def set_prices(self) -> None:
        """Pull the costs and set the prices, as a job; the dialog closes at once."""
        try:
            rule, limits = self._rule()
        except InvalidInput:
            return
        parts, place, switches_on = self._place.parts, self._place, self.service.isChecked()

        def work(job: Job) -> Outcome[FirstPrices]:
            made = set_first_prices(
                parts.accounts, parts.pricing, parts.preferences, rule, limits, switches_on=switches_on,
                actor=parts.actor, job=job,
            )  # fmt: skip
            return Outcome(made, frozenset({Topic.PRICES, Topic.PROVIDERS, Topic.SETTINGS}))

        place.jobs.start(
            tr("Sync costs and set prices"), work, owner=place.jobs, icon="tag", lane=Lane.NETWORK,
            message=lambda made: tr("{count:,} countries, {prices:,} prices", count=made.countries, prices=made.prices),
        )  # fmt: skip
        self.accept()

    def done(self, result: int) -> None:
        """Close and say so."""
        super().done(result)
        self.ended.emit()

    def _rule(self) -> tuple[PriceRule, PriceLimits]:
        value = parse_percent(self.margin.text())
        return PriceRule(RuleKind.MARGIN, value), PriceLimits(step=self.step.value)

    def _build(self, title: str) -> None:
        detail = label(
            tr(
                "One rule for all countries to begin with: margin is profit of the sale price. Change it any time in Bulk edit."
            ),
            "facts",
        )
        detail.setWordWrap(True)
        captions = caption_of(self.margin, tr("Margin")), caption_of(self.step, tr("Round prices to"))
        fields = QGridLayout()
        fields.setHorizontalSpacing(16)
        fields.setVerticalSpacing(6)
        for column, (caption, field) in enumerate(zip(captions, (self.margin, self.step), strict=True)):
            fields.addWidget(caption, 0, column)
            fields.addWidget(field, 1, column)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch()
        buttons.addWidget(self.skip)
        buttons.addWidget(self.agree)
        column_layout = QVBoxLayout(self)
        column_layout.setContentsMargins(24, 20, 24, 20)
        column_layout.setSpacing(12)
        column_layout.addWidget(label(title, "title"))
        column_layout.addWidget(detail)
        column_layout.addLayout(fields)
        column_layout.addWidget(self.example)
        column_layout.addWidget(self.problem)
        column_layout.addWidget(self.service)
        column_layout.addLayout(buttons)

    def _show_example(self) -> None:
        problem, example = "", ""
        try:
            price = example_price(*self._rule(), EXAMPLE_COST)
            example = _example(price)
        except InvalidInput as error:
            problem = error.user_message
        self.margin.say_error(problem)
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))
        self.example.setText(example)
        self.agree.setEnabled(not problem)


def _example(price: int | None) -> str:
    if price is None:
        return tr("This rule makes no price of a cost of {cost}.", cost=price_text(EXAMPLE_COST))
    return tr(
        "Example: a cost of {cost} becomes {price}. Profit {profit}, margin {margin}, markup {markup}.",
        cost=price_text(EXAMPLE_COST), price=price_text(price), profit=price_text(price - EXAMPLE_COST),
        margin=percent_text(cut_margin(price, EXAMPLE_COST)), markup=percent_text(cut_markup(price, EXAMPLE_COST)),
    )  # fmt: skip
