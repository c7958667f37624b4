"""One percentage for all prices: cost plus so much of it, in one box and with one click."""

from functools import partial
from typing import Any

from PySide6.QtCore import QObject

from desktop_app.domain.errors import AppError, InvalidInput
from desktop_app.domain.language import tr, trn
from desktop_app.domain.pricing import PriceLimits, PriceRule, RuleKind, parse_percent
from desktop_app.services.job import Job
from desktop_app.services.pricing import PricingService
from desktop_app.views.models.price_table import PriceTableModel
from desktop_app.views.reverting import reverting
from desktop_app.views.screen import Workplace
from desktop_app.views.screens.prices.head import Head
from desktop_app.views.widgets.notices import Banner
from desktop_app.views.widgets.price_view import PriceView
from desktop_app.workers.runner import Outcome, Topic


class ProfitRate(QObject):
    """Applies the typed percentage."""

    def __init__(self, place: Workplace, head: Head, banner: Banner, table: PriceView, model: PriceTableModel) -> None:
        super().__init__(head)
        self._place, self._head, self._banner, self._table, self._model = place, head, banner, table, model
        head.apply.clicked.connect(self.apply)
        head.rate_field.returnPressed.connect(self.apply)
        head.rate_field.textEdited.connect(lambda _: self._show_error(""))

    def apply(self) -> None:
        """Set every price to cost plus the typed percent, as one change that can be undone."""
        try:
            rule = PriceRule(RuleKind.MARKUP, parse_percent(self._head.rate_field.text()))
        except InvalidInput as error:
            self._show_error(error.user_message)
            return
        self._show_error("")
        self._head.apply.setEnabled(False)
        parts = self._place.parts
        work = partial(_reprice, parts.pricing, rule, PriceLimits(step=self._model.sheet.step), parts.actor)
        self._place.tasks.command(work, owner=self, on_success=lambda _: self._applied(), on_error=self._refused)

    def _applied(self) -> None:
        self._head.apply.setEnabled(True)
        # Not in the field any more: Ctrl+Z is to take the prices back, not the typing.
        self._table.setFocus()

    def _refused(self, error: AppError) -> None:
        self._head.apply.setEnabled(True)
        self._banner.show_error(tr("No price was changed"), error.user_message)

    def _show_error(self, text: str) -> None:
        self._head.show_rate_error(text)
        if text:
            self._banner.show_error(tr("No price was changed"), text)
            self._head.rate_field.setFocus()
        else:
            self._banner.hide()


def _reprice(pricing: PricingService, rule: PriceRule, limits: PriceLimits, actor: str, _job: Job) -> Outcome[int]:
    done = pricing.reprice(rule, actor=actor, limits=limits, include_manual=True)
    text = trn("{count:,} price updated", "{count:,} prices updated", len(done.rows))
    if done.skipped:
        text = tr("{done} · {count:,} left as they were", done=text, count=len(done.skipped))
    undo: Any = reverting(pricing, done.change_id, actor) if done.change_id is not None and done.rows else None
    return Outcome(len(done.rows), frozenset({Topic.PRICES}), text, undo)
