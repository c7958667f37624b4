"""The rule of a bulk edit as a sentence of choices: [Raise] [margin] by [5] [points]."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from desktop_app.domain.errors import InvalidInput
from desktop_app.domain.language import tr
from desktop_app.domain.money import micro_exact, micro_text, parse_price
from desktop_app.domain.percents import parse_percent, percent_text
from desktop_app.domain.price_rules import PriceRule, RuleKind


class Verb(StrEnum):
    """What is done."""

    RAISE = "raise"
    LOWER = "lower"
    SET = "set"
    BACK = "back"


class Subject(StrEnum):
    """To what."""

    MARGIN = "margin"
    MARKUP = "markup"
    PRICE = "price"
    PROFIT = "profit"


class Unit(StrEnum):
    """In what it is counted."""

    POINTS = "points"
    PERCENT = "percent"
    AMOUNT = "amount"


_KINDS: Final = {
    (False, Subject.MARGIN, Unit.POINTS): RuleKind.RAISE_MARGIN,
    (False, Subject.MARKUP, Unit.POINTS): RuleKind.RAISE_MARKUP,
    (False, Subject.PRICE, Unit.PERCENT): RuleKind.CHANGE_PERCENT,
    (False, Subject.PRICE, Unit.AMOUNT): RuleKind.CHANGE_AMOUNT,
    (True, Subject.MARGIN, Unit.PERCENT): RuleKind.MARGIN,
    (True, Subject.MARKUP, Unit.PERCENT): RuleKind.MARKUP,
    (True, Subject.PRICE, Unit.AMOUNT): RuleKind.SET_PRICE,
    (True, Subject.PROFIT, Unit.AMOUNT): RuleKind.PROFIT,
}
_BACK: Final = "back_to_rule"
_BY_AMOUNT: Final = "_by_amount"


@dataclass(frozen=True, slots=True)
class RuleSentence:
    """The words of the sentence; ``value`` is what was typed."""

    verb: Verb = Verb.RAISE
    subject: Subject = Subject.MARGIN
    unit: Unit = Unit.POINTS
    value: str = ""

    @property
    def subjects(self) -> tuple[Subject, ...]:
        """What the verb can be done to."""
        every = (Subject.MARGIN, Subject.MARKUP, Subject.PRICE)
        return (*every, Subject.PROFIT) if self.verb is Verb.SET else every

    @property
    def units(self) -> tuple[Unit, ...]:
        """In what that can be counted."""
        absolute = self.verb is Verb.SET
        return tuple(unit for set_to, subject, unit in _KINDS if (set_to, subject) == (absolute, self.subject))

    def fitting(self) -> "RuleSentence":
        """Return the sentence with a subject and a unit that its verb knows."""
        subject = self.subject if self.subject in self.subjects else Subject.MARGIN
        chosen = RuleSentence(self.verb, subject, self.unit, self.value)
        return chosen if chosen.unit in chosen.units else RuleSentence(self.verb, subject, chosen.units[0], self.value)

    def rule(self) -> PriceRule | None:
        """Return the rule; None for the way back to the rule.

        Raises:
            InvalidInput: what was typed is no such value.
        """
        if self.verb is Verb.BACK:
            return None
        absolute = self.verb is Verb.SET
        amount = self.unit is Unit.AMOUNT
        value = micro_exact(parse_price(self.value)) if amount else parse_percent(self.value)
        if not absolute and value <= 0:
            raise InvalidInput(tr("Enter a number above 0."))
        signed = -value if self.verb is Verb.LOWER else value
        return PriceRule(_KINDS[absolute, self.subject, self.unit], signed)

    @property
    def name(self) -> str:
        """The rule for addresses and presets: "raise_margin", "set_price", "raise_price_by_amount", "back_to_rule"."""
        if self.verb is Verb.BACK:
            return _BACK
        by_amount = self.subject is Subject.PRICE and self.unit is Unit.AMOUNT and self.verb is not Verb.SET
        return f"{self.verb}_{self.subject}{_BY_AMOUNT if by_amount else ''}"

    @classmethod
    def from_name(cls, name: str, value: str) -> "RuleSentence":
        """Return the sentence that ``name`` wrote.

        Raises:
            InvalidInput: there is no such rule.
        """
        if name == _BACK:
            return cls(Verb.BACK, value=value)
        verb, _, rest = name.removesuffix(_BY_AMOUNT).partition("_")
        try:
            unit = Unit.AMOUNT if name.endswith(_BY_AMOUNT) else Unit.POINTS
            return cls(Verb(verb), Subject(rest), unit, value).fitting()
        except ValueError as error:
            raise InvalidInput(tr("“{text}” is not a rule of the bulk edit.", text=name[:40])) from error


def rule_text(rule: PriceRule | None, currency: str) -> str:
    """Return the rule for a person: "Raise margin by 5 points"."""
    if rule is None:
        return tr("Back to rule")
    down = rule.value < 0
    percent, amount = short(percent_text(abs(rule.value))), f"{short(micro_text(abs(rule.value)))} {currency}"
    sign = "\u2212" if down else ""
    texts = {
        RuleKind.MARGIN: tr("Set margin to {value}%", value=sign + percent),
        RuleKind.MARKUP: tr("Set markup to {value}%", value=sign + percent),
        RuleKind.SET_PRICE: tr("Set sale price to {value}", value=sign + amount),
        RuleKind.PROFIT: tr("Set profit to {value} per SMS", value=sign + amount),
        RuleKind.RAISE_MARGIN: tr("Lower margin by {value} points", value=percent)
        if down else tr("Raise margin by {value} points", value=percent),
        RuleKind.RAISE_MARKUP: tr("Lower markup by {value} points", value=percent)
        if down else tr("Raise markup by {value} points", value=percent),
        RuleKind.CHANGE_PERCENT: tr("Lower sale price by {value}%", value=percent)
        if down else tr("Raise sale price by {value}%", value=percent),
        RuleKind.CHANGE_AMOUNT: tr("Lower sale price by {value}", value=amount)
        if down else tr("Raise sale price by {value}", value=amount),
    }  # fmt: skip
    return texts[rule.kind]


def short(number: str) -> str:
    """Return a decimal without the zeros that say nothing: "5.00" -> "5"."""
    return number.rstrip("0").rstrip(".") if "." in number else number
