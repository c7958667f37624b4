"""Settings › Prices: the company on price lists, currency, rounding, decimals, target, and when costs are pulled."""

from collections.abc import Mapping
from datetime import time
from typing import Any, Final

from PySide6.QtCore import QTime
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from desktop_app.domain.language import tr
from desktop_app.domain.money import CURRENCIES
from desktop_app.domain.pricing import parse_percent
from desktop_app.domain.refresh import RefreshEvery, RefreshSchedule
from desktop_app.services.preferences import FEWEST_DECIMALS, LONGEST_COMPANY, MOST_DECIMALS, STEPS, Preferences
from desktop_app.views.formats import in_language, price_text
from desktop_app.views.screen import Workplace
from desktop_app.views.screens.settings_pages.page import Row
from desktop_app.views.screens.settings_pages.saved_page import Field, SavedPage
from desktop_app.views.widgets.inputs import Choice, Segments, Switch, TimeOfDay
from desktop_app.views.widgets.notices import label
from desktop_app.workers.runner import Topic

DECIMALS: Final = range(FEWEST_DECIMALS, MOST_DECIMALS + 1)


class PricesPage(SavedPage):
    """What ``Preferences`` hold."""

    name = "prices"
    icon = "tag"
    topics = frozenset({Topic.SETTINGS, Topic.PRICES})

    def __init__(self, place: Workplace) -> None:
        super().__init__(place)
        self._preferences, self._actor = place.parts.preferences, place.parts.actor
        self.add_card("", self._company_row(), self._currency_row())
        self.add_card(tr("Price table"), self._step_row(), self._decimals_row(), self._target_row(), self._column_row())
        self.add_card(tr("Costs from the provider"), self._refresh_row(), self._follow_row())
        self.end()
        self.setEnabled(False)
        self.reload()

    @property
    def title(self) -> str:
        """See Page."""
        return tr("Prices")

    def language_changed(self) -> None:
        """See Page: figures have other marks."""
        self.step.say(_step_texts())
        self.decimals.say(_decimals_texts())
        self.discard_untouched()

    def load(self) -> Mapping[str, Any]:
        """See SavedPage."""
        saved = self._preferences.read()
        return {name: getattr(saved, name) for name in self.fields}

    def store(self, changes: Mapping[str, Any]) -> None:
        """See SavedPage."""
        self._preferences.change(actor=self._actor, **changes)

    def _company_row(self) -> Row:
        self.company = QLineEdit()
        self.company.setMaxLength(LONGEST_COMPANY)
        self.company.setMinimumWidth(240)
        self.company.textEdited.connect(self.touched)
        row = Row(
            tr("Company name"), tr("Heads price lists and statements that leave the house."), self.company, tr("PDF brand")
        )  # fmt: skip
        self.fields["company"] = Field(row, lambda: self.company.text().strip(), self.company.setText)
        return row

    def _currency_row(self) -> Row:
        self.currency = Choice([(code, code) for code in sorted(CURRENCIES)])
        self.currency.chosen.connect(self.touched)
        row = Row(
            tr("Main currency"),
            tr(
                "Of the price list and of new clients. It can be changed only while there are no prices and no clients."
            ),
            self.currency,
            tr("euro dollar money"),
        )
        self.fields["currency"] = Field(row, lambda: self.currency.value, self.currency.show_value)
        return row

    def _step_row(self) -> Row:
        self.step = Choice(list(zip(STEPS, _step_texts(), strict=True)))
        self.step.chosen.connect(self.touched)
        row = Row(tr("Round new prices to"), tr("Offered first by every rule that makes prices."), self.step)
        self.fields["step"] = Field(row, lambda: self.step.value, self.step.show_value)
        return row

    def _decimals_row(self) -> Row:
        self.decimals = Choice(list(zip(DECIMALS, _decimals_texts(), strict=True)))
        self.decimals.chosen.connect(self.touched)
        row = Row(
            tr("Decimals shown"),
            tr("At least so many. A price that has more is always shown whole: nothing is rounded on screen."),
            self.decimals,
        )
        self.fields["decimals"] = Field(row, lambda: self.decimals.value, self.decimals.show_value)
        return row

    def _target_row(self) -> Row:
        self.target = QLineEdit()
        self.target.setMaximumWidth(96)
        self.target.textEdited.connect(self.touched)
        row = Row(
            tr("Target margin, in %"), tr("Countries below it are marked “Below target” in Prices."), self.target
        )  # fmt: skip
        self.fields["target_margin"] = Field(row, self._read_target, self._show_target)
        return row

    def _column_row(self) -> Row:
        self.column = Segments(((False, tr("Margin")), (True, tr("Markup"))))
        self.column.chosen.connect(self.touched)
        row = Row(
            tr("Profit as"),
            tr("Margin is profit ÷ sale price, markup is profit ÷ cost. The inspector always shows both."),
            self.column,
        )
        self.fields["shows_markup"] = Field(row, lambda: self.column.value, self.column.show_value)
        return row

    def _refresh_row(self) -> Row:
        self.every = Choice(
            [
                (RefreshEvery.OFF, tr("Only when asked")), (RefreshEvery.HOUR, tr("Every hour")),
                (RefreshEvery.SIX_HOURS, tr("Every 6 hours")), (RefreshEvery.DAY, tr("Every day")),
            ]
        )  # fmt: skip
        self.every.chosen.connect(self._show_time)
        self.every.chosen.connect(self.touched)
        self.at, self._at_word = TimeOfDay(), label(tr("at"), "body")
        self.at.setAccessibleName(tr("Time of the daily refresh"))
        self.at.timeChanged.connect(self.touched)
        control = QWidget()
        line = QHBoxLayout(control)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        for part in (self.every, self._at_word, self.at):
            line.addWidget(part)
        control.setFocusProxy(self.every)
        self.every.setAccessibleName(tr("Refresh costs"))
        row = Row(
            tr("Refresh costs"),
            tr("Pulled from the default provider while SMS Desk is open; a computer that slept catches up once."),
            control,
            tr("sync schedule automatic hourly daily"),
        )
        self.fields["refresh"] = Field(row, self._read_refresh, self._show_refresh)
        return row

    def _follow_row(self) -> Row:
        self.follow = Switch()
        self.follow.toggled.connect(self.touched)
        row = Row(
            tr("Rules follow costs"),
            tr("When a cost changes, prices that a rule made are made anew. Manual prices never move by themselves."),
            self.follow,
        )
        self.fields["rules_follow_costs"] = Field(row, self.follow.isChecked, self.follow.setChecked)
        return row

    def _read_target(self) -> int:
        value = parse_percent(self.target.text())
        # Checked as the service will: the sentence stands under the field before anything is saved.
        return Preferences(target_margin=value).target_margin

    def _show_target(self, hundredths: int) -> None:
        text = f"{hundredths // 100}.{hundredths % 100:02d}".removesuffix("0").removesuffix("0").removesuffix(".")
        self.target.setText(in_language(text))

    def _read_refresh(self) -> RefreshSchedule:
        at = self.at.time()
        every = self.every.value
        return (
            RefreshSchedule(every, time(at.hour(), at.minute()))
            if every is RefreshEvery.DAY
            else RefreshSchedule(every)
        )

    def _show_refresh(self, schedule: RefreshSchedule) -> None:
        self.every.show_value(schedule.every)
        self.at.setTime(QTime(schedule.at.hour, schedule.at.minute))
        self._show_time()

    def _show_time(self) -> None:
        for part in (self._at_word, self.at):
            part.setVisible(self.every.value is RefreshEvery.DAY)


def _step_texts() -> list[str]:
    return [tr("No rounding") if step == 1 else price_text(step) for step in STEPS]


def _decimals_texts() -> list[str]:
    return [price_text(123_400, count) for count in DECIMALS]
