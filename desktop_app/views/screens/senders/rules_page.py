"""The country rules: what each country asks of a sender ID, as shipped or as the team settled it."""

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop_app.domain.errors import AppError
from desktop_app.domain.language import tr, trn
from desktop_app.domain.sender_ids import Alphanumeric
from desktop_app.services.country_rules import CountryRule
from desktop_app.services.job import Job
from desktop_app.views.dialogs.country_rule_dialog import CountryRuleDialog
from desktop_app.views.models.activity_rows import country_names
from desktop_app.views.models.record_rows import Row, RowsModel
from desktop_app.views.models.sender_rule_rows import rule_headings, rule_rows
from desktop_app.views.models.sender_words import names_of, names_text
from desktop_app.views.navigator import Address
from desktop_app.views.screen import Workplace
from desktop_app.views.widgets.find_field import FindField
from desktop_app.views.widgets.inputs import Choice
from desktop_app.views.widgets.notices import label
from desktop_app.views.widgets.record_table import RecordView

NARROWEST: Final = 84


class RulesTable(RecordView):
    """The table: Enter and F2 open a rule as a double click does."""

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Open with Enter and F2; the rest as usual."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2) and not event.modifiers():
            self.doubleClicked.emit(self.currentIndex())
            return
        super().keyPressEvent(event)


class RulesPage(QWidget):
    """The page."""

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self._place, self._wanted, self._edits = place, "", False
        self._rows: tuple[Row[CountryRule], ...] = ()
        self.model: RowsModel[CountryRule] = RowsModel(rule_headings(), self, key=lambda one: one.rule.country)
        widths = {0: 176, 1: 146, 2: 88, 4: 60, 5: 70, 6: 104, 7: 116, 8: 106}
        self.table = RulesTable(self.model, place.theme, tr("Country rules"), widths, 3)
        self.table.horizontalHeader().setMinimumSectionSize(place.theme.scaled(NARROWEST))
        self.find_field = FindField(place.theme, tr("Find country"))
        self.names: Choice[Alphanumeric | None] = Choice(
            [(None, tr("All rules")), *((one, names_text(one)) for one in Alphanumeric)]
        )
        self.only_own = QCheckBox(tr("Edited by the team"))
        self.edit_button, self.count = QPushButton(tr("Edit rule…")), label("", "facts")
        self._build()
        self.find_field.textChanged.connect(self.model.set_filter)
        self.find_field.returnPressed.connect(self._enter_table)
        self.names.chosen.connect(self._filter)
        self.only_own.toggled.connect(lambda _on: self._filter())
        self.edit_button.clicked.connect(self.edit)
        self.table.doubleClicked.connect(lambda _index: self.edit())

    @property
    def current(self) -> CountryRule | None:
        """The rule that is chosen."""
        row = self.table.currentIndex().row()
        return self.model.record(row) if 0 <= row < self.model.rowCount() else None

    def reload(self) -> None:
        """Read the rules again; those on screen stay until they are there."""
        rules, name_of = self._place.parts.country_rules, country_names(self._place.parts.language)

        def read(_job: Job) -> tuple[Row[CountryRule], ...]:
            return rule_rows(rules.list_all(), name_of)

        self.model.set_headings(rule_headings())
        self._place.tasks.query(read, owner=self, on_success=self._show, on_error=self._warn)

    def select(self, country: str) -> None:
        """Choose a country's rule, as soon as it is there."""
        self._wanted = country
        self.find_field.clear()
        self.names.show_value(None)
        self.only_own.setChecked(False)
        self._select_wanted()

    def select_and_edit(self, country: str) -> None:
        """Choose a country's rule, and open its form as soon as it is there."""
        self._edits = True
        self.select(country)

    def edit(self) -> None:
        """Open the form of the chosen rule."""
        held = self.current
        if held is not None:
            name = country_names(self._place.parts.language)(held.rule.country)
            dialog = CountryRuleDialog(self._place, self.window(), held, name)
            dialog.followed.connect(lambda address: self._place.navigator.go(Address.parse(address)))
            dialog.open()

    def _show(self, rows: tuple[Row[CountryRule], ...]) -> None:
        self._rows = rows
        self._filter()
        self._select_wanted()

    def _filter(self) -> None:
        names, own = self.names.value, self.only_own.isChecked()
        found = [
            row for row in self._rows
            if (names is None or names_of(row.record.rule) is names) and (row.record.is_own or not own)
        ]  # fmt: skip
        self.model.show_rows(found)
        edited = sum(row.record.is_own for row in self._rows)
        told = [trn("{count} country", "{count} countries", len(found))]
        told += [trn("{count} edited", "{count} edited", edited)] if edited else []
        self.count.setText(" · ".join(told))
        if found and not self.table.currentIndex().isValid():
            self.table.selectRow(0)

    def _select_wanted(self) -> None:
        rows = range(self.model.rowCount())
        row = next((row for row in rows if self.model.record(row).rule.country == self._wanted), -1)
        if row >= 0:
            self._wanted = ""
            self.table.selectRow(row)
            self.table.scrollTo(self.model.index(row, 0))
            edits, self._edits = self._edits, False
            if edits:
                self.edit()

    def _enter_table(self) -> None:
        self.table.setFocus()
        if self.model.rowCount():
            self.table.selectRow(0)

    def _build(self) -> None:
        self.find_field.setFixedWidth(self._place.theme.scaled(240))
        self.names.setAccessibleName(tr("Names"))
        bar = QHBoxLayout()
        bar.setContentsMargins(20, 12, 20, 12)
        bar.setSpacing(8)
        for part in (self.find_field, self.names, self.only_own):
            bar.addWidget(part)
        bar.addStretch()
        bar.addWidget(self.count)
        bar.addWidget(self.edit_button)
        foot = label(
            tr(
                "Shipped rules are hints from public sources. What you settle here holds for every message from now on."
            ),
            "facts",
        )
        foot.setContentsMargins(20, 8, 20, 10)
        foot.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(bar)
        column.addWidget(self.table, 1)
        column.addWidget(foot)

    def _warn(self, error: AppError) -> None:
        self._place.notices.warn(error.user_message)
