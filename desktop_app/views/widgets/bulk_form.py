"""The left side of the bulk edit: scope, rule, limits, and one worked example."""

from typing import Final

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QGridLayout, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from desktop_app.domain.bulk_edits import EditRow, NetworkScope
from desktop_app.domain.language import tr, trn
from desktop_app.domain.percents import cut_margin, cut_markup
from desktop_app.views.formats import percent_text, price_text
from desktop_app.views.icons import FLAG, flag
from desktop_app.views.models.bulk_state import BulkState
from desktop_app.views.theme import Theme
from desktop_app.views.widgets.flow import FlowLayout
from desktop_app.views.widgets.inputs import Choice
from desktop_app.views.widgets.notices import label
from desktop_app.views.widgets.rule_fields import LimitFields, RuleFields, narrow
from desktop_app.views.widgets.scope_field import ScopeField

WIDTH: Final = 344


class ExampleCard(QFrame):
    """What the rule does to the largest country in scope: margin, price and markup, before and after."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "card")
        self._theme = theme
        self._flag, self._name = QLabel(), label("", "strong-small")
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._flag)
        head.addWidget(self._name, 1)
        head.addWidget(label(tr("example"), "facts"))
        grid = QGridLayout(self)
        grid.setContentsMargins(10, 8, 10, 8)
        grid.setVerticalSpacing(3)
        grid.addLayout(head, 0, 0, 1, 2)
        self._values = []
        for place, text in enumerate((tr("Margin"), tr("Sale price"), tr("Markup on cost"))):
            value = label("", "small")
            value.setTextFormat(Qt.TextFormat.RichText)
            grid.addWidget(label(text, "small"), place + 1, 0)
            grid.addWidget(value, place + 1, 1, Qt.AlignmentFlag.AlignRight)
            self._values.append(value)
        self.hide()

    @property
    def text(self) -> str:
        """What it says, for tests and screen readers."""
        return self.accessibleName()

    def show_row(self, row: EditRow | None, name: str) -> None:
        """Show another example; without one the card is hidden."""
        self.setVisible(row is not None)
        if row is None:
            return
        rate = row.rate
        pairs = (
            (percent_text(cut_margin(rate.price, rate.cost)), percent_text(cut_margin(row.after, rate.cost))),
            (price_text(rate.price), price_text(row.after)),
            (percent_text(cut_markup(rate.price, rate.cost)), percent_text(cut_markup(row.after, rate.cost))),
        )
        image = flag(rate.country, self.devicePixelRatioF())
        self._flag.setFixedSize(QSize(FLAG.width(), FLAG.height()))
        if image is not None:
            self._flag.setPixmap(image)
        self._name.setText(name)
        for value, (before, after) in zip(self._values, pairs, strict=True):
            value.setText(f"{before} → <b>{after}</b>")
        (m1, m2), (p1, p2), (k1, k2) = pairs
        self.setAccessibleName(
            tr(
                "Example {name}: margin {m1} to {m2}, sale price {p1} to {p2}, markup {k1} to {k2}",
                name=name, m1=m1, m2=m2, p1=p1, p2=p2, k1=k1, k2=k2,
            )
        )  # fmt: skip


class BulkForm(QScrollArea):
    """Everything that the person sets. ``changed`` is emitted at every change of it."""

    changed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "plain")
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._theme = theme
        theme.changed.connect(self._follow)
        self._follow()
        self.scope = ScopeField(theme)
        self.networks = Choice(
            [
                (NetworkScope.COUNTRIES, tr("Countries")),
                (NetworkScope.WITH_NETWORKS, tr("Countries and their networks")),
                (NetworkScope.OWN_PRICES, tr("Networks with own price only")),
            ]
        )
        self.networks.setAccessibleName(tr("Rows"))
        narrow(self.networks)
        self.skip_manual = QCheckBox(tr("Skip manual prices"))
        self.skip_manual.setChecked(True)
        self.rule = RuleFields()
        self.write_manual = QCheckBox(tr("Write as manual prices"))
        self.write_manual.setToolTip(tr("Every changed row becomes a manual price, which rules do not touch."))
        self.example = ExampleCard(theme)
        self.limits = LimitFields()
        self._counts, self._skipped = label("", "small"), label("", "facts")
        self._build()
        self._connect()

    def state(self) -> BulkState:
        """Return what the person set."""
        step, below = self.limits.grid.value
        return BulkState(
            tokens=self.scope.tokens, networks=self.networks.value, skip_manual=self.skip_manual.isChecked(),
            sentence=self.rule.sentence, write_manual=self.write_manual.isChecked(), rounding=self.limits.rounding.value,
            step=step, below=below, min_profit=self.limits.min_profit.text(), cap=self.limits.cap.text(),
        )  # fmt: skip

    def show_state(self, state: BulkState) -> None:
        """Show what ``state`` says; nothing is emitted."""
        self.scope.show_tokens(state.tokens)
        self.networks.show_value(state.networks)
        self.skip_manual.setChecked(state.skip_manual)
        self.rule.show_sentence(state.sentence)
        self.write_manual.setChecked(state.write_manual)
        self.limits.show_state(state.rounding, (state.step, state.below), state.min_profit, state.cap)

    def show_counts(self, countries: int, rows: int, skipped: int) -> None:
        """Say how many countries are in scope, how many rows that makes, and how many manual ones are skipped."""
        text = trn("{count} country", "{count} countries", countries)
        if rows != countries and self.networks.value is not NetworkScope.COUNTRIES:
            text = tr("{countries} · {rows}", countries=text, rows=trn("{count:,} row", "{count:,} rows", rows))
        self._counts.setText(text)
        self._skipped.setText(trn("{count:,} skipped", "{count:,} skipped", skipped) if skipped else "")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Be as wide as what is in it needs: words of some languages are long."""
        if watched is self.widget() and event.type() is QEvent.Type.LayoutRequest:
            self._follow()
        return super().eventFilter(watched, event)

    def _follow(self) -> None:
        inside: QWidget | None = self.widget()
        needed = inside.minimumSizeHint().width() + self.verticalScrollBar().sizeHint().width() if inside else 0
        self.setFixedWidth(max(self._theme.scaled(WIDTH), needed))

    def _connect(self) -> None:
        for signal in (
            self.scope.changed, self.networks.chosen, self.skip_manual.clicked, self.rule.changed,
            self.write_manual.clicked, self.limits.changed,
        ):  # fmt: skip
            signal.connect(lambda *_: self.changed.emit())
        self.scope.left.connect(self.rule.value.setFocus)

    def _build(self) -> None:
        inside = QWidget()
        inside.setObjectName("form")
        column = QVBoxLayout(inside)
        column.setContentsMargins(20, 16, 12, 16)
        column.setSpacing(12)
        skip = FlowLayout(spacing=8)
        skip.addWidget(self.skip_manual)
        skip.addWidget(self._skipped)
        column.addLayout(_heading("1", tr("Scope"), self._counts))
        column.addLayout(_indented(self.scope))
        column.addLayout(_indented(self.networks))
        column.addLayout(_indented(skip))
        column.addWidget(_line())
        column.addLayout(_heading("2", tr("Rule")))
        for part in (self.rule, self.example, self.write_manual):
            column.addLayout(_indented(part))
        column.addWidget(_line())
        column.addLayout(_heading("3", tr("Limits")))
        column.addLayout(_indented(self.limits))
        column.addStretch()
        self.setWidget(inside)
        inside.installEventFilter(self)


def _heading(number: str, text: str, beside: QLabel | None = None) -> QHBoxLayout:
    mark = label(number, "step")
    mark.setAlignment(Qt.AlignmentFlag.AlignCenter)
    mark.setFixedSize(20, 20)
    row = QHBoxLayout()
    row.setSpacing(8)
    row.addWidget(mark)
    row.addWidget(label(text, "h2"), 1)
    if beside is not None:
        row.addWidget(beside)
    return row


def _indented(part: QWidget | FlowLayout) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setContentsMargins(28, 0, 0, 0)
    if isinstance(part, QWidget):
        row.addWidget(part)
    else:
        row.addLayout(part)
    return row


def _line() -> QFrame:
    line = QFrame()
    line.setProperty("look", "rule")
    line.setFixedHeight(1)
    return line
