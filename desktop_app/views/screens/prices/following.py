"""Rules that do not follow costs by themselves: how many prices they would change, and applying them when the person wants it."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QObject, QSize
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton

from desktop_app.domain.errors import AppError
from desktop_app.domain.language import tr, trn
from desktop_app.domain.rates import SkippedRow
from desktop_app.services.job import Job
from desktop_app.services.pricing import PricingService
from desktop_app.services.rule_following import Followed, RuleFollowingService
from desktop_app.views.dressing import redress
from desktop_app.views.icons import icon
from desktop_app.views.models.price_lines import PriceSheet, QuickFilter
from desktop_app.views.reverting import reverting
from desktop_app.views.screen import Workplace
from desktop_app.views.theme import Theme
from desktop_app.views.widgets.dock_bar import names_text
from desktop_app.views.widgets.notices import label
from desktop_app.workers.runner import Outcome, Topic


class FollowingBar(QFrame):
    """Above the countries whose cost changed: what their rules would do about it."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setProperty("look", "banner-info")
        self._theme, self._is_warning = theme, False
        self._image, self._text = QLabel(), label("", "strong")
        self._text.setWordWrap(True)
        self.apply = QPushButton()
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 8, 8)
        row.setSpacing(10)
        row.addWidget(self._image)
        row.addWidget(self._text, 1)
        row.addWidget(self.apply)
        theme.changed.connect(self._paint_icon)
        self._paint_icon()
        self.hide()

    @property
    def text(self) -> str:
        """The sentence."""
        return self._text.text()

    def show_planned(self, planned: Followed, left: str, sheet: PriceSheet) -> None:
        """Say how many prices would change and offer it, or that they did already; ``left`` says which would not."""
        texts = []
        if sheet.follows and not planned.rows:
            texts.append(tr("Rules follow costs: prices that a rule made have moved already"))
        if planned.rows:
            count = planned.rows
            texts.append(
                trn(
                    "{count:,} price was made from its old cost",
                    "{count:,} prices were made from their old costs",
                    count,
                )
            )
        if sheet.fallen:
            texts.append(
                trn(
                    "{count:,} manual price fell below the target: {names}",
                    "{count:,} manual prices fell below the target: {names}",
                    len(sheet.fallen),
                    names=names_text(sheet.fallen),
                )
            )
        self._is_warning = bool(sheet.fallen or left)
        self._text.setText("\n".join([*texts, *([left] if left else [])]))
        self.apply.setText(apply_text(planned.rows))
        self.apply.setVisible(planned.rows > 0)
        self._paint_icon()

    def _paint_icon(self) -> None:
        name, colour = ("triangle-alert", "warning_icon") if self._is_warning else ("info", "info_icon")
        self._image.setPixmap(icon(self._theme, name, colour).pixmap(QSize(16, 16)))
        self.setProperty("look", "banner-warning" if self._is_warning else "banner-info")
        for part in (self, self._text):
            redress(part)


class RuleFollowing(QObject):
    """Asks what the rules would do about costs that moved, says so in its bar, and applies them."""

    def __init__(self, place: Workplace, parent: QObject) -> None:
        super().__init__(parent)
        self._place = place
        self._sheet: PriceSheet | None = None
        self._is_wanted = False
        self._busy = False
        self.bar = FollowingBar(place.theme)
        self.bar.apply.clicked.connect(self.apply)

    def show_for(self, sheet: PriceSheet | None, *, wanted: bool) -> None:
        """Show the bar where it is ``wanted`` and the rules would do something; the prices were read anew."""
        self._is_wanted = wanted
        self._sheet = sheet
        if wanted and sheet is not None:
            self._ask()
        else:
            self.bar.hide()

    def apply(self) -> None:
        """Make the prices anew whose cost moved, as one change that can be undone."""
        if self._busy:
            return
        self._set_busy(on=True)
        parts = self._place.parts
        work = partial(_apply, parts.rule_following, parts.pricing, parts.actor)
        self._place.tasks.command(work, owner=self, on_success=self._applied, on_error=self._refused)

    def left_text(self, left: Sequence[SkippedRow]) -> str:
        """Return which rows stay because their rule would lose money, "" when there is none."""
        if not left or self._sheet is None:
            return ""
        keys = [row.country if row.mccmnc is None else f"{row.country}/{row.mccmnc}" for row in left]
        lines = [self._sheet.find(key) for key in keys]
        names = [key if line is None else line.name for key, line in zip(keys, lines, strict=True)]
        return tr("Left, because the rule would sell below cost: {names}", names=names_text(names))

    def _ask(self) -> None:
        following = self._place.parts.rule_following
        self._place.tasks.query(lambda _job: following.preview(), owner=self, on_success=self._show)

    def _show(self, planned: Followed) -> None:
        if self._sheet is None:
            return
        self.bar.show_planned(planned, self.left_text(planned.left), self._sheet)
        has_moved = self._sheet.counts.get(QuickFilter.COST, 0) > 0
        self.bar.setVisible(self._is_wanted and has_moved and bool(self.bar.text))

    def _applied(self, followed: Followed) -> None:
        self._set_busy(on=False)
        if text := self.left_text(followed.left):
            self._place.notices.warn(text)

    def _refused(self, error: AppError) -> None:
        self._set_busy(on=False)
        self._place.tasks.refused.emit(error)

    def _set_busy(self, *, on: bool) -> None:
        self._busy = on
        self.bar.apply.setDisabled(on)


def apply_text(count: int) -> str:
    """Return what the button says that applies the rules to ``count`` prices."""
    return trn("Apply rules to {count:,}", "Apply rules to {count:,}", count)


def _apply(following: RuleFollowingService, pricing: PricingService, actor: str, _job: Job) -> Outcome[Followed]:
    done = following.apply_rules(actor=actor)
    if done.change_id is None:
        return Outcome(done, frozenset({Topic.PRICES}))
    text = trn("{count:,} price set by its rule", "{count:,} prices set by their rule", done.rows)
    return Outcome(done, frozenset({Topic.PRICES}), text, reverting(pricing, done.change_id, actor))
