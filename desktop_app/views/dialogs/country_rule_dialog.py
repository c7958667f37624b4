"""The rule of one country: what is stored over the shipped one, and which drafts and batches it touches."""

from functools import partial
from typing import Final

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from desktop_app.domain.errors import AppError, InvalidInput
from desktop_app.domain.language import tr, trn
from desktop_app.domain.sender_documents import Purpose, purpose_text, purposes_needed, words_for
from desktop_app.domain.sender_ids import MAX_ALPHANUMERIC, Alphanumeric, SenderRule
from desktop_app.services.country_rules import AffectedSend, CountryRule
from desktop_app.services.job import Job
from desktop_app.views.dialogs.sender_dialogs import SenderDialog
from desktop_app.views.models.rule_notes import note_text
from desktop_app.views.models.sender_rule_rows import checked_text, source_text
from desktop_app.views.models.sender_words import names_of, names_text
from desktop_app.views.screen import Workplace
from desktop_app.views.widgets.captions import caption_of
from desktop_app.views.widgets.country_card import clear_layout_of
from desktop_app.views.widgets.inputs import Choice, inset
from desktop_app.views.widgets.notices import label
from desktop_app.workers.runner import Outcome, Topic

_REST_MILLISECONDS: Final = 200
_SHOWN: Final = 5
CHANGED: Final = frozenset({Topic.SENDERS, Topic.SETTINGS})
_PROOFS: Final = (Purpose.AUTHORISATION, Purpose.REGISTRATION, Purpose.BRAND, Purpose.CONTENT)


class CountryRuleDialog(SenderDialog):
    """The form. ``followed`` carries an address that the person wants to see."""

    followed = Signal(str)

    def __init__(self, place: Workplace, parent: QWidget, held: CountryRule, country: str) -> None:
        source = tr("Source: {source} · last checked {when}", source=source_text(held), when=checked_text(held))
        super().__init__(place, parent, tr("Rule for {country}", country=country), source, tr("Save rule"))
        self._held, self._country = held, country
        rule = held.rule
        self.names = Choice([(one, names_text(one)) for one in Alphanumeric])
        self.names.show_value(names_of(rule))
        self.longest, self.days = QSpinBox(), QLineEdit(rule.days, placeholderText="5-10")
        inset(self.longest)
        self.longest.setRange(1, MAX_ALPHANUMERIC)
        self.longest.setValue(rule.longest)
        self.fee, self.content = QLineEdit(rule.fee), QLineEdit(rule.content)
        self.source = QLineEdit(
            rule.source if held.is_own else "", placeholderText=tr("For example: letter of the network")
        )
        self.proofs = {one: QCheckBox(purpose_text(one)) for one in _PROOFS}
        for purpose in purposes_needed(rule):
            self.proofs[purpose].setChecked(True)
        self._affected = QWidget()
        self._affected_title = label("", "strong-small")
        self.reset_button = QPushButton(tr("Back to shipped rule"))
        self.reset_button.setProperty("look", "link")
        if not held.is_own:
            self.reset_button.hide()
        self._rest = QTimer(self, singleShot=True, interval=_REST_MILLISECONDS)
        self._rest.timeout.connect(self._look)
        self._build()
        self.names.currentIndexChanged.connect(lambda _: self._follow())
        self.reset_button.clicked.connect(self._reset)
        for box in self.proofs.values():
            box.toggled.connect(lambda _on: self._rest.start())
        self._follow()
        self.names.setFocus()

    @property
    def rule(self) -> SenderRule:
        """The rule as it stands in the form."""
        names, held = self.names.value, self._held.rule
        purposes = [one for one, box in self.proofs.items() if box.isChecked()]
        # What a request has to bring in words stays as it was while the same things are asked for.
        same = set(purposes) == set(purposes_needed(held))
        return SenderRule(
            held.country, names, names is Alphanumeric.REGISTRATION, held.documents if same else words_for(purposes),
            self.source.text(), held.note, self.longest.value(), self.days.text(), self.fee.text(), self.content.text(),
        )  # fmt: skip

    def finish(self) -> None:
        """Store it; the change can be undone."""
        rules, actor, rule, country = self._place.parts.country_rules, self._place.parts.actor, self.rule, self._country

        def work(_job: Job) -> Outcome[None]:
            before = rules.set(rule, actor=actor)

            def undo(_job: Job) -> Outcome[None]:
                rules.put_back(rule.country, before, actor=actor)
                return Outcome(None, CHANGED, tr("Rule for {country} restored", country=country))

            return Outcome(None, CHANGED, tr("Rule for {country} saved", country=country), undo)

        self._place.tasks.command(work, owner=self, on_success=lambda _: self.accept(), on_error=self._refuse)

    def _reset(self) -> None:
        rules, actor, iso, country = (
            self._place.parts.country_rules,
            self._place.parts.actor,
            self._held.rule.country,
            self._country,
        )

        def work(_job: Job) -> Outcome[None]:
            before = rules.reset(iso, actor=actor)

            def undo(_job: Job) -> Outcome[None]:
                rules.put_back(iso, before, actor=actor)
                return Outcome(None, CHANGED, tr("Rule for {country} restored", country=country))

            return Outcome(None, CHANGED, tr("Shipped rule for {country} holds again", country=country), undo)

        self._place.tasks.command(work, owner=self, on_success=lambda _: self.accept(), on_error=self._refuse)

    def _build(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        fields = (
            (tr("Names"), self.names), (tr("Longest name"), self.longest), (tr("Working days"), self.days),
            (tr("Fee"), self.fee), (tr("Content limits"), self.content), (tr("Source"), self.source),
        )  # fmt: skip
        for row, (text, field) in enumerate(fields):
            grid.addWidget(caption_of(field, text), row, 0)
            grid.addWidget(field, row, 1)
        self.column.addLayout(grid)
        self.column.addSpacing(8)
        self.column.addWidget(label(tr("Documents needed"), "field"))
        boxes = QGridLayout()
        for place, box in enumerate(self.proofs.values()):
            boxes.addWidget(box, place // 2, place % 2)
        self.column.addLayout(boxes)
        self.column.addSpacing(6)
        shipped = self._held.rule.note
        if shipped:
            note = label(note_text(shipped), "facts")
            note.setWordWrap(True)
            self.column.addWidget(note)
        self.column.addWidget(self._affected_title)
        rows = QVBoxLayout(self._affected)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        self.column.addWidget(self._affected)
        line = QHBoxLayout()
        line.addWidget(self.reset_button)
        line.addStretch()
        self.column.addLayout(line)
        self.end()

    def _follow(self) -> None:
        asks = self.names.value is Alphanumeric.REGISTRATION
        for box in self.proofs.values():
            box.setEnabled(asks)
        self.longest.setEnabled(self.names.value is not Alphanumeric.NO)
        self._rest.start()

    def _look(self) -> None:
        """Read what the rule as it stands would touch."""
        rules, rule = self._place.parts.country_rules, self.rule
        self._place.tasks.query(
            lambda _job: rules.affected(rule), owner=self, on_success=self._show_affected, on_error=lambda _error: None
        )

    def _show_affected(self, found: list[AffectedSend]) -> None:
        clear_layout_of(self._affected)
        stopped = sum(one.stops for one in found)
        title = trn(
            "{count} draft or batch is for this country", "{count} drafts and batches are for this country", len(found)
        )
        stops = trn("{count} of them stops", "{count} of them stop", stopped)
        self._affected_title.setText(f"{title} · {stops}" if stopped else title)
        self._affected_title.setVisible(bool(found))
        layout = self._affected.layout()
        for one in found[:_SHOWN]:
            button = QPushButton(f"{one.what} · {one.client}" + (f" · {tr('stops')}" if one.stops else ""))
            button.setProperty("look", "link")
            button.setAutoDefault(False)
            button.clicked.connect(partial(self._go, one.address))
            if layout is not None:
                layout.addWidget(button)

    def _go(self, address: str) -> None:
        self.reject()
        self.followed.emit(address)

    def _refuse(self, error: AppError) -> None:
        self.say_error(error.user_message)
        if isinstance(error, InvalidInput) and "days" in error.fields:
            self.days.setFocus()
