"""The rule and the limits of a bulk edit as fields: a sentence of choices, and three bounds."""

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QFormLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from desktop_app.domain.errors import InvalidInput
from desktop_app.domain.language import tr
from desktop_app.domain.money import micro_exact, parse_price
from desktop_app.domain.percents import parse_percent
from desktop_app.domain.price_limits import PriceLimits, Rounding
from desktop_app.domain.price_rules import PriceRule
from desktop_app.views.formats import in_language
from desktop_app.views.models.bulk_rule import RuleSentence, Subject, Unit, Verb
from desktop_app.views.widgets.inputs import Choice
from desktop_app.views.widgets.notices import label
from desktop_app.views.widgets.number_field import NumberField

# (step, below) in micro-units.
GRIDS: Final = ((1, 0), (100, 0), (1_000, 0), (5_000, 0), (10_000, 0), (1_000, 100))


@dataclass(frozen=True, slots=True)
class Reading:
    """What a rule's fields say: the rule (None for the way back), or that it is not complete."""

    rule: PriceRule | None
    is_complete: bool


def narrow(choice: QComboBox, characters: int = 5) -> None:
    """Let a choice be as narrow as its place; its list is as wide as it needs to be."""
    choice.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    choice.setMinimumContentsLength(characters)
    choice.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)


class RuleFields(QWidget):
    """[Raise] [margin] by [5] [points]. ``changed`` is emitted when the person changed a word or the number."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._symbol = ""
        self.verb = Choice(
            [
                (Verb.RAISE, tr("Raise")),
                (Verb.LOWER, tr("Lower")),
                (Verb.SET, tr("Set")),
                (Verb.BACK, tr("Back to rule")),
            ]
        )
        self.verb.setAccessibleName(tr("What to do"))
        self.subject: Choice[Subject] = Choice([])
        self.subject.setAccessibleName(tr("Of what"))
        self.word = label("", "value")
        self.value = NumberField(tr("By how much"))
        self.value.setFixedWidth(76)
        self.value.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.unit: Choice[Unit] = Choice([])
        self.unit.setAccessibleName(tr("Unit"))
        self.note = label("", "facts")
        self.note.setWordWrap(True)
        self.error = label("", "error")
        self.error.setWordWrap(True)
        self._lay_out()
        for choice in (self.verb, self.subject, self.unit):
            narrow(choice)
            choice.chosen.connect(self._chosen)
        self.value.textEdited.connect(lambda _: self.changed.emit())
        self.show_sentence(RuleSentence())

    @property
    def sentence(self) -> RuleSentence:
        """The words as they stand."""
        return RuleSentence(self.verb.value, self.subject.value, self.unit.value, self.value.text())

    def set_symbol(self, symbol: str) -> None:
        """Write amounts with this currency."""
        self._symbol = symbol
        self.show_sentence(self.sentence)

    def show_sentence(self, sentence: RuleSentence) -> None:
        """Show other words; nothing is emitted."""
        fitting = sentence.fitting()
        self.verb.show_value(fitting.verb)
        self.subject.offer([(one, self._subject_text(one)) for one in fitting.subjects], fitting.subject)
        self.unit.offer([(one, self._unit_text(one)) for one in fitting.units], fitting.unit)
        if self.value.text() != fitting.value:
            self.value.setText(fitting.value)
        self.word.setText(tr("to") if fitting.verb is Verb.SET else tr("by"))
        going_back = fitting.verb is Verb.BACK
        for part in (self.subject, self.word, self.value, self.unit):
            part.setVisible(not going_back)
        self.note.setVisible(going_back)
        self.note.setText(tr("Manual prices go back to the rule they replaced."))

    def read(self) -> Reading:
        """Return what the fields say; a wrong value is marked and told under the sentence."""
        sentence = self.sentence
        try:
            if sentence.verb is not Verb.BACK and not sentence.value.strip():
                self._say("")
                return Reading(None, is_complete=False)
            rule = sentence.rule()
        except InvalidInput as error:
            self._say(error.user_message)
            return Reading(None, is_complete=False)
        self._say("")
        return Reading(rule, is_complete=True)

    def _say(self, text: str) -> None:
        self.value.say_error(text)
        self.error.setText(text)
        self.error.setVisible(bool(text))

    def _chosen(self) -> None:
        self.show_sentence(self.sentence)
        self.changed.emit()

    def _lay_out(self) -> None:
        first, second = QHBoxLayout(), QHBoxLayout()
        for row in (first, second):
            row.setSpacing(8)
        first.addWidget(self.verb)
        first.addWidget(self.subject, 1)
        second.addWidget(self.word)
        second.addWidget(self.value)
        second.addWidget(self.unit, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(first)
        column.addLayout(second)
        column.addWidget(self.note)
        column.addWidget(self.error)
        self.error.hide()

    def _unit_text(self, unit: Unit) -> str:
        return {
            Unit.POINTS: tr("points"), Unit.PERCENT: "%", Unit.AMOUNT: tr("{symbol} per SMS", symbol=self._symbol).strip()
        }[unit]  # fmt: skip

    @staticmethod
    def _subject_text(subject: Subject) -> str:
        return {
            Subject.MARGIN: tr("margin"), Subject.MARKUP: tr("markup on cost"), Subject.PRICE: tr("sale price"),
            Subject.PROFIT: tr("profit"),
        }[subject]  # fmt: skip


class LimitFields(QWidget):
    """Rounding, least profit, largest change. ``changed`` is emitted when the person changed one."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rounding = Choice(
            [(Rounding.NEAREST, tr("Nearest")), (Rounding.UP, tr("Up")), (Rounding.DOWN, tr("Down"))]
        )
        self.rounding.setAccessibleName(tr("Rounding"))
        self.grid = Choice([(grid, _grid_text(grid)) for grid in GRIDS])
        self.grid.setAccessibleName(tr("Rounding step"))
        self.min_profit = NumberField(tr("Keep at least"))
        self.cap = NumberField(tr("Cap change at"), "%")
        self.error = label("", "error")
        self.error.setWordWrap(True)
        self.error.hide()
        self._lay_out()
        for choice in (self.rounding, self.grid):
            narrow(choice, 2)
            choice.setProperty("look", "snug")
            choice.chosen.connect(self.changed)
        for field in (self.min_profit, self.cap):
            field.textEdited.connect(lambda _: self.changed.emit())

    def set_symbol(self, symbol: str) -> None:
        """Write amounts with this currency."""
        self.min_profit.set_unit(tr("{symbol} / SMS", symbol=symbol))

    def show_state(self, rounding: Rounding, grid: tuple[int, int], min_profit: str, cap: str) -> None:
        """Show other limits, the numbers as they were typed; nothing is emitted."""
        self.rounding.show_value(rounding)
        self.grid.show_value(grid)
        self.min_profit.setText(min_profit)
        self.cap.setText(cap)

    def read(self) -> PriceLimits | None:
        """Return the limits, None when a field is wrong: it is marked, and told under the fields."""
        step, below = self.grid.value
        try:
            least = micro_exact(parse_price(self.min_profit.text())) if self.min_profit.text().strip() else None
            limits = PriceLimits(least, None, step, self.rounding.value, below)
        except InvalidInput as error:
            self._say(self.min_profit, error.user_message)
            return None
        try:
            cap = parse_percent(self.cap.text()) if self.cap.text().strip() else None
            limits = PriceLimits(least, cap, step, self.rounding.value, below)
        except InvalidInput as error:
            self._say(self.cap, error.user_message)
            return None
        self._say(None, "")
        return limits

    @property
    def wrong_field(self) -> NumberField | None:
        """The field that is marked as wrong."""
        return next((field for field in (self.min_profit, self.cap) if field.property("invalid")), None)

    def _say(self, wrong: NumberField | None, text: str) -> None:
        for field in (self.min_profit, self.cap):
            field.say_error(text if field is wrong else "")
        self.error.setText(text)
        self.error.setVisible(bool(text))

    def _lay_out(self) -> None:
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setHorizontalSpacing(8)
        form.setVerticalSpacing(8)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        rounds = QHBoxLayout()
        rounds.setSpacing(4)
        rounds.addWidget(self.rounding, 1)
        rounds.addWidget(self.grid, 1)
        fields = (
            (tr("Round to"), self.rounding),
            (tr("Keep at least"), self.min_profit),
            (tr("Cap change at"), self.cap),
        )
        for text, field in fields:
            caption = label(text, "value")
            caption.setBuddy(field)
            if field is self.rounding:
                form.addRow(caption, rounds)
            else:
                form.addRow(caption, field)
        form.addRow(self.error)


def _grid_text(grid: tuple[int, int]) -> str:
    return {
        (1, 0): tr("6 decimals"), (100, 0): in_language("0.0001"), (1_000, 0): in_language("0.001"),
        (5_000, 0): in_language("0.005"), (10_000, 0): in_language("0.01"), (1_000, 100): "…9",
    }[grid]  # fmt: skip
